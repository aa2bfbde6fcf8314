"""Where a formula holds a whole column, and whether Excel evaluates it there.

Excel 2010 evaluates over columns inside SUMPRODUCT, LOOKUP and the like, and in array formulas; elsewhere it takes
one value (implicit intersection). IF, IFERROR and their kin are never lifted but in array formulas.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Literal as OneOf

from . import excel_functions as known
from .expression import Call, Literal, Node, Op, Ref, Sign, show, structured, without_sheet

Mode = OneOf["scalar", "sumproduct", "array"]


def shape_faults(tree: Node, array: bool, ranges: Collection[str] = ()) -> list[str]:
    """Columns where one value is due, and functions that only an array formula evaluates over columns."""
    faults = list(_of_shape(tree, "array" if array else "scalar", ranges))
    if wide(tree, ranges):
        faults.append("scalar: the result is a column, one cell takes one value")
    return faults


def wide(node: Node, ranges: Collection[str] = ()) -> bool:
    """Whether the node gives more than one value (a column, a range, or an expression over one).

    ``ranges``: the defined names, in lower case, that mean more than one cell.
    """
    if isinstance(node, Ref):
        text = node.text
        if structured(text) is not None or text.casefold() in ranges:
            return True
        first, colon, last = without_sheet(text).replace("$", "").partition(":")
        return bool(colon) and first.casefold() != last.casefold()
    if isinstance(node, Literal):
        return node.kind == "array"
    if isinstance(node, Op):
        return node.op == ":" or wide(node.left, ranges) or wide(node.right, ranges)
    if isinstance(node, Sign):
        return wide(node.of, ranges)
    if node.bare in known.AGGREGATES:
        return node.bare in known.ARRAYS_OUT
    if node.bare in {"ROW", "COLUMN"}:
        return any(arg is not None and wide(arg, ranges) for arg in node.args)
    return any(
        arg is not None and not known.takes_range(node.bare, place) and wide(arg, ranges)
        for place, arg in enumerate(node.args)
    )


def _of_shape(node: Node, mode: Mode, ranges: Collection[str]) -> Iterator[str]:
    """Columns where one value is due, and functions that only an array formula evaluates over columns."""
    if isinstance(node, Op) and node.op != ":":
        yield from _of_operands((node.left, node.right), mode, ranges)
    elif isinstance(node, Sign):
        yield from _of_operands((node.of,), mode, ranges)
    elif isinstance(node, Call):
        yield from _of_arguments(node, mode, ranges)


def _of_operands(operands: tuple[Node, ...], mode: Mode, ranges: Collection[str]) -> Iterator[str]:
    for operand in operands:
        if mode == "scalar" and isinstance(operand, Ref | Call) and wide(operand, ranges):
            yield f"scalar: {show(operand)} is a column where one value is due"
        yield from _of_shape(operand, mode, ranges)


def _of_arguments(call: Call, mode: Mode, ranges: Collection[str]) -> Iterator[str]:
    name = call.bare
    inner: Mode = "sumproduct" if mode == "scalar" and name in known.EVALUATES_ARRAYS else mode
    for place, arg in enumerate(call.args):
        if arg is None:
            continue
        many, whole = wide(arg, ranges), known.takes_range(name, place)
        if many and not whole:
            if name in known.NOT_LIFTED and mode != "array":
                yield f"array: {name} over {show(arg)} is evaluated in an array formula only"
            elif mode == "scalar" and name not in known.EVALUATES_ARRAYS:
                yield f"scalar: {show(arg)} is a column where {name} takes one value"
            if name in known.NO_RANGES and isinstance(arg, Ref):
                yield f"range: {name} takes an array, not the range {arg.text}: write {arg.text}*1"
        elif many and name in {"AND", "OR", "INDEX", "ROW", "COLUMN"} and mode != "array":
            if name in {"AND", "OR"} or (name == "INDEX" and not isinstance(arg, Ref)):
                yield f"array: {name} over {show(arg)} is evaluated in an array formula only"
            elif name in {"ROW", "COLUMN"} and mode == "scalar":
                yield f"scalar: {name} of a range gives one value outside SUMPRODUCT"
        yield from _of_shape(arg, inner, ranges)
