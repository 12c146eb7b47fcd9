"""Where a folder lies: on a disk of this computer, which tells of changes, or across a network, which has to be asked."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path, PurePosixPath, PureWindowsPath

REMOTE = re.compile(r"cifs|smb\d?|smbfs|nfs\d?|9p|fuse(\..*)?|ncpfs|afs|ceph|vboxsf|vmhgfs|virtiofs|drvfs|davfs|lustre|gpfs|beegfs")
"""File systems on which other computers' changes reach us without an event."""
NETWORK_DRIVE = 4


def is_remote(path: Path) -> bool:
    """Whether changes at `path` can come from elsewhere without an event (research/excel.md W2). Unsure counts as remote."""
    if sys.platform == "win32":
        return on_unc(path) or _drive_type(path) == NETWORK_DRIVE
    if sys.platform == "darwin":
        return path.resolve().is_relative_to("/Volumes")
    try:
        mounts = Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape")
    except OSError:
        return True
    return REMOTE.fullmatch(file_system(PurePosixPath(path.resolve()), mounts)) is not None


def on_unc(path: PureWindowsPath | Path) -> bool:
    r"""Whether a Windows path names a server: \\server\share, or \\?\UNC\server\share; not \\?\C:\."""
    drive = PureWindowsPath(path).drive.replace("/", "\\").upper()
    return drive.startswith("\\\\?\\UNC\\") or (drive.startswith("\\\\") and drive[2:4] not in ("?\\", ".\\"))


def file_system(path: PurePosixPath, mountinfo: str) -> str:
    """The type of the file system a resolved path is on, from the text of /proc/self/mountinfo; "" when none is."""
    kinds = dict(mount for line in mountinfo.splitlines() if (mount := _mount(line)))
    return next((kinds[place] for place in (path, *path.parents) if place in kinds), "")


def _mount(line: str) -> tuple[PurePosixPath, str] | None:
    """Mount point and type of one line; a space in the first is written as a backslash and 040."""
    before, _, after = line.partition(" - ")
    parts, kind = before.split(), after.split()
    if len(parts) < 5 or not kind:
        return None
    return PurePosixPath(re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), parts[4])), kind[0]


def _drive_type(path: Path) -> int:
    if sys.platform != "win32":
        return 0
    import ctypes

    return int(ctypes.windll.kernel32.GetDriveTypeW(os.path.splitdrive(path.absolute())[0] + "\\"))
