"""Another address: /settings/email, the link that proves it, and the way back."""

import re
from datetime import timedelta

import pytest
import time_machine

from app.accounts import tasks
from app.accounts.queries import by_username
from app.clock import utcnow
from app.extensions import db
from app.jobs.models import JobState
from app.moderation.actions import suspend
from tests.browsing import enter, error_beside, form_with, forms_of, sign_in, submit
from tests.factories import PASSWORD, make_user
from tests.queries import all_rows
from tests.slow_work import before, can_write, meanwhile
from tests.working import do_jobs, jobs_of_kind, links_in, mails, path_of, words_of

pytestmark = pytest.mark.thorough

PATH = "/settings/email"
OLD, OTHER = "ana@example.com", "ana@elsewhere.example"
NEW_PASSWORD = "a boat beneath the bridge"


def change(client, email=OTHER, password=PASSWORD):
    return submit(client, PATH, email=email, password=password)


def last_link(app, to):
    """Do what is due, and take the link out of the last message to an address."""
    do_jobs(app)
    message = [mail for mail in mails(app) if mail["To"] == to][-1]
    return path_of(links_in(message)[0])


def press(client, link):
    """Press the button on the page that a link leads to."""
    form = next(form for form in forms_of(client.get(link)) if form.action == link)
    return client.post(form.action, data=form.fields)


def address_of(name="ana"):
    db.session.rollback()
    db.session.expire_all()
    user = by_username(name)
    assert user.email.casefold() == user.email_key
    return user.email


def moved(app, client, email=OTHER):
    """Change the address and confirm it; returns the link that undoes it."""
    old = address_of()
    change(client, email)
    press(client, last_link(app, email))
    return last_link(app, old)


def reset_with(client, link):
    form = form_with(client.get(link), "password")
    return client.post(link, data=form.fields | {"password": NEW_PASSWORD})


# Asking


def test_settings_lead_there_and_show_the_address(client, ana):
    enter(client, ana)
    assert PATH in client.get("/settings").text
    assert OLD in client.get("/settings").text
    assert form_with(client.get(PATH), "email").fields.keys() == {"csrf_token", "email", "password"}


def test_whole_journey(app, client, ana):
    enter(client, ana)
    assert change(client).location == PATH
    assert "We have sent a message to the new address." in client.get(PATH).text
    link = last_link(app, OTHER)
    assert [mail["To"] for mail in mails(app)] == [OTHER]
    assert OTHER in client.get(link).text
    assert press(client, link).location == PATH
    assert address_of() == OTHER
    page = client.get(PATH)
    assert "Your address is changed." in page.text
    assert OLD not in page.text


def test_address_waits_to_be_confirmed_and_is_shown(app, client, ana):
    enter(client, ana)
    assert OTHER not in client.get(PATH).text
    change(client)
    do_jobs(app)
    client.get(PATH)  # with the message of the moment
    assert OTHER in client.get(PATH).text
    assert address_of() == OLD


def test_until_it_is_confirmed_the_old_address_works_and_the_new_does_not(app, client, ana):
    enter(client, ana)
    change(client)
    do_jobs(app)
    assert sign_in(app.test_client(), OTHER).status_code == 422
    assert sign_in(app.test_client(), OLD).status_code == 302


def test_once_it_is_confirmed_the_new_address_works_and_the_old_does_not(app, client, ana):
    enter(client, ana)
    moved(app, client)
    assert sign_in(app.test_client(), OLD).status_code == 422
    assert sign_in(app.test_client(), OTHER).status_code == 302


def test_messages_go_to_the_new_address_once_it_is_confirmed(app, client, ana):
    enter(client, ana)
    moved(app, client)
    submit(app.test_client(), "/auth/reset_password_request", email=OTHER)
    submit(app.test_client(), "/auth/reset_password_request", email=OLD)
    do_jobs(app)
    resets = [mail["To"] for mail in mails(app) if "/auth/reset_password/" in words_of(mail)]
    assert resets == [OTHER]


