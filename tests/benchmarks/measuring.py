"""Asks pages in turns and gives medians, so that whatever else the machine does falls on all of them alike."""

from __future__ import annotations

import http.client
import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

HEADERS = {"X-Forwarded-Proto": "https", "Accept": "text/html", "User-Agent": "benchmark"}
CONNECTION_SECONDS = 60


@dataclass(frozen=True)
class Page:
    """A page of a server, as somebody with this session's cookie (or nobody) asks for it."""

    port: int
    path: str
    cookie: str = ""


@dataclass(frozen=True)
class Reply:
    """What came back, and after how many seconds."""

    status: int
    size: int
    seconds: float


def ask(page: Page, method: str = "GET", body: str | None = None, extra: dict[str, str] | None = None) -> Reply:
    """Ask once, over a connection of its own: the kernel then spreads requests over the server's processes."""
    headers = HEADERS | {"Host": "127.0.0.1"} | ({"Cookie": page.cookie} if page.cookie else {}) | (extra or {})
    connection = http.client.HTTPConnection("127.0.0.1", page.port, timeout=CONNECTION_SECONDS)
    try:
        began = time.perf_counter()
        connection.request(method, page.path, body=body, headers=headers)
        response = connection.getresponse()
        size = len(response.read())
        return Reply(response.status, size, time.perf_counter() - began)
    finally:
        connection.close()


def sizes(pages: dict[str, Page]) -> dict[str, int]:
    """Ask each page once and give how long it is. Raises RuntimeError where one does not answer with 200."""
    found = {}
    for name, page in pages.items():
        reply = ask(page)
        if reply.status != 200:
            raise RuntimeError(f"{name}: {page.path} answered with {reply.status}.")
        found[name] = reply.size
    return found


def medians(pages: dict[str, Page], rounds: int, warm_up: int) -> dict[str, float]:
    """Give each page's median of so many requests in milliseconds; in each round every page is asked once."""
    times: dict[str, list[float]] = {name: [] for name in pages}
    for number in range(warm_up + rounds):
        for name, page in pages.items():
            reply = ask(page)
            if reply.status != 200:
                raise RuntimeError(f"{name}: {page.path} answered with {reply.status}.")
            if number >= warm_up:
                times[name].append(reply.seconds * 1000)
    return {name: statistics.median(found) for name, found in times.items()}


@dataclass
class Crowd:
    """What came back when many asked at about the same time."""

    replies: list[Reply] = field(default_factory=list)
    seconds: float = 0.0

    def milliseconds(self, part: float = 0.5) -> float:
        """Give the time within which this part of the requests was answered."""
        ordered = sorted(reply.seconds for reply in self.replies)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))] * 1000


def together(asked: Sequence[tuple[Page, str, str | None, dict[str, str]]], within: float) -> Crowd:
    """Let each ask at its own moment, spread evenly over so many seconds, whether those before have an answer or not."""
    crowd, lock = Crowd(), threading.Lock()
    began = time.perf_counter()

    def one(number: int) -> None:
        page, method, body, extra = asked[number]
        pause = began + within * number / len(asked) - time.perf_counter()
        if pause > 0:
            time.sleep(pause)
        try:
            reply = ask(page, method, body, extra)
        except (OSError, http.client.HTTPException):
            reply = Reply(0, 0, time.perf_counter() - began)
        with lock:
            crowd.replies.append(reply)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(len(asked))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    crowd.seconds = time.perf_counter() - began
    return crowd
