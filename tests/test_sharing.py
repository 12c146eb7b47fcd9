"""Copies of the master to hand on: values alone, and nothing that their reader may not see."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

import graded
import pytest
import sample
from conftest import Run
from office import opened
from test_master import table

from qaf_sheets.model import Child, Snapshot
from qaf_sheets.outputs.figures import figures
from qaf_sheets.outputs.master import write_copy
from qaf_sheets.outputs.sharing import ELSEWHERE, Reader, reader, seen_by
from qaf_sheets.plan.example import example_plan
from qaf_sheets.problems import problem


def with_settings(seen: Snapshot, **settings: str) -> Snapshot:
    return seen.model_copy(update={"plan": seen.plan.model_copy(update={"settings": {**seen.plan.settings, **settings}})})


FULL = with_settings(sample.snapshot(), small_team_work="5", small_team_staff="3")
AREAS = tuple(dict.fromkeys(t.service_area for t in FULL.plan.teams))
DLT = Reader(kind="dlt")
READERS = (DLT, *(Reader(kind="service", name=a) for a in AREAS), *(Reader(kind="person", name=p.person_id) for p in FULL.plan.people))
COPIES = {who: write_copy(who, (FULL,)) for who in READERS}


def words(data: bytes) -> str:
    """Everything that any part of a workbook says."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


@pytest.mark.parametrize("who", READERS, ids=lambda w: f"{w.kind} {w.name}")
def test_a_copy_is_values_alone_and_leads_nowhere(who: Reader) -> None:
    book = opened(COPIES[who])
    assert [c.coordinate for sheet in book.worksheets for row in sheet.iter_rows() for c in row if c.data_type == "f"] == []
    assert [s.title for s in book.worksheets if s.sheet_state != "visible"] == []
    assert not book.defined_names
    assert not book.properties.creator
    assert not book.properties.lastModifiedBy
    said = words(COPIES[who])
    assert "External" not in said
    for target in set(re.findall(r"location=\"'?([^'!\"]+)'?!", said)):
        assert target in book.sheetnames


@pytest.mark.parametrize("who", [r for r in READERS if r.kind != "dlt"], ids=lambda w: f"{w.kind} {w.name}")
def test_no_name_of_somebody_elsewhere_stands_in_it(who: Reader) -> None:
    plan = FULL.plan
    mine = who.name if who.kind == "service" else next(p.service_area for p in plan.people if p.person_id == who.name)
    manager = who.name if who.kind == "person" else ""
    may = {p.person_id for p in plan.people if p.person_id == who.name or (mine and p.service_area == mine) or (manager and p.line_manager_id == manager) or p.role in ("PSW", "QA_OFF")}
    said = words(COPIES[who])
    assert [p.name for p in plan.people if p.person_id not in may and p.name in said] == []


@pytest.mark.parametrize("area", AREAS)
def test_a_service_has_the_duties_of_its_people_and_the_children_of_its_teams(area: str) -> None:
    seen = seen_by(FULL, Reader(kind="service", name=area))
    people = {p.person_id for p in FULL.plan.people if p.service_area == area}
    assert {d.obligation.obligation_id for d in seen.duties} == {d.obligation.obligation_id for d in FULL.duties if d.obligation.person_id in people}
    teams = {t.team for t in FULL.plan.teams if t.service_area == area}
    home = {c.child_id: c.team for c in FULL.plan.children}
    children = set(re.findall(r"\b9\d{6}\b", words(COPIES[Reader(kind="service", name=area)])))
    assert {home[c] for c in children if c in home} <= teams


def test_the_leadership_teams_copy_has_no_child_and_no_row_of_a_person() -> None:
    assert re.findall(r"\b9\d{6}\b", words(COPIES[DLT])) == []
    assert not {"People due", "Children reviewed", "Feedback given", "Data notes", "Immediate concerns"} & set(opened(COPIES[DLT]).sheetnames)


def test_a_person_has_their_own_duties_and_those_of_whom_they_manage() -> None:
    for p in FULL.plan.people:
        mine = {p.person_id} | {q.person_id for q in FULL.plan.people if q.line_manager_id == p.person_id}
        assert {d.obligation.person_id for d in seen_by(FULL, Reader(kind="person", name=p.person_id)).duties} == {d.obligation.person_id for d in FULL.duties} & mine


def test_an_answer_that_may_name_somebody_is_not_handed_on() -> None:
    version = next(v for v in FULL.returns if v.outcome == "accepted" and any(a.text and not a.withheld for a in v.content.answers.values()))
    answer = next(a for a in version.content.answers.values() if len(a.text) > 20)
    said = answer.model_copy(update={"value": "Morgan Invented-Person visited twice and wrote it down"})
    told = problem("NAME_IN_TEXT", at=said, kinds="a name")
    content = version.content.model_copy(update={"answers": {k: said if a is answer else a for k, a in version.content.answers.items()}})
    named = version.model_copy(update={"content": content, "problems": (told,)})
    seen = FULL.model_copy(update={"returns": tuple(named if v is version else v for v in FULL.returns)})
    area = next(p.service_area for p in FULL.plan.people if p.person_id == version.issue.person_id)
    for who in (Reader(kind="service", name=area), Reader(kind="person", name=version.issue.person_id), DLT):
        assert "Invented-Person" not in words(write_copy(who, (seen,)))


