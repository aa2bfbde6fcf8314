"""Turns a built .xlsx into an .xlsm: the VBA project, the buttons, content types, relationships.

The contract between the macro and Python
-----------------------------------------
The macro calls ``iku-excel tombol REQUEST`` (or ``PYTHON -P -m iku_excel tombol REQUEST``) and waits. REQUEST is
the path of a text file ``permintaan-….ini`` in ``.iku-excel`` below the user's home folder: never in TEMP or
AppData, which a Python from the Store sees elsewhere than Excel does. UTF-16 with a byte order mark on Windows, the
locale's encoding elsewhere. One ``key=value`` a line, cut at the first "=", no sections, no quotes:

=========  ==========================================================================================
versi      1
buku       the open workbook: Excel's ``FullName`` (a path, a URL, or "Book1"); LibreOffice's URL, "" if never saved
nama       the workbook's name, unique within one Excel
salinan    a copy for reading; "" when Python has to make it itself (see below)
laporan    where the report goes
hwnd       the number of Excel's window, 0 in LibreOffice
aplikasi   excel, or libreoffice
waktu      when the button was clicked, local time: 2026-01-15T09:30:00
=========  ==========================================================================================

``salinan`` and ``laporan`` are file names beside REQUEST, so that no letter of the path is lost. The copy has the
workbook's format whatever its ending; it holds personal data, so Python deletes it as soon as it is read. The macro
deletes copy, request and report once more when Python has ended.

The report: written beside its place and renamed, in the system's own encoding ("mbcs", CR LF on Windows; UTF-8
elsewhere), letters outside it replaced by "?". First line OK (done), TEMUAN (done, with findings of level
"kesalahan") or GAGAL (nothing was changed, unless the text says that the run was cut off halfway); the lines after
it are shown as they are, up to 900 characters.

When no Python can be started, the request stays for ``iku-excel pantau``, with an empty ``salinan``: a copy with
personal data must not lie about for a watcher that may never come, so pantau makes its own. It serves only requests
with an empty ``salinan`` (the others have their Python already) whose last line, ``waktu``, is there and minutes old
at most; it deletes the request and tells the user itself: nobody reads its report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from xml.sax.saxutils import escape, quoteattr

from iku_excel.form.button.vba import Module, vba_project
from iku_excel.form.layout import PEMERIKSAAN, RINGKASAN
from iku_excel.xlsx.package import Package, local

MACRO = "HitungUlang"
CAPTION = "Hitung Ulang"
DESCRIPTION = "Tombol Hitung Ulang: memeriksa data dan menghitung semua IKU"

MODULES = ("IkuTombol", "IkuBerkas", "IkuPython", "IkuLuar", "IkuLibreOffice")
"""The standard modules, each a ``macro/NAME.bas``."""

_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_VML_RELATION = f"{_RELATIONS}/vmlDrawing"
_VBA_RELATION = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
_WORKBOOK = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACRO_WORKBOOK = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_DEFAULTS = {
    "bin": "application/vnd.ms-office.vbaProject",
    "vml": "application/vnd.openxmlformats-officedocument.vmlDrawing",
}
_PROJECT = "xl/vbaProject.bin"
_RELATION_ID = "rIkuTombol"

_AFTER_LEGACY = re.compile(
    rb"<(?:legacyDrawingHF|drawingHF|picture|oleObjects|controls|webPublishItems|tableParts|extLst)[ />]|</worksheet>"
)
"""What may follow ``<legacyDrawing>`` in a sheet (ECMA-376 part 1, 18.3.1.99)."""

_CODE_NAME = re.compile(rb'<(?:workbookPr|sheetPr) [^>]*?\bcodeName="([A-Za-z][A-Za-z0-9_]{0,30})"')


@dataclass(frozen=True, slots=True)
class Button:
    """One button: from the upper left corner of one cell to that of another (column, row, counted from 0), and
    ``inside`` pixels further to the right. ``number`` is the sheet's own block of shape numbers."""

    sheet: str
    start: tuple[int, int]
    end: tuple[int, int]
    inside: int
    number: int


BUTTONS = (Button(RINGKASAN, (5, 1), (8, 3), 0, 1), Button(PEMERIKSAAN, (5, 1), (5, 3), 180, 2))
"""Above the frozen header rows, right of the titles: always in sight, never over a cell that holds something."""


def macro_modules(book: str, sheets: tuple[str, ...]) -> list[Module]:
    """The project's modules: the code behind the workbook and each sheet (none), and ours."""
    folder = files("iku_excel.form.button") / "macro"
    documents = [Module(book, "workbook"), *(Module(name, "sheet") for name in sheets)]
    own = []
    for name in MODULES:
        head, _, code = (folder / f"{name}.bas").read_text(encoding="ascii").partition("\n")
        if head.rstrip() != f'Attribute VB_Name = "{name}"':
            raise ValueError(f"{name}.bas begins with another name")
        own.append(Module(name, "standard", code))
    return [*documents, *own]


