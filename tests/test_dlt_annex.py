"""The workbook of sources beside the DLT report: every number and quote of the report is found in it, and it names nobody."""

from __future__ import annotations

from functools import cache

import graded
import pytest
import sample
from papers import DLT, lines, shipped
from traced import Rows, annex, quoted, shown, untraced, untrue

from qaf_sheets.model import Snapshot
from qaf_sheets.outputs.documents import Document, Given, drafts
from qaf_sheets.outputs.figures import Shown, figures

SOURCES = DLT.replace(".docx", " - sources.xlsx")
QUARTERS = {"reviews": graded.snapshot(), "whole": sample.snapshot(), "empty": sample.snapshot().model_copy(update={"returns": (), "files": (), "actions": ()})}


@cache
def both(name: str) -> tuple[Document, Document]:
    snapshot = QUARTERS[name]
    made = {d.path: d for d in drafts(Given(Shown(snapshot, figures(snapshot))), shipped, shipped) if "/DLT/" in d.path}
    return made[DLT].write(()), made[SOURCES].write(())


@cache
def sheets(name: str) -> dict[str, Rows]:
    return annex(both(name)[1].data)


@pytest.mark.parametrize("name", QUARTERS)
def test_every_number_of_the_report_is_among_the_figures(name: str) -> None:
    assert untraced(lines(both(name)[0]), sheets(name)) == []


@pytest.mark.parametrize("name", QUARTERS)
def test_every_figure_is_what_its_rows_come_to(name: str) -> None:
    assert untrue(sheets(name)) == []
    assert len(sheets(name)["Figures"]) > 5


def test_a_figure_that_its_rows_do_not_bear_out_is_found() -> None:
    book = {**sheets("reviews"), "Graded work": sheets("reviews")["Graded work"][1:]}
    assert untrue(book)


@pytest.mark.parametrize("name", ["reviews", "whole"])
def test_every_quote_is_in_the_return_at_its_sheet_and_cell(name: str) -> None:
    found = shown(sheets(name))
    answers = {(v.issue.return_id, a.sheet, a.cell, " ".join(a.text.split())) for v in QUARTERS[name].returns for row in (v.content.answers, *(r for rows in v.content.rows.values() for r in rows)) for a in row.values()}
    assert all((q["Return"].partition("/")[0], q["Sheet"], q["Cell"], q["Words"]) in answers for q in sheets(name)["Quotes"])
    in_report = quoted(lines(both(name)[0]))
    assert in_report
    assert all(any(q["Words"].startswith(words) and q["Return"] == ref for q in found) for words, ref in in_report)


@pytest.mark.parametrize("name", QUARTERS)
def test_it_names_no_child_and_nobody_on_the_staff_list(name: str) -> None:
    snapshot: Snapshot = QUARTERS[name]
    said = "\n".join(str(v) for rows in sheets(name).values() for row in rows for v in row.values())
    children = {a.code for v in snapshot.returns for row in (v.content.answers, *v.content.rows.get("children", ())) for k, a in row.items() if k == "child_id"} - {""}
    assert not [c for c in children if c in said]
    assert not [p.name for p in snapshot.plan.people if p.name in said]


def test_the_same_facts_give_the_same_bytes_and_new_ones_a_new_draft() -> None:
    def draft(snapshot: Snapshot) -> tuple[str, bytes]:
        (one,) = (d for d in drafts(Given(Shown(snapshot, figures(snapshot))), shipped, shipped) if d.path == SOURCES)
        return one.says, one.write(()).data

    again, less = draft(QUARTERS["reviews"]), draft(QUARTERS["reviews"].model_copy(update={"returns": QUARTERS["reviews"].returns[1:]}))
    assert again == draft(QUARTERS["reviews"])
    assert again[0] != less[0]
