"""What the terminal and ``--json`` say of a simulation (``simulasi``)."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from iku_excel.findings import Refusal
from iku_excel.form.simulation import Question, Scenario, Simulation
from iku_excel.form.simulation_words import REMARK, TITLE, Grid, Kind, Value, blocks, points_text, subtitle
from iku_excel.indicators.achievement import round2, show
from iku_excel.indicators.what_if import FollowUpPlan, NspkPlan
from iku_excel.indicators.what_if_secretariat import ComponentRaise, IncompleteIndex, SecretariatPlan
from iku_excel.talk import clean

Json: TypeAlias = dict[str, object]

NARROWEST, WIDEST = 72, 120
"""Columns between which the text is laid out: a narrower terminal breaks it by itself, a wider line is hard to read."""

ROWS_SHOWN = 20
"""Rows of one table on the terminal; ``--json`` and the sheet hold all."""
_LONGEST = 16
"""Letters of a text in the middle of a table, such as somebody's question code."""
_LAST = 16
"""The least room for the last column; the first one then gives way."""


def simulation_lines(simulation: Simulation, width: int) -> Iterator[str]:
    """The simulation as lines of Indonesian text, laid out for a terminal of this width."""
    width = max(NARROWEST, min(width, WIDEST))
    yield TITLE
    yield from _wrapped(subtitle(simulation), width, "")
    for block in blocks(simulation):
        yield ""
        if block.title:
            yield from _wrapped(block.title, width, "")
        for item in block.items:
            if isinstance(item, str):
                yield from _wrapped(item, width, "  ")
            else:
                yield from (f"    {line}".rstrip() for line in _grid(item, width - 4))
    yield ""
    yield from _wrapped(REMARK, width, "")


def _wrapped(text: str, width: int, indent: str) -> list[str]:
    return textwrap.wrap(clean(text), width, initial_indent=indent, subsequent_indent=indent)


