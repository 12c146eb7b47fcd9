"""The framework's rules as the example council has them: R01 to R24 of specification 3.1, and those that settings switch on."""

from __future__ import annotations

from collections.abc import Iterator

from qaf_sheets.model import Rule

REVIEWS = 20
"""How many children the case reviews of a quarter are about, at least (Appendix 4)."""
QUARTERLY = (
    ("R21-EH", "HOS", "C_EH", "P014", "Section 2, 2.8a"), ("R21-SEND", "HOS", "C_SEND", "P015", "Section 2, 2.8b"),
    ("R21-YJS", "HOS", "C_YJS", "P014", "Section 2, 2.8c"), ("R21-PEP", "HOS", "C_PEP", "P015", "Section 2, 2.8d"),
    ("R21-SCP", "HOS", "C_SCP", "P013", "Section 2, 2.8f"), ("R21-COMP", "COMPL", "C_COMP", "P093", "Section 2, 2.8g"),
    ("R21-CICC", "QA_OFF", "C_CICC", "P090", "Section 10, 10.3 and 10.4"), ("R21-CLF", "QA_OFF", "C_CLF", "P090", "Section 10, 10.3 and 10.4"),
    ("R21-CPB", "QA_OFF", "C_CPB", "P090", "Section 10, 10.3 and 10.4"), ("R21-PF", "QA_OFF", "C_PF", "P091", "Section 11, 11.2 (second)"),
    ("R21-PFS", "QA_OFF", "C_PFS", "P091", "Section 11, 11.2 (second)"),
)  # fmt: skip
YEARLY = (
    ("R23-FOST", "QA_OFF", "C_FOST", "P091", "Section 2, 2.8h"), ("R23-ADOP", "QA_OFF", "C_ADOP", "P091", "Section 2, 2.8h"),
    ("R23-STAFF", "QA_OFF", "C_STAFF", "P091", "Section 11, 11.3"), ("R23-PSW", "PSW", "PSW_ANN", "P016", "Section 13, 10.5"),
)  # fmt: skip


def example_rules() -> Iterator[Rule]:
    """Every rule, each with its clause."""
    yield from _summaries()
    yield from _samples()
    yield from _observations()
    yield from _contributions()


def _summaries() -> Iterator[Rule]:
    yield Rule(rule_id="R01", who=("HOS",), activity="ROUT", per="quarter", unit="person", setting="appendix_refs", clause="Section 4, 4.2; Appendix 6, “All Heads of Service”")
    yield Rule(rule_id="R02", who=("AD",), activity="ROUT", per="quarter", unit="person", setting="ad_routine", clause="Section 4, 4.1.1; Appendix 7, “HoS / AD” (Appendix 6 leaves it blank)")
    yield Rule(rule_id="R03", who=("DCS",), activity="ROUT", per="quarter", unit="person", on=False, clause="Section 4, 4.1.1, last point only: off unless you switch it on")
    yield Rule(rule_id="R04", who=("HOS",), activity="SERV", per="quarter", unit="area", setting="appendix_refs", clause="Section 2, 2.6; Appendix 1")
    yield Rule(rule_id="R05", who=("HOS",), activity="C_IRO", per="quarter", unit="unit", owner="P013", clause="Section 2, 2.8e; Appendix 6, “IRO/CP chairs”: one for the Safeguarding Unit")


