"""Makes `framework.md`: what answers each numbered clause of the framework, collected from all that cites one.

Run `python docs/make_framework.py` after a form, rule, check or setting cites another clause. It says what cites a clause that there is not, and
which clauses nothing answers.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from qaf_sheets.book import Book, read_book
from qaf_sheets.cli import parser
from qaf_sheets.forms.definition import BLOCKS, Library
from qaf_sheets.model import Plan, Quarter, Question, Snapshot
from qaf_sheets.outputs.documents import DOCUMENTS
from qaf_sheets.outputs.figures import Figures, figures
from qaf_sheets.outputs.master import write_master
from qaf_sheets.plan.example import example_plan
from qaf_sheets.plan.schema import SHEETS
from qaf_sheets.plan.settings import DEFAULTS

HERE = Path(__file__).parent
PAGE = HERE / "framework.md"
TODAY = date(2026, 11, 23)
OUTPUTS = ("QA master.xlsx", "Actions tracker.xlsx", "Status.html")
KINDS = {
    "form": ("Form", "Forms"), "question": ("Asked in", "Asked in"), "block": ("Asked in", "Asked in"), "rule": ("Rule", "Rules"), "check": ("Check", "Checks"),
    "setting": ("Setting", "Settings"), "plan": ("Sheet of the plan", "Sheets of the plan"), "document": ("Document", "Documents"),
    "master": ("Sheet of the master", "Sheets of the master"), "file": ("File", "Files"), "command": ("Command", "Commands"), "page": ("Guide", "Guides"),
}  # fmt: skip
"""What can answer a clause, in the order in which the page tells it, and what one and several are called there."""
AS_TYPED = ("setting", "document", "file", "command")
INTRODUCTION = """# What answers each clause of the framework

Made by `python docs/make_framework.py` from all that cites a clause: forms and their questions (`workbooks/`), the example plan's rules, the checks on
the master's **Checks** sheet, the settings. What cannot cite one stands in `docs/clauses.toml`. Change those, never this page.

The framework numbers some paragraphs twice and some sections wrongly (section 8 begins with 5.1), so a clause is always given with its section, and two
of one number are told apart by (first) and (second).
"""
HEAD = re.compile(
    r"\b(?P<one>section|appendix)\s+(?P<n>\d+)(?!\d|\.\d)|\b(?P<many>sections|appendices)\s+(?P<ns>\d+(?!\d|\.\d)(?:(?:,\s*|\s+and\s+|\s+to\s+|–)\d+(?!\d|\.\d))+)|\b(?P<other>specification)\b",
    re.IGNORECASE,
)
NUMBER = re.compile(r"(?P<n>\d+\.\d+(?:\.\d+)?)\s?(?P<letter>[a-h](?:\([a-c]\))?(?![a-z]))?(?:\s*\((?P<nth>first|second|1st|2nd)\))?")
NTH = {"first": "first", "1st": "first", "second": "second", "2nd": "second"}
STEP = re.compile(r"\bsteps?\s+((?:one|two|three|four|five|six|seven|eight)\b(?:(?:,\s*|\s+and\s+)(?:one|two|three|four|five|six|seven|eight)\b)*)", re.IGNORECASE)


class Clause(NamedTuple):
    """One clause of the framework: what it asks for, what answers it without citing it, or why nothing does."""

    id: str
    asks: str
    by: tuple[str, ...]
    says: str
    why_none: str
    words: tuple[str, ...]


class Answer(NamedTuple):
    """Something that answers clauses, with the words in which it cites them; `where` is the form that asks a question."""

    kind: str
    name: str
    cites: str
    where: str = ""


class Section(NamedTuple):
    """A section or appendix and its clauses in order."""

    id: str
    title: str
    clauses: tuple[Clause, ...]

    def n(self, clause: Clause) -> str:
        """A clause's number or name within the section; '' where it is the whole of it."""
        return clause.id.removeprefix(self.id).removeprefix(", ")

    def words(self, clause: Clause) -> tuple[str, ...]:
        """Words that stand for a clause: those it is given, and its own name where that is no number."""
        name = self.n(clause)
        return (*clause.words, name) if name and not name[0].isdigit() and not name.startswith("step") else clause.words


