"""The words of the example council's lists, and the question sets of Annex A. A council changes them in its own plan."""

from __future__ import annotations

from collections.abc import Mapping

from qaf_sheets.model import Option

LEVELS = {"Early Help / Family Help": 60, "Child in Need": 165, "Child Protection": 45, "Child in Care": 90, "Care Leaver": 40}
ROLES = {
    "DCS": "Director of Children's Services", "AD": "Assistant Director", "HOS": "Head of Service", "PSW": "Principal Social Worker",
    "AP": "Advanced practitioner", "IRO": "Independent Reviewing Officer", "CPC": "Child protection conference chair", "IND_AUD": "Independent auditor",
    "TM": "Team manager", "SW": "Social worker", "ASYE": "Newly qualified social worker", "PA": "Personal adviser", "EHP": "Early help practitioner",
    "QA_OFF": "Quality assurance officer", "PERF": "Performance analyst", "COMPL": "Complaints officer",
}  # fmt: skip
GRADES = (
    Option(text="Outstanding"), Option(text="Good"),
    Option(text="Requires improvement (RI)", code="RI", aliases=("Requires improvement", "Requires improvement to be good", "RI")), Option(text="Inadequate"),
)  # fmt: skip
TOPICS: Mapping[str, tuple[str, ...]] = {
    "Assessment quality": ("assess",),
    "Analysis of risk": ("risk", "danger", "harm", "safety", "threshold"),
    "Planning and SMART actions": ("planning", "the plan", "plans", "care plan", "smart", "goal"),
    "Contingency": ("contingenc", "back-up", "fallback"),
    "Multi-agency working": ("multi-agency", "agenc", "partner", "core group", "strategy meeting", "police"),
    "Visits and direct work": ("visit", "direct work"),
    "Voice and lived experience": ("voice", "lived experience", "the child's view", "the child’s view", "wishes", "heard", "daily life", "day-to-day life"),
    "Parents/carers and network": ("network", "parent", "mother", "carer", "grandparent", "family group"),
    "Fathers and male carers": ("father", "dad", "male carer", "stepfather"),
    "Identity, equality and diversity": ("identity", "equality", "divers", "culture", "cultural", "language", "interpreter", "faith", "religio", "disab", "ethnic", "race", "racis"),
    "Management oversight": ("oversight", "management", "manager", "sign-off"),
    "Supervision": ("supervis", "reflecti"),
    "Recording and chronology": ("record", "chronolog", "genogram", "case note", "written up", "write up", "case summar"),
    "Timeliness and drift": ("drift", "delay", "is late", "was late", "were late", "too late", "timel", "overdue", "out of date", "waiting"),
    "Permanence and transitions": ("permanen", "transition", "pathway", "placement", "leaving care", "adopt"),
    "Health and education": ("health", "school", "educat", "dentist", "attendance", "personal education plan"),
    "Other": (),
}  # fmt: skip
"""The subjects that findings are sorted under (Annex A.5), and how the words begin that suggest each of them."""
LISTS: Mapping[str, tuple[Option, ...]] = {
    "level_of_need": tuple(Option(text=t) for t in LEVELS),
    "yes_no": (Option(text="Yes", aliases=("Y",)), Option(text="No", aliases=("N",))),
    "nature": (Option(text="Meeting"), Option(text="Supervision"), Option(text="Visit", aliases=("Home visit",)), Option(text="Other")),
    "evident": tuple(Option(text=t) for t in ("Strongly evident", "Evident", "Partly evident", "Not evident")),
    "actions_any": (Option(text="Yes, listed on the Actions sheet", code="Yes"), Option(text="No further action", code="No", aliases=("None", "No further actions"))),
    "action_level": tuple(Option(text=t) for t in ("Child", "Practitioner", "Team", "Service", "Partnership")),
    "priority": tuple(Option(text=t) for t in ("Immediate", "Within 10 working days", "Within the quarter")),
    "action_status": tuple(Option(text=t) for t in ("Open", "In progress", "Done", "Checked", "Verified", "Closed", "Not needed", "Reopened", "Escalated")),
    "impact": tuple(Option(text=t) for t in ("Yes", "Too early", "No", "Not checked")),
    "grade": GRADES,
    "area_grade": (*GRADES, Option(text="Not applicable", code="NA", aliases=("N/A",))),
    "yes_partly_no": (Option(text="Yes", aliases=("Y",)), Option(text="Partly"), Option(text="No", aliases=("N",)), Option(text="Not applicable", code="NA", aliases=("N/A",))),
    "took_part": tuple(Option(text=t) for t in ("Yes", "No", "Not involved")),
    "acted_on": tuple(Option(text=t) for t in ("Yes", "Partly", "No")),
    "family_contact": tuple(Option(text=t) for t in ("Child", "Parent/carer", "Both", "Tried - not reached", "Not appropriate")),
    "moderator_role": (Option(text="Independent auditor"), Option(text="PSW"), Option(text="HoS QA")),
    "mod_focus": tuple(Option(text=t) for t in ("Impact and outcomes", "Mixed", "Mostly process")),
    "mod_ed": tuple(Option(text=t) for t in ("Strong", "Adequate", "Limited")),
    "attendance": (Option(text="None"), *(Option(text=t) for t in ("Fewer than 5", "5 to 9", "10 to 19", "20 to 49", "50 or more"))),
    "learning_review": tuple(Option(text=t) for t in ("Practice learning review", "Child safeguarding practice review", "Multi-agency audit", "Other")),
    "complaint_kind": tuple(Option(text=t) for t in ("Complaint", "Compliment")),
    "theme_code": tuple(Option(text=t) for t in TOPICS),
    "theme_codes": tuple(Option(text=t, aliases=words) for t, words in TOPICS.items()),
    "direction": tuple(Option(text=t) for t in ("Strength", "Worry")),
    "request_standing": tuple(Option(text=t) for t in ("Done", "In hand", "Not possible", "No answer yet")),
    "promise_kept": tuple(Option(text=t) for t in ("Kept", "Partly", "Not yet")),
    "ofsted_visit": tuple(Option(text=t) for t in ("Inspection", "Focused visit", "Joint inspection", "Annual conversation", "Other")),
    "finding_kind": tuple(Option(text=t) for t in ("Strength", "To improve")),
    "ilacs": tuple(Option(text=t) for t in ("Help and protection", "Children in care", "Care leavers", "Impact of leaders")),
    "further_qa": tuple(Option(text=t) for t in ("None", "Dip sample", "Thematic audit", "Case review", "Observation", "Something else")),
    "evidence_seen": tuple(Option(text=t) for t in ("Yes", "Partly", "No")),
    "difference_made": tuple(Option(text=t) for t in ("Yes", "Too early", "No")),
    "learning_kind": tuple(Option(text=t) for t in ("Learning event", "Training", "Team or individual support", "Challenge to a manager")),
    "helped": tuple(Option(text=t) for t in ("Yes", "Partly", "Too early to say", "No")),
    "quarter_of_year": (Option(text="Q1"), Option(text="Q2"), Option(text="Q3"), Option(text="Q4")),
    "exercise": (Option(text="Dip sample", code="DIP"), Option(text="Thematic audit", code="THEM"), Option(text="Collaborative case reviews", code="CCR")),
    "roles": tuple(Option(text=text, code=code) for code, text in ROLES.items()),
}  # fmt: skip
THEMES = {
    ("NET", "Networks and contingency planning", "yes_partly_no"): (
        "The family's own network is named on the record", "Network members have been spoken to or met in the last three months",
        "The plan says what each network member will do", "A contingency plan is recorded",
        "Parents/carers, and the child where able, helped write it", "It was reviewed at the last review or supervision",
    ),
    ("TIM", "Visits, plans and supervision in time", "yes_partly_no"): (  # an example: the framework names no theme for these quarters
        "The child was visited within the time their plan sets", "The last visit was written up within five working days",
        "The plan was reviewed when it was due", "Supervision of the case is recorded for each of the last three months",
        "The chronology is up to date",
    ),
    ("VIS", "Quality of visits / voice of the child", "evaluate"): (
        "Visits are purposeful and linked to the plan", "The child is seen alone where right to do so, and what they say or show is recorded",
        "The child's day-to-day life is understood", "What the child said changed something", "Communication suits age, disability, language and identity",
    ),
    ("DWS", "Danger/worry statements and safety/success goals", "evaluate"): (
        "Statements are specific, in plain words and say who is worried about what", "They are based on evidence of harm or likely harm",
        "Goals describe what will be seen when things are safe enough", "The family understands and has helped shape them", "The plan and scaling follow from them",
    ),
}  # fmt: skip
