"""``kunci`` and ``buka-kunci``: what was reported stays, whatever is corrected later, until somebody unlocks it."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support_cli import Ran, run
from support_fill import LATER, MOMENT, data_of, frozen, with_content
from test_serve import _open_books

from iku_excel.fill import Filled, fill, open_workbook
from iku_excel.findings import Refusal
from iku_excel.form.layout import IKU_CODES
from iku_excel.lock_quarter import Change, Lock, Unlock, change, change_file
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.tablecells import find_table
from tests.grafts import grafted
from tests.grafts.compare import losses
from tests.grafts.moves import edited, rearranged
from tests.grafts.parts import Parts
from tests.judges.excel import assert_excel_accepts
from tests.judges.office import recalculate, require_office

DAY = datetime.date(2026, 1, 20)
pytestmark = pytest.mark.judges_itself  # each workbook that ``changed`` makes, once


def nothing(rows: list[dict[str, object]]) -> None:
    """tblRealisasi with blank rows only."""
    rows[:] = [{} for _ in range(12)]


@cache
def book(triwulan: int = 4) -> bytes:
    """The clean example without anything reported, filled at this quarter."""
    return data_of(with_content(Triwulan=triwulan, tblRealisasi=nothing))


@cache
def changed(data: bytes, request: Lock | Unlock) -> Change:
    """A quarter locked or unlocked; read back, and Excel would open the workbook."""
    made = change(data, request, LATER)
    made.verify(made.data)
    assert_excel_accepts(made.data, data, deep=False)
    return made


def locked(data: bytes, quarter: int = 4, remark: str | None = "LKjIP", **options: Any) -> bytes:
    """The workbook with a quarter locked."""
    return changed(data, Lock(quarter, remark, DAY, **options)).data


def rows_of(data: bytes) -> list[tuple[Any, ...]]:
    """The rows of tblRealisasi that hold something."""
    table = open_workbook(data).inputs.tables["tblRealisasi"]
    rows = zip(*(table.column(heading) for heading in table.headings), strict=True)
    return [row for row in rows if any(cell is not None for cell in row)]


def history(data: bytes) -> list[list[Any]]:
    """The lines of Riwayat."""
    sheet = open_workbook(data).data.outputs["Riwayat"]
    return [sheet.rows(f"A{row}:G{row}")[0] for row in range(5, sheet.last_row + 1)]


def again(data: bytes) -> Filled:
    """The workbook filled once more."""
    return fill(data, LATER + datetime.timedelta(days=1))


def with_budget(data: bytes) -> bytes:
    """The workbook after somebody corrected the budget's realisation, by hand in the XML."""
    parts = Parts(data)
    part = parts.sheet("Anggaran")
    text, count = re.subn(r'(<c r="J\d+"[^>]*><v>)[1-9]\d*', r"\g<1>1", parts.text(part))
    assert count > 5
    parts.content[part] = text.encode()
    return parts.packed()


def test_the_figures_stand_in_blank_rows_exactly_as_computed() -> None:
    """A row for each indicator: year, quarter, code, the double of the unrounded figure, source, day, remark."""
    before = open_workbook(book())
    rows = rows_of(locked(book()))
    serial = float((DAY - datetime.date(1899, 12, 30)).days)
    values = [float(before.result.indices[code] or 0) for code in IKU_CODES]
    assert rows == [
        (2025.0, 4.0, code, value, "Mandiri", serial, "LKjIP") for code, value in zip(IKU_CODES, values, strict=True)
    ]
    assert find_table(Package.open(locked(book())), "tblRealisasi")[1] == find_table(before.package, "tblRealisasi")[1]


def test_the_summary_shows_them_as_reported_at_once() -> None:
    """Filled in the same write: a further run changes nothing, and the source reads "dilaporkan"."""
    data = locked(book())
    result = open_workbook(data).result
    assert [result.shown[code].source for code in IKU_CODES] == ["dilaporkan"] * 3
    assert again(data).data is None


