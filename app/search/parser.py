"""What people type into the search box, taken apart. Nothing they type is an error.

    words           all of them, in any order; the last one may be the beginning of a word
    "a phrase"      words that stand together
    #tag            posts with the hashtag
    from:name       posts of one member
    lang:pt         posts in one language
    is:reply        posts that answer another
    before:2026-01-31   posts from before that day (in UTC)
    after:2026-01-31    posts from later than that day
    -               before a word, a phrase, a hashtag, from: or is: without it

Whatever else looks like this is words. Of two names or languages the last one counts, and of is:
with and without; of two dates the narrower.
"""

import re
import unicodedata
from dataclasses import dataclass, fields
from datetime import date, timedelta

from app.ids import EPOCH, MAX_ID, time_of
from app.search.analysis import Phrase, hashtag, phrase

MAX_QUERY = 500
MAX_PHRASES = 20
# What can stand after is:.
KINDS = ("reply",)
# No post was written before or will be after; ids cannot say such days.
FIRST_DAY, LAST_DAY = EPOCH.date(), time_of(MAX_ID).date() - timedelta(days=2)

# One character for another, so that lengths stay.
_ALIKE = str.maketrans(dict.fromkeys("“”„‟«»＂", '"') | {"－": "-", "−": "-", "＃": "#", "﹟": "#"})
# A quotation begins where a word could. The quotation mark of a Hebrew acronym does not end it.
_PART = re.compile(r'(?P<minus>-?)"(?P<quoted>(?:[^"]|(?<=[א-ת])"(?=[א-ת]))*)"|(?P<plain>\S+)')
_MINUS = re.compile(r"-(?=[^-])")
_OPERATOR = re.compile(r"(from|lang|is|before|after):(.+)", re.IGNORECASE)
_NAME = re.compile(r"@?(\w[\w.-]{0,63})")
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{1,8})*", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


@dataclass(frozen=True)
class Query:
    """What to look for, and what to leave out."""

    required: tuple[Phrase, ...] = ()
    excluded: tuple[Phrase, ...] = ()
    # Terms of hashtags.
    tags: tuple[str, ...] = ()
    excluded_tags: tuple[str, ...] = ()
    # Names in lower case; whether anybody has them is not known here.
    author: str | None = None
    excluded_authors: tuple[str, ...] = ()
    language: str | None = None
    kinds: tuple[str, ...] = ()
    excluded_kinds: tuple[str, ...] = ()
    after: date | None = None
    before: date | None = None
    # The words to be found, as they were typed.
    text: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for, nor to leave out."""
        return not any(getattr(self, field.name) for field in fields(self))


def parse(text: str) -> Query:
    """Return what a text typed into the search box asks for."""
    typed = text[:MAX_QUERY].rstrip()
    parser = _Parser()
    for part in _PART.finditer(typed.translate(_ALIKE)):
        if part["plain"] is None:
            parser.words(part["quoted"], is_wanted=not part["minus"])
        else:
            parser.part(part["plain"], is_last=part.end() == len(typed))
    return parser.query()


class _Parser:
    """Collects the parts of a query. Dictionaries keep the order and nothing twice."""

    def __init__(self) -> None:
        # Each by whether it is wanted.
        self.phrases: dict[bool, dict[Phrase, None]] = {True: {}, False: {}}
        self.tags: dict[bool, dict[str, None]] = {True: {}, False: {}}
        self.author: str | None = None
        self.excluded_authors: dict[str, None] = {}
        self.language: str | None = None
        # Whether it is wanted.
        self.kinds: dict[str, bool] = {}
        self.after: date | None = None
        self.before: date | None = None
        self.typed: list[str] = []

    def part(self, text: str, *, is_last: bool) -> None:
        """Take in what stands between spaces."""
        is_wanted = _MINUS.match(text) is None
        text = text if is_wanted else text[1:]
        if self.operator(text, is_wanted=is_wanted) or self.tag(text, is_wanted=is_wanted):
            return
        self.words(text, is_wanted=is_wanted, prefix=is_last and is_wanted)

    def operator(self, text: str, *, is_wanted: bool) -> bool:
        """Take in an operator that makes sense; tell whether it was one."""
        # Also as an input method for Chinese or Japanese types it, in wide letters.
        match = _OPERATOR.fullmatch(unicodedata.normalize("NFKC", text))
        if match is None:
            return False
        name, value = match[1].lower(), match[2]
        if name == "from":
            return self.member(value, is_wanted=is_wanted)
        if name == "is":
            return self.kind(value.lower(), is_wanted=is_wanted)
        if not is_wanted:
            return False
        return self.tongue(value) if name == "lang" else self.day(name, value)

    def member(self, value: str, *, is_wanted: bool) -> bool:
        """Take in the name of an author."""
        match = _NAME.fullmatch(value)
        if match is not None and is_wanted:
            self.author = match[1].lower()
        elif match is not None and len(self.excluded_authors) < MAX_PHRASES:
            self.excluded_authors[match[1].lower()] = None
        return match is not None

    def tongue(self, value: str) -> bool:
        """Take in a language, without its country."""
        match = _LANGUAGE.fullmatch(value)
        if match is not None:
            self.language = match[1].lower()
        return match is not None

    def kind(self, value: str, *, is_wanted: bool) -> bool:
        """Take in what posts are to be, or not to be."""
        if value in KINDS:
            self.kinds[value] = is_wanted
        return value in KINDS

    def day(self, name: str, value: str) -> bool:
        """Take in a day that exists."""
        day = _day(value)
        if day is not None and name == "after":
            self.after = max(day, self.after or day)
        elif day is not None:
            self.before = min(day, self.before or day)
        return day is not None

    def tag(self, text: str, *, is_wanted: bool) -> bool:
        """Take in a hashtag."""
        tag = hashtag(text) if text.startswith("#") else None
        if tag is not None and self.has_room():
            self.tags[is_wanted][tag] = None
        return tag is not None

    def words(self, text: str, *, is_wanted: bool, prefix: bool = False) -> None:
        """Take in words that stand together."""
        made = phrase(text, prefix=prefix) if self.has_room() else None
        if made is None:
            return
        self.phrases[is_wanted][made] = None
        if is_wanted:
            self.typed.append(text.strip())

    def has_room(self) -> bool:
        """Tell whether there may be more to look for."""
        taken = (*self.phrases.values(), *self.tags.values())
        return sum(map(len, taken)) < MAX_PHRASES

    def query(self) -> Query:
        """Return what was collected."""
        return Query(
            required=tuple(self.phrases[True]),
            excluded=tuple(self.phrases[False]),
            tags=tuple(self.tags[True]),
            excluded_tags=tuple(self.tags[False]),
            author=self.author,
            excluded_authors=tuple(self.excluded_authors),
            language=self.language,
            kinds=tuple(kind for kind, is_wanted in self.kinds.items() if is_wanted),
            excluded_kinds=tuple(kind for kind, is_wanted in self.kinds.items() if not is_wanted),
            after=self.after,
            before=self.before,
            text=" ".join(self.typed),
        )


def _day(value: str) -> date | None:
    match = _DAY.fullmatch(value)
    if match is None:
        return None
    try:
        day = date(*map(int, match.groups()))
    except ValueError:
        return None
    return min(max(day, FIRST_DAY), LAST_DAY)
