"""Scheduled work done twice at once, and clocks that are stepped."""

from __future__ import annotations

import struct
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.processes import wait_until

from .house import House
from .stage import SERVICES, Stage

UNCOUNTED = frozenset({"django_session", "jobs_workerseen"})


def tick(house: House, *, times: int = 2, more: Mapping[str, str] | None = None) -> None:
    """Do all scheduled work so many times at the same moment, in a process each."""
    folder = tempfile.mkdtemp(dir=house.folder / "tmp")
    running = [house.start_python("-m", "tests.faults.tick", folder, str(times), more=more) for _ in range(times)]
    for process in running:
        if process.wait(timeout=120):
            raise AssertionError(f"Scheduled work failed.\n{house.logs()}")


def row_counts(house: House) -> dict[str, int]:
    """Give how many rows each table has, but for log-ins and for who was heard."""
    tables = house.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return {name: house.number(f'SELECT count(*) FROM "{name}"') for (name,) in tables if name not in UNCOUNTED}


def all_mails_are_out(house: House) -> bool:
    """Say whether no mail waits any more."""
    return house.number("SELECT count(*) FROM jobs_outboxmail WHERE state IN ('queued', 'sending')") == 0


class Clock:
    """The time that some processes see. `step` moves all of them while they run (stepped_clock.c)."""

    def __init__(self, folder: Path) -> None:
        library, self._file = folder / "stepped_clock.so", folder / "ahead"
        source = Path(__file__).with_name("stepped_clock.c")
        subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", str(library), str(source)], check=True)
        self._seconds = 0
        self._file.write_bytes(bytes(8))
        folder.chmod(0o755)  # the database runs as another user
        for path in (library, self._file):
            path.chmod(0o644)
        self.settings = {"LD_PRELOAD": str(library), "STEPPED_CLOCK": str(self._file)}

    def step(self, seconds: float) -> None:
        """Put the clock forward, or back."""
        self._seconds += round(seconds)
        with self._file.open("r+b") as file:
            file.write(struct.pack("q", self._seconds))


@contextmanager
def own_clock() -> Iterator[Clock]:
    """Make a clock that nobody lives by yet."""
    with tempfile.TemporaryDirectory(prefix="eds-clock-", dir="/tmp") as folder:
        yield Clock(Path(folder))


@contextmanager
def clock(stage: Stage) -> Iterator[Clock]:
    """Let database, web and worker of a house live by a clock that can be stepped; by the true one again afterwards."""
    house = stage.house
    with own_clock() as made:
        for name in SERVICES:
            house.kill(name)
        house.database.stop("fast")
        house.database.start(**made.settings)
        try:
            house.start("web", made.settings)
            house.start("worker", made.settings)
            yield made
        finally:
            for name in SERVICES:
                house.kill(name)
            house.database.stop("fast")
            house.database.start()
            wait_until(lambda: house.number("SELECT 1"), "the database")
            stage.all_up()
