"""The workings right of Ringkasan's print area: valid period, targets, reported figures, limits, holidays.

They keep the visible formulas short and are named where other sheets use them. Nothing here is printed.
"""

from __future__ import annotations

from iku_excel.form.formulas import chosen, reported_position
from iku_excel.form.layout import COMPLAINTS, IKU_CODES, PEMERIKSAAN, QUARTERS, REPORTED, TARGET_YEAR
from iku_excel.form.secretariat_sheet import bound
from iku_excel.form.settings import HOLIDAYS, SCALE, TIME_LIMITS
from iku_excel.form.sheetmap import Label, Look, OutputCell, Places

LIMIT_ROWS, HOLIDAY_ROWS = 20, 100
"""How many rows of tblBatasHari and tblLibur the formulas read; more is a finding."""

YEAR, QUARTER, START, END = "X4", "X5", "X6", "X7"
TARGET_COLUMN, LAST_COLUMN, QUARTER_COLUMN = "X$8", "X$9", "X$10"
CLASS_1, CLASS_2, FINISHED = "$X$11", "$X$12", "$X$13"
IKU_ROWS = dict(zip(IKU_CODES, (16, 17, 18), strict=True))
POSITION_ROWS = dict(zip(IKU_CODES, (21, 22, 23), strict=True))
FROZEN_COLUMNS = ("AC", "AD", "AE", "AF")
LAST_YEAR_COLUMN = "AG"
QUARTER_ROWS = {"batas": 26, "diterima": 27, "dihitung": 28, "ditindaklanjuti": 29, "persen": 30}
QUARTER_COLUMNS = ("X", "Y", "Z", "AA")
LIMIT_FIRST = 34
FIELD_CHECK = "Pengaduan|Ya"
FIELD_CHECK_ROW = LIMIT_FIRST + LIMIT_ROWS
FIELD_CHECK_KNOWN, FIELD_CHECK_DAYS = f"$X${FIELD_CHECK_ROW}", f"$Y${FIELD_CHECK_ROW}"
"""Whether Pengaduan with field check has a limit, and how many days."""

HOLIDAY_FIRST = LIMIT_FIRST + LIMIT_ROWS + 3
FINDINGS_END = 25000
"""The last row of Pemeriksaan that formulas look at: more than every code's 201 rows together."""

NO_MATCH = "<>(tanpa pengecualian)"
"""A criterion that leaves nothing out: no class or status is called so."""

NAMES = {
    "Tahun_Sah": YEAR,
    "Triwulan_Sah": QUARTER,
    "Awal_Tahun": START,
    "Batas_Periode": END,
    **{f"Berlaku_{code.replace('-', '')}": f"Y{row}" for code, row in IKU_ROWS.items()},
}
"""Names of workings that other sheets' formulas use. Batas_Periode is the first day after the quarter."""


def k(heading: str) -> str:
    """A column of tblKeluhan."""
    return f"{COMPLAINTS.name}[{heading}]"


def counted(after: str, before: str) -> str:
    """Criteria of a complaint that counts for IKU-3, received from ``after`` until before ``before``."""
    return (
        f'{k("Tanggal Masuk")},">="&{after},{k("Tanggal Masuk")},"<"&{before},{k("Kewenangan")},"<>Bukan",'
        f'{k("Status")},"<>Arsip",{k("Duplikat Dari")},"",{k("Klasifikasi")},{CLASS_1},{k("Klasifikasi")},{CLASS_2}'
    )


def followed(before: str) -> str:
    """Further criteria of a complaint that was followed up before this date."""
    return f'{k("Tanggal Tindak Lanjut")},">1",{k("Tanggal Tindak Lanjut")},"<"&{before},{k("Status")},{FINISHED}'


