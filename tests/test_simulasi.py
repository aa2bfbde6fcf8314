"""The command ``simulasi``: from a workbook to what would reach a target, on the terminal, as JSON, on a sheet."""

from __future__ import annotations

import datetime
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from support_cli import MOMENT, Ran, example, good, run, small_content, unfilled

from iku_excel.cells import Cell
from iku_excel.create import new_book
from iku_excel.fill import Opened, open_workbook
from iku_excel.form.compute import compute
from iku_excel.form.inputs import Inputs
from iku_excel.form.simulation import Scenario, simulate
from iku_excel.form.simulation_words import TITLE
from iku_excel.form.template import build
from iku_excel.form.template.content import Content
from iku_excel.indicators.what_if import FollowUpPlan, NspkPlan, reached
from iku_excel.indicators.what_if_secretariat import IncompleteIndex, SecretariatPlan
from iku_excel.simulate import with_sheet
from iku_excel.tell_simulation import NARROWEST, WIDEST, simulation_lines
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.reader import TableData
from tests.judges.excel import assert_excel_accepts
from tests.support_random import random_content

D = Decimal
_Day = datetime.date


def _with(**changes: Any) -> Opened:
    """The small workbook with other settings or tables."""
    return open_workbook(build(2025, _content(**changes)))


def _content(**changes: Any) -> Content:
    base = small_content()
    tables = {k: v for k, v in changes.items() if k.startswith("tbl")}
    settings = {k: v for k, v in changes.items() if not k.startswith("tbl")}
    return Content({**base.settings, **settings}, {**base.tables, **tables})


def _one(opened: Opened, code: str, target: str) -> Scenario:
    return simulate(opened.inputs, opened.result, {code: D(target)}).scenarios[0]


def _changed(inputs: Inputs, table: str, columns: Mapping[str, Sequence[Cell]]) -> Inputs:
    """The inputs with whole columns of one table replaced."""
    data = inputs.tables[table]
    cells = {heading: list(columns.get(heading, data.column(heading))) for heading in data.headings}
    made = TableData.of(table, data.sheet, cells, first_row=data.first_row, first_col=data.first_col)
    return replace(inputs, tables={**inputs.tables, table: made})


def _index(inputs: Inputs, code: str) -> Decimal:
    value = compute(inputs).indices[code]
    assert value is not None
    return value


