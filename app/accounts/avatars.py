"""The picture of a member who has none: drawn from the name, the same everywhere."""

import hashlib
from dataclasses import dataclass

from flask import current_app

from app.accounts.models import User
from app.text.clean import first_grapheme

HUES = 12
SIZE = 44


@dataclass(frozen=True)
class AvatarArt:
    """What the avatar component draws: a ground in one of `HUES`, a circle, an initial.

    The circle is in units of a picture `SIZE` wide. `gravatar` is a picture's address, or None.
    """

    hue: int
    initial: str
    cx: int
    cy: int
    r: int
    gravatar: str | None


def avatar_art(user: User) -> AvatarArt:
    """Return a member's picture; made from the username, so that it stays when the name changes."""
    digest = hashlib.sha256(user.username_key.encode()).digest()
    return AvatarArt(
        hue=digest[0] % HUES,
        initial=first_grapheme(user.name).upper(),
        cx=digest[1] % SIZE,
        cy=digest[2] % SIZE,
        r=12 + digest[3] % 14,
        gravatar=_gravatar(user) if current_app.config["GRAVATAR"] else None,
    )


def _gravatar(user: User) -> str:
    digest = hashlib.sha256(user.email_key.encode()).hexdigest()
    # d=blank: people without a picture there get a transparent one, and ours shows through.
    return f"https://www.gravatar.com/avatar/{digest}?s=88&d=blank"
