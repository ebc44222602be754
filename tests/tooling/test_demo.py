"""`make demo` as somebody uses it: real processes, started again, moved, reset, and cut short."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from common import free_port, port_taken

from tests.browser.processes import Demo
from tests.processes import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.xdist_group("demo")

ENDLESS = (
    b"POST /account/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 9\r\nExpect: 100-continue\r\n\r\n"
)
"""A request whose body never comes. Asked to end, the web server waits some seconds for it, then ends by itself."""


BY_ITSELF = "Shutting down: Master"
"""What the web server writes when it has waited for all requests, or long enough for those that do not end."""


def _log(demo: Demo) -> str:
    return (demo.data / "log" / "web-server.log").read_text()


def _ids(demo: Demo) -> set[str]:
    """What this very building of the demo drew by lot: the ids of its assessments."""
    with closing(sqlite3.connect(demo.data / "db.sqlite3", timeout=20)) as database:
        return {row[0] for row in database.execute("SELECT public_id FROM assessments_assessment")}


def _sign(demo: Demo) -> None:
    with closing(sqlite3.connect(demo.data / "db.sqlite3", timeout=20)) as database, database:
        database.execute("UPDATE people_organisation SET contact_phone = '01632 960 999' WHERE slug = 'hollin-vale'")


def _signed(demo: Demo) -> bool:
    with closing(sqlite3.connect(demo.data / "db.sqlite3", timeout=20)) as database:
        found = database.execute("SELECT contact_phone FROM people_organisation WHERE slug = 'hollin-vale'").fetchone()
    return bool(found == ("01632 960 999",))


@contextmanager
def _running(folder: Path, *arguments: str, **settings: str) -> Iterator[Demo]:
    demo = Demo(folder, arguments, settings)
    try:
        yield demo
    finally:
        demo.kill()


def test_it_keeps_its_data_moves_ends_at_once_and_starts_over(tmp_path: Path) -> None:
    with _running(tmp_path, "--port", "0") as demo:
        first = _ids(demo)
        assert len(first) == 4
        _sign(demo)
        status, printed = demo.interrupt()
        assert (status, printed.splitlines()[-1]) == (0, "Ended."), printed
        assert BY_ITSELF in _log(demo)

    port = free_port()
    with _running(tmp_path, PORT=str(port)) as demo:
        assert demo.url == f"http://localhost:{port}"
        assert (_ids(demo), _signed(demo)) == (first, True)
        with socket.create_connection(("127.0.0.1", port)) as hanging:
            hanging.sendall(ENDLESS)
            assert b"100 Continue" in hanging.recv(1_000), "the web server waits for the rest"
            status = demo.interrupt_twice()
        assert status == 130, demo.printed()
        assert demo.printed().splitlines()[-1].startswith("Ended; had to kill the web server"), demo.printed()
        assert "Handling signal: term" in _log(demo)
        assert BY_ITSELF not in _log(demo), "nobody cut its waiting short"
        assert not port_taken(port)

    with _running(tmp_path, "--reset", "--port", "0") as demo:
        assert "The demo's data are deleted." in demo.printed()
        assert not _ids(demo) & first
        assert not _signed(demo)


def test_make_demo_and_make_demo_reset_start_it() -> None:
    # A make that was started by another, as `make test` starts this one, says more.
    environment = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL"}}
    told = {
        name: subprocess.run(
            ["make", "--dry-run", name], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        ).stdout.splitlines()[-1]
        for name in ("demo", "demo-reset")
    }
    assert told == {"demo": "exec python3 scripts/demo.py", "demo-reset": "exec python3 scripts/demo.py --reset"}
