"""From a workbook's inputs and figures to a simulation: which targets, and what would reach each (``simulasi``).

It starts from our own computation at the workbook's cut-off, also where Ringkasan shows a reported or BKN's
figure. Complainants' own data is never part of it: of complaints there are counts only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, TypeAlias

from iku_excel.cells import Cell, decimal, is_error, same
from iku_excel.form import layout
from iku_excel.form.compute import WEIGHT_NAMES, Result
from iku_excel.form.inputs import Inputs, quoted
from iku_excel.form.layout import IKU_1, IKU_2, IKU_3, IKU_CODES
from iku_excel.form.settings import HOLIDAYS
from iku_excel.indicators.complaints import complaint_figures
from iku_excel.indicators.exact import half_up
from iku_excel.indicators.period import clean_holidays
from iku_excel.indicators.what_if import FollowUpPlan, NspkPlan, QuestionGain, follow_up_plan, nspk_plan
from iku_excel.indicators.what_if_secretariat import IncompleteIndex, SecretariatPlan, secretariat_plan

ASKED = "target yang diminta"
"""What a target of the command line is called."""

Plan: TypeAlias = NspkPlan | SecretariatPlan | IncompleteIndex | FollowUpPlan
Status: TypeAlias = Literal[
    "sudah tercapai",
    "dapat dicapai",
    "tidak dapat dicapai",
    "tanpa target",
    "tidak berlaku",
    "belum ada pertanyaan",
    "bobot tidak 100",
    "belum lengkap",
    "tidak ada keluhan",
]


@dataclass(frozen=True, slots=True)
class Goal:
    """One target of one indicator: the number (None: there is none) and what it is called ("Target 2025")."""

    iku: str
    target: Decimal | None
    name: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question that a plan wants answered: its Kode Pertanyaan as typed, and the cell of its Skor.

    ``typed`` tells that the cell holds something that is no score (a text, an error), so mending comes first.
    """

    code: str
    place: str
    element: str
    gain: QuestionGain
    typed: bool


@dataclass(frozen=True, slots=True)
class OpenComplaints:
    """Complaints that count and are not followed up at the cut-off, those of them with a time limit that has
    passed by then, and the followed ones that came too late."""

    left: int
    late: int
    followed_late: int


@dataclass(frozen=True, slots=True)
class Scenario:
    """What one target comes to. ``value`` is today's own figure, ``shown`` and ``source`` what Ringkasan shows.

    ``plan`` is None where nothing can be said; ``status`` says why. ``questions`` belong to IKU-1, ``complaints``
    to IKU-3, ``late_documents`` (due and not on time) to IKU-2.
    """

    goal: Goal
    name: str
    status: Status
    value: Decimal | None
    shown: Decimal | None
    source: str
    plan: Plan | None
    questions: tuple[Question, ...] = ()
    complaints: OpenComplaints | None = None
    late_documents: int = 0


@dataclass(frozen=True, slots=True)
class Simulation:
    """All scenarios of one workbook, and whose and of when it is."""

    agency: str
    year: int
    quarter: int
    scenarios: tuple[Scenario, ...]


def simulate(inputs: Inputs, result: Result, asked: Mapping[str, Decimal] | None = None) -> Simulation:
    """The scenarios for the targets ``asked`` (by Kode IKU); without them for the workbook's own targets."""
    goals = (
        _own_goals(inputs, result) if not asked else tuple(Goal(c, asked[c], ASKED) for c in IKU_CODES if c in asked)
    )
    agency = inputs.settings["Perangkat_Daerah"]
    return Simulation(
        agency if isinstance(agency, str) else "",
        inputs.period.year,
        inputs.period.quarter,
        tuple(_scenario(inputs, result, goal) for goal in goals),
    )


def _own_goals(inputs: Inputs, result: Result) -> tuple[Goal, ...]:
    """Each indicator's target of the quarter and of the year; equal ones are one, none at all is named too."""
    goals = []
    for code in IKU_CODES:
        shown = result.shown[code]
        quarter = f"{layout.TARGET_YEAR}TW {layout.QUARTERS[inputs.period.quarter - 1]}"
        year = f"{layout.TARGET_YEAR}{inputs.period.year}"
        named: dict[Decimal, list[str]] = {}
        for name, target in ((quarter, shown.target_quarter), (year, shown.target)):
            if target is not None and target > 0:
                named.setdefault(half_up(target, 8), []).append(name)
        if not named or not shown.carried:
            goals.append(Goal(code, None, f"{quarter} dan {year}"))
        else:
            goals += [Goal(code, target, " dan ".join(names)) for target, names in named.items()]
    return tuple(goals)


