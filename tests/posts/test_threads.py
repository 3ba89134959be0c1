"""Paths: where answers stand, without a database."""

from itertools import pairwise

import pytest

from app.ids import MAX_ID
from app.posts import threads
from app.posts.limits import DEPTH_MAX, PATH_MAX
from app.posts.models import Post

ROOT = Post(id=7)


def answer(parent, post_id):
    return Post(id=post_id, parent_id=parent.id, path=threads.path_below(parent, post_id))


def chain(length):
    """Return posts of which each answers the one before; the first has the id 1."""
    posts = [Post(id=1)]
    while len(posts) < length:
        posts.append(answer(posts[-1], posts[-1].id + 1))
    return posts


def test_the_first_post_has_nothing_above_it():
    assert threads.ids_above(ROOT) == []


def test_an_answer_knows_the_whole_way():
    assert threads.ids_above(chain(5)[-1]) == [1, 2, 3, 4]


def test_paths_sort_in_the_order_of_reading():
    first, second = answer(ROOT, 8), answer(ROOT, 9)
    late = answer(first, 10)
    paths = [threads.path_of(post) for post in (ROOT, first, late, second)]
    assert paths == sorted(paths)


def test_what_was_answered_lies_before_the_end_of_a_post_and_nothing_else_does():
    first, second = answer(ROOT, 8), answer(ROOT, 9)
    below = threads.path_of(answer(answer(first, MAX_ID), 10))
    assert threads.path_of(first) < below < threads.end_of(threads.path_of(first))
    assert threads.end_of(threads.path_of(first)) < threads.path_of(second)


def test_no_path_outgrows_its_column():
    assert len(threads.path_of(chain(DEPTH_MAX + 10)[-1])) == PATH_MAX


def test_answers_to_the_deepest_post_stand_beside_it_in_the_order_they_were_written():
    *_others, deepest, beside, last = chain(DEPTH_MAX + 2)
    assert threads.ids_above(beside) == threads.ids_above(last) == threads.ids_above(deepest)
    assert deepest.path < beside.path < last.path


def test_all_answers_to_a_post_begin_with_its_root():
    posts = chain(DEPTH_MAX + 3)
    for parent, post in pairwise(posts):
        assert post.path.startswith(threads.root_of(parent))


@pytest.mark.parametrize("ids", [[], [1], [1, MAX_ID, 3]])
def test_ids_come_back_from_a_path(ids):
    assert threads.ids_in(threads.path_through(ids)) == ids
