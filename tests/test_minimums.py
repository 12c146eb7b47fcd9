"""The framework's 24 minimums, each met and not met, with the rows behind it (specification 5)."""

from __future__ import annotations

from datetime import date

import graded
import pytest

from qaf_sheets.model import Action, Child, Duty, Obligation, Person, Quarter, Record, Snapshot, State, Total, Version
from qaf_sheets.outputs.figures import CheckResult, figures

Q3 = Quarter(year=2026, number=3)
PEOPLE = (
    Person(person_id="P001", name="Avery Exampleworth", role="DCS"), Person(person_id="P002", name="Blake Testwick", role="AD"), Person(person_id="P091", name="Casey Madeupton", role="QA_OFF"),
    *(Person(person_id=f"P04{n}", name=f"Devon Number{n}", role="SW", line_manager_id="P031") for n in range(8)),
)  # fmt: skip


def duty(activity: str, n: int, state: State = "returned", *, owner: str = "P091", about: str = "", quarter: Quarter = Q3, month: str = "") -> Duty:
    owed = Obligation(
        obligation_id=f"{quarter}/R/{owner}/{about or '-'}/{activity}{n}", rule_id="R", clause="", activity=activity, quarter=quarter, person_id=owner, owner=owner, about=about, month=month, due_on=quarter.ends,
    )  # fmt: skip
    return Duty(obligation=owed, state=state, return_id=f"R-9{n:05d}" if state in ("returned", "nil") else None)


def given(*duties: Duty, **changes: object) -> Snapshot:
    """The small graded quarter with these duties as well."""
    snapshot = graded.snapshot()
    plan = snapshot.plan.model_copy(update={"people": (*snapshot.plan.people, *PEOPLE), "totals": (), **{k: changes.pop(k) for k in ("totals", "settings", "rules", "children") if k in changes}})
    return snapshot.model_copy(update={"plan": plan, "duties": (*snapshot.duties, *duties), **changes})


def check(number: int, snapshot: Snapshot) -> CheckResult:
    return next(c for c in figures(snapshot).checks if c.number == number)


def pairs(activity: str, states: str, quarter: Quarter = Q3) -> list[Duty]:
    """One duty about each of some people: r returned, o overdue, d due."""
    words: dict[str, State] = {"r": "returned", "o": "overdue", "d": "due", "x": "exempt"}
    return [duty(activity, n, words[s], about=f"P04{n}", quarter=quarter) for n, s in enumerate(states)]


Q1, Q4 = Quarter(year=2026, number=1), Quarter(year=2026, number=4)
FORUMS = ("C_CICC", "C_CLF", "C_CPB", "C_PF", "C_PFS")


class Case(Record):
    """Duties of this quarter and of the year's others, and what a check makes of them."""

    number: int
    duties: tuple[Duty, ...]
    year: tuple[Duty, ...] = ()
    result: str
    actual: str = ""


def case(number: int, duties: list[Duty], result: str, actual: str = "", year: list[Duty] | None = None) -> Case:
    return Case(number=number, duties=tuple(duties), year=tuple(year or ()), result=result, actual=actual)


