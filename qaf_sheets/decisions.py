"""What waits for a person, and what happens once a person has decided (design decision 8). The last word counts; nothing is deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from qaf_sheets.choices import (
    ACCEPT,
    CHOICES,
    CONFIRMED,
    EXAMPLES,
    KINDS,
    NO_THEME,
    REFUSE,
    REOPEN,
    OfReturn,
    concerns,
    kind_of,
    meant,
    quarter_in,
    quarter_of,
    return_of,
    understood,
)
from qaf_sheets.desk import Desk
from qaf_sheets.diff import changes, in_words
from qaf_sheets.model import Decision, Form, Plan, Problem, Quarter, Return, Value
from qaf_sheets.outputs.figures import RecurringTheme
from qaf_sheets.outputs.figures.triangulation import DIRECTIONS, Triangulated
from qaf_sheets.outputs.figures.triangulation import about as about_theme
from qaf_sheets.plan.obligations import obligations
from qaf_sheets.problems import count, problem
from qaf_sheets.receive import take_in
from qaf_sheets.register.returns import Known
from qaf_sheets.register.store import Records
from qaf_sheets.tracker.merge import Merged

NOT_USED = "older_version"
"""What becomes of a version that a decision passed over: kept, not used."""
OPEN = ("conflict", "held")
WRITTEN = ("choice", "who", "why", "decided_on")


def attend(desk: Desk) -> tuple[Problem, ...]:
    """Ask what waits for a person and carry out what was decided. Again, it does nothing new. Returns what could not be carried out."""
    plan, now = desk.plan, desk.now()
    with desk.register.writing() as records:
        ask(records, plan)
        return carry_out(records, plan, now)


# ---------------------------------------------------------------- asking


def ask(records: Records, plan: Plan) -> None:
    """A row for everything that waits and was not asked yet."""
    for decision in (*_of_returns(records, plan), *_of_quarters(records)):
        _ask(records, decision)


def propose(desk: Desk, themes: Iterable[RecurringTheme], found: Iterable[Triangulated], quarter: Quarter) -> None:
    """A row for every theme that recurs and is not looked at, and for those found in the quarter: only a person confirms them (section 13, 10.5)."""
    with desk.register.writing() as records:
        for one in found:
            said = ", ".join(f"{s} {sum(one.count(s, d) for d in DIRECTIONS)}" for s in one.sources)
            asked = f"{count(one.returns, 'return')} of {quarter.label} speak of {one.theme.lower()} ({said}). Is it a theme of the quarter? {CONFIRMED} or {NO_THEME}."
            _ask(records, Decision(decision_id="", kind="finding", about=about_theme(one.theme, quarter), asked=asked))
        for t in themes:
            asked = f"{t.theme} comes up in {count(len(t.behind), 'return')} of this quarter and {len(t.behind_before)} of the one before. Should the next thematic audit look at it? Confirm, or write another theme."
            _ask(records, Decision(decision_id="", kind="theme", about=t.theme, asked=asked))


def _ask(records: Records, wanted: Decision) -> None:
    """Once; the question of one that still waits is kept up to date."""
    asked = next((d for d in records.decisions.all() if (d.kind, d.about) == (wanted.kind, wanted.about)), None)
    if asked is None:
        records.decisions.save(wanted.model_copy(update={"decision_id": new_id(records)}))
    elif asked.asked != wanted.asked and all(d.decision_id != asked.decision_id for d in records.decisions.in_force()):
        records.decisions.save(asked.model_copy(update={"asked": wanted.asked}))


def new_id(records: Records) -> str:
    """D-0001: a number never given twice."""
    return f"D-{records.next_number('decision'):04d}"


def _of_returns(records: Records, plan: Plan) -> Iterator[Decision]:
    for return_id, version in records.returns.undecided():
        known = {k.version: k for k in records.returns.known(return_id)}
        standing = next((k for k in reversed(known.values()) if k.outcome == "accepted"), None)
        yield _of_version(records, plan, return_id, known[version], standing)


def _of_version(records: Records, plan: Plan, return_id: str, mine: Known, standing: Known | None) -> Decision:
    """Which of two people's versions counts, or whether a change does that came too late: with what differs from the version that counts now."""
    issue = records.issues.one(return_id)
    kept = records.issues.form(issue.form_version) if issue else None
    about, what = f"{return_id} v{mine.version}", f"{kept[0].title if kept else ''} {return_id}".strip()
    differ = f"; {_difference(records, kept[0], return_id, standing.version, mine.version)}" if kept and standing else ""
    if mine.outcome == "conflict" and standing:
        asked = f"version {standing.version} is by {_name(standing, plan)}, version {mine.version} by {_name(mine, plan)}{differ}. Which counts? Version {standing.version} or Version {mine.version}."
        return Decision(decision_id="", kind="version", about=about, asked=f"{what}: {asked}")
    after = "the work was moderated" if "MODERATED_CHANGE" in mine.codes else "the quarter was closed" if "QUARTER_CLOSED" in mine.codes else "somebody else's"
    came = f"version {mine.version}, by {_name(mine, plan)}, came after {after}{differ}"
    return Decision(decision_id="", kind="change", about=about, asked=f"{what}: {came}. {ACCEPT} or {REFUSE}.")


