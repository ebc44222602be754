"""The broker that is a folder."""

from __future__ import annotations

import logging
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from kombu import Connection

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def name() -> str:
    """Gives a queue's name: one process remembers which it has declared, whatever the folder."""
    return f"jobs-{uuid.uuid4()}"


def connect(folder: Path) -> Connection:
    """Open the broker in this folder."""
    for name in ("messages", "control"):
        (folder / name).mkdir(exist_ok=True)
    return Connection(
        "filesystem://",
        transport="eds.jobs.broker:Transport",
        transport_options={
            "data_folder_in": str(folder / "messages"),
            "data_folder_out": str(folder / "messages"),
            "control_folder": str(folder / "control"),
        },
    )


def test_messages_come_in_turn_and_leave_nothing(tmp_path: Path, name: str) -> None:
    with connect(tmp_path) as connection:
        queue = connection.SimpleQueue(name)
        for number in range(5):
            queue.put({"number": number})
        got = []
        for _ in range(5):
            message = queue.get(timeout=5)
            got.append(message.payload["number"])
            message.ack()
        queue.close()
    assert got == [0, 1, 2, 3, 4]
    assert list((tmp_path / "messages").iterdir()) == []


def test_unreadable_message_is_put_aside(tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture) -> None:
    with connect(tmp_path) as connection, caplog.at_level(logging.ERROR):
        (tmp_path / "messages" / f"0_cut.{name}.msg").write_text('{"body": ')
        queue = connection.SimpleQueue(name)
        queue.put({"number": 1})
        assert queue.get(timeout=5).payload == {"number": 1}
        queue.close()
    assert "could not be read" in caplog.text


SENDER = """
import sys
from pathlib import Path
from tests.jobs.test_jobs_broker import connect
with connect(Path(sys.argv[1])) as connection:
    queue = connection.SimpleQueue(sys.argv[2])
    for number in range(int(sys.argv[4])):
        queue.put([int(sys.argv[3]), number])
    queue.close()
"""


def test_many_senders_and_a_reader_at_once(tmp_path: Path, name: str) -> None:
    """Also the first use of the folder, when all of them write the table of queues."""
    senders, each = 4, 50
    processes = [
        subprocess.Popen([sys.executable, "-c", SENDER, str(tmp_path), name, str(sender), str(each)], cwd=ROOT)
        for sender in range(senders)
    ]
    got = []
    with connect(tmp_path) as connection:
        queue = connection.SimpleQueue(name)
        for _ in range(senders * each):
            message = queue.get(timeout=30)
            got.append(tuple(message.payload))
            message.ack()
        queue.close()
    assert [process.wait() for process in processes] == [0] * senders
    assert sorted(got) == [(sender, number) for sender in range(senders) for number in range(each)]
