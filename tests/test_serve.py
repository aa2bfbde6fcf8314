"""One request for an open workbook: the button's command, the watcher, and ``isi --buku-terbuka``."""

from __future__ import annotations

import datetime
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from support_cli import MOMENT, example, foreign, good, run, unfilled

from iku_excel import serve, watch
from iku_excel.edits import Edit
from iku_excel.fill import fill
from iku_excel.findings import Refusal
from iku_excel.live import LiveApplied, found

ROOT = Path(__file__).parents[1]
LINES = {
    "versi": "1",
    "buku": "https://bkd.example/Buku=Ñ & é.xlsm",
    "nama": "Buku=Ñ & é.xlsm",
    "salinan": "permintaan-1.xlsm",
    "laporan": "permintaan-1.txt",
    "hwnd": "4711",
    "aplikasi": "excel",
    "waktu": "2026-01-15T09:30:00",
}


class Book:
    """An open workbook that takes every edit."""

    def __init__(self, error: Exception | None = None) -> None:
        self.edits: list[Edit] = []
        self.error = error
        self.asked: list[tuple[Any, ...]] = []

    def apply(self, edits: Sequence[Edit]) -> LiveApplied:
        """Note the edits, or fail."""
        if self.error is not None:
            raise self.error
        self.edits += edits
        return LiveApplied(tuple((edit.sheet, edit.cell) for edit in edits), ())

    def attach(self, *asked: Any) -> Book:
        """Stands in for ``live.attach``."""
        self.asked.append(asked)
        return self


def request(folder: Path, content: bytes | None = None, *, encoding: str = "utf-8", **changes: str | None) -> Path:
    """A request as the macro writes it, its copy beside it."""
    lines = {key: value for key, value in (LINES | changes).items() if value is not None}
    path = folder / "permintaan-1.ini"
    path.write_bytes("".join(f"{key}={value}\r\n" for key, value in lines.items()).encode(encoding))
    if content is not None:
        (folder / "permintaan-1.xlsm").write_bytes(content)
    return path


def report(folder: Path) -> list[str]:
    """The lines of the report, the word first; nothing else may lie beside the request."""
    assert sorted(path.name for path in folder.iterdir()) == ["permintaan-1.ini", "permintaan-1.txt"]
    return (folder / "permintaan-1.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Book:
    """The workbook that every request finds."""
    made = Book()
    monkeypatch.setattr(serve, "attach", made.attach)
    return made


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_request_is_read_by_its_byte_order_mark(encoding: str, tmp_path: Path) -> None:
    """What Windows and LibreOffice write reads alike; a value keeps its "=" and its letters."""
    read = serve.read_request(request(tmp_path, encoding=encoding))
    assert (read.book, read.name) == (LINES["buku"], LINES["nama"])
    assert (read.hwnd, read.application) == (4711, "excel")
    assert read.copy == tmp_path / "permintaan-1.xlsm"
    assert read.report == tmp_path / "permintaan-1.txt"
    assert read.clicked == datetime.datetime(2026, 1, 15, 9, 30)


@pytest.mark.parametrize(
    "changes",
    [
        {"versi": "2"},
        {"versi": None},
        {"aplikasi": "wps"},
        {"hwnd": "satu"},
        {"nama": ""},
        {"salinan": "../buku.xlsx"},
        {"salinan": "permintaan-1.ini"},
        {"salinan": "permintaan-12.xlsm"},
        {"laporan": "/etc/passwd"},
        {"laporan": ""},
    ],
)
def test_a_strange_request_is_reported_and_nothing_else_touched(
    changes: dict[str, str | None], tmp_path: Path, book: Book
) -> None:
    """No file that isn't this click's own is read, written or deleted, whatever the request says."""
    folder = tmp_path / "permintaan"
    folder.mkdir()
    (tmp_path / "buku.xlsx").write_bytes(b"milik orang")
    ran = run("tombol", request(folder, good(), **changes))
    word, *lines = report(folder)
    assert (ran.status, word) == (0, "GAGAL")
    assert lines[0].startswith("Permintaan dari tombol tidak dapat dibaca") and "Klik" in lines[-1]
    assert (tmp_path / "buku.xlsx").read_bytes() == b"milik orang"
    assert book.asked == []


def test_a_click_is_answered(tmp_path: Path, book: Book) -> None:
    """The open workbook gets exactly the plan of a closed one; the report has the three figures; the copy is gone."""
    ran = run("tombol", request(tmp_path, unfilled()))
    expected = fill(unfilled(), MOMENT)
    assert (ran.status, ran.out, ran.err) == (0, "", "")
    assert book.asked == [("excel", 4711, LINES["buku"], LINES["nama"])]
    same = [edit for edit in expected.edits if edit.sheet != "Riwayat"]
    assert [edit for edit in book.edits if edit.sheet != "Riwayat"] == same
    word, *lines = report(tmp_path)
    assert word == "TEMUAN"
    assert lines[0] == "IKU-1: 50,00"  # (3 + 5) of (4 + 4 + 8), by hand
    assert lines[1].startswith("IKU-2: ") and lines[2].startswith("IKU-3: ")
    assert "kesalahan" in lines[3] and "Pemeriksaan" in lines[3]
    assert len("\n".join(lines)) < 900
    assert "RAHASIA" not in "\n".join(lines)


def test_a_document_never_saved_is_meant_by_its_title(tmp_path: Path, book: Book) -> None:
    """LibreOffice has no address for it: the title stands for it."""
    run("tombol", request(tmp_path, good(), buku="", nama="Tanpa judul 1", aplikasi="libreoffice", hwnd="0"))
    assert book.asked == [("libreoffice", None, "Tanpa judul 1", "Tanpa judul 1")]


def test_a_clean_workbook_is_ok(tmp_path: Path, book: Book) -> None:
    """Without mistakes the word is OK."""
    assert run("tombol", request(tmp_path, example("bersih"))).status == 0
    assert report(tmp_path)[0] == "OK"


@pytest.mark.parametrize("content", [foreign(), b"\xd0\xcf\x11\xe0" + bytes(600), b"", None])
def test_a_refused_workbook_is_told_in_three_lines(content: bytes | None, tmp_path: Path, book: Book) -> None:
    """None of ours, encrypted, empty, gone: what, where, what to do; no Excel is looked for."""
    assert run("tombol", request(tmp_path, content)).status == 0
    word, *lines = report(tmp_path)
    assert word == "GAGAL" and len(lines) == 3
    assert lines[1] == f"Berkas: {LINES['nama']}"
    assert book.asked == []


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Refusal("aplikasi-sibuk", "Excel sedang sibuk.", "Tekan Esc."), "Excel sedang sibuk."),
        (RuntimeError("Budi 0812"), "Terjadi kesalahan di dalam program"),
        (MemoryError(), "Memori"),
    ],
)
def test_a_failure_is_a_report_never_a_traceback(error: Exception, said: str, tmp_path: Path, book: Book) -> None:
    """Whatever goes wrong while writing: a report, status 0, no copy, and no text of the exception."""
    book.error = error
    ran = run("tombol", request(tmp_path, good()))
    word, *lines = report(tmp_path)
    assert (ran.status, word, ran.err) == (0, "GAGAL", "")
    assert lines[0].startswith(said)
    assert "Budi" not in "\n".join(lines)


