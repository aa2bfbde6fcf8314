"""The command line: what each command does, prints and exits with (DESIGN §4)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support_cli import example, foreign, good, run, unfilled

from iku_excel import create, tell_batch


def _book(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _cells(path: Path, sheet: str, *, values: bool = True) -> object:
    from openpyxl import load_workbook

    return load_workbook(path, data_only=values)[sheet]


# baru


def test_a_new_workbook_is_ours_and_filled(tmp_path: Path) -> None:
    """Baru makes a workbook with the agency and year, whose every formula has its value stored."""
    from openpyxl import load_workbook

    book = tmp_path / "IKU.xlsx"
    ran = run("baru", book, "--perangkat-daerah", " Dinas Contoh ", "--tahun", "2025", "--triwulan", "2")

    assert ran.status == 0
    assert str(book) in ran.out
    values, formulas = load_workbook(book, data_only=True), load_workbook(book)
    named = {}
    for name in ("Perangkat_Daerah", "Tahun", "Triwulan"):
        sheet, cell = values.defined_names[name].attr_text.split("!")
        named[name] = values[sheet.strip("'")][cell.replace("$", "")].value
    assert named == {"Perangkat_Daerah": "Dinas Contoh", "Tahun": 2025, "Triwulan": 2}
    assert values["Pemeriksaan"]["A6"].value == 1  # findings stand there only once it is filled
    assert formulas["Ringkasan"].max_row > 5
    assert run("isi", "--json", book).out.count('"unchanged"') == 1


def test_a_new_workbook_never_overwrites(tmp_path: Path) -> None:
    """An existing file, whatever it is, makes baru exit 1 and stays as it is."""
    book = _book(tmp_path / "IKU.xlsx", b"milik orang")

    ran = run("baru", book, "--perangkat-daerah", "Dinas", "--tahun", "2025")

    assert ran.status == 1
    assert len(ran.complaint) == 3
    assert "sudah ada" in ran.complaint[0]
    assert book.read_bytes() == b"milik orang"


def test_a_file_made_meanwhile_is_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else's file that appears while the new workbook is being built stays as it is."""
    book = tmp_path / "IKU.xlsx"

    def slow(*_: object, **__: object) -> bytes:
        book.write_bytes(b"milik orang")
        return good()

    monkeypatch.setattr(create, "new_book", slow)
    ran = run("baru", book, "--perangkat-daerah", "Dinas", "--tahun", "2025")

    assert ran.status == 1
    assert "sudah ada" in ran.complaint[0]
    assert book.read_bytes() == b"milik orang"


def test_a_new_workbook_needs_its_folder(tmp_path: Path) -> None:
    """A folder that isn't there is told, not made."""
    ran = run("baru", tmp_path / "tiada" / "IKU.xlsx", "--perangkat-daerah", "Dinas", "--tahun", "2025")

    assert ran.status == 1
    assert "Folder" in ran.complaint[0]
    assert not (tmp_path / "tiada").exists()


@pytest.mark.parametrize("name", ["IKU.xls", "IKU", "IKU.ods"])
def test_a_new_workbook_is_an_xlsx_or_xlsm(name: str, tmp_path: Path) -> None:
    """Other endings are wrong usage, and name the two that are right."""
    ran = run("baru", tmp_path / name, "--perangkat-daerah", "Dinas", "--tahun", "2025")

    assert ran.status == 2
    assert ".xlsx" in ran.err and ".xlsm" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_new_xlsm_has_the_button(tmp_path: Path) -> None:
    """An .xlsm carries the macro project, is ours, filled, and may be filled again."""
    import zipfile

    book = tmp_path / "IKU.XLSM"
    assert run("baru", book, "--perangkat-daerah", "Dinas", "--tahun", "2025").status == 0
    with zipfile.ZipFile(book) as archive:
        assert "xl/vbaProject.bin" in archive.namelist()
        assert b"macroEnabled" in archive.read("[Content_Types].xml")
    assert run("isi", "--json", book).out.count('"unchanged"') == 1


# isi


def test_filling_reports_figures_done_by_hand(tmp_path: Path) -> None:
    """The JSON of the small workbook holds exactly the figures of a hand calculation, two decimals, half up."""
    book = _book(tmp_path / "a.xlsx", unfilled())

    ran = run("isi", "--json", book)

    told = json.loads(ran.out)
    assert list(told) == ["file", "status", "indices", "components", "findings", "error"]
    assert told["file"] == str(book)
    assert told["status"] == "filled"
    assert told["error"] is None
    # IKU-1: (3 + 5) / (4 + 4 + 8); dokumen 1/3; anggaran (300 + 150) / (600 + 400); diklat 1/2; sarpras 6/8
    assert told["components"] == {"dokumen": 33.33, "anggaran": 45.0, "diklat": 50.0, "sarpras": 75.0}
    # 0.40 * 100/3 + 0.30 * 45 + 0.25 * 50 + 0.05 * 75 = 13.333… + 13.5 + 12.5 + 3.75
    assert told["indices"] == {"IKU-1": 50.0, "IKU-2": 43.08, "IKU-3": 50.0}
    assert {tuple(f) for f in told["findings"]} == {("code", "level", "sheet", "cell", "message", "fix")}
    assert ran.status == 1
    assert any(f["level"] == "kesalahan" for f in told["findings"])


