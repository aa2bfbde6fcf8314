"""Where a figure comes from: builds the trace of one indicator (STYLE habit 3), which ``jelaskan`` prints.

The figures are those that were computed; the rows are sorted here by the rules of DOMAIN §7, so that each row
that doesn't count is named with its reason. Complainants' own data is never part of a trace.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from iku_excel.cells import Cell, CellError, decimal, is_date, same
from iku_excel.form import layout, settings
from iku_excel.form.compute import WEIGHT_NAMES, Result, Shown, official_value
from iku_excel.form.explain.secretariat import secretariat_parts
from iku_excel.form.explain.trace import (
    Basis,
    Input,
    Part,
    Rows,
    Trace,
    column_place,
    columns,
    filled,
    group,
    place,
    some,
)
from iku_excel.form.fields import Kind
from iku_excel.form.inputs import Inputs
from iku_excel.form.layout import IKU_1, IKU_2, IKU_3, QUARTERS
from iku_excel.indicators.achievement import predicate, show
from iku_excel.indicators.complaints import UNCOUNTED_CLASSES, Complaints, Switches
from iku_excel.indicators.period import Period, from_serial
from iku_excel.xlsx.reader import NamedCell

_RESULT_NAMES = {IKU_1: "Indeks_NSPK", IKU_2: "Indeks_Kesekretariatan", IKU_3: "Persen_Keluhan"}
_FORMULAS = {
    IKU_1: "jumlah skor jawaban / jumlah skor maksimum × 100, dijumlah atas semua pertanyaan dari semua elemen",
    IKU_2: "jumlah dari bobot / 100 × nilai tiap komponen",
    IKU_3: "keluhan ditindaklanjuti / keluhan masuk yang dihitung × 100",
}
_SETTINGS = {
    IKU_1: ("Sumber_IKU1", "Indeks_NSPK_BKN", "Nomor_Surat_BKN"),
    IKU_2: (*WEIGHT_NAMES.values(), "Hitung_Rusak_Ringan", "Minimal_20_JP", "JP_Minimal"),
    IKU_3: ("Nilai_Tanpa_Keluhan", "Hitung_Semua_Klasifikasi", "Hanya_Selesai"),
}
_RULES = {
    IKU_1: (("indikator", "Rumus IKU"), ("elemen", "Elemen NSPK"), ("kategori", "Kategori NSPK")),
    IKU_2: (
        ("indikator", "Rumus IKU"),
        ("bobot", "Bobot komponen"),
        ("register", "Batas waktu dokumen bawaan"),
        ("minimum_jp", "JP minimal"),
    ),
    IKU_3: (("indikator", "Rumus IKU"), ("batas_hari", "Batas hari kerja")),
}


def explain(inputs: Inputs, result: Result, names: Mapping[str, NamedCell], code: str) -> Trace:
    """The trace of one indicator ("IKU-1" … "IKU-3"). ``names`` are the workbook's defined names as read."""
    value = result.indices[code]
    parts = {IKU_1: _elements, IKU_2: secretariat_parts, IKU_3: _complaints}[code](inputs, result)
    return Trace(
        code,
        next((i.iku for i in inputs.rules.indicators if i.code == code), code),
        f"1 Januari {inputs.period.year} sampai akhir Triwulan {QUARTERS[inputs.period.quarter - 1]}",
        value,
        _status(inputs, result, code, value),
        _named_place(names, _RESULT_NAMES[code]),
        _FORMULAS[code],
        parts,
        _shown(inputs, result.shown[code], code, _named_place(names, f"Capaian_{code.replace('-', '')}")),
        _settings(inputs, code),
        _remarks(inputs, result, code),
        _basis(inputs, code),
    )


def _status(inputs: Inputs, result: Result, code: str, value: Decimal | None) -> str:
    """Why there is no value, in the workbook's own words; "" when there is one."""
    if not inputs.carries(code):
        return "tidak berlaku"
    if value is not None:
        return ""
    return {IKU_1: "belum lengkap", IKU_2: result.now.index.status, IKU_3: "tidak ada keluhan"}[code]


