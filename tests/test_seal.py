"""The seal: an unchanged workbook is known from its bytes, answers as computing would, and no other passes for one.

What it says for the recap is in tests/test_record.py.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import iku_excel
from iku_excel import fill as filling
from iku_excel import seal
from iku_excel import unchanged as unchanged_room
from iku_excel.edits import Edit, Value
from iku_excel.fill import Filled, fill, fill_file, open_workbook, plan_for
from iku_excel.findings import Refusal
from iku_excel.form.outputs import PER_CODE, SEAL, SEAL_NOTE
from iku_excel.form.template import build
from iku_excel.recap.gather import record_of
from iku_excel.seal import recorded
from iku_excel.unchanged import MARK, Unchanged, salt, unchanged
from iku_excel.xlsx.apply import apply_edits
from iku_excel.xlsx.lock import lock_path
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.stamp import UNSTAMPED, stamp, vouched
from tests.grafts.moves import converted, edited, put
from tests.grafts.parts import Parts
from tests.judges.office import require_office
from tests.support_cli import good, unfilled
from tests.support_fill import LATER, MOMENT, NAMES, codes, data_of, first, sheet_of, with_content
from tests.support_random import random_content

pytestmark = pytest.mark.judges_itself  # one look at each sealed file, not one at each step towards it

OLD = sorted(path for folder in ("versi1", "versi2") for path in (Path(__file__).parent / folder).glob("*.xls?"))


def same_answer(filled: Filled) -> Unchanged:
    """The new file's quick answer, after seeing that it is, field by field, what computing it anew says."""
    data = data_of(filled)
    quick, slow = unchanged(data), fill(data, LATER)
    assert quick is not None, "no seal"
    assert slow.data is None
    assert (quick.indices, quick.components, quick.findings) == (slow.indices, slow.components, slow.findings)
    assert [*map(str, quick.indices.values())] == [*map(str, slow.indices.values())]
    assert (quick.data, quick.edits, quick.changed) == (slow.data, (), slow.changed)
    assert repr(recorded(data)) == repr(record_of("", slow.opened))
    return quick


def with_cell(data: bytes, sheet: str, cell: str, value: Value) -> bytes:
    """The workbook after somebody wrote into one cell, by our own lossless writer."""
    made = apply_edits(Package.open(data), [Edit(sheet, cell, value)]).data
    assert made is not None
    return made


def with_shared_strings(data: bytes, name: str = "sharedStrings") -> bytes:
    """The workbook with Pemeriksaan's texts where Excel keeps them, or in a part that is named otherwise."""
    parts = Parts(data)
    texts: list[str] = []

    def shared(found: re.Match[str]) -> str:
        texts.append(found[2])
        return f'{found[1]} t="s"><v>{len(texts) - 1}</v></c>'

    sheet = parts.sheet("Pemeriksaan")
    inline = r'(<c r="\w+"(?: s="\d+")?) t="inlineStr"><is>(<t[^>]*>[^<]*</t>)</is></c>'
    parts.content[sheet] = re.sub(inline, shared, parts.text(sheet)).encode()
    items = "".join(f"<si>{text}</si>" for text in texts)
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    parts.add(f"xl/{name}.xml", f'<sst xmlns="{space}">{items}</sst>', kind)
    parts.relate("xl/workbook.xml", "sharedStrings", f"{name}.xml")
    return parts.packed()


def cell_of(data: bytes, cell: str, sheet: str = "Riwayat") -> object:
    """A cell as openpyxl reads it."""
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(data))[sheet][cell].value


# --- the quick answer is the full one


@pytest.mark.parametrize("name", NAMES)
def test_an_example_answers_from_its_bytes_as_computing_does(name: str) -> None:
    """Indices, components and findings, each exact, of clean and of ugly inputs."""
    assert same_answer(first(name)).findings


