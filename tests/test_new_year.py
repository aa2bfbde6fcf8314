"""``baru --dari``: next year's workbook out of this year's; what goes on is there, what was the year's is gone."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from support_cli import run
from support_fill import LATER, MOMENT, data_of, first, with_content

from iku_excel.examples import example_content
from iku_excel.fill import Opened, fill, open_workbook
from iku_excel.findings import Refusal
from iku_excel.form import layout
from iku_excel.form.new_holidays import add_holidays
from iku_excel.form.template import build
from iku_excel.form.template.content import Content
from iku_excel.indicators.period import serial
from iku_excel.new_year import EMPTIED_COLUMNS, EMPTIED_SETTINGS, NewYear, create_from, roll_over, years_later
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.tablecells import data_rows, find_table
from tests.grafts import grafted
from tests.grafts.moves import edited, rearranged, table_of
from tests.grafts.parts import Parts
from tests.judges.excel import assert_excel_accepts
from tests.judges.office import recalculate, require_office

pytestmark = pytest.mark.judges_itself  # each workbook that ``rolled`` makes, once

EMPTIED = ("tblAnggaran", "tblDiklat", "tblKeluhan")
CARRIED = ("tblPegawai", "tblSarpras", "tblRealisasi", "tblSkalaCapaian", "tblBatasHari", "tblFungsi")
V1 = Path(__file__).parent / "versi1"


@cache
def rolled(data: bytes, **options: Any) -> NewYear:
    """Next year's workbook; Excel would open it."""
    made = roll_over(data, LATER, **options)
    assert_excel_accepts(made.data, data, deep=False)
    return made


@cache
def old() -> bytes:
    """This year's workbook: the clean example, with BKN's result and every foreign part that staff and Excel add."""
    plain = with_content(
        Indeks_NSPK_BKN=70.18, Nomor_Surat_BKN="12/BKN/2026", Tanggal_Surat_BKN=datetime.date(2026, 1, 10)
    )
    return grafted(data_of(plain))


@cache
def both() -> tuple[Opened, Opened]:
    """The old and the new workbook, read."""
    return open_workbook(old()), open_workbook(rolled(old()).data)


def column(opened: Opened, table: str, heading: str) -> list[Any]:
    """The filled cells of a column."""
    return [cell for cell in opened.inputs.tables[table].column(heading) if cell is not None]


