"""A PostgreSQL server for the tests: private port and folder, started and stopped by whoever asks for it.

It lives below /tmp, listens on 127.0.0.1 only and does not wait for the disk. Standard library only.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from common import ROOT, free_port

ROLES = ROOT / "scripts" / "postgres_roles.sql"


class ServerError(Exception):
    """A program of the server ended with an error; the message holds what it printed."""


@dataclass(frozen=True)
class Server:
    """Addresses of a running server's database "eds", for its two roles, and how it is stopped and started again."""

    owner_url: str
    app_url: str
    as_superuser: dict[str, str]  # the environment in which psql is the superuser
    start: Callable[..., None]  # keyword arguments are set in its environment
    stop: Callable[[str], None]  # "fast" ends who is connected; "immediate" is a crash


def server_programs() -> Path | None:
    """The folder with initdb, pg_ctl and psql of the newest server installed, or None."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if folders:
        return max(folders, key=lambda path: int(path.parent.name) if path.parent.name.isdigit() else 0)
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _run(command: list[str], environment: dict[str, str] | None = None) -> None:
    # initdb and postgres refuse to run as root
    user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            [*user, *command],
            cwd="/",
            env=environment,
            stdin=subprocess.DEVNULL,
            # not a pipe: the server would inherit it, and reading it would never end
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if done.returncode:
            output.seek(0)
            raise ServerError(f"{' '.join(command)} ended with status {done.returncode}:\n{output.read()}")


@contextmanager
def server(*, durable: bool = False) -> Iterator[Server]:
    """Runs a server as long as the block lasts, with the roles of postgres_roles.sql and an empty database "eds".

    With `durable` what it said is committed survives its crash, as on a real server. Databases made later by
    eds_owner give eds_app the same rights, since template1 has them too. Raises ServerError.
    """
    programs = server_programs()
    if programs is None:
        raise ServerError("PostgreSQL's server is not installed.")
    # Not where TMPDIR points: that may be a folder into which the user postgres cannot look.
    folder = Path(tempfile.mkdtemp(prefix="eds-postgres-", dir="/tmp"))
    data, port = folder / "data", free_port()
    try:
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(folder, account.pw_uid, account.pw_gid)
        initdb = [str(programs / "initdb"), "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8", "--username=postgres"]
        _run([*initdb, "--auth-local=trust", "--auth-host=scram-sha-256", "--pgdata", str(data)])
        settings = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
        if not durable:
            settings += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        # A database is dropped with whoever is in it, and the owner may not end the server's own housekeeping.
        settings += " -c autovacuum=off"
        control = [str(programs / "pg_ctl"), "--silent", "--pgdata", str(data), "--wait"]

        def start(**environment: str) -> None:
            # set by env, so after the change of user
            told = ["env", *(f"{name}={value}" for name, value in environment.items())] if environment else []
            _run([*told, *control, "--log", str(folder / "log"), "--options", settings, "start"])

        def stop(mode: str) -> None:
            _run([*control, "--mode", mode, "stop"])

        start()
        try:
            passwords = {name: secrets.token_hex(16) for name in ("EDS_OWNER_PASSWORD", "EDS_APP_PASSWORD")}
            psql = [str(programs / "psql"), "--no-psqlrc", "--quiet", "-h", str(folder), "-p", str(port)]
            (folder / "roles.sql").write_bytes(ROLES.read_bytes())  # the checkout may be closed to user postgres
            (folder / "roles.sql").chmod(0o644)
            for database in ("template1", "eds"):
                command = [*psql, "-U", "postgres", "-d", "postgres", "-v", f"database={database}"]
                _run([*command, "-f", str(folder / "roles.sql")], os.environ | passwords)
            yield Server(
                owner_url=f"postgres://eds_owner:{passwords['EDS_OWNER_PASSWORD']}@127.0.0.1:{port}/eds",
                app_url=f"postgres://eds_app:{passwords['EDS_APP_PASSWORD']}@127.0.0.1:{port}/eds",
                as_superuser={
                    "PGHOST": str(folder),
                    "PGPORT": str(port),
                    "PGUSER": "postgres",
                    "PGDATABASE": "postgres",
                },
                start=start,
                stop=stop,
            )
        finally:
            if (data / "postmaster.pid").exists():
                stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
