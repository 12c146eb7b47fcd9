"""The plan's sheets as data: one reader and one writer serve them all."""

from __future__ import annotations

from typing import Literal

from qaf_sheets.model import Record
from qaf_sheets.plan.in_force import GOVERNS
from qaf_sheets.plan.who import UNITS

Kind = Literal["text", "words", "date", "number", "yes_no", "quarter", "person"]
FILE = "QA plan.xlsx"
HEADING_ROW = 4


class Column(Record):
    """One column. A `words` cell holds several, divided by commas.

    Only `options` are allowed; `source` (a list or a sheet) is offered but other text may stand, for the check to judge. `when_blank` is what
    to report when a required cell is blank. An `explains` column is there to be read, not filled in. An `open` date may say "TBC", which is a blank.
    """

    id: str
    header: str
    kind: Kind = "text"
    required: bool = False
    width: float = 16
    help: str = ""
    options: tuple[str, ...] = ()
    source: str = ""
    unique: bool = False
    when_blank: str = "PLAN_BLANK"
    explains: bool = False
    open: bool = False


class Sheet(Record):
    """One sheet: a title, one sentence, and a table. `spare` rows below it are ready to type in."""

    name: str
    purpose: str
    columns: tuple[Column, ...]
    spare: int = 20


PER = ("month", "quarter", "half", "year")
YES_NO = ("Yes", "No")

