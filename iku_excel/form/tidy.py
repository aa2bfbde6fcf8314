"""``rapikan``: mend what is unambiguous in the input tables, cell by cell, each change listed.

Text that is a number or a date in one reading only becomes one; a choice or a code loses the blanks around it.
Free text, formulas and whatever could mean two things stay as typed. The plan is a list of ``Mend``; what was
looked at and left alone comes with its reason. Complainants' words appear in neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import lru_cache, partial
from typing import TypeAlias

from iku_excel.cells import UNCACHED, Cell, is_error, is_number, same
from iku_excel.edits import Edit, Value
from iku_excel.form import layout
from iku_excel.form.fields import Field, Kind, Setting
from iku_excel.form.indonesian import number_is_ambiguous, read_date, read_number, squeezed, trimmed
from iku_excel.form.inputs import VERSION_NAME, quoted
from iku_excel.form.settings import SETTINGS, TABLES
from iku_excel.indicators.period import serial
from iku_excel.xlsx.package import Package, refuse_dtd
from iku_excel.xlsx.reader import TableData, WorkbookData
from iku_excel.xlsx.values import Rectangle, address, damaged, rectangle

DATE_FORMAT = "dd/mm/yyyy"
FIRST_SAFE_SERIAL = 61
"""1 March 1900: before it Excel counts a day that never was (DOMAIN §7)."""
MAX_DIGITS = 15
"""What a cell keeps of a number; a longer one would come out changed."""
QUOTED = 40
"""Most characters of a cell that a line shows."""

_TARGET_YEAR = re.compile(rf"{layout.TARGET_YEAR}(\d{{4}})")
_NIP = re.compile(r"[0-9]{18}")

At: TypeAlias = tuple[str, str]
"""Sheet and cell."""


class Reason(Enum):
    """Why a cell that isn't as its column wants it was left alone; the value is what the user reads."""

    AMBIGUOUS = "bisa dibaca dengan dua cara (ribuan atau desimal)"
    UNREADABLE_NUMBER = "bukan angka yang dapat dibaca dengan pasti"
    UNREADABLE_DATE = "bukan tanggal yang dapat dibaca dengan pasti"
    MONEY = "memuat Rp di kolom yang bukan uang"
    PERCENT = "memuat tanda % di kolom yang bukan persen"
    TOO_LONG = "memuat lebih dari 15 angka, melebihi yang dapat disimpan Excel"
    EARLY = "memuat tanggal sebelum 1 Maret 1900"
    UNKNOWN_CHOICE = "bukan salah satu pilihan"
    NUMERIC_CODE = "berisi kode yang tersimpan sebagai angka; sebagian angkanya mungkin sudah hilang"
    BLANK = "hanya berisi spasi"
    ERROR = "berisi nilai galat"
    UNCACHED = "berisi rumus yang belum punya nilai"
    FORMULA = "berisi rumus"
    WRONG_TYPE = "berisi nilai yang jenisnya tidak sesuai"


@dataclass(frozen=True, slots=True)
class Mend:
    """One cell to be mended. ``before``/``after`` are Indonesian spellings for the user's own screen; both are
    "" for a code in a private table.
    """

    edit: Edit
    before: str
    after: str
    kind: Kind

    @property
    def sheet(self) -> str:
        """The sheet of the cell."""
        return self.edit.sheet

    @property
    def cell(self) -> str:
        """The cell, "D14"."""
        return self.edit.cell


@dataclass(frozen=True, slots=True)
class Left:
    """One cell that doesn't count as typed and was left alone. Its contents are never quoted."""

    sheet: str
    cell: str
    kind: Kind
    reason: Reason


@dataclass(frozen=True, slots=True)
class Tidied:
    """What tidying would do, and what it leaves to the staff: each by sheet, row and column."""

    mends: tuple[Mend, ...]
    left: tuple[Left, ...]

    @property
    def edits(self) -> list[Edit]:
        """The plan for the writer."""
        return [mend.edit for mend in self.mends]


