"""Runs macros of a workbook in a headless LibreOffice: JSON in, JSON out. A program of its own, since importing
``uno`` changes how Python imports.

In: {"book": path, "profile": folder, "steps": [["call", "Module.Procedure", argument …] | ["name", name, text] |
["modules"] | ["events", sheet] | ["press", sheet, file]]}. Out: a list with each step's result.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

sys.path.append("/usr/lib/python3/dist-packages")


def main() -> None:
    """Read the task, start LibreOffice, work, end it."""
    import uno
    from com.sun.star.beans import PropertyValue
    from com.sun.star.connection import NoConnectException

    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(170)  # before the test gives up: LibreOffice must not outlive it
    task = json.load(sys.stdin)
    pipe = f"iku-makro-{os.getpid()}"
    command = ["soffice", f"-env:UserInstallation={Path(task['profile']).as_uri()}", "--norestore"]
    command += [
        "--nologo",
        "--nodefault",
        *([] if "DISPLAY" in os.environ else ["--headless"]),
        f"--accept=pipe,name={pipe};urp;",
    ]
    office = start(command)
    try:
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
        for _ in range(240):
            try:
                context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
                break
            except NoConnectException:
                if office.poll() is not None:  # its first start may exit 81
                    office = start(command)
                time.sleep(0.25)
        desktop = context.ServiceManager.createInstance("com.sun.star.frame.Desktop")
        always = PropertyValue("MacroExecutionMode", 0, 4, 0)
        book = desktop.loadComponentFromURL(Path(task["book"]).as_uri(), "_blank", 0, (always,))
        results = [step(book, *one) for one in task["steps"]]
        book.close(False)
        desktop.terminate()
        office.wait(30)
        json.dump(results, sys.stdout)
    finally:
        if office.poll() is None:
            os.killpg(office.pid, signal.SIGKILL)


def start(command: list[str]) -> subprocess.Popen[bytes]:
    """LibreOffice in a process group of its own, so that it can be ended whole."""
    nothing = subprocess.DEVNULL
    return subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True)


def too_long(*_: Any) -> None:
    """End the work, LibreOffice included."""
    raise TimeoutError("LibreOffice does not answer")


def step(book: Any, kind: str, *rest: Any) -> Any:
    """One step and what it gives."""
    if kind == "call":
        address = f"vnd.sun.star.script:VBAProject.{rest[0]}?language=Basic&location=document"
        return book.getScriptProvider().getScript(address).invoke(tuple(rest[1:]), (), ())[0]
    if kind == "name":
        book.NamedRanges.addNewByName(rest[0], "$Petunjuk.$H$1", book.Sheets[0].getCellRangeByName("H1").CellAddress, 0)
        book.Sheets[0].getCellRangeByName("H1").String = rest[1]
        return None
    if kind == "modules":
        library = book.BasicLibraries.getByName("VBAProject")
        return {name: library.getByName(name) for name in library.ElementNames}
    if kind == "press":
        return press(book, rest[0], Path(rest[1]))
    forms = book.Sheets.getByName(rest[0]).DrawPage.Forms
    return [
        [form.getByIndex(n).Label, [event.ScriptCode for event in form.getScriptEvents(n)]]
        for form in (forms.getByIndex(i) for i in range(forms.Count))
        for n in range(form.Count)
    ]


def press(book: Any, sheet: str, file: Path) -> str:
    """Click the sheet's button with the mouse, once more when ``file`` is there, and answer the message that
    comes; gives its window's name."""
    control = book.CurrentController
    control.setActiveSheet(book.Sheets.getByName(sheet))
    time.sleep(1)
    button = control.getControl(book.Sheets.getByName(sheet).DrawPage.Forms.getByIndex(0).getByIndex(0))
    place, size = button.AccessibleContext.getLocationOnScreen(), button.AccessibleContext.getSize()
    click = ["mousemove", str(place.X + size.Width // 2), str(place.Y + size.Height // 2), "click", "1"]
    xdotool(*click)
    for _ in range(200):
        if file.exists():
            break
        time.sleep(0.1)
    xdotool(*click)
    for _ in range(40):
        window = xdotool("search", "--name", "^IKU$").split()
        if window:
            time.sleep(0.5)
            xdotool("windowfocus", window[-1], "key", "Return")
            time.sleep(1)
            return "IKU"
        time.sleep(0.5)
    raise TimeoutError("no message came")


def xdotool(*words: str) -> str:
    """One command to the mouse and the keyboard; what it prints."""
    return subprocess.run(["xdotool", *words], capture_output=True, text=True, check=False).stdout


if __name__ == "__main__":
    main()