def test_filling_twice_leaves_the_same_bytes(tmp_path: Path) -> None:
    """The first isi fills, the second finds nothing to do and leaves the file as it is, to the byte."""
    book = _book(tmp_path / "a.xlsx", unfilled())

    assert json.loads(run("isi", "--json", book).out)["status"] == "filled"
    first = book.read_bytes()
    assert json.loads(run("isi", "--json", book).out)["status"] == "unchanged"
    assert book.read_bytes() == first


def test_a_dry_run_tells_and_writes_nothing(tmp_path: Path) -> None:
    """--dry-run shows the table, the sheets and the first cells that would change; status as it would be."""
    book = _book(tmp_path / "a.xlsx", unfilled())

    ran = run("isi", "--dry-run", book)
    told = json.loads(run("isi", "--dry-run", "--json", book).out)

    assert book.read_bytes() == unfilled()
    assert [p.name for p in tmp_path.iterdir()] == ["a.xlsx"]
    assert "akan diisi" in ran.out
    assert "Yang akan berubah" in ran.out
    assert sum(line.startswith("  NSPK!") for line in ran.out.splitlines()) == tell_batch.CHANGES_SHOWN
    assert "sel lagi." in ran.out
    assert told["status"] == "filled"
    assert ran.status == run("isi", book).status == 1


def test_folders_are_searched_and_order_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths come in the order given, a folder's files sorted, its path joined as given, each file once."""
    (tmp_path / "arsip" / "b").mkdir(parents=True)
    for name in ("z.xlsx", "arsip/c.xlsx", "arsip/a.xlsx", "arsip/b/B.XLSX"):
        _book(tmp_path / name, good())
    monkeypatch.chdir(tmp_path)

    ran = run("isi", "--json", "z.xlsx", "./arsip", "arsip/a.xlsx", "./z.xlsx")

    files = [json.loads(line)["file"] for line in ran.out.splitlines()]
    assert files == ["z.xlsx", "./arsip/a.xlsx", "./arsip/b/B.XLSX", "./arsip/c.xlsx"]


def test_a_foreign_workbook_is_an_error_only_when_named(tmp_path: Path) -> None:
    """In a folder it is passed over; named beside the folder it is refused."""
    _book(tmp_path / "a.xlsx", example("bersih"))
    rekap = _book(tmp_path / "rekap.xlsx", foreign())

    assert run("isi", tmp_path).status == 0
    assert run("isi", tmp_path, rekap).status == 1


def test_the_table_shows_indonesian_numbers(tmp_path: Path) -> None:
    """Figures have a decimal comma, a missing one a dash; counts of findings and the status stand beside."""
    _book(tmp_path / "a.xlsx", unfilled())
    _book(tmp_path / "b.xlsx", b"")

    lines = run("isi", tmp_path).out.splitlines()

    assert lines[0].split() == ["Buku", "kerja", "IKU-1", "IKU-2", "IKU-3", "Salah", "Ragu", "Info", "Detik", "Status"]
    assert lines[2].split()[1:4] == ["50,00", "43,08", "50,00"]
    failed = lines[3].split()
    assert (failed[1:7], failed[-1]) == (["–"] * 6, "gagal")
    assert "2 buku kerja: 1 diisi, 1 gagal." in lines


def test_personal_data_is_never_printed(tmp_path: Path) -> None:
    """No command prints a complainant's name, whatever is wrong with their rows."""
    book = _book(tmp_path / "a.xlsx", unfilled())
    said = ""
    for args in (("isi", "--dry-run"), ("isi", "--json"), ("isi",), ("periksa", "--json"), ("periksa",), ("rapikan",)):
        ran = run(*args, book)
        said += ran.out + ran.err
    for code in ("IKU-1", "IKU-2", "IKU-3"):
        said += run("jelaskan", book, code).out
    assert "43,08" in said
    assert "RAHASIA" not in said
    assert "Budi" not in said


# periksa, rapikan, jelaskan, contoh


