"""A quarter's worth of drops, drawn from a seed: good returns and new versions of them, the same again, older ones, mistakes, junk, halves of files, owner files."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from desk_kit import PROSE, Handed

from qaf_sheets.files import sha256

KINDS = {"version": 40, "same file": 12, "same answers": 10, "mistake": 4, "junk": 18, "half": 8, "open": 8}
"""How many of a hundred drops are of each kind."""


class Drop(NamedTuple):
    """One file: its bytes in the end, what kind it is, and which answers of which form it holds ('' and 0 for none)."""

    name: str
    data: bytes
    kind: str
    form: str = ""
    answers: str = ""


class Form:
    """A form filled in once; its variants differ in the words of every text answer, and are made without a workbook program."""

    def __init__(self, handed: Handed) -> None:
        self.return_id = handed.issue.return_id
        with zipfile.ZipFile(io.BytesIO(handed.filled())) as archive:
            self.parts = {i.filename: archive.read(i) for i in archive.infolist()}
        assert any(PROSE.encode() in part for part in self.parts.values())

    def saved(self, words: str, mark: str) -> bytes:
        """With other words; `mark` makes the same answers another file, as saving again does."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, part in self.parts.items():
                archive.writestr(zipfile.ZipInfo(name), part.replace(PROSE.encode(), words.encode()), zipfile.ZIP_DEFLATED)
            archive.comment = mark.encode()
        return out.getvalue()


def drops(forms: Sequence[Form], dice: Random, many: int) -> Iterator[Drop]:
    """So many drops, in the order in which they come."""
    known: list[Drop] = []
    for n in range(many):
        kind = dice.choices(list(KINDS), weights=list(KINDS.values()))[0] if known else "version"
        one = _drop(n, kind, forms, known, dice)
        if one.form:
            known.append(one)
        yield one


def _drop(n: int, kind: str, forms: Sequence[Form], known: Sequence[Drop], dice: Random) -> Drop:
    name = f"{dice.choice(('Return', 'Copy of return', 'FINAL', 'from my laptop'))} {n:04}.xlsx"
    if kind == "junk":
        return Drop(name, dice.choice((b"%PDF-1.7 ", b"a,b\n1,", b"not a workbook ")) + str(n).encode(), kind)
    if kind in ("same file", "same answers"):
        before = dice.choice(known)
        form = next(f for f in forms if f.return_id == before.form)
        data = before.data if kind == "same file" else form.saved(before.answers, str(n))
        return Drop(name, data, kind, before.form, before.answers)
    form = dice.choice(forms)
    words = "tbc" if kind == "mistake" else f"{PROSE} We wrote this down as our note number {n}."
    return Drop(name, form.saved(words, str(n)), kind, form.return_id, words)


class Expected(NamedTuple):
    """What must stand in the end: how often each file's bytes, and how many different answers of each return."""

    files: Counter[str]
    versions: dict[str, int]


def expected(dropped: Sequence[Drop]) -> Expected:
    answers = {(d.form, d.answers) for d in dropped if d.form}
    return Expected(Counter(sha256(d.data) for d in dropped), dict(Counter(form for form, _ in answers)))


def lay(inbox: Path, drop: Drop) -> None:
    """It arrives: half of it where it takes its time, beside its owner file where somebody has it open."""
    if drop.kind == "open":
        owner_file(inbox, drop).write_text("Avery Exampleworth,avery,desk,23.11.2026 10:14,file:///;", "utf-8")
    (inbox / drop.name).write_bytes(drop.data[: len(drop.data) * 2 // 3] if drop.kind == "half" else drop.data)


def settle(inbox: Path, drop: Drop) -> None:
    """The rest of it arrives, or whoever had it open closes it."""
    if drop.kind == "half":
        (inbox / drop.name).write_bytes(drop.data)
    owner_file(inbox, drop).unlink(missing_ok=True)


def owner_file(inbox: Path, drop: Drop) -> Path:
    return inbox / f".~lock.{drop.name}#"
