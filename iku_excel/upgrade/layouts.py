"""What changes between two versions of an output sheet, told by their maps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from iku_excel.form.charts import OUR_CHARTS
from iku_excel.form.sheetmap import SheetMap
from iku_excel.xlsx.grid import Place, area, place
from iku_excel.xlsx.merge import Change
from iku_excel.xlsx.reader import SheetCells

Styles = Mapping[str, str | None]
"""The style of each cell of a sheet, as its number is spelled."""


def usual_styles(sheets: Iterable[tuple[SheetMap, Styles]]) -> dict[str, str | None]:
    """The style that most cells of one look have in a workbook: the template's. Another one is the staff's."""
    seen: dict[str, Counter[str | None]] = {}
    for page, styles in sheets:
        for cell, look in looks(page).items():
            seen.setdefault(look, Counter())[styles.get(cell)] += 1
    return {look: counts.most_common(1)[0][0] for look, counts in seen.items()}


def change(old: SheetMap, new: SheetMap, stored: SheetCells, styles: Styles, usual: Mapping[str, str | None]) -> Change:
    """The change from one map of a sheet to the other. ``stored`` is the sheet as it is: a fixed text that the staff
    worded anew is theirs, unless it stays in its place; so is a style other than the ``usual`` one of a look."""
    was, now = meanings(old), meanings(new)
    before, after = looks(old), looks(new)
    same = {cell for cell in now if was.get(cell) == now[cell] and before[cell] == after[cell]}
    untouched = {label.cell for label in old.labels if stored.cell(label.cell) in (label.text, None)}
    owned = {cell.cell for cell in old.cells} | untouched | same
    return Change(
        owned=_places(owned),
        written=_places(now),
        same=_places(same),
        restyled=_places({cell for cell in same if styles.get(cell) != usual.get(before[cell])}),
        labels=_places(same & {label.cell for label in new.labels}),
        columns=frozenset(place(f"{c}1")[1] for c, width in new.widths.items() if old.widths.get(c) == width),
        page=area(new.print_area),
        charts=OUR_CHARTS,
    )


def meanings(sheet: SheetMap) -> dict[str, str]:
    """What each cell of a layout means: the key of its figure, or its fixed text."""
    return {cell.cell: f"={cell.key}" for cell in sheet.cells} | {
        label.cell: f"'{label.text}" for label in sheet.labels
    }


def looks(sheet: SheetMap) -> Mapping[str, str]:
    """How each cell of a layout looks."""
    return {cell.cell: cell.look for cell in sheet.cells} | {label.cell: label.look for label in sheet.labels}


def _places(cells: set[str] | dict[str, str]) -> frozenset[Place]:
    return frozenset(place(cell) for cell in cells)
