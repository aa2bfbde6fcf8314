"""Bad files: each is told in three lines, left exactly as it is, and never in the way of the others."""

from __future__ import annotations

import io
import json
import socket
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from support_cli import foreign, good, reshaped, run, unfilled

from iku_excel import fill

OLE2 = bytes.fromhex("d0cf11e0a1b11ae1")


def _edited(change: Callable[[object], None]) -> Callable[[Path], None]:
    """Write the good workbook, changed with openpyxl as a user might change it in Excel."""

    def make(path: Path) -> None:
        from openpyxl import load_workbook

        book = load_workbook(io.BytesIO(good()))
        change(book)
        book.save(path)

    return make


def _named(name: str, value: object) -> Callable[[Path], None]:
    """Write the good workbook with another value in a named cell."""

    def change(book: object) -> None:
        sheet, cell = book.defined_names[name].attr_text.split("!")
        book[sheet.strip("'")][cell.replace("$", "")] = value

    return _edited(change)


def _table_gone(book: object) -> None:
    del book["Dokumen"].tables["tblDokumen"]


def _heading_renamed(book: object) -> None:
    table = book["Anggaran"].tables["tblAnggaran"]
    column = next(c for c in table.tableColumns if c.name == "Pagu Murni")
    column.name = "Pagu Awal"
    for cell in book["Anggaran"][table.ref.split(":")[0].lstrip("ABCDEFGHIJ")]:
        if cell.value == "Pagu Murni":
            cell.value = "Pagu Awal"


def _name_gone(book: object) -> None:
    del book.defined_names["Bobot_Diklat"]


def _version_gone(book: object) -> None:
    del book.defined_names["IKU_Versi_Templat"]


def _output_gone(book: object) -> None:
    del book["Kesekretariatan"]


def _year_1904(book: object) -> None:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book.epoch = CALENDAR_MAC_1904


def _owned_by_excel(path: Path) -> None:
    path.write_bytes(good())
    name = "Siti Aminah"
    content = bytes([len(name)]) + name.encode().ljust(54) + len(name).to_bytes(2, "little") + name.encode("utf-16-le")
    path.with_name("~$" + path.name).write_bytes(content.ljust(165, b"\0"))


def _owned_by_libreoffice(path: Path) -> None:
    path.write_bytes(good())
    path.with_name(f".~lock.{path.name}#").write_text(",Siti Aminah,komputer,05.01.2026 08:00,file:///x;", "utf-8")


def _read_only(path: Path) -> None:
    path.write_bytes(good())
    path.chmod(0o444)


def _bomb(path: Path) -> None:
    path.write_bytes(reshaped(good(), {"xl/worksheets/sheet3.xml": lambda xml: xml + b" " * 20_000_000}))


