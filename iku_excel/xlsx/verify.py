"""Read back what was written, before it takes the place of the original (DESIGN §6).

By another way than the writer's (``readback``): every sheet of the edits through the XML parser and its cells read
anew, every other part by its stored bytes, which must be the same. What fails here never reaches the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from xml.parsers import expat

from iku_excel.capacity import number
from iku_excel.edits import Edit, Value
from iku_excel.findings import Refusal
from iku_excel.xlsx.apply import CONTENT_TYPES, SharedStrings, group
from iku_excel.xlsx.cellxml import CACHE_TOLERANCE, normal
from iku_excel.xlsx.chart_check import chart_problem
from iku_excel.xlsx.package import Package, SheetPart, unescape
from iku_excel.xlsx.readback import cells_of


def verify_edits(before: Package, edits: Sequence[Edit], charts: Collection[str] = ()) -> Callable[[bytes], None]:
    """A check for new file bytes: every edit is in them and every other part is as it was in ``before``.

    The parts ``charts`` may differ in the values they keep of cells, and must keep those of the edits.
    A sheet whose stored bytes are the same was not written, as it held its figures; it is not read again. The
    check raises ``Refusal`` "gagal-diperiksa"; the original file is then still in its place.
    """

    def check(data: bytes) -> None:
        after = Package.open(data)
        grouped = group(after, edits)
        _inventory(before, after, grouped, charts)
        for sheet, of_sheet in grouped.items():
            if not after.archive.same(sheet.part, before.archive):
                _cells(after, sheet, of_sheet)

    return check


def _failed(what: str, sheet: str | None = None, cell: str | None = None) -> Refusal:
    return Refusal(
        "gagal-diperiksa",
        f"Hasil penyimpanan tidak lolos pemeriksaan: {what}. Berkas asli tidak diubah.",
        "Ulangi; bila terjadi lagi, simpan berkas sebagai .xlsx di Excel dan laporkan kepada pengelola.",
        sheet=sheet,
        cell=cell,
    )


def _inventory(before: Package, after: Package, grouped: dict[SheetPart, list[Edit]], charts: Collection[str]) -> None:
    """Same parts, same order, same stored bytes, but for the few that a fill may touch."""
    chain, part = before.related("calcChain"), before.workbook_part
    sheets = {sheet.part for sheet in grouped}
    small = {part, before.styles_part}
    dropped = chain is not None and not after.has(chain)
    if dropped:
        folder, _, base = part.rpartition("/")
        small |= {CONTENT_TYPES, f"{folder}/_rels/{base}.rels".lstrip("/")}
    if after.names != tuple(name for name in before.names if not (dropped and name == chain)):
        raise _failed("ada bagian berkas yang hilang atau bertambah")
    values = _values(grouped) if charts else {}
    for name in after.names:
        if name in sheets or after.archive.same(name, before.archive):
            continue
        if name in charts:
            if (problem := chart_problem(before, after, name, values)) is not None:
                raise _failed(f"bagan '{name}' {problem}")
            continue
        if name not in small:
            raise _failed(f"bagian '{name}' berubah")
        after.xml(name)
    if [(s.name, s.part) for s in after.sheets] != [(s.name, s.part) for s in before.sheets]:
        raise _failed("daftar lembarnya berubah")


def _values(grouped: dict[SheetPart, list[Edit]]) -> dict[tuple[str, str], Value]:
    values: dict[tuple[str, str], Value] = {}
    for sheet, edits in grouped.items():
        name = sheet.name.casefold()
        values.update(((name, edit.cell), edit.value) for edit in edits)
    return values


def _cells(package: Package, sheet: SheetPart, edits: Sequence[Edit]) -> None:
    wanted = {edit.cell: edit for edit in edits}
    shared = SharedStrings(package)
    try:
        found = cells_of(package, sheet.part, wanted)
    except (expat.ExpatError, ValueError, Refusal) as error:
        raise _failed("XML lembar rusak", sheet.name) from error
    for cell, edit in wanted.items():
        kind, formula, raw, inline = found.get(cell, ("n", None, None, None))
        if not _agrees(edit, kind, formula, raw, inline, shared):
            raise _failed(f"sel {cell} tidak berisi nilai yang ditulis", sheet.name, cell)


def _agrees(
    edit: Edit, kind: str, formula: str | None, raw: str | None, inline: str | None, shared: SharedStrings
) -> bool:
    if (formula is None) != (edit.formula is None):
        return False
    if formula != edit.formula and normal(formula or "") != normal(edit.formula or ""):
        return False
    if edit.value is None or edit.value == "":
        return not raw and not inline
    if isinstance(edit.value, str):
        text = inline if kind == "inlineStr" else shared(int(raw or 0)) if kind == "s" else raw
        return text is not None and (text if kind == "s" else unescape(text)) == edit.value
    if kind != "n" or not raw:
        return False
    wanted = number(edit.value, edit)
    allowed = CACHE_TOLERANCE * max(1.0, abs(wanted)) if formula is not None else 0.0
    return abs(float(raw) - wanted) <= allowed
