"""Writes an OLE2 compound file ([MS-CFB] version 3), the container of a VBA project.

No clock and no chance inside: the same streams always give the same bytes. Only writing, and only what a VBA
project needs: no time stamps, no class identifiers, at most ``MAX_FAT_SECTORS`` of allocation table.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Storage: TypeAlias = Mapping[str, "bytes | Storage"]
"""Name → a stream's bytes, or the members of a storage inside."""

SECTOR, MINI_SECTOR, CUTOFF = 512, 64, 4096
"""Bytes of a sector, of a mini sector, and the size from which a stream lies in sectors of its own (§2.2)."""

MAX_FAT_SECTORS = 109
"""As many as the header lists: 7 MB. A macro project has some 50 kB."""

MAX_NAME = 31
"""Characters of an entry's name (§2.6.1)."""

_FREE, _END, _FAT_MARK, _NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_RED, _BLACK = 0, 1
_ENTRY = struct.Struct("<64sHBBLLL16sL8s8sLQ")


@dataclass(slots=True)
class _Entry:
    """One directory entry (§2.6.1) on its way to disk."""

    name: str
    kind: int
    content: bytes = b""
    colour: int = _BLACK
    left: int = _NONE
    right: int = _NONE
    child: int = _NONE
    start: int = 0
    size: int = 0


@dataclass(slots=True)
class _Sectors:
    """Sectors or mini sectors with their allocation table, filled stream by stream."""

    size: int
    body: bytearray = field(default_factory=bytearray)
    table: list[int] = field(default_factory=list)

    def add(self, content: bytes) -> int:
        """Append a chain and give its first sector; an empty one has none."""
        if not content:
            return _END
        first = len(self.table)
        count = -(-len(content) // self.size)
        self.table += [first + n + 1 for n in range(count - 1)] + [_END]
        self.body += content.ljust(count * self.size, b"\0")
        return first


def compound_file(root: Storage) -> bytes:
    """The bytes of a compound file with these members. ValueError when a name or the whole is too long."""
    entries = [_Entry("Root Entry", _ROOT)]
    entries[0].child = _add_members(entries, root)
    mini, sectors = _Sectors(MINI_SECTOR), _Sectors(SECTOR)
    for entry in entries:
        if entry.kind == _STREAM:
            home = mini if len(entry.content) < CUTOFF else sectors
            entry.start, entry.size = home.add(entry.content), len(entry.content)
    entries[0].start, entries[0].size = sectors.add(bytes(mini.body)), len(mini.body)
    mini_table = sectors.add(_packed(mini.table))
    mini_table_sectors = -(-len(mini.table) * 4 // SECTOR)
    directory = sectors.add(_directory(entries))
    tables = _fat_sectors(len(sectors.table))
    first_table = len(sectors.table)
    sectors.table += [_FAT_MARK] * tables
    header = struct.pack(
        "<8s16s5H6x9L",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6,
        0, tables, directory, 0, CUTOFF, mini_table, mini_table_sectors, _END, 0,
    )  # fmt: skip
    listed = [first_table + n for n in range(tables)]
    header += struct.pack("<109L", *listed, *[_FREE] * (MAX_FAT_SECTORS - tables))
    return header + bytes(sectors.body) + _packed(sectors.table)


def _add_members(entries: list[_Entry], members: Storage) -> int:
    """Enter a storage's members as a red-black tree (§2.6.4); gives the number of its root."""
    numbers = []
    for name, content in sorted(members.items(), key=lambda item: _order(item[0])):
        if not 0 < len(name) <= MAX_NAME:
            raise ValueError(f"{name!r}: no name for an entry of a compound file")
        numbers.append(len(entries))
        if isinstance(content, bytes):
            entries.append(_Entry(name, _STREAM, content))
        else:
            entry = _Entry(name, _STORAGE)
            entries.append(entry)
            entry.child = _add_members(entries, content)
    return _tree(entries, numbers, len(numbers).bit_length() - 1)


def _tree(entries: list[_Entry], numbers: list[int], red_depth: int, depth: int = 0) -> int:
    """A balanced tree over sorted entries. Its last level is red, all above it black: every path to a leaf then
    passes as many black entries, and no red one follows another."""
    if not numbers:
        return _NONE
    middle = len(numbers) // 2
    entry = entries[numbers[middle]]
    entry.colour = _RED if depth == red_depth and depth else _BLACK
    entry.left = _tree(entries, numbers[:middle], red_depth, depth + 1)
    entry.right = _tree(entries, numbers[middle + 1 :], red_depth, depth + 1)
    return numbers[middle]


def _order(name: str) -> tuple[int, str]:
    """Entries compare by length first, then in capitals (§2.6.4)."""
    return len(name), name.upper()


def _directory(entries: list[_Entry]) -> bytes:
    packed = bytearray()
    for entry in entries:
        name = entry.name.encode("utf-16-le")
        packed += _ENTRY.pack(
            name, len(name) + 2, entry.kind, entry.colour, entry.left, entry.right, entry.child,
            b"", 0, b"", b"", entry.start, entry.size,
        )  # fmt: skip
    unused = _ENTRY.pack(b"", 0, 0, 0, _NONE, _NONE, _NONE, b"", 0, b"", b"", 0, 0)
    return bytes(packed) + unused * (-len(entries) % (SECTOR // _ENTRY.size))


def _fat_sectors(others: int) -> int:
    """How many sectors the allocation table takes, itself included."""
    count = 1
    while count * (SECTOR // 4) < others + count:
        count += 1
    if count > MAX_FAT_SECTORS:
        raise ValueError("too much for one compound file")
    return count


def _packed(table: list[int]) -> bytes:
    padding = -len(table) % (SECTOR // 4)
    return struct.pack(f"<{len(table) + padding}L", *table, *[_FREE] * padding)
