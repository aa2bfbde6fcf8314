"""What the tests of printed pages share: extreme workbooks, and whether a cell's text has room, by Arial's widths."""

from __future__ import annotations

import datetime
import io
import warnings
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from checks_book import Book
from checks_cases import CASES
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries

from iku_excel.cells import UNCACHED, Cell
from iku_excel.create import new_book
from iku_excel.examples import EXAMPLES, example_content
from iku_excel.form.layout import ELEMENT_CODES, RIWAYAT
from iku_excel.form.outputs import SEAL
from iku_excel.form.template.content import Content, Formula
from iku_excel.indicators.achievement import show
from tests.test_template_looks import luminance

MOMENT = datetime.datetime(2026, 1, 15, 9)
LONG = (
    "CONTOH Badan Kepegawaian dan Pengembangan Sumber Daya Manusia serta Pelayanan Administrasi Aparatur Sipil Negara"
)
BOOKS = ("bersih", "nama-panjang", "250-pertanyaan", "semua-temuan")
ALIKE = ("kesalahan-umum", "belum-lengkap", "kosong")
"""Books whose pages are those of the others with less in them."""

_NARROW = {
    191: "'", 222: "ijl", 260: "|", 278: " !,./:;I[\\]ft", 333: "()-`r", 355: '"', 389: "*", 469: "^",
    500: "Jckxsvyz", 584: "+<=>~−×", 611: "FTZ", 667: "&ABEKPSVXY", 722: "CDHNRUw", 778: "GOQ", 833: "Mm", 889: "%",
    944: "W", 1000: "▲◆▼…–", 1015: "@",
}  # fmt: skip
WIDTHS = {letter: width for width, letters in _NARROW.items() for letter in letters}
"""Advance widths of Arial, in thousandths of its size; what isn't named has 556, as the digits."""

BOLD = 1.06
LINE = 12.3
"""Height of a line of Arial 10, in points."""
PADDING = 4
"""Pixels that Excel keeps free at both sides of a cell together."""
TOLERANCE = 1.015
"""Drawn letters differ by so much from their widths."""


@cache
def book(name: str) -> bytes:
    """A filled workbook: an example, an empty one, one with very long names, one with 250 questions, one with every
    mistake that the tests of findings know."""
    if name in {example.name for example in EXAMPLES}:
        return new_book(*example_content(name), MOMENT)
    year, content = example_content("bersih")
    settings, tables = dict(content.settings), dict(content.tables)
    if name == "semua-temuan":
        return new_book(*every_mistake(), MOMENT)
    if name == "kosong":
        return new_book(2025, Content({"Perangkat_Daerah": "CONTOH Dinas"}), MOMENT)
    if name == "nama-panjang":
        settings |= {
            "Perangkat_Daerah": LONG,
            "Tugas": f"{LONG} melaksanakan tugas. " * 6,
            "Nama_Pejabat": "CONTOH Prof. Dr. Ir. Raden Mas Nama Yang Sangat Panjang Sekali, S.Sos., M.Si., M.Kom.",
            "Jabatan_Pejabat": f"Kepala {LONG}",
            "Kota": "Kabupaten Kepulauan Yang Namanya Panjang",
        }
        tables["tblFungsi"] = [{"Huruf": chr(97 + n), "Uraian": f"{LONG}; {n}" * 2} for n in range(20)]
        tables["tblTarget"] = [
            {**row, "Analisis": "Uraian panjang. " * 60, "Penanggung Jawab": LONG} for row in tables["tblTarget"]
        ]
    else:
        tables["tblPertanyaan"] = [
            {"Kode Elemen": ELEMENT_CODES[n % 18], "Kode Pertanyaan": f"P{n:03d}", "Pertanyaan": f"CONTOH {n} " * 9,
             "Skor": n % 5, "Skor Maks": 4.5 + n % 3}
            for n in range(250)
        ]  # fmt: skip
    return new_book(year, Content(settings, tables, content.years, content.below), MOMENT)


def every_mistake() -> tuple[int, Content]:
    """The example of usual mistakes, with each row that any test of findings spoils, and each setting (of several
    spoilt ways the first). A few codes exclude others: ``EXCLUDED``."""
    year, content = example_content("kesalahan-umum")
    tables, given, clean = {name: list(rows) for name, rows in content.tables.items()}, {}, Book()
    for _, make, *_ in CASES:
        spoilt = make()
        for table, rows in spoilt.rows.items():
            here = tables.setdefault(table, list(clean.rows[table]))
            here += [_typed(row) for row in rows if row not in clean.rows[table]]
        for name, value in spoilt.settings.items():
            if value != clean.settings[name]:
                given.setdefault(name, value)
    return year, Content({**content.settings, **given}, tables, content.years, content.below)


EXCLUDED = {
    "aturan-belum-berlaku", "baris-target-hilang", "duplikat-diri-sendiri", "iku-belum-ada-nilai", "iku-belum-lengkap",
    "iku-tanpa-keluhan", "klasifikasi-tanpa-batas", "kolom-target-hilang", "libur-tahun-kosong",
    "nilai-bkn-belum-diisi", "nip-tidak-aktif", "pagu-kosong", "perangkat-daerah-kosong", "realisasi-terkunci-berbeda",
    "skala-kosong", "skala-tanpa-nol", "target-triwulan-kosong", "target-triwulan-menurun", "triwulan-belum-dikunci",
}  # fmt: skip
"""Codes that "semua-temuan" doesn't show: what they need is there twice, or stands in a row that is not looked at."""


