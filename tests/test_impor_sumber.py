"""Data files read as they are: encodings, delimiters, headings, sheets, number formats; limits told before memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from support_cli import example, run
from support_impor import csv_file, empty_book, rows_of, saved, sheet_file

from iku_excel.findings import Refusal
from iku_excel.imports.mapping import Peta, load_peta, match, plain
from iku_excel.imports.source import Data, Known, Options, read_data

HEAD = ("NIP", "Nama", "Unit")
ROWS = [("1", "CONTOH Désirée – A", "Bidang; Satu"), ("2", "CONTOH B", "Bidang, Dua")]


pytestmark = pytest.mark.judges_itself  # tests/test_impor.py judges imported workbooks


def _known(*headings: str) -> Known:
    wanted = set(map(plain, headings))
    return lambda cells: len(wanted & set(map(plain, cells)))


def _read(
    path: Path, options: Options | None = None, headings: Sequence[str] = HEAD, table: str = "tblPegawai"
) -> Data:
    return read_data(path, options or Options(), _known(*headings), table)


def _code(path: Path, options: Options | None = None) -> str:
    with pytest.raises(Refusal) as caught:
        _read(path, options)
    assert caught.value.file == str(path)
    return caught.value.code


@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_any_delimiter_in_any_encoding(tmp_path: Path, mark: str, encoding: str) -> None:
    """What a file is written in is found out and told."""
    data = _read(csv_file(tmp_path / "a.csv", HEAD, ROWS, mark, encoding))
    assert data.headings == HEAD
    assert list(zip(*data.columns, strict=True)) == ROWS
    assert {";": "titik koma", ",": "koma", "\t": "tab", "|": "garis tegak"}[mark] in data.taken
    assert list(data.numbers) == [2, 3]


def test_titles_blank_rows_and_sep_are_passed_over(tmp_path: Path) -> None:
    """Row numbers stay those that Excel shows."""
    path = tmp_path / "a.csv"
    path.write_text("sep=;\nDaftar pegawai\n\nNIP;Nama;\n1;CONTOH A;\n;;\n\n2;CONTOH B;\n", encoding="utf-8")
    data = _read(path)
    assert (data.headings, list(data.numbers)) == (("NIP", "Nama"), [5, 8])
    assert data.columns == [["1", "2"], ["CONTOH A", "CONTOH B"]]
    assert _read(path, Options(header_row=4)).columns == data.columns
    assert _code(path, Options(header_row=2)) == "judul-data-tidak-ditemukan"


def test_the_delimiter_is_the_one_that_shows_headings(tmp_path: Path) -> None:
    """More commas than semicolons in the texts mislead nobody; a wrong one that is named is told."""
    rows = [(str(n), "a, b, c, d, e, f", "g, h") for n in range(9)]
    path = csv_file(tmp_path / "a.csv", HEAD, rows)
    assert len(_read(path).headings) == 3
    assert _code(path, Options(delimiter=",")) == "judul-data-tidak-ditemukan"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "data-kosong"),
        (b"\xef\xbb\xbf \n", "data-kosong"),
        (b"NIP;Nama\n", "data-kosong"),
        (b"NIP;Nama\n;\n;\n", "data-kosong"),
        (b'NIP;Nama\n1;"CONTOH A\n2;CONTOH B\n', "csv-rusak"),
        (b'NIP;Nama\n1;"CONTOH "A""\n', "csv-rusak"),
        (b"NIP;Nama\n1;\x81\x8d\n", "pengodean-tidak-terbaca"),
        ("NIP;Nama\n1;CONTOH DÃ©sirÃ©e\n".encode(), "pengodean-salah"),
        ("NIP;Nama\n1;CONTOH \ufffd\n".encode(), "pengodean-salah"),
        (b"NIP;Nama\n1;CONTOH \x00 A\n", "bukan-teks"),
        (b"PK\x03\x04;x\n", "judul-data-tidak-ditemukan"),
    ],
)
def test_bad_files_are_refused(tmp_path: Path, content: bytes, code: str) -> None:
    """Each with its own code."""
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert _code(path) == code


def test_a_wrong_encoding_that_is_named_is_told(tmp_path: Path) -> None:
    """UTF-8 taken for Windows-1252 would spoil the names; Windows-1252 is no UTF-8."""
    utf8 = csv_file(tmp_path / "a.csv", HEAD, ROWS)
    assert _code(utf8, Options(encoding="windows-1252")) == "pengodean-salah"
    old = csv_file(tmp_path / "b.csv", HEAD, ROWS, code="cp1252")
    assert _code(old, Options(encoding="utf-8")) == "pengodean-tidak-terbaca"
    assert _read(old, Options(encoding="windows-1252")).columns[1][0] == "CONTOH Désirée – A"


def test_more_rows_than_a_sheet_has_are_refused_before_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counting them costs no memory; line ends within quotation marks are no rows."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"NIP;Nama;Unit\n" + b"1;CONTOH;x\n" * 100_000)
    monkeypatch.setattr("iku_excel.imports.text_file.MAX_ROW", 90_000)
    tracemalloc.start()
    assert _code(path) == "data-terlalu-panjang"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000
    monkeypatch.setattr("iku_excel.imports.text_file.MAX_ROW", 4)
    path.write_bytes(b'NIP;Nama\n1;"CONTOH\n\n\n\n\nA"\n2;CONTOH\n')
    assert len(_read(path).numbers) == 2


@pytest.mark.trust
def test_two_million_rows_are_refused(tmp_path: Path) -> None:
    """The limit is told in words."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"NIP;Nama;Unit\n" + b"1;CONTOH;x\n" * 2_000_000)
    with pytest.raises(Refusal, match=r"1\.048\.576 baris"):
        _read(path)


