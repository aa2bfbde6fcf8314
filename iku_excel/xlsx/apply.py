"""Apply a plan to a closed workbook: patch its sheets and keep the few parts that must agree with them.

Beside the sheets of the edits only these may change: the parts of charts that the caller gives, the styles (when an
edit asks for a number format), calcChain with its content type and relationship (dropped when a formula cell comes or
goes: Excel builds it anew), and ``fullCalcOnLoad`` in the workbook part (when formulas that aren't ours may depend on
our cells).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from types import MappingProxyType

from iku_excel.edits import Edit
from iku_excel.findings import Refusal
from iku_excel.xlsx.cellxml import ATTRIBUTE, ATTRIBUTES, CellParser, attributes
from iku_excel.xlsx.package import Package, SheetPart, refuse_dtd
from iku_excel.xlsx.sheet import PatchResult, patch_sheet
from iku_excel.xlsx.styles import StyleBook

CONTENT_TYPES = "[Content_Types].xml"
_FORMULA = re.compile(rb"<f[\s/>]|<[\w.-]+:f[\s/>]")
_BEFORE_CALC = (b"definedNames", b"externalReferences", b"functionGroups", b"sheets")
"""What may stand right before ``<calcPr>`` in a workbook part, nearest first."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying came to. ``data`` is the new file, None when every cell held its value already.

    ``changed_cells`` and ``repaired`` are (sheet, cell); repaired are those whose formula was missing or
    another one. ``changed_parts`` names every part that differs, a dropped one too. ``beside`` are the edits that
    were made along with the others, if they could be.
    """

    data: bytes | None
    changed_parts: tuple[str, ...]
    changed_cells: tuple[tuple[str, str], ...]
    repaired: tuple[tuple[str, str], ...]
    beside: tuple[Edit, ...] = ()


class SharedStrings:
    """The shared strings of a workbook by index. Parsed only as far as somebody asks."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._items: Iterator[re.Match[bytes]] | None = None
        self._found: list[bytes] = []
        self._parser = CellParser(b"")

    def __call__(self, index: int) -> str:
        """The text of one shared string, rich text joined; ``Refusal`` "berkas-rusak" when there is none."""
        if self._items is None:
            self._items = self._open()
        while len(self._found) <= index:
            item = next(self._items, None)
            if item is None:
                raise Refusal(
                    "berkas-rusak",
                    "Berkas ini rusak: sebuah sel menunjuk teks yang tidak ada.",
                    "Buka berkas di Excel, simpan kembali sebagai .xlsx, atau pakai salinan cadangan.",
                )
            self._found.append(item[0])
        return self._parser.text(self._found[index])

    def _open(self) -> Iterator[re.Match[bytes]]:
        part = self._package.shared_strings_part
        if part is None:
            return iter(())
        xml = self._package.read(part)
        refuse_dtd(xml, part)
        root = re.search(rb"<((?:[\w.-]+:)?)sst(?=[\s/>])", xml)
        prefix = root[1] if root else b""
        self._parser = CellParser(prefix)
        p = re.escape(prefix)
        return re.finditer(rb"<%bsi(?:\s[^>]*)?(?:/>|>.*?</%bsi\s*>)" % (p, p), xml, re.DOTALL)


def group(package: Package, edits: Sequence[Edit]) -> dict[SheetPart, list[Edit]]:
    """The edits by sheet, in the order of the tabs; ``Refusal`` for a sheet that can't hold cells of ours."""
    found: dict[str, list[Edit]] = {}
    for name, of_sheet in groupby(edits, attrgetter("sheet")):  # a plan goes through sheet after sheet
        found.setdefault(name, []).extend(of_sheet)
    grouped: dict[SheetPart, list[Edit]] = {}
    for name, edits_there in found.items():
        sheet = package.sheet(name)
        if sheet.kind != "worksheet":
            raise Refusal(
                "lembar-bukan-tabel",
                f"Lembar {sheet.name} adalah lembar bagan atau makro, bukan lembar kerja.",
                "Ganti nama lembar itu, lalu kembalikan lembar kerja aslinya.",
                sheet=sheet.name,
            )
        grouped.setdefault(sheet, []).extend(edits_there)
    return dict(sorted(grouped.items(), key=lambda item: package.sheets.index(item[0])))


