"""The VBA project that we write: against olevba, olefile, pyOpenVBA, and beside projects that Excel wrote."""

from __future__ import annotations

import io
import re
import struct
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path

import olefile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyopenvba.cfb import CFB
from pyopenvba.interpreter import VBACompileError, parse_module
from pyopenvba.vba import decompress as second_decompress
from pyopenvba.vba import parse_vba_project

from iku_excel.form.button import parts
from iku_excel.form.button.cfb import MAX_NAME, compound_file
from iku_excel.form.button.vba import Module, compress, encrypt, vba_project

with warnings.catch_warnings():  # oletools 0.60.2 calls pyparsing 3.3 by its old names
    warnings.simplefilter("ignore", DeprecationWarning)
    from oletools.olevba import VBA_Parser, decompress_stream

CORPUS = Path(__file__).parents[1].parent / "shared" / "corpus"
SHEETS = tuple(f"Sheet{n}" for n in range(1, 17))
MODULES = parts.macro_modules("ThisWorkbook", SHEETS)
PROJECT = vba_project(MODULES)


def _opened(project: bytes) -> olefile.OleFileIO:
    """The compound file, opened with every incorrectness as an error."""
    return olefile.OleFileIO(io.BytesIO(project), raise_defects=olefile.DEFECT_INCORRECT)


def _excel_projects() -> list[tuple[str, bytes]]:
    if not CORPUS.is_dir():
        pytest.skip("the corpus of Excel's own files is not here")
    found = []
    for path in sorted(CORPUS.glob("*.xlsm")):
        with zipfile.ZipFile(path) as book:
            found += [(path.name, book.read(name)) for name in book.namelist() if name.endswith("vbaProject.bin")]
    return found


def _source_of(stream: bytes) -> bytes:
    """The compressed source of a module that Excel wrote: it stands after the compiled code."""
    return stream[stream.rfind(b"\0Attribut") - 3 :]


