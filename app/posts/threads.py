"""Where answers stand in a conversation.

An answer keeps the whole way to it: the ids of the posts above, from the first one on, and its own,
eight bytes each with the highest first. So all that was answered to a post, and to those answers,
stands in the index next to each other in the order of reading; what was answered to what is known
also when a post in between is deleted; and nothing of it is ever rewritten.

Below `limits.DEPTH_MAX` posts, an answer stands beside the one that it answers, not below it.
"""

from collections.abc import Iterable

from app.posts import limits
from app.posts.models import Post

ID_BYTES = 8


def path_of(post: Post) -> bytes:
    """Return the way to a post: its own path, or for the first of a conversation just its id."""
    return post.path or _bytes(post.id)


def path_below(parent: Post, post_id: int) -> bytes:
    """Return the path of a post that answers `parent`."""
    return root_of(parent) + _bytes(post_id)


def ids_above(post: Post) -> list[int]:
    """Return the ids of the posts above one, from the first of the conversation on."""
    return ids_in(path_of(post)[:-ID_BYTES])


def root_of(post: Post) -> bytes:
    """Return what the paths of all answers to a post begin with.

    Those to the deepest posts stand beside them, in the row that the posts themselves are in.
    """
    return path_of(post)[: limits.PATH_MAX - ID_BYTES]


def end_of(path: bytes) -> bytes:
    """Return what stands in the index behind a post and everything that was answered to it."""
    return path + b"\xff" * ID_BYTES


def ids_in(path: bytes) -> list[int]:
    """Return the ids that a path, or a part of one, is made of."""
    places = range(0, len(path), ID_BYTES)
    return [int.from_bytes(path[place : place + ID_BYTES]) for place in places]


def path_through(ids: Iterable[int]) -> bytes:
    """Return the path, or the part of one, that is made of those ids."""
    return b"".join(map(_bytes, ids))


def _bytes(post_id: int) -> bytes:
    return post_id.to_bytes(ID_BYTES)