class Framework:
    """The clauses as `clauses.toml` has them, and what a reference such as "Section 6, 6.4; Appendix 3" means among them."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.blocks: Mapping[str, str] = raw["blocks"]
        self.sections = {s["id"]: Section(s["id"], s["title"], tuple(_clause(s["id"], c) for c in s["clauses"])) for s in raw["sections"]}

    def cited(self, text: str) -> tuple[list[str], list[str]]:
        """(ids of the clauses and sections that a text cites, what it cites that there is not). The specification is not a clause; words alone cite none."""
        plain = re.sub(r"\(not\b[^)]*\)", "", text)
        heads = list(HEAD.finditer(plain))
        found: list[str] = []
        unknown = [text] if NUMBER.search(plain) and not heads else []
        for head, after in zip(heads, [*(h.start() for h in heads[1:]), len(plain)], strict=False):
            for name in _names(head):
                good, bad = self._within(name, plain[head.end() : after] if head["one"] else "")
                found += good
                unknown += bad
        return list(dict.fromkeys(found)), unknown

    def _within(self, name: str, tail: str) -> tuple[list[str], list[str]]:
        """What the words after "Section 6" or "Appendix 4" pick out of it; all of it where they pick nothing."""
        section = self.sections.get(name)
        if not section:
            return [], [name]
        quoted, rest = _quoted(section, tail)
        wanted = [*_steps(rest), *_numbers(section, rest)]
        known = {section.n(c) for c in section.clauses}
        lost = [f"{name}, {w}{': first or second?' if f'{w} (first)' in known else ''}" for w in wanted if w not in known]
        return [*quoted, *(f"{name}, {w}" for w in wanted if w in known)] or ([] if lost else [name]), lost


def _clause(section: str, raw: Mapping[str, Any]) -> Clause:
    name = f"{section}, {raw['n']}" if raw["n"] else section
    return Clause(name, raw["asks"], tuple(raw.get("by", ())), raw.get("says", ""), raw.get("why_none", ""), tuple(raw.get("words", ())))


def _names(head: re.Match[str]) -> list[str]:
    if head["one"]:
        return [f"{head['one'].capitalize()} {head['n']}"]
    word = {"sections": "Section", "appendices": "Appendix"}.get((head["many"] or "").lower(), "")
    return [f"{word} {n}" for n in re.findall(r"\d+", head["ns"] or "")]


def _quoted(section: Section, tail: str) -> tuple[list[str], str]:
    """The clauses whose words stand in the tail, the longest words first; and what is left of it."""
    found = []
    for words, clause in sorted(((w, c.id) for c in section.clauses for w in section.words(c)), key=lambda pair: -len(pair[0])):
        left = re.sub(rf"(?<!\w){re.escape(words)}(?!\w)", " ", tail)
        found += [clause] if left != tail and clause not in found else []
        tail = left
    return found, tail


def _steps(tail: str) -> list[str]:
    return [f"step {word.lower()}" for found in STEP.findall(tail) for word in re.findall(r"\w+", found) if word != "and"]


def _numbers(section: Section, tail: str) -> Iterator[str]:
    """The paragraphs named in a tail: each by its number, with letter and (first) or (second); those between two with a dash or "to"."""
    found = list(NUMBER.finditer(tail))
    names = [f"{m['n']}{m['letter'] or ''}" + (f" ({NTH[m['nth'].lower()]})" if m["nth"] else "") for m in found]
    for n, name in enumerate(names):
        yield name
        if n + 1 < len(names) and re.fullmatch(r"\s*(?:–|-|to)\s*", tail[found[n].end() : found[n + 1].start()]):
            yield from _between(section, name, names[n + 1])


def _between(section: Section, first: str, last: str) -> Iterator[str]:
    names = [section.n(c) for c in section.clauses]
    if first in names and last in names:
        yield from names[names.index(first) + 1 : names.index(last)]


# ---------------------------------------------------------------- what cites a clause


def answers(library: Library, plan: Plan, counted: Figures) -> Iterator[Answer]:
    """All of the product that cites a clause."""
    shared = library.raw(BLOCKS)
    for code in library.activities():
        raw = library.raw(f"{code.lower()}.toml")
        lines = list(_lines(raw, shared))
        yield Answer("form", code, raw["clause"])
        yield from (Answer("block", name, shared[name].get("clause", ""), code) for name in dict.fromkeys(x["use"] for x in lines if x.get("use") in shared))
        yield from (Answer("question", _called(x), x.get("clause", ""), code) for x in lines if "id" in x)
    yield from (Answer("rule", f"{r.rule_id} ({r.activity}{'' if r.on else ', switched off'})", r.clause) for r in plan.rules)
    yield from (Answer("check", f"{c.number} ({c.requirement})", c.clause) for c in counted.checks)
    yield from (Answer("setting", d.name, d.clause) for d in DEFAULTS)


def _lines(raw: Mapping[str, Any], shared: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every line of a form as it is written: its questions, those of its tables, what it uses and what stands in there."""
    tables = [t if isinstance(t, Mapping) else {"use": t} for t in raw.get("tables", ())]
    own = [raw["table"][t["use"]] for t in tables if t["use"] in raw.get("table", {})]
    bands = [band for part in (raw, *own) for band in part.get("sections", ())]
    columns = [c for t in (*own, *tables) for c in (*t.get("first", ()), *t.get("columns", ()))]
    for line in (*(x for band in bands for x in band["fields"]), *columns, *tables):
        yield line
        yield from shared.get(line.get("use", ""), {}).get("fields", ())


