"""A post in its conversation: what is above and below it, gaps, folding, pages."""

import random
import re

import pytest

from app.extensions import db
from app.moderation.actions import suspend
from app.posts import actions, conversations, threads
from app.posts.conversations import ABOVE_SHOWN, LEVELS_SHOWN, SCANNED
from app.posts.limits import DEPTH_MAX
from app.posts.models import Post
from app.relationships.models import Block, Mute
from tests.browsing import enter, link_to, links_of, posts_on
from tests.factories import make_block, make_post, make_reply, make_user
from tests.queries import counted_queries

GAP = "A post that was deleted or is hidden from you"
REST, MORE = "Show the rest of this conversation", "More replies"


@pytest.fixture
def settings():
    return {"POSTS_PER_PAGE": "5"}


@pytest.fixture
def post(ana):
    return make_post(ana, "The first boat is in.")


def chain(author, parent, length):
    """Return answers of which each answers the one before."""
    posts = []
    for _ in range(length):
        parent = make_reply(author, parent)
        posts.append(parent)
    return posts


def ids_of(*posts):
    return [post.id for post in posts]


def remove(post):
    actions.delete(db.session.get_one(Post, post.id))
    db.session.commit()


def hide(post, reason):
    """Delete a post, or let its author be suspended."""
    post = db.session.get_one(Post, post.id)
    actions.delete(post) if reason == "deleted" else suspend(post.author)
    db.session.commit()


def crawl(client, path):
    """Return the pages of a conversation that a reader gets to downwards, by their paths."""
    pages, ahead = {}, [path]
    while ahead:
        path = ahead.pop()
        if path not in pages:
            page = pages[path] = client.get(path)
            ahead += [link.href for link in links_of(page) if link.text in {REST, MORE}]
    return pages


def walk(client, path):
    """Return what the pages of a conversation show below its post, in order."""
    seen, pages = [], 0
    while path:
        page = client.get(path)
        seen += posts_on(page)[1:]
        path, pages = link_to(page, MORE), pages + 1
        assert pages < 20
    return seen


def test_answers_come_oldest_first_each_below_what_it_answers(client, post, bob, carla):
    first = make_reply(bob, post)
    second = make_reply(carla, post)
    late = make_reply(carla, first)
    assert posts_on(client.get(f"/post/{post.id}")) == ids_of(post, first, late, second)


def test_answers_are_indented_by_depth(client, post, bob):
    chain(bob, post, 3)
    page = client.get(f"/post/{post.id}").text
    assert re.findall(r"thread-depth-(\d)", page) == ["0", "1", "2"]


def test_a_reply_shows_what_it_answers_above_it_and_nothing_beside_it(client, post, bob):
    first = make_reply(bob, post)
    make_reply(bob, post)
    below = make_reply(bob, first)
    assert posts_on(client.get(f"/post/{first.id}")) == ids_of(post, first, below)


def test_deep_answers_are_folded_behind_a_link(client, post, bob):
    posts = chain(bob, post, LEVELS_SHOWN + 2)
    page = client.get(f"/post/{post.id}")
    shown = posts[:LEVELS_SHOWN]
    assert posts_on(page) == ids_of(post, *shown)
    last = shown[-1].id
    rest = link_to(page, REST)
    assert rest == f"/post/{last}#post-{last}"
    assert posts_on(client.get(f"/post/{shown[-1].id}"))[-2:] == ids_of(*posts[LEVELS_SHOWN:])


@pytest.mark.parametrize("reason", ["deleted", "suspended"])
def test_what_lies_below_a_gap_beyond_the_fold_is_led_to(client, post, bob, carla, reason):
    *_others, last = chain(bob, post, LEVELS_SHOWN)
    middle = make_reply(carla, last)
    below = make_reply(bob, middle)
    hide(middle, reason)
    rest = link_to(client.get(f"/post/{post.id}"), REST)
    assert rest == f"/post/{last.id}#post-{last.id}"
    assert posts_on(client.get(rest))[-1] == below.id


def test_nothing_is_led_to_where_all_that_lies_deeper_is_hidden(client, post, bob, carla):
    *_others, last = chain(bob, post, LEVELS_SHOWN)
    make_reply(carla, last)
    make_block(carla, bob)
    enter(client, bob)
    assert link_to(client.get(f"/post/{post.id}"), REST) is None


@pytest.mark.parametrize("gaps", [1, 3])
def test_below_a_gap_at_the_fold_the_first_answer_is_shown(client, post, bob, gaps):
    posts = chain(bob, post, LEVELS_SHOWN + gaps + 1)
    shown, folded, below = posts[: LEVELS_SHOWN - 1], posts[LEVELS_SHOWN - 1 : -2], posts[-2]
    for gone in folded:
        remove(gone)
    page = client.get(f"/post/{post.id}")
    assert posts_on(page) == ids_of(post, *shown, below)
    assert page.text.count(GAP) == 1
    assert link_to(page, REST) == f"/post/{below.id}#post-{below.id}"


