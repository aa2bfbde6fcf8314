"""The output sheet Formulir IKU: the official form of the indicators, as the source document prints it.

Page 1 names the agency, its Tugas and its Fungsi, page 2 the indicators and the signatory. The long texts of page 1
are broken into lines of ``ROOM`` letters. The workings stand right of the print area.
"""

from __future__ import annotations

from iku_excel.form.formulas import text_or_blank
from iku_excel.form.layout import FORMULIR, RINGKASAN, TARGET_YEAR, TEMPLATE_VERSION
from iku_excel.form.lines import LONGEST, first_line_formula, one_line_formula
from iku_excel.form.settings import FUNCTIONS
from iku_excel.form.sheetmap import Label, Look, OutputCell, Places, SheetMap
from iku_excel.form.signature import TITLE_LINES, nip_formula, official_signature, place_and_date
from iku_excel.form.summary_blocks import ARRANGEMENTS
from iku_excel.form.workings import IKU_ROWS
from iku_excel.xlsx.grid import place

TITLE = "INDIKATOR KINERJA UTAMA"

ROOM = 92
"""Letters a line of page 1: so many capitals still fit between the margins."""
TITLE_ROOM, TITLE_LINES_2 = 50, 2
"""Letters a line of the signatory's title in version 2, and its lines."""

NUMBERED = ("1. Perangkat Daerah :", "2. Tugas :", "3. Fungsi :")
FUNCTION_ROWS = 20
"""How many rows of tblFungsi the form prints; it says how many more there are."""
ITEMS = len(NUMBERED) + FUNCTION_ROWS + 1
"""The texts of page 1: the numbered ones, the functions, and what is said of further functions."""
LINES = 46
INDENT = "\u00a0" * 4
"""As wide as "a. " in Arial. Blanks that don't break: LibreOffice drops plain ones before a formula's stored text."""
LEFT_OVER = f"{INDENT}(dan seterusnya; selengkapnya di lembar Pengaturan)"
MORE_FUNCTIONS = "fungsi lagi; selengkapnya di lembar Pengaturan"

FIRST = 3
"""Row of the first line, and of the first text among the workings."""
FUNCTION_FIRST = FIRST + len(NUMBERED)
OVER = FIRST + LINES
"""Row that says that not everything found room. The second page begins after it."""
SECTION = OVER + 1
HEAD = SECTION + 1
SLOTS = (HEAD + 1, HEAD + 2, HEAD + 3)
"""Rows of the indicators: the carried ones, without gaps."""
SWAP = SLOTS[-1] + 1
SIGNATURE, FREE, FREE_HEIGHT = SLOTS[-1] + 2, 2, 22.0
"""First row of the signature block; how many rows are left free in it, and their height in points."""
YEARS = FIRST + ITEMS + 1
"""Workings: first and last year, count of functions, in this row and the two after it."""

HEADINGS = (
    "No",
    "Sasaran Strategis",
    "Indikator Kinerja Utama",
    "Satuan",
    "Penjelasan dan Formulasi Perhitungan",
    "Sumber Data",
)
_WIDTHS = "A4 B17 C17 D11 E44 F16 G3"
WIDTHS = {
    **{width[0]: float(width[1:]) for width in _WIDTHS.split()},
    **dict.fromkeys("HIJKLMNOPQRS", 12.0),
}

_LIMIT, _TITLE_LIMIT = "$N$1", "$P$1"
_TEXTS, _NEXT = (f"${c}${FIRST}:${c}${FIRST + ITEMS - 1}" for c in "IJ")
_FUNCTION_TEXTS = f"$L${FUNCTION_FIRST}:$L${FUNCTION_FIRST + FUNCTION_ROWS - 1}"
_CARRIED, _SASARAN, _RUNNING = (f"${c}${SLOTS[0]}:${c}${SLOTS[-1]}" for c in "JKI")


