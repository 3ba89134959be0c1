"""Searching as readers do it: what is found, by whom, in which order, and how it is shown."""

import html
import re
from datetime import UTC, datetime, timedelta
from time import process_time

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine

from app.accounts import actions as accounts
from app.accounts.models import User
from app.accounts.names import username_key
from app.clock import utcnow
from app.extensions import db, limiter
from app.moderation import actions as moderation
from app.moderation.leaving import keep_account, schedule_deletion
from app.posts import actions as posts
from app.posts import reposts
from app.posts.models import Post
from app.relationships.models import Block, Mute
from app.search import upkeep
from app.search.queries import BATCHES, GROWTH, PEOPLE_COMPARED
from app.search.ranking import BOOST, COMPARED
from tests.browsing import enter, links_of, posts_on, submit
from tests.factories import make_follow, make_post, make_user, write_many
from tests.queries import counted_queries, indexed

DAY = timedelta(days=1)
# So many matches are looked at for a page of five.
FARTHEST = 6 * sum(GROWTH**number for number in range(BATCHES))
XSS = "<script>alert(1)</script> <img src=x onerror=alert(2)> & \"low\" 'tide'"


@pytest.fixture
def settings():
    return {"POSTS_PER_PAGE": "5"}


def open_search(client, q="", **arguments):
    limiter.reset()
    page = client.get("/search", query_string={"q": q} | arguments)
    assert page.status_code == 200
    return page


def main_of(page):
    return page.text.partition("<main")[2].partition("</main>")[0]


def found(client, q, **arguments):
    """Return the posts on the first page, as a set: their order is another matter."""
    return set(posts_on(open_search(client, q, **arguments)))


def people_on(page):
    names = re.findall(r'class="person-names" href="/user/([^"]+)"', main_of(page))
    return [html.unescape(name) for name in names]


def people(client, q):
    return people_on(open_search(client, q, tab="people"))


def next_link(page):
    return next((link.href for link in links_of(page) if "start=" in link.href), None)


def all_pages(client, q, between=lambda: None, **arguments):
    """Follow "More results" to the end; returns what was on each page."""
    page = open_search(client, q, **arguments)
    pages = [page]
    while (href := next_link(page)) is not None:
        assert len(pages) < 50, "there is no end"
        between()
        page = client.get(href)
        assert page.status_code == 200
        pages.append(page)
    return pages


def all_posts(client, q, **arguments):
    return [number for page in all_pages(client, q, **arguments) for number in posts_on(page)]


def new_text(post, body):
    posts.edit(db.session.get_one(Post, post.id), body)
    db.session.commit()


# --- What is written is found at once, and what is gone is not ---


def test_post_is_found_the_moment_it_is_written(client, ana):
    enter(client, ana)
    assert found(client, "herring") == set()
    submit(client, "/write", body="Fresh herring!")
    assert len(found(client, "herring")) == 1


def test_edited_post_is_found_by_its_new_words_only(client, ana):
    post = make_post(ana, "Fresh herring")
    enter(client, ana)
    submit(client, f"/post/{post.id}/edit", body="Fresh mackerel")
    assert found(client, "mackerel") == {post.id}
    assert found(client, "herring") == set()
    assert found(client, "fresh") == {post.id}


def test_deleted_post_is_found_no_more(client, ana):
    post, other = make_post(ana, "Fresh herring"), make_post(ana, "Old herring")
    enter(client, ana)
    submit(client, f"/post/{post.id}/delete")
    assert found(client, "herring") == {other.id}
    assert index_of("posts") == {other.id}


def test_posts_that_were_deleted_in_bulk_leave_nothing_in_the_index(client, ana):
    for _ in range(3):
        make_post(ana, "herring")
    kept = make_post(make_user(), "herring")
    db.session.execute(sa.delete(Post).where(Post.author_id == ana.id))
    db.session.commit()
    assert found(client, "herring") == index_of("posts") == {kept.id}


def test_undone_post_leaves_nothing_in_the_index(client, ana):
    posts.publish(ana, "herring")
    db.session.rollback()
    assert found(client, "herring") == index_of("posts") == set()


def test_deleted_account_leaves_nothing_in_the_indexes(client, ana, bob):
    make_post(ana, "herring")
    kept = make_post(bob, "herring")
    moderation.delete_account(ana)
    db.session.commit()
    assert found(client, "herring") == index_of("posts") == {kept.id}
    assert people(client, "ana") == []
    assert index_of("people") == {bob.id}


