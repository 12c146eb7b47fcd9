"""PDF copies of the documents, where LibreOffice is installed. A copy is of the document as it lies there, a person's own changes and all."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from qaf_sheets.desk import Desk
from qaf_sheets.files import sha256_of
from qaf_sheets.outlet import Written, is_as_written, put, removed

NOT_HERE = "No PDF copies were made: LibreOffice is not installed on this computer. Word can save each document as PDF."
FAILED = "No PDF copy could be made of {name}. Please open it and save it as PDF."
AT_ONCE = 12
"""Documents that LibreOffice is given in one go."""
SECONDS = 240
"""How long it may take over them."""
WINDOWS, MACOS = ("PROGRAMFILES", "PROGRAMFILES(X86)"), Path("/Applications/LibreOffice.app/Contents/MacOS/soffice")


def converter() -> str | None:
    """LibreOffice on this computer, or None."""
    known = [Path(folder) / "LibreOffice" / "program" / "soffice.exe" for name in WINDOWS if (folder := os.environ.get(name))]
    return shutil.which("soffice") or shutil.which("libreoffice") or next((str(p) for p in (*known, MACOS) if p.is_file()), None)


def copies(desk: Desk) -> Iterator[Written]:
    """A PDF beside each document that has none, or an older one. One that somebody else put there, or changed, is left."""
    program = converter()
    if program is None:
        yield Written("PDF", written=False, note=NOT_HERE)
        return
    wanted = list(_wanted(desk))
    for n in range(0, len(wanted), AT_ONCE):
        some = wanted[n : n + AT_ONCE]
        with tempfile.TemporaryDirectory(prefix="qaf-pdf-") as place:
            made = convert(program, [path for path, _ in some], Path(place))
            for path, digest in some:
                yield _put(desk, path, digest, made.get(path))


def drop(desk: Desk, document: str) -> None:
    """Take away our PDF copy of a document that was just written anew: nobody is to read the old numbers."""
    name = _pdf(document)
    with desk.register.reading() as records:
        last = records.outputs.one(name)
    path = desk.workspace.absolute(name)
    if last and is_as_written(path, last) and removed(path):
        with desk.register.writing() as records:
            records.outputs.forget(name)


def convert(program: str, documents: Sequence[Path], place: Path) -> dict[Path, bytes]:
    """Each document's PDF; those that could not be made are left out. Copies are converted, under numbers: no lock is left beside the originals."""
    numbered = {}
    for n, path in enumerate(documents):
        with suppress(OSError):
            shutil.copyfile(path, place / f"{n}{path.suffix}")
            numbered[path] = place / f"{n}.pdf"
    command = [program, f"-env:UserInstallation={(place / 'profile').as_uri()}", "--headless", "--norestore", "--convert-to", "pdf", "--outdir", str(place)]
    with suppress(OSError, subprocess.TimeoutExpired):
        subprocess.run([*command, *(str(pdf.with_suffix(path.suffix)) for path, pdf in numbered.items())], capture_output=True, timeout=SECONDS, check=False)  # noqa: S603 - LibreOffice, with our own copies
    return {path: pdf.read_bytes() for path, pdf in numbered.items() if pdf.is_file()}


def _wanted(desk: Desk) -> Iterable[tuple[Path, str]]:
    """Documents whose PDF is missing or of another state of them, each with its digest."""
    with desk.register.reading() as records:
        known = {o.file: o for o in records.outputs.all()}
    for file in sorted(f for f in known if f.endswith(".docx")):
        path = desk.workspace.absolute(file)
        if path.is_file():
            digest, last, pdf = sha256_of(path), known.get(_pdf(file)), desk.workspace.absolute(_pdf(file))
            if not pdf.exists() or (last and last.members != digest and is_as_written(pdf, last)):
                yield path, digest


def _put(desk: Desk, document: Path, digest: str, data: bytes | None) -> Written:
    name = _pdf(desk.workspace.relative(document))
    return put(desk, name, data, digest) if data else Written(name, written=False, note=FAILED.format(name=document.name))


def _pdf(document: str) -> str:
    return f"{document.removesuffix('.docx')}.pdf"
