"""Actions, what people wrote about them, and the values that clashed."""

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
    """The actions, and cells with two values."""

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
        new = {name: value for name, value in action.cells.items() if name not in FOLLOWS and value != was.get(name)}
        told = {"action_id": action.action_id, "who": by.who, "at": by.at, "source": by.source}
        self._changes.add_all(schema.edits, [{**told, "name": name, "cells": dump_cells({"before": was.get(name), "after": value})} for name, value in new.items()])

    def history(self) -> tuple[Edited, ...]:
        """Every change of every action, the newest first."""
        rows = self._db.execute(select(schema.edits).order_by(schema.edits.c.id.desc()))
        return tuple(Edited(action_id=r.action_id, column=r.name, who=r.who, at=r.at, source=r.source, **load_cells(r.cells)) for r in rows)

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
