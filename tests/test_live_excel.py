"""The open workbook in Excel: xlwings' own Windows engine over a stand-in for COM that fails as COM fails.

Real Excel was never seen by us; what the stand-in does comes from documents (tests/fake_excel.py).
"""

# ruff: noqa: F401, F811 (fixtures)

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("xlwings", reason="the extra 'live' is not installed")

from fake_excel import Excel, Workbook
from support_excel import PATH, REJECTED, WRITES, book, excel, install, pauses, refused, sheet_of

from iku_excel.edits import Edit
from iku_excel.findings import EXIT_MACHINE
from iku_excel.live import LiveApplied, OpenBook, attach
from iku_excel.live.blocks import Block

# --- finding the workbook


@pytest.mark.parametrize("full_name", ["https://bkd-my.sharepoint.com/personal/x/Buku.xlsx", "Buku1", PATH])
def test_the_workbook_is_found_by_its_raw_full_name(full_name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cloud address, a workbook never saved and a path alike, beside others of the same name in other Excels."""
    here, elsewhere = Excel(11), Excel(12)
    for one in (elsewhere, here):
        Workbook(one, r"C:\lain\Lain.xlsx", ["NSPK"])
        Workbook(one, full_name, ["NSPK"])
    install(monkeypatch, here, elsewhere)
    attach("excel", 11, full_name, "Buku.xlsx").apply([Edit("NSPK", "A1", 1)])
    assert here.books[1].Worksheets("NSPK").cells[1, 1].value == 1.0
    assert here.kinds("Value=") != [] and elsewhere.kinds("Value=") == []
    assert (1, 1) not in here.books[0].Worksheets("NSPK").cells


def test_another_workbook_is_never_taken(excel: Excel, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same file name in another folder is another workbook; no window is one too."""
    install(monkeypatch, excel)
    assert refused(attach, "excel", excel.hwnd, r"C:\Buku Ñ=1.xlsm", "Buku Ñ=1.xlsm").code == "buku-tidak-ditemukan"
    assert refused(attach, "excel", None, PATH, "Buku Ñ=1.xlsm").code == "buku-tidak-ditemukan"
    assert refused(attach, "wps", 1, PATH, "Buku Ñ=1.xlsm").exit_status == EXIT_MACHINE


def test_a_window_that_is_gone_is_told(excel: Excel, monkeypatch: pytest.MonkeyPatch) -> None:
    """No traceback when Excel can't be reached, whether its window went or pywin32's cache is broken."""
    install(monkeypatch, excel)
    assert refused(attach, "excel", 999, PATH, "Buku.xlsm").code == "excel-tidak-terhubung"
    excel.fail("Workbooks", AttributeError("CLSIDToClassMap"))
    told = refused(attach, "excel", excel.hwnd, PATH, "Buku.xlsm")
    assert "gen_py" in told.message and told.exit_status == EXIT_MACHINE


# --- the traps


def test_no_excel_is_ended_when_python_exits() -> None:
    """xlwings' exit hook, which ends every Excel that it can't see, does not run; without us it does."""
    script = (
        "import sys; sys.path[:0] = {paths!r}\n"
        "import pytest, fake_excel as f, support_excel\n"
        "excel = f.Excel(); f.Workbook(excel, 'Buku1', ['NSPK'])\n"
        "engine = support_excel.install(pytest.MonkeyPatch(), excel)\n"
        "engine.Apps.cleanup = staticmethod(lambda: print('ENDED'))\n"
        "{attach}\n"
    )
    attaching = "from iku_excel.live import attach; attach('excel', 7001, 'Buku1', 'Buku1')"
    tests = Path(__file__).parent
    for attach_or_not, said in ((attaching, ""), ("", "ENDED")):
        text = script.format(paths=[str(tests), str(tests.parent)], attach=attach_or_not)
        run = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True, timeout=60)
        assert run.stdout.strip() == said