@dataclass(frozen=True, slots=True)
class _New:
    """What a cell is to hold instead, with its spelling for the user."""

    value: Value
    after: str
    kind: Kind
    number_format: str | None = None


_Verdict: TypeAlias = _New | Reason | None
"""A better content, a reason to leave the cell alone, or None for a cell that is as it should be."""
_Judge: TypeAlias = Callable[[Cell], _Verdict]


@dataclass(frozen=True, slots=True)
class _Odd:
    """A cell that isn't as its column wants it."""

    cell: Cell
    verdict: _New | Reason
    kind: Kind
    private: bool


def tidy_workbook(package: Package, data: WorkbookData) -> Tidied:
    """The plan for a workbook as read: all its input tables and named settings. No formula is replaced.

    ``data`` comes from ``read_workbook`` of the same package with WANTED_TABLES and WANTED_NAMES. Works where
    computing refuses, so that a Tahun typed as text can be mended too. Raises ``Refusal`` for a damaged sheet.
    """
    named = {name: found for name, found in data.names.items() if found.sheet is not None and found.cell is not None}
    values = {name: found.value for name, found in named.items()}
    where = {name: (found.sheet or "", found.cell or "") for name, found in named.items()}
    plan = partial(tidy, data.tables, values, where, sheets=data.sheets)
    first = plan(formulas=())
    doubtful = [(mend.sheet, mend.cell) for mend in first.mends if data.formulas.get(mend.sheet, True)]
    formulas = formula_cells(package, doubtful)
    return plan(formulas=formulas) if formulas else first


def tidy(
    tables: Mapping[str, TableData],
    settings: Mapping[str, Cell],
    setting_cells: Mapping[str, At],
    *,
    formulas: Collection[At],
    sheets: Sequence[str] = layout.SHEETS,
) -> Tidied:
    """The plan for tables and named settings in memory. Pure.

    ``formulas``: the cells that hold a formula (``formula_cells``); they are left alone. ``sheets``: the order of
    the sheets. Tables and settings that the contract doesn't know are passed over.
    """
    odd: dict[At, _Odd] = {}
    for name, data in tables.items():
        if name in TABLES:
            for field in _fields(data):
                for index, found in _odd_cells(field, data.column(field.heading), TABLES[name].private):
                    odd[data.sheet, data.address(field.heading, index)] = found
    for name, cell in settings.items():
        setting = SETTINGS.get(name)
        if setting is not None and name != VERSION_NAME and setting.kind is not Kind.TEXT:
            for _, found in _odd_cells(_as_field(setting), [cell], private=False):
                odd.setdefault(setting_cells[name], found)
    return _planned(odd, frozenset(formulas), {sheet: order for order, sheet in enumerate(sheets)})


def _planned(odd: Mapping[At, _Odd], formulas: frozenset[At], order: Mapping[str, int]) -> Tidied:
    def place(at: At) -> tuple[int, str, Rectangle]:
        return order.get(at[0], len(order)), at[0], rectangle(at[1]) or (0, 0, 0, 0)

    mends, left = [], []
    for at in sorted(odd, key=place):
        sheet, cell = at
        found = odd[at]
        if isinstance(found.verdict, Reason):
            left.append(Left(sheet, cell, found.kind, found.verdict))
        elif at in formulas:
            left.append(Left(sheet, cell, found.kind, Reason.FORMULA))
        else:
            new = found.verdict
            secret = found.private and found.kind is Kind.CODE
            before, after = ("", "") if secret else (_shown(str(found.cell)), new.after)
            mends.append(Mend(Edit(sheet, cell, new.value, number_format=new.number_format), before, after, new.kind))
    return Tidied(tuple(mends), tuple(left))


def _fields(data: TableData) -> list[Field]:
    """The columns to look at: those of the contract that aren't free text, and the targets of every year."""
    table = TABLES[data.name]
    if table.sheet == layout.TARGET:
        table = layout.target_table(tuple(int(m[1]) for h in data.headings if (m := _TARGET_YEAR.fullmatch(h))))
    return [field for field in table.fields if field.kind is not Kind.TEXT and data.has(field.heading)]


