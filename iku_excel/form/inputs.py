"""From a workbook as read to the inputs of the indices, or a refusal that names what is missing.

Nothing is interpreted here: columns stay raw cells, so that the arithmetic can mirror the formulas cell by
cell. A table, heading, name or output sheet of the contract that is missing refuses the workbook (DOMAIN §7).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from iku_excel.cells import Cell, Column, decimal, same
from iku_excel.findings import Refusal
from iku_excel.form import layout, settings
from iku_excel.form.fields import Table
from iku_excel.form.sheetmap import Places
from iku_excel.indicators.achievement import Reported
from iku_excel.indicators.complaints import Complaints, Limits, Switches
from iku_excel.indicators.nspk import Questions
from iku_excel.indicators.period import Period
from iku_excel.indicators.secretariat import Budget, Documents, Employees, Facilities, Trainings
from iku_excel.rules.loader import Rules, rules_for
from iku_excel.xlsx.reader import NamedCell, TableData, WorkbookData

WANTED_TABLES = tuple(settings.TABLES)
WANTED_NAMES = (*settings.SETTINGS, *settings.OUTPUT_NAMES)
VERSION_NAME = "IKU_Versi_Templat"

_TARGET_YEAR = re.compile(rf"{layout.TARGET_YEAR}(\d{{4}})")


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that the indices of one workbook are computed from.

    ``tables``: every table of the contract, by name. ``settings``: the value of every named input cell, and
    ``setting_cells`` where each lies, as (sheet, cell).
    """

    tables: Mapping[str, TableData]
    settings: Mapping[str, Cell]
    setting_cells: Mapping[str, tuple[str, str]]
    period: Period
    rules: Rules
    places: Places
    version: int

    def column(self, table: Table, heading: str) -> Column:
        """The raw cells of one column."""
        return self.tables[table.name].column(heading)

    def number(self, name: str) -> Decimal | None:
        """A setting as a number, None if it holds none."""
        return decimal(self.settings[name])

    def switched(self, name: str) -> bool:
        """Whether a switch stands on Ya."""
        return same(self.settings[name], "Ya")

    @property
    def questions(self) -> Questions:
        """The columns of tblPertanyaan."""
        return Questions(
            *(
                self.column(layout.QUESTIONS, h)
                for h in ("Kode Elemen", "Skor", "Skor Maks", "Berlaku", "Status Bukti", "Skor BKN")
            )
        )

    @property
    def documents(self) -> Documents:
        """The columns of tblDokumen."""
        return Documents(*(self.column(layout.DOCUMENTS, h) for h in ("Batas Waktu", "Tanggal Penetapan")))

    @property
    def budget(self) -> Budget:
        """The columns of tblAnggaran."""
        kode, murni, perubahan = (self.column(layout.BUDGET, h) for h in ("Kode", "Pagu Murni", "Pagu Perubahan"))
        one, two, three, four = (self.column(layout.BUDGET, f"Realisasi TW {q}") for q in layout.QUARTERS)
        return Budget(kode, murni, perubahan, (one, two, three, four))

    @property
    def employees(self) -> Employees:
        """The columns of tblPegawai."""
        return Employees(*(self.column(layout.EMPLOYEES, h) for h in ("NIP", "Aktif")))

    @property
    def trainings(self) -> Trainings:
        """The columns of tblDiklat."""
        return Trainings(*(self.column(layout.TRAININGS, h) for h in ("NIP", "Selesai", "JP")))

    @property
    def facilities(self) -> Facilities:
        """The columns of tblSarpras."""
        return Facilities(*(self.column(layout.FACILITIES, h) for h in ("Jumlah", "Kondisi")))

    @property
    def complaints(self) -> Complaints:
        """The columns of tblKeluhan that count; never the complainant's."""
        headings = (
            "Tanggal Masuk",
            "Kanal",
            "Klasifikasi",
            "Perlu Cek Lapangan",
            "Kewenangan",
            "Status",
            "Duplikat Dari",
            "Tanggal Tindak Lanjut",
        )
        return Complaints(*(self.column(layout.COMPLAINTS, h) for h in headings))

    @property
    def complaint_switches(self) -> Switches:
        """The two switches of IKU-3."""
        return Switches(self.switched("Hitung_Semua_Klasifikasi"), self.switched("Hanya_Selesai"))

    @property
    def limits(self) -> Limits:
        """The columns of tblBatasHari."""
        return Limits(*(self.column(settings.TIME_LIMITS, h) for h in settings.TIME_LIMITS.headings))

    @property
    def reported(self) -> Reported:
        """The columns of tblRealisasi."""
        return Reported(
            *(self.column(layout.REPORTED, h) for h in ("Tahun", "Triwulan", "Kode IKU", "Nilai", "Sumber"))
        )

    def target_row(self, code: str) -> int | None:
        """The first row of tblTarget with this Kode IKU, counted from 0; None if there is none."""
        codes = self.tables["tblTarget"].column("Kode IKU")
        return next((i for i, cell in enumerate(codes) if same(cell, code)), None)

    def target_cell(self, code: str, heading: str) -> Cell:
        """What tblTarget says of an indicator under a heading; None where row or heading is missing."""
        row, table = self.target_row(code), self.tables["tblTarget"]
        return table.column(heading)[row] if row is not None and table.has(heading) else None

    def carries(self, code: str) -> bool:
        """Whether the agency carries this indicator (tblTarget's Berlaku is not Tidak)."""
        return not same(self.target_cell(code, "Berlaku"), "Tidak")


