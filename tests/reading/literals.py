"""The sentences that stand in code: what verbs, forms, the access table and messages say to a person."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

ROOMS = ("eds", "evidence", "grading", "objectives", "reports")
SAY = {"DomainError", "ValidationError", "UploadRefused", "Unmet", "Answer", "Stale", "PermissionDenied", "success"}
NAMED = {"help_text", "label", "not_you", "hint", "title"}
MAPS = {"missing", "not_now", "error_messages"}


def modules() -> list[Path]:
    """Give every module of the product that may say something."""
    root = Path(settings.BASE_DIR)
    found = [path for room in ROOMS for path in sorted((root / room).rglob("*.py"))]
    quiet = {"migrations", "management", "demo", "triggers.py", "machine.py"}  # what people never see on a page
    return [path for path in found if not quiet & set(path.parts)]


def sentences_in(path: Path) -> list[str]:
    """Give what a module says, in the order in which it stands there."""
    return [text for text in _walk(ast.parse(path.read_text())) if " " in text]


def _walk(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in SAY:
                yield from (text for each in node.args for text in _texts(each))
            for keyword in node.keywords:
                if keyword.arg in NAMED | MAPS:
                    yield from _texts(keyword.value)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {target.id for target in targets if isinstance(target, ast.Name)}
            if node.value is not None and (names & MAPS or any(name.isupper() for name in names)):
                yield from _texts(node.value, keys=False, said_only=not names & MAPS)


def _texts(node: ast.AST, *, keys: bool = False, said_only: bool = False) -> Iterator[str]:
    """Give the texts in an expression; what is filled in counts as a short name."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if not said_only or node.value.endswith("."):
            yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "Ann" for part in node.values)
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _texts(value, said_only=said_only)
    elif isinstance(node, ast.BinOp | ast.IfExp | ast.List | ast.Tuple):
        for child in ast.iter_child_nodes(node):
            yield from _texts(child, said_only=said_only)
