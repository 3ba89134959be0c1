"""The site's settings: read from the environment once, checked at once.

Every setting is an attribute of `Config` with its reason beside it; the table in README.md lists
the same names. A wrong value stops the start with one line that names the variable.
"""

import ipaddress
import os
import re
from collections.abc import Mapping
from datetime import timedelta
from email.utils import formataddr
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

BASE_DIR = Path(__file__).resolve().parent
TRANSLATIONS = BASE_DIR / "app" / "translations"
SHORTEST_LIVE_KEY = 32
KIB = 1024
DATABASES = {"sqlite", "postgresql", "mysql", "mariadb"}
DRIVERS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
}
REDIS = {"redis", "rediss"}
BROKERS = REDIS | {"amqp", "amqps"}
SMTP_PORT, SUBMISSION_PORT, SMTPS_PORT = 25, 587, 465
MAIL_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+", re.ASCII)
MAIL_SENDER = re.compile(r'"?(?P<name>[^<>@"\r\n]*?)"? *<(?P<address>[^<>]+)>')
HOST = re.compile(r"[\w.:-]+", re.ASCII)
LISTEN_ADDRESS = re.compile(r"(?P<host>[0-9.]+|\[[0-9a-f:.]+\]):(?P<port>[0-9]{1,5})", re.ASCII)
# Scheme, host name or address, port: nothing else.
SITE_URL = re.compile(r"https?://([\w.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", re.ASCII)


