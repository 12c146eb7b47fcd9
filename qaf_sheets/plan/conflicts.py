"""What the framework says twice or leaves open, as settings: each of specification 3.3's 28 with its default, its choices and the clause quoted."""

from __future__ import annotations

from qaf_sheets.plan.default import DUE, LAST_DAY, NO_DATE, Default, choice, roles, whole

WHO = (
    roles("all_managers", "TM", "Who is meant by “All managers”, wherever a rule or a setting says all_managers. Add a code for deputy managers if you have them.", "Appendix 6, “All managers”"),
    choice("dcs_observations_per_year", ("2", "4", "1"), "How many observations the Director undertakes a year (rule R17).", "Section 6, 6.5: “one observed practice every 6 months”; Appendix 6: “1x quarter”"),
    choice("senior_thematic", ("participation", "off", "full"), "What Assistant Directors and the Director owe in a thematic audit (rule R11): a short sign-off of their own, nothing, or children like every auditor.", "Appendix 6, “AD”, “DCS”: “Quarterly”; Section 8, 5.2: “auditors who are managers within the service”"),
    choice("ad_routine", ("on", "off"), "Whether Assistant Directors owe a routine summary of their own (rule R02).", "Appendix 7, “HoS / AD”; blank in Appendix 6"),
    choice("hos_thematic", ("off", "on"), "Whether Heads of Service audit children in a thematic audit (rule R10-HOS).", "Appendix 6: “All managers” may mean them, their own row does not"),
    roles("ccr_pool", "HOS, PSW, AP, IRO, CPC", "Who leads collaborative case reviews (rules R13 and R14).", "Appendix 6, “IRO/CP chairs: Quarterly”; Appendix 7, “HoS/PSW/Imp Team” only"),
    roles("dip_roles", "HOS, all_managers, PSW, IND_AUD", "Which of the roles in rules R06 to R09 owe a dip sample.", "Section 5, 5.2: “heads of service and team managers”; Appendices 6 and 7 add to them"),
    whole("sup_sample", "1", "Through how many of the people they supervise each supervisor's supervision is looked at in a year (rule R18).", "a number of people", "Section 7, 7.2: “each of the people they manage”; 7.3: “select a team manager”"),
    choice("asye_dips_unit", ("team", "person"), "Whether the improvement team's supervision dips are three a month together, or three for each of them (rule R20).", "Appendix 6, “2 x AP”: “x 3 each month”"),
    choice("asye_dips_months", ("every month", "as the Calendar"), "Whether supervision dips are owed every month, or only in months with a SUP line in the Calendar that names the role.", "Appendix 6: “each month”; Appendices 7 and 8 leave out the third month"),
    roles("obs_roles", "SW, ASYE, PA, EHP, TM, AP, PSW, IRO, CPC", "Who is observed by their line manager once a year (rule R15).", "Section 6, 6.4: “Every practitioner and team manager”; 6.2: “All staff”"),
    whole("psw_observations", "0", "How many meetings the PSW observes a quarter (rule R25). 0: none by rule.", "a number", "Appendix 6, “PSW”: “meetings”, which reads like its column's heading"),
)  # fmt: skip
WHEN = (
    whole("report_lag", "1", "A REPORT line in the Calendar reports the quarter this many quarters before its own.", "a number of quarters", "Appendices 7 and 8 both say “Q2”"),
    whole("learning_lag", "2", "… and its learning is from the quarter this many quarters before.", "a number of quarters", "Appendices 7 and 8 both say “learning from Q1”"),
    choice("ccr_week_rule", ("third Monday", "first Monday", "Calendar only"), "The week of the case reviews while the Calendar has none. It is never the week of Christmas; a date in the Calendar always wins.", "Appendix 4: “the third week of the month at the end of each period”; Appendix 7: week beginning 5 December"),
    choice("pre_dlt_meeting", ("department", "chief executive"), "Which meeting service summaries are written for: the department's own (Calendar, 'Before DLT') or the Chief Executive's.", "Section 2, 2.7 (first): “their own leadership team”; Section 12, “2.3”"),
    Default("activity_months", "DIP 1, THEM 2, CCR 3", "The month of the quarter in which an activity is done, while the Calendar has no week for it.", "text", "activity and month: DIP 1, THEM 2", "Appendices 7 and 8 print Q3 and Q4 only"),
    choice("dates_outside_quarter", ("told", "allowed"), "Whether 'plan check' tells of a week or meeting that is not in its row's quarter.", "Appendix 8 prints 2022 for weeks of January to March 2023"),
    whole("learning_reminder", "10", "'plan check' reminds you this many working days before DLT, while the learning event is blank. “To be confirmed” is an answer.", clause="Section 13, 10.4 (first): “quarterly/ six monthly learning events”"),
    Default("rout_due", LAST_DAY, "When routine summaries of Heads of Service and Assistant Directors are due.", "due", DUE, NO_DATE),
    Default("obs_due", LAST_DAY, "When the observations of a quarter are due.", "due", DUE, "Section 6, 6.6: returned quarterly"),
    Default("sup_due", LAST_DAY, "When the supervision audits of a quarter are due.", "due", DUE, NO_DATE),
    Default("contribution_due", LAST_DAY, "When contributions are due. Yearly ones belong to the last quarter, unless the Calendar has a line for them earlier.", "due", DUE, NO_DATE),
    Default("fup_due", LAST_DAY, "When the follow-up of closed actions is due.", "due", DUE, NO_DATE),
    whole("dip_due_after_week", "5", "Dip samples are due this many working days after the Friday of their week in the Calendar.", clause=NO_DATE),
    whole("them_due_after_week", "5", "Thematic audits, and the senior sign-off with them, are due this many working days after the Friday of their week.", clause=NO_DATE),
    whole("ccr_due_after_week", "3", "Collaborative case reviews are due this many working days after the Friday of their week in the Calendar.", clause=NO_DATE),
    whole("monthly_due", "5", "What is owed for a month is due on this working day of the next.", clause="Appendix 6: “each month”, no day given"),
    whole("serv_due_before_dlt", "5", "Service summaries are due this many working days before the meeting that 'pre_dlt_meeting' chooses.", clause="Section 2, 2.7 (first); Section 4, 4.3"),
    whole("serv_due_after_quarter", "5", "Where the Calendar has no such meeting yet: service summaries are due this many working days after the quarter ends.", clause="Section 2, 2.7 (first)"),
    whole("mod_due_after_week", "12", "Moderation is due this many working days after the Monday of the activity's week in the Calendar.", clause="Appendix 4, step five"),
    whole("ccr_drawn_before", "5", "The children for the case reviews are drawn this many working days before the month of their week.", clause="Appendix 4, step one: “allocated at the beginning of the month”"),
    whole("ccr_told_after", "3", "The child's worker, manager and chair are told, and the review's date set, this many working days after that month's first.", clause="Appendix 4, step two"),
    whole("ccr_observation_after", "5", "The reviewer has looked for a multi-agency meeting to observe this many working days after that month's first.", clause="Appendix 4, step two"),
    whole("ccr_moderated_from", "8", "The moderation session is held from this many working days after the Monday of the week, until 'mod_due_after_week'.", clause="Appendix 4, step five"),
    whole("ccr_shared_after", "15", "The findings are shared with managers this many working days after the Monday of the week.", clause="Appendix 4, step six"),
    whole("mod_due_least", "5", "… but not before this many working days after the review came in."),
)  # fmt: skip
HOW = (
    choice("appendix_refs", ("both", "Appendix 1 only", "Appendix 2 only"), "Which of the two summaries Heads of Service write: the service's (rule R04), their own routine oversight (R01), or both.", "Section 2, 2.6: Appendix 1; Section 4, 4.2: Appendix 2"),
    choice("refs", ("section and paragraph", "paragraph alone"), "How a duty's clause is written. The framework numbers some paragraphs twice, so the section tells them apart.", "Section 8 is numbered 5.1 to 5.5, section 13 as 10.1 to 10.5"),
    choice("dip_min_scope", ("authority", "return", "both-soft"), "Where at least ten children are asked: of the authority, of each return, or of both as a remark only.", "Section 5, 5.1: “at least ten children once per quarter”"),
    Default("moderators", "CCR: IND_AUD, PSW; THEM: PSW, IND_AUD", "Who moderates which activity: role codes or persons' ids, the first choice first. Nobody moderates their own review, their own case or a child they chair.", "text", "CCR: roles; THEM: roles", "Appendix 4: “Independent Auditor”; Section 8, 5.4: PSW, Head of Service QA"),
    choice("use_moderated", ("Yes", "No"), "Whether reports count the moderated grade where there is one. The reviewer's own grade is always kept.", "Appendix 4: moderation has no grade of its own"),
    choice("ed_block", ("required", "optional"), "Whether the answers on equality and diversity must be given on every form.", "Section 1, 1.6: “All quality assurance activity”; no template has a place for it"),
    choice("person_observed", ("required", "optional"), "Whether an observation must name the person observed. Without it, who was observed cannot be counted.", "Appendix 3: the template has no place for it"),
    choice("views_boxes", ("required", "optional"), "Whether a case review must say what the family and the practitioner thought.", "Appendix 4 asks for both; its form has no boxes"),
    choice("ccr_recheck_rule", ("Inadequate or bordering Good", "Inadequate or RI", "Inadequate"), "Which children of the last reviews are drawn again.", "Appendix 4: “Inadequate and Requires Improvement but where they were determined to be bordering Good”"),
    choice("lists", ("fixed", "open"), "Whether only levels of need from the Lists sheet may stand on the Children sheet.", "The framework names levels of need and service areas but never lists them"),
    choice("labels", ("by role", "as printed"), "Whether a form's words follow its reader's role (“ASSISTANT DIRECTOR” on theirs), or stand as the appendix prints them.", "Appendix 2: “HEAD OF SERVICE”"),
)  # fmt: skip