def official_sheet(places: Places, version: int = TEMPLATE_VERSION) -> SheetMap:
    """The sheet's description for a workbook of this template version whose tblTarget lies at ``places``."""
    at = ARRANGEMENTS[version]
    signature = official_signature(SIGNATURE, FREE, "E", at) if at.lines else _signature_2()
    free = SIGNATURE + 1 + (TITLE_LINES if at.lines else TITLE_LINES_2)
    last = max(place(cell.cell)[0] for cell in signature)
    cells = [*_title(places), *_texts(), *_lines(), *_carried(), *_table(), *signature]
    page, heights = f"A1:F{last}", dict.fromkeys(range(free, free + FREE), FREE_HEIGHT)
    labels = [
        Label(f"A{SECTION}", "4. Indikator Kinerja Utama :", "bagian"),
        *(Label(f"{'ABCDEF'[n]}{HEAD}", text, "kepala") for n, text in enumerate(HEADINGS)),
        *_working_labels(),
        *(() if at.lines else _LABELS_2),
    ]
    return SheetMap(FORMULIR, tuple(cells), tuple(labels), WIDTHS, page, HEAD, "A2", heights=heights)


def _title(places: Places) -> list[OutputCell]:
    heading = places.target_headings
    is_year = f'(LEFT({heading},{len(TARGET_YEAR)})="{TARGET_YEAR}")*(LEN({heading})={len(TARGET_YEAR) + 4})'
    year = f"MID({heading},{len(TARGET_YEAR) + 1},4)"
    first, last = f"$I${YEARS}", f"$I${YEARS + 1}"
    title = f'IF({last}>0,"{TITLE} TAHUN "&{first}&IF({last}>{first}," - "&{last},""),"{TITLE}")'
    return [
        OutputCell("formulir.judul", "A1", title, "judul"),
        OutputCell("formulir.tahun-awal", first.replace("$", ""),
                   f"9999-MAX(IFERROR({is_year}*(9999-{year}),0))", "bantu", True),
        OutputCell("formulir.tahun-akhir", last.replace("$", ""), f"MAX(IFERROR({is_year}*{year},0))", "bantu", True),
    ]  # fmt: skip


def _texts() -> list[OutputCell]:
    """The texts of page 1, and for each the next one that is not blank."""
    uraian = f"{FUNCTIONS.name}[Uraian]"
    count = f"$I${YEARS + 2}"
    filled = f'ISTEXT({uraian})*(TRIM(SUBSTITUTE({uraian},CHAR(10)," "))<>"")'
    further = f'{count}-SUMPRODUCT(--({_FUNCTION_TEXTS}<>""))'
    cells = [OutputCell("formulir.fungsi", count.replace("$", ""), f"SUMPRODUCT(--ISNUMBER(1/({filled})))", "bantu")]
    formulas = []
    for label, name in zip(NUMBERED, ("Perangkat_Daerah", "Tugas", None), strict=True):
        formulas.append(f'LEFT(TRIM("{label} "&{one_line_formula(name)}),{LONGEST})' if name else f'"{label}"')
    for n in range(1, FUNCTION_ROWS + 1):
        row = FUNCTION_FIRST + n - 1
        letter, words = f"K{row}", f"L{row}"
        point = f'IF(OR({letter}="",RIGHT({letter})=".",RIGHT({letter})=")"),"",".")'
        for key, cell, heading in (("huruf", letter, "Huruf"), ("uraian", words, "Uraian")):
            typed = one_line_formula(f"INDEX({FUNCTIONS.name}[{heading}],{n})")
            cells.append(OutputCell(f"formulir.{key}.{n}", cell, typed, "bantu"))
        formulas.append(f'IF({words}="","",LEFT(TRIM({letter}&{point}&" "&{words}),{LONGEST}))')
    formulas.append(f'IF({further}>0,"dan "&({further})&" {MORE_FUNCTIONS}","")')
    for n, formula in enumerate(formulas, 1):
        row = FIRST + n - 1
        after = f"J{row + 1}" if n < ITEMS else '""'
        cells += [
            OutputCell(f"formulir.butir.{n}", f"I{row}", formula, "bantu"),
            OutputCell(f"formulir.berikut.{n}", f"J{row}", f'IF(I{row}="",{after},H{row})', "bantu"),
        ]
    return cells


