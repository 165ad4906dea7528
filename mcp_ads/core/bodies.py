"""Bodies that are files, or forms with files in them: values here, read from the disk when they are sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

OCTETS = "application/octet-stream"
MOST_NAME = 80
_UNSAFE = {'"': "%22", "\r": "%0D", "\n": "%0A", "\0": "%00"}
"""What would end a file's name in the head of a part, as browsers spell it."""


@dataclass(frozen=True)
class File:
    """A kept file, or a range of one, as what a request sends.

    `sha256` names its whole content, `size` counts that in bytes. The range begins at `offset` and is
    `length` bytes long; a length of -1 is the rest of the file.
    """

    sha256: str
    name: str
    size: int
    media: str = OCTETS
    offset: int = 0
    length: int = -1

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> File:
        """The file that an exchanged parameter names: {"file": sha256, "name", "size", "media"}."""
        return cls(str(given["file"]), str(given["name"]), int(given["size"]), str(given["media"]))

    def range(self, offset: int, length: int) -> File:
        """The part of the file that begins there. Raises ValueError when the file ends before it does."""
        if not 0 <= offset <= offset + length <= self.size:
            raise ValueError(f"bytes {offset} to {offset + length} are not in a file of {self.size}")
        return replace(self, offset=offset, length=length)

    @property
    def whole(self) -> File:
        """The file this is a range of."""
        return replace(self, offset=0, length=-1)

    @property
    def count(self) -> int:
        """How many bytes are sent."""
        return self.size - self.offset if self.length < 0 else self.length

    @property
    def text(self) -> str:
        """The file as a person reads it: never its bytes."""
        line = " ".join(self.name.split())
        name = json.dumps(line if len(line) <= MOST_NAME else f"{line[:MOST_NAME]}…", ensure_ascii=False)
        part = "" if self == self.whole else f"bytes {self.offset:,} to {self.offset + self.count:,} of "
        return f"{part}file {name} ({self.size:,} bytes, {self.media}, sha256 {self.sha256})"


@dataclass(frozen=True)
class Form:
    """A form that goes as multipart/form-data: values and files by name, in this order."""

    values: Mapping[str, Any]


@dataclass(frozen=True)
class Credentials:
    """A form of the user's credentials, each by what its variable ends in: {"client_id": "CLIENT_ID"}.

    `values` are filled in for sending alone; anywhere else it reads as these names.
    """

    names: Mapping[str, str]
    values: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def content(self) -> bytes:
        """The form as it goes over the wire."""
        known = {name: self.values.get(name, f"<{name}>") for name in self.names.values()}
        return urlencode({part: known[name] for part, name in self.names.items()}, safe="<>").encode()


@dataclass(frozen=True)
class Streamed:
    """The content of a Wire with files in it: bytes and files, one after the other; `text` shows it."""

    pieces: tuple[bytes | File, ...]
    text: str

    @property
    def size(self) -> int:
        """Bytes in all."""
        return sum(len(piece) if isinstance(piece, bytes) else piece.count for piece in self.pieces)

    @property
    def files(self) -> tuple[File, ...]:
        return tuple(piece for piece in self.pieces if isinstance(piece, File))


Content = bytes | Streamed


def of_file(file: File) -> Streamed:
    """A file, or a range of one, as the whole content."""
    return Streamed((file,), file.text)


def multipart(values: Mapping[str, str | File]) -> tuple[str, Streamed]:
    """A form as multipart/form-data (RFC 7578): its media type, which names the boundary, and its content."""
    named = repr([(name, value) for name, value in values.items()])
    mark = hashlib.sha256(named.encode()).hexdigest()[:32]
    pieces: list[bytes | File] = []
    for name, value in values.items():
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{_quoted(name)}"'
        if isinstance(value, File):
            file = f'; filename="{_quoted(value.name)}"\r\nContent-Type: {value.media}\r\n\r\n'
            pieces += [f"{head}{file}".encode(), value, b"\r\n"]
        else:
            pieces.append(f"{head}\r\n\r\n{value}\r\n".encode())
    shown = " ".join(
        f"{name}={value.text if isinstance(value, File) else value}" for name, value in values.items()
    )
    content = Streamed((*pieces, f"--{mark}--\r\n".encode()), shown)
    return f"multipart/form-data; boundary={mark}", content


def shown(content: Content | None) -> str:
    """A content as text: files by name, size and hash."""
    return content.text if isinstance(content, Streamed) else (content or b"").decode()


def files_in(content: Content | None) -> tuple[File, ...]:
    """The files a content is read from."""
    return content.files if isinstance(content, Streamed) else ()


def _quoted(text: str) -> str:
    return "".join(_UNSAFE.get(letter, letter) for letter in text)
