"""Limits of what is between members."""

from datetime import timedelta

# For how long somebody can be muted; None: until it is taken back.
MUTE_DURATIONS: dict[str, timedelta | None] = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
    "always": None,
}
