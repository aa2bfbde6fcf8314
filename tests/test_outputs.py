"""The plan for Pemeriksaan and Riwayat: findings around people's notes, a line of history when a figure changes."""

from __future__ import annotations

from decimal import Decimal

from iku_excel.cells import Cell
from iku_excel.edits import Edit
from iku_excel.findings import Finding
from iku_excel.form.checks import CODES
from iku_excel.form.outputs import FIRST_FINDING, PER_CODE, HistoryLine, _finding_edits, _history_edits, capped
from iku_excel.form.workings import FINDINGS_END
from iku_excel.xlsx.reader import SheetCells


def _sheet(cells: dict[tuple[int, int], Cell]) -> SheetCells:
    return SheetCells("Pemeriksaan", cells, max((row for row, _ in cells), default=0))


def _findings(count: int) -> list[Finding]:
    return [Finding("kode-uji", "info", "Dokumen", f"A{n}", f"Masalah {n}.", "Perbaiki.") for n in range(count)]


def _rows(edits: list[Edit]) -> set[int]:
    return {int(edit.cell[1:]) for edit in edits if edit.value is not None}


def test_a_note_among_the_findings_is_passed_over() -> None:
    """A row that holds somebody's note is neither overwritten nor emptied; findings go on after it."""
    stored = _sheet({(6, 1): 1.0, (6, 2): "info", (7, 7): "catatan saya", (9, 1): 2.0, (9, 2): "info"})
    edits = _finding_edits(_findings(2), stored)
    assert _rows(edits) == {6, 8}
    assert {edit.cell for edit in edits if edit.value is None and edit.cell.endswith("9")} == {
        f"{c}9" for c in "ABCDEFGHI"
    }
    assert not [edit for edit in edits if edit.cell.endswith("7")]


def test_the_formulas_look_at_every_row_that_findings_can_reach() -> None:
    """With every code at its cap the list still ends before the row where the formulas stop counting."""
    assert FIRST_FINDING + len(CODES) * (PER_CODE + 1) < FINDINGS_END


def test_a_code_is_capped_and_the_rest_is_counted() -> None:
    """200 findings of a code are listed, then one says how many more there are."""
    shown = capped(_findings(PER_CODE + 35))
    assert len(shown) == PER_CODE + 1
    assert shown[-1].message == "dan 35 lagi"


def _line(*indices: str | None, quarter: int = 2) -> HistoryLine:
    one, two, three = (None if v is None else Decimal(v) for v in indices)
    return HistoryLine(46000.0, 2025, quarter, (one, two, three))


def _history(*values: Cell) -> SheetCells:
    return _sheet({(5, column): value for column, value in enumerate((46000.0, 2025.0, 2.0, *values), 1)})


def test_a_figure_that_stays_gives_no_line() -> None:
    """The same figures, also in LibreOffice's 15 digits, add nothing."""
    third = Decimal(100) / 3
    assert _history_edits(_history(33.3333333333333, None, 50.0), _line(str(third), None, "50")) == []


def test_a_figure_that_changes_gives_a_line_that_says_what_changed() -> None:
    """Old and new stand in words, with more decimals where two don't tell them apart."""
    edits = _history_edits(_history(71.2, None, 50.0), _line("71.23", "60", "50.001"))
    assert edits[-1].cell == "G6"
    assert edits[-1].value == (
        "IKU-1: 71,20 menjadi 71,23; IKU-2: kosong menjadi 60,00; IKU-3: 50,00000000 menjadi 50,00100000"
    )


def test_another_quarter_gives_a_line() -> None:
    """Moving on to the next quarter is a line of its own."""
    edits = _history_edits(_history(71.2, None, 50.0), _line("71.2", None, "50", quarter=3))
    assert edits[-1].value == "Posisi Triwulan 3 Tahun 2025"
