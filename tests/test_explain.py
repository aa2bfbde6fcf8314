"""The traces of ``jelaskan``: right numbers and right cells, against sums done by hand."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from support_cli import example, good, small_content

from iku_excel.fill import Opened, open_workbook
from iku_excel.form.explain import explain
from iku_excel.form.explain.trace import Part, Trace
from iku_excel.form.template import build
from iku_excel.form.template.content import Content
from iku_excel.tell import exact, trace_lines


def _trace(opened: Opened, code: str) -> Trace:
    return explain(opened.inputs, opened.result, opened.data.names, code)


@pytest.fixture(scope="module")
def small() -> Opened:
    """The small workbook of support_cli."""
    return open_workbook(good())


def _with(**changes: object) -> Opened:
    """The small workbook with other settings or tables."""
    base = small_content()
    tables = {k: v for k, v in changes.items() if k.startswith("tbl")}
    settings = {k: v for k, v in changes.items() if not k.startswith("tbl")}
    return open_workbook(build(2025, Content(settings={**base.settings, **settings}, tables={**base.tables, **tables})))


def _rows(part: Part) -> list[tuple[str, int, tuple[str, ...], bool]]:
    return [(rows.reason, rows.count, rows.places, rows.counted) for rows in part.rows]


def test_iku_1_names_each_element_and_each_question_left_out(small: Opened) -> None:
    """E01: 3 of 4 + 4; E02: 5 of 8; E03 has no valid maximum; E19 is no element. Pooled 8/16."""
    trace = _trace(small, "IKU-1")

    assert trace.value == 50
    assert len(trace.parts) == 19
    one, two, three, whole = (*trace.parts[:3], trace.parts[-1])
    assert (one.numerator, one.denominator) == (3, 4 + 4)
    assert _rows(one) == [
        ("terjawab", 1, ("NSPK_Pertanyaan!E5",), True),
        ("belum dijawab (dihitung 0, maksimumnya tetap)", 1, ("NSPK_Pertanyaan!E6",), True),
    ]
    assert (two.numerator, two.denominator, two.value) == (5, 8, Decimal("62.5"))
    assert _rows(two)[1] == ("Berlaku = Tidak", 1, ("NSPK_Pertanyaan!G8",), False)
    assert _rows(three) == [("Skor Maks bukan angka di atas 0", 1, ("NSPK_Pertanyaan!F10",), False)]
    assert (whole.numerator, whole.denominator, whole.value) == (3 + 5, 4 + 4 + 8, 50)
    assert [(rows.count, rows.places) for rows in whole.rows] == [(1, ("NSPK_Pertanyaan!A9",))]
    assert [(i.label, i.place) for i in whole.inputs][:2] == [
        ("Kode Elemen", "NSPK_Pertanyaan!A5:A10"),
        ("Skor", "NSPK_Pertanyaan!E5:E10"),
    ]


def test_iku_2_names_the_rows_of_every_component(small: Opened) -> None:
    """Dokumen 1/3, Anggaran (300 + 150)/(600 + 400), Diklat 1/2, Sarpras 6/8, weighted 40/30/25/5."""
    trace = _trace(small, "IKU-2")
    documents, money, training, things = trace.parts

    assert trace.value is not None
    assert round(trace.value, 6) == round(Decimal(40) / 3 + Decimal("13.5") + Decimal("12.5") + Decimal("3.75"), 6)
    assert (documents.numerator, documents.denominator, documents.weight) == (1, 3, 40)
    assert _rows(documents) == [
        ("ditetapkan tepat waktu", 1, ("Dokumen!F5",), True),
        ("ditetapkan lewat batas waktu (hanya penyebut)", 1, ("Dokumen!F6",), True),
        ("belum ditetapkan sampai akhir triwulan (hanya penyebut)", 1, ("Dokumen!F7",), True),
        ("batas waktunya belum tiba", 1, ("Dokumen!E8",), False),
        ("tanpa Batas Waktu berupa tanggal", 1, ("Dokumen!E9",), False),
    ]
    assert (money.numerator, money.denominator, money.value) == (450, 1000, 45)
    assert money.contribution == Decimal("13.5")
    assert _rows(money) == [
        ("baris rincian yang dijumlah", 2, ("Anggaran!A6:A7",), True),
        ("memakai Pagu Perubahan", 1, ("Anggaran!F6",), True),
        ("memakai Pagu Murni", 1, ("Anggaran!E7",), True),
        ("memakai realisasi triwulan sebelumnya", 1, ("Anggaran!J7",), True),
        ("baris jumlah (program atau kegiatan) di atas rincian lain", 1, ("Anggaran!A5",), False),
    ]
    assert (training.numerator, training.denominator) == (1, 2)
    assert _rows(training) == [
        ("pegawai aktif", 2, ("Pegawai!A5:A6",), True),
        ("Aktif bukan Ya", 1, ("Pegawai!E7",), False),
        ("NIP berulang (baris pertamanya yang dipakai)", 1, ("Pegawai!A8",), False),
        ("diklat pegawai aktif yang selesai dalam periode", 1, ("Diklat!F5",), True),
        ("diklat yang selesai di luar periode", 1, ("Diklat!F6",), False),
        ("diklat dengan NIP yang bukan pegawai aktif", 1, ("Diklat!A7",), False),
    ]
    assert (things.numerator, things.denominator, things.value) == (6, 8, 75)
    assert _rows(things) == [
        ("Baik: 6 unit", 1, ("Sarpras!I5",), True),
        ("Rusak Ringan: 2 unit (hanya penyebut)", 1, ("Sarpras!I6",), True),
        ("Jumlah bukan angka di atas 0", 1, ("Sarpras!H7",), False),
    ]


def test_iku_3_gives_the_reason_for_every_complaint_left_out(small: Opened) -> None:
    """Six complaints: one followed up, one open; a duplicate, one out of the year, an Aspirasi, a foreign one."""
    trace = _trace(small, "IKU-3")
    (part,) = trace.parts

    assert trace.value == 50
    assert (part.numerator, part.denominator) == (1, 2)
    assert _rows(part) == [
        ("dihitung dan ditindaklanjuti", 1, ("Keluhan!M5",), True),
        ("dihitung, belum ditindaklanjuti sampai akhir triwulan", 1, ("Keluhan!M6",), True),
        ("Duplikat Dari terisi", 1, ("Keluhan!Q7",), False),
        ("Kewenangan = Bukan", 1, ("Keluhan!J10",), False),
        ("Klasifikasi Permintaan Informasi atau Aspirasi", 1, ("Keluhan!E9",), False),
        ("Tanggal Masuk di luar periode", 1, ("Keluhan!C8",), False),
    ]
    assert any("1 punya batas hari kerja dan 1 di antaranya tepat waktu (100,00 %" in r for r in trace.remarks)


@pytest.mark.parametrize("name", ["bersih", "kesalahan-umum", "belum-lengkap"])
def test_the_rows_sorted_here_add_up_to_the_figures(name: str) -> None:
    """On realistic workbooks the rows named as counted are exactly as many as the arithmetic counted."""
    opened = open_workbook(example(name))
    *elements, _ = _trace(opened, "IKU-1").parts
    for part, figures in zip(elements, opened.result.nspk.elements, strict=True):
        counts = {rows.reason: rows.count for rows in part.rows}
        assert counts.get("terjawab", 0) == figures.answered
        invalid = counts.get("Skor Maks bukan angka di atas 0", 0)
        assert sum(rows.count for rows in part.rows if rows.counted) + invalid == figures.questions

    documents, money, training, things = _trace(opened, "IKU-2").parts
    assert sum(rows.count for rows in documents.rows if rows.counted) == documents.denominator
    assert sum(rows.count for rows in training.rows if rows.reason == "pegawai aktif") == training.denominator
    units = sum(
        Decimal(rows.reason.split(": ")[1].split(" ")[0].replace(".", "").replace(",", "."))
        for rows in things.rows
        if rows.counted
    )
    assert units == things.denominator
    assert all(part.rows for part in (documents, money, training))

    complaints = opened.result.complaints
    now = opened.inputs.period.quarter - 1
    reasons = {rows.reason: rows.count for part in _trace(opened, "IKU-3").parts for rows in part.rows}
    followed = reasons.get("dihitung dan ditindaklanjuti", 0)
    assert followed == complaints.by_quarter[now].followed
    still_open = reasons.get("dihitung, belum ditindaklanjuti sampai akhir triwulan", 0)
    assert followed + still_open == complaints.by_quarter[now].counted
    for reason, count in (
        ("Duplikat Dari terisi", complaints.duplicates),
        ("Kewenangan = Bukan", complaints.out_of_authority),
        ("Status = Arsip", complaints.archived),
        ("Klasifikasi Permintaan Informasi atau Aspirasi", complaints.other_class),
    ):
        assert reasons.get(reason, 0) == count


def test_settings_and_results_come_with_their_cells(small: Opened) -> None:
    """Every setting points at the cell its defined name means, the figure at its output cell."""
    from io import BytesIO

    from openpyxl import load_workbook

    book = load_workbook(BytesIO(good()))
    where = {name: book.defined_names[name].attr_text.replace("$", "").replace("'", "") for name in book.defined_names}
    trace = _trace(small, "IKU-2")

    assert trace.place == where["Indeks_Kesekretariatan"]
    found = {line.label: (line.value, line.place) for line in trace.settings}
    assert found["Bobot Dokumen"] == ("40", where["Bobot_Dokumen"])
    assert found["Triwulan"] == ("4", where["Triwulan"])
    assert found["Rusak Ringan dianggap berfungsi"] == ("Tidak", where["Hitung_Rusak_Ringan"])
    capaian = {line.label: line.place for line in trace.shown}
    assert capaian["Capaian terhadap Target 2025"] == where["Capaian_IKU2"]


def test_switches_change_what_is_said(small: Opened) -> None:
    """Rusak Ringan as working, all classes of complaints, and the minimum JP show in the trace."""
    opened = _with(Hitung_Rusak_Ringan="Ya", Hitung_Semua_Klasifikasi="Ya", Minimal_20_JP="Ya")

    *_, training, things = _trace(opened, "IKU-2").parts
    assert (things.numerator, things.denominator) == (8, 8)
    assert "Rusak Ringan: 2 unit" in [rows.reason for rows in things.rows]
    assert training.numerator_of.endswith("20 JP")
    assert training.numerator == 0
    assert "JP minimal" in [basis.subject for basis in _trace(opened, "IKU-2").basis]
    assert "JP minimal" not in [basis.subject for basis in _trace(small, "IKU-2").basis]
    (complaints,) = _trace(opened, "IKU-3").parts
    assert complaints.denominator == 3


def test_a_reported_figure_names_its_cell() -> None:
    """A frozen quarter shows the reported figure and the cell of tblRealisasi; BKN's shows the typed cell."""
    frozen = _with(tblRealisasi=[{"Tahun": 2025, "Triwulan": 4, "Kode IKU": "IKU-1", "Nilai": 71.5}])
    (shown,) = (line for line in _trace(frozen, "IKU-1").shown if line.label == "Ditampilkan di Ringkasan")
    assert (shown.value, shown.place) == ("71,50 (dilaporkan)", "Realisasi!D5")

    official = _with(Sumber_IKU1="BKN", Indeks_NSPK_BKN=70.18)
    trace = _trace(official, "IKU-1")
    (shown,) = (line for line in trace.shown if line.label == "Ditampilkan di Ringkasan")
    assert shown.value == "70,18 (hasil BKN)"
    assert shown.place == f"Pengaturan!{official.inputs.setting_cells['Indeks_NSPK_BKN'][1]}"
    assert trace.value == 50
    assert not any("bukan hasil resmi" in remark for remark in trace.remarks)
    assert any("bukan hasil resmi" in remark for remark in _trace(frozen, "IKU-1").remarks)


