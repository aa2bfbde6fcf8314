"""Findings: each code at its cell, with its words, and quiet where they should be."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from checks_book import NIP_1, Book, day, spoilt, switched
from checks_cases import CASES, NA, K, N, P, T, emptied, with_below

from iku_excel.cells import Cell
from iku_excel.form import layout
from iku_excel.form.checks import CODES
from iku_excel.form.settings import TABLES


def test_a_workbook_in_order_gives_no_finding() -> None:
    """Nothing is said about a workbook whose every register is in order."""
    assert Book().findings() == []


@pytest.mark.parametrize(("code", "make", "sheet", "cell"), CASES, ids=[f"{c[0]}-{c[2]}-{c[3]}" for c in CASES])
def test_each_code_stands_at_its_cell(code: str, make: Callable[[], Book], sheet: str, cell: str | None) -> None:
    """Each mistake gives its code, with the catalogue's level, at the sheet and cell where it was made."""
    found = make().findings()
    assert (code, CODES[code].level, sheet, cell) in [(f.code, f.level, f.sheet, f.cell) for f in found]
    assert {f.code for f in found} <= set(CODES)
    assert all(f.message.endswith(".") and f.fix.endswith(".") and len(f.message) < 250 for f in found)
    assert all(f.cell is None or f.cell in f.message or "baris" in f.code or "iku-" in f.code or "aturan" in f.code
               or "pertanyaan-tidak" in f.code for f in found)  # fmt: skip


def test_every_code_of_the_catalogue_can_be_produced() -> None:
    """The cases above produce every code of the catalogue, so none is a dead letter."""
    assert {case[0] for case in CASES} == set(CODES)


def test_only_consequences_begin_with_iku() -> None:
    """The status words of Ringkasan leave out codes that begin with "iku-": only consequences may be so named."""
    assert {c for c in CODES if c.startswith("iku-")} == {
        "iku-belum-ada-nilai", "iku-belum-lengkap", "iku-bobot-tidak-100", "iku-tanpa-keluhan"}  # fmt: skip


