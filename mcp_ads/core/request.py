"""What a call asks for and what comes back, before any platform spelling or I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO, Literal

Risk = Literal["read", "write", "delete"]
Body = Mapping[str, Any] | list[Any]


@dataclass(frozen=True)
class Request:
    """One HTTP request in plain values; a Dialect spells it.

    `path` starts with / and is joined to the connector's base URL of `region`; an absolute URL is fetched
    without credentials (presigned downloads). Only a repeatable read is sent again after a failure. The
    answer to one with `into_file` is a `Fetched`: it is written to a private file, never held in memory.
    """

    method: str
    path: str
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Body | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    risk: Risk = "read"
    repeatable: bool = True
    region: str = ""
    into_file: bool = False
    private: bool = False
    """Whether its answer is about people: it is not written down."""
    shown: Request | None = field(default=None, repr=False)
    """The request as it may be written down, where its body has rows about people."""

    def with_query(self, **more: Any) -> Request:
        return replace(self, query={**self.query, **more})

    def with_body(self, **more: Any) -> Request:
        assert not isinstance(self.body, list)
        return replace(self, body={**(self.body or {}), **more})

    @property
    def resendable(self) -> bool:
        return self.risk == "read" and self.repeatable


@dataclass(frozen=True)
class Wire:
    """A Request as one platform spells it; `url` begins with / or is absolute."""

    method: str
    url: str
    headers: Mapping[str, str]
    content: bytes | None = None


@dataclass(frozen=True)
class Fetched:
    """The answer to a Request with `into_file`: a file nobody else can open, from its beginning.

    It is gone when nothing refers to it. `size` is in bytes as they were sent, `again` the call that gets
    the file anew. As the data of a Result it stands for the rows of the JSON list it holds, packed or not,
    after `through` has made other records of them.
    """

    file: BinaryIO = field(repr=False)
    size: int
    media: str = ""
    again: str = ""
    through: Callable[[Iterable[dict[str, Any]]], Iterable[dict[str, Any]]] = iter


@dataclass(frozen=True)
class Reply:
    """What the platform sent back; header names are lower case. `file` is the content of a Request with
    `into_file`, `asked` the request this answers.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes
    file: Fetched | None = None
    asked: Request | None = None

    @property
    def change(self) -> Request | None:
        """The request, where it was to change something."""
        return self.asked if self.asked and self.asked.risk != "read" else None


@dataclass(frozen=True)
class Route:
    """The fixed half of a Request: what every call of one action shares."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)


def GET(path: str, **headers: str) -> Route:  # noqa: N802 - reads as the verb it is
    return Route("GET", path, headers)


def POST(path: str, **headers: str) -> Route:  # noqa: N802
    return Route("POST", path, headers)


def PUT(path: str, **headers: str) -> Route:  # noqa: N802
    return Route("PUT", path, headers)


def DELETE(path: str, **headers: str) -> Route:  # noqa: N802
    return Route("DELETE", path, headers)
