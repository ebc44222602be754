"""Two who press the button of one link at once: one gets in."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.test import Client

from eds.people import invitations
from tests.mailing import deliver, key_in
from tests.world import build_world

LINK = "/account/link/"


@pytest.mark.engine
def test_of_two_at_once_one_gets_the_place(own_database: str) -> None:
    world = build_world()
    results: list[int] = []
    for number in range(4):
        invitations.invite(
            actor=world.community_chair,
            kind="panel",
            subject=world.community.public_id,
            email=f"new{number}@example.net",
            role="reviewer",
        )
        [mail] = deliver()
        results.append(_race(key_in(mail)))
        assert world.community.members.filter(user__email=f"new{number}@example.net").count() == 1
    assert results == [1, 1, 1, 1]


def _race(key: str) -> int:
    codes: list[int] = []
    barrier = threading.Barrier(3)

    def press() -> None:
        barrier.wait()
        codes.append(Client().post(LINK, {"key": key, "name": "N"}).status_code)
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(codes) <= {302, 410}, codes
    return codes.count(302)
