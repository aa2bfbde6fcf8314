"""``impor`` from end to end: rows come in once, as typed, with everything checked first, or nothing is touched."""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest
from support_cli import Ran, example, foreign, run
from support_impor import HEAD, MOMENT, ROWS, book_with, csv_file, empty_book, history, rows_of, saved, sheet_file

from iku_excel.findings import Refusal
from iku_excel.imports.make import import_file, import_frame
from iku_excel.imports.prepare import Request
from tests.judges.excel import assert_excel_accepts

pytestmark = pytest.mark.judges_itself  # those that grow, replace or meet formulas; the others write in the same way

_DAY = datetime(2025, 2, 3)
COMPLAINTS = (
    (
        ("No", 1),
        ("Tracking ID", "T-1"),
        ("Tanggal Masuk", _DAY),
        ("Klasifikasi", "Keluhan"),
        ("Pelapor", "RAHASIA Ani"),
    ),
    (("No", 2), ("Tracking ID", "T-9"), ("Tanggal Masuk", _DAY), ("Klasifikasi", "Keluhan")),
)


def _impor(data: Path, book: Path, *more: str, table: str = "tblKeluhan") -> Ran:
    return run("impor", data, "--ke", book, "--tabel", table, *more)


def _judged(book: Path) -> None:
    assert_excel_accepts(book, deep=False)


def _refused(ran: Ran, book: Path, before: bytes, *words: str) -> None:
    """Three lines, the words in them, status 1, and not a byte changed."""
    assert ran.status == 1, ran
    assert [line.split()[0] for line in ran.complaint[:3]] == ["Gagal:", "Berkas:", "Perbaikan:"]
    for word in words:
        assert word in ran.err
    assert book.read_bytes() == before
    assert [path.name for path in book.parent.iterdir() if path.name.startswith(".")] == []


def test_rows_come_in_as_typed_and_the_workbook_is_filled(tmp_path: Path) -> None:
    """Dates become dates, choices their exact words, everything else stays text; Riwayat tells of it."""
    book = saved(tmp_path)
    ran = _impor(csv_file(tmp_path / "data.csv", HEAD, ROWS), book)
    assert "3 baris baru ditambahkan" in ran.out
    assert rows_of(book, "tblKeluhan", ("No", *HEAD)) == [
        (1, "T-1", datetime(2025, 2, 3), "Keluhan", "RAHASIA Ani", "=1+1", "Selesai"),
        (2, "T-2", datetime(2025, 3, 4), "Pengaduan", "RAHASIA Budi", "+62 811; minta kabar", "Proses"),
        (3, "T-3", datetime(2025, 4, 5), "Aspirasi", "RAHASIA Cici", "baris satu\nbaris dua", "Baru"),
    ]
    assert history(book).startswith("Impor tblKeluhan dari data.csv: 3 baris baru")
    assert run("isi", book).out.count("tidak berubah") == 1


def test_text_like_a_formula_is_no_formula(tmp_path: Path) -> None:
    """A text that starts with = + - or @ is stored as text, whoever looks."""
    book = saved(tmp_path)
    words = ["=SUM(A1:A9)", "+1", "-1", "@x", "=cmd|'/c calc'!A1"]
    rows = [(f"T-{n}", "03/02/2025", "Keluhan", word, word, "Baru") for n, word in enumerate(words)]
    _impor(csv_file(tmp_path / "data.csv", HEAD, rows), book)
    from openpyxl import load_workbook

    sheet = load_workbook(book)["Keluhan"]
    cells = [cell for row in sheet.iter_rows(min_row=5, max_row=9) for cell in row if cell.value in words]
    assert [cell.data_type for cell in cells] == ["inlineStr" if c.data_type == "inlineStr" else "s" for c in cells]
    assert len(cells) == 2 * len(words)
    assert_excel_accepts(book)


def test_importing_twice_adds_nothing_and_writes_nothing(tmp_path: Path) -> None:
    """The second time every row is there: the file stays the same bytes with the same date."""
    book, data = saved(tmp_path), csv_file(tmp_path / "data.csv", HEAD, ROWS)
    _impor(data, book)
    before = book.read_bytes(), book.stat().st_mtime_ns
    again = _impor(data, book)
    assert (again.status, "3 baris sudah ada" in again.out) == (0, True)
    assert (book.read_bytes(), book.stat().st_mtime_ns) == before


