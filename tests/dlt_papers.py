"""The report to the DLT as its tests read it: the small quarter of reviews and the sample's whole quarter, each written once."""

from __future__ import annotations

from functools import cache

import graded
import sample
from papers import DLT, answer, lines, opened, written

from qaf_sheets.model import Snapshot, Value, Version
from qaf_sheets.outputs.documents import Document
from qaf_sheets.outputs.figures import Figures, figures

DESCRIBED = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"


def report(snapshot: Snapshot) -> Document:
    """The report alone: the summaries of single duties are not written."""
    only = tuple(d for d in snapshot.duties if d.obligation.activity not in ("ROUT", "SERV"))
    return written(snapshot.model_copy(update={"duties": only}))[DLT]


@cache
def reviews() -> Document:
    return report(graded.snapshot())


@cache
def whole() -> Document:
    """The sample's quarter, with everything that is owed in it."""
    return written(sample.snapshot())[DLT]


def text(document: Document) -> str:
    return "\n".join(lines(document))


def quotes(document: Document) -> list[str]:
    return [p.text for p in opened(document).paragraphs if p.style.name == "Quote"]


def said(return_id: str, **answers: Value) -> Snapshot:
    """The small quarter of reviews, and one return that says this."""
    def changed(version: Version) -> Version:
        if version.issue.return_id != return_id:
            return version
        return version.model_copy(update={"content": version.content.model_copy(update={"answers": {**version.content.answers, **{k: answer(v) for k, v in answers.items()}}})})

    return graded.snapshot().model_copy(update={"returns": tuple(changed(v) for v in graded.snapshot().returns)})


def counted() -> Figures:
    return figures(graded.snapshot())


def pictures(document: Document) -> list[str]:
    return [node.get("descr", "") for node in opened(document).element.body.iter(DESCRIBED)]
