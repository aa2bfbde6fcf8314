"""Opening a workbook: what is refused before anything is inflated, and what is found in it."""

from __future__ import annotations

import io
import random
import struct
import zipfile

import handmade
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iku_excel.findings import Refusal
from iku_excel.xlsx.archive import MAX_MEMBERS, MAX_RATIO, RATIO_FREE, Archive
from iku_excel.xlsx.package import Package

EMPTY = handmade.book(handmade.sheet(""))


def refused(data: bytes) -> str:
    """The code with which these bytes are refused, at opening or at writing."""
    with pytest.raises(Refusal) as caught:
        Package.open(data).require_writable()
    assert all(caught.value.lines()[::2])
    return caught.value.code


def with_part(name: str, content: str | bytes, data: bytes = EMPTY) -> bytes:
    """The workbook with one more member."""
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def changed(**replaced: str) -> bytes:
    """The workbook with parts replaced: ``workbook`` or ``rels``."""
    names = {"workbook": "xl/workbook.xml", "rels": "_rels/.rels"}
    parts = handmade.parts(handmade.sheet(""))
    return handmade.packed({**parts, **{names[key]: text for key, text in replaced.items()}})


def flagged(bit: int) -> bytes:
    """The workbook with a general-purpose bit set on its first member, in the directory."""
    data = bytearray(EMPTY)
    data[data.find(b"PK\x01\x02") + 8] |= bit
    return bytes(data)


