"""One workbook from end to end: read, compute, check, plan, apply, save. Sees every wing of the house.

A mistake in the data becomes a finding and never stops the work; a file that must not be touched raises
``Refusal`` and stays as it is, to the byte.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from iku_excel.cells import CellError
from iku_excel.edits import Edit, Value
from iku_excel.findings import Finding, Refusal
from iku_excel.form import layout
from iku_excel.form.charts import OUR_CHARTS
from iku_excel.form.checks import check
from iku_excel.form.compute import Result, compute
from iku_excel.form.figures import figures
from iku_excel.form.inputs import WANTED_NAMES, WANTED_TABLES, Inputs, read_inputs
from iku_excel.form.outputs import HistoryLine, output_sheets, plan
from iku_excel.record import make_record, settled
from iku_excel.seal import edits as seal_edits
from iku_excel.seal import sealed
from iku_excel.unchanged import Unchanged, known
from iku_excel.xlsx.apply import Applied, apply_edits
from iku_excel.xlsx.charts import refresh_caches
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.reader import SheetCells, WorkbookData, read_workbook

_EXCEL_DAY_ZERO = datetime.datetime(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Opened:
    """A workbook read and computed: its parts, what was read, its inputs, its figures and findings."""

    package: Package
    data: WorkbookData
    inputs: Inputs
    result: Result
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """What filling one workbook comes to. ``data`` is the new file, None when it already holds every figure.

    ``edits`` is the whole plan, ``changed`` the cells (sheet, cell) that differ, ``repaired`` those of them
    whose formula had been lost or replaced; ``charts`` are the parts of charts whose kept values differ. ``seal``
    are the cells of the seal in the new file: no figures, and no change that anybody asked for.
    """

    opened: Opened
    edits: tuple[Edit, ...]
    data: bytes | None
    changed: tuple[tuple[str, str], ...]
    repaired: tuple[tuple[str, str], ...]
    charts: tuple[str, ...] = ()
    seal: tuple[Edit, ...] = ()

    @property
    def indices(self) -> Mapping[str, Decimal | None]:
        """IKU-1 … IKU-3 as computed today, unrounded."""
        return self.opened.result.indices

    @property
    def components(self) -> Mapping[str, Decimal | None]:
        """The four components of IKU-2 as computed today, unrounded."""
        return self.opened.result.components

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of the data, and one for each sheet whose formulas had to be put back."""
        return (*self.opened.findings, *_repairs(self.repaired))

    def verifier(self) -> Callable[[bytes], None]:
        """The check that the new file must pass before it takes the old one's place."""
        from iku_excel.xlsx.verify import verify_edits

        return verify_edits(self.opened.package, (*self.edits, *self.seal), self.charts)


def open_workbook(content: bytes) -> Opened:
    """Read a workbook's bytes and compute everything. ``Refusal`` when it is none of ours or not whole."""
    package = Package.open(content)
    return computed(package, read_workbook(package, WANTED_TABLES, WANTED_NAMES, layout.OUTPUT_SHEETS))


def computed(package: Package, data: WorkbookData) -> Opened:
    """As ``open_workbook``, for a workbook of which everything was read already."""
    inputs = read_inputs(data)
    result = compute(inputs)
    return Opened(package, data, inputs, result, tuple(check(inputs, result)))


def plan_for(opened: Opened, moment: datetime.datetime, note: str | None = None) -> tuple[Edit, ...]:
    """The edits that bring the workbook's output sheets up to date; ``moment`` dates a new line of Riwayat, which
    ``note`` asks for even when no figure changed."""
    inputs, result = opened.inputs, opened.result
    one, two, three = (result.indices[code] for code in layout.IKU_CODES)
    line = HistoryLine(_serial(moment), inputs.period.year, inputs.period.quarter, (one, two, three), note)
    sheets = output_sheets(inputs.rules, inputs.places, inputs.version)
    return tuple(plan(sheets, figures(inputs, result, opened.findings), opened.findings, opened.data.outputs, line))


