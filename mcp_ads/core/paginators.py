"""How one page asks for the next: a token read from an answer, and the request that uses it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

from .request import Request


class Paginator(Protocol):
    """A stateless value: its token is kept for the cursor the agent passes back."""

    @property
    def most(self) -> int:
        """The most rows a page may have."""

    @property
    def key(self) -> str:
        """By which name an answer of records tells the token of the next page; empty where it is no token."""

    def sized(self, request: Request, rows: int) -> Request:
        """The same request for pages of so many rows."""

    def token(self, request: Request, answer: Any) -> str | None:
        """What asks for the page after this one; None on the last."""

    def turn(self, request: Request, token: str) -> Request:
        """The same request, for the page the token names."""


@dataclass(frozen=True)
class Cursor:
    """The answer carries an opaque token.

    `read` is where the token is in the answer and `write` the parameter it goes back in; `size` is the
    parameter of the page size. `more` is a path present only while there is a next page, where the token
    alone will not tell. `told` is what answers of records call the token, where that is not its own name.
    """

    read: str
    write: str
    size: str
    most: int = 100
    into: Literal["query", "body"] = "query"
    more: str = ""
    told: str = ""

    @property
    def key(self) -> str:
        return self.told or self.read.rpartition(".")[2]

    def sized(self, request: Request, rows: int) -> Request:
        return self._put(request, self.size, min(rows, self.most)) if self.size else request

    def token(self, request: Request, answer: Any) -> str | None:  # noqa: ARG002 - the protocol's
        found = dig(answer, self.read) if dig(answer, self.more or self.read) else None
        return str(found) if found else None

    def turn(self, request: Request, token: str) -> Request:
        return self._put(request, self.write, token)

    def _put(self, request: Request, name: str, value: Any) -> Request:
        put = request.with_query if self.into == "query" else request.with_body
        return put(**{name: value})


@dataclass(frozen=True)
class Offset:
    """The next page starts where this one ended."""

    start: str
    size: str
    rows: str
    most: int = 100

    @property
    def key(self) -> str:
        return self.start

    def sized(self, request: Request, rows: int) -> Request:
        return request.with_query(**{self.start: 0, self.size: min(rows, self.most)})

    def token(self, request: Request, answer: Any) -> str | None:
        size = int(request.query[self.size])
        full = len(dig(answer, self.rows) or []) >= size
        return str(int(request.query[self.start]) + size) if full else None

    def turn(self, request: Request, token: str) -> Request:
        return request.with_query(**{self.start: int(token)})


def dig(value: Any, path: str) -> Any:
    """The value at a dotted path, or None: "a.b" is 1 in {"a": {"b": 1}}."""
    for key in path.split(".") if path else ():
        value = value.get(key) if isinstance(value, dict) else None
    return value
