"""From nothing to a call by Airbyte's package with the commands of docs/host.md, in under two minutes."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from airbyte_python import airbyte_python
from shell import environment

__all__ = ["airbyte_python"]
pytestmark = [pytest.mark.vendors, pytest.mark.slow, pytest.mark.timeout(600)]
DOCS = Path(__file__).parents[2] / "docs" / "host.md"
MOST = 120.0
ASKED = """
import airbyte_agent_sdk, asyncio, sys
found = airbyte_agent_sdk.connect("linkedin-ads", workspace_name="first")
print(len(asyncio.run(found.execute("accounts", "list", {"limit": 1})).data))
"""


def test_from_zero(airbyte_python: Path, tmp_path: Path) -> None:
    """init, serve, curl, then their package: as printed, but for a port that is free."""
    began = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    first, second = re.findall(r"```text\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)[:2]
    install, sandbox, init, serve = first.strip().splitlines()
    assert install.startswith("pip install")
    known = environment({"MCP_ADS_HOME": str(tmp_path / "home"), "NO_PROXY": "*"})
    known["PATH"] = f"{Path(sys.executable).parent}:{known['PATH']}"

    def shell(script: str, **more: str) -> str:
        done = subprocess.run(
            ["sh", "-ec", script], env={**known, **more}, cwd=tmp_path, capture_output=True, text=True,
            timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    told = dict(re.findall(r"(client_id|client_secret)\W+([\w-]+)", shell(f"{sandbox}\n{init}")))
    client = {"CLIENT_ID": told["client_id"], "CLIENT_SECRET": told["client_secret"]}
    words = ["sh", "-ec", f"{sandbox}\nexec {serve} --port {port}"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(words, env=known, cwd=tmp_path, stdin=quiet, stdout=quiet, stderr=quiet) as running:
        try:
            _wait(port)
            token, create, execute = re.split(r"\n(?=curl)", second.replace("8780", port).strip())
            made = json.loads(shell(f"{token}\n{create}", **client))
            answer = json.loads(shell(f"{token}\n{execute}", ID=made["id"], **client))
            airbyte = {f"AIRBYTE_{name}": value for name, value in client.items()}
            there = {"SDK_DEV_ADP_API_HOST": f"http://127.0.0.1:{port}", "AIRBYTE_TELEMETRY_MODE": "disabled"}
            rows = shell(f"{airbyte_python} -c '{ASKED}'", **airbyte, **there)
        finally:
            running.terminate()
    assert (answer["status"], len(answer["result"]), rows.strip()) == ("success", 1, "1")
    assert time.monotonic() - began < MOST


def _wait(port: str) -> None:
    for _ in range(600):
        try:
            if httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the host does not answer")
