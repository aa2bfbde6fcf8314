"""The arithmetic of ``simulasi``: what is proposed reaches the target, and nothing less does."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from iku_excel.cells import Cell
from iku_excel.indicators.exact import half_up, percent, total
from iku_excel.indicators.nspk import NspkIndex, Questions, nspk_index
from iku_excel.indicators.secretariat import Component, SecretariatIndex, secretariat_index
from iku_excel.indicators.what_if import NspkPlan, follow_up_plan, nspk_plan, reached
from iku_excel.indicators.what_if_secretariat import (
    ComponentRaise,
    IncompleteIndex,
    SecretariatPlan,
    secretariat_plan,
)

ELEMENTS = tuple((f"E{n:02d}", f"Elemen {n}") for n in range(1, 7))
WEIGHTS = {"dokumen": Decimal(40), "anggaran": Decimal(30), "diklat": Decimal(25), "sarpras": Decimal(5)}
D = Decimal

_row = st.tuples(
    st.integers(0, 5), st.integers(0, 40), st.integers(1, 40), st.sampled_from((None, None, "Tidak", "Ya"))
)
_rows = st.lists(_row, min_size=1, max_size=12)
_targets = st.integers(1, 10_000).map(lambda n: D(n) / 100)


def _questions(rows: list[tuple[int, int, int, str | None]], unit: float) -> Questions:
    """Rows of (element, score, maximum, Berlaku) in this unit; a score above its maximum is left unanswered."""
    scores: list[Cell] = [s * unit if s <= m else None for _, s, m, _ in rows]
    codes: list[Cell] = [ELEMENTS[e][0].lower() if e == 2 else ELEMENTS[e][0] for e, *_ in rows]
    blank: list[Cell] = [None] * len(rows)
    return Questions(codes, scores, [m * unit for _, _, m, _ in rows], [b for *_, b in rows], blank, blank)


def _with(q: Questions, scores: dict[int, Decimal]) -> NspkIndex:
    """The index with other scores in these rows."""
    skor = [float(scores[i]) if i in scores else cell for i, cell in enumerate(q.skor)]
    return nspk_index(Questions(q.kode, skor, q.maks, q.berlaku, q.status_bukti, q.skor_bkn), ELEMENTS)


def _proposed(plan: NspkPlan) -> dict[int, Decimal]:
    return {g.row: (g.score or D(0)) + g.gain for step in plan.steps for g in step.questions}


def _value(index: NspkIndex) -> Decimal:
    assert index.value is not None
    return index.value


@settings(max_examples=100, deadline=None)
@given(_rows, st.sampled_from((1.0, 0.25)), _targets)
def test_the_points_proposed_reach_the_target_and_fewer_do_not(
    rows: list[tuple[int, int, int, str | None]], unit: float, target: Decimal
) -> None:
    """The questions as proposed give an index that reaches; the fewest points less a hundredth don't, anywhere."""
    q = _questions(rows, unit)
    index = nspk_index(q, ELEMENTS)
    plan = nspk_plan(q, index, target)
    assume(plan is not None and plan.possible and not plan.reached)
    assert plan is not None and plan.exact is not None and plan.points is not None

    scores = _proposed(plan)
    after = _with(q, scores)

    assert reached(_value(after), target)
    assert all(float(score) <= (q.maks[row] or 0) for row, score in scores.items())
    assert total(step.points for step in plan.steps) == plan.points
    assert _value(after) == plan.steps[-1].index
    for step in plan.steps:
        of_step = next(e for e in after.elements if e.code == step.element.code)
        assert of_step.percent == step.after
    step_down = D(1) if plan.whole else D("0.01")
    last = plan.steps[-1].questions[-1].row
    assert not reached(_value(_with(q, scores | {last: scores[last] - step_down})), target)
    less = percent(index.score + plan.exact - D("0.01"), index.maximum)
    assert less is not None and not reached(less, target)
    assert plan.exact <= plan.points < plan.exact + 1


@settings(max_examples=80, deadline=None)
@given(_rows, _targets)
def test_no_smaller_set_of_elements_reaches_the_target(
    rows: list[tuple[int, int, int, str | None]], target: Decimal
) -> None:
    """Brute force: every set with one element fewer, all its questions at their maximum, stays below the target."""
    q = _questions(rows, 1.0)
    plan = nspk_plan(q, nspk_index(q, ELEMENTS), target)
    assume(plan is not None and len(plan.steps) > 0)
    assert plan is not None

    for chosen in combinations([code for code, _ in ELEMENTS], len(plan.steps) - 1):
        full = {i: D(repr(q.maks[i])) for i, code in enumerate(q.kode) if str(code).upper() in chosen}
        assert not reached(_value(_with(q, full)), target)


