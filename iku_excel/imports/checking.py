"""Raw values of the data → what the cells of a column may hold, or why not. Nothing is guessed, nothing is cut.

A column at a time, each different value judged once. Numbers and dates are read as ``rapikan`` reads them; where a
number has two readings ("1.234"), the column's other numbers or the mapping file decide, else nobody does.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from operator import itemgetter
from typing import TypeAlias

from iku_excel.capacity import MAX_TEXT
from iku_excel.cells import UNCACHED, CellError
from iku_excel.edits import Value
from iku_excel.form.fields import Field, Kind
from iku_excel.form.indonesian import INVISIBLE, number_is_ambiguous, read_date, read_number, squeezed, trimmed
from iku_excel.form.tidy import FIRST_SAFE_SERIAL, MAX_DIGITS, Reason, takes_percent
from iku_excel.imports.mapping import DATE_ORDERS, plain
from iku_excel.imports.source import Raw
from iku_excel.indicators.period import from_serial, serial

QUOTED = 40
"""Most characters of a value that a message shows."""
_SAMPLE = 1_000  # cells that tell whether a column's texts repeat
_EXACT = 2**53  # above, a double no longer holds every whole number

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TIME = re.compile(r"(?:,? +|t)(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?(?: ?(?:wib|wita|wit|z|\+0[789]:?00))?$")
_MONTH_FIRST = re.compile(r"(\d{1,2}) ?([/.-]) ?(\d{1,2}) ?\2 ?(\d{4})")
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")
_SCIENTIFIC_LINE = re.compile(f"\n{_SCIENTIFIC.pattern}\n")
_NIP = re.compile(r"[0-9]{18}")
_MARKED = re.compile(r"[-+]?(?:rp|idr)?\.? ?[-+]?([0-9.,]+?)(?:[.,]--?| ?%)?", re.IGNORECASE)
_NOTATION = {
    ",": re.compile(r"(?:[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,[0-9]+)?"),
    ".": re.compile(r"(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.[0-9]+)?"),
}


@dataclass(frozen=True, slots=True)
class Bad:
    """Why a value can't go into a column."""

    why: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One value that doesn't fit: the row of the data, the table's heading, why, and the value ("" if private)."""

    row: int
    heading: str
    why: str
    shown: str = ""

    def __str__(self) -> str:
        quoted = f" '{self.shown}'" if self.shown else ""
        return f"baris {self.row}, kolom {self.heading}:{quoted} {self.why}"


@dataclass(frozen=True, slots=True)
class Rules:
    """How values of the data are read: the mapping file's words by heading, its decimal mark and order of dates, and
    the codes of the elements by their names as compared."""

    words: Mapping[str, Mapping[str, str]]
    decimal: str | None = None
    date_order: str = DATE_ORDERS[0]
    elements: Mapping[str, str] | None = None


_FIRST, _LAST = itemgetter(slice(0, 1)), itemgetter(slice(-1, None))

Judge: TypeAlias = Callable[[Raw], Value | Bad]


def checked(
    field: Field, cells: Sequence[Raw], numbers: Sequence[int], rules: Rules, *, private: bool
) -> tuple[list[Value], list[Problem]]:
    """The values for a column, and the problems with it. ``numbers``: the data's row of each value."""
    kinds = set(map(type, cells))
    written = field.kind is Kind.TEXT or (field.kind is Kind.CODE and not field.heading.startswith("NIP"))
    if written and field.heading not in rules.words and kinds and kinds <= {str, type(None)}:
        texts = _as_they_are(field, cells)
        if texts is not None:
            return texts, []
    judge = _judge(field, cells, rules)
    if bool in kinds and kinds & {int, float}:  # True == 1.0: they must not share a verdict
        verdicts: list[Value | Bad] = [judge(cell) for cell in cells]
    else:
        known = {cell: judge(cell) for cell in set(cells)}
        good = {cell: verdict for cell, verdict in known.items() if not isinstance(verdict, Bad)}
        if len(good) == len(known):
            return list(map(good.__getitem__, cells)), []
        verdicts = list(map(known.__getitem__, cells))
    problems = [
        Problem(numbers[index], field.heading, verdict.why, "" if private else _shown(cells[index]))
        for index, verdict in enumerate(verdicts)
        if isinstance(verdict, Bad)
    ]
    return [None if isinstance(verdict, Bad) else verdict for verdict in verdicts], problems


