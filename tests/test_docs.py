"""The documentation names what there is: commands, settings, keys of the form language; its links lead somewhere; nothing real is named."""

from __future__ import annotations

import argparse
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from qaf_sheets.cli import parser
from qaf_sheets.model import Condition, Form, Question, Section, Table
from qaf_sheets.outputs.documents import DOCUMENTS
from qaf_sheets.plan.settings import DEFAULTS

ROOT = Path(__file__).parent.parent
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FROM_LISTS = {"options"}
"""Keys that a definition does not set: they are filled from the plan's lists."""
COUNCILS = (
    "Barking and Dagenham|Barnet|Barnsley|Bedford Borough|Bexley|Birmingham|Blackburn with Darwen|Blackpool|Bolton|Bournemouth|"
    "Bracknell|Bradford|Brent|Brighton|Bristol|Bromley|Buckinghamshire|Calderdale|Cambridgeshire|Camden|Cheshire|Cornwall|Coventry|"
    "Croydon|Cumberland|Darlington|Derbyshire|Devon County|Doncaster|Dorset|Dudley|Ealing|East Riding|East Sussex|Enfield|Essex|"
    "Gateshead|Gloucestershire|Greenwich|Hackney|Halton|Hammersmith|Hampshire|Haringey|Hartlepool|Havering|Herefordshire|Hertfordshire|"
    "Hillingdon|Hounslow|Isle of Wight|Islington|Kensington and Chelsea|Kent County|Kingston upon Hull|Kingston upon Thames|Kirklees|"
    "Knowsley|Lambeth|Lancashire|Leeds|Leicester|Leicestershire|Lewisham|Lincolnshire|Liverpool|Luton|Manchester|Medway|Merton|"
    "Middlesbrough|Milton Keynes|Newcastle|Newham|Norfolk|Northamptonshire|Northumberland|Nottingham|Nottinghamshire|Oldham|Oxfordshire|"
    "Peterborough|Plymouth|Portsmouth|Redbridge|Redcar|Richmond upon Thames|Rochdale|Rotherham|Rutland|Salford|Sandwell|Sefton|"
    "Sheffield|Shropshire|Slough|Solihull|Somerset|South Tyneside|Southampton|Southend|Southwark|St Helens|Staffordshire|Stockport|"
    "Stockton-on-Tees|Stoke-on-Trent|Suffolk|Sunderland|Surrey|Swindon|Tameside|Telford|Thurrock|Torbay|Tower Hamlets|Trafford|"
    "Wakefield|Walsall|Waltham Forest|Wandsworth|Warrington|Warwickshire|Westminster|Westmorland|Wigan|Wiltshire|Wirral|Wokingham|"
    "Wolverhampton|Worcestershire|City of York"
)
"""Councils in England with children's services, but for names that are also everyday words."""
REAL = re.compile(r"(?<!\w)(?:" + COUNCILS.replace(" ", r"[.\s]+") + r")(?!\w)")


def text(path: Path) -> str:
    return path.read_text("utf-8")


def everything() -> str:
    return "\n".join(text(p) for p in PAGES if p.name != "CONTRIBUTING.md")


# ---------------------------------------------------------------- commands


def commands(of: argparse.ArgumentParser, before: str = "qaf-sheets") -> Iterator[str]:
    """Every command as it is typed: qaf-sheets plan check."""
    below = [a for a in of._actions if isinstance(a, argparse._SubParsersAction)]
    if not below:
        yield before
    for action in below:
        for name, one in action.choices.items():
            yield from commands(one, f"{before} {name}")


def test_every_command_is_named_as_it_is_typed() -> None:
    typed = list(commands(parser()))
    assert "qaf-sheets plan show" in typed
    assert [c for c in typed if not re.search(rf"{c}\b", everything())] == []


def test_every_command_that_a_page_types_exists() -> None:
    known = set(commands(parser()))
    typed = {f"qaf-sheets {name}" for p in PAGES for name in re.findall(r"(?:^|`)qaf-sheets ([a-z]+(?: (?:check|show|ccr)\b)?)", text(p), re.MULTILINE)}
    assert typed
    assert typed - known == set()


# ---------------------------------------------------------------- settings, keys, templates


def test_the_settings_table_has_every_setting_with_its_default_and_no_other() -> None:
    table = text(ROOT / "docs/qa-unit.md").split("## Settings")[1].split("\n## ")[0]
    rows = [(names, cells[0].strip()) for names, *cells in (line.strip("| ").split("|") for line in table.splitlines() if line.startswith("| `"))]
    told = {name: default for names, default in rows for name in re.findall(r"`(\w+)`", names)}
    assert told == {d.name: d.value for d in DEFAULTS}


