"""``rapikan``: what is unambiguous is mended, the rest is left with its reason, and no formula is lost."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judges.excel import assert_excel_accepts

from iku_excel.cells import UNCACHED, CellError
from iku_excel.edits import Edit
from iku_excel.form import layout, settings
from iku_excel.form.fields import Kind
from iku_excel.form.inputs import WANTED_NAMES, WANTED_TABLES
from iku_excel.form.tidy import Reason, Tidied, describe, explain, formula_cells, tidy, tidy_workbook
from iku_excel.xlsx.apply import apply_edits
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.reader import TableData, read_workbook

NBSP = "\u00a0"


def tidied(table: str, columns: dict, sheet: str | None = None, formulas=()) -> Tidied:
    """Tidying one table whose header stands in row 4."""
    data = TableData.of(table, sheet or settings.TABLES[table].sheet, columns, first_row=5)
    return tidy({table: data}, {}, {}, formulas=formulas)


def one(table: str, heading: str, cell) -> Tidied:
    """Tidying one cell."""
    return tidied(table, {heading: [cell]})


def setting(name: str, cell) -> Tidied:
    """Tidying one named setting, in B5 of Pengaturan."""
    return tidy({}, {name: cell}, {name: ("Pengaturan", "B5")}, formulas=())


@pytest.mark.parametrize(
    ("table", "heading", "text", "value", "number_format"),
    [
        ("tblPertanyaan", "Skor", "85,5", Decimal("85.5"), "General"),
        ("tblAnggaran", "Pagu Murni", "1.234.567,89", Decimal("1234567.89"), "#,##0.00"),
        ("tblAnggaran", "Pagu Murni", "Rp 1.234.567,00", Decimal("1234567.00"), "#,##0"),
        ("tblAnggaran", "Fisik", "75 %", Decimal(75), "General"),
        ("tblTarget", "Target 2031", "80%", Decimal(80), "General"),
        ("tblRealisasi", "Nilai", "71,23%", Decimal("71.23"), "General"),
        ("tblRealisasi", "Triwulan", " 2 ", 2, "General"),
        ("tblRealisasi", "Triwulan", "2", 2, "General"),
        ("tblDokumen", "Batas Waktu", "12 November 2023", 45242, "dd/mm/yyyy"),
        ("tblKeluhan", "Tanggal Masuk", "12/11/2023", 45242, "dd/mm/yyyy"),
        ("tblLibur", "Tanggal", "1 Maret 1900", 61, "dd/mm/yyyy"),
        ("tblSarpras", "Kondisi", f"rusak{NBSP}ringan ", "Rusak Ringan", None),
        ("tblPertanyaan", "Kode Elemen", " e01", "E01", None),
        ("tblPegawai", "NIP", "19670927 198803 1 013", "196709271988031013", "@"),
        ("tblPegawai", "NIP", f"{NBSP}196709271988031013", "196709271988031013", "@"),
        ("tblAnggaran", "Kode", "  5.03.01", "5.03.01", "@"),
        ("tblTarget", "Kode IKU", "IKU-1 ", "IKU-1", "@"),
    ],
)
def test_mends(table, heading, text, value, number_format):
    """A cell with one reading gets that value, in the format that shows it."""
    found = one(table, heading, text)
    assert found.edits == [Edit(settings.TABLES[table].sheet, "A5", value, number_format=number_format)]
    assert type(found.edits[0].value) is type(value)
    assert found.left == ()


@pytest.mark.parametrize(
    ("table", "heading", "cell", "reason"),
    [
        ("tblPertanyaan", "Skor", "1.234", Reason.AMBIGUOUS),
        ("tblPertanyaan", "Skor", "dua juta", Reason.UNREADABLE_NUMBER),
        ("tblPertanyaan", "Skor", "75%", Reason.PERCENT),
        ("tblAnggaran", "Realisasi TW I", "75 %", Reason.PERCENT),
        ("tblSarpras", "Jumlah", "Rp 5", Reason.MONEY),
        ("tblSarpras", "Nilai", "123.456.789.012.345.678", Reason.TOO_LONG),
        ("tblSarpras", "Nilai", "1" + "0" * 400, Reason.TOO_LONG),
        ("tblSarpras", "Nilai", True, Reason.WRONG_TYPE),
        ("tblSarpras", "Nilai", CellError("#N/A"), Reason.ERROR),
        ("tblSarpras", "Nilai", UNCACHED, Reason.UNCACHED),
        ("tblSarpras", "Nilai", NBSP, Reason.BLANK),
        ("tblDokumen", "Batas Waktu", "12/11/23", Reason.UNREADABLE_DATE),
        ("tblDokumen", "Batas Waktu", "12/13/2023", Reason.UNREADABLE_DATE),
        ("tblDokumen", "Batas Waktu", "28 Februari 1900", Reason.EARLY),
        ("tblSarpras", "Kondisi", "rusak", Reason.UNKNOWN_CHOICE),
        ("tblRealisasi", "Triwulan", "II", Reason.UNKNOWN_CHOICE),
        ("tblRealisasi", "Triwulan", 5.0, Reason.UNKNOWN_CHOICE),
        ("tblPegawai", "NIP", 1.9670927198803101e17, Reason.NUMERIC_CODE),
        ("tblPegawai", "NIP", "  ", Reason.BLANK),
    ],
)
def test_left_with_a_reason(table, heading, cell, reason):
    """What has no certain reading is left as it is and says why."""
    found = one(table, heading, cell)
    assert found.mends == ()
    assert [(left.cell, left.reason) for left in found.left] == [("A5", reason)]


@pytest.mark.parametrize(
    ("table", "heading", "cell"),
    [
        ("tblPertanyaan", "Skor", 3.0),
        ("tblPertanyaan", "Skor", None),
        ("tblDokumen", "Batas Waktu", 45242.5),
        ("tblSarpras", "Kondisi", "RUSAK ringan"),
        ("tblRealisasi", "Triwulan", 4.0),
        ("tblPegawai", "NIP", "196709271988031013"),
        ("tblDokumen", "Nomor", "1967 0927"),
        ("tblPegawai", "Nama", "  12,5 "),
        ("tblPegawai", "Kolom Sendiri", "12,5"),
    ],
)
def test_what_is_right_is_not_touched(table, heading, cell):
    """Right cells, free text and columns of the staff's own are neither mended nor mentioned."""
    assert one(table, heading, cell) == Tidied((), ())


