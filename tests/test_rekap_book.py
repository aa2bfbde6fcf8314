"""The recap's files: what stands in them, that Excel takes them, that nobody's data is in them, and what is refused."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from iku_excel.batch import Batch
from iku_excel.form.outputs import SEAL
from iku_excel.indicators.achievement import round2
from iku_excel.paths import given
from iku_excel.recap.beside import as_csv, as_parquet
from iku_excel.recap.book import BOUNDS, MARK, build_recap, is_recap
from iku_excel.recap.columns import TABLE_NAMES, long_tables
from iku_excel.recap.frames import frame
from iku_excel.recap.gather import gather
from iku_excel.recap.make import gather_all
from iku_excel.recap.pages import pages
from iku_excel.recap.roll import Roll, Unread
from tests.judges import office
from tests.judges.excel import assert_excel_accepts
from tests.support_cli import foreign, good, run, shell
from tests.support_rekap import NIPS, PLANTED, book, folder_of, rolled

pytestmark = pytest.mark.judges_itself
"""The workbooks to gather are made by edits of cells, some hundred of them: one is judged for all."""

SHEETS = [
    *("Ringkas", "Data", "Matriks", "Peringkat", "Tren", "Komponen", "Elemen Terlemah", "Temuan"),
    *("Perlu Perhatian", "Tidak Terbaca"),
]
HEADER, FIRST = 5, 6
UGLY = "CONTOH Dinas Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk dan Keluarga Berencana"


@pytest.fixture(scope="module")
def whole() -> Roll:
    """Four agencies over two years, with a duplicate, a gap, a long name, two quarters and an unread file."""
    return rolled(
        book("CONTOH Dinas A", 2024, score=5),
        book("CONTOH Dinas A", 2025, score=7.25),
        book("CONTOH Dinas B", 2025, quarter=2, score=9),
        book("CONTOH Dinas B", 2025, quarter=3, score=9.1),
        book(UGLY, 2025, score=1, carried="13"),
        book("CONTOH Dinas C", 2025, score=2),
        book("CONTOH dinas C", 2025, score=3, filled=False),
        unread=(Unread("rusak.xlsx", "berkas-rusak", "Berkas ini rusak.", "Target, B5", "Pakai salinan cadangan."),),
    )


@pytest.fixture(scope="module")
def made(whole: Roll) -> bytes:
    """Their recap."""
    return build_recap(whole)


def rows_of(data: bytes, sheet: str) -> list[dict[str, Any]]:
    """A sheet's table, read by a library that isn't ours and didn't write it."""
    lines = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    heads = [str(head) for head in lines[HEADER - 1]]
    return [dict(zip(heads, line, strict=True)) for line in lines[FIRST - 1 :]]


def test_excel_takes_every_recap(whole: Roll, made: bytes) -> None:
    """Judged whole: the usual one, one without anything to compare, one of many years."""
    assert_excel_accepts(made)
    assert_excel_accepts(build_recap(rolled(book(), book())))
    assert_excel_accepts(build_recap(rolled(*(book(year=year) for year in range(2019, 2028)))))


def test_the_same_records_give_the_same_bytes(whole: Roll, made: bytes) -> None:
    """No clock and no chance is in it."""
    assert build_recap(whole) == made


def test_the_sheets_their_tables_and_their_looks(made: bytes) -> None:
    """Ten sheets in order; each but the first one Excel table, with its header in sight and on every page."""
    workbook = openpyxl.load_workbook(io.BytesIO(made))

    assert workbook.sheetnames == SHEETS
    for sheet in workbook.worksheets[1:]:
        (table,) = sheet.tables.values()
        assert table.ref.startswith(f"A{HEADER}:")
        assert table.name.startswith("tblRekap")
        assert sheet.freeze_panes and sheet.freeze_panes.endswith(str(FIRST))
        assert sheet.print_title_rows == f"${HEADER}:${HEADER}"
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == ("landscape", 1)
        assert all(cell.alignment.wrap_text for cell in sheet[HEADER])
    matrix = workbook["Matriks"]
    scales = [rule for rules in matrix.conditional_formatting for rule in rules.rules]
    assert len(scales) == 10
    assert all([float(step.val) for step in scale.colorScale.cfvo] == list(BOUNDS) for scale in scales)
    assert matrix["D6"].number_format == "#,##0.00"