def _grid(grid: Grid, width: int) -> Iterator[str]:
    """A table: numbers to the right; the first column takes what room is left, the last one wraps."""
    kinds = [kind for _, kind in grid.columns]
    headings = [heading for heading, _ in grid.columns]
    texts = [[_text(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in grid.rows[:ROWS_SHOWN]]
    last = len(kinds) - 1
    texts = [
        [cell if i in (0, last) else textwrap.shorten(cell, _LONGEST, placeholder="…") for i, cell in enumerate(row)]
        for row in texts
    ]
    sizes = [max(len(row[i]) for row in (headings, *texts)) for i in range(last + 1)]
    gaps = 2 * last
    tail = min(sizes[last], _LAST)
    sizes[0] = max(8, min(sizes[0], width - gaps - sum(sizes[1:last]) - tail))
    sizes[last] = min(sizes[last], max(tail, width - gaps - sum(sizes[:last])))
    yield _row(headings, sizes, kinds)
    yield "─" * (sum(sizes) + gaps)
    for row in texts:
        parts = [textwrap.wrap(cell, size) or [""] for cell, size in zip(row, sizes, strict=True)]
        for n in range(max(map(len, parts))):
            yield _row([part[n] if n < len(part) else "" for part in parts], sizes, kinds)
    if len(grid.rows) > ROWS_SHOWN:
        yield f"… dan {len(grid.rows) - ROWS_SHOWN} baris lagi: pakai --lembar, --ke, atau --json."


def _row(cells: Sequence[str], sizes: Sequence[int], kinds: Sequence[Kind]) -> str:
    return "  ".join(
        cell.ljust(size) if kind in ("teks", "sel") else cell.rjust(size)
        for cell, size, kind in zip(cells, sizes, kinds, strict=True)
    ).rstrip()


def _text(value: Value, kind: Kind) -> str:
    if value is None:
        return "–"
    if isinstance(value, str):
        return clean(value)
    return points_text(value) if kind == "poin" else show(value)


# --json


def simulation_json(file: str, simulation: Simulation, saved: tuple[str, str] | None) -> Json:
    """One object for one workbook. Figures that are shown have two decimals, half up; amounts to act on are exact
    strings. ``saved``: the file and the sheet that were written."""
    return {
        "file": file,
        "year": simulation.year,
        "quarter": simulation.quarter,
        "simulations": [_scenario(scenario) for scenario in simulation.scenarios],
        "saved": None if saved is None else {"file": saved[0], "sheet": saved[1]},
        "error": None,
    }


def failed_json(file: str, refusal: Refusal) -> Json:
    """The same keys for a workbook that was refused."""
    error = {"code": refusal.code, "message": refusal.message, "fix": refusal.fix}
    return {"file": file, "year": None, "quarter": None, "simulations": [], "saved": None, "error": error}


def _scenario(s: Scenario) -> Json:
    told: Json = {
        "iku": s.goal.iku,
        "name": s.name,
        "target": None if s.goal.target is None else _exact(s.goal.target),
        "target_name": s.goal.name,
        "value": _shown(s.value),
        "status": s.status,
        "margin": None,
        "highest": None,
    }
    plan = s.plan
    if plan is not None and not isinstance(plan, IncompleteIndex):
        told |= {"margin": _shown(plan.margin), "highest": _shown(plan.highest)}
    if isinstance(plan, NspkPlan):
        told |= _nspk(plan, s.questions)
    elif isinstance(plan, SecretariatPlan):
        told |= _secretariat(plan) | {"late_documents": s.late_documents}
    elif isinstance(plan, IncompleteIndex):
        told |= {
            "missing": list(plan.missing),
            "index_if_0": _shown(plan.at_zero),
            "index_if_100": _shown(plan.at_hundred),
            "needed": _exact(plan.needed),
        }
    elif isinstance(plan, FollowUpPlan):
        told |= {"counted": plan.counted, "followed": plan.followed, "needed": plan.needed}
        if s.complaints is not None:
            told |= {"open": s.complaints.left, "open_late": s.complaints.late}
    return told


def _nspk(plan: NspkPlan, questions: Sequence[Question]) -> Json:
    return {
        "points_exact": _exact(plan.exact),
        "points": _exact(plan.points),
        "whole_points": plan.whole,
        "elements": [
            {
                "code": step.element.code,
                "name": step.element.name,
                "points": _exact(step.points),
                "percent": _shown(step.element.percent),
                "percent_after": _shown(step.after),
                "index_after": _shown(step.index),
            }
            for step in plan.steps
        ],
        "questions": [
            {
                "element": q.element,
                "code": q.code,
                "cell": q.place,
                "score": _exact(q.gain.score),
                "maximum": _exact(q.gain.maximum),
                "points": _exact(q.gain.gain),
                "no_number": q.typed,
            }
            for q in questions
        ],
    }


def _secretariat(plan: SecretariatPlan) -> Json:
    return {
        "alone": [_raise(r) for r in plan.alone],
        "gap_closed_percent": _exact(plan.share_of_gap),
        "together": [_raise(r) for r in plan.together],
        "heaviest_first": [_raise(r) for r in plan.heaviest_first],
    }


def _raise(r: ComponentRaise) -> Mapping[str, object]:
    return {
        "component": r.component.code,
        "weight": _exact(r.weight),
        "value": _shown(r.component.value),
        "value_after": _exact(r.value),
        "numerator": _exact(r.component.numerator),
        "more": _exact(r.more),
        "denominator": _exact(r.component.denominator),
        "index_after": _shown(r.index),
        "enough": r.enough,
    }


def _shown(value: Decimal | None) -> float | None:
    return None if value is None else float(round2(value))


def _exact(value: Decimal | None) -> str | None:
    """Every digit, without an exponent or trailing zeros: "35.08"."""
    if value is None:
        return None
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
