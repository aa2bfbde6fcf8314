"""The last touch on a new workbook: what openpyxl can't write, and bytes that do not depend on the clock."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree.ElementTree import canonicalize
from xml.sax.saxutils import escape

from iku_excel.form.template.chart_pages import finish_part
from iku_excel.form.template.content import Marks

BORN = "2024-01-01T00:00:00Z"
"""The date that every new workbook carries inside; the same bytes come out whenever it is built."""

PROGRAM = "iku_excel"
"""Named as the program that wrote the file. LibreOffice fits the heights of rows with wrapped text only in files
that it does not believe to come from Microsoft Excel."""

_CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    f"<dc:title>Indikator Kinerja Utama</dc:title><dc:creator>{PROGRAM}</dc:creator>"
    f'<dcterms:created xsi:type="dcterms:W3CDTF">{BORN}</dcterms:created>'
    f'<dcterms:modified xsi:type="dcterms:W3CDTF">{BORN}</dcterms:modified></cp:coreProperties>'
)

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_AFTER_IGNORED = re.compile(r"<(?:drawing|legacyDrawing|tableParts|extLst)[ />]|</worksheet>")
_FORMULA_CELL = re.compile(
    r'<c r="([A-Z]+[0-9]+)"((?: s="[0-9]+")?)((?: t="[a-z]+")?)>(<f[ >].*?</f>)<v ?/?>(?:</v>)?</c>'
)
_FIXED_HEIGHT = re.compile(r'(<row [^>]*?)(?: customHeight="1")')
"""openpyxl fixes every height that it writes; without the mark a row still grows with what staff type."""

_NUMBER_BY_NAME = re.compile(r'(<c [^>]*?) t="n"(?=[ />])')
"""openpyxl names the default type; Excel doesn't, and ironcalc takes an empty cell with it for the number 0."""

_EXTENT = re.compile(rb'(<dimension ref="[A-Z]+[0-9]+:[A-Z]+)[0-9]+')
_FAR_CHARACTER = re.compile(rb"&#([0-9]{3,7});")
_EMPTY = re.compile(rb'<([A-Za-z:]+)((?: [^<>]*")?)></\1>')
_ORDER = ("[Content_Types].xml", "_rels/", "docProps/", "xl/")


def finish(data: bytes, sheets: tuple[str, ...], marks: Marks) -> bytes:
    """The workbook with stored values beside the input formulas, without warnings about numbers stored as text,
    with names and texts of its charts, and with fixed dates. ``sheets``: the sheets' names in the order of their parts.
    """
    parts = {f"xl/worksheets/sheet{n}.xml": name for n, name in enumerate(sheets, 1)}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=_place):
            content = _uniform(source.read(name))
            if name == "xl/workbook.xml":
                content = canonicalize(content.decode()).encode()
            if name in parts:
                content = _sheet(content.decode(), parts[name], marks).encode()
                if rows := marks.rows.get(parts[name]):
                    content = _with_rows(content, rows)
            elif name.startswith(("xl/drawings/", "xl/charts/")):
                content = _uniform(finish_part(name, content, marks.charts))
            elif name == "docProps/core.xml":
                content = _CORE.encode()
            elif name == "docProps/app.xml":
                content = re.sub(rb"(<Application>)[^<]*", rb"\g<1>" + PROGRAM.encode(), content)
            info = zipfile.ZipInfo(name, _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0  # else the byte differs between Windows and the rest
            target.writestr(info, content)
    return out.getvalue()


def _uniform(xml: bytes) -> bytes:
    """The same bytes whether or not lxml, which openpyxl takes where it finds it, wrote them."""
    xml = _EMPTY.sub(rb"<\1\2/>", xml.replace(b" />", b"/>"))
    return _FAR_CHARACTER.sub(lambda found: chr(int(found[1])).encode(), xml)


def _place(name: str) -> tuple[int, str]:
    """Content types first, as Excel itself orders its files."""
    return next((n for n, start in enumerate(_ORDER) if name.startswith(start)), len(_ORDER)), name


def _sheet(xml: str, name: str, marks: Marks) -> str:
    cached = marks.cached.get(name, {})

    def stored(found: re.Match[str]) -> str:
        place, style, _, formula = found.groups()
        value = cached.get(place)
        if value is None:
            return f'<c r="{place}"{style}>{formula}</c>'
        if isinstance(value, str):
            return f'<c r="{place}"{style} t="str">{formula}<v>{escape(value)}</v></c>'
        return f'<c r="{place}"{style}>{formula}<v>{value!r}</v></c>'

    xml = _FIXED_HEIGHT.sub(r"\1", _NUMBER_BY_NAME.sub(r"\1", xml))
    xml = _FORMULA_CELL.sub(stored, xml)
    if areas := marks.number_like.get(name):
        ignored = f'<ignoredErrors><ignoredError sqref="{" ".join(areas)}" numberStoredAsText="1"/></ignoredErrors>'
        found = _AFTER_IGNORED.search(xml)
        if found is None:
            raise ValueError(f"{name}: no end of the sheet")
        xml = xml[: found.start()] + ignored + xml[found.start() :]
    return xml


def _with_rows(xml: bytes, rows: bytes) -> bytes:
    """The sheet with these rows behind its own, reaching down to the last of them."""
    last = rows.rpartition(b'<row r="')[2].partition(b'"')[0]
    return _EXTENT.sub(rb"\g<1>" + last, xml, count=1).replace(b"</sheetData>", rows + b"</sheetData>", 1)
