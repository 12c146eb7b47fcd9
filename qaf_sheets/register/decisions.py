"""What waits for a person and what a person decided. A decision that was carried out stands until another one is."""

from __future__ import annotations

from sqlalchemy import func, select

from qaf_sheets.model import Decision
from qaf_sheets.register import schema
from qaf_sheets.register.changes import Changes


class Decisions:
    """Decisions, as they are written in the tracker and as they were carried out."""

    def __init__(self, changes: Changes) -> None:
        self._db, self._changes = changes.db, changes

    def all(self) -> tuple[Decision, ...]:
        """Every one as it is written now, by id."""
        rows = self._db.execute(select(schema.decisions.c.decision).order_by(schema.decisions.c.decision_id))
        return tuple(Decision.model_validate_json(r.decision) for r in rows)

    def in_force(self) -> tuple[Decision, ...]:
        """Every one that was carried out, as it was then, in the order of time: the last word comes last."""
        query = select(schema.decisions.c.carried).where(schema.decisions.c.turn > 0).order_by(schema.decisions.c.turn)
        return tuple(Decision.model_validate_json(r.carried) for r in self._db.execute(query))

    def save(self, decision: Decision) -> None:
        """A new one, or one that was written on."""
        if not self._changes.set(schema.decisions, {"decision_id": decision.decision_id}, decision=decision.model_dump_json()):
            self._changes.add(schema.decisions, decision_id=decision.decision_id, decision=decision.model_dump_json(), carried="", turn=0)

    def standing(self) -> tuple[Decision, ...]:
        """Every one by id: as it was carried out, or without a choice while it waits, whatever is written there."""
        carried = {d.decision_id: d for d in self.in_force()}
        return tuple(carried.get(d.decision_id) or d.model_copy(update={"choice": ""}) for d in self.all())

    def carry_out(self, decision: Decision, *, anew: bool) -> None:
        """It is carried out as it stands. With `anew` it comes after all that were before it; else only its words were changed."""
        self.save(decision)
        last = self._db.execute(select(func.max(schema.decisions.c.turn))).scalar() or 0
        turn = {"turn": last + 1} if anew else {}
        self._changes.set(schema.decisions, {"decision_id": decision.decision_id}, carried=decision.model_dump_json(), **turn)
