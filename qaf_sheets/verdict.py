"""What becomes of one returned file: who it is, what it says, and the outcome. Judges; moves and writes nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from qaf_sheets import workdays
from qaf_sheets.book import Book
from qaf_sheets.checks import Context, check, children_of
from qaf_sheets.choices import closed_on
from qaf_sheets.diff import changes, in_words
from qaf_sheets.forms.fix import REMARK
from qaf_sheets.forms.identity import agreed, genuine, identities, not_as_issued, shown
from qaf_sheets.forms.layout import CHECK, FIX, IDENTITY, LISTS, SENT, START
from qaf_sheets.forms.names import finder
from qaf_sheets.forms.read import Reading, read_form, without_names
from qaf_sheets.forms.values import is_blank
from qaf_sheets.model import Answer, Form, Issue, Layout, Outcome, Person, Plan, Problem, Quarter, Record, Return
from qaf_sheets.outputs.figures.concerns import flags
from qaf_sheets.problems import count, problem
from qaf_sheets.register.codec import dump_value
from qaf_sheets.register.returns import Known
from qaf_sheets.register.store import Records

HIDDEN = (CHECK, LISTS, IDENTITY, SENT)
"""The sheets that we hide ourselves."""


class Verdict(Record):
    """The outcome of a file, why, and for a form of ours which return and version it is and what it says."""

    outcome: Outcome
    problems: tuple[Problem, ...] = ()
    issue: Issue | None = None
    form: Form | None = None
    version: int | None = None
    content: Return | None = None
    answers_hash: str = ""

    @property
    def new(self) -> bool:
        """Whether these answers were never received before."""
        return self.outcome in ("accepted", "needs_fixing", "held", "conflict")


def judge(book: Book, records: Records, plan: Plan, *, workspace_id: str, key: bytes, today: date) -> Verdict:
    """Identity, answers, checks, versions: one file that could be opened → its verdict."""
    found = _recognise(book, records, workspace_id, key)
    if isinstance(found, Problem):
        return Verdict(outcome="not_ours", problems=(found,))
    issue, form, layout = found
    reading = read_form(book, form, layout, plan.people)
    content = reading.content
    if _draft(content, reading.problems):
        return Verdict(outcome="draft", issue=issue, form=form, problems=(problem("DRAFT"), *_concerns(content)))
    known = records.returns.known(issue.return_id)
    context = _context(records, plan, issue, form, content, known, today).model_copy(update=beside(book, reading, layout))
    told = (*((problem("MACROS"),) if book.macros else ()), *reading.problems, *_beyond(reading.problems, (*_not_as_issued(reading, form, issue), *check(content, form, context))))
    verdict = Verdict(outcome="accepted", issue=issue, form=form, content=content, answers_hash=hash_of(content), problems=without_names(told, finder(str(n) for n in reading.names)))
    return _compare(verdict, records, issue, known, today, plan)


def _recognise(book: Book, records: Records, workspace_id: str, key: bytes) -> tuple[Issue, Form, Layout] | Problem:
    """Which issue this is, by its signed identity; a changed or foreign one is refused with what to do."""
    told = identities(book)
    if not told:
        return problem("NOT_OUR_FORM")
    identity = agreed(book, key)
    if identity is None:
        return _refused(book, told, workspace_id, key)
    issue = records.issues.one(identity["return_id"])
    kept = records.issues.form(issue.form_version) if issue else None
    if issue is None or kept is None:
        return problem("RETURN_UNKNOWN", return_id=identity["return_id"])
    return issue, *kept


def _refused(book: Book, told: Sequence[Mapping[str, str]], workspace_id: str, key: bytes) -> Problem:
    """Why a book with an identity is not read: another council's, two forms' parts in one workbook, or one that was changed."""
    if all(i.get("workspace") not in (workspace_id, None) for i in told):
        return problem("RETURN_UNKNOWN", return_id=told[0].get("return_id", "?"))
    ours = sorted({i["return_id"] for i in told if genuine(i, key)} | shown(book))
    return problem("TWO_FORMS", first=ours[0], second=ours[1]) if len(ours) > 1 else problem("IDENTITY_CHANGED")


def _not_as_issued(reading: Reading, form: Form, issue: Issue) -> Iterator[Problem]:
    """What was changed of what we filled in; nothing of a table that could not be found, which is told already."""
    return (p for p in not_as_issued(reading.content, form, issue) if p.cell or reading.tables.get(p.sheet, p.sheet) is not None)


def _context(records: Records, plan: Plan, issue: Issue, form: Form, content: Return, known: Sequence[Known], today: date) -> Context:
    """The plan's facts, and what other counted returns of the year looked at of the same."""
    codes, year = () if issue.piece else looked_at(content, form), [Quarter(year=issue.quarter.year, number=n) for n in (1, 2, 3, 4)]
    elsewhere: dict[str, tuple[tuple[str, str], ...]] = {}
    observed = set()
    for other in records.looked_at.others(issue, codes, year):
        if other.activity == issue.activity:
            observed |= {other.code} if other.person_id == issue.person_id else set()
        elif other.quarter == str(issue.quarter):
            elsewhere[other.code] = (*elsewhere.get(other.code, ()), (f"{other.day:%B}", other.activity))
    return Context(
        issue=issue, today=today, people={p.person_id: p for p in plan.people}, holidays=plan.holidays, minimum=_number(plan, "min_text"), minimum_ed=_number(plan, "short_answer"),
        children={c.child_id: c for c in plan.children}, elsewhere=elsewhere, observed=frozenset(observed), managers_barred=plan.setting("manager_reviews_own_team").strip().casefold() != "allowed",
    )  # fmt: skip