def test_checking_writes_nothing(tmp_path: Path) -> None:
    """Periksa gives the same figures and findings as isi, status checked, and leaves the file as it is."""
    book = _book(tmp_path / "a.xlsx", unfilled())

    checked = json.loads(run("periksa", "--json", book).out)

    assert book.read_bytes() == unfilled()
    assert checked.pop("status") == "checked"
    filled = json.loads(run("isi", "--json", book).out)
    filled.pop("status")
    assert checked == filled


def test_tidying_lists_each_cell_and_mends_it(tmp_path: Path) -> None:
    """Rapikan names every cell it mends or leaves; the cell then holds a real number, and a second run has none."""
    book = _book(tmp_path / "a.xlsx", example("kesalahan-umum"))

    planned = run("rapikan", "--dry-run", book)
    assert book.read_bytes() == example("kesalahan-umum")
    assert _cells(book, "NSPK_Pertanyaan")["E5"].value == "85,5"
    ran = run("rapikan", book)

    assert ran.status == planned.status == 0
    assert "NSPK_Pertanyaan!E5: teks '85,5' menjadi angka 85,5" in ran.out
    assert "Anggaran!J8: dibiarkan" in ran.out
    assert planned.out == ran.out.replace("sel dirapikan", "sel akan dirapikan")
    assert "iku-excel isi" in ran.err
    assert _cells(book, "NSPK_Pertanyaan")["E5"].value == 85.5
    mended = book.read_bytes()
    assert " 0 sel dirapikan" in run("rapikan", book).out
    assert book.read_bytes() == mended


def test_tidying_takes_away_errors(tmp_path: Path) -> None:
    """After rapikan the same workbook has fewer findings of level kesalahan."""
    book = _book(tmp_path / "a.xlsx", example("kesalahan-umum"))

    def errors() -> int:
        told = json.loads(run("periksa", "--json", book).out)
        return sum(f["level"] == "kesalahan" for f in told["findings"])

    before = errors()
    run("rapikan", book)
    assert errors() <= before - 15


@pytest.mark.parametrize(("code", "figure"), [("IKU-1", "50,00"), ("iku-2", "43,08"), ("Iku-3", "50,00")])
def test_explaining_prints_the_figure_with_its_cells(code: str, figure: str, tmp_path: Path) -> None:
    """Jelaskan takes the code in any case and prints figure, cells, settings and legal basis."""
    book = _book(tmp_path / "a.xlsx", good())

    ran = run("jelaskan", book, code)

    assert ran.status == 0
    assert ran.out.startswith(code.upper())
    assert f"Nilai: {figure}  [" in ran.out
    assert "Triwulan: 4  [Pengaturan!B" in ran.out
    assert "terverifikasi, diperiksa" in ran.out
    assert book.read_bytes() == good()


def test_the_examples_exit_as_they_should(tmp_path: Path) -> None:
    """Contoh makes three filled workbooks: the clean one has no error, the other two have."""
    made = run("contoh", tmp_path / "contoh")

    assert made.status == 0
    names = [f"CONTOH-{n}.xlsx" for n in ("1-bersih", "2-kesalahan-umum", "3-belum-lengkap")]
    assert sorted(p.name for p in (tmp_path / "contoh").iterdir()) == names
    ran = [run("isi", "--json", tmp_path / "contoh" / name) for name in names]
    assert [r.status for r in ran] == [0, 1, 1]
    assert all('"unchanged"' in r.out for r in ran)


def test_the_examples_never_overwrite(tmp_path: Path) -> None:
    """One name taken, and no example is made at all."""
    _book(tmp_path / "CONTOH-2-kesalahan-umum.xlsx", b"milik orang")

    ran = run("contoh", tmp_path)

    assert ran.status == 1
    assert str(tmp_path / "CONTOH-2-kesalahan-umum.xlsx") in ran.complaint[1]
    assert [p.name for p in tmp_path.iterdir()] == ["CONTOH-2-kesalahan-umum.xlsx"]


def test_findings_stay_short(tmp_path: Path) -> None:
    """At most ten groups of findings a workbook, then how many more there are."""
    book = _book(tmp_path / "a.xlsx", example("kesalahan-umum"))

    out = run("periksa", book).out

    levels = [line.split()[0] for line in out.splitlines() if line.startswith("  ") and line.strip()[0].islower()]
    assert len(levels) == tell_batch.FINDINGS_SHOWN
    assert "temuan lagi" in out
    total = len(json.loads(run("periksa", "--json", book).out)["findings"])
    assert total > 100


def test_a_write_that_fails_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk while a new workbook is written: three lines, and no file."""
    import os

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    ran = run("baru", tmp_path / "a.xlsx", "--perangkat-daerah", "Dinas", "--tahun", "2025")

    assert ran.status == 1
    assert "penuh" in ran.complaint[0]
    assert list(tmp_path.iterdir()) == []
