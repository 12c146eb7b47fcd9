"""Windows: a limit on the memory of another process, which also ends when we do (a job object), the twin of RLIMIT_AS.

Written by Microsoft's documentation of CreateJobObjectW, SetInformationJobObject and AssignProcessToJobObject; it was not run on
Windows here. Where it cannot be had, the checks of the archive and the limit on time stand alone.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any

PROCESS_MEMORY, KILL_ON_CLOSE = 0x100, 0x2000
EXTENDED_LIMITS = 9
SET_QUOTA_AND_TERMINATE = 0x0100 | 0x0001


class _Basic(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64), ("PerJobUserTimeLimit", ctypes.c_int64), ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t), ("MaximumWorkingSetSize", ctypes.c_size_t), ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t), ("PriorityClass", ctypes.c_uint32), ("SchedulingClass", ctypes.c_uint32),
    )  # fmt: skip


class _Extended(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION; its IO_COUNTERS are six numbers we leave alone."""

    _fields_ = (
        ("BasicLimitInformation", _Basic), ("IoInfo", ctypes.c_uint64 * 6), ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t), ("PeakProcessMemoryUsed", ctypes.c_size_t), ("PeakJobMemoryUsed", ctypes.c_size_t),
    )  # fmt: skip


class Job:
    """A job object in our keeping; the processes in it end when it is closed, by us or by our own end."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def close(self) -> None:
        """Let it go."""
        if sys.platform == "win32" and self._handle:
            _kernel32().CloseHandle(self._handle)
            self._handle = 0


def limit(pid: int, megabytes: int) -> Job | None:
    """Hold one process to so much memory. None on other systems, and where Windows refuses."""
    if sys.platform != "win32":
        return None
    kernel = _kernel32()
    job, process = Job(kernel.CreateJobObjectW(None, None) or 0), kernel.OpenProcess(SET_QUOTA_AND_TERMINATE, False, pid)  # noqa: FBT003 - the call's own signature
    limits = _Extended(BasicLimitInformation=_Basic(LimitFlags=PROCESS_MEMORY | KILL_ON_CLOSE), ProcessMemoryLimit=megabytes * 1024 * 1024)
    try:
        set_up = kernel.SetInformationJobObject(job._handle, EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits))
        if process and set_up and kernel.AssignProcessToJobObject(job._handle, process):
            return job
    finally:
        kernel.CloseHandle(process)
    job.close()
    return None


def _kernel32() -> Any:
    """The calls with their types: a handle is as wide as a pointer, which ctypes would cut to an int."""
    from ctypes import wintypes

    kernel = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined, unused-ignore] # on Windows alone
    kernel.CreateJobObjectW.restype = kernel.OpenProcess.restype = wintypes.HANDLE
    kernel.CreateJobObjectW.argtypes = (wintypes.LPVOID, wintypes.LPCWSTR)
    kernel.OpenProcess.argtypes = (wintypes.DWORD, wintypes.BOOL, wintypes.DWORD)
    kernel.SetInformationJobObject.argtypes = (wintypes.HANDLE, ctypes.c_int, wintypes.LPVOID, wintypes.DWORD)
    kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
    kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
    return kernel
