"""Addresses in running text: where they are, and how a link to a stranger's page is drawn."""

from functools import lru_cache
from typing import NamedTuple

from linkify_it import LinkifyIt
from linkify_it.main import Match
from markupsafe import Markup

# Only what is written as an address: "example.com" in running text may be a file name.
_linkify = LinkifyIt(options={"fuzzy_link": False, "fuzzy_email": False})
for _schema in ("ftp:", "mailto:", "//"):
    _linkify.add(_schema, None)
# What ends a sentence or a quotation does not belong to an address before it.
_AFTER_LINK = ":;…”’»›。，、！？；：）】」』〉》"


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
    return tuple(map(_address, _linkify.match(text) or ()))


def link(url: str, text: str | None = None) -> Markup:
    """Return a link to a stranger's page: not followed by search engines, not told who we are."""
    return Markup('<a href="{}" rel="nofollow ugc noopener" dir="auto">{}</a>').format(
        url, text or url.split("://", 1)[-1]
    )


def _address(match: Match) -> Address:
    url = match.raw.rstrip(_AFTER_LINK)
    # "https://bank.example@elsewhere.example" leads elsewhere.
    is_honest = "@" not in url.split("://", 1)[1].split("/", 1)[0]
    return Address(match.index, match.index + len(url), url, is_honest)
