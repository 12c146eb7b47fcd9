"""Another council, set up by data alone, hands out, receives and reports: no role, list or word of the first one stands in the code."""

from __future__ import annotations

import re
import shutil
import warnings
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import second_council
from conftest import Run
from desk_kit import ACTION, WITH_ACTIONS, Handed
from kit import book
from second_council import GRADES, LEVELS, Q3, ROLES, THEME

from qaf_sheets import workspace
from qaf_sheets.demo.fill import typed
from qaf_sheets.desk import Desk
from qaf_sheets.issue import issue
from qaf_sheets.model import Value
from qaf_sheets.plan.example import example_plan

ISSUED = {"ROUT": 2, "SERV": 2, "GRP": 2, "DIP": 2, "CCR": 2, "OBS": 2}
DIPPED = [{"child_id": f"{90000 + n}", "level_of_need": "Statutory", "team": "Harbour", "MOV1": "Yes", "MOV2": "Partly", "immediate_concern": "No"} for n in range(1, 11)]
SAID: dict[str, dict[str, Value]] = {
    "GRP": {"actions_any": WITH_ACTIONS, "no_action_reason": None},
    "CCR": {"overall_grade": "Developing", "bordering_good": "Yes", "family_contact": "Both", "actions_any": WITH_ACTIONS, "no_action_reason": None},
}
OURS = {"Good", "Outstanding", "Inadequate", "Social worker", "Team manager", "Child Protection", "Independent auditor"}
"""Words of the framework's own labels, which any council's forms hold."""


def there(root: Path) -> Desk:
    return Desk(workspace.find(root), now=lambda: second_council.NOW)