def _called(line: Mapping[str, Any]) -> str:
    return Question(id=line["id"], label=line.get("label", line["id"]), short=line.get("short", "")).name


Names = Mapping[str, Mapping[str, str]]
"""What there is to point to, by kind: its name, and what the page calls it."""


class Collected(NamedTuple):
    """What answers each clause or section, by id; and what is cited or pointed to that there is not."""

    found: Mapping[str, list[Answer]]
    unknown: list[str]


def collect(framework: Framework, every: Sequence[Answer], pointed: Names) -> Collected:
    """Put each answer under the clauses it cites, and under those that point to it."""
    found: dict[str, list[Answer]] = {}
    unknown = []
    for answer in every:
        ids, lost = framework.cited(answer.cites)
        unknown += [f"{f'{answer.where} ' if answer.kind == 'question' else ''}{answer.kind} {answer.name}: {reference}" for reference in lost]
        for clause in ids:
            found.setdefault(clause, []).append(answer)
    for one in (c for s in framework.sections.values() for c in s.clauses):
        for pointer in one.by:
            reached = _reached(pointer, every, pointed)
            unknown += [] if reached else [f"clauses.toml, {one.id}: {pointer}"]
            found.setdefault(one.id, []).extend(a for a in reached if a not in found.get(one.id, ()))
    order = {answer: n for n, answer in enumerate(every)}
    return Collected({i: sorted(them, key=lambda a: order.get(a, len(order))) for i, them in found.items()}, list(dict.fromkeys(unknown)))


def _reached(pointer: str, every: Sequence[Answer], pointed: Names) -> list[Answer]:
    """What a pointer such as "form CCR", "block ED" or "plan Calendar" means; nothing where there is no such thing."""
    kind, _, name = pointer.partition(" ")
    if kind == "question":
        form, _, name = name.partition(" ")
        return [Answer(kind, called, "", form)] if (called := pointed.get(f"question {form}", {}).get(name)) else []
    if kind in pointed:
        return [Answer(kind, name, "")] if name in pointed[kind] else []
    return [a for a in every if a.kind == kind and (a.name == name or a.name.startswith(f"{name} ("))]


# ---------------------------------------------------------------- the page


class FormLine(NamedTuple):
    """A form as the page lists it."""

    title: str
    family: str


