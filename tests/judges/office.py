"""LibreOffice as judge of the figures: it computes every formula anew, and draws the sheets.

One headless soffice converts many workbooks in a call (0.36 s each). It trusts cached values unless its profile
says otherwise, so the profile asks for recalculation *and* every cached value is replaced by 424242 beforehand:
a survivor is an error of the test, never a figure.
"""

from __future__ import annotations

import atexit
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from iku_excel.cells import CellError

WRONG = 424242.0
"""The value put in place of every cached one."""

CHUNK = 40
"""Workbooks a call: a crash costs one chunk."""

OfficeCell: TypeAlias = float | str | bool | CellError | None
"""As LibreOffice computed it; "" is an empty text, None an empty cell."""

_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>{locale}</value></prop></item>
<item oor:path="/org.openoffice.Setup/Office">
<prop oor:name="ooSetupInstCompleted" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_FORMULA = re.compile(rb"<(\w+:)?f[\s/>]")
_RELS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class Recalculated:
    """A workbook as LibreOffice computed it: ``cells[sheet, "B5"]``; an absent cell is empty.

    LibreOffice writes 15 digits: compare numbers with a relative tolerance of 1e-12.
    """

    cells: Mapping[tuple[str, str], OfficeCell]

    def value(self, sheet: str, cell: str) -> OfficeCell:
        """The value of one cell, None when it is empty."""
        return self.cells.get((sheet, cell.replace("$", "")))


def require_office() -> None:
    """Skip the test when LibreOffice is missing; under CI (CI=true) fail it."""
    import pytest

    missing = [tool for tool in ("soffice", "pdftoppm") if shutil.which(tool) is None]
    if missing:
        reason = f"this machine lacks {' and '.join(missing)} (libreoffice-calc, poppler-utils)"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(reason)
        pytest.skip(reason)


def recalculate(paths: Iterable[Path | str], locale: str = "en-US", *, seeded: bool = True) -> dict[Path, Recalculated]:
    """Every formula of these workbooks computed anew by LibreOffice.

    ``locale`` sets the decimal sign ("id-ID": a comma). ``seeded`` puts 424242 in place of every cached value
    first; AssertionError when one survives. The files themselves are only read.
    """
    books = [Path(path) for path in paths]
    with tempfile.TemporaryDirectory(prefix="iku-office-") as folder:
        prepared = {}
        for number, path in enumerate(books):
            copy = Path(folder) / "in" / f"{number:05d}{path.suffix.lower()}"
            copy.parent.mkdir(exist_ok=True)
            if seeded:
                seed_wrong_caches(path, copy)
            else:
                shutil.copyfile(path, copy)
            prepared[path] = copy
        done = _convert(list(prepared.values()), "xlsx", Path(folder) / "out", locale)
        results = {path: _read(done[copy]) for path, copy in prepared.items()}
    if seeded:
        for path, result in results.items():
            kept = [f"{sheet}!{cell}" for (sheet, cell), value in result.cells.items() if value == WRONG]
            assert not kept, f"{path.name}: LibreOffice did not recalculate {', '.join(kept[:5])}"
    return results


def render(path: Path | str, sheet: str | None = None, *, into: Path | None = None, dpi: int = 80) -> list[Path]:
    """The workbook (or one sheet of it) printed and drawn as PNG files, a page each, in order.

    Without ``into`` the pictures lie in a folder that is deleted when the tests end.
    """
    into = into if into is not None else _scratch("pictures")
    into.mkdir(parents=True, exist_ok=True)
    stem = into / re.sub(r"\W+", "_", f"{Path(path).stem}-{sheet or 'semua'}")
    with tempfile.TemporaryDirectory(prefix="iku-office-") as folder:
        printed = _print(Path(path), sheet, Path(folder))
        subprocess.run(["pdftoppm", "-r", str(dpi), "-png", str(printed), str(stem)], check=True, timeout=120)
    return sorted(into.glob(f"{stem.name}-*.png"))


def printed_pages(path: Path | str, sheet: str | None = None) -> list[str]:
    """The text of each page that the workbook (or one sheet of it) prints, laid out as on paper."""
    with tempfile.TemporaryDirectory(prefix="iku-office-") as folder:
        command = ["pdftotext", "-layout", str(_print(Path(path), sheet, Path(folder))), "-"]
        text = subprocess.run(command, check=True, timeout=120, capture_output=True).stdout.decode()
    return text.split("\f")[:-1]


def _print(path: Path, sheet: str | None, folder: Path) -> Path:
    copy = folder / f"book{path.suffix.lower()}"
    if sheet is None:
        shutil.copyfile(path, copy)
    else:
        _only(path, sheet, copy)
    return _convert([copy], "pdf", folder / "out", "en-US")[copy]


def seed_wrong_caches(path: Path | str, target: Path) -> int:
    """Copy a workbook to ``target`` with 424242 as the cached value of every formula; gives their number."""
    from lxml import etree

    seeded = 0
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for member in source.infolist():
            data = source.read(member)
            if re.fullmatch(r"xl/worksheets/[^/]+\.xml", member.filename) and _FORMULA.search(data):
                root = etree.fromstring(data, etree.XMLParser(huge_tree=True, resolve_entities=False))
                for formula in root.iterfind(f"{_MAIN}sheetData/{_MAIN}row/{_MAIN}c/{_MAIN}f"):
                    cell = formula.getparent()
                    assert cell is not None
                    cell.attrib.pop("t", None)
                    value = cell.find(f"{_MAIN}v")
                    if value is None:
                        value = etree.SubElement(cell, f"{_MAIN}v")
                        formula.addnext(value)
                    value.text = f"{WRONG:.0f}"
                    seeded += 1
                data = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            out.writestr(member.filename, data)
    return seeded


