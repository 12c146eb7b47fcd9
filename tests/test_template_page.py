"""The page of the templates says all that they can use, and nothing that they cannot."""

from __future__ import annotations

from full_quarter import contexts
from make_templates_page import PAGE, page, told, unused, words
from papers import TEMPLATES

from qaf_sheets.outputs.documents import DOCUMENTS


def test_every_value_has_words_and_no_words_are_left_over() -> None:
    missing = []
    for template, paths in contexts().items():
        for path in paths:
            try:
                words(template, path, told())
            except KeyError:
                missing.append(f"{template}: {path}")
    assert missing == []
    assert unused(contexts(), told()) == []


def test_the_page_is_made_from_them() -> None:
    assert PAGE.read_text("utf-8") == page(contexts(), told())


def test_every_template_is_a_kind_of_document_and_stands_on_the_page() -> None:
    assert {k.template for k in DOCUMENTS} == {p.name for p in TEMPLATES.glob("*.docx")} == set(told()["called"]) == set(contexts())
