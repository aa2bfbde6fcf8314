"""A workbook's parts as bytes, and how Excel ties a new one to the others. Only zipfile and text, none of our code."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
X15 = "http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"
XM = "http://schemas.microsoft.com/office/excel/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'

TYPES = "[Content_Types].xml"
WORKBOOK = "xl/workbook.xml"

SHEET_ORDER = re.findall(
    r"\w+",
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios "
    "autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations "
    "hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches "
    "ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls "
    "webPublishItems tableParts extLst",
)
"""The children of ``<worksheet>`` in the standard's order."""

WORKBOOK_ORDER = re.findall(
    r"\w+",
    "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups externalReferences "
    "definedNames calcPr oleSize customWorkbookViews pivotCaches smartTagPr smartTagTypes webPublishing fileRecoveryPr "
    "webPublishObjects extLst",
)
"""The children of ``<workbook>`` in the standard's order."""


class Parts:
    """The parts of one workbook in memory; ``grafted`` names those that were added or that only a graft touched."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self.content = {name: archive.read(name) for name in archive.namelist()}
        self.grafted: list[str] = []

    def packed(self) -> bytes:
        """The workbook file, dated as a real one and compressed as by another program than ours."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name, content in self.content.items():
                info = zipfile.ZipInfo(name, (2025, 12, 1, 8, 30, 0))
                info.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
                archive.writestr(info, content)
        return out.getvalue()

    def text(self, name: str) -> str:
        """A part as text."""
        return self.content[name].decode()

    def change(self, name: str, old: str, new: str) -> None:
        """Replace the first occurrence of a text in a part; AssertionError when it isn't there."""
        text = self.text(name)
        assert old in text, f"{name} does not hold {old!r}"
        self.content[name] = text.replace(old, new, 1).encode()

    def add(self, name: str, content: str | bytes, content_type: str) -> None:
        """A new part with a content type of its own."""
        assert name not in self.content, name
        self.content[name] = content.encode() if isinstance(content, str) else content
        self.grafted.append(name)
        if content_type:
            self.change(TYPES, "</Types>", f'<Override PartName="/{name}" ContentType="{content_type}"/></Types>')

    def by_extension(self, extension: str, content_type: str) -> None:
        """The content type of all parts with this extension."""
        if f'Extension="{extension}"' not in self.text(TYPES):
            first = '<Default Extension="rels"'
            self.change(TYPES, first, f'<Default Extension="{extension}" ContentType="{content_type}"/>{first}')

    def relate(self, source: str, kind: str, target: str) -> str:
        """Relate a part ("" is the package) to another; returns the new id. ``kind``: a whole type or its last word."""
        folder, base = posixpath.split(source)
        name = posixpath.join(folder, "_rels", f"{base}.rels")
        if name not in self.content:
            self.content[name] = f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"></Relationships>'.encode()
            self.grafted.append(name)
        used = {int(n) for n in re.findall(r'Id="rId(\d+)"', self.text(name))}
        new = f"rId{max(used, default=0) + 1}"
        full = kind if ":" in kind else f"{OFFICE}/{kind}"
        line = f'<Relationship Id="{new}" Type="{full}" Target="{target}"/>'
        self.change(name, "</Relationships>", f"{line}</Relationships>")
        return new

    def sheet(self, name: str) -> str:
        """The part of the sheet with this name."""
        found = re.search(rf'<sheet [^>]*name="{re.escape(escape(name))}"[^>]*?id="(\w+)"', self.text(WORKBOOK))
        assert found is not None, name
        for line in re.findall(r"<Relationship [^>]*>", self.text("xl/_rels/workbook.xml.rels")):
            if f'Id="{found[1]}"' in line:
                target = re.search(r'Target="([^"]+)"', line)
                assert target is not None
                return posixpath.normpath(posixpath.join("/xl", target[1])).lstrip("/")
        raise AssertionError(name)

    def splice(self, part: str, element: str, xml: str) -> None:
        """Put a child into ``<worksheet>`` or ``<workbook>`` where the standard's order wants it."""
        root, order = ("workbook", WORKBOOK_ORDER) if part == WORKBOOK else ("worksheet", SHEET_ORDER)
        text = self.text(part)
        later = "|".join(f"<{one}[\\s/>]" for one in order[order.index(element) + 1 :])
        end = text.rindex("</sheetData>") if root == "worksheet" and order.index(element) > 5 else 0
        if root == "workbook":
            end = text.index("</sheets>")
        found = re.compile(f"{later}|</{root}>" if later else f"</{root}>").search(text, end)
        assert found is not None, part
        self.content[part] = (text[: found.start()] + xml + text[found.start() :]).encode()

    def extend(self, part: str, ext: str) -> None:
        """Put an ``<ext>`` into the part's own list of extensions."""
        if "</extLst></work" in self.text(part):
            at = self.text(part).rindex("</extLst>")
            self.content[part] = (self.text(part)[:at] + ext + self.text(part)[at:]).encode()
        else:
            self.splice(part, "extLst", f"<extLst>{ext}</extLst>")

    def define(self, name: str, text: str, *, sheet: int | None = None, hidden: bool = False) -> None:
        """A defined name; with ``sheet`` one of that sheet alone (its index)."""
        scope = f' localSheetId="{sheet}"' if sheet is not None else ""
        scope += ' hidden="1"' if hidden else ""
        self.change(
            WORKBOOK,
            "</definedNames>",
            f'<definedName name="{name}"{scope}>{escape(text)}</definedName></definedNames>',
        )

    def add_sheet(self, name: str, xml: str) -> str:
        """A new sheet at the end; returns its part."""
        number = len(re.findall(r"<sheet ", self.text(WORKBOOK))) + 1
        part = f"xl/worksheets/sheet{number}.xml"
        self.add(part, xml, f"{SPREADSHEET}.worksheet+xml")
        rid = self.relate(WORKBOOK, "worksheet", f"worksheets/sheet{number}.xml")
        line = f'<sheet xmlns:r="{OFFICE}" name="{name}" sheetId="{number + 20}" r:id="{rid}"/>'
        self.change(WORKBOOK, "</sheets>", f"{line}</sheets>")
        return part

    def cell(self, part: str, ref: str, xml: str) -> None:
        """Put a cell that wasn't there into an existing row, at its place."""
        row = ref.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        found = re.search(rf'(<row r="{row}"[^>]*>)(.*?)</row>', self.text(part), re.DOTALL)
        assert found is not None, f"{part} has no row {row}"
        cells = re.findall(r"<c [^>]*?(?:/>|>.*?</c>)", found[2], re.DOTALL)
        assert not any(f'r="{ref}"' in cell for cell in cells), f"{part} has a cell {ref}"
        before = [cell for cell in cells if _key(cell) < _key(f'<c r="{ref}"')]
        inside = "".join([*before, xml, *cells[len(before) :]])
        self.change(part, found[0], f"{found[1]}{inside}</row>")


def _key(cell: str) -> tuple[int, str]:
    found = re.search(r'r="([A-Z]+)', cell)
    assert found is not None
    return len(found[1]), found[1]
