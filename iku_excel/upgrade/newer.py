"""Settings that are newer than a workbook's template: a row for each on its Pengaturan, as a new workbook has it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from iku_excel.form.inputs import quoted
from iku_excel.form.layout import PENGATURAN
from iku_excel.form.settings import setting_cells
from iku_excel.xlsx.draft import Draft
from iku_excel.xlsx.elements import SHEET_ORDER, Child, Tree, at_home, inside, namespaces, with_attribute
from iku_excel.xlsx.fences import strange
from iku_excel.xlsx.graft import define, workbook_tree
from iku_excel.xlsx.grid import letters, place
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.sheetrows import Cell, put_cells, read_rows
from iku_excel.xlsx.stylegraft import StyleGraft
from iku_excel.xlsx.transplant import restyled

COLUMNS = (1, 2, 3)
"""Label, value and note of a setting."""


def add_settings(draft: Draft, styles: StyleGraft, donor: Package, sheet: str, names: Sequence[str]) -> list[str]:
    """Give ``sheet`` (Pengaturan, whatever it is called here) a row for each setting; one line told for each.

    The row stands under all that the columns of the settings hold, with the donor's label, default, note, look and
    drop-down list.
    """
    part = draft.package.sheet(sheet).part
    try:
        tree = Tree.of(draft.read(part), part)
    except ValueError as error:
        raise strange(sheet, "memuat komentar XML atau pengodean lain") from error
    origin = donor.sheet(PENGATURAN).part
    fresh = Tree.of(restyled(donor.read(origin), styles, donor), origin)
    given, data = fresh.first("sheetData"), tree.first("sheetData")
    if given is None or data is None or tree.prefix:
        raise strange(sheet, "ditulis dengan cara yang tidak kami kenal")
    taken = read_rows(given, PENGATURAN)
    used = [number for number, row in read_rows(data, sheet).items() if any(_filled(row.cells, c) for c in COLUMNS)]
    book, told, row, xml = workbook_tree(draft), [], max(used, default=0), data.xml
    for name in names:
        row += 1
        there = place(setting_cells()[name])
        cells = {c: taken[there[0]].cells[c] for c in COLUMNS if c in taken[there[0]].cells}
        xml = put_cells(xml, sheet, row, {c: Cell(cell.at((row, c)), cell.stored) for c, cell in cells.items()})
        define(book, name, f"{quoted(sheet)}!${letters(there[1])}${row}")
        _limit(tree, fresh, setting_cells()[name], f"{letters(there[1])}{row}")
        told.append(f"Pengaturan baru {name} di {sheet}!{letters(there[1])}{row}.")
    _print_to(book, sheet, row)
    current = tree.first("sheetData")
    if current is not None:
        tree.replace(current, xml)
    dimension = tree.first("dimension")
    if dimension is not None:
        ref = dimension.attributes.get("ref", "A1")
        grown = re.sub(r"\d+$", lambda found: str(max(int(found[0]), row)), ref)
        tree.replace(dimension, with_attribute(dimension.xml, "ref", grown))
    draft.put(part, tree.xml)
    draft.put(draft.package.workbook_part, book.xml)
    return told


def _print_to(book: Tree, sheet: str, row: int) -> None:
    """A print area that ended with the settings ends with the new ones."""
    listed, names = book.first("sheets"), book.first("definedNames")
    tabs = [child.attributes.get("name") for child in inside(listed).all("sheet")] if listed is not None else []
    for child in inside(names).all("definedName") if names is not None and sheet in tabs else ():
        of = child.attributes
        if (of["name"], of.get("localSheetId")) == ("_xlnm.Print_Area", str(tabs.index(sheet))):
            text = re.sub(
                r"(\$A\$1:\$C\$)(\d+)", lambda found: found[1] + str(max(int(found[2]), row)), child.text, count=1
            )
            define(book, of["name"], text, sheet=tabs.index(sheet))
            return


def _filled(cells: dict[int, Cell], column: int) -> bool:
    return column in cells and cells[column].filled


def _limit(tree: Tree, fresh: Tree, there: str, here: str) -> None:
    """The donor's validation of one cell, for its place here."""
    listed = fresh.first("dataValidations")
    for rule in inside(listed).children if listed is not None else ():
        if rule.attributes.get("sqref") != there:
            continue
        xml = with_attribute(rule.tag, "sqref", here) + rule.xml[len(rule.tag) :]
        xml = at_home(xml, namespaces(fresh.opening), namespaces(tree.opening))
        mine = tree.first("dataValidations")
        if mine is None:
            tree.insert("dataValidations", b'<dataValidations count="1">%b</dataValidations>' % xml, SHEET_ORDER)
            return
        block = inside(mine)
        block.children.append(Child("dataValidation", xml))
        block.opening = with_attribute(block.opening, "count", str(len(block.children)))
        tree.replace(mine, block.xml)
        return
