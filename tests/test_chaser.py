"""The list the QA unit chases by: who owes what, longest first, and nothing else."""

from __future__ import annotations

import sample
from papers import in_state, lines, table, written

CHASER = "Reports/2026-27-Q3/QA unit/Returns to chase - Q3 2026-27.docx"


def test_who_owes_what_with_the_manager_to_tell() -> None:
    document = written(sample.snapshot())[CHASER]
    overdue = sorted((d for d in sample.snapshot().duties if d.state == "overdue"), key=lambda d: d.obligation.due_on)
    assert overdue
    rows = table(document, "Who")
    assert [row[3] for row in rows] == [d.return_id for d in overdue]
    first = sample.PLAN.person(overdue[0].obligation.person_id)
    assert first
    assert rows[0][0].startswith(first.name)
    assert rows[0][2] == f"{overdue[0].obligation.due_on:%d/%m/%Y}"
    assert any("Manager: " in row[0] for row in rows)


def test_it_says_so_where_nothing_is_owed() -> None:
    snapshot = sample.snapshot()
    for duty in snapshot.duties:
        if duty.return_id and duty.state in ("overdue", "needs_fixing"):
            snapshot = in_state(snapshot, duty.return_id, "nil")
    said = lines(written(snapshot)[CHASER])
    assert {"Nothing is overdue.", "Nothing waits to be put right."} <= set(said)


def test_the_list_changes_with_the_returns_not_with_the_day() -> None:
    later = sample.snapshot().model_copy(update={"as_at": sample.AS_AT.replace(hour=23)})
    assert written(later)[CHASER].data == written(sample.snapshot())[CHASER].data
