"""A formula as a tree, so that the lint's rules are walks and not regular expressions.

openpyxl's tokenizer cuts the text; the tree and the precedence of the operators are ours. Names and
separators are those of the file format: English, commas.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias


class FormulaError(ValueError):
    """The text is no formula: the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant. ``kind`` is number, text (without its quotes), logical, error or array."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Ref:
    """A cell, a range, a defined name or a structured reference, as written."""

    text: str


@dataclass(frozen=True, slots=True)
class Op:
    """``left op right``; the operators of references, range, intersection and union, are ":", " " and ","."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Sign:
    """A prefix + or -, or a postfix %."""

    op: str
    of: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments; ``None`` is an argument left out. ``name`` is upper case, as written."""

    name: str
    args: tuple[Node | None, ...]

    @property
    def bare(self) -> str:
        """The name without the prefix that marks functions newer than Excel 2007 in a file."""
        return self.name.removeprefix("_XLFN.").removeprefix("_XLWS.")


Node: TypeAlias = Literal | Ref | Op | Sign | Call

_POWER = {
    "=": 1,
    "<>": 1,
    "<": 1,
    ">": 1,
    "<=": 1,
    ">=": 1,
    "&": 2,
    "+": 3,
    "-": 3,
    "*": 4,
    "/": 4,
    "^": 5,
    ",": 8,
    " ": 9,
    ":": 10,
}
_MASK, _ESCAPED = 0xE000, "[]#@'"
_MASKED = re.compile(f"[{''.join(chr(_MASK + ord(sign)) for sign in _ESCAPED)}]")
_PERCENT, _PREFIX = 6, 7
_KINDS = {"NUMBER": "number", "LOGICAL": "logical", "ERROR": "error"}
MAX_DEPTH = 64
"""Excel's limit of nested functions (Excel specifications and limits, 2007 and later)."""

CELL = re.compile(r"^\$?([A-Za-z]{1,3})\$?([0-9]{1,7})$")
_R1C1 = re.compile(r"^([Rr][0-9]*([Cc][0-9]*)?|[Cc][0-9]*)$")
_NAME = re.compile(r"^[^\W\d][\w.\\?]*$|^\\[\w.\\?]*$")


@lru_cache(maxsize=1 << 13)  # our workbooks share most of their formulas
def parse(formula: str) -> Node:
    """The tree of a formula, with or without its leading "="; FormulaError when it is none."""
    from openpyxl.formula import Tokenizer
    from openpyxl.formula.tokenizer import TokenizerError

    text = formula.removeprefix("=")
    try:
        items = Tokenizer("=" + _masked(text)).items
    except (TokenizerError, IndexError) as error:
        raise FormulaError(f"cannot be cut into tokens: {error}") from error
    for token in items:
        token.value = _MASKED.sub(lambda match: "'" + chr(ord(match[0]) - _MASK), token.value)
    try:
        parser = _Parser(items)
        node = parser.expression(0)
    except RecursionError as error:
        raise FormulaError("too many brackets in brackets") from error
    if parser.peek() is not None:
        raise FormulaError(f"'{parser.peek().value}' is out of place")
    if parser.deepest > MAX_DEPTH:
        raise FormulaError(f"functions are nested {parser.deepest} deep, Excel allows {MAX_DEPTH}")
    return node


def _masked(text: str) -> str:
    """The formula with the escaped signs of headings (``T[a'[b]``) put out of the tokenizer's sight."""
    out, depth, quote, at = [], 0, "", 0
    while at < len(text):
        sign = text[at]
        if depth and sign == "'" and at + 1 < len(text) and text[at + 1] in _ESCAPED:
            out.append(chr(_MASK + ord(text[at + 1])))
            at += 2
            continue
        if quote:
            quote = "" if sign == quote else quote
        elif sign == '"' or (sign == "'" and not depth):
            quote = sign
        else:
            depth += (sign == "[") - (sign == "]")
        out.append(sign)
        at += 1
    return "".join(out)


