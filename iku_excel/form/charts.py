"""The charts on Ringkasan: what each is called, what it says to who can't see it, which cells it reads, its colours.

The template draws them; from then on they belong to the staff, who may move, restyle or delete them. They are known
again by their names, which begin with ``OUR_CHARTS``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from iku_excel.form.chart_data import (
    COMPONENT_COLUMN,
    FIRST_COMPONENT,
    FIRST_ELEMENT,
    FIRST_POINT,
    LAST_COMPONENT,
    LAST_ELEMENT,
    LAST_POINT,
    LOSS_COLUMN,
    NAME_COLUMN,
    POINT_COLUMN,
    VALUE_COLUMNS,
)
from iku_excel.form.layout import IKU_1, IKU_2, IKU_3, IKU_CODES, KESEKRETARIATAN, RINGKASAN
from iku_excel.form.secretariat_sheet import COMPONENTS
from iku_excel.form.sheetmap import SheetMap
from iku_excel.form.summary_sheet import CHART_PLACES
from iku_excel.xlsx.grid import area, letters, place

OUR_CHARTS = "IKU "
"""How the names of our charts begin (Excel shows them in the Selection Pane)."""

Hue = Literal["pucat", "biru", "jingga"]
"""The pale one is what is wanted or possible, blue what was reached, orange what was lost."""


@dataclass(frozen=True, slots=True)
class Series:
    """One row of columns or bars: the cells of its values ("Sheet!$A$2:$A$9"), its colour; ``labels`` is the number
    format of the values written at it, None for none. The cell above the values names it in the legend."""

    values: str
    hue: Hue
    labels: str | None = None

    @property
    def name(self) -> str:
        """The cell of its name, "Sheet!$A$1"."""
        sheet, _, cells = self.values.partition("!")
        over = area(cells)
        return f"{sheet}!${letters(over.left)}${over.top - 1}"


@dataclass(frozen=True, slots=True)
class ChartMap:
    """One chart. ``lying`` draws bars instead of columns, the first on top; ``place`` are the cells that it covers on
    ``sheet``, "A12:P21", or the part between two hundredths of their width, "A12:P21 20-40"; ``long_title``: the title
    takes two lines."""

    key: str
    sheet: str
    name: str
    title: str
    alt: str
    lying: bool
    categories: str
    series: tuple[Series, ...]
    place: str
    long_title: bool = False


ONE_DECIMAL, WHOLE = "0.0;-0.0;;", "0;-0;;"
"""A 0, also that of an empty text, gets no label."""

_TITLES = {
    IKU_1: "IKU-1 Indeks NSPK",
    IKU_2: "IKU-2 Pelayanan kesekretariatan",
    IKU_3: "IKU-3 Keluhan ditindaklanjuti (%)",
}


def charts(sheets: Sequence[SheetMap], places: Mapping[str, str] = CHART_PLACES) -> tuple[ChartMap, ...]:
    """All charts of a new workbook with these output sheets, each on the cells that ``places`` gives for its key."""
    cells = {sheet.sheet: {cell.key: cell.cell for cell in sheet} for sheet in sheets}
    return (
        *(_indicator(number, code, places[code]) for number, code in enumerate(IKU_CODES, 1)),
        _elements(places["elemen"]),
        _secretariat(cells[KESEKRETARIATAN], places["sekretariat"]),
        _complaints(cells[RINGKASAN], places["keluhan"]),
    )


def _indicator(number: int, code: str, at: str) -> ChartMap:
    target, value = (_down(RINGKASAN, c, FIRST_POINT, LAST_POINT) for c in VALUE_COLUMNS[code])
    return ChartMap(
        key=code,
        sheet=RINGKASAN,
        name=f"{OUR_CHARTS}Realisasi {number}",
        title=f"{_TITLES[code]}: realisasi terhadap target",
        alt=f"Grafik kolom target dan realisasi {code} untuk tiga tahun terakhir dan tiap triwulan tahun ini; "
        f"angkanya di lembar {RINGKASAN} sel {_bare(target, value)}.",
        lying=False,
        categories=_down(RINGKASAN, POINT_COLUMN, FIRST_POINT, LAST_POINT),
        series=(Series(target, "pucat"), Series(value, "biru", ONE_DECIMAL)),
        place=at,
        long_title=True,
    )


def _elements(at: str) -> ChartMap:
    lost = _down(RINGKASAN, LOSS_COLUMN, FIRST_ELEMENT, LAST_ELEMENT)
    return ChartMap(
        key="elemen",
        sheet=RINGKASAN,
        name=f"{OUR_CHARTS}Poin Hilang Elemen",
        title="IKU-1: poin yang hilang per elemen, terbesar di atas",
        alt="Grafik batang poin yang hilang pada 18 elemen NSPK, dari yang terbesar; "
        f"angkanya di lembar {RINGKASAN} sel {_bare(lost)}.",
        lying=True,
        categories=_down(RINGKASAN, NAME_COLUMN, FIRST_ELEMENT, LAST_ELEMENT),
        series=(Series(lost, "jingga", ONE_DECIMAL),),
        place=at,
    )


def _secretariat(cells: Mapping[str, str], at: str) -> ChartMap:
    keys = [f"sekretariat.{key}" for key, *_ in COMPONENTS]
    weights, parts = (_column(KESEKRETARIATAN, [cells[f"{k}.{f}"] for k in keys]) for f in ("bobot", "kontribusi"))
    return ChartMap(
        key="sekretariat",
        sheet=RINGKASAN,
        name=f"{OUR_CHARTS}Kontribusi Kesekretariatan",
        title="IKU-2: bobot dan kontribusi",
        alt="Grafik batang bobot dan kontribusi empat komponen pelayanan kesekretariatan; "
        f"angkanya di lembar {KESEKRETARIATAN} sel {_bare(weights, parts)}.",
        lying=True,
        categories=_down(RINGKASAN, COMPONENT_COLUMN, FIRST_COMPONENT, LAST_COMPONENT),
        series=(Series(weights, "pucat"), Series(parts, "biru", ONE_DECIMAL)),
        place=at,
    )


def _complaints(cells: Mapping[str, str], at: str) -> ChartMap:
    counted, followed = (
        [cells[f"bulan.{month}.{figure}"] for month in range(1, 13)] for figure in ("dihitung", "ditindaklanjuti")
    )
    names = [f"{letters(place(cell)[1] - 1)}{place(cell)[0]}" for cell in counted]
    received, done = _column(RINGKASAN, counted), _column(RINGKASAN, followed)
    return ChartMap(
        key="keluhan",
        sheet=RINGKASAN,
        name=f"{OUR_CHARTS}Keluhan per Bulan",
        title="IKU-3: keluhan per bulan",
        alt="Grafik kolom keluhan yang dihitung dan yang ditindaklanjuti tiap bulan; "
        f"angkanya di lembar {RINGKASAN} sel {_bare(received, done)}.",
        lying=False,
        categories=_column(RINGKASAN, names),
        series=(Series(received, "pucat", WHOLE), Series(done, "biru")),
        place=at,
    )


def _down(sheet: str, column: str, first: int, last: int) -> str:
    return f"{sheet}!${column}${first}:${column}${last}"


def _column(sheet: str, cells: Sequence[str]) -> str:
    """The range of these cells, which must stand right under each other; ``ValueError`` if they don't."""
    places = [place(cell) for cell in cells]
    (first, column), count = places[0], len(places)
    if places != [(first + n, column) for n in range(count)]:
        raise ValueError(f"not one column: {cells}")
    return _down(sheet, letters(column), first, first + count - 1)


def _bare(*ranges: str) -> str:
    """The ranges as people write them: "AQ6:AQ13 dan AR6:AR13"."""
    return " dan ".join(text.partition("!")[2].replace("$", "") for text in ranges)
