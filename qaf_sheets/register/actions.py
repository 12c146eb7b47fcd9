"""Actions, what people wrote about them, and what the tracker last said: the base of its three-way merge."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from qaf_sheets.lifecycle import FOLLOWS, Edited, Hand
from qaf_sheets.model import Action, Value
from qaf_sheets.register import schema
from qaf_sheets.register.changes import Changes
from qaf_sheets.register.codec import dump_cells, load_cells


class Actions:
    """The actions and the tracker's memory."""

    def __init__(self, changes: Changes) -> None:
        self._db, self._changes = changes.db, changes

    def all(self) -> tuple[Action, ...]:
        """Every action, by id."""
        return tuple(_load(r.action) for r in self._db.execute(select(schema.actions).order_by(schema.actions.c.action_id)))

    def of_inadequate_work(self) -> frozenset[str]:
        """The ids of actions that came from work graded Inadequate."""
        return frozenset(a.action_id for a in self.all() if a.from_inadequate)

    def of_return(self, return_id: str) -> tuple[Action, ...]:
        """The actions one return set, by id."""
        query = select(schema.actions).where(schema.actions.c.return_id == return_id).order_by(schema.actions.c.action_id)
        return tuple(_load(r.action) for r in self._db.execute(query))

    def add(self, action: Action, by: Hand) -> None:
        """A new action."""
        self._changes.add(schema.actions, action_id=action.action_id, return_id=action.return_id, action=_dump(action))
        self._tell(action, {}, by)

    def save(self, action: Action, by: Hand) -> None:
        """An action with changed cells, and what was changed in its history."""
        held = self._db.execute(select(schema.actions.c.action).where(schema.actions.c.action_id == action.action_id)).scalar()
        self._changes.set(schema.actions, {"action_id": action.action_id}, action=_dump(action))
        self._tell(action, _load(held).cells if held else {}, by)

    def _tell(self, action: Action, was: Mapping[str, Value], by: Hand) -> None:
        for name, value in action.cells.items():
            if name not in FOLLOWS and value != was.get(name):
                self._changes.add(
                    schema.edits, action_id=action.action_id, name=name, cells=dump_cells({"before": was.get(name), "after": value}), who=by.who, at=by.at, source=by.source,
                )  # fmt: skip

    def history(self) -> tuple[Edited, ...]:
        """Every change of every action, the newest first."""
        rows = self._db.execute(select(schema.edits).order_by(schema.edits.c.id.desc()))
        return tuple(Edited(action_id=r.action_id, column=r.name, who=r.who, at=r.at, source=r.source, **load_cells(r.cells)) for r in rows)

    def last_written(self, table_id: str) -> dict[str, dict[str, Value]]:
        """What the tracker's file holds as far as we know: row id → column → value."""
        rows = self._db.execute(select(schema.last_written).where(schema.last_written.c.table_id == table_id))
        return {r.row_id: load_cells(r.cells) for r in rows}

    def set_last_written(self, table_id: str, rows: Mapping[str, Mapping[str, Value]]) -> None:
        """Remember what the file holds now."""
        known, wanted = ({row_id: dump_cells(cells) for row_id, cells in it.items()} for it in (self.last_written(table_id), rows))
        for row_id in known.keys() - wanted.keys():
            self._changes.drop(schema.last_written, table_id=table_id, row_id=row_id)
        for row_id, cells in wanted.items():
            if known.get(row_id) != cells:
                self._changes.put(schema.last_written, {"table_id": table_id, "row_id": row_id}, cells=cells)

    def clashes(self) -> list[dict[str, Any]]:
        """Every clash so far, as plain data, oldest first."""
        return [json.loads(r.clash) for r in self._db.execute(select(schema.clashes).order_by(schema.clashes.c.id))]

    def add_clashes(self, clashes: Iterable[dict[str, Any]]) -> None:
        """Both values of cells changed in two places, kept for a person to settle."""
        for clash in clashes:
            self._changes.add(schema.clashes, clash=json.dumps(clash, ensure_ascii=False))


def _dump(action: Action) -> str:
    plain = action.model_dump(exclude={"cells", "said", "set_on"})
    set_on = action.set_on.isoformat() if action.set_on else None
    cells = {name: json.loads(dump_cells(it)) for name, it in (("cells", action.cells), ("said", action.said))}
    return json.dumps(plain | cells | {"set_on": set_on}, ensure_ascii=False)


def _load(text: str) -> Action:
    raw = json.loads(text)
    return Action(**{**raw, **{name: load_cells(json.dumps(raw[name])) for name in ("cells", "said")}})
