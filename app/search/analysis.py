"""Text as terms: what every engine stores of a text, and what is looked for in it.

A term is a kind of two characters ("w0" a word, "h0" a hashtag; the index adds others) and an
encoded word: ASCII, 3 to 80 characters of [a-z0-9]. An engine splits terms at spaces, compares
them as they are, and so needs to know nothing of languages. docs/search.md has the rules.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.search.codes import MAX_CODE, encode
from app.search.reading import Extra, Reading, Span
from app.text import marks, scripts
from app.text.folding import aligned, normalise

# Kinds of terms.
WORD, TAG = "w0", "h0"
MAX_TERMS = 4000
MAX_EXTRAS = 400
# Stands before what is not where it was written, so that it is nobody's neighbour.
GAP = "x0x"
# Of what a long hashtag is known by.
DIGEST = 16
# Fewer letters begin too many words.
MIN_PREFIX = 2


@dataclass(frozen=True)
class Document:
    """The terms of a text in reading order, with a space between each."""

    words: str
    # Every character of scripts without spaces.
    chars: str


@dataclass(frozen=True)
class Phrase:
    """Terms that stand next to each other in `words`; or one that is in `chars`."""

    terms: tuple[str, ...]
    # The last term is the beginning of one.
    is_prefix: bool = False
    in_chars: bool = False


def document(text: str) -> Document:
    """Return what is indexed of a text: its first terms, if it is very long."""
    reading = Reading(normalise(text))
    tags = dict.fromkeys(_tag(mark) for mark in marks.hashtags(text))
    extras = [*tags, *_apart(reading.extras)]
    words = _terms(reading.words()[: MAX_TERMS - len(extras)])
    chars = _terms(reading.at(reading.characters[:MAX_TERMS]))
    return Document(" ".join(words + extras), " ".join(chars))


def phrase(text: str, *, prefix: bool = False) -> Phrase | None:
    """Return what to look for when somebody types one word, or several in quotes.

    None if there is nothing in it. With `prefix`, the last word may go on, if a word ends the text
    that can have a beginning.
    """
    reading = Reading(normalise(text))
    if not reading.stream:
        return None
    if len(reading.characters) == len(reading.stream) == 1:
        return Phrase(tuple(_terms(reading.at(reading.characters))), in_chars=True)
    extra = _one_word(reading)
    start, end = extra.span if extra else reading.stream[-1]
    is_prefix = _is_open(reading) or (prefix and _is_beginning(reading.text, start, end))
    terms = [_term(extra)] if extra else _terms(reading.words())
    return Phrase(tuple(terms), is_prefix)


def hashtag(text: str) -> str | None:
    """Return the term of a text that is one hashtag and nothing more."""
    found = list(marks.hashtags(text))
    if len(found) != 1:
        return None
    rest = f"{text[: found[0].start]} {text[found[0].end :]}"
    return None if Reading(normalise(rest)).stream else _tag(found[0])


def spans(text: str, phrases: Sequence[Phrase]) -> list[Span]:
    """Return where phrases match in a text: in order, apart from each other, never empty."""
    source = aligned(text)
    places = _Places(Reading(source.text))
    found = [
        (source.starts[start], source.ends[end - 1])
        for wanted in dict.fromkeys(phrases)
        for start, end in places.of(wanted)
    ]
    found += [
        (mark.start, mark.end) for mark in marks.hashtags(text) if Phrase((_tag(mark),)) in phrases
    ]
    return _merged(sorted(found))


class _Places:
    """Finds phrases in a reading."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    @cached_property
    def stream(self) -> list[str]:
        return _terms(self.reading.words())

    @cached_property
    def characters(self) -> list[str]:
        return _terms(self.reading.at(self.reading.characters))

    @cached_property
    def extras(self) -> list[str]:
        return list(map(_term, self.reading.extras))

    def of(self, wanted: Phrase) -> Iterator[Span]:
        """Yield where the phrase is, in the folded text."""
        if wanted.in_chars:
            yield from _neighbours(wanted, self.reading.characters, self.characters)
            return
        yield from _neighbours(wanted, self.reading.stream, self.stream)
        if len(wanted.terms) == 1:
            places = [extra.span for extra in self.reading.extras]
            yield from _neighbours(wanted, places, self.extras)


def _neighbours(wanted: Phrase, places: list[Span], terms: list[str]) -> Iterator[Span]:
    *first, last = wanted.terms
    before = len(first)
    for i in range(before, len(terms)):
        is_last = terms[i].startswith(last) if wanted.is_prefix else terms[i] == last
        if is_last and terms[i - before : i] == first:
            yield places[i - before][0], places[i][1]


def _terms(words: Iterable[str]) -> list[str]:
    return [WORD + encode(word) for word in words]


def _term(extra: Extra) -> str:
    return WORD + encode(extra.word)


def _tag(mark: marks.Mark) -> str:
    """Return the term of a hashtag. A long one is told from others that begin like it."""
    code = encode(mark.key)
    if code == encode(mark.key[:-1]):  # the end did not fit
        digest = hashlib.sha256(mark.key.encode()).hexdigest()[:DIGEST]
        code = code[: MAX_CODE - DIGEST] + digest
    return TAG + code


def _merged(places: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in places:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _apart(extras: Iterable[Extra]) -> list[str]:
    """Return extras once each, with a gap before each."""
    terms = list(dict.fromkeys(map(_term, extras)))[:MAX_EXTRAS]
    return [part for term in terms for part in (GAP, term)]


def _one_word(reading: Reading) -> Extra | None:
    """Return what stands for everything: "email" for "e-mail", but nothing for "3.11"."""
    return next((extra for extra in reading.extras if _covers_all(extra, reading)), None)


def _covers_all(extra: Extra, reading: Reading) -> bool:
    start, end = extra.span
    return start <= reading.stream[0][0] and reading.stream[-1][1] <= end


def _is_open(reading: Reading) -> bool:
    """Tell whether a lone character ends a phrase, apart from what is before: the last of "할 수".

    In a text it may begin a run, "할 수가", and then it is the beginning of a term.
    """
    *before, last = reading.stream
    return last in reading.characters[-1:] and bool(before) and before[-1][1] < last[0]


def _is_beginning(text: str, start: int, end: int) -> bool:
    """Tell whether a term is a word that may go on: 2 is not the beginning of 2026."""
    word = text[start:end]
    return (
        end == len(text.rstrip())
        and len(word) >= MIN_PREFIX
        and not word.isdigit()
        and scripts.WORD_PART.match(word[-1]) is not None
        and scripts.UNSPACED.match(word[-1]) is None
    )
