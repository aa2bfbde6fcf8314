"""docs/buku-kerja.md from the map: sheets, tables, headings and names, so that the page can't fall behind.

`python -m tests.docs_workbook` writes it; a test compares.
"""

from __future__ import annotations

from pathlib import Path

from iku_excel.form import layout, settings
from iku_excel.form.fields import Field, Kind, Table
from iku_excel.form.outputs import output_sheets
from iku_excel.form.sheetmap import Places
from iku_excel.form.workings import NAMES
from iku_excel.rules.loader import rules_for

PAGE = Path(__file__).parents[1] / "docs" / "buku-kerja.md"

_HEAD = """# Buku kerja: lembar, tabel, kolom, dan nama sel

Halaman ini dibuat dari peta di `iku_excel/form` (`python -m tests.docs_workbook`). Tabel dikenali dari nama tabel dan
judul kolomnya, di mana pun letaknya; kolom dan lembar tambahan boleh ada. Kode, NIP, dan nomor surat adalah teks.
"""


def _field(field: Field) -> str:
    kind = " / ".join(field.choices) if 0 < len(field.choices) <= 6 else field.kind.value
    if field.kind is Kind.CHOICE and len(field.choices) > 6:
        kind = f"{field.choices[0]} … {field.choices[-1]}"
    return f"| {field.heading} | {kind} | {field.prompt} |"


def _table(table: Table) -> str:
    rows = "\n".join(_field(f) for f in table.fields)
    return f"### {table.name}: {table.title}\n\n{table.hint}\n\n| kolom | isi | petunjuk |\n|---|---|---|\n{rows}\n"


def render() -> str:
    """The whole page."""
    parts = [_HEAD, "## Lembar isian\n"]
    parts += [_table(t) for t in (layout.target_table(layout.target_years(2025)), *layout.REGISTERS)]
    parts.append("## Lembar Pengaturan\n")
    for title, group in settings.SETTING_GROUPS:
        rows = "\n".join(
            f"| `{s.name}` | {s.label} | {' / '.join(s.choices) or s.kind.value} | {s.note} |" for s in group
        )
        parts.append(f"### {title}\n\n| nama sel | arti | isi | catatan |\n|---|---|---|---|\n{rows}\n")
    parts += [_table(t) for t in settings.SETTINGS_TABLES]
    parts.append("## Lembar hasil\n")
    for sheet in output_sheets(rules_for(2025), Places("A1:B1", "A2:B2", 2026)):
        heads = ", ".join(str(label.text) for label in sheet.labels if label.look == "kepala" and label.text != "")
        parts.append(f"### {sheet.sheet}\n\nJudul kolom: {heads}.\n")
        own = {name: cell for name, cell in sheet.names.items() if name not in NAMES}
        if own:
            rows = "\n".join(f"| `{name}` | {sheet.sheet}!{cell} |" for name, cell in own.items())
            parts.append(f"| nama sel | letak |\n|---|---|\n{rows}\n")
    rows = "\n".join(f"| `{name}` | Ringkasan!{cell} |" for name, cell in NAMES.items())
    parts.append(f"### Nama bantu\n\nDipakai oleh rumus; tidak dicetak.\n\n| nama sel | letak |\n|---|---|\n{rows}\n")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
