"""Forms about what is between members."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SubmitField

from app.forms import Form


class MuteForm(Form):
    """For how long somebody is muted: the keys of `limits.MUTE_DURATIONS`."""

    duration = SelectField(_l("For how long?"), default="day")
    submit = SubmitField(_l("Mute"))

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.duration.choices = [
            ("hour", _("An hour")),
            ("day", _("A day")),
            ("week", _("A week")),
            ("month", _("A month")),
            ("always", _("Until I undo it")),
        ]
