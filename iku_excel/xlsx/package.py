"""A closed workbook as its parts: sheets, tables, defined names, relationships.

Only what the reader and the writer ask for is parsed, and only when it is asked for; sheets never are.
Opening applies the guards of DESIGN §5, so whoever holds a ``Package`` may read its parts in safety.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TypeAlias
from urllib.parse import unquote
from xml.etree import ElementTree

from iku_excel.findings import Refusal
from iku_excel.xlsx.archive import Archive

Element: TypeAlias = ElementTree.Element

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STRICT = "http://purl.oclc.org/ooxml/"
_CACHED_UP_TO = 1 << 20  # bytes; larger parts (big sheets) are inflated anew each time
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class Relationship:
    """One relationship of a part. ``kind`` is the last word of its type ("worksheet", "table"); ``target``
    the member's name as stored, or the address itself when ``external``."""

    rid: str
    kind: str
    target: str
    external: bool


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One sheet as the workbook lists it. ``kind`` is "worksheet", "chartsheet", "dialogsheet", a macro sheet's
    or "module" (old workbooks list VBA modules as sheets without a part: ``part`` is then ""); ``state`` is
    "visible", "hidden" or "veryHidden"."""

    name: str
    part: str
    state: str
    sheet_id: str
    rid: str
    kind: str


@dataclass(frozen=True, slots=True)
class TablePart:
    """One Excel Table. Formulas call it by ``display_name``; ``headings`` are its column names with
    ``_xHHHH_`` decoded; ``ref`` is the whole table, header and totals rows included."""

    name: str
    display_name: str
    ref: str
    header_row_count: int
    totals_row_count: int
    headings: tuple[str, ...]
    part: str


class Package:
    """The parts of one workbook file, read from its bytes."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self._cache: dict[str, bytes] = {}
        self._rels: dict[str, dict[str, Relationship]] = {}

    @classmethod
    def open(cls, data: bytes) -> Package:
        """Open a workbook's bytes; a ``Refusal`` says why not. Inflates only the few small parts it needs."""
        if data[:8] == _OLE2:
            raise Refusal(
                "berkas-terenkripsi-atau-xls-lama",
                "Berkas ini dikunci dengan kata sandi, atau berformat lama (.xls).",
                "Buka di Excel, hapus kata sandinya bila ada, lalu simpan sebagai .xlsx.",
            )
        if not data:
            raise Refusal("berkas-rusak", "Berkas ini kosong (0 bita).", "Pakai salinan cadangan.")
        if data[:4] not in (b"PK\x03\x04", b"PK\x05\x06"):
            raise _foreign("Berkas ini bukan buku kerja Excel.")
        package = cls(Archive(data))
        if not package.sheets:
            raise _foreign("Buku kerja ini tidak memuat satu lembar pun.")
        return package

    @property
    def data(self) -> bytes:
        """The file's bytes."""
        return self.archive.data

    @property
    def names(self) -> tuple[str, ...]:
        """Part names as stored, in the order of the zip directory."""
        return self.archive.names

    def has(self, name: str) -> bool:
        """Whether there is a part of that name, letter case aside."""
        return self.archive.find(name) is not None

    def read(self, name: str) -> bytes:
        """The part's bytes, checksum checked; ``Refusal`` "berkas-rusak" when missing or damaged."""
        cached = self._cache.get(name)
        if cached is not None:
            return cached
        member = self.archive.find(name)
        if member is None:
            raise _missing(name)
        content = self.archive.read(member)
        if len(content) <= _CACHED_UP_TO:
            self._cache[name] = content
        return content

    def chunks(self, name: str, size: int = 1 << 18) -> Iterator[bytes]:
        """The part's bytes piece by piece, for parts too large to hold; checked like ``read`` at the end."""
        member = self.archive.find(name)
        if member is None:
            raise _missing(name)
        return self.archive.chunks(member, size)

    def pieces(self, name: str) -> Iterator[bytes]:
        """The part's bytes: a small part whole, and inflated once for all who ask; a large one as ``chunks``."""
        return iter((self.read(name),)) if self.size(name) <= _CACHED_UP_TO else self.chunks(name)

    def crc(self, name: str) -> int:
        """The CRC-32 of the part, as the zip directory gives it."""
        member = self.archive.find(name)
        if member is None:
            raise _missing(name)
        return member.crc

    def size(self, name: str) -> int:
        """The inflated size of the part in bytes, as the zip directory gives it."""
        member = self.archive.find(name)
        if member is None:
            raise _missing(name)
        return member.size

    def xml(self, name: str) -> Element:
        """The part's root element. A DTD is refused before anything is parsed (it can be a bomb)."""
        return parse(self.read(name), name)

    def rels(self, part: str) -> dict[str, Relationship]:
        """The relationships of a part by id; of the package itself for ``""``. Empty when it has none."""
        known = self._rels.get(part)
        if known is None:
            known = self._rels[part] = self._read_rels(part)
        return known

    def _read_rels(self, part: str) -> dict[str, Relationship]:
        folder, base = posixpath.split(part)
        name = posixpath.join(folder, "_rels", base + ".rels")
        if not self.has(name):
            return {}
        return {
            rel.rid: rel if rel.external else replace(rel, target=self._resolve(folder, rel.target))
            for rel in _relationships(self.read(name), name)
        }

    def _resolve(self, folder: str, target: str) -> str:
        """The stored name a target means: relative or absolute, percent-encoded or not."""
        path = posixpath.normpath(posixpath.join("/" + folder, target.replace("\\", "/"))).lstrip("/")
        for name in (path, unquote(path)):
            member = self.archive.find(name)
            if member is not None:
                return member.name
        return path

    @cached_property
    def workbook_part(self) -> str:
        """The name of the workbook's own part, usually ``xl/workbook.xml``."""
        for rel in self.rels("").values():
            if rel.kind == "officeDocument" and not rel.external and self.has(rel.target):
                if rel.target.lower().endswith(".bin"):
                    raise _foreign("Buku kerja ini berformat .xlsb, yang tidak dapat diolah.")
                return rel.target
        raise _foreign("Berkas ini bukan buku kerja Excel.")

    @cached_property
    def _workbook(self) -> Element:
        root = _shared_root(self.read(self.workbook_part), self.workbook_part)
        if local(root) != "workbook":
            raise _foreign("Berkas ini bukan buku kerja Excel.")
        return root

    @cached_property
    def sheets(self) -> tuple[SheetPart, ...]:
        """Every sheet of the workbook, in the order of its tabs."""
        rels = self.rels(self.workbook_part)
        found = []
        for element in children(self._workbook, "sheets", "sheet"):
            rid = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
            rel = rels.get(rid)
            if rid and (rel is None or rel.external or not self.has(rel.target)):
                raise _missing(f"lembar {element.get('name', '')}")
            name, state = unescape(element.get("name", "")), element.get("state", "visible")
            part, kind = (rel.target, rel.kind) if rel else ("", "module")
            found.append(SheetPart(name, part, state, element.get("sheetId", ""), rid, kind))
        return tuple(found)

    def sheet(self, name: str) -> SheetPart:
        """The sheet of that name (Excel compares without letter case); ``Refusal`` "lembar-tidak-ada"."""
        for sheet in self.sheets:
            if sheet.name == name or sheet.name.casefold() == name.casefold():
                return sheet
        raise Refusal(
            "lembar-tidak-ada",
            f"Lembar {name} tidak ada dalam buku kerja ini.",
            "Kembalikan lembar itu, atau pindahkan data ke templat yang baru.",
            sheet=name,
        )

    @cached_property
    def date1904(self) -> bool:
        """Whether the workbook counts its days from 1904."""
        return any(
            element.get("date1904", "0").strip() in ("1", "true") for element in children(self._workbook, "workbookPr")
        )

    @cached_property
    def defined_names(self) -> dict[str, str]:
        """The names that hold in the whole workbook, with their text as stored (no leading "=")."""
        return dict(_defined_names(self.read(self.workbook_part), self.workbook_part))

    def related(self, kind: str) -> str | None:
        """The part that the workbook relates to by that kind ("sharedStrings", "styles", "calcChain")."""
        for rel in self.rels(self.workbook_part).values():
            if rel.kind == kind and not rel.external and self.has(rel.target):
                return rel.target
        return None

    @cached_property
    def shared_strings_part(self) -> str | None:
        """The part of the shared strings, or None."""
        return self.related("sharedStrings")

    @cached_property
    def styles_part(self) -> str | None:
        """The part of the styles, or None."""
        return self.related("styles")

    def tables(self, sheet: SheetPart | str) -> tuple[TablePart, ...]:
        """The Excel Tables on a sheet (given as found in ``sheets``, or by name)."""
        part = self.sheet(sheet).part if isinstance(sheet, str) else sheet.part
        found = []
        for rel in self.rels(part).values() if part else ():
            if rel.kind != "table" or rel.external:
                continue
            found.append(_table(self.read(rel.target), rel.target))
        return tuple(found)

    def require_writable(self) -> None:
        """Refuse what must not be written: strict OOXML and signed workbooks (a change breaks the signature)."""
        root = self._workbook
        if root.get("conformance") == "strict" or root.tag.startswith("{" + _STRICT):
            raise Refusal(
                "format-strict",
                "Buku kerja ini disimpan dalam format Strict Open XML, yang tidak kami tulis.",
                "Buka di Excel lalu simpan sebagai 'Buku Kerja Excel (.xlsx)' biasa.",
            )
        signed = any(name.lower().startswith("_xmlsignatures/") for name in self.names)
        if signed or any(rel.kind == "origin" for rel in self.rels("").values()):
            raise Refusal(
                "tanda-tangan-digital",
                "Buku kerja ini bertanda tangan digital; mengubahnya akan membatalkan tanda tangan itu.",
                "Isi salinan yang belum ditandatangani, atau hapus tanda tangannya di Excel lebih dahulu.",
            )

    def with_parts(self, changed: Mapping[str, bytes | None]) -> bytes:
        """New file bytes with these parts replaced (None: removed); every other member bit-identical."""
        return self.archive.with_members(changed)


