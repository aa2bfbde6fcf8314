"""Splice cells into the XML of one sheet; every byte that is not a cell of ours stays as it was.

Besides the ``<c>`` elements named by the edits, a patch may touch only what must agree with them: the
``spans`` of a row and the sheet's ``<dimension>`` when a cell falls outside. A cell that already holds its
value and formula is not touched, however Excel or LibreOffice spelled it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from iku_excel.edits import Edit
from iku_excel.findings import Refusal
from iku_excel.xlsx.cellxml import ATTRIBUTE, ATTRIBUTES, Shared, Stored, attributes, check_text, normal
from iku_excel.xlsx.fences import Fences
from iku_excel.xlsx.grid import Place, area, letters, plain_place
from iku_excel.xlsx.package import TablePart
from iku_excel.xlsx.settled import Renewal, sort_out
from iku_excel.xlsx.sheetxml import Row, SheetXml
from iku_excel.xlsx.styles import StyleBook

Rows: TypeAlias = dict[int, dict[int, Edit]]
"""Edits by row and column."""

_USUAL_ATTRIBUTES = re.compile(rb'( r="[A-Z]{1,3}\d{1,7}"(?: s="(\d+)")?)(?: t="\w+")?')


@dataclass(frozen=True, slots=True)
class PatchResult:
    """A patched sheet. ``changed``: the cells written; ``repaired``: those whose formula was missing or
    another; ``moved``: a formula cell came or went (calcChain no longer agrees); ``others``: the sheet holds
    formulas outside the edited cells."""

    xml: bytes
    changed: tuple[str, ...]
    repaired: tuple[str, ...]
    moved: bool
    others: bool


def patch_sheet(
    xml: bytes,
    edits: Sequence[Edit],
    *,
    shared: Shared | None = None,
    styles: StyleBook | None = None,
    tables: Sequence[TablePart] = (),
) -> PatchResult:
    """Put the edits, all of one sheet, into its XML.

    ``shared`` looks up shared strings (without it a shared string counts as another text and is replaced),
    ``styles`` is needed by edits with a ``number_format`` and collects the new styles, ``tables`` are those of
    the sheet: their header and totals rows are not written. Raises ``Refusal`` where a cell can't be changed
    without guessing, ``ValueError`` for two edits of one cell or an address off the sheet.
    """
    return Patcher(xml, edits, shared, styles, tables).run()


class Patcher(SheetXml):
    """One sheet's XML and the splices that change it."""

    def __init__(
        self,
        xml: bytes,
        edits: Sequence[Edit],
        shared: Shared | None,
        styles: StyleBook | None,
        tables: Sequence[TablePart],
        sheet: str = "",
    ) -> None:
        super().__init__(xml, edits[0].sheet if edits else sheet)
        self.shared, self.styles = shared, styles
        self.splices: list[tuple[int, int, bytes]] = []
        self.changed: list[str] = []
        self.repaired: list[str] = []
        self.written: list[Place] = []
        self.column_styles: list[tuple[int, int, bytes]] | None = None
        self.style_of: dict[int, bytes | None] = {}
        self.moved = False
        _require_single(edits)
        found = ([*edits], []) if self.prefix else sort_out(xml, self.open_end, self.close, edits, self.cells)
        left, self.renewed = found
        _check(left)
        self.with_formula = _formulas(edits) - _formulas(left)
        self.wanted = _by_row(left)
        self.fences = Fences(self.sheet, xml, self.open_end, self.close, self.prefix, tables)

    def run(self) -> PatchResult:
        """Splice all edits in."""
        for renewal in self.renewed:
            self._renew(renewal)
        pending = list(self.wanted)
        if pending:
            for row in self.rows():
                while pending and pending[0] < row.number:
                    self.splices.append((row.start, row.start, self._new_row(pending.pop(0))))
                if not pending:
                    break
                if pending[0] == row.number:
                    self._existing_row(row, self.wanted[pending.pop(0)])
        self._append_rows(b"".join(map(self._new_row, pending)))
        if self.written:
            self._dimension()
        out = self._spliced()
        # Between the sheetData tags only <f> begins so: what the edits don't account for is someone else's.
        end = out.rfind(b"</" + self.prefix + b"sheetData")
        others = out.count(b"<" + self.prefix + b"f", self.open_start, max(end, 0)) > self.with_formula
        changed = self.changed if not self.renewed else sorted(self.changed, key=plain_place)
        return PatchResult(out, tuple(changed), tuple(self.repaired), self.moved, others)

    def _renew(self, renewal: Renewal) -> None:
        edit = renewal.edit
        check_text(edit)
        row, column = plain_place(edit.cell)
        if self.fences.any:
            self.fences.check(edit, row, column, None, same_formula=True)
        self._record(edit, row, column)
        self.splices.append((renewal.start, renewal.end, renewal.element))

    def _append_rows(self, made: bytes) -> None:
        if not made:
            return
        if not self.empty:
            self.splices.append((self.close, self.close, made))
            return
        opening = self.xml[self.open_start : self.open_end - 1].rstrip(b"/").rstrip()  # <sheetData/>
        made = b"%b>%b</%bsheetData>" % (opening, made, self.prefix)
        self.splices.append((self.open_start, self.open_end, made))

    def _spliced(self) -> bytes:
        if not self.splices:
            return self.xml
        out, at = [], 0
        for start, end, content in sorted(self.splices, key=lambda splice: splice[:2]):
            out += [self.xml[at:start], content]
            at = end
        return b"".join([*out, self.xml[at:]])

    def _new_row(self, number: int) -> bytes:
        made = b"".join([self._made(edit, number, column, None) for column, edit in self.wanted[number].items()])
        return b'<%brow r="%d">%b</%brow>' % (self.prefix, number, made, self.prefix) if made else b""

    def _existing_row(self, row: Row, edits: dict[int, Edit]) -> None:
        pending, end = list(edits), 0
        style = attributes(row.attrs)
        default = style.get(b"s") if style.get(b"customFormat") in (b"1", b"true") else None
        before = len(self.written)
        for column, cell in self.usual_cells(row, edits) or self.all_cells(row):
            while pending and pending[0] < column:
                number = pending.pop(0)
                made = self._made(edits[number], row.number, number, default)
                if made:
                    self.splices.append((cell.start(), cell.start(), made))
            if pending and pending[0] == column:
                self._existing(edits[pending.pop(0)], row.number, column, cell)
            end = cell.end()
            if not pending:
                break
        at = end or row.open_end
        appended = b"".join([self._made(edits[number], row.number, number, default) for number in pending])
        self._open_row(row, appended, at, [column for _, column in self.written[before:]])

    def _open_row(self, row: Row, appended: bytes, at: int, columns: list[int]) -> None:
        """Append cells to a row, open it when it was empty (``<row/>``), widen its ``spans``."""
        tag = self.xml[row.start : row.open_end]
        new = self._widened(tag, row.attrs, columns) if columns else tag
        if row.closed and appended:
            p = self.prefix
            new = new[:-2].rstrip() + b">" + appended + b"</" + p + b"row>"
        elif appended:
            self.splices.append((at, at, appended))
        if new != tag:
            self.splices.append((row.start, row.open_end, new))

    @staticmethod
    def _widened(tag: bytes, attrs: bytes, columns: list[int]) -> bytes:
        spans = attributes(attrs).get(b"spans")
        if spans is None or not re.fullmatch(rb"\d+:\d+( \d+:\d+)*", spans):
            return tag
        bounds = [tuple(map(int, span.split(b":"))) for span in spans.split()]
        if all(any(low <= column <= high for low, high in bounds) for column in columns):
            return tag
        low = min(min(columns), *(bound[0] for bound in bounds))
        high = max(max(columns), *(bound[1] for bound in bounds))
        return re.sub(rb"(\sspans\s*=\s*[\"'])[^\"']*", rb"\g<1>%d:%d" % (low, high), tag, count=1)

    def _existing(self, edit: Edit, row: int, column: int, cell: re.Match[bytes]) -> None:
        start = attributes(cell[1])
        self.with_formula += edit.formula is not None
        style = start.get(b"s")
        new_style = self._style(edit, style)
        kind, content = self.cells.write(edit, b"", b"")
        if new_style == style and cell[2] == content and start.get(b"t", b"") == kind and content:
            return  # spelled as we spell it: by far the most frequent case
        stored = self.cells.read_beside(start, cell[2] or b"", edit, content)
        if stored is None:
            raise Refusal(
                "sel-tidak-lazim",
                f"Sel {edit.cell} di lembar {self.sheet} berisi sesuatu yang tidak kami kenal.",
                "Kosongkan sel itu di Excel, simpan, lalu ulangi.",
                sheet=self.sheet,
                cell=edit.cell,
            )
        same_formula = self._same_formula(stored, edit)
        if same_formula and new_style == style and self.cells.holds(stored, edit, self.shared):
            return
        self.fences.check(edit, row, column, stored, same_formula)
        if not same_formula and edit.formula is not None:
            self.repaired.append(edit.cell)
        self.moved |= (stored.formula is None) != (edit.formula is None)
        kept = stored.element if same_formula else b""
        if stored.extension or (kept and not content.startswith(kept)):
            kind, content = self.cells.write(edit, kept, stored.extension)
        self._record(edit, row, column)
        p = self.prefix
        opening = self._attrs(cell[1], edit.cell, new_style, kind, dynamic=bool(kept))
        self.splices.append((cell.start(), cell.end(), _element(p, opening, content)))

    @staticmethod
    def _same_formula(stored: Stored, edit: Edit) -> bool:
        if stored.formula is None or edit.formula is None:
            return stored.formula is None and edit.formula is None
        if edit.array and stored.rule != "array":
            return False
        if stored.rule == "dataTable" or not stored.formula:
            return False
        return stored.formula == edit.formula or normal(stored.formula) == normal(edit.formula)

    def _attrs(self, raw: bytes, address: str, style: bytes | None, kind: bytes, *, dynamic: bool) -> bytes:
        """The cell's attributes as spelled, but ``t`` and ``s`` renewed and metadata of the old value gone."""
        usual = _USUAL_ATTRIBUTES.fullmatch(raw)
        if usual and usual[2] == style:
            return usual[1] + _type(kind)
        out, has_address, has_style = [], False, False
        for found in ATTRIBUTE.finditer(raw):
            name = found[1]
            has_address |= name == b"r"
            if name in (b"t", b"vm") or (name == b"cm" and not dynamic):
                continue
            if name == b"s":
                has_style = True
                if style is not None and style != (found[2] or found[3]):
                    out.append(b' s="%b"' % style)
                    continue
            out.append(found[0])
        if style is not None and not has_style:
            out.append(b' s="%b"' % style)
        if not has_address:
            out.insert(0, b' r="%b"' % address.encode())
        return b"".join(out) + _type(kind)

    def _made(self, edit: Edit, row: int, column: int, default: bytes | None) -> bytes:
        """A cell that isn't there yet, in the style of its row or column; nothing for an empty one."""
        self.with_formula += edit.formula is not None
        if edit.value in (None, "") and edit.formula is None:
            return b""
        if self.fences.any:
            self.fences.check(edit, row, column, None, same_formula=False)
        if edit.formula is not None:
            self.repaired.append(edit.cell)
            self.moved = True
        style = default if default is not None else self._column_style(column)
        if edit.number_format is not None:
            style = self._style(edit, style)
        kind, content = self.cells.write(edit, b"", b"")
        self._record(edit, row, column)
        styled = b' s="%b"' % style if style is not None else b""
        return _element(self.prefix, b' r="%b"%b%b' % (edit.cell.encode(), styled, _type(kind)), content)

    def _record(self, edit: Edit, row: int, column: int) -> None:
        self.changed.append(edit.cell)
        self.written.append((row, column))

    def _style(self, edit: Edit, style: bytes | None) -> bytes | None:
        if edit.number_format is None:
            return style
        if self.styles is None:
            raise ValueError(f"{edit.sheet}!{edit.cell}: a number format needs the workbook's styles")
        if style is not None and not style.isdigit():
            raise self.strange("memuat gaya sel yang tidak dapat dibaca")
        old = int(style or b"0")
        new = self.styles.with_number_format(old, edit.number_format)
        return style if new == old else b"%d" % new

    def _column_style(self, column: int) -> bytes | None:
        if self.column_styles is None:
            pattern = re.compile(rb"<%bcol(?=[\s/>])%b" % (re.escape(self.prefix), ATTRIBUTES))
            found = [attributes(match[1]) for match in pattern.finditer(self.xml, 0, self.open_start)]
            try:
                self.column_styles = [
                    (int(of[b"min"]), int(of[b"max"]), of[b"style"]) for of in found if b"style" in of
                ]
            except (KeyError, ValueError) as error:
                raise self.strange("memuat lebar kolom yang tidak dapat dibaca") from error
        if column not in self.style_of:
            of_column = (style for low, high, style in self.column_styles if low <= column <= high)
            self.style_of[column] = next(of_column, None)
        return self.style_of[column]

    def _dimension(self) -> None:
        pattern = re.compile(rb"<%bdimension(?=\s)%b" % (re.escape(self.prefix), ATTRIBUTES))
        found = pattern.search(self.xml, 0, self.open_start)
        if found is None:
            return
        try:
            old = area(attributes(found[1]).get(b"ref", b"").decode())
        except ValueError as error:
            raise self.strange("memuat rentang sel yang tidak dapat dibaca") from error
        rows, columns = [row for row, _ in self.written], [column for _, column in self.written]
        top, left = min(old.top, *rows), min(old.left, *columns)
        bottom, right = max(old.bottom, *rows), max(old.right, *columns)
        if (top, left, bottom, right) != (old.top, old.left, old.bottom, old.right):
            new = f"{letters(left)}{top}:{letters(right)}{bottom}".encode()
            tag = re.sub(rb"(\sref\s*=\s*[\"'])[^\"']*", rb"\g<1>%b" % new, found[0], count=1)
            self.splices.append((found.start(), found.end(), tag))


