"""The words of the product as frozen records; each answer keeps the file, sheet and cell it came from."""

from qaf_sheets.model.base import Kind, Level, Outcome, Quarter, Record, Source, State, Value
from qaf_sheets.model.forms import Condition, Form, Issue, Layout, Place, Question, Section, SheetsPlace, Table, TablePlace
from qaf_sheets.model.plan import Allocation, Child, Dated, Event, Obligation, Option, Person, Plan, Priority, Rule, Team, Theme, Total
from qaf_sheets.model.returns import Action, Answer, Decision, Duty, Problem, Received, Return, Snapshot, Version

__all__ = [
    "Action",
    "Allocation",
    "Answer",
    "Child",
    "Condition",
    "Dated",
    "Decision",
    "Duty",
    "Event",
    "Form",
    "Issue",
    "Kind",
    "Layout",
    "Level",
    "Obligation",
    "Option",
    "Outcome",
    "Person",
    "Place",
    "Plan",
    "Priority",
    "Problem",
    "Quarter",
    "Question",
    "Received",
    "Record",
    "Return",
    "Rule",
    "Section",
    "SheetsPlace",
    "Snapshot",
    "Source",
    "State",
    "Table",
    "TablePlace",
    "Team",
    "Theme",
    "Total",
    "Value",
    "Version",
]
