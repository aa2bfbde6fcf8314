"""The default Word template of ``laporan``, built by code: every run gives the same bytes.

Staff restyle a copy of it (fonts, order, their own sentences). What stands in ``{{ }}`` is a field of
``content.py``, ``{% %}`` repeats or leaves out; ``{%tr %}`` is about a table's row, ``{%p %}`` about a paragraph.
"""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table, _Cell

FONT = "Arial"
SIZE = 11.0  # points
TABLE_SIZE = 9.0
_BORN = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_TEXT_WIDTH = 16.0  # cm: A4 less the margins
_SHADE = "D9E2EC"
_TOTAL = 4
"""The row of totals: behind the header row and the three of the loop."""
_HINT = (
    "{#p Templat laporan iku_excel. Huruf, urutan, dan kalimat boleh diubah. Isian dalam kurung kurawal diganti saat"
    " laporan dibuat; daftarnya ada di docs/laporan.md. Paragraf ini tidak ikut tercetak. #}"
)


def build() -> bytes:
    """The template as .docx bytes. Needs python-docx (the extra ``laporan``)."""
    import docx

    document = docx.Document()
    _styles(document)
    _page(document)
    document.add_paragraph(_HINT)
    _title(document)
    _achieved(document)
    _last_year(document)
    _renstra(document)
    _elements(document)
    _components(document)
    _complaints(document)
    _told(document)
    _signature(document)
    core = document.core_properties
    core.title, core.author = "Bab III Akuntabilitas Kinerja", "{{ perangkat_daerah }}"
    core.comments, core.last_modified_by, core.revision = "", "iku_excel", 1
    core.created = core.modified = _BORN
    out = io.BytesIO()
    document.save(out)
    return settled(out.getvalue())


