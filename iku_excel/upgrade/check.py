"""Read an upgraded workbook back before it takes the place of the old one: nothing of the staff's may be missing.

By another way than the writer's: parts by their stored bytes, cells through the XML parser.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from iku_excel.findings import Refusal
from iku_excel.xlsx.grid import Place, place
from iku_excel.xlsx.merge import Change, Move
from iku_excel.xlsx.package import Package, children

_Content = tuple[bool, str | None, str | None, str]
"""Whether a cell has a formula, its type, its value and its inline text."""


@dataclass(frozen=True, slots=True)
class Relaid:
    """A sheet that got a new layout: how it changed, and what moved."""

    change: Change
    moves: tuple[Move, ...]


def check_upgraded(before: Package, data: bytes, touched: Collection[str], relaid: Mapping[str, Relaid]) -> None:
    """Raise ``Refusal`` "gagal-diperiksa" unless every part but those ``touched`` is as it was, every XML part of the
    new file can be read, the sheets stand in their order, and the staff's cells are on the ``relaid`` sheets."""
    after = Package.open(data)
    for name in before.names:
        if name not in touched and not after.archive.same(name, before.archive):
            raise failed(f"bagian '{name}' berubah")
    for name in after.names:
        if not after.archive.same(name, before.archive) and name.endswith((".xml", ".rels", ".vml")):
            after.xml(name)
    names = [sheet.name for sheet in before.sheets]
    if [sheet.name for sheet in after.sheets if sheet.name in names] != names:
        raise failed("daftar lembarnya berubah")
    for sheet, one in relaid.items():
        old, new = _cells(before, sheet), _cells(after, sheet)
        moved = {place(move.old): place(move.new) for move in one.moves}
        for at, content in old.items():
            if at not in one.change.owned and new.get(moved.get(at, at)) != content:
                raise failed(f"isian Anda di lembar {sheet} baris {at[0]} kolom {at[1]} tidak ditemukan lagi")


def _cells(package: Package, sheet: str) -> dict[Place, _Content]:
    """The filled cells of a sheet."""
    found = {}
    for cell in children(package.xml(package.sheet(sheet).part), "sheetData", "row", "c"):
        formula, value = (next(children(cell, name), None) for name in ("f", "v"))
        text = "".join(part.text or "" for part in cell.iter() if part.tag.endswith("}t"))
        if formula is not None or text or (value is not None and value.text):
            known = None if value is None else value.text
            found[place(cell.get("r", "A1"))] = (formula is not None, cell.get("t"), known, text)
    return found


def failed(what: str) -> Refusal:
    """The result of an upgrade that must not be saved."""
    return Refusal(
        "gagal-diperiksa",
        f"Hasil pembaruan tidak lolos pemeriksaan: {what}. Berkas asli tidak diubah.",
        "Ulangi; bila terjadi lagi, simpan berkas sebagai .xlsx di Excel dan laporkan kepada pengelola.",
    )
