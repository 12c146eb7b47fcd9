"""Fuzzes the reading of returned workbooks with atheris (coverage-guided): `python tests/fuzz/fuzz_reader.py -max_total_time=600 CORPUS`.

Linux, and `pip install atheris` first; nothing else of the project needs it. An input that begins with PK is a whole archive, whose parts are mutated and zipped
again; any other is read as choices of what goes wrong with a filled form (`mutants.py`). What must hold stands in `oracles.py`. A finding is written to
`crash-…` in the current folder; `python tests/fuzz/fuzz_reader.py crash-…` runs it again. `QAF_FUZZ_SEEDS=folder` adds workbooks named like `OBS-anything.xlsx`
to the forms that it starts from.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from random import Random

import atheris

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "watchers"), str(ROOT / "tests")]
with atheris.instrument_imports(include=["qaf_sheets", "zipfile", "defusedxml"]):
    import mutants
    import oracles
LIMITS = ("-timeout=10", "-rss_limit_mb=1024", "-max_len=2000000")
"""Ten seconds for one file; and the reader's 512 MB beside what the fuzzer itself holds."""


def mutated(data: bytes, max_size: int, seed: int) -> bytes:
    """libFuzzer's own mutation, inside one part of an archive or on the choices."""
    parts = dict(oracles.unzipped(data)) if data.startswith(b"PK") else {}
    if not parts or seed % 16 == 0:
        return bytes(atheris.Mutate(data, max_size))
    name = Random(seed).choice(sorted(parts))
    parts[name] = bytes(atheris.Mutate(parts[name], len(parts[name]) + 200))
    made = mutants.zipped(parts)
    return made if len(made) <= max_size else data


def main() -> None:
    """Start from the forms' archives in the first folder named, which is filled the first time."""
    extra = Path(os.environ.get("QAF_FUZZ_SEEDS", "nowhere"))
    mutants.MORE.update({p.stem: p.read_bytes() for p in sorted(extra.glob("*.xlsx"))})
    folder = next((Path(a) for a in sys.argv[1:] if not a.startswith("-") and not Path(a).is_file()), None)
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        for n in range(64):
            (folder / f"choices-{n}").write_bytes(Random(n).randbytes(10 + n))
        for seed in mutants.seeds():
            (folder / f"seed-{seed.activity}-{len(seed.parts)}-{sum(map(len, seed.parts.values()))}").write_bytes(mutants.zipped(seed.parts))
    given = {a.partition("=")[0] for a in sys.argv[1:]}
    atheris.Setup([*sys.argv, *(limit for limit in LIMITS if limit.partition("=")[0] not in given)], oracles.try_bytes, custom_mutator=mutated)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
