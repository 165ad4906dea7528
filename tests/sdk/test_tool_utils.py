"""`tool_utils`: what a function becomes as an agent's tool: its text, its errors, the size of its answers."""

from __future__ import annotations

import asyncio
import inspect
import json
import sys
import warnings
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from fastmcp.exceptions import ToolError as FastMcpError

from mcp_ads import AmazonAdsConnector, FacebookMarketingConnector, LinkedinAdsConnector
from mcp_ads.errors import (
    AdsError,
    AuthError,
    InvalidParams,
    NotFound,
    OutcomeUnknown,
    PartlyDone,
    PlatformDown,
    ToolError,
    UnknownAction,
)

pytestmark = pytest.mark.anyio
ACCOUNT = "1234567890"
MOST_TOKENS = 700
CLASSES = [FacebookMarketingConnector, LinkedinAdsConnector, AmazonAdsConnector]


@pytest.fixture(autouse=True)
def home(sandbox_home: Path) -> Path:
    """The sandbox with a home of its own."""
    return sandbox_home


def raising(error: Exception, framework: str | None) -> Callable[..., Any]:
    """A tool that fails so."""

    @LinkedinAdsConnector.tool_utils(framework=framework)
    async def execute(entity: str, action: str, params: dict[str, Any] | None = None) -> Any:
        raise error

    return execute


