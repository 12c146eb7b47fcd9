"""The Word files: text as typed, the same bytes for the same facts, and templates that people can spoil without harm."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

import pytest
import sample
from docx import Document as Word
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from papers import AREA, DLT, HEAD, OVERDUE, ROUT, SERVICE, W, full, head, lines, opened, said, shipped, under, written

from qaf_sheets.model import Action
from qaf_sheets.outputs.documents import Document
from qaf_sheets.telling import Names, told

# ---------------------------------------------------------------- text is text

HOSTILE = (
    "{{ 7*7 }} {% for x in y %} {# gone? #} {_{ 7 }_} {_% raw %_}", "a <&> b </w:t></w:r> & &amp; &#95;", "=cmd|' /C calc'!A0", "it's “quoted” \"twice\" ’", "  two  spaces  kept", "tab\there",
    "x" * 32_000,
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda t: t[:20])
def test_text_comes_out_as_it_was_typed(text: str) -> None:
    assert "".join(under(head(well=text), "WHAT'S WORKING WELL")[:1]).strip() == text.strip()


def test_what_word_cannot_hold_becomes_a_space_and_loses_nothing_else() -> None:
    document = head(well="bell\x07 page\x0c lone\ud800 end\ufffe.", learning="After it.")
    assert under(document, "WHAT'S WORKING WELL")[0] == "bell  page  lone  end ."
    assert under(document, "Learning") == ["After it."]


def test_hostile_text_is_harmless_in_every_place() -> None:
    evil = "{{ 7*7 }} <&> \x07\ud800{_{"
    named = sample.snapshot()
    action = Action(action_id="ACT-2026Q3-0001", quarter="2026-27-Q3", area=AREA, cells={"action_text": evil, "owner": evil, "status": evil, "intended_impact": evil})
    plan = sample.PLAN.model_copy(update={"settings": {**sample.PLAN.settings, "council": evil}})
    document = written(said(named.model_copy(update={"actions": (action,), "plan": plan}), ROUT, head_of_service=evil, completed_by=evil))[HEAD]
    assert "49" not in "".join(lines(document))
    assert sum("{{ 7*7 }} <&>" in line for line in lines(document)) >= 4
    assert opened(document).sections[0].header.paragraphs[0].text.startswith("{{ 7*7 }} <&>   {_{")


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs"), exclude_characters="\ufffe\uffff"), min_size=1, max_size=60))
def test_any_text_survives(text: str) -> None:
    assume(not list(told(text, Names())))  # what looks like a postcode is held back
    assert under(head(well=text), "WHAT'S WORKING WELL")[0] == text.strip()


def test_a_withheld_answer_is_never_shown() -> None:
    everything = "\n".join(line for document in full().values() for line in lines(document))
    assert sample.WITHHELD not in everything


# ---------------------------------------------------------------- the file


def test_the_same_snapshot_gives_the_same_bytes() -> None:
    assert {p: d.data for p, d in written(sample.snapshot()).items()} == {p: d.data for p, d in written(sample.snapshot()).items()}


def test_a_later_look_with_nothing_new_gives_the_same_bytes() -> None:
    later = sample.snapshot().model_copy(update={"as_at": sample.AS_AT + timedelta(hours=3)})
    assert {p: d.data for p, d in written(later).items()} == {p: d.data for p, d in written(sample.snapshot()).items()}


def test_no_author_is_named_in_the_properties_and_the_title_is_plain() -> None:
    about = opened(full()[HEAD]).core_properties
    assert (about.author, about.last_modified_by, about.language) == ("", "", "en-GB")
    assert about.title == "HEAD OF SERVICE SUMMARY OF ROUTINE QUALITY ASSURANCE"


@pytest.mark.parametrize("path", [HEAD, SERVICE])
def test_tables_are_described_and_repeat_their_heading(path: str) -> None:
    tables = opened(full()[path]).tables
    assert all(t._tbl.tblPr.find(f"{W}tblDescription") is not None for t in tables)
    listing = [t for t in tables if len(t.columns) > 2]
    assert len(listing) == 2
    assert all(t.rows[0]._tr.find(f"{W}trPr/{W}tblHeader") is not None for t in listing)


def test_header_and_footer_carry_council_marking_and_pages() -> None:
    section = opened(full()[SERVICE]).sections[0]
    assert section.header.paragraphs[0].text == "Marlbrook Borough Council\tOFFICIAL-SENSITIVE"
    assert [i.text.strip() for i in section.footer._element.iter(f"{W}instrText")] == ["PAGE", "NUMPAGES"]


@pytest.mark.parametrize("path", [HEAD, OVERDUE, SERVICE, DLT])
def test_no_tag_is_left_in_a_document(path: str) -> None:
    clean: Mapping[str, object] = {"forms": {}, "returns": (), "actions": ()}
    with zipfile.ZipFile(io.BytesIO(written(sample.snapshot().model_copy(update=clean))[path].data)) as word:
        assert not [n for n in word.namelist() if n.endswith(".xml") and re.search(rb"\{[{%]", word.read(n))]


# ---------------------------------------------------------------- templates that people edit


def with_paragraph(name: str, *texts: str) -> bytes:
    document = Word(io.BytesIO(shipped(name)))
    for text in texts:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


HEAD_TEMPLATE = "head_of_service_summary.docx"


def from_council(make: Callable[[], bytes]) -> dict[str, Document]:
    return written(sample.snapshot(), lambda name: make() if name == HEAD_TEMPLATE else shipped(name))


def codes(found: Iterable[Document]) -> list[str]:
    return [p.code for d in found for p in d.problems]


def test_a_councils_own_template_is_used() -> None:
    found = from_council(lambda: with_paragraph(HEAD_TEMPLATE, "Our own words, {{ period }}."))
    assert lines(found[HEAD])[-1] == "Our own words, Q3 2026-27 (October to December 2026)."
    assert codes(found.values()) == []


@pytest.mark.parametrize(
    ("texts", "code", "words"),
    [
        (("Dear {{ counncil }},",), "TEMPLATE_UNKNOWN", ("counncil", "'council'", "Dear")),
        (("See {{ well.linez.first }}.",), "TEMPLATE_UNKNOWN", ("linez", "'lines'", "See")),
        (("Oh {{ council",), "TEMPLATE_MISTAKE", ()),
        (("{% fro x in y %} here",), "TEMPLATE_MISTAKE", ("fro", "here")),
        (("{{ council | shout }} now",), "TEMPLATE_MISTAKE", ("shout", "now")),
        (("{%p for line in missing %}",), "TEMPLATE_MISTAKE", ("for",)),
        (("Sum {{ 1 / 0 }}",), "TEMPLATE_MISTAKE", ("Sum",)),
        (("Peek {{ ''.__class__.__mro__ }}",), "TEMPLATE_MISTAKE", ("Peek",)),
    ],
)
def test_a_mistake_in_a_template_is_told_and_the_shipped_one_used(texts: tuple[str, ...], code: str, words: tuple[str, ...]) -> None:
    found = from_council(lambda: with_paragraph(HEAD_TEMPLATE, *texts))
    assert codes(found.values()) == [code]  # once, though four documents need it
    (told,) = (p for d in found.values() for p in d.problems)
    assert HEAD_TEMPLATE in told.message
    assert not [w for w in words if w not in told.message]
    assert {p: d.data for p, d in found.items()} == {p: d.data for p, d in written(sample.snapshot()).items()}


@pytest.mark.parametrize("data", [b"", b"not a Word file", shipped(HEAD_TEMPLATE)[:5000]])
def test_a_broken_template_stops_nothing(data: bytes) -> None:
    found = from_council(lambda: data)
    assert codes(found.values()) == ["TEMPLATE_BROKEN"]
    assert set(found) == set(full())


def test_a_template_that_cannot_be_read_stops_nothing() -> None:
    def locked() -> bytes:
        raise PermissionError

    assert codes(from_council(locked).values()) == ["TEMPLATE_BROKEN"]
