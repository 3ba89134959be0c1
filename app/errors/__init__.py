"""The edge where things go wrong: one family of pages for every error."""

from app.errors.handlers import bp, register_errors

__all__ = ["bp", "register_errors"]
