"""A council as large as it is asked to be, its quarter's forms handed out, and what comes back: filled in by openpyxl, a third of it saved again by LibreOffice."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, datetime
from itertools import count
from pathlib import Path
from random import Random

from qaf_sheets import workspace
from qaf_sheets.demo.bank import Bank
from qaf_sheets.demo.fill import Work, answer, typed
from qaf_sheets.desk import Desk
from qaf_sheets.facts import named
from qaf_sheets.model import Form, Issue, Layout, Person, Plan, Quarter, Question, Value
from qaf_sheets.plan.example import example_plan
from qaf_sheets.plan.sampling import draw_reviews

Q3 = Quarter.parse("2026-27-Q3")
ISSUED, RETURNED = datetime(2026, 10, 5, 9, 0), "2026-12-14"
SIGNED = date(2026, 12, 10)
ENDINGS = ("", *(f"{a}{b}" for a in ("ton", "bury", "ham", "ley") for b in ("", "e", "s", "son", "man", "well", "ford", "worth", "ing", "by", "wick")))
"""What makes another invented surname of an invented surname."""
MANY = ("HOS", "TM", "SW", "ASYE", "PA", "EHP")
"""Roles of which a larger council has more; it has one DCS and one PSW like any other."""

PROSE = "We looked at this together, and the plan says what each of us will do by when; the child was seen alone and told us what had changed since."
LEFT = ("signed_off_by", "nothing_to_report")


def plan_of(times: int) -> Plan:
    """The example council's plan with each service area, team, and child in it so many times."""
    plan = example_plan(ISSUED.date())
    fresh = iter(Random(7).sample(range(9_000_001, 9_999_999), times * len(plan.children)))
    rules = tuple(r.model_copy(update={"count": r.count * times}) if r.rule_id == "R13" else r for r in plan.rules)
    children = tuple(
        c.model_copy(update={"child_id": str(next(fresh)), "team": _nth(c.team, n), "worker_id": _id(c.worker_id, n)}) for n in range(times) for c in plan.children
    )
    larger = plan.model_copy(update={
        "people": tuple(_copy(p, n, plan) for n in range(times) for p in plan.people if n == 0 or p.role in MANY), "children": children, "rules": rules,
        "teams": tuple(t.model_copy(update={"team": _nth(t.team, n), "service_area": _nth(t.service_area, n)}) for n in range(times) for t in plan.teams),
        "settings": {**plan.settings, "settle_seconds": "0"},
    })
    return larger.model_copy(update={"allocations": draw_reviews(larger, Q3).allocations})


def _copy(person: Person, n: int, plan: Plan) -> Person:
    manager = plan.person(person.line_manager_id)
    its_manager = _id(person.line_manager_id, n) if manager and manager.role in MANY else person.line_manager_id
    return person.model_copy(update={
        "person_id": _id(person.person_id, n), "name": person.name + ENDINGS[n], "line_manager_id": its_manager,
        "team": _nth(person.team, n), "service_area": _nth(person.service_area, n), "email": f"n{n}.{person.email}",
    })


def _id(person_id: str, n: int) -> str:
    return f"P{int(person_id[1:]) + 100 * n:03d}" if n and person_id else person_id


def _nth(name: str, n: int) -> str:
    return f"{name} {n + 1}" if n and name else name


