"""The tracker both ways: people's edits in it, in packs and in copies into the register, and the register into the tracker, table by table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from qaf_sheets import actions, choices, concerns, decisions, feedback, followup, lifecycle, meetings
from qaf_sheets.arranging import arrangements, look, own_sheets, remember_sheets, remember_table
from qaf_sheets.book import Book
from qaf_sheets.dates import as_date
from qaf_sheets.desk import Desk
from qaf_sheets.facts import named
from qaf_sheets.files import patiently, sha256
from qaf_sheets.lifecycle import LEAD_LIST, Hand
from qaf_sheets.model import Action, Plan, Problem, Quarter, Snapshot, Value
from qaf_sheets.people import match_person
from qaf_sheets.plan.calendar import MEETINGS as MEETING_WORDS
from qaf_sheets.problems import problem
from qaf_sheets.register.outputs import Output
from qaf_sheets.register.store import Records
from qaf_sheets.snapshot import newest_accepted
from qaf_sheets.tracker.arrangement import aside_told
from qaf_sheets.tracker.identity import Written, base_of, seal, written_in
from qaf_sheets.tracker.layout import ACTIONS, TwoWay
from qaf_sheets.tracker.merge import Clash, Merged, Rows, merge, moved_for, moved_on, moves
from qaf_sheets.tracker.read import Sheet, read_tracker
from qaf_sheets.tracker.steps import Rungs
from qaf_sheets.tracker.tables import CONCERNS, DECISIONS, FEEDBACK, MEETINGS
from qaf_sheets.tracker.values import is_blank, same
from qaf_sheets.tracker.views import Beside
from qaf_sheets.tracker.write import write_tracker

FACTS = ("action_id", "source", "area", "team", "child_id", "set_on", "owner_role")
"""Columns that are the action's own facts; all others are its cells."""


class Kept(NamedTuple):
    """One table of the tracker: its rows as the register has them, what to do with people's edits, and the name of a row that somebody added."""

    table: TwoWay
    rows: Callable[[Records, Plan], Rows]
    take: Callable[[Records, Plan, Merged, datetime, Reading], None]
    new_id: Callable[[Records, datetime], str]


class Reading(NamedTuple):
    """A tracker or pack as somebody saved it: what it says now (`read`, by table), what it was when we wrote it, where it lies, and who saved it.

    `reader` is what goes on being worked in, between one reading and the next: the file in its place, or one person's copies. `goes_on` is true of a file in its place
    that was not written since the same writing was last read there, so that this is the next word in it; else it may be an old copy, as a shared folder puts there.
    """

    book: Book
    written: Written
    file: str
    by: str
    reader: str
    read: Mapping[str, tuple[Sheet, tuple[Problem, ...]]]
    goes_on: bool = False

    @property
    def copy(self) -> bool:
        """Whether it came from elsewhere."""
        return self.reader != self.file

    @property
    def place(self) -> str:
        """Where its changes were made, in a word."""
        return "Own list" if self.written.person_id else "Copy" if self.copy else "Tracker"


def reading_of(plan: Plan, book: Book, written: Written, file: str) -> Reading:
    """A copy. Whoever does not say who they are in a pack is taken for the one it was written for; of a tracker, no two unnamed are the same."""
    whose = plan.person(written.person_id)
    by = book.saved_by or (whose.name if whose else "")
    return Reading(book, written, file, by, by or f"whoever sent {file}", {k.table.id: read_tracker(book, k.table) for k in KEPT})


class Came(NamedTuple):
    """What a reading brought: how many cells and rows were taken, how many values are kept on Conflicts, and what to tell."""

    edits: int = 0
    added: int = 0
    clashes: int = 0
    problems: tuple[Problem, ...] = ()
    tables: tuple[tuple[Kept, Sheet, Merged], ...] = ()


def edits_back(desk: Desk) -> tuple[Problem, ...]:
    """Read the tracker and every pack in its place as people saved them, merge each table three ways, keep every edit. Nothing to do while they are as we wrote them."""
    return tuple(p for path in in_place(desk) for p in _read_in_place(desk, path))