def _as_they_are(field: Field, cells: Sequence[Raw]) -> list[Value] | None:
    """A column of texts or codes as it is, if nothing in it wants a second look: the usual one, 20 times as fast.

    Looked at are all its texts together, or each different one where they repeat.
    """
    sample = cells[:_SAMPLE]
    repeating = 2 * len(set(sample)) < len(sample)
    texts = [cell if type(cell) is str else "" for cell in (set(cells) if repeating else cells)]
    joined = "\n".join(["", *texts, ""])
    if "\r" in joined or _ILLEGAL.search(joined) or max(map(len, texts)) > MAX_TEXT // 2:
        return None
    hidden = any(edge in INVISIBLE for edge in {*map(_FIRST, texts), *map(_LAST, texts)} if edge)
    if field.kind is Kind.CODE and (hidden or _SCIENTIFIC_LINE.search(joined)):
        return None
    if not repeating and not hidden:
        return [text or None for text in texts]
    filled: dict[Raw, Value] = {text: text for text in texts if text and (text[0] not in INVISIBLE or trimmed(text))}
    return list(map(filled.get, cells))


def _judge(field: Field, cells: Sequence[Raw], rules: Rules) -> Judge:
    words = {plain_word(word): value for word, value in rules.words.get(field.heading, {}).items()}
    if field.kind is Kind.NUMBER:
        notation = rules.decimal or _notation(cells)
        base: Judge = partial(_number, field, notation)
    elif field.kind is Kind.DATE:
        base = partial(_date, rules.date_order)
    elif field.kind is Kind.CHOICE:
        elements = rules.elements if field.heading == "Kode Elemen" else None
        base = partial(_choice, field, elements)
    elif field.kind is Kind.CODE:
        base = partial(_code, field)
    else:
        base = _text

    def judge(cell: Raw) -> Value | Bad:
        if cell is None:
            return None
        if words and (type(cell) is str or type(cell) is float) and (word := words.get(plain_word(cell))) is not None:
            cell = word
        if type(cell) is str:
            if not cell or not trimmed(cell):
                return None
        elif isinstance(cell, CellError):
            return Bad(Reason.UNCACHED.value if cell == UNCACHED else Reason.ERROR.value)
        return base(cell)

    return judge


def plain_word(word: str | float) -> str:
    """A word of the data as a mapping file's words are compared with it."""
    return squeezed(f"{word:.15g}" if isinstance(word, float) else word).casefold()


def _text(cell: Raw) -> Value | Bad:
    if type(cell) is not str:
        return _spelled(cell)
    text = cell.replace("\r\n", "\n").replace("\r", "\n") if "\r" in cell else cell
    if _ILLEGAL.search(text):
        return Bad("memuat tanda kendali yang tidak dapat disimpan Excel")
    if len(text) > MAX_TEXT // 2 and len(text.encode("utf-16-le")) // 2 > MAX_TEXT:
        return Bad(f"lebih panjang dari {MAX_TEXT} huruf, batas satu sel Excel")
    return text


def _spelled(cell: Raw) -> Value | Bad:
    """A number or a day where text is wanted."""
    if isinstance(cell, bool):
        return Bad(Reason.WRONG_TYPE.value)
    if isinstance(cell, datetime.date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, float) and abs(cell) < _EXACT:
        return f"{int(cell)}" if cell.is_integer() else repr(cell).replace(".", ",")
    return Bad(Reason.TOO_LONG.value)


def _code(field: Field, cell: Raw) -> Value | Bad:
    if isinstance(cell, float):
        if not cell.is_integer():
            return Bad("berisi kode yang tersimpan sebagai angka pecahan; jadikan kolomnya teks di data")
        if abs(cell) >= 10**MAX_DIGITS:
            return Bad("berisi kode yang tersimpan sebagai angka lebih dari 15 digit; sebagian digitnya sudah hilang")
    text = _text(cell)
    if not isinstance(text, str):
        return text
    text = trimmed(text)
    if _SCIENTIFIC.fullmatch(text):
        return Bad("berisi kode yang sudah diubah Excel menjadi notasi ilmiah; sebagian digitnya hilang")
    if field.heading.startswith("NIP") and _NIP.fullmatch(together := squeezed(text).replace(" ", "")):
        return together
    return text


def _choice(field: Field, elements: Mapping[str, str] | None, cell: Raw) -> Value | Bad:
    if isinstance(cell, bool):
        if set(field.choices) != {"Ya", "Tidak"}:
            return Bad(Reason.WRONG_TYPE.value)
        return "Ya" if cell else "Tidak"
    typed = plain_word(cell) if isinstance(cell, str | float) else str(cell)
    for choice in field.choices:
        if choice.casefold() == typed:
            # quarters: the formulas compare numbers
            return int(choice) if all(map(str.isdigit, field.choices)) else choice
    if elements is not None and (code := elements.get(plain(typed.lstrip("0123456789. )").replace("&", " dan ")))):
        return code
    if len(field.choices) > 6:
        return Bad(f"bukan salah satu dari {field.choices[0]} … {field.choices[-1]}")
    return Bad(f"bukan salah satu dari {', '.join(field.choices)}")


