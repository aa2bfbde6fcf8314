"""Workbooks written by hand, part by part, for tests that need one exact byte or one exact mistake."""

from __future__ import annotations

import io
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'

STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="2" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"><alignment wrapText="1"/></xf></cellXfs></styleSheet>'
)


def sheet(body: str, *, before: str = "", after: str = "") -> str:
    """A sheet part around the inside of ``<sheetData>``."""
    return (
        f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}">{before}<sheetData>{body}</sheetData>{after}</worksheet>'
    )


def rels(*entries: tuple[str, str, str]) -> str:
    """A relationships part of (id, kind, target)."""
    inside = "".join(
        f'<Relationship Id="{i}" Type="{OFFICE}/{kind}" Target="{target}"/>' for i, kind, target in entries
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{inside}</Relationships>'


def parts(*sheets: str, extra: dict[str, str] | None = None, workbook: str = "") -> dict[str, str]:
    """All parts of a workbook whose sheets are called Lembar1, Lembar2 …; ``workbook`` goes after its sheets."""
    listed = "".join(f'<sheet name="Lembar{n}" sheetId="{n}" r:id="rId{n}"/>' for n in range(1, len(sheets) + 1))
    extra = extra or {}
    links = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{SPREADSHEET}.worksheet+xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    for name, kind in (("sharedStrings", "sharedStrings"), ("calcChain", "calcChain"), ("styles", "styles")):
        if name == "styles" or f"xl/{name}.xml" in extra:
            links.append((f"rId{name}", kind, f"{name}.xml"))
            types += f'<Override PartName="/xl/{name}.xml" ContentType="{SPREADSHEET}.{kind}+xml"/>'
    return {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{SPREADSHEET}.sheet.main+xml"/>{types}</Types>',
        "_rels/.rels": rels(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets>'
        f"{workbook}</workbook>",
        "xl/_rels/workbook.xml.rels": rels(*links),
        "xl/styles.xml": STYLES,
        **{f"xl/worksheets/sheet{n}.xml": xml for n, xml in enumerate(sheets, 1)},
        **extra,
    }


def packed(content: dict[str, str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """These parts as a zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, text in content.items():
            archive.writestr(zipfile.ZipInfo(name, (2025, 1, 2, 3, 4, 6)), text, compress_type=method)
    return out.getvalue()


def book(*sheets: str, extra: dict[str, str] | None = None, workbook: str = "") -> bytes:
    """A whole workbook file; see ``parts``."""
    return packed(parts(*sheets, extra=extra, workbook=workbook))
