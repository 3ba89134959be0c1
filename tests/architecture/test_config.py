"""Settings are strict: a wrong value stops the start with one line that names the variable."""

import os
import subprocess
import sys
from email.header import decode_header, make_header
from email.utils import parseaddr

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
            "https://b\u00fccher.example",
        )
    ),
    *(("MAIL_PORT", text) for text in ("0", "65536", "smtp", "-25", "587.0")),
    *(
        ("MAIL_SERVER", text)
        for text in ("smtp://mail.example", "mail.example:587", "mail.example/x", "a b", "a\nb")
    ),
    *(
        (name, text)
        for name in ("MAIL_USE_TLS", "MAIL_USE_SSL", "CONFIRM_EMAIL", "LOG_TO_STDOUT")
        for text in ("yes", "2", "TRUE", "on")
    ),
    *(
        ("MAIL_DEFAULT_SENDER", text)
        for text in (
            "nobody",
            "@example.com",
            "ana@",
            "Ana <ana>",
            "Ana <ana@example.com",
            "ana@example.com, bob@example.com",
            "ana@example.com\nBcc: x@example.com",
            "Ana\nBcc: x <ana@example.com>",
            "ni\u00f1o@example.com",
            "a b@example.com",
        )
    ),
    *(
        ("ADMINS", text)
        for text in (
            "ana",
            "ana@example.com bob@example.com",
            "ana@example.com;bob@example.com",
            "ana@example.com, bob",
            "Ana <ana@example.com>",
            "ana@example.com\nBcc: x@example.com",
            "ni\u00f1o@example.com",
        )
    ),
    *(
        ("CELERY_BROKER_URL", text)
        for text in (
            "localhost:6379",
            "redis",
            "http://localhost",
            "sqla+sqlite:///x.db",
            "memory://",
            "filesystem://",
            "unix:///run/redis.sock",
            "redis://localhost:port/0",
            "redis://localhost:65536/0",
            "REDIS",
        )
    ),
    *(("REDIS_URL", text) for text in ("localhost:6379", "amqp://localhost", "redis://:secret@")),
    *(
        ("METRICS_ADDRESS", text)
        for text in (
            "9191",
            ":9191",
            "localhost:9191",
            "127.0.0.1",
            "127.0.0.1:0",
            "127.0.0.1:65536",
            "127.0.0.1:5000",
            "1.2.3:9191",
            "::1:9191",
            "http://127.0.0.1:9191",
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


TOGETHER = [
    ("MAIL_USE_SSL", {"MAIL_USE_SSL": "1", "MAIL_USE_TLS": "1"}),
    ("MAIL_PASSWORD", {"MAIL_USERNAME": "ana"}),
    ("MAIL_PASSWORD", {"MAIL_PASSWORD": "a secret of the post office"}),
    ("CONFIRM_EMAIL", {"CONFIRM_EMAIL": "1", "PUBLIC_URL": "https://microblog.example"}),
]


@pytest.mark.parametrize(("name", "env"), TOGETHER, ids=lambda value: str(value)[:40])
def test_settings_that_do_not_fit_together_stop_the_start(tmp_path, name, env):
    with pytest.raises(ConfigError, match=name) as caught:
        config(tmp_path, **env)
    assert "\n" not in str(caught.value)
    assert "a secret of the post office" not in str(caught.value)


@pytest.mark.parametrize(
    "env",
    [
        {"CONFIRM_EMAIL": "1"},
        {
            "CONFIRM_EMAIL": "1",
            "PUBLIC_URL": "https://microblog.example",
            "MAIL_SERVER": "mail.example",
        },
    ],
)
def test_addresses_can_be_confirmed_where_messages_can_be_read(tmp_path, env):
    assert config(tmp_path, **env).CONFIRM_EMAIL is True


def test_without_settings_nobody_is_told_and_messages_stay_here(tmp_path):
    plain = config(tmp_path)
    assert (plain.MAIL_SERVER, plain.ADMINS, plain.CELERY_BROKER_URL) == ("", [], "")
    assert (plain.CONFIRM_EMAIL, plain.LOG_TO_STDOUT) == (False, False)
    assert (plain.MAIL_USERNAME, plain.MAIL_PASSWORD) == (None, None)
    assert plain.MAIL_DEFAULT_SENDER == "Microblog <noreply@localhost>"


@pytest.mark.parametrize(
    ("env", "port"),
    [
        ({}, 25),
        ({"MAIL_USE_TLS": "1"}, 587),
        ({"MAIL_USE_SSL": "true"}, 465),
        ({"MAIL_USE_SSL": "1", "MAIL_PORT": "2465"}, 2465),
    ],
)
def test_port_follows_from_the_encryption(tmp_path, env, port):
    assert port == config(tmp_path, MAIL_SERVER="mail.example", **env).MAIL_PORT


@pytest.mark.parametrize("server", ["mail.example", "localhost", "192.0.2.1", "::1", "smtp"])
def test_mail_server_is_a_name_or_an_address(tmp_path, server):
    assert server == config(tmp_path, MAIL_SERVER=server).MAIL_SERVER


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("ana@example.com", "", "ana@example.com"),
        ("<ana@example.com>", "", "ana@example.com"),
        ("Ana <ana@example.com>", "Ana", "ana@example.com"),
        ('"Harbour, Ltd." <ana@example.com>', "Harbour, Ltd.", "ana@example.com"),
        (
            "\u0413\u0430\u0432\u0430\u043d\u044c <a@example.com>",
            "\u0413\u0430\u0432\u0430\u043d\u044c",
            "a@example.com",
        ),
        ("root@localhost", "", "root@localhost"),
    ],
)
def test_sender_is_written_as_headers_have_it(tmp_path, text, name, address):
    sender = config(tmp_path, MAIL_DEFAULT_SENDER=text).MAIL_DEFAULT_SENDER
    assert sender.isascii()
    encoded, found = parseaddr(sender)
    assert (str(make_header(decode_header(encoded))), found) == (name, address)


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://microblog.example:8443", "microblog.example"),
        ("http://127.0.0.1:5000", "localhost"),
        ("http://192.168.1.7:5000", "localhost"),
        ("http://[2001:db8::1]", "localhost"),
        ("https://blog.localhost", "localhost"),
    ],
)
def test_sender_has_the_domain_of_the_site_where_it_has_one(tmp_path, url, domain):
    sender = config(tmp_path, PUBLIC_URL=url).MAIL_DEFAULT_SENDER
    assert sender == f"Microblog <noreply@{domain}>"