def add_button(data: bytes) -> bytes:
    """The .xlsm of a workbook that the template built: every part but those that must change stays as it is.

    ValueError when the workbook already has a macro project or a button's sheet a legacy drawing, or when a code
    name is missing (the template gives one to the workbook and to each sheet).
    """
    package = Package.open(data)
    if package.has(_PROJECT):
        raise ValueError("there is a macro project already")
    workbook = package.workbook_part
    book = _code_name(package, workbook)
    code_names = tuple(_code_name(package, sheet.part) for sheet in package.sheets)
    changed: dict[str, bytes | None] = {
        _PROJECT: vba_project(macro_modules(book, code_names)),
        "[Content_Types].xml": _content_types(package.read("[Content_Types].xml")),
    }
    changed |= dict(_related(package, workbook, "rIkuMakro", _VBA_RELATION, _PROJECT))
    for button in BUTTONS:
        part = package.sheet(button.sheet).part
        drawing = f"xl/drawings/vmlDrawing{button.number}.vml"
        if package.has(drawing):
            raise ValueError(f"{drawing} is taken")
        changed[part] = _with_legacy_drawing(package.read(part), button.sheet)
        changed[drawing] = vml(button).encode()
        changed |= dict(_related(package, part, _RELATION_ID, _VML_RELATION, drawing))
    return package.with_parts(changed)


def vml(button: Button) -> str:
    """The legacy drawing of one sheet, as Excel writes it for a button from the Forms toolbar."""
    (left, top), (right, bottom) = button.start, button.end
    shape = f"_x0000_s{button.number * 1024 + 1}"
    anchor = f"{left}, 0, {top}, 2, {right}, {button.inside}, {bottom}, 0"
    return f"""<xml xmlns:v="urn:schemas-microsoft-com:vml"
 xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:x="urn:schemas-microsoft-com:office:excel">
 <o:shapelayout v:ext="edit">
  <o:idmap v:ext="edit" data="{button.number}"/>
 </o:shapelayout><v:shapetype id="_x0000_t201" coordsize="21600,21600" o:spt="201"
  path="m,l,21600r21600,l21600,xe">
  <v:stroke joinstyle="miter"/>
  <v:path shadowok="f" o:extrusionok="f" strokeok="f" fillok="f" o:connecttype="rect"/>
  <o:lock v:ext="edit" shapetype="t"/>
 </v:shapetype><v:shape id="{shape}" type="#_x0000_t201" alt={quoteattr(DESCRIPTION)}
  style='position:absolute;margin-left:300pt;margin-top:22pt;width:110pt;height:28pt;z-index:1;
  mso-wrap-style:tight' o:button="t" fillcolor="buttonFace [67]" strokecolor="windowText [64]"
  o:insetmode="auto">
  <v:fill color2="buttonFace [67]" o:detectmouseclick="t"/>
  <o:lock v:ext="edit" rotation="t"/>
  <v:textbox style='mso-direction-alt:auto' o:singleclick="f">
   <div style='text-align:center'><font face="Calibri" size="220"
   color="#000000">{escape(CAPTION)}</font></div>
  </v:textbox>
  <x:ClientData ObjectType="Button">
   <x:SizeWithCells/>
   <x:Anchor>
    {anchor}</x:Anchor>
   <x:PrintObject>False</x:PrintObject>
   <x:AutoFill>False</x:AutoFill>
   <x:FmlaMacro>[0]!{MACRO}</x:FmlaMacro>
   <x:TextHAlign>Center</x:TextHAlign>
   <x:TextVAlign>Center</x:TextVAlign>
  </x:ClientData>
 </v:shape></xml>"""


def _code_name(package: Package, part: str) -> str:
    found = _CODE_NAME.search(package.read(part))
    if found is None:
        raise ValueError(f"{part} has no code name")
    return found[1].decode()


def _content_types(xml: bytes) -> bytes:
    """Macro-enabled, and with the types of the new parts' endings."""
    if _WORKBOOK not in xml:
        raise ValueError("this is no plain .xlsx")
    known = {name.lower() for name in re.findall(r'Extension="([^"]+)"', xml.decode())}
    fresh = [
        f'<Default Extension="{ending}" ContentType="{kind}"/>'
        for ending, kind in _DEFAULTS.items()
        if ending not in known
    ]
    head = xml.index(b"<Default")
    return (xml[:head] + "".join(fresh).encode() + xml[head:]).replace(_WORKBOOK, _MACRO_WORKBOOK)


def _related(package: Package, part: str, rid: str, kind: str, target: str) -> Iterator[tuple[str, bytes]]:
    """The part's relationships with one more."""
    folder, _, file = part.rpartition("/")
    name = f"{folder}/_rels/{file}.rels"
    one = f'<Relationship Type="{kind}" Target="/{target}" Id="{rid}"/>'.encode()
    end = b"</Relationships>"
    if not package.has(name):
        yield name, f'<Relationships xmlns="{_PACKAGE}">'.encode() + one + end
        return
    if local(package.xml(name)) != "Relationships" or rid in package.rels(part):
        raise ValueError(f"{name}: {rid} is taken")
    yield name, package.read(name).replace(end, one + end)


def _with_legacy_drawing(xml: bytes, sheet: str) -> bytes:
    tail = xml.index(b"</sheetData>")
    if b"<legacyDrawing " in xml[tail:]:
        raise ValueError(f"{sheet} has a legacy drawing already")
    found = _AFTER_LEGACY.search(xml, tail)
    if found is None:
        raise ValueError(f"{sheet}: no end of the sheet")
    element = f'<legacyDrawing xmlns:r="{_RELATIONS}" r:id="{_RELATION_ID}"/>'.encode()
    return xml[: found.start()] + element + xml[found.start() :]
