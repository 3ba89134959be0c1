"""Hashtags: which ones a post has, and who follows them. Actions flush; whoever calls them commits.

What is a hashtag, and which two are the same, `text.marks` says.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import ngettext
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager

from app.accounts.models import User
from app.accounts.queries import locked
from app.extensions import db
from app.posts import limits
from app.posts.models import Hashtag, HashtagFollow, Post, Tagging
from app.posts.queries import shown_to
from app.problems import Problem
from app.text import marks
from app.text.marks import Mark


def tag(post: Post) -> None:
    """Join a post to the hashtags in its text, and to no others."""
    has = set(_ids_of(marks.hashtags(post.body)))
    had = set(db.session.scalars(sa.select(Tagging.hashtag_id).where(Tagging.post_id == post.id)))
    if had - has:
        gone = sa.delete(Tagging).where(
            Tagging.post_id == post.id, Tagging.hashtag_id.in_(had - has)
        )
        db.session.execute(gone)
    db.session.add_all(
        Tagging(hashtag_id=hashtag_id, post_id=post.id) for hashtag_id in sorted(has - had)
    )
    db.session.flush()


def follow_hashtag(user: User, mark: Mark) -> bool:
    """Let a member follow a hashtag, used or not. Returns False where nothing changed.

    Raises Problem if they follow as many as one can. Safe to repeat and race.
    """
    locked([user.id])
    if _follow_of(user, mark) is not None:
        return False
    followed = sa.select(sa.func.count()).where(HashtagFollow.user_id == user.id)
    if db.session.scalars(followed).one() >= limits.HASHTAGS_FOLLOWED_MAX:
        raise Problem(
            ngettext(
                "You can follow one hashtag. Unfollow another one first.",
                "You can follow %(num)s hashtags. Unfollow another one first.",
                limits.HASHTAGS_FOLLOWED_MAX,
            )
        )
    (hashtag_id,) = _ids_of([mark])
    db.session.add(HashtagFollow(user_id=user.id, hashtag_id=hashtag_id))
    db.session.flush()
    return True


def unfollow_hashtag(user: User, mark: Mark) -> bool:
    """Undo `follow_hashtag`. Returns False where nothing changed."""
    locked([user.id])
    found = _follow_of(user, mark)
    if found is None:
        return False
    db.session.delete(found)
    db.session.flush()
    return True


def posts_with(mark: Mark, viewer: Any) -> sa.Select[tuple[Post]]:
    """Return the query for what a viewer is shown of a hashtag; page it by `Tagging.post_id`."""
    hashtag_id = sa.select(Hashtag.id).where(Hashtag.key == mark.key).scalar_subquery()
    query = shown_to(viewer).join(Tagging, Tagging.post_id == Post.id)
    return query.where(Tagging.hashtag_id == hashtag_id)


def follows_hashtag(user: User, mark: Mark) -> bool:
    """Tell whether a member follows a hashtag."""
    return _follow_of(user, mark) is not None


def hashtags_followed_by(user: User) -> Sequence[Hashtag]:
    """Return the hashtags that a member follows, in the order of their keys."""
    query = sa.select(HashtagFollow).join(HashtagFollow.hashtag)
    query = query.options(contains_eager(HashtagFollow.hashtag))
    query = query.where(HashtagFollow.user_id == user.id).order_by(Hashtag.key)
    return [follow.hashtag for follow in db.session.scalars(query)]


def _follow_of(user: User, mark: Mark) -> HashtagFollow | None:
    query = sa.select(HashtagFollow).join(HashtagFollow.hashtag)
    return db.session.scalar(query.where(HashtagFollow.user_id == user.id, Hashtag.key == mark.key))


def _ids_of(found: Iterable[Mark]) -> list[int]:
    """Return the ids of hashtags, written where nobody used them before."""
    names: dict[str, str] = {}
    for mark in found:
        names.setdefault(mark.key, mark.word)
    if not names:
        return []
    known = sa.select(Hashtag.key, Hashtag.id).where(Hashtag.key.in_(names))
    ids: dict[str, int] = dict(db.session.execute(known).all())
    # In the order of keys, so that no two who write the same ones wait for each other.
    for key in sorted(names.keys() - ids.keys()):
        ids[key] = _written(key, names[key])
    return list(ids.values())


def _written(key: str, name: str) -> int:
    hashtag = Hashtag(key=key, name=name)
    try:
        with db.session.begin_nested():
            db.session.add(hashtag)
    except IntegrityError:  # somebody else wrote it first
        return db.session.scalars(sa.select(Hashtag.id).where(Hashtag.key == key)).one()
    return hashtag.id
