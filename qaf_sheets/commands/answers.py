"""`answers`: everything merged, with its cell."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from qaf_sheets.commands.say import OUTCOMES, desk, out, say_json, say_table
from qaf_sheets.diff import Change, changes, in_words
from qaf_sheets.forms.read import plain
from qaf_sheets.model import Answer, Version
from qaf_sheets.register.store import Records
from qaf_sheets.snapshot import newest_accepted


def answers(workspace: str | None, state: str | None, json: bool, return_id: str, all_versions: bool) -> int:  # noqa: FBT001 - command line switches
    """The newest accepted version of every return, or all versions of one."""
    with desk(workspace, state) as at, at.register.reading() as records:
        versions = records.returns.versions(return_id=return_id)
        since = _since(records, versions) if all_versions else {}
    shown = versions if all_versions else newest_accepted(versions)
    if json:
        say_json([as_json(v) | ({"changes": [_change(c) for c in since.get((v.issue.return_id, v.version), ())]} if all_versions else {}) for v in shown])
        return 0
    for v in shown:
        say_table(
            f"{v.issue.return_id} version {v.version}, {v.issue.activity}, {v.issue.person_name}: {OUTCOMES[v.outcome]}", ("Question", "Cell", "Answer"),
            ((field, f"{a.sheet} {a.cell}", "(withheld)" if a.withheld else a.text) for field, a in v.content.answers.items()),
        )
        if all_versions and v.version > 1:
            out().print(f"Since the version before: {in_words(since[v.issue.return_id, v.version])}.", markup=False)
    return 0


def _since(records: Records, versions: Sequence[Version]) -> dict[tuple[str, int], tuple[Change, ...]]:
    """What each version changed of the one before it, by return and version."""
    forms = {v.issue.form_version: kept[0] for v in versions if (kept := records.issues.form(v.issue.form_version))}
    pairs = ((before, v) for before, v in pairwise(versions) if before.issue.return_id == v.issue.return_id)
    return {(v.issue.return_id, v.version): changes(before.content, v.content, forms[v.issue.form_version]) for before, v in pairs}


def as_json(version: Version) -> dict[str, Any]:
    """One version as the contract has it."""
    issue = version.issue
    return {
        "return_id": issue.return_id, "version": version.version, "activity": issue.activity, "quarter": str(issue.quarter), "person_id": issue.person_id,
        "state": version.outcome, "received_at": version.received_at.isoformat(), "file": version.file,
        "answers": {field: _answer(a) for field, a in version.content.answers.items()},
        "rows": {table: [{field: _answer(a) for field, a in row.items()} for row in rows] for table, rows in version.content.rows.items()},
    }  # fmt: skip


def _change(change: Change) -> dict[str, Any]:
    """One answer that differs from the version before; None where nothing stood."""
    return {"field": change.field, "label": change.label, "before": change.before and _answer(change.before), "after": change.after and _answer(change.after)}


def _answer(answer: Answer) -> dict[str, Any]:
    if answer.withheld:
        return {"value": None, "withheld": True, "sheet": answer.sheet, "cell": answer.cell}
    code = {"code": answer.code} if answer.code else {}
    return {"value": plain(answer.value), **code, "sheet": answer.sheet, "cell": answer.cell}
