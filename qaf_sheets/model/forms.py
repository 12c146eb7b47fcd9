"""Forms as data, where their answers were issued, and to whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from qaf_sheets.model.base import Kind, Quarter, Record
from qaf_sheets.model.plan import Option


class Condition(Record):
    """True when another field of the form holds one of these options."""

    field: str
    one_of: tuple[str, ...]


class Question(Record):
    """One field of a form; how each key is used stands in CONTRIBUTING.md.

    `label` is the framework's wording, `short` stands in lists and messages. `past` dates may not be in the future; a `counted`
    person must be on the staff list, because coverage is counted by them; `blank` is the problem to report when it is missing.
    """

    id: str
    kind: Kind = "text"
    label: str
    short: str = ""
    help: str = ""
    list: str = ""
    options: tuple[Option, ...] = ()
    required: bool = False
    when: Condition | None = None
    mark: str = "Optional"
    prefill: str = ""
    past: bool = False
    counted: bool = False
    counts_in_quarter: bool = False
    blank: str = ""
    width: int = 0
    clause: str = ""

    @property
    def name(self) -> str:
        """What messages call it."""
        return (self.short or self.label).rstrip(" .:?")


class Section(Record):
    """A band of questions. `added` ones are the QA unit's own and say so."""

    title: str
    added: bool = False
    fields: tuple[Question, ...]

    @property
    def heading(self) -> str:
        """The words on the band."""
        return f"Added by the QA unit: {self.title[0].lower()}{self.title[1:]}" if self.added else self.title


class Table(Record):
    """Repeating rows on a sheet of their own. The first row is needed when `when` holds."""

    id: str
    title: str
    purpose: str
    rows: int
    columns: tuple[Question, ...]
    when: Condition | None = None


class Form(Record):
    """One activity's workbook as data, its lists resolved: what `workbooks/<id>.toml` says."""

    id: str
    title: str
    heading: str
    sheet: str
    purpose: str
    clause: str
    plural: str
    not_graded: bool = False
    sections: tuple[Section, ...]
    tables: tuple[Table, ...] = ()

    @property
    def fields(self) -> tuple[Question, ...]:
        """Every question in order, without the tables' columns."""
        return tuple(f for s in self.sections for f in s.fields)


class Place(Record):
    """Where one answer was issued: its cell, and the locked label beside it that must still say the same."""

    field: str
    sheet: str
    cell: str
    label_cell: str
    label: str


class TablePlace(Record):
    """Where repeating rows were issued. `columns` are (field id, column letter, header text); rows count from `first_row`."""

    table: str
    sheet: str
    header_row: int
    first_row: int
    rows: int
    columns: tuple[tuple[str, str, str], ...]


class Layout(Record):
    """Where everything stands in an issued form: a pure function of the form, kept once per digest."""

    places: tuple[Place, ...]
    tables: tuple[TablePlace, ...] = ()


class Issue(Record):
    """A workbook handed out, with name, role, team and manager as they were that day."""

    return_id: str
    obligation_ids: tuple[str, ...]
    activity: str
    quarter: Quarter
    person_id: str
    person_name: str
    role_team: str
    service_area: str = ""
    team: str = ""
    about: str = ""
    issued_on: date
    due_on: date
    form_version: str
    file: str
    facts: Mapping[str, str] = {}
