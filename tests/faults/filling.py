"""The place for files is full or out of reach, when somebody uploads and while a report is written."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
from botocore.config import Config
from common import free_port, port_taken

from tests.processes import wait_until

from .count import Count
from .rendering import MADE, job, publish, versions
from .stage import PREPARING, PUBLISHING, Stage

ITEMS = "SELECT count(*) FROM evidence_evidenceversion WHERE title = %s"
TRIED_AGAIN = "This did not work. It will be tried again in a moment."
AWAY = "Part of this service is away for a moment"
BUCKET = "eds-faults"


def upload(stage: Stage, fault: str, sentence: str, mend: Callable[[], None]) -> Count:
    """Upload while the place for files cannot be written to: told in a sentence, with the text; then again, mended."""
    count = Count(fault, tries=1)
    words, title = stage.words("What the survey says"), stage.words("Survey")
    who = stage.person("contributor")
    page = f"/outcomes/{stage.years[PREPARING]['outcomes']['4.1']}/evidence/new/"
    form = who.form(page, "title").filled(title=title, text=words, sharing="public")
    file = ("uploads", "survey.csv", b"group,number\n" + b"staff,12\n" * 20_000)
    stored = stage.house.number("SELECT count(*) FROM files_storedfile")
    answer = who.send(form, upload=file)
    count.told += 1
    if answer.status not in {422, 503} or sentence not in answer.words:
        count.amiss.append(f"uploading answered {answer.status} without “{sentence}”: {answer.words[:600]}")
    if not answer.holds(words):
        count.amiss.append("the text is not on the page")
    count.check(stage.house.number(ITEMS, title), "evidence of the refused upload", expected=0)
    count.check(stage.house.number("SELECT count(*) FROM files_storedfile") - stored, "files refused", expected=0)
    mend()
    again = who.send(form, upload=file)
    if again.status != 200:
        count.amiss.append(f"the second try was answered {again.status}: {again.words[:600]}")
    count.check(stage.house.number(ITEMS, title), "evidence sent again")
    count.survived += not count.amiss
    return count


def write_report(stage: Stage, fault: str, mend: Callable[[], None]) -> Count:
    """A report is written while the place for files cannot be: tried again until it works, and nothing half is shown."""
    count = Count(fault, tries=1)
    publish(stage)
    version = versions(stage)
    lead = stage.person("lead")
    page = stage.assessment_page(PUBLISHING, "publishing/")
    wait_until(lambda: TRIED_AGAIN in lead.get(page).words, f"“{TRIED_AGAIN}” on the page", stage.house.logs)
    count.told += 1
    public = f"/reports/hollin-vale-trust/{PUBLISHING}/eds-2011/v{version}/"
    shown = stage.person("outsider").get(public)
    if shown.status != 200 or "The PDF is being made" not in shown.words:
        count.amiss.append(f"the public page answered {shown.status}: {shown.words[:300]}")
    if stage.person("outsider").get(f"{public}report.pdf").status != 404:
        count.amiss.append("a PDF is served that was not stored")
    count.check(stage.house.number(MADE, PUBLISHING, version), "PDFs while there is no room", expected=0)
    mend()
    wait_until(lambda: job(stage, version)[0] == "done", "the PDF to be made after all", stage.house.logs)
    count.check(stage.house.number(MADE, PUBLISHING, version), "PDFs in the end")
    made = stage.person("outsider").get(f"{public}report.pdf")
    if not made.page.startswith("%PDF-"):
        count.amiss.append(f"the PDF answered {made.status}: {made.words[:200]}")
    count.survived += not count.amiss
    return count


def disk_full_on_upload(stage: Stage) -> Count:
    """The disk of files is full when somebody uploads."""
    stage.house.disk.fill(stage.house.processes("web"))
    try:
        return upload(stage, "disk full on upload", AWAY, stage.house.disk.make_room)
    finally:
        stage.house.disk.make_room()


def disk_full_while_writing(stage: Stage) -> Count:
    """The disk of files is full while a report is written."""
    stage.house.disk.fill(stage.house.processes("worker"))
    try:
        count = write_report(stage, "disk full while a report is written", stage.house.disk.make_room)
    finally:
        stage.house.disk.make_room()
    left = [str(path) for path in stage.house.disk.files() if "unfinished" in path.parts]
    count.amiss += [f"{path} was left behind" for path in left]
    return count


class Store:
    """An S3 store of its own on this machine, that can be away."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._log = folder / "log" / "store"
        self._process: subprocess.Popen[bytes] | None = None
        self.settings = {
            "EDS_S3_BUCKET": BUCKET,
            "EDS_S3_ENDPOINT": f"http://127.0.0.1:{self.port}",
            "EDS_S3_REGION": "eu-west-2",
            "EDS_S3_ACCESS_KEY": "testing",
            "EDS_S3_SECRET_KEY": "testing",
        }

    def start(self) -> None:
        """Start it, with an empty bucket."""
        if self._process is not None:
            return
        command = [str(Path(sys.executable).parent / "moto_server"), "--host", "127.0.0.1", "--port", str(self.port)]
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True)
        wait_until(lambda: port_taken(self.port), "the store", self._log.read_text)
        client = boto3.client(
            "s3",
            endpoint_url=self.settings["EDS_S3_ENDPOINT"],
            region_name="eu-west-2",
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
            config=Config(retries={"max_attempts": 10}),
        )
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})

    def stop(self) -> None:
        """End it. What it held is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def with_store(stage: Stage) -> Iterator[Store]:
    """Let web and worker keep files in an S3 store, which is away at first; afterwards on the disk again."""
    store = Store(stage.house.folder)
    try:
        for name in ("web", "worker"):
            stage.house.restart(name, store.settings)
        yield store
    finally:
        for name in ("web", "worker"):
            stage.house.kill(name)
        store.stop()
        stage.all_up()


def store_away(stage: Stage) -> list[Count]:
    """The store cannot be reached when somebody uploads, and while a report is written."""
    with with_store(stage) as store:
        uploaded = upload(stage, "store unreachable on upload", AWAY, store.start)
        store.stop()
        return [uploaded, write_report(stage, "store unreachable while a report is written", store.start)]
