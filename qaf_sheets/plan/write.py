"""The plan as a workbook people can edit: every sheet a table with filters, drop-downs where they help, and room to type below."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from math import ceil

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from qaf_sheets.look import DATE, HEAD, INPUT, LABEL, LEFT, LINE, LINK, QUIET, TAB_INPUT, Book
from qaf_sheets.model import Plan, Quarter, Record
from qaf_sheets.plan import settings
from qaf_sheets.plan.rows import TO_BE_CONFIRMED
from qaf_sheets.plan.schema import HEADING_ROW, SHEETS, YES_NO, Column, Sheet, sheet_named
from qaf_sheets.sheets import GrowingSheet

LINE_HEIGHT, WRAPS = 15, 30
"""Points of one line of text, and the width from which a column wraps."""
ONE_PAGE = 270
"""The width of all columns from which a sheet prints on two pages side by side."""
LIKE_THIS = "Enter the date as day/month/year, like 13/12/2026."


def write_plan(plan: Plan, *, created: datetime) -> bytes:
    """The plan as bytes; the same plan gives the same bytes."""
    target = io.BytesIO()
    book = Book(target, title="QA plan", subject="Who owes what by when", created=created, header=f"{plan.settings.get('council', '')}: QA plan", marking=plan.settings.get("marking", ""))
    rows = _rows(plan)
    for sheet in SHEETS:
        _write(book, sheet, rows[sheet.name])
    _name_lists(book, rows)
    book.xlsx.worksheets()[0].activate()
    book.close()
    return target.getvalue()


def _rows(plan: Plan) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """Every sheet's rows by column id."""
    return {
        "People": [_plain(p) for p in plan.people],
        "Teams": [_plain(t) for t in plan.teams],
        "Calendar": [_plain(e) for e in plan.calendar],
        "Rules": [_plain(r) for r in plan.rules],
        "Lists": [{"list": name, "option": o.text, "code": o.code, "aliases": "; ".join(o.aliases)} for name, options in plan.lists.items() for o in options],
        "Themes": [_plain(t) for t in plan.themes],
        "Priorities": [_plain(p) for p in plan.priorities],
        "Children": [_plain(c) for c in plan.children],
        "Allocation": [_plain(a) for a in plan.allocations],
        "Earlier quarters": [_plain(t) for t in plan.totals],
        "Settings": list(_settings(plan)),
    }


def _plain(record: Record) -> dict[str, object]:
    """A record's fields as cells."""
    return {name: _cell(getattr(record, name)) for name in type(record).model_fields if name != "source"}


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return YES_NO[not value]
    if isinstance(value, Quarter):
        return str(value)
    return ", ".join(value) if isinstance(value, tuple) else value


def _settings(plan: Plan) -> Iterator[dict[str, object]]:
    for d in settings.DEFAULTS:
        yield d._asdict() | {"value": plan.settings.get(d.name, d.value)}


def _write(book: Book, sheet: Sheet, rows: Sequence[Mapping[str, object]]) -> None:
    page = book.page(sheet.name, sheet.name, sheet.purpose, tab=TAB_INPUT, kind=GrowingSheet)
    if sheet.name == SHEETS[0].name:
        _contents(book, page)
    top, right = HEADING_ROW - 1, len(sheet.columns) - 1
    last = top + max(len(rows), 1) + sheet.spare
    heads = [{"header": c.header, "header_format": book.fmt(**HEAD)} for c in sheet.columns]
    page.add_table(top, 0, last, right, {"name": f"t_{sheet.name.lower().replace(' ', '_')}", "style": None, "columns": heads})
    page.set_row(top, 34)
    for n in range(top + 1, last + 1):
        row = rows[n - top - 1] if n - top - 1 < len(rows) else {}
        page.grow(n, LINE_HEIGHT * max(_lines(c, row.get(c.id)) for c in sheet.columns) + 4)
        for col, column in enumerate(sheet.columns):
            book.put(page, n, col, row.get(column.id), **_look(column))
    for col, column in enumerate(sheet.columns):
        _column(book, page, column, top + 1, col, last)
        if (sheet.name, column.id) == ("Settings", "value"):
            _choices(page, top + 1, col, rows)
    page.ignore_errors({"number_stored_as_text": xl_range(top + 1, 0, last, right)})  # ids are text on purpose
    page.freeze_panes(top + 1, 1)
    page.repeat_rows(top)
    if sum(c.width for c in sheet.columns) > ONE_PAGE:
        page.fit_to_pages(2, 0)
        page.repeat_columns(0, 2)
    page.set_selection(top + 1, 0, top + 1, 0)


