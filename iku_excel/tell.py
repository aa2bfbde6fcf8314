"""The longer texts of the terminal: the trace of a figure (``jelaskan``)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from iku_excel.form.explain.trace import Input, Part, Rows, Trace
from iku_excel.form.layout import IKU_1, IKU_2
from iku_excel.indicators.achievement import show

_EXACT_PLACES = 12


def trace_lines(trace: Trace) -> Iterator[str]:
    """The trace as lines of Indonesian text."""
    yield f"{trace.code}  {trace.name}"
    yield f"Periode: {trace.period}"
    yield ""
    where = f"  [{trace.place}]" if trace.place else ""
    if trace.value is None:
        yield f"Nilai: – ({trace.status}){where}"
    else:
        yield f"Nilai: {show(trace.value)}{where}"
        yield f"Tanpa pembulatan: {exact(trace.value)}"
    yield f"Rumus: {trace.formula}"
    for line in trace.shown:
        yield _input(line)
    yield from _section("Unsur", _parts(trace))
    yield from _section("Pengaturan yang dipakai", map(_input, trace.settings))
    yield from _section("Dasar", _basis(trace))
    yield from _section("Catatan", trace.remarks)


def exact(value: Decimal) -> str:
    """The value as it is inside: up to 12 decimals, "…" where there are more."""
    text = show(value, _EXACT_PLACES).rstrip("0").rstrip(",")
    return text if value == round(value, _EXACT_PLACES) else f"{text}…"


def _section(title: str, lines: Iterator[str] | tuple[str, ...] | map[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield ""
        yield title
        yield from (f"  {line}".rstrip() for line in found)


def _input(line: Input) -> str:
    said = f": {line.value}" if line.value else ""
    return f"{line.label}{said}" + (f"  [{line.place}]" if line.place else "")


def _parts(trace: Trace) -> Iterator[str]:
    if trace.code == IKU_1:
        yield from _table(trace.parts)
    for number, part in enumerate(trace.parts):
        if trace.code != IKU_1:
            if number:
                yield ""
            yield from _head(part, weighted=trace.code == IKU_2)
        elif part.rows or part.inputs:
            yield part.name
        yield from (f"  {_input(line)}" for line in part.inputs)
        yield from (f"  {_rows(rows)}" for rows in part.rows)


def _table(parts: tuple[Part, ...]) -> Iterator[str]:
    """The sums by element, side by side."""
    rows = [("", "Skor", "Maks", "Persen")]
    rows += [(p.name, amount(p.numerator), amount(p.denominator), show(p.value) or "–") for p in parts]
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    for row in rows:
        yield row[0].ljust(widths[0]) + "".join("  " + row[i].rjust(widths[i]) for i in (1, 2, 3))
    yield ""


def _head(part: Part, *, weighted: bool) -> Iterator[str]:
    yield part.name
    top = f"{part.numerator_of} {amount(part.numerator)}"
    bottom = f"{part.denominator_of} {amount(part.denominator)}"
    yield f"  {top} / {bottom} × 100 = {show(part.value) or '– (belum ada data)'}"
    if weighted:
        said = f"menyumbang {show(part.contribution)}" if part.contribution is not None else "belum menyumbang nilai"
        yield f"  Bobot {amount(part.weight) if part.weight is not None else '–'} %, {said}"


def _rows(rows: Rows) -> str:
    where = f"  [{_places(rows)}]" if rows.places else ""
    if rows.within:
        return f"    {rows.count} di antaranya {rows.reason}{where}"
    if rows.counted:
        return f"+ {rows.count} baris dihitung: {rows.reason}{where}"
    return f"- {rows.count} baris tidak dihitung: {rows.reason}{where}"


def _places(rows: Rows) -> str:
    """The places with the sheet named once: "Anggaran!E5:E9, E12"."""
    first, *others = rows.places
    sheet = first[: first.rindex("!") + 1]
    return ", ".join((first, *(place.removeprefix(sheet) for place in others))) + (", …" if rows.more else "")


def _basis(trace: Trace) -> Iterator[str]:
    for basis in trace.basis:
        yield f"{basis.subject}: {basis.basis} ({basis.status}, diperiksa {basis.checked:%d/%m/%Y})"
        yield f"  Sumber: {basis.source}"


def amount(value: Decimal) -> str:
    """A sum or a count: whole numbers without decimals, thousands apart."""
    return show(value, 0 if value == value.to_integral_value() else 2, thousands=True)
