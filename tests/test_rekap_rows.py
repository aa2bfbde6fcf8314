"""The rows of the recap's tables, made as XML: other libraries read back what the pages say, each cell in its look."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from iku_excel.capacity import MAX_TEXT
from iku_excel.form.template.styles import GRAVE, MUTED
from iku_excel.recap.book import build_recap
from iku_excel.recap.pages import FIRST_ROW, HEADER_ROW, Page, pages
from iku_excel.recap.roll import Roll, Unread, roll
from iku_excel.recap.rowxml import TOO_LARGE, fitting, row_xml
from iku_excel.record import Record
from tests.judges.excel import assert_excel_accepts
from tests.support_rekap import book, record

pytestmark = pytest.mark.judges_itself

NAMES = (
    "CONTOH Dinas A",
    "=1+1",
    "+CONTOH",
    "-CONTOH",
    "@SUM(A1)",
    "#N/A",
    "TRUE",
    "007",
    'CONTOH <&> "kutip" é 😀',
    "CONTOH baris satu\nbaris dua",
    "CONTOH DINAS PEMBERDAYAAN PEREMPUAN, PERLINDUNGAN ANAK, PENGENDALIAN PENDUDUK DAN KELUARGA BERENCANA",
    "",
)
LONG = "CONTOH " + "kata " * 300


def varied(one: Record, number: int) -> Record:
    """Another agency of invented figures: thirds, nothing, whole numbers, not carried."""
    figures = [
        replace(
            each,
            carried=(number + at) % 5 > 0,
            target=Decimal(100),
            value=None if (number + at) % 4 == 0 else Decimal(7 * number + 1) / Decimal(3 + at),
            capaian=None if number % 3 == 0 else Decimal(10 * number + at),
            predicate=("", "=baik", "Baik", "-")[(number + at) % 4],
        )
        for at, each in enumerate(one.indicators)
    ]
    return replace(
        one,
        file=f"TW {number % 4 + 1}/ CONTOH {number}.xlsx",
        unit=NAMES[number % len(NAMES)],
        year=2023 + number // len(NAMES),
        indicators=tuple(figures),
        freshness="tidak dapat diisi" if number % 2 else "mutakhir",
        trouble=f"={LONG}" if number % 2 else "",
    )


@pytest.fixture(scope="module")
def one() -> Record:
    """What the others are made from."""
    return record("a.xlsx", book())


@pytest.fixture(scope="module")
def whole(one: Record) -> Roll:
    """Three years of agencies with every kind of name, and an unread file."""
    unread = Unread("=rusak.xlsx", "berkas-rusak", "-Berkas ini rusak.", "Target, B5", "@Pakai salinan cadangan.")
    return roll([varied(one, number) for number in range(3 * len(NAMES))], [unread])


@pytest.fixture(scope="module")
def made(whole: Roll) -> bytes:
    """Their recap."""
    return build_recap(whole)


def test_excel_takes_it(made: bytes) -> None:
    """As any workbook of ours."""
    assert_excel_accepts(made)


def test_two_readers_find_every_row_of_every_page(whole: Roll, made: bytes) -> None:
    """To the last bit and blank, each value of its own kind; and nothing beside or below it."""
    workbook = openpyxl.load_workbook(io.BytesIO(made))
    other = CalamineWorkbook.from_filelike(io.BytesIO(made))
    for page in pages(whole):
        width, last = len(page.columns), HEADER_ROW + max(1, len(page.rows))
        sheet: Any = workbook[page.sheet]
        assert (sheet.max_row, sheet.max_column) == (last, width)
        read = [[(cell.data_type, cell.value) for cell in row] for row in sheet.iter_rows(FIRST_ROW)]
        assert read == [[expected(value) for value in row] for row in page.rows], page.sheet
        (table,) = sheet.tables.values()
        assert table.ref == table.autoFilter.ref == f"A{HEADER_ROW}:{sheet.cell(last, width).coordinate}"
        assert table.column_names == [column.heading for column in page.columns]
        lines = other.get_sheet_by_name(page.sheet).to_python(skip_empty_area=False)[FIRST_ROW - 1 :]
        assert lines == [["" if (found := expected(value)[1]) is None else found for value in row] for row in page.rows]


def expected(value: object) -> tuple[str, object]:
    """What a reader finds of a page's value."""
    if isinstance(value, str):
        return "s", value
    return "n", float(value) if isinstance(value, Decimal) else value


def test_a_sheet_tells_how_far_it_reaches(whole: Roll, made: bytes) -> None:
    """A reader that goes by the sheet's own extent, as openpyxl's for large files, sees all of it."""
    workbook = openpyxl.load_workbook(io.BytesIO(made), read_only=True)
    for page in pages(whole):
        sheet: Any = workbook[page.sheet]
        assert sheet.calculate_dimension().endswith(str(HEADER_ROW + max(1, len(page.rows)))), page.sheet
    workbook.close()


