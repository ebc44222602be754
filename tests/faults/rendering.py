"""Reports are published, and their formats made, while something breaks."""

from __future__ import annotations

import signal
from collections.abc import Callable

from django.utils.text import slugify

from tests.processes import wait_until

from .cast import ELSEWHERE
from .count import Count
from .stage import CORRECTING, PUBLISHING, Stage
from .visitor import Answer

OF_YEAR = "reports_publication p JOIN assessments_assessment a ON a.id = p.assessment_id AND a.year = %s"
JOB = f"""SELECT j.state, j.progress_words, j.attempts FROM {OF_YEAR} JOIN jobs_job j ON j.subject = p.public_id
WHERE j.kind = 'reports.render' AND p.seq = %s"""
MADE = f"SELECT count(*) FROM {OF_YEAR} JOIN reports_rendition r ON r.publication_id = p.id WHERE p.seq = %s"
VERSIONS = f"SELECT coalesce(max(p.seq), 0) FROM {OF_YEAR}"


def versions(stage: Stage, year: str = PUBLISHING) -> int:
    """Give how many versions are published."""
    return stage.house.number(VERSIONS, year)


def publish(stage: Stage) -> Answer:
    """Publish the next version as the lead: reopened first where one is public."""
    before_publishing(stage)
    lead = stage.person("lead")
    form = lead.form(stage.assessment_page(PUBLISHING, "publish/"))
    return lead.send(form.filled(reason="A line was missing.") if versions(stage) else form)


def before_publishing(stage: Stage, year: str = PUBLISHING) -> None:
    """Take the report back for a correction where it is public."""
    state = stage.house.rows("SELECT state FROM assessments_assessment WHERE year = %s", int(year))[0][0]
    if state == "published":
        lead = stage.person("lead")
        form = lead.form(stage.assessment_page(year, "reopen/"), "reason")
        done = lead.send(form.filled(reason="A line was missing."))
        assert done.status == 200, done.words[:500]


def job(stage: Stage, version: int, year: str = PUBLISHING) -> tuple[str, str, int]:
    """Give state, words and attempts of the job that makes a version's PDF."""
    [(state, words, attempts)] = stage.house.rows(JOB, year, version)
    return state, words, attempts


def wait_for_state(stage: Stage, version: int, state: str, year: str = PUBLISHING) -> None:
    """Wait until the job of a version is so."""
    wait_until(
        lambda: job(stage, version, year)[0] == state,
        f"version {version} to be {state}; it is {job(stage, version, year)}",
        stage.house.logs,
    )


def pdf_page(version: int, year: str = PUBLISHING) -> str:
    """Give the address of a version's PDF."""
    whose = slugify(ELSEWHERE) if year == CORRECTING else "hollin-vale-trust"
    return f"/reports/{whose}/{year}/eds-2011/v{version}/report.pdf"


def made_once(stage: Stage, count: Count, version: int, year: str = PUBLISHING) -> bool:
    """Wait until a version's PDF is made, and check that there is one, which the public can open."""
    wait_for_state(stage, version, "done", year)
    well = count.check(stage.house.number(MADE, year, version), f"PDFs of version {version}")
    address = pdf_page(version, year)
    shown = stage.person("outsider").get(address)
    if not (shown.status == 200 and shown.page.startswith("%PDF-")):
        count.amiss.append(f"{address} answered {shown.status}: {shown.words[:200]}")
        well = False
    return well


def worker_killed(stage: Stage, times: int = 1) -> Count:
    """Publish, and kill the worker with all its processes while it lays out the pages: so many times in a row."""
    count = Count("worker killed while it makes a PDF", tries=times)
    answer = publish(stage)
    version = versions(stage)
    count.expect(
        f"Version {version} is published." in answer.words, f"publishing answered {answer.status}: {answer.words[:300]}"
    )
    if count.amiss:
        return count
    for attempt in range(1, times + 1):
        wait_until(
            lambda attempt=attempt: job(stage, version)[1:] == ("Laying out the pages", attempt),
            f"the layout, {attempt}",
            stage.house.logs,
        )
        stage.house.kill("worker")
        count.expect(not stage.house.number(MADE, PUBLISHING, version), "it was killed too late")
        stage.house.start("worker", waits=False)
    well = made_once(stage, count, version)
    tried = job(stage, version)[2]
    count.expect(tried == times + 1, f"{tried} attempts instead of {times + 1}")
    count.survived += times * (well and not count.amiss)
    return count


