"""In which order matches are shown when the best come first.

The same for every engine, because it is worked out here, from the terms of the newest matches:

    rank = moment of publication + BOOST * how well the text matches (0 to 1)

So a perfect match stands beside a poor one that was written `BOOST` later. A text matches well
when what was looked for makes up much of it and is repeated (BM25's term for frequency and length;
rarity is left out, since every match has every word). Time is absolute, so the order does not
change while somebody turns pages.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from app.ids import RANDOM_BITS
from app.search.analysis import Phrase

# Only so many of the newest matches are compared; older ones are found with "newest first".
COMPARED = 300
BOOST = timedelta(days=60) // timedelta(milliseconds=1)
# BM25's constants: how soon repetition stops counting, and how much length counts.
SATURATION, LENGTH_WEIGHT = 1.2, 0.75
USUAL_LENGTH = 30


def ranked(terms: Mapping[int, str], phrases: Iterable[Phrase]) -> list[tuple[int, int]]:
    """Return (rank, id) of every document, the best first; `terms` maps ids to indexed terms."""
    needles = [(" ".join(phrase.terms), phrase.is_prefix) for phrase in phrases]
    ranks = ((rank(post_id, text, needles), post_id) for post_id, text in terms.items())
    return sorted(ranks, reverse=True)


def rank(post_id: int, text: str, needles: list[tuple[str, bool]]) -> int:
    """Return the rank of one post, in milliseconds."""
    return (post_id >> RANDOM_BITS) + round(BOOST * likeness(text, needles))


def likeness(text: str, needles: list[tuple[str, bool]]) -> float:
    """Return how well indexed terms match, from 0 to 1."""
    if not needles:
        return 0.0
    haystack = f" {text} "
    norm = SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * text.count(" ") / USUAL_LENGTH)
    total = 0.0
    for needle, is_prefix in needles:
        whole = haystack.count(f" {needle} ")
        # The beginning of a word is half a match.
        found = whole + (haystack.count(f" {needle}") - whole) / 2 if is_prefix else whole
        total += found / (found + norm)
    return total / len(needles)