def test_an_old_row_stays_unless_replacing_is_asked_for(tmp_path: Path) -> None:
    """By default a row with a known key is left and told; with --ganti it takes the data's words, blanks aside."""
    book = saved(tmp_path, book_with("tblKeluhan", COMPLAINTS))
    data = csv_file(tmp_path / "data.csv", HEAD, [("t-1 ", "03/02/2025", "Pengaduan", "", "", "Selesai")])
    ran = _impor(data, book)
    assert "1 baris sudah ada dengan isi berbeda (dibiarkan)" in ran.out
    assert "baris data 2 (Keluhan baris 5): Klasifikasi, Status" in ran.out
    assert rows_of(book, "tblKeluhan", ("Klasifikasi", "Status"))[0] == ("Keluhan", None)

    ran = _impor(data, book, "--ganti")
    assert "tblKeluhan (lembar Keluhan): 1 baris diubah." in ran.out.replace("\n", " ").replace("  ", " ")
    assert rows_of(book, "tblKeluhan", ("No", "Tracking ID", "Tanggal Masuk", "Klasifikasi", "Pelapor", "Status")) == [
        (1, "T-1", datetime(2025, 2, 3), "Pengaduan", "RAHASIA Ani", "Selesai"),
        (2, "T-9", datetime(2025, 2, 3), "Keluhan", None, None),
    ]
    assert history(book).startswith("Impor tblKeluhan dari data.csv: 1 diubah")


def test_new_rows_go_on_with_the_running_number(tmp_path: Path) -> None:
    """The data's own numbering is not taken over; the register's goes on."""
    book = saved(tmp_path, book_with("tblKeluhan", COMPLAINTS))
    data = csv_file(tmp_path / "data.csv", ("No", *HEAD), [("1", "T-20", "03/02/2025", "Keluhan", "", "", "")])
    ran = _impor(data, book)
    assert "No (nomor urut diberikan buku kerja)" in ran.out
    assert rows_of(book, "tblKeluhan", ("No", "Tracking ID"))[-1] == (3, "T-20")


def test_the_running_number_goes_on_after_the_highest(tmp_path: Path) -> None:
    """Rows deleted from a register leave gaps: no number is given twice. A map may take over the data's own."""
    rows = tuple((("No", number), *row[1:]) for number, row in zip((7, 4), COMPLAINTS, strict=True))
    book = saved(tmp_path, book_with("tblKeluhan", rows))
    _impor(csv_file(tmp_path / "a.csv", HEAD, [("T-20", "03/02/2025", "Keluhan", "", "", "")]), book)
    assert rows_of(book, "tblKeluhan", ("No", "Tracking ID"))[-1] == (8, "T-20")
    peta = tmp_path / "peta.toml"
    peta.write_text('[kolom]\n"No Urut" = "No"\n', encoding="utf-8")
    data = csv_file(tmp_path / "b.csv", ("No Urut", *HEAD), [("31", "T-21", "03/02/2025", "Keluhan", "", "", "")])
    _impor(data, book, "--peta", str(peta))
    assert rows_of(book, "tblKeluhan", ("No", "Tracking ID"))[-1] == (31, "T-21")


def test_each_quarter_has_its_own_reported_figure(tmp_path: Path) -> None:
    """The same indicator in another quarter is another row: nothing that was reported before is replaced."""
    rows = ((("Tahun", 2025), ("Triwulan", 1), ("Kode IKU", "IKU-1"), ("Nilai", 40)),)
    book = saved(tmp_path, book_with("tblRealisasi", rows))
    data = csv_file(tmp_path / "a.csv", ("Tahun", "Triwulan", "Kode IKU", "Nilai"), [("2025", "2", "IKU-1", "55")])
    assert "1 baris baru ditambahkan" in _impor(data, book, "--ganti", table="tblRealisasi").out
    found = rows_of(book, "tblRealisasi", ("Triwulan", "Kode IKU", "Nilai"))
    assert found == [(1, "IKU-1", 40), (2, "IKU-1", 55)]


