"""What staff do to tables and sheets in Excel, done with openpyxl; and files saved by LibreOffice."""

from __future__ import annotations

import atexit
import copy
import io
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any


def edited(data: bytes, *changes: Callable[[Any], None]) -> bytes:
    """The workbook loaded, changed and saved by openpyxl, which loses every stored value of a formula."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data))
    for change in changes:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def table_of(book: Any, name: str) -> tuple[Any, Any]:
    """The sheet and the table of this name."""
    return next((sheet, sheet.tables[name]) for sheet in book.worksheets if name in sheet.tables)


def moved(name: str, rows: int, columns: int) -> Callable[[Any], None]:
    """Move a table on its sheet."""

    def change(book: Any) -> None:
        from openpyxl.utils import get_column_letter, range_boundaries

        sheet, table = table_of(book, name)
        left, top, right, bottom = range_boundaries(table.ref)
        sheet.move_range(table.ref, rows, columns)
        letters = get_column_letter(left + columns), get_column_letter(right + columns)
        _place(table, f"{letters[0]}{top + rows}:{letters[1]}{bottom + rows}")

    return change


def moved_to(name: str, target: str) -> Callable[[Any], None]:
    """Move a table to another sheet, made when there is none, below what is there."""

    def change(book: Any) -> None:
        sheet, table = table_of(book, name)
        other = book[target] if target in book.sheetnames else book.create_sheet(target)
        first = other.max_row + 3
        cells = sheet[table.ref]
        for row, line in enumerate(cells, first):
            for column, cell in enumerate(line, 2):
                _copy(cell, other.cell(row, column))
                cell.value = None
        del sheet.tables[name]
        last = other.cell(first + len(cells) - 1, 1 + len(cells[0])).coordinate
        _place(table, f"B{first}:{last}")
        other.add_table(table)

    return change


def rearranged(name: str, order: Sequence[str]) -> Callable[[Any], None]:
    """Put a table's columns into another order; a heading that it lacks becomes a new column of notes."""

    def change(book: Any) -> None:
        from openpyxl.utils import get_column_letter, range_boundaries
        from openpyxl.worksheet.table import TableColumn

        sheet, table = table_of(book, name)
        left, top, _, bottom = range_boundaries(table.ref)
        kept = {
            cells[0].value: [(c.value, c.data_type, copy.copy(c._style)) for c in cells]
            for cells in sheet.iter_cols(*_columns(table.ref), top, bottom)
        }
        assert set(kept) <= set(order), set(kept) - set(order)
        for column, heading in enumerate(order, left):
            for row in range(top, bottom + 1):
                cell = sheet.cell(row, column)
                cell.value = "catatan staf"
                if heading in kept:
                    cell.value, cell.data_type, cell._style = kept[heading][row - top]
            sheet.cell(top, column).value = heading
        table.tableColumns = [TableColumn(id=n, name=heading) for n, heading in enumerate(order, 1)]
        _place(table, f"{get_column_letter(left)}{top}:{get_column_letter(left + len(order) - 1)}{bottom}")

    return change


def renamed_sheet(old: str, new: str) -> Callable[[Any], None]:
    """Give a sheet another name; defined names and formulas follow, as they do in Excel."""

    def change(book: Any) -> None:
        book[old].title = new
        quoted = "'" + new.replace("'", "''") + "'!"
        for name in book.defined_names.values():
            name.attr_text = name.attr_text.replace(f"'{old}'!", quoted).replace(f"{old}!", quoted)
        for sheet in book.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "f" and isinstance(cell.value, str):
                        cell.value = cell.value.replace(f"{old}!", quoted)

    return change


def put(sheet: str, cell: str, value: object) -> Callable[[Any], None]:
    """Type a value into a cell; a text that begins with "=" stays a text."""

    def change(book: Any) -> None:
        target = book[sheet][cell]
        target.value = value
        if isinstance(value, str):
            target.data_type = "s"

    return change


def named(name: str, value: object) -> Callable[[Any], None]:
    """Type a value into the cell that a defined name means."""

    def change(book: Any) -> None:
        sheet, cell = book.defined_names[name].attr_text.split("!")
        put(sheet.strip("'"), cell.replace("$", ""), value)(book)

    return change


def _columns(ref: str) -> tuple[int, int]:
    from openpyxl.utils import range_boundaries

    left, _, right, _ = range_boundaries(ref)
    return left, right


def _place(table: Any, ref: str) -> None:
    table.ref = ref
    if table.autoFilter is not None:
        table.autoFilter.ref = ref


def _copy(cell: Any, to: Any) -> None:
    to.value, to.data_type = cell.value, cell.data_type
    to._style = copy.copy(cell._style)


@cache
def _profile() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="iku-profile-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def converted(path: Path, kind: str, into: Path) -> Path:
    """A workbook opened by LibreOffice and saved as another file ("xlsx", "fods")."""
    into.mkdir(parents=True, exist_ok=True)
    command = ["soffice", f"-env:UserInstallation={_profile().as_uri()}", "--headless", "--norestore", "--convert-to"]
    command += [kind, "--outdir", str(into), str(path)]
    for _ in range(3):  # a first start may exit 81: it set up its profile
        if subprocess.run(command, capture_output=True, timeout=120, check=False).returncode != 81:
            break
    made = into / f"{path.stem}.{kind}"
    assert made.exists(), f"LibreOffice did not save {path.name}"
    return made
