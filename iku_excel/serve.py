"""Serving one request for an open workbook: read a copy, compute, apply to where staff have it open, report.

Used by the button (``tombol``), by ``pantau`` and by ``isi --buku-terbuka``. The contract with the macro stands in
form/button/parts.py. Whatever happens, the macro gets a report and the copy is gone.
"""

from __future__ import annotations

import codecs
import datetime
import locale
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from iku_excel.batch import Outcome, attempt
from iku_excel.edits import Edit
from iku_excel.fill import Filled, Opened, fill, open_workbook, plan_for
from iku_excel.findings import Finding, Refusal
from iku_excel.form import layout
from iku_excel.indicators.achievement import show
from iku_excel.live import LiveApplied, OpenBook, attach, private_copy

Word: TypeAlias = Literal["OK", "TEMUAN", "GAGAL"]

LIMIT = 600.0
"""Seconds after which a run of the button gives up and says so; the macro waits longer where it can't wait for ever."""
_PATIENCE = 2.0  # seconds that a virus scanner may hold a fresh copy
_LARGEST = 65_536  # bytes; a request has eight lines
_VERSION = "1"
_SHOWN = 3  # findings told in the message; all of them are on Pemeriksaan


@dataclass(frozen=True, slots=True)
class Request:
    """What the macro wrote. ``copy`` is None when Python has to make it itself, ``hwnd`` in LibreOffice."""

    path: Path
    book: str
    name: str
    copy: Path | None
    report: Path
    hwnd: int | None
    application: Literal["excel", "libreoffice"]
    clicked: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the user is told: how it went, in the macro's word, and up to 900 characters of text. ``busy``: the
    application had no time, so that the same request may succeed later."""

    word: Word
    lines: tuple[str, ...]
    busy: bool = False


@dataclass(frozen=True, slots=True)
class Served:
    """An open workbook that was filled: what was read and computed, the plan, and the cells that were written."""

    opened: Opened
    edits: tuple[Edit, ...]
    applied: LiveApplied

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of the data, and one for each sheet whose formulas had to be put back."""
        # a finding's link is new on its row, not put back
        repaired = tuple(p for p in self.applied.repaired if p[0] != layout.PEMERIKSAAN or p[1] == "A3")
        return Filled(self.opened, self.edits, None, self.applied.changed_cells, repaired).findings

    def outcome(self, file: str) -> Outcome:
        """The same as the table and ``--json`` of ``isi`` tell it."""
        values = {(edit.sheet, edit.cell): edit.value for edit in self.edits}
        return Outcome(
            file,
            "filled" if self.applied.changed_cells else "unchanged",
            self.opened.result.indices,
            self.opened.result.components,
            self.findings,
            changes=tuple((sheet, cell, values[sheet, cell]) for sheet, cell in self.applied.changed_cells),
        )


def fill_open(content: bytes, book: Callable[[], OpenBook], now: datetime.datetime) -> Served:
    """Compute from the copy's bytes and apply to the open workbook. It is looked for when the plan is ready: a
    workbook that must be refused needs no Excel."""
    opened = open_workbook(content)
    edits = plan_for(opened, now)
    return Served(opened, edits, book().apply(edits))


def fill_chosen(name: str | None, now: datetime.datetime, *, dry_run: bool = False) -> Outcome:
    """``isi --buku-terbuka``: the open workbook of that name, or the only one open. ``Refusal`` as everywhere;
    ``dry_run`` writes nothing."""
    from iku_excel.live.found import chosen, own_copy, private_folder

    book = chosen(name)
    try:
        with own_copy(book, private_folder()) as copy:
            content = read_copy(copy)
        if dry_run:
            return Outcome.of_filled(book.name, fill(content, now))
        return fill_open(content, lambda: book, now).outcome(book.name)
    except Refusal as refusal:
        raise refusal.at(book.name) from refusal.__cause__


