"""Logs: one line a request, its id, and the same id wherever its work goes on."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.test import Client
from django.utils.module_loading import import_string

from eds.jobs import domain, registry
from eds.jobs.models import Job
from eds.jobs.running import RunningJob
from eds.ui.request_id import RequestIdFilter, working_as


@pytest.fixture
def lines() -> Iterator[Any]:
    """Gives what was logged as the setting EDS_LOG_FORMAT=json writes it."""
    told = dict(django_settings.LOGGING["formatters"]["json"])
    formatter = import_string(told.pop("()"))(told.pop("fmt"), **told)
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    handler.addFilter(RequestIdFilter())
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.INFO)
    root.addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.fixture
def kind() -> Iterator[str]:
    def work(running: RunningJob) -> None:
        logging.getLogger("tests.work").info("In the middle")

    registry.register("tests.logged", work)
    yield "tests.logged"
    registry._handlers.pop("tests.logged", None)


@pytest.mark.django_db
def test_one_line_a_request_without_query_body_or_person(client: Client, lines: Any) -> None:
    answer = client.post("/account/link/?key=s3cret-key", {"reason": "s3cret words"})
    (line,) = [line for line in lines() if line["logger"] == "eds.project.middleware"]
    assert line["request_id"] == answer["X-Request-ID"]
    assert (line["method"], line["path"], line["status"]) == ("POST", "/account/link/", answer.status_code)
    assert line["level"] == "INFO"
    assert "s3cret" not in json.dumps(lines())


@pytest.mark.django_db
def test_machines_that_ask_whether_it_is_well_fill_no_log(client: Client, lines: Any) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        client.get(path)
    assert [line for line in lines() if line["logger"] == "eds.project.middleware"] == []


@pytest.mark.django_db
def test_the_id_of_a_request_goes_with_the_job_that_it_queued(lines: Any, kind: str) -> None:
    with working_as("a1b2c3d4"), transaction.atomic():
        job = domain.enqueue(kind=kind, subject="s3cret-subject", key="k", args={"words": "s3cret"})
    with working_as("of-the-worker"):
        assert domain.run(job.public_id, worker="w")
        logging.getLogger("tests.work").info("Afterwards")
    said = {line["message"]: line["request_id"] for line in lines()}
    assert said["In the middle"] == "a1b2c3d4"
    assert said[f"Job {job.public_id} ({kind}) is done."] == "a1b2c3d4"
    assert said["Afterwards"] == "of-the-worker"
    assert "s3cret" not in json.dumps(lines())


@pytest.mark.django_db
def test_a_job_that_no_request_queued_has_the_id_of_its_task(lines: Any, kind: str) -> None:
    with transaction.atomic():
        job = domain.enqueue(kind=kind, subject="s", key="k")
    assert Job.objects.get().request_id == ""
    with working_as("task-0123"):
        domain.run(job.public_id, worker="w")
    assert {line["request_id"] for line in lines() if line["message"] == "In the middle"} == {"task-0123"}
