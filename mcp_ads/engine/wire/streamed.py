"""Files over the wire, never wholly in memory: written as they come, read as they are sent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from mcp_ads.core import Fetched, File, Reply, Wire
from mcp_ads.core.bodies import Streamed
from mcp_ads.errors import Rejected, StalePlan
from mcp_ads.files.private_files import FOLDER

if TYPE_CHECKING:
    import httpx

MOST_BYTES = 512 * 2**20
"""Bytes of one file as it is sent."""
CHUNK = 2**20
Opener = Callable[[str], BinaryIO]
"""Opens a kept file by the SHA-256 of its content. Raises StalePlan."""


def no_file(_: str) -> BinaryIO:
    """Where no files are kept, none can be sent."""
    raise StalePlan("no files are kept here, so none can be sent")


class FromFiles:
    """The content of a request, read from its files while it is sent, and anew when it is sent again."""

    def __init__(self, content: Streamed, opener: Opener) -> None:
        self.content, self._open = content, opener
        for file in content.files:
            opener(file.sha256).close()  # one that is gone is noticed before anything leaves

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.content.pieces:
            if isinstance(piece, bytes):
                yield piece
                continue
            with self._open(piece.sha256) as file:
                file.seek(piece.offset)
                async for chunk in _range(file, piece):
                    yield chunk


async def _range(file: BinaryIO, piece: File) -> AsyncIterator[bytes]:
    left = piece.count
    while left > 0:
        chunk = file.read(min(CHUNK, left))
        if not chunk:
            raise ConnectionError("a kept file ended early")
        left -= len(chunk)
        yield chunk


def sized(wire: Wire, opener: Opener) -> tuple[dict[str, str], bytes | FromFiles | None]:
    """Headers and content of a request; what is read from files says its length beforehand."""
    if not isinstance(wire.content, Streamed):
        return dict(wire.headers), wire.content
    return {**wire.headers, "Content-Length": str(wire.content.size)}, FromFiles(wire.content, opener)


async def into_file(response: httpx.Response, folder: Path) -> Reply:
    """The answer with its content in a file that has no name. Raises Rejected without room for it."""
    size = 0
    try:
        with ExitStack() as until_whole:
            file = until_whole.enter_context(_nameless(folder))
            async for part in response.aiter_bytes():
                size += len(part)
                if size > MOST_BYTES:
                    raise Rejected(f"the file is larger than {MOST_BYTES // 2**20} MB", fix="ask for less")
                file.write(part)
            file.seek(0)
            until_whole.pop_all()
    except ConnectionError:
        raise
    except OSError as error:
        raise Rejected(
            f"the file cannot be kept here: {error.strerror}", fix="make room on the disk"
        ) from None
    finally:
        await response.aclose()
    said = f"(a file of {size} bytes)".encode()
    fetched = Fetched(file, size, response.headers.get("content-type", ""))
    return Reply(response.status_code, response.headers, said, fetched)


def _nameless(folder: Path) -> BinaryIO:
    """A file in our folder that nobody else can open, or where temporary files are."""
    import tempfile

    try:
        folder.mkdir(parents=True, exist_ok=True, mode=FOLDER)
        return tempfile.TemporaryFile(dir=folder)
    except OSError:
        return tempfile.TemporaryFile()