def test_account_that_the_database_removes_leaves_nothing_in_the_indexes(app, ana):
    make_post(ana, "herring")
    db.session.execute(sa.delete(User))
    db.session.commit()
    assert index_of("posts") == index_of("people") == set()


def index_of(collection):
    db.session.rollback()
    return set(indexed(collection))


def test_account_is_found_the_moment_it_is_made(client):
    assert people(client, "zoltan") == []
    make_user("zoltan")
    assert people(client, "zoltan") == ["zoltan"]


def test_person_is_found_by_everything_on_their_profile(client, ana):
    enter(client, ana)
    submit(
        client,
        "/edit_profile",
        display_name="Anaïs Müller",
        about_me="Keeps bees and boats.",
        location="København",
        website="",
    )
    for words in ("anais", "muller", "bees", "kobenhavn", "ana", "mül", "BEES boats"):
        assert people(client, words) == ["ana"], words
    submit(client, "/edit_profile", display_name="Ana", about_me="", location="", website="")
    for words in ("muller", "bees", "kobenhavn"):
        assert people(client, words) == [], words


@pytest.mark.parametrize("leave", [moderation.suspend, schedule_deletion])
def test_who_is_out_of_view_is_not_found_nor_are_their_posts(client, ana, bob, leave):
    make_post(ana, "herring #fish")
    assert found(client, "herring")  # the premise
    assert people(client, "ana") == ["ana"]
    leave(ana)
    db.session.commit()
    for viewer in (None, bob):
        if viewer:
            enter(client, viewer)
        for words in (
            "herring",
            "herr",
            "#fish",
            "from:ana",
            "from:ana herring",
            "-boat",
            '"herring"',
        ):
            for order in ("best", "newest"):
                assert found(client, words, order=order) == set(), (words, order)
        assert people(client, "ana") == []


@pytest.mark.parametrize(
    ("leave", "come_back"),
    [(moderation.suspend, moderation.restore), (schedule_deletion, keep_account)],
)
def test_who_comes_back_is_found_again(client, ana, leave, come_back):
    post = make_post(ana, "herring")
    leave(ana)
    db.session.commit()
    come_back(ana)
    db.session.commit()
    assert found(client, "herring") == found(client, "from:ana") == {post.id}
    assert people(client, "ana") == ["ana"]


@pytest.mark.parametrize("order", ["best", "newest"])
def test_post_that_is_not_for_the_reader_does_not_show(client, ana, bob, order):
    secret, public = make_post(ana, "herring for me"), make_post(ana, "herring for all")
    secret.audience = "only me"
    db.session.commit()
    assert found(client, "herring", order=order) == {public.id}
    enter(client, bob)
    assert found(client, "herring", order=order) == {public.id}
    assert found(client, "from:ana", order=order) == {public.id}
    enter(client, ana)
    assert found(client, "herring", order=order) == {secret.id, public.id}


# --- Which words find it ---


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Größere Straße in Łódź", ["grossere", "STRASSE", "lodz", "gröss"]),
        ("İstanbul'da ısı", ["istanbul", "isi", "ISI"]),
        ("Καλημέρα Ὀδυσσεῦ", ["καλημερα", "οδυσσευ"]),
        ("Ёжик в тумане", ["ежик", "ТУМАН"]),
        ("أهلاً بكم في الميناء", ["اهلا", "الميناء"]),
        ("שָׁלוֹם לְכֻלָּם", ["שלום", "לכולם"][:1]),
        ("हिन्दी में लिखा", ["हिंदी", "लिखा"]),
        ("วันนี้กินข้าวที่ท่าเรือ", ["กิน", "ข้าว", "เรือ"]),
        ("今天去海边看船", ["海边", "船", "海"]),
        ("東京の港で船を見た", ["東京", "港", "船", "見た"]),
        ("カタカナとひらがな", ["かたかな", "ヒラガナ", "カタ"]),
        ("오늘 항구에 갔다", ["항구", "오늘", "항"]),
        ("Harbour day ⛵️ 👍🏽", ["⛵", "👍", "⛵ harbour"]),
        ("C++ or C#, by e-mail", ["c++", "c#", "email", "e-mail"]),
    ],
)
def test_post_is_found_as_a_reader_of_its_language_would_type(client, ana, body, words):
    make_post(ana, "Something else altogether")
    post = make_post(ana, body)
    assert {typed: found(client, typed) for typed in words} == {typed: {post.id} for typed in words}