def test_an_earlier_quarter_is_locked_at_its_own_cut_off() -> None:
    """IKU-2 and IKU-3 of Triwulan 2 are those of its last day; IKU-1 can't be computed from today's answers."""
    before = open_workbook(book())
    made = changed(book(), Lock(2, None, DAY))
    own = {code: before.result.shown[code].own[1] for code in IKU_CODES}
    assert [(f.code, f.value) for f in made.figures] == [("IKU-2", own["IKU-2"]), ("IKU-3", own["IKU-3"])]
    assert own["IKU-2"] != before.result.indices["IKU-2"]
    assert [one.code for one in made.left] == ["IKU-1"]
    assert "Setel Triwulan menjadi 2" in made.left[0].fix and "Realisasi" in made.left[0].fix
    assert rows_of(made.data)[0][-1] is None


def test_only_the_first_quarter_of_a_first_quarter() -> None:
    """A quarter after the workbook's own is refused, with the cell to change."""
    with pytest.raises(Refusal) as caught:
        change(book(1), Lock(2, None, DAY), LATER)
    assert (caught.value.code, caught.value.sheet) == ("triwulan-belum-dihitung", "Pengaturan")
    assert caught.value.cell == open_workbook(book(1)).inputs.setting_cells["Triwulan"][1]


def test_a_locked_quarter_is_refused_with_its_figures() -> None:
    """Locking twice: refused, the reported figures named, and how to unlock."""
    data = locked(book())
    with pytest.raises(Refusal) as caught:
        change(data, Lock(4, None, DAY), LATER)
    assert caught.value.code == "triwulan-sudah-terkunci"
    assert all(f"{code} " in caught.value.message for code in IKU_CODES)
    assert "buka-kunci BUKU --triwulan 4" in caught.value.fix


def test_what_was_typed_by_hand_stays_and_the_rest_is_locked() -> None:
    """IKU-1 was reported before: its row is left alone, the other two are locked beside it."""
    data = data_of(with_content(Triwulan=4, tblRealisasi=frozen((2, "IKU-1", 70.5))))
    made = changed(data, Lock(2, None, DAY))
    assert [f.code for f in made.figures] == ["IKU-2", "IKU-3"]
    assert [(one.code, one.fix) for one in made.left] == [("IKU-1", "")]
    assert "70,50" in made.left[0].why
    assert rows_of(made.data)[0][:4] == (2025.0, 2.0, "IKU-1", 70.5)


def test_an_indicator_without_a_value_is_told_and_not_locked() -> None:
    """No complaints, no IKU-3: the others are locked, and once IKU-3 has a value it can follow."""
    data = data_of(with_content(tblRealisasi=nothing, tblKeluhan=lambda rows: rows.clear()))
    made = changed(data, Lock(4, None, DAY))
    assert [f.code for f in made.figures] == ["IKU-1", "IKU-2"]
    assert made.left[0].code == "IKU-3" and "tidak ada keluhan" in made.left[0].why


def test_an_indicator_that_the_unit_does_not_carry_is_passed_over() -> None:
    """Berlaku = Tidak: neither locked nor spoken of."""
    data = data_of(with_content(tblRealisasi=nothing, tblTarget=lambda rows: rows[0].update({"Berlaku": "Tidak"})))
    made = changed(data, Lock(4, None, DAY))
    assert [f.code for f in made.figures] == ["IKU-2", "IKU-3"]
    assert made.left == ()


def test_nothing_to_lock_says_why() -> None:
    """Only IKU-1 is carried and the quarter lies behind: refused, with the way out."""

    def only_first(rows: list[dict[str, object]]) -> None:
        for row in rows[1:]:
            row["Berlaku"] = "Tidak"

    data = data_of(with_content(tblRealisasi=nothing, tblTarget=only_first))
    with pytest.raises(Refusal) as caught:
        change(data, Lock(2, None, DAY), LATER)
    assert caught.value.code == "tidak-ada-yang-dikunci"
    assert "Setel Triwulan" in caught.value.fix


