"""Every file that is dropped has a receipt within one pass: on the status page, and in `status --json` for other programs."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

from conftest import Run
from desk_kit import Handed
from drops import excel_owner


def receipts(root: Path, run: Run) -> list[tuple[str, str]]:
    told: dict[str, Any] = run("status", "--json", "--quarter", "2026-27-Q3", "--workspace", root)[1]
    assert told["receipts"] == sorted(told["receipts"], key=lambda r: r["received_at"], reverse=True)
    return sorted((r["file"].rsplit("/", 1)[1], r["outcome"]) for r in told["receipts"])


def page(root: Path) -> str:
    """The status page as its reader sees the words."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", (root / "Status.html").read_text("utf-8"))).split())


def test_every_file_has_a_receipt_whatever_becomes_of_it(council: Path, run: Run) -> None:
    good, wrong, twice, draft, opened = (Handed(council, "OBS", n) for n in range(5))
    inbox = council / "Return here"
    (inbox / good.issue.person_id).mkdir()
    good.drop(name=f"{good.issue.person_id}/good.xlsx")
    wrong.drop(wrong.filled(wrong.complete(strengths="tbc")), "wrong.xlsx")
    same = twice.filled()
    twice.drop(same, "once.xlsx")
    twice.drop(same, "twice (1).xlsx")
    draft.drop(draft.filled(draft.complete(completed_on=None)), "draft.xlsx")
    opened.drop(name="opened.xlsx")
    (inbox / "~$opened.xlsx").write_bytes(excel_owner("Avery Exampleworth"))
    (inbox / "minutes of a meeting.xlsx").write_bytes(b"%PDF-1.7 of something else")
    (inbox / "a folder").mkdir()
    (inbox / "a folder" / "deeper").mkdir()
    code, told = run("ingest", "--json", "--workspace", council)
    assert (code, len(told["files"])) == (1, 8)
    expected = ["accepted", "accepted", "draft", "duplicate", "needs_fixing", "not_ours", "waiting", "waiting"]
    assert sorted(f["outcome"] for f in told["files"]) == expected
    assert sorted(outcome for _, outcome in receipts(council, run)) == expected
    seen = page(council)
    for words in ("✓ Accepted", "! Sent back to be put right", "○ The same again", "✗ Not one of our forms", "not marked complete", "is open by Avery Exampleworth"):
        assert words.casefold() in seen.casefold(), words
    assert "Everything that was dropped, newest first" in seen


def test_nothing_more_is_told_of_a_file_by_looking_again(council: Path, run: Run) -> None:
    handed = Handed(council, "OBS")
    handed.drop()
    run("ingest", "--workspace", council)
    first = receipts(council, run)
    run("ingest", "--workspace", council)
    assert (receipts(council, run), len(first)) == (first, 1)


def test_three_hundred_files_at_once_have_three_hundred_receipts(council: Path, run: Run) -> None:
    for n in range(300):
        (council / "Return here" / f"{n:03} – Ωmega, “plan” & more.xlsx").write_bytes(b"PK" if n % 7 else b"nothing of ours")
    code, told = run("ingest", "--no-outputs", "--json", "--workspace", council)
    assert (code, len(told["files"]), {f["outcome"] for f in told["files"]}) == (1, 300, {"not_ours", "waiting"})
    assert len(receipts(council, run)) == 300
