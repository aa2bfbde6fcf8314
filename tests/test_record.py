"""The recap's record inside the seal: exact, harmless to whoever reads the cell, and never another one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iku_excel import seal
from iku_excel.capacity import MAX_TEXT
from iku_excel.edits import Edit
from iku_excel.fill import fill, open_workbook
from iku_excel.findings import LEVELS
from iku_excel.form.layout import IKU_CODES
from iku_excel.form.outputs import SEAL
from iku_excel.form.template import build
from iku_excel.form.template.content import Content
from iku_excel.recap import gather as gathering
from iku_excel.recap.gather import gather, record_of
from iku_excel.record import ComponentFigures, ElementScore, FindingCount, IndicatorFigures, Record, meant, spelled
from iku_excel.seal import recorded
from iku_excel.unchanged import MARK, salt, unchanged
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.stamp import UNSTAMPED, stamp
from tests.support_cli import good
from tests.support_fill import LATER, MOMENT, data_of
from tests.support_rekap import book, edited, seed

pytestmark = pytest.mark.judges_itself
"""The workbooks are those of tests/test_seal.py and of the recap's tests, but for the text of one cell."""

figure = st.decimals(allow_nan=False, allow_infinity=False)
perhaps = st.none() | figure
text = st.text() | st.text('<>&"_x0041\\/ \r\n\t\x7f=;é😀', max_size=12)
number = st.integers(0, 10**9)


