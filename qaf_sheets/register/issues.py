"""The workbooks handed out, and the form and layout each was issued with."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from qaf_sheets.model import Form, Issue, Layout, Quarter
from qaf_sheets.register import schema
from qaf_sheets.register.changes import Changes


class Issues:
    """What was issued to whom."""

    def __init__(self, changes: Changes, forms: dict[str, tuple[Form, Layout]]) -> None:
        self._db, self._changes, self._forms = changes.db, changes, forms

    def keep_form(self, form_version: str, form: Form, layout: Layout) -> None:
        """Keep a form and its layout once, so that every copy in circulation can be read by its own."""
        found = self._db.execute(select(schema.forms.c.form_version).where(schema.forms.c.form_version == form_version)).first()
        if found is None:  # in this transaction, whatever one that was given up had read
            self._changes.add(schema.forms, form_version=form_version, form=form.model_dump_json(), layout=layout.model_dump_json())

    def form(self, form_version: str) -> tuple[Form, Layout] | None:
        """A form and layout by version, which never change and so are read once; None when never issued."""
        if form_version not in self._forms:
            row = self._db.execute(select(schema.forms).where(schema.forms.c.form_version == form_version)).first()
            if row is None:
                return None
            self._forms[form_version] = Form.model_validate_json(row.form), Layout.model_validate_json(row.layout)
        return self._forms[form_version]

    def add(self, issue: Issue) -> None:
        """Record a workbook before it is written; `written` is set once it is on disk."""
        self._changes.add(
            schema.issues, return_id=issue.return_id, quarter=str(issue.quarter), activity=issue.activity, person_id=issue.person_id, due_on=issue.due_on,
            written=False, issue=issue.model_dump_json(),
        )
        for obligation_id in issue.obligation_ids:
            self._changes.add(schema.duties, obligation_id=obligation_id, return_id=issue.return_id)

    def written(self, return_id: str) -> None:
        """The workbook is on disk."""
        self._changes.set(schema.issues, {"return_id": return_id}, written=True)

    def unwritten(self) -> tuple[Issue, ...]:
        """Recorded but not on disk: a crash came between. They are written again."""
        return self._all(select(schema.issues.c.issue).where(schema.issues.c.written.is_(False)).order_by(schema.issues.c.return_id))

    def one(self, return_id: str) -> Issue | None:
        """An issue by its reference."""
        found = self._all(select(schema.issues.c.issue).where(schema.issues.c.return_id == return_id))
        return found[0] if found else None

    def of_quarter(self, quarter: Quarter) -> tuple[Issue, ...]:
        """All of a quarter, by reference."""
        return self._all(select(schema.issues.c.issue).where(schema.issues.c.quarter == str(quarter)).order_by(schema.issues.c.return_id))

    def about_pieces(self) -> tuple[Issue, ...]:
        """Every workbook for moderation, also the voided ones, by reference."""
        return tuple(i for i in self._all(select(schema.issues.c.issue).order_by(schema.issues.c.return_id)) if i.piece)

    def quarters(self) -> tuple[Quarter, ...]:
        """The quarters something was issued for, oldest first."""
        found = self._db.execute(select(schema.issues.c.quarter).distinct().order_by(schema.issues.c.quarter))
        return tuple(Quarter.parse(row[0]) for row in found)

    def by_obligation(self) -> Mapping[str, str]:
        """Obligation id → return id."""
        return {r.obligation_id: r.return_id for r in self._db.execute(select(schema.duties))}

    def forms_of(self, quarter: Quarter) -> Mapping[str, Form]:
        """The newest form of each activity issued in a quarter."""
        found: dict[str, Form] = {}
        for issue in self.of_quarter(quarter):
            if issue.activity not in found and (kept := self.form(issue.form_version)):
                found[issue.activity] = kept[0]
        return found

    def _all(self, query: object) -> tuple[Issue, ...]:
        return tuple(Issue.model_validate_json(row[0]) for row in self._db.execute(query))  # type: ignore[call-overload]  # a select
