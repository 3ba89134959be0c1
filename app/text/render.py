"""Typed text as safe HTML: paragraphs, line breaks and links; everything else is escaped."""

from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import quote

from markupsafe import Markup, escape

from app.text.links import addresses, link
from app.text.marks import hashtags, names

# Where the pages of hashtags and of members are.
_HASHTAG_PATH, _MEMBER_PATH = "/tag/", "/user/"


@lru_cache(maxsize=2048)
def to_html(text: str, members: frozenset[str] = frozenset(), base: str = "") -> Markup:
    """Return the text as `<p>` elements, each in the direction of its own script.

    Of the names in it those are links that are in `members` (usernames in lower case). `base`, the
    site's address, makes the links work outside the site as well.
    """
    # What is drawn in the place of an address, a name or a hashtag has no line breaks in it.
    paragraphs = _linked(text, members, base).split("\n\n")
    return Markup("\n").join(
        Markup('<p dir="auto">{}</p>').format(Markup("<br>\n").join(paragraph.split("\n")))
        for paragraph in paragraphs
        if paragraph
    )


def _linked(text: str, members: frozenset[str], base: str) -> Markup:
    parts, end = [], 0
    for start, stop, html in sorted(_links(text, members, base)):
        parts += [escape(text[end:start]), html]
        end = stop
    return Markup("").join([*parts, escape(text[end:])])


def _links(text: str, members: frozenset[str], base: str) -> Iterator[tuple[int, int, Markup]]:
    """Yield what is drawn as a link: from where to where, and how. No two of them overlap."""
    for address in addresses(text):
        if address.is_honest:
            yield address.start, address.end, link(address.url, _short(address.url))
    for mark in hashtags(text):
        href = f"{base}{_HASHTAG_PATH}{quote(mark.word)}"
        shown = text[mark.start : mark.end]
        # Each in its own direction, or the sign would stand at the wrong end of it.
        html = Markup('<a class="hashtag" href="{}" dir="auto">{}</a>').format(href, shown)
        yield mark.start, mark.end, html
    for mark in names(text) if members else ():
        if mark.key in members:
            href, shown = f"{base}{_MEMBER_PATH}{mark.word}", text[mark.start : mark.end]
            html = Markup('<a class="mention" href="{}" dir="ltr">{}</a>').format(href, shown)
            yield mark.start, mark.end, html


def _short(url: str) -> str:
    return url.split("://", 1)[-1].removesuffix("/")
