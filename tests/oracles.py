"""What must hold of any file that is dropped and any book that was read: nothing raises, nothing is invented, nothing takes for ever.

Each step of the way that a returned form goes, without the register: read, who it is, answers, checks, the copy that comes back, and the record.
"""

from __future__ import annotations

import io
import math
import re
import time
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from zlib import crc32

from book_mutants import mutate_book
from kit import PEOPLE, form
from mutants import ACTIVITIES, KEY, Choices, context, mutate_archive, seeds, sent

from qaf_sheets.book import Book, read_book
from qaf_sheets.checks import check
from qaf_sheets.dates import as_date
from qaf_sheets.forms.identity import genuine, identities
from qaf_sheets.forms.layout import lay_out
from qaf_sheets.forms.mark_up import mark_up
from qaf_sheets.forms.read import Reading, read_form
from qaf_sheets.forms.values import is_blank
from qaf_sheets.look import fit
from qaf_sheets.model import Answer, Problem, Return, Value
from qaf_sheets.outputs.figures.concerns import flags
from qaf_sheets.problems import CATALOGUE
from qaf_sheets.references import split_cell
from qaf_sheets.register.codec import dump_return, load_return
from qaf_sheets.verdict import beside, hash_of, looked_at

NAME = re.compile(r"[A-Z][a-z]{2,} [A-Z][a-z]{2,}")
SECONDS = 10.0
"""No file takes longer than the worker is given."""


def try_bytes(data: bytes) -> None:
    """One input of the fuzzer: a whole archive, or choices of what goes wrong with a filled form."""
    start = time.perf_counter()
    if data.startswith(b"PK"):
        archive(data, copied=crc32(data) % 4 == 0)  # the copy takes ten times as long as the reading
    else:
        choices = Choices(data)
        how, seed = choices.below(4), choices.of(seeds())
        if how < 2:
            archive(mutate_archive(seed, choices), seed.activity, copied=how == 1)
        else:
            any_book(mutate_book(seed, choices), seed.activity, copied=how == 3)
    took = time.perf_counter() - start
    assert took < SECONDS, f"took {took:.1f} seconds"


def archive(data: bytes, activity: str = "", *, copied: bool = True) -> None:
    """A dropped file: either a problem that says why it was not read, or a book."""
    found = read_book(data, "form.xlsx")
    if isinstance(found, Problem):
        known([found])
        return
    told = next((i["activity"] for i in identities(found) if i.get("activity") in ACTIVITIES), "OBS")
    any_book(found, activity or told, copied=copied)


def any_book(book: Book, activity: str, *, copied: bool) -> None:
    """Whatever a book says, it is read as one of our forms, judged, recorded and sent back."""
    for identity in identities(book):
        genuine(identity, KEY)
    asked = form(activity)
    read = read_form(book, asked, lay_out(asked), PEOPLE)
    assert read == read_form(book, asked, lay_out(asked), PEOPLE), "read twice, it says something else"
    stands(book, read)
    facts = context(activity).model_copy(update=beside(book, read, lay_out(asked)))
    told = [*read.problems, *check(read.content, asked, facts)]
    known(told)
    keeps_names(read, told)
    hash_of(read.content), looked_at(read.content, asked), list(flags(read.content))
    assert load_return(dump_return(read.content)) == read.content, "the record says something else"
    if copied:
        comes_back(activity, read, told)


def known(problems: list[Problem]) -> None:
    """Each problem is in the catalogue, says something, and where it names a cell it is one."""
    for p in problems:
        assert CATALOGUE[p.code].level == p.level, p
        assert p.message, p
        assert p.model_dump_json(), p
        assert not p.cell or split_cell(p.cell), p


def keeps_names(read: Reading, told: list[Problem]) -> None:
    """A child's name that was typed where it is asked for is in no answer and no message."""
    said = (dump_return(read.content) + "".join(p.message for p in told)).casefold()
    for _, answer in every(read.as_typed):
        if answer.withheld and isinstance(answer.value, str) and NAME.fullmatch(answer.value):
            assert answer.value.casefold() not in said, answer


def every(content: Return) -> Iterator[tuple[str, Answer]]:
    """All answers with the name of their question."""
    yield from content.answers.items()
    for table in content.rows.values():
        for row in table:
            yield from row.items()


def stands(book: Book, read: Reading) -> None:
    """An answer is what stands in the cell it claims; a blank one is blank there, or was said to be lost. A withheld one says nothing."""
    lost = {p.field for p in read.problems if p.code == "LAYOUT_CHANGED"} | {p.sheet for p in read.problems if p.code == "SHEET_MISSING"}
    for (name, answer), (_, kept) in zip(every(read.as_typed), every(read.content), strict=True):
        there = book.cell(answer.sheet, *split_cell(answer.cell))
        if answer.value is None:
            assert is_blank(there) or name in lost or answer.sheet in lost or any(f.endswith(f"_{name}") for f in lost), (name, answer, there)
        else:
            assert answer.value in (there, as_date(there)) or str(answer.value) == str(there).strip().lstrip("0") or answer.value == 0, (name, answer, there)
        assert kept.value is None or not kept.withheld, (name, kept)


def comes_back(activity: str, read: Reading, told: list[Problem]) -> None:
    """The copy can be opened, and holds every answer that was read."""
    asked = form(activity)
    copy = mark_up(asked, sent(activity), read, told)
    again = read_book(copy.data, "copy.xlsx")
    assert isinstance(again, Book), again
    assert any(genuine(i, KEY) for i in identities(again)), "the copy does not know itself"
    second = read_form(again, asked, lay_out(asked), PEOPLE)
    assert [p for p in second.problems if p.code in ("LAYOUT_CHANGED", "SHEET_MISSING")] == []
    assert {t: len(r) for t, r in second.as_typed.rows.items()} == {t: len(r) for t, r in read.as_typed.rows.items()}, "the copy has other rows"
    for (name, before), (_, after) in zip(every(read.as_typed), every(second.as_typed), strict=True):
        assert alike(before.value, after.value), (name, before, after)


def alike(before: Value, after: Value) -> bool:
    """The same in a copy, where a text is cut to what a cell can hold, a tick is a word, and a day that Excel does not know is text."""
    if isinstance(before, float) and isinstance(after, (int, float)):
        return math.isclose(before, after, rel_tol=1e-14)
    if isinstance(before, bool):
        return str(before) == str(after)
    if isinstance(before, date):
        return before == (as_date(after) if before.year < 1900 else after)
    return before is after is None or fit(str(before)) == str(after)


# ---------------------------------------------------------------- the archive target's own mutator


def unzipped(data: bytes) -> Mapping[str, bytes]:
    """The parts of an archive as far as they can be had; nothing where it is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive_:
            return {e.filename: archive_.read(e) for e in archive_.infolist() if e.file_size < 1_000_000}
    except Exception:  # noqa: BLE001 - whatever the fuzzer made of it
        return {}
