"""Does everything that the scheduler asks for, once, and ends.

    python -m tests.faults.tick FOLDER NUMBER

With a folder it waits until so many others have come there, so that they all begin at the same moment.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path


def meet(folder: Path, number: int) -> None:
    """Wait until so many processes are in the folder."""
    (folder / str(os.getpid())).touch()
    deadline = time.monotonic() + 60
    while len(list(folder.iterdir())) < number:
        if time.monotonic() > deadline:
            raise TimeoutError(f"Fewer than {number} came to {folder}.")
        time.sleep(0.005)


def main() -> None:
    """The command line."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eds.project.settings")
    django.setup()
    from django.conf import settings

    from eds.project.celery import app

    app.loader.import_default_modules()
    meet(Path(sys.argv[1]), int(sys.argv[2]))
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        app.tasks[entry["task"]].apply(throw=True)


if __name__ == "__main__":
    main()
