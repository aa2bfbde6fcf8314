"""How Formulir IKU looks and prints: black on white, borders only around rows that are used, two pages upright."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from iku_excel.cells import same
from iku_excel.form.layout import IKU_CODES
from iku_excel.form.official_form import HEAD, SECTION, SLOTS
from iku_excel.form.template.styles import HEADER, INK, TITLE, Style
from iku_excel.form.template.styles import SECTION as SECTION_STYLE

if TYPE_CHECKING:
    from iku_excel.form.template.content import Pen, Row

COLUMNS = "ABCDEF"
LIGHT = "E7E6E6"
SCALE = 83
"""Percent at which the six columns fill an upright page of A4 (and of F4, which is as wide) between the margins.
Fixed, since Excel may pass over a page break by hand in a sheet that is fitted to a page."""

_HEAD = replace(HEADER, ink=INK, fill=LIGHT, line=INK)
_BODY = Style(wrap=True)
_STYLES = {"A": replace(_BODY, horizontal="center")}
_TEXTS = {"B": "Sasaran", "C": "IKU", "D": "Satuan", "E": "Formulasi", "F": "Sumber Data"}


def lay_official(pen: Pen, targets: Sequence[Row]) -> None:
    """Give the sheet, laid out from its map, its looks. ``targets``: the rows of tblTarget, whose texts need room."""
    for column in COLUMNS:
        pen.painter.paint(pen.sheet[f"{column}1"], replace(TITLE, ink=INK, horizontal="centerContinuous"))
        pen.painter.paint(pen.sheet[f"{column}{HEAD}"], _HEAD)
        for row in SLOTS:
            pen.painter.paint(pen.sheet[f"{column}{row}"], _STYLES.get(column, _BODY))
    pen.painter.paint(pen.sheet[f"A{SECTION}"], replace(SECTION_STYLE, ink=INK, size=10))
    by_code = [next((t for t in targets if _text(t, "Kode IKU").casefold() == c.casefold()), None) for c in IKU_CODES]
    carried = [t for t in by_code if t is not None and not same(_text(t, "Berlaku"), "Tidak")]
    for row, target in zip(SLOTS, carried, strict=False):
        for column, heading in _TEXTS.items():
            pen.make_room(row, _text(target, heading), column)
    _borders(pen)


def _text(row: Row, heading: str) -> str:
    value = row.get(heading)
    return value if isinstance(value, str) else ""


def _borders(pen: Pen) -> None:
    """Around each cell of a row that is used; none between the rows that share a Sasaran or a Sumber Data."""
    first, last = SLOTS[0], SLOTS[-1]
    _border(pen, f"C{first}:E{last}", f"ISNUMBER($M{first})", "left right top bottom")
    for columns, above, below in (("A:B", f"N($O{first})>1", f"N($O{first + 1})>1"),
                                  ("F:F", f"$S{first}=1", f"N($S{first + 1})=1")):  # fmt: skip
        left, right = columns.split(":")
        for top in (True, False):
            for bottom in (True, False):
                tests = (f"NOT({above})" if top else above, f"NOT({below})" if bottom else below)
                sides = "left right" + " top" * top + " bottom" * bottom
                _border(pen, f"{left}{first}:{right}{last}", f"AND(ISNUMBER($M{first}),{','.join(tests)})", sides)


def _border(pen: Pen, area: str, formula: str, sides: str) -> None:
    from openpyxl.formatting.rule import Rule
    from openpyxl.styles import Border, Side
    from openpyxl.styles.differential import DifferentialStyle

    line = Side(style="thin", color=f"FF{INK}")
    around: dict[str, Any] = dict.fromkeys(sides.split(), line)
    look = DifferentialStyle(border=Border(**around))
    pen.sheet.conditional_formatting.add(area, Rule(type="expression", formula=[formula], dxf=look))


def print_official(sheet: Any) -> None:
    """Upright, one page wide; the table and the signature begin on page 2, its head is repeated if it goes on."""
    from openpyxl.worksheet.pagebreak import Break

    setup = sheet.page_setup
    setup.orientation, setup.scale = "portrait", SCALE
    setup.fitToWidth = setup.fitToHeight = None
    sheet.sheet_properties.pageSetUpPr.fitToPage = False
    sheet.print_title_rows = f"{HEAD}:{HEAD}"
    sheet.row_breaks.append(Break(id=SECTION - 1))
