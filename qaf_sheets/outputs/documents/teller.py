"""Somebody's own words in a document whose readers may not learn who is meant: a paragraph that may tell it is held back, and says so (specification 7.3)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from qaf_sheets.model import Plan, Version
from qaf_sheets.outputs.documents.words import own_words
from qaf_sheets.outputs.figures.said import may_name
from qaf_sheets.problems import count
from qaf_sheets.telling import Names, full_names, told


def tells(text: str, staff: Names, child: re.Pattern[str] | None) -> list[str]:
    """What in a text tells who somebody is: a name of `staff`, a date of birth and the like, a `child`'s reference; nothing where it may be shown."""
    kinds = list(told(text, staff))
    return [*kinds, "a child’s reference"] if child and child.search(text) else kinds


class Teller:
    """Shows words to readers who may see these names of staff, and children's references where `children`."""

    def __init__(self, plan: Plan, names: Collection[str] = (), *, children: bool = False) -> None:
        self._staff = full_names(p.name for p in plan.people if p.name not in names)
        self._child = None if children else child_reference(plan)

    def tells(self, text: str) -> list[str]:
        """What in a text tells who somebody is; nothing where it may be shown."""
        return tells(text, self._staff, self._child)

    def words(self, version: Version | None, field: str) -> Iterator[str]:
        """An answer by paragraph; where the checks took something in it for a name, or it may tell who is meant, a line that says so."""
        paragraphs, held = own_words(version, field), 0
        answer = version.content.answers.get(field) if version else None
        named = version is not None and may_name(version, answer) and not any(self.tells(p) for p in paragraphs)
        for paragraph in paragraphs:
            if named or self.tells(paragraph):
                held += 1
            else:
                yield paragraph
        if version and answer and held:
            yield f"{count(held, 'paragraph is', 'paragraphs are')} held back: {'it' if held == 1 else 'they'} may tell who somebody is. The words stand in {version.issue.return_id}, sheet {answer.sheet}, {answer.cell}."


def child_reference(plan: Plan) -> re.Pattern[str]:
    """What a child's reference looks like in this council."""
    return re.compile(rf"(?<![\w/-])\d{{{plan.setting('child_id_digits')}}}(?![\w/-])")
