"""One workbook read into a ``Record``: by its seal, or computed anew from its inputs and compared with its sheets.

Nothing is written and nothing trusted: a stored figure is only ever compared, or vouched for by the seal. ``gather``
takes a path and gives something small, so that any executor can run it.
"""

from __future__ import annotations

from dataclasses import replace
from math import isclose
from pathlib import Path

from iku_excel.capacity import number
from iku_excel.cells import Cell, is_number
from iku_excel.edits import Edit
from iku_excel.fill import Opened, open_workbook
from iku_excel.findings import Refusal
from iku_excel.form.figures import figures
from iku_excel.form.layout import IKU_CODES, RIWAYAT
from iku_excel.form.outputs import FIRST_HISTORY, HistoryLine, output_sheets, plan
from iku_excel.record import Record, State, make_record, settled
from iku_excel.seal import recorded
from iku_excel.xlsx.cellxml import CACHE_TOLERANCE
from iku_excel.xlsx.reader import SheetCells
from iku_excel.xlsx.replace import read_bytes

_NO_DAY = 0.0
"""Dates a line of Riwayat that is never written."""


def gather(path: Path) -> Record:
    """What the recap keeps of the workbook at ``path``. ``Refusal`` as ``check_file``.

    A workbook that is, to the byte, as its last filling left it carries its record in its seal.
    """
    file, data = str(path), read_bytes(path)
    known = recorded(data)
    if known is not None:
        return replace(known, file=file)
    try:
        return record_of(file, open_workbook(data))
    except Refusal as refusal:
        raise refusal.at(file) from refusal.__cause__


def record_of(file: str, opened: Opened) -> Record:
    """The same of a workbook that is read and computed already."""
    return make_record(file, opened.inputs, opened.result, opened.findings, _state(opened))


def _state(opened: Opened) -> State:
    """Whether the stored figures are those just computed."""
    inputs, stored = opened.inputs, opened.data.outputs
    one, two, three = (opened.result.indices[code] for code in IKU_CODES)
    line = HistoryLine(_NO_DAY, inputs.period.year, inputs.period.quarter, (one, two, three))
    values = figures(inputs, opened.result, opened.findings)
    sheets = output_sheets(inputs.rules, inputs.places, inputs.version)
    try:
        edits = plan(sheets, values, opened.findings, stored, line)
        differing = sum(not _holds(stored[edit.sheet].cell(edit.cell), edit) for edit in edits)
    except Refusal as refusal:
        return "tidak dapat diisi", 0, refusal.message
    fresh = settled(inputs)[0] if _ever_filled(stored[RIWAYAT]) else "belum diisi"
    return ("lebih lama dari datanya" if differing and fresh == "mutakhir" else fresh), differing, ""


def _holds(stored: Cell, edit: Edit) -> bool:
    """Whether a cell holds the figure already; beside a formula another program's last bits may differ."""
    value = edit.value
    if value is None or value == "":
        return stored is None
    if isinstance(value, str):
        return stored == value
    if type(stored) is not float:
        return False
    wanted = number(value, edit)
    if edit.formula is None:
        return stored == wanted
    return isclose(stored, wanted, rel_tol=CACHE_TOLERANCE, abs_tol=CACHE_TOLERANCE)


def _ever_filled(history: SheetCells) -> bool:
    """Whether Riwayat has a line of ours: a year and a quarter."""
    for row in range(FIRST_HISTORY, history.last_row + 1):
        cells = history.rows(f"B{row}:C{row}")[0]
        if all(map(is_number, cells)):
            return True
    return False
