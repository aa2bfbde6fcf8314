"""The blocks under Ringkasan's table: complaints, months, channels, elements with most to gain.

Where each block stands is told by an ``Arrangement``, one for each version of the template: a workbook keeps the
arrangement that it was made with until ``perbarui`` brings it to today's, and ``isi`` fills either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from iku_excel.form.formulas import escaped, working_day_number
from iku_excel.form.layout import NSPK
from iku_excel.form.nspk_sheet import FIRST as ELEMENT_FIRST
from iku_excel.form.nspk_sheet import LAST as ELEMENT_LAST
from iku_excel.form.nspk_sheet import TOTAL as ELEMENT_TOTAL
from iku_excel.form.sheetmap import Label, Look, OutputCell
from iku_excel.form.workings import (
    FIELD_CHECK_DAYS,
    FIELD_CHECK_KNOWN,
    FINISHED,
    HOLIDAY_FIRST,
    HOLIDAY_ROWS,
    LIMIT_FIRST,
    LIMIT_ROWS,
    counted,
    followed,
    k,
)

MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
GAINS = 10
"""How many elements are listed by points to gain."""

OTHER_CHANNEL = "Lainnya"

Block = tuple[list[OutputCell], list[Label]]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Where the blocks stand. Each block is given by the row of its header and its columns, left to right:
    ``complaints`` label and value; ``months`` month and two counts; ``channels`` channel and two counts;
    ``gains`` rank, element, points, addition. ``signature`` is its first row, the rows left free for signing, and
    one column for town and date together, or two; ``lines``: whether its title and name are broken into lines.
    ``widths`` and ``heights`` are those of a new workbook.
    """

    complaints: tuple[int, str, str]
    months: tuple[int, str, str, str]
    channels: tuple[int, str, str, str]
    gains: tuple[int, str, str, str, str]
    signature: tuple[int, int, str] | tuple[int, int, str, str]
    print_area: str
    widths: Mapping[str, float]
    heights: Mapping[int, float]
    lines: bool = False

    def complaint(self, figure: str) -> str:
        """The cell of one complaint figure."""
        head, _, column = self.complaints
        return f"{column}{head + 1 + COMPLAINT_FIGURES.index(figure)}"


COMPLAINT_FIGURES = (
    "diterima",
    "dihitung",
    "ditindaklanjuti",
    "persen",
    "tepat-waktu",
    "persen-tepat-waktu",
    "duplikat",
    "bukan",
    "arsip",
    "klasifikasi",
)
"""The figures of the block of complaints, top to bottom."""

_WORKING_WIDTHS = dict.fromkeys(("X", "Y", "Z", *(f"A{c}" for c in "ABCDEFGHIJKLMNOPQRSTUVWXY")), 12.0)


def _widths(text: str) -> dict[str, float]:
    return {**{w[0]: float(w[1:]) for w in text.split()}, **_WORKING_WIDTHS}


_FIRST = Arrangement(
    complaints=(13, "B", "D"),
    months=(13, "F", "G", "H"),
    channels=(13, "L", "M", "N"),
    gains=(13, "P", "Q", "S", "T"),
    signature=(28, 3, "R", "S"),
    print_area="A1:T35",
    widths=_widths("A5 B18 C18 D11 E9 F10 G10 H10 I10 J10 K10 L14 M9 N10 O12 P12 Q20 R20 S20 T9 U3 V3 W30"),
    heights={},
)
_SECOND = Arrangement(
    complaints=(24, "D", "F"),
    months=(24, "H", "I", "J"),
    channels=(37, "D", "E", "F"),
    gains=(24, "AM", "L", "O", "P"),
    signature=(37, 3, "L"),
    print_area="A1:P44",
    widths=_widths(
        "A4 B27 C27 D17 E9.5 F9 G9 H9 I9 J9 K9 L15 M9 N12 O12 P13 Q30 R30 S30 T11 U3 V3 W30"
    ),
    heights={
        4: 6.0, 9: 6.0, 11: 6.0, **dict.fromkeys(range(12, 22), 14.0), 22: 8.0,
        **dict.fromkeys(range(25, 45), 14.0), 37: 27.0,
    },
)  # fmt: skip
_THIRD = replace(
    _SECOND,
    print_area="A1:P47",
    heights={**_SECOND.heights, **dict.fromkeys(range(45, 48), 14.0)},
    lines=True,
)

ARRANGEMENTS: Mapping[int, Arrangement] = {1: _FIRST, 2: _SECOND, 3: _THIRD}
"""By version of the template."""