def parse(content: bytes, name: str) -> Element:
    """The root of a small XML part. DTDs are refused, so entities can't expand; bad XML is a ``Refusal``."""
    refuse_dtd(content, name)
    try:
        return ElementTree.fromstring(content)  # noqa: S314 - the DTD was refused just above
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise broken_part(name) from error


# Workbooks of one template share most of their small parts, byte for byte: each is parsed once for all of them.
@lru_cache(maxsize=16)
def _shared_root(content: bytes, name: str) -> Element:
    """As ``parse``; nobody may change the tree."""
    return parse(content, name)


@lru_cache(maxsize=16)
def _defined_names(content: bytes, name: str) -> Mapping[str, str]:
    return {
        unescape(element.get("name", "")): element.text or ""
        for element in children(_shared_root(content, name), "definedNames", "definedName")
        if element.get("localSheetId") is None
    }


@lru_cache(maxsize=256)
def _relationships(content: bytes, name: str) -> tuple[Relationship, ...]:
    """The relationships of a part, their targets as spelled."""
    found = []
    for element in parse(content, name):
        rid, kind, target = (element.get(key, "") for key in ("Id", "Type", "Target"))
        found.append(Relationship(rid, kind.rpartition("/")[2], target, element.get("TargetMode") == "External"))
    return tuple(found)


