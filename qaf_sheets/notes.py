"""What a manager gets back in `Needs fixing`: a copy of their own workbook to put right, and a plain page that lists the same."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from jinja2 import Environment

from qaf_sheets import resources
from qaf_sheets.desk import Desk
from qaf_sheets.files import InUseError, patiently, replace_if_free, sha256, write_atomically
from qaf_sheets.forms.mark_up import Copy, mark_up
from qaf_sheets.forms.read import read_form
from qaf_sheets.issue import sending
from qaf_sheets.model import Form, Issue, Layout, Problem, Received
from qaf_sheets.references import row_of

TEMPLATE = "needs_fixing.html"


def tell(desk: Desk, received: Received) -> None:
    """Write the copy and the page of a return that needs fixing; take them away once the return is accepted. May be repeated."""
    if received.return_id is None or received.outcome not in ("needs_fixing", "accepted"):
        return
    with desk.register.reading() as records:
        issue = records.issues.one(received.return_id)
        kept = records.issues.form(issue.form_version) if issue else None
    assert issue is not None, "a recognised return was issued"
    assert kept is not None, "an issue's form is kept with it"
    place = desk.workspace.needs_fixing / issue.person_id / PurePosixPath(issue.file).name
    if received.outcome == "accepted":
        _clear(desk, place, received.version or 0)
        return
    copy = _copy(desk, issue, kept, received)
    file = _write_copy(desk, place, copy, received) if copy else None
    problems = copy.problems if copy else received.problems
    write_atomically(place.with_suffix(".html"), render(desk, issue, kept[0], received, problems, file.name if file else "").encode())


def _copy(desk: Desk, issue: Issue, kept: tuple[Form, Layout], received: Received) -> Copy | None:
    """The return as it came, marked up; None when the file can no longer be read."""
    assert received.kept_as is not None, "a decided file is kept"
    book = desk.read(desk.workspace.absolute(received.kept_as))
    if isinstance(book, Problem):
        return None
    reading = read_form(book, *kept, desk.plan.people)
    return mark_up(kept[0], sending(desk, desk.plan, issue, kept[0]), reading, received.problems)


def _write_copy(desk: Desk, place: Path, copy: Copy, received: Received) -> Path:
    """Over the copy we wrote before. One that a person works in, or has changed and not sent, is theirs: the new one goes beside it.

    The same return gives the same bytes, so that a copy written just before a crash is known again.
    """
    beside = _beside(place, received.version)
    free = not place.exists() or _ours(desk, place) or sha256(patiently(place.read_bytes)) == sha256(copy.data)
    target = place if free else beside
    try:
        replace_if_free(target, copy.data)
    except InUseError:
        target = beside
        write_atomically(target, copy.data)
    with desk.register.writing() as records:
        records.returns.copied(desk.workspace.relative(target), sha256(copy.data))
    return target


def _ours(desk: Desk, path: Path) -> bool:
    """Whether a file still is what we wrote there, or what somebody has sent us since: nothing in it would be lost."""
    found = sha256(patiently(path.read_bytes))
    with desk.register.reading() as records:
        return records.returns.is_copy(desk.workspace.relative(path), found) or records.returns.holds(found)


def _beside(place: Path, version: int | None) -> Path:
    return place.with_stem(f"{place.stem} - version {version}")


def _clear(desk: Desk, place: Path, version: int) -> None:
    """Take the copies and the page away; a copy that somebody changed and never sent stays."""
    place.with_suffix(".html").unlink(missing_ok=True)
    copies = {place, *(_beside(place, n) for n in range(1, version)), *place.parent.glob(f"{place.stem}*.xlsx")}
    lying = {path for path in copies if path.exists()}
    with desk.register.reading() as records:
        known = {path for path in copies if records.returns.has_copy(desk.workspace.relative(path))}
    gone = [path for path in sorted(lying | known) if path not in lying or (_ours(desk, path) and _removed(path))]
    if gone:
        with desk.register.writing() as records:
            for path in gone:
                records.returns.copied(desk.workspace.relative(path), "")
    if place.parent.is_dir() and not any(place.parent.iterdir()):
        place.parent.rmdir()


def _removed(path: Path) -> bool:
    try:
        patiently(path.unlink)
    except OSError:  # open in Excel: it stays, and does no harm
        return False
    return True


def _place(problem: Problem) -> tuple[bool, int]:
    """From the top of the form downwards, the actions last: the order in which a person puts things right."""
    return problem.sheet == "Actions", row_of(problem.cell)


def render(desk: Desk, issue: Issue, form: Form, received: Received, problems: tuple[Problem, ...], copy: str) -> str:
    """The page as HTML: nothing to load, no script, readable anywhere. `copy` is the workbook beside it, '' when there is none."""
    found = resources.find(TEMPLATE, (desk.workspace.templates, resources.folder("templates")))
    assert found is not None, "the template is shipped"
    page = Environment(autoescape=True).from_string(found.read_text("utf-8"))
    plan, told = desk.plan, problems if copy else sorted(problems, key=_place)
    return page.render(
        issue=issue, title=form.title, received=received, council=plan.setting("council"), contact=plan.setting("qa_contact"), copy=copy,
        marking=plan.setting("marking"), must=[p for p in told if p.level == "E"], may=[p for p in told if p.level == "W"],
    )