def test_the_same_choice_spelled_otherwise_is_no_difference(tmp_path: Path) -> None:
    """ "ya" typed by the staff is the data's "Ya", a key with a blank behind it the same key: nothing to write."""
    book = saved(tmp_path, book_with("tblPegawai", ((("NIP", "1\u00a0"), ("Nama", "CONTOH"), ("Aktif", "ya")),)))
    before = book.read_bytes()
    data = csv_file(tmp_path / "a.csv", ("NIP", "Nama", "Aktif"), [("1", "CONTOH", "Ya")])
    ran = _impor(data, book, "--ganti", table="tblPegawai")
    assert "1 baris sudah ada." in ran.out
    assert book.read_bytes() == before


def test_rows_without_anything_for_the_table_are_none(tmp_path: Path) -> None:
    """A note in a column that goes nowhere makes no row."""
    book = saved(tmp_path)
    rows = [("1", "CONTOH", ""), ("", "", "Catatan: data per 1 Maret"), ("2", "CONTOH", "")]
    ran = _impor(csv_file(tmp_path / "a.csv", ("NIP", "Nama", "Catatan"), rows), book, table="tblPegawai")
    assert "2 baris baru ditambahkan" in ran.out


def test_the_table_grows_for_more_rows_than_it_has(tmp_path: Path) -> None:
    """150 rows into a table of 100 blank ones: it ends with the last row, and its look goes on."""
    book = saved(tmp_path)
    rows = [(f"T-{n:04d}", "03/02/2025", "Keluhan", "", f"CONTOH {n}", "Baru") for n in range(150)]
    _impor(csv_file(tmp_path / "data.csv", HEAD, rows), book)
    from openpyxl import load_workbook

    sheet = load_workbook(book)["Keluhan"]
    assert sheet.tables["tblKeluhan"].ref.endswith("154")
    assert sheet["C154"].number_format == sheet["C5"].number_format
    assert len(rows_of(book, "tblKeluhan", ("Tracking ID",))) == 150
    _judged(book)


def test_dry_run_tells_and_writes_nothing(tmp_path: Path) -> None:
    """What would come in is counted, the new figures told; a complainant's key or name is not."""
    book, data = saved(tmp_path), csv_file(tmp_path / "data.csv", HEAD, ROWS)
    before = book.read_bytes()
    ran = _impor(data, book, "--dry-run")
    assert "3 baris baru akan ditambahkan" in ran.out
    assert "baris data 2, 3, 4" in ran.out
    assert "T-1" not in ran.out + ran.err
    assert "RAHASIA" not in ran.out + ran.err
    assert book.read_bytes() == before


def test_dry_run_names_new_rows_by_key_where_nothing_is_private(tmp_path: Path) -> None:
    """Budget rows are named by their code."""
    book = saved(tmp_path)
    data = csv_file(tmp_path / "a.csv", ("Kode", "Pagu Murni"), [("5.01", "1.000.000"), ("5.02", "Rp 2.500")])
    ran = _impor(data, book, "--dry-run", table="tblAnggaran")
    assert "baru: baris data 2, 5.01" in ran.out


def test_json_is_one_object_also_when_refused(tmp_path: Path) -> None:
    """Counts, columns and figures; or the error with the places."""
    book = saved(tmp_path)
    done = json.loads(_impor(csv_file(tmp_path / "data.csv", HEAD, ROWS), book, "--json").out)
    assert (done["status"], done["added"], done["error"]) == ("imported", 3, None)
    assert done["filled"]["indices"].keys() == {"IKU-1", "IKU-2", "IKU-3"}
    bad = csv_file(tmp_path / "bad.csv", HEAD, [("T-7", "31/02/2025", "Keluhan", "", "", "")])
    planned = csv_file(tmp_path / "more.csv", HEAD, [("T-8", "03/02/2025", "Keluhan", "", "", "")])
    assert json.loads(_impor(planned, book, "--json", "--dry-run").out)["status"] == "planned"
    failed = json.loads(_impor(bad, book, "--json").out)
    assert (failed["status"], failed["error"]["code"]) == ("failed", "data-tidak-sah")
    assert failed["error"]["details"][0].startswith("baris 2, kolom Tanggal Masuk")


