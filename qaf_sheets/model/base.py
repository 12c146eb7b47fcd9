"""What every record stands on: frozen facts, values, quarters, and where a fact was read."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

Value = str | int | float | bool | date | None
Kind = Literal["text", "long", "date", "number", "choice", "person", "child_id"]
Part = Literal[
    "", "child", "level", "team", "seen", "reviewer", "case_holder", "case_manager", "overall_grade", "previous_grade", "moderator", "moderated_grade",
]
"""What a question is to checks and figures, whatever a form calls it."""
Level = Literal["E", "W", "I"]
Outcome = Literal[
    "accepted", "needs_fixing", "held", "duplicate", "older_version", "conflict", "draft", "waiting", "not_ours"
]
State = Literal["later", "due", "needs_fixing", "held", "returned", "overdue", "nil", "exempt", "not_required"]


class Record(BaseModel):
    """A frozen fact. Unknown keys are our bug and raise, without quoting what was given."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def __copy__(self) -> Self:
        """The fields alone: what was worked out from them is worked out anew, since a copy is made to change one."""
        copied = super().__copy__()
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied


class Quarter(Record):
    """A quarter of the financial year: Q1 April to June … Q4 January to March. `year` is the year it begins in April."""

    year: int
    number: int = Field(ge=1, le=4)

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """From "2026-27-Q3". Raises ValueError for anything else."""
        found = re.fullmatch(r"(20\d\d)-(\d\d)-Q([1-4])", text.strip())
        if not found or (int(found[1]) + 1) % 100 != int(found[2]):
            raise ValueError(f"'{text}' is not a quarter. Write it like 2026-27-Q3.")
        return cls(year=int(found[1]), number=int(found[3]))

    @classmethod
    def holding(cls, day: date) -> Quarter:
        """The quarter that holds a day."""
        year = day.year if day.month >= 4 else day.year - 1
        return cls(year=year, number=(day.month - 4) % 12 // 3 + 1)

    def plus(self, n: int) -> Quarter:
        """The quarter `n` later; earlier when negative."""
        year, number = divmod(self.year * 4 + self.number - 1 + n, 4)
        return Quarter(year=year, number=number + 1)

    def __str__(self) -> str:
        return f"{self.year}-{(self.year + 1) % 100:02d}-Q{self.number}"

    @property
    def label(self) -> str:
        """As people read it: Q3 2026-27."""
        return f"Q{self.number} {self.year}-{(self.year + 1) % 100:02d}"

    @property
    def starts(self) -> date:
        """Its first day."""
        return date(self.year + (self.number == 4), (self.number * 3) % 12 + 1, 1)

    @property
    def ends(self) -> date:
        """Its last day."""
        return (self.starts + timedelta(days=95)).replace(day=1) - timedelta(days=1)

    @property
    def months(self) -> str:
        """October to December 2026."""
        return f"{self.starts:%B} to {self.ends:%B %Y}"


class Source(Record):
    """Where a fact was read: the file, the sheet and the cell."""

    file: str = ""
    sheet: str = ""
    cell: str = ""