def test_the_data_are_the_records_rounded_by_nobody(whole: Roll, made: bytes) -> None:
    """Every workbook and indicator has its row, with the figure itself as Excel's number."""
    rows = rows_of(made, "Data")

    assert len(rows) == 3 * len(whole.records)
    for row, (record, figures) in zip(rows, ((r, f) for r in whole.records for f in r.indicators), strict=True):
        assert (row["Perangkat Daerah"], row["Tahun"], row["IKU"]) == (whole.unit(record), record.year, figures.code)
        assert row["Realisasi"] == ("" if figures.value is None else float(figures.value))
        assert row["Capaian"] == ("" if figures.capaian is None else float(figures.capaian))
        assert row["Berkas"] == record.file
    assert [row["Diperbandingkan"] for row in rows].count("Tidak") == 9


def test_an_independent_program_finds_the_same_averages_and_ranks(made: bytes) -> None:
    """pandas over the sheet Data gives what Ringkas, Peringkat and Tren say."""
    data = pd.DataFrame(rows_of(made, "Data"))
    data["Realisasi"] = pd.to_numeric(data["Realisasi"])
    compared = data[(data["Diperbandingkan"] == "Ya") & data["Realisasi"].notna()]
    means = compared.groupby(["Tahun", "IKU"])["Realisasi"].mean()
    front = openpyxl.load_workbook(io.BytesIO(made))["Ringkas"]

    assert [front[f"D{row}"].value for row in (7, 8, 9)] == ["2024", "2025", None]
    for row, year in ((7, 2024), (8, 2025)):
        for column, code in zip("FGH", ("IKU-1", "IKU-2", "IKU-3"), strict=True):
            cell = front[f"{column}{row}"].value
            expected = means.get((year, code))
            assert cell == ("–" if expected is None else pytest.approx(expected, rel=1e-12))
    compared = compared.assign(shown=[float(round2(_exact(v))) for v in compared["Realisasi"]])
    ranks = compared.groupby(["IKU", "Tahun"])["shown"].rank(ascending=False, method="min").astype(int)
    told = {(r["IKU"], r["Tahun"], r["Perangkat Daerah"]): r["Peringkat"] for r in rows_of(made, "Peringkat")}
    keys = zip(compared["IKU"], compared["Tahun"], compared["Perangkat Daerah"], strict=True)
    assert told == dict(zip(keys, ranks, strict=True))
    trend = {(r["IKU"], r["Perangkat Daerah"]): r for r in rows_of(made, "Tren")}
    assert trend["IKU-1", "CONTOH Dinas A"]["Perubahan"] == 22.5
    assert trend["IKU-1", "CONTOH Dinas B"]["Perubahan"] == "", "there is no 2024"
    assert ("IKU-2", UGLY) not in trend, "it doesn't carry that one"


def _exact(value: float) -> Any:
    from decimal import Decimal

    return Decimal(repr(value))


def test_the_matrix_says_what_is_not_carried_and_what_is_missing(made: bytes) -> None:
    """A word where a figure isn't: never an empty cell that might be a 0, never a 0."""
    rows = {(r["Perangkat Daerah"], r["Tahun"]): r for r in rows_of(made, "Matriks")}

    assert set(rows) == {("CONTOH Dinas A", 2024), ("CONTOH Dinas A", 2025), ("CONTOH Dinas B", 2025), (UGLY, 2025)}
    assert rows["CONTOH Dinas B", 2025]["TW"] == "III"
    assert rows["CONTOH Dinas B", 2025]["Realisasi IKU-1"] == 91
    assert {rows[UGLY, 2025][f"{word} IKU-2"] for word in ("Realisasi", "Capaian")} == {"tidak berlaku"}
    assert rows[UGLY, 2025]["Sarpras"] == "tidak berlaku"
    assert rows["CONTOH Dinas A", 2024]["Realisasi IKU-2"] == "–"


def test_what_is_wrong_stands_on_its_own_sheets(made: bytes) -> None:
    """Unread files with place and mend; the rest by kind."""
    (lost,) = rows_of(made, "Tidak Terbaca")
    matters = rows_of(made, "Perlu Perhatian")

    assert list(lost.values()) == [
        "rusak.xlsx", "Berkas ini rusak.", "Target, B5", "Pakai salinan cadangan.", "berkas-rusak",
    ]  # fmt: skip
    kinds = [row["Perkara"] for row in matters]
    assert kinds == ["tidak terbaca", "ganda", "ganda", "lebih lama dari datanya", "kesalahan data", "penulisan nama"]
    assert all(row["Yang Harus Dilakukan"] for row in matters)
    assert {row["Kode"] for row in rows_of(made, "Temuan")} >= {"kanal-tidak-dikenal", "triwulan-belum-dikunci"}


