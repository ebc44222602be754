"""A table of an edition's file, and the error that names the file and the place where something is wrong."""

import re
from typing import Any

from eds.history.errors import DomainError

from .models import Confidence

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SHORT_CODE = re.compile(r"[0-9A-Za-z]+(\.[0-9A-Za-z]+)*")
MISSING = object()


class EditionError(DomainError):
    """An edition's file is wrong. `file` and `place` say where, the sentence says what and how to mend it."""

    def __init__(self, file: str, place: str, problem: str) -> None:
        super().__init__(f"{file}, {place}: {problem}")
        self.file = file
        self.place = place
        self.problem = problem


class Table:
    """One table of the file: gives values of the expected type, and refuses keys that nobody asked for.

    Each method takes a key and, where the key may be left out, a default. All raise EditionError.
    """

    def __init__(self, file: str, place: str, data: Any) -> None:
        self.file, self.place = file, place
        if not isinstance(data, dict):
            raise self.error("this must be a table with keys and values.")
        self.data: dict[str, Any] = data
        self.asked: set[str] = set()

    def error(self, problem: str) -> EditionError:
        """Give the error for a problem in this table."""
        return EditionError(self.file, self.place, problem)

    def get(self, key: str, kind: type, words: str, default: Any = MISSING) -> Any:
        """Give a value of the given kind; `words` tell a person what is expected."""
        self.asked.add(key)
        value = self.data.get(key, MISSING)
        if value is MISSING:
            if default is MISSING:
                raise self.error(f'"{key}" is missing.')
            return default
        # In Python a truth value is a number as well; in the file it is not.
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.error(f'"{key}" must be {words}.')
        return value

    def text(self, key: str, default: Any = MISSING, longest: int | None = None) -> str:
        """Give a text that is not empty and has no space around it."""
        value = self.get(key, str, "a text in quotation marks", default)
        if value != default and (not value.strip() or value != value.strip()):
            raise self.error(f'"{key}" must not be empty, nor begin or end with a space.')
        if longest and len(value) > longest:
            raise self.error(f'"{key}" has {len(value)} characters; at most {longest} fit.')
        return value

    def number(self, key: str, default: Any = MISSING) -> Any:
        """Give a whole number from 0 to 9999."""
        value = self.get(key, int, "a whole number", default)
        if value is not default and not 0 <= value <= 9999:
            raise self.error(f'"{key}" must be between 0 and 9999.')
        return value

    def flag(self, key: str, default: Any = MISSING) -> bool:
        """Give true or false."""
        return self.get(key, bool, "true or false", default)

    def one_of(self, key: str, allowed: list[str], default: Any = MISSING) -> str:
        """Give one of the allowed words."""
        value = self.text(key, default)
        if value != default and value not in allowed:
            raise self.error(f'"{key}" is "{value}"; it must be one of: {", ".join(allowed)}.')
        return value

    def code(self, key: str = "code") -> str:
        """Give a code of small letters, digits and hyphens."""
        value = self.text(key, longest=60)
        if not CODE.fullmatch(value):
            raise self.error(f'"{key}" is "{value}"; use small letters, digits and single hyphens only.')
        return value

    def short_code(self) -> str:
        """Give the code of a goal or outcome, such as 1.1 or 1A, which stands in addresses."""
        value = self.text("code", longest=8)
        if not SHORT_CODE.fullmatch(value):
            raise self.error(f'"code" is "{value}"; use letters, digits and single full stops only, such as 1.1 or 1A.')
        return value

    def confidence(self, key: str = "confidence", default: Any = MISSING) -> str:
        """Give how sure the file is of something: A, B, R or R+B."""
        return self.one_of(key, Confidence.values, default)

    def texts(self, key: str, default: Any = MISSING) -> list[str]:
        """Give a list of texts."""
        value = self.get(key, list, "a list of texts", default)
        if not all(isinstance(item, str) and item.strip() for item in value):
            raise self.error(f'"{key}" must be a list of texts, none of them empty.')
        return value

    def table(self, key: str, *, required: bool = False) -> "Table | None":
        """Give the table inside this one, or None where it may be left out and is."""
        data = self.get(key, dict, f"a table that begins with [{key}]", MISSING if required else None)
        return None if data is None else Table(self.file, f"[{key}]", data)

    def tables(self, key: str, word: str, default: Any = MISSING) -> list["Table"]:
        """Give the tables of a list. Each place is named by its code, or by its number where it has none."""
        rows = self.get(key, list, "a list of tables", default)
        result = []
        for number, row in enumerate(rows, start=1):
            name = row.get("code") if isinstance(row, dict) else None
            place = f'{word} "{name}"' if isinstance(name, str) and name else f"{word} number {number}"
            if self.place != "the file":
                place = f"{self.place}, {place}"
            result.append(Table(self.file, place, row))
        return result

    def finish(self) -> None:
        """Refuse keys that nobody asked for: most likely they are misspelt."""
        unknown = sorted(set(self.data) - self.asked)
        if unknown:
            raise self.error(f'"{unknown[0]}" is not a key that is known here. Is it spelt correctly?')
