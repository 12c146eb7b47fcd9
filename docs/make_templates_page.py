"""Makes `templates.md`: every value that each Word template can use, from what the documents are really made of and the words in `template_fields.toml`.

Run `python docs/make_templates_page.py` after a document learns a value. It stops where one has no words, or words stand for a value that is gone.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

HERE = Path(__file__).parent
PAGE, FIELDS = HERE / "templates.md", HERE / "template_fields.toml"
INTRODUCTION = """# The Word templates and what they can say

Made by `python docs/make_templates_page.py`; the words stand in `docs/template_fields.toml`. How to change a template: [For the QA unit](qa-unit.md#change-the-word-templates).

A value stands in double braces: `{{ council }}`. A name with a dot lies inside another: `{{ grades.caption }}`. A list is gone through a paragraph at a time,
`{%p for line in overdue.lines %}` … `{{ line }}` … `{%p endfor %}`, or a table's row at a time, `{%tr for row in overdue.rows %}` … `{{ row.who }}` … `{%tr endfor %}`;
in the tables below, what one of its parts holds stands under it. `{%p if actions %}` … `{%p else %}` … `{%p endif %}` asks whether there is anything.
"""


def paths(value: object, before: str = "") -> Iterator[str]:
    """Every name in a context with those inside it; of a list, the names that its parts have."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield f"{before}{name}"
            yield from paths(inner, f"{before}{name}.")
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        yield from paths(dict(zip(value._fields, value, strict=True)), before)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from paths(part, before) if isinstance(part, Mapping) or hasattr(part, "_fields") else ()


def words(template: str, path: str, told: Mapping[str, Mapping[str, str]]) -> str:
    """What a value says: by the template, by what all papers of its family say, or by its last name. Raises KeyError."""
    family = told["governance"] if template.startswith("governance") else {}
    for known in (told.get(template, {}), family):
        if path in known:
            return known[path]
    return told["every"][path.rpartition(".")[2]]


def unused(found: Mapping[str, Iterable[str]], told: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Words for what no document has."""
    gone = [f"{t}: {path}" for t, known in told.items() if t.endswith(".docx") for path in known if path not in set(found.get(t, ()))]
    every = {p.rpartition(".")[2] for some in found.values() for p in some}
    family = {p for t, some in found.items() if t.startswith("governance") for p in some}
    return gone + [f"every: {n}" for n in told["every"] if n not in every] + [f"governance: {n}" for n in told["governance"] if n not in family]


def page(found: Mapping[str, Iterable[str]], told: Mapping[str, Mapping[str, str]]) -> str:
    """The page; `found` are the paths of each template."""
    parts = [INTRODUCTION]
    for template, called in told["called"].items():
        rows = [f"| `{path}` | {words(template, path, told)} |" for path in dict.fromkeys(found[template])]
        parts.append("\n".join([f"## {called}", "", f"`{template}`", "", "| value | what it says |", "|---|---|", *rows, ""]))
    return "\n".join(parts)


def told() -> Mapping[str, Mapping[str, str]]:
    """The words."""
    return tomllib.loads(FIELDS.read_text("utf-8"))


if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent / "tests"))
    from full_quarter import contexts

    PAGE.write_text(page(contexts(), told()), "utf-8")
