"""Reads a stored content, also one of an earlier release: what it does not say yet is as if nothing had been entered."""

from __future__ import annotations

import json
from dataclasses import MISSING, Field, asdict, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from .schema import Content


def read(text: str) -> dict[str, Any]:
    """Give a canonical JSON content as the dictionary that templates and renderers read.

    Parts that came to the schema later get their default; the stored text, which is what was signed, stays as it is.
    """
    content: dict[str, Any] = _filled(json.loads(text), Content)
    return content


def _filled(value: Any, kind: Any) -> Any:
    if get_origin(kind) in {Union, UnionType}:
        kind = next(each for each in get_args(kind) if each is not type(None))
    if get_origin(kind) is list and isinstance(value, list):
        return [_filled(each, get_args(kind)[0]) for each in value]
    if not (isinstance(kind, type) and is_dataclass(kind) and isinstance(value, dict)):
        return value
    kinds = _kinds(kind)
    added = {field.name: _default(field) for field in fields(kind) if field.name not in value and _has_default(field)}
    return {name: _filled(each, kinds[name]) if name in kinds else each for name, each in (value | added).items()}


@cache
def _kinds(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _has_default(field: Field[Any]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


def _default(field: Field[Any]) -> Any:
    if field.default_factory is MISSING:
        return field.default
    made = field.default_factory()
    return asdict(made) if is_dataclass(made) and not isinstance(made, type) else made
