"""What a person may decide: the kinds of decision, their choices in words, and what each is about. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from typing import Literal, NamedTuple

from qaf_sheets.model import Decision, Obligation, Quarter

Kind = Literal["exempt", "nil", "version", "change", "quarter", "theme", "finding", "sign_off"]
KINDS: dict[Kind, str] = {
    "exempt": "Exemption", "nil": "Nothing to report", "version": "Which of two versions", "change": "Change that is held", "quarter": "Close or reopen a quarter",
    "theme": "Theme", "finding": "Theme found", "sign_off": "Sign-off",
}  # fmt: skip
EXEMPT, NIL, OWED, ACCEPT, REFUSE, CLOSE, REOPEN, SIGN_OFF, CONFIRMED, NO_THEME = "Exempt", "Nothing to report", "Still owed", "Accept", "Refuse", "Close", "Reopen", "Sign off", "Confirmed", "Not a theme"
CHOICES: dict[Kind, tuple[str, ...]] = {
    "exempt": (EXEMPT, OWED), "nil": (NIL, OWED), "version": ("Version 1", "Version 2"), "change": (ACCEPT, REFUSE), "quarter": (CLOSE, REOPEN), "theme": ("Confirm", "Another theme"),
    "finding": (CONFIRMED, NO_THEME),
    "sign_off": (SIGN_OFF, "Not yet"),
}  # fmt: skip
"""The choices of each kind; a return may have more versions than two."""
NAMED_ALONE = ("exempt", "nil", "sign_off")
"""Kinds whose first choice is meant where none is named, once somebody signs it."""
ALSO = {"accepted": ACCEPT, "refused": REFUSE, "rejected": REFUSE, "reject": REFUSE, "closed": CLOSE, "reopened": REOPEN, "open": REOPEN, "exempted": EXEMPT, "nil": NIL, "signed off": SIGN_OFF, "confirmed": "Confirm"}
EXAMPLES: dict[Kind, str] = {
    "exempt": "Write who, which activity and which quarter, like P031 CCR 2026-27-Q3.", "nil": "Write who, which activity and which quarter, like P031 C_EH 2026-27-Q3.",
    "version": "Write the return, like R-000012.", "change": "Write the return and its version, like R-000012 v2.", "quarter": "Write a quarter, like 2026-27-Q3.", "theme": "Write the theme.",
    "finding": "Write the theme and the quarter, like Contingency, 2026-27-Q3.",
    "sign_off": "Write a quarter, like 2026-27-Q3.",
}  # fmt: skip


class OfReturn(NamedTuple):
    """A return, and one of its versions where one is named."""

    return_id: str
    version: int | None


def understood(kind: Kind, choice: str) -> str:
    """The choice that is meant, in our words; '' for none of this kind's."""
    said = " ".join(choice.casefold().split())
    if kind == "version":
        found = re.fullmatch(r"(?:version |v ?)?(\d+)", said)
        return f"Version {int(found[1])}" if found else ""
    meant = (choice if kind == "finding" else ALSO.get(said, choice)).casefold()
    if kind == "finding" and meant.strip() == "confirm":
        return CONFIRMED
    return next((c for c in CHOICES[kind] if c.casefold() == " ".join(meant.split())), choice.strip() if kind == "theme" else "")


def meant(decision: Decision) -> str:
    """The choice as it was written; the kind's first where naming the kind is choosing and somebody signed."""
    alone = decision.kind in NAMED_ALONE and decision.kind != "sign_off"
    return decision.choice.strip() or (CHOICES[decision.kind][0] if alone else "")


def kind_of(words: str, about: str, choice: str) -> Kind:
    """The kind that a person meant by its words; where they say nothing, by the choice or by what it is about."""
    said = words.strip().casefold()
    by_words = next((k for k, name in KINDS.items() if said in (name.casefold(), k.casefold(), k.replace("_", "-"))), None)
    by_choice = next((k for k in CHOICES if choice and k != "theme" and understood(k, choice)), None)
    by_about: Kind = "quarter" if quarter_of(about) else "change" if return_of(about) else "exempt"
    return by_words or by_choice or by_about


def return_of(about: str) -> OfReturn | None:
    """The return that a decision is about: "R-000012 v2", with or without its version."""
    found = re.fullmatch(r"(R-\d+)(?:\s+v(?:ersion )?(\d+))?", about.strip(), re.IGNORECASE)
    return OfReturn(found[1].upper(), int(found[2]) if found[2] else None) if found else None


def quarter_of(about: str) -> Quarter | None:
    """The quarter that a decision is about; None for anything else."""
    with suppress(ValueError):
        return Quarter.parse(about)
    return None


def quarter_in(about: str) -> Quarter | None:
    """The quarter of the duties that an exemption is about: the last of its words, or the first part of an obligation's id."""
    words = about.replace("/", " ").split()
    return next((q for w in (*words[:1], *words[-1:]) if (q := quarter_of(w))), None)


def concerns(about: str, owed: Obligation) -> bool:
    """Whether this is one of the duties meant: by its id, or by person, activity and quarter."""
    return about.strip() == owed.obligation_id or [w.casefold() for w in about.split()] == [w.casefold() for w in (owed.person_id, owed.activity, str(owed.quarter))]


def excusing(decisions: Iterable[Decision], owed: Obligation) -> Decision | None:
    """The decision by which a duty is exempt or has nothing to report; None while it is owed. The last word counts."""
    last: Decision | None = None
    for d in decisions:
        if d.kind in ("exempt", "nil") and concerns(d.about, owed):
            last = d
    return last if last and last.choice != OWED else None


def signed_off(decisions: Sequence[Decision], quarter: Quarter) -> Decision | None:
    """The decision by which a quarter's report is signed off; None while it is a draft. The last word counts."""
    last = next((d for d in reversed(decisions) if d.kind == "sign_off" and quarter_of(d.about) == quarter), None)
    return last if last and last.choice == SIGN_OFF else None


def closed_on(decisions: Sequence[Decision], quarter: Quarter) -> date | None:
    """The day a quarter was closed; None while it is open."""
    last = next((d for d in reversed(decisions) if d.kind == "quarter" and quarter_of(d.about) == quarter), None)
    return last.decided_on if last and last.choice == CLOSE else None