def _with_words(count: Count, answer: Answer, *words: str) -> None:
    for each in words:
        if each not in answer.words:
            count.amiss.append(f"“{each}” is not on the page ({answer.status}): {answer.words[:300]}")


def broker_away_at_commit(stage: Stage) -> Count:
    """The broker cannot be reached when publishing commits, and comes back: the sweeper sends the message."""
    count = Count("broker away at the moment of commit", tries=1)
    before_publishing(stage)
    lead = stage.person("lead")
    form = lead.form(stage.assessment_page(PUBLISHING, "publish/"))
    stage.house.broker.stop()
    try:
        answer = lead.send(form.filled(reason="A line was missing.") if "reason" in form.fields else form)
        version = versions(stage)
        _with_words(count, answer, f"Version {version} is published.", "Waiting")
        if job(stage, version)[0] != "queued":
            count.amiss.append(f"the job is {job(stage, version)}")
        told = lead.get("/readyz")
        if told.status != 503 or "broker: cannot be reached" not in told.page:
            count.amiss.append(f"/readyz answered {told.status}: {told.page}")
    finally:
        stage.house.broker.start()
    count.survived += made_once(stage, count, version) and not count.amiss
    return count


def broker_stopped_while_publishing(stage: Stage) -> Count:
    """The broker is stopped and started at any moment of publishing."""
    return _meanwhile(stage, "broker restarted while publishing", lambda: _restart_broker(stage))


def _restart_broker(stage: Stage) -> None:
    stage.house.broker.stop()
    stage.house.broker.start()


def _meanwhile(stage: Stage, fault: str, break_it: Callable[[], None]) -> Count:
    from .visitor import at_once

    count = Count(fault, tries=1)
    before_publishing(stage)
    lead = stage.person("lead")
    form = lead.form(stage.assessment_page(PUBLISHING, "publish/"))
    filled = form.filled(reason="A line was missing.") if "reason" in form.fields else form
    [answer] = at_once([lambda: lead.send(filled)], break_it)
    version = versions(stage)
    _with_words(count, answer, f"Version {version} is published.")
    count.survived += made_once(stage, count, version) and not count.amiss
    return count


def jobs_queued(stage: Stage, fault: str, break_it: Callable[[], None]) -> Count:
    """A job waits at the broker, since no worker runs; the broker forgets it. The page says that no worker is heard."""
    count = Count(fault, tries=1)
    stage.house.kill("worker")
    try:
        answer = publish(stage)
        version = versions(stage)
        _with_words(count, answer, f"Version {version} is published.", "Waiting")
        break_it()
        lead = stage.person("lead")
        page = stage.assessment_page(PUBLISHING, "publishing/")
        wait_until(lambda: "No worker is running" in lead.get(page).words, "the page to say that no worker runs")
        if job(stage, version)[0] != "queued":
            count.amiss.append(f"the job is {job(stage, version)}")
    finally:
        stage.house.start("worker", waits=False)
    count.survived += made_once(stage, count, version) and not count.amiss
    return count


def broker_emptied(stage: Stage) -> Count:
    """The broker is emptied with a job queued."""
    return jobs_queued(stage, "broker emptied with jobs queued", stage.house.broker.empty)


def broker_restarted(stage: Stage) -> Count:
    """The broker is stopped and started with a job queued; it comes back empty."""
    return jobs_queued(stage, "broker restarted with jobs queued", lambda: _restart_broker(stage))


def worker_asked_to_end(stage: Stage) -> Count:
    """The worker is asked to end (TERM) while it works, as every upgrade does: it finishes first."""
    count = Count("worker asked to end while it makes a PDF", tries=1)
    publish(stage)
    version = versions(stage)
    wait_until(lambda: job(stage, version)[1] == "Laying out the pages", "the layout", stage.house.logs)
    stage.house.signal("worker", signal.SIGTERM)
    stage.house.stop("worker")
    stage.house.start("worker", waits=False)
    count.survived += made_once(stage, count, version) and job(stage, version)[2] == 1
    return count
