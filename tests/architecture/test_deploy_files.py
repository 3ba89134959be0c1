"""The files for containers and for Heroku: well-formed, and true to the rest of the code.

What they do is tried by hand (docs/containers.md) and in tests/servers/test_heroku.py.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from ruamel.yaml import YAML

from config import BASE_DIR, Config
from tests.architecture.test_settings import names_read
from tests.processes import free_port

BIN = Path(sys.executable).parent
DEPLOY = BASE_DIR / "deploy"
COMPOSE_FILE = DEPLOY / "compose.yaml"
COMPOSE = YAML(typ="safe").load(COMPOSE_FILE)
SERVICES = COMPOSE["services"]
OURS = ("release", "web", "worker")
DOCKERFILE = (BASE_DIR / "Dockerfile").read_text()
SETTINGS = set(names_read())
# What only the compose file reads.
FOR_COMPOSE = {"SITE_HOST", "CERTIFICATES", "POSTGRES_PASSWORD", "COMPOSE_PROFILES"}


def succeeds(*command, **options):
    done = subprocess.run(command, check=False, capture_output=True, text=True, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def procfile():
    lines = (BASE_DIR / "Procfile").read_text().splitlines()
    return {name: shlex.split(command) for name, command in (line.split(": ", 1) for line in lines)}


def names_in_example():
    text = (DEPLOY / "compose.env.example").read_text()
    return set(re.findall(r"^#?([A-Z_]+)=", text, re.MULTILINE))


# The image


def test_dockerfile_is_clean():
    succeeds(BIN / "hadolint", BASE_DIR / "Dockerfile")


def test_image_runs_what_the_procfile_calls_web():
    [command] = re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert json.loads(command) == procfile()["web"]


def test_image_sets_only_settings_there_are():
    [block] = re.findall(r"ENV PATH=/venv/bin:\$PATH \\\n((?:.*\\\n)*.*\n)", DOCKERFILE)
    names = set(re.findall(r"^ +([A-Z_]+)=", block, re.MULTILINE))
    assert {name for name in names if not name.startswith(("PYTHON", "FLASK_"))} <= SETTINGS
    assert "LOG_TO_STDOUT" in names


def test_nothing_is_let_into_the_image_but_what_is_named():
    lines = (BASE_DIR / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    allowed = [rule.removeprefix("!") for rule in rules if rule.startswith("!")]
    assert {".env", "instance", ".git", "deploy", "tests"}.isdisjoint(allowed)
    for pattern in allowed:
        assert list(BASE_DIR.glob(pattern)), pattern


class Answer(BaseHTTPRequestHandler):
    """Answers with the server's status."""

    def do_GET(self):
        self.send_response(self.server.status if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *_arguments):
        """Say nothing."""


@pytest.mark.parametrize(("status", "result"), [(200, 0), (503, 1), (None, 1)])
def test_health_check_of_the_image(status, result):
    port = free_port()
    command = [sys.executable, DEPLOY / "healthcheck.py"]
    environment = os.environ | {"PORT": str(port)}
    if status is None:
        assert subprocess.run(command, env=environment, check=False).returncode == result
        return
    with HTTPServer(("127.0.0.1", port), Answer) as server:
        server.status = status
        Thread(target=server.serve_forever).start()
        try:
            done = subprocess.run(command, env=environment, check=False)
        finally:
            server.shutdown()
    assert done.returncode == result


# The compose file