CASES = [
    case(9, pairs("OBS", "rrr"), "Met", "3 of 4", [duty("OBS", 9, "later", about="P047", quarter=Q4)]),  # three in four by the end of Q3
    case(9, pairs("OBS", "rro"), "Not met", "2 of 4", [duty("OBS", 9, "later", about="P047", quarter=Q4)]),
    case(9, pairs("OBS", "rrd"), "Too early", "2 of 4", [duty("OBS", 9, "later", about="P047", quarter=Q4)]),
    case(9, pairs("OBS", "rrx"), "Met", "2 of 2"),  # whoever is exempt is not counted
    case(9, [duty("OBS", 0, about="P040"), duty("OBS", 1, about="P040")], "Met", "1 of 1"),  # the same person twice
    case(10, [duty("OBS_SNR", 0, owner="P002")], "Met", "1 of 1"),
    case(10, [duty("OBS_SNR", 0, "overdue", owner="P002")], "Not met", "0 of 1"),
    case(10, [duty("OBS_SNR", 0, owner="P001")], "Too early", "None owed"),  # the Director's is not the Assistant Director's
    case(11, [], "Met", "1 of 1", [duty("OBS_SNR", 0, owner="P001", quarter=Q4)]),
    case(11, [], "Too early", "0 of 1", [duty("OBS_SNR", 0, "later", owner="P001", quarter=Q4)]),
    case(11, [duty("OBS_SNR", 0, "overdue", owner="P001")], "Not met", "0 of 1"),
    case(12, pairs("SUP", "rrr"), "Met", "3 of 3"),
    case(12, pairs("SUP", "roo"), "Not met", "1 of 3"),
    case(13, [duty("SUP_ASYE", n, month="2026-10") for n in range(6)], "Met", "6 of 6"),
    case(13, [duty("SUP_ASYE", 0, month="2026-10"), duty("SUP_ASYE", 1, "overdue", month="2026-11")], "Not met", "1 of 2"),
    case(14, [duty("ROUT", n) for n in range(3)], "Met", "3 of 3"),
    case(14, [duty("ROUT", 0), duty("ROUT", 1, "overdue")], "Not met", "1 of 2"),
    case(15, [duty("SERV", 0), duty("SERV", 1)], "Met", "2 of 2"),
    case(15, [duty("SERV", 0), duty("SERV", 1, "needs_fixing")], "Not met", "1 of 2"),
    case(20, [duty("FUP", 0)], "Met", "Done"),
    case(20, [duty("FUP", 0, "overdue")], "Not met", "Not done yet"),
    case(20, [], "Too early", "Not done yet"),
    case(23, [duty("C_PERF", n) for n in range(3)], "Met", "3 of 3"),
    case(23, [duty("C_PERF", 0), duty("C_PERF", 1, "due")], "Too early", "1 of 2"),
    case(24, [duty(code, n, "nil" if code == "C_CPB" else "returned") for n, code in enumerate(FORUMS)], "Met", "5 of 5; 1 with nothing to report"),
    case(24, [duty(code, n, "overdue" if code == "C_PF" else "returned") for n, code in enumerate(FORUMS)], "Not met", "4 of 5"),
]


@pytest.mark.parametrize("one", CASES, ids=[f"{c.number}-{c.result}-{n}" for n, c in enumerate(CASES)])
def test_who_did_what_is_owed(one: Case) -> None:
    found = check(one.number, given(*one.duties, year=one.year))
    assert (found.result, found.actual.startswith(one.actual)) == (one.result, True), found.actual
    assert found.clause


def test_what_was_counted_by_hand_counts_until_the_register_holds_the_quarter() -> None:
    by_hand = (Total(quarter=Q1, activity="OBS", measure="returned", n=2), Total(quarter=Quarter(year=2025, number=4), activity="OBS", measure="returned", n=9))
    duties = pairs("OBS", "ro")
    more = tuple(duty("OBS", n, "overdue", about=f"P04{n}", quarter=Q1) for n in (4, 5))
    assert check(9, given(*duties, year=more, totals=by_hand)).actual.startswith("3 of 4")
    earlier = (graded.snapshot().returns[0].model_copy(update={"issue": graded.snapshot().returns[0].issue.model_copy(update={"quarter": Q1})}),)
    assert check(9, given(*duties, year=more, totals=by_hand, earlier=earlier)).actual == "1 of 4"


def test_over_the_year_the_rows_are_people_and_say_who_is_missing() -> None:
    """P040 in, P041 not; P045 and P046 in a quarter that was counted by hand, one of them; P047 still to come."""
    first = [duty("OBS", n, "overdue", about=f"P04{n}", quarter=Q1) for n in (5, 6)]
    year = (*first, duty("OBS", 7, "later", about="P047", quarter=Q4), duty("OBS", 8, about="P040", quarter=Q4))
    found = check(9, given(*pairs("OBS", "ro"), year=year, totals=(Total(quarter=Q1, activity="OBS", measure="returned", n=1),)))
    assert found.actual.startswith("2 of 5")
    assert [(b.reference.split("/")[0], b.counts) for b in found.behind] == [("R-900008", True), ("2026-27-Q3", False), ("2026-27-Q4", False), ("Q1 2026-27", True), ("Q1 2026-27", False)]