def test_other_kinds_of_files_are_refused(tmp_path: Path) -> None:
    """What to do instead is told."""
    path = tmp_path / "a.ods"
    path.write_bytes(b"x")
    assert _code(path) == "jenis-data-tidak-dikenal"


def test_a_sheet_is_read_with_its_stored_values(tmp_path: Path) -> None:
    """Titles above, real dates and numbers; openpyxl wrote it."""
    rows = [("Daftar",), (), ("NIP", "Nama", "Unit"), ("1", date(2025, 3, 4), 12), ("2", None, 1.5)]
    data = _read(sheet_file(tmp_path / "a.xlsx", {"Lembar 1": rows}))
    assert (data.headings, list(data.numbers)) == (("NIP", "Nama", "Unit"), [4, 5])
    assert data.column(0, text=True) == ["1", "2"]
    assert list(data.column(1, text=True)) == ["04/03/2025", None]
    assert list(data.column(1, text=False)) == [45720.0, None]
    assert data.columns[2] == [12.0, 1.5]


def test_number_formats_that_change_what_people_read(tmp_path: Path) -> None:
    """75 % stands for 0.75 in the file; a code shown with zeros in front has them; thousands marks mean nothing."""
    rows = [("NIP", "Nama", "Unit"), (7, 0.755, 1234.5), (12, 0.1, 2)]
    formats = {"A2": "00000", "A3": "00000", "B2": "0.0%", "B3": "0%", "C2": "#,##0.00"}
    data = _read(sheet_file(tmp_path / "a.xlsx", {"S": rows}, formats))
    assert data.column(0, text=True) == ["00007", "00012"]
    assert data.column(1, text=False) == ["75,5 %", "10 %"]
    assert list(data.column(2, text=False)) == [1234.5, 2.0]


def test_a_percentage_comes_in_as_people_read_it(tmp_path: Path) -> None:
    """Fisik of 45,5 % is 45.5 in the workbook; rupiah in percent are refused."""
    book = saved(tmp_path)
    data = sheet_file(tmp_path / "a.xlsx", {"S": [("Kode", "Fisik"), ("5.01", 0.455)]}, {"B2": "0.0%"})
    assert "1 baris baru" in run("impor", data, "--ke", book, "--tabel", "tblAnggaran").out
    assert rows_of(book, "tblAnggaran", ("Kode", "Fisik")) == [("5.01", 45.5)]
    data = sheet_file(tmp_path / "b.xlsx", {"S": [("Kode", "Pagu Murni"), ("5.02", 0.455)]}, {"B2": "0.0%"})
    assert "tanda %" in run("impor", data, "--ke", book, "--tabel", "tblAnggaran").err


def test_the_sheet_is_the_named_one_or_the_only_one_that_fits(tmp_path: Path) -> None:
    """Two that fit are never guessed between."""
    rows = [("NIP", "Nama"), ("1", "CONTOH")]
    one = sheet_file(tmp_path / "a.xlsx", {"Sampul": [("Daftar",)], "Isi": rows})
    assert _read(one).taken == "lembar Isi, judul di baris 1"
    two = sheet_file(tmp_path / "b.xlsx", {"Satu": rows, "Dua": rows})
    assert _code(two) == "lembar-data-tidak-jelas"
    assert _read(two, Options(sheet="dua")).taken.startswith("lembar Dua")
    assert _code(two, Options(sheet="Tiga")) == "lembar-data-tidak-ada"
    assert _code(one, Options(sheet="Isi", header_row=2)) == "judul-data-tidak-ditemukan"
    assert _code(sheet_file(tmp_path / "c.xlsx", {"Kosong": []})) == "data-kosong"


