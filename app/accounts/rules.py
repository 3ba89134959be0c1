"""Rules for new names, addresses and passwords: each check raises `Problem` with the reason."""

from flask_babel import lazy_gettext as _l

from app.accounts import limits, names, passwords
from app.accounts.queries import email_is_taken, username_is_taken
from app.problems import Problem

# What stands below the field for a new password.
PASSWORD_HINT = _l(
    "At least %(min)s characters. A few words make a good one.", min=limits.PASSWORD_MIN
)


def check_new_username(username: str, *, reserved: bool = False) -> None:
    """Refuse a name that breaks the rule, is taken, or is `reserved` (unless those are allowed)."""
    if not names.is_well_formed(username):
        raise Problem(
            _l(
                "Use %(min)s to %(max)s letters (a to z), digits and underscores, beginning with"
                " a letter.",
                min=limits.USERNAME_MIN,
                max=limits.USERNAME_MAX,
            )
        )
    if not reserved and names.username_key(username) in names.RESERVED:
        raise Problem(_l("That name is kept for the site itself. Please choose another."))
    if username_is_taken(username):
        raise Problem(_l("Somebody has that name already. Please choose another."))


def check_email(email: str) -> None:
    """Refuse what is not an address."""
    if names.normal_email(email) is None:
        raise Problem(_l("That does not look like an e-mail address."))


def check_new_email(email: str) -> None:
    """Refuse what is not an address, or the address of a member."""
    check_email(email)
    if email_is_taken(names.normal_email(email) or ""):
        raise Problem(_l("That address cannot be used. If it is yours, sign in instead."))


def check_new_password(password: str, *personal: str) -> None:
    """Refuse a password that is too short, too long, or easily guessed."""
    too_long = passwords.is_too_long(password)
    length = limits.PASSWORD_MAX + 1 if too_long else len(passwords.normal(password))
    if length < limits.PASSWORD_MIN:
        raise Problem(_l("Use at least %(min)s characters.", min=limits.PASSWORD_MIN))
    if length > limits.PASSWORD_MAX:
        raise Problem(_l("Use at most %(max)s characters.", max=limits.PASSWORD_MAX))
    if passwords.is_common(password, *personal):
        raise Problem(_l("That password is easy to guess. Please choose another."))
