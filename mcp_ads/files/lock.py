"""A file only one holder has at a time; it lets go when its process ends, however it ends."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from .private_files import NO_LINKS

FIRST_PAUSE, LONGEST_PAUSE = 0.01, 0.1
FAR = 2**40
"""A place beyond every file: where locks are of bytes, nobody needs to read that one."""


class Busy(Exception):
    """Another holder has the file."""


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the file while inside. Raises Busy at once when it is held already, also by this process.

    The file stays: removing it would let two holders have files of the same name.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | NO_LINKS, 0o600)
    try:
        hold(handle)
        yield
    finally:
        os.close(handle)


Holder = Callable[[], contextlib.AbstractContextManager[None]]


async def wait_for(stack: contextlib.ExitStack, holder: Holder, seconds: float) -> None:
    """Hold until the stack ends what others have for a while. Raises Busy after these seconds, OSError."""
    until, pause = time.monotonic() + seconds, FIRST_PAUSE
    while True:
        try:
            stack.enter_context(holder())
        except Busy:
            if time.monotonic() >= until:
                raise
        else:
            return
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


@contextlib.contextmanager
def held(holder: Holder, seconds: float, busy: Exception) -> Iterator[None]:
    """Hold while inside what others have for a while; without, where nothing can be locked.

    Raises `busy` when they still have it after these seconds.
    """
    with contextlib.ExitStack() as stack:
        try:
            with contextlib.suppress(OSError):
                _enter(stack, holder, seconds)
        except Busy:
            raise busy from None
        yield


def _enter(stack: contextlib.ExitStack, holder: Holder, seconds: float) -> None:
    until, pause = time.monotonic() + seconds, FIRST_PAUSE
    while True:
        try:
            stack.enter_context(holder())
        except Busy:
            if time.monotonic() >= until:
                raise
        else:
            return
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


def hold_soon(handle: int, seconds: float) -> None:
    """Hold an open file that others have for moments only. Raises Busy after these seconds."""
    until = time.monotonic() + seconds
    while True:
        try:
            hold(handle)
        except Busy:
            if time.monotonic() >= until:
                raise
        else:
            return
        time.sleep(FIRST_PAUSE / 4)


if sys.platform == "win32":
    import msvcrt

    def hold(handle: int) -> None:
        """Hold an open file until it is closed. Raises Busy."""
        os.lseek(handle, FAR, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            raise Busy from None

else:
    import fcntl

    def hold(handle: int) -> None:
        """Hold an open file until it is closed. Raises Busy."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
