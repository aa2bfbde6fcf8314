"""Where the cells of a scanned sheet go: table columns, rows typed below a table, single cells."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from iku_excel.cells import Cell
from iku_excel.findings import Refusal
from iku_excel.xlsx.values import Rectangle, address

MOST_CELLS = 20_000_000
"""Most cells (rows that hold something, times columns) that one table may hold: a full sheet of 19 columns."""

MOST_BELOW = 1_000
"""Most rows below a table that are listed: more tell nobody more."""


class Area:
    """The data rows of one table, gathered as columns. Only rows that hold something take room."""

    def __init__(self, rows: tuple[int, int], columns: tuple[int, int], end: int) -> None:
        self.first_row, self.last_row = rows
        self.first_column, self.last_column = columns
        self.end = end
        """The table's last row, totals row included."""
        self.clear()

    def clear(self) -> None:
        """Forget all cells."""
        self.numbers: list[int] = []
        self.columns: list[list[Cell]] = [[] for _ in range(self.first_column, self.last_column + 1)]
        self.below: list[tuple[str, ...]] = []

    def extend(self, numbers: Sequence[int], columns: Sequence[Iterable[Cell]]) -> None:
        """Add rows: their sheet row numbers and, for each column of the table, their cells."""
        self._room(len(numbers))
        self.numbers.extend(numbers)
        for column, cells in zip(self.columns, columns, strict=True):
            column.extend(cells)

    def add(self, number: int, cells: Sequence[tuple[int, Cell]]) -> None:
        """Add one row of filled cells, given as (column, cell) from left to right; other columns are passed over."""
        line: list[Cell] = [None] * len(self.columns)
        filled = False
        for column, cell in cells:
            if self.first_column <= column <= self.last_column:
                line[column - self.first_column] = cell
                filled = True
        if filled:
            self._room(1)
            self.numbers.append(number)
            for gathered, cell in zip(self.columns, line, strict=True):
                gathered.append(cell)

    def _room(self, rows: int) -> None:
        if (len(self.numbers) + rows) * len(self.columns) > MOST_CELLS:
            raise Refusal(
                "tabel-terlalu-besar",
                "Tabel ini memuat terlalu banyak sel untuk diolah.",
                "Pindahkan data tahun-tahun lama ke buku kerja lain, lalu kecilkan tabelnya.",
            )

    def finish(self) -> None:
        """Put the rows in the order of the sheet (whole-row and single-cell reading take turns)."""
        numbers = self.numbers
        if any(later < earlier for earlier, later in pairwise(numbers)):
            order = sorted(range(len(numbers)), key=numbers.__getitem__)
            self.numbers = [numbers[index] for index in order]
            self.columns = [[column[index] for index in order] for column in self.columns]


class Region:
    """What is wanted of one sheet, and after the scan what was found."""

    def __init__(
        self,
        sheet: str,
        areas: Sequence[Area],
        points: Collection[tuple[int, int]],
        whole: bool,
        occupied: Sequence[Rectangle],
    ) -> None:
        self.sheet = sheet
        self.areas = areas
        self._points = frozenset(points)
        self._point_rows = frozenset(row for row, _ in points)
        self._whole = whole
        self._occupied = occupied
        self.clear()

    def clear(self) -> None:
        """Forget all cells, for another reading."""
        self.cells: dict[tuple[int, int], Cell] = {}
        self._below = [area.end + 1 for area in self.areas]
        for area in self.areas:
            area.clear()

    def alone(self, area: Area) -> frozenset[int] | range:
        """Rows of the area that must not be read as whole rows of it, as something else is wanted there too."""
        others = [other for other in self.areas if other is not area]
        if self._whole or any(other.first_row <= area.last_row and area.first_row <= other.end for other in others):
            return range(area.first_row, area.last_row + 1)
        return self._point_rows

    def row(self, row: int, cells: Sequence[tuple[int, Cell]]) -> None:
        """One row's filled cells, as (column, cell) from left to right; rows come from top to bottom."""
        if self._whole:
            for column, cell in cells:
                self.cells[row, column] = cell
        elif row in self._point_rows:
            self.cells.update(((row, column), cell) for column, cell in cells if (row, column) in self._points)
        for index, area in enumerate(self.areas):
            if area.first_row <= row <= area.last_row:
                area.add(row, cells)
            elif row == self._below[index]:
                filled = tuple(
                    address(row, column)
                    for column, _ in cells
                    if area.first_column <= column <= area.last_column and not self._elsewhere(row, column)
                )
                if filled and len(area.below) < MOST_BELOW:
                    area.below.append(filled)
                    self._below[index] = row + 1

    def _elsewhere(self, row: int, column: int) -> bool:
        """Whether the cell belongs to a table of its own (tables may stand one under another)."""
        return any(top <= row <= bottom and left <= column <= right for top, left, bottom, right in self._occupied)

    def finish(self) -> None:
        """The scan is over."""
        for area in self.areas:
            area.finish()