@pytest.mark.parametrize(("owed", "expected"), [((), "1 this half-year"), ((Q3,), "1 this half-year"), ((Q3, Q4), "2 this half-year")])
def test_the_director_is_asked_for_what_the_plans_setting_owes(owed: tuple[Quarter, ...], expected: str) -> None:
    found = [duty("OBS_SNR", n, owner="P001", quarter=q) for n, q in enumerate(owed)]
    assert check(11, given(*found[:1], year=tuple(found[1:]))).expected == expected


def test_a_contribution_counts_as_owed_before_it_is_handed_out() -> None:
    seen = given(duty("SERV", 0), duty("C_EH", 1, "overdue"), duty("C_PF", 2, "overdue"), duty("C_PERF", 3, "overdue"))
    assert "C_EH" not in seen.forms
    assert (check(15, seen).result, check(15, seen).actual) == ("Not met", "1 of 2")  # forums and performance notes have checks of their own


def test_every_check_has_the_rows_behind_it() -> None:
    found = check(9, given(*pairs("OBS", "ro")))
    assert [(b.counts, b.reference.startswith("R-")) for b in found.behind] == [(True, True), (False, False)]
    reviews = check(2, given())
    assert [b.reference for b in reviews.behind] == ["R-000001", "R-000002", "R-000003", "R-000004"]
    assert {b.return_id for b in check(8, given()).behind if not b.counts} == {"R-000003"}


# ---------------------------------------------------------------- thematic audits


def audits(*grades: str) -> Snapshot:
    """The reviews of the small quarter as if they were audits, with these grades; the first two, and the fourth, are moderated."""
    snapshot = graded.snapshot()
    form = snapshot.forms["CCR"].model_copy(update={"id": "THEM"})
    reviews = [v for v in snapshot.returns if v.issue.activity == "CCR"]

    def audit(version: Version, grade: str) -> Version:
        answer = version.content.answers["overall_grade"].model_copy(update={"value": grade, "code": grade})
        content = version.content.model_copy(update={"answers": {**version.content.answers, "overall_grade": answer}})
        return version.model_copy(update={"issue": version.issue.model_copy(update={"activity": "THEM"}), "content": content})

    made = tuple(audit(v, g) for v, g in zip(reviews, grades, strict=True))
    others = tuple(v for v in snapshot.returns if v.issue.activity == "MOD")
    return snapshot.model_copy(update={"forms": {"THEM": form, "MOD": snapshot.forms["MOD"]}, "returns": (*made, *others), "duties": tuple(duty("THEM", n) for n in range(4))})


@pytest.mark.parametrize(
    ("grades", "share", "result"),
    [
        (("Good", "Outstanding", "Good", "Inadequate"), "20", "Met"),  # both extremes, and one of the other two
        (("Good", "Good", "Inadequate", "Good"), "20", "Not met"),  # the Inadequate one was not moderated
        (("Good", "Good", "RI", "Good"), "20", "Met"), (("Good", "Good", "RI", "Good"), "100", "Not met"),
    ],
)  # fmt: skip
def test_the_extremes_and_a_share_of_audits_are_moderated(grades: tuple[str, ...], share: str, result: str) -> None:
    snapshot = audits(*grades)
    plan = snapshot.plan.model_copy(update={"settings": {**snapshot.plan.settings, "them_moderation_share": share}})
    assert check(7, snapshot.model_copy(update={"plan": plan})).result == result


def test_a_thematic_audit_in_each_quarter_so_far() -> None:
    by_hand = tuple(Total(quarter=Quarter(year=2026, number=n), activity="THEM", measure="returned", n=11) for n in (1, 2))
    snapshot = audits("Good", "Good", "Good", "Good")
    with_totals = snapshot.model_copy(update={"plan": snapshot.plan.model_copy(update={"totals": by_hand})})
    without = snapshot.model_copy(update={"plan": snapshot.plan.model_copy(update={"totals": ()})})
    assert [(check(6, s).result, check(6, s).actual) for s in (with_totals, without)] == [("Met", "3 so far"), ("Not met", "1 so far")]


# ---------------------------------------------------------------- what settings do


