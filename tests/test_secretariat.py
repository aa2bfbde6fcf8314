"""IKU-2: the four components and the weighted index."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kasus import cases, table, two_decimals, worked_out

from iku_excel.cells import CellError
from iku_excel.indicators.achievement import round2
from iku_excel.indicators.period import Period, serial
from iku_excel.indicators.secretariat import (
    Budget,
    Documents,
    Employees,
    Facilities,
    Trainings,
    active_employees,
    budget,
    documents,
    facilities,
    fallback_rows,
    leaf_rows,
    secretariat_index,
    subtotal_rows,
    training,
)
from iku_excel.rules import rules_for

ERROR = CellError("#N/A")
PERIOD = Period(2025, 4)
RULES = rules_for(2025)
QUARTERS = ("Realisasi TW I", "Realisasi TW II", "Realisasi TW III", "Realisasi TW IV")


def budget_of(case: dict) -> Budget:
    """The budget table of a case."""
    code, original, revised, *spent = table(case, "tblAnggaran", "Kode", "Pagu Murni", "Pagu Perubahan", *QUARTERS)
    return Budget(code, original, revised, tuple(spent))


def component_of(case: dict, **switch):
    """The component that a case is about, at its quarter."""
    quarter = case["triwulan"]
    match case["komponen"]:
        case "dokumen":
            return documents(Documents(*table(case, "tblDokumen", "Batas Waktu", "Tanggal Penetapan")), PERIOD, quarter)
        case "anggaran":
            return budget(budget_of(case), quarter)
        case "diklat":
            employees = Employees(*table(case, "tblPegawai", "NIP", "Aktif"))
            trainings = Trainings(*table(case, "tblDiklat", "NIP", "Selesai", "JP"))
            return training(employees, trainings, PERIOD, quarter, switch.get("minimum_jp"))
        case "sarpras":
            units = Facilities(*table(case, "tblSarpras", "Jumlah", "Kondisi"))
            return facilities(units, switch.get("light", False))
    raise AssertionError(case["komponen"])


@pytest.mark.parametrize("case", cases("kesekretariatan.toml"))
def test_case(case):
    """Every case of the planners gives the figure of its written-out sum, with and without the switches."""
    expected = case["harapan"]
    component = component_of(case)
    assert component.code == case["komponen"]
    if expected["hasil"] == "":
        assert component.value is None
        assert component.denominator == 0
    else:
        exact = worked_out(expected["hitungan"])
        assert Fraction(component.numerator) / Fraction(component.denominator) * 100 == exact
        assert str(round2(component.value)) == two_decimals(exact) == expected["hasil"]
    if "hitungan_20_jp" in expected:
        strict = component_of(case, minimum_jp=RULES.minimum_jp)
        assert str(round2(strict.value)) == two_decimals(worked_out(expected["hitungan_20_jp"]))
    if "hitungan_rusak_ringan" in expected:
        assert str(round2(component_of(case, light=True).value)) == two_decimals(
            worked_out(expected["hitungan_rusak_ringan"])
        )
    if "mundur" in expected:
        assert list(fallback_rows(budget_of(case), case["triwulan"])) == expected["mundur"]


def kodes(*codes) -> Budget:
    """A budget of 1 rupiah a row with these codes, spent in full in the first quarter."""
    ones, none = [1.0] * len(codes), [None] * len(codes)
    return Budget(list(codes), ones, none, (ones, none, none, none))


def test_leaves_and_subtotals():
    """A row is a subtotal exactly when another Kode goes on with "."; wildcards in a Kode are plain signs."""
    b = kodes("5.03", "5.03.01", "5.03.01.1", "5.03.1", "5", "5*", "?.?", None, 5.03, ERROR, True, "5.03.01.1 ")
    assert subtotal_rows(b) == (0, 1, 4)
    assert leaf_rows(b) == (2, 3, 5, 6, 7, 8, 10, 11)


def test_two_rows_of_one_code_are_both_leaves():
    """A Kode typed twice is not followed by "." in the other: both rows count."""
    assert leaf_rows(kodes("5.03.01", "5.03.01")) == (0, 1)


def test_fallback_needs_a_code():
    """A row without Kode is not reported as going back, nor is a subtotal; a quarter typed as text is."""
    b = Budget(
        [None, "A", "A.1", "A.2", 7.0],
        [1.0] * 5,
        [None] * 5,
        ([1.0] * 5, [None, None, 2.0, "2", None], [None] * 5, [None] * 5),
    )
    assert fallback_rows(b, 2) == (3, 4)
    assert fallback_rows(b, 1) == ()


def test_negative_ceiling_gives_no_value():
    """Σ pagu below 0 gives no percentage, as Σ pagu = 0 does."""
    b = Budget(["A"], [-5.0], [None], ([1.0], [None], [None], [None]))
    assert budget(b, 1).value is None


def test_rupiah_are_summed_exactly():
    """Ten times 0.1 rupiah and large sums make exact totals, where floats would not."""
    b = Budget(["A"] * 10, [0.1] * 10, [None] * 10, ([0.1] * 9 + [0.05], *([[None] * 10] * 3)))
    component = budget(b, 1)
    assert (component.numerator, component.denominator, component.value) == (Decimal("0.95"), 1, 95)


def test_employees_with_a_common_beginning_are_two():
    """NIP that share their first 15 digits, which Excel's COUNTIF would take for one number, stay two people."""
    nips = ("198501012010011001", "198501012010011002")
    employees = Employees(nips, ("Ya", "Ya"))
    assert active_employees(employees) == nips
    only_first = Trainings((nips[0],), (float(serial(datetime.date(2025, 5, 5))),), (None,))
    assert training(employees, only_first, PERIOD, 4).value == 50


