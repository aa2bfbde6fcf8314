"""`isi -j`, `--batas-waktu`, `--laporan`, `--dask` and Ctrl-C, as users meet them."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from openpyxl import load_workbook
from support_cli import MOMENT, example, foreign, good, run, shell, unfilled

from iku_excel import batch_report, cluster, tell_batch
from iku_excel.batch import Batch, Done, Outcome
from iku_excel.brief import brief
from iku_excel.fill import fill
from iku_excel.findings import Finding, Refusal
from iku_excel.form.checks import CODES
from iku_excel.paths import given
from iku_excel.tally import FEW, Tally
from iku_excel.xlsx.lock import UNSIGNED
from iku_excel.xlsx.replace import sweep
from tests.judges.excel import assert_excel_accepts

ROOT = Path(__file__).parents[1]
LOCKS = ".~iku-*"


def _books(folder: Path, count: int, data: bytes | None = None) -> list[Path]:
    folder.mkdir(exist_ok=True)
    paths = [folder / f"buku-{number:02d}.xlsx" for number in range(count)]
    for path in paths:
        path.write_bytes(data or unfilled())
    return paths


def _lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def _by_file(text: str) -> list[dict[str, object]]:
    return sorted(_lines(text), key=lambda one: str(one["file"]))


def test_processes_change_nothing_but_the_time(tmp_path: Path) -> None:
    """The same folder with one process, with two and with a time limit: the same lines and
    status, and every workbook filled."""
    ran = []
    for options in ((), ("-j", "2"), ("--batas-waktu", "60")):
        folder = tmp_path / "buku"
        paths = _books(folder, 3)
        (folder / "rusak.xlsx").write_bytes(b"bukan")
        (folder / "asing.xlsx").write_bytes(foreign())
        done = shell("isi", folder, "--json", *options)
        ran.append((done.status, _by_file(done.out), done.complaint))
        assert all(fill(path.read_bytes(), MOMENT).data is None for path in paths)
        assert len(list(folder.iterdir())) == 5
    assert ran[0] == ran[1] == ran[2]
    assert [one["status"] for one in ran[0][1]] == ["filled"] * 3 + ["failed"]


def test_the_table_is_in_the_order_given(tmp_path: Path) -> None:
    """Whoever is done first: rows stand as the files were given, with the time it took."""
    paths = _books(tmp_path / "buku", 4)
    given_so = [paths[2], paths[0], paths[3], paths[1]]

    out = run("isi", *given_so, "-j", 2).out
    assert all(f"Temuan di {path}:" in out for path in paths)

    rows = [line.split() for line in out.splitlines() if line.startswith(str(tmp_path))]
    assert [row[0] for row in rows] == [str(path) for path in given_so]
    assert all(row[-1] == "diisi" and float(row[-2].replace(",", ".")) >= 0 for row in rows)


PROGRAM = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started the tests may have it ignored
import iku_excel.batch, support_batch
iku_excel.batch.filled = support_batch.slowly
from iku_excel.cli import main
main()
"""


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def started() -> Iterator[Start]:
    """`isi` over a folder in a process of its own that takes its time with each workbook."""
    made: list[subprocess.Popen[str]] = []

    def start(folder: Path, *options: str, pause: float = 0.25) -> subprocess.Popen[str]:
        path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
        process = subprocess.Popen(
            [sys.executable, "-u", "-c", PROGRAM, "isi", str(folder), "--json", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1", "JEDA": str(pause)},
            start_new_session=True,  # Ctrl-C reaches the workers too
        )
        made.append(process)
        return process

    yield start
    for process in made:
        process.kill()
        process.communicate()


def _first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, process.stderr.read() if process.stderr else ""
    return line


def test_what_is_told_has_the_name_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers get whole paths; the user reads what they typed, in the table, the findings and the JSON."""
    _books(tmp_path / "buku", 2)
    monkeypatch.chdir(tmp_path)
    for options in (("--dry-run",), ("--dry-run", "--json")):
        out = run("isi", "buku", "-j", 2, *options).out
        assert "buku/buku-00.xlsx" in out
        assert str(tmp_path) not in out
    assert "Yang akan berubah di buku/buku-01.xlsx" in run("isi", "buku", "-j", 2, "--dry-run").out


@pytest.mark.parametrize("options", [(), ("-j", "2")], ids=["here", "two processes"])
def test_ctrl_c_finishes_what_is_in_hand(tmp_path: Path, started: Start, options: tuple[str, ...]) -> None:
    """The first Ctrl-C: files in hand are finished and told, the report is written, no lock or half file stays, the
    exit status is 130; the same command then goes on from there."""
    folder, report = tmp_path / "buku", tmp_path / "hasil.csv"
    paths = _books(folder, 12)
    process = started(folder, *options, "--laporan", str(report))
    out = _first_line(process)
    os.killpg(process.pid, signal.SIGINT)
    rest, err = process.communicate(timeout=60)

    assert process.returncode == 130, err
    told = _lines(out + rest)
    done = {str(one["file"]) for one in told}
    assert 1 <= len(done) == len(told) < 12
    assert {one["status"] for one in told} == {"filled"}
    filled = {str(path) for path in paths if path.read_bytes() != unfilled()}
    assert filled == done
    assert {path.read_bytes() for path in paths} == {unfilled(), Path(told[0]["file"]).read_bytes()}  # type: ignore[arg-type]
    assert not list(folder.glob(LOCKS))
    assert f"{len(done)} dari 12 berkas selesai, {12 - len(done)} belum dimulai" in err
    assert "sekali lagi" in err
    assert "Traceback" not in err
    assert len(report.read_text(encoding="utf-8-sig").splitlines()) == 1 + len(done)

    again = shell("isi", folder, "--json")
    assert again.status == 1, "one mistake in each workbook"
    statuses = {str(one["file"]): one["status"] for one in _lines(again.out)}
    assert {file for file, status in statuses.items() if status == "unchanged"} == done
    assert len(statuses) == 12


@pytest.mark.parametrize("options", [(), ("-j", "2")], ids=["here", "two processes"])
def test_a_second_ctrl_c_ends_at_once(tmp_path: Path, started: Start, options: tuple[str, ...]) -> None:
    """Even then each workbook is the old or the new one, and neither lock nor temporary stays."""
    paths = _books(tmp_path / "buku", 12)
    process = started(tmp_path / "buku", *options, pause=60)
    _first_line(process)
    while not list((tmp_path / "buku").glob(LOCKS)) and process.poll() is None:
        time.sleep(0.01)  # between two files the first Ctrl-C would be the end
    time.sleep(0.3)  # well inside the lock: a signal just as it is made may leave it to the next run
    os.killpg(process.pid, signal.SIGINT)
    assert process.stderr is not None
    assert process.stderr.readline() == "\n"
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=30)

    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert "Dihentikan" in err
    contents = {path.read_bytes() for path in paths}
    assert len(contents) == 2
    assert unfilled() in contents
    assert not list((tmp_path / "buku").glob(LOCKS))


def test_a_killed_worker_costs_one_file(tmp_path: Path, started: Start) -> None:
    """SIGKILL for a worker of a running `isi -j 2`: one file at most is named, all others are filled."""
    import psutil

    paths = _books(tmp_path / "buku", 12)
    process = started(tmp_path / "buku", "-j", "2")
    line = _first_line(process)
    children = psutil.Process(process.pid).children(recursive=True)
    workers = [child for child in children if child.parent().pid != process.pid] or children
    workers[0].kill()
    rest, err = process.communicate(timeout=60)

    told = {str(one["file"]): one for one in _lines(line + rest)}
    failed = [one for one in told.values() if one["status"] == "failed"]
    assert set(told) == set(map(str, paths))
    assert len(failed) == 1
    assert failed[0]["error"]["code"] == "proses-mati"  # type: ignore[index]
    assert "sinyal 9" in err
    assert process.returncode == 1
    if list((tmp_path / "buku").glob(LOCKS)):  # killed just as it made its lock, which is then not yet signed
        time.sleep(UNSIGNED)
        sweep(tmp_path / "buku")  # as the next run does
    assert not list((tmp_path / "buku").glob(LOCKS))


def test_how_many_processes_are_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """-j 0 means all processors, a time limit alone one process, and never more than there are files."""
    _books(tmp_path / "buku", 4)
    asked: list[tuple[int, object]] = []

    class Counted(ThreadPoolExecutor):
        def __init__(self, count: int, *, time_limit: float | None, **_: object) -> None:
            super().__init__(count)
            self.count = count
            asked.append((count, time_limit))

    monkeypatch.setattr("iku_excel.workers.Workers", Counted)
    monkeypatch.setattr("iku_excel.workers.cores", lambda: 3)
    for options in (("-j", 0), ("--batas-waktu", 9), ("-j", 60), ("-j", 2, "--batas-waktu", 9)):
        assert len(_lines(run("periksa", tmp_path / "buku", "--json", *options).out)) == 4
    assert asked == [(3, None), (1, 9), (4, None), (2, 9)]


def test_workers_that_all_die_end_with_the_machines_status(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker lives: named in three lines, exit status 4, not the 1 of the files that they cost."""
    _books(tmp_path / "buku", 4)
    monkeypatch.setattr("iku_excel.spread.MODULES", ("tidak_ada_modul_ini",))
    ran = run("periksa", tmp_path / "buku", "-j", 1)
    assert ran.status == 4
    assert "Proses pekerja berhenti semuanya" in ran.err


def test_dask_brings_its_own_processes(tmp_path: Path) -> None:
    """-j and --batas-waktu are for workers of ours: together with --dask they are wrong usage."""
    for options in (("-j", 2), ("--batas-waktu", 9)):
        ran = run("isi", tmp_path, "--dask", "tcp://contoh:8786", *options)
        assert (ran.status, "tidak dapat dipakai bersama" in ran.err) == (2, True)


def test_a_folder_without_workbooks_is_a_mistake(tmp_path: Path) -> None:
    """Alone or beside one with workbooks that are well: nobody may think that all were filled."""
    _books(tmp_path / "buku", 1, example("bersih"))
    (tmp_path / "hampa").mkdir()
    assert run("isi", tmp_path / "buku").status == 0
    for paths in ((tmp_path / "hampa",), (tmp_path / "buku", tmp_path / "hampa")):
        ran = run("isi", *paths)
        assert (ran.status, "Tidak ada buku kerja IKU" in ran.err) == (1, True)


def test_isi_sweeps_up_and_periksa_touches_nothing(tmp_path: Path) -> None:
    """What a killed worker left beside the workbooks holds their data: gone at the end of the next `isi`."""
    (book,) = _books(tmp_path / "buku", 1)
    left = book.with_name(f".~iku-{zlib.crc32(socket.gethostname().encode()):08x}-{2**22 + 1}-0badcafe.tmp")
    left.write_bytes(b"data pribadi")  # its process is above every pid
    run("periksa", book.parent)
    assert left.exists()
    run("isi", book.parent)
    assert list(book.parent.iterdir()) == [book]


def test_dask_is_asked_for_an_executor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--dask hands one workbook of each folder to the cluster for a look, and works on whatever it gives."""
    _books(tmp_path / "satu", 3)
    _books(tmp_path / "dua", 2)
    asked: list[tuple[str, list[str]]] = []

    @contextmanager
    def executor(address: str, probes: list[Path]) -> object:  # type: ignore[misc]
        asked.append((address, sorted(path.parent.name for path in probes)))
        with ThreadPoolExecutor(2) as threads:
            yield threads, 2

    monkeypatch.setattr(cluster, "dask_executor", executor)
    ran = run("periksa", tmp_path, "--dask", "tcp://contoh:8786", "--json")

    assert ran.status == run("periksa", tmp_path, "--json").status
    assert {one["status"] for one in _lines(ran.out)} == {"checked"}
    assert len(_lines(ran.out)) == 5
    assert asked == [("tcp://contoh:8786", ["dua", "satu"])]


def _tally(count: int) -> Tally:
    """So many invented outcomes: every fifth failed, the others with findings."""
    tally = Tally()
    for number in range(count, 0, -1):
        shown = f"arsip/CONTOH Dinas {number:03d}.xlsx"
        findings = (
            Finding("nip-salah", "kesalahan", "Pegawai", f"A{number}", "NIP salah.", "Perbaiki."),
            *[Finding("skor-kosong", "peringatan", "NSPK_Pertanyaan", "E5", "Kosong.", "Isi.")] * 3,
        )
        indices, parts = Outcome.failed("", Refusal("x", "y", "z")).indices, Outcome.failed("", Refusal("", "", ""))
        result = (
            Refusal("berkas-rusak", "=Berkas rusak.", "Pulihkan.")
            if number % 5 == 0
            else Outcome(shown, "filled", indices, parts.components, findings)
        )
        tally.add(brief(Done(shown, result, number=number, seconds=1.5), whole=count <= FEW))
    return tally


def _one(shown: str, *findings: Finding, error: Refusal | None = None) -> Tally:
    """One invented outcome."""
    failed = Outcome.failed(shown, Refusal("x", "y", "z"))
    result = error or Outcome(shown, "filled", failed.indices, failed.components, findings)
    tally = Tally()
    tally.add(brief(Done(shown, result, number=1), whole=True))
    return tally


def test_the_gravest_findings_come_first_and_all_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """A mistake behind a hundred hints is shown; what is left out is counted finding by finding."""
    codes = [f"petunjuk-{number:02d}" for number in range(tell_batch.FINDINGS_SHOWN + 3)]
    hints = [Finding(code, "info", "Pegawai", "A1", f"{code}.", "Baca.") for code in codes for _ in range(4)]
    mistake = Finding("nip-salah", "kesalahan", "Pegawai", "A9", "NIP salah.", "Perbaiki.")
    tell_batch.close(_one("a.xlsx", *hints, mistake))
    out = capsys.readouterr().out
    assert out.index("NIP salah.") < out.index("petunjuk-00")
    assert "dan 16 temuan lagi" in out


def test_nothing_that_is_told_drives_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a file's name nor what a finding quotes; and a name is told whole, on as many lines as it needs."""
    monkeypatch.setattr("iku_excel.talk.width", lambda *_: 80)
    name = "arsip/" + "bagian " * 30 + "\x07\x1b]0;x.xlsx"
    tell_batch.close(_one(name, Finding("x", "info", "Pegawai", "A1", "Nilai '\x1b]0;x\x07'.", "Baca.")))
    out = capsys.readouterr().out
    assert all(c.isprintable() or c == "\n" for c in out)
    assert out.partition("Temuan di")[0].count("bagian") == 30


def test_the_kinds_of_findings_stand_by_weight() -> None:
    """A mistake in one workbook goes before a hint in all; the example is the first finding of the first workbook."""
    tally = Tally()
    for number in (2, 1):
        cells = [Finding("petunjuk", "info", "Pegawai", f"A{number}{n}", "x", "y") for n in range(3)]
        mistakes = [Finding("zakat-salah", "kesalahan", "Pegawai", "B1", "x", "y")] if number == 2 else []
        outcome = _one(f"{number}.xlsx", *cells, *mistakes).whole()[0]
        tally.add(brief(Done(f"{number}.xlsx", outcome, number=number)))
    told = [(kind.first.code, kind.first.cell, kind.count, kind.books, kind.row.file) for kind in tally.by_weight()]
    assert told == [("zakat-salah", "B1", 1, 1, "2.xlsx"), ("petunjuk", "A10", 6, 2, "1.xlsx")]


def test_the_worst_status_of_all_is_the_batchs() -> None:
    """Whoever is done last: a workbook that is open (3) isn't forgotten for one that is well (0)."""
    tally = Tally()
    for number, error in enumerate((Refusal("a", "b", "c", exit_status=3), None), 1):
        outcome = error or _one("b.xlsx").whole()[0]
        tally.add(brief(Done("x", outcome, number=number)))
    assert tally.status == 3


def test_many_workbooks_are_told_by_code(capsys: pytest.CaptureFixture[str]) -> None:
    """Beyond a screenful: no findings of single workbooks, but each code with its numbers and its first example, and
    the failed ones once more."""
    tell_batch.close(_tally(40))

    out = capsys.readouterr().out
    assert "Temuan di " not in out
    assert "nip-salah: 32 temuan di 32 buku kerja, misalnya Pegawai!A1 di arsip/CONTOH Dinas 001.xlsx." in out
    assert "skor-kosong: 96 temuan di 32 buku kerja" in out
    assert out.index("nip-salah") < out.index("skor-kosong")
    assert "arsip/CONTOH Dinas 005.xlsx: =Berkas rusak. Pulihkan." in out
    rows = [line for line in out.splitlines() if line.endswith(("diisi", "gagal"))]
    assert [row[:30] for row in rows] == sorted(row[:30] for row in rows)
    assert "40 buku kerja: 32 diisi, 8 gagal." in out


def test_few_workbooks_show_their_findings(capsys: pytest.CaptureFixture[str]) -> None:
    """Up to a screenful each workbook's findings are told, and no summary by code."""
    tell_batch.close(_tally(FEW))
    out = capsys.readouterr().out
    assert out.count("Temuan di ") == FEW * 4 // 5
    assert "menurut kode" not in out


def test_no_findings_are_kept_of_many() -> None:
    """What is kept of a hundred workbooks holds one finding a code."""
    tally = _tally(100)
    assert tally.whole() == []
    assert sum(kind.count for kind in tally.kinds.values()) == 320
    assert len(tally.kinds) == 2
    nothing = Tally(kept=False)
    nothing.add(brief(Done("a", Refusal("x", "y", "z", exit_status=3), number=1)))
    assert (nothing.rows, nothing.status) == ([], 3)


def _batch(total: int, finished: int, in_hand: tuple[str, ...]) -> Batch[object]:
    batch: Batch[object] = Batch(given([]), lambda path: None)
    batch.total, batch.finished, batch.in_hand = total, finished, in_hand
    return batch


def test_the_progress_line() -> None:
    """Bar, count, time left from the rate so far, the file; cut at the front where the line is narrow."""
    line = tell_batch.progress_line
    assert line(_batch(300, 0, ("a.xlsx",)), 0.0, 79) == "░" * 20 + " 0/300  a.xlsx"
    assert (
        line(_batch(300, 100, ("a.xlsx", "b.xlsx")), 50.0, 79)
        == "█" * 6 + "░" * 14 + " 100/300  sisa 1:40  a.xlsx (+1)"
    )
    assert line(_batch(9000, 3, ("a.xlsx",)), 6.0, 79).endswith("3/9000  sisa 4:59:54  a.xlsx")
    long = line(_batch(300, 299, ("folder/" * 20 + "a\x1b.xlsx",)), 50.0, 79)
    assert len(long) == 79
    assert long.endswith("/a .xlsx")
    assert "…" in long
    stopped = _batch(300, 100, ())
    stopped.stop()
    assert "berhenti sesudah berkas ini" in line(stopped, 50.0, 79)


def test_no_progress_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    """Not on a pipe, and not for one workbook."""
    progress = tell_batch.Progress()
    progress.watch(_batch(300, 5, ("a",)))
    progress.over()
    assert capsys.readouterr().err == ""


def test_the_report_as_a_workbook(tmp_path: Path) -> None:
    """One row a workbook in the order given, figures as numbers, findings by code, no text a formula, and one that
    Excel opens."""
    book = tmp_path / "hasil.xlsx"
    batch_report.write(book, _tally(25), overwrite=False)

    assert_excel_accepts(book)
    sheets = load_workbook(book)
    assert sheets.sheetnames == ["Buku Kerja", "Temuan"]
    rows = list(sheets["Buku Kerja"].iter_rows(values_only=True))
    assert len(rows) == 26
    assert rows[0][:5] == ("Berkas", "Status", "IKU-1", "IKU-2", "IKU-3")
    assert [row[0] for row in rows[1:]] == [f"arsip/CONTOH Dinas {number:03d}.xlsx" for number in range(1, 26)]
    assert rows[5][1] == "gagal"
    assert rows[5][-3:] == ("berkas-rusak", "=Berkas rusak.", "Pulihkan.")
    assert not [c for sheet in sheets for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    found = list(sheets["Temuan"].iter_rows(values_only=True))
    assert found[1][:2] == ("kesalahan", "nip-salah")
    assert found[1][3:7] == (20, 20, "arsip/CONTOH Dinas 001.xlsx", "Pegawai!A1")
    assert sheets["Buku Kerja"].freeze_panes == "B2"


def test_the_report_of_a_real_run(tmp_path: Path) -> None:
    """--laporan after `isi`: figures with two decimals as numbers, and the same in CSV with commas."""
    folder = tmp_path / "buku"
    _books(folder, 1)
    (folder / "rusak.xlsx").write_bytes(b"PK")
    run("isi", folder, "--dry-run", "--laporan", tmp_path / "akan.csv")
    assert ";akan diisi;" in (tmp_path / "akan.csv").read_text(encoding="utf-8-sig")
    ran = run("isi", folder, "--laporan", tmp_path / "hasil.xlsx")
    assert ran.status == 1
    assert f"Laporan ditulis ke {tmp_path / 'hasil.xlsx'}." in ran.err
    (first, second) = list(load_workbook(tmp_path / "hasil.xlsx")["Buku Kerja"].iter_rows(min_row=2, values_only=True))
    assert first[:6] == (str(folder / "buku-00.xlsx"), "diisi", 50, 43.08, 50, 33.33)
    assert second[1] == "gagal"
    assert second[2:12] == (None,) * 10, "neither figures nor findings: nobody looked"

    run("periksa", folder, "--laporan", tmp_path / "hasil.csv")
    text = (tmp_path / "hasil.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[1][:6] == [str(folder / "buku-00.xlsx"), "diperiksa", "50,00", "43,08", "50,00", "33,33"]
    assert rows[2][-3] == "bukan-buku-excel"
    assert "RAHASIA" not in text + json.dumps(first)


def test_csv_text_is_no_formula(tmp_path: Path) -> None:
    """A text that Excel would compute gets an apostrophe; line breaks and control characters go."""
    data = batch_report.as_csv(_tally(5)).decode("utf-8-sig")
    assert "'=Berkas rusak." in data
    assert len(data.splitlines()) == 6
    assert data.startswith("Berkas;Status;IKU-1;")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_no_sign_begins_a_formula(tmp_path: Path, sign: str) -> None:
    """In CSV an apostrophe stands before it; in the workbook it is text and stays so when somebody edits the cell."""
    name = f"{sign}1+1\n\x1b.xlsx"
    tally = _one(name, error=Refusal("berkas-rusak", "Rusak.", "Pulihkan."))
    assert batch_report.as_csv(tally).decode("utf-8-sig").splitlines()[1].startswith(f"'{sign}1+1  .xlsx;gagal;")
    batch_report.write(tmp_path / "hasil.xlsx", tally, overwrite=False)
    cell = load_workbook(tmp_path / "hasil.xlsx")["Buku Kerja"]["A2"]
    assert (cell.value, cell.data_type, bool(cell.quotePrefix)) == (f"{sign}1+1  .xlsx", "s", True)


def test_the_report_tells_nothing_of_cells(tmp_path: Path) -> None:
    """It is passed around: a finding is told by its code's meaning, not by the message that may quote a cell."""
    finding = Finding("angka-ambigu", "peringatan", "Pegawai", "A9", "RAHASIA 1.234", "RAHASIA perbaiki")
    tally = _one("a.xlsx", finding)
    batch_report.write(tmp_path / "hasil.XLSX", tally, overwrite=False)
    rows = list(load_workbook(tmp_path / "hasil.XLSX")["Temuan"].iter_rows(min_row=2, values_only=True))
    known = CODES["angka-ambigu"]
    row = ("peringatan", "angka-ambigu", known.meaning, 1, 1, "a.xlsx", "Pegawai!A9", known.fix)
    assert rows == [row]
    batch_report.write(tmp_path / "hasil.CSV", tally, overwrite=False)
    text = (tmp_path / "hasil.CSV").read_bytes().decode("utf-8-sig")
    assert text.startswith("Berkas;")
    assert "RAHASIA" not in text


def test_a_report_replaces_only_a_report(tmp_path: Path) -> None:
    """Not without --timpa, never a workbook of the staff's, and asked before anything is filled."""
    book = _books(tmp_path / "buku", 1)[0]
    mine = tmp_path / "hasil.xlsx"
    mine.write_bytes(good())
    for options in ((), ("--timpa",)):
        ran = run("isi", book, "--laporan", mine, *options)
        assert ran.status == 1
        assert "tidak ditimpa" in ran.err
    assert mine.read_bytes() == good()
    table = tmp_path / "hasil.csv"
    table.write_bytes(b"Berkas;Nilai\r\nmilik orang;1\r\n")
    assert "tidak ditimpa" in run("isi", book, "--laporan", table, "--timpa").err
    assert table.read_bytes().startswith(b"Berkas;Nilai")
    assert book.read_bytes() == unfilled()
    for name in ("baru.xlsx", "baru.csv"):
        assert run("periksa", book, "--laporan", tmp_path / name).status == 1
        assert run("periksa", book, "--laporan", tmp_path / name).status == 1
        assert "sudah ada" in run("periksa", book, "--laporan", tmp_path / name).err
        assert "Laporan ditulis" in run("periksa", book, "--laporan", tmp_path / name, "--timpa").err
    assert run("periksa", book, "--laporan", tmp_path / "tiada" / "a.csv").status == 1


def test_all_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--hitung-semua computes a workbook that is as its last filling left it; without, it is only recognised."""
    import iku_excel.fill as filling

    book = tmp_path / "a.xlsx"
    book.write_bytes(example("bersih"))
    run("isi", book)
    computed: list[int] = []
    fill = filling.fill
    monkeypatch.setattr(filling, "fill", lambda *args: computed.append(1) or fill(*args))
    assert "tidak berubah" in run("isi", book).out
    assert not computed
    assert "tidak berubah" in run("isi", book, "--hitung-semua").out
    assert computed == [1]
