"""Handlers that tests can hold in the middle."""

import os
import time
from pathlib import Path

from eds.jobs.letters import Letter
from eds.jobs.models import OutboxMail
from eds.jobs.registry import Finish
from eds.jobs.running import RunningJob

from .models import Result

DEADLINE = 120


def _result_of(running: RunningJob) -> Finish:
    def finish() -> None:
        Result.objects.create(job_id=running.job_id, worker_pid=os.getpid())

    return finish


def quick(running: RunningJob) -> Finish:
    """Done at once."""
    return _result_of(running)


def waits(running: RunningJob) -> Finish:
    """Writes a file named after its process into the folder, and waits there for the file "go"."""
    folder = Path(running.args["folder"])
    running.progress(1, 2, "In the middle")
    (folder / f"started-{os.getpid()}").touch()
    deadline = time.monotonic() + DEADLINE
    while not (folder / "go").exists():
        if time.monotonic() > deadline:
            raise TimeoutError("Nobody said go.")
        time.sleep(0.05)
    return _result_of(running)


def why_no_mail(mail: OutboxMail) -> str:
    """Says what the mail's arguments say."""
    return str(mail.args.get("why_not", ""))


def write_mail(mail: OutboxMail) -> Letter:
    """A mail to whom the arguments say."""
    return Letter(to=mail.args["to"], heading="Hello", text="Plain words.\n", html="<p>Plain words.</p>")
