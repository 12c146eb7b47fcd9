"""What a person filtered a table by: read from their file, judged row by row, and put into the workbook that takes its place."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date
from xml.sax.saxutils import quoteattr

from qaf_sheets.model import Record, Value
from qaf_sheets.tracker.values import EXCEL_DAY_0, as_text, is_blank

NUMBER, YES, WORD, TEXT = r"[-+0-9.eE]{1,30}", "0|1|true|false", "[A-Za-z0-9]{1,20}", r"[^\x00-\x1f]{0,400}"
WAYS = {
    "filters": {"blank": YES}, "customFilters": {"and": YES}, "top10": {"top": YES, "percent": YES, "val": NUMBER, "filterVal": NUMBER},
    "dynamicFilter": {"type": WORD, "val": NUMBER, "maxVal": NUMBER},
}  # fmt: skip
"""How a column can be filtered, and what may be said of each way; by colour or symbol is not one that we keep."""
WANTED = {
    "filter": {"val": TEXT}, "customFilter": {"operator": "equal|notEqual|(less|greater)Than(OrEqual)?", "val": TEXT},
    "dateGroupItem": {"year": "[0-9]{4}", "month": "[0-9]{1,2}", "day": "[0-9]{1,2}", "dateTimeGrouping": "year|month|day"},
}  # fmt: skip
TRUE = ("1", "true")
MOST_WANTED = 5_000


class Wanted(Record):
    """One thing that a filter lets through: a word, a comparison, or a year, month or day."""

    kind: str
    said: Mapping[str, str]


class Filter(Record):
    """How one column is filtered, as Excel says it."""

    way: str
    said: Mapping[str, str] = {}
    wanted: tuple[Wanted, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether it says enough for Excel to read it again."""
        enough = {"filters": bool(self.wanted or self.said), "customFilters": len(self.wanted) in (1, 2), "top10": "val" in self.said, "dynamicFilter": "type" in self.said}
        kinds = ("customFilter",) if self.way == "customFilters" else ("filter", "dateGroupItem") if self.way == "filters" else ()
        return enough.get(self.way, False) and all(w.kind in kinds for w in self.wanted)

    @property
    def judged(self) -> bool:
        """Whether we can tell which rows it shows; the ten highest, or "this month", are Excel's to judge."""
        return self.way in ("filters", "customFilters")

    def shows(self, value: Value) -> bool:
        """Whether a row with this value in the column is shown."""
        if self.way == "filters":
            return self.said.get("blank") in TRUE if is_blank(value) else any(_is_one(w, value) for w in self.wanted)
        found = [_compares(w.said.get("operator", "equal"), w.said.get("val", ""), value) for w in self.wanted]
        return all(found) if self.said.get("and") in TRUE else any(found)

    def xml(self, column: int) -> str:
        """The same for the column at this place of the table, from 0."""
        inside = "".join(f"<{w.kind}{_said(w.said)}/>" for w in sorted(self.wanted, key=lambda w: w.kind == "dateGroupItem"))
        return f'<filterColumn colId="{column}"><{self.way}{_said(self.said)}>{inside}</{self.way}></filterColumn>'


def allowed(name: str, attributes: Mapping[str, str], among: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """What a stranger's file says of a filter, without what nobody asked for. Raises ValueError for what Excel would not say."""
    said = {key: attributes[key] for key in among[name] if key in attributes}
    if not all(re.fullmatch(among[name][key], value) for key, value in said.items()):
        raise ValueError(name)
    return said


def _said(attributes: Mapping[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())


def _is_one(wanted: Wanted, value: Value) -> bool:
    if wanted.kind == "filter":
        return as_text(value).strip().casefold() == wanted.said.get("val", "").strip().casefold()
    if not isinstance(value, date):
        return False
    parts = ((name, getattr(value, name)) for name in ("year", "month", "day") if name in wanted.said)
    return all(wanted.said[name].isdecimal() and int(wanted.said[name]) == part for name, part in parts)


def _compares(operator: str, said: str, value: Value) -> bool:
    if operator in ("equal", "notEqual"):
        return _is_like(said, value) == (operator == "equal")
    number, wanted = _number(value), _number_of(said)
    if wanted is None:
        one, other = (as_text(value).casefold(), said.casefold()) if not is_blank(value) and number is None else (None, None)
        return one is not None and other is not None and _orders(operator, (one > other) - (one < other))
    return number is not None and _orders(operator, (number > wanted) - (number < wanted))


def _orders(operator: str, way: int) -> bool:
    return {"greaterThan": way > 0, "greaterThanOrEqual": way >= 0, "lessThan": way < 0, "lessThanOrEqual": way <= 0}.get(operator, True)


def _is_like(said: str, value: Value) -> bool:
    """Equal, where * and ? stand for anything; a lone space stands for nothing at all."""
    if is_blank(said) or is_blank(value):
        return is_blank(said) and is_blank(value)
    number, wanted = _number(value), _number_of(said)
    if number is not None and wanted is not None:
        return number == wanted
    pattern = "".join({"*": ".*", "?": "."}.get(part, re.escape(part[-1])) for part in re.findall(r"~.|.", said, re.DOTALL))
    return re.fullmatch(pattern, as_text(value).strip(), re.IGNORECASE | re.DOTALL) is not None


def _number(value: Value) -> float | None:
    """A cell's value as Excel counts: a date is its day's number."""
    if isinstance(value, date):
        return (value - EXCEL_DAY_0).days
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _number_of(said: str) -> float | None:
    try:
        return float(said)
    except ValueError:
        return None


def with_filters(data: bytes, filters: Mapping[str, str]) -> bytes:
    """A workbook that we have just written, its tables filtered: a table's name → its filtered columns. XlsxWriter filters no tables."""
    if not any(filters.values()):
        return data
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for entry in before.infolist():
            body = before.read(entry)
            after.writestr(entry, _filtered(body.decode(), filters).encode() if entry.filename.startswith("xl/tables/") else body)
    return out.getvalue()


def _filtered(table: str, filters: Mapping[str, str]) -> str:
    name = re.search(r' name="([^"]*)"', table)
    inside = filters.get(name[1], "") if name else ""
    return re.sub(r'(<autoFilter ref="[^"]*")/>', lambda found: f"{found[1]}>{inside}</autoFilter>", table, count=1) if inside else table
