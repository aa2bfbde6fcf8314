"""A copy of a workbook in which only some sheets print, on the paper that is asked for.

For a throw-away copy that another program prints: every other sheet is hidden and loses its print area, since
LibreOffice prints the print areas of hidden sheets too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from iku_excel.findings import Refusal
from iku_excel.xlsx.elements import BOOK_ORDER, SHEET_ORDER, Child, Tree, inside, prefixed, with_attribute
from iku_excel.xlsx.package import Package, SheetPart

_PRINT_AREA = "_xlnm.print_area"
_CHART_ORDER = tuple(name for name in SHEET_ORDER if name in ("pageMargins", "pageSetup", "headerFooter", "drawing"))


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper: its number in Excel's list, and its size in millimetres, upright.

    Excel knows the numbers only, LibreOffice takes the size where both are there. ``sized`` is False for a paper
    that the number alone says exactly.
    """

    code: int
    width: int
    height: int
    sized: bool = True


A4 = Paper(9, 210, 297, sized=False)
F4 = Paper(14, 210, 330)
"""21 × 33 cm. Excel's list has no F4: 14 is Folio, 8½ × 13 inches (216 × 330 mm), the nearest."""


def only(package: Package, sheets: Sequence[SheetPart], paper: Paper | None = None) -> bytes:
    """The workbook's bytes with just these sheets visible, the first of them active; others keep their content.

    ``paper`` None leaves each sheet's own. ``Refusal`` "lembar-tidak-dapat-dicetak" for XML that no Excel writes.
    """
    try:
        parts: dict[str, bytes | None] = {package.workbook_part: _book(package, sheets)}
        if paper is not None:
            for sheet in sheets:
                parts[sheet.part] = _on(package.read(sheet.part), sheet, paper)
    except ValueError as error:
        raise Refusal(
            "lembar-tidak-dapat-dicetak",
            "Isi buku kerja ini ditulis dengan cara yang tidak dikenal, sehingga tidak dapat disiapkan untuk dicetak.",
            "Buka di Excel, simpan kembali sebagai .xlsx, lalu ulangi.",
        ) from error
    return package.with_parts(parts)


def _book(package: Package, sheets: Sequence[SheetPart]) -> bytes:
    """The workbook part: who is visible, who is active, whose print area stays."""
    wanted = [package.sheets.index(sheet) for sheet in sheets]
    tree = Tree.of(package.read(package.workbook_part), package.workbook_part)
    for child in list(tree.children):
        if child.name == "sheets":
            _each(tree, child, lambda at, tag: with_attribute(tag, "state", "visible" if at in wanted else "hidden"))
        elif child.name == "bookViews":
            _each(tree, child, lambda _, tag: _opened_at(tag, wanted[0]))
        elif child.name == "definedNames":
            names = inside(child)
            names.children = [name for name in names.children if not _foreign_area(name, wanted)]
            if names.children:
                tree.replace(child, names.xml)
            else:
                tree.children.remove(child)
        elif child.name == "customWorkbookViews":  # they name an active sheet too
            tree.children.remove(child)
    if tree.first("bookViews") is None:
        views = b'<bookViews><workbookView activeTab="%d" firstSheet="%d"/></bookViews>' % (wanted[0], wanted[0])
        tree.insert("bookViews", prefixed(views, tree.prefix), BOOK_ORDER)
    return tree.xml


def _each(tree: Tree, child: Child, change: Callable[[int, bytes], bytes]) -> None:
    """Every element inside a child with another start tag."""
    found = inside(child)
    for at, one in enumerate(list(found.children)):
        found.replace(one, change(at, one.tag) + one.xml[len(one.tag) :])
    tree.replace(child, found.xml)


def _opened_at(tag: bytes, first: int) -> bytes:
    for name in ("activeTab", "firstSheet"):
        tag = with_attribute(tag, name, str(first))
    return tag


def _foreign_area(name: Child, wanted: Sequence[int]) -> bool:
    """Whether a defined name is the print area of a sheet that is not to be printed."""
    of = name.attributes
    return of.get("name", "").casefold() == _PRINT_AREA and of.get("localSheetId") not in {str(at) for at in wanted}


def _on(xml: bytes, sheet: SheetPart, paper: Paper) -> bytes:
    """The sheet's part with its page on this paper, upright or across as it was."""
    tree = Tree.of(xml, sheet.part)
    order = SHEET_ORDER if sheet.kind == "worksheet" else _CHART_ORDER
    setup = tree.first("pageSetup")
    if setup is None:
        tree.insert("pageSetup", prefixed(b"<pageSetup/>", tree.prefix), order)
        setup = tree.all("pageSetup")[0]
    tag = setup.tag
    tag = with_attribute(tag, "paperSize", str(paper.code))
    tag = with_attribute(tag, "paperWidth", f"{paper.width}mm" if paper.sized else None)
    tag = with_attribute(tag, "paperHeight", f"{paper.height}mm" if paper.sized else None)
    tag = with_attribute(tag, "usePrinterDefaults", None)  # it would go before the size
    for name in setup.attributes:
        if name.endswith(":id"):  # a printer's own settings, with its paper
            tag = with_attribute(tag, name, None)
    tree.replace(setup, tag + setup.xml[len(setup.tag) :])
    return tree.xml
