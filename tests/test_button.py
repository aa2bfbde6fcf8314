"""The button's workbook: its parts, and the macro in an Excel for Windows that pyOpenVBA plays."""

from __future__ import annotations

import datetime
import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from iku_excel.examples import EXAMPLES, example_content
from iku_excel.fill import fill
from iku_excel.form.button import parts, with_button
from iku_excel.form.button.vba import vba_project
from iku_excel.form.template import build
from iku_excel.form.template.content import Content
from iku_excel.xlsx.package import Package
from tests.excel_stage import Stage
from tests.judges.excel import assert_excel_accepts

HERE = Path(__file__).parent
MOMENT = datetime.datetime(2026, 1, 15, 9, 30)
PLAIN = build(2025, Content())
MACRO_BOOK = with_button(PLAIN)
INFORMATION, WARNING, CRITICAL = 64, 48, 16


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as book:
        return {name: book.read(name) for name in book.namelist()}


# --- the file -----------------------------------------------------------------------------------------------------


def test_the_same_workbook_every_time() -> None:
    """Built twice, byte for byte the same."""
    assert with_button(build(2025, Content())) == MACRO_BOOK


def test_excel_would_open_it(tmp_path: Path) -> None:
    """No judge minds a part, a content type, a relationship or the order of elements; filled or not."""
    for name, data in (("baru.xlsm", MACRO_BOOK), ("terisi.xlsm", fill(MACRO_BOOK, MOMENT).data)):
        assert data is not None
        (tmp_path / name).write_bytes(data)
        assert_excel_accepts(tmp_path / name)


def test_only_the_parts_that_must_change_do() -> None:
    """Content types, three relationship files, two sheets by one element; everything else as it was."""
    before, after = _parts(PLAIN), _parts(MACRO_BOOK)
    sheets = [f"xl/worksheets/sheet{n}.xml" for n in (14, 16)]
    assert {name for name in before if before[name] != after.get(name)} == {
        "[Content_Types].xml",
        "xl/_rels/workbook.xml.rels",
        "xl/worksheets/_rels/sheet14.xml.rels",
        *sheets,
    }
    assert after.keys() - before.keys() == {
        "xl/vbaProject.bin",
        "xl/drawings/vmlDrawing1.vml",
        "xl/drawings/vmlDrawing2.vml",
        "xl/worksheets/_rels/sheet16.xml.rels",
    }
    for name in sheets:
        assert re.sub(rb"<legacyDrawing [^>]*/>", b"", after[name]) == before[name]


def test_each_code_name_has_its_module() -> None:
    """The workbook and every sheet name a document module of the project, and there are no others."""
    package = Package.open(MACRO_BOOK)
    named = {re.search(rb'codeName="(\w+)"', package.read(sheet.part))[1].decode() for sheet in package.sheets}  # type: ignore[index]
    modules = parts.macro_modules("ThisWorkbook", tuple(f"Sheet{n}" for n in range(1, 18)))
    assert named == {module.name for module in modules if module.kind == "sheet"}
    assert b'codeName="ThisWorkbook"' in package.read("xl/workbook.xml")
    assert package.read("xl/vbaProject.bin") == vba_project(modules)


@pytest.mark.parametrize("button", parts.BUTTONS, ids=lambda button: button.sheet)
def test_a_button_covers_no_cell_that_holds_something(button: parts.Button) -> None:
    """It stands in empty cells above the frozen header row, with a name for those who can't see it."""
    package = Package.open(fill(MACRO_BOOK, MOMENT).data or b"")
    sheet = etree.fromstring(package.read(package.sheet(button.sheet).part))
    held = {cell.get("r") for cell in sheet.iterfind(".//{*}sheetData/{*}row/{*}c") if len(cell)}
    covered = {
        f"{chr(65 + column)}{row + 1}"
        for column in range(button.start[0], button.end[0] + (button.inside > 0))
        for row in range(button.start[1], button.end[1])
    }
    assert covered and not covered & held
    assert button.end[1] < int(sheet.find(".//{*}pane").get("ySplit"))
    root = etree.fromstring(package.read(f"xl/drawings/vmlDrawing{button.number}.vml"))
    shape = root.find("{urn:schemas-microsoft-com:vml}shape")
    assert shape is not None and "Hitung Ulang" in shape.get("alt", "")
    assert re.fullmatch(r"\s*\d+(, \d+){7}\s*", root.findtext(".//{*}Anchor") or "")
    assert root.findtext(".//{*}FmlaMacro") == "[0]!HitungUlang"
    assert root.find(".//{*}ClientData").get("ObjectType") == "Button"  # type: ignore[union-attr]