@pytest.mark.parametrize(
    "name",
    ['The "Port", Ltd. <sea>', "\u0413\u0430\u0432\u0430\u043d\u044c", "a" * 200, "x@y", "A\nB: c"],
)
def test_any_name_of_the_site_makes_a_sender(tmp_path, name):
    sender = config(tmp_path, SITE_NAME=name).MAIL_DEFAULT_SENDER
    assert "\n" not in sender
    encoded, address = parseaddr(sender)
    assert address == "noreply@localhost"
    assert str(make_header(decode_header(encoded))).split() == name.split()


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("ana@example.com", ["ana@example.com"]),
        (" ana@example.com , bob@host,", ["ana@example.com", "bob@host"]),
        (",", []),
    ],
)
def test_administrators_are_a_list_with_commas(tmp_path, text, people):
    assert people == config(tmp_path, ADMINS=text).ADMINS


@pytest.mark.parametrize(
    "url",
    [
        "redis://localhost:6379/0",
        "rediss://:secret@redis.example:6380/1",
        "amqp://guest:guest@localhost//",
        "amqps://user:pa%2Fss@rabbit.example:5671/host",
        "redis://[::1]:6379",
    ],
)
def test_broker_is_redis_or_rabbitmq(tmp_path, url):
    assert url == config(tmp_path, CELERY_BROKER_URL=url).CELERY_BROKER_URL


def test_wrong_address_of_a_broker_does_not_tell_its_password(tmp_path):
    with pytest.raises(ConfigError) as caught:
        config(tmp_path, CELERY_BROKER_URL="reddis://:a-secret@localhost/0")
    assert "a-secret" not in str(caught.value)


@pytest.mark.parametrize("address", ["127.0.0.1:9191", "0.0.0.0:9191", "[::1]:9191"])
def test_figures_are_served_on_an_address_and_a_port_of_their_own(tmp_path, address):
    assert address == config(tmp_path, METRICS_ADDRESS=address).METRICS_ADDRESS


class TestDataDir:
    def test_everything_the_site_writes_is_in_it(self, tmp_path):
        folder = tmp_path / "not yet there"
        made = Config({"SECRET_KEY": LONG_KEY, "DATA_DIR": str(folder)})
        assert folder == made.DATA_DIR
        assert str(folder / "app.db") in made.DATABASE_URL
        create_app(made)
        assert (folder / "logs").is_dir()

    def test_key_is_read_from_it(self, tmp_path):
        (tmp_path / "secret_key").write_text(LONG_KEY)
        assert Config({"DATA_DIR": str(tmp_path)}).SECRET_KEY == LONG_KEY

    def test_path_without_a_beginning_counts_from_where_the_site_was_started(
        self, tmp_path, monkeypatch
    ):
        monkeypatch.chdir(tmp_path)
        made = config(tmp_path, DATA_DIR="data")
        assert tmp_path / "data" == made.DATA_DIR

    def test_file_in_its_place_stops_the_start(self, tmp_path):
        (tmp_path / "file").write_text("")
        with pytest.raises(ConfigError, match="DATA_DIR"):
            config(tmp_path, DATA_DIR=str(tmp_path / "file"))
