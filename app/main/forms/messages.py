"""Forms of private messages."""

import secrets

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SubmitField, ValidationError
from wtforms.fields import SelectChoice

from app.accounts.models import MessagesFrom
from app.forms import Form, ParagraphsField, Required, check_length
from app.messages.limits import MESSAGE_MAX, MESSAGE_POINTS
from app.text.clean import has_visible_characters


class MessageForm(Form):
    """Write to one member.

    The field is not called as that of a post is: what was meant for one person is nothing to a form
    that publishes, whatever sends it there.
    """

    message = ParagraphsField(_l("Your message"), [Required(_l("Write something first."))])
    form_key = HiddenField(default=lambda: secrets.token_hex(16))
    submit = SubmitField(_l("Send"))

    def validate_message(self, field: ParagraphsField) -> None:
        """Hold the message to its limit; there has to be something to see in it."""
        if not has_visible_characters(field.data):
            raise ValidationError(_("Write something first."))
        check_length(field.data, MESSAGE_MAX, MESSAGE_POINTS)


class MessageSettingsForm(Form):
    """Whose messages a member takes."""

    messages_from = RadioField(
        _l("Who may write to you"),
        choices=[
            SelectChoice(MessagesFrom.EVERYONE, _l("Everyone")),
            SelectChoice(MessagesFrom.FOLLOWED, _l("People you follow")),
            SelectChoice(MessagesFrom.NOBODY, _l("Nobody")),
        ],
        description=_l("Whomever you write to can always answer."),
    )
    submit = SubmitField(_l("Save changes"))
