"""What every engine can do, in the terms of `analysis`; nothing here knows posts or members.

A collection is a set of documents of one kind, each with an id that grows with time. An engine
finds ids, the greatest first. Whether a reader may see what it finds, and in which order it is
shown, is decided by `queries`, alike for every engine.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from app.ids import MAX_ID
from app.search.analysis import Phrase


class Collection(StrEnum):
    """What can be searched."""

    POSTS = "posts"
    PEOPLE = "people"


@dataclass(frozen=True)
class Entry:
    """One document as it is indexed: its id, and its terms with a space between each."""

    id: int
    terms: str


@dataclass(frozen=True)
class Lookup:
    """What to find: documents with all of these phrases and none of those, between two ids.

    A phrase whose end is open is one term (`documents.searchable` sees to it).
    """

    required: tuple[Phrase, ...]
    excluded: tuple[Phrase, ...] = ()
    above: int = 0
    below: int = MAX_ID


class SearchEngine(Protocol):
    """An index that can be asked, and kept up to date."""

    name: str

    def find(self, collection: Collection, lookup: Lookup, limit: int) -> Sequence[int]:
        """Return the ids of at most `limit` documents, the greatest first."""

    def put(self, collection: Collection, entries: Iterable[Entry]) -> None:
        """Add documents, or replace those with the same ids."""

    def remove(self, collection: Collection, ids: Iterable[int]) -> None:
        """Remove documents; ids that are not there do no harm."""

    def ids(self, collection: Collection, above: int, limit: int) -> Sequence[int]:
        """Return the least ids greater than `above`, in order: to compare and to count."""
