"""What came of trying a fault: how often, and what was lost, doubled, or not told in words."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Count:
    """Tries of one fault. A try survived when all that was said to be kept is there once, and the rest was told."""

    fault: str
    tries: int = 0
    survived: int = 0
    lost: int = 0
    doubled: int = 0
    told: int = 0
    """How many were told that it did not work: a page with a sentence, or the proxy's where no server answered."""
    seconds: float = 0.0
    amiss: list[str] = field(default_factory=list)
    """What nobody should have seen, in words."""

    def check(self, there: int, what: str, *, expected: int = 1) -> bool:
        """Take the number of rows that are there for one try."""
        self.lost += max(0, expected - there)
        self.doubled += max(0, there - expected)
        if there != expected:
            self.amiss.append(f"{what}: {there} instead of {expected}")
        return there == expected

    def expect(self, holds: object, otherwise: str) -> None:
        """Note in words what is not as it has to be."""
        if not holds:
            self.amiss.append(otherwise)

    def __iadd__(self, other: Count) -> Count:
        self.tries += other.tries
        self.survived += other.survived
        self.lost += other.lost
        self.doubled += other.doubled
        self.told += other.told
        self.seconds += other.seconds
        self.amiss += other.amiss
        return self

    @property
    def is_well(self) -> bool:
        """Whether nothing was lost, doubled or amiss, and something was tried."""
        return self.tries > 0 and self.survived == self.tries and not (self.lost or self.doubled or self.amiss)


def table(counts: list[Count]) -> str:
    """Give the counts as a table for people."""
    rows = [["fault", "tries", "survived", "lost", "doubled", "told", "seconds"]]
    rows += [
        [each.fault, *map(str, (each.tries, each.survived, each.lost, each.doubled, each.told, round(each.seconds)))]
        for each in counts
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.rjust(width) if column else cell.ljust(width)
                  for column, (cell, width) in enumerate(zip(row, widths, strict=True)))
        for row in rows
    )  # fmt: skip
