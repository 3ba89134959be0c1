"""Which hashtags a post has, and who follows them."""

from functools import partial

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.extensions import db
from app.posts import actions as posts
from app.posts import hashtags, limits
from app.posts.models import Hashtag, HashtagFollow, Post, Tagging
from app.problems import Problem
from app.text import marks
from tests.browsing import at_once
from tests.factories import make_post


def tags_of(post):
    db.session.rollback()
    query = sa.select(Hashtag.key).join(Tagging, Tagging.hashtag_id == Hashtag.id)
    return set(db.session.scalars(query.where(Tagging.post_id == post.id)))


def names():
    db.session.rollback()
    return set(db.session.scalars(sa.select(Hashtag.name)))


def followed(user):
    db.session.rollback()
    return [hashtag.name for hashtag in hashtags.hashtags_followed_by(user)]


def test_post_has_the_hashtags_of_its_text(ana):
    post = make_post(ana, "Low #tide at the #Harbour, #tide! #café #東京 a#b")
    assert tags_of(post) == {"tide", "harbour", "cafe", "東京"}
    assert tags_of(make_post(ana, "none")) == set()


def test_hashtag_is_one_row_named_as_it_was_written_first(ana):
    one, other = make_post(ana, "#Café"), make_post(ana, "#cafe")
    assert tags_of(one) == tags_of(other) == {"cafe"}
    assert names() == {"Café"}


def test_changed_text_changes_the_hashtags(ana):
    post = make_post(ana, "#low #tide")
    posts.edit(post, "#tide #noon")
    db.session.commit()
    assert tags_of(post) == {"tide", "noon"}
    posts.edit(db.session.get_one(Post, post.id), "nothing")
    db.session.commit()
    assert tags_of(post) == set()


def test_deleted_post_leaves_its_hashtags(ana):
    post = make_post(ana, "#tide")
    posts.delete(post)
    db.session.commit()
    assert db.session.scalars(sa.select(Tagging)).all() == []
    assert names() == {"tide"}


def test_hashtag_with_as_many_marks_as_text_may_have_fits_its_column(ana):
    for word in ("x" * 64, "東" * 64, "e\u0301\u0302\u0303" * 62, "👨‍👩‍👧" * 20):
        make_post(ana, f"#{word}")
    assert all(len(name) <= limits.HASHTAG_COLUMN for name in names())


def test_first_use_by_several_at_once_is_one_hashtag(app, ana, bob, carla):
    def write(user_id):
        posts.publish(db.session.get_one(User, user_id), "#new #tide #harbour #low")
        db.session.commit()

    ids = [user.id for user in (ana, bob, carla)]
    at_once(app, *(partial(write, user_id) for user_id in ids))
    assert names() == {"new", "tide", "harbour", "low"}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Tagging)) == 12


def test_following_is_told_once_and_undone_once(ana):
    tide = marks.hashtag("Tide")
    assert hashtags.follow_hashtag(ana, tide) is True
    assert hashtags.follow_hashtag(ana, marks.hashtag("tide")) is False
    db.session.commit()
    assert followed(ana) == ["Tide"]
    assert hashtags.unfollow_hashtag(ana, marks.hashtag("TIDE")) is True
    assert hashtags.unfollow_hashtag(ana, tide) is False
    db.session.commit()
    assert followed(ana) == []


def test_unfollowing_what_nobody_ever_used_writes_nothing(ana):
    assert hashtags.unfollow_hashtag(ana, marks.hashtag("tide")) is False
    assert names() == set()


def test_following_from_many_windows_at_once_is_following_once(app, ana):
    user_id = ana.id

    def follow():
        hashtags.follow_hashtag(db.session.get_one(User, user_id), marks.hashtag("tide"))
        db.session.commit()

    at_once(app, *[follow] * 4)
    assert followed(ana) == ["tide"]


def test_nobody_follows_more_than_fit(ana):
    rows = [{"key": f"tag{n}", "name": f"tag{n}"} for n in range(limits.HASHTAGS_FOLLOWED_MAX)]
    db.session.execute(sa.insert(Hashtag), rows)
    ids = db.session.scalars(sa.select(Hashtag.id)).all()
    db.session.add_all(HashtagFollow(user_id=ana.id, hashtag_id=number) for number in ids)
    db.session.commit()
    assert hashtags.follow_hashtag(ana, marks.hashtag("tag1")) is False
    with pytest.raises(Problem, match="100 hashtags"):
        hashtags.follow_hashtag(ana, marks.hashtag("beyond"))
    db.session.rollback()
    assert "beyond" not in names()
