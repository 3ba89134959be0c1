from datetime import date
from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.ids import MAX_ID, time_of
from app.search.analysis import hashtag, phrase
from app.search.parser import (
    FIRST_DAY,
    LAST_DAY,
    MAX_PHRASES,
    MAX_QUERY,
    Query,
    parse,
)

PIECES = [
    *' "-#:@.,“”«»„＂：－＃\n\u3000',
    *("from:", "-from:ann", "FROM：", "lang:", "pt-BR", "before:", "after:2026-01-31", "#tag"),
    *("word", "e-mail", "don't", "東京", "月", "👍🏽", 'צה"ל', "c++", "2026-02-30", "foo:bar"),
]
anything = st.text(st.characters(exclude_categories=())) | st.lists(
    st.sampled_from(PIECES) | st.characters(exclude_categories=())
).map("".join)
quickly = settings(max_examples=150, deadline=None, database=None)


def words(*typed):
    return tuple(phrase(text) for text in typed)


def beginning(text):
    return phrase(text, prefix=True)


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("", Query()),
        (" \n\u3000", Query()),
        ("tide", Query(required=(beginning("tide"),), text="tide")),
        ("low tide", Query(required=(*words("low"), beginning("tide")), text="low tide")),
        ("low low low ", Query(required=(*words("low"), beginning("low")), text="low low low")),
        ('"low tide"', Query(required=words("low tide"), text="low tide")),
        ("“low tide”", Query(required=words("low tide"), text="low tide")),
        ("«low tide»", Query(required=words("low tide"), text="low tide")),
        ("„low tide“", Query(required=words("low tide"), text="low tide")),
        ("＂low tide＂", Query(required=words("low tide"), text="low tide")),
        ('a"b', Query(required=(beginning('a"b'),), text='a"b')),
        ('צה"ל', Query(required=(beginning("צהל"),), text='צה"ל')),
        ('"צה"ל גדול" x', Query(required=words("צה״ל גדול", "x"), text='צה"ל גדול x')),
        ("-tide", Query(excluded=words("tide"))),
        ("－tide", Query(excluded=words("tide"))),
        ('-"low tide"', Query(excluded=words("low tide"))),
        ("--help", Query(required=(beginning("help"),), text="--help")),
        ("e-mail", Query(required=(beginning("email"),), text="e-mail")),
        ("is:reply", Query(kinds=("reply",))),
        ("IS：Reply", Query(kinds=("reply",))),
        ("-is:reply", Query(excluded_kinds=("reply",))),
        ("is:reply -is:reply", Query(excluded_kinds=("reply",))),
        ("is:nice", Query(required=(beginning("is:nice"),), text="is:nice")),
        ("#Tag", Query(tags=(hashtag("#tag"),))),
        ("＃Tag #tag", Query(tags=(hashtag("#tag"),))),
        ("-#tag", Query(excluded_tags=(hashtag("#tag"),))),
        ("#a-b", Query(required=(beginning("ab"),), text="#a-b")),
        ("from:Ann", Query(author="ann")),
        ("FROM:@Ann", Query(author="ann")),
        ("from：ann", Query(author="ann")),
        ("ｆｒｏｍ：ａｎｎ", Query(author="ann")),
        ("from:ann from:bob", Query(author="bob")),
        ("-from:Ann -from:bob", Query(excluded_authors=("ann", "bob"))),
        ("lang:pt-BR", Query(language="pt")),
        ("LANG:ES", Query(language="es")),
        ("before:2026-01-31", Query(before=date(2026, 1, 31))),
        ("after:2026-1-5", Query(after=date(2026, 1, 5))),
        ("after:2026-01-05 after:2026-01-09", Query(after=date(2026, 1, 9))),
        ("before:2026-01-05 before:2026-01-09", Query(before=date(2026, 1, 5))),
        ("before:0001-01-01", Query(before=FIRST_DAY)),
        ("after:9999-12-31", Query(after=LAST_DAY)),
        ("@ann", Query(required=(beginning("ann"),), text="@ann")),
        ("東", Query(required=words("東"), text="東")),
        ("東京 タワー", Query(required=words("東京", "タワー"), text="東京 タワー")),
        ("東京\u3000タワー", Query(required=words("東京", "タワー"), text="東京 タワー")),
        ("👍🏽", Query(required=words("👍"), text="👍🏽")),
        ("c++ -c#", Query(required=words("c++"), excluded=words("c#"), text="c++")),
    ],
)
def test_query(typed, query):
    assert parse(typed) == query