# ---------------------------------------------------------------- graded work

NOW = graded.snapshot()


def test_a_childs_review_goes_with_the_child_whoever_did_it() -> None:
    areas = dict.fromkeys(g.area for g in figures(NOW).work)
    assert len(areas) > 1
    for area in areas:
        seen = figures(seen_by(NOW, Reader(kind="service", name=area)))
        assert {g.id for g in seen.work} == {g.id for g in figures(NOW).work if g.area == area}
        rows = table(write_copy(Reader(kind="service", name=area), (NOW,)), "Children reviewed")
        assert {r["Piece of work"] for r in rows} == {g.id for g in seen.work}


def test_a_dip_samples_row_goes_with_its_child() -> None:
    child = next(r["child_id"].reference for v in NOW.returns if v.issue.activity == "DIP" for r in v.content.rows["children"])
    elsewhere = next(t for t in NOW.plan.teams if t.service_area != NOW.returns[0].issue.service_area)
    plan = NOW.plan.model_copy(update={"children": (*(c for c in NOW.plan.children if c.child_id != child), Child(child_id=child, team=elsewhere.team))})
    moved = NOW.model_copy(update={"plan": plan})
    theirs = seen_by(moved, Reader(kind="service", name=elsewhere.service_area))
    rows = [r["child_id"].reference for v in theirs.returns if v.issue.activity == "DIP" for r in v.content.rows["children"]]
    assert set(rows) == {child}
    assert all(v.issue.person_name == ELSEWHERE for v in theirs.returns if v.issue.person_id not in {p.person_id for p in theirs.plan.people})


@pytest.mark.parametrize(("work", "staff"), [("5", "0"), ("0", "99"), ("2", "0"), ("3", "2")])
def test_no_small_team_stands_alone_for_the_leadership_team(work: str, staff: str) -> None:
    seen = with_settings(NOW, small_team_work=work, small_team_staff=staff)
    shown = seen_by(seen, DLT)
    n, before = Counter(g.team for g in figures(shown).work), Counter(g.team for g in figures(seen).work)
    assert sum(n.values()) == sum(before.values())
    for area in {t.service_area for t in seen.plan.teams}:
        teams = {t.team for t in shown.plan.teams if t.service_area == area}
        together = {t for t in teams if t.startswith("Smaller teams")}
        was = [t.team for t in seen.plan.teams if t.service_area == area]
        small = [t for t in was if before[t] < int(work) or sum(p.team == t for p in seen.plan.people) < int(staff)]
        assert len(together) == (1 if small and len(was) > 1 else 0)
        assert not [t for t in teams - together if t in small and len(was) > 1]
        assert len(was) - len(teams - together) != 1 or len(was) == 1  # one alone could be worked out from the others


def test_readers_are_known_by_their_words() -> None:
    plan, area = FULL.plan, AREAS[0]
    assert reader("dlt", plan) == DLT
    assert reader(f"service:{area.upper()}", plan) == Reader(kind="service", name=area)
    assert reader(f"person:{plan.people[0].person_id.lower()}", plan) == Reader(kind="person", name=plan.people[0].person_id)
    assert [reader(said, plan) for said in ("", "dlt:x", "service:", "service:Nowhere", "person:P999", "everyone")] == [None] * 6


def test_a_pack_for_every_head_and_everybody_who_leads_a_team(council: Path, run: Run) -> None:
    _, told = run("build", "--only", "teams", "--quarter", "2026-27-Q3", "--json", "--workspace", council)
    files = [o["file"] for o in told["outputs"] if o["written"]]
    today = date(2026, 12, 14)
    plan = example_plan(today)
    leading = [p for p in plan.people if p.team and p.in_post(today, today) and any(q.line_manager_id == p.person_id and q.in_post(today, today) for q in plan.people)]
    areas = {p.service_area for p in plan.people if p.role == "HOS"}
    assert sorted(files) == sorted([f"Reports/2026-27-Q3/Services/QA master for {a} - Q3 2026-27.xlsx" for a in areas] + [f"Reports/2026-27-Q3/Teams/QA master for {p.person_id} - Q3 2026-27.xlsx" for p in leading])
    _, again = run("build", "--only", "teams", "--quarter", "2026-27-Q3", "--json", "--workspace", council)
    assert [o for o in again["outputs"] if o["written"]] == []