def _lines() -> list[OutputCell]:
    """Line by line: which text, from which letter on, the rest of it, what fits, and the line as printed."""
    cells = []
    for n in range(1, LINES + 2):
        row, before = FIRST + n - 1, FIRST + n - 2
        if n == 1:
            item, start = f"$J${FIRST}", "1"
        else:
            goes_on, after = f"LEN(O{before})>{_LIMIT}", f"LEN(P{before})"
            blank = f'IF(MID(O{before},{after}+1,1)=" ",1,0)'
            item = f'IF(ISNUMBER(M{before}),IF({goes_on},M{before},IFERROR(INDEX({_NEXT},M{before}+1),"")),"")'
            start = f'IF(ISNUMBER(M{row}),IF({goes_on},N{before}+{after}+{blank},1),"")'
        cells.append(OutputCell(f"formulir.baris.{n}.butir", f"M{row}", item, "bantu"))
        if row == OVER:
            cells.append(OutputCell("formulir.sisa", f"A{row}", f'IF(ISNUMBER(M{row}),"{LEFT_OVER}","")', "label"))
            break
        rest = f'IF(ISNUMBER(M{row}),MID(INDEX({_TEXTS},M{row}),N{row},{_LIMIT}+1),"")'
        indent = f'IF(M{row}>{len(NUMBERED)},"{INDENT}","")&IF(N{row}>1,"{INDENT}","")'
        cells += [
            OutputCell(f"formulir.baris.{n}.mulai", f"N{row}", start, "bantu"),
            OutputCell(f"formulir.baris.{n}.sisa", f"O{row}", rest, "bantu"),
            OutputCell(f"formulir.baris.{n}.teks", f"P{row}", first_line_formula(f"O{row}", _LIMIT), "bantu"),
            OutputCell(f"formulir.baris.{n}", f"A{row}", f'IF(P{row}="","",{indent}&P{row})', "label"),
        ]
    return cells


def _carried() -> list[OutputCell]:
    """The carried indicators without gaps, those of one Sasaran together: the third may come before the second."""
    cells = []
    for n, (row, (code, target)) in enumerate(zip(SLOTS, IKU_ROWS.items(), strict=True), 1):
        used = f'AND(Berlaku_{code.replace("-", "")}="Ya",ISNUMBER({RINGKASAN}!$X${target}))'
        running = "1" if n == 1 else f"COUNT(I${SLOTS[0]}:I{row - 1})+1"
        sasaran = one_line_formula(f"INDEX(tblTarget[Sasaran],{_row_of(f'J{row}')})")
        order = ("1", f"2+$I${SWAP}", f"3-$I${SWAP}")[n - 1]
        cells += [
            OutputCell(f"formulir.{n}.urut", f"I{row}", f'IF({used},{running},"")', "bantu"),
            OutputCell(f"formulir.{n}.iku-ke", f"J{row}", f'IFERROR(MATCH(H{row},{_RUNNING},0),"")', "bantu"),
            OutputCell(f"formulir.{n}.sasaran-asal", f"K{row}", f'IF(ISNUMBER(J{row}),{sasaran},"")', "bantu"),
            OutputCell(f"formulir.{n}.tempat", f"L{row}", f'IF(ISNUMBER(J{row}),{order},"")', "bantu"),
        ]
    one, two, three = (f"K{row}" for row in SLOTS)
    swap = f'IF(AND(ISNUMBER(J{SLOTS[2]}),{one}<>"",{three}={one},{two}<>{one}),1,0)'
    return [*cells, OutputCell("formulir.tukar", f"I{SWAP}", swap, "bantu")]


def _row_of(number: str) -> str:
    """The row of tblTarget of the first, second or third IKU."""
    rows = list(IKU_ROWS.values())
    return f"INDEX({RINGKASAN}!$X${rows[0]}:$X${rows[-1]},{number})"


