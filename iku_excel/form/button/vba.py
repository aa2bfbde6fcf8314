"""Writes a VBA project ([MS-OVBA]) from its source text: ``vbaProject.bin``, the same bytes every time.

There is no compiled code inside: ``_VBA_PROJECT`` names no version and every module begins with its source, so
whoever opens the project compiles it anew (§2.3.4.1 demands that a reader ignore the cache of another version).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from iku_excel.form.button.cfb import compound_file

Kind: TypeAlias = Literal["standard", "class", "workbook", "sheet"]
"""What a module is: of its own, a class of its own, or the code behind the workbook or a sheet."""

CODE_PAGE = "cp1252"
"""Every module's encoding. Ours are ASCII, so that no machine reads other letters."""

PROJECT_NAME = "VBAProject"
"""Excel's own default; LibreOffice takes it for the name of the library."""

PROJECT_ID = "{6B1D2A52-3C0E-4D5B-9F0A-1B2E71C6A9D4}"
"""A fixed identifier, drawn once: Excel writes a random one into each project."""

_DOCUMENT_BASE = {
    "workbook": "0{00020819-0000-0000-C000-000000000046}",
    "sheet": "0{00020820-0000-0000-C000-000000000046}",
}
"""The classes Workbook and Worksheet of Excel's type library."""

_STDOLE = rb"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation"
"""The one reference. Our code binds everything late, so none of another kind can be missing on a machine."""

_CHUNK, _MIN_COPY = 4096, 3
_SEED = 0x5C


@dataclass(frozen=True, slots=True)
class Module:
    """One module: its ``name`` (letters, digits, "_", at most 31) and the ``code`` below its attributes."""

    name: str
    kind: Kind
    code: str = ""

    @property
    def source(self) -> str:
        """The whole source as it stands in the project, attributes first, lines ended by CR LF."""
        return "\r\n".join([*self._attributes(), *self.code.splitlines(), ""])

    def _attributes(self) -> Iterator[str]:
        yield f'Attribute VB_Name = "{self.name}"'
        if self.kind == "standard":
            return
        document = self.kind != "class"
        base = _DOCUMENT_BASE.get(self.kind, "0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}")
        yield f'Attribute VB_Base = "{base}"'
        yield "Attribute VB_GlobalNameSpace = False"
        yield "Attribute VB_Creatable = False"
        yield f"Attribute VB_PredeclaredId = {document}"
        yield f"Attribute VB_Exposed = {document}"
        yield "Attribute VB_TemplateDerived = False"
        yield f"Attribute VB_Customizable = {document}"


def vba_project(modules: Sequence[Module]) -> bytes:
    """The project's compound file. ValueError for a name that is taken or a letter outside the code page."""
    names = [module.name.upper() for module in modules]
    if taken := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"two modules are called {min(taken)}")
    streams = {module.name: compress(module.source.encode(CODE_PAGE)) for module in modules}
    return compound_file(
        {
            "PROJECT": _project_text(modules).encode(CODE_PAGE),
            "PROJECTwm": _name_map(modules),
            "VBA": {
                **streams,
                "_VBA_PROJECT": b"\xcc\x61\xff\xff\x00\x00\x00",
                "dir": compress(b"".join(_directory(modules))),
            },
        }
    )


def compress(data: bytes) -> bytes:
    """A CompressedContainer (§2.4.1): chunks of 4096 bytes, each literal bytes and copies of what went before."""
    out = bytearray(b"\x01")
    for start in range(0, len(data), _CHUNK):
        chunk = data[start : start + _CHUNK]
        packed = _compress_chunk(chunk)
        if len(packed) > _CHUNK:  # it would grow; a raw chunk is always 4096 bytes long
            packed = chunk.ljust(_CHUNK, b"\0")
            out += struct.pack("<H", 0x3FFF) + packed
        else:
            out += struct.pack("<H", 0xB000 | (len(packed) - 1)) + packed
    return bytes(out)


def _compress_chunk(chunk: bytes) -> bytes:
    out, at = bytearray(), 0
    while at < len(chunk):
        flags, tokens = 0, bytearray()
        for bit in range(8):
            if at >= len(chunk):
                break
            offset, length = _match(chunk, at)
            if length:
                bits = max(4, (at - 1).bit_length())  # how many of 16 tell the offset grows with the place
                flags |= 1 << bit
                tokens += struct.pack("<H", (offset - 1) << (16 - bits) | (length - _MIN_COPY))
                at += length
            else:
                tokens.append(chunk[at])
                at += 1
        out.append(flags)
        out += tokens
    return bytes(out)