def test_settings():
    """Named settings are mended by their kind, a Tahun typed as text too; the template's version never is."""
    assert setting("Tahun", "2025").edits == [Edit("Pengaturan", "B5", Decimal(2025), number_format="General")]
    assert setting("Triwulan", "3").edits == [Edit("Pengaturan", "B5", 3, number_format="General")]
    assert setting("Bobot_Dokumen", "40 %").edits[0].value == Decimal(40)
    assert setting("Tanggal_Laporan", "12 Nov 2023").edits[0].value == 45242
    assert setting("Sumber_IKU1", "bkn ").edits[0].value == "BKN"
    assert setting("NIP_Pejabat", "19670927 198803 1 013").edits[0].value == "196709271988031013"
    for name, cell in (("IKU_Versi_Templat", "1"), ("Kota", " Samarinda "), ("Nilai_Tanpa_Keluhan", 100.0)):
        assert setting(name, cell) == Tidied((), ())
    assert setting("Nilai_Tanpa_Keluhan", "100") == Tidied((), ())


def test_order():
    """Mends come by sheet as the tabs stand, then by row, then by column (Z before AA)."""
    wide = {f"K{i}": [None, None] for i in range(25)}
    columns = {**wide, "Pagu Murni": ["1,5", "2,5"], "Pagu Perubahan": ["3,5", None]}
    tables = {
        "tblSarpras": TableData.of("tblSarpras", "Sarpras", {"Nilai": ["9,5"]}),
        "tblAnggaran": TableData.of("tblAnggaran", "Anggaran", columns),
    }
    found = tidy(tables, {"Tahun": "2025"}, {"Tahun": ("Pengaturan", "B5")}, formulas=())
    assert [f"{m.sheet}!{m.cell}" for m in found.mends] == [
        "Pengaturan!B5",
        "Anggaran!Z2",
        "Anggaran!AA2",
        "Anggaran!Z3",
        "Sarpras!A2",
    ]
    turned = tidy(tables, {}, {}, formulas=(), sheets=("Sarpras", "Anggaran"))
    assert [m.sheet for m in turned.mends] == ["Sarpras", "Anggaran", "Anggaran", "Anggaran"]


