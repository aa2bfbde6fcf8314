"""What lies over the cells: pictures, charts, text boxes, slicers, notes and threaded comments."""

from __future__ import annotations

import re
import struct
import zlib

from .parts import HEAD, MAIN, MC, OFFICE, SPREADSHEET, WORKBOOK, X14, X15, Parts

XDR = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
SLICER = "http://schemas.microsoft.com/office/drawing/2010/slicer"
MICROSOFT = "http://schemas.microsoft.com/office"
DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"
CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"

PERSON = "{6F0C2F11-8E0B-4B0E-9A53-2D1A77C3B001}"
THREAD = "{1B7D2C55-3F0A-4D57-8C2B-9E0F5A7D4002}"
REPLY = "{1B7D2C55-3F0A-4D57-8C2B-9E0F5A7D4003}"


def png() -> bytes:
    """A picture of four pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    rows = b"\0\x1f\x4e\x79\xff\xff\xff" + b"\0\xff\xff\xff\xc5\x5a\x11"
    header = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def drawing_of(parts: Parts, sheet: str) -> str:
    """The drawing part of a sheet, made when it has none yet."""
    part = parts.sheet(sheet)
    number = part.removeprefix("xl/worksheets/sheet").removesuffix(".xml")
    related = parts.content.get(f"xl/worksheets/_rels/sheet{number}.xml.rels", b"").decode()
    known = re.search(r"drawings/(drawing\d+\.xml)", related)
    if known is not None:  # our own charts lie on it: the same part, with the prefixes that the grafts are spelled in
        name = f"xl/drawings/{known[1]}"
        if "<xdr:wsDr" not in parts.text(name):
            parts.change(name, f'<wsDr xmlns="{XDR}">', f'<xdr:wsDr xmlns="{XDR}" xmlns:xdr="{XDR}" xmlns:a="{A}">')
            parts.change(name, "</wsDr>", "</xdr:wsDr>")
        return name
    name = f"xl/drawings/drawing{number}.xml"
    parts.add(name, f'{HEAD}<xdr:wsDr xmlns:xdr="{XDR}" xmlns:a="{A}"></xdr:wsDr>', DRAWING_TYPE)
    rid = parts.relate(part, "drawing", f"../drawings/drawing{number}.xml")
    parts.splice(part, "drawing", f'<drawing xmlns:r="{OFFICE}" r:id="{rid}"/>')
    return name


def anchor(parts: Parts, drawing: str, column: int, row: int, inside: str) -> None:
    """Lay something over a range of 4 columns and 6 rows."""
    shape = len(re.findall(r"<(?:xdr:)?cNvPr ", parts.text(drawing))) + 2
    ends = "".join(
        f"<xdr:{end}><xdr:col>{column + d}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row + e}</xdr:row>"
        f"<xdr:rowOff>0</xdr:rowOff></xdr:{end}>"
        for end, d, e in (("from", 0, 0), ("to", 4, 6))
    )
    xml = f"<xdr:twoCellAnchor>{ends}{inside.replace('ID', str(shape))}<xdr:clientData/></xdr:twoCellAnchor>"
    parts.change(drawing, "</xdr:wsDr>", f"{xml}</xdr:wsDr>")


def picture(parts: Parts, sheet: str) -> None:
    """A picture, such as the agency's emblem."""
    parts.by_extension("png", "image/png")
    media = f"xl/media/image{sum(name.startswith('xl/media/') for name in parts.content) + 1}.png"
    parts.add(media, png(), "")
    drawing = drawing_of(parts, sheet)
    rid = parts.relate(drawing, "image", media.replace("xl/", "../"))
    anchor(
        parts,
        drawing,
        0,
        38,
        '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="ID" name="Lambang" descr="Lambang daerah"/><xdr:cNvPicPr>'
        '<a:picLocks noChangeAspect="1"/></xdr:cNvPicPr></xdr:nvPicPr><xdr:blipFill>'
        f'<a:blip xmlns:r="{OFFICE}" r:embed="{rid}"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill>'
        '<xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic>',
    )


def text_box(parts: Parts, sheet: str) -> None:
    """A text box with a remark."""
    anchor(
        parts,
        drawing_of(parts, sheet),
        6,
        38,
        '<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="ID" name="Kotak Teks"/><xdr:cNvSpPr txBox="1"/>'
        '</xdr:nvSpPr><xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr><xdr:txBody><a:bodyPr vertOverflow="clip"/>'
        '<a:lstStyle/><a:p><a:r><a:rPr lang="id-ID" sz="1100"/><a:t>Sudah dibahas dengan Bappeda</a:t></a:r></a:p>'
        "</xdr:txBody></xdr:sp>",
    )


