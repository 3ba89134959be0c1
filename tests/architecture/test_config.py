"""Settings are strict: a wrong value stops the start with one line that names the variable."""

import os
import subprocess
import sys

import pytest

from app import create_app
from config import BASE_DIR, Config, ConfigError

LONG_KEY = "k" * 10 + "Zq7-random-enough-for-a-live-site"


def config(tmp_path, **env: str) -> Config:
    return Config({"SECRET_KEY": LONG_KEY} | env, instance=tmp_path)


WRONG = [
    *(("PORT", text) for text in ("0", "65536", "-1", "5e3", "80.0", "http", "５０００")),
    ("PORT", "9" * 5000),
    ("WEB_CONCURRENCY", "0"),
    ("WEB_CONCURRENCY", "many"),
    ("PROXIES", "-1"),
    ("PROXIES", "yes"),
    ("POST_MAX_LENGTH", "0"),
    ("POST_MAX_LENGTH", "1000000"),
    ("POSTS_PER_PAGE", "0"),
    ("POSTS_PER_PAGE", "101"),
    ("REGISTRATION", "Open"),
    ("REGISTRATION", "invite"),
    ("GRAVATAR", "maybe"),
    ("LOG_LEVEL", "LOUD"),
    ("LANGUAGES", "en,tlh"),
    ("LANGUAGES", ","),
    ("LANGUAGES", "../../etc"),
    ("DATABASE_URL", "microblog.db"),
    ("DATABASE_URL", "oracle://somewhere/db"),
    ("DATABASE_URL", "sqlite"),
    ("DATABASE_URL", "postgresql://user@host:port/db"),
    *(
        ("PUBLIC_URL", value)
        for value in (
            "microblog.example",
            "ftp://microblog.example",
            "https://",
            "https:///path",
            "https://user@microblog.example",
            "https://user:pw@microblog.example",
            "https://microblog.example/path",
            "https://microblog.example?x=1",
            "https://microblog.example#top",
            "https://microblog.example:0",
            "https://microblog.example:65536",
            "https://microblog.example:",
            "https://microblog.example:https",
            "https://[::1",
            "https://micro blog.example",
            "https://microblog.example\\@evil.example",
            "javascript://microblog.example",
        )
    ),
]


@pytest.mark.parametrize(("name", "value"), WRONG, ids=lambda text: text[:40])
def test_wrong_value_stops_the_start_with_one_line_that_names_it(tmp_path, name, value):
    with pytest.raises(ConfigError) as caught:
        config(tmp_path, **{name: value})
    message = str(caught.value)
    assert name in message
    assert "\n" not in message
    # Ends the process with that line on standard error and status 1.
    assert isinstance(caught.value, SystemExit)
    assert caught.value.code == message


def test_driver_that_is_not_installed_stops_the_start_with_one_line(tmp_path):
    with pytest.raises(ConfigError, match="DATABASE_URL"):
        create_app(config(tmp_path, DATABASE_URL="postgresql+nodriver://user@host/db"))


def test_wrong_value_ends_a_command_without_a_traceback():
    env = {"PATH": os.environ["PATH"], "PORT": "abc", "SECRET_KEY": LONG_KEY}
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "microblog", "users", "list"],
        cwd=BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    line = "Configuration error: PORT must be a whole number from 1 to 65535, not 'abc'."
    assert done.stderr.strip().splitlines() == [line]


def test_site_starts_with_nothing_set_but_a_key(tmp_path):
    plain = config(tmp_path)
    assert plain.PUBLIC_URL == "http://127.0.0.1:5000"
    assert plain.LIVE is False
    assert plain.SESSION_COOKIE_SECURE is False
    assert (tmp_path / "app.db").as_posix() in plain.SQLALCHEMY_DATABASE_URI


def test_key_is_read_from_the_file_that_make_run_writes(tmp_path):
    (tmp_path / "secret_key").write_text(f"{LONG_KEY}\n")
    assert Config({}, instance=tmp_path).SECRET_KEY == LONG_KEY


