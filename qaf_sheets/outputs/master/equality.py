"""Equality and diversity: how evident it is, in what words, and how well reviewers understand it. Not a grade (section 1, 1.6 and 1.7)."""

from __future__ import annotations

from collections.abc import Mapping

from qaf_sheets.look import ACCENTS, TAB_SUMMARY, Book
from qaf_sheets.outputs.figures import SMALL, Share, Shown
from qaf_sheets.outputs.figures.equality import BY_MODERATOR, EVALUATION, Asked, Counted
from qaf_sheets.outputs.figures.said import may_name
from qaf_sheets.outputs.master.charts import Bars, PartOf, stacked_bars
from qaf_sheets.outputs.master.kit import HEAD_ROW, QUARTER, THIS_QUARTER, Cell, Column, Link, Table, count, table_page
from qaf_sheets.outputs.master.live import Live, say, share, words
from qaf_sheets.outputs.master.reviewed import ROLE, UNDERSTOOD, cells
from qaf_sheets.outputs.master.words import UNSAID, Names, area_name
from qaf_sheets.outputs.master.year import Year
from qaf_sheets.rules import asked_as

SHEET, WORDS_SHEET, REVIEWERS_SHEET = "Equality and diversity", "Equality in words", "Reviewers on equality"
TABLE, ROWS, REVIEWERS = "Equality", "EqualityRows", "ReviewersOnEquality"
EVERYONE, NO_ROLE = "Everyone", "Not on the staff list"
EVIDENT, LENGTH = "How evident", "Answered"
COLOURS = (ACCENTS[0], ACCENTS[1], ACCENTS[3], ACCENTS[2])
ROW_COLUMNS = (
    Column("Return", 13), Column(QUARTER, 12.5), Column("Activity", 22), Column("Service area", 24), Column(EVIDENT, 15), Column("Understanding of needs", 41), Column("Response to needs", 41), Column(LENGTH, 13), Column("Team", 18),
)  # fmt: skip
FIRST_COUNT = 3


def write_equality(book: Book, year: Year) -> None:
    """One row for each activity, everywhere and by service area."""
    options = _options(year, EVALUATION)
    columns = (
        Column("Activity", 34), Column(QUARTER, 12.5), Column("Service area", 34), *(Column(o, 13, "number") for o in options), Column("Asked", 10, "number"), Column("Answered in full", 16, "share"), Column("Short answers", 12, "number"),
    )  # fmt: skip
    rows = [_row(c, shown, names, options) for everyone in (True, False) for shown, names in year.each() for c in shown.figures.equality.counted if (c.area is None) is everyone]
    note = f"Counting unit: returns, or children's sheets of one. Not a grade. Answered: all three questions; short: fewer than {year.plan.setting('short_answer')} characters. What was written stands on {WORDS_SHEET}."
    sheet = table_page(book, SHEET, f"{SHEET}: {year.label}", _headline(year), note, Table(TABLE, columns, rows), tab=TAB_SUMMARY)
    drawn = [c for c in year.figures.equality.counted if c.area is None]
    if sum(c.answered.of for c in drawn) >= SMALL:
        parts = [PartOf(o, FIRST_COUNT + n, COLOURS[n % len(COLOURS)]) for n, o in enumerate(options)]
        alt = "; ".join(f"{c.activity}: {', '.join(f'{n} {o}' for o, n in c.evident.items())}" for c in drawn)
        source = say(f"Source: {WORDS_SHEET}, {{}} rows.", count(ROWS, len(year.figures.equality.asked), {QUARTER: year.label}))
        stacked_bars(book, sheet, Bars(HEAD_ROW + 1, HEAD_ROW + len(drawn), 0, 26), parts, HEAD_ROW + len(rows) + 2, f"Stacked bars of how evident equality and diversity was. {alt}.", source)


def write_equality_words(book: Book, year: Year) -> None:
    """One row for each place where it was asked, with what was written."""
    rows = [_words(a, shown, names) for shown, names in year.each() for a in shown.figures.equality.asked]
    asked = len(year.figures.equality.asked)
    headline = f"{asked} answers on equality, diversity and identity." if asked else "Nothing has come in yet that was asked about it."
    table_page(book, WORDS_SHEET, f"{WORDS_SHEET}: {year.label}", headline, "One row for each return, or child's sheet. A reference opens the file as it was received. What may name somebody is not shown.", Table(ROWS, ROW_COLUMNS, rows))