MESSAGES = [
    # cell spoilt, the whole message, the whole fix
    (spoilt(P, 1, Pagu_Murni="dua juta"), "Sel E5 di lembar Anggaran berisi teks 'dua juta'.", "Isi dengan angka."),
    (
        spoilt(P, 1, Pagu_Murni="1.234.567,89"),
        "Sel E5 di lembar Anggaran berisi teks '1.234.567,89'.",
        "Isi dengan angka, atau jalankan `iku-excel rapikan`.",
    ),
    (
        spoilt(P, 1, Pagu_Murni="1.234"),
        "Sel E5 di lembar Anggaran berisi teks '1.234' yang dapat dibaca dua cara.",
        "Ketik ulang sebagai angka.",
    ),
    (
        spoilt(P, 1, Pagu_Murni="kira-kira  seratus dua puluh lima\njuta rupiah"),
        "Sel E5 di lembar Anggaran berisi teks 'kira-kira seratus dua puluh lima juta r…'.",
        "Isi dengan angka.",
    ),
    (
        switched(Bobot_Dokumen="empat puluh"),
        "Sel B19 di lembar Pengaturan berisi teks 'empat puluh'.",
        "Isi Bobot Dokumen dengan angka.",
    ),
    (
        spoilt("tblDokumen", 1, Batas_Waktu="31-3-2025"),
        "Sel E5 di lembar Dokumen berisi teks '31-3-2025'.",
        "Isi dengan tanggal, atau jalankan `iku-excel rapikan`.",
    ),
    (
        spoilt("tblDokumen", 1, Batas_Waktu="31 Februari 2025"),
        "Sel E5 di lembar Dokumen berisi teks '31 Februari 2025'.",
        "Isi dengan tanggal, misalnya 12/11/2025.",
    ),
    (
        spoilt("tblSarpras", 1, Kondisi="Bagus"),
        "Sel I5 di lembar Sarpras berisi teks 'Bagus' yang tidak ada di daftar pilihan.",
        "Pilih Baik, Rusak Ringan, Rusak Berat, atau Hilang.",
    ),
    (
        spoilt("tblSarpras", 1, Kondisi="baik "),
        "Sel I5 di lembar Sarpras berisi pilihan 'Baik' dengan spasi yang tidak perlu.",
        "Pilih ulang Baik dari daftar, atau jalankan `iku-excel rapikan`.",
    ),
    (
        spoilt(N, 1, Skor=6.5),
        "Sel E5 di lembar NSPK_Pertanyaan berisi Skor 6,5, melebihi Skor Maks 5.",
        "Periksa Skor dan Skor Maks.",
    ),
    (
        spoilt(P, 1, Realisasi_TW_II=1234567.5),
        "Sel H5 di lembar Anggaran berisi realisasi 1.234.567,5, melebihi pagu 100.",
        "Periksa pagu dan realisasi.",
    ),
    (
        spoilt(K, 1, Status="08123456789"),
        "Sel P5 di lembar Keluhan berisi teks yang tidak ada di daftar pilihan.",
        "Pilih Baru, Verifikasi, Proses, Selesai, Ditunda, atau Arsip.",
    ),
    (
        spoilt(K, 2, Klasifikasi="Keluhan", Tanggal_Masuk=day("20/06/2025")),
        "Sel M6 di lembar Keluhan (Tanggal Tindak Lanjut) kosong; keluhan ini sudah 6 hari kerja, batasnya 5.",
        "Tindak lanjuti, lalu isi tanggalnya.",
    ),
    (
        with_below,
        "Baris 10 di lembar Anggaran terisi di bawah akhir tabel tblAnggaran, jadi tidak dihitung.",
        "Tarik sudut kanan bawah tabel sampai mencakup baris itu.",
    ),
    (
        emptied("tblSarpras"),
        "IKU-2 belum lengkap: unsur Sarpras belum punya nilai untuk Triwulan II (belum ada unit yang dihitung).",
        "Isi Jumlah dan Kondisi.",
    ),
    (
        spoilt(T, 4, Kode_IKU="IKU-3 "),
        "Sel A8 di lembar Target berisi kode IKU dengan spasi, jadi baris ini tidak dipakai.",
        "Hapus spasinya, atau jalankan `iku-excel rapikan`.",
    ),
    (
        switched(Minimal_20_JP="Ya", JP_Minimal=None),
        "IKU-2 belum lengkap: unsur Diklat belum punya nilai untuk Triwulan II (JP minimal belum diisi).",
        "Isi JP minimal di lembar Pengaturan.",
    ),
]


@pytest.mark.parametrize(("make", "message", "fix"), MESSAGES, ids=[m[1][:40] for m in MESSAGES])
def test_words_of_a_finding(make: Callable[[], Book], message: str, fix: str) -> None:
    """The whole message names cell and sheet, says what stands there, and the fix says what to do."""
    assert (message, fix) in [(f.message, f.fix) for f in make().findings()]


