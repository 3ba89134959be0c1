"""Marking what was found in the texts that are shown; the one place where these are escaped."""

import html
import re
from dataclasses import dataclass

from markupsafe import Markup, escape

from app.posts.models import Post
from app.search import analysis
from app.search.analysis import Phrase
from app.search.parser import Query
from app.text.render import to_html

TAG = re.compile(r"(<[^>]*>)")


@dataclass(frozen=True)
class Highlighter:
    """Marks the words of one query in texts."""

    query: Query

    def line(self, text: str) -> Markup:
        """Return a line of text, escaped, with what matches in <mark>."""
        parts, end = [], 0
        tags = (Phrase((tag,)) for tag in self.query.tags)
        for start, stop in analysis.spans(text, [*self.query.required, *tags]):
            parts += [escape(text[end:start]), Markup("<mark>{}</mark>").format(text[start:stop])]
            end = stop
        return Markup("").join([*parts, escape(text[end:])])

    def post(self, post: Post) -> Markup:
        """Return a post's text as HTML, marked between the tags, never inside one."""
        parts = TAG.split(to_html(post.body, post.mentioned))
        # Every second part is a tag.
        marked = (
            part if number % 2 else self.line(html.unescape(part))
            for number, part in enumerate(parts)
        )
        return Markup("".join(marked))  # noqa: S704 (each part is markup already)
