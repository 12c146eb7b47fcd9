"""What stands in a cell and what it means."""

from datetime import date

import pytest
from kit import PEOPLE

from qaf_sheets.dates import read_date
from qaf_sheets.forms.values import match_option, match_person
from qaf_sheets.model import Option, Person

GRADES = (Option(text="Good"), Option(text="Requires improvement (RI)", code="RI", aliases=("Requires improvement", "RI")))


@pytest.mark.parametrize(
    "text", ["13/12/2026", "13-12-2026", "13.12.2026", " 13/12/2026 ", "13 December 2026", "13 Dec 2026", "Sunday 13 December 2026", "13th December 2026", "2026-12-13", "2026-12-13 00:00:00"],
)  # fmt: skip
def test_a_date_in_any_uk_shape_is_read(text: str) -> None:
    found = read_date(text)
    assert found is not None
    assert found.day == date(2026, 12, 13)
    assert not found.serial


def test_a_day_number_is_read_as_its_date() -> None:
    found = read_date(46369)
    assert found is not None
    assert (found.day, found.serial) == (date(2026, 12, 13), True)


@pytest.mark.parametrize("value", ["12/13/2026", "12/13/26", "13/12/26", "31/02/2026", "soon", "", "TBC", 5, 1e9, -3, True, None, "13 Smarch 2026"])
def test_what_is_no_date_is_not_guessed(value: object) -> None:
    assert read_date(value) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(("text", "wanted"), [("good ", "Good"), ("GOOD", "Good"), ("ri", "Requires improvement (RI)"), ("requires  improvement", "Requires improvement (RI)"), ("Good\xa0", "Good")])
def test_an_option_is_known_by_its_aliases(text: str, wanted: str) -> None:
    found = match_option(text, GRADES)
    assert found is not None
    assert found.text == wanted


@pytest.mark.parametrize("text", ["Good/RI", "goodish", "", "-"])
def test_an_option_is_not_guessed(text: str) -> None:
    assert match_option(text, GRADES) is None


@pytest.mark.parametrize("text", ["P041", "p041", "Blake Placeholder (P041)", "blake placeholder", "Blake  Placeholder", "Somebody Else (P041)"])
def test_a_person_is_known_by_id_or_unique_name(text: str) -> None:
    found = match_person(text, PEOPLE)
    assert found is not None
    assert found.person_id == "P041"


def test_two_people_of_one_name_are_not_guessed_between() -> None:
    two = (*PEOPLE, Person(person_id="P999", name="Blake Placeholder", role="SW"))
    assert match_person("Blake Placeholder", two) is None
    found = match_person("Blake Placeholder (P999)", two)
    assert found is not None
    assert found.person_id == "P999"