def test_below_a_gap_at_the_fold_every_answer_is_shown(client, post, bob, carla):
    *shown, last = chain(bob, post, LEVELS_SHOWN - 1)
    folded = make_reply(carla, last)
    make_reply(carla, folded)
    below = [make_reply(bob, folded) for _ in range(2)]
    make_block(carla, bob)
    enter(client, bob)
    page = client.get(f"/post/{post.id}")
    assert posts_on(page) == ids_of(post, *shown, last, *below)
    assert page.text.count(GAP) == 1


def test_nothing_is_folded_where_nothing_lies_deeper(client, post, bob):
    chain(bob, post, LEVELS_SHOWN)
    assert link_to(client.get(f"/post/{post.id}"), REST) is None


def test_only_the_nearest_posts_stand_above(client, post, bob):
    posts = chain(bob, post, ABOVE_SHOWN + 2)
    page = client.get(f"/post/{posts[-1].id}")
    assert posts_on(page) == ids_of(*posts[1:])
    assert link_to(page, "Show earlier posts") == f"/post/{posts[1].id}"


def test_below_the_deepest_everything_stands_in_one_row(client, post, bob):
    posts = chain(bob, post, DEPTH_MAX + 2)
    deepest = posts[DEPTH_MAX - 2]
    page = client.get(f"/post/{deepest.id}")
    below = posts_on(page)[posts_on(page).index(deepest.id) + 1 :]
    assert below == ids_of(*posts[DEPTH_MAX - 1 :])
    assert link_to(page, REST) is None
    assert link_to(page, "Replying to @bob") is not None


@pytest.mark.parametrize("reason", ["deleted", "suspended", "blocked", "muted"])
def test_a_post_that_is_not_there_leaves_a_gap_and_its_answers(client, post, bob, carla, reason):
    middle = make_reply(carla, post)
    below = make_reply(bob, middle)
    if reason == "deleted":
        remove(middle)
    elif reason == "suspended":
        suspend(carla)
    elif reason == "blocked":
        db.session.add(Block(blocker_id=carla.id, blocked_id=bob.id))
    else:
        db.session.add(Mute(muter_id=bob.id, muted_id=carla.id))
    db.session.commit()
    enter(client, bob)
    for path in (f"/post/{post.id}", f"/post/{below.id}"):
        page = client.get(path)
        assert posts_on(page) == ids_of(post, below)
        assert page.text.count(GAP) == 1
        assert "carla" not in page.text


def test_no_gap_is_left_where_nothing_was_answered(client, post, bob):
    remove(make_reply(bob, post))
    page = client.get(f"/post/{post.id}")
    assert posts_on(page) == [post.id]
    assert GAP not in page.text


def test_the_first_post_may_be_gone(client, post, bob):
    reply = make_reply(bob, post)
    remove(post)
    page = client.get(f"/post/{reply.id}")
    assert posts_on(page) == [reply.id]
    assert page.text.count(GAP) == 1


def test_pages_show_every_answer_once(client, post, bob):
    written = []
    for _ in range(4):
        written += chain(bob, post, 3)
    assert walk(client, f"/post/{post.id}") == ids_of(*written)


def test_a_gap_on_one_page_is_not_shown_again_on_the_next(client, post, bob):
    middle = make_reply(bob, post)
    below = [make_reply(bob, middle) for _ in range(6)]
    remove(middle)
    first = client.get(f"/post/{post.id}")
    second = client.get(link_to(first, MORE))
    assert posts_on(first)[1:] + posts_on(second)[1:] == ids_of(*below)
    assert (GAP in first.text, GAP in second.text) == (True, False)


def test_a_page_stays_what_it_was_while_others_answer_and_delete(client, post, bob):
    replies = [make_reply(bob, post) for _ in range(8)]
    path = link_to(client.get(f"/post/{post.id}"), MORE)
    make_reply(bob, replies[0])
    remove(replies[4])  # the one that the next page goes on from
    assert posts_on(client.get(path))[1:] == ids_of(*replies[5:])


def test_no_next_page_is_promised_where_all_that_follows_is_hidden(client, post, bob, carla):
    shown = [make_reply(bob, post) for _ in range(5)]
    for _ in range(6):
        make_reply(carla, post)
    suspend(carla)
    db.session.commit()
    page = client.get(f"/post/{post.id}")
    assert posts_on(page) == ids_of(post, *shown)
    assert link_to(page, MORE) is None


def test_hidden_answers_take_no_room_on_a_page(client, post, bob, carla):
    for _ in range(6):
        make_reply(carla, post)
    shown = make_reply(bob, post)
    suspend(carla)
    db.session.commit()
    assert posts_on(client.get(f"/post/{post.id}")) == ids_of(post, shown)


