"""What filling makes of contents: texts like formulas, personal data, huge numbers, figures as reported."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from iku_excel.cells import CellError
from iku_excel.fill import Filled, fill
from iku_excel.findings import Refusal
from tests.grafts.parts import Parts
from tests.support_fill import HEADINGS, LATER, data_of, each, figure, first, frozen, sheet_of, with_content

# --- texts from people

TEXTS = ("=1+1", "+62 812", "-x", "@cmd", '=HYPERLINK("http://contoh.test","klik")', "=cmd|' /C calc'!A0", "\t=1+1")


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_from_people_never_becomes_a_formula(text: str) -> None:
    """Whatever begins a text, on output sheets it is a text; every formula of the file is one of the plan's."""

    def spoil(rows: list[dict[str, object]]) -> None:
        for row in rows:
            row.update({key: text for key, value in row.items() if isinstance(value, str) and key != "Kode IKU"})
            row.update(dict.fromkeys(("Analisis", "Kendala", "Rencana Tindak Lanjut", "Satuan") & row.keys(), text))

    people = ("Perangkat_Daerah", "Nama_Pejabat", "Jabatan_Pejabat", "Pangkat_Pejabat", "NIP_Pejabat", "Kota", "Tugas")
    filled = with_content(
        tblTarget=spoil, tblPertanyaan=spoil, tblDokumen=spoil, tblKeluhan=spoil, **dict.fromkeys(people, text)
    )
    data = data_of(filled)
    parts = Parts(data)
    found = {}
    for element in re.findall(r"<sheet [^>]*>", parts.text("xl/workbook.xml")):
        name = re.search(r'name="([^"]+)"', element)
        assert name is not None
        for cell, formula in re.findall(r'<c r="([A-Z]+\d+)"[^>]*><f[^>]*>(.*?)</f>', sheet_of(data, name[1])):
            found[name[1], cell] = _unescaped(formula)
    assert found == {(e.sheet, e.cell): e.formula for e in filled.edits if e.formula is not None}
    assert figure(filled, "Q6") == text
    assert figure(filled, "A2") == text
    assert fill(data, LATER).data is None


def _unescaped(text: str) -> str:
    from xml.sax.saxutils import unescape

    return unescape(text, {"&quot;": '"', "&apos;": "'"})


def test_what_complainants_wrote_stays_on_their_sheet() -> None:
    """Names, phone numbers and texts of complaints, even in wrong columns, are on no other sheet and in no finding."""
    mark = "RAHASIA"

    def spoil(rows: list[dict[str, object]]) -> None:
        for row in rows:
            row.update({"Pelapor": f"{mark} Siti", "Uraian": f"{mark} 0812-3333-4444", "Layanan": f"{mark} L"})
            row["Uraian Tindak Lanjut"] = f"{mark} ditelepon"
        headings = HEADINGS["tblKeluhan"]
        for n, heading in enumerate(headings * 2):
            rows[n][heading] = f"{mark} Budi {n // len(headings)}"

    filled = with_content("kesalahan-umum", tblKeluhan=spoil)
    assert sum(f.sheet == "Keluhan" for f in filled.findings) > 20
    told = [f for f in filled.findings if mark in f.message + f.fix + (f.cell or "")]
    assert told == []
    assert not any(mark in str(edit.value) + str(edit.formula) for edit in filled.edits)
    parts = Parts(data_of(filled))
    holding = {name for name, content in parts.content.items() if mark.encode() in content}
    assert holding == {parts.sheet("Keluhan")}


HUGE: dict[str, Callable[[], Filled]] = {
    "scores": lambda: with_content(tblPertanyaan=each(Skor=1.7e308)),
    "scores of tiny maxima": lambda: with_content(tblPertanyaan=each(**{"Skor": 1e300, "Skor Maks": 1e-300})),
    "tiny targets": lambda: with_content(tblTarget=each(**{"Target 2025": 5e-324})),
    "budget": lambda: with_content(tblAnggaran=each(**{"Pagu Murni": 1.7e308, "Realisasi TW IV": 1.7e308})),
    "dates": lambda: with_content(tblKeluhan=each(**{"Tanggal Masuk": 1e300, "Tanggal Tindak Lanjut": 1e15})),
    "weights": lambda: with_content(Bobot_Dokumen=1.7e308, Bobot_Anggaran=-1e308),
    "reported": lambda: with_content(tblRealisasi=frozen((4, "IKU-1", 1.7e308), (4, "IKU-2", 5e-324))),
}


@pytest.mark.parametrize("name", HUGE)
def test_numbers_at_the_end_of_what_a_cell_holds_are_no_accident(name: str) -> None:
    """They are computed or refused with a message; never an exception of ours, never a file that Excel minds."""
    try:
        filled = HUGE[name]()
    except Refusal as refusal:
        assert refusal.code == "angka-tidak-sah"
        assert refusal.cell
    else:
        data_of(filled)


@pytest.mark.parametrize(
    "text", ["8_x0001_5", "_x005F_x0041_", "_xD83D_", "_xFFFE_", "a\nb \t", "a\"b'c<&>]]>", "\U0001f600 x"]
)
def test_strange_letters_pass_through_unharmed(text: str) -> None:
    """What XML can't hold or Excel escapes is stored so that it is read again as it was."""
    change = each(Analisis=text, Sasaran=text)
    filled = with_content(tblTarget=change, tblDokumen=each(**{"Batas Waktu": text}), Perangkat_Daerah=text)
    assert fill(data_of(filled, deep=True), LATER).data is None


# --- which figure is shown


def test_a_frozen_quarter_is_shown_as_reported() -> None:
    """A figure in tblRealisasi is what Ringkasan shows; the index's own cell holds today's computation."""
    filled = with_content(tblRealisasi=frozen((2, "IKU-2", 12.5), (4, "IKU-3", 34.25), (1, "IKU-1", 56)))
    assert float(figure(filled, "G7") or 0) == 12.5
    assert float(figure(filled, "I8") or 0) == 34.25
    assert float(figure(filled, "F6") or 0) == 56
    assert figure(filled, "G6") in (None, "")
    assert figure(filled, "O8") == "dilaporkan"
    assert figure(filled, "O7") == "penilaian mandiri"
    assert filled.indices == first().indices
    assert figure(filled, "F28") == first().indices["IKU-3"]


@pytest.mark.parametrize(
    ("source", "typed", "shown", "word"),
    [
        ("BKN", 70.18, 70.18, "hasil BKN"),
        ("bkn", 70.18, 70.18, "hasil BKN"),
        ("Mandiri", 70.18, 64.5, "dilaporkan"),
        ("BKN", None, 64.5, "dilaporkan"),
        ("BKN", "70,18", 64.5, "dilaporkan"),
        ("BKN", CellError("#N/A"), 64.5, "dilaporkan"),
    ],
)
def test_the_bkn_value_comes_first_when_the_switch_says_so(source: str, typed: object, shown: float, word: str) -> None:
    """A typed number with the switch on BKN replaces even a frozen figure; anything else does not."""
    filled = with_content(tblRealisasi=frozen((4, "IKU-1", 64.5)), Sumber_IKU1=source, Indeks_NSPK_BKN=typed)
    assert float(figure(filled, "I6") or 0) == shown
    assert figure(filled, "O6") == word
    assert filled.indices["IKU-1"] == first().indices["IKU-1"]
    data_of(filled)
