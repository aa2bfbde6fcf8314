"""Long tables as pandas frames.

Types: text ``string``, whole numbers ``Int64`` (both know "missing"), exact decimals rounded once to the nearest
``float64`` (missing: NaN), days ``datetime64[ms]`` (missing: NaT). pandas is imported here, late.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from iku_excel.cells import Cell, Column, decimal, is_date
from iku_excel.findings import Finding
from iku_excel.form.checks.catalogue import CODES
from iku_excel.form.fields import Field, Table
from iku_excel.form.fields import Kind as FieldKind
from iku_excel.form.inputs import Inputs
from iku_excel.form.layout import TARGET_YEAR
from iku_excel.form.settings import TABLES
from iku_excel.recap.columns import Kind, LongTable, Value, long_tables
from iku_excel.recap.roll import Roll
from iku_excel.xlsx.cellxml import spell
from iku_excel.xlsx.reader import TableData

if TYPE_CHECKING:
    import pandas as pd

_DAY_ZERO = datetime.datetime(1899, 12, 30)
_LAST_DAY = 2958466  # the day after Excel's last


def frames(whole: Roll) -> dict[str, pd.DataFrame]:
    """Every long table as a frame, by its name."""
    return {table.name: frame(table) for table in long_tables(whole)}


def frame(table: LongTable) -> pd.DataFrame:
    """One long table as a frame, its columns named as in the table."""
    import pandas as pd

    columns = list(zip(*table.rows, strict=True)) or [()] * len(table.columns)
    return pd.DataFrame({c.name: series(values, c.kind) for c, values in zip(table.columns, columns, strict=True)})


def series(values: Sequence[Value], kind: Kind) -> pd.Series:
    """One column in the type of its kind."""
    import numpy as np
    import pandas as pd

    if kind == "desimal":
        numbers = [float(value) if isinstance(value, Decimal) else np.nan for value in values]
        return pd.Series(np.array(numbers, dtype=np.float64))
    if kind == "tanggal":
        return pd.Series(np.array(values, dtype="datetime64[ms]"))
    return pd.Series(list(values), dtype="Int64" if kind == "bulat" else "string")


PRIVATE: Mapping[str, frozenset[str]] = {
    "tblTarget": frozenset({"Penanggung Jawab"}),
    "tblPertanyaan": frozenset({"PIC", "Catatan Verifikator"}),
    "tblDokumen": frozenset({"PIC"}),
    "tblAnggaran": frozenset({"PPTK"}),
    "tblPegawai": frozenset({"NIP", "Nama"}),
    "tblDiklat": frozenset({"NIP", "No Sertifikat"}),
    "tblKeluhan": frozenset({"Tracking ID", "Pelapor", "Uraian", "Uraian Tindak Lanjut", "Duplikat Dari"}),
}
"""Columns that name a person or tell what somebody wrote: left out of a register's frame unless asked for."""

PERSON = "pegawai_ke"
"""Stands for the NIP in tblPegawai and tblDiklat: the same number is the same person, within one workbook."""


def register_frames(inputs: Inputs, *, private: bool = False) -> dict[str, pd.DataFrame]:
    """The input tables by name, their columns by heading, typed as the contract says: a text in a column of numbers
    or days is missing there, as it isn't counted either. Columns of the staff's own are never part of it."""
    found = {}
    people: dict[str, int] = {}
    for name, table in TABLES.items():
        data, left_out = inputs.tables[name], frozenset() if private else PRIVATE.get(name, frozenset())
        columns = {}
        for field in _fields(table, data):
            if "NIP" in left_out and field.heading == "NIP":
                columns[PERSON] = series(_numbered(data.column("NIP"), people), "bulat")
            if field.heading not in left_out:
                columns[field.heading] = _typed(data.column(field.heading), field)
        found[name] = _frame(columns)
    return found


def finding_frame(findings: Sequence[Finding], *, private: bool = False) -> pd.DataFrame:
    """Each finding with its cell and what its kind means. Its own words may quote a NIP: only with ``private``."""
    columns: dict[str, list[Value]] = {
        "kode": [f.code for f in findings],
        "tingkat": [f.level for f in findings],
        "lembar": [f.sheet for f in findings],
        "sel": [f.cell for f in findings],
        "arti": [CODES[f.code].meaning for f in findings],
    }
    if private:
        columns["pesan"] = [f.message for f in findings]
    return _frame({name: series(values, "teks") for name, values in columns.items()})


def _frame(columns: Mapping[str, pd.Series]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(dict(columns))


def _fields(table: Table, data: TableData) -> Iterator[Field]:
    """The contract's columns; of tblTarget those of the years that the workbook has."""
    known = {field.heading: field for field in table.fields}
    for heading in data.headings:
        if heading in known:
            yield known[heading]
        elif table.name == "tblTarget" and heading.startswith(TARGET_YEAR):
            yield Field(heading, FieldKind.NUMBER)


def _typed(cells: Column, field: Field) -> pd.Series:
    if field.kind is FieldKind.NUMBER:
        return series([decimal(cell) for cell in cells], "desimal")
    if field.kind is FieldKind.DATE:
        return series([_moment(cell) for cell in cells], "tanggal")
    return series([_text(cell) for cell in cells], "teks")


def _text(cell: Cell) -> str | None:
    """A number in a column of text is spelled as Excel stores it; an error is missing."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return spell(cell)
    return cell if isinstance(cell, str) else None


def _moment(cell: Cell) -> datetime.datetime | None:
    """The day and time of day, to the second, of a cell that counts as a date."""
    if not isinstance(cell, float) or not is_date(cell) or cell >= _LAST_DAY:
        return None
    return _DAY_ZERO + datetime.timedelta(seconds=round(cell * 86400))


def _numbered(cells: Column, people: dict[str, int]) -> list[int | None]:
    """A number for every NIP, by when it was first met."""
    return [people.setdefault(cell, len(people) + 1) if isinstance(cell, str) else None for cell in cells]