def _scenario(inputs: Inputs, result: Result, goal: Goal) -> Scenario:
    code, shown = goal.iku, result.shown[goal.iku]
    name = next((i.iku for i in inputs.rules.indicators if i.code == code), code)
    base = Scenario(goal, name, "tanpa target", result.indices[code], shown.now, shown.source, None)
    if not shown.carried:
        return replace(base, status="tidak berlaku")
    if goal.target is None:
        return base
    return {IKU_1: _nspk, IKU_2: _secretariat, IKU_3: _complaints}[code](inputs, result, base, goal.target)


def _nspk(inputs: Inputs, result: Result, base: Scenario, target: Decimal) -> Scenario:
    plan = nspk_plan(inputs.questions, result.nspk, target)
    if plan is None:
        return replace(base, status="belum ada pertanyaan")
    data = inputs.tables[layout.QUESTIONS.name]
    codes, scores = (inputs.column(layout.QUESTIONS, heading) for heading in ("Kode Pertanyaan", "Skor"))
    questions = tuple(
        Question(
            _as_text(codes[gain.row]),
            f"{quoted(data.sheet)}!{data.address('Skor', gain.row)}",
            step.element.code,
            gain,
            gain.score is None and scores[gain.row] is not None,
        )
        for step in plan.steps
        for gain in step.questions
    )
    return replace(base, status=_status(plan), plan=plan, questions=questions)


def _secretariat(inputs: Inputs, result: Result, base: Scenario, target: Decimal) -> Scenario:
    weights = {key: inputs.number(name) for key, name in WEIGHT_NAMES.items()}
    plan = secretariat_plan(result.now.components, weights, result.now.index, target)
    if plan is None:
        return replace(base, status="bobot tidak 100")
    due = result.now.components["dokumen"]
    late = int(due.denominator - due.numerator)
    status: Status = "belum lengkap" if isinstance(plan, IncompleteIndex) else _status(plan)
    return replace(base, status=status, plan=plan, late_documents=late)


def _complaints(inputs: Inputs, result: Result, base: Scenario, target: Decimal) -> Scenario:
    count = result.complaints.by_quarter[inputs.period.quarter - 1]
    plan = follow_up_plan(count.counted, count.followed, base.value, target)
    if plan is None:
        return replace(base, status="tidak ada keluhan")
    return replace(base, status=_status(plan), plan=plan, complaints=_open_complaints(inputs, result))


def _status(plan: NspkPlan | SecretariatPlan | FollowUpPlan) -> Status:
    if plan.reached:
        return "sudah tercapai"
    return "dapat dicapai" if plan.possible else "tidak dapat dicapai"


def _open_complaints(inputs: Inputs, result: Result) -> OpenComplaints:
    """How many open complaints have overrun their limit: those that would be late if all were followed up on the
    last day of the period, less those that are late already."""
    now = result.complaints
    end = inputs.period.cutoff()
    log, switches = inputs.complaints, inputs.complaint_switches
    done = [cell if type(cell) is float and 1 < cell < end else end - 1 for cell in log.tindak_lanjut]
    status = log.status
    if switches.only_finished:
        status = [cell if is_error(cell) or same(cell, "Arsip") else "Selesai" for cell in status]
    then = complaint_figures(
        replace(log, tindak_lanjut=done, status=status),
        inputs.period,
        (),
        inputs.limits,
        clean_holidays(inputs.column(HOLIDAYS, "Tanggal")),
        switches,
    )
    count = now.by_quarter[inputs.period.quarter - 1]
    late_now = now.judged - now.on_time
    return OpenComplaints(count.counted - count.followed, then.judged - then.on_time - late_now, late_now)


def _as_text(cell: Cell) -> str:
    """A code as typed; a numeric one without a trailing ".0", "" for none or an error."""
    if isinstance(cell, str):
        return cell
    number = decimal(cell)
    return "" if number is None else f"{number:f}".removesuffix(".0").replace(".", ",")
