"""The values beside the formulas of Formulir IKU, by the key of their cells."""

from __future__ import annotations

from collections.abc import Iterator

from iku_excel.edits import Value
from iku_excel.form import official_form as form
from iku_excel.form import settings
from iku_excel.form.inputs import Inputs
from iku_excel.form.layout import IKU_CODES, TARGET_YEAR
from iku_excel.form.lines import LONGEST, first_line, one_line

Pairs = Iterator[tuple[str, Value]]


def official_figures(inputs: Inputs) -> Pairs:
    """Every figure of the sheet but those that the signature block of Ringkasan has too."""
    yield from _title(inputs)
    texts = _texts(inputs)
    yield from texts.items()
    yield from _lines([texts[f"formulir.butir.{n}"] for n in range(1, form.ITEMS + 1)])
    yield from _table(inputs)
    yield from _signature(inputs)


def _title(inputs: Inputs) -> Pairs:
    size = len(TARGET_YEAR)
    named = [h[size:] for h in inputs.tables["tblTarget"].headings if h[:size].casefold() == TARGET_YEAR.casefold()]
    years = [int(year) for year in named if len(year) == 4 and year.isascii() and year.isdigit()]
    first, last = min(years, default=9999), max(years, default=0)
    span = f"{first} - {last}" if last > first else f"{first}"
    yield "formulir.tahun-awal", first
    yield "formulir.tahun-akhir", last
    yield "formulir.judul", f"{form.TITLE} TAHUN {span}" if last > 0 else form.TITLE


def _texts(inputs: Inputs) -> dict[str, Value]:
    """The texts of page 1 and what they are made of."""
    agency, duty, functions = form.NUMBERED
    texts = [
        f"{agency} {one_line(inputs.settings['Perangkat_Daerah'])}",
        f"{duty} {one_line(inputs.settings['Tugas'])}",
    ]
    texts = [text.strip(" ")[:LONGEST] for text in texts] + [functions]
    letters, words = ([one_line(c) for c in inputs.column(settings.FUNCTIONS, h)] for h in ("Huruf", "Uraian"))
    values: dict[str, Value] = {"formulir.fungsi": sum(bool(w) for w in words)}
    for n in range(1, form.FUNCTION_ROWS + 1):
        letter, word = (column[n - 1] if n <= len(column) else "" for column in (letters, words))
        values[f"formulir.huruf.{n}"] = letter or None
        values[f"formulir.uraian.{n}"] = word or None
        point = "" if letter == "" or letter.endswith((".", ")")) else "."
        texts.append(f"{letter}{point} {word}".strip(" ")[:LONGEST] if word else "")
    further = sum(bool(w) for w in words[form.FUNCTION_ROWS :])
    texts.append(f"dan {further} {form.MORE_FUNCTIONS}" if further else "")
    after: int | None = None
    for n in range(form.ITEMS, 0, -1):
        after = n if texts[n - 1] else after
        values[f"formulir.butir.{n}"] = texts[n - 1] or None
        values[f"formulir.berikut.{n}"] = after
    return values


def _lines(texts: list[Value]) -> Pairs:
    """The texts broken into lines, as many as there are rows; ``formulir.sisa`` says that some found no room."""
    lines: list[tuple[int, int, str, str]] = []
    for item, text in enumerate(texts, 1):
        words, start = str(text or ""), 0
        while start < len(words):
            rest = words[start : start + form.ROOM + 1]
            line = first_line(rest, form.ROOM)
            lines.append((item, start + 1, rest, line))
            start += len(line) + (rest[len(line) : len(line) + 1] == " ")
    for n in range(1, form.LINES + 1):
        key = f"formulir.baris.{n}"
        if n > len(lines):
            yield from ((f"{key}{part}", None) for part in ("", ".butir", ".mulai", ".sisa", ".teks"))
            continue
        item, begin, rest, line = lines[n - 1]
        indent = form.INDENT * ((item > len(form.NUMBERED)) + (begin > 1))
        yield f"{key}.butir", item
        yield f"{key}.mulai", begin
        yield f"{key}.sisa", rest
        yield f"{key}.teks", line
        yield key, indent + line
    over = len(lines) > form.LINES
    yield f"formulir.baris.{form.LINES + 1}.butir", lines[form.LINES][0] if over else None
    yield "formulir.sisa", form.LEFT_OVER if over else None


