"""``baru --dari``: next year's workbook out of this year's, everything in its place.

A copy of the old file's bytes is edited: what belongs to the year is emptied, what goes on is carried, dates move
by the difference of the years. Sheets of the staff's own, charts, comments and macros stay as they are. The old
file is only read.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from iku_excel.cells import is_text
from iku_excel.edits import Edit, Value
from iku_excel.fill import Opened, fill, open_workbook
from iku_excel.findings import Refusal
from iku_excel.form import layout
from iku_excel.form.fields import Table
from iku_excel.form.layout import IKU_CODES, QUARTERS, TARGET_YEAR
from iku_excel.form.new_holidays import add_holidays
from iku_excel.form.settings import HOLIDAYS
from iku_excel.form.template.settings_page import HOLIDAY_ROWS, public_holidays
from iku_excel.indicators.achievement import reported_row
from iku_excel.indicators.period import from_serial, serial
from iku_excel.xlsx.apply import apply_edits
from iku_excel.xlsx.orphans import without_orphans
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.rowparts import Line
from iku_excel.xlsx.tablecells import Contents, data_rows, table_sheet
from iku_excel.xlsx.tablerows import KEEP, put_rows

EMPTIED = (layout.BUDGET, layout.TRAININGS, layout.COMPLAINTS)
"""Registers of one year: their rows go."""

CARRIED = (layout.EMPLOYEES, layout.FACILITIES, layout.REPORTED)
"""Registers that go on as they are."""

EMPTIED_COLUMNS = {
    "tblPertanyaan": ("Skor", "Bukti", "Status Bukti", "Skor BKN", "Catatan Verifikator", "Tindak Lanjut"),
    "tblDokumen": ("Tanggal Penetapan", "Nomor", "Keterangan"),
    "tblTarget": (*(f"{TARGET_YEAR}TW {q}" for q in QUARTERS), "Analisis", "Kendala", "Rencana Tindak Lanjut"),
}
"""Columns of one year in tables whose rows go on."""

EMPTIED_SETTINGS = ("Indeks_NSPK_BKN", "Nomor_Surat_BKN", "Tanggal_Surat_BKN", "Tanggal_Laporan")
_SAFE_SERIAL = 61  # 1 March 1900: before it Excel counts a day that never was


@dataclass(frozen=True, slots=True)
class NewYear:
    """The new workbook's bytes, what was carried and emptied (``told``), and what to look after (``warnings``)."""

    data: bytes
    year: int
    told: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(slots=True)
class _Work:
    """The plan as it grows: edits, and what is said of them."""

    edits: list[Edit] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def create_from(
    path: Path,
    old: Path,
    moment: datetime.datetime,
    *,
    agency: str | None = None,
    year: int | None = None,
    quarter: int | None = None,
) -> NewYear:
    """Make the workbook at ``path`` from the one at ``old``. ``Refusal`` where the endings differ, where something
    has that name already, and as for filling."""
    from iku_excel.create import refuse_existing, write_new
    from iku_excel.xlsx.replace import read_bytes

    refuse_existing(path)
    if path.suffix.casefold() != old.suffix.casefold():
        raise Refusal(
            "akhiran-berbeda",
            f"Buku {path.name} harus berakhiran {old.suffix}, sama dengan buku lama {old.name}.",
            f"Pakai nama {path.stem}{old.suffix}.",
            file=str(path),
        )
    try:
        made = roll_over(read_bytes(old), moment, agency=agency, year=year, quarter=quarter)
    except Refusal as refusal:
        raise refusal.at(str(old)) from refusal.__cause__
    write_new(path, made.data)
    return made


def roll_over(
    content: bytes,
    moment: datetime.datetime,
    *,
    agency: str | None = None,
    year: int | None = None,
    quarter: int | None = None,
) -> NewYear:
    """The workbook of another year (by default the next one, Triwulan 1) from a workbook given as bytes, filled."""
    from iku_excel.xlsx.verify import verify_edits

    opened, work = open_workbook(content), _Work()
    if opened.inputs.version < layout.TEMPLATE_VERSION:
        from iku_excel.upgrade import upgrade

        upgraded = upgrade(content)
        work.told += upgraded.told
        opened = open_workbook(upgraded.data)
    before = opened.inputs.period.year
    after = before + 1 if year is None else year
    if after <= before:
        raise Refusal(
            "tahun-tidak-maju",
            f"Buku lama sudah untuk tahun {before}, jadi buku baru tidak bisa untuk tahun {after}.",
            f"Pilih tahun sesudah {before}, atau buat buku kosong tanpa --dari.",
        )
    _settings(opened, work, agency, after, quarter or 1)
    cleared = opened.package
    for table in (layout.target_table(()), layout.QUESTIONS, layout.DOCUMENTS, *EMPTIED):
        cleared = _clear(opened, cleared, work, table)
    _move_documents(opened, work, after - before)
    for table in CARRIED:
        data = opened.inputs.tables[table.name]
        work.told.append(f"{table.name} (lembar {data.sheet}): {data.length} baris dibawa.")
    libur = opened.inputs.tables[HOLIDAYS.name]
    room, holidays, said = add_holidays(cleared, libur, public_holidays(after), HOLIDAY_ROWS)
    work.told.append(said)
    _warn(opened, work, after)
    edits = [*work.edits, *holidays]
    applied = apply_edits(room, edits, known_formulas=opened.data.formulas)
    between = applied.data or room.data
    verify_edits(room, edits)(between)
    emptied = Package.open(between)
    bare = emptied.with_parts(without_orphans(opened.package, emptied))
    filled = fill(bare, moment, f"Buku kerja tahun {after} dibuat dari buku kerja tahun {before}")
    made = filled.data or bare
    filled.verifier()(made)
    return NewYear(made, after, tuple(work.told), tuple(work.warnings))


