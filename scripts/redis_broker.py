"""A Redis server for the tests: private port and folder, started and stopped by whoever asks for it.

It lives below /tmp, listens on 127.0.0.1 only and keeps nothing on disk. Standard library only.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from common import free_port, port_taken

START_SECONDS = 20
# As docker-compose.yml starts it; a test compares the two.
COMMAND = ["--save", "", "--appendonly", "no", "--maxmemory", "200mb", "--maxmemory-policy", "volatile-lru"]


class BrokerError(Exception):
    """The server could not be started; the message says why."""


class Broker:
    """A Redis server on one port. It may be stopped and started again, and comes back empty."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of its first database."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Starts it, and comes back when it answers. Raises BrokerError."""
        program = shutil.which("redis-server")
        if program is None:
            raise BrokerError("Redis is not installed.")
        command = [program, *COMMAND, "--port", str(self.port), "--bind", "127.0.0.1"]
        log = self._folder / "log"
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [*command, "--dir", str(self._folder)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise BrokerError(f"Redis did not start:\n{log.read_text(errors='replace')}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Ends it. What it held is gone."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def empty(self) -> None:
        """Forgets everything, while it runs."""
        self._ask("FLUSHALL")

    def _answers(self) -> bool:
        return port_taken(self.port) and self._ask("PING") == "PONG"

    def _ask(self, *words: str) -> str:
        command = ["redis-cli", "-h", "127.0.0.1", "-p", str(self.port), *words]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


@contextmanager
def broker() -> Iterator[Broker]:
    """Runs a server as long as the block lasts. Raises BrokerError."""
    folder = Path(tempfile.mkdtemp(prefix="eds-redis-", dir="/tmp"))
    running = Broker(folder)
    try:
        running.start()
        yield running
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)
