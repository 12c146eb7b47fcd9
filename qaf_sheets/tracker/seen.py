"""What a saved tracker looks like, by row and column number: widths, what is hidden, colours, notes, filters. Runs in the reading worker, like `read_book`.

Anybody edits a tracker, so its archive is checked first and walked through within the same limits.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element

from qaf_sheets.asides import Comment, comments_with_authors
from qaf_sheets.book import paths_of
from qaf_sheets.look import INK, INPUT
from qaf_sheets.markup import local, walk
from qaf_sheets.model import Record
from qaf_sheets.package import Package
from qaf_sheets.references import split_cell
from qaf_sheets.tracker.filters import MOST_WANTED, TRUE, WANTED, WAYS, Filter, Wanted, allowed

THEME = ("lt1", "dk1", "lt2", "dk2", *(f"accent{n}" for n in range(1, 7)), "hlink", "folHlink")
"""The theme's colours in the order in which cells number them."""
OUR_INK, OUR_FILL = ("", "#000000", INK.upper()), ("", "#FFFFFF", INPUT.upper())
MAX_LOOKS, MAX_NOTES, MAX_FREEZE, MAX_WIDTH = 50_000, 5_000, (40, 12), 1_200
FORMATS = {9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 14: "dd/mm/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "hh:mm", 21: "hh:mm:ss", 22: "dd/mm/yyyy hh:mm"}
"""Formats that a workbook names by number only; 0 to 4 and 37 to 49 by rule."""
FORMATS |= {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 37: "#,##0;-#,##0", 38: "#,##0;[Red]-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;[Red]-#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss"}


FORMAT = re.compile(
    r"""(?:"[^"]{0,40}"|\[(?:Black|Blue|Cyan|Green|Magenta|Red|White|Yellow|Color ?[0-9]{1,2}|h+|m+|s+|\$[^\[\]"]{0,20}|[<>=]{1,2}-?[0-9.]{1,12})\]|[\\_*].|General|AM/PM|[-0-9#?.,%/:;+ ()$£€@dmyhsE]){0,80}"""
)
"""What the format of a number may say: one that Excel cannot read would cost the whole workbook."""


class Look(Record):
    """What a person would mean by how a cell looks, where it is not as we write it. `format` is how a number of their own is shown."""

    fill: str = ""
    ink: str = ""
    bold: bool = False
    strike: bool = False
    format: str = ""


class Note(Record):
    """A note on a cell, and who wrote it."""

    text: str
    author: str = ""


class Seen(Record):
    """One sheet. `numbers` are those in people's own columns; `other_filters` tells that it is filtered in a way that we do not keep, `pictured` that it has charts, pictures or the like."""

    widths: Mapping[int, int] = {}
    hidden_columns: frozenset[int] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    looks: Mapping[int, Mapping[int, Look]] = {}
    numbers: Mapping[int, Mapping[int, float]] = {}
    notes: Mapping[int, Mapping[int, Note]] = {}
    filters: Mapping[int, Filter] = {}
    other_filters: bool = False
    freeze: tuple[int, int] = (0, 0)
    zoom: int = 100
    pictured: bool = False


def see(data: bytes, own: Mapping[str, tuple[int, ...]]) -> dict[str, Seen]:
    """How the sheets named look; `own` are the numbers of people's own columns on each. Raises for what cannot be read: then nothing was arranged."""
    package, paths = Package(data), paths_of(data)
    workbook = next(r.path for r in package.relations("").values() if r.kind == "officeDocument")
    parts = {r.kind: r.path for r in package.relations(workbook).values()}
    looks = _looks(package.tree(parts["styles"]), _theme(package, parts.get("theme", "")))
    dated = _from_1904(package.tree(workbook))
    return {name: _seen(package, paths[name], looks, frozenset(() if dated else columns)) for name, columns in own.items() if name in paths}


def _from_1904(root: Element) -> bool:
    """Whether days are counted from 1904: then numbers are left to the reader of values, which knows of it."""
    return any(e.get("date1904") in TRUE for e in root.iter() if local(str(e.tag)) == "workbookPr")


def _seen(package: Package, path: str, looks: Sequence[Look], own: frozenset[int]) -> Seen:
    walked = _Walk(looks, own)
    walk(package.read(path), walked.start, walked.end, walked.text)
    for table in (r.path for r in package.relations(path).values() if r.kind == "table" and r.path in package):
        walk(package.read(table), walked.start, walked.end)
    comments = comments_with_authors(package, path)
    return Seen(
        widths=walked.widths, hidden_columns=frozenset(walked.hidden_columns), hidden_rows=frozenset(walked.hidden_rows), looks=walked.looks, numbers=walked.numbers,
        notes=_notes(comments), filters={n: f for n, f in walked.filters.items() if f.sound}, other_filters=any(not f.sound for f in walked.filters.values()),
        freeze=walked.freeze, zoom=walked.zoom, pictured=any(r.kind in ("drawing", "pivotTable") for r in package.relations(path).values()),
    )


def _notes(comments: Mapping[str, Comment]) -> dict[int, dict[int, Note]]:
    found: dict[int, dict[int, Note]] = {}
    for cell, comment in [*comments.items()][:MAX_NOTES]:
        row, column = split_cell(cell)
        found.setdefault(row, {})[column] = Note(text=comment.text, author=comment.author)
    return found


# ---------------------------------------------------------------- the sheet


class _Walk:
    """Where the walk through a sheet, and then through its table, has got to."""

    def __init__(self, looks: Sequence[Look], own: frozenset[int]) -> None:
        self.styles, self.own = looks, own
        self.widths, self.filters = dict[int, int](), dict[int, Filter]()
        self.hidden_columns, self.hidden_rows = set[int](), set[int]()
        self.looks, self.numbers = dict[int, dict[int, Look]](), dict[int, dict[int, float]]()
        self.freeze, self.zoom = (0, 0), 100
        self.row = self.column = self.first = self.filtered = self.count = 0
        self.number = ""
        self.numeric = False

    def start(self, name: str, said: dict[str, str]) -> None:
        """Each element that says something of the arrangement has a method of its name."""
        told = getattr(self, f"_{name}", None) if name in HEARD else None
        if told:
            told(said)
        elif self.filtered:
            self._filter_part(name, said)

    def end(self, name: str) -> None:
        if name == "v" and self.numeric:
            self.numeric = False
            if re.fullmatch(r"[-+0-9.eE]{1,40}", self.number):
                self.numbers.setdefault(self.row, {})[self.column] = float(self.number)
        elif name == "filterColumn":
            self.filtered = 0

    def text(self, said: str) -> None:
        if self.numeric and self.number is not None:
            self.number += said

    def _sheetView(self, said: Mapping[str, str]) -> None:  # noqa: N802 - the element's name
        zoom = _whole(said.get("zoomScale", "100"))
        self.zoom = zoom if 10 <= zoom <= 400 else 100

    def _pane(self, said: Mapping[str, str]) -> None:
        rows, columns = (_whole(said.get(name, "0")) for name in ("ySplit", "xSplit"))
        if said.get("state", "").startswith("frozen") and rows <= MAX_FREEZE[0] and columns <= MAX_FREEZE[1]:
            self.freeze = (rows, columns)

    def _col(self, said: Mapping[str, str]) -> None:
        first, last = _whole(said.get("min", "0")), _whole(said.get("max", "0"))
        for column in range(first, min(last, 256) + 1):
            if "width" in said and float(said["width"]) > 0:
                self.widths[column] = min(MAX_WIDTH, round(float(said["width"]) * 7))
            if said.get("hidden") in TRUE:
                self.hidden_columns.add(column)

    def _row(self, said: Mapping[str, str]) -> None:
        self.row, self.column = _whole(said["r"]) if "r" in said else self.row + 1, 0
        if said.get("hidden") in TRUE:
            self.hidden_rows.add(self.row)

    def _c(self, said: Mapping[str, str]) -> None:
        self.column = split_cell(said["r"])[1] if "r" in said else self.column + 1
        self.number, self.numeric = "", False
        self.kind = said.get("t", "n")
        look = self.styles[_whole(said.get("s", "0"))]
        wanted = look if self.column in self.own and self.kind == "n" else look.model_copy(update={"format": ""})
        if wanted != Look() and self.count < MAX_LOOKS:
            self.count += 1
            self.looks.setdefault(self.row, {})[self.column] = wanted

    def _v(self, said: Mapping[str, str]) -> None:
        self.numeric = self.column in self.own and self.kind == "n"

    def _autoFilter(self, said: Mapping[str, str]) -> None:  # noqa: N802 - the element's name
        cell = said.get("ref", "A1").partition(":")[0]
        self.first = split_cell(cell)[1]

    def _filterColumn(self, said: Mapping[str, str]) -> None:  # noqa: N802 - the element's name
        self.filtered = self.first + _whole(said.get("colId", "0"))

    def _filter_part(self, name: str, said: Mapping[str, str]) -> None:
        """How a column is filtered, then each thing wanted of it."""
        known = self.filters.get(self.filtered)
        if name in WANTED and known and len(known.wanted) < MOST_WANTED:
            self.filters[self.filtered] = known.model_copy(update={"wanted": (*known.wanted, Wanted(kind=name, said=allowed(name, said, WANTED)))})
        elif name in WAYS:
            self.filters[self.filtered] = Filter(way=name, said=allowed(name, said, WAYS))
        elif name in ("colorFilter", "iconFilter"):
            self.filters[self.filtered] = Filter(way=name)


HEARD = frozenset({"sheetView", "pane", "col", "row", "c", "v", "autoFilter", "filterColumn"})


def _whole(said: str) -> int:
    """A whole number; LibreOffice writes some with a point. Raises ValueError."""
    return int(float(said))


# ---------------------------------------------------------------- looks


class _Font(NamedTuple):
    ink: str
    bold: bool
    strike: bool


def _looks(styles: Element, theme: Mapping[int, str]) -> list[Look]:
    """What each cell format of the workbook means."""
    fonts = [_Font(_colour(_child(f, "color"), theme), _on(_child(f, "b")), _on(_child(f, "strike"))) for f in _each(styles, "fonts")]
    fills = [_fill(_child(f, "patternFill"), theme) for f in _each(styles, "fills")]
    formats = {_whole(f.get("numFmtId", "0")): f.get("formatCode", "") for f in _each(styles, "numFmts")}
    return [_look(x, fonts, fills, formats) for x in _each(styles, "cellXfs")]


def _look(x: Element, fonts: Sequence[_Font], fills: Sequence[str], formats: Mapping[int, str]) -> Look:
    font, fill, number = fonts[_whole(x.get("fontId", "0"))], fills[_whole(x.get("fillId", "0"))], _whole(x.get("numFmtId", "0"))
    shown = formats.get(number, FORMATS.get(number, ""))
    shown = shown if FORMAT.fullmatch(shown) else ""
    return Look(
        fill="" if fill in OUR_FILL else fill, ink="" if font.ink in OUR_INK else font.ink, bold=font.bold, strike=font.strike, format="" if shown in ("General", "@") else shown,
    )  # fmt: skip


def _fill(pattern: Element | None, theme: Mapping[int, str]) -> str:
    return _colour(_child(pattern, "fgColor"), theme) if pattern is not None and pattern.get("patternType") == "solid" else ""


def _each(root: Element, name: str) -> Iterator[Element]:
    return (e for group in root if local(str(group.tag)) == name for e in group)


def _child(of: Element | None, name: str) -> Element | None:
    return next((e for e in of if local(str(e.tag)) == name), None) if of is not None else None


def _on(mark: Element | None) -> bool:
    return mark is not None and mark.get("val", "1") in TRUE


def _theme(package: Package, path: str) -> dict[int, str]:
    """The theme's colours by number; a workbook without a theme has none."""
    if path not in package or not path:
        return {}
    scheme = next((e for e in package.tree(path).iter() if local(str(e.tag)) == "clrScheme"), None)
    named = {local(str(e.tag)): next((c.get("lastClr") or c.get("val") or "" for c in e), "") for e in (scheme if scheme is not None else ())}
    return {n: named[name] for n, name in enumerate(THEME) if re.fullmatch("[0-9A-Fa-f]{6}", named.get(name, ""))}


def _colour(said: Element | None, theme: Mapping[int, str]) -> str:
    """#RRGGBB; '' for the usual one, and for those of a palette that no program has written for long."""
    if said is None:
        return ""
    plain = said.get("rgb", "")[-6:] or theme.get(_whole(said.get("theme", "-1")), "")
    if not re.fullmatch("[0-9A-Fa-f]{6}", plain):
        return ""
    return f"#{_tinted(plain, float(said.get('tint', '0'))).upper()}"


def _tinted(colour: str, tint: float) -> str:
    """Lighter or darker, as Excel's palette of a theme's colours is."""
    if not tint:
        return colour
    hue, light, strength = colorsys.rgb_to_hls(*(int(colour[n : n + 2], 16) / 255 for n in (0, 2, 4)))
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    return "".join(f"{round(255 * part):02X}" for part in colorsys.hls_to_rgb(hue, min(1, max(0, light)), strength))
