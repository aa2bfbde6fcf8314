"""The output sheet Ringkasan: the three indicators, complaints, the elements with most to gain, signature."""

from __future__ import annotations

from iku_excel.form.formulas import chosen, escaped, predicate, text_or_blank, working_day_number
from iku_excel.form.layout import IKU_1, IKU_2, IKU_CODES, NSPK, QUARTERS, RINGKASAN, TARGET_YEAR
from iku_excel.form.nspk_sheet import FIRST as ELEMENT_FIRST
from iku_excel.form.nspk_sheet import LAST as ELEMENT_LAST
from iku_excel.form.nspk_sheet import TOTAL as ELEMENT_TOTAL
from iku_excel.form.secretariat_sheet import COLUMNS, INDEX_BY_QUARTER, STATUS_CELL, bound
from iku_excel.form.settings import SCALE
from iku_excel.form.sheetmap import Label, Look, OutputCell, Places, SheetMap
from iku_excel.form.workings import (
    FIELD_CHECK_DAYS,
    FIELD_CHECK_KNOWN,
    FINISHED,
    FROZEN_COLUMNS,
    HOLIDAY_FIRST,
    HOLIDAY_ROWS,
    IKU_ROWS,
    LIMIT_FIRST,
    LIMIT_ROWS,
    NAMES,
    QUARTER_COLUMNS,
    complaint_cells,
    counted,
    followed,
    holiday_cells,
    iku_cells,
    k,
    limit_cells,
    period_cells,
    working_labels,
)

ROWS = dict(zip(IKU_CODES, (6, 7, 8), strict=True))
BLOCK = 13
"""Row of the headings of the blocks under the table."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
GAINS = 10
"""How many elements are listed by points to gain."""

OTHER_CHANNEL = "Lainnya"
MARGIN_NOTE = "Hasil hitung internal, bukan hasil resmi BKN"
OFFICIAL_NOTE = "IKU-1 memakai hasil resmi BKN; IKU-2 dan IKU-3 hasil hitung internal"


def headings(places: Places) -> tuple[str, ...]:
    """The headings of the table of indicators; the one of the Renstra's last year depends on tblTarget."""
    last = places.last_target_year
    return (
        "No",
        "Sasaran",
        "IKU",
        "Satuan",
        "Target Tahun",
        *(f"Realisasi TW {q}" for q in QUARTERS),
        "Capaian TW",
        "Capaian Tahun",
        "Predikat",
        "Tahun Lalu",
        last_target_heading(last),
        "Sumber Nilai",
        "Status Data",
        "Analisis",
        "Kendala",
        "Rencana Tindak Lanjut",
        "Capaian Tanpa Batas",
    )


def last_target_heading(year: int | None) -> str:
    """ "Terhadap Target 2026"; its last 11 letters are the heading that the formula looks up in tblTarget."""
    return f"Terhadap {TARGET_YEAR}{year if year is not None else '----'}"


def _shown(code: str, number: int) -> str:
    """The shown value of one quarter (DOMAIN §7, "The shown IKU-1")."""
    row = IKU_ROWS[code]
    reported = f"{FROZEN_COLUMNS[number - 1]}{row}"
    if code == IKU_1:
        own = f'IF(Triwulan_Sah={number},Indeks_NSPK,"")'
    elif code == IKU_2:
        own = f"Kesekretariatan!{COLUMNS[number - 1]}{INDEX_BY_QUARTER}"
    else:
        own = f"{QUARTER_COLUMNS[number - 1]}30"
    value = f"IF(ISNUMBER({reported}),{reported},{own})"
    if code == IKU_1:
        official = f"IF(AND(Triwulan_Sah={number},{chosen('Sumber_IKU1', 'BKN')}),ISNUMBER(Indeks_NSPK_BKN),FALSE)"
        value = f"IF({official},Indeks_NSPK_BKN,{value})"
    return f'IF(AND(Berlaku_{code.replace("-", "")}="Ya",ISNUMBER(Kesekretariatan!{bound(number)})),{value},"")'


