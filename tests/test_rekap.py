"""``rekap``: what is gathered of each workbook, which stand for their agency, and how they compare."""

from __future__ import annotations

import datetime
import io
import pickle
from decimal import Decimal
from pathlib import Path
from statistics import fmean

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iku_excel.edits import Edit
from iku_excel.fill import check_file, fill, open_workbook
from iku_excel.findings import Refusal
from iku_excel.form.layout import IKU_CODES
from iku_excel.form.template import build
from iku_excel.form.template.content import Content
from iku_excel.indicators.achievement import round2
from iku_excel.indicators.exact import percent
from iku_excel.recap.columns import INDICATORS, long_tables
from iku_excel.recap.compare import components, mean, of_year, predicates, ranking, weakest
from iku_excel.recap.gather import gather, record_of
from iku_excel.recap.roll import NAMELESS, Unread
from iku_excel.unchanged import unchanged
from tests.judges.excel import assert_excel_accepts
from tests.support_cli import good, unfilled
from tests.support_fill import MOMENT, NAMES, first
from tests.support_random import random_content
from tests.support_rekap import book, edited, record, rolled, seed

pytestmark = pytest.mark.judges_itself
"""The workbooks to gather are made by edits of cells, some hundred of them: one is judged for all."""

VERSI1 = Path(__file__).parent / "versi1"


@pytest.mark.parametrize("name", NAMES)
def test_a_record_holds_the_figures_of_ringkasan(name: str) -> None:
    """Every figure of the record is the one that `isi` writes beside its formula."""
    filled = first(name)
    figures = {(e.sheet, e.cell): e.value for e in filled.edits}
    taken = record_of("x", filled.opened)

    rows = dict(zip(IKU_CODES, (6, 7, 8), strict=True))
    for f in taken.indicators:
        row = rows[f.code]
        shown = [figures["Ringkasan", f"{column}{row}"] for column in "EKLOP"]
        assert shown == [f.target, f.capaian, f.predicate or None, f.source or None, f.status]
        assert figures["Ringkasan", f"{'FGHI'[taken.quarter - 1]}{row}"] == f.value
    for number, element in enumerate(taken.elements, 5):
        cells = [figures["NSPK", f"{column}{number}"] for column in "CDEFGHI"]
        assert cells[:6] == [
            element.questions, element.answered, element.score, element.maximum, element.percent, element.gap,
        ]  # fmt: skip
        assert cells[6] == element.lost
    assert {c.key: c.value for c in taken.components} == filled.opened.result.components
    assert sum(f.count for f in taken.findings) == len(filled.opened.findings)


def test_a_record_is_small_however_long_the_log() -> None:
    """3 KB, and 300 complaints weigh no more than 8: memory over ten thousands of workbooks stays flat."""
    short, long = (len(pickle.dumps(record_of("x", o))) for o in (seed(), first("bersih").opened))

    assert short < 5000
    assert long < short + 1000


def test_a_record_survives_the_way_between_processes() -> None:
    """Pickled and back it is the same."""
    taken = record("x.xlsx", book())

    assert pickle.loads(pickle.dumps(taken)) == taken  # noqa: S301  # our own


@pytest.mark.parametrize("name", [*NAMES, 1, 3])
def test_a_sealed_workbook_gives_what_the_long_way_gives(name: str | int, tmp_path: Path) -> None:
    """The seal spares checking and comparing; the record is the same, field by field."""
    data = first(name).data if isinstance(name, str) else fill(build(*random_content(name, 0.2)), MOMENT).data
    assert data is not None and unchanged(data) is not None
    path = tmp_path / "buku.xlsx"
    path.write_bytes(data)

    assert gather(path) == record_of(str(path), open_workbook(data))


def test_gather_names_the_file_and_refuses_what_isi_refuses(tmp_path: Path) -> None:
    """Whatever can't be opened is the very refusal of `periksa`."""
    path = tmp_path / "buku.xlsx"
    path.write_bytes(good())
    assert gather(path).file == str(path)
    path.write_bytes(good()[:3000])
    with pytest.raises(Refusal) as mine:
        gather(path)
    with pytest.raises(Refusal) as theirs:
        check_file(path)
    assert (mine.value.code, mine.value.lines()) == (theirs.value.code, theirs.value.lines())