def apply_edits(
    package: Package,
    edits: Sequence[Edit],
    *,
    known_formulas: Mapping[str, bool] = MappingProxyType({}),
    charts: Mapping[str, bytes] = MappingProxyType({}),
    beside: Sequence[Edit] = (),
) -> Applied:
    """The workbook with the edits in it, and nothing else changed. Applying twice changes nothing more.

    ``charts`` are parts of charts whose kept values change with the edits (``charts.refresh_caches``).
    ``known_formulas`` says of sheets, by name, whether they hold a formula, for a caller that knows (the
    reader's scan does); the other sheets that are not edited are looked at here. ``beside``, edits of one sheet,
    are made only when something else changes, and left out where a cell can't be written; they are not among the
    changed cells.
    """
    package.require_writable()
    shared, styles = SharedStrings(package), _styles(package, edits)
    parts: dict[str, bytes | None] = {}
    results: list[tuple[SheetPart, PatchResult]] = []
    grouped = group(package, edits)
    for sheet, of_sheet in grouped.items():
        xml = package.read(sheet.part)
        tables = package.tables(sheet)
        result = patch_sheet(xml, of_sheet, shared=shared, styles=styles, tables=tables)
        if result.changed:
            parts[sheet.part] = result.xml
        results.append((sheet, result))
    if not parts:
        if not charts:
            return Applied(None, (), (), ())
        parts.update(charts)
        made = _beside(package, parts, beside, shared)
        return Applied(package.with_parts(parts), tuple(sorted(parts)), (), (), made)
    parts.update(charts)
    if styles is not None and styles.changed and package.styles_part is not None:
        parts[package.styles_part] = styles.xml
    elsewhere = any(result.others for _, result in results)
    if not elsewhere:
        rest = [sheet for sheet in package.sheets if sheet.kind == "worksheet" and sheet not in grouped]
        unknown = [sheet for sheet in rest if sheet.name not in known_formulas]
        elsewhere = any(known_formulas.get(sheet.name) for sheet in rest) or any_formula(package, unknown)
    if elsewhere:
        workbook = recalculating(package.read(package.workbook_part))
        if workbook is not None:
            parts[package.workbook_part] = workbook
    if any(result.moved for _, result in results):
        parts.update(without_calc_chain(package))
    made = _beside(package, parts, beside, shared)
    return Applied(
        package.with_parts(parts),
        tuple(sorted(parts)),
        tuple((sheet.name, cell) for sheet, result in results for cell in result.changed),
        tuple((sheet.name, cell) for sheet, result in results for cell in result.repaired),
        made,
    )


def _beside(
    package: Package, parts: dict[str, bytes | None], edits: Sequence[Edit], shared: SharedStrings
) -> tuple[Edit, ...]:
    """Make the edits that go along with the others; none where a cell can't be written (merged, say)."""
    if not edits:
        return ()
    sheet = package.sheet(edits[0].sheet)
    try:
        xml = parts.get(sheet.part) or package.read(sheet.part)
        result = patch_sheet(xml, edits, shared=shared, tables=package.tables(sheet))
    except Refusal:
        return ()
    if result.changed:
        parts[sheet.part] = result.xml
    return tuple(edits)


def _styles(package: Package, edits: Sequence[Edit]) -> StyleBook | None:
    if all(edit.number_format is None for edit in edits):
        return None
    if package.styles_part is None:
        raise StyleBook.strange()
    return StyleBook(package.read(package.styles_part))


def any_formula(package: Package, sheets: Sequence[SheetPart]) -> bool:
    """Whether one of these sheets holds a formula. calcChain lists them all, where Excel wrote one."""
    chain = package.related("calcChain")
    if chain is not None:
        wanted = {sheet.sheet_id.encode() for sheet in sheets}
        # An entry without "i" is on the sheet of the entry before it.
        of_sheets = re.findall(rb"<(?:[\w.-]+:)?c\s[^>]*?\bi\s*=\s*[\"'](\d+)", package.read(chain))
        return not wanted.isdisjoint(of_sheets)
    for sheet in sorted(sheets, key=lambda sheet: package.size(sheet.part)):  # most formulas stand on small sheets
        tail = b""
        for piece in package.pieces(sheet.part):
            if _FORMULA.search(tail + piece):
                return True
            tail = piece[-64:]
    return False


def recalculating(xml: bytes) -> bytes | None:
    """The workbook part with ``fullCalcOnLoad`` set, or None when it is set already."""
    root = re.search(rb"<((?:[\w.-]+:)?)workbook(?=[\s>])", xml)
    prefix = root[1] if root else b""
    p = re.escape(prefix)
    found = re.search(rb"<%bcalcPr(?=[\s/>])%b(/?)>" % (p, ATTRIBUTES), xml)
    if found is not None:
        value = attributes(found[1]).get(b"fullCalcOnLoad")
        if value in (b"1", b"true"):
            return None
        kept = b"".join(m[0] for m in ATTRIBUTE.finditer(found[1]) if m[1] != b"fullCalcOnLoad")
        made = b'<%bcalcPr%b fullCalcOnLoad="1"%b>' % (prefix, kept, found[2])
        return xml[: found.start()] + made + xml[found.end() :]
    for name in _BEFORE_CALC:
        ends = list(re.finditer(rb"</%b%b\s*>|<%b%b(?:\s[^>]*)?/>" % (p, name, p, name), xml))
        if ends:
            at = ends[-1].end()
            return xml[:at] + b'<%bcalcPr fullCalcOnLoad="1"/>' % prefix + xml[at:]
    return None


def without_calc_chain(package: Package) -> dict[str, bytes | None]:
    """The parts that change when calcChain goes: itself, its relationship, its content type."""
    chain = package.related("calcChain")
    if chain is None:
        return {}
    folder, base = posixpath.split(package.workbook_part)
    rels = posixpath.join(folder, "_rels", base + ".rels")
    types = package.read(CONTENT_TYPES)
    of_chain = re.escape(b"/" + chain.encode())
    return {
        chain: None,
        rels: _without(package.read(rels), rb"Relationship", rb"Type\s*=\s*[\"'][^\"']*/calcChain[\"']"),
        CONTENT_TYPES: _without(types, rb"Override", rb"(?i:PartName\s*=\s*[\"']%b[\"'])" % of_chain),
    }


def _without(xml: bytes, name: bytes, mark: bytes) -> bytes:
    """XML without the empty elements of that name whose start tag holds the mark."""
    pattern = rb"<((?:[\w.-]+:)?)%b(?=\s)%b(?:/>|>\s*</(?:[\w.-]+:)?%b\s*>)" % (name, ATTRIBUTES, name)
    return re.sub(pattern, lambda found: b"" if re.search(mark, found[0]) else found[0], xml)
