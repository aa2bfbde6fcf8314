"""More steps for drive_office.py: real clicks on the button, and looks at the workbook that is open.

["look", sheets] gives every cell of these sheets: formula, kind, text, number · ["closed", sheets, path] saves a copy,
fills it with ``iku-excel isi`` and gives its cells · ["click", sheet] clicks, waits for the message, gives its text and
the seconds it took, and answers it · ["type", table, heading, row, number] types into an input table ·
["view", sheet, range, zoom] goes there · ["state"] gives view and protection · ["figure", name] the number of a
defined name · ["pantau", folder] serves what waits, Python found in that folder, and gives what it prints.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import Any

import drive_office
from drive_office import xdotool


def step(book: Any, kind: str, *rest: Any) -> Any:
    """One step and what it gives; those of drive_office.py too."""
    own = {
        "pantau": pantau,
        "look": look,
        "closed": closed,
        "click": click,
        "type": typed,
        "view": view,
        "state": state,
        "figure": figure,
    }
    return own[kind](book, *rest) if kind in own else _plain(book, kind, *rest)


_plain = drive_office.step


def look(book: Any, sheets: list[str]) -> dict[str, list[Any]]:
    """Every cell that holds something: its formula as LibreOffice spells it, what it is, its text or number."""
    seen = {}
    for name in sheets:
        sheet = book.Sheets.getByName(name)
        cursor = sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        end = cursor.RangeAddress
        area = sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow)
        formulas, values = area.getFormulaArray(), area.getDataArray()
        for row, (of_row, of_values) in enumerate(zip(formulas, values, strict=True)):
            for column, (formula, value) in enumerate(zip(of_row, of_values, strict=True)):
                if formula != "" or value != "":
                    is_formula = (
                        formula[:1] in ("=", "{") and sheet.getCellByPosition(column, row).Type.value == "FORMULA"
                    )
                    seen[f"{name}!{column},{row}"] = [formula, is_formula, value]
    return seen


def closed(book: Any, sheets: list[str], path: str) -> dict[str, list[Any]]:
    """The same of a copy that ``isi`` fills while it is closed."""
    import uno
    from com.sun.star.beans import PropertyValue

    url = uno.systemPathToFileUrl(path)
    book.storeToURL(url, (PropertyValue("FilterName", 0, "Calc MS Excel 2007 XML", 0),))
    done = subprocess.run([sys.executable, "-m", "iku_excel", "isi", path], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1) or done.stderr:
        raise RuntimeError(done.stderr)
    desktop = book.CurrentController.Frame.Creator
    other = desktop.loadComponentFromURL(url, "_blank", 0, (PropertyValue("Hidden", 0, True, 0),))
    try:
        return look(other, sheets)
    finally:
        other.close(True)


def pantau(_: Any, folder: str) -> str:
    """``iku-excel pantau``, as a user starts it beside an office that may not start it."""
    return subprocess.run(
        [sys.executable, "-m", "iku_excel", "pantau", "--sekali"],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": folder},
    ).stdout


def click(book: Any, sheet: str) -> dict[str, Any]:
    """The mouse on the sheet's button; the message that comes, and how long that took."""
    control = book.CurrentController
    control.setActiveSheet(book.Sheets.getByName(sheet))
    time.sleep(1)
    button = control.getControl(book.Sheets.getByName(sheet).DrawPage.Forms.getByIndex(0).getByIndex(0))
    place, size = button.AccessibleContext.getLocationOnScreen(), button.AccessibleContext.getSize()
    began = time.monotonic()
    xdotool("mousemove", str(place.X + size.Width // 2), str(place.Y + size.Height // 2), "click", "1")
    while time.monotonic() - began < 60:
        window = xdotool("search", "--name", "^IKU$").split()
        if window:
            took = time.monotonic() - began
            time.sleep(0.3)
            text = message(book)
            xdotool("windowfocus", window[-1], "key", "Return")
            time.sleep(0.7)
            return {"text": text, "took": took}
        time.sleep(0.05)
    raise TimeoutError("no message came")


def message(book: Any) -> str:
    """The text of the message box that is open, as a screen reader hears it."""
    toolkit = book.CurrentController.Frame.ContainerWindow.Toolkit
    for number in range(toolkit.TopWindowCount):
        context = toolkit.getTopWindow(number).AccessibleContext
        if context.AccessibleName == "IKU":
            return "\n".join(names(context))
    return ""


def names(context: Any) -> list[str]:
    """The names of an accessible thing's children."""
    found = []
    for number in range(context.AccessibleChildCount):
        child = context.getAccessibleChild(number).AccessibleContext
        found += [child.AccessibleName, *names(child)]
    return found


def typed(book: Any, table: str, heading: str, row: int, number: float) -> None:
    """A number typed into a row of an input table (from 1), not saved."""
    area = book.DatabaseRanges.getByName(table).DataArea
    sheet = book.Sheets.getByIndex(area.Sheet)
    heads = sheet.getCellRangeByPosition(area.StartColumn, area.StartRow, area.EndColumn, area.StartRow).getDataArray()[
        0
    ]
    sheet.getCellByPosition(area.StartColumn + heads.index(heading), area.StartRow + row).setValue(number)


def view(book: Any, sheet: str, cells: str, zoom: int) -> None:
    """Go to a sheet, select cells, zoom."""
    control = book.CurrentController
    control.setActiveSheet(book.Sheets.getByName(sheet))
    control.select(book.Sheets.getByName(sheet).getCellRangeByName(cells))
    control.ZoomType, control.ZoomValue = 3, zoom


def state(book: Any) -> dict[str, Any]:
    """What a click must leave as it was."""
    control = book.CurrentController
    selection = control.Selection
    address = getattr(selection, "AbsoluteName", None) or selection.ImplementationName
    protection = {name: book.Sheets.getByName(name).isProtected() for name in book.Sheets.ElementNames}
    return {
        "sheet": control.ActiveSheet.Name,
        "selection": address,
        "zoom": control.ZoomValue,
        "protection": protection,
    }


def figure(book: Any, name: str) -> float:
    """The number in the cell that a defined name means."""
    return float(book.NamedRanges.getByName(name).ReferredCells.getCellByPosition(0, 0).Value)


if __name__ == "__main__":
    drive_office.step = step
    drive_office.main()