def spoiled() -> bytes:
    """A workbook with mistakes in its budget."""
    return data_of(
        with_content(tblRealisasi=nothing, tblAnggaran=lambda rows: rows[2].update({"Realisasi TW IV": "dua juta"}))
    )


def test_figures_with_mistakes_in_their_data_are_not_locked() -> None:
    """A cell that doesn't count as typed: the figure isn't fit to be reported, and nothing is locked."""
    with pytest.raises(Refusal) as caught:
        change(spoiled(), Lock(4, None, DAY), LATER)
    assert caught.value.code == "ada-kesalahan-data"
    assert "Anggaran" in caught.value.message and "--meski-ada-kesalahan" in caught.value.fix


def test_mistakes_can_be_overruled_and_the_row_says_so() -> None:
    """Somebody must report by tonight: locked, with the number of mistakes in Keterangan and on Riwayat."""
    data = locked(spoiled(), remark="sementara", despite_errors=True)
    assert {row[-1] for row in rows_of(data)} == {"sementara; dikunci meski ada 1 kesalahan data"}
    assert "meski ada 1 kesalahan data" in str(history(data)[-1][-1])


def test_a_full_table_grows() -> None:
    """No blank row left: the table is longer by what is missing, its new rows look like the last one."""
    data = data_of(with_content(tblRealisasi=frozen((1, "IKU-1", 60), (1, "IKU-2", 61))))
    before = find_table(Package.open(data), "tblRealisasi")[1]
    after = locked(data)
    table = open_workbook(after).inputs.tables["tblRealisasi"]
    assert table.length == 5
    assert (before.ref, table.ref) == ("A4:G6", "A4:G9")
    styles = re.findall(r'<c r="[A-G]([69])" s="(\d+)"', Parts(after).text(Parts(after).sheet("Realisasi")))
    looks = [[style for row, style in styles if row == wanted] for wanted in "69"]
    assert looks[0] == looks[1] and len(looks[0]) == 7


def test_riwayat_tells_of_locking_and_unlocking() -> None:
    """A line each though no index changed, with the values and the reason; later runs add none."""
    data = locked(book())
    assert history(data)[-1][1:3] == [2025.0, 4.0]
    note = str(history(data)[-1][-1])
    assert note.startswith("Triwulan 4 tahun 2025 dikunci: IKU-1 ") and note.endswith(". LKjIP")
    opened = changed(data, Unlock(4, "salah unggah"))
    value = f"{open_workbook(book()).result.indices['IKU-1']:.2f}".replace(".", ",")
    said = str(history(opened.data)[-1][-1])
    assert said.startswith(f"Kunci Triwulan 4 tahun 2025 dibuka: salah unggah (nilai semula IKU-1 {value}; IKU-2 ")
    assert len(history(opened.data)) == len(history(book())) + 2
    assert again(opened.data).data is None


def test_unlocking_gives_back_the_workbook_as_it_was() -> None:
    """The rows are blank again and Ringkasan shows today's computation; but for Riwayat all is as before."""
    after = changed(locked(book()), Unlock(4, "koreksi")).data
    assert rows_of(after) == []
    first_, second = open_workbook(book()), open_workbook(after)
    assert second.result == first_.result


def test_unlocking_one_indicator_leaves_the_others() -> None:
    """--iku: only its row goes; another quarter's rows stay too."""
    data = locked(locked(book(), 2), 4)
    made = changed(data, Unlock(4, "koreksi", ("IKU-2",)))
    assert [(row[1], row[2]) for row in rows_of(made.data)] == [
        (2.0, "IKU-2"), (2.0, "IKU-3"), (4.0, "IKU-1"), (4.0, "IKU-3"),
    ]  # fmt: skip


