"""Form definitions: `workbooks/<activity>.toml` and the shared blocks → a `Form` with its lists resolved."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources.abc import Traversable
from typing import Any

from pydantic import ValidationError

from qaf_sheets import resources
from qaf_sheets.model import Condition, Form, Option, Question, Section, Table, Theme

BLOCKS = "shared/blocks.toml"
THEME = "theme_questions"
"""What a form calls the questions of its theme."""
Lists = Mapping[str, Sequence[Option]]


class DefinitionError(Exception):
    """A form definition has a mistake; the message names the file and the key."""


class Library:
    """Where forms are found. `places` are folders in order of preference: the council's own `Forms/`, then the shipped ones."""

    def __init__(self, places: Sequence[Traversable] = ()) -> None:
        self.places = (*places, resources.folder("workbooks"))
        self._read: dict[str, dict[str, Any]] = {}

    def activities(self) -> tuple[str, ...]:
        """The codes of every activity that has a form."""
        return tuple(n.removesuffix(".toml").upper() for n in resources.listed(self.places, ".toml"))

    def themed(self) -> Mapping[str, str]:
        """The codes of the activities whose form asks a theme's questions, each with the kind it asks: the list that answers are chosen from."""
        forms = {a: self.raw(f"{a.lower()}.toml") for a in self.activities()}
        return {a: _asks(raw) for a, raw in forms.items() if raw.get("themed")}

    def form(self, activity: str, lists: Lists, role: str = "", theme: Sequence[Theme] = (), digits: int = 7) -> Form:
        """One activity's form, worded for a role, with a theme's questions; `digits` is the length of a child's ID. Raises DefinitionError."""
        name = f"{activity.lower()}.toml"
        raw = self.raw(name)
        try:
            return _Maker(raw, self.raw(BLOCKS), lists, raw.get("wording", {}).get(role, {}), theme, digits).form()
        except (KeyError, TypeError, ValidationError) as error:
            raise DefinitionError(f"{name}: {error}") from error

    def raw(self, name: str) -> dict[str, Any]:
        """A definition file as plain data, read once. Raises DefinitionError."""
        if name not in self._read:
            found = resources.find(name, self.places)
            if not found:
                raise DefinitionError(f"There is no form file {name}.")
            try:
                self._read[name] = tomllib.loads(found.read_text("utf-8"))
            except tomllib.TOMLDecodeError as error:
                raise DefinitionError(f"{name}: {error}") from error
        return self._read[name]


def _asks(raw: Mapping[str, Any]) -> str:
    columns = (c for table in raw.get("table", {}).values() for c in table["columns"])
    return next((str(c.get("list", "")) for c in columns if c.get("use") == THEME), "")


class _Maker:
    """Puts one form together: its own sections and tables, the shared blocks, the lists, the theme's questions, the words for a role."""

    def __init__(self, raw: Mapping[str, Any], blocks: Mapping[str, Any], lists: Lists, words: Mapping[str, str], theme: Sequence[Theme], digits: int) -> None:
        self.raw, self.blocks, self.lists, self.words, self.theme, self.digits = raw, blocks, lists, words, theme, digits

    def form(self) -> Form:
        plain = {k: self._said(v) if isinstance(v, str) and k not in ("id", "sheet") else v for k, v in self.raw.items()}
        kept = {k: v for k, v in plain.items() if k not in ("sections", "table", "tables", "wording")}
        tables = tuple(self._table(one) for one in self.raw.get("tables", ()))
        return Form(**kept, theme=self.theme[0].theme if self.theme else "", sections=tuple(self._section(s) for s in self.raw["sections"]), tables=tables)

    def _said(self, text: str) -> str:
        """The words for a role: the Assistant Director's copy of Appendix 2 says so."""
        for old, new in self.words.items():
            text = text.replace(old, new)
        return text

    def _section(self, raw: Mapping[str, Any]) -> Section:
        return Section(**{**raw, "title": self._said(raw["title"]), "fields": tuple(self._fields(raw["fields"]))})

    def _table(self, asked: str | Mapping[str, Any]) -> Table:
        """A table of the form's own or of the shared blocks; a form may put columns `first` and change its other keys."""
        more = dict(asked) if isinstance(asked, Mapping) else {"use": asked}
        name = more.pop("use")
        found = self.raw.get("table", {}).get(name) or self.blocks[name]["table"]
        raw = {**found, **more}
        when = raw.pop("when", ())
        columns = [*raw.pop("first", ()), *raw.pop("columns")]
        conditions = tuple(self._condition(c) for c in ([when] if isinstance(when, Mapping) else when))
        return Table(**raw, when=conditions, columns=tuple(self._fields(columns)))

    def _fields(self, raw: Sequence[Mapping[str, Any]]) -> Iterator[Question]:
        for one in raw:
            if one.get("use") == THEME:
                yield from self._themed(one)
            elif "use" in one:
                yield from self._fields(self.blocks[one["use"]]["fields"])
            else:
                yield from self._question(one)

    def _question(self, one: Mapping[str, Any]) -> Iterator[Question]:
        """One line of a form; with `grade`, a second question beside the first asks for the grade of that work."""
        keys = {**one, **{k: self._said(v) for k, v in one.items() if k in ("label", "short", "help")}}
        grade = keys.pop("grade", "")
        if "when" in keys:
            keys["when"] = self._condition(keys["when"])
        question = Question(**keys, options=self._options(one.get("list", "")), digits=self.digits)
        yield question
        if grade:
            yield Question(
                id=f"{question.id}_grade", kind="choice", label=question.label, short=f"{question.name}: grade", list=grade, options=self._options(grade),
                required=question.required, when=question.when, beside=question.id, digits=self.digits,
            )

    def _options(self, name: str) -> tuple[Option, ...]:
        return tuple(self.lists[name]) if name else ()

    def _themed(self, one: Mapping[str, Any]) -> Iterator[Question]:
        """A numbered column for each of the theme's questions; their ids are the plan's own."""
        keys = {k: v for k, v in one.items() if k != "use"}
        options = self._options(keys.get("list", ""))
        for n, theme in enumerate(self.theme, 1):
            words = {"label": f"{n}. {theme.question}", "short": theme.question, "help": theme.help}
            yield Question(**{**keys, **words, "id": theme.question_id, "required": theme.required, "themed": True}, options=options, digits=self.digits)

    def _condition(self, raw: Mapping[str, Any]) -> Condition:
        """`field` names one question; "theme_questions" any of the theme's."""
        keys = dict(raw)
        field = keys.pop("field", "")
        ids = tuple(t.question_id for t in self.theme) if field == THEME else (field,) if field else ()
        return Condition(**keys, fields=ids)


def version_of(form: Form) -> str:
    """The form's version: its activity and a digest of all it says, so that an issued form is always read by its own definition."""
    return f"{form.id}-{hashlib.sha256(form.model_dump_json().encode()).hexdigest()[:10]}"
