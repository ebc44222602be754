"""kombu's transport for Redis, of which a worker survives that its broker goes away while a message is in its hands.

kombu tries to give such a message back over the connection that it has just let go of. That ends in an AttributeError, which
nobody expects there, and then the whole worker ends. Here it is the error of a lost connection that it should be: the worker
waits for its broker. The message itself is of no account, since jobs are rows and the sweeper sends another.
"""

from __future__ import annotations

from typing import Any

from kombu.transport import redis
from redis.exceptions import ConnectionError as LostConnectionError


class Channel(redis.Channel):
    """A channel that says so when its connection is gone."""

    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        if self.connection is None or self.connection.client is None:
            raise LostConnectionError("The connection to the broker was lost and let go of.")
        found: dict[str, Any] = super()._connparams(asynchronous=asynchronous)
        return found


class Transport(redis.Transport):
    """The transport with the channel above; `eds.project.celery` gives it kombu's own names."""

    Channel = Channel
