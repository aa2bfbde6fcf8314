"""Capaian, predicate, reported figures, and rounding that agrees with the spreadsheet's ROUND."""

from __future__ import annotations

import random
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kasus import cases, two_decimals, worked_out

from iku_excel.cells import CellError
from iku_excel.indicators.achievement import Reported, capaian, predicate, reported_row, round2, show
from iku_excel.indicators.exact import half_up
from iku_excel.indicators.secretariat import secretariat_index
from iku_excel.rules import rules_for

SCALE = rules_for(2025).scales["permendagri-86-2017"]
BOUNDS = [float(row.lower) for row in SCALE]
LABELS = [row.label for row in SCALE]
ERROR = CellError("#N/A")


def number(written: str) -> Decimal | None:
    """A number of a case, "" for none."""
    return Decimal(written) if written else None


@pytest.mark.parametrize("case", cases("capaian.toml"))
def test_case(case):
    """Every case of the planners gives the capaian of its written-out sum, and its predicate."""
    result = capaian(number(case["realisasi"]), number(case["target"]), number(case.get("batas", "")))
    if case["hasil"] == "":
        assert result is None
    else:
        exact = worked_out(case["hitungan"])
        assert str(round2(result)) == two_decimals(exact) == case["hasil"]
    assert predicate(result, BOUNDS, LABELS) == case["predikat"]


def test_cap_above_changes_nothing():
    """A cap of 120 leaves a capaian of 105 as it is."""
    assert capaian(Decimal(84), Decimal(80), Decimal(120)) == 105


def test_negative_target_gives_no_capaian():
    """A target of 0 or less gives no capaian, rather than a negative one."""
    assert capaian(Decimal(50), Decimal(-1)) is None


def test_predicate_compares_at_eight_decimals():
    """A value that is 91 but for the ninth decimal is 91; one that misses it at the eighth is not."""
    assert predicate(Decimal("90.999999996"), BOUNDS, LABELS) == "Sangat Tinggi"
    assert predicate(Decimal("90.999999994"), BOUNDS, LABELS) == "Tinggi"


def test_kaltim_scale_tells_equal_from_above():
    """Under the 2017 scale of Kaltim 100 is "Sesuai", the least bit more "Melampaui", less "Tidak Mencapai"."""
    scale = rules_for(2025).scales["kaltim-2017"]
    bounds, labels = [float(row.lower) for row in scale], [row.label for row in scale]
    found = [predicate(Decimal(v), bounds, labels) for v in ("99.99999999", "100", "100.000000006", "100.01")]
    assert found == ["Tidak Mencapai", "Sesuai", "Melampaui", "Melampaui"]


def test_predicate_of_a_spoiled_table():
    """Any order; text, TRUE and blank bounds ignored; the first of equal bounds; an error empties the predicate."""
    bounds = [None, 51.0, "91", 76.0, True, 76.0]
    labels = ["kosong", "Rendah", "teks", "Tinggi", "benar", "kedua"]
    assert predicate(Decimal(95), bounds, labels) == "Tinggi"
    assert predicate(Decimal(60), bounds, labels) == "Rendah"
    assert predicate(Decimal(50), bounds, labels) == ""
    assert predicate(None, bounds, labels) == ""
    assert predicate(Decimal(95), [*bounds, ERROR], [*labels, "x"]) == ""
    assert predicate(Decimal(95), [76.0, 91.0], ["Tinggi", ERROR]) == ""
    assert predicate(Decimal(95), [76.0, 91.0], ["Tinggi", 5.0]) == ""
    assert predicate(Decimal(95), [], []) == ""


@given(st.lists(st.integers(0, 120).map(float), max_size=8), st.integers(-100, 13000).map(lambda n: Decimal(n) / 100))
def test_predicate_is_the_highest_bound_reached(bounds, value):
    """Whatever the order of the rows, the label is that of the highest bound at or below the value."""
    found = predicate(value, bounds, [f"mulai {bound:g}" for bound in bounds])
    reached = [bound for bound in bounds if bound <= value]
    assert found == (f"mulai {max(reached):g}" if reached else "")


def reported(*rows: tuple) -> Reported:
    """tblRealisasi from rows of (tahun, triwulan, kode, nilai, sumber)."""
    return Reported(*([row[i] for row in rows] for i in range(5)))


GOOD = (2024.0, 4.0, "IKU-1", 70.18, "BKN")


