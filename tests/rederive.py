"""The master's numbers a second time, by code that knows nothing of ours: from `answers --json`, `status --json`, the plan and the tracker as they lie there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl

GRADES = {"Outstanding": "Outstanding", "Good": "Good", "RI": "Requires improvement (RI)", "Inadequate": "Inadequate"}
NO_AREA = "Across the council"
Row = dict[str, Any]


def table(path: Path, sheet: str) -> list[Row]:
    """A sheet's rows by heading, up to the first empty one."""
    cells = openpyxl.load_workbook(path, data_only=True)[sheet].iter_rows(min_row=4, values_only=True)
    heads = [str(h) for h in next(cells) if h is not None]
    rows = []
    for row in cells:
        if all(v is None for v in row[: len(heads)]):
            break
        rows.append(dict(zip(heads, row, strict=False)))
    return rows


def of(n: int, total: int) -> str:
    """A share as the master says it: no percentage below ten."""
    return "–" if not total else f"{n} of {total}" + (f" ({int(100 * n / total + 0.5)}%)" if total >= 10 else "")


class Work(NamedTuple):
    """One graded piece of work."""

    ref: str
    activity: str
    child: str
    level: str
    own: str
    moderated: str
    reviewer: str
    understood: str
    answers: Row

    @property
    def final(self) -> str:
        return self.moderated or self.own


class Council:
    """What the workspace says of itself."""

    def __init__(self, root: Path, answers: list[Row], status: Row) -> None:
        self.answers, self.status = answers, status
        plan = root / "QA plan.xlsx"
        self.people = {r["Person ID"]: r for r in table(plan, "People")}
        self.areas = {r["Team"]: r["Service area"] for r in table(plan, "Teams")}
        self.children = {str(r["Child ID"]): r for r in table(plan, "Children")}
        self.roles = {r["Code"]: r["Option"] for r in table(plan, "Lists") if r["List"] == "roles"}
        self.actions = [r for r in table(root / "Actions tracker.xlsx", "Actions") if r["Reference"]]

    def area_of(self, person: str) -> str:
        return (self.people.get(person) or {}).get("Service area") or NO_AREA

    def returns(self, activity: str) -> list[Row]:
        return [a for a in self.answers if a["activity"] == activity]

    def work(self) -> list[Work]:
        """Every graded piece of work with what its moderation said."""
        moderated = {re.findall(r"R-\d+(?:/\d+)?", m["answers"]["piece"]["value"])[0]: m["answers"] for m in self.returns("MOD")}
        found = []
        for one in (*self.returns("CCR"), *self.returns("THEM")):
            rows = one["rows"].get("children", []) if one["activity"] == "THEM" else [{}]
            for n, row in enumerate(rows, 1):
                said = {**one["answers"], **row}
                ref = one["return_id"] + (f"/{n}" if one["activity"] == "THEM" else "")
                by = moderated.get(ref, {})
                reviewer = code(said, "who_reviewed") or code(said, "lead_auditor") or one["person_id"]
                found.append(Work(ref, one["activity"], code(said, "child_id"), code(said, "level_of_need"), code(said, "overall_grade"), code(by, "mod_grade"), reviewer, code(by, "mod_ed_choice"), said))
        return found

    def team(self, work: Work) -> str:
        known = self.children.get(work.child)
        return str(known["Team"]) if known and known["Team"] else str(work.answers["team"]["value"])

    def role(self, person: str) -> str:
        return str(self.roles[self.people[person]["Role"]])


def code(answers: Row, field: str) -> str:
    """An answer's code, else what stands there, '' for nothing."""
    answer = answers.get(field) or {}
    return str(answer.get("code") or answer.get("value") or "")


def coverage(council: Council, key: Callable[[Row], Any]) -> dict[Any, Row]:
    """Key → the numbers of a Coverage row."""
    groups: dict[Any, list[Row]] = {}
    for owed in council.status["obligations"]:
        groups.setdefault(key(owed), []).append(owed)
    return {k: _coverage(council, rows) for k, rows in groups.items()}


def _coverage(council: Council, rows: list[Row]) -> Row:
    n = Counter(r["state"] for r in rows)
    first = {a["return_id"]: a["received_at"][:10] for a in council.answers}
    returned = [r for r in rows if r["state"] in ("returned", "nil")]
    late = sum(first[r["return_id"]] > r["due_on"] for r in returned if r["return_id"] in first)
    awaiting = n["later"] + n["due"]
    return {
        "Expected": len(returned) + awaiting + n["needs_fixing"] + n["held"] + n["overdue"], "Returned": len(returned), "Late": late, "On time": len(returned) - late,
        "Awaiting": awaiting, "Needs fixing": n["needs_fixing"], "Held": n["held"], "Overdue": n["overdue"],
    }  # fmt: skip


def graded(found: Iterable[str]) -> Row:
    """The four counts, their total and the share, as a row of grades has them."""
    n = Counter(found)
    total = sum(n[g] for g in GRADES)
    return {**{text: n[g] for g, text in GRADES.items()}, "Graded": total, "Good or better": of(n["Outstanding"] + n["Good"], total)}


def asked_of_equality(council: Council) -> Iterator[tuple[str, str, Row]]:
    """(activity, return, answers) of every place where equality and diversity was asked about."""
    for one in council.answers:
        if code(one["answers"], "nothing_to_report") == "Yes":
            continue
        for answers in (one["answers"], *one["rows"].get("children", [])):
            if "ed_evaluation" in answers:
                yield one["activity"], one["return_id"], answers


def action_row(found: list[Row], today: date) -> Row:
    """The numbers of a row of Actions by area."""
    finished = [a for a in found if a["Status"] in ("Done", "Checked", "Verified", "Closed", "Not needed")]
    late = [(today - due).days for a in found if a not in finished and (due := _due(a)) and due < today]
    looked = [a["Made a difference"] for a in finished if a["Made a difference"] not in (None, "Not checked")]
    return {
        "Actions": len(found), "Finished": len(finished), "Overdue up to 7 days": sum(n <= 7 for n in late), "Overdue 8 to 28 days": sum(7 < n <= 28 for n in late),
        "Overdue more than 28 days": sum(n > 28 for n in late), "Verified or closed": sum(a["Status"] in ("Verified", "Closed") for a in found),
        "Done, not confirmed": sum(a["Status"] == "Done" for a in found), "Made a difference, of those looked at": of(looked.count("Yes"), len(looked)),
    }  # fmt: skip


def _due(action: Row) -> date | None:
    due = action["Revised due"] or action["Due"]
    return due.date() if isinstance(due, datetime) else due
