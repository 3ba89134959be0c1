import re
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.search.analysis import (
    MAX_TERMS,
    Document,
    Phrase,
    document,
    hashtag,
    phrase,
    spans,
)
from app.search.codes import MAX_CODE, encode
from app.search.reading import Reading
from app.text.folding import aligned, normalise
from app.text.memo import MAX_ENTRIES, Memo
from tests.search.matcher import finds, has

TERM = re.compile(r"[a-z0-9]{3,80}")
# Pieces that mean something to the analyser, in the company of whatever else there is.
PIECES = [
    *"ab zZ09'’-_#+./&@\"·؛،。、ー々ß İıſ€½①ﷺ℡㍿™",
    *(
        "é",
        "e\u0301",
        "\u0301",
        "ｶﾞ",
        "か\u3099",
        "\u3099",
        "月",
        "東京",
        "タワー",
        "할",
        "수가",
        "\u1112\u1161\u11ab",
    ),
    *(
        "ที่",
        "ນ້ຳ",
        "ភាសា",
        "မြန်",
        "हिन्दी",
        "\u093f",
        "می\u200cخ",
        "كِتَابٌ",
        "ש\u05b8",
        'צה"ל',
        "\u200b",
        "\u200c",
        "\u200d",
    ),
    *(
        "❤️",
        "👍🏽",
        "👨‍👩‍👧",
        "🇫🇷",
        "🇩",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "\ufe0f",
        "🏽",
        "c++",
        "c#",
        ".net",
        "https://x.y/%E6#z",
        "#tag",
    ),
]
anything = (
    st.text(st.characters(exclude_categories=()))
    | st.lists(st.sampled_from(PIECES)).map("".join)
    | st.lists(st.sampled_from(PIECES) | st.characters(exclude_categories=())).map("".join)
)
quickly = settings(max_examples=150, deadline=None, database=None)


