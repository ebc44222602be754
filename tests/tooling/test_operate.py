"""docs/operate.md tells every setting there is, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def test_every_setting_from_the_environment_is_explained() -> None:
    source = (ROOT / "eds" / "project" / "settings.py").read_text()
    read = set(re.findall(r"""(?:environ\.get|_flag|_list)\(\s*"(EDS_[A-Z_]+)""", source))
    table = set(re.findall(r"^\| `(EDS_[A-Z_]+)`", (ROOT / "docs" / "operate.md").read_text(), re.MULTILINE))
    assert table == read | {"EDS_MIGRATE_DATABASE_URL"}


def test_every_command_of_the_makefile_is_explained() -> None:
    made = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert made - set(re.findall(r"`make ([a-z-]+)", (ROOT / "docs" / "operate.md").read_text())) == {"help"}
