"""What each answer cell accepts, and the message shown when it is chosen: Excel data validation."""

from __future__ import annotations

from datetime import date
from typing import Any

from qaf_sheets.model import Answer, Question, Value

LIST_TIP = "Choose from the list: press Alt and the down arrow, or type the words."
TIPS = {
    "date": "Day/month/year, like 13/12/2026.",
    "number": "A whole number, like 90.",
    "long": "Write as much as you need. The row grows. Alt+Enter starts a new line.",
    "person": "Choose from the list, or type the name.",
    "child_id": "The child's ID only, never a name.",
}
HINTS = {"date": "day/month/year", "number": "a number", "choice": "Choose from the list", "person": "Choose or type a name", "child_id": "ID only, no name"}


def as_typed(field: Question, answer: Answer | None) -> Value:
    """What is written into an answer's cell: what stood there. A number that was no date would look like one in a date's cell, and be read as one."""
    value = answer.value if answer else None
    return str(value) if field.kind == "date" and isinstance(value, (int, float)) else value


def validation(field: Question, dates: tuple[date, date]) -> dict[str, Any]:
    """The rule for one question's cell. `dates` are the first and last day a date may have."""
    tip = f"{field.help}. " if field.help and not field.help.endswith((".", "?")) else f"{field.help} ".lstrip()
    rule: dict[str, Any] = {
        "validate": "any",
        "input_title": field.name if len(field.name) <= 32 else "How to answer",
        "input_message": (tip + (LIST_TIP if field.kind == "choice" else TIPS.get(field.kind, "" if tip else "Type your answer.")))[:255].strip(),
    }
    if field.kind == "choice":
        rule |= {"validate": "list", "source": f"=l_{field.list}", "error_title": "Please choose from the list"}
        rule |= {"error_message": "Please choose one of the words in the list: press Alt and the down arrow to see them."}
    elif field.kind == "person":
        rule |= {"validate": "list", "source": "=l__people", "show_error": False}
    elif field.kind == "number":
        rule |= {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 99999, "error_title": "Please enter a number"}
        rule |= {"error_message": "Enter a whole number, like 90."}
    elif field.kind == "date":
        low, high = dates
        rule |= {"validate": "date", "criteria": "between", "minimum": low, "maximum": high, "error_title": "Please check the date"}
        rule |= {"error_message": f"Enter the date as day/month/year, like 13/12/2026, between {low:%d/%m/%Y} and {high:%d/%m/%Y}."}
    return rule
