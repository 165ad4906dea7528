"""Private files of ours: opened without following links, replaced as a whole."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import stat
import time
import zlib
from pathlib import Path
from typing import BinaryIO

NO_LINKS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
"""How every file of ours is opened: by no link where the system can tell, and its bytes as they are."""
FOLDER, FILE = 0o700, 0o600
LEFT = 60.0
"""Seconds after which nobody is writing a draft any more."""
SHARED, PATIENCE, PAUSE = (5, 32), 1.0, 0.01
"""What Windows says while another process has a file open, for how many seconds that is waited for."""
NO_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS)
_number = itertools.count()


def opened(path: Path) -> BinaryIO:
    """A file for reading, unless it is a link. Raises OSError."""
    return os.fdopen(os.open(path, os.O_RDONLY | NO_LINKS), "rb")


def created(path: Path) -> BinaryIO:
    """A draft of a file, for its owner only; what was there is gone. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=FOLDER)
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | NO_LINKS, FILE), "w+b")


def open_to_others(path: Path) -> str:
    """Why others than this user can change what a file says, in words; empty where they cannot.

    A file of root's is nobody else's, and in a folder such as /tmp no one replaces what is another's.
    """
    try:
        file, folders = (
            path.stat(),
            {folder: folder.stat() for folder in (path.parent, path.resolve().parent)},
        )
    except OSError:
        return ""
    if os.name == "nt":
        return ""
    loose, ours = stat.S_IWGRP | stat.S_IWOTH, (0, os.geteuid())
    if file.st_mode & loose:
        return f"{path} can be written by others than its owner; chmod 600 {path}"
    if file.st_uid not in ours:
        return f"{path} is a file of another user, who can write it; make it your own"
    for folder, found in folders.items():
        if found.st_uid not in ours or (found.st_mode & loose and not found.st_mode & stat.S_ISVTX):
            return f"{folder} can be written by others, who can replace {path.name}; chmod 700 {folder}"
    return ""


def sealed(content: bytes) -> bytes:
    """The content with a checksum before it."""
    return b"%08x\n" % zlib.crc32(content) + content


def unsealed(content: bytes) -> bytes:
    """What was sealed; raises ValueError when it is not as it was written."""
    check, _, text = content.partition(b"\n")
    if int(check, 16) != zlib.crc32(text):
        raise ValueError("not as it was written")
    return text


def replace(path: Path, content: bytes, *, synced: bool = False) -> None:
    """Replace a file as a whole, where `synced` on the disk before the old one is gone, and the new name when
    this returns. Raises OSError.
    """
    draft = draft_of(path)
    try:
        with created(draft) as file:
            file.write(content)
            if synced:
                file.flush()
                os.fsync(file.fileno())
        put(draft, path)
        if synced:
            sync_folder(path.parent)
            forget_drafts(path, seconds=LEFT)
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def put(draft: Path, path: Path) -> None:
    """Put a draft in a file's place; on Windows that waits for who reads the file. Raises OSError."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            draft.replace(path)
        except PermissionError as error:
            if getattr(error, "winerror", None) not in SHARED or time.monotonic() > until:
                raise
            time.sleep(PAUSE)
        else:
            return


def replaced(path: Path, content: bytes, *, synced: bool = False) -> bool:
    """Replace a file as a whole; False when it cannot be."""
    try:
        replace(path, content, synced=synced)
    except OSError:
        return False
    return True


def added(path: Path, content: bytes) -> bool:
    """Write a file under a name nobody knows yet, on the disk as a whole or not at all; False when it cannot
    be.
    """
    draft = draft_of(path)
    try:
        with created(draft) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)  # unlike a rename, never in the place of another
        sync_folder(path.parent)
    except OSError:
        return False
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
    return True


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on disk, so that a new file outlives a power cut. Raises OSError.

    Windows does so by itself; a folder we may not read, or a file system that knows no such thing, cannot.
    """
    if os.name != "posix":
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in NO_SYNC:
            raise
    finally:
        os.close(handle)


def draft_of(path: Path) -> Path:
    """A name for what is to become this file, unlike that of any other process or thread.

    The number is for clocks that stand still for milliseconds, as that of Windows.
    """
    return path.with_name(f"{path.name}.{os.getpid()}.{time.monotonic_ns()}-{next(_number)}.tmp")


def forget_drafts(path: Path, *, seconds: float = 0.0) -> None:
    """Remove what killed processes left of drafts of a file, which may have secrets in them."""
    for draft in path.parent.glob(f"{path.name}.*.tmp"):
        with contextlib.suppress(OSError):
            if time.time() - draft.lstat().st_mtime >= seconds:
                draft.unlink()


def forget_old(folder: Path, *, seconds: float, most_bytes: int, most_files: int) -> None:
    """Remove what is old, then the oldest until there is room. Raises OSError."""
    files = []
    for entry in os.scandir(folder):
        with contextlib.suppress(FileNotFoundError):
            status = entry.stat(follow_symlinks=False)
            files.append((status.st_mtime, status.st_size, entry.path))
    total, count = sum(size for _, size, _ in files), len(files)
    for at, size, path in sorted(files):
        if time.time() - at > seconds or total > most_bytes or count > most_files:
            total, count = total - size, count - 1
            with contextlib.suppress(OSError):
                Path(path).unlink()
