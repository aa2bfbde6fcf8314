"""``isi-massal``: a workbook for each perangkat daerah, none overwritten, one bad unit stopping no other."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import load_workbook
from support_cli import Ran, foreign, run
from support_impor import MOMENT, book_with, history, rows_of, sheet_file

from iku_excel.create import new_book
from iku_excel.fill import open_workbook
from iku_excel.form.template.content import Content
from iku_excel.mass import safe_name
from iku_excel.rules.loader import rules_for
from tests.judges.excel import assert_excel_accepts

pytestmark = pytest.mark.judges_itself  # the first test judges a workbook; the others are made in the same way

UNITS = ("Perangkat Daerah", "Tahun", "Triwulan", "Kota", "NIP pejabat")
A = ("CONTOH Dinas A", 2025, 2, "CONTOH Kota", "197001011995031001")
B = ("CONTOH Dinas B", 2025, 3, None, None)


def _master(folder: Path, units: Sequence[Sequence[object]] = (A, B), **tables: Sequence[Sequence[object]]) -> Path:
    return sheet_file(folder / "induk.xlsx", {"Perangkat Daerah": [UNITS, *units], **tables})


def _refused(ran: Ran, folder: Path, words: str) -> None:
    assert (ran.status, words in ran.err) == (1, True), ran.err
    assert not list(folder.glob("*.xlsx"))


def test_one_filled_workbook_for_each_unit(tmp_path: Path) -> None:
    """Settings from the main sheet, rows from the sheets named as tables, Riwayat tells whence."""
    budget = [
        ("Perangkat Daerah", "Kode", "Pagu Murni", "Realisasi TW I"),
        ("contoh dinas a", "5.01", 1000, 250),
        ("CONTOH Dinas B", "5.02", 2000, 100),
        ("CONTOH Dinas A", "5.03", 3000, 0),
    ]
    target = [("Perangkat Daerah", "Kode IKU", "Target 2025"), ("CONTOH Dinas A", "IKU-2", 80)]
    ran = run("isi-massal", _master(tmp_path, tblAnggaran=budget, tblTarget=target), "--ke", tmp_path / "hasil")
    assert ran.status == 0, ran
    assert "2 buku kerja dibuat." in ran.out
    first, second = tmp_path / "hasil" / "CONTOH Dinas A 2025.xlsx", tmp_path / "hasil" / "CONTOH Dinas B 2025.xlsx"
    opened = open_workbook(first.read_bytes())
    assert (opened.inputs.period.quarter, opened.inputs.settings["Kota"]) == (2, "CONTOH Kota")
    assert opened.inputs.settings["NIP_Pejabat"] == "197001011995031001"
    assert rows_of(first, "tblAnggaran", ("Kode", "Pagu Murni")) == [("5.01", 1000), ("5.03", 3000)]
    assert rows_of(second, "tblAnggaran", ("Kode", "Pagu Murni")) == [("5.02", 2000)]
    assert rows_of(first, "tblTarget", ("Kode IKU", "Target 2025"))[1] == ("IKU-2", 80)
    assert history(second).startswith("Dibuat dari induk.xlsx (isi-massal)")
    assert_excel_accepts(first, deep=False)
    assert run("isi", first).out.count("tidak berubah") == 1


def test_the_example_master_works(tmp_path: Path) -> None:
    """What --contoh writes makes three workbooks; it never overwrites."""
    master = tmp_path / "contoh.xlsx"
    assert run("isi-massal", "--contoh", master).status == 0
    assert run("isi-massal", "--contoh", master).status == 1
    assert run("isi-massal", "--contoh", tmp_path / "x.csv").status == 2
    ran = run("isi-massal", master, "--ke", tmp_path / "hasil")
    assert "3 buku kerja dibuat." in ran.out, ran
    assert (tmp_path / "hasil" / "IKU Perikanan.xlsx").exists()


def test_an_existing_workbook_is_named_and_left(tmp_path: Path) -> None:
    """The others are made all the same; JSON says which is which."""
    folder = tmp_path / "hasil"
    folder.mkdir()
    old = folder / "CONTOH Dinas A 2025.xlsx"
    old.write_bytes(b"milik orang")
    ran = run("isi-massal", _master(tmp_path), "--ke", folder, "--json")
    told = [json.loads(line) for line in ran.out.splitlines()]
    assert [one["status"] for one in told] == ["failed", "filled"]
    assert told[0]["error"]["code"] == "berkas-sudah-ada"
    assert (ran.status, old.read_bytes()) == (1, b"milik orang")


def test_one_bad_unit_stops_no_other(tmp_path: Path) -> None:
    """A value that doesn't fit costs only its own unit's workbook."""
    rows = [("Perangkat Daerah", "NIP", "Aktif"), ("CONTOH Dinas A", "1", "entah"), ("CONTOH Dinas B", "2", "ya")]
    ran = run("isi-massal", _master(tmp_path, tblPegawai=rows), "--ke", tmp_path / "hasil")
    assert (ran.status, "1 buku kerja dibuat, 1 gagal." in ran.out) == (1, True)
    assert "baris 2, kolom Aktif: 'entah'" in ran.err
    assert "lembar tblPegawai" in ran.err
    assert [path.name for path in (tmp_path / "hasil").iterdir()] == ["CONTOH Dinas B 2025.xlsx"]


def test_a_template_of_ours_is_copied_with_its_own_sheets(tmp_path: Path) -> None:
    """The agency's sheet, its questions and its ending come along; the template itself stays."""
    questions = ((("Kode Elemen", "E01"), ("Kode Pertanyaan", "P1"), ("Skor Maks", 4)),)
    template = tmp_path / "templat.xlsx"
    template.write_bytes(book_with("tblPertanyaan", questions))
    before = template.read_bytes()
    ran = run("isi-massal", _master(tmp_path), "--ke", tmp_path / "hasil", "--templat", template)
    assert ran.status == 0, ran.err
    made = tmp_path / "hasil" / "CONTOH Dinas A 2025.xlsx"
    assert rows_of(made, "tblPertanyaan", ("Kode Pertanyaan",)) == [("P1",)]
    assert load_workbook(made).sheetnames == load_workbook(template).sheetnames
    assert template.read_bytes() == before


