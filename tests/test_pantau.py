"""``pantau FOLDER``: workbooks filled shortly after they were saved and closed, on real folders with real notices."""

from __future__ import annotations

import datetime
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from support_cli import MOMENT, foreign, good, run, unfilled

from iku_excel import doctor, serve, watch, watch_folder
from iku_excel.edits import Edit
from iku_excel.fill import fill, fill_file
from iku_excel.findings import Refusal
from iku_excel.notices import is_remote
from iku_excel.paths import found_at, given
from iku_excel.watch_folder import Event, Folders
from iku_excel.xlsx.apply import apply_edits
from iku_excel.xlsx.package import Package
from tests.judges.excel import assert_excel_accepts

pytestmark = pytest.mark.judges_itself
"""All of these fill one and the same workbook; the first test holds it against the judges."""

ROOT = Path(__file__).parents[1]
PATIENCE = 30.0  # seconds that a test waits for what must happen
SCORE = "E5"  # of the first question, 3
FIGURES = "diisi. IKU-1 50,00; IKU-2 "  # (3 + 5) of (4 + 4 + 8), by hand; see test_serve


class Watched:
    """A folder that is watched in this process: what was told, and which files were tried."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, **options: Any) -> None:
        self.events: list[Event] = []
        self.tried: list[str] = []
        options = {"delay": 0.2, "pause": 0.05, "unfinished": 0.6} | options
        self.folders = Folders([str(folder)], self.events.append, **options)
        monkeypatch.setattr(watch_folder, "fill_file", self._fill)

    def _fill(self, path: Path, moment: datetime.datetime) -> Any:
        self.tried.append(path.name)
        return fill_file(path, moment)

    def step(self) -> None:
        """One turn of the loop."""
        if not self.folders.work():
            self.folders.wait()

    def until(self, there: Callable[[], object]) -> None:
        """Turn until something is so."""
        end = time.monotonic() + PATIENCE
        while not there():
            assert time.monotonic() < end, f"it never came to that; told so far: {self.told()}"
            self.step()

    def quiet(self) -> None:
        """Turn until everything that was noted is dealt with, and as long again as a late notice may take."""
        self.until(lambda: not self.folders._waiting)
        end = time.monotonic() + 0.6
        while time.monotonic() < end:
            self.step()

    def told(self) -> list[str]:
        """What the user read, without the times."""
        return [" ".join((f"{event.name}:", event.text, *event.below)) for event in self.events if event.name]

    def started(self) -> Watched:
        """The same once the first look is over."""
        self.until(lambda: any(not event.name for event in self.events))
        self.events.clear()
        self.tried.clear()
        return self


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watched:
    """An empty folder, watched by notices of the system."""
    (tmp_path / "f").mkdir()
    return Watched(tmp_path / "f", monkeypatch).started()


def is_filled(path: Path) -> bool:
    """Whether the workbook holds every figure of today."""
    return path.exists() and fill(path.read_bytes(), MOMENT).data is None


def marked(number: int) -> bytes:
    """The unfilled workbook with another score in it."""
    data = apply_edits(Package.open(unfilled()), [Edit("NSPK_Pertanyaan", SCORE, number)]).data
    assert data is not None
    return data


# --- a workbook that was saved and closed


def test_a_saved_workbook_is_filled_and_told_once(watched: Watched, tmp_path: Path) -> None:
    """One line with the three figures and the findings; our own saving starts nothing."""
    (tmp_path / "f" / "Buku.xlsx").write_bytes(unfilled())
    watched.until(lambda: watched.events)
    watched.quiet()
    assert is_filled(tmp_path / "f" / "Buku.xlsx")
    [event] = watched.events
    [line] = event.lines()
    assert line[8:].startswith(f"  {tmp_path / 'f' / 'Buku.xlsx'}: {FIGURES}") and line[2] == line[5] == ":"
    assert "Temuan: " in line and " kesalahan" in line
    assert watched.tried == ["Buku.xlsx"]
    assert [path.name for path in (tmp_path / "f").iterdir()] == ["Buku.xlsx"]
    assert_excel_accepts((tmp_path / "f" / "Buku.xlsx").read_bytes())


def test_a_workbook_with_nothing_to_fill_is_not_mentioned(watched: Watched, tmp_path: Path) -> None:
    """Opened, saved and closed without a change: looked at, left as it is, no line."""
    (tmp_path / "f" / "Buku.xlsx").write_bytes(good())
    watched.until(lambda: watched.tried)
    watched.quiet()
    assert watched.events == [] and (tmp_path / "f" / "Buku.xlsx").read_bytes() == good()


def test_saved_again_while_we_fill_is_filled_again(
    watched: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between our saving and our looking at it somebody saves once more: theirs counts, not ours."""
    path = tmp_path / "f" / "Buku.xlsx"
    first = [True]

    def overtaken(file: Path, moment: datetime.datetime) -> Any:
        done = fill_file(file, moment)
        if first.pop() if first else False:
            path.write_bytes(unfilled())
        return done

    monkeypatch.setattr(watch_folder, "fill_file", overtaken)
    path.write_bytes(unfilled())
    watched.until(lambda: len(watched.events) == 2)
    assert is_filled(path)


