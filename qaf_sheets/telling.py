"""What words tell who somebody is: a name of staff, a date of birth, an NHS number, a postcode (specification 7.3; case 62)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

ALIKE = str.maketrans({**dict.fromkeys("’‘ʼ`´", "'"), **dict.fromkeys("‐‑‒–—−", "-"), **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad")})
"""Signs that people and programs write for one another; what cannot be seen goes."""
MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
YEAR = r"(?:(?:19|20)\d\d|'?\d\d)(?!\d)"
DAY = rf"(?:\d{{1,2}} ?[/.\- ] ?\d{{1,2}} ?[/.\- ] ?{YEAR}|\d{{4}}[/.\-]\d{{1,2}}[/.\-]\d{{1,2}}|\d{{1,2}} ?(?:st|nd|rd|th)?,?[ -](?:day )?(?:of )?{MONTH},?[ -]{YEAR}|{MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? {YEAR}|\d{{8}}|\d{{6}})(?!\d)"
BETWEEN = r"(?:[ :=,(\-]|on|the|is|was|at|in \w+|(?:mon|tues|wednes|thurs|fri|satur|sun)day|prematurely|early)*"
BORN = re.compile(rf"(?<![a-z])(?:born|d ?\.? ?o ?\.? ?b\b\.?|birth(?: ?day|date)?|b\.)(?:{BETWEEN}){DAY}|{DAY} ?\(? ?(?:d\.?o\.?b|date of birth)", re.IGNORECASE)
POSTCODE = re.compile(r"\b[A-PR-UWYZ][A-HK-Z]?\d[A-Z\d]?[ -]?\d(?!(?-i:st|nd|rd|th))[ABD-HJLNP-UW-Z]{2}\b", re.IGNORECASE)
"""Areas never start with Q, which is a quarter; "1st" is no end of a postcode."""
TEN = r"\d(?:[ .-]?\d){9}(?!\d)"
NHS, CALLED_NHS = re.compile(rf"(?<!\d){TEN}"), re.compile(rf"\bNHS\b\D{{0,15}}{TEN}", re.IGNORECASE)
LETTERS = re.compile(r"[^\W\d_]+")
TITLE = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof)\.? "


def plain(text: str) -> str:
    """Words as they are compared: on one line, without accents, with one kind of space, hyphen and apostrophe."""
    letters = text.translate(ALIKE)
    if not letters.isascii():
        letters = "".join(c for c in unicodedata.normalize("NFKD", letters) if not unicodedata.combining(c))
    return " ".join(letters.split())


class Names:
    """People to be looked for in texts, each by a first name and a surname, made plain. Who may be in a text is found by how its words begin, however many people there are."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._by_beginning: dict[str, list[tuple[str, str]]] = {}
        for name in dict.fromkeys(names):
            surname = next(iter(LETTERS.findall(name.split()[-1].casefold())), "")
            self._by_beginning.setdefault(surname[:3], []).append((surname, name))
        self._lengths = sorted({len(beginning) for beginning in self._by_beginning})

    def is_one_in(self, text: str) -> bool:
        """Whether one of them is named in a text that was made plain."""
        runs = {"", *LETTERS.findall(text.casefold())}
        maybe = (it for run in runs for n in self._lengths if n <= len(run) for it in self._by_beginning.get(run[:n], ()) if run.startswith(it[0]))
        return any(_way(name).search(text) is not None for _, name in maybe)


def told(words: str, staff: Names) -> Iterator[str]:
    """The kinds of things found in somebody's words, as a remark says them."""
    text = plain(words)
    if staff.is_one_in(text):
        yield "a name"
    if BORN.search(text):
        yield "a date of birth"
    if CALLED_NHS.search(text) or any(_is_nhs(re.sub(r"\D", "", n)) for n in NHS.findall(text)):
        yield "an NHS number"
    if POSTCODE.search(text):
        yield "a postcode"


def full_names(names: Iterable[str]) -> Names:
    """The names that can be looked for: with a surname, made plain.

    A first name or a surname alone is let pass: too many of them are words.
    """
    return _names(tuple(names))


@lru_cache(maxsize=64)
def _names(names: tuple[str, ...]) -> Names:
    return Names(name for name in map(plain, names) if " " in name)


@lru_cache(maxsize=4096)
def _way(name: str) -> re.Pattern[str]:
    """A person's first name and surname in either order, or the surname after an initial or a title."""
    return re.compile(rf"(?<![^\W\d_])(?:{'|'.join(dict.fromkeys(_ways(name)))})(?![^\W\d_])")


def _ways(name: str) -> Iterator[str]:
    for form in (name, name.lower(), name.upper()):
        first, *middle, last = (_loose(w) for w in form.split())
        yield rf"{first}[ _.-]+{' '.join([*middle, ''])}{last}|{first}[ _.-]+{last}|{last},? {first}"
    first, *_, last = (_loose(w) for w in name.split())
    initial = re.escape(name[0].upper())
    yield rf"{first} [^ ,;:!?]+ {last}"
    for surname in (last, last.upper()):
        yield rf"{initial}\.[ ]?{surname}" if initial in "AI" else rf"{initial}(?:\. ?| ){surname}"
        yield rf"{TITLE}{surname}|{surname},? {first}"


def _loose(word: str) -> str:
    """A word of a name; where it has a hyphen, people write a space or nothing."""
    return re.escape(word).replace(r"\-", "[ -]?")


def _is_nhs(digits: str) -> bool:
    """Whether the last of ten digits is the check digit of the others."""
    rest = sum(int(d) * weight for d, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return len(set(digits)) > 1 and (11 - rest) % 11 == int(digits[9])