def test_each_cell_has_the_look_of_its_column_and_value(whole: Roll, made: bytes) -> None:
    """Figures by their column; a word among figures, what must be mended, and a text like a formula stand out."""
    workbook = openpyxl.load_workbook(io.BytesIO(made))
    counts = dict.fromkeys(("word", "grave", "quoted"), 0)
    for page in pages(whole):
        for row in workbook[page.sheet].iter_rows(FIRST_ROW):
            for at, cell in enumerate(row):
                look, text = page.columns[at].look, isinstance(cell.value, str)
                word = text and look == "dua"
                grave = text and at == 0 and cell.value in page.grave
                quoted = text and str(cell.value)[:1] in ("=", "+", "-", "@") and not word
                counts["word"] += word
                counts["grave"] += grave
                counts["quoted"] += quoted
                formats = {"teks": "General", "tengah": "General", "bulat": "#,##0", "dua": "#,##0.00"}
                assert cell.number_format == ("General" if word else formats[look])
                aligned = {"teks": "left", "tengah": "center"}.get(look)
                assert cell.alignment.horizontal == ("right" if word else aligned)
                assert bool(cell.alignment.wrap_text) is (look == "teks")
                ink = MUTED if word else GRAVE.ink if grave else "1F1F1F"
                assert (cell.font.name, cell.font.sz, cell.font.color.rgb) == ("Arial", 10, f"FF{ink}")
                assert cell.font.b is grave and cell.quotePrefix is quoted
                assert cell.fill.fill_type == ("solid" if grave else None)
                assert cell.border.left.style == cell.border.bottom.style == "thin"
    assert min(counts.values()) > 10, counts


def test_rows_are_as_high_as_their_longest_text(whole: Roll, made: bytes) -> None:
    """A wrapped text has room, up to the highest row that Excel has; a row of single lines keeps its height."""
    workbook: Any = openpyxl.load_workbook(io.BytesIO(made))
    data, matters = workbook["Data"], workbook["Perlu Perhatian"]
    heights = {row[0].value: data.row_dimensions[row[0].row].height for row in data.iter_rows(FIRST_ROW)}

    assert heights["CONTOH Dinas A"] is None
    assert heights["CONTOH baris satu\nbaris dua"] == 28
    assert heights[NAMES[10]] == 54, "four lines of capitals"
    long = [row[0].row for row in matters.iter_rows(FIRST_ROW) if row[5].value == f"={LONG}"]
    assert {matters.row_dimensions[row].height for row in long} == {15 + 30 * 13}, "31 lines of ten words"


def test_an_empty_table_has_one_empty_row(one: Record) -> None:
    """As Excel wants, with the look of its columns."""
    workbook = openpyxl.load_workbook(io.BytesIO(build_recap(roll([replace(one, findings=(), freshness="mutakhir")]))))
    sheet: Any = workbook["Perlu Perhatian"]

    assert sheet.tables["tblRekapPerhatian"].ref == f"A{HEADER_ROW}:G{FIRST_ROW}"
    assert [cell.value for cell in sheet[FIRST_ROW]] == [None] * 7
    assert all(cell.border.left.style == "thin" for cell in sheet[FIRST_ROW])


def test_what_no_cell_can_hold_does_not_stop_the_recap(one: Record) -> None:
    """One workbook with a control sign, an endless word or a figure beyond Excel's: the rest is told all the same."""
    words = ("CONTOH\x00 \x07baik\ud800\uffff", "x" * 40_000, "😀" * 20_000)
    records = [
        replace(one, file=f"{n}.xlsx", unit=f"CONTOH {n}", indicators=tuple(
            replace(each, predicate=word, value=Decimal("-1E+400"), capaian=Decimal(n)) for each in one.indicators
        ))
        for n, word in enumerate(words)
    ]  # fmt: skip
    made = build_recap(roll(records))
    assert_excel_accepts(made)
    workbook = openpyxl.load_workbook(io.BytesIO(made))
    data, front = workbook["Data"], workbook["Ringkas"]
    shown = ["CONTOH baik", "x" * MAX_TEXT, "😀" * (MAX_TEXT // 2)]

    assert [row[7].value for row in data.iter_rows(FIRST_ROW)][::3] == shown
    assert {row[5].value for row in data.iter_rows(FIRST_ROW)} == {TOO_LARGE}
    labels = [cell.value for cell in front["A"]]
    assert [label for label in labels if label in shown] == shown[::-1], "the highest capaian first"
    for sheet in (data, front):
        assert max(row.height or 0 for row in sheet.row_dimensions.values()) == 409, "Excel's own limit"


def test_a_text_that_looks_like_an_escape_is_spelled_out() -> None:
    """Excel reads "_x0041_" as "A": the underscore is escaped (ECMA-376 part 1, 22.9.2.19)."""
    page = Page("S", "t", "tbl", (), [])
    assert fitting("_x0041_") == "_x0041_"
    page = replace(page, columns=(pages(roll([]))[0].columns[0],), rows=[("_x0041_",)])

    assert row_xml(page, [20], lambda style: 3) == (
        b'<row r="6"><c r="A6" s="3" t="inlineStr"><is><t>_x005F_x0041_</t></is></c></row>'
    )


_NUMBERED = """
from iku_excel.recap.pages import Column, Page
from iku_excel.recap.rowxml import row_xml
rows = [(f"{sign}{n}",) for n in range(9) for sign in "=xab"]
page = Page("S", "t", "tbl", (Column("A"),), rows, grave=frozenset({"a1"}))
seen = {}
print(row_xml(page, [20], lambda style: seen.setdefault(style, len(seen))).decode())
"""


def test_no_chance_of_the_process_is_in_it() -> None:
    """Looks get their numbers in the order of the rows, however a process happens to hash texts."""
    said = {
        subprocess.run(
            [sys.executable, "-c", _NUMBERED],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1
