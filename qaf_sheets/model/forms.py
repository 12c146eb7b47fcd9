"""Forms as data, where their answers were issued, and to whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Literal, get_args

from qaf_sheets.model.base import Kind, Part, Quarter, Record
from qaf_sheets.model.plan import Option


class Condition(Record):
    """When something is needed: one of `fields` holds one of these options, or anything at all where `one_of` is empty.

    Or else: table `rows` has fewer than `fewer_than`; or the two choices of `apart` are at least `by` steps apart on their list. `blank`
    is the problem to report when this asks for a table's row and there is none.
    """

    fields: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    rows: str = ""
    fewer_than: int = 0
    apart: tuple[str, ...] = ()
    by: int = 0
    blank: str = ""


class Question(Record):
    """One field of a form; how each key is used stands in CONTRIBUTING.md.

    `label` is the framework's wording, `short` stands in lists and messages. `past` dates may not be in the future; a `counted`
    person must be on the staff list, because coverage is counted by them; `blank` is the problem to report when it is missing, `too_early`
    when its date lies before the day of the work; the council's `setting` may make it optional. `beside` names the question whose work this one grades, in the same row. A count is never more
    than the count it lies `within`; those that name the same one as `part_of` are not more than it together. `given` stands there already when
    the form is handed out.
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
    given: str = ""
    fixed: bool = False
    withheld: bool = False
    themed: bool = False
    past: bool = False
    counted: bool = False
    counts_in_quarter: bool = False
    too_early: str = ""
    part: Part = ""
    beside: str = ""
    within: str = ""
    part_of: str = ""
    digits: int = 7
    blank: str = ""
    width: int = 0
    clause: str = ""
    setting: str = ""

    @property
    def name(self) -> str:
        """What messages call it."""
        return (self.short or self.label).rstrip(" .:?")

    def option_text(self, code: str) -> str:
        """The words of an option by its code, whatever spelling was typed; the code itself where there is no such option."""
        return next((o.text for o in self.options if code in (o.code, o.text)), code)

    @property
    def number(self) -> str:
        """A theme's question by the number in its heading; '' for any other."""
        return self.label.split(".", 1)[0] if self.themed else ""

    @property
    def begins(self) -> bool:
        """Whether an answer shows that somebody has begun to write: it was not filled in beforehand from what we know."""
        return not (self.prefill or self.given)


class Section(Record):
    """A band of questions. `added` ones are the QA unit's own and say so.

    A section may stand on a `sheet` of its own, have headings over its `columns` (question, answer, grade), and say what each grade `meanings`.
    """

    title: str
    added: bool = False
    sheet: str = ""
    purpose: str = ""
    columns: tuple[str, ...] = ()
    meanings: Mapping[str, str] = {}
    fields: tuple[Question, ...]

    @property
    def open(self) -> tuple[Question, ...]:
        """The questions that a person answers; the others are filled in by us."""
        return tuple(f for f in self.fields if not f.fixed)

    @property
    def heading(self) -> str:
        """The words on the band."""
        return f"Added by the QA unit: {self.title[0].lower()}{self.title[1:]}" if self.added else self.title


class Table(Record):
    """Repeating rows on a sheet of their own. The first row is needed `always`, or when one of `when` holds.

    `row` is what one row is called, `step` what the front sheet says of it. A row is told from others by its `key`, which may stand once;
    fewer than `at_least` rows are remarked on. With `sheets` each row is a sheet of its own, like a form of its own in these `sections`: one
    piece of work. What `prefill` names may give a table its rows when it is issued.
    """

    id: str
    title: str
    row: str
    purpose: str
    step: str = ""
    rows: int
    columns: tuple[Question, ...]
    when: tuple[Condition, ...] = ()
    always: bool = False
    key: str = ""
    at_least: int = 0
    sheets: bool = False
    sections: tuple[Section, ...] = ()
    prefill: str = ""

    def sheet(self, n: int) -> str:
        """The name of the nth row's own sheet: Child 1."""
        return f"{self.row} {n}"

    def group(self, n: int) -> str:
        """What the names of the answers on the nth row's own sheet begin with: child1."""
        return f"{self.row.lower().replace(' ', '_')}{n}"

    @property
    def read_only(self) -> bool:
        """A table to read, with nothing to fill in."""
        return all(c.fixed for c in self.columns)


Source = Literal[
    "Dip sample", "Thematic audit", "Case review", "Observation", "Supervision", "Child and family voice", "Staff voice", "Complaints", "Performance", "Other returns"
]  # fmt: skip
SOURCES: tuple[Source, ...] = get_args(Source)
"""From where a practice theme is heard (specification 8, row 9)."""


