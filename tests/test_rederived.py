"""Every figure on the master's summary sheets, derived again from what the council's files say, by code that shares nothing with the product's."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document as Word
from rederive import GRADES, NO_AREA, Council, Row, action_row, asked_of_equality, code, coverage, graded, of, table
from traced import Rows, annex, quoted, shown, untraced, untrue

from qaf_sheets.commands.ingest import Pass
from qaf_sheets.demo.story import Story

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ROOT = Path(__file__).parent.parent
TODAY, QUARTER = date(2027, 1, 15), "Q3 2026-27"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("again") / "QAF demo"
    Story(place, place / ".qaf", 2026).run(lambda at: Pass(at, pause=lambda _: None), lambda _, pieces: pieces)
    return place


@pytest.fixture(scope="module")
def council(root: Path) -> Council:
    return Council(root, said(root, "answers"), said(root, "status", "--quarter", "2026-27-Q3"))


@pytest.fixture(scope="module")
def master(root: Path, council: Council) -> Path:
    assert council.answers
    return root / "QA master.xlsx"


def said(root: Path, *command: str) -> Any:
    """What a command prints, as other people's programs get it."""
    environment = {**os.environ, "QAF_TODAY": TODAY.isoformat(), "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "watchers")))}
    done = subprocess.run([sys.executable, "-m", "qaf_sheets", *command, "--workspace", str(root), "--json"], capture_output=True, text=True, env=environment, check=True, cwd=ROOT)
    return json.loads(done.stdout)


TITLES = {"CCR": "Collaborative case review", "THEM": "Thematic audit"}


def some(row: Row, wanted: Row) -> Row:
    return {head: row[head] for head in wanted}


# ---------------------------------------------------------------- coverage


def test_coverage(council: Council, master: Path) -> None:
    owed = coverage(council, lambda o: o["activity"])
    rows = [r for r in table(master, "Coverage") if r["Quarter"] == QUARTER]
    by_numbers = Counter(tuple(some(r, wanted).values()) for r in rows for wanted in [next(iter(owed.values()))])
    assert by_numbers == Counter(tuple(r.values()) for r in owed.values() if r["Expected"] or True)
    for row in rows:
        assert row["Returned of expected"] == of(row["Returned"], row["Expected"])
        assert row["On time of returned"] == of(row["On time"], row["Returned"])
    every = coverage(council, lambda _: "all")["all"]
    (total,) = (r for r in table(master, "Coverage") if r["Activity"] == "All activities")
    assert some(total, every) == every


def test_coverage_by_area(council: Council, master: Path) -> None:
    owed = coverage(council, lambda o: (council.area_of(o["person_id"]), o["activity"]))
    rows = [r for r in table(master, "Coverage by area") if r["Quarter"] == QUARTER]
    heads = list(next(iter(owed.values())))
    found = Counter((r["Service area"], *(r[h] for h in heads)) for r in rows)
    assert found == Counter((area, *numbers.values()) for (area, _), numbers in owed.items())


def test_people_due_has_every_duty_with_its_state(council: Council, master: Path) -> None:
    rows = [r for r in table(master, "People due") if r["Quarter"] == QUARTER]
    words = {"returned": "✓ Returned", "nil": "✓ Nothing to report", "later": "○ Not due yet", "due": "○ Due", "needs_fixing": "! Needs fixing", "overdue": "✗ Overdue", "held": "! Held for a decision", "exempt": "– Exempt", "not_required": "– Not required"}
    assert Counter((r["State"], r["Return"]) for r in rows) == Counter((words[o["state"]], o["return_id"]) for o in council.status["obligations"])


def test_start_here(council: Council, master: Path) -> None:
    every = coverage(council, lambda _: "all")["all"]
    sheet = openpyxl.load_workbook(master, data_only=True)["Start here"]
    assert str(sheet["A2"].value).startswith(f"{every['Returned']} of {every['Expected']} returns are in; {every['Overdue']} are overdue")
    tiles = {str(c.value) for row in sheet.iter_rows(min_row=6, max_row=6) for c in row}
    actions = action_row(council.actions, TODAY)
    late = sum(actions[h] for h in actions if h.startswith("Overdue"))
    assert {of(every["Returned"], every["Expected"]), str(every["Overdue"]), of(late, actions["Actions"] - actions["Finished"])} <= tiles


# ---------------------------------------------------------------- grades


def test_grades(council: Council, master: Path) -> None:
    work = council.work()
    for code_, title in TITLES.items():
        mine = [w for w in work if w.activity == code_]
        rows = {(r["Counted by"], r["Name"]): r for r in table(master, "Grades") if (r["Quarter"], r["Activity"]) == (QUARTER, title)}
        expected = {("Everyone", "Final grade"): graded(w.final for w in mine), ("Everyone", "Grade by the reviewer"): graded(w.own for w in mine)}
        for key, of_work in (("Team", council.team), ("Service area", lambda w: council.areas[council.team(w)]), ("Level of need", lambda w: w.level)):
            for name in {of_work(w) for w in mine}:
                expected[key, name] = graded(w.final for w in mine if of_work(w) == name)
        assert {k: some(r, expected[k]) for k, r in rows.items()} == expected


def test_practice_areas(council: Council, master: Path) -> None:
    fields = [f for f in council.returns("CCR")[0]["answers"] if f.endswith("_grade") and f not in ("overall_grade", "previous_grade")]
    expected = Counter(tuple(graded(code(r["answers"], f) for r in council.returns("CCR")).values()) for f in fields)
    rows = [r for r in table(master, "Practice areas") if r["Quarter"] == QUARTER and r["Activity"] == "Collaborative case review"]
    heads = [*GRADES.values(), "Graded", "Good or better"]
    assert Counter(tuple(r[h] for h in heads) for r in rows) == expected


def test_moderation(council: Council, master: Path) -> None:
    ladder = list(GRADES)
    for code_, title in TITLES.items():
        mine = [w for w in council.work() if w.activity == code_ and w.moderated]
        rows = [r for r in table(master, "Moderation") if (r["Quarter"], r["Activity"]) == (QUARTER, title)]
        for row in rows:
            behind = mine if row["Reviewers"] == "Everyone" else [w for w in mine if council.role(w.reviewer) == row["Reviewers"]]
            if row["Reviewer's grade"] != "All grades":
                behind = [w for w in behind if GRADES[w.own] == row["Reviewer's grade"]]
            assert [row[f"Moderated: {text}"] for text in GRADES.values()] == [sum(w.moderated == g for w in behind) for g in GRADES]
            assert row["Moderated"] == len(behind)
            if row["Reviewer's grade"] == "All grades":
                agreed = sum(w.own == w.moderated for w in behind)
                down = sum(ladder.index(w.moderated) > ladder.index(w.own) for w in behind)
                up = len(behind) - agreed - down
                assert row["Agreed"] == of(agreed, len(behind))
                told = row["Which way grades moved"]
                assert told == f"Too few to say ({len(behind)})" if len(behind) < 5 else told == "No grade moved" if not up + down else told.endswith(f": {down} down, {up} up")
        assert {r["Reviewers"] for r in rows} == {"Everyone", *(council.role(w.reviewer) for w in mine)}


def test_children_reviewed(council: Council, master: Path) -> None:
    rows = {r["Piece of work"]: r for r in table(master, "Children reviewed")}
    assert {ref: (str(r["Child"]), r["Final grade"]) for ref, r in rows.items()} == {w.ref: (w.child, GRADES[w.final]) for w in council.work()}


def test_trends_newest_quarter(council: Council, master: Path) -> None:
    every = coverage(council, lambda _: "all")["all"]
    rows = [r for r in table(master, "Trend") if r["Quarter"] == QUARTER]
    (all_,) = (r for r in rows if r["Activity"] == "All activities")
    assert (all_["Expected"], all_["Returned"], all_["On time"]) == (every["Expected"], every["Returned"], every["On time"])
    for code_, title in TITLES.items():
        finals = Counter(w.final for w in council.work() if w.activity == code_)
        (row,) = (r for r in rows if r["Activity"] == title)
        assert (row["Graded"], row["Good or better"], row["Inadequate"]) == (finals.total(), finals["Outstanding"] + finals["Good"], finals["Inadequate"])


# ---------------------------------------------------------------- samples, equality, actions


def test_dip_sample_findings(council: Council, master: Path) -> None:
    children = [row for r in council.returns("DIP") for row in r["rows"]["children"]]
    questions = sorted({f for row in children for f in row if re.fullmatch(r"NET\d", f)})
    expected = []
    for question in questions:
        n = Counter(code(row, question) for row in children)
        expected.append((n["Yes"], n["Partly"], n["No"], n["NA"], of(n["Yes"], n["Yes"] + n["Partly"] + n["No"])))
    rows = [r for r in table(master, "Dip sample findings") if r["Quarter"] == QUARTER]
    assert [(r["Yes"], r["Partly"], r["No"], r["Not applicable"], r["Yes, of those that apply"]) for r in rows] == expected


def test_equality_and_diversity(council: Council, master: Path) -> None:
    asked = list(asked_of_equality(council))
    rows = [r for r in table(master, "Equality and diversity") if (r["Quarter"], r["Service area"]) == (QUARTER, "Everyone")]
    options = ("Strongly evident", "Evident", "Partly evident", "Not evident")
    expected = Counter()
    for activity in {a for a, _, _ in asked}:
        mine = [answers for a, _, answers in asked if a == activity]
        texts = [[code(answers, f) for f in ("ed_understanding", "ed_response", "ed_evaluation")] for answers in mine]
        full = [all(t) for t in texts]
        n = Counter(code(answers, "ed_evaluation") for answers in mine)
        expected[(*(n[o] for o in options), len(mine), of(sum(full), len(mine)), sum(ok and min(len(t[0]), len(t[1])) < 40 for ok, t in zip(full, texts, strict=True)))] += 1
    assert Counter((*(r[o] for o in options), r["Asked"], r["Answered in full"], r["Short answers"]) for r in rows) == expected


def test_reviewers_on_equality(council: Council, master: Path) -> None:
    rows = {r["Reviewers"]: r for r in table(master, "Reviewers on equality") if r["Quarter"] == QUARTER}
    judged = [w for w in council.work() if w.understood]
    expected = {"Everyone": judged} | {role: [w for w in judged if council.role(w.reviewer) == role] for role in {council.role(w.reviewer) for w in judged}}
    assert {role: [r[o] for o in ("Strong", "Adequate", "Limited", "Moderated")] for role, r in rows.items()} == {
        role: [*(sum(w.understood == o for w in mine) for o in ("Strong", "Adequate", "Limited")), len(mine)] for role, mine in expected.items()
    }


def test_actions_by_area(council: Council, master: Path) -> None:
    rows = {(r["Counted by"], r["Name"]): r for r in table(master, "Actions by area")}
    expected = {("Everything", "All actions"): action_row(council.actions, TODAY)}
    for by, blank in (("Service area", NO_AREA), ("Team", "No team"), ("Owner", "Nobody named")):
        for name in {a[by] or blank for a in council.actions}:
            expected[by, name] = action_row([a for a in council.actions if (a[by] or blank) == name], TODAY)
    assert {k: some(r, expected[k]) for k, r in rows.items()} == expected


def test_triangulation_counts_the_rows_behind_it(master: Path) -> None:
    rows = [r for r in table(master, "Theme rows") if r["Quarter"] == QUARTER]
    signs = {"Worry": "▼", "Strength": "▲", "Raised": "●"}
    short = {"Child and family voice": "Child, family", "Other returns": "Other"}
    sources = {r["Source"] for r in rows}
    for row in (r for r in table(master, "Triangulation") if r["Quarter"] == QUARTER):
        mine = [r for r in rows if r["Theme"] == row["Theme"]]
        n = Counter((r["Source"], r["Direction"]) for r in mine)
        assert row["Returns"] == len({r["Return"] for r in mine})
        assert (row["Worries"], row["Strengths"]) == tuple(sum(r["Direction"] == d for r in mine) for d in ("Worry", "Strength"))
        for source in sources:
            assert row[short.get(source, source)] == (" ".join(f"{sign}{n[source, d]}" for d, sign in signs.items() if n[source, d]) or "–")


def test_a_themes_rows_are_the_returns_that_speak_of_it(council: Council, master: Path) -> None:
    """By our own reading of the words: observations whose strengths or areas for development speak of supervision."""
    speaks = re.compile(r"(?<!\w)(?:supervis|reflecti)", re.IGNORECASE)
    expected = {
        (o["return_id"], direction) for activity in ("OBS", "OBS_SNR") for o in council.returns(activity)
        for field, direction in (("strengths", "Strength"), ("areas_for_development", "Worry")) if speaks.search(code(o["answers"], field))
    }  # fmt: skip
    rows = table(master, "Theme rows")
    found = {(r["Return"], r["Direction"]) for r in rows if (r["Theme"], r["Source"]) == ("Supervision", "Observation") and r["Direction"] != "Raised"}
    actions = {o["return_id"] for a in ("OBS", "OBS_SNR") for o in council.returns(a) for row in o["rows"].get("actions", []) if speaks.search(code(row, "action_text"))}
    assert found == expected | {(ref, "Worry") for ref in actions}
    assert found


# ---------------------------------------------------------------- feedback


def test_feedback_by_manager(master: Path) -> None:
    rows = table(master, "Feedback given")
    for row in table(master, "Feedback by manager"):
        mine = [r for r in rows if r["Reviewer"] == row["Reviewer"]]
        assert row["Pieces of work"] == len(mine)
        assert row["With something outstanding"] == sum(str(r["Outstanding"]).startswith("!") for r in mine)


# ---------------------------------------------------------------- the ten questions of an Assistant Director

PAGE = (ROOT / "docs" / "ten-questions.md").read_text("utf-8")
ASKED = re.findall(r"^\| (\d+) \| ([^|]+) \| \*\*([^*]+)\*\* \| [^|]+ \| ([^|]+) \|$", PAGE, re.MULTILINE)


@pytest.mark.parametrize(("number", "question", "sheet", "answer"), ASKED, ids=[sheet for _, _, sheet, _ in ASKED])
def test_the_answer_stands_under_the_title_of_the_sheet_that_the_page_names(number: str, question: str, sheet: str, answer: str, master: Path) -> None:
    book = openpyxl.load_workbook(master, data_only=True)
    assert answer in str(book[sheet]["A2"].value), (number, question)
    guide = {str(c.value): c.hyperlink for row in book["Start here"].iter_rows() for c in row if c.hyperlink}
    assert sheet == "Start here" or sheet in guide


def test_there_are_ten_of_them() -> None:
    assert [n for n, *_ in ASKED] == [str(n) for n in range(1, 11)]


# ---------------------------------------------------------------- the DLT report and its annex


@pytest.fixture(scope="module")
def dlt(root: Path, council: Council) -> tuple[list[str], dict[str, Rows]]:
    """The report's lines and its annex, as they lie in the folder."""
    assert council.answers
    place = root / "Reports" / "2026-27-Q3" / "DLT"
    word = Word(str(place / f"DLT report - {QUARTER}.docx"))
    body = ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in word.element.body.iter(f"{W}p")]
    return body, annex((place / f"DLT report - {QUARTER} - sources.xlsx").read_bytes())


