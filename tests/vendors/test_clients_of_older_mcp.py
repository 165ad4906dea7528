"""Frameworks that cannot share an environment with the server connect over HTTP, as docs/python.md says."""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from shell import environment

pytestmark = [pytest.mark.vendors, pytest.mark.timeout(300)]
DOCUMENT = (Path(__file__).parents[2] / "docs" / "python.md").read_text("utf-8")
SHELL = re.findall(r"^```sh\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)
SCRIPTS = dict(
    re.findall(r"^where `(\w+\.py)` is\n\n```python\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)
)
PRINTED = "8000"
OURS = (2, 2)
"""The lowest `mcp` of this package."""
TOKEN = "MARKER-a-long-secret-of-your-own"
TOOLS = (
    "facebook_marketing_execute linkedin_ads_execute amazon_ads_execute ads_execute ads_describe ads_apply"
)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the server listens that the document starts, on the sandbox."""
    (command,) = (line for block in SHELL for line in block.splitlines() if "mcp-ads serve" in line)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    variable, _, *words = shlex.split(command.replace(PRINTED, port))
    variables = {"MCP_ADS_HTTP_TOKEN": TOKEN, "MCP_ADS_HOME": str(tmp_path_factory.mktemp("home"))}
    given = environment({**variables, **dict([variable.split("=")])})
    server = subprocess.Popen([sys.executable, "-m", "mcp_ads", *words], env=given)
    try:
        _wait(f"http://127.0.0.1:{port}/healthz")
        yield port
    finally:
        server.terminate()
        server.wait(10)


@pytest.mark.parametrize("script", SCRIPTS)
def test_it_lists_reads_and_plans(script: str, port: str, tmp_path: Path) -> None:
    """Installed as printed, it lists the tools, reads three campaigns and is answered with a plan."""
    (block,) = (block for block in SHELL if f"/python {script}" in block)
    *install, run = block.replace("python3 -m venv", f"{shlex.quote(sys.executable)} -m venv").splitlines()
    (tmp_path / script).write_text(SCRIPTS[script].replace(PRINTED, port))
    installed = _shell("\n".join(install), tmp_path)
    if installed.returncode:
        why = f"pip could not install what {script} needs: {installed.stderr.strip()[-200:]}"
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
    done = _shell(run, tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    first, second, *rest = done.stdout.splitlines()
    assert first == TOOLS
    assert second.startswith('meta: {"SANDBOX":"invented data","rows":3,')
    assert rest[0].startswith("id,name,status,")
    assert sum(line.startswith("30000000") for line in rest) == 3
    assert "PLAN pause-campaign.minus-30.00-USD-a-day.spring-sale-early-birds.acct-512345678." in done.stdout
    assert "Nothing has been changed." in done.stdout
    assert TOKEN not in done.stdout + done.stderr
    ask = f"{shlex.split(run)[0]} -c 'from importlib.metadata import version; print(version(\"mcp\"))'"
    brought = _shell(ask, tmp_path).stdout.strip()
    assert tuple(map(int, brought.split(".")[:2])) < OURS, "they could share an environment now: say so"


def _shell(script: str, here: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-ec", script], cwd=here, env=environment({"MCP_ADS_HTTP_TOKEN": TOKEN}),
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip


def _wait(url: str) -> None:
    for _ in range(200):
        try:
            httpx.get(url)
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server did not start")