def texts_of(data: bytes) -> str:
    """All texts of a workbook's sheets and shared strings."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = [n for n in archive.namelist() if n.startswith("xl/worksheets/sheet") or n == "xl/sharedStrings.xml"]
        return "".join(archive.read(name).decode() for name in names)


def test_it_is_the_next_years_first_quarter() -> None:
    """Tahun + 1, Triwulan 1; name, weights and switches as they were; BKN's result and the report's date empty."""
    before, after = both()
    assert (after.inputs.period.year, after.inputs.period.quarter) == (before.inputs.period.year + 1, 1)
    for name, value in before.inputs.settings.items():
        if name in EMPTIED_SETTINGS:
            assert after.inputs.settings[name] is None, name
        elif name not in ("Tahun", "Triwulan"):
            assert after.inputs.settings[name] == value, name
    assert before.inputs.settings["Indeks_NSPK_BKN"] == 70.18


@pytest.mark.parametrize("name", EMPTIED)
def test_registers_of_the_year_are_empty(name: str) -> None:
    """No row of the budget, the trainings and the complaints is left; the tables keep their place."""
    before, after = both()
    assert before.inputs.tables[name].length > 10
    assert after.inputs.tables[name].length == 0
    assert after.inputs.tables[name].ref == before.inputs.tables[name].ref


@pytest.mark.parametrize("name", CARRIED)
def test_what_goes_on_is_carried(name: str) -> None:
    """Employees, facilities, reported figures, scales, limits and functions are the same, cell by cell."""
    before, after = both()
    table = before.inputs.tables[name]
    assert table.length > 0
    for heading in table.headings:
        assert after.inputs.tables[name].column(heading) == table.column(heading), heading


@pytest.mark.parametrize("name", ["tblPertanyaan", "tblTarget"])
def test_questions_and_targets_stay_without_their_answers(name: str) -> None:
    """The columns of the year are empty, all others as they were."""
    before, after = both()
    table = before.inputs.tables[name]
    assert after.inputs.tables[name].length == table.length
    filled = 0
    for heading in table.headings:
        if heading in EMPTIED_COLUMNS[name]:
            assert column(after, name, heading) == [], heading
            filled += len(column(before, name, heading))
        else:
            assert after.inputs.tables[name].column(heading) == table.column(heading), heading
    assert filled > 20


def test_documents_move_by_a_year() -> None:
    """Their deadlines and years one year on, what was fixed and numbered gone, the rest as it was."""
    before, after = both()
    one, two = (opened.inputs.tables["tblDokumen"] for opened in (before, after))
    for heading in ("Nama Dokumen", "Jenis", "Dasar Hukum", "PIC"):
        assert two.column(heading) == one.column(heading)
    for heading in ("Tanggal Penetapan", "Nomor", "Keterangan"):
        assert column(after, "tblDokumen", heading) == []
    assert column(before, "tblDokumen", "Nomor") != []
    assert column(after, "tblDokumen", "Tahun") == [year + 1 for year in column(before, "tblDokumen", "Tahun")]
    moved = zip(column(before, "tblDokumen", "Batas Waktu"), column(after, "tblDokumen", "Batas Waktu"), strict=True)
    for was, now in moved:
        assert now - was in (365, 366)


@pytest.mark.parametrize(
    ("day", "years", "wanted"),
    [
        ((2024, 2, 29), 1, (2025, 2, 28)),
        ((2024, 2, 29), 4, (2028, 2, 29)),
        ((2025, 2, 28), 3, (2028, 2, 28)),
        ((2025, 12, 31), 2, (2027, 12, 31)),
    ],
)
def test_a_day_of_another_year(day: tuple[int, int, int], years: int, wanted: tuple[int, int, int]) -> None:
    """The same day and time; 29 February becomes the 28th where there is none."""
    moved = years_later(serial(datetime.date(*day)) + 0.25, years)
    assert moved == serial(datetime.date(*wanted)) + 0.25


def test_the_new_years_holidays_are_added_once() -> None:
    """What was there stays; the new year's follow, none twice; a second roll-over adds the year after."""
    before, after = both()
    was, now = (column(opened, "tblLibur", "Tanggal") for opened in (before, after))
    assert now[: len(was)] == was
    fresh = now[len(was) :]
    assert len(fresh) > 15 and len(set(now)) == len(now)
    first_, last = serial(datetime.date(2026, 1, 1)), serial(datetime.date(2026, 12, 31))
    assert all(first_ <= day <= last for day in fresh)


def libur(rows: int) -> tuple[Package, Any]:
    """A workbook whose tblLibur has this many working days of 2023 and 2024 in it, without a blank row."""
    days = [datetime.date(2023, 1, 2) + datetime.timedelta(days=9 * n) for n in range(rows)]
    year, content = example_content("bersih")
    table = [{"Tanggal": day, "Nama": f"Hari {day.year}"} for day in days]
    data = build(year, Content(dict(content.settings), {**content.tables, "tblLibur": table}, content.years))
    opened = open_workbook(data)
    return opened.package, opened.inputs.tables["tblLibur"]


def test_the_oldest_years_make_room_when_a_hundred_days_are_full() -> None:
    """The formulas read 100 rows: whole years go, the oldest first, and it is said how many."""
    package, table = libur(80)
    assert table.length == 80
    days = [(datetime.date(2026, 3, n), f"Baru {n}") for n in range(1, 26)]
    room, edits, said = add_holidays(package, table, days, 100)
    of_2023 = sum(serial(datetime.date(2024, 1, 1)) > cell for cell in table.column("Tanggal"))
    assert f"{of_2023} hari libur tahun 2023 dihapus" in said and "2024" not in said
    written = {edit.cell: edit.value for edit in edits if edit.value is not None}
    assert [v for v in written.values() if isinstance(v, int)] == [serial(day) for day, _ in days]
    rows = {int("".join(c for c in cell if c.isdigit())) for cell in written}
    assert max(rows) < table.first_row + 100
    assert len(data_rows(find_table(room, "tblLibur")[1])) == 100


