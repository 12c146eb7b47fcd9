"""Who plays which part in the demo's quarter, and the slips they make (proportions of specification 11)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from random import Random
from typing import Literal

import openpyxl

from qaf_sheets.demo.fill import Answers, Tables
from qaf_sheets.model import Form, Issue

Part = Literal["overdue", "unfinished", "waiting", "late", "put right", "changed", "sent twice", "on time"]
PARTS: dict[Part, dict[str, int]] = {
    "overdue": {"ROUT": 1, "SERV": 1, "SUP_ASYE": 1, "C_SEND": 1, "C_CLF": 1, "C_EH": 1, "C_PERF": 1, "THEM_SNR": 1},
    "unfinished": {"C_YJS": 1},
    "waiting": {"SERV": 1, "C_COMP": 1},
    "late": {"CCR": 3, "DIP": 2, "THEM": 2, "OBS": 2, "ROUT": 1, "SERV": 1, "SUP": 1, "C_IRO": 1, "C_SCP": 1},
    "put right": {"CCR": 1, "DIP": 1, "THEM": 1, "ROUT": 1, "C_PEP": 1},
    "changed": {"CCR": 1, "SERV": 1},
    "sent twice": {"CCR": 1, "DIP": 1, "OBS": 1},
}
"""How many workbooks of each activity (one for newly qualified social workers meets three duties); all others are on time. Every review, audit
and dip sample is in by the middle of January."""
NIL = ("C_CPB",)
"""Whoever has nothing to report this quarter."""


def cast(issues: Sequence[Issue], dice: Random) -> list[tuple[Issue, Part]]:
    """Everyone's part, in the order in which the workbooks were handed out."""
    parts: dict[str, Part] = {}
    shuffled = dice.sample(issues, len(issues))
    for part, wanted in PARTS.items():
        for activity, n in wanted.items():
            free = [i.return_id for i in shuffled if i.activity == activity and i.return_id not in parts]
            parts.update(dict.fromkeys(free[:n], part))
    return [(i, parts.get(i.return_id, "on time")) for i in issues]


def careless(form: Form, said: Answers, rows: Tables) -> tuple[Answers, Tables]:
    """The usual slips: an answer left out, "tbc", an unreadable date, a grade that is none, an action without an owner, a row half done, counts that do not add up."""
    prose = next((f.id for f in form.fields if f.kind == "long" and f.required and f.id in said and not f.id.startswith("ed_")), "")
    day = next((f.id for f in reversed(form.fields) if f.kind == "date" and f.id in said and f.id != "completed_on"), "")
    slipped = {k: v for k, v in said.items() if k != "ed_response"} | ({prose: "tbc"} if prose else {}) | ({day: "12/13/26"} if day else {})
    slipped |= {"overall_grade": "Good/RI"} if "overall_grade" in said else {}
    slipped |= {f.id: 10_000 for f in form.fields if f.part_of and f.id in said}
    tables = {t: [dict(r) for r in them] for t, them in rows.items()}
    for row in tables.get("actions", [])[:1]:
        row["owner"] = None
    for row in tables.get("children", [])[-5:-4] or tables.get("children", [])[:1]:
        row["immediate_concern"] = None
    return slipped, tables


def rota() -> bytes:
    """A workbook that is nobody's return."""
    book = openpyxl.Workbook()
    book.active.append(["Duty", "Monday", "Tuesday"])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