def beside(book: Book, reading: Reading, layout: Layout) -> dict[str, object]:
    """What a `Context` knows of the workbook itself: people's comments, what they hid, and sheets and tables that were not read."""
    tables = reading.tables
    read = {p.sheet for p in layout.places} | {a.sheet for a in reading.content.answers.values()} | {*tables.values()}
    ours = {START, FIX, *HIDDEN}
    return {
        "comments": tuple((s, cell) for s, found in book.comments.items() if s not in ours for cell, text in found.items() if not text.startswith(REMARK)),
        "hidden_rows": book.hidden_rows, "hidden_sheets": book.hidden - ours, "lost_tables": frozenset(s for s, at in tables.items() if at is None),
        "unread_sheets": tuple(s for s, rows in book.sheets.items() if s not in read | ours | set(tables) and any(not is_blank(v) for row in rows for v in row)),
    }  # fmt: skip


def looked_at(content: Return, form: Form) -> tuple[str, ...]:
    """The children and the member of staff that a return is about, by id."""
    seen = form.part("seen")
    person = content.code(seen.id) if seen else ""
    return (*children_of(content, form), *((person,) if person else ()))


def _draft(content: Return, problems: Sequence[Problem]) -> bool:
    """Not marked complete: `completed_on` is there, and blank."""
    done = content.answers.get("completed_on")
    return done is not None and is_blank(done.value) and not any(p.field == "completed_on" or p.code == "SHEET_MISSING" for p in problems)


def _concerns(content: Return) -> Iterator[Problem]:
    """What cannot wait until the form is marked complete."""
    for flag in flags(content):
        at = flag.answers["immediate_concern"]
        yield problem("IMMEDIATE_CONCERN", at=at, who=flag.answers["concern_reported_to"].text) if flag.reported else problem("CONCERN_NOT_REPORTED", at=at)


def _beyond(found: Sequence[Problem], judged: Sequence[Problem]) -> tuple[Problem, ...]:
    """A blank is not reported beside the reason it is blank: the same cell's own problem, or its missing sheet."""
    sheets = {p.sheet for p in found if p.code == "SHEET_MISSING"}
    cells = {(p.sheet, p.cell) for p in found if p.level == "E"}
    return tuple(p for p in judged if p.sheet not in sheets and (p.sheet, p.cell) not in cells)


def _compare(verdict: Verdict, records: Records, issue: Issue, known: Sequence[Known], today: date, plan: Plan) -> Verdict:
    """Against the versions we hold: the same again, an older one, someone else's, or a new one."""
    if same := next((k for k in reversed(known) if k.answers_hash == verdict.answers_hash), None):
        return _again(verdict, same, known)
    accepted = [k for k in known if k.outcome == "accepted"]
    version = len(known) + 1
    if issue.piece and (newer := _replaced_by(records, issue)):
        return verdict.model_copy(update={"outcome": "needs_fixing", "version": version, "problems": (problem("MODERATION_REPLACED", newer=newer),)})
    if any(p.level == "E" for p in verdict.problems):
        return verdict.model_copy(update={"outcome": "needs_fixing", "version": version})
    if other := _someone_else(verdict, accepted):
        told = problem("TWO_PEOPLE", who=_name(other, plan.people))
        return verdict.model_copy(update={"outcome": "conflict", "version": version, "problems": (*verdict.problems, told)})
    if accepted and verdict.form and verdict.form.moderated and _moderated(records, issue):
        return verdict.model_copy(update={"outcome": "held", "version": version, "problems": (*verdict.problems, problem("MODERATED_CHANGE"))})
    if closed := closed_on(records.decisions.in_force(), issue.quarter):
        told = problem("QUARTER_CLOSED", quarter=issue.quarter.label, date=f"{closed.day} {closed:%B %Y}")
        return verdict.model_copy(update={"outcome": "held", "version": version, "problems": (*verdict.problems, told)})
    more = _replaced(verdict, records, issue, accepted) if accepted else _late(issue, today, plan.holidays)
    return verdict.model_copy(update={"version": version, "problems": (*verdict.problems, *more)})


