"""The formulas of the output sheets, held by rules that no engine here can show (DESIGN §3)."""

from __future__ import annotations

from collections import Counter

import pytest

from iku_excel.form import settings
from iku_excel.form.outputs import output_sheets
from iku_excel.form.sheetmap import Places, SheetMap
from iku_excel.rules.loader import rules_for
from tests.judges.formula_lint import lint, lint_names, warnings

PLACES = Places("Target!$A$4:$S$4", "Target!$A$5:$S$7", 2026)
SHEETS = output_sheets(rules_for(2025), PLACES)
TABLES = {table.name: table.headings for table in settings.TABLES.values()}
NAMES = {*settings.SETTINGS, *(name for sheet in SHEETS for name in sheet.names)}


def _ours(sheet: SheetMap) -> set[str]:
    """Cells whose text is ours alone: labels and computed cells of the output sheets."""
    here = {label.cell for label in sheet.labels} | {cell.cell for cell in sheet.cells}
    return here | {f"{other.sheet}!{cell.cell}" for other in SHEETS for cell in other.cells}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.sheet)
def test_formulas_pass_the_lint(sheet: SheetMap) -> None:
    """No formula needs a function after Excel 2010, or falls into a trap that only real Excel would show."""
    ranges = {"X34:X53", "Y34:Y53", "I5:I22", "N5:N22", "NSPK!I5:I22", "NSPK!N5:N22"}
    ranges |= {f"I5:I{row}" for row in range(5, 23)} | {
        f"X{first}:X{last}" for first in (56,) for last in range(56, 157)
    }
    trusted = _ours(sheet) | ranges | {"Tahun_Sah", "Triwulan_Sah", "Awal_Tahun", "Batas_Periode"}
    faults = {
        cell.cell: found
        for cell in sheet.cells
        if cell.formula is not None
        and (found := lint(cell.formula, cell.array, tables=TABLES, names=NAMES, trusted=trusted))
    }
    assert faults == {}


def test_names_are_names() -> None:
    """No defined name looks like a cell address or stands twice."""
    assert lint_names(sorted(NAMES)) == []


def test_every_output_name_is_defined_once() -> None:
    """Each output name of the contract means one computed cell."""
    defined = Counter(name for sheet in SHEETS for name in sheet.names)
    assert all(defined[name] == 1 for name in settings.OUTPUT_NAMES)
    for sheet in SHEETS:
        cells = {cell.cell for cell in sheet.cells}
        assert set(sheet.names.values()) <= cells


def test_no_cell_is_described_twice() -> None:
    """A cell of an output sheet is a label or a figure, never both and never twice."""
    for sheet in SHEETS:
        places = Counter([c.cell for c in sheet.cells] + [label.cell for label in sheet.labels])
        assert [cell for cell, times in places.items() if times > 1] == []


def test_no_formula_is_volatile() -> None:
    """A workbook with thousands of complaints must not recalculate on every keystroke."""
    found = {c.cell: w for s in SHEETS for c in s.cells if c.formula for w in warnings(c.formula) if "volatile" in w}
    assert found == {}
