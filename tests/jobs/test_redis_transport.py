"""A worker that holds a message when its broker goes away is told of a lost connection, and of nothing that would end it."""

from __future__ import annotations

import logging
import os

import pytest
from kombu import Connection

from eds.jobs.redis_transport import Transport
from tests import databases

pytestmark = pytest.mark.skipif(not databases.on_postgresql(), reason="No Redis runs beside the tests on SQLite")


def test_a_message_that_outlives_its_connection(caplog: pytest.LogCaptureFixture) -> None:
    connection = Connection(os.environ["EDS_TEST_REDIS_URL"])
    assert isinstance(connection.transport, Transport)
    errors = connection.connection_errors
    queue = connection.SimpleQueue("outlives")
    queue.put({})
    message = queue.get(timeout=30)
    channel = queue.channel
    connection.collect()
    channel._disconnect_pools()
    with caplog.at_level(logging.CRITICAL):
        message.ack_log_error(logging.getLogger("tests"), errors)
    assert "Couldn't ack" in caplog.text
    assert "was lost and let go of" in caplog.text
    with pytest.raises(errors):
        channel.qos.restore_unacked()


@pytest.mark.parametrize(("url", "encrypts"), [("redis://127.0.0.1/0", False), ("rediss://127.0.0.1/0", True)])
def test_both_names_lead_to_it(url: str, encrypts: bool) -> None:
    connection = Connection(url)
    assert isinstance(connection.transport, Transport)
    assert bool(connection.ssl) is encrypts