@pytest.mark.parametrize("seed", range(6))
def test_a_random_workbook_answers_as_computing_does(seed: int) -> None:
    """So does any workbook, spoiled cells included."""
    same_answer(fill(build(*random_content(seed, 0.2 * (seed % 3))), MOMENT))


@pytest.mark.trust
@pytest.mark.parametrize("seed", range(100, 300))
def test_many_random_workbooks_answer_as_computing_does(seed: int) -> None:
    """The same over many more."""
    filled = fill(build(*random_content(seed, 0.15 * (seed % 4))), MOMENT)
    if all(codes(filled).count(code) <= PER_CODE for code in codes(filled)):
        same_answer(filled)


@pytest.mark.parametrize("path", OLD, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_workbooks_of_older_templates_are_sealed(path: Path) -> None:
    """A score changes, the workbook is filled in its own template's form, and is known from then on."""
    before = path.read_bytes()
    filled = fill(with_cell(before, "Pengaturan", "C30", "CONTOH"), MOMENT, "CONTOH catatan")
    same_answer(filled)


def test_texts_that_xml_must_escape_come_back_whole() -> None:
    """A finding quotes a cell with signs that XML and Excel spell otherwise."""

    def spoil(rows: list[dict[str, object]]) -> None:
        rows[0]["Kode Elemen"] = 'E<&>"_x0041_\n99'

    filled = with_content(tblPertanyaan=spoil)
    assert any("<&>" in finding.message for finding in same_answer(filled).findings)


@pytest.mark.parametrize("name", ["sharedStrings", "teks"])
def test_a_workbook_whose_texts_another_program_shares_answers_too(name: str) -> None:
    """Excel moves every text into the shared strings: the findings that stay as they are stand there, told in full."""
    filled = fill(with_cell(with_shared_strings(good(), name), "NSPK_Pertanyaan", "E5", 0.25), LATER)
    assert sheet_of(data_of(filled), "Pemeriksaan").count('t="s"') > 50
    assert same_answer(filled).findings


def test_a_workbook_saved_by_openpyxl_and_filled_again_answers() -> None:
    """It loses every value; they return with the filling, and so does the seal."""
    same_answer(fill(edited(good(), put("NSPK_Pertanyaan", "E5", 0.5)), LATER))


@pytest.mark.office
def test_a_workbook_saved_by_libreoffice_and_filled_again_answers(tmp_path: Path) -> None:
    """Saved by LibreOffice it is computed once more; filled after a change, it is known again."""
    require_office()
    path = tmp_path / "Buku.xlsx"
    path.write_bytes(data_of(first()))
    saved = converted(path, "xlsx", tmp_path / "lo").read_bytes()
    assert unchanged(saved) is None
    again = fill(with_cell(saved, "NSPK_Pertanyaan", "E5", 0.25), LATER)
    assert again.data is not None
    assert unchanged(again.data) == Unchanged(again.indices, again.components, again.findings)


# --- whatever changes breaks it


@pytest.fixture(scope="module")
def sealed_book() -> bytes:
    """A small filled workbook that is known."""
    assert unchanged(good()) is not None
    return good()


def test_no_flipped_bit_of_the_seals_surroundings_passes(sealed_book: bytes) -> None:
    """Every byte of Riwayat's record, of its entry in the directory and of the end of the file, one bit each."""
    at = sealed_book.rfind(MARK.encode())
    start = sealed_book.rfind(b"PK\x03\x04", 0, at)
    stop = sealed_book.find(b"PK\x03\x04", at)
    places = [*range(start, stop), *range(sealed_book.find(b"PK\x01\x02", stop), len(sealed_book))]
    for place in places:
        spoiled = bytearray(sealed_book)
        spoiled[place] ^= 1 << place % 8
        assert unchanged(bytes(spoiled)) is None, f"byte {place}"


def test_a_wrong_checksum_in_both_places_passes_no_more(sealed_book: bytes) -> None:
    """The digest leaves out the checksum of Riwayat's part, as it depends on the digest: it is compared apart."""
    part = Package.open(sealed_book).sheet("Riwayat").part
    crc = Package.open(sealed_book).crc(part).to_bytes(4, "little")
    assert sealed_book.count(crc) == 2
    assert unchanged(sealed_book.replace(crc, bytes(4))) is None


def test_no_flipped_bit_anywhere_passes(sealed_book: bytes) -> None:
    """Random bytes of the whole file, also inside parts that only Excel would notice."""
    rng = Random(5)
    for _ in range(1500):
        place = rng.randrange(len(sealed_book))
        spoiled = bytearray(sealed_book)
        spoiled[place] ^= 1 << rng.randrange(8)
        assert unchanged(bytes(spoiled)) is None, f"byte {place}"


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_cut_no_gap_and_no_addition_passes(draw: st.DataObject) -> None:
    """Bytes cut out, put in or put in the place of others; whatever it is, no exception comes of it."""
    data = good()
    begin = draw.draw(st.integers(0, len(data)))
    end = draw.draw(st.integers(begin, min(len(data), begin + 400)))
    piece = draw.draw(st.one_of(st.just(b""), st.binary(max_size=60), st.just(data[-120:])))
    spoiled = data[:begin] + piece + data[end:]
    assert (unchanged(spoiled) is None) == (spoiled != data)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: with_cell(data, "NSPK_Pertanyaan", "E5", 0.5),
        lambda data: with_cell(data, "Riwayat", "G9", "catatan kami"),
        lambda data: with_cell(data, "Riwayat", "H5", 1),
        lambda data: with_cell(data, "Pemeriksaan", "K6", "sudah dibahas"),
        lambda data: with_cell(data, "NSPK", "A1", "JUDUL KAMI"),
        lambda data: with_cell(data, "Petunjuk", "B40", "catatan"),
        lambda data: edited(data),
        lambda data: Parts(data).packed(),
    ],
    ids=["input", "note", "beside history", "beside findings", "label", "other sheet", "openpyxl", "packed anew"],
)
def test_what_people_and_programs_do_is_noticed(sealed_book: bytes, change: Callable[[bytes], bytes]) -> None:
    """An input, a note, a label, a file saved by another program: all are computed again."""
    changed = change(sealed_book)
    assert unchanged(changed) is None
    assert recorded(changed) is None