def _lines(column: Column, value: object) -> int:
    return ceil(len(value) / (1.3 * column.width)) if column.width >= WRAPS and isinstance(value, str) and value else 1


def _column(book: Book, page: Worksheet, column: Column, first: int, col: int, last: int) -> None:
    """A column's width, drop-down and help. Yellow says "to fill in": a cell turns white once it has its answer, or may stay blank in a row that is begun."""
    page.set_column(col, col, column.width, book.fmt())
    if column.explains:
        return
    answered = xl_rowcol_to_cell(first, col if column.required else 0, col_abs=True)
    page.conditional_format(first, col, last, col, {"type": "formula", "criteria": f'={answered}<>""', "format": book.xlsx.add_format({"bg_color": "#FFFFFF"})})
    _offer(page, column, first, col, last)


def _contents(book: Book, page: Worksheet) -> None:
    """Where to go next, on the first sheet."""
    page.write_string(2, 0, "Other sheets:", book.fmt(font_color=QUIET))
    for col, other in enumerate(SHEETS[1:], 1):
        page.write_url(2, col, f"internal:'{other.name}'!A1", book.fmt(**LINK), other.name, other.purpose[:250])


def _look(column: Column) -> dict[str, object]:
    look: dict[str, object] = {**LEFT, "border": 1, "border_color": LINE, "bg_color": LABEL if column.explains else INPUT, "text_wrap": column.width >= WRAPS, "valign": "top"}
    return {**look, "num_format": {"date": DATE, "number": "0"}.get(column.kind, "@")}


def _offer(page: Worksheet, column: Column, first: int, col: int, last: int) -> None:
    """A drop-down and the help, for the whole column."""
    options = YES_NO if column.kind == "yes_no" else column.options
    rule: dict[str, object] = {"validate": "any"}
    if options:
        rule = _one_of(options)
    elif column.source or column.kind == "person":
        rule = {"validate": "list", "source": f"=p_{(column.source or 'People').lower()}", "show_error": False}  # the check knows better
    elif column.kind == "date":
        rule = {"validate": "date", "criteria": "between", "minimum": datetime(2000, 1, 1), "maximum": datetime(2100, 1, 1)}
        rule = _date_or_open(xl_rowcol_to_cell(first, col)) if column.open else rule
        rule |= {"error_title": "Please check the date", "error_message": LIKE_THIS}
    told = " ".join(t for t in (column.help, LIKE_THIS if column.kind == "date" else "") if t)
    if told:
        rule |= {"input_title": column.header[:32], "input_message": told[:250]}
    if told or rule["validate"] != "any":
        page.data_validation(first, col, last, col, rule)


def _date_or_open(cell: str) -> dict[str, object]:
    """A date, or the words for one that is to be confirmed."""
    words = ",".join(f'TRIM({cell})="{w}"' for w in TO_BE_CONFIRMED)
    return {"validate": "custom", "value": f"=OR(AND(ISNUMBER({cell}),{cell}>=36526,{cell}<=73050),{words})"}


def _choices(page: Worksheet, first: int, col: int, rows: Sequence[Mapping[str, object]]) -> None:
    """The values of a setting that has a closed list, as its cell's drop-down."""
    for n, row in enumerate(rows, first):
        options = settings.BY_NAME[str(row["name"])].options
        if options:
            page.data_validation(n, col, n, col, _one_of(options))


def _one_of(options: Sequence[str]) -> dict[str, object]:
    return {"validate": "list", "source": list(options), "error_title": "Please choose from the list", "error_message": f"Choose one of: {', '.join(options)}."[:250]}


def _name_lists(book: Book, rows: Mapping[str, Sequence[Mapping[str, object]]]) -> None:
    """What the drop-downs offer, as named ranges of the plan's own sheets: `roles` by code, other lists by option."""
    listed = rows["Lists"]
    spans = {name: [n for n, r in enumerate(listed) if r["list"] == name] for name in ("roles", "level_of_need")}
    for name, found in spans.items():
        if found:
            book.xlsx.define_name(f"p_{name}", f"=Lists!{_span('code' if name == 'roles' else 'option', 'Lists', found[0], found[-1])}")
    for name, column in (("Teams", "team"), ("People", "person_id"), ("Priorities", "priority_id")):
        book.xlsx.define_name(f"p_{name.lower()}", f"={name}!{_span(column, name, 0, len(rows[name]) + 19)}")


def _span(column: str, name: str, first: int, last: int) -> str:
    col = next(n for n, c in enumerate(sheet_named(name).columns) if c.id == column)
    return f"{xl_rowcol_to_cell(HEADING_ROW + first, col, row_abs=True, col_abs=True)}:{xl_rowcol_to_cell(HEADING_ROW + last, col, row_abs=True, col_abs=True)}"