def _book(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# what is proposed, done in the workbook


def _answered(inputs: Inputs, scenario: Scenario, less: Decimal | int = 0) -> Inputs:
    """The inputs with the questions answered as proposed; the last one with so many points less."""
    skor = list(inputs.questions.skor)
    for n, q in enumerate(scenario.questions, 1):
        score = (q.gain.score or D(0)) + q.gain.gain - (less if n == len(scenario.questions) else 0)
        skor[q.gain.row] = float(score)
    return _changed(inputs, "tblPertanyaan", {"Skor": skor})


@pytest.mark.parametrize("name", ["bersih", "kesalahan-umum", "belum-lengkap"])
@pytest.mark.parametrize("target", ["80.5", "93"])
def test_answering_as_told_reaches_the_target(name: str, target: str) -> None:
    """IKU-1 of an example, computed anew with the proposed scores, reaches; a hundredth point less doesn't."""
    opened = open_workbook(example(name))
    scenario = _one(opened, "IKU-1", target)
    assert isinstance(scenario.plan, NspkPlan) and scenario.plan.exact is not None and scenario.questions

    assert reached(_index(_answered(opened.inputs, scenario), "IKU-1"), D(target))
    over = (scenario.plan.points or D(0)) - scenario.plan.exact
    assert not reached(_index(_answered(opened.inputs, scenario, over + D("0.01")), "IKU-1"), D(target))


@pytest.mark.parametrize("seed", range(6))
def test_random_workbooks_reach_what_is_proposed(seed: int) -> None:
    """Spoiled random workbooks: IKU-1 reaches by the questions proposed, and IKU-2 and IKU-3 are always told."""
    year, content = random_content(seed + 700, 0.1)
    opened = open_workbook(build(year, content))
    simulation = simulate(opened.inputs, opened.result, {f"IKU-{n}": D("85.5") for n in (1, 2, 3)})
    assert len(list(simulation_lines(simulation, 80))) > 5
    scenario = simulation.scenarios[0]
    carried = opened.inputs.carries("IKU-1")
    assert (scenario.status == "tidak berlaku") == (not carried)
    if isinstance(scenario.plan, NspkPlan) and scenario.status == "dapat dicapai":
        assert reached(_index(_answered(opened.inputs, scenario), "IKU-1"), D("85.5"))


def test_training_as_many_as_told_reaches_the_target() -> None:
    """IKU-2: so many more active employees with a training reach it, one fewer doesn't."""
    opened = open_workbook(example("bersih"))
    plan = _one(opened, "IKU-2", "85").plan
    assert isinstance(plan, SecretariatPlan)
    diklat = next(r for r in plan.alone if r.component.code == "diklat")
    assert diklat.enough
    inputs = opened.inputs
    done = set(inputs.trainings.nip)
    untrained = [nip for nip, active in zip(inputs.employees.nip, inputs.employees.aktif, strict=True)
                 if active == "Ya" and nip not in done]  # fmt: skip
    day = next(cell for cell in inputs.trainings.selesai if isinstance(cell, float) and cell < inputs.period.cutoff())
    for fewer, expected in ((0, True), (1, False)):
        nips = untrained[: int(diklat.more) - fewer]
        data = inputs.tables["tblDiklat"]
        columns: dict[str, list[Cell]] = {h: [*data.column(h), *[None] * len(nips)] for h in data.headings}
        columns["NIP"][-len(nips) :], columns["Selesai"][-len(nips) :] = nips, [day] * len(nips)
        changed = _changed(inputs, "tblDiklat", columns)
        assert reached(_index(changed, "IKU-2"), D(85)) == expected


def test_spending_as_told_reaches_the_target() -> None:
    """IKU-2: the rupiah said, added to the realisasi of one sub kegiatan, give the index said."""
    opened = _with()
    plan = _one(opened, "IKU-2", "50").plan
    assert isinstance(plan, SecretariatPlan)
    anggaran = next(r for r in plan.alone if r.component.code == "anggaran")
    # 50 - 43.0833… = 6.91666… points; a rupiah of 1,000 gives 0.03: 230.55… are needed
    assert (anggaran.more, anggaran.enough) == (231, True)
    spent: list[Cell] = [700.0, 300.0 + 231, None]
    assert reached(_index(_changed(opened.inputs, "tblAnggaran", {"Realisasi TW IV": spent}), "IKU-2"), D(50))
    spent = [700.0, 300.0 + 230, None]
    assert not reached(_index(_changed(opened.inputs, "tblAnggaran", {"Realisasi TW IV": spent}), "IKU-2"), D(50))


def test_following_up_as_many_as_told_reaches_the_target() -> None:
    """IKU-3 of an example: so many open complaints followed up reach it, one fewer doesn't."""
    opened = open_workbook(example("bersih"))
    inputs = opened.inputs
    plan = _one(opened, "IKU-3", "97.5").plan
    assert isinstance(plan, FollowUpPlan) and plan.needed
    # 218 counted, 200 followed up: 97.5 % are 212.55, so 213
    assert (plan.counted, plan.followed, plan.needed, plan.left) == (218, 200, 13, 18)
    cells = list(inputs.complaints.tindak_lanjut)
    value = opened.result.indices["IKU-3"]
    for i, cell in enumerate(cells):
        trial = [*cells[:i], inputs.period.cutoff() - 1, *cells[i + 1 :]]
        if cell is None and _index(_changed(inputs, "tblKeluhan", {"Tanggal Tindak Lanjut": trial}), "IKU-3") != value:
            open_rows = [j for j, c in enumerate(cells) if c is None and j >= i]
            break
    counted = []
    for row in open_rows:
        trial = list(cells)
        trial[row] = inputs.period.cutoff() - 1
        if _index(_changed(inputs, "tblKeluhan", {"Tanggal Tindak Lanjut": trial}), "IKU-3") != value:
            counted.append(row)
    assert len(counted) == plan.left
    for fewer, expected in ((0, True), (1, False)):
        trial = list(cells)
        for row in counted[: plan.needed - fewer]:
            trial[row] = inputs.period.cutoff() - 1
        changed = _changed(inputs, "tblKeluhan", {"Tanggal Tindak Lanjut": trial})
        assert reached(_index(changed, "IKU-3"), D("97.5")) == expected


@pytest.mark.parametrize("finished_only", ["Tidak", "Ya"])
def test_late_ones_among_the_open_complaints(finished_only: str) -> None:
    """Of three open complaints one is past its 5 working days at the year's end; an archived one is none."""
    rows = [
        {"Tanggal Masuk": _Day(2025, 3, 3), "Klasifikasi": "Keluhan"},
        {"Tanggal Masuk": _Day(2025, 12, 30), "Klasifikasi": "Keluhan", "Status": "Proses"},
        {"Tanggal Masuk": _Day(2025, 3, 3), "Klasifikasi": "Keluhan", "Status": "Arsip"},
        {"Tanggal Masuk": _Day(2025, 12, 29), "Klasifikasi": "Pengaduan", "Tanggal Tindak Lanjut": _Day(2026, 1, 9)},
        {"Tanggal Masuk": _Day(2025, 5, 5), "Klasifikasi": "Keluhan", "Tanggal Tindak Lanjut": _Day(2025, 8, 5)}
        | {"Status": "Selesai"},
    ]  # fmt: skip
    found = _one(_with(tblKeluhan=rows, Hanya_Selesai=finished_only), "IKU-3", "100").complaints
    assert found is not None
    assert (found.left, found.late, found.followed_late) == (3, 1, 1)


# what is said


def test_the_small_workbook_by_hand() -> None:
    """IKU-1 is 8 of 16 points; 80 % are 12.8: 4.8 points, 5 whole ones, all of them in E01's two questions."""
    opened = open_workbook(good())
    told = _told(simulation_lines(simulate(opened.inputs, opened.result, {"IKU-1": D(80)}), 80))
    assert "Perlu paling sedikit 5 poin (tepatnya 4,80, dibulatkan ke atas" in told
    assert "NSPK_Pertanyaan!E6 4 – 4 E01 P2 isi" in told
    assert "NSPK_Pertanyaan!E5 1 3 4 E01 P1 lengkapi" in told
    assert "E01 Penyusunan dan Penetapan Kebutuhan ASN 5 37,50 100,00 81,25" in told


def _told(lines: Any) -> str:
    """The words with single blanks, whatever the layout."""
    return " ".join(" ".join(lines).split())


@pytest.mark.parametrize("width", [60, 80, 120, 1_000_000])
@pytest.mark.parametrize("name", ["bersih", "kesalahan-umum", "belum-lengkap"])
def test_lines_fit_the_terminal(width: int, name: str) -> None:
    """No line is wider than the terminal, nor than 120 columns on a wide one."""
    opened = open_workbook(example(name))
    asked = {f"IKU-{n}": D("95.25") for n in (1, 2, 3)}
    lines = list(simulation_lines(simulate(opened.inputs, opened.result, asked), width))
    assert max(map(len, lines)) <= min(max(width, NARROWEST), WIDEST)
    assert all(line == line.rstrip() for line in lines)


def test_codes_typed_by_people_can_drive_no_terminal() -> None:
    """A question's code with control characters is printed without them, and cut."""
    rows = [{"Kode Elemen": "E01", "Kode Pertanyaan": "P\u202e1" + "x" * 80, "Skor": 1, "Skor Maks": 4}]
    opened = _with(tblPertanyaan=rows)
    lines = list(simulation_lines(simulate(opened.inputs, opened.result, {"IKU-1": D(80)}), 80))
    assert max(map(len, lines)) <= 80
    assert not any("\u202e" in line for line in lines)
    assert any("…" in line for line in lines)


def test_a_text_in_place_of_a_score_is_to_be_mended() -> None:
    """An unanswered question is to be filled in, one with a text in its Skor to be mended first."""
    rows = [
        {"Kode Elemen": "E01", "Kode Pertanyaan": "P1", "Skor": "85,5", "Skor Maks": 4},
        {"Kode Elemen": "E01", "Kode Pertanyaan": 2, "Skor Maks": 4},
    ]
    opened = _with(tblPertanyaan=rows)
    scenario = _one(opened, "IKU-1", "100")
    assert [(q.code, q.typed) for q in scenario.questions] == [("P1", True), ("2", False)]
    assert "perbaiki isian" in _told(simulation_lines(simulate(opened.inputs, opened.result, {"IKU-1": D(100)}), 80))


@pytest.mark.parametrize(
    ("changes", "code", "status", "words"),
    [
        ({"Bobot_Dokumen": 41}, "IKU-2", "bobot tidak 100", "tidak berjumlah 100"),
        ({"tblSarpras": [{}]}, "IKU-2", "belum lengkap", "Belum lengkap: Sarpras belum ada datanya. Bila nilainya 0,"),
        ({"tblSarpras": [{}], "tblDiklat": [{}], "tblPegawai": [{}]}, "IKU-2", "belum lengkap", "Diklat dan Sarpras"),
        ({"tblKeluhan": [{}]}, "IKU-3", "tidak ada keluhan", "Tidak ada keluhan yang dihitung"),
        ({"tblPertanyaan": [{}]}, "IKU-1", "belum ada pertanyaan", "Belum ada pertanyaan"),
        ({}, "IKU-1", "dapat dicapai", "Perlu paling sedikit"),
        ({}, "IKU-3", "dapat dicapai", "Perlu 1 keluhan lagi ditindaklanjuti: menjadi 2 dari 2"),
        ({"Sumber_IKU1": "BKN", "Indeks_NSPK_BKN": 70.18}, "IKU-1", "dapat dicapai", "70,18 (hasil BKN)"),
    ],
)
def test_what_cannot_be_simulated_is_said(changes: dict[str, Any], code: str, status: str, words: str) -> None:
    """Weights that don't sum up, missing components, no complaints, no questions: a status and a sentence."""
    opened = _with(**changes)
    simulation = simulate(opened.inputs, opened.result, {code: D(90)})
    assert simulation.scenarios[0].status == status
    assert words in _told(simulation_lines(simulation, 80))


def test_a_missing_component_is_simulated_at_0_and_100() -> None:
    """Without Sarpras: 40/3 + 13.5 + 12.5 = 39.33; 44.33 with 100 of it; 42 asks 53.34 of it, rounded up."""
    plan = _one(_with(tblSarpras=[{}]), "IKU-2", "42").plan
    assert isinstance(plan, IncompleteIndex)
    assert [round(v, 2) for v in (plan.at_zero, plan.at_hundred)] == [D("39.33"), D("44.33")]
    opened = _with(tblSarpras=[{}])
    told = _told(simulation_lines(simulate(opened.inputs, opened.result, {"IKU-2": D(42)}), 80))
    assert "Sarpras harus sekurang-kurangnya 53,34." in told


def _targets(*rows: dict[str, object]) -> list[dict[str, object]]:
    return [{"Kode IKU": f"IKU-{n}", "Berlaku": "Ya", **row} for n, row in enumerate(rows, 1)]


def test_without_a_target_the_workbooks_own_are_taken() -> None:
    """The quarter's and the year's target, once where they are equal; one without any and one not carried are named."""
    targets = _targets(
        {"Target 2025": 60, "Target TW IV": 55, "Target TW III": 1},
        {"Target 2025": "80", "Target TW IV": 0},
        {"Target 2025": 90, "Berlaku": "Tidak"},
    )
    opened = _with(tblTarget=targets)
    simulation = simulate(opened.inputs, opened.result)
    assert [(s.goal.iku, s.goal.target, s.goal.name, s.status) for s in simulation.scenarios] == [
        ("IKU-1", 55, "Target TW IV", "dapat dicapai"),
        ("IKU-1", 60, "Target 2025", "dapat dicapai"),
        ("IKU-2", None, "Target TW IV dan Target 2025", "tanpa target"),
        ("IKU-3", None, "Target TW IV dan Target 2025", "tidak berlaku"),
    ]
    told = _told(simulation_lines(simulation, 80))
    assert "Tidak berlaku: kolom Berlaku di lembar Target berisi Tidak." in told
    assert "belum berisi angka di atas 0 di lembar Target" in told
    assert told.count("Indeks NSPK Manajemen ASN") == 1

    same = _with(tblTarget=_targets({"Target 2025": 60, "Target TW IV": 60}, {}, {}))
    assert [s.goal.name for s in simulate(same.inputs, same.result).scenarios if s.goal.target] == [
        "Target TW IV dan Target 2025"
    ]


# the command


def test_the_json_of_the_small_workbook(tmp_path: Path) -> None:
    """One object: all keys, shown figures at two decimals, amounts to act on as exact strings."""
    book = _book(tmp_path / "a.xlsx", good())

    ran = run("simulasi", book, "--target", "iku-1=80", "--target", "IKU-2=50,5", "--target", "IKU-3=100%", "--json")

    told = json.loads(ran.out)
    assert ran.status == 0
    assert list(told) == ["file", "year", "quarter", "simulations", "saved", "error"]
    assert (told["file"], told["year"], told["quarter"], told["saved"], told["error"]) == (
        str(book),
        2025,
        4,
        None,
        None,
    )
    one, two, three = told["simulations"]
    assert (one["target"], one["value"], one["status"], one["margin"]) == ("80", 50.0, "dapat dicapai", -30.0)
    assert (one["points_exact"], one["points"], one["whole_points"]) == ("4.8", "5", True)
    assert one["elements"] == [
        {
            "code": "E01", "name": "Penyusunan dan Penetapan Kebutuhan ASN", "points": "5", "percent": 37.5,
            "percent_after": 100.0, "index_after": 81.25,
        }
    ]  # fmt: skip
    assert one["questions"][0] == {
        "element": "E01", "code": "P2", "cell": "NSPK_Pertanyaan!E6", "score": None, "maximum": "4", "points": "4",
        "no_number": False,
    }  # fmt: skip
    assert two["target"] == "50.5"
    dokumen = two["alone"][0]
    assert (dokumen["component"], dokumen["more"], dokumen["denominator"], dokumen["index_after"]) == (
        "dokumen", "1", "3", 56.42,
    )  # fmt: skip
    assert {"together", "heaviest_first", "gap_closed_percent", "late_documents"} <= set(two)
    assert (three["counted"], three["followed"], three["needed"], three["open"], three["open_late"]) == (2, 1, 1, 1, 1)
    assert book.read_bytes() == good()


def test_a_refused_workbook_has_the_same_keys(tmp_path: Path) -> None:
    """Three lines on stderr, the object with its error on stdout, exit 1."""
    book = _book(tmp_path / "a.xlsx", b"bukan buku kerja")
    ran = run("simulasi", book, "--json")
    told = json.loads(ran.out)
    assert ran.status == 1 and len(ran.complaint) == 3
    assert list(told) == ["file", "year", "quarter", "simulations", "saved", "error"]
    assert told["error"]["code"] == "bukan-buku-excel"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("IKU-9=80", "'IKU-9' bukan kode IKU; pilih IKU-1, IKU-2, IKU-3."),
        ("IKU-1=abc", "'abc' bukan angka target; tulislah seperti IKU-1=80 atau IKU-1=80,5."),
        ("IKU-1=-5", "'-5' bukan angka target"),
        ("IKU-1=1.234,5", "'1.234,5' bukan angka target"),
        ("IKU-1=1e400", "'1e400' bukan angka target"),
        ("IKU-1=", "'' bukan angka target"),
        ("IKU-1", "'IKU-1' tidak dikenali; tulislah seperti IKU-1=80."),
        ("IKU-1=0,0", "target IKU-1 harus di atas 0."),
    ],
)
def test_a_wrong_target_is_wrong_usage(given: str, said: str, tmp_path: Path) -> None:
    """Exit 2, and the words say how a target is written."""
    ran = run("simulasi", _book(tmp_path / "a.xlsx", good()), "--target", given)
    assert ran.status == 2
    assert said in ran.err
    assert ran.out == ""


