"""Exits 0 when a file whose name begins so was changed within so many seconds, else 1. For containers.

    python3 scripts/fresh.py /tmp/beat-schedule 60

Standard library only. The scheduler writes its file each time it asks for something; the file's ending is its library's.
"""

import sys
import time
from pathlib import Path


def is_fresh(start: Path, seconds: float) -> bool:
    """Whether any file beginning like `start` was changed within `seconds`."""
    changed = [path.stat().st_mtime for path in start.parent.glob(f"{start.name}*")]
    return bool(changed) and time.time() - max(changed) < seconds


if __name__ == "__main__":
    sys.exit(0 if is_fresh(Path(sys.argv[1]), float(sys.argv[2])) else 1)
