"""Lays out the sheet Pengaturan: named settings on the left, the small tables and the legal bases beside them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from iku_excel.form.fields import Kind, Setting, Table, date, text
from iku_excel.form.layout import PEMERIKSAAN, PENGATURAN, PETUNJUK
from iku_excel.form.settings import (
    CATEGORIES,
    FUNCTIONS,
    HOLIDAYS,
    SCALE,
    SETTING_GROUPS,
    SETTINGS,
    SETTINGS_TABLE_ROW,
    SETTINGS_TABLES,
    TIME_LIMITS,
    setting_cells,
)
from iku_excel.form.template.content import Content, Pen, Row
from iku_excel.form.template.register_sheets import lay_table, limit
from iku_excel.form.template.styles import (
    DAY,
    GENERAL,
    INPUT,
    LABEL,
    LINKED,
    NOTE,
    SECTION,
    TEXT,
    TITLE,
    WRAPPED_NOTE,
    Style,
)
from iku_excel.rules.loader import COMPONENTS, Rules, Source

if TYPE_CHECKING:
    from openpyxl import Workbook

LABEL_WIDTH, VALUE_WIDTH, NOTE_WIDTH = 50.0, 56.0, 82.0
WIDER = {("tblFungsi", "Uraian"): 155.0, ("tblBatasHari", "Perlu Cek Lapangan"): 21.0, ("tblLibur", "Nama"): 54.0}
"""Columns wide enough for one line: a wrapped row would tear the settings beside it apart."""

HOLIDAY_ROWS = 100
"""Formulas read so many rows of tblLibur."""

LEGAL_BASES = Table(
    "tblDasarHukum",
    PENGATURAN,
    "Dasar hukum",
    "Dasar tiap aturan bawaan, untuk diketahui; tidak dipakai dalam hitungan.",
    (text("Hal", 38), text("Dasar Hukum", 80), date("Berlaku Sejak", 14), date("Diperiksa", 14), text("Status", 50)),
    column=21,
    row=SETTINGS_TABLE_ROW,
)

_PRINTED_TOGETHER = ((SCALE, CATEGORIES, TIME_LIMITS, HOLIDAYS), (FUNCTIONS,), (LEGAL_BASES,))

_SUBJECTS = {
    "elemen": "Elemen Indeks NSPK",
    "kategori": "Kategori Indeks NSPK",
    "bobot": "Bobot IKU-2",
    "minimum_jp": "JP minimal setahun",
    "batas_hari": "Batas hari tindak lanjut keluhan",
    "hari_verifikasi": "Batas hari verifikasi keluhan",
    "kanal": "Kanal keluhan",
    "register": "Batas waktu dokumen",
    "indikator": "Indikator Kinerja Utama",
    "perangkat_daerah": "Tugas dan fungsi BKD",
}


def default_settings(rules: Rules, content: Content) -> dict[str, object]:
    """Every setting's value: the content's, else the rules' of the year, else the map's default."""
    values: dict[str, object] = {name: setting.default for name, setting in SETTINGS.items()}
    values["Tahun"] = rules.year
    values["JP_Minimal"] = rules.minimum_jp
    values.update({f"Bobot_{key.capitalize()}": rules.weights[key] for key in COMPONENTS})
    values["Perangkat_Daerah"] = rules.agency
    if content.settings.get("Perangkat_Daerah", rules.agency) == rules.agency:
        values["Tugas"] = rules.duty
    unknown = content.settings.keys() - values.keys()
    if unknown:
        raise ValueError(f"unknown setting: {min(unknown)}")
    return values | dict(content.settings)


def settings_rows(rules: Rules, settings: Mapping[str, object]) -> dict[str, Sequence[Row] | None]:
    """The rows of the small tables as the year's rules have them."""
    own = settings["Perangkat_Daerah"] == rules.agency
    return {
        SCALE.name: [{"Batas Bawah": r.lower, "Sebutan": r.label} for r in rules.scales[rules.default_scale]],
        CATEGORIES.name: [{"Batas Bawah": r.lower, "Sebutan": r.label} for r in rules.categories],
        TIME_LIMITS.name: [
            {"Klasifikasi": t.klasifikasi, "Perlu Cek Lapangan": t.perlu_cek or None, "Hari Kerja": t.hari}
            for t in rules.time_limits
        ],
        HOLIDAYS.name: [{"Tanggal": day, "Nama": name} for day, name in public_holidays(rules.year)],
        FUNCTIONS.name: [{"Huruf": f.huruf, "Uraian": f.uraian} for f in rules.functions] if own else None,
        LEGAL_BASES.name: legal_bases(rules),
    }


def public_holidays(year: int) -> list[tuple[datetime.date, str]]:
    """Indonesia's public holidays and joint leave (cuti bersama) of one year, by the ``holidays`` library."""
    import holidays

    found = holidays.country_holidays("ID", years=year, language="id", categories=("public", "government"))
    return sorted((day, str(name)) for day, name in found.items())[:HOLIDAY_ROWS]


