"""Addresses in running text: where they are, and how a link to a stranger's page is drawn."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from linkify_it import LinkifyIt
from markupsafe import Markup

# Only what is written as an address: "example.com" in running text may be a file name.
_linkify = LinkifyIt(options={"fuzzy_link": False, "fuzzy_email": False})
for _schema in ("ftp:", "mailto:", "//"):
    _linkify.add(_schema, None)
_BEGINNING = re.compile(_linkify.re["schema_search"], re.IGNORECASE)
# No address goes on behind these.
_BLANK = re.compile(f"({_linkify.re['src_ZCc']})")
# What ends a sentence or a quotation does not belong to an address before it.
AFTER_LINK = ":;…”’»›。，、！？；：）】」』〉》"


class Address(NamedTuple):
    """One address: where it stands, and whether it leads where it seems to."""

    start: int
    end: int
    url: str
    is_honest: bool


# What is published is read several times: for names, for hashtags, for the index.
@lru_cache(maxsize=128)
def addresses(text: str) -> tuple[Address, ...]:
    """Return every address of a text, in order."""
    if "://" not in text:
        return ()
    return tuple(_address(start, text[start:end]) for start, end in _places(text))


def link(url: str, text: str | None = None) -> Markup:
    """Return a link to a stranger's page: not followed by search engines, not told who we are."""
    return Markup('<a href="{}" rel="nofollow ugc noopener" dir="auto">{}</a>').format(
        url, text or url.split("://", 1)[-1]
    )


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each address starts and ends.

    `LinkifyIt.match` finds the same, but reads on from every beginning, also within an address: for
    a text of nothing but addresses that takes as long as the square of its length.
    """
    text = "".join(map(_without_open_brackets, _BLANK.split(text)))
    end = 0
    for beginning in _BEGINNING.finditer(text):
        if beginning.start(2) >= end:
            length = _linkify.test_schema_at(text, beginning[2], beginning.end())
            if length:
                end = beginning.end() + length
                yield beginning.start(2), end


def _without_open_brackets(word: str) -> str:
    """Turn round the brackets that nothing closes, so that nobody looks for their end in vain.

    An address stops before them, whichever way they look.
    """
    for opening, closing in ("()", "[]", "{}"):
        if opening in word:
            last = word.rfind(closing) + 1
            word = word[:last] + word[last:].replace(opening, closing)
    return word


def _address(start: int, text: str) -> Address:
    url = text.rstrip(AFTER_LINK)
    # "https://bank.example@elsewhere.example" leads elsewhere.
    is_honest = "@" not in url.split("://", 1)[1].split("/", 1)[0]
    return Address(start, start + len(url), url, is_honest)
