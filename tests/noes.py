"""Asserting that a verb says no: the sentence, the field that it stands beside, and nothing written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from eds.history.errors import DomainError

TABLES = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]


def counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f'(SELECT COUNT(*) FROM "{table}")' for table in TABLES))
        return dict(zip(TABLES, cursor.fetchone(), strict=True))


@contextmanager
def no(words: str, field: str | None = None, kind: type[DomainError] = DomainError) -> Iterator[Any]:
    """Assert that the verb says no in these words, beside this field, and has written nothing."""
    before = counts()
    with pytest.raises(kind) as raised:
        yield raised
    assert words in raised.value.sentence
    assert raised.value.sentence.endswith(".")
    assert raised.value.field == field
    assert counts() == before
