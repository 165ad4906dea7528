"""A process that dies at a chosen moment: after it, nothing is written, sent or cleaned up by it any more."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from engine_client import EngineClient

OPERATIONS = ("open", "write", "fsync", "rename", "replace", "link", "unlink", "mkdir")


class Died(BaseException):
    """The process is gone; nothing that catches errors catches this."""


class Mortal:
    """Dies before its nth change of a file; a line it was writing is cut in the middle."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.dead, self._lives, self._counting = False, 0, False
        for name in OPERATIONS:
            monkeypatch.setattr(os, name, self._dying(name, getattr(os, name)))

    @contextmanager
    def dies_at(self, number: int) -> Iterator[None]:
        """Die at the change of a file with this number, if there are so many."""
        self.dead, self._lives, self._counting = False, number, True
        try:
            yield
        except Died:
            assert self.dead
        finally:
            self._counting = False

    def sends_through(self, engine_client: EngineClient) -> None:
        """Have what is dead send nothing."""
        honest = engine_client.workspace._sandbox_transport
        engine_client.workspace._sandbox = lambda: Sending(self, honest)  # type: ignore[method-assign,assignment,return-value]

    def _dying(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def operation(*given: Any, **more: Any) -> Any:
            reads = name == "open" and not given[1] & (os.O_CREAT | os.O_WRONLY | os.O_RDWR)
            if not self._counting or (reads and not self.dead):
                return real(*given, **more)
            self._lives -= 1
            if self._lives <= 0 and not self.dead:
                self.dead = True
                if name == "write":
                    real(given[0], given[1][: len(given[1]) // 2])
            if self.dead:
                raise Died
            return real(*given, **more)

        return operation


class Sending(httpx.AsyncBaseTransport):
    """The way to the platforms of a process that may be dead."""

    def __init__(self, mortal: Mortal, honest: httpx.AsyncBaseTransport) -> None:
        self._mortal, self._honest = mortal, honest

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The platform's answer; once dead, nothing arrives and nothing comes back."""
        if self._mortal.dead and self._mortal._counting:
            raise Died
        answer = await self._honest.handle_async_request(request)
        if self._mortal.dead and self._mortal._counting:
            raise Died
        return answer