def test_all_bad_values_are_told_and_nothing_is_written(tmp_path: Path) -> None:
    """Every mistake with row and column, 20 shown, none of a complainant's words among them."""
    book = saved(tmp_path)
    before = book.read_bytes()
    rows = [(f"T-{n}", "RAHASIA", "Kritik RAHASIA", "", "", "Baru") for n in range(30)]
    ran = _impor(csv_file(tmp_path / "data.csv", HEAD, rows), book)
    _refused(ran, book, before, "60 isian", "baris 2, kolom Tanggal Masuk", "baris 2, kolom Klasifikasi", "dan 40 lagi")
    assert "RAHASIA" not in ran.err


def test_a_complainants_key_is_not_quoted(tmp_path: Path) -> None:
    """Twice in the data: the rows are named, the Tracking ID is not."""
    book = saved(tmp_path)
    before = book.read_bytes()
    rows = [("RAHASIA-7", "03/02/2025", "Keluhan", "", "", "")] * 2
    ran = _impor(csv_file(tmp_path / "a.csv", HEAD, rows), book)
    _refused(ran, book, before, "baris 2 dan 3")
    assert "RAHASIA" not in ran.err


@pytest.mark.parametrize(
    ("table", "head", "rows", "words"),
    [
        ("tblKeluhan", ("Tanggal Masuk", "Klasifikasi"), [("03/02/2025", "Keluhan")], "tidak punya kolom Tracking ID"),
        ("tblPegawai", ("NIP", "Nama"), [("", "CONTOH A"), ("1", "CONTOH B")], "1 baris data tidak punya NIP"),
        ("tblPegawai", ("NIP", "Nama"), [("1", "CONTOH A"), (" 1", "CONTOH B")], "baris 2 dan 3 (1)"),
        ("tblSarpras", ("Kode Barang", "Nama Barang"), [("1", "CONTOH")], "tidak punya kolom NUP"),
        ("tblEntah", ("NIP",), [("1",)], "Tabel tblEntah tidak dikenal"),
        ("tblPegawai", ("Kode", "Pagu"), [("1", "2")], "Tidak ada judul kolom yang cocok"),
        ("tblPegawai", ("NIP", "Nama", "nama "), [("1", "a", "b")], "Dua kolom data cocok dengan 'Nama'"),
        ("tblPegawai", ("NIP", "Nama"), [("1", "a", "b")], "baris 2: 3 kolom, padahal judulnya 2"),
        ("tblPegawai", ("NIP", "Nama"), [("1",)], "baris 2: 1 kolom, padahal judulnya 2"),
        ("tblPegawai", ("NIP", "Nama"), [("1,97E+17", "a")], "notasi ilmiah"),
        ("tblPegawai", ("NIP", "Nama"), [], "hanya ada judul kolom"),
        ("tblAnggaran", ("Kode", "Pagu Murni"), [("1", "1.234")], "bisa dibaca dengan dua cara"),
        ("tblAnggaran", ("Kode", "Fisik"), [("1", "120")], "di luar batas"),
        ("tblAnggaran", ("Kode", "Pagu Murni"), [("1", "75 %")], "tanda %"),
        ("tblPegawai", ("NIP", "Nama"), [("1", "a\x07b")], "tanda kendali"),
        ("tblPegawai", ("NIP", "Nama"), [("1", "x" * 32_768)], "batas satu sel Excel"),
        ("tblPegawai", ("NIP", "Aktif"), [("1", "mungkin")], "bukan salah satu dari Ya, Tidak"),
    ],
)
def test_data_that_does_not_fit_is_refused(
    tmp_path: Path, table: str, head: tuple[str, ...], rows: list[tuple[str, ...]], words: str
) -> None:
    """Each with its own words, and the workbook stays to the byte."""
    book = saved(tmp_path)
    before = book.read_bytes()
    _refused(_impor(csv_file(tmp_path / "data.csv", head, rows), book, table=table), book, before, words)