def _elements(inputs: Inputs, result: Result) -> tuple[Part, ...]:
    """One part an element; rows of no known element make a part of their own at the end."""
    data, q = inputs.tables[layout.QUESTIONS.name], inputs.questions
    fates: dict[str, dict[str, list[int]]] = {e.code.casefold(): {} for e in result.nspk.elements}
    strangers = []
    for i in filled(inputs, layout.QUESTIONS):
        code = q.kode[i]
        fate = fates.get(code.casefold()) if type(code) is str else None
        if fate is None:
            strangers.append(i)
        else:
            fate.setdefault(_question_fate(q.berlaku[i], q.maks[i], q.skor[i]), []).append(i)
    reasons = (
        ("terjawab", "terjawab", "Skor", True),
        ("belum", "belum dijawab (dihitung 0, maksimumnya tetap)", "Skor", True),
        ("tidak", "Berlaku = Tidak", "Berlaku", False),
        ("maks", "Skor Maks bukan angka di atas 0", "Skor Maks", False),
    )
    parts = []
    for e in result.nspk.elements:
        rows = some(
            group(data, heading, reason, fates[e.code.casefold()].get(fate, ()), counted=counted)
            for fate, reason, heading, counted in reasons
        )
        parts.append(Part(f"{e.code} {e.name}", "skor", e.score, "skor maksimum", e.maximum, e.percent, (), rows))
    unknown = group(data, "Kode Elemen", "Kode Elemen bukan salah satu dari E01 sampai E18", strangers, counted=False)
    whole = Part(
        "Seluruh elemen",
        "jumlah skor",
        result.nspk.score,
        "jumlah skor maksimum",
        result.nspk.maximum,
        result.nspk.value,
        columns(inputs, layout.QUESTIONS, "Kode Elemen", "Skor", "Skor Maks", "Berlaku"),
        some((unknown,)),
    )
    return (*parts, whole)


def _question_fate(applies: Cell, maximum: Cell, score: Cell) -> str:
    if same(applies, "Tidak"):
        return "tidak"
    if type(maximum) is not float or maximum <= 0:
        return "maks"
    return "terjawab" if type(score) is float and score >= 0 else "belum"


def _complaints(inputs: Inputs, result: Result) -> tuple[Part, ...]:
    data = inputs.tables[layout.COMPLAINTS.name]
    fates: dict[str, list[int]] = {}
    log = inputs.complaints
    for i in filled(inputs, layout.COMPLAINTS):
        fates.setdefault(_complaint_fate(log, i, inputs.period, inputs.complaint_switches), []).append(i)
    reasons = (
        ("ditindaklanjuti", "dihitung dan ditindaklanjuti", "Tanggal Tindak Lanjut", True),
        ("belum", "dihitung, belum ditindaklanjuti sampai akhir triwulan", "Tanggal Tindak Lanjut", True),
        ("duplikat", "Duplikat Dari terisi", "Duplikat Dari", False),
        ("bukan", "Kewenangan = Bukan", "Kewenangan", False),
        ("arsip", "Status = Arsip", "Status", False),
        ("kelas", "Klasifikasi " + " atau ".join(UNCOUNTED_CLASSES), "Klasifikasi", False),
        ("luar", "Tanggal Masuk di luar periode", "Tanggal Masuk", False),
        ("tanpa", "tanpa Tanggal Masuk berupa tanggal", "Tanggal Masuk", False),
    )
    count = result.complaints.by_quarter[inputs.period.quarter - 1]
    used = ("Tanggal Masuk", "Klasifikasi", "Kewenangan", "Status", "Duplikat Dari", "Tanggal Tindak Lanjut")
    return (
        Part(
            "Keluhan pengguna layanan",
            "keluhan ditindaklanjuti",
            Decimal(count.followed),
            "keluhan dihitung",
            Decimal(count.counted),
            result.indices[IKU_3],
            columns(inputs, layout.COMPLAINTS, *used),
            some(group(data, heading, why, fates.get(fate, ()), counted=c) for fate, why, heading, c in reasons),
        ),
    )


def _complaint_fate(c: Complaints, i: int, period: Period, switches: Switches) -> str:
    end = period.cutoff()
    came, done = c.masuk[i], c.tindak_lanjut[i]
    if type(came) is not float or not is_date(came):
        return "tanpa"
    if not period.start <= came < end:
        return "luar"
    if c.duplikat[i] is not None:
        return "duplikat"
    if same(c.kewenangan[i], "Bukan"):
        return "bukan"
    if same(c.status[i], "Arsip"):
        return "arsip"
    if not switches.all_classes and any(same(c.klasifikasi[i], word) for word in UNCOUNTED_CLASSES):
        return "kelas"
    finished = not switches.only_finished or same(c.status[i], "Selesai")
    return "ditindaklanjuti" if finished and type(done) is float and 1 < done < end else "belum"


def _named_place(names: Mapping[str, NamedCell], name: str) -> str:
    found = names.get(name)
    return place(found.sheet, found.cell) if found and found.sheet and found.cell else ""