@lru_cache(maxsize=256)
def _table(content: bytes, part: str) -> TablePart:
    root = parse(content, part)
    name = unescape(root.get("name", ""))
    return TablePart(
        name,
        unescape(root.get("displayName", "")) or name,
        root.get("ref", ""),
        _count(root, "headerRowCount", 1, part),
        _count(root, "totalsRowCount", 0, part),
        tuple(unescape(column.get("name", "")) for column in children(root, "tableColumns", "tableColumn")),
        part,
    )


def refuse_dtd(content: bytes, name: str) -> None:
    """Refuse XML with a document type: Excel writes none, and an entity can expand without end."""
    head = content.replace(b"\0", b"") if b"\0" in content[:200] else content  # UTF-16
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise Refusal(
            "xml-dtd",
            f"Berkas ini tidak dibuka demi keamanan: bagian '{name}' memuat DTD.",
            "Pastikan asal berkas. Bila memang milik Anda, buka di Excel lalu simpan kembali sebagai .xlsx.",
        )


def local(element: Element) -> str:
    """The element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def children(root: Element, *path: str) -> Iterator[Element]:
    """The descendants along a path of local names, whatever the namespace (prefixed, strict or neither)."""
    for child in root:
        if local(child) == path[0]:
            if len(path) == 1:
                yield child
            else:
                yield from children(child, *path[1:])


def unescape(text: str) -> str:
    """Text with Excel's ``_xHHHH_`` escapes decoded."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _count(root: Element, name: str, default: int, part: str) -> int:
    text = root.get(name)
    if text is None:
        return default
    if not text.isdecimal():
        raise broken_part(part)
    return int(text)


def broken_part(name: str) -> Refusal:
    """The refusal of a part that can't be understood."""
    return Refusal(
        "berkas-rusak",
        f"Bagian '{name}' dari berkas ini rusak.",
        "Buka berkas di Excel, simpan kembali sebagai .xlsx, atau pakai salinan cadangan.",
    )


def _foreign(message: str) -> Refusal:
    return Refusal(
        "bukan-buku-excel", message, "Pilih berkas .xlsx atau .xlsm, atau simpan dahulu sebagai .xlsx di Excel."
    )


def _missing(name: str) -> Refusal:
    return Refusal(
        "berkas-rusak",
        f"Berkas ini rusak: bagian '{name}' tidak ditemukan.",
        "Buka berkas di Excel, simpan kembali sebagai .xlsx, atau pakai salinan cadangan.",
    )
