"""The agencies side by side: averages, ranks, trends, weakest elements; over the workbooks that stand for theirs.

Exact decimals throughout. An average is the plain mean of the agencies that have a value; the others are counted and
named, never taken as 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal

from iku_excel.form.secretariat_sheet import COMPONENTS
from iku_excel.indicators.achievement import round2
from iku_excel.indicators.exact import total
from iku_excel.recap.columns import element_names
from iku_excel.recap.roll import Roll
from iku_excel.record import ElementScore, Record

_EXACT = Context(prec=50)


def mean(values: Sequence[Decimal]) -> Decimal | None:
    """The arithmetic mean, None of nothing."""
    return _EXACT.divide(total(values), Decimal(len(values))) if values else None


@dataclass(frozen=True, slots=True)
class Spread:
    """Some values: how many, mean, lowest, highest; the last three None of nothing."""

    count: int
    mean: Decimal | None
    lowest: Decimal | None
    highest: Decimal | None


def spread(values: Iterable[Decimal | None]) -> Spread:
    """The spread of those that are there."""
    found = [value for value in values if value is not None]
    return Spread(len(found), mean(found), min(found, default=None), max(found, default=None))


@dataclass(frozen=True, slots=True)
class OfYear:
    """One indicator in one year: agencies that carry it and have a value, have none, don't carry it."""

    valued: int
    without: int
    not_carried: int
    value: Spread
    capaian: Spread


def of_year(records: Sequence[Record], code: str) -> OfYear:
    """The indicator over the workbooks of a year."""
    carried = [record.indicator(code) for record in records if record.carries(code)]
    values = spread(figures.value for figures in carried)
    return OfYear(
        values.count,
        len(carried) - values.count,
        len(records) - len(carried),
        values,
        spread(figures.capaian for figures in carried),
    )


def predicates(records: Sequence[Record], codes: Sequence[str]) -> list[tuple[str, tuple[int, ...]]]:
    """How many agencies have which predicate, for each indicator; by the highest capaian that it was given for."""
    best: dict[str, Decimal] = {}
    counts: dict[str, list[int]] = {}
    for record in records:
        for at, code in enumerate(codes):
            figures = record.indicator(code)
            if figures.predicate and figures.capaian is not None:
                label = figures.predicate
                best[label] = max(best.get(label, figures.capaian), figures.capaian)
                counts.setdefault(label, [0] * len(codes))[at] += 1
    return [(label, tuple(counts[label])) for label in sorted(best, key=best.__getitem__, reverse=True)]


def ranking(records: Sequence[Record], code: str) -> list[tuple[int, Record]]:
    """The workbooks of a year by the indicator's value at two decimals, the highest first; equal ones share a rank.

    Without a value, or where the indicator isn't carried, there is no rank.
    """
    rated = [
        (round2(value), record)
        for record in records
        if record.carries(code) and (value := record.indicator(code).value) is not None
    ]
    rated.sort(key=lambda item: -item[0])  # stable: equal ones stay by name
    ranks: list[tuple[int, Record]] = []
    for place, (value, record) in enumerate(rated, 1):
        shared = ranks and rated[place - 2][0] == value
        ranks.append((ranks[-1][0] if shared else place, record))
    return ranks


@dataclass(frozen=True, slots=True)
class ElementOverAll:
    """One element over the agencies of a year: mean percentage, lowest, points lost and their maximum, summed."""

    code: str
    name: str
    units: int
    percent: Spread
    lost: Decimal
    maximum: Decimal


def weakest(records: Sequence[Record], year: int) -> list[ElementOverAll]:
    """The elements of a year, the lowest mean percentage first; those that nobody has questions for are last."""
    names = element_names(year)
    asked: dict[str, list[ElementScore]] = {code: [] for code in names}
    for record in records:
        for element in record.carried_elements:
            if element.maximum > 0 and element.code in asked:
                asked[element.code].append(element)
    found = []
    for code, name in names.items():
        scores = asked[code]
        reached = spread(e.percent for e in scores)
        lost = total(e.lost for e in scores if e.lost is not None)
        found.append(ElementOverAll(code, name, reached.count, reached, lost, total(e.maximum for e in scores)))
    found.sort(key=lambda e: (e.percent.mean is None, e.percent.mean or 0))
    return found


@dataclass(frozen=True, slots=True)
class ComponentOverAll:
    """One component of IKU-2 over the agencies of a year; ``lowest`` names those with the lowest value."""

    label: str
    missing: int
    value: Spread
    lowest: tuple[str, ...]


def components(whole: Roll, records: Sequence[Record]) -> list[ComponentOverAll]:
    """The four components over the workbooks of a year, where IKU-2 is carried."""
    found = []
    for at, (*_, label) in enumerate(COMPONENTS):
        parts = [(record, record.carried_components[at].value) for record in records if record.carried_components]
        values = spread(value for _, value in parts)
        lowest = tuple(whole.unit(record) for record, value in parts if value is not None and value == values.lowest)
        found.append(ComponentOverAll(label, len(parts) - values.count, values, lowest))
    return found
