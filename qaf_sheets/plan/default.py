"""What a setting is: its name, default, and which values can be used."""

from __future__ import annotations

from typing import Literal, NamedTuple

LAST_DAY = "last working day"
DUE = f"{LAST_DAY}, or a number of working days after the quarter ends"
NO_DATE = "The framework says only “end of quarter” (Appendix 7)"
WORKING_DAYS = "a number of working days"


class Default(NamedTuple):
    """One row of the Settings sheet. `kind` says which values can be used; `options` are all there are of a `choice`; `group` is what it is about."""

    name: str
    value: str
    what: str
    kind: Literal["text", "whole", "seconds", "due", "choice", "roles"] = "text"
    choices: str = ""
    clause: str = ""
    options: tuple[str, ...] = ()
    group: str = ""

    def fault(self, value: str) -> str:
        """The code of the problem with a value, '' when it can be used."""
        whole = value.isascii() and value.isdigit() and len(value) < 5
        if self.kind == "choice":
            return "" if self.as_written(value) in self.options else "PLAN_NOT_ON_LIST"
        if self.kind in ("text", "roles") or whole or (self.kind == "due" and value.casefold() == LAST_DAY):
            return ""
        if self.kind == "seconds" and value.isascii() and value.replace(".", "", 1).isdigit():
            return ""
        return "PLAN_NOT_ON_LIST" if self.kind == "due" else "PLAN_NOT_A_NUMBER"

    def as_written(self, value: str) -> str:
        """A choice as we write it, whatever its capitals; any other value as it stands."""
        return next((o for o in self.options if o.casefold() == value.strip().casefold()), value)


def whole(name: str, value: str, what: str, choices: str = WORKING_DAYS, clause: str = "") -> Default:
    """A setting that is a whole number."""
    return Default(name, value, what, "whole", choices, clause)


def choice(name: str, options: tuple[str, ...], what: str, clause: str = "") -> Default:
    """A setting with a closed list of values, the default first."""
    return Default(name, options[0], what, "choice", " / ".join(options), clause, options)


def roles(name: str, value: str, what: str, clause: str = "") -> Default:
    """A setting that lists roles, for rules to name."""
    return Default(name, value, what, "roles", "role codes, divided by commas", clause)
