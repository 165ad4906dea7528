"""Whatever is sent to the server, it is answered in words, in bounds, and nothing reaches a platform."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from budget import scale
from hostile import TEXTS, values
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from raw_mcp import ERAS, NEW, OLD, RawServer
from wire_cases import CASES

from mcp_ads.engine.wire.redaction import Secrets
from mcp_ads.sandbox.store import Store

FEW, MANY = 6, 20_000
PLAIN = [(name, case) for name, case in CASES if case["entity"] == "campaigns"]
"""What is called in `make test`: the modules of all entities take seconds to load."""
TOOLS = ["facebook_marketing_execute", "linkedin_ads_execute", "amazon_ads_execute", "ads_execute"]
VIEW = [
    "limit", "cursor", "fields", "where", "sort", "top", "group_by", "from", "over", "accounts", "save_to",
    "totals", "compare", "by", "connection", "items", "append_to", "steps", "account_id", "propose",
]  # fmt: skip
HEAD = b'{"jsonrpc":"2.0","id":1,"method":'
RAW = {
    "nothing": b"", "no JSON": b"{", "NUL": b"\x00", "not UTF-8": b'"\xff\xfe"',
    "UTF-16": "{}".encode("utf-16"),
    "deep": b"[" * 10_000 + b"]" * 10_000, "deep objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "a batch": b"[" + HEAD + b'"ping"}]', "an empty batch": b"[]", "a number": b"1", "null": b"null",
    "no version": b'{"id":1,"method":"ping"}',
    "a huge id": b'{"jsonrpc":"2.0","method":"ping","id":' + b"9" * 5_000 + b"}",
    "an object for an id": b'{"jsonrpc":"2.0","id":{},"method":"ping"}', "unknown": HEAD + b'"no/such"}',
    "a number for a method": HEAD + b"7}", "a list of parameters": HEAD + b'"tools/call","params":[1]}',
    "no name": HEAD + b'"tools/call","params":{}}', "10 MB": HEAD + b'"' + b"x" * 10_000_000 + b'"}',
    "NaN": HEAD + b'"tools/call","params":{"name":"ads_apply","arguments":{"plan_id":NaN}}}',
    "an answer": b'{"jsonrpc":"2.0","id":1,"result":{}}',
    "a prompt": HEAD + b'"prompts/get","params":{"name":"x"}}',
    "half a character": HEAD + b'"tools/call","params":{"name":"\\ud800","arguments":{}}}',
    "a tool's long name": HEAD + b'"tools/call","params":{"name":"' + b"n" * 100_000 + b'","arguments":{}}}',
    "a long address": HEAD + b'"resources/read","params":{"uri":"ads://' + b"n" * 100_000 + b'"}}',
}  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RawServer]:
    """One server for the file; at its end nothing was changed on any platform."""
    home = tmp_path_factory.mktemp("home")
    (home / "files").mkdir()
    running = RawServer(home / "kept", MCP_ADS_FILES=str(home / "files"), MCP_ADS_RAW_WRITES="1")
    yield running
    running.close()
    store = Store(home / "kept" / "sandbox" / "sandbox.sqlite")
    assert store.writes() == []
    store.close()
    assert not [*home.rglob("passwd*")]


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("raw", RAW)
def test_bytes_that_are_no_message(server: RawServer, raw: str, era: str) -> None:
    """An answer by the protocol, no larger than a page, and the next message is answered as ever."""
    assert len(server.post(RAW[raw], era).text) < 5_000
    assert "tools" in server.ask("tools/list", {}, era)["result"]


def in_words(text: str, *, failed: bool) -> None:
    """An answer an agent can read: of an error, what is wrong and that nothing was sent."""
    assert len(text) <= 24_000
    if failed and text.startswith("ERROR "):
        assert "\nsent: " in text, text
    assert Secrets().redact(text) == text


@st.composite
def calls(draw: st.DrawFn, cases: list[tuple[str, dict[str, Any]]]) -> tuple[str, dict[str, Any]]:
    """A call that is right but for one parameter or two."""
    name, case = draw(st.sampled_from(cases))
    params = dict(case["params"])
    for _ in range(draw(st.integers(1, 2))):
        params[draw(st.sampled_from([*params, *VIEW]))] = draw(values())
    given: Any = draw(st.sampled_from([params, params, json.dumps(params)]))
    return f"{name}_execute", {"entity": case["entity"], "action": case["action"], "params": given}


@st.composite
def strange(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A call of any tool with arguments that mean nothing."""
    tool = draw(st.sampled_from([*TOOLS, "ads_describe", "ads_apply"]))
    names = ["entity", "action", "params", "format", "plan_id", "connector", "x\n"]
    return tool, draw(st.dictionaries(st.sampled_from(names), values(), max_size=4))


def fuzzed(server: RawServer, examples: int, cases: list[tuple[str, dict[str, Any]]]) -> None:
    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.one_of(calls(cases), strange()), st.sampled_from((NEW, NEW, OLD)))
    def check(call: tuple[str, dict[str, Any]], era: str) -> None:
        text, failed = server.call(*call, era)
        in_words(text, failed=failed)

    check()


def test_calls_of_tools(server: RawServer) -> None:
    """Hostile values in the place of any parameter of any action: a line of words, or an answer."""
    fuzzed(server, FEW, PLAIN)


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_many_calls_of_tools(server: RawServer) -> None:
    """The same, as many as MCP_ADS_TEST_SCALE allows, in percent of 20,000."""
    fuzzed(server, scale(MANY, least=400), CASES)


@pytest.mark.slow
@pytest.mark.parametrize(
    "place", ["ads://{}", "ads://plans/{}", "ads://facebook_marketing/{}/list", "ads://{}/x/y"]
)
def test_addresses_of_pages(server: RawServer, place: str) -> None:
    """A page that is none: invalid parameters, whatever stands in its address."""
    for text in TEXTS:
        answer = server.ask("resources/read", {"uri": place.format(text)}, OLD)
        assert answer["error"]["code"] in (-32602, -32700), answer


@pytest.mark.parametrize("step", [9, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("era", ERAS)
def test_arguments_of_prompts(server: RawServer, era: str, step: int) -> None:
    """Whatever stands in a prompt's name or arguments: quoted in one line of it, or invalid parameters."""
    for text in TEXTS[::step]:
        given: list[Any] = [{"month": text}, {text: "x"}, text]
        named = [{"name": text}] if era == OLD else []  # a name stands in a header, too, where it is newer
        for params in (*named, *({"name": "pacing", "arguments": value} for value in given)):
            answer = server.ask("prompts/get", params, era)
            if "error" in answer:
                assert answer["error"]["code"] in (-32602, -32600, -32700), answer
            else:
                (message,) = answer["result"]["messages"]
                plain, _, said = message["content"]["text"].partition("## What the person said")
                assert len(said) < 2_500
                assert len(said.splitlines()) <= 3
                assert plain.startswith("For ")