def _match(chunk: bytes, at: int) -> tuple[int, int]:
    """Distance back and length of the longest run that stood before, the nearest of several; (0, 0) for none."""
    if at == 0:
        return 0, 0
    longest = min((0xFFFF >> max(4, (at - 1).bit_length())) + _MIN_COPY, len(chunk) - at)
    best, found, length = 0, 0, _MIN_COPY
    while length <= longest:
        place = chunk.rfind(chunk[at : at + length], 0, at + length - 1)
        if place < 0:
            break
        while length < longest and chunk[place + length] == chunk[at + length]:
            length += 1
        best, found = at - place, length
        length += 1
    return best, found


def _record(number: int, content: bytes) -> bytes:
    return struct.pack("<HL", number, len(content)) + content


def _text(number: int, text: str, unicode_number: int) -> bytes:
    """A text twice: in the code page, and in UTF-16."""
    return _record(number, text.encode(CODE_PAGE)) + _record(unicode_number, text.encode("utf-16-le"))


def _directory(modules: Sequence[Module]) -> Iterator[bytes]:
    """The records of the ``dir`` stream (§2.3.4.2): information, references, modules."""
    yield _record(0x01, struct.pack("<L", 3))  # SysKind: 64-bit Windows
    yield _record(0x02, struct.pack("<L", 0x409))
    yield _record(0x14, struct.pack("<L", 0x409))
    yield _record(0x03, struct.pack("<H", 1252))
    yield _record(0x04, PROJECT_NAME.encode(CODE_PAGE))
    yield _text(0x05, "", 0x40)
    yield _record(0x06, b"") + _record(0x3D, b"")
    yield _record(0x07, struct.pack("<L", 0))
    yield _record(0x08, struct.pack("<L", 0))
    yield struct.pack("<HLLH", 0x09, 4, 1, 1)  # version 1.1; the length leaves out the minor half
    yield _text(0x0C, "", 0x3C)
    yield _text(0x16, "stdole", 0x3E)
    yield _record(0x0D, struct.pack("<L", len(_STDOLE)) + _STDOLE + bytes(6))
    yield _record(0x0F, struct.pack("<H", len(modules)))
    yield _record(0x13, b"\xff\xff")
    for module in modules:
        yield _text(0x19, module.name, 0x47)
        yield _text(0x1A, module.name, 0x32)
        yield _text(0x1C, "", 0x48)
        yield _record(0x31, struct.pack("<L", 0))  # the source begins at once: no compiled code before it
        yield _record(0x1E, struct.pack("<L", 0))
        yield _record(0x2C, b"\xff\xff")
        yield _record(0x21 if module.kind == "standard" else 0x22, b"")
        yield _record(0x2B, b"")
    yield _record(0x10, b"")


def _project_text(modules: Sequence[Module]) -> str:
    """The ``PROJECT`` stream (§2.3.1): the modules once more, and that nothing is locked."""
    words = {"standard": "Module", "class": "Class", "workbook": "Document", "sheet": "Document"}
    lines = [f'ID="{PROJECT_ID}"']
    for module in modules:
        entry = f"{words[module.kind]}={module.name}"
        lines.append(f"{entry}/&H00000000" if words[module.kind] == "Document" else entry)
    lines += [f'Name="{PROJECT_NAME}"', 'HelpContextID="0"', 'VersionCompatible32="393222000"']
    lines += [f'CMG="{encrypt(bytes(4))}"', f'DPB="{encrypt(bytes(1))}"', f'GC="{encrypt(bytes([0xFF]))}"']
    lines += ["", "[Host Extender Info]", "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000"]
    lines += ["", "[Workspace]"]
    lines += [f"{module.name}=0, 0, 0, 0, C" for module in modules]
    return "\r\n".join([*lines, ""])


def encrypt(data: bytes) -> str:
    """Data Encryption (§2.4.3.2) in hexadecimal digits, with a fixed seed and zeros for the ignored bytes.

    It hides nothing: the project is neither locked nor protected, but Excel wants to read so in this form.
    """
    key = sum(PROJECT_ID.encode()) & 0xFF
    out = [_SEED, _SEED ^ 2, _SEED ^ key]
    plain, before, last = key, out[1], out[2]
    for byte in bytes((_SEED & 6) >> 1) + struct.pack("<L", len(data)) + data:
        coded = byte ^ ((before + plain) & 0xFF)
        out.append(coded)
        plain, before, last = byte, last, coded
    return bytes(out).hex().upper()


def _name_map(modules: Sequence[Module]) -> bytes:
    """The ``PROJECTwm`` stream (§2.3.3): each name in the code page and in UTF-16."""
    pairs = (m.name.encode(CODE_PAGE) + b"\0" + m.name.encode("utf-16-le") + b"\0\0" for m in modules)
    return b"".join(pairs) + b"\0\0"
