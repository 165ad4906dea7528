"""Parameters that are files: kept, then a digest, a name and a size stand for them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .kept import Kept, Mark, is_sha256
from .media import ENDINGS, is_bare, media_of

MOST_BASE64 = 2**20
"""Bytes a file may have that comes in the call itself."""
BASE64_PER_BYTE = 1.4
MOST_NAME = 100
HEAD = 32
"""Bytes by which the kind of a file is told."""
_TOO_LARGE = f"in base64 at most {MOST_BASE64:,} bytes; put the file into MCP_ADS_FILES and name it"


class UploadedFile(Kept):
    """A file, as `{"file": sha256, "name": its name, "size": bytes, "media": its media type}`."""

    digest = "file"


@dataclass(frozen=True)
class Upload(Mark):
    """Marks a parameter that is a file: `Annotated[UploadedFile, Upload(("image/png",), 30 * 2**20)]`.

    It takes the name of a file inside MCP_ADS_FILES, which only the door can read, or the content in base64.
    `kinds` are the media types it may have, as its first bytes tell, `most` and `least` how many bytes.
    """

    kinds: tuple[str, ...]
    most: int
    least: int = 1

    kind = UploadedFile

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string"}

    def fits(self, value: Mapping[str, Any]) -> bool:
        size = value.get("size")
        return bool(
            value.keys() == {"file", "name", "size", "media"}
            and is_sha256(value["file"])
            and type(size) is int
            and self.least <= size <= self.most
            and value["media"] in self.kinds
            and isinstance(value["name"], str)
            and safe_name(value["name"]) == value["name"]
        )

    def exchanged(self, value: Any) -> UploadedFile:
        if self.path_in(value):
            raise ValueError("files are read when a call comes in, and this value came by another way")
        content = _decoded(value)
        found = self.file(hashlib.sha256(content).hexdigest(), "", len(content), content[:HEAD])
        found.content = content
        return found

    @property
    def named(self) -> str:
        """A name as one writes it."""
        return f"spring.{ENDINGS[self.kinds[0]]}"

    @property
    def endings(self) -> tuple[str, ...]:
        """How the names of files it may take end, in lower case."""
        also = {"jpg": ("jpg", "jpeg"), "mp4": ("mp4", "m4v")}
        return tuple(end for kind in self.kinds for end in also.get(ENDINGS[kind], (ENDINGS[kind],)))

    def path_in(self, value: Any) -> str:
        """The path of a file, where the value is one and not content; base64 has no dots."""
        return value if isinstance(value, str) and "." in value and not value.startswith("data:") else ""

    def file(self, sha256: str, name: str, size: int, head: bytes) -> UploadedFile:
        """What stands for a file of this digest, name, size and first bytes. Raises ValueError."""
        media = media_of(head, name)
        if media not in self.kinds:
            kinds = ", ".join(map(_called, self.kinds))
            raise ValueError(f"its content is not of a kind that is taken here: {kinds}")
        if not 0 < size <= self.most:
            raise ValueError(f"at most {self.most:,} bytes, and not none")
        if size < self.least:
            raise ValueError(f"at least {self.least:,} bytes, and it has {size:,}")
        if is_bare(head, size):
            raise ValueError("it has the head of a video and nothing behind it")
        known = safe_name(name) or f"upload.{ENDINGS[media]}"
        return UploadedFile(file=sha256, name=known, size=size, media=media)


def _called(kind: str) -> str:
    """A kind of file as people call it: jpeg, docx."""
    return ENDINGS[kind] if kind.startswith("application/") else kind.rpartition("/")[2]


def safe_name(name: str) -> str:
    """The last part of a path as a name that says nothing else; empty when nothing of it is left."""
    return re.sub(r"[^\w. -]+", "-", re.split(r"[/\\]", name)[-1], flags=re.ASCII)[-MOST_NAME:].strip(". -")


def _decoded(value: Any) -> bytes:
    """The content that base64 text stands for. Raises ValueError."""
    text = value.rpartition(",")[2] if isinstance(value, str) and value.startswith("data:") else value
    if not isinstance(text, str):
        raise ValueError("write the name of a file inside MCP_ADS_FILES, or its content in base64")  # noqa: TRY004
    if len(text) > MOST_BASE64 * BASE64_PER_BYTE:
        raise ValueError(_TOO_LARGE)
    try:
        content = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(
            "neither the name of a file with its ending, inside MCP_ADS_FILES, nor content in base64"
        ) from None
    if len(content) > MOST_BASE64:
        raise ValueError(_TOO_LARGE)
    return content