def read_inputs(data: WorkbookData) -> Inputs:
    """The inputs of a workbook of ours.

    Raises ``Refusal`` for a foreign workbook, a newer template, a missing table, heading, name or output sheet,
    and for a Tahun or Triwulan that is none.
    """
    version = _version(data)
    for table in settings.TABLES.values():
        _require(data, table)
    for name in WANTED_NAMES:
        _named(data, name)
    for sheet in layout.output_sheets_of(version):
        if sheet not in data.sheets:
            raise Refusal(
                "lembar-hilang",
                f"Lembar {sheet} tidak ada di buku kerja ini.",
                "Kembalikan nama lembar itu seperti di templat, atau salin data ke buku baru dari `iku-excel baru`.",
            )
    cells = {name: _named(data, name) for name in settings.SETTINGS}
    values = {name: cell.value for name, cell in cells.items()}
    where = {name: (cell.sheet or "", cell.cell or "") for name, cell in cells.items()}
    year = _whole(values["Tahun"], "Tahun", where["Tahun"], 2000, 2100, "tahun empat angka, misalnya 2025")
    quarter = _whole(values["Triwulan"], "Triwulan", where["Triwulan"], 1, 4, "angka 1, 2, 3, atau 4")
    return Inputs(
        data.tables, values, where, Period(year, quarter), rules_for(year), places_of(data.tables["tblTarget"]), version
    )


def places_of(target: TableData) -> Places:
    """Where tblTarget lies: the formulas that look up a year's target need its plain ranges."""
    top = target.first_row - 1
    last_row = target.first_row + target.length - 1
    left, right = (target.address(h, 0).rstrip("0123456789") for h in (target.headings[0], target.headings[-1]))
    sheet = quoted(target.sheet)
    years = [int(m[1]) for h in target.headings if (m := _TARGET_YEAR.fullmatch(h))]
    return Places(
        f"{sheet}!${left}${top}:${right}${top}",
        f"{sheet}!${left}${target.first_row}:${right}${last_row}",
        max(years, default=None),
    )


def quoted(sheet: str) -> str:
    """A sheet's name as a formula writes it, in quotes where it needs them."""
    return sheet if re.fullmatch(r"[A-Za-z_]\w*", sheet) else "'" + sheet.replace("'", "''") + "'"


def _version(data: WorkbookData) -> int:
    found = data.names.get(VERSION_NAME)
    if found is None or found.broken or type(found.value) is not float:
        raise Refusal(
            "bukan-buku-iku",
            "Berkas ini bukan buku kerja IKU: nama IKU_Versi_Templat tidak ditemukan.",
            "Pakai buku kerja yang dibuat dengan `iku-excel baru`.",
        )
    version = int(found.value)
    if version > layout.TEMPLATE_VERSION:
        raise Refusal(
            "templat-lebih-baru",
            f"Buku kerja ini memakai templat versi {version}; program ini mengenal sampai versi "
            f"{layout.TEMPLATE_VERSION}.",
            "Perbarui iku_excel, lalu jalankan lagi.",
            sheet=found.sheet,
            cell=found.cell,
        )
    return version


def _require(data: WorkbookData, table: Table) -> None:
    found = data.tables.get(table.name)
    if found is None:
        raise Refusal(
            "tabel-hilang",
            f"Tabel {table.name} tidak ada (biasanya di lembar {table.sheet}).",
            f"Kembalikan tabelnya: pilih datanya beserta judul kolom, Sisipkan > Tabel, lalu beri nama {table.name}.",
            sheet=table.sheet,
        )
    for heading in table.headings:
        if not found.has(heading) and not _TARGET_YEAR.fullmatch(heading):
            raise Refusal(
                "judul-kolom-hilang",
                f"Kolom '{heading}' tidak ada di tabel {table.name}.",
                f"Kembalikan judul kolom itu menjadi persis '{heading}'.",
                sheet=found.sheet,
                cell=found.ref.partition(":")[0],
            )


def _named(data: WorkbookData, name: str) -> NamedCell:
    found = data.names.get(name)
    if found is None or found.broken:
        raise Refusal(
            "nama-hilang",
            f"Nama sel {name} tidak ada atau rusak.",
            f"Buat lagi lewat Rumus > Pengelola Nama: {name} menunjuk ke satu sel seperti di templat.",
        )
    return found


def _whole(cell: Cell, label: str, where: tuple[str, str], low: int, high: int, wanted: str) -> int:
    if type(cell) is float and cell.is_integer() and low <= cell <= high:
        return int(cell)
    raise Refusal(
        f"{label.casefold()}-tidak-sah",
        f"{label} berisi {_as_typed(cell)}, bukan {wanted}.",
        f"Isi sel itu dengan {wanted}.",
        sheet=where[0],
        cell=where[1],
    )


def _as_typed(cell: Cell) -> str:
    if cell is None:
        return "kosong"
    if type(cell) is float:
        return f"{cell:g}".replace(".", ",")
    return f"teks '{cell}'" if type(cell) is str else "nilai galat"
