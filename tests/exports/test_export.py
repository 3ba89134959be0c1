"""A copy of everything that is one's own: what is in the zip file, and how it comes and goes."""

import io
import json
import re
import tracemalloc
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from posixpath import dirname, join, normpath
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
import time_machine

from app.accounts import actions as accounts
from app.accounts.queries import by_username
from app.clock import utcnow
from app.exports import archive, copies, tasks
from app.exports.models import ExportPart
from app.extensions import db
from app.jobs import housekeeping
from app.jobs.models import Job, JobState
from app.moderation.actions import suspend
from app.posts import actions as posts
from app.posts import counters as counters_of_posts
from app.posts.models import Post
from tests.browsing import enter, submit, token_for
from tests.factories import (
    delete_for,
    make_block,
    make_follow,
    make_like,
    make_message,
    make_mute,
    make_post,
)
from tests.queries import counted_queries
from tests.working import bury_worker, do_jobs, jobs_of_kind, links_in, mails, path_of

ASK = "/settings/jobs/export"
NASTY = "<script>alert('x')</script> & \"quotes\"\n\nhttps://example.org/?a=1&b=2 @bob\u202e"
PAGES = {"index.html", "style.css", "posts/page-1.html", "following.html", "followers.html"}
LISTS = {"profile", "posts", "following", "followers", "messages", *archive.LISTS}
DATA = {f"data/{name}.json" for name in LISTS}


def order(user):
    """Ask for a copy, outside of any request."""
    tasks.export.ask(user_id=by_username(user.username).id)
    db.session.commit()


def opened(job):
    return ZipFile(io.BytesIO(b"".join(copies.parts_of(job.id))))


def part_numbers():
    return db.session.scalars(sa.select(ExportPart.number).order_by(ExportPart.number)).all()


def files_of(app):
    """Return the files where a copy is written until it is whole."""
    return [path for path in app.config["DATA_DIR"].iterdir() if path.name.startswith("tmp")]


def copy_of(app, user):
    """Have a copy made, and open it."""
    order(user)
    do_jobs(app)
    job = jobs_of_kind(copies.KIND)[-1]
    assert job.state == JobState.DONE, job.last_error
    return opened(job)


def data(archive, name):
    return json.loads(archive.read(f"data/{name}.json"))


def page(archive, name):
    return archive.read(name).decode()


class Tags(HTMLParser):
    """Every link, and whether each tag that is opened is closed."""

    VOID = {"meta", "link", "br", "hr", "img", "input", "wbr"}  # noqa: RUF012

    def __init__(self, text):
        super().__init__()
        self.links, self.names, self.ids, self.open = [], set(), set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.names.add(tag)
        self.links += [values[name] for name in ("href", "src", "action") if name in values]
        self.ids.add(values.get("id"))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


# What is in it


def test_archive_holds_pages_and_data_and_nothing_else(app, ana):
    archive = copy_of(app, ana)
    assert set(archive.namelist()) == PAGES | DATA
    assert archive.testzip() is None


def test_profile_is_whole(app, ana):
    accounts.edit_profile(
        ana, display_name="Ana", about_me=NASTY, location="Quay", website="https://a.example"
    )
    accounts.choose_language(ana, "en")
    db.session.commit()
    joined = ana.created_at
    (profile,) = data(copy_of(app, ana), "profile")
    assert profile == {
        "username": "ana",
        "email": "ana@example.com",
        "display_name": "Ana",
        "about_me": NASTY,
        "location": "Quay",
        "website": "https://a.example",
        "language": "en",
        "messages_from": "everyone",
        "unwanted_notifications": [],
        "joined": joined.isoformat(),
    }


