"""Results to figures: the value that stands beside each formula, by the key of its output cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from iku_excel.cells import Cell, decimal, is_error, is_number, same
from iku_excel.edits import Value
from iku_excel.findings import Finding
from iku_excel.form import layout, settings, workings
from iku_excel.form.chart_figures import chart_figures
from iku_excel.form.compute import Result, Shown
from iku_excel.form.inputs import Inputs
from iku_excel.form.layout import IKU_1, IKU_2, IKU_3, IKU_CODES, QUARTERS
from iku_excel.form.official_figures import official_figures
from iku_excel.form.secretariat_sheet import COMPONENTS
from iku_excel.form.signature import signature_figures
from iku_excel.form.summary_blocks import GAINS
from iku_excel.form.summary_sheet import MARGIN_NOTE, OFFICIAL_NOTE, last_target_heading
from iku_excel.indicators.achievement import predicate
from iku_excel.indicators.complaints import clean_limits
from iku_excel.indicators.exact import half_up
from iku_excel.indicators.exact import percent as percent_of
from iku_excel.indicators.exact import total as total_of
from iku_excel.indicators.period import clean_holidays
from iku_excel.indicators.secretariat import subtotal_rows

Pairs = Iterator[tuple[str, Value]]


def figures(inputs: Inputs, result: Result, findings: Sequence[Finding]) -> dict[str, Value]:
    """Every figure by its key; None is the empty text of a figure that can't be computed."""
    values: dict[str, Value] = {
        "identitas": _text(inputs.settings["Perangkat_Daerah"]),
        "posisi": f"Tahun {inputs.period.year} · posisi sampai akhir Triwulan {QUARTERS[inputs.period.quarter - 1]}",
        "temuan.jumlah": " · ".join(
            f"{level}: {sum(f.level == level for f in findings)}" for level in ("kesalahan", "peringatan", "info")
        ),
    }
    for part in (_nspk, _secretariat, _complaints, _workings):
        values.update(part(inputs, result))
    errors = _errors(findings)
    values.update(_table(inputs, result, errors))
    values.update(signature_figures(inputs))
    values.update(chart_figures(inputs, result))
    values.update(official_figures(inputs))
    return values


def _text(cell: Cell) -> str | None:
    return cell if type(cell) is str else None


def _number(cell: Cell) -> float | None:
    return cell if type(cell) is float else None


def _nspk(inputs: Inputs, result: Result) -> Pairs:
    index = result.nspk
    shelved = {e.code: 0 for e in index.elements}
    questions = inputs.questions
    for code, applies in zip(questions.kode, questions.berlaku, strict=True):
        if type(code) is str and code.upper() in shelved and same(applies, "Tidak"):
            shelved[code.upper()] += 1
    for e in index.elements:
        key = f"nspk.{e.code}"
        yield f"{key}.pertanyaan", e.questions
        yield f"{key}.terjawab", e.answered
        yield f"{key}.skor", e.score
        yield f"{key}.maks", e.maximum
        yield f"{key}.persen", e.percent
        yield f"{key}.gap", e.gap
        yield f"{key}.hilang", e.lost
        yield f"{key}.peringkat", e.rank
        yield f"{key}.bukti", e.weak_evidence
        yield f"{key}.bkn", e.bkn_score
        yield f"{key}.selisih", e.difference
        yield f"{key}.urutan", e.order
        yield f"{key}.tidak-berlaku", shelved[e.code]
    yield "nspk.jumlah.pertanyaan", index.questions
    yield "nspk.jumlah.terjawab", index.answered
    yield "nspk.jumlah.skor", index.score
    yield "nspk.jumlah.maks", index.maximum
    yield "nspk.jumlah.hilang", total_of(e.lost for e in index.elements if e.lost is not None)
    yield "nspk.jumlah.bukti", sum(e.weak_evidence for e in index.elements)
    yield "nspk.jumlah.tidak-berlaku", index.not_applicable
    bounds, labels = (inputs.column(settings.CATEGORIES, h) for h in settings.CATEGORIES.headings)
    own, official = result.indices[IKU_1], inputs.number("Indeks_NSPK_BKN")
    yield "nspk.indeks", own
    yield "nspk.kategori", predicate(own, bounds, labels) or None
    yield "nspk.resmi", official
    yield "nspk.kategori-resmi", predicate(official, bounds, labels) or None
    yield "nspk.surat", _text(inputs.settings["Nomor_Surat_BKN"])
    yield "nspk.tanggal-surat", _number(inputs.settings["Tanggal_Surat_BKN"])
    yield "nspk.belum-dijawab", index.questions - index.answered
    yield "nspk.tidak-berlaku", index.not_applicable
    ordered = sorted((e for e in index.elements if e.order is not None), key=lambda e: e.order or 0)
    for n in range(1, GAINS + 1):
        top = ordered[n - 1] if n <= len(ordered) and (ordered[n - 1].lost or 0) > 0 else None
        yield f"peluang.{n}.elemen", None if top is None else top.name
        yield f"peluang.{n}.poin", None if top is None else top.lost
        yield f"peluang.{n}.tambahan", None if top is None else index.gain(top)