def _source(code: str) -> str:
    row = IKU_ROWS[code]
    own = f'IF(ISNUMBER(AK{row}),"dilaporkan","penilaian mandiri")'
    if code == IKU_1:
        own = f'IF(IF({chosen("Sumber_IKU1", "BKN")},ISNUMBER(Indeks_NSPK_BKN),FALSE),"hasil BKN",{own})'
    return f'IF(ISNUMBER(AH{row}),{own},"")'


def _status(code: str) -> str:
    row = IKU_ROWS[code]
    if code == IKU_1:
        complete = f'IF(ISNUMBER(AH{row}),"lengkap","belum lengkap")'
    elif code == IKU_2:
        complete = f"Kesekretariatan!{STATUS_CELL}"
    else:
        complete = 'IF(N(D15)>0,"lengkap","tidak ada keluhan")'
    return f'IF(Y{row}="Tidak","tidak berlaku",IF(AL{row}>0,"ada kesalahan data",{complete}))'


def _capped(cell: str) -> str:
    """The capaian, at most Batas_Capaian where one is set. MIN leaves a blank or a text out."""
    return f'IF(ISNUMBER({cell}),IFERROR(MIN({cell},Batas_Capaian),{cell}),"")'


def _table(places: Places) -> list[OutputCell]:
    cells = [OutputCell("kepala.terhadap-target", "N5", None, "kepala")]
    for code, n in ROWS.items():
        row = IKU_ROWS[code]
        typed = {
            h: text_or_blank(f"INDEX(tblTarget[{h}],$X{row})")
            for h in ("Sasaran", "IKU", "Satuan", "Analisis", "Kendala", "Rencana Tindak Lanjut")
        }
        against = f'IF(AND(ISNUMBER(AH{row}),ISNUMBER(AB{row})),IF(AB{row}>0,AH{row}/AB{row}*100,""),"")'
        cells += [
            OutputCell(f"{code}.sasaran", f"B{n}", typed["Sasaran"], "bungkus"),
            OutputCell(f"{code}.iku", f"C{n}", typed["IKU"], "bungkus"),
            OutputCell(f"{code}.satuan", f"D{n}", typed["Satuan"], "bungkus"),
            OutputCell(f"{code}.target", f"E{n}", f"Z{row}", "dua"),
            *(OutputCell(f"{code}.tw{q}", f"{'FGHI'[q - 1]}{n}", _shown(code, q), "dua") for q in range(1, 5)),
            OutputCell(f"{code}.capaian-tw", f"J{n}", _capped(f"AI{row}"), "dua"),
            OutputCell(f"{code}.capaian", f"K{n}", _capped(f"AJ{row}"), "indeks"),
            OutputCell(f"{code}.predikat", f"L{n}", predicate(f"K{n}", SCALE.name), "status"),
            OutputCell(f"{code}.tahun-lalu", f"M{n}", f'IF(Y{row}="Ya",AG{row},"")', "dua"),
            OutputCell(f"{code}.terhadap-target", f"N{n}", against, "dua"),
            OutputCell(f"{code}.sumber", f"O{n}", _source(code), "status"),
            OutputCell(f"{code}.status", f"P{n}", _status(code), "status"),
            OutputCell(f"{code}.analisis", f"Q{n}", typed["Analisis"], "bungkus"),
            OutputCell(f"{code}.kendala", f"R{n}", typed["Kendala"], "bungkus"),
            OutputCell(f"{code}.rencana", f"S{n}", typed["Rencana Tindak Lanjut"], "bungkus"),
            OutputCell(f"{code}.tanpa-batas", f"T{n}", f'IF(ISNUMBER(Batas_Capaian),AJ{row},"")', "dua"),
        ]
    return cells


