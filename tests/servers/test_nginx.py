"""nginx in front of the site: what it serves, passes on, refuses and logs."""

import gzip
import re
import ssl
from contextlib import closing
from http.client import HTTPConnection

import pytest

from app.assets import STATIC, tree_hash
from tests.processes import answers
from tests.servers.stack import HOST, Answer, Stack

OLD = "0123456789ab"
TOKEN = "a-secret-that-opens-an-account"


def plain(stack: Stack, path: str, host: str = HOST) -> Answer:
    """Return what is said to a request without encryption."""
    with closing(HTTPConnection("127.0.0.1", stack.nginx.http_port)) as line:
        line.request("GET", path, headers={"Host": host})
        answer = line.getresponse()
        return Answer(answer.status, answer.headers, answer.read())


# Addresses and encryption


def test_plain_http_leads_to_the_same_page_over_https(stack):
    answer = plain(stack, "/explore?before=1", host="elsewhere.example")
    assert answer.status == 301
    assert answer.headers["Location"] == f"{stack.url}/explore?before=1"


def test_proof_for_a_certificate_is_served_over_plain_http(stack):
    folder = stack.nginx.www / ".well-known" / "acme-challenge"
    folder.mkdir(parents=True)
    (folder / "proof").write_text("it is us")
    assert plain(stack, "/.well-known/acme-challenge/proof").text == "it is us"


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_current_versions_of_tls_are_spoken_and_http_2(stack, version):
    line = stack.connect()
    line._context.minimum_version = line._context.maximum_version = version
    line._context.set_alpn_protocols(["h2", "http/1.1"])
    line.connect()
    assert line.sock.version() == version.name.replace("_", ".")
    assert line.sock.selected_alpn_protocol() == "h2"
    line.close()


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_older_tls_is_refused(stack):
    line = stack.connect()
    line._context.set_ciphers("DEFAULT@SECLEVEL=0")
    line._context.minimum_version = line._context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError, match="ALERT_PROTOCOL_VERSION"):
        line.connect()


def test_browsers_are_told_to_stay_with_https(stack):
    assert stack.open("/").headers["Strict-Transport-Security"] == "max-age=31536000"


def test_server_does_not_tell_its_version(stack):
    assert stack.open("/").headers.get_all("Server") == ["nginx"]


def test_foreign_host_name_is_refused(stack):
    assert stack.open("/", headers={"Host": "elsewhere.example"}).status == 400


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_told(stack, path):
    assert stack.open(path).status == 200


def test_figures_are_not_for_visitors(stack):
    address = stack.deployment.settings["METRICS_ADDRESS"]
    assert answers(f"http://{address}/metrics")
    assert stack.open("/metrics").status == 404
    assert stack.open("/metrics", headers={"Host": address}).status in {400, 404}


# What the application learns


def test_application_learns_the_clients_address_and_not_what_it_says(stack):
    spoof = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Real-IP": "203.0.113.9",
        "X-Forwarded-Host": "elsewhere.example",
        "X-Forwarded-Proto": "http",
        "X-Request-ID": "named-by-the-client",
    }
    answer = stack.open("/auth/login", headers=spoof, client="127.0.0.7")
    assert answer.status == 200
    assert "Secure" in answer.headers["Set-Cookie"]
    visit = stack.logged(answer, "web")
    assert (visit["client"], visit["path"]) == ("127.0.0.7", "/auth/login")
    assert stack.logged(answer)["client"] == "127.0.0.7"
    assert "named-by-the-client" not in answer.headers.as_string()


def test_one_number_names_a_request_from_nginx_to_the_job(stack):
    member = stack.town.member()
    visitor = stack.visitor()
    visitor.submit("/auth/reset_password_request", email=f"{member}@example.com")
    stack.post_office.wait_for(f"{member}@example.com")
    request = next(
        entry
        for entry in reversed(stack.entries("microblog"))
        if (entry["method"], entry["path"]) == ("POST", "/auth/reset_password_request")
    )
    for log in ("web", "worker"):
        numbers = [entry.get("request_id") for entry in stack.entries(log)]
        assert request["request_id"] in numbers, log