def test_unlocking_takes_older_rows_of_the_same_quarter_too() -> None:
    """Two rows for one figure: with the last one gone, the older must not take its place."""
    data = data_of(with_content(tblRealisasi=frozen((2, "IKU-2", 50), (3, "IKU-2", 51), (2, "iku-2", 52))))
    made = changed(data, Unlock(2, "ganda"))
    assert [f.value for f in made.figures] == [Decimal("52.0")]
    assert [row[:4] for row in rows_of(made.data)] == [(2025.0, 3.0, "IKU-2", 51.0)]


def test_what_is_not_locked_can_not_be_unlocked() -> None:
    """No such row: refused, and nothing is written."""
    with pytest.raises(Refusal) as caught:
        change(locked(book()), Unlock(3, "x", ("IKU-1",)), LATER)
    assert caught.value.code == "triwulan-tidak-terkunci"
    assert "IKU-1 Triwulan 3" in caught.value.message


def test_the_staffs_own_columns_stay() -> None:
    """A column beside ours, in another order of the headings: locking passes its note over, unlocking keeps it."""
    order = ["Nilai", "Dasar Surat", "Kode IKU", "Triwulan", "Tahun", "Keterangan", "Tanggal Kunci", "Sumber"]

    def noted(book: Any) -> None:
        for row in range(5, 17):
            book["Realisasi"][f"B{row}"] = "surat 12/2026" if row == 5 else None

    data = data_of(fill(edited(book(), rearranged("tblRealisasi", order), noted), MOMENT))
    after = locked(data)
    table = open_workbook(after).inputs.tables["tblRealisasi"]
    assert table.column("Dasar Surat")[0] == "surat 12/2026"
    assert table.column("Kode IKU")[:4] == [None, *IKU_CODES]
    made = changed(after, Unlock(4, "koreksi"))
    table = open_workbook(made.data).inputs.tables["tblRealisasi"]
    assert table.column("Dasar Surat") == ["surat 12/2026"]


def test_nothing_else_is_lost(tmp_path: Path) -> None:
    """With every foreign part grafted in, on disk: only cells of Realisasi and of the output sheets differ."""
    before = grafted(data_of(with_content(tblRealisasi=nothing)))
    path = tmp_path / "Buku.xlsx"
    path.write_bytes(before)
    made = change_file(path, Lock(4, None, DAY), LATER)
    assert path.read_bytes() == made.data
    assert_excel_accepts(path, before)
    room = made.room.data
    cells = {"Realisasi": {edit.cell for edit in made.edits}}
    assert losses(room, made.between, cells, chain=True) == []
    one, two = Parts(before), Parts(made.data)
    for name in ("Anggaran", "Keluhan", "Rekap Staf", "Pivot Staf"):
        assert one.content[one.sheet(name)] == two.content[two.sheet(name)], name


@pytest.mark.office
def test_a_later_correction_leaves_the_reported_figure(tmp_path: Path) -> None:
    """Data corrected after the lock: Ringkasan keeps the figure, a finding shows both, LibreOffice agrees."""
    require_office()
    before = locked(book())
    reported = open_workbook(before).result.shown["IKU-2"].now
    corrected = fill(with_budget(before), LATER)
    finding = next(f for f in corrected.findings if f.code == "realisasi-terkunci-berbeda")
    own = corrected.indices["IKU-2"]
    assert own is not None and reported is not None
    assert own < reported - 1
    for value in (own, reported):
        assert f"{value:.2f}".replace(".", ",") in finding.message
    assert corrected.opened.result.shown["IKU-2"].now == reported
    path = tmp_path / "koreksi.xlsx"
    path.write_bytes(data_of(corrected))
    opened = recalculate([path])[path]
    cells = {edit.cell: edit.value for edit in corrected.edits if edit.sheet == "Ringkasan" and edit.formula}
    shown = {cell for cell, value in cells.items() if isinstance(value, Decimal) and value == reported}
    assert shown
    for cell, value in cells.items():
        if isinstance(value, Decimal):
            assert opened.value("Ringkasan", cell) == pytest.approx(float(value), rel=1e-12), cell