def test_a_blank_of_the_master_leaves_the_templates_setting(tmp_path: Path) -> None:
    """What the master says goes before the template, a blank says nothing; a day is one, whatever the cell looked."""
    template = tmp_path / "templat.xlsx"
    settings = {"Perangkat_Daerah": "CONTOH", "Kota": "CONTOH Kota Induk", "Jabatan_Pejabat": "Kepala"}
    template.write_bytes(new_book(2025, Content(settings), MOMENT))
    sheet, cell = open_workbook(template.read_bytes()).inputs.setting_cells["Tanggal_Laporan"]
    book = load_workbook(template)
    book[sheet][cell].number_format = "General"
    book.save(template)
    head = ("Perangkat Daerah", "Tahun", "Kota", "Jabatan", "Tanggal laporan", "Hobi")
    rows = [
        head,
        ("CONTOH A", 2025, None, "Sekretaris", datetime.datetime(2026, 1, 9), "x"),
        ("CONTOH B", 2025, "CONTOH Kota B", None, None, None),
    ]
    master = sheet_file(tmp_path / "induk.xlsx", {"Perangkat Daerah": rows})
    ran = run("isi-massal", master, "--ke", tmp_path / "hasil", "--templat", template)
    assert ran.status == 0, ran.err
    assert "Kolom dilewati: Hobi" in ran.err
    found = []
    for name in ("A", "B"):
        inputs = open_workbook((tmp_path / "hasil" / f"CONTOH {name} 2025.xlsx").read_bytes()).inputs
        found.append([inputs.settings[key] for key in ("Kota", "Jabatan_Pejabat")])
    assert found == [["CONTOH Kota Induk", "Sekretaris"], ["CONTOH Kota B", "Kepala"]]
    day = load_workbook(tmp_path / "hasil" / "CONTOH A 2025.xlsx")[sheet][cell]
    assert (day.value, day.is_date) == (datetime.datetime(2026, 1, 9), True)


def test_a_template_of_another_year_or_origin_is_refused(tmp_path: Path) -> None:
    """Its holidays and deadlines would be another year's; a foreign workbook is no template."""
    template = tmp_path / "templat.xlsx"
    template.write_bytes(book_with("tblPertanyaan", ()))
    units = [("CONTOH Dinas A", 2026, 1, None, None)]
    ran = run("isi-massal", _master(tmp_path, units), "--ke", tmp_path / "hasil", "--templat", template)
    _refused(ran, tmp_path / "hasil", "Templatnya untuk tahun 2025")
    template.write_bytes(foreign())
    ran = run("isi-massal", _master(tmp_path), "--ke", tmp_path / "hasil", "--templat", template)
    _refused(ran, tmp_path / "hasil", "bukan buku kerja IKU")


