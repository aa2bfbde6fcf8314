"""What is kept of a batch for its closing table and its report: one small row a workbook, findings counted by code.

Findings themselves are kept of the first few workbooks only, so that ten thousand need no more memory than their rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from iku_excel.batch import Outcome, Status
from iku_excel.brief import Brief, Row
from iku_excel.findings import EXIT_DONE, LEVELS, Finding

FEW = 20
"""Up to so many workbooks, each shows findings of its own; beyond, they are told by code."""


@dataclass(slots=True)
class Kind:
    """All findings of one code: how many, in how many workbooks, and the first of them with its workbook's row."""

    row: Row
    first: Finding
    count: int = 0
    books: int = 0


@dataclass(slots=True)
class Tally:
    """Grows by one brief after another, in whatever order they come. Not ``kept``: nothing but the ``status``, the
    worst exit status of all."""

    kept: bool = True
    rows: list[Row] = field(default_factory=list)
    kinds: dict[str, Kind] = field(default_factory=dict)
    status: int = EXIT_DONE
    _whole: list[tuple[int, Outcome]] = field(default_factory=list)

    def add(self, brief: Brief) -> None:
        """One more workbook."""
        self.status = max(self.status, brief.exit_status)
        if not self.kept:
            return
        self.rows.append(brief.row)
        for count, first in brief.kinds:
            kind = self.kinds.setdefault(first.code, Kind(brief.row, first))
            kind.count += count
            kind.books += 1
            if brief.row.number < kind.row.number:  # the same example, whoever was done first
                kind.row, kind.first = brief.row, first
        if len(self.rows) > FEW:
            self._whole.clear()
        elif brief.whole is not None:
            self._whole.append((brief.row.number, brief.whole))

    def in_order(self) -> list[Row]:
        """The rows in the order given."""
        return sorted(self.rows, key=lambda row: row.number)

    def whole(self) -> list[Outcome]:
        """The outcomes themselves in the order given, while they are few."""
        return [outcome for _, outcome in sorted(self._whole, key=lambda pair: pair[0])]

    def by_weight(self) -> list[Kind]:
        """The kinds of findings: the gravest level first, then those in the most workbooks."""
        return sorted(
            self.kinds.values(), key=lambda kind: (LEVELS.index(kind.first.level), -kind.books, kind.first.code)
        )

    def count(self, status: Status) -> int:
        """How many workbooks have that status."""
        return sum(row.status == status for row in self.rows)
