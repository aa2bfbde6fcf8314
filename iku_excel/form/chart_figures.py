"""The values beside the formulas that the charts read (``chart_data``), by key."""

from __future__ import annotations

from collections.abc import Iterator

from iku_excel.cells import decimal
from iku_excel.edits import Value
from iku_excel.form.chart_data import POINTS, YEARS
from iku_excel.form.compute import Result
from iku_excel.form.inputs import Inputs
from iku_excel.form.layout import IKU_CODES, QUARTERS, TARGET_YEAR
from iku_excel.indicators.achievement import reported_row


def chart_figures(inputs: Inputs, result: Result) -> Iterator[tuple[str, Value]]:
    """Every figure of the charts' cells; None is the empty text of a figure that can't be computed."""
    first = inputs.period.year - YEARS + 1
    years = range(first, inputs.period.year + 1)
    for number, year in enumerate(years, 1):
        yield f"grafik.tahun.{number}", year
        yield f"grafik.titik.{number}", str(year)
    headings = [heading.casefold() for heading in inputs.tables["tblTarget"].headings]
    points = [f"{TARGET_YEAR}{name}" for name in (*years, *(f"TW {quarter}" for quarter in QUARTERS))]
    for number, heading in zip(POINTS, points, strict=True):
        found = heading.casefold()
        yield f"grafik.kolom.{number}", headings.index(found) + 1 if found in headings else None
    values = inputs.reported.nilai
    for code in IKU_CODES:
        shown = result.shown[code]
        at = reported_row(inputs.reported, first, 4, code)
        before = None if at is None or not shown.carried else decimal(values[at])
        yield f"grafik.{code}.posisi", 0 if at is None else at + 1
        for number, heading, value in zip(
            POINTS, points, (before, shown.last_year, shown.now, *shown.by_quarter), strict=True
        ):
            target = decimal(inputs.target_cell(code, heading)) if shown.carried else None
            yield f"grafik.{code}.target.{number}", target
            yield f"grafik.{code}.realisasi.{number}", value
    elements = result.nspk.elements
    ordered = sorted((e for e in elements if e.order is not None), key=lambda e: e.order or 0)
    for number in range(1, len(elements) + 1):
        element = ordered[number - 1] if number <= len(ordered) else None
        yield f"grafik.elemen.{number}.nama", None if element is None else element.name
        yield f"grafik.elemen.{number}.poin", None if element is None else element.lost
