"""One quarter, counted once: the master, the report to the DLT and the status page say the same numbers (design section 2)."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import datetime
from itertools import takewhile

import graded
import openpyxl
import pytest
import sample
from papers import DLT, opened, written

from qaf_sheets.model import Snapshot
from qaf_sheets.outputs.documents import Document
from qaf_sheets.outputs.figures import Figures, figures
from qaf_sheets.outputs.master import write_master
from qaf_sheets.outputs.status import write_status

QUARTERS = {"full": sample.snapshot(), "graded": graded.snapshot()}
DESCRIBED = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
GRADES = ("Outstanding", "Good", "Requires improvement (RI)", "Inadequate")


def master(snapshot: Snapshot, sheet: str) -> list[dict[str, object]]:
    """The rows of one sheet's table, as they stand in the file."""
    book = openpyxl.load_workbook(io.BytesIO(write_master(snapshot, figures(snapshot))), data_only=True)
    rows = [list(row) for row in book[sheet].iter_rows(min_row=4, values_only=True)]
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in takewhile(lambda row: any(v is not None for v in row), rows[1:])]


def page(snapshot: Snapshot) -> dict[str, str]:
    html = write_status(snapshot, figures(snapshot), (("QA master.xlsx", datetime(2027, 1, 15, 9), ""),))
    return {name: value.strip() for name, value in re.findall(r'data-figure="([^"]+)">([^<]*)<', html)}


def report(snapshot: Snapshot, *heads: str) -> dict[str, dict[str, str]]:
    """The table of the report that has these headings, by its first column."""
    only = tuple(d for d in snapshot.duties if d.obligation.activity not in ("ROUT", "SERV") or snapshot is QUARTERS["full"])
    document: Document = written(snapshot.model_copy(update={"duties": only}))[DLT]
    for found in opened(document).tables:
        rows = [[" ".join(c.text.split()) for c in row.cells] for row in found.rows]
        if set(heads) <= set(rows[0]):
            return {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}
    raise AssertionError(heads)


def titles(snapshot: Snapshot) -> Mapping[str, str]:
    return {code: form.title for code, form in snapshot.forms.items()}


@pytest.mark.parametrize("snapshot", QUARTERS.values(), ids=QUARTERS)
def test_coverage_is_the_same_in_all_three(snapshot: Snapshot) -> None:
    numbers: Figures = figures(snapshot)
    in_master = {str(r["Activity"]): r for r in master(snapshot, "Coverage")}
    on_page, in_report = page(snapshot), report(snapshot, "Activity", "Expected", "In")
    for code, counts in numbers.by_activity.items():
        title = titles(snapshot)[code]
        expected, returned, late = counts.expected, counts.returned, counts.late
        assert (in_master[title]["Expected"], in_master[title]["Returned"], in_master[title]["Late"]) == (expected, returned, late)
        assert (on_page[f"coverage/{code}/expected"], on_page[f"coverage/{code}/returned"], on_page[f"coverage/{code}/late"]) == (str(expected), str(returned), str(late))
        told = next(row for name, row in in_report.items() if name.startswith(title))
        assert (told["Expected"], told["In"], told["Late"]) == (str(expected), str(returned), str(late))


def test_final_grades_are_the_same_in_all_three() -> None:
    snapshot = QUARTERS["graded"]
    counts = figures(snapshot).grades.final["CCR"]
    want = [n for _, n in counts]
    row = next(r for r in master(snapshot, "Grades") if r["Name"] == "Final grade")
    assert [row[g] for g in GRADES] == want
    on_page = page(snapshot)
    assert [int(on_page[f"grades/CCR/final/{g}"]) for g in ("outstanding", "good", "ri", "inadequate")] == want
    told = next(iter(report(snapshot, "Service area", "Outstanding", "Good or better").values()))
    assert [int(told[g]) for g in ("Outstanding", "Good", "RI", "Inadequate")] == want
    assert row["Good or better"] == on_page["grades/CCR/final/good_or_better"] == told["Good or better"] == str(counts.good_or_better)


def pictured(snapshot: Snapshot, what: str) -> dict[str, list[int]]:
    """The bars of one picture of the report, as its words have them for people who cannot see it."""
    document: Document = written(snapshot)[DLT]
    (said,) = (alt for node in opened(document).element.body.iter(DESCRIBED) if what in (alt := node.get("descr", "")))
    bars = re.findall(r"([^;]+): ([^:;]+) \(n = \d+\)", said.partition(". ")[2])
    return {name.strip(): [int(n) for n in re.findall(r"(\d+) [A-Z]", counts)] for name, counts in bars}


def test_practice_areas_are_the_same_in_master_and_report() -> None:
    snapshot = QUARTERS["graded"]
    in_master = {str(r["Practice area"]): [r[g] for g in GRADES] for r in master(snapshot, "Practice areas")}
    in_report = pictured(snapshot, "practice area")
    assert list(in_master.items()) == list(in_report.items()) == [(a.name, [n for _, n in a.counts]) for a in figures(snapshot).practice_areas]


def test_the_dip_sample_is_the_same_in_master_and_report() -> None:
    snapshot = QUARTERS["graded"]
    in_master = {str(r["Question"]): [r["Yes"], r["Partly"], r["No"]] for r in master(snapshot, "Dip sample findings")}
    assert in_master == pictured(snapshot, "dip sample") == {q.text: [q.yes, q.partly, q.no] for q in figures(snapshot).dip.questions}


def test_checks_not_met_are_the_same_in_master_and_report() -> None:
    snapshot = QUARTERS["graded"]
    in_master = {str(r["Requirement"]): r["Actual"] for r in master(snapshot, "Checks") if r["Result"] == "✗ Not met"}
    in_report = {name: row["Actual"] for name, row in report(snapshot, "Requirement", "Actual").items()}
    assert in_master == in_report
    assert in_master
