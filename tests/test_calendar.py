"""The year's calendar: the framework's own schedule as data, its pattern for other quarters, what is to be confirmed, the case reviews' steps, and Outlook's file."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import icalendar
import pytest
from conftest import Run
from hypothesis import given
from hypothesis import strategies as st
from plan_kit import EXAMPLE, cell, faults, planted

from qaf_sheets.model import Dated, Event, Plan, Quarter
from qaf_sheets.outputs.calendar import undated, write_calendar
from qaf_sheets.plan.calendar import dated, roles
from qaf_sheets.plan.due import due_on
from qaf_sheets.plan.example import example_plan
from qaf_sheets.plan.example_calendar import example_calendar
from qaf_sheets.plan.obligations import obligations
from qaf_sheets.plan.read import read_plan
from qaf_sheets.plan.timeline import timeline

Q3, Q4 = Quarter(year=2026, number=3), Quarter(year=2026, number=4)
AS_AT = datetime(2027, 1, 15, 9, 30)
PRINTED = [  # specification 4.1: quarter, month, activity, who, week, booking, DLT, theme
    ("2022-23-Q3", "October", "DIP", "HOS, TM, IND_AUD", "2022-10-10", "2022-10-11", "", "Networks and contingency planning"),
    ("2022-23-Q3", "October", "SUP", "AD, HOS, TM, PSW, AP", "", "", "", ""),
    ("2022-23-Q3", "October", "REPORT", "PSW, AD", "", "", "2022-10-19", ""),
    ("2022-23-Q3", "November", "THEM", "TM, AP, IND_AUD", "2022-11-07", "2022-11-08", "", "Quality of visits / voice of the child"),
    ("2022-23-Q3", "November", "SUP", "AD, HOS, TM, PSW", "", "", "", ""),
    ("2022-23-Q3", "December", "CCR", "HOS, PSW, AP", "2022-12-05", "", "", ""),
    ("2022-23-Q3", "December", "ROUT", "HOS, AD", "", "", "", ""),
    ("2022-23-Q4", "January", "DIP", "HOS, TM, IND_AUD", "2023-01-16", "", "", ""),
    ("2022-23-Q4", "January", "SUP", "AD, HOS, TM, PSW, AP", "", "", "", ""),
    ("2022-23-Q4", "January", "REPORT", "PSW, AD", "", "", "2023-01-25", ""),
    ("2022-23-Q4", "February", "THEM", "TM, AP, IND_AUD", "2023-02-20", "", "", "Danger/worry statements and safety/success goals"),
    ("2022-23-Q4", "February", "SUP", "AD, HOS, TM, PSW", "", "", "", ""),
    ("2022-23-Q4", "March", "CCR", "HOS, PSW, AP", "2023-03-20", "", "", ""),
    ("2022-23-Q4", "March", "ROUT", "HOS, AD", "", "", "", ""),
]


def told(day: date | None) -> str:
    return day.isoformat() if day else ""


def with_lines(*lines: Event) -> Plan:
    return EXAMPLE.model_copy(update={"calendar": lines})


def shown(plan: Plan = EXAMPLE, quarter: Quarter = Q3, kind: str = "") -> dict[str, tuple[str, str]]:
    """A quarter's entries by their key, each with its days."""
    return {d.key.removeprefix(f"{quarter}/"): (told(d.first), told(d.last)) for d in dated(plan, quarter) if kind in ("", d.kind)}


# ---------------------------------------------------------------- the schedule


def test_appendices_7_and_8_are_the_calendar_of_their_year() -> None:
    lines = [e for e in example_calendar(2022) if e.quarter.number in (3, 4)]
    assert [(str(e.quarter), e.month, e.activity, e.who, told(e.week_beginning), told(e.booking_date), told(e.dlt_date), e.theme) for e in lines] == PRINTED
    report = next(e for e in lines if e.pre_dlt_date)
    assert (report.activity, report.pre_dlt_date) == ("REPORT", date(2023, 1, 9))