def chart(parts: Parts, sheet: str) -> None:
    """A bar chart of the realisation of IKU-1 by quarter, with the values that Excel keeps in it."""
    name = "xl/charts/chart101.xml"
    points = "".join(f'<c:pt idx="{n}"><c:v>{v}</c:v></c:pt>' for n, v in enumerate((61.5, 66.25, 70, 78.24)))
    words = "".join(
        f'<c:pt idx="{n}"><c:v>Realisasi TW {q}</c:v></c:pt>' for n, q in enumerate(("I", "II", "III", "IV"))
    )
    axis = (
        '<c:axId val="{0}"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/>'
        '<c:axPos val="{2}"/><c:crossAx val="{1}"/>'
    )
    parts.add(
        name,
        f'{HEAD}<c:chartSpace xmlns:c="{C}" xmlns:a="{A}" xmlns:r="{OFFICE}"><c:chart><c:autoTitleDeleted val="1"/>'
        '<c:plotArea><c:layout/><c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:ser><c:idx val="0"/>'
        '<c:order val="0"/><c:tx><c:strRef><c:f>Ringkasan!$C$6</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0">'
        "<c:v>Indeks NSPK</c:v></c:pt></c:strCache></c:strRef></c:tx><c:cat><c:strRef><c:f>Ringkasan!$F$5:$I$5</c:f>"
        f'<c:strCache><c:ptCount val="4"/>{words}</c:strCache></c:strRef></c:cat><c:val><c:numRef>'
        "<c:f>Ringkasan!$F$6:$I$6</c:f><c:numCache><c:formatCode>0.00</c:formatCode>"
        f'<c:ptCount val="4"/>{points}</c:numCache></c:numRef></c:val></c:ser><c:axId val="111"/><c:axId val="222"/>'
        f"</c:barChart><c:catAx>{axis.format(111, 222, 'b')}</c:catAx><c:valAx>{axis.format(222, 111, 'l')}</c:valAx>"
        '</c:plotArea><c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart></c:chartSpace>',
        CHART_TYPE,
    )
    drawing = drawing_of(parts, sheet)
    rid = parts.relate(drawing, "chart", "../charts/chart101.xml")
    frame(
        parts,
        drawing,
        12,
        "Bagan 1",
        f'<a:graphicData uri="{C}"><c:chart xmlns:c="{C}" xmlns:r="{OFFICE}" r:id="{rid}"/></a:graphicData>',
    )


def frame(parts: Parts, drawing: str, column: int, name: str, graphic: str) -> None:
    """A graphic frame: what charts and slicers are drawn in."""
    anchor(parts, drawing, column, 38, graphic_frame(name, graphic))


def graphic_frame(name: str, graphic: str) -> str:
    """The element of a graphic frame."""
    return (
        f'<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="ID" name="{name}"/><xdr:cNvGraphicFramePr/>'
        '</xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic>'
        f"{graphic}</a:graphic></xdr:graphicFrame>"
    )


def slicer(parts: Parts, sheet: str) -> None:
    """A slicer of tblDokumen's column Jenis: two parts, two extensions, a name, a frame with a fallback."""
    parts.add(
        "xl/slicerCaches/slicerCache1.xml",
        f'{HEAD}<slicerCacheDefinition xmlns="{X14}" xmlns:mc="{MC}" mc:Ignorable="x" xmlns:x="{MAIN}" '
        f'name="Slicer_Jenis" sourceName="Jenis"><extLst><x:ext uri="{{2F2917AC-EB37-4324-AD4E-5DD8C200BD13}}" '
        f'xmlns:x15="{X15}"><x15:tableSlicerCache tableId="{_table_id(parts, "tblDokumen")}" column="2"/></x:ext>'
        "</extLst></slicerCacheDefinition>",
        "application/vnd.ms-excel.slicerCache+xml",
    )
    parts.add(
        "xl/slicers/slicer1.xml",
        f'{HEAD}<slicers xmlns="{X14}"><slicer name="Jenis" cache="Slicer_Jenis" caption="Jenis" rowHeight="241300"/>'
        "</slicers>",
        "application/vnd.ms-excel.slicer+xml",
    )
    part = parts.sheet(sheet)
    rid = parts.relate(part, f"{MICROSOFT}/2007/relationships/slicer", "../slicers/slicer1.xml")
    parts.extend(
        part,
        f'<ext xmlns:x15="{X15}" uri="{{3A4CF648-6AED-40f4-86FF-DC5316D8AED3}}"><x14:slicerList xmlns:x14="{X14}">'
        f'<x14:slicer xmlns:r="{OFFICE}" r:id="{rid}"/></x14:slicerList></ext>',
    )
    rid = parts.relate(WORKBOOK, f"{MICROSOFT}/2007/relationships/slicerCache", "slicerCaches/slicerCache1.xml")
    parts.extend(
        WORKBOOK,
        f'<ext xmlns:x15="{X15}" uri="{{46BE6895-7355-4a93-B00E-2C351335B9C9}}"><x15:slicerCaches xmlns:x14="{X14}">'
        f'<x14:slicerCache xmlns:r="{OFFICE}" r:id="{rid}"/></x15:slicerCaches></ext>',
    )
    parts.define("Slicer_Jenis", "#N/A")
    inside = graphic_frame(
        "Jenis", f'<a:graphicData uri="{SLICER}"><sle:slicer xmlns:sle="{SLICER}" name="Jenis"/></a:graphicData>'
    )
    fallback = (
        '<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="0" name=""/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr><xdr:txBody><a:bodyPr/><a:lstStyle/><a:p><a:r>'
        '<a:rPr lang="id-ID"/><a:t>Pemotong data</a:t></a:r></a:p></xdr:txBody></xdr:sp>'
    )
    choice = (
        f'<mc:AlternateContent xmlns:mc="{MC}"><mc:Choice xmlns:a14="{MICROSOFT}/drawing/2010/main" Requires="a14">'
        f"{inside}</mc:Choice><mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent>"
    )
    anchor(parts, drawing_of(parts, sheet), 10, 4, choice)


