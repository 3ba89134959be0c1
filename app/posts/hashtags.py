"""Which hashtags a post has."""

import unicodedata

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.posts import limits
from app.posts.models import Hashtag, Post, Tagging
from app.text import marks


def hashtag_key(word: str) -> str:
    """Return the key under which a hashtag is unique."""
    return unicodedata.normalize("NFKC", word).casefold()


def tag(post: Post) -> None:
    """Join a post to the hashtags in its text, and to no others."""
    wanted = {}
    for mark in marks.hashtags(post.body):
        key = hashtag_key(mark.word)
        if len(key) <= limits.HASHTAG_MAX and len(wanted) < limits.HASHTAGS_MAX:
            wanted.setdefault(key, mark.word)
    had = set(db.session.scalars(sa.select(Tagging.hashtag_id).where(Tagging.post_id == post.id)))
    # In the order of keys, so that no two who write the same ones wait for each other.
    has = {_id_of(key, wanted[key]) for key in sorted(wanted)}
    for hashtag_id in had - has:
        gone = sa.delete(Tagging).where(
            Tagging.post_id == post.id, Tagging.hashtag_id == hashtag_id
        )
        db.session.execute(gone)
    db.session.add_all(
        Tagging(hashtag_id=hashtag_id, post_id=post.id) for hashtag_id in sorted(has - had)
    )
    db.session.flush()


def _id_of(key: str, name: str) -> int:
    query = sa.select(Hashtag.id).where(Hashtag.key == key)
    found = db.session.scalar(query)
    if found is not None:
        return found
    hashtag = Hashtag(key=key, name=name)
    try:
        with db.session.begin_nested():
            db.session.add(hashtag)
    except IntegrityError:  # somebody else wrote it first
        return db.session.scalars(query).one()
    return hashtag.id
