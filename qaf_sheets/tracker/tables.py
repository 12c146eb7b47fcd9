"""The tables beside the actions: what happens after a return, what waits for a person, and the meetings (design decision 8)."""

from __future__ import annotations

from qaf_sheets.tracker import states
from qaf_sheets.tracker.layout import ACTIONS, Calculated, Column, Tally, TwoWay, dated

FEEDBACK = TwoWay(
    id="feedback",
    sheet="Feedback and file",
    purpose="One row for each piece of work that counts. Dates that the return gave stand there already; fill in the others as they happen. What is expected follows from the activity.",
    lead="activity",
    noun="piece of work",
    instead="it stays for as long as its return counts",
    tally=Tally(column="outstanding", noun="piece of work", plural="pieces of work", empty="Nothing has come back yet that feedback is owed on.", parts=((states.MISSING, "with something outstanding"), (states.NOTHING_MISSING, "with nothing outstanding"))),
    grows=False,
    columns=(
        Column(id="piece", header="Piece of work", width=21, help="The return's reference; /2 is its second child."),
        Column(id="activity", header="Activity", width=24, help="What kind of work it is."),
        Column(id="about", header="About", width=24, help="Whose practice it is about: the worker, or the supervisor."),
        Column(id="reviewer", header="Reviewer", width=24, help="Who did the work, and gives the feedback."),
        Column(id="outstanding", header="Outstanding", width=34, help="What is expected and has no date yet.", calculated=Calculated(formula=states.OUTSTANDING, value=dated(states.outstanding))),
        *(
            Column(id=name, header=header, kind="date", editable=True, width=13.5, help=said)
            for (name, header, _), said in zip(
                states.AFTER,
                (
                    "The day the practitioner heard it (section 13, 10.3).", "The day the practitioner had it in writing (section 13, 10.3).", "The day the findings were discussed with the team manager.",
                    "The date of the supervision in which it was discussed.", "The day the finished form was placed on the child's file.", "The day the findings went to heads of service and team managers.",
                ),
                strict=True,
            )
        ),
        Column(id="note", header="Note", kind="long", editable=True, width=34, help="Anything that helps. No names of children, please."),
        Column(id="expected", header="Expected", width=34, help="What the framework asks for after this kind of work."),
        Column(id="team", header="Team", width=22, help="The team the work is about."),
        Column(id="area", header="Service area", width=26, help="The service the team belongs to."),
        Column(id="child_id", header="Child", kind="child_id", width=11, help="The child's reference. Never a name."),
        Column(id="done_on", header="Done on", kind="date", width=13, help="The day the work was done."),
    ),
)

DECISIONS = TwoWay(
    id="decisions",
    sheet="Decisions",
    purpose="What waits for a person. Choose, say who decides and why: it is carried out when your changes are read. Nothing is carried out without who and why.",
    lead="about",
    noun="decision",
    instead="to take a decision back, choose something else",
    tally=Tally(column="standing", noun="decision", plural="decisions", empty="Nothing waits for a decision. You can add one in the first yellow row.", parts=((states.WAITING, "waiting"), (states.UNSIGNED, "without who or why"), (states.DECIDED, "made"))),
    columns=(
        Column(id="decision_id", header="Decision", width=11, help="Given by the service."),
        Column(id="kind", header="Kind", kind="choice", fillable=True, list="decision_kind", width=18, help="What kind of decision it is."),
        Column(id="about", header="About", fillable=True, width=22, help="What it is about. For an exemption: who, which activity and which quarter, like P031 CCR 2026-27-Q3."),
        Column(id="standing", header="Standing", width=17, help="Whether it waits, lacks who or why, or is made.", calculated=Calculated(formula=states.DECISION, value=dated(states.decided))),
        Column(id="asked", header="Question", kind="long", width=40, help="What there is to decide, and the choices."),
        Column(id="choice", header="Choice", editable=True, list="decision_choice", width=15, help="One of the choices that the question names."),
        Column(id="who", header="Decided by", kind="person", editable=True, list="people", width=21, help="Who decides: a name of the staff list."),
        Column(id="why", header="Why", kind="long", editable=True, width=29, help="One sentence is enough. It stands in the journal."),
        Column(id="decided_on", header="Decided on", kind="date", editable=True, width=12, help="Left blank, it is the day your change is read."),
    ),
)