def _difference(records: Records, form: Form, return_id: str, standing: int, version: int) -> str:
    """What a person has to choose between, question by question."""
    before, after = (records.returns.content(return_id, v) for v in (standing, version))
    return in_words(changes(before, after, form))


def _name(version: Known, plan: Plan) -> str:
    person = plan.person(version.completed_by)
    return f"{person.name} ({person.person_id})" if person else version.completed_by or "somebody unnamed"


def _of_quarters(records: Records) -> Iterator[Decision]:
    for quarter in records.issues.quarters():
        asked = f"May the report on {quarter.label} go to DLT as it stands? {' or '.join(CHOICES['sign_off'])}."
        yield Decision(decision_id="", kind="sign_off", about=str(quarter), asked=asked)


# ---------------------------------------------------------------- the tracker's rows


def rows(records: Records) -> dict[str, dict[str, Value]]:
    """Decisions as the tracker's rows, by id."""
    return {d.decision_id: {**d.model_dump(exclude={"kind"}), "kind": KINDS[d.kind]} for d in records.decisions.all()}


def take(records: Records, merged: Merged) -> None:
    """What people wrote. A choice that was carried out is not taken back by clearing it, but by choosing something else."""
    carried = {d.decision_id for d in records.decisions.in_force()}
    for d in records.decisions.all():
        changed = {e.column: e.after for e in merged.edits if e.row == d.decision_id and not (e.after is None and d.decision_id in carried)}
        if changed:
            records.decisions.save(d.model_copy(update={name: _plain(name, value) for name, value in changed.items()}))
    for added in merged.added:
        said = {name: _plain(name, merged.rows[added.row].get(name)) for name in ("about", *WRITTEN)}
        kind = kind_of(str(merged.rows[added.row].get("kind") or ""), str(said["about"]), str(said["choice"]))
        records.decisions.save(Decision.model_validate({"decision_id": added.row, "kind": kind, **said}))


def _plain(name: str, value: Value) -> Value:
    return value if name == "decided_on" else str(value or "").strip()


# ---------------------------------------------------------------- carrying out


def waiting(records: Records, kind: str, about: str) -> Decision | None:
    """The row that asks this already and was not decided: by what it is about, or the newest of the return."""
    of_return = return_of(about)
    undecided = [d for d in records.decisions.standing() if d.kind == kind and not d.choice]
    exact = [d for d in undecided if d.about == about]
    mine = [d for d in undecided if of_return and not of_return.version and (it := return_of(d.about)) and it.return_id == of_return.return_id]
    return next(reversed([*mine, *exact]), None)