class Filled:
    """Fills one workspace's forms in, each in its own words, always the same for the same form."""

    def __init__(self, root: Path) -> None:
        self.place = workspace.find(root)
        with Desk(self.place, now=lambda: ISSUED) as at:
            self.plan = at.plan
            with at.register.reading() as records:
                self.issues = records.issues.of_quarter(Q3)
                self.forms: dict[str, tuple[Form, Layout]] = {v: kept for v in {i.form_version for i in self.issues} if (kept := records.issues.form(v))}
        self.by_team: dict[str, list[str]] = {}
        for child in self.plan.children:
            self.by_team.setdefault(child.team, []).append(child.child_id)
        self.managers = tuple(named(p) for p in self.plan.people if p.role == "TM")

    def returned(self, one: Issue) -> bytes:
        """One form as it comes back."""
        form, layout = self.forms[one.form_version]
        dice = Random(one.return_id)
        bank = Bank(dice)
        children = tuple(self.by_team.get(one.team) or [c.child_id for c in self.plan.children])
        graded = [f.id for f in form.fields if f.id.endswith("_grade") and len(f.options) > 3 and f.options[0].text == "Outstanding"]
        told: dict[str, Value] = {**{g: dice.choice(("Outstanding", "Good", "RI")) for g in graded}, **({"family_contact": "Both"} if one.activity == "CCR" else {})}
        pieces = {t.id: tuple(self._pieces(form, t.id, children, dice)) for t in form.tables if t.sheets or t.id == "children"}
        work = Work(on=SIGNED, quarter=Q3, owners=tuple(dice.sample(self.managers, 4)), children=children, holidays=self.plan.holidays, told=told, rows=pieces)
        said, rows = answer(form, one, bank, work)
        prose = iter(f"{PROSE} ({one.return_id}, {n})" for n in count(1))
        asked = [f for f in form.fields if not (f.fixed or f.withheld or f.id in LEFT or one.facts.get(f.prefill))]
        said = {**_rest(asked, prose), **said}
        rows = {**rows, **{t.id: [{**_rest([c for c in t.columns if not c.fixed and c.kind == "long"], prose), **row} for row in rows.get(t.id, ())] for t in form.tables if t.id == "children"}}
        return typed(self.place.absolute(one.file).read_bytes(), layout, said, rows)

    def _pieces(self, form: Form, table: str, children: Sequence[str], dice: Random) -> Iterator[dict[str, Value]]:
        """Children of a dip sample or of a thematic audit."""
        it = next(t for t in form.tables if t.id == table)
        many = 2 if it.sheets else min(10, it.rows)
        known = {c.child_id: c for c in self.plan.children}
        for child_id in dice.sample(list(children), min(many, len(children))):
            child = known[child_id]
            said: dict[str, Value] = {"child_id": child_id, "level_of_need": child.level_of_need, "team": child.team, "immediate_concern": "No"}
            for column in it.columns:
                if column.options and column.required and column.id not in said and column.when is None:
                    said[column.id] = dice.choice([o.code or o.text for o in column.options[:2]])
            yield said


def _rest(asked: Sequence[Question], prose: Iterator[str]) -> dict[str, Value]:
    """What was left blank: a sentence, or the first of the choices."""
    return {f.id: next(prose) if f.kind == "long" else f.options[0].text for f in asked if f.kind == "long" or (f.kind == "choice" and f.required)}


_filled: Filled | None = None


def _one(root: Path, number: int) -> bytes:
    global _filled
    if _filled is None or _filled.place.root != root:
        _filled = Filled(root)
    return _filled.returned(_filled.issues[number])


def fill_in(root: Path, into: Path, most: int) -> list[Path]:
    """The first so many forms of a workspace, filled in and laid into a folder; a third of them saved again by LibreOffice."""
    into.mkdir(parents=True, exist_ok=True)
    issues = Filled(root).issues[:most]
    with ProcessPoolExecutor() as pool:
        for one, data in zip(issues, pool.map(_one, [root] * len(issues), range(len(issues)), chunksize=8), strict=True):
            (into / Path(one.file).name).write_bytes(data)
    files = sorted(into.glob("*.xlsx"))
    save_again(files[::3])
    return files


def save_again(files: Sequence[Path]) -> None:
    """As LibreOffice saves them; each stays where it is."""
    with tempfile.TemporaryDirectory() as folder:
        profile = (Path(folder) / "profile").as_uri()
        for n in range(0, len(files), 100):
            out = Path(folder) / "out"
            subprocess.run(["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), *map(str, files[n : n + 100])], check=True, capture_output=True, timeout=600)
        for file in files:
            (Path(folder) / "out" / file.name).replace(file)
