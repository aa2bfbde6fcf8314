"""The zip container of a workbook: guarded, read in place, and written so that nothing else changes.

A member that nobody touches is copied as its *compressed bytes*, local header and all. No library does
this: they inflate and deflate again, or lose fields on the way. Nothing here knows what a workbook is.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from iku_excel.findings import Refusal

MAX_MEMBERS = 10_000
"""More members than any workbook needs: the largest of 1,138 Excel-made ones has under 200."""
MAX_PART = 1 << 30
"""Inflated bytes of one member. A sheet of 1,048,576 rows by 17 columns takes about 700 MB."""
MAX_TOTAL = 2 << 30
"""Inflated bytes of all members together."""
MAX_RATIO = 200
"""Inflated to stored size. Measured: 12-30:1 for repetitive sheets, 105:1 for a long formula copied down,
121:1 for the densest of 1,138 Excel-made files; a bomb reaches 1,000:1."""
RATIO_FREE = 100 * 1024
"""Members smaller than this may have any ratio: they can't hurt."""
FAST = 1
"""zlib's fastest: a sheet of 66 MB takes 0.23 s instead of 1.5 s and 24 % more room; three small ones 0.5 ms instead
of 1.2 and 19 %. Only the parts that change are deflated, and Excel packs no tighter."""

