"""What stands in and beside the sheets: formats, sparklines, printers, filters, names, sheets of the staff's own."""

from __future__ import annotations

import re

from .parts import HEAD, MAIN, MC, OFFICE, SPREADSHEET, WORKBOOK, X14, XM, Parts

BAR = "{3C9A1E77-5F0B-4C55-9D65-0B1C2D3E4F01}"
ITEM = "{5A2B7C11-0D4E-4A8B-9F3C-6E7D8C9B0A02}"
X14AC = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"
XR = "http://schemas.microsoft.com/office/spreadsheetml/2014/revision"
VT = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006"


def sparklines(parts: Parts, sheet: str) -> None:
    """A line in a cell, beside the quarters."""
    color = "".join(
        f'<x14:color{end} rgb="FF1F4E79"/>'
        for end in ("Series", "Negative", "Axis", "Markers", "First", "Last", "High", "Low")
    )
    lines = "".join(
        f"<x14:sparkline><xm:f>{sheet}!F{row}:I{row}</xm:f><xm:sqref>U{row}</xm:sqref></x14:sparkline>"
        for row in (6, 7, 8)
    )
    parts.extend(
        parts.sheet(sheet),
        f'<ext xmlns:x14="{X14}" uri="{{05C60535-1F16-4fd2-B633-F4F36F0B64E0}}"><x14:sparklineGroups xmlns:xm="{XM}">'
        f'<x14:sparklineGroup displayEmptyCellsAs="gap">{color}<x14:sparklines>{lines}</x14:sparklines>'
        "</x14:sparklineGroup></x14:sparklineGroups></ext>",
    )


def data_bar(parts: Parts, sheet: str, area: str) -> None:
    """A conditional format in two halves: for Excel 2007, and the extension for 2010."""
    part = parts.sheet(sheet)
    ends = '<cfvo type="min"/><cfvo type="max"/><color rgb="FF638EC6"/>'
    parts.splice(
        part,
        "conditionalFormatting",
        f'<conditionalFormatting sqref="{area}"><cfRule type="dataBar" priority="90"><dataBar>{ends}</dataBar><extLst>'
        f'<ext xmlns:x14="{X14}" uri="{{B025F937-C7B1-47D3-B67F-A62EFF666E3E}}"><x14:id>{BAR}</x14:id></ext></extLst>'
        "</cfRule></conditionalFormatting>",
    )
    parts.extend(
        part,
        f'<ext xmlns:x14="{X14}" uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}"><x14:conditionalFormattings>'
        f'<x14:conditionalFormatting xmlns:xm="{XM}"><x14:cfRule type="dataBar" id="{BAR}"><x14:dataBar minLength="0" '
        'maxLength="100" border="1"><x14:cfvo type="autoMin"/><x14:cfvo type="autoMax"/>'
        '<x14:borderColor rgb="FF638EC6"/><x14:negativeFillColor rgb="FFFF0000"/><x14:axisColor rgb="FF000000"/>'
        f"</x14:dataBar></x14:cfRule><xm:sqref>{area}</xm:sqref></x14:conditionalFormatting>"
        "</x14:conditionalFormattings></ext>",
    )


def list_from_another_sheet(parts: Parts, sheet: str, area: str) -> None:
    """A drop-down list that takes its words from another sheet: an extension since Excel 2010."""
    parts.extend(
        parts.sheet(sheet),
        f'<ext xmlns:x14="{X14}" uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}"><x14:dataValidations xmlns:xm="{XM}" '
        'count="1"><x14:dataValidation type="list" allowBlank="1" showErrorMessage="1"><x14:formula1>'
        f"<xm:f>Pegawai!$B$5:$B$20</xm:f></x14:formula1><xm:sqref>{area}</xm:sqref></x14:dataValidation>"
        "</x14:dataValidations></ext>",
    )


def printer(parts: Parts, sheet: str) -> None:
    """The settings of the office's printer: bytes that only its driver reads."""
    parts.by_extension("bin", f"{SPREADSHEET}.printerSettings")
    part = parts.sheet(sheet)
    number = part.removeprefix("xl/worksheets/sheet").removesuffix(".xml")
    name = f"printerSettings{number}.bin"
    parts.add(f"xl/printerSettings/{name}", bytes(range(256)) * 3, "")
    rid = parts.relate(part, "printerSettings", f"../printerSettings/{name}")
    parts.change(part, "<pageSetup ", f'<pageSetup xmlns:r="{OFFICE}" r:id="{rid}" ')