def test_a_workbook_is_no_request(tmp_path: Path) -> None:
    """Called by hand on a workbook, the command touches neither it nor what lies beside it."""
    path = tmp_path / "buku.xlsm"
    path.write_bytes(good())
    ran = run("tombol", path)
    assert ran.status == 1 and "iku-excel isi" in ran.err
    assert [p.name for p in tmp_path.iterdir()] == ["buku.xlsm"] and path.read_bytes() == good()


def test_no_report_no_success(tmp_path: Path, book: Book) -> None:
    """Where the report can't be written, the status says so."""
    path = request(tmp_path, good())
    (tmp_path / "permintaan-1.txt").mkdir()
    assert run("tombol", path).status == 1
    assert not (tmp_path / "permintaan-1.xlsm").exists()


def test_a_copy_held_by_a_virus_scanner_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PermissionError passes: the second try reads it. One that stays is told after two seconds."""
    path = tmp_path / "salinan.xlsm"
    path.write_bytes(b"isi")
    read, refusals = Path.read_bytes, [PermissionError(13, "held")]
    monkeypatch.setattr(Path, "read_bytes", lambda self: _raise(refusals.pop()) if refusals else read(self))
    assert serve.read_copy(path) == b"isi"
    monkeypatch.setattr(serve, "_PATIENCE", 0.2)
    refusals += [PermissionError(13, "held")] * 9
    with pytest.raises(PermissionError):
        serve.read_copy(path)


def _raise(error: Exception) -> bytes:
    raise error


_HANGING = """
import datetime, pathlib, sys, time
from iku_excel import cli, serve
def hanging(*_):
    pathlib.Path(sys.argv[1] + ".mulai").touch()
    time.sleep(60)
serve.attach = hanging
serve.answer_button.__kwdefaults__["limit"] = float(sys.argv[2])
cli.main(["tombol", sys.argv[1]])
"""


def _hanging(folder: Path, limit: float) -> subprocess.Popen[str]:
    """The button's command with an Excel that never answers."""
    path = request(folder, good())
    command = [sys.executable, "-c", _HANGING, str(path), str(limit)]
    return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True)


