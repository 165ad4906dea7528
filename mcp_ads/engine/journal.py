"""Lines that are on disk when this returns, each for itself whatever became of the one before."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

from .private_files import NO_LINKS

ROOM = 2**16
"""Bytes that must be free before something is changed that has to be written down."""


def append(path: Path, line: str) -> None:
    """Add a line to a private file and wait for the disk. Raises OSError.

    After a line that a full disk or a crash cut, it begins a new one: the two together would be unreadable.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | NO_LINKS, 0o600)
    try:
        size = os.fstat(handle).st_size
        os.lseek(handle, max(0, size - 1), os.SEEK_SET)
        torn = size and os.read(handle, 1) != b"\n"
        rest = (b"\n" if torn else b"") + f"{line}\n".encode(errors="replace")
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def check(path: Path) -> None:
    """Raise OSError when a line could not be added."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | NO_LINKS, 0o600))
    if shutil.disk_usage(path.parent).free < ROOM:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