def legal_bases(rules: Rules) -> list[Row]:
    """One row for each group of rules: what it is, its legal basis, since when, last checked, how sure."""
    rows: list[Row] = []
    for group, source in rules.sources.items():
        if group == "skala_bawaan":
            continue
        subject = _SUBJECTS.get(group) or f"Skala capaian ({group.removeprefix('skala.')})"
        status = source.status + ("; aturan tertua yang dikenal" if group in rules.premature else "")
        rows.append(
            {
                "Hal": subject,
                "Dasar Hukum": source.basis,
                "Berlaku Sejak": source.since,
                "Diperiksa": source.checked,
                "Status": status,
            }
        )
    return rows


def lay_settings(book: Workbook, pen: Pen, rules: Rules, settings: Mapping[str, object], content: Content) -> None:
    """Write the whole sheet and the defined names of its settings."""
    from openpyxl.utils import get_column_letter
    from openpyxl.workbook.defined_name import DefinedName

    widths = {"A": LABEL_WIDTH, "B": VALUE_WIDTH, "C": NOTE_WIDTH, "D": 3.0}
    tables = (*SETTINGS_TABLES, LEGAL_BASES)
    for table in tables:
        columns = [get_column_letter(table.column + n) for n in range(len(table.fields) + 1)]
        widths |= dict(
            zip(
                columns, [*(WIDER.get((table.name, f.heading), float(f.width)) for f in table.fields), 3.0], strict=True
            )
        )
    pen.sheet_widths(widths)
    pen.put("A1", "PENGATURAN", TITLE)
    pen.put("A2", "Isi sel berwarna. Tabel kecil di sebelah kanan boleh ditambah barisnya.", NOTE)
    pen.link("A3", f"← {PETUNJUK}", f"{PETUNJUK}!A1", LINKED)
    pen.link("B3", f"← {PEMERIKSAAN}", f"{PEMERIKSAAN}!A1", LINKED)
    cells = setting_cells()
    for title, group in SETTING_GROUPS:
        head = int(cells[group[0].name][1:]) - 1
        pen.put(f"A{head}", title, SECTION)
        for setting in group:
            place = cells[setting.name]
            pen.put(f"A{place[1:]}", setting.label, LABEL)
            pen.put(place, settings[setting.name], _value_style(setting))
            pen.put(f"C{place[1:]}", _note(setting, rules), WRAPPED_NOTE)
            if setting.kind is Kind.CODE:
                pen.marks.number_like.setdefault(PENGATURAN, []).append(place)
            if (rule := limit(setting)) is not None:
                rule.add(place)
                pen.sheet.add_data_validation(rule)
            absolute = f"{PENGATURAN}!${place[0]}${place[1:]}"
            book.defined_names[setting.name] = DefinedName(setting.name, attr_text=absolute)
    rows = settings_rows(rules, settings) | dict(content.tables)
    ends = {}
    for table in tables:
        first = get_column_letter(table.column)
        pen.put(f"{first}{table.row - 2}", table.title, SECTION)
        pen.put(f"{first}{table.row - 1}", _table_note(table, rules), NOTE)
        ends[table.name] = lay_table(pen, table, rows[table.name], content.below.get(table.name, ()))
    pen.sheet.print_area = ",".join(
        [f"A1:C{max(int(c[1:]) for c in cells.values())}", *(_area(group, ends) for group in _PRINTED_TOGETHER)]
    )
    pen.sheet.freeze_panes = "B4"


def _area(tables: tuple[Table, ...], ends: Mapping[str, int]) -> str:
    """The print area of tables that stand side by side, with room for three more rows."""
    from openpyxl.utils import get_column_letter

    first, last = get_column_letter(tables[0].column), get_column_letter(tables[-1].column + len(tables[-1].fields) - 1)
    return f"{first}{SETTINGS_TABLE_ROW - 2}:{last}{max(ends[t.name] for t in tables) + 3}"


def _value_style(setting: Setting) -> Style:
    formats = {Kind.CODE: TEXT, Kind.DATE: DAY}
    return replace(INPUT, number_format=formats.get(setting.kind, GENERAL), horizontal="left", wrap=True)


def _sourced(source: Source) -> str:
    return f"Sumber: {source.basis}" + ("" if source.status == "terverifikasi" else f" ({source.status})")


def _note(setting: Setting, rules: Rules) -> str | None:
    if setting.name.startswith("Bobot_"):
        return _sourced(rules.source_of("bobot"))
    if setting.name == "JP_Minimal":
        return _sourced(rules.source_of("minimum_jp"))
    return setting.note or None


def _table_note(table: Table, rules: Rules) -> str:
    groups = {SCALE.name: f"skala.{rules.default_scale}", CATEGORIES.name: "kategori", TIME_LIMITS.name: "batas_hari"}
    if table.name in groups:
        source = rules.source_of(groups[table.name])
        return source.basis if source.status == "terverifikasi" else source.status
    if table.name == HOLIDAYS.name:
        return "Periksa dengan keputusan resmi; sesuaikan cuti bersama."
    return table.hint
