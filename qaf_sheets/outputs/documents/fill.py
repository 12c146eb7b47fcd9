"""Fill a Word template. What a person did to the template, or typed in a form, can spoil neither the service nor the text."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
from functools import lru_cache
from types import CodeType, TracebackType
from typing import Any, NamedTuple

from defusedxml.ElementTree import fromstring
from docx.shared import Cm
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from qaf_sheets.model import Problem
from qaf_sheets.outputs.documents.charts import WIDTH_CM, Chart, draw
from qaf_sheets.outputs.documents.contents import fill_contents
from qaf_sheets.outputs.documents.kinds import Context, Late
from qaf_sheets.outputs.documents.page import Line, lines
from qaf_sheets.outputs.documents.words import Typed
from qaf_sheets.problems import problem, shorten

NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that a Word file cannot hold; one lone surrogate would lose the rest of the document."""
MISSING = re.compile(r"'(\w+)' is undefined|has no attribute '(\w+)'")
ZIP_TIME = (1980, 1, 1, 0, 0, 0)


class Filled(NamedTuple):
    """A finished document, what it says line by line (without lines put before it), and what was fetched for it alone (a child's name)."""

    data: bytes
    lines: Sequence[Line]
    late: frozenset[str]


def fill(template: bytes, context: Context, dated: datetime, differs: Sequence[str] = ()) -> Filled:
    """The finished document. Equal input gives equal bytes. Whatever is wrong with the template raises; `fault` puts it in words.

    `differs` are lines to stand at its beginning: what is new since the draft that a person changed.
    """
    words, typed, late = _Template(io.BytesIO(template)), set[str](), set[str]()
    words.render(context, _environment(words, typed, late), autoescape=True)
    fill_contents(words.docx)
    said = lines(words.docx, typed)
    _tell(words.docx, differs)
    about = words.docx.core_properties
    about.title = NOT_XML.sub(" ", context["title"])
    about.author = about.last_modified_by = ""
    about.created = about.modified = dated
    held = io.BytesIO()
    words.save(held)
    return Filled(_with_fixed_times(held.getvalue()), said, frozenset(late))


def _tell(document: Any, differs: Sequence[str]) -> None:
    """Put the lines before everything else: whoever opens the draft sees them first."""
    first = next(iter(document.element.body))
    for line in differs:
        paragraph = document.add_paragraph(NOT_XML.sub(" ", line), style=document.styles["Normal"])
        first.addprevious(paragraph._p)


def fault(error: Exception, template: str, context: Context) -> Problem:
    """What is wrong with a template: which one, the words of the paragraph, and what is missing."""
    cause, near = (error.cause, error.near) if isinstance(error, MistakeError) else (error, "")
    where = f"near “{shorten(near, 60)}”" if near else "somewhere"
    if isinstance(cause, UndefinedError) and (name := MISSING.search(str(cause))):
        asked = name[1] or name[2]
        return problem("TEMPLATE_UNKNOWN", template=template, name=asked, where=where, meant=_meant(asked, context))
    if near or isinstance(cause, TemplateSyntaxError):
        return problem("TEMPLATE_MISTAKE", template=template, where=where, reason=_reason(cause))
    return problem("TEMPLATE_BROKEN", template=template)


def _reason(cause: Exception) -> str:
    said = str(cause).split(". ")[0].rstrip(".")
    return "a 'for' or an 'if' has no end" if said == "Unexpected end of template" else said


def _meant(asked: str, context: Context) -> str:
    close = get_close_matches(asked, sorted(set(_names(context))), n=1)
    return f"Perhaps '{close[0]}' was meant." if close else "There is nothing of that name."


def _names(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield str(name)
            yield from _names(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _names(inner)


def printable(value: object) -> object:
    """Text as it was typed, less what Word cannot hold. `{_{` would be read as a tag by docxtpl, so its middle is spelt out."""
    if not isinstance(value, str):
        return value
    return Markup(str(escape(NOT_XML.sub(" ", value))).replace("_", "&#95;"))  # noqa: S704 - escaped here


class _Environment(SandboxedEnvironment):
    """Compiles each template once, however many documents are made from it."""

    def from_string(self, source: Any, globals: Any = None, template_class: Any = None) -> Template:  # noqa: A002 - jinja2's own name
        cls = template_class or self.template_class
        return cls.from_code(self, _compiled(source), self.make_globals(globals), None)


@lru_cache(maxsize=128)
def _compiled(source: str) -> CodeType:
    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined, finalize=printable).compile(source)


def _environment(words: DocxTemplate, typed: set[str], late: set[str]) -> SandboxedEnvironment:
    def shown(value: object) -> object:
        if isinstance(value, Late):
            value = value.fetch()
            late.add(value)
        if isinstance(value, Typed):
            typed.add(NOT_XML.sub(" ", value))
        return _picture(words, value) if isinstance(value, Chart) else printable(value)

    return _Environment(autoescape=True, undefined=StrictUndefined, finalize=shown)


def _picture(words: DocxTemplate, chart: Chart) -> Markup:
    """A chart in its line of text, with the words for people who cannot see it."""
    inline = words.current_rendering_part.new_pic_inline(io.BytesIO(draw(chart)), Cm(WIDTH_CM), None)
    inline.docPr.set("name", "Chart")
    inline.docPr.set("descr", NOT_XML.sub(" ", chart.alt))
    return Markup(f'</w:t></w:r><w:r><w:drawing>{inline.xml}</w:drawing></w:r><w:r><w:t xml:space="preserve">')  # noqa: S704 - lxml escaped it


class MistakeError(Exception):
    """Where a template stopped, and why."""

    def __init__(self, near: str, cause: Exception) -> None:
        super().__init__(near)
        self.near, self.cause = near, cause


class _Template(DocxTemplate):
    """Says in which paragraph it stopped, and refuses a result that Word could not read whole."""

    def render_xml_part(self, src_xml: str, part: Any, context: Context, jinja_env: Any = None) -> str:
        try:
            rendered: str = super().render_xml_part(src_xml, part, context, jinja_env)
            fromstring(rendered)  # docxtpl would mend it by leaving text out
        except Exception as error:
            raise MistakeError(_paragraph(src_xml, error), error) from error
        return rendered


def _paragraph(xml: str, error: Exception) -> str:
    """The words of the paragraph where it stopped: docxtpl gives each paragraph a line."""
    lines = re.sub(r"<w:p([ >])", r"\n<w:p\1", xml).split("\n")
    line = error.lineno if isinstance(error, TemplateSyntaxError) else _line(error.__traceback__)
    found = lines[line - 1 : line] if line else []
    return re.sub(r"<[^>]+>", "", "".join(found)).strip()


def _line(trace: TracebackType | None) -> int:
    line = 0
    while trace:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _with_fixed_times(data: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            member = zipfile.ZipInfo(name, ZIP_TIME)
            member.create_system = 0  # the same on Windows and elsewhere
            new.writestr(member, old.read(name), zipfile.ZIP_DEFLATED)
    return held.getvalue()