def period_cells(places: Places) -> list[tuple[str, str, str, str, Look]]:
    """(figure, cell, label, formula, look) of the block that the other blocks lean on."""
    headings = places.target_headings
    whole = "INT({0})={0}"
    roman = ",".join(f'"{q}"' for q in QUARTERS)
    return [
        ("tahun", YEAR, "Tahun yang sah",
         f'IF(ISNUMBER(Tahun),IF(AND(Tahun>=2000,Tahun<=2100,{whole.format("Tahun")}),Tahun,""),"")', "bantu"),
        ("triwulan", QUARTER, "Triwulan yang sah",
         f'IF(ISNUMBER(Triwulan),IF(AND(Triwulan>=1,Triwulan<=4,{whole.format("Triwulan")}),Triwulan,""),"")', "bantu"),
        ("awal", START, "Awal tahun", 'IF(ISNUMBER(Tahun_Sah),DATE(Tahun_Sah,1,1),"")', "bantu-tanggal"),
        ("akhir", END, "Hari pertama sesudah triwulan",
         'IF(AND(ISNUMBER(Tahun_Sah),ISNUMBER(Triwulan_Sah)),DATE(Tahun_Sah,Triwulan_Sah*3+1,1),"")', "bantu-tanggal"),
        ("kolom-target", "X8", "Kolom target tahun ini",
         f'IFERROR(MATCH("{TARGET_YEAR}"&Tahun_Sah,{headings},0),"")', "bantu"),
        ("kolom-akhir", "X9", "Kolom target akhir Renstra", f'IFERROR(MATCH(RIGHT($N$5,11),{headings},0),"")', "bantu"),
        ("kolom-tw", "X10", "Kolom target triwulan",
         f'IFERROR(MATCH("{TARGET_YEAR}TW "&CHOOSE(Triwulan_Sah,{roman}),{headings},0),"")', "bantu"),
        ("kecuali-1", "X11", "Klasifikasi yang dikecualikan",
         f'IF({chosen("Hitung_Semua_Klasifikasi")},"{NO_MATCH}","<>Permintaan Informasi")', "bantu"),
        ("kecuali-2", "X12", "Klasifikasi yang dikecualikan",
         f'IF({chosen("Hitung_Semua_Klasifikasi")},"{NO_MATCH}","<>Aspirasi")', "bantu"),
        ("status-tl", "X13", "Status yang disyaratkan",
         f'IF({chosen("Hanya_Selesai")},"Selesai","{NO_MATCH}")', "bantu"),
    ]  # fmt: skip


def _target(row: int, column: str, places: Places) -> str:
    found = f"INDEX({places.target_rows},$X{row},${column})"
    return f'IFERROR(IF(ISNUMBER({found}),{found},""),"")'


def iku_cells(places: Places) -> list[OutputCell]:
    """Targets, reported figures and capaian before rounding and capping, a row for each indicator."""
    cells = []
    for column in (*FROZEN_COLUMNS, LAST_YEAR_COLUMN):
        year = "Tahun_Sah" if column != LAST_YEAR_COLUMN else 'IF(ISNUMBER(Tahun_Sah),Tahun_Sah-1,"")'
        cells.append(OutputCell(f"bantu.tahun.{column}", f"{column}14", year, "bantu"))
    for n, (code, row) in enumerate(IKU_ROWS.items(), 6):
        at = POSITION_ROWS[code]
        key = f"bantu.{code}"
        applies = f'IFERROR(IF(INDEX(tblTarget[Berlaku],X{row})="Tidak","Tidak","Ya"),"Ya")'
        cells += [
            OutputCell(f"{key}.baris", f"X{row}", f'IFERROR(MATCH($W{row},tblTarget[Kode IKU],0),"")', "bantu"),
            OutputCell(f"{key}.berlaku", f"Y{row}", applies, "bantu"),
            OutputCell(f"{key}.target", f"Z{row}", _target(row, TARGET_COLUMN, places), "bantu"),
            OutputCell(f"{key}.target-tw", f"AA{row}", _target(row, QUARTER_COLUMN, places), "bantu"),
            OutputCell(f"{key}.target-akhir", f"AB{row}", _target(row, LAST_COLUMN, places), "bantu"),
        ]
        for column in (*FROZEN_COLUMNS, LAST_YEAR_COLUMN):
            frozen = f'IF({column}{at}>0,INDEX({REPORTED.name}[Nilai],{column}{at}),"")'
            cells += [
                OutputCell(
                    f"{key}.posisi.{column}",
                    f"{column}{at}",
                    reported_position(f"{column}$14", f"{column}$15", f"$W{at}"),
                    "bantu",
                    True,
                ),
                OutputCell(f"{key}.beku.{column}", f"{column}{row}", frozen, "bantu"),
            ]
        cells += [
            OutputCell(f"{key}.kini", f"AH{row}", f'IFERROR(INDEX(F{n}:I{n},Triwulan_Sah),"")', "bantu"),
            OutputCell(f"{key}.capaian-tw", f"AI{row}", _capaian(row, "AA"), "bantu"),
            OutputCell(f"{key}.capaian", f"AJ{row}", _capaian(row, "Z"), "bantu"),
            OutputCell(f"{key}.beku-kini", f"AK{row}", f'IFERROR(INDEX(AC{row}:AF{row},Triwulan_Sah),"")', "bantu"),
            OutputCell(
                f"{key}.kesalahan",
                f"AL{row}",
                f'COUNTIFS({PEMERIKSAAN}!$B$6:$B${FINDINGS_END},"kesalahan",'
                f'{PEMERIKSAAN}!$I$6:$I${FINDINGS_END},"=*"&$W{row}&"*",{PEMERIKSAAN}!$C$6:$C${FINDINGS_END},"<>iku-*")',
                "bantu",
            ),
        ]
    return cells


