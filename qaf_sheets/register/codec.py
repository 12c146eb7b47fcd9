"""Records as JSON text and back, dates kept apart from text that looks like one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from qaf_sheets.model import Answer, Return, Value


def dump_value(value: Value) -> Any:
    """A date as {"date": "2026-12-13"}, all else as it is."""
    return {"date": value.isoformat()} if isinstance(value, date) else value


def load_value(value: Any) -> Value:
    """The twin of `dump_value`."""
    return date.fromisoformat(value["date"]) if isinstance(value, dict) else value


def dump_cells(cells: Mapping[str, Value]) -> str:
    """A row's values by column."""
    return json.dumps({k: dump_value(v) for k, v in cells.items()}, ensure_ascii=False, sort_keys=True)


def load_cells(text: str) -> dict[str, Value]:
    """The twin of `dump_cells`."""
    return {k: load_value(v) for k, v in json.loads(text).items()}


def dump_return(content: Return) -> str:
    """All answers of a return with their cells."""
    rows = {table: [_row(r) for r in rows] for table, rows in content.rows.items()}
    return json.dumps({"answers": _row(content.answers), "rows": rows}, ensure_ascii=False)


def _row(answers: Mapping[str, Answer]) -> dict[str, Any]:
    return {k: [dump_value(a.value), a.sheet, a.cell, a.code, a.withheld] for k, a in answers.items()}


def dump_codes(content: Return) -> str:
    """The code of each answer that has one, by sheet and cell."""
    every = (*content.answers.values(), *(a for rows in content.rows.values() for row in rows for a in row.values()))
    return json.dumps({f"{a.sheet}!{a.cell}": a.code for a in every if a.code}, ensure_ascii=False)


def with_codes(content: Return, text: str) -> Return:
    """Answers with the codes that `dump_codes` told, and no others."""
    codes = json.loads(text)

    def row(answers: Mapping[str, Answer]) -> dict[str, Answer]:
        return {k: a.model_copy(update={"code": codes.get(f"{a.sheet}!{a.cell}", "")}) for k, a in answers.items()}

    return Return(answers=row(content.answers), rows={table: tuple(row(r) for r in rows) for table, rows in content.rows.items()})


def load_return(text: str) -> Return:
    """The twin of `dump_return`."""
    raw = json.loads(text)
    rows = {table: tuple(_answers(r) for r in rows) for table, rows in raw["rows"].items()}
    return Return(answers=_answers(raw["answers"]), rows=rows)


def _answers(raw: Mapping[str, Any]) -> dict[str, Answer]:
    made = Answer.model_construct  # what `dump_return` wrote was checked when it was read from its cells, and there are thousands
    return {k: made(value=load_value(v), sheet=s, cell=c, code=code, withheld=w) for k, (v, s, c, code, w) in raw.items()}
