"""A quarter in which every kind of document has something to say: for what the templates can use, and for what every document must be."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import graded
import sample
from papers import NARRATIVE, ROUT, SERV, said
from test_annual_papers import YEAR, adding
from test_governance import SIGNED, with_summary

from qaf_sheets.model import Action, Decision, Snapshot
from qaf_sheets.outputs.documents import DOCUMENTS, Given
from qaf_sheets.outputs.figures import Shown, figures
from qaf_sheets.outputs.figures.triangulation import about

sys.path.insert(0, str(Path(__file__).parent.parent / "docs"))
from make_templates_page import paths


@cache
def quarters() -> tuple[Given, ...]:
    """The summaries of services; graded work, signed off, with the papers of the year; the same as it was reported before."""
    served = said(said(sample.snapshot(), ROUT, **NARRATIVE), SERV, **{**NARRATIVE, "childrens_experiences": "Fewer moves."})
    action = Action(action_id="ACT-1", return_id="R-000001", quarter="2026-27-Q3", area="Family Support", child_id="9300001", cells={"action_text": "Write the plan", "owner": "Devon Fictionby (P016)"})
    work = graded.snapshot().model_copy(update={"actions": (action, action.model_copy(update={"action_id": "ACT-2", "return_id": "R-000801", "child_id": ""}))})
    yearly = adding(adding(work, "PSW_ANN", YEAR, year="April 2026 to March 2027", overview="A year of plans."), "C_FOST", return_id="R-000801", nothing_to_report="No", assessments="Careful.")
    off = with_summary(yearly, well="Plans are clear.", worried="Plans wait.", action_needed="Write plans.", childrens_experiences="Fewer moves.", signed_off_by="Avery Exampleworth (P031)").model_copy(update={"signed_off": SIGNED})
    theme = figures(off).triangulated[0].theme
    confirmed = Decision(decision_id="D-0002", kind="finding", about=about(theme, off.quarter), choice="Confirmed", who="Devon Fictionby (P016)", why="Heard from two sides")
    off = off.model_copy(update={"decisions": (confirmed,)})
    before = tuple(_shown(off.model_copy(update={"quarter": off.quarter.plus(-n)})) for n in (2, 1))
    return Given(_shown(served)), Given(_shown(off), before), Given(_shown(off), before, reported=_shown(work.model_copy(update={"returns": work.returns[1:]})))


def _shown(snapshot: Snapshot) -> Shown:
    return Shown(snapshot, figures(snapshot))


@cache
def contexts() -> dict[str, list[str]]:
    """Template → the paths of all that its documents can use."""
    found: dict[str, dict[str, None]] = {}
    for given in quarters():
        for kind in DOCUMENTS:
            for subject in kind.about(given):
                found.setdefault(kind.template, {}).update(dict.fromkeys(paths(kind.context(given, subject))))
    return {template: _in_order(some) for template, some in found.items()}


def _in_order(some: dict[str, None]) -> list[str]:
    """What lies inside a value right after it, in whichever document it was met."""
    order = {name: n for n, name in enumerate(some)}
    return sorted(some, key=lambda path: [order[".".join(path.split(".")[: n + 1])] for n in range(path.count(".") + 1)])
