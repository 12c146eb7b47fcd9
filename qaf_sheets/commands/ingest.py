"""`ingest`: one pass over `Return here`, then the outputs that changed. `watch` runs the same pass again and again."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from rich.progress import Progress

from qaf_sheets.commands.say import OUTCOMES, desk, err, out, say_json, say_problems, say_table
from qaf_sheets.desk import Desk
from qaf_sheets.error_handler import UsageError
from qaf_sheets.model import Received
from qaf_sheets.outlet import Written
from qaf_sheets.problems import count, problem
from qaf_sheets.publish import publish
from qaf_sheets.purge import finish_purges
from qaf_sheets.receive import Taken, decided, finish, settle, take
from qaf_sheets.register import RegisterError
from qaf_watchers.inbox import InboxGoneError, Look, Stamp, Waiting, is_still, look, look_again, look_in, sort

log = logging.getLogger(__name__)
T = TypeVar("T")
BURST = 50
"""After how many files the decided ones are finished, so that the local copies do not heap up."""
STOPS = ("needs_fixing", "conflict", "held", "not_ours")


def ingest(workspace: str | None, state: str | None, json: bool, no_outputs: bool) -> int:  # noqa: FBT001 - command line switches
    """Receive what is ready, write what changed, say what became of each file."""
    with desk(workspace, state) as at, at.together():
        try:
            received = Pass(at).run()
        except InboxGoneError as error:
            raise UsageError(f"The folder {at.workspace.return_here} cannot be reached. Nothing was received and nothing is lost; try again once it is back.") from error
        written: tuple[Written, ...] = ()
        try:
            written = () if no_outputs else publish(at)
        finally:  # whatever becomes of the outputs, each file has its receipt
            if json:
                say_json({"files": [as_json(r) for r in received], "outputs": [{"file": w.file, "written": w.written} for w in written]})
            else:
                _say(received, written)
    return 1 if any(r.outcome in STOPS for r in received) else 0


class Pass:
    """One look after another over the inbox, and over what lies beside the tracker and the packs. What stays there is remembered, so that it is not read again unchanged."""

    def __init__(self, at: Desk, pause: Callable[[float], None] = time.sleep) -> None:
        self.at, self.pause = at, pause
        self.root = at.workspace.return_here
        self.drafts: dict[tuple[str, Stamp], Received] = {}
        self.passed_by: dict[tuple[str, Stamp], Received] = {}
        self.put = dict[str, bool]()

    def run(self) -> tuple[Received, ...]:
        """Finish what a crash left, look twice one settle time apart, receive what is ready. Every file of the inbox has an outcome. Raises InboxGoneError."""
        with self.at.register.reading() as records:
            unfiled = bool(records.returns.unfiled())
        finish(self.at)
        finish_purges(self.at)
        with self.at.register.reading() as records:
            earlier = {w.file: w for w in records.returns.waiting()}
        beside = self._look_beside()
        before, now = self._looks(expected=bool(earlier) or any(key not in self.passed_by for key in beside.stamps.items()))
        found = sort(before, now, time.time(), self._patience, self.root)
        if len(found.ready) + len(found.waiting) < len(now.stamps):
            look(self.root)  # some have gone: with the whole inbox, or by themselves?
        with Progress(console=err(), transient=True, disable=len(found.ready) < 5) as bar:
            received = list(self._each((path, now.stamps[path.relative_to(self.root).as_posix()]) for path in bar.track(found.ready, description="Reading returns")))
        received += self._copies(beside)
        self._finish()
        if unfiled or any(r and r.kept_as for r in received):
            self.at.register.forget()
        every = [*(r for r in received if r), *(self._waiting(w) for w in found.waiting), *(self._strange(p) for p in found.strange)]
        every += self._unseen(earlier, {r.file for r in every}, before)
        self.drafts = {key: draft for key, draft in self.drafts.items() if draft in every}
        with self.at.register.writing() as records:
            records.returns.set_waiting(_since(r, earlier.get(r.file)) for r in every if r.outcome in ("waiting", "draft"))
        return tuple(every)

    def _looks(self, *, expected: bool) -> tuple[Look, Look]:
        """Two looks, one settle time apart where there is something or something is expected: a share may list nothing for a moment."""
        before = look(self.root)
        if not (expected or before.stamps or before.strange):
            return before, before
        self.pause(float(self.at.plan.setting("settle_seconds")))
        return before, look(self.root)

    def _unseen(self, earlier: Mapping[str, Received], told: Collection[str], before: Look) -> list[Received]:
        """What waited, lay there at the first look and not at the second, as in the middle of a save: it has not gone for certain."""
        seen = {self.at.workspace.relative(self.root / name) for name in (*before.stamps, *before.strange)}
        with self.at.register.reading() as records:
            left = {k.received.file for k in records.returns.unfiled()}
        return [w for file, w in earlier.items() if file in seen and file not in told and file not in left]

    def _look_beside(self) -> Look:
        place = self.at.workspace
        return look_in(place.root, (place.root, *place.persons()), place.may_be_copy)

    def _copies(self, before: Look) -> Iterator[Received | None]:
        """Copies of the tracker and of packs that lie beside them, as shared folders leave them there; other workbooks there are nobody's business."""
        root, now = self.at.workspace.root, self._look_beside()
        left = {key: told for key, told in self.passed_by.items() if now.stamps.get(key[0]) == key[1]}
        fresh = Look({name: stamp for name, stamp in now.stamps.items() if (name, stamp) not in left}, ())
        found = sort(before, fresh, time.time(), self._patience, root)
        stamps = [now.stamps[path.relative_to(root).as_posix()] for path in found.ready]
        for received, stamp in zip(self._each(zip(found.ready, stamps, strict=True), beside=True), stamps, strict=True):
            if received and received.outcome == "not_ours":
                left[received.file, stamp] = received
            else:
                yield received
        self.passed_by = left
        yield from (self._stays(root / told.file, told.problems[0]) for told in left.values() if told.problems)
        yield from (self._waiting(w) for w in found.waiting)

    @property
    def _patience(self) -> float:
        return float(self.at.plan.setting("incomplete_after_seconds"))

    def _each(self, ready: Iterable[tuple[Path, Stamp]], *, beside: bool = False) -> Iterator[Received | None]:
        """Ready files in their order: while one is decided, the next ones are read. Every so often what was decided is finished."""
        ahead: deque[Callable[[], Received | None]] = deque()
        for n, (path, then) in enumerate(ready, 1):
            ahead.append(self._begin(path, then, beside=beside))
            while ahead and (len(ahead) > self.at.ahead or n % BURST == 0):
                yield ahead.popleft()()
            if n % BURST == 0:
                self._finish()
        while ahead:
            yield ahead.popleft()()

    def _finish(self) -> None:
        """What was decided since the last time is finished, once for all of it."""
        finish(self.at, self.put)
        self.put.clear()

    def _begin(self, path: Path, then: Stamp, *, beside: bool) -> Callable[[], Received | None]:
        """One ready file begun; what is given back goes on with it. What goes wrong with a file costs it alone: it stays and is tried again."""
        key = (self.at.workspace.relative(path), then)

        def begin() -> Taken | Received | None:
            if key in self.drafts:
                return self.drafts[key]
            if not claimed or decided(self.at, path):
                return None
            not_now = look_again(path, then, time.time(), self._patience)
            return self._waiting(not_now) if not_now else take(self.at, path, lambda: is_still(path, then))

        def go_on() -> Received | None:
            try:
                return self._received(*settle(self.at, begun, beside=beside), key) if isinstance(begun, Taken) else begun
            finally:
                if claimed:
                    self.at.claims.release(key[0])

        claimed = self._claimed(path, key[0])
        begun = self._safely(path, begin)
        return lambda: self._safely(path, go_on)

    def _claimed(self, path: Path, name: str) -> bool:
        """Whether it is ours to receive: no other service is at it now, or has been since it was seen."""
        if self.at.register.in_a_file:
            return True
        if not self.at.claims.claim(name):
            return False
        if path.exists():
            return True
        self.at.claims.release(name)
        return False

    def _received(self, received: Received, put: bool, key: tuple[str, Stamp]) -> Received:  # noqa: FBT001 - a plain fact of the file
        if received.outcome == "draft":
            self.drafts[key] = received
        elif received.kept_as:
            self.put[received.kept_as] = put
        return received

    def _safely(self, path: Path, step: Callable[[], T]) -> T | Received:
        """What a step with one file comes to; the file stays where it is when the step fails."""
        try:
            return step()
        except OSError:
            return self._stays(path, problem("WAITING", file=path.name))
        except RegisterError:  # a server that is away, a workspace that is another's now: no fault of the file, and no other file fares better
            raise
        except Exception:
            log.exception("a file in Return here could not be received")
            return self._stays(path, problem("OUR_FAULT", file=path.name))

    def _stays(self, path: Path, told: Any) -> Received:
        return Received(file=readable(self.at.workspace.relative(path)), kept_as=None, outcome="waiting", problems=(told,), received_at=self.at.now())

    def _waiting(self, waiting: Waiting) -> Received:
        code = {"OPEN": "OPEN_BY", "OFFLINE": "ONLINE_ONLY"}.get(waiting.reason, "WAITING")
        return self._stays(waiting.path, problem(code, file=waiting.path.name, who=waiting.who))

    def _strange(self, path: Path) -> Received:
        name = readable(path.name)
        return self._stays(path, problem("NOT_A_FILE" if name == path.name else "NAME_UNREADABLE", file=name))