def test_a_workbook_of_ours_gives_its_table(tmp_path: Path) -> None:
    """Rows move from one workbook to another by the table's name, wherever the sheet."""
    book = saved(tmp_path)
    old = tmp_path / "lama.xlsx"
    old.write_bytes(example("bersih"))
    ran = run("impor", old, "--ke", book, "--tabel", "tblPegawai")
    assert "120 baris baru ditambahkan" in ran.out
    headings = ("NIP", "Nama", "Status", "Unit", "Aktif")
    assert rows_of(book, "tblPegawai", headings) == rows_of(old, "tblPegawai", headings)


def test_errors_and_formulas_without_values_are_told(tmp_path: Path) -> None:
    """openpyxl stores no value beside a formula; an error is no value."""
    book = saved(tmp_path)
    before = book.read_bytes()
    data = sheet_file(tmp_path / "a.xlsx", {"S": [("NIP", "Nama"), ("1", "=1+1"), ("2", "#N/A")]})
    ran = run("impor", data, "--ke", book, "--tabel", "tblPegawai")
    assert "baris 2, kolom Nama" in ran.err
    assert "belum punya nilai" in ran.err
    assert "baris 3, kolom Nama" in ran.err
    assert book.read_bytes() == before == empty_book()


def test_a_map_renames_translates_and_fixes(tmp_path: Path) -> None:
    """Headings, words and one value for all rows; a column mapped to nothing is left out."""
    book = saved(tmp_path)
    peta = tmp_path / "peta.toml"
    peta.write_text(
        'tabel = "tblPegawai"\n[kolom]\n"No. Pegawai" = "NIP"\n"Nama" = ""\n"Nama Lengkap" = "Nama"\n'
        '[nilai."Status"]\n"ASN" = "PNS"\n[tetap]\nAktif = "ya"\n[berkas]\npemisah = "titik koma"\n',
        encoding="utf-8",
    )
    head = ("No Pegawai", "Nama", "Nama Lengkap", "Status", "Hobi")
    data = csv_file(tmp_path / "a.csv", head, [("1", "x", "CONTOH A", " asn ", "y")])
    ran = run("impor", data, "--ke", book, "--peta", peta)
    assert "Kolom dilewati: Hobi (tidak ada di tabel); Nama" in ran.out
    assert rows_of(book, "tblPegawai", ("NIP", "Nama", "Status", "Aktif")) == [("1", "CONTOH A", "PNS", "Ya")]


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("kolom = 3", "bukan bagian [kolom]"),
        ("x = ", "bukan TOML yang sah"),
        ("klom = 1", "'klom' yang tidak dikenal"),
        ("[berkas]\npemisah = ';;'", "bukan satu tanda"),
        ("[berkas]\nbaris_judul = 0", "bukan nomor baris"),
        ("[berkas]\ndesimal = ';'", "bukan salah satu dari"),
        ("[kolom]\nNIP = 3", "bukan teks = teks"),
        ("kunci = 'NIP'", "bukan daftar judul"),
        ("[tetap]\nAktif = true", "bukan teks atau angka"),
        ("[tetap]\nAktif = 'entah'", "bukan salah satu dari Ya, Tidak"),
        ("[kolom]\n'NIP' = 'Nomor Induk'", "menyebut kolom 'Nomor Induk'"),
        ("[kolom]\n'Nomor' = 'NIP'", "menyebut judul 'Nomor'"),
        ("tabel = 'tblKeluhan'", "dibuat untuk tblKeluhan"),
        ("kunci = ['Nomor']", "menyebut kolom 'Nomor'"),
        ("[nilai.Golongan]\nIV = '4'", "menyebut kolom 'Golongan'"),
        ("[tetap]\nGolongan = 'IV'", "menyebut kolom 'Golongan'"),
    ],
)
def test_a_map_that_is_wrong_is_told(tmp_path: Path, toml: str, words: str) -> None:
    """Which word of the map, in Indonesian; the workbook stays."""
    book, peta = saved(tmp_path), tmp_path / "peta.toml"
    peta.write_text(toml, encoding="utf-8")
    data = csv_file(tmp_path / "a.csv", ("NIP", "Nama"), [("1", "CONTOH")])
    ran = run("impor", data, "--ke", book, "--peta", peta, "--tabel", "tblPegawai")
    assert (ran.status, words in ran.err) == (1, True), ran.err
    assert book.read_bytes() == empty_book()