def test_compose_file_fits_its_schema():
    succeeds(BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", COMPOSE_FILE)


def test_schema_would_notice_a_wrong_word(tmp_path):
    text = COMPOSE_FILE.read_text()
    wrong = tmp_path / "compose.yaml"
    wrong.write_text(text.replace("healthcheck:", "healtcheck:"))
    command = [BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", wrong]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 1


def test_services_run_what_the_procfile_says():
    assert "command" not in SERVICES["web"]  # the image's
    assert SERVICES["worker"]["command"] == procfile()["worker"]
    assert SERVICES["release"]["command"][-1].startswith(shlex.join(procfile()["release"]))


@pytest.mark.parametrize("name", OURS)
def test_every_variable_that_a_service_sets_is_a_setting(name):
    assert set(SERVICES[name]["environment"]) <= SETTINGS


def test_settings_of_the_services_are_accepted(tmp_path):
    given = {"SITE_HOST": "m.example", "SECRET_KEY": "k" * 40, "POSTGRES_PASSWORD": "0123abcd"}
    environment = {
        name: re.sub(r"\$\{(\w+)[^}]*\}", lambda match: given.get(match[1], "2"), value)
        for name, value in SERVICES["web"]["environment"].items()
    }
    config = Config(environment, instance=tmp_path)
    assert config.LIVE
    assert config.DATABASE_URL == "postgresql://microblog:0123abcd@postgres/microblog"


def test_every_variable_in_the_example_is_known_and_every_one_that_is_wanted_is_there():
    assert names_in_example() <= SETTINGS | FOR_COMPOSE
    wanted = set(re.findall(r"\$\{(\w+):\?", COMPOSE_FILE.read_text()))
    assert wanted
    assert wanted <= names_in_example()


def test_only_the_web_server_can_be_reached_from_outside():
    assert [name for name, service in SERVICES.items() if service.get("ports")] == ["nginx"]


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_comes_back_has_a_limit_and_a_version(name):
    service = SERVICES[name]
    assert service["restart"]
    assert service["mem_limit"]
    assert name in OURS or re.fullmatch(r"[a-z]+:\d[\w.-]+", service["image"])


def test_every_volume_and_every_file_that_is_mounted_is_there():
    for service in SERVICES.values():
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            if source.startswith("."):
                assert (DEPLOY / source).exists(), source
            elif not source.startswith("$"):
                assert source in COMPOSE["volumes"]


def test_nginx_gets_the_site_file_of_servers_with_the_names_of_this_place(tmp_path):
    script = SERVICES["nginx"]["command"][-1].partition("; exec ")[0]
    result = tmp_path / "default.conf"
    places = {
        "${SITE_HOST}": "m.example",
        "/microblog.conf ": f"{DEPLOY}/nginx/microblog.conf ",
        "/etc/nginx/conf.d/default.conf": str(result),
    }
    for name, place in places.items():
        assert name in script
        script = script.replace(name, place)
    succeeds("sh", "-ec", script)
    lines = [line.split("#")[0] for line in result.read_text().splitlines()]
    text = "\n".join(lines)
    assert "server web:5000;" in text
    assert "server_name m.example;" in text
    assert "ssl_certificate /certificates/fullchain.pem;" in text
    assert "ssl_certificate_key /certificates/privkey.pem;" in text
    for word in ("microblog.example", "127.0.0.1:5000", "letsencrypt", "/var/log"):
        assert word not in text


# Heroku


@pytest.mark.thorough
def test_what_is_built_needs_no_settings(tmp_path):
    for name in ("app", "bin"):
        shutil.copytree(BASE_DIR / name, tmp_path / name)
    shutil.copy(BASE_DIR / "config.py", tmp_path)
    built = [tmp_path / "app" / "static" / "dist" / name for name in ("site.css", "icons.svg")]
    built += [path.with_suffix(".mo") for path in tmp_path.glob("app/translations/*/*/*.po")]
    for path in built:
        path.unlink(missing_ok=True)
    environment = {"PATH": f"{BIN}{os.pathsep}/usr/bin:/bin", "LANG": "C.UTF-8"}
    succeeds(tmp_path / "bin" / "post_compile", cwd="/", env=environment)
    assert len(built) >= 3
    assert [path for path in built if not path.stat().st_size] == []


def after_profile(**environment):
    """Return the environment of a process on Heroku."""
    script = ". ./.profile && exec env --null"
    output = succeeds(
        "bash", "-euc", script, cwd=BASE_DIR, env=environment | {"PATH": "/usr/bin:/bin"}
    )
    return dict(entry.split("=", 1) for entry in output.split("\0") if entry)


def test_platform_gets_what_it_wants():
    found = after_profile(REDIS_URL="rediss://:pw@host:6380")
    assert found["HOST"] == "0.0.0.0"
    assert found["PROXIES"] == found["LOG_TO_STDOUT"] == "1"
    assert found["REDIS_URL"] == "rediss://:pw@host:6380?ssl_cert_reqs=none"
    assert found["CELERY_BROKER_URL"] == found["REDIS_URL"]


def test_administrator_has_the_last_word():
    own = {
        "HOST": "::",
        "PROXIES": "2",
        "LOG_TO_STDOUT": "0",
        "REDIS_URL": "rediss://host:6380?ssl_cert_reqs=required",
        "CELERY_BROKER_URL": "amqp://host",
    }
    found = after_profile(**own)
    assert {name: found[name] for name in own} == own


def test_platform_without_redis_is_left_alone(tmp_path):
    found = after_profile()
    assert "REDIS_URL" not in found
    settings = {"SECRET_KEY": "k", "PORT": "8080"}
    assert Config(found | settings, instance=tmp_path).CELERY_BROKER_URL == ""


def test_description_for_heroku_names_settings_and_processes_there_are():
    app = json.loads((BASE_DIR / "app.json").read_text())
    assert set(app["env"]) <= SETTINGS
    assert set(app["formation"]) <= set(procfile())
