"""Answers for load balancers and monitors."""

import pytest
import sqlalchemy as sa

from app.extensions import db
from tests.browsing import enter
from tests.queries import counted_queries


def test_the_process_is_alive(client, app):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert answer.mimetype == "text/plain"


def test_being_alive_asks_the_database_nothing(client, ana):
    enter(client, ana)
    with counted_queries() as queries:
        client.get("/healthz")
    assert queries == []


def test_a_migrated_site_is_ready(client, app):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (200, "ready\n")


def test_a_site_with_old_tables_is_not_ready(client, app):
    db.session.execute(sa.text("UPDATE alembic_version SET version_num = '0000'"))
    db.session.commit()
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_a_site_without_tables_is_not_ready(client, app):
    db.session.execute(sa.text("DROP TABLE alembic_version"))
    db.session.commit()
    assert client.get("/readyz").status_code == 503


class TestWithoutItsDatabase:
    @pytest.fixture
    def settings(self):
        return {"DATABASE_URL": "sqlite:////nonexistent/folder/app.db"}

    def test_a_site_is_not_ready_but_alive(self, client, app):
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert "nonexistent" not in answer.text
        assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_monitor_may_ask_as_often_as_it_likes_and_gets_no_cookie(client, app, path):
    for _ in range(50):
        answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers.getlist("Set-Cookie") == []
    assert client.head(path).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_other_methods_are_refused(client, app, path):
    assert client.post(path).status_code in {400, 405}
