"""The figures have an address of their own: nothing else is there, and they are nowhere else."""

import socket
import subprocess
import sys

import pytest

from config import BASE_DIR
from tests.conftest import SETTINGS

PAGE = "microblog_http_requests_total"


@pytest.mark.parametrize(
    "path", ["/metrics", "/", "/explore", "/auth/login", "/healthz", "/nowhere"]
)
def test_address_serves_the_figures_and_nothing_of_the_site(client, ask, path):
    client.get("/explore")
    answer = ask(path)
    assert answer.status_code == 200
    assert answer.mimetype == "text/plain"
    assert PAGE in answer.text
    assert "<html" not in answer.text
    assert "Set-Cookie" not in answer.headers


def test_nothing_can_be_sent_to_it(ask):
    assert ask("/auth/login", method="POST", data={"username": "ana"}).status_code == 405


def test_it_is_read_under_any_host_name(ask):
    assert ask(headers={"Host": "prometheus.internal:9191"}).status_code == 200


def test_site_has_no_page_of_that_name(client):
    answer = client.get("/metrics")
    assert answer.status_code == 404
    assert PAGE not in answer.text


def test_site_on_another_port_stays_the_site(client):
    with socket.create_server(("127.0.0.1", 0)) as other:
        answer = client.get("/metrics", environ_overrides={"gunicorn.socket": other})
    assert answer.status_code == 404


def test_host_name_of_the_client_does_not_lead_there(client, settings, tmp_path):
    # Behind a Unix socket, gunicorn makes SERVER_PORT of it.
    port = settings["METRICS_ADDRESS"].rpartition(":")[2]
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "web"))
        lies = {"gunicorn.socket": listener, "SERVER_PORT": port, "HTTP_HOST": f"127.0.0.1:{port}"}
        answer = client.get("/metrics", environ_overrides=lies)
    assert answer.status_code == 404


def test_asking_is_not_counted_as_a_visit(ask, growth):
    ask()
    assert growth("http_requests_total") == 0


@pytest.mark.thorough
def test_without_an_address_nothing_is_loaded_kept_or_in_the_way(tmp_path):
    program = """
import sys
from pathlib import Path
from app import create_app
from config import Config
folder = Path(sys.argv[1])
app = create_app(Config({"SECRET_KEY": sys.argv[2]}, instance=folder))
app.test_client().get("/healthz")
assert "prometheus_client" not in sys.modules
assert "metrics" not in app.extensions
assert not (folder / "metrics").exists()
"""
    command = [sys.executable, "-c", program, str(tmp_path), SETTINGS["SECRET_KEY"]]
    subprocess.run(command, cwd=BASE_DIR, check=True)
