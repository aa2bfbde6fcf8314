"""A thousand workbooks that Excel itself wrote: one set of cells goes in, and nothing else moves.

Judged by zipfile, lxml and calamine, never by the code that wrote. The default run takes every tenth file.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from judges import office
from judges.excel import assert_excel_accepts
from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook

from iku_excel.edits import Edit
from iku_excel.findings import Refusal
from iku_excel.xlsx.apply import Applied, apply_edits
from iku_excel.xlsx.grid import letters, place
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.verify import verify_edits

CORPUS = Path(__file__).parents[1].parent / "shared" / "corpus"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
PARSER = etree.XMLParser(huge_tree=True)
JUDGED_UP_TO = 300_000  # bytes; the structural checks take minutes for the few large workbooks
MAY_CHANGE = ("[content_types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/calcchain.xml")

# Why a workbook as a whole may be refused. Anything else is a failure of the test.
STRANGE_FILES = {"format-strict": 3, "lembar-tidak-lazim": 0, "berkas-mencurigakan": 0, "berkas-rusak": 0}
# Why a cell that somebody else filled may be refused.
FENCED_CELLS = {"sel-gabungan", "judul-tabel", "baris-total", "rumus-larik", "rumus-bersama"}


def workbooks() -> list[Path]:
    """The workbooks of the corpus by name."""
    return sorted(path for path in CORPUS.glob("*.xls?") if path.suffix in (".xlsx", ".xlsm"))


def raw_members(data: bytes) -> dict[str, tuple[int, int, bytes]]:
    """CRC, date and compressed bytes of every member, by zipfile's directory."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            name, extra = struct.unpack_from("<2H", data, info.header_offset + 26)
            start = info.header_offset + 30 + name + extra
            when = (info.date_time, info.external_attr)
            found[info.filename] = (info.CRC, hash(when), data[start : start + info.compress_size])
    return found


def addressed(root: etree._Element) -> dict[str, etree._Element]:
    """Every cell of a sheet by its address, counted where the file leaves it out."""
    found, row_number = {}, 0
    for row in root.iter(MAIN + "row"):
        row_number = int(row.get("r", row_number + 1))
        column = 0
        for cell in row.iterchildren(MAIN + "c"):
            column = place(cell.get("r"))[1] if cell.get("r") else column + 1
            found[f"{letters(column)}{row_number}"] = cell
    return found


def drop(element: etree._Element) -> None:
    """Take an element out, but not the blanks behind it (lxml would)."""
    parent, previous = element.getparent(), element.getprevious()
    if previous is None:
        parent.text = (parent.text or "") + (element.tail or "")
    else:
        previous.tail = (previous.tail or "") + (element.tail or "")
    parent.remove(element)


def without(root: etree._Element, cells: set[str]) -> bytes:
    """The sheet with these cells taken out, and with what may change beside them normalised.

    The complete list: rows left empty and attribute-free but for ``r``, ``spans``, ``<dimension>``.
    """
    for address, cell in addressed(root).items():
        if address in cells:
            drop(cell)
    for row in list(root.iter(MAIN + "row")):
        row.attrib.pop("spans", None)
        if not len(row) and set(row.attrib) <= {"r"}:
            drop(row)
    for dimension in root.iter(MAIN + "dimension"):
        dimension.attrib.clear()
    return etree.tostring(root, method="c14n")


def shared_strings(archive: zipfile.ZipFile) -> list[str]:
    """The shared strings by lxml; empty where there are none."""
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    root = etree.fromstring(archive.read("xl/sharedStrings.xml"), PARSER)
    return ["".join(item.itertext(MAIN + "t")) for item in root.iter(MAIN + "si")]


def stored(cell: etree._Element | None, shared: list[str]) -> tuple[str | None, object]:
    """Formula and value of a cell, read by lxml."""
    if cell is None:
        return None, None
    formula = cell.find(MAIN + "f")
    text = "".join(cell.itertext(MAIN + "t")) if cell.get("t") == "inlineStr" else cell.findtext(MAIN + "v")
    value = float(text) if cell.get("t", "n") == "n" and text else text
    if cell.get("t") == "s":
        value = shared[int(text)]
    return (None if formula is None else formula.text), value


