"""Node's MCP clients against the real server over stdio and HTTP: TypeScript SDKs and the inspector."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

pytestmark = [
    pytest.mark.vendors,
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        not (shutil.which("node") and shutil.which("npm")), reason="node and npm are not here"
    ),
]
HERE = Path(__file__).parent
SERVE = [sys.executable, "-m", "mcp_ads", "serve"]
TOOLS = [
    "facebook_marketing_execute",
    "linkedin_ads_execute",
    "amazon_ads_execute",
    "ads_execute",
    "ads_describe",
    "ads_apply",
]
CALL = ["entity=campaigns", "action=list", 'params={"account_id":"1234567890","limit":3}']
EDITIONS = ["v1", "v2", "v2-modern"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clients, installed outside the repository."""
    target = tmp_path_factory.mktemp("node")
    for path in (*HERE.glob("*.mjs"), HERE / "package.json"):
        shutil.copy(path, target)
    flags = ["--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--loglevel=error"]
    done = run(["npm", "install", *flags], target)
    if done.returncode:
        why = f"npm could not install the clients: {done.stderr.strip()[-200:]}"
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
    return target


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    """The server over HTTP."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen([*SERVE, "--transport", "http", "--port", str(port)], env=environment(folder))
    try:
        base = f"http://127.0.0.1:{port}"
        _wait(f"{base}/healthz")
        yield f"{base}/mcp"
    finally:
        server.terminate()
        server.wait(10)


def environment(folder: Path) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("MCP_ADS_", "FASTMCP_"))
    }
    return {**kept, "MCP_ADS_SANDBOX": "1", "MCP_ADS_HOME": str(folder / "home")}


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=environment(folder),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def printed(command: list[str], folder: Path) -> Any:
    """What a client printed, as JSON."""
    done = run(command, folder)
    assert done.returncode == 0, done.stderr[-2000:] + done.stdout[-2000:]
    return json.loads(done.stdout)


def text_of(answer: Any) -> str:
    assert not answer.get("isError")
    return str(answer["content"][0]["text"])


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("transport", ["stdio", "http"])
def test_typescript_clients(folder: Path, url: str, transport: str, edition: str) -> None:
    """Both editions of the SDK list the tools and call one, in both eras of the protocol."""
    target = SERVE if transport == "stdio" else [url]
    found = printed(["node", "session.mjs", edition, transport, *target], folder)
    assert found["tools"] == TOOLS
    if edition == "v2-modern":
        assert found["protocol"] == "2026-07-28"
    header = text_of(found["answer"]).splitlines()[1]
    assert header.startswith("id,name,effective_status")


@pytest.mark.parametrize("transport", ["stdio", "http"])
def test_inspector(folder: Path, url: str, transport: str) -> None:
    """The inspector's command line lists tools and resources, and calls a tool."""
    target = SERVE if transport == "stdio" else [url, "--transport", "http"]
    inspect = ["node_modules/.bin/mcp-inspector", "--cli", *target, "--method"]
    assert [tool["name"] for tool in printed([*inspect, "tools/list"], folder)["tools"]] == TOOLS
    pages = {resource["uri"] for resource in printed([*inspect, "resources/list"], folder)["resources"]}
    assert {"ads://connectors", "ads://linkedin_ads/campaigns"} <= pages
    call = [
        "tools/call",
        "--tool-name",
        TOOLS[0],
        *(part for argument in CALL for part in ("--tool-arg", argument)),
    ]
    assert "Spring Sale" in text_of(printed([*inspect, *call], folder))


def test_the_bundle(folder: Path) -> None:
    """The manifest is valid, and what the bundle unpacks to starts by its own command and lists the tools."""
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    assert uv, "uv, of the extra `vendors`, is not installed"
    made = run([*SERVE[:-1], "install", "claude-desktop", "--bundle", "ads.mcpb"], folder)
    assert made.returncode == 0, made.stderr
    mcpb, unpacked = "node_modules/.bin/mcpb", folder / "unpacked"
    done = run([mcpb, "unpack", "ads.mcpb", str(unpacked)], folder)
    assert done.returncode == 0, done.stdout + done.stderr
    valid = run([mcpb, "validate", str(unpacked / "manifest.json")], folder)
    assert valid.returncode == 0, valid.stdout + valid.stderr
    server = json.loads((unpacked / "manifest.json").read_text())["server"]["mcp_config"]
    assert server.pop("command") == "uv"
    words = [word.replace("${__dirname}", str(unpacked)) for word in server["args"]]
    empty = [f"{name}=" for name in server["env"] if name != "MCP_ADS_SANDBOX"]
    command = ["env", *empty, uv, *words]
    found = printed(["node", "session.mjs", "v2", "stdio", *command], folder)
    assert found["tools"] == TOOLS
    assert "id,name,effective_status" in text_of(found["answer"])


def _wait(address: str) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            httpx.get(address, timeout=5).raise_for_status()
        except httpx.HTTPError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return
