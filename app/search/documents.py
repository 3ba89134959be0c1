"""What is indexed of a post and of a member: terms of the text, and marks to narrow a search.

Marks are terms of their own kinds, so that every engine can combine them with words.
"""

from collections import Counter

from app.accounts.models import User
from app.posts.models import Post
from app.search import analysis
from app.search.analysis import Phrase
from app.search.engine import Entry

EVERY = "a0x"
LONGEST_PHRASE = 32
REPEATS = 200


def post_entry(post: Post) -> Entry:
    """Return a post as it is indexed."""
    marks = [EVERY, author_mark(post.author_id), language_mark(post.language)]
    if post.is_reply:
        marks.append(kind_mark("reply"))
    return Entry(post.id, " ".join((*marks, terms_of(post.body))).rstrip())


def person_entry(user: User) -> Entry:
    """Return a member as they are indexed: by their names and what they say about themselves."""
    text = "\n".join((user.username, user.display_name, user.about_me, user.location))
    return Entry(user.id, f"{EVERY} {terms_of(text)}".rstrip())


def terms_of(text: str) -> str:
    """Return the terms of a text: words in their order, then single characters.

    A term counts `REPEATS` times at most, since PostgreSQL remembers no more places of one.
    """
    document = analysis.document(text)
    terms = [*document.words.split(), *dict.fromkeys(map(single, document.chars.split()))]
    if len(terms) > REPEATS:
        seen: Counter[str] = Counter()
        for place, term in enumerate(terms):
            seen[term] += 1
            if seen[term] > REPEATS:
                terms[place] = analysis.GAP
    return " ".join(terms)


def single(term: str) -> str:
    """Return the term of a character that stands for itself, apart from words."""
    return f"c{term[1:]}"


def searchable(phrase: Phrase) -> tuple[Phrase, ...]:
    """Return a phrase as engines are asked for it: short enough for all of them, and simple.

    Single characters are terms of their own kind. A beginning stands alone, beside the words before
    it: not every engine can look for both next to each other.
    """
    if phrase.in_chars:
        return (Phrase(tuple(map(single, phrase.terms))),)
    terms = phrase.terms[:LONGEST_PHRASE]
    if not phrase.is_prefix or len(phrase.terms) > LONGEST_PHRASE:
        return (Phrase(terms),)
    beginning = Phrase(terms[-1:], is_prefix=True)
    return (Phrase(terms[:-1]), beginning) if terms[:-1] else (beginning,)


def mark(term: str) -> Phrase:
    """Return a phrase that only a mark matches."""
    return Phrase((term,))


def author_mark(user_id: int) -> str:
    """Return the mark of everything that a member wrote."""
    return f"u0{user_id}"


def language_mark(language: str) -> str:
    """Return the mark of everything in a language."""
    return f"l0{language}"


def kind_mark(kind: str) -> str:
    """Return the mark of every post of a kind: "reply"."""
    return f"k0{kind}"