@pytest.mark.office
def test_the_official_value_takes_the_place_of_a_locked_one(tmp_path: Path) -> None:
    """BKN's letter comes after the lock: it is shown, the locked figure stays in its row, and NSPK has both."""
    require_office()
    rows = [{"Tahun": 2025, "Triwulan": 4, "Kode IKU": "IKU-1", "Nilai": 77.5, "Sumber": "Mandiri"}]
    filled = with_content(
        tblRealisasi=lambda found: found.__setitem__(slice(None), rows), Indeks_NSPK_BKN=70.18, Sumber_IKU1="BKN"
    )
    shown = filled.opened.result.shown["IKU-1"]
    assert (shown.now, shown.source, shown.frozen[3]) == (Decimal("70.18"), "hasil BKN", Decimal("77.5"))
    path = tmp_path / "bkn.xlsx"
    path.write_bytes(data_of(filled))
    opened = recalculate([path])[path]
    own = filled.indices["IKU-1"]
    assert own is not None
    on_nspk = [v for (sheet, _), v in opened.cells.items() if sheet == "NSPK" and isinstance(v, float)]
    assert any(v == pytest.approx(70.18) for v in on_nspk)
    assert any(v == pytest.approx(float(own)) for v in on_nspk)
    assert "hasil BKN" in [v for (sheet, _), v in opened.cells.items() if sheet == "Ringkasan"]
    with pytest.raises(Refusal, match="IKU-1 77,50"):
        change(locked(data_of(filled)), Lock(4, None, DAY), LATER)


def test_the_official_value_is_locked_as_bkns() -> None:
    """Where Ringkasan shows BKN's value, that is what was reported, with its source."""
    data = data_of(with_content(tblRealisasi=nothing, Indeks_NSPK_BKN=70.18, Sumber_IKU1="BKN"))
    rows = rows_of(locked(data))
    assert rows[0][2:5] == ("IKU-1", 70.18, "BKN")
    assert [row[4] for row in rows[1:]] == ["Mandiri", "Mandiri"]


# --- the commands


def command(tmp_path: Path, data: bytes, *words: str) -> tuple[Ran, bytes]:
    """Run a command on a workbook; what it said and the file afterwards."""
    path = tmp_path / "Buku.xlsx"
    path.write_bytes(data)
    ran = run(words[0], path, *words[1:])
    return ran, path.read_bytes()


def test_locking_from_the_command_line(tmp_path: Path) -> None:
    """The figures are told with their rows, the day and the remark are the ones given."""
    ran, after = command(
        tmp_path, book(), "kunci", "--triwulan", "4", "--tanggal", "2026-01-31", "--keterangan", "rapat 31 Januari"
    )
    assert (ran.status, ran.err) == (0, "")
    assert "Triwulan 4 tahun 2025 dikunci." in ran.out and "lembar Realisasi baris 5" in ran.out
    assert rows_of(after)[0][5:] == (46053.0, "rapat 31 Januari")


def test_dry_run_writes_nothing(tmp_path: Path) -> None:
    """--dry-run tells the same and leaves the bytes, for both commands."""
    ran, after = command(tmp_path, book(), "kunci", "--triwulan", "4", "--dry-run")
    assert (ran.status, after) == (0, book())
    assert "akan dikunci" in ran.out
    data = locked(book())
    ran, after = command(tmp_path, data, "buka-kunci", "--triwulan", "4", "--alasan", "x", "--dry-run")
    assert (ran.status, after) == (0, data)
    assert "akan dibuka" in ran.out


