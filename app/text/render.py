"""Typed text as safe HTML: paragraphs, line breaks and links; everything else is escaped."""

from functools import lru_cache

from linkify_it import LinkifyIt
from markupsafe import Markup, escape

# Only what is written as an address: "example.com" in running text may be a file name.
_linkify = LinkifyIt(options={"fuzzy_link": False, "fuzzy_email": False})
for _schema in ("ftp:", "mailto:", "//"):
    _linkify.add(_schema, None)
# What ends a sentence or a quotation does not belong to an address before it.
_AFTER_LINK = ":;…”’»›。，、！？；：）】」』〉》"


@lru_cache(maxsize=2048)
def to_html(text: str) -> Markup:
    """Return the text as `<p>` elements, each in the direction of its own script."""
    return Markup("\n").join(
        Markup('<p dir="auto">{}</p>').format(_lines(paragraph))
        for paragraph in text.split("\n\n")
        if paragraph
    )


def link(url: str, text: str | None = None) -> Markup:
    """Return a link to a stranger's page: not followed by search engines, not told who we are."""
    return Markup('<a href="{}" rel="nofollow ugc noopener" dir="auto">{}</a>').format(
        url, text or url.split("://", 1)[-1]
    )


def _lines(paragraph: str) -> Markup:
    return Markup("<br>\n").join(_linked(line) for line in paragraph.split("\n"))


def _linked(line: str) -> Markup:
    if "://" not in line:
        return escape(line)
    parts, end = [], 0
    for match in _linkify.match(line) or ():
        url = match.raw.rstrip(_AFTER_LINK)
        if "@" in url.split("://", 1)[1].split("/", 1)[0]:
            continue  # "https://bank.example@elsewhere.example" leads elsewhere
        parts += [escape(line[end : match.index]), link(url, _short(url))]
        end = match.index + len(url)
    return Markup("").join([*parts, escape(line[end:])])


def _short(url: str) -> str:
    return url.split("://", 1)[-1].removesuffix("/")
