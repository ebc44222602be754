"""Takes the database or the web server away and gives it back."""

from __future__ import annotations

import signal

from .stage import Stage


def database_restarted(stage: Stage, mode: str) -> None:
    """Stop the database, "fast" as an upgrade or "immediate" as a crash, and start it."""
    stage.house.database.stop(mode)
    stage.house.database.start()


def web_killed(stage: Stage) -> None:
    """Kill the web server with all its workers, and start it, as a container's engine does."""
    stage.house.restart("web")


def web_replaced(stage: Stage) -> None:
    """Ask the web server to end, wait until it has answered whom it was answering, and start it."""
    stage.house.stop("web")
    stage.house.start("web")


def web_asked_anew(stage: Stage) -> None:
    """Ask the web server to begin anew with new workers, while the old ones finish."""
    stage.house.signal("web", signal.SIGHUP)
