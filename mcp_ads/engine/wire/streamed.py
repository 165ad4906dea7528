"""Files a platform hands out: written to a private file as they come, never wholly in memory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from mcp_ads.core import Fetched, Reply
from mcp_ads.errors import Rejected
from mcp_ads.files.private_files import FOLDER

if TYPE_CHECKING:
    import httpx

MOST_BYTES = 512 * 2**20
"""Bytes of one file as it is sent."""


async def into_file(response: httpx.Response, folder: Path) -> Reply:
    """The answer with its content in a file that has no name. Raises Rejected without room for it."""
    size = 0
    try:
        file = _nameless(folder)
        async for part in response.aiter_bytes():
            size += len(part)
            if size > MOST_BYTES:
                raise Rejected(f"the file is larger than {MOST_BYTES // 2**20} MB", fix="ask for less")
            file.write(part)
        file.seek(0)
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
