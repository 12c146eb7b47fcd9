"""Every setting: its default, what may stand there, what it does, and the clause where the framework leaves it open (specification 3.3)."""

from __future__ import annotations

from collections.abc import Mapping

from qaf_sheets.plan.conflicts import HOW, WHEN, WHO
from qaf_sheets.plan.default import Default, choice, whole

COUNCIL = (
    Default("council", "Children's services", "The council's name, on every form and document."),
    Default("marking", "OFFICIAL-SENSITIVE", "The protective marking printed at the foot of every page."),
    Default("qa_contact", "the QA unit", "Who managers may ask: name, phone and email. It stands on every form."),
)
ANSWERS = (
    whole("child_id_digits", "7", "How many digits a child's ID has.", "a number"),
    whole("min_text", "20", "An answer in words with fewer characters than this is accepted, with a request to say more.", "a number of characters"),
    whole("short_answer", "40", "Answers on equality and diversity with fewer characters than this are counted as short.", "a number of characters", "Section 1, 1.6"),
)
CODE = "a role's code"
PEOPLE = (
    Default("role_director", "DCS", "Your code for the Director, who alone has no line manager.", "text", CODE),
    Default("role_assistant_director", "AD", "Your code for Assistant Directors.", "text", CODE),
    Default("role_head_of_area", "HOS", "Your code for whoever heads a service area: each has exactly one.", "text", CODE),
    Default("role_practice_lead", "PSW", "Your code for the Principal Social Worker.", "text", CODE),
    Default("role_qa_unit", "QA_OFF", "Your code for quality assurance officers.", "text", CODE),
    whole("absent_share", "50", "Somebody absent for more than this percentage of a quarter's working days owes nothing in it; whoever acts for them does.", "a percentage", "Specification 3.2"),
    whole("observed_within_days", "90", "Somebody new in role is observed within this many days of 'New in role since'.", "a number of days", "Section 6, 6.2: “particular focus”"),
)
REVIEWS = (
    choice("manager_reviews_own_team", ("barred", "allowed"), "Whether the team manager of a child's worker may lead that child's case review.", "Section 9; specification 10, case 48"),
    whole("ccr_most_each", "3", "Nobody leads more case reviews than this in a quarter.", "a number", "Specification 3.1"),
    whole("ccr_level_share", "50", "At most this percentage of a quarter's case reviews may be of children at one level of need.", "a percentage", "Appendix 4: a cross-section"),
    whole("ccr_team_share", "25", "At most this percentage of a quarter's case reviews may be of one team's children.", "a percentage", "Appendix 4: a cross-section"),
    whole("ccr_recheck_share", "20", "Aim for this percentage of case reviews to be of children looked at again after Inadequate, or RI bordering Good.", "a percentage", "Appendix 4"),
    whole("them_moderation_share", "20", "All thematic audits graded Outstanding or Inadequate are moderated, and at least this percentage of the others.", "a percentage", "Section 8, 5.4: “will be moderated”"),
    whole("theme_least_returns", "3", "A practice theme of the quarter is put to the QA unit to confirm when at least this many returns speak of it …", "a number of returns", "Section 13, 10.5"),
    whole("themes_asked", "6", "… and at most this many are asked about, the most frequent first.", "a number", "Section 13, 10.5"),
    whole("moderation_least", "5", "Below this many moderated pieces of work nothing is said of which way moderation moves grades: too few.", "a number", "Specification 8, row 8"),
    whole("on_file_after_moderation", "10", "A case review is to be on the child's file this many working days after moderation.", clause="Section 13, 10.3 (second): no time is given"),
    whole("fup_share", "20", "The follow-up looks at this percentage of the actions closed in the quarter before …", "a percentage", "Section 13, 10.3 (second)"),
    whole("fup_least", "5", "… and at least at this many, as far as there are.", "a number of actions", "Section 13, 10.3 (second)"),
    whole("pack_finished_days", "28", "Somebody's own list of actions still shows what they finished in this many days.", "a number of days", "Specification 9: no time is given"),
)  # fmt: skip
ACTIONS = (
    whole("escalate_owner_after", "5", "An action overdue by this many working days has come to its owner and the team manager …", "a number", "Specification 9: escalation"),
    whole("escalate_head_after", "15", "… by this many, to the Head of Service …", "a number", "Specification 9: escalation"),
    whole("escalate_lead_after", "30", "… and by this many, to the Principal Social Worker and the DLT's list.", "a number", "Specification 9: escalation"),
    whole("escalate_moves", "2", "An unfinished action whose date was moved this often has come there too.", "a number", "Specification 9: second revision"),
)  # fmt: skip
COUNCILS_OWN = "Specification 7.3: per the council's schedule"
RETENTION = (
    whole("purge_names_after_months", "12", "Children's names in received files are due to be removed this many months after their quarter, once the work is on the child's file.", "a number of months", COUNCILS_OWN),
    whole("keep_months", "72", "Received files are kept this many months after their quarter; then the service says so. Nothing is deleted by itself.", "a number of months", COUNCILS_OWN),
)  # fmt: skip
SHARING = (
    whole("small_team_work", "5", "Outside its service, a team with fewer graded pieces of work than this is counted together with others …", "a number", "Specification 7.3"),
    whole("small_team_staff", "3", "… and one with fewer staff than this.", "a number of people", "Specification 7.3"),
    whole("small_number", "5", "In papers for people outside the department, numbers from 1 to this are shown as “c”, and a second one where the first could be worked out.", "a number", "Specification 7.3"),
)  # fmt: skip
SERVICE = (
    Default("backup_folder", "", "A folder for a copy of the register, which nobody but the service and the QA unit can read: another disk, never this workspace. Blank: no copy is kept.", "text", "a folder, or blank"),
    Default("settle_seconds", "1", "A file must lie unchanged this long before it is read.", "seconds", "seconds"),
    Default("poll_seconds", "10", "How often the service looks into 'Return here' by itself.", "seconds", "seconds, best 5 to 300"),
    Default("incomplete_after_seconds", "120", "A file that arrives incomplete is waited for this long before we say it is damaged.", "seconds", "seconds"),
)
GROUPS = {
    "The council": COUNCIL, "Who owes what": WHO, "Dates": WHEN, "How it is done": HOW, "People": PEOPLE, "Reviews and follow-up": REVIEWS, "Actions": ACTIONS, "Answers": ANSWERS,
    "Keeping": RETENTION, "Sharing": SHARING, "The service": SERVICE,
}  # fmt: skip
DEFAULTS = tuple(d._replace(group=group) for group, rows in GROUPS.items() for d in rows)
BY_NAME = {d.name: d for d in DEFAULTS}


def defaults() -> Mapping[str, str]:
    """Every setting's value in a plan that says nothing."""
    return {d.name: d.value for d in DEFAULTS}