def test_posts_are_as_they_were_written_newest_first(app, ana):
    morning = datetime(2026, 5, 1, 6, tzinfo=UTC)
    first = make_post(ana, "First.", at=morning).id
    second = make_post(ana, NASTY, at=morning + timedelta(hours=1))
    posts.edit(second, NASTY + "!")
    db.session.commit()
    newest, oldest = data(copy_of(app, ana), "posts")
    assert oldest == {
        "id": str(first),
        "url": f"http://127.0.0.1:5000/post/{first}",
        "answers": None,
        "published": oldest["published"],
        "edited": None,
        "audience": "public",
        "text": "First.",
    }
    assert abs(datetime.fromisoformat(oldest["published"]) - morning) < timedelta(seconds=1)
    assert newest["text"] == NASTY + "!"
    assert datetime.fromisoformat(newest["edited"]).tzinfo is not None


def test_follows_are_named_in_both_directions(app, ana, bob, carla):
    make_follow(ana, carla)
    archive = copy_of(app, ana)
    ((following,), (follower,)) = data(archive, "following"), data(archive, "followers")
    assert (following["username"], following["name"]) == ("carla", "Carla")
    assert (follower["username"], follower["name"]) == ("bob", "Bob")
    assert datetime.fromisoformat(follower["since"]).tzinfo is not None
    assert "Carla" in page(archive, "following.html")
    assert "Carla" not in page(archive, "followers.html")


def test_messages_that_the_member_has_are_in_it_and_no_others(app, ana, bob, carla):
    first = make_message(ana, bob, NASTY)
    make_message(bob, ana, "Come by at noon.")
    make_message(bob, carla, "Not for Ana.")
    delete_for(ana, make_message(bob, ana, "Taken back."))
    archive = copy_of(app, ana)
    question, answer = data(archive, "messages")
    assert question == {
        "id": str(first.id),
        "conversation_with": "bob",
        "from": "ana",
        "to": "bob",
        "sent": first.sent_at.isoformat(),
        "text": NASTY,
    }
    assert (answer["from"], answer["to"]) == ("bob", "ana")
    assert set(archive.namelist()) == PAGES | DATA | {"messages/bob.html"}
    assert "Come by at noon." in page(archive, "messages/bob.html")
    assert "messages/bob.html" in Tags(page(archive, "index.html")).links
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    for absent in ("Not for Ana.", "Taken back.", "carla"):
        assert absent not in everything


def test_hashtags_in_messages_lead_to_the_site(app, ana, bob):
    make_message(ana, bob, "Look at #boats")
    links = Tags(page(copy_of(app, ana), "messages/bob.html")).links
    assert f"{app.config['PUBLIC_URL']}/tag/boats" in links


def test_messages_are_read_in_portions(app, ana, bob, monkeypatch):
    monkeypatch.setattr("app.exports.portions.PORTION", 2)
    for number in range(5):
        make_message(ana, bob, f"Number {number}.")
    archive = copy_of(app, ana)
    expected = [f"Number {number}." for number in range(5)]
    assert [entry["text"] for entry in data(archive, "messages")] == expected
    assert re.findall(r"Number \d\.", page(archive, "messages/bob.html")) == expected
    (job,) = jobs_of_kind(copies.KIND)
    assert (job.progress_done, job.progress_total) == (12, 12)


def test_nothing_of_others_is_in_it(app, ana, bob, carla):
    make_post(bob, "What Bob wrote.")
    everything = b"".join(copy_of(app, ana).read(name) for name in sorted(PAGES | DATA)).decode()
    for private in ("What Bob wrote.", "bob@example.com", "carla"):
        assert private not in everything


def test_no_secret_of_the_member_is_in_it(app, client, ana):
    enter(client, ana)
    everything = b"".join(copy_of(app, ana).read(name) for name in sorted(PAGES | DATA)).decode()
    assert "$argon2" not in everything
    assert by_username("ana").password_hash not in everything


def test_who_is_out_of_view_is_not_named(app, ana, bob):
    suspend(by_username("bob"))
    db.session.commit()
    archive = copy_of(app, ana)
    assert data(archive, "followers") == []
    assert "bob" not in page(archive, "followers.html")


def leave_sight(name):
    suspend(by_username(name))
    db.session.commit()


