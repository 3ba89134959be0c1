"""Signed tokens for links in mails: JSON Web Tokens (RFC 7519), each good for one purpose only.

A token is also sealed with facts about its subject, such as the password's hash. It holds no fact
itself, only a keyed digest of them; as soon as one of them changes, the token is worth nothing. So
a link that changes what it was sealed with works once, and nothing has to be stored.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta

import jwt
from flask import current_app

from app.clock import utcnow

ALGORITHM = "HS256"
REQUIRED = ["sub", "aud", "exp", "seal"]


@dataclass(frozen=True)
class Claim:
    """What a valid token says: whom or what it is about, and a seal that is yet to be checked."""

    purpose: str
    subject: int
    seal: str

    def is_sealed_with(self, *facts: str) -> bool:
        """Tell whether those are the facts that the token was made with."""
        return hmac.compare_digest(self.seal, _seal(self.purpose, facts))


def make_token(purpose: str, subject: int, *facts: str, lifetime: timedelta) -> str:
    """Return a token about `subject`, an id, that lives so long and dies when a fact changes."""
    claims = {
        "sub": str(subject),
        "aud": purpose,
        "exp": utcnow() + lifetime,
        "seal": _seal(purpose, facts),
    }
    return jwt.encode(claims, _key(purpose), ALGORITHM)


def read_token(token: str, *purposes: str) -> Claim | None:
    """Return what a token says if we made it, for one of those purposes, and it has not expired."""
    for purpose in purposes:
        try:
            claims = jwt.decode(
                token,
                _key(purpose),
                [ALGORITHM],
                audience=purpose,
                options={"require": REQUIRED},
            )
        except jwt.InvalidTokenError:
            continue
        return Claim(purpose, int(claims["sub"]), claims["seal"])
    return None


def _seal(purpose: str, facts: tuple[str, ...]) -> str:
    return hmac.new(_key(purpose), "\0".join(facts).encode(), hashlib.sha256).hexdigest()[:32]


def _key(purpose: str) -> bytes:
    # A key for each purpose, so that no mix-up of claims can turn one kind of link into another.
    secret = current_app.config["SECRET_KEY"].encode()
    return hmac.new(secret, f"token {purpose}".encode(), hashlib.sha256).digest()
