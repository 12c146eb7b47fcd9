"""Hardly anything, or very much: each document still reads as a person would have written it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from papers import lines, shipped
from test_governance import SIGNED, with_grades

from qaf_sheets.model import Snapshot
from qaf_sheets.outputs.documents import Document, Given, drafts
from qaf_sheets.outputs.figures import Shown, figures

ONE_TOO_MANY = re.compile(r"(?<![\d,.] of )(?<![\d.,/-])\b1 (?:returns|children|reviews|case reviews|actions|answers|observations|quarters|records|questions|files|pieces|months|forums|audits)\b")
FOR_MANY = ("dlt_report.docx", "governance_chief_executive.docx", "governance_scrutiny.docx", "governance_lead_member.docx", "governance_improvement_board.docx", "learning_summary.docx", "returns_chaser.docx")


def papers(seen: Snapshot) -> Iterator[tuple[str, Document]]:
    for draft in drafts(Given(Shown(seen, figures(seen))), shipped, shipped):
        if draft.kind.template in FOR_MANY and draft.path.endswith(".docx"):
            yield draft.path, draft.write(())


SIZES = {"nothing graded": (0, 0, 0, 0), "one": (0, 1, 0, 0), "one Inadequate": (0, 0, 0, 1), "ten": (1, 4, 4, 1), "400": (40, 160, 160, 40)}


@pytest.mark.parametrize(("counts", "signed"), [*((n, False) for n in SIZES.values()), (SIZES["ten"], True)], ids=[*SIZES, "ten, signed off"])
def test_every_paper_reads_well_whatever_came_in(counts: tuple[int, ...], signed: bool) -> None:
    seen = with_grades(*counts).model_copy(update={"signed_off": SIGNED if signed else None})
    written = 0
    for path, document in papers(seen):
        assert not document.refused, (path, document.refused)
        for line in lines(document):
            assert not ONE_TOO_MANY.search(line), (path, line)
            assert not re.search(r"\bNone\b(?! (?:of|is|are|open|was|were|has|have))|\{\{|nan%", line) or line == "None", (path, line)
        written += 1
    assert written >= (2 if sum(counts) == 0 else 7)