def test_a_run_that_hangs_ends_with_a_report(tmp_path: Path) -> None:
    """Past its time limit the process ends by itself, with a report and without the copy."""
    process = _hanging(tmp_path, 2)
    assert process.communicate(timeout=30)[1] == ""
    assert process.returncode == 0
    (tmp_path / "permintaan-1.ini.mulai").unlink()
    word, *lines = report(tmp_path)
    assert word == "GAGAL" and "terlalu lama" in lines[0]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes without a signal")
def test_a_run_that_is_told_to_end_leaves_no_copy(tmp_path: Path) -> None:
    """SIGTERM: the report says it was stopped, the copy is gone."""
    process = _hanging(tmp_path, 60)
    began = tmp_path / "permintaan-1.ini.mulai"
    until = time.monotonic() + 20
    while not began.exists() and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    assert "Traceback" not in process.communicate(timeout=30)[1]
    began.unlink()
    word, *lines = report(tmp_path)
    assert word == "GAGAL" and "dihentikan sebelum selesai" in lines[0]


# --- pantau


def _waiting(folder: Path, number: int, **changes: str | None) -> Path:
    """A request that waits for the watcher."""
    now = datetime.datetime.now().isoformat(timespec="seconds")
    of = {"salinan": "", "laporan": f"permintaan-{number}.txt", "waktu": now, "nama": f"Buku{number}.xlsm"}
    lines = {key: value for key, value in (LINES | of | changes).items() if value is not None}
    path = folder / f"permintaan-{number}.ini"
    path.write_text("".join(f"{key}={value}\n" for key, value in lines.items()), encoding="utf-8")
    return path


def _watched(folder: Path) -> list[tuple[str, str]]:
    events: list[watch.Event] = []
    watch.watch(folder, events.append, once=True)
    return [(event.name, event.text) for event in events]


def test_pantau_serves_what_waits_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fresh requests without a copy are served in order and removed; old ones told and removed; one with a copy,
    one half written and other files are left alone."""
    served: list[str] = []

    def serving(one: serve.Request, _: datetime.datetime) -> serve.Answer:
        served.append(one.name)
        return serve.Answer("OK", ("IKU-1: 1,00",))

    monkeypatch.setattr(watch, "serve", serving)
    _waiting(tmp_path, 1)
    _waiting(tmp_path, 2, waktu="2026-01-01T00:00:00")
    _waiting(tmp_path, 3, salinan="permintaan-3.xlsm")
    _waiting(tmp_path, 4, waktu=None)
    _waiting(tmp_path, 5)
    (tmp_path / "catatan.ini").write_text("x")
    assert _watched(tmp_path) == [("Buku1.xlsm", "OK"), ("Buku2.xlsm", "GAGAL"), ("Buku5.xlsm", "OK")]
    assert served == ["Buku1.xlsm", "Buku5.xlsm"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["catatan.ini", "permintaan-3.ini", "permintaan-4.ini"]
    assert _watched(tmp_path) == []


def test_a_busy_excel_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under the macro's message Excel serves nobody: the request is kept and told once, when it is done."""
    answers = [serve.failed(Refusal("aplikasi-sibuk", "Excel sibuk.", "Tekan Esc.")), serve.Answer("OK", ())]
    monkeypatch.setattr(watch, "serve", lambda *_: answers.pop(0))
    told: list[str] = []

    def tell(event: watch.Event) -> None:
        told.append(event.text)
        raise KeyboardInterrupt

    _waiting(tmp_path, 1)
    with pytest.raises(KeyboardInterrupt):
        watch.watch(tmp_path, tell, pause=0.01)
    assert told == ["OK"]
    assert list(tmp_path.iterdir()) == []


def test_only_one_pantau_runs(tmp_path: Path) -> None:
    """A second one is refused with exit status 3 while the first runs; after it, another may start."""
    first: list[Refusal] = []

    def second(_: watch.Event) -> None:
        with pytest.raises(Refusal) as caught:
            watch.watch(tmp_path, lambda _: None, once=True)
        first.append(caught.value)

    _waiting(tmp_path, 1, waktu="2026-01-01T00:00:00")
    watch.watch(tmp_path, second, once=True)
    assert [(r.code, r.exit_status) for r in first] == [("pantau-sudah-berjalan", 3)]
    assert _watched(tmp_path) == []


def test_pantau_tells_on_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command makes the private folder, tells the workbook's name and what to do, and ends with 0."""
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert run("pantau", "--sekali").status == 0
    assert (tmp_path / ".iku-excel").stat().st_mode & 0o777 == 0o700 or sys.platform == "win32"
    _waiting(tmp_path / ".iku-excel", 1, waktu="2026-01-01T00:00:00")
    ran = run("pantau", "--sekali")
    assert ran.status == 0
    assert "Buku1.xlsm: GAGAL" in ran.out and "Klik Hitung Ulang lagi" in ran.out


