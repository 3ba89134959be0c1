"""The counters of posts, when those whom they count go out of view or come back.

Actions flush; whoever calls them commits.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice

import sqlalchemy as sa

from app.accounts.models import User
from app.extensions import db
from app.posts.models import Like, Post

# (replies, reposts, likes): what one member added to a post.
Deeds = tuple[int, int, int]
PORTION = 500


def count_deeds(user: User, by: int) -> None:
    """Add `by` to the counters of all that a member liked, reposted and answered.

    -1 out of view, 1 back in it; their rows in `users` are locked.
    """
    # Known before anything is changed: MySQL does not change a table that it reads meanwhile.
    deeds = _deeds_of(user)
    # The newest first, as when a post is deleted that answers another.
    for ids in _portions(sorted(deeds, reverse=True)):
        _lock(ids)
        alike: dict[Deeds, list[int]] = defaultdict(list)
        for post_id in ids:
            alike[deeds[post_id]].append(post_id)
        for (replies, reposts, likes), posts in alike.items():
            db.session.execute(
                sa.update(Post)
                .where(Post.id.in_(posts))
                .values(
                    replies_count=Post.replies_count + by * replies,
                    reposts_count=Post.reposts_count + by * reposts,
                    likes_count=Post.likes_count + by * likes,
                )
                .execution_options(synchronize_session=False)
            )


def _deeds_of(user: User) -> dict[int, Deeds]:
    mine = Post.author_id == user.id
    found = (
        sa.select(Post.parent_id, sa.func.count()).where(mine, Post.parent_id.is_not(None)),
        sa.select(Post.repost_of_id, sa.func.count()).where(mine, Post.repost_of_id.is_not(None)),
        sa.select(Like.post_id, sa.func.count()).where(Like.user_id == user.id),
    )
    counted: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for place, query in enumerate(found):
        for post_id, count in db.session.execute(query.group_by(query.selected_columns[0])):
            counted[post_id][place] = count
    return {post_id: (counts[0], counts[1], counts[2]) for post_id, counts in counted.items()}


def _lock(ids: list[int]) -> None:
    query = sa.select(Post.id).where(Post.id.in_(ids)).order_by(Post.id.desc())
    db.session.execute(query.with_for_update(key_share=True)).all()


def _portions(ids: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(ids)
    while portion := list(islice(rest, PORTION)):
        yield portion
