"""Turns of phrase that several formulas share. Every trap named here was measured (FORMULAS.md).

Formulas are written as the file format stores them: English names, comma separators, no leading "=".
Functions of Excel 2010 only; columns by table and heading, so that they follow when staff move a table.
"""

from __future__ import annotations

import datetime

from iku_excel.form.layout import BUDGET, EMPLOYEES, REPORTED, TRAININGS


def escaped(expression: str) -> str:
    """Text taken literally in a criterion: the wildcards ~ * ? lose their meaning."""
    return f'SUBSTITUTE(SUBSTITUTE(SUBSTITUTE({expression},"~","~~"),"*","~*"),"?","~?")'


def number_or_blank(expression: str) -> str:
    """The expression where it is a number, else an empty text."""
    return f'IF(ISNUMBER({expression}),{expression},"")'


def text_or_blank(expression: str) -> str:
    """The expression where it is text, else an empty text; an error in the cell gives an empty text too."""
    return f'IFERROR(IF(ISTEXT({expression}),{expression},""),"")'


_MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
FIRST_DATE, END_OF_DATES = 61, 2958466
"""1 March 1900, from which on all programs count days alike, and the day after Excel's last one."""


def is_date(name: str) -> str:
    """Whether a cell holds a date that every program reads alike."""
    return f"IF(ISNUMBER({name}),AND({name}>={FIRST_DATE},{name}<{END_OF_DATES}),FALSE)"


def long_date(name: str) -> str:
    """ "12 November 2025". TEXT() would depend on the machine's language."""
    months = ",".join(f'"{month}"' for month in _MONTHS)
    return f'DAY({name})&" "&CHOOSE(MONTH({name}),{months})&" "&YEAR({name})'


def written_date(serial: float) -> str:
    """What ``long_date`` gives for a date's serial number."""
    day = datetime.date(1899, 12, 30) + datetime.timedelta(int(serial))
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def chosen(name: str, word: str = "Ya") -> str:
    """Whether a setting holds this word; an error value in it is "not equal", as in a table's choices."""
    return f'IFERROR({name}="{word}",FALSE)'


def share(part: str, whole: str) -> str:
    """part / whole × 100 where both are numbers and whole is above zero, else an empty text."""
    return f'IF(AND(ISNUMBER({part}),ISNUMBER({whole})),IF({whole}>0,{part}/{whole}*100,""),"")'


def predicate(value: str, table: str) -> str:
    """The Sebutan of the highest Batas Bawah that the value reaches; the table may be in any order.

    The value is compared rounded to 8 decimals, as DOMAIN §7 asks, so that binary noise decides nothing.
    """
    bounds = f"{table}[Batas Bawah]"
    above = f'SUMPRODUCT(({bounds}>ROUND({value},8))*({bounds}<1E+300)*({bounds}<>""))'
    found = f"INDEX({table}[Sebutan],MATCH(LARGE({bounds},{above}+1),{bounds},0))"
    return f'IF(ISNUMBER({value}),IFERROR(IF(ISTEXT({found}),{found},""),""),"")'


_KODE = f"{BUDGET.name}[Kode]"

SUBTOTAL = f'COUNTIF({_KODE},"="&{escaped(_KODE)}&".*")'
"""For each row of tblAnggaran: in how many rows its Kode is continued by a point. The ".*" forces text
matching, since Excel's COUNTIF compares digits-only text as 15-digit numbers."""

LEAF = f'IFERROR((({SUBTOTAL}=0)+({_KODE}="")+ISNUMBER({_KODE}))>0,FALSE)'
"""For each row: whether it is a leaf. Blank or numeric Kode: a leaf; an error in Kode drops the row.
Only inside single-cell array formulas."""


def budget_number(*headings: str) -> str:
    """For each row of tblAnggaran: the first of these columns that is a number, else 0. Array formulas only."""
    expression = "0"
    for heading in reversed(headings):
        column = f"{BUDGET.name}[{heading}]"
        expression = f"IF(ISNUMBER({column}),{column},{expression})"
    return expression


_NIP = f"{EMPLOYEES.name}[NIP]"

ACTIVE = (
    f'({_NIP}<>"")*(1-ISNUMBER({_NIP}))*(LEN({_NIP})<=100)*({EMPLOYEES.name}[Aktif]="Ya")'
    f"*(MATCH({escaped(_NIP)},{_NIP},0)=ROW({_NIP})-MIN(ROW({_NIP}))+1)"
)
"""For each row of tblPegawai: whether it is the first row of its NIP and active. (The MID of ``_same_nip``
reads 100 characters; longer text is no NIP.)"""


def _same_nip(count: str) -> str:
    """Criteria over tblDiklat for exactly this employee's NIP, all 18 digits, as text.

    Excel compares digits-only criteria as 15-digit numbers; "?" and "*" force it to compare text.
    """
    rest, first = escaped(f"MID({_NIP},2,99)"), escaped(f"LEFT({_NIP},1)")
    nip = f"{TRAININGS.name}[NIP]"
    return f'{count},{nip},"=?"&{rest},{nip},"="&{first}&"*")'


def employees_trained(after: str, before: str, minimum_hours: str | None = None) -> str:
    """How many active employees completed a training in the period; with ``minimum_hours`` of so many JP."""
    ends = f'{TRAININGS.name}[Selesai],">="&{after},{TRAININGS.name}[Selesai],"<"&{before}'
    hours = f"{TRAININGS.name}[JP]"
    if minimum_hours is None:
        test = f"({_same_nip(f'COUNTIFS({ends}')}>0)"
    else:
        criteria = f'SUMIFS({hours},{hours},">0",{ends}'
        test = f"(ROUND({_same_nip(criteria)},8)>={minimum_hours})"
    return f"SUMPRODUCT(--ISNUMBER(1/({ACTIVE}*{test})))"


def reported_position(year: str, quarter: str, code: str) -> str:
    """Array formula: which row of tblRealisasi reports this IKU for this quarter; the last one wins, 0 if none.

    Sumber only has to be no error: empty or not empty, which of the two makes no difference.
    """
    r = REPORTED.name
    return (
        f"MAX(IFERROR(({r}[Tahun]={year})*({r}[Triwulan]={quarter})*({r}[Kode IKU]={code})"
        f'*({r}[Nilai]>=0)*({r}[Nilai]<1E+300)*({r}[Nilai]<>"")*((({r}[Sumber]="")+({r}[Sumber]<>""))>0)'
        f"*(ROW({r}[Nilai])-MIN(ROW({r}[Nilai]))+1),0))"
    )


def working_day_number(date: str) -> str:
    """Weekdays from a fixed Saturday to this date; the difference of two counts the weekdays between them."""
    return f"(5*INT({date}/7)+(MOD(INT({date}),7)-1)*(MOD(INT({date}),7)>1))"
