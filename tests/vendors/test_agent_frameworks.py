"""The four agent frameworks, each with a model that follows a script: `examples/` as they are printed, and
what each framework makes of a function of one's own, of its errors and of a person's answer.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from fastmcp import Client
from fastmcp.client.transports import StdioTransport

from mcp_ads import LinkedinAdsConnector, build_connector_tools
from mcp_ads.errors import AuthError, InvalidParams, OutcomeUnknown, PartlyDone, Rejected
from mcp_ads.sandbox.store import Store

pytestmark = [pytest.mark.vendors, pytest.mark.anyio]
EXAMPLES = Path(__file__).parents[2] / "examples"
LINKEDIN = {"account_id": "512345678"}
SCHEMA = {"entity": "string", "action": "string"}


@pytest.fixture(autouse=True)
def home(sandbox_home: Path) -> Path:
    """The sandbox with a home of its own."""
    return sandbox_home


@pytest.mark.parametrize(
    "example", sorted({path.name for path in EXAMPLES.glob("*.py")} - {"conversation.py"})
)
def test_examples_run_as_printed(example: str, tmp_path: Path) -> None:
    """A wrong call teaches, a list, a report, a plan, a person's yes, the plan applied; without any key."""
    source = (EXAMPLES / example).read_text()
    (command,) = re.findall(rf"then: python (examples/{example})", source)
    ran = subprocess.run(
        [sys.executable, command],
        cwd=EXAMPLES.parent,
        env=bare(tmp_path),
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    told = ran.stdout
    approved = ("update-name.", "expires: 20", "\nperson: yes\n", "    | APPLIED: 1 of 1 done")
    for said in ("no such parameter; did you mean", *approved):
        assert said in told
    assert re.search(r"model: I read 2 rows of the report and renamed campaign \d+\.\n$", told)


def bare(user: Path) -> dict[str, str]:
    """The environment of somebody who has set nothing."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "SYSTEMROOT")}
    return {**kept, "HOME": str(user), "PYTHONUTF8": "1"}


async def test_the_servers_example_serves(tmp_path: Path) -> None:
    """A client that starts it over stdio, as its text says, finds the three tools."""
    server = StdioTransport(
        sys.executable, ["examples/fastmcp_server.py", "serve"], env=bare(tmp_path), cwd=str(EXAMPLES.parent)
    )
    async with Client(server) as client:
        assert {tool.name for tool in await client.list_tools()} == {
            f"linkedin_ads_{name}" for name in ("execute", "describe", "apply")
        }


def own(framework: str, fails: Exception | None = None) -> tuple[Any, Callable[..., Any]]:
    """A connector, and a function of one's own as its tool."""
    connector = LinkedinAdsConnector()

    @LinkedinAdsConnector.tool_utils(framework=framework)
    async def linkedin_ads_execute(entity: str, action: str, params: dict[str, Any] | None = None) -> Any:
        """Execute Linkedin-Ads connector operations."""
        if fails:
            await connector.execute("campaigns", "describe")  # a call that is known to have changed nothing
            raise fails
        return await connector.execute(entity, action, params or {})

    return connector, linkedin_ads_execute


def shape(schema: dict[str, Any]) -> dict[str, Any]:
    """The types of a tool's required parameters."""
    return {name: schema["properties"][name]["type"] for name in schema["required"]}


async def test_each_framework_makes_the_schema_of_the_function() -> None:
    """Names, types and our text are the same whoever reads them, though annotations here are texts."""
    _, function = own("none")
    doc = str(function.__doc__)
    pydantic = import_module("pydantic_ai").Tool(function)
    assert (shape(pydantic.function_schema.json_schema), pydantic.description) == (SCHEMA, doc)
    langchain = import_module("langchain_core.tools").tool(function)
    assert (shape(langchain.args_schema.model_json_schema()), langchain.description) == (SCHEMA, doc)
    openai = import_module("agents").function_tool(function, strict_mode=False)
    assert (shape(openai.params_json_schema), openai.description) == (SCHEMA, doc)
    served = import_module("fastmcp.tools").Tool.from_function(function)
    assert (shape(served.parameters), served.description) == (SCHEMA, doc)
    assert {tool.name for tool in (pydantic, langchain, openai, served)} == {"linkedin_ads_execute"}


FINAL = [AuthError("signed out"), OutcomeUnknown("lost"), PartlyDone("1 of 2 done")]


REFUSED = Rejected("no such city")
REFUSED.sent = "yes"


@pytest.mark.parametrize(
    "error", [REFUSED, InvalidParams("a: wrong"), *FINAL], ids=lambda error: type(error).__name__
)
async def test_a_model_is_told_to_try_again_only_where_that_can_help(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write of unknown outcome is never answered with "fix the errors and try again"."""
    signals = {
        "pydantic_ai": ("pydantic_ai.exceptions", "ToolFailed" if error in FINAL else "ModelRetry"),
        "langchain": ("langchain_core.tools", "ToolException"),
    }
    for framework, (module, name) in signals.items():
        _, function = own(framework, error)
        with pytest.raises(getattr(import_module(module), name), match=f"{type(error).__name__}: {error}"):
            await function("campaigns", "list")
    monkeypatch.delattr("pydantic_ai.exceptions.ToolFailed")
    if error in FINAL:  # an older release has no signal for that
        _, function = own("pydantic_ai", error)
        assert str(error) in await function("campaigns", "list")
    _, function = own("openai_agents", error)
    text = await function("campaigns", "list")
    assert text.startswith(f"{type(error).__name__}: {error}\nsent: ")


async def test_what_a_model_sees_of_a_plan() -> None:
    """With one function alone a write answers with its plan and how it is applied, as JSON."""
    connector, function = own("openai_agents")
    found = json.loads(await function("campaigns", "list", {**LINKEDIN, "limit": 1}))
    change = {**LINKEDIN, "campaign_id": str(found["data"][0]["id"]), "name": "By a tool"}
    asked = {"entity": "campaigns", "action": "update", "params": change}
    seen = [json.loads(await function(**asked))]
    _, function = own("langchain")
    tool = import_module("langchain_core.tools").tool(function)
    call = {"type": "tool_call", "id": "1", "name": tool.name, "args": asked}
    seen.append(json.loads((await tool.ainvoke(call)).content))
    for plan in seen:
        assert (plan["status"], plan["plan_id"] in plan["plan"]) == ("planned", True)
        assert plan["plan_id"] in plan["apply"] or "apply(" in plan["apply"]
    await connector.close()


async def test_openai_agents_are_told_of_arguments_that_do_not_fit() -> None:
    """The text of an object is understood; anything else goes back to the model and ends no run."""
    made = import_module("agents.tool_context").ToolContext
    async with LinkedinAdsConnector() as connector:
        tool = build_connector_tools(connector, "openai_agents").execute
        for params, says in ((json.dumps({**LINKEDIN, "limit": 1}), '{"data": '), ("no", "InvalidParams: ")):
            given = json.dumps({"entity": "campaigns", "action": "list", "params": params})
            context = made(context=None, tool_name=tool.name, tool_call_id="1", tool_arguments=given)
            assert (await tool.on_invoke_tool(context, given)).startswith(says)


async def test_what_is_the_frameworks_own_stays() -> None:
    """An image of the OpenAI Agents SDK, an artifact and a message of LangChain are given as they are."""
    agents, messages = import_module("agents"), import_module("langchain_core.messages")
    image = agents.ToolOutputImage(image_url="data:,")
    said = messages.ToolMessage("x", tool_call_id="1")
    for framework, value in (
        ("openai_agents", image),
        ("openai_agents", [image]),
        ("openai_agents", 5),
        ("langchain", ("text", {"a": 1})),
        ("langchain", said),
        ("pydantic_ai", [image]),
    ):
        tool: Callable[..., Any] = LinkedinAdsConnector.tool_utils(framework=framework)(
            lambda value=value: value
        )
        assert tool() is value


NO = {"decisions": [{"type": "reject", "message": "too much"}]}
TWO = {"decisions": [{"type": "approve"}, {"type": "reject"}]}


@pytest.mark.parametrize("answer", [None, False, 1, "no", {"type": "edit"}, NO, TWO])
async def test_langchain_applies_nothing_without_a_yes(answer: Any, home: Path) -> None:
    """Outside of a graph nobody can be asked; in one only a yes lets it go on."""
    types = import_module("langgraph.types")
    graphs = import_module("langgraph.graph")
    memory = import_module("langgraph.checkpoint.memory").InMemorySaver
    async with LinkedinAdsConnector() as connector:
        tools = build_connector_tools(connector, "langchain")
        found = await connector.execute("campaigns", "list", {**LINKEDIN, "limit": 1})
        change = {**LINKEDIN, "campaign_id": str(found.data[0]["id"]), "name": "By a tool"}
        plan = await connector.execute("campaigns", "update", change)
        call = {"type": "tool_call", "id": "1", "name": tools.apply.name, "args": {"plan_id": plan.plan_id}}

        async def node(state: Any) -> dict[str, Any]:
            return {"said": (await tools.apply.ainvoke(call)).content}

        builder = graphs.StateGraph(dict)
        builder.add_node("apply", node)
        builder.add_edge(graphs.START, "apply")
        graph, thread = builder.compile(checkpointer=memory()), {"configurable": {"thread_id": "1"}}
        if answer is None:
            said = (await tools.apply.ainvoke(call)).content
        else:
            waiting = await graph.ainvoke({}, thread)
            (request,) = waiting["__interrupt__"][0].value["action_requests"]
            assert (request["name"], request["args"]) == ("linkedin_ads_apply", call["args"])
            said = (await graph.ainvoke(types.Command(resume=answer), thread))["said"]
        assert said.startswith("NotApproved: nothing was done")
        assert Store(home / "sandbox" / "sandbox.sqlite").writes() == []
