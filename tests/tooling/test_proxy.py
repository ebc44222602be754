"""The reverse proxy as docker-compose.yml runs it, in front of a server that says what it was sent."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml
from common import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
SERVICE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["proxy"]
MEBIBYTE = 1 << 20


class SaysWhatItGot(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        size = len(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        body = json.dumps({"headers": dict(self.headers), "size": size}).encode()
        with suppress(BrokenPipeError):  # the proxy has given up on what is too large
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def upstream() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), SaysWhatItGot) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def proxy(upstream: ThreadingHTTPServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The proxy's HTTPS port. Its commands are those of docker-compose.yml, with other ports and folders."""
    folder = tmp_path_factory.mktemp("proxy")
    port = free_port()
    here = f"{{\n\tadmin off\n\tskip_install_trust\n\thttp_port {free_port()}\n\thttps_port {port}\n"
    (folder / "Caddyfile").write_text((ROOT / "Caddyfile").read_text().replace("{\n", here, 1))
    program, *arguments = SERVICE["command"]
    found = shutil.which(program, path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    assert found, "caddy is not installed: make test installs it."
    mounted = SERVICE["volumes"][0].split(":")[1]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [found, *(str(folder / "Caddyfile") if part == mounted else part for part in arguments)],
            env={
                "HOME": str(folder),
                "XDG_DATA_HOME": str(folder),
                "EDS_SITE": "localhost",
                "EDS_UPSTREAM": f"127.0.0.1:{upstream.server_port}",
            },
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                ask(port)
                break
            except OSError:
                assert process.poll() is None, (folder / "log").read_text()
                assert time.monotonic() < deadline, (folder / "log").read_text()
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


def ask(port: int, method: str = "GET", body: bytes | None = None, **headers: str) -> http.client.HTTPResponse:
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    link = http.client.HTTPSConnection("localhost", port, timeout=20, context=trusting)
    link.request(method, "/account/link/?key=a-secret-of-a-link", body, headers)
    return link.getresponse()


def told(answer: http.client.HTTPResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in json.load(answer)["headers"].items()}


def test_what_the_site_believes_is_said_by_the_proxy_alone(proxy: int) -> None:
    got = told(ask(proxy, **{"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http"}))
    assert got["x-forwarded-proto"] == "https"
    assert got["x-forwarded-for"] in {"127.0.0.1", "::1"}
    assert got["host"] == f"localhost:{proxy}"


def test_files_up_to_the_limit_pass_and_no_larger_ones(proxy: int) -> None:
    assert json.load(ask(proxy, "POST", b"x" * 21 * MEBIBYTE))["size"] == 21 * MEBIBYTE
    assert ask(proxy, "POST", b"x" * 26 * MEBIBYTE).status in {413, 502}


def test_keys_of_links_are_not_logged(proxy: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    ask(proxy, "POST", b"x" * 26 * MEBIBYTE, Referer="https://localhost/account/link/?key=a-secret-of-a-link")
    (log,) = tmp_path_factory.getbasetemp().glob("proxy0/log")
    assert "http.log.error" in log.read_text()
    assert "a-secret-of-a-link" not in log.read_text()
