"""One renewal in all processes: some clients start a server per call, and a token is renewed once for all."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from mcp_ads.sandbox.ports import Servers, serving

pytestmark = pytest.mark.anyio
PROCESSES, CALLS = 4, 20
WORK = """
import asyncio, sys
from mcp_ads import connect

async def work(connector, entity, params):
    async with connect(connector) as client:
        calls = [client.execute(entity, "list", {**params, "limit": 1}) for _ in range(20)]
        print(len([1 for result in await asyncio.gather(*calls) if result.data]))

name, entity, account = sys.argv[1:]
asyncio.run(work(name, entity, {"account_id": account}))
"""
LISTS = {
    "linkedin_ads": ("campaigns", "512345678", "linkedin.token"),
    "amazon_ads": ("sponsored_product_campaigns", "3312345678901234", "amazon.token"),
}


@pytest.mark.slow
@pytest.mark.parametrize("connector", list(LISTS))
async def test_eighty_calls_in_four_processes_renew_once(tmp_path: Path, connector: str) -> None:
    """A token that has expired is renewed once, and every call of every process is answered."""
    entity, account, kind = LISTS[connector]
    with serving(tmp_path / "sandbox") as servers:
        environ = {**os.environ, **servers.ports.variables(), "MCP_ADS_HOME": str(tmp_path / "home")}
        assert await _work(environ, connector, entity, account) == CALLS
        store = servers.sandbox.store
        for known, body in list(store._of(kind).items()):
            store.put(kind, known, {**body, "expires": 0})
        before = _renewals(servers)
        jobs = [_work(environ, connector, entity, account) for _ in range(PROCESSES)]
        assert await asyncio.gather(*jobs) == [CALLS] * PROCESSES
        assert _renewals(servers) - before == 1


async def _work(environ: dict[str, str], *words: str) -> int:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WORK, *words, env=environ, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    return int(out)


def _renewals(servers: Servers) -> int:
    return sum("oken" in request["path"] for request in servers.sandbox.store.requests())
