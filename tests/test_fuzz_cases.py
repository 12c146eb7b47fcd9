"""What the fuzz target found (`fuzz/fuzz_reader.py`), each as a small case that stays."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from kit import PEOPLE, PROSE, book, codes, complete, edited, filled, form, issued, reading, sending
from mutants import context, zipped
from openpyxl.comments import Comment

from qaf_sheets.book import Book, read_book
from qaf_sheets.checks import check
from qaf_sheets.forms.identity import genuine
from qaf_sheets.forms.layout import lay_out
from qaf_sheets.forms.mark_up import mark_up
from qaf_sheets.forms.read import MOST_ROWS, Reading, read_form
from qaf_sheets.forms.values import match_person
from qaf_sheets.look import fit
from qaf_sheets.model import Problem, Value


def with_parts(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """A workbook with its parts changed as bytes."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return zipped({n: change(n, archive.read(n)) for n in archive.namelist()})


def with_value(data: bytes, at: str, number: str) -> bytes:
    """Another number in a cell of the first sheet of questions, as somebody wrote it by hand."""
    return with_parts(data, lambda name, body: re.sub(rf'(<c r="{at}"[^>]*><v>)[^<]*'.encode(), rb"\g<1>" + number.encode(), body) if "sheet2" in name else body)


def cell(activity: str, field: str) -> str:
    return next(p.cell for p in lay_out(form(activity)).places if p.field == field)


def comes_back(activity: str, read: Reading) -> Reading:
    """The copy that is written of a return, read again."""
    return reading(activity, mark_up(form(activity), sending(activity), read, read.problems).data)


def seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


# ---------------------------------------------------------------- who it is, and what stands beside the answers


@pytest.mark.parametrize("signature", ["é", "not ours", ""])
def test_a_signature_of_any_letters_is_only_not_ours(signature: str) -> None:
    assert not genuine({"return_id": "R-000012", "signature": signature}, b"key")


@pytest.mark.parametrize(("ref", "at"), [("B2", ["B2"]), ("$B$2", ["B2"]), ("B2:C9", ["B2"]), ("B²", []), ("2B", []), ("B" + "1" * 5_000, ["B1111111"]), ("", [])])
def test_a_comment_stands_at_a_cell_or_nowhere(ref: str, at: list[str]) -> None:
    def comment(it: object) -> None:
        it["Observation"]["B2"].comment = Comment("Please ring me", "Somebody")  # type: ignore[index]

    data = with_parts(edited(issued("OBS"), comment), lambda name, body: body.replace(b'ref="B2"', f'ref="{ref}"'.encode()) if "comment" in name else body)
    assert [*book(data).comments.get("Observation", {})] == at


# ---------------------------------------------------------------- numbers and dates


@pytest.mark.parametrize("number", ["NaN", "inf", "-inf", "1e999"])
@pytest.mark.parametrize(("field", "said", "code"), [("conversation_length", 90, "NUMBER_UNREADABLE"), ("child_id", 9_304_518, "CHILD_ID_FORMAT")])
def test_what_is_no_number_is_told_and_never_stops_us(number: str, field: str, said: Value, code: str) -> None:
    at = cell("CCR", field)
    assert (code, at) in codes(reading("CCR", with_value(filled("CCR", complete("CCR", **{field: said})), at, number)).problems, "E")


@pytest.mark.parametrize("number", ["NaN", "inf", "-inf", "1e999", "1e308", "-1e15", "0", "12.5"])
def test_what_is_no_day_of_any_calendar_is_told_and_never_stops_us(number: str) -> None:
    at = cell("CCR", "when_reviewed")
    found = read_book(with_value(filled("CCR", complete("CCR", when_reviewed=46_000)), at, number), "form.xlsx")
    told = [(found.code, at)] if isinstance(found, Problem) else codes(read_form(found, form("CCR"), lay_out(form("CCR")), PEOPLE).problems, "E")
    assert told in ([("DAMAGED", at)], [("DATE_UNREADABLE", at)])


@pytest.mark.parametrize("day", [date(1900, 1, 12), "12/01/1900", "12 January 1853", date(2126, 12, 10), date(9999, 12, 31), "13/12/9999"])
def test_a_day_that_nobody_here_can_mean_is_told(day: Value) -> None:
    at = cell("CCR", "when_reviewed")
    read = reading("CCR", filled("CCR", complete("CCR", when_reviewed=day)))
    assert [codes(it.problems, "E") for it in (read, comes_back("CCR", read))] == [[("DATE_UNREADABLE", at)]] * 2