@pytest.mark.parametrize(("scope", "result"), [("authority", "Met"), ("return", "Not met"), ("both-soft", "For information")])
def test_ten_children_are_asked_of_the_authority_or_of_each_return(scope: str, result: str) -> None:
    snapshot = graded.snapshot()  # ten children in two returns of six and five
    plan = snapshot.plan.model_copy(update={"settings": {**snapshot.plan.settings, "dip_min_scope": scope}})
    assert check(1, snapshot.model_copy(update={"plan": plan})).result == result


@pytest.mark.parametrize(("use", "final"), [("Yes", "RI"), ("No", "Good")])
def test_reports_count_the_moderated_grade_or_the_reviewers(use: str, final: str) -> None:
    snapshot = graded.snapshot()
    plan = snapshot.plan.model_copy(update={"settings": {**snapshot.plan.settings, "use_moderated": use}})
    work = {w.id: w for w in figures(snapshot.model_copy(update={"plan": plan})).work}
    assert (work["R-000002"].original, work["R-000002"].moderated, work["R-000002"].final) == ("Good", "RI", final)


def test_teams_may_be_met_over_two_quarters() -> None:
    snapshot = graded.snapshot()
    extra = Child(child_id="9300077", team="Children in Care 1", level_of_need="Child in Need")
    plan = snapshot.plan.model_copy(update={"children": (*snapshot.plan.children, extra), "settings": {**snapshot.plan.settings, "ccr_team_share": "50"}})
    lacking = snapshot.model_copy(update={"plan": plan})
    first = snapshot.returns[0]
    answers = {**first.content.answers, "child_id": first.content.answers["child_id"].model_copy(update={"value": "9300077", "code": "9300077"})}
    before = first.model_copy(update={"issue": first.issue.model_copy(update={"quarter": Q3.plus(-1)}), "content": first.content.model_copy(update={"answers": answers})})
    assert check(4, lacking).result == "Too early"
    assert check(4, lacking.model_copy(update={"before": (before,)})).result == "Met"


def test_verified_actions_are_counted_among_the_closed_ones() -> None:
    actions = tuple(Action(action_id=f"ACT-{n}", cells={"status": s, "follow_up_on": date(2026, 12, 3), "follow_up_result": r}) for n, (s, r) in enumerate((("Verified", "Yes"), ("Done", "Partly"), ("Reopened", "No"))))
    found = check(20, given(duty("FUP", 0), actions=actions))
    assert found.actual == "Done; 1 of 2 closed actions verified"
    assert [(b.reference, b.counts) for b in found.behind] == [("R-900000", True), ("ACT-0", True), ("ACT-1", False), ("ACT-2", False)]


# ---------------------------------------------------------------- what was done with each review


def reviewed(**settings: str) -> Snapshot:
    """The small quarter under other settings."""
    snapshot = graded.snapshot()
    return snapshot.model_copy(update={"plan": snapshot.plan.model_copy(update={"settings": {**snapshot.plan.settings, **settings}})})


def moderated(n: int) -> Snapshot:
    """The small quarter with only its first moderations."""
    snapshot = graded.snapshot()
    kept = {i.return_id for i in snapshot.moderations[:n]}
    return snapshot.model_copy(update={"returns": tuple(v for v in snapshot.returns if v.issue.activity != "MOD" or v.issue.return_id in kept), "moderations": snapshot.moderations[:n]})


def only_moderated() -> Snapshot:
    """The small quarter without the review that nobody moderated."""
    snapshot = graded.snapshot()
    return snapshot.model_copy(update={"returns": tuple(v for v in snapshot.returns if v.issue.return_id != "R-000003")})


def asked_for(n: int) -> Snapshot:
    """The small quarter, of which the plan's rule asks n reviews."""
    snapshot = graded.snapshot()
    return snapshot.model_copy(update={"plan": snapshot.plan.model_copy(update={"rules": tuple(r.model_copy(update={"count": n}) for r in snapshot.plan.rules)})})


WRITTEN = {f"R-{n:06d}": {"verbal_on": date(2026, 12, 10), "written_on": date(2026, 12, 11)} for n in range(1, 5)}
OTHER = Child(child_id="9300088", level_of_need="Child in Care", team="Assessment A")


