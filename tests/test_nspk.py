"""IKU-1: the pooled index, the elements and their ranking."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kasus import cases, table, two_decimals, worked_out

from iku_excel.cells import CellError
from iku_excel.indicators.achievement import round2
from iku_excel.indicators.nspk import NspkIndex, Questions, nspk_index
from iku_excel.rules import rules_for

ELEMENTS = tuple((element.code, element.name) for element in rules_for(2025).elements)
HEADINGS = ("Kode Elemen", "Skor", "Skor Maks", "Berlaku", "Status Bukti", "Skor BKN")


def questions(*rows: tuple) -> Questions:
    """Questions from rows of (kode, skor, maks, berlaku, status bukti, skor BKN); the end may be left out."""
    full = [(*row, *(None,) * (6 - len(row))) for row in rows]
    return Questions(*([row[i] for row in full] for i in range(6)))


def element(index: NspkIndex, code: str):
    """The figures of one element."""
    return next(figures for figures in index.elements if figures.code == code)


@pytest.mark.parametrize("case", cases("nspk.toml"))
def test_case(case):
    """Every case of the planners gives the figure of its written-out sum."""
    index = nspk_index(Questions(*table(case, "tblPertanyaan", *HEADINGS)), ELEMENTS)
    expected = case["harapan"]
    if expected["hasil"] == "":
        assert index.value is None
    else:
        exact = worked_out(expected["hitungan"])
        assert abs(Fraction(index.value) - exact) < Fraction(1, 10**40)
        assert str(round2(index.value)) == two_decimals(exact) == expected["hasil"]
    if "belum_dijawab" in expected:
        assert index.questions - index.answered == expected["belum_dijawab"]
    assert index.not_applicable == expected.get("tidak_berlaku", index.not_applicable)


def test_questions_and_evidence_need_no_maximum():
    """Rows without a valid Skor Maks are still questions, and their weak evidence is counted."""
    index = nspk_index(
        questions(
            ("E03", 1.0, None, "Ya", "Belum"),
            ("E03", 1.0, 2.0, "Ya", "LENGKAP"),
            ("E03", 1.0, 2.0, "Ya", "Lengkap "),
            ("E03", 1.0, 2.0, "Ya", CellError("#N/A")),
            ("E03", 1.0, 2.0, "Tidak", "Belum"),
            ("E03", 1.0, 2.0, "Tidak", "Lengkap"),
        ),
        ELEMENTS,
    )
    figures = element(index, "E03")
    assert (figures.questions, figures.answered, figures.weak_evidence) == (4, 3, 3)
    assert (figures.score, figures.maximum, index.not_applicable) == (3, 6, 2)


def test_element_without_maximum_has_no_percentage():
    """An element without questions shows 0 questions and neither percentage nor rank."""
    figures = element(nspk_index(questions(("E01", 1.0, 2.0)), ELEMENTS), "E02")
    assert (figures.questions, figures.score, figures.maximum) == (0, 0, 0)
    assert (figures.percent, figures.gap, figures.lost, figures.rank, figures.order) == (None,) * 5


def test_percent_gap_and_gain():
    """GAP is 100 - percent, and the gain is the index points that the lost points would bring."""
    index = nspk_index(questions(("E01", 3.0, 4.0), ("E02", 1.0, 6.0)), ELEMENTS)
    first, second = element(index, "E01"), element(index, "E02")
    assert (first.percent, first.gap, first.lost) == (75, 25, 1)
    assert (index.value, index.gain(first), index.gain(second)) == (40, 10, 50)
    assert index.gain(element(index, "E09")) is None


def test_rank_shares_ties_and_order_does_not():
    """Equal losses share a rank as RANK does; the order gives the first of them the lower number."""
    index = nspk_index(
        questions(("E01", 1.0, 2.0), ("E02", 0.0, 5.0), ("E03", 0.1, 1.1), ("E04", 3.0, 4.0), ("E05", 2.0, 2.0)),
        ELEMENTS,
    )
    ranked = [(f.code, f.rank, f.order) for f in index.elements if f.rank is not None]
    assert ranked == [("E01", 2, 2), ("E02", 1, 1), ("E03", 2, 3), ("E04", 2, 4), ("E05", 5, 5)]


def test_bkn_score_stays_empty_until_typed():
    """Skor BKN and Selisih are None without a number >= 0 in a row that applies; a zero is a score."""
    index = nspk_index(
        questions(
            ("E01", 2.0, 4.0, "Ya", None, None),
            ("E02", 2.0, 4.0, "Ya", None, 0.0),
            ("E03", 2.0, 4.0, "Tidak", None, 3.0),
            ("E04", 2.0, None, "Ya", None, 3.0),
            ("E05", 2.0, 4.0, "Ya", None, -1.0),
            ("E06", 2.0, 4.0, "Ya", None, "3"),
        ),
        ELEMENTS,
    )
    found = {f.code: (f.bkn_score, f.difference) for f in index.elements if f.bkn_score is not None}
    assert found == {"E02": (0, -2), "E04": (3, 3)}


def test_difference_is_bkn_minus_own():
    """Selisih is Skor BKN less our own total score, and exact where floats are not."""
    figures = element(nspk_index(questions(("E01", 0.1, 1.0, "Ya", None, 0.3)), ELEMENTS), "E01")
    assert figures.difference == Decimal("0.2")


CELLS = st.one_of(
    st.none(),
    st.integers(-3, 900).map(lambda n: n / 100),
    st.sampled_from([0.0, 1.0, "3", " ", "-", "2,5", CellError("#N/A"), CellError("tanpa nilai")]),
)
CODES = st.sampled_from(["E01", "e01", "E02", "E18", "E19", "E1", "E01 ", None, 1.0, CellError("#REF!")])
CHOICES = st.sampled_from(["Ya", "Tidak", "tidak", "TIDAK", "Tidak ", "-", None, CellError("#N/A")])
EVIDENCE = st.sampled_from(["Lengkap", "lengkap", "Sebagian", "Belum", "Lengkap ", None, CellError("#N/A")])
ROWS = st.lists(st.tuples(CODES, CELLS, CELLS, CHOICES, EVIDENCE, CELLS), max_size=30)


def at_least(cell: object, bound: int) -> Fraction | None:
    """The exact value of a real number cell from a bound on."""
    return Fraction(str(cell)) if isinstance(cell, float) and cell >= bound else None


def by_hand(rows: list[tuple], code: str) -> dict[str, object]:
    """The figures of one element, sentence by sentence from DOMAIN §2 and §7."""
    result = {"questions": 0, "answered": 0, "score": Fraction(0), "maximum": Fraction(0), "weak": 0, "bkn": None}
    for kode, skor, maks, berlaku, bukti, bkn in rows:
        if not isinstance(kode, str) or kode.upper() != code:
            continue
        if isinstance(berlaku, str) and berlaku.upper() == "TIDAK":
            continue
        result["questions"] += 1
        if not (isinstance(bukti, str) and bukti.upper() == "LENGKAP"):
            result["weak"] += 1
        if at_least(bkn, 0) is not None:
            result["bkn"] = (result["bkn"] or 0) + at_least(bkn, 0)
        if at_least(maks, 0):
            result["maximum"] += at_least(maks, 0)
            if at_least(skor, 0) is not None:
                result["answered"] += 1
                result["score"] += at_least(skor, 0)
    return result


@given(ROWS)
def test_mirrors_the_sentences_of_the_rules(rows):
    """On any input, spoiled cells included, every figure is that of a row-by-row reading in exact fractions."""
    index = nspk_index(questions(*rows), ELEMENTS)
    score = maximum = Fraction(0)
    for figures in index.elements:
        own = by_hand(rows, figures.code)
        counts = (figures.questions, figures.answered, figures.weak_evidence)
        assert counts == (own["questions"], own["answered"], own["weak"])
        assert (Fraction(figures.score), Fraction(figures.maximum)) == (own["score"], own["maximum"])
        assert figures.bkn_score == own["bkn"]
        score, maximum = score + own["score"], maximum + own["maximum"]
    if maximum:
        assert str(round2(index.value)) == two_decimals(score / maximum * 100)
    else:
        assert index.value is None


@given(ROWS, st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(rows, random):
    """Sorting or shuffling the register changes no figure."""
    shuffled = random.sample(rows, len(rows))
    assert nspk_index(questions(*rows), ELEMENTS) == nspk_index(questions(*shuffled), ELEMENTS)


@given(ROWS)
def test_ranking_is_sound(rows):
    """Orders run 1..n without gaps, lost points never rise along them, and a rank counts the larger losses."""
    ranked = [f for f in nspk_index(questions(*rows), ELEMENTS).elements if f.order is not None]
    ordered = sorted(ranked, key=lambda f: f.order)
    assert [f.order for f in ordered] == list(range(1, len(ordered) + 1))
    assert all(a.lost >= b.lost for a, b in pairwise(ordered))
    assert all(f.rank == 1 + sum(other.lost > f.lost for other in ranked) for f in ranked)
