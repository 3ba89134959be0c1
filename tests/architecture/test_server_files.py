"""The files for nginx, supervisor and systemd agree with each other and with the program."""

import re
import shlex
from configparser import ConfigParser

import pytest

from app.auth.sessions import REMEMBER_COOKIE
from app.database import SQLITE_BUSY_MS
from app.i18n import LANGUAGE_COOKIE
from app.logs import SECRET_PATH
from app.templating import THEME_COOKIE
from config import BASE_DIR, Config
from tests.conftest import SETTINGS
from tests.processes import command_of

DEPLOY = BASE_DIR / "deploy"
NGINX = (DEPLOY / "nginx/microblog.conf").read_text()
GUNICORN = (DEPLOY / "gunicorn.conf.py").read_text()
PROCESSES = ["web", "worker"]


def supervised(name):
    parser = ConfigParser(interpolation=None, comment_prefixes=(";",))
    parser.read(DEPLOY / "supervisor/microblog.conf")
    return parser[f"program:{name}"]


def unit(name):
    text = (DEPLOY / f"systemd/microblog-{name}.service").read_text()
    return dict(re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE))


def setting_of_gunicorn(name):
    return int(re.search(rf"^{name} = ([\d_]+)$", GUNICORN, re.MULTILINE)[1])


@pytest.mark.parametrize("name", PROCESSES)
def test_processes_are_started_by_one_command_everywhere(name):
    program, *arguments = command_of(name)
    for command in (supervised(name)["command"], unit(name)["ExecStart"]):
        path, *others = shlex.split(command)
        assert path == f"/srv/microblog/.venv/bin/{program.rsplit('/', 1)[-1]}"
        assert others == arguments


def test_web_is_given_time_to_finish_what_it_has_begun():
    graceful = setting_of_gunicorn("graceful_timeout")
    for seconds in (supervised("web")["stopwaitsecs"], unit("web")["TimeoutStopSec"]):
        assert int(seconds) > graceful
    assert f"{graceful} seconds" in (DEPLOY / "supervisor/microblog.conf").read_text()


@pytest.mark.parametrize("post_max_length", ["500", "20000"])
def test_nginx_lets_through_what_the_application_takes_and_can_refuse_itself(post_max_length):
    config = Config(SETTINGS | {"POST_MAX_LENGTH": post_max_length})
    megabytes = int(re.search(r"client_max_body_size (\d+)m;", NGINX)[1])
    assert megabytes * 1024 * 1024 > 2 * config.MAX_CONTENT_LENGTH


def test_nginx_takes_lines_as_long_as_gunicorn_does():
    kilobytes = int(re.search(r"large_client_header_buffers \d+ (\d+)k;", NGINX)[1])
    assert kilobytes * 1024 - len("\r\n") == setting_of_gunicorn("limit_request_line")


def test_nginx_waits_longer_than_the_application_waits_for_its_database():
    seconds = int(re.search(r"proxy_read_timeout (\d+)s;", NGINX)[1])
    assert seconds > 2 * SQLITE_BUSY_MS / 1000


def test_every_link_that_is_a_key_to_an_account_is_masked_in_every_log(app):
    secret = {rule.rule for rule in app.url_map.iter_rules() if "<token>" in rule.rule}
    assert len(secret) >= 2
    location = re.search(r"location ~ (\^/auth/\S+) {", NGINX)[1]
    mask = re.search(r'"~\*\^\(\?<open_part>(.*?)\)\[\^\?\]"', NGINX)[1]
    for rule in secret:
        path = rule.replace("<token>", "a.token")
        assert SECRET_PATH.search(path), rule
        assert re.match(location, path), rule
        assert re.match(mask, path, re.IGNORECASE), rule


def test_cookies_that_nginx_knows_are_those_of_the_application(app):
    ours = {app.config["SESSION_COOKIE_NAME"], REMEMBER_COOKIE, LANGUAGE_COOKIE, THEME_COOKIE}
    assert set(re.findall(r"\$cookie_(\w+)", NGINX)) == ours
