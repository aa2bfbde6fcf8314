"""Inputs to results: the three indices of today, by quarter, and what is shown of them (DOMAIN §7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from iku_excel.cells import decimal, same
from iku_excel.form import layout, settings
from iku_excel.form.inputs import Inputs
from iku_excel.form.layout import IKU_1, IKU_2, IKU_3, IKU_CODES
from iku_excel.indicators import secretariat
from iku_excel.indicators.achievement import capaian, predicate, reported_row
from iku_excel.indicators.complaints import ComplaintFigures, complaint_figures, share_followed
from iku_excel.indicators.nspk import NspkIndex, nspk_index
from iku_excel.indicators.period import clean_holidays
from iku_excel.indicators.secretariat import Component, SecretariatIndex, secretariat_index

WEIGHT_NAMES = {key: f"Bobot_{key.capitalize()}" for key in ("dokumen", "anggaran", "diklat", "sarpras")}


@dataclass(frozen=True, slots=True)
class QuarterOfSecretariat:
    """IKU-2 at one quarter's cut-off. ``trained`` ignores JP; ``trained_hours`` asks for the minimum JP and is
    None while JP_Minimal is no number above 0. ``components["diklat"]`` is the one that the switch chooses.
    """

    components: Mapping[str, Component]
    trained: int
    trained_hours: int | None
    index: SecretariatIndex


@dataclass(frozen=True, slots=True)
class Shown:
    """One indicator as Ringkasan shows it. ``frozen`` and ``by_quarter`` hold TW I-IV; ``frozen_rows`` the rows
    of tblRealisasi (from 0) they come from, the last one for last year's figure. ``capaian`` is capped where a
    cap is set, ``uncapped`` never.
    """

    carried: bool
    target: Decimal | None
    target_quarter: Decimal | None
    target_last: Decimal | None
    frozen: tuple[Decimal | None, ...]
    frozen_rows: tuple[int | None, ...]
    last_year: Decimal | None
    own: tuple[Decimal | None, ...]
    by_quarter: tuple[Decimal | None, ...]
    now: Decimal | None
    source: str
    uncapped_quarter: Decimal | None
    uncapped: Decimal | None
    capaian_quarter: Decimal | None
    capaian: Decimal | None
    predicate: str


@dataclass(frozen=True, slots=True)
class Result:
    """Everything computed for one workbook.

    ``indices`` and ``components`` are today's own computation at the workbook's cut-off (None for no value, and
    for an indicator that the agency does not carry); ``quarters`` runs up to the workbook's quarter.
    """

    nspk: NspkIndex
    quarters: tuple[QuarterOfSecretariat, ...]
    complaints: ComplaintFigures
    indices: Mapping[str, Decimal | None]
    shown: Mapping[str, Shown]

    @property
    def now(self) -> QuarterOfSecretariat:
        """IKU-2 at the workbook's own quarter."""
        return self.quarters[-1]

    @property
    def components(self) -> Mapping[str, Decimal | None]:
        """The four components' values now."""
        return {key: component.value for key, component in self.now.components.items()}


def compute(inputs: Inputs) -> Result:
    """All figures of one workbook. Pure: the same inputs give the same result."""
    nspk = nspk_index(inputs.questions, tuple((e.code, e.name) for e in inputs.rules.elements))
    quarters = tuple(_secretariat(inputs))
    complaints = complaint_figures(
        inputs.complaints,
        inputs.period,
        inputs.rules.channels,
        inputs.limits,
        clean_holidays(inputs.column(settings.HOLIDAYS, "Tanggal")),
        inputs.complaint_switches,
    )
    without = _value_without_complaints(inputs)
    count = len(quarters)
    own: dict[str, tuple[Decimal | None, ...]] = {
        IKU_1: (*[None] * (count - 1), nspk.value),
        IKU_2: tuple(quarter.index.value for quarter in quarters),
        IKU_3: tuple(share_followed(c, without) for c in complaints.by_quarter[:count]),
    }
    own = {code: values if inputs.carries(code) else (None,) * count for code, values in own.items()}
    shown = {code: _shown(inputs, code, own[code]) for code in IKU_CODES}
    return Result(nspk, quarters, complaints, {code: values[-1] for code, values in own.items()}, shown)


