"""Between the moment a write leaves and its record nothing gets lost, whatever breaks there."""

from __future__ import annotations

import asyncio
import contextlib
import json
import pkgutil
import ssl
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from engine_client import FACEBOOK, EngineClient
from planning import SPRING, applied, error_of, planned, writes

from mcp_ads.core import Progress

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
ERRORS: tuple[BaseException, ...] = (
    ValueError("x"), KeyError("id"), TypeError("x"), IndexError("x"), RuntimeError("x"), RecursionError("x"),
    MemoryError(), AssertionError(), EOFError(), OSError(5, "x"), BrokenPipeError(), ssl.SSLError("x"),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "x"), TimeoutError(), asyncio.IncompleteReadError(b"", 1),
    anyio.ClosedResourceError(), httpx.ReadError("x"), httpx.DecodingError("x"), httpx.StreamClosed(),
    ExceptionGroup("x", [ValueError("x")]),
)  # fmt: skip


class Torn(httpx.AsyncByteStream):
    """An answer that breaks while it is read."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b'{"succ'
        raise self.error


class Breaking(httpx.AsyncBaseTransport):
    """Lets a write through to the platform, and breaks with `error` what comes back of it."""

    def __init__(self, engine_client: EngineClient, part: str) -> None:
        self.part, self.error, self.honest = part, ERRORS[0], engine_client.workspace._sandbox_transport
        engine_client.workspace._sandbox = lambda: self  # type: ignore[method-assign,assignment,return-value]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The platform's answer; to a write, none."""
        answer = await self.honest.handle_async_request(request)
        if request.method == "GET" or b"validate_only" in request.content:
            return answer
        if self.part == "answer":
            raise self.error
        return httpx.Response(200, stream=Torn(self.error))


def outcomes(home: Path) -> list[str]:
    """What the audit log says of every change, before it left and after."""
    return [json.loads(line)["outcome"] for line in (home / "audit.jsonl").read_text().splitlines()]


@pytest.mark.slow
@pytest.mark.parametrize("part", ["answer", "body"])
async def test_whatever_breaks_a_planned_change_is_unknown(engine_client: EngineClient, part: str) -> None:
    """It was done once and says that it may have been, in the answer, the log and the plan; never again."""
    breaking = Breaking(engine_client, part)
    for number, error in enumerate(ERRORS, start=1):
        plan_id = await planned(
            engine_client, "campaigns", "update", campaign_id=SPRING, name=f"Name {number}"
        )
        breaking.error = error
        assert "UNKNOWN: 0 of 1 done" in (await applied(engine_client, plan_id)).text, error
        assert "UNKNOWN" in (await applied(engine_client, plan_id)).text, error
        assert outcomes(engine_client.home)[-2:] == ["sending", "unknown"], error
        assert len(writes(engine_client)) == number, error
        assert engine_client.workspace.plans.get(plan_id).steps[0].state == "unknown", error


@pytest.mark.slow
@pytest.mark.parametrize("part", ["answer", "body"])
async def test_whatever_breaks_a_direct_change_is_unknown(
    engine_client_with: EngineClients, part: str
) -> None:
    """The same where changes go out at once: the error says that it may have been sent, and how to look."""
    engine_client = engine_client_with(MCP_ADS_WRITES="direct")
    breaking = Breaking(engine_client, part)
    for number, breaking.error in enumerate(ERRORS, start=1):
        change = {"campaign_id": SPRING, "name": f"Name {number}"}
        error = await error_of(engine_client.do(FACEBOOK, "campaigns", "update", **change))
        assert error is not None, breaking.error
        assert error.sent == "unknown", breaking.error
        assert "_execute(" in error.fix, breaking.error
        assert outcomes(engine_client.home)[-2:] == ["sending", "unknown"], breaking.error
        assert len(writes(engine_client)) == number, breaking.error


INSIDE = (
    "mcp_ads.engine.applying.send.believe",
    "mcp_ads.engine.wire.transport.Transport._decoded",
    "mcp_ads.engine.wire.trace.Entry.answered",
    "mcp_ads.engine.wire.trace.Trace.add",
)
"""What an answer goes through until it is believed."""


@pytest.mark.parametrize("place", INSIDE)
async def test_a_fault_of_ours_loses_nothing(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """Where our own code breaks once the change is done, the record is there and nothing is sent again."""
    plan_id = await planned(engine_client, "campaigns", "update", campaign_id=SPRING, name="Other")
    honest = resolved(place)

    def broken(*given: Any, **more: Any) -> Any:
        if writes(engine_client):
            raise RuntimeError("a fault of ours")
        return honest(*given, **more)

    with monkeypatch.context() as breaking:
        breaking.setattr(place, broken)
        with contextlib.suppress(RuntimeError):
            await applied(engine_client, plan_id)
    assert outcomes(engine_client.home) == ["sending", "unknown"]
    assert "UNKNOWN: 0 of 1 done" in (await applied(engine_client, plan_id)).text
    assert len(writes(engine_client)) == 1


def resolved(place: str) -> Callable[..., Any]:
    """What stands at a dotted place."""
    found: Callable[..., Any] = pkgutil.resolve_name(place)
    return found


async def test_a_client_that_cannot_be_told_changes_nothing(engine_client: EngineClient) -> None:
    """A report of progress that fails is no failure of the change."""

    async def report(_: Progress) -> None:
        raise RuntimeError("gone")

    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)
    result: Any = await engine_client.workspace.apply(plan_id, report=report)
    assert "APPLIED: 1 of 1 done" in result.text
    assert outcomes(engine_client.home) == ["sending", "done"]