class Page(NamedTuple):
    """What the page is written from; `forms` by code, in the order in which they are told."""

    framework: Framework
    found: Mapping[str, list[Answer]]
    forms: Mapping[str, FormLine]

    def text(self) -> str:
        """The whole page."""
        return "\n".join((INTRODUCTION, self._forms(), *(self._section(s) for s in self.framework.sections.values())))

    def _forms(self) -> str:
        return "## The forms\n\n" + _table(("code", "form", "kind (section 2, 2.3)"), [(code, f.title, f.family) for code, f in self.forms.items()])

    def _section(self, section: Section) -> str:
        rows = [(section.n(c) or "all of it", c.asks, self._answered(c)) for c in section.clauses]
        if section.id not in (c.id for c in section.clauses) and section.id in self.found:
            rows.insert(0, ("as a whole", "", "<br>".join(self._told(self.found[section.id]))))
        return f"## {section.id}: {section.title}\n\n" + _table(("clause", "what it asks for", "answered by"), rows)

    def _answered(self, clause: Clause) -> str:
        told = [*self._told(self.found.get(clause.id, [])), *([clause.says] if clause.says else [])]
        return "<br>".join(told) or (f"Nothing. {clause.why_none}" if clause.why_none else "**Nothing yet.**")

    def _told(self, found: Sequence[Answer]) -> Iterator[str]:
        """A line for each kind of answer."""
        for kind, (one, several) in KINDS.items():
            names = list(self._named(kind, [a for a in found if a.kind == kind]))
            if names:
                yield f"**{one if len(names) == 1 else several}:** {'; '.join(names)}"

    def _named(self, kind: str, found: Sequence[Answer]) -> Iterator[str]:
        """Each answer by its name; what is asked, once for all the forms that ask it."""
        if kind in ("question", "block"):
            yield from self._asked(found)
        elif kind == "form":
            yield from (code for code in self.forms if code in {a.name for a in found})
        else:
            yield from (f"[{n}]({n})" if kind == "page" else f"`{n}`" if kind in AS_TYPED else n for n in dict.fromkeys(a.name for a in found))

    def _asked(self, found: Sequence[Answer]) -> Iterator[str]:
        asked = {name: frozenset(a.where for a in found if a.name == name) for name in dict.fromkeys(a.name for a in found)}
        for forms in dict.fromkeys(asked.values()):
            yield f"{self._those(forms)}: {', '.join(f'“{self.framework.blocks.get(name, name)}”' for name, them in asked.items() if them == forms)}"

    def _those(self, codes: Set[str]) -> str:
        """Forms by their codes, or all but a few."""
        others = [c for c in self.forms if c not in codes]
        if len(others) >= len(codes):
            return ", ".join(c for c in self.forms if c in codes)
        return f"all forms but {', '.join(others)}" if others else "all forms"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in (heads, ["---"] * len(heads), *rows))


# ---------------------------------------------------------------- from the repository


class Made(NamedTuple):
    """The page, what cites a clause that there is not, and the clauses that nothing answers."""

    text: str
    unknown: list[str]
    unanswered: list[str]


def make() -> Made:
    """The page as the repository has it now."""
    framework = Framework(tomllib.loads((HERE / "clauses.toml").read_text("utf-8")))
    library, plan = Library(), example_plan(TODAY)
    snapshot = Snapshot(quarter=Quarter.holding(TODAY), as_at=datetime(2026, 11, 23, 9), plan=plan, forms={}, duties=(), returns=(), files=(), actions=())
    counted = figures(snapshot)
    raws = {code: library.raw(f"{code.lower()}.toml") for code in sorted(library.activities(), key=lambda c: (c.startswith("C_"), c))}
    forms = {code: FormLine(str(raw["title"]), str(raw.get("family", ""))) for code, raw in raws.items()}
    found = collect(framework, list(answers(library, plan, counted)), _pointed(library, write_master(snapshot, counted)))
    silent = [c.id for s in framework.sections.values() for c in s.clauses if not (found.found.get(c.id) or c.says or c.why_none)]
    return Made(Page(framework, found.found, forms).text(), found.unknown, silent)


def _pointed(library: Library, master: bytes) -> Names:
    """What there is to point to that does not cite clauses itself, by kind."""
    book, shared = read_book(master, "QA master.xlsx"), library.raw(BLOCKS)
    assert isinstance(book, Book)
    asked = {f"question {code}": {x["id"]: _called(x) for x in _lines(library.raw(f"{code.lower()}.toml"), shared) if "id" in x} for code in library.activities()}
    others = {
        "document": (k.template for k in DOCUMENTS), "plan": (s.name for s in SHEETS), "master": book.sheets, "file": OUTPUTS, "page": (p.name for p in HERE.glob("*.md")),
        "command": _commands(parser()),
    }  # fmt: skip
    return {**asked, **{kind: {name: name for name in names} for kind, names in others.items()}}


def _commands(of: argparse.ArgumentParser, before: str = "qaf-sheets") -> Iterator[str]:
    """Every command as it is typed."""
    below = [(name, one) for action in of._actions if isinstance(action, argparse._SubParsersAction) for name, one in action.choices.items()]
    yield from () if below else (before,)
    for name, one in below:
        yield from _commands(one, f"{before} {name}")


def main() -> int:
    """Write the page; say what is wrong with it."""
    made = make()
    PAGE.write_text(made.text, "utf-8", newline="\n")
    sys.stdout.write("".join(f"No such clause, or nothing of that name: {u}\n" for u in made.unknown) + "".join(f"Nothing answers {c}\n" for c in made.unanswered))
    return 1 if made.unknown or made.unanswered else 0


if __name__ == "__main__":
    sys.exit(main())