def test_a_page_that_goes_on_below_a_gap_begins_anew_when_its_key_is_gone(client, post, bob):
    middle = make_reply(bob, post)
    below = [make_reply(bob, middle) for _ in range(6)]
    remove(middle)
    path = link_to(client.get(f"/post/{post.id}"), MORE)
    remove(below[4])
    assert posts_on(client.get(path))[1:] == ids_of(*below[:4], below[5])


def test_a_key_from_another_conversation_names_nothing(client, post, bob):
    reply, other = make_reply(bob, post), make_reply(bob, make_post(bob))
    assert posts_on(client.get(f"/post/{post.id}?after=0-{other.id}")) == ids_of(post, reply)


def test_very_many_deep_answers_keep_nobody_from_what_comes_after(client, post, bob, monkeypatch):
    monkeypatch.setattr(conversations, "SCANNED", 8)
    *_others, folded = chain(bob, post, LEVELS_SHOWN)
    for _ in range(20):
        make_reply(bob, folded)
    last = make_reply(bob, post)
    seen = walk(client, f"/post/{post.id}")
    assert seen[-1] == last.id
    assert len(seen) == LEVELS_SHOWN + 1


@pytest.mark.parametrize(
    "key", ["", "x", "-1", "1-", "1-2-3-4-5", "1&after=2", "9" * 19, "1" * 20, "١"]
)
def test_no_page_of_answers_has_a_made_up_key(client, post, key):
    assert client.get(f"/post/{post.id}?after={key}").status_code == 404


def test_a_page_past_the_end_leads_back(client, post, bob):
    reply = make_reply(bob, post)
    page = client.get(f"/post/{post.id}?after={reply.id}")
    assert link_to(page, "Back to the first replies") == f"/post/{post.id}"
    assert "Nothing further here" in page.text


@pytest.fixture
def grown(app, client, post, bob, carla, monkeypatch):
    """Return a function: let a conversation grow at random, and return its pages for Bob.

    And the ids of the answers that he is shown, and of all others.
    """
    dan = make_user()
    monkeypatch.setitem(app.config, "POSTS_PER_PAGE", 2)
    monkeypatch.setattr("app.posts.limits.PATH_MAX", threads.ID_BYTES * 12)

    def grow(seed):
        chance, posts = random.Random(seed), [post]
        for _ in range(60):
            # Mostly below what came last, so that the tree grows deep.
            parent = posts[-1] if chance.random() < 0.7 else chance.choice(posts)
            author = chance.choice([bob, bob, bob, carla, dan])
            posts.append(actions.publish(author, "And high tide at six.", parent=parent))
        gone = chance.sample(posts[1:], 15)
        shown = {it.id for it in posts[1:] if it.author_id == bob.id and it not in gone}
        hidden = {it.id for it in posts[1:]} - shown
        for answer in gone:
            actions.delete(answer)
        make_block(carla, bob)
        suspend(dan)
        db.session.commit()
        enter(client, bob)
        return crawl(client, f"/post/{post.id}"), shown, hidden

    return grow


@pytest.mark.parametrize(("seed", "scanned"), [(0, 6), (1, SCANNED)])
def test_every_answer_is_reached(grown, post, monkeypatch, seed, scanned):
    monkeypatch.setattr(conversations, "SCANNED", scanned)
    pages, shown, _hidden = grown(seed)
    assert {post_id for page in pages.values() for post_id in posts_on(page)} == {post.id, *shown}


@pytest.mark.parametrize("seed", range(2))
def test_no_page_names_what_is_hidden(grown, seed):
    pages, _shown, hidden = grown(seed)
    for page in pages.values():
        assert hidden.isdisjoint(map(int, re.findall(r"\d{15,}", page.text)))


@pytest.mark.parametrize("seed", range(2))
def test_every_link_leads_to_further_answers(grown, seed):
    pages, _shown, _hidden = grown(seed)
    for path, page in pages.items():
        assert not path.startswith(f"/post/{posts_on(page)[-1]}"), path


@pytest.mark.parametrize("number", [2, 30])
def test_a_conversation_costs_six_queries_however_long(client, post, bob, number):
    # The session, the badges, the post, where answers stand, all that are shown, what the reader
    # did with them.
    above = chain(bob, post, number)
    for _ in range(number):
        chain(make_user(), above[-1], 2)
    enter(client, bob)
    with counted_queries() as queries:
        client.get(f"/post/{above[-1].id}")
    assert len(queries) == 6


def test_a_page_that_goes_on_below_a_gap_costs_one_more(client, post, bob):
    middle = make_reply(bob, post)
    for _ in range(11):
        make_reply(bob, middle)
    remove(middle)
    enter(client, bob)
    path = link_to(client.get(f"/post/{post.id}"), MORE)
    with counted_queries() as queries:
        client.get(path)
    assert len(queries) == 7
