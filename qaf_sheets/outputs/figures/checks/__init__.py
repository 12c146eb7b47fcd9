"""The framework's 24 minimums: what is expected, what was done, whether that meets it, and the rows behind it (specification 5). One function a check."""

from __future__ import annotations

from qaf_sheets.outputs.figures.checks import coverage, reviews, samples
from qaf_sheets.outputs.figures.checks.facts import Behind, CheckResult, Facts, Result


def run(facts: Facts) -> tuple[CheckResult, ...]:
    """Every check, by its number in the specification."""
    every = (*samples.CHECKS, *reviews.CHECKS, *coverage.CHECKS)
    return tuple(sorted((check(facts) for check in every), key=lambda c: c.number))


__all__ = ["Behind", "CheckResult", "Facts", "Result", "run"]