def test_their_weeks_begin_on_mondays_in_their_own_quarter() -> None:
    weeks = [(e.week_beginning, e.quarter) for e in example_calendar(2022) if e.week_beginning]
    assert [w for w, q in weeks if w.weekday() or Quarter.holding(w) != q] == []


@pytest.mark.parametrize("year", range(2024, 2032))
def test_every_other_quarter_follows_the_pattern(year: int) -> None:
    lines = list(example_calendar(year, EXAMPLE.holidays))
    for number in (1, 2, 3, 4):
        quarter = Quarter(year=year, number=number)
        months = {e.activity: (e.week_beginning.month if e.week_beginning else 0) for e in lines if e.quarter == quarter}
        first = quarter.starts.month
        assert (months["DIP"], months["THEM"], months["CCR"]) == (first, first + 1, first + 2)
        assert [e.month for e in lines if e.quarter == quarter and e.activity == "SUP"] == [f"{date(year, first + n, 1):%B}" for n in (0, 1)]
        assert {"ROUT", "CONTRIBUTIONS", "FUP"} <= {e.activity for e in lines if e.quarter == quarter and e.month == f"{date(year, first + 2, 1):%B}"}


@pytest.mark.parametrize("year", range(2024, 2040))
def test_no_week_of_reviews_is_that_of_christmas(year: int) -> None:
    told_to = [e.week_beginning for e in example_calendar(year) if e.activity == "CCR" and e.week_beginning]
    by_rule = [shown(with_lines(), Quarter(year=year, number=3))["CCR/week"][0]]
    weeks = [*told_to, *(date.fromisoformat(w) for w in by_rule)]
    assert [w for w in weeks if w <= date(w.year, 12, 25) <= w + timedelta(days=6)] == []


def test_a_themes_line_says_why_and_which_priority_it_serves() -> None:
    themed = [e for e in EXAMPLE.calendar if e.theme]
    assert themed
    assert all(e.why_chosen and e.priority_id in {p.priority_id for p in EXAMPLE.priorities} for e in themed)


def test_a_priority_nobody_knows_is_pointed_out() -> None:
    where = cell("Calendar", "2026-27-Q3", "Priority")
    assert faults(planted({where: "PR9"})) == [("PLAN_NOT_ON_LIST", where)]


def test_a_report_goes_to_each_meeting_after_dlt() -> None:
    found = shown(quarter=Q4, kind="meeting")
    days = [found[f"REPORT/{m}"][0] for m in ("pre_dlt", "dlt", "cx_slt", "lead_member", "cib")]
    assert days == sorted(days) == ["2027-01-11", "2027-01-27", "2027-02-02", "2027-02-10", "2027-02-18"]
    assert found["REPORT/scrutiny"] == ("", "")


# ---------------------------------------------------------------- to be confirmed


OPEN_HEADERS = ("Week beginning", "Book by", "Due", "Before DLT", "DLT", "Chief Executive's SLT", "Lead member", "Improvement Board", "Scrutiny")


@pytest.mark.parametrize("header", OPEN_HEADERS)
@pytest.mark.parametrize("words", ["TBC", "to be confirmed", " Tbc. "])
def test_a_date_of_the_calendar_may_be_to_be_confirmed(header: str, words: str) -> None:
    where = cell("Calendar", "2026-27-Q3", header)
    book = planted({where: words})
    plan, problems = read_plan(book)
    assert problems == ()
    blank, _ = read_plan(planted({where: None}))
    assert plan.calendar == blank.calendar


def test_other_dates_may_not() -> None:
    where = cell("People", "P041", "Started")
    assert faults(planted({where: "TBC"})) == [("PLAN_NOT_A_DATE", where)]


def test_what_is_to_be_confirmed_comes_last() -> None:
    plan = with_lines(Event(quarter=Q3, activity="DIP"), Event(quarter=Q3, activity="REPORT", dlt_date=date(2026, 10, 21), learning_event="To be confirmed"))
    entries = dated(plan, Q3)
    blank = [d.key.removeprefix(f"{Q3}/") for d in entries if d.first is None]
    assert [d.first is None for d in entries] == [False] * (len(entries) - len(blank)) + [True] * len(blank)
    assert {"DIP/week", "THEM/week", "REPORT/learning", "REPORT/pre_dlt"} <= set(blank)
    assert "CCR/week" not in blank


