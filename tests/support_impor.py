"""What the tests of imports share: a workbook, data files, and the rows of a table as another reader sees them."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from openpyxl import Workbook, load_workbook

from iku_excel.create import new_book
from iku_excel.form.template.content import Content

MOMENT = datetime.datetime(2026, 1, 5, 8, 30)
HEAD = ("Tracking ID", "Tanggal Masuk", "Klasifikasi", "Pelapor", "Uraian", "Status")
ROWS = (
    ("T-1", "03/02/2025", "keluhan", "RAHASIA Ani", "=1+1", "Selesai"),
    ("T-2", "2025-03-04", "PENGADUAN", "RAHASIA Budi", "+62 811; minta kabar", "proses"),
    ("T-3", "5 April 2025", "Aspirasi", "RAHASIA Cici", "baris satu\nbaris dua", "Baru"),
)


@cache
def empty_book() -> bytes:
    """A filled workbook of ours whose registers are empty."""
    return new_book(2025, Content({"Perangkat_Daerah": "CONTOH Dinas", "Triwulan": 4}), MOMENT)


@cache
def book_with(table: str, rows: tuple[tuple[tuple[str, object], ...], ...]) -> bytes:
    """The same with these rows, each given as pairs of heading and value."""
    content = Content({"Perangkat_Daerah": "CONTOH Dinas", "Triwulan": 4}, {table: [dict(row) for row in rows]})
    return new_book(2025, content, MOMENT)


def saved(folder: Path, data: bytes | None = None) -> Path:
    """A workbook in a folder."""
    path = folder / "buku.xlsx"
    path.write_bytes(empty_book() if data is None else data)
    return path


def csv_file(
    path: Path, head: Sequence[str], rows: Sequence[Sequence[str]], mark: str = ";", code: str = "utf-8"
) -> Path:
    """A CSV file."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=mark).writerows([head, *rows])
    path.write_bytes(out.getvalue().encode(code))
    return path


def sheet_file(
    path: Path, sheets: Mapping[str, Sequence[Sequence[object]]], formats: Mapping[str, str] | None = None
) -> Path:
    """A workbook of somebody else's; ``formats``: number format by cell of the first sheet."""
    book = Workbook()
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    del book["Sheet"]
    for cell, code in (formats or {}).items():
        book.worksheets[0][cell].number_format = code
    book.save(path)
    return path


def rows_of(path: Path, table: str, headings: Sequence[str]) -> list[tuple[object, ...]]:
    """The filled rows of a table, read by openpyxl."""
    book = load_workbook(path)
    for sheet in book.worksheets:
        if table in sheet.tables:
            lines = [[cell.value for cell in line] for line in sheet[sheet.tables[table].ref]]
            places = [lines[0].index(heading) for heading in headings]
            return [tuple(line[p] for p in places) for line in lines[1:] if any(v is not None for v in line)]
    raise AssertionError(table)


def history(path: Path) -> str:
    """The newest remark of Riwayat."""
    remarks = [row[6].value for row in load_workbook(path)["Riwayat"].iter_rows() if len(row) > 6]
    return str([remark for remark in remarks if remark][-1])
