"""``isi-massal``: one workbook for each perangkat daerah, out of one master file.

The master's sheet "Perangkat Daerah" has a row for each unit: its name, year, quarter, a file name, and any setting by
name or label. Sheets named as tables ("tblTarget") hold rows for them, the unit in the first column. What goes wrong
with one unit stops none of the others; nothing that exists is overwritten.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from iku_excel.create import make_folder, refuse_existing, write_new
from iku_excel.edits import Edit, Value
from iku_excel.fill import Filled, fill, open_workbook
from iku_excel.findings import Refusal
from iku_excel.form.fields import Field, Kind
from iku_excel.form.indonesian import squeezed
from iku_excel.form.inputs import VERSION_NAME
from iku_excel.form.settings import SETTINGS, TABLES
from iku_excel.form.tidy import DATE_FORMAT
from iku_excel.imports.checking import Problem, Rules, checked
from iku_excel.imports.mapping import plain
from iku_excel.imports.matching import key_of, unfit
from iku_excel.imports.prepare import Request, Target, prepare, put_plan
from iku_excel.imports.sheet_file import read_sheet
from iku_excel.imports.source import Data, Options
from iku_excel.xlsx.apply import apply_edits
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.replace import read_bytes
from iku_excel.xlsx.verify import verify_edits

UNITS = "Perangkat Daerah"
"""The master's main sheet, and in every sheet the heading of the unit's name."""
FILE = "Berkas"

_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_LONGEST = 120
_SETTINGS = {plain(spelled): s for s in SETTINGS.values() if s.name != VERSION_NAME for spelled in (s.label, s.name)}


@dataclass(frozen=True, slots=True)
class Unit:
    """One row of the main sheet: the unit, its year, the name of its workbook, its settings, its rows by table."""

    name: str
    year: int
    file: str
    settings: Mapping[str, Value]
    tables: Mapping[str, Data] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Made:
    """What became of one unit: its workbook, filled, or why there is none."""

    unit: str
    path: Path
    result: Filled | Refusal


class Master:
    """A master file as read. ``units`` are its rows, ``skipped`` headings of the main sheet that mean nothing.

    ``Refusal`` "lembar-data-tidak-ada", "data-tidak-sah", "kunci-kosong", "perangkat-daerah-ganda",
    "nama-berkas-ganda", "tahun-belum-disebut", "tabel-tidak-dikenal", "perangkat-daerah-tidak-dikenal".
    """

    def __init__(self, path: Path, *, year: int | None = None, ending: str = ".xlsx") -> None:
        self._path, self._year, self._ending = path, year, ending
        self.skipped: tuple[str, ...] = ()
        try:
            self.units = self._with_rows(self._units())
        except Refusal as refusal:
            raise refusal.at(str(path)) from refusal.__cause__

    def _units(self) -> list[Unit]:
        known = {*_SETTINGS, plain(FILE)}
        data = read_sheet(self._path, Options(sheet=UNITS), lambda cells: len(known & set(map(plain, cells))), "")
        columns, problems = self._columns(data)
        if problems:
            raise unfit(problems, {}, len(data.headings))
        names = columns.pop("Perangkat_Daerah", [None] * len(data.numbers))
        files = columns.pop(FILE, [None] * len(data.numbers))
        years = columns.pop("Tahun", [None] * len(data.numbers))
        units = []
        for row, number in enumerate(data.numbers):
            settings = {name: column[row] for name, column in columns.items() if column[row] is not None}
            name, year = squeezed(str(names[row] or "")), years[row] or self._year
            if not name:
                raise Refusal(
                    "kunci-kosong",
                    f"Baris {number} di lembar {UNITS} tidak punya nama perangkat daerah.",
                    "Lengkapi namanya, atau hapus baris itu.",
                )
            if year is None:
                raise Refusal(
                    "tahun-belum-disebut",
                    f"Baris {number} di lembar {UNITS} tidak punya Tahun.",
                    "Isi kolom Tahun, atau tambahkan --tahun.",
                )
            file = safe_name(str(files[row] or f"{name} {int(float(year))}"), self._ending)
            units.append(Unit(name, int(float(year)), file, settings))
        self._require_single(units)
        return units

    def _columns(self, data: Data) -> tuple[dict[str, list[Value]], list[Problem]]:
        """The main sheet's columns by the setting that they mean, checked."""
        columns: dict[str, list[Value]] = {}
        problems: list[Problem] = []
        skipped = []
        for place, heading in enumerate(data.headings):
            setting = _SETTINGS.get(plain(heading))
            name = FILE if plain(heading) == plain(FILE) else setting.name if setting else None
            if name is None:
                skipped += [heading] if heading else []
                continue
            if name in columns:
                raise Refusal(
                    "judul-data-ganda",
                    f"Dua kolom di lembar {UNITS} berarti '{name}'.",
                    "Sisakan satu kolom saja.",
                )
            of = Field(heading)
            if setting is not None:
                of = Field(heading, setting.kind, setting.choices, minimum=setting.minimum, maximum=setting.maximum)
            cells = data.column(place, text=of.kind in (Kind.TEXT, Kind.CODE))
            columns[name], wrong = checked(of, cells, data.numbers, Rules({}), private=False)
            problems += wrong
        self.skipped = tuple(skipped)
        return columns, problems

    def _require_single(self, units: Sequence[Unit]) -> None:
        names: set[str] = set()
        files: set[str] = set()
        for unit in units:
            if unit.name.casefold() in names:
                raise _twice("perangkat-daerah-ganda", f"Perangkat daerah '{unit.name}'")
            if unit.file.casefold() in files:
                raise _twice("nama-berkas-ganda", f"Nama berkas '{unit.file}'")
            names.add(unit.name.casefold())
            files.add(unit.file.casefold())

    def _with_rows(self, units: list[Unit]) -> list[Unit]:
        """The units with their rows of the sheets that are named as tables."""
        package = Package.open(read_bytes(self._path))
        tables: dict[str, dict[str, Data]] = {unit.name.casefold(): {} for unit in units}
        for sheet in package.sheets:
            if not sheet.name.casefold().startswith("tbl"):
                continue
            table = next((t for t in TABLES.values() if t.name.casefold() == sheet.name.casefold()), None)
            if table is None:
                raise Refusal(
                    "tabel-tidak-dikenal",
                    f"Lembar {sheet.name} bernama seperti tabel, tetapi tabel itu tidak dikenal.",
                    f"Pilih salah satu: {', '.join(TABLES)}.",
                    sheet=sheet.name,
                )
            for name, data in self._rows(sheet.name, frozenset(map(plain, table.headings)), tables.keys()).items():
                tables[name][table.name] = data
        return [replace(unit, tables=tables[unit.name.casefold()]) for unit in units]

    def _rows(self, sheet: str, headings: frozenset[str], units: Collection[str]) -> dict[str, Data]:
        """One sheet's rows by unit."""
        data = read_sheet(self._path, Options(sheet=sheet), lambda cells: len(headings & set(map(plain, cells))), "")
        place = next((at for at, heading in enumerate(data.headings) if plain(heading) == plain(UNITS)), None)
        if place is None:
            raise Refusal(
                "kunci-tidak-ada",
                f"Lembar {sheet} tidak punya kolom {UNITS}.",
                f"Tambahkan kolom {UNITS} sebagai kolom pertama.",
                sheet=sheet,
            )
        rows: dict[str, list[int]] = {}
        unknown = []
        for row, cell in enumerate(data.columns[place]):
            name = squeezed(cell).casefold() if isinstance(cell, str) else ""
            if name in units:
                rows.setdefault(name, []).append(row)
            else:
                unknown.append(data.numbers[row])
        if unknown:
            shown = ", ".join(map(str, unknown[:10])) + (" …" if len(unknown) > 10 else "")
            raise Refusal(
                "perangkat-daerah-tidak-dikenal",
                f"{len(unknown)} baris di lembar {sheet} menyebut perangkat daerah yang tidak ada di lembar {UNITS}.",
                f"Samakan namanya di baris {shown}.",
                sheet=sheet,
            )
        shorter = tuple("" if at == place else heading for at, heading in enumerate(data.headings))
        return {name: _part(replace(data, headings=shorter), of) for name, of in rows.items()}


