"""A credential anywhere in what a platform writes: not a character of it is shown, logged or kept."""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient
from planning import SPRING

from mcp_ads.engine.wire import transport
from mcp_ads.errors import AdsError
from mcp_ads.server import build_server

pytestmark = pytest.mark.anyio
MARKS = "~^"
"""Characters that no text of ours, and none of the sandbox, has."""
LENGTHS = (20, 194, 2_000)
EDGES = (0, 1, 55, 60, 250, 290, 299, 300, 301, 1_990, 2_000, 3_990, 4_000, 7_900, 7_990, 8_000, 8_100)
FILL = "All work and no play makes a dull campaign. "
Place = Callable[[str], Callable[[httpx.Request], httpx.Response | None]]


@pytest.fixture(autouse=True)
def one_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is sent again: what is said of a failure is the point."""
    monkeypatch.setattr(transport, "ATTEMPTS", 1)


def token(length: int) -> str:
    """A credential whose every character would be noticed."""
    return "".join(random.Random(length).choices(MARKS, k=length))


def around(secret: str, offset: int) -> str:
    """A text with the credential at an offset."""
    filler = FILL * (offset // len(FILL) + 1)
    return f"{filler[:offset]}{secret}{FILL}"


def error_body(text: str) -> Callable[[httpx.Request], httpx.Response | None]:
    """Facebook's error with the text in every field it has."""
    error = {
        "message": text, "error_user_msg": text, "error_user_title": text, "fbtrace_id": text, "code": 100,
        "error_data": {"blame_field_specs": [[text]]},
    }  # fmt: skip
    return lambda request: httpx.Response(400, json={"error": error}) if request.url.host[0] == "g" else None


def odd_body(text: str) -> Callable[[httpx.Request], httpx.Response | None]:
    """An error that is none of the documented ones, and a page of a gateway."""
    return lambda request: httpx.Response(418, json=[text]) if request.url.host[0] == "g" else None


def rows(text: str) -> Callable[[httpx.Request], httpx.Response | None]:
    """Names and nested values of rows, and a remark in a header."""
    row = {"id": SPRING, "name": text, "status": "PAUSED", "nested": {text: [text]}}
    headers = {"X-Ad-Api-Version-Warning": text}

    def answer(request: httpx.Request) -> httpx.Response | None:
        if request.method != "GET" or not request.url.path.endswith("/campaigns"):
            return None
        return httpx.Response(200, json={"data": [row]}, headers=headers)

    return answer


def record(text: str) -> Callable[[httpx.Request], httpx.Response | None]:
    """One record, read before a plan."""
    row = {"id": SPRING, "name": text, "status": "ACTIVE", "account_id": US, "effective_status": "ACTIVE"}

    def answer(request: httpx.Request) -> httpx.Response | None:
        here = request.method == "GET" and request.url.path.endswith(SPRING)
        return httpx.Response(200, json=row) if here else None

    return answer


def restli(text: str) -> Callable[[httpx.Request], httpx.Response | None]:
    """LinkedIn's error."""
    details = {
        "inputErrors": [{"description": text, "input": {"inputPath": {"fieldPath": text}}, "code": text}]
    }
    error = {"message": text, "code": text, "errorDetails": details, "serviceErrorCode": text}
    return lambda request: None if "oauth" in request.url.path else httpx.Response(400, json=error)


def amazon(text: str) -> Callable[[httpx.Request], httpx.Response | None]:
    """Amazon's error, and its request id in a header."""
    error = {"code": text, "details": text, "errors": [{"errorType": text, "errorValue": {text: {}}}]}
    headers = {"x-amzn-requestid": text}

    def answer(request: httpx.Request) -> httpx.Response | None:
        return None if "/auth/" in request.url.path else httpx.Response(422, json=error, headers=headers)

    return answer


CALLS: dict[str, tuple[Any, str, str, str, dict[str, Any]]] = {
    "an error": (error_body, FACEBOOK, "current_user", "get", {}),
    "an odd error": (odd_body, FACEBOOK, "current_user", "get", {}),
    "rows": (rows, FACEBOOK, "campaigns", "list", {"account_id": US, "fields": ["id", "name", "nested"]}),
    "a plan": (record, FACEBOOK, "campaigns", "update", {"campaign_id": SPRING, "name": "Other"}),
    "a refused write": (error_body, FACEBOOK, "campaigns", "pause", {"campaign_id": SPRING}),
    "linkedin": (restli, LINKEDIN, "campaigns", "list", {"account_id": LINKEDIN_US}),
    "amazon": (amazon, AMAZON, "portfolios", "list", {"profile_id": PROFILE}),
}


class Man(httpx.AsyncBaseTransport):
    """Between us and the sandbox: the first to answer."""

    def __init__(self, honest: httpx.AsyncBaseTransport) -> None:
        self.honest = honest
        self.answers: Callable[[httpx.Request], httpx.Response | None] = lambda _: None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer planted, or the sandbox's."""
        return self.answers(request) or await self.honest.handle_async_request(request)


