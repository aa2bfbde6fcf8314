"""The rows of one sheet as bytes that can be put together anew: each cell as it was spelled, by row and column."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from iku_excel.xlsx.cellxml import ATTRIBUTES, CellParser, Stored, attributes
from iku_excel.xlsx.elements import Child, with_attribute
from iku_excel.xlsx.fences import strange
from iku_excel.xlsx.grid import Place, letters, plain_place

_ROW = re.compile(rb"<row(?=[\s/>])%b(?:/>|>(.*?)</row\s*>)" % ATTRIBUTES, re.DOTALL)
_CELL = re.compile(rb"<c(?=[\s/>])%b(?:/>|>((?:[^<]++|<(?!/c\s*>))*+)</c\s*>)" % ATTRIBUTES)
_PARSER = CellParser(b"")
_OPEN_TAG = re.compile(rb"<c(?=[\s/>])%b/?>" % ATTRIBUTES)


@dataclass(slots=True)
class Cell:
    """One cell as spelled. ``filled``: it has a value, a text or a formula."""

    xml: bytes
    stored: Stored

    @property
    def filled(self) -> bool:
        """Whether it holds something that people or a formula put there."""
        return self.stored.formula is not None or bool(self.stored.raw) or bool(self.stored.inline)

    @property
    def style(self) -> str | None:
        """Its style's number as spelled."""
        found = _OPEN_TAG.match(self.xml)
        raw = attributes(found[1]).get(b"s") if found else None
        return raw.decode() if raw is not None else None

    def styled(self, style: str | None) -> bytes:
        """The same content in another style."""
        found = _OPEN_TAG.match(self.xml)
        if found is None:
            return self.xml
        return with_attribute(found[0], "s", style) + self.xml[found.end() :]

    def at(self, place: Place) -> bytes:
        """The same cell at another address; a formula keeps its text, an array of one cell goes along."""
        address = f"{letters(place[1])}{place[0]}"
        found = _OPEN_TAG.match(self.xml)
        if found is None:
            return self.xml
        rest = self.xml[found.end() :]
        if self.stored.rule == "array":
            rest = re.sub(rb"(<f\s[^>]*\bref=)([\"'])[^\"']*", rb"\1\2" + address.encode(), rest, count=1)
        return with_attribute(found[0], "r", address) + rest


@dataclass(slots=True)
class Row:
    """One row: its attributes as spelled, without ``r`` and ``spans``, and its cells by column."""

    attributes: bytes
    cells: dict[int, Cell] = field(default_factory=dict)


def read_rows(data: Child, sheet: str) -> dict[int, Row]:
    """The rows of ``<sheetData>`` by number; ``Refusal`` for what Excel doesn't write."""
    rows: dict[int, Row] = {}
    number = 0
    for found in _ROW.finditer(data.xml):
        of = attributes(found[1])
        number = int(of[b"r"]) if b"r" in of else number + 1
        bare = with_attribute(with_attribute(b"<row%b>" % found[1], "r", None), "spans", None)
        row = rows[number] = Row(bare[4:-1].rstrip())
        column = 0
        for cell in _CELL.finditer(found[2] or b""):
            start = attributes(cell[1])
            xml = cell[0]
            if b"r" in start:
                try:
                    at = plain_place(start[b"r"].decode())
                except ValueError as error:
                    raise strange(sheet, f"memuat sel beralamat keliru di baris {number}") from error
                if at[0] != number or at[1] <= column:
                    raise strange(sheet, f"memuat sel yang tidak berurutan di baris {number}")
                column = at[1]
            else:
                column += 1
                xml = xml.replace(b"<c", b'<c r="%b%d"' % (letters(column).encode(), number), 1)
            stored = _PARSER.read(start, cell[2] or b"")
            if stored is None:
                raise strange(sheet, f"memuat sel yang tidak kami kenal di baris {number}")
            row.cells[column] = Cell(xml, stored)
    return rows


def made_cell(place: Place, content: bytes, kind: str | None = None, style: str | None = None) -> Cell:
    """A new cell with this content (``<v>`` or ``<is>``)."""
    tag = b'<c r="%b%d">' % (letters(place[1]).encode(), place[0])
    if style is not None:
        tag = with_attribute(tag, "s", style)
    if kind is not None:
        tag = with_attribute(tag, "t", kind)
    stored = _PARSER.read({b"t": (kind or "n").encode()}, content)
    if stored is None:
        raise ValueError(f"no content of a cell: {content!r}")
    return Cell(tag + content + b"</c>", stored)


def sheet_data(rows: dict[int, Row], opening: bytes = b"<sheetData>") -> bytes:
    """``<sheetData>`` with these rows in order."""
    out = [opening]
    for number, row in sorted(rows.items()):
        tag = b'<row r="%d"%b' % (number, row.attributes)
        if not row.cells:
            out.append(tag + b"/>")
            continue
        out += [tag, b">", *(cell.xml for _, cell in sorted(row.cells.items())), b"</row>"]
    return b"".join([*out, b"</sheetData>"])


def extent(rows: dict[int, Row]) -> str:
    """What ``<dimension>`` says of these rows."""
    filled = [(number, column) for number, row in rows.items() for column in row.cells]
    if not filled:
        return "A1"
    top, bottom = min(r for r, _ in filled), max(r for r, _ in filled)
    left, right = min(c for _, c in filled), max(c for _, c in filled)
    return f"{letters(left)}{top}:{letters(right)}{bottom}"


def put_cells(data: bytes, sheet: str, number: int, cells: dict[int, Cell]) -> bytes:
    """``<sheetData>`` with these cells in one row, in place of what stood there; every other row as it was spelled."""
    counted = 0
    for found in _ROW.finditer(data):
        counted = int(attributes(found[1]).get(b"r", b"%d" % (counted + 1)))
        if counted < number:
            continue
        row, end = Row(b""), found.start()
        if counted == number:
            row, end = (
                read_rows(Child("sheetData", b"<sheetData>%b</sheetData>" % found[0]), sheet)[number],
                found.end(),
            )
        row.cells.update(cells)
        made = sheet_data({number: row}, b"").removesuffix(b"</sheetData>")
        return data[: found.start()] + made + data[end:]
    made = sheet_data({number: Row(b"", dict(cells))}, b"")
    at = data.rfind(b"</sheetData")
    return data[:at] + made if at >= 0 else b"<sheetData>" + made