def _value_without_complaints(inputs: Inputs) -> Decimal | None:
    choice = inputs.settings["Nilai_Tanpa_Keluhan"]
    return Decimal(100) if choice == 100.0 or same(choice, "100") else None


def _secretariat(inputs: Inputs) -> Iterator[QuarterOfSecretariat]:
    """IKU-2 at each quarter's cut-off, up to the workbook's own."""
    people, courses, period = inputs.employees, inputs.trainings, inputs.period
    budget, leaves = inputs.budget, secretariat.leaf_rows(inputs.budget)
    active, in_year = secretariat.active_employees(people), secretariat.completed(courses, period)
    facilities = secretariat.facilities(inputs.facilities, inputs.switched("Hitung_Rusak_Ringan"))
    minimum = inputs.number("JP_Minimal")
    for quarter in range(1, period.quarter + 1):
        trained = secretariat.training(people, courses, period, quarter, active=active, in_year=in_year)
        hours = None
        if minimum is not None and minimum > 0:
            hours = secretariat.training(people, courses, period, quarter, minimum, active, in_year)
        counted = trained
        if inputs.switched("Minimal_20_JP"):
            counted = hours or Component("diklat", Decimal(0), trained.denominator, None)
        components = {
            "dokumen": secretariat.documents(inputs.documents, period, quarter),
            "anggaran": secretariat.budget(budget, quarter, leaves),
            "diklat": counted,
            "sarpras": facilities,
        }
        index = secretariat_index(
            {key: component.value for key, component in components.items()},
            {key: inputs.number(name) for key, name in WEIGHT_NAMES.items()},
        )
        yield QuarterOfSecretariat(
            components, int(trained.numerator), None if hours is None else int(hours.numerator), index
        )


def official_value(inputs: Inputs) -> Decimal | None:
    """BKN's typed result where the setting lets it take the place of the self-assessment."""
    return inputs.number("Indeks_NSPK_BKN") if same(inputs.settings["Sumber_IKU1"], "BKN") else None


def _shown(inputs: Inputs, code: str, own: tuple[Decimal | None, ...]) -> Shown:
    period, reported = inputs.period, inputs.reported
    carried = inputs.carries(code)
    values = reported.nilai
    rows = [reported_row(reported, period.year, q, code) for q in range(1, 5)]
    rows.append(reported_row(reported, period.year - 1, 4, code))
    *frozen, last_year = (None if row is None else decimal(values[row]) for row in rows)
    official = official_value(inputs) if code == IKU_1 else None
    by_quarter: list[Decimal | None] = [None] * 4
    if carried:
        for i, value in enumerate(own):
            by_quarter[i] = value if frozen[i] is None else frozen[i]
        if official is not None:
            by_quarter[len(own) - 1] = official
    now = by_quarter[len(own) - 1]
    source = ""
    if now is not None:
        reported_now = frozen[len(own) - 1] is not None
        source = "hasil BKN" if official is not None else "dilaporkan" if reported_now else "penilaian mandiri"
    year = decimal(inputs.target_cell(code, f"{layout.TARGET_YEAR}{period.year}"))
    quarter = decimal(inputs.target_cell(code, f"{layout.TARGET_YEAR}TW {layout.QUARTERS[period.quarter - 1]}"))
    last = inputs.places.last_target_year
    cap = inputs.number("Batas_Capaian")
    result = capaian(now, year, cap)
    bounds, labels = (inputs.column(settings.SCALE, h) for h in settings.SCALE.headings)
    return Shown(
        carried=carried,
        target=year,
        target_quarter=quarter,
        target_last=None if last is None else decimal(inputs.target_cell(code, f"{layout.TARGET_YEAR}{last}")),
        frozen=tuple(frozen),
        frozen_rows=tuple(rows),
        last_year=last_year if carried else None,
        own=(*own, *[None] * (4 - len(own))),
        by_quarter=tuple(by_quarter),
        now=now,
        source=source,
        uncapped_quarter=capaian(now, quarter),
        uncapped=capaian(now, year),
        capaian_quarter=capaian(now, quarter, cap),
        capaian=result,
        predicate=predicate(result, bounds, labels),
    )
