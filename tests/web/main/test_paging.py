"""Walking through pages by their links while others write, delete, follow and leave."""

from datetime import timedelta

import pytest

from app.clock import utcnow
from app.extensions import db
from app.ids import MAX_ID
from app.posts import actions as posts
from app.posts.models import Post
from app.relationships import actions as relationships
from tests.browsing import enter, link_to, links_of, posts_on
from tests.factories import make_follow, make_post, make_user

SIZE = 3
POST_PAGES = ["/", "/explore", "/user/ana"]
PEOPLE_PAGES = ["/user/ana/followers", "/user/ana/following"]


@pytest.fixture
def settings():
    return {"POSTS_PER_PAGE": str(SIZE)}


@pytest.fixture
def reader(client, bob):
    enter(client, bob)
    return client


def write(author, count):
    """Return the ids of posts of the last hours, newest first."""
    start = utcnow() - timedelta(hours=count)
    ids = [make_post(author, f"Post {n}", at=start + timedelta(hours=n)).id for n in range(count)]
    return ids[::-1]


def remove(post_id):
    db.session.rollback()
    posts.delete(db.session.get(Post, post_id))
    db.session.commit()


def people_on(response):
    names = [link for link in links_of(response) if link.attributes.get("class") == "person-names"]
    return [link.href.removeprefix("/user/") for link in names if "@" in link.text]


def walk(client, path, word, see=posts_on, between=lambda: None):
    """Follow the links that say `word` and return the pages: what each one showed."""
    pages, last = [], None
    while path:
        last = client.get(path)
        assert last.status_code == 200
        pages.append(see(last))
        path = link_to(last, word)
        if path:
            between()
        assert len(pages) < 50, "the walk does not end"
    return pages, last


def flat(pages):
    return [item for page in pages for item in page]