FINDS = [
    # Latin: case and accents
    ("cafe", "Un CAFÉ, s'il vous plaît"),
    ("CAFE\u0301", "café"),
    ("strasse", "Große Straße"),
    ("straße", "STRASSE"),
    ("STRAẞE", "straße"),
    ("istanbul", "İSTANBUL"),
    ("İstanbul", "istanbul"),
    ("ısı", "ISI"),
    ("isi", "ısı"),
    ("dien", "điện thoại"),
    ("đien thoai", "ĐIỆN THOẠI"),
    ("lodz", "Łódź"),
    ("kobenhavn", "København"),
    ("aeble", "Æble"),
    ("oeuvre", "Œuvre"),
    ("thor", "Þór"),
    ("office", "oﬃce"),
    ("h2o", "H₂O"),
    ("abc", "ＡＢＣ"),
    ("bold", "𝐁𝐨𝐥𝐝 𝓑𝓸𝓵𝓭"),
    ("hyphen", "hy\u00adphen"),
    # Greek: accents, breathings, the two sigmas
    ("οδυσσευς", "ὈΔΥΣΣΕΎΣ"),
    ("Οδυσσεύς", "οδυσσευσ"),
    ("καλημερα", "Καλημέρα κόσμε"),
    ("τω", "τῷ"),
    # Cyrillic
    ("елка", "Ёлка"),
    ("мой", "МОИ"),
    ("україна", "Украіна"),
    ("мята", "м'ята"),
    ("м'ята", "мʼята"),
    # Arabic, Persian, Urdu
    ("كتاب", "كِتَابٌ"),
    ("احمد", "أَحْمَد"),
    ("الى", "إلي"),
    ("مدرسه", "مدرسة"),
    ("محمد", "محـــمد"),
    ("کتاب", "كتاب"),
    ("ایران", "ايران"),
    ("میخواهم", "می‌خواهم"),
    ("می‌خواهم", "میخواهم"),
    ("می خواهم", "می‌خواهم"),
    ("خواهم", "می‌خواهم"),
    ("ہے", "هے"),
    ("2026", "٢٠٢٦"),
    ("۱۲", "12"),
    ("سلام", "ﺳﻼﻡ"),
    # Hebrew
    ("שלום", "שָׁלוֹם"),
    ("שלומ", "שלום"),
    ("צהל", 'צה"ל'),
    ('צה"ל', "צה״ל"),
    ("בית", "בֵּית־סֵפֶר"),
    ("ביתספר", "בית-ספר"),
    # Devanagari and its relatives
    ("हिंदी", "हिन्दी"),
    ("हिन्दी", "हिंदी"),
    ("संबंध", "सम्बन्ध"),
    ("कलम", "क़लम"),
    ("चाद", "चाद"),
    ("चांद", "चाँद"),
    ("१९४७", "1947"),
    ("বাংলা", "আমি বাংলা বলি"),
    ("தமிழ்", "நான் தமிழ் பேசுகிறேன்"),
    # Thai, Lao, Khmer, Myanmar
    ("กิน", "วันนี้กินข้าวที่บ้าน"),
    ("ที่", "วันนี้กินข้าวที่บ้าน"),
    ("ก", "วันนี้กินข้าว"),
    ("ข้าว", "วันนี้กินข้าวที่บ้าน"),
    ("น้ำ", "ดื่มน้ำ"),
    ("ພາສາ", "ພາສາລາວ"),
    ("ខ្មែរ", "ភាសាខ្មែរ"),
    ("ភាសាខ្មែរ", "ភាសា\u200bខ្មែរ"),
    ("မြန်မာ", "မြန်မာစာ"),
    # Chinese, Japanese, Korean
    ("北京", "我爱北京天安门"),
    ("爱", "我爱北京"),
    ("安门", "我爱北京天安门"),
    ("我爱北京", "我爱北京天安门"),
    ("東京", "東京タワーへ行きました"),
    ("タワー", "東京タワーへ"),
    ("たわー", "東京タワーへ"),
    ("ﾀﾜｰ", "東京タワーへ"),
    ("京タ", "東京タワーへ"),
    ("が", "ｶﾞ"),
    ("ガ", "か\u3099"),
    ("々", "人々"),
    ("3月", "3月に行く"),
    ("3月", "３月"),
    ("3月に", "3月には"),
    ("第3回", "今年第3回大会"),
    ("3回", "第3回大会"),
    ("第3", "今年第3回"),
    ("iPhoneの", "iPhoneの話"),
    ("はPython", "私はPythonが好き"),
    ("python", "私はPythonが好き"),
    ("月", "3月"),
    ("한국", "한국어를 배워요"),
    ("한국어", "한국어를 배워요"),
    ("\u1112\u1161\u11ab국", "한국어"),
    ("집", "집에 가요"),
    ("할 수", "할 수가 있다"),
    ("ㅋㅋ", "ㅋㅋㅋ 재밌다"),
    # Emoji
    ("👍", "Fine 👍🏽!"),
    ("👍🏿", "👍"),
    ("❤", "love ❤️"),
    ("❤️", "❤"),
    ("👨‍👩‍👧", "us 👨‍👩‍👧"),
    ("👨🏽‍👩🏽‍👧", "👨‍👩‍👧"),
    ("🇫🇷", "🇩🇪🇫🇷"),
    ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"),
    ("😀", "😀😀😀"),
    ("1️⃣", "1"),
    # Words with signs in them
    ("dont", "I don't"),
    ("don't", "I don’t"),
    ("don’t", "dont"),
    ("dont", "don´t"),
    ("eau", "l'eau"),
    ("l'eau", "de l’eau"),
    ("john", "John's"),
    ("e-mail", "email"),
    ("email", "e-mail"),
    ("email", "E‑Mail"),
    ("mail", "e-mail"),
    ("email", "E-Mail-Adresse"),
    ("state of the art", "state-of-the-art"),
    ("state-of-the-art", "state of the art"),
    ("state-of", "state-of-the-art"),
    ("snake_case", "snake_case"),
    ("snakecase", "snake_case"),
    ("collega", "col·lega"),
    ("covid19", "COVID-19"),
    ("c++", "I write C++."),
    ("c++", "C++の本"),
    ("c", "I write C++."),
    ("c#", "C#, F#"),
    ("C♯", "c#"),
    ("f#", "(F#)"),
    (".net", "We use .NET here"),
    ("net", ".NET"),
    ("24/7", "open 24/7"),
    ("3.11", "Python 3.11"),
    ("python 3", "Python 3.11"),
    ("1,000", "1.000"),
    ("node.js", "Node.js"),
    ("2026-01-31", "on 2026-01-31"),
    ("ann", "@ann hello"),
    ("@some_name", "by @some_name"),
    ("example.com", "see https://www.example.com/a/path?x=1"),
    ("path", "see https://www.example.com/a/path?x=1"),
    ("tag", "a #Tag"),
    ("tag", "a＃Tag"),
    ("low tide", "the low tide at noon"),
]

FINDS_NOT = [
    ("tide low", "low tide"),
    ("cat", "concatenate"),
    ("c++", "C is not it"),
    ("c#", "c"),
    ("3.11", "311"),
    ("247", "24/7"),
    ("https", "https://example.com"),
    ("e6", "https://example.com/%E6"),
    ("京都", "東京の都"),
    ("が", "か"),
    ("दन", "दिन"),
    ("👍", "👎"),
    ("👨", "👨‍👩‍👧"),
    ("🇷🇩", "🇫🇷🇩🇪"),
    ("email art", "my e-mail, state of the-art"),
    ("dont email", "don't e-mail"),
    ("now dont", "don't now"),
    ("회", "한국"),
    ("hel", "hello"),
]


