"""The port: all that an open workbook has to do for us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from iku_excel.edits import Edit


@dataclass(frozen=True, slots=True)
class LiveApplied:
    """What applying came to: (sheet, cell) of every cell written, and of those whose formula was lost or another."""

    changed_cells: tuple[tuple[str, str], ...]
    repaired: tuple[tuple[str, str], ...]


class OpenBook(Protocol):
    """A workbook that somebody has open."""

    def apply(self, edits: Sequence[Edit]) -> LiveApplied:
        """Put the edits into the open workbook; ``Refusal`` when it can't be done, never a half-written block."""
        ...