def on_time() -> str:
    """Complaints followed up within the limit of their class, in working days (DOMAIN §7, IKU-3)."""
    arrived, done, kind = k("Tanggal Masuk"), k("Tanggal Tindak Lanjut"), k("Klasifikasi")
    limits = f"$X${LIMIT_FIRST}:$X${LIMIT_FIRST + LIMIT_ROWS - 1}"
    days = f"$Y${LIMIT_FIRST}:$Y${LIMIT_FIRST + LIMIT_ROWS - 1}"
    holidays = f"$X${HOLIDAY_FIRST}:$X${HOLIDAY_FIRST + HOLIDAY_ROWS - 1}"
    # a Pengaduan with field check has a limit of its own; REPT to build its key is not lifted safely by LibreOffice
    field = f'({kind}="Pengaduan")*({k("Perlu Cek Lapangan")}="Ya")'
    key = f'"="&{escaped(kind)}'
    known = f"{field}*{FIELD_CHECK_KNOWN}+(1-{field})*COUNTIF({limits},{key})"
    allowed = f"{field}*{FIELD_CHECK_DAYS}+(1-{field})*SUMIF({limits},{key},{days})"
    weekdays = f"({working_day_number(done)}-{working_day_number(arrived)})"
    free = f'COUNTIF({holidays},">"&INT({arrived}))-COUNTIF({holidays},">"&INT({done}))'
    conditions = (
        f"ISNUMBER({arrived})",
        f"ISNUMBER({done})",
        f"({arrived}>=Awal_Tahun)",
        f"({arrived}<Batas_Periode)",
        f'({k("Kewenangan")}<>"Bukan")',
        f'({k("Status")}<>"Arsip")',
        f'({k("Duplikat Dari")}="")',
        f'("<>"&{kind}<>$X$11)',
        f'("<>"&{kind}<>$X$12)',
        f'(({k("Status")}="Selesai")+({FINISHED}<>"Selesai")>0)',
        f"ISTEXT({kind})",
        f'({kind}<>"")',
        f"({done}>1)",
        f"({done}<Batas_Periode)",
        f"({known}>0)",
        f"({weekdays}-({free})<={allowed})",
    )
    return f"SUMPRODUCT(--ISNUMBER(1/({'*'.join(conditions)})))"


def _now(row: int) -> str:
    return f'IFERROR(INDEX($X${row}:$AA${row},Triwulan_Sah),"")'