def test_last_reported_row_wins():
    """Of two rows for one quarter the lower one counts; case does not matter; a zero is a figure."""
    assert reported_row(reported(GOOD, (2024.0, 4.0, "iku-1", 0.0, None)), 2024, 4, "IKU-1") == 1
    assert reported_row(reported(GOOD, (2024.0, 3.0, "IKU-1", 1.0, None)), 2024, 4, "IKU-1") == 0


@pytest.mark.parametrize(
    ("place", "bad"),
    [
        *((i, ERROR) for i in range(5)),
        (0, "2024"), (0, None), (0, 2023.0), (1, "4"), (1, "IV"), (1, 3.0), (1, None), (2, "IKU-1 "), (2, "IKU-2"),
        (2, None), (3, None), (3, "70,18"), (3, -0.01), (3, True),
    ],
)  # fmt: skip
def test_reported_row_that_does_not_count(place, bad):
    """An error in any of the five cells, or a cell that is not what it should be, drops the row."""
    spoiled = list(GOOD)
    spoiled[place] = bad
    assert reported_row(reported(tuple(spoiled)), 2024, 4, "IKU-1") is None
    assert reported_row(reported(GOOD, tuple(spoiled)), 2024, 4, "IKU-1") == 0


def test_shown_as_indonesians_write():
    """Decimal comma, half up, thousands with dots on request, no negative zero, nothing for no value."""
    assert [show(Decimal(v)) for v in ("71.235", "71.234999", "0", "-0.004", "-0.005", "1234.5")] == [
        "71,24", "71,23", "0,00", "0,00", "-0,01", "1234,50",
    ]  # fmt: skip
    assert show(Decimal("1234567.885"), thousands=True) == "1.234.567,89"
    assert show(Decimal("1234567.5"), 0, thousands=True) == "1.234.568"
    assert show(None) == ""


def test_very_large_and_very_small_numbers_are_shown():
    """The largest and the smallest number that a cell can hold are rounded without an error."""
    assert round2(Decimal(repr(1.7976931348623157e308))) == Decimal(repr(1.7976931348623157e308))
    assert show(Decimal(repr(5e-324))) == "0,00"


def test_tie_made_of_unending_parts_is_rounded_up():
    """30 % of 100/3 and 70 % of 57.15 make exactly 50.005: the cut-off digits of 9.99… must not give 50.00."""
    third = capaian(Decimal(1), Decimal(3))
    values = {"dokumen": third, "anggaran": Decimal("57.15")}
    index = secretariat_index(values, {"dokumen": Decimal(30), "anggaran": Decimal(70)})
    assert round2(index.value) == Decimal("50.01")
    assert round2(Decimal("9.999999999999999999999999999") + Decimal("40.00499999999999999999999999")) == Decimal(
        "50.01"
    )


def test_value_just_below_a_tie_is_rounded_down():
    """The guard against cut-off digits is far finer than any figure of a workbook: 50.00499999999 stays 50.00."""
    assert half_up(Decimal("50.00499999999"), 2) == Decimal("50.00")
    assert half_up(Decimal("-50.005"), 2) == Decimal("-50.01")


def test_caller_precision_does_not_matter():
    """A caller that computes with 6 digits gets the same exact figures."""
    with localcontext() as context:
        context.prec = 6
        assert round2(capaian(Decimal("1234567.895"), Decimal(100))) == Decimal("1234567.90")


def test_hundred_thousand_weighted_indices_against_exact_fractions(record_property):
    """Of 100,000 random weighted indices none is rounded differently from exact fractions; floats disagree in many."""
    draw = random.Random(20261124)
    weights = {"dokumen": Decimal(40), "anggaran": Decimal(30), "diklat": Decimal(25), "sarpras": Decimal(5)}
    ours = floats = 0
    for _ in range(100_000):
        values = {key: Decimal(draw.randint(0, 10_000)).scaleb(-2) for key in weights}
        exact = sum(Fraction(weights[key]) / 100 * Fraction(values[key]) for key in weights)
        expected = two_decimals(exact)
        ours += str(round2(secretariat_index(values, weights).value)) != expected
        floating = sum(float(weights[key]) / 100 * float(values[key]) for key in weights)
        floats += f"{round(floating, 2):.2f}" != expected
    record_property("float disagreements", floats)
    assert ours == 0
    assert floats > 1000


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**7))
def test_rounding_of_any_quotient(numerator, denominator):
    """A quotient of whole numbers is shown as exact fractions round it."""
    value = capaian(Decimal(numerator), Decimal(denominator))
    assert str(round2(value)).lstrip("-0.") == two_decimals(Fraction(numerator, denominator) * 100).lstrip("-0.")
