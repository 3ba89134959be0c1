"""Whom a member may mean who begins to type a name after an @."""

from collections.abc import Iterable

from app.accounts.limits import NAME_MAX, USERNAME_MAX
from app.accounts.models import User
from app.accounts.names import USERNAME, username_key
from app.extensions import db
from app.relationships.queries import followed_among, followed_by, people_for
from app.search.analysis import Phrase, phrase, spans
from app.search.documents import searchable
from app.search.embedded import embedded
from app.search.engine import Collection, Lookup
from app.text.clean import one_line

SHOWN = 6
# So many of those who match are put in order.
COMPARED = 100
# Whatever the collation, hardly anything that begins with the same letters comes later.
LAST = "z" * USERNAME_MAX


def people_to_name(member: User, typed: str) -> list[User]:
    """Return a few people whom a member may mean: first those whom they follow, then by the match.

    `typed` begins a username, or a word of somebody's name.
    """
    text = one_line(typed[:NAME_MAX])
    key = username_key(text)
    found: dict[int, User] = {}
    if USERNAME.fullmatch(text):
        found |= _by_id(_with_username(member, key))
    wanted = phrase(text, prefix=True)
    if wanted is not None:
        found |= _by_id(_with_name(member, wanted))
    found.pop(member.id, None)
    followed = followed_among(member, found) if found else set()

    def place(user: User) -> tuple[object, ...]:
        begins, is_it = user.username_key.startswith(key), user.username_key == key
        return user.id not in followed, not is_it, not begins, -user.followers_count, user.id

    return sorted(found.values(), key=place)[:SHOWN]


def _with_username(member: User, key: str) -> Iterable[User]:
    begins = User.username_key.startswith(key, autoescape=True)
    followed = followed_by(member, member).where(begins)
    yield from db.session.scalars(followed.order_by(User.followers_count.desc()).limit(SHOWN))
    # The range is what the index of usernames is asked for.
    everybody = people_for(member).where(User.username_key.between(key, key + LAST), begins)
    yield from db.session.scalars(everybody.order_by(User.username_key).limit(COMPARED))


def _with_name(member: User, wanted: Phrase) -> Iterable[User]:
    ids = embedded().find(Collection.PEOPLE, Lookup(searchable(wanted)), COMPARED)
    query = people_for(member).where(User.id.in_(ids))
    for user in db.session.scalars(query) if ids else ():
        # Most are found by what they say about themselves.
        if spans(user.display_name, [wanted]):
            yield user


def _by_id(people: Iterable[User]) -> dict[int, User]:
    return {user.id: user for user in people}
