"""Immediate concerns: a child who may be unsafe now. Each stays open until an outcome is recorded, whatever became of the return (specification 10, case 61)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from qaf_sheets.model import Answer, Plan, Quarter, Received, Record, Return, Snapshot, Version

CODES = ("CONCERN_NOT_REPORTED", "IMMEDIATE_CONCERN")
"""The problems that say a return flags one."""
ON_ITS_OWN = re.compile(r" \d+$")
"""How the name of a row's own sheet ends: Child 2."""

ROW = re.compile(r"/(?:\D+/)?(\d+)$")
"""How a key ends that names a sheet or row."""


class Concern(Record):
    """An immediate concern that a return flagged: the child's reference and where, never what was written.

    `key` stays the same whatever is received later: `R-000012`, `R-000012/2` for the second child's sheet, `R-000012/children/4` for the fourth
    row of that list. `received_at` is when it was first flagged, `file` the newest that flags it; `withdrawn`: the version that
    counts now no longer does.
    """

    key: str
    child_id: str
    team: str
    area: str
    reported: bool
    activity: str
    return_id: str
    quarter: Quarter
    file: str
    received_at: datetime
    withdrawn: bool = False
    settled: bool = False

    @property
    def who(self) -> str:
        """Child 9000012; where no reference was given, which sheet or row of the return it is."""
        if self.child_id.isdigit():
            return f"Child {self.child_id}"
        row = ROW.search(self.key.partition(" ")[0])
        return f"Child number {row[1]} in the return" if row else "A child: see the return"

    @property
    def place(self) -> str:
        """The team, else the service area."""
        return self.team or self.area


class Flag(NamedTuple):
    """One place in a return that says Yes: what it adds to the reference, and the answers around it."""

    at: str
    answers: Mapping[str, Answer]

    @property
    def child(self) -> str:
        """The child's reference, '' where none is given."""
        answer = self.answers.get("child_id")
        return answer.reference if answer else ""

    @property
    def reported(self) -> bool:
        """Whether somebody is named who was told."""
        told = self.answers.get("concern_reported_to")
        return told is not None and bool(told.text)


def flags(content: Return) -> Iterator[Flag]:
    """Every place in a return where an immediate concern is flagged: in its own answers, a child's sheet, or a row."""
    if _says_yes(content.answers):
        yield Flag("", content.answers)
    for table, rows in content.rows.items():
        for n, row in enumerate(rows, 1):
            if _says_yes(row):
                yield Flag(f"/{n}" if ON_ITS_OWN.search(row["immediate_concern"].sheet) else f"/{table}/{n}", {**content.answers, **row})


def _says_yes(answers: Mapping[str, Answer]) -> bool:
    """Yes, however it was written: a child is not to wait until the word on the list was found."""
    answer = answers.get("immediate_concern")
    return answer is not None and not answer.withheld and (answer.code or answer.text).casefold().startswith("yes")


def all_concerns(snapshot: Snapshot) -> tuple[Concern, ...]:
    """Every concern known, of this quarter and those before, the one that has waited longest first."""
    found = concerns_in(snapshot.plan, (*snapshot.returns, *snapshot.earlier, *snapshot.flagged), snapshot.concerns_settled)
    found += _unread(snapshot, {c.return_id for c in found})
    return tuple(sorted(found, key=lambda c: (c.received_at, c.key)))


def concerns_in(plan: Plan, versions: Iterable[Version], settled: Collection[str]) -> list[Concern]:
    """The concerns that versions flag, by return; `settled` are the keys of those with an outcome. A version may be given twice."""
    by_return: dict[str, list[Version]] = {}
    known = {(v.issue.return_id, v.version): v for v in versions}
    for key in sorted(known):
        by_return.setdefault(key[0], []).append(known[key])
    return [c.model_copy(update={"settled": c.key in settled}) for mine in by_return.values() for c in _of_return(plan, mine)]


def _of_return(plan: Plan, versions: Sequence[Version]) -> list[Concern]:
    """One return's concerns over its versions, oldest first: the same child, or else the same place, is the same concern."""
    found: list[Concern] = []
    for version in versions:
        still: set[str] = set()
        for flag in flags(version.content):
            before = next((c for c in found if _same(c, flag, version)), None)
            one = _concern(plan, version, flag, before, {c.key for c in found})
            found = [*(c for c in found if c is not before), one]
            still.add(one.key)
        found = [c.model_copy(update={"withdrawn": c.key not in still}) for c in found]
    return found


def _same(known: Concern, flag: Flag, version: Version) -> bool:
    if known.child_id and flag.child:
        return known.child_id == flag.child
    return known.key.partition(" ")[0] == f"{version.issue.return_id}{flag.at}"


def _concern(plan: Plan, version: Version, flag: Flag, before: Concern | None, taken: set[str]) -> Concern:
    issue, key = version.issue, f"{version.issue.return_id}{flag.at}"
    key = before.key if before else f"{key} v{version.version}" if key in taken else key
    team, area = _where(plan, flag, issue.team, issue.service_area)
    return Concern(
        key=key, child_id=flag.child or (before.child_id if before else ""), team=team, area=area, reported=flag.reported, activity=issue.activity, return_id=issue.return_id,
        quarter=issue.quarter, file=version.file, received_at=before.received_at if before else version.received_at,
    )  # fmt: skip


def _where(plan: Plan, flag: Flag, team: str, area: str) -> tuple[str, str]:
    """The child's team and its service area; where the child is not known, what the return says, else whose return it is."""
    child, said = plan.child(flag.child), flag.answers.get("team")
    named = said.text if said and said.text in {t.team for t in plan.teams} else ""  # what was typed instead may be anything
    team = (child.team if child else "") or named or team
    return team, next((t.service_area for t in plan.teams if t.team == team), area)


def _unread(snapshot: Snapshot, known: set[str]) -> Iterator[Concern]:
    """Concerns in files that are no version of a return yet, such as a draft."""
    duties = {d.return_id: d for d in snapshot.duties}
    files: dict[str, Received] = {}
    for file in sorted((*snapshot.files, *snapshot.waiting), key=lambda f: f.received_at):
        if file.return_id and file.return_id not in known and {p.code for p in file.problems} & set(CODES):
            files.setdefault(file.return_id, file)
    for return_id, file in files.items():
        duty = duties.get(return_id)
        person = snapshot.plan.person(duty.obligation.person_id) if duty else None
        yield Concern(
            key=return_id, child_id="", team=person.team if person else "", area=person.service_area if person else "", reported=all(p.code != "CONCERN_NOT_REPORTED" for p in file.problems),
            activity=duty.obligation.activity if duty else "", return_id=return_id, quarter=snapshot.quarter, file=file.kept_as or file.file, received_at=file.received_at,
            settled=return_id in snapshot.concerns_settled,
        )  # fmt: skip
