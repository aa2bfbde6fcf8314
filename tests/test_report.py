"""``laporan``: chapter III in Word, read back by python-docx and lxml, independently of docxtpl."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from support_cli import example, run

pytest.importorskip("docxtpl", reason="the extra 'laporan' is not installed")

import docx

from iku_excel.create import new_book
from iku_excel.examples import example_content
from iku_excel.fill import open_workbook
from iku_excel.findings import Refusal
from iku_excel.form.template.content import Content
from iku_excel.report.content import Fields, content, field_names
from iku_excel.report.render import render
from iku_excel.report.word_template import FONT, build
from tests.support_cli import MOMENT

ROOT = Path(__file__).parents[1]
TEXTS = ("Analisis", "Kendala", "Rencana Tindak Lanjut")


def fields_of(data: bytes) -> Fields:
    """The report's fields of a workbook."""
    opened = open_workbook(data)
    return content(opened.inputs, opened.result, opened.findings)


def changed(name: str = "bersih", targets: Any = None, **settings: Any) -> bytes:
    """An example with other settings, and other values in tblTarget's rows (row, heading, value)."""
    year, made = example_content(name)
    tables = {table: [dict(row) for row in rows] for table, rows in made.tables.items()}
    for row, heading, value in targets or ():
        tables["tblTarget"][row][heading] = value
    return new_book(year, Content({**made.settings, **settings}, tables, made.years, made.below), MOMENT)


def words(document: bytes) -> str:
    """All text of the body, tables included, in order; line breaks as they are."""
    body = docx.Document(io.BytesIO(document)).element.body
    lines = []
    for paragraph in body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p"):
        lines.append(docx.text.paragraph.Paragraph(paragraph, None).text)
    return "\n".join(lines)


def table(document: bytes, first: str) -> list[list[str]]:
    """The rows of the first table whose header begins with this word."""
    for found in docx.Document(io.BytesIO(document)).tables:
        rows = [[cell.text for cell in row.cells] for row in found.rows]
        if rows[0][0] == first or first in rows[0]:
            return rows
    raise AssertionError(first)


def refused(template: bytes) -> Refusal:
    """The refusal that a template ends in."""
    with pytest.raises(Refusal) as caught:
        render(template, fields_of(example("bersih")))
    return caught.value


def template_of(*paragraphs: str) -> bytes:
    """A template of one's own."""
    document, out = docx.Document(), io.BytesIO()
    for text in paragraphs:
        document.add_paragraph(text)
    document.save(out)
    return out.getvalue()


def test_the_figures_are_those_of_the_workbook() -> None:
    """The table of achievements says what Ringkasan says, at two decimals with a decimal comma."""
    data = example("bersih")
    result = open_workbook(data).result
    rows = table(render(build(), fields_of(data)), "Sasaran")
    assert [row[0] for row in rows] == ["No", "1", "2", "3"]
    for row, code in zip(rows[1:], ("IKU-1", "IKU-2", "IKU-3"), strict=True):
        shown = result.shown[code]
        wanted = [
            f"{round(float(value), 2):.2f}".replace(".", ",") for value in (shown.target, shown.now, shown.capaian)
        ]
        assert row[4:] == [*wanted, shown.predicate]


def test_every_part_of_the_chapter_is_there() -> None:
    """The seven sections, 18 elements, four components, channels, months, texts, the signature and the disclaimer."""
    document = render(build(), fields_of(example("bersih")))
    said = words(document)
    assert [line[:3] for line in said.splitlines() if re.match(r"3\.\d ", line)] == [f"3.{n}" for n in range(1, 8)]
    assert re.findall(r"Tabel 3\.(\d)", said) == list("12345678")
    assert len(table(document, "Elemen")) == 1 + 18 + 1
    assert len(table(document, "Komponen")) == 1 + 4 + 1
    assert [row[0] for row in table(document, "Bulan")][1::11] == ["Januari", "Desember"]
    assert table(document, "Kanal")[1][0] == "LAPOR!"
    assert "hasil hitung internal, bukan hasil resmi BKN" in said
    assert "Kota Contoh, 15 Januari 2026" in said and "NIP 197001011995031999" in said
    assert "naik 5,84" in said


def test_no_complainant_is_in_the_report() -> None:
    """Nothing of the complaint log's texts, names and ids."""
    said = words(render(build(), fields_of(example("bersih"))))
    rows = example_content("bersih")[1].tables["tblKeluhan"]
    for heading in ("Pelapor", "Uraian", "Tracking ID", "Uraian Tindak Lanjut"):
        texts = {str(row[heading]) for row in rows if row.get(heading)}
        assert texts and not [text for text in texts if text in said], heading


