"""Who plays which part in the demo's quarter, and the slips they make (proportions of specification 11)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from random import Random
from typing import Literal

import openpyxl

from qaf_sheets.demo.fill import Answers, Tables
from qaf_sheets.model import Issue

Part = Literal["overdue", "unfinished", "waiting", "late", "put right", "changed", "sent twice", "on time"]
PARTS: dict[Part, dict[str, int]] = {
    "overdue": {"ROUT": 1, "SERV": 1, "OBS": 1},
    "unfinished": {"OBS": 1},
    "waiting": {"OBS": 1},
    "late": {"CCR": 3, "DIP": 2, "ROUT": 1, "SERV": 1, "OBS": 1},
    "put right": {"CCR": 1, "DIP": 1, "ROUT": 1},
    "changed": {"CCR": 1, "SERV": 1},
    "sent twice": {"CCR": 1, "DIP": 1, "OBS": 1},
}
"""How many of each activity; all others are on time. Every case review and dip sample is in by the middle of January."""
TOO_LITTLE = {"CCR": "further_improvement", "DIP": "sos_needs", "OBS": "areas_for_development", "ROUT": "worried"}
UNREADABLE = {"CCR": "discussed_with_tm_on", "DIP": "fb_written_on", "OBS": "observed_on", "ROUT": "date_of_summary"}


def cast(issues: Sequence[Issue], dice: Random) -> list[tuple[Issue, Part]]:
    """Everyone's part, in the order in which the workbooks were handed out."""
    parts: dict[str, Part] = {}
    shuffled = dice.sample(issues, len(issues))
    for part, wanted in PARTS.items():
        for activity, n in wanted.items():
            free = [i.return_id for i in shuffled if i.activity == activity and i.return_id not in parts]
            parts.update(dict.fromkeys(free[:n], part))
    return [(i, parts.get(i.return_id, "on time")) for i in issues]


def careless(activity: str, said: Answers, rows: Tables) -> tuple[Answers, Tables]:
    """The usual slips: an answer left out, "tbc", an unreadable date, an action without an owner, a row half done."""
    slipped = {k: v for k, v in said.items() if k != "ed_response"} | {TOO_LITTLE[activity]: "tbc", UNREADABLE[activity]: "12/13/26"}
    slipped |= {"overall_grade": "Good/RI"} if "overall_grade" in said else {}
    tables = {t: [dict(r) for r in them] for t, them in rows.items()}
    for row in tables.get("actions", [])[:1]:
        row["owner"] = None
    for row in tables.get("children", [])[5:6]:
        row["immediate_concern"] = None
    return slipped, tables


def rota() -> bytes:
    """A workbook that is nobody's return."""
    book = openpyxl.Workbook()
    book.active.append(["Duty", "Monday", "Tuesday"])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
