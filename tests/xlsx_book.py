"""Workbooks made of raw XML for the tests of reading."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pytest

from iku_excel.findings import Refusal
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.reader import SheetCells, WorkbookData, read_workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
ROOT = Path(__file__).parents[1]
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'


STRINGS = (
    '<si><t>satu</t></si><si><t></t></si><si><t xml:space="preserve"> dua  </t></si>'
    '<si><r><rPr><color rgb="FFFF0000"/></rPr><t>merah</t></r><r><t xml:space="preserve"> biru</t></r></si>'
    '<si><t>課きく</t><rPh sb="0" eb="1"><t>カ</t></rPh><phoneticPr fontId="1"/></si>'
    "<si><t>a_x000D_b&lt;&amp;&gt;_x005F_x0041_&#160;&#x1F600;</t></si>"
    "<si><t>_xD83D__xDE00_</t></si><si><t>x\r\ny</t></si>"
)


def table_xml(number: int, name: str, ref: str, headings: Sequence[str], totals: int = 0, headers: int = 1) -> str:
    """A table part; headings are given as the XML stores them."""
    columns = "".join(f'<tableColumn id="{i}" name="{h}"/>' for i, h in enumerate(headings, 1))
    counts = f'totalsRowCount="{totals}" headerRowCount="{headers}"'
    return (
        f'{DECLARATION}<table xmlns="{MAIN}" id="{number}" name="{name}" displayName="{name}" ref="{ref}" {counts}>'
        f'<tableColumns count="{len(headings)}">{columns}</tableColumns></table>'
    )


def book(
    sheets: Mapping[str, str],
    tables: Mapping[str, Sequence[str]] | None = None,
    strings: str | None = None,
    names: Mapping[str, str] | None = None,
    properties: str = "",
    method: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """A workbook of the given sheets: each a whole ``<worksheet>`` or only the rows inside ``<sheetData>``."""
    parts: dict[str, str] = {}
    listed, rels = "", ""
    for number, (name, content) in enumerate(sheets.items(), 1):
        listed += f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        rels += f'<Relationship Id="rId{number}" Type="{DOC}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        if not content.startswith(("<?xml", "<worksheet", "<x:")):
            content = f'{DECLARATION}<worksheet xmlns="{MAIN}"><sheetData>{content}</sheetData></worksheet>'
        parts[f"xl/worksheets/sheet{number}.xml"] = content
        links = ""
        for index, table in enumerate((tables or {}).get(name, ()), 1):
            links += f'<Relationship Id="t{index}" Type="{DOC}/table" Target="../tables/table{number}_{index}.xml"/>'
            parts[f"xl/tables/table{number}_{index}.xml"] = table
        if links:
            parts[f"xl/worksheets/_rels/sheet{number}.xml.rels"] = (
                f'<Relationships xmlns="{RELS}">{links}</Relationships>'
            )
    if strings is not None:
        rels += f'<Relationship Id="rIdS" Type="{DOC}/sharedStrings" Target="sharedStrings.xml"/>'
        parts["xl/sharedStrings.xml"] = (
            strings if "sst " in strings else f'{DECLARATION}<sst xmlns="{MAIN}">{strings}</sst>'
        )
    defined = "".join(f"<definedName name={quoteattr(n)}>{escape(t)}</definedName>" for n, t in (names or {}).items())
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{DOC}">{properties}<sheets>{listed}</sheets>'
        f"<definedNames>{defined}</definedNames></workbook>"
    )
    parts["xl/_rels/workbook.xml.rels"] = f'<Relationships xmlns="{RELS}">{rels}</Relationships>'
    parts["_rels/.rels"] = (
        f'<Relationships xmlns="{RELS}">'
        f'<Relationship Id="rId1" Type="{DOC}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    )
    parts["[Content_Types].xml"] = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def read(
    data: bytes, wanted: Sequence[str] = (), names: Sequence[str] = (), outputs: Sequence[str] = ()
) -> WorkbookData:
    """The workbook's data from its bytes."""
    return read_workbook(Package.open(data), wanted, names, outputs)


def sheet_of(content: str, strings: str | None = None) -> SheetCells:
    """All cells of a workbook's only sheet."""
    return read(book({"S": content}, strings=strings), outputs=["S"]).outputs["S"]


def refused(data: bytes, **wish: Sequence[str]) -> Refusal:
    """The refusal that reading this workbook ends in."""
    with pytest.raises(Refusal) as caught:
        read(data, **(wish or {"outputs": ["S"]}))
    return caught.value


def line(row: int, **cells: float) -> str:
    """One row of numbers by column letter."""
    inside = "".join(f'<c r="{column}{row}"><v>{value}</v></c>' for column, value in cells.items())
    return f'<row r="{row}" hidden="1">{inside}</row>'
