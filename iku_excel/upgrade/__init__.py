"""A workbook of an older template brought to today's, without losing what people put into it (``perbarui``).

A workbook is built anew beside it; from that donor come the sheets that are new and the layout of the output sheets
that changed. Input sheets stay as they are, but for the cell that holds the version.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from pathlib import Path

from iku_excel.edits import Edit
from iku_excel.fill import Opened, fill, open_workbook
from iku_excel.findings import Refusal
from iku_excel.form import layout
from iku_excel.form.inputs import VERSION_NAME, quoted
from iku_excel.form.outputs import output_sheets
from iku_excel.form.settings import SETTINGS
from iku_excel.upgrade.check import Relaid, check_upgraded
from iku_excel.upgrade.layouts import change, usual_styles
from iku_excel.upgrade.newer import add_settings
from iku_excel.upgrade.pointers import pointers
from iku_excel.xlsx.apply import SharedStrings
from iku_excel.xlsx.draft import Draft
from iku_excel.xlsx.elements import Tree, inside
from iku_excel.xlsx.graft import define, defined, drop_calc_chain, graft_sheet, keep_styles, workbook_tree
from iku_excel.xlsx.grid import letters, place
from iku_excel.xlsx.package import Package, unescape
from iku_excel.xlsx.refresh import refresh_sheet
from iku_excel.xlsx.sheet import patch_sheet
from iku_excel.xlsx.sheetrows import read_rows
from iku_excel.xlsx.stylegraft import StyleGraft


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What upgrading came to. ``data`` is the workbook in today's layout, its figures not yet filled in; the bytes
    given when it was of today's version. ``told``: what was added, moved and kept, a line each, in Indonesian.
    ``changed`` says whether anything was; ``touched`` and ``relaid`` are what ``check_upgraded`` wants to know."""

    data: bytes
    told: tuple[str, ...]
    changed: bool = True
    touched: frozenset[str] = frozenset()
    relaid: dict[str, Relaid] = field(default_factory=dict)


def upgrade(content: bytes) -> Upgraded:
    """Bring a workbook given as bytes to today's template. ``Refusal`` when it is none of ours or not whole, and
    where something of the staff's stands in the way that can't be moved."""
    opened = open_workbook(content)
    version = opened.inputs.version
    if version == layout.TEMPLATE_VERSION:
        return Upgraded(content, (f"Sudah memakai templat terbaru (versi {version}); tidak ada yang diubah.",), False)
    return _Upgrade(opened).run()


def upgrade_file(path: Path, moment: datetime.datetime, *, dry_run: bool = False) -> Upgraded:
    """Upgrade and fill the workbook at ``path`` through the one saving protocol; ``dry_run`` leaves it alone."""
    from iku_excel.xlsx.replace import locked, read_for_update, replace

    try:
        if dry_run:
            upgraded = upgrade(read_for_update(path).data)
            if upgraded.changed:
                fill(upgraded.data, moment)
            return upgraded
        with locked(path):
            source = read_for_update(path)
            upgraded = upgrade(source.data)
            if upgraded.changed:
                before = Package.open(source.data)
                filled = fill(upgraded.data, moment)

                def verify(data: bytes) -> None:
                    touched = upgraded.touched
                    check_upgraded(before, upgraded.data, touched, upgraded.relaid)
                    if data != upgraded.data:
                        filled.verifier()(data)

                replace(source, filled.data or upgraded.data, verify)
            return upgraded
    except Refusal as refusal:
        raise refusal.at(str(path)) from refusal.__cause__