def test_what_could_not_be_locked_is_told_with_exit_status_1(tmp_path: Path) -> None:
    """IKU-1 of an earlier quarter: on stderr, with what to do; the others are locked."""
    ran, after = command(tmp_path, book(), "kunci", "--triwulan", "2")
    assert ran.status == 1
    assert "IKU-1 tidak dikunci" in ran.err
    assert len(rows_of(after)) == 2


def test_a_refusal_leaves_the_file(tmp_path: Path) -> None:
    """Three lines on stderr, exit status 1, the same bytes."""
    data = locked(book())
    ran, after = command(tmp_path, data, "kunci", "--triwulan", "4")
    assert (ran.status, len(ran.complaint), after) == (1, 3, data)
    ran, after = command(tmp_path, data, "buka-kunci", "--triwulan", "1", "--alasan", "x")
    assert (ran.status, len(ran.complaint), after) == (1, 3, data)


@pytest.mark.parametrize(
    "words",
    [
        "kunci a.xlsx",
        "kunci --triwulan 1",
        "kunci a.xlsx --triwulan 5",
        "kunci a.xlsx --triwulan 1 --tanggal 31-01-2026",
        "kunci a.xlsx --triwulan 1 --keterangan ",
        "buka-kunci a.xlsx --triwulan 1",
        "buka-kunci a.xlsx --triwulan 1 --alasan x --iku IKU-9",
    ],
)
def test_a_wrong_command_line(words: str) -> None:
    """Exit status 2 and three lines, before any file is looked at."""
    ran = run(*words.split(" "))
    assert (ran.status, len(ran.complaint)) == (2, 3)


def test_a_remark_that_looks_like_a_formula_stays_a_text(tmp_path: Path) -> None:
    """What people type is never computed."""
    _, after = command(tmp_path, book(), "kunci", "--triwulan", "4", "--keterangan", "=1+1")
    assert rows_of(after)[0][-1] == "=1+1"
    assert "<f>1+1</f>" not in Parts(after).text(Parts(after).sheet("Realisasi"))


def test_a_full_table_of_an_open_workbook_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Excel's own table can't grow from outside: close the book and run on the file."""
    excel = _open_books(monkeypatch, r"C:\a\Satu.xlsx")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    full = data_of(with_content(tblRealisasi=frozen((1, "IKU-1", 60), (1, "IKU-2", 61))))

    def saved(_: object, target: str) -> None:
        Path(target).write_bytes(full)

    monkeypatch.setattr(type(excel.books[0]), "SaveCopyAs", saved, raising=False)
    ran = run("kunci", "--buku-terbuka", "--triwulan", "4")
    assert (ran.status, len(ran.complaint)) == (1, 3)
    assert "tutup buku kerja" in ran.err and "Satu.xlsx" in ran.err
    assert list((tmp_path / ".iku-excel").iterdir()) == []


@pytest.mark.office
def test_a_workbook_open_in_libreoffice_is_locked_and_unlocked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the open document: rows and summary at once, so that the closed port finds nothing to write; then back."""
    from support_live import live_office, saved

    office = live_office(monkeypatch)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    with office.opened(book(), "Kunci 1.xlsx") as document:
        ran = run("kunci", "Kunci 1.xlsx", "--buku-terbuka", "--triwulan", "4", "--keterangan", "=rapat")
        assert ran.status == 0, ran.err
        copy = saved(document)
        assert [row[2] for row in rows_of(copy)] == list(IKU_CODES)
        assert {row[-1] for row in rows_of(copy)} == {"=rapat"}
        assert again(copy).changed == ()
        ran = run("buka-kunci", "Kunci 1.xlsx", "--buku-terbuka", "--triwulan", "4", "--alasan", "salah")
        assert ran.status == 0, ran.err
        copy = saved(document)
    assert rows_of(copy) == []
    assert "dibuka: salah" in str(history(copy)[-1][-1])
    assert list((tmp_path / ".iku-excel").iterdir()) == []