def test_a_missing_figure_says_why() -> None:
    """No complaint, a missing component and weights off 100 each have their word."""
    empty = _with(tblKeluhan=[], tblSarpras=[])
    assert _trace(empty, "IKU-3").status == "tidak ada keluhan"
    assert _trace(empty, "IKU-2").status == "belum lengkap"
    assert _trace(_with(Bobot_Diklat=24), "IKU-2").status == "bobot tidak 100"
    text = "\n".join(trace_lines(_trace(empty, "IKU-2")))
    assert "Nilai: – (belum lengkap)" in text
    assert "belum menyumbang nilai" in text


def test_what_is_not_verified_is_said(small: Opened) -> None:
    """The category of NSPK rests on no source: its basis says so; the law of complaints is verified."""
    status = {basis.subject: basis.status for basis in _trace(small, "IKU-1").basis}
    assert status["Kategori NSPK"] == "belum diverifikasi"
    assert status["Elemen NSPK"] == "terverifikasi"
    assert {b.subject: b.basis for b in _trace(small, "IKU-3").basis}["Batas hari kerja"] == "UU Nomor 25 Tahun 2009"


def test_a_changed_scale_claims_no_law() -> None:
    """A predicate table that staff have changed is nobody's regulation."""
    changed = _with(tblSkalaCapaian=[{"Batas Bawah": 90, "Sebutan": "Bagus"}, {"Batas Bawah": 0, "Sebutan": "Kurang"}])
    assert "Skala predikat" not in [basis.subject for basis in _trace(changed, "IKU-2").basis]


