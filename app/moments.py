"""Times on pages: Flask-Moment's markup, made to fit a strict page.

As shipped, Flask-Moment hides every time until moment.js has run, by an inline style and script
that our Content-Security-Policy forbids. This subclass draws a complete `<time>` element: readable
text from the server, in the reader's language, and Flask-Moment's data attributes, by which the
script `static/js/behaviors/times.js` refines it to the reader's clock. moment.js is not needed.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import flask_moment
from babel.dates import format_date, format_time, format_timedelta, get_datetime_format
from flask import Flask
from flask_babel import get_locale
from markupsafe import Markup

from app.clock import utcnow

RECENT = timedelta(days=7)
UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
NEVER = 10**9  # a threshold that keeps Babel from choosing another unit
# moment.js's names of the formats we use, as CLDR patterns' lengths: (date, time).
FORMATS = {"LL": "date", "LLL": "datetime"}


class Timestamp(flask_moment.moment):
    """One moment in time, to be drawn with `fromNow()` or `format("LL")` in a template."""

    def _render(
        self,
        func: str,
        format: str | None = None,  # noqa: A002 (the name that the base class gives it)
        refresh: bool = False,
        **_unused: Any,
    ) -> Markup:
        moment = self.timestamp.astimezone(UTC)
        full = _date_and_time(moment)
        if func == "fromNow":
            text = _relative(moment)
        elif FORMATS.get(format or "") == "date":
            text = _date(moment)
        else:
            text = full
        return Markup(
            '<time class="flask-moment" datetime="{iso}" title="{full}" data-timestamp="{iso}"'
            ' data-function="{func}" data-format="{format}" data-refresh="{refresh}">{text}</time>'
        ).format(
            iso=moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
            full=full,
            func=func,
            format=format or "",
            refresh=int(refresh) * 60_000,
            text=text,
        )


class Moment(flask_moment.Moment):
    """Flask-Moment with our `Timestamp`, as a Jinja global so that imported macros see it too."""

    def init_app(self, app: Flask) -> None:
        """Give templates `moment(timestamp)`."""
        app.extensions["moment"] = Timestamp
        app.jinja_env.globals["moment"] = Timestamp


def _relative(moment: datetime) -> str:
    age = utcnow() - moment
    if age > RECENT:
        return _date(moment)
    # Whole units, rounded down, as the script does it: a time must not change when that has run.
    seconds = max(1, int(age.total_seconds()))
    unit, size = next((unit, size) for unit, size in UNITS if seconds >= size)
    age = timedelta(seconds=seconds // size * size)
    return format_timedelta(
        -age, granularity=unit, threshold=NEVER, add_direction=True, locale=get_locale()
    )


def _date(moment: datetime) -> str:
    return format_date(moment, "medium", locale=get_locale())


def _date_and_time(moment: datetime) -> str:
    locale = get_locale()
    date = format_date(moment, "long", locale=locale)
    time = format_time(moment, "short", locale=locale)
    pattern = str(get_datetime_format("medium", locale=locale))
    return pattern.replace("{1}", date).replace("{0}", f"{time} UTC").replace("'", "")