def _require_single(edits: Sequence[Edit]) -> None:
    """``ValueError`` for two edits of one cell."""
    if len({edit.cell for edit in edits}) < len(edits):
        twice = next(cell for cell, times in Counter(edit.cell for edit in edits).items() if times > 1)
        raise ValueError(f"two edits for {edits[0].sheet}!{twice}")


def _check(edits: Sequence[Edit]) -> None:
    """``ValueError`` for an address off the sheet, ``Refusal`` for a text too long."""
    for edit in edits:
        check_text(edit)
        plain_place(edit.cell)


def _by_row(edits: Sequence[Edit]) -> Rows:
    rows: Rows = {}
    for edit in edits:
        row, column = plain_place(edit.cell)
        rows.setdefault(row, {})[column] = edit
    return {row: dict(sorted(rows[row].items())) for row in sorted(rows)}


def _formulas(edits: Sequence[Edit]) -> int:
    return sum([edit.formula is not None for edit in edits])


def _type(kind: bytes) -> bytes:
    return b' t="%b"' % kind if kind else b""


def _element(prefix: bytes, attrs: bytes, content: bytes) -> bytes:
    if not content:
        return b"<%bc%b/>" % (prefix, attrs)
    return b"<%bc%b>%b</%bc>" % (prefix, attrs, content, prefix)
