"""Where small things are kept by name: a private folder, or what stands for one."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Protocol

from .private_files import added, forget_old, opened, replaced


class Place(Protocol):
    """Contents by name, each replaced as a whole; what cannot be kept is not, and nothing fails for it."""

    def read(self, name: str) -> bytes | None:
        """What is kept under a name; None where nothing is."""

    def add(self, name: str, content: bytes) -> bool:
        """Keep content under a name nobody knows yet; False where it cannot be."""

    def replace(self, name: str, content: bytes) -> bool:
        """Keep content under a name, in the place of what was there; False where it cannot be."""

    def tidy(self, *, seconds: float, most_bytes: int, most_files: int) -> None:
        """Forget what is older than so many seconds, then the oldest until there is room."""


class FolderPlace:
    """Private files of a folder, each named by what it is kept under."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str) -> bytes | None:
        """The content of a file; None where there is none, or it is a link."""
        try:
            with opened(self._path(name)) as file:
                return file.read()
        except (OSError, ValueError):
            return None

    def add(self, name: str, content: bytes) -> bool:
        """Write a file under a name nobody knows yet; False where it cannot be."""
        return added(self._path(name), content)

    def replace(self, name: str, content: bytes) -> bool:
        """Replace a file as a whole; False where it cannot be."""
        return replaced(self._path(name), content)

    def tidy(self, *, seconds: float, most_bytes: int, most_files: int) -> None:
        """Remove what is old, then the oldest until there is room."""
        with contextlib.suppress(OSError):
            forget_old(self._folder, seconds=seconds, most_bytes=most_bytes, most_files=most_files)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"