def _records(project: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of the dir stream. PROJECTVERSION's length leaves out two bytes."""
    raw = bytes(decompress_stream(bytearray(_opened(project).openstream("VBA/dir").read())))
    at = 0
    while at < len(raw):
        number, length = struct.unpack_from("<HL", raw, at)
        if number == 9:
            assert length == 4
            length = 6
        yield number, raw[at + 6 : at + 6 + length]
        at += 6 + length


def test_the_project_is_the_same_every_time() -> None:
    """Nothing of clock or chance is inside."""
    assert vba_project(parts.macro_modules("ThisWorkbook", SHEETS)) == PROJECT


def test_olevba_reads_back_every_line() -> None:
    """The independent reader gives the sources as they stand in macro/*.bas."""
    macros = {name: code for _, _, name, code in VBA_Parser("vbaProject.bin", data=PROJECT).extract_macros()}
    folder = Path(parts.__file__).parent / "macro"
    assert sorted(f"{name}.bas" for name in parts.MODULES) == sorted(path.name for path in folder.iterdir())
    for name in parts.MODULES:
        assert macros[f"{name}.bas"].splitlines() == (folder / f"{name}.bas").read_text().splitlines()
    assert {name.removesuffix(".cls") for name in macros if name.endswith(".cls")} == {"ThisWorkbook", *SHEETS}


def test_pyopenvba_reads_the_same_project() -> None:
    """A second reader finds the modules with their kinds, and nothing that contradicts itself."""
    container = CFB.from_bytes(PROJECT)
    project = parse_vba_project(container)
    assert project.validate(container) == []
    assert project.module_names() == [module.name for module in MODULES]


@pytest.mark.parametrize("name", parts.MODULES)
def test_the_macro_compiles(name: str) -> None:
    """pyOpenVBA's front end finds no compile error in any module."""
    code = (Path(parts.__file__).parent / "macro" / f"{name}.bas").read_text()
    parse_module(code, name=name)
    with pytest.raises(VBACompileError):
        parse_module(code.replace("End Function", "", 1), name=name)


@pytest.mark.parametrize("name", parts.MODULES)
def test_every_name_is_declared(name: str) -> None:
    """Option Explicit stands in every module but the one that asks for LibreOffice's ThisComponent."""
    code = (Path(parts.__file__).parent / "macro" / f"{name}.bas").read_text()
    assert ("\nOption Explicit\n" in code) == (name != "IkuLibreOffice")
    assert ("ThisComponent" in code) == (name == "IkuLibreOffice")


def test_the_macro_starts_nothing_but_python() -> None:
    """No API, no cmd.exe, no add-in, no RunPython, nothing fetched; programs only where the tests can watch."""
    folder = Path(parts.__file__).parent / "macro"
    code = {path.stem: re.sub(r"'[^\n\"]*$", "", path.read_text(), flags=re.M) for path in folder.iterdir()}
    every = "\n".join(code.values()).casefold()
    for word in ("declare ", "runpython", "addins", "xmlhttp", "cmd.exe", "powershell", "auto_open", "#if", "environ("):
        assert word not in every.replace(code["IkuLuar"].casefold(), ""), word
    assert {name for name, text in code.items() if re.search(r"\bShell \w|MsgBox|WScript", text)} == {"IkuLuar"}
    assert all(len(line) <= 120 for text in code.values() for line in text.splitlines())


def test_the_macros_texts_are_short_and_plain_letters() -> None:
    """MsgBox takes 1,024 characters of the ANSI code page; ours are ASCII whatever the machine."""
    for module in MODULES:
        assert module.source.isascii()


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_the_strict_reader_gives_each_stream(module: Module) -> None:
    """olefile in its strictest mode finds each module's stream and its source at offset 0."""
    stream = _opened(PROJECT).openstream(f"VBA/{module.name}").read()
    assert bytes(decompress_stream(bytearray(stream))) == module.source.encode()


EXPLAINED = {
    0x01: "SysKind 1 (32-bit) in files of the time; ours says 3, 64-bit Windows",
    0x09: "version counters of the project; ours is always 1.1",
    0x0D: "Excel notes where its libraries lay on that machine; ours refers to stdole alone, code is bound late",
    0x13: "the cookie: random; FFFF as §2.3.4.2.3.1 asks of a writer",
    0x16: "stdole as well as Office; ours stdole alone",
    0x2C: "the module's cookie, as 13",
    0x31: "where the source begins: after the compiled code, which ours has not",
    0x3E: "as 16",
}
"""Records of the dir stream whose content differs from Excel's, by number, and why."""


def test_every_record_stands_as_excel_writes_it() -> None:
    """A project with Excel's own modules has Excel's records in Excel's order; what differs is listed, all of it."""
    found = [project for name, project in _excel_projects() if name == "xlsxwriter__macro01.xlsm"]
    excels = list(_records(found[0]))
    ours = list(
        _records(
            vba_project([Module("Module1", "standard"), Module("ThisWorkbook", "workbook"), Module("Sheet1", "sheet")])
        )
    )
    office = excels.index((0x16, b"Office"))
    without_office = excels[:office] + excels[office + 3 :]
    assert [number for number, _ in ours] == [number for number, _ in without_office]
    differs = {number for (number, mine), (_, its) in zip(ours, without_office, strict=True) if mine != its} | {
        number for number, _ in excels[office : office + 3]
    }
    assert differs == set(EXPLAINED)
    assert {0x04, 0x19, 0x1A, 0x21, 0x22, 0x2B, 0x32, 0x47}.isdisjoint(differs)


def test_the_other_streams_stand_as_excel_writes_them() -> None:
    """PROJECT has Excel's lines in Excel's order, PROJECTwm its bytes, the documents their attributes."""
    found = [project for name, project in _excel_projects() if name == "xlsxwriter__macro01.xlsm"]
    theirs = _opened(found[0])
    code = "Sub Macro1()\nEnd Sub"
    ours = _opened(
        vba_project(
            [Module("Module1", "standard", code), Module("ThisWorkbook", "workbook"), Module("Sheet1", "sheet")]
        )
    )
    assert ours.openstream("PROJECTwm").read() == theirs.openstream("PROJECTwm").read()
    mine, its = (ole.openstream("PROJECT").read().decode().splitlines() for ole in (ours, theirs))
    keys = [[line.partition("=")[0] for line in lines] for lines in (mine, its)]
    assert keys[0] == keys[1]
    same = [a == b for a, b in zip(mine, its, strict=True)]
    differing = {key for key, equal in zip(keys[0], same, strict=True) if not equal}
    # identifier and what is coded with it; the windows' places on the screen
    assert differing <= {"ID", "CMG", "DPB", "GC", "Module1", "ThisWorkbook", "Sheet1"}
    for name in ("ThisWorkbook", "Sheet1"):
        stream = theirs.openstream(f"VBA/{name}").read()
        excels = bytes(decompress_stream(bytearray(_source_of(stream))))
        assert bytes(decompress_stream(bytearray(ours.openstream(f"VBA/{name}").read()))) == excels


def _decrypted(text: str) -> tuple[int, int, bytes]:
    """Version, key and data of an encrypted value (§2.4.3.3)."""
    raw = bytes.fromhex(text)
    seed = raw[0]
    plain, before, last, out = raw[2] ^ seed, raw[1], raw[2], bytearray()
    for coded in raw[3:]:
        byte = coded ^ ((before + plain) & 0xFF)
        out.append(byte)
        plain, before, last = byte, last, coded
    body = bytes(out[(seed & 6) >> 1 :])
    assert struct.unpack("<L", body[:4])[0] == len(body) - 4
    return raw[1] ^ seed, raw[2] ^ seed, body[4:]


def test_the_project_says_that_nothing_is_locked() -> None:
    """Protection, password and visibility decode as those that Excel wrote into an open project."""
    excels = ("DDDF6944971F9B1F9B1F9B1F9B", "B4B600BD009501950195", "8B893FEA17EB17EBE8")
    key = sum(b"{5890DC02-A2E6-42E1-A051-700029FB26BD}") & 0xFF
    assert [_decrypted(text) for text in excels] == [(2, key, data) for data in (bytes(4), b"\0", b"\xff")]
    text = _opened(PROJECT).openstream("PROJECT").read().decode()
    own_key = sum(re.search(r'ID="([^"]+)"', text)[1].encode()) & 0xFF  # type: ignore[index]
    for name, data in (("CMG", bytes(4)), ("DPB", b"\0"), ("GC", b"\xff")):
        value = re.search(rf'{name}="(\w+)"', text)[1]  # type: ignore[index]
        assert _decrypted(value) == (2, own_key, data)
        assert value == encrypt(data)


def test_what_excel_compressed_comes_back() -> None:
    """Every source and directory of Excel's own projects survives our compression, in no more room than Excel took."""
    checked = 0
    for _, project in _excel_projects():
        ole = olefile.OleFileIO(io.BytesIO(project))
        for place in ole.listdir():
            if place[0] != "VBA" or place[-1].startswith("_"):
                continue
            stream = ole.openstream(place).read()
            raw = stream if place[-1] == "dir" else _source_of(stream)
            text = bytes(decompress_stream(bytearray(raw)))
            packed = compress(text)
            assert bytes(decompress_stream(bytearray(packed))) == text
            assert len(packed) <= len(raw)
            checked += 1
    assert checked > 20


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab \r\n=Sub"), max_size=300).map(lambda text: (text * 40).encode()))
def test_any_text_survives_compression(text: bytes) -> None:
    """Two independent readers give back what was compressed, over chunk boundaries too."""
    packed = compress(text)
    assert bytes(decompress_stream(bytearray(packed))) == text
    assert second_decompress(packed) == text


def test_a_chunk_that_does_not_shrink_is_stored_raw() -> None:
    """4,096 bytes without any repetition keep their length."""
    noise = b"".join(struct.pack(">H", n * 40503 & 0xFFFF) for n in range(2048))
    packed = compress(noise)
    assert len(packed) == 1 + 2 + 4096
    assert bytes(decompress_stream(bytearray(packed))) == noise


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 8, 40, 200])
def test_containers_of_any_size(count: int) -> None:
    """The strict reader finds each stream again, and the directory is a red-black tree in the right order."""
    streams = {f"S{n}": bytes([n % 251]) * (n * n) for n in range(count)}
    ole = _opened(compound_file({"A": streams, "B": b"x"}))
    for name, content in streams.items():
        assert ole.openstream(f"A/{name}").read() == content
    top = next(entry for entry in ole.direntries if entry and entry.name == "A")
    _assert_red_black(ole, top.sid_child)


