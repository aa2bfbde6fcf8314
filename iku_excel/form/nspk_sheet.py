"""The output sheet NSPK: 18 elements in one block, the index, its category, BKN's official result."""

from __future__ import annotations

from iku_excel.form.formulas import number_or_blank, predicate, text_or_blank
from iku_excel.form.layout import ELEMENT_CODES, NSPK, QUESTIONS
from iku_excel.form.settings import CATEGORIES
from iku_excel.form.sheetmap import Label, Look, OutputCell, SheetMap

FIRST, LAST, TOTAL = 5, 4 + len(ELEMENT_CODES), 5 + len(ELEMENT_CODES)
"""Rows of the first element, the last element and the totals."""

INDEX_ROW = TOTAL + 2
INDEX_CELL = f"C{INDEX_ROW}"


def _q(heading: str) -> str:
    return f"{QUESTIONS.name}[{heading}]"


_APPLIES = f'{_q("Berlaku")},"<>Tidak"'

HEADINGS = (
    "Kode",
    "Elemen",
    "Jumlah Pertanyaan",
    "Terjawab",
    "Total Skor",
    "Total Maks",
    "Persen",
    "GAP",
    "Poin Hilang",
    "Peringkat",
    "Bukti Kurang",
    "Skor BKN",
    "Selisih",
    "Urutan",
    "Tidak Berlaku",
)


def _element(row: int) -> tuple[tuple[str, str, str, Look], ...]:
    """(figure, column, formula, look) of one element's row."""
    code = f"{_q('Kode Elemen')},$A{row}"
    valid = f'{_q("Skor")},">=0",{_q("Skor Maks")},">0",{_APPLIES}'
    bkn = f'{code},{_q("Skor BKN")},">=0",{_APPLIES}'
    return (
        ("pertanyaan", "C", f"COUNTIFS({code},{_APPLIES})", "bulat"),
        ("terjawab", "D", f"COUNTIFS({code},{valid})", "bulat"),
        ("skor", "E", f"SUMIFS({_q('Skor')},{code},{valid})", "dua"),
        ("maks", "F", f'SUMIFS({_q("Skor Maks")},{code},{_q("Skor Maks")},">0",{_APPLIES})', "dua"),
        ("persen", "G", f'IF(F{row}>0,E{row}/F{row}*100,"")', "dua"),
        ("gap", "H", f'IF(F{row}>0,100-G{row},"")', "dua"),
        # rounded to 8 decimals: two elements with equal points must tie whatever the binary noise of the sums
        ("hilang", "I", f'IF(F{row}>0,ROUND(F{row}-E{row},8),"")', "dua"),
        ("peringkat", "J", f'IF(ISNUMBER(I{row}),RANK(I{row},I${FIRST}:I${LAST}),"")', "bulat"),
        ("bukti", "K", f'COUNTIFS({code},{_APPLIES},{_q("Status Bukti")},"<>Lengkap")', "bulat"),
        ("bkn", "L", f'IF(COUNTIFS({bkn})>0,SUMIFS({_q("Skor BKN")},{bkn}),"")', "dua"),
        ("selisih", "M", f'IF(ISNUMBER(L{row}),ROUND(L{row}-E{row},8),"")', "dua"),
        ("urutan", "N", f'IF(ISNUMBER(J{row}),J{row}+COUNTIF(I${FIRST}:I{row},I{row})-1,"")', "bulat"),
        ("tidak-berlaku", "O", f'COUNTIFS({code},{_q("Berlaku")},"Tidak")', "bulat"),
    )


def nspk_sheet(element_names: tuple[str, ...]) -> SheetMap:
    """The sheet for the 18 element names that hold in the workbook's year."""
    cells = [
        OutputCell("identitas", "A2", text_or_blank("Perangkat_Daerah"), "subjudul"),
        OutputCell("posisi", "A3", "Ringkasan!$A$3", "subjudul"),
    ]
    labels = [Label("A1", "INDEKS NSPK MANAJEMEN ASN", "judul")]
    labels += [Label(f"{'ABCDEFGHIJKLMNO'[i]}4", text, "kepala") for i, text in enumerate(HEADINGS)]
    for row, (code, name) in enumerate(zip(ELEMENT_CODES, element_names, strict=True), FIRST):
        labels += [Label(f"A{row}", code, "teks"), Label(f"B{row}", name, "bungkus")]
        cells += [OutputCell(f"nspk.{code}.{key}", f"{col}{row}", f, look) for key, col, f, look in _element(row)]
    labels += [Label(f"A{TOTAL}", "", "kepala"), Label(f"B{TOTAL}", "Jumlah", "kepala")]
    totals: tuple[tuple[str, str, Look], ...] = (
        ("pertanyaan", "C", "bulat"),
        ("terjawab", "D", "bulat"),
        ("skor", "E", "dua"),
        ("maks", "F", "dua"),
        ("hilang", "I", "dua"),
        ("bukti", "K", "bulat"),
        ("tidak-berlaku", "O", "bulat"),
    )
    cells += [
        OutputCell(f"nspk.jumlah.{key}", f"{col}{TOTAL}", f"SUM({col}{FIRST}:{col}{LAST})", look)
        for key, col, look in totals
    ]
    r = INDEX_ROW
    index = f'IF(Berlaku_IKU1="Tidak","",IF(F{TOTAL}>0,E{TOTAL}/F{TOTAL}*100,""))'
    below: tuple[tuple[str, str, str, Look], ...] = (
        ("indeks", "Indeks NSPK (penilaian mandiri)", index, "indeks"),
        ("kategori", "Kategori menurut penilaian mandiri", predicate(INDEX_CELL, CATEGORIES.name), "status"),
        ("resmi", "Indeks NSPK menurut BKN (hasil resmi)", number_or_blank("Indeks_NSPK_BKN"), "indeks"),
        ("kategori-resmi", "Kategori menurut hasil BKN", predicate(f"C{r + 2}", CATEGORIES.name), "status"),
        ("surat", "Nomor surat BKN", text_or_blank("Nomor_Surat_BKN"), "teks"),
        ("tanggal-surat", "Tanggal surat BKN", number_or_blank("Tanggal_Surat_BKN"), "tanggal"),
        ("belum-dijawab", "Pertanyaan belum dijawab", f"C{TOTAL}-D{TOTAL}", "bulat"),
        ("tidak-berlaku", "Pertanyaan tidak berlaku", f"O{TOTAL}", "bulat"),
    )
    for row, (key, label, formula, look) in enumerate(below, r):
        labels.append(Label(f"B{row}", label, "label"))
        cells.append(OutputCell(f"nspk.{key}", f"C{row}", formula, look))
    labels.append(
        Label(
            f"A{r + len(below) + 1}",
            "Poin Hilang = Total Maks − Total Skor; GAP = 100 − Persen. Indeks = jumlah skor ÷ jumlah maksimum × 100, "
            "dihitung atas semua pertanyaan, bukan rata-rata elemen.",
            "catatan",
        )
    )
    return SheetMap(
        NSPK,
        tuple(cells),
        tuple(labels),
        {"A": 7, "B": 40, "C": 15, **dict.fromkeys("DEFGHIJKLMNO", 11)},
        f"A1:O{r + len(below) + 1}",
        4,
        "C5",
        {"Indeks_NSPK": INDEX_CELL},
    )
