from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.search import analysis
from app.text import marks
from app.text.marks import HASHTAG_MAX, HASHTAGS_MAX


def words(text):
    return [mark.word for mark in marks.hashtags(text)]


def named(text):
    return [mark.word for mark in marks.names(text)]


@pytest.mark.parametrize(
    "word",
    [
        *("nightsky", "NightSky", "night_sky", "_night", "c4", "100days", "2026plans"),
        *("café", "Straße", "điện", "naïve", "col·lega", "Ἑλλάς", "мій", "ёлка", "հայ", "ქართ"),
        *("سلام", "سَلام", "می‌خواهم", "اردو۲", "שלום", "שָׁלוֹם", "הי־שם", "צה״ל", "ג׳ירפה"),
        *("नमस्ते", "हिन्दी", "বাংলা", "தமிழ்", "తెలుగు", "ශ්‍රී", "ગુજરાતી", "ਪੰਜਾਬੀ", "ଓଡ଼ିଆ"),
        *("สวัสดี", "ภาษาไทย", "ພາສາລາວ", "ភាសាខ្មែរ", "မြန်မာ", "བོད་ཡིག", "አማርኛ", "ᏣᎳᎩ", "ⵜⵉⴼⵉⵏⴰⵖ"),
        *("東京", "3月の東京", "東京・大阪", "タワー", "ｶﾞ", "한국어", "中文", "𠀀𠀁", "人々"),
        *("party🎉", "I❤️NY", "🎉", "👍🏽", "👨‍👩‍👧", "🇫🇷", "🏴󠁧󠁢󠁥󠁮󠁧󠁿day"),
    ],
)
def test_hashtag_in_any_script(word):
    for text in (f"#{word}", f"＃{word}", f"Look: #{word}, and more", f"(#{word})", f"#{word}。"):
        assert words(text) == [word]
    assert marks.hashtag(word).word == word


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("#low #tide", ["low", "tide"]),
        ("#low\n#tide", ["low", "tide"]),
        ("#low,#tide.", ["low", "tide"]),
        ("#tag's", ["tag"]),
        ("#e-mail", ["e"]),
        ("#東京・", ["東京"]),
        ("#brand™", ["brand"]),
        ("“#tag”", ["tag"]),
        ("🎉#tag", ["tag"]),
        ("、#tag", ["tag"]),
        ("https://a.example/ #tag", ["tag"]),
        ("#tag https://a.example/#frag", ["tag"]),
        ("https://a.example/#frag, #tag", ["tag"]),
    ],
)
def test_where_hashtags_begin_and_end(text, found):
    assert words(text) == found


@pytest.mark.parametrize(
    "text",
    [
        *(
            "#",
            "# tag",
            "##",
            "##tag",
            "#1",
            "#2026",
            "#１２",
            "#٢٠٢٦",
            "#___",
            "#_1",
            "#²",
            "#️⃣",
            "#1️⃣",
        ),
        *("a#b", "c#", "1#a", "é#b", "東#京", "สวัสดี#ไทย", "&#39;", "&#x27;", "&#xe9"),
        *("http://x/#frag", "https://x.example/a#frag", "x.example/#frag", "color=#ff0000"),
        *("#\u0301a", "#-a", "#.a", "#'a", "#·a", "#\u200da", "#‌سلام", "#<b>"),
    ],
)
def test_what_is_no_hashtag(text):
    assert words(text) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Café", "cafe", True),
        ("CAFÉ", "café", True),
        ("Straße", "STRASSE", True),
        ("ＡＢＣ", "abc", True),
        ("می‌خواهم", "ميخواهم", True),
        ("हिन्दी", "हिंदी", True),
        ("タワー", "たわー", True),
        ("👍🏽", "👍", True),
        ("party🎉", "party", False),
        ("night_sky", "nightsky", False),
        ("が", "か", False),
        ("cat", "cats", False),
    ],
)
def test_hashtags_are_the_same_if_readers_take_them_for_alike(one, other, same):
    assert (marks.hashtag(one).key == marks.hashtag(other).key) is same


@pytest.mark.parametrize(
    "word", ["", "1", "a b", "a#b", "#a", "a-b", "x" * (HASHTAG_MAX + 1), "a\n"]
)
def test_word_that_can_be_no_hashtag(word):
    assert marks.hashtag(word) is None


