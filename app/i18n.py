"""Languages: which one a page is written in, and what templates know about it."""

from typing import Any

from babel import Locale
from babel.numbers import format_compact_decimal, format_decimal
from babel.units import format_unit
from flask import Flask, current_app, has_request_context, request
from flask_babel import get_locale
from flask_login import current_user

from app.extensions import babel

LANGUAGE_COOKIE = "lang"
SIZE_UNITS = ("byte", "kilobyte", "megabyte", "gigabyte", "terabyte")


def init_app(app: Flask) -> None:
    """Bind Flask-Babel and give templates the language, its direction and its numbers."""
    babel.init_app(app, locale_selector=select_language)
    app.context_processor(template_names)
    app.jinja_env.filters |= {"number": number, "compact": compact, "file_size": file_size}


def select_language() -> str:
    """Choose the member's setting, else the cookie, else what the browser asks for."""
    offered = current_app.config["LANGUAGES"]
    if not has_request_context():
        return offered[0]
    for choice in (getattr(current_user, "locale", None), request.cookies.get(LANGUAGE_COOKIE)):
        if choice in offered:
            return choice
    return request.accept_languages.best_match(offered) or offered[0]


def language_names() -> list[tuple[str, str]]:
    """Return (code, name in the language itself) of every language offered."""
    locales = ((code, Locale.parse(code)) for code in current_app.config["LANGUAGES"])
    named = ((code, locale.get_display_name()) for code, locale in locales)
    return [(code, name[:1].upper() + name[1:]) for code, name in named]


def template_names() -> dict[str, Any]:
    """Return what the page layout needs to know about the language."""
    locale = get_locale()
    return {
        "locale": str(locale).replace("_", "-"),
        "text_direction": locale.text_direction,
        "languages": language_names(),
    }


def number(value: int) -> str:
    """Return a number as the reader writes it: 12,345."""
    return format_decimal(value, locale=get_locale())


def compact(value: int) -> str:
    """Return a number in short: 12K."""
    return format_compact_decimal(value, locale=get_locale(), fraction_digits=1)


def file_size(size: int) -> str:
    """Return a number of bytes in short, as the reader writes it: 1.2 MB."""
    power = min((len(str(size)) - 1) // 3, len(SIZE_UNITS) - 1)
    unit = f"digital-{SIZE_UNITS[power]}"
    return format_unit(size / 1000**power, unit, "short", "#,##0.#", locale=get_locale())