@pytest.mark.parametrize(("typed", "text"), FINDS)
def test_reader_finds(typed, text):
    assert finds(typed, text)
    assert finds(typed, f"First, {text} … and then.")
    assert finds(typed, text, prefix=True)
    assert spans(text, [phrase(typed)])


@pytest.mark.parametrize(("typed", "text"), FINDS_NOT)
def test_reader_does_not_find(typed, text):
    assert not finds(typed, text)
    assert spans(text, [phrase(typed)]) == []


@pytest.mark.parametrize(
    ("typed", "text", "is_found"),
    [
        ("hel", "hello", True),
        ("hel ", "hello", True),
        ("e-mai", "email", True),
        ("e-mai", "e-mail", True),
        ("state-of-the-ar", "state-of-the-art", True),
        ("прив", "Приветствую", True),
        ("हिं", "हिन्दी", True),
        ("کتا", "كتاب", True),
        # Only words of two letters and more have beginnings, and only what ends the text.
        ("h", "hello", False),
        ("hel.", "hello", False),
        ("20", "2026", False),
        ("3.1", "3.11", False),
        ("state-of-the-a", "state-of-the-art", False),
    ],
)
def test_beginning_of_a_word(typed, text, is_found):
    assert finds(typed, text, prefix=True) == is_found


def test_documents_of_an_example():
    assert document("Don't e-mail, #Hike!") == Document(
        "w0don w0t w0e w0mail w0hike h0hike x0x w0dont x0x w0email", ""
    )
    assert document("東京") == Document(f"w0{encode('東京')}", f"w0{encode('東')} w0{encode('京')}")
    assert document("") == document("… ?!") == Document("", "")


def test_phrases_of_an_example():
    assert phrase("東") == Phrase((f"w0{encode('東')}",), in_chars=True)
    assert phrase("東京都", prefix=True) == Phrase((f"w0{encode('東京')}", f"w0{encode('京都')}"))
    assert phrase("low tid", prefix=True) == Phrase(("w0low", "w0tid"), is_prefix=True)
    assert phrase("… ?!") is phrase("") is phrase("\u200b") is None


@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("#Hike", "hike"),
        ("＃hike", "hike"),
        ("#hike,", "hike"),
        ("#Über_Wald", "uber_wald"),
        ("#花見", "花見"),
        ("#می‌خواهم", "ميخواهم"),
        ("#हिन्दी", "हिंदी"),
        ("#100days", "100days"),
        ("#Party🎉", "party🎉"),
    ],
)
def test_hashtag_in_any_script(typed, tag):
    term = f"h0{encode(tag)}"
    assert hashtag(typed) == term
    assert term in document(f"Look: {typed} and more").words.split()
    assert spans(f"Look: {typed}", [Phrase((term,))])


@pytest.mark.parametrize(
    "text",
    [
        "hike",
        "#",
        "# hike",
        "a#b",
        "#a #b",
        "#a b",
        "&#39;",
        "http://a.b/#c",
        "c#",
        "#___",
        "#2026",
    ],
)
def test_what_is_not_one_hashtag(text):
    assert hashtag(text) is None


@pytest.mark.parametrize(
    ("text", "typed", "marked"),
    [
        ("Große Straße hier", ["strasse"], ["Straße"]),
        ("oﬃce", ["office"], ["oﬃce"]),
        ("a cafe\u0301 b", ["café"], ["cafe\u0301"]),
        ("I don’t e-mail.", ["dont", "mail"], ["don’t", "mail"]),
        ("I e-mail.", ["email", "mail"], ["e-mail"]),
        ("東京タワー", ["京タワ"], ["京タワ"]),
        ("日本の日", ["日"], ["日", "日"]),
        ("ｶﾞｶﾞ", ["が"], ["ｶﾞｶﾞ"]),
        ("㍿です", ["式会"], ["㍿"]),
        ("ok 👍🏽👍", ["👍"], ["👍🏽👍"]),
        ("low tide, low", ["low tide", "low"], ["low tide", "low"]),
        ("use C++!", ["c++"], ["C++"]),
        ("use C++!", ["c"], ["C"]),
        ("İİ b", ["b"], ["b"]),
        ("می‌خواهم", ["میخواهم"], ["می‌خواهم"]),
    ],
)
def test_spans_are_places_in_the_original(text, typed, marked):
    found = spans(text, [phrase(part) for part in typed])
    assert [text[start:end] for start, end in found] == marked