def test_longest_hashtag_counts_and_a_longer_one_is_text():
    assert words(f"#{'x' * HASHTAG_MAX}") == ["x" * HASHTAG_MAX]
    assert words(f"#{'x' * (HASHTAG_MAX + 1)}") == []


def test_so_many_hashtags_count_and_those_again():
    many = [f"tag{number}" for number in range(HASHTAGS_MAX)]
    text = " ".join(f"#{word}" for word in [*many, "beyond", "tag0"])
    assert words(text) == [*many, "tag0"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@ana", ["ana"]),
        ("＠ana", ["ana"]),
        ("@Ana_B2", ["Ana_B2"]),
        ("@ana_", ["ana_"]),
        ("@ana.", ["ana"]),
        ("@ana...", ["ana"]),
        ("@ana's boat", ["ana"]),
        ("@ana’s boat", ["ana"]),
        ("(@ana)", ["ana"]),
        (".@ana said", ["ana"]),
        ("“@ana”", ["ana"]),
        ("@ana:@bob, @carla-@dora", ["ana", "bob", "carla", "dora"]),
        ("one\n@ana", ["ana"]),
        ("你好@ana你好", ["ana"]),
        ("こんにちは@anaさん", ["ana"]),
        ("@ana님", ["ana"]),
        ("สวัสดี@anaครับ", ["ana"]),
        ("سلام @ana، أهلا", ["ana"]),
        ("🎉@ana🎉", ["ana"]),
        ("https://a.example/x @ana", ["ana"]),
        ("@ab", ["ab"]),
        (f"@{'a' * 30}", ["a" * 30]),
    ],
)
def test_names_as_people_write_them(text, found):
    assert named(text) == found


@pytest.mark.parametrize(
    "text",
    [
        *("@", "@ ana", "@@ana", "@a", f"@{'a' * 31}", "@1ana", "@_ana", "@é", "@anaé", "@ana@"),
        *("a@b", "ana@example.com", "x.y+z@ana.example", "é@ana", "ж@ana", "1@ana", "_@ana"),
        *("почта@ana.рф", "邮箱@ana.com", "@ana.example", "@ana@there.example", "@ana/boats"),
        *("https://a.example/@ana", "https://ana:b@bob.example/", "a.example/@ana", "?by=@ana"),
    ],
)
def test_what_is_no_name(text):
    assert named(text) == []


@pytest.mark.parametrize(
    "piece", ["#a", "#a ", "#", "@ab", "@", "a·", "#·", "👨‍", "#👨‍", "https://a.b/ #x "]
)
def test_time_grows_with_the_text_and_no_faster(piece):
    text = (piece * 40_000)[:40_000]
    started = process_time()
    list(marks.hashtags(text))
    list(marks.names(text))
    assert process_time() - started < 3


PIECES = [
    "#",
    "＃",
    "@",
    "a",
    "É",
    "1",
    "_",
    "·",
    "・",
    " ",
    "。",
    "é",
    "東",
    "ส",
    "סּ",
    "־",
    "\u200c",
]
PIECES += [
    "\u200d",
    "\u0301",
    "🎉",
    "❤️",
    "👍🏽",
    "🇫",
    "https://a.b/",
    "#tag",
    "@ana",
    "'",
    '"',
    "&",
    ".",
]
anything = st.text(st.characters(exclude_categories=["Cs"])) | st.lists(
    st.sampled_from(PIECES) | st.characters(exclude_categories=["Cs"])
).map("".join)
quickly = settings(max_examples=150, deadline=None, database=None)


@given(anything)
@quickly
def test_hashtag_in_a_text_is_one_by_itself_and_search_finds_it(text):
    indexed = analysis.document(text).words.split()
    for mark in marks.hashtags(text):
        alone = marks.hashtag(mark.word)
        assert alone is not None
        assert alone.key == mark.key
        assert text[mark.start + 1 : mark.end] == mark.word
        assert analysis.hashtag(f"#{mark.word}") in indexed


@given(anything)
@quickly
def test_marks_are_in_order_and_apart(text):
    spans = sorted((mark.start, mark.end) for mark in (*marks.hashtags(text), *marks.names(text)))
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(edges)
    assert all(start < end for start, end in spans)


def test_long_hashtags_that_begin_alike_are_two_in_search():
    one, other = "#" + "東" * 30, "#" + "東" * 31
    assert analysis.hashtag(one) != analysis.hashtag(other)
    assert len(analysis.hashtag(other)) <= 80
