"""The catalogue of findings: every code with its level, what it means, an example and its mend.

The only place where a code's level is looked up; ``docs/temuan.md`` is rendered from here. Codes are never
renamed. Those that begin with "iku-" are consequences (an indicator without a value): Ringkasan's status words
leave them out when they ask whether the data hold a mistake, so no other code may begin so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from iku_excel.findings import Level
from iku_excel.form.checks.codes import GENERAL_ROWS
from iku_excel.form.checks.codes_registers import REGISTER_ROWS


@dataclass(frozen=True, slots=True)
class CodeInfo:
    """One kind of finding: its level, the sheet it is listed under in the docs, and words for staff."""

    level: Level
    sheet: str
    meaning: str
    example: str
    fix: str


CODES: Mapping[str, CodeInfo] = {
    code: CodeInfo(level, sheet, *words)
    for sheet, levels in {**GENERAL_ROWS, **REGISTER_ROWS}.items()
    for level, codes in levels.items()
    for code, words in codes.items()
}
"""Every code that ``checks.check`` can give, in the order of the docs."""

_INTRO = """\
# Temuan

Setiap kali buku kerja diisi atau diperiksa, temuan ditulis di lembar Pemeriksaan (paling banyak 200 baris tiap
kode) dan di keluaran `--json` (semuanya). Kodenya tidak pernah diganti.

* **kesalahan**: isi sel tidak dihitung seperti diketik, atau IKU yang berlaku tidak punya nilai.
* **peringatan**: dihitung, tetapi meragukan.
* **info**: selebihnya; sering tidak perlu diubah.

Temuan untuk IKU dengan `Berlaku = Tidak` di lembar Target tidak ditampilkan. Isi lembar Keluhan dan nama pegawai
tidak pernah dikutip. Yang dapat dirapikan `iku-excel rapikan` disebut di kolom Perbaikan.
"""


def render_docs() -> str:
    """The whole text of ``docs/temuan.md``: one table of codes for each sheet."""
    parts, sheet = [_INTRO], ""
    for code, info in CODES.items():
        if info.sheet != sheet:
            sheet = info.sheet
            parts.append(f"\n## {sheet}\n\n| Kode | Tingkat | Arti | Contoh | Perbaikan |\n|---|---|---|---|---|\n")
        parts.append(f"| `{code}` | {info.level} | {info.meaning} | {info.example} | {info.fix} |\n")
    return "".join(parts)
