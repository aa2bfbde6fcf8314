"""Consequences: an indicator that the agency carries and that has no value, and why. All codes begin with "iku-"."""

from __future__ import annotations

from iku_excel.form import layout
from iku_excel.form.checks.common import Pen, show_number
from iku_excel.form.compute import WEIGHT_NAMES, Result
from iku_excel.form.inputs import Inputs
from iku_excel.form.layout import IKU_1, IKU_2, IKU_3, QUARTERS
from iku_excel.indicators.exact import total

_COMPONENTS = {
    "dokumen": ("Dokumen", layout.DOCUMENTS, "belum ada dokumen yang jatuh tempo", "Isi dokumen beserta Batas Waktu."),
    "anggaran": ("Anggaran", layout.BUDGET, "jumlah pagunya 0", "Isi pagu di lembar Anggaran."),
    "diklat": ("Diklat", layout.EMPLOYEES, "belum ada pegawai aktif", "Isi NIP dan Aktif di lembar Pegawai."),
    "sarpras": ("Sarpras", layout.FACILITIES, "belum ada unit yang dihitung", "Isi Jumlah dan Kondisi."),
}
"""Per component: its name, the register that decides its denominator, why it has no value, what to do."""


def check_indicators(pen: Pen, inputs: Inputs, result: Result) -> None:
    """Why an indicator is empty; no complaints at all is only worth an info."""
    quarter = QUARTERS[inputs.period.quarter - 1]
    if result.shown[IKU_1].now is None:
        sheet = inputs.tables[layout.QUESTIONS.name].sheet
        message = f"IKU-1 belum punya nilai untuk Triwulan {quarter}: belum ada Skor Maks yang dihitung."
        fix = f"Isi pertanyaan di lembar {sheet}, atau pilih Berlaku = Tidak di lembar Target."
        pen.write("iku-belum-ada-nilai", sheet, None, message, fix, (IKU_1,))
    status = result.now.index.status
    if status == "bobot tidak 100":
        _weights(pen, inputs)
    else:
        _missing_components(pen, inputs, result, quarter)
    if not result.complaints.by_quarter[inputs.period.quarter - 1].counted:
        sheet = inputs.tables[layout.COMPLAINTS.name].sheet
        message = f"Tidak ada keluhan yang dihitung sampai akhir Triwulan {quarter}."
        fix = "Tidak perlu diubah bila memang tidak ada keluhan."
        pen.write("iku-tanpa-keluhan", sheet, None, message, fix, (IKU_3,))


def _weights(pen: Pen, inputs: Inputs) -> None:
    sheet, cell = inputs.setting_cells["Bobot_Dokumen"]
    numbers = [inputs.number(name) for name in WEIGHT_NAMES.values()]
    sum_shown = show_number(float(total(number for number in numbers if number is not None)))
    lacking = " dan ada bobot yang belum berupa angka" if None in numbers else ""
    message = f"IKU-2 belum punya nilai: bobot unsurnya berjumlah {sum_shown}, bukan 100{lacking}."
    pen.write("iku-bobot-tidak-100", sheet, cell, message, "Perbaiki bobot sampai berjumlah 100.", (IKU_2,))


def _missing_components(pen: Pen, inputs: Inputs, result: Result, quarter: str) -> None:
    for key, value in result.components.items():
        if value is None:
            name, table, reason, fix = _COMPONENTS[key]
            if key == "diklat" and result.now.components[key].denominator > 0:
                reason, fix = "JP minimal belum diisi", "Isi JP minimal di lembar Pengaturan."
            message = f"IKU-2 belum lengkap: unsur {name} belum punya nilai untuk Triwulan {quarter} ({reason})."
            pen.write("iku-belum-lengkap", inputs.tables[table.name].sheet, None, message, fix, (IKU_2,))