def test_links_from_mail_are_in_no_log(stack):
    for path in (f"/auth/reset_password/{TOKEN}", f"/auth/confirm/{TOKEN}?x=1"):
        answer = stack.open(path)
        assert answer.status == 410
        assert stack.logged(answer)["path"].endswith("/…")
        assert plain(stack, path).status == 301
        # nginx writes to its error log about this one.
        large = b"x" * 9_000_000
        assert stack.open(path, method="POST", body=large).status == 413
    for log in ("microblog", "error", "web", "worker", "supervisord"):
        assert TOKEN not in stack.log(log), log


# Limits


def test_form_that_is_too_large_gets_the_sites_own_page(stack):
    answer = stack.open(
        "/preferences",
        method="POST",
        body=b"lang=" + b"x" * 600_000,
        headers={"Accept-Language": "es", "Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.status == 413
    assert '<html lang="es"' in answer.text


def test_what_is_far_too_large_does_not_reach_the_application(stack):
    answer = stack.open("/preferences", method="POST", body=b"x" * 9_000_000)
    assert (answer.status, stack.logged(answer)["upstream"]) == (413, "")


def test_longest_line_that_nginx_takes_is_taken_by_gunicorn(stack):
    room = 8190 - len("GET /search?q= HTTP/1.1")
    assert stack.open("/search?q=" + "x" * room).status == 200
    assert stack.open("/search?q=" + "x" * (room + 1)).status == 414


def test_who_asks_too_much_is_told_to_wait_and_nobody_else(stack):
    greedy, statuses = "127.0.9.1", []
    with closing(stack.connect(greedy)) as line:
        while 429 not in statuses and len(statuses) < 5_000:
            line.request("GET", "/healthz")
            answer = line.getresponse()
            answer.read()
            statuses.append(answer.status)
    assert statuses.count(200) >= 200
    assert statuses[-1] == 429
    path = re.search(r"/static/[^\"]+\.css", stack.open("/").text)[0]
    assert stack.open(path, client=greedy).status == 200
    assert stack.open("/healthz", client="127.0.9.2").status == 200


# Static files


@pytest.fixture
def file(stack) -> str:
    return re.search(r'href="(/static/[^"]+\.css)"', stack.open("/").text)[1]


def test_files_come_from_nginx_for_ever_and_compressed(stack, file):
    answer = stack.open(file, headers={"Accept-Encoding": "gzip, br"})
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(answer.content) == (STATIC / "dist/site.css").read_bytes()
    assert stack.logged(answer)["upstream"] == ""


def test_files_are_sent_as_they_are_to_whoever_knows_no_gzip(stack, file):
    answer = stack.open(file)
    assert answer.headers["Content-Encoding"] is None
    assert answer.content == (STATIC / "dist/site.css").read_bytes()


@pytest.mark.parametrize(
    ("name", "types"),
    [
        ("dist/site.css", {"text/css; charset=utf-8"}),
        ("dist/icons.svg", {"image/svg+xml; charset=utf-8"}),
        ("js/main.js", {"text/javascript; charset=utf-8", "application/javascript; charset=utf-8"}),
    ],
)
def test_files_have_the_types_and_the_headers_that_the_application_gives_them(stack, name, types):
    by_nginx = stack.open(f"/static/{tree_hash()}/{name}").headers
    by_application = stack.open(f"/static/{OLD}/{name}").headers
    assert by_nginx["Content-Type"] in types
    for header in ("X-Content-Type-Options", "Cross-Origin-Resource-Policy"):
        assert by_nginx.get_all(header) == by_application.get_all(header)


def test_file_under_an_outdated_hash_is_the_applications_to_answer(stack):
    answer = stack.open(f"/static/{OLD}/dist/site.css")
    assert answer.status == 200
    assert "immutable" not in answer.headers["Cache-Control"]
    assert stack.logged(answer)["upstream"]


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/{hash}/",
        "/static/{hash}/dist",
        "/static/../errors/away.html",
        "/static/{hash}/../../errors/away.html",
        "/static/%2e%2e/%2e%2e/privkey.pem",
        "/errors/away.html",
        "/errors/away.json",
        "/errors/",
        "/conf.d/microblog.conf",
    ],
)
def test_nothing_else_of_the_disk_can_be_had(stack, path):
    assert stack.open(path.format(hash=tree_hash())).status in {400, 404}
