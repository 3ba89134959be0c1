"""What it means that a document has a phrase, said as simply as can be: engines must agree."""

from app.search.analysis import Document, Phrase, document, phrase


def has(found_in: Document, wanted: Phrase) -> bool:
    terms = (found_in.chars if wanted.in_chars else found_in.words).split()
    *first, last = wanted.terms
    return any(
        terms[i : i + len(first)] == first
        and (term.startswith(last) if wanted.is_prefix else term == last)
        for i, term in enumerate(terms[len(first) :])
    )


def finds(typed: str, text: str, *, prefix: bool = False) -> bool:
    wanted = phrase(typed, prefix=prefix)
    return wanted is not None and has(document(text), wanted)
