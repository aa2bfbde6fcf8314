"""A thousand workbooks that Excel itself wrote, read by us and by two independent readers: every cell agrees.

calamine reads a copy without styles, so that its numbers are the stored ones; it hides errors and formulas
without a value, which openpyxl shows. The default run takes every tenth file.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from iku_excel.cells import UNCACHED, Cell, CellError
from iku_excel.findings import Refusal
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.reader import read_workbook

CORPUS = Path(__file__).parents[1].parent / "shared" / "corpus"

# Files that we refuse, and why that is right.
REFUSED = {"sistem-tanggal-1904"}
# Cells that calamine reads otherwise: ISO dates as dates, a lone line feed as blank, U+FFFE as its escape.
OTHERWISE = {"calamine__date_iso.xlsx": 3, "calamine__encoded_entities.xlsx": 1, "xlsxwriter__shared_strings03.xlsx": 2}
# openpyxl decodes an escaped escape twice there; calamine agrees with us.
DECODED_TWICE = "xlsxwriter__shared_strings02.xlsx"


def workbooks() -> list[Any]:
    """Every workbook of the corpus; all but each tenth only in the long run."""
    files = sorted(path for path in CORPUS.glob("*.xls?") if path.suffix in (".xlsx", ".xlsm"))
    if not files:
        return [pytest.param(None, id="korpus")]
    return [
        pytest.param(path, id=path.name, marks=() if index % 10 == 0 else pytest.mark.trust)
        for index, path in enumerate(files)
    ]


def cells_of(data: bytes) -> dict[str, dict[tuple[int, int], Cell]]:
    """All cells of all worksheets, as we read them."""
    package = Package.open(data)
    outputs = [sheet.name for sheet in package.sheets if sheet.kind == "worksheet"]
    found = read_workbook(package, [], [], outputs).outputs
    return {name: dict(sheet.cells) for name, sheet in found.items()}


def without_styles(data: bytes) -> bytes:
    """A copy in which no number looks like a date."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for name in source.namelist():
            if not name.lower().endswith("styles.xml"):
                target.writestr(name, source.read(name))
    return out.getvalue()


def by_calamine(data: bytes) -> dict[str, dict[tuple[int, int], Any]]:
    """The same cells by calamine; errors and blank texts are missing."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(without_styles(data)))
    found = {}
    for meta in book.sheets_metadata:
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(meta.name)
        top, left = sheet.start or (0, 0)
        found[meta.name] = {
            (top + row, left + column): float(value) if type(value) is int else value
            for row, line in enumerate(sheet.to_python(), 1)
            for column, value in enumerate(line, 1)
            if value != ""
        }
    return found


def serial(value: object) -> object:
    """openpyxl's date or time as the number it came from; anything else as it is."""
    from openpyxl.utils.datetime import to_excel

    if isinstance(value, (date, datetime, time, timedelta)):
        return float(to_excel(value))
    return float(value) if type(value) is int else value


@pytest.mark.parametrize("path", workbooks())
def test_every_cell_agrees_with_calamine(path: Path | None) -> None:
    """Numbers to the last bit, texts and booleans are those that calamine reads; it has no cell that we lack."""
    if path is None:
        pytest.skip("the corpus of Excel-made workbooks (../shared/corpus) is not there")
    data = path.read_bytes()
    try:
        theirs = by_calamine(data)
    except CalamineError as error:
        pytest.skip(f"calamine can't read it: {error}")
    try:
        ours = cells_of(data)
    except Refusal as refusal:
        assert refusal.code in REFUSED, refusal.message
        pytest.skip(refusal.message)
    assert ours.keys() == theirs.keys()
    differing = []
    for sheet, cells in ours.items():
        plain = {place: cell for place, cell in cells.items() if type(cell) is not CellError}
        other = theirs[sheet]
        differing += [(sheet, place) for place in plain.keys() | other.keys() if plain.get(place) != other.get(place)]
    assert len(differing) == OTHERWISE.get(path.name, 0), differing[:5]


@pytest.mark.parametrize("path", workbooks())
def test_every_error_and_formula_agrees_with_openpyxl(path: Path | None) -> None:
    """Errors, formulas without a value and all the rest are as openpyxl sees them."""
    if path is None:
        pytest.skip("the corpus of Excel-made workbooks (../shared/corpus) is not there")
    if path.name == DECODED_TWICE:
        pytest.skip("openpyxl misreads this file")
    data = path.read_bytes()
    try:
        ours = cells_of(data)
    except Refusal as refusal:
        assert refusal.code in REFUSED, refusal.message
        pytest.skip(refusal.message)
    import openpyxl
    from openpyxl.cell import MergedCell
    from openpyxl.utils.escape import unescape

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
            formulas = openpyxl.load_workbook(io.BytesIO(data))
        except Exception as error:  # whatever a foreign reader raises on a strange file
            pytest.skip(f"openpyxl can't read it: {type(error).__name__}")
    for sheet in values.worksheets:
        if sheet.title not in ours:  # a macro sheet, which openpyxl takes for a worksheet
            continue
        cells, parsed = ours[sheet.title], formulas[sheet.title]
        # only cells that are there: a comment at XFD1048576 would make iter_rows() take all memory
        for row, column in sorted({*cells, *sheet._cells}):
            cell = sheet.cell(row, column)
            if isinstance(cell, MergedCell):  # openpyxl drops what stands under a merged cell
                continue
            mine = cells.get((row, column))
            formula = parsed.cell(row, column).data_type == "f"
            where = f"{sheet.title}!{cell.coordinate}"
            if isinstance(mine, CellError):
                assert (cell.value is None and formula) if mine == UNCACHED else cell.value == mine.code, where
            elif isinstance(mine, float):
                assert serial(cell.value) == pytest.approx(mine, abs=1e-5), where
            elif isinstance(mine, str):
                theirs = str(cell.value)  # openpyxl decodes _xHHHH_ in some places only; line ends aside
                assert mine.split() in (theirs.split(), unescape(theirs).split()), where
            else:
                assert serial(cell.value or None) == (mine or None), where
