"""An import from end to end: the workbook read, the data read and checked, rows put in, the workbook filled, saved.

Nothing is written before all of the data is found sound; rows and figures go into the file in one saving.
"""

from __future__ import annotations

import datetime
import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

from iku_excel.fill import Filled, computed, fill
from iku_excel.findings import Refusal
from iku_excel.form.fields import Table
from iku_excel.imports.mapping import Peta, plain, waited_for
from iku_excel.imports.plan import Mode, Plan
from iku_excel.imports.prepare import Prepared, Request, Target, prepare, put_plan
from iku_excel.imports.source import Data, Known, Options, frame_data, read_data

Reading: TypeAlias = Callable[[Known, str], Data]
"""Reads the data, given how headings are known and the name of the table."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import came to. ``rows`` are the sheet's rows of the added ones, ``between`` the workbook with the rows
    and not yet filled; both are empty when there was nothing to write."""

    table: Table
    mode: Mode
    sheet: str
    taken: str
    prepared: Prepared
    rows: Sequence[int] = ()
    between: bytes = b""
    filled: Filled | None = None

    @property
    def plan(self) -> Plan:
        """What was (or would be) done to the table."""
        return self.prepared.plan

    @property
    def data(self) -> bytes | None:
        """The new file; None when nothing changes."""
        return None if self.filled is None else self.filled.data or self.between


def import_file(
    path: Path,
    source: Path,
    request: Request,
    moment: datetime.datetime,
    *,
    options: Options | None = None,
    dry_run: bool = False,
) -> Imported:
    """Import a file into the workbook at ``path`` through the one saving protocol; ``dry_run`` leaves it alone."""
    reading = partial(read_data, source, options or request.peta.options)
    return _save(path, reading, request, moment, str(source), dry_run)


def import_frame(
    path: Path,
    frame: object,
    table: str,
    *,
    peta: Peta | None = None,
    mode: Mode = "tambah",
    moment: datetime.datetime | None = None,
    dry_run: bool = False,
) -> Imported:
    """Import a pandas frame into the workbook at ``path``; its column names are the headings."""
    data = frame_data(frame)
    request = Request(table, peta or Peta(), mode)
    return _save(path, lambda _known, _table: data, request, moment or datetime.datetime.now(), data.name, dry_run)


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Millions of values that all stay: looking for rubbish among them took 15 % of an import of 100,000 rows."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@_no_collecting()
def import_data(content: bytes, reading: Reading, request: Request, moment: datetime.datetime, source: str) -> Imported:
    """Import into a workbook given as bytes; the caller saves ``data``. ``source`` names the data in
    refusals and in Riwayat."""
    target = Target.of(content, request.table)
    headings = waited_for(request.peta, target.existing.headings)
    try:
        data = reading(lambda cells: len(headings.intersection(map(plain, cells))), target.table.name)
        prepared = prepare(target, data, request)
    except Refusal as refusal:
        if refusal.sheet is None:  # else it is the workbook's own
            refusal.at(source)
        raise
    made = partial(Imported, target.table, request.mode, target.existing.sheet, data.taken, prepared)
    del data  # 100 MB for 100,000 rows, and room for the workbook as it is read back
    if prepared.plan.empty:
        return made()
    placed = put_plan(target.package, target.table, prepared.plan)
    between = placed.package.data
    opened = None if placed.data is None else computed(placed.package, placed.data)
    filled = fill(between, moment, _note(target.table.name, Path(source).name, prepared.plan), opened)
    return made(placed.rows, between, filled)


def _save(
    path: Path, reading: Reading, request: Request, moment: datetime.datetime, source: str, dry_run: bool
) -> Imported:
    from iku_excel.xlsx.replace import locked, read_for_update, replace

    try:
        if dry_run:
            return import_data(read_for_update(path).data, reading, request, moment, source)
        with locked(path):
            before = read_for_update(path)
            made = import_data(before.data, reading, request, moment, source)
            if made.data is not None and made.filled is not None:
                replace(before, made.data, made.filled.verifier())
            return made
    except Refusal as refusal:
        raise refusal.at(str(path)) from refusal.__cause__


def _note(table: str, source: str, plan: Plan) -> str:
    """The line of Riwayat."""
    name = "".join(letter if letter.isprintable() else "·" for letter in source)[:120]
    parts = [f"{len(plan.added)} baris baru"] if plan.added else []
    parts += [f"{len(plan.changed)} diubah"] if plan.changed else []
    return f"Impor {table} dari {name}: {', '.join(parts)}"