def _capaian(row: int, target: str) -> str:
    value, goal = f"AH{row}", f"{target}{row}"
    return f'IF(AND(ISNUMBER({value}),ISNUMBER({goal})),IF({goal}>0,{value}/{goal}*100,""),"")'


RANKS = {code: f"AM{row}" for code, row in IKU_ROWS.items()}
"""Where each indicator's place on the scale stands, from 0 (the highest Sebutan) to 1 (the lowest)."""

RANK_LABEL = Label("AM13", "Letak predikat", "bantu")


def rank_cells() -> list[OutputCell]:
    """How far down the scale each predicate stands: the symbol and colour beside its word go by it."""
    bounds = f"{SCALE.name}[Batas Bawah]"
    cells = []
    for n, (code, place) in enumerate(RANKS.items(), 6):
        above = f'SUMPRODUCT(({bounds}>ROUND(K{n},8))*({bounds}<1E+300)*({bounds}<>""))'
        place_on_scale = f"IF(COUNT({bounds})>1,{above}/(COUNT({bounds})-1),0)"
        formula = f'IF(ISNUMBER(K{n}),IF(L{n}="","",{place_on_scale}),"")'
        cells.append(OutputCell(f"bantu.{code}.letak", place, formula, "bantu"))
    return cells


def complaint_cells() -> list[OutputCell]:
    """Complaints received, counted, followed up, and IKU-3, for each quarter up to the workbook's."""
    cells = []
    for number, column in enumerate(QUARTER_COLUMNS, 1):
        end = f"{column}$26"
        formulas = {
            "batas": f"Kesekretariatan!{bound(number)}",
            "diterima": f'COUNTIFS({k("Tanggal Masuk")},">="&Awal_Tahun,{k("Tanggal Masuk")},"<"&{end})',
            "dihitung": f"COUNTIFS({counted('Awal_Tahun', end)})",
            "ditindaklanjuti": f"COUNTIFS({counted('Awal_Tahun', end)},{followed(end)})",
            "persen": f'IF(Berlaku_IKU3="Tidak","",IF({column}28>0,{column}29/{column}28*100,'
            'IF(IFERROR(Nilai_Tanpa_Keluhan&""="100",FALSE),100,"")))',
        }
        for key, row in QUARTER_ROWS.items():
            formula = formulas[key] if key == "batas" else f'IF(ISNUMBER({end}),{formulas[key]},"")'
            look: Look = "bantu-tanggal" if key == "batas" else "bantu"
            cells.append(OutputCell(f"keluhan.tw{number}.{key}", f"{column}{row}", formula, look))
    return cells


