"""The three-way merge, rule by rule: what was written, what a person saved, what the register says; then the outcome."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tracker_sample import action, counting, merged_with, saved

from qaf_sheets.tracker.values import same

ONE = "ACT-1"


def codes(merged):
    return sorted(p.code for p in merged.problems)


def one_cell(column, base, theirs, ours):
    """A merge of a single row that differs in one column."""
    rows = [action("Visit", **{column: value}) if column != "action_text" else action(value) for value in (base, theirs, ours)]
    return merged_with({ONE: rows[0]}, saved((ONE, rows[1])), {ONE: rows[2]})


@pytest.mark.parametrize(
    ("column", "base", "theirs", "ours", "stands", "told"),
    [
        ("status", "Open", "Open", "Open", "Open", []),
        ("status", "Open", "Open", "Done", "Done", []),
        ("status", "Open", "In progress", "Open", "In progress", []),
        ("status", "Open", "Done", "Done", "Done", []),
        ("status", "Open", "In progress", "Done", "Done", ["CLASH"]),
        ("status", "Open", " in  PROGRESS ", "Open", "In progress", []),
        ("status", "Open", "open", "Open", "Open", []),
        ("status", "Open", None, "Open", None, []),
        ("status", "Open", "Nearly", "Open", "Open", ["EDIT_REFUSED"]),
        ("revised_due_on", None, "in spring", None, None, ["EDIT_REFUSED"]),
        ("revised_due_on", None, "31/01/2027", None, date(2027, 1, 31), []),
        ("revised_due_on", "2027-01-31", date(2027, 1, 31), "2027-01-31", "2027-01-31", []),
        ("progress_note", None, "Met", None, "Met", []),
        ("progress_note", "", None, "", "", []),
        ("progress_note", "two\r\nlines ", "two\nlines", "two\r\nlines ", "two\r\nlines ", []),
        ("progress_note", "x" * 40_000, "x" * 40_000, "x" * 40_000, "x" * 40_000, []),
        ("owner", "Avery Exampleworth", "Somebody Newcome", "Avery Exampleworth", "Somebody Newcome", []),
        ("action_text", "Visit", "Do not visit", "Visit", "Visit", ["LOCKED_RESTORED"]),
        ("due_on", date(2027, 1, 1), date(2028, 1, 1), date(2027, 1, 1), date(2027, 1, 1), ["LOCKED_RESTORED"]),
        ("team", "MASH", None, "MASH", "MASH", ["LOCKED_RESTORED"]),
        ("team", "MASH", "Assessment A", "Assessment A", "Assessment A", []),
    ],
)
def test_one_cell(column, base, theirs, ours, stands, told):
    merged = one_cell(column, base, theirs, ours)
    assert merged.rows[ONE][column] == stands
    assert codes(merged) == told


def test_an_edit_says_what_it_was_before():
    (edit,) = one_cell("status", "Open", "Done", "Open").edits
    assert (edit.row, edit.column, edit.before, edit.after) == (ONE, "status", "Open", "Done")


@pytest.mark.parametrize(
    ("column", "theirs", "ours", "why"),
    [("status", "In progress", "Done", "both"), ("status", "Nearly", "Open", "refused"), ("revised_due_on", "in spring", None, "refused"), ("action_text", "Other words", "Open", "locked")],
)
def test_both_values_are_kept_and_a_known_clash_is_not_listed_again(column, theirs, ours, why):
    rows = {ONE: action("Visit") | {column: "Open" if column != "revised_due_on" else None}}
    sheet, now = saved((ONE, rows[ONE] | {column: theirs})), {ONE: rows[ONE] | {column: ours}}
    first = merged_with(rows, sheet, now)
    (clash,) = first.clashes
    assert (clash.theirs, clash.ours, clash.why) == (theirs, ours, why)
    again = merged_with(first.base, sheet, first.rows, known=first.clashes)
    assert not again.clashes
    assert again.rows == first.rows


def test_after_a_refusal_a_good_value_is_taken():
    rows = {ONE: action("Visit", status="Open")}
    first = merged_with(rows, saved((ONE, action("Visit", status="Nearly"))))
    second = merged_with(first.base, saved((ONE, action("Visit", status="Done"))), first.rows, known=first.clashes)
    assert second.rows[ONE]["status"] == "Done"
    assert not second.clashes


def test_a_deleted_row_comes_back():
    rows = {ONE: action("Visit"), "ACT-2": action("Plan")}
    merged = merged_with(rows, saved((ONE, rows[ONE])))
    assert merged.rows["ACT-2"] == rows["ACT-2"]
    assert codes(merged) == ["ROW_RESTORED"]


def test_the_registers_new_row_is_not_a_deleted_one():
    rows = {ONE: action("Visit")}
    merged = merged_with(rows, saved((ONE, rows[ONE])), {**rows, "ACT-2": action("Plan")})
    assert merged.rows["ACT-2"]["action_text"] == "Plan"
    assert not merged.problems


def test_a_row_without_reference_is_added_with_all_that_was_typed():
    typed = action("Ring the school", owner="Blair Inventley", due_on=date(2027, 1, 13), team="MASH", status="open")
    merged = merged_with({}, saved((None, typed)))
    (added,) = merged.added
    assert (added.row, dict(added.cells)) == ("NEW-1", {"action_text": "Ring the school", "owner": "Blair Inventley", "due_on": date(2027, 1, 13), "team": "MASH", "status": "Open"})
    assert codes(merged) == ["ROW_ADDED"]


def test_a_new_row_with_an_unreadable_date_is_added_and_the_date_kept_beside_it():
    merged = merged_with({}, saved((None, action("Ring the school", due_on="soon"))))
    assert codes(merged) == ["EDIT_REFUSED", "ROW_ADDED"]
    assert [(c.row, c.theirs) for c in merged.clashes] == [("NEW-1", "soon")]
    assert merged.rows["NEW-1"]["due_on"] is None
    assert "due_on" not in merged.added[0].cells


def test_a_changed_reference_adds_the_row_and_puts_back_the_one_it_replaced():
    rows = {ONE: action("Visit")}
    merged = merged_with(rows, saved(("ACT-99", rows[ONE])))
    assert set(merged.rows) == {ONE, "NEW-1"}
    assert codes(merged) == ["REFERENCE_CHANGED"]


def test_a_reference_that_stands_twice():
    rows = {ONE: action("Visit")}
    copy = merged_with(rows, saved((ONE, rows[ONE]), (ONE, rows[ONE])))
    other = merged_with(rows, saved((ONE, rows[ONE]), (ONE, action("Something else"))))
    assert (copy.added, codes(copy)) == ((), [])
    assert other.rows["NEW-1"]["action_text"] == "Something else"
    assert codes(other) == ["REFERENCE_TWICE"]


@pytest.mark.parametrize("reference", [None, "ACT-99", ONE])
def test_a_row_added_once_is_not_added_again_while_the_file_waits(reference):
    rows = {ONE: action("Visit")}
    first = merged_with(rows, saved((ONE, rows[ONE]), (reference, action("Ring the school"))))
    second = merged_with(first.base, saved((ONE, rows[ONE]), (reference, action("Ring the school on Monday", status="Done")), (None, action("A third thing entirely"))), first.rows, new_id=counting("NEW", 2))
    assert second.rows["NEW-1"]["action_text"] == "Ring the school on Monday"
    assert second.rows["NEW-1"]["status"] == "Done"
    assert [a.row for a in second.added] == ["NEW-2"]


# ---------------------------------------------------------------- nothing is lost


COLUMNS = ("action_text", "owner", "status", "revised_due_on", "progress_note")
values = {
    "action_text": st.sampled_from(("Visit", "Plan", "Ring")),
    "owner": st.sampled_from((None, "A", "B", "C")),
    "status": st.sampled_from((None, "Open", "Done", "done ", "Nearly")),
    "revised_due_on": st.sampled_from((None, date(2027, 1, 1), "02/01/2027", "soon")),
    "progress_note": st.sampled_from((None, "", "one", "two\r\n", "=1+1")),
}
proper = values | {"status": st.sampled_from((None, "Open", "Done")), "revised_due_on": st.sampled_from((None, date(2027, 1, 1), date(2027, 1, 2)))}
ids = ("ACT-1", "ACT-2", "ACT-3")


@st.composite
def situations(draw):
    """What was written, what a person saved (rows deleted, copied, retyped, added) and what the register says now."""
    base = {i: draw(st.fixed_dictionaries(proper)) for i in ids}
    ours = {i: cells | draw(st.fixed_dictionaries({}, optional=proper)) for i, cells in base.items()}
    kept = [(i, base[i] | draw(st.fixed_dictionaries({}, optional=values))) for i in draw(st.permutations(ids)) if draw(st.booleans())]
    strays = draw(st.lists(st.tuples(st.sampled_from((None, "XYZ", *ids)), st.fixed_dictionaries(values)), max_size=3))
    return base, [*kept, *strays], ours


def meant(value):
    """What a person means by what they typed."""
    return {"done ": "Done", "02/01/2027": date(2027, 1, 2)}.get(value, value)


def kept(merged, value, row_id=None, column=None):
    """Whether a typed value stands somewhere: in this cell or its clash, or anywhere when no cell is named."""
    cells = [(r, c, v) for r, row in merged.rows.items() for c, v in row.items()] + [(c.row, c.column, c.theirs) for c in merged.clashes]
    return any(same(meant(value), meant(v)) for r, c, v in cells if row_id in (None, r) and column in (None, c))


@settings(max_examples=300, deadline=None)
@given(situations())
def test_no_edit_is_lost(situation):
    base, rows, ours = situation
    sheet = saved(*rows)
    merged = merged_with(base, sheet, ours)
    typed = [(row_id if row_id in ids else None, column, row.cells[column]) for row_id, row in sheet.rows.items() for column in COLUMNS]
    copies = [row for row in sheet.twice if all(same(row.cells[c], sheet.rows[row.cells["action_id"]].cells[c]) for c in COLUMNS)]
    typed += [(None, column, row.cells[column]) for row in (*sheet.new, *sheet.twice) if row not in copies for column in COLUMNS]
    for row_id, column, value in typed:
        edit = value not in (None, "") and not same(meant(value), base[row_id][column] if row_id else None)
        assert not edit or kept(merged, value, row_id, column)
    for row_id, cells in ours.items():
        assert all(same(merged.rows[row_id][c], v) for c, v in cells.items() if not same(v, base[row_id][c]))


@settings(max_examples=300, deadline=None)
@given(situations())
def test_reading_the_same_file_again_changes_nothing(situation):
    base, rows, ours = situation
    first = merged_with(base, saved(*rows), ours)
    second = merged_with(first.base, saved(*rows), first.rows, new_id=counting("AGAIN"), known=first.clashes)
    assert (second.rows, second.base) == (first.rows, first.base)
    assert (second.edits, second.added, second.clashes) == ((), (), ())
