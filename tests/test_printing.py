"""``cetak``: PDFs read back by poppler; the copy that is printed; what stops it."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support_cli import example, good, run
from support_printing import NOW, book_in, home, left, refused

from iku_excel import printing
from iku_excel.live import headless
from iku_excel.printing import Wish, print_file
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.selection import A4, F4, only
from tests.judges.excel import assert_excel_accepts
from tests.judges.office import require_office

__all__ = ["home"]


def info(pdf: Path) -> tuple[int, tuple[int, int]]:
    """Pages, and the first page's width and height in millimetres."""
    told = subprocess.run(["pdfinfo", str(pdf)], capture_output=True, text=True, check=True).stdout
    pages = re.search(r"^Pages:\s+(\d+)", told, re.M)
    size = re.search(r"^Page size:\s+([\d.]+) x ([\d.]+)", told, re.M)
    assert pages and size
    return int(pages[1]), (round(float(size[1]) / 72 * 25.4), round(float(size[2]) / 72 * 25.4))


def words(pdf: Path) -> str:
    """The PDF's text, blanks taken together."""
    told = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    return " ".join(told.split())


# --- by LibreOffice


@pytest.mark.office
def test_the_summary_is_printed_on_one_page_and_nothing_else(home: Path, tmp_path: Path) -> None:
    """One page A4 across, title and figures with decimal commas; no complainant, no employee; nothing stays behind."""
    require_office()
    book, target = book_in(tmp_path, example("bersih")), tmp_path / "ringkasan.pdf"
    ran = run("cetak", book, "-o", target)
    assert (ran.status, ran.err) == (0, "") and "lembar Ringkasan (dibuat dengan LibreOffice)" in ran.out
    assert info(target) == (1, (297, 210))
    said = words(target)
    for text in ("RINGKASAN INDIKATOR KINERJA UTAMA", "78,24", "78,08", "91,74", "Halaman 1 dari 1"):
        assert text in said, text
    assert "hasil hitung internal" in said.casefold()
    from iku_excel.examples import example_content

    tables = example_content("bersih")[1].tables
    private = {str(row[h]) for row in tables["tblKeluhan"] for h in ("Pelapor", "Uraian", "Tracking ID") if row.get(h)}
    private |= {str(row["NIP"]) for row in tables["tblPegawai"]}
    assert private and not [text for text in private if text in said]
    assert book.read_bytes() == example("bersih")
    assert left(home) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([book.name, "ringkasan.pdf", "rumah"])


@pytest.mark.trust
@pytest.mark.office
def test_several_sheets_on_f4(home: Path, tmp_path: Path) -> None:
    """In the order of the tabs, each on paper of 330 × 210 mm; a sheet without print area and one with."""
    require_office()
    book, target = book_in(tmp_path, example("kesalahan-umum")), tmp_path / "a.pdf"
    made = print_file(book, Wish(target, ("pemeriksaan", "NSPK", "Riwayat"), "F4"), NOW)
    assert made.sheets == ("NSPK", "Pemeriksaan", "Riwayat") and made.mistakes > 10
    pages, size = info(target)
    assert pages >= 3 and size == (330, 210)
    said = words(target)
    assert said.index("INDEKS NSPK MANAJEMEN ASN") < said.index("PEMERIKSAAN DATA") < said.index("RIWAYAT PERHITUNGAN")
    assert "RINGKASAN INDIKATOR" not in said


@pytest.mark.office
def test_stale_figures_are_told_and_printed_fresh(home: Path, tmp_path: Path) -> None:
    """A score changed since the last filling: the PDF has today's index, the workbook stays as it was."""
    require_office()
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(good()))
    sheet = book["NSPK_Pertanyaan"]
    heads = [cell.value for cell in sheet[4]]
    sheet.cell(5, heads.index("Skor") + 1).value = 4  # was 3: 9 of 16 or so instead of 8
    out = io.BytesIO()
    book.save(out)
    path, target = book_in(tmp_path, out.getvalue(), "a.xlsx"), tmp_path / "a.pdf"
    made = print_file(path, Wish(target), NOW)
    assert made.stale > 0 and path.read_bytes() == out.getvalue()
    from iku_excel.fill import open_workbook
    from iku_excel.indicators.achievement import show

    before, after = (show(open_workbook(data).result.indices["IKU-1"]) for data in (good(), out.getvalue()))
    assert before != after and after in words(target)
    ran = run("cetak", path, "-o", target, "--timpa")
    assert ran.status == 0 and "belum sesuai" in ran.err and "iku-excel isi" in ran.err


