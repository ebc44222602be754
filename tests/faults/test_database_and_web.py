"""The database and the web server go away while fifty people submit: what was called saved is there, once."""

from __future__ import annotations

import pytest

from .stage import Stage
from .submitting import submit_during
from .taking_away import database_restarted, web_asked_anew, web_killed, web_replaced


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_postgresql_restarted(stage: Stage, mode: str) -> None:
    count = submit_during(stage, f"PostgreSQL restarted ({mode})", lambda: database_restarted(stage, mode))
    assert count.amiss == []
    assert count.is_well
    assert count.told > 0, "the fault came too late to be noticed"


def test_gunicorn_killed(stage: Stage) -> None:
    count = submit_during(stage, "gunicorn killed and started", lambda: web_killed(stage))
    assert count.amiss == []
    assert count.is_well
    assert count.told > 0, "the fault came too late to be noticed"


def test_gunicorn_asked_to_end_and_started(stage: Stage) -> None:
    count = submit_during(stage, "gunicorn ended (TERM) and started", lambda: web_replaced(stage))
    assert count.amiss == []
    assert count.is_well


def test_gunicorn_asked_to_begin_anew(stage: Stage) -> None:
    """HUP, as after a change of settings."""
    count = submit_during(stage, "gunicorn begun anew (HUP)", lambda: web_asked_anew(stage))
    assert count.amiss == []
    assert count.is_well