@pytest.mark.parametrize(("name", "tie"), [("blocked", make_block), ("muted", make_mute)])
def test_lists_of_blocked_and_muted_name_only_who_is_in_view(app, ana, bob, carla, name, tie):
    tie(ana, bob)
    tie(ana, carla)
    leave_sight("bob")
    assert [entry["username"] for entry in data(copy_of(app, ana), name)] == ["carla"]


def test_mute_that_is_over_is_not_in_it(app, ana, bob):
    make_mute(ana, bob, ends_at=utcnow() - timedelta(minutes=1))
    assert data(copy_of(app, ana), "muted") == []


@pytest.mark.parametrize("hide", ["suspend", "block", "mute"])
def test_notifications_name_only_whom_the_page_names(app, ana, bob, carla, hide):
    post = make_post(ana)
    make_like(post, bob, carla)
    if hide == "suspend":
        leave_sight("carla")
    else:
        {"block": make_block, "mute": make_mute}[hide](ana, carla)
    entries = data(copy_of(app, ana), "notifications")
    assert [(entry["kind"], entry["by"]) for entry in entries] == [
        ("like", "bob"),
        ("follow", "bob"),
    ]
    assert entries[0]["url"].endswith(f"/post/{post.id}")


def test_notification_of_a_post_that_is_not_for_the_member_is_not_in_it(app, ana, carla):
    make_post(carla, "@ana, look.").audience = "only me"
    db.session.commit()
    assert data(copy_of(app, ana), "notifications") == []


def test_messages_stay_in_it_whoever_is_out_of_view(app, ana, bob):
    make_message(bob, ana, "Come by at noon.")
    leave_sight("bob")
    (message,) = data(copy_of(app, ana), "messages")
    assert (message["from"], message["text"]) == ("bob", "Come by at noon.")


def test_copy_of_an_empty_account_is_whole(app, carla):
    archive = copy_of(app, carla)
    assert set(archive.namelist()) == PAGES | DATA
    assert data(archive, "posts") == data(archive, "following") == []
    assert "No posts yet" in page(archive, "posts/page-1.html")


# The pages


def test_what_people_wrote_is_text_on_the_pages(app, ana, bob):
    accounts.edit_profile(
        ana,
        display_name='<img src=x onerror="1">',
        about_me=NASTY,
        location="<b>Quay",
        website='https://a.example/"onclick="1',
    )
    by_username("bob").display_name = "</bdi><script>bob"
    make_post(ana, NASTY)
    make_message(bob, ana, NASTY)
    archive = copy_of(app, ana)
    for name in archive.namelist():
        if name.endswith(".html"):
            tags = Tags(page(archive, name))
            assert tags.names & {"script", "img", "iframe", "object", "form"} == set()
            assert not any(link.startswith("javascript:") for link in tags.links)
    assert "&lt;script&gt;alert(" in page(archive, "posts/page-1.html")


def test_every_tag_is_closed(app, ana, bob):
    make_follow(ana, bob)
    make_post(ana, NASTY)
    make_message(bob, ana, NASTY)
    archive = copy_of(app, ana)
    for name in archive.namelist():
        if name.endswith(".html"):
            assert Tags(page(archive, name)).open == [], name


def test_links_lead_to_files_of_the_copy_or_to_whole_addresses(app, ana, bob, monkeypatch):
    monkeypatch.setattr("app.exports.archive.POSTS_ON_A_PAGE", 2)
    make_follow(ana, bob)
    make_message(bob, ana)
    for number in range(5):
        make_post(ana, f"Number {number} for @bob, see https://example.org/ and http://a.example")
    archive = copy_of(app, ana)
    names = set(archive.namelist())
    assert {f"posts/page-{number}.html" for number in (1, 2, 3)} <= names
    followed = set()
    for name in sorted(names):
        if not name.endswith(".html"):
            continue
        tags = Tags(page(archive, name))
        for link in tags.links:
            if re.match(r"https?://", link):
                continue
            target, _, anchor = link.partition("#")
            whole = normpath(join(dirname(name), target)) if target else name
            assert whole in names, f"{name} links to {link}"
            assert not anchor or anchor in tags.ids
            followed.add(whole)
    assert followed >= PAGES | {"posts/page-2.html", "posts/page-3.html"}