SHEETS = (
    Sheet(name="People", purpose="Everyone who owes, does or is the subject of quality assurance. One row a person; the id never changes.", columns=(
        Column(id="person_id", header="Person ID", required=True, unique=True, width=11, help="A short id of your own, like P031. It names the person's folder and never changes."),
        Column(id="name", header="Name", required=True, width=26),
        Column(id="role", header="Role", required=True, width=10, source="roles", help="The role's code, from the list 'roles' on the Lists sheet."),
        Column(id="line_manager_id", header="Line manager", kind="person", width=14, help="The manager's Person ID. Only the director may have none."),
        Column(id="team", header="Team", width=24, source="Teams", help="A team of the Teams sheet, or blank."),
        Column(id="service_area", header="Service area", width=32, help="Filled in from the team where it is blank."),
        Column(id="start_date", header="Started", kind="date", width=13, help="Blank: before this year."),
        Column(id="end_date", header="Left", kind="date", width=13, help="The last day in post."),
        Column(id="absent_from", header="Absent from", kind="date", width=13),
        Column(id="absent_to", header="Absent to", kind="date", width=13),
        Column(id="acting_for", header="Acting for", kind="person", width=13, help="The Person ID of somebody absent, or who left: this person owes what they would."),
        Column(id="asye_from", header="ASYE from", kind="date", width=13, help="Newly qualified: their assessed and supported year. Blank: by their role."),
        Column(id="asye_to", header="ASYE to", kind="date", width=13),
        Column(id="new_in_role_since", header="New in role since", kind="date", width=13, help="Or in development focus since. They are observed within 90 days of it (6.2; setting observed_within_days)."),
        Column(id="development_focus", header="Development focus", kind="yes_no", width=13, help="Yes, with a date under 'New in role since', brings their observation forward (6.2)."),
        Column(id="email", header="Email", width=40),
        Column(id="in_scope", header="In scope", kind="yes_no", width=10, help="No leaves the person out of everything. Blank means Yes."),
    )),
    Sheet(name="Teams", purpose="Each team and the service area it belongs to. A service area has one head: the role in the setting role_head_of_area.", columns=(
        Column(id="team", header="Team", required=True, unique=True, width=28),
        Column(id="service_area", header="Service area", required=True, when_blank="PLAN_TEAM_NO_AREA", width=36),
    )),
    Sheet(name="Calendar", purpose="The dates of each quarter's activities and meetings. A blank date is still to be confirmed; TBC says the same.", columns=(
        Column(id="quarter", header="Quarter", kind="quarter", required=True, width=13, help="Like 2026-27-Q3."),
        Column(id="month", header="Month", width=12, help="The month's name, like October: for lines without a week of their own."),
        Column(id="activity", header="Activity", required=True, width=18, help="An activity's code, CONTRIBUTIONS for all contributions of a quarter, or REPORT for the report on the quarter before."),
        Column(id="who", header="Who", width=24, help="Role codes, divided by commas."),
        Column(id="week_beginning", header="Week beginning", kind="date", open=True, width=14),
        Column(id="booking_date", header="Book by", kind="date", open=True, width=13),
        Column(id="due_on", header="Due", kind="date", open=True, width=13, help="Overrules the usual due date of this activity in this quarter."),
        Column(id="theme", header="Theme", width=36),
        Column(id="why_chosen", header="Why this theme", width=36, help="Why the theme was chosen (5.1). It stands in the reports."),
        Column(id="priority_id", header="Priority", width=11, source="Priorities", help="Which practice priority the theme serves: a Priority ID of the Priorities sheet (2.2)."),
        Column(id="pre_dlt_date", header="Before DLT", kind="date", open=True, width=13, help="The department's own leadership meeting before DLT."),
        Column(id="dlt_date", header="DLT", kind="date", open=True, width=13, help="The departmental leadership team meeting that hears the report."),
        Column(id="cx_slt_date", header="Chief Executive's SLT", kind="date", open=True, width=14, help="The Chief Executive's leadership team, after DLT (section 12)."),
        Column(id="lead_member_date", header="Lead member", kind="date", open=True, width=13),
        Column(id="cib_date", header="Improvement Board", kind="date", open=True, width=14, help="The Children's Improvement Board."),
        Column(id="scrutiny_date", header="Scrutiny", kind="date", open=True, width=13),
        Column(id="learning_event", header="Learning event", width=28, help="Its date, or words; 'to be confirmed' is an answer. Blank: you are reminded before DLT."),
        Column(id="note", header="Note", width=54),
    )),
    Sheet(name="Rules", purpose="Who owes what, how often, and the clause that says so. Switch a rule off with No. Where 'Set by' names a setting, its value on the Settings sheet decides whether the rule counts, for whom or how often; clear the cell, and the row alone decides.", columns=(
        Column(id="rule_id", header="Rule", required=True, unique=True, width=11),
        Column(id="who", header="Who owes it", kind="words", required=True, width=32, help="Role codes divided by commas, 'line manager', or a setting that lists roles, like all_managers."),
        Column(id="about", header="About", kind="words", width=22, help="For pairs: the roles of the people it is about, a setting that lists roles, or 'supervisors': all who have somebody to supervise."),
        Column(id="activity", header="Activity", required=True, width=11),
        Column(id="count", header="How many", kind="number", required=True, width=9),
        Column(id="per", header="Per", required=True, width=10, options=PER),
        Column(id="unit", header="Unit", required=True, width=11, options=tuple(UNITS), help="; ".join(f"{name}: {unit.means}" for name, unit in UNITS.items()) + "."),
        Column(id="owner", header="Named owner", kind="person", width=13),
        Column(id="on", header="On", kind="yes_no", required=True, width=8),
        Column(id="setting", header="Set by", width=26, options=tuple(GOVERNS), help="The setting that decides too: whether this rule counts, for whom, or how often."),
        Column(id="active_from", header="From", kind="date", width=13),
        Column(id="active_to", header="To", kind="date", width=13),
        Column(id="clause", header="Clause", required=True, width=56),
    )),
    Sheet(name="Lists", purpose="The words of every drop-down list. A code is what reports count by; 'Also written' are other spellings we understand.", columns=(
        Column(id="list", header="List", required=True, width=20),
        Column(id="option", header="Option", required=True, width=38),
        Column(id="code", header="Code", width=16),
        Column(id="aliases", header="Also written", width=60, help="Other spellings, divided by semicolons."),
    )),
    Sheet(name="Themes", purpose="The questions of each theme for dip samples and thematic audits. They are fixed once a form with them is issued.", columns=(
        Column(id="theme", header="Theme", required=True, width=44),
        Column(id="question_id", header="Question ID", required=True, width=13),
        Column(id="question", header="Question", required=True, width=80),
        Column(id="kind", header="Kind", width=16, options=("yes_partly_no", "evaluate")),
        Column(id="options", header="Options", kind="words", width=26, help="The choices of this question, divided by commas. Blank: Yes, Partly, No, Not applicable. A theme that is evaluated has grades."),
        Column(id="help", header="Help", width=36),
        Column(id="required", header="Required", kind="yes_no", width=11, help="Blank means Yes."),
    )),
    Sheet(name="Priorities", purpose="The practice priorities that themes serve (clause 2.2).", columns=(
        Column(id="priority_id", header="Priority ID", required=True, unique=True, width=12),
        Column(id="wording", header="Priority", required=True, width=70),
        Column(id="origin", header="Comes from", width=36),
        Column(id="owner", header="Owner", kind="person", width=12),
    )),
    Sheet(name="Children", purpose="The performance team's list of children, by ID only. Please put no names in this workbook.", columns=(
        Column(id="child_id", header="Child ID", required=True, unique=True, width=13),
        Column(id="level_of_need", header="Level of need", width=28, source="level_of_need"),
        Column(id="team", header="Team", width=28, source="Teams"),
        Column(id="worker_id", header="Worker", kind="person", width=12, help="The case holder's Person ID."),
        Column(id="chair_id", header="IRO or chair", kind="person", width=13, help="The Independent Reviewing Officer or conference chair: they never review this child."),
        Column(id="closed_on", header="Closed on", kind="date", width=13, help="The day the case was closed, if it was."),
        Column(id="turns_18_on", header="Turns 18 on", kind="date", width=13, help="Only where it matters: no dates of birth, please."),
        Column(id="last_reviewed_on", header="Last reviewed", kind="date", width=14, help="The child's last graded review, if any."),
        Column(id="last_grade", header="Last grade", width=26, source="grade"),
        Column(id="bordering_good", header="Bordering Good", kind="yes_no", width=12, help="Yes where the last grade was RI, but close to Good (Appendix 4: to be reviewed again)."),
    )),
    Sheet(name="Allocation", purpose="Which child is reviewed by whom, and why this child and this reviewer.", columns=(
        Column(id="quarter", header="Quarter", kind="quarter", required=True, width=13),
        Column(id="activity", header="Activity", required=True, width=12),
        Column(id="child_id", header="Child ID", required=True, width=13),
        Column(id="reviewer_id", header="Reviewer", kind="person", required=True, width=12),
        Column(id="why", header="Why", width=66),
    )),
    Sheet(name="Earlier quarters", purpose="What was counted before this service did: the reports show the trend from it.", columns=(
        Column(id="quarter", header="Quarter", kind="quarter", required=True, width=13, help="Like 2026-27-Q3."),
        Column(id="activity", header="Activity", required=True, width=12),
        Column(id="measure", header="Measure", required=True, width=24, help="expected, returned, on time, or a grade's code, like RI."),
        Column(id="n", header="How many", kind="number", required=True, width=11),
    )),
    Sheet(name="Settings", purpose="The council's own choices, and its answers where the framework contradicts itself. Change the Value; the rest explains it.", spare=0, columns=(
        Column(id="name", header="Name", required=True, unique=True, width=28),
        Column(id="group", header="About", explains=True, width=22),
        Column(id="value", header="Value", width=40),
        Column(id="choices", header="Choices", explains=True, width=30),
        Column(id="what", header="What it does", explains=True, width=64),
        Column(id="clause", header="Clause", explains=True, width=44),
    )),
)  # fmt: skip


def sheet_named(name: str) -> Sheet:
    """A sheet by its name."""
    return next(s for s in SHEETS if s.name == name)