def fill(content: bytes, moment: datetime.datetime, note: str | None = None, opened: Opened | None = None) -> Filled:
    """Fill a workbook given as bytes; the caller saves ``data``. ``note`` as in ``plan_for``, ``Refusal`` as in
    ``open_workbook``; ``opened`` is what that makes of it, if somebody asked before."""
    opened = opened or open_workbook(content)
    edits = plan_for(opened, moment, note)
    charts = refresh_caches(opened.package, layout.OUTPUT_SHEETS, OUR_CHARTS, _After(edits, opened.data.outputs))
    applied, seal = _applied(opened, edits, charts)
    # a finding's link is new on its row, not put back
    repaired = tuple(place for place in applied.repaired if place[0] != layout.PEMERIKSAAN or place[1] == "A3")
    return Filled(opened, edits, applied.data, applied.changed_cells, repaired, tuple(charts), seal)


def _applied(opened: Opened, edits: Sequence[Edit], charts: Mapping[str, bytes]) -> tuple[Applied, tuple[Edit, ...]]:
    """The edits applied, and the new file sealed where it can be; the cells of the seal."""
    package = opened.package
    inputs, result, history = opened.inputs, opened.result, opened.data.outputs[layout.RIWAYAT]
    answer = Unchanged(result.indices, result.components, opened.findings)
    record = make_record("", inputs, result, opened.findings, settled(inputs))
    for beside in seal_edits(answer, record, history, package.sheet(layout.PEMERIKSAAN).part):
        applied = apply_edits(package, edits, known_formulas=opened.data.formulas, charts=charts, beside=beside)
        if applied.data is None or not applied.beside or applied.beside[0].value is None:
            break
        made = sealed(applied.data, package.sheet(layout.RIWAYAT).part, answer, record)
        if made is not None:
            data, text = made
            return replace(applied, data=data), (replace(applied.beside[0], value=text), *applied.beside[1:])
    return applied, applied.beside


def fill_file(
    path: Path, moment: datetime.datetime, *, dry_run: bool = False, anew: bool = False
) -> Filled | Unchanged:
    """Fill the workbook at ``path`` through the one saving protocol; ``dry_run`` leaves the file alone.

    A workbook that is as its last filling left it is only read, unless it is to be computed ``anew``.
    """
    from iku_excel.xlsx.replace import locked, read_for_update
    from iku_excel.xlsx.replace import replace as put_in_place

    if not anew and (as_left := known(path)) is not None:
        return as_left
    try:
        if dry_run:
            return fill(read_for_update(path).data, moment)
        with locked(path):
            source = read_for_update(path)
            filled = fill(source.data, moment)
            if filled.data is not None:
                put_in_place(source, filled.data, filled.verifier())
            return filled
    except Refusal as refusal:
        raise refusal.at(str(path)) from refusal.__cause__


def check_file(path: Path) -> Opened:
    """Read and check the workbook at ``path`` and write nothing."""
    from iku_excel.xlsx.replace import read_bytes

    try:
        return open_workbook(read_bytes(path))
    except Refusal as refusal:
        raise refusal.at(str(path)) from refusal.__cause__


class _After:
    """What a cell of the output sheets holds after filling: the plan's value, else what it holds now."""

    def __init__(self, edits: Sequence[Edit], stored: Mapping[str, SheetCells]) -> None:
        self._edits, self._stored = edits, stored

    @cached_property
    def _planned(self) -> dict[tuple[str, str], Value]:
        return {(edit.sheet, edit.cell): edit.value for edit in self._edits}

    def __call__(self, sheet: str, cell: str) -> Value | bool | CellError:
        place = sheet, cell
        if place in self._planned:
            return self._planned[place]
        return self._stored[sheet].cell(cell) if sheet in self._stored else None


def _serial(moment: datetime.datetime) -> float:
    """The moment as Excel counts days, to the second."""
    return round((moment - _EXCEL_DAY_ZERO).total_seconds()) / 86400


def _repairs(repaired: tuple[tuple[str, str], ...]) -> list[Finding]:
    """Formulas put back are told on the screen only: on the sheet they would be stale at the next filling."""
    findings = []
    for sheet in dict.fromkeys(sheet for sheet, _ in repaired):
        cells = [cell for name, cell in repaired if name == sheet]
        more = f" dan {len(cells) - 1} sel lain" if len(cells) > 1 else ""
        findings.append(
            Finding(
                "rumus-dikembalikan",
                "peringatan",
                sheet,
                cells[0],
                f"Rumus di sel {cells[0]}{more} tidak sama dengan bakunya, dan sudah dikembalikan.",
                "Jangan mengetik di sel berumus; catatan boleh ditulis di sel kosong lain.",
            )
        )
    return findings
