"""The annex's rows of graded work: each grade with the return, sheet and cell where the reviewer gave it, and what moderation made of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from qaf_sheets.outputs.documents.annex import Cells
from qaf_sheets.outputs.documents.dlt_grades import OTHERS, large_teams
from qaf_sheets.outputs.documents.dlt_view import NO_AREA, View
from qaf_sheets.outputs.figures import GRADES, step
from qaf_sheets.outputs.figures.equality import BY_MODERATOR
from qaf_sheets.outputs.figures.grades import Graded, graded_areas
from qaf_sheets.rules import pieces

STEPS = {"agreed": "Agreed", "up": "Up", "down": "Down", "": "No grade"}


def graded_work(view: View) -> Iterator[Cells]:
    """One row for each graded piece of work; small teams stand together (specification 7.3)."""
    teams = {code: large_teams(Counter(g.team or NO_AREA for g in view.figures.work if g.version.issue.activity == code)) for code in view.figures.grades.final}
    for g in view.figures.work:
        activity, team = g.version.issue.activity, g.team or NO_AREA
        yield {"Return": g.id, "Activity": view.title(activity), "Service area": g.area or NO_AREA, "Team": team if team in teams[activity] else OTHERS, "Level of need": g.level, **_own(g), **_moderated(g), **_since(g)}


def _own(g: Graded) -> Cells:
    answer = g.said("overall_grade")
    return {"Reviewer’s grade": g.original, "Sheet": answer.sheet if answer else "", "Cell": answer.cell if answer else "", "Final grade": g.final}


def _moderated(g: Graded) -> Cells:
    if g.moderation is None:
        return {"Moderation": "Not moderated"}
    given = next((a for a in g.moderation.content.answers.values() if a.code == g.moderated), None)
    return {
        "Moderated grade": g.moderated, "Moderation return": g.moderation.issue.return_id, "Moderation sheet": given.sheet if given else "", "Moderation cell": given.cell if given else "", "Moderation": STEPS[step(g)],
        "Rated by the moderator": g.moderation.content.code(BY_MODERATOR),
    }  # fmt: skip


def _since(g: Graded) -> Cells:
    if g.previous not in GRADES or g.final not in GRADES:
        return {"Last grade": g.previous, "Since the last grade": ""}
    steps = GRADES.index(g.final) - GRADES.index(g.previous)
    return {"Last grade": g.previous, "Since the last grade": "Better" if steps < 0 else "Lower" if steps else "Same"}


def areas_of_work(view: View) -> Iterator[Cells]:
    """One row for each area of a piece of work that was graded, or found not applicable."""
    for v in view.returns:
        form = view.forms.get(v.issue.activity)
        for piece in pieces(form, v.content) if form and not v.issue.piece else ():
            for asked in graded_areas(form) if form else ():
                answer = piece.answers.get(asked.id)
                if form and answer and answer.code:
                    yield {"Return": f"{v.issue.return_id}{piece.key}", "Activity": form.title, "Area": asked.name.removesuffix(": grade"), "Grade": {"NA": "Not applicable"}.get(answer.code, answer.code), "Sheet": answer.sheet, "Cell": answer.cell}
