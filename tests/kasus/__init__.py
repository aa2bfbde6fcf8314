"""Reads the cases beside it: TOML that a planner of the agency can read and add to, with the sums written out.

A cell is written as staff would see it: 85.5, 2025-03-31, "Ya", "" for blank, "#N/A" for an error value.
``hitungan`` is the sum by hand; it is worked out exactly, so a wrong sum in a case fails as well.
"""

from __future__ import annotations

import ast
import datetime
import operator
import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from iku_excel.cells import Cell, CellError
from iku_excel.indicators.period import serial

_OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def cases(file: str) -> list[Any]:
    """The cases of one file, each under its own name."""
    parsed = tomllib.loads((Path(__file__).parent / file).read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["nama"]) for case in parsed["kasus"]]


def cell(written: object) -> Cell:
    """The cell that a case writes."""
    if isinstance(written, datetime.datetime):
        seconds = (written - datetime.datetime.combine(written.date(), datetime.time())).total_seconds()
        return serial(written.date()) + seconds / 86400
    if isinstance(written, datetime.date):
        return float(serial(written))
    if isinstance(written, bool):
        return written
    if isinstance(written, int | float):
        return float(written)
    assert isinstance(written, str)
    if written == "":
        return None
    return CellError(written) if written.startswith("#") else written


def table(case: dict[str, Any], name: str, *headings: str) -> list[list[Cell]]:
    """The columns of one table of a case under these headings; a heading that it leaves out is blank."""
    written = case.get(name, {"judul": [], "baris": []})
    unknown = set(written["judul"]) - set(headings)
    assert not unknown, f"judul tidak dikenal: {unknown}"
    places = {heading: i for i, heading in enumerate(written["judul"])}
    return [[cell(row[places[h]]) if h in places else None for row in written["baris"]] for h in headings]


def worked_out(sum_by_hand: str) -> Fraction:
    """The exact value of a sum such as "(3 + 2.5) / 8 * 100"."""

    def value(node: ast.expr) -> Fraction:
        if isinstance(node, ast.BinOp):
            return _OPERATORS[type(node.op)](value(node.left), value(node.right))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -value(node.operand)
        return Fraction(str(ast.literal_eval(node)))

    return value(ast.parse(sum_by_hand, mode="eval").body)


def two_decimals(exact: Fraction) -> str:
    """An exact value at two decimals, half up, worked out on whole numbers only."""
    cents = int(abs(exact) * 100 + Fraction(1, 2))
    return f"{'-' if exact < 0 and cents else ''}{cents // 100}.{cents % 100:02d}"