def test_its_shapes_are_excels() -> None:
    """Beside a button that Excel's format is known by, the drawing has the same elements and the same attributes."""
    corpus = HERE.parent.parent / "shared" / "corpus" / "xlsxwriter__button07.xlsm"
    if not corpus.is_file():
        pytest.skip("the corpus of Excel's own files is not here")
    theirs = etree.fromstring(_parts(corpus.read_bytes())["xl/drawings/vmlDrawing1.vml"])
    ours = etree.fromstring(parts.vml(parts.BUTTONS[0]).encode())
    # ours also says what it is for, and keeps its size when columns change theirs
    shape = ours.find("{urn:schemas-microsoft-com:vml}shape")
    assert shape is not None
    del shape.attrib["alt"]
    size = ours.find(".//{*}SizeWithCells")
    assert size is not None
    size.getparent().remove(size)  # type: ignore[union-attr]
    assert [(e.tag, sorted(e.attrib)) for e in ours.iter()] == [(e.tag, sorted(e.attrib)) for e in theirs.iter()]


def test_filling_keeps_macro_and_button_to_the_byte() -> None:
    """`isi` on a closed .xlsm changes neither project nor drawing nor wiring; a second filling changes nothing."""
    book = with_button(build(*example_content(EXAMPLES[0].name)))
    filled = fill(book, MOMENT).data
    assert filled is not None
    before, after = _parts(book), _parts(filled)
    for name in ("xl/vbaProject.bin", "xl/drawings/vmlDrawing1.vml", "xl/drawings/vmlDrawing2.vml"):
        assert after[name] == before[name]
    assert after["xl/worksheets/_rels/sheet14.xml.rels"] == before["xl/worksheets/_rels/sheet14.xml.rels"]
    assert after["xl/worksheets/sheet14.xml"].count(b"<legacyDrawing ") == 1
    assert fill(filled, MOMENT).data is None
    assert fill(filled, MOMENT).indices == fill(build(*example_content(EXAMPLES[0].name)), MOMENT).indices


def test_other_workbooks_are_refused() -> None:
    """A second project, a missing code name, a foreign legacy drawing: errors of ours, never a broken file."""
    with pytest.raises(ValueError, match="already"):
        with_button(MACRO_BOOK)
    plain = Package.open(PLAIN)
    sheet = plain.sheet("Ringkasan").part
    nameless = plain.with_parts({sheet: plain.read(sheet).replace(b' codeName="Sheet14"', b"")})
    with pytest.raises(ValueError, match="no code name"):
        with_button(nameless)
    drawn = plain.read(sheet).replace(b"</headerFooter>", b'</headerFooter><legacyDrawing id="x"/>')
    with pytest.raises(ValueError, match="legacy drawing"):
        parts._with_legacy_drawing(drawn, "Ringkasan")


# --- the macro in Excel for Windows, played in pyOpenVBA -----------------------------------------------------------


def _reports(text: str) -> Any:
    """A program that leaves this report."""

    def play(command: str, stage: Stage) -> None:
        path, keys = stage.request(command)
        folder = path.rpartition("\\")[0]
        assert stage.files[f"{folder}\\{keys['salinan']}"] == "copy"
        stage.files[f"{folder}\\{keys['laporan']}"] = text

    return play


def test_a_click_in_excel() -> None:
    """Copy, request, Python hidden and awaited, report shown, nothing left; spaces, &, ' and foreign letters hold."""
    stage = Stage(_reports("OK\r\nSelesai.\r\nIKU-1: 71,23\r\n"))
    assert stage.click() == [("Selesai.\nIKU-1: 71,23", INFORMATION)]
    assert len(stage.commands) == 1
    folder = r"C:\Users\Siti & Ali 統計\.iku-excel"
    name = re.escape(folder) + r"\\permintaan-\d{8}T\d{6}-\d+\.ini"
    assert re.fullmatch(f'"iku-excel" tombol "{name}"', stage.commands[0])
    assert stage.folders == {folder}
    assert stage.files == {}


def test_the_request_says_which_workbook() -> None:
    """Window, full name, name, copy and report, in the keys of the contract; the time in digits of every locale."""
    seen: dict[str, str] = {}

    def play(command: str, stage: Stage) -> None:
        seen.update(stage.request(command)[1])
        _reports("OK\r\nSelesai.")(command, stage)

    Stage(play, full_name="https://d.docs.live.net/ab/Anggaran.xlsm").click()
    assert list(seen) == ["versi", "buku", "nama", "salinan", "laporan", "hwnd", "aplikasi", "waktu"]
    assert seen["buku"] == "https://d.docs.live.net/ab/Anggaran.xlsm"
    assert (seen["versi"], seen["hwnd"], seen["aplikasi"]) == ("1", "132456", "excel")
    assert seen["nama"] == "Anggaran.xlsm"
    assert seen["salinan"].removesuffix(".xlsm") == seen["laporan"].removesuffix(".txt")
    assert datetime.datetime.fromisoformat(seen["waktu"]) <= datetime.datetime.now() + datetime.timedelta(seconds=1)


