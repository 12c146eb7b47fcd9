"""A form that says "Ready to return: Yes" is accepted, and one that says "Not yet" is not: the formulas and the checks have one rule.

Hypothesis makes mutated answers; LibreOffice calculates all the forms in one batch; what each says is compared with the verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from kit import CHILD, HANDED_OUT, PEOPLE, audited, book, child_row, complete, filled, form, issue, reading
from office import needs_office, recalculated

from qaf_sheets.checks import Context, check
from qaf_sheets.model import Child, Question, Value

pytestmark = [pytest.mark.office, needs_office]
FORMS = {"OBS": 16, "CCR": 16, "DIP": 16, "THEM": 24, "SUP": 14, "C_EH": 16, "FUP": 10, "OBS_MTG": 6}
"""How many of each form are tried."""
PEOPLE_ASKED = {"completed_on", "person_observed", "observer", "who_reviewed", "sw_pa", "lead_auditor", "supervisor_reviewed"}
"""What may stop a return by the plan, of which a form knows nothing."""
STRICTER = "13 December 2026"
"""A date in words, which the service reads and the form asks to check: the form may be stricter, never laxer."""


def mutated(activity: str, dice: Random) -> dict[str, Any]:
    """A form filled in well but for a few answers, any of which may be blank, weak, off the list, early, or call for another."""
    asked = {f.id: f for f in form(activity).fields if not f.fixed}
    said: dict[str, Value] = {**complete(activity), "family_went_well": "She rings back.", "person_observed": "Blake Placeholder (P041)", "team_manager": "P042", "sw_pa": "P041", "supervisor_reviewed": "P041"}
    said |= {f.beside: "We read six records and talked them through." for f in asked.values() if f.beside and asked[f.beside].when}
    said = {k: v for k, v in said.items() if k in asked}
    for field in dice.sample(sorted(set(asked) - PEOPLE_ASKED), min(dice.randint(0, 4), len(set(asked) - PEOPLE_ASKED))):
        said[field] = _another(asked[field], dice)
    case: dict[str, Any] = {"said": said, "rows": ()}
    if any(t.id == "actions" for t in form(activity).tables):
        case["rows"] = tuple(_action(dice) for _ in range(dice.choice((0, 0, 1, 3))))
    if activity == "DIP":
        case["children"] = _some_changed([child_row(n) for n in range(dice.choice((0, 6, 10, 10, 12)))], "DIP", dice, dice.randint(0, 2))
    if activity == "THEM":
        case["children"] = _some_changed([audited(n) for n in range(1, dice.choice((0, 1, 2, 2)) + 1)], "THEM", dice, dice.randint(0, 2))
    if activity == "FUP":
        case["followed"] = _some_changed([{"evidence_seen": "Yes", "difference_made": "Yes"} for _ in HANDED_OUT["follow_up"]], "FUP", dice, dice.randint(0, 1))
    return case


def _some_changed(rows: list[dict[str, Value]], activity: str, dice: Random, changes: int) -> tuple[dict[str, Value], ...]:
    """Rows of a form's first table with one cell changed in some."""
    for row in dice.sample(rows, min(len(rows), changes)):
        column = dice.choice([c for c in form(activity).tables[0].columns if c.id != "worker" and not c.fixed])
        row[column.id] = dice.choice(("9304501", "93045", "Robin", 123456)) if column.id == "child_id" else _another(column, dice)
    return tuple(rows)


def _another(field: Question, dice: Random) -> Value:
    kinds: Mapping[str, tuple[Value, ...]] = {
        "choice": (None, "Perhaps", "n/a", *(o.text for o in field.options), *(a for o in field.options for a in o.aliases)),
        "date": (None, date(2026, 12, 11), date(2026, 12, 1), "11/12/2026", "31/02/2026", "12/13/26", "soon"),
        "number": (None, 45, "an hour"), "child_id": (None, "9304501", "930", "0012345"),
    }  # fmt: skip
    return dice.choice(kinds.get(field.kind, (None, "   ", "tbc", "See above", "A sentence that says what was found and why.")))


def _action(dice: Random) -> dict[str, Value]:
    row: dict[str, Value] = {"action_text": "Ring the aunt and agree who does what", "owner": "P016", "due_on": date(2027, 1, 15), "level": "Child"}
    if dice.random() < 0.3:
        row[dice.choice(sorted(row))] = dice.choice((None, "Nobody yet", date(2026, 12, 1)))
    return row


def stops(activity: str, data: bytes) -> set[tuple[str, str]]:
    """What stops the return, by the service."""
    read = reading(activity, data)
    context = Context(
        issue=issue(activity), today=date(2026, 12, 14), people={p.person_id: p for p in PEOPLE}, children={CHILD: Child(child_id=CHILD, worker_id="P041")},
    )  # fmt: skip
    return {(p.code, p.cell) for p in (*read.problems, *check(read.content, form(activity), context)) if p.level == "E"}


def test_ready_to_return_and_accepted_are_one(tmp_path: Path) -> None:
    dice = Random(20261123)
    cases = {f"{a}-{n}": mutated(a, dice) for a, each in FORMS.items() for n in range(each)}
    data = {name: filled(_form_of(name), **case) for name, case in cases.items()}
    said = {}
    for name, saved in recalculated(tmp_path / "office", data).items():
        said[name] = next(row[1] for row in book(saved).sheets["Start here"] if row and row[0] == "Ready to return") == "Yes"
    wrong = {name: (said[name], stops(_form_of(name), data[name]), cases[name]) for name in cases if said[name] != (not stops(_form_of(name), data[name]))}
    assert wrong == {}
    for activity in FORMS:
        seen = [said[name] for name in cases if _form_of(name) == activity]
        assert any(seen), activity
        assert not all(seen), activity


def _form_of(name: str) -> str:
    return name.partition("-")[0]


def test_a_date_in_words_is_read_though_the_form_asks_to_check_it(tmp_path: Path) -> None:
    data = filled("OBS", complete("OBS", observed_on=STRICTER))
    saved = recalculated(tmp_path / "office", {"one": data})["one"]
    assert "Not yet" in [row[1] for row in book(saved).sheets["Start here"] if row and row[0] == "Ready to return"]
    assert stops("OBS", data) == set()