def test_days_that_find_no_room_are_told() -> None:
    """Nothing older to drop: as many as fit, and how many are left to type."""
    package, table = libur(80)
    days = [(datetime.date(2022, 3, n), f"Lama {n}") for n in range(1, 26)]
    _, edits, said = add_holidays(package, table, days, 100)
    assert "5 hari tidak muat" in said and "20 hari baru" in said
    assert sum(edit.value is not None for edit in edits) == 40


def test_the_history_goes_on() -> None:
    """Riwayat keeps its lines and gains one that says where the workbook comes from."""
    before, after = both()
    one, two = (opened.data.outputs["Riwayat"] for opened in (before, after))
    assert two.last_row == one.last_row + 1
    assert two.rows(f"A5:G{one.last_row}") == one.rows(f"A5:G{one.last_row}")
    assert "dibuat dari buku kerja tahun 2025" in str(two.rows(f"G{two.last_row}:G{two.last_row}")[0][0])


def test_sheets_of_the_staff_and_foreign_parts_are_the_same_bytes() -> None:
    """Charts, comments, pictures, slicers, printers, pivot and sheets of their own: nothing of them moves."""
    one, two = Parts(old()), Parts(rolled(old()).data)
    ours = {one.sheet(name) for name in (*layout.INPUT_SHEETS, *layout.OUTPUT_SHEETS)}
    may = ours | {"xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", "xl/calcChain.xml", "[Content_Types].xml"}
    may |= {"xl/_rels/workbook.xml.rels"}
    ours_charts = {name for name in one.content if name.startswith("xl/charts/")}
    tables = {name for name in one.content if name.startswith("xl/tables/")}
    changed = {name for name in one.content if two.content.get(name) != one.content[name]}
    assert changed - may - ours_charts - tables == set()
    assert all(b"tblLibur" in one.content[name] for name in changed & tables)
    for name in ("Pegawai", "Sarpras", "Realisasi", "Rekap Staf", "Pivot Staf", "Petunjuk"):
        assert one.content[one.sheet(name)] == two.content[two.sheet(name)], name


def shared(data: bytes) -> bytes:
    """The workbook with its texts as Excel keeps them: once each, beside the sheets."""
    parts, numbers = Parts(data), dict[str, int]()

    def numbered(found: re.Match[str]) -> str:
        return f't="s"><v>{numbers.setdefault(found[1], len(numbers))}</v>'

    for name in [name for name in parts.content if name.startswith("xl/worksheets/sheet")]:
        parts.content[name] = re.sub(r't="inlineStr"><is>(<t.*?</t>)</is>', numbered, parts.text(name)).encode()
    items = "".join(f"<si>{text}</si>" for text in numbers)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts.add("xl/sharedStrings.xml", f'<sst xmlns="{space}">{items}</sst>', kind)
    parts.relate("xl/workbook.xml", "sharedStrings", "sharedStrings.xml")
    return parts.packed()


def test_nothing_of_the_old_years_registers_is_left_in_the_file() -> None:
    """Complaints, budget and answers are gone from the sheets and from the shared strings that Excel keeps."""
    content = shared(data_of(first()))
    opened = open_workbook(content)
    gone = {
        text
        for name, heading in (
            ("tblKeluhan", "Pelapor"),
            ("tblKeluhan", "Uraian"),
            ("tblAnggaran", "Sub Kegiatan"),
            ("tblDiklat", "No Sertifikat"),
            ("tblPertanyaan", "Bukti"),
        )
        for text in column(opened, name, heading)
    }
    kept = set(column(opened, "tblPegawai", "Nama")) | set(column(opened, "tblPertanyaan", "Pertanyaan"))
    assert len(gone) > 100
    after = texts_of(rolled(content).data)
    assert [text for text in gone - kept if f">{text}<" in after] == []
    assert all(f">{text}<" in after for text in kept if "&" not in text and '"' not in text)


