"""The user's folder: the only one that is read from or written to on an agent's word."""

from __future__ import annotations

import os
import stat
from pathlib import Path, PurePath
from typing import BinaryIO

from .private_files import NO_LINKS

MOST_NAME = 100
WAITS_FOR_NOBODY = getattr(os, "O_NONBLOCK", 0)


def inside(folder: Path, name: str) -> Path:
    """Where a name leads in the folder, links resolved. Raises ValueError where it leads out of it, or to the
    folder itself, or by way of anything whose name begins with a dot.
    """
    folder = folder.resolve()
    try:
        path = (folder / name).resolve()
        parts = path.relative_to(folder).parts
    except (OSError, RuntimeError):
        raise ValueError("it leads nowhere") from None
    if not parts or any(part.startswith(".") for part in (*parts, *_given(folder, name))):
        raise ValueError("it leads to what is hidden, or to the folder itself")
    return path


def opened(folder: Path, name: str) -> BinaryIO:
    """A file of the folder, for reading. Raises ValueError for anything else, or OSError."""
    path = inside(folder, name)
    handle = os.open(path, os.O_RDONLY | NO_LINKS | WAITS_FOR_NOBODY)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise ValueError("it is no file")
    return os.fdopen(handle, "rb")


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
    """Whether a name can be written on one line, and leads to a file of the folder."""
    if not name.isprintable() or len(name) > MOST_NAME:
        return False
    try:
        return stat.S_ISREG(inside(folder, name).stat().st_mode)
    except (OSError, ValueError):
        return False


def _given(folder: Path, name: str) -> tuple[str, ...]:
    """The parts of a name as it was given, below the folder."""
    path = PurePath(name)
    return path.relative_to(folder).parts if path.is_relative_to(folder) else path.parts