class Form(Record):
    """One activity's workbook as data, its lists resolved: what `workbooks/<id>.toml` says.

    `nil` is the question whose Yes is the whole answer ("nothing to report"). `together`: one workbook meets all that one person owes in a
    month. `moderated`: each piece of work is graded again by a moderator. `on_file`: each piece goes on the child's file. `feedback` is owed on
    `each` piece of work or on the whole `exercise` (section 13, 10.3). `family` is the kind of quality assurance (section 2, 2.3).
    A form without a theme's questions may say another activity's theme (`theme_from`). `source`: which side of practice its words are heard from.
    """

    id: str
    title: str
    heading: str
    sheet: str
    purpose: str
    clause: str
    plural: str
    not_graded: bool = False
    nil: str = ""
    together: bool = False
    moderated: bool = False
    on_file: bool = False
    feedback: Literal["", "each", "exercise"] = ""
    family: Literal["", "compliance", "quality", "experience"] = ""
    source: Source | Literal[""] = ""
    themed: bool = False
    theme: str = ""
    theme_from: str = ""
    sections: tuple[Section, ...]
    tables: tuple[Table, ...] = ()

    @cached_property
    def fields(self) -> tuple[Question, ...]:
        """Every question in order, without the tables' columns."""
        return tuple(f for s in self.sections for f in s.fields)

    def sheet_of(self, section: Section) -> str:
        """The sheet a section stands on: its own, or the form's."""
        return section.sheet or self.sheet

    @property
    def sheets(self) -> tuple[str, ...]:
        """The sheets that hold questions, in order."""
        return tuple(dict.fromkeys(self.sheet_of(s) for s in self.sections))

    @property
    def work_day(self) -> Question | None:
        """The date on which the work was done: the one that counts in the quarter."""
        return next((f for f in self.fields if f.counts_in_quarter), None)

    def part(self, part: Part) -> Question | None:
        """The question that plays this part, among those asked once."""
        return next((f for f in self.fields if f.part == part), None)

    @property
    def listed(self) -> tuple[Table, ...]:
        """The tables that are lists on a sheet, without the one whose rows are sheets of their own."""
        return tuple(t for t in self.tables if not t.sheets)

    @property
    def pieces(self) -> Table | None:
        """The table whose rows are each a piece of work, on a sheet of its own; None where the whole return is one."""
        return next((t for t in self.tables if t.sheets), None)

    @property
    def sample(self) -> Table | None:
        """The list in which every row answers the theme's questions, as in a dip sample; None for any other form."""
        return next((t for t in self.listed if any(c.themed for c in t.columns)), None)

    def part_of_piece(self, part: Part) -> Question | None:
        """The question that plays this part in each piece of work, there or asked once for all."""
        columns = self.pieces.columns if self.pieces else ()
        return next((c for c in columns if c.part == part), None) or self.part(part)


class Place(Record):
    """Where one answer was issued: its cell, and the locked label beside it that must still say the same.

    On a sheet that is repeated, `group` tells one from the next: child1.
    """

    field: str
    sheet: str
    cell: str
    label_cell: str
    label: str
    group: str = ""

    @cached_property
    def key(self) -> str:
        """What no other place of the form has: the question, with the sheet it is repeated on."""
        return f"{self.group}_{self.field}" if self.group else self.field


class TablePlace(Record):
    """Where repeating rows were issued. `columns` are (field id, column letter, header text); rows count from `first_row`."""

    table: str
    sheet: str
    header_row: int
    first_row: int
    rows: int
    columns: tuple[tuple[str, str, str], ...]


class SheetsPlace(Record):
    """Where the answers of a table stand whose rows are sheets of their own: `places` has the questions of each sheet, in order."""

    table: str
    places: tuple[tuple[Place, ...], ...]


class Layout(Record):
    """Where everything stands in an issued form: a pure function of the form, kept once per digest.

    `places` are the questions asked once, `sheets` those repeated on a sheet for each row, `tables` the lists.
    """

    places: tuple[Place, ...]
    tables: tuple[TablePlace, ...] = ()
    sheets: tuple[SheetsPlace, ...] = ()

    @cached_property
    def every(self) -> tuple[Place, ...]:
        """All answers that have a place of their own, in the order of the sheets."""
        return (*self.places, *(p for s in self.sheets for places in s.places for p in places))


class Issue(Record):
    """A workbook handed out, with name, role, team and manager as they were that day.

    One for moderation is about a `piece` of work (`R-000012`, or `R-000012/2` for the second of its sheets) as it stood in `piece_version`.
    `rows` are what a table is handed out with, each cell in words.
    """

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
    piece: str = ""
    piece_version: int = 0
    issued_on: date
    due_on: date
    form_version: str
    file: str
    facts: Mapping[str, str] = {}
    rows: Mapping[str, tuple[Mapping[str, str], ...]] = {}

    @property
    def moderates(self) -> str:
        """The return whose work this moderates; '' for any other workbook."""
        return self.piece.partition("/")[0]

    def stands(self, counted: Mapping[str, int]) -> bool:
        """Whether this moderates the version of the work that counts (`counted`: return → version): a newer one voids it."""
        return bool(self.piece) and counted.get(self.moderates) == self.piece_version
