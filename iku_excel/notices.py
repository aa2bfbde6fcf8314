"""What the system tells of changes in folders, through watchfiles; and where it is known to tell too little."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from iku_excel.findings import EXIT_MACHINE, Refusal

if TYPE_CHECKING:
    from watchfiles.main import FileChange

_MOUNTS = Path("/proc/self/mounts")
_REMOTE = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "drvfs", "afs", "ceph", "glusterfs", "ncpfs", "davfs", "vboxsf"}
)  # 9p and drvfs are Windows' drives as WSL sees them


def is_remote(folder: Path, mounts: Path = _MOUNTS) -> bool:
    """Whether a resolved path is known to lie where others' changes are not told: a share, or Windows' drives in
    WSL."""
    if str(folder).startswith("\\\\"):
        return True
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # no such list: not Linux
        return False
    deepest, kind = -1, ""
    for line in lines:
        _, place, its_kind, *_ = line.split(" ")
        point = Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), place))
        if folder.is_relative_to(point) and len(point.parts) >= deepest:
            deepest, kind = len(point.parts), its_kind
    return kind in _REMOTE or kind.startswith("fuse.")


def notices(folders: Sequence[Path], pause: float) -> Iterator[set[FileChange]]:
    """What changed below the folders, an empty set when nothing did for ``pause`` seconds."""
    import watchfiles

    return watchfiles.watch(
        *folders,
        watch_filter=None,
        debounce=400,
        rust_timeout=max(1, round(pause * 1000)),
        yield_on_timeout=True,
        force_polling=False,
        ignore_permission_denied=True,
    )


def require_watchfiles() -> None:
    """``Refusal`` "pustaka-tidak-ada" (exit 4) where watchfiles is missing."""
    if importlib.util.find_spec("watchfiles") is None:
        raise Refusal(
            "pustaka-tidak-ada",
            "Pustaka watchfiles belum terpasang, sehingga perubahan di folder tidak diberitahukan.",
            'Pasang dengan `pip install "iku_excel[pantau]"`, atau tambahkan --polling.',
            exit_status=EXIT_MACHINE,
        )