def test_a_workbook_never_saved() -> None:
    """Book1 has no path; the copy makes it readable all the same."""
    assert Stage(_reports("OK\r\nSelesai."), full_name="Book1").click() == [("Selesai.", INFORMATION)]


def test_excels_state_during_and_after() -> None:
    """No alerts, events or keyboard while another program writes; afterwards as it was, also after an error."""
    for stage in (Stage(_reports("OK\r\nSelesai.")), Stage(_reports(""), save_fails=True)):
        before = dict(stage.state)
        stage.click()
        assert stage.state == before
        for state in stage.states:
            assert (state["DisplayAlerts"], state["EnableEvents"], state["Interactive"]) == (False, False, False)
            assert state["EnableCancelKey"] == 0
            assert "menghitung" in state["StatusBar"]


def test_one_python_after_another() -> None:
    """The workbook's cell, the variable, iku-excel, py -3, python: the first that leaves a report ends the search."""

    def play(command: str, stage: Stage) -> None:
        if command.startswith('"python" '):
            _reports("TEMUAN\r\n3 kesalahan.")(command, stage)
        elif "iku-excel" in command[:12]:
            raise _missing()

    stage = Stage(play, python_cell=r"C:\Python & 'teman'\python.exe", environment={"IKU_EXCEL_PYTHON": r"D:\iku.exe"})
    assert stage.click() == [("3 kesalahan.", WARNING)]
    starts = [command.partition(" tombol ")[0] for command in stage.commands]
    assert starts == [
        r'"C:\Python & ' + r"'teman'\python.exe" + '" -P -m iku_excel',
        r'"D:\iku.exe"',
        '"iku-excel"',
        '"py" -3 -P -m iku_excel',
        '"python" -P -m iku_excel',
    ]
    assert stage.files == {}


def _missing() -> Exception:
    from pyopenvba.interpreter import VBARuntimeError

    return VBARuntimeError(-2147024894, "The system cannot find the file specified.")


def test_a_cell_with_a_quotation_mark_is_no_program() -> None:
    """What would end the quoted program name is passed over, not run."""
    stage = Stage(_reports("OK\r\nSelesai."), python_cell='python.exe" & calc "')
    stage.click()
    assert len(stage.commands) == 1
    assert "calc" not in stage.commands[0]


@pytest.mark.parametrize("cause", ["missing", "silent", "forbidden"])
def test_no_python_leaves_the_request_for_pantau(cause: str) -> None:
    """Whatever keeps Python from running: the request stays without its copy, and the message says what to do."""

    def play(command: str, stage: Stage) -> None:
        if cause == "missing":
            raise _missing()

    stage = Stage(play, shell_is_forbidden=cause == "forbidden")
    before = dict(stage.state)
    [(message, style)] = stage.click()
    assert style == WARNING
    assert "iku-excel pantau" in message
    [(path, text)] = stage.files.items()
    assert path.endswith(".ini")
    keys = dict(line.split("=", 1) for line in text.splitlines() if line)
    assert keys["salinan"] == ""
    assert keys["hwnd"] == "132456"
    assert stage.state == before


def test_a_copy_that_cannot_be_saved() -> None:
    """The reason is told, Python is not started, nothing is left."""
    stage = Stage(_reports("OK\r\nSelesai."), save_fails=True)
    [(message, style)] = stage.click()
    assert style == CRITICAL
    assert "SaveCopyAs" in message and "iku-excel isi" in message
    assert stage.commands == []
    assert stage.files == {}


def test_a_long_report_is_cut() -> None:
    """MsgBox shows about 1,024 characters: 900 and a sign that there is more."""
    [(message, style)] = Stage(_reports("GAGAL\r\n" + "kata " * 500)).click()
    assert style == CRITICAL
    assert len(message) == 900
    assert message.endswith("...")


def test_an_empty_report_is_no_error() -> None:
    """A report without a line is told as such."""
    assert Stage(_reports("")).click() == [("iku-excel selesai tanpa pesan.", WARNING)]


def test_a_click_during_the_run_does_not_run_again() -> None:
    """The second click tells that the first is still at work."""

    def play(command: str, stage: Stage) -> None:
        if len(stage.commands) == 1:
            stage.vba.run("HitungUlang", [])
        _reports("OK\r\nSelesai.")(command, stage)

    stage = Stage(play)
    (first, _), (second, _) = stage.click()
    assert "masih berjalan" in first
    assert second == "Selesai."
    assert len(stage.commands) == 1
    assert stage.click()[-1] == ("Selesai.", INFORMATION)