def in_place(desk: Desk) -> tuple[Path, ...]:
    """Where edits flow back from: the tracker, and each pack that is there."""
    tracker = desk.workspace.tracker
    return (*((tracker,) if tracker.exists() else ()), *desk.workspace.packs())


def is_as_known(desk: Desk, path: Path) -> bool:
    """Whether a file is as we wrote it or last read it: nothing of anybody's would be lost with it. One that cannot be read now may be anything."""
    with desk.register.reading() as records:
        last = records.outputs.one(desk.workspace.relative(path))
    try:
        return last is not None and sha256(patiently(path.read_bytes)) == last.sha256
    except OSError:
        return False


def _read_in_place(desk: Desk, path: Path) -> tuple[Problem, ...]:
    if is_as_known(desk, path):
        return ()
    try:
        data, name = patiently(path.read_bytes), desk.workspace.relative(path)
    except OSError:  # held by its program, or gone for a moment of its save: it is read at the next look, and not written over until then
        return ()
    book = desk.read_bytes(data, path.name)
    if isinstance(book, Problem):
        return (problem("TRACKER_UNREADABLE", file=path.name),)
    written = written_in(book, desk.workspace.key)
    if written is None or written.workspace != desk.workspace.id:
        return (problem("TRACKER_UNSOUND", file=path.name),)
    plan, now = desk.plan, desk.now()
    reading = reading_of(plan, book, written, name)._replace(reader=name)
    lost = [p for table_id, (sheet, told) in reading.read.items() if written.base.get(table_id) and not sheet.columns for p in told]
    if lost:  # nothing can be concluded from it, so it is not written over either
        return tuple(lost)
    looked = look(desk, data, book, [sheet for sheet, _ in reading.read.values()])
    with desk.register.writing() as records:
        last = records.outputs.one(name)
        came = merge_in(records, plan, reading._replace(goes_on=last is not None and last.members == written.id), now)
        arranged = [p for kept, sheet, merged in came.tables for p in remember_table(records, name, looked, kept.table, sheet, merged, written.base[kept.table.id], now)]
        arranged += remember_sheets(records, name, looked)
        records.outputs.put(Output(file=name, sha256=sha256(data), members=written.id, as_at=now))
    return (*came.problems, *arranged)


def merge_in(records: Records, plan: Plan, reading: Reading, now: datetime) -> Came:
    """Each table of a tracker or pack into the register."""
    each = [_merge(records, plan, kept, reading, now) for kept in KEPT if kept.table.id in reading.written.base]
    told = tuple(p for c in each for p in c.problems)
    return Came(sum(c.edits for c in each), sum(c.added for c in each), sum(c.clashes for c in each), told, tuple(t for c in each for t in c.tables))


def _merge(records: Records, plan: Plan, kept: Kept, reading: Reading, now: datetime) -> Came:
    """One table's edits into the register, with the journal entry that says who changed what."""
    name, writing = kept.table.id, (reading.written.id, reading.reader, kept.table.id)
    sheet, told = reading.read[name]
    if not sheet.columns:
        return Came(problems=told if reading.written.base[name] else ())
    wrote, taken = reading.written.base[name], records.taken.of(*writing)
    base = moved_on(wrote, taken) if reading.goes_on else _base_of_copy(records, wrote, taken, sheet, kept, reading)
    merged = merge(base, sheet, kept.rows(records, plan), kept.table, lists(plan), new_id=lambda: kept.new_id(records, now), known=clashes(records))
    found = [_signed(records, name, c, reading, now) for c in merged.clashes]
    kept.take(records, plan, merged, now, reading)
    records.actions.add_clashes(c.model_dump(mode="json") for c in found)
    newest = max((at for at in (reading.book.saved_at, records.taken.newest(*writing[:2])) if at), default=None)
    records.taken.put(*writing, moved_on(taken, moves(wrote, merged.base)) if reading.copy else moves(wrote, merged.base), newest)
    if merged.edits or merged.added or found:
        what = {"edits": [e.model_dump(mode="json") for e in merged.edits], "added": [a.row for a in merged.added], "clashes": [c.model_dump(mode="json") for c in found]}
        records.note(now, "edited", {"table": name, "by": reading.by, "file": reading.file, **what})
    return Came(len(merged.edits), len(merged.added), len(found), (*told, *merged.problems), ((kept, sheet, merged),))