def _as_field(setting: Setting) -> Field:
    return Field(setting.name, setting.kind, setting.choices, minimum=setting.minimum, maximum=setting.maximum)


def _odd_cells(field: Field, column: Sequence[Cell], private: bool) -> Iterator[tuple[int, _Odd]]:
    """The cells of a column that aren't as it wants them, by their place."""
    if field.kind in (Kind.NUMBER, Kind.DATE) and set(map(type, column)) <= {float, type(None)}:
        return  # the usual column, 100,000 cells in a millisecond
    judge = _judge(field)
    for index, cell in enumerate(column):
        if cell is not None:
            verdict = judge(cell)
            if verdict is not None:
                yield index, _Odd(cell, verdict, field.kind, private)


def _judge(field: Field) -> _Judge:
    if field.kind is Kind.CODE:
        return partial(_code, field)
    judge = {Kind.NUMBER: _number, Kind.DATE: _date, Kind.CHOICE: _choice}[field.kind]
    return lru_cache(4096, typed=True)(partial(judge, field))


def _unfit(cell: Cell) -> Reason | None:
    """Why a cell can't be mended in any kind of column."""
    if is_error(cell):
        return Reason.UNCACHED if cell == UNCACHED else Reason.ERROR
    if type(cell) is not str:
        return Reason.WRONG_TYPE
    return None if trimmed(cell) else Reason.BLANK


def _number(field: Field, cell: Cell) -> _Verdict:
    if is_number(cell):
        return None
    if (unfit := _unfit(cell)) is not None or type(cell) is not str:
        return unfit
    amount = read_number(cell)
    if amount is None:
        return Reason.AMBIGUOUS if number_is_ambiguous(cell) else Reason.UNREADABLE_NUMBER
    if "%" in cell and not takes_percent(field):
        return Reason.PERCENT
    if not field.money and any(letter.isalpha() for letter in cell):
        return Reason.MONEY
    digits = "".join(map(str, amount.as_tuple().digits)).strip("0")
    if len(digits) > MAX_DIGITS or not -300 < amount.adjusted() < 300:
        return Reason.TOO_LONG
    whole = amount == amount.to_integral_value()
    money = "#,##0" if whole else "#,##0.00"
    return _New(amount, _spelled(amount, field.money), Kind.NUMBER, money if field.money else "General")


def takes_percent(field: Field) -> bool:
    """Whether "75 %" can only mean 75 here; a score of 75 % is a share of its maximum, of rupiah one of pagu."""
    named = field.heading.startswith(layout.TARGET_YEAR) or field.heading in ("Nilai", "Batas Bawah", "Batas_Capaian")
    return not field.money and (field.maximum == 100 or named)


def _date(_: Field, cell: Cell) -> _Verdict:
    if is_number(cell):
        return None
    if (unfit := _unfit(cell)) is not None or type(cell) is not str:
        return unfit
    day = read_date(cell)
    if day is None:
        return Reason.UNREADABLE_DATE
    number = serial(day)
    if number < FIRST_SAFE_SERIAL:
        return Reason.EARLY
    return _New(number, f"{day.day:02d}/{day.month:02d}/{day.year:04d}", Kind.DATE, DATE_FORMAT)


def _choice(field: Field, cell: Cell) -> _Verdict:
    if type(cell) is float:
        return None if f"{cell:g}" in field.choices else Reason.UNKNOWN_CHOICE
    if (unfit := _unfit(cell)) is not None or type(cell) is not str:
        return unfit
    numeric = all(map(str.isdigit, field.choices))  # quarters: the formulas compare numbers
    if not numeric and any(same(cell, choice) for choice in field.choices):
        return None
    typed = squeezed(cell)
    for choice in field.choices:
        if same(typed, choice):
            return _New(int(choice), choice, Kind.NUMBER, "General") if numeric else _New(choice, choice, Kind.CHOICE)
    return Reason.UNKNOWN_CHOICE


