"""``simulasi``: a workbook read and simulated, and the result put on a sheet where that is wanted.

The sheet goes into the workbook itself (added, or renewed in its place) or into a new file of its own. Everything
else in the workbook stays as it was, to the byte.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path

from iku_excel.fill import open_workbook
from iku_excel.findings import Refusal
from iku_excel.form.layout import RINGKASAN
from iku_excel.form.simulation import Simulation, simulate
from iku_excel.form.simulation_words import TITLE
from iku_excel.xlsx.package import Package, SheetPart
from iku_excel.xlsx.reader import read_workbook

SHEET = "Simulasi"
_KEPT_BY_EXCEL = "printerSettings"
"""The one kind of part that Excel itself gives a sheet when it saves it."""

_KEPT = re.compile(rb'\s(?:codeName|tabSelected)="[^"]*"')


def simulate_file(path: Path, asked: Mapping[str, Decimal]) -> Simulation:
    """The simulation of the workbook at ``path``; writes nothing. ``asked``: target by Kode IKU, else its own."""
    from iku_excel.xlsx.replace import read_bytes

    try:
        return _simulated(read_bytes(path), asked)[0]
    except Refusal as refusal:
        raise refusal.at(str(path)) from refusal.__cause__


def simulate_into(path: Path, asked: Mapping[str, Decimal], moment: datetime.datetime) -> Simulation:
    """The same, with the sheet put into the workbook through the one saving protocol.

    ``Refusal`` "lembar-bukan-milik-simulasi" for a sheet of that name that somebody else made.
    """
    from iku_excel.xlsx.replace import locked, read_for_update, replace

    try:
        with locked(path):
            source = read_for_update(path)
            simulation, package = _simulated(source.data, asked)
            donor = _donor(simulation, moment, inside=True)
            parts = with_sheet(package, donor)
            replace(source, package.with_parts(parts), _verify(package, donor, parts))
            return simulation
    except Refusal as refusal:
        raise refusal.at(str(path)) from refusal.__cause__


def simulate_to(path: Path, new: Path, asked: Mapping[str, Decimal], moment: datetime.datetime) -> Simulation:
    """The same, with the sheet alone in a new workbook; never overwrites."""
    from iku_excel.create import refuse_existing, write_new

    refuse_existing(new)
    simulation = simulate_file(path, asked)
    try:
        write_new(new, _donor(simulation, moment, inside=False).data)
    except Refusal as refusal:
        raise refusal.at(str(new)) from refusal.__cause__
    return simulation


def with_sheet(package: Package, donor: Package) -> dict[str, bytes | None]:
    """The parts that change when the workbook gets the donor's sheet: added after Ringkasan, or renewed."""
    from iku_excel.xlsx.graft import add_sheet

    old = next((sheet for sheet in package.sheets if sheet.name.casefold() == SHEET.casefold()), None)
    if old is None:
        return add_sheet(package, donor, SHEET, after=RINGKASAN)
    _require_ours(package, old)
    return _renewed(package, donor, old)


def _simulated(content: bytes, asked: Mapping[str, Decimal]) -> tuple[Simulation, Package]:
    opened = open_workbook(content)
    return simulate(opened.inputs, opened.result, asked), opened.package


def _donor(simulation: Simulation, moment: datetime.datetime, *, inside: bool) -> Package:
    from iku_excel.form.template.simulation_page import build_simulation

    return Package.open(build_simulation(simulation, moment, inside=inside))


def _require_ours(package: Package, sheet: SheetPart) -> None:
    """Only a sheet that we made, and to which nobody added anything but cells, is written anew."""
    cells = read_workbook(package, (), (), (sheet.name,)).outputs.get(sheet.name)
    if cells is None or cells.cell("A1") != TITLE:
        raise Refusal(
            "lembar-bukan-milik-simulasi",
            f"Lembar {sheet.name} di buku kerja ini bukan buatan perintah simulasi, jadi tidak ditimpa.",
            "Ganti nama lembar itu lalu ulangi, atau simpan hasilnya ke berkas lain dengan --ke.",
            sheet=sheet.name,
            cell="A1",
        )
    if any(rel.kind != _KEPT_BY_EXCEL for rel in package.rels(sheet.part).values()):
        raise Refusal(
            "lembar-simulasi-ditambahi",
            f"Lembar {sheet.name} memuat bagan, gambar, komentar, tautan, atau tabel yang ditambahkan orang.",
            "Pindahkan tambahan itu atau ganti nama lembarnya, lalu ulangi.",
            sheet=sheet.name,
        )


