"""Forms of the notifications."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SubmitField
from wtforms.validators import AnyOf, Optional, Regexp

from app.forms import Form
from app.ids import MAX_ID
from app.notifications.models import Kind


class ReadForm(Form):
    """What was on the page that somebody has seen; the fields are the page's own."""

    # The newest of them; empty: whatever there is.
    until = HiddenField(validators=[Optional(), Regexp(r"[0-9]{1,19}\Z")])
    tab = HiddenField(validators=[Optional(), AnyOf(["mentions"])])
    submit = SubmitField(_l("Mark all as read"))

    def up_to(self) -> int:
        """Return the `latest_id` of the newest that was seen."""
        return min(int(self.until.data or MAX_ID), MAX_ID)


class NotificationSettingsForm(Form):
    """What to be told of: a checkbox for each kind, by its name."""

    reply = BooleanField(_l("Somebody answers a post of mine"))
    mention = BooleanField(_l("Somebody mentions me"))
    like = BooleanField(_l("Somebody likes a post of mine"))
    repost = BooleanField(_l("Somebody reposts a post of mine"))
    follow = BooleanField(_l("Somebody follows me"))
    submit = SubmitField(_l("Save changes"))

    def wanted(self) -> list[Kind]:
        """Return the kinds that are checked."""
        return [kind for kind in Kind if self[kind].data]