class ConfigError(SystemExit):
    """A setting that cannot be used. Ends the process with its message and without a traceback."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"Configuration error: {name} {problem}")


class Config:
    """Settings of one site, as attributes that `app.config.from_object` reads.

    `env` maps names to strings (default: the process's environment). Raises `ConfigError`.
    """

    def __init__(self, env: Mapping[str, str] | None = None, instance: Path | None = None) -> None:
        env = os.environ if env is None else env
        # Everything the site writes: database, key, outbox, log, the embedded broker.
        instance = BASE_DIR / "instance" if instance is None else instance
        instance = self.DATA_DIR = read_folder(env, "DATA_DIR", instance)

        # Where the web process listens, and how many processes answer.
        self.HOST = read_text(env, "HOST", "127.0.0.1")
        self.PORT = read_int(env, "PORT", 5000, 1, 65535)
        self.WEB_CONCURRENCY = read_int(env, "WEB_CONCURRENCY", 1, 1, 256)

        # The address people use. The scheme and host of every link, the hosts that are answered,
        # Secure cookies, and whether the site is live (not on loopback) all follow from it.
        self.PUBLIC_URL = read_url(env, "PUBLIC_URL", f"http://127.0.0.1:{self.PORT}")
        self.PREFERRED_URL_SCHEME, self.SERVER_NAME = self.PUBLIC_URL.split("://", 1)
        hostname = urlsplit(self.PUBLIC_URL).hostname or ""
        self.LIVE = not is_loopback(hostname)
        self.TRUSTED_HOSTS = [hostname] if self.LIVE else [hostname, "127.0.0.1", "localhost"]
        # Reverse proxies in front whose X-Forwarded-* headers are believed.
        self.PROXIES = read_int(env, "PROXIES", 0, 0, 10)

        # Signs sessions and tokens. `make run` writes one into instance/ when none is given.
        self.SECRET_KEY = read_secret_key(env, instance, live=self.LIVE)

        # Any SQLAlchemy address of SQLite, PostgreSQL or MySQL/MariaDB.
        self.DATABASE_URL = read_text(env, "DATABASE_URL", f"sqlite:///{instance / 'app.db'}")
        self.SQLALCHEMY_DATABASE_URI = with_driver(self.DATABASE_URL)
        # Values of a failed statement are what people wrote: not for the log.
        self.SQLALCHEMY_ENGINE_OPTIONS = {"pool_pre_ping": True, "hide_parameters": True}
        if not self.SQLALCHEMY_DATABASE_URI.startswith("sqlite"):
            # What is read after a lock was waited for must be what the other one wrote.
            self.SQLALCHEMY_ENGINE_OPTIONS["isolation_level"] = "READ COMMITTED"

        # What this place is called, and who may come in.
        self.SITE_NAME = " ".join(read_text(env, "SITE_NAME", "Microblog").split())
        self.REGISTRATION = read_choice(env, "REGISTRATION", "open", {"open", "closed"})
        # Longest post, in characters as people count them.
        self.POST_MAX_LENGTH = read_int(env, "POST_MAX_LENGTH", 500, 1, 20_000)
        self.POSTS_PER_PAGE = read_int(env, "POSTS_PER_PAGE", 25, 1, 100)
        # Languages offered (all there are, by default); the first is also the last resort.
        self.LANGUAGES = read_languages(env, "LANGUAGES")
        # Lay pictures from gravatar.com over the local ones (tells it about every page view).
        self.GRAVATAR = read_bool(env, "GRAVATAR", default=False)

        # The server that takes mail. Without one, messages become files in DATA_DIR/outbox.
        self.MAIL_SERVER = read_host(env, "MAIL_SERVER")
        # STARTTLS, or TLS from the first byte. The server's certificate is checked.
        self.MAIL_USE_TLS = read_bool(env, "MAIL_USE_TLS", default=False)
        self.MAIL_USE_SSL = read_bool(env, "MAIL_USE_SSL", default=False)
        if self.MAIL_USE_TLS and self.MAIL_USE_SSL:
            raise ConfigError("MAIL_USE_SSL", "and MAIL_USE_TLS exclude each other: set one.")
        self.MAIL_PORT = read_int(env, "MAIL_PORT", self._usual_mail_port(), 1, 65535)
        self.MAIL_USERNAME = read_text(env, "MAIL_USERNAME", "") or None
        self.MAIL_PASSWORD = read_text(env, "MAIL_PASSWORD", "") or None
        if bool(self.MAIL_USERNAME) != bool(self.MAIL_PASSWORD):
            raise ConfigError("MAIL_PASSWORD", "and MAIL_USERNAME belong together: set both.")
        # Whom messages come from.
        domain = hostname if self.LIVE and not is_address(hostname) else "localhost"
        sender = (self.SITE_NAME, f"noreply@{domain}")
        self.MAIL_DEFAULT_SENDER = read_sender(env, "MAIL_DEFAULT_SENDER", sender)
        # Not in tests either; and never the conversation with the server on standard error.
        self.MAIL_SUPPRESS_SEND, self.MAIL_DEBUG = False, 0
        # Who is told by mail when something breaks.
        self.ADMINS = read_addresses(env, "ADMINS")
        # Members prove that their address is theirs before they come in.
        self.CONFIRM_EMAIL = read_bool(env, "CONFIRM_EMAIL", default=False)
        if self.CONFIRM_EMAIL and self.LIVE and not self.MAIL_SERVER:
            raise ConfigError("CONFIRM_EMAIL", "needs MAIL_SERVER on a live site.")

        # Who carries word of new jobs to the worker; without one, files in DATA_DIR/broker do.
        self.CELERY_BROKER_URL = read_service(
            env, "CELERY_BROKER_URL", BROKERS, "redis://host:6379 or amqp://host"
        )

        # Counts requests for all web processes together; without it each counts alone.
        self.REDIS_URL = read_service(env, "REDIS_URL", REDIS, "redis://host:6379")
        # Where figures for Prometheus are served, apart from the site: host:port.
        self.METRICS_ADDRESS = read_listen_address(env, "METRICS_ADDRESS")
        if self.METRICS_ADDRESS.endswith(f":{self.PORT}"):
            raise ConfigError("METRICS_ADDRESS", "needs a port of its own, not that of the site.")

        # A server that searches, beside the index in the database; see docs/search.md.
        self.ELASTICSEARCH_URL = read_service(
            env, "ELASTICSEARCH_URL", {"http", "https"}, "https://name:password@host:9200"
        )

        # One JSON object per line on standard output, instead of standard error and a file.
        self.LOG_TO_STDOUT = read_bool(env, "LOG_TO_STDOUT", default=False)
        # Least severe message that is logged.
        self.LOG_LEVEL = read_choice(
            env, "LOG_LEVEL", "INFO", {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}
        )

        # Fixed habits: not read from the environment.
        https = self.PREFERRED_URL_SCHEME == "https"
        self.SESSION_COOKIE_SECURE = self.REMEMBER_COOKIE_SECURE = https
        self.SESSION_COOKIE_HTTPONLY = self.REMEMBER_COOKIE_HTTPONLY = True
        self.SESSION_COOKIE_SAMESITE = self.REMEMBER_COOKIE_SAMESITE = "Lax"
        self.REMEMBER_COOKIE_DURATION = timedelta(days=30)
        # A signed-in session is a database row; Flask-Login's own fingerprint check is not needed.
        self.SESSION_PROTECTION = None
        # A token lives as long as its session, so that a form left open over lunch still works.
        self.WTF_CSRF_TIME_LIMIT = None
        # The Origin check in security.py replaces the Referer check, which privacy tools break.
        self.WTF_CSRF_SSL_STRICT = False
        # Room for the longest post in family emoji, written as %F0%9F…: 75 bytes a character.
        self.MAX_CONTENT_LENGTH = max(512 * KIB, 100 * self.POST_MAX_LENGTH)
        self.MAX_FORM_MEMORY_SIZE = self.MAX_CONTENT_LENGTH
        self.MAX_FORM_PARTS = 100
        self.SEND_FILE_MAX_AGE_DEFAULT = timedelta(days=365)
        self.RATELIMIT_STRATEGY = "moving-window"
        self.BABEL_DEFAULT_LOCALE = self.LANGUAGES[0]
        self.BABEL_DEFAULT_TIMEZONE = "UTC"

    def _usual_mail_port(self) -> int:
        if self.MAIL_USE_SSL:
            return SMTPS_PORT
        return SUBMISSION_PORT if self.MAIL_USE_TLS else SMTP_PORT


def read_text(env: Mapping[str, str], name: str, default: str) -> str:
    """Return the variable's text without surrounding space; an empty one counts as not set."""
    return env.get(name, "").strip() or default


def read_int(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    """Return a whole number between `low` and `high`."""
    text = read_text(env, name, str(default))
    plain = text.isascii() and text.isdigit() and len(text) <= len(str(high))
    if not (plain and low <= int(text) <= high):
        raise ConfigError(name, f"must be a whole number from {low} to {high}, not {text!r}.")
    return int(text)


def read_bool(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    """Return a yes or a no."""
    text = read_choice(env, name, "1" if default else "0", {"1", "0", "true", "false"})
    return text in {"1", "true"}


def read_choice(env: Mapping[str, str], name: str, default: str, choices: set[str]) -> str:
    """Return one of `choices`."""
    text = read_text(env, name, default)
    if text not in choices:
        raise ConfigError(name, f"must be one of {', '.join(sorted(choices))}, not {text!r}.")
    return text


def read_url(env: Mapping[str, str], name: str, default: str) -> str:
    """Return an http(s) address of a whole host, without a slash at the end."""
    url = read_text(env, name, default).lower().removesuffix("/")
    match = SITE_URL.fullmatch(url)
    try:
        usable = match and urlsplit(url).hostname and urlsplit(url).port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ConfigError(name, f"must look like https://microblog.example, not {url!r}.")
    return url


def read_languages(env: Mapping[str, str], name: str) -> list[str]:
    """Return language codes, each with a catalogue under app/translations (English is built in)."""
    catalogues = sorted(path.parent.name for path in TRANSLATIONS.glob("*/LC_MESSAGES"))
    known = ["en", *catalogues]
    codes = [code.strip() for code in read_text(env, name, ",".join(known)).split(",")]
    for code in codes:
        if code not in known:
            raise ConfigError(name, f"names {code!r}; there is: {', '.join(known)}.")
    return codes


def read_secret_key(env: Mapping[str, str], instance: Path, *, live: bool) -> str:
    """Return the key from the environment, or else from instance/secret_key."""
    key_file = instance / "secret_key"
    key = read_text(env, "SECRET_KEY", key_file.read_text().strip() if key_file.exists() else "")
    if not key:
        raise ConfigError("SECRET_KEY", "is not set. `make run` makes one, or set it yourself.")
    if live and len(key) < SHORTEST_LIVE_KEY:
        raise ConfigError("SECRET_KEY", f"needs {SHORTEST_LIVE_KEY} random characters when live.")
    return key


def read_host(env: Mapping[str, str], name: str) -> str:
    """Return the name or address of a server, without scheme and port; nothing by default."""
    text = read_text(env, name, "")
    if text and (not HOST.fullmatch(text) or (":" in text and not is_address(text))):
        raise ConfigError(name, f"must be the name of a host, nothing else, not {text!r}.")
    return text


def read_folder(env: Mapping[str, str], name: str, default: Path) -> Path:
    """Return a folder; it is made when it is needed."""
    path = Path(read_text(env, name, str(default))).resolve()
    if path.exists() and not path.is_dir():
        raise ConfigError(name, f"must be a folder, and {path} is none.")
    return path


def read_sender(env: Mapping[str, str], name: str, default: tuple[str, str]) -> str:
    """Return a sender as headers have it: an address, or a name and an address in <>."""
    text = read_text(env, name, "")
    if not text:
        return formataddr(default)
    match = MAIL_SENDER.fullmatch(text)
    sender, address = (match["name"], match["address"]) if match else ("", text)
    return formataddr((sender, checked_address(name, address)))


def read_addresses(env: Mapping[str, str], name: str) -> list[str]:
    """Return the addresses of a list with commas; none by default."""
    texts = read_text(env, name, "").split(",")
    return [checked_address(name, text.strip()) for text in texts if text.strip()]


def checked_address(name: str, text: str) -> str:
    """Return a mail address if it looks like one; a host of one's own network will do."""
    if not MAIL_ADDRESS.fullmatch(text):
        raise ConfigError(name, f"names {text!r}, which is no mail address.")
    return text


def read_service(env: Mapping[str, str], name: str, schemes: set[str], example: str) -> str:
    """Return the address of a server, perhaps with name and password; none by default."""
    url = read_text(env, name, "")
    try:
        parts = urlsplit(url)
        usable = not url or (parts.scheme in schemes and bool(parts.hostname) and parts.port != 0)
    except ValueError:
        usable = False
    if not usable:
        raise ConfigError(name, f"must look like {example} (or be left out).")
    return url


def read_listen_address(env: Mapping[str, str], name: str) -> str:
    """Return an address to listen on, such as 127.0.0.1:9191; none by default."""
    text = read_text(env, name, "")
    match = LISTEN_ADDRESS.fullmatch(text)
    usable = match and is_address(match["host"].strip("[]")) and 0 < int(match["port"]) < 65536
    if text and not usable:
        raise ConfigError(name, f"must look like 127.0.0.1:9191, not {text!r}.")
    return text


def with_driver(url: str) -> str:
    """Name the drivers that requirements.txt installs; `postgres://` is Heroku's spelling."""
    scheme, separator, rest = url.partition("://")
    url = f"{DRIVERS.get(scheme, scheme)}{separator}{rest}"
    try:
        dialect = make_url(url).get_dialect()
    except (ArgumentError, ValueError):
        dialect = None
    if dialect is None or dialect.name not in DATABASES:
        raise ConfigError("DATABASE_URL", "must be an address of SQLite, PostgreSQL or MySQL.")
    return url


def is_loopback(hostname: str) -> bool:
    """Tell whether only this machine can use that host name."""
    if is_address(hostname):
        return ipaddress.ip_address(hostname).is_loopback
    return hostname == "localhost" or hostname.endswith(".localhost")


def is_address(hostname: str) -> bool:
    """Tell whether that is an IP address rather than a name."""
    try:
        ipaddress.ip_address(hostname)
    except ValueError:
        return False
    return True