def _table(inputs: Inputs) -> Pairs:
    used = [inputs.carries(code) and inputs.target_row(code) is not None for code in IKU_CODES]
    carried = [n for n, is_used in enumerate(used) if is_used]
    sasaran = [one_line(inputs.target_cell(IKU_CODES[n], "Sasaran")) for n in carried]
    same = [s.casefold() for s in sasaran]
    swap = len(carried) == 3 and same[0] != "" and same[2] == same[0] != same[1]
    order = [0, 2, 1] if swap else list(range(len(carried)))
    for n in range(3):
        key = f"formulir.{n + 1}"
        there = n < len(carried)
        yield f"{key}.urut", sum(used[: n + 1]) if used[n] else None
        yield f"{key}.iku-ke", carried[n] + 1 if there else None
        yield f"{key}.sasaran-asal", sasaran[n] or None if there else None
        yield f"{key}.tempat", order[n] + 1 if there else None
    yield "formulir.tukar", int(swap)
    rows = [(IKU_CODES[carried[at]], sasaran[at]) for at in order]
    within: list[int] = []
    for n, (_, goal) in enumerate(rows):
        shared = n > 0 and goal != "" and goal.casefold() == rows[n - 1][1].casefold()
        within.append(within[-1] + 1 if shared else 1)
    number, above = 0, ""
    for n in range(3):
        key = f"formulir.{n + 1}"
        if n >= len(rows):
            yield from ((f"{key}.{part}", None) for part in _PRINTED)
            yield from ((f"{key}.{part}", 0) for part in ("bersama", "sumber-sama"))
            continue
        code, goal = rows[n]
        row = inputs.target_row(code)
        typed = {h: _typed(inputs, code, h) for h in ("IKU", "Satuan", "Formulasi", "Sumber Data")}
        begins = within[n] == 1
        shared = not begins or (n + 1 < len(rows) and within[n + 1] > 1)
        repeated = not begins and typed["Sumber Data"].casefold() == above.casefold()
        number, above = number + begins, typed["Sumber Data"]
        prefix = f"{within[n]}. " if shared else ""
        yield f"{key}.baris", None if row is None else row + 1
        yield f"{key}.sasaran-ini", goal or None
        yield f"{key}.ke", within[n]
        yield f"{key}.nomor-sasaran", number
        yield f"{key}.sumber-ini", above or None
        yield f"{key}.bersama", int(shared)
        yield f"{key}.sumber-sama", int(repeated)
        yield f"{key}.nomor", number if begins else None
        yield f"{key}.sasaran", (goal or None) if begins else None
        yield f"{key}.iku", prefix + typed["IKU"][:LONGEST] or None
        yield f"{key}.satuan", typed["Satuan"] or None
        yield f"{key}.formulasi", typed["Formulasi"] or None
        yield f"{key}.sumber", None if repeated else above or None


_PRINTED = ("baris", "sasaran-ini", "ke", "nomor-sasaran", "sumber-ini", "nomor", "sasaran", "iku", "satuan",
            "formulasi", "sumber")  # fmt: skip
"""What an unused row of the table leaves empty."""


def _typed(inputs: Inputs, code: str, heading: str) -> str:
    cell = inputs.target_cell(code, heading)
    return cell if type(cell) is str else ""


def _signature(inputs: Inputs) -> Pairs:
    """The title in two lines, as version 2 of the template broke it."""
    title = one_line(inputs.settings["Jabatan_Pejabat"])[:LONGEST]
    line = first_line(title, form.TITLE_ROOM)
    yield "formulir.jabatan", title or None
    yield "formulir.jabatan.awal", title[: form.TITLE_ROOM + 1] or None
    yield "formulir.jabatan.1", line or None
    yield "formulir.jabatan.2", title[len(line) :].strip(" ") or None