@pytest.mark.parametrize(
    ("units", "words"),
    [
        ([A, ("contoh  dinas a", 2025, 1, None, None)], "muncul lebih dari satu kali"),
        ([("CONTOH: A", 2025, 1, None, None), ("CONTOH- A", 2025, 1, None, None)], "Nama berkas"),
        ([("CONTOH: A", 2025, 1, None, None), ("Contoh- a", 2025, 1, None, None)], "Nama berkas"),
        ([("CONTOH A", None, 1, None, None)], "tidak punya Tahun"),
        ([(None, 2025, 1, None, None)], "tidak punya nama perangkat daerah"),
        ([("CONTOH A", 2025, 5, None, None)], "kolom Triwulan: '5' bukan salah satu dari 1, 2, 3, 4"),
        ([("CONTOH A", 1999, 1, None, None)], "di luar batas"),
        ([("CONTOH A", 2025, 1, None, 197001011995031001)], "15 digit"),
    ],
)
def test_a_bad_main_sheet_is_refused_whole(tmp_path: Path, units: list[Sequence[object]], words: str) -> None:
    """Before a single workbook is made."""
    _refused(run("isi-massal", _master(tmp_path, units), "--ke", tmp_path / "hasil"), tmp_path / "hasil", words)


@pytest.mark.parametrize(
    ("sheet", "rows", "words"),
    [
        ("tblEntah", [("Perangkat Daerah",), ("CONTOH Dinas A",)], "tabel itu tidak dikenal"),
        ("tblPegawai", [("NIP", "Nama"), ("1", "CONTOH")], "tidak punya kolom Perangkat Daerah"),
        ("tblPegawai", [("Perangkat Daerah", "NIP"), ("CONTOH Dinas Z", "1")], "yang tidak ada di lembar"),
    ],
)
def test_a_bad_table_sheet_is_refused_whole(
    tmp_path: Path, sheet: str, rows: list[tuple[str, ...]], words: str
) -> None:
    """A row that belongs to nobody would be lost in silence."""
    ran = run("isi-massal", _master(tmp_path, **{sheet: rows}), "--ke", tmp_path / "hasil")
    _refused(ran, tmp_path / "hasil", words)


def test_the_year_can_come_from_the_command_line(tmp_path: Path) -> None:
    """Where the column is blank, and there only."""
    units = [("CONTOH A", None, None, None, None), ("CONTOH B", 2025, None, None, None)]
    ran = run("isi-massal", _master(tmp_path, units), "--ke", tmp_path / "hasil", "--tahun", "2026")
    assert ran.status == 0, ran.err
    made = sorted(path.name for path in (tmp_path / "hasil").iterdir())
    assert made == ["CONTOH A 2026.xlsx", "CONTOH B 2025.xlsx"]


def test_the_agency_of_the_rules_keeps_its_functions(tmp_path: Path) -> None:
    """Its duties are in the source document; another agency's workbook, made in the same run, has none of them."""
    agency = rules_for(2025).agency
    units = [(agency, 2025, 1, None, None), ("CONTOH Dinas", 2025, 1, None, None)]
    ran = run("isi-massal", _master(tmp_path, units), "--ke", tmp_path / "hasil")
    assert ran.status == 0, ran.err
    own, other = (tmp_path / "hasil" / f"{name} 2025.xlsx" for name in (agency, "CONTOH Dinas"))
    letters = [letter for (letter,) in rows_of(own, "tblFungsi", ("Huruf",))]
    assert letters == [function.huruf for function in rules_for(2025).functions]
    assert rows_of(other, "tblFungsi", ("Huruf",)) == []


def test_the_master_cannot_set_the_templates_version(tmp_path: Path) -> None:
    """The version says which program made the workbook, and no column of anybody's changes that."""
    rows = [("Perangkat Daerah", "Tahun", "Versi templat"), ("CONTOH A", 2025, 1)]
    master = sheet_file(tmp_path / "induk.xlsx", {"Perangkat Daerah": rows})
    ran = run("isi-massal", master, "--ke", tmp_path / "hasil")
    assert (ran.status, "Kolom dilewati: Versi templat" in ran.err) == (0, True), ran.err


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("Dinas A/B: 'satu' <x>", "Dinas A-B- 'satu' -x.xlsx"),
        ("CON", "_CON.xlsx"),
        ("  ..  ", "buku kerja.xlsx"),
        ("~$kunci", "$kunci.xlsx"),
        ("IKU.xlsm", "IKU.xlsx"),
        ("../../etc/passwd", "etc-passwd.xlsx"),
        ("a\tb\x00", "a b.xlsx"),
        ("D" * 300, "D" * 120 + ".xlsx"),
    ],
)
def test_names_are_safe_on_every_system(wanted: str, name: str) -> None:
    """No path, no device, no hidden file."""
    assert safe_name(wanted, ".xlsx") == name


def test_what_is_missing_is_wrong_usage(tmp_path: Path) -> None:
    """Neither data nor folder."""
    assert run("isi-massal").status == 2
    assert run("isi-massal", tmp_path / "x.xlsx").status == 2
    assert run("isi-massal", tmp_path / "x.xlsx", "--ke", tmp_path / "y").status == 1