def _code(field: Field, cell: Cell) -> _Verdict:
    if is_number(cell):
        return Reason.NUMERIC_CODE
    if (unfit := _unfit(cell)) is not None or type(cell) is not str:
        return unfit
    new = trimmed(cell)
    if field.heading.startswith("NIP") and _NIP.fullmatch(together := squeezed(cell).replace(" ", "")):
        new = together
    # "@", lest Excel read a code as a number when it is written into an open workbook
    return None if new == cell else _New(new, _shown(new), Kind.CODE, "@")


def _spelled(amount: Decimal, grouped: bool) -> str:
    """The number as Indonesians write it; thousands apart where they help (not in a year)."""
    text = f"{amount:,f}" if grouped or abs(amount) >= 10_000 else f"{amount:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(str.maketrans(".,", ",."))


def _shown(text: str) -> str:
    """A cell's text fit for one line of a screen: blanks and control characters that nobody sees made visible."""
    visible = "".join(letter if letter.isprintable() else "·" for letter in text[: QUOTED + 1])
    return visible if len(text) <= QUOTED else visible[:QUOTED] + "…"


def formula_cells(package: Package, cells: Collection[At]) -> frozenset[At]:
    """Those of the cells that hold a formula, or lie in an array formula's or data table's range.

    The reader gives a formula's value only; writing over it would lose the staff's formula. ``Refusal``
    "berkas-rusak" for a sheet that is no XML.
    """
    wanted: dict[str, set[str]] = {}
    for sheet, cell in cells:
        wanted.setdefault(sheet, set()).add(cell)
    return frozenset(
        (sheet, cell) for sheet in wanted for cell in wanted[sheet] & _formulas(package, sheet, wanted[sheet])
    )


def _formulas(package: Package, sheet: str, wanted: set[str]) -> set[str]:
    """The wanted cells of one sheet that hold a formula; in any form of XML that the reader reads."""
    from xml.parsers import expat

    part = package.sheet(sheet).part
    found: set[str] = set()
    ranges: set[Rectangle] = set()
    row = column = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column
        name = tag.rpartition(":")[2]
        if name == "c":
            place = rectangle(attributes.get("r", ""))
            row, column = place[:2] if place else (row, column + 1)
        elif name == "row":
            row, column = int(attributes.get("r", row + 1)), 0
        elif name == "f" and row:
            found.add(address(row, column))
            if attributes.get("t") in ("array", "dataTable") and (place := rectangle(attributes.get("ref", ""))):
                ranges.add(place)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = lambda *_: refuse_dtd(b"<!DOCTYPE", part)
    try:
        for piece in package.chunks(part):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as error:
        raise damaged(part, "XML-nya tidak lengkap") from error
    return found | {cell for cell in wanted if any(_inside(cell, area) for area in ranges)}


def _inside(cell: str, area: Rectangle) -> bool:
    place = rectangle(cell)
    return place is not None and area[0] <= place[0] <= area[2] and area[1] <= place[1] <= area[3]


def describe(mend: Mend) -> str:
    """One line of Indonesian: "Anggaran!E14: teks '1.234.567,89' menjadi angka 1.234.567,89"."""
    where = f"{quoted(mend.sheet)}!{mend.cell}"
    if mend.kind is Kind.CODE and not mend.before:
        return f"{where}: spasi di tepi kode dihapus"
    if mend.kind is Kind.CODE:
        return f"{where}: kode '{mend.before}' menjadi '{mend.after}'"
    if mend.kind is Kind.CHOICE:
        return f"{where}: pilihan '{mend.before}' menjadi '{mend.after}'"
    return f"{where}: teks '{mend.before}' menjadi {mend.kind.value} {mend.after}"


def explain(left: Left) -> str:
    """One line of Indonesian: "Anggaran!E15: dibiarkan, karena berisi rumus"."""
    return f"{quoted(left.sheet)}!{left.cell}: dibiarkan, karena {left.reason.value}"
