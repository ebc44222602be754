"""How an installation starts, or says why it does not: real processes with an environment of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from common import free_port

from eds.project.production import TRIAL_KEY
from tests.processes import ROOT, end, plain_environment, start, wait_until
from tests.project.test_environment import GOOD_KEY

RIGHT = {
    "EDS_SECRET_KEY": GOOD_KEY,
    "EDS_DATABASE_URL": "postgres://eds_app:s3cret-of-database@127.0.0.1:9/eds",
    "EDS_BROKER_URL": "redis://:s3cret-of-broker@127.0.0.1:9/0",
    "EDS_EMAIL_URL": "smtp://me:s3cret-of-mail@mail.example.org",
    "EDS_HOSTS": "eds.example.org",
    "EDS_BASE_URL": "https://eds.example.org",
    "EDS_BEHIND_PROXY": "1",
}


def run(*command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=plain_environment() | settings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def check(**settings: str) -> subprocess.CompletedProcess[str]:
    return run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **settings)


def test_the_check_of_a_right_installation_finds_nothing() -> None:
    done = check(**RIGHT)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert "no issues" in done.stdout


def test_nothing_starts_without_settings_and_each_is_named() -> None:
    for command in (["manage.py", "check"], ["-m", "gunicorn", "--check-config", "eds.project.wsgi"]):
        done = run(*command)
        assert done.returncode != 0
        assert "EDS_SECRET_KEY is not set." in done.stderr + done.stdout


def test_production_does_not_start_with_what_is_for_trying_out() -> None:
    wrong = {"EDS_DEMO": "1", "EDS_DEBUG": "1", "EDS_MAILS_KEPT": "1", "EDS_HOSTS": "*", "EDS_SECRET_KEY": TRIAL_KEY}
    done = check(**RIGHT | wrong | {"EDS_PURPOSE": "production"})
    assert done.returncode != 0
    for name in wrong:
        assert f"\n{name} " in done.stderr
    assert TRIAL_KEY not in done.stderr


@pytest.mark.parametrize(
    ("changes", "id_", "named"),
    [
        ({"EDS_HOST": "x.example.org"}, "eds.W001", "EDS_HOSTS"),
        ({"EDS_DATABASE_URL": ""}, "eds.W002", "EDS_DATABASE_URL"),
        ({"EDS_BROKER_URL": ""}, "eds.W003", "EDS_BROKER_URL"),
        ({"EDS_EMAIL_URL": ""}, "eds.W004", "EDS_EMAIL_URL"),
        ({"EDS_BASE_URL": "https://other.example.org"}, "eds.W005", "EDS_BASE_URL"),
    ],
)
def test_what_is_wrong_for_an_organisation_has_an_id(changes: dict[str, str], id_: str, named: str) -> None:
    done = check(**RIGHT | changes)
    assert done.returncode != 0
    assert f"({id_})" in done.stderr
    assert named in done.stderr
    assert f"`{id_}`" in (ROOT / "docs" / "operate.md").read_text()


def test_no_secret_is_logged_while_nothing_can_be_reached(tmp_path: Path) -> None:
    port = free_port()
    env = (
        plain_environment()
        | RIGHT
        | {
            "EDS_DATA_DIR": str(tmp_path),
            "EDS_LOG_FORMAT": "json",
            "EDS_LOG_LEVEL": "DEBUG",
            "EDS_STATIC_ROOT": os.environ.get("EDS_STATIC_ROOT", str(ROOT / "var" / "static")),
            "PYTHONUNBUFFERED": "1",
        }
    )
    commands = {
        "web": ["gunicorn", "eds.project.wsgi", "--bind", f"127.0.0.1:{port}", "--no-control-socket"],
        "worker": ["celery", "-A", "eds.project", "worker", "-c", "1", "--loglevel", "DEBUG"],
        "beat": ["celery", "-A", "eds.project", "beat", "--schedule", str(tmp_path / "beat"), "--loglevel", "DEBUG"],
    }
    processes = {}
    try:
        for name, command in commands.items():
            processes[name] = start([sys.executable, "-m", *command], tmp_path / f"{name}.log", env)
        answers = {path: ask_until_it_answers(port, path) for path in ("/healthz", "/readyz", "/")}
        wait_until(
            lambda: all("rror" in (tmp_path / f"{name}.log").read_text() for name in ("worker", "beat")),
            "worker and beat to say something of the broker",
        )
    finally:
        for process in processes.values():
            end(process)
    assert {path: status for path, (status, _) in answers.items()} == {"/healthz": 200, "/readyz": 503, "/": 503}
    assert "database: does not answer\n" in answers["/readyz"][1]
    assert "broker: cannot be reached\n" in answers["/readyz"][1]
    said = "\n".join([*(path.read_text() for path in tmp_path.glob("*.log")), *(body for _, body in answers.values())])
    assert "s3cret" not in said
    assert GOOD_KEY not in said


def ask_until_it_answers(port: int, path: str) -> tuple[int, str]:
    import http.client

    deadline = time.monotonic() + 60
    while True:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            link.request("GET", path, headers={"Host": "eds.example.org", "X-Forwarded-Proto": "https"})
            answer = link.getresponse()
            return answer.status, answer.read().decode()
        except ConnectionRefusedError:
            assert time.monotonic() < deadline, "the web server does not answer"
            time.sleep(0.05)
        finally:
            link.close()