@pytest.mark.parametrize(
    ("table", "heading", "text", "line"),
    [
        ("tblAnggaran", "Pagu Murni", "1.234.567,89", "Anggaran!A5: teks '1.234.567,89' menjadi angka 1.234.567,89"),
        ("tblAnggaran", "Pagu Murni", "Rp1.500,-", "Anggaran!A5: teks 'Rp1.500,-' menjadi angka 1.500"),
        ("tblDokumen", "Tahun", "2025", "Dokumen!A5: teks '2025' menjadi angka 2025"),
        ("tblDokumen", "Batas Waktu", "1 Mei 2025", "Dokumen!A5: teks '1 Mei 2025' menjadi tanggal 01/05/2025"),
        ("tblSarpras", "Kondisi", f"baik{NBSP}", "Sarpras!A5: pilihan 'baik·' menjadi 'Baik'"),
        ("tblAnggaran", "Kode", " 5.03\n", "Anggaran!A5: kode ' 5.03·' menjadi '5.03'"),
        ("tblKeluhan", "Tracking ID", "Siti 0812 ", "Keluhan!A5: spasi di tepi kode dihapus"),
    ],
)
def test_lines(table, heading, text, line):
    """Each change is one readable line: what stood there, what will."""
    (mend,) = one(table, heading, text).mends
    assert describe(mend) == line


def test_lines_of_odd_sheets_and_reasons():
    """A sheet's name is quoted where Excel quotes it, and a cell left alone says why."""
    found = tidied("tblAnggaran", {"Pagu Murni": ["1,5", "1.500"]}, sheet="Data '25")
    assert describe(found.mends[0]) == "'Data ''25'!A5: teks '1,5' menjadi angka 1,5"
    assert explain(found.left[0]) == (
        "'Data ''25'!A6: dibiarkan, karena bisa dibaca dengan dua cara (ribuan atau desimal)"
    )


COLUMNS = [
    (table.name, field.heading)
    for table in settings.TABLES.values()
    for field in table.fields
    if field.kind is not Kind.TEXT
]
TYPED = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(allow_nan=False),
    st.text(max_size=30),
    st.text(alphabet="0123456789.,-% Rp/\u00a0", max_size=14),
    st.dates().map(lambda day: f" {day:%d/%m/%Y}"),
    st.sampled_from(["Ya ", " baik", f"E01{NBSP}", "1", "IKU-1\n", "19670927 198803 1 013"]),
    st.sampled_from([UNCACHED, CellError("#N/A")]),
)


@given(st.sampled_from(COLUMNS), st.lists(TYPED, max_size=6))
def test_twice_is_once(column, cells):
    """Nothing raises whatever is typed, and a tidied column has nothing left to mend."""
    table, heading = column
    found = tidied(table, {heading: list(cells)})
    for mend in found.mends:
        value = mend.edit.value
        cells[int(mend.cell[1:]) - 5] = value if isinstance(value, str) else float(value)
        assert describe(mend).isprintable()
    again = tidied(table, {heading: cells})
    assert again.mends == ()
    assert again.left == found.left


@given(st.text(min_size=1, max_size=30))
def test_complainants_stay_private(text):
    """No line about the complaints quotes a text, unless it was a number, a date or a choice."""
    secret = f"Siti 0812 {text}"
    columns = {field.heading: [secret, f" {secret} "] for field in layout.COMPLAINTS.fields}
    found = tidied("tblKeluhan", columns)
    lines = [describe(mend) for mend in found.mends] + [explain(left) for left in found.left]
    assert not any("Siti" in line or "0812" in line for line in lines)
    assert not any("Siti" in mend.before + mend.after for mend in found.mends)
    phone = one("tblKeluhan", "No", "081234567890")
    assert phone.mends == ()