def _assert_red_black(ole: olefile.OleFileIO, sid: int) -> int:
    """Order, no red child of a red entry, as many black ones on every path; gives their number."""
    if sid == olefile.NOSTREAM:
        return 0
    entry = ole.direntries[sid]
    for side, child in (("left", entry.sid_left), ("right", entry.sid_right)):
        if child != olefile.NOSTREAM:
            other = ole.direntries[child]
            assert entry.color or other.color, "a red entry below a red one"
            mine, its = ((len(one.name), one.name.upper()) for one in (entry, other))
            assert its < mine if side == "left" else its > mine
    left, right = _assert_red_black(ole, entry.sid_left), _assert_red_black(ole, entry.sid_right)
    assert left == right
    return left + entry.color


def test_names_that_do_not_fit_are_refused() -> None:
    """A name too long for the container, and one that two modules share."""
    with pytest.raises(ValueError, match="no name"):
        compound_file({"n" * (MAX_NAME + 1): b""})
    with pytest.raises(ValueError, match="two modules"):
        vba_project([Module("Satu", "standard"), Module("SATU", "standard")])
    with pytest.raises(ValueError, match="too much"):
        compound_file({"besar": bytes(8 << 20)})


def test_letters_outside_the_code_page_are_refused() -> None:
    """Source that the project could not hold is an error of ours, not a question mark."""
    with pytest.raises(UnicodeEncodeError):
        vba_project([Module("Satu", "standard", "' 統計")])
