"""Joining a site that wants addresses confirmed: CONFIRM_EMAIL=1."""

from datetime import timedelta

import pytest
import time_machine

from app.accounts import actions as accounts
from app.accounts import links, tasks
from app.accounts.models import Registration
from app.accounts.queries import by_username
from app.clock import utcnow
from app.extensions import db
from app.jobs.models import JobState
from app.moderation.actions import delete_account
from tests.browsing import enter, error_beside, forms_of, sign_in, submit, token_for
from tests.factories import PASSWORD, PASSWORD_HASH, make_user
from tests.queries import all_rows, counted_queries
from tests.working import do_jobs, jobs_of_kind, links_in, mails, path_of

FIELDS = {"username": "dora", "email": "dora@example.com", "password": PASSWORD}
NEW = "a boat beneath the bridge"


@pytest.fixture
def settings():
    return {"CONFIRM_EMAIL": "1"}


def join(client, **fields):
    return submit(client, "/auth/register", **(FIELDS | fields))


def confirm(client, link):
    """Press the button on the page that a link leads to."""
    form = next(form for form in forms_of(client.get(link)) if form.action == link)
    return client.post(form.action, data=form.fields)


def last_link(app):
    do_jobs(app)
    return path_of(links_in(mails(app)[-1])[0])


def members():
    return [row[1] for row in all_rows()["users"]]


# The journey


def test_whole_journey(app, client):
    answer = join(client)
    assert (answer.status_code, answer.location) == (302, "/auth/check_mail/register")
    assert client.get(answer.location).status_code == 200
    link = last_link(app)
    assert [message["To"] for message in mails(app)] == ["dora@example.com"]
    page = client.get(link)
    assert "dora@example.com" in page.text
    assert "@dora" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert confirm(client, link).location == "/auth/login"
    assert members() == ["dora"]
    assert by_username("dora").email == "dora@example.com"
    assert sign_in(client, "dora").status_code == 302


def test_nobody_exists_before_the_address_is_confirmed(app, client):
    join(client)
    do_jobs(app)
    assert members() == []
    assert client.get("/settings").status_code == 302
    assert client.get("/user/dora").status_code == 404
    assert sign_in(client, "dora").status_code == 422


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_program_that_opens_every_link_makes_nobody_a_member(app, client, method):
    join(client)
    link = last_link(app)
    rows = all_rows()
    client.open(link, method=method)
    assert all_rows() == rows
    assert members() == []


def test_link_signs_nobody_in(app, client):
    join(client)
    confirm(client, last_link(app))
    assert client.get("/settings").status_code == 302


def test_link_may_be_followed_in_another_browser(app, client):
    join(client)
    assert confirm(app.test_client(), last_link(app)).status_code == 302
    assert members() == ["dora"]


def test_link_followed_by_somebody_who_is_signed_in_makes_another_member(app, client):
    ana = make_user("ana")
    join(client)
    link = last_link(app)
    enter(client, ana)
    confirm(client, link)
    assert sorted(members()) == ["ana", "dora"]
    assert "/user/ana" in client.get("/settings").text


def test_nothing_of_the_registration_is_left_afterwards(app, client):
    join(client)
    confirm(client, last_link(app))
    assert all_rows()["registrations"] == []


def test_password_is_nowhere_in_the_database_or_the_message(app, client):
    join(client)
    do_jobs(app)
    assert PASSWORD not in str(all_rows())
    assert PASSWORD not in mails(app)[0].as_string()
    assert "$argon2" not in mails(app)[0].as_string()


def test_message_is_in_the_language_of_the_page(app, client):
    client.post("/preferences", data={"lang": "es"})
    join(client)
    do_jobs(app)
    assert mails(app)[0]["Content-Language"] == "es"


# How often, and how long


def test_link_works_once(app, client):
    join(client)
    link = last_link(app)
    confirm(client, link)
    assert client.get(link).status_code == 410
    assert client.post(link, data={"csrf_token": token_for(client)}).status_code == 410
    assert members() == ["dora"]