def _complaints(channels: tuple[str, ...]) -> tuple[list[OutputCell], list[Label]]:
    period = f'{k("Tanggal Masuk")},">="&Awal_Tahun,{k("Tanggal Masuk")},"<"&Batas_Periode'
    fresh = f'{period},{k("Duplikat Dari")},""'
    known = "ISNUMBER(Batas_Periode)"
    figures: tuple[tuple[str, str, str, Look], ...] = (
        ("diterima", "Keluhan diterima", _now(27), "bulat"),
        ("dihitung", "Dihitung", _now(28), "bulat"),
        ("ditindaklanjuti", "Ditindaklanjuti", _now(29), "bulat"),
        ("persen", "Persentase ditindaklanjuti", _now(30), "indeks"),
        ("tepat-waktu", "Ditindaklanjuti tepat waktu", f'IF({known},{on_time()},"")', "bulat"),
        ("persen-tepat-waktu", "Tepat Waktu %", 'IF(N(D16)>0,D18/D16*100,"")', "dua"),
        ("duplikat", "Tidak dihitung: duplikat", f'IF({known},D14-COUNTIFS({fresh}),"")', "bulat"),
        ("bukan", "Tidak dihitung: bukan wewenang",
         f'IF({known},COUNTIFS({fresh},{k("Kewenangan")},"Bukan"),"")', "bulat"),
        ("arsip", "Tidak dihitung: arsip",
         f'IF({known},COUNTIFS({fresh},{k("Kewenangan")},"<>Bukan",{k("Status")},"Arsip"),"")', "bulat"),
        ("klasifikasi", "Tidak dihitung: klasifikasi lain", f'IF({known},D14-D15-D20-D21-D22,"")', "bulat"),
    )  # fmt: skip
    cells, labels = [], [Label(f"B{BLOCK - 1}", "Keluhan sampai triwulan ini", "bagian")]
    for row, (key, label, formula, look) in enumerate(figures, BLOCK + 1):
        labels.append(Label(f"B{row}", label, "label"))
        cells.append(OutputCell(f"keluhan.{key}", f"D{row}", formula, look))
    labels += [
        Label(f"{c}{BLOCK}", t, "kepala") for c, t in zip("FGH", ("Bulan", "Dihitung", "Tindak lanjut"), strict=True)
    ]
    for number, month in enumerate(MONTHS, 1):
        row = BLOCK + number
        begin, end = f"DATE(Tahun_Sah,{number},1)", f"DATE(Tahun_Sah,{number}+1,1)"
        due = f"IF({known},{number}<=Triwulan_Sah*3,FALSE)"
        labels.append(Label(f"F{row}", month, "teks"))
        cells += [
            OutputCell(f"bulan.{number}.dihitung", f"G{row}", f'IF({due},COUNTIFS({counted(begin, end)}),"")', "bulat"),
            OutputCell(
                f"bulan.{number}.ditindaklanjuti",
                f"H{row}",
                f'IF({due},COUNTIFS({counted(begin, end)},{followed("Batas_Periode")}),"")',
                "bulat",
            ),
        ]
    labels += [
        Label(f"{c}{BLOCK}", t, "kepala") for c, t in zip("LMN", ("Kanal", "Dihitung", "Tindak lanjut"), strict=True)
    ]
    last = BLOCK + len(channels)
    for row, channel in enumerate((*channels, OTHER_CHANNEL), BLOCK + 1):
        labels.append(Label(f"L{row}", channel, "teks"))
        same = f'{k("Kanal")},"="&$L{row}'
        if channel == OTHER_CHANNEL:
            one, two = (f'IF(ISNUMBER(D{n}),D{n}-SUM({c}{BLOCK + 1}:{c}{last}),"")' for c, n in (("M", 15), ("N", 16)))
        else:
            criteria = counted("Awal_Tahun", "Batas_Periode")
            one = f'IF({known},COUNTIFS({criteria},{same}),"")'
            two = f'IF({known},COUNTIFS({criteria},{followed("Batas_Periode")},{same}),"")'
        cells += [
            OutputCell(f"kanal.{channel}.dihitung", f"M{row}", one, "bulat"),
            OutputCell(f"kanal.{channel}.ditindaklanjuti", f"N{row}", two, "bulat"),
        ]
    return cells, labels


def _gains() -> tuple[list[OutputCell], list[Label]]:
    # the elements' names run over into column R, which stays empty: wrapped, they would stretch every block's rows
    heads = zip("PQRST", ("Urutan", "Elemen", "", "Poin Hilang", "Tambahan indeks"), strict=True)
    cells, labels = [], [Label(f"{c}{BLOCK}", t, "kepala") for c, t in heads]
    labels.append(Label(f"P{BLOCK - 1}", "Elemen dengan poin hilang terbesar", "bagian"))
    span = f"${ELEMENT_FIRST}:${{0}}${ELEMENT_LAST}"

    def column(letter: str) -> str:
        return f"{NSPK}!${letter}{span.format(letter)}"

    for n in range(1, GAINS + 1):
        row = BLOCK + n
        at = f"MATCH($P{row},{column('N')},0)"
        lost = f"INDEX({column('I')},{at})"
        labels.append(Label(f"P{row}", n, "status"))
        cells += [
            OutputCell(f"peluang.{n}.elemen", f"Q{row}", f'IF(ISNUMBER(S{row}),INDEX({column("B")},{at}),"")', "label"),
            OutputCell(f"peluang.{n}.poin", f"S{row}", f'IFERROR(IF({lost}>0,{lost},""),"")', "dua"),
            OutputCell(
                f"peluang.{n}.tambahan",
                f"T{row}",
                f'IF(ISNUMBER(S{row}),S{row}/{NSPK}!$F${ELEMENT_TOTAL}*100,"")',
                "dua",
            ),
        ]
    return cells, labels


