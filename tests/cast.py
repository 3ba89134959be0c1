"""The cast: Ana writes, Bob follows Ana, Carla is a stranger to both."""

import pytest
from flask import Flask

from app.accounts.models import User
from tests.factories import make_follow, make_user


@pytest.fixture
def ana(app: Flask) -> User:
    """Return Ana, who writes."""
    return make_user("ana", display_name="Ana")


@pytest.fixture
def bob(app: Flask, ana: User) -> User:
    """Return Bob, who follows Ana."""
    user = make_user("bob", display_name="Bob")
    make_follow(user, ana)
    return user


@pytest.fixture
def carla(app: Flask) -> User:
    """Return Carla, whom nobody knows."""
    return make_user("carla", display_name="Carla")
