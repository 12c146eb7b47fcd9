"""`QA master.xlsx`: what the Assistant Director opens before a meeting (specification 8). One function a sheet; `SHEETS` is their order."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

from qaf_sheets.look import Book
from qaf_sheets.model import Snapshot
from qaf_sheets.outputs.figures import Figures
from qaf_sheets.outputs.master.actions import write_actions
from qaf_sheets.outputs.master.again import write_again
from qaf_sheets.outputs.master.behind import write_behind
from qaf_sheets.outputs.master.checks import write_checks
from qaf_sheets.outputs.master.concerns import write_concerns
from qaf_sheets.outputs.master.contributions import write_contributions
from qaf_sheets.outputs.master.coverage import write_coverage, write_coverage_by_area, write_people_due
from qaf_sheets.outputs.master.dip_sample import write_dip_sample
from qaf_sheets.outputs.master.feedback import write_feedback, write_feedback_by_manager
from qaf_sheets.outputs.master.findings import write_findings
from qaf_sheets.outputs.master.grades import write_grades
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
from qaf_sheets.outputs.master.voice import write_voice
from qaf_sheets.outputs.master.year import Shown, Year

WriteSheet = Callable[[Book, Year], None]
SHEETS: tuple[WriteSheet, ...] = (
    write_start, write_checks, write_coverage, write_coverage_by_area, write_people_due, write_concerns, write_grades, write_practice_areas, write_trend, write_reviewed, write_again, write_dip_sample, write_voice, write_children_said, write_observations, write_supervision, write_findings, write_once_a_year, write_staff, write_staff_said, write_activities, write_contributions, write_themes, write_actions, write_feedback_by_manager, write_feedback, write_behind, write_data_notes, write_definitions,
)


def write_master(snapshot: Snapshot, figures: Figures, past: Sequence[Shown] = ()) -> bytes:
    """The whole master as the bytes of an .xlsx, with the quarters before, the oldest first. Pure: the same snapshots and figures give the same workbook."""
    year = Year(Shown(snapshot, figures), past)
    target, plan = io.BytesIO(), snapshot.plan
    header = f"{plan.setting('council')}: quality assurance, {snapshot.quarter.label}"
    book = Book(target, title="QA master", subject=f"Quality assurance, {snapshot.quarter.label}", created=snapshot.as_at, header=header, marking=plan.setting("marking"))
    for write in SHEETS:
        write(book, year)
    book.close()
    return target.getvalue()
