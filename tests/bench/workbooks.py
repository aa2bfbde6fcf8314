"""Workbooks for the bench: a realistic small one, and ones with a long complaint log in Excel's own form."""

from __future__ import annotations

import datetime
import random
import re
from pathlib import Path
from xml.sax.saxutils import escape

from iku_excel.examples import EXAMPLES, example_content
from iku_excel.fill import fill
from iku_excel.form import layout
from iku_excel.form.template import build
from iku_excel.form.template.content import Content
from iku_excel.xlsx.package import Package

MOMENT = datetime.datetime(2026, 1, 15, 9, 30)
_CHANNELS = ("LAPOR!", "WhatsApp", "Surat", "Tatap muka", "E-mail", "Kotak saran")
_CLASSES = ("Keluhan", "Keluhan", "Pengaduan", "Aspirasi", "Permintaan Informasi")
_STATES = ("Selesai", "Selesai", "Proses", "Baru", "Arsip")


def small(path: Path) -> None:
    """The clean example: some 90 questions, 40 sub-kegiatan, 120 employees, 300 complaints."""
    year, content = example_content(EXAMPLES[0].name)
    path.write_bytes(fill(build(year, content), MOMENT).data or b"")


def long_log(path: Path, rows: int) -> None:
    """The clean example with ``rows`` complaints, written as Excel writes: shared strings, styles by id."""
    year, content = example_content(EXAMPLES[0].name)
    tables = {**content.tables, "tblKeluhan": content.tables["tblKeluhan"][:2]}
    package = Package.open(build(year, Content(content.settings, tables, content.years)))
    sheet = package.sheet("Keluhan")
    (table,) = package.tables(sheet)
    xml = package.read(sheet.part).decode()
    first = 5
    pattern = re.search(rf'<row r="{first}".*?</row>', xml, re.DOTALL)
    assert pattern is not None
    styles = re.findall(rf'<c r="[A-Z]+{first}" s="(\d+)"', pattern[0])
    strings: dict[str, int] = {}
    body = "".join(_row(first + i, year, i, styles, strings) for i in range(rows))
    xml = re.sub(rf'<row r="{first}".*</row>(?=</sheetData>)', lambda _: body, xml, flags=re.DOTALL)
    last = first + rows - 1
    old, new = table.ref, re.sub(r"\d+$", str(last), table.ref)
    shared = "".join(f"<si><t>{escape(text)}</t></si>" for text in strings)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    types = package.read("[Content_Types].xml").decode()
    rels = package.read("xl/_rels/workbook.xml.rels").decode()
    data = package.with_parts(
        {
            sheet.part: re.sub(r'<dimension ref="[^"]*"', f'<dimension ref="A1:Q{last}"', xml).encode(),
            table.part: package.read(table.part).replace(old.encode(), new.encode()),
            "xl/sharedStrings.xml": f'<sst xmlns="{main}" count="{len(strings)}">{shared}</sst>'.encode(),
            "[Content_Types].xml": types.replace(
                "</Types>",
                '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
                'spreadsheetml.sharedStrings+xml"/></Types>',
            ).encode(),
            "xl/_rels/workbook.xml.rels": rels.replace(
                "</Relationships>",
                f'<Relationship Id="rIdS" Type="{kinds}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
            ).encode(),
        }
    )
    path.write_bytes(fill(data, MOMENT).data or b"")


def _row(number: int, year: int, i: int, styles: list[str], strings: dict[str, int]) -> str:
    rng = random.Random(i)
    start = (datetime.date(year, 1, 1) - datetime.date(1899, 12, 30)).days
    came = start + i * 360 // max(i + 1, 360) if i < 360 else start + rng.randrange(360)
    done = came + rng.randrange(12)
    state = rng.choice(_STATES)
    followed = state not in ("Baru",)
    values: dict[str, str | int | None] = {
        "No": i + 1,
        "Tracking ID": f"CONTOH-{i:07d}",
        "Tanggal Masuk": came,
        "Kanal": rng.choice(_CHANNELS),
        "Klasifikasi": rng.choice(_CLASSES),
        "Perlu Cek Lapangan": "Tidak",
        "Layanan": "CONTOH layanan kepegawaian",
        "Pelapor": f"CONTOH Pelapor {i}",
        "Uraian": f"CONTOH uraian keluhan nomor {i} tentang layanan",
        "Kewenangan": "Ya",
        "Unit Disposisi": "Bidang Mutasi",
        "Tanggal Disposisi": came,
        "Tanggal Tindak Lanjut": done if followed else None,
        "Uraian Tindak Lanjut": "CONTOH sudah ditindaklanjuti" if followed else None,
        "Tanggal Selesai": done if state == "Selesai" else None,
        "Status": state,
        "Duplikat Dari": None,
    }
    cells = []
    for n, (heading, style) in enumerate(zip(layout.COMPLAINTS.headings, styles, strict=True)):
        value, at = values[heading], f"{chr(65 + n)}{number}"
        if value is None:
            cells.append(f'<c r="{at}" s="{style}"/>')
        elif isinstance(value, int):
            cells.append(f'<c r="{at}" s="{style}"><v>{value}</v></c>')
        else:
            index = strings.setdefault(value, len(strings))
            cells.append(f'<c r="{at}" s="{style}" t="s"><v>{index}</v></c>')
    return f'<row r="{number}" spans="1:17">{"".join(cells)}</row>'