def test_formulas_down_a_column_stay_and_are_told() -> None:
    """A column of the staff's that computes goes on computing; a sum typed into one cell goes with its row."""

    def with_formulas(book: Any) -> None:
        sheet, table = table_of(book, "tblAnggaran")
        headings = [column.name for column in table.tableColumns]
        sisa, murni = headings.index("Sisa") + 1, headings.index("Pagu Murni") + 1
        for row in range(5, int(table.ref.rpartition("O")[2]) + 1):
            sheet.cell(row, sisa, f"=E{row}-J{row}")
        sheet.cell(5, murni, "=500+300")

    headings = [*layout.BUDGET.headings, "Sisa", "Catatan Staf"]
    data = data_of(fill(edited(data_of(first()), rearranged("tblAnggaran", headings), with_formulas), MOMENT))
    made = rolled(data)
    assert any("tblAnggaran" in line and "rumus di kolom Sisa dibiarkan" in line for line in made.told)
    after = Parts(made.data)
    xml = after.text(after.sheet("Anggaran"))
    assert "<f>E5-J5</f>" in xml
    assert "500+300" not in xml
    assert column(open_workbook(made.data), "tblAnggaran", "Catatan Staf") == []


def test_rows_below_a_table_are_left_and_told() -> None:
    """What somebody typed under a table isn't certainly a row of it: told, with its first cell."""
    data = data_of(first("kesalahan-umum"))
    made = rolled(data)
    assert any("di bawah tabel tblKeluhan" in line for line in made.warnings)


def test_a_deadline_typed_as_text_is_told_and_stays() -> None:
    """It can't be moved without guessing."""
    data = data_of(with_content(tblDokumen=lambda rows: rows[0].update({"Batas Waktu": "31 Maret 2025"})))
    made = rolled(data)
    assert any("teks tidak digeser" in line for line in made.warnings)
    assert open_workbook(made.data).inputs.tables["tblDokumen"].column("Batas Waktu")[0] == "31 Maret 2025"


def test_what_will_be_missing_next_year_is_told() -> None:
    """Triwulan 4 not locked, so that Tahun Lalu will be empty, or no column for the year's target; else neither."""
    made = rolled(old())
    assert any("Triwulan 4 tahun 2025 belum dikunci untuk IKU-1, IKU-2, IKU-3" in line for line in made.warnings)
    assert not any("Target 2026" in line for line in made.warnings)
    ready = [{"Tahun": 2026, "Triwulan": 4, "Kode IKU": f"IKU-{n}", "Nilai": 80} for n in (1, 2, 3)]

    def replaced(rows: list[dict[str, object]]) -> None:
        rows[:] = ready

    made = rolled(data_of(with_content(tblRealisasi=replaced)), year=2027)
    assert [line for line in made.warnings if "Triwulan 4" in line] == []
    assert any("'Target 2027'" in line for line in made.warnings)


@pytest.mark.office
def test_libreoffice_agrees_with_the_new_figures(tmp_path: Path) -> None:
    """Every formula of the new workbook computed anew gives the value stored beside it; last year's shows up."""
    require_office()
    rows = [{"Tahun": 2025, "Triwulan": 4, "Kode IKU": f"IKU-{n}", "Nilai": 70 + n} for n in (1, 2, 3)]

    def replaced(found: list[dict[str, object]]) -> None:
        found[:] = rows

    made = rolled(data_of(with_content(tblRealisasi=replaced)))
    path = tmp_path / "IKU-2026.xlsx"
    path.write_bytes(made.data)
    filled = fill(made.data, LATER + datetime.timedelta(days=1))
    assert filled.data is None, filled.changed
    opened = recalculate([path])[path]
    judged = 0
    for edit in filled.edits:
        if edit.formula is not None and isinstance(edit.value, Decimal | int | float):
            wanted = pytest.approx(float(edit.value), rel=1e-12, abs=1e-12)
            assert opened.value(edit.sheet, edit.cell) == wanted, (edit.sheet, edit.cell)
            judged += 1
    assert judged > 200
    assert filled.opened.result.shown["IKU-2"].last_year == 72
    assert filled.indices["IKU-1"] == 0