@pytest.mark.parametrize(
    ("number", "seen", "result", "missing"),
    [
        (2, asked_for(4), "Met", []), (2, asked_for(5), "Not met", []),
        (3, reviewed(), "Met", []), (3, reviewed(ccr_level_share="40"), "Not met", []),
        (3, given(children=(*graded.snapshot().plan.children, OTHER)), "Not met", ["Child in Care"]),
        (8, only_moderated(), "Met", []), (8, moderated(1), "Not met", ["R-000002", "R-000003", "R-000004"]),
        (16, given(feedback=WRITTEN), "Met", []), (16, given(), "Not met", ["R-000001"]),
        (17, given(), "Met", []), (17, graded.answering(graded.snapshot(), "CCR", no_action_reason=None), "Not met", [f"R-{n:06d}" for n in range(1, 5)]),
        (18, given(), "Met", []), (18, graded.answering(graded.snapshot(), "DIP", ed_response=None), "Not met", ["R-000011", "R-000012"]),
    ],
)  # fmt: skip
def test_what_was_done_with_each_review(number: int, seen: Snapshot, result: str, missing: list[str]) -> None:
    found = check(number, seen)
    assert found.result == result, found.actual
    assert [b.reference for b in found.behind if not b.counts] == missing


# ---------------------------------------------------------------- the loop, over two quarters


def a_quarter_later(*, moderation: bool = True, form_says: str | None = None, form_is_of: date | None = None) -> Snapshot:
    """The same four reviews again, in the next quarter; the Children sheet still knows nothing of the first."""
    snapshot = graded.snapshot()
    children = tuple(c.model_copy(update={"last_grade": "", "bordering_good": False}) for c in snapshot.plan.children)
    before = tuple(v for v in snapshot.returns if moderation or v.issue.activity != "MOD")
    seen = graded.answering(snapshot, "CCR", previous_grade=form_says, previous_on=form_is_of)
    return seen.model_copy(update={"quarter": Q4, "before": before, "plan": seen.plan.model_copy(update={"children": children, "settings": {**seen.plan.settings, "ccr_recheck_rule": "Inadequate or RI"}})})


@pytest.mark.parametrize(
    ("seen", "again"),
    [
        (a_quarter_later(), ["R-000002", "R-000003"]),  # one Inadequate, one moderated from Good to RI
        (a_quarter_later(moderation=False), ["R-000003"]),
        (a_quarter_later(form_says="Good", form_is_of=date(2025, 6, 1)), ["R-000002", "R-000003"]),  # handed out with an older grade
        (a_quarter_later(form_says="Good", form_is_of=date(2027, 1, 8)), []),  # reviewed elsewhere since
    ],
)
def test_a_child_graded_last_quarter_counts_as_looked_at_again(seen: Snapshot, again: list[str]) -> None:
    assert [b.reference for b in check(5, seen).behind if b.counts] == again


@pytest.mark.parametrize(("closed", "result"), [(None, "Not met"), (Q4.starts, "Met")])
def test_a_child_who_waits_and_was_not_drawn_is_missed_unless_the_case_closed(closed: date | None, result: str) -> None:
    """Last quarter's Inadequate child is not among this quarter's."""
    later = a_quarter_later(form_says="Good")
    children = tuple(c.model_copy(update={"closed_on": closed}) if c.child_id in ("9300002", "9300003") else c for c in later.plan.children)
    without = tuple(v for v in later.returns if v.content.code("child_id") not in ("9300002", "9300003"))
    assert check(5, later.model_copy(update={"returns": without, "plan": later.plan.model_copy(update={"children": children})})).result == result


def test_a_date_that_somebody_took_away_in_the_tracker_is_outstanding_again() -> None:
    snapshot = graded.snapshot()
    cleared = {**snapshot.feedback["R-000002"], "verbal_on": None}
    found = check(16, snapshot.model_copy(update={"feedback": {**snapshot.feedback, "R-000002": cleared}}))
    assert (check(16, snapshot).actual, found.actual) == ("3 of 4", "2 of 4")
    assert {b.reference for b in found.behind if not b.counts} == {"R-000001", "R-000002"}
