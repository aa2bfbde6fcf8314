"""What the tests of filling share: examples filled once, changed or spoiled, and looks into plan and file."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from iku_excel.edits import Value
from iku_excel.examples import EXAMPLES, example_content
from iku_excel.fill import Filled, fill
from iku_excel.form.template import build
from iku_excel.form.template.content import Content
from tests.grafts.parts import Parts
from tests.judges.excel import assert_excel_accepts
from tests.support_template import TABLES

MOMENT = datetime.datetime(2026, 1, 15, 9)
LATER = datetime.datetime(2026, 2, 2, 14, 30)
NAMES = [example.name for example in EXAMPLES]
HEADINGS = {name: text.split(", ") for name, text in TABLES.items()}
STAFF = "Data 'Staf' & lain"
REGISTERS = [name for name in HEADINGS if len(HEADINGS[name]) > 3]


@cache
def first(name: str = "bersih") -> Filled:
    """An example, built and filled."""
    return fill(build(*example_content(name)), MOMENT)


def data_of(filled: Filled, *, deep: bool = False) -> bytes:
    """The new file, which Excel would open."""
    assert filled.data is not None
    assert_excel_accepts(filled.data, deep=deep)
    return filled.data


def with_content(name: str = "bersih", **changes: Any) -> Filled:
    """An example filled with other settings (names) and rows changed in place (a function for each table)."""
    year, content = example_content(name)
    settings = dict(content.settings)
    tables = {table: [dict(row) for row in rows] for table, rows in content.tables.items()}
    for key, change in changes.items():
        if key.startswith("tbl"):
            change(tables[key])
        else:
            settings[key] = change
    return fill(build(year, Content(settings, tables, content.years, content.below)), MOMENT)


def figures_of(filled: Filled) -> dict[tuple[str, str], Value]:
    """Every figure of the plan by its cell, but for the lists of findings and runs."""
    return {(e.sheet, e.cell): e.value for e in filled.edits if e.sheet not in ("Pemeriksaan", "Riwayat")}


def figure(filled: Filled, cell: str, sheet: str = "Ringkasan") -> Value:
    """One figure of the plan."""
    return figures_of(filled)[sheet, cell]


def codes(filled: Filled) -> list[str]:
    """The codes of all findings."""
    return [finding.code for finding in filled.findings]


def sheet_of(data: bytes, name: str) -> str:
    """The XML of a sheet."""
    parts = Parts(data)
    return parts.text(parts.sheet(name))


def rewritten(data: bytes, sheet: str, old: str, new: str) -> bytes:
    """The workbook with one text of a sheet's XML replaced (a regular expression, once)."""
    parts = Parts(data)
    part = parts.sheet(sheet)
    text, count = re.subn(old, new, parts.text(part), count=1, flags=re.DOTALL)
    assert count == 1, old
    parts.content[part] = text.encode()
    return parts.packed()


def without_seal(xml: bytes) -> bytes:
    """A part without the text of the seal, which depends on how zlib packed all the others."""
    return re.sub(rb"(?<=>)Sidik pengisian: [^<]*", b"", xml)


def each(**values: object) -> Callable[[list[dict[str, object]]], None]:
    """Every row of a table with these values."""

    def change(rows: list[dict[str, object]]) -> None:
        for row in rows:
            row.update(values)

    return change


def frozen(*figures: tuple[int, str, float]) -> Callable[[list[dict[str, object]]], None]:
    """tblRealisasi with just these figures of 2025: quarter, indicator, value."""

    def change(rows: list[dict[str, object]]) -> None:
        rows[:] = [{"Tahun": 2025, "Triwulan": q, "Kode IKU": code, "Nilai": value} for q, code, value in figures]

    return change
