"""Checks of which children a return is about (cases 37 to 40, 70, 71)."""

from __future__ import annotations

from collections.abc import Iterator

from qaf_sheets.checks.context import Context, asked
from qaf_sheets.model import Form, Problem, Return
from qaf_sheets.problems import count, problem
from qaf_sheets.rules import counted_rows, worked_on


def unknown_children(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """A child who is not on the list, or on a form for one child not the one it was issued for."""
    for field, answer, *_ in asked(content, form):
        if field.kind != "child_id" or not answer.code:
            continue
        if field.fixed and answer.code != context.issue.about:
            yield problem("CHILD_NOT_YOURS", at=answer, of=field, value=answer.code, child=context.issue.about)
        elif context.children and answer.code not in context.children:
            yield problem("CHILD_NOT_ALLOCATED", at=answer, of=field, value=answer.code)


def twice_in_a_table(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """A child counts once in one sample; told at each row after the first."""
    del context
    for table in form.tables:
        key = next((c for c in table.columns if c.id == table.key), None)
        first: dict[str, tuple[int, str]] = {}
        for n, row in enumerate(content.rows.get(table.id, ()) if key else (), 1):
            code = row[table.key].code or row[table.key].text.casefold()
            number, sheet = first.setdefault(code, (n, row[table.key].sheet))
            if code and number != n:
                where = f"the sheets '{sheet}' and '{row[table.key].sheet}'" if table.sheets else f"rows {number} and {n}"
                yield problem("CHILD_TWICE", at=row[table.key], of=key, value=code, where=where)


def too_few_rows(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """Fewer rows than the framework expects. The reason is asked for by a question of its own."""
    for table in form.tables:
        rows, noun = counted_rows(table, content), table.row.lower()
        handed_out = len(context.issue.rows.get(table.prefill, ())) if table.prefill else 0
        if rows and len(rows) < min(table.at_least, handed_out or table.at_least):
            number = count(len(rows), noun, "children" if noun == "child" else "")
            yield problem("FEWER_ROWS", sheet=table.title, label=table.title, count=number, least=table.at_least)


def also_elsewhere(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """The child and family were looked at in another activity of the quarter, too."""
    for field, answer, *_ in asked(content, form):
        found = context.elsewhere.get(answer.code, ()) if field.part == "child" and answer.code else ()
        if found:
            yield problem("CHILD_ELSEWHERE", at=answer, of=field, value=answer.code, where=" and ".join(dict.fromkeys(f"{month} ({activity})" for month, activity in found)))


def children_of(content: Return, form: Form) -> tuple[str, ...]:
    """The children a return looked at, each once."""
    return tuple(dict.fromkeys(a.answer.code for a in asked(content, form) if a.question.part == "child" and a.answer.code))


def level_moved(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """The child's level of need is another than when they were drawn (case 70)."""
    for field, answer, *_ in asked(content, form):
        child = context.children.get(context.issue.about)
        if field.part == "level" and field.prefill and not field.fixed and child and answer.code and child.level_of_need not in ("", answer.code, answer.text):
            yield problem("LEVEL_MOVED", at=answer, of=field, before=child.level_of_need, now=answer.text)


def no_longer_open(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """The child's case was closed, or they turned 18, before the work was done (case 71)."""
    day = worked_on(form, content) or context.today
    for field, answer, *_ in asked(content, form):
        child = context.children.get(answer.code) if field.part == "child" and answer.code else None
        for what, on in (("closed", child.closed_on), ("turned 18", child.turns_18_on)) if child else ():
            if on and on <= day:
                yield problem("CASE_ENDED", at=answer, of=field, value=answer.code, what=what, date=f"{on:%d/%m/%Y}")
