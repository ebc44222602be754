"""The worker and the broker go away while PDFs are made: each PDF comes in the end, once, and pages say what is true."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from . import rendering
from .count import Count
from .racing import move_there_and_back
from .stage import PUBLISHING, Stage


def test_a_worker_killed_three_times_in_mid_render_leaves_one_pdf_each(stage: Stage) -> None:
    count = rendering.worker_killed(stage)
    for _ in range(2):
        count += rendering.worker_killed(stage)
    assert (count.tries, count.amiss) == (3, [])
    assert count.is_well


@pytest.mark.parametrize(
    "round_",
    [
        rendering.worker_asked_to_end,
        rendering.broker_away_at_commit,
        rendering.broker_stopped_while_publishing,
        rendering.broker_emptied,
        rendering.broker_restarted,
    ],
)
def test_once(stage: Stage, round_: Callable[[Stage], Count]) -> None:
    count = round_(stage)
    assert count.amiss == []
    assert count.is_well


def test_a_report_does_not_wait_behind_mails(stage: Stage) -> None:
    """Mails to everybody wait at the broker when somebody publishes: the PDF is made before most of them are sent."""
    house = stage.house
    house.kill("worker")
    many = "SELECT count(*) FROM jobs_job WHERE kind = 'jobs.mail'"
    before = house.number(many)
    while house.number(many) < before + 12:
        move_there_and_back(stage)
    answer = rendering.publish(stage)
    version = rendering.versions(stage)
    assert f"Version {version} is published." in answer.words
    house.start("worker", waits=False)
    rendering.wait_for_state(stage, version, "done")
    first = house.number(
        f"""SELECT count(*) FROM jobs_job m WHERE m.kind = 'jobs.mail' AND m.id > (SELECT max(id) - %s FROM jobs_job)
        AND m.started_at < (SELECT j.started_at FROM {rendering.OF_YEAR} JOIN jobs_job j ON j.subject = p.public_id
        AND p.seq = %s WHERE j.kind = 'reports.render')""",
        house.number(many) - before,
        PUBLISHING,
        version,
    )
    # What a worker has taken before it hears of something better: one for each of its processes, and one in hand.
    assert first <= 4