BOUNDARIES: list[tuple[str, Callable[[], Book], set[str]]] = [
    # just not a mistake: what it is, workbook, the codes that it gives all the same
    ("fixed late on the last day", spoilt("tblDokumen", 1, Tanggal_Penetapan=day("31/03/2025") + 0.9), set()),
    ("fixed before a deadline to come", spoilt("tblDokumen", 2, Tanggal_Penetapan=day("30/06/2025")), set()),
    ("followed up earlier on the same day", spoilt(K, 1, Tanggal_Masuk=day("08/01/2025") + 0.6,
     Tanggal_Disposisi=None), set()),
    ("half a day is no date", spoilt(K, 1, Tanggal_Tindak_Lanjut=0.5), {"bukan-tanggal"}),
    ("a duplicate naming its original", spoilt(K, 2, Tracking_ID="T-1", Duplikat_Dari="t-1"), set()),
    ("14 working days of 14", spoilt(K, 2, Perlu_Cek_Lapangan=None, Tanggal_Masuk=day("10/06/2025")), set()),
    ("15 working days of 14", spoilt(K, 2, Perlu_Cek_Lapangan=None, Tanggal_Masuk=day("09/06/2025")),
     {"lewat-batas-hari"}),
    ("came on a Sunday, six working days", spoilt(K, 2, Klasifikasi="Keluhan", Tanggal_Masuk=day("22/06/2025")),
     {"lewat-batas-hari"}),
    ("full score with full evidence", spoilt(N, 1, Skor=5.0, Status_Bukti="lengkap"), set()),
    ("official score at the maximum", spoilt(N, 1, Skor_BKN=5.0), set()),
    ("nothing more spent", spoilt(P, 1, Realisasi_TW_II=10.0), set()),
    ("all spent", spoilt(P, 1, Realisasi_TW_II=100.0), set()),
    ("target stays", spoilt(T, 1, Target_TW_III=40.0), set()),
    ("cap of 100", switched(Batas_Capaian=100.0), set()),
    ("JP missing in last year's training", lambda: Book().set(Minimal_20_JP="Ya").put("tblDiklat", 2, NIP=NIP_1,
     Selesai=day("31/12/2024")), set()),
    ("a subtotal over a leaf that falls back", lambda: Book().put(P, 1, Realisasi_TW_II=None)
     .put(P, 3, Kode="5.03", Realisasi_TW_II=30.0), {"realisasi-belum-diisi", "baris-subtotal"}),
    ("a subtotal of its own column", lambda: Book().put(P, 1, Realisasi_TW_II=None)
     .put(P, 3, Kode="5.03", Realisasi_TW_II=20.0), {"realisasi-belum-diisi", "baris-subtotal"}),
    ("a register without questions", emptied(N), {"elemen-tanpa-pertanyaan", "iku-belum-ada-nilai"}),
    ("TRUE beside the number 1", lambda: Book().put(N, 1, Skor=1.0).put(N, 2, Skor=True), {"nilai-benar-salah"}),
    ("limits from 0", spoilt("tblBatasHari", 1, Hari_Kerja=0.0), set()),
    ("a holiday of a later year", spoilt("tblLibur", 2, Tanggal=day("01/01/2030")), set()),
]  # fmt: skip


@pytest.mark.parametrize(("make", "codes"), [b[1:] for b in BOUNDARIES], ids=[b[0] for b in BOUNDARIES])
def test_just_inside_a_limit_nothing_is_said(make: Callable[[], Book], codes: set[str]) -> None:
    """On the right side of each boundary there is no finding but those named."""
    assert {f.code for f in make().findings()} == codes


def _spoilt_everywhere() -> Book:
    book = Book()
    for table in (N, P, K, "tblSarpras", "tblDiklat"):
        for heading in TABLES[table].headings:
            book.rows[table][0][heading] = NA
    book.set(Bobot_Dokumen="x", Sumber_IKU1="BKN", Hanya_Selesai="x", Nama_Pejabat=None)
    return book


@pytest.mark.parametrize("quiet", layout.IKU_CODES)
def test_an_indicator_not_carried_is_kept_quiet(quiet: str) -> None:
    """With Berlaku = Tidak no finding bears on that indicator, and those of the others stay as they are."""
    loud = _spoilt_everywhere().findings()
    book = _spoilt_everywhere().put(T, layout.IKU_CODES.index(quiet) + 1, Berlaku="TIDAK")
    found = book.findings()
    assert any(f.iku == (quiet,) for f in loud)
    assert not any(quiet in f.iku for f in found)
    kept = [f for f in loud if f.iku != (quiet,)]
    assert [(f.code, f.cell) for f in found] == [(f.code, f.cell) for f in kept]


def test_without_any_indicator_only_identity_and_signature_are_asked_for() -> None:
    """A workbook that carries no indicator still hears about its signatory, and about nothing else."""
    book = _spoilt_everywhere()
    for row in (1, 2, 3):
        book.put(T, row, Berlaku="Tidak")
    assert [f.code for f in book.findings()] == ["penanda-tangan-kosong"]


def test_rows_without_input_do_not_exist() -> None:
    """Blank rows inside and after a table, and complaints that are only numbered, give no finding."""
    book = Book()
    for table in book.rows:
        book.rows[table] = [{}, *book.rows[table], {}, {}]
    book.rows[K] += [{"No": 3.0}, {"No": 4.0}]
    assert book.findings() == []