def workbook() -> bytes:
    """A workbook with texts and formulas that give texts: plain, shared follower, array range, and a setting."""
    import openpyxl
    from openpyxl.workbook.defined_name import DefinedName
    from openpyxl.worksheet.table import Table

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Anggaran"
    rows = [
        ("Kode", "Pagu Murni", "Realisasi TW I"),
        (" 5.03.01", "1.234.567,89", "12.000.000"),
        ("5.03.02", "RUMUS1", "3,5"),
        ("5.03.03", "RUMUS2", 7),
        ("5.03.04", "1.234", "RUMUS3"),
        ("5.03.05", 5, "RUMUS4"),
    ]
    for row in rows:
        sheet.append(row)
    sheet.add_table(Table(displayName="tblAnggaran", ref="A1:C6"))
    sheet["C3"].number_format = "@"
    other = book.create_sheet("Pengaturan")
    other["B5"], other["B6"] = "2025", "RUMUS5"
    book.defined_names["Tahun"] = DefinedName("Tahun", attr_text="Pengaturan!$B$5")
    book.defined_names["Batas_Capaian"] = DefinedName("Batas_Capaian", attr_text="Pengaturan!$B$6")
    file = io.BytesIO()
    book.save(file)
    made = {
        "RUMUS1": '<f t="shared" ref="B3:B4" si="0">TEXT(1.5,"0.0")</f><v>1,5</v>',
        "RUMUS2": '<f t="shared" si="0"/><v>2,5</v>',
        "RUMUS3": '<f t="array" ref="C5:C6">C3:C4&amp;""</f><v>3,5</v>',
        "RUMUS4": "<v>4,5</v>",
        "RUMUS5": '<f>"120"</f><v>120</v>',
    }
    source = zipfile.ZipFile(file)
    text = re.compile(r'<c ([^>]*?) t="inlineStr"><is><t>(RUMUS\d)</t></is></c>')

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content = text.sub(lambda m: f'<c {m[1]} t="str">{made[m[2]]}</c>', content.decode()).encode()
            target.writestr(name, content)
    return out.getvalue()


def plan(data: bytes) -> Tidied:
    """What tidying the workbook would do."""
    package = Package.open(data)
    return tidy_workbook(package, read_workbook(package, WANTED_TABLES, WANTED_NAMES))


def test_formulas_survive():
    """Cells whose text comes from a formula are left alone: plain, shared, and anywhere in an array's range."""
    found = plan(workbook())
    assert [describe(mend) for mend in found.mends] == [
        "Anggaran!A2: kode ' 5.03.01' menjadi '5.03.01'",
        "Anggaran!B2: teks '1.234.567,89' menjadi angka 1.234.567,89",
        "Anggaran!C2: teks '12.000.000' menjadi angka 12.000.000",
        "Anggaran!C3: teks '3,5' menjadi angka 3,5",
        "Pengaturan!B5: teks '2025' menjadi angka 2025",
    ]
    assert [(left.cell, left.reason) for left in found.left] == [
        ("B3", Reason.FORMULA),
        ("B4", Reason.FORMULA),
        ("B5", Reason.AMBIGUOUS),
        ("C5", Reason.FORMULA),
        ("C6", Reason.FORMULA),
        ("B6", Reason.FORMULA),
    ]


def test_written_and_read_again():
    """The mends applied to the file are real numbers in it, its formulas stand, and tidying again changes nothing."""
    import openpyxl

    before = workbook()
    applied = apply_edits(Package.open(before), plan(before).edits)
    assert applied.data is not None
    assert_excel_accepts(applied.data, before)
    sheet = openpyxl.load_workbook(io.BytesIO(applied.data))["Anggaran"]
    assert (sheet["B2"].value, sheet["B2"].number_format) == (1234567.89, "#,##0.00")
    assert (sheet["C2"].value, sheet["C2"].number_format) == (12000000, "#,##0")
    assert (sheet["C3"].value, sheet["C3"].number_format) == (3.5, "#,##0.00")
    assert (sheet["A2"].value, sheet["A2"].number_format) == ("5.03.01", "@")
    assert sheet["B3"].value == '=TEXT(1.5,"0.0")'
    assert plan(applied.data).mends == ()
    assert plan(applied.data).left == plan(before).left


@pytest.mark.broken_on_purpose
def test_formula_cells_in_any_xml():
    """Formulas are found in prefixed XML without addresses too, and only among the cells asked for."""
    before = workbook()
    sheet = (
        b'<?xml version="1.0"?><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"<x:sheetData><x:row><x:c t='str'><x:f>1</x:f><x:v>1</x:v></x:c><x:c><x:v>2</x:v></x:c></x:row>"
        b"<x:row r='4'><x:c/><x:c t='str'><x:f/><x:v>1</x:v></x:c><x:c r='D4'><x:f>1</x:f></x:c></x:row>"
        b"</x:sheetData></x:worksheet>"
    )
    package = Package.open(Package.open(before).with_parts({"xl/worksheets/sheet1.xml": sheet}))
    asked = [("Anggaran", cell) for cell in ("A1", "B1", "A4", "B4", "C4")]
    assert formula_cells(package, asked) == {("Anggaran", "A1"), ("Anggaran", "B4")}
    assert formula_cells(package, []) == frozenset()