def keys() -> list[str]:
    fields = {name for record in (Question, Section, Table, Form, Condition) for name in record.model_fields}
    return sorted(fields - FROM_LISTS | {"use", "wording", "grade", "grade_required", "field", "first", "like", "add"})


@pytest.mark.parametrize("key", keys())
def test_every_key_of_the_form_language_is_explained(key: str) -> None:
    about = text(ROOT / "CONTRIBUTING.md").split("## Add an activity")[1].split("\n## ")[0]
    assert f"`{key}`" in about or re.search(rf"`\{{[^`]*\b{key} = ", about), key


def test_every_key_that_a_shipped_form_uses_is_explained() -> None:
    used = {k for path in (ROOT / "workbooks").rglob("*.toml") for k in re.findall(r"(?:^|[{,]\s*)([a-z_]+) = ", text(path), re.MULTILINE)}
    assert used
    assert used <= set(keys())


def asked(template: Path) -> set[str]:
    """What a Word template asks for: council, row.name."""
    with zipfile.ZipFile(template) as archive:
        parts = [re.sub(r"<[^>]+>", "", archive.read(n).decode()) for n in archive.namelist() if re.fullmatch(r"word/(document|header\d|footer\d)\.xml", n)]
    return {name for part in parts for name in re.findall(r"\{\{\s*([\w.]+)|\{%\S* for \w+ in ([\w.]+)|\{%\S* if ([\w.]+)", part) for name in name if name}


@pytest.mark.parametrize("kind", DOCUMENTS, ids=lambda k: k.template)
def test_what_a_template_may_use_is_listed_for_the_qa_unit(kind: object) -> None:
    template = kind.template  # type: ignore[attr-defined]
    wanted = asked(ROOT / "templates" / template)
    section = text(ROOT / "docs/templates.md").partition(f"`{template}`")[2].partition("\n## ")[0]
    paths = set(re.findall(r"^\| `([\w.]+)` \|", section, re.MULTILINE))
    parts = {path.rpartition(".")[2] for path in paths} | {"line"}
    assert wanted
    assert {name for name in wanted if name not in paths and name.rpartition(".")[2] not in parts} == set()


# ---------------------------------------------------------------- links


def headings(page: Path) -> set[str]:
    """The anchors of a page, as forges make them."""
    return {re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in re.findall(r"^#+ (.+)$", text(page), re.MULTILINE)}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_relative_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    lost = []
    for target in LINK.findall(text(page)):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.is_file() or (anchor and anchor not in headings(file)):
            lost.append(target)
    assert lost == []


def test_the_readme_leads_to_every_page() -> None:
    linked = {(ROOT / t.partition("#")[0]).resolve() for t in LINK.findall(text(ROOT / "README.md"))}
    assert {p.resolve() for p in PAGES} - linked == {(ROOT / "README.md").resolve()}


def test_every_promise_names_tests_that_there_are() -> None:
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", text(ROOT / "docs/reliability.md")))
    assert len(named) > 20
    assert sorted(name for name in named if not (ROOT / name).is_file()) == []


# ---------------------------------------------------------------- nothing real


def product_texts() -> Iterator[tuple[str, str]]:
    """All that we ship or publish as words, by file."""
    yield from ((p.name, text(p)) for p in (*PAGES, ROOT / "CHANGELOG.md", ROOT / "pyproject.toml"))
    for folder in ("qaf_sheets", "watchers", "workbooks", "templates"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".toml", ".csv", ".html"):
                yield path.name, text(path)
            if path.suffix == ".docx" and not path.name.startswith("~$"):
                with zipfile.ZipFile(path) as archive:
                    yield path.name, " ".join(re.sub(r"<[^>]+>", "", archive.read(n).decode()) for n in archive.namelist() if n.endswith(".xml"))


def test_no_text_of_ours_names_a_real_council() -> None:
    texts = list(product_texts())
    assert {"service_summary.docx", "rout.toml", "example_staff.csv", "manager.md"} <= {name for name, _ in texts}
    assert [(name, found) for name, words in texts for found in REAL.findall(words)] == []


@pytest.mark.parametrize("words", ["for St Helens Borough Council", "St. Helens", "in Tower\nHamlets", "Leeds's own"])
def test_a_real_council_would_be_found(words: str) -> None:
    assert REAL.search(words)


@pytest.mark.parametrize("words", ["Marlbrook Borough Council", "Reading returns", "Kenton"])
def test_other_words_are_left_alone(words: str) -> None:
    assert not REAL.search(words)
