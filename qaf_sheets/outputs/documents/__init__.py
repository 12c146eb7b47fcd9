"""The Word documents, through templates that people edit in Word. A further kind of document is one more entry in DOCUMENTS."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple

from qaf_sheets.model import Problem, Snapshot
from qaf_sheets.outputs.documents import dlt_report, head_of_service, service_summary
from qaf_sheets.outputs.documents.common import subjects
from qaf_sheets.outputs.documents.fill import Context, fault, fill
from qaf_sheets.outputs.documents.words import unlike
from qaf_sheets.outputs.figures import Figures

Template = Callable[[str], bytes]


class Document(NamedTuple):
    """A finished Word file, its place in the workspace, and what was wrong with its template."""

    path: str
    data: bytes
    problems: tuple[Problem, ...] = ()


class Kind(NamedTuple):
    """One kind of document: its template, the folder of those who may read it, what each one is about, its file name and its values.

    A context holds at least `title` and `dated`, the time that the file's properties carry.
    """

    template: str
    audience: str
    about: Callable[[Snapshot], Iterable[Any]]
    file_name: Callable[[Snapshot, Any], str]
    context: Callable[[Snapshot, Figures, Any], dict[str, Any]]


DOCUMENTS = (
    Kind("head_of_service_summary.docx", "Services", partial(subjects, activity="ROUT"), head_of_service.file_name, head_of_service.context),
    Kind("service_summary.docx", "Services", partial(subjects, activity="SERV"), service_summary.file_name, service_summary.context),
    Kind("dlt_report.docx", "DLT", dlt_report.whose, dlt_report.file_name, dlt_report.context),
)


def documents(snapshot: Snapshot, figures: Figures, template: Template, shipped: Template) -> Iterator[Document]:
    """Every document of a quarter; the same snapshot gives the same bytes.

    `template` gives the council's own copy of a template, or the shipped one. One that cannot be used is reported
    once, and its documents are written from the `shipped` one.
    """
    told: set[Problem] = set()
    for kind in DOCUMENTS:
        whose = list(kind.about(snapshot))
        names = unlike(kind.file_name(snapshot, subject) for subject in whose)
        for subject, name in zip(whose, names, strict=True):
            data, problems = _filled(kind.template, kind.context(snapshot, figures, subject), template, shipped)
            yield Document(f"Reports/{snapshot.quarter}/{kind.audience}/{name}.docx", data, tuple(p for p in problems if p not in told))
            told.update(problems)


def _filled(name: str, context: Context, template: Template, shipped: Template) -> tuple[bytes, tuple[Problem, ...]]:
    try:
        return fill(template(name), context, context["dated"]), ()
    except Exception as error:  # noqa: BLE001 - a template is somebody's program in a Word file: it can fail in any way
        return fill(shipped(name), context, context["dated"]), (fault(error, name, context),)
