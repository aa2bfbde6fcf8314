"""The cells that Ringkasan's charts read, right of all other workings: points by year and quarter, elements by loss.

A chart draws plain ranges in their order. What stands elsewhere in another order, or with gaps, is brought into
line here; what stands in line already (components, months) the charts read where it is.
"""

from __future__ import annotations

from iku_excel.form.formulas import reported_position
from iku_excel.form.layout import ELEMENT_CODES, IKU_CODES, NSPK, QUARTERS, REPORTED, TARGET_YEAR
from iku_excel.form.nspk_sheet import FIRST as ELEMENT_FIRST
from iku_excel.form.nspk_sheet import LAST as ELEMENT_LAST
from iku_excel.form.secretariat_sheet import COMPONENTS
from iku_excel.form.sheetmap import Label, OutputCell, Places
from iku_excel.form.workings import IKU_ROWS, LAST_YEAR_COLUMN

TITLE_ROW, HEAD_ROW, FIRST_POINT = 3, 4, 6
YEARS = 3
"""How many years are drawn: the workbook's and the two before it."""

POINTS = (*range(1, YEARS + 1), *(YEARS + 1 + n for n in range(1, 5)))
"""Numbers of the points: the years, then the quarters; the number between them is a gap in the chart."""
LAST_POINT = FIRST_POINT + POINTS[-1] - 1

POINT_COLUMN, YEAR_COLUMN, PLACE_COLUMN = "AN", "AO", "AP"
VALUE_COLUMNS = dict(zip(IKU_CODES, (("AQ", "AR"), ("AS", "AT"), ("AU", "AV")), strict=True))
"""Columns of target and realisasi of each indicator."""
REPORTED_COLUMNS = dict(zip(IKU_CODES, ("AW", "AX", "AY"), strict=True))
"""Columns that tell in which row of tblRealisasi the figure of the year before last stands."""

ELEMENT_HEAD = LAST_POINT + 3
FIRST_ELEMENT = ELEMENT_HEAD + 1
LAST_ELEMENT = ELEMENT_HEAD + len(ELEMENT_CODES)
RANK_COLUMN, NAME_COLUMN, LOSS_COLUMN = "AN", "AO", "AP"

COMPONENT_COLUMN = "AR"
FIRST_COMPONENT, LAST_COMPONENT = ELEMENT_HEAD + 1, ELEMENT_HEAD + len(COMPONENTS)
"""Short names of IKU-2's components; their full ones don't fit under a chart."""


def point_row(number: int) -> int:
    """The row of a point."""
    return FIRST_POINT + number - 1


def chart_cells(places: Places) -> tuple[list[OutputCell], list[Label]]:
    """The computed cells and the labels of this block, all on Ringkasan."""
    cells = [*_points(places)]
    for code in IKU_CODES:
        cells += _targets(code, places)
        cells += _realisations(code)
    return cells + _elements(), _labels()


def _points(places: Places) -> list[OutputCell]:
    """What each point is called, and in which column of tblTarget its target stands."""
    cells = []
    for number in POINTS:
        row = point_row(number)
        if number <= YEARS:
            year = f'IF(ISNUMBER(Tahun_Sah),Tahun_Sah-{YEARS - number},"")'
            cells += [
                OutputCell(f"grafik.tahun.{number}", f"{YEAR_COLUMN}{row}", year, "bantu"),
                # as text: a chart takes numbers among its categories for a series
                OutputCell(f"grafik.titik.{number}", f"{POINT_COLUMN}{row}", f'{YEAR_COLUMN}{row}&""', "bantu"),
            ]
        found = f'IFERROR(MATCH("{TARGET_YEAR}"&${POINT_COLUMN}{row},{places.target_headings},0),"")'
        cells.append(OutputCell(f"grafik.kolom.{number}", f"{PLACE_COLUMN}{row}", found, "bantu"))
    return cells


def _carried(code: str, formula: str) -> str:
    return f'IF(Berlaku_{code.replace("-", "")}="Tidak","",{formula})'


def _targets(code: str, places: Places) -> list[OutputCell]:
    column, _ = VALUE_COLUMNS[code]
    cells = []
    for number in POINTS:
        row = point_row(number)
        found = f"INDEX({places.target_rows},$X${IKU_ROWS[code]},${PLACE_COLUMN}{row})"
        formula = _carried(code, f'IFERROR(IF(ISNUMBER({found}),{found},""),"")')
        cells.append(OutputCell(f"grafik.{code}.target.{number}", f"{column}{row}", formula, "bantu"))
    return cells


