"""IKU-1, Indeks NSPK Manajemen ASN."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from iku_excel.cells import Cell, Column, decimal, same
from iku_excel.indicators.exact import HUNDRED, difference, half_up, percent, total


@dataclass(frozen=True, slots=True)
class Questions:
    """The columns of tblPertanyaan that the index reads."""

    kode: Column
    skor: Column
    maks: Column
    berlaku: Column
    status_bukti: Column
    skor_bkn: Column


@dataclass(frozen=True, slots=True)
class ElementFigures:
    """The figures of one element. Scores are points, ``percent`` and ``gap`` are 0-100.

    ``questions`` counts the element's rows whose Berlaku is not Tidak, ``weak_evidence`` those of them whose
    evidence is not Lengkap, ``answered`` those with a score that counts. ``lost`` = maximum - score at 8 decimals.
    ``rank`` goes by lost points, the most lost first, ties sharing a rank; ``order`` is the same without ties.
    ``percent``, ``gap``, ``lost``, ``rank`` and ``order`` are None while the maximum is 0; ``bkn_score`` and
    ``difference`` (= bkn_score - score) are None until a Skor BKN is typed.
    """

    code: str
    name: str
    questions: int
    answered: int
    score: Decimal
    maximum: Decimal
    percent: Decimal | None
    gap: Decimal | None
    lost: Decimal | None
    rank: int | None
    order: int | None
    weak_evidence: int
    bkn_score: Decimal | None
    difference: Decimal | None


@dataclass(frozen=True, slots=True)
class NspkIndex:
    """The self-assessed index (0-100, None while no maximum counts) and what it is made of.

    ``not_applicable`` counts the rows of a known element that Berlaku = Tidak takes out of both sums.
    """

    value: Decimal | None
    elements: tuple[ElementFigures, ...]
    score: Decimal
    maximum: Decimal
    questions: int
    answered: int
    not_applicable: int

    def gain(self, element: ElementFigures) -> Decimal | None:
        """Index points that the element would add if it lost none: lost / total maximum * 100."""
        return None if element.lost is None else percent(element.lost, self.maximum)


def nspk_index(questions: Questions, elements: Sequence[tuple[str, str]]) -> NspkIndex:
    """Indeks NSPK = Σ skor jawaban / Σ skor maksimum × 100, pooled over all questions of all elements.

    Source: Peraturan BKN Nomor 12 Tahun 2022 as cited by the IKU document. ``elements`` are (code, name) in
    order. A row counts when its Kode Elemen is one of them, Berlaku is not Tidak and Skor Maks is a number > 0;
    its score counts when it is a number >= 0, otherwise the question is unanswered and its maximum stays.
    Unrounded; None when Σ skor maksimum is 0.
    """
    rows: dict[str, list[int]] = {code.casefold(): [] for code, _ in elements}
    not_applicable = 0
    for i, code in enumerate(questions.kode):
        found = rows.get(code.casefold()) if type(code) is str else None
        if found is None:
            continue
        if same(questions.berlaku[i], "Tidak"):
            not_applicable += 1
        else:
            found.append(i)
    figures = [_figures(questions, code, name, rows[code.casefold()]) for code, name in elements]
    score, maximum = total(f.score for f in figures), total(f.maximum for f in figures)
    return NspkIndex(
        value=percent(score, maximum),
        elements=_ranked(figures),
        score=score,
        maximum=maximum,
        questions=sum(f.questions for f in figures),
        answered=sum(f.answered for f in figures),
        not_applicable=not_applicable,
    )


def _figures(q: Questions, code: str, name: str, rows: Sequence[int]) -> ElementFigures:
    judged = [i for i in rows if (_at_least_zero(q.maks[i]) or 0) > 0]
    scores = [s for i in judged if (s := _at_least_zero(q.skor[i])) is not None]
    official = [s for i in rows if (s := _at_least_zero(q.skor_bkn[i])) is not None]
    score = total(scores)
    maximum = total(m for i in judged if (m := decimal(q.maks[i])) is not None)
    reached = percent(score, maximum)
    bkn_score = total(official) if official else None
    return ElementFigures(
        code=code,
        name=name,
        questions=len(rows),
        answered=len(scores),
        score=score,
        maximum=maximum,
        percent=reached,
        gap=None if reached is None else difference(HUNDRED, reached),
        lost=None if reached is None else half_up(difference(maximum, score), 8),
        rank=None,
        order=None,
        weak_evidence=sum(not same(q.status_bukti[i], "Lengkap") for i in rows),
        bkn_score=bkn_score,
        difference=None if bkn_score is None else difference(bkn_score, score),
    )


def _at_least_zero(cell: Cell) -> Decimal | None:
    """The cell's number if it is one and not negative: what the criterion ">=0" lets through."""
    number = decimal(cell)
    return number if number is not None and number >= 0 else None


def _ranked(figures: Sequence[ElementFigures]) -> tuple[ElementFigures, ...]:
    """RANK over lost points, descending; the unique order gives ties to the element that stands first."""
    losses = [f.lost for f in figures if f.lost is not None]
    above: dict[Decimal, int] = {}
    ranked = []
    for f in figures:
        if f.lost is None:
            ranked.append(f)
            continue
        rank = 1 + sum(other > f.lost for other in losses)
        ranked.append(replace(f, rank=rank, order=rank + above.get(f.lost, 0)))
        above[f.lost] = above.get(f.lost, 0) + 1
    return tuple(ranked)
