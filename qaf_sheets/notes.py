"""The plain page in `Needs fixing` that tells a manager every problem of a return, its cell, and what to do."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from jinja2 import Environment

from qaf_sheets import resources
from qaf_sheets.desk import Desk
from qaf_sheets.files import write_atomically
from qaf_sheets.model import Issue, Problem, Received

TEMPLATE = "needs_fixing.html"


def tell(desk: Desk, received: Received) -> None:
    """Write the page of a return that needs fixing; take it away once the return is accepted. May be repeated."""
    if received.return_id is None or received.outcome not in ("needs_fixing", "accepted"):
        return
    with desk.register.reading() as records:
        issue = records.issues.one(received.return_id)
    assert issue is not None, "a recognised return was issued"
    page = desk.workspace.needs_fixing / issue.person_id / f"{PurePosixPath(issue.file).stem}.html"
    if received.outcome == "accepted":
        page.unlink(missing_ok=True)
        _remove_if_empty(page.parent)
    else:
        write_atomically(page, render(desk, issue, received).encode())


def _remove_if_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _place(problem: Problem) -> tuple[bool, int]:
    """From the top of the form downwards, the actions last: the order in which a person puts things right."""
    return problem.sheet == "Actions", int("".join(c for c in problem.cell if c.isdigit()) or 0)


def render(desk: Desk, issue: Issue, received: Received) -> str:
    """The page as HTML: nothing to load, no script, readable anywhere."""
    found = resources.find(TEMPLATE, (desk.workspace.templates, resources.folder("templates")))
    assert found is not None, "the template is shipped"
    page = Environment(autoescape=True).from_string(found.read_text("utf-8"))
    plan, problems = desk.plan, sorted(received.problems, key=_place)
    with desk.register.reading() as records:
        kept = records.issues.form(issue.form_version)
    return page.render(
        issue=issue, title=kept[0].title if kept else issue.activity, received=received, council=plan.setting("council"), contact=plan.setting("qa_contact"),
        marking=plan.setting("marking"), must=[p for p in problems if p.level == "E"], may=[p for p in problems if p.level == "W"],
    )