def test_span_of_a_beginning_is_the_whole_word():
    assert spans("Say hello", [phrase("hel", prefix=True)]) == [(4, 9)]


def test_very_long_text_is_cut():
    text = "word #tag l'eau " * MAX_TERMS
    assert len(document(text).words.split()) <= MAX_TERMS
    assert "h0tag" in document(text).words
    assert len(document("東京 " * MAX_TERMS).chars.split()) == MAX_TERMS


def test_code_of_no_character_begins_with_the_code_of_another():
    codes = sorted(encode(chr(code)) for code in (*range(0x10000), *range(0x10000, 0x110000, 97)))
    assert all(not after.startswith(code) for code, after in pairwise(codes))


def test_table_of_characters_does_not_grow_for_ever():
    table = Memo(str)
    "".join(map(chr, range(0x10000, 0x10000 + MAX_ENTRIES * 2))).translate(table)
    assert len(table) <= MAX_ENTRIES


@given(st.text(max_size=13), st.text(max_size=13))
@quickly
def test_encode_keeps_words_apart_and_beginnings_together(one, other):
    assert (encode(one) == encode(other)) == (one == other)
    assert encode(one + other).startswith(encode(one))
    assert encode(one).startswith(encode(other)) == one.startswith(other)


@given(st.text(min_size=1, max_size=200))
@quickly
def test_long_code_is_cut_between_characters(word):
    code = encode(word)
    assert re.fullmatch(rf"[a-z0-9]{{1,{MAX_CODE}}}", code)
    wholes = {encode(word[:length]) for length in range(len(word) + 1) if length <= MAX_CODE}
    assert code in wholes
    assert len(code) > MAX_CODE - 6 or code == "".join(map(encode, word))


@given(anything)
@example("x" * 500)
@example("я" * 500)
@example("-".join(["ab"] * 3000))
@quickly
def test_terms_fit_every_engine(text):
    made = document(text)
    for terms in (made.words, made.chars):
        assert terms == " ".join(terms.split())
        assert len(terms.split()) <= MAX_TERMS
        assert all(TERM.fullmatch(term) for term in terms.split())


@given(anything)
@quickly
def test_folding_in_one_way_and_the_other_is_the_same(text):
    source = aligned(text)
    assert source.text == normalise(text)
    assert len(source.starts) == len(source.ends) == len(source.text)
    assert all(
        0 <= start < end <= len(text) for start, end in zip(source.starts, source.ends, strict=True)
    )


@given(anything | st.text(st.sampled_from("aZ09 '-_#+.\n")))
@quickly
def test_words_are_those_at_their_places(text):
    reading = Reading(normalise(text))
    assert len(reading.shape) == len(reading.text)
    assert reading.words() == reading.at(reading.stream)


@given(st.lists(anything, max_size=5), st.data())
@quickly
def test_word_of_a_text_is_found_in_it(parts, data):
    text = " ".join(parts)
    chunk = data.draw(st.sampled_from(text.split() or [""]))
    for wanted in (phrase(chunk), phrase(chunk, prefix=True), phrase(text)):
        if wanted is not None:
            assert has(document(text), wanted)
            assert spans(text, [wanted])


@given(st.text(st.sampled_from("東京タワー月에서"), min_size=1), st.data())
@quickly
def test_any_part_of_a_run_is_found(run, data):
    start = data.draw(st.integers(0, len(run) - 1))
    end = data.draw(st.integers(start + 1, len(run)))
    assert finds(run[start:end], f"第3{run}です")
    assert finds(f"3{run[:end]}", f"第3{run}です")
    assert finds(f"{run[start:]}3", f"は{run}3回")


@given(anything, st.lists(anything, max_size=4))
@quickly
def test_spans_are_inside_and_apart(text, typed):
    found = spans(text, [made for part in typed if (made := phrase(part))])
    edges = [edge for span in found for edge in span]
    assert edges == sorted(set(edges))
    assert all(0 <= edge <= len(text) for edge in edges)


@given(anything, anything)
@quickly
def test_what_is_marked_is_what_is_found(text, typed):
    wanted = phrase(typed)
    if wanted is not None:
        assert bool(spans(text, [wanted])) == has(document(text), wanted)


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "a-",
        "#",
        "#a",
        "_",
        "e\u0301",
        "\u0301",
        "👍\u200d",
        "🇫",
        "東",
        "가",
        "\u1100",
        "http://",
        '"',
        "ﷺ",
        "c++",
        "+",
        "%e6",
        ".",
    ],
)
def test_time_grows_with_the_text_and_no_faster(piece):
    text = (piece * 40_000)[:40_000]
    started = process_time()
    document(text)
    spans(text, [phrase(piece * 3) or Phrase(("w0x",))])
    assert process_time() - started < 3
