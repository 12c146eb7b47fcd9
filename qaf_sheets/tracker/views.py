"""The lists a Principal Social Worker works from, each chosen from the actions: this week, overdue, evidence wanted, supervision, follow-up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from qaf_sheets.model import Kind, Value
from qaf_sheets.problems import count
from qaf_sheets.tracker.layout import ACTIONS, Day, Row
from qaf_sheets.tracker.steps import CONFIRM, SAY_EVIDENCE, SAY_WHEN
from qaf_sheets.tracker.timing import DONE, OVERDUE, due
from qaf_sheets.tracker.values import as_text

WEEK_DAYS = 7
NO_MANAGER, NO_OWNER, NO_TEAM = "(no manager in the plan)", "(no owner)", "(no team)"
LINKED = "reference"
"""The column whose cell opens the action on its own sheet."""


class Beside(NamedTuple):
    """What the lists need beside the actions: the line manager by owner, and by reference what follow-up has to do with an action."""

    managers: Mapping[str, str] = {}
    follow_up: Mapping[str, str] = {}


NOTHING_BESIDE = Beside()


class Head(NamedTuple):
    """One column of a list."""

    id: str
    header: str
    width: float
    kind: Kind = "text"


class View(NamedTuple):
    """One list: which actions stand in it, in which order, and what its sentence says of them on a day. Rows of one `group` stand together."""

    sheet: str
    holds: Callable[[Row, date], bool]
    order: Callable[[Row], tuple[object, ...]]
    said: Callable[[Sequence[Row], date], str]
    columns: tuple[Head, ...]
    group: str = ""

    @property
    def name(self) -> str:
        """What formulas call its table."""
        return self.sheet.replace(" ", "_").replace("-", "_")


def full(rows: Mapping[str, Row], day: Day, beside: Beside) -> tuple[Row, ...]:
    """Every action with all that can be worked out about it."""
    return tuple(_full({**row, "action_id": row_id}, day, beside) for row_id, row in rows.items())


def _full(row: Row, day: Day, beside: Beside) -> Row:
    worked: dict[str, Value] = {c.id: c.calculated.value(row, day) for c in ACTIONS.columns if c.calculated}
    owner = as_text(row.get("owner"))
    more = {"reference": row["action_id"], "owner": owner or NO_OWNER, "due_now": due(row), "place": as_text(row.get("team")) or as_text(row.get("area")) or NO_TEAM, "manager": beside.managers.get(owner, NO_MANAGER), "draw": beside.follow_up.get(str(row["action_id"]), "")}
    return {**row, **worked, **more}


def chosen(view: View, rows: Sequence[Row], as_at: date) -> tuple[Row, ...]:
    """The actions of one list, in its order."""
    return tuple(sorted((r for r in rows if view.holds(r, as_at)), key=view.order))


# ---------------------------------------------------------------- the lists


def week_ends(as_at: date) -> date:
    """The last day that counts as this week."""
    return as_at + timedelta(days=WEEK_DAYS)


def _this_week(row: Row, as_at: date) -> bool:
    when = row["due_now"]
    return isinstance(when, date) and row["timing"] not in ("", DONE) and when <= week_ends(as_at)


def _said_week(rows: Sequence[Row], as_at: date) -> str:
    late = sum(r["timing"] == OVERDUE for r in rows)
    return f"{len(rows)} to finish: {late} overdue, {len(rows) - late} due by {week_ends(as_at):%d/%m/%Y}." if rows else nothing_this_week(as_at)


def nothing_this_week(as_at: date) -> str:
    """What the sentence says when the list is empty."""
    return f"Nothing is overdue or due by {week_ends(as_at):%d/%m/%Y}."


def _said_overdue(rows: Sequence[Row], as_at: date) -> str:
    come_to = Counter(str(r["escalation"])[2:] or "only their owner" for r in rows)
    rungs = ", ".join(f"{who} {n}" for who, n in come_to.most_common())
    return f"{count(len(rows), 'action')} overdue on {as_at:%d/%m/%Y}. Have come to: {rungs}." if rows else f"Nothing is overdue on {as_at:%d/%m/%Y}."


def _said_evidence(rows: Sequence[Row], _: date) -> str:
    undated = sum(r["next_step"] == SAY_WHEN for r in rows)
    return f"{count(len(rows), 'action')} said to be done: {undated} without a date, {len(rows) - undated} without evidence." if rows else "Everything that is said to be done has its date and its evidence."


def _said_supervision(rows: Sequence[Row], _: date) -> str:
    known = len({r["manager"] for r in rows} - {NO_MANAGER})
    return f"{count(len(rows), 'action')} to be confirmed in supervision, by {count(known, 'manager')}. Filter by manager for one list each." if rows else "Nothing waits to be confirmed in supervision."


def _said_follow_up(rows: Sequence[Row], _: date) -> str:
    groups = list(dict.fromkeys(str(r["draw"]) for r in rows))
    parts = ", ".join(f"{sum(r['draw'] == g for r in rows)} {g[0].lower()}{g[1:]}" for g in groups)
    return f"{count(len(rows), 'action')} done and not looked behind yet: {parts}. Urgent ones, and those from Inadequate work, are likelier to be drawn." if rows else "No action waits for a follow-up."


REFERENCE, ACTION, OWNER, TEAM = Head(LINKED, "Action reference", 20), Head("action_text", "Action", 50), Head("owner", "Owner", 26), Head("place", "Team or service", 28)
DUE_NOW, COMPLETED, NEXT = Head("due_now", "Due now", 13, "date"), Head("completed_on", "Completed on", 13.5, "date"), Head("next_step", "Next step", 27)
EVIDENCE, RUNG = Head("evidence", "Evidence", 38), Head("escalation", "Has come to", 27)

WEEK = View(
    "This week", _this_week, lambda r: (r["due_now"], r["owner"]), _said_week,
    (REFERENCE, ACTION, OWNER, DUE_NOW, Head("timing", "Timing", 14), NEXT, TEAM),
)  # fmt: skip
VIEWS = (
    View(
        "Overdue", lambda r, _: r["timing"] == OVERDUE, lambda r: (r["place"] == NO_TEAM, r["place"], r["owner"], r["due_now"]), _said_overdue,
        (REFERENCE, TEAM, OWNER, Head("action_text", "Action", 46), DUE_NOW, Head("days_overdue", "Days overdue", 10.5, "number"), RUNG),
        group="place",
    ),
    View(
        "Evidence wanted", lambda r, _: r["next_step"] in (SAY_WHEN, SAY_EVIDENCE), lambda r: (r["owner"], str(r["action_id"])), _said_evidence,
        (REFERENCE, OWNER, TEAM, ACTION, COMPLETED, NEXT),
    ),
    View(
        "Supervision", lambda r, _: r["next_step"] == CONFIRM, lambda r: (r["manager"] == NO_MANAGER, r["manager"], r["owner"], str(r["action_id"])), _said_supervision,
        (Head("manager", "Manager", 26), REFERENCE, OWNER, Head("action_text", "Action", 44), COMPLETED, EVIDENCE),
        group="manager",
    ),
    View(
        "Follow-up", lambda r, _: bool(r["draw"]), lambda r: (r["draw"], str(r.get("area") or ""), str(r["action_id"])), _said_follow_up,
        (REFERENCE, Head("draw", "Follow-up", 33), Head("action_text", "Action", 42), OWNER, Head("status", "Status", 13), COMPLETED, Head("evidence", "Evidence", 34)),
    ),
)  # fmt: skip
"""The lists of values; This week, which can be one owner's, is calculated."""
