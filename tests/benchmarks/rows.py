"""The rows of the table: each a function of the returned forms, measured beside its peer."""

from __future__ import annotations

import importlib.util
import io
import json
import math
import shutil
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import openpyxl
import python_calamine
import xlsxwriter
from council import ISSUED, Q3
from measuring import HERE, Row, by_turns, fresh, ours, process

from qaf_sheets import snapshot, workspace
from qaf_sheets.book import Book, read_book
from qaf_sheets.desk import Desk
from qaf_sheets.forms.identity import agreed
from qaf_sheets.forms.read import read_form
from qaf_sheets.forms.write import prefilled
from qaf_sheets.outputs.figures import figures
from qaf_sheets.outputs.master import write_master

SIZES = (60, 125, 250, 500)
FILES = 10_000
"""Files that lie in the inbox of an idle service."""
IDLE = 20.0
"""Seconds for which it is watched."""


class Corpus(NamedTuple):
    """The workspace that handed the forms out, the returned forms, and a folder to work in."""

    root: Path
    returns: tuple[Path, ...]
    work: Path

    def inbox(self, returns: tuple[Path, ...]) -> Path:
        return fresh(self.root, self.work / "QA", returns)


def _peer(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, HERE / "peers" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def ingest(data: Corpus) -> Row:
    """All of them received, checked and registered, and the master and the tracker written."""
    theirs = process(sys.executable, HERE / "peers" / "peer_naive.py", data.returns[0].parent, data.work.parent / "peer.xlsx")
    mine = ours("ingest", data.inbox(data.returns))
    return Row(f"`ingest` of {len(data.returns)} returns: checks, register, master, tracker", theirs.wall / mine.wall, 15, 25, "× faster", more=True, note=f"peer_naive.py: {theirs.wall:.0f} s, ours {mine.wall:.0f} s")


def read(data: Corpus) -> Row:
    """One return's answers."""
    limit, some = _peer("limit_read"), data.returns[:: max(1, len(data.returns) // 120)]
    with Desk(workspace.find(data.root), now=lambda: ISSUED) as at, at.register.reading() as records:
        issued = {i.return_id: i for i in records.issues.of_quarter(Q3)}
        forms = {f: records.issues.form(issued[f.stem[-8:]].form_version) for f in some}
        people, key = at.plan.people, at.workspace.key

    def answers() -> None:
        for file in some:
            book, form = read_book(file.read_bytes(), file.name), forms[file]
            if isinstance(book, Book) and form and agreed(book, key):
                read_form(book, *form, people)

    answers()
    theirs, mine = by_turns(7, lambda: [limit.one(str(f)) for f in some], answers)
    return Row("reading one return's answers", mine / theirs, 2.5, 1.5, note=f"limit_read.py: {theirs / len(some) * 1e3:.2f} ms, ours {mine / len(some) * 1e3:.2f} ms")


def issue(data: Corpus) -> Row:
    """The quarter's forms of a larger council, written."""
    root = data.work / "issue"
    shutil.rmtree(root, ignore_errors=True)
    said = ours("hand_out", root, "4", today="2026-10-05").said.split()
    many, mine = int(said[0]), float(said[1])
    with Desk(workspace.find(root), now=lambda: ISSUED) as at, at.register.reading() as records:
        issued = records.issues.of_quarter(Q3)[:: many // 60]
        forms = {i.form_version: records.issues.form(i.form_version) for i in issued}
    blank = {i.form_version: (root / i.file).read_bytes() for i in issued}
    begun = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for one in issued:
            form, layout = forms[one.form_version] or (None, None)
            assert form is not None
            assert layout is not None
            book, known = openpyxl.load_workbook(io.BytesIO(blank[one.form_version])), prefilled(form, one).answers
            for place in layout.places:
                if place.field in known:
                    book[place.sheet][place.cell] = known[place.field].value
            book.save(data.work / "x.xlsx")
    theirs = (time.process_time() - begun) / len(issued) * many
    return Row(f"`issue` of {many} forms", theirs / mine, 5, 40, "× faster", more=True, note=f"openpyxl load, fill, save: {theirs / many * 1e3:.0f} ms a form, ours {mine / many * 1e3:.0f} ms")


def master(data: Corpus) -> Row:
    """The master with 50,000 rows."""
    root = data.inbox(data.returns)
    ours("receive", root)
    with Desk(workspace.find(root), now=lambda: datetime(2026, 12, 14, 12)) as at:
        seen = snapshot.take(at, Q3)
    times = 3
    more = tuple(v.model_copy(update={"issue": v.issue.model_copy(update={"return_id": f"R-{n}{v.issue.return_id[3:]}"})}) for n in range(1, times + 1) for v in seen.returns)
    actions = tuple(a.model_copy(update={"action_id": f"{a.action_id}{n}"}) for n in range(1, times + 1) for a in seen.actions)
    large = seen.model_copy(update={"returns": more, "actions": actions})
    counted = figures(large)
    written: list[bytes] = []
    begun = time.process_time()
    written.append(write_master(large, counted, ()))
    mine = time.process_time() - begun
    sheets = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(written[0]))
    cells = {name: sheets.get_sheet_by_name(name).to_python() for name in sheets.sheet_names}
    begun = time.process_time()
    book = xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True})
    for name, held in cells.items():
        sheet = book.add_worksheet(name)
        for row, values in enumerate(held):
            for column, value in enumerate(values):
                if value != "":
                    sheet.write(row, column, str(value) if not isinstance(value, (int, float)) else value)
    book.close()
    theirs = time.process_time() - begun
    lines = sum(len(held) for held in cells.values())
    return Row(f"the full master, {lines:,} rows", mine / theirs, 1.0, 0.25, note=f"XlsxWriter, the same cells without looks, tables or formulas: {theirs:.1f} s, ours {mine:.1f} s")


def growth(data: Corpus) -> Row:
    """Receiving and registering more and more returns: the exponent of the time."""
    sizes = [n for n in SIZES if n <= len(data.returns)]
    took = [ours("receive", data.inbox(data.returns[:: len(data.returns) // n][:n])).cpu for n in sizes]
    base = ours("receive", data.inbox(())).cpu
    xs, ys = [math.log(n) for n in sizes], [math.log(t - base) for t in took]
    slope = statistics.linear_regression(xs, ys).slope
    return Row(f"growth of ingest, {sizes[0]} → {sizes[-1]} returns", slope, 1.05, 1.0, "exponent", note=", ".join(f"{n}: {t:.1f} s" for n, t in zip(sizes, took, strict=True)))


def memory(data: Corpus) -> Row:
    """The most that any process of an ingest takes."""
    spent = ours("ingest", data.inbox(data.returns))
    return Row(f"peak memory of ingest of {len(data.returns)}", spent.peak, 128, 64, "MiB", note="the largest process; a reading worker has a limit of its own")


def one_more(data: Corpus) -> Row:
    """One more return where there are many already, against few."""
    few, many = data.returns[:10], data.returns[:-5]
    took = []
    for before in (few, many):
        root = data.inbox(before)
        ours("receive", root)
        said = ours("one_more", root, *data.returns[-5:]).said.split()
        took.append(statistics.median(float(t) for t in said[2::2]))
    return Row(f"one more return after {len(many)}, against after {len(few)}", took[1] / took[0], 6, 3, note=f"{took[0] * 1e3:.0f} ms, {took[1] * 1e3:.0f} ms")


def receipt(data: Corpus) -> Row:
    """From the second look to the accepted receipt, in a warm process."""
    root = data.inbox(())
    said = ours("one_more", root, *data.returns[:12]).said.split()
    return Row("second look to accepted receipt, local disk", statistics.median(float(t) for t in said[2::2]), 1, 0.2, "s", note="median of a warm process")


def start(data: Corpus) -> Row:
    """How long a command takes to begin, against bare Python."""
    bare, helped, status = [], [], []
    for _ in range(7):
        bare.append(process(sys.executable, "-c", "pass").wall)
        helped.append(process(sys.executable, "-m", "qaf_sheets", "--help").wall)
        status.append(process(sys.executable, "-m", "qaf_sheets", "status", "--workspace", data.root).wall)
    python, help_, told = map(statistics.median, (bare, helped, status))
    return Row("`qaf-sheets --help`, `status`", max(help_, told) / python, 6, 3, note=f"bare Python {python * 1e3:.0f} ms, --help {help_ / python:.1f} ×, status {told / python:.1f} ×")


def idle(data: Corpus) -> Row:
    """A service that has nothing to do, over an inbox of many files that wait."""
    root = data.inbox(())
    for n in range(FILES):
        (root / "Return here" / f"~$waiting {n}.xlsx").write_bytes(b"")
    spent = json.loads(ours("watch", root, str(IDLE)).said)
    return Row(f"idle `watch` on {FILES:,} files", spent * 100, 1, 0, "% CPU", note=f"over {IDLE:g} s")


ROWS: tuple[Callable[[Corpus], Row], ...] = (read, issue, ingest, master, one_more, growth, memory, start, idle, receipt)
