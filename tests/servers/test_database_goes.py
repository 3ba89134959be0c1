"""A database that goes away between a page's last question and the end of the request."""

import flask_migrate
import pytest
import sqlalchemy as sa

from app import create_app
from app.extensions import db
from tests.conftest import make_config

OWN_NUMBER = {"postgresql": "SELECT pg_backend_pid()", "mysql": "SELECT CONNECTION_ID()"}
END = {"postgresql": "SELECT pg_terminate_backend({})", "mysql": "KILL {}"}


@pytest.fixture
def app(database, tmp_path):
    address = database.new_database()
    app = create_app(make_config(tmp_path, DATABASE_URL=address))
    others = sa.create_engine(database.url, poolclass=sa.NullPool)

    @app.get("/answers-and-loses-its-connection")
    def lose() -> str:
        kind = db.engine.dialect.name
        number = db.session.scalar(sa.text(OWN_NUMBER[kind]))
        with others.connect() as connection:
            connection.exec_driver_sql(END[kind].format(number))
        return "posted"

    with app.app_context():
        flask_migrate.upgrade()
    yield app
    with app.app_context():
        db.engine.dispose()


def test_answer_that_was_ready_is_given_and_the_next_one_too(app):
    client = app.test_client()
    for _time in range(2):
        answer = client.get("/answers-and-loses-its-connection")
        assert (answer.status_code, answer.text) == (200, "posted")
    assert client.get("/explore").status_code == 200
