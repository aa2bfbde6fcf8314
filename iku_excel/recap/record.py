"""What a recap keeps of one workbook: a few hundred figures, small and picklable.

No complainant, employee or person in charge is ever in it: figures and counts are, the agency's own name, and the
codes of findings. Whatever is built from records can't give away more than that.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from iku_excel.findings import Level
from iku_excel.form.layout import IKU_1, IKU_2, IKU_3, IKU_CODES
from iku_excel.indicators.exact import HUNDRED, difference, percent

Freshness: TypeAlias = Literal["mutakhir", "belum diisi", "lebih lama dari datanya", "tidak dapat diisi"]
"""Whether the output sheets hold today's figures: they do; `isi` never ran or there is nothing to compute from;
`isi` would change them; `isi` would refuse the workbook (its output sheets were rebuilt by hand)."""


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