def on_time() -> str:
    """Complaints followed up within the limit of their class, in working days (DOMAIN §7, IKU-3)."""
    arrived, done, kind = k("Tanggal Masuk"), k("Tanggal Tindak Lanjut"), k("Klasifikasi")
    limits = f"$X${LIMIT_FIRST}:$X${LIMIT_FIRST + LIMIT_ROWS - 1}"
    days = f"$Y${LIMIT_FIRST}:$Y${LIMIT_FIRST + LIMIT_ROWS - 1}"
    holidays = f"$X${HOLIDAY_FIRST}:$X${HOLIDAY_FIRST + HOLIDAY_ROWS - 1}"
    # a Pengaduan with field check has a limit of its own; REPT to build its key is not lifted safely by LibreOffice
    field = f'({kind}="Pengaduan")*({k("Perlu Cek Lapangan")}="Ya")'
    key = f'"="&{escaped(kind)}'
    known = f"{field}*{FIELD_CHECK_KNOWN}+(1-{field})*COUNTIF({limits},{key})"
    allowed = f"{field}*{FIELD_CHECK_DAYS}+(1-{field})*SUMIF({limits},{key},{days})"
    weekdays = f"({working_day_number(done)}-{working_day_number(arrived)})"
    free = f'COUNTIF({holidays},">"&INT({arrived}))-COUNTIF({holidays},">"&INT({done}))'
    conditions = (
        f"ISNUMBER({arrived})",
        f"ISNUMBER({done})",
        f"({arrived}>=Awal_Tahun)",
        f"({arrived}<Batas_Periode)",
        f'({k("Kewenangan")}<>"Bukan")',
        f'({k("Status")}<>"Arsip")',
        f'({k("Duplikat Dari")}="")',
        f'("<>"&{kind}<>$X$11)',
        f'("<>"&{kind}<>$X$12)',
        f'(({k("Status")}="Selesai")+({FINISHED}<>"Selesai")>0)',
        f"ISTEXT({kind})",
        f'({kind}<>"")',
        f"({done}>1)",
        f"({done}<Batas_Periode)",
        f"({known}>0)",
        f"({weekdays}-({free})<={allowed})",
    )
    return f"SUMPRODUCT(--ISNUMBER(1/({'*'.join(conditions)})))"


def _now(row: int) -> str:
    return f'IFERROR(INDEX($X${row}:$AA${row},Triwulan_Sah),"")'


_KNOWN = "ISNUMBER(Batas_Periode)"


def complaints_block(at: Arrangement) -> Block:
    """What came in, what counts, what was followed up and in time, and what is not counted and why."""
    period = f'{k("Tanggal Masuk")},">="&Awal_Tahun,{k("Tanggal Masuk")},"<"&Batas_Periode'
    fresh = f'{period},{k("Duplikat Dari")},""'
    c = {figure: at.complaint(figure) for figure in COMPLAINT_FIGURES}
    figures: Mapping[str, tuple[str, str, Look]] = {
        "diterima": ("Keluhan diterima", _now(27), "bulat"),
        "dihitung": ("Dihitung", _now(28), "bulat"),
        "ditindaklanjuti": ("Ditindaklanjuti", _now(29), "bulat"),
        "persen": ("Persentase ditindaklanjuti", _now(30), "indeks"),
        "tepat-waktu": ("Ditindaklanjuti tepat waktu", f'IF({_KNOWN},{on_time()},"")', "bulat"),
        "persen-tepat-waktu": (
            "Tepat Waktu %",
            f'IF(N({c["ditindaklanjuti"]})>0,{c["tepat-waktu"]}/{c["ditindaklanjuti"]}*100,"")',
            "dua",
        ),
        "duplikat": ("Tidak dihitung: duplikat", f'IF({_KNOWN},{c["diterima"]}-COUNTIFS({fresh}),"")', "bulat"),
        "bukan": (
            "Tidak dihitung: bukan wewenang",
            f'IF({_KNOWN},COUNTIFS({fresh},{k("Kewenangan")},"Bukan"),"")',
            "bulat",
        ),
        "arsip": (
            "Tidak dihitung: arsip",
            f'IF({_KNOWN},COUNTIFS({fresh},{k("Kewenangan")},"<>Bukan",{k("Status")},"Arsip"),"")',
            "bulat",
        ),
        "klasifikasi": (
            "Tidak dihitung: klasifikasi lain",
            f'IF({_KNOWN},{c["diterima"]}-{c["dihitung"]}-{c["duplikat"]}-{c["bukan"]}-{c["arsip"]},"")',
            "bulat",
        ),
    }
    head, label_column, _ = at.complaints
    labels = [Label(f"{label_column}{head - 1}", "Keluhan sampai triwulan ini", "bagian")]
    cells = []
    for row, (key, (label, formula, look)) in enumerate(figures.items(), head + 1):
        labels.append(Label(f"{label_column}{row}", label, "label"))
        cells.append(OutputCell(f"keluhan.{key}", c[key], formula, look))
    return cells, labels


