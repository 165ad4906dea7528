"""The user's folder: the only one that is read from or written to on an agent's word."""

from __future__ import annotations

import os
import stat
from pathlib import Path, PurePath
from typing import BinaryIO

from .odd_names import is_odd
from .private_files import FILE, NO_LINKS

MOST_NAME = 100
READING = os.O_RDONLY | NO_LINKS | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
WRITING = os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_LINKS
FOLDER = READING | getattr(os, "O_DIRECTORY", 0)


def inside(folder: Path, name: str) -> Path:
    """Where a name leads in the folder, links resolved. Raises ValueError where it leads out of it, or to the
    folder itself, or by way of anything whose name begins with a dot.
    """
    folder = folder.resolve()
    if is_odd(name):
        raise ValueError("it is no name of a file here")
    try:
        path = (folder / name).resolve()
        parts = path.relative_to(folder).parts
    except (OSError, RuntimeError):
        raise ValueError("it leads nowhere") from None
    if not parts or any(part.startswith(".") for part in (*parts, *_given(folder, name))):
        raise ValueError("it leads to what is hidden, or to the folder itself")
    return path


def opened(folder: Path, name: str) -> BinaryIO:
    """A file of the folder, for reading. Raises ValueError for anything else, or OSError.

    What a name leads to may be replaced while it is looked at, so that a link in it by then is not followed.
    A file that has another name beside this one is refused: that name may be outside.
    """
    path = inside(folder, name)
    by_parts = os.open in os.supports_dir_fd
    handle = _within(folder.resolve(), path, READING) if by_parts else _found_again(path)
    if not _is_ours(os.fstat(handle)):
        os.close(handle)
        raise ValueError("it is no file of this folder alone")
    return os.fdopen(handle, "rb")


def made(folder: Path, path: Path) -> int:
    """A new file of the folder, for its owner alone, open for writing. Raises OSError, also where something
    on its way has become a link since the path was resolved.
    """
    return (
        _within(folder.resolve(), path, WRITING)
        if os.open in os.supports_dir_fd
        else os.open(path, WRITING, FILE)
    )


def names(folder: Path, endings: tuple[str, ...], most: int) -> list[str]:
    """Up to so many names of files that end like this, in the folder and one level below; nothing hidden."""
    found: list[str] = []
    for pattern in ("*", "*/*"):
        for path in sorted(folder.glob(pattern)):
            name = path.relative_to(folder).as_posix()
            if (
                len(found) < most
                and path.suffix.lower().removeprefix(".") in endings
                and _readable(folder, name)
            ):
                found.append(name)
    return found


def _readable(folder: Path, name: str) -> bool:
    """Whether a name can be written on one line, and leads to a file that would be opened."""
    if not name.isprintable() or len(name) > MOST_NAME:
        return False
    try:
        return _is_ours(inside(folder, name).stat())
    except (OSError, ValueError):
        return False


def _is_ours(known: os.stat_result) -> bool:
    """Whether it is a file, and of this folder alone."""
    return stat.S_ISREG(known.st_mode) and known.st_nlink <= 1


def _within(folder: Path, path: Path, flags: int) -> int:
    """The file, reached from the folder one part at a time, none of which is a link."""
    *folders, last = path.relative_to(folder).parts
    at = os.open(folder, FOLDER)
    try:
        for part in folders:
            below = os.open(part, FOLDER, dir_fd=at)
            os.close(at)
            at = below
        return os.open(last, flags, FILE, dir_fd=at)
    finally:
        os.close(at)


def _found_again(path: Path) -> int:
    """The file, where its name leads to it without a link after it was opened too."""
    handle = os.open(path, READING)
    if path.resolve() != path or not os.path.samestat(os.fstat(handle), path.lstat()):
        os.close(handle)
        raise ValueError("it was replaced while it was opened")
    return handle


def _given(folder: Path, name: str) -> tuple[str, ...]:
    """The parts of a name as it was given, below the folder."""
    path = PurePath(name)
    return path.relative_to(folder).parts if path.is_relative_to(folder) else path.parts
