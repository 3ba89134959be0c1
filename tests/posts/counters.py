"""What counters say against what is there."""

from collections import Counter

import sqlalchemy as sa

from app.accounts.models import User
from app.extensions import db
from app.posts.models import Like, Post
from app.relationships.models import Follow


def assert_counters_equal_rows() -> None:
    """Check the counters of every member and every post; nobody is out of view."""
    db.session.rollback()
    db.session.expire_all()
    written = _count(Post.author_id, Post.repost_of_id.is_(None))
    following, followed = _count(Follow.follower_id), _count(Follow.followed_id)
    for user in db.session.scalars(sa.select(User)):
        found = (user.posts_count, user.following_count, user.followers_count)
        assert found == (written[user.id], following[user.id], followed[user.id]), user
    likes, reposts, replies = (
        _count(column) for column in (Like.post_id, Post.repost_of_id, Post.parent_id)
    )
    for post in db.session.scalars(sa.select(Post)):
        found = (post.likes_count, post.reposts_count, post.replies_count)
        assert found == (likes[post.id], reposts[post.id], replies[post.id]), post


def _count(column: object, *conditions: object) -> Counter[int]:
    return Counter(db.session.scalars(sa.select(column).where(*conditions)))