def test_findings_stand_in_the_order_of_sheets_rows_and_columns() -> None:
    """Sheets come in the contract's order, then rows, then columns; what bears on no cell comes first."""
    found = _spoilt_everywhere().findings()
    order = [layout.SHEETS.index(f.sheet) for f in found]
    assert order == sorted(order)
    budget = [f.cell for f in found if f.sheet == "Anggaran" and f.cell]
    assert budget == sorted(budget, key=lambda cell: (int(cell[1:]), cell[0]))
    assert budget[0] == "A5"


def test_a_moved_table_is_named_by_the_sheet_where_it_lies() -> None:
    """Staff move tables: sheet and cell are those of the table as found, and unknown sheets come last."""
    book = Book().put(P, 1, Pagu_Murni="dua juta").put(K, 1, Tanggal_Masuk=None)
    book.sheets[P] = "Belanja 2025"
    last = book.findings()[-1]
    assert (last.sheet, last.cell) == ("Belanja 2025", "E5")
    assert last.message == "Sel E5 di lembar Belanja 2025 berisi teks 'dua juta'."


def test_a_question_put_aside_is_not_asked_about() -> None:
    """A question with Berlaku = Tidak needs neither score nor maximum."""
    book = Book().put(N, 19, Kode_Elemen="E01", Kode_Pertanyaan="P-X", Berlaku="Tidak")
    assert [f.code for f in book.findings()] == ["pertanyaan-tidak-berlaku"]


def test_no_complaint_is_late_on_the_last_day_of_its_limit() -> None:
    """Five working days after arrival a complaint is not late yet; holidays don't count."""
    late = Book().put(K, 2, Klasifikasi="Keluhan", Tanggal_Masuk=day("20/06/2025"))
    in_time = Book().put(K, 2, Klasifikasi="Keluhan", Tanggal_Masuk=day("23/06/2025"))
    holiday = late.put("tblLibur", 2, Tanggal=day("27/06/2025"), Nama="1 Muharam")
    assert in_time.findings() == []
    assert holiday.findings() == []


@pytest.mark.parametrize("left_out", [{"Kewenangan": "bukan"}, {"Status": "ARSIP"}, {"Duplikat_Dari": "T-1"}])
def test_a_complaint_that_does_not_count_cannot_be_late(left_out: Mapping[str, Cell]) -> None:
    """Complaints of others, shelved ones and duplicates are never called late."""
    book = Book().put(K, 2, Klasifikasi="Keluhan", Tanggal_Masuk=day("20/06/2025"), **left_out)
    assert book.findings() == []


def test_a_subtotal_equal_to_its_leaves_is_only_named() -> None:
    """Exact decimals are compared: 0.1 + 0.2 under a subtotal of 0.3 is no difference."""
    book = Book()
    book.rows[P] = [
        {"Kode": "1", "Pagu Murni": 0.3, "Realisasi TW II": 0.3},
        {"Kode": "1.1", "Pagu Murni": 0.1, "Realisasi TW II": 0.1},
        {"Kode": "1.2", "Pagu Murni": 0.2, "Realisasi TW II": 0.2},
    ]
    assert [f.code for f in book.findings()] == ["baris-subtotal"]


def test_a_frozen_figure_is_compared_at_two_decimals() -> None:
    """A reported 80.004 is what 80.00 shows, 80.006 is not."""
    near = Book().put("tblRealisasi", 5, Tahun=2025.0, Triwulan=2.0, Kode_IKU="IKU-1", Nilai=80.004)
    far = Book().put("tblRealisasi", 5, Tahun=2025.0, Triwulan=2.0, Kode_IKU="IKU-1", Nilai=80.006)
    assert near.findings() == []
    assert [f.code for f in far.findings()] == ["realisasi-terkunci-berbeda"]


def test_an_unknown_row_of_targets_bears_on_the_indicators_without_a_row() -> None:
    """A row for an indicator of the agency's own is said, but spoils the status of none of ours."""
    own = Book().put(T, 4, Kode_IKU="IKU-4")
    lacking = Book().put(T, 2, Kode_IKU="IKU 2")
    assert [(f.code, f.iku) for f in own.findings()] == [("kode-iku-tidak-dikenal", ())]
    assert ("kode-iku-tidak-dikenal", ("IKU-2",)) in [(f.code, f.iku) for f in lacking.findings()]