class _Upgrade:
    def __init__(self, opened: Opened) -> None:
        self.opened, inputs = opened, opened.inputs
        self.old = {m.sheet: m for m in output_sheets(inputs.rules, inputs.places, inputs.version)}
        self.new = {m.sheet: m for m in output_sheets(inputs.rules, inputs.places)}
        self.draft = Draft(opened.package)
        self.donor = Package.open(_donor(opened))
        self.styles = StyleGraft.between(opened.package, self.donor)
        self.told = [f"Templat versi {inputs.version} menjadi versi {layout.TEMPLATE_VERSION}."]
        self.relaid: dict[str, Relaid] = {}

    def run(self) -> Upgraded:
        """New sheets, new layouts, names, the version; then the bytes."""
        for name in [name for name in self.new if name not in self.old]:
            self._add(name)
        for name, page in self.new.items():
            if name in self.old and self.old[name] != page:
                self._relay(name)
        self._define()
        self._mark_version()
        known = {name.casefold() for name in self.opened.package.defined_names}
        if newer := [name for name in SETTINGS if name.casefold() not in known]:
            sheet = self.opened.inputs.setting_cells[VERSION_NAME][0]
            self.told += add_settings(self.draft, self.styles, self.donor, sheet, newer)
        keep_styles(self.draft, self.styles)
        package, parts = self.opened.package, self.draft.parts
        data = package.with_parts(parts)
        check_upgraded(package, data, parts, self.relaid)
        return Upgraded(data, tuple(self.told), True, frozenset(parts), self.relaid)

    def _add(self, name: str) -> None:
        order = [sheet.name for sheet in self.donor.sheets]
        present = {sheet.casefold() for sheet in self._tabs()}
        before = [other for other in order[: order.index(name)] if other.casefold() in present]
        after = before[-1] if before else None
        graft_sheet(self.draft, self.styles, self.donor, name, after)
        self.told.append(f"Lembar {name} ditambahkan" + (f" sesudah lembar {after}." if after else "."))

    def _relay(self, name: str) -> None:
        old, new = self.old[name], self.new[name]
        styles = {sheet: _cell_styles(self.opened.package, sheet) for sheet in self.old}
        usual = usual_styles((page, styles[sheet]) for sheet, page in self.old.items())
        how = change(old, new, self.opened.data.outputs[name], styles[name], usual)
        result = refresh_sheet(self.draft, self.styles, self.donor, name, how)
        drop_calc_chain(self.draft)
        self.relaid[name] = Relaid(how, result.moves)
        self.told.append(f"Lembar {name} memakai tata letak baru; catatan, bagan, dan gambar Anda tetap di sana.")
        self.told += [
            f"Isi sel {name}!{move.old} dipindahkan ke {name}!{move.new}: tempatnya dipakai templat baru."
            for move in result.moves
        ]
        self.told += [f"Sel gabungan {name}!{ref} dipisahkan: tempatnya dipakai templat baru." for ref in result.split]
        self.told += [
            f"'{thing}' di lembar {name} menutupi tata letak baru; geser di Excel." for thing in result.covering
        ]
        self.told += pointers(self.opened.package, old, new, frozenset(self.old))

    def _define(self) -> None:
        """Names of figures follow them; print areas and titles follow the layout."""
        part = self.opened.package.workbook_part
        book = workbook_tree(self.draft)
        known = defined(book)
        for name, page in self.new.items():
            for figure, cell in page.names.items():
                if name in self.relaid or figure.casefold() not in known:
                    define(book, figure, f"{quoted(name)}!{_absolute(cell)}")
            if name in self.relaid:
                self._print(book, name)
        self.draft.put(part, book.xml)

    def _print(self, book: Tree, name: str) -> None:
        """The print area and titles of the donor's sheet, where the layouts differ in them."""
        old, new = self.old[name], self.new[name]
        here = [tab.casefold() for tab in self._tabs()].index(name.casefold())
        there = [sheet.name for sheet in self.donor.sheets].index(name)
        if (old.print_area, old.header_row) == (new.print_area, new.header_row):
            return
        listed = workbook_tree(Draft(self.donor)).first("definedNames")
        for child in inside(listed).children if listed is not None else ():
            of = child.attributes
            if of.get("localSheetId") == str(there) and of["name"].startswith("_xlnm.Print_"):
                define(book, of["name"], child.text, sheet=here)

    def _mark_version(self) -> None:
        sheet, cell = self.opened.inputs.setting_cells[VERSION_NAME]
        package = self.opened.package
        part = package.sheet(sheet).part
        result = patch_sheet(
            self.draft.read(part),
            [Edit(sheet, cell, layout.TEMPLATE_VERSION)],
            shared=SharedStrings(package),
            tables=package.tables(sheet),
        )
        self.draft.put(part, result.xml)

    def _tabs(self) -> list[str]:
        """The names of the sheets as they stand in the draft."""
        listed = workbook_tree(self.draft).first("sheets")
        return [unescape(child.attributes["name"]) for child in inside(listed).all("sheet")] if listed else []


def _donor(opened: Opened) -> bytes:
    from iku_excel.form.template import Content, build

    inputs = opened.inputs
    settings = {"Perangkat_Daerah": inputs.settings["Perangkat_Daerah"]}
    return build(inputs.period.year, Content(settings=settings))


def _cell_styles(package: Package, sheet: str) -> dict[str, str | None]:
    part = package.sheet(sheet).part
    try:
        data = Tree.of(package.read(part), part).first("sheetData")
    except ValueError:
        return {}
    rows = read_rows(data, sheet) if data is not None else {}
    return {f"{letters(c)}{n}": cell.style for n, row in rows.items() for c, cell in row.cells.items()}


def _absolute(cell: str) -> str:
    row, column = place(cell)
    return f"${letters(column)}${row}"


__all__ = ["Upgraded", "upgrade", "upgrade_file"]
