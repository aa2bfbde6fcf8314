"""Read back what was written, before it takes the place of the original (DESIGN §6).

By another way than the writer's: every sheet of the edits through the XML parser, its cells from what that
found, every other part by its stored bytes, which must be the same. What fails here never reaches the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from xml.parsers import expat

from iku_excel.capacity import number
from iku_excel.edits import Edit
from iku_excel.findings import Refusal
from iku_excel.xlsx.apply import CONTENT_TYPES, SharedStrings, group
from iku_excel.xlsx.cellxml import CACHE_TOLERANCE, normal
from iku_excel.xlsx.chart_check import chart_problem
from iku_excel.xlsx.grid import letters, place
from iku_excel.xlsx.package import Element, Package, SheetPart, local, unescape

_WHOLE = 1 << 20  # bytes of sheet XML up to which the whole tree is built: some 30 MB


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
    values = {(sheet.name.casefold(), e.cell): e.value for sheet, edits in grouped.items() for e in edits}
    chain, part = before.related("calcChain"), before.workbook_part
    sheets = {sheet.part for sheet in grouped}
    small = {part, before.styles_part}
    dropped = chain is not None and not after.has(chain)
    if dropped:
        folder, _, base = part.rpartition("/")
        small |= {CONTENT_TYPES, f"{folder}/_rels/{base}.rels".lstrip("/")}
    if after.names != tuple(name for name in before.names if not (dropped and name == chain)):
        raise _failed("ada bagian berkas yang hilang atau bertambah")
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


def _cells(package: Package, sheet: SheetPart, edits: Sequence[Edit]) -> None:
    wanted = {edit.cell: edit for edit in edits}
    shared = SharedStrings(package)
    try:
        if package.size(sheet.part) <= _WHOLE:
            found = _tree_cells(package.xml(sheet.part), wanted)
        else:
            found = dict(_Cells(frozenset(wanted)).read(package.chunks(sheet.part)))
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


_Content = tuple[str, str | None, str | None, str | None]
"""Kind, formula, value and inline text of a cell."""


def _tree_cells(root: Element, wanted: Collection[str]) -> dict[str, _Content]:
    """The wanted cells of a sheet from its tree: five times as fast as ``_Cells``, but the tree takes memory."""
    found: dict[str, _Content] = {}
    space = root.tag.removesuffix(local(root))
    a_row, a_cell, a_formula, a_value, an_inline = (space + name for name in ("row", "c", "f", "v", "is"))
    number = 0
    data = root.find(space + "sheetData")
    for row in () if data is None else data:
        if row.tag != a_row:
            continue
        number, before = int(row.get("r", number + 1)), ""
        for cell in row:
            if cell.tag != a_cell:
                continue
            address = cell.get("r") or f"{letters(place(before)[1] + 1 if before else 1)}{number}"
            before = address
            if address in wanted:
                inline = cell.find(an_inline)
                found[address] = (
                    cell.get("t", "n"),
                    cell.findtext(a_formula),
                    cell.findtext(a_value),
                    None if inline is None else _text(inline),
                )
    return found


def _text(inline: Element) -> str:
    """An inline text and its runs; phonetic guides are no part of it."""
    text = ""
    for part in inline:
        if local(part) == "t":
            text += part.text or ""
        elif local(part) == "r":
            text += "".join(run.text or "" for run in part if local(run) == "t")
    return text


_Found = tuple[str, _Content]


class _Cells:
    """An expat reading of a whole sheet that keeps the wanted cells: kind, formula, value, inline text."""

    def __init__(self, wanted: frozenset[str]) -> None:
        self._wanted = wanted
        self._rows = {place(cell)[0] for cell in wanted}
        self._row = self._column = 0
        self._cell: str | None = None
        self._kind = "n"
        self._texts: dict[str, list[str]] = {}
        self._into: list[str] | None = None
        self._phonetic = False
        self._done: list[_Found] = []

    def read(self, chunks: Iterator[bytes]) -> list[_Found]:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._row_start
        self._parser = parser
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
        return self._done

    # Rows without a wanted cell are parsed (so broken XML is seen) with one handler only: expat's own speed.
    def _row_start(self, name: str, attrs: dict[str, str]) -> None:
        if name.rpartition(":")[2] != "row":
            return
        self._row = int(attrs.get("r", self._row + 1))
        self._column = 0
        if self._row in self._rows:
            self._parser.StartElementHandler = self._start
            self._parser.EndElementHandler = self._end
            self._parser.CharacterDataHandler = self._text

    def _start(self, name: str, attrs: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            address = attrs.get("r")
            self._column = place(address)[1] if address else self._column + 1
            address = address or f"{letters(self._column)}{self._row}"
            self._cell = address if address in self._wanted else None
            self._kind, self._texts = attrs.get("t", "n"), {}
        elif name == "rPh":
            self._phonetic = True
        elif self._cell is not None and name in ("f", "v", "t") and not self._phonetic:
            self._into = self._texts.setdefault(name, [])

    def _text(self, text: str) -> None:
        if self._into is not None:
            self._into.append(text)

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        self._into = None
        if name == "rPh":
            self._phonetic = False
        elif name == "c" and self._cell is not None:
            formula, value, inline = (
                "".join(self._texts[key]) if key in self._texts else None for key in ("f", "v", "t")
            )
            self._done.append((self._cell, (self._kind, formula, value, inline)))
            self._cell = None
        elif name == "row":
            self._rows.discard(self._row)
            self._parser.StartElementHandler = self._row_start if self._rows else None
            self._parser.EndElementHandler = None
            self._parser.CharacterDataHandler = None