def _shown(inputs: Inputs, shown: Shown, code: str, capaian_place: str) -> tuple[Input, ...]:
    """What Ringkasan makes of it: the figure shown, target, capaian, predicate."""
    quarter, year = inputs.period.quarter, inputs.period.year
    where = ""
    if shown.source == "hasil BKN" and official_value(inputs) is not None:
        where = _setting_place(inputs, "Indeks_NSPK_BKN")
    elif shown.source == "dilaporkan" and (row := shown.frozen_rows[quarter - 1]) is not None:
        data = inputs.tables[layout.REPORTED.name]
        where = place(data.sheet, data.address("Nilai", row))
    said = f"{show(shown.now) or '–'}" + (f" ({shown.source})" if shown.source else "")
    lines = [Input("Ditampilkan di Ringkasan", said, where)]
    for heading, target, reached, cell in (
        (f"{layout.TARGET_YEAR}{year}", shown.target, shown.capaian, capaian_place),
        (f"{layout.TARGET_YEAR}TW {QUARTERS[quarter - 1]}", shown.target_quarter, shown.capaian_quarter, ""),
    ):
        lines.append(Input(heading, show(target) or "belum diisi", _target_place(inputs, code, heading)))
        lines.append(Input(f"Capaian terhadap {heading}", show(reached) or "–", cell))
    if shown.uncapped is not None and shown.uncapped != shown.capaian:
        lines.append(Input("Capaian tanpa batas", show(shown.uncapped), _setting_place(inputs, "Batas_Capaian")))
    lines.append(Input("Predikat", shown.predicate or "–", column_place(inputs, settings.SCALE, "Batas Bawah")))
    return tuple(lines)


def _target_place(inputs: Inputs, code: str, heading: str) -> str:
    row, data = inputs.target_row(code), inputs.tables["tblTarget"]
    return place(data.sheet, data.address(heading, row)) if row is not None and data.has(heading) else ""


def _setting_place(inputs: Inputs, name: str) -> str:
    return place(*inputs.setting_cells[name])


def _settings(inputs: Inputs, code: str) -> tuple[Input, ...]:
    names = ("Tahun", "Triwulan", *_SETTINGS[code], "Batas_Capaian")
    return tuple(
        Input(settings.SETTINGS[name].label, _said(inputs, name), _setting_place(inputs, name)) for name in names
    )


def _said(inputs: Inputs, name: str) -> str:
    cell = inputs.settings[name]
    if cell is None:
        return "kosong"
    if isinstance(cell, CellError):
        return "nilai galat"
    number = decimal(cell)
    if number is None:
        return str(cell)
    if settings.SETTINGS[name].kind is Kind.DATE and 1 <= number < 2958466:
        return f"{from_serial(float(number)):%d/%m/%Y}"
    return f"{number.normalize():f}".replace(".", ",")


def _remarks(inputs: Inputs, result: Result, code: str) -> tuple[str, ...]:
    said = []
    if code == IKU_1 and result.nspk.value is not None:
        bounds, labels = (inputs.column(settings.CATEGORIES, h) for h in settings.CATEGORIES.headings)
        category = predicate(result.nspk.value, bounds, labels)
        if category:
            said.append(f"Kategori NSPK {category} menurut {column_place(inputs, settings.CATEGORIES, 'Batas Bawah')}.")
    if code == IKU_1:
        said.append(
            f"{result.nspk.answered} dari {result.nspk.questions} pertanyaan terjawab; "
            f"{result.nspk.not_applicable} pertanyaan tidak berlaku."
        )
    if code == IKU_3:
        c = result.complaints
        said.append(
            f"Dari {c.by_quarter[inputs.period.quarter - 1].followed} keluhan yang ditindaklanjuti, {c.judged} punya "
            f"batas hari kerja dan {c.on_time} di antaranya tepat waktu"
            + (f" ({show(c.percent_on_time)} % tepat waktu)." if c.percent_on_time is not None else ".")
        )
        said.append(
            f"Batas hari kerja dari {column_place(inputs, settings.TIME_LIMITS, 'Hari Kerja')}, "
            f"hari libur dari {column_place(inputs, settings.HOLIDAYS, 'Tanggal')}."
        )
    if result.shown[code].source != "hasil BKN":
        said.append("Hasil hitung internal, bukan hasil resmi BKN.")
    return tuple(said)


def _basis(inputs: Inputs, code: str) -> tuple[Basis, ...]:
    rules = inputs.rules
    found = []
    for key, subject in _RULES[code]:
        if key == "minimum_jp" and not inputs.switched("Minimal_20_JP"):
            continue
        source = rules.sources[key]
        found.append(Basis(subject, source.basis, source.source, source.checked, source.status))
    scheme = _scale_in_use(inputs)
    if scheme is not None:
        source = rules.sources[f"skala.{scheme}"]
        found.append(Basis("Skala predikat", source.basis, source.source, source.checked, source.status))
    return tuple(found)


def _scale_in_use(inputs: Inputs) -> str | None:
    """The scheme of the rules that tblSkalaCapaian holds; None when staff have changed it."""
    bounds, labels = (inputs.column(settings.SCALE, h) for h in settings.SCALE.headings)
    typed = {(decimal(bound), label) for bound, label in zip(bounds, labels, strict=True) if bound is not None}
    for name, rows in inputs.rules.scales.items():
        if typed == {(row.lower, row.label) for row in rows}:
            return name
    return None


__all__ = ["Basis", "Input", "Part", "Rows", "Trace", "explain"]