def _secretariat(inputs: Inputs, result: Result) -> Pairs:
    for number in range(1, 5):
        key = f"tw{number}"
        quarter = result.quarters[number - 1] if number <= len(result.quarters) else None
        yield f"{key}.batas", None if quarter is None else inputs.period.cutoff(number)
        for code, *_ in COMPONENTS:
            part = None if quarter is None else quarter.components[code]
            yield f"{key}.{code}.penyebut", None if part is None else part.denominator
            yield f"{key}.{code}.pembilang", None if part is None else part.numerator
            yield f"{key}.{code}.nilai", None if part is None else part.value
        yield f"{key}.diklat.semua", None if quarter is None else quarter.trained
        yield f"{key}.diklat.jp", None if quarter is None else quarter.trained_hours
        if quarter is not None and inputs.switched("Minimal_20_JP") and quarter.trained_hours is None:
            yield f"{key}.diklat.pembilang", None
        carried = inputs.carries(IKU_2)
        yield f"{key}.indeks", quarter.index.value if quarter is not None and carried else None
        yield f"{key}.status", None if quarter is None else quarter.index.status
    now = result.now
    for code, weight, *_ in COMPONENTS:
        key, part = f"sekretariat.{code}", now.components[code]
        unknown = code == "diklat" and inputs.switched("Minimal_20_JP") and now.trained_hours is None
        yield f"{key}.pembilang", None if unknown else part.numerator
        yield f"{key}.penyebut", part.denominator
        yield f"{key}.nilai", part.value
        yield f"{key}.bobot", inputs.number(weight)
        yield f"{key}.kontribusi", now.index.contributions[code]
        yield f"{key}.status", "belum ada data" if part.value is None else "lengkap"
    weights = (inputs.number(weight) for _, weight, *_ in COMPONENTS)
    yield "sekretariat.jumlah.bobot", total_of(w for w in weights if w is not None)
    yield "sekretariat.jumlah.kontribusi", total_of(c for c in now.index.contributions.values() if c is not None)
    yield "sekretariat.indeks", result.indices[IKU_2]
    yield "sekretariat.status", now.index.status
    yield "sekretariat.subtotal", len(subtotal_rows(inputs.budget))


def _complaints(inputs: Inputs, result: Result) -> Pairs:
    c, quarter = result.complaints, inputs.period.quarter
    for number in range(1, 5):
        key, due = f"keluhan.tw{number}", number <= quarter
        count = c.by_quarter[number - 1]
        yield f"{key}.batas", inputs.period.cutoff(number) if due else None
        yield f"{key}.diterima", c.received[number - 1] if due else None
        yield f"{key}.dihitung", count.counted if due else None
        yield f"{key}.ditindaklanjuti", count.followed if due else None
        yield f"{key}.persen", result.shown[IKU_3].own[number - 1]
    now = c.by_quarter[quarter - 1]
    yield "keluhan.diterima", c.received[quarter - 1]
    yield "keluhan.dihitung", now.counted
    yield "keluhan.ditindaklanjuti", now.followed
    yield "keluhan.persen", result.indices[IKU_3]
    yield "keluhan.tepat-waktu", c.on_time
    yield "keluhan.persen-tepat-waktu", c.percent_on_time
    yield "keluhan.duplikat", c.duplicates
    yield "keluhan.bukan", c.out_of_authority
    yield "keluhan.arsip", c.archived
    yield "keluhan.klasifikasi", c.other_class
    for number, count in enumerate(c.by_month, 1):
        due = number <= 3 * quarter
        yield f"bulan.{number}.dihitung", count.counted if due else None
        yield f"bulan.{number}.ditindaklanjuti", count.followed if due else None
    for channel, count in c.by_channel:
        yield f"kanal.{channel}.dihitung", count.counted
        yield f"kanal.{channel}.ditindaklanjuti", count.followed


