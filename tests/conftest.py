"""Every workbook that any test writes must be one that Excel would open (DESIGN §8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from iku_excel.xlsx.package import Package


@pytest.fixture(autouse=True)
def excel_accepts_what_is_written(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hold every new workbook that our writer makes against the judges; only faults its original lacked count.

    Tests of the writer on deliberately broken files opt out with the mark ``broken_on_purpose``, tests that call
    the judges on all that they write with ``judges_itself``.
    """
    if any(map(request.node.get_closest_marker, ("broken_on_purpose", "judges_itself"))):
        yield
        return
    from tests.judges.excel import problems

    made: list[tuple[bytes, bytes]] = []
    with_parts = Package.with_parts

    def recording(self: Package, changed: Mapping[str, bytes | None]) -> bytes:
        data = with_parts(self, changed)
        made.append((self.data, data))
        return data

    monkeypatch.setattr(Package, "with_parts", recording)
    yield
    for before, after in made:
        fresh = problems(after, deep=False)
        if fresh:  # rare, so that the original is seldom looked at
            known = problems(before, deep=False)
            fresh = [fault for fault in fresh if fault not in known]
        assert not fresh, f"Excel would not accept a workbook that this test wrote: {fresh[:5]}"