def test_what_is_missing_is_said() -> None:
    """An incomplete workbook: no figure is invented, empty texts say so, an index tells why it is none."""
    document = render(build(), fields_of(example("belum-lengkap")))
    said = words(document)
    assert said.count("(belum diisi)") == 9
    assert "IKU-2: belum ada nilai (belum lengkap)" in said
    assert "Indeks belum dapat dihitung: belum lengkap." in said
    assert "Tidak ada keluhan yang dihitung" in said
    assert table(document, "Perubahan")[2][4:] == ["–", "–"]


def test_an_indicator_not_carried_is_left_out_with_a_sentence() -> None:
    """Its rows and tables are gone, its section says why, and the tables are numbered without a gap."""
    said = words(render(build(), fields_of(changed(targets=[(1, "Berlaku", "Tidak")]))))
    sentence = "IKU-2 (Indeks Kualitas Pelayanan Kesekretariatan) tidak diemban oleh CONTOH Badan Kepegawaian Daerah"
    assert said.count(sentence) == 2
    assert "Komponen" not in said
    assert re.findall(r"Tabel 3\.(\d)", said) == list("1234567")


def test_an_official_result_is_named_with_its_letter() -> None:
    """BKN's figure replaces the disclaimer for IKU-1 only; our own index is still told beside the elements."""
    data = changed(Sumber_IKU1="BKN", Indeks_NSPK_BKN=70.18, Nomor_Surat_BKN="CONTOH/1/2026")
    said = words(render(build(), fields_of(data)))
    assert "memakai hasil resmi BKN (surat Nomor CONTOH/1/2026)" in said
    assert "IKU-1: hasil BKN" in said and "hasil BKN: 70,18" in said
    assert "indeks menurut penilaian mandiri 78,24" in said


NASTY = (
    "{{ tahun }} {% for x in y %} {_{ a }_} <w:p/> & </w:t> \"kutip\" 'satu'",
    "baris satu\nbaris dua\r\nbaris tiga\tsel",
    '=HYPERLINK("x") {#p hilang? #} }} %}',
)


def test_what_staff_typed_stays_text() -> None:
    """Jinja's signs, XML and formulas come out as typed; line breaks are kept."""
    rows = [(n, heading, text) for n in range(3) for heading, text in zip(TEXTS, NASTY, strict=True)]
    said = words(render(build(), fields_of(changed(targets=[*rows, (0, "IKU", NASTY[0])]))))
    for text in NASTY:
        assert said.count(text.replace("\r\n", "\n")) >= 3, text


def test_a_restyled_template_is_used_as_it_is() -> None:
    """Other font, other order, a sentence of one's own: the document has them, and the figures are the same."""
    document, out = docx.Document(io.BytesIO(build())), io.BytesIO()
    document.styles["Normal"].font.name = "Georgia"
    body = document.element.body
    signature = document.paragraphs[-1]._p
    body.insert(1, signature)
    document.paragraphs[0].insert_paragraph_before("Kalimat kami sendiri, tahun {{ tahun }}.")
    document.save(out)
    fields = fields_of(example("bersih"))
    made = render(out.getvalue(), fields)
    assert docx.Document(io.BytesIO(made)).styles["Normal"].font.name == "Georgia"
    said = words(made)
    assert said.startswith("Kalimat kami sendiri, tahun 2025.\nNIP 1970")
    assert table(made, "Sasaran") == table(render(build(), fields), "Sasaran")


@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        ("{{ tahun_depan }}", "templat-isian-tidak-dikenal", "'tahun_depan'"),
        ("{{ paraf.alamat }}", "templat-isian-tidak-dikenal", "'alamat'"),
        ("{{ tahun", "templat-keliru", "{{ tahun"),
        ("{% for i in iku %}{{ i.no }}", "templat-keliru", ""),
        ("{{ tahun + 1 }}", "templat-keliru", ""),
        ("{%p if tahun %}", "templat-keliru", ""),
        ("{{ ''.__class__.__mro__ }}", "templat-", ""),
    ],
)
def test_a_mistake_in_a_template_is_told(line: str, code: str, told: str) -> None:
    """Unknown fields by name, broken signs by their place; code can't be reached."""
    refusal = refused(template_of("Bab III", line))
    assert refusal.code.startswith(code) and told in refusal.message
    assert all(refusal.lines()[::2])


def test_a_loop_that_ends_inside_a_table_is_refused() -> None:
    """docxtpl would drop what it can't place, in silence."""
    document, out = docx.Document(), io.BytesIO()
    document.add_paragraph("{% for i in iku %}{{ i.no }}")
    document.add_table(rows=1, cols=1).cell(0, 0).text = "x{% endfor %}"
    document.save(out)
    assert refused(out.getvalue()).code == "templat-keliru"