def test_the_text_names_many_places_shortly() -> None:
    """Consecutive rows are one range, the sheet is named once, and after six ranges comes an ellipsis."""
    rows = [{"Nama Barang": f"b{i}", "Jumlah": 1, "Kondisi": "Baik" if i % 2 else "Hilang"} for i in range(20)]
    text = "\n".join(trace_lines(_trace(_with(tblSarpras=rows), "IKU-2")))
    assert "[Sarpras!I6, I8, I10, I12, I14, I16, …]" in text


def test_unrounded_values_are_shown_whole_or_with_an_ellipsis() -> None:
    """A value that ends is printed to its end, another to twelve decimals."""
    assert exact(Decimal("43.125")) == "43,125"
    assert exact(Decimal(50)) == "50"
    assert exact(Decimal(100) / 3) == "33,333333333333…"


def test_followed_up_asks_for_the_date_and_where_set_the_status() -> None:
    """A follow-up after the quarter's end, or one not finished where only finished ones count, is still open."""
    came = datetime.date(2025, 2, 3)
    rows = [
        {"Tracking ID": "T1", "Tanggal Masuk": came, "Tanggal Tindak Lanjut": came, "Status": "Selesai"},
        {"Tracking ID": "T2", "Tanggal Masuk": came, "Tanggal Tindak Lanjut": came, "Status": "Proses"},
        {"Tracking ID": "T3", "Tanggal Masuk": came, "Tanggal Tindak Lanjut": datetime.date(2025, 4, 1)},
    ]
    for switch, followed in (("Tidak", ("Keluhan!M5:M6",)), ("Ya", ("Keluhan!M5",))):
        (part,) = _trace(_with(Triwulan=1, Hanya_Selesai=switch, tblKeluhan=rows), "IKU-3").parts
        assert part.rows[0].places == followed
        assert (part.numerator, part.denominator) == (part.rows[0].count, 3)