def test_a_learning_event_with_a_date_has_its_day() -> None:
    plan = with_lines(Event(quarter=Q3, activity="REPORT", learning_event="3 November 2026"))
    assert shown(plan)["REPORT/learning"] == ("2026-11-03", "2026-11-03")


# ---------------------------------------------------------------- a quarter's dates


def test_weeks_bookings_and_the_steps_of_the_reviews() -> None:
    found = shown()
    assert (found["DIP/week"], found["DIP/book"]) == (("2026-10-12", "2026-10-16"), ("2026-10-13", "2026-10-13"))
    steps = {key.removeprefix("CCR/step "): days for key, days in shown(kind="step").items()}
    assert steps == {  # specification 4.2, the week of 7 December 2026
        "1b": ("2026-11-24", "2026-11-24"), "1c": ("2026-12-01", "2026-12-01"), "2a": ("2026-12-01", "2026-12-04"), "2b": ("2026-12-01", "2026-12-08"),
        "3": ("2026-12-04", "2026-12-11"), "4a": ("2026-12-07", "2026-12-11"), "4b": ("2026-12-07", "2026-12-16"), "5": ("2026-12-17", "2026-12-23"),
        "6a": ("2026-12-30", "2026-12-30"), "6b": ("2027-01-26", "2027-01-26"), "6c": ("2027-01-11", "2027-01-11"),
    }  # fmt: skip


def test_the_weeks_of_the_year_are_published_at_its_start() -> None:
    assert "CCR/step 1a" in shown(quarter=Quarter(year=2026, number=1))
    assert timeline(EXAMPLE, Q3)[0].last == date(2026, 4, 1)


def test_an_offset_is_a_setting() -> None:
    moved = EXAMPLE.model_copy(update={"settings": {**EXAMPLE.settings, "ccr_shared_after": "3", "ccr_drawn_before": "0"}})
    found = shown(moved)
    assert (found["CCR/step 6a"][0], found["CCR/step 1b"][0]) == ("2026-12-10", "2026-12-01")


def test_without_a_week_the_steps_wait() -> None:
    plan = with_lines().model_copy(update={"settings": {**EXAMPLE.settings, "ccr_week_rule": "Calendar only"}})
    assert {s.step: s.first for s in timeline(plan, Q3)} == {"1a": date(2026, 4, 1), **dict.fromkeys(("1b", "1c", "2a", "2b", "3", "4a", "4b", "5", "6a", "6b", "6c"))}


def test_every_due_date_of_the_quarter_is_shown_once() -> None:
    owed = {(o.activity, o.month, o.due_on) for o in obligations(EXAMPLE, Q3)}
    entries = [d for d in dated(EXAMPLE, Q3) if d.kind == "due"]
    assert sorted((d.activity, told(d.first)) for d in entries) == sorted((activity, told(day)) for activity, _, day in owed)


def test_reviews_are_due_before_any_child_is_allocated() -> None:
    plan = EXAMPLE.model_copy(update={"allocations": ()})
    assert shown(plan, kind="due")["CCR/due"] == ("2026-12-16", "2026-12-16")


def test_one_line_dates_all_contributions_and_a_line_of_their_own_wins() -> None:
    every = Event(quarter=Q3, activity="CONTRIBUTIONS", due_on=date(2026, 12, 18))
    own = Event(quarter=Q3, activity="C_EH", due_on=date(2026, 12, 21))
    plan = with_lines(every, own)
    assert [due_on(plan, a, Q3) for a in ("C_EH", "C_SEND", "ROUT")] == [date(2026, 12, 21), date(2026, 12, 18), date(2026, 12, 31)]


def test_keys_are_unique_and_the_same_on_every_recalculation() -> None:
    for number in (1, 2, 3, 4):
        quarter = Quarter(year=2026, number=number)
        keys = [d.key for d in dated(EXAMPLE, quarter)]
        assert len(keys) == len(set(keys))
        assert keys == [d.key for d in dated(example_plan(date(2026, 11, 23)), quarter)]


