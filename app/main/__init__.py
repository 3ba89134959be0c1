"""The edge where people read and write."""

from flask import Blueprint

from app.accounts.avatars import avatar_art
from app.accounts.devices import browser_name

bp = Blueprint("main", __name__)
bp.add_app_template_global(avatar_art)
bp.add_app_template_filter(browser_name)

from app.main import badges  # noqa: E402, F401 (it registers what templates may ask)
from app.main.routes import (  # noqa: E402, F401 (the routes register themselves on bp)
    blocks,
    bookmarks,
    hashtags,
    health,
    jobs,
    likes,
    messages,
    mutes,
    notifications,
    posts,
    profiles,
    relationships,
    reposts,
    search,
    settings,
    suggestions,
    timelines,
)