def test_wrong_combinations_are_wrong_usage(tmp_path: Path) -> None:
    """A target named twice, two places for the result, a file that is no .xlsx."""
    book = _book(tmp_path / "a.xlsx", good())
    twice = run("simulasi", book, "--target", "IKU-1=80", "--target", "iku-1=90")
    both = run("simulasi", book, "--lembar", "--ke", tmp_path / "b.xlsx")
    ending = run("simulasi", book, "--ke", tmp_path / "b.csv")
    assert [ran.status for ran in (twice, both, ending)] == [2, 2, 2]
    assert "disebut dua kali" in twice.err
    assert "--lembar atau --ke" in both.err
    assert ".xlsx" in ending.err
    assert [p.name for p in tmp_path.iterdir()] == ["a.xlsx"]
    assert book.read_bytes() == good()


def test_complainants_are_never_named(tmp_path: Path) -> None:
    """Neither the terminal, nor JSON, nor the sheet holds a complainant's name."""
    book = _book(tmp_path / "a.xlsx", good())
    result = tmp_path / "hasil.xlsx"
    ran = [run("simulasi", book, "--target", "IKU-3=100", *more) for more in ((), ("--json",), ("--ke", result))]
    said = "".join(r.out + r.err for r in ran) + "".join(map(str, _parts(result.read_bytes()).values()))
    assert "keluhan" in said
    assert "RAHASIA" not in said and "Budi" not in said


