"""The report of a batch as a file of its own (``--laporan``): one row a workbook, and the findings by code.

.xlsx has both as sheets. .csv has the first only, as an Indonesian Excel opens it by double click: semicolons, decimal
commas, UTF-8 with a mark. Findings are told by their code's meaning, never by their message, so that nothing of a
cell's content can get into a file that is passed around.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from iku_excel.batch import COMPONENTS, IKU_CODES
from iku_excel.brief import Row
from iku_excel.findings import LEVELS
from iku_excel.products import Kind, deliver, require_free
from iku_excel.tally import Tally

if TYPE_CHECKING:
    from iku_excel.form.template.styles import Painter

Value = Decimal | int | str | None
_MARK = "\ufeff"
_MOST_TEXT = 32_767  # characters of an Excel cell
_DESCRIPTION = "Hasil iku-excel isi atau periksa"
"""In the file's properties: by it an older report is known that may be replaced."""
_STATUS = {"filled": "diisi", "unchanged": "tidak berubah", "checked": "diperiksa", "failed": "gagal"}


@dataclass(frozen=True, slots=True)
class _Column:
    heading: str
    width: float
    look: Literal["text", "wrapped", "figure", "count"] = "text"


BOOKS = (
    _Column("Berkas", 32, "wrapped"),
    _Column("Status", 13),
    *(_Column(code, 8, "figure") for code in IKU_CODES),
    *(_Column(name.capitalize(), 10.5, "figure") for name in COMPONENTS),
    *(_Column(level.capitalize(), 12, "count") for level in LEVELS),
    _Column("Detik", 8, "figure"),
    _Column("Kode Gagal", 22),
    _Column("Sebab", 34, "wrapped"),
    _Column("Perbaikan", 38, "wrapped"),
)
FINDINGS = (
    _Column("Tingkat", 12),
    _Column("Kode", 30),
    _Column("Arti", 44, "wrapped"),
    _Column("Temuan", 10, "count"),
    _Column("Buku Kerja", 12, "count"),
    _Column("Contoh Berkas", 32, "wrapped"),
    _Column("Contoh Tempat", 26),
    _Column("Perbaikan", 44, "wrapped"),
)


def _is_csv(content: bytes) -> bool:
    return content.startswith((_MARK + ";".join(column.heading for column in BOOKS)).encode())


def _is_xlsx(content: bytes) -> bool:
    with suppress(zipfile.BadZipFile, KeyError, ValueError, OSError), zipfile.ZipFile(io.BytesIO(content)) as package:
        return _DESCRIPTION.encode() in package.read("docProps/core.xml")
    return False


CSV = Kind("laporan CSV dari iku-excel", ".csv", _is_csv)
XLSX = Kind("laporan dari iku-excel", ".xlsx", _is_xlsx)


def require_place(path: Path, *, overwrite: bool) -> None:
    """Raise unless the report may be written there; ``Refusal`` as ``products.require_free``."""
    require_free(path, _kind(path), overwrite=overwrite)


def write(path: Path, tally: Tally, *, overwrite: bool, dry_run: bool = False) -> None:
    """Write the report, .csv or .xlsx by its name; after a ``dry_run`` nothing "was" filled. ``Refusal`` as
    ``products.deliver``."""
    kind = _kind(path)
    data = as_csv(tally, dry_run=dry_run) if kind is CSV else as_xlsx(tally, dry_run=dry_run)
    deliver(path, data, kind, overwrite=overwrite)


def _kind(path: Path) -> Kind:
    return CSV if path.name.casefold().endswith(CSV.ending) else XLSX


def book_rows(tally: Tally, *, dry_run: bool = False) -> Iterator[tuple[Value, ...]]:
    """One row a workbook, in the order given, as ``BOOKS``; figures at two decimals, half up."""
    for row in tally.in_order():
        yield (
            row.file,
            "akan diisi" if dry_run and row.status == "filled" else _STATUS[row.status],
            *(_two(row.indices[code]) for code in IKU_CODES),
            *(_two(row.components[name]) for name in COMPONENTS),
            *(row.counts or (None,) * len(LEVELS)),
            _seconds(row),
            *(row.error or (None, None, None)),
        )


