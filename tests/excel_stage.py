"""Excel for Windows as the macro sees it, played in pyOpenVBA's interpreter: no Windows and no Excel needed.

The product's own modules run unchanged. Application, ThisWorkbook, WScript.Shell and Scripting.FileSystemObject are
objects of this module; files live in a dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyopenvba.interpreter import (
    HostBridge,
    Interpreter,
    VBAObject,
    VBARuntimeError,
    member,
    method,
    to_text,
)
from pyopenvba.interpreter._values import EMPTY

MACROS = Path(__file__).parents[1] / "iku_excel" / "form" / "button" / "macro"

STATE = {"DisplayAlerts": True, "EnableEvents": False, "Interactive": True, "StatusBar": False, "EnableCancelKey": 1}
"""Excel's settings before the click. Events are off: they must not come back on."""

_ENVIRON = """
Public Function Environ(ByVal Variable As String) As String
    If Variable = "OS" Then Environ = "Windows_NT"
End Function
"""
"""pyOpenVBA reads no environment. Only the system's name is asked by Environ on Windows."""

_THIS_COMPONENT = "Private ThisComponent As Variant\n"
"""What VBA does with a name that nobody declared, where Option Explicit is absent; pyOpenVBA calls it an error."""


class _Application(VBAObject):
    """Excel's state."""

    def __init__(self, state: dict[str, Any]) -> None:
        self.state = state

    @member
    def Hwnd(self) -> object:
        """The window's number."""
        return 132456

    def vba_get(self, name: str, args: Sequence[object] = (), named: dict[str, object] | None = None) -> object:
        """One property of the application."""
        return self.state[name] if name in self.state else super().vba_get(name, args, named)

    def vba_set(self, name: str, value: object, *args: Any, **named: Any) -> None:
        """Change one; an unknown one is a mistake of the macro."""
        assert name in self.state, name
        self.state[name] = value


class _Module(VBAObject):
    """A module's name before a dot, which pyOpenVBA does not know."""

    def __init__(self, vba: Interpreter, name: str) -> None:
        self.vba = vba
        self.name = name

    def vba_get(self, name: str, args: Sequence[object] = (), named: dict[str, object] | None = None) -> object:
        """Call its procedure."""
        return self.vba.call_named(name, list(args), named or {}, self.vba.module(self.name))


@dataclass
class Stage(HostBridge):
    """One open workbook. ``play`` is called for each program that is started: (command line, stage)."""

    play: Callable[[str, Stage], None]
    full_name: str = r"C:\Users\Siti & Ali\Data 'IKU'\Anggaran é 統計.xlsm"
    home: str = r"C:\Users\Siti & Ali 統計"
    python_cell: str | None = None
    environment: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)
    written: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    states: list[dict[str, Any]] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=lambda: dict(STATE))
    save_fails: bool = False
    shell_is_forbidden: bool = False

    def __post_init__(self) -> None:
        self.vba = Interpreter(host=self)
        for path in sorted(MACROS.glob("*.bas")):
            text = path.read_text(encoding="ascii")
            if "Option Explicit\n" not in text:
                head, _, code = text.partition("\n")
                text = f"{head}\n{_THIS_COMPONENT}{code}"
            self.vba.add_module(text, name=path.stem)
        self.vba.add_module(_ENVIRON, name="Palsu")
        self.objects: dict[str, VBAObject] = {"application": _Application(self.state), "thisworkbook": _Book(self)}
        self.objects |= {name: _Module(self.vba, name) for name in self.vba.modules}

    def click(self) -> list[tuple[str, int]]:
        """Run the macro; gives the messages shown since the stage was built, each with its style."""
        self.vba.run("HitungUlang", [])
        return [(text, int(style)) for _, text, _, style in self.vba.dialogs]

    def global_object(self, name: str) -> object:
        """Application and ThisWorkbook."""
        from pyopenvba.interpreter._runtime import UNRESOLVED

        return self.objects.get(name.lower(), UNRESOLVED)

    def create(self, type_name_: str) -> object:
        """CreateObject."""
        if type_name_ == "WScript.Shell":
            return _Shell(self)
        if type_name_ == "Scripting.FileSystemObject":
            return _Files(self)
        raise VBARuntimeError(429, f"ActiveX component can't create object: {type_name_}")

    def request(self, command: str) -> tuple[str, dict[str, str]]:
        """The request that a command line names, as path and keys."""
        found = re.search(r'tombol "([^"]+)"$', command)
        assert found, command
        lines = self.files[found[1]].splitlines()
        return found[1], dict(line.split("=", 1) for line in lines if line)


