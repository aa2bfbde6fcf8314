"""``check``: everything in one workbook that its staff should look at (DOMAIN §7 "Levels").

Each register has a room of its own; this one lets them speak and puts what they say in order. Checking never
changes a figure. All findings are given; that Pemeriksaan shows 200 of a code is the plan's business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from iku_excel.cells import Column, same
from iku_excel.findings import Finding
from iku_excel.form import layout, settings
from iku_excel.form.checks.catalogue import CODES, CodeInfo
from iku_excel.form.checks.common import Pen, Register
from iku_excel.form.checks.complaints import check_complaints
from iku_excel.form.checks.iku import check_indicators
from iku_excel.form.checks.kinds import check_columns
from iku_excel.form.checks.missing import check_missing
from iku_excel.form.checks.nspk import check_questions
from iku_excel.form.checks.secretariat import check_budget, check_documents
from iku_excel.form.checks.settings_sheet import check_settings, check_settings_tables
from iku_excel.form.checks.staff import check_employees, check_facilities, check_trainings
from iku_excel.form.checks.target import check_reported, check_target
from iku_excel.form.compute import Result
from iku_excel.form.fields import Table
from iku_excel.form.indonesian import squeezed
from iku_excel.form.inputs import Inputs
from iku_excel.form.layout import IKU_CODES
from iku_excel.xlsx.reader import TableData

__all__ = ["CODES", "CodeInfo", "check"]

_ROOMS: Mapping[str, Callable[[Register, Inputs, Result], None]] = {
    "tblTarget": check_target,
    "tblPertanyaan": check_questions,
    "tblDokumen": check_documents,
    "tblAnggaran": check_budget,
    "tblPegawai": check_employees,
    "tblDiklat": check_trainings,
    "tblSarpras": check_facilities,
    "tblKeluhan": check_complaints,
    "tblRealisasi": check_reported,
}


def check(inputs: Inputs, result: Result) -> list[Finding]:
    """Every finding, by sheet in the contract's order, then by row and column.

    What bears only on indicators that the agency doesn't carry is left out. Pure.
    """
    pen = Pen(frozenset(code for code in IKU_CODES if inputs.carries(code)))
    for name, table in settings.TABLES.items():
        data = inputs.tables[name]
        register = Register(_with_years(table, data), data, pen, _iku_of(data))
        if register.loud:
            check_columns(register, inputs.period.year)
            check_missing(register)
            if name in _ROOMS:
                _ROOMS[name](register, inputs, result)
    check_settings(pen, inputs)
    check_settings_tables(pen, inputs)
    check_indicators(pen, inputs, result)
    return pen.findings()


def _with_years(table: Table, data: TableData) -> Table:
    """tblTarget with the target columns of the years that this workbook has."""
    if table.name != "tblTarget":
        return table
    years = (h.removeprefix(layout.TARGET_YEAR) for h in data.headings if h.startswith(layout.TARGET_YEAR))
    return layout.target_table(tuple(int(y) for y in years if len(y) == 4 and y.isascii() and y.isdigit()))


def _iku_of(data: TableData) -> Callable[[int], tuple[str, ...]] | None:
    """In the tables where a row names its indicator, what it says bears on that one.

    A row of tblTarget with an unknown code may be meant for an indicator that has no row there, or for one of the
    agency's own that we don't compute: then it bears on none of ours.
    """
    if data.name not in ("tblTarget", "tblRealisasi"):
        return None
    codes: Column = data.column("Kode IKU")
    unnamed: tuple[str, ...] = IKU_CODES
    if data.name == "tblTarget":
        unnamed = tuple(code for code in IKU_CODES if not any(same(cell, code) for cell in codes))

    def iku_of(row: int) -> tuple[str, ...]:
        cell = codes[row]
        named = squeezed(cell).upper() if type(cell) is str else ""
        return (named,) if named in IKU_CODES else unnamed

    return iku_of