@pytest.mark.office
def test_being_told_to_end_leaves_no_copy(home: Path, tmp_path: Path) -> None:
    """SIGTERM while LibreOffice works: copy, profile and office are gone, and no PDF is half there."""
    require_office()
    if sys.platform == "win32":
        pytest.skip("Windows ends a process at once")
    book, target = book_in(tmp_path, example("bersih"), "a.xlsx"), tmp_path / "a.pdf"
    command = [sys.executable, "-m", "iku_excel", "cetak", str(book), "-o", str(target)]
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        until = time.monotonic() + 30
        while not list((home / ".iku-excel").glob("cetak-*/profil/user/*")) and time.monotonic() < until:
            time.sleep(0.01)
        assert left(home)
        process.terminate()
        process.wait(20)
    assert left(home) == [] and not target.exists()


@pytest.mark.office
def test_the_open_workbook_is_printed_as_it_stands(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In LibreOffice: unsaved changes are on the paper, and no sheet of the document was hidden for it."""
    pytest.importorskip("xlwings", reason="the extra 'live' is not installed")
    from tests.support_live import live_office, path_of

    office = live_office(monkeypatch)
    target = tmp_path / "a.pdf"
    with office.opened(example("bersih")) as document:
        document.getSheets().getByName("Target").getCellRangeByName("C5").setString("IKU baru dari layar")
        ran = run("cetak", path_of(document).name, "--buku-terbuka", "-o", target)
        assert ran.status == 0, ran.err
        assert all(document.getSheets().getByName(name).IsVisible for name in document.getSheets().getElementNames())
    assert "IKU baru dari layar" in words(target).replace("- ", "") and left(home) == []


# --- the copy


def test_only_the_wanted_sheets_are_visible_in_the_copy() -> None:
    """Others are hidden without a print area, the first wanted one is active, and Excel would open it."""
    package = Package.open(example("bersih"))
    wanted = [package.sheet(name) for name in ("NSPK", "Ringkasan")]
    copy = only(package, wanted)
    assert_excel_accepts(copy)
    made = Package.open(copy)
    assert [sheet.name for sheet in made.sheets if sheet.state == "visible"] == ["NSPK", "Ringkasan"]
    root = made.xml(made.workbook_part)
    area = "{*}definedNames/{*}definedName[@name='_xlnm.Print_Area']"
    assert {int(name.get("localSheetId", "")) for name in root.iterfind(area)} == {
        package.sheets.index(sheet) for sheet in wanted
    }
    view = root.find("{*}bookViews/{*}workbookView")
    assert view is not None and view.get("activeTab") == str(package.sheets.index(wanted[0]))


def test_a_hidden_sheet_that_is_wanted_is_shown() -> None:
    """A very hidden one too."""
    package = Package.open(example("bersih"))
    hidden = Package.open(only(package, [package.sheet("NSPK")]))
    again = Package.open(only(hidden, [hidden.sheet("Ringkasan")]))
    assert [sheet.name for sheet in again.sheets if sheet.state == "visible"] == ["Ringkasan"]


@pytest.mark.parametrize(
    "setup",
    [
        '<pageSetup paperSize="256" orientation="landscape" usePrinterDefaults="1" xmlns:r="R" r:id="rId9"/>',
        "",
        '<pageSetup orientation="portrait" paperWidth="10mm" paperHeight="20mm"/>',
    ],
)
def test_the_paper_is_set_whatever_stood_there(setup: str) -> None:
    """Size and code; a printer's own settings, which go before them, are left out of the copy."""
    package = Package.open(example("bersih"))
    sheet = package.sheet("Ringkasan")
    xml = re.sub(rb"<pageSetup[^>]*/>", setup.encode(), package.read(sheet.part), count=1)
    spoiled = Package(package.archive)
    spoiled._cache[sheet.part] = xml
    for paper, wanted in ((F4, ("14", "210mm", "330mm")), (A4, ("9", None, None))):
        made = Package.open(only(spoiled, [spoiled.sheet("Ringkasan")], paper))
        found = made.xml(sheet.part).find("{*}pageSetup")
        assert found is not None
        assert tuple(found.get(name) for name in ("paperSize", "paperWidth", "paperHeight")) == wanted
        assert found.get("usePrinterDefaults") is None and not [n for n in found.attrib if n.endswith("id")]


# --- refusals


def test_the_complaint_log_is_never_handed_on(home: Path, tmp_path: Path) -> None:
    """Its sheet is refused by the table on it, whatever it is called; an unknown sheet lists those there are."""
    book = book_in(tmp_path, good())
    assert refused(book, Wish(tmp_path / "a.pdf", ("Keluhan",)), NOW).code == "lembar-data-pelapor"
    unknown = refused(book, Wish(tmp_path / "a.pdf", ("Ringkasan", "Rekap")), NOW)
    assert unknown.code == "lembar-tidak-ada" and "Ringkasan" in unknown.fix
    assert not (tmp_path / "a.pdf").exists() and left(home) == []


def test_an_existing_file_is_not_replaced_unless_asked(home: Path, tmp_path: Path) -> None:
    """And then only a PDF: asked before any work is done."""
    book, target = book_in(tmp_path, good()), tmp_path / "a.pdf"
    target.write_bytes(b"catatan")
    assert refused(book, Wish(target), NOW).code == "berkas-sudah-ada"
    assert refused(book, Wish(target, overwrite=True), NOW).code == "bukan-hasil-lama"
    assert refused(book, Wish(tmp_path / "tiada" / "a.pdf"), NOW).code == "folder-tidak-ada"
    assert target.read_bytes() == b"catatan"


def test_a_machine_that_cannot_print_is_told(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Status 4 with what to install; nothing is written."""
    monkeypatch.setattr(printing, "_programs", lambda: ())
    ran = run("cetak", book_in(tmp_path, good()), "-o", tmp_path / "a.pdf")
    assert ran.status == 4 and "libreoffice-calc" in ran.err and len(ran.complaint) == 3
    assert not (tmp_path / "a.pdf").exists() and left(home) == []


def _office(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A LibreOffice that does what this shell script says ("$out": where the PDF is wanted)."""
    if sys.platform == "win32":
        pytest.skip("a shell script stands in for LibreOffice")
    program = folder / "soffice"
    program.write_text(
        '#!/bin/sh\nwhile [ "$1" != --outdir ]; do shift; done; out="$2"; copy="$3"; n="$(basename "$copy" .xlsx)"\n'
        f'echo x >> "{folder}/starts"\n{script}\n'
    )
    program.chmod(0o755)
    monkeypatch.setattr(headless, "program", lambda: str(program))


def test_a_first_start_is_started_again(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """LibreOffice may end with 81 after setting up its profile."""
    script = f'[ "$(wc -l < "{tmp_path}/starts")" -gt 1 ] || exit 81; printf %%PDF-1 > "$out/$n.pdf"'.replace(
        "%%", "%%"
    )
    _office(tmp_path, script, monkeypatch)
    print_file(book_in(tmp_path, good()), Wish(tmp_path / "a.pdf"), NOW)
    assert (tmp_path / "a.pdf").read_bytes() == b"%PDF-1"
    assert (tmp_path / "starts").read_text() == "x\nx\n" and left(home) == []


def test_nothing_to_print_is_told(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """LibreOffice ends well without a PDF."""
    _office(tmp_path, "exit 0", monkeypatch)
    assert refused(book_in(tmp_path, good()), Wish(tmp_path / "a.pdf"), NOW).code == "pdf-gagal"
    assert left(home) == []


def test_an_office_that_hangs_is_ended(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its children: soffice is only a script around the office; the copy goes."""
    _office(tmp_path, f'sleep 300 & echo $! > "{tmp_path}/anak"; wait', monkeypatch)
    monkeypatch.setattr(headless.to_pdf, "__kwdefaults__", {"timeout": 1.0})
    refusal = refused(book_in(tmp_path, good()), Wish(tmp_path / "a.pdf"), NOW)
    assert (refusal.code, refusal.exit_status) == ("pdf-terlalu-lama", 4)
    child = Path("/proc") / (tmp_path / "anak").read_text().strip() / "stat"
    assert not child.exists() or child.read_text().rpartition(")")[2].split()[0] == "Z"
    assert left(home) == []


def test_what_killed_runs_left_goes_with_the_next(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By their process's number; a run that lives keeps its folder."""
    _office(tmp_path, 'printf %%PDF-1 > "$out/$n.pdf"', monkeypatch)
    private = home / ".iku-excel"
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    for name in (f"cetak-{ended.pid}-aa", f"cetak-{os.getpid()}-bb"):
        (private / name).mkdir(parents=True)
        (private / name / "salinan.xlsx").write_bytes(b"data pelapor")
    print_file(book_in(tmp_path, good()), Wish(tmp_path / "a.pdf"), NOW)
    assert left(home) == [f"cetak-{os.getpid()}-bb"]


def test_the_copy_is_for_its_owner_alone(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folder and file while LibreOffice reads them."""
    script = f'ls -ld "$out" "$copy" | cut -c1-10 > "{tmp_path}/izin"; printf %%PDF-1 > "$out/$n.pdf"'
    _office(tmp_path, script, monkeypatch)
    print_file(book_in(tmp_path, good()), Wish(tmp_path / "a.pdf"), NOW)
    assert (tmp_path / "izin").read_text().split() == ["drwx------", "-rw-------"]


@pytest.mark.parametrize(
    "words",
    [
        "cetak",
        "cetak a.xlsx",
        "cetak a.xlsx -o a.doc",
        "cetak -o a.pdf",
        "cetak a -o .pdf",
        "cetak a -o a.pdf --kertas A3",
    ],
)
def test_wrong_usage_is_told(words: str) -> None:
    """Status 2, three Indonesian lines."""
    ran = run(*words.split())
    assert ran.status == 2 and len(ran.complaint) == 3


def test_poppler_is_there_where_libreoffice_is() -> None:
    """The tests above read PDFs with it."""
    require_office()
    assert shutil.which("pdfinfo") and shutil.which("pdftotext")
