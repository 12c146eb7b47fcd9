"""Receive: one dropped file → read, judged, decided in the register, kept for good. Exactly once, whatever stops us where.

The order makes it so: a local copy first; then the decision, with its journal entry, in one transaction; only then does
the file move. Every step after the decision can be repeated, and `finish` repeats whatever a crash left undone.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path, PurePosixPath

from qaf_sheets import notes
from qaf_sheets.actions import take_actions
from qaf_sheets.book import Book
from qaf_sheets.desk import Desk
from qaf_sheets.files import patiently, sha256, write_atomically
from qaf_sheets.followup import take_follow_up
from qaf_sheets.model import Form, Issue, Problem, Received, Return
from qaf_sheets.moderation import hand_out
from qaf_sheets.register.returns import Kept
from qaf_sheets.register.store import Records
from qaf_sheets.rules import worked_on
from qaf_sheets.verdict import Verdict, judge, looked_at

RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{d}{n}" for d in ("COM", "LPT") for n in "123456789\u00b9\u00b2\u00b3")}
LONGEST_STEM, LONGEST_ENDING = 120, 10
"""Bytes: a file's name has 255 of them on most disks, and a number and a temporary ending are put to it."""


def receive(desk: Desk, path: Path) -> Received:
    """Read, judge, decide, keep. A draft stays where it is; every other outcome leaves the inbox."""
    data = patiently(path.read_bytes)
    now, dropped = desk.now(), desk.workspace.relative(path)
    book = desk.read_bytes(data, path.name)
    staged = _stage(desk, data)
    with desk.register.writing() as records:
        verdict = _judged(desk, records, book, now)
        if verdict.outcome == "draft":
            received = _received(verdict, dropped, None, now)
        else:
            received = _received(verdict, dropped, _keep_as(records, verdict, path.name), now)
            _decide(records, received, verdict, sha256(data))
    if verdict.outcome == "draft":
        staged.unlink(missing_ok=True)
    finish(desk)
    if received.outcome == "accepted" and verdict.form and verdict.form.moderated:
        hand_out(desk)
    return received


def _judged(desk: Desk, records: Records, book: Book | Problem, now: datetime) -> Verdict:
    if isinstance(book, Problem):
        return Verdict(outcome="not_ours", problems=(book,))
    return judge(book, records, desk.plan, workspace_id=desk.workspace.id, key=desk.workspace.key, today=now.date())


def _stage(desk: Desk, data: bytes) -> Path:
    """The bytes as they were read, on the local disk: the drop itself may change or vanish from now on."""
    staged = desk.workspace.staging / sha256(data)
    if not staged.exists():
        write_atomically(staged, data)
    return staged


def _received(verdict: Verdict, dropped: str, kept_as: str | None, now: datetime) -> Received:
    return Received(
        file=dropped, kept_as=kept_as, outcome=verdict.outcome, return_id=verdict.issue.return_id if verdict.issue else None,
        version=verdict.version, problems=verdict.problems, received_at=now,
    )


def _keep_as(records: Records, verdict: Verdict, name: str) -> str:
    """`Received/<quarter>/<issued name> - <n>.xlsx`; a file that is not ours keeps its own name, made safe and different."""
    if verdict.issue is None:
        return _different(f"Received/Not ours/{safe_name(name)}", records.returns.kept_names())
    issued = PurePosixPath(verdict.issue.file).stem
    ending = ".xlsm" if any(p.code == "MACROS" for p in verdict.problems) else ".xlsx"
    n = records.returns.count_of(verdict.issue.return_id) + 1
    return f"Received/{verdict.issue.quarter}/{issued} - {n}{ending}"


def safe_name(name: str) -> str:
    """A stranger's file name as every system can keep it."""
    clean = "".join("_" if c in '<>:"/\\|?*' or not c.isprintable() else c for c in name).strip(" .") or "file"
    stem, dot, ending = clean.rpartition(".")
    stem, ending = (stem, _cut(ending, LONGEST_ENDING)) if dot else (clean, "")
    stem = f"_{stem}" if stem.split(".")[0].strip().upper() in RESERVED else stem
    stem = _cut(stem, LONGEST_STEM)
    return f"{stem}.{ending}" if ending else stem


def _cut(text: str, most: int) -> str:
    """The beginning of a text, in so many bytes at most."""
    return text.encode()[:most].decode(errors="ignore").rstrip(" .")


def _different(place: str, taken: set[str]) -> str:
    """The same place with a number, where it is taken."""
    path, n = PurePosixPath(place), 1
    while str(path).casefold() in taken:
        n += 1
        path = PurePosixPath(place).with_stem(f"{PurePosixPath(place).stem} ({n})")
    return str(path)


def _decide(records: Records, received: Received, verdict: Verdict, sha: str) -> None:
    """One transaction: the file, its answers, its actions, and the journal entry that says so."""
    records.returns.decide(received, sha)
    if verdict.new and verdict.content is not None:
        records.returns.add_version(received, verdict.answers_hash, verdict.content)
    if received.outcome == "accepted" and verdict.content is not None and verdict.issue and verdict.form:
        take_in(records, verdict.issue, verdict.form, verdict.content, received.received_at)
    told = received.model_dump(mode="json", exclude={"problems"}) | {"problems": [p.code for p in received.problems], "sha256": sha}
    records.note(received.received_at, "received", told)


def take_in(records: Records, issue: Issue, form: Form, content: Return, at: datetime) -> None:
    """What follows from a version that counts from now on: its actions, what it followed up, and whom it looked at."""
    take_actions(records, issue, form, content, at)
    take_follow_up(records, form, content, at)
    if not issue.piece:  # moderation looks at no child anew
        records.looked_at.put(issue, looked_at(content, form), worked_on(form, content) or at.date())


def finish(desk: Desk) -> None:
    """Everything that follows a decision and may be repeated: keep the original, tell the manager, clear the inbox."""
    with desk.register.reading() as records:
        left = records.returns.unfiled()
    for kept in left:
        _keep(desk, kept)
        notes.tell(desk, kept.received)
        if _cleared(desk, kept):
            with desk.register.writing() as records:
                records.returns.filed(kept.id)
            (desk.workspace.staging / kept.sha256).unlink(missing_ok=True)


def _keep(desk: Desk, kept: Kept) -> None:
    """The original in its place for good."""
    assert kept.received.kept_as is not None, "a decided file is kept"
    place = desk.workspace.absolute(kept.received.kept_as)
    if not (place.is_file() and sha256(place.read_bytes()) == kept.sha256):
        staged = desk.workspace.staging / kept.sha256
        write_atomically(place, staged.read_bytes())


def _cleared(desk: Desk, kept: Kept) -> bool:
    """The drop is gone from the inbox: removed while it is still the very same bytes; a changed one is a new drop and stays."""
    dropped = desk.workspace.absolute(kept.received.file)
    try:
        if dropped.is_file() and sha256(patiently(dropped.read_bytes)) == kept.sha256:
            patiently(dropped.unlink)
    except OSError:  # no right to delete it, or open again: tried at every pass, and never received twice meanwhile
        return False
    return True


def decided(desk: Desk, path: Path) -> bool:
    """Whether a file in the inbox was decided already and could only not be removed yet."""
    with desk.register.reading() as records:
        left = {(k.received.file, k.sha256) for k in records.returns.unfiled()}
    return bool(left) and (desk.workspace.relative(path), sha256(patiently(path.read_bytes))) in left
