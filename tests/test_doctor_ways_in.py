"""The doctor on credentials: what each platform needs, the real exchange, why a platform is not reached."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from shell import Shell, environment

from mcp_ads import variables
from mcp_ads.engine.wire import transport
from mcp_ads.platforms import PLATFORMS, WAYS_IN
from mcp_ads.sandbox.ports import Servers

CALL = """
import asyncio, sys
from mcp_ads import connect
async def main():
    async with connect("amazon-ads") as client:
        await client.execute("portfolios", "list", {"profile_id": "3312345678901234"})
sys.stdin.read()
asyncio.run(main())
"""


def lines(out: str, level: str) -> list[str]:
    return [line[8:] for line in out.splitlines() if line.startswith(level)]


def test_every_way_in_is_named(shell: Shell) -> None:
    """A platform that is not configured says every way in, LinkedIn's access token too."""
    _, out, _ = shell.run("doctor")
    for name, ways in WAYS_IN.items():
        (said,) = [line for line in lines(out, "note") if line.startswith(f"{name}: ")]
        for variable in (part for way in ways for part in way):
            assert f"{PLATFORMS[name]}_{variable}" in said
    code, _, err = shell.run("call", "linkedin-ads", "accounts", "list")
    assert code == 1
    assert "LINKEDIN_ADS_ACCESS_TOKEN, or LINKEDIN_ADS_REFRESH_TOKEN + LINKEDIN_ADS_CLIENT_ID" in err


def test_what_is_needed_is_said_once() -> None:
    """The table of variables calls required what a way in takes, and nothing else."""
    for name, ways in WAYS_IN.items():
        first = variables.VARIABLES[f"{PLATFORMS[name]}_{ways[-1][0] if len(ways) == 1 else ways[0][0]}"]
        assert "required" in first.meaning


@pytest.mark.slow
def test_a_kept_token_hides_nothing(shell: Shell, servers: Servers) -> None:
    """With a good access token on disk, a client secret that is wrong is broken all the same."""
    shell.set(**servers.ports.variables())
    assert shell.run("doctor")[0] == 0
    shell.set(AMAZON_ADS_CLIENT_SECRET="wrong-secret")
    code, out, _ = shell.run("doctor")
    assert code == 1
    assert "the platform refused to refresh the access token" in lines(out, "broken")[0]
    assert "wrong-secret" not in out


def test_the_exchange_is_said(shell: Shell, servers: Servers) -> None:
    """What was tried is a finding."""
    shell.set(**servers.ports.variables())
    _, out, _ = shell.run("doctor")
    for name in ("linkedin_ads", "amazon_ads"):
        assert f"{name}: the refresh token gives access tokens" in lines(out, "ok")


@pytest.mark.parametrize(
    ("variable", "where"),
    [
        ("FACEBOOK_MARKETING_BASE_URL", "could not connect to 127.0.0.1: "),
        ("AMAZON_ADS_TOKEN_URL", "no answer from the token endpoint at 127.0.0.1: "),
    ],
)
def test_host_and_reason(
    shell: Shell, servers: Servers, monkeypatch: pytest.MonkeyPatch, variable: str, where: str
) -> None:
    """A platform that cannot be reached is named by its host, with the system's reason."""
    monkeypatch.setattr(transport, "FIRST_BACKOFF", 0.01)
    shell.set(**{**servers.ports.variables(), variable: "http://127.0.0.1:9"})
    _, out, _ = shell.run("doctor")
    said = next(line for line in lines(out, "broken") if where in line)
    assert "connect" in said.split(where)[1].lower()


@pytest.mark.slow
def test_a_silent_region_is_broken(shell: Shell, servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Profiles of the other regions alone are not all there are."""
    monkeypatch.setattr(transport, "FIRST_BACKOFF", 0.01)
    variables, ports = servers.ports.variables(), servers.ports.regions
    hosts = variables["AMAZON_ADS_BASE_URL"].replace(f":{ports['EU']}", ":9")
    shell.set(**{**variables, "AMAZON_ADS_BASE_URL": hosts})
    code, out, _ = shell.run("doctor")
    assert code == 1
    assert any("region EU did not answer" in line for line in lines(out, "broken"))


@pytest.mark.slow
def test_many_cold_processes_refresh_once(tmp_path: Path, servers: Servers) -> None:
    """Processes that start at once without a token get one between them."""
    variables = environment({**servers.ports.variables(), "MCP_ADS_HOME": str(tmp_path)})
    before = _refreshes(servers)
    started = [
        subprocess.Popen([sys.executable, "-c", CALL], env=variables, stdin=subprocess.PIPE) for _ in range(4)
    ]
    for process in started:
        assert process.stdin
        process.stdin.close()
    assert [process.wait(60) for process in started] == [0] * 4
    assert _refreshes(servers) - before == 1


def _refreshes(servers: Servers) -> int:
    return sum("/auth/o2/token" in request["path"] for request in servers.sandbox.store.requests())


def test_what_a_terminal_would_obey_is_spelled_out(shell: Shell) -> None:
    """Commands print a platform's text through one door."""
    shell.home.mkdir()
    line = '{"id": "1234", "request": "GET /x\\u001b[31m", "answer": "\\u202eevil\\u009b31m"}\n'
    (shell.home / "trace.jsonl").write_text(line)
    for words in (["trace", "1234"], ["trace"]):
        code, out, _ = shell.run(*words)
        assert code == 0
        assert not {"\x1b", "\u202e", "\x9b"} & set(out)