def is_request(path: Path) -> bool:
    """Whether a file is named as the macro names its requests."""
    return path.name.startswith("permintaan-") and path.suffix == ".ini"


def read_request(path: Path) -> Request:
    """Read what the macro wrote; ``Refusal`` "permintaan-tidak-terbaca" when it isn't what the contract says."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _unreadable("berkasnya tidak dapat dibuka") from error
    if len(content) > _LARGEST:
        raise _unreadable("berkasnya terlalu besar")
    lines = (line.partition("=") for line in _decoded(content).splitlines() if "=" in line)
    keys = {key.strip(): value for key, _, value in lines}
    if keys.get("versi") != _VERSION:
        raise _unreadable("versinya bukan 1; makro dan program tidak cocok")
    application, hwnd = keys.get("aplikasi"), keys.get("hwnd", "0")
    if application not in ("excel", "libreoffice"):
        raise _unreadable("aplikasinya tidak dikenal")
    if not hwnd.lstrip("-").isdecimal():
        raise _unreadable("nomor jendelanya bukan angka")
    if not keys.get("nama"):
        raise _unreadable("nama bukunya kosong")
    copy = keys.get("salinan", "")
    return Request(
        path,
        keys.get("buku", ""),
        keys["nama"],
        _beside(path, copy) if copy else None,
        _beside(path, keys.get("laporan", "")),
        int(hwnd) or None,
        application,  # type: ignore[arg-type]  # one of the two words above
        _moment(keys.get("waktu", "")),
    )


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:  # LibreOffice writes in the locale's encoding
        return content.decode(locale.getpreferredencoding(False), "replace")


def _beside(path: Path, name: str) -> Path:
    """A file of the same click. Nothing else is ever written or deleted, whatever a request says."""
    if name != path.name and name.startswith(f"{path.stem}.") and not set(name) & {"/", "\\", ":", "\0"}:
        return path.with_name(name)
    raise _unreadable("nama salinan atau laporannya tidak sah")


def _moment(text: str) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromisoformat(text.strip())
    except ValueError:
        return None


def _unreadable(why: str) -> Refusal:
    return Refusal(
        "permintaan-tidak-terbaca",
        f"Permintaan dari tombol tidak dapat dibaca: {why}.",
        "Klik Hitung Ulang lagi; bila tetap gagal, buat ulang buku kerja dengan versi iku-excel ini.",
    )


def read_copy(path: Path) -> bytes:
    """The copy's bytes. A virus scanner may hold it for a moment: ``PermissionError`` is waited out for 2 s."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return path.read_bytes()
        except PermissionError:
            if time.monotonic() >= until:
                raise
        time.sleep(0.1)


def serve(request: Request, now: datetime.datetime) -> Answer:
    """Fill the workbook that the request means; what to tell the user, whatever happened. The copy is gone after."""

    def work() -> Answer:
        return told(_serve(request, now))

    done = attempt(request.name, work)
    return failed(done) if isinstance(done, Refusal) else done


def _serve(request: Request, now: datetime.datetime) -> Served:
    def attached() -> OpenBook:
        # a document of LibreOffice that was never saved has only its title
        return attach(request.application, request.hwnd, request.book or request.name, request.name)

    if request.copy is not None:
        with private_copy(request.copy) as copy:
            content = read_copy(copy)
        return fill_open(content, attached, now)
    from iku_excel.live.excel import ExcelBook
    from iku_excel.live.found import own_copy

    book = attached()
    if not isinstance(book, ExcelBook):
        raise TypeError("a workbook of another kind can't be copied")
    with own_copy(book, request.path.parent) as copy:
        content = read_copy(copy)
    return fill_open(content, lambda: book, now)


