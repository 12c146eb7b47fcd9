"""Form definitions: `workbooks/<activity>.toml` and the shared blocks → a `Form` with its lists resolved."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources.abc import Traversable
from typing import Any

from pydantic import ValidationError

from qaf_sheets import resources
from qaf_sheets.model import Form, Option, Question, Section, Table

BLOCKS = "shared/blocks.toml"
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

    def form(self, activity: str, lists: Lists, role: str = "") -> Form:
        """One activity's form, worded for a role. Raises DefinitionError."""
        name = f"{activity.lower()}.toml"
        raw = self.raw(name)
        blocks = self.raw(BLOCKS)
        try:
            return _form(raw, blocks, lists, raw.get("wording", {}).get(role, {}))
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


def _form(raw: Mapping[str, Any], blocks: Mapping[str, Any], lists: Lists, wording: Mapping[str, str]) -> Form:
    said = _Wording(wording)
    sections = tuple(
        Section(title=said(s["title"]), added=s.get("added", False), fields=tuple(_fields(s["fields"], blocks, lists, said)))
        for s in raw["sections"]
    )
    tables = tuple(_table(blocks[name]["table"], blocks, lists, said) for name in raw.get("tables", ()))
    plain = {k: said(v) if isinstance(v, str) and k not in ("id", "sheet") else v for k, v in raw.items()}
    kept = {k: v for k, v in plain.items() if k not in ("sections", "tables", "wording")}
    return Form(**kept, sections=sections, tables=tables)


def _table(raw: Mapping[str, Any], blocks: Mapping[str, Any], lists: Lists, said: _Wording) -> Table:
    columns = tuple(_fields(raw["columns"], blocks, lists, said))
    return Table(**{k: v for k, v in raw.items() if k != "columns"}, columns=columns)


def _fields(raw: Sequence[Mapping[str, Any]], blocks: Mapping[str, Any], lists: Lists, said: _Wording) -> Iterator[Question]:
    for one in raw:
        if "use" in one:
            yield from _fields(blocks[one["use"]]["fields"], blocks, lists, said)
            continue
        words = {k: said(v) for k, v in one.items() if k in ("label", "short", "help")}
        options = tuple(lists[one["list"]]) if one.get("list") else ()
        yield Question(**{**one, **words}, options=options)


class _Wording:
    """Replaces words for a role: the Assistant Director's copy of Appendix 2 says so."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self.words = words

    def __call__(self, text: str) -> str:
        for old, new in self.words.items():
            text = text.replace(old, new)
        return text


def version_of(form: Form) -> str:
    """The form's version: its activity and a digest of all it says, so that an issued form is always read by its own definition."""
    return f"{form.id}-{hashlib.sha256(form.model_dump_json().encode()).hexdigest()[:10]}"