def test_names_and_hashtags_lead_to_the_site(app, ana, bob):
    accounts.edit_profile(ana, display_name="", about_me="#boats", location="", website="")
    make_post(ana, "@bob, low #tide")
    archive, site = copy_of(app, ana), app.config["PUBLIC_URL"]
    posts_page = archive.read("posts/page-1.html").decode()
    assert f'href="{site}/user/bob"' in posts_page
    assert f'href="{site}/tag/tide"' in posts_page
    assert f'href="{site}/tag/boats"' in archive.read("index.html").decode()


def test_pages_hold_every_post_once_and_in_order(app, ana, monkeypatch):
    monkeypatch.setattr("app.exports.archive.POSTS_ON_A_PAGE", 2)
    monkeypatch.setattr("app.exports.portions.PORTION", 2)
    start = datetime(2026, 5, 1, tzinfo=UTC)
    ids = [make_post(ana, f"Number {n}.", at=start + timedelta(hours=n)).id for n in range(5)]
    archive = copy_of(app, ana)
    found = [
        re.findall(r'id="post-(\d+)"', page(archive, f"posts/page-{number}.html"))
        for number in (1, 2, 3)
    ]
    newest_first = [str(number) for number in reversed(ids)]
    assert found == [newest_first[:2], newest_first[2:4], newest_first[4:]]
    assert [entry["id"] for entry in data(archive, "posts")] == newest_first


def test_wrong_counter_loses_no_post(app, ana, monkeypatch):
    monkeypatch.setattr("app.exports.archive.POSTS_ON_A_PAGE", 2)
    for number in range(5):
        make_post(ana, f"Number {number}.")
    by_username("ana").posts_count = 1
    archive = copy_of(app, ana)
    assert len(data(archive, "posts")) == 5
    assert len(re.findall(r'id="post-', page(archive, "posts/page-1.html"))) == 5


@pytest.mark.parametrize(("locale", "words"), [(None, "en"), ("es", "es")])
def test_pages_are_in_the_language_of_the_member(app, ana, locale, words):
    accounts.choose_language(ana, locale)
    db.session.commit()
    assert f'<html lang="{words}"' in page(copy_of(app, ana), "index.html")


def test_copy_needs_nothing_from_the_network(app, ana):
    make_post(ana)
    archive = copy_of(app, ana)
    assert not re.search(r"url\(|@import|https?:", page(archive, "style.css"))
    for name in archive.namelist():
        if name.endswith(".html"):
            assert not re.search(r"<link[^>]+https?:|\bsrc=", page(archive, name))


# How it is made


def test_nobody_waits_while_the_copy_is_made(app, client, ana):
    enter(client, ana)
    token = token_for(client)
    with counted_queries() as queries:
        client.post(ASK, data={"csrf_token": token})
    assert not any("FROM posts" in query for query in queries)
    assert [job.state for job in jobs_of_kind(copies.KIND)] == [JobState.WAITING]


def test_posts_are_read_in_portions(app, ana, monkeypatch):
    monkeypatch.setattr("app.exports.portions.PORTION", 2)
    for number in range(5):
        make_post(ana, f"Number {number}.")
    order(ana)
    with counted_queries() as queries:
        do_jobs(app)
    reads = [query for query in queries if "FROM posts" in query]
    assert len(reads) >= 6
    assert all("LIMIT" in query for query in reads)


def test_progress_is_noted_in_between(app, ana, monkeypatch):
    monkeypatch.setattr("app.exports.portions.PORTION", 2)
    for number in range(5):
        make_post(ana, f"Number {number}.")
    seen = []
    whole = tasks.report

    def watch(job, done, total):
        whole(job, done, total)
        seen.append((done, total))

    monkeypatch.setattr(tasks, "report", watch)
    copy_of(app, ana)
    assert seen == [(0, 10), (2, 10), (4, 10), (6, 10), (8, 10), (10, 10)]
    (job,) = jobs_of_kind(copies.KIND)
    assert (job.progress_done, job.progress_total) == (10, 10)


