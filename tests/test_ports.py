"""One contract for both ports: the same plan gives the same cells in a closed file and in an open workbook."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, Protocol

import pytest

pytest.importorskip("xlwings", reason="the extra 'live' is not installed")

from iku_excel.edits import Edit, Value
from iku_excel.examples import example_content
from iku_excel.fill import fill
from iku_excel.findings import Refusal
from iku_excel.form.template import build
from iku_excel.live import attach
from iku_excel.live.spelling import normal
from iku_excel.xlsx.apply import apply_edits
from iku_excel.xlsx.package import Package
from tests.support_fill import MOMENT, data_of, first
from tests.support_live import cell, live_office, path_of, saved

pytestmark = pytest.mark.office


class Port(Protocol):
    """A workbook that edits can be applied to and that can be looked at, by a reader that is not ours."""

    def apply(self, edits: Sequence[Edit]) -> set[tuple[str, str]]:
        """The cells written."""

    def value(self, edit: Edit) -> Value:
        """What an edit's cell shows; None when nothing."""

    def formula(self, edit: Edit) -> str | None:
        """The formula in an edit's cell, in the spelling that is compared; None when none is there."""


class Closed:
    """A closed file; openpyxl looks at it."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._books: dict[bool, Any] = {}

    def apply(self, edits: Sequence[Edit]) -> set[tuple[str, str]]:
        """Through the closed file's patcher."""
        applied = apply_edits(Package.open(self.data), edits)
        self.data, self._books = applied.data or self.data, {}
        return set(applied.changed_cells)

    def _cell(self, edit: Edit, *, values: bool) -> Any:
        import io

        from openpyxl import load_workbook

        if values not in self._books:
            self._books[values] = load_workbook(io.BytesIO(self.data), data_only=values)
        return self._books[values][edit.sheet][edit.cell]

    def value(self, edit: Edit) -> Value:
        """The stored value."""
        from openpyxl.utils.datetime import to_excel

        found = self._cell(edit, values=True).value
        return to_excel(found) if hasattr(found, "year") else None if found == "" else found

    def formula(self, edit: Edit) -> str | None:
        """The stored formula."""
        found = self._cell(edit, values=False)
        text = getattr(found.value, "text", found.value)
        return normal(text) if found.data_type == "f" else None


class Open:
    """A document open in LibreOffice; UNO looks at it."""

    def __init__(self, document: Any) -> None:
        self.document = document
        path = path_of(document)
        self._book = attach("libreoffice", None, str(path), path.name)
        self._saved: Closed | None = None

    def apply(self, edits: Sequence[Edit]) -> set[tuple[str, str]]:
        """Through the open workbook."""
        self._saved = None
        return set(self._book.apply(edits).changed_cells)

    def value(self, edit: Edit) -> Value:
        """The value in the running office."""
        return cell(self.document, edit)[0]

    def formula(self, edit: Edit) -> str | None:
        """As LibreOffice itself spells it in a file for Excel."""
        if self._saved is None:
            self._saved = Closed(saved(self.document))
        return self._saved.formula(edit)


PORTS = ["tertutup", "libreoffice"]


@pytest.fixture(params=PORTS)
def fresh(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Port]:
    """The example workbook, filled, behind one of the ports."""
    with opened(request.param, data_of(first()), monkeypatch) as found:
        yield found


@pytest.fixture(scope="module", params=PORTS)
def port(request: pytest.FixtureRequest) -> Iterator[Port]:
    """The same workbook for all tests that don't mind what the others wrote: opening takes seconds."""
    with pytest.MonkeyPatch.context() as patch, opened(request.param, data_of(first()), patch) as found:
        yield found