@pytest.mark.parametrize("owner", ["~$Buku.xlsx", ".~lock.Buku.xlsx#"])
def test_an_open_workbook_waits_until_it_is_closed(owner: str, watched: Watched, tmp_path: Path) -> None:
    """Saved twice while it is open: not touched, told once who has it; filled when the owner file is gone."""
    folder = tmp_path / "f"
    (folder / owner).write_bytes(b",CONTOH Budi,pc,01.01.2026 08:00;" if owner[0] == "." else b"\x0bCONTOH Budi")
    for content in (unfilled(), marked(2)):
        (folder / "Buku.xlsx").write_bytes(content)
        watched.until(lambda: watched.events)
        end = time.monotonic() + 0.5
        while time.monotonic() < end:
            watched.step()
        assert (folder / "Buku.xlsx").read_bytes() == content
    shown = folder / "Buku.xlsx"
    assert watched.told() == [f"{shown}: sedang dibuka oleh CONTOH Budi; diisi sesudah ditutup."]
    assert watched.tried == []
    (folder / owner).unlink()
    watched.until(lambda: len(watched.events) == 2)
    assert is_filled(shown)


def test_a_workbook_held_by_a_program_without_an_owner_file_waits(
    watched: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sharing violation of Windows, or another run of ours that has it: tried again, and never told."""
    codes = ["buku-sedang-dibuka", "buku-sedang-diolah", "berkas-berubah"]

    def held(path: Path, moment: datetime.datetime) -> Any:
        if codes:
            raise Refusal(codes.pop(), "Dipakai.", "Tunggu.")
        return fill_file(path, moment)

    monkeypatch.setattr(watch_folder, "fill_file", held)
    (tmp_path / "f" / "Buku.xlsx").write_bytes(unfilled())
    watched.until(lambda: watched.events)
    assert codes == [] and FIGURES in watched.told()[0]


def test_a_workbook_that_goes_just_before_it_is_read_is_not_mentioned(
    watched: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Renamed or deleted in the moment between our look and our reading: no failure of anybody's."""
    gone: list[Path] = []

    def late(path: Path, moment: datetime.datetime) -> Any:
        path.unlink()
        gone.append(path)
        return fill_file(path, moment)

    monkeypatch.setattr(watch_folder, "fill_file", late)
    (tmp_path / "f" / "Buku.xlsx").write_bytes(unfilled())
    watched.until(lambda: gone)
    watched.quiet()
    assert (len(gone), watched.events) == (1, [])


def test_saved_by_renaming_as_excel_does(watched: Watched, tmp_path: Path) -> None:
    """A temporary without an ending is written, the old one renamed away, the new one renamed into its place."""
    folder = tmp_path / "f"
    (folder / "Buku.xlsx").write_bytes(good())
    watched.until(lambda: watched.tried)
    watched.quiet()
    (folder / "~$Buku.xlsx").write_bytes(b"\x04Budi")
    (folder / "8D1A4B00").write_bytes(unfilled())
    (folder / "Buku.xlsx").rename(folder / "5C77E1F2.tmp")
    (folder / "8D1A4B00").rename(folder / "Buku.xlsx")
    (folder / "5C77E1F2.tmp").unlink()
    (folder / "~$Buku.xlsx").unlink()
    watched.until(lambda: watched.events)
    assert is_filled(folder / "Buku.xlsx") and FIGURES in watched.told()[0]


def test_a_workbook_that_arrives_in_pieces_is_never_told_as_broken(watched: Watched, tmp_path: Path) -> None:
    """A sync client stalls for longer than the pause that counts as quiet: nothing is told of the half, nor of the
    zeros that keep its place, until the whole is there."""
    path, content = tmp_path / "f" / "Buku.xlsx", unfilled()
    pieces = (b"", bytes(len(content)), content[: len(content) // 2], content)
    for number, piece in enumerate(pieces):
        path.write_bytes(piece)
        if number < 3:
            tries = len(watched.tried)
            watched.until(lambda tries=tries: len(watched.tried) > tries)
    watched.until(lambda: watched.events)
    assert len(watched.told()) == 1 and FIGURES in watched.told()[0]
    assert is_filled(path)


def test_a_workbook_that_stays_broken_is_told_once_and_again_when_it_changes(watched: Watched, tmp_path: Path) -> None:
    """Three lines after it was left half for long enough; then silence until it changes; mended, it is filled."""
    path = tmp_path / "f" / "Buku.xlsx"
    for size in (5000, 6000):
        path.write_bytes(unfilled()[:size])
        watched.until(lambda: watched.events)
        watched.quiet()
        [event] = watched.events
        assert event.text == "GAGAL" and len(event.below) == 3 and "rusak" in event.below[0]
        assert event.below[1] == f"Berkas: {path}"
        watched.events.clear()
    path.write_bytes(unfilled())
    watched.until(lambda: watched.events)
    assert FIGURES in watched.told()[0]


def test_a_refused_workbook_is_tried_again_only_after_it_changes(watched: Watched, tmp_path: Path) -> None:
    """Read-only: told once; tried again when that mark is taken away, though its content is the same."""
    path = tmp_path / "f" / "Buku.xlsx"
    path.write_bytes(unfilled())
    path.chmod(0o444)
    watched.until(lambda: watched.events)
    watched.quiet()
    assert len(watched.events) == 1 and "hanya boleh dibaca" in watched.told()[0] and len(watched.tried) == 1
    path.chmod(0o644)
    watched.until(lambda: len(watched.events) == 2)
    assert is_filled(path)


def test_each_saving_begins_the_quiet_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Saved again while it waits, noticed or not: it is not tried with what was noted of it before."""
    watched = Watched(tmp_path, monkeypatch, delay=1000)
    [root], path = watched.folders._roots, tmp_path / "Buku.xlsx"
    for score in (1, 2):
        path.write_bytes(marked(score))
        watched.folders._look(root)
        assert not watched.folders.work(), "its time has not come"
    path.write_bytes(unfilled())
    [waiting] = watched.folders._waiting.values()
    waiting.due = 0
    watched.folders.work()
    assert watched.tried == [] and waiting.due > time.monotonic()


# --- which files


def _odd_tree(folder: Path) -> list[Path]:
    """Files that are nobody's workbook, and folders with the same."""
    names = ["~$Buku.xlsx", ".Buku.xlsx", "Backup of Buku.xlsx", "Buku-bak.xlsx", "Buku.xls", "Buku.tmp", "8D1A4B00"]
    made = []
    for inside in (folder, folder / ".git", folder / "~arsip", folder / "sub"):
        inside.mkdir(exist_ok=True, parents=True)
        made += [inside / name for name in names]
    made += [folder / ".git" / "Buku.xlsx", folder / "~arsip" / "Buku.xlsx"]
    for path in made:
        path.write_bytes(unfilled())
    (folder / "Folder.xlsx").mkdir()
    return made


def test_what_isi_passes_over_is_passed_over_in_silence(watched: Watched, tmp_path: Path) -> None:
    """Backups, temporaries, hidden ones, hidden folders, recaps of other people: no word and no byte changed."""
    made = _odd_tree(tmp_path / "f")
    (tmp_path / "f" / "Rekap.xlsx").write_bytes(foreign())
    watched.until(lambda: watched.tried)
    watched.quiet()
    assert watched.events == [] and watched.tried == ["Rekap.xlsx"]
    assert all(path.read_bytes() == unfilled() for path in made)


def test_a_notice_and_a_walk_mean_the_same_workbooks(tmp_path: Path) -> None:
    """Asked for each path by itself, the same files come out as when the folder is walked."""
    folder, elsewhere = tmp_path / "f", tmp_path / "luar"
    _odd_tree(folder)
    elsewhere.mkdir()
    (elsewhere / "Luar.xlsx").write_bytes(good())
    for name in ("Buku.xlsx", "sub/BUKU Ñ.XLSM", "sub/dalam/lagi/b.xlsx", "Folder.xlsx/c.xlsx"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(good())
    (folder / "tautan").symlink_to(elsewhere)
    (folder / "Tautan.xlsx").symlink_to(elsewhere / "Luar.xlsx")
    walked = {target.shown for group in given([str(folder)]) for target in group.targets}
    assert len(walked) == 5
    everything = [path for path in folder.rglob("*") if not path.is_dir()] + [folder / "tautan" / "Luar.xlsx"]
    assert {found for path in everything for found in found_at(path, folder)} == walked
    assert set(found_at(folder, folder)) == walked
    assert list(found_at(folder / "tidak ada", folder)) == list(found_at(folder / ".git", folder)) == []


def test_new_folders_renamed_and_deleted_ones(watched: Watched, tmp_path: Path) -> None:
    """A folder made with its workbook in one go (of which the system tells only the folder), one moved in, one
    renamed, a workbook deleted before its time came."""
    folder, outside = tmp_path / "f", tmp_path / "luar"
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / "Satu.xlsx").write_bytes(unfilled())
    outside.mkdir()
    (outside / "Dua.xlsx").write_bytes(unfilled())
    outside.rename(folder / "masuk")
    (folder / "Hapus.xlsx").write_bytes(unfilled())
    watched.step()
    (folder / "Hapus.xlsx").unlink()
    watched.until(lambda: len(watched.events) == 2)
    assert is_filled(folder / "a" / "b" / "Satu.xlsx") and is_filled(folder / "masuk" / "Dua.xlsx")
    (folder / "masuk").rename(folder / "arsip")
    (folder / "arsip" / "Dua.xlsx").write_bytes(unfilled())
    watched.until(lambda: len(watched.events) == 3)
    watched.quiet()
    assert watched.told()[2].startswith(f"{folder / 'arsip' / 'Dua.xlsx'}: {FIGURES}") and len(watched.events) == 3


def test_a_folder_that_goes_and_comes_back_is_watched_on(
    watched: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A share that drops: told once; when it is there again, as a new folder for the system, its workbooks are filled,
    one that comes just before the notices are heard again, and one after."""
    folder = tmp_path / "f"
    notices = watch_folder.notices

    def late(*of: Any) -> Any:
        (folder / "Sela.xlsx").write_bytes(unfilled())
        return notices(*of)

    monkeypatch.setattr(watch_folder, "notices", late)
    folder.rename(tmp_path / "putus")
    watched.until(lambda: watched.events)
    for _ in range(5):
        watched.step()
    assert watched.told() == [f"{folder}: folder ini tidak dapat dibaca; dipantau lagi begitu dapat dibaca."]
    (tmp_path / "putus" / "Satu.xlsx").write_bytes(unfilled())
    shutil.copytree(tmp_path / "putus", folder)
    watched.until(lambda: len(watched.events) == 3)
    watched.quiet()
    (folder / "Dua.xlsx").write_bytes(unfilled())
    watched.until(lambda: len(watched.events) == 4)
    assert all(is_filled(folder / name) for name in ("Satu.xlsx", "Sela.xlsx", "Dua.xlsx"))


# --- the start, and folders that nobody tells about


def test_everything_there_at_the_start_is_looked_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One is filled, one left alone, one open, one refused; then one line says how many."""
    for name in ("a.xlsx", "d.xlsx", "e.xlsx"):
        (tmp_path / name).write_bytes(unfilled())
    (tmp_path / "b.xlsx").write_bytes(good())
    (tmp_path / "c.xlsx").write_bytes(foreign())
    (tmp_path / "d.xlsx").chmod(0o444)
    (tmp_path / "~$e.xlsx").write_bytes(b"")
    watched = Watched(tmp_path, monkeypatch)
    watched.until(lambda: any(not event.name for event in watched.events))
    [summary] = [event.text for event in watched.events if not event.name]
    assert summary == "4 buku kerja sudah dilihat: 1 diisi, 1 tidak berubah, 1 gagal, 1 sedang dibuka."
    assert len(watched.told()) == 3 and sorted(watched.tried) == ["a.xlsx", "b.xlsx", "c.xlsx", "d.xlsx"]


def test_polling_needs_no_watchfiles_and_sees_two_saves_within_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is looked through every so often; a time of change within the same second counts as another. The
    workbook is whole, so that nothing of ours changes its time."""
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    monkeypatch.setattr(watch_folder, "LOOK_POLLING", 0.05)
    watched = Watched(tmp_path, monkeypatch, polling=True).started()
    path = tmp_path / "Buku.xlsx"
    second = 1_767_600_000 * 10**9
    for number, nanoseconds in enumerate((second, second + 10**8), start=1):
        (tmp_path / "8D1A4B00").write_bytes(good())
        os.utime(tmp_path / "8D1A4B00", ns=(nanoseconds, nanoseconds))
        (tmp_path / "8D1A4B00").rename(path)
        watched.until(lambda number=number: len(watched.tried) == number)
        watched.quiet()
        assert watched.tried == ["Buku.xlsx"] * number and watched.events == []
    path.write_bytes(unfilled())
    watched.until(lambda: watched.events)
    assert is_filled(path)


def test_without_watchfiles_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three lines, exit status 4, before anything is locked; `doktor` tells the same."""
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    (tmp_path / "f").mkdir()
    ran = run("pantau", tmp_path / "f", "--sekali")
    assert ran.status == 4 and len(ran.complaint) == 3
    assert "watchfiles" in ran.complaint[0] and "iku_excel[pantau]" in ran.complaint[2]
    assert run("pantau", tmp_path / "f", "--sekali", "--polling").status == 0
    assert list((tmp_path / "f").iterdir()) == []
    assert doctor.watching().state == "perhatian" and "iku_excel[pantau]" in doctor.watching().fix
    monkeypatch.undo()
    assert doctor.watching().state == "ada"


def test_when_the_system_gives_no_more_notices_the_folder_is_looked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Linux's limit of watches is reached: told once, and the work goes on."""

    def refusing(*_: object) -> Iterator[Any]:
        raise OSError("OS file watch limit reached")
        yield

    monkeypatch.setattr(watch_folder, "notices", refusing)
    monkeypatch.setattr(watch_folder, "LOOK_POLLING", 0.05)
    watched = Watched(tmp_path, monkeypatch)
    (tmp_path / "Buku.xlsx").write_bytes(unfilled())
    watched.until(lambda: watched.told())
    assert is_filled(tmp_path / "Buku.xlsx")
    assert sum(event.text.startswith("Sistem tidak memberi tahu") for event in watched.events) == 1


def test_a_missed_notice_is_made_up_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's queue overflows and nobody is told: the next look through the folder finds the workbook."""
    monkeypatch.setattr(watch_folder, "notices", lambda *_: iter(lambda: time.sleep(0.02) or set(), None))
    monkeypatch.setattr(watch_folder, "LOOK", 0.1)
    watched = Watched(tmp_path, monkeypatch).started()
    (tmp_path / "Buku.xlsx").write_bytes(unfilled())
    watched.until(lambda: watched.told())
    assert is_filled(tmp_path / "Buku.xlsx")


def test_a_share_is_looked_through_without_being_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a network drive nobody tells what others do: no notices are waited for, nor is watchfiles needed."""
    monkeypatch.setattr(watch_folder, "is_remote", lambda folder: folder == tmp_path)
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    monkeypatch.setattr(watch_folder, "LOOK_POLLING", 0.05)
    watched = Watched(tmp_path, monkeypatch).started()
    (tmp_path / "Buku.xlsx").write_bytes(unfilled())
    watched.until(lambda: watched.told())
    assert is_filled(tmp_path / "Buku.xlsx")


def test_a_slow_folder_is_looked_through_less_often(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look that took a while is followed by nine times as long without one: the share has other users."""
    watched = Watched(tmp_path, monkeypatch, polling=True)
    [root] = watched.folders._roots
    monkeypatch.setattr(watch_folder, "LOOK_POLLING", 0.0)
    monkeypatch.setattr(watch_folder, "found_at", lambda *_: time.sleep(0.1) or ())
    watched.folders._look(root)
    assert root.next_look > time.monotonic() + 0.5


@pytest.mark.parametrize(
    ("folder", "remote"),
    [
        ("/home/budi/IKU", False),
        ("/mnt/bersama/IKU", True),
        ("/mnt/bersama", True),
        ("/mnt/bersama2", False),
        ("/mnt/bersama/lokal/x", False),
        ("/mnt/c/Users/Budi", True),
        ("/mnt/dua kata/x", True),
        ("/run/user/1000/gvfs/smb/x", True),
        ("/mnt/otomatis/x", True),
        ("\\\\server\\bersama\\IKU", True),
    ],
)
def test_network_drives_are_told_by_the_list_of_mounts(folder: str, remote: bool, tmp_path: Path) -> None:
    """The deepest mount counts, of two on one place the later; a name with blanks is written in octal."""
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "/dev/sda1 / ext4 rw 0 0\n//srv/b /mnt/bersama cifs rw 0 0\n/dev/sdb1 /mnt/bersama/lokal ext4 rw 0 0\n"
        "C:\\134 /mnt/c 9p rw 0 0\nsrv:/d /mnt/dua\\040kata nfs4 rw 0 0\n"
        "gvfsd-fuse /run/user/1000/gvfs fuse.gvfsd-fuse rw 0 0\n"
        "auto /mnt/otomatis autofs rw 0 0\nsrv:/o /mnt/otomatis nfs rw 0 0\n"
    )
    assert is_remote(Path(folder), mounts) is remote
    assert is_remote(Path(folder), tmp_path / "tidak ada") is folder.startswith("\\")


# --- the command


def test_the_command_looks_once_and_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--sekali: what is closed is filled at once, what is open is told in three lines, paths as the user wrote them."""
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "buku").mkdir()
    for name in ("a.xlsx", "b.xlsx"):
        (tmp_path / "buku" / name).write_bytes(unfilled())
    (tmp_path / "buku" / ".~lock.b.xlsx#").write_bytes(b",CONTOH Budi,pc,;")
    ran = run("pantau", "buku", "--sekali")
    assert ran.status == 0 and is_filled(tmp_path / "buku" / "a.xlsx")
    lines = ran.out.splitlines()
    assert lines[0][8:].startswith(f"  buku/a.xlsx: {FIGURES}")
    assert lines[1][8:] == "  buku/b.xlsx: GAGAL" and "sedang dibuka oleh CONTOH Budi" in lines[2]
    assert lines[3] == "  Berkas: buku/b.xlsx"
    assert lines[-1] == "2 buku kerja sudah dilihat: 1 diisi, 1 sedang dibuka."
    assert (tmp_path / "buku" / "b.xlsx").read_bytes() == unfilled()
    assert sorted(path.name for path in (tmp_path / "buku").iterdir()) == [".~lock.b.xlsx#", "a.xlsx", "b.xlsx"]


def test_wrong_folders_and_pauses(tmp_path: Path) -> None:
    """A workbook or nothing instead of a folder: three lines; a pause out of range: wrong usage."""
    (tmp_path / "a.xlsx").write_bytes(good())
    for name in ("a.xlsx", "tidak ada"):
        ran = run("pantau", tmp_path / name)
        assert ran.status == 1 and len(ran.complaint) == 3 and "bukan folder" in ran.complaint[0]
        assert ran.complaint[1] == f"  Folder: {tmp_path / name}"
    for value in ("0", "3601", "x"):
        assert run("pantau", tmp_path, "--jeda", value).status == 2
    assert run("pantau", " ").status == 2


def test_a_folder_is_watched_by_one_only(tmp_path: Path) -> None:
    """A second one, also of another user or computer, is refused with exit status 3 and named the lock."""
    (tmp_path / "f").mkdir()

    def ignore(_: Event) -> None: ...

    with Folders([str(tmp_path / "f")], ignore).held(), pytest.raises(Refusal) as caught:
        watch.watch(tmp_path, ignore, folders=Folders([str(tmp_path / "f")], ignore))
    assert (caught.value.code, caught.value.exit_status) == ("folder-sudah-dipantau", 3)
    assert ".~iku-pantau.lock" in caught.value.fix and caught.value.file == str(tmp_path / "f")
    watch.watch(tmp_path, ignore, once=True, folders=Folders([str(tmp_path / "f")], ignore))


def test_what_dead_runs_left_is_swept_up(tmp_path: Path) -> None:
    """A temporary of a process that is gone holds personal data: removed at the start, also in subfolders."""
    folder = tmp_path / "f" / "sub"
    folder.mkdir(parents=True)
    (folder / "Buku.xlsx").write_bytes(good())
    tag = f"{zlib.crc32(socket.gethostname().encode()):08x}"
    left = folder / f".~iku-{tag}-{2**22 + 1}-0badcafe.tmp"  # above every pid
    left.write_bytes(unfilled())
    watch.watch(tmp_path, lambda _: None, once=True, folders=Folders([str(tmp_path / "f")], lambda _: None))
    assert [path.name for path in folder.iterdir()] == ["Buku.xlsx"]


def test_a_click_does_not_wait_for_many_workbooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that comes while many workbooks wait is served after the one in hand."""
    private, folder = tmp_path / "p", tmp_path / "f"
    private.mkdir()
    folder.mkdir()
    for name in ("a.xlsx", "b.xlsx", "c.xlsx"):
        (folder / name).write_bytes(unfilled())
    monkeypatch.setattr(watch, "serve", lambda *_: serve.Answer("OK", ()))
    told: list[str] = []

    def tell(event: Event) -> None:
        told.append(Path(event.name).name)
        if told == ["a.xlsx"]:
            now = datetime.datetime.now().isoformat(timespec="seconds")
            keys = f"versi=1\nnama=Klik\nsalinan=\nlaporan=permintaan-1.txt\nhwnd=1\naplikasi=excel\nwaktu={now}\n"
            (private / "permintaan-1.ini").write_text(keys)
        if len(told) == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        watch.watch(private, tell, folders=Folders([str(folder)], tell, delay=0.1, pause=0.05))
    assert told == ["a.xlsx", "Klik", "b.xlsx", "c.xlsx"]


# --- processes


_SLOW = """
import pathlib, sys, time
from iku_excel import cli, watch_folder
fill_file = watch_folder.fill_file
def slow(path, moment):
    pathlib.Path(sys.argv[1], "mulai").touch()
    time.sleep(float(sys.argv[2]))
    return fill_file(path, moment)
watch_folder.fill_file = slow
cli.main(["pantau", sys.argv[1], "--jeda", "1"])
"""


@contextmanager
def process(tmp_path: Path, *words: object) -> Iterator[subprocess.Popen[str]]:
    """A Python of its own with these words, its home in the test's folder; killed if it is still there after."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "USERPROFILE": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, *map(str, words)],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # what a shell starts with "&" ignores it
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def wait_for(there: Callable[[], object]) -> None:
    """Until something is so."""
    end = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.trust
@pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl+C can't be sent to one process only")
def test_twenty_files_dropped_at_once_and_ctrl_c(tmp_path: Path) -> None:
    """The real command: a folder with twenty workbooks is copied in, each is filled and told; Ctrl+C ends with 0 and
    leaves nothing behind."""
    folder = tmp_path / "f"
    folder.mkdir()
    with process(tmp_path, "-m", "iku_excel", "pantau", folder, "--jeda", 1) as running:
        wait_for(lambda: (folder / ".~iku-pantau.lock").exists())
        (folder / "kiriman").mkdir()
        books = [folder / "kiriman" / f"OPD {number:02}.xlsx" for number in range(20)]
        for book in books:
            book.write_bytes(unfilled())
        wait_for(lambda: all(book.stat().st_size != len(unfilled()) for book in books))
        running.send_signal(signal.SIGINT)
        out, _ = running.communicate(timeout=PATIENCE)
    assert running.returncode == 0
    assert out.count(FIGURES) == 20 and out.splitlines()[-1] == "Pantau dihentikan."
    assert is_filled(books[0]) and is_filled(books[-1])
    assert [path.name for path in folder.iterdir()] == ["kiriman"] and len(list((folder / "kiriman").iterdir())) == 20


@pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl+C can't be sent to one process only")
@pytest.mark.parametrize(("seconds", "times"), [(1, 1), (60, 2)])
def test_ctrl_c_finishes_the_workbook_in_hand_and_twice_does_not(seconds: int, times: int, tmp_path: Path) -> None:
    """Once: the workbook is filled and told before the end. Twice: at once, the workbook as it was."""
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "Buku.xlsx").write_bytes(unfilled())
    with process(tmp_path, "-c", _SLOW, folder, seconds) as running:
        wait_for(lambda: (folder / "mulai").exists())
        for _ in range(times):
            running.send_signal(signal.SIGINT)
            time.sleep(0.2)  # two at the same moment are one
        out, _ = running.communicate(timeout=PATIENCE)
    assert running.returncode == 0 and "Traceback" not in out
    assert out.splitlines()[-1] == "Pantau dihentikan."
    assert (FIGURES in out) == is_filled(folder / "Buku.xlsx") == (times == 1)
    assert times == 1 or (folder / "Buku.xlsx").read_bytes() == unfilled()
    assert sorted(path.name for path in folder.iterdir()) == ["Buku.xlsx", "mulai"]


# --- LibreOffice


@pytest.mark.office
def test_libreoffice_opens_edits_saves_and_closes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real office: while the workbook is open it is left as the office saved it, also after two savings; closed,
    it is filled with the figures of what was typed."""
    from tests.support_live import live_office, properties

    office = live_office(monkeypatch)
    folder = tmp_path / "f"
    folder.mkdir()
    book = folder / "Buku.xlsx"
    book.write_bytes(good())
    watched = Watched(folder, monkeypatch).started()
    document = office.desktop.loadComponentFromURL(book.as_uri(), "_blank", 0, properties(Hidden=True))
    try:
        first_score = document.getSheets().getByName("NSPK_Pertanyaan").getCellRangeByName(SCORE)
        for score in (2, 4):
            first_score.setValue(score)
            document.store()
            stored = book.read_bytes()
            watched.until(lambda: watched.events)
            end = time.monotonic() + 0.5
            while time.monotonic() < end:
                watched.step()
            assert book.read_bytes() == stored
    finally:
        document.close(True)
    assert len(watched.told()) == 1 and "sedang dibuka" in watched.told()[0]
    watched.until(lambda: len(watched.events) == 2)
    assert "IKU-1 56,25" in watched.told()[1]  # (4 + 5) of (4 + 4 + 8), by hand
    assert is_filled(book)