def test_excel_takes_the_workbooks_that_these_tests_gather() -> None:
    """They differ in a few cells only."""
    assert_excel_accepts(book(), deep=False)
    assert_excel_accepts(book("CONTOH B", 2024, quarter=2, score=3, carried="1", scale="=1"), deep=False)


# --- is what the sheets hold up to date?


@pytest.mark.parametrize("name", NAMES)
def test_a_filled_workbook_is_up_to_date(name: str) -> None:
    """What `isi` wrote is what the recap computes."""
    taken = record("x", first(name).data or b"")

    assert (taken.freshness, taken.differing) == ("mutakhir", 0)


@pytest.mark.parametrize("seed_number", range(6))
def test_up_to_date_means_that_isi_would_change_nothing(seed_number: int) -> None:
    """Random workbooks, clean and spoiled: filled they are up to date, and as built they are not."""
    year, content = random_content(seed_number, 0.2)
    built = build(year, content)
    filled = fill(built, MOMENT).data or b""

    assert record("x", filled).freshness in ("mutakhir", "belum diisi")
    assert record("x", filled).differing == 0
    assert fill(filled, MOMENT).data is None
    assert record("x", built).freshness == "belum diisi"
    assert record("x", built).differing > 100


def test_a_changed_input_makes_the_workbook_older_than_its_data() -> None:
    """One score typed after filling: told, and the recap has the new figure."""
    before = book(score=5)
    data = edited(before, Edit("NSPK_Pertanyaan", seed().inputs.tables["tblPertanyaan"].address("Skor", 0), 10))
    taken = record("x", data)

    assert taken.freshness == "lebih lama dari datanya"
    assert taken.differing == len(fill(data, MOMENT).changed)
    assert taken.indicator("IKU-1").value == percent(Decimal(95), Decimal(180))
    assert record("x", before).indicator("IKU-1").value == 50


def test_a_workbook_that_was_never_filled_says_so() -> None:
    """Built and never filled; filled but without any data, as `baru` leaves it."""
    new = fill(build(2025, Content({"Perangkat_Daerah": "CONTOH Dinas"})), MOMENT).data or b""

    assert record("x", unfilled()).freshness == "belum diisi"
    assert record("x", new).freshness == "belum diisi"
    assert record("x", new).differing == 0


def test_output_sheets_rebuilt_by_hand_are_told_and_the_figures_come_all_the_same() -> None:
    """Rows inserted into Ringkasan: `isi` would refuse; the recap computes from the inputs."""
    workbook, out = openpyxl.load_workbook(io.BytesIO(good())), io.BytesIO()
    workbook["Ringkasan"].insert_rows(4, 2)
    workbook.save(out)
    taken = record("x", out.getvalue())

    assert taken.freshness == "tidak dapat diisi"
    assert "Ringkasan" in taken.trouble
    assert taken.indicator("IKU-1").value == 50


# --- which workbooks stand for their agency


def test_two_workbooks_of_one_agency_year_and_quarter_are_both_left_out() -> None:
    """Neither is chosen, nothing is added up; both are named, and both are in the data."""
    whole = rolled(book("CONTOH A", score=2), book("CONTOH A", score=8), book("CONTOH B", score=6))

    assert [r.file for r in whole.counted] == ["3.xlsx"]
    assert [[r.file for r in same] for same in whole.duplicates] == [["1.xlsx", "2.xlsx"]]
    assert of_year(whole.of_year(2025), "IKU-1").value.mean == 60
    matters = [m for m in whole.matters if m.kind == "ganda"]
    assert [(m.unit, m.year, m.quarter, m.file) for m in matters] == [
        ("CONTOH A", 2025, 4, "1.xlsx"),
        ("CONTOH A", 2025, 4, "2.xlsx"),
    ]
    assert "2.xlsx" in matters[0].words and "1.xlsx" in matters[1].words
    data = next(table for table in long_tables(whole) if table.name == "indikator")
    at = [column.name for column in INDICATORS].index("diperbandingkan")
    assert [row[at] for row in data.rows] == ["Tidak"] * 6 + ["Ya"] * 3


def test_a_duplicate_of_the_latest_quarter_does_not_let_an_earlier_one_stand_in() -> None:
    """TW II is not passed off as the year's figure while TW IV is in doubt."""
    whole = rolled(book(quarter=2), book(quarter=4, score=1), book(quarter=4, score=2))

    assert whole.counted == ()
    assert len(whole.duplicates) == 1