def settled(data: bytes) -> bytes:
    """The same package without the clock's times."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, _ZIP_TIME)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 0
            target.writestr(info, source.read(name))
    return out.getvalue()


def _styles(document: Document) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt, RGBColor

    looks: dict[str, tuple[float, bool, float, float]] = {
        "Normal": (SIZE, False, 0, 6),
        "Title": (14, True, 0, 12),
        "Heading 1": (12, True, 14, 6),
        "Heading 2": (SIZE, True, 10, 4),
        "Caption": (TABLE_SIZE + 1, True, 10, 4),
        "Header": (TABLE_SIZE, False, 0, 0),
        "Footer": (TABLE_SIZE, False, 0, 0),
    }
    for name, (size, bold, before, after) in looks.items():
        style: Any = document.styles[name]
        style.font.name, style.font.size, style.font.bold, style.font.italic = FONT, Pt(size), bold, False
        style.font.color.rgb = RGBColor(0, 0, 0)
        _plain_font(style)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    document.styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.styles["Caption"].paragraph_format.keep_with_next = True
    normal: Any = document.styles["Normal"]
    normal.paragraph_format.line_spacing = 1.15
    _language(normal)
    # python-docx's own template rules the title off and stops tabs for another paper
    for name, unwanted in (("Title", "w:pBdr"), ("Header", "w:tabs"), ("Footer", "w:tabs")):
        for element in document.styles[name].element.xpath(f"./w:pPr/{unwanted}"):
            element.getparent().remove(element)


def _plain_font(style: Any) -> None:
    """The font by its name for every script: python-docx's own template names the theme's, which goes before."""
    from docx.oxml.ns import qn

    fonts = style.element.rPr.rFonts
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), FONT)


def _language(style: Any) -> None:
    """Indonesian: else the spelling checker underlines every word."""
    _add(style.element.rPr, "w:lang", val="id-ID")


def _page(document: Document) -> None:
    from docx.shared import Cm

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(2)
    section.top_margin = section.bottom_margin = Cm(2.5)
    section.header_distance = section.footer_distance = Cm(1.25)
    head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
    for paragraph in (head, foot):
        paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(_TEXT_WIDTH), _right())
    head.add_run("{{ perangkat_daerah }}\tLKjIP Tahun {{ tahun }}")
    foot.add_run("{{ posisi }}\tHalaman ")
    _field(foot, "PAGE")
    foot.add_run(" dari ")
    _field(foot, "NUMPAGES")


def _right() -> Any:
    from docx.enum.text import WD_TAB_ALIGNMENT

    return WD_TAB_ALIGNMENT.RIGHT


def _add(parent: Any, tag: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element: Any = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    parent.append(element)
    return element


def _field(paragraph: Any, code: str) -> None:
    """A field that Word computes while it lays out the page."""
    for kind in ("begin", "", "separate", "1", "end"):
        run = paragraph.add_run()._r
        if kind == "":
            _add(run, "w:instrText").text = code
        elif kind == "1":
            _add(run, "w:t").text = kind
        else:
            _add(run, "w:fldChar", fldCharType=kind)


def _title(document: Document) -> None:
    document.add_paragraph("BAB III AKUNTABILITAS KINERJA", style="Title")
    document.add_paragraph(
        "Bab ini menyajikan capaian Indikator Kinerja Utama (IKU) {{ perangkat_daerah }}, {{ posisi }}."
        " {{ catatan_resmi }}"
    )


def _caption(document: Document, text: str) -> None:
    document.add_paragraph(f"Tabel 3.{{{{ nomor_tabel() }}}} {text}", style="Caption")


def _only_if(document: Document, condition: str) -> None:
    document.add_paragraph(f"{{%p if {condition} %}}")


def _end_if(document: Document) -> None:
    document.add_paragraph("{%p endif %}")


def _table(
    document: Document,
    heads: Sequence[str],
    widths: Sequence[float],
    loop: str,
    row: Sequence[str],
    *,
    words: int = 1,
    centred: Sequence[int] = (),
    total: Sequence[str] = (),
) -> None:
    """A table with a header row that repeats on every page, and a row for each record of ``loop``. The first
    ``words`` columns hold text, the others figures, to the right; widths are parts of the text's width."""
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    lines: list[Sequence[str]] = [heads, [f"{{%tr for {loop} %}}"], row, ["{%tr endfor %}"]]
    if total:
        lines.append(total)
    table = document.add_table(rows=len(lines), cols=len(heads), style="Table Grid")
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    sizes = [round(_TEXT_WIDTH * width / sum(widths), 2) for width in widths]
    for n, texts in enumerate(lines):
        for column, text in enumerate(texts):
            side = WD_ALIGN_PARAGRAPH.RIGHT if column >= words else WD_ALIGN_PARAGRAPH.LEFT
            if n == 0 or column in centred or heads[column] == "No":
                side = WD_ALIGN_PARAGRAPH.CENTER
            _fill(table.cell(n, column), text, side, bold=n in (0, _TOTAL), heading=n == 0)
    _finish(table, sizes)
    # a table is kept whole, and together with what follows: this line, so that the whole chapter is not
    gap = document.add_paragraph()
    gap.paragraph_format.space_after, gap.paragraph_format.line_spacing = Pt(0), Pt(2)


