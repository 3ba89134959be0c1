"""Text as readers compare it: without case, accents and whatever else one would overlook."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from app.text import scripts
from app.text.memo import Memo

_EMOJI = regex.compile(scripts.EMOJI)
_STYLE = regex.compile(r"[\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]")


@dataclass(frozen=True)
class Aligned:
    """Folded text; its character i comes from `starts[i]` to `ends[i]` of the original."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


def normalise(text: str) -> str:
    """Return text folded, cluster by cluster, so that what readers take for alike is equal."""
    if text.isascii():
        return text.lower()
    if scripts.LONGER.search(text) is None:
        return text.translate(_CHARACTERS)
    return "".join(map(_fold, scripts.CLUSTER.findall(text)))


def aligned(text: str) -> Aligned:
    """Return the same as `normalise`, with the place that each character comes from."""
    if text.isascii():
        return Aligned(text.lower(), range(len(text)), range(1, len(text) + 1))
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for cluster in scripts.CLUSTER.finditer(text):
        folded = _fold(cluster[0])
        parts.append(folded)
        starts += [cluster.start()] * len(folded)
        ends += [cluster.end()] * len(folded)
    return Aligned("".join(parts), starts, ends)


@lru_cache(maxsize=16_384)
def _fold(cluster: str) -> str:
    if _EMOJI.fullmatch(cluster):
        return _STYLE.sub("", cluster)
    # The accent that many keyboards have for an apostrophe decomposes into a space.
    text = unicodedata.normalize("NFKD", cluster.replace("´", "'"))
    # Accents go before case folding, which would make a letter of the Greek iota subscript.
    text = scripts.DROPPED.sub("", text)
    text = scripts.NASAL.sub("\u0902", text.casefold().translate(scripts.LETTERS))
    text = "".join(str(unicodedata.decimal(character, character)) for character in text)
    # Composed again: Hangul, voiced Kana, the two-part vowels of India.
    return unicodedata.normalize("NFC", text)


_CHARACTERS = Memo(_fold)
