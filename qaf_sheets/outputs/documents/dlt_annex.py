"""The DLT report's annex: the rows that its numbers count, each number with the rows behind it, and every quote with its return, sheet and cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from qaf_sheets.model import Answer, Quarter
from qaf_sheets.outputs.documents import dlt_findings as found
from qaf_sheets.outputs.documents import dlt_follow as follow
from qaf_sheets.outputs.documents import dlt_voices as voices
from qaf_sheets.outputs.documents.annex import Annex, Cells, Sheet
from qaf_sheets.outputs.documents.dlt_annex_work import areas_of_work, graded_work
from qaf_sheets.outputs.documents.dlt_coverage import IN_NUMBERS, REQUIREMENTS, numbers
from qaf_sheets.outputs.documents.dlt_front import CONCERNS
from qaf_sheets.outputs.documents.dlt_grades import EVERYTHING, QUARTERS, WORK
from qaf_sheets.outputs.documents.dlt_report import report
from qaf_sheets.outputs.documents.dlt_view import NO_AREA, RETURNS, View
from qaf_sheets.outputs.documents.kinds import Given
from qaf_sheets.outputs.figures import finished, overdue
from qaf_sheets.outputs.figures.equality import EVALUATION
from qaf_sheets.outputs.figures.reviews import CONTACT, FEEDBACK_COMMENTS, owed_feedback, settled_on
from qaf_sheets.rules import pieces

FIGURES, QUOTES = "Figures", "Quotes"
WORDS = {"NA": "Not applicable", "": "Not answered"}
"""How an answer's code stands where it is none of the usual."""


def sources(given: Given, quarter: Quarter) -> Annex:
    """Everything, from the very view that the report was written from."""
    said, view = report(given, quarter)
    rows = tuple(Sheet(name, about, columns, tuple(make(view))) for name, about, columns, make in SHEETS)
    return Annex(
        f"Sources of the DLT report, {quarter.label}", said["council"], said["marking"], said["dated"],
        "Every number and quote of the report can be followed from here to its return, sheet and cell.", (_figures(view), _quotes(view), *rows),
    )  # fmt: skip


def _figures(view: View) -> Sheet:
    rows = tuple(
        {
            "Under the heading": f.section, "What the report says": f.what, "n": f.n, "Of": f.of, "Sheet of this workbook": f.sheet, "Rows that count": f.rows, "Of these rows": f.of_rows, "Each counted once": f.once,
        }
        for f in view.ledger.figures
    )  # fmt: skip
    columns = ("Under the heading", "What the report says", "n", "Of", "Sheet of this workbook", "Rows that count", "Of these rows", "Each counted once")
    return Sheet(FIGURES, "One row for each number: filter the sheet it names by these rows. A sheet with a column Number is added up; “each counted once” names the column whose values count once.", columns, rows)


def _quotes(view: View) -> Sheet:
    shown = [q for q in view.ledger.quotes if q.shown]
    rows = tuple(
        {
            "Under the heading": q.section, "In the report": "Yes" if q.shown else "No", "Activity": q.activity, "Service area": q.area, "Team": q.team, "Return": q.reference, "Sheet": q.sheet, "Cell": q.cell, "Words": q.words,
        }
        for q in (*shown, *(q for q in view.ledger.quotes if not q.shown))
    )  # fmt: skip
    return Sheet(QUOTES, "One row for each answer that the report quotes, and for each that it might have quoted. Words that may name anybody are left out.", ("Under the heading", "In the report", "Activity", "Service area", "Team", "Return", "Sheet", "Cell", "Words"), rows)


# ---------------------------------------------------------------- what came in