def _base_of_copy(records: Records, wrote: Rows, taken: Rows, sheet: Sheet, kept: Kept, reading: Reading) -> Rows:
    """One that was saved before what was taken already is no further word on it, nor is one in the place of another: then no earlier reading moves its base."""
    others: Rows = records.taken.of_others(reading.written.id, reading.reader, kept.table.id)
    newest = records.taken.newest(reading.written.id, reading.reader)
    if not reading.copy or (newest and (reading.book.saved_at is None or reading.book.saved_at < newest)):
        taken, others = {}, {**others, **taken}
    return moved_for(wrote, taken, others, sheet, kept.table)


def _signed(records: Records, table_id: str, clash: Clash, reading: Reading, now: datetime) -> Clash:
    """A clash with who and when for each side."""
    ours_by, ours_at = _last_changed(records, table_id, clash)
    return clash.model_copy(update={"at": now, "by": reading.by, "saved_at": reading.book.saved_at, "ours_by": ours_by, "ours_at": ours_at})


def _last_changed(records: Records, table_id: str, clash: Clash) -> tuple[str, datetime | None]:
    """Who gave a cell the value that is kept, where a person did: a return or a decision may have been the last to change it."""
    for at, entry in records.told("edited"):
        if entry["table"] == table_id:
            last = next((e for e in entry["edits"] if (e["row"], e["column"]) == (clash.row, clash.column)), None)
            if last or clash.row in entry["added"]:
                theirs = last is None or same(as_date(last["after"]) or last["after"], as_date(clash.ours) or clash.ours)
                return (entry.get("by", ""), at) if theirs else ("", None)
    return "", None


def clashes(records: Records) -> tuple[Clash, ...]:
    """Every clash so far, its dates as dates again."""
    return tuple(Clash.model_validate(c) for c in records.actions.clashes())


# ---------------------------------------------------------------- actions


def _take_actions(records: Records, plan: Plan, merged: Merged, now: datetime, reading: Reading) -> None:
    held, by = {a.action_id: a for a in records.actions.all()}, Hand(reading.by, now, reading.place)
    for row_id in dict.fromkeys(e.row for e in merged.edits):
        cells = {e.column: e.after for e in merged.edits if e.row == row_id}
        records.actions.save(lifecycle.changed(held[row_id], cells, by), by)
    for added in merged.added:
        theirs = plan.person(reading.written.person_id)
        row = merged.rows[added.row]
        records.actions.add(_by_hand(added.row, {**row, "owner": named(theirs)} if theirs and is_blank(row.get("owner")) else row, now), by)


def _by_hand(action_id: str, row: Mapping[str, Value], now: datetime) -> Action:
    """An action somebody wrote into the tracker."""
    words = {name: str(row.get(name) or "") for name in ("area", "team", "child_id")}
    cells = {name: value for name, value in row.items() if name not in FACTS}
    return Action(action_id=action_id, quarter=_quarter(now), set_on=now.date(), cells={**cells, "status": cells.get("status") or "Open"}, **words)


def _quarter(now: datetime) -> str:
    return str(Quarter.holding(now.date()))


def action_row(action: Action, plan: Plan) -> dict[str, Value]:
    """An action as the tracker's row."""
    source = " ".join(x for x in (action.activity, action.return_id) if x) or "Added by hand"
    facts: dict[str, Value] = {
        "action_id": action.action_id, "source": source, "area": action.area, "team": action.team, "child_id": action.child_id or None, "set_on": action.set_on, "owner_role": _role(str(action.cells.get("owner") or ""), plan),
    }  # fmt: skip
    return {c.id: facts.get(c.id) if c.id in FACTS else action.cells.get(c.id) for c in ACTIONS.kept}


