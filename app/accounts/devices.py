"""What to call a browser in the list of sessions."""

from flask_babel import gettext as _
from ua_parser import parse


def browser_name(user_agent: str) -> str:
    """Return something like "Firefox on Linux" for a User-Agent header."""
    seen = parse(user_agent)
    browser = seen.user_agent.family if seen.user_agent else ""
    system = seen.os.family if seen.os else ""
    if browser and system:
        return _("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system or _("An unknown browser")
