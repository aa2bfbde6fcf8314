"""Apply edits to a workbook that is open in Excel, through xlwings; in LibreOffice through our engine for it.

Everything is read and judged before anything is written. What holds its figure already is not written: where a
formula is in its place, Excel has the figure itself. Afterwards every written cell is read back.
"""

from __future__ import annotations

import atexit
import importlib
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from iku_excel.edits import Edit, Value
from iku_excel.findings import EXIT_MACHINE, Refusal
from iku_excel.live.blocks import Block, address, cover, one, place, rectangles
from iku_excel.live.fences import check_fences
from iku_excel.live.patience import patient, refusal
from iku_excel.live.protection import lifted
from iku_excel.live.session import LiveApplied
from iku_excel.live.spelling import normal, safe_text, same_text
from iku_excel.live.values import payload

ARRAY_LIMIT = 255
"""The longest text that ``Range.FormulaArray`` takes in Excel."""
LONG_TEXT = 8_000
"""Longer texts are written alone: an array with one of over 8,203 characters fails in older Excel."""

_HEAVY = ("pandas", "numpy", "matplotlib", "PIL", "polars", "xlwings.pro")
"""What xlwings would import if it is there, for things that we don't use: 0.06 s without, 0.4 s with."""

Target = tuple[int, int]


def import_xlwings() -> Any:
    """xlwings, without the parts that are slow, or licensed otherwise (``xlwings.pro``)."""
    if "xlwings" in sys.modules:
        return sys.modules["xlwings"]
    hidden = {name: None for name in _HEAVY if name not in sys.modules}
    sys.modules.update(hidden)  # type: ignore[arg-type]
    try:
        return importlib.import_module("xlwings")
    except ImportError as error:
        raise Refusal(
            "xlwings-tidak-ada",
            "Pustaka xlwings belum terpasang, sehingga tombol Hitung Ulang tidak dapat bekerja.",
            'Pasang dengan: pip install "iku_excel[live]".',
            exit_status=EXIT_MACHINE,
        ) from error
    finally:
        for name in hidden:
            sys.modules.pop(name, None)


def import_windows_engine() -> Any:
    """xlwings' engine for Excel on Windows, made harmless.

    Left as it is, it would end every Excel whose windows it can't see when Python exits, and repeat a rejected
    call for ever without a pause, or answer it with None.
    """
    import_xlwings()
    try:
        engine = importlib.import_module("xlwings._xlwindows")
    except ImportError as error:  # xlwings itself passes over this in silence
        raise Refusal(
            "pywin32-tidak-ada",
            "Python di komputer ini tidak dapat menghubungi Excel: pywin32 tidak ada atau rusak.",
            'Di Windows, pasang ulang dengan: pip install --force-reinstall pywin32 "iku_excel[live]".',
            exit_status=EXIT_MACHINE,
        ) from error
    atexit.unregister(engine.cleanup)
    engine.N_COM_ATTEMPTS = 1
    return engine


def attach_excel(hwnd: int, full_name: str, name: str) -> ExcelBook:
    """The workbook of that full name in the Excel of that window; see ``attach``."""
    engine = import_windows_engine()
    xlwings = import_xlwings()
    try:
        app = patient(lambda: xlwings.App(impl=engine.App(xl=hwnd)))
        # never by xlwings' own fullname: for a cloud address it searches folders, and fails
        found = patient(lambda: [book for book in app.books if book.api.FullName == full_name])
    except Exception as error:
        raise _unreachable(error, name) from error
    if len(found) != 1:
        raise not_found(name)
    return ExcelBook(found[0], "Excel", name)


def _unreachable(error: Exception, name: str) -> Refusal:
    if isinstance(error, AttributeError):
        return Refusal(
            "excel-tidak-terhubung",
            "Excel tidak dapat dihubungi: berkas bantu pywin32 (gen_py) rusak.",
            "Hapus folder gen_py di folder sementara (%TEMP%), lalu klik Hitung Ulang lagi.",
            file=name,
            exit_status=EXIT_MACHINE,
        )
    known = refusal(error, "Excel")
    if known.code != "penulisan-ditolak":
        return known.at(name)
    return Refusal(
        "excel-tidak-terhubung",
        "Excel tidak dapat dihubungi.",
        "Jalankan Excel dan Python dengan cara yang sama (keduanya biasa, tidak sebagai Administrator), lalu ulangi.",
        file=name,
        exit_status=EXIT_MACHINE,
    )


