"""What a recap keeps of one workbook: a few hundred figures, small and picklable; made from what was computed, and
spelled as a text that the seal carries.

No complainant, employee or person in charge is ever in it: figures and counts are, the agency's own name, and the
codes of findings. Whatever is built from records can't give away more than that.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from operator import attrgetter
from typing import Any, Literal, TypeAlias

from iku_excel.cells import is_number
from iku_excel.findings import LEVELS, Finding, Level
from iku_excel.form.compute import Result
from iku_excel.form.figures import status_words
from iku_excel.form.inputs import Inputs
from iku_excel.form.layout import (
    BUDGET,
    COMPLAINTS,
    EMPLOYEES,
    FACILITIES,
    IKU_1,
    IKU_2,
    IKU_3,
    IKU_CODES,
    TRAININGS,
)
from iku_excel.form.secretariat_sheet import COMPONENTS
from iku_excel.indicators.exact import HUNDRED, difference, percent

Freshness: TypeAlias = Literal["mutakhir", "belum diisi", "lebih lama dari datanya", "tidak dapat diisi"]
"""Whether the output sheets hold today's figures: they do; `isi` never ran or there is nothing to compute from;
`isi` would change them; `isi` would refuse the workbook (its output sheets were rebuilt by hand)."""

State: TypeAlias = tuple[Freshness, int, str]
"""How fresh; how many cells `isi` would change; why it would refuse."""

_REGISTERS = (BUDGET, EMPLOYEES, TRAININGS, FACILITIES, COMPLAINTS)


@dataclass(frozen=True, slots=True)
class IndicatorFigures:
    """One indicator of one workbook, as its Ringkasan shows it once filled.

    ``value`` is the figure shown (reported, BKN's or own), ``own`` today's own computation, both unrounded, as are
    targets and capaian. ``source`` and ``status`` are Ringkasan's words, "" for none.
    """

    code: str
    carried: bool
    target: Decimal | None
    target_quarter: Decimal | None
    value: Decimal | None
    own: Decimal | None
    capaian: Decimal | None
    capaian_quarter: Decimal | None
    predicate: str
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class ElementScore:
    """One of the 18 elements: questions that apply, those answered, points and their maximum."""

    code: str
    questions: int
    answered: int
    score: Decimal
    maximum: Decimal

    @property
    def percent(self) -> Decimal | None:
        """Score of maximum, 0-100, exact; None without a maximum."""
        return percent(self.score, self.maximum)

    @property
    def lost(self) -> Decimal | None:
        """Points missing to the maximum; None without a maximum."""
        return difference(self.maximum, self.score) if self.maximum > 0 else None

    @property
    def gap(self) -> Decimal | None:
        """BKN's GAP: 100 less the percentage."""
        reached = self.percent
        return None if reached is None else difference(HUNDRED, reached)


@dataclass(frozen=True, slots=True)
class ComponentFigures:
    """One of the four components of IKU-2 at the workbook's quarter: value 0-100 and weight in percent."""

    key: str
    value: Decimal | None
    weight: Decimal | None
    contribution: Decimal | None


@dataclass(frozen=True, slots=True)
class FindingCount:
    """How often a finding occurs in the workbook; never its text, which quotes cells."""

    code: str
    level: Level
    count: int


@dataclass(frozen=True, slots=True)
class Record:
    """One workbook. ``file`` as the user gave it; ``unit`` the agency's name as typed, "" for none.

    ``months`` and ``channels`` count complaints to date of the quarter: counted, followed up. ``differing`` counts
    the cells that `isi` would change; ``trouble`` says why it would refuse.
    """

    file: str
    unit: str
    year: int
    quarter: int
    version: int
    freshness: Freshness
    differing: int
    trouble: str
    indicators: tuple[IndicatorFigures, ...]
    elements: tuple[ElementScore, ...]
    components: tuple[ComponentFigures, ...]
    months: tuple[tuple[int, int], ...]
    channels: tuple[tuple[str, int, int], ...]
    findings: tuple[FindingCount, ...]

    def indicator(self, code: str) -> IndicatorFigures:
        """The indicator of this code ("IKU-1" …)."""
        return self.indicators[IKU_CODES.index(code)]

    def carries(self, code: str) -> bool:
        """Whether the agency carries this indicator."""
        return self.indicator(code).carried

    @property
    def carried_elements(self) -> tuple[ElementScore, ...]:
        """The elements, none where IKU-1 isn't carried."""
        return self.elements if self.carries(IKU_1) else ()

    @property
    def carried_components(self) -> tuple[ComponentFigures, ...]:
        """The components, none where IKU-2 isn't carried."""
        return self.components if self.carries(IKU_2) else ()

    @property
    def counts_complaints(self) -> bool:
        """Whether the complaints stand for an indicator of the agency's."""
        return self.carries(IKU_3)

    def mistakes(self, level: Level = "kesalahan") -> int:
        """Findings of this level."""
        return sum(finding.count for finding in self.findings if finding.level == level)


def make_record(file: str, inputs: Inputs, result: Result, findings: Sequence[Finding], state: State) -> Record:
    """The record of a workbook that was read and computed."""
    unit = inputs.settings["Perangkat_Daerah"]
    words = status_words(result, findings)
    now = result.complaints
    freshness, differing, trouble = state
    return Record(
        file=file,
        unit=" ".join(unit.split()) if isinstance(unit, str) else "",
        year=inputs.period.year,
        quarter=inputs.period.quarter,
        version=inputs.version,
        freshness=freshness,
        differing=differing,
        trouble=trouble,
        indicators=tuple(_indicator(code, result, words[code]) for code in IKU_CODES),
        elements=tuple(ElementScore(e.code, e.questions, e.answered, e.score, e.maximum) for e in result.nspk.elements),
        components=tuple(
            ComponentFigures(key, result.components[key], inputs.number(weight), result.now.index.contributions[key])
            for key, weight, *_ in COMPONENTS
        ),
        months=tuple((count.counted, count.followed) for count in now.by_month),
        channels=tuple((name, count.counted, count.followed) for name, count in now.by_channel),
        findings=counted(findings),
    )


def settled(inputs: Inputs) -> State:
    """The state of a workbook whose sheets hold every figure: a new one, whose documents stand there from the start,
    has no score and no register yet."""
    typed = any(map(is_number, inputs.questions.skor)) or any(inputs.tables[t.name].length for t in _REGISTERS)
    return ("mutakhir" if typed else "belum diisi"), 0, ""


def counted(findings: Sequence[Finding]) -> tuple[FindingCount, ...]:
    """How often each code occurs, in the order of the findings."""
    counts = Counter((finding.code, finding.level) for finding in findings)
    return tuple(FindingCount(code, level, count) for (code, level), count in counts.items())


def _indicator(code: str, result: Result, status: str) -> IndicatorFigures:
    shown = result.shown[code]
    return IndicatorFigures(
        code,
        shown.carried,
        shown.target,
        shown.target_quarter,
        shown.now,
        result.indices[code],
        shown.capaian,
        shown.capaian_quarter,
        shown.predicate,
        shown.source,
        status,
    )


_SPELLED = attrgetter(
    "unit", "year", "quarter", "version", "indicators", "elements", "components", "months", "channels", "findings"
)
_PARTS = {
    kind: attrgetter(*(field.name for field in fields(kind)))
    for kind in (IndicatorFigures, ElementScore, ComponentFigures, FindingCount)
}
_LEVEL = {str(level): level for level in LEVELS}


def spelled(record: Record) -> str:
    """A ``settled`` record without its file as one line of JSON, exact, in ASCII that XML and Excel take as it is."""
    row = record.freshness == "mutakhir", *_SPELLED(record)
    text = json.dumps(row, separators=(",", ":"), default=_plain)
    for sign in "<>&_":  # they occur in texts only
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _plain(value: Any) -> object:
    return str(value) if type(value) is Decimal else _PARTS[type(value)](value)


def meant(text: str) -> Record | None:
    """The record of a ``spelled`` text; None when it is none."""
    try:
        typed, unit, year, quarter, version, indicators, elements, components, months, channels, findings = json.loads(
            text
        )
        return Record(
            file="",
            unit=unit,
            year=year,
            quarter=quarter,
            version=version,
            freshness="mutakhir" if typed else "belum diisi",
            differing=0,
            trouble="",
            indicators=tuple(_indicator_of(*row) for row in indicators),
            elements=tuple(
                ElementScore(code, questions, answered, Decimal(score), Decimal(maximum))
                for code, questions, answered, score, maximum in elements
            ),
            components=tuple(ComponentFigures(key, *map(_decimal, figures)) for key, *figures in components),
            months=tuple((came, followed) for came, followed in months),
            channels=tuple((name, came, followed) for name, came, followed in channels),
            findings=tuple(FindingCount(code, _LEVEL[level], count) for code, level, count in findings),
        )
    except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError):
        return None


def _indicator_of(code: str, carried: bool, *rest: str) -> IndicatorFigures:
    *figures, predicate, source, status = rest
    target, target_quarter, value, own, capaian, capaian_quarter = map(_decimal, figures)
    return IndicatorFigures(
        code, carried, target, target_quarter, value, own, capaian, capaian_quarter, predicate, source, status
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
