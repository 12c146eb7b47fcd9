"""The one place that turns exceptions into a sentence and an exit code."""

from __future__ import annotations

import platform
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from qaf_sheets import __version__, logs

FINE, PROBLEMS, USAGE, OURS, STOPPED = 0, 1, 2, 3, 130


class UsageError(Exception):
    """The command was given something it cannot use; the message says what to give instead."""


def told(command: Callable[[], int]) -> int:
    """Run a command; what goes wrong is said in a line, and our own faults are kept in a file for whoever mends them."""
    from qaf_sheets.clock import ClockError
    from qaf_sheets.desk import PlanFaultsError
    from qaf_sheets.executors import ExecutorError
    from qaf_sheets.forms.definition import DefinitionError
    from qaf_sheets.register import BusyError, RegisterError
    from qaf_sheets.workspace import WorkspaceError

    logs.to_screen()
    try:
        return command()
    except PlanFaultsError as error:
        from qaf_sheets.commands.say import say_problems

        say_problems("The plan has faults, so nothing was issued:", error.problems)
        return PROBLEMS
    except (UsageError, WorkspaceError, ClockError, DefinitionError, ExecutorError) as error:
        _line(str(error))
        return USAGE
    except (BusyError, RegisterError) as error:
        _line(str(error))
        return OURS
    except KeyboardInterrupt:
        return STOPPED
    except BrokenPipeError:  # the reader of our output went away, as `| head` does
        sys.stderr.close()
        return FINE
    except Exception as error:  # noqa: BLE001 - the last stop of every fault of ours
        _line(f"Something went wrong on our side: {logs.brief(error)}. Nothing was lost. Details for support: {_keep(error)}")
        return OURS


def _line(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201 - the one line of an error


def _keep(error: Exception) -> str:
    """Where in our code it happened, in a file of its own that only its owner can read; none of the data it happened with."""
    details = f"qaf-sheets {__version__}, Python {platform.python_version()}, {platform.platform()}\n\n{logs.story(error)}\n"
    with tempfile.NamedTemporaryFile("w", prefix="qaf-sheets-", suffix=".log", delete=False, encoding="utf-8") as out:
        out.write(details)
    return str(Path(out.name))
