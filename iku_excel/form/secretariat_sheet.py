"""The output sheet Kesekretariatan: four components now, the index, and the same by quarter."""

from __future__ import annotations

from iku_excel.form.formulas import ACTIVE as ACTIVE_EMPLOYEE
from iku_excel.form.formulas import (
    LEAF,
    SUBTOTAL,
    budget_number,
    chosen,
    employees_trained,
    number_or_blank,
    share,
    text_or_blank,
)
from iku_excel.form.layout import BUDGET, DOCUMENTS, FACILITIES, KESEKRETARIATAN, QUARTERS
from iku_excel.form.sheetmap import Label, Look, OutputCell, SheetMap

COMPONENTS = (
    ("dokumen", "Bobot_Dokumen", "Nilai_Dokumen", "Dokumen perencanaan dan penganggaran tepat waktu"),
    ("anggaran", "Bobot_Anggaran", "Nilai_Anggaran", "Realisasi anggaran"),
    ("diklat", "Bobot_Diklat", "Nilai_Diklat", "SDM aparatur yang mengikuti diklat"),
    ("sarpras", "Bobot_Sarpras", "Nilai_Sarpras", "Sarana dan prasarana berfungsi baik"),
)
"""(key, name of its weight, name of its value, label) in the source document's order."""

HEADINGS = ("Komponen", "Pembilang", "Penyebut", "Nilai", "Bobot", "Kontribusi", "Status")
FIRST, TOTAL, INDEX_ROW = 5, 9, 11
QUARTER_HEAD, BOUND = 16, 17
COLUMNS = "BCDE"
"""The columns of TW I–IV in the block by quarter."""

ROWS = {
    "dokumen": (18, 19, 20),
    "anggaran": (21, 22, 23),
    "diklat": (24, 27, 28),
    "sarpras": (29, 30, 31),
}
"""Rows of denominator, numerator and value of each component in the block by quarter."""

INDEX_BY_QUARTER, STATUS_BY_QUARTER = 32, 33
INDEX_CELL, STATUS_CELL = f"D{INDEX_ROW}", f"D{INDEX_ROW + 1}"


def bound(quarter: int) -> str:
    """The cell with the first day after a quarter; empty for quarters after the workbook's."""
    return f"{COLUMNS[quarter - 1]}${BOUND}"


def _only_if_due(column: str, formula: str) -> str:
    return f'IF(ISNUMBER({column}${BOUND}),{formula},"")'


def _weights_wrong() -> str:
    return f"IF(COUNT($E${FIRST}:$E${TOTAL - 1})<4,TRUE,ROUND(SUM($E${FIRST}:$E${TOTAL - 1}),8)<>100)"


def _status(values: str) -> str:
    return f'IF({_weights_wrong()},"bobot tidak 100",IF(COUNT({values})<4,"belum lengkap","lengkap"))'


def _documents(column: str) -> tuple[str, str]:
    due, done, end = f"{DOCUMENTS.name}[Batas Waktu]", f"{DOCUMENTS.name}[Tanggal Penetapan]", f"{column}${BOUND}"
    count = f'COUNTIFS({due},">1",{due},"<"&{end})'
    in_time = f"SUM(IFERROR(({due}>1)*({due}<{end})*({done}>1)*({done}<{end})*({done}-{due}<1),0))"
    return count, in_time


def _facilities() -> tuple[str, str]:
    units = f'{FACILITIES.name}[Jumlah],{FACILITIES.name}[Jumlah],">0"'
    total = f"SUMIFS({units})"
    good = (
        f'SUMIFS({units},{FACILITIES.name}[Kondisi],"Baik")'
        f'+IF({chosen("Hitung_Rusak_Ringan")},SUMIFS({units},{FACILITIES.name}[Kondisi],"Rusak Ringan"),0)'
    )
    return total, good