_END, _LOCAL, _CENTRAL = b"PK\x05\x06", b"PK\x03\x04", b"PK\x01\x02"
_ZIP64_END, _ZIP64_LOCATOR, _DESCRIPTOR = b"PK\x06\x06", b"PK\x06\x07", b"PK\x07\x08"
_CENTRAL_FIELDS = struct.Struct("<4s6H3L5H2L")
_LOCAL_FIELDS = struct.Struct("<4s5H3L2H")
_END_FIELDS = struct.Struct("<4s4H2LH")
_ENCRYPTED, _DEFERRED, _MASKED, _UTF8 = 0x1, 0x8, 0x2000, 0x800
_CHUNK = 1 << 18
_EPOCH = 0x21  # 1980-01-01, the zip format's first day: a new member carries no clock


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of the central directory, with where its bytes lie: ``start`` is the local header,
    ``data`` the first stored byte, ``end`` the first byte after the record (data descriptor included)."""

    name: str
    raw_name: bytes
    made_by: int
    needs: int
    flags: int
    method: int
    time: int
    date: int
    crc: int
    stored: int
    size: int
    extra: bytes
    comment: bytes
    internal: int
    external: int
    start: int
    data: int
    end: int


class Archive:
    """A zip file in memory. Everything it refuses, it refuses when opened or read, as a ``Refusal``."""

    __slots__ = ("_by_key", "comment", "data", "members")

    def __init__(self, data: bytes) -> None:
        """Read the directory and apply the guards of DESIGN §5. Nothing is inflated yet."""
        self.data = data
        self.comment, self.members = _directory(data)
        self._by_key: dict[str, Member] = {}
        for member in self.members:
            key = _key(member.name)
            if key in self._by_key:
                raise _suspicious(f"bagian '{member.name}' ada dua kali di dalamnya")
            self._by_key[key] = member

    @property
    def names(self) -> tuple[str, ...]:
        """Member names in the order of the directory, spelled as stored."""
        return tuple(member.name for member in self.members)

    def find(self, name: str) -> Member | None:
        """The member of that name (letter case and a leading slash don't matter), or None."""
        return self._by_key.get(_key(name.removeprefix("/")))

    def same(self, name: str, other: Archive) -> bool:
        """Whether both archives have this member, with the same stored bytes and the same promises about them."""
        mine, its = self.find(name), other.find(name)
        if mine is None or its is None:
            return False
        promised = (mine.method, mine.crc, mine.size, mine.stored) == (its.method, its.crc, its.size, its.stored)
        return promised and (
            self.data[mine.data : mine.data + mine.stored] == other.data[its.data : its.data + its.stored]
        )

    def chunks(self, member: Member, size: int = _CHUNK) -> Iterator[bytes]:
        """The member's inflated bytes, piece by piece; refuses when length or checksum don't hold.

        Never yields more than the directory promised, so a lying directory can't fill the memory.
        """
        view = memoryview(self.data)[member.data : member.data + member.stored]
        crc = total = 0
        for piece in self._inflate(member, view, size):
            total += len(piece)
            if total > member.size:
                break
            crc = zlib.crc32(piece, crc)
            yield piece
        if total != member.size or crc != member.crc:
            raise _broken(f"Bagian '{member.name}' dari berkas ini rusak.")

    @staticmethod
    def _inflate(member: Member, view: memoryview, size: int) -> Iterator[bytes]:
        if member.method == 0:
            for at in range(0, len(view), size):
                yield bytes(view[at : at + size])
            return
        inflater = zlib.decompressobj(-15)
        try:
            for at in range(0, len(view), size):
                piece = inflater.decompress(view[at : at + size], size)
                while piece:
                    yield piece
                    piece = inflater.decompress(inflater.unconsumed_tail, size)
            if tail := inflater.flush():
                yield tail
        except zlib.error as error:
            raise _broken(f"Bagian '{member.name}' dari berkas ini rusak.") from error

    def read(self, member: Member) -> bytes:
        """The member's inflated bytes, length and checksum checked."""
        stored = self.data[member.data : member.data + member.stored]
        if member.method == 0:
            content = stored
        else:
            try:
                # One byte more than promised is enough to see a lie, and all that a lie gets.
                content = zlib.decompressobj(-15).decompress(stored, member.size + 1)
            except zlib.error as error:
                raise _broken(f"Bagian '{member.name}' dari berkas ini rusak.") from error
        if len(content) != member.size or zlib.crc32(content) != member.crc:
            raise _broken(f"Bagian '{member.name}' dari berkas ini rusak.")
        return content

    def with_members(self, changed: Mapping[str, bytes | None]) -> bytes:
        """A new zip file with these members replaced, added (at the end) or, for None, removed.

        Every other member keeps its bytes, its order, its date. The result depends on the input alone.
        """
        wanted = {_key(name): content for name, content in changed.items()}
        out = bytearray()
        placed: dict[str, tuple[Member, int]] = {}
        for member in sorted(self.members, key=lambda m: m.start):
            key = _key(member.name)
            content = wanted.get(key, b"")
            if content is None:
                continue
            at = len(out)
            if key in wanted:
                member = _write_record(out, member, content)
            else:
                out += memoryview(self.data)[member.start : member.end]
            placed[key] = (member, at)
        for name, content in changed.items():
            if content is not None and _key(name) not in placed:
                at = len(out)
                placed[_key(name)] = (_write_record(out, _fresh(name), content), at)
        directory = len(out)
        order = [_key(member.name) for member in self.members if _key(member.name) in placed]
        order += [key for key in placed if key not in self._by_key]
        for key in order:
            _write_central(out, *placed[key])
        count, size = len(order), len(out) - directory
        out += _END_FIELDS.pack(_END, 0, 0, count, count, size, directory, len(self.comment)) + self.comment
        return bytes(out)


def _key(name: str) -> str:
    """Names are compared without letter case (OPC); a few producers write backslashes."""
    return name.replace("\\", "/").lower()


def _broken(message: str) -> Refusal:
    fix = "Buka berkas di Excel, simpan kembali sebagai .xlsx, atau pakai salinan cadangan."
    return Refusal("berkas-rusak", message, fix)


def _suspicious(why: str) -> Refusal:
    return Refusal(
        "berkas-mencurigakan",
        f"Berkas ini tidak dibuka demi keamanan: {why}.",
        "Pastikan asal berkas. Bila memang milik Anda, buka di Excel lalu simpan kembali sebagai .xlsx.",
    )


def _end_record(data: bytes) -> tuple[int, int, int, bytes]:
    """Number of entries, offset and size of the directory, and the zip comment."""
    at = data.rfind(_END, max(0, len(data) - 65_557))
    while at >= 0:
        if at + 22 <= len(data):
            _, disk, first, _, count, size, offset, comment = _END_FIELDS.unpack_from(data, at)
            if at + 22 + comment == len(data):
                break
        at = data.rfind(_END, max(0, len(data) - 65_557), at)
    if at < 0:
        raise _broken("Berkas ini terpotong atau rusak: daftar isinya tidak ditemukan.")
    if (count == 0xFFFF or 0xFFFFFFFF in (size, offset)) and data[at - 20 : at - 16] == _ZIP64_LOCATOR:
        (where,) = struct.unpack_from("<Q", data, at - 12)
        if where + 56 > at or data[where : where + 4] != _ZIP64_END:
            raise _broken("Berkas ini rusak: daftar isinya tidak dapat dibaca.")
        disk, first, _, count, size, offset = struct.unpack_from("<2L4Q", data, where + 16)
    if disk or first or offset + size > at:
        raise _broken("Berkas ini rusak: daftar isinya tidak cocok dengan isinya.")
    if count > MAX_MEMBERS:
        raise _suspicious(f"isinya {count} bagian, terlalu banyak")
    return count, offset, size, data[at + 22 :]


def _zip64(extra: bytes, wanted: int) -> list[int]:
    """The 8-byte values that stand in for the fields of a central entry that overflowed."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1 and length >= 8 * wanted and at + 4 + 8 * wanted <= len(extra):
            return list(struct.unpack_from(f"<{wanted}Q", extra, at + 4))
        at += 4 + length
    raise _broken("Berkas ini rusak: daftar isinya tidak dapat dibaca.")


def _without_zip64(extra: bytes) -> bytes:
    """The extra field without its zip64 record: all our sizes fit into four bytes."""
    kept, at = bytearray(), 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind != 1:
            kept += extra[at : at + 4 + length]
        at += 4 + length
    return bytes(kept + extra[at:])


def _directory(data: bytes) -> tuple[bytes, tuple[Member, ...]]:
    count, at, size, comment = _end_record(data)
    limit, members, total = at + size, [], 0
    first_central = at
    for _ in range(count):
        if at + 46 > limit or data[at : at + 4] != _CENTRAL:
            raise _broken("Berkas ini rusak: daftar isinya tidak dapat dibaca.")
        fields = _CENTRAL_FIELDS.unpack_from(data, at)
        _, made_by, needs, flags, method, time, date, crc, stored, full, n, x, c, _, internal, external, start = fields
        raw = data[at + 46 : at + 46 + n]
        extra = data[at + 46 + n : at + 46 + n + x]
        note = data[at + 46 + n + x : at + 46 + n + x + c]
        at += 46 + n + x + c
        overflowed = [value == 0xFFFFFFFF for value in (full, stored, start)]
        if any(overflowed):
            wide = iter(_zip64(extra, sum(overflowed)))
            full, stored, start = (
                next(wide) if over else value for over, value in zip(overflowed, (full, stored, start), strict=True)
            )
        name = raw.decode("utf-8" if flags & _UTF8 else "cp437", "replace")
        total += full
        _guard(name, flags, method, stored, full, total)
        begin, end = _extent(data, raw, flags, method, crc, stored, full, start, first_central)
        members.append(
            Member(
                name, raw, made_by, needs, flags, method, time, date, crc, stored, full,
                _without_zip64(extra), note, internal, external, start, begin, end,
            )
        )  # fmt: skip
    last = 0
    for member in sorted(members, key=lambda m: m.start):
        if member.start < last:
            raise _suspicious("bagian-bagiannya saling bertumpuk")
        last = member.end
    return comment, tuple(members)


def _dense(size: int, stored: int) -> bool:
    return size > RATIO_FREE and size > MAX_RATIO * stored


def _guard(name: str, flags: int, method: int, stored: int, size: int, total: int) -> None:
    """Refuse what no spreadsheet program writes, before a byte of it is inflated."""
    path = name.replace("\\", "/")
    if path.startswith("/") or ".." in path.split("/") or path[1:2] == ":" or "\0" in path:
        raise _suspicious(f"nama bagian '{name}' menunjuk ke luar berkas")
    if flags & (_ENCRYPTED | _MASKED):
        raise Refusal(
            "berkas-terenkripsi-atau-xls-lama",
            "Berkas ini dikunci dengan kata sandi, sehingga isinya tidak dapat dibaca.",
            "Buka di Excel, hapus kata sandinya, lalu simpan kembali sebagai .xlsx.",
        )
    if method not in (0, 8):
        raise _broken(f"Bagian '{name}' dimampatkan dengan cara yang tidak dikenal (metode {method}).")
    if size > MAX_PART or total > MAX_TOTAL:
        raise _suspicious("isinya terlalu besar setelah dibuka")
    if _dense(size, stored):
        raise _suspicious(f"bagian '{name}' mengembang lebih dari {MAX_RATIO} kali lipat")


def _extent(
    data: bytes, raw: bytes, flags: int, method: int, crc: int, stored: int, size: int, start: int, limit: int
) -> tuple[int, int]:
    """Where the stored bytes begin and where the record ends, checked against the local header."""
    if start + 30 > limit or data[start : start + 4] != _LOCAL:
        raise _broken("Berkas ini rusak: isinya tidak cocok dengan daftar isinya.")
    n, x = struct.unpack_from("<2H", data, start + 26)
    (local_method,) = struct.unpack_from("<H", data, start + 8)
    begin = start + 30 + n + x
    end = begin + stored
    if data[start + 30 : start + 30 + n] != raw or local_method != method or end > limit:
        raise _broken("Berkas ini rusak: isinya tidak cocok dengan daftar isinya.")
    if method == 0 and stored != size:
        raise _broken("Berkas ini rusak: isinya tidak cocok dengan daftar isinya.")
    if flags & _DEFERRED:
        for form in ("<3L", "<L2Q"):
            body = struct.pack(form, crc, stored, size)
            for tail in (_DESCRIPTOR + body, body):
                if data[end : end + len(tail)] == tail:
                    return begin, end + len(tail)
    return begin, end


def _fresh(name: str) -> Member:
    raw = name.encode()
    flags = 0 if raw.isascii() else _UTF8
    return Member(name, raw, 20, 20, flags, 8, 0, _EPOCH, 0, 0, 0, b"", b"", 0, 0, 0, 0, 0)


def _write_record(out: bytearray, old: Member, content: bytes) -> Member:
    """Append a deflated member under the old one's name, date and attributes."""
    for level in (FAST, 0):
        deflater = zlib.compressobj(level, zlib.DEFLATED, -15)
        stored = deflater.compress(content) + deflater.flush()
        # zlib packs twice as tightly as Excel: what we write must pass our own guard next time.
        if not _dense(len(content), len(stored)):
            break
    flags = old.flags & _UTF8  # the other bits tell how the old bytes were deflated
    crc, size = zlib.crc32(content), len(content)
    needs = max(20, old.needs if old.needs < 45 else 20)
    out += _LOCAL_FIELDS.pack(_LOCAL, needs, flags, 8, old.time, old.date, crc, len(stored), size, len(old.raw_name), 0)
    out += old.raw_name + stored
    return Member(
        old.name, old.raw_name, old.made_by, needs, flags, 8, old.time, old.date, crc, len(stored), size,
        old.extra, old.comment, old.internal, old.external, 0, 0, 0,
    )  # fmt: skip


def _write_central(out: bytearray, m: Member, start: int) -> None:
    out += _CENTRAL_FIELDS.pack(
        _CENTRAL, m.made_by, m.needs, m.flags, m.method, m.time, m.date, m.crc, m.stored, m.size,
        len(m.raw_name), len(m.extra), len(m.comment), 0, m.internal, m.external, start,
    )  # fmt: skip
    out += m.raw_name + m.extra + m.comment
