"""What if: how far an index lies from a target, and the least that closes the gap (``simulasi``).

IKU-1 and IKU-3 stand here, IKU-2 in ``what_if_secretariat``.

Reached is what the workbook calls so: the value rounded half up to 8 decimals is at least the target (DOMAIN §7).
Amounts that can be divided (points, rupiah) are exact; whatever is counted (questions' whole points, documents,
people, units, complaints) is the fewest whole number that reaches. A target has 8 decimals at most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from iku_excel.cells import Cell, decimal, same
from iku_excel.indicators.exact import HUNDRED, difference, half_up, percent, share, total
from iku_excel.indicators.nspk import ElementFigures, NspkIndex, Questions

SHORTFALL = Decimal("5E-9")
"""So much below a target still rounds up to it; that also keeps a quotient's last digit from adding one more."""

_NOTHING = Decimal(0)


def reached(value: Decimal, target: Decimal) -> bool:
    """Whether a value has reached the target: half up at 8 decimals."""
    return half_up(value, 8) >= target


# IKU-1


@dataclass(frozen=True, slots=True)
class QuestionGain:
    """One question to answer or complete. ``row`` is its row of tblPertanyaan (from 0), ``score`` None while
    unanswered, ``gain`` the points it is to gain, at most ``maximum`` less the score."""

    row: int
    score: Decimal | None
    maximum: Decimal
    gain: Decimal


@dataclass(frozen=True, slots=True)
class ElementGain:
    """What one element adds: points, its percentage before and after, the index once this and all before it are
    done, and the questions that give the points, the unanswered first, then by what they lack."""

    element: ElementFigures
    points: Decimal
    after: Decimal
    index: Decimal
    questions: tuple[QuestionGain, ...]


@dataclass(frozen=True, slots=True)
class NspkPlan:
    """How IKU-1 reaches ``target``. ``margin`` = value - target.

    ``exact`` are the fewest points, divided as finely as need be; ``points`` those that the plan gives: the next
    whole number where all scores and maxima are whole (``whole``). Both are 0 when the target is reached, and
    None when not even every question at its maximum reaches it: that index is ``highest``. ``above`` counts
    questions scored above their maximum.
    """

    target: Decimal
    value: Decimal
    reached: bool
    margin: Decimal
    highest: Decimal
    exact: Decimal | None
    points: Decimal | None
    whole: bool
    steps: tuple[ElementGain, ...]
    above: int

    @property
    def possible(self) -> bool:
        """Whether the target can be reached at all."""
        return self.points is not None


def nspk_plan(q: Questions, index: NspkIndex, target: Decimal) -> NspkPlan | None:
    """The fewest points that reach the target, in the fewest elements. None while the index has no value.

    Index = Σ skor / Σ maks × 100, so the fewest points are target × Σ maks / 100 - Σ skor, wherever they are
    gained. The fewest elements: those with most to gain first, ties in the elements' order.
    """
    if index.value is None:
        return None
    open_questions, whole, above = _open_questions(q, index)
    room = {code: total(question.gain for question in found) for code, found in open_questions.items()}
    highest = _pooled(index, total(room.values()))
    done = reached(index.value, target)
    exact: Decimal | None = _NOTHING
    points: Decimal | None = _NOTHING
    if not reached(highest, target):
        exact = points = None
    elif not done:
        everything = total(room.values())
        exact = min(difference(share(target, index.maximum), index.score), everything)
        points = exact
        if whole:
            enough = difference(share(difference(target, SHORTFALL), index.maximum), index.score)
            points = min(enough.to_integral_value(ROUND_CEILING), everything)
    return NspkPlan(
        target=target,
        value=index.value,
        reached=done,
        margin=difference(index.value, target),
        highest=highest,
        exact=exact,
        points=points,
        whole=whole,
        steps=_steps(index, open_questions, room, points or _NOTHING),
        above=above,
    )


