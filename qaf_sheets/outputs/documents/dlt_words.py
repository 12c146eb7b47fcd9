"""The sentences of the DLT report. Each is chosen from the numbers and says its n; a judgement is never added (specification 7.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from qaf_sheets.model import Snapshot
from qaf_sheets.outputs.documents.words import listed
from qaf_sheets.outputs.figures import SMALL, AreaGrades, CheckResult, DipQuestion, Figures, GradeCounts, Moderation, Share
from qaf_sheets.problems import count

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
START = re.compile(r"(?:^|(?<=\. ))\d(?= (?!of \d))")
NOTHING = "No returns received."


def title(snapshot: Snapshot, activity: str) -> str:
    """What an activity is called."""
    form = snapshot.forms.get(activity)
    return form.title if form else activity


def plural(snapshot: Snapshot, activity: str) -> str:
    """What its returns are called within a sentence."""
    form = snapshot.forms.get(activity)
    return low(form.plural) if form else f"{activity} returns"


def low(text: str) -> str:
    """As it stands within a sentence; a name such as Head of Service stays as it is."""
    return text if any(c.isupper() for c in text[1:]) else f"{text[:1].lower()}{text[1:]}"


def spelt(n: int) -> str:
    """Seven; numbers from ten on in figures."""
    return NUMBERS[n] if 0 <= n < len(NUMBERS) else str(n)


def spell(text: str) -> str:
    """Numbers under ten in words where a sentence begins with one; '4 of 65' stays."""
    return START.sub(lambda found: spelt(int(found[0])).capitalize(), text)


def were(n: int) -> str:
    """1 is, 2 are."""
    return f"{n} {'is' if n == 1 else 'are'}"


def percent(share: Share) -> str:
    """The bracket of a share alone: ' (45%)', or '' for a small one."""
    return str(share).removeprefix(f"{share.n} of {share.of}")


def of(share: Share, unit: str) -> str:
    """A share with its unit: 9 of 20 reviews (45%)."""
    return f"{share.n} of {share.of} {unit}{percent(share)}"


def none(n: int) -> str:
    """A number, 'none' for nought."""
    return str(n) if n else "none"


def ratio(share: Share) -> float:
    """For putting shares in order, never for showing."""
    return share.n / share.of if share.of else 0.0


def most(share: Share) -> bool:
    """At least half."""
    return share.of > 0 and 2 * share.n >= share.of


# ---------------------------------------------------------------- coverage


def coverage_lines(figures: Figures) -> list[str]:
    """What is in, on time and late, and what is not."""
    total = figures.total
    if not total.expected:
        return []
    told = f"{of(total.in_of_expected, 'returns')} are in" + (f": {total.on_time} on time and {total.late} late." if total.returned else ".")
    nil = f"{count(total.nil, 'of them says', 'of them say')} that there was nothing to report." if total.nil else ""
    outside = f"{were(total.exempt + total.not_required)} exempt or not required, and not counted." if total.exempt + total.not_required else ""
    return [spell(" ".join(filter(None, [told, not_in(figures), nil, outside])))]


def not_in(figures: Figures) -> str:
    """4 are overdue and 1 is sent back to be put right."""
    t = figures.total
    parts = ((t.overdue, "overdue"), (t.needs_fixing, "sent back to be put right"), (t.held, "held for a decision"), (t.awaiting, "still to come and not yet due"))
    said = listed([f"{were(n)} {what}" for n, what in parts if n])
    return f"{said}." if said else ""


def looked_at(snapshot: Snapshot, figures: Figures) -> str:
    """The quarter's work in one sentence."""
    if not figures.total.returned:
        return "No returns received yet."
    done = [(code, n) for code, counts in figures.by_activity.items() if (n := counts.returned - counts.nil)]
    given = sum(n for code, n in done if is_contribution(snapshot, code))
    own = [_done(snapshot, figures, code, n) for code, n in done if not is_contribution(snapshot, code)]
    said = [*own, *([count(given, "contribution")] if given else []), *([f"{figures.total.nil} with nothing to report"] if figures.total.nil else [])]
    return f"{of(figures.total.in_of_expected, 'returns')}: {listed(said)}."


def is_contribution(snapshot: Snapshot, activity: str) -> bool:
    """Whether it is one of those of which each comes once, from another service or a forum (section 2, 2.8)."""
    form = snapshot.forms.get(activity)
    return bool(form and form.nil)


def behind(snapshot: Snapshot, figures: Figures) -> list[tuple[str, Share]]:
    """Each activity of which returns are not in, with how many; contributions together."""
    late = [(code, c) for code, c in figures.by_activity.items() if c.returned < c.expected]
    own = [(plural(snapshot, code), Share(n=c.expected - c.returned, of=c.expected)) for code, c in late if not is_contribution(snapshot, code)]
    every = [c for code, c in figures.by_activity.items() if is_contribution(snapshot, code)]
    given = Share(n=sum(c.expected - c.returned for c in every), of=sum(c.expected for c in every))
    return [*own, *([("contributions", given)] if given.n else [])]


def _done(snapshot: Snapshot, figures: Figures, code: str, n: int) -> str:
    form = snapshot.forms.get(code)
    said = count(n, low(title(snapshot, code)), plural(snapshot, code))
    return f"{said} of {count(figures.dip.children, 'child', 'children')}" if form and form.sample and figures.dip.children else said


# ---------------------------------------------------------------- grades


def grade_lines(snapshot: Snapshot, figures: Figures) -> list[str]:
    """How each graded activity came out, before and after moderation."""
    return [line for code, counts in figures.grades.final.items() for line in _grade_lines(snapshot, figures, code, counts)]


def _grade_lines(snapshot: Snapshot, figures: Figures, code: str, counts: GradeCounts) -> Iterator[str]:
    before = figures.grades.original[code].good_or_better
    changed = f" By the reviewers’ own grades it was {before}." if before.n != counts.good_or_better.n else ""
    yield f"{of(counts.good_or_better, plural(snapshot, code))} are Good or better, {none(counts.ri)} RI and {none(counts.inadequate)} Inadequate.{changed}"
    where = [f"{name or 'no service area'} ({c.inadequate})" for (activity, name), c in figures.grades.by_area.items() if activity == code and c.inadequate]
    if where:
        yield f"Graded Inadequate, by service area: {listed(where)}."


def moderation_lines(snapshot: Snapshot, figures: Figures) -> list[str]:
    """How far moderation agreed, and which way grades moved; activity by activity."""
    several = len(figures.moderation_by) > 1
    return [f"{title(snapshot, code)}: {moderated(m)}" if several else moderated(m) for code, m in figures.moderation_by.items()] or [NOTHING]


def moderated(m: Moderation) -> str:
    """What moderation did, in one or two sentences."""
    if not m.moderated:
        return f"None of {m.of} has been moderated yet: the grades are the reviewers’ own."
    told = f"All {m.of} were moderated." if m.moderated == m.of else f"{Share(n=m.moderated, of=m.of)} have been moderated; the others stand as the reviewer graded them."
    return f"{told} The grade stayed the same for {m.agreed}; {none(m.down)} moved down and {none(m.up)} moved up."


def recheck_lines(figures: Figures) -> list[str]:
    """Children who were graded before."""
    r = figures.rechecks
    asked = sum(g.form.part_of_piece("previous_grade") is not None for g in figures.work)
    if not asked:
        return [NOTHING]
    if not r.children:
        return ["No child reviewed this quarter has an earlier grade."]
    told = f"{of(Share(n=r.children, of=asked), 'children')} had been graded before. {none(r.improved)} now {'has' if r.improved == 1 else 'have'} a better grade, {none(r.same)} the same and {none(r.lower)} a lower one."
    return [spell(f"{told} So few children show no trend." if r.children < SMALL else told)]


# ---------------------------------------------------------------- practice areas and the dip sample


def ends(areas: Sequence[AreaGrades]) -> tuple[list[AreaGrades], list[AreaGrades]]:
    """The weakest and the strongest areas; more than one where they are equal, none strongest when all are."""
    lowest, highest = (ratio(areas[at].counts.good_or_better) for at in (0, -1))
    return [a for a in areas if ratio(a.counts.good_or_better) == lowest], [a for a in areas if ratio(a.counts.good_or_better) == highest != lowest]


def named(areas: Iterable[AreaGrades]) -> str:
    """Planning and case recording."""
    names = [low(a.name) for a in areas]
    return listed(names)


def practice_lines(figures: Figures) -> list[str]:
    """Which areas are weakest and strongest."""
    areas = figures.practice_areas
    if not areas:
        return []
    weakest, strongest = ends(areas)
    return [f"{spelt(len(areas)).capitalize()} areas are graded in each review. " + " ".join(_extreme(some, word) for some, word in ((weakest, "weakest"), (strongest, "strongest")) if some)]


def _extreme(areas: Sequence[AreaGrades], word: str) -> str:
    said = "; ".join(dict.fromkeys(str(a.counts.good_or_better) for a in areas))
    return f"{_start(named(areas))} {'is' if len(areas) == 1 else 'are'} the {word}: Good or better in {said}."