BAD: dict[str, tuple[Callable[[Path], None], int, str]] = {
    "missing": (lambda path: None, 1, "tidak ditemukan"),
    "empty": (lambda path: path.write_bytes(b""), 1, "kosong"),
    "text": (lambda path: path.write_text("Kode;Pagu\n1;2\n", "utf-8"), 1, "bukan"),
    "old xls": (lambda path: path.write_bytes(OLE2 + bytes(2000)), 1, "sandi"),
    "encrypted": (
        lambda path: path.write_bytes(OLE2 + bytes(1000) + "EncryptedPackage".encode("utf-16-le") + bytes(500)),
        1,
        "sandi",
    ),
    "truncated": (lambda path: path.write_bytes(good()[: len(good()) // 2]), 1, "rusak"),
    "foreign": (lambda path: path.write_bytes(foreign()), 1, "bukan buku kerja IKU"),
    "table deleted": (_edited(_table_gone), 1, "tblDokumen"),
    "heading renamed": (_edited(_heading_renamed), 1, "'Pagu Murni'"),
    "quarter 5": (_named("Triwulan", 5), 1, "Triwulan berisi 5"),
    "year as text": (_named("Tahun", "dua ribu"), 1, "Tahun berisi teks"),
    "newer template": (_named("IKU_Versi_Templat", 99), 1, "templat versi 99"),
    "name deleted": (_edited(_name_gone), 1, "Bobot_Diklat"),
    "version deleted": (_edited(_version_gone), 1, "bukan buku kerja IKU"),
    "output sheet deleted": (_edited(_output_gone), 1, "Kesekretariatan"),
    "date system 1904": (_edited(_year_1904), 1, "1904"),
    "open in Excel": (_owned_by_excel, 3, "Siti Aminah"),
    "open in LibreOffice": (_owned_by_libreoffice, 3, "Siti Aminah"),
    "read-only": (_read_only, 1, "hanya boleh dibaca"),
    "zip bomb": (_bomb, 1, "demi keamanan"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_told_in_three_lines_and_the_others_are_filled(kind: str, tmp_path: Path) -> None:
    """Of two files the bad one is refused, untouched, in three lines; the good one is filled."""
    make, status, word = BAD[kind]
    bad, other = tmp_path / "Buku Dinas.xlsx", tmp_path / "Lain.xlsx"
    make(bad)
    other.write_bytes(unfilled())
    before = bad.read_bytes() if bad.exists() else None

    ran = run("isi", bad, other)

    assert ran.status == status
    what, where, fix = ran.complaint
    assert word in what + fix
    assert str(bad) in where
    assert len(fix.strip()) > len("Perbaikan: ") + 10
    assert (bad.read_bytes() if bad.exists() else None) == before
    assert other.read_bytes() != unfilled()
    assert "gagal" in ran.out
    assert "diisi" in ran.out
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith(".~iku")) == []


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_a_whole_json_object_without_values(kind: str, tmp_path: Path) -> None:
    """With --json a failed workbook has every key, no value, and its error; stderr has the three lines too."""
    make, status, _ = BAD[kind]
    bad = tmp_path / "Buku.xlsx"
    make(bad)

    ran = run("isi", "--json", bad)

    assert ran.status == status
    told = json.loads(ran.out)
    error = told.pop("error")
    assert told == {
        "file": str(bad),
        "status": "failed",
        "indices": {"IKU-1": None, "IKU-2": None, "IKU-3": None},
        "components": {"dokumen": None, "anggaran": None, "diklat": None, "sarpras": None},
        "findings": [],
    }
    assert set(error) == {"code", "message", "fix"}
    assert error["message"] in ran.complaint[0]
    assert len(ran.complaint) == 3


@pytest.mark.parametrize("command", ["rapikan", "periksa", "jelaskan"])
@pytest.mark.parametrize("kind", ["missing", "old xls", "truncated", "foreign", "table deleted", "newer template"])
def test_the_other_commands_refuse_alike(command: str, kind: str, tmp_path: Path) -> None:
    """Commands beside isi refuse the same files in three lines and leave them as they are."""
    make, status, word = BAD[kind]
    bad = tmp_path / "Buku.xlsx"
    make(bad)
    before = bad.read_bytes() if bad.exists() else None

    ran = run(command, bad, *(["IKU-1"] if command == "jelaskan" else []))

    assert ran.status == status
    assert len(ran.complaint) == 3
    assert word in ran.complaint[0] + ran.complaint[2]
    assert (bad.read_bytes() if bad.exists() else None) == before


@pytest.mark.parametrize("kind", ["open in Excel", "read-only"])
def test_checking_and_explaining_only_read(kind: str, tmp_path: Path) -> None:
    """A workbook that somebody has open, or that is read-only, can still be checked and explained."""
    book = tmp_path / "Buku.xlsx"
    BAD[kind][0](book)

    assert run("periksa", book).err == ""
    assert run("jelaskan", book, "IKU-2").status == 0


def test_tidying_mends_a_year_typed_as_text(tmp_path: Path) -> None:
    """Tahun as the text "2025" refuses to be computed, yet rapikan can mend just that."""
    book = tmp_path / "Buku.xlsx"
    _named("Tahun", "2025")(book)
    assert run("isi", book).status == 1

    assert run("rapikan", book).status == 0

    assert run("isi", book).complaint == []


def test_a_folder_without_workbooks_is_told_in_three_lines(tmp_path: Path) -> None:
    """An empty folder, and one that holds only other people's workbooks, is an error of its own."""
    (tmp_path / "kosong").mkdir()
    (tmp_path / "lain").mkdir()
    (tmp_path / "lain" / "Rekap.xlsx").write_bytes(foreign())
    for folder in ("kosong", "lain"):
        ran = run("isi", tmp_path / folder)
        assert ran.status == 1
        what, where, _ = ran.complaint
        assert "Tidak ada buku kerja IKU" in what
        assert where.strip() == f"Folder: {tmp_path / folder}"


def test_what_a_folder_holds_beside_our_workbooks_is_passed_over(tmp_path: Path) -> None:
    """Foreign workbooks (locked ones too), owner files, backups, temporaries and hidden files stay unsaid."""
    (tmp_path / "sub").mkdir()
    (tmp_path / ".simpan").mkdir()
    (tmp_path / "sub" / "IKU.xlsx").write_bytes(unfilled())
    (tmp_path / "Rekap.xlsx").write_bytes(foreign())
    (tmp_path / "~$Rekap.xlsx").write_bytes(b"\x04Siti".ljust(165))
    for name in (".IKU.xlsx", "Backup of IKU.xlsx", "IKU.bak.xlsx", "~IKU.xlsx", "IKU.xlsx.tmp", ".simpan/IKU.xlsx"):
        (tmp_path / name).write_bytes(unfilled())

    ran = run("isi", "--json", tmp_path)

    assert [json.loads(line)["file"] for line in ran.out.splitlines()] == [str(tmp_path / "sub" / "IKU.xlsx")]
    assert ran.err == ""


def test_a_broken_file_in_a_folder_is_told(tmp_path: Path) -> None:
    """A damaged workbook in a folder may be one of ours: it is an error, not passed over."""
    (tmp_path / "IKU.xlsx").write_bytes(good()[:5000])

    ran = run("isi", tmp_path)

    assert ran.status == 1
    assert str(tmp_path / "IKU.xlsx") in ran.complaint[1]


def test_open_and_missing_together_exit_with_the_higher_status(tmp_path: Path) -> None:
    """3 (open) wins over 1 (missing), in whatever order."""
    _owned_by_excel(tmp_path / "a.xlsx")

    assert run("isi", tmp_path / "a.xlsx", tmp_path / "tiada.xlsx").status == 3
    assert run("isi", tmp_path / "tiada.xlsx", tmp_path / "a.xlsx").status == 3


def test_an_error_of_the_program_never_shows_a_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unforeseen exception becomes three lines without its text (it may quote data); other files are filled."""
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    first.write_bytes(good())
    second.write_bytes(unfilled())
    real = fill.open_workbook

    def fails(content: bytes) -> fill.Opened:
        if content == good():
            raise KeyError("RAHASIA Budi")
        return real(content)

    monkeypatch.setattr(fill, "open_workbook", fails)
    ran = run("isi", "--hitung-semua", first, second)

    assert ran.status == 1
    assert len(ran.complaint) == 3
    assert "Terjadi kesalahan" in ran.complaint[0]
    assert "RAHASIA" not in ran.out + ran.err
    assert second.read_bytes() != unfilled()

    monkeypatch.setenv("IKU_DEBUG", "1")
    assert "Traceback" in run("isi", "--hitung-semua", first).err


def test_a_missing_library_exits_4(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the machine lacks is exit status 4, with the name of the library."""
    book = tmp_path / "a.xlsx"
    book.write_bytes(good())

    def lacks(content: bytes) -> fill.Opened:
        raise ModuleNotFoundError("No module named 'python_calamine'", name="python_calamine")

    monkeypatch.setattr(fill, "open_workbook", lacks)
    ran = run("isi", "--hitung-semua", book, tmp_path / "tiada.xlsx")

    assert ran.status == 4
    assert "python_calamine" in ran.complaint[0]


def test_an_interrupt_ends_with_130(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends the run with one line and status 130."""
    book = tmp_path / "a.xlsx"
    book.write_bytes(good())

    def interrupted(content: bytes) -> fill.Opened:
        raise KeyboardInterrupt

    monkeypatch.setattr(fill, "open_workbook", interrupted)
    ran = run("isi", "--hitung-semua", book)

    assert ran.status == 130
    assert [line[:11] for line in ran.complaint] == ["Dihentikan."]
    assert book.read_bytes() == good()
    assert [p.name for p in tmp_path.iterdir()] == ["a.xlsx"]


def test_paths_that_cannot_exist_stop_nobody_else(tmp_path: Path) -> None:
    """A ring of links and a name too long are told in three lines each; the good file is filled."""
    (tmp_path / "a.xlsx").symlink_to(tmp_path / "b.xlsx")
    (tmp_path / "b.xlsx").symlink_to(tmp_path / "a.xlsx")
    good_one = tmp_path / "c.xlsx"
    good_one.write_bytes(unfilled())

    ran = run("isi", tmp_path / "a.xlsx", tmp_path / ("n" * 300 + ".xlsx"), good_one)

    assert ran.status == 1
    assert [line.split(":")[0].strip() for line in ran.complaint] == ["Gagal", "Berkas", "Perbaikan"] * 2
    assert good_one.read_bytes() != unfilled()


def test_a_link_is_filled_where_it_points(tmp_path: Path) -> None:
    """A link to a workbook fills the workbook, once, and stays a link."""
    book, link = tmp_path / "asli.xlsx", tmp_path / "tautan.xlsx"
    book.write_bytes(unfilled())
    link.symlink_to(book)

    ran = run("isi", "--json", link, book)

    assert [json.loads(line)["file"] for line in ran.out.splitlines()] == [str(link)]
    assert link.is_symlink()
    assert book.read_bytes() != unfilled()


@pytest.mark.parametrize("command", ["isi", "rapikan"])
def test_what_a_dead_run_left_is_swept_up(command: str, tmp_path: Path) -> None:
    """The lock and the temporary of a killed run are gone after the next one; a dry run leaves them."""
    book = tmp_path / "a.xlsx"
    book.write_bytes(good())
    dead = subprocess.Popen([sys.executable, "-c", "pass"])
    dead.wait()
    tag = f"{zlib.crc32(socket.gethostname().encode()):08x}"
    left = tmp_path / f".~iku-{tag}-{dead.pid}-00ff00ff.tmp"
    left.write_bytes(good()[:100])

    run(command, "--dry-run", book)
    assert left.exists()
    run(command, book)
    assert [p.name for p in tmp_path.iterdir()] == ["a.xlsx"]


def test_a_workbook_of_ours_in_a_folder_is_told_whatever_it_lacks(tmp_path: Path) -> None:
    """Passed over is only what isn't ours: a sound IKU workbook without one of its tables is an error."""
    BAD["table deleted"][0](tmp_path / "a.xlsx")

    ran = run("isi", tmp_path)

    assert ran.status == 1
    assert "tblDokumen" in ran.complaint[0]
