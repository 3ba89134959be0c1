"""Forms for writing."""

import secrets

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SubmitField, ValidationError

from app.forms import Form, ParagraphsField, Required, check_length
from app.posts.limits import POINTS_PER_CHARACTER
from app.text.clean import has_visible_characters


class PostForm(Form):
    """Write a post, or change one."""

    body = ParagraphsField(_l("Your post"), [Required(_l("Write something first."))])
    form_key = HiddenField(default=lambda: secrets.token_hex(16))
    submit = SubmitField(_l("Post"))

    def validate_body(self, field: ParagraphsField) -> None:
        """Hold the post to the site's limit; there has to be something to see in it."""
        if not has_visible_characters(field.data):
            raise ValidationError(_("Write something first."))
        limit = current_app.config["POST_MAX_LENGTH"]
        check_length(field.data, limit, limit * POINTS_PER_CHARACTER)
