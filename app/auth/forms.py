"""Forms for signing in and joining."""

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
        [Required(), rule(rules.check_new_email)],
        description=_l("Only you and the administrators see it."),
    )
    password = PasswordField(
        _l("Password"),
        [Required()],
        description=_l(
            "At least %(min)s characters. A few words make a good one.", min=limits.PASSWORD_MIN
        ),
    )
    submit = SubmitField(_l("Join"))

    def validate_password(self, field: PasswordField) -> None:
        """Refuse an easily guessed password, the person's own name among them."""
        personal = (self.username.data or "", self.email.data or "")
        rule(lambda password: rules.check_new_password(password, *personal))(self, field)