def test_a_key_twice_in_the_workbook_is_refused(tmp_path: Path) -> None:
    """Which of the two rows is meant can't be told; keys that the data doesn't touch don't matter."""
    rows = tuple((("NIP", nip), ("Nama", "CONTOH")) for nip in ("1", "1", "2"))
    book = saved(tmp_path, book_with("tblPegawai", rows))
    before = book.read_bytes()
    twice = csv_file(tmp_path / "a.csv", ("NIP", "Nama"), [("1", "CONTOH")])
    _refused(_impor(twice, book, table="tblPegawai"), book, before, "lebih dari satu kali di tabel", "baris 5 dan 6")
    assert f"Berkas: {book}, lembar Pegawai" in _impor(twice, book, table="tblPegawai").err
    other = csv_file(tmp_path / "b.csv", ("NIP", "Nama"), [("3", "CONTOH")])
    assert "1 baris baru" in _impor(other, book, table="tblPegawai").out


def test_two_columns_make_the_key_of_an_asset(tmp_path: Path) -> None:
    """The same Kode Barang with another NUP is another asset; a NUP typed as a number is still that NUP."""
    rows = ((("Kode Barang", "3.05"), ("NUP", 1), ("Nama Barang", "CONTOH kursi")),)
    book = saved(tmp_path, book_with("tblSarpras", rows))
    head = ("Kode Barang", "NUP", "Nama Barang")
    data = csv_file(tmp_path / "a.csv", head, [("3.05", "1", "CONTOH kursi"), ("3.05", "2", "CONTOH kursi")])
    ran = _impor(data, book, table="tblSarpras")
    assert "1 baris baru ditambahkan, 1 baris sudah ada" in ran.out
    assert rows_of(book, "tblSarpras", ("NUP",)) == [(1,), ("2",)]


def test_a_table_without_a_key_takes_each_row_once(tmp_path: Path) -> None:
    """A training that is there in all imported columns is the same one; --ganti has nothing to go by."""
    book = saved(tmp_path)
    head, row = ("NIP", "Nama Diklat", "Selesai"), ("1", "CONTOH Arsip", "03/02/2025")
    data = csv_file(tmp_path / "a.csv", head, [row, row, ("1", "CONTOH Arsip", "04/02/2025")])
    assert "2 baris baru ditambahkan, 1 baris kembar" in _impor(data, book, table="tblDiklat").out
    before = book.read_bytes()
    assert "3 baris sudah ada" in _impor(data, book, table="tblDiklat").out
    assert book.read_bytes() == before
    _refused(_impor(data, book, "--ganti", table="tblDiklat"), book, before, "tidak punya kunci")


def test_elements_are_known_by_their_names(tmp_path: Path) -> None:
    """BKN's list names its elements; code, case, numbering and "&" aside they are found, or it is told."""
    book = saved(tmp_path)
    head = ("Elemen", "Kode Indikator", "Indikator", "Skor Maksimal")
    names = ("Cuti", "14. CUTI", "e14", "Penyusunan & Penetapan Kebutuhan ASN", "Kode  Etik")
    rows = [(name, f"P{n}", "CONTOH", "4") for n, name in enumerate(names)]
    run("impor", csv_file(tmp_path / "a.csv", head, rows), "--ke", book, "--peta", "bkn")
    found = rows_of(book, "tblPertanyaan", ("Kode Elemen", "Skor Maks"))
    assert found == [("E14", 4), ("E14", 4), ("E14", 4), ("E01", 4), ("E15", 4)]
    bad = csv_file(tmp_path / "b.csv", head, [("Cuti Besar", "P9", "CONTOH", "4")])
    ran = run("impor", bad, "--ke", book, "--peta", "bkn")
    assert "bukan salah satu dari E01 … E18" in ran.err


