"""The twenty case reviews: their grades, who was heard, and what moderation made of them (specification 11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import date, timedelta
from random import Random

from qaf_sheets.demo.bank import LEAVER
from qaf_sheets.model import Issue, Record, Value

AREAS = ("assessment", "planning", "multi_agency_review", "voice_of_child", "engagement", "management_oversight", "recording")
LETTERS = {"O": "Outstanding", "G": "Good", "R": "RI", "I": "Inadequate"}
PATTERNS = {
    "Outstanding": ("OOGOOGG",),
    "Good": ("GGGGGGG", "GRGGGGG", "GRGOGRG", "GGGGGRG", "GRGGGRG", "GGGGRGG", "GRGGGGR", "GGROGGG", "RGGGGRG", "GRGGGGI"),
    "RI": ("GRGGRRG", "RRRGGRR", "GRGGGRR", "RRGRRRG", "RIRGGRR", "GRRRGRG", "RRGGRGR"),
    "Inadequate": ("RIIRRIR", "IIRIRIR"),
}  # fmt: skip
"""The seven areas' grades by overall grade: planning and oversight weakest, the child's voice strongest. One Good has an Inadequate area."""
LADDER = ("Outstanding", "Good", "RI", "Inadequate")
HEARD = ("Both",) * 8 + ("Parent/carer",) * 4 + ("Child",) * 2 + ("Tried - not reached",) * 4 + ("Not appropriate",) * 2
OBSERVED, IMPROVED, BORDERING = 12, 3, 3
DOWN, UP = 3, 1
MOOD = {"Outstanding": "better", "Good": "better", "RI": "some", "Inadequate": "little"}
CHAIRED = ("Child Protection", "Child in Care")
WEEK = date(2026, 12, 7)


class Review(Record):
    """One review as the story has it: its answers by question, the cues for its words, and the grade moderation gives it."""

    told: Mapping[str, Value]
    cues: tuple[str, ...]
    moved: str
    final: str


def cast_reviews(issues: Sequence[Issue], dice: Random) -> dict[str, Review]:
    """Deal grades, families and observations to the reviews that were handed out, by reference."""
    grades = _grades(issues, dice)
    piles = {g: dice.sample(p, len(p)) for g, p in PATTERNS.items()}
    leavers = [i for i in issues if i.facts["child_level"] == "Care Leaver"]
    heard = dict(zip((i.return_id for i in sorted(issues, key=lambda i: i not in leavers)), _heard(len(leavers), dice), strict=False))
    marks = {"seen": set(dice.sample([i.return_id for i in issues], OBSERVED)), "worrying": {next(r for r, g in grades.items() if g == "Inadequate")}}
    moved = _moved(issues, grades, dice)
    marks["bordering"] = set(dice.sample([r for r, g in grades.items() if g == "RI"], BORDERING))
    return {
        i.return_id: Review(
            told={**_areas(piles[grades[i.return_id]].pop(), not_met=i in leavers[:1]), **_whole(i, grades[i.return_id], heard[i.return_id], {mark for mark, ids in marks.items() if i.return_id in ids}, dice)},
            cues=_cues(i, grades[i.return_id], heard[i.return_id], leaver=i in leavers), moved=moved.get(i.return_id, "same"),
            final=_step(grades[i.return_id], {"down": 1, "up": -1}.get(moved.get(i.return_id, ""), 0)),
        )
        for i in issues
    }  # fmt: skip


def _grades(issues: Sequence[Issue], dice: Random) -> dict[str, str]:
    """Overall grades: those looked at again improve or stay, the rest are dealt."""
    again = [i for i in issues if i.facts.get("previous_grade")]
    known = {i.return_id: _step(_code(i.facts["previous_grade"]), -(n < IMPROVED)) for n, i in enumerate(again)}
    deck = [g for g, p in PATTERNS.items() for _ in p]
    for grade in known.values():
        deck.remove(grade)
    rest = [i.return_id for i in issues if i.return_id not in known]
    return known | dict(zip(rest, dice.sample(deck, len(deck)), strict=True))


def _code(text: str) -> str:
    return "RI" if "RI" in text else text


def _step(grade: str, steps: int) -> str:
    return LADDER[LADDER.index(grade) + steps]


def _heard(leavers: int, dice: Random) -> list[str]:
    """A care leaver speaks for themselves; the rest as dealt."""
    deck = list(HEARD)
    own = [deck.pop(deck.index("Child")) for _ in range(min(leavers, deck.count("Child")))]
    return own + dice.sample(deck, len(deck))


def _moved(issues: Sequence[Issue], grades: Mapping[str, str], dice: Random) -> dict[str, str]:
    """Three Goods that moderation takes down by one, one RI that it lifts; none of those looked at again."""
    first = [i.return_id for i in issues if not i.facts.get("previous_grade")]
    down = dice.sample([r for r in first if grades[r] == "Good"], DOWN)
    up = dice.sample([r for r in first if grades[r] == "RI"], UP)
    return {**dict.fromkeys(down, "down"), **dict.fromkeys(up, "up")}


def _areas(pattern: str, *, not_met: bool) -> dict[str, Value]:
    """The seven grades; the review of one young person had no multi-agency work to look at."""
    said: dict[str, Value] = {f"{area}_grade": LETTERS[letter] for area, letter in zip(AREAS, pattern, strict=True)}
    return said | ({"multi_agency_review_grade": "NA"} if not_met else {})


def _whole(issue: Issue, grade: str, heard: str, marks: Set[str], dice: Random) -> dict[str, Value]:
    """What is said of the whole work, of who took part and when."""
    day = WEEK + timedelta(days=dice.randint(0, 4))
    better = issue.facts.get("previous_grade", "") and _code(issue.facts["previous_grade"]) != grade
    told: dict[str, Value] = {
        "overall_grade": grade, "when_reviewed": day, "conversation_length": dice.randrange(60, 125, 5), "family_contact": heard, "immediate_concern": "No",
        "observation_done": "Yes" if "seen" in marks else "No", "fb_verbal_on": day if dice.random() < 0.9 else None, "actions_any": "No" if grade == "Good" and dice.random() < 0.15 else "Yes",
        "took_part_sw": "Yes", "took_part_tm": "Yes" if dice.random() < 0.85 else "No", "took_part_other": dice.choice(("Yes", "Not involved")),
        "took_part_chair": dice.choice(("Yes", "Yes", "No")) if issue.facts["child_level"] in CHAIRED else "Not involved",
    }  # fmt: skip
    told |= {} if "seen" in marks else {"observation_note": None}
    told |= {"immediate_concern": "Yes", "concern_reported_to": issue.facts["child_manager"]} if "worrying" in marks else {}
    told |= {"bordering_good": "Yes" if "bordering" in marks else "No"} if grade == "RI" else {}
    return told | ({"previous_acted_on": "Yes" if better else "Partly"} if issue.facts.get("previous_grade") else {})


def _cues(issue: Issue, grade: str, heard: str, *, leaver: bool) -> tuple[str, ...]:
    return (*((LEAVER,) if leaver else ()), grade, MOOD[grade], issue.facts["child_level"], heard)
