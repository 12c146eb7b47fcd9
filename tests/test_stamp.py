"""A stamped form is the form that `write_form` writes, part by part and cell by cell, for everybody who is handed one. All names are invented."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qaf_sheets import workspace
from qaf_sheets.desk import Desk
from qaf_sheets.forms import stamp
from qaf_sheets.forms.stamp import Stamps
from qaf_sheets.forms.write import Sending, write_form
from qaf_sheets.issue import issue, sending
from qaf_sheets.model import Form, Quarter
from qaf_sheets.plan.example import example_plan
from qaf_sheets.plan.write import write_plan

Each = tuple[Form, Sending]
THEN = datetime(2026, 10, 5, 9, 0)


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> list[Each]:
    """What every workbook of the example council's quarter says."""
    root = tmp_path_factory.mktemp("stamps") / "QA"
    place = workspace.create(root, root / ".qaf")
    place.plan.write_bytes(write_plan(example_plan(THEN.date()), created=THEN))
    with pytest.MonkeyPatch.context() as patch, Desk(place, now=lambda: THEN) as at:
        patch.setattr("qaf_sheets.issue.write_all", lambda *_: None)
        handed = issue(at, Quarter.parse("2026-27-Q3"))
        with at.register.reading() as records:
            forms = {i.form_version: kept[0] for i in handed if (kept := records.issues.form(i.form_version))}
        return [(forms[i.form_version], sending(at, at.plan, i, forms[i.form_version])) for i in handed]


def told(data: bytes) -> dict[str, str]:
    """Every part of a workbook as text, each string in the cell that shows it: which number a string has says nothing."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == len(set(archive.namelist()))
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    strings = re.findall(r"<si>(.*?)</si>", parts.pop(stamp.STRINGS), re.DOTALL)
    return {name: re.sub(r' t="s"><v>(\d+)</v>', lambda found: f">{strings[int(found[1])]}", text) for name, text in parts.items()}


def test_everybodys_form_is_the_one_that_was_to_be_written(every: list[Each]) -> None:
    stamps = Stamps()
    activities = {one.issue.activity for _, one in every}
    assert len(activities) > 20
    for form, one in every:
        assert told(stamps.write(form, one)) == told(write_form(form, one)), one.issue.file
    assert 10 < len(stamps._made) < 0.7 * len(every)  # so that many were stamped, even in a council this small


def test_equal_input_gives_equal_bytes(every: list[Each]) -> None:
    form, one = next((f, s) for f, s in every if s.issue.activity == "OBS")
    assert Stamps().write(form, one) == Stamps().write(form, one)


def test_it_opens_in_openpyxl_with_its_names(every: list[Each]) -> None:
    stamps = Stamps()
    two = [(f, s) for f, s in every if s.issue.activity == "OBS"][:2]
    for form, one in two:
        book = openpyxl.load_workbook(io.BytesIO(stamps.write(form, one)))
        shown = {str(c.value) for row in book.worksheets[0].iter_rows() for c in row if c.value}
        assert any(one.issue.person_name in s for s in shown)
        assert not any("qaf-mark" in s for s in shown)
        assert one.issue.return_id in str(book.properties.title)


NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(
    ["Amy & Bob <Test>", '"quoted"', "qaf-mark-0003", "_x0041_", " edge", "edge ", "two  spaces", "a\nb", "\x07", "9000001", "=1+1", "\ufffe", "x" * 600, "\U0001f600", "O'Invented"],
)


def test_whatever_people_are_called(every: list[Each]) -> None:
    form, one = next((f, s) for f, s in every if s.issue.activity == "OBS")
    stamps = Stamps()

    @settings(max_examples=60, deadline=None)
    @given(NAMES, NAMES, NAMES)
    def called(person: str, team: str, about: str) -> None:
        said = one.model_copy(update={
            "issue": one.issue.model_copy(update={"person_name": person, "role_team": team, "facts": {**one.issue.facts, "about": about, "about_person": about}}),
            "people": tuple(dict.fromkeys(name for name in (person, team, about) if name)),
        })
        assert told(stamps.write(form, said)) == told(write_form(form, said))

    called()


@pytest.mark.parametrize(("digits", "child"), [(6, "123456"), (8, "12345678"), (7, "123456"), (2, "12"), (7, "9999998")])
def test_however_many_digits_a_childs_id_has(every: list[Each], digits: int, child: str) -> None:
    form, one = next((f, s) for f, s in every if s.issue.activity == "CCR")
    sections = tuple(s.model_copy(update={"fields": tuple(q.model_copy(update={"digits": digits}) for q in s.fields)}) for s in form.sections)
    form = form.model_copy(update={"sections": sections})
    said = one.model_copy(update={"issue": one.issue.model_copy(update={"facts": {**one.issue.facts, "child_id": child, "about": f"Child ID {child}"}})})
    assert told(Stamps().write(form, said)) == told(write_form(form, said))
