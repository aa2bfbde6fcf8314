"""The holidays of a new year in tblLibur of a workbook that goes on.

Formulas read the first 100 rows only. Where the new days don't fit, the days of the oldest years make room: no
complaint of the new year is counted over them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from iku_excel.edits import Edit
from iku_excel.findings import Refusal
from iku_excel.form.settings import HOLIDAYS
from iku_excel.form.tidy import DATE_FORMAT
from iku_excel.indicators.period import from_serial, serial
from iku_excel.xlsx.grid import letters
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.reader import TableData
from iku_excel.xlsx.tablecells import TableSheet, data_rows, table_sheet
from iku_excel.xlsx.tables import grown

Days = Sequence[tuple[date, str]]


def add_holidays(package: Package, table: TableData, days: Days, most: int) -> tuple[Package, list[Edit], str]:
    """The workbook with room for these days, the edits that put in those that are not there yet, and what is said.

    ``most``: so many rows of the table are read by the formulas.
    """
    known = {int(cell) for cell in table.column("Tanggal") if type(cell) is float}
    fresh = [(day, name) for day, name in days if serial(day) not in known]
    where = table_sheet(package, HOLIDAYS.name)
    own = {where.area.left + where.table.headings.index(heading) for heading in HOLIDAYS.headings}
    rows = data_rows(where.table)
    free = [row for row in where.free_rows(own) if row < rows.start + most]
    growth = min(max(0, most - len(rows)), max(0, len(fresh) - len(free)))
    try:
        room = grown(package, HOLIDAYS.name, growth)
    except Refusal:  # something stands below: the oldest years make room instead
        room, growth = package, 0
    free += range(rows.stop, rows.stop + growth)
    dropped = _oldest(table, len(fresh) - len(free), fresh[0][0].year if fresh else 0, rows.start + most)
    edits = _emptied(where, set(dropped))
    places = sorted({*free, *dropped})
    column = {heading: letters(where.area.left + where.table.headings.index(heading)) for heading in HOLIDAYS.headings}
    for row, (day, name) in zip(places, fresh, strict=False):
        edits[f"{column['Tanggal']}{row}"] = Edit(
            table.sheet, f"{column['Tanggal']}{row}", serial(day), number_format=DATE_FORMAT
        )
        edits[f"{column['Nama']}{row}"] = Edit(table.sheet, f"{column['Nama']}{row}", name)
    return room, list(edits.values()), _said(table, fresh, len(places), Counter(dropped.values()))


def _oldest(table: TableData, lacking: int, year: int, stop: int) -> dict[int, int]:
    """The rows of the oldest years, whole years, until so many are there: sheet row → year."""
    found: dict[int, int] = {}
    for index, cell in enumerate(table.column("Tanggal")):
        row = table.first_row + index
        if type(cell) is float and 61 <= cell < 2_958_466 and row < stop and from_serial(cell).year < year:
            found[row] = from_serial(cell).year
    dropped: dict[int, int] = {}
    for old in sorted(set(found.values())):
        if len(dropped) >= lacking:
            break
        dropped |= {row: of for row, of in found.items() if of == old}
    return dropped


def _emptied(where: TableSheet, rows: set[int]) -> dict[str, Edit]:
    """The constants of these rows emptied, those under the staff's own headings too."""
    contents = where.contents() if rows else None
    cells = ((c, row) for c, filled in contents.constants.items() for row in filled) if contents else ()
    return {
        f"{letters(column)}{row}": Edit(where.sheet, f"{letters(column)}{row}", None)
        for column, row in cells
        if row in rows
    }


def _said(table: TableData, fresh: Days, room: int, dropped: Counter[int]) -> str:
    parts = [f"{table.name} (lembar {table.sheet}): hari libur dibawa, {min(len(fresh), room)} hari baru ditambahkan"]
    parts += [f"{count} hari libur tahun {year} dihapus agar muat" for year, count in sorted(dropped.items())]
    if len(fresh) > room:
        parts.append(f"{len(fresh) - room} hari tidak muat, tambahkan sendiri")
    return "; ".join(parts) + "."
