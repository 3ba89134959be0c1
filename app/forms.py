"""What every form shares: clean fields, and validators with whole sentences."""

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import Field, StringField, TextAreaField, ValidationError
from wtforms.validators import StopValidation

from app.problems import Problem
from app.text.clean import (
    grapheme_count,
    has_hidden_characters,
    has_visible_characters,
    one_line,
    paragraphs,
)

Validator = Callable[["Form", Field], None]


class Form(FlaskForm):
    """The base of every form: reads text fields, and no files or JSON sent in their place."""

    class Meta(FlaskForm.Meta):
        """How wtforms reads the request."""

        def wrap_formdata(self, _form: FlaskForm, _formdata: Any) -> Any:
            """Return the text fields of a submitted form."""
            return request.form if request.method == "POST" else None


class ConfirmForm(Form):
    """A form with nothing in it but the proof that it is ours."""


class LineField(StringField):
    """One line of text, cleaned."""

    def __init__(self, label: str, validators: Any = (), **kwargs: Any) -> None:
        super().__init__(label, validators, filters=[one_line], **kwargs)


class ParagraphsField(TextAreaField):
    """Several lines of text, cleaned."""

    def __init__(self, label: str, validators: Any = (), **kwargs: Any) -> None:
        super().__init__(label, validators, filters=[paragraphs], **kwargs)


class Required:
    """Refuses a field that is empty once it is cleaned, in a sentence that fits any field."""

    field_flags = MappingProxyType({"required": True})

    def __init__(self, message: str | None = None) -> None:
        self.message = message or _l("Please fill this in.")

    def __call__(self, _form: Form, field: Field) -> None:
        """Stop here with the message if there is nothing to look at."""
        if not field.data:
            raise StopValidation(str(self.message))


def rule(check: Callable[[str], object]) -> Validator:
    """Make a validator of a function that raises `Problem` for a value it refuses."""

    def validate(_form: Form, field: Field) -> None:
        try:
            check(field.data)
        except Problem as problem:
            raise ValidationError(str(problem)) from problem

    return validate


def at_most(count: int, points: int | None = None) -> Validator:
    """Make a validator: at most `count` characters as people count them, `points` code points."""

    def validate(_form: Form, field: Field) -> None:
        check_length(field.data or "", count, points)

    return validate


def check_length(text: str, count: int, points: int | None = None) -> None:
    """Raise ValidationError with the number of characters to take out, if there are too many.

    One character as people see it may be built of any number of code points; `points` bounds them.
    """
    excess = grapheme_count(text) - count if len(text) > count else 0
    if excess > 0:
        raise ValidationError(
            ngettext(
                "That is one character too long.",
                "That is %(num)s characters too long.",
                excess,
            )
        )
    if points is not None and len(text) > points:
        raise ValidationError(_("That is too long."))


def plain_name(_form: Form, field: Field) -> None:
    """Validator: no characters that hide, or that turn the direction of what stands after them."""
    if field.data and (has_hidden_characters(field.data) or not has_visible_characters(field.data)):
        raise ValidationError(_("Leave out invisible and direction-changing characters."))