def test_link_does_not_bring_back_who_left(app, client):
    join(client)
    link = last_link(app)
    confirm(client, link)
    delete_account(by_username("dora"))
    db.session.commit()
    assert client.get(link).status_code == 410


@pytest.mark.parametrize(
    ("age", "status"), [(timedelta(hours=71), 200), (timedelta(hours=97), 410)]
)
def test_link_works_for_three_days(app, client, age, status):
    join(client)
    link = last_link(app)
    with time_machine.travel(utcnow() + age):
        assert client.get(link).status_code == status


def test_registration_that_nobody_confirmed_is_cleared_away(app, client):
    join(client)
    tasks.clear_away.ask()
    db.session.commit()
    do_jobs(app)
    assert len(all_rows()["registrations"]) == 1
    with time_machine.travel(utcnow() + timedelta(hours=97)):
        tasks.clear_away.ask()
        db.session.commit()
        do_jobs(app)
    rows = all_rows()
    assert (rows["registrations"], rows["mail_requests"]) == ([], [])


def test_message_whose_registration_is_over_is_dropped(app, client):
    join(client)
    db.session.execute(db.delete(Registration))
    db.session.commit()
    do_jobs(app)
    assert mails(app) == []
    (job,) = jobs_of_kind("accounts.send_registration_link")
    assert job.state == JobState.DROPPED


def test_sixth_message_to_one_address_is_refused(app, client):
    names = [f"dora{number}" for number in range(6)]
    assert [join(client, username=name).status_code for name in names] == [302] * 5 + [429]
    answer = join(client, email="DORA@example.com")
    assert answer.status_code == 429
    assert "half an hour" in error_beside(answer, "email")
    do_jobs(app)
    assert len(mails(app)) == 5


@pytest.mark.thorough
def test_school_of_25_confirms_from_one_address(app, client):
    # As many as may register from there (test_register.py).
    people = [
        Registration(
            username=f"pupil{number}",
            email=f"pupil{number}@example.com",
            email_key=f"pupil{number}@example.com",
            password_hash=PASSWORD_HASH,
        )
        for number in range(25)
    ]
    db.session.add_all(people)
    db.session.commit()
    paths = [path_of(links.registration_link(person)) for person in people]
    assert [confirm(client, path).status_code for path in paths] == [302] * 25
    assert len(members()) == 25


# Two people


def test_second_of_two_who_want_a_name_is_told_and_nobody_is_lost(app, client):
    join(client)
    first = last_link(app)
    other = app.test_client()
    join(other, username="DORA", email="other@example.com")
    second = last_link(app)
    assert confirm(other, second).status_code == 302
    answer = confirm(client, first)
    assert answer.status_code in {302, 409, 410, 422}
    page = client.get(answer.location) if answer.location else answer
    assert "That name or address is somebody else’s by now." in page.text
    assert members() == ["DORA"]
    assert by_username("dora").email == "other@example.com"


def test_waiting_registration_keeps_no_name_from_anybody(app, client):
    join(client)
    assert join(app.test_client(), email="other@example.com").status_code == 302


def test_name_of_a_member_is_refused_as_ever(client, app):
    make_user("dora")
    answer = join(client, email="other@example.com")
    assert answer.status_code == 422
    assert error_beside(answer, "username")


def test_first_of_two_registrations_with_an_address_ends_the_other(app, client):
    join(client)
    first = last_link(app)
    join(client, username="emil")
    second = last_link(app)
    confirm(client, second)
    assert client.get(first).status_code == 410
    assert members() == ["emil"]


def test_password_is_of_the_registration_whose_link_was_followed(app, client):
    join(client)
    link = last_link(app)
    join(app.test_client(), password=NEW)
    confirm(client, link)
    assert sign_in(app.test_client(), "dora", NEW).status_code == 422
    assert sign_in(client, "dora", PASSWORD).status_code == 302


