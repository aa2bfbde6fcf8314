"""The signature block of Ringkasan and of Formulir IKU: formulas, and the values beside them.

Since version 3 of the template a long title stands on up to three lines and a long name on two, the last of them above
the rank. The lines are made once, on Ringkasan; its workings stand right of the charts' data.
"""

from __future__ import annotations

from collections.abc import Iterator

from iku_excel.cells import Cell
from iku_excel.edits import Value
from iku_excel.form.formulas import END_OF_DATES, FIRST_DATE, is_date, long_date, text_or_blank, written_date
from iku_excel.form.inputs import Inputs
from iku_excel.form.layout import RINGKASAN
from iku_excel.form.lines import LONGEST, first_line, first_line_formula, one_line, one_line_formula
from iku_excel.form.sheetmap import Label, Look, OutputCell
from iku_excel.form.summary_blocks import Arrangement

ROOM = 48
"""Letters of a line, at least: so many bold capitals fit beside the margin on either sheet."""
TITLE_LINES, NAME_LINES = 3, 2
SPARE = 8
"""Letters that a line may be longer than its even part of the text: it ends at a blank."""

_ROOM_ROW = 37
_WORKINGS = {"jabatan": (38, "Jabatan", TITLE_LINES), "nama": (39, "Nama", NAME_LINES)}
"""Row, label and lines of each text among the workings."""
_HEADS = {"AN": "Baris paraf", "AO": "Teks", "AP": "Huruf per baris", "AQ": "Awal", "AR": "Sisa", "AS": "Awal sisa"}

Pairs = Iterator[tuple[str, Value]]


def place_and_date() -> str:
    """ "Samarinda, 12 November 2025"; either may be missing."""
    town, day = 'IF(ISTEXT(Kota),Kota<>"",FALSE)', is_date("Tanggal_Laporan")
    return f'IF({town},Kota&IF({day},", ",""),"")&IF({day},{long_date("Tanggal_Laporan")},"")'


def nip_formula(before: str) -> str:
    """The NIP after a word, or an empty text."""
    return f'IFERROR(IF(ISTEXT(NIP_Pejabat),"{before} "&NIP_Pejabat,""),"")'


def rows_of(first: int, space: int) -> dict[str, int]:
    """The row of each line of the block, by the end of its key; ``space`` rows are left free for signing."""
    above = ["tempat", *(f"jabatan.{n}" for n in range(1, TITLE_LINES + 1))]
    below = [*(f"nama.{n}" for n in range(1, NAME_LINES + 1)), "pangkat", "nip"]
    begin = first + len(above) + space
    return dict(zip((*above, *below), (*range(first, first + len(above)), *range(begin, begin + 4)), strict=True))


def block(first: int, space: int, column: str, formulas: dict[str, str], prefix: str = "paraf") -> list[OutputCell]:
    """The block's cells, top to bottom; ``formulas`` are those of the lines, ``prefix`` begins the key of the NIP,
    which each sheet words in its way."""
    cells = []
    for key, row in rows_of(first, space).items():
        look: Look = "paraf-nama" if key.startswith("nama.") else "paraf"
        begin = prefix if key == "nip" else "paraf"
        cells.append(OutputCell(f"{begin}.{key}", f"{column}{row}", formulas[key], look))
    return cells


def summary_signature(at: Arrangement) -> tuple[list[OutputCell], list[Label]]:
    """Ringkasan's block, and since version 3 the workings that break title and name into lines."""
    first, space, column, *_ = at.signature
    if not at.lines:
        return _unbroken(at), []
    place = {key: f"{column}{row}" for key, row in rows_of(first, space).items()}
    title, name = _title_lines(place), _name_lines(place)
    formulas = {
        "tempat": place_and_date(),
        "pangkat": text_or_blank("Pangkat_Pejabat"),
        "nip": nip_formula("NIP"),
        **title[1],
        **name[1],
    }
    labels = [Label(f"{c}{_ROOM_ROW - 1}", text, "bantu") for c, text in _HEADS.items()]
    labels += [Label(f"AN{_ROOM_ROW}", "Huruf per baris, paling sedikit", "bantu")]
    labels += [Label(f"AP{_ROOM_ROW}", ROOM, "bantu")]
    labels += [Label(f"AN{row}", text, "bantu") for row, text, _ in _WORKINGS.values()]
    return [*block(first, space, column, formulas), *title[0], *name[0]], labels


def _title_lines(place: dict[str, str]) -> tuple[list[OutputCell], dict[str, str]]:
    """Workings, and the formula of each line: what fits, what of the rest fits, what is left then."""
    cells, whole, room, head = _text_workings("jabatan", "Jabatan_Pejabat")
    row = _WORKINGS["jabatan"][0]
    rest, window = f"AR{row}", f"AS{row}"
    cells += [
        OutputCell("paraf.jabatan.sisa", rest, f"TRIM(MID({whole},LEN({place['jabatan.1']})+1,{LONGEST}))", "bantu"),
        OutputCell("paraf.jabatan.awal-sisa", window, f"LEFT({rest},{room}+1)", "bantu"),
    ]
    return cells, {
        "jabatan.1": first_line_formula(head, room),
        "jabatan.2": first_line_formula(window, room),
        "jabatan.3": f"TRIM(MID({rest},LEN({place['jabatan.2']})+1,{LONGEST}))",
    }


