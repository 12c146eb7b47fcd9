"""Bar charts for the documents. Title and source are real text in the document; the picture holds labels and counts, and its own words for people who cannot see it."""

from __future__ import annotations

import textwrap
import warnings
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from qaf_sheets.look import ACCENTS, GRADE_COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, TEAL, PLUM, ORANGE, GREY = ACCENTS[:5]
INK = "#0B0C0C"
GRADES = tuple(GRADE_COLOURS.items())
ANSWERS = (("Yes", BLUE), ("Partly", TEAL), ("No", ORANGE))
DARK = {BLUE, PLUM, "#2073BC"}
FONTS = ("Arial", "Liberation Sans", "DejaVu Sans")
WIDTH_CM = 16.6
INCH = 2.54
WRAP = 32


class Chart(NamedTuple):
    """Bars of equal length, each split into its parts. `rows` are (name, counts), `series` (name, colour) of each part."""

    counted: str
    series: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        said = (f"{name}: {', '.join(f'{n} {part}' for (part, _), n in zip(self.series, counts, strict=True))} (n = {sum(counts)})" for name, counts in self.rows)
        return f"Bar chart of {self.counted}. {'; '.join(said)}."


def chart(counted: str, series: tuple[tuple[str, str], ...], rows: dict[str, tuple[int, ...]]) -> Chart | None:
    """A chart of the rows that count anything; None when none does."""
    kept = tuple((name, counts) for name, counts in rows.items() if sum(counts))
    return Chart(counted, series, kept) if kept else None


@lru_cache(maxsize=64)
def draw(it: Chart) -> bytes:
    """The picture as PNG; the same chart gives the same bytes. matplotlib is loaded with the first one: most commands draw nothing."""
    import matplotlib as mpl
    from matplotlib import font_manager
    from matplotlib.figure import Figure

    known = set(font_manager.get_font_names())
    font = next((f for f in FONTS if f in known), FONTS[-1])
    with mpl.rc_context({"font.family": font, "font.size": 10, "text.parse_math": False}):
        labels = [_label(name) for name, _ in it.rows]
        heights = [0.19 + 0.15 * (label.count("\n") + 1) for label in labels]
        figure = Figure(figsize=(WIDTH_CM / INCH, 0.5 + sum(heights)), dpi=200)
        axes = figure.add_axes((0.375, 0.0, 0.54, 1 - 0.42 / figure.get_figheight()))
        _bars(axes, it, labels, heights)
        _legend(figure, it)
        held = BytesIO()
        with warnings.catch_warnings(action="ignore"):  # a letter that the font lacks is drawn as a box; the words stand in the text as well
            figure.savefig(held, format="png", metadata={"Software": None})
    return held.getvalue()


def _label(name: str) -> str:
    plain = "".join(c if c.isprintable() else " " for c in name)
    return "\n".join(textwrap.wrap(textwrap.shorten(plain, 3 * WRAP, placeholder=" …"), WRAP)) or " "


def _bars(axes: Axes, it: Chart, labels: list[str], heights: list[float]) -> None:
    places, top = [], 0.0
    for (_, counts), height in zip(it.rows, heights, strict=True):
        places.append(top + height / 2)
        _bar(axes, places[-1], counts, it.series)
        top += height
    axes.set_yticks(places, labels)
    axes.set_ylim(top, 0)
    axes.set_xlim(0, 1)
    axes.set_xticks([])
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _bar(axes: Axes, place: float, counts: tuple[int, ...], series: tuple[tuple[str, str], ...]) -> None:
    left, total = 0.0, sum(counts)
    for n, (_, colour) in zip(counts, series, strict=True):
        width = n / total
        axes.barh(place, width, left=left, color=colour, edgecolor="white", linewidth=1.2, height=0.25)
        if n:
            axes.text(left + width / 2, place, str(n), ha="center", va="center_baseline", fontsize=9.5, color="white" if colour in DARK else INK)
        left += width
    axes.text(1.015, place, f"n = {total}", va="center_baseline", fontsize=9.5, color=GREY)


def _legend(figure: Figure, it: Chart) -> None:
    from matplotlib.patches import Rectangle

    handles: list[Any] = [Rectangle((0, 0), 1, 1, color=colour) for _, colour in it.series]
    names = [_label(name) for name, _ in it.series]
    figure.legend(
        handles, names, loc="upper left", ncols=min(len(names), 4), frameon=False, fontsize=10, handlelength=1, handleheight=1, borderaxespad=0.1, columnspacing=1.6,
    )  # fmt: skip