@pytest.mark.parametrize("path", POST_PAGES)
@pytest.mark.parametrize("count", [1, SIZE - 1, SIZE, SIZE + 1, 2 * SIZE, 2 * SIZE + 1])
def test_older_shows_every_post_once_newest_first(reader, ana, path, count):
    written = write(ana, count)
    pages, _last = walk(reader, path, "Older")
    assert flat(pages) == written
    assert len(pages) == -(-count // SIZE)


@pytest.mark.parametrize("path", POST_PAGES)
@pytest.mark.parametrize("count", [SIZE + 1, 2 * SIZE, 2 * SIZE + 1])
def test_newer_leads_back_to_the_top(reader, ana, path, count):
    written = write(ana, count)
    _pages, last = walk(reader, path, "Older")
    pages, _top = walk(reader, link_to(last, "Newer"), "Newer")
    seen = flat(pages[::-1]) + posts_on(last)
    assert seen == written


@pytest.mark.parametrize("path", POST_PAGES)
def test_the_first_page_has_no_newer_and_the_last_no_older(reader, ana, path):
    write(ana, SIZE + 1)
    assert link_to(reader.get(path), "Newer") is None
    _pages, last = walk(reader, path, "Older")
    assert link_to(last, "Older") is None
    assert link_to(last, "Newer")


@pytest.mark.parametrize("path", POST_PAGES)
def test_a_single_page_has_no_pager_at_all(reader, ana, path):
    write(ana, SIZE)
    assert "pager" not in reader.get(path).text


@pytest.mark.parametrize("path", POST_PAGES)
def test_older_repeats_and_skips_nothing_while_others_write(reader, ana, path):
    written = write(ana, 10)
    pages, _last = walk(reader, path, "Older", between=lambda: make_post(ana, "New"))
    assert len(pages) == 4  # the premise: something was written between the pages
    assert flat(pages) == written


@pytest.mark.parametrize("path", POST_PAGES)
def test_older_skips_nothing_while_posts_are_deleted(reader, ana, path):
    written = write(ana, 13)
    # After each page go: its last post (the key of the link), its first, and one not seen yet.
    doomed = iter([written[0], written[2], written[5], written[4], written[7], written[12]])
    gone = []

    def delete_two():
        for post_id in (next(doomed, None), next(doomed, None)):
            if post_id:
                remove(post_id)
                gone.append(post_id)

    pages, _last = walk(reader, path, "Older", between=delete_two)
    seen = flat(pages)
    assert len(gone) == 6
    assert len(seen) == len(set(seen))
    assert seen == sorted(seen, reverse=True)
    assert set(written) - set(gone) <= set(seen) <= set(written)


@pytest.mark.parametrize("path", POST_PAGES)
def test_newer_repeats_and_skips_nothing_while_others_write_and_delete(reader, ana, path):
    written = write(ana, 10)
    _pages, last = walk(reader, path, "Older")
    start = posts_on(last)
    unseen, seen_already = written[5], written[8]
    doomed, fresh = iter([unseen, seen_already]), iter(range(3))

    def disturb():
        post_id = next(doomed, None)
        if post_id:
            remove(post_id)
        if next(fresh, None) is not None:
            written.insert(0, make_post(ana, "New").id)

    pages, _top = walk(reader, link_to(last, "Newer"), "Newer", between=disturb)
    assert len(written) == 13  # the premise: all three were written during the walk
    assert flat(pages[::-1]) + start == [number for number in written if number != unseen]


def test_the_landing_page_leads_on_to_the_rest(client, ana):
    written = write(ana, 8)
    first = client.get("/")
    pages, _last = walk(client, link_to(first, "More posts"), "Older")
    assert posts_on(first) + flat(pages) == written


def test_home_walks_through_oneself_and_those_one_follows_only(reader, ana, bob, carla):
    start = utcnow() - timedelta(hours=30)
    expected = []
    for n in range(15):
        author = (ana, bob, carla)[n % 3]
        post = make_post(author, f"Post {n}", at=start + timedelta(hours=n))
        if author is not carla:
            expected.insert(0, post.id)
    pages, _last = walk(reader, "/", "Older")
    assert flat(pages) == expected


def test_a_page_of_home_is_full_though_a_suspended_friend_wrote_in_between(reader, ana, bob):
    friend = make_user("dora")
    make_follow(bob, friend)
    start = utcnow() - timedelta(hours=30)
    for n in range(12):
        make_post((ana, friend)[n % 2], f"Post {n}", at=start + timedelta(hours=n))
    friend.suspended_at = friend.created_at
    db.session.commit()
    pages, _last = walk(reader, "/", "Older")
    assert [len(page) for page in pages] == [SIZE, SIZE]


@pytest.mark.parametrize("path", PEOPLE_PAGES)
def test_lists_of_people_repeat_and_skip_nobody_while_they_change(reader, ana, path):
    followers = path.endswith("followers")

    def tie(person, act=relationships.follow):
        db.session.rollback()
        act(*((person, ana) if followers else (ana, person)))
        db.session.commit()

    people = [make_user(f"friend{n:02}") for n in range(10 if followers else 11)]
    for person in people:
        tie(person)
    expected = [person.username for person in reversed(people)] + (["bob"] if followers else [])
    late = iter([make_user(f"late{n}") for n in range(9)])
    key, unseen = people[-3], people[1]
    doomed = iter([key, unseen])

    def disturb():
        tie(next(late))
        person = next(doomed, None)
        if person:
            tie(person, relationships.unfollow)

    pages, last = walk(reader, path, "Older", see=people_on, between=disturb)
    assert len(pages) == 4
    assert flat(pages) == [name for name in expected if name != unseen.username]
    pages, _top = walk(reader, link_to(last, "Newer"), "Newer", see=people_on)
    seen = flat(pages[::-1]) + people_on(last)
    gone = {unseen.username, key.username}
    assert seen == ["late2", "late1", "late0"] + [name for name in expected if name not in gone]


@pytest.mark.parametrize("path", POST_PAGES)
def test_a_page_beyond_the_oldest_post_does_not_say_that_nothing_was_written(reader, ana, path):
    oldest = write(ana, 2)[-1]
    page = reader.get(f"{path}?before={oldest}")
    assert page.status_code == 200
    assert posts_on(page) == []
    for untrue in ("It is quiet here", "Nothing has been written yet", "No posts yet"):
        assert untrue not in page.text


@pytest.mark.parametrize("path", [*POST_PAGES, *PEOPLE_PAGES])
@pytest.mark.parametrize("argument", ["before=1", f"after={MAX_ID}"])
def test_a_page_beyond_the_end_leads_back(reader, ana, bob, path, argument):
    write(ana, 2)
    make_follow(ana, bob)
    page = reader.get(f"{path}?{argument}")
    assert page.status_code == 200
    main = page.text[page.text.index("<main") : page.text.index("</main>")]
    assert f'href="{path}"' in main or 'href="/index"' in main


def test_oneself_is_not_told_to_write_the_first_post_beyond_the_end(reader, bob):
    write(bob, 2)
    assert "You have not posted yet" not in reader.get("/user/bob?before=1").text


RUBBISH = [
    "",
    "x",
    "-1",
    "1.5",
    "1e9",
    "0x10",
    "٣",
    "１２",
    "+1",
    " 1",
    "%00",
    "1%00",
    "%FF",
    "9" * 20,
    "9" * 5000,
    "1;DROP",
    "None",
    "1&before=2",
]


@pytest.mark.parametrize("path", [*POST_PAGES, *PEOPLE_PAGES])
def test_a_key_that_is_no_key_is_not_found(client, ana, path):
    for value in RUBBISH:
        for name in ("before", "after"):
            assert client.get(f"{path}?{name}={value}").status_code == 404, (name, value)


@pytest.mark.parametrize("path", [*POST_PAGES, *PEOPLE_PAGES])
def test_both_keys_at_once_are_not_found(client, ana, path):
    assert client.get(f"{path}?before=5&after=2").status_code == 404


@pytest.mark.parametrize("path", [*POST_PAGES, *PEOPLE_PAGES])
@pytest.mark.parametrize("value", ["0", "1", str(MAX_ID), str(MAX_ID + 1), "9" * 19])
def test_any_number_of_up_to_nineteen_digits_is_a_key(client, ana, path, value):
    for name in ("before", "after"):
        assert client.get(f"{path}?{name}={value}").status_code == 200
