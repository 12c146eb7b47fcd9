"""Run by a Python that has LibreOffice's `uno` (not by pytest): opens workbooks in LibreOffice, types like a person, saves as xlsx.

    python3 uno_typist.py JOBS.json      [{"open": …, "save": …, "cells": [[sheet, cell, text], …]}, …]
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue


def prop(name, value):
    it = PropertyValue()
    it.Name, it.Value = name, value
    return it


def connect(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(300):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:  # noqa: BLE001 - uno raises its own kinds until the office answers
            time.sleep(0.2)
    raise SystemExit("LibreOffice did not start")


def type_in(context, document, cells):
    """Select each cell and type, through the same command the keyboard uses."""
    dispatcher = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.DispatchHelper", context)
    frame = document.CurrentController.Frame
    for sheet, cell, text in cells:
        place = "$'" + sheet.replace("'", "''") + "'.$" + cell
        dispatcher.executeDispatch(frame, ".uno:GoToCell", "", 0, (prop("ToPoint", place),))
        dispatcher.executeDispatch(frame, ".uno:EnterString", "", 0, (prop("StringName", text),))


def main(jobs):
    pipe = f"qaf{time.time_ns()}"
    with tempfile.TemporaryDirectory() as profile:
        (Path(profile) / "user").mkdir()
        (Path(profile) / "user" / "registrymodifications.xcu").write_text(UK, "utf-8")
        command = ["soffice", "--headless", "--invisible", "--norestore", "--nologo", f"-env:UserInstallation=file://{profile}", f"--accept=pipe,name={pipe};urp;"]
        office = subprocess.Popen(command)
        try:
            context = connect(pipe)
            desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
            for job in jobs:
                document = desktop.loadComponentFromURL(Path(job["open"]).as_uri(), "_blank", 0, ())
                type_in(context, document, job["cells"])
                document.calculateAll()
                document.storeToURL(Path(job["save"]).as_uri(), (prop("FilterName", "Calc MS Excel 2007 XML"),))
                document.close(True)
            desktop.terminate()
        finally:
            try:
                office.wait(20)
            except subprocess.TimeoutExpired:
                office.kill()


UK = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>en-GB</value></prop></item></oor:items>
"""

if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text("utf-8")))