@pytest.fixture(scope="module")
def set_up_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hollowmere with its forms handed out."""
    root = tmp_path_factory.mktemp("second") / "Quality"
    second_council.set_up(root)
    with there(root) as desk:
        assert desk.plan_and_problems[1] == ()
        assert Counter(i.activity for i in issue(desk, Q3)) == ISSUED
    return root


@pytest.fixture
def hollowmere(tmp_path: Path, set_up_once: Path) -> Path:
    root = tmp_path / "Quality"
    shutil.copytree(set_up_once, root)
    return root


@pytest.fixture
def returned(hollowmere: Path, run: Run) -> tuple[Path, dict[str, Any]]:
    """Everybody has returned everything, in one pass; and what that pass told."""
    for activity, n in ISSUED.items():
        for nth in range(n):
            drop(Handed(hollowmere, activity, nth))
    code, told = run("ingest", "--json", "--workspace", hollowmere)
    assert code == 0
    return hollowmere, told


def drop(handed: Handed, **changes: Value) -> None:
    activity = handed.issue.activity
    said = handed.complete(**{**SAID.get(activity, {}), **changes})
    rows: dict[str, list[dict[str, Value]]] = {"children": list(DIPPED)} if activity == "DIP" else {}
    rows |= {"actions": [{**ACTION, "owner": "H4"}]} if said.get("actions_any") == WITH_ACTIONS else {}
    handed.drop(typed(handed.path.read_bytes(), handed.layout, said, rows))


def words_of(path: Path) -> str:
    """All that a workbook, document or page says, printed margins too."""
    if path.suffix == ".html":
        return path.read_text("utf-8")
    with zipfile.ZipFile(path) as archive:
        parts = {n: archive.read(n).decode() for n in archive.namelist() if n.endswith(".xml")}
    if path.suffix == ".docx":
        return "\n".join(re.sub(r"<[^>]+>", " ", part) for n, part in parts.items() if n.startswith("word/"))
    margins = [found for part in parts.values() for found in re.findall(r"<odd(?:Header|Footer)>([^<]*)<", part)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sheets = openpyxl.load_workbook(path, data_only=True).worksheets  # all of them, also those that we never read
    return "\n".join((*margins, *(str(v) for sheet in sheets for row in sheet.iter_rows(values_only=True) for v in row if v is not None)))


def words_of_the_first() -> list[str]:
    """What the example council calls its people, places, lists and themes, and Hollowmere does not."""
    plan, own = example_plan(date(2026, 11, 23)), second_council.second_plan()
    listed = {o.text for name in ("roles", "level_of_need", "grade") for o in plan.lists[name]} - {o.text for options in own.lists.values() for o in options}
    places = {t.team for t in plan.teams} | {t.service_area for t in plan.teams} | {p.name for p in plan.people} | {t.theme for t in plan.themes}
    return sorted({"Marlbrook", *listed, *places} - OURS)


def of_the_first(path: Path) -> list[tuple[str, str]]:
    said = words_of(path)
    return [(path.name, word) for word in words_of_the_first() if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", said, re.IGNORECASE)]


def table(root: Path, sheet: str, heading: str) -> list[dict[str, Any]]:
    rows = book((root / "QA master.xlsx").read_bytes()).sheets[sheet]
    top = next(n for n, row in enumerate(rows) if heading in row)
    return [dict(zip(rows[top], row, strict=True)) for row in rows[top + 1 :] if row[0] is not None]


# ---------------------------------------------------------------- handed out


def test_the_first_councils_words_would_be_found(council: Path) -> None:
    assert {word for _, word in of_the_first(council / Handed(council, "ROUT").issue.file)} >= {"Marlbrook", "Head of Service"}


@pytest.mark.parametrize("activity", ISSUED)
def test_no_form_holds_a_word_of_the_first_council(hollowmere: Path, activity: str) -> None:
    handed = Handed(hollowmere, activity)
    assert of_the_first(handed.path) == []
    assert "Hollowmere County Council" in words_of(handed.path)
    assert "01632 960 456" in words_of(handed.path)


def test_a_form_is_worded_by_the_councils_lists_and_its_own_forms(hollowmere: Path) -> None:
    review, summary, dip = (Handed(hollowmere, a).form for a in ("CCR", "ROUT", "DIP"))
    grade = review.part("overall_grade")
    level = review.part("level")
    assert grade is not None
    assert level is not None
    assert [o.text for o in grade.options] == [g.text for g in GRADES]
    assert tuple(o.text for o in level.options) == LEVELS
    assert [list(s.meanings) for s in review.sections if s.meanings] == [[g.text for g in GRADES]]
    assert summary.heading == "SERVICE DIRECTOR SUMMARY OF ROUTINE QUALITY ASSURANCE"
    assert dip.theme == THEME


def test_who_owes_what_follows_from_the_councils_roles(hollowmere: Path) -> None:
    owed = {(i.activity, i.person_id, i.role_team.split(",")[0]) for a, n in ISSUED.items() for i in (Handed(hollowmere, a, k).issue for k in range(n))}
    assert {o for o in owed if o[0] in ("SERV", "GRP", "OBS")} == {
        ("SERV", "H2", ROLES["SD"]), ("SERV", "H3", ROLES["SD"]), ("GRP", "H5", ROLES["SV"]), ("GRP", "H6", ROLES["SV"]), ("OBS", "H5", ROLES["SV"]), ("OBS", "H6", ROLES["SV"]),
    }  # fmt: skip


def test_every_form_offers_who_leads_practice_here(hollowmere: Path) -> None:
    assert all("Pasco Invented (H4)" in words_of(Handed(hollowmere, a).path) for a in ISSUED)


# ---------------------------------------------------------------- received


def test_everything_is_accepted_and_reported(returned: tuple[Path, dict[str, Any]]) -> None:
    root, told = returned
    assert {f["outcome"] for f in told["files"]} == {"accepted"}
    assert len(told["files"]) == sum(ISSUED.values())
    assert {"QA master.xlsx", "Actions tracker.xlsx", "Status.html"} <= {o["file"] for o in told["outputs"] if o["written"]}
    assert sorted(p.name for folder in ("DLT", "Services") for p in (root / "Reports").rglob(f"{folder}/*.docx") if "compilation" not in p.name) == [
        "DLT report - Q3 2026-27.docx", "Service director summary - Growing Up - Q3 2026-27.docx", "Service director summary - Safer Families - Q3 2026-27.docx",
        "Service summary - Growing Up - Q3 2026-27.docx", "Service summary - Safer Families - Q3 2026-27.docx",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("activity", "changes", "code"),
    [
        ("CCR", {"overall_grade": "Requires improvement (RI)"}, "NOT_ON_LIST"),
        ("CCR", {"overall_grade": "Of concern", "actions_any": "No further action", "no_action_reason": "The plan is on track."}, "INADEQUATE_NO_ACTION"),
        ("OBS", {"child_id": "9304518"}, "CHILD_ID_FORMAT"),
        ("GRP", {"kind_of_session": "Neither"}, "NOT_ON_LIST"),
    ],
)
def test_slips_are_found_by_the_councils_own_rules(hollowmere: Path, run: Run, activity: str, changes: dict[str, Value], code: str) -> None:
    drop(Handed(hollowmere, activity), **changes)
    _, told = run("ingest", "--json", "--workspace", hollowmere)
    assert [f["outcome"] for f in told["files"]] == ["needs_fixing"]
    assert code in [p["code"] for p in told["files"][0]["problems"]]


# ---------------------------------------------------------------- reported


def test_what_it_reports_holds_no_word_of_the_first_council(returned: tuple[Path, dict[str, Any]]) -> None:
    root, _ = returned
    outputs = [root / "QA master.xlsx", root / "Actions tracker.xlsx", root / "Status.html", *(root / "Reports").rglob("*.docx")]
    assert len(outputs) > 20
    assert [found for path in outputs for found in of_the_first(path)] == []


def test_grades_are_counted_under_the_councils_own_words(returned: tuple[Path, dict[str, Any]]) -> None:
    everyone = table(returned[0], "Grades", "Counted by")[0]
    assert {g.text: everyone[g.text] for g in GRADES} == {"Exemplary": 0, "Secure": 0, "Developing": 2, "Of concern": 0}
    assert [row["Name"] for row in table(returned[0], "Grades", "Counted by") if row["Counted by"] == "Service area"] == ["Growing Up", "Safer Families"]


def test_moderation_is_handed_to_the_role_that_moderates_here(returned: tuple[Path, dict[str, Any]], run: Run) -> None:
    root, _ = returned
    handed = Handed(root, "MOD")
    assert (handed.issue.person_id, handed.issue.role_team) == ("H4", ROLES["PL"])
    assert of_the_first(handed.path) == []
    drop(handed, mod_grade="Secure", mod_role="Practice lead")
    _, told = run("ingest", "--json", "--workspace", root)
    assert [f["outcome"] for f in told["files"]] == ["accepted"]
    everyone = table(root, "Grades", "Counted by")[0]
    assert {g.text: everyone[g.text] for g in GRADES} == {"Exemplary": 0, "Secure": 1, "Developing": 1, "Of concern": 0}


def test_its_own_activity_has_a_sheet_coverage_and_actions(returned: tuple[Path, dict[str, Any]]) -> None:
    root, _ = returned
    notes = table(root, "Group supervision notes", "Return")
    coverage = {row["Activity"]: row["Returned"] for row in table(root, "Coverage", "Activity")}
    assert [row["What kind of session was it"] for row in notes] == ["Shared theme", "Shared theme"]
    assert coverage["Group supervision note"] == 2
    assert len(table(root, "Actions", "What needs to happen")) == 4
