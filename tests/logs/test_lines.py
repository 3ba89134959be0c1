"""What stands in a line of the log, and what cannot be smuggled into it."""

import json
import re
from datetime import datetime, timedelta
from io import StringIO
from stat import S_IMODE

import pytest

from app.logs import log_file

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2VjcmV0LXNlYWw"
LINKS = [f"/auth/reset_password/{TOKEN}", f"/auth/confirm/{TOKEN}"]
LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (INFO|WARNING|ERROR) \[\S+\] [\w.]+: ")


@pytest.fixture
def logged(own_log, capsys):
    """Return a function that reads what was logged since: on standard error, and in the file."""

    def read():
        path = own_log.config["DATA_DIR"] / "logs" / "microblog.log"
        return capsys.readouterr().err + (path.read_text() if path.exists() else "")

    return read


def test_message_cannot_begin_a_second_line(own_log, logged):
    own_log.logger.error("one\n2026-01-01 00:00:00,000 INFO [-] app: forged\r\u2028\x1b[2Jend")
    lines = logged().splitlines()
    assert len(lines) == 2  # on standard error, and in the file
    assert all(LINE.match(line) and line.endswith("end") for line in lines)
    assert "\x1b" not in lines[0]


def test_exception_cannot_begin_a_line_that_looks_like_ours(broken, client, logged):
    forged = "2026-01-01 00:00:00,000 INFO [-] app: everything is fine"
    assert client.get("/words", query_string={"words": f"x\n{forged}"}).status_code == 500
    lines = logged().splitlines()
    assert any("Traceback" in line for line in lines)
    assert not [line for line in lines if line.startswith(forged)]


def test_visit_cannot_begin_a_second_line(own_log, client, logged):
    client.get("/x%0a2026-01-01%2000:00:00,000%20INFO%20[-]%20app:%20forged%1b[2J?a=%0ab")
    (line,) = logged().splitlines()
    assert LINE.match(line)
    assert '"GET /x' in line
    assert " 404 " in line


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("tail", ["", "?a=1", "/", "/more"])
def test_visit_of_a_secret_link_is_logged_without_its_secret(own_log, client, logged, link, tail):
    client.get(link + tail)
    text = logged()
    assert link[: link.rindex("/")] in text
    for part in TOKEN.split("."):
        assert part not in text


@pytest.mark.parametrize("link", LINKS)
def test_secret_link_in_a_message_or_a_traceback_is_cut_off(broken, client, logged, link):
    client.get(f"{link}/boom")
    client.get("/words", query_string={"words": f"cannot open http://127.0.0.1{link}"})
    broken.logger.error("Somebody followed %s", f"<{link}>")
    text = logged()
    assert text.count("Traceback") >= 2
    for part in TOKEN.split("."):
        assert part not in text.replace("%2F", "/")


def test_lines_of_a_request_carry_the_id_that_the_page_names(broken, client, logged):
    request_id = client.get("/boom").headers["X-Request-ID"]
    lines = [line for line in logged().splitlines() if LINE.match(line)]
    assert len(lines) == 3  # the error twice, and the visit
    assert all(f"[{request_id}]" in line for line in lines)


def test_visits_do_not_push_everything_else_out_of_the_file(own_log, client):
    client.get("/explore")
    own_log.logger.warning("worth keeping")
    text = (own_log.config["DATA_DIR"] / "logs" / "microblog.log").read_text()
    assert "worth keeping" in text
    assert "/explore" not in text


def test_only_this_program_reads_the_log(own_log):
    own_log.logger.error("x")
    assert S_IMODE((own_log.config["DATA_DIR"] / "logs").stat().st_mode) == 0o700


def test_a_new_folder_for_data_is_for_this_program_alone(tmp_path):
    log_file(tmp_path / "data" / "logs")
    assert S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


class TestJson:
    @pytest.fixture
    def settings(self):
        return {"LOG_TO_STDOUT": "1"}

    @pytest.fixture
    def objects(self, own_log, capsys):
        (handler,) = own_log.logger.handlers
        stream = StringIO()
        handler.setStream(stream)

        def read():
            assert capsys.readouterr().err == ""  # where logging says that it failed
            return [json.loads(line) for line in stream.getvalue().split("\n")[:-1]]

        return read

    def test_each_message_is_one_object_whatever_it_holds(self, own_log, objects):
        own_log.logger.error('one\ntwo "three" \u2028 {"level": "INFO"} ünï')
        (entry,) = objects()
        assert entry["message"] == 'one\ntwo "three" \u2028 {"level": "INFO"} ünï'
        assert (entry["level"], entry["logger"], entry["request_id"]) == ("ERROR", "app", "-")
        assert datetime.fromisoformat(entry["time"]).utcoffset() == timedelta(0)

    def test_traceback_is_a_part_of_the_object(self, broken, client, objects):
        client.get("/boom")
        error, visit = objects()
        assert "ZeroDivisionError" in error["exc_info"]
        assert (visit["method"], visit["path"], visit["status"]) == ("GET", "/boom", 500)
        assert visit["milliseconds"] >= 0
        assert error["request_id"] == visit["request_id"]

    @pytest.mark.parametrize("link", LINKS)
    def test_secret_link_is_cut_off_in_every_field(self, broken, client, objects, link):
        client.get(f"{link}/boom")
        client.get("/words", query_string={"words": f"cannot open 'http://127.0.0.1{link}'"})
        broken.logger.error("Followed %s", link, extra={"path": link})
        entries = objects()
        assert len(entries) == 5
        for part in TOKEN.split("."):
            assert part not in str(entries).replace("%2F", "/")

    def test_object_that_cannot_be_written_as_json_does_not_break_the_line(self, own_log, objects):
        own_log.logger.error("odd %s", b"\xff", extra={"thing": object(), "words": "\ud800"})
        assert len(objects()) == 1

    def test_no_file_is_written(self, own_log):
        own_log.logger.error("x")
        assert not (own_log.config["DATA_DIR"] / "logs").exists()
