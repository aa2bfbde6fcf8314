"""Read back the rows that were put into a table, by other ways than the writer's, before anybody gets the workbook.

Rows that weren't to change are the same bytes, and so is everything else in rows that were; the cells that were
written are read as ``reader`` reads them and compared with their values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from iku_excel.findings import Refusal
from iku_excel.xlsx.careful import careful_rows
from iku_excel.xlsx.grid import MAX_ROW, Area, area, letters, place
from iku_excel.xlsx.newcheck import held, meant, stretch
from iku_excel.xlsx.package import Package, parse
from iku_excel.xlsx.reader import TableData, WorkbookData
from iku_excel.xlsx.rowparts import KEEP, MOST_COLUMNS, Line, written_places
from iku_excel.xlsx.rows import beyond, column_cells
from iku_excel.xlsx.strings import shared_strings
from iku_excel.xlsx.tablecells import find_table
from iku_excel.xlsx.values import Strange

_BLOCK = 1_000
_PIECE = 1 << 20
_MOST_PATTERNS = 64
"""Lines with gaps in more ways than these are looked at cell by cell: compiling a pattern takes 5 ms."""
_ROW = rb"<%brow(?=[\s/>])(?: r=\"(\d+)\")?+([^>]*+)>"
_NUMBER = re.compile(rb"\sr\s*=\s*[\"'](\d+)")
_SPANS = re.compile(rb"\sspans\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_SQREF = re.compile(rb"(\ssqref\s*=\s*)(?:\"[^\"]*\"|'[^']*')|(<(?:[\w.-]+:)?sqref>)[^<]*")
_DIMENSION = re.compile(rb"(<(?:[\w.-]+:)?dimension\s[^>]*?ref\s*=\s*)(?:\"[^\"]*\"|'[^']*')")
_CELL = re.compile(rb"<((?:[\w.-]+:)?)c(?=[\s/>])[^>]*?(?:/>|>.*?</\1c\s*>)", re.DOTALL)
_ADDRESS = re.compile(rb"\sr\s*=\s*[\"']([^\"']*)")
_HELD = re.compile(rb"<(?:[\w.-]+:)?(?:v|is)(?=[\s/>])")
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f(?=[\s/>])")
_FORMULA_CELL = re.compile(rb'<c r="([A-Z]{1,3})\d+"[^>]*+><f[ >]')
_FORBIDDEN = bytes(sorted({*range(32)} - {9, 10, 13}))
"""Bytes that no XML may hold; nor U+FFFE and U+FFFF."""
_NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")

_ANY = rb"[^>]*+(?:(?<=/)>|(?<!/)>(?:[^<]++|<(?!/?c[\s/>]))*+</c>)"
_KIND = re.compile(rb' t="\w+"')
_A_VALUE = re.compile(rb"<v>[^<]*+</v>")
_A_TEXT = re.compile(rb"<is>(?:[^<]++|<(?!/is>))*+</is>")
_VALUE = (
    rb'(?: s="\d+")?+(?:/>|></c>|(?: t="(\w++)")?+>'
    rb'(?:<v>|<is><t(?: xml:space="preserve")?+>)([^<]++)(?:</v>|</t></is>)</c>)'
)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a table should hold now: in the sheet's ``columns`` the values of rows that were there (by number) and of
    those below its old end. ``continued`` are its columns whose formula goes on there."""

    table: str
    columns: tuple[int, ...]
    lines: Mapping[int, Line]
    fresh: Sequence[Line]
    continued: frozenset[int]


def verify_rows(
    before: Package,
    after: Package,
    wanted: Expected,
    changed: Mapping[str, bool],
    reading: Callable[[Package], WorkbookData] | None = None,
) -> WorkbookData | None:
    """``Refusal`` "gagal-diperiksa" where ``after`` isn't ``before`` with these rows.

    ``changed`` are the parts that may differ, and whether they are still there. ``reading`` reads what somebody needs
    of the workbook next, and is answered: rows below the table's old end are compared with what it finds there.
    """
    if after.names != tuple(part for part in before.names if changed.get(part, True)):
        raise _failed("ada bagian berkas yang hilang atau bertambah")
    sheet, table = find_table(before, wanted.table)
    for part in after.names:
        if part not in changed and not after.archive.same(part, before.archive):
            raise _failed(f"bagian '{part}' berubah")
        if part in changed and part != sheet.part:
            after.xml(part)
    old, new = area(table.ref), area(find_table(after, wanted.table)[1].ref)
    if (new.top, new.left, new.bottom, new.right) != (old.top, old.left, old.bottom + len(wanted.fresh), old.right):
        raise _failed(f"tabel {wanted.table} tidak bertambah {len(wanted.fresh)} baris")
    try:
        data = None if reading is None else reading(after)
    except Refusal as refusal:
        raise _failed("buku kerjanya tidak terbaca kembali") from refusal
    found = None if data is None else data.tables.get(wanted.table)
    try:
        _Check(before, after, sheet.part, old, wanted).run(found)
    except Strange as strange:
        raise _failed(f"XML lembar {sheet.name} rusak") from strange
    except _Wrong as wrong:
        raise _failed(f"{wrong} di lembar {sheet.name}") from wrong
    return data


