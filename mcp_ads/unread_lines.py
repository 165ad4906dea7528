"""Lines over stdio that are no message: each is answered, so that no client waits for ever."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from mcp_types import INVALID_REQUEST, PARSE_ERROR, ErrorData, JSONRPCError
from pydantic import ValidationError

if TYPE_CHECKING:
    from contextvars import Context

    from mcp.shared.message import SessionMessage

NO_JSON = "this line is no JSON that can be read; nothing was done"
NO_MESSAGE = "this line is no JSON-RPC message; nothing was done"
MOST_ID = 200


class Answered:
    """What a client sends, without what is no message: that is answered with an error, under its id if it has
    one that can be read.
    """

    def __init__(self, read: Any, write: Any) -> None:
        self._read, self._write = read, write

    @property
    def last_context(self) -> Context | None:
        """The context of whoever sent the last message."""
        found: Context | None = getattr(self._read, "last_context", None)
        return found

    def __aiter__(self) -> Answered:
        return self

    async def __anext__(self) -> SessionMessage:
        while isinstance(item := await anext(self._read), Exception):
            if (line := _given(item)) != "":
                await self._write.send(_refused(line))
        message: SessionMessage = item
        return message

    async def aclose(self) -> None:
        """Hear no more."""
        await self._read.aclose()


def answering(run: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """A server's loop over two streams, in which what is no message is answered."""

    async def answered(read: Any, write: Any, *given: Any, **named: Any) -> None:
        await run(Answered(read, write), write, *given, **named)

    return answered


def _given(error: Exception) -> Any:
    """The line that was refused, or the object in it where it was read; "" for an empty one."""
    if not isinstance(error, ValidationError):
        return "{"
    inputs = [mistake["input"] for mistake in error.errors(include_url=False, include_context=False)]
    found = next((one for one in inputs if isinstance(one, dict)), inputs[0])
    return found.strip() if isinstance(found, str) else found


def _refused(line: Any) -> SessionMessage:
    """The answer to a line that is no message."""
    from mcp.shared.message import SessionMessage

    error = ErrorData(code=INVALID_REQUEST, message=NO_MESSAGE)
    if isinstance(line, str):
        error = ErrorData(code=PARSE_ERROR, message=NO_JSON)
        with contextlib.suppress(ValueError, RecursionError):
            line = json.loads(line)  # what has half of a character in it may have an id, too
    number = line.get("id") if isinstance(line, dict) else None
    return SessionMessage(
        JSONRPCError(jsonrpc="2.0", id=number if _may_be_said(number) else None, error=error)
    )


def _may_be_said(number: Any) -> bool:
    """Whether an id is one, and can be written in the answer."""
    if isinstance(number, str):
        return len(number) <= MOST_ID and number.isprintable()
    return isinstance(number, int) and not isinstance(number, bool)
