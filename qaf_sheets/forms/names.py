"""A child's name is asked for once and kept nowhere: found in any other answer, it is left out there too (design decision 9)."""

from __future__ import annotations

import re
from collections.abc import Iterable

NAMED = "[the child]"
IN_NAMES = "child"
"""The same where brackets and spaces may not stand: in names of sheets and parts, and in formulas over them."""
NOT_NAMES = frozenset({"the", "not", "known", "unknown", "child", "baby", "unborn", "none", "withheld", "name", "see", "file", "of", "and", "na", "tbc", "young", "person", "record", "id", "number", "no", "ref", "mosaic", "dob"})


def finder(names: Iterable[str]) -> re.Pattern[str] | None:
    """What finds these names in prose: the whole name however written, each part of it only with a capital, since "will" is a word too."""
    wholes, parts = set(), set()
    for name in (" ".join(n.split()) for n in names):
        words = [w for w in re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", name) if len(w) > 1 and w.casefold() not in NOT_NAMES]
        if len(words) > 1:
            wholes.add(r"(?:[\s_-]+|\.(?=\S))".join(re.escape(w) for w in name.split()))
        parts |= {form for w in words for form in (w if w[0].isupper() else w.title(), w.title(), w.upper())}
    found = [rf"(?i:{w})" for w in sorted(wholes)] + [re.escape(p) for p in sorted(parts, key=lambda p: (-len(p), p))]
    return re.compile(rf"(?<![^\W\d_])(?:{'|'.join(found)})(?:['’]s)?(?![^\W\d_])") if found else None
