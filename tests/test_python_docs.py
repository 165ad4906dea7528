"""Every script of docs/python.md runs as it is printed, and says what the text around it says."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from framework_agents import AGENTS
from hosted_stub import HostedStub, hosting

ROOT = Path(__file__).parents[1]
DOCUMENT = (ROOT / "docs" / "python.md").read_text("utf-8")
PARTS = re.split(r"^##+ (.*)\n", DOCUMENT, flags=re.MULTILINE)
SCRIPTS = {
    heading: re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    for heading, text in zip(PARTS[1::2], PARTS[2::2], strict=True)
}
SAID = {
    "connect(): shown rows": ["300000001", "30.00"],
    "Connector classes: the platform's own records": ["30.00", "True", "{'id': 300000001", "ACTIVE"],
    "Reports and progress": ["441"],
    "Writes are planned, then applied": ["planned", "Spring Sale 2027", "mcp-ads apply", "applied"],
    "Errors": ["acount_id", "did you mean account_id"],
}
"""What the scripts of a section print, among other things."""
HOST, FRAMEWORKS, ELSEWHERE = (
    "A host that keeps the credentials",
    "Agent frameworks",
    "Frameworks that bring an older MCP",
)
IMPORTED = {
    "pydantic_ai": "pydantic_ai",
    "langchain_core": "langchain",
    "agents": "openai_agents",
    "fastmcp": "fastmcp",
}


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The environment that the document asks for."""
    monkeypatch.setenv("MCP_ADS_SANDBOX", "1")
    monkeypatch.setenv("MCP_ADS_HOME", str(tmp_path))
    monkeypatch.setenv("OPENAI_API_KEY", "dummy")


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """A host with a connector in the workspace of the script."""
    with hosting(tmp_path / "host") as stub:
        stub.add("linkedin-ads", "<your_workspace_name>")
        client_id, secret = next(iter(stub.clients.items()))
        monkeypatch.setenv("MCP_ADS_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("MCP_ADS_HOST_URL", stub.url)
        monkeypatch.setenv("AIRBYTE_CLIENT_ID", client_id)
        monkeypatch.setenv("AIRBYTE_CLIENT_SECRET", secret)
        yield stub


def ran(script: str) -> dict[str, Any]:
    """What a script has defined once it has run."""
    module = ModuleType("script")
    exec(compile(script, "script.py", "exec", dont_inherit=True), vars(module))
    return vars(module)


def test_each_script_is_run_by_a_test() -> None:
    """No section has scripts that none of these tests knows."""
    assert {heading for heading, scripts in SCRIPTS.items() if scripts} == {
        *SAID,
        HOST,
        FRAMEWORKS,
        ELSEWHERE,
    }


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize("heading", SAID)
def test_it_runs_in_the_sandbox(heading: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It prints what is expected, and nothing on stderr."""
    for script in SCRIPTS[heading]:
        ran(script)
    out, err = capsys.readouterr()
    assert [text for text in SAID[heading] if text not in out] == []
    assert err == ""


def test_it_runs_with_a_host(host: HostedStub, capsys: pytest.CaptureFixture[str]) -> None:
    """The connector of the workspace answers, and the host is named."""
    (script,) = SCRIPTS[HOST]
    ran(script)
    (connector_id,) = host.connectors
    assert capsys.readouterr().out.startswith(f"{connector_id} {host.url} [")


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize(
    ("framework", "script"),
    [
        pytest.param(name, script, id=name, marks=[] if name == "fastmcp" else pytest.mark.vendors)
        for script in SCRIPTS[FRAMEWORKS]
        for name in [IMPORTED[script.split()[1].partition(".")[0]]]
    ],
)
def test_its_tool_answers_an_agent(framework: str, script: str) -> None:
    """The framework's agent has the tool, whose answer is a list of the platform's records."""
    names = ran(script)
    params = {"account_id": "512345678", "limit": 2}
    asked = {"entity": "campaigns", "action": "list", "params": params}

    async def answered() -> Any:
        async with names["connector"]:
            return await AGENTS[framework](names, "linkedin_ads_execute", asked)

    found = asyncio.run(answered())
    assert [record["dailyBudget"]["amount"] for record in found["data"]] == ["30.00", "130.00"]
    assert "SANDBOX" in json.dumps(found["meta"])


@pytest.mark.vendors
@pytest.mark.usefixtures("sandbox")
def test_langchains_model_is_told_what_is_wrong() -> None:
    """A wrong call does not end the run of its agent."""
    pytest.importorskip("langchain_core")
    (script,) = (script for script in SCRIPTS[FRAMEWORKS] if "langchain_core" in script)
    names = ran(script)
    wrong = {"entity": "campaign", "action": "list"}

    async def answered() -> Any:
        async with names["connector"]:
            call = {"name": "linkedin_ads_execute", "args": wrong, "id": "1", "type": "tool_call"}
            return await names["linkedin_ads_execute"].ainvoke(call)

    message = asyncio.run(answered())
    assert message.status == "error"
    assert "did you mean campaigns?" in message.content


def test_each_file_it_names_is_there() -> None:
    """No example and no page is promised that the repository does not have."""
    named = set(re.findall(r"\b((?:examples|docs)/\w[\w-]*\.(?:py|md))", DOCUMENT))
    assert named > {"docs/airbyte.md", "examples/plain.py"}
    assert sorted(name for name in named if not (ROOT / name).exists()) == []
