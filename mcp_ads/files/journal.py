"""Lines that are on disk when this returns, each for itself whatever became of the one before."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from .private_files import NO_LINKS, sync_folder

ROOM = 2**16
"""Bytes that must be free before something is changed that has to be written down."""
CHUNK = 2**20
NO_WAIT = getattr(os, "O_NONBLOCK", 0)


def append(path: Path, line: str) -> None:
    """Add a line to a private file and wait for the disk. Raises OSError."""
    with opened(path) as handle:
        add(handle, line)


def add(handle: int, line: str) -> None:
    """Add a line to an open file and wait for the disk. Raises OSError.

    After a line that a full disk or a crash cut, it begins a new one: the two together would be unreadable.
    """
    rest = (b"\n" if is_torn(handle) else b"") + f"{line}\n".encode(errors="replace")
    while rest:
        rest = rest[os.write(handle, rest) :]
    os.fsync(handle)


def check(path: Path) -> None:
    """Raise OSError when a line could not be added."""
    with opened(path):
        pass
    if shutil.disk_usage(path.parent).free < ROOM:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextlib.contextmanager
def opened(path: Path) -> Iterator[int]:
    """A private file open for reading and appending; made where there is none, its name on disk then too.
    Raises OSError.

    Links are not followed, and what is no file (a folder, a pipe) is refused.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    is_new = not os.path.lexists(path)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | NO_LINKS | NO_WAIT, 0o600)
    try:
        _only_a_file(handle)
        for folder in (path.parent, path.parent.parent) if is_new else ():  # the first may be new as well
            sync_folder(folder)
        yield handle
    finally:
        os.close(handle)


def read(path: Path) -> bytes:
    """The whole of a file that is one. Raises OSError, as for a file that is not there."""
    with _for_reading(path) as handle, os.fdopen(os.dup(handle), "rb") as file:
        return file.read()


def lines(path: Path) -> Iterator[bytes]:
    """The file's lines with their ends, first to last. Raises OSError."""
    with _for_reading(path) as handle, os.fdopen(os.dup(handle), "rb") as file:
        yield from file


def lines_backwards(path: Path) -> Iterator[bytes]:
    """The file's lines, last first, read in chunks: the end counts, and a log may be years long.

    A file that is not there, or is none, has no lines.
    """
    with contextlib.suppress(OSError), _for_reading(path) as handle:
        yield from reversed_lines(handle)


def reversed_lines(handle: int, chunk: int = 0) -> Iterator[bytes]:
    """The lines of an open file without their ends, last first; the part after the last end comes first."""
    left, rest, chunk = os.fstat(handle).st_size, b"", chunk or CHUNK
    while left > 0:
        size = min(chunk, left)
        left -= size
        os.lseek(handle, left, os.SEEK_SET)
        first, *whole = (os.read(handle, size) + rest).split(b"\n")
        yield from reversed(whole)
        rest = first
    yield rest


def is_torn(handle: int) -> bool:
    """Whether the last line has no end: its writer was stopped in the middle."""
    size = os.fstat(handle).st_size
    os.lseek(handle, max(0, size - 1), os.SEEK_SET)
    return bool(size) and os.read(handle, 1) != b"\n"


@contextlib.contextmanager
def _for_reading(path: Path) -> Iterator[int]:
    handle = os.open(path, os.O_RDONLY | NO_LINKS | NO_WAIT)
    try:
        _only_a_file(handle)
        yield handle
    finally:
        os.close(handle)


def _only_a_file(handle: int) -> None:
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        raise OSError(errno.EINVAL, "it is no regular file")
