"""`QA master.xlsx`: what the Assistant Director opens before a meeting (specification 8). One function a sheet; `SHEETS` is their order."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from qaf_sheets.look import Book
from qaf_sheets.model import Snapshot
from qaf_sheets.outputs.figures import Figures, Shown, figures
from qaf_sheets.outputs.master.action_summary import write_action_summary
from qaf_sheets.outputs.master.actions import write_actions
from qaf_sheets.outputs.master.again import write_again
from qaf_sheets.outputs.master.behind import write_behind
from qaf_sheets.outputs.master.checks import write_checks
from qaf_sheets.outputs.master.concerns import write_concerns
from qaf_sheets.outputs.master.contributions import write_contributions, write_contributions_in_full
from qaf_sheets.outputs.master.coverage import write_coverage, write_coverage_by_area, write_people_due
from qaf_sheets.outputs.master.dip_sample import write_dip_sample
from qaf_sheets.outputs.master.equality import write_equality, write_equality_words, write_reviewers_on_equality
from qaf_sheets.outputs.master.feedback import write_feedback, write_feedback_by_manager
from qaf_sheets.outputs.master.findings import write_findings
from qaf_sheets.outputs.master.grades import write_grades
from qaf_sheets.outputs.master.moderation import write_moderation
from qaf_sheets.outputs.master.notes import write_data_notes, write_definitions
from qaf_sheets.outputs.master.once import write_once_a_year
from qaf_sheets.outputs.master.practice import write_observations, write_supervision
from qaf_sheets.outputs.master.practice_areas import write_practice_areas
from qaf_sheets.outputs.master.returns import write_activities
from qaf_sheets.outputs.master.reviewed import write_reviewed
from qaf_sheets.outputs.master.said import write_children_said, write_staff_said
from qaf_sheets.outputs.master.staff import write_staff
from qaf_sheets.outputs.master.start import write_start
from qaf_sheets.outputs.master.themes import write_themes
from qaf_sheets.outputs.master.trend import write_trend
from qaf_sheets.outputs.master.triangulation import write_theme_rows, write_triangulation
from qaf_sheets.outputs.master.voice import write_voice
from qaf_sheets.outputs.master.year import Year
from qaf_sheets.outputs.sharing import Reader, seen_by

WriteSheet = Callable[[Book, Year], None]
SHEETS: tuple[WriteSheet, ...] = (
    write_start, write_checks, write_coverage, write_coverage_by_area, write_people_due, write_concerns, write_grades, write_practice_areas, write_trend, write_moderation, write_reviewed, write_again, write_dip_sample, write_voice, write_children_said, write_observations, write_supervision, write_findings, write_once_a_year, write_staff, write_staff_said, write_activities, write_contributions, write_contributions_in_full, write_themes, write_triangulation, write_theme_rows, write_equality, write_reviewers_on_equality, write_equality_words, write_action_summary, write_actions, write_feedback_by_manager, write_feedback, write_behind, write_data_notes, write_definitions,
)


SUMMARIES: tuple[WriteSheet, ...] = (write_start, write_checks, write_coverage, write_coverage_by_area, write_grades, write_practice_areas, write_trend, write_moderation, write_dip_sample, write_voice, write_observations, write_supervision, write_findings, write_staff, write_definitions)
ROWS: tuple[WriteSheet, ...] = (write_people_due, write_concerns, write_reviewed, write_again, write_once_a_year, write_activities, write_actions, write_feedback_by_manager, write_feedback)
COPIES: Mapping[str, Collection[WriteSheet]] = {
    "dlt": (*SUMMARIES, write_contributions, write_triangulation, write_equality, write_reviewers_on_equality), "service": (*ROWS, write_action_summary, write_equality, write_equality_words, *(w for w in SUMMARIES if w not in (write_checks, write_trend, write_moderation))), "person": (*ROWS, write_start, write_definitions),
}  # fmt: skip
"""The sheets of a copy, by its reader: aggregate for the leadership team, their own rows for a service and a person. In the order of `SHEETS`."""


def write_master(snapshot: Snapshot, figures: Figures, past: Sequence[Shown] = ()) -> bytes:
    """The whole master as the bytes of an .xlsx, with the quarters before, the oldest first. Pure: the same snapshots and figures give the same workbook."""
    return _written(Year(Shown(snapshot, figures), past), SHEETS)[0]


def write_copy(who: Reader, quarters: Sequence[Snapshot]) -> bytes:
    """A copy of the master to hand on: values alone, counted from what its reader may see. The last of `quarters` is the one it is about."""
    shown = [Shown(seen, figures(seen)) for seen in (seen_by(q, who) for q in quarters)]
    year = Year(shown[-1], shown[:-1], _called(who, quarters[-1]))
    sheets = tuple(w for w in SHEETS if w in COPIES[who.kind])
    return _written(year, sheets, _written(year, sheets, ())[1])[0]  # first without links, to learn what there is to link to


def _written(year: Year, sheets: Iterable[WriteSheet], only: Collection[str] | None = None, *, live: bool = True) -> tuple[bytes, Collection[str]]:
    """A workbook's bytes, and what its sheets are called. A copy, and a workbook with too many rows for one sheet, has values for formulas."""
    target, plan, label = io.BytesIO(), year.plan, year.label
    header = f"{plan.setting('council')}: quality assurance, {label}"
    book = Book(
        target, title="QA master", subject=f"Quality assurance, {label}", created=year.snapshot.as_at, header=header, marking=plan.setting("marking"), only=only,
        live=live and only is None,
    )  # fmt: skip
    for write in sheets:
        write(book, year)
    book.close()
    if book.parted and book.live:  # a formula over one sheet would not count what stands on another
        return _written(year, sheets, only, live=False)
    return target.getvalue(), [sheet.get_name() for sheet in book.xlsx.worksheets()]


def _called(who: Reader, seen: Snapshot) -> str:
    if who.kind == "dlt":
        return "the leadership team (DLT)"
    person = seen.plan.person(who.name)
    return person.name if person else who.name
