"""How a form knows itself: text cells on a hidden sheet, signed with the workspace's key, the same as document properties, and a reference to be seen.

Whatever of these a workbook still carries must say the same: a sheet that was pasted in from another form would read one person's answers as
another's.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping, Sequence

from qaf_sheets.book import Book
from qaf_sheets.forms.layout import IDENTITY, PROPERTY, REFERENCE
from qaf_sheets.forms.names import NAMED
from qaf_sheets.forms.write import prefilled
from qaf_sheets.look import fit
from qaf_sheets.model import Answer, Form, Issue, Problem, Question, Return, Table, Value
from qaf_sheets.problems import count, problem

FACTS = ("workspace", "return_id", "activity", "quarter", "person_id", "form_version")
Rows = Sequence[Sequence[Value]]
Row = Mapping[str, Answer]
NOTHING, NOTHING_SAID = Answer(sheet="", cell=""), "nothing"


def sign(issue: Issue, workspace_id: str, key: bytes) -> dict[str, str]:
    """The identity of an issued workbook with its signature, all text (no office program rewrites text)."""
    facts = dict(zip(FACTS, (workspace_id, issue.return_id, issue.activity, str(issue.quarter), issue.person_id, issue.form_version), strict=True))
    return facts | {"signature": _signature(facts, key)}


def _signature(facts: Mapping[str, str], key: bytes) -> str:
    text = "\n".join(f"{name}={facts.get(name, '')}" for name in FACTS)
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def genuine(identity: Mapping[str, str], key: bytes) -> bool:
    """Whether the signature was made here over exactly these facts."""
    return hmac.compare_digest(_signature(identity, key).encode(), identity.get("signature", "").encode("utf-8", "surrogatepass"))  # as text, it may only be ASCII


def identities(book: Book) -> tuple[dict[str, str], ...]:
    """What the book says it is, as often as it says it: hidden sheets and copies of them, then the properties, for programs that drop either."""
    hidden = [_cells(rows) for sheet, rows in book.sheets.items() if sheet.startswith(IDENTITY)]
    properties = {n.removeprefix(PROPERTY): v for n, v in book.properties.items() if n.startswith(PROPERTY)}
    return tuple(found for found in (*hidden, properties) if found)


def _cells(rows: Rows) -> dict[str, str]:
    """Name → value of a hidden sheet; a name that stands there twice says neither."""
    pairs = [(str(r[0]), str(r[1])) for r in rows if len(r) > 1 and r[0] is not None and r[1] is not None]
    names = [name for name, _ in pairs]
    return {name: value if names.count(name) == 1 else "" for name, value in pairs}


def shown(book: Book) -> frozenset[str]:
    """The references to be seen in the book: on its front sheet, whatever that is called now, and on a copy of another form's."""
    lines = (row for rows in book.sheets.values() for row in rows if len(row) > 1 and row[0] == REFERENCE and isinstance(row[1], str))
    return frozenset(found[1] for row in lines if (found := re.match(r"\s*(R-\d+), for ", str(row[1]))))


def agreed(book: Book, key: bytes) -> dict[str, str] | None:
    """The one identity that everything in the book agrees on; None where something is not genuine, or belongs to another form."""
    told = identities(book)
    if not told or not all(genuine(i, key) for i in told) or len({i["signature"] for i in told}) > 1:
        return None
    return told[0] if shown(book) <= {told[0]["return_id"]} else None


def not_as_issued(content: Return, form: Form, issue: Issue) -> Iterator[Problem]:
    """Locked answers that no longer say what was issued, and rows that were handed out and are not there: such a form may be about somebody else.

    Sorting a table changes nothing. Another child's ID on a form for one child is told by `checks.children` (case 77).
    """
    sent = prefilled(form, issue)
    for field in (f for f in form.fields if f.fixed):
        was, now = sent.answers.get(field.id, NOTHING), content.answers[field.id]
        if not _same(was, now) and not (field.kind == "child_id" and now.code):
            yield _issued_changed(field, was, now)
    for table in form.tables:
        locked = [c for c in table.columns if c.fixed]
        if locked:
            yield from _rows_not_as_issued(table, locked, sent.rows[table.id], content.rows[table.id])


def _rows_not_as_issued(table: Table, locked: Sequence[Question], sent: Sequence[Row], came: Sequence[Row]) -> Iterator[Problem]:
    """A row's locked cells together are those of one row that was handed out, each once; a row of one's own has nothing in them."""
    left = [row for row in sent if any(row[c.id].text for c in locked)]
    strays = []
    for row in came:
        match = next((n for n, was in enumerate(left) if _alike(was, row, locked) == len(locked)), None)
        if match is not None:
            del left[match]
        elif any(row[c.id].text for c in locked):
            strays.append(row)
    for row in strays:
        nearest = max(range(len(left)), key=lambda n: _alike(left[n], row, locked), default=None)
        was = {c.id: NOTHING for c in locked} if nearest is None else left.pop(nearest)
        yield next(_issued_changed(c, was[c.id], row[c.id]) for c in locked if not _same(was[c.id], row[c.id]))
    if left:
        yield problem("ISSUED_LOST", sheet=table.title, label=table.title, count=count(len(left), table.row.lower()))


def _issued_changed(field: Question, was: Answer, now: Answer) -> Problem:
    return problem("ISSUED_CHANGED", at=now, of=field, issued=was.text or NOTHING_SAID, value=now.text or NOTHING_SAID)


def _alike(was: Row, row: Row, locked: Sequence[Question]) -> int:
    return sum(_same(was[c.id], row[c.id]) for c in locked)


def _same(was: Answer, now: Answer) -> bool:
    """Whether a locked answer says what was issued: by its code, or its words; a child's name that was taken out of them is no change."""
    if was.code and now.code:  # what was handed out has no people's codes, only their names
        return was.code == now.code
    said, kept = _words(fit(was.text)), (_words(part) for part in now.text.split(NAMED))
    return re.fullmatch(".*".join(map(re.escape, kept)), said) is not None


def _words(text: str) -> str:
    return " ".join(text.split())