def _returns(view: View) -> Iterator[Cells]:
    plan = view.snapshot.plan
    for duty in view.snapshot.duties:
        owed, person = duty.obligation, plan.person(duty.obligation.person_id)
        inside, form = duty.state in ("returned", "nil"), view.forms.get(owed.activity)
        yield {
            "Return": duty.return_id or "Not handed out", "Activity": view.title(owed.activity), "Kind": "Contribution" if form and form.nil else "Our own", "Owed by": plan.role_text(person.role) if person else "",
            "Service area": (person.service_area if person else "") or NO_AREA, "Due": f"{owed.due_on:%d/%m/%Y}", "State": follow.STANDS[duty.state], "In time": ("No" if duty.late else "Yes") if inside else "",
            "Standing": "In" if inside else "Not counted" if duty.state in ("exempt", "not_required") else "Not in",
        }  # fmt: skip


def _requirements(view: View) -> Iterator[Cells]:
    yield from ({"No.": c.number, "Requirement": c.requirement, "Result": c.result, "As counted": c.actual} for c in view.figures.checks)


def _in_numbers(view: View) -> Iterator[Cells]:
    for check in view.figures.checks:
        for part, share in enumerate(numbers(check), 1):
            here: Cells = {"No.": check.number, "Requirement": check.requirement, "Part": str(part)}
            yield from ({**here, "Counted": what, "Number": number} for what, number in (("Done", share.n), ("Expected", share.of)))


def _concerns(view: View) -> Iterator[Cells]:
    yield from ({"Return": c.return_id, "Activity": view.title(c.activity), "Service area": c.area or NO_AREA, "Says who was told": "Yes" if c.reported else "No"} for c in view.figures.concerns)


# ---------------------------------------------------------------- what was found


def _reviews(view: View) -> Iterator[Cells]:
    for v in view.returns:
        contact, observed = v.content.answers.get(CONTACT), v.content.code("observation_done")
        if (contact and contact.code) or observed:
            yield {"Return": v.issue.return_id, "Views sought": contact.code if contact else "", "Practice observed": observed, **_cell(contact)}


def _dip(view: View) -> Iterator[Cells]:
    """A child stands as a number of this sheet alone, the same wherever the child comes again."""
    known: dict[str, str] = {}
    for v in view.returns:
        form = view.forms.get(v.issue.activity)
        if form and (table := form.sample):
            for n, row in enumerate(v.content.rows.get(table.id, ()), 1):
                child = row[table.key].code if table.key and table.key in row else ""
                number = known.setdefault(child, f"Child {len(known) + 1}") if child else ""
                for c in (c for c in table.columns if c.themed):
                    answer = row.get(c.id)
                    code = answer.code if answer else ""
                    yield {"Return": v.issue.return_id, "Record": n, "Child": number, "Question": c.short or c.label, "Answer": WORDS.get(code, code), **_cell(answer)}


def _observations(view: View) -> Iterator[Cells]:
    for v in view.returns:
        form = view.forms.get(v.issue.activity)
        if form and form.not_graded:
            yield {"Return": v.issue.return_id, "Activity": form.title, "Service area": v.issue.service_area or NO_AREA, "Nature": v.content.text("nature"), **_cell(v.content.answers.get("nature"))}


def _once(view: View) -> Iterator[Cells]:
    for code, once in view.figures.once.items():
        here = sum(p.standing == "seen" for p in once.people)
        parts = (("Seen", "By a return", min(here, once.seen.n)), ("Seen", "Counted by hand in an earlier quarter", once.seen.n - min(here, once.seen.n)), ("Not seen yet", "", once.seen.of - once.seen.n))
        for standing, how, n in parts:
            yield {"Activity": view.title(code), "Standing": standing, "How known": how, "Number": n}


def _supervision(view: View) -> Iterator[Cells]:
    prompts = dict.fromkeys((p.activity, p.table, p.id, p.text) for p in view.figures.supervision.prompts)
    for v in view.returns:
        for activity, table, field, text in prompts:
            if v.issue.activity == activity:
                for n, row in enumerate(v.content.rows.get(table, ()) if table else (v.content.answers,), 1):
                    answer = row.get(field)
                    code = answer.code if answer else ""
                    yield {"Return": v.issue.return_id, "Row": n, "Activity": view.title(activity), "Prompt": text, "Answer": WORDS.get(code, code), **_cell(answer)}