def test_only_one_is_made_at_a_time(app, client, ana):
    enter(client, ana)
    submit(client, ASK)
    submit(client, ASK)
    assert "Your copy is being made already." in client.get("/settings/jobs").text
    assert len(jobs_of_kind(copies.KIND)) == 1
    do_jobs(app)
    submit(client, ASK)
    assert len(jobs_of_kind(copies.KIND)) == 2


def test_each_member_has_their_own(app, ana, bob):
    order(ana)
    order(bob)
    assert do_jobs(app) == 4
    assert sorted(mail["To"] for mail in mails(app)) == ["ana@example.com", "bob@example.com"]


def test_sixth_copy_in_a_day_is_too_many(app, client, ana):
    enter(client, ana)
    for _ in range(6):
        submit(client, ASK)
        db.session.execute(db.update(Job).values(unique_key=None))
        db.session.commit()
    assert "You have asked for several copies today." in client.get("/settings/jobs").text
    assert len(jobs_of_kind(copies.KIND)) == 5


def test_message_says_that_it_is_ready(app, client, ana):
    by_username("ana").locale = "es"
    copy_of(app, ana)
    (message,) = mails(app)
    assert message["To"] == "ana@example.com"
    assert message["Content-Language"] == "es"
    assert "/settings/jobs" in [path_of(link) for link in links_in(message)]
    assert not list(message.iter_attachments())


def test_message_about_a_copy_that_is_gone_is_not_sent(app, ana):
    order(ana)
    (job,) = jobs_of_kind(copies.KIND)
    job.state, job.due_at = JobState.DONE, None
    tasks.tell_export_ready.ask(user_id=job.user_id, subject_id=job.id)
    db.session.commit()
    do_jobs(app)
    assert mails(app) == []


def test_copy_is_not_made_for_a_suspended_member(app, ana):
    order(ana)
    suspend(by_username("ana"))
    db.session.commit()
    do_jobs(app)
    assert [job.state for job in jobs_of_kind(copies.KIND)] == [JobState.DROPPED]
    assert part_numbers() == []


def test_worker_that_was_killed_leaves_the_copy_to_another(app, ana):
    order(ana)
    (job,) = jobs_of_kind(copies.KIND)
    bury_worker(job)
    do_jobs(app)
    (job,) = jobs_of_kind(copies.KIND)
    assert (job.state, job.attempts) == (JobState.DONE, 2)
    assert opened(job).testzip() is None
    assert len(mails(app)) == 1


def test_what_is_there_already_is_replaced(app, ana):
    order(ana)
    (job,) = jobs_of_kind(copies.KIND)
    db.session.add_all(ExportPart(job_id=job.id, number=n, content=b"PK") for n in range(3))
    db.session.commit()
    do_jobs(app)
    assert opened(job).testzip() is None
    assert part_numbers() == [0]


def test_copy_that_breaks_off_leaves_nothing(app, ana, monkeypatch):
    monkeypatch.setattr("app.exports.archive.STYLE", app.config["DATA_DIR"] / "not there")
    make_post(ana)
    order(ana)
    do_jobs(app)
    (job,) = jobs_of_kind(copies.KIND)
    assert job.state == JobState.WAITING
    assert part_numbers() == files_of(app) == []


def test_copy_of_a_worker_that_was_taken_for_dead_is_not_kept(app, ana, monkeypatch):
    keep, kept = copies.keep, []

    def keep_late(job, file):
        keep(job, file)
        kept.extend(part_numbers())
        db.session.execute(sa.update(Job).values(claims=Job.claims + 1))

    monkeypatch.setattr(copies, "keep", keep_late)
    order(ana)
    do_jobs(app)
    assert kept == [0]  # the premise
    assert part_numbers() == []


