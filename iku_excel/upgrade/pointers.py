"""Who of the staff's looks at a cell that means something else now: formulas, charts, comments.

Nothing of theirs is rewritten: they are told where to look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from iku_excel.form.sheetmap import SheetMap
from iku_excel.upgrade.layouts import meanings
from iku_excel.xlsx.cellxml import text_of
from iku_excel.xlsx.package import Package

SHOWN = 10
"""How many formulas are told one by one."""

_CELL = re.compile(rb'<c(?=\s)[^>]*?\br="([A-Z]{1,3}\d+)"[^>]*>\s*<f[^>]*>([^<]+)</f>')
_CHART_FORMULA = re.compile(rb"<(?:\w+:)?f>([^<]+)</")
_COMMENT = re.compile(rb'<comment\s[^>]*?\bref="([A-Z]{1,3}\d+)"')


def pointers(package: Package, old: SheetMap, new: SheetMap, ours: frozenset[str]) -> list[str]:
    """One line for each formula, chart or comment of the staff's about a cell of ``old`` that has moved. ``ours``:
    the sheets whose formulas filling writes."""
    was, now = meanings(old), meanings(new)
    gone = {cell for cell, meaning in was.items() if now.get(cell) != meaning}
    where = {cell.key: cell.cell for cell in new.cells}
    keys = {cell.cell: cell.key for cell in old.cells}
    quoted = re.escape(old.sheet)
    reference = re.compile(rf"(?<![\w.'])(?:{quoted}|'{quoted}')!\$?([A-Z]{{1,3}})\$?(\d+)", re.IGNORECASE)

    def told(what: str, text: str) -> Iterator[str]:
        for found in reference.finditer(text):
            cell = found[1].upper() + found[2]
            if cell in gone:
                target = where.get(keys.get(cell, ""))
                advice = f"; angka itu kini di {old.sheet}!{target}" if target else ""
                yield f"Periksa {what}: menunjuk {old.sheet}!{cell}, yang kini berisi hal lain{advice}."
                return

    lines: list[str] = []
    for sheet in package.sheets:
        if sheet.kind == "worksheet" and sheet.name not in ours:
            for found in _CELL.finditer(package.read(sheet.part)):
                lines += told(f"rumus {sheet.name}!{found[1].decode()}", text_of(found[2]))
    for name in package.names:
        if name.startswith("xl/charts/") and name.endswith(".xml"):
            texts = {text_of(found[1]) for found in _CHART_FORMULA.finditer(package.read(name))}
            lines += next(([line] for text in sorted(texts) for line in told("bagan yang Anda buat", text)), [])
    for rel in package.rels(package.sheet(old.sheet).part).values():
        if rel.kind == "comments":
            refs = [found[1].decode() for found in _COMMENT.finditer(package.read(rel.target))]
            lines += [
                f"Komentar di {old.sheet}!{ref} tetap di tempatnya; sel itu kini berisi hal lain."
                for ref in refs
                if ref in gone
            ]
    more = len(lines) - SHOWN
    return [*lines[:SHOWN], *([f"… dan {more} lagi."] if more > 0 else [])]
