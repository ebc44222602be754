"""A small disk for the files of an installation, that can be full.

Where this user may mount, it is a tmpfs in a mount namespace of its own, into which the services are started: real
"No space left on device", and nothing of it is left when the processes have ended. Elsewhere the processes get a limit
on the size of files instead, which fails their writes in the same place with another number ("File too large").
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from common import ROOT

SIZE = 64_000_000
_HOLD = 'mount -t tmpfs -o mode=0755,size={size} tmpfs "{folder}" && echo mounted && exec sleep infinity'


def may_mount() -> bool:
    """Say whether this user may mount something where nobody else sees it."""
    if os.geteuid() != 0:
        return False
    command = ["unshare", "--mount", "--propagation", "private", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


class Disk:
    """The folder of files. `fill` leaves no room, `make_room` gives it back."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._holder: subprocess.Popen[str] | None = None
        self._limited: list[int] = []
        if may_mount():
            self._holder = subprocess.Popen(
                ["unshare", "--mount", "--propagation", "private", "sh", "-c", _HOLD.format(size=SIZE, folder=folder)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
            assert self._holder.stdout is not None
            if self._holder.stdout.readline() != "mounted\n":
                raise AssertionError("The small disk could not be mounted.")

    @property
    def is_real(self) -> bool:
        """Whether it is a disk of its own, and not only a limit."""
        return self._holder is not None

    @property
    def folder(self) -> Path:
        """Give the folder as the services see it."""
        if self._holder is None:
            return self._folder
        return Path(f"/proc/{self._holder.pid}/root") / self._folder.relative_to("/")

    def inside(self, command: list[str]) -> list[str]:
        """Give the command that runs another one where the disk is mounted, as the same process."""
        if self._holder is None:
            return command
        return ["nsenter", f"--mount=/proc/{self._holder.pid}/ns/mnt", f"--wd={ROOT}", "--", *command]

    def fill(self, processes: list[int]) -> None:
        """Leave no room for another byte, or let those processes write none where there is no disk of its own."""
        if self._holder is None:
            self._limited = processes
            for pid in processes:
                subprocess.run(["prlimit", f"--pid={pid}", "--fsize=0:unlimited"], check=True)
            return
        with (self.folder / "filler").open("wb", buffering=0) as filler:
            for size in (1_000_000, 4096, 1):
                try:
                    while filler.write(b"x" * size):
                        pass
                except OSError:
                    continue

    def make_room(self) -> None:
        """Give the room back."""
        for pid in self._limited:
            subprocess.run(["prlimit", f"--pid={pid}", "--fsize=unlimited:unlimited"], check=True)
        self._limited = []
        (self.folder / "filler").unlink(missing_ok=True)

    def files(self) -> list[Path]:
        """Give every file on it."""
        return sorted(path for path in self.folder.rglob("*") if path.is_file())

    def end(self) -> None:
        """Let it go."""
        if self._holder is not None:
            self._holder.kill()
            self._holder.wait()
            self._holder = None
