"""The edge where people read and write."""

from flask import Blueprint

bp = Blueprint("main", __name__)

from app.main.routes import health, posts, profiles, relationships, settings, timelines  # noqa: E402, F401