def test_every_number_of_the_dlt_report_is_borne_out_by_the_annex(dlt: tuple[list[str], dict[str, Rows]]) -> None:
    body, sheets = dlt
    assert untraced(body, sheets) == []
    assert untrue(sheets) == []
    assert len(sheets["Figures"]) > 100


def test_the_annex_counts_what_the_returns_say(dlt: tuple[list[str], dict[str, Rows]], council: Council) -> None:
    _, sheets = dlt
    assert {(r["Return"], r["Reviewer’s grade"], r["Moderated grade"] or "", r["Final grade"]) for r in sheets["Graded work"]} == {(w.ref, w.own, w.moderated, w.final) for w in council.work()}
    answers = [a for r in council.returns("DIP") for row in r["rows"]["children"] for k, a in row.items() if re.fullmatch(r"NET\d", k)]
    assert Counter(r["Answer"] for r in sheets["Dip answers"]) == Counter({"NA": "Not applicable"}.get(a["code"], a["code"]) for a in answers)
    assert Counter(r["Standing"] for r in sheets["Returns expected"])["In"] == sum(o["state"] in ("returned", "nil") for o in council.status["obligations"])


def test_every_quote_of_the_dlt_report_stands_in_the_return_it_names(dlt: tuple[list[str], dict[str, Rows]], root: Path) -> None:
    body, sheets = dlt
    found, in_report = shown(sheets), quoted(body)
    assert len(in_report) > 20
    assert all(any(q["Words"].startswith(words) and q["Return"] == ref for q in found) for words, ref in in_report)
    for quote in found:
        files = (root / "Received" / "2026-27-Q3").glob(f"*{quote['Return'].partition('/')[0]}*.xlsx")
        cells = [openpyxl.load_workbook(f, read_only=False)[quote["Sheet"]][quote["Cell"]].value for f in files]
        assert quote["Words"] in [" ".join(str(c).split()) for c in cells], quote