def _renewed(package: Package, donor: Package, old: SheetPart) -> dict[str, bytes | None]:
    """The sheet's part written anew in its place: its tab, its name and its place in a macro project stay."""
    from iku_excel.xlsx.apply import recalculating
    from iku_excel.xlsx.draft import Draft
    from iku_excel.xlsx.graft import keep_styles
    from iku_excel.xlsx.stylegraft import StyleGraft
    from iku_excel.xlsx.transplant import restyled

    draft = Draft(package)
    styles = StyleGraft.between(package, donor)
    xml = restyled(donor.read(donor.sheet(SHEET).part), styles, donor)
    draft.put(old.part, _with_marks_of(package.read(old.part), xml))
    keep_styles(draft, styles)
    if _pointed_at(package, old) and (book := recalculating(draft.read(package.workbook_part))) is not None:
        draft.put(package.workbook_part, book)
    return draft.parts


def _with_marks_of(old: bytes, new: bytes) -> bytes:
    """The new sheet with the code name of the old one and, if it had that, the mark of the selected tab."""
    head = old[: old.find(b"<sheetData")]
    for tag in (b"sheetPr", b"sheetView"):
        found = re.search(rb"<(?:[\w.-]+:)?%b(?=[\s/>])([^>]*)" % tag, head)
        kept = b"".join(_KEPT.findall(found[1])) if found else b""
        if (fresh := re.search(rb"<%b(?=[\s/>])([^>]*?)(/?>)" % tag, new)) is not None:
            marked = b"<" + tag + kept + _KEPT.sub(b"", fresh[1]) + fresh[2]
            new = new[: fresh.start()] + marked + new[fresh.end() :]
    return new


def _pointed_at(package: Package, sheet: SheetPart) -> bool:
    """Whether a formula anywhere may read the sheet: its stored value is then out of date."""
    others = [one.part for one in package.sheets if one.part and one.part != sheet.part]
    mention = re.compile(rb"\b%b'?!" % re.escape(SHEET.encode()), re.IGNORECASE)
    return any(mention.search(package.read(part)) for part in (*others, package.workbook_part))


def _verify(before: Package, donor: Package, parts: Mapping[str, bytes | None]) -> Callable[[bytes], None]:
    """A check for the new file bytes: the sheet holds the donor's cells, everything else is as it was."""

    def check(data: bytes) -> None:
        after = Package.open(data)
        known = {*before.names, *parts}
        if set(after.names) != known:
            raise _failed("ada bagian berkas yang hilang atau bertambah")
        for name in before.names:
            if name not in parts and not after.archive.same(name, before.archive):
                raise _failed(f"bagian '{name}' berubah")
        old = [sheet.name for sheet in before.sheets if sheet.name.casefold() != SHEET.casefold()]
        if [sheet.name for sheet in after.sheets if sheet.name.casefold() != SHEET.casefold()] != old:
            raise _failed("daftar lembarnya berubah")
        wanted, found = (read_workbook(one, (), (), (SHEET,)).outputs.get(SHEET) for one in (donor, after))
        if wanted is None or found is None or wanted.cells != found.cells:
            raise _failed(f"lembar {SHEET} tidak berisi yang ditulis")

    return check


def _failed(what: str) -> Refusal:
    return Refusal(
        "gagal-diperiksa",
        f"Hasil penyimpanan tidak lolos pemeriksaan: {what}. Berkas asli tidak diubah.",
        "Ulangi; bila terjadi lagi, simpan hasilnya ke berkas lain dengan --ke dan laporkan kepada pengelola.",
    )