@settings(max_examples=100, deadline=None)
@given(_rows, _targets)
def test_the_highest_index_is_that_of_all_maxima(rows: list[tuple[int, int, int, str | None]], target: Decimal) -> None:
    """What is called the highest reachable is the index with every counted question at its maximum."""
    q = _questions(rows, 1.0)
    plan = nspk_plan(q, nspk_index(q, ELEMENTS), target)
    assume(plan is not None)
    assert plan is not None
    best = _with(q, {i: D(repr(cell)) for i, cell in enumerate(q.maks)})
    assert plan.highest == best.value


def test_most_lost_points_come_first_and_ties_in_the_elements_order() -> None:
    """E02 and E03 lose 4 each, E01 loses 5: E01 first, then E02; in it the unanswered question before the other."""
    rows = [(2, 4, 8, None), (1, 3, 4, None), (1, 40, 3, None), (0, 0, 5, None)]
    q = _questions(rows, 1.0)
    plan = nspk_plan(q, nspk_index(q, ELEMENTS), D(80))
    assert plan is not None
    # Σ maks 20, Σ skor 7; 80 % needs 16: 9 points, 5 of E01 and 4 of E02
    assert (plan.exact, plan.points) == (9, 9)
    assert [(s.element.code, s.points, s.after, s.index) for s in plan.steps] == [
        ("E01", 5, 100, 60),
        ("E02", 4, 100, 80),
    ]
    assert [(g.row, g.score, g.gain) for g in plan.steps[1].questions] == [(2, None, 3), (1, 3, 1)]


def test_a_reached_target_needs_nothing() -> None:
    """7 of 20 is 35: a target of 35 is reached without a margin, one of 35.00000001 is not."""
    q = _questions([(2, 4, 8, None), (1, 3, 12, None)], 1.0)
    index = nspk_index(q, ELEMENTS)
    at = nspk_plan(q, index, D(35))
    above = nspk_plan(q, index, D("35.00000001"))
    assert at is not None and at.reached and (at.points, at.margin, at.steps) == (0, 0, ())
    assert above is not None and not above.reached
    assert above.exact == D("0.000000002")
    assert above.points == 1


def test_reached_is_decided_at_eight_decimals() -> None:
    """1/3 is 33.33333333… and reaches 33.33333333, not 33.33333334; 2/3 rounds up to 66.66666667."""
    third, two_thirds = percent(D(1), D(3)), percent(D(2), D(3))
    assert third is not None and two_thirds is not None
    assert reached(third, D("33.33333333")) and not reached(third, D("33.33333334"))
    assert reached(two_thirds, D("66.66666667"))


def test_unanswered_questions_come_first() -> None:
    """An unanswered question of 2 points goes before an answered one that lacks 5."""
    q = _questions([(0, 3, 8, None), (0, 40, 2, None)], 1.0)
    plan = nspk_plan(q, nspk_index(q, ELEMENTS), D(60))
    assert plan is not None
    assert [(g.row, g.gain) for g in plan.steps[0].questions] == [(1, 2), (0, 1)]


def test_the_fewest_whole_points_and_documents_know_the_rounding() -> None:
    """Two of three are 66.66666667 at 8 decimals: for that target a third point, or document, is not asked for."""
    q = _questions([(0, 0, 3, None)], 1.0)
    plan = nspk_plan(q, nspk_index(q, ELEMENTS), D("66.66666667"))
    assert plan is not None and plan.points == 2
    raises, *_ = _plan(((0, 3), (0, 1), (0, 1), (0, 1)), (100, 0, 0, 0), D("66.66666667"))
    assert raises.alone[0].more == 2


def test_a_score_above_its_maximum_gives_no_points_away() -> None:
    """10 of 5 in E01 does not hide that E01's other question lacks 5; the score is counted and told."""
    q = Questions(["E01", "E01"], [10.0, 0.0], [5.0, 5.0], [None] * 2, [None] * 2, [None] * 2)
    plan = nspk_plan(q, nspk_index(q, ELEMENTS), D(120))
    assert plan is not None
    assert (plan.above, plan.highest, plan.points) == (1, 150, 2)
    assert [g.row for step in plan.steps for g in step.questions] == [1]


def test_nothing_can_be_said_without_a_maximum() -> None:
    """No question with a maximum above 0: no plan."""
    q = Questions(["E01"], [1.0], [None], [None], [None], [None])
    assert nspk_plan(q, nspk_index(q, ELEMENTS), D(50)) is None


# IKU-2

