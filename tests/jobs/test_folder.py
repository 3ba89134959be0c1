"""The embedded broker: files in a folder, which any process may be killed beside."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from queue import Empty
from stat import S_IMODE
from threading import Barrier

import pytest
from kombu import Connection

from app.jobs.folder import Transport

QUEUE = "jobs"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "broker"


@pytest.fixture
def connect(folder):
    """Return a function that makes a reader or writer of its own, as each process has."""
    connections = []

    def connect():
        options = {"folder": str(folder)}
        connections.append(Connection(transport=Transport, transport_options=options))
        return connections[-1].SimpleQueue(QUEUE, no_ack=True)

    yield connect
    for connection in connections:
        connection.release()


def read_all(reader):
    bodies = []
    while True:
        try:
            bodies.append(reader.get(block=False).payload)
        except Empty:
            return bodies


def test_messages_come_out_once_in_the_order_in_which_they_went_in(connect):
    writer = connect()
    for number in range(20):
        writer.put(number)
    assert connect().qsize() == 20
    assert read_all(connect()) == list(range(20))
    assert read_all(connect()) == []


def test_readers_at_once_never_get_the_same_message(connect):
    writer, readers = connect(), [connect() for _ in range(4)]
    for number in range(100):
        writer.put(number)
    start = Barrier(len(readers))

    def read(reader):
        start.wait()
        return read_all(reader)

    with ThreadPoolExecutor(len(readers)) as pool:
        taken = list(pool.map(read, readers))
    # A reader that lost a race goes on; nothing is left and nothing came twice.
    everything = sorted(number for numbers in taken for number in numbers)
    everything += read_all(connect())
    assert sorted(everything) == list(range(100))


def test_message_appears_whole_or_not_at_all(connect, folder):
    connect().put("whole")
    (path,) = (folder / "waiting").iterdir()
    assert list((folder / "drafts").iterdir()) == []
    # One that is still being written is not seen by readers.
    path.rename(folder / "drafts" / path.name)
    assert connect().qsize() == 0
    assert read_all(connect()) == []


@pytest.mark.parametrize("content", [b"", b'{"body": "ha', b"\x00" * 100, b"\xff\xfe"])
def test_broken_file_is_passed_over(connect, folder, content):
    writer = connect()
    writer.put("before")
    writer.put("after")
    first = min((folder / "waiting").iterdir())
    first.write_bytes(content)
    assert read_all(connect()) == ["after"]
    assert connect().qsize() == 0


def test_file_that_somebody_else_put_there_is_left_alone(connect, folder):
    connect().put("ours")
    (folder / "waiting" / "README").write_text("not a message")
    assert read_all(connect()) == ["ours"]
    assert (folder / "waiting" / "README").exists()


def test_folder_that_is_removed_while_everybody_runs_is_made_again(connect, folder):
    writer, reader = connect(), connect()
    writer.put("lost")
    shutil.rmtree(folder)
    assert reader.qsize() == 0
    with pytest.raises(Empty):
        reader.get(block=False)
    writer.put("found")
    assert read_all(reader) == ["found"]


def test_queue_is_emptied_on_demand(connect):
    writer = connect()
    for number in range(3):
        writer.put(number)
    assert writer.clear() == 3
    assert read_all(connect()) == []


def test_only_this_program_reads_the_folders(connect, folder):
    connect().put("secret enough")
    read_all(connect())
    for name in ("drafts", "waiting", "taken"):
        assert S_IMODE((folder / name).stat().st_mode) == 0o700
    assert list((folder / "taken").iterdir()) == []
