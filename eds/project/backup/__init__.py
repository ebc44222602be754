"""One archive of an installation: every row and every file, with a list of what they must be (docs/operate.md).

It knows no engine: what was written on SQLite is read into PostgreSQL, which is how a trial grows up.
"""

from .errors import BackupRefused
from .reading import check, restore
from .writing import Summary, backup

__all__ = ["BackupRefused", "Summary", "backup", "check", "restore"]
