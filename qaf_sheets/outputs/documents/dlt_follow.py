"""The DLT report on what others sent in and what follows: contributions a to h, Ofsted, actions and whether they worked, themes, learning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from qaf_sheets.lifecycle import CHECKED, DONE, NOT_NEEDED, SEEN
from qaf_sheets.model import Action, Duty, Version
from qaf_sheets.model.base import State
from qaf_sheets.outputs.documents import dlt_words as say
from qaf_sheets.outputs.documents.dlt_view import NO_AREA, View
from qaf_sheets.outputs.documents.words import listed, low
from qaf_sheets.outputs.figures import ActionCounts, Share, finished
from qaf_sheets.outputs.figures.triangulation import Triangulated
from qaf_sheets.problems import count

Row = dict[str, Any]
ACTIONS, FOLLOWED, THEMES = "Actions", "Follow-up", "Themes"
"""The annex's sheets."""
LETTERS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("a", "Early help", ("C_EH",)), ("b", "SEND", ("C_SEND",)), ("c", "Youth justice", ("C_YJS",)), ("d", "Virtual school: PEPs", ("C_PEP",)),
    ("e", "Safeguarding Unit: IROs, CP chairs, feedback", ("C_IRO",)), ("f", "Safeguarding partnership learning", ("C_SCP",)), ("g", "Complaints and compliments", ("C_COMP",)),
    ("h", "Fostering and adoption panel chairs", ("C_FOST", "C_ADOP")), ("2.7", "Ofsted visit or inspection", ("C_OFS",)),
)  # fmt: skip
"""Section 2, 2.8 a to h, and 2.7 (second): what each is called here, and the activities that answer it."""
HEADLINES = ("worried", "sos_worried", "headline", "as_expected", "well", "sos_well")
"""Where a contribution says what matters most."""
STANDS: dict[State, str] = {
    "returned": "In", "nil": "Nothing to report", "overdue": "Not in: overdue", "needs_fixing": "Not in: sent back to be put right", "held": "Not in: held for a decision", "due": "Not in yet", "later": "Not in yet",
    "exempt": "Exempt", "not_required": "Not required",
}  # fmt: skip
NOT_OWED = "Not due this quarter"


def contributions(view: View) -> dict[str, Any]:
    """Section 2.8 letter by letter, then the forums, staff and performance notes: in, not in or nothing to report, with a sentence of its own."""
    view.ledger.at("Contributions")
    lettered = {code for _, _, codes in LETTERS for code in codes}
    others = [code for code in view.figures.by_activity if say.is_contribution(view.snapshot, code) and code not in lettered]
    rows = [*(_contribution(view, letter, name, codes) for letter, name, codes in LETTERS), *(_contribution(view, "", view.title(code), (code,)) for code in others)]
    inside = [d for d in view.snapshot.duties if say.is_contribution(view.snapshot, d.obligation.activity) and d.state not in ("exempt", "not_required")]
    share = Share(n=sum(d.state in ("returned", "nil") for d in inside), of=len(inside))
    return {
        "rows": rows, "caption": f"{view.returned(share, 'contributions', Kind='Contribution')} are in" if inside else "No contribution is due this quarter",
        "source": "The letters are those of section 2, 2.8. The sentence is the contribution’s own, of what worries it most; words that may name somebody are left out.",
    }  # fmt: skip


def _contribution(view: View, letter: str, name: str, codes: tuple[str, ...]) -> Row:
    duties = [d for d in view.snapshot.duties if d.obligation.activity in codes]
    said = next((q for code in codes for field in HEADLINES for q in view.quotes({code: field}, 1)), None)
    return {"letter": letter, "name": name, "state": _stands(duties), "words": said.words if said else "", "ref": said.ref if said else ""}


def _stands(duties: Sequence[Duty]) -> str:
    states = Counter(STANDS[d.state] for d in duties)
    return "; ".join(state if n == 1 == len(duties) else f"{state} ({n})" for state, n in states.items()) or NOT_OWED


# ---------------------------------------------------------------- actions


def actions(view: View) -> dict[str, Any]:
    """Where the actions stand now, those of the quarter before, and what the follow-up found."""
    view.ledger.at("Actions, and whether they worked")
    every = view.figures.actions
    rows = [_action_row(view, area or NO_AREA, c, {"Service area": area or NO_AREA}) for area, c in view.figures.actions_by_area.items() if c.total]
    return {
        "last": list(_last_quarter(view)), "followed": list(_followed(view)), "quotes": [*view.quotes({"FUP": "made_difference"}, 1), *view.quotes({"FUP": "did_not"}, 1)],
        "rows": [*rows, {**_action_row(view, "All actions", every, {}), "total": True}] if rows else [], "none": "No actions are recorded.",
        "caption": f"{_overdue(view, every, {}, 'open actions')} are overdue" if every.open else "No action is open",
        "source": "Counted: actions of the tracker. Finished: done, or not needed. Overdue: not finished and past the due date, or the revised one. Words, owners and dates stand in the tracker.",
    }  # fmt: skip


def _action_row(view: View, name: str, c: ActionCounts, where: dict[str, str]) -> Row:
    late = view.ledger.share(c.overdue_of_open, f"{name}: overdue, of open", ACTIONS, {**where, "Standing": ("Open", "Overdue")}, {"Standing": "Overdue"}) if c.open else "None open"
    return {"name": name, "n": c.total, "done": c.done, "open": c.open, "overdue": late, "total": False}


def _overdue(view: View, c: ActionCounts, where: dict[str, str], unit: str) -> str:
    return view.ledger.of(c.overdue_of_open, unit, ACTIONS, {**where, "Standing": ("Open", "Overdue")}, {"Standing": "Overdue"})