def _samples() -> Iterator[Rule]:
    dips = (
        ("R06", "HOS", "Section 5, 5.2; Appendix 6"), ("R07", "all_managers", "Section 5, 5.2; Appendix 6, “All managers”"), ("R08", "PSW", "Appendix 6, “PSW”"),
        ("R09", "IND_AUD", "Appendix 7, “HoS/ TM/ Ind auditor” (not in Appendix 6)"), ("R09-AP", "AP", "Appendix 6 names none for the improvement team: only if 'dip_roles' lists AP"),
    )  # fmt: skip
    for rule_id, role, clause in dips:
        yield Rule(rule_id=rule_id, who=(role,), activity="DIP", per="quarter", unit="person", setting="dip_roles", clause=clause)
    yield Rule(rule_id="R10", who=("PSW", "AP", "all_managers", "IND_AUD"), activity="THEM", per="quarter", unit="person", clause="Section 8, 5.2; Appendix 6; Appendices 7 and 8")
    yield Rule(rule_id="R10-HOS", who=("HOS",), activity="THEM", per="quarter", unit="person", setting="hos_thematic", clause="Appendix 6, “All managers”, if Heads of Service are meant")
    yield Rule(rule_id="R11", who=("AD", "DCS"), activity="THEM_SNR", per="quarter", unit="person", setting="senior_thematic", clause="Appendix 6, “AD” and “DCS”: “Quarterly” under thematic")
    yield Rule(rule_id="R12", who=("PSW",), activity="THEM", count=4, per="year", unit="authority", clause="Section 8, 5.2: “a minimum of four times per year”")
    yield Rule(rule_id="R13", who=("ccr_pool",), activity="CCR", count=REVIEWS, per="quarter", unit="authority", clause="Appendix 4, “20 children”; Appendix 6")
    yield Rule(rule_id="R14", who=("ccr_pool",), activity="CCR", per="quarter", unit="person", clause="Appendix 6: each of them quarterly, so each gets at least one child")


def _observations() -> Iterator[Rule]:
    pair = ("line manager",)
    yield Rule(rule_id="R15", who=pair, about=("obs_roles",), activity="OBS", per="year", unit="pair", clause="Section 6, 6.4; Appendix 6, “Observe each team member 1x year”")
    yield Rule(rule_id="R16", who=("AD",), activity="OBS_SNR", per="quarter", unit="owner", owner="P002", clause="Section 6, 6.5; Appendix 6, “AD”: “1x quarter”")
    yield Rule(rule_id="R17", who=("DCS",), activity="OBS_SNR", per="half", unit="person", setting="dcs_observations_per_year", clause="Section 6, 6.5: “every 6 months” (Appendix 6: “1x quarter”)")
    yield Rule(rule_id="R18", who=pair, about=("supervisors",), activity="SUP", per="year", unit="pair", setting="sup_sample", clause="Section 7, 7.2 and 7.3; Appendix 6, “Review each … work 1 x year”")
    yield Rule(rule_id="R19", who=("PSW",), activity="SUP_ASYE", count=3, per="month", unit="person", clause="Appendix 6, “PSW”: “Dip sample ASYE x3 each month”")
    yield Rule(rule_id="R20", who=("AP",), activity="SUP_ASYE", count=3, per="month", unit="team", setting="asye_dips_unit", clause="Appendix 6, “IMP TEAM 2 X AP”: “Dip sample ASYE x 3 each month”")


def _contributions() -> Iterator[Rule]:
    for rule_id, role, activity, owner, clause in QUARTERLY:
        yield Rule(rule_id=rule_id, who=(role,), activity=activity, per="quarter", unit="owner", owner=owner, clause=clause)
    yield Rule(rule_id="R22", who=("AD",), activity="C_PERF", per="month", unit="owner", owner="P002", clause="Section 3, 3.2")
    for rule_id, role, activity, owner, clause in YEARLY:
        yield Rule(rule_id=rule_id, who=(role,), activity=activity, per="year", unit="owner", owner=owner, clause=clause)
    yield Rule(rule_id="R24", who=("QA_OFF",), activity="FUP", per="quarter", unit="unit", owner="P090", clause="Section 13, 10.3 (second)")
    yield Rule(rule_id="R25", who=("PSW",), activity="OBS_MTG", per="quarter", unit="person", setting="psw_observations", clause="Section 6, 6.3; Appendix 6, “PSW”: “meetings”")
    yield Rule(rule_id="R26", who=("PSW",), activity="LEARN", per="quarter", unit="person", on=False, clause="Section 13, 10.4 (first): off; records are handed out when there is an event")
    yield Rule(rule_id="R27", who=("PSW",), activity="EVAL", count=3, per="quarter", unit="person", on=False, clause="Section 5, 5.2; Section 8, 5.5; Appendix 4, step five: off; one for each exercise when it is over")