def _twice(code: str, what: str) -> Refusal:
    return Refusal(
        code,
        f"{what} muncul lebih dari satu kali di lembar {UNITS}.",
        f"Hapus baris gandanya, atau bedakan namanya (kolom {UNITS} atau {FILE}).",
    )


def _part(data: Data, rows: Sequence[int]) -> Data:
    """Some rows of the data."""
    columns = [[column[row] for row in rows] for column in data.columns]
    return replace(data, columns=columns, numbers=[data.numbers[row] for row in rows])


def ready(folder: Path, moment: datetime.datetime, source: str, template: Path | None) -> Maker:
    """A maker for this folder, itself made if need be. ``Refusal`` "bukan-folder", and for a template that is none of
    ours."""
    form = None
    if template is not None:
        form = read_bytes(template)
        try:
            open_workbook(form)
        except Refusal as refusal:
            raise refusal.at(str(template)) from refusal.__cause__
    make_folder(folder)
    return Maker(folder, moment, source, form)


def safe_name(wanted: str, ending: str) -> str:
    """A file name that every system takes; the ending is added where it is missing."""
    name = unicodedata.normalize("NFC", squeezed(wanted))
    if name.casefold().endswith((".xlsx", ".xlsm")):
        name = name[:-5]
    name = _UNSAFE.sub("-", name)[:_LONGEST].strip(" .-~") or "buku kerja"
    return f"{'_' if _RESERVED.match(name) else ''}{name}{ending}"


