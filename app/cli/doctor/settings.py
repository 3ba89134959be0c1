"""The settings: do they fit a site that others use, and does the file .env say what was meant?"""

from collections.abc import Iterator
from difflib import get_close_matches
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from dotenv import dotenv_values
from flask import current_app
from packaging.requirements import Requirement

from app.cli.doctor.findings import Finding, error, ok, warning
from config import BASE_DIR

ENV_FILE = BASE_DIR / ".env"
REQUIREMENTS = BASE_DIR / "requirements.txt"
# A key of random characters has many different ones.
FEWEST_CHARACTERS = 12
NEW_KEY = 'Set SECRET_KEY to what `python -c "import secrets; print(secrets.token_hex(32))"` prints'


def check_settings() -> Iterator[Finding]:
    """Look at what the settings say together; each by itself was checked at the start."""
    config = current_app.config
    if config["LIVE"]:
        yield ok(f"The site is live at {config['PUBLIC_URL']}.")
        yield from _check_live()
    else:
        yield warning(
            f"Only this machine is served: PUBLIC_URL is {config['PUBLIC_URL']}.",
            "Set PUBLIC_URL to the address that people type, when others are to use the site.",
        )
    if current_app.debug:
        yield warning("The debugger is on.", "Unset FLASK_DEBUG unless you are programming.")
    if config["WEB_CONCURRENCY"] > 1 and not config["REDIS_URL"]:
        yield warning(
            f"{config['WEB_CONCURRENCY']} web processes count limits on requests, each for itself.",
            "Set REDIS_URL, so that they count together.",
        )


def _check_live() -> Iterator[Finding]:
    config = current_app.config
    if config["PREFERRED_URL_SCHEME"] != "https":
        yield warning(
            "PUBLIC_URL begins with http: passwords can be read on their way.",
            "Serve HTTPS, and set PUBLIC_URL to that address.",
        )
    elif not config["PROXIES"]:
        yield error(
            "PROXIES is 0, but HTTPS is the work of a proxy in front: all visitors seem to come "
            "from its address and share one limit on sign-ins.",
            "Set PROXIES=1, or to the number of proxies in a row.",
        )
    if len(set(config["SECRET_KEY"])) < FEWEST_CHARACTERS:
        yield error(
            "SECRET_KEY is not random: whoever guesses it can sign in as anybody.",
            f"{NEW_KEY}. Everybody has to sign in anew then.",
        )
    if not config["ADMINS"]:
        yield warning(
            "ADMINS is empty: nobody is told when something breaks.",
            "Set ADMINS to your mail address.",
        )


def check_names(path: Path = ENV_FILE) -> Iterator[Finding]:
    """Find names in the file .env that look like a setting's, but are none."""
    known = [name for name in current_app.config if name.isupper()]
    for name in dotenv_values(path):
        close = get_close_matches(name, known, n=1, cutoff=0.8)
        if close and name not in known:
            yield warning(f"{path} sets {name}, which is no setting.", f"Is {close[0]} meant?")


def check_packages() -> Iterator[Finding]:
    """Compare what is installed with what this version of the site was tried with."""
    if not REQUIREMENTS.exists():
        return
    lines = (line.split("#")[0].strip() for line in REQUIREMENTS.read_text().splitlines())
    wanted = [Requirement(line) for line in lines if line]
    wanted = [each for each in wanted if each.marker is None or each.marker.evaluate()]
    different = [each.name for each in wanted if not _is_installed(each)]
    if different:
        yield warning(
            f"Other versions are installed than requirements.txt names: {', '.join(different)}.",
            "Run `.venv/bin/pip install -r requirements.txt` and restart web and worker.",
        )
    else:
        yield ok(f"The {len(wanted)} packages of requirements.txt are installed.")


def _is_installed(requirement: Requirement) -> bool:
    try:
        return requirement.specifier.contains(version(requirement.name))
    except PackageNotFoundError:
        return False