def _typed(row: Mapping[str, Cell]) -> dict[str, object]:
    """A row as it is typed: a formula without a value is a formula."""
    return {heading: Formula("1+1") if value is UNCACHED else value for heading, value in row.items()}


@cache
def opened(name: str) -> Any:
    """The workbook with its values. openpyxl warns of the date in the far future that "semua-temuan" holds."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Cell .* is marked as a date")
        return load_workbook(io.BytesIO(book(name)), data_only=True)


def length(text: str, size: float, bold: bool) -> float:
    """The width of a text in pixels; Excel draws in whole ones, so that 10 points are 13 pixels."""
    return sum(WIDTHS.get(letter, 556) for letter in text) / 1000 * round(size * 96 / 72) * (BOLD if bold else 1)


def shown(cell: Any) -> str:
    """A cell's value as it is displayed."""
    value, form = cell.value, cell.number_format
    if isinstance(value, datetime.datetime):
        return "30 Sep 2025 10:30" if "h" in form else "30 September 2025" if "mmmm" in form else "30/09/2025"
    if isinstance(value, int | float) and "#,##0" in form:
        return show(Decimal(str(value)), 2 if ".00" in form else 0, thousands=True) or ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _room(sheet: Any, cell: Any, last: int) -> float:
    """Pixels that a text may take: its column, and the empty ones beside it on the page."""
    aside = {"center": (-1, 1), "right": (-1,)}.get(cell.alignment.horizontal or "", (1,))
    total = _pixels(sheet, cell.column)
    for step in aside if isinstance(cell.value, str) else ():
        column = cell.column + step
        while 1 <= column <= last and sheet.cell(cell.row, column).value in (None, ""):
            total += _pixels(sheet, column)
            column += step
    return total - PADDING - (9 * (cell.alignment.indent or 0))


def _pixels(sheet: Any, column: int) -> float:
    for letter, dimension in sheet.column_dimensions.items():
        if (dimension.min or 0) <= column <= (dimension.max or 0) or letter == get_column_letter(column):
            return float(round(dimension.width * 7))
    return 64.0


def lines(text: str, room: float, size: float, bold: bool) -> int:
    """How many lines a wrapped text takes in a cell of so many pixels."""
    count = 0
    for paragraph in text.split("\n"):
        used, count = 0.0, count + 1
        for word in paragraph.split(" "):
            wide = length(f"{word} ", size, bold)
            if used and used + wide - 3 > room:
                used, count = 0.0, count + 1
            used += wide
    return count


def faint(sheet: Any) -> Iterator[str]:
    """Cells of a sheet whose text stands out from its fill by less than 4.5:1, by their own look or a rule's."""
    looks = {(_colour(c.font.color), _colour(c.fill.fgColor) if c.fill.fill_type else "FFFFFF"): c.coordinate
             for row in sheet.iter_rows() for c in row if c.value not in (None, "")}  # fmt: skip
    for block in sheet.conditional_formatting:
        for rule in block.rules:
            if rule.dxf is not None and rule.dxf.font is not None and rule.dxf.fill is not None:
                looks[_colour(rule.dxf.font.color), _colour(rule.dxf.fill.bgColor)] = str(block.sqref)
    for (ink, fill), place in looks.items():
        pair = sorted((luminance(ink), luminance(fill)), reverse=True)
        if (pair[0] + 0.05) / (pair[1] + 0.05) < 4.5:
            yield f"{sheet.title}!{place}: {ink} on {fill}"


def _colour(colour: Any) -> str:
    return str(colour.rgb)[-6:] if colour is not None and colour.type == "rgb" else "000000"


def cut_off(sheet: Any) -> Iterator[str]:
    """Cells of a sheet's page whose text or number has no room, each with what it needs and has."""
    for area in str(sheet.print_area or sheet.dimensions).replace("$", "").split(","):
        yield from _cut_off(sheet, area.split("!")[-1])


def _cut_off(sheet: Any, area: str) -> Iterator[str]:
    first, top, last, bottom = range_boundaries(area)
    title = sheet.title
    for row in sheet.iter_rows(min_row=top, max_row=bottom, min_col=first, max_col=last):
        for cell in row:
            text = shown(cell) if cell.value not in (None, "") else ""
            if not text or (title, cell.coordinate) == (RIWAYAT, SEAL):  # long, for no reader
                continue
            size, bold, room = cell.font.sz, bool(cell.font.b), _room(sheet, cell, last)
            if cell.alignment.wrap_text and isinstance(cell.value, str):
                height = sheet.row_dimensions[cell.row].height or sheet.sheet_format.defaultRowHeight or 15
                count = lines(text, _pixels(sheet, cell.column) - PADDING, size, bold)
                if count * LINE * size / 10 > height + 1:
                    yield f"{title}!{cell.coordinate}: {count} lines in {height:.0f} pt: {text[:40]!r}"
            elif (needed := length(text, size, bold)) > room * TOLERANCE:
                yield f"{title}!{cell.coordinate}: {needed:.0f} px in {room:.0f}: {text[:40]!r}"
