"""Finding the terms of a folded text, and where they stand in it.

A text is first turned into its shape, a string of the same length with one letter for the kind of
each character. So the patterns below are short, and equal for every script.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from app.text import scripts
from app.text.memo import Memo

Span = tuple[int, int]


class Extra(NamedTuple):
    """What is found besides, as if it were written there: "email" for e-mail, "c++"."""

    word: str
    span: Span


class Reading:
    """What there is to find in a folded text. Each part is worked out when it is asked for."""

    def __init__(self, text: str) -> None:
        self.text = _without_noise(text)
        self.shape = self.text.translate(_SHAPES)

    @cached_property
    def stream(self) -> list[Span]:
        """Where words and pairs of characters are; neighbours here are neighbours in a phrase."""
        tokens = [match.span() for match in _TOKEN.finditer(self.shape)]
        if "u" not in self.shape:
            return tokens
        places: list[Span] = []
        for start, end in tokens:
            if self.shape[start] == "u":
                places += _run(self.shape, start, end)
            else:
                places.append((start, end))
        return places

    @cached_property
    def characters(self) -> list[Span]:
        """Where single characters of scripts without spaces are."""
        return [(i, i + 1) for i, kind in enumerate(self.shape) if kind == "u"]

    @cached_property
    def extras(self) -> list[Extra]:
        """What is found besides."""
        return list(_extras(self.text, self.shape))

    def words(self) -> list[str]:
        """Return what stands in the stream."""
        # The same, sooner: reading is on the way of everything that is written.
        if self.text.isascii():
            return _ASCII_WORD.findall(self.text)
        return self.at(self.stream)

    def at(self, places: Iterable[Span]) -> list[str]:
        """Return what stands at those places."""
        return [self.text[start:end] for start, end in places]


# w: of a word in a script with spaces; u: of a script without; p, j, t, f: parts of emoji;
# -, z: what joins words; others as they are.
_JOINERS = {"'": "-", "-": "-", "·": "-", scripts.NON_JOINER: "z"}
_AS_THEY_ARE = frozenset("_#+./&")

# An emoji is a flag, or pictographs that are joined, or the black flag with a region's letters.
_TOKEN = re.compile(r"w++|u++|p(?:t++|(?:jp)*+)|ff?")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_GLUED = "w"
# Each two words of "state-of-the-art"; the second is looked at again as a first.
_JOINED = re.compile(r"[-_z]")
_PAIR = re.compile(r"(?<!w)(w++)[-_z](?=(w++))")
# Names of which the signs are part: c++, c#, .net.
_PLUS = re.compile(r"(?<!w)w++\+\+(?![+w])")
_SHARP = re.compile(r"(?<!w)w#(?![w#])")
_DOTTED = re.compile(r"(?<![w.])\.www(?!w)")
_DOTTED_NAME = ".net"

# The sites of links are words, and so are their paths; the rest is not for readers.
_LINK = re.compile(r"https?://\S*")
_HIDDEN_IN_LINK = re.compile(r"^https?|%[0-9a-f]{2}|#")
# Hebrew acronyms have a quotation mark inside.
_INNER_QUOTE = re.compile(r"(?<=[א-ת])\"(?=[א-ת])")


def _run(shape: str, start: int, end: int) -> list[Span]:
    """Return each two neighbours of a run of characters; of one character, that.

    Where a word touches the run ("3月の"), the character there stands for itself as well, or
    "3月" would not be found: there is no telling where a word of the run ends.
    """
    if end - start == 1:
        return [(start, end)]
    first = [(start, start + 1)] if shape[start - 1 : start] == _GLUED else []
    last = [(end - 1, end)] if shape[end : end + 1] == _GLUED else []
    return [*first, *((i, i + 2) for i in range(start, end - 1)), *last]


def _extras(text: str, shape: str) -> Iterator[Extra]:
    for match in _PAIR.finditer(shape) if _JOINED.search(shape) else ():
        first, second = text[slice(*match.span(1))], text[slice(*match.span(2))]
        # "24-7" and "2026-01-31" are numbers, not one word that was hyphenated.
        if not (first.isdigit() and second.isdigit()):
            yield Extra(first + second, (match.start(), match.end(2)))
    yield from (Extra(text[start:end], (start, end)) for start, end in _signed(text, shape))


def _signed(text: str, shape: str) -> Iterator[Span]:
    if "++" in shape:
        yield from (match.span() for match in _PLUS.finditer(shape))
    if "#" in shape:
        yield from (match.span() for match in _SHARP.finditer(shape))
    if _DOTTED_NAME in text:
        places = (match.span() for match in _DOTTED.finditer(shape))
        yield from ((start, end) for start, end in places if text[start:end] == _DOTTED_NAME)


def _without_noise(text: str) -> str:
    """Blank out what nobody reads, keeping the length."""
    if "://" in text:
        text = _LINK.sub(_readable_link, text)
    if '"' in text:
        text = _INNER_QUOTE.sub("'", text)
    return text


def _readable_link(link: re.Match[str]) -> str:
    return _HIDDEN_IN_LINK.sub(lambda part: " " * len(part[0]), link[0])


def _shape(character: str) -> str:
    if character in _JOINERS:
        return _JOINERS[character]
    if character in _AS_THEY_ARE:
        return character
    for pattern, letter in _KINDS:
        if pattern.match(character):
            return letter
    return "j" if character == scripts.JOINER else " "


_KINDS = (
    (scripts.UNSPACED, "u"),
    (scripts.PICTOGRAPH, "p"),
    (scripts.WORD_PART, "w"),
    (scripts.FLAG_LETTER, "f"),
    (scripts.FLAG_TAG, "t"),
)
_SHAPES = Memo(_shape)
