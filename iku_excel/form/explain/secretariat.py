"""The parts of IKU-2 with their cells: which rows count, which don't, and why (for ``jelaskan``)."""

from __future__ import annotations

from decimal import Decimal

from iku_excel.cells import Cell, is_date, is_error, is_number, same
from iku_excel.form import layout
from iku_excel.form.compute import WEIGHT_NAMES, Result
from iku_excel.form.explain.trace import Part, Rows, columns, filled, group, some
from iku_excel.form.inputs import Inputs
from iku_excel.indicators import secretariat
from iku_excel.indicators.achievement import show


def secretariat_parts(inputs: Inputs, result: Result) -> tuple[Part, ...]:
    """The four components at the workbook's own quarter."""
    return (
        _part(
            inputs, result, "dokumen", "dokumen ditetapkan tepat waktu", "dokumen jatuh tempo", _document_rows(inputs)
        ),
        _part(inputs, result, "anggaran", "realisasi (Rp)", "pagu (Rp)", _budget_rows(inputs)),
        _part(inputs, result, "diklat", _trained(inputs), "pegawai aktif", _training_rows(inputs)),
        _part(inputs, result, "sarpras", "unit berfungsi baik", "seluruh unit", _facility_rows(inputs)),
    )


def _part(
    inputs: Inputs, result: Result, key: str, numerator_of: str, denominator_of: str, rows: tuple[Rows, ...]
) -> Part:
    component = result.now.components[key]
    quarter = layout.QUARTERS[inputs.period.quarter - 1]
    used = {
        "dokumen": columns(inputs, layout.DOCUMENTS, "Batas Waktu", "Tanggal Penetapan"),
        "anggaran": columns(inputs, layout.BUDGET, "Kode", "Pagu Murni", "Pagu Perubahan", f"Realisasi TW {quarter}"),
        "diklat": (
            *columns(inputs, layout.EMPLOYEES, "NIP", "Aktif"),
            *columns(inputs, layout.TRAININGS, "NIP", "Selesai"),
            *(columns(inputs, layout.TRAININGS, "JP") if inputs.switched("Minimal_20_JP") else ()),
        ),
        "sarpras": columns(inputs, layout.FACILITIES, "Jumlah", "Kondisi"),
    }
    return Part(
        inputs.rules.components[key],
        numerator_of,
        component.numerator,
        denominator_of,
        component.denominator,
        component.value,
        used[key],
        rows,
        inputs.number(WEIGHT_NAMES[key]),
        result.now.index.contributions[key],
    )


def _document_rows(inputs: Inputs) -> tuple[Rows, ...]:
    data, d, end = inputs.tables[layout.DOCUMENTS.name], inputs.documents, inputs.period.cutoff()
    fates: dict[str, list[int]] = {}
    for i in filled(inputs, layout.DOCUMENTS):
        fates.setdefault(_document_fate(d.batas[i], d.penetapan[i], end), []).append(i)
    reasons = (
        ("tepat", "ditetapkan tepat waktu", "Tanggal Penetapan", True),
        ("terlambat", "ditetapkan lewat batas waktu (hanya penyebut)", "Tanggal Penetapan", True),
        ("belum", "belum ditetapkan sampai akhir triwulan (hanya penyebut)", "Tanggal Penetapan", True),
        ("nanti", "batas waktunya belum tiba", "Batas Waktu", False),
        ("tanpa", "tanpa Batas Waktu berupa tanggal", "Batas Waktu", False),
    )
    return some(
        group(data, heading, reason, fates.get(fate, ()), counted=counted) for fate, reason, heading, counted in reasons
    )


def _document_fate(deadline: Cell, fixed: Cell, end: float) -> str:
    if type(deadline) is not float or not is_date(deadline):
        return "tanpa"
    if deadline >= end:
        return "nanti"
    if type(fixed) is not float or not 1 < fixed < end:
        return "belum"
    return "tepat" if fixed - deadline < 1 else "terlambat"


def _budget_rows(inputs: Inputs) -> tuple[Rows, ...]:
    data, b, quarter = inputs.tables[layout.BUDGET.name], inputs.budget, inputs.period.quarter
    exist = set(filled(inputs, layout.BUDGET))
    leaves = [i for i in secretariat.leaf_rows(b) if i in exist]
    now = f"Realisasi TW {layout.QUARTERS[quarter - 1]}"
    without_spending = [i for i in leaves if not any(is_number(column[i]) for column in b.realisasi[:quarter])]
    behind = [i for i in leaves if not is_number(b.realisasi[quarter - 1][i])]
    earlier = sorted(set(behind) - set(without_spending))
    changed = [i for i in leaves if is_number(b.perubahan[i])]
    first = [i for i in leaves if not is_number(b.perubahan[i]) and is_number(b.murni[i])]
    without = [i for i in leaves if not is_number(b.perubahan[i]) and not is_number(b.murni[i])]
    broken = [i for i in sorted(exist) if is_error(b.kode[i])]
    return some(
        (
            group(data, "Kode", "baris rincian yang dijumlah", leaves, counted=True),
            group(data, "Pagu Perubahan", "memakai Pagu Perubahan", changed, counted=True, within=True),
            group(data, "Pagu Murni", "memakai Pagu Murni", first, counted=True, within=True),
            group(data, "Pagu Murni", "tanpa pagu (dihitung 0)", without, counted=True, within=True),
            group(data, now, "memakai realisasi triwulan sebelumnya", earlier, counted=True, within=True),
            group(data, now, "tanpa realisasi (dihitung 0)", without_spending, counted=True, within=True),
            group(
                data,
                "Kode",
                "baris jumlah (program atau kegiatan) di atas rincian lain",
                secretariat.subtotal_rows(b),
                counted=False,
            ),
            group(data, "Kode", "Kode berisi nilai galat", broken, counted=False),
        )
    )