def write_reviewers_on_equality(book: Book, year: Year) -> None:
    """How well moderators find that reviewers understand it, by the reviewers' role."""
    options, least = _options(year, BY_MODERATOR), int(year.plan.setting("moderation_least"))
    columns = (Column("Reviewers", 36), Column(QUARTER, 12.5), *(Column(o, 14, "number") for o in options), Column("Moderated", 12, "number"), Column("What it says", 40))
    rows = [_role(year, shown, role, said, options, least) for shown in year.quarters for role, said in ((EVERYONE, _all(shown)), *shown.figures.equality.understood.items()) if said]
    note = f"Counting unit: moderated pieces of work. The moderator says how well the reviewer understands equality, diversity and identity (1.7). Below {least} nothing is said. Nobody is named."
    headline = "No moderation has said anything of it yet." if not _all(year.now) else say("{} moderators' answers on how well reviewers understand it.", Live(f"INDEX({REVIEWERS}[Moderated],1)", sum(_all(year.now).values())))
    table_page(book, REVIEWERS_SHEET, f"{REVIEWERS_SHEET}: {year.label}", headline, note, Table(REVIEWERS, columns, rows), tab=TAB_SUMMARY)


def _all(shown: Shown) -> dict[str, int]:
    found: dict[str, int] = {}
    for said in shown.figures.equality.understood.values():
        for option, n in said.items():
            found[option] = found.get(option, 0) + n
    return found


def _options(year: Year, field: str) -> tuple[str, ...]:
    """The words of a question's list, over all forms that ask it."""
    asked = (q for form in year.forms.values() for q in (*form.fields, *(c for t in form.tables for c in t.columns)) if q.id == field)
    return tuple(dict.fromkeys(o.text for q in asked for o in q.options))


def _headline(year: Year) -> Live | str:
    found = year.figures.equality
    if not found.asked:
        return "Nothing has come in yet that was asked about it."
    asked = count(ROWS, found.answered.of, {QUARTER: year.label})
    missing, short = (count(ROWS, sum(a.length == what for a in found.asked), {QUARTER: year.label, LENGTH: what}) for what in ("Not answered", "Short"))
    full = Live(f"({asked.formula}-{missing.formula})", found.answered.n)
    return say("Answered in full in {}; {} of the answers are short.", share(full, asked, found.answered), short)


def _row(one: Counted, shown: Shown, names: Names, options: tuple[str, ...]) -> tuple[Cell, ...]:
    same = {"Activity": "[@Activity]", QUARTER: THIS_QUARTER} | ({} if one.area is None else {"Service area": "[@Service area]"})
    code = {o.text: o.code or o.text for o in asked_as(shown.snapshot.forms[one.activity], EVALUATION).options}
    each = [count(ROWS, one.evident.get(code.get(o, o), 0), {**same, EVIDENT: o}) for o in options]
    asked, missing, short = (count(ROWS, n, {**same, **more}) for n, more in ((one.answered.of, {}), (one.answered.of - one.answered.n, {LENGTH: "Not answered"}), (one.short, {LENGTH: "Short"})))
    full = Live(f"({asked.formula}-{missing.formula})", one.answered.n)
    return (names.activity(one.activity), shown.label, EVERYONE if one.area is None else area_name(one.area), *each, asked, share(full, asked, one.answered), short)


def _words(one: Asked, shown: Shown, names: Names) -> tuple[Cell, ...]:
    evident = asked_as(shown.snapshot.forms[one.activity], EVALUATION).option_text(one.evident) if one.evident else ""
    said = [UNSAID if may_name(one.version, a) else a.text if a else "" for a in (one.understanding, one.response)]
    return (Link(one.reference, file=one.version.file), shown.label, names.activity(one.activity), area_name(one.area), evident, *said, one.length, one.team)


def _role(year: Year, shown: Shown, role: str, counts: Mapping[str, int], options: tuple[str, ...], least: int) -> tuple[Cell, ...]:
    of = {} if role == EVERYONE else {ROLE: "[@Reviewers]" if role else '""'}
    at = {QUARTER: THIS_QUARTER, **of}
    each = [Live("COUNTIFS(" + ",".join(f"{cells(year, head)},{want}" for head, want in {**at, UNDERSTOOD: words(o)}.items()) + ")", counts.get(o, 0)) for o in options]
    total = Live("+".join(x.formula for x in each), sum(counts.values()))
    best = Share(n=counts.get(options[0], 0), of=sum(counts.values())) if options else Share(n=0, of=0)
    few = f'"Too few to say ("&({total.formula})&")"'
    said_so = share(each[0], Live(f"({total.formula})", best.of), best)
    told = Live(f'IF({total.formula}<{least},{few},{said_so.formula}&{words(f" {options[0].lower()}")})', f"Too few to say ({best.of})" if best.of < least else f"{said_so.value} {options[0].lower()}") if options else ""
    return (role or NO_ROLE, shown.label, *each, total, told)

