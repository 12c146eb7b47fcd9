"""Makes the pictures of `managers-walk.md`: an invented manager's returns, from the form handed out to the one accepted.

Run `python docs/make_pictures.py` where qaf-sheets, LibreOffice (soffice) and pdftoppm (Debian: poppler-utils) are installed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from qaf_sheets import workspace
from qaf_sheets.demo.fill import typed
from qaf_sheets.desk import Desk
from qaf_sheets.issue import issue
from qaf_sheets.model import Form, Issue, Layout, Quarter, Value
from qaf_sheets.plan.example import example_plan
from qaf_sheets.plan.write import write_plan
from qaf_sheets.receive import receive

PICTURES = Path(__file__).with_name("pictures")
QUARTER = Quarter(year=2026, number=3)
PROSE = {
    "strengths": "She let the young person set the pace, used the words-and-pictures work they had begun, and checked what had been understood before leaving.",
    "areas_for_development": "Say at the start how long the visit will be and what will be written down afterwards.",
    "reflections": "We talked about what the young person might have said had the television been off, and agreed to try a walk next time.",
    "child_voice": "They said they like it when the same person comes, and want to be asked about school and not only about home.",
    "ed_understanding": "The plan names the family's faith and what Fridays mean to them, and visits are arranged around it.",
    "ed_response": "An interpreter from outside the family's own community was booked, because the mother asked for that.",
}
SAID: dict[str, Value] = {
    **PROSE, "observed_on": date(2026, 11, 18), "nature": "Supervision", "immediate_concern": "No", "ed_evaluation": "Evident", "actions_any": "No further action",
    "no_action_reason": "What we agreed is already in the supervision notes.", "completed_on": date(2026, 11, 20),
}  # fmt: skip
SLIPS: dict[str, Value] = {"observed_on": "18/11/26", "areas_for_development": "tbc", "ed_response": None}
GRADED: dict[str, Value] = {
    "assessment": "Up to date, and it says plainly what life is like for this child.", "assessment_grade": "Good",
    "planning": "The plan lists what professionals will do; the family's own network is named once and given nothing to do.", "planning_grade": "Requires improvement (RI)",
}


class Picture:
    """Turns one page of a workbook into a picture: what to show is a page of its PDF and how much of it, in points from the top."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch

    def take(self, name: str, book: bytes, page: int, *, height: int = 0, top: int = 0) -> None:
        """`name`.png beside this script."""
        (self.scratch / f"{name}.xlsx").write_bytes(book)
        office = [tool("soffice"), f"-env:UserInstallation={(self.scratch / 'profile').as_uri()}", "--headless", "--convert-to", "pdf", "--outdir", str(self.scratch), str(self.scratch / f"{name}.xlsx")]
        subprocess.run(office, check=True, capture_output=True)  # noqa: S603 - our own words
        cut = ["-x", "0", "-y", str(top), "-W", "0", "-H", str(height)] if height else []
        draw = [tool("pdftoppm"), "-r", "80", "-png", "-singlefile", "-f", str(page), "-l", str(page), *cut, str(self.scratch / f"{name}.pdf"), str(PICTURES / name)]
        subprocess.run(draw, check=True)  # noqa: S603 - our own words
        sys.stdout.write(f"pictures/{name}.png\n")


def tool(name: str) -> str:
    """A program that draws; a clear word when it is missing."""
    found = shutil.which(name)
    if not found:
        raise SystemExit(f"'{name}' is not installed. The pictures need LibreOffice (soffice) and poppler-utils (pdftoppm).")
    return found


class Manager:
    """One form of one kind that was handed out, as its manager has it."""

    def __init__(self, desk: Desk, activity: str) -> None:
        self.desk = desk
        self.issue: Issue = issue(desk, QUARTER, activity=activity)[0]
        with desk.register.reading() as records:
            kept = records.issues.form(self.issue.form_version)
        assert kept is not None
        self.form: Form = kept[0]
        self.layout: Layout = kept[1]
        self.path = desk.workspace.absolute(self.issue.file)

    def typed(self, said: Mapping[str, Value], book: bytes | None = None) -> bytes:
        """The form, or the copy that came back, with answers typed in."""
        return typed(book or self.path.read_bytes(), self.layout, dict(said), [])

    def drop(self, data: bytes) -> str:
        """Into Return here; gives what became of it."""
        place = self.desk.workspace.return_here / self.path.name
        place.write_bytes(data)
        return receive(self.desk, place).outcome

    @property
    def copy(self) -> Path:
        """What comes back when something has to be put right."""
        return self.desk.workspace.needs_fixing / self.issue.person_id / self.path.name


def walk(desk: Desk, picture: Picture) -> None:
    """Issued, filled in, a mistake, the copy that comes back, fixed, accepted."""
    seen = Manager(desk, "OBS")
    picture.take("walk-1-start", seen.path.read_bytes(), 1)
    picture.take("walk-2-questions", seen.path.read_bytes(), 2, height=560)
    sent = seen.typed({**SAID, **SLIPS})
    picture.take("walk-3-nearly", sent, 1)
    assert seen.drop(sent) == "needs_fixing"
    picture.take("walk-4-please-fix", seen.copy.read_bytes(), 1, height=300)
    picture.take("walk-5-marked", seen.copy.read_bytes(), 3, height=560)
    mended = seen.typed({k: SAID[k] for k in SLIPS}, seen.copy.read_bytes())
    picture.take("walk-6-changed", mended, 1, height=300)
    picture.take("walk-7-ready", mended, 2)
    assert seen.drop(mended) == "accepted"
    review = Manager(desk, "CCR")
    picture.take("walk-8-grades", review.typed(GRADED), 2, height=780, top=150)


def main() -> None:
    """All pictures anew, in a workspace that is thrown away."""
    PICTURES.mkdir(exist_ok=True)
    now = datetime(2026, 11, 20, 9, 0)
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "Quality assurance"
        place = workspace.create(root, root / ".qaf")
        place.plan.write_bytes(write_plan(example_plan(now.date()), created=now))
        with Desk(place, now=lambda: now) as desk:
            walk(desk, Picture(Path(scratch)))


if __name__ == "__main__":
    main()
