"""Imports run downward only (design section 2), and some names are imported in one place alone."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("plan", "forms", "checks", "register", "outputs", "tracker")
BOTTOM = {"model", "problems", "look", "sheets", "files", "workdays", "book", "package", "markup", "cells", "regular", "references", "asides", "rules", "choices", "lifecycle", "people", "telling", "dates", "resources", "clock", "worker", "executors", "windows_job", "workspace", "heartbeat"}


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{a.name}" for a in node.names}
        if isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
    return found


def modules(folder: str) -> list[Path]:
    return sorted(p for p in (ROOT / folder).rglob("*.py") if "~" not in p.name)


def ours(path: Path) -> set[str]:
    """The first name under qaf_sheets of everything a module imports."""
    return {m.split(".")[1] for m in imports(path) if m.startswith("qaf_sheets.")}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_the_bottom_and_itself(room: str) -> None:
    for path in modules(f"qaf_sheets/{room}"):
        assert ours(path) <= BOTTOM | {room, "__version__"}, path


def test_the_bottom_imports_only_the_bottom() -> None:
    for name in BOTTOM - {"model"}:
        assert ours(ROOT / f"qaf_sheets/{name}.py") <= BOTTOM, name


def test_model_imports_nothing_of_ours() -> None:
    for path in modules("qaf_sheets/model"):
        assert ours(path) <= {"model"}, path


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("sqlalchemy", ("qaf_sheets/register",)),
        ("xlwings", ()),
        ("qaf_watchers", ("qaf_sheets/commands/ingest.py", "qaf_sheets/commands/watch.py", "watchers")),
        ("docxtpl", ("qaf_sheets/outputs",)),
        ("icalendar", ("qaf_sheets/outputs",)),
        ("matplotlib", ("qaf_sheets/outputs",)),
        ("watchdog", ("watchers",)),
        ("python_calamine", ("qaf_sheets/book.py",)),
        ("openpyxl", ("qaf_sheets/demo",)),
    ],
)
def test_a_name_is_imported_in_its_place_alone(name: str, places: tuple[str, ...]) -> None:
    found = [p.relative_to(ROOT).as_posix() for folder in ("qaf_sheets", "watchers") for p in modules(folder) if any(m.split(".")[0] == name for m in imports(p))]
    assert [f for f in found if not f.startswith(places or ("nowhere",))] == []


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    assert [p.name for folder in ("qaf_sheets", "watchers", "tests") for p in modules(folder) if len(p.read_text("utf-8").splitlines()) > 400] == []


def test_only_commands_print() -> None:
    printing = [p.name for p in modules("qaf_sheets") if "commands" not in p.parts and any(isinstance(n, ast.Name) and n.id == "print" for n in ast.walk(ast.parse(p.read_text("utf-8"))))]
    assert printing == ["error_handler.py"]