def test_the_words_of_a_map_can_be_the_key(tmp_path: Path) -> None:
    """A register without a key gets one, and --ganti goes by it."""
    book, peta = saved(tmp_path), tmp_path / "peta.toml"
    peta.write_text('kunci = ["NIP", "Nama Diklat"]', encoding="utf-8")
    head = ("NIP", "Nama Diklat", "JP")
    for hours in ("10", "20"):
        data = csv_file(tmp_path / "a.csv", head, [("1", "CONTOH", hours)])
        run("impor", data, "--ke", book, "--peta", peta, "--tabel", "tblDiklat", "--ganti")
    assert rows_of(book, "tblDiklat", head) == [("1", "CONTOH", 20)]


def test_headings_match_without_case_blanks_and_signs() -> None:
    """And never by guessing: two that fit are refused."""
    peta = load_peta("sipd")
    found = match(peta, ("KODE", "pagu_murni", "Realisasi  TW-I", "Lain"), ("Kode", "Pagu Murni", "Realisasi TW I"))
    assert (dict(found.places), found.skipped) == ({"Kode": 0, "Pagu Murni": 1, "Realisasi TW I": 2}, ("Lain",))
    with pytest.raises(Refusal) as caught:
        match(peta, ("Kode Sub  Kegiatan", "Kode Sub-Kegiatan"), ("Kode",))
    assert caught.value.code == "judul-data-ganda"


def test_the_map_goes_before_the_headings() -> None:
    """A column has one place only; a heading spelled as in the map is the one it means; a fixed value needs no
    column."""
    table = ("NIP", "Nama", "Aktif")
    renamed = match(Peta(columns={"Nama": "NIP"}), ("Nama",), table)
    assert (dict(renamed.places), renamed.skipped) == ({"NIP": 0}, ())
    exact = match(Peta(columns={"Kode-NIP": "NIP"}), ("Kode NIP", "Kode-NIP"), table)
    assert (dict(exact.places), exact.skipped) == ({"NIP": 1}, ("Kode NIP",))
    fixed = match(Peta(fixed={"Aktif": "Ya"}), ("NIP", "Aktif"), table)
    assert (dict(fixed.places), fixed.skipped) == ({"NIP": 0}, ("Aktif",))


def test_two_columns_that_the_map_sends_to_one_are_refused() -> None:
    """The last must not win in silence."""
    with pytest.raises(Refusal) as caught:
        match(Peta(columns={"Nama": "Nama", "Nama Lengkap": "Nama"}), ("Nama", "Nama Lengkap"), ("Nama",))
    assert caught.value.code == "judul-data-ganda"
    assert "'Nama Lengkap'" in caught.value.message


def test_a_map_saved_by_notepad_is_read(tmp_path: Path) -> None:
    """A mark before the first letter is none of the map's words."""
    path = tmp_path / "peta.toml"
    path.write_text('tabel = "tblPegawai"', encoding="utf-8-sig")
    assert load_peta(str(path)).table == "tblPegawai"


def test_the_command_line_goes_before_the_map(tmp_path: Path) -> None:
    """What the map says of the file is for other files of the kind."""
    book, peta = saved(tmp_path), tmp_path / "peta.toml"
    peta.write_text('tabel = "tblPegawai"\n[berkas]\npemisah = ";"\n', encoding="utf-8")
    data = csv_file(tmp_path / "a.csv", ("NIP", "Nama"), [("1", "CONTOH")], mark=",")
    assert run("impor", data, "--ke", book, "--peta", peta).status == 1
    assert "1 baris baru" in run("impor", data, "--ke", book, "--peta", peta, "--pemisah", "koma").out


def test_the_table_is_told_by_the_map_or_must_be_named(tmp_path: Path) -> None:
    """Neither is wrong usage, or a refusal where the map could have said it."""
    book, data = saved(tmp_path), csv_file(tmp_path / "a.csv", ("NIP",), [("1",)])
    assert run("impor", data, "--ke", book).status == 2
    peta = tmp_path / "peta.toml"
    peta.write_text("", encoding="utf-8")
    assert "tidak menyebut tabelnya" in run("impor", data, "--ke", book, "--peta", peta).err


def test_a_day_keeps_its_time(tmp_path: Path) -> None:
    """Exports tell the minute; the workbook counts with it and shows the day."""
    book = saved(tmp_path)
    head = ("Tracking ID", "Tanggal Masuk", "Klasifikasi")
    rows = [("A", "31/12/2025 23:59:30", "Keluhan"), ("B", "2025-12-31T08.15 WIB", "Keluhan")]
    run("impor", csv_file(tmp_path / "a.csv", head, rows), "--ke", book, "--tabel", "tblKeluhan")
    found = rows_of(book, "tblKeluhan", ("Tanggal Masuk",))
    assert found == [(datetime(2025, 12, 31, 23, 59, 30),), (datetime(2025, 12, 31, 8, 15),)]