def test_duplicates_of_an_earlier_quarter_do_not_disturb_the_latest() -> None:
    """They are told all the same."""
    whole = rolled(book(quarter=2, score=1), book(quarter=2, score=2), book(quarter=4))

    assert [r.file for r in whole.counted] == ["3.xlsx"]
    assert len(whole.duplicates) == 1


def test_the_latest_quarter_of_a_year_stands_for_it() -> None:
    """All quarters are in the data, one is compared."""
    whole = rolled(book(quarter=3, score=3), book(quarter=1, score=1), book(quarter=2, score=2))

    assert [(r.file, r.quarter) for r in whole.counted] == [("1.xlsx", 3)]
    assert len(whole.records) == 3
    assert not whole.duplicates


def test_names_that_differ_in_case_and_blanks_are_one_agency() -> None:
    """The most frequent way to write it is the recap's, and the ways are told."""
    whole = rolled(
        book("CONTOH Dinas A", year=2023), book("Contoh  dinas a ", year=2024), book("CONTOH Dinas A", year=2025)
    )

    assert whole.units == ("CONTOH Dinas A",)
    assert len(whole.counted) == 3
    (matter,) = [m for m in whole.matters if m.kind == "penulisan nama"]
    assert '"CONTOH Dinas A"' in matter.words and '"Contoh dinas a"' in matter.words
    assert rolled(book("CONTOH A"), book("contoh a")).duplicates, "and so they may be duplicates"


def test_a_workbook_without_a_name_is_not_compared() -> None:
    """Two of them are not each other's duplicates; both are told."""
    cell = seed().inputs.setting_cells["Perangkat_Daerah"]
    nameless = edited(book(), Edit(*cell, None))
    whole = rolled(nameless, nameless, book())

    assert [r.file for r in whole.counted] == ["3.xlsx"]
    assert not whole.duplicates
    assert whole.unit(whole.records[-1]) == NAMELESS
    assert [m.file for m in whole.matters if m.kind == "tanpa nama"] == ["1.xlsx", "2.xlsx"]


def test_workbooks_of_several_versions_and_years_work_together() -> None:
    """A workbook of template version 1 beside today's, each with the figures of its own year."""
    old = (VERSI1 / "CONTOH-1-bersih.xlsx").read_bytes()
    whole = rolled(old, book(year=2023), book(year=2027))

    assert {r.version for r in whole.records} == {1, seed().inputs.version}
    assert whole.years == (2023, 2025, 2027)
    assert whole.counted[0].indicator("IKU-1").value == open_workbook(old).result.indices["IKU-1"]


def test_what_needs_attention_is_told_in_order() -> None:
    """The unreadable first, then duplicates, states of filling, mistakes."""
    whole = rolled(
        book("CONTOH A"), book("CONTOH A"), unfilled(), edited(book("CONTOH C"), Edit("Pengaturan", "B7", 3)),
        unread=(Unread("rusak.xlsx", "berkas-rusak", "Rusak.", "", "Perbaiki."),),
    )  # fmt: skip
    kinds = list(dict.fromkeys(m.kind for m in whole.matters))

    assert kinds == ["tidak terbaca", "ganda", "belum diisi", "lebih lama dari datanya", "kesalahan data"]


# --- side by side


def test_equal_values_share_a_rank_and_the_next_one_counts_them() -> None:
    """1, 2, 2, 4; equal is what reads equal at two decimals."""
    scores = {"CONTOH A": 5.0, "CONTOH B": 9.0, "CONTOH C": 7.0, "CONTOH D": 7.000001}
    whole = rolled(*(book(name, score=score) for name, score in scores.items()))

    ranks = [(rank, whole.unit(r)) for rank, r in ranking(whole.of_year(2025), "IKU-1")]

    assert ranks == [(1, "CONTOH B"), (2, "CONTOH C"), (2, "CONTOH D"), (4, "CONTOH A")]


def test_what_is_not_carried_or_has_no_value_is_never_ranked() -> None:
    """Nor is it 0 in an average: it is counted apart."""
    whole = rolled(
        book("CONTOH A", score=4), book("CONTOH B", carried="23"), book("CONTOH C", year=2025, quarter=1, score=8)
    )
    records = whole.of_year(2025)

    assert [whole.unit(r) for _, r in ranking(records, "IKU-1")] == ["CONTOH C", "CONTOH A"]
    over_all = of_year(records, "IKU-1")
    assert (over_all.valued, over_all.without, over_all.not_carried) == (2, 0, 1)
    assert (over_all.value.mean, over_all.value.lowest, over_all.value.highest) == (60, 40, 80)


