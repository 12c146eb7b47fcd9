"""Which folders tell of their changes and which have to be asked."""

from pathlib import PurePosixPath, PureWindowsPath

import pytest

from qaf_watchers.places import REMOTE, file_system, on_unc

MOUNTS = r"""22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:40 / /mnt/qa\040share rw,relatime - cifs //server/qa rw
31 22 0:41 / /srv/nfs rw - nfs4 server:/x rw
32 31 254:1 / /srv/nfs/local rw - xfs /dev/vdb rw
33 22 0:42 / /media/stick rw - fuseblk /dev/sdb1 rw
34 22 0:43 / /home/p/Cloud rw - fuse.rclone remote: rw
35 22 0:44 / /mnt/c rw - 9p C: rw
36 22 0:45 / /over rw - ext4 /dev/vdc rw
37 22 0:46 / /over rw - smb3 //server/over rw
nonsense
"""


@pytest.mark.parametrize(
    "path, remote",
    [
        ("/", False), ("/home/p/Return here", False), ("/mnt/qa share/Return here", True), ("/mnt/qa share", True), ("/mnt/qa shared", False),
        ("/srv/nfs/x", True), ("/srv/nfs/local/x", False), ("/media/stick/x", False), ("/home/p/Cloud/Return here", True), ("/mnt/c/QA", True),
        ("/over/x", True),
    ],
)
def test_network_mounts_are_known_by_the_nearest_mount_point(path: str, *, remote: bool) -> None:
    assert bool(REMOTE.fullmatch(file_system(PurePosixPath(path), MOUNTS))) == remote


@pytest.mark.parametrize(
    "path, unc",
    [
        (r"\\server\share\Return here", True), ("//server/share/x", True), (r"\\?\UNC\server\share\x", True),
        (r"\\?\C:\QA", False), (r"C:\QA", False), (r"QA\x", False), (r"\\.\C:\x", False),
    ],
)
def test_windows_server_paths_are_known(path: str, *, unc: bool) -> None:
    assert on_unc(PureWindowsPath(path)) == unc