def _pooled(index: NspkIndex, more: Decimal) -> Decimal:
    """The index with so many points more."""
    return percent(total((index.score, more)), index.maximum) or _NOTHING


def _open_questions(q: Questions, index: NspkIndex) -> tuple[dict[str, list[QuestionGain]], bool, int]:
    """The questions of each element that lack points, in the order of answering; whether all numbers are whole;
    how many scores exceed their maximum. The rows that count are those of ``nspk_index``."""
    found: dict[str, list[QuestionGain]] = {e.code.casefold(): [] for e in index.elements}
    whole, above = True, 0
    for row, code in enumerate(q.kode):
        of_element = found.get(code.casefold()) if type(code) is str else None
        maximum = _not_negative(q.maks[row])
        if of_element is None or same(q.berlaku[row], "Tidak") or not maximum:
            continue
        score = _not_negative(q.skor[row])
        gap = difference(maximum, score or _NOTHING)
        whole = whole and all(n == n.to_integral_value() for n in (maximum, score or _NOTHING))
        above += gap < 0
        if gap > 0:
            of_element.append(QuestionGain(row, score, maximum, gap))
    for of_element in found.values():
        of_element.sort(key=lambda question: (question.score is not None, -question.gain))
    return {e.code: found[e.code.casefold()] for e in index.elements}, whole, above


def _not_negative(cell: Cell) -> Decimal | None:
    number = decimal(cell)
    return number if number is not None and number >= 0 else None


def _steps(
    index: NspkIndex, questions: Mapping[str, Sequence[QuestionGain]], room: Mapping[str, Decimal], points: Decimal
) -> tuple[ElementGain, ...]:
    steps, given = [], _NOTHING
    for element in sorted(index.elements, key=lambda e: -room[e.code]):
        left = difference(points, given)
        gain = min(left, room[element.code])
        if gain <= 0:
            break
        given = total((given, gain))
        after = percent(total((element.score, gain)), element.maximum) or _NOTHING
        gains = _shared_out(questions[element.code], gain)
        steps.append(ElementGain(element, gain, after, _pooled(index, given), gains))
    return tuple(steps)


def _shared_out(questions: Sequence[QuestionGain], points: Decimal) -> tuple[QuestionGain, ...]:
    """The first questions that hold so many points; the last of them gains only what is left to gain."""
    taken, left = [], points
    for question in questions:
        if left <= 0:
            break
        gain = min(question.gain, left)
        left = difference(left, gain)
        taken.append(QuestionGain(question.row, question.score, question.maximum, gain))
    return tuple(taken)


# IKU-3


@dataclass(frozen=True, slots=True)
class FollowUpPlan:
    """How IKU-3 reaches ``target``: ``needed`` more complaints followed up, of the ``left`` that are not; None when
    not even all of them suffice. ``value`` and ``highest`` are percentages of the ``counted`` ones."""

    target: Decimal
    value: Decimal
    reached: bool
    margin: Decimal
    highest: Decimal
    counted: int
    followed: int
    left: int
    needed: int | None

    @property
    def possible(self) -> bool:
        """Whether the target can be reached at all."""
        return self.needed is not None


def follow_up_plan(counted: int, followed: int, value: Decimal | None, target: Decimal) -> FollowUpPlan | None:
    """How many more complaints must be followed up. None while there is no value (no complaints).

    ``value`` is the index itself: with no complaint counted it is what the workbook's switch puts in its place.
    """
    if value is None:
        return None
    highest = HUNDRED if counted else value
    done = reached(value, target)
    needed: int | None = 0
    if not reached(highest, target):
        needed = None
    elif not done:
        enough = share(difference(target, SHORTFALL), Decimal(counted))
        needed = int(enough.to_integral_value(ROUND_CEILING)) - followed
    return FollowUpPlan(
        target, value, done, difference(value, target), highest, counted, followed, counted - followed, needed
    )
