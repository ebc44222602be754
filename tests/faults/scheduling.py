"""Two schedulers ask for the same work at the same moment."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from tests.processes import wait_until

from .count import Count
from .stage import REVIEWING, Stage
from .ticking import all_mails_are_out, row_counts, tick

SWEEPS = 6


def scheduled_twice_at_once(stage: Stage) -> Count:
    """All scheduled work is done by two processes at once, with reminders due: each mail is there once and sent once."""
    count, house = Count("scheduled work done twice at once", tries=1), stage.house
    house.change(
        "UPDATE assessments_round SET review_by = current_date + %s WHERE public_id = %s",
        timedelta(days=5),
        stage.years[REVIEWING]["round"],
    )
    before = row_counts(house)
    tick(house, times=2)
    after = row_counts(house)
    mails = after["jobs_outboxmail"] - before["jobs_outboxmail"]
    count.expect(mails > 0, "no reminder was written")
    count.check(after["jobs_job"] - before["jobs_job"], "jobs to send them", expected=mails)
    tick(house, times=2)
    count.expect(row_counts(house) == after, "the second time something was done again")
    wait_until(lambda: all_mails_are_out(house), "all mails to be out", house.logs)
    taken = Counter((mail["To"], mail["Message-ID"]) for mail in house.mails.taken)
    count.doubled += sum(number - 1 for number in taken.values())
    count.check(
        len(taken), "mails sent", expected=house.number("SELECT count(*) FROM jobs_outboxmail WHERE state = 'sent'")
    )
    count.survived += not (count.amiss or count.lost or count.doubled)
    return count


def second_scheduler(stage: Stage) -> Count:
    """A second beat runs beside the first, and both ask for sweeping every second: no row comes of it."""
    count, house = Count("two schedulers beside each other", tries=1), stage.house
    before = row_counts(house)
    house.start("beat", called="second-beat")
    try:
        log = house.folder / "log" / "worker"
        started = log.stat().st_size
        wait_until(
            lambda: log.read_bytes()[started:].count(b"eds.jobs.tasks.sweep") >= SWEEPS, "some sweeps", house.logs
        )
    finally:
        house.kill("second-beat")
    count.expect(row_counts(house) == before, "rows came or went")
    count.survived += not (count.amiss or count.lost or count.doubled)
    return count