@pytest.mark.parametrize(
    ("name", "table", "rows"), [("lapor", "tblKeluhan", 6), ("sipd", "tblAnggaran", 5), ("bkn", "tblPertanyaan", 18)]
)
def test_the_shipped_maps_fit_their_examples(tmp_path: Path, name: str, table: str, rows: int) -> None:
    """The example comes in by the shipped map, and by its written copy nothing more; both say they are unverified."""
    folder, book = tmp_path / "contoh", saved(tmp_path)
    assert run("impor", "--contoh", folder).status == 0
    assert "belum diverifikasi" in (folder / f"peta-{name}.toml").read_text(encoding="utf-8")
    ran = run("impor", folder / f"contoh-{name}.csv", "--ke", book, "--peta", name)
    assert f"{rows} baris baru ditambahkan" in ran.out, ran
    again = run("impor", folder / f"contoh-{name}.csv", "--ke", book, "--peta", folder / f"peta-{name}.toml")
    assert (again.status, f"{rows} baris sudah ada" in again.out) == (0, True), again
    assert len(rows_of(book, table, ("Keterangan",) if name == "sipd" else ())) == rows
    assert run("impor", "--contoh", folder).status == 1


def test_a_formula_of_the_staff_stays(tmp_path: Path) -> None:
    """A column that a formula fills is not imported; one formula among values is left and told."""
    from iku_excel.form.template.content import Formula

    rows = tuple(
        (("Kode", f"5.0{n}"), ("Pagu Murni", Formula("1000*2", 2000.0)), ("Fisik", Formula("50+1", 51.0) if n else 50))
        for n in range(3)
    )
    rows = tuple((*row, ("PPTK", Formula(f'"P "&A{5 + n}', f"P 5.0{n}"))) for n, row in enumerate(rows))
    book = saved(tmp_path, book_with("tblAnggaran", rows))
    head = ("Kode", "Fisik", "PPTK")
    data = csv_file(tmp_path / "a.csv", head, [("5.00", "60", "x"), ("5.01", "60", "x")])
    ran = _impor(data, book, "--ganti", table="tblAnggaran")
    assert "PPTK (dihitung rumus di buku kerja)" in ran.out
    assert "1 sel berumus dibiarkan" in ran.err
    assert rows_of(book, "tblAnggaran", ("Fisik", "PPTK"))[:2] == [(60, '="P "&A5'), ("=50+1", '="P "&A6')]
    _judged(book)


def test_rows_typed_below_the_table_are_refused(tmp_path: Path) -> None:
    """They may be the very rows that come again: first they must belong to the table."""
    from iku_excel.create import new_book
    from iku_excel.form.template.content import Content

    row = {"NIP": "1", "Nama": "CONTOH"}
    content = Content({"Perangkat_Daerah": "CONTOH"}, {"tblPegawai": [row]}, below={"tblPegawai": [row]})
    book = saved(tmp_path, new_book(2025, content, MOMENT))
    data = csv_file(tmp_path / "a.csv", ("NIP", "Nama"), [("3", "CONTOH")])
    _refused(_impor(data, book, table="tblPegawai"), book, book.read_bytes(), "di bawah tabel tblPegawai")


def test_own_columns_take_data_too(tmp_path: Path) -> None:
    """A year's target, which only this workbook's table has, is found by its heading and is a number."""
    from iku_excel.create import new_book
    from iku_excel.form.template.content import Content

    book = saved(tmp_path, new_book(2027, Content({"Perangkat_Daerah": "CONTOH"}), MOMENT))
    data = csv_file(tmp_path / "a.csv", ("Kode IKU", "target 2027"), [("IKU-2", "82,5")])
    assert "1 baris diubah" in _impor(data, book, "--ganti", table="tblTarget").out
    assert rows_of(book, "tblTarget", ("Kode IKU", "Target 2027"))[1] == ("IKU-2", 82.5)


def test_holidays_can_be_imported(tmp_path: Path) -> None:
    """The small tables on Pengaturan are tables like any other, keyed by the day."""
    book = saved(tmp_path)
    before = len(rows_of(book, "tblLibur", ("Tanggal",)))
    data = csv_file(tmp_path / "a.csv", ("Tanggal", "Nama"), [("01/01/2025", "x"), ("09/12/2025", "CONTOH Pilkada")])
    ran = _impor(data, book, table="tblLibur")
    assert "1 baris baru ditambahkan" in ran.out
    found = rows_of(book, "tblLibur", ("Tanggal", "Nama"))
    assert (len(found), found[-1]) == (before + 1, (datetime(2025, 12, 9), "CONTOH Pilkada"))
    _judged(book)