def _failed(what: str) -> Refusal:
    return Refusal(
        "gagal-diperiksa",
        f"Baris yang ditulis tidak lolos pemeriksaan: {what}. Berkas asli tidak diubah.",
        "Ulangi; bila terjadi lagi, simpan berkas sebagai .xlsx di Excel dan laporkan kepada pengelola.",
    )


class _Wrong(Exception):
    """Something isn't as it should be; the message says what, in Indonesian."""


_Row = tuple[int, int, int]
"""A row's number, and where it begins and ends in its sheet's XML."""
_Pair = tuple[_Row, _Row | None]
"""A row as it is now, and as it was."""
_Groups = tuple[bytes | None, ...]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet's XML: what stands before its cells, where those lie, what stands behind."""

    xml: bytes
    prefix: bytes
    head: bytes
    start: int
    end: int
    tail: bytes

    @classmethod
    def of(cls, xml: bytes) -> _Sheet:
        """Its three parts."""
        opening = re.search(rb"<((?:[\w.-]+:)?)sheetData(?=[\s/>])[^>]*>", xml)
        if opening is None:
            raise Strange("tidak ada tempat untuk sel")
        start = end = after = opening.end()
        if not opening[0].endswith(b"/>"):
            end = xml.rfind(b"</" + opening[1] + b"sheetData", start)
            after = xml.find(b">", end) + 1
            if end < 0 or not after:
                raise Strange("tidak ada akhir sel")
        return cls(xml, opening[1], xml[: opening.start()], start, end, xml[after:])

    def rows(self, without: tuple[int, int] | None = None) -> Iterator[_Row]:
        """Each row, with what stands between it and the next one; but those of a stretch of numbered ones."""
        start, stop = without or (self.end, self.end)
        number, row = 0, re.compile(_ROW % re.escape(self.prefix))
        for begin, end in ((self.start, start), (stop, self.end)):
            at = -1
            for found in row.finditer(self.xml, begin, end):
                if at >= 0:
                    yield number, at, found.start()
                spelled = found[1] or (_NUMBER.search(found[2]) or {1: None})[1]
                now = number + 1 if spelled is None else int(spelled)
                if now <= number:
                    raise _Wrong("urutan baris berubah")
                number, at = now, found.start()
            if at >= 0:
                yield number, at, end


