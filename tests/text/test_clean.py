import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.text.clean import (
    first_grapheme,
    grapheme_count,
    has_hidden_characters,
    has_visible_characters,
    one_line,
    paragraphs,
)

# Whatever a browser, a program or an attacker may send, lone surrogates included.
anything = st.text(st.characters(exclude_categories=())) | st.text(
    st.sampled_from("a \t\r\n\x00\x0b\x85\u0301\u200d\u2028\u3000\ud800é")
)
quickly = settings(max_examples=200, deadline=None, database=None)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (None, ""),
        ("", ""),
        ("  Low   tide \t at noon ", "Low tide at noon"),
        ("one\r\ntwo\nthree\rfour", "one two three four"),
        ("a\x00b\x07c\x7fd\x9fe", "abcde"),
        ("e\u0301", "é"),
        ("\u3000wide\u3000space\u3000", "wide space"),
        ("\ud800half\udfff", "half"),
        ("\ufffe\uffff", ""),
        ("👨‍👩‍👧‍👦 می‌خواهم", "👨‍👩‍👧‍👦 می‌خواهم"),
    ],
)
def test_one_line(typed, kept):
    assert one_line(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (None, ""),
        ("\n\n  \n", ""),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("one\n\ntwo", "one\n\ntwo"),
        ("one\n\n\n\n\n\ntwo", "one\n\ntwo"),
        ("one\n \n\t\n  \ntwo", "one\n\ntwo"),
        ("one   \n  two", "one\n  two"),
        ("\n\none\n\n", "one"),
        ("a\x00b\x1bc", "abc"),
        ("e\u0301", "é"),
        ("😀\ud83d", "😀"),
    ],
)
def test_paragraphs(typed, kept):
    assert paragraphs(typed) == kept


@quickly
@pytest.mark.parametrize("clean", [one_line, paragraphs])
@given(anything)
@example("e\x00\u0301")
def test_clean_text_is_clean(clean, text):
    cleaned = clean(text)
    assert unicodedata.is_normalized("NFC", cleaned)
    cleaned.encode()  # it can be stored
    assert not {unicodedata.category(c) for c in cleaned.replace("\n", "")} & {"Cc", "Cs"} - (
        {"Cc"} if "\t" in cleaned else set()
    )
    assert cleaned == cleaned.strip()


@quickly
@pytest.mark.parametrize("clean", [one_line, paragraphs])
@given(anything)
@example("e\x00\u0301")
@example("\x00 a")
@example("a\n\x00\n\x00\nb")
def test_cleaning_twice_changes_nothing(clean, text):
    # An edit form sends back what was stored: saving it unchanged must not mark it as edited.
    assert clean(clean(text)) == clean(text)


@quickly
@given(anything)
def test_one_line_is_one_line(text):
    assert len(one_line(text).splitlines()) <= 1


@quickly
@given(anything)
def test_paragraphs_never_have_two_blank_lines(text):
    assert "\n\n\n" not in paragraphs(text)
    assert "\r" not in paragraphs(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("tide", 4),
        ("a\nb", 3),
        ("é", 1),
        ("e\u0301", 1),
        ("👍🏽", 1),
        ("👨‍👩‍👧‍👦", 1),
        ("🏴‍☠️", 1),
        ("🇪🇸🇩🇪", 2),
        ("❤️", 1),
        ("#️⃣", 1),
        ("नि", 1),
        ("한국어", 3),
        ("각", 1),
        ("日本語", 3),
        ("ภาษา", 4),
        ("שָׁלוֹם", 4),
        ("Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢", 2),
    ],
)
def test_characters_are_counted_as_people_count(text, count):
    assert grapheme_count(text) == count


@quickly
@given(st.text(st.characters(max_codepoint=126, min_codepoint=32)))
def test_quick_way_for_ascii_counts_the_same(text):
    # One character that is not ASCII takes the other way.
    assert grapheme_count(text) + 1 == grapheme_count(text + "é")


@pytest.mark.parametrize(
    ("text", "first"), [("", ""), ("ana", "a"), ("👩‍🚀 Ana", "👩‍🚀"), ("e\u0301l", "e\u0301")]
)
def test_first_character_is_whole(text, first):
    assert first_grapheme(text) == first


@pytest.mark.parametrize(
    "character",
    [
        "\u202e",
        "\u202d",
        "\u2066",
        "\u2069",
        "\u200e",
        "\u200f",
        "\u200b",
        "\ufeff",
        "\xad",
        "\x00",
    ],
)
def test_hidden_and_turning_characters_are_found(character):
    assert has_hidden_characters(f"Ana{character}")


@pytest.mark.parametrize("text", ["Ana", "Zoë 🌊", "می‌خواهم", "👨‍👩‍👧", "שלום", "  "])
def test_honest_text_hides_nothing(text):
    assert not has_hidden_characters(text)


@pytest.mark.parametrize(
    ("text", "visible"),
    [
        ("a", True),
        ("7", True),
        ("!", True),
        ("🌊", True),
        ("", False),
        (" \u3000", False),
        ("\u200d\u200c", False),
        ("\u0301", False),
        # Blank to the eye although Unicode calls them letters and symbols.
        ("\u3164", False),
        ("\uffa0", False),
        ("\u115f\u1160", False),
        ("\u2800", False),
    ],
)
def test_there_is_something_to_see(text, visible):
    assert has_visible_characters(text) is visible


# With Unicode's rules applied plainly, each of these takes minutes: a test that hangs here tells.
@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" + "\u0301\u0316" * 120_000, 1),
        ("\U0001f1e9\U0001f1ea" * 60_000, 60_000),
        ("\U0001f1e9" * 60_001, 30_001),
        ("\U0001f468\u200d" * 60_000, 1),
    ],
    ids=["marks", "flags", "half flags", "joiners"],
)
def test_text_that_is_made_to_be_slow_is_counted_all_the_same(text, count):
    assert grapheme_count(one_line(text)) == count