@pytest.mark.parametrize("text", ["\ufffe", "\uffff"])
def test_what_is_no_character_is_no_xml(text: str) -> None:
    data = with_parts(filled("OBS", complete("OBS", strengths="We met twice")), lambda _, body: body.replace(b"We met twice", f"We met{text} twice".encode()))
    found = read_book(data, "form.xlsx")
    assert isinstance(found, Problem)
    assert found.code == "DAMAGED"


@pytest.mark.parametrize("day", [date(2027, 1, 2), date(1900, 1, 1)])
@pytest.mark.parametrize("field", ["pen_picture", "conversation_length"])
def test_a_date_among_words_or_numbers_comes_back_as_a_date(day: date, field: str) -> None:
    read = reading("CCR", filled("CCR", complete("CCR", **{field: day})))
    assert [it.content.answers[field].value for it in (read, comes_back("CCR", read))] == [day, day]


def test_a_day_that_excel_does_not_know_comes_back_in_words() -> None:
    read = reading("CCR", filled("CCR", complete("CCR", pen_picture=PROSE)))
    answers = {**read.as_typed.answers, "pen_picture": read.as_typed.answers["pen_picture"].model_copy(update={"value": date(217, 4, 3)})}
    old = read.model_copy(update={"as_typed": read.as_typed.model_copy(update={"answers": answers})})
    assert comes_back("CCR", old).content.text("pen_picture") == "03/04/0217"


@pytest.mark.parametrize("number", [930_451, 7, 930_451.5])
def test_a_number_that_was_no_date_does_not_come_back_as_one(number: float) -> None:
    at = cell("CCR", "when_reviewed")
    data = edited(filled("CCR", complete("CCR")), lambda it: it[lay_out(form("CCR")).places[0].sheet][at].__setattr__("value", number))
    data = edited(data, lambda it: it[lay_out(form("CCR")).places[0].sheet][at].__setattr__("number_format", "0"))
    read = reading("CCR", data)
    assert [("DATE_UNREADABLE", at) in codes(it.problems, "E") for it in (read, comes_back("CCR", read))] == [True, True]


@pytest.mark.parametrize("error", ["#SPILL!", "#CALC!", "#GETTING_DATA", "#BUSY!", "#ERROR!", "Err:502", "#N/A", "#VALUE!"])
@pytest.mark.parametrize("formula", ["", "<f>A1</f>", '<f t="shared" si="0"/>'])
def test_an_error_of_any_program_is_told_at_its_cell_and_costs_no_other_answer(error: str, formula: str) -> None:
    at, said = cell("OBS", "strengths"), "#SPILL! is what it says; the cell t=&quot;e&quot; &lt;v&gt;"
    data = filled("OBS", complete("OBS", strengths="WILL BE AN ERROR", areas_for_development="WILL STAY"))
    data = with_parts(data, lambda name, body: re.sub(rf'<c r="{at}".*?</c>', f'<c r="{at}" t="e">{formula}<v>{error}</v></c>', body.decode()).replace("WILL STAY", said).encode() if name.endswith(("sheet2.xml", "sharedStrings.xml")) else body)
    read = reading("OBS", data)
    assert codes(read.problems, "E") == [("ERROR_VALUE", at)]
    assert read.content.text("areas_for_development") == '#SPILL! is what it says; the cell t="e" <v>'


# ---------------------------------------------------------------- what calamine would make room for, or end on


REFUSED = ("UNSAFE_FILE", "DAMAGED")


def refused(change: Callable[[str, bytes], bytes]) -> str:
    """Why a workbook is not read, with a change in its parts; '' where it is, as far as a form may reach."""
    found = read_book(with_parts(issued("OBS"), change), "form.xlsx")
    if isinstance(found, Problem):
        return found.code
    assert all(len(rows) <= 20_000 and all(len(row) <= 256 for row in rows) for rows in found.sheets.values())
    return ""