def test_a_frame_comes_in_like_a_file(tmp_path: Path) -> None:
    """Dates, whole numbers, missing values and 18-digit integers of pandas; a second time nothing is written."""
    import pandas as pd

    book = saved(tmp_path)
    frame = pd.DataFrame(
        {
            "NIP": [197001011995031001, 197001011995031002],
            "Nama": ["CONTOH A", None],
            "Aktif": [True, False],
        }
    )
    made = import_frame(book, frame, "tblPegawai", moment=MOMENT)
    assert len(made.plan.added) == 2
    found = rows_of(book, "tblPegawai", ("NIP", "Nama", "Aktif"))
    assert found == [("197001011995031001", "CONTOH A", "Ya"), ("197001011995031002", None, "Tidak")]
    days = pd.DataFrame({"NIP": ["1"], "Selesai": pd.to_datetime(["2025-03-04 00:00"]), "JP": [20.0]})
    import_frame(book, days, "tblDiklat", moment=MOMENT)
    assert rows_of(book, "tblDiklat", ("NIP", "Selesai", "JP")) == [("1", datetime(2025, 3, 4), 20)]
    before = book.read_bytes()
    assert import_frame(book, frame, "tblPegawai", moment=MOMENT).data is None
    assert book.read_bytes() == before


def test_a_code_stored_as_a_long_number_is_refused(tmp_path: Path) -> None:
    """Excel has lost the last digits of an 18-digit NIP in a number: no text can bring them back."""
    book = saved(tmp_path)
    data = sheet_file(tmp_path / "a.xlsx", {"S": [("NIP", "Nama"), (197001011995031001, "CONTOH")]})
    _refused(_impor(data, book, table="tblPegawai"), book, book.read_bytes(), "lebih dari 15 digit")


@pytest.mark.parametrize("missing", ["data", "book", "map"])
def test_what_is_not_there_is_told(tmp_path: Path, missing: str) -> None:
    """Data, workbook or map."""
    book, data = tmp_path / "b.xlsx", csv_file(tmp_path / "a.csv", HEAD, ROWS)
    if missing != "book":
        book.write_bytes(empty_book())
    if missing == "data":
        data.unlink()
    more = ("--peta", str(tmp_path / "x.toml")) if missing == "map" else ()
    ran = _impor(data, book, *more)
    assert (ran.status, "tidak ditemukan" in ran.err) == (1, True)


def test_an_open_workbook_is_left_alone(tmp_path: Path) -> None:
    """Somebody's owner file beside it: status 3, nothing written."""
    book, data = saved(tmp_path), csv_file(tmp_path / "a.csv", HEAD, ROWS)
    before = book.read_bytes()
    (tmp_path / ".~lock.buku.xlsx#").write_text(",CONTOH Sari,pc,01.01.2026 08:00,file:///x;")
    ran = _impor(data, book)
    assert (ran.status, "CONTOH Sari" in ran.err, book.read_bytes() == before) == (3, True, True)


def test_a_foreign_workbook_is_refused(tmp_path: Path) -> None:
    """Rows go only into a workbook of ours."""
    book = saved(tmp_path, foreign())
    _refused(_impor(csv_file(tmp_path / "a.csv", HEAD, ROWS), book), book, foreign(), "bukan buku kerja IKU")