def test_the_charts_read_cells_that_hold_numbers_and_say_what_they_show(made: bytes) -> None:
    """Four native charts with a text for screen readers; each range is inside its table, and every cell is a figure."""
    workbook = openpyxl.load_workbook(io.BytesIO(made))
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        parts = [name for name in package.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]
        texts = [package.read(name).decode() for name in parts]
        frames = package.read("xl/drawings/drawing1.xml").decode()
    assert len(texts) == 4
    alts = re.findall(r'descr="([^"]+)"', frames)
    assert len(alts) == 4
    assert all("Angkanya di lembar" in alt for alt in alts)
    for text in texts:
        for reference in re.findall(r"<(?:c:)?val>.*?<(?:c:)?f>([^<]+)<", text, re.DOTALL):
            sheet, _, area = reference.replace("'", "").partition("!")
            cells = [cell for row in workbook[sheet][area.replace("$", "")] for cell in row]
            assert cells
            assert all(isinstance(cell.value, int | float) or cell.value == "–" for cell in cells), reference


def test_text_is_never_a_formula_anywhere(tmp_path: Path) -> None:
    """An agency, a predicate and a file that begin with = + - @: texts in the recap, and with a mark in CSV."""
    names = ("=1+1", "+CONTOH", "-CONTOH", "@SUM(A1)", "#N/A")
    odd = rolled(*(book(name, scale='=HYPERLINK("http://x","y")') for name in names))
    made = build_recap(odd)
    assert_excel_accepts(made)

    with zipfile.ZipFile(io.BytesIO(made)) as package:
        sheets = [package.read(name) for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not [sheet for sheet in sheets if re.search(rb"<(?:\w+:)?f[\s>]", sheet)]
    assert not [sheet for sheet in sheets if b't="e"' in sheet]
    told = {row["Perangkat Daerah"] for row in rows_of(made, "Data")}
    assert told == set(names)
    for table in long_tables(odd):
        for line in csv.reader(io.StringIO(as_csv(table).decode("utf-8-sig")), delimiter=";"):
            assert not [cell for cell in line if cell.startswith(("=", "+", "-", "@"))], line


@pytest.fixture(scope="module")
def produced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything that a recap can write, of workbooks full of planted people."""
    place = tmp_path_factory.mktemp("rekap")
    folder_of(place / "buku", a=book("CONTOH A"), b=book("CONTOH B", 2024), c=book("CONTOH B", 2024))
    ran = run("rekap", place / "buku", "-o", place / "rekap.xlsx", "--csv", "--parquet", "--json")
    (place / "said.txt").write_text(ran.out + ran.err, encoding="utf-8")
    return place


def test_nobody_is_in_any_of_it(produced: Path) -> None:
    """Complainants, employees, persons in charge, signatories and their texts: in no part of any file, nor said."""
    with zipfile.ZipFile(produced / "buku" / "a.xlsx") as package:
        planted = b"".join(map(package.read, package.namelist()))
    assert planted.count(PLANTED.encode()) > 100 and all(nip.encode() in planted for nip in NIPS), (
        "the plants are there"
    )
    for path in (produced / "buku").iterdir():
        seal = openpyxl.load_workbook(path)["Riwayat"][SEAL].value
        assert "; rekap=" in seal and PLANTED not in seal and not [nip for nip in NIPS if nip in seal]
    searched = 0
    for path, text in _texts(produced):
        searched += 1
        assert PLANTED not in text, path
        assert not [nip for nip in NIPS if nip in text], path
    assert searched > 2 * len(TABLE_NAMES) + 20


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Everything that the recap wrote, as text."""
    for path in sorted(folder.iterdir()):
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as package:
                for name in package.namelist():
                    yield f"{path.name}/{name}", package.read(name).decode("utf-8")
        elif path.suffix == ".parquet":
            yield path.name, pd.read_parquet(path).to_csv() + path.read_bytes().decode("latin-1")
        elif path.is_file():
            yield path.name, path.read_text(encoding="utf-8-sig")


def test_where_somebody_keeps_the_files_is_not_told(produced: Path) -> None:
    """A file is named by its way from the folder given."""
    data = (produced / "rekap.xlsx").read_bytes()

    assert {row["Berkas"] for row in rows_of(data, "Data")} == {"a.xlsx", "b.xlsx", "c.xlsx"}
    for path, text in _texts(produced):
        if path != "said.txt":
            assert str(produced) not in text, path


def test_csv_and_parquet_hold_the_same_figures(produced: Path, whole: Roll) -> None:
    """Read back by pandas, one as Excel in Indonesian would, the other as it is; to the 8 decimals of CSV."""
    for name in TABLE_NAMES:
        table = next(t for t in long_tables(whole) if t.name == name)
        spelled = pd.read_csv(
            io.BytesIO(as_csv(table)), sep=";", decimal=",", encoding="utf-8-sig", keep_default_na=False, na_values=[""]
        )
        stored = pd.read_parquet(io.BytesIO(as_parquet(table)))
        assert list(stored.columns) == [column.name for column in table.columns]
        assert list(spelled.columns) == [column.heading for column in table.columns]
        pd.testing.assert_frame_equal(stored, frame(table))
        for column in table.columns:
            left, right = spelled[column.heading], stored[column.name]
            if column.kind == "desimal":
                pd.testing.assert_series_equal(
                    left.astype("float64"), right, check_names=False, rtol=0, atol=5.1e-9
                )  # half of the last decimal
            elif column.kind == "tanggal":
                assert list(pd.to_datetime(left)) == list(right)
            else:
                assert left.fillna("").astype(str).tolist() == right.astype("string").fillna("").tolist()


def test_the_command_tells_what_it_made(produced: Path) -> None:
    """--json: one object; the duplicate is told on stderr, and costs exit status 1."""
    out, _, err = (produced / "said.txt").read_text(encoding="utf-8").partition("\n")
    told = json.loads(out)

    assert (told["workbooks"], told["units"], told["compared"], told["years"]) == (3, 2, 1, [2025])
    assert told["averages"] == {"2025": {"IKU-1": 50.0, "IKU-2": 80.25, "IKU-3": 75.0}}
    assert [m["kind"] for m in told["attention"]][:2] == ["ganda", "ganda"]
    assert len(told["files"]) == 1 + 2 * len(TABLE_NAMES)
    assert all(Path(path).exists() for path in told["files"])
    assert err.strip() == "Ganda: CONTOH B, TW IV 2024: b.xlsx, c.xlsx"


def test_the_trouble_of_one_never_stops_the_others(tmp_path: Path) -> None:
    """Torn, foreign, empty, not a workbook: each told, the rest in the recap; foreign ones pass in silence."""
    folder_of(
        tmp_path / "buku", a=book("CONTOH A"), robek=good()[:4000], asing=foreign(), kosong=b"", teks=b"halo", z=book()
    )
    before = {path: path.read_bytes() for path in (tmp_path / "buku").iterdir()}

    ran = run("rekap", tmp_path / "buku", "-o", tmp_path / "rekap.xlsx")

    assert ran.status == 1
    assert ran.err.count("Gagal:") == 3
    assert "2 buku kerja dari 2 perangkat daerah" in ran.out and "3 tidak terbaca" in ran.out
    made = (tmp_path / "rekap.xlsx").read_bytes()
    assert [row["Berkas"] for row in rows_of(made, "Tidak Terbaca")] == ["kosong.xlsx", "robek.xlsx", "teks.xlsx"]
    assert {path: path.read_bytes() for path in (tmp_path / "buku").iterdir()} == before, "only read"


def test_a_recap_beside_the_workbooks_is_passed_over(tmp_path: Path) -> None:
    """`isi` and `rekap` over the folder don't take it for a workbook; it is replaced only when that is asked for."""
    folder_of(tmp_path, a=book())
    recap = tmp_path / "rekap.xlsx"
    assert run("rekap", tmp_path, "-o", recap).status == 0
    first = recap.read_bytes()

    assert run("isi", tmp_path).status == 0
    assert recap.read_bytes() == first
    refused = run("rekap", tmp_path, "-o", recap)
    assert refused.status == 1 and "sudah ada" in refused.err
    (tmp_path / "b.xlsx").write_bytes(book("CONTOH B"))
    assert run("rekap", tmp_path, "-o", recap, "--timpa").status == 0
    assert "2 buku kerja" in run("rekap", tmp_path, "-o", recap, "--timpa").out
    assert recap.read_bytes() != first and is_recap(recap.read_bytes())


@pytest.mark.parametrize("kind", ["workbook", "foreign"])
def test_nothing_but_a_recap_is_ever_replaced(kind: str, tmp_path: Path) -> None:
    """A workbook of the staff's or another's table under the name of the recap stays as it is, --timpa or not."""
    folder_of(tmp_path / "buku", a=book())
    target = tmp_path / "rekap.xlsx"
    target.write_bytes(good() if kind == "workbook" else foreign())
    before = target.read_bytes()

    ran = run("rekap", tmp_path / "buku", "-o", target, "--timpa")

    assert ran.status == 1 and "bukan rekap" in ran.err
    assert target.read_bytes() == before
    assert not is_recap(before)


def test_a_file_beside_it_in_the_way_stops_it_before_the_work(tmp_path: Path) -> None:
    """Somebody's CSV of that name: told at once, and nothing is written."""
    folder_of(tmp_path / "buku", a=book())
    (tmp_path / "rekap-elemen.csv").write_text("catatan;saya\n", encoding="utf-8")

    ran = run("rekap", tmp_path / "buku", "-o", tmp_path / "rekap.xlsx", "--csv", "--timpa")

    assert ran.status == 1 and "rekap-elemen.csv bukan CSV rekap" in ran.err
    assert not (tmp_path / "rekap.xlsx").exists()
    assert (tmp_path / "rekap-elemen.csv").read_text(encoding="utf-8") == "catatan;saya\n"


def test_without_a_readable_workbook_there_is_no_recap(tmp_path: Path) -> None:
    """An empty folder and one with nothing readable: told, and no file is made."""
    folder_of(tmp_path / "buku", teks=b"halo")
    (tmp_path / "kosong").mkdir()
    for folder in ("buku", "kosong", "tiada"):
        ran = run("rekap", tmp_path / folder, "-o", tmp_path / "rekap.xlsx")
        assert ran.status == 1 and "rekap tidak dibuat" in ran.err, folder
    assert not (tmp_path / "rekap.xlsx").exists()


def test_two_processes_make_the_same_recap(tmp_path: Path) -> None:
    """-j 2, in a process of its own: byte for byte what one process makes, whoever finishes first."""
    folder_of(
        tmp_path / "buku",
        a=book("CONTOH A"),
        b=book("CONTOH B"),
        c=good(),
        d=book("CONTOH D"),
        e=b"x",
        f=book("CONTOH A"),
    )

    one = run("rekap", tmp_path / "buku", "-o", tmp_path / "satu.xlsx")
    two = shell("rekap", tmp_path / "buku", "-o", tmp_path / "dua.xlsx", "-j", "2")

    assert (one.status, two.status) == (1, 1)
    assert two.out.replace("dua.xlsx", "satu.xlsx") == one.out
    assert (tmp_path / "satu.xlsx").read_bytes() == (tmp_path / "dua.xlsx").read_bytes()


def test_files_of_one_name_keep_apart(tmp_path: Path) -> None:
    """Two folders given: each file with its folder; two files of one name by what was typed."""
    one, two = folder_of(tmp_path / "2024", a=book(year=2024)), folder_of(tmp_path / "2025", a=book())

    whole = _gathered(str(one), str(two))
    assert [r.file for r in whole.records] == ["2024/a.xlsx", "2025/a.xlsx"]
    named = _gathered(str(one / "a.xlsx"), str(two / "a.xlsx"))
    assert [Path(r.file).name for r in named.records] == ["a.xlsx", "a.xlsx"]
    assert len({r.file for r in named.records}) == 2


def _gathered(*paths: str) -> Roll:
    groups = given(paths)
    return gather_all(groups, Batch(groups, gather), refused=lambda refusal: pytest.fail(refusal.message))


def test_a_recap_is_known_after_excel_saved_it(made: bytes) -> None:
    """By its defined name, which any program keeps."""
    workbook, out = openpyxl.load_workbook(io.BytesIO(made)), io.BytesIO()
    workbook.save(out)

    assert is_recap(out.getvalue())
    assert MARK in workbook.defined_names
    assert not is_recap(b"halo")


@pytest.mark.trust
@pytest.mark.office
def test_it_prints_as_it_should(whole: Roll, made: bytes, tmp_path: Path) -> None:
    """Ringkas on one page; a table of several pages repeats its header; long names are whole."""
    office.require_office()
    path = tmp_path / "rekap.xlsx"
    path.write_bytes(build_recap(rolled(*(book(f"CONTOH Dinas {n:02d}", score=n / 2) for n in range(16)), book(UGLY))))

    printed: dict[str, list[str]] = {}
    for page in office.printed_pages(path):
        footer = page.rstrip().splitlines()[-1]
        printed.setdefault(re.split(r"\s{2,}", footer.strip())[0], []).append(page)

    assert list(printed) == SHEETS
    (front,) = printed["Ringkas"]
    assert "Rata-rata menurut tahun" in front
    assert len(printed["Data"]) > 1
    assert all("Diperbandingkan" in page for page in printed["Data"])
    words = re.sub(r"\s+", " ", " ".join(printed["Matriks"]))
    assert all(word in words for word in UGLY.replace(",", "").split())


def test_pages_fit_their_columns(whole: Roll) -> None:
    """Every row has a value for every column, whatever the records are."""
    for each in (whole, rolled(book(), book()), rolled(book(carried="2"))):
        for page in pages(each):
            assert all(len(row) == len(page.columns) for row in page.rows), page.sheet