def free_cells(sheet: str, cells: dict[str, etree._Element]) -> list[Edit]:
    """Cells that nobody filled: in a row that is there, between rows, below, and far right."""
    places = sorted(place(address) for address in cells) or [(1, 1)]
    top, bottom = places[0][0], places[-1][0]
    right = max(column for _, column in places)
    spots = [(top, right + 3), (bottom, right + 5), (bottom + 2, right + 4), (bottom + 40, right + 3)]
    return contents(sheet, [f"{letters(column)}{row}" for row, column in spots])


def contents(sheet: str, addresses: list[str]) -> list[Edit]:
    """A number, two awkward texts and a formula with its value, at these addresses."""
    kinds = [
        (Decimal("71.230000000000004"), None),
        ("=1+1", None),
        ("  kosong di tepi \n", None),
        (Decimal(2), 'IF("a"<"b",1+1,"&")'),
    ]
    return [
        Edit(sheet, address, value, formula)
        for address, (value, formula) in zip(addresses, kinds, strict=False)
    ]  # fmt: skip


def filled_cells(sheet: str, cells: dict[str, etree._Element]) -> list[Edit]:
    """Cells that somebody filled: the first, the last and two between."""
    every = list(cells)
    return contents(sheet, list(dict.fromkeys([every[0], every[len(every) // 3], every[len(every) // 2], every[-1]])))


def judge(name: str, before: bytes, edits: list[Edit], applied: Applied, part: str) -> None:
    """Fail on anything that changed beside the edited cells, and on any cell that doesn't hold its edit."""
    after = applied.data
    assert after is not None, name
    old, new = raw_members(before), raw_members(after)
    changed = {part.lower(), *MAY_CHANGE}
    assert list(new) == [key for key in old if key in new], f"{name}: order of members"
    assert {key for key in old if key not in new} <= {"xl/calcChain.xml"}, f"{name}: a part is gone"
    for key, record in new.items():
        if key.lower() not in changed:
            assert record == old[key], f"{name}: {key} changed"
        assert record[1] == old[key][1], f"{name}: {key} has another date"
    with zipfile.ZipFile(io.BytesIO(before)) as first, zipfile.ZipFile(io.BytesIO(after)) as second:
        assert second.testzip() is None
        for key in new:
            if key.lower().endswith((".xml", ".rels")) and new[key] != old[key]:
                etree.fromstring(second.read(key), PARSER)
        one, two = (etree.fromstring(archive.read(part), PARSER) for archive in (first, second))
        shared = shared_strings(second)
    cells = addressed(two)
    for edit in edits:
        formula, value = stored(cells.get(edit.cell), shared)
        expected = float(edit.value) if isinstance(edit.value, Decimal) else edit.value
        assert (formula, value) == (edit.formula, expected), f"{name}: {edit.cell}"
    order = [place(address) for address in cells]
    assert order == sorted(order), f"{name}: cells out of order"
    mine = {edit.cell for edit in edits}
    assert without(one, mine) == without(two, mine), f"{name}: the sheet changed elsewhere"


def read_by_calamine(before: bytes, after: bytes, edits: list[Edit]) -> bool:
    """Whether an independent reader finds the cells; False when it couldn't read the original either."""
    try:
        CalamineWorkbook.from_filelike(io.BytesIO(before)).get_sheet_by_name(edits[0].sheet)
    except CalamineError:
        return False
    book = CalamineWorkbook.from_filelike(io.BytesIO(after))
    rows = book.get_sheet_by_name(edits[0].sheet).to_python(skip_empty_area=False)
    for edit in edits:
        row, column = place(edit.cell)
        found = rows[row - 1][column - 1]
        if isinstance(edit.value, Decimal):
            if isinstance(found, float | int) and not isinstance(found, bool):  # else a date format of the cell
                assert float(found) == float(edit.value), edit.cell
        else:
            assert str(found).strip() == str(edit.value).strip(), edit.cell
    return True


def plans(data: bytes) -> Iterator[tuple[str, list[Edit]]]:
    """For each of the first three worksheets, one plan on free cells and one on filled cells."""
    package = Package.open(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for sheet in [sheet for sheet in package.sheets if sheet.kind == "worksheet"][:3]:
            cells = addressed(etree.fromstring(archive.read(sheet.part), PARSER))
            yield sheet.part, free_cells(sheet.name, cells)
            if cells:
                yield sheet.part, filled_cells(sheet.name, cells)


def write_all(files: list[Path]) -> Counter[str]:
    """Write into every file, judge each result, and count what happened."""
    counts: Counter[str] = Counter()
    for path in files:
        data = path.read_bytes()
        counts["files"] += 1
        try:
            work = list(plans(data))
            Package.open(data).require_writable()
        except Refusal as refusal:
            assert refusal.message and refusal.fix
            assert refusal.code in STRANGE_FILES, (path.name, refusal.code)
            counts["file refused: " + refusal.code] += 1
            continue
        for number, (part, edits) in enumerate(work):
            package = Package.open(data)
            try:
                applied = apply_edits(package, edits)
            except Refusal as refusal:
                filled = edits[-1].cell in refusal.message or any(e.cell == refusal.cell for e in edits)
                assert refusal.code in FENCED_CELLS and filled, (path.name, refusal.code, refusal.message)
                counts["cell refused: " + refusal.code] += 1
                continue
            judge(path.name, data, edits, applied, part)
            assert applied.data is not None
            verify_edits(package, edits)(applied.data)
            if len(data) < JUDGED_UP_TO:
                assert_excel_accepts(applied.data, data, deep=False)
            again = apply_edits(Package.open(applied.data), edits)
            assert again.data is None, f"{path.name}: a second run writes again {again.changed_cells}"
            if number == 0:
                counts["read by calamine"] += read_by_calamine(data, applied.data, edits)
            counts["kept"] += 1
    return counts


@pytest.fixture(scope="module")
def corpus() -> list[Path]:
    """The corpus, or a visible skip where the checkout has none."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus of Excel-made workbooks (../shared/corpus) is not there")
    return workbooks()


def show(counts: Counter[str]) -> None:
    """Print the counts: seen with ``pytest -s``."""
    for key, count in sorted(counts.items()):
        print(f"  {key}: {count}")
    print("  lost: 0")


@pytest.mark.judges_itself
def test_every_tenth_workbook_keeps_all_but_the_cells_written(corpus: list[Path]) -> None:
    """Writing cells into Excel-made workbooks changes these cells alone, and a second run changes nothing."""
    counts = write_all(corpus[::10])
    show(counts)
    assert counts["kept"] > len(corpus[::10])


@pytest.mark.trust
@pytest.mark.judges_itself
def test_every_workbook_keeps_all_but_the_cells_written(corpus: list[Path]) -> None:
    """The same over the whole corpus, with every refusal accounted for."""
    counts = write_all(corpus)
    show(counts)
    for code, expected in STRANGE_FILES.items():
        assert counts["file refused: " + code] == expected, code
    assert counts["files"] == len(corpus)


@pytest.mark.trust
@pytest.mark.office
def test_libreoffice_opens_a_sample_and_finds_what_was_written(corpus: list[Path], tmp_path: Path) -> None:
    """LibreOffice opens Excel-made workbooks that we wrote into, and shows the numbers and formulas written."""
    office.require_office()
    written: dict[Path, list[Edit]] = {}
    for path in corpus[::45]:
        data = path.read_bytes()
        try:
            _, edits = next(plans(data))
            applied = apply_edits(Package.open(data), edits)
        except (Refusal, StopIteration):
            continue
        assert applied.data is not None
        copy = tmp_path / path.name
        copy.write_bytes(applied.data)
        written[copy] = edits
    opened = office.recalculate(written, seeded=False)
    found = 0
    for path, edits in written.items():
        for edit in edits:
            if isinstance(edit.value, Decimal) and edit.formula is None:
                assert opened[path].value(edit.sheet, edit.cell) == pytest.approx(float(edit.value)), (path.name, edit)
                found += 1
    print(f"\n  LibreOffice opened {len(opened)} of {len(written)} and showed {found} numbers")
    assert len(opened) == len(written) > 20
    assert found > 20