def test_key_of_the_environment_goes_before_the_file(tmp_path):
    (tmp_path / "secret_key").write_text("from the file")
    assert config(tmp_path).SECRET_KEY == LONG_KEY


def test_missing_key_stops_the_start(tmp_path):
    with pytest.raises(ConfigError, match="SECRET_KEY"):
        Config({}, instance=tmp_path)


@pytest.mark.parametrize("empty", ["", "   "])
def test_empty_value_counts_as_not_set(tmp_path, empty):
    assert config(tmp_path, PORT=empty, PUBLIC_URL=empty).PUBLIC_URL == "http://127.0.0.1:5000"


@pytest.mark.parametrize("key", ["dev", "changeme", "you-will-never-guess", "x" * 31])
def test_live_site_refuses_a_known_or_short_key_and_a_local_one_takes_it(tmp_path, key):
    assert key == config(tmp_path, SECRET_KEY=key).SECRET_KEY
    with pytest.raises(ConfigError, match="SECRET_KEY") as caught:
        config(tmp_path, SECRET_KEY=key, PUBLIC_URL="https://microblog.example")
    # A key is not told to whoever reads the log.
    assert key not in str(caught.value).replace("random characters", "")


def test_live_site_refuses_debug_mode_and_a_local_one_takes_it(tmp_path, monkeypatch):
    monkeypatch.setenv("FLASK_DEBUG", "1")
    assert create_app(config(tmp_path)).debug
    with pytest.raises(ConfigError, match="FLASK_DEBUG"):
        create_app(config(tmp_path, PUBLIC_URL="https://microblog.example"))


@pytest.mark.parametrize(
    ("url", "server_name", "live", "secure"),
    [
        ("http://127.0.0.1:8000", "127.0.0.1:8000", False, False),
        ("http://127.8.9.1", "127.8.9.1", False, False),
        ("http://[::1]:5000", "[::1]:5000", False, False),
        ("http://localhost:5000/", "localhost:5000", False, False),
        ("https://blog.localhost", "blog.localhost", False, True),
        ("http://192.168.1.7:5000", "192.168.1.7:5000", True, False),
        ("http://0.0.0.0:5000", "0.0.0.0:5000", True, False),
        ("https://Microblog.Example/", "microblog.example", True, True),
        ("https://microblog.example:8443", "microblog.example:8443", True, True),
        ("https://localhost.evil.example", "localhost.evil.example", True, True),
    ],
)
def test_public_address_decides_the_rest(tmp_path, url, server_name, live, secure):
    made = config(tmp_path, PUBLIC_URL=url)
    assert server_name == made.SERVER_NAME
    assert made.LIVE is live
    assert made.SESSION_COOKIE_SECURE is made.REMEMBER_COOKIE_SECURE is secure
    if live:
        assert [server_name.rsplit(":", 1)[0]] == made.TRUSTED_HOSTS


@pytest.mark.parametrize(
    ("url", "uri"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql+psycopg://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("mysql://u:p@h/d", "mysql+pymysql://u:p@h/d"),
        ("mariadb://u:p@h/d", "mariadb+pymysql://u:p@h/d"),
        ("sqlite:////tmp/x.db", "sqlite:////tmp/x.db"),
    ],
)
def test_database_address_gets_the_driver_that_is_installed(tmp_path, url, uri):
    assert uri == config(tmp_path, DATABASE_URL=url).SQLALCHEMY_DATABASE_URI


def test_languages_are_all_there_are_and_can_be_fewer(tmp_path):
    assert {"en", "es"} <= set(config(tmp_path).LANGUAGES)
    fewer = config(tmp_path, LANGUAGES=" es , en ")
    assert (fewer.LANGUAGES, fewer.BABEL_DEFAULT_LOCALE) == (["es", "en"], "es")


@pytest.mark.parametrize(("text", "value"), [("1", True), ("true", True), ("0", False)])
def test_yes_and_no(tmp_path, text, value):
    assert config(tmp_path, GRAVATAR=text).GRAVATAR is value
