"""One workbook read into a ``Record``: computed anew from its inputs, and compared with what its sheets hold.

Nothing is written and nothing trusted: a stored figure is only ever compared. ``gather`` takes a path and gives
something small, so that any executor can run it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import isclose
from pathlib import Path
from typing import TypeAlias

from iku_excel.capacity import number
from iku_excel.cells import Cell, is_number
from iku_excel.edits import Edit
from iku_excel.fill import Opened, open_workbook
from iku_excel.findings import Finding, Refusal
from iku_excel.form.compute import Result, compute
from iku_excel.form.figures import figures, status_words
from iku_excel.form.inputs import WANTED_NAMES, WANTED_TABLES, Inputs, read_inputs
from iku_excel.form.layout import BUDGET, COMPLAINTS, EMPLOYEES, FACILITIES, IKU_CODES, RIWAYAT, TRAININGS
from iku_excel.form.outputs import FIRST_HISTORY, HistoryLine, output_sheets, plan
from iku_excel.form.secretariat_sheet import COMPONENTS
from iku_excel.recap.record import (
    ComponentFigures,
    ElementScore,
    FindingCount,
    Freshness,
    IndicatorFigures,
    Record,
)
from iku_excel.seal import unchanged
from iku_excel.xlsx.cellxml import CACHE_TOLERANCE
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.reader import SheetCells, read_workbook
from iku_excel.xlsx.replace import read_bytes

_NO_DAY = 0.0
"""Dates a line of Riwayat that is never written."""

_State: TypeAlias = tuple[Freshness, int, str]
"""How fresh; how many cells `isi` would change; why it would refuse."""

_REGISTERS = (BUDGET, EMPLOYEES, TRAININGS, FACILITIES, COMPLAINTS)


def gather(path: Path) -> Record:
    """What the recap keeps of the workbook at ``path``. ``Refusal`` as ``check_file``.

    Of a workbook that is, to the byte, as its last filling left it, the seal tells the findings, and that its sheets
    are up to date; the figures are computed all the same. Measured: half the time of the long way.
    """
    file, data = str(path), read_bytes(path)
    try:
        known = unchanged(data)
        if known is None:
            return record_of(file, open_workbook(data))
        inputs = read_inputs(read_workbook(Package.open(data), WANTED_TABLES, WANTED_NAMES))
        state: _State = ("belum diisi" if _nothing_typed(inputs) else "mutakhir"), 0, ""
        return _record(file, inputs, compute(inputs), known.findings, state)
    except Refusal as refusal:
        raise refusal.at(file) from refusal.__cause__


def record_of(file: str, opened: Opened) -> Record:
    """The same of a workbook that is read and computed already."""
    return _record(file, opened.inputs, opened.result, opened.findings, _state(opened))


def _record(file: str, inputs: Inputs, result: Result, findings: Sequence[Finding], state: _State) -> Record:
    unit = inputs.settings["Perangkat_Daerah"]
    words = status_words(result, findings)
    now = result.complaints
    freshness, differing, trouble = state
    return Record(
        file=file,
        unit=" ".join(unit.split()) if isinstance(unit, str) else "",
        year=inputs.period.year,
        quarter=inputs.period.quarter,
        version=inputs.version,
        freshness=freshness,
        differing=differing,
        trouble=trouble,
        indicators=tuple(_indicator(code, result, words[code]) for code in IKU_CODES),
        elements=tuple(ElementScore(e.code, e.questions, e.answered, e.score, e.maximum) for e in result.nspk.elements),
        components=tuple(
            ComponentFigures(key, result.components[key], inputs.number(weight), result.now.index.contributions[key])
            for key, weight, *_ in COMPONENTS
        ),
        months=tuple((count.counted, count.followed) for count in now.by_month),
        channels=tuple((name, count.counted, count.followed) for name, count in now.by_channel),
        findings=counted(findings),
    )


def counted(findings: Sequence[Finding]) -> tuple[FindingCount, ...]:
    """How often each code occurs, in the order of the findings."""
    counts = Counter((finding.code, finding.level) for finding in findings)
    return tuple(FindingCount(code, level, count) for (code, level), count in counts.items())


def _indicator(code: str, result: Result, status: str) -> IndicatorFigures:
    shown = result.shown[code]
    return IndicatorFigures(
        code,
        shown.carried,
        shown.target,
        shown.target_quarter,
        shown.now,
        result.indices[code],
        shown.capaian,
        shown.capaian_quarter,
        shown.predicate,
        shown.source,
        status,
    )


def _state(opened: Opened) -> _State:
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
    if not _ever_filled(stored[RIWAYAT]) or _nothing_typed(inputs):
        return "belum diisi", differing, ""
    return ("lebih lama dari datanya" if differing else "mutakhir"), differing, ""


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


def _nothing_typed(inputs: Inputs) -> bool:
    """Whether no score and no register was filled in: a new workbook, whose documents stand there from the start."""
    return not any(map(is_number, inputs.questions.skor)) and not any(inputs.tables[t.name].length for t in _REGISTERS)
