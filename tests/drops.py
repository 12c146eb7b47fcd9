"""What people and programs leave in folders: archives, and the owner files of Office."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping


def excel_owner(name: str) -> bytes:
    """The 165 bytes Excel leaves beside an open workbook."""
    ansi, wide = name.encode("cp1252", "replace"), name.encode("utf-16-le")
    return (bytes([len(ansi)]) + ansi).ljust(55, b" ") + (len(wide) // 2).to_bytes(2, "little") + wide + b" \0" * ((108 - len(wide)) // 2)


def word_owner(name: str) -> bytes:
    """The 162 bytes Word leaves beside an open document."""
    ansi, wide = name.encode("cp1252", "replace"), name.encode("utf-16-le")
    return (bytes([len(ansi)]) + ansi).ljust(54, b"\0") + (len(wide) // 2).to_bytes(2, "little") + wide.ljust(106, b"\0")


def zipped(members: Mapping[str, bytes], *, comment: bytes = b"", streamed: bool = False) -> bytes:
    """An archive with each member stored, as nothing is easier mistaken for its end."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            with archive.open(name, "w", force_zip64=streamed) as member:
                member.write(data)
        archive.comment = comment
    return out.getvalue()
