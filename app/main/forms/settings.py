"""Forms of the settings pages."""

import re
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import PasswordField, SelectField, SubmitField, ValidationError

from app.accounts import limits, rules
from app.accounts.names import email_key, normal_email
from app.forms import Form, LineField, ParagraphsField, Required, at_most, plain_name, rule
from app.i18n import language_names
from app.text.clean import has_hidden_characters

# No name before the host: "https://bank.example@elsewhere.example" leads elsewhere.
WEB_ADDRESS = re.compile(r"https?://[^\s/?#@\\]+(?:[/?#][^\s\\]*)?", re.IGNORECASE)


class ProfileForm(Form):
    """What members say about themselves."""

    display_name = LineField(
        _l("Name"),
        [at_most(limits.NAME_MAX, limits.NAME_COLUMN), plain_name],
        description=_l("Shown above your posts. Leave it empty to go by your username."),
    )
    about_me = ParagraphsField(
        _l("About you"),
        [at_most(limits.ABOUT_ME_MAX, limits.ABOUT_ME_COLUMN)],
        description=_l("Up to %(max)s characters.", max=limits.ABOUT_ME_MAX),
    )
    location = LineField(
        _l("Place"), [at_most(limits.LOCATION_MAX, limits.LOCATION_COLUMN), plain_name]
    )
    website = LineField(
        _l("Website"),
        [at_most(limits.WEBSITE_MAX, limits.WEBSITE_MAX)],
        description=_l("An address that begins with https:// or http://."),
    )
    submit = SubmitField(_l("Save changes"))

    def validate_website(self, field: LineField) -> None:
        """Accept web addresses only: other schemes can run code in a reader's browser."""
        if field.data and not _is_web_address(field.data):
            raise ValidationError(_("Write a whole address, such as https://example.org."))


class LanguageForm(Form):
    """The language of the pages."""

    locale = SelectField(_l("Language"))
    submit = SubmitField(_l("Save changes"))

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.locale.choices = [("", _("Same as my browser")), *language_names()]


class ChangeEmailForm(Form):
    """A new address."""

    email = LineField(_l("New e-mail address"), [Required(), rule(rules.check_email)])
    password = PasswordField(_l("Password"), [Required()])
    submit = SubmitField(_l("Change address"))

    def validate_email(self, field: LineField) -> None:
        """Refuse the address that the member has already."""
        if email_key(normal_email(field.data) or "") == current_user.email_key:
            raise ValidationError(_("That is your address already."))


class ChangePasswordForm(Form):
    """A new password."""

    current_password = PasswordField(_l("Current password"), [Required()])
    password = PasswordField(
        _l("New password"),
        [Required()],
        description=rules.PASSWORD_HINT,
    )
    submit = SubmitField(_l("Change password"))

    def validate_password(self, field: PasswordField) -> None:
        """Refuse an easily guessed password, the member's own name among them."""
        personal = (current_user.username, current_user.email)
        rule(lambda password: rules.check_new_password(password, *personal))(self, field)


class DeleteAccountForm(Form):
    """Leave for good."""

    password = PasswordField(_l("Password"), [Required()])
    submit = SubmitField(_l("Delete my account"))


def _is_web_address(text: str) -> bool:
    if has_hidden_characters(text) or not WEB_ADDRESS.fullmatch(text):
        return False
    try:
        return bool(urlsplit(text).hostname) and urlsplit(text).port != 0
    except ValueError:
        return False
