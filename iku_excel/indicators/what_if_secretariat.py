"""What if, for IKU-2: what its components must reach, alone, together or the heaviest first (``simulasi``).

What "reached" means stands in ``what_if``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from iku_excel.indicators.exact import HUNDRED, difference, half_up, percent, share, total
from iku_excel.indicators.secretariat import Component, SecretariatIndex
from iku_excel.indicators.what_if import SHORTFALL, reached

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class ComponentRaise:
    """One component raised: ``value`` is what it must reach (0-100), ``more`` its numerator's increase in its own
    units (whole documents, people, units; whole rupiah), ``index`` what IKU-2 then is, raises before it included.
    ``enough`` tells whether this one can close the gap by itself; if not, it stands at 100."""

    component: Component
    weight: Decimal
    value: Decimal
    more: Decimal
    index: Decimal
    enough: bool


@dataclass(frozen=True, slots=True)
class SecretariatPlan:
    """How IKU-2 reaches ``target``.

    ``alone``: each component raised while the others stay. ``together``: the same share of each one's gap closed,
    ``share_of_gap`` percent of it; ``heaviest_first``: one after the other by weight, each only as far as need be.
    All are empty when the target is reached or beyond ``highest``, the index with every component at 100.
    """

    target: Decimal
    value: Decimal
    reached: bool
    margin: Decimal
    highest: Decimal
    alone: tuple[ComponentRaise, ...]
    share_of_gap: Decimal | None
    together: tuple[ComponentRaise, ...]
    heaviest_first: tuple[ComponentRaise, ...]

    @property
    def possible(self) -> bool:
        """Whether the target can be reached at all."""
        return reached(self.highest, self.target)


@dataclass(frozen=True, slots=True)
class IncompleteIndex:
    """IKU-2 without some components: which, and the index if those were 0 and if they were 100. ``needed`` is what
    the only missing one must reach for the target; None when several are missing or not even 100 suffices."""

    target: Decimal
    missing: tuple[str, ...]
    at_zero: Decimal
    at_hundred: Decimal
    needed: Decimal | None

    @property
    def possible(self) -> bool:
        """Whether the target can be reached at all."""
        return reached(self.at_hundred, self.target)


def secretariat_plan(
    components: Mapping[str, Component],
    weights: Mapping[str, Decimal | None],
    index: SecretariatIndex,
    target: Decimal,
) -> SecretariatPlan | IncompleteIndex | None:
    """What IKU-2 lacks to the target. None while the weights don't sum to 100: nothing can then be said.

    Index = Σ bobot / 100 × nilai, nilai = pembilang / penyebut × 100: one unit more of a numerator gives
    bobot / penyebut index points. A component above 100 or with a weight of 0 or less has nothing to give.
    """
    if index.status == "bobot tidak 100":
        return None
    known = {key: weight for key, weight in weights.items() if weight is not None}
    if index.value is None:
        return _incomplete(components, known, index, target)
    levers = [_Lever(components[key], weight) for key, weight in known.items()]
    highest = total((index.value, *(share(lever.weight, lever.gap) for lever in levers)))
    done = reached(index.value, target)
    possible = not done and reached(highest, target)
    lack = difference(target, index.value)
    of_gap = percent(lack, difference(highest, index.value)) if possible else None
    return SecretariatPlan(
        target=target,
        value=index.value,
        reached=done,
        margin=difference(index.value, target),
        highest=highest,
        alone=tuple(lever.raised(index.value, target) for lever in levers) if possible else (),
        share_of_gap=None if of_gap is None else min(of_gap, HUNDRED),
        together=() if of_gap is None else _together(levers, index.value, min(of_gap, HUNDRED)),
        heaviest_first=_heaviest_first(levers, index.value, target) if possible else (),
    )


def _incomplete(
    components: Mapping[str, Component], weights: Mapping[str, Decimal], index: SecretariatIndex, target: Decimal
) -> IncompleteIndex:
    missing = tuple(key for key, component in components.items() if component.value is None)
    low = total(part for part in index.contributions.values() if part is not None)
    high = total((low, *(weights[key] for key in missing)))
    needed = None
    if len(missing) == 1 and reached(high, target):
        needed = max(percent(difference(target, low), weights[missing[0]]) or _NOTHING, _NOTHING)
    return IncompleteIndex(target, missing, low, high, None if needed is None else min(needed, HUNDRED))


_DIVISIBLE = "anggaran"
"""The one component whose numerator is an amount: rounded up to whole rupiah, but not searched for the fewest."""


@dataclass(frozen=True, slots=True)
class _Lever:
    """A component with a value, and its weight."""

    component: Component
    weight: Decimal

    @property
    def value(self) -> Decimal:
        return self.component.value or _NOTHING

    @property
    def gap(self) -> Decimal:
        """Percentage points to 100, none where they would add nothing."""
        return max(difference(HUNDRED, self.value), _NOTHING) if self.weight > 0 else _NOTHING

    @property
    def room(self) -> Decimal:
        """The same in units of the numerator."""
        return difference(self.component.denominator, self.component.numerator) if self.gap > 0 else _NOTHING

    def raised(self, index: Decimal, target: Decimal) -> ComponentRaise:
        """This component alone, raised from an index until the target or its own 100."""
        full = total((index, share(self.weight, self.gap)))
        if not reached(full, target):
            return ComponentRaise(self.component, self.weight, self._limit, self.room, full, False)
        divisible = self.component.code == _DIVISIBLE
        lack = difference(target, index if divisible else total((index, SHORTFALL)))
        units = percent(share(lack, self.component.denominator), self.weight) or _NOTHING
        more = min(_whole_up(units) if divisible else units.to_integral_value(ROUND_CEILING), self.room)
        value = total((self.value, percent(difference(target, index), self.weight) or _NOTHING))
        return self._with(max(more, _NOTHING), min(value, self._limit), index, enough=True)

    def share_closed(self, index: Decimal, of_gap: Decimal) -> ComponentRaise:
        """A share (percent) of this component's gap closed, in whole units."""
        more = min(_whole_up(share(of_gap, self.room)), self.room)
        return self._with(more, total((self.value, share(of_gap, self.gap))), index, enough=True)

    @property
    def _limit(self) -> Decimal:
        return max(HUNDRED, self.value)

    def _with(self, more: Decimal, value: Decimal, index: Decimal, *, enough: bool) -> ComponentRaise:
        gained = percent(more, self.component.denominator) or _NOTHING
        return ComponentRaise(
            self.component, self.weight, value, more, total((index, share(self.weight, gained))), enough
        )


def _together(levers: Sequence[_Lever], index: Decimal, of_gap: Decimal) -> tuple[ComponentRaise, ...]:
    """Each one's share of its gap closed; ``index`` of each is what stands after it and those before it."""
    raises = []
    for lever in levers:
        raises.append(lever.share_closed(index, of_gap))
        index = raises[-1].index
    return tuple(raises)


def _heaviest_first(levers: Sequence[_Lever], index: Decimal, target: Decimal) -> tuple[ComponentRaise, ...]:
    steps: list[ComponentRaise] = []
    for lever in sorted(levers, key=lambda lever: -lever.weight):
        if reached(index, target):
            break
        if lever.gap > 0:
            steps.append(lever.raised(index, target))
            index = steps[-1].index
    return tuple(steps)


def _whole_up(amount: Decimal) -> Decimal:
    """The next whole number; what a quotient that doesn't end leaves behind its 12th decimal is not counted."""
    return half_up(amount, 12).to_integral_value(ROUND_CEILING)