def test_japanese_post_is_found_by_two_characters_right_after_it_was_sent(client, ana):
    enter(client, ana)
    submit(client, "/write", body="昨日は東京港で大きな船を見ました。")
    page = open_search(client, "東京")
    assert len(posts_on(page)) == 1
    assert "<mark>東京</mark>" in main_of(page)


def test_narrowing_by_author(client, ana, bob):
    ours, theirs = make_post(ana, "low tide"), make_post(bob, "low tide")
    assert found(client, "tide from:ana") == {ours.id}
    assert found(client, "from:@ANA tide") == {ours.id}
    assert found(client, "from:ana") == {ours.id}
    assert found(client, "tide -from:ana") == {theirs.id}
    assert found(client, "-from:ana") == {theirs.id}
    assert found(client, "-from:ana -from:bob") == set()
    assert found(client, "-from:nobody tide") == {ours.id, theirs.id}


def test_unknown_author_has_no_posts(client, ana):
    make_post(ana, "low tide")
    assert found(client, "from:nobody") == found(client, "tide from:nobody") == set()


def test_author_is_told_from_one_whose_number_begins_alike(client):
    people = [make_user() for _ in range(12)]
    each = {person.username: make_post(person, "tide").id for person in people}
    first = people[0].username
    assert found(client, f"from:{first}") == {each[first]}
    assert found(client, f"tide from:{people[10].username}") == {each[people[10].username]}


def test_member_who_takes_the_name_of_one_who_is_gone_has_only_their_own_posts(client, ana):
    make_post(ana, "tide")
    moderation.delete_account(ana)
    db.session.commit()
    post = make_post(make_user("ana"), "tide")
    assert found(client, "from:ana") == {post.id}


def test_narrowing_by_language(client, ana, bob):
    ana.locale, bob.locale = "es", "en"
    db.session.commit()
    spanish, english = make_post(ana, "marea real"), make_post(bob, "a real tide")
    japanese = make_post(bob, "東京の港です")
    assert found(client, "real lang:es") == {spanish.id}
    assert found(client, "real lang:EN-gb") == {english.id}
    assert found(client, "lang:ja") == {japanese.id}
    assert found(client, "lang:xx") == set()
    new_text(spanish, "東京の港です")
    assert found(client, "lang:ja") == {japanese.id, spanish.id}
    assert found(client, "lang:es") == set()


def test_narrowing_by_day(client, ana):
    noon = datetime(2026, 1, 31, 12, tzinfo=UTC)
    start = noon.replace(hour=0)
    last = timedelta(milliseconds=1)
    moments = [start - DAY, start - last, start, noon, start + DAY - last, start + DAY]
    before, late_before, early, mid, late, after = (
        make_post(ana, "tide", at=at).id for at in moments
    )
    assert found(client, "tide before:2026-01-31") == {before, late_before}
    assert found(client, "tide after:2026-01-31") == {after}
    assert found(client, "after:2026-01-30 before:2026-02-01") == {early, mid, late}
    assert found(client, "after:2026-01-31 before:2026-01-31") == set()
    assert len(found(client, "before:9999-12-31")) == len(found(client, "after:1970-01-01")) == 5
    assert found(client, "before:1970-01-01") == found(client, "after:9999-12-31") == set()


@pytest.mark.parametrize("order", ["best", "newest"])
def test_hashtags_phrases_and_exclusions(client, ana, order):
    tagged = make_post(ana, "low tide #Harbour").id
    plain = make_post(ana, "tide low harbour").id

    def ids(words):
        return found(client, words, order=order)

    assert ids("#harbour") == {tagged}
    assert ids("harbour") == ids("low tide") == {tagged, plain}
    assert ids('"low tide"') == {tagged}
    assert ids('tide -"low tide"') == ids("tide -#harbour") == ids("-#harbour") == {plain}
    assert ids("tide -low") == set()
    assert ids("tid") == {tagged, plain}
    assert ids('"tid"') == set()


@pytest.mark.parametrize("order", ["best", "newest"])
def test_narrowing_to_answers_or_to_all_others(client, ana, bob, order):
    post = make_post(ana, "low tide")
    reply = posts.publish(bob, "tide, yes", parent=post)
    db.session.commit()

    def ids(words):
        return found(client, words, order=order)

    assert ids("tide") == {post.id, reply.id}
    assert ids("is:reply") == ids("tide is:reply") == ids("from:bob is:reply") == {reply.id}
    assert ids("-is:reply") == ids("tide -is:reply") == {post.id}
    assert ids("low is:reply") == ids("from:ana is:reply") == set()
    new_text(reply, "noon")
    assert ids("is:reply") == {reply.id}


