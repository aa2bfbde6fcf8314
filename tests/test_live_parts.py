"""The small parts of the live port: cells in blocks, spelling of formulas, the private copy."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from iku_excel.findings import Refusal
from iku_excel.live import private_copy, session
from iku_excel.live.blocks import address, cover, place, rectangles
from iku_excel.live.spelling import excel_spelling, normal, office_spelling, safe_text
from tests.support_fill import NAMES, first

CELLS = st.sets(st.tuples(st.integers(1, 12), st.integers(1, 12)), min_size=1)

# --- blocks


@given(CELLS, st.integers(1, 40))
@example({(1, 1), (2, 1)}, 1)
def test_rectangles_hold_every_cell_once(cells: set[tuple[int, int]], limit: int) -> None:
    """No cell is missing, written twice or touched without being asked for; none of several rows is above the limit."""
    blocks = rectangles(cells, limit)
    listed = [at for block in blocks for at in block.cells()]
    assert sorted(listed) == sorted(cells)
    assert all(block.size <= limit for block in blocks if block.bottom > block.top)


@given(CELLS)
def test_what_is_read_covers_every_cell(cells: set[tuple[int, int]]) -> None:
    """By one block around them."""
    [around] = cover(cells)
    assert cells <= set(around.cells())


def test_cells_far_apart_are_read_apart() -> None:
    """A note in the last cell of a sheet must not fetch seventeen thousand million cells."""
    assert sum(block.size for block in cover([(1, 1), (1_048_576, 16_384)])) == 2


@given(st.integers(1, 1_048_576), st.integers(1, 16_384))
def test_addresses_read_back(row: int, column: int) -> None:
    """To text and back, over the whole sheet."""
    assert place(address((row, column))) == (row, column)


@pytest.mark.parametrize("wrong", ["", "A0", "a1", "$A$1", "XFE1", "A1048577", "A1:B2", "NSPK!A1"])
def test_what_is_no_plain_address_is_an_error(wrong: str) -> None:
    """Never read as something else."""
    with pytest.raises(ValueError, match=r"address|outside"):
        place(wrong)


# --- spelling


@pytest.mark.parametrize("name", NAMES)
def test_every_formula_of_ours_survives_both_spellings(name: str) -> None:
    """To LibreOffice's spelling and back; the office tests show that LibreOffice reads it as Excel does."""
    formulas = {edit.formula for edit in first(name).edits if edit.formula}
    assert len(formulas) > 400
    assert [f for f in formulas if normal(excel_spelling(office_spelling("=" + f))) != normal(f)] == []


@pytest.mark.parametrize(
    ("excel", "office"),
    [
        ("=SUM(NSPK!$B$5:$B$22,1.5)", "=SUM($NSPK.$B$5:$B$22;1.5)"),
        ("='Data ''x'', y'!A1", "=$'Data ''x'', y'.A1"),
        ('=IF(A1="a,b!C1",{1,2;3,4},TRUE)', '=IF(A1="a,b!C1";{1;2|3;4};TRUE())'),
        ("=SUM(tblX[Nilai, Rp!A1])", "=SUM(tblX[Nilai, Rp!A1])"),
        ("=COUNTA(Dokumen!A:A,Dokumen!$1:$3)", "=COUNTA($Dokumen.A:A;$Dokumen.$1:$3)"),
        ("=STDEV.S(A1:A3)", "=STDEV.S(A1:A3)"),
    ],
)
def test_the_two_spellings_of_a_formula(excel: str, office: str) -> None:
    """Separators, sheets, array constants; what stands in quotes or brackets is kept."""
    assert office_spelling(excel) == office
    assert normal(excel_spelling(office)) == normal(excel)


@pytest.mark.parametrize(
    ("one", "other"),
    [("=SUM(A1:A3)", "=SUM(A1:A2)"), ('="a b"', '="ab"'), ('="$"', '=""'), ("=1,2", "=12"), ("=A1-A2", "=A1+A2")],
)
def test_formulas_that_mean_something_else_stay_different(one: str, other: str) -> None:
    """Only spelling is evened out."""
    assert normal(one) != normal(other)


@pytest.mark.parametrize(
    ("text", "safe"),
    [("Tidak ada temuan", True), ("kesalahan", True), ("Rp 5", False), ("Mei 2025", False), ("=a", False), ("", False)],
)
def test_only_texts_that_surely_stay_texts_are_safe(text: str, safe: bool) -> None:
    """The rest goes behind an apostrophe."""
    assert safe_text(text) is safe


# --- the private copy


@pytest.mark.parametrize("fails", [False, True])
def test_the_copy_is_gone_in_every_case(fails: bool, tmp_path: Path) -> None:
    """It holds complainants' data: after an error it goes too."""
    copy = tmp_path / "salinan.xlsx"
    copy.write_bytes(b"rahasia")
    try:
        with private_copy(copy) as path:
            assert path.read_bytes() == b"rahasia"
            if fails:
                raise KeyboardInterrupt
    except KeyboardInterrupt:
        assert fails
    assert not copy.exists()


def test_forgotten_copies_of_killed_runs_are_swept(tmp_path: Path) -> None:
    """Only in the program's own folder, only workbooks, only old ones."""
    own, other = tmp_path / session.PRIVATE_FOLDER, tmp_path / "Dokumen"
    for folder in (own, other):
        folder.mkdir()
        for name in ("lama.xlsx", "lama.xlsm", "baru.xlsx", "laporan.txt"):
            (folder / name).touch()
            if name != "baru.xlsx":
                os.utime(folder / name, (time.time() - 7200,) * 2)
        with private_copy(folder / "salinan.xlsx"):
            (folder / "salinan.xlsx").touch()
    assert sorted(p.name for p in own.iterdir()) == ["baru.xlsx", "laporan.txt"]
    assert len(list(other.iterdir())) == 4


def test_a_copy_that_is_held_is_waited_for_and_then_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A virus scanner may hold a fresh file for a moment; data of complainants is never left behind in silence."""
    tries: list[float] = []
    monkeypatch.setattr(session.time, "sleep", tries.append)

    def held(self: Path, missing_ok: bool = False) -> None:
        raise PermissionError(32, "in use")

    monkeypatch.setattr(Path, "unlink", held)
    with pytest.raises(Refusal) as caught, private_copy(tmp_path / "salinan.xlsx"):
        pass
    assert caught.value.code == "salinan-belum-terhapus"
    assert 1.5 < sum(tries) < 3