def status_words(result: Result, findings: Sequence[Finding]) -> dict[str, str]:
    """What stands under Status Data for each indicator, for those who need no other figure."""
    errors = _errors(findings)
    return {code: _status(result, code, errors[code]) for code in IKU_CODES}


def _errors(findings: Sequence[Finding]) -> dict[str, int]:
    return {
        code: sum(1 for f in findings if f.level == "kesalahan" and code in f.iku and not f.code.startswith("iku-"))
        for code in IKU_CODES
    }


def _status(result: Result, code: str, errors: int) -> str:
    if not result.shown[code].carried:
        return "tidak berlaku"
    if errors:
        return "ada kesalahan data"
    if code == IKU_1:
        return "belum lengkap" if result.shown[code].now is None else "lengkap"
    if code == IKU_2:
        return result.now.index.status
    return "lengkap" if result.complaints.by_quarter[len(result.quarters) - 1].counted else "tidak ada keluhan"


def _table(inputs: Inputs, result: Result, errors: dict[str, int]) -> Pairs:
    yield "kepala.terhadap-target", last_target_heading(inputs.places.last_target_year)
    official = result.shown[IKU_1].source == "hasil BKN"
    capped = inputs.number("Batas_Capaian") is not None
    yield "tanpa-batas.label", "Capaian tanpa batas, IKU-1 sampai IKU-3:" if capped else None
    yield "catatan", OFFICIAL_NOTE if official else MARGIN_NOTE
    for code in IKU_CODES:
        s = result.shown[code]
        for key, heading in (("sasaran", "Sasaran"), ("iku", "IKU"), ("satuan", "Satuan"), ("analisis", "Analisis"),
                             ("kendala", "Kendala"), ("rencana", "Rencana Tindak Lanjut")):  # fmt: skip
            yield f"{code}.{key}", _text(inputs.target_cell(code, heading))
        yield f"{code}.target", s.target
        for n, value in enumerate(s.by_quarter, 1):
            yield f"{code}.tw{n}", value
        yield f"{code}.capaian-tw", s.capaian_quarter
        yield f"{code}.capaian", s.capaian
        yield f"{code}.predikat", s.predicate or None
        yield f"{code}.tahun-lalu", s.last_year
        yield f"{code}.terhadap-target", _against_last(s)
        yield f"{code}.sumber", s.source or None
        yield f"{code}.status", _status(result, code, errors[code])
        uncapped = s.uncapped if inputs.number("Batas_Capaian") is not None else None
        yield f"{code}.tanpa-batas", uncapped
        yield f"{code}.tanpa-batas.cetak", uncapped
        yield from _iku_workings(inputs, code, s)
        yield f"bantu.{code}.kesalahan", errors[code]


def _against_last(s: Shown) -> Decimal | None:
    if s.now is None or s.target_last is None:
        return None
    return percent_of(s.now, s.target_last)


def _iku_workings(inputs: Inputs, code: str, s: Shown) -> Pairs:
    key, row = f"bantu.{code}", inputs.target_row(code)
    yield f"{key}.baris", None if row is None else row + 1
    yield f"{key}.berlaku", "Ya" if s.carried else "Tidak"
    yield f"{key}.target", s.target
    yield f"{key}.target-tw", s.target_quarter
    yield f"{key}.target-akhir", s.target_last
    columns = (*workings.FROZEN_COLUMNS, workings.LAST_YEAR_COLUMN)
    values = inputs.reported.nilai
    for column, at in zip(columns, s.frozen_rows, strict=True):
        yield f"{key}.posisi.{column}", 0 if at is None else at + 1
        yield f"{key}.beku.{column}", None if at is None else _number(values[at])
    yield f"{key}.kini", s.now
    yield f"{key}.capaian-tw", s.uncapped_quarter
    yield f"{key}.capaian", s.uncapped
    yield f"{key}.beku-kini", s.frozen[inputs.period.quarter - 1]
    yield f"{key}.letak", _place_on_scale(inputs, s)


