"""The lint of our formulas: what Excel minds and no engine here can show (DESIGN §3, FORMULAS "Traps").

``lint`` gives the faults of one formula (``book_lint.lint_book`` those of a workbook), ``warnings`` what is
doubtful, ``lint_names`` the faults of defined names. All are written for developers, in English, each beginning
with the rule's short name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal as OneOf

from . import excel_functions as known
from .expression import (
    CELL,
    Call,
    FormulaError,
    Literal,
    Node,
    Op,
    Ref,
    Sign,
    column,
    is_cell,
    is_name,
    parse,
    pieces,
    show,
    structured,
    walk,
)
from .shape import shape_faults

MAX_LENGTH = 8192
MAX_LIVE_ARRAY = 255
MAX_TEXT = 255
CODES = frozenset({"nip", "kode barang", "nup", "tracking id", "duplikat dari"})
"""Headings whose texts may be digits only: Excel compares them as 15-digit numbers in a criterion."""
CODES_OF = frozenset({("tblanggaran", "kode")})
SWITCHES_100 = frozenset({"nilai_tanpa_keluhan"})
"""Switches that may hold the number 100 or a text."""
_OPERATORS = ("<>", ">=", "<=", "=", ">", "<")
_ESCAPES = (("?", "~?"), ("*", "~*"), ("~", "~~"))
_RANGE = re.compile(r"^\$?([A-Za-z]{1,3})\$?(\d+):\$?([A-Za-z]{1,3})\$?(\d+)$")


@dataclass(frozen=True, slots=True)
class _World:
    """What the workbook has: tables with their headings, names, sheets, and the references we vouch for."""

    tables: Mapping[str, Collection[str]] | None = None
    names: frozenset[str] | None = None
    sheets: frozenset[str] | None = None
    ranges: frozenset[str] = frozenset()
    trusted: tuple[str, ...] = field(default=())
    sheet: str = ""


def lint(
    formula: str,
    array: bool = False,
    *,
    tables: Mapping[str, Collection[str]] | None = None,
    names: Collection[str] | None = None,
    sheets: Collection[str] | None = None,
    ranges: Collection[str] = (),
    trusted: Collection[str] = (),
    place: OneOf["cell", "rule"] = "cell",
    sheet: str | None = None,
) -> list[str]:
    """The faults of one formula, empty when it is fine.

    ``array``: it is stored as a single-cell array formula. ``tables``: table → headings, ``names``: the defined
    names, ``sheets``: the sheets; each is checked only when given. ``ranges``: names that mean more than one cell.
    ``trusted``: names, cells ("B5", "B5:B22", "'NSPK'!B5:B22") that never hold text of the staff, or only numbers:
    they may be a criterion or a looked-up value as they are. ``place`` "rule": a validation or conditional format.
    ``sheet``: where the formula stands, so that its plain ``B5`` is trusted by "'NSPK'!B5:B22".
    """
    world = _World(
        tables,
        None if names is None else frozenset(name.casefold() for name in names),
        None if sheets is None else frozenset(sheet.casefold() for sheet in sheets),
        frozenset(name.casefold() for name in ranges),
        tuple(_plain(text) for text in trusted),
        (sheet or "").casefold(),
    )
    text = formula.removeprefix("=")
    if len(text) > MAX_LENGTH:
        return [f"length: {len(text)} characters, Excel takes {MAX_LENGTH}"]
    try:
        tree = parse(text)
    except FormulaError as error:
        return [f"syntax: {error}"]
    faults: list[str] = []
    for node in walk(tree):
        faults += _of_node(node, world, place)
    faults += shape_faults(tree, array, world.ranges)
    return list(dict.fromkeys(faults))


def warnings(formula: str, array: bool = False) -> list[str]:
    """What is no fault in a file but doubtful: 255 characters for a live FormulaArray, volatile functions."""
    text = formula.removeprefix("=")
    found = []
    if array and len(text) > MAX_LIVE_ARRAY:
        found.append(f"live array: {len(text)} characters, Excel's FormulaArray takes {MAX_LIVE_ARRAY}")
    try:
        calls = {node.bare for node in walk(parse(text)) if isinstance(node, Call)}
    except FormulaError:
        return found
    return found + [f"volatile: {name} recalculates on every change" for name in sorted(calls & known.VOLATILE)]


def lint_names(names: Collection[str]) -> list[str]:
    """The faults of defined names: bad signs, names that are cell addresses (TW1, IKU1), doubles."""
    faults = [f"name: {name} looks like a cell address" for name in names if is_cell(name)]
    faults += [f"name: {name} is no name in Excel" for name in names if not is_cell(name) and not is_name(name)]
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            faults.append(f"name: {name} stands twice")
        seen.add(name.casefold())
    return faults


def _of_node(node: Node, world: _World, place: str) -> Iterator[str]:
    if isinstance(node, Ref):
        yield from _of_ref(node.text, world, place)
    elif isinstance(node, Literal):
        if node.kind == "text" and len(node.value) > MAX_TEXT:
            yield f"text: a constant of {len(node.value)} characters, Excel takes {MAX_TEXT}"
        if node.kind == "error":
            yield f"error: {node.value} inside a formula"
    elif isinstance(node, Op):
        if node.op in {"=", "<>", "<", ">", "<=", ">="}:
            yield from _of_comparison(node)
        if node.op in {" ", ","}:
            yield "reference: no intersections or unions of ranges"
    elif isinstance(node, Call):
        yield from _of_call(node, world)


def _of_ref(text: str, world: _World, place: str) -> Iterator[str]:
    if "@" in text and structured(text) is None:
        yield f"reference: '@' in {text}"
    if (parts := structured(text)) is not None:
        if place == "rule":
            yield f"rule: {text}: validations and conditional formats take no structured reference, use a name"
        if parts.items:
            yield f"reference: {text}: {', '.join(parts.items)} is not used"
        if not parts.table:
            yield f"reference: {text} names no table"
        if not parts.columns:
            yield f"reference: {text} names no column"
        if world.tables is not None and parts.table:
            headings = world.tables.get(parts.table)
            if headings is None:
                yield f"reference: there is no table {parts.table}"
            else:
                yield from (f"reference: {parts.table} has no column '{c}'" for c in parts.columns if c not in headings)
        return
    if text.startswith("[") or "]" in text:
        yield f"reference: {text} points to another workbook"
    sheet, bang, rest = text.rpartition("!")
    if bang and world.sheets is not None and sheet.strip("'").replace("''", "'").casefold() not in world.sheets:
        yield f"reference: there is no sheet {sheet}"
    if (cell := CELL.match(rest)) is not None:
        if not is_cell(rest):
            yield f"reference: {rest} lies outside the sheet"
        elif len(cell[1]) == 3 and "$" not in rest:
            yield f"name: {rest} is a cell address, was a name meant?"
    elif not bang and ":" not in rest:
        if world.tables is not None and rest in world.tables:
            yield f"reference: {rest} alone holds the header in LibreOffice, name a column"
        elif not is_name(rest):
            yield f"reference: {rest} is no reference"
        elif world.names is not None and rest.casefold() not in world.names:
            yield f"reference: there is no name {rest}"


def _of_comparison(node: Op) -> Iterator[str]:
    for side, other in ((node.left, node.right), (node.right, node.left)):
        hundred = isinstance(other, Literal) and other.value == "100"
        if isinstance(side, Op) and side.op == "&" and Literal("text", "") in (side.left, side.right):
            empty = other == Literal("text", "")
            if not empty and not (hundred and isinstance(other, Literal) and other.kind == "text"):
                yield 'comparison: x&"" takes the decimal comma of the machine; only &""="100" is used'
        elif isinstance(side, Ref) and side.text.casefold() in SWITCHES_100 and hundred:
            yield f'comparison: {side.text} may hold 100 as number or text: write {side.text}&""="100"'


def _of_call(call: Call, world: _World) -> Iterator[str]:
    if not known.is_excel_2010(call.name):
        yield f"function: {call.name} is not in Excel 2010 (or lacks its _xlfn. prefix)"
    if call.bare in known.LOCALE_BOUND:
        yield f"function: {call.bare} depends on the machine's language"
    if call.bare in {"ROUND", "ROUNDUP", "ROUNDDOWN"}:
        places = call.args[1] if len(call.args) > 1 else None
        if not (isinstance(places, Literal) and places.value.isdigit() and int(places.value) >= 6):
            yield f"round: {call.bare} to fewer than 6 places, ties differ between engines"
    if call.bare == "INDEX" and any(arg in (Literal("number", "0"), None) for arg in call.args[1:]):
        yield "index: position 0 or none gives the whole column"
    if call.bare == "MATCH" and len(call.args) > 1 and isinstance(call.args[1], Op | Sign | Call):
        yield "match: over a computed array one error gives rubbish in LibreOffice, use a range"
    if call.bare in {"MATCH", "VLOOKUP", "HLOOKUP"} and call.args and call.args[0] is not None:
        yield from (
            f"wildcard: {show(piece)} is looked up unescaped (~ * ?)"
            for piece in pieces(call.args[0])
            if not _safe(piece, world) and not _escaped(piece)
        )
    if call.bare in known.CRITERIA:
        yield from _of_criteria(call, world)


def _of_criteria(call: Call, world: _World) -> Iterator[str]:
    forms: dict[str, set[str]] = {}
    for place, at in known.criteria_pairs(call.bare, len(call.args)):
        over, criterion = call.args[place], call.args[at]
        if not isinstance(over, Ref) and not (isinstance(over, Op) and over.op == ":"):
            yield f"criterion: {call.bare} takes a range, not a computed array"
        if criterion is None:
            yield f"criterion: {call.bare} lacks one"
            continue
        yield from _of_criterion(pieces(criterion), world)
        if isinstance(over, Ref) and _is_code(over.text):
            forms.setdefault(over.text, set()).add(_code_form(pieces(criterion)))
    for heading, seen in forms.items():
        if "equality" in seen or len(seen & {"head", "tail"}) == 1:
            yield (
                f"code: equality on {heading} compares digits as 15-digit numbers; "
                'write "=?"&…MID(x,2,99) and "="&…LEFT(x,1)&"*"'
            )


def _of_criterion(parts: list[Node], world: _World) -> Iterator[str]:
    head = parts[0]
    if not (isinstance(head, Literal) and head.kind == "text"):
        if not _safe(head, world):
            yield f'criterion: {show(head)} is text of the staff, write "="& and escape it'
        return
    operator = next((op for op in _OPERATORS if head.value.startswith(op)), "")
    rest = head.value[len(operator) :]
    if not operator and head.value and not head.value[0].isalpha():
        yield f"criterion: '{head.value}' begins with neither a letter nor an operator"
    if head.value == "<>" and len(parts) == 1:
        yield "criterion: '<>' alone counts empty texts differently in each engine"
    if re.search(r"\d[.,]\d", rest) or any(
        isinstance(part, Literal) and part.kind == "number" and "." in part.value for part in parts
    ):
        yield "criterion: a decimal point in a criterion is read by the machine's language"
    if operator in {"", "=", "<>"}:
        for part in parts[1:]:
            if not _safe(part, world) and not _escaped(part):
                yield f"wildcard: {show(part)} stands unescaped (~ * ?) in a criterion"


def _code_form(parts: list[Node]) -> str:
    """How a criterion on a code column is written: blank, order, head, tail, child or equality."""
    head, last = parts[0], parts[-1]
    if not (isinstance(head, Literal) and head.kind == "text"):
        return "equality"
    if len(parts) == 1 and head.value in {"", "=", "<>"}:
        return "blank"
    if head.value.startswith(("<", ">")) and not head.value.startswith("<>"):
        return "order"
    if head.value == "=?" and len(parts) > 1:
        return "tail"
    if head.value == "=" and isinstance(last, Literal) and len(parts) > 2:
        if last.value == ".*":
            return "child"
        if last.value == "*" and any(isinstance(n, Call) and n.bare == "LEFT" for part in parts for n in walk(part)):
            return "head"
    return "equality"


def _is_code(text: str) -> bool:
    parts = structured(text)
    if parts is None:
        return False
    columns = {name.casefold() for name in parts.columns}
    return bool(columns & CODES) or any((parts.table.casefold(), name) in CODES_OF for name in columns)


def _escaped(node: Node) -> bool:
    """SUBSTITUTE(SUBSTITUTE(SUBSTITUTE(x,"~","~~"),"*","~*"),"?","~?"), in any order after the first "~"."""
    found: list[tuple[str, str]] = []
    while isinstance(node, Call) and node.bare == "SUBSTITUTE" and len(node.args) == 3:
        text, old, new = node.args
        if not (isinstance(old, Literal) and isinstance(new, Literal)) or text is None:
            return False
        found.append((old.value, new.value))
        node = text
    return len(found) == 3 and found[-1] == _ESCAPES[-1] and set(found) == set(_ESCAPES)


def _safe(node: Node, world: _World) -> bool:
    """Whether this is a constant of ours, a number by its nature, or vouched for."""
    if isinstance(node, Literal):
        return True
    if isinstance(node, Sign):
        return True
    if isinstance(node, Op):
        return node.op != "&" or all(_safe(piece, world) for piece in pieces(node))
    if isinstance(node, Call):
        if node.bare in known.NUMERIC:
            return True
        if node.bare in {"IF", "IFERROR", "LEFT", "RIGHT", "MID", "CHOOSE"}:
            results = node.args[1:] if node.bare in {"IF", "CHOOSE"} else node.args
            return all(arg is None or _safe(arg, world) for arg in results)
        return False
    return _trusted(node.text, world)


def _plain(text: str) -> str:
    """A reference for comparing: without dollar signs and quotes, in lower case."""
    return text.replace("$", "").replace("'", "").casefold()


def _trusted(text: str, world: _World) -> bool:
    wanted = _plain(text)
    on, _, spot = wanted.rpartition("!")
    for entry in world.trusted:
        sheet, _, area = entry.rpartition("!")
        if wanted == entry or (spot == area and world.sheet == sheet and not on):
            return True
        box, cell = _RANGE.match(area), CELL.match(spot)
        if box is None or cell is None or sheet not in {on, on or world.sheet}:
            continue
        if column(box[1]) <= column(cell[1]) <= column(box[3]) and int(box[2]) <= int(cell[2]) <= int(box[4]):
            return True
    return False