def readable(name: str) -> str:
    """A name as it can be told and kept: bytes that are no text (on Linux a name may have them) as their numbers."""
    return name.encode("utf-8", "backslashreplace").decode()


def _since(now: Received, before: Received | None) -> Received:
    """A file that waits for the same thing as before has waited since then."""
    same = before is not None and (before.outcome, before.problems) == (now.outcome, now.problems)
    return before if before is not None and same else now


def as_json(received: Received) -> dict[str, Any]:
    """One file as the contract has it."""
    return {
        "file": received.file, "kept_as": received.kept_as, "outcome": received.outcome, "return_id": received.return_id, "version": received.version,
        "problems": [p.model_dump() for p in received.problems],
    }  # fmt: skip


def _say(received: tuple[Received, ...], written: tuple[Written, ...]) -> None:
    if not received:
        out().print("Return here is empty.")
    else:
        say_table(count(len(received), "file"), ("File", "Outcome", "Reference", "Version"), ((r.file.rsplit("/", 1)[-1], OUTCOMES[r.outcome], r.return_id, r.version) for r in received))
    for r in received:
        stops = [p for p in r.problems if p.level == "E" or r.outcome in ("waiting", "draft")]
        if stops:
            say_problems(f"{r.file}:", stops)
    done = [w.file for w in written if w.written]
    if done:
        out().print(f"Written: {', '.join(done[:6])}{f' and {len(done) - 6} more' if len(done) > 6 else ''}.", markup=False)
    for w in written:
        if w.note:
            err().print(f"{w.file}: {w.note}", markup=False)