# the sheet


def _lembar(path: Path, *targets: str) -> Ran:
    asked = [word for target in targets for word in ("--target", target)]
    return run("simulasi", path, "--lembar", *asked)


def _sheet(path: Path) -> Any:
    from openpyxl import load_workbook

    return load_workbook(path)["Simulasi"]


def _texts(path: Path) -> list[object]:
    return [cell.value for row in _sheet(path).iter_rows() for cell in row if cell.value is not None]


def test_the_sheet_is_added_and_everything_else_stays(tmp_path: Path) -> None:
    """Behind Ringkasan; every old part but the lists of the package and the styles is the same; isi finds nothing."""
    book = _book(tmp_path / "a.xlsx", good())

    ran = _lembar(book, "IKU-1=80", "IKU-2=60", "IKU-3=100")

    assert ran.status == 0 and "lembar Simulasi" in ran.err
    data = book.read_bytes()
    assert_excel_accepts(data, deep=True)
    names = [sheet.name for sheet in Package.open(data).sheets]
    assert names[names.index("Ringkasan") + 1] == "Simulasi"
    old, new = _parts(good()), _parts(data)
    changed = {name for name in old if new[name] != old[name]}
    assert changed <= {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
    assert json.loads(run("isi", "--json", book).out)["status"] == "unchanged"
    assert book.read_bytes() == data
    sheet = _sheet(book)
    assert sheet["A1"].value == TITLE
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
    assert 81.25 in _texts(book)
    links = {c.value: c.hyperlink.location for row in sheet.iter_rows() for c in row if c.hyperlink}
    assert links == {place: place for place in ("NSPK_Pertanyaan!E5", "NSPK_Pertanyaan!E6")}
    assert sheet.page_setup.paperSize == 9 and sheet.sheet_properties.pageSetUpPr.fitToPage


def test_filling_leaves_the_sheet_alone(tmp_path: Path) -> None:
    """An isi that writes figures changes no byte of the sheet."""
    book = _book(tmp_path / "a.xlsx", unfilled())
    _lembar(book, "IKU-1=80")
    part = Package.open(book.read_bytes()).sheet("Simulasi").part
    before = _parts(book.read_bytes())[part]
    assert json.loads(run("isi", "--json", book).out)["status"] == "filled"
    assert _parts(book.read_bytes())[part] == before


def test_the_sheet_is_renewed_in_its_place(tmp_path: Path) -> None:
    """A second run leaves one sheet with today's figures and none of the old ones; the rest stays to the byte."""
    book = _book(tmp_path / "a.xlsx", good())
    _lembar(book, "IKU-1=80", "IKU-2=60")
    first = _parts(book.read_bytes())
    tabs = [sheet.name for sheet in Package.open(book.read_bytes()).sheets]

    assert _lembar(book, "IKU-3=100").status == 0

    data = book.read_bytes()
    assert_excel_accepts(data, deep=True)
    assert [sheet.name for sheet in Package.open(data).sheets] == tabs
    part = Package.open(data).sheet("Simulasi").part
    assert {name for name, content in _parts(data).items() if first[name] != content} == {part}
    texts = [str(text) for text in _texts(book)]
    assert any("Perlu 1 keluhan" in text for text in texts)
    assert not any("E01" in text or "Dokumen" in text for text in texts)


def test_text_of_people_never_becomes_a_formula(tmp_path: Path) -> None:
    """Codes and an agency's name that look like formulas are texts on the sheet."""
    rows = [{"Kode Elemen": "E01", "Kode Pertanyaan": "=1+1", "Skor": 1, "Skor Maks": 4}]
    content = _content(tblPertanyaan=rows, Perangkat_Daerah="=HYPERLINK(1)")
    book = _book(tmp_path / "a.xlsx", new_book(2025, content, MOMENT))
    assert _lembar(book, "IKU-1=80").status == 0
    sheet = _sheet(book)
    found = [c for row in sheet.iter_rows() for c in row if c.value == "=1+1" or "HYPERLINK" in str(c.value)]
    assert len(found) == 2
    part = Package.open(book.read_bytes()).sheet("Simulasi").part
    assert b"<f>" not in _parts(book.read_bytes())[part]


def test_a_foreign_sheet_of_that_name_is_not_touched(tmp_path: Path) -> None:
    """Three lines that offer another way, exit 1, the file as it was to the byte."""
    from openpyxl import load_workbook

    made = load_workbook(io.BytesIO(good()))
    made.create_sheet("simulasi")["A1"] = "Catatan saya"
    out = io.BytesIO()
    made.save(out)
    book = _book(tmp_path / "a.xlsx", out.getvalue())

    ran = _lembar(book, "IKU-1=80")

    assert ran.status == 1 and len(ran.complaint) == 3
    assert "bukan buatan perintah simulasi" in ran.complaint[0] and "lembar simulasi" in ran.complaint[1]
    assert "--ke" in ran.complaint[2]
    assert book.read_bytes() == out.getvalue()


def test_what_people_added_to_the_sheet_is_not_lost(tmp_path: Path) -> None:
    """A comment on our sheet: refused, the file as it was."""
    from openpyxl import load_workbook
    from openpyxl.comments import Comment

    book = _book(tmp_path / "a.xlsx", good())
    _lembar(book, "IKU-1=80")
    made = load_workbook(book)
    made["Simulasi"]["B2"].comment = Comment("CONTOH catatan", "CONTOH")
    made.save(book)
    before = book.read_bytes()

    ran = _lembar(book, "IKU-1=90")

    assert ran.status == 1 and len(ran.complaint) == 3
    assert "ditambahkan orang" in ran.complaint[0]
    assert book.read_bytes() == before


def test_a_workbook_with_macros_keeps_them(tmp_path: Path) -> None:
    """An .xlsm: the macro project is the same to the byte, and a renewed sheet keeps the code name Excel gave it."""
    book = _book(tmp_path / "a.xlsm", new_book(2025, small_content(), MOMENT, button=True))
    project = _parts(book.read_bytes())["xl/vbaProject.bin"]
    assert _lembar(book, "IKU-1=80").status == 0
    part = Package.open(book.read_bytes()).sheet("Simulasi").part
    xml = _parts(book.read_bytes())[part]
    assert b"codeName" not in xml
    package = Package.open(book.read_bytes())
    book.write_bytes(package.with_parts({part: xml.replace(b"<sheetPr", b'<sheetPr codeName="Lembar9"', 1)}))

    assert _lembar(book, "IKU-1=85").status == 0

    parts = _parts(book.read_bytes())
    assert b'<sheetPr codeName="Lembar9"' in parts[part]
    assert parts["xl/vbaProject.bin"] == project
    assert json.loads(run("isi", "--json", book).out)["status"] == "unchanged"


def test_formulas_that_read_the_sheet_are_computed_anew(tmp_path: Path) -> None:
    """Somebody's formula over the old figures: renewing asks Excel to compute on opening, adding doesn't."""
    book = _book(tmp_path / "a.xlsx", good())
    _lembar(book, "IKU-1=80")
    assert b"fullCalcOnLoad" not in _parts(book.read_bytes())["xl/workbook.xml"]
    package = Package.open(book.read_bytes())
    part = package.sheet("Petunjuk").part
    cell = b'<row r="500"><c r="A500"><f>Simulasi!B9</f><v>1</v></c></row></sheetData>'
    book.write_bytes(package.with_parts({part: package.read(part).replace(b"</sheetData>", cell)}))

    _lembar(book, "IKU-1=85")

    assert b'fullCalcOnLoad="1"' in _parts(book.read_bytes())["xl/workbook.xml"]


def test_a_result_file_stands_alone_and_is_never_overwritten(tmp_path: Path) -> None:
    """--ke writes a workbook with the one sheet, BUKU stays; a second time it is refused, naming that file."""
    book, result = _book(tmp_path / "a.xlsx", good()), tmp_path / "hasil.xlsx"

    ran = run("simulasi", book, "--target", "IKU-1=80", "--ke", result, "--json")

    assert ran.status == 0
    assert json.loads(ran.out)["saved"] == {"file": str(result), "sheet": "Simulasi"}
    data = result.read_bytes()
    assert_excel_accepts(data, deep=True)
    assert [sheet.name for sheet in Package.open(data).sheets] == ["Simulasi"]
    assert not any("jangan menaruh catatan" in str(text) for text in _texts(result))
    assert not any(cell.hyperlink for row in _sheet(result).iter_rows() for cell in row)
    assert book.read_bytes() == good()
    again = run("simulasi", book, "--ke", result)
    assert again.status == 1 and str(result) in again.complaint[1]
    assert result.read_bytes() == data
    nowhere = run("simulasi", book, "--ke", tmp_path / "tiada" / "b.xlsx")
    assert nowhere.status == 1 and "tiada" in nowhere.complaint[1]


def test_an_open_workbook_is_not_written(tmp_path: Path) -> None:
    """With an owner file beside it --lembar exits 3; without --lembar it is only read."""
    book = _book(tmp_path / "a.xlsx", good())
    (tmp_path / ".~lock.a.xlsx#").write_text(",Budi,pc,;")
    assert _lembar(book, "IKU-1=80").status == 3
    assert book.read_bytes() == good()
    assert run("simulasi", book).status == 0


def test_a_writing_gone_wrong_is_not_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another part changed along the way, or the wrong figures on the sheet: the check refuses, the file stays."""
    import iku_excel.simulate as room

    book = _book(tmp_path / "a.xlsx", good())
    real: Callable[..., dict[str, bytes | None]] = with_sheet

    def blank(package: Package, donor: Package) -> dict[str, bytes | None]:
        parts = real(package, donor)
        sheet = next(name for name in parts if name.startswith("xl/worksheets/sheet"))
        return {**parts, sheet: (parts[sheet] or b"").replace(b"81.25", b"81.26")}

    monkeypatch.setattr(room, "with_sheet", blank)
    ran = _lembar(book, "IKU-1=80")
    assert ran.status == 1 and "tidak lolos pemeriksaan" in ran.complaint[0]
    assert book.read_bytes() == good()