@pytest.mark.parametrize("password", ["", "not my password", PASSWORD.upper()])
def test_wrong_password_changes_nothing(client, ana, password):
    enter(client, ana)
    rows = all_rows()
    answer = change(client, password=password)
    assert answer.status_code == 422
    assert error_beside(answer, "password")
    assert all_rows() == rows


@pytest.mark.parametrize(
    "text",
    ["", "ana", "a b@example.com", "ana@example.com", "ANA@Example.com", "x" * 300 + "@e.org"],
)
def test_what_is_no_new_address_is_refused(client, ana, text):
    enter(client, ana)
    rows = all_rows()
    answer = change(client, text)
    assert answer.status_code == 422
    assert error_beside(answer, "email")
    assert all_rows() == rows


def test_nobody_waits_while_the_password_is_checked(client, ana, monkeypatch):
    enter(client, ana)
    free = []
    before(monkeypatch, "verify", lambda: free.append(can_write()))
    change(client)
    assert free == [True]


def test_session_that_was_ended_meanwhile_changes_nothing(app, client, ana, monkeypatch):
    enter(client, ana)
    token = form_with(client.get(PATH), "email").fields["csrf_token"]
    meanwhile(monkeypatch, app, "verify", lambda: suspend(by_username("ana")))
    data = {"csrf_token": token, "email": OTHER, "password": PASSWORD}
    assert client.post(PATH, data=data).status_code in {302, 401}
    assert all_rows()["address_changes"] == []


def test_eleventh_guess_is_too_many(client, ana):
    enter(client, ana)
    data = form_with(client.get(PATH), "email").fields | {"email": OTHER, "password": ""}
    statuses = [client.post(PATH, data=data).status_code for _guess in range(11)]
    assert statuses == [422] * 10 + [429]


def test_sixth_message_to_one_address_is_refused(app, client, ana):
    enter(client, ana)
    assert [change(client).status_code for _ in range(6)] == [302] * 5 + [429]
    assert "half an hour" in error_beside(change(client), "email")


def test_message_speaks_the_language_of_the_member(app, client, ana):
    by_username("ana").locale = "es"
    db.session.commit()
    enter(client, ana)
    change(client)
    do_jobs(app)
    assert mails(app)[0]["Content-Language"] == "es"


# The link to the new address


def test_link_works_once(app, client, ana):
    enter(client, ana)
    change(client)
    link = last_link(app, OTHER)
    press(client, link)
    assert client.get(link).status_code == 410


@pytest.mark.parametrize(
    ("age", "status"), [(timedelta(hours=71), 200), (timedelta(hours=73), 410)]
)
def test_link_works_for_three_days(app, client, ana, age, status):
    enter(client, ana)
    change(client)
    link = last_link(app, OTHER)
    with time_machine.travel(utcnow() + age):
        assert client.get(link).status_code == status


def test_link_may_be_followed_by_a_visitor(app, client, ana):
    enter(client, ana)
    change(client)
    press(app.test_client(), last_link(app, OTHER))
    assert address_of() == OTHER


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_program_that_opens_every_link_changes_nothing(app, client, ana, method):
    enter(client, ana)
    change(client)
    link = last_link(app, OTHER)
    rows = all_rows()
    app.test_client().open(link, method=method)
    assert all_rows() == rows


def test_second_request_ends_the_link_of_the_first(app, client, ana):
    enter(client, ana)
    change(client)
    first = last_link(app, OTHER)
    change(client, "ana@third.example")
    assert client.get(first).status_code == 410
    press(client, last_link(app, "ana@third.example"))
    assert address_of() == "ana@third.example"


def test_message_of_a_request_that_was_replaced_is_not_sent(app, client, ana):
    enter(client, ana)
    change(client)
    change(client, "ana@third.example")
    do_jobs(app)
    assert [mail["To"] for mail in mails(app)] == ["ana@third.example"]
    states = [job.state for job in jobs_of_kind("accounts.send_address_link")]
    assert states == [JobState.DROPPED, JobState.DONE]


def test_link_to_a_new_address_dies_with_the_password(app, client, ana):
    # A thief who knows the password may have asked; a new password must be the end of it.
    enter(client, ana)
    change(client)
    link = last_link(app, OTHER)
    visitor = app.test_client()
    submit(visitor, "/auth/reset_password_request", email=OLD)
    assert reset_with(visitor, last_link(app, OLD)).status_code == 302
    answer = client.get(link)
    if answer.status_code == 200:
        press(visitor, link)
    assert address_of() == OLD
    assert answer.status_code == 410


