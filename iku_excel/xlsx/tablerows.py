"""Whole rows of a table written or emptied at once: changed where they stand, added where there is room.

Byte for byte what ``tables`` and ``apply`` write cell by cell, for a hundred thousand rows in a second: a row in
Excel's usual form is taken apart and put together anew by ``rowparts``, a new one is made whole, and any other goes
the careful way of ``sheet``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from operator import itemgetter
from types import MappingProxyType
from typing import TypeAlias

from iku_excel.edits import Edit, Value
from iku_excel.xlsx.apply import SharedStrings, any_formula, recalculating, without_calc_chain
from iku_excel.xlsx.grid import Area, letters
from iku_excel.xlsx.newrows import BLOCK, NewRows, is_value, style_attribute
from iku_excel.xlsx.package import Package, SheetPart, TablePart
from iku_excel.xlsx.reader import WorkbookData
from iku_excel.xlsx.rowcheck import Expected, verify_rows
from iku_excel.xlsx.rowparts import (
    BLANK,
    KEEP,
    MOST_COLUMNS,
    Keep,
    Line,
    bare_row,
    emptied,
    filled,
    row_parts,
    written_places,
)
from iku_excel.xlsx.sheetxml import Row
from iku_excel.xlsx.strings import shared_strings
from iku_excel.xlsx.tablecells import data_rows, find_table

__all__ = ["KEEP", "Keep", "Placed", "put_rows"]

_MOST_PATTERNS = 64
"""Compiling one takes 5 ms."""
_Parts: TypeAlias = tuple[bytes | None, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """What putting rows came to: the workbook, the sheet's row of each added one, and how many cells differ; ``data``
    is what the caller's reading found in the workbook, None when nothing was put in."""

    package: Package
    rows: tuple[int, ...]
    cells: int
    data: WorkbookData | None = None


def put_rows(
    package: Package,
    name: str,
    headings: Sequence[str],
    changed: Mapping[int, Line],
    added: Sequence[Line] = (),
    formats: Mapping[str, str] = MappingProxyType({}),
    reading: Callable[[Package], WorkbookData] | None = None,
) -> Placed:
    """The workbook with these rows of a table in it, read back before anybody gets it.

    ``changed`` are data rows of the table by their number on the sheet, ``added`` go into its blank rows (those
    without content as ``make_room`` understands it) and then below its end, the table growing. Each row has a value
    for each of ``headings``; ``KEEP`` leaves the cell as it is, None empties it. Cells keep their style, new ones take
    the table's last row's; ``formats`` gives numbers (or, for "@", texts) of a heading a number format where the
    cell's own is of another kind. Columns that are not named stay, formulas that fill them go on in new rows.
    ``reading``: what the caller wants to know of the new workbook, this table included, is read once for both.

    ``Refusal`` as for edits and growth; ``ValueError`` for a heading or a row that the table doesn't have.
    """
    package.require_writable()
    sheet, table = find_table(package, name)
    work = _Rows(package, sheet, table, headings, formats)
    known = data_rows(table)
    for row, line in changed.items():
        if row not in known or len(line) != len(headings):
            raise ValueError(f"{table.display_name}: row {row} of {len(line)} values doesn't fit")
    free = [row for row in work.free_rows(work.places) if row not in changed][: len(added)] if added else []
    work.put({**changed, **dict(zip(free, added, strict=False))}, added[len(free) :])
    below = range(known.stop, known.stop + len(added) - len(free))
    places = (*free, *below)
    parts = work.parts()
    if not parts:
        return Placed(package, places, 0)
    after = Package.open(package.with_parts(parts))
    changed_parts = {part: content is not None for part, content in parts.items()}
    parts.clear()  # a hundred megabytes of XML that are read back next
    wanted = Expected(name, work.places, work.lines, work.fresh, frozenset(work.continued))
    data = verify_rows(package, after, wanted, changed_parts, reading)
    return Placed(after, places, work.count, data)


