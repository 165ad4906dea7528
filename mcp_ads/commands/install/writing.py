"""A client's file: read as it is, written as a whole with a copy of the old one beside it."""

from __future__ import annotations

import contextlib
import os
import stat
import time
from dataclasses import dataclass
from pathlib import Path

from mcp_ads.errors import AdsError

NEW_FILE, NEW_FOLDER = 0o600, 0o700
MOST_BYTES = 50_000_000
BOM = "\ufeff"


class CannotInstall(AdsError):
    """A client's file is left as it is; says why."""


@dataclass(frozen=True)
class Read:
    """A client's file: the place it is really at, its bytes, its text, and its mode."""

    path: Path
    content: bytes | None
    mode: int = NEW_FILE

    @property
    def text(self) -> str:
        """Its text without the mark some editors begin a file with. Raises CannotInstall."""
        try:
            return (self.content or b"").decode().removeprefix(BOM)
        except UnicodeDecodeError:
            raise CannotInstall(f"{self.path} is not UTF-8 text: nothing was changed") from None

    def encoded(self, text: str) -> bytes:
        marked = (self.content or b"").startswith(BOM.encode())
        return f"{BOM if marked else ''}{text}".encode()


def read(path: Path, *, inside: Path | None = None) -> Read:
    """A client's file, or that there is none yet. A link is followed, but not out of the folder `inside`.

    Raises CannotInstall for what is no file of the user's, or cannot be read.
    """
    real = Path(os.path.realpath(path))
    if inside and not real.is_relative_to(os.path.realpath(inside)):
        raise CannotInstall(f"{path} leads out of this project, to {real}: nothing was changed")
    try:
        found = real.stat()
    except FileNotFoundError:
        if path.is_symlink():
            raise CannotInstall(
                f"{path} is a link to {real}, which is not there: nothing was changed"
            ) from None
        return Read(real, None)
    except OSError as error:
        raise CannotInstall(f"{real} cannot be read: {error.strerror}") from None
    if not stat.S_ISREG(found.st_mode):
        raise CannotInstall(f"{real} is not a file: nothing was changed")
    if found.st_size > MOST_BYTES:
        raise CannotInstall(
            f"{real} has {found.st_size:,} bytes, which is no client's file: nothing was changed"
        )
    try:
        return Read(real, real.read_bytes(), stat.S_IMODE(found.st_mode))
    except OSError as error:
        raise CannotInstall(f"{real} cannot be read: {error.strerror}") from None


def replace(before: Read, text: str) -> Path | None:
    """Put the text in the file's place, and say where the old one is kept. Raises CannotInstall."""
    path = before.path
    draft = path.with_name(f".{path.name}.{os.getpid()}.{time.monotonic_ns()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=NEW_FOLDER)
        _create(draft, before.encoded(text), before.mode)
        kept = backup(before)
        if read(path).content != before.content:
            raise CannotInstall(f"{path} was changed meanwhile: nothing was changed here; run this again")
        draft.replace(path)
    except OSError as error:
        raise CannotInstall(f"{path} cannot be written: {error.strerror}: nothing was changed") from None
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
    return kept


def backup(before: Read) -> Path | None:
    """Keep a copy beside the file, for as few to read as the file itself. Raises OSError."""
    if before.content is None:
        return None
    for number in range(100):
        again = f"-{number}" if number else ""
        name = f"{before.path.name}.{time.strftime('%Y%m%d-%H%M%S')}{again}.bak"
        with contextlib.suppress(FileExistsError):
            kept = before.path.with_name(name)
            _create(kept, before.content, before.mode)
            return kept
    raise FileExistsError(0, "there are a hundred copies of this second")


def _create(path: Path, content: bytes, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, NEW_FILE)
    with os.fdopen(handle, "wb") as file:
        if hasattr(os, "fchmod"):
            os.fchmod(handle, mode)
        file.write(content)
        file.flush()
        os.fsync(handle)