def _place_on_scale(inputs: Inputs, s: Shown) -> Decimal | None:
    """From 0, the highest Sebutan of tblSkalaCapaian, to 1, the lowest."""
    if s.capaian is None or not s.predicate:
        return None
    bounds = [b for cell in inputs.column(settings.SCALE, "Batas Bawah") if (b := decimal(cell)) is not None]
    above = sum(b > half_up(s.capaian, 8) for b in bounds)
    return Decimal(above) / (len(bounds) - 1) if len(bounds) > 1 else Decimal(0)


def _workings(inputs: Inputs, result: Result) -> Pairs:
    period = inputs.period
    yield "bantu.tahun", period.year
    yield "bantu.triwulan", period.quarter
    yield "bantu.awal", period.start
    yield "bantu.akhir", period.cutoff()
    for column in workings.FROZEN_COLUMNS:
        yield f"bantu.tahun.{column}", period.year
    yield f"bantu.tahun.{workings.LAST_YEAR_COLUMN}", period.year - 1
    headings = [h.casefold() for h in inputs.tables["tblTarget"].headings]
    last = inputs.places.last_target_year
    for key, heading in (
        ("kolom-target", f"{layout.TARGET_YEAR}{period.year}"),
        ("kolom-akhir", f"{layout.TARGET_YEAR}{last}"),
        ("kolom-tw", f"{layout.TARGET_YEAR}TW {QUARTERS[period.quarter - 1]}"),
    ):
        found = heading.casefold()
        yield f"bantu.{key}", headings.index(found) + 1 if found in headings else None
    switches = inputs.complaint_switches
    yield "bantu.kecuali-1", workings.NO_MATCH if switches.all_classes else "<>Permintaan Informasi"
    yield "bantu.kecuali-2", workings.NO_MATCH if switches.all_classes else "<>Aspirasi"
    yield "bantu.status-tl", "Selesai" if switches.only_finished else workings.NO_MATCH
    yield from _limit_workings(inputs)
    yield from _holiday_workings(inputs)


def _limit_workings(inputs: Inputs) -> Pairs:
    limits = inputs.limits
    rows = list(zip(limits.klasifikasi, limits.cek, limits.hari, strict=True))
    seen: set[str] = set()
    for n in range(1, workings.LIMIT_ROWS + 1):
        kind, check, days = rows[n - 1] if n <= len(rows) else (None, None, None)
        key = None
        if type(kind) is str and type(days) is float and days >= 0:
            reported = same(kind, "Pengaduan")
            if not (reported and is_error(check)):
                key = f"{kind}|Ya" if reported and same(check, "Ya") else kind
        first = key is not None and key.casefold() not in seen
        if key is not None:
            seen.add(key.casefold())
        yield f"batas.{n}.kunci", key
        yield f"batas.{n}.pertama", key if first else None
        yield f"batas.{n}.hari", _number(days) if first else None
    allowed = clean_limits(limits).get(workings.FIELD_CHECK.casefold())
    yield "batas.lapangan.ada", 0 if allowed is None else 1
    yield "batas.lapangan.hari", allowed or 0


def _holiday_workings(inputs: Inputs) -> Pairs:
    column = inputs.column(settings.HOLIDAYS, "Tanggal")
    usable, seen = set(clean_holidays(column)), set()
    for n in range(1, workings.HOLIDAY_ROWS + 1):
        cell = column[n - 1] if n <= len(column) else None
        day = int(cell) if type(cell) is float and is_number(cell) else None
        fresh = day in usable and day not in seen
        seen.add(day)
        yield f"libur.{n}", day if fresh else None
