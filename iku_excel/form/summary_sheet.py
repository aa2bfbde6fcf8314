"""The output sheet Ringkasan: the table of the three indicators, the blocks under it, the workings beside it."""

from __future__ import annotations

from iku_excel.form.chart_data import chart_cells
from iku_excel.form.formulas import chosen, predicate, text_or_blank
from iku_excel.form.layout import IKU_1, IKU_2, IKU_CODES, QUARTERS, RINGKASAN, TARGET_YEAR
from iku_excel.form.secretariat_sheet import COLUMNS, INDEX_BY_QUARTER, STATUS_CELL, bound
from iku_excel.form.settings import SCALE
from iku_excel.form.sheetmap import Label, OutputCell, Places, SheetMap
from iku_excel.form.signature import summary_signature
from iku_excel.form.summary_blocks import (
    ARRANGEMENTS,
    Arrangement,
    channels_block,
    complaints_block,
    gains_block,
    months_block,
)
from iku_excel.form.workings import (
    FROZEN_COLUMNS,
    IKU_ROWS,
    NAMES,
    QUARTER_COLUMNS,
    RANK_LABEL,
    complaint_cells,
    holiday_cells,
    iku_cells,
    limit_cells,
    period_cells,
    rank_cells,
    working_labels,
)

ROWS = dict(zip(IKU_CODES, (6, 7, 8), strict=True))
"""The indicators' rows in the table, the same in every version: formulas of the staff may point at them."""

CHART_PLACES = {
    "IKU-1": "A12:P21 0-21",
    "IKU-2": "A12:P21 21-42",
    "IKU-3": "A12:P21 42-63",
    "sekretariat": "A12:P21 63-78",
    "keluhan": "A12:P21 78-100",
    "elemen": "A23:C47",
}
"""The cells that each chart covers in a new workbook, or a part of their width in hundredths."""

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


def _status(code: str, at: Arrangement) -> str:
    row = IKU_ROWS[code]
    if code == IKU_1:
        complete = f'IF(ISNUMBER(AH{row}),"lengkap","belum lengkap")'
    elif code == IKU_2:
        complete = f"Kesekretariatan!{STATUS_CELL}"
    else:
        complete = f'IF(N({at.complaint("dihitung")})>0,"lengkap","tidak ada keluhan")'
    return f'IF(Y{row}="Tidak","tidak berlaku",IF(AL{row}>0,"ada kesalahan data",{complete}))'


def _capped(cell: str) -> str:
    """The capaian, at most Batas_Capaian where one is set. MIN leaves a blank or a text out."""
    return f'IF(ISNUMBER({cell}),IFERROR(MIN({cell},Batas_Capaian),{cell}),"")'


def _table(places: Places, at: Arrangement) -> list[OutputCell]:
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
            OutputCell(f"{code}.status", f"P{n}", _status(code, at), "status"),
            OutputCell(f"{code}.analisis", f"Q{n}", typed["Analisis"], "bungkus"),
            OutputCell(f"{code}.kendala", f"R{n}", typed["Kendala"], "bungkus"),
            OutputCell(f"{code}.rencana", f"S{n}", typed["Rencana Tindak Lanjut"], "bungkus"),
            OutputCell(f"{code}.tanpa-batas", f"T{n}", f'IF(ISNUMBER(Batas_Capaian),AJ{row},"")', "dua"),
        ]
    return cells


def _uncapped() -> list[OutputCell]:
    """The capaian without a cap once more, where it is printed: column T lies beside the page."""
    label = 'IF(ISNUMBER(Batas_Capaian),"Capaian tanpa batas, IKU-1 sampai IKU-3:","")'
    return [
        OutputCell("tanpa-batas.label", "M10", label, "rata-kanan"),
        *(OutputCell(f"{code}.tanpa-batas.cetak", f"{c}10", f"T{n}", "dua-polos")
          for c, (code, n) in zip("NOP", ROWS.items(), strict=True)),
    ]  # fmt: skip


def summary_sheet(places: Places, channels: tuple[str, ...], version: int) -> SheetMap:
    """The sheet's description for a workbook of this template version whose tblTarget lies at ``places``."""
    at = ARRANGEMENTS[version]
    roman = ",".join(f'"{q}"' for q in QUARTERS)
    position = (
        'IF(ISNUMBER(Batas_Periode),"Tahun "&Tahun_Sah&" · posisi sampai akhir Triwulan "'
        f"&CHOOSE(Triwulan_Sah,{roman}),"
        '"Tahun atau triwulan di lembar Pengaturan belum benar")'
    )
    cells = [
        OutputCell("identitas", "A2", text_or_blank("Perangkat_Daerah"), "subjudul"),
        OutputCell("posisi", "A3", position, "subjudul"),
        *_table(places, at),
        OutputCell("catatan", "A10", f'IF(O6="hasil BKN","{OFFICIAL_NOTE}","{MARGIN_NOTE}")', "catatan"),
    ]
    labels = [Label("A1", "RINGKASAN INDIKATOR KINERJA UTAMA", "judul")]
    labels += [
        Label(f"{chr(65 + i)}5", text, "kepala") for i, text in enumerate(headings(places)) if chr(65 + i) != "N"
    ]
    labels += [Label(f"A{row}", n, "status") for n, row in enumerate(ROWS.values(), 1)]
    blocks = (complaints_block(at), months_block(at), channels_block(at, channels), gains_block(at))
    for block in (*blocks, summary_signature(at)):
        cells += block[0]
        labels += block[1]
    for key, cell, label, formula, look in period_cells(places):
        labels.append(Label(f"W{cell[1:]}", label, "bantu"))
        cells.append(OutputCell(f"bantu.{key}", cell, formula, look))
    cells += [*iku_cells(places), *complaint_cells(), *limit_cells(), *holiday_cells()]
    labels += working_labels()
    if version >= 2:
        drawn = chart_cells(places)
        cells += [*_uncapped(), *rank_cells(), *drawn[0]]
        labels += [RANK_LABEL, *drawn[1]]
    return SheetMap(
        RINGKASAN,
        tuple(cells),
        tuple(labels),
        at.widths,
        at.print_area,
        5,
        "D6",
        {
            "Persen_Keluhan": at.complaint("persen"),
            **{f"Capaian_{code.replace('-', '')}": f"K{n}" for code, n in ROWS.items()},
            **NAMES,
        },
        heights=at.heights,
    )