def _again(verdict: Verdict, same: Known, known: Sequence[Known]) -> Verdict:
    """Answers that came before: the newest again, or an older version; with what became of them, since "nothing more to do" is not true of all (cases 13, 78)."""
    counts = next((k for k in reversed(known) if k.outcome == "accepted"), None)
    newest = {"needs_fixing": "STILL_TO_FIX", "older_version": "NOT_CHOSEN", "held": "STILL_HELD", "conflict": "STILL_HELD"}.get(same.outcome, "SAME_AGAIN")
    code, outcome = (newest, "duplicate") if same is known[-1] else ("STILL_COUNTS" if same is counts else "OLDER", "older_version")
    return verdict.model_copy(update={"outcome": outcome, "version": same.version, "problems": (problem(code),)})


def _moderated(records: Records, issue: Issue) -> bool:
    """Whether some of this return's work was moderated already: then a change waits for the PSW (case 15)."""
    mine = [m for m in records.issues.about_pieces() if m.moderates == issue.return_id]
    return any(k.outcome == "accepted" for m in mine for k in records.returns.known(m.return_id))


def _replaced_by(records: Records, issue: Issue) -> str:
    """The newer workbook for the same piece of work, when its review was changed after this one was handed out; '' for none."""
    newest = max((m for m in records.issues.about_pieces() if m.piece == issue.piece), key=lambda m: m.piece_version, default=issue)
    return newest.return_id if newest.piece_version > issue.piece_version else ""


def _someone_else(verdict: Verdict, accepted: Sequence[Known]) -> str:
    """Who completed the version we hold, when that is another person; two people's work is never merged unasked."""
    assert verdict.content is not None
    answer = verdict.content.answers.get("completed_by")
    who = (answer.code or answer.text.casefold()) if answer else ""
    return accepted[-1].completed_by if accepted and accepted[-1].completed_by != who else ""


def _name(who: str, people: Sequence[Person]) -> str:
    return next((p.name for p in people if p.person_id == who), who)


def _replaced(verdict: Verdict, records: Records, issue: Issue, accepted: Sequence[Known]) -> tuple[Problem, ...]:
    assert verdict.content is not None
    assert verdict.form is not None
    before = records.returns.content(issue.return_id, accepted[-1].version)
    return (problem("REPLACED", changes=in_words(changes(before, verdict.content, verdict.form))),)


def _late(issue: Issue, today: date, holidays: frozenset[date]) -> tuple[Problem, ...]:
    if today <= issue.due_on:
        return ()
    days = workdays.between(issue.due_on, today, holidays)
    return (problem("LATE", days=count(days, "working day"), due=f"{issue.due_on.day} {issue.due_on:%B %Y}"),)


def hash_of(content: Return) -> str:
    """A hash of the answers alone, wherever they stand, in whatever order the rows are and however the file was saved. Withheld answers count as given or not."""
    rows = {table: sorted(_text(_row(r)) for r in rows) for table, rows in content.rows.items()}
    return hashlib.sha256(_text({"answers": _row(content.answers), "rows": rows}).encode()).hexdigest()


def _text(said: object) -> str:
    return json.dumps(said, ensure_ascii=False, sort_keys=True)


def _row(row: Mapping[str, Answer]) -> dict[str, object]:
    return {field: _value(answer) for field, answer in row.items()}


def _value(answer: Answer | None) -> object:
    if answer is None:
        return None
    return "withheld" if answer.withheld else dump_value(answer.value)


def _number(plan: Plan, setting: str) -> int:
    value = plan.settings.get(setting, "0").strip()
    return int(value) if value.isdigit() else 0