def test_nip_wildcards_are_plain_signs():
    """A NIP "19*" or "?9" matches nobody else's."""
    employees = Employees(("19*", "?9", "1985"), ("Ya", "Ya", "Ya"))
    trainings = Trainings(("1985", "x9"), (float(serial(datetime.date(2025, 5, 5))),) * 2, (None, None))
    assert training(employees, trainings, PERIOD, 4).numerator == 1


@pytest.mark.parametrize(("hours", "enough"), [((6.7, 6.7, 6.6), 1), ((19.999999996,), 1), ((19.99999999,), 0)])
def test_minimum_hours_are_compared_at_eight_decimals(hours, enough):
    """Hours that make 20 as people add them are enough, whatever their binary sum."""
    n = len(hours)
    trainings = Trainings(["A"] * n, [float(serial(datetime.date(2025, 5, 5)))] * n, hours)
    assert training(Employees(["A"], ["Ya"]), trainings, PERIOD, 4, RULES.minimum_jp).numerator == enough


def test_overlong_nip_is_none():
    """Text beyond 100 signs is no NIP."""
    assert active_employees(Employees(("1" * 100, "2" * 101), ("Ya", "Ya"))) == ("1" * 100,)


WEIGHTS = dict(RULES.weights)
VALUES = {"dokumen": Decimal(80), "anggaran": Decimal("90.5"), "diklat": Decimal(60), "sarpras": Decimal(100)}


def test_index_is_the_weighted_sum():
    """0.40·80 + 0.30·90.5 + 0.25·60 + 0.05·100 = 79.15, and the contributions are its four parts."""
    index = secretariat_index(VALUES, WEIGHTS)
    assert (index.value, index.status) == (Decimal("79.15"), "lengkap")
    parts = {"dokumen": 32, "anggaran": Decimal("27.15"), "diklat": 15, "sarpras": 5}
    assert index.contributions == parts


def test_missing_component_empties_the_index_and_keeps_the_parts():
    """Without a component the index is "belum lengkap": no value, no new weighting, the other parts stay."""
    index = secretariat_index({**VALUES, "sarpras": None}, WEIGHTS)
    assert (index.value, index.status) == (None, "belum lengkap")
    assert (index.contributions["dokumen"], index.contributions["sarpras"]) == (32, None)


@pytest.mark.parametrize("sarpras", [Decimal(4), Decimal(6), None, Decimal("5.00000001")])
def test_weights_that_do_not_make_100(sarpras):
    """A missing weight or a sum that differs at 8 decimals gives "bobot tidak 100", whatever the values."""
    assert secretariat_index(VALUES, {**WEIGHTS, "sarpras": sarpras}).status == "bobot tidak 100"
    assert secretariat_index({**VALUES, "diklat": None}, {**WEIGHTS, "sarpras": sarpras}).status == "bobot tidak 100"


def test_weights_are_compared_at_eight_decimals():
    """A sum of weights that misses 100 by 1E-9 only, as typed decimals may, is 100."""
    assert secretariat_index(VALUES, {**WEIGHTS, "sarpras": Decimal("5.000000001")}).status == "lengkap"


def day_cells() -> st.SearchStrategy:
    """Dates around the year, with times of day, and what may stand there instead."""
    return st.one_of(
        st.integers(serial(datetime.date(2024, 12, 1)) * 4, serial(datetime.date(2026, 2, 1)) * 4).map(lambda n: n / 4),
        st.sampled_from([None, "1 Mei 2025", ERROR, 1.0, 0.0, -3.0]),
    )


def amounts() -> st.SearchStrategy:
    """Numbers with two decimals, and what may stand there instead."""
    return st.one_of(st.integers(-500, 10**7).map(lambda n: n / 100), st.sampled_from([None, "1.000", " ", ERROR]))


def exact(cell: object) -> Fraction | None:
    """The exact value of a real number cell."""
    return Fraction(str(cell)) if isinstance(cell, float) else None


