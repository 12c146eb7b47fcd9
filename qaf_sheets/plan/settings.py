"""Every setting: its default, what may stand there, what it does, and the clause where the framework leaves it open (specification 3.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

LAST_DAY = "last working day"


class Default(NamedTuple):
    """One row of the Settings sheet. `kind` says which values can be used."""

    name: str
    value: str
    what: str
    kind: Literal["text", "whole", "seconds", "due"] = "text"
    choices: str = ""
    clause: str = ""

    def fault(self, value: str) -> str:
        """The code of the problem with a value, '' when it can be used."""
        whole = value.isascii() and value.isdigit() and len(value) < 5
        if self.kind == "text" or whole or (self.kind == "due" and value.casefold() == LAST_DAY):
            return ""
        if self.kind == "seconds" and value.isascii() and value.replace(".", "", 1).isdigit():
            return ""
        return "PLAN_NOT_ON_LIST" if self.kind == "due" else "PLAN_NOT_A_NUMBER"


DUE = f"{LAST_DAY}, or a number of working days after the quarter ends"
NO_DATE = "The framework says only “end of quarter” (Appendix 7)"

DEFAULTS = (
    Default("council", "Children's services", "The council's name, on every form and document."),
    Default("marking", "OFFICIAL-SENSITIVE", "The protective marking printed at the foot of every page."),
    Default("qa_contact", "the QA unit", "Who managers may ask: name, phone and email. It stands on every form."),
    Default("child_id_digits", "7", "How many digits a child's ID has.", "whole", "a number"),
    Default("min_text", "20", "An answer in words with fewer characters than this is accepted, with a request to say more.", "whole", "a number of characters"),
    Default("short_answer", "40", "Answers on equality and diversity with fewer characters than this are counted as short.", "whole", "a number of characters", "Section 1, 1.6"),
    Default("manager_reviews_own_team", "barred", "Whether the team manager of a child's worker may lead that child's case review: barred or allowed.", "text", "barred or allowed", "Section 9; specification 10, case 48"),
    Default("rout_due", LAST_DAY, "When routine summaries of Heads of Service and Assistant Directors are due.", "due", DUE, NO_DATE),
    Default("obs_due", LAST_DAY, "When the observations of a quarter are due.", "due", DUE, "Section 6, 6.6: returned quarterly"),
    Default("dip_due_after_week", "5", "Dip samples are due this many working days after the Friday of their week in the Calendar.", "whole", "a number of working days", NO_DATE),
    Default("ccr_due_after_week", "3", "Collaborative case reviews are due this many working days after the Friday of their week in the Calendar.", "whole", "a number of working days", NO_DATE),
    Default("ccr_level_share", "50", "At most this percentage of a quarter's case reviews may be of children at one level of need.", "whole", "a percentage", "Appendix 4: a cross-section"),
    Default("ccr_team_share", "25", "At most this percentage of a quarter's case reviews may be of one team's children.", "whole", "a percentage", "Appendix 4: a cross-section"),
    Default("ccr_recheck_share", "20", "Aim for this percentage of case reviews to be of children looked at again after Inadequate, or RI bordering Good.", "whole", "a percentage", "Appendix 4"),
    Default("moderators", "CCR: IND_AUD, PSW; THEM: PSW, IND_AUD", "Who moderates which activity: role codes or persons' ids, the first choice first. Nobody moderates their own review, their own case or a child they chair.", "text", "CCR: roles; THEM: roles", "Appendix 4: “Independent Auditor”; Section 8, 5.4: PSW, Head of Service QA"),
    Default("them_moderation_share", "20", "All thematic audits graded Outstanding or Inadequate are moderated, and at least this percentage of the others.", "whole", "a percentage", "Section 8, 5.4: “will be moderated”"),
    Default("mod_due_after_week", "12", "Moderation is due this many working days after the Monday of the activity's week in the Calendar.", "whole", "a number of working days", "Appendix 4, step five"),
    Default("mod_due_least", "5", "… but not before this many working days after the review came in.", "whole", "a number of working days"),
    Default("on_file_after_moderation", "10", "A case review is to be on the child's file this many working days after moderation.", "whole", "a number of working days", "Section 13, 10.3: no time is given"),
    Default("serv_due_before_dlt", "5", "Service summaries are due this many working days before the department's own leadership meeting (Calendar, 'Before DLT').", "whole", "a number of working days", "Section 2, 2.7; Section 4, 4.3"),
    Default("serv_due_after_quarter", "5", "Where the Calendar has no such meeting yet: service summaries are due this many working days after the quarter ends.", "whole", "a number of working days", "Section 2, 2.7"),
    Default("report_lag", "1", "A REPORT line in the Calendar reports the quarter this many quarters before its own.", "whole", "a number of quarters", "Appendices 7 and 8 both say “Q2”"),
    Default("settle_seconds", "1", "A file must lie unchanged this long before it is read.", "seconds", "seconds"),
    Default("poll_seconds", "10", "How often the service looks into 'Return here' by itself.", "seconds", "seconds, best 5 to 300"),
    Default("incomplete_after_seconds", "120", "A file that arrives incomplete is waited for this long before we say it is damaged.", "seconds", "seconds"),
)  # fmt: skip
BY_NAME = {d.name: d for d in DEFAULTS}


def defaults() -> Mapping[str, str]:
    """Every setting's value in a plan that says nothing."""
    return {d.name: d.value for d in DEFAULTS}