@dataclass(frozen=True)  # no slots: the bases are kept
class Maker:
    """Makes the workbooks of a master. ``template``: the bytes of a workbook to copy, instead of a new one."""

    folder: Path
    moment: datetime.datetime
    source: str
    template: bytes | None = None

    @cached_property
    def _bases(self) -> dict[tuple[int, str], bytes]:
        return {}

    def make(self, units: Sequence[Unit]) -> Iterator[Made]:
        """One workbook after another; a unit's ``Refusal`` stops no other."""
        for unit in units:
            path = self.folder / unit.file
            yield Made(unit.name, path, self._attempt(unit, path))

    def _attempt(self, unit: Unit, path: Path) -> Filled | Refusal:
        from iku_excel.batch import attempt

        def work() -> Filled:
            refuse_existing(path)
            filled, data = self._made(unit)
            write_new(path, data)
            return filled

        return attempt(str(path), work)

    def _base(self, unit: Unit) -> bytes:
        """What the unit's workbook begins as; built once for all units of a year."""
        if self.template is not None:
            return self.template
        from iku_excel.form.template import build
        from iku_excel.form.template.content import Content
        from iku_excel.rules.loader import rules_for

        # the source document's agency has duties and functions of its own in the rules
        agency = unit.name if unit.name == rules_for(unit.year).agency else UNITS
        if (unit.year, agency) not in self._bases:
            self._bases[unit.year, agency] = build(unit.year, Content({"Perangkat_Daerah": agency}))
        return self._bases[unit.year, agency]

    def _made(self, unit: Unit) -> tuple[Filled, bytes]:
        opened = open_workbook(self._base(unit))
        year = opened.inputs.period.year
        if year != unit.year:
            raise Refusal(
                "templat-tahun-lain",
                f"Templatnya untuk tahun {year}, sedangkan {unit.name} untuk tahun {unit.year}.",
                "Buat templat tahun itu dahulu: `iku-excel baru BUKU --dari TEMPLAT`.",
            )
        edits = []
        for name, value in {"Perangkat_Daerah": unit.name, **unit.settings}.items():
            form = DATE_FORMAT if SETTINGS[name].kind is Kind.DATE else None
            edits.append(Edit(*opened.inputs.setting_cells[name], value, number_format=form))
        applied = apply_edits(opened.package, edits, known_formulas=opened.data.formulas)
        content = applied.data or opened.package.data
        verify_edits(opened.package, edits)(content)
        for name, data in unit.tables.items():
            target = Target.of(content, name)
            request = Request(name, mode="ganti" if key_of(target.table) else "tambah")
            try:
                content = put_plan(target.package, target.table, prepare(target, data, request).plan).package.data
            except Refusal as refusal:
                refusal.sheet = refusal.sheet or name
                raise
        filled = fill(content, self.moment, f"Dibuat dari {self.source} (isi-massal)")
        made = filled.data or content
        filled.verifier()(made)
        return filled, made