def _quarter(number: int) -> list[tuple[str, int, str, Look, bool]]:
    """(figure, row, formula, look, array) of one quarter's column."""
    c = COLUMNS[number - 1]
    end = f"{c}${BOUND}"
    due, in_time = _documents(c)
    realisation = budget_number(*(f"Realisasi TW {q}" for q in reversed(QUARTERS[:number])))
    units, good = _facilities()
    values = ",".join(f"{c}{ROWS[key][2]}" for key, *_ in COMPONENTS)
    weighted = "+".join(f"{c}{ROWS[key][2]}*$E${FIRST + i}" for i, (key, *_) in enumerate(COMPONENTS))
    # pagu, employees and units have no quarter: counted once, in the first column
    pagu = f"SUM({LEAF}*{budget_number('Pagu Perubahan', 'Pagu Murni')})"
    active = f"SUMPRODUCT(--ISNUMBER(1/({ACTIVE_EMPLOYEE})))"

    def once(row: int, formula: str) -> str:
        return formula if number == 1 else f"$B${row}"

    cells: list[tuple[str, int, str, Look, bool]] = [
        (
            "batas",
            BOUND,
            f'IF(ISNUMBER(Triwulan_Sah),IF(Triwulan_Sah>={number},DATE(Tahun_Sah,{number}*3+1,1),""),"")',
            "tanggal",
            False,
        ),
        ("dokumen.penyebut", 18, due, "bulat", False),
        ("dokumen.pembilang", 19, in_time, "bulat", True),
        ("anggaran.penyebut", 21, once(21, pagu), "bulat", number == 1),
        ("anggaran.pembilang", 22, f"SUM({LEAF}*{realisation})", "bulat", True),
        ("diklat.penyebut", 24, once(24, active), "bulat", False),
        ("diklat.semua", 25, employees_trained("Awal_Tahun", end), "bulat", False),
        (
            "diklat.jp",
            26,
            f'IF(IF(ISNUMBER(JP_Minimal),JP_Minimal>0,FALSE),{employees_trained("Awal_Tahun", end, "JP_Minimal")},"")',
            "bulat",
            False,
        ),
        ("diklat.pembilang", 27, f"IF({chosen('Minimal_20_JP')},{c}26,{c}25)", "bulat", False),
        ("sarpras.penyebut", 29, once(29, units), "bulat", False),
        ("sarpras.pembilang", 30, once(30, good), "bulat", False),
    ]
    for key, (whole, part, value) in ROWS.items():
        cells.append((f"{key}.nilai", value, share(f"{c}{part}", f"{c}{whole}"), "dua", False))
    index = f'IF(OR(Berlaku_IKU2="Tidak",{c}{STATUS_BY_QUARTER}<>"lengkap"),"",({weighted})/100)'
    cells += [
        ("indeks", INDEX_BY_QUARTER, index, "indeks", False),
        ("status", STATUS_BY_QUARTER, _status(values), "status", False),
    ]
    return [
        (key, row, formula if row == BOUND else _only_if_due(c, formula), look, array)
        for key, row, formula, look, array in cells
    ]


_LABELS_BY_QUARTER = {
    BOUND: "Dihitung sebelum tanggal",
    18: "Dokumen jatuh tempo",
    19: "Dokumen ditetapkan tepat waktu",
    20: "Nilai Dokumen",
    21: "Pagu (rupiah)",
    22: "Realisasi kumulatif (rupiah)",
    23: "Nilai Anggaran",
    24: "Pegawai aktif",
    25: "Pegawai yang mengikuti diklat",
    26: "Pegawai yang memenuhi JP minimal",
    27: "Pegawai yang dihitung",
    28: "Nilai Diklat",
    29: "Unit sarpras",
    30: "Unit berfungsi baik",
    31: "Nilai Sarpras",
    INDEX_BY_QUARTER: "Indeks Kualitas Pelayanan Kesekretariatan",
    STATUS_BY_QUARTER: "Status",
}


def _now(row: int) -> str:
    """The figure of the workbook's own quarter in a row of the block by quarter."""
    return f'IFERROR(INDEX($B${row}:$E${row},Triwulan_Sah),"")'