@contextmanager
def opened(kind: str, data: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[Port]:
    """A workbook behind one of the ports."""
    if kind == "tertutup":
        yield Closed(data)
        return
    with live_office(monkeypatch).opened(data) as document:
        yield Open(document)


def agree(one: Value, other: Value) -> bool:
    """The same value; LibreOffice and Python may differ in the last bits of a computed figure."""
    if isinstance(one, str) or isinstance(other, str) or one is None or other is None:
        return one == other
    return math.isclose(float(one), float(other), rel_tol=1e-12, abs_tol=1e-12)


EDITS = [
    *(
        Edit("Ringkasan", f"BA{row}", text)
        for row, text in enumerate(
            ["=1+1", "+62812", "-5", "@SUM(A1)", "001", "01.02", "1E5", "12%", "1/2", "TRUE", "Mei 2025", "'petik",
             " 7 ", "satu\ndua", "Ñandú “kutip” — 😀", 'dengan "kutip" & <tanda>', "x" * 9000], 60,
        )
    ),
    *(
        Edit("Ringkasan", f"BC{row}", number)
        for row, number in enumerate([0, 1, -1.5, Decimal("0.1"), Decimal(2) / 3, 3_000_000_000, 2**53, 1e-300], 60)
    ),
    Edit("Ringkasan", "BD60", None),
    Edit("Ringkasan", "A1", None),
    Edit("Ringkasan", "BE60", 5, "2+3"),
    Edit("Ringkasan", "BE61", "ya; tidak, \"mungkin\"", 'IF(1<2,"ya; tidak, ""mungkin""","x!A1")'),
    Edit("Ringkasan", "BE62", 6, "SUM({1,2,3})"),
    Edit("Ringkasan", "BE63", 4, "INDEX({1,2;3,4},2,2)"),
    Edit("Ringkasan", "BE64", "NSPK!C23", 'HYPERLINK("#\'NSPK\'!C23","NSPK!C23")'),
    Edit("Ringkasan", "BE65", 1, "IF(TRUE,1,0)"),
    Edit("Ringkasan", "BE66", 14, "SUM({1,2,3}*{1,2,3})", array=True),
    Edit("Ringkasan", "BE67", "", 'IF(FALSE,1,"")'),
    Edit("Ringkasan", "BE68", 18, "ROWS(NSPK!$B$5:$B$22)"),
    Edit("Ringkasan", "BE69", 3, "ROWS(tblTarget[Kode IKU])"),
]  # fmt: skip


def test_a_plan_gives_the_cells_it_names(fresh: Port) -> None:
    """Text stays text, a number a number, a formula a formula with its value, an emptied cell empty."""
    assert fresh.apply(EDITS) == {(e.sheet, e.cell) for e in EDITS if e.cell != "BD60"}
    wrong = [e.cell for e in EDITS if not agree(fresh.value(e), e.value or (None if e.value == "" else e.value))]
    assert not wrong
    assert [e.cell for e in EDITS if fresh.formula(e) != (e.formula and normal(e.formula))] == []


def test_a_plan_applied_twice_changes_nothing_more(port: Port) -> None:
    """Every cell is found to hold what it was given."""
    port.apply(EDITS)
    assert port.apply(EDITS) == set()


def test_a_value_takes_the_place_of_a_formula_and_back(port: Port) -> None:
    """In both directions, single-cell array formulas too."""
    plain, formula = Edit("Ringkasan", "BA60", 5), Edit("Ringkasan", "BA60", 5, "2+3", array=True)
    for edit, other in ((plain, None), (formula, "2+3"), (plain, None)):
        assert port.apply([edit]) == {("Ringkasan", "BA60")}
        assert (port.value(edit), port.formula(edit)) == (5, other)


def test_a_number_format_goes_with_the_value(port: Port) -> None:
    """A code keeps its zeros, a date its number; the second time nothing is written."""
    edits = [
        Edit("Dokumen", "Z60", "001", number_format="@"),
        Edit("Dokumen", "Z61", 45658, number_format="dd/mm/yyyy"),
    ]
    assert len(port.apply(edits)) == 2
    assert [port.value(edit) for edit in edits] == ["001", 45658]
    assert port.apply(edits) == set()


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (Edit("Lembar Hilang", "A1", 1), "lembar-tidak-ada"),
        (Edit("NSPK", "A1", Decimal("NaN")), "angka-tidak-sah"),
        (Edit("NSPK", "A1", "x" * 32_768), "teks-terlalu-panjang"),
    ],
)
def test_both_ports_refuse_the_same(edit: Edit, code: str, port: Port) -> None:
    """With the same code, whatever else is in the plan, and nothing is written."""
    with pytest.raises(Refusal) as caught:
        port.apply([Edit("NSPK", "A90", 1), edit])
    assert caught.value.code == code
    assert port.value(Edit("NSPK", "A90", None)) is None


@pytest.mark.parametrize(
    "name", ["belum-lengkap", *(pytest.param(name, marks=pytest.mark.trust) for name in ("bersih", "kesalahan-umum"))]
)
def test_a_fill_is_the_same_cell_by_cell(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the button does it: a copy of a new workbook is read, its plan applied to the copy and to the open one."""
    with opened("libreoffice", build(*example_content(name)), monkeypatch) as live:
        copy = saved(live.document)
        filled = fill(copy, MOMENT)
        closed = Closed(filled.data or copy)
        live.apply(filled.edits)
        assert live.apply(filled.edits) == set()
        differ = [
            (e.sheet, e.cell, closed.value(e), live.value(e))
            for e in filled.edits
            if closed.formula(e) != live.formula(e) or not agree(closed.value(e), live.value(e))
        ]
    assert differ == []