FAR = (
    '<c r="A0000020001"/>', "<c r='A20001'/>", '<c r="a20001"/>', '<c r = "A20001"/>', '<c r="A20001 "/>', '<c x=">" r="A20001"/>', '<c\tr="A20001"/>', '<c r="IW5"/>', '<c r="iw5"/>', '<c r="AAAA5"/>',
    '</row><row r="20001"><c><v>1</v></c>', '</row><row r="0000020001"><c><v>1</v></c>', "</row><row r='20001'><c><v>1</v></c>", '</row><row x=">" r = "20001"><c><v>1</v></c>',
)  # fmt: skip


@pytest.mark.parametrize("far", FAR)
def test_a_cell_far_away_is_refused_however_it_is_written(far: str) -> None:
    assert refused(lambda name, body: body.replace(b"</sheetData>", f'<row r="70">{far}</row></sheetData>'.encode()) if name.endswith("sheet2.xml") else body) in REFUSED


def test_the_last_cell_that_may_be_used_is_read() -> None:
    assert refused(lambda name, body: body.replace(b"</sheetData>", b'<row r="20000"><c r="IV20000"/></row></sheetData>') if name.endswith("sheet2.xml") else body) == ""


def test_a_sheet_in_utf_16_is_refused_since_nothing_of_it_could_be_checked() -> None:
    assert refused(lambda name, body: body.decode().replace("UTF-8", "UTF-16").encode("utf-16") if name.endswith("sheet2.xml") else body) in REFUSED


@pytest.mark.parametrize(("count", "stops"), [("10000000", True), ("007", False), ("9" * 5_000, True)])
def test_more_texts_than_a_part_can_hold_are_refused(count: str, stops: bool) -> None:
    assert (refused(lambda _, body: re.sub(rb'uniqueCount="[0-9]+"', f'uniqueCount="{count}"'.encode(), body)) in REFUSED) is stops


def test_tags_that_never_end_take_no_time() -> None:
    for tag in (b"<c ", b'<c r="A1" ', b"<row hidden ", b'<c t="e" '):
        data = with_parts(issued("OBS"), lambda name, body, tag=tag: tag * 100_000 if name.endswith("sheet2.xml") else body)  # type: ignore[misc]
        assert seconds(lambda data=data: read_book(data, "form.xlsx")) < 2  # type: ignore[misc]


# ---------------------------------------------------------------- too much


@pytest.mark.parametrize("text", ["x" * 33_000, "\U0001f600" * 20_000, "x" + "\U0001f600" * 20_000])
def test_a_text_too_long_for_a_cell_keeps_all_that_fits_and_says_so(text: str) -> None:
    cut = fit(text)
    units = len(cut.encode("utf-16-le")) // 2
    assert (units in (32_766, 32_767), cut.endswith("the received file)")) == (True, True)
    assert text.startswith(cut.partition(" … ")[0])


@pytest.mark.parametrize("text", ["x" * 32_767, "(" * 32_767])
def test_a_long_word_where_a_person_is_named_takes_no_time(text: str) -> None:
    assert seconds(lambda: match_person(text, PEOPLE)) < 1


def test_a_long_gap_after_the_word_grade_takes_no_time() -> None:
    read = reading("OBS", filled("OBS", complete("OBS", strengths="grade" + " " * 32_000 + "x")))
    assert seconds(lambda: check(read.content, form("OBS"), context("OBS"))) < 1


def test_labels_that_moved_are_found_on_a_long_sheet_in_no_time() -> None:
    read = book(filled("THEM", complete("THEM")))
    long = {name: ((), *rows, *((("x", "y", "z"),) * 19_000)) for name, rows in read.sheets.items()}
    moved = Book(sheets=long)
    found: list[Reading] = []
    assert seconds(lambda: found.append(read_form(moved, form("THEM"), lay_out(form("THEM")), PEOPLE))) < 1
    assert codes(found[0].problems, "E")[:1] != [("SHEET_MISSING", "")]


def test_a_list_pasted_over_the_whole_sheet_is_read_so_far_and_told() -> None:
    row = {"action_text": "Update the plan with the network", "owner": "P016", "due_on": date(2027, 1, 15)}
    read = reading("OBS", filled("OBS", complete("OBS"), (row,) * (MOST_ROWS + 1)))
    assert (len(read.content.rows["actions"]), codes(read.problems, "E")) == (MOST_ROWS, [("ROWS_TOO_MANY", "")])
    assert codes(reading("OBS", filled("OBS", complete("OBS"), (row,) * MOST_ROWS)).problems, "E") == []