def test_answer_to_a_post_that_is_gone_is_still_one(client, ana, bob):
    post = make_post(ana, "low tide")
    reply = posts.publish(bob, "tide, yes", parent=post)
    posts.delete(post)
    db.session.commit()
    assert found(client, "is:reply") == {reply.id}


def test_repost_is_found_as_what_it_passes_on(client, ana, bob):
    post = make_post(ana, "low tide")
    reposts.repost(bob, post)
    db.session.commit()
    assert found(client, "tide") == found(client, "-is:reply") == {post.id}
    assert found(client, "from:bob") == set()
    assert index_of("posts") == {post.id}


@pytest.mark.parametrize("typed", ["#cafe", "#CAFÉ", "＃café"])
def test_search_for_a_hashtag_finds_what_its_page_has(client, ana, typed):
    tagged = {make_post(ana, body).id for body in ("#Café", "x #cafe's", "你好 #café。")}
    for body in ("café", "a#cafe", "#cafeteria", "https://x.example/#cafe", "#cafe🎉"):
        make_post(ana, body)
    assert found(client, typed) == set(posts_on(client.get("/tag/café"))) == tagged


ENDED, GOES_ON = -DAY, DAY


@pytest.mark.parametrize(
    ("between", "post_shows", "person_shows"),
    [
        (lambda reader, author: [], True, True),
        (lambda reader, author: [Block(blocker_id=reader.id, blocked_id=author.id)], False, False),
        (lambda reader, author: [Block(blocker_id=author.id, blocked_id=reader.id)], False, False),
        (lambda reader, author: [mute(reader, author)], False, True),
        (lambda reader, author: [mute(reader, author, GOES_ON)], False, True),
        (lambda reader, author: [mute(reader, author, ENDED)], True, True),
        (lambda reader, author: [mute(author, reader)], True, True),
    ],
    ids=["nothing", "blocks", "is blocked", "mutes", "for a day", "muted once", "is muted"],
)
def test_who_finds_whom(client, ana, bob, between, post_shows, person_shows):
    post = make_post(ana, "tide #low")
    db.session.add_all(between(bob, ana))
    db.session.commit()
    assert found(client, "tide") == {post.id}  # to visitors it makes no difference
    enter(client, bob)
    for words in ("tide", "#low", "from:ana"):
        for order in ("best", "newest"):
            assert found(client, words, order=order) == ({post.id} if post_shows else set())
    assert people(client, "ana") == ["ana"] * person_shows


def mute(muter, muted, time_left=None):
    ends_at = utcnow() + time_left if time_left else None
    return Mute(muter_id=muter.id, muted_id=muted.id, ends_at=ends_at)


# --- In which order, a page at a time ---


def test_newest_first(client, ana):
    ids = [make_post(ana, "tide").id for _ in range(4)]
    assert posts_on(open_search(client, "tide", order="newest")) == ids[::-1]


def test_whole_word_stands_before_the_beginning_of_one(client, ana):
    now = utcnow()
    whole = make_post(ana, "the tide is in", at=now - DAY)
    beginning = make_post(ana, "the tidewater is in", at=now)
    assert posts_on(open_search(client, "tide")) == [whole.id, beginning.id]


def test_word_that_stands_in_very_many_posts_is_taken_as_it_is(client, ana):
    write_many(COMPARED - 1, ana, "the tide {n}")
    upkeep.rebuild()
    longer = make_post(ana, "the tidewater is in").id
    assert longer in posts_on(open_search(client, "tide", order="newest"))
    make_post(ana, "the last tide")
    assert longer not in posts_on(open_search(client, "tide", order="newest"))


def test_more_stands_before_less(client, ana):
    now = utcnow()
    twice = make_post(ana, "tide after tide came in", at=now - DAY)
    once = make_post(ana, "the tide then came in", at=now)
    assert posts_on(open_search(client, "tide ")) == [twice.id, once.id]


def test_short_text_about_it_stands_before_a_long_one_that_mentions_it(client, ana):
    now = utcnow()
    short = make_post(ana, "tide", at=now - DAY)
    mention = make_post(ana, f"tide {'and many other words ' * 15}", at=now)
    assert posts_on(open_search(client, "tide")) == [short.id, mention.id]


def test_of_equal_texts_the_newest_stands_first(client, ana):
    now = utcnow()
    ids = [make_post(ana, "the tide", at=now - days * DAY).id for days in range(4)]
    assert posts_on(open_search(client, "tide")) == ids


