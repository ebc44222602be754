"""The scripts are run as files, so they find each other by their folder; tests of them do the same."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "scripts"))