def lying_size() -> bytes:
    """A directory that promises fewer bytes than the sheet inflates to."""
    data = bytearray(EMPTY)
    at = data.find(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<L", 10)
    return bytes(data)


def overlapping() -> bytes:
    """A member that lies inside another one's bytes: the zip bomb without recursion."""
    alone = handmade.packed({"b.bin": "x"}, zipfile.ZIP_STORED)
    out = io.BytesIO(EMPTY)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.bin", alone[: alone.find(b"PK\x01\x02")])
        archive.writestr(zipfile.ZipInfo("b.bin", (2025, 1, 2, 3, 4, 6)), "x")
    data = bytearray(out.getvalue())
    last = data.rfind(b"PK\x01\x02")
    data[last + 42 : last + 46] = struct.pack("<L", data.find(b"PK\x03\x04", data.find(b"a.bin")))
    return bytes(data)


WORKBOOK = handmade.parts(handmade.sheet(""))["xl/workbook.xml"]

REFUSED = {
    "old .xls or password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "berkas-terenkripsi-atau-xls-lama"),
    "empty": (b"", "berkas-rusak"),
    "text": (b"No,Nama\n1,Budi\n", "bukan-buku-excel"),
    "truncated": (EMPTY[:-40], "berkas-rusak"),
    "bytes before it": (b"PK\x03\x04" + EMPTY, "berkas-rusak"),
    "bytes behind it": (EMPTY + b"\0\0", "berkas-rusak"),
    "another zip": (handmade.packed({"catatan.txt": "x"}), "bukan-buku-excel"),
    "no sheets": (changed(workbook=WORKBOOK.replace("<sheet ", "<lembar ")), "bukan-buku-excel"),
    "dangling sheet": (changed(workbook=WORKBOOK.replace("rId1", "rId9")), "berkas-rusak"),
    "broken XML": (changed(workbook=WORKBOOK.replace("</sheets>", "")), "berkas-rusak"),
    "xlsb": (
        with_part("xl/workbook.bin", "x", changed(rels=handmade.rels(("a", "officeDocument", "xl/workbook.bin")))),
        "bukan-buku-excel",
    ),
    "bomb": (with_part("xl/media/a.bin", bytes(RATIO_FREE + 1)), "berkas-mencurigakan"),
    "parent folder": (with_part("../jahat.xml", "x"), "berkas-mencurigakan"),
    "parent folder by backslash": (with_part("xl\\..\\..\\jahat.xml", "x"), "berkas-mencurigakan"),
    "absolute": (with_part("/etc/passwd", "x"), "berkas-mencurigakan"),
    "drive": (with_part("C:/jahat.xml", "x"), "berkas-mencurigakan"),
    "twice but for case": (with_part("XL/Workbook.xml", "x"), "berkas-mencurigakan"),
    "encrypted": (flagged(1), "berkas-terenkripsi-atau-xls-lama"),
    "DTD": (changed(workbook=WORKBOOK.replace("<workbook", '<!DOCTYPE x [<!ENTITY a "b">]><workbook')), "xml-dtd"),
    "DTD in UTF-16": (
        handmade.packed(
            {
                **handmade.parts(handmade.sheet("")),
                "xl/workbook.xml": WORKBOOK.replace("UTF-8", "UTF-16")
                .replace("<workbook", "<!DOCTYPE x []><workbook")
                .encode("utf-16"),
            }
        ),
        "xml-dtd",
    ),
    "lying directory": (lying_size(), "berkas-rusak"),
    "overlap": (overlapping(), "berkas-mencurigakan"),
    "strict": (changed(workbook=WORKBOOK.replace("<workbook", '<workbook conformance="strict"')), "format-strict"),
    "signed": (with_part("_xmlsignatures/sig1.xml", "<x/>"), "tanda-tangan-digital"),
    "too many": (
        handmade.packed({f"{number}.xml": "" for number in range(MAX_MEMBERS + 1)}, zipfile.ZIP_STORED),
        "berkas-mencurigakan",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_strange_file_is_refused_by_its_reason(name: str) -> None:
    """Each kind of damage or danger ends in its own refusal, with words for the user."""
    data, code = REFUSED[name]
    if name == "lying directory":
        package = Package(Archive(data))
        with pytest.raises(Refusal) as caught:
            package.read("[Content_Types].xml")
        assert caught.value.code == code
        pieces = package.chunks("[Content_Types].xml", size=4)
        handed_out = 0
        with pytest.raises(Refusal):
            for piece in pieces:
                handed_out += len(piece)
        assert handed_out <= 10
    else:
        assert refused(data) == code


def test_a_flipped_bit_is_seen_when_the_part_is_read() -> None:
    """A part whose bytes don't match the checksum is never handed out."""
    data = bytearray(EMPTY)
    at = data.find(b"xl/worksheets/sheet1.xml") + len("xl/worksheets/sheet1.xml") + 20
    data[at] ^= 0xFF
    package = Package.open(bytes(data))
    for read in (package.read, lambda name: b"".join(package.chunks(name))):
        with pytest.raises(Refusal) as caught:
            read("xl/worksheets/sheet1.xml")
        assert caught.value.code == "berkas-rusak"


def test_a_large_repetitive_sheet_is_no_bomb() -> None:
    """Fifty thousand rows alike, the densest that staff make, pass the guard; real bombs reach 1000:1."""
    row = '<row r="{0}" spans="1:4" ht="15" customHeight="1"><c r="A{0}" s="1"/><c r="B{0}" s="1"/></row>'
    sheet = handmade.sheet("".join(row.format(number) for number in range(1, 50_001)))
    assert len(sheet) > 20 * RATIO_FREE
    package = Package.open(handmade.book(sheet))
    member = package.archive.find("xl/worksheets/sheet1.xml")
    assert member is not None
    assert member.size < MAX_RATIO * member.stored


def test_what_we_write_passes_our_own_guard() -> None:
    """zlib packs more tightly than Excel; a part that would look like a bomb is packed more loosely."""
    dense = handmade.sheet(f"<!-- {'a' * 9 * RATIO_FREE} -->").encode()
    data = Package.open(EMPTY).with_parts({"xl/worksheets/sheet1.xml": dense})
    assert Package.open(data).read("xl/worksheets/sheet1.xml") == dense


def test_nothing_replaced_gives_the_same_bytes() -> None:
    """Copying every member, with dates, extra fields and comment, is the identity."""
    out = io.BytesIO(EMPTY)
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = b"catatan PK\x05\x06 bukan akhir"
        info = zipfile.ZipInfo("xl/media/gambar é.png", (2019, 5, 6, 7, 8, 10))
        info.extra = struct.pack("<HHL", 0xCAFE, 4, 1)
        archive.writestr(info, random.Random(3).randbytes(999))
    data = out.getvalue()
    assert Package.open(data).with_parts({}) == data


class Unseekable(io.RawIOBase):
    """A stream that makes zipfile write data descriptors."""

    def __init__(self) -> None:
        self.written = bytearray()

    def writable(self) -> bool:  # noqa: D102
        return True

    def write(self, data: object) -> int:  # noqa: D102
        self.written += bytes(data)
        return len(bytes(data))


@pytest.mark.parametrize("zip64", [False, True])
def test_streamed_members_keep_their_descriptors(zip64: bool) -> None:
    """Members whose sizes follow the data (flag 8, also the zip64 kind) survive a change of their neighbour."""
    stream = Unseekable()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in handmade.parts(handmade.sheet("")).items():
            with archive.open(zipfile.ZipInfo(name, (2025, 1, 2, 3, 4, 6)), "w", force_zip64=zip64) as member:
                member.write(text.encode())
    data = bytes(stream.written)
    package = Package.open(data)
    assert package.with_parts({}) == data
    after = package.with_parts({"xl/styles.xml": b"<baru/>"})
    with zipfile.ZipFile(io.BytesIO(after)) as archive:
        assert archive.testzip() is None
        assert archive.read("xl/styles.xml") == b"<baru/>"
        assert archive.getinfo("xl/styles.xml").flag_bits & 8 == 0
        assert archive.getinfo("xl/workbook.xml").flag_bits & 8


@pytest.mark.broken_on_purpose
@given(st.dictionaries(st.sampled_from(["xl/styles.xml", "XL/workbook.XML", "baru.bin"]), st.none() | st.binary()))
def test_replacing_touches_only_what_is_replaced(wanted: dict[str, bytes | None]) -> None:
    """Whatever parts are replaced, added or removed, zipfile finds the others as they were, dates included."""
    after = Package.open(EMPTY).with_parts(wanted)
    assert after == Package.open(EMPTY).with_parts(dict(wanted))
    lower = {name.lower(): content for name, content in wanted.items()}
    with zipfile.ZipFile(io.BytesIO(EMPTY)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        assert new.testzip() is None
        expected = {name: lower.get(name.lower(), old.read(name)) for name in old.namelist()}
        expected.update({name: content for name, content in wanted.items() if name == "baru.bin"})
        assert {name: new.read(name) for name in new.namelist()} == {
            name: content for name, content in expected.items() if content is not None
        }
        kept = [info.filename for info in new.infolist() if info.filename != "baru.bin"]
        assert kept == [name for name in old.namelist() if name in kept]
        for name in kept:
            assert new.getinfo(name).date_time == old.getinfo(name).date_time


def test_what_the_workbook_says_is_found() -> None:
    """Sheets in tab order, names of the whole workbook only, the 1904 switch, tables with decoded headings."""
    table = (
        f'<table xmlns="{handmade.MAIN}" id="1" name="tblX" displayName="tblX" ref="A1:B9" totalsRowCount="1">'
        '<tableColumns count="2"><tableColumn id="1" name="Kode"/>'
        '<tableColumn id="2" name="Pagu_x000a_&quot;Murni&quot;"/>'
        "</tableColumns></table>"
    )
    names = (
        '<definedNames><definedName name="Tahun">Lembar1!$B$2</definedName>'
        '<definedName name="Lokal" localSheetId="0">Lembar1!$B$3</definedName></definedNames>'
    )
    extra = {
        "xl/worksheets/_rels/sheet2.xml.rels": handmade.rels(("rId1", "table", "/xl/tables/tabel%201.xml")),
        "xl/tables/tabel 1.xml": table,
    }
    data = handmade.book(handmade.sheet(""), handmade.sheet(""), extra=extra, workbook=names)
    package = Package.open(data)
    assert [(s.name, s.part, s.state, s.kind) for s in package.sheets] == [
        ("Lembar1", "xl/worksheets/sheet1.xml", "visible", "worksheet"),
        ("Lembar2", "xl/worksheets/sheet2.xml", "visible", "worksheet"),
    ]
    assert package.defined_names == {"Tahun": "Lembar1!$B$2"}
    assert not package.date1904
    (found,) = package.tables("lembar2")
    assert (found.name, found.ref, found.header_row_count, found.totals_row_count) == ("tblX", "A1:B9", 1, 1)
    assert found.headings == ("Kode", 'Pagu\n"Murni"')
    assert package.tables("Lembar1") == ()
    assert Package.open(changed(workbook=WORKBOOK.replace("<sheets>", '<workbookPr date1904="1"/><sheets>'))).date1904
    with pytest.raises(Refusal) as caught:
        package.sheet("Anggaran")
    assert (caught.value.code, caught.value.sheet) == ("lembar-tidak-ada", "Anggaran")