def _scratch(name: str) -> Path:
    """A folder of this process, deleted at its end."""
    return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=_home()))


@cache
def _home() -> Path:
    home = Path(tempfile.mkdtemp(prefix="iku-office-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    return home


@cache
def _profile(locale: str) -> str:
    """The URL of a user profile for this process that always recalculates."""
    folder = _home() / f"profile-{locale}"
    (folder / "user").mkdir(parents=True, exist_ok=True)
    (folder / "user" / "registrymodifications.xcu").write_text(_PROFILE.format(locale=locale), encoding="utf-8")
    return folder.as_uri()


def _convert(copies: list[Path], kind: str, out: Path, locale: str) -> dict[Path, Path]:
    """Convert files with names of their own; each that a chunk left behind is tried once more, alone."""
    chunks = [copies[at : at + CHUNK] for at in range(0, len(copies), CHUNK)]
    talk = ""
    for chunk in chunks:
        talk = _soffice(chunk, kind, out, locale)
    done = {copy: out / f"{copy.stem}.{kind}" for copy in copies}
    for copy, result in done.items():
        if not result.exists():
            talk = _soffice([copy], kind, out, locale)
        assert result.exists(), f"LibreOffice could not convert {copy.name}: {talk[-500:]}"
    return done


def _soffice(files: list[Path], kind: str, out: Path, locale: str) -> str:
    """One run of soffice; a first start may exit 81 (it set up its profile) and is started again."""
    command = ["soffice", f"-env:UserInstallation={_profile(locale)}", "--headless", "--norestore", "--nologo"]
    command += ["--convert-to", kind, "--outdir", str(out), *map(str, files)]
    talk = ""
    for _ in range(3):
        run = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=120 + 20 * len(files),
            check=False,
            stdin=subprocess.DEVNULL,
        )
        talk = run.stdout + run.stderr
        if run.returncode != 81:
            break
    return talk


def _only(path: Path, sheet: str, target: Path) -> None:
    """A copy in which every other sheet is hidden, so that only this one is printed."""
    from lxml import etree

    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for member in source.infolist():
            data = source.read(member)
            if member.filename == "xl/workbook.xml":
                root = etree.fromstring(data)
                sheets = list(root.iterfind(f"{_MAIN}sheets/{_MAIN}sheet"))
                names = [one.get("name") for one in sheets]
                assert sheet in names, f"{path.name} has no sheet {sheet}"
                for one in sheets:
                    if one.get("name") == sheet:
                        one.attrib.pop("state", None)
                    else:
                        one.set("state", "hidden")
                for view in root.iterfind(f"{_MAIN}bookViews/{_MAIN}workbookView"):
                    view.set("activeTab", str(names.index(sheet)))
                    view.set("firstSheet", str(names.index(sheet)))
                for area in list(root.iterfind(f"{_MAIN}definedNames/{_MAIN}definedName")):
                    # LibreOffice prints a print area of a hidden sheet all the same
                    if area.get("name") == "_xlnm.Print_Area" and area.get("localSheetId") != str(names.index(sheet)):
                        area.getparent().remove(area)
                data = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            out.writestr(member.filename, data)


def _read(path: Path) -> Recalculated:
    """The cells of a workbook that LibreOffice wrote."""
    from lxml import etree

    cells: dict[tuple[str, str], OfficeCell] = {}
    with zipfile.ZipFile(path) as book:
        strings = []
        if "xl/sharedStrings.xml" in book.namelist():
            root = etree.fromstring(book.read("xl/sharedStrings.xml"), etree.XMLParser(huge_tree=True))
            strings = ["".join(t.text or "" for t in item.iter(f"{_MAIN}t")) for item in root.iterfind(f"{_MAIN}si")]
        rels = etree.fromstring(book.read("xl/_rels/workbook.xml.rels"))
        targets = {rel.get("Id"): rel.get("Target", "") for rel in rels}
        for sheet in etree.fromstring(book.read("xl/workbook.xml")).iterfind(f"{_MAIN}sheets/{_MAIN}sheet"):
            part = "xl/" + targets[sheet.get(_RELS)].removeprefix("/xl/")
            with book.open(part) as stream:
                for _, cell in etree.iterparse(stream, tag=f"{_MAIN}c", huge_tree=True):
                    cells[str(sheet.get("name")), str(cell.get("r"))] = _value(cell, strings)
                    cell.clear()
    return Recalculated({place: value for place, value in cells.items() if value is not None})


def _value(cell: Any, strings: list[str]) -> OfficeCell:
    kind = cell.get("t", "n")
    text = cell.findtext(f"{_MAIN}v")
    has_formula = cell.find(f"{_MAIN}f") is not None
    if kind == "s":
        return strings[int(text)]
    if kind == "e":
        return CellError(text or "")
    if kind in {"str", "inlineStr"}:
        return text or "" if has_formula or text else None
    if text is None:
        return None
    return text == "1" if kind == "b" else float(text)