def test_copy_is_written_where_nobody_sees_it(app, ana, monkeypatch):
    seen = []
    whole = tasks.report
    monkeypatch.setattr(tasks, "report", lambda *args: (seen.extend(files_of(app)), whole(*args)))
    monkeypatch.setattr("app.exports.portions.PORTION", 1)
    make_post(ana)
    copy_of(app, ana)
    assert seen == files_of(app) == []


def test_large_copy_is_kept_in_parts(app, ana, monkeypatch):
    monkeypatch.setattr(copies, "PART", 1000)
    archive = copy_of(app, ana)
    assert archive.testzip() is None
    numbers = part_numbers()
    assert numbers == list(range(len(numbers)))
    assert len(numbers) > 2


@pytest.mark.parametrize("content", [b"\0\xff'\\", "åé港".encode(), b"x"])
def test_size_is_counted_in_bytes(app, ana, content):
    order(ana)
    (job,) = jobs_of_kind(copies.KIND)
    db.session.add_all(ExportPart(job_id=job.id, number=n, content=content) for n in range(2))
    db.session.commit()
    assert copies.sizes_of([job.id, job.id + 1]) == {job.id: 2 * len(content)}
    assert b"".join(copies.parts_of(job.id)) == 2 * content


# How it goes


def clear_away():
    for task in (tasks.clear_away, housekeeping.clear_away):
        task.ask()
    db.session.commit()


@pytest.mark.parametrize(("days", "is_there"), [(6.9, True), (7.1, False)])
def test_copy_is_kept_for_seven_days(app, ana, days, is_there):
    copy_of(app, ana)
    with time_machine.travel(utcnow() + timedelta(days=days)):
        clear_away()
        do_jobs(app)
        assert bool(part_numbers()) is is_there
        assert len(jobs_of_kind(copies.KIND)) == 1


def test_row_goes_soon_after_the_copy(app, ana):
    copy_of(app, ana)
    with time_machine.travel(utcnow() + timedelta(days=8.1)):
        clear_away()
        do_jobs(app)
        assert jobs_of_kind(copies.KIND) == []
    assert part_numbers() == []


def test_copy_goes_with_the_row(app, ana):
    copy_of(app, ana)
    with time_machine.travel(utcnow() + timedelta(days=8.1)):
        housekeeping.clear_away.ask()
        db.session.commit()
        do_jobs(app)
    assert part_numbers() == []


def test_younger_copy_stays_when_anolder_one_goes(app, ana, bob):
    copy_of(app, ana)
    with time_machine.travel(utcnow() + timedelta(days=5)):
        copy_of(app, bob)
    with time_machine.travel(utcnow() + timedelta(days=7.1)):
        clear_away()
        do_jobs(app)
    older, younger = jobs_of_kind(copies.KIND)
    assert list(copies.sizes_of([older.id, younger.id])) == [younger.id]


# Large


def peak_of(app, user):
    """Return how much memory the making of a copy takes at most."""
    order(user)
    tracemalloc.start()
    do_jobs(app)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert jobs_of_kind(copies.KIND)[-1].state == JobState.DONE
    return peak


def test_memory_does_not_grow_with_the_posts(app, ana, bob, monkeypatch):
    monkeypatch.setattr("app.exports.portions.PORTION", 50)
    monkeypatch.setattr("app.exports.archive.POSTS_ON_A_PAGE", 50)
    ids = {user.username: user.id for user in (ana, bob)}
    for name, count in (("ana", 100), ("bob", 600)):
        rows = [
            {"id": 10**15 + ids[name] * 10**9 + n, "author_id": ids[name], "once_key": f"{n}"}
            for n in range(count)
        ]
        values = {"body": "Low tide. " * 100, "audience": "public"}
        db.session.execute(sa.insert(Post), [row | values for row in rows])
    counters_of_posts.recount()
    db.session.commit()
    peak_of(app, ana)  # loads what is loaded once
    small, large = peak_of(app, ana), peak_of(app, bob)
    assert large < 1.3 * small
