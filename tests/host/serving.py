"""The host as an operator runs it: `host init` and `host serve`, each a process of its own."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import pytest
from shell import environment

from mcp_ads import cli

KEPT = "/api/v1/integrations/connectors"
TOKEN = "/api/v1/account/applications/token"
DEFINITIONS = {
    "facebook-marketing": "e7778cfc-e97c-4458-9ecb-b4f2bba8946c",
    "linkedin-ads": "137ece28-5434-455c-8f34-69dc3782f451",
    "amazon-ads": "c6b0a29e-1da9-4512-9002-7bfd0cba2246",
}
PATIENCE = 30.0


@dataclass(frozen=True)
class Client:
    """A client as it was printed, once."""

    organization_id: str
    client_id: str
    client_secret: str = field(repr=False)


def initialized(home: Path, organization: str, **variables: str) -> Client:
    """A new organization's first client."""
    told = command(home, "init", "--organization", organization, "--json", **variables)
    return Client(**{name: told[name] for name in Client.__dataclass_fields__})


def command(home: Path, *words: str, **variables: str) -> Any:
    """What a command of the host prints, carried out in this process: JSON, or its text."""
    home.mkdir(parents=True, exist_ok=True)
    out, given = io.StringIO(), environment(with_home(home, variables))
    with (
        patch.dict(os.environ, given, clear=True), contextlib.chdir(home), contextlib.redirect_stdout(out),
        pytest.raises(SystemExit) as ended,
    ):  # fmt: skip
        cli.run(["host", *words])
    assert ended.value.code == 0, out.getvalue()
    return json.loads(out.getvalue()) if "--json" in words else out.getvalue()


def with_home(home: Path, variables: dict[str, str]) -> dict[str, str]:
    """The environment of a host that is kept there; in the sandbox where nothing else is said."""
    return {"MCP_ADS_HOME": str(home), "MCP_ADS_SANDBOX": "1", **variables}


@dataclass
class Served:
    """A process that answers, and a client to ask it with."""

    home: Path
    url: str
    client: Client
    running: subprocess.Popen[bytes]
    log: Path

    def token(self, client: Client | None = None) -> str:
        """A new bearer token."""
        known = client or self.client
        asked = {"client_id": known.client_id, "client_secret": known.client_secret}
        answer = httpx.post(self.url + TOKEN, json=asked, trust_env=False)
        text: str = answer.raise_for_status().json()["access_token"]
        return text

    def asked(
        self, method: str, path: str, body: Any = None, token: str = "", **headers: str
    ) -> httpx.Response:
        """One request; by a new token of the first client where none is given."""
        headers = {"Authorization": f"Bearer {token or self.token()}"} | headers
        with httpx.Client(trust_env=False, timeout=60) as client:
            return client.request(method, self.url + path, json=body, headers=headers)

    def created(self, slug: str, workspace: str, token: str = "", **more: Any) -> str:
        """A new connector's id."""
        config = {"facebook-marketing": {"account_ids": "101"}, "linkedin-ads": {"start_date": "2026-01-01"}}
        credentials = "access_token" if slug != "amazon-ads" else "refresh_token"
        body = {
            "workspace_name": workspace, "connector_type": slug, "name": f"My {slug}",
            "credentials": {credentials: "t" * 40}, "replication_config": config.get(slug, {}), **more,
        }  # fmt: skip
        made = self.asked("POST", KEPT, body, token)
        assert made.status_code == 200, made.text
        text: str = made.json()["id"]
        return text

    def executed(
        self, connector: str, entity: str, action: str, token: str = "", **params: Any
    ) -> httpx.Response:
        """The answer to one call."""
        body = {"entity": entity, "action": action, "params": params}
        return self.asked("POST", f"{KEPT}/{connector}/execute", body, token)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End the process, and wait until it has."""
        self.running.send_signal(how)
        self.running.wait(PATIENCE)


@contextlib.contextmanager
def served(
    home: Path, client: Client | None = None, *, module: str = "mcp_ads", **variables: str
) -> Iterator[Served]:
    """A process that answers for as long as the block runs; its first client is made where none is given.

    `module` is another than ours, that serves more.
    """
    known = client or initialized(home, "main", **variables)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = home / f"served-{port}.log"
    words = [sys.executable, "-m", module, "host", "serve", "--port", str(port)]
    given = environment(with_home(home, variables))
    with log.open("wb") as written, subprocess.Popen(
        words, env=given, cwd=home, stdin=subprocess.DEVNULL, stdout=written, stderr=written
    ) as running:  # fmt: skip
        found = Served(home, f"http://127.0.0.1:{port}", known, running, log)
        try:
            _wait(found)
            yield found
            ended = running.poll()
            assert ended in (None, 0, -signal.SIGKILL), f"ended with {ended}: {log.read_text()[-2000:]}"
        finally:
            if running.poll() is None:
                running.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    running.wait(PATIENCE)
            if running.poll() is None:
                os.kill(running.pid, signal.SIGKILL)


def _wait(found: Served) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert found.running.poll() is None, found.log.read_text()
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{found.url}/healthz", trust_env=False).is_success:
                return
        time.sleep(0.02)
    raise AssertionError(f"the host does not answer: {found.log.read_text()}")
