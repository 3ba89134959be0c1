"""@names and #hashtags in running text: the one place that says what is one.

A hashtag follows Unicode (UAX #31, R8, hashtag identifiers): letters, digits, marks and underscores
of any script, and emoji; signs that join two parts of a word stand between these only. Plus and
hyphen end it, as everywhere people use hashtags.

Two hashtags are the same if readers would take them for alike, as search does: #Café and #cafe are
one, or the page of a hashtag and a search for it would not show the same posts.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from app.text import scripts
from app.text.folding import normalise
from app.text.links import addresses

# What a text has beyond is plain text.
HASHTAGS_MAX = 20
# In code points: as it is compared, and as it is written, where a letter may have many marks.
HASHTAG_MAX = 64
HASHTAG_POINTS_MAX = 250

# Of a script that sets spaces between words; a name may touch others: "你好@ana你好".
_SPACED = rf"[[\p{{L}}\p{{M}}\p{{N}}_]--{scripts.UNSPACED_CLASS}]"
# Not in an e-mail address, nor in the address of a page; not what is a name elsewhere, "@ana@site"
# or "@ana/boats".
_NAME = regex.compile(
    rf"(?V1)(?<![{_SPACED}@＠/+=])[@＠]"
    rf"([A-Za-z][A-Za-z0-9_]{{1,29}}+)(?![{_SPACED}@＠]|[./][\p{{L}}\p{{N}}])"
)

# What is drawn as an emoji; "™" is not, unless it is told to be.
_EMOJI = rf"(?:(?=\p{{Emoji_Presentation}}|.\ufe0f)(?:{scripts.EMOJI}))"
# Catalan, Greek, Hebrew, Tibetan and Japanese write these in the middle of words; the last two are
# not seen, and shape Persian and Indic words.
_JOINER = r"[·\u0387\u05be\u05f3\u05f4\u0f0b・･\u200c\u200d]"
_PART = rf"[\p{{XID_Continue}}--{_JOINER}]"
_TAG = regex.compile(
    rf"(?V1)(?<![\p{{L}}\p{{M}}\p{{N}}_&/=#＃﹟])[#＃﹟]"
    rf"((?!\p{{M}})(?:{_EMOJI}|{_PART}|(?<={_PART}){_JOINER}(?={_PART}))++)"
)
# "#1" is a number.
_TELLING = regex.compile(rf"(?V1)\p{{L}}|{_EMOJI}")
_UNSEEN = str.maketrans("", "", scripts.NON_JOINER)


@dataclass(frozen=True)
class Mark:
    """One @name or #hashtag: where it stands, the word after its sign, what it is equal by."""

    start: int
    end: int
    word: str
    key: str


def names(text: str) -> Iterator[Mark]:
    """Yield every @name of a text that could be a username."""
    for match in _NAME.finditer(_without_addresses(text)):
        yield Mark(*match.span(), match[1], match[1].lower())


def hashtags(text: str) -> Iterator[Mark]:
    """Yield every #hashtag of a text that counts."""
    keys: set[str] = set()
    for match in _TAG.finditer(_without_addresses(text)):
        key = hashtag_key(match[1])
        if key and (key in keys or len(keys) < HASHTAGS_MAX):
            keys.add(key)
            yield Mark(*match.span(), match[1], key)


def hashtag(word: str) -> Mark | None:
    """Return the hashtag that a word is, given without its sign; None if it can be none."""
    match = _TAG.fullmatch(f"#{word}")
    key = hashtag_key(word) if match else None
    return Mark(0, len(word) + 1, word, key) if key else None


def hashtag_key(word: str) -> str | None:
    """Return what a hashtag is equal by; None for one that says nothing, or is too long."""
    if len(word) > HASHTAG_POINTS_MAX or _TELLING.search(word) is None:
        return None
    key = normalise(word).translate(_UNSEEN)
    return key if 0 < len(key) <= HASHTAG_MAX else None


def _without_addresses(text: str) -> str:
    """Put slashes, beside which neither begins, in the place of addresses."""
    characters = list(text)
    for address in addresses(text):
        characters[address.start : address.end] = "/" * (address.end - address.start)
    return "".join(characters)
