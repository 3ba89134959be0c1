"""What the address of a search says."""

from dataclasses import dataclass

from flask import abort, request

from app.ids import MAX_ID
from app.search.parser import MAX_QUERY

TABS = ("posts", "people")
ORDERS = ("best", "newest")
FIRST = (2**63, MAX_ID)


@dataclass(frozen=True)
class SearchAddress:
    """A search as its address has it: the words, which tab, in which order, from where on."""

    text: str
    tab: str
    order: str
    start: tuple[int, int]

    @property
    def is_first(self) -> bool:
        """Whether this is the first page of results."""
        return self.start == FIRST

    @classmethod
    def from_request(cls) -> "SearchAddress":
        """Read `?q=&tab=&order=&start=`; an address that no page of ours leads to is a 404."""
        tab, order = request.args.get("tab", TABS[0]), request.args.get("order", ORDERS[0])
        if tab not in TABS or order not in ORDERS:
            abort(404)
        text = " ".join(request.args.get("q", "")[: 2 * MAX_QUERY].split())
        return cls(text, tab, order, _start(request.args.get("start")))


def _start(text: str | None) -> tuple[int, int]:
    if text is None:
        return FIRST
    parts = text.split("-")
    if len(parts) != len(FIRST) or not all(p.isascii() and p.isdigit() for p in parts):
        abort(404)
    if any(len(part) > len(str(MAX_ID)) for part in parts):
        abort(404)
    return int(parts[0]), min(int(parts[1]), MAX_ID)
