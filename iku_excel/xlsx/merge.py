"""The cells of a sheet whose layout changes: the new layout's, with what people put beside the old one's.

Nothing of theirs is lost: what stands where the new layout writes, or draws, moves below its print area, each with
a word where it stood.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from iku_excel.findings import Refusal
from iku_excel.xlsx.cellxml import escape
from iku_excel.xlsx.grid import MAX_ROW, Area, Place, area, letters
from iku_excel.xlsx.sheetrows import Cell, Row, made_cell
from iku_excel.xlsx.shifting import moved

_FORMULA = re.compile(rb"<f(?=[\s>/])[^>]*?(?:/>|>.*?</f>)", re.DOTALL)
LABEL_WIDTH = 14.0
"""Characters that "Dari sel AB123:" takes."""


@dataclass(frozen=True, slots=True)
class Change:
    """How the layout of one sheet changes, by its two maps.

    ``owned``: the cells whose content is the old layout's. ``written``: those that the new one writes. ``same``: those
    that mean the same in both; ``restyled`` those of them to which people gave another look, which stays; ``labels``
    the fixed texts among them, which stay as worded. ``columns``: those of equal width in both. ``page``: the new
    print area. ``charts``: how the names of our charts begin.
    """

    owned: frozenset[Place]
    written: frozenset[Place]
    same: frozenset[Place]
    restyled: frozenset[Place]
    labels: frozenset[Place]
    columns: frozenset[int]
    page: Area
    charts: str


@dataclass(frozen=True, slots=True)
class Move:
    """One cell of the staff's that moved, by its old and its new address."""

    old: str
    new: str


def merge_rows(
    sheet: str, old: dict[int, Row], new: dict[int, Row], change: Change, covered: Sequence[Area], label_column: int
) -> tuple[dict[int, Row], tuple[Move, ...]]:
    """The new rows, and what moved. ``covered`` are the cells under the new layout's charts.

    ``Refusal`` "sel-tidak-dapat-pindah" for an array formula that would have to be torn apart.
    """
    box_row, box_column = max(r for r, _ in change.owned), max(c for _, c in change.owned)
    masters = _masters(old)
    result = {number: Row(_row_look(number, old, row, change), dict(row.cells)) for number, row in new.items()}
    waiting: list[tuple[Place, Cell]] = []
    for number, row in old.items():
        for column, cell in row.cells.items():
            at = number, column
            mine = new[number].cells.get(column) if number in new else None
            if at in change.owned:
                if mine is not None and at in change.same:
                    kept = cell if at in change.labels else mine
                    style = cell.style if at in change.restyled else mine.style
                    result[number].cells[column] = Cell(kept.styled(style), kept.stored)
            elif not cell.filled:
                if mine is None and (number > box_row or column > box_column):
                    _put(result, old, at, cell)
            elif at in change.written or (mine and mine.filled) or any(a.has(*at) for a in covered):
                waiting.append((at, _alone(at, cell, masters)))
            else:
                _put(result, old, at, _alone(at, cell, masters))
        if number > box_row and number not in result:
            result[number] = Row(row.attributes)
    _refuse_torn(sheet, old, {at for at, _ in waiting})
    return result, _settled(result, waiting, change, label_column)


def _put(result: dict[int, Row], old: dict[int, Row], at: Place, cell: Cell) -> None:
    result.setdefault(at[0], Row(old[at[0]].attributes)).cells[at[1]] = cell


def _row_look(number: int, old: dict[int, Row], row: Row, change: Change) -> bytes:
    """The height that people gave a row stays where the row means the same as before."""
    places = {at for at in change.owned | change.written if at[0] == number}
    mine = old.get(number)
    chosen = mine is not None and re.search(rb"\bcustomHeight=[\"'](?:1|true)", mine.attributes)
    return mine.attributes if mine is not None and chosen and places <= change.same else row.attributes


def _masters(rows: dict[int, Row]) -> dict[bytes, tuple[Place, str]]:
    """The formulas that other cells share, by their number in the sheet."""
    found = {}
    for number, row in rows.items():
        for column, cell in row.cells.items():
            if cell.stored.rule == "shared" and cell.stored.formula:
                found[_shared_number(cell)] = ((number, column), cell.stored.formula)
    return found


def _shared_number(cell: Cell) -> bytes:
    found = re.search(rb"\bsi=[\"'](\d+)", cell.stored.element)
    return found[1] if found else b""


def _alone(at: Place, cell: Cell, masters: dict[bytes, tuple[Place, str]]) -> Cell:
    """The cell with a formula of its own, if it shared one: the sharing cells may part ways."""
    if cell.stored.rule != "shared":
        return cell
    known = masters.get(_shared_number(cell))
    if known is None:
        return cell
    (row, column), text = known
    formula = cell.stored.formula or moved(text, at[0] - row, at[1] - column)
    made = b"<f>%b</f>" % escape(formula).encode()
    return Cell(_FORMULA.sub(lambda _: made, cell.xml, count=1), cell.stored)


def _refuse_torn(sheet: str, old: dict[int, Row], waiting: set[Place]) -> None:
    for number, row in old.items():
        for column, cell in row.cells.items():
            if cell.stored.rule not in ("array", "dataTable") or not cell.stored.extent:
                continue
            block = area(cell.stored.extent)
            single = block.single and cell.stored.rule == "array"
            if not single and any(block.has(*at) for at in waiting):
                raise refusal(sheet, f"{letters(column)}{number}", f"Rumus larik {block.ref}")


def refusal(sheet: str, cell: str, what: str) -> Refusal:
    """Something of the staff's that stands in the new layout's way and can't be moved cell by cell."""
    return Refusal(
        "sel-tidak-dapat-pindah",
        f"{what} di lembar {sheet} menempati sel yang dipakai templat baru dan tidak dapat kami pindahkan.",
        "Pindahkan ke lembar lain di Excel, simpan, lalu ulangi.",
        sheet=sheet,
        cell=cell,
    )


def _settled(
    result: dict[int, Row], waiting: Sequence[tuple[Place, Cell]], change: Change, label_column: int
) -> tuple[Move, ...]:
    if not waiting:
        return ()
    moves = []
    row = _free_row(result, change.page.bottom + 2, change.page.right)
    _write(result, (row, label_column), "Isian yang dipindahkan saat templat diperbarui")
    for at, cell in sorted(waiting, key=lambda item: item[0]):
        row = _free_row(result, row + 1, change.page.right)
        old, target = f"{letters(at[1])}{at[0]}", (row, label_column + 1)
        _write(result, (row, label_column), f"Dari sel {old}:")
        result[row].cells[target[1]] = Cell(cell.at(target), cell.stored)
        moves.append(Move(old, f"{letters(target[1])}{row}"))
    return tuple(moves)


def _free_row(rows: dict[int, Row], start: int, right: int) -> int:
    """The first row from ``start`` on with nothing in the columns of the page."""
    for number in range(start, MAX_ROW):
        row = rows.get(number)
        if row is None or not any(cell.filled for column, cell in row.cells.items() if column <= right):
            return number
    raise ValueError("no row is free")


def _write(rows: dict[int, Row], at: Place, text: str) -> None:
    content = b"<is><t>%b</t></is>" % escape(text).encode()
    rows.setdefault(at[0], Row(b"")).cells[at[1]] = made_cell(at, content, "inlineStr")


def label_column(widths: dict[int, float]) -> int:
    """The first column that is wide enough to say where a cell stood."""
    return next((column for column, width in sorted(widths.items()) if width >= LABEL_WIDTH), 1)
