"""`watch`: the service. Receives what is dropped as it is dropped, and keeps the outputs fresh."""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path

from qaf_sheets import logs
from qaf_sheets.commands.ingest import Pass, ingest
from qaf_sheets.commands.say import OUTCOMES, desk, err
from qaf_sheets.desk import Desk
from qaf_sheets.model import Received
from qaf_sheets.publish import changed, is_behind, pending, publish
from qaf_watchers.heartbeat import Heartbeat
from qaf_watchers.watch import Watch, stopped_by_signals

log = logging.getLogger("qaf_watchers")


def watch(workspace: str | None, state: str | None, json: bool, once: bool) -> int:  # noqa: FBT001 - command line switches
    """Run until Ctrl-C or SIGTERM; `--once` is `ingest`."""
    if once:
        return ingest(workspace, state, json, no_outputs=False)
    with desk(workspace, state) as at:
        logs.to_file(at.workspace.state / "service.log")
        service = Service(at)
        place = at.workspace
        roots = (place.return_here, place.tracker, place.plan, place.master)
        loop = Watch(service.step, roots, Heartbeat(place.state, at.now), poll=float(at.plan.setting("poll_seconds")))
        err().print(f"Watching {at.workspace.return_here}. Ctrl-C stops.", markup=False)
        with stopped_by_signals(loop.stop):
            loop.run()
    err().print("Stopped.")
    return 0


class Service:
    """One pass after another. Outputs are written again only where something happened, a day began, or one waits for a reader."""

    def __init__(self, at: Desk) -> None:
        self.at, self.passes = at, Pass(at)
        self.published_on: date | None = None
        self.left: tuple[Received, ...] = ()
        self.behind = False
        self.plan_seen = 0
        self.looked_at: dict[Path, tuple[int, int]] = {}

    def step(self) -> None:
        """Receive what is ready; publish if it changes anything."""
        with self.at.together():
            self._plan_again()
            received = self.passes.run()
            new = [r for r in received if r.outcome not in ("waiting", "draft")]
            left = tuple(r.model_copy(update={"received_at": self.at.now().min}) for r in received if r not in new)
            for r in new:
                log.info("%s: %s", r.return_id or "a file that is not ours", OUTCOMES[r.outcome])
            self.behind |= is_behind(self.at) or left != self.left or self.published_on != self.at.now().date()
            if self.behind or pending(self.at) or changed(self.at, self.looked_at):
                publish(self.at)
                self.left, self.published_on, self.behind = left, self.at.now().date(), False

    def _plan_again(self) -> None:
        """The plan is read again once it was saved, and then everything is written again."""
        try:
            saved = self.at.workspace.plan.stat().st_mtime_ns
        except OSError:
            return  # being saved this moment: the plan as we know it stands
        if saved != self.plan_seen:
            self.at.refresh()
            self.plan_seen, self.published_on = saved, None