MEETINGS = TwoWay(
    id="meetings",
    sheet="Meetings",
    purpose="Who heard the report on each quarter, what they decided, and the quality assurance they asked for. Planned dates come from the plan's Calendar.",
    lead="meeting",
    noun="meeting",
    instead="the Calendar has it",
    tally=Tally(
        column="standing", noun="meeting", plural="meetings", empty="No meetings yet. You can add one in the first yellow row.",
        parts=((states.PRESENTED, "presented"), (states.PASSED, "whose date has passed"), (states.PLANNED, "planned"), (states.OPEN, "to be confirmed")),
    ),
    columns=(
        Column(id="meeting_id", header="Meeting reference", width=22, help="Given by the service."),
        Column(id="quarter", header="Report on", fillable=True, width=12, help="The quarter that the report is about, like Q3 2026-27."),
        Column(id="meeting", header="Meeting", fillable=True, list="meeting", width=27, help="Who meets."),
        Column(id="standing", header="Standing", width=17, help="Worked out from the dates.", calculated=Calculated(formula=states.MEETING, value=dated(states.presented))),
        Column(id="planned_on", header="Planned for", kind="date", fillable=True, width=12, help="From the Calendar of the plan."),
        Column(id="presented_on", header="Presented on", kind="date", editable=True, width=13, help="The day the report was heard."),
        Column(id="decided", header="What was decided", kind="long", editable=True, width=33, help="What they decided, in a sentence or two."),
        Column(id="directed", header="Quality assurance asked for", kind="long", editable=True, width=29, help="Any further quality assurance they directed (section 12)."),
        Column(id="by_whom", header="Presented by", kind="person", editable=True, list="people", width=20, help="Who presented it."),
    ),
)

CONCERNS = TwoWay(
    id="concerns",
    sheet="Immediate concerns",
    purpose="Children who may be unsafe now. Each stays on every page until its outcome and who recorded it stand here.",
    lead="activity",
    noun="immediate concern",
    instead="write its outcome",
    tally=Tally(
        column="standing", noun="immediate concern", plural="immediate concerns", empty="No return has flagged an immediate concern.",
        parts=((states.CONCERN_OPEN, "open"), (states.NOT_SIGNED, "without who recorded it"), (states.SETTLED, "with the outcome recorded")),
    ),
    grows=False,
    columns=(
        Column(id="key", header="Concern", width=23, help="The return's reference, with the sheet or row of the child."),
        Column(id="child_id", header="Child", kind="child_id", width=12, help="The child's reference. Never a name."),
        Column(id="standing", header="Standing", width=22, help="Open until the outcome and who recorded it stand here.", calculated=Calculated(formula=states.CONCERN, value=dated(states.concern))),
        Column(id="since", header="Flagged on", kind="date", width=13, help="The day the first return that flags it came in."),
        Column(id="told", header="Somebody told", width=14, help="Whether the return names who was told."),
        Column(id="outcome", header="Outcome", kind="long", editable=True, width=44, help="What was done and how the child is. No names of children, please."),
        Column(id="settled_by", header="Recorded by", kind="person", editable=True, list="people", width=24, help="Who says so: a name of the staff list."),
        Column(id="settled_on", header="Recorded on", kind="date", editable=True, width=13, help="Left blank, it is the day your change is read."),
        Column(id="activity", header="Activity", width=12, help="The code of the activity that flagged it."),
        Column(id="team", header="Team", width=22, help="The child's team."),
        Column(id="area", header="Service area", width=28, help="The service the team belongs to."),
    ),
)

TABLES = (ACTIONS, FEEDBACK, CONCERNS, DECISIONS, MEETINGS)
"""Every two-way table of the tracker, in the order of its sheets."""
