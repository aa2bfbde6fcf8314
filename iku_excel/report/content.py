"""What chapter III says: every figure and sentence of it as text, from a computed workbook.

A plain tree of dictionaries, lists and strings: the fields of the Word template (docs/laporan.md). Complainants'
data are no part of the inputs that this is made from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from iku_excel.cells import Cell
from iku_excel.findings import Finding
from iku_excel.form.compute import Result, Shown
from iku_excel.form.figures import figures
from iku_excel.form.inputs import Inputs
from iku_excel.form.layout import IKU_1, IKU_2, IKU_3, IKU_CODES, QUARTERS
from iku_excel.form.secretariat_sheet import COMPONENTS
from iku_excel.indicators.achievement import round2
from iku_excel.indicators.exact import percent, total
from iku_excel.report.wording import MONTHS, NONE, UNFILLED, amount, count, figure, long_date, typed

Fields: TypeAlias = dict[str, Any]
"""Names to texts, to lists of such records, or to such a record."""

INTERNAL = "Angka pada bab ini adalah hasil hitung internal, bukan hasil resmi BKN."
OFFICIAL = (
    "Nilai IKU-1 memakai hasil resmi BKN{letter}; nilai IKU lainnya hasil hitung internal, bukan hasil resmi BKN."
)


def content(inputs: Inputs, result: Result, findings: Sequence[Finding]) -> Fields:
    """All fields of the report. Figures are rounded only here, half up."""
    states = figures(inputs, result, findings)
    status = {code: str(states[f"{code}.status"]) for code in IKU_CODES}
    carried = [code for code in IKU_CODES if result.shown[code].carried]
    agency = typed(inputs.settings["Perangkat_Daerah"]) or "Perangkat daerah"
    quarter = QUARTERS[inputs.period.quarter - 1]
    last = inputs.places.last_target_year
    return {
        "perangkat_daerah": agency,
        "tahun": str(inputs.period.year),
        "tahun_lalu": str(inputs.period.year - 1),
        "tahun_akhir_renstra": NONE if last is None else str(last),
        "triwulan": quarter,
        "posisi": f"posisi sampai akhir Triwulan {quarter} Tahun {inputs.period.year}",
        "catatan_resmi": _official_note(inputs, result),
        "iku": [_indicator(inputs, result, code, n, status[code]) for n, code in enumerate(carried, 1)],
        "tidak_diemban": [_not_carried(inputs, code, agency) for code in IKU_CODES if code not in carried],
        "iku1": _nspk(inputs, result, agency),
        "iku2": _secretariat(inputs, result, agency),
        "iku3": _complaints(inputs, result, agency),
        "paraf": _signature(inputs),
    }


def _target(inputs: Inputs, code: str, heading: str) -> str:
    return typed(inputs.target_cell(code, heading))


def _named(inputs: Inputs, code: str) -> str:
    name = _target(inputs, code, "IKU")
    return f"{code} ({name})" if name else code


def _not_carried(inputs: Inputs, code: str, agency: str) -> str:
    return f"{_named(inputs, code)} tidak diemban oleh {agency}, sehingga tidak disajikan."


def _official_note(inputs: Inputs, result: Result) -> str:
    if result.shown[IKU_1].source != "hasil BKN":
        return INTERNAL
    number, day = typed(inputs.settings["Nomor_Surat_BKN"]), long_date(inputs.settings["Tanggal_Surat_BKN"])
    letter = f" (surat Nomor {number}{f' tanggal {day}' if day else ''})" if number else ""
    return OFFICIAL.format(letter=letter)


def _indicator(inputs: Inputs, result: Result, code: str, number: int, status: str) -> Fields:
    shown = result.shown[code]
    texts = {h: _target(inputs, code, h) for h in ("Sasaran", "IKU", "Satuan", "Penanggung Jawab")}
    told = {h: _target(inputs, code, h) or UNFILLED for h in ("Analisis", "Kendala", "Rencana Tindak Lanjut")}
    return {
        "no": str(number),
        "kode": code,
        "sasaran": texts["Sasaran"] or NONE,
        "nama": texts["IKU"] or code,
        "satuan": texts["Satuan"] or NONE,
        "penanggung_jawab": texts["Penanggung Jawab"] or NONE,
        "target": figure(shown.target),
        "realisasi": figure(shown.now),
        "capaian": figure(shown.capaian),
        "predikat": shown.predicate or NONE,
        "sumber": _source(shown, status),
        "status": status,
        "target_triwulan": figure(shown.target_quarter),
        "capaian_triwulan": figure(shown.capaian_quarter),
        "triwulan": dict(zip(("tw1", "tw2", "tw3", "tw4"), map(figure, shown.by_quarter), strict=True)),
        "tahun_lalu": figure(shown.last_year),
        **_change(shown),
        "target_akhir": figure(shown.target_last),
        "kemajuan": figure(_progress(shown)),
        "analisis": told["Analisis"],
        "kendala": told["Kendala"],
        "rencana": told["Rencana Tindak Lanjut"],
    }


def _source(shown: Shown, status: str) -> str:
    if not shown.source:
        return f"belum ada nilai ({status})"
    return f"{shown.source} ({status})" if status == "ada kesalahan data" else shown.source


def _change(shown: Shown) -> dict[str, str]:
    """Against last year, between the figures as printed, so that whoever subtracts them finds the same."""
    if shown.now is None or shown.last_year is None:
        return {"selisih": NONE, "perubahan": NONE}
    change = round2(shown.now) - round2(shown.last_year)
    word = "tetap" if change == 0 else "naik" if change > 0 else "turun"
    return {"selisih": figure(change), "perubahan": word if change == 0 else f"{word} {figure(abs(change))}"}


def _progress(shown: Shown) -> Decimal | None:
    """Tingkat kemajuan = realisasi / target akhir Renstra × 100."""
    return None if shown.now is None or shown.target_last is None else percent(shown.now, shown.target_last)


def _nspk(inputs: Inputs, result: Result, agency: str) -> Fields:
    index, shown = result.nspk, result.shown[IKU_1]
    own = figure(result.indices[IKU_1])
    said = f"Skor berikut adalah penilaian mandiri; indeks menurut penilaian mandiri {own}."
    if shown.source == "hasil BKN":
        said += f" Nilai yang dilaporkan adalah hasil BKN: {figure(shown.now)}."
    elif shown.source == "dilaporkan":
        said += f" Nilai yang sudah dilaporkan: {figure(shown.now)}."
    return {
        "diemban": shown.carried,
        "keterangan": said if shown.carried else _not_carried(inputs, IKU_1, agency),
        "elemen": [
            {
                "kode": e.code,
                "nama": e.name,
                "skor": figure(e.score) if e.maximum else NONE,
                "maks": figure(e.maximum) if e.maximum else NONE,
                "persen": figure(e.percent),
                "hilang": figure(e.lost),
            }
            for e in index.elements
        ],
        "skor": figure(index.score),
        "maks": figure(index.maximum),
        "persen": figure(index.value),
        "hilang": figure(total(e.lost for e in index.elements if e.lost is not None)),
    }


def _secretariat(inputs: Inputs, result: Result, agency: str) -> Fields:
    shown, now = result.shown[IKU_2], result.now
    value = result.indices[IKU_2]
    said = f"Indeks = jumlah nilai × bobot ÷ 100 = {figure(value)}."
    if value is None:
        said = f"Indeks belum dapat dihitung: {now.index.status}."
    if shown.source == "dilaporkan":
        said += f" Nilai yang sudah dilaporkan: {figure(shown.now)}."
    unknown = inputs.switched("Minimal_20_JP") and now.trained_hours is None  # no minimum to hold them against
    weights = {code: inputs.number(weight) for code, weight, *_ in COMPONENTS}
    return {
        "diemban": shown.carried,
        "keterangan": said if shown.carried else _not_carried(inputs, IKU_2, agency),
        "komponen": [
            {
                "nama": label,
                "pembilang": NONE if code == "diklat" and unknown else amount(now.components[code].numerator),
                "penyebut": amount(now.components[code].denominator),
                "nilai": figure(now.components[code].value),
                "bobot": figure(weights[code]),
                "kontribusi": figure(now.index.contributions[code]),
            }
            for code, _, _, label in COMPONENTS
        ],
        "bobot": figure(total(weight for weight in weights.values() if weight is not None)),
        "indeks": figure(value),
    }


def _complaints(inputs: Inputs, result: Result, agency: str) -> Fields:
    shown, c, quarter = result.shown[IKU_3], result.complaints, inputs.period.quarter
    now = c.by_quarter[quarter - 1]
    said = f"Persentase = keluhan ditindaklanjuti ÷ keluhan dihitung × 100 = {figure(result.indices[IKU_3])}."
    if not now.counted:
        said = "Tidak ada keluhan yang dihitung sampai triwulan ini."
    if shown.source == "dilaporkan":
        said += f" Nilai yang sudah dilaporkan: {figure(shown.now)}."
    return {
        "diemban": shown.carried,
        "keterangan": said if shown.carried else _not_carried(inputs, IKU_3, agency),
        "diterima": count(c.received[quarter - 1]),
        "dihitung": count(now.counted),
        "ditindaklanjuti": count(now.followed),
        "persen": figure(result.indices[IKU_3]),
        "tepat_waktu": count(c.on_time),
        "persen_tepat_waktu": figure(c.percent_on_time),
        "kanal": [_counts(name, one.counted, one.followed) for name, one in c.by_channel],
        "bulan": [
            _counts(month, one.counted, one.followed)
            for month, one in zip(MONTHS, c.by_month[: 3 * quarter], strict=False)
        ],
    }


def _counts(name: str, counted: int, followed: int) -> dict[str, str]:
    return {"nama": name, "dihitung": count(counted), "ditindaklanjuti": count(followed)}


def _signature(inputs: Inputs) -> dict[str, str]:
    cells: Mapping[str, Cell] = inputs.settings
    town, day = typed(cells["Kota"]), long_date(cells["Tanggal_Laporan"])
    nip = typed(cells["NIP_Pejabat"])
    return {
        "tempat_tanggal": ", ".join(text for text in (town, day) if text) or "…………………, …………………",
        "jabatan": typed(cells["Jabatan_Pejabat"]),
        "nama": typed(cells["Nama_Pejabat"]) or "…………………………………",
        "pangkat": typed(cells["Pangkat_Pejabat"]),
        "nip": f"NIP {nip}" if nip else "",
    }


def field_names(fields: Fields, before: str = "") -> Iterator[str]:
    """Every field as a template spells it; of a list its record's ("iku[].nama")."""
    for name, value in fields.items():
        spelled = f"{before}{name}"
        if isinstance(value, dict):
            yield from field_names(value, f"{spelled}.")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            yield from field_names(value[0], f"{spelled}[].")
        else:
            yield spelled
