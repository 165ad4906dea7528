"""A host that has been asked for long is as large as it was once its caches were full."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from budget import scale
from serving import KEPT, Served, served

pytestmark = [pytest.mark.slow, pytest.mark.timeout(0)]
WORKSPACES, ROUNDS = scale(1_000, 10), scale(200, 6)
SLUGS = ("facebook-marketing", "linkedin-ads", "amazon-ads")
READS = {"facebook-marketing": "ad_accounts", "linkedin-ads": "accounts", "amazon-ads": "profiles"}
SCOPED = "/api/v1/account/applications/scoped-token"
MOST_MEGABYTES, MOST_MORE = 15.0, 8
LISTED = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
SPEAKS = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}


@dataclass(frozen=True)
class Size:
    """What a process has of the machine."""

    megabytes: float
    descriptors: int
    threads: int


def size(host: Served) -> Size:
    """The host's, as the kernel counts."""
    folder = Path("/proc") / str(host.running.pid)
    lines = (folder / "status").read_text(encoding="ascii").splitlines()
    known = dict(line.split(":", 1) for line in lines if ":" in line)
    return Size(int(known["VmRSS"].split()[0]) / 1024, len(os.listdir(folder / "fd")), int(known["Threads"]))


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Served]:
    """A host of nobody yet."""
    if not Path("/proc/self/status").exists():
        pytest.skip("what a process has is only told under /proc")
    with served(tmp_path) as found:
        yield found


def test_nothing_grows(host: Served) -> None:
    """Every workspace's connectors are read over REST and /mcp, each time with a new token: after two rounds
    memory, descriptors and threads stay.
    """
    made = {
        f"w{number}": {slug: host.created(slug, f"w{number}") for slug in SLUGS}
        for number in range(WORKSPACES)
    }
    with httpx.Client(base_url=host.url, trust_env=False, timeout=60) as client:
        for _ in range(2):
            _round(host, client, made)
        before = size(host)
        for _ in range(ROUNDS):
            _round(host, client, made)
        after = size(host)
    assert after.megabytes - before.megabytes < MOST_MEGABYTES, (before, after)
    assert after.descriptors - before.descriptors <= MOST_MORE, (before, after)
    assert after.threads - before.threads <= MOST_MORE, (before, after)


def _round(host: Served, client: httpx.Client, made: dict[str, dict[str, str]]) -> None:
    """A read with each connector, and the tools of each workspace, by tokens that are new."""
    own = {"Authorization": f"Bearer {host.token()}"}
    for workspace, connectors in made.items():
        asked = client.post(SCOPED, json={"workspace_name": workspace}, headers=own)
        scoped = {"Authorization": f"Bearer {asked.raise_for_status().json()['token']}"}
        for slug, connector in connectors.items():
            body = {"entity": READS[slug], "action": "list", "params": {"limit": 1}}
            path = f"{KEPT}/{connector}/execute"
            client.post(path, json=body, headers=scoped).raise_for_status()
        client.post("/mcp", json=LISTED, headers=scoped | SPEAKS).raise_for_status()