@pytest.mark.parametrize(
    ("typed", "required"),
    [
        ('"', ()),
        ('""', ()),
        ('" "', ()),
        ("-", ()),
        ("- - --", ()),
        ('-"', ()),
        ("# @ : ::", ()),
        ('low "tide', (*words("low"), beginning("tide"))),
        ('low tide"', (*words("low"), phrase("tide"))),
        ("from:", words("from")),
        ("from: ann", (*words("from"), beginning("ann"))),
        ("from:@", (phrase("from"),)),
        ("from:a/b", (beginning("from a b"),)),
        ("before:2026-02-30", (phrase("before 2026 02 30"),)),
        ("after:yesterday", (beginning("after yesterday"),)),
        ("before:2026-01-31x", (beginning("before 2026 01 31x"),)),
        ("lang:english", (beginning("lang english"),)),
        ("foo:bar", (beginning("foo bar"),)),
        ("https://example.com/path", (beginning("example com path"),)),
    ],
)
def test_anything_else_is_words(typed, required):
    assert parse(typed).required == required
    assert parse(typed).is_empty == (not required)


@pytest.mark.parametrize(
    ("typed", "is_prefix"),
    [
        ("low tid", True),
        ("low tid ", True),
        ('low "tid"', False),
        ("low tid -x", False),
        ("low tid from:ann", False),
        ("low t", False),
        ("low 東京", False),
        ("low 👍", False),
    ],
)
def test_last_word_may_go_on(typed, is_prefix):
    assert [made.is_prefix for made in parse(typed).required][1:] == [is_prefix]
    assert not parse(typed).required[0].is_prefix


def test_excluded_word_does_not_go_on():
    assert parse("-tid").excluded == words("tid")


def test_everything_at_once():
    query = parse(
        ' low "the tide" -ebb -"no no" #Sea -#land FROM:ann -from:bob lang:en after:2026-01-01'
    )
    assert query == Query(
        required=words("low", "the tide"),
        excluded=words("ebb", "no no"),
        tags=(hashtag("#sea"),),
        excluded_tags=(hashtag("#land"),),
        author="ann",
        excluded_authors=("bob",),
        language="en",
        after=date(2026, 1, 1),
        text="low the tide",
    )


@pytest.mark.parametrize(
    "typed",
    ["tide", "-tide", "#tide", "-#tide", "from:a", "-from:a", "lang:en", "after:2026-01-01"],
)
def test_query_that_asks_for_anything_is_not_empty(typed):
    assert not parse(typed).is_empty


def test_days_are_days_that_ids_can_say():
    assert date(1970, 1, 1) == FIRST_DAY
    assert time_of(MAX_ID).date() > LAST_DAY


def test_long_query_is_cut():
    many = parse(" ".join(f"w{number} -x{number} #t{number} -#u{number}" for number in range(99)))
    parts = (many.required, many.excluded, many.tags, many.excluded_tags)
    assert [len(part) for part in parts] == [MAX_PHRASES / 4] * 4
    assert parse("a" * MAX_QUERY + " b").text == "a" * MAX_QUERY


@given(anything)
@example("-" * 10_000)
@example('"' * 10_000)
@example('-"' * 10_000)
@example("ﷺ" * 10_000)
@example('א"' * 10_000)
@example("from:" * 10_000)
@example("\u0301" * 10_000)
@quickly
def test_any_text_is_a_query_in_bounded_time(text):
    started = process_time()
    query = parse(text)
    assert process_time() - started < 0.5
    parts = (query.required, query.excluded, query.tags, query.excluded_tags)
    assert sum(map(len, parts)) <= MAX_PHRASES
    assert all(len(part) == len(set(part)) for part in parts)
    assert len(query.text) <= MAX_QUERY
    assert query.is_empty == (query == Query())
    assert bool(query.required) == bool(query.text)
