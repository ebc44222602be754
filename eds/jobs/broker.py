"""The broker that needs no server: messages as files in one folder.

kombu's own writes a message in place, so a worker can read it half written, and then the whole worker ends with a
JSONDecodeError. Here a message gets its name when it is complete, and one that cannot be read is put aside and logged.
"""

from __future__ import annotations

import fcntl
import logging
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from time import time
from typing import Any

from celery import current_app
from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)


def ensure_folders() -> None:
    """Make the folders of the filesystem broker. Does nothing where the broker is a server."""
    if not str(current_app.conf.broker_url).startswith("filesystem:"):
        return
    options = current_app.conf.broker_transport_options
    for name in ("data_folder_in", "data_folder_out", "control_folder"):
        Path(options[name]).mkdir(mode=0o700, parents=True, exist_ok=True)


class Channel(filesystem.Channel):
    """Messages that appear complete, and a table of queues that is read and written under one lock."""

    @contextmanager
    def _control_lock(self) -> Iterator[None]:
        with (Path(self.control_folder) / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def get_table(self, exchange: str) -> Any:
        with self._control_lock():
            return super().get_table(exchange)

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        with self._control_lock():
            super()._queue_bind(exchange, routing_key, pattern, queue)

    # kombu's two bases disagree about the name of the second argument
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        folder = Path(self.data_folder_out)
        # Wall time in microseconds: the worker takes messages in the order of their names, also after a reboot.
        name = f"{int(time() * 1_000_000)}_{uuid.uuid4()}.{queue}.msg"
        unfinished = folder / f"{name}.part"
        try:
            unfinished.write_text(dumps(payload), encoding="utf-8")
            unfinished.rename(folder / name)
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            raise ChannelError(f"Cannot add a message to {folder}") from error

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        folder = Path(self.data_folder_in)
        for name in sorted(os.listdir(folder)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = folder / f"{name}.{uuid.uuid4()}.taken"
            try:
                (folder / name).rename(taken)
            except FileNotFoundError:
                continue  # another worker was faster
            try:
                payload = loads(taken.read_text(encoding="utf-8"))
            except ValueError:
                logger.exception("A message could not be read and is put aside as %s.", taken)
                continue
            taken.unlink()
            return payload
        raise Empty


class Transport(filesystem.Transport):
    """The filesystem transport with the channel above; CELERY_BROKER_TRANSPORT names it."""

    Channel = Channel

    @property
    def default_connection_params(self) -> dict[str, Any]:
        """None: a folder has no host, and kombu would warn at every start that none was given."""
        return {}
