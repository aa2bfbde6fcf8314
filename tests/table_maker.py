"""Random workbooks with one table, in all the forms that sheets are written in, for the tests of tables."""

from __future__ import annotations

import re
from decimal import Decimal
from random import Random

from xlsx_book import MAIN, book, table_xml

from iku_excel.edits import Value
from iku_excel.xlsx.grid import letters
from iku_excel.xlsx.rowparts import KEEP, Keep, Line

TABLE = "tblData"
TEXTS = (
    "teks", "=1+1", "+62 812", "-", "@nama", " spasi", "dua  spasi", "baris\nbaru", "a & b < c > d", "_x0041_",
    "\x01kendali", "课文", "😀", "\ud800 separuh", "\u00a0awal", "TRUE", "08123", "x" * 300, "\t", "a_x", "kembali\r",
    "\uffff",
)  # fmt: skip
NUMBERS = (0, 7, -3, 10_000_000, 2**60, 1.5, -0.0, 1e-7, 1e300, 45_678.25, Decimal("12.50"), Decimal("1E+3"))


class Maker:
    """A random workbook with one table, in the forms that Excel and others write, and rows to put into it."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.prefix = "x:" if self.chance(0.1) else ""
        self.left, self.top = self.rng.choice((1, 1, 1, 3)), self.rng.choice((1, 4))
        self.width, self.height = self.rng.randint(1, 5), self.rng.randint(1, 9)
        self.headings = [f"Judul {n}" for n in range(self.width)]
        self.formulas = {c for c in range(self.left, self.left + self.width) if self.chance(0.15)}
        self.declared = {c for c in self.formulas if self.chance(0.5)}
        self.bottom = self.top + self.height
        self.usual = self.chance(0.7)
        self.spans = self.chance(0.5)
        self.bare = self.left == 1 and self.chance(0.1)  # no addresses: every cell from A on

    def chance(self, share: float) -> bool:
        """Whether it happens."""
        return self.rng.random() < share

    def workbook(self) -> bytes:
        """The workbook's bytes."""
        rows = [self.row(n) for n in range(self.top + 1, self.bottom + 1) if self.chance(0.85)]
        head = "".join(self.cell(self.left + i, self.top, f"<is><t>{h}</t></is>", 't="inlineStr"')
                       for i, h in enumerate(self.headings))  # fmt: skip
        rows.insert(0, f'<row r="{self.top}">{head}</row>')
        rows += [self.below(n) for n in range(self.bottom + 1, self.bottom + 5) if self.chance(0.3)]
        inside = "".join(rows)
        cols = '<cols><col min="2" max="4" width="12" style="3"/></cols>' if self.chance(0.4) else ""
        size = f'<dimension ref="A1:H{self.bottom + 9}"/>' if self.chance(0.5) else ""
        sheet = f'<worksheet xmlns="{MAIN}">{size}{cols}<sheetData>{inside}</sheetData>{self.rules()}</worksheet>'
        if self.prefix:
            sheet = sheet.replace("</", "</§").replace("<", "<§").replace("<§/§", "</§").replace("§", self.prefix)
            sheet = sheet.replace("xmlns=", "xmlns:x=")
        ref = f"{letters(self.left)}{self.top}:{letters(self.left + self.width - 1)}{self.bottom}"
        table = table_xml(1, TABLE, ref, self.headings)
        for c in self.declared:
            column = f'<tableColumn id="{c - self.left + 1}" name="{self.headings[c - self.left]}"'
            text = f"<calculatedColumnFormula>{self.formula(self.top + 1)}</calculatedColumnFormula>"
            table = table.replace(f"{column}/>", f"{column}>{text}</tableColumn>")
        strings = "<si><t>satu</t></si><si><t>teks</t></si><si><r><t>a</t></r><r><t>b</t></r></si>"
        other = '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>' if self.chance(0.5) else ""
        return book({"Data": sheet, "Lain": other}, {"Data": [table]}, strings)

    def rules(self) -> str:
        """A limit on the first column, or none."""
        column = letters(self.left)
        ref = f"{column}{self.top + 1}:{column}{self.bottom}"
        return (
            f'<dataValidations count="1"><dataValidation type="whole" sqref="{ref}"><formula1>0</formula1>'
            "</dataValidation></dataValidations>" if self.chance(0.5) else ""
        )  # fmt: skip

    def formula(self, row: int) -> str:
        """The formula of a row."""
        return f"$H$1*ROW(A{row})"

    def cell(self, column: int, row: int, content: str, kind: str = "") -> str:
        """One cell, styled or not."""
        address = f' r="{letters(column)}{row}"'
        style = f' s="{self.rng.randint(0, 5)}"' if self.chance(0.6) else ""
        kind = f" {kind}" if kind else ""
        if content:
            return f"<c{address}{style}{kind}>{content}</c>"
        return f"<c{address}{style}/>" if self.usual or self.chance(0.7) else f"<c{address}{style}></c>"

    def filled(self, column: int, row: int) -> str:
        """A cell of the table with something in it, or nothing."""
        if column in self.formulas and self.chance(0.9):
            return self.cell(column, row, f"<f>{self.formula(row)}</f><v>3</v>")
        kind = self.rng.randrange(9 if self.usual else 12)
        forms = [
            ("", ""), ("", ""), ("", ""), (f"<v>{self.rng.choice((1, 2.5, 7))}</v>", ""), ("<v>7.0</v>", 't="n"'),
            ("<v>1</v>", 't="s"'), ("<v>2</v>", 't="s"'), ("<is><t>teks</t></is>", 't="inlineStr"'),
            ('<is><t xml:space="preserve"> spasi</t></is>', 't="inlineStr"'), ("<f>1+2</f><v>3</v>", ""),
            ("<v>teks</v>", 't="str"'), ("<is><r><t>te</t></r><r><t>ks</t></r></is>", 't="inlineStr"'),
        ]  # fmt: skip
        return self.cell(column, row, *forms[kind])

    def row(self, number: int) -> str:
        """One row of the table."""
        cells = []
        if self.left > 1 and self.chance(0.3):
            cells.append(self.cell(1, number, "<v>9</v>"))
        blank = self.chance(0.25)
        for column in range(self.left, self.left + self.width):
            if blank:
                cells.append(self.cell(column, number, "") if self.bare or self.chance(0.7) else "")
            elif self.bare or self.chance(0.85):
                cells.append(self.filled(column, number))
        if self.chance(0.2):
            cells.append(self.cell(9, number, "<f>A1</f><v>1</v>" if self.chance(0.5) else "<v>4</v>"))
        inside = "".join(cells)
        if self.bare:
            inside = re.sub(r'<c r="[A-H]\d+"', "<c", inside)
        return self.tagged(number, inside)

    def below(self, number: int) -> str:
        """A row below the table."""
        kind = self.rng.randrange(4)
        inside = (
            self.cell(self.left, number, "<v>5</v>"), self.cell(9, number, "<v>6</v>"),
            self.cell(self.left, number, ""), "",
        )[kind] if self.chance(0.9) else ""  # fmt: skip
        return self.tagged(number, inside)

    def tagged(self, number: int, inside: str) -> str:
        """A row with its attributes."""
        there = [ord(letter) - 64 for letter in re.findall(r'<c r="([A-I])', inside)]
        look = f' spans="{min(there)}:{max(there)}"' if self.spans and there and self.chance(0.8) else ""
        look += ' s="2" customFormat="1"' if self.chance(0.15) else ""
        look += ' ht="30" customHeight="1"' if self.chance(0.1) else ""
        if not inside:
            return f'<row r="{number}"{look}/>'
        return f'<row r="{number}"{look}>{inside}</row>'

    def value(self) -> Value | Keep:
        """Anything that may be put into a cell."""
        kind = self.rng.randrange(6)
        return (None, KEEP, "", self.rng.choice(TEXTS), self.rng.choice(NUMBERS), self.rng.choice((7, "teks", "ab")))[
            kind
        ]

    def lines(self) -> tuple[list[str], dict[int, Line], list[Line]]:
        """Headings in any order, changed rows, added rows."""
        headings = self.rng.sample(self.headings, self.rng.randint(1, self.width))
        gaps = self.chance(0.5)

        def line() -> Line:
            if self.chance(0.2):
                return (None,) * len(headings)
            values = [self.value() for _ in headings]
            return values if gaps else [None if value is KEEP else value for value in values]

        changed = {n: line() for n in range(self.top + 1, self.bottom + 1) if self.chance(0.4)}
        return headings, changed, [line() for _ in range(self.rng.choice((0, 0, 1, 3)))]