class _Book(VBAObject):
    """ThisWorkbook."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    @member
    def FullName(self) -> object:
        """Path or address."""
        return self.stage.full_name

    @member
    def Name(self) -> object:
        """The file's name."""
        return re.split(r"[\\/]", self.stage.full_name)[-1]

    @method
    def SaveCopyAs(self, path: object) -> object:
        """Only to a path, as Excel."""
        if self.stage.save_fails or to_text(path).startswith("http"):
            raise VBARuntimeError(1004, "Method 'SaveCopyAs' of object '_Workbook' failed")
        self.stage.files[to_text(path)] = "copy"
        return EMPTY

    @method
    def Names(self, name: object) -> object:
        """One defined name; error 1004 when there is none."""
        if self.stage.python_cell is None:
            raise VBARuntimeError(1004, "Application-defined or object-defined error")
        return _Cell(self.stage.python_cell)


class _Cell(VBAObject):
    """A defined name and the cell it means, in one."""

    def __init__(self, value: str) -> None:
        self.value = value

    @member
    def RefersToRange(self) -> object:
        """The cell."""
        return self

    @member
    def Value(self) -> object:
        """Its content."""
        return self.value


class _Shell(VBAObject):
    """WScript.Shell."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    @method
    def Run(self, command: object, style: object, waits: object) -> object:
        """Start a program and wait."""
        assert (int(style), bool(waits)) == (0, True)  # type: ignore[call-overload]
        if self.stage.shell_is_forbidden:
            raise VBARuntimeError(70, "Permission denied")
        self.stage.commands.append(to_text(command))
        self.stage.states.append(dict(self.stage.state))
        self.stage.play(to_text(command), self.stage)
        return 0

    @method
    def ExpandEnvironmentStrings(self, text: object) -> object:
        """An unknown variable stays as it is written."""
        known = {"USERPROFILE": self.stage.home, **self.stage.environment}
        return re.sub(r"%(\w+)%", lambda found: known.get(found[1], found[0]), to_text(text))


class _Files(VBAObject):
    """Scripting.FileSystemObject."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    @method
    def FolderExists(self, path: object) -> object:
        """Whether it was made."""
        return to_text(path) in self.stage.folders

    @method
    def CreateFolder(self, path: object) -> object:
        """Error 58 when it exists."""
        if to_text(path) in self.stage.folders:
            raise VBARuntimeError(58, "File already exists")
        self.stage.folders.add(to_text(path))
        return EMPTY

    @method
    def FileExists(self, path: object) -> object:
        """Whether it was written."""
        return to_text(path) in self.stage.files

    @method
    def DeleteFile(self, path: object, force: object) -> object:
        """Error 53 when it is not there."""
        if self.stage.files.pop(to_text(path), None) is None:
            raise VBARuntimeError(53, "File not found")
        return EMPTY

    @method
    def CreateTextFile(self, path: object, overwrite: object, unicode: object) -> object:
        """A stream to write; ``unicode`` must be asked for."""
        assert unicode is True, "letters outside the code page would be lost"
        self.stage.files[to_text(path)] = ""
        self.stage.written.append(to_text(path))
        return _Stream(self.stage, to_text(path))

    @method
    def OpenTextFile(self, path: object, mode: object) -> object:
        """A stream to read."""
        if to_text(path) not in self.stage.files:
            raise VBARuntimeError(53, "File not found")
        return _Stream(self.stage, to_text(path))


class _Stream(VBAObject):
    """A TextStream."""

    def __init__(self, stage: Stage, path: str) -> None:
        self.stage = stage
        self.path = path

    @method
    def WriteLine(self, text: object) -> object:
        """Append a line."""
        self.stage.files[self.path] += to_text(text) + "\r\n"
        return EMPTY

    @method
    def ReadAll(self) -> object:
        """The whole text; error 62 at its end."""
        if not self.stage.files[self.path]:
            raise VBARuntimeError(62, "Input past end of file")
        return self.stage.files[self.path]

    @member
    def AtEndOfStream(self) -> object:
        """Whether it is empty."""
        return not self.stage.files[self.path]