def test_another_version_of_ours_computes_again(sealed_book: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """A newer program may find more; back at the old one, the workbook is known again."""
    with monkeypatch.context() as other:
        other.setattr(iku_excel, "__version__", "99.0")
        assert unchanged(sealed_book) is None
    assert unchanged(sealed_book) is not None


def test_other_rules_compute_again(sealed_book: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One letter more in one rule file, and no workbook is known; the same rules elsewhere are the same."""
    for entry in unchanged_room.files("iku_excel.rules").iterdir():
        if entry.name.endswith(".toml"):
            (tmp_path / entry.name).write_bytes(entry.read_bytes())
    monkeypatch.setattr(unchanged_room, "files", lambda package: tmp_path)
    unchanged_room._rules.cache_clear()
    assert unchanged(sealed_book) is not None
    rule = tmp_path / "nspk.toml"
    rule.write_bytes(rule.read_bytes() + b"#")
    unchanged_room._rules.cache_clear()
    assert unchanged(sealed_book) is None
    monkeypatch.undo()
    unchanged_room._rules.cache_clear()
    assert unchanged(sealed_book) is not None


def test_a_seal_that_agrees_with_its_file_but_says_nonsense_is_none() -> None:
    """Made by somebody who knows how: figures that are none, findings in a part that isn't there."""
    data = good()
    part = Package.open(data).sheet("Riwayat").part
    figures = "; ".join(
        f"{key}={{}}" for key in ("IKU-1", "IKU-2", "IKU-3", "dokumen", "anggaran", "diklat", "sarpras")
    )
    for rest in (
        figures.format(*["1-1"] * 7) + "; temuan=0 x",
        figures.format(*"1234567") + "; temuan=3 xl/tidak-ada.xml",
        figures.format(*"1234567"),
        "",
    ):
        forged = stamp(with_cell(data, "Riwayat", SEAL, f"{MARK}{UNSTAMPED}; {rest}"), part, MARK, salt())
        assert forged is not None
        assert vouched(forged, MARK, salt()) is not None
        answer = unchanged(forged)
        assert answer is None or len(answer.findings) != 3


# --- when it is written, and where


def test_a_part_too_large_to_look_at_vouches_for_nothing(sealed_book: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more is inflated for a quick look than the limit: a bomb of a part is not even begun."""
    assert unchanged(sealed_book) is not None
    monkeypatch.setattr("iku_excel.xlsx.stamp.MOST", 1000)
    assert unchanged(sealed_book) is None


def test_a_seal_comes_only_with_another_change() -> None:
    """A workbook that another program packed anew holds every figure: it is not written for the seal's sake."""
    packed = Parts(good()).packed()
    again = fill(packed, LATER)
    assert again.data is None and again.seal == ()


def test_the_seal_is_no_change_that_is_told() -> None:
    """Edits and changed cells are the figures'; the seal's two cells stand apart."""
    filled = fill(with_cell(good(), "NSPK_Pertanyaan", "E5", 0.25), LATER)
    told = {(edit.sheet, edit.cell) for edit in filled.edits} | {*filled.changed}
    assert not told & {("Riwayat", SEAL), ("Riwayat", SEAL_NOTE[0])}
    assert [(edit.sheet, edit.cell) for edit in filled.seal] == [("Riwayat", SEAL)], "the note was there"


def test_the_open_workbook_gets_no_seal() -> None:
    """The plan that the button applies knows nothing of it."""
    edits = plan_for(open_workbook(unfilled()), MOMENT)
    assert not any(edit.sheet == "Riwayat" and edit.cell in (SEAL, SEAL_NOTE[0]) for edit in edits)


def test_filling_the_same_workbook_gives_the_same_bytes() -> None:
    """The seal holds no time and no chance."""
    assert fill(unfilled(), MOMENT).data == fill(unfilled(), MOMENT).data


def test_reading_back_asks_for_the_seal_as_written() -> None:
    """The check before saving takes the sealed file, and refuses one whose seal says something else."""
    filled = fill(unfilled(), MOMENT)
    assert filled.data is not None
    filled.verifier()(filled.data)
    other = with_cell(filled.data, "Riwayat", SEAL, "Sidik lain")
    with pytest.raises(Refusal) as told:
        filled.verifier()(other)
    assert (told.value.code, told.value.cell) == ("gagal-diperiksa", SEAL)


def test_other_programs_read_the_line(tmp_path: Path) -> None:
    """A part with a stored block in it is inflated by whoever inflates: zipfile, openpyxl, calamine."""
    from python_calamine import load_workbook

    data = good()
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert book.testzip() is None
    line = cell_of(data, SEAL)
    assert isinstance(line, str) and line == vouched(data, MARK, salt())
    sheet = load_workbook(io.BytesIO(data)).get_sheet_by_name("Riwayat").to_python(skip_empty_area=False)
    assert sheet[2][:2] == [line, SEAL_NOTE[1]]


def test_a_text_of_the_staff_in_the_seals_cell_is_left_alone() -> None:
    """The workbook then has no seal and is computed each time."""
    noted = with_cell(unfilled(), "Riwayat", SEAL, "Catatan kami")
    filled = fill(noted, MOMENT)
    data = data_of(filled)
    assert cell_of(data, SEAL) == "Catatan kami"
    assert filled.seal == () and unchanged(data) is None
    assert fill(data, LATER).data is None


def test_a_note_beside_the_seal_is_left_alone() -> None:
    """What staff wrote into the cell beside it stays, and the seal is written all the same."""
    filled = fill(with_cell(unfilled(), "Riwayat", SEAL_NOTE[0], "kami"), MOMENT)
    assert cell_of(data_of(filled), SEAL_NOTE[0]) == "kami"
    same_answer(filled)


def test_a_merged_cell_does_without_a_seal() -> None:
    """Staff merged the row under the title: the workbook is filled, its row is left as it is."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(unfilled()))
    book["Riwayat"].merge_cells("A3:G3")
    out = io.BytesIO()
    book.save(out)
    filled = fill(out.getvalue(), MOMENT)
    assert filled.seal == () and len(filled.changed) > 700
    assert cell_of(data_of(filled), SEAL) is None


def test_findings_too_many_to_be_listed_go_without_a_seal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sheet says "dan N lagi", which is not all of them; the seal of an earlier filling goes. Were it tried all
    the same, the file's own answer would be seen to be another."""

    def spoil(rows: list[dict[str, object]]) -> None:
        rows += [{**rows[0], "Kode Pertanyaan": f"X{n}", "Skor": f"{n},5"} for n in range(PER_CODE + 1)]

    stale = f"{MARK}{'a' * 64}; IKU-1=1; IKU-2=; IKU-3="
    filled = with_content(tblPertanyaan=spoil)
    assert filled.data is not None and filled.seal == () and unchanged(filled.data) is None
    changed = with_cell(with_cell(filled.data, "Riwayat", SEAL, stale), "NSPK_Pertanyaan", "E5", 0.5)
    again = fill(changed, LATER)
    assert [(edit.cell, edit.value) for edit in again.seal] == [(SEAL, None)]
    assert cell_of(data_of(again), SEAL) is None
    monkeypatch.setattr(seal, "capped", list)
    assert fill(changed, LATER).seal == again.seal


def test_an_older_seal_gives_way() -> None:
    """Filled after a change, the workbook has the new seal in the old one's place, and nothing else of it."""
    filled = fill(with_cell(good(), "NSPK_Pertanyaan", "E5", 0.25), LATER)
    assert data_of(filled).count(MARK.encode()) == 1
    assert cell_of(data_of(filled), SEAL) != cell_of(good(), SEAL)
    same_answer(filled)


def test_the_seal_leaves_every_other_part_as_it_was_packed() -> None:
    """Stamping moves records and writes one of them, that of the line."""
    before = Package.open(with_cell(good(), "Riwayat", SEAL, f"{MARK}{UNSTAMPED}; CONTOH"))
    part = before.sheet("Riwayat").part
    stamped = stamp(before.data, part, MARK, b"garam")
    assert stamped is not None
    after = Package.open(stamped)
    assert after.names == before.names
    assert [name for name in after.names if not after.archive.same(name, before.archive)] == [part]
    line = vouched(stamped, MARK, b"garam")
    assert line is not None and line.endswith("; CONTOH") and UNSTAMPED not in line
    assert after.read(part).replace(line.encode(), f"{MARK}{UNSTAMPED}; CONTOH".encode()) == before.read(part)
    assert vouched(stamped, MARK, b"gula") is None


def test_a_part_without_the_line_is_not_stamped() -> None:
    """Nothing is guessed: no line, two lines, no such part, no zip at all."""
    part = Package.open(good()).sheet("Riwayat").part
    line = f"{MARK}{UNSTAMPED}"
    twice = with_cell(with_cell(good(), "Riwayat", SEAL, line), "Riwayat", "G9", line)
    for data, name in ((good(), part), (twice, part), (good(), "xl/tidak-ada.xml"), (b"PK", part), (b"", part)):
        assert stamp(data, name, MARK, b"") is None


# --- on disk


@pytest.fixture
def book(tmp_path: Path, sealed_book: bytes) -> Path:
    """A known workbook in a folder of its own."""
    path = tmp_path / "Buku.xlsx"
    path.write_bytes(sealed_book)
    return path


def _never(*_: object) -> object:
    raise AssertionError("computed, though nothing had changed")


@pytest.mark.parametrize("dry_run", [False, True])
def test_an_unchanged_workbook_is_only_read(book: Path, monkeypatch: pytest.MonkeyPatch, dry_run: bool) -> None:
    """Nothing is computed, nothing locked, nothing written; asked to, it is computed anew."""
    monkeypatch.setattr(filling, "open_workbook", _never)
    monkeypatch.setattr("iku_excel.xlsx.lock._claim", _never)
    before = book.stat()
    assert isinstance(fill_file(book, LATER, dry_run=dry_run), Unchanged)
    after = book.stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)
    assert [file.name for file in book.parent.iterdir()] == ["Buku.xlsx"]
    with pytest.raises(AssertionError):
        fill_file(book, LATER, dry_run=dry_run, anew=True)


def test_a_workbook_is_known_as_soon_as_it_was_filled(tmp_path: Path) -> None:
    """The first run writes, the second only reads; a change later it writes again."""
    path = tmp_path / "Buku.xlsx"
    path.write_bytes(unfilled())
    runs = [fill_file(path, MOMENT), fill_file(path, LATER)]
    path.write_bytes(with_cell(path.read_bytes(), "NSPK_Pertanyaan", "E5", 0.25))
    runs += [fill_file(path, LATER), fill_file(path, LATER)]
    assert [isinstance(run, Unchanged) for run in runs] == [False, True, False, True]
    assert runs[2].indices == runs[3].indices != runs[1].indices


@pytest.mark.parametrize("sign", ["~$Buku.xlsx", ".~lock.Buku.xlsx#"])
def test_an_unchanged_workbook_that_is_open_is_refused_as_ever(book: Path, sign: str) -> None:
    """Whoever has it open may be about to change it."""
    (book.parent / sign).write_bytes(b"\x07Pegawai" + bytes(157) if sign[0] == "~" else b"Pegawai,x,y,z,;")
    with pytest.raises(Refusal) as told:
        fill_file(book, LATER)
    assert (told.value.code, told.value.exit_status, told.value.file) == ("buku-sedang-dibuka", 3, str(book))


def test_an_unchanged_workbook_that_is_read_only_is_refused_as_ever(book: Path) -> None:
    """The refusal comes before anybody knows whether there would be something to write."""
    book.chmod(0o444)
    with pytest.raises(Refusal) as told:
        fill_file(book, LATER)
    assert told.value.code == "berkas-hanya-baca"


def test_a_workbook_that_is_being_filled_is_waited_for(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With somebody's lock beside it, the answer may be out of date in a moment: the long way is taken."""
    lock_path(book).write_text("")
    taken: list[Path] = []

    def locked(path: Path) -> object:
        taken.append(path)
        raise Refusal("buku-sedang-diolah", "", "")

    monkeypatch.setattr("iku_excel.xlsx.replace.locked", locked)
    with pytest.raises(Refusal):
        fill_file(book, LATER)
    assert taken == [book]


def test_a_missing_or_damaged_workbook_is_refused_as_ever(tmp_path: Path, sealed_book: bytes) -> None:
    """The quick look stands in nobody's way: the same refusal as of a run that computes anew."""
    files = {
        "kosong.xlsx": b"",
        "terpotong.xlsx": sealed_book[:-300],
        "teks.xlsx": b"halo",
        "rusak.xlsx": sealed_book[:3000] + sealed_book[3050:],
        "tidak-ada.xlsx": None,
    }
    for name, content in files.items():
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        told = []
        for anew in (False, True):
            with pytest.raises(Refusal) as refused:
                fill_file(path, LATER, anew=anew)
            told.append((refused.value.code, refused.value.lines(), refused.value.exit_status))
        assert told[0] == told[1]