def limit_cells() -> list[OutputCell]:
    """tblBatasHari as keys: the class, and "Pengaduan|Ya" with field check; the first row of a key wins."""
    t, first, cells = TIME_LIMITS.name, LIMIT_FIRST, []
    for n in range(1, LIMIT_ROWS + 1):
        row = first + n - 1
        name, check, days = (f"INDEX({t}[{h}],{n})" for h in TIME_LIMITS.headings)
        # an IF inside an IF, not AND: an error in Perlu Cek Lapangan concerns Pengaduan only
        key = f'{name}&IF({name}="Pengaduan",IF({check}="Ya","|Ya",""),"")'
        usable = f"IF(AND(ISTEXT({name}),ISNUMBER({days})),{days}>=0,FALSE)"
        cells += [
            OutputCell(f"batas.{n}.kunci", f"W{row}", f'IFERROR(IF({usable},{key},""),"")', "bantu"),
            OutputCell(
                f"batas.{n}.pertama",
                f"X{row}",
                f'IF(W{row}="","",IF(SUMPRODUCT(--(W${first}:W{row}=W{row}))=1,W{row},""))',
                "bantu",
            ),
            OutputCell(f"batas.{n}.hari", f"Y{row}", f'IF(X{row}="","",{days})', "bantu"),
        ]
    keys, last = f"X{first}:X{FIELD_CHECK_ROW - 1}", FIELD_CHECK_ROW
    cells += [
        OutputCell("batas.lapangan.ada", f"X{last}", f'COUNTIF({keys},"{FIELD_CHECK}")', "bantu"),
        OutputCell(
            "batas.lapangan.hari",
            f"Y{last}",
            f'SUMIF({keys},"{FIELD_CHECK}",Y{first}:Y{FIELD_CHECK_ROW - 1})',
            "bantu",
        ),
    ]
    return cells


def holiday_cells() -> list[OutputCell]:
    """tblLibur without weekends, repetitions and what is no date."""
    cells = []
    for n in range(1, HOLIDAY_ROWS + 1):
        row = HOLIDAY_FIRST + n - 1
        day = f"INT(INDEX({HOLIDAYS.name}[Tanggal],{n}))"
        weekday = f"AND(MOD({day},7)>1,COUNTIF(X${HOLIDAY_FIRST - 1}:X{row - 1},{day})=0)"
        cell = f"INDEX({HOLIDAYS.name}[Tanggal],{n})"
        formula = f'IFERROR(IF(ISNUMBER({cell}),IF({cell}>1,IF({weekday},{day},""),""),""),"")'
        cells.append(OutputCell(f"libur.{n}", f"X{row}", formula, "bantu-tanggal"))
    return cells


def working_labels() -> list[Label]:
    """The labels of all blocks."""
    labels = [Label("W3", "Perhitungan bantu (tidak dicetak)", "bagian")]
    heads = ("Baris", "Berlaku", "Target tahun", "Target TW", "Target akhir", *(f"TW {q}" for q in QUARTERS))
    heads += ("Tahun lalu", "Nilai kini", "Capaian TW", "Capaian", "Dilaporkan", "Kesalahan")
    columns = ("X", "Y", "Z", "AA", "AB", *FROZEN_COLUMNS, "AG", "AH", "AI", "AJ", "AK", "AL")
    labels += [
        Label(f"{c}13" if c != "X" else "W14", h if c != "X" else "Tiap IKU", "bantu")
        for c, h in zip(columns, heads, strict=True)
    ]
    labels += [Label(f"{c}15", n, "bantu") for c, n in zip((*FROZEN_COLUMNS, "AG"), (1, 2, 3, 4, 4), strict=True)]
    labels += [Label(f"W{row}", code, "bantu") for code, row in IKU_ROWS.items()]
    labels.append(Label("W20", "Baris di tblRealisasi", "bantu"))
    labels += [Label(f"W{row}", code, "bantu") for code, row in POSITION_ROWS.items()]
    labels.append(Label("W25", "Keluhan per triwulan", "bantu"))
    labels += [Label(f"{c}25", f"TW {q}", "bantu") for c, q in zip(QUARTER_COLUMNS, QUARTERS, strict=True)]
    names = ("Dihitung sebelum", "Diterima", "Dihitung", "Ditindaklanjuti", "IKU-3")
    labels += [Label(f"W{row}", text, "bantu") for row, text in zip(QUARTER_ROWS.values(), names, strict=True)]
    labels += [Label(f"W{LIMIT_FIRST - 2}", "Batas hari kerja", "bantu")]
    labels += [
        Label(f"{c}{LIMIT_FIRST - 1}", t, "bantu") for c, t in zip("WXY", ("Kunci", "Dipakai", "Hari"), strict=True)
    ]
    labels.append(Label(f"W{FIELD_CHECK_ROW}", "Pengaduan dengan cek lapangan", "bantu"))
    labels.append(Label(f"W{HOLIDAY_FIRST - 2}", "Hari libur yang dipakai", "bantu"))
    labels += [Label(f"W{HOLIDAY_FIRST + n - 1}", n, "bantu") for n in range(1, HOLIDAY_ROWS + 1)]
    return labels
