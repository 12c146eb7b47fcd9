"""One form for many people: written once with marks where it tells of one of them, then stamped. `write_form` is its plain twin (`tests/test_stamp.py`).

A mark is a text of its own that stands in the place of a name, a reference or a signature. Whatever else may change how a form is written (how many names it
offers, what is blank, dates, choices) makes another template. Forms that are handed out with rows, and texts that a workbook writes in a way of its own, are not stamped.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Hashable, Mapping
from typing import NamedTuple
from xml.sax.saxutils import escape

from qaf_sheets.forms.write import ONE_LINE, Sending, is_crowded, write_form
from qaf_sheets.model import Form, Question
from qaf_sheets.rules import read_child_id

STRINGS = "xl/sharedStrings.xml"
ORDINARY = re.compile(r"(?!\s)(?!.*_x[0-9A-Fa-f]{4}_)[^\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]{1,500}(?<!\s)")
"""Text that a cell holds as it is."""
BARE = re.compile(r"[\w .:-]+", re.ASCII)
"""Text that may stand in a property or a printed header too."""
ABOUT = "fact about"
EVERYWHERE = ("return_id",)
"""Slots that stand in titles and printed headers, beside the identity."""
MARKED = re.compile(r"qaf-mark-(\d{4})x*")
FEWEST = 5
"""Digits of a child's ID from which one can stand in a template as a number like no other there: only an ID counts as an answer."""
EPOCH = (1980, 1, 1, 0, 0, 0)
LEVEL = 2
"""How hard a stamped form is packed: a tenth larger than XlsxWriter's, in a third of the time."""

Slots = Mapping[str, str]
Part = tuple[tuple[str, str], ...]
"""Pieces of a part's text: what stands there, and the slot that follows it ('' after the last)."""


class Template(NamedTuple):
    """A form with marks: `same` is a zip of the parts that tell of nobody; `parts` are the others by name."""

    same: bytes
    parts: Mapping[str, Part]


class Stamps:
    """The templates made so far, of whatever forms are handed out at one time."""

    def __init__(self) -> None:
        self._made: dict[Hashable, Template] = {}

    def write(self, form: Form, sending: Sending) -> bytes:
        """The workbook that `write_form` would write, cell by cell; equal input gives equal bytes."""
        slots, digits = _slots(form, sending), _digits(form)
        if sending.issue.rows or not all(_can_be_stamped(name, text, digits.get(name)) for name, text in slots.items()):
            return write_form(form, sending)
        shape = _shape(form, sending, slots)
        if shape not in self._made:
            self._made[shape] = _template(form, sending, slots)
        return _stamped(self._made[shape], slots)


def _slots(form: Form, sending: Sending) -> dict[str, str]:
    """What tells of one person, by the name of its place; only what is there."""
    issue = sending.issue
    told = {"return_id": issue.return_id, "person_name": issue.person_name, "role_team": issue.role_team, ABOUT: issue.facts.get("about", "")}
    told |= {f"fact {f.prefill}": issue.facts.get(str(f.prefill), "") for f in _prefilled(form) if f.kind in ("text", "person", "child_id")}
    told |= {f"identity {name}": text for name, text in sending.identity.items()}
    told |= {f"people {n}": name for n, name in enumerate(sending.people)}
    return {name: text for name, text in told.items() if text}


def _prefilled(form: Form) -> tuple[Question, ...]:
    return tuple(q for q in (*form.fields, *(c for t in form.tables for c in t.columns)) if q.prefill)


def _digits(form: Form) -> dict[str, int]:
    """The slots that are a child's ID, and how many digits it has there."""
    return {f"fact {f.prefill}": f.digits for f in _prefilled(form) if f.kind == "child_id"}


def _can_be_stamped(slot: str, text: str, digits: int | None) -> bool:
    if digits is not None:
        return digits >= FEWEST and read_child_id(text, digits) == text
    return bool((BARE if slot in EVERYWHERE or slot.startswith("identity ") else ORDINARY).fullmatch(text))


def _shape(form: Form, sending: Sending, slots: Slots) -> Hashable:
    """All that makes one template different from another."""
    issue = sending.issue
    others = tuple((f.prefill, issue.facts.get(str(f.prefill), "")) for f in _prefilled(form) if f"fact {f.prefill}" not in slots)
    return (
        issue.form_version, issue.issued_on, issue.due_on, str(issue.quarter), sending.council, sending.marking, sending.contact, sending.dates,
        tuple(slots), others, is_crowded(sending),
    )


def _template(form: Form, sending: Sending, slots: Slots) -> Template:
    """The form written with marks, taken apart."""
    digits, long = _digits(form), ONE_LINE if is_crowded(sending) else 0
    marks = {slot: f"{10 ** digits[slot] - 1 - n}" if slot in digits else f"qaf-mark-{n:04d}".ljust(long if slot == ABOUT else 0, "x") for n, slot in enumerate(slots)}
    issue = sending.issue.model_copy(update={
        **{name: marks.get(name, "") for name in ("return_id", "person_name", "role_team")},
        "facts": {name: marks.get(f"fact {name}", text) for name, text in sending.issue.facts.items()},
    })
    marked = sending.model_copy(update={
        "issue": issue, "identity": {name: marks.get(f"identity {name}", "") for name in sending.identity}, "people": tuple(marks[f"people {n}"] for n in range(len(sending.people))),
    })
    names, ids = tuple(slots), {marks[slot]: slot for slot in digits if slot in marks}
    same, parts = io.BytesIO(), dict[str, Part]()
    with zipfile.ZipFile(io.BytesIO(write_form(form, marked))) as written, zipfile.ZipFile(same, "w", zipfile.ZIP_DEFLATED) as kept:
        for member in written.infolist():
            data = written.read(member)
            part = _pieces(data.decode(), names, ids if member.filename == STRINGS else {})
            if len(part) > 1:
                parts[member.filename] = part
            else:
                kept.writestr(_entry(member.filename), data)
    return Template(same.getvalue(), parts)


def _pieces(text: str, names: tuple[str, ...], ids: Mapping[str, str]) -> Part:
    """A part's text between its marks."""
    looked_for = re.compile("|".join((MARKED.pattern, *(f"(?<=>){mark}(?=<)" for mark in ids))))
    pieces, at = [], 0
    for found in looked_for.finditer(text):
        pieces.append((text[at : found.start()], ids[found[0]] if found[1] is None else names[int(found[1])]))
        at = found.end()
    return (*pieces, (text[at:], ""))


def _stamped(template: Template, slots: Slots) -> bytes:
    target = io.BytesIO()
    target.write(template.same)
    said = {slot: escape(text) for slot, text in slots.items()} | {"": ""}
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as book:
        for name, part in template.parts.items():
            book.writestr(_entry(name), "".join(piece for before, slot in part for piece in (before, said[slot])), compresslevel=LEVEL)
    return target.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry
