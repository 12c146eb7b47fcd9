"""Moderation: each of the reviewers' grades against the moderators', how far they agree and which way grades move, by the reviewer's role too. Nobody is named."""

from __future__ import annotations

from collections.abc import Iterator

from qaf_sheets.look import PALE, TAB_SUMMARY, Book, grade_words
from qaf_sheets.outputs.figures import GRADES, GradeCounts, Moderation, Shown
from qaf_sheets.outputs.master.grade_table import grade_chart
from qaf_sheets.outputs.master.kit import HEAD_ROW, QUARTER, THIS_QUARTER, Cell, Column, Table, table_page
from qaf_sheets.outputs.master.live import Live, say, share, words
from qaf_sheets.outputs.master.reviewed import ACTIVITY, DID, MODERATED, OWN, ROLE, STEPS, cells
from qaf_sheets.outputs.master.reviewed import SHEET as WORK
from qaf_sheets.outputs.master.year import Year

SHEET, EVERYONE, EVERY_GRADE = "Moderation", "Everyone", "All grades"
REVIEWERS, THEIRS, NO_ROLE = "Reviewers", "Reviewer's grade", "Not on the staff list"
FIRST_COUNT = 4


def write_moderation(book: Book, year: Year) -> None:
    """For each activity a row for each of the reviewers' grades, one for all of them, and one for each role of reviewers."""
    grades, least = grade_words(year.plan), int(year.plan.setting("moderation_least"))
    columns = (
        Column("Activity", 25), Column(QUARTER, 12), Column(REVIEWERS, 28), Column(THEIRS, 25), *(Column(f"Moderated: {word}", 12, "number") for word in grades.values()),
        Column("Moderated", 11, "number"), Column("Agreed", 14, "share"), Column("Which way grades moved", 27),
    )  # fmt: skip
    rows = [row for shown in year.quarters for code in shown.figures.moderation_by for row in _of_activity(year, shown, code, least)]
    note = f"Counting unit: moderated pieces of work; shaded where the moderator agreed. Below {least} nothing is said of the direction."
    sheet = table_page(book, SHEET, f"{SHEET}: {year.label}", headline(year), note, Table(SHEET, columns, rows), tab=TAB_SUMMARY)
    for n, row in enumerate(rows):
        if row[2] == EVERYONE and row[3] in (order := list(grades.values())):
            at = FIRST_COUNT + order.index(str(row[3]))
            sheet.conditional_format(HEAD_ROW + 1 + n, at, HEAD_ROW + 1 + n, at, {"type": "no_errors", "format": book.xlsx.add_format({"bg_color": PALE, "bold": True})})
    code = next(iter(year.figures.moderation_by), "")
    if code and year.figures.moderation_by[code].moderated >= least:
        top, alt = HEAD_ROW + 1, "; ".join(_said(year.figures.moderation_by[code], own) for own in GRADES)
        source = say(f"Source: {WORK}, {{}} moderated.", _count(year, year.figures.moderation_by[code].moderated, _first("Activity"), _first(QUARTER), {MODERATED: '"?*"'}))
        grade_chart(book, sheet, FIRST_COUNT - 1, FIRST_COUNT, (top, top + len(GRADES) - 1), top + len(rows) + 1, f"Stacked bars: for each reviewer's grade, what moderators gave. {alt}.", source, grades)


def headline(year: Year) -> Live | str:
    """20 of 20 case reviews are moderated; moderators agreed in 16 of 20, moved 3 down and 1 up."""
    code = next(iter(year.figures.moderation_by), "")
    if not code:
        return "No graded work has come in yet."
    found, plural = year.figures.moderation_by[code], year.snapshot.forms[code].plural.lower()
    where = (_first("Activity"), _first(QUARTER))
    every, moderated = _count(year, found.of, *where, {}), _count(year, found.moderated, *where, {MODERATED: '"?*"'})
    agreed, up, down = (_count(year, n, *where, {DID: words(STEPS[did])}) for did, n in (("agreed", found.agreed.n), ("up", found.up), ("down", found.down)))
    pairs = Live(f"({agreed.formula}+{up.formula}+{down.formula})", found.agreed.of)
    return say(f"{{}} of {{}} {plural} are moderated; moderators agreed in {{}}, moved {{}} down and {{}} up.", moderated, every, share(agreed, pairs, found.agreed), down, up)


def _of_activity(year: Year, shown: Shown, code: str, least: int) -> Iterator[tuple[Cell, ...]]:
    form, found = shown.snapshot.forms[code], shown.figures.moderation_by[code]
    asked = form.part_of_piece("overall_grade")
    first = (next(n for s, n in year.each() if s is shown).activity(code), shown.label)
    for own in GRADES:
        of = asked.option_text(own) if asked else own
        moves = {to: n for (was, to), n in found.moves.items() if was == own}
        yield (*first, EVERYONE, grade_words(year.plan)[own], *_row(year, code, shown, {OWN: words(of)}, moves, None, least))
    yield (*first, EVERYONE, EVERY_GRADE, *_row(year, code, shown, {}, _to(found), found, least))
    for (activity, role), one in shown.figures.moderation_by_role.items():
        if activity == code:
            yield (*first, role or NO_ROLE, EVERY_GRADE, *_row(year, code, shown, {ROLE: f"[@{REVIEWERS}]" if role else '""'}, _to(one), one, least))


def _to(found: Moderation) -> dict[str, int]:
    """Moderated grade → how often it was given."""
    return {code: sum(n for (_, to), n in found.moves.items() if to == code) for code in GRADES}


def _row(year: Year, code: str, shown: Shown, where: dict[str, str], moves: dict[str, int], found: Moderation | None, least: int) -> tuple[Cell, ...]:
    """The counts of one row, each over Children reviewed; agreement and direction where the row is about all grades."""
    asked = shown.snapshot.forms[code].part_of_piece("overall_grade")
    given = GradeCounts.of(grade for grade, n in moves.items() for _ in range(n))
    at = ("[@Activity]", THIS_QUARTER)
    each = [_count(year, n, *at, {**where, MODERATED: words(asked.option_text(grade) if asked else grade)}) for grade, n in given]
    total = Live("+".join(x.formula for x in each), given.graded)
    if found is None:
        return (*each, total, None, None)
    agreed, up, down = (_count(year, n, *at, {**where, DID: words(STEPS[did])}) for did, n in (("agreed", found.agreed.n), ("up", found.up), ("down", found.down)))
    pairs = Live(f"({agreed.formula}+{up.formula}+{down.formula})", found.agreed.of)
    return (*each, total, share(agreed, pairs, found.agreed), direction(pairs, up, down, least))


def direction(pairs: Live, up: Live, down: Live, least: int) -> Live:
    """Which way moderation moves grades, in words; "too few" where little was moderated."""
    said = f"{down.value} down, {up.value} up"
    counted = f'{down.formula}&" down, "&{up.formula}&" up"'
    moved = f'IF({down.formula}>{up.formula},"More often down: ",IF({up.formula}>{down.formula},"More often up: ","As often up as down: "))&{counted}'
    formula = f'IF({pairs.formula}<{least},"Too few to say ("&{pairs.formula}&")",IF({down.formula}+{up.formula}=0,"No grade moved",{moved}))'
    if int(pairs.value) < least:
        return Live(formula, f"Too few to say ({pairs.value})")
    if not int(up.value) + int(down.value):
        return Live(formula, "No grade moved")
    way = "More often down" if int(down.value) > int(up.value) else "More often up" if int(up.value) > int(down.value) else "As often up as down"
    return Live(formula, f"{way}: {said}")


def _count(year: Year, n: int, activity: str, quarter: str, where: dict[str, str]) -> Live:
    tests = "".join(f",{cells(year, head)},{want}" for head, want in where.items())
    return Live(f"COUNTIFS({cells(year, ACTIVITY)},{activity},{cells(year, QUARTER)},{quarter}{tests})", n)


def _first(head: str) -> str:
    return f"INDEX({SHEET}[{head}],1)"


def _said(found: Moderation, own: str) -> str:
    given = ", ".join(f"{n} {to}" for (was, to), n in sorted(found.moves.items()) if was == own)
    return f"{own} by the reviewer: {given or 'none'}"
