"""The dip sample: children, and how each of the theme's questions was answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from qaf_sheets.model import Answer, Form, Record, Snapshot, Table, Version
from qaf_sheets.outputs.figures.shares import Share


class DipQuestion(Record):
    """One question of a theme. Counting unit: children's rows; "not applicable" is outside the share."""

    id: str
    text: str
    yes: int = 0
    partly: int = 0
    no: int = 0
    not_applicable: int = 0

    @property
    def yes_share(self) -> Share:
        """Yes, of Yes, Partly and No."""
        return Share(n=self.yes, of=self.yes + self.partly + self.no)


class DipFigures(Record):
    """All dip samples of a quarter. `children` are different ones, `repeated` those who stand in more than one return.

    `short` returns list fewer children than the form asks for; `unexplained` ones among them do not say why.
    """

    theme: str = ""
    returns: int = 0
    rows: int = 0
    children: int = 0
    repeated: int = 0
    concerns: int = 0
    short: int = 0
    unexplained: int = 0
    questions: tuple[DipQuestion, ...] = ()

    @property
    def all_answers(self) -> DipQuestion:
        """Every question together."""
        total = {k: sum(getattr(q, k) for q in self.questions) for k in ("yes", "partly", "no", "not_applicable")}
        return DipQuestion(id="", text="All questions", **total)


def count_dip(snapshot: Snapshot, versions: Sequence[Version]) -> DipFigures:
    """Counted over the tables of forms that ask a theme's questions."""
    themed = {code: form.sample for code, form in snapshot.forms.items() if form.sample}
    samples = [(v, themed[v.issue.activity]) for v in versions if v.issue.activity in themed]
    rows = [row for v, table in samples for row in v.content.rows.get(table.id, ())]
    seen = Counter(c for v, t in samples for c in {row[t.key].code for row in v.content.rows.get(t.id, ()) if t.key and row[t.key].code})
    texts = {c.id: c.short or c.label for t in themed.values() for c in t.columns if c.themed}
    short = [v for v, t in samples if len(v.content.rows.get(t.id, ())) < t.at_least]
    return DipFigures(
        theme=next((f.theme for f in snapshot.forms.values() if f.theme), ""), returns=len(samples), rows=len(rows), children=len(seen), repeated=sum(n > 1 for n in seen.values()),
        concerns=sum(_code(row.get("immediate_concern")) == "Yes" for row in rows), short=len(short),
        unexplained=sum(not _explains(v, snapshot.forms[v.issue.activity], themed[v.issue.activity]) for v in short),
        questions=tuple(_question(i, text, [_code(row.get(i)) for row in rows]) for i, text in texts.items()) if rows else (),
    )  # fmt: skip


def _explains(version: Version, form: Form, table: Table) -> bool:
    """Whether a return with few rows answers what the form asks of it then."""
    return all(version.content.text(f.id) for f in form.fields if f.when and f.when.rows == table.id)


def _question(question: str, text: str, codes: Sequence[str]) -> DipQuestion:
    return DipQuestion(id=question, text=text, yes=codes.count("Yes"), partly=codes.count("Partly"), no=codes.count("No"), not_applicable=codes.count("NA"))


def _code(answer: Answer | None) -> str:
    return answer.code if answer else ""