def test_link_of_one_purpose_is_refused_for_another(app, client, ana):
    enter(client, ana)
    change(client)
    token = last_link(app, OTHER).rpartition("/")[2]
    assert client.get(f"/auth/reset_password/{token}").status_code == 410


def test_secret_page_is_kept_nowhere(app, client, ana):
    enter(client, ana)
    change(client)
    page = client.get(last_link(app, OTHER))
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] in {"strict-origin", "no-referrer"}


# A taken address


def pending_page(client, email):
    """Ask for an address; returns the answer and the page afterwards, but for what is of chance."""
    answer = change(client, email)
    client.get(PATH)  # with the message of the moment
    page = re.sub(r'name="csrf_token"[^>]*>', "", client.get(PATH).text)
    assert email in page
    return answer.status_code, answer.location, page.replace(email, "the address")


def test_answer_is_the_same_for_a_taken_address(app, client, ana, bob):
    enter(client, ana)
    free = pending_page(client, "bab@example.com")
    assert pending_page(client, "bob@example.com") == free


def test_owner_of_a_taken_address_is_told_and_keeps_it(app, client, ana, bob):
    enter(client, ana)
    change(client, "BOB@example.com")
    do_jobs(app)
    (message,) = mails(app)
    assert message["To"] == "bob@example.com"
    assert "@bob" in words_of(message)
    assert "/auth/confirm/" not in words_of(message)
    assert (address_of("ana"), address_of("bob")) == (OLD, "bob@example.com")


def test_address_that_was_taken_meanwhile_is_not_given_twice(app, client, ana):
    enter(client, ana)
    change(client)
    link = last_link(app, OTHER)
    user = make_user("dora")
    user.email = user.email_key = OTHER
    db.session.commit()
    press(client, link)
    assert address_of() == OLD


# The notice to the old address


def test_old_address_is_told_with_a_way_back(app, client, ana):
    enter(client, ana)
    moved(app, client)
    notice = mails(app)[-1]
    assert notice["To"] == OLD
    assert OTHER in words_of(notice)
    assert "/auth/confirm/" in links_in(notice)[0]


def test_old_address_is_not_told_before_it_counts(app, client, ana):
    enter(client, ana)
    change(client)
    do_jobs(app)
    assert OLD not in [mail["To"] for mail in mails(app)]


def test_way_back_is_explained_before_it_is_taken(app, client, ana):
    enter(client, ana)
    link = moved(app, client)
    rows = all_rows()
    page = app.test_client().get(link)
    assert page.status_code == 200
    assert OLD in page.text
    assert OTHER not in page.text
    assert all_rows() == rows


def test_way_back_puts_the_address_back(app, client, ana):
    enter(client, ana)
    answer = press(app.test_client(), moved(app, client))
    assert (answer.status_code, answer.location) == (302, "/auth/check_mail/address_is_back")
    assert address_of() == OLD


def test_way_back_ends_every_session(app, client, ana):
    enter(client, ana)
    link = moved(app, client)
    phone = app.test_client()
    sign_in(phone, ana)
    press(app.test_client(), link)
    assert client.get("/settings").status_code == 302
    assert phone.get("/settings").status_code == 302
    assert all_rows()["user_sessions"] == []


@pytest.mark.parametrize("password", [PASSWORD, "!", ""])
def test_way_back_ends_the_password(app, client, ana, password):
    enter(client, ana)
    press(app.test_client(), moved(app, client))
    assert sign_in(app.test_client(), "ana", password).status_code == 422


def test_way_back_sends_a_link_to_a_new_password(app, client, ana):
    enter(client, ana)
    visitor = app.test_client()
    press(visitor, moved(app, client))
    link = last_link(app, OLD)
    assert reset_with(visitor, link).status_code == 302
    assert sign_in(visitor, "ana", NEW_PASSWORD).status_code == 302