def _start(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def practice_caption(figures: Figures) -> str:
    """What the picture shows."""
    if not figures.practice_areas:
        return ""
    weakest, strongest = ends(figures.practice_areas)
    if not strongest:
        return "The practice areas are equally often Good or better"
    return f"{_start(named(weakest))} {'is' if len(weakest) == 1 else 'are'} least often Good or better, {named(strongest)} most often"


def dip_lines(figures: Figures) -> list[str]:
    """What the dip sample looked at, and how it was answered."""
    d, every = figures.dip, figures.dip.all_answers
    if not d.rows:
        return []
    twice = f"; {count(d.repeated, 'child stands', 'children stand')} in more than one return" if d.repeated else ""
    theme = f"The theme was “{d.theme}”. " if d.theme else ""
    short = f" {count(d.short, 'return lists', 'returns list')} fewer than ten children, and say why." if d.short else ""
    answers = f"Of {every.yes_share.of:,} answers, {every.yes:,} were Yes{_of(every.yes, every)}, {every.partly:,} Partly{_of(every.partly, every)} and {every.no:,} No{_of(every.no, every)}."
    return [spell(f"{theme}{count(d.returns, 'return')} looked at {count(d.rows, 'record')} of {count(d.children, 'different child', 'different children')}{twice}.{short}"), answers, *concern_lines(figures, "DIP")]


def _of(n: int, every: DipQuestion) -> str:
    return percent(Share(n=n, of=every.yes_share.of))


def dip_caption(figures: Figures) -> str:
    """The question least often answered Yes."""
    asked = dip_order(figures)
    return f"“{asked[0].text}” was least often answered Yes: {asked[0].yes_share}" if asked else ""


def dip_order(figures: Figures) -> list[DipQuestion]:
    """The questions with an answer, the smallest share of Yes first."""
    return sorted((q for q in figures.dip.questions if q.yes_share.of), key=lambda q: (ratio(q.yes_share), q.id))


def concern_lines(figures: Figures, *activities: str) -> list[str]:
    """Immediate concerns: how many, and whether each says who was told."""
    mine = [c for c in figures.concerns if not activities or c.activity in activities]
    if not mine:
        return []
    untold = sum(not c.reported for c in mine)
    told = f"{count(untold, 'of them does', 'of them do')} not yet say who was told." if untold else "Each says who was told."
    return [spell(f"{count(len(mine), 'immediate concern')} for a child’s safety {'was' if len(mine) == 1 else 'were'} flagged. {told}")]


# ---------------------------------------------------------------- voice, equality, families, observations, actions


def voice_lines(figures: Figures) -> list[str]:
    """The practice area of that name."""
    return [f"In collaborative case reviews this area was Good or better in {of(a.counts.good_or_better, 'reviews')}." for a in figures.practice_areas if a.field == "voice_of_child"]


def equality_lines(figures: Figures) -> list[str]:
    """How evident it was, over every return that says."""
    options: dict[str, int] = {}
    for said in figures.evidence.values():
        for option, n in said.items():
            options[option] = options.get(option, 0) + n
    total = sum(options.values())
    if not total:
        return []
    parts = listed([f"{low(option)} in {n}" for option, n in options.items()])
    return [f"Every form asks how evident equality, diversity and identity are in the work. Of {count(total, 'return')}, it was {parts}. This is not a grade."]


def family_lines(figures: Figures) -> list[str]:
    """How many reviews heard the family."""
    heard = figures.family.heard
    return [f"The child’s or a parent’s views were heard before the conversation in {of(heard, 'reviews')}."] if heard.of else []


def observation_lines(figures: Figures, activities: Iterable[str], natures: Sequence[tuple[str, int]]) -> list[str]:
    """Coverage only: an observation is never graded."""
    owed = [figures.by_activity[a] for a in activities if a in figures.by_activity]
    expected = Share(n=sum(c.returned for c in owed), of=sum(c.expected for c in owed))
    nil = sum(c.nil for c in owed)
    kinds = (f" {count(nil, 'of them says', 'of them say')} that there was nothing to report." if nil else "") + (f" What was observed: {listed([f'{low(n)} ({times})' for n, times in natures])}." if natures else "")
    in_reviews = [f"Practice was also observed during {of(figures.observed, 'collaborative case reviews')}."] if figures.observed.of else []
    return [f"{of(expected, 'observations due this quarter')} are in.{kinds} Observations are not graded.", *in_reviews] if expected.of else in_reviews


def action_lines(figures: Figures) -> list[str]:
    """Where the actions stand."""
    a = figures.actions
    if not a.total:
        return []
    checked = Share(n=a.verified, of=a.done)
    return [f"{count(a.total, 'action')}: {a.open} open, {a.done} finished. Of those open, {a.overdue_of_open} {'is' if a.overdue == 1 else 'are'} overdue." + (f" Of those finished, {checked} have been checked by somebody else and closed." if a.done else "")]


def checks_not_met(figures: Figures) -> list[CheckResult]:
    """The requirements that were not met."""
    return [c for c in figures.checks if c.result == "Not met"]