def _number(field: Field, notation: str | None, cell: Raw) -> Value | Bad:
    if isinstance(cell, str):
        amount = _amount(cell, notation)
        if isinstance(amount, Bad):
            return amount
        if "%" in cell and not takes_percent(field):
            return Bad(Reason.PERCENT.value)
        if not field.money and any(map(str.isalpha, cell)):
            return Bad(Reason.MONEY.value)
        digits = "".join(map(str, amount.as_tuple().digits)).strip("0")
        if len(digits) > MAX_DIGITS or not -300 < amount.adjusted() < 300:
            return Bad(Reason.TOO_LONG.value)
        value = float(amount)
    elif isinstance(cell, bool) or not isinstance(cell, int | float):
        return Bad(Reason.WRONG_TYPE.value)
    elif not abs(cell) < 1e300:
        return Bad(Reason.TOO_LONG.value)
    else:
        value = float(cell)
    low, high = field.minimum, field.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        above = f" sampai {high:g}" if high is not None else " ke atas"
        return Bad(f"di luar batas kolom ini ({low or 0:g}{above})")
    return value


def _amount(text: str, notation: str | None) -> Decimal | Bad:
    amount = read_number(text)
    marked = _MARKED.fullmatch(squeezed(text))
    if notation is not None and marked is not None:
        if not _NOTATION[notation].fullmatch(marked[1]):
            return Bad("tidak ditulis seperti angka lain di kolom ini (tanda ribuan dan desimal)")
        if amount is None and number_is_ambiguous(text):
            whole, _, part = marked[1].replace("." if notation == "," else ",", "").partition(notation)
            amount = Decimal(f"{whole}.{part or 0}")
            return amount.copy_negate() if "-" in text.partition(marked[1])[0] else amount
    if amount is None:
        ambiguous = number_is_ambiguous(text)
        hint = ' (tulis desimal = "," atau "." di peta)' if ambiguous else ""
        return Bad((Reason.AMBIGUOUS if ambiguous else Reason.UNREADABLE_NUMBER).value + hint)
    return amount


def _notation(cells: Iterable[Raw]) -> str | None:
    """The decimal mark that the column's unambiguous numbers agree on; None without evidence, or with both."""
    found: set[str] = set()
    for text in {cell for cell in cells if type(cell) is str}:
        marked = _MARKED.fullmatch(squeezed(text))
        if marked is None or not ("." in marked[1] or "," in marked[1]) or number_is_ambiguous(text):
            continue
        fitting = [mark for mark, pattern in _NOTATION.items() if pattern.fullmatch(marked[1])]
        found.update(fitting if len(fitting) == 1 else ())
    return found.pop() if len(found) == 1 else None


def _date(order: str, cell: Raw) -> Value | Bad:
    if isinstance(cell, datetime.datetime):
        seconds = cell.hour * 3600 + cell.minute * 60 + cell.second
        return _day(serial(cell.date()) + seconds / 86400 if seconds else serial(cell.date()))
    if isinstance(cell, datetime.date):
        return _day(serial(cell))
    if isinstance(cell, str):
        return _day_of_text(order, cell)
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return Bad(Reason.WRONG_TYPE.value)
    try:
        from_serial(cell)
    except ValueError:
        return Bad(Reason.UNREADABLE_DATE.value)
    return _day(cell)


def _day(day: float) -> Value | Bad:
    if day < FIRST_SAFE_SERIAL:
        return Bad(Reason.EARLY.value)
    return int(day) if float(day).is_integer() else day


def _day_of_text(order: str, text: str) -> Value | Bad:
    words, of_day = squeezed(text).casefold(), 0
    time = _TIME.search(words)
    if time is not None:
        hours, minutes, seconds = int(time[1]), int(time[2]), int(time[3] or 0)
        if hours > 23 or minutes > 59 or seconds > 59:
            return Bad(Reason.UNREADABLE_DATE.value)
        words, of_day = words[: time.start()], hours * 3600 + minutes * 60 + seconds
    numeric = _MONTH_FIRST.fullmatch(words)
    if numeric and order != DATE_ORDERS[0]:
        if order == DATE_ORDERS[2]:
            return Bad("bukan tanggal dengan tahun di depan, seperti kata peta")
        words = f"{numeric[3]}/{numeric[1]}/{numeric[4]}"
    day = read_date(words)
    if day is None:
        turned = numeric is not None and int(numeric[1]) <= 12 < int(numeric[3]) <= 31
        hint = '; bila bulannya di depan, tulis urutan_tanggal = "bulan-hari-tahun" di peta' if turned else ""
        return Bad(Reason.UNREADABLE_DATE.value + hint)
    return _day(serial(day) + of_day / 86400 if of_day else serial(day))


def _shown(cell: Raw) -> str:
    """A value fit for one line of a screen."""
    text = repr(cell.code) if isinstance(cell, CellError) else f"{cell:.15g}" if type(cell) is float else str(cell)
    visible = "".join(letter if letter.isprintable() else "·" for letter in text[: QUOTED + 1])
    return visible if len(text) <= QUOTED else visible[:QUOTED] + "…"