@pytest.mark.parametrize("moment", ["writing", "verifying", "swapping"])
def test_an_import_that_fails_half_way_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """A full disk, a check that fails, a swap that is refused: the workbook is the same bytes, no rubbish beside it."""
    from iku_excel.xlsx import replace

    book, data = saved(tmp_path), csv_file(tmp_path / "a.csv", HEAD, ROWS)
    before = book.read_bytes()

    def fail(*_: object) -> None:
        raise Refusal("disk-penuh", "penuh", "kosongkan") if moment == "verifying" else OSError(28, "No space left")

    if moment == "verifying":
        monkeypatch.setattr("iku_excel.fill.Filled.verifier", lambda self: fail)
    else:
        monkeypatch.setattr(replace, {"writing": "_write", "swapping": "_swap"}[moment], fail)
    assert _impor(data, book).status == 1
    assert book.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "buku.xlsx"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_killed_while_saving_the_workbook_is_whole(tmp_path: Path) -> None:
    """kill -9 with the new file written and not yet swapped in: the old bytes are there; the next run goes through."""
    book, data = saved(tmp_path), csv_file(tmp_path / "a.csv", HEAD, ROWS)
    before, ready = book.read_bytes(), tmp_path / "siap"
    script = (
        "import sys, time, pathlib\n"
        "from iku_excel.xlsx import replace\n"
        "def wait(*_):\n"
        f"    pathlib.Path({str(ready)!r}).touch(); time.sleep(60)\n"
        "replace._swap = wait\n"
        "from iku_excel.cli import main\n"
        f"main(['impor', {str(data)!r}, '--ke', {str(book)!r}, '--tabel', 'tblKeluhan'])\n"
    )
    root = Path(__file__).parents[1]
    child = subprocess.Popen([sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": str(root)})
    while not ready.exists():
        assert child.poll() is None
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert book.read_bytes() == before
    assert "3 baris baru ditambahkan" in _impor(data, book).out


def test_an_import_waits_for_its_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From reading to saving nobody else of ours is at the workbook; a dry run waits for nobody."""
    taken: list[Path] = []

    def locked(path: Path) -> object:
        taken.append(path)
        raise Refusal("buku-sedang-diolah", "Sedang diolah.", "Tunggu.", exit_status=3)

    monkeypatch.setattr("iku_excel.xlsx.replace.locked", locked)
    book, data = saved(tmp_path), csv_file(tmp_path / "a.csv", HEAD, ROWS)
    assert "3 baris baru" in _impor(data, book, "--dry-run").out
    assert taken == []
    assert _impor(data, book).status == 3
    assert (taken, book.read_bytes()) == ([book], empty_book())


def test_rubbish_is_collected_again(tmp_path: Path) -> None:
    """The pause of the garbage collector ends with the import, also with one that is refused; one that was off
    stays off."""
    book, data = saved(tmp_path), csv_file(tmp_path / "a.csv", ("NIP", "Aktif"), [("1", "ya")])
    bad = csv_file(tmp_path / "b.csv", ("NIP", "Aktif"), [("1", "x")])
    assert gc.isenabled()
    import_file(book, data, Request("tblPegawai"), MOMENT)
    assert gc.isenabled()
    with pytest.raises(Refusal):
        import_file(book, bad, Request("tblPegawai"), MOMENT)
    assert gc.isenabled()
    gc.disable()
    try:
        import_file(book, data, Request("tblPegawai"), MOMENT)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_files_odd_name_does_not_spoil_riwayat(tmp_path: Path) -> None:
    """Control characters, which no cell holds, are dots; a name of any length is cut."""
    book, data = saved(tmp_path), csv_file(tmp_path / f"a\x07{'b' * 200}.csv", HEAD, ROWS)
    assert "3 baris baru" in _impor(data, book).out
    assert history(book).startswith(f"Impor tblKeluhan dari a·{'b' * 118}: 3 baris baru")


def test_the_status_tells_of_mistakes_in_the_filled_workbook(tmp_path: Path) -> None:
    """As `isi` does: 0 where no finding is a mistake, 1 where one is."""
    holiday = csv_file(tmp_path / "a.csv", ("Tanggal", "Nama"), [("09/12/2025", "CONTOH Pilkada")])
    ran = _impor(holiday, saved(tmp_path, example("bersih")), table="tblLibur")
    assert (ran.status, "1 baris baru" in ran.out) == (0, True)
    ran = _impor(csv_file(tmp_path / "b.csv", HEAD, ROWS), saved(tmp_path))
    assert (ran.status, " kesalahan, " in ran.out) == (1, True)


def test_the_library_refuses_in_the_same_words(tmp_path: Path) -> None:
    """From Python the refusal names the data where the data is at fault."""
    book, data = saved(tmp_path), csv_file(tmp_path / "a.csv", ("NIP", "Aktif"), [("1", "x")])
    with pytest.raises(Refusal) as caught:
        import_file(book, data, Request("tblPegawai"), MOMENT)
    assert (caught.value.code, caught.value.file) == ("data-tidak-sah", str(data))