def _finish(table: Table, sizes: Sequence[float]) -> None:
    from docx.shared import Cm

    for column, size in zip(table.columns, sizes, strict=True):
        column.width = Cm(size)
        for cell in column.cells:
            cell.width = Cm(size)
    for row in table.rows:
        properties = row._tr.get_or_add_trPr()
        _add(properties, "w:cantSplit")
    _add(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")


def _fill(cell: _Cell, text: str, side: Any, *, bold: bool, heading: bool) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    paragraph.alignment = side
    shape = paragraph.paragraph_format
    shape.space_before, shape.space_after, shape.line_spacing, shape.keep_with_next = Pt(1), Pt(1), 1.0, True
    run = paragraph.add_run(text)
    run.font.size, run.font.bold = Pt(TABLE_SIZE), bold
    if heading:
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        _add(cell._tc.get_or_add_tcPr(), "w:shd", val="clear", color="auto", fill=_SHADE)


def _achieved(document: Document) -> None:
    from docx.shared import Pt

    document.add_heading("3.1 Capaian Indikator Kinerja Utama", 1)
    _caption(document, "Capaian IKU Tahun {{ tahun }}")
    _table(
        document,
        ("No", "Sasaran", "IKU", "Satuan", "Target", "Realisasi", "Capaian (%)", "Predikat"),
        (1, 2.95, 2.95, 2.1, 1.5, 1.9, 1.7, 1.9),
        "i in iku",
        ("{{ i.no }}", "{{ i.sasaran }}", "{{ i.nama }}", "{{ i.satuan }}", "{{ i.target }}", "{{ i.realisasi }}",
         "{{ i.capaian }}", "{{ i.predikat }}"),
        words=4,
        centred=(7,),
    )  # fmt: skip
    document.add_paragraph("Sumber nilai:").paragraph_format.space_before = Pt(6)
    document.add_paragraph("{%p for i in iku %}")
    document.add_paragraph("{{ i.kode }}: {{ i.sumber }}", style="List Bullet")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p for kalimat in tidak_diemban %}")
    document.add_paragraph("{{ kalimat }}")
    document.add_paragraph("{%p endfor %}")
    _caption(document, "Realisasi IKU per triwulan Tahun {{ tahun }}")
    _table(
        document,
        ("No", "IKU", "TW I", "TW II", "TW III", "TW IV"),
        (1, 7.1, 2, 2, 2, 2),
        "i in iku",
        ("{{ i.no }}", "{{ i.nama }}", *(f"{{{{ i.triwulan.tw{n} }}}}" for n in range(1, 5))),
        words=2,
    )


def _last_year(document: Document) -> None:
    document.add_heading("3.2 Perbandingan dengan tahun lalu", 1)
    _caption(document, "Realisasi Tahun {{ tahun }} dibandingkan dengan Tahun {{ tahun_lalu }}")
    _table(
        document,
        ("No", "IKU", "Realisasi {{ tahun_lalu }}", "Realisasi {{ tahun }}", "Selisih", "Perubahan"),
        (1, 6, 2.2, 2.2, 2, 2.7),
        "i in iku",
        ("{{ i.no }}", "{{ i.nama }}", "{{ i.tahun_lalu }}", "{{ i.realisasi }}", "{{ i.selisih }}",
         "{{ i.perubahan }}"),
        words=2,
        centred=(5,),
    )  # fmt: skip


def _renstra(document: Document) -> None:
    document.add_heading("3.3 Perbandingan dengan target akhir Renstra", 1)
    _caption(document, "Tingkat kemajuan terhadap target Tahun {{ tahun_akhir_renstra }}")
    _table(
        document,
        ("No", "IKU", "Target {{ tahun_akhir_renstra }}", "Realisasi {{ tahun }}", "Tingkat kemajuan (%)"),
        (1, 7.1, 2.5, 2.5, 3),
        "i in iku",
        ("{{ i.no }}", "{{ i.nama }}", "{{ i.target_akhir }}", "{{ i.realisasi }}", "{{ i.kemajuan }}"),
        words=2,
    )


def _elements(document: Document) -> None:
    document.add_heading("3.4 Rincian IKU-1: Indeks NSPK Manajemen ASN", 1)
    document.add_paragraph("{{ iku1.keterangan }}")
    _only_if(document, "iku1.diemban")
    _caption(document, "Skor menurut elemen NSPK")
    _table(
        document,
        ("Kode", "Elemen", "Skor", "Skor maks", "Persen", "Poin hilang"),
        (1.2, 6.8, 2, 2, 2, 2),
        "e in iku1.elemen",
        ("{{ e.kode }}", "{{ e.nama }}", "{{ e.skor }}", "{{ e.maks }}", "{{ e.persen }}", "{{ e.hilang }}"),
        words=2,
        total=("", "Jumlah", "{{ iku1.skor }}", "{{ iku1.maks }}", "{{ iku1.persen }}", "{{ iku1.hilang }}"),
    )
    _end_if(document)


