"""docs/buku-kerja.md from the map: sheets, tables, headings and names, so that the page can't fall behind.

`python -m tests.docs_workbook` writes it; a test compares.
"""

from __future__ import annotations

from pathlib import Path

from iku_excel.form import layout, settings
from iku_excel.form.fields import Field, Kind, Setting, Table
from iku_excel.form.outputs import SEAL, output_sheets
from iku_excel.form.sheetmap import Places
from iku_excel.form.template.content import Content
from iku_excel.form.template.settings_page import default_settings
from iku_excel.form.workings import NAMES
from iku_excel.rules.loader import rules_for

PAGE = Path(__file__).parents[1] / "docs" / "buku-kerja.md"

_HEAD = """# Buku kerja: lembar, tabel, kolom, dan nama sel

Halaman ini dibuat dari peta di `iku_excel/form` (`python -m tests.docs_workbook`). Tabel dikenali dari nama tabel dan
judul kolomnya, di mana pun letaknya; kolom dan lembar tambahan boleh ada. Kode, NIP, dan nomor surat adalah teks.
"""


_IKU, _POLICY = "dokumen IKU 2024–2026", "kebijakan; tidak ditemukan dasarnya"
EFFECTS = {
    "Perangkat_Daerah": ("tampil di setiap lembar hasil dan laporan", "diisi"),
    "Tahun": ("tahun yang dihitung; menentukan kolom target dan periode", "diisi"),
    "Triwulan": ("posisi sampai akhir triwulan ini", "diisi"),
    "Tugas": ("tampil di Formulir IKU", _IKU),
    "Kota": ("tempat tanda tangan", "diisi"),
    "Tanggal_Laporan": ("tanggal tanda tangan; tidak memengaruhi hitungan", "diisi"),
    "Jabatan_Pejabat": ("di atas tanda tangan", "diisi"),
    "Nama_Pejabat": ("di bawah tanda tangan", "diisi"),
    "Pangkat_Pejabat": ("di bawah nama", "diisi"),
    "NIP_Pejabat": ("di bawah pangkat", "diisi"),
    "Bobot_Dokumen": ("bagian komponen dokumen dalam IKU-2; keempat bobot berjumlah 100", _IKU),
    "Bobot_Anggaran": ("bagian komponen anggaran dalam IKU-2", _IKU),
    "Bobot_Diklat": ("bagian komponen diklat dalam IKU-2", _IKU),
    "Bobot_Sarpras": ("bagian komponen sarana dan prasarana dalam IKU-2", _IKU),
    "Indeks_NSPK_BKN": ("nilai resmi IKU-1; ditampilkan bila Sumber_IKU1 = BKN", "surat BKN"),
    "Nomor_Surat_BKN": ("tampil di lembar NSPK", "surat BKN"),
    "Tanggal_Surat_BKN": ("tampil di lembar NSPK", "surat BKN"),
    "Sumber_IKU1": ("BKN: Ringkasan menampilkan nilai resmi pada triwulan berjalan bila sudah diisi", _POLICY),
    "Hitung_Rusak_Ringan": ("Ya: unit Rusak Ringan ikut dihitung berfungsi", _POLICY),
    "Nilai_Tanpa_Keluhan": ("nilai IKU-3 bila tidak ada keluhan: kosong, atau 100", _POLICY),
    "Hitung_Semua_Klasifikasi": ("Ya: Permintaan Informasi dan Aspirasi ikut dihitung dalam IKU-3", _POLICY),
    "Hanya_Selesai": ("Ya: hanya keluhan berstatus Selesai dihitung ditindaklanjuti", _POLICY),
    "Minimal_20_JP": (
        "Ya: pegawai baru dihitung bila JP-nya setahun mencapai JP_Minimal",
        "kebijakan; lihat JP_Minimal",
    ),
    "JP_Minimal": ("banyak JP yang diminta bila Minimal_20_JP = Ya", "PP 11/2017 pasal 203 ayat (4)"),
    "Batas_Capaian": ("capaian di atas angka ini ditampilkan sebesar angka ini; kosong = tanpa batas", _POLICY),
    "IKU_Versi_Templat": ("mengenali templat buku kerja; jangan diubah", "program"),
}
"""What each setting does, and where its default comes from; a setting without words fails the page."""


def _field(field: Field) -> str:
    kind = " / ".join(field.choices) if 0 < len(field.choices) <= 6 else field.kind.value
    if field.kind is Kind.CHOICE and len(field.choices) > 6:
        kind = f"{field.choices[0]} … {field.choices[-1]}"
    return f"| {field.heading} | {kind} | {field.prompt} |"


def _table(table: Table) -> str:
    rows = "\n".join(_field(f) for f in table.fields)
    return f"### {table.name}: {table.title}\n\n{table.hint}\n\n| kolom | isi | petunjuk |\n|---|---|---|\n{rows}\n"


def _setting(setting: Setting) -> str:
    kind = " / ".join(setting.choices) or setting.kind.value
    values = default_settings(rules_for(2025), Content({"Perangkat_Daerah": ""}))
    values |= dict.fromkeys(("Perangkat_Daerah", "Tahun"))
    default = values[setting.name]
    effect, source = EFFECTS[setting.name]
    return (
        f"| `{setting.name}` | {setting.label} | {kind} | {'' if default is None else default} | {effect} | {source} |"
    )


def render() -> str:
    """The whole page."""
    parts = [_HEAD, "## Lembar isian\n"]
    parts += [_table(t) for t in (layout.target_table(layout.target_years(2025)), *layout.REGISTERS)]
    parts.append("## Lembar Pengaturan\n")
    for title, group in settings.SETTING_GROUPS:
        rows = "\n".join(_setting(s) for s in group)
        head = "| nama sel | arti | isi | bawaan | pengaruh | sumber |\n|---|---|---|---|---|---|"
        parts.append(f"### {title}\n\n{head}\n{rows}\n")
    parts += [_table(t) for t in settings.SETTINGS_TABLES]
    parts.append("## Lembar hasil\n")
    for sheet in output_sheets(rules_for(2025), Places("A1:B1", "A2:B2", 2026)):
        heads = ", ".join(str(label.text) for label in sheet.labels if label.look == "kepala" and label.text != "")
        parts.append(f"### {sheet.sheet}\n\nJudul kolom: {heads}.\n")
        if sheet.sheet == layout.RIWAYAT:
            known = "tanda buku belum berubah sejak terakhir diisi program, dengan angka untuk rekap"
            parts.append(f"Sel {SEAL}: sidik pengisian, {known}.\n")
        own = {name: cell for name, cell in sheet.names.items() if name not in NAMES}
        if own:
            rows = "\n".join(f"| `{name}` | {sheet.sheet}!{cell} |" for name, cell in own.items())
            parts.append(f"| nama sel | letak |\n|---|---|\n{rows}\n")
    rows = "\n".join(f"| `{name}` | Ringkasan!{cell} |" for name, cell in NAMES.items())
    parts.append(f"### Nama bantu\n\nDipakai oleh rumus; tidak dicetak.\n\n| nama sel | letak |\n|---|---|\n{rows}\n")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
