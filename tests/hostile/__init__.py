"""Hostile and unlucky variants of one real, filled-in form, each with what must become of it. `python -m hostile` (in tests/) prints the table."""

from hostile import archives, cells, entities, formats, unlucky, workbooks
from hostile.making import Variant

VARIANTS: tuple[Variant, ...] = (*archives.ROWS, *entities.ROWS, *cells.ROWS, *workbooks.ROWS, *formats.ROWS, *unlucky.ROWS)