def _components(document: Document) -> None:
    document.add_heading("3.5 Rincian IKU-2: Indeks Kualitas Pelayanan Kesekretariatan", 1)
    document.add_paragraph("{{ iku2.keterangan }}")
    _only_if(document, "iku2.diemban")
    _caption(document, "Komponen Indeks Kualitas Pelayanan Kesekretariatan")
    _table(
        document,
        ("Komponen", "Pembilang", "Penyebut", "Nilai", "Bobot", "Kontribusi"),
        (4.6, 2.9, 2.9, 1.8, 1.8, 2),
        "k in iku2.komponen",
        ("{{ k.nama }}", "{{ k.pembilang }}", "{{ k.penyebut }}", "{{ k.nilai }}", "{{ k.bobot }}",
         "{{ k.kontribusi }}"),
        total=("Indeks", "", "", "", "{{ iku2.bobot }}", "{{ iku2.indeks }}"),
    )  # fmt: skip
    _end_if(document)


def _complaints(document: Document) -> None:
    document.add_heading("3.6 Rincian IKU-3: keluhan pengguna layanan", 1)
    document.add_paragraph("{{ iku3.keterangan }}")
    _only_if(document, "iku3.diemban")
    document.add_paragraph(
        "Keluhan diterima {{ iku3.diterima }}, dihitung {{ iku3.dihitung }}, ditindaklanjuti"
        " {{ iku3.ditindaklanjuti }}; ditindaklanjuti tepat waktu {{ iku3.tepat_waktu }}"
        " ({{ iku3.persen_tepat_waktu }} % dari yang ditindaklanjuti)."
    )
    for head, loop, caption in (
        ("Kanal", "k in iku3.kanal", "Keluhan menurut kanal"),
        ("Bulan", "k in iku3.bulan", "Keluhan menurut bulan masuk"),
    ):
        _caption(document, caption)
        _table(
            document,
            (head, "Dihitung", "Ditindaklanjuti"),
            (8, 4, 4),
            loop,
            ("{{ k.nama }}", "{{ k.dihitung }}", "{{ k.ditindaklanjuti }}"),
        )
    _end_if(document)


def _told(document: Document) -> None:
    from docx.shared import Pt

    document.add_heading("3.7 Analisis, kendala, dan rencana tindak lanjut", 1)
    document.add_paragraph("{%p for i in iku %}")
    document.add_heading("{{ i.kode }} {{ i.nama }}", 2)
    for label, field in (("Analisis", "analisis"), ("Kendala", "kendala"), ("Rencana Tindak Lanjut", "rencana")):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.add_run(label).bold = True
        last = document.add_paragraph(f"{{{{ i.{field} }}}}")
    last.paragraph_format.keep_with_next = True  # the signature never stands alone on a page
    document.add_paragraph("{%p endfor %}")


def _signature(document: Document) -> None:
    from docx.shared import Cm, Pt

    lines = ("{{ paraf.tempat_tanggal }}", "{{ paraf.jabatan }}", "", "{{ paraf.nama }}", "{{ paraf.pangkat }}",
             "{{ paraf.nip }}")  # fmt: skip
    for n, line in enumerate(lines):
        paragraph = document.add_paragraph()
        shape = paragraph.paragraph_format
        shape.left_indent, shape.space_after = Cm(8.5), Pt(0)
        shape.space_before = Pt(24 if n == 0 else 48 if n == 2 else 0)
        shape.keep_with_next = n < len(lines) - 1  # the block stays on one page
        shape.keep_together = True
        paragraph.add_run(line).bold = n == 3