@given(st.lists(st.tuples(day_cells(), day_cells()), max_size=20), st.integers(1, 4))
def test_documents_mirror_the_sentence(rows, quarter):
    """Due before the day after the cut-off; on time if fixed by the cut-off and less than a day after the deadline."""
    component = documents(Documents([r[0] for r in rows], [r[1] for r in rows]), PERIOD, quarter)
    last = datetime.date(2025, 3 * quarter, {1: 31, 2: 30, 3: 30, 4: 31}[quarter])
    end = serial(last) + 1
    due = [r for r in rows if isinstance(r[0], float) and 1 < r[0] < end]
    on_time = [r for r in due if isinstance(r[1], float) and 1 < r[1] < end and r[1] < r[0] + 1]
    assert (component.numerator, component.denominator) == (len(on_time), len(due))


CODES = st.one_of(
    st.lists(st.sampled_from(["5", "03", "a", "A", "1", ""]), min_size=1, max_size=4)
    .map(".".join)
    .map(lambda s: s or None),
    st.sampled_from([None, 5.0, 5.03, ERROR, "5*", "~", "-"]),
)


@given(
    st.lists(st.tuples(CODES, amounts(), amounts(), amounts(), amounts(), amounts(), amounts()), max_size=12),
    st.integers(1, 4),
)
def test_budget_mirrors_the_sentence(rows, quarter):
    """Leaves found by comparing all pairs, pagu and realisasi taken as the rule says, sums in exact fractions."""
    columns = [[row[i] for row in rows] for i in range(7)]
    component = budget(Budget(columns[0], columns[1], columns[2], tuple(columns[3:])), quarter)
    spent = ceiling = Fraction(0)
    for code, original, revised, *by_quarter in rows:
        if isinstance(code, CellError):
            continue
        texts = [other[0].upper() for other in rows if isinstance(other[0], str)]
        if isinstance(code, str) and any(other.startswith(f"{code.upper()}.") for other in texts):
            continue
        ceiling += exact(revised) if exact(revised) is not None else exact(original) or 0
        known = [value for value in map(exact, by_quarter[:quarter]) if value is not None]
        spent += known[-1] if known else 0
    assert (Fraction(component.numerator), Fraction(component.denominator)) == (spent, ceiling)
    assert (component.value is None) == (ceiling <= 0)


NIPS = st.sampled_from(["A1", "a1", "B2", "C3", "A*", "C3 ", None, 12.0, ERROR])
ACTIVE = st.sampled_from(["Ya", "YA", "Tidak", "Ya ", None, ERROR])


@given(
    st.lists(st.tuples(NIPS, ACTIVE), max_size=10),
    st.lists(st.tuples(NIPS, day_cells(), amounts()), max_size=10),
    st.integers(1, 4),
    st.one_of(st.none(), st.just(Decimal(20))),
)
def test_training_mirrors_the_sentence(people, courses, quarter, minimum):
    """Distinct active people by their first row, trained in the period, with enough JP if asked."""
    component = training(
        Employees([p[0] for p in people], [p[1] for p in people]),
        Trainings([c[0] for c in courses], [c[1] for c in courses], [c[2] for c in courses]),
        PERIOD,
        quarter,
        minimum,
    )
    begin, end = serial(datetime.date(2025, 1, 1)), PERIOD.cutoff(quarter)
    seen, active, trained = set(), 0, 0
    for nip, status in people:
        if not isinstance(nip, str) or nip.upper() in seen:
            continue
        seen.add(nip.upper())
        if not isinstance(status, str) or status.upper() != "YA":
            continue
        active += 1
        mine = [c for c in courses if isinstance(c[0], str) and c[0].upper() == nip.upper()]
        within = [c for c in mine if isinstance(c[1], float) and begin <= c[1] < end]
        hours = sum(value for c in within if (value := exact(c[2])) is not None and value > 0)
        trained += bool(within) and (minimum is None or hours >= 20)
    assert (component.numerator, component.denominator) == (trained, active)


CONDITIONS = st.sampled_from(
    ["Baik", "baik", "Rusak Ringan", "RUSAK RINGAN", "Rusak Berat", "Hilang", "Baik ", None, ERROR]
)


@given(st.lists(st.tuples(amounts(), CONDITIONS), max_size=12), st.booleans())
def test_facilities_mirror_the_sentence(rows, light):
    """Units with a number above 0; working ones are Baik, and Rusak Ringan where the switch says so."""
    component = facilities(Facilities([r[0] for r in rows], [r[1] for r in rows]), light)
    good = {"BAIK", "RUSAK RINGAN"} if light else {"BAIK"}
    units = [(exact(n), c) for n, c in rows if exact(n) is not None and exact(n) > 0]
    working = sum((n for n, c in units if isinstance(c, str) and c.upper() in good), Fraction(0))
    assert (Fraction(component.numerator), Fraction(component.denominator)) == (working, sum(n for n, _ in units))