def secretariat_sheet() -> SheetMap:
    """The sheet's description."""
    cells = [
        OutputCell("identitas", "A2", text_or_blank("Perangkat_Daerah"), "subjudul"),
        OutputCell("posisi", "A3", "Ringkasan!$A$3", "subjudul"),
    ]
    labels = [Label("A1", "INDEKS KUALITAS PELAYANAN KESEKRETARIATAN", "judul")]
    labels += [Label(f"{'ABCDEFG'[i]}4", text, "kepala") for i, text in enumerate(HEADINGS)]
    for row, (key, weight, _, label) in enumerate(COMPONENTS, FIRST):
        whole, part, value = ROWS[key]
        labels.append(Label(f"A{row}", label, "bungkus"))
        cells += [
            OutputCell(f"sekretariat.{key}.pembilang", f"B{row}", _now(part), "bulat"),
            OutputCell(f"sekretariat.{key}.penyebut", f"C{row}", _now(whole), "bulat"),
            OutputCell(f"sekretariat.{key}.nilai", f"D{row}", _now(value), "dua"),
            OutputCell(f"sekretariat.{key}.bobot", f"E{row}", number_or_blank(weight), "dua"),
            OutputCell(
                f"sekretariat.{key}.kontribusi",
                f"F{row}",
                f'IF(AND(ISNUMBER(D{row}),ISNUMBER(E{row})),D{row}*E{row}/100,"")',
                "dua",
            ),
            OutputCell(
                f"sekretariat.{key}.status", f"G{row}", f'IF(ISNUMBER(D{row}),"lengkap","belum ada data")', "status"
            ),
        ]
    labels.append(Label(f"A{TOTAL}", "Jumlah", "kepala"))
    cells += [
        OutputCell("sekretariat.jumlah.bobot", f"E{TOTAL}", f"SUM(E{FIRST}:E{TOTAL - 1})", "dua"),
        OutputCell("sekretariat.jumlah.kontribusi", f"F{TOTAL}", f"SUM(F{FIRST}:F{TOTAL - 1})", "dua"),
        OutputCell(
            "sekretariat.indeks",
            INDEX_CELL,
            f'IF(OR(Berlaku_IKU2="Tidak",{STATUS_CELL}<>"lengkap"),"",SUM(F{FIRST}:F{TOTAL - 1}))',
            "indeks",
        ),
        OutputCell("sekretariat.status", STATUS_CELL, _status(f"D{FIRST}:D{TOTAL - 1}"), "status"),
    ]
    labels += [
        Label(f"A{INDEX_ROW}", "Indeks Kualitas Pelayanan Kesekretariatan", "label"),
        Label(f"A{INDEX_ROW + 1}", "Status", "label"),
        Label(
            f"A{INDEX_ROW + 2}",
            "Indeks = jumlah Nilai × Bobot ÷ 100. Bila satu komponen belum ada datanya, indeks kosong: "
            "bobot tidak dibagi ulang.",
            "catatan",
        ),
        Label(f"A{QUARTER_HEAD - 1}", "Per triwulan", "bagian"),
        Label(f"A{QUARTER_HEAD}", "Uraian", "kepala"),
    ]
    labels += [Label(f"{COLUMNS[i]}{QUARTER_HEAD}", f"TW {q}", "kepala") for i, q in enumerate(QUARTERS)]
    labels += [Label(f"A{row}", text, "label") for row, text in _LABELS_BY_QUARTER.items()]
    for number in range(1, 5):
        cells += [
            OutputCell(f"tw{number}.{key}", f"{COLUMNS[number - 1]}{row}", formula, look, array)
            for key, row, formula, look, array in _quarter(number)
        ]
    kode = f"{BUDGET.name}[Kode]"
    subtotals = f'SUMPRODUCT(--ISNUMBER(1/(({kode}<>"")*(1-ISNUMBER({kode}))*({SUBTOTAL}>0))))'
    labels.append(Label("A34", "Baris subtotal anggaran (tidak dijumlah)", "label"))
    cells.append(OutputCell("sekretariat.subtotal", "B34", subtotals, "bulat"))
    return SheetMap(
        KESEKRETARIATAN,
        tuple(cells),
        tuple(labels),
        {"A": 48, "B": 20, "C": 20, "D": 20, "E": 20, "F": 14, "G": 17},
        "A1:G34",
        4,
        "B5",
        {
            "Indeks_Kesekretariatan": INDEX_CELL,
            **{name: f"D{FIRST + i}" for i, (_, _, name, _) in enumerate(COMPONENTS)},
        },
    )
