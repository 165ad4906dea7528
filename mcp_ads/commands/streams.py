"""Where a command writes: results to stdout, messages to stderr."""

from __future__ import annotations

import asyncio
import codecs
import errno
import io
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, TypeVar

from mcp_ads.engine.answers.shape import visible
from mcp_ads.settings import Settings, load
from mcp_ads.situation import in_shell

if TYPE_CHECKING:
    from mcp_ads.engine.door import Engine

FAILED = 1
BAD_USAGE = 2
READER_GONE = (errno.EPIPE, *((errno.EINVAL,) if os.name == "nt" else ()))
"""What a pipe says that nobody reads any more."""
T = TypeVar("T")


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """What a stream's encoding lacks, as JSON writes it: an answer in JSON stays JSON."""
    assert isinstance(error, UnicodeEncodeError)
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


codecs.register_error("mcp_ads.escaped", _escaped)


def lenient(stream: TextIO) -> None:
    """Have a stream take every character, also where its encoding lacks it, as in a pipe on Windows."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="mcp_ads.escaped")


def say(text: str) -> None:
    """Write a result."""
    sys.stdout.write(f"{visible(text)}\n")


def note(text: str) -> None:
    """Write a message beside the result."""
    sys.stdout.flush()
    sys.stderr.write(f"{visible(text)}\n")
    sys.stderr.flush()


def complain(text: str) -> None:
    """Write what went wrong, a line each, in the words of the command line."""
    for line in text.splitlines():
        note(f"mcp-ads: {in_shell(line)}")


def settings_here() -> Settings:
    """The settings with what a .env here adds; what nothing reads is said. Raises BadSettings."""
    settings = load(folder=Path.cwd())
    complain("\n".join(settings.unknown))
    return settings


def at_work(job: Callable[[Engine], Awaitable[T]], left: Callable[[Engine], str] | None = None) -> T:
    """Run a job in a workspace of this directory's settings, and close it.

    A signal stops it once a change on its way is written down; then `left` says what was done, and the
    process ends with the signal's code.
    """
    from mcp_ads.across.desk import Desk

    from .stopped import Stops, say_still

    async def run() -> T | Stops:
        stops = Stops(changes=left is not None)
        workspace = Desk(settings_here())
        try:
            return await job(workspace)
        except asyncio.CancelledError:
            if not stops.number:
                raise
            if left:
                say_still(left(workspace))
            return stops
        finally:
            await workspace.close()

    found = asyncio.run(run())
    if isinstance(found, Stops):
        raise SystemExit(found.code)
    return found