def test_an_older_template_is_brought_to_todays_first() -> None:
    """A workbook of template 1: upgraded, then carried on, and both are told."""
    data = (V1 / "CONTOH-1-bersih.xlsx").read_bytes()
    made = rolled(data)
    opened = open_workbook(made.data)
    assert opened.inputs.version == layout.TEMPLATE_VERSION > 1
    assert opened.inputs.period.year == 2026
    assert len(made.told) > 12
    assert column(opened, "tblPegawai", "NIP") == column(open_workbook(data), "tblPegawai", "NIP")


def test_a_workbook_with_the_button_keeps_it(tmp_path: Path) -> None:
    """From .xlsm to .xlsm: the macros are the same bytes."""
    one, two = tmp_path / "IKU-2025.xlsm", tmp_path / "IKU-2026.xlsm"
    assert run("baru", one, "--perangkat-daerah", "CONTOH Badan", "--tahun", "2025").status == 0
    ran = run("baru", two, "--dari", one)
    assert ran.status == 0, ran.err
    old_, new = (Parts(path.read_bytes()).content for path in (one, two))
    assert new["xl/vbaProject.bin"] == old_["xl/vbaProject.bin"]
    assert_excel_accepts(two, one)


# --- the command


@cache
def small() -> bytes:
    """A workbook for the command line."""
    return data_of(first("belum-lengkap"))


def test_the_command_tells_what_it_did(tmp_path: Path) -> None:
    """What was carried and emptied on stdout, what to look after on stderr; the old file is the same."""
    one, two = tmp_path / "IKU 2025.xlsx", tmp_path / "IKU 2026.xlsx"
    one.write_bytes(small())
    ran = run("baru", two, "--dari", one, "--perangkat-daerah", "Dinas Baru", "--triwulan", "2")
    assert ran.status == 0, ran.err
    assert ran.out.startswith("Buku kerja baru tahun 2026: ")
    assert "tblPegawai (lembar Pegawai): 120 baris dibawa." in ran.out
    assert "Perhatikan: Triwulan 4 tahun 2025 belum dikunci" in ran.err
    assert one.read_bytes() == small()
    opened = open_workbook(two.read_bytes())
    assert opened.inputs.period.quarter == 2
    assert opened.inputs.settings["Perangkat_Daerah"] == "Dinas Baru"


@pytest.mark.parametrize(
    ("name", "options", "code"),
    [
        ("IKU-2026.xlsm", {}, "akhiran-berbeda"),
        ("IKU-2025.xlsx", {}, "berkas-sudah-ada"),
        ("IKU-2026.xlsx", {"year": 2025}, "tahun-tidak-maju"),
        ("IKU-2026.xlsx", {"year": 2024}, "tahun-tidak-maju"),
    ],
)
def test_what_can_not_be(name: str, options: Mapping[str, int], code: str, tmp_path: Path) -> None:
    """Another ending, a name that is taken, a year that doesn't come after: refused, and nothing is written."""
    source = tmp_path / "IKU-2025.xlsx"
    source.write_bytes(small())
    with pytest.raises(Refusal) as caught:
        create_from(tmp_path / name, source, LATER, **options)
    assert caught.value.code == code
    assert caught.value.file is not None
    assert [path.name for path in tmp_path.iterdir()] == ["IKU-2025.xlsx"]
    assert source.read_bytes() == small()


def test_a_missing_old_workbook_is_named(tmp_path: Path) -> None:
    """No such file: three lines, exit status 1."""
    ran = run("baru", tmp_path / "b.xlsx", "--dari", tmp_path / "tiada.xlsx")
    assert (ran.status, len(ran.complaint)) == (1, 3)
    assert "tiada.xlsx" in ran.err