def as_it_stands(records: Records, wanted: Decision) -> Decision | None:
    """The last word on what a decision is about (by its very name, or of the return), if that says the same: asked again, as after a crash, it is made once."""
    it = return_of(wanted.about)
    of_return = it.return_id if it and not it.version else None
    every = (d for d in reversed(records.decisions.in_force()) if d.kind == wanted.kind)
    last = next((d for d in every if d.about == wanted.about or (of_return and (its := return_of(d.about)) and its.return_id == of_return)), None)
    same = last is not None and (last.choice, last.who, last.why) == (understood(wanted.kind, wanted.choice), wanted.who, wanted.why)
    return last if same else None


def carry_out(records: Records, plan: Plan, now: datetime, *, only: str = "") -> tuple[Problem, ...]:
    """Everything decided since: each takes effect once, with its journal entry. What lacks who or why, or cannot be understood, is remarked on.

    With `only`, the decision of this id alone.
    """
    told = []
    for decision in (d for d in records.decisions.all() if only in ("", d.decision_id)):
        was = next((d for d in records.decisions.in_force() if d.decision_id == decision.decision_id), None)
        choice = meant(decision)
        if not choice or (was and (was.choice, was.who, was.why) == (understood(decision.kind, choice), decision.who, decision.why)):
            continue
        fault = _fault(records, plan, decision, choice)
        if fault:
            told.append(fault)
        else:
            said = decision.model_copy(update={"choice": understood(decision.kind, choice), "decided_on": decision.decided_on or now.date()})
            _carry(records, said, now, anew=was is None or was.choice != said.choice)
    return tuple(told)


def _carry(records: Records, decision: Decision, now: datetime, *, anew: bool) -> None:
    records.decisions.carry_out(decision, anew=anew)
    records.note(now, "decided", decision.model_dump(mode="json"))
    if anew:
        _take_effect(records, decision, now)


def _fault(records: Records, plan: Plan, decision: Decision, choice: str) -> Problem | None:
    row, about = decision.decision_id, decision.about
    if not _is_known(records, plan, decision):
        return problem("DECISION_ABOUT_UNKNOWN", row=row, about=about, example=EXAMPLES[decision.kind])
    choices = _choices(records, decision)
    if choices and understood(decision.kind, choice) not in choices:
        return problem("DECISION_UNCLEAR", row=row, choice=choice, choices=", ".join(choices))
    missing = [words for value, words in ((decision.who, "who decides"), (decision.why, "why")) if not value.strip()]
    return problem("DECISION_UNSIGNED", row=row, choice=choice, missing=" or ".join(missing)) if missing else None


def _is_known(records: Records, plan: Plan, decision: Decision) -> bool:
    """Whether what the decision is about exists."""
    about = decision.about
    if decision.kind in ("exempt", "nil"):
        quarter = quarter_in(about)
        return quarter is not None and (about.strip() in records.issues.by_obligation() or any(concerns(about, o) for o in obligations(plan, quarter)))
    if decision.kind in ("version", "change"):
        it = return_of(about)
        return it is not None and _version(records, decision.kind, it) is not None
    return bool(about.strip()) if decision.kind in ("theme", "finding") else quarter_of(about) is not None


def _choices(records: Records, decision: Decision) -> tuple[str, ...]:
    """The choices there are; () where anything may be said, as of a theme."""
    it = return_of(decision.about)
    if decision.kind == "version" and it:
        return tuple(f"Version {k.version}" for k in records.returns.known(it.return_id) if k.outcome != "needs_fixing")
    return () if decision.kind == "theme" else CHOICES[decision.kind]


def _version(records: Records, kind: str, about: OfReturn) -> int | None:
    """The version that is asked about: the one named, else the newest that waits; None for none."""
    known = [k for k in records.returns.known(about.return_id) if k.outcome != "needs_fixing"]
    if about.version:
        return about.version if any(k.version == about.version for k in known) else None
    waiting = [k.version for k in known if k.outcome == ("conflict" if kind == "version" else "held")]
    return waiting[-1] if waiting else None