def rows(kind: Callable[..., object], *parts: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    """Some rows of this kind."""
    return st.lists(st.builds(kind, *parts), max_size=3).map(tuple)


records = st.builds(
    Record,
    file=st.just(""),
    unit=text,
    year=number,
    quarter=number,
    version=number,
    freshness=st.sampled_from(["mutakhir", "belum diisi"]),
    differing=st.just(0),
    trouble=st.just(""),
    indicators=rows(IndicatorFigures, text, st.booleans(), *[perhaps] * 6, text, text, text),
    elements=rows(ElementScore, text, number, number, figure, figure),
    components=rows(ComponentFigures, text, perhaps, perhaps, perhaps),
    months=st.lists(st.tuples(number, number)).map(tuple),
    channels=st.lists(st.tuples(text, number, number)).map(tuple),
    findings=rows(FindingCount, text, st.sampled_from(LEVELS), number),
)


@given(records)
def test_every_record_comes_back_to_the_last_digit(record: Record) -> None:
    """Whatever a unit, a channel or a predicate is called; 0E-7 is not 0, though equal."""
    line = spelled(record)

    assert repr(meant(line)) == repr(record)
    assert line.isascii()
    assert not set("<>&_\r\n\t") & set(line), "XML and Excel would spell it otherwise, or end the line"


@pytest.mark.parametrize(
    "unit",
    ['CONTOH "A" <&> _x0041_ \\ é 😀', "=CONTOH()", "; rekap=[]", "CONTOH\nDua\tBaris", "</t>", "\u2028\x85", None, 7],
)
def test_a_workbook_of_any_name_is_sealed_with_its_record(unit: str | float | None, tmp_path: Path) -> None:
    """Signs that XML, JSON or Excel spell otherwise: gathered by the seal as by computing."""
    cell = seed().inputs.setting_cells["Perangkat_Daerah"]
    path = tmp_path / "buku.xlsx"
    path.write_bytes(data_of(fill(edited(book(), Edit(*cell, unit)), LATER)))

    assert recorded(path.read_bytes()) is not None
    assert gather(path) == record_of(str(path), open_workbook(path.read_bytes()))


def test_a_workbook_without_data_says_so_by_its_seal() -> None:
    """Filled, and nothing to compute from."""
    new = data_of(fill(build(2025, Content({"Perangkat_Daerah": "CONTOH Dinas"})), MOMENT))
    found = recorded(new)

    assert found is not None
    assert found == record_of("", open_workbook(new))
    assert found.freshness == "belum diisi"


def test_what_is_not_carried_is_told_so() -> None:
    """One indicator of three."""
    found = recorded(book(carried="2"))

    assert found is not None
    assert [found.carries(code) for code in IKU_CODES] == [False, True, False]


def test_gathering_a_sealed_workbook_computes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is hashed, and one line is read; a letter later it is computed."""
    path = tmp_path / "buku.xlsx"
    path.write_bytes(good())
    wanted = record_of(str(path), open_workbook(good()))

    def never(*_: object) -> object:
        raise AssertionError("computed, though nothing had changed")

    monkeypatch.setattr(gathering, "open_workbook", never)
    assert gather(path) == wanted
    path.write_bytes(edited(good(), Edit("Pengaturan", "C30", "CONTOH")))
    with pytest.raises(AssertionError):
        gather(path)


def test_filling_an_unchanged_workbook_reads_no_record(monkeypatch: pytest.MonkeyPatch) -> None:
    """`isi` skips it as fast as ever."""

    def never(*_: object) -> object:
        raise AssertionError("read, though nobody asked")

    monkeypatch.setattr(seal, "meant", never)
    assert unchanged(good()) is not None


def test_no_flipped_bit_of_the_record_passes() -> None:
    """Each letter of it, another bit in turn."""
    data = good()
    begin = data.index(b"; rekap=")
    for place in range(begin, data.index(b"<", begin)):
        spoiled = bytearray(data)
        spoiled[place] ^= 1 << place % 7
        assert recorded(bytes(spoiled)) is None, f"byte {place}"


def test_a_record_too_long_for_the_cell_is_left_out(tmp_path: Path) -> None:
    """An agency's name of 30,000 letters that take six each: sealed all the same, and gathered by computing."""
    cell = seed().inputs.setting_cells["Perangkat_Daerah"]
    path = tmp_path / "buku.xlsx"
    path.write_bytes(data_of(fill(edited(book(), Edit(*cell, "é" * 30_000)), LATER)))

    assert unchanged(path.read_bytes()) is not None
    assert recorded(path.read_bytes()) is None
    assert gather(path).unit == "é" * 30_000


def test_a_record_that_just_fits_is_carried() -> None:
    """The cell is filled to its last letter; one more, and the seal goes without."""
    cell = seed().inputs.setting_cells["Perangkat_Daerah"]

    def line(length: int) -> str:
        filled = fill(edited(book(), Edit(*cell, "a" * length)), LATER)
        (told,) = (edit.value for edit in filled.seal if edit.cell == SEAL)
        return str(told)

    most = MAX_TEXT - len(line(1)) + 1
    assert len(line(most)) == MAX_TEXT
    assert "rekap=" not in line(most + 1)


def test_a_file_whose_seal_would_tell_another_record_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last look before saving reads the record back from the new file's bytes."""
    changed = edited(good(), Edit("NSPK_Pertanyaan", "E5", 0.25))

    def wrong(record: Record) -> str:
        return spelled(replace(record, quarter=record.quarter + 1))

    with monkeypatch.context() as other:
        other.setattr(seal, "spelled", wrong)
        filled = fill(changed, LATER)
    assert unchanged(data_of(filled)) is None and recorded(data_of(filled)) is None
    assert [(edit.cell, edit.value) for edit in filled.seal] == [(SEAL, None)]
    assert recorded(data_of(fill(changed, LATER))) is not None


@pytest.mark.parametrize("nonsense", ["", "[", "[" * 9000, "{}", "7", "[1,2]", '[true,"CONTOH",2025,4,3,1,2,3,4,5,6]'])
def test_a_record_that_is_none_is_not_told(nonsense: str, tmp_path: Path) -> None:
    """Made by somebody who knows how: the workbook is computed."""
    figures = "; ".join(f"{key}=" for key in ("IKU-1", "IKU-2", "IKU-3", "dokumen", "anggaran", "diklat", "sarpras"))
    line = f"{MARK}{UNSTAMPED}; {figures}; temuan=0 x; rekap={nonsense}"
    part = Package.open(good()).sheet("Riwayat").part
    forged = stamp(edited(good(), Edit("Riwayat", SEAL, line)), part, MARK, salt())
    assert forged is not None and unchanged(forged) is not None
    path = tmp_path / "buku.xlsx"
    path.write_bytes(forged)

    assert recorded(forged) is None
    assert gather(path) == record_of(str(path), open_workbook(forged))
