"""A file only one holder has at a time; it lets go when its process ends, however it ends."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from .private_files import NO_LINKS


class Busy(Exception):
    """Another holder has the file."""


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the file while inside. Raises Busy at once when it is held already, also by this process.

    The file stays: removing it would let two holders have files of the same name.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | NO_LINKS, 0o600)
    try:
        _hold(handle)
        yield
    finally:
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _hold(handle: int) -> None:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            raise Busy from None

else:
    import fcntl

    def _hold(handle: int) -> None:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Busy from None