class _Rows(NewRows):
    """The sheet of the table with rows put into it; ``lines``: by number the values of rows inside the table."""

    def __init__(
        self,
        package: Package,
        sheet: SheetPart,
        table: TablePart,
        headings: Sequence[str],
        formats: Mapping[str, str],
    ) -> None:
        super().__init__(package, sheet, table, headings, formats)
        self.shared = SharedStrings(package)
        self.lines: dict[int, Line] = {}
        rows = data_rows(table)
        data = Area(rows.start, self.area.left, max(rows.start, rows.stop - 1), self.area.right, "")
        self._usual_sheet = not self.prefix and self.area.right <= MOST_COLUMNS and self.fences.crossing(data) is None
        self._whole_rows = self.places == tuple(range(self.area.left, self.area.right + 1))
        self._clearing = 0, 0
        self._met: set[tuple[int, ...]] = set()
        self._appended: list[bytes] = []

    def put(self, lines: Mapping[int, Line], fresh: Sequence[Line]) -> None:
        """Put in the rows that are there (by number), then those below the table's end."""
        order = self.order
        straight = order == list(range(len(order)))
        self.lines = dict(lines) if straight else {row: [line[i] for i in order] for row, line in lines.items()}
        self.fresh = list(fresh) if straight else list(map(itemgetter(*order), fresh))
        if fresh:
            self.by(len(fresh))
        self._existing_rows()
        self.count += len(self.changed)  # of the careful way

    def parts(self) -> dict[str, bytes | None]:
        """The parts that change; none when every cell held its value already."""
        parts: dict[str, bytes | None] = {}
        if self.fresh:
            xml = self.xml_after()
            parts.update(self.followers())
        else:
            if self.written:
                self._dimension()
            xml = self._spliced()
        self.splices.clear()
        self._appended.clear()
        if xml == self.xml:
            return parts
        parts[self.part] = xml
        if self.styles is not None and self.styles.changed and self.package.styles_part is not None:
            parts[self.package.styles_part] = self.styles.xml
        workbook = self.package.workbook_part
        computing = recalculating(parts.get(workbook) or self.package.read(workbook))
        if computing is not None and self.count and self._formulas_left(xml):
            parts[workbook] = computing
        if self.moved:
            parts.update(without_calc_chain(self.package))
        return parts

    def _formulas_left(self, xml: bytes) -> bool:
        """Whether a formula may depend on the cells: one on this sheet, or on another."""
        end = xml.rfind(b"</" + self.prefix + b"sheetData")
        if xml.find(b"<" + self.prefix + b"f", self.open_start, max(end, 0)) >= 0:
            return True
        others = [s for s in self.package.sheets if s.kind == "worksheet" and s.part != self.part]
        return any_formula(self.package, others)

    # --- rows that are there

    def _existing_rows(self) -> None:
        """The rows inside the table."""
        wanted, at = sorted(self.lines), 0
        blocks: dict[tuple[int, ...], list[tuple[Row, _Parts, int]]] = {}
        for row in self.rows() if wanted else ():
            first = at
            while at < len(wanted) and wanted[at] < row.number:
                at += 1
            if at > first:
                self._clear()  # new rows may come in between
                self.splices.append((row.start, row.start, self._absent(wanted[first:at])))
            if at == len(wanted):
                break
            if wanted[at] != row.number:
                continue
            at += 1
            line = self.lines[row.number]
            if self._usual_sheet and self._whole_rows and line.count(None) == len(line) and self._cleared(row):
                continue
            places = self._written(line)
            found = row_parts(self.area.left, self.area.right, places)[0].match(self.xml, row.start) if places else None
            if found is None or found.end() > row.end:
                self._carefully(row)
                continue
            block = blocks.setdefault(places, [])
            block.append((row, found.groups(), found.end()))
            if len(block) == BLOCK:
                self._usual(blocks.pop(places), places)
        self._clear()
        for places, block in blocks.items():
            self._usual(block, places)
        self._append_rows(self._absent(wanted[at:]))

    def _written(self, line: Line) -> tuple[int, ...]:
        """The columns by which a row is taken apart: those with a value, or all where lines have gaps in many ways."""
        if not self._usual_sheet:
            return ()
        places = written_places(self.places, line)
        if places not in self._met:
            if len(self._met) >= _MOST_PATTERNS:
                return self.places
            self._met.add(places)
        return places

    def _cleared(self, row: Row) -> bool:
        """Note a row to be emptied that holds nothing but plain cells of the table; False: it holds more."""
        found = bare_row(self.area.left, self.area.right).match(self.xml, row.start, row.end)
        if found is None:
            return False
        start, end = self._clearing
        if start < end and (row.start != end or row.start - start > BLOCK * BLOCK):
            self._clear()
            start = row.start
        self._clearing = (start if start < end else row.start), row.end + len(b"</row>")
        return True

    def _clear(self) -> None:
        """Empty the rows noted."""
        start, end = self._clearing
        made, count = emptied(self.xml[start:end])
        if count:
            self.splices.append((start, end, made))
            self.count += count
        self._clearing = end, end

    def _carefully(self, row: Row) -> None:
        """A row cell by cell, as ``apply`` would."""
        line = self.lines[row.number]
        self._existing_row(row, dict(self._edits(row.number, line)))

    def _edits(self, row: int, line: Line) -> Iterator[tuple[int, Edit]]:
        for column, value in zip(self.places, line, strict=True):
            if not isinstance(value, Keep):
                self.spelling.rests(column, (row,), (value,))  # refuses what no cell can hold
                edit = Edit(self.sheet, f"{letters(column)}{row}", value, number_format=self.formats.get(column))
                yield column, edit

    def _usual(self, block: list[tuple[Row, _Parts, int]], places: tuple[int, ...]) -> None:
        """Rows in the usual form: taken apart, and put together anew where something differs."""
        numbers = [row.number for row, _, _ in block]
        groups = list(zip(*[groups for _, groups, _ in block], strict=True))
        lines = [self.lines[number] for number in numbers]
        if places != self.places:
            lines = [[value for value in line if value is not KEEP] for line in lines]
        values = dict(zip(places, zip(*lines, strict=True), strict=True))
        heads, looks = list(groups[0]), groups[2]
        made: list[Sequence[bytes | None]] = [heads]
        outside: dict[int, list[int]] = {}
        told, at = row_parts(self.area.left, self.area.right, places)[1], 0
        while at < len(told):
            column = told[at]
            if not column:
                made.append(groups[3 + at])
                at += 1
                continue
            openings, rests = groups[3 + at], groups[4 + at]
            at += 2
            if column not in self.formats and values[column].count(None) == len(numbers):
                made.append(self._emptied(column, numbers, openings, rests))
            else:
                made.append(self._column_of(column, numbers, values[column], openings, rests, looks, outside))
        for index, columns in outside.items():
            heads[index] = self._widened(heads[index] or b"", looks[index] or b"", columns)
        ends = [self.xml[end : row.end] for row, _, end in block]
        for (row, _, _), pieces, end in zip(block, zip(*made, strict=True), ends, strict=True):
            new = b"".join(filter(None, pieces)) + end
            if new != self.xml[row.start : row.end]:
                self.splices.append((row.start, row.end, new))

    def _emptied(self, column: int, numbers: Sequence[int], openings: _Parts, rests: _Parts) -> list[bytes | None]:
        """The cells of a column that is emptied in these rows."""
        held = [rest is not None and filled(rest) for rest in rests]
        self.note(column, list(compress(numbers, held)))
        return [
            opening if opening is None or rest is None else opening + BLANK if full else opening + rest
            for opening, rest, full in zip(openings, rests, held, strict=True)
        ]

    def _column_of(
        self,
        column: int,
        numbers: Sequence[int],
        values: Line,
        openings: _Parts,
        rests: _Parts,
        looks: _Parts,
        outside: dict[int, list[int]],
    ) -> list[bytes | None]:
        """The cells of a column in some rows, whole. ``outside`` gathers by index the columns that had no cell."""
        out, written = list[bytes | None](), []
        spelled = self.spelling.rests(column, numbers, values)
        for at, (opening, old, new, value) in enumerate(zip(openings, rests, spelled, values, strict=True)):
            if opening is None or old is None:
                if not new or new == BLANK:
                    out.append(None)
                    continue
                opening = self._opening(column, numbers[at], value, self.default(column, looks[at] or b""))
                outside.setdefault(at, []).append(column)
            else:
                now = opening
                if column in self.formats:
                    own = opening.partition(b' s="')[2][:-1] or None
                    now = self._opening(column, numbers[at], value, own)
                if now == opening and (not new or old == new or self._holds(old, value, new)):
                    out.append(opening + old)
                    continue
                opening = now
            written.append(numbers[at])
            out.append(opening + new)
        self.note(column, written)
        return out

    def _opening(self, column: int, row: int, value: Value | Keep, style: bytes | None) -> bytes:
        """A cell up to its style, in the usual form."""
        return b'<c r="%b%d"%b' % (letters(column).encode(), row, style_attribute(self.styled(column, value, style)))

    def _holds(self, old: bytes, value: Value | Keep, new: bytes) -> bool:
        """Whether the rest of a cell, spelled otherwise than ours, means the value that it is to hold."""
        if new == BLANK or not filled(old):
            return new == BLANK and not filled(old)
        if isinstance(value, Keep) or value is None:
            return False
        start, _, content = old.partition(b">")
        kind = start[4:-1]  # of ` t="s"`
        if isinstance(value, str):
            if kind == b"s":
                return self._texts.get(content[3:-8]) == value
        elif kind not in (b"", b"n"):
            return False
        stored = self.cells.read({b"t": kind or b"n"}, content.removesuffix(b"</c>"))
        return stored is not None and self.cells.holds(stored, Edit(self.sheet, "A1", value), self.shared)

    @cached_property
    def _texts(self) -> dict[bytes, str | None]:
        """The shared strings by their index as a cell spells it."""
        return {b"%d" % index: text for index, text in enumerate(shared_strings(self.package))}

    def _absent(self, numbers: Sequence[int]) -> bytes:
        """Rows of the table that the sheet doesn't have yet."""
        lines = [(number, self.lines[number]) for number in numbers if any(map(is_value, self.lines[number]))]
        out = []
        for at in range(0, len(lines), BLOCK):
            block = lines[at : at + BLOCK]
            out.append(self.whole([n for n, _ in block], [line for _, line in block], below=False))
        return b"".join(out)

    # --- both

    def _append_rows(self, made: bytes) -> None:
        """Rows at the sheet's end come twice: the table's own, and those below it."""
        if made:  # a join of one is no copy
            self._appended.append(made)

    def _spliced(self) -> bytes:
        super()._append_rows(b"".join(self._appended))
        return super()._spliced()