def _last_quarter(view: View) -> Iterator[str]:
    """Done, checked, seen by somebody else, made a difference, still open: of those set in the quarter before."""
    before = view.snapshot.quarter.plus(-1)
    mine = [a for a in view.snapshot.actions if a.quarter == str(before)]
    if not mine:
        yield f"No action set in {before.label} is in the tracker."
        return
    here = {"Set in": before.label}
    parts = (
        ("done, not checked yet", [a for a in mine if _status(a) == DONE], {"Status": DONE}), ("checked by a manager", [a for a in mine if _status(a) == CHECKED], {"Status": CHECKED}),
        ("verified or closed by somebody else", [a for a in mine if _status(a) in SEEN], {"Status": SEEN}), ("not needed", [a for a in mine if _status(a) == NOT_NEEDED], {"Status": NOT_NEEDED}),
        ("still open", [a for a in mine if not finished(a)], {"Standing": ("Open", "Overdue")}),
    )  # fmt: skip
    told = listed([f"{view.ledger.share(Share(n=len(some), of=len(mine)), f'actions of {before.label}: {what}', ACTIONS, here, where)} {'is' if len(some) == 1 else 'are'} {what}" for what, some, where in parts if some])
    yield f"Of the actions set in {before.label}, {told}."
    looked = [a for a in mine if a.cells.get("impact") and str(a.cells["impact"]) != "Not checked"]
    if looked:
        worked = Share(n=sum(str(a.cells["impact"]) == "Yes" for a in looked), of=len(looked))
        yield f"A difference was made by {view.ledger.of(worked, 'that were looked at', ACTIONS, {**here, 'Looked at': 'Yes'}, {'Difference made': 'Yes'})}."


def _status(action: Action) -> str:
    return str(action.cells.get("status") or "")


def followed(view: View) -> list[dict[str, str]]:
    """Each action that the follow-up looked behind: whether evidence was seen, whether it made a difference."""
    rows = ((v, row) for v in view.returns if v.issue.activity == "FUP" for row in v.content.rows.get("followed", ()) if "evidence_seen" in row and row["evidence_seen"].code)
    return [
        {"Return": v.issue.return_id, "Sheet": row["evidence_seen"].sheet, "Cell": row["evidence_seen"].cell, "Evidence seen": row["evidence_seen"].text, "Difference made": row["difference_made"].text if "difference_made" in row else ""}
        for v, row in rows
    ]  # fmt: skip


def _followed(view: View) -> Iterator[str]:
    found = followed(view)
    if not found:
        yield "No follow-up of finished actions came in."
        return
    evidence, made = (Share(n=sum(r[column] == "Yes" for r in found), of=len(found)) for column in ("Evidence seen", "Difference made"))
    seen = view.ledger.of(evidence, "actions followed up", FOLLOWED, {}, {"Evidence seen": "Yes"})
    yield f"Evidence was seen for {seen}. A difference was made by {view.ledger.share(made, 'a difference was made', FOLLOWED, {}, {'Difference made': 'Yes'})}."


# ---------------------------------------------------------------- themes, learning


def themes(view: View) -> dict[str, Any]:
    """What the QA unit confirmed as a theme of the quarter, with the sides it is heard from."""
    view.ledger.at("Themes and learning")
    waiting = sum(d.kind == "finding" and not d.choice for d in view.snapshot.decisions)
    asked = f" {count(waiting, 'suggested theme waits', 'suggested themes wait')} for a decision on the tracker’s Decisions sheet." if waiting else ""
    return {
        "none": say.spell(f"No theme of this quarter is confirmed yet.{asked}"), "rows": [_theme(view, t) for t in view.confirmed], "caption": say.spell(f"{count(len(view.confirmed), 'theme')} confirmed"),
        "source": "Counted: returns that speak of it, each once; one may speak of it both ways. Confirmed by the QA unit or the PSW.", "learning": list(_learning(view)), "quotes": [*view.quotes({"EVAL": "learning", "LEARN": "key_messages"}, 1), *view.quotes({"LEARN": "taken_up"}, 1)],
    }  # fmt: skip


def _theme(view: View, theme: Triangulated) -> Row:
    here = {"Theme": theme.theme}
    numbers = {way: len({m.return_id for m in theme.mentions if m.direction == way}) for way in ("Worry", "Strength")}
    returns = view.ledger.n(theme.returns, f"{theme.theme}: returns", THEMES, here, "Return")
    ways = {way: view.ledger.n(n, f"{theme.theme}: as a {way.casefold()}", THEMES, {**here, "Direction": way}, "Return") for way, n in numbers.items()}
    return {"name": theme.theme, "returns": returns, "worry": ways["Worry"], "strength": ways["Strength"], "heard": listed([low(s) for s in theme.sources])}


def _learning(view: View) -> Iterator[str]:
    found = [v for v in view.returns if v.issue.activity in ("LEARN", "EVAL")]
    if not found:
        yield "No learning record and no evaluation of an exercise came in this quarter."
        return
    kinds = Counter(v.issue.activity for v in found)
    yield say.spell(f"{listed([count(n, low(view.title(code)), say.plural(view.snapshot, code)) for code, n in kinds.items()])} came in.")
    yield from (line for v in found if v.issue.activity == "LEARN" for line in _held(v))


def _held(version: Version) -> Iterator[str]:
    rows = [r for r in version.content.rows.get("learning", ()) if "learning_kind" in r and r["learning_kind"].text]
    if rows:
        yield f"Held or offered: {listed([f'{low(kind)} ({n})' for kind, n in Counter(r['learning_kind'].text for r in rows).items()])}."