@pytest.mark.slow
@pytest.mark.parametrize("kind", CLASSES)
def test_the_docstring_names_what_there_is_in_few_tokens(kind: type[LinkedinAdsConnector]) -> None:
    """The function's own text, then every entity with its actions; no blank line, where frameworks stop."""

    @kind.tool_utils
    async def execute(entity: str, action: str, params: dict[str, Any] | None = None) -> Any:
        """Do what was asked."""

    doc, offer = str(execute.__doc__), kind.offer()
    assert doc.startswith("Do what was asked.\n")
    assert "\n\n" not in doc
    named = {line: line.partition(": ")[2].split(", ") for line in doc.splitlines()}
    for entity in offer.listed():
        line = next(line for line, entities in named.items() if entity in entities)
        assert line.partition(": ")[0].split(", ") == list(offer.entity(entity).actions)
    if find_spec("bpe_openai"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            counter = import_module("bpe_openai").get_encoding("o200k_base")
        assert len(counter.encode(doc)) <= MOST_TOKENS
    assert len(doc) < 4 * MOST_TOKENS


@pytest.mark.parametrize(
    "sections",
    ["Args:\n    entity: What.", ":param entity: What.", "Parameters\n----------\nentity\n    What."],
)
def test_sections_of_a_docstring_stay_behind_its_text(sections: str) -> None:
    """What follows the sections would be taken for the text of a parameter, or be left out."""

    async def execute(entity: str) -> Any:
        """Be replaced."""

    execute.__doc__ = f"Do it.\n\nTwo paragraphs.\n\n{sections}"
    doc = str(LinkedinAdsConnector.tool_utils(execute).__doc__)
    assert doc.startswith("Do it.\n\nTwo paragraphs.\nLinkedIn Ads. ")
    assert doc.endswith(f"\n\n{sections}")


def test_a_function_keeps_its_shape_and_is_wrapped_once() -> None:
    """Frameworks make the schema of its signature; a second decorator changes nothing."""

    def execute(entity: str, action: str = "list") -> str:
        return f"{entity}.{action}"

    tool = LinkedinAdsConnector.tool_utils(execute)
    assert (tool.__name__, inspect.signature(tool)) == ("execute", inspect.signature(execute))
    assert tool("campaigns") == "campaigns.list"
    assert LinkedinAdsConnector.tool_utils(tool) is tool
    both = AmazonAdsConnector.tool_utils(tool)
    assert "campaign_groups" in str(both.__doc__)
    assert "sponsored_tv_ads" in str(both.__doc__)
    silent = LinkedinAdsConnector.tool_utils(execute, update_docstring=False)
    assert silent.__doc__ is None


def test_what_is_no_tool_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each mistake says what would be right."""

    async def many() -> Any:
        yield 1

    make: Any = LinkedinAdsConnector.tool_utils
    with pytest.raises(ValueError, match="'pydantic-ai'; did you mean pydantic_ai"):
        make(framework="pydantic-ai")
    with pytest.raises(ValueError, match="one of pydantic_ai, langchain, openai_agents, mcp, fastmcp, none"):
        make(framework="")
    for most in (0, -1, True, "100", 1.5):
        with pytest.raises(ValueError, match="above 0, or None"):
            make(max_output_chars=most)
    with pytest.raises(TypeError, match="framework=… by name"):
        make("openai_agents")
    with pytest.raises(TypeError, match="many is a generator"):
        make(many)
    for package in ("langchain_core", "langchain"):
        monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImportError, match="langchain_core is not installed"):
        make(framework="langchain")


MENDABLE = [UnknownAction("no such"), InvalidParams("a: b", signature="x(y)"), NotFound("gone", status=404)]
FINAL = [AuthError("signed out", fix="sign in"), OutcomeUnknown("lost"), PartlyDone("1 of 2 done")]


@pytest.mark.parametrize("error", [*MENDABLE, *FINAL], ids=lambda error: type(error).__name__)
async def test_each_error_is_the_frameworks_own_signal(error: AdsError) -> None:
    """Its text says what is wrong, what was sent and who can do what; `sent` is the error's."""
    with pytest.raises(ToolError) as plain:
        await raising(error, "none")("campaigns", "list")
    assert str(plain.value).startswith(f"{type(error).__name__}: {error}\nsent: {error.sent}")
    assert plain.value.sent == error.sent
    with pytest.raises(FastMcpError) as served:
        await raising(error, "fastmcp")("campaigns", "list")
    assert str(served.value) == str(plain.value)


async def test_errors_of_the_program_pass_through() -> None:
    """A TypeError of its own is nothing to tell a model; a signal is not wrapped again."""
    with pytest.raises(TypeError, match="own"):
        await raising(TypeError("own"), "mcp")("campaigns", "list")
    later: Callable[..., Any] = LinkedinAdsConnector.tool_utils(
        lambda: raising(InvalidParams("no"), "none")("a", "b")
    )
    with pytest.raises(ToolError, match="InvalidParams: no"):
        await later()
    signal = ToolError("said")
    with pytest.raises(ToolError) as same:
        await raising(signal, None)("campaigns", "list")
    assert same.value is signal


async def test_the_text_of_an_error_is_short_and_keeps_no_secret() -> None:
    """However many mistakes there are, what was sent and what would be right stand; a token does not."""
    lines = "\n".join(f"field_{number}: wrong" for number in range(500))
    with pytest.raises(ToolError) as many:
        await raising(InvalidParams(lines, signature="x(" + "y, " * 900), "none")("campaigns", "list")
    text = str(many.value)
    assert len(text) <= 2_000
    assert text.startswith("InvalidParams: field_0: wrong\n  field_1: wrong")
    assert "\nsent: no\nwhether anything was planned" in text
    assert "\nsignature: x(y, " in text
    with pytest.raises(ToolError) as told:
        await raising(AuthError(f"{'x' * 1_990} Bearer abcdefghijklmnop123", status=401), "none")("a", "b")
    assert "abcdefgh" not in str(told.value)


def test_the_framework_is_the_one_of_the_functions_module() -> None:
    """Of several that are imported, the one whose names stand beside the function."""
    source = "def execute(entity):\n    raise error\n"
    for names, signal in (({"FastMCP": import_module("fastmcp").FastMCP}, FastMcpError),):
        space: dict[str, Any] = {**names, "error": InvalidParams("no")}
        exec(source, space)
        with pytest.raises(signal):
            LinkedinAdsConnector.tool_utils(space["execute"])("x")


@pytest.mark.slow
async def test_an_answer_that_is_too_large() -> None:
    """A read is refused with its size in characters of JSON; a plan is cut to its id and a text."""
    async with FacebookMarketingConnector() as connector:

        def tool(most: int | None) -> Callable[..., Any]:
            @FacebookMarketingConnector.tool_utils(framework="none", max_output_chars=most)
            async def execute(entity: str, action: str, params: dict[str, Any] | None = None) -> Any:
                return await connector.execute(entity, action, params)

            return execute

        whole = await tool(None)("campaigns", "list", {"account_id": ACCOUNT})
        size = len(json.dumps(whole.model_dump(mode="json"), ensure_ascii=False))
        assert len((await tool(size)("campaigns", "list", {"account_id": ACCOUNT})).data) == len(whole.data)
        with pytest.raises(
            ToolError, match=f"TooLarge: the answer has {size} characters, {size - 1} are"
        ) as no:
            await tool(size - 1)("campaigns", "list", {"account_id": ACCOUNT})
        assert "a smaller limit" in str(no.value)
        assert 500 < len(str(no.value)) < 1_000
        items = [{"campaign_id": row["id"], "name": f"Tool {row['id']}"} for row in whole.data[:9]]
        plan = await tool(200)("campaigns", "update", {"items": items})
        assert plan == await tool(None)("campaigns", "update", {"items": items}) | {
            name: plan[name] for name in ("plan_id", "plan", "apply")
        }
        page = await tool(200)("", "describe", {"query": plan["plan_id"]})
        assert all(item["name"] in plan["plan"] and item["name"] in page.text for item in items)
        assert (await connector.apply(plan["plan_id"]))["status"] == "applied"


async def test_a_function_that_has_planned_is_not_called_again() -> None:
    """What fails or is too large after a plan was made would make it twice: nothing asks for that."""
    async with FacebookMarketingConnector() as connector:

        @FacebookMarketingConnector.tool_utils(framework="none", max_output_chars=600)
        async def rename(action: str, then: str = "") -> Any:
            found = await connector.execute("campaigns", "list", {"account_id": ACCOUNT, "limit": 1})
            change = {"campaign_id": found.data[0]["id"], "name": "By a tool"}
            plan = await connector.execute("campaigns", action, change)
            if then:
                await connector.execute("campaigns", then)
            return [plan.plan_id] * 50

        with pytest.raises(ToolError, match="before that, something was planned or changed in the same call"):
            await rename("update", "lst")
        with pytest.raises(ToolError, match="no action 'updte'") as refused:
            await rename("updte")
        assert "before that" not in str(refused.value)
        assert "what was planned or changed, was: do not call again" in await rename("update")

        @FacebookMarketingConnector.tool_utils(framework="none", max_output_chars=600)
        def numbers() -> list[int]:
            return [1000] * 500

        assert "do not call again" in str(numbers()), "nobody saw what it did"


@pytest.mark.parametrize("way", ["executor", "worker"])
async def test_a_write_out_of_sight_is_never_asked_for_again(way: str) -> None:
    """In a thread or a task that the call's context does not reach: cut, beside a read too, never refused."""
    queue: asyncio.Queue[Any] = asyncio.Queue()

    async def works() -> None:
        while True:
            call, done = await queue.get()
            done.set_result(await call())

    worker = asyncio.create_task(works())
    async with LinkedinAdsConnector() as connector:

        async def write() -> Any:
            async with LinkedinAdsConnector(writes="direct") as direct:
                change = {"account_id": "512345678", "campaign_id": campaign, "name": f"By a {way}"}
                return (await direct.execute("campaigns", "update", change))["status"]

        @LinkedinAdsConnector.tool_utils(framework="none", max_output_chars=600)
        async def rename(then: str) -> Any:
            await connector.execute("campaigns", "list", {"account_id": "512345678", "limit": 1})
            loop = asyncio.get_running_loop()
            if way == "executor":
                done = await loop.run_in_executor(None, asyncio.run, write())
            else:
                await queue.put((write, answer := loop.create_future()))
                done = await answer
            await connector.execute("campaigns", then, {"account_id": "512345678", "limit": 1})
            return [done] * 500

        found = await connector.execute("campaigns", "list", {"account_id": "512345678", "limit": 1})
        campaign = found.data[0]["id"]
        with pytest.raises(ToolError, match="before that, something was planned or changed"):
            await rename("lst")
        assert "do not call again" in str(await rename("list"))
    worker.cancel()


async def test_what_has_only_read_is_called_again_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the platform failed, after growing pauses, as often as was asked; never beside a write."""
    slept: list[float] = []
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await real(0)

    monkeypatch.setattr("mcp_ads.sdk.tools.tool_utils.asyncio.sleep", sleep)
    async with LinkedinAdsConnector() as connector:

        @LinkedinAdsConnector.tool_utils(framework="none", internal_retries=3)
        async def ask(entity: str, action: str) -> Any:
            params = {"campaign_id": campaign, "name": "Once"} if action == "update" else {}
            await connector.execute(entity, action, {"account_id": "512345678", **params})
            raise PlatformDown("gone")

        found = await connector.execute("campaigns", "list", {"account_id": "512345678", "limit": 1})
        campaign = found.data[0]["id"]
        for entity, action, pauses in (("accounts", "get", [1, 2, 4]), ("campaigns", "update", [])):
            slept.clear()
            with pytest.raises(ToolError, match="gone"):
                await ask(entity, action)
            assert slept == pauses


def test_a_tool_is_made_in_one_way() -> None:
    """A second decorator that asks for another framework is refused, and so is the partial of a generator."""

    def execute(entity: str) -> Any:
        return entity

    def rows(size: int) -> Any:
        yield size

    tool = LinkedinAdsConnector.tool_utils(execute, framework="none")
    for other in (LinkedinAdsConnector, AmazonAdsConnector):
        with pytest.raises(ValueError, match="execute is a tool already, with framework='none'"):
            other.tool_utils(tool, framework="mcp")
    with pytest.raises(ValueError, match="already, with 100000; give 5 there"):
        LinkedinAdsConnector.tool_utils(tool, max_output_chars=5)
    with pytest.raises(TypeError, match="rows is a generator"):
        LinkedinAdsConnector.tool_utils(partial(rows, 1))
    with pytest.raises(ValueError, match="internal_retries: a whole number"):
        LinkedinAdsConnector.tool_utils(internal_retries=-1)