def _role(owner: str, plan: Plan) -> str:
    """The role of an action's owner, in the plan's words; '' where the plan does not know them."""
    person = match_person(owner, plan.people)
    return plan.role_text(person.role) if person else ""


# ---------------------------------------------------------------- every table

KEPT = (
    Kept(ACTIONS, lambda records, plan: {a.action_id: action_row(a, plan) for a in records.actions.all()}, _take_actions, lambda records, now: actions.new_id(records, _quarter(now))),
    Kept(
        FEEDBACK, lambda records, plan: feedback.rows(records, plan, newest_accepted(records.returns.versions())),
        lambda records, plan, merged, *_: feedback.take(records, plan, newest_accepted(records.returns.versions()), merged), lambda _, now: "",
    ),
    Kept(CONCERNS, concerns.rows, lambda records, _, merged, now, __: concerns.take(records, merged, now), lambda _, now: ""),
    Kept(DECISIONS, lambda records, _: decisions.rows(records), lambda records, _, merged, *__: decisions.take(records, merged), lambda records, _: decisions.new_id(records)),
    Kept(MEETINGS, meetings.rows, lambda records, _, merged, *__: meetings.take(records, merged), lambda records, _: meetings.new_id(records)),
)  # fmt: skip


def lists(plan: Plan) -> Mapping[str, tuple[str, ...]]:
    """The words the tracker's drop-downs offer: the plan's lists, everyone in post, and what may be decided."""
    people = tuple(f"{p.name} ({p.person_id})" for p in sorted(plan.people, key=lambda p: p.name) if p.in_scope and p.end_date is None)
    ours = {
        "people": people, "decision_kind": tuple(choices.KINDS.values()), "decision_choice": tuple(dict.fromkeys(c for every in choices.CHOICES.values() for c in every)),
        "meeting": tuple(MEETING_WORDS.values()), LEAD_LIST: tuple(named(p) for p in plan.people if p.role == plan.role_of("practice_lead")),
    }  # fmt: skip
    return {name: tuple(o.text for o in options) for name, options in plan.lists.items()} | ours


def tracker_as_bytes(desk: Desk, seen: Snapshot, notes: Sequence[Problem]) -> bytes:
    """The tracker as it should be written now."""
    with desk.register.reading() as records:
        file = desk.workspace.tracker.name
        settled, history, left, own = clashes(records), records.actions.history(), arrangements(records, file), own_sheets(records, file)
        rows = {k.table.id: k.rows(records, seen.plan) for k in KEPT}
        beside = Beside(_managers(records, seen.plan), followup.standing(records, seen.as_at.date()))
    aside = [p for k in KEPT if k.table.id in left for p in aside_told(left[k.table.id], k.table, rows[k.table.id])]
    base = {k.table.id: base_of(k.table, rows[k.table.id]) for k in KEPT}
    sealed = seal(Written(kind="tracker", workspace=desk.workspace.id, on=seen.as_at.date(), base=base), desk.workspace.key)
    return write_tracker(
        rows, settled, (*notes, *aside), lists=lists(seen.plan), council=seen.plan.setting("council"), marking=seen.plan.setting("marking"), as_at=seen.as_at, holidays=seen.plan.holidays,
        rungs=rungs_of(seen.plan), history=history, sealed=sealed, beside=beside, left=left, own=own,
    )  # fmt: skip


def _managers(records: Records, plan: Plan) -> Mapping[str, str]:
    """The line manager of each owner of an action, by the owner as the action names them."""
    found = {}
    for text in {str(a.cells.get("owner") or "") for a in records.actions.all()}:
        owner = match_person(text, plan.people)
        manager = plan.person(owner.line_manager_id) if owner else None
        if manager:
            found[text] = named(manager)
    return found


def rungs_of(plan: Plan) -> Rungs:
    """When an overdue action comes to whom, by the plan's settings."""
    owner, head, lead, moves = (int(plan.setting(name)) for name in ("escalate_owner_after", "escalate_head_after", "escalate_lead_after", "escalate_moves"))
    return Rungs(owner, head, lead, moves, *(plan.role_text(plan.role_of(part)) for part in ("head_of_area", "practice_lead")))