def custom_xml(parts: Parts) -> None:
    """A part of a document management system, and properties of its own."""
    parts.add("customXml/item1.xml", '<arsip xmlns="urn:contoh:arsip"><klasifikasi>800</klasifikasi></arsip>', "")
    parts.add(
        "customXml/itemProps1.xml",
        f'{HEAD}<ds:datastoreItem xmlns:ds="{DOCUMENT}/customXml" ds:itemID="{ITEM}"><ds:schemaRefs>'
        '<ds:schemaRef ds:uri="urn:contoh:arsip"/></ds:schemaRefs></ds:datastoreItem>',
        "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
    )
    parts.relate("customXml/item1.xml", "customXmlProps", "itemProps1.xml")
    parts.relate(WORKBOOK, "customXml", "../customXml/item1.xml")
    parts.add(
        "docProps/custom.xml",
        f'{HEAD}<Properties xmlns="{DOCUMENT}/custom-properties" xmlns:vt="{VT}"><property '
        'fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="Nomor Arsip"><vt:lpwstr>800/12/2025</vt:lpwstr>'
        "</property></Properties>",
        "application/vnd.openxmlformats-officedocument.custom-properties+xml",
    )
    parts.relate("", "custom-properties", "docProps/custom.xml")


def staff_sheet(parts: Parts) -> None:
    """A sheet of the staff's own whose formulas look at ours, with the values that Excel computed last."""
    cells = (
        ("A1", "NSPK!C25*2", "1"),
        ("A2", "Indeks_Kesekretariatan+1", "2"),
        ("A3", "SUM(tblAnggaran[Pagu Murni])", "3"),
    )
    rows = "".join(
        f'<row r="{ref[1:]}"><c r="{ref}"><f>{formula}</f><v>{value}</v></c></row>' for ref, formula, value in cells
    )
    parts.add_sheet("Rekap Staf", f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>')
    parts.define("Rekap_Staf", "'Rekap Staf'!$A$1:$A$3")


def pivot(parts: Parts) -> None:
    """A pivot table over tblDokumen, left on a sheet of its own: cache, table, and the workbook's list of caches."""
    part = parts.add_sheet(
        "Pivot Staf",
        f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData><row r="3"><c r="A3" t="inlineStr"><is><t>Label Baris</t></is></c>'
        '</row><row r="4"><c r="A4" t="inlineStr"><is><t>Perencanaan</t></is></c></row></sheetData></worksheet>',
    )
    headings = re.findall(r'<tableColumn [^>]*name="([^"]+)"', _table(parts, "tblDokumen"))
    shared = '<sharedItems count="2"><s v="Perencanaan"/><s v="Penganggaran"/></sharedItems>'
    cached = "".join(
        f'<cacheField name="{h}" numFmtId="0">{shared if h == "Jenis" else "<sharedItems/>"}</cacheField>'
        for h in headings
    )
    parts.add(
        "xl/pivotCache/pivotCacheDefinition1.xml",
        f'{HEAD}<pivotCacheDefinition xmlns="{MAIN}" saveData="0" refreshedBy="CONTOH" refreshedDate="45992" '
        'createdVersion="6" refreshedVersion="6" minRefreshableVersion="3"><cacheSource type="worksheet">'
        f'<worksheetSource name="tblDokumen"/></cacheSource><cacheFields count="{len(headings)}">{cached}</cacheFields>'
        "</pivotCacheDefinition>",
        f"{SPREADSHEET}.pivotCacheDefinition+xml",
    )
    items = '<items count="3"><item x="0"/><item x="1"/><item t="default"/></items>'
    axis = f'<pivotField axis="axisRow" showAll="0">{items}</pivotField>'
    fields = "".join(axis if h == "Jenis" else '<pivotField showAll="0"/>' for h in headings)
    at = headings.index("Jenis")
    parts.add(
        "xl/pivotTables/pivotTable1.xml",
        f'{HEAD}<pivotTableDefinition xmlns="{MAIN}" name="PivotStaf" cacheId="7" dataCaption="Nilai">'
        '<location ref="A3:A6" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/>'
        f'<pivotFields count="{len(headings)}">{fields}</pivotFields><rowFields count="1"><field x="{at}"/></rowFields>'
        '<rowItems count="3"><i><x/></i><i>'
        '<x v="1"/></i><i t="grand"><x/></i></rowItems></pivotTableDefinition>',
        f"{SPREADSHEET}.pivotTable+xml",
    )
    parts.relate(part, "pivotTable", "../pivotTables/pivotTable1.xml")
    parts.relate("xl/pivotTables/pivotTable1.xml", "pivotCacheDefinition", "../pivotCache/pivotCacheDefinition1.xml")
    rid = parts.relate(WORKBOOK, "pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml")
    parts.splice(
        WORKBOOK,
        "pivotCaches",
        f'<pivotCaches><pivotCache xmlns:r="{OFFICE}" cacheId="7" r:id="{rid}"/></pivotCaches>',
    )


def _table(parts: Parts, name: str) -> str:
    return next(
        parts.text(p) for p in parts.content if p.startswith("xl/tables/") and f'name="{name}"' in parts.text(p)
    )


def own_looks(parts: Parts) -> None:
    """A wider column, a number format of the staff's on one of our figures, a note in a cell that nobody uses."""
    part = parts.sheet("Ringkasan")
    parts.change(part, '<col width="27.71" customWidth="1" min="2"', '<col width="44.25" customWidth="1" min="2"')
    parts.cell(part, "U2", '<c r="U2" t="inlineStr"><is><t>Catatan: dibahas 12 Januari</t></is></c>')
    styles = parts.text("xl/styles.xml")
    count = len(re.findall(r"<xf ", styles[styles.index("<cellXfs") : styles.index("</cellXfs>")]))
    number = '<numFmt numFmtId="199" formatCode="0.000&quot; %&quot;"/>'
    if "</numFmts>" in styles:
        many = len(re.findall("<numFmt ", styles))
        styles = styles.replace(f'<numFmts count="{many}"', f'<numFmts count="{many + 1}"')
        styles = styles.replace("</numFmts>", f"{number}</numFmts>")
    else:
        styles = styles.replace("<fonts", f'<numFmts count="1">{number}</numFmts><fonts', 1)
    made = '<xf numFmtId="199" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    styles = styles.replace(f'<cellXfs count="{count}"', f'<cellXfs count="{count + 1}"')
    parts.content["xl/styles.xml"] = styles.replace("</cellXfs>", f"{made}</cellXfs>").encode()
    sheet = parts.text(part)
    parts.content[part] = re.sub(r'(<c r="K6" s=")\d+', rf"\g<1>{count}", sheet, count=1).encode()


def views(parts: Parts) -> None:
    """Zoom and selection; a filter on a table column and on Pemeriksaan, with the rows that it hides."""
    for name in ("Ringkasan", "Pemeriksaan", "Dokumen"):
        parts.change(parts.sheet(name), "<sheetView ", '<sheetView zoomScale="85" zoomScaleNormal="85" ')
        parts.change(parts.sheet(name), 'activeCell="A1" sqref="A1"', 'activeCell="D7" sqref="D7:E9"')
    hit = '<filterColumn colId="1"><filters><filter val="{}"/></filters></filterColumn>'
    table = next(p for p in parts.content if p.startswith("xl/tables/") and 'name="tblDokumen"' in parts.text(p))
    area = re.search(r'<autoFilter ref="([^"]+)"/>', parts.text(table))
    assert area is not None
    parts.change(table, area[0], f'<autoFilter ref="{area[1]}">{hit.format("Perencanaan")}</autoFilter>')
    for number in (6, 8):
        parts.change(parts.sheet("Dokumen"), f'<row r="{number}"', f'<row r="{number}" hidden="1"')
    area = re.search(r'<autoFilter ref="(A5:I\d+)"/>', parts.text(parts.sheet("Pemeriksaan")))
    assert area is not None
    filtered = f'<autoFilter ref="{area[1]}">{hit.format("peringatan")}</autoFilter>'
    parts.change(parts.sheet("Pemeriksaan"), area[0], filtered)
    parts.change(parts.sheet("Pemeriksaan"), '<row r="7"', '<row r="7" hidden="1"')


def own_name(parts: Parts) -> None:
    """Names of the staff's own, for the workbook and for one sheet."""
    parts.define("Ambang_Kepala", "75")
    parts.define("Daftar_PIC", "Dokumen!$H$5:$H$20", sheet=4)


def spelled_by_excel(parts: Parts) -> None:
    """The root of Ringkasan and its rows as Excel 2016 writes them: more namespaces, ids, spans, baselines."""
    part = parts.sheet("Ringkasan")
    parts.change(
        part,
        f'<worksheet xmlns="{MAIN}">',
        f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}" xmlns:mc="{MC}" mc:Ignorable="x14ac xr" '
        f'xmlns:x14ac="{X14AC}" xmlns:xr="{XR}" xr:uid="{{00000000-0001-0000-0D00-000000000000}}">',
    )
    sheet = parts.text(part)
    sheet = re.sub(r'<row r="(\d+)"', r'<row r="\1" spans="1:38" x14ac:dyDescent="0.25"', sheet)
    parts.content[part] = sheet.replace("<sheetFormatPr ", '<sheetFormatPr x14ac:dyDescent="0.25" ', 1).encode()


def calc_chain(parts: Parts) -> None:
    """The order in which Excel last computed every formula: it must not name a cell that has none."""
    entries = []
    for element in re.findall(r"<sheet [^>]*>", parts.text(WORKBOOK)):
        name, number = (re.search(rf'\b{key}="([^"]+)"', element) for key in ("name", "sheetId"))
        assert name is not None and number is not None
        cells = re.findall(r'<c r="([A-Z]+\d+)"[^>]*><f', parts.text(parts.sheet(name[1])))
        entries += [f'<c r="{ref}" i="{number[1]}"/>' for ref in cells]
    parts.add(
        "xl/calcChain.xml",
        f'{HEAD}<calcChain xmlns="{MAIN}">{"".join(entries)}</calcChain>',
        f"{SPREADSHEET}.calcChain+xml",
    )
    parts.relate(WORKBOOK, "calcChain", "calcChain.xml")
