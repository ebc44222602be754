"""docs/operate.md tells every setting there is, and no other."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent.parent
OPERATE = (ROOT / "docs" / "operate.md").read_text()


def test_every_setting_from_the_environment_is_explained() -> None:
    read = set(settings.ENVIRONMENT.known)
    first_cells = re.findall(r"^\| (`EDS_.*?) \|", OPERATE, re.MULTILINE)
    table = set(re.findall(r"EDS_[A-Z0-9_]+", " ".join(first_cells)))
    assert table == read | {"EDS_MIGRATE_DATABASE_URL"}


def test_every_command_of_the_makefile_is_explained() -> None:
    made = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert made - set(re.findall(r"`make ([a-z-]+)", OPERATE)) == {"help"}
