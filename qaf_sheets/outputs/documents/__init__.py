"""The Word documents, through templates that people edit in Word. A further kind of document is one more entry in DOCUMENTS."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from functools import cache, partial
from typing import NamedTuple

from qaf_sheets import __version__
from qaf_sheets.files import sha256
from qaf_sheets.model import Plan, Problem
from qaf_sheets.outputs.documents import (
    ad_compilation,
    annual,
    changes,
    chaser,
    child_record,
    dlt_annex,
    dlt_report,
    governance,
    head_of_service,
    learning,
    observation_record,
    practitioner_feedback,
    service_summary,
)
from qaf_sheets.outputs.documents.annex import Annex, said_in, write_annex
from qaf_sheets.outputs.documents.common import subjects, whole_quarter
from qaf_sheets.outputs.documents.fill import Filled, MistakeError, fault, fill
from qaf_sheets.outputs.documents.guard import Allowed, faults, names
from qaf_sheets.outputs.documents.kinds import Context, Given, Kind, Late
from qaf_sheets.outputs.documents.page import Line
from qaf_sheets.outputs.documents.teller import child_reference
from qaf_sheets.outputs.documents.words import unlike
from qaf_sheets.problems import problem
from qaf_sheets.telling import Names, full_names

Template = Callable[[str], bytes]
CHILD_RECORDS = "Child records"
"""The folder of the records for children's own files: the only documents that a child's name stands in."""
DOCUMENTS = (
    Kind("head_of_service_summary.docx", "Services", partial(subjects, activity="ROUT"), head_of_service.file_name, head_of_service.context, children=True, reports=True),
    Kind("service_summary.docx", "Services", partial(subjects, activity="SERV"), service_summary.file_name, service_summary.context, reports=True),
    Kind("ad_compilation.docx", "Services", ad_compilation.led, ad_compilation.file_name, ad_compilation.context, reports=True),
    Kind("dlt_report.docx", "DLT", whole_quarter, dlt_report.file_name, dlt_report.context, reports=True, beside=dlt_annex.sources),
    Kind("changes_since.docx", "DLT", changes.whose, changes.file_name, changes.context),
    Kind("returns_chaser.docx", "QA unit", whole_quarter, chaser.file_name, chaser.context, staff=True),
    Kind("child_record.docx", CHILD_RECORDS, child_record.whose, child_record.file_name, child_record.context, children=True),
    Kind("practitioner_feedback.docx", "Staff feedback", practitioner_feedback.whose, practitioner_feedback.file_name, practitioner_feedback.context, children=True),
    Kind("observation_record.docx", "Staff feedback", observation_record.whose, observation_record.file_name, observation_record.context, children=True, grades=False),
    *(Kind(p.template, "Governance", governance.whose, partial(governance.file_name, p), partial(governance.context, p), reports=True) for p in governance.PAPERS),
    Kind("learning_summary.docx", "Learning", governance.whose, learning.file_name, learning.context, reports=True),
    Kind("psw_annual_report.docx", "Governance", annual.annual, annual.annual_name, annual.annual_context, reports=True),
    Kind("panel_annual_report.docx", "DLT", annual.panels, annual.panel_name, annual.panel_context, reports=True),
)


class Document(NamedTuple):
    """A finished Word file with its lines (a workbook has none), and what was wrong with its template. `data` is empty where it may not be written: `refused` says why."""

    data: bytes
    lines: Sequence[Line]
    problems: tuple[Problem, ...] = ()
    refused: tuple[Problem, ...] = ()


class Draft(NamedTuple):
    """A document, or the workbook beside one, that may have to be written: its place in the workspace, and a digest of all that it would say.

    `write` takes lines to stand before it; a workbook has no place for them.
    """

    path: str
    says: str
    kind: Kind
    write: Callable[[Sequence[str]], Document]


def drafts(given: Given, template: Template, shipped: Template) -> Iterator[Draft]:
    """Every document of a quarter; the same facts give the same bytes.

    `template` gives the council's own copy of a template, or the shipped one. One that cannot be used is reported, and its documents are written from the
    `shipped` one. What is signed off with the quarter is made from the quarter as it was reported.
    """
    told: set[Problem] = set()
    for kind in DOCUMENTS:
        seen = given.as_reported if kind.reports else given
        whose = list(kind.about(seen))
        called = unlike(kind.file_name(seen, subject) for subject in whose)
        held = _bytes_of(template, kind.template)
        for subject, name in zip(whose, called, strict=True):
            place = f"Reports/{seen.snapshot.quarter}/{kind.audience}/{name}"
            path = f"{place}.docx"
            made = cache(partial(kind.context, seen, subject))
            kept = f"as reported, {_signed(seen)}" if kind.reports and given.reported else ""
            says = kept or f"{__version__} {sha256(held or b'')} {_digested(made())}"
            yield Draft(path, sha256(says.encode()), kind, partial(_written, path, kind, made, seen.plan, _Templates(held, shipped, told)))
            if kind.beside:
                book = f"{place} - sources.xlsx"
                annex = cache(partial(kind.beside, seen, subject))
                yield Draft(book, sha256((kept or f"{__version__} {_digested(annex())}").encode()), kind, partial(_beside, book, kind, annex, made, seen.plan))


def _digested(values: object) -> str:
    return json.dumps(values, default=_plain, sort_keys=True)


def _beside(path: str, kind: Kind, annex: Callable[[], Annex], made: Callable[[], Context], plan: Plan, _: Sequence[str]) -> Document:
    """The workbook of sources, unless it names somebody."""
    found = names(list(said_in(annex())), allowed(kind, made(), plan))
    refused = tuple(problem("DOCUMENT_REFUSED", document=path, why=f.why, heading=f.heading, sentence=f.sentence) for f in found)
    return Document(b"" if refused else write_annex(annex()), (), (), refused)


def _signed(seen: Given) -> str:
    """By which decision a quarter is signed off, and as at when it stands: what is signed off is not written again."""
    by = seen.snapshot.signed_off
    return f"{seen.snapshot.as_at} {by.decision_id if by else ''} {by.who if by else ''} {by.decided_on if by else ''}"


def _bytes_of(template: Template, name: str) -> bytes | None:
    try:
        return template(name)
    except OSError:
        return None


def _plain(value: object) -> object:
    """What stands for a value in a digest."""
    return value.isoformat() if isinstance(value, date) else sorted(value) if isinstance(value, (set, frozenset)) else str(value)


class _Templates(NamedTuple):
    """A kind's template as the council has it, the shipped ones, and the mistakes that were told already."""

    own: bytes | None
    shipped: Template
    told: set[Problem]