def months_block(at: Arrangement) -> Block:
    """Complaints by month of arrival, and how many of them were followed up by the cut-off."""
    head, *columns = at.months
    labels = _heads(head, dict(zip(columns, ("Bulan", "Dihitung", "Tindak lanjut"), strict=True)))
    name, one, two = columns
    cells = []
    for number, month in enumerate(MONTHS, 1):
        row = head + number
        begin, end = f"DATE(Tahun_Sah,{number},1)", f"DATE(Tahun_Sah,{number}+1,1)"
        due = f"IF({_KNOWN},{number}<=Triwulan_Sah*3,FALSE)"
        labels.append(Label(f"{name}{row}", month, "teks"))
        counts = {
            f"{one}{row}": ("dihitung", counted(begin, end)),
            f"{two}{row}": ("ditindaklanjuti", f"{counted(begin, end)},{followed('Batas_Periode')}"),
        }
        cells += [
            OutputCell(f"bulan.{number}.{key}", cell, f'IF({due},COUNTIFS({criteria}),"")', "bulat")
            for cell, (key, criteria) in counts.items()
        ]
    return cells, labels


def channels_block(at: Arrangement, channels: tuple[str, ...]) -> Block:
    """Complaints by channel; what came by any other way is the rest."""
    head, *columns = at.channels
    labels = _heads(head, dict(zip(columns, ("Kanal", "Dihitung", "Tindak lanjut"), strict=True)))
    name, one, two = columns
    last = head + len(channels)
    totals = {one: at.complaint("dihitung"), two: at.complaint("ditindaklanjuti")}
    criteria = counted("Awal_Tahun", "Batas_Periode")
    cells = []
    for row, channel in enumerate((*channels, OTHER_CHANNEL), head + 1):
        labels.append(Label(f"{name}{row}", channel, "teks"))
        same = f'{k("Kanal")},"="&${name}{row}'
        formulas = {
            one: f'IF({_KNOWN},COUNTIFS({criteria},{same}),"")',
            two: f'IF({_KNOWN},COUNTIFS({criteria},{followed("Batas_Periode")},{same}),"")',
        }
        for column, key in ((one, "dihitung"), (two, "ditindaklanjuti")):
            formula = formulas[column]
            if channel == OTHER_CHANNEL:
                total = totals[column]
                formula = f'IF(ISNUMBER({total}),{total}-SUM({column}{head + 1}:{column}{last}),"")'
            cells.append(OutputCell(f"kanal.{channel}.{key}", f"{column}{row}", formula, "bulat"))
    return cells, labels


def gains_block(at: Arrangement) -> Block:
    """The ten elements that lose most points, and what closing each would add to the index."""
    head, rank, name, points, addition = at.gains
    beside = len(rank) > 1  # among the workings: the rows stand in that order anyway
    labels = [Label(f"{name if beside else rank}{head - 1}", "Elemen dengan poin hilang terbesar", "bagian")]
    # the elements' names run over into the empty columns beside them: wrapped, they would stretch every block's rows
    texts = {name: "Elemen", points: "Poin Hilang", addition: "Tambahan indeks"}
    if beside:
        labels.append(Label(f"{rank}{head}", "Urutan", "bantu"))
    else:
        texts = {rank: "Urutan"} | texts
    labels += _heads(head, texts)
    span = f"${ELEMENT_FIRST}:${{0}}${ELEMENT_LAST}"

    def of_elements(letter: str) -> str:
        return f"{NSPK}!${letter}{span.format(letter)}"

    cells = []
    for n in range(1, GAINS + 1):
        row = head + n
        found = f"MATCH(${rank}{row},{of_elements('N')},0)"
        lost, gap = f"INDEX({of_elements('I')},{found})", f"{points}{row}"
        labels.append(Label(f"{rank}{row}", n, "bantu" if beside else "status"))
        formulas: tuple[tuple[str, str, str, Look], ...] = (
            ("elemen", name, f'IF(ISNUMBER({gap}),INDEX({of_elements("B")},{found}),"")', "label"),
            ("poin", points, f'IFERROR(IF({lost}>0,{lost},""),"")', "dua"),
            ("tambahan", addition, f'IF(ISNUMBER({gap}),{gap}/{NSPK}!$F${ELEMENT_TOTAL}*100,"")', "dua"),
        )
        cells += [OutputCell(f"peluang.{n}.{key}", f"{column}{row}", f, look) for key, column, f, look in formulas]
    return cells, labels


def _heads(row: int, texts: Mapping[str, str]) -> list[Label]:
    """Header cells from the first column to the last; those between the named ones are empty."""
    first, *_, last = texts
    return [Label(f"{c}{row}", texts.get(c, ""), "kepala") for c in map(chr, range(ord(first), ord(last) + 1))]