def _name_lines(place: dict[str, str]) -> tuple[list[OutputCell], dict[str, str]]:
    """The same for the name; one of a single line stands in the last, above the rank."""
    cells, whole, room, head = _text_workings("nama", "Nama_Pejabat")
    return cells, {
        "nama.1": f'IF(LEN({whole})>{room},{first_line_formula(head, room)},"")',
        "nama.2": f"TRIM(MID({whole},LEN({place['nama.1']})+1,{LONGEST}))",
    }


def _text_workings(key: str, setting: str) -> tuple[list[OutputCell], str, str, str]:
    """The whole text, the letters that a line takes, and one letter more of the text than that; and their cells."""
    row, _, lines = _WORKINGS[key]
    whole, room, head = f"AO{row}", f"AP{row}", f"AQ{row}"
    cells = [
        OutputCell(f"paraf.{key}.utuh", whole, f"LEFT({one_line_formula(setting)},{LONGEST})", "bantu"),
        OutputCell(f"paraf.{key}.huruf", room, f"MAX($AP${_ROOM_ROW},INT(LEN({whole})/{lines})+{SPARE})", "bantu"),
        OutputCell(f"paraf.{key}.awal", head, f"LEFT({whole},{room}+1)", "bantu"),
    ]
    return cells, whole, room, head


def _unbroken(at: Arrangement) -> list[OutputCell]:
    """The block of the first two versions: title and name on a line each, however long."""
    first, space, column, *beside = at.signature
    lines: tuple[tuple[str, int, str, Look], ...] = (
        ("jabatan", 1, text_or_blank("Jabatan_Pejabat"), "paraf"),
        ("nama", space + 2, text_or_blank("Nama_Pejabat"), "paraf-nama" if not beside else "paraf"),
        ("pangkat", space + 3, text_or_blank("Pangkat_Pejabat"), "paraf"),
        ("nip", space + 4, nip_formula("NIP"), "paraf"),
    )
    cells = [OutputCell(f"paraf.{key}", f"{column}{first + n}", f, look) for key, n, f, look in lines]
    if beside:
        town, day = 'IF(ISTEXT(Kota),Kota&",","")', 'IF(ISNUMBER(Tanggal_Laporan),Tanggal_Laporan,"")'
        return [
            OutputCell("paraf.kota", f"{column}{first}", town, "paraf"),
            OutputCell("paraf.tanggal", f"{beside[0]}{first}", day, "paraf-tanggal"),
            *cells,
        ]
    return [OutputCell("paraf.tempat", f"{column}{first}", place_and_date(), "paraf"), *cells]


def official_signature(first: int, space: int, column: str, at: Arrangement) -> list[OutputCell]:
    """Formulir IKU's block: the lines as Ringkasan broke them."""
    begin, free, letter, *_ = at.signature
    formulas = {key: f"{RINGKASAN}!{letter}{row}" for key, row in rows_of(begin, free).items()}
    formulas |= {
        "tempat": place_and_date(),
        "pangkat": text_or_blank("Pangkat_Pejabat"),
        "nip": nip_formula("NIP."),
    }
    return block(first, space, column, formulas, "formulir")


def signature_figures(inputs: Inputs) -> Pairs:
    """Every figure of the block, for each version of the template."""
    given = inputs.settings
    town, nip, day = _text(given["Kota"]), _text(given["NIP_Pejabat"]), given["Tanggal_Laporan"]
    serial = day if type(day) is float else None
    written = written_date(serial) if serial is not None and FIRST_DATE <= serial < END_OF_DATES else None
    yield "paraf.tempat", ", ".join(part for part in (town, written) if part) or None
    yield "paraf.kota", f"{town}," if town else None
    yield "paraf.tanggal", serial
    yield "paraf.jabatan", _text(given["Jabatan_Pejabat"])
    yield "paraf.nama", _text(given["Nama_Pejabat"])
    yield "paraf.pangkat", _text(given["Pangkat_Pejabat"])
    yield "paraf.nip", f"NIP {nip}" if nip else None
    yield "formulir.nip", f"NIP. {nip}" if nip else None
    title, room = _broken(given["Jabatan_Pejabat"], TITLE_LINES)
    one = first_line(title, room)
    rest = title[len(one) :].strip(" ")
    two = first_line(rest, room)
    yield from _workings("jabatan", title, room)
    yield "paraf.jabatan.sisa", rest or None
    yield "paraf.jabatan.awal-sisa", rest[: room + 1] or None
    yield "paraf.jabatan.1", one or None
    yield "paraf.jabatan.2", two or None
    yield "paraf.jabatan.3", rest[len(two) :].strip(" ") or None
    name, room = _broken(given["Nama_Pejabat"], NAME_LINES)
    above = first_line(name, room) if len(name) > room else ""
    yield from _workings("nama", name, room)
    yield "paraf.nama.1", above or None
    yield "paraf.nama.2", name[len(above) :].strip(" ") or None


def _broken(cell: Cell, lines: int) -> tuple[str, int]:
    """A text on one line, and the letters that each of its lines takes."""
    text = one_line(cell)[:LONGEST]
    return text, max(ROOM, len(text) // lines + SPARE)


def _workings(key: str, text: str, room: int) -> Pairs:
    yield f"paraf.{key}.utuh", text or None
    yield f"paraf.{key}.huruf", room
    yield f"paraf.{key}.awal", text[: room + 1] or None


def _text(cell: Cell) -> str | None:
    return cell if type(cell) is str else None