_part = st.integers(1, 60).flatmap(lambda m: st.tuples(st.integers(0, m), st.just(m)))
_parts = st.tuples(
    _part, st.integers(1, 10**12).flatmap(lambda m: st.tuples(st.integers(0, m), st.just(m))), _part, _part
)
_weights = st.sampled_from(
    ((40, 30, 25, 5), (25, 25, 25, 25), (0, 50, 50, 0), (D("33.3"), D("33.3"), D("33.3"), D("0.1")))
)


def _components(parts: tuple[tuple[int, int], ...]) -> dict[str, Component]:
    return {key: Component(key, D(n), D(m), percent(D(n), D(m))) for key, (n, m) in zip(WEIGHTS, parts, strict=True)}


def _index(components: dict[str, Component], weights: dict[str, Decimal]) -> SecretariatIndex:
    return secretariat_index({key: c.value for key, c in components.items()}, dict(weights))


def _raised(
    components: dict[str, Component], weights: dict[str, Decimal], *raises: tuple[ComponentRaise, Decimal]
) -> Decimal:
    """The index, computed anew, with the numerators of these raises plus a difference."""
    changed = dict(components)
    for r, extra in raises:
        c = r.component
        numerator = c.numerator + r.more + extra
        changed[c.code] = Component(c.code, numerator, c.denominator, percent(numerator, c.denominator))
    value = _index(changed, weights).value
    assert value is not None
    return value


def _plan(
    parts: tuple[tuple[int, int], ...], weights: tuple[object, ...], target: Decimal
) -> tuple[SecretariatPlan, dict[str, Component], dict[str, Decimal]]:
    components, of = _components(parts), dict(zip(WEIGHTS, map(D, map(str, weights)), strict=True))
    plan = secretariat_plan(components, of, _index(components, of), target)
    assert isinstance(plan, SecretariatPlan)
    return plan, components, of


@settings(max_examples=100, deadline=None)
@given(_parts, _weights, _targets)
def test_one_component_alone_reaches_with_the_fewest_units(
    parts: tuple[tuple[int, int], ...], weights: tuple[object, ...], target: Decimal
) -> None:
    """Raised as said the index reaches, with one document, person or unit fewer it doesn't; where a component isn't
    enough, all of it doesn't reach either."""
    plan, components, of = _plan(parts, weights, target)
    assume(plan.possible and not plan.reached)
    for r in plan.alone:
        whole = r.component.denominator - r.component.numerator
        assert r.more <= whole and r.more == r.more.to_integral_value()
        value = _raised(components, of, (r, D(0)))
        assert half_up(value, 8) == half_up(r.index, 8)
        assert r.enough == reached(value, target)
        if not r.enough:
            assert r.more == whole or r.weight <= 0
        elif r.component.code != "anggaran":
            assert not reached(_raised(components, of, (r, D(-1))), target)
        else:  # whole rupiah of a large budget move less than the eighth decimal
            exact = (target - plan.value) * r.component.denominator / r.weight
            assert exact <= r.more + D("1e-9") and r.more < exact + 1


@settings(max_examples=100, deadline=None)
@given(_parts, _weights, _targets)
def test_all_components_together_and_the_heaviest_first_reach(
    parts: tuple[tuple[int, int], ...], weights: tuple[object, ...], target: Decimal
) -> None:
    """The same share of every gap reaches, a hundredth of a percent less of it doesn't; one after the other by weight
    reaches with the last step and not before it."""
    plan, components, of = _plan(parts, weights, target)
    assume(plan.possible and not plan.reached)
    assert plan.share_of_gap is not None

    assert reached(_raised(components, of, *((r, D(0)) for r in plan.together)), target)
    share = plan.share_of_gap - D("0.01")
    less = plan.value + (plan.highest - plan.value) * share / 100
    assume(plan.highest - plan.value > D("0.001"))
    assert not reached(less, target)

    steps = plan.heaviest_first
    assert [r.weight for r in steps] == sorted((r.weight for r in steps), reverse=True)
    assert reached(_raised(components, of, *((r, D(0)) for r in steps)), target)
    assert not reached(_raised(components, of, *((r, D(0)) for r in steps[:-1])), target)


@settings(max_examples=60, deadline=None)
@given(_parts, _targets)
def test_the_highest_index_has_every_component_at_100(parts: tuple[tuple[int, int], ...], target: Decimal) -> None:
    """With weights that sum to 100 the highest is 100, and no component of today's lowers it."""
    plan, *_ = _plan(parts, (40, 30, 25, 5), target)
    assert half_up(plan.highest, 20) == 100