def test_no_sentence_stands_twice_in_the_dlt_report(dlt: tuple[list[str], dict[str, Rows]]) -> None:
    body, _ = dlt
    sentences = Counter(s for line in body for s in re.split(r"(?<=[.!?])\s+", line.strip()) if len(s.split()) > 6)
    assert [s for s, n in sentences.items() if n > 1] == []


# ---------------------------------------------------------------- the demo's words


def test_no_sentence_of_the_demos_words_stands_in_more_than_three_returns(council: Council) -> None:
    known = {s for path in (ROOT / "qaf_sheets" / "demo" / "words").glob("*.toml") for text in texts(tomllib.loads(path.read_text("utf-8"))) for s in sentences(text)}
    standing: dict[str, set[str]] = {}
    for one in council.answers:
        if one["activity"] != "MOD":  # a moderator reads the work again
            for s in {s for text in texts([one["answers"], one["rows"]]) for s in sentences(text)} & known:
                standing.setdefault(s, set()).add(one["return_id"])
    assert len(standing) > 1000
    assert {s: len(returns) for s, returns in standing.items() if len(returns) > 3} == {}


def texts(said: object) -> Iterator[str]:
    """Every text in words within words."""
    if isinstance(said, str):
        yield said
    elif isinstance(said, dict):
        yield from (text for value in said.values() for text in texts(value))
    elif isinstance(said, list):
        yield from (text for value in said for text in texts(value))


def sentences(text: str) -> set[str]:
    """Those of six words and more: shorter ones anybody might write."""
    return {s.strip() for s in re.split(r"(?<=[.!?])\s+", text) if len(s.split()) > 5}