def _table_id(parts: Parts, name: str) -> str:
    for part in parts.content:
        if part.startswith("xl/tables/") and f'name="{name}"' in parts.text(part):
            found = re.search(r'<table [^>]*?\bid="(\d+)"', parts.text(part))
            assert found is not None
            return found[1]
    raise AssertionError(name)


def comments(parts: Parts, sheet: str, ref: str, author: str, text: str, uid: str = "") -> None:
    """A note as Excel keeps it: the text in one part, the yellow box in another, of VML."""
    part = parts.sheet(sheet)
    number = part.removeprefix("xl/worksheets/sheet").removesuffix(".xml")
    parts.by_extension("vml", "application/vnd.openxmlformats-officedocument.vmlDrawing")
    mark = f' xr:uid="{uid}"' if uid else ""
    parts.add(
        f"xl/comments{number}.xml",
        f'{HEAD}<comments xmlns="{MAIN}" xmlns:mc="{MC}" mc:Ignorable="xr" '
        f'xmlns:xr="{MICROSOFT}/spreadsheetml/2014/revision"><authors><author>{author}</author></authors><commentList>'
        f'<comment ref="{ref}" authorId="0" shapeId="0"{mark}><text><r><rPr><sz val="9"/><rFont val="Tahoma"/></rPr>'
        f"<t>{text}</t></r></text></comment></commentList></comments>",
        f"{SPREADSHEET}.comments+xml",
    )
    column, row = ord(ref[0]) - 65, int(ref[1:]) - 1
    parts.add(
        f"xl/drawings/vmlDrawing{number}.vml",
        '<xml xmlns:v="urn:schemas-microsoft-com:vml"\r\n xmlns:o="urn:schemas-microsoft-com:office:office"\r\n'
        ' xmlns:x="urn:schemas-microsoft-com:office:excel">\r\n <o:shapelayout v:ext="edit">\r\n'
        f'  <o:idmap v:ext="edit" data="{number}"/>\r\n </o:shapelayout><v:shapetype id="_x0000_t202" '
        'coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">\r\n  <v:stroke joinstyle="miter"/>\r\n'
        f' </v:shapetype><v:shape id="_x0000_s{number}025" type="#_x0000_t202" style=\'position:absolute;'
        'visibility:hidden\' fillcolor="#ffffe1" o:insetmode="auto">\r\n  <v:textbox style=\'mso-direction-alt:auto\'/>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>\r\n'
        f"   <x:Anchor>{column + 1}, 15, {row}, 2, {column + 3}, 31, {row + 4}, 1</x:Anchor>"
        f"<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape></xml>",
        "",
    )
    parts.relate(part, "comments", f"../comments{number}.xml")
    rid = parts.relate(part, "vmlDrawing", f"../drawings/vmlDrawing{number}.vml")
    parts.splice(part, "legacyDrawing", f'<legacyDrawing xmlns:r="{OFFICE}" r:id="{rid}"/>')


def threaded_comments(parts: Parts, sheet: str, ref: str) -> None:
    """A conversation as Excel 365 keeps it, with the note that older programs see."""
    space = f"{MICROSOFT}/spreadsheetml/2018/threadedcomments"
    types = f"{MICROSOFT}/2017/10/relationships"
    comments(parts, sheet, ref, f"tc={THREAD}", "[Komentar berutas] Mohon diperiksa", THREAD)
    said = "".join(
        f'<threadedComment ref="{ref}" dT="2025-12-01T08:{n:02d}:00.00" personId="{PERSON}" id="{one}"{of}><text>{text}'
        "</text></threadedComment>"
        for n, (one, of, text) in enumerate(
            ((THREAD, "", "Mohon diperiksa"), (REPLY, f' parentId="{THREAD}"', "Sudah sesuai"))
        )
    )
    parts.add(
        "xl/threadedComments/threadedComment1.xml",
        f'{HEAD}<ThreadedComments xmlns="{space}" xmlns:x="{MAIN}">{said}</ThreadedComments>',
        "application/vnd.ms-excel.threadedcomments+xml",
    )
    parts.add(
        "xl/persons/person.xml",
        f'{HEAD}<personList xmlns="{space}" xmlns:x="{MAIN}"><person displayName="CONTOH Staf" id="{PERSON}" '
        'userId="CONTOH" providerId="None"/></personList>',
        "application/vnd.ms-excel.person+xml",
    )
    parts.relate(parts.sheet(sheet), f"{types}/threadedComment", "../threadedComments/threadedComment1.xml")
    parts.relate(WORKBOOK, f"{types}/person", "persons/person.xml")