# ---------------------------------------------------------------- whose voices


def _equality(view: View) -> Iterator[Cells]:
    for a in view.figures.equality.asked:
        form = view.forms[a.activity]
        said = next((p.answers.get(EVALUATION) for p in pieces(form, a.version.content) if f"{a.version.issue.return_id}{p.key}" == a.reference), None)
        yield {"Return": a.reference, "Activity": form.title, "Service area": a.area or NO_AREA, "How evident": a.evident or WORDS[""], "Answered": a.length, **_cell(said)}


def _requests(view: View) -> Iterator[Cells]:
    yield from ({"Return": s.reference, "Activity": view.title(s.activity), "Answered": "Yes" if s.answered else "No"} for s in view.figures.voice.said if s.answered is not None)


def _comments(view: View) -> Iterator[Cells]:
    asking = {c.activity for c in view.figures.staff.comments}
    for owed in owed_feedback(view.snapshot, view.returns):
        if owed.version.issue.activity in asking:
            said = owed.piece.answers.get(FEEDBACK_COMMENTS)
            yield {"Return": owed.id, "Activity": view.title(owed.version.issue.activity), "Comment": "Yes" if said and said.text else "No", **_cell(said)}


def _feedback(view: View) -> Iterator[Cells]:
    for owed in owed_feedback(view.snapshot, view.returns):
        spoken, written = (settled_on(view.snapshot, owed.id, what) for what in ("verbal_on", "written_on"))
        yield {"Return": owed.id, "Activity": view.title(owed.version.issue.activity), "Spoken": "Yes" if spoken else "No", "Written": "Yes" if written else "No", "Both dated": "Yes" if spoken and written else "No"}


def _surveys(view: View) -> Iterator[Cells]:
    told: set[tuple[str, str]] = set()
    versions = {v.issue.return_id: v for v in view.returns}
    for a in view.figures.staff.surveys:
        asked = {f.name: f.id for f in view.forms[a.activity].fields}
        for text, n in ((a.text, a.share.n), (a.of, a.share.of)):
            if (a.reference, text) not in told:
                told.add((a.reference, text))
                yield {"Return": a.reference, "Activity": view.title(a.activity), "Counted": text, "Number": n, **_cell(versions[a.reference].content.answers.get(asked[text]))}


# ---------------------------------------------------------------- what follows


def _actions(view: View) -> Iterator[Cells]:
    today = view.snapshot.as_at.date()
    for a in view.snapshot.actions:
        made = str(a.cells.get("impact") or "")
        yield {
            "Action": a.action_id, "Set in": _label(a.quarter), "Service area": a.area or NO_AREA, "Status": str(a.cells.get("status") or ""), "Standing": "Finished" if finished(a) else "Overdue" if overdue(a, today) else "Open",
            "Looked at": "Yes" if made and made != "Not checked" else "No", "Difference made": made,
        }  # fmt: skip


def _label(quarter: str) -> str:
    try:
        return Quarter.parse(quarter).label
    except ValueError:
        return quarter


def _followed(view: View) -> Iterator[Cells]:
    yield from follow.followed(view)


def _themes(view: View) -> Iterator[Cells]:
    yield from ({"Theme": t.theme, "Source": m.source, "Direction": m.direction, "Return": m.return_id, "Activity": view.title(m.activity)} for t in view.figures.triangulated for m in t.mentions)


def _quarters(view: View) -> Iterator[Cells]:
    for p in view.points:
        here: Cells = {"Quarter": p.quarter.label, "Activity": view.title(p.activity) if p.activity else EVERYTHING, "From": "The plan’s sheet Earlier quarters" if p.typed else "Returns"}
        g = p.grades
        for what, n in (("Expected", p.expected), ("Returned", p.returned), ("On time", p.on_time), ("Graded", g.graded), ("Good or better", g.good_or_better.n), ("Inadequate", g.inadequate)):
            yield {**here, "Counted": what, "Number": n}