@pytest.mark.parametrize("content", [b"", b"bukan", b"PK\x03\x04 rusak"])
def test_what_is_no_document_is_refused(content: bytes) -> None:
    """Three lines, whatever it is."""
    assert all(refused(content).lines()[::2])


def test_a_workbook_is_no_template() -> None:
    """A sound zip that is no Word document."""
    assert refused(example("bersih")).code == "templat-rusak"


def test_the_default_template_is_deterministic_and_as_asked() -> None:
    """The same bytes each time; A4 upright, Arial 11, header rows that repeat, page numbers."""
    made = build()
    assert made == build()
    document = docx.Document(io.BytesIO(made))
    section, normal = document.sections[0], document.styles["Normal"]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    assert (normal.font.name, normal.font.size.pt) == (FONT, 11) == ("Arial", 11)
    assert all(t.rows[0]._tr.xpath("./w:trPr/w:tblHeader") for t in document.tables)
    assert "PAGE" in section.footer.paragraphs[0]._p.xml and "NUMPAGES" in section.footer.paragraphs[0]._p.xml
    assert "{{ perangkat_daerah }}" in section.header.paragraphs[0].text


def test_the_page_lists_every_field() -> None:
    """docs/laporan.md names each field that a template may use, and the default template uses no other."""
    page = (ROOT / "docs" / "laporan.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`([a-z0-9_.]+)`", page))
    for name in field_names(fields_of(example("bersih"))):
        group, _, rest = name.rpartition("[].")
        field = rest if group else name
        assert field in told or field.partition(".")[2] in told, name
        assert not group or group.rpartition(".")[2] in told, name


def test_the_command_writes_whole_documents_only(tmp_path: Path) -> None:
    """A new file; an existing one is refused, replaced with --timpa, and only if it is a Word document."""
    book, target = tmp_path / "buku.xlsx", tmp_path / "bab3.docx"
    book.write_bytes(example("bersih"))
    ran = run("laporan", book, "-o", target)
    assert (ran.status, ran.err) == (0, "") and str(target) in ran.out
    assert zipfile.is_zipfile(target) and book.read_bytes() == example("bersih")
    again = run("laporan", book, "-o", target)
    assert again.status == 1 and len(again.complaint) == 3 and "--timpa" in again.err
    assert run("laporan", book, "-o", target, "--timpa").status == 0
    target.write_bytes(b"catatan")
    assert run("laporan", book, "-o", target, "--timpa").status == 1
    assert target.read_bytes() == b"catatan"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bab3.docx", "buku.xlsx"]


def test_the_command_makes_and_uses_templates(tmp_path: Path) -> None:
    """--templat-baru never overwrites; a broken template leaves no document; a report never replaces its template."""
    book, own, target = tmp_path / "buku.xlsx", tmp_path / "kami.docx", tmp_path / "hasil.docx"
    book.write_bytes(example("kesalahan-umum"))
    assert run("laporan", "--templat-baru", own).status == 0
    assert own.read_bytes() == build()
    assert run("laporan", "--templat-baru", own).status == 1
    ran = run("laporan", book, "-o", target, "--templat", own)
    assert ran.status == 0 and "kesalahan" in ran.err
    assert run("laporan", book, "-o", own, "--templat", own, "--timpa").status == 1
    assert own.read_bytes() == build()
    own.write_bytes(template_of("{{ apa_ini }}"))
    target.unlink()
    broken = run("laporan", book, "-o", target, "--templat", own)
    assert broken.status == 1 and "apa_ini" in broken.err and str(own) in broken.err
    assert not target.exists()


@pytest.mark.parametrize(
    "words",
    ["laporan", "laporan a.xlsx", "laporan -o a.docx", "laporan a.xlsx -o a.pdf", "laporan a --templat-baru b.docx"],
)
def test_wrong_usage_is_told(words: str) -> None:
    """Status 2, three Indonesian lines."""
    ran = run(*words.split())
    assert ran.status == 2 and len(ran.complaint) == 3


def test_without_the_library_the_way_to_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Status 4 with the line to install; nothing is written."""
    book = tmp_path / "buku.xlsx"
    book.write_bytes(example("bersih"))
    monkeypatch.setitem(sys.modules, "docxtpl", None)
    ran = run("laporan", book, "-o", tmp_path / "a.docx")
    assert ran.status == 4 and 'pip install "iku_excel[laporan]"' in ran.err
    assert not (tmp_path / "a.docx").exists()