async def texts_of(engine_client: EngineClient, call: tuple[Any, str, str, str, dict[str, Any]]) -> list[str]:
    """What an agent reads of a call, in both formats; a plan is applied too."""
    _, connector, entity, action, params = call
    try:
        result = await engine_client.do(connector, entity, action, **params)
        said = [engine_client.workspace.text(result, style) for style in ("table", "json")]
        if isinstance(result.data, dict) and "plan_id" in result.data:
            said.append(
                engine_client.workspace.text(await engine_client.workspace.apply(result.data["plan_id"]))
            )
    except AdsError as error:
        return [engine_client.workspace.error_text(error)]
    return said


def kept(home: Path) -> Iterator[tuple[str, str]]:
    """Every file but the sandbox's own state and the tokens'."""
    for path in home.rglob("*"):
        if path.is_file() and not {"sandbox", "tokens"} & set(path.parts):
            yield str(path), path.read_bytes().decode(errors="replace")


async def look(
    engine_client: EngineClient, caplog: pytest.LogCaptureFixture, name: str, offsets: list[int]
) -> None:
    """Plant every credential at these offsets; nothing of them may be found anywhere."""
    man = Man(engine_client.workspace._sandbox_transport)
    engine_client.workspace._sandbox = lambda: man  # type: ignore[method-assign,assignment,return-value]
    for length in LENGTHS:
        secret = token(length)
        engine_client.workspace.trace.hide(secret)
        for offset in offsets:
            man.answers = CALLS[name][0](around(secret, offset))
            for text in await texts_of(engine_client, CALLS[name]):
                assert not set(MARKS) & set(text), (length, offset, text[:500])
    engine_client.workspace.trace.flush()
    assert [place for place, text in kept(engine_client.home) if set(MARKS) & set(text)] == []
    assert not set(MARKS) & set(caplog.text)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "writes"),
    [(name, "plan") for name in CALLS] + [(name, "direct") for name in ("a plan", "a refused write")],
)
async def test_nowhere_a_character(
    engine_client_with: Callable[..., EngineClient], caplog: pytest.LogCaptureFixture, name: str, writes: str
) -> None:
    """At the edges of every cut there is, in answers, errors, plans, the audit log, the trace and the log."""
    with caplog.at_level(logging.DEBUG, "mcp_ads"):
        await look(
            engine_client_with(MCP_ADS_WRITES=writes), caplog, name, [*EDGES[:: 1 if writes == "plan" else 4]]
        )


@pytest.mark.slow
@pytest.mark.parametrize("name", list(CALLS))
async def test_nowhere_where_writes_go_out_at_once(
    engine_client_with: Callable[..., EngineClient], caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """The same for every call in direct mode, at every edge."""
    with caplog.at_level(logging.DEBUG, "mcp_ads"):
        await look(engine_client_with(MCP_ADS_WRITES="direct"), caplog, name, [*EDGES])


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", list(CALLS))
async def test_at_every_offset(
    engine_client_with: Callable[..., EngineClient], caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """The same at every offset up to beyond the longest cut."""
    with caplog.at_level(logging.DEBUG, "mcp_ads"):
        await look(engine_client_with(), caplog, name, [*range(400), *range(400, 8_400, 7)])


async def test_the_servers_log(engine_client: EngineClient, caplog: pytest.LogCaptureFixture) -> None:
    """A fault of ours that quotes a platform is logged without the credential."""
    secret = token(194)
    engine_client.workspace.trace.hide(secret)
    tools = await build_server(engine_client.settings, engine_client.workspace).list_tools()
    fault: Any = tools[0]
    with caplog.at_level(logging.ERROR):
        said = engine_client.workspace.error_text(fault.fault(ValueError(around(secret, 300))))
    engine_client.workspace.trace.flush()
    assert "ValueError" in caplog.text
    assert not set(MARKS) & set(said + caplog.text.replace("^^", ""))


def test_a_credential_that_is_spelt_otherwise(engine_client_with: Callable[..., EngineClient]) -> None:
    """JSON that escapes more than it must, and addresses, give nothing away."""
    secrets = engine_client_with().workspace.trace.secrets
    secret = "Atza|fresh/one-with+marks="
    secrets.hide(secret)
    spelt = [
        "".join(f"\\u{ord(character):04x}" if character in "|/+=" else character for character in secret)
    ]
    spelt += [secret.replace("/", "\\/"), json.dumps(secret)[1:-1]]
    for spelling in spelt:
        content = f'{{"a": "x {spelling} y"}}'.encode()
        assert b"fresh" not in secrets.scrubbed(content)
    every = "".join(f"\\u{ord(character):04x}" for character in secret)
    content = f'{{"a": "x {every} y"}}'.encode()
    assert secrets.decoded(json.loads(content), content) == {"a": "x [secret] y"}