def not_found(name: str) -> Refusal:
    """No open workbook, or more than one, answers to what the click told."""
    return Refusal(
        "buku-tidak-ditemukan",
        f"Buku kerja {name} tidak ditemukan di antara buku yang terbuka.",
        "Biarkan buku kerja terbuka sampai selesai, lalu klik Hitung Ulang lagi.",
        file=name,
    )


class ExcelBook:
    """An open workbook as xlwings sees it (``OpenBook``). ``application`` and ``name`` are for messages."""

    def __init__(self, book: Any, application: str, name: str) -> None:
        self.book = book
        self.application = application
        self.name = name
        # LibreOffice's engine says None: it takes array formulas of any length
        self._array_limit: int | None = getattr(book.impl, "array_limit", ARRAY_LIMIT)

    def apply(self, edits: Sequence[Edit]) -> LiveApplied:
        """Put the edits into the open workbook (``OpenBook.apply``)."""
        of_sheets: dict[str, list[Edit]] = {}
        for edit in edits:
            of_sheets.setdefault(edit.sheet, []).append(edit)
        with self._told():
            if patient(lambda: bool(self.book.api.ReadOnly)):
                raise Refusal(
                    "berkas-hanya-baca",
                    f"Buku kerja {self.name} dibuka hanya untuk dibaca, sehingga hasilnya tidak akan tersimpan.",
                    "Simpan dengan nama lain atau minta izin tulis, buka lagi, lalu klik Hitung Ulang.",
                    file=self.name,
                )
            works = [_SheetWork(self, self._sheet(name), name, of_sheet) for name, of_sheet in of_sheets.items()]
            pending = [work for work in works if work.stale]
            with ExitStack() as stack:
                for work in pending:
                    stack.enter_context(lifted(work.sheet.api, work.name))
                for work in pending:
                    work.write()
        return LiveApplied(
            tuple((work.name, cell) for work in works for cell in work.changed),
            tuple((work.name, cell) for work in works for cell in work.repaired),
        )

    def _sheet(self, name: str) -> Any:
        names = patient(lambda: [sheet.name for sheet in self.book.sheets])
        if name not in names:
            raise Refusal(
                "lembar-tidak-ada",
                f"Lembar {name} tidak ada di buku kerja yang terbuka.",
                "Kembalikan nama lembar itu, lalu klik Hitung Ulang lagi.",
                sheet=name,
            )
        return self.book.sheets[name]

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Failures of the application, in words."""
        try:
            yield
        except (Refusal, ValueError):
            raise
        except Exception as error:
            if not hasattr(error, "hresult") and type(error).__name__ != "ExcelBusyError":
                raise
            raise refusal(error, self.application).at(self.name) from error

    @contextmanager
    def at(self, sheet: str, block: Block) -> Iterator[None]:
        """The same, with the cells that were being written."""
        try:
            yield
        except Exception as error:
            if not hasattr(error, "hresult"):
                raise
            raise refusal(error, self.application, sheet, block.text) from error

    @property
    def array_limit(self) -> int | None:
        """The longest array formula that can be written here, None when any."""
        return self._array_limit


class _SheetWork:
    """The edits of one sheet: which of them are still to be written, and writing them."""

    def __init__(self, book: ExcelBook, sheet: Any, name: str, edits: Sequence[Edit]) -> None:
        self.book, self.sheet, self.name = book, sheet, name
        self.edits: dict[Target, Edit] = {}
        for edit in edits:
            at = place(edit.cell)
            if at in self.edits:
                raise ValueError(f"two edits for {edit.sheet}!{edit.cell}")
            self.edits[at] = edit
        self.payloads = {at: payload(edit) for at, edit in self.edits.items() if edit.formula is None}
        self.stale: set[Target] = set()
        self._lost: set[Target] = set()
        self._compare()
        check_fences(self, sorted(self.stale))
        self._check_arrays()

    @property
    def changed(self) -> list[str]:
        """The cells that were stale, in the order of the edits."""
        return [edit.cell for at, edit in self.edits.items() if at in self.stale]

    @property
    def repaired(self) -> list[str]:
        """Those of them whose formula was missing or another."""
        return [edit.cell for at, edit in self.edits.items() if at in self._lost]

    def range(self, block: Block) -> Any:
        """xlwings' range of a block."""
        return self.sheet.range(block.first, (block.bottom, block.right))

    def ask(self, block: Block, what: str) -> Any:
        """One property of a block, asked of the application itself."""
        return patient(lambda: getattr(self.range(block).api, what))

    def grid(self, block: Block, what: str) -> Sequence[Sequence[Any]]:
        """A property that every cell has, as rows."""
        found = self.ask(block, what)
        return ((found,),) if block.size == 1 and not isinstance(found, tuple) else found

    def _compare(self) -> None:
        for block in cover(self.edits):
            formulas, values = self.grid(block, "Formula"), self.grid(block, "Value2")
            for at in self.edits if block.size >= len(self.edits) else block.cells():
                edit = self.edits.get(at)
                if edit is None:
                    continue
                row, column = at[0] - block.top, at[1] - block.left
                formula, value = formulas[row][column], values[row][column]
                # a text that looks like a formula is its own value
                has_formula = isinstance(formula, str) and formula[:1] == "=" and formula != value
                if edit.formula is None:
                    if has_formula or not _same(value, self.payloads[at]):
                        self.stale.add(at)
                elif not has_formula or normal(formula) != normal(edit.formula):
                    self._lost.add(at)
        self._lost |= self._plain_arrays()
        self.stale |= self._lost
        for at, edit in self.edits.items():
            if edit.number_format is not None and self.ask(one(at), "NumberFormat") != edit.number_format:
                self.stale.add(at)

    def _plain_arrays(self) -> set[Target]:
        """Cells that hold the text of an array formula but not as one."""
        wanted = [at for at, edit in self.edits.items() if edit.array and at not in self._lost]
        found: set[Target] = set()
        for block in rectangles(wanted):
            if self.ask(block, "HasArray") is not True:
                found |= {at for at in block.cells() if not self._is_array(at)}
        return found

    def _is_array(self, at: Target) -> bool:
        if self.ask(one(at), "HasArray"):
            return True
        # in newer Excel an array formula too long for FormulaArray is one by its spelling
        dynamic = self.formula2(at)
        return dynamic is not None and normal(dynamic) == normal(self.edits[at].formula or "")

    def formula2(self, at: Target) -> str | None:
        """``Range.Formula2``, None where Excel is older than that."""
        try:
            return str(self.ask(one(at), "Formula2"))
        except Exception:  # AttributeError or a COM error, by the way pywin32 found the object
            return None

    def _check_arrays(self) -> None:
        limit = self.book.array_limit
        for at in sorted(self._lost):
            edit = self.edits[at]
            if limit is None or not edit.array or len(edit.formula or "") < limit or self.formula2(at) is not None:
                continue
            raise Refusal(
                "rumus-terlalu-panjang",
                f"Rumus di sel {edit.cell} lembar {self.name} hilang dan terlalu panjang untuk Excel yang terbuka ini.",
                "Simpan dan tutup buku kerja, lalu jalankan iku-excel isi; rumus itu akan dikembalikan.",
                sheet=self.name,
                cell=edit.cell,
            )

    def write(self) -> None:
        """Write what is stale, read it back."""
        for at in sorted(self.stale):
            if (number_format := self.edits[at].number_format) is not None:
                self._put(one(at), "NumberFormat", number_format)
        for block in rectangles(self.payloads.keys()):
            stale = [at for at in block.cells() if at in self.stale]
            if stale:
                self._write_values(Block(*_bounds(stale)))
        formulas = [at for at in self._lost if not self.edits[at].array]
        for block in rectangles(formulas):
            rows = tuple(tuple("=" + self._formula((r, c)) for c in _columns(block)) for r in _rows(block))
            self._as_general(block, lambda b=block, v=rows: self._put(b, "Formula", v if b.size > 1 else v[0][0]))
        for at in sorted(self._lost.difference(formulas)):
            text, limit = "=" + self._formula(at), self.book.array_limit
            what = "FormulaArray" if limit is None or len(text) <= limit else "Formula2"
            self._as_general(one(at), lambda a=at, w=what, t=text: self._put(one(a), w, t))
        self._read_back(formulas)

    def _formula(self, at: Target) -> str:
        return (self.edits[at].formula or "").removeprefix("=")

    def _put(self, block: Block, what: str, value: object) -> None:
        with self.book.at(self.name, block):
            patient(lambda: setattr(self.range(block).api, what, value))

    def _write_values(self, block: Block) -> None:
        as_text = self._text_cells(block)
        apart: dict[Target, float | str] = {}
        rows: list[list[float | str]] = []
        for row in _rows(block):
            rows.append([])
            for column in _columns(block):
                at = (row, column)
                value = self.payloads[at]
                if isinstance(value, str):
                    if value and at not in as_text and not safe_text(value):
                        value = "'" + value
                    if len(value) > LONG_TEXT:
                        apart[at], value = value, ""
                elif at in as_text:
                    apart[at], value = value, ""
                rows[-1].append(value)
        with self.book.at(self.name, block):
            if any(value != "" for row in rows for value in row):
                patient(lambda: setattr(self.range(block), "raw_value", rows))
            elif not apart:
                patient(lambda: self.range(block).clear_contents())
        for at, value in apart.items():
            single = one(at)
            self._as_general(single, lambda s=single, v=value: self._put(s, "Value", v), only=not isinstance(value, str))

    def _text_cells(self, block: Block) -> set[Target]:
        """The cells of the block whose format is "@": there a text stays one, and a number would become one."""
        found = self.ask(block, "NumberFormat")
        if found == "@":
            return set(block.cells())
        if found is not None or block.size == 1:
            return set()
        parts = list(block.columns())
        if len(parts) == 1:
            parts = [one(at) for at in block.cells()]
        return set().union(*(self._text_cells(part) for part in parts))

    def _as_general(self, block: Block, write: Callable[[], None], *, only: bool = True) -> None:
        """Write formulas or numbers as such into cells of format "@", which keep that format."""
        as_text = sorted(self._text_cells(block)) if only else []
        for at in as_text:
            self._put(one(at), "NumberFormat", "General")
        try:
            write()
        finally:
            for at in as_text:
                self._put(one(at), "NumberFormat", "@")

    def _read_back(self, formulas: Sequence[Target]) -> None:
        values = [at for at in self.stale if at in self.payloads]
        for block in cover(values) if values else ():
            found = self.grid(block, "Value2")
            for at in values if block.size >= len(values) else block.cells():
                if at not in self.payloads or at not in self.stale:
                    continue
                if not _same(found[at[0] - block.top][at[1] - block.left], self.payloads[at]):
                    self._once_more(at)
        for block in cover(self._lost) if self._lost else ():
            spelled = self.grid(block, "Formula")
            for at in self._lost if block.size >= len(self._lost) else block.cells():
                if at in self._lost:
                    text = spelled[at[0] - block.top][at[1] - block.left]
                    if normal(str(text)) != normal(self._formula(at)):
                        raise self._failed(at)

    def _once_more(self, at: Target) -> None:
        """A text that Excel took for something else, or shortened, is written again behind an apostrophe."""
        value = self.payloads[at]
        if isinstance(value, str) and value:
            self._put(one(at), "Value", "'" + value)
        if not _same(self.ask(one(at), "Value2"), value):
            raise self._failed(at)

    def _failed(self, at: Target) -> Refusal:
        return Refusal(
            "gagal-diperiksa",
            f"Sel {address(at)} di lembar {self.name} tidak berisi nilai yang ditulis.",
            "Tutup buku kerja tanpa menyimpan, buka lagi, lalu ulangi; bila tetap gagal, jalankan iku-excel isi.",
            sheet=self.name,
            cell=address(at),
        )


def _rows(block: Block) -> range:
    return range(block.top, block.bottom + 1)


def _columns(block: Block) -> range:
    return range(block.left, block.right + 1)


def _bounds(cells: Sequence[Target]) -> tuple[int, int, int, int]:
    rows, columns = [row for row, _ in cells], [column for _, column in cells]
    return min(rows), min(columns), max(rows), max(columns)


def _same(found: object, wanted: Value) -> bool:
    """Whether a cell's value is the wanted one; a number in currency format came as Value2, a double."""
    if wanted is None or wanted == "":
        return found is None or found == ""
    if isinstance(wanted, str):
        return same_text(found, wanted)
    # Excel keeps no denormal numbers
    return type(found) is float and math.isclose(found, float(wanted), rel_tol=0.0, abs_tol=1e-300)