def test_xlwings_gives_up_at_once_and_leaves_waiting_to_us(book: OpenBook, excel: Excel, pauses: list[float]) -> None:
    """A rejected call raises instead of spinning, or giving None: each of ours reaches Excel once a pause."""
    assert sys.modules["xlwings._xlwindows"].N_COM_ATTEMPTS == 1
    excel.fail("Value2", REJECTED, 2)
    book.apply([Edit("NSPK", "A1", 1)])
    assert len(excel.kinds("Value2")) == 2 + 1 + 1  # two rejected, one answered, one to read back
    assert pauses == [0.05, 0.1]


def test_a_missing_property_of_older_excel_does_not_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    """Formula2 is not there before Excel 365: a long array formula is then refused, before anything is written."""
    excel = Excel(formula2=False)
    Workbook(excel, PATH, ["NSPK"])
    install(monkeypatch, excel)
    book = attach("excel", excel.hwnd, PATH, "b")
    long = Edit("NSPK", "B2", 0, "SUM(" + "+".join(["A1"] * 100) + ")", array=True)
    told = refused(book.apply, [Edit("NSPK", "A1", 5), long])
    assert (told.code, told.sheet, told.cell) == ("rumus-terlalu-panjang", "NSPK", "B2")
    assert not excel.kinds(*WRITES)