SIGNATURE_ROW = 28

_WIDTHS = "A5 B18 C18 D11 E9 F10 G10 H10 I10 J10 K10 L14 M9 N10 O12 P12 Q20 R20 S20 T9 U3 V3 W30"
WIDTHS = {
    **{w[0]: float(w[1:]) for w in _WIDTHS.split()},
    **dict.fromkeys(("X", "Y", "Z", *(f"A{c}" for c in "ABCDEFGHIJKL")), 12.0),
}


def _signature() -> list[OutputCell]:
    r = SIGNATURE_ROW
    return [
        OutputCell("paraf.kota", f"R{r}", 'IF(ISTEXT(Kota),Kota&",","")', "paraf"),
        OutputCell("paraf.tanggal", f"S{r}", 'IF(ISNUMBER(Tanggal_Laporan),Tanggal_Laporan,"")', "paraf-tanggal"),
        OutputCell("paraf.jabatan", f"R{r + 1}", text_or_blank("Jabatan_Pejabat"), "paraf"),
        OutputCell("paraf.nama", f"R{r + 5}", text_or_blank("Nama_Pejabat"), "paraf"),
        OutputCell("paraf.pangkat", f"R{r + 6}", text_or_blank("Pangkat_Pejabat"), "paraf"),
        OutputCell("paraf.nip", f"R{r + 7}", 'IFERROR(IF(ISTEXT(NIP_Pejabat),"NIP "&NIP_Pejabat,""),"")', "paraf"),
    ]


def summary_sheet(places: Places, channels: tuple[str, ...]) -> SheetMap:
    """The sheet's description for a workbook whose tblTarget lies at ``places``."""
    roman = ",".join(f'"{q}"' for q in QUARTERS)
    position = (
        'IF(ISNUMBER(Batas_Periode),"Tahun "&Tahun_Sah&" · posisi sampai akhir Triwulan "'
        f"&CHOOSE(Triwulan_Sah,{roman}),"
        '"Tahun atau triwulan di lembar Pengaturan belum benar")'
    )
    cells = [
        OutputCell("identitas", "A2", text_or_blank("Perangkat_Daerah"), "subjudul"),
        OutputCell("posisi", "A3", position, "subjudul"),
        *_table(places),
        OutputCell("catatan", "A10", f'IF(O6="hasil BKN","{OFFICIAL_NOTE}","{MARGIN_NOTE}")', "catatan"),
    ]
    labels = [Label("A1", "RINGKASAN INDIKATOR KINERJA UTAMA", "judul")]
    labels += [
        Label(f"{chr(65 + i)}5", text, "kepala") for i, text in enumerate(headings(places)) if chr(65 + i) != "N"
    ]
    labels += [Label(f"A{row}", n, "status") for n, row in enumerate(ROWS.values(), 1)]
    for block in (_complaints(channels), _gains()):
        cells += block[0]
        labels += block[1]
    cells += _signature()
    for key, cell, label, formula, look in period_cells(places):
        labels.append(Label(f"W{cell[1:]}", label, "bantu"))
        cells.append(OutputCell(f"bantu.{key}", cell, formula, look))
    cells += [*iku_cells(places), *complaint_cells(), *limit_cells(), *holiday_cells()]
    labels += working_labels()
    return SheetMap(
        RINGKASAN,
        tuple(cells),
        tuple(labels),
        WIDTHS,
        f"A1:T{SIGNATURE_ROW + 7}",
        5,
        "D6",
        {
            "Persen_Keluhan": "D17",
            **{f"Capaian_{code.replace('-', '')}": f"K{n}" for code, n in ROWS.items()},
            **NAMES,
        },
    )