def test_way_back_is_open_after_a_second_change(app, client, ana):
    enter(client, ana)
    link = moved(app, client)
    moved(app, client, "ana@third.example")
    press(app.test_client(), link)
    assert address_of() == OLD


def test_way_back_ends_what_was_asked_for_meanwhile(app, client, ana):
    enter(client, ana)
    link = moved(app, client)
    change(client, "ana@third.example")
    pending = last_link(app, "ana@third.example")
    press(app.test_client(), link)
    assert client.get(pending).status_code == 410


def test_way_back_from_the_second_change_leads_to_the_first_new_address(app, client, ana):
    enter(client, ana)
    moved(app, client)
    second = moved(app, client, "ana@third.example")
    press(app.test_client(), second)
    assert address_of() == OTHER


def test_who_took_the_account_cannot_end_the_owner_s_way_back(app, client, ana):
    # The thief moves it twice, and then takes their own way back.
    enter(client, ana)
    owners = moved(app, client, "thief@one.example")
    thiefs = moved(app, client, "thief@two.example")
    press(app.test_client(), thiefs)
    assert address_of() == "thief@one.example"
    visitor = app.test_client()
    assert visitor.get(owners).status_code == 200
    press(visitor, owners)
    assert address_of() == OLD


def test_way_back_works_after_a_new_password(app, client, ana):
    # The thief's first act.
    enter(client, ana)
    link = moved(app, client)
    thief = app.test_client()
    submit(thief, "/auth/reset_password_request", email=OTHER)
    reset_with(thief, last_link(app, OTHER))
    press(app.test_client(), link)
    assert address_of() == OLD
    assert sign_in(thief, "ana", NEW_PASSWORD).status_code == 422


def test_reset_link_of_the_thief_dies_with_the_way_back(app, client, ana):
    enter(client, ana)
    link = moved(app, client)
    submit(app.test_client(), "/auth/reset_password_request", email=OTHER)
    thiefs = last_link(app, OTHER)
    press(app.test_client(), link)
    assert client.get(thiefs).status_code == 410


def test_way_back_works_once(app, client, ana):
    enter(client, ana)
    link = moved(app, client)
    press(client, link)
    assert client.get(link).status_code == 410


@pytest.mark.parametrize(
    ("age", "status"), [(timedelta(days=6.9), 200), (timedelta(days=7.1), 410)]
)
def test_way_back_is_open_for_seven_days(app, client, ana, age, status):
    enter(client, ana)
    link = moved(app, client)
    tasks.clear_away.ask()
    db.session.commit()
    with time_machine.travel(utcnow() + age):
        do_jobs(app)
        assert client.get(link).status_code == status


def test_way_back_is_open_for_as_long_as_it_says_when_everything_took_its_time(app, client, ana):
    # Confirmed on the third day, and the notice waited almost a day for the mail server.
    enter(client, ana)
    change(client)
    link = last_link(app, OTHER)
    with time_machine.travel(utcnow() + timedelta(hours=71)) as clock:
        press(app.test_client(), link)
        clock.shift(timedelta(hours=23))
        undo = last_link(app, OLD)
        clock.shift(timedelta(days=6, hours=22))
        tasks.clear_away.ask()
        db.session.commit()
        do_jobs(app)
        assert client.get(undo).status_code == 200


def test_way_back_to_an_address_that_somebody_else_has_now_changes_nothing(app, client, ana):
    enter(client, ana)
    link = moved(app, client)
    user = make_user("dora")
    user.email = user.email_key = OLD
    db.session.commit()
    rows = all_rows()
    visitor = app.test_client()
    answer = press(visitor, link)
    assert answer.status_code in {302, 409, 422}
    assert all_rows()["users"] == rows["users"]
    assert client.get("/settings").status_code == 200


def test_way_back_works_while_the_thief_deletes_the_account(app, client, ana):
    enter(client, ana)
    link = moved(app, client)
    submit(client, "/settings/delete", password=PASSWORD)
    visitor = app.test_client()
    press(visitor, link)
    assert reset_with(visitor, last_link(app, OLD)).status_code == 302
    assert sign_in(visitor, "ana", NEW_PASSWORD).status_code == 302
    assert by_username("ana").is_active