def _settings(opened: Opened, work: _Work, agency: str | None, year: int, quarter: int) -> None:
    values: dict[str, Value] = {"Tahun": year, "Triwulan": quarter, **dict.fromkeys(EMPTIED_SETTINGS)}
    if agency is not None:
        values["Perangkat_Daerah"] = agency
    for name, value in values.items():
        work.edits.append(Edit(*opened.inputs.setting_cells[name], value))
    work.told.append(
        f"Pengaturan: Tahun {year}, Triwulan {quarter}; hasil resmi BKN dan tanggal laporan dikosongkan, "
        "pengaturan lain dibawa."
    )


def _clear(opened: Opened, package: Package, work: _Work, table: Table) -> Package:
    """Empty a register, or the columns of one that belong to the year. One formula down a column stays.

    In a register whose rows go, constants under the staff's own headings go with their rows; formulas there stay.
    """
    data, sheet = opened.inputs.tables[table.name], table_sheet(package, table.name)
    whole = table in EMPTIED
    headings = data.headings if whole else EMPTIED_COLUMNS[table.name]
    computing = sheet.formula_columns()
    contents = sheet.contents(computing) if computing else None
    kept: dict[str, set[int]] = {}
    for heading in headings:
        column = sheet.area.left + sheet.table.headings.index(heading)
        if contents and column in computing and (contents.one_formula(column) or heading not in table.headings):
            kept[heading] = set(contents.constants.get(column, ()))
    blank = (None,) * len(headings)
    lines: dict[int, Line] = dict.fromkeys(data_rows(sheet.table), blank)
    if kept:
        for row in lines:
            lines[row] = [KEEP if row not in kept.get(heading, (row,)) else None for heading in headings]
    placed = put_rows(package, table.name, headings, lines)
    if whole:
        what = f"{data.length} baris dikosongkan ({placed.cells} sel, kolom tambahan termasuk)"
    else:
        what = f"{data.length} baris dibawa; {_listed(headings)} dikosongkan ({placed.cells} sel)"
    formulas_kept = f"; rumus di kolom {_listed([*kept])} dibiarkan" if kept else ""
    work.told.append(f"{table.name} (lembar {data.sheet}): {what}{formulas_kept}.")
    if whole and data.below:
        work.warnings.append(
            f"Lembar {data.sheet}: {len(data.below)} baris di bawah tabel {table.name} (mulai sel "
            f"{data.below[0][0]}) dibiarkan; hapus sendiri bila data tahun lama."
        )
    return placed.package


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)


def _move_documents(opened: Opened, work: _Work, years: int) -> None:
    """Tahun and Batas Waktu of the documents move by the difference; formulas and texts stay as they are."""
    data = opened.inputs.tables[layout.DOCUMENTS.name]
    contents = table_sheet(opened.package, layout.DOCUMENTS.name).contents()
    moved = 0
    for index, cell in enumerate(data.column("Tahun")):
        if type(cell) is float and not _is_formula(contents, "Tahun", data.first_row + index):
            work.edits.append(Edit(data.sheet, data.address("Tahun", index), cell + years))
    texts = []
    for index, cell in enumerate(data.column("Batas Waktu")):
        place = data.address("Batas Waktu", index)
        if is_text(cell):
            texts.append(place)
        elif _is_formula(contents, "Batas Waktu", data.first_row + index):
            continue
        elif type(cell) is float and cell >= _SAFE_SERIAL:
            work.edits.append(Edit(data.sheet, place, years_later(cell, years)))
            moved += 1
    work.told.append(f"{data.name} (lembar {data.sheet}): {moved} Batas Waktu digeser {years} tahun.")
    if texts:
        shown = _listed(texts[:5]) + (" …" if len(texts) > 5 else "")
        work.warnings.append(
            f"Lembar {data.sheet}: {len(texts)} Batas Waktu berupa teks tidak digeser ({shown}); perbaiki sendiri."
        )


def _is_formula(contents: Contents, heading: str, row: int) -> bool:
    return row in contents.formulas.get(contents.column(heading), ())


def years_later(day: float, years: int) -> float:
    """The same day of another year, its time of day kept; 29 February becomes the 28th where there is none."""
    date = from_serial(day)
    year = date.year + years
    last = calendar.monthrange(year, date.month)[1]
    return serial(date.replace(year=year, day=min(date.day, last))) + day % 1


def _warn(opened: Opened, work: _Work, year: int) -> None:
    """What will be missing next year: last year's figures, and a target."""
    inputs = opened.inputs
    missing = [
        code for code in IKU_CODES if inputs.carries(code) and reported_row(inputs.reported, year - 1, 4, code) is None
    ]
    if missing:
        work.warnings.append(
            f"Triwulan 4 tahun {year - 1} belum dikunci untuk {_listed(missing)}, jadi Tahun Lalu akan kosong: "
            "kunci dahulu di buku lama (`iku-excel kunci LAMA --triwulan 4`), lalu buat lagi buku baru."
        )
    if not inputs.tables["tblTarget"].has(f"{TARGET_YEAR}{year}"):
        work.warnings.append(
            f"tblTarget belum punya kolom '{TARGET_YEAR}{year}': tambahkan, lalu isi target tahun itu."
        )
