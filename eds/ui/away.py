"""Tells errors that mean "a part of this installation is away for now" from errors of ours."""

from __future__ import annotations

import errno

from django.db import InterfaceError, OperationalError
from redis.exceptions import RedisError

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}
_OURS_ON_SQLITE = ("no such", "near ", "too many")


def is_away(error: BaseException | None) -> bool:
    """Say whether an error means that the database, Redis or the store of files is away or full.

    It goes by itself or by the work of an operator, and trying the same again is right.
    """
    if isinstance(error, OperationalError):
        # SQLite calls a missing table operational, too.
        return not str(error).startswith(_OURS_ON_SQLITE)
    if isinstance(error, InterfaceError | RedisError | ConnectionError | TimeoutError):
        return True
    return isinstance(error, OSError) and error.errno in _NO_ROOM