def _trained(inputs: Inputs) -> str:
    if not inputs.switched("Minimal_20_JP"):
        return "pegawai aktif yang mengikuti diklat"
    return f"pegawai aktif yang mengikuti diklat paling sedikit {show(inputs.number('JP_Minimal'), 0) or '?'} JP"


def _training_rows(inputs: Inputs) -> tuple[Rows, ...]:
    people, courses = inputs.tables[layout.EMPLOYEES.name], inputs.tables[layout.TRAININGS.name]
    e, t = inputs.employees, inputs.trainings
    active = {nip.casefold() for nip in secretariat.active_employees(e)}
    seen: set[str] = set()
    fates: dict[str, list[int]] = {}
    for i in filled(inputs, layout.EMPLOYEES):
        nip = _nip(e.nip[i])
        if nip is None:
            fate = "bukan-nip"
        elif nip in seen:
            fate = "ulang"
        else:
            fate = "aktif" if same(e.aktif[i], "Ya") else "tidak-aktif"
            seen.add(nip)
        fates.setdefault(fate, []).append(i)
    start, end = inputs.period.start, inputs.period.cutoff()
    for i in filled(inputs, layout.TRAININGS):
        done = t.selesai[i]
        if _nip(t.nip[i]) not in active:
            fate = "asing"
        elif type(done) is not float or not is_date(done):
            fate = "tanpa-selesai"
        else:
            fate = "diklat" if start <= done < end else "luar-periode"
        fates.setdefault(fate, []).append(i)
    reasons = (
        (people, "aktif", "pegawai aktif", "NIP", True),
        (people, "tidak-aktif", "Aktif bukan Ya", "Aktif", False),
        (people, "ulang", "NIP berulang (baris pertamanya yang dipakai)", "NIP", False),
        (people, "bukan-nip", "NIP kosong atau bukan teks", "NIP", False),
        (courses, "diklat", "diklat pegawai aktif yang selesai dalam periode", "Selesai", True),
        (courses, "luar-periode", "diklat yang selesai di luar periode", "Selesai", False),
        (courses, "tanpa-selesai", "diklat tanpa Selesai berupa tanggal", "Selesai", False),
        (courses, "asing", "diklat dengan NIP yang bukan pegawai aktif", "NIP", False),
    )
    return some(
        group(data, heading, reason, fates.get(fate, ()), counted=counted)
        for data, fate, reason, heading, counted in reasons
    )


def _nip(cell: Cell) -> str | None:
    return cell.casefold() if type(cell) is str and len(cell) <= secretariat.NIP_LENGTH_LIMIT else None


def _facility_rows(inputs: Inputs) -> tuple[Rows, ...]:
    data, f = inputs.tables[layout.FACILITIES.name], inputs.facilities
    words = layout.FACILITIES.field("Kondisi").choices
    fates: dict[str, list[int]] = {}
    units: dict[str, Decimal] = {}
    for i in filled(inputs, layout.FACILITIES):
        amount = f.jumlah[i]
        if type(amount) is not float or amount <= 0:
            fates.setdefault("", []).append(i)
            continue
        word = next((word for word in words if same(f.kondisi[i], word)), "kondisi lain atau kosong")
        fates.setdefault(word, []).append(i)
        units[word] = units.get(word, Decimal(0)) + Decimal(repr(amount))
    works = {"Baik", "Rusak Ringan"} if inputs.switched("Hitung_Rusak_Ringan") else {"Baik"}
    groups = [
        group(
            data,
            "Kondisi",
            f"{word}: {_plain(units[word])} unit" + ("" if word in works else " (hanya penyebut)"),
            fates[word],
            counted=True,
        )
        for word in (*words, "kondisi lain atau kosong")
        if word in fates
    ]
    groups.append(group(data, "Jumlah", "Jumlah bukan angka di atas 0", fates.get("", ()), counted=False))
    return some(groups)


def _plain(amount: Decimal) -> str:
    return show(amount, 0 if amount == amount.to_integral_value() else 2, thousands=True)
