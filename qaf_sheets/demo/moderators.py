"""What the moderators make of reviews and audits: the same grade for most, one step down for a few, up for one (specification 11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from qaf_sheets.demo.bank import LEAVER, Bank
from qaf_sheets.model import Issue, Plan, Value

LADDER = ("Outstanding", "Good", "RI", "Inadequate")
STEPS = {"same": 0, "down": 1, "up": -1}
ROLES = {"IND_AUD": "Independent auditor", "PSW": "PSW"}


def moderated(one: Issue, moved: str, cues: Sequence[str], plan: Plan, bank: Bank, on: date) -> dict[str, Value]:
    """What is fixed of one moderation: its grade, its day, its words."""
    person = plan.person(one.person_id)
    now = next(o.code or o.text for o in plan.lists["grade"] if o.text == one.facts["piece_grade"])
    grade = LADDER[LADDER.index(now) + STEPS[moved]]
    leaver = tuple(c for c in cues if c == LEAVER)
    words = {f: bank.deal("MOD", f, (*leaver, moved)) for f in ("mod_well", "mod_needs", "mod_summary", "mod_ed_comment")}
    return {
        "mod_role": ROLES.get(person.role if person else "", "HoS QA"), "mod_on": on, "mod_grade": grade, **words,
        "mod_focus": bank.dice.choices(("Impact and outcomes", "Mixed", "Mostly process"), (6, 3, 1))[0], "mod_ed_choice": bank.dice.choices(("Strong", "Adequate", "Limited"), (3, 5, 2))[0],
    }  # fmt: skip


def audits_moved(issues: Sequence[Issue]) -> Mapping[str, str]:
    """One audit's Good is taken down by one; by piece of work."""
    good = [i.piece for i in issues if i.facts["piece_grade"] == "Good"]
    return dict.fromkeys(good[-1:], "down")