class _Check:
    """One sheet compared with what it was."""

    def __init__(self, before: Package, after: Package, part: str, table: Area, wanted: Expected) -> None:
        self._old, self._new = _Sheet.of(before.read(part)), _Sheet.of(after.read(part))
        self._after, self._table, self._wanted = after, table, wanted
        self._fresh = range(table.bottom + 1, table.bottom + 1 + len(wanted.fresh))
        self._usual = table.right <= MOST_COLUMNS and not self._new.prefix
        self._continued = {letters(column).encode() for column in wanted.continued}
        self._met: set[tuple[int, ...]] = set()
        self._strings: list[str | None] | None = None
        self._stretch: tuple[int, int] | None = None

    def run(self, found: TableData | None = None) -> None:
        """Compare; ``_Wrong`` or ``Strange`` where something differs. ``found``: the table as a reader sees it."""
        old, new = self._old, self._new
        if _DIMENSION.sub(rb"\1", old.head) != _DIMENSION.sub(rb"\1", new.head):
            raise _Wrong("bagian atas berubah")
        if old.tail != new.tail and (
            not self._fresh or _SQREF.sub(rb"\1\2", old.tail) != _SQREF.sub(rb"\1\2", new.tail)
        ):
            raise _Wrong("bagian bawah berubah")
        parse(new.head + new.tail, "sheet")
        pieces = (new.xml[at : at + _PIECE] for at in range(0, len(new.xml), _PIECE))
        if any(len(piece.translate(None, _FORBIDDEN)) < len(piece) for piece in pieces) or any(
            _NO_CHARACTERS[0][:1] in new.xml and sign in new.xml for sign in _NO_CHARACTERS
        ):
            raise Strange("ada tanda yang tidak sah")
        self._stretch = None if found is None else self._new_rows(found)
        seen = 0 if self._stretch is None else len(self._fresh)
        blocks: dict[tuple[int, ...], list[_Pair]] = {}
        for pair in self._touched():
            seen += 1
            places = written_places(self._wanted.columns, self._line(pair[0][0]))
            block = blocks.setdefault(places, [])
            block.append(pair)
            if len(block) == _BLOCK:
                self._block(blocks.pop(places), places)
        for places, block in blocks.items():
            self._block(block, places)
        if seen != len(self._wanted.lines) + len(self._fresh):
            self._missing()

    def _line(self, number: int) -> Line:
        if number in self._fresh:
            return self._wanted.fresh[number - self._fresh.start]
        return self._wanted.lines[number]

    def _new_rows(self, found: TableData) -> tuple[int, int] | None:
        """Where the rows below the table's old end stand, when all of them are new and as written by what a reader
        found there; None: look at each."""
        if not self._fresh or not self._usual or self._continued:
            return None
        below = next((row for row in self._old.rows() if row[0] >= self._fresh.start), (MAX_ROW + 1, self._old.end, 0))
        filled = held(found, self._wanted.columns, self._fresh.start, self._wanted.fresh)
        if below[0] < self._fresh.stop or filled is None:
            return None
        end = self._new.end - (self._old.end - below[1])
        return stretch(self._new.xml, self._new.start, end, self._fresh, filled)

    def _touched(self) -> Iterator[_Pair]:
        """The rows that were to change; all others are the same bytes."""
        old_xml, new_xml, olds = self._old.xml, self._new.xml, self._old.rows()
        lines, fresh = self._wanted.lines, self._fresh
        old = next(olds, None)
        for row in self._new.rows(self._stretch):
            number = row[0]
            if old is not None and old[0] < number:
                break
            was = old if old is not None and old[0] == number else None
            if was is not None:
                old = next(olds, None)
            if number in lines or number in fresh:
                yield row, was
            elif was is None or old_xml[was[1] : was[2]] != new_xml[row[1] : row[2]]:
                raise _Wrong(f"baris {number} berubah")
        if old is not None:
            raise _Wrong(f"baris {old[0]} hilang")

    def _missing(self) -> None:
        """Rows that the sheet doesn't have must hold nothing."""
        there = {number for number, _, _ in self._new.rows()}
        for number in (*self._wanted.lines, *self._fresh):
            if number not in there and any(value not in (None, "", KEEP) for value in self._line(number)):
                raise _Wrong(f"baris {number} hilang")

    def _block(self, block: list[_Pair], places: tuple[int, ...]) -> None:
        """Rows with values in the same columns: the usual ones a column at a time, the others cell by cell."""
        self._met.add(places)
        if not self._usual or not places or len(self._met) > _MOST_PATTERNS:
            for now, was in block:
                self._carefully(now, was)
            return
        lines = [self._line(now[0]) for now, _ in block]
        if all(line.count(None) == len(line) for line in lines) and self._emptied(block):
            return
        shape = _shape(self._table.left, self._table.right, places)
        found, kept = list[_Groups](), list[Line]()
        for (now, was), line in zip(block, lines, strict=True):
            groups = self._taken(shape, now, was)
            if groups is None:
                self._carefully(now, was)
            else:
                found.append(groups)
                kept.append(line)
        columns = list(zip(*found, strict=True))
        if places != self._wanted.columns:
            kept = [[value for value in line if value is not KEEP] for line in kept]
        for index, values in enumerate(zip(*kept, strict=True)):
            kinds, raws = columns[2 * index], columns[2 * index + 1]
            if self._strings is None and b"s" in kinds:
                self._strings = shared_strings(self._after)
            if column_cells(kinds, raws, self._strings or ()) != meant(values):
                raise _Wrong(f"isi kolom {letters(places[index])} bukan yang ditulis")

    def _emptied(self, block: list[_Pair]) -> bool:
        """Whether rows are the same with nothing in any of their cells; False: look closer."""
        new, old, befores = self._new.xml, self._old.xml, (was for _, was in block)
        now = b"".join([new[start:end] for (_, start, end), _ in block])
        before = b"".join([old[was[1] : was[2]] for was in befores if was is not None])
        if b"<f" in before or any(mark in now for mark in (b"<v", b"<is", b"<f")):
            return False
        for pattern in (
            _KIND,
            _A_VALUE,
            _A_TEXT,
        ):  # each begins with what it looks for: ten times as fast as one of all
            before = pattern.sub(b"", before)
        return _KIND.sub(b"", now).replace(b"></c>", b"/>") == before.replace(b"></c>", b"/>")

    def _taken(self, shape: _Shape, now: _Row, was: _Row | None) -> _Groups | None:
        """Kind and value of the written cells of a row in the usual form whose rest is as it was; None: look closer."""
        found = shape.now.fullmatch(self._new.xml, now[1], now[2])
        if found is None:
            return None
        groups = found.groups()
        look, *rest = shape.rest(groups)
        if was is None:
            same = all(not cells or (now[0] in self._fresh and self._blank(cells)) for cells in rest)
        else:
            before = shape.was.fullmatch(self._old.xml, was[1], was[2])
            old_look, *old = before.groups()[1:] if before is not None else (None, None)
            same = old == rest and _same_look(old_look, look)
        return shape.values(groups) if same else None

    def _blank(self, cells: bytes) -> bool:
        """Whether new cells hold nothing but formulas that go on."""
        formulas = _FORMULA_CELL.findall(cells)
        return not _HELD.search(cells) and cells.count(b"<f") == len(formulas) and self._continued.issuperset(formulas)

    def _carefully(self, row: _Row, before: _Row | None) -> None:
        """One row cell by cell, its values by a parser."""
        number, start, end = row
        now = self._new.xml[start:end]
        was = None if before is None else self._old.xml[before[1] : before[2]]
        new, old = _cells(now), _cells(was or b"")
        if was is not None and not _same_look(_tag(now), _tag(was)):
            raise _Wrong(f"baris {number} berubah")
        values = dict(zip(self._wanted.columns, self._line(number), strict=True))
        written = [column for column, value in values.items() if value is not KEEP]
        for column in {*new, *old} - {*written}:
            cell = new.get(column, b"")
            if number in self._fresh and self._table.left <= column <= self._table.right:
                if _HELD.search(cell) or (_FORMULA.search(cell) and column not in self._wanted.continued):
                    raise _Wrong(f"sel {letters(column)}{number} terisi")
            elif cell != old.get(column, b""):
                raise _Wrong(f"sel {letters(column)}{number} berubah")
        if any(_FORMULA.search(new.get(column, b"")) for column in written):
            raise _Wrong(f"baris {number} memuat rumus")
        if self._strings is None:
            self._strings = shared_strings(self._after)
        pieces = [b'<x><sheetData><row r="%d"/>' % (number - 1), now, b"</sheetData></x>"]
        *_, (there, cells, _) = careful_rows(pieces, "sheet", self._strings)
        held = dict(cells)
        if there != number or [held.get(column) for column in written] != meant([values[c] for c in written]):
            raise _Wrong(f"baris {number} tidak berisi nilai yang ditulis")


