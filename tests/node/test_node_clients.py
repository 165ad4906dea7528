"""Node's MCP clients against the real server over stdio and HTTP: TypeScript SDKs and the inspector."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from engine_client import break_next, mend
from node_programs import SERVE, Programs, installed, run, wait_for
from shell import environment

from mcp_ads.sandbox.ports import Servers

pytestmark = [pytest.mark.vendors, pytest.mark.timeout(300)]
TOOLS = [
    "facebook_marketing_execute",
    "linkedin_ads_execute",
    "amazon_ads_execute",
    "ads_execute",
    "ads_describe",
    "ads_apply",
]
ASKED = {"entity": "campaigns", "action": "list", "params": {"account_id": "1234567890", "limit": 3}}
EDITIONS = ["v1", "v2", "v2-modern"]
INVALID_PARAMS = -32602


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Programs:
    """What npm installed."""
    return installed(tmp_path_factory)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The server over HTTP, in the sandbox."""
    port = free_port()
    given = environment(in_sandbox(tmp_path_factory.mktemp("http")))
    with subprocess.Popen([*SERVE, "--transport", "http", "--port", port], env=given) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz")
            yield f"http://127.0.0.1:{port}/mcp"
        finally:
            server.terminate()


def free_port() -> str:
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return str(free.getsockname()[1])


def in_sandbox(home: Path) -> dict[str, str]:
    """Variables of a server that asks its own sandbox."""
    return {"MCP_ADS_SANDBOX": "1", "MCP_ADS_HOME": str(home)}


def text_of(answer: Any, *, failed: bool = False) -> str:
    assert bool(answer.get("isError")) is failed, answer
    return str(answer["content"][0]["text"])


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("transport", ["stdio", "http"])
def test_typescript_clients(
    programs: Programs, servers: Servers, tmp_path: Path, transport: str, edition: str
) -> None:
    """Both editions of the SDK, in both eras: lists, pages, errors, a call that is cancelled, a plan that is
    applied after another start, with its progress.
    """
    mend(servers.sandbox.store)
    break_next(servers.sandbox.store, "slow", path="/ads$", seconds=3)
    over = ["--transport", "http", "--port", free_port()] if transport == "http" else []
    given = {**servers.ports.variables(), "MCP_ADS_HOME": str(tmp_path / "home")}
    found = programs.printed("session.mjs", edition, transport, *SERVE, *over, here=tmp_path, **given)
    assert found["tools"] == TOOLS
    assert {"ads://connectors", "ads://linkedin_ads/campaigns"} <= {*found["resources"]}
    assert "pause" in found["page"]
    assert found["nowhere"]["code"] == INVALID_PARAMS
    assert "did you mean pause" in found["nowhere"]["message"]
    assert text_of(found["answer"]).splitlines()[1].startswith("id,name,effective_status")
    assert "did you mean campaigns?" in text_of(found["error"], failed=True)
    assert "the user" in found["cancelled"]["message"]
    assert text_of(found["after"])
    assert "1 of 1 done" in text_of(found["applied"])
    assert [each["progress"] for each in found["progress"]] == [1]
    if edition == "v2-modern":
        assert found["protocol"] == "2026-07-28"


@pytest.mark.parametrize("era", ["legacy", "modern"])
@pytest.mark.parametrize("transport", ["stdio", "http"])
def test_inspector(programs: Programs, url: str, tmp_path: Path, transport: str, era: str) -> None:
    """The inspector's command line finds schemas every client can read, lists resources and calls a tool."""
    given = [part for pair in in_sandbox(tmp_path).items() for part in ("-e", "=".join(pair))]
    target = [*given, *SERVE] if transport == "stdio" else [url, "--transport", "http"]
    asked = ["mcp-inspector", "--cli", *target, "--protocol-era", era, "--method"]
    listed = programs.printed(*asked, "tools/list", "--strict", here=tmp_path)
    assert [tool["name"] for tool in listed["tools"]] == TOOLS
    pages = programs.printed(*asked, "resources/list", here=tmp_path)["resources"]
    assert {"ads://connectors", "ads://linkedin_ads/campaigns"} <= {page["uri"] for page in pages}
    call = ["tools/call", "--tool-name", TOOLS[0], "--tool-args-json", json.dumps(ASKED)]
    assert "Spring Sale" in text_of(programs.printed(*asked, *call, here=tmp_path))


def test_the_bundle(programs: Programs, servers: Servers, tmp_path: Path) -> None:
    """The manifest is valid, and what the bundle unpacks to starts by its own command and works."""
    mend(servers.sandbox.store)
    break_next(servers.sandbox.store, "slow", path="/ads$", seconds=3)
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    assert uv, "uv, of the extra `vendors`, is not installed"
    bundle = [*SERVE[:-1], "install", "claude-desktop", "--bundle", "ads.mcpb"]
    made = run(bundle, tmp_path, in_sandbox(tmp_path / "home"))
    assert made.returncode == 0, made.stderr
    unpacked = tmp_path / "unpacked"
    for words in (("unpack", "ads.mcpb", str(unpacked)), ("validate", str(unpacked / "manifest.json"))):
        done = programs.run("mcpb", *words, here=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
    server = json.loads((unpacked / "manifest.json").read_text())["server"]["mcp_config"]
    assert server.pop("command") == "uv"
    started = [word.replace("${__dirname}", str(unpacked)) for word in server["args"]]
    given = {**servers.ports.variables(), "MCP_ADS_HOME": str(tmp_path / "home")}
    empty = [f"{name}=" for name in server["env"] if name not in given and name != "MCP_ADS_SANDBOX"]
    command = ["env", *empty, uv, *started]
    found = programs.printed("session.mjs", "v2", "stdio", *command, here=tmp_path, **given)
    assert found["tools"] == TOOLS
    assert "id,name,effective_status" in text_of(found["answer"])


def test_mcpgrade(programs: Programs, tmp_path: Path) -> None:
    """What rates servers for models finds no error, also in answers to calls that are wrong."""
    given = ["=".join(pair) for pair in in_sandbox(tmp_path).items()]
    server = shlex.join(["env", *given, *SERVE])
    found = programs.printed("mcpgrade", "--stdio", server, "--probe", "--json", here=tmp_path)
    assert [each for each in found["findings"] if each["severity"] == "error"] == []
    assert found["totalScore"] >= 95