def test_a_date_that_moves_keeps_its_key() -> None:
    moved = with_lines(*(e.model_copy(update={"week_beginning": date(2026, 10, 19)}) if e.activity == "DIP" and e.quarter == Q3 else e for e in EXAMPLE.calendar))
    assert set(shown(moved)) == set(shown())
    assert shown(moved)["DIP/due"] == ("2026-10-30", "2026-10-30")


def test_only_roles_stand_under_who() -> None:
    assert roles(EXAMPLE, "HOS, Avery Exampleworth and TM; the usual") == "Head of Service, Team manager"


# ---------------------------------------------------------------- the file for Outlook


def written(entries: tuple[Dated, ...], as_at: datetime = AS_AT) -> bytes:
    return write_calendar(entries, council="Marlbrook Borough Council", quarter=Q3, as_at=as_at)


def events(data: bytes) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(data).walk("VEVENT"))


def test_what_has_a_day_stands_in_the_file_for_the_whole_day() -> None:
    entries = dated(EXAMPLE, Q3)
    found = events(written(entries))
    days = sorted((e["DTSTART"].dt, e["DTEND"].dt - timedelta(days=1), str(e["SUMMARY"])) for e in found)
    assert days == sorted((d.first, d.last, d.what) for d in entries if d.first and d.kind != "month")
    assert len({e["UID"] for e in found}) == len(found)


def test_the_same_in_is_the_same_out_and_a_later_hour_says_nothing_new() -> None:
    entries = dated(EXAMPLE, Q3)
    assert written(entries) == written(entries)
    later = written(entries, AS_AT + timedelta(hours=1))
    assert (later == written(entries), undated(later) == undated(written(entries))) == (False, True)
    assert events(later)[0]["DTSTAMP"].dt == datetime(2027, 1, 15, 10, 30, tzinfo=UTC)


def test_nobody_is_named() -> None:
    calendar = tuple(e.model_copy(update={"who": "Gray Noreal, HOS", "note": "Ask Gray Noreal", "learning_event": "With Gray Noreal"}) for e in EXAMPLE.calendar)
    text = written(dated(with_lines(*calendar), Q3)).decode().replace("\r\n ", "")
    assert "Head of Service" in text
    assert [p.name for p in EXAMPLE.people if p.name in text] == []
    assert not re.search(r"\bP\d{3}\b", text)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=300))
def test_any_words_survive_folding_and_escaping(words: str) -> None:
    data = written((Dated(key="2026-27-Q3/DIP/week", kind="week", activity="DIP", what=words, first=date(2026, 10, 12), last=date(2026, 10, 16)),))
    assert data.count(b"\r\n") == data.count(b"\n")
    assert max(len(line) for line in data.split(b"\r\n")) <= 75
    assert str(events(data)[0]["SUMMARY"]) == words


# ---------------------------------------------------------------- commands


def test_the_calendar_of_a_quarter_as_a_command(council: Path, run: Run) -> None:
    code, said = run("plan", "show", "--calendar", "--json", "--quarter", "2026-27-Q4", "--workspace", council)
    days = [e["first"] for e in said["calendar"]]
    assert (code, said["quarter"]) == (0, "2026-27-Q4")
    assert days == [*sorted(d for d in days if d), *(d for d in days if not d)]
    assert "2027-01-27" in [e["first"] for e in said["calendar"] if e["key"].endswith("/dlt")]


def test_the_file_is_built_once_and_only_anew_when_a_date_changed(council: Path, run: Run) -> None:
    def build() -> list[bool]:
        return [o["written"] for o in run("build", "--only", "calendar", "--json", "--quarter", "2026-27-Q3", "--workspace", council)[1]["outputs"]]

    assert (build(), build()) == ([True], [False])
    file = council / "Reports/2026-27-Q3/Calendar.ics"
    assert events(file.read_bytes())
    file.unlink()
    assert (build(), build()) == ([True], [False])
