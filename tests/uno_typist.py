"""Run by a Python that has LibreOffice's `uno` (not by pytest): opens workbooks in LibreOffice, types like a person, saves as xlsx.

    python3 uno_typist.py JOBS.json      [{"open": …, "save": …, "cells": [[sheet, cell, text], …], "deeds": [[what, sheet, where, value], …]}, …]

Deeds arrange a sheet: hide a column or row, make a column wide, colour, bold, annotate, sort a range by a column, filter a table for a word.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.sheet import TableFilterField
from com.sun.star.sheet.FilterOperator import EQUAL
from com.sun.star.table import TableSortField


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


def sort(document, sheet, where, column):
    """Sort the cells `where` by one of their columns, downwards."""
    field = TableSortField()
    field.Field, field.IsAscending = column, False
    fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
    uno.invoke(sheet.getCellRangeByName(where), "sort", ((prop("SortFields", fields), prop("ContainsHeader", False)),))


def filtered(document, sheet, table, wanted):
    """Filter a table (a database range, here) by [column, word]."""
    field = TableFilterField()
    field.Field, field.IsNumeric, field.StringValue, field.Operator = wanted[0], False, wanted[1], EQUAL
    found = document.DatabaseRanges.getByName(table)
    found.getFilterDescriptor().setFilterFields((field,))
    found.refresh()


DEEDS = {
    "hide column": lambda d, s, where, _: setattr(s.Columns.getByName(where), "IsVisible", False),
    "hide row": lambda d, s, where, _: setattr(s.Rows.getByIndex(where - 1), "IsVisible", False),
    "wide": lambda d, s, where, value: setattr(s.Columns.getByName(where), "Width", value),
    "fill": lambda d, s, where, value: setattr(s.getCellRangeByName(where), "CellBackColor", value),
    "ink": lambda d, s, where, value: setattr(s.getCellRangeByName(where), "CharColor", value),
    "bold": lambda d, s, where, _: setattr(s.getCellRangeByName(where), "CharWeight", 150.0),
    "note": lambda d, s, where, value: s.Annotations.insertNew(s.getCellRangeByName(where).CellAddress, value),
    "sort": sort, "filter": filtered,
}  # fmt: skip


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
                for deed, sheet, where, value in job.get("deeds", ()):
                    DEEDS[deed](document, document.Sheets.getByName(sheet), where, value)
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
