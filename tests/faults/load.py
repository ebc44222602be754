"""People who read pages all the while, so that faults happen under load."""

from __future__ import annotations

import threading
from types import TracebackType

from .count import Count
from .stage import PUBLISHING, Stage
from .visitor import NOBODY_ANSWERED, Visitor

PAGES = ("/", "/reports/", f"/reports/hollin-vale-trust/{PUBLISHING}/eds-2011/")
READERS = 1
EXPECTED = frozenset({200, 404, 410, 503, NOBODY_ANSWERED})
"""What a reader may get meanwhile: the page, no report yet, a closed version, a sentence, or the proxy's page."""


class Load:
    """Readers in the background as long as the block lasts; `count` says how many pages they got."""

    def __init__(self, stage: Stage) -> None:
        self.count = Count("pages read all the while")
        self._end = threading.Event()
        self._port = stage.house.places.web_port
        self._threads = [threading.Thread(target=self._read, args=(number,)) for number in range(READERS)]

    def _read(self, number: int) -> None:
        who = Visitor(self._port, f"reader{number}@example.org")
        while not self._end.wait(0.5):
            for page in PAGES:
                answer = who.get(page)
                self.count.tries += 1
                self.count.told += answer.status == 503
                if answer.status in EXPECTED:
                    self.count.survived += 1
                else:
                    self.count.amiss.append(f"{page} answered {answer.status}: {answer.words[:200]}")

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join()