def _written(path: str, kind: Kind, made: Callable[[], Context], plan: Plan, templates: _Templates, before: Sequence[str]) -> Document:
    context = made()
    filled, problems = _filled(kind.template, context, templates, before)
    said = filled.lines
    refused = tuple(problem("DOCUMENT_REFUSED", document=path, why=f.why, heading=f.heading or "its beginning", sentence=f.sentence) for f in faults(said, allowed(kind, context, plan)))
    return Document(b"" if refused else filled.data, [_without(line, filled.late) for line in said], problems, refused)


def _without(line: Line, late: Collection[str]) -> Line:
    """A line as it may be kept: without a child's name."""
    for name in filter(None, late):
        line = line._replace(text=line.text.replace(name, "[the child]"))
    return line


def _filled(name: str, context: Context, templates: _Templates, before: Sequence[str]) -> tuple[Filled, tuple[Problem, ...]]:
    try:
        return fill(templates.own or b"", context, context["dated"], before), ()
    except Exception as error:  # a template is somebody's program in a Word file: it can fail in any way
        if isinstance(error, MistakeError) and isinstance(error.cause, OSError):  # not the template: what a value is read from
            raise error.cause from error
        mistake = {fault(error, name, context)} - templates.told
        templates.told.update(mistake)
        return fill(templates.shipped(name), context, context["dated"], before), tuple(mistake)


def allowed(kind: Kind, context: Context, plan: Plan) -> Allowed:
    """What one document of a kind may hold."""
    may = set(context.get("may_name", ()))
    staff = Names() if kind.staff else full_names(p.name for p in plan.people if p.name not in may)
    child = None if kind.children else child_reference(plan)
    return Allowed(staff, child, kind.grades, int(context.get("quarters", 1)))


__all__ = ["CHILD_RECORDS", "DOCUMENTS", "Document", "Draft", "Given", "Kind", "Late", "Line", "drafts"]