def test_raises_by_hand() -> None:
    """Dokumen 6/10, Anggaran 800/1000, Diklat 10/20, Sarpras 4/5: 24 + 24 + 12.5 + 4 = 64.5; the target is 70.5."""
    plan, *_ = _plan(((6, 10), (800, 1000), (10, 20), (4, 5)), (40, 30, 25, 5), D("70.5"))
    assert (plan.value, plan.margin) == (D("64.5"), D(-6))
    # 6 points: 15 of Dokumen (2 documents), 20 of Anggaran (200), 24 of Diklat (5 people), 120 of Sarpras (too many)
    assert [(r.value, r.more, r.enough) for r in plan.alone] == [
        (75, 2, True),
        (100, 200, True),
        (74, 5, True),
        (100, 1, False),
    ]
    assert [r.index for r in plan.alone] == [D("72.5"), D("70.5"), D("70.75"), D("65.5")]
    # the gaps hold 16 + 6 + 12.5 + 1 = 35.5 points
    assert half_up(plan.share_of_gap or D(0), 4) == D("16.9014")
    assert [r.component.code for r in plan.heaviest_first] == ["dokumen"]


def test_a_quotients_last_digit_asks_for_nothing_more() -> None:
    """1/3 and 4/12 at equal weights make 33.33…; 75 closes 62.5 % of both gaps: 1.25 of 2 documents, 5 of 8 people,
    though no 50 digits hold a third."""
    plan, *_ = _plan(((1, 3), (0, 1), (4, 12), (0, 1)), (50, 0, 50, 0), D(75))
    assert half_up(plan.share_of_gap or D(0), 12) == D("62.5")
    assert [r.more for r in plan.together] == [2, 0, 5, 0]


def test_a_missing_component_gives_a_range() -> None:
    """Without Sarpras: 60.5 with it at 0, 65.5 at 100; a target of 63 asks 50 of it, one of 66 can't be reached."""
    components = _components(((6, 10), (800, 1000), (10, 20), (0, 1)))
    components["sarpras"] = Component("sarpras", D(0), D(0), None)
    index = _index(components, WEIGHTS)
    plan = secretariat_plan(components, dict(WEIGHTS), index, D(63))
    beyond = secretariat_plan(components, dict(WEIGHTS), index, D(66))
    below = secretariat_plan(components, dict(WEIGHTS), index, D(60))
    assert plan == IncompleteIndex(D(63), ("sarpras",), D("60.5"), D("65.5"), D(50))
    assert isinstance(beyond, IncompleteIndex) and beyond.needed is None and not beyond.possible
    assert isinstance(below, IncompleteIndex) and below.needed == 0


def test_several_missing_components_give_a_range_only() -> None:
    """Two missing: both at 0, both at 100, and no single figure for either."""
    components = _components(((6, 10), (800, 1000), (0, 1), (0, 1)))
    for key in ("diklat", "sarpras"):
        components[key] = Component(key, D(0), D(0), None)
    plan = secretariat_plan(components, dict(WEIGHTS), _index(components, WEIGHTS), D(63))
    assert plan == IncompleteIndex(D(63), ("diklat", "sarpras"), D(48), D(78), None)


@pytest.mark.parametrize("weights", [{"dokumen": D(41)}, {"dokumen": None}])
def test_weights_that_do_not_sum_to_100_give_no_plan(weights: dict[str, Decimal | None]) -> None:
    """41 + 30 + 25 + 5, or one that is missing: nothing is said."""
    components, of = _components(((6, 10), (800, 1000), (10, 20), (4, 5))), {**WEIGHTS, **weights}
    index = secretariat_index({key: c.value for key, c in components.items()}, of)
    assert secretariat_plan(components, of, index, D(70)) is None


# IKU-3


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 300), st.integers(0, 300), _targets)
def test_the_fewest_complaints_by_brute_force(counted: int, followed: int, target: Decimal) -> None:
    """The number asked for is the first that reaches, tried one after the other."""
    followed = min(followed, counted)
    plan = follow_up_plan(counted, followed, percent(D(followed), D(counted)), target)
    assert plan is not None
    first = next(k for k in range(counted - followed + 1) if reached(D(followed + k) / counted * 100, target))
    assert plan.needed == first
    assert plan.reached == (first == 0)


def test_complaints_cannot_give_more_than_100() -> None:
    """A target of 101 is beyond reach; without complaints the switch's 100 is all there is."""
    some = follow_up_plan(4, 1, D(25), D(101))
    none = follow_up_plan(0, 0, D(100), D(100))
    assert some is not None and (some.needed, some.possible, some.highest) == (None, False, 100)
    assert none is not None and none.reached and none.needed == 0
    assert follow_up_plan(0, 0, None, D(50)) is None