def test_what_is_much_older_stands_last_however_well_it_matches(client, ana):
    now = utcnow()
    best = make_post(ana, "tide tide tide", at=now - timedelta(milliseconds=2 * BOOST))
    poor = make_post(ana, f"{'many other words ' * 20} tidewater", at=now)
    assert posts_on(open_search(client, "tide")) == [poor.id, best.id]


def test_search_without_words_shows_the_newest_first_in_both_orders(client, ana):
    ids = [make_post(ana, f"number {number}").id for number in range(4)][::-1]
    for words in ("from:ana", "-low", "after:2020-01-01"):
        for order in ("best", "newest"):
            assert posts_on(open_search(client, words, order=order)) == ids, (words, order)


@pytest.mark.parametrize("order", ["best", "newest"])
@pytest.mark.parametrize("count", [0, 1, 5, 6, 10, 11, 23])
def test_every_match_is_on_one_page(client, ana, order, count):
    now = utcnow()
    bodies = ["tide", "tide tide", "a longer text about the tide", "tidewater"]
    ids = [make_post(ana, bodies[number % 4], at=now - number * DAY).id for number in range(count)]
    pages = all_pages(client, "tide", order=order)
    shown = [posts_on(page) for page in pages]
    assert sorted(number for page in shown for number in page) == sorted(ids)
    assert all(len(page) == 5 for page in shown[:-1])
    assert len(pages) == max(1, -(-count // 5))


@pytest.mark.parametrize("order", ["best", "newest"])
def test_every_match_is_shown_once_while_others_write_and_delete(client, ana, bob, order):
    now = utcnow()
    ids = [make_post(ana, "tide " * (1 + n % 3), at=now - n * DAY).id for n in range(17)]
    doomed = [make_post(bob, "tide", at=now - n * DAY) for n in (3, 8, 20)]

    def others_write():
        make_post(bob, "tide tide tide")
        if doomed:
            posts.delete(db.session.get_one(Post, doomed.pop().id))
            db.session.commit()

    shown = []
    for page in all_pages(client, "tide", between=others_write, order=order):
        shown += posts_on(page)
    assert len(shown) == len(set(shown))
    assert set(ids) <= set(shown)


@pytest.mark.parametrize("order", ["best", "newest"])
def test_hidden_matches_are_made_up_for(client, ana, bob, order):
    now = utcnow()
    ours = [make_post(ana, "tide", at=now - (20 + n) * DAY).id for n in range(7)]
    for number in range(9):
        make_post(bob, "tide", at=now - number * DAY)
    moderation.suspend(bob)
    db.session.commit()
    page = open_search(client, "tide", order=order)
    assert posts_on(page) == ours[:5]
    assert all_posts(client, "tide", order=order) == ours


@pytest.mark.parametrize("order", ["best", "newest"])
@pytest.mark.parametrize("hidden", [17, 18, 19, 40])
def test_no_number_of_hidden_matches_keeps_the_others_out_of_reach(client, ana, bob, order, hidden):
    # A spammer wrote the newest posts of all, and was suspended.
    now = utcnow()
    ours = [make_post(ana, "tide", at=now - (20 + n) * DAY).id for n in range(3)]
    for number in range(hidden):
        posts.publish(bob, "tide", at=now - timedelta(minutes=number))
    moderation.suspend(bob)
    db.session.commit()
    assert all_posts(client, "tide", order=order) == ours


@pytest.mark.parametrize("order", ["best", "newest"])
def test_search_tells_nothing_of_posts_that_are_hidden(client, ana, order):
    for _ in range(40):
        posts.publish(ana, "secretword")
    moderation.suspend(ana)
    db.session.commit()
    for words in ("secretword", "from:ana secretword", "from:ana nosuchword"):
        page = open_search(client, words, order=order)
        assert "Nothing found" in main_of(page), words
        assert next_link(page) is None, words


def test_no_page_tells_of_posts_that_are_hidden_where_they_are_very_many(client, ana):
    write_many(FARTHEST + 1, ana, "secretword {n}")
    upkeep.rebuild()
    moderation.suspend(ana)
    db.session.commit()
    page = open_search(client, "secretword", order="newest")
    assert "Nothing found" in main_of(page)
    assert next_link(page) is None


def test_page_that_many_hidden_matches_leave_short_leads_on_from_what_it_shows(client, ana, bob):
    now = utcnow()
    newest = make_post(bob, "secretword")
    write_many(FARTHEST - 2, ana, "secretword {n}")
    older = [make_post(bob, "secretword", at=now - n * DAY).id for n in (2, 3)]
    upkeep.rebuild()
    moderation.suspend(ana)
    db.session.commit()
    page = open_search(client, "secretword", order="newest")
    assert posts_on(page) == [newest.id, older[0]]
    assert f"start=0-{older[0]}&" in next_link(page)
    assert posts_on(client.get(next_link(page))) == [older[1]]


def test_start_that_is_past_the_end_says_so(client, ana):
    make_post(ana, "tide")
    for order in ("best", "newest"):
        page = open_search(client, "tide", order=order, start="0-1")
        assert posts_on(page) == []
        assert "Nothing further here" in page.text


# --- People ---


def test_people_with_that_name_come_first_then_those_with_most_followers(client):
    crowd = [make_user() for _ in range(3)]
    namesake = make_user("tide")
    known = make_user("harbour", about_me="the tide", display_name="")
    better_known = make_user("skipper", display_name="Tide Tide")
    for user in (known, better_known):
        accounts.edit_profile(
            user, display_name=user.display_name, about_me=user.about_me, location="", website=""
        )
    make_follow(crowd[0], known, better_known)
    make_follow(crowd[1], better_known)
    assert people(client, "tide") == ["tide", "skipper", "harbour"]
    assert people(client, "TIDE") == ["tide", "skipper", "harbour"]
    assert people(client, '"tide"') == ["tide", "skipper", "harbour"]
    assert namesake.followers_count == 0  # the premise


def test_person_whose_name_is_typed_with_its_sign_comes_first(client):
    make_user("tide")
    other = make_user("tide2")
    make_follow(make_user(), other)
    assert people(client, "@tide") == ["tide", "tide2"]


def test_person_with_exactly_that_name_is_found_among_very_many_others(client):
    make_user("maria")
    newest = db.session.scalar(sa.select(sa.func.max(User.id)))
    rows = [
        {
            "id": newest + number,
            "username": f"maria{number}",
            "username_key": username_key(f"maria{number}"),
            "email": f"maria{number}@example.com",
            "email_key": f"maria{number}@example.com",
            "password_hash": "!",
        }
        for number in range(1, PEOPLE_COMPARED + 50)
    ]
    db.session.execute(sa.insert(User), rows)
    db.session.commit()
    upkeep.rebuild()
    assert people(client, "maria")[0] == "maria"


def test_every_person_is_on_one_page(client):
    names = [f"tide{number}" for number in range(13)]
    members = [make_user(name) for name in names]
    make_follow(members[3], *members[5:8])
    shown = [name for page in all_pages(client, "tide", tab="people") for name in people_on(page)]
    assert sorted(shown) == sorted(names)
    assert set(shown[:3]) == {"tide5", "tide6", "tide7"}


def test_hidden_people_are_no_gap(client):
    for number in range(12):
        member = make_user(f"tide{number}")
        if number % 2:
            moderation.suspend(member)
    db.session.commit()
    pages = all_pages(client, "tide", tab="people")
    assert [len(people_on(page)) for page in pages] == [5, 1]


def test_people_can_be_followed_where_they_are_found(client, ana, bob):
    enter(client, bob)
    assert "/unfollow/ana" in main_of(open_search(client, "ana", tab="people"))
    assert "/follow/bob" not in main_of(open_search(client, "bob", tab="people"))


def test_people_are_narrowed_like_posts(client, ana, bob):
    ana.about_me, bob.about_me = "low tide", "tide low"
    for user in (ana, bob):
        accounts.edit_profile(
            user, display_name="", about_me=user.about_me, location="", website=""
        )
    db.session.commit()
    assert people(client, '"low tide"') == ["ana"]
    assert people(client, "tide -bob") == ["ana"]
    assert people(client, "an") == ["ana"]


# --- The page ---


@pytest.mark.parametrize("tab", ["posts", "people"])
def test_matches_are_marked(client, ana, tab):
    accounts.edit_profile(ana, display_name="", about_me="Low tide", location="", website="")
    make_post(ana, "Low tide")
    assert "Low <mark>tide</mark>" in main_of(open_search(client, "tid", tab=tab))


def test_hashtag_that_was_looked_for_is_marked(client, ana):
    make_post(ana, "Low #tide at noon")
    text = main_of(open_search(client, "#tide"))
    assert '<a class="hashtag" href="/tag/tide" dir="auto"><mark>#tide</mark></a>' in text


def test_word_that_is_marked_in_a_link_leaves_the_link_whole(client, ana, bob):
    make_post(ana, "Low #tide, @bob")
    text = main_of(open_search(client, "tide bob"))
    assert 'href="/tag/tide" dir="auto">#<mark>tide</mark></a>' in text
    assert 'href="/user/bob" dir="ltr">@<mark>bob</mark></a>' in text


def test_words_that_were_excluded_or_are_in_links_are_not_marked(client, ana):
    make_post(ana, "low https://example.com/tide?low")
    text = main_of(open_search(client, "low"))
    assert "<mark>low</mark> <a" in text
    assert 'href="https://example.com/tide?low"' in text


@pytest.mark.parametrize(
    "q",
    [XSS, "script", "alert", "img", "amp", "lt", "quot", '"script alert"', "low", "<mark>", "39"],
)
def test_what_people_wrote_is_escaped_whatever_is_marked(client, ana, q):
    accounts.edit_profile(ana, display_name=XSS[:40], about_me=XSS, location="", website="")
    db.session.commit()
    post = make_post(ana, XSS)
    for tab in ("posts", "people"):
        page = open_search(client, q, tab=tab)
        assert "<script>alert" not in page.text
        assert not re.search(r"<(?!mark|/mark)[^<>]*<", main_of(page)), "markup inside a tag"
        assert "<img src=x" not in page.text.replace("<mark>", "").replace("</mark>", "")
    if q in {"script", "alert", "low"}:
        page = open_search(client, q)
        assert posts_on(page) == [post.id]
        body = re.search(rf'id="text-{post.id}">(.*?)</div>', page.text, re.DOTALL)[1]
        assert "<mark>" in body
        assert html.unescape(re.sub(r"<[^>]*>", "", body)) == XSS


@pytest.mark.parametrize("q", [XSS, '"><script>alert(1)</script>', "' onfocus=alert(1) x='"])
@pytest.mark.parametrize("tab", ["posts", "people"])
def test_what_was_typed_is_escaped(client, q, tab):
    page = open_search(client, q, tab=tab)
    assert "<script>alert" not in page.text
    field = re.search(r'<input[^>]*name="q"[^>]*>', main_of(page))[0]
    assert html.unescape(re.search(r'value="([^"]*)"', field)[1]) == " ".join(q.split())


@pytest.mark.parametrize(
    "arguments",
    [
        {"tab": "x"},
        {"tab": ""},
        {"order": "x"},
        {"order": "oldest"},
        *(
            {"start": start}
            for start in ("", "1", "x", "1-", "-1", "1-x", "1-2-3", "٣-٣", "9" * 20 + "-1", "1-+2")
        ),
    ],
)
@pytest.mark.parametrize("q", ["", "tide"])
def test_address_that_no_page_leads_to_is_not_found(client, arguments, q):
    assert client.get("/search", query_string={"q": q} | arguments).status_code == 404


@pytest.mark.parametrize("tab", ["posts", "people"])
@pytest.mark.parametrize("start", ["0-0", "1-1", "9999999999999999999-9999999999999999999"])
def test_any_start_of_the_right_form_gets_a_page(client, ana, tab, start):
    make_post(ana, "tide ana")
    for order in ("best", "newest"):
        open_search(client, "ana", tab=tab, order=order, start=start)


ANYTHING = [
    *("", " ", "\x00", "\n\t", "-", '"', '""', "#", "@", "from:", "from:@", "lang:", "before:"),
    *(
        "ﷺ" * 60_000,
        "a " * 100_000,
        '"' * 100_001,
        "-" * 9_999,
        "東" * 50_000,
        "\u0301" * 9_999,
    ),
    *("from:" + "x" * 9_999, "from:ana " * 5_000, "-from:x" * 300, "*" * 9_999, "(" * 9_999),
    *("\ud800".encode("utf-8", "surrogatepass"), b"\xff\xfe", b"%00", "\u202e\u2066abc"),
    *(" ".join(f"-from:m{n}" for n in range(99)), " ".join(f"#t{n}" for n in range(99))),
    *("before:0000-00-00", "after:99999-01-01", "before:2026-13-45", "lang:" + "x" * 999),
    *("NEAR(a b)", 'a AND "', "a*", "* *", "^a", "{a}:b", "a:b:c", "'; DROP TABLE posts;--"),
]


@pytest.mark.parametrize("tab", ["posts", "people"])
def test_any_query_gets_a_page_in_bounded_time(client, ana, tab):
    make_post(ana, "tide 東 ﷺ")
    wrong = []
    for number, q in enumerate(ANYTHING):
        limiter.reset()
        began = process_time()
        page = client.get("/search", query_string={"q": q, "tab": tab})
        if page.status_code != 200 or process_time() - began > 2:
            wrong.append((number, page.status_code, process_time() - began))
    assert wrong == []


def test_page_without_a_query_says_what_one_can_type(client, ana):
    make_post(ana, "tide")
    text = main_of(open_search(client))
    for sign in ("from:", "lang:", "before:", "after:", "#", "-"):
        assert sign in text, sign
    assert posts_on(open_search(client)) == []


def test_nothing_found_says_so(client, ana):
    assert "Nothing found" in main_of(open_search(client, "herring"))
    assert "Nothing found" in main_of(open_search(client, "herring", tab="people"))


def test_more_results_keep_the_query_tab_and_order(client, ana):
    for _ in range(7):
        make_post(ana, 'low & "tide" #x')
    first = open_search(client, 'low "tide" #x', order="newest")
    second = client.get(next_link(first))
    assert len(posts_on(second)) == 2
    assert 'value="low &#34;tide&#34; #x"' in second.text
    assert "order=newest" in next_link(first)


@pytest.mark.parametrize(
    ("q", "is_offered"), [("tide", True), ("#tide", True), ("from:ana", False)]
)
def test_best_match_is_offered_where_words_make_one(client, ana, q, is_offered):
    posts = [make_post(ana, f"low #tide {number}") for number in range(7)]
    page = open_search(client, q)
    assert ("Best match" in main_of(page)) == is_offered
    if not is_offered:
        assert posts_on(page) == [post.id for post in posts[:1:-1]]
        assert posts_on(client.get(next_link(page))) == [post.id for post in posts[1::-1]]


@pytest.mark.parametrize("path", ["/explore", "/search", "/user/ana", "/auth/login"])
def test_every_page_has_a_search_box_or_the_way_to_one(client, ana, path):
    assert re.search(
        r'<form class="search-form" role="search" action="/search">', client.get(path).text
    )


def test_search_sets_no_cookie_and_can_be_read_by_visitors(client, ana):
    make_post(ana, "tide")
    assert "Set-Cookie" not in open_search(client, "tide").headers


# --- What a page costs ---

SEARCHES = [
    {"q": "tide"},
    {"q": "tide", "order": "newest"},
    {"q": "ti -low #x from:ana lang:en after:2020-01-01"},
    {"q": "from:ana"},
    {"q": "member", "tab": "people"},
]


@pytest.mark.parametrize("arguments", SEARCHES, ids=str)
def test_number_of_statements_does_not_grow_with_the_rows(client, ana, arguments):
    def cost():
        open_search(client, **arguments)
        with counted_queries() as statements:
            open_search(client, **arguments)
        return statements

    def write(number):
        for _ in range(number):
            author = make_user()
            make_post(author, "tide #x")
            make_post(ana, "tide #x")

    write(6)
    few = cost()
    write(12)
    many = cost()
    assert len(many) == len(few) <= 14, many


TABLE_SCAN = re.compile(r"^SCAN (users|posts|follows|jobs|user_sessions|search_\w+)(_\d+)?\b")
FULL_TEXT = re.compile(r"VIRTUAL TABLE INDEX \d+:.*(M\d|=)")


@pytest.mark.sqlite("reads the plans as it writes them")
@pytest.mark.parametrize("arguments", SEARCHES, ids=str)
@pytest.mark.parametrize("is_member", [False, True])
def test_no_search_reads_a_whole_table(client, ana, bob, arguments, is_member):
    for _ in range(3):
        make_post(make_user(), "tide #x")
    make_post(ana, "tide #x")
    if is_member:
        enter(client, bob)
    open_search(client, **arguments)
    seen = []

    def note(_connection, _cursor, statement, parameters, *_rest):
        if statement.startswith(("SELECT", "WITH")):
            seen.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        open_search(client, **arguments)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    with db.engine.connect() as connection:
        steps = [
            (row[-1], statement)
            for statement, parameters in seen
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    assert any("search_" in step for step, _statement in steps)  # the premise
    bad = [
        (step, statement)
        for step, statement in steps
        if TABLE_SCAN.match(step)
        and not ("USING INDEX ix_users_followers_count_id" in step and "LIMIT" in statement)
        and not FULL_TEXT.search(step)
        and "search_indexes" not in step
    ]
    assert bad == []
