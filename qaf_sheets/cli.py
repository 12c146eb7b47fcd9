"""The command line: argparse and nothing else. Each command is a function of its own name in `commands/`, imported when called."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from qaf_sheets import __version__


def parser() -> argparse.ArgumentParser:
    """Every command with its options and help."""
    top = argparse.ArgumentParser(prog="qaf-sheets", description="Quality assurance workbooks for children's services: issue, receive, publish.")
    top.add_argument("--version", action="version", version=f"qaf-sheets {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    place = _place()
    reports = argparse.ArgumentParser(add_help=False)
    reports.add_argument("--json", action="store_true", help="print JSON for other programs on standard output")
    quarter = argparse.ArgumentParser(add_help=False)
    quarter.add_argument("--quarter", metavar="Q", help="like 2026-27-Q3; without it, the quarter that holds today")

    demo = commands.add_parser("demo", parents=[_state(), reports], help="a whole fictional quarter: issue, fill, return, receive, every output")
    demo.add_argument("directory", nargs="?", default="QAF demo", metavar="DIR", help="where to make it (default: QAF demo)")
    demo.add_argument("--seed", type=int, default=2026, help="the same seed makes the same demo")

    init = commands.add_parser("init", parents=[_state()], help="a workspace with an example QA plan.xlsx to edit")
    init.add_argument("directory", metavar="DIR")

    plan = commands.add_parser("plan", help="what is wrong with the plan; who owes what by when")
    what = plan.add_subparsers(dest="what", required=True, metavar="check|show")
    what.add_parser("check", parents=[place, reports], help="every fault of the plan, by sheet and cell")
    show = what.add_parser("show", parents=[place, reports, quarter], help="who owes what by when, by which rule and clause")
    show.add_argument("--calendar", action="store_true", help="instead, everything of the quarter that has a date")

    sample = commands.add_parser("sample", help="draw what is reviewed, reproducibly, and say why")
    drawn = sample.add_subparsers(dest="what", required=True, metavar="ccr").add_parser("ccr", parents=[place, reports, quarter], help="children for the case reviews, and their reviewers")
    drawn.add_argument("--seed", metavar="N", default="", help="the same seed draws the same children; without it, the quarter is the seed")
    drawn.add_argument("--again", action="store_true", help="draw anew what is allocated and not yet handed out")

    issue = commands.add_parser("issue", parents=[place, reports, quarter], help="write what is owed and not yet issued")
    issue.add_argument("--activity", metavar="A", default="", help="only this activity, like OBS")
    issue.add_argument("--person", metavar="P", default="", help="only this person's, like P031")

    reading = argparse.ArgumentParser(add_help=False)
    reading.add_argument("--executor", metavar="WHERE", help="where returned files are read: worker (one process with limits, the default), processes, or dask://host:port (or QAF_EXECUTOR)")
    ingest = commands.add_parser("ingest", parents=[place, reports, reading], help="one pass over Return here, then the outputs that changed")
    ingest.add_argument("--no-outputs", action="store_true", help="only receive")

    watch = commands.add_parser("watch", parents=[place, reports, reading], help="the service: receives what is dropped, as it is dropped")
    watch.add_argument("--once", action="store_true", help="one pass, as ingest does")

    build = commands.add_parser("build", parents=[place, reports, quarter], help="write the outputs again")
    build.add_argument("--only", choices=("master", "tracker", "packs", "documents", "calendar", "status", "teams"), help="only this kind; teams: a copy of the master for every team manager and head of service, to hand out once a month")
    build.add_argument("--for", dest="reader", metavar="WHO", default="", help='a copy of the master to hand on: dlt, "service:<area>" or person:P031')
    build.add_argument("--pdf", action="store_true", help="a PDF copy beside each Word document, where LibreOffice is installed")

    commands.add_parser("status", parents=[place, reports, quarter], help="returned, awaiting, overdue, needs fixing, waiting; outputs; heartbeat")
    decide = commands.add_parser("decide", parents=[place, reports, quarter], help="a person's decision, with who and why; or list what waits")
    decide.add_argument("kind", choices=("exempt", "nil", "version", "change", "quarter", "theme", "finding", "sign-off", "list"), metavar="KIND", help="exempt, nil, version, change, quarter, theme, finding, sign-off; or list")
    decide.add_argument("--about", metavar="WHAT", default="", help='"P031 CCR 2026-27-Q3", an obligation\'s id, "R-000012 v2", or a quarter')
    decide.add_argument("--choice", metavar="CHOICE", default="", help='like Accept, Close, "Version 2"; exempt, nil and sign-off need none')
    decide.add_argument("--who", metavar="P", default="", help="who decides: an id of the People sheet, like P016")
    decide.add_argument("--why", metavar="WORDS", default="", help="one sentence")
    answers = commands.add_parser("answers", parents=[place, reports], help="everything merged, with its cell")
    answers.add_argument("--return", dest="return_id", metavar="ID", default="", help="only this return, like R-000012")
    answers.add_argument("--all-versions", action="store_true", help="earlier and refused versions too")
    rebuild = commands.add_parser("rebuild", parents=[place, reports], help="the register again, from the received files and the journal")
    rebuild.add_argument("--even-so", action="store_true", help="also when something cannot be made again; it is left out")
    commands.add_parser("verify", parents=[place, reports], help="received files, journal, register and outputs agree")
    purge = commands.add_parser("purge", parents=[place, reports], help="take children's names out of received files; two people say so, and it is logged")
    purge.add_argument("--return", dest="return_id", metavar="ID", default="", help="of one return, like R-000012, wherever it stands")
    purge.add_argument("--quarter", metavar="Q", help="of one quarter, like 2026-27-Q3, as far as the work is on the child's file")
    purge.add_argument("--due", action="store_true", help="of all that are on the child's file and whose time has come (the setting purge_names_after_months)")
    purge.add_argument("--who", metavar="P", default="", help="who removes them: an id of the People sheet, like P016")
    purge.add_argument("--confirmed-by", metavar="P", default="", help="who else confirms it")
    purge.add_argument("--why", metavar="WORDS", default="", help="one sentence")
    purge.add_argument("--dry-run", action="store_true", help="only say which files hold a name")
    return top


def _state() -> argparse.ArgumentParser:
    state = argparse.ArgumentParser(add_help=False)
    state.add_argument("--state", metavar="DIR", help="where the register and the key are kept (or QAF_STATE); a local disk")
    state.add_argument("--register", metavar="URL", help="the register on a PostgreSQL server, like postgresql+psycopg://name@server/database; or file, for the one in the state folder (or QAF_REGISTER)")
    return state


def _place() -> argparse.ArgumentParser:
    place = argparse.ArgumentParser(add_help=False, parents=[_state()])
    place.add_argument("--workspace", metavar="DIR", help="the workspace (or QAF_WORKSPACE; else the current folder)")
    return place


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit code: 0 fine, 1 problems found, 2 wrong usage, 3 our fault."""
    values = vars(parser().parse_args(arguments))
    from qaf_sheets.error_handler import told  # not before somebody wants more than the help

    name = values.pop("command")
    for setting in ("register", "executor"):  # read where the register is opened, which every command comes to by a way of its own
        if said := values.pop(setting, None):
            os.environ[f"QAF_{setting.upper()}"] = said
    command = getattr(import_module(f"qaf_sheets.commands.{name}"), name)
    return told(lambda: int(command(**values)))


if __name__ == "__main__":
    sys.exit(main())