def _realisations(code: str) -> list[OutputCell]:
    """Past years as reported, this year as shown now, the quarters as shown in the table."""
    _, column = VALUE_COLUMNS[code]
    at, working = f"{REPORTED_COLUMNS[code]}{FIRST_POINT}", IKU_ROWS[code]
    table_row = 6 + IKU_CODES.index(code)
    last_year = f"{LAST_YEAR_COLUMN}{working}"
    formulas = [
        _carried(code, f'IF({at}>0,INDEX({REPORTED.name}[Nilai],{at}),"")'),
        _carried(code, f'IF(ISNUMBER({last_year}),{last_year},"")'),
        f"AH{working}",
        *(f"{letter}{table_row}" for letter in "FGHI"),
    ]
    position = reported_position(f"${YEAR_COLUMN}${FIRST_POINT}", "4", f"$W${working}")
    return [
        OutputCell(f"grafik.{code}.posisi", at, position, "bantu", True),
        *(
            OutputCell(f"grafik.{code}.realisasi.{number}", f"{column}{point_row(number)}", formula, "bantu")
            for number, formula in zip(POINTS, formulas, strict=True)
        ),
    ]


def _elements() -> list[OutputCell]:
    """The elements by points lost; those without questions come last, as empty texts."""

    def column(letter: str) -> str:
        return f"{NSPK}!${letter}${ELEMENT_FIRST}:${letter}${ELEMENT_LAST}"

    cells = []
    for number in range(1, len(ELEMENT_CODES) + 1):
        row = ELEMENT_HEAD + number
        found = f"MATCH(${RANK_COLUMN}{row},{column('N')},0)"
        cells += [
            OutputCell(
                f"grafik.elemen.{number}.nama",
                f"{NAME_COLUMN}{row}",
                f'IFERROR(INDEX({column("B")},{found}),"")',
                "bantu",
            ),
            OutputCell(
                f"grafik.elemen.{number}.poin",
                f"{LOSS_COLUMN}{row}",
                f'IFERROR(INDEX({column("I")},{found}),"")',
                "bantu",
            ),
        ]
    return cells


def _labels() -> list[Label]:
    heads = {POINT_COLUMN: "Titik", YEAR_COLUMN: "Tahun", PLACE_COLUMN: "Kolom target"}
    labels = [Label(f"{POINT_COLUMN}{TITLE_ROW}", "Data grafik (tidak dicetak)", "bagian")]
    labels += [Label(f"{column}{HEAD_ROW}", text, "bantu") for column, text in heads.items()]
    for code in IKU_CODES:
        target, value = VALUE_COLUMNS[code]
        labels += [
            Label(f"{target}{HEAD_ROW}", code, "bantu"),
            Label(f"{target}{HEAD_ROW + 1}", "Target", "bantu"),
            Label(f"{value}{HEAD_ROW + 1}", "Realisasi", "bantu"),
            Label(f"{REPORTED_COLUMNS[code]}{HEAD_ROW}", code, "bantu"),
            Label(f"{REPORTED_COLUMNS[code]}{HEAD_ROW + 1}", "Baris di tblRealisasi", "bantu"),
        ]
    labels += [
        Label(f"{POINT_COLUMN}{point_row(number)}", f"TW {quarter}", "bantu")
        for number, quarter in zip(POINTS[YEARS:], QUARTERS, strict=True)
    ]
    texts = {RANK_COLUMN: "Urutan", NAME_COLUMN: "Elemen", LOSS_COLUMN: "Poin hilang"}
    labels += [Label(f"{column}{ELEMENT_HEAD}", text, "bantu") for column, text in texts.items()]
    labels += [Label(f"{RANK_COLUMN}{ELEMENT_HEAD + n}", n, "bantu") for n in range(1, len(ELEMENT_CODES) + 1)]
    labels.append(Label(f"{COMPONENT_COLUMN}{ELEMENT_HEAD}", "Komponen", "bantu"))
    labels += [
        Label(f"{COMPONENT_COLUMN}{row}", key.capitalize(), "bantu")
        for row, (key, *_) in enumerate(COMPONENTS, FIRST_COMPONENT)
    ]
    return labels
