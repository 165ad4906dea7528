"""What a call asks for and what comes back, before any platform spelling or I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO, Literal

from .bodies import Content, Credentials, File, Form, multipart, of_file

Risk = Literal["read", "write", "delete"]
Values = Mapping[str, Any] | list[Any]
Body = Values | File | Form | Credentials
Through = Callable[[Iterable[dict[str, Any]]], Iterable[dict[str, Any]]]
"""Makes other records of records, as they come."""
Columns = Mapping[str, Sequence[Any]]
"""Records that all have the same names: by name, the value in each of them."""


class Digits(tuple[int, ...]):
    """The cells of a column of text that are nothing but digits, as ids are: numbers that stand for these."""

    __slots__ = ()


@dataclass(frozen=True)
class Request:
    """One HTTP request in plain values; a Dialect spells it.

    `path` starts with / and is joined to the connector's base URL of `region`, or to another of the vendor's
    hosts (`host`, one of the connector's `uploads`; a base URL that is not the vendor's stands for it too).
    An absolute URL is one that an answer gave: what is fetched there, or written to a host among `uploads`,
    goes without credentials unless it is `signed`. Only a repeatable read is sent again after a failure. The
    answer to one with `into_file` is a `Fetched`: it is written to a private file, never held in memory.
    One with `parts` is these requests in one; its answer is a list with the answer or the ApiError of each.
    `calls` is how many requests the platform counts it as. One that is `signed_as` something, such as a
    page by its id, goes with the token of that instead of the user's. The answer to a `secret` one is such a
    token: it goes to whoever signs with it, and is written down nowhere.
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
    host: str = ""
    signed: bool = False
    parts: tuple[Request, ...] = ()
    calls: int = 1
    signed_as: str = ""
    secret: bool = False
    of: str = ""
    """The last part of the name of the module that asks it: what tells requests of the same address apart."""

    private: bool = False
    """Whether its answer is about people: it is not written down."""
    shown: Request | None = field(default=None, repr=False)
    """The request as it may be written down, where its body has rows about people."""

    @property
    def call(self) -> str:
        """Method and path, such as "GET /v2/ads"."""
        return f"{self.method} {self.path}"

    @property
    def absolute(self) -> bool:
        """Whether an answer gave the address, as it does of every file: one of our own paths is none."""
        return self.into_file or not self.path.startswith("/")

    def with_query(self, **more: Any) -> Request:
        return replace(self, query={**self.query, **more})

    def with_body(self, **more: Any) -> Request:
        assert self.body is None or isinstance(self.body, Mapping)
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
    content: Content | None = None


def to_address(request: Request) -> Wire:
    """A request to an absolute URL as it goes over the wire: no platform's spelling but its own headers."""
    headers, body = dict(request.headers), request.body
    if isinstance(body, Form):
        headers["Content-Type"], content = multipart(body.values)
        return Wire(request.method, request.path, headers, content)
    assert body is None or isinstance(body, File)
    if body:
        headers.setdefault("Content-Type", body.media)
    return Wire(request.method, request.path, headers, of_file(body) if body else None)


@dataclass(frozen=True)
class Layout:
    """A Through that lays records out: after `tags`, which are in all of them, in the order of `columns`, all
    of which they have, empty where they lacked it.
    """

    columns: Sequence[str]
    tags: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, records: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
        lacking = dict.fromkeys(self.columns)
        return ({**self.tags, **lacking, **record} for record in records)

    def laid(self, columns: Columns, count: int) -> Columns:
        """The same of so many records, all at once."""
        tags = {name: [value] * count for name, value in self.tags.items()}
        return {**tags, **dict.fromkeys(self.columns, [None] * count), **columns}


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
    through: Through = iter


@dataclass(frozen=True)
class Files:
    """Several files whose rows are one result, in this order: as the data of a Result they are one table.

    The records of each go through its own `through`, and then all of them, in one stream, through this one.
    """

    files: tuple[Fetched, ...]
    through: Through = iter


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
