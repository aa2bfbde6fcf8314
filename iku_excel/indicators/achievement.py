"""Target, reported figures, capaian and predicate; and how a figure is shown."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from iku_excel.cells import Column, decimal, is_error, same
from iku_excel.indicators.exact import half_up, percent


@dataclass(frozen=True, slots=True)
class Reported:
    """The columns of tblRealisasi that decide which figure was reported."""

    tahun: Column
    triwulan: Column
    kode: Column
    nilai: Column
    sumber: Column


def reported_row(r: Reported, year: int, quarter: int, code: str) -> int | None:
    """The index of the last row that reports this IKU for this quarter, or None.

    Tahun and Triwulan are the numbers, Kode IKU the same text, Nilai a number >= 0; an error in any of the
    five cells drops the row.
    """
    for i in range(len(r.kode) - 1, -1, -1):
        value = r.nilai[i]
        if (
            type(value) is float
            and value >= 0
            and same(r.kode[i], code)
            and type(r.tahun[i]) is float
            and r.tahun[i] == year
            and type(r.triwulan[i]) is float
            and r.triwulan[i] == quarter
            and not is_error(r.sumber[i])
        ):
            return i
    return None


def capaian(value: Decimal | None, target: Decimal | None, cap: Decimal | None = None) -> Decimal | None:
    """Capaian = realisasi / target × 100 (all three IKU are "higher is better"), at most ``cap`` if one is set.

    Unrounded. None unless both are there and the target is above 0.
    """
    if value is None or target is None:
        return None
    result = percent(value, target)
    return min(result, cap) if result is not None and cap is not None else result


def predicate(value: Decimal | None, bounds: Column, labels: Column) -> str:
    """What the scale calls the value: the label of the highest numeric bound <= value at 8 decimals, half up.

    The rows may stand in any order; of equal bounds the first counts. "" when there is no value, when it lies
    below all bounds, when the label is no text, or when an error stands among the bounds (as the formula then
    gives).
    """
    if value is None or any(is_error(cell) for cell in bounds):
        return ""
    compared = half_up(value, 8)
    best: tuple[Decimal, int] | None = None
    for i, cell in enumerate(bounds):
        bound = decimal(cell)
        if bound is not None and bound <= compared and (best is None or bound > best[0]):
            best = (bound, i)
    label = labels[best[1]] if best is not None else None
    return label if type(label) is str else ""


def round2(value: Decimal) -> Decimal:
    """The value at two decimals, half up: what is shown and what ``--json`` gives."""
    return half_up(value, 2)


def show(value: Decimal | None, places: int = 2, *, thousands: bool = False) -> str:
    """The value as Indonesians write it: "71,23"; with ``thousands`` "1.234.567,89". "" for no value."""
    if value is None:
        return ""
    rounded = half_up(value, places)
    text = f"{abs(rounded):,f}" if thousands else f"{abs(rounded):f}"
    sign = "-" if rounded < 0 else ""
    return sign + text.translate(_TO_INDONESIAN)


_TO_INDONESIAN = str.maketrans({".": ",", ",": "."})