# --- isi --buku-terbuka


def test_one_name_at_most_and_a_path_otherwise() -> None:
    """Without the option a path is needed; with it at most one name may stand."""
    assert run("isi").status == 2
    assert run("isi", "--buku-terbuka", "a", "b").status == 2


def _open_books(monkeypatch: pytest.MonkeyPatch, *full_names: str) -> Any:
    """An Excel played by the stand-in of tests/fake_excel.py, these workbooks open in it."""
    pytest.importorskip("xlwings", reason="the extra 'live' is not installed")
    from fake_excel import Excel, Workbook
    from support_excel import install

    excel = Excel(11)
    for name in full_names:
        Workbook(excel, name, ["Ringkasan"])
    engine = install(monkeypatch, excel)
    monkeypatch.setattr(engine, "get_excel_hwnds", lambda: iter([999, 11] if full_names else []))
    monkeypatch.setattr(found, "_in_libreoffice", found._in_excel)
    return excel


@pytest.mark.parametrize(
    ("books", "name", "code"),
    [
        ([], None, "buku-tidak-ditemukan"),
        ([r"C:\a\Satu.xlsx"], "Dua.xlsx", "buku-tidak-ditemukan"),
        ([r"C:\a\Satu.xlsx", r"C:\a\Dua.xlsx"], None, "buku-lebih-dari-satu"),
    ],
)
def test_the_workbook_meant_must_be_clear(
    books: list[str], name: str | None, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None or several: refused, with the names that may be given."""
    _open_books(monkeypatch, *books)
    with pytest.raises(Refusal) as caught:
        found.chosen(name)
    assert caught.value.code == code
    assert all(one.rpartition("\\")[2] in caught.value.fix for one in books)


def test_an_open_workbook_is_found_in_excel_and_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By name in any case, by path, or as the only one; the copy is Excel's own and gone afterwards. A window that
    poses as Excel's is passed over."""
    excel = _open_books(monkeypatch, r"C:\a\Satu.xlsx", "https://x.example/Dua.xlsx")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert found.chosen("satu.XLSX").name == found.chosen(r"C:\a\Satu.xlsx").name == "Satu.xlsx"
    copies: list[Path] = []

    def save_copy(_: Any, target: str) -> None:
        copies.append(Path(target))
        copies[-1].write_bytes(good())

    monkeypatch.setattr(type(excel.books[0]), "SaveCopyAs", save_copy, raising=False)
    ran = run("isi", "--buku-terbuka", "Dua.xlsx", "--dry-run", "--json")
    told = json.loads(ran.out)
    assert (told["file"], told["status"], told["indices"]["IKU-1"]) == ("Dua.xlsx", "unchanged", 50.0)
    assert copies and copies[0].parent == tmp_path / ".iku-excel"
    assert list((tmp_path / ".iku-excel").iterdir()) == []


def test_a_copy_that_excel_refuses_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk under SaveCopyAs: three lines and exit status 4, nothing left behind."""
    from fake_excel import failed

    excel = _open_books(monkeypatch, r"C:\a\Satu.xlsx")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(type(excel.books[0]), "SaveCopyAs", lambda *_: _raise(failed()), raising=False)
    ran = run("isi", "--buku-terbuka")
    assert ran.status == 4 and "salinan" in ran.err and "Satu.xlsx" in ran.err
    assert list((tmp_path / ".iku-excel").iterdir()) == []


@pytest.mark.office
@pytest.mark.parametrize("way", ["isi", "pantau"])
def test_a_workbook_open_in_libreoffice_is_filled(way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document never told of by a macro: found, copied, filled where it is open; the closed port then finds
    nothing more to write."""
    from support_fill import LATER, data_of, first
    from support_live import live_office, saved, spoil

    office = live_office(monkeypatch)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    filled = first("belum-lengkap")
    with office.opened(data_of(filled), "Buku & 'é' 1.xlsx") as document:
        spoil(document, filled.edits)
        if way == "isi":
            ran = run("isi", "--buku-terbuka", "Buku & 'é' 1.xlsx")
            assert "diisi" in ran.out, ran.err
        else:
            (tmp_path / ".iku-excel").mkdir()
            book = {"buku": document.getURL(), "nama": "Buku & 'é' 1.xlsx", "aplikasi": "libreoffice", "hwnd": "0"}
            _waiting(tmp_path / ".iku-excel", 1, **book)
            ran = run("pantau", "--sekali")
            assert "GAGAL" not in ran.out and "IKU-1: " in ran.out
        again = fill(saved(document), LATER)
    assert (again.repaired, again.changed) == ((), ())
    assert list((tmp_path / ".iku-excel").iterdir()) == []
