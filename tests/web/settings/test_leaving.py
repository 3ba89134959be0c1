"""What becomes of an account that its owner deleted: fourteen days to think again, then nothing."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.accounts.models import User
from app.accounts.queries import by_username
from app.clock import utcnow
from app.exports import copies
from app.extensions import db
from app.jobs.models import JobState
from app.moderation.actions import restore, suspend
from app.notifications.actions import mark_read
from app.posts import counters as counters_of_posts
from app.posts.models import Post
from app.relationships import actions as relationships
from tests.browsing import cookie_of, enter, sign_in, submit
from tests.factories import PASSWORD, make_follow, make_post, make_user
from tests.queries import all_rows
from tests.working import bury_worker, do_jobs, jobs_of_kind, links_in, mails, path_of, words_of

pytestmark = pytest.mark.thorough

REMOVE = "moderation.remove_account"
GRACE = timedelta(days=14)
BODY = "The heron is back on the harbour wall."


@pytest.fixture
def sam(ana, bob):
    """Sam, who writes and is tied to Ana and Bob."""
    user = make_user("sam", display_name="Samphire Wells")
    make_post(user, BODY)
    make_follow(ana, user)
    make_follow(user, ana, bob)
    return user


def leave(client, user, password=PASSWORD):
    enter(client, user)
    assert submit(client, "/settings/delete", password=password).status_code == 302


def later(age=GRACE, extra=timedelta(minutes=1)):
    return time_machine.travel(utcnow() + age + extra)


def remove_in_time(app):
    """Let fourteen days pass, and the worker do what is due then."""
    with later():
        do_jobs(app)


def counters(name):
    db.session.rollback()
    db.session.expire_all()
    user = by_username(name)
    return (user.followers_count, user.following_count)


# Hidden at once


@pytest.mark.parametrize(
    "path",
    ["/", "/explore", "/user/ana/followers", "/user/ana/following", "/user/bob/followers"],
)
@pytest.mark.parametrize("reader", [None, "ana"])
def test_member_is_seen_nowhere_at_once(app, client, sam, path, reader):
    visitor = app.test_client()
    if reader:
        enter(visitor, by_username(reader))

    def is_seen():
        page = visitor.get(path)
        assert page.status_code == 200
        return "Samphire" in page.text or BODY in page.text or "/user/sam" in page.text

    assert is_seen()
    leave(client, sam)
    assert not is_seen()


@pytest.mark.parametrize("page", ["/user/sam", "/user/sam/followers", "/user/sam/following"])
def test_pages_of_the_member_are_not_found(app, client, sam, page):
    assert app.test_client().get(page).status_code == 200
    leave(client, sam)
    assert app.test_client().get(page).status_code == 404


def test_member_does_not_count_at_once(client, sam):
    assert (counters("ana"), counters("bob")) == ((2, 1), (1, 1))
    leave(client, sam)
    assert (counters("ana"), counters("bob")) == ((1, 0), (0, 1))
    assert (relationships.recount(), counters_of_posts.recount()) == (0, 0)


def test_everything_is_still_there(client, sam):
    before = all_rows()
    leave(client, sam)
    after = all_rows()
    assert (after["posts"], after["follows"]) == (before["posts"], before["follows"])


def test_deleting_twice_makes_one_job(app, client, sam):
    phone = app.test_client()
    enter(phone, sam)
    leave(client, sam)
    assert submit(phone, "/settings/delete", password=PASSWORD).status_code == 401
    assert len(jobs_of_kind(REMOVE)) == 1


# Thinking again


@pytest.mark.parametrize("typed", ["sam", "SAM", "sam@example.com"])
def test_signing_in_brings_everything_back(app, client, sam, typed):
    before = all_rows()
    leave(client, sam)
    visitor = app.test_client()
    answer = sign_in(visitor, typed)
    assert answer.status_code == 302
    assert "Welcome back. Your account stays" in visitor.get("/").text
    after = all_rows()
    for table in ("users", "posts", "follows"):
        assert after[table] == before[table]
    assert BODY in app.test_client().get("/user/sam").text


def test_wrong_password_brings_nothing_back(app, client, sam):
    leave(client, sam)
    assert sign_in(app.test_client(), "sam", "a wrong guess").status_code == 422
    assert not by_username("sam").is_active


def test_old_cookies_bring_nothing_back(app, client, sam):
    phone = app.test_client()
    submit(phone, "/auth/login", username="sam", password=PASSWORD, remember_me="y")
    assert cookie_of(phone, "remember_token")
    leave(client, sam)
    assert phone.get("/settings").status_code == 302
    assert not by_username("sam").is_active


def test_new_password_alone_brings_nothing_back(app, client, sam):
    leave(client, sam)
    visitor = app.test_client()
    submit(visitor, "/auth/reset_password_request", email="sam@example.com")
    do_jobs(app)
    link = next(
        path_of(links_in(mail)[0])
        for mail in mails(app)
        if "/auth/reset_password/" in words_of(mail)
    )
    submit(visitor, link, password="a boat beneath the bridge")
    assert not by_username("sam").is_active
    assert sign_in(visitor, "sam", "a boat beneath the bridge").status_code == 302
    assert by_username("sam").is_active


def test_one_can_come_back_until_the_last_hour(app, client, sam):
    leave(client, sam)
    with later(extra=-timedelta(minutes=1)):
        do_jobs(app)
        assert sign_in(app.test_client(), "sam").status_code == 302
    remove_in_time(app)
    assert by_username("sam").is_active


def test_nobody_comes_back_after_the_hour_even_if_the_worker_is_late(app, client, sam):
    leave(client, sam)
    visitor = app.test_client()
    with later():
        assert sign_in(visitor, "sam").status_code == 422
    assert not by_username("sam").is_active


def test_refusal_after_the_hour_is_that_of_a_wrong_password(app, client, sam):
    leave(client, sam)
    with later():
        gone = sign_in(app.test_client(), "sam")
        wrong = sign_in(app.test_client(), "nobody_at_all")
    said = "That name and password do not belong together."
    assert said in gone.text
    assert said in wrong.text


def test_account_that_was_kept_stays_when_the_day_comes(app, client, sam):
    leave(client, sam)
    sign_in(app.test_client(), "sam")
    rows = all_rows()
    remove_in_time(app)
    assert all_rows()["users"] == rows["users"]
    assert [job.state for job in jobs_of_kind(REMOVE)] == [JobState.DROPPED]


def test_days_are_counted_from_the_last_time_somebody_left(app, client, sam):
    leave(client, sam)
    with later(timedelta(days=10)):
        sign_in(client, "sam")
        assert submit(client, "/settings/delete", password=PASSWORD).status_code == 302
    with later():
        do_jobs(app)
        assert by_username("sam") is not None
    with later(timedelta(days=24)):
        do_jobs(app)
    assert by_username("sam") is None


# Messages


def test_message_says_until_when(app, client, sam):
    leave(client, sam)
    due = by_username("sam").deletion_due_at
    do_jobs(app)
    (message,) = mails(app)
    assert message["To"] == "sam@example.com"
    assert f"{due:%B} {due.day}, {due.year}" in words_of(message)
    assert "/auth/login" in [path_of(link) for link in links_in(message)]


def test_message_is_not_sent_to_who_came_back_before_it(app, client, sam):
    leave(client, sam)
    sign_in(app.test_client(), "sam")
    do_jobs(app)
    assert mails(app) == []


def test_farewell_is_sent_once_when_all_is_gone(app, client, sam):
    leave(client, sam)
    do_jobs(app)
    remove_in_time(app)
    assert [mail["To"] for mail in mails(app)] == ["sam@example.com"] * 2
    assert mails(app)[0]["Subject"] != mails(app)[1]["Subject"]
    with later():
        assert do_jobs(app) == 0


def test_messages_are_in_the_language_of_the_member(app, client, sam):
    by_username("sam").locale = "es"
    db.session.commit()
    leave(client, sam)
    do_jobs(app)
    remove_in_time(app)
    assert [mail["Content-Language"] for mail in mails(app)] == ["es", "es"]


# Gone


def test_nothing_of_the_member_is_left_in_any_table(app, client, ana, bob, carla):
    mark_read(ana)  # or what Dora does would join what Ana was told before
    db.session.commit()
    before = all_rows()
    dora = make_user("dora", display_name="Dora", about_me="Here for the tide tables.")
    make_post(dora, "One.")
    make_post(dora, "Two.")
    make_follow(dora, ana, bob)
    make_follow(carla, dora)
    sign_in(app.test_client(), "dora", "a wrong password")
    enter(client, dora)
    submit(client, "/settings/email", email="dora@elsewhere.example", password=PASSWORD)
    submit(client, "/settings/jobs/export")
    do_jobs(app)
    leave(client, dora)
    do_jobs(app)
    with later():
        do_jobs(app)
    after = all_rows()
    # A keyed hash for half an hour, and the job that says it is done; neither knows a name.
    assert after.pop("mail_requests") != before.pop("mail_requests")
    (job,) = jobs_of_kind(REMOVE)
    assert [row[0] for row in after.pop("jobs")] == [job.id]
    assert before.pop("jobs") == []
    assert (job.state, job.user_id) == (JobState.DONE, None)
    assert after == before
    assert not any(word in str(all_rows()).lower() for word in ("dora@", "'dora'"))


def test_counters_of_others_are_right_afterwards(app, client, sam):
    leave(client, sam)
    remove_in_time(app)
    assert by_username("sam") is None
    assert (counters("ana"), counters("bob")) == ((1, 0), (0, 1))
    assert (relationships.recount(), counters_of_posts.recount()) == (0, 0)


def test_name_and_address_are_free_again(app, client, sam):
    leave(client, sam)
    remove_in_time(app)
    fields = {"username": "sam", "email": "sam@example.com", "password": PASSWORD}
    assert submit(app.test_client(), "/auth/register", **fields).status_code == 302


def test_who_takes_the_name_next_is_somebody_else(app, client, sam):
    old_id = sam.id
    leave(client, sam)
    remove_in_time(app)
    new = make_user("sam")
    assert new.id != old_id
    assert (new.followers_count, new.posts_count) == (0, 0)


def test_copies_of_the_member_are_deleted_with_the_rest(app, client, sam, ana):
    enter(client, sam)
    submit(client, "/settings/jobs/export")
    other = app.test_client()
    enter(other, ana)
    submit(other, "/settings/jobs/export")
    do_jobs(app)
    made = [job.id for job in jobs_of_kind(copies.KIND)]
    assert len(copies.sizes_of(made)) == 2
    leave(client, sam)
    assert len(copies.sizes_of(made)) == 2
    with later(timedelta(days=14)):
        do_jobs(app)
    (kept,) = copies.sizes_of(made)
    assert [job.id for job in jobs_of_kind(copies.KIND)] == [kept]


def test_nobody_else_is_removed(app, client, sam, ana):
    post = make_post(ana, "Mine.").id
    leave(client, sam)
    remove_in_time(app)
    assert by_username("ana").is_active
    assert app.test_client().get(f"/post/{post}").status_code == 200


# When the worker has trouble


REFUSE = {
    "sqlite": "CREATE TRIGGER broken BEFORE DELETE ON {} BEGIN SELECT RAISE(ABORT, 'no'); END",
    "mysql": "CREATE TRIGGER broken BEFORE DELETE ON {} FOR EACH ROW SIGNAL SQLSTATE '45000'",
    "postgresql": "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql"
    " AS 'BEGIN RAISE ''no''; END'; CREATE TRIGGER broken BEFORE DELETE ON {}"
    " FOR EACH ROW EXECUTE FUNCTION refuse()",
}
ALLOW = {"postgresql": "DROP FUNCTION refuse CASCADE"}


def break_deletion(table):
    """Let the database refuse to delete the member (`users`) or their posts (`posts`)."""
    db.session.connection().exec_driver_sql(REFUSE[db.engine.name].format(table))
    db.session.commit()


def mend():
    db.session.rollback()
    db.session.execute(sa.text(ALLOW.get(db.engine.name, "DROP TRIGGER broken")))
    db.session.commit()


@pytest.mark.parametrize("table", ["posts", "users"])
def test_removal_that_broke_off_is_finished_next_time(app, client, sam, table):
    leave(client, sam)
    do_jobs(app)
    break_deletion(table)
    with later() as clock:
        do_jobs(app)
        assert by_username("sam") is not None
        (job,) = jobs_of_kind(REMOVE)
        assert (job.state, job.attempts) == (JobState.WAITING, 1)
        mend()
        clock.shift(timedelta(minutes=1))
        do_jobs(app)
    assert by_username("sam") is None
    assert [job.state for job in jobs_of_kind(REMOVE)] == [JobState.DONE]
    assert (relationships.recount(), counters_of_posts.recount()) == (0, 0)


def test_worker_that_was_killed_in_the_middle_leaves_the_rest_to_another(
    app, client, sam, monkeypatch
):
    monkeypatch.setattr("app.moderation.tasks.PORTION", 2)
    for number in range(4):
        make_post(sam, f"Number {number}")
    leave(client, sam)
    do_jobs(app)
    # What a worker has done that was killed after its first portion.
    gone = db.session.scalars(
        sa.select(Post.id).where(Post.author_id == by_username("sam").id)
    ).all()
    db.session.execute(sa.delete(Post).where(Post.id.in_(gone[:2])))
    db.session.execute(sa.update(User).where(User.username == "sam").values(posts_count=3))
    db.session.commit()
    with later():
        (job,) = jobs_of_kind(REMOVE)
        bury_worker(job)
        do_jobs(app)
    assert by_username("sam") is None
    assert all_rows()["posts"] == []
    (job,) = jobs_of_kind(REMOVE)
    assert (job.state, job.attempts) == (JobState.DONE, 2)


def test_posts_go_in_portions_with_their_count(app, client, sam, monkeypatch):
    monkeypatch.setattr("app.moderation.tasks.PORTION", 2)
    for number in range(4):
        make_post(sam, f"Number {number}")
    leave(client, sam)
    do_jobs(app)
    break_deletion("users")
    with later():
        do_jobs(app)
    (job,) = jobs_of_kind(REMOVE)
    assert (job.progress_done, job.progress_total) == (5, 5)
    assert by_username("sam").posts_count == 0
    mend()


# Suspended as well


def test_leaving_member_who_is_suspended_cannot_come_back_but_goes(app, client, sam):
    leave(client, sam)
    suspend(by_username("sam"))
    db.session.commit()
    assert sign_in(app.test_client(), "sam").status_code == 403
    assert by_username("sam").deletion_due_at is not None
    remove_in_time(app)
    assert by_username("sam") is None
    assert (counters("ana"), counters("bob")) == ((1, 0), (0, 1))


def test_restoring_a_leaving_member_does_not_bring_them_into_view(app, client, sam):
    leave(client, sam)
    suspend(by_username("sam"))
    restore(by_username("sam"))
    db.session.commit()
    assert app.test_client().get("/user/sam").status_code == 404
    assert (counters("ana"), counters("bob")) == ((1, 0), (0, 1))
    assert sign_in(app.test_client(), "sam").status_code == 302
    assert (counters("ana"), counters("bob")) == ((2, 1), (1, 1))


def test_neighbour_who_goes_meanwhile_is_missed_by_nobody(app, client, sam, bob):
    leave(client, sam)
    other = app.test_client()
    leave(other, bob)
    assert sign_in(app.test_client(), "sam").status_code == 302
    assert counters("sam") == (1, 1)
    remove_in_time(app)
    assert by_username("bob") is None
    assert (relationships.recount(), counters_of_posts.recount()) == (0, 0)
