"""@names and #hashtags in running text."""

from collections.abc import Iterator
from dataclasses import dataclass

import regex

# The @ or # stands where a word could begin: not in an e-mail address, not inside a link.
_NAME = regex.compile(r"(?<![\w@.+/-])[@＠]([A-Za-z][A-Za-z0-9_]{1,29})(?![\w@]|\.\w)")
_TAG = regex.compile(r"(?<![\w&/#＃])[#＃]((?=\w*[^\W\d_])\w+)")


@dataclass(frozen=True)
class Mark:
    """One @name or #hashtag: where it stands, and the word without its sign."""

    start: int
    end: int
    word: str


def names(text: str) -> Iterator[Mark]:
    """Yield every @name of a text that could be a username."""
    return (Mark(match.start(), match.end(), match[1]) for match in _NAME.finditer(text))


def hashtags(text: str) -> Iterator[Mark]:
    """Yield every #hashtag of a text."""
    return (Mark(match.start(), match.end(), match[1]) for match in _TAG.finditer(text))
