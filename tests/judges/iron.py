"""ironcalc as a second judge of the figures: quick, but it can't do every formula of ours.

``reasons`` tells, from the formula alone, what ironcalc 0.9.1 gets wrong in it (FORMULAS "Traps: engines"; checked
against LibreOffice over 200 random workbooks). What it can't see, the caller keeps out of the data: tables of one
row, and booleans (ironcalc and Excel take them as no number, LibreOffice as 1).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from iku_excel.cells import CellError

from . import excel_functions as known
from .expression import Call, FormulaError, Literal, Node, Op, Ref, Sign, is_cell, parse, pieces, structured, walk
from .shape import wide

IronCell: TypeAlias = float | str | bool | CellError | None
"""As ironcalc computed it; "" is an empty text, None an empty cell."""

_LIFTED = frozenset({"IF", "IFERROR", "MMULT", "TRANSPOSE", "ROW", "COLUMN"})
"""All that it evaluates over a column inside SUMPRODUCT and array formulas, beside the operators."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A workbook as ironcalc computed it: ``cells[sheet, "B5"]``; an absent cell is empty."""

    cells: Mapping[tuple[str, str], IronCell]

    def value(self, sheet: str, cell: str) -> IronCell:
        """The value of one cell, None when it is empty."""
        return self.cells.get((sheet, cell.replace("$", "")))


def evaluate(path: Path | str) -> Evaluated:
    """Every formula of the workbook computed by ironcalc; its own errors come through as WorkbookError."""
    import ironcalc

    model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    model.evaluate()
    names = [sheet["name"] for sheet in model.get_worksheets_properties()]
    cells: dict[tuple[str, str], IronCell] = {}
    for sheet, row, column in model.get_all_cells():
        value: IronCell = model.get_cell_value(sheet, row, column)
        if value is None:
            continue
        if model.get_cell_type(sheet, row, column) == ironcalc.CellType.ErrorValue:
            value = CellError(str(value))
        cells[names[sheet], f"{ironcalc.column_name_from_number(column)}{row}"] = value
    return Evaluated(cells)


def supported(formula: str, *, text_numbers: bool = False) -> bool:
    """Whether ironcalc 0.9.1 computes this formula as Excel would.

    ``text_numbers``: single cells may hold numbers as text, which its COUNT of one cell counts.
    """
    return not reasons(formula, text_numbers=text_numbers)


def reasons(formula: str, *, text_numbers: bool = False) -> list[str]:
    """Why ironcalc can't judge this formula, empty when it can."""
    try:
        tree = parse(formula)
    except FormulaError as error:
        return [f"no formula: {error}"]
    found: list[str] = []
    for node in walk(tree):
        if isinstance(node, Ref) and (parts := structured(node.text)) is not None:
            if parts.items or not parts.columns:
                found.append(f"{node.text}: only table[column] is understood")
        elif isinstance(node, Call):
            found += _of_call(node, text_numbers)
    found += _not_lifted(tree)
    return list(dict.fromkeys(found))


def _of_call(call: Call, text_numbers: bool) -> Iterator[str]:
    name = call.bare
    if name == "AGGREGATE":
        yield "AGGREGATE is unknown"
    if name in {"ROWS", "COLUMNS"} and any(isinstance(arg, Ref) and not _plain(arg.text) for arg in call.args):
        yield f"{name} of a table is an error"
    if name == "LOOKUP" and len(call.args) > 1 and not isinstance(call.args[1], Ref):
        yield "LOOKUP over a computed array finds another row"
    if name == "INDEX" and Literal("number", "0") in call.args[1:]:
        yield "INDEX at position 0 is an error"
    if text_numbers and name == "COUNT" and len(call.args) == 1:
        argument = call.args[0]
        if isinstance(argument, Ref) and not wide(argument):
            yield "COUNT of a single cell counts a text number"
    if name in known.CRITERIA:
        for _, at in known.criteria_pairs(name, len(call.args)):
            criterion = call.args[at]
            head = pieces(criterion)[0] if criterion is not None else None
            if isinstance(head, Literal) and head.kind == "text" and head.value.startswith("<>"):
                yield f"the criterion '{head.value}' leaves out blanks, numbers and errors"


def _plain(text: str) -> bool:
    """Whether the reference is of cells, not of a table."""
    first, _, last = text.replace("$", "").rpartition("!")[2].partition(":")
    return is_cell(first) and (not last or is_cell(last))


def _not_lifted(node: Node) -> Iterator[str]:
    """Functions that get a column where they take one value: it computes the first row only."""
    if isinstance(node, Op):
        yield from _not_lifted(node.left)
        yield from _not_lifted(node.right)
    elif isinstance(node, Sign):
        yield from _not_lifted(node.of)
    elif isinstance(node, Call):
        for place, arg in enumerate(node.args):
            if arg is None:
                continue
            if node.bare not in _LIFTED and not known.takes_range(node.bare, place) and wide(arg):
                yield f"{node.bare} over a column is computed for the first row only"
            yield from _not_lifted(arg)