@pytest.mark.parametrize(
    ("missing", "code"), [("xlwings._xlwindows", "pywin32-tidak-ada"), ("xlwings", "xlwings-tidak-ada")]
)
def test_what_this_machine_lacks_is_told(missing: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 4 and what to install, where xlwings itself would go on without an engine."""
    monkeypatch.delitem(sys.modules, missing, raising=False)
    monkeypatch.setattr("importlib.import_module", lambda name: __import__("no_such_module_at_all"))
    told = refused(attach, "excel", 1, PATH, "b")
    assert (told.code, told.exit_status) == (code, EXIT_MACHINE)


@pytest.mark.parametrize("value", [Decimal("12.345678901"), 3_000_000_000, 2**53, Decimal(2) / 3])
def test_numbers_go_as_floats(value: Decimal | int, book: OpenBook, excel: Excel) -> None:
    """Never as Decimal, which COM makes currency, nor as int, which it has only up to 32 bits."""
    book.apply([Edit("NSPK", "C3", value)])
    found = sheet_of(excel).cells[3, 3].value
    assert type(found) is float and found == float(value)


@pytest.mark.parametrize("value", [Decimal("NaN"), float("inf"), 10**400])
def test_what_no_cell_can_hold_is_refused(value: Any, book: OpenBook, excel: Excel) -> None:
    """With sheet and cell, before anything is written."""
    told = refused(book.apply, [Edit("NSPK", "A1", 1), Edit("NSPK", "C3", value)])
    assert (told.code, told.cell) == ("angka-tidak-sah", "C3")
    assert not excel.kinds(*WRITES)


# --- texts

NASTY = [
    "=1+1", '=HYPERLINK("http://x","y")', "+62812", "-5", "@SUM(A1)", "001", "1.02.03", "01.02", "1E5", "12%", "1/2",
    "Rp 5", "TRUE", "false", "Mei 2025", "DEC12", "E5", " 7", "'dipetik'", "1-2-2025", "10:30", "Tidak ada temuan",
]  # fmt: skip


@pytest.mark.parametrize("code", ["General", "@"])
@pytest.mark.parametrize("text", NASTY)
def test_a_text_stays_the_text_it_is(text: str, code: str, book: OpenBook, excel: Excel) -> None:
    """Neither a formula nor a number nor a date comes of it, in a General cell and in a text cell."""
    cell = sheet_of(excel).cell(4, 2)
    cell.number_format = code
    assert book.apply([Edit("NSPK", "B4", text)]).changed_cells == (("NSPK", "B4"),)
    assert (cell.value, cell.formula, cell.number_format) == (text, "", code)
    assert cell.prefix == (code == "General" and text != "Tidak ada temuan")
    assert book.apply([Edit("NSPK", "B4", text)]) == LiveApplied((), ())


def test_a_number_and_a_formula_in_a_text_cell_are_no_texts(book: OpenBook, excel: Excel) -> None:
    """They are written as in General and the cell keeps its format."""
    for row in (1, 2):
        sheet_of(excel).cell(row, 1).number_format = "@"
    book.apply([Edit("NSPK", "A1", 7), Edit("NSPK", "A2", 8, "A1+1"), Edit("NSPK", "A3", "teks")])
    one, two = (sheet_of(excel).cells[row, 1] for row in (1, 2))
    assert (one.value, one.number_format) == (7.0, "@")
    assert (two.formula, two.number_format) == ("=A1+1", "@")


def test_a_number_format_comes_before_the_value(book: OpenBook, excel: Excel) -> None:
    """A code into a cell that is to be "@" keeps its zeros without an apostrophe."""
    edit = Edit("NSPK", "A1", "007", number_format="@")
    book.apply([edit])
    cell = sheet_of(excel).cells[1, 1]
    assert (cell.value, cell.number_format, cell.prefix) == ("007", "@", False)
    assert book.apply([edit]) == LiveApplied((), ())


def test_a_very_long_text_is_written_alone(book: OpenBook, excel: Excel) -> None:
    """Excel before 2010 fails on an array with such a text; a cell holds 32,767 characters."""
    book.apply([Edit("NSPK", "A1", "a"), Edit("NSPK", "A2", "x" * 9000), Edit("NSPK", "A3", "c")])
    assert excel.kinds("Value=") == ["NSPK!A1:A3", "NSPK!A2"]
    assert [sheet_of(excel).cells[row, 1].value[:1] for row in (1, 2, 3)] == ["a", "x", "c"]
    assert refused(book.apply, [Edit("NSPK", "A1", "x" * 32_768)]).code == "teks-terlalu-panjang"


# --- blocks and formulas


def test_forty_thousand_cells_are_one_call(book: OpenBook, excel: Excel) -> None:
    """Adjacent cells go as one list of rows; emptied cells are in it."""
    edits = [Edit("NSPK", f"{c}{r}", None if c == "D" else r) for r in range(5, 4005) for c in "ABCDEFGHIJ"]
    sheet_of(excel).cell(9, 4).value = "lama"
    applied = book.apply(edits)
    assert excel.kinds("Value=") == ["NSPK!A5:J4004"]
    assert sheet_of(excel).cells[9, 4].value is None
    assert len(applied.changed_cells) == 36_001


def test_what_holds_its_figure_is_not_written(book: OpenBook, excel: Excel) -> None:
    """A formula in its place keeps its figure itself, however Excel spells it; a value that is there stays."""
    cell = sheet_of(excel).cell(1, 1)
    cell.formula, cell.value = "=_xlfn.IFERROR( 'NSPK'!$B$1 , FALSE)", 99.0
    sheet_of(excel).cell(1, 2).value = 2.5
    edits = [Edit("NSPK", "A1", 1, "IFERROR(NSPK!$B$1,FALSE)"), Edit("NSPK", "B1", Decimal("2.5"))]
    assert book.apply(edits) == LiveApplied((), ())
    assert not excel.kinds(*WRITES, "Unprotect", "Protect")


def test_a_lost_formula_comes_back(book: OpenBook, excel: Excel) -> None:
    """Typed over, emptied, changed, or a text that only looks like it; ordinary ones by Formula, arrays as arrays."""
    sheet = sheet_of(excel)
    sheet.cell(1, 1).value = 5.0
    sheet.cell(2, 1).formula, sheet.cell(2, 1).value = "=SUM(B1:B4)", 1.0
    sheet.cell(3, 1).value = "=SUM(B1:B3)"
    sheet.cell(5, 1).formula, sheet.cell(5, 1).value = "=MAX(B1:B3)", 1.0
    edits = [Edit("NSPK", f"A{row}", 0, "SUM(B1:B3)") for row in (1, 2, 3, 4)]
    edits += [Edit("NSPK", "A5", 0, "MAX(B1:B3)"), Edit("NSPK", "A6", 0, "MAX(B1:B9)", array=True)]
    applied = book.apply(edits)
    assert [cell for _, cell in applied.repaired] == ["A1", "A2", "A3", "A4", "A6"]
    assert excel.kinds("Formula=") == ["NSPK!A1:A4"]
    assert [sheet.cells[row, 1].formula for row in (1, 2, 3, 4)] == ["=SUM(B1:B3)"] * 4
    assert sheet.cells[6, 1].array and not sheet.cells[5, 1].array
    assert book.apply(edits) == LiveApplied((), ())


def test_an_array_formula_that_became_a_plain_one_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its text alone is not enough in Excel before 365, which would take one row of each column."""
    excel = Excel(formula2=False)
    Workbook(excel, PATH, ["NSPK"])
    install(monkeypatch, excel)
    cell = sheet_of(excel).cell(1, 1)
    cell.formula, cell.value = "=SUM(B1:B3*C1:C3)", 0.0
    book = attach("excel", excel.hwnd, PATH, "b")
    edits = [Edit("NSPK", "A1", 0, "SUM(B1:B3*C1:C3)", array=True), Edit("NSPK", "A2", 0, "SUM(A1:A1)", array=True)]
    assert [cell for _, cell in book.apply(edits).repaired] == ["A1", "A2"]
    assert cell.array
    cell.array = False
    assert [cell for _, cell in book.apply(edits).repaired] == ["A1"], "the other one is in its place"


def test_a_long_array_formula_goes_by_formula2(book: OpenBook, excel: Excel) -> None:
    """FormulaArray takes 255 characters; where Formula2 is known it takes the rest, and stays."""
    edit = Edit("NSPK", "A1", 0, "SUM(" + "+".join(["B1"] * 100) + ")", array=True)
    assert book.apply([edit]).repaired == (("NSPK", "A1"),)
    assert excel.kinds("Formula2=") == ["NSPK!A1"] and not excel.kinds("FormulaArray=")
    assert book.apply([edit]) == LiveApplied((), ())


def test_a_formula_where_a_value_belongs_gives_way(book: OpenBook, excel: Excel) -> None:
    """Even if it shows that value."""
    cell = sheet_of(excel).cell(1, 1)
    cell.formula, cell.value = "=2+3", 5.0
    assert book.apply([Edit("NSPK", "A1", 5)]).changed_cells == (("NSPK", "A1"),)
    assert (cell.formula, cell.value) == ("", 5.0)


def test_where_recalculation_is_off_the_sheets_of_the_plan_are_told_to(book: OpenBook, excel: Excel) -> None:
    """In the plan's order, whether something was written or not; else Excel does it by itself."""
    edits = [Edit("NSPK", "A1", None), Edit("Pemeriksaan", "A1", None)]
    book.apply(edits)
    assert excel.kinds("Calculate") == []
    excel.Calculation = -4135
    book.apply(edits)
    assert excel.kinds("Calculate") == ["NSPK", "Pemeriksaan"]


@pytest.mark.parametrize("kind", ["merged", "arrays"])
def test_a_fenced_cell_is_refused_before_anything_is_written(kind: str, book: OpenBook, excel: Excel) -> None:
    """Under a merged cell Excel drops a value without a word; part of an array can't be changed."""
    sheet = sheet_of(excel)
    getattr(sheet, kind).append(Block(2, 2, 3, 3))
    for row, column in Block(2, 2, 3, 3).cells():
        sheet.cell(row, column).array = kind == "arrays"
    told = refused(book.apply, [Edit("Pemeriksaan", "A1", 1), Edit("NSPK", "C3", 1)])
    assert (told.code, told.cell) == ({"merged": "sel-gabungan", "arrays": "rumus-larik"}[kind], "C3")
    assert "B2:C3" in told.message and not excel.kinds(*WRITES)


def test_the_first_cell_of_a_merged_area_is_written(book: OpenBook, excel: Excel) -> None:
    """It holds the value of the whole area."""
    sheet_of(excel).merged.append(Block(1, 1, 1, 5))
    assert book.apply([Edit("NSPK", "A1", "Judul")]).changed_cells == (("NSPK", "A1"),)
