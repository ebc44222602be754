"""These tests load editions themselves, so they work in a database that holds none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests import databases


@pytest.fixture(autouse=True, scope="module")
def bare_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Work in a copy of the migrated database without editions."""
    with django_db_blocker.unblock(), databases.switched(databases.BARE):
        yield
