"""What looking at supervision found: how each prompt was answered, in supervision audits and in dips about newly qualified social workers (section 7; Appendix 6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qaf_sheets.model import Answer, Form, Question, Record, Snapshot, Version
from qaf_sheets.outputs.figures.coverage import grouped
from qaf_sheets.outputs.figures.dip import DipQuestion
from qaf_sheets.outputs.figures.once_a_year import LEFT_OUT
from qaf_sheets.rules import Row

AUDIT, DIP = "SUP", "SUP_ASYE"
ALSO = ("personal_file_seen", "supervision_on_time")
"""Prompts that ask for Yes or No alone; the others may be answered Partly too."""
EVERYONE = ""


class Prompt(DipQuestion):
    """One prompt in one service area (EVERYONE for all), which is the supervised person's. Counting unit: supervision files read.

    `table` is the form's table that asks it; '' where it is asked once.
    """

    activity: str
    table: str = ""
    area: str = EVERYONE

    @property
    def answered(self) -> int:
        """How many answered, "not applicable" too."""
        return self.yes + self.partly + self.no + self.not_applicable


class Month(Record):
    """Dips of one month by one of those who owe them: `month` is as 2026-10."""

    month: str
    person_id: str
    owed: int
    returned: int
    overdue: int


class Supervision(Record):
    """All that looking at supervision found in a quarter."""

    audits: int
    dips: int
    prompts: tuple[Prompt, ...]
    months: tuple[Month, ...]


class Read(NamedTuple):
    """One supervision file that was read: its answers, and the area of whom it is about."""

    area: str
    answers: Row


def count_supervision(snapshot: Snapshot, versions: Sequence[Version]) -> Supervision:
    """Audits and dips of the quarter."""
    prompts = tuple(p for code in (AUDIT, DIP) if code in snapshot.forms for p in _prompts(snapshot, snapshot.forms[code], versions))
    owed = [d for d in snapshot.duties if d.obligation.activity == DIP and d.state not in LEFT_OUT]
    months = grouped(owed, lambda d: (d.obligation.month, d.obligation.person_id))
    return Supervision(
        audits=sum(v.issue.activity == AUDIT for v in versions), dips=sum(len(_files(snapshot, snapshot.forms[DIP], t, versions)) for t in _tables(snapshot)), prompts=prompts,
        months=tuple(Month(month=month, person_id=who, owed=n.expected, returned=n.returned, overdue=n.overdue) for (month, who), n in months.items()),
    )  # fmt: skip


def _tables(snapshot: Snapshot) -> tuple[str, ...]:
    form = snapshot.forms.get(DIP)
    return tuple(t.id for t in form.tables if any(_is_prompt(c) for c in t.columns)) if form else ()


def _prompts(snapshot: Snapshot, form: Form, versions: Sequence[Version]) -> Iterator[Prompt]:
    """Each prompt over all, then over each service area."""
    for table, asked in (("", form.fields), *((t.id, t.columns) for t in form.tables)):
        prompts, names = [q for q in asked if _is_prompt(q)], {q.id: q.label for q in asked}
        files = _files(snapshot, form, table, versions) if prompts else []
        for area in (EVERYONE, *sorted({f.area for f in files if f.area})) if files else ():
            mine = [f.answers for f in files if area in (EVERYONE, f.area)]
            yield from (_prompt(form.id, table, area, q, names.get(q.beside, q.label), [_code(row.get(q.id)) for row in mine]) for q in prompts)


def _is_prompt(asked: Question) -> bool:
    return asked.id in ALSO or {o.code or o.text for o in asked.options} >= {"Yes", "Partly", "No"}


def _prompt(activity: str, table: str, area: str, asked: Question, text: str, codes: Sequence[str]) -> Prompt:
    return Prompt(
        id=asked.id, text=text, activity=activity, table=table, area=area,
        yes=codes.count("Yes"), partly=codes.count("Partly"), no=codes.count("No"), not_applicable=codes.count("NA"),
    )  # fmt: skip


def _files(snapshot: Snapshot, form: Form, table: str, versions: Sequence[Version]) -> list[Read]:
    """What was read: each return, or each row of its table."""
    mine = [v for v in versions if v.issue.activity == form.id]
    if not table:
        return [Read(_area(snapshot, v.issue.about), v.content.answers) for v in mine]
    about = next((c.id for t in form.tables if t.id == table for c in t.columns if c.part == "seen"), "")
    return [Read(_area(snapshot, _code(row.get(about))), row) for v in mine for row in v.content.rows.get(table, ())]


def _area(snapshot: Snapshot, person_id: str) -> str:
    person = snapshot.plan.person(person_id)
    return person.service_area if person else ""


def _code(answer: Answer | None) -> str:
    return answer.code if answer else ""