def _cell(answer: Answer | None) -> dict[str, str]:
    return {"Sheet": answer.sheet, "Cell": answer.cell} if answer else {"Sheet": "", "Cell": ""}


AT = ("Sheet", "Cell")
SHEETS: tuple[tuple[str, str, tuple[str, ...], Callable[[View], Iterator[Cells]]], ...] = (
    (RETURNS, "One row for each return that is owed.", ("Return", "Activity", "Kind", "Owed by", "Service area", "Due", "State", "Standing", "In time"), _returns),
    (REQUIREMENTS, "One row for each requirement of the framework.", ("No.", "Requirement", "Result", "As counted"), _requirements),
    (IN_NUMBERS, "One row for each number that a requirement asks for or counts. The rows behind stand in the QA master, sheet Behind the checks.", ("No.", "Requirement", "Part", "Counted", "Number"), _in_numbers),
    (CONCERNS, "One row for each immediate concern for a child’s safety.", ("Return", "Activity", "Service area", "Says who was told"), _concerns),
    (WORK, "One row for each graded piece of work. Sheet and cell are the reviewer’s grade; the moderator’s stand in the return of the moderation.", (
        "Return", "Activity", "Service area", "Team", "Level of need", "Reviewer’s grade", *AT, "Moderated grade", "Moderation return", "Moderation sheet", "Moderation cell", "Moderation", "Rated by the moderator", "Final grade", "Last grade", "Since the last grade",
    ), graded_work),
    (found.AREAS, "One row for each area of work that was graded.", ("Return", "Activity", "Area", "Grade", *AT), areas_of_work),
    (found.REVIEWS, "One row for each case review: whose views were sought before the conversation, and whether practice was observed.", ("Return", "Views sought", "Practice observed", *AT), _reviews),
    (found.DIP_ANSWERS, "One row for each answer in a dip sample. Children have numbers of this sheet alone.", ("Return", "Record", "Child", "Question", "Answer", *AT), _dip),
    (found.OBSERVATIONS, "One row for each observation of practice. Observations are not graded.", ("Return", "Activity", "Service area", "Nature", *AT), _observations),
    (found.ONCE, "Who has been seen of those who are to be seen once a year.", ("Activity", "Standing", "How known", "Number"), _once),
    (found.SUPERVISION, "One row for each prompt of a supervision audit or dip.", ("Return", "Row", "Activity", "Prompt", "Answer", *AT), _supervision),
    (voices.EQUALITY, "One row for each return, or piece of work, that was asked about equality and diversity.", ("Return", "Activity", "Service area", "How evident", "Answered", *AT), _equality),
    (voices.REQUESTS, "One row for each thing that children asked for together.", ("Return", "Activity", "Answered"), _requests),
    (voices.COMMENTS, "One row for each piece of work that asks for the practitioner’s own comment.", ("Return", "Activity", "Comment", *AT), _comments),
    (voices.FEEDBACK, "One row for each piece of work on which feedback is owed.", ("Return", "Activity", "Spoken", "Written", "Both dated"), _feedback),
    (voices.SURVEYS, "One row for each number of a survey.", ("Return", "Activity", "Counted", "Number", *AT), _surveys),
    (follow.ACTIONS, "One row for each action of the tracker.", ("Action", "Set in", "Service area", "Status", "Standing", "Looked at", "Difference made"), _actions),
    (follow.FOLLOWED, "One row for each action that the follow-up looked behind.", ("Return", "Evidence seen", "Difference made", *AT), _followed),
    (follow.THEMES, "One row for each return that speaks of a theme, each way it speaks of it. Suggested by keyword unless confirmed.", ("Theme", "Source", "Direction", "Return", "Activity"), _themes),
    (QUARTERS, "One row for each number of a quarter.", ("Quarter", "Activity", "Counted", "Number", "From"), _quarters),
)  # fmt: skip
