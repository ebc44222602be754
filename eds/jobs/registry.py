"""Which handler does which kind of job. Rooms above hand theirs up in AppConfig.ready()."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .errors import UnknownKind

if TYPE_CHECKING:
    from .running import RunningJob

Finish = Callable[[], None]
Handler = Callable[["RunningJob"], Finish | None]

Failed = Callable[[str, str], None]

_handlers: dict[str, Handler] = {}
_failed: dict[str, Failed] = {}
_patient: set[str] = set()


def register(kind: str, handler: Handler, *, failed: Failed | None = None, patient: bool = False) -> None:
    """Say who does jobs of this kind.

    The handler works outside any transaction and gives back a function that writes the result, or None. That function
    runs in the transaction that marks the job done, so what it writes appears exactly once or not at all. `failed` is
    called with the job's subject and the sentence in the transaction that marks it failed. Nobody looks on while a
    `patient` kind is done, and there may be hundreds of it: it lets others go first where the broker can say so (Redis).
    Raises ValueError where another handler has the kind.
    """
    if _handlers.get(kind, handler) is not handler:
        raise ValueError(f"Jobs of kind {kind!r} have a handler already.")
    _handlers[kind] = handler
    if failed is not None:
        _failed[kind] = failed
    if patient:
        _patient.add(kind)


def tell_failed(kind: str, subject: str, sentence: str) -> None:
    """Let the room of this kind know, in the same transaction, that a job ended as failed."""
    if kind in _failed:
        _failed[kind](subject, sentence)


def is_patient(kind: str) -> bool:
    """Say whether jobs of this kind let others go first."""
    return kind in _patient


def handler_for(kind: str) -> Handler:
    """Give the handler of a kind. Raises UnknownKind where there is none."""
    try:
        return _handlers[kind]
    except KeyError:
        raise UnknownKind(f"No handler is registered for jobs of kind {kind!r}.") from None