def told(served: Served) -> Answer:
    """The three figures at two decimals, how many findings, and the first mistakes."""
    findings = served.findings
    mistakes = [finding for finding in findings if finding.level == "kesalahan"]
    lines = [f"{code}: {show(served.opened.result.indices[code]) or '–'}" for code in layout.IKU_CODES]
    found = counted(findings)
    lines.append(f"Temuan: {found}. Lihat lembar Pemeriksaan." if found else "Tidak ada temuan.")
    lines += [f"- {finding.message} {finding.fix}" for finding in mistakes[:_SHOWN]]
    lines += [finding.message for finding in findings if finding.code == "rumus-dikembalikan"]
    if not served.applied.changed_cells:
        lines.append("Semua angka sudah sesuai; tidak ada sel yang diubah.")
    return Answer("TEMUAN" if mistakes else "OK", tuple(lines))


def counted(findings: Iterable[Finding]) -> str:
    """How many findings of each level, "" for none."""
    levels = [finding.level for finding in findings]
    counts = [(levels.count(level), level) for level in ("kesalahan", "peringatan", "info")]
    return ", ".join(f"{count} {level}" for count, level in counts if count)


def failed(refusal: Refusal) -> Answer:
    """What happened, where, and what to do."""
    what, where, fix = refusal.lines()
    return Answer("GAGAL", tuple(line for line in (what, where, fix) if line), refusal.code == "aplikasi-sibuk")


def answer_button(path: Path, now: datetime.datetime, *, limit: float = LIMIT) -> bool:
    """Serve the request at ``path`` and write its report; whether there is one.

    A run of more than ``limit`` seconds ends this process with a report that says so. ``Refusal`` when ``path`` is
    no request's name: nothing beside it is touched then, it may be somebody's workbook.
    """
    if not is_request(path):
        raise Refusal(
            "bukan-permintaan",
            "Berkas itu bukan permintaan dari tombol Hitung Ulang.",
            "Perintah ini dipanggil oleh tombol; untuk mengisi buku kerja pakai `iku-excel isi`.",
            file=str(path),
        )
    report, copies = path.with_suffix(".txt"), [path.with_suffix(".xlsm")]
    answer = failed(_ended("dihentikan sebelum selesai"))
    with _private(copies):
        try:
            request = read_request(path)
            report = request.report
            if request.copy is not None:
                copies.append(request.copy)
            with _limited(limit, lambda: _give_up(report, copies)):
                answer = serve(request, now)
        except Refusal as refusal:
            answer = failed(refusal)
        finally:  # also when the process is told to end
            written = write_report(report, answer)
    return written


@contextmanager
def _private(copies: list[Path]) -> Iterator[None]:
    """Copies that are gone after this, also when the request couldn't be read."""
    try:
        yield
    finally:
        _delete(copies)


def _delete(copies: list[Path]) -> None:
    for copy in copies:
        with suppress(OSError):  # the macro deletes it once more
            copy.unlink(missing_ok=True)


@contextmanager
def _limited(seconds: float, too_late: Callable[[], None]) -> Iterator[None]:
    """A call into Excel that never comes back can't be interrupted: another thread ends the process."""
    timer = threading.Timer(seconds, too_late)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _give_up(report: Path, copies: list[Path]) -> None:
    _delete(copies)
    written = write_report(report, failed(_ended("dihentikan karena terlalu lama")))
    os._exit(0 if written else 1)


def _ended(how: str) -> Refusal:
    return Refusal(
        "perhitungan-dihentikan",
        f"Perhitungan {how}. Sebagian angka mungkin sudah baru.",
        "Tutup jendela dialog yang terbuka di buku kerja, lalu klik Hitung Ulang lagi.",
    )


def write_report(path: Path, answer: Answer) -> bool:
    """Write the report in the system's own encoding and rename it into its place; False when the disk refuses."""
    text = "\n".join((answer.word, *answer.lines)) + "\n"
    if sys.platform == "win32":
        content = text.replace("\n", "\r\n").encode("mbcs", "replace")
    else:
        content = text.encode("utf-8", "replace")
    temporary = path.with_name(f"{path.name}.tmp")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        return False
    return True
