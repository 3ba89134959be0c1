"""The counters from which databases take new ids: also after a move no id is given out twice."""

import re

import sqlalchemy as sa
from sqlalchemy.engine import Connection

AUTO_INCREMENT = re.compile(r" AUTO_INCREMENT=(\d+)")


def last_id(connection: Connection, table: str) -> int | None:
    """Return the greatest id that was ever given out; None if none was, or there is no counter."""
    if connection.dialect.name == "sqlite":
        query = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        return connection.scalar(query, {"name": table})
    if connection.dialect.name == "postgresql":
        query = sa.text("SELECT pg_sequence_last_value(pg_get_serial_sequence(:name, 'id'))")
        return connection.scalar(query, {"name": table})
    definition = connection.exec_driver_sql(f"SHOW CREATE TABLE `{table}`").one()[1]
    found = AUTO_INCREMENT.search(definition)
    return int(found[1]) - 1 if found else None


def set_last_id(connection: Connection, table: str, value: int) -> None:
    """Let a table's ids go on after that one. (MariaDB and MySQL end the transaction for it.)"""
    values = {"name": table, "value": value}
    if connection.dialect.name == "sqlite":
        connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), values)
        insert = "INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :value)"
        connection.execute(sa.text(insert), values)
    elif connection.dialect.name == "postgresql":
        query = sa.text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :value)")
        connection.execute(query, values)
    else:
        connection.exec_driver_sql(f"ALTER TABLE `{table}` AUTO_INCREMENT = {value + 1}")
