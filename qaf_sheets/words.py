"""Words that a form and a check must agree on."""

from __future__ import annotations

WEAK = (
    "n/a", "na", "tbc", "tba", "tbd", "see above", "as above", "to follow", "to be confirmed", "none given", ".", "..", "...", "-", "--", "x", "?",
)  # fmt: skip
"""Words that do not answer a prose question (specification 10, case 18)."""
