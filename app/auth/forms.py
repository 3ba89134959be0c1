"""Forms for signing in and joining."""

from flask import current_app
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, SubmitField

from app.accounts import limits, rules
from app.forms import Form, LineField, Required, rule


class LoginForm(Form):
    """Sign in."""

    username = LineField(_l("Username or e-mail address"), [Required()])
    password = PasswordField(_l("Password"), [Required()])
    remember_me = BooleanField(_l("Stay signed in on this device"))
    submit = SubmitField(_l("Sign in"))


class ResetRequestForm(Form):
    """Ask for a link to a new password."""

    email = LineField(_l("E-mail address"), [Required(), rule(rules.check_email)])
    submit = SubmitField(_l("Send me a link"))


class NewPasswordForm(Form):
    """A new password, by a link from a message."""

    password = PasswordField(
        _l("New password"),
        [Required()],
        description=rules.PASSWORD_HINT,
    )
    submit = SubmitField(_l("Set new password"))

    def __init__(self, *personal: str) -> None:
        super().__init__()
        self.personal = personal

    def validate_password(self, field: PasswordField) -> None:
        """Refuse an easily guessed password, the member's own name among them."""
        rule(lambda password: rules.check_new_password(password, *self.personal))(self, field)


class RegistrationForm(Form):
    """Join."""

    username = LineField(
        _l("Username"),
        [Required(), rule(rules.check_new_username)],
        description=_l(
            "%(min)s to %(max)s letters (a to z), digits and underscores, beginning with a letter."
            " Everybody sees it.",
            min=limits.USERNAME_MIN,
            max=limits.USERNAME_MAX,
        ),
    )
    email = LineField(
        _l("E-mail address"),
        [Required()],
        description=_l("Only you and the administrators see it."),
    )
    password = PasswordField(
        _l("Password"),
        [Required()],
        description=rules.PASSWORD_HINT,
    )
    submit = SubmitField(_l("Join"))

    def validate_email(self, field: LineField) -> None:
        """Refuse what is no address; and one that is taken, unless only its owner is told so."""
        told_by_mail = current_app.config["CONFIRM_EMAIL"]
        rule(rules.check_email if told_by_mail else rules.check_new_email)(self, field)

    def validate_password(self, field: PasswordField) -> None:
        """Refuse an easily guessed password, the person's own name among them."""
        personal = (self.username.data or "", self.email.data or "")
        rule(lambda password: rules.check_new_password(password, *personal))(self, field)