class _Parser:
    """Precedence climbing over the tokens."""

    def __init__(self, tokens: list[Any]) -> None:
        self.tokens = [token for token in tokens if token.type != "WHITE-SPACE"]
        self.spaced = {id(token) for before, token in itertools.pairwise(tokens) if before.type == "WHITE-SPACE"}
        self.at = 0
        self.depth = self.deepest = 0

    def peek(self) -> Any:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self) -> Any:
        token = self.peek()
        if token is None:
            raise FormulaError("the formula ends too early")
        self.at += 1
        return token

    def expression(self, power: int) -> Node:
        left = self.operand()
        while (token := self.peek()) is not None:
            if token.type == "OPERATOR-POSTFIX" and power <= _PERCENT:
                self.take()
                left = Sign("%", left)
            elif token.type == "OPERATOR-INFIX" and _POWER.get(token.value, 0) > power:
                self.take()
                left = Op(token.value, left, self.expression(_POWER[token.value]))
            elif id(token) in self.spaced and _starts(token) and _POWER[" "] > power:
                left = Op(" ", left, self.expression(_POWER[" "]))
            else:
                break
        return left

    def operand(self) -> Node:
        token = self.take()
        if token.type == "OPERATOR-PREFIX":
            return Sign(token.value, self.expression(_PREFIX))
        if token.type == "OPERAND":
            if token.subtype == "RANGE":
                return Ref(token.value)
            if token.subtype == "TEXT":
                return Literal("text", token.value[1:-1].replace('""', '"'))
            return Literal(_KINDS[token.subtype], token.value)
        if token.type == "PAREN" and token.subtype == "OPEN":
            inner = self.expression(0)
            while (comma := self.peek()) is not None and comma.type == "SEP":
                self.take()
                inner = Op(",", inner, self.expression(0))
            self.close("PAREN")
            return inner
        if token.type == "ARRAY" and token.subtype == "OPEN":
            return self.array()
        if token.type == "FUNC" and token.subtype == "OPEN":
            start, colon, name = token.value[:-1].upper().rpartition(":")
            called = self.call(name)
            return Op(":", Ref(start), called) if colon else called
        raise FormulaError(f"'{token.value}' is out of place")

    def close(self, kind: str) -> None:
        token = self.take()
        if token.type != kind or token.subtype != "CLOSE":
            raise FormulaError(f"'{token.value}' where a closing bracket is due")

    def array(self) -> Node:
        values = []
        while (token := self.take()).type != "ARRAY":
            if token.type not in {"OPERAND", "SEP", "OPERATOR-PREFIX"}:
                raise FormulaError(f"'{token.value}' inside an array constant")
            values.append(token.value)
        return Literal("array", "{" + "".join(values) + "}")

    def call(self, name: str) -> Node:
        self.depth += 1
        self.deepest = max(self.deepest, self.depth)
        args: list[Node | None] = []
        token = self.peek()
        if token is not None and token.type == "FUNC" and token.subtype == "CLOSE":
            self.take()
        else:
            while True:
                token = self.peek()
                if token is not None and (token.type == "SEP" or (token.type, token.subtype) == ("FUNC", "CLOSE")):
                    args.append(None)
                else:
                    args.append(self.expression(0))
                token = self.take()
                if (token.type, token.subtype) == ("FUNC", "CLOSE"):
                    break
                if token.type != "SEP":
                    raise FormulaError(f"'{token.value}' in the arguments of {name}")
        self.depth -= 1
        return Call(name, tuple(args))


def _starts(token: Any) -> bool:
    return token.type == "OPERAND" or (token.type in {"FUNC", "PAREN"} and token.subtype == "OPEN")


def children(node: Node) -> tuple[Node, ...]:
    """The parts of a node, left to right."""
    if isinstance(node, Op):
        return (node.left, node.right)
    if isinstance(node, Sign):
        return (node.of,)
    if isinstance(node, Call):
        return tuple(arg for arg in node.args if arg is not None)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """Every node of the tree, parents first."""
    yield node
    for child in children(node):
        yield from walk(child)


def pieces(node: Node) -> list[Node]:
    """The parts joined by ``&``, left to right."""
    if isinstance(node, Op) and node.op == "&":
        return pieces(node.left) + pieces(node.right)
    return [node]


@dataclass(frozen=True, slots=True)
class Structured:
    """A structured reference: table ("" when left out), columns, and items such as ``#All`` or ``@``."""

    table: str
    columns: tuple[str, ...]
    items: tuple[str, ...]


def structured(text: str) -> Structured | None:
    """The parts of ``T[Col]``, ``T[[#All],[Col]]`` …, or None when the reference is of another kind.

    In a heading ``'`` escapes the next sign, as the file format has it.
    """
    table, bracket, rest = text.partition("[")
    if not bracket or "!" in table or "'" in table or not rest.endswith("]") or (not table and rest[:1].isdigit()):
        return None
    parts = _bracketed("[" + rest)
    items = tuple(part for part in parts if part.startswith(("#", "@")))
    columns = tuple(re.sub(r"'(.)", r"\1", part) for part in parts if part and part not in items)
    return Structured(table, columns, items)


def _bracketed(text: str) -> list[str]:
    """The innermost bracketed texts of ``[a]`` or ``[[a],[b]]``, still escaped."""
    found, current, at = [], "", 0
    while at < len(text):
        sign = text[at]
        if sign == "'":
            current += text[at : at + 2]
            at += 2
            continue
        if sign in "[]":
            if sign == "]" or current.strip().startswith("@"):
                found.append(current)
            current = ""
        else:
            current += sign
        at += 1
    return [part.strip(",: ") if part.strip(",: ") == "" else part for part in found]


def is_cell(text: str) -> bool:
    """Whether the text is a cell address of the sheet's 16,384 columns and 1,048,576 rows."""
    match = CELL.match(text)
    return match is not None and column(match[1]) <= 16384 and 1 <= int(match[2]) <= 1048576


def is_name(text: str) -> bool:
    """Whether Excel takes the text as a defined name: letters first, no blanks, no cell address, not R or C."""
    return bool(_NAME.match(text)) and len(text) <= 255 and not is_cell(text) and not _R1C1.match(text)


def column(letters: str) -> int:
    """The number of a column: A is 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def without_sheet(text: str) -> str:
    """A reference without its sheet: ``'NSPK Data'!$B$3`` → ``$B$3``."""
    return text.rpartition("!")[2]


def show(node: Node) -> str:
    """A short form of a node for messages."""
    if isinstance(node, Ref):
        return node.text
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Call):
        return f"{node.bare}(…)"
    if isinstance(node, Sign):
        return node.op + show(node.of)
    return f"{show(node.left)}{node.op}{show(node.right)}"