def test_an_agency_without_a_component_is_missing_there_and_not_zero() -> None:
    """2024 has no document due: three components have a mean, one has none."""
    whole = rolled(book("CONTOH A", year=2024), book("CONTOH B", year=2024), book("CONTOH C", year=2024, carried="13"))

    found = components(whole, whole.of_year(2024))

    assert [(c.value.count, c.missing, c.value.mean) for c in found] == [
        (0, 2, None),
        (2, 0, 80),
        (2, 0, 50),
        (2, 0, 75),
    ]
    assert found[1].lowest == ("CONTOH A", "CONTOH B")


def test_the_weakest_elements_are_those_with_the_lowest_mean() -> None:
    """E03 at 1 and 3 of 10 is weakest: mean 20, 16 points lost of 20; who doesn't carry IKU-1 is left out."""
    at = seed().inputs.tables["tblPertanyaan"].address("Skor", 2)
    whole = rolled(
        edited(book("CONTOH A", score=8), Edit("NSPK_Pertanyaan", at, 1)),
        edited(book("CONTOH B", score=6), Edit("NSPK_Pertanyaan", at, 3)),
        book("CONTOH C", score=0, carried="23"),
    )
    elements = weakest(whole.of_year(2025), 2025)

    worst = elements[0]
    assert (worst.code, worst.units, worst.percent.mean, worst.percent.lowest) == ("E03", 2, 20, 10)
    assert (worst.lost, worst.maximum) == (16, 20)
    assert elements[1].percent.mean == 70
    assert len(elements) == 18


def test_predicates_are_counted_by_indicator_the_best_first() -> None:
    """80 / 80 is Sangat Tinggi, 56 / 80 Sedang."""
    whole = rolled(book("CONTOH A", score=8), book("CONTOH B", score=5.6), book("CONTOH C", score=9, carried="1"))

    found = dict(predicates(whole.of_year(2025), IKU_CODES))

    assert list(found) == ["Sangat Tinggi", "Sedang"]
    assert found["Sangat Tinggi"][0] == 2 and found["Sedang"][0] == 1
    assert found["Sangat Tinggi"][1] == 2, "the third doesn't carry IKU-2"


@given(st.lists(st.decimals(min_value=0, max_value=150, places=6), min_size=1, max_size=60))
def test_a_mean_is_the_mean(values: list[Decimal]) -> None:
    """Against the standard library's: equal but for the last bits of a float."""
    found = mean(values)

    assert found is not None
    assert float(found) == pytest.approx(fmean(map(float, values)), rel=1e-12, abs=1e-12)
    assert min(values) <= found <= max(values)


def test_months_after_the_quarter_are_not_told_as_zero() -> None:
    """In TW II there are six months; the counts are those of the workbook."""
    tables = {table.name: table for table in long_tables(rolled(book(quarter=2)))}

    months = [row[3:6] for row in tables["keluhan_bulan"].rows]

    assert [month for month, *_ in months] == [1, 2, 3, 4, 5, 6]
    assert sum(int(str(counted)) for _, counted, _ in months) == 8
    assert sum(int(str(followed)) for _, _, followed in months) == 6


def test_the_long_tables_hold_every_workbook_and_exact_figures() -> None:
    """Rows by kind; a percentage is exact, not rounded."""
    whole = rolled(book("CONTOH A", quarter=1), book("CONTOH B", score=1 / 3, carried="1"))
    tables = {table.name: table for table in long_tables(whole)}

    assert {name: len(table.rows) for name, table in tables.items() if name != "temuan"} == {
        "indikator": 6, "elemen": 36, "komponen": 4, "keluhan_bulan": 3, "keluhan_kanal": 7, "buku": 2,
    }  # fmt: skip
    for table in tables.values():
        assert all(len(row) == len(table.columns) for row in table.rows)
    exact = whole.records[1].indicator("IKU-1").value
    assert exact is not None and exact != round2(exact)
    at = [column.name for column in INDICATORS]
    row = tables["indikator"].rows[3]
    assert row[at.index("realisasi")] == exact
    assert row[at.index("batas_periode")] == datetime.date(2025, 12, 31)
