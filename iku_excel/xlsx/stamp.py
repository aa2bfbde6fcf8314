"""A line of text inside a workbook that vouches for every byte of the file around it.

The line is the text of one cell. It begins with a mark of the caller's and a SHA-256 in hexadecimal, taken over the
whole file but for the digits themselves and the checksum of the part that holds them (it depends on the digits). So
whatever changes afterwards, by whomever, breaks it, a single bit too; and asking costs no more than reading the bytes.

To be found without unpacking anything, the line lies in the file as it is: a deflated part may hold blocks that are
merely stored (RFC 1951, 3.2.4), and any program that inflates reads them. The digits then have one place and one
length, whatever they are.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from dataclasses import dataclass

DIGITS = 64
UNSTAMPED = "0" * DIGITS
"""What stands in a line in place of the digest until the file is stamped."""
MOST = 1 << 22
"""Inflated bytes of a part that may hold a stamp: a sheet of 10,000 lines."""

_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_NUMBERS = struct.Struct("<3L2H")  # checksum, stored and inflated size, lengths of the name and the extra field
_LEVEL, _DEFLATED, _DESCRIPTOR = 1, 8, 0x8
_BLOCK = 0xFFFF  # bytes that one stored block holds at most


@dataclass(frozen=True, slots=True)
class _Record:
    """Where a deflated part lies: its local header, its bytes, its entry in the zip directory."""

    start: int
    begin: int
    end: int
    size: int
    crc: int
    central: int


def stamp(data: bytes, part: str, mark: str, salt: bytes) -> bytes | None:
    """The workbook, as our writer packed it, with the line in ``part`` that begins with ``mark`` and ``UNSTAMPED``
    made to vouch for it. None where that line is not there once. ``salt`` is what else must be the same."""
    name = part.encode()
    central = data.rfind(name) - 46
    if central < 0 or data[central : central + 4] != _CENTRAL:
        return None
    record = _record(data, struct.unpack_from("<L", data, central + 42)[0])
    content = None if record is None else _content(data, record)
    if record is None or content is None:
        return None
    wanted = (mark + UNSTAMPED).encode()
    at = content.find(wanted)
    stop = content.find(b"<", at)
    if content.count(wanted) != 1 or not 0 < stop - at <= _BLOCK:
        return None
    packed = _packed(content, at, stop)
    made = bytearray(data[: record.begin] + packed + data[record.end :])
    _move(made, record, len(packed))
    digits = made.rfind(wanted, record.begin, record.begin + len(packed)) + len(mark.encode())
    digest = _digest(made, digits, _record(made, record.start) or record, salt)
    made[digits : digits + DIGITS] = digest
    crc = zlib.crc32(content[:at] + mark.encode() + digest + content[at + len(wanted) :])
    shift = len(packed) - (record.end - record.begin)
    for place in (record.start + 14, record.central + shift + 16):
        struct.pack_into("<L", made, place, crc)
    return bytes(made)


def vouched(data: bytes, mark: str, salt: bytes) -> str | None:
    """The line that vouches for these bytes; None when there is none or something is not as it was."""
    found = data.rfind(mark.encode())
    digits = found + len(mark.encode())
    record = None if found < 0 else _record(data, data.rfind(_LOCAL, 0, found))
    if record is None or not record.begin < digits <= record.end - DIGITS:
        return None
    if _digest(data, digits, record, salt) != data[digits : digits + DIGITS]:
        return None
    content = _content(data, record)
    if content is None or zlib.crc32(content) != record.crc:
        return None
    at = content.find(data[found : digits + DIGITS])
    return None if at < 0 else content[at : content.find(b"<", at)].decode("utf-8", "replace")


def part_of(data: bytes, name: str) -> bytes | None:
    """A part of a workbook that ``vouched`` for itself; None when it is not there in the usual way."""
    central = data.rfind(name.encode()) - 46
    if central < 0 or data[central : central + 4] != _CENTRAL:
        return None
    record = _record(data, struct.unpack_from("<L", data, central + 42)[0])
    return None if record is None else _content(data, record)


def _record(data: bytes | bytearray, start: int) -> _Record | None:
    """The deflated part whose local header begins there, if its entry in the directory says the same of it."""
    if start < 0 or start + 30 > len(data) or data[start : start + 4] != _LOCAL:
        return None
    crc, stored, size, n, x = _NUMBERS.unpack_from(data, start + 14)
    flags, method = struct.unpack_from("<2H", data, start + 6)
    begin = start + 30 + n + x
    central = data.rfind(data[start + 30 : start + 30 + n]) - 46
    if method != _DEFLATED or flags & _DESCRIPTOR or central < begin + stored:
        return None
    said = _NUMBERS.unpack_from(data, central + 16)[:4]
    if data[central : central + 4] != _CENTRAL or said != (crc, stored, size, n):
        return None
    if struct.unpack_from("<L", data, central + 42)[0] != start:
        return None
    return _Record(start, begin, begin + stored, size, crc, central)


def _content(data: bytes, record: _Record) -> bytes | None:
    if record.size > MOST:
        return None
    try:
        content = zlib.decompressobj(-15).decompress(data[record.begin : record.end], record.size + 1)
    except zlib.error:
        return None
    return content if len(content) == record.size else None


def _digest(data: bytes | bytearray, digits: int, record: _Record, salt: bytes) -> bytes:
    view = memoryview(data)
    taken = hashlib.sha256(salt)
    at = 0
    for gap, length in ((record.start + 14, 4), (digits, DIGITS), (record.central + 16, 4)):
        taken.update(view[at:gap])
        at = gap + length
    taken.update(view[at:])
    return taken.hexdigest().encode()


def _packed(content: bytes, at: int, stop: int) -> bytes:
    """The content deflated, but for the bytes from ``at`` to ``stop``, which are stored."""
    before, after = (zlib.compressobj(_LEVEL, zlib.DEFLATED, -15) for _ in range(2))
    head = before.compress(content[:at]) + before.flush(zlib.Z_SYNC_FLUSH)  # ends on a whole byte
    block = b"\0" + struct.pack("<2H", stop - at, (stop - at) ^ 0xFFFF) + content[at:stop]
    return head + block + after.compress(content[stop:]) + after.flush()


def _move(made: bytearray, record: _Record, length: int) -> None:
    """Let the headers agree with a part that now takes ``length`` bytes."""
    shift = length - (record.end - record.begin)
    struct.pack_into("<L", made, record.start + 18, length)
    struct.pack_into("<L", made, record.central + shift + 20, length)
    end = made.rfind(_END)
    count, _, directory = struct.unpack_from("<HLL", made, end + 10)
    struct.pack_into("<L", made, end + 16, directory + shift)
    at = directory + shift
    for _ in range(count):
        n, x, c = struct.unpack_from("<3H", made, at + 28)
        (start,) = struct.unpack_from("<L", made, at + 42)
        if start > record.start:
            struct.pack_into("<L", made, at + 42, start + shift)
        at += 46 + n + x + c
