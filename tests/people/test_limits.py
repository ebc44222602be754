"""What counts tries is shared by the processes that answer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def test_what_one_process_counts_another_knows(tmp_path: Path) -> None:
    def run(code: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", f"import django\ndjango.setup()\nfrom django.core.cache import cache\n{code}"],
            cwd=ROOT,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "eds.project.settings", "EDS_DATA_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    run("cache.set('tries', 4)")
    assert run("print(cache.get('tries'))") == "4"