def test_address_that_a_member_got_meanwhile_is_not_given_twice(app, client):
    join(client)
    link = last_link(app)
    accounts.register("emil", "dora@example.com", PASSWORD_HASH)
    db.session.commit()
    assert confirm(client, link).status_code == 302
    assert members() == ["emil"]


# A taken address looks like a free one


@pytest.fixture
def emil(app):
    return make_user("emil", display_name="Emil")


def test_answer_is_the_same_for_a_taken_address(app, client, emil):
    other = app.test_client()
    free = join(client)
    taken = join(other, username="dorb", email="emil@example.com")
    assert (free.status_code, free.location) == (taken.status_code, taken.location)
    assert free.text == taken.text
    assert client.get(free.location).text == other.get(taken.location).text


def test_same_tables_grow_for_a_taken_address(client, emil):
    def growth(**fields):
        sizes = {table: len(rows) for table, rows in all_rows().items()}
        join(client, **fields)
        return {table: len(rows) - sizes[table] for table, rows in all_rows().items()}

    free = growth()
    assert free == growth(username="dorb", email="emil@example.com")
    assert (free["registrations"], free["jobs"], free["mail_requests"]) == (1, 1, 1)


def test_database_is_asked_the_same_for_a_taken_address(client, emil):
    def queries_of(**fields):
        data = FIELDS | {"csrf_token": token_for(client)} | fields
        with counted_queries() as queries:
            client.post("/auth/register", data=data)
        return queries

    queries_of(username="warm", email="warm@example.com")
    free = queries_of()
    assert free == queries_of(username="dorb", email="emil@example.com")
    assert any(query.startswith("INSERT INTO registrations") for query in free)  # the premise


@pytest.mark.parametrize("typed", ["emil@example.com", "EMIL@EXAMPLE.COM", " Emil@Example.com "])
def test_owner_of_a_taken_address_is_told_and_nobody_joins(app, client, emil, typed):
    join(client, email=typed)
    do_jobs(app)
    (message,) = mails(app)
    assert message["To"] == "emil@example.com"
    assert "@emil" in message.get_body(("plain",)).get_content()
    paths = [path_of(link) for link in links_in(message)]
    assert {"/auth/login", "/auth/reset_password_request"} <= set(paths)
    assert not any("/auth/confirm/" in path for path in paths)
    assert members() == ["emil"]


def test_stranger_writes_nothing_into_the_message_to_the_owner(app, client, emil):
    join(client, username="buy_now", email="emil@example.com")
    do_jobs(app)
    assert "buy_now" not in mails(app)[0].as_string()


def test_registration_with_a_taken_address_does_not_come_true_when_it_is_free_again(
    app, client, emil
):
    join(client, email="emil@example.com")
    delete_account(by_username("emil"))
    db.session.commit()
    do_jobs(app)
    assert members() == []
    assert not any(link for mail in mails(app) for link in links_in(mail) if "confirm" in link)


@pytest.mark.parametrize("address", ["", "dora", "dora@", "a b@example.com"])
def test_what_is_no_address_is_refused(client, app, address):
    rows = all_rows()
    answer = join(client, email=address)
    assert answer.status_code == 422
    assert error_beside(answer, "email")
    assert all_rows() == rows


class TestWithoutConfirmation:
    @pytest.fixture
    def settings(self):
        return {}

    def test_members_are_made_at_once_and_no_message_is_sent(self, app, client):
        assert join(client).location == "/"
        assert members() == ["dora"]
        do_jobs(app)
        assert mails(app) == []


class TestClosed:
    @pytest.fixture
    def settings(self):
        return {"CONFIRM_EMAIL": "1", "REGISTRATION": "closed"}

    def test_nobody_begins_to_join(self, app, client):
        assert join(client).status_code == 403
        assert all_rows()["registrations"] == []