def _table() -> list[OutputCell]:
    """The table: a Sasaran once, its indicators numbered where they are several, a repeated Sumber Data once."""
    cells = []
    for n, row in enumerate(SLOTS, 1):
        before = row - 1
        target = _row_of(f"INDEX({_CARRIED},L{row})")
        within = "1" if n == 1 else f'IF(AND(N{row}<>"",N{row}=N{before}),O{before}+1,1)'
        number = "1" if n == 1 else f"P{before}+IF(O{row}=1,1,0)"
        repeated = "0" if n == 1 else f"IF(AND(N(O{row})>1,Q{row}=Q{before}),1,0)"
        typed = {
            h: f'IF(ISNUMBER($M{row}),{text_or_blank(f"INDEX(tblTarget[{h}],$M{row})")},"")'
            for h in ("IKU", "Satuan", "Formulasi", "Sumber Data")
        }
        prefix = f'IF(R{row}=1,O{row}&". ","")'
        figures: tuple[tuple[str, str, str, Look], ...] = (
            ("baris", "M", f'IF(ISNUMBER(L{row}),{target},"")', "bantu"),
            ("sasaran-ini", "N", f'IF(ISNUMBER(L{row}),INDEX({_SASARAN},L{row}),"")', "bantu"),
            ("ke", "O", f'IF(ISNUMBER(M{row}),{within},"")', "bantu"),
            ("nomor-sasaran", "P", f'IF(ISNUMBER(O{row}),{number},"")', "bantu"),
            ("sumber-ini", "Q", typed["Sumber Data"], "bantu"),
            ("bersama", "R", f"IF(OR(N(O{row})>1,N(O{row + 1})>1),1,0)", "bantu"),
            ("sumber-sama", "S", repeated, "bantu"),
            ("nomor", "A", f'IF(N(O{row})=1,P{row},"")', "status"),
            ("sasaran", "B", f'IF(N(O{row})=1,N{row},"")', "bungkus"),
            ("iku", "C", f'IF(ISNUMBER(M{row}),{prefix}&LEFT({typed["IKU"]},{LONGEST}),"")', "bungkus"),
            ("satuan", "D", typed["Satuan"], "bungkus"),
            ("formulasi", "E", typed["Formulasi"], "bungkus"),
            ("sumber", "F", f'IF(S{row}=1,"",Q{row})', "bungkus"),
        )
        cells += [OutputCell(f"formulir.{n}.{key}", f"{column}{row}", f, look) for key, column, f, look in figures]
    return cells


def _signature_2() -> list[OutputCell]:
    """The signature block of version 2: a title of two lines, a name of one however long."""
    title = one_line_formula("Jabatan_Pejabat")
    row, whole, name = SIGNATURE + 1, f"$K${SIGNATURE}", SIGNATURE + 5
    rest = f"TRIM(MID({whole},LEN(E{row})+1,{LONGEST}))"
    window = f"K{row}"
    return [
        OutputCell("paraf.tempat", f"E{SIGNATURE}", place_and_date(), "paraf"),
        OutputCell("formulir.jabatan", whole.replace("$", ""), f"LEFT({title},{LONGEST})", "bantu"),
        OutputCell("formulir.jabatan.awal", window, f"LEFT({whole},{_TITLE_LIMIT}+1)", "bantu"),
        OutputCell("formulir.jabatan.1", f"E{row}", first_line_formula(window, _TITLE_LIMIT), "paraf"),
        OutputCell("formulir.jabatan.2", f"E{row + 1}", rest, "paraf"),
        OutputCell("paraf.nama", f"E{name}", text_or_blank("Nama_Pejabat"), "paraf-nama"),
        OutputCell("paraf.pangkat", f"E{name + 1}", text_or_blank("Pangkat_Pejabat"), "paraf"),
        OutputCell("formulir.nip", f"E{name + 2}", nip_formula("NIP."), "paraf"),
    ]


_LABELS_2 = (
    Label("O1", "Huruf per baris jabatan", "bantu"),
    Label("P1", TITLE_ROOM, "bantu"),
    Label(f"J{SIGNATURE}", "Jabatan", "bantu"),
)
"""Labels of version 2's workings."""


def _working_labels() -> list[Label]:
    heads = {
        1: {"H": "Hitungan bantu (tidak dicetak)", "M": "Huruf per baris"},
        2: dict(zip("HIJKLMNOP", ("No", "Teks", "Teks berikut", "Huruf", "Uraian", "Teks ke", "Mulai huruf", "Sisa",
                                  "Baris"), strict=True)),
        YEARS: {"H": "Tahun awal"}, YEARS + 1: {"H": "Tahun akhir"}, YEARS + 2: {"H": "Jumlah fungsi"},
        HEAD: dict(zip("HIJKLMNOPQRS", ("No", "Urut", "IKU ke", "Sasaran", "Tempat", "Baris target", "Sasaran", "Ke",
                                        "No sasaran", "Sumber data", "Bersama", "Sumber sama"), strict=True)),
        SWAP: {"H": "Tukar"},
    }  # fmt: skip
    labels = [Label(f"{c}{row}", text, "bantu") for row, texts in heads.items() for c, text in texts.items()]
    labels.append(Label("N1", ROOM, "bantu"))
    labels += [Label(f"H{FIRST + n - 1}", n, "bantu") for n in range(1, ITEMS + 1)]
    return labels + [Label(f"H{row}", n, "bantu") for n, row in enumerate(SLOTS, 1)]