def finding_rows(tally: Tally) -> Iterator[tuple[Value, ...]]:
    """One row a code, the gravest and most frequent first, as ``FINDINGS``."""
    from iku_excel.form.checks import CODES

    for kind in tally.by_weight():
        first = kind.first
        known = CODES.get(first.code)
        place = f"{first.sheet}!{first.cell}" if first.cell else first.sheet
        meaning, fix = (known.meaning, known.fix) if known else (None, None)
        yield (first.level, first.code, meaning, kind.count, kind.books, kind.row.file, place, fix)


def _two(value: Decimal | None) -> Decimal | None:
    from iku_excel.indicators.achievement import round2

    return None if value is None else round2(value)


def _seconds(row: Row) -> Decimal | None:
    return _two(Decimal(row.seconds))


def as_csv(tally: Tally, *, dry_run: bool = False) -> bytes:
    """The workbooks as CSV for an Indonesian Excel. A text that Excel would take for a formula gets an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.heading for column in BOOKS])
    for values in book_rows(tally, dry_run=dry_run):
        writer.writerow([_csv_text(value) for value in values])
    return (_MARK + out.getvalue()).encode()


def _csv_text(value: Value) -> str:
    if isinstance(value, str):
        text = _plain(value)
        return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
    return "" if value is None else str(value).replace(".", ",")


def _plain(text: str) -> str:
    """On one line, without control characters, and short enough for a cell."""
    return "".join(c if c.isprintable() else " " for c in text)[:_MOST_TEXT]


def as_xlsx(tally: Tally, *, dry_run: bool = False) -> bytes:
    """The workbooks and the findings by code, each a sheet."""
    from openpyxl import Workbook

    from iku_excel.form.template import base_font
    from iku_excel.form.template.styles import Painter

    book: Any = Workbook()
    base_font(book)
    book.properties.creator = "iku_excel"
    book.properties.description = _DESCRIPTION
    books = book.active
    painter = Painter(book)
    _lay(books, "Buku Kerja", BOOKS, list(book_rows(tally, dry_run=dry_run)), painter)
    _lay(book.create_sheet(), "Temuan", FINDINGS, list(finding_rows(tally)), painter)
    painter.close()
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _lay(sheet: Any, title: str, columns: Sequence[_Column], rows: Sequence[Sequence[Value]], painter: Painter) -> None:
    from dataclasses import replace

    from iku_excel.form.template.styles import HEADER, LOOKS

    looks = {"text": LOOKS["teks"], "wrapped": LOOKS["bungkus"], "figure": LOOKS["dua"], "count": LOOKS["bulat"]}
    sheet.title = title
    for at, column in enumerate(columns, 1):
        cell = sheet.cell(1, at, column.heading)
        painter.paint(cell, HEADER)
        sheet.column_dimensions[cell.column_letter].width = column.width
    sheet.row_dimensions[1].height = 24
    for number, values in enumerate(rows, 2):
        for at, (column, value) in enumerate(zip(columns, values, strict=True), 1):
            cell, look = sheet.cell(number, at), looks[column.look]
            if isinstance(value, str):
                cell.value = text = _plain(value)
                cell.data_type = "s"  # openpyxl takes a text with "=" for a formula, and "#N/A" for an error
                look = replace(look, quote=text[:1] in ("=", "+", "-", "@"))
            else:
                cell.value = float(value) if isinstance(value, Decimal) else value
            painter.paint(cell, look)
    _arrange(sheet, len(columns), len(rows))


def _arrange(sheet: Any, columns: int, rows: int) -> None:
    """Frozen heading and first column, filter, and a print set-up of A4 on its side."""
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(columns)}{rows + 1}"
    sheet.print_title_rows = "1:1"
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4  # inches
    sheet.oddFooter.center.text = "Halaman &P dari &N"