def _same_look(one: bytes | None, two: bytes | None) -> bool:
    """Whether a row's attributes are the same but for ``spans``."""
    return one == two or _SPANS.sub(b"", one or b"") == _SPANS.sub(b"", two or b"")


def _tag(row: bytes) -> bytes:
    return row[: row.index(b">")].rstrip(b"/ ")


def _cells(row: bytes) -> dict[int, bytes]:
    """The cells of a row as spelled, by column; ``_Wrong`` where they are out of order."""
    found: dict[int, bytes] = {}
    last = 0
    for cell in _CELL.finditer(row):
        given = _ADDRESS.search(cell[0][: cell[0].index(b">")])
        column = place(given[1].decode())[1] if given else last + 1
        if column <= last:
            raise _Wrong("urutan sel berubah")
        last = column
        found[column] = cell[0]
    return found


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a row in the usual form is looked at. ``now`` and ``was`` match it; of the groups of ``now``, ``values``
    are kind and value of each written cell and ``rest`` all else, which are also the groups of ``was`` but the first:
    the row's attributes, and the cells before, between and behind the written ones."""

    now: re.Pattern[bytes]
    was: re.Pattern[bytes]
    values: Callable[[_Groups], _Groups]
    rest: Callable[[_Groups], _Groups]


@lru_cache(maxsize=_MOST_PATTERNS)
def _shape(left: int, right: int, places: tuple[int, ...]) -> _Shape:
    now = was = rb'<row r="(\d+)"([^>]*+)(?<!/)>'
    values, rest = list[int](), [1]
    group, after = 2, 1
    for column in (*places, right + 1):
        if after < column:
            names = "|".join(letters(other) for other in range(after, column)).encode()
            others = rb'((?:<c r="(?:' + names + rb')\1"' + _ANY + rb")*+)"
            now, was = now + others, was + others
            rest.append(group)
            group += 1
        if column <= right:
            start = rb'(?:<c r="' + letters(column).encode() + rb'\1"'
            now, was = now + start + _VALUE + rb")?+", was + start + _ANY + rb")?+"
            values += [group, group + 1]
            group += 2
        after = column + 1
    behind = rb'((?=</row>|<c r="' + beyond(letters(right)) + rb'\1").*)</row>\s*'
    rest.append(group)
    one, two = (re.compile(pattern + behind, re.DOTALL) for pattern in (now, was))
    return _Shape(one, two, itemgetter(*values), itemgetter(*rest))
