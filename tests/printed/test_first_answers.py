"""From a start page's own words to the first answer: its configuration, its command, its question."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise, takewhile
from pathlib import Path
from typing import Any

import pytest
from fastmcp import Client
from fenced import PLACE, ROOT, Block, blocks, way
from node_programs import Programs, installed
from printed_shell import free_row, programs_in
from shell import environment

from mcp_ads.server import build_server
from mcp_ads.settings import load

pytestmark = pytest.mark.anyio
COLUMNS = "object,account,campaign,campaign_name,currency,spend,conversions,cost_per_conversion,roas\n"
SCRIPT = str(Path(sys.executable).with_name("mcp-ads"))
CLIENTS = ("claude-code", "claude-desktop", "cursor", "vscode", "inspector")


def on(client: str) -> list[Block]:
    """The blocks of a client's page."""
    return [block for block in blocks() if block.page == f"docs/start/{client}.md"]


def question(client: str) -> tuple[str, dict[str, Any]]:
    """The tool and the call that the page has the model make."""
    (asked,) = (block for block in on(client) if way(block) == "transcript" and block.kind == "json")
    return asked.title, json.loads(asked.text)


def entry(client: str) -> dict[str, Any]:
    """The configuration of the page under the key that this client reads, the program in its place."""
    (config,) = (
        json.loads(block.text.replace(PLACE, SCRIPT)) for block in on(client) if way(block) == "config"
    )
    (servers,) = config.values()
    return dict(servers)


def in_home(servers: dict[str, Any], home: Path) -> dict[str, Any]:
    """The same, with the home that a test may write to."""
    mine = {"MCP_ADS_HOME": str(home), "MCP_ADS_KEYRING": "off"}
    return {name: {**found, "env": {**found["env"], **mine}} for name, found in servers.items()}


async def answered(client: str, servers: dict[str, Any]) -> str:
    """What the page's question is answered with by what the page configures."""
    async with Client({"mcpServers": servers}) as connected:
        assert len(await connected.list_tools()) == 6
        return text_of(await connected.call_tool(*question(client)))


def text_of(result: Any) -> str:
    return str(result.content[0].text)


async def test_the_question_of_each_page_is_answered(tmp_path: Path) -> None:
    """Without a process: the entry's variables are settings, and the call finds rows."""
    known = {"MCP_ADS_HOME": str(tmp_path), "MCP_ADS_KEYRING": "off", **entry("cursor")["mcp-ads"]["env"]}
    assert {json.dumps(question(client)) for client in (*CLIENTS, "http")} == {json.dumps(question("cursor"))}
    async with Client(build_server(load(environ=known))) as connected:
        assert COLUMNS + "facebook_marketing.campaigns,1234567890," in text_of(
            await connected.call_tool(*question("cursor"))
        )


@pytest.mark.slow
@pytest.mark.parametrize("client", CLIENTS)
async def test_the_printed_configuration_answers(client: str, tmp_path: Path) -> None:
    """As it is printed, started by an MCP client, but for the path and a home of the test's."""
    assert COLUMNS in await answered(client, in_home(entry(client), tmp_path))


@pytest.mark.slow
async def test_what_claude_is_told_to_start_answers(tmp_path: Path) -> None:
    """The words after `claude mcp add`: variables, and after `--` the command."""
    printed = [
        block
        for block in blocks()
        if block.text.startswith("claude mcp add") and "--transport" not in block.text
    ]
    assert len(printed) > 1
    for block in printed:
        words = shlex.split(block.text.replace(PLACE, SCRIPT))
        command = words[words.index("--") + 1 :]
        env = dict(word.split("=") for before, word in pairwise(words) if before in ("-e", "--env"))
        servers = {"mcp-ads": {"command": command[0], "args": command[1:], "env": env}}
        assert COLUMNS in await answered("claude-code", in_home(servers, tmp_path)), block.name


@contextmanager
def running(script: str, here: Path) -> Iterator[list[str]]:
    """The lines a script has printed once it waits for ever, with what it started."""
    known = environment({"HOME": str(here), "NO_PROXY": "*"})
    with subprocess.Popen(
        ["sh", "-ec", f"{script}\necho\necho READY\nwait"], cwd=here, env=known, text=True,
        start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as found:  # fmt: skip
        try:
            assert found.stdout
            lines = list(takewhile(lambda line: line != "READY\n", found.stdout))
            yield lines
        finally:
            os.killpg(found.pid, 9)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="sh")
async def test_the_server_over_http_answers(tmp_path: Path) -> None:
    """The page's script serves; its entry, with the token that was printed, is answered."""
    port = str(free_row())
    (script,) = (block.text for block in on("http") if "--transport http &" in block.text)
    programs_in(tmp_path)
    script = script.replace("8000", port).replace("--transport http", f"--transport http --port {port}")
    with running(script, tmp_path) as lines:
        (token,) = re.findall(r"\bmcp_[\w-]{16,}", "".join(lines))
        servers = json.loads(json.dumps(entry("http")).replace("8000", port))
        (found,) = servers.values()
        found["headers"] = {"Authorization": f"Bearer {token}"}
        async with Client({"mcpServers": servers}) as connected:
            assert "ads_apply" not in [tool.name for tool in await connected.list_tools()]
            assert COLUMNS in text_of(await connected.call_tool(*question("http")))


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Programs:
    """The Inspector, among others."""
    return installed(tmp_path_factory)


def inspector() -> str:
    """The Inspector as npx is told it, in the version that the tests have."""
    package = json.loads((ROOT / "tests" / "node" / "package.json").read_text("utf-8"))
    name = "@modelcontextprotocol/inspector"
    (version,) = (known[name] for known in package.values() if isinstance(known, dict) and name in known)
    return f"{name}@{version}"


def test_one_version_of_the_inspector_is_named() -> None:
    """Each of its command lines has the version of which the tests know that it answers."""
    lines = [block.text.split()[:2] for block in on("inspector") if block.text.startswith("npx")]
    assert lines == [["npx", inspector()]] * 4


@pytest.mark.vendors
def test_the_inspectors_commands_answer(programs: Programs, tmp_path: Path) -> None:
    """Each command line without a browser, as it is printed, in a checkout with this `mcp.json`."""
    programs_in(tmp_path)
    (tmp_path / "mcp.json").write_text(json.dumps({"mcpServers": in_home(entry("inspector"), tmp_path)}))
    said = []
    for block in on("inspector"):
        words = shlex.split(block.text.replace("\\\n", " "))
        if words[:3] == ["npx", inspector(), "--cli"]:
            done = programs.run("mcp-inspector", *words[2:], here=tmp_path)
            assert done.returncode == 0, f"{block.name}: {done.stderr}{done.stdout}"
            said.append(done.stdout)
    listed, called, configured = said
    assert "ads_execute" in listed
    assert COLUMNS.strip() in called
    assert "ads_execute" in configured