def _take_effect(records: Records, decision: Decision, now: datetime) -> None:
    """What changes in the register. An exemption, a nil return and a closed quarter are read from the decision itself."""
    it, quarter = return_of(decision.about), quarter_of(decision.about)
    if decision.kind == "version" and it:
        _choose(records, it.return_id, int(decision.choice.split()[-1]), _version(records, decision.kind, it), now)
    elif decision.kind == "change" and it:
        asked = _version(records, decision.kind, it)
        standing = [k.version for k in records.returns.known(it.return_id) if k.outcome == "accepted" and k.version != asked]
        _choose(records, it.return_id, asked if decision.choice == ACCEPT else standing[-1] if standing else None, asked, now)
    elif decision.kind == "quarter" and decision.choice == REOPEN and quarter:
        _let_in(records, decision, now)
    if it:
        _close_overtaken(records, decision, it.return_id, now)


def _close_overtaken(records: Records, decision: Decision, return_id: str, now: datetime) -> None:
    """Rows that asked about a version which this decision passed over: they are answered by it too."""
    outcomes = {k.version: k.outcome for k in records.returns.known(return_id)}
    for d in records.decisions.standing():
        it = return_of(d.about)
        if d.choice or not it or it.return_id != return_id or outcomes.get(it.version or 0, OPEN[0]) in OPEN:
            continue
        counts = next((v for v, outcome in reversed(outcomes.items()) if outcome == "accepted"), None)
        answer = f"Version {counts}" if d.kind == "version" else ACCEPT if outcomes[it.version or 0] == "accepted" else REFUSE
        answered = d.model_copy(update={"choice": answer, "who": decision.who, "why": f"Settled by {decision.decision_id}: {decision.why}", "decided_on": decision.decided_on})
        records.decisions.carry_out(answered, anew=True)
        records.note(now, "decided", answered.model_dump(mode="json"))


def _choose(records: Records, return_id: str, chosen: int | None, asked: int | None, now: datetime) -> None:
    """One version counts from now on; the one that was asked about and others it overtakes are kept and not used. None counts when `chosen` is None."""
    known = records.returns.known(return_id)
    before = next((k.version for k in reversed(known) if k.outcome == "accepted"), None)
    for k in known:
        overtaken = chosen is not None and ((k.outcome == "accepted" and k.version > chosen) or (k.outcome in OPEN and k.version < chosen))
        if k.version == chosen:
            records.returns.settle(return_id, k.version, "accepted")
        elif overtaken or k.version == asked:
            records.returns.settle(return_id, k.version, NOT_USED)
    issue = records.issues.one(return_id)
    kept = records.issues.form(issue.form_version) if issue else None
    if chosen != before and issue and kept:
        take_in(records, issue, kept[0], records.returns.content(return_id, chosen) if chosen else Return(answers={}), now)


def _let_in(records: Records, decision: Decision, now: datetime) -> None:
    """A quarter that is open again takes what was held because it was closed, by the same person's decision; but two people's work stays held, to be chosen from."""
    asked = {d.about: d for d in records.decisions.all() if d.kind == "change"}
    held = [v for v in records.returns.versions(quarter=quarter_of(decision.about)) if v.outcome == "held" and any(p.code == "QUARTER_CLOSED" for p in v.problems)]
    for v in held:
        known = {k.version: k.completed_by for k in records.returns.known(v.issue.return_id)}
        if len({known[w.version] for w in held if w.issue.return_id == v.issue.return_id}) == 1:
            about = f"{v.issue.return_id} v{v.version}"
            row = asked.get(about) or Decision(decision_id=new_id(records), kind="change", about=about)
            said = {"choice": ACCEPT, "who": decision.who, "why": decision.why, "decided_on": decision.decided_on}
            _carry(records, row.model_copy(update=said), now, anew=True)
