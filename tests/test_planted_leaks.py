"""Fifty leaks and more are planted in answers: names, dates of birth, NHS numbers, postcodes, children's references. No document may carry them on. All are invented."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from itertools import cycle
from pathlib import Path

import pytest
from conftest import Run
from desk_kit import WITH_ACTIONS, Handed
from kit import book

from qaf_sheets.model import Person, Value
from qaf_sheets.plan.example import example_plan
from qaf_sheets.telling import plain

ACTIVITIES = ("ROUT", "SERV", "CCR", "OBS")
BORN = ("born 03/05/2014", "born on the 3rd of May 2014", "DOB: 2014-05-03", "d.o.b 03.05.14", "date of birth is 3rd May 2014", "birthday: May 3rd, 2014", "D O B 03 05 2014", "b. 3/5/2014")
NHS = ("943 476 5919", "9434765919", "943-476-5919", "NHS no. 123 456 7890", "94 3476 59 19", "943.476.5919")
POSTCODES = ("ZZ9 9ZZ", "zz99zz", "SW1A 1AA", "m1 1ae", "EC1A 1BB", "B33-8TH", "DN55 1PT", "CR2 6XH")
CHILDREN = tuple(f"93045{n:02d}" for n in range(12, 30))
FOR_STAFF = ("To complete/", "Needs fixing/", "Received/", "QA plan.xlsx", ".qaf/")
"""What holds what was typed because it is the record itself (the state folder with its register and journal), or the manager's own copy."""


def named(people: tuple[Person, ...]) -> list[str]:
    """Names of staff as people write them."""
    ways = ("{whole}", "{initial}. {last}", "{last}, {first}", "Ms {last}", "{first} {last}'s")
    named = [p.name for p in people if len(p.name.split()) == 2][20:34]
    return [way.format(whole=name.upper(), initial=name[0], first=name.split()[0], last=name.split()[1]) for name, way in zip(named, cycle(ways), strict=False)]


@pytest.fixture(scope="module")
def leaks() -> list[str]:
    found = [*named(example_plan(date(2026, 12, 14)).people), *BORN, *NHS, *POSTCODES, *CHILDREN]
    assert len(found) >= 50
    return found


@pytest.fixture
def planted(council: Path, run: Run, leaks: list[str]) -> Path:
    """Every answer in words of five returns holds one leak in the middle of a sentence."""
    again = cycle(leaks)
    for activity in ACTIVITIES:
        handed = Handed(council, activity)
        words: dict[str, Value] = {f.id: f"The work was clear. Somebody wrote {next(again)} here. It made a difference, and {next(again)} too." for f in handed.form.fields if f.kind == "long" and not f.when and not f.fixed}
        action: dict[str, Value] = {"action_text": f"Ring {next(again)} this week", "owner": "P016", "due_on": date(2027, 1, 15), "intended_impact": f"So that {next(again)} is heard"}
        handed.drop(handed.filled(handed.complete(**words, actions_any=WITH_ACTIONS, no_action_reason=None), (action,)))
    _, told = run("ingest", "--json", "--workspace", council)
    assert {f["outcome"] for f in told["files"]} == {"accepted"}
    return council


def texts(root: Path) -> Iterator[tuple[str, str]]:
    """Every file that somebody may open, with all that it says on one line."""
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        name = path.relative_to(root).as_posix()
        if name.startswith(FOR_STAFF) and not name.endswith(".log"):
            continue
        data = path.read_bytes()
        if zipfile.is_zipfile(io.BytesIO(data)):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                data = b" ".join(archive.read(n) for n in archive.namelist() if n.endswith((".xml", ".rels")))
        yield name, plain(re.sub(r"<[^>]+>", " ", data.decode("utf-8", "replace")))


def carrying(root: Path, leaks: list[str]) -> dict[str, set[str]]:
    return {name: found for name, text in texts(root) if (found := {leak for leak in leaks if plain(leak) in text})}


def test_no_document_page_or_log_carries_a_leak(planted: Path, run: Run, leaks: list[str]) -> None:
    run("build", "--workspace", planted)
    found = carrying(planted, [leak for leak in leaks if leak not in CHILDREN])
    assert {name: some for name, some in found.items() if name not in ("QA master.xlsx", "Actions tracker.xlsx")} == {}


def test_children_stand_by_reference_only_where_their_readers_may_see_them(planted: Path, leaks: list[str]) -> None:
    allowed = ("QA master.xlsx", "Actions tracker.xlsx", "Reports/2026-27-Q3/Child records/", "Reports/2026-27-Q3/Staff feedback/", "Reports/2026-27-Q3/Services/Head of Service", "Reports/2026-27-Q3/Services/Assistant Director summary")
    found = carrying(planted, list(CHILDREN))
    assert {name for name in found if not name.startswith(allowed)} == set()


def test_the_master_keeps_the_words_on_the_sheets_of_the_returns_alone(planted: Path, leaks: list[str]) -> None:
    """What a manager typed is never lost: the Assistant Director's own workbook has it with its return, and says in Data notes where to look."""
    numbers = [plain(leak).casefold() for leak in (*BORN, *NHS, *POSTCODES)]
    sheets = {name: plain(" ".join(str(v) for row in rows for v in row if v is not None)).casefold() for name, rows in book((planted / "QA master.xlsx").read_bytes()).sheets.items()}
    carrying = {name for name, text in sheets.items() if any(leak in text for leak in numbers)}
    assert "Head of Service summaries" in carrying
    assert carrying <= {"Head of Service summaries", "Service summaries", "Collaborative case review", "Observations of practice", "Observations", "Actions"}
