"""Files that plans will send, kept privately by their hash until no plan can send them any more."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from mcp_ads.errors import InvalidParams, NoRecord, StalePlan
from mcp_ads.files.private_files import created, draft_of, forget_old, opened

CHUNK = 2**20
KEPT = 2 * 24 * 3600
"""Seconds a file is kept: longer than any plan may be applied."""
MOST_FILE = 10 * 2**30
"""Bytes of one file: the largest video a platform takes."""
MOST_BYTES, MOST_FILES = 2**63, 2**31
HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Blob:
    """A kept file: the SHA-256 of its content in hexadecimal, and its bytes."""

    sha256: str
    size: int


class Blobs:
    """Private files under MCP_ADS_HOME/blobs, each named by the SHA-256 of its content."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes | BinaryIO, most: int = MOST_FILE) -> Blob:
        """Keep a file, read in pieces. Raises InvalidParams when it is over `most` bytes, or NoRecord."""
        source = io.BytesIO(content) if isinstance(content, bytes) else content
        draft = draft_of(self.folder / "new")
        try:
            blob = _copied(source, draft, most)
            draft.replace(self.folder / blob.sha256)
            with contextlib.suppress(OSError):
                forget_old(self.folder, seconds=KEPT, most_bytes=MOST_BYTES, most_files=MOST_FILES)
        except OSError as error:
            raise NoRecord(
                f"the file cannot be kept ({error.strerror}), so nothing is sent",
                fix=f"make room in {self.folder}",
            ) from None
        finally:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
        return blob

    def open(self, sha256: str) -> BinaryIO:
        """The file's content from its beginning. Raises StalePlan when it is not there any more."""
        check_name(sha256)
        try:
            return opened(self.folder / sha256)
        except OSError:
            raise not_kept() from None

    def check(self, sha256: str) -> Blob:
        """The file, read whole and found as it was kept. Raises StalePlan when it is gone or differs."""
        return verified(self.open, sha256)

    def forget(self, sha256: str) -> None:
        """Keep a file no longer; nothing happens where there is none."""
        if HASH.fullmatch(sha256):
            with contextlib.suppress(OSError):
                (self.folder / sha256).unlink(missing_ok=True)


def _copied(source: BinaryIO, draft: Path, most: int) -> Blob:
    """Copy the content into a private file, on disk when this returns."""
    with created(draft) as file:
        blob = copied(source, file, most)
        file.flush()
        os.fsync(file.fileno())
    return blob


def copied(source: BinaryIO, file: BinaryIO, most: int) -> Blob:
    """Copy content, read in pieces. Raises InvalidParams when it is over `most` bytes, OSError."""
    digest, size = hashlib.sha256(), 0
    for chunk in _chunks(source):
        size += len(chunk)
        if size > most:
            raise InvalidParams(f"the file is larger than {most:,} bytes, and no more is taken here")
        digest.update(chunk)
        file.write(chunk)
    return Blob(digest.hexdigest(), size)


def verified(opener: Callable[[str], BinaryIO], sha256: str) -> Blob:
    """The file, read whole and found as it was kept. Raises StalePlan when it is gone or differs."""
    digest, size = hashlib.sha256(), 0
    with opener(sha256) as file:
        for chunk in _chunks(file):
            digest.update(chunk)
            size += len(chunk)
    if digest.hexdigest() != sha256:
        raise StalePlan(
            "the kept file is not the one that was agreed to", fix="make the plan again, with the file"
        )
    return Blob(sha256, size)


def check_name(sha256: str) -> None:
    """Raise StalePlan for what cannot name a kept file."""
    if not HASH.fullmatch(sha256):
        raise StalePlan("a file is named by the SHA-256 of its content, and this is none")


def not_kept() -> StalePlan:
    """The error for a file that is not there any more."""
    return StalePlan(
        "the file this would send is not kept any more", fix="make the plan again, with the file"
    )


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        time.sleep(0)  # a thread that hashes lets the others have their turn
        yield chunk
