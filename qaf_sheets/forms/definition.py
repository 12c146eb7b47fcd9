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
GRADES = ("grade", "area_grade")
"""The lists that hold grades; others beside an answer are choices."""
EVALUATE = "evaluate"
"""The kind of a theme's questions that are answered in words, with or without a grade (the plan's Themes sheet)."""
OWN_OPTIONS = "theme_"
"""What the list of a theme's question with choices of its own is called, before its id."""
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

    def titles(self) -> Mapping[str, str]:
        """Each activity's name, by its code."""
        return {a: str(self.raw(f"{a.lower()}.toml").get("title", a)) for a in self.activities()}

    def themed(self) -> Mapping[str, str]:
        """The codes of the activities whose form asks a theme's questions, each with the kind it asks: the list that answers are chosen from, or "evaluate"."""
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

    def raw(self, name: str, above: tuple[str, ...] = ()) -> dict[str, Any]:
        """A definition file as plain data, read once; one that is `like` another holds the other's keys too. Raises DefinitionError."""
        if name in above:
            raise DefinitionError(f"{name}: like leads back to itself")
        if name not in self._read:
            own = self._load(name)
            self._read[name] = _like(self.raw(f"{own['like'].lower()}.toml", (*above, name)), own, name) if "like" in own else own
        return self._read[name]

    def _load(self, name: str) -> dict[str, Any]:
        found = resources.find(name, self.places)
        if not found:
            raise DefinitionError(f"There is no form file {name}.")
        try:
            return tomllib.loads(found.read_text("utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise DefinitionError(f"{name}: {error}") from error


def _like(other: Mapping[str, Any], own: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Another's form with keys of its own; what it adds to a section stands at its end, or in the place of the question of that id."""
    kept = {**other, **{k: v for k, v in own.items() if k not in ("like", "add")}}
    more = own.get("add", {})
    if unknown := set(more) - {s["title"] for s in kept["sections"]}:
        raise DefinitionError(f"{name}: add names no section: {', '.join(sorted(unknown))}")
    return {**kept, "sections": [{**s, "fields": _added(s["fields"], more.get(s["title"], ()))} for s in kept["sections"]]}


def _added(fields: Sequence[Mapping[str, Any]], more: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    changes, held = {f["id"]: f for f in more}, {f.get("id") for f in fields}
    return [*({**f, **changes.get(f.get("id", ""), {})} for f in fields), *(f for f in more if f["id"] not in held)]


def _asks(raw: Mapping[str, Any]) -> str:
    """The kind of question that a form asks of its theme: what the plan's Themes sheet calls it."""
    columns = (c for table in raw.get("table", {}).values() for c in _lines(table))
    return next((str(c.get("list") or EVALUATE) for c in columns if c.get("use") == THEME), "")


def _lines(table: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [*table.get("columns", ()), *(f for s in table.get("sections", ()) for f in s["fields"])]


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
        meanings = {self._grade(word): meaning for word, meaning in raw.get("meanings", {}).items()}
        return Section(**{**raw, "title": self._said(raw["title"]), "meanings": meanings, "fields": tuple(self._fields(raw["fields"]))})

    def _grade(self, code: str) -> str:
        """A grade in the council's words."""
        return next((o.text for o in self.lists.get("grade", ()) if code in (o.code, o.text)), code)

    def _table(self, asked: str | Mapping[str, Any]) -> Table:
        """A table of the form's own or of the shared blocks; a form may put columns `first` and change its other keys."""
        more = dict(asked) if isinstance(asked, Mapping) else {"use": asked}
        name = more.pop("use")
        found = self.raw.get("table", {}).get(name) or self.blocks[name]["table"]
        raw = {**found, **more}
        when = raw.pop("when", ())
        sections = tuple(self._section(s) for s in raw.pop("sections", ()))
        columns = (*self._fields([*raw.pop("first", ()), *raw.pop("columns", ())]), *(f for s in sections for f in s.fields))
        conditions = tuple(self._condition(c) for c in ([when] if isinstance(when, Mapping) else when))
        return Table(**raw, when=conditions, columns=columns, sections=sections)

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
        grade, must = keys.pop("grade", ""), keys.pop("grade_required", False)
        if "when" in keys:
            keys["when"] = self._condition(keys["when"])
        question = Question(**keys, options=self._options(one.get("list", "")), digits=self.digits)
        yield question
        if grade:
            asked = {"required": True} if must else {"required": question.required, "when": question.when}
            yield Question(
                **asked, id=f"{question.id}_grade", kind="choice", label=question.label, short=f"{question.name}: grade" if grade in GRADES else f"{question.name}: choice",
                list=grade, options=self._options(grade), beside=question.id, digits=self.digits,
            )

    def _options(self, name: str) -> tuple[Option, ...]:
        return tuple(self.lists[name]) if name else ()

    def _themed(self, one: Mapping[str, Any]) -> Iterator[Question]:
        """A numbered question for each of the theme's, with a grade beside it where the form asks for one; their ids are the plan's own."""
        keys = {k: v for k, v in one.items() if k != "use"}
        for n, theme in enumerate(self.theme, 1):
            words = {"label": f"{n}. {theme.question}", "short": theme.question, "help": theme.help}
            for question in self._question({**keys, **words, "id": theme.question_id, "required": theme.required, "themed": True}):
                yield self._with_options(question, theme) if theme.options and question.themed and question.kind == "choice" else question

    def _with_options(self, question: Question, theme: Theme) -> Question:
        """A question with choices of its own; those that its usual list has keep their code and other spellings."""
        usual = {word.casefold(): o for o in question.options for word in (o.text, o.code, *o.aliases) if word}
        own = tuple(usual.get(text.casefold(), Option(text=text)) for text in theme.options)
        return question.model_copy(update={"list": f"{OWN_OPTIONS}{question.id}", "options": own})

    def _condition(self, raw: Mapping[str, Any]) -> Condition:
        """`field` names one question; "theme_questions" any of the theme's."""
        keys = dict(raw)
        field = keys.pop("field", "")
        ids = tuple(t.question_id for t in self.theme) if field == THEME else (field,) if field else ()
        return Condition(**keys, fields=ids)


def theme_of(form: Form) -> tuple[Theme, ...]:
    """The theme whose questions a form asks, frozen as it was issued; () for a form without one."""
    asked = (c for t in form.tables for c in t.columns if c.themed)
    return tuple(Theme(theme=form.theme, question_id=q.id, question=q.short, options=_own_options(q), help=q.help, required=q.required) for q in asked)


def _own_options(question: Question) -> tuple[str, ...]:
    return tuple(o.text for o in question.options) if question.list.startswith(OWN_OPTIONS) else ()


def version_of(form: Form) -> str:
    """The form's version: its activity and a digest of all it says, so that an issued form is always read by its own definition."""
    return f"{form.id}-{hashlib.sha256(form.model_dump_json().encode()).hexdigest()[:10]}"
