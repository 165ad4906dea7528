"""The sandbox on real ports: what it listens on, what it tells to export, how it stops."""

from __future__ import annotations

import json
import os
import random
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from shell import Shell, environment

from mcp_ads.sandbox.ports import COUNT, Servers, serving

RISE = '{"campaign_id": "1202110000000000340", "daily_budget": "+10 USD"}'


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """The sandbox on free ports."""
    with serving(tmp_path_factory.mktemp("state")) as running:
        yield running


def get(url: str, **headers: str) -> Any:
    with urlopen(Request(url, headers=headers), timeout=10) as answer:
        return json.load(answer)


def free_row() -> int:
    """The first of five ports in a row that nobody listens on, below those the system gives out itself.

    It starts anywhere: tests that run at the same time must not all try the same row.
    """
    for first in random.sample(range(18_600, 32_000, 10), 200):
        with socket.socket() as probe:
            if all(probe.connect_ex(("127.0.0.1", first + more)) for more in range(COUNT)):
                return first
    raise AssertionError("no free ports")


def test_each_platform_answers_at_its_port(servers: Servers) -> None:
    """Facebook answers at the main port, and a region of Amazon refuses a stranger at its own."""
    me = get(f"{servers.ports.url}/v26.0/me", Authorization="Bearer sandbox-token")
    assert "id" in me
    for port in servers.ports.regions.values():
        with pytest.raises(HTTPError) as refused:
            get(f"http://127.0.0.1:{port}/v2/profiles")
        assert refused.value.code == 401
        refused.value.close()


def test_control_routes_are_on_every_port(servers: Servers) -> None:
    """Faults can be set and writes counted on each port."""
    ports = [servers.ports.main, *servers.ports.regions.values(), servers.ports.downloads]
    assert len(set(ports)) == COUNT
    for port in ports:
        assert get(f"http://127.0.0.1:{port}/_sandbox/writes") == []


def test_the_consent_pages_are_at_the_main_port(servers: Servers) -> None:
    """What the browser is pointed at by `*_AUTH_URL` is a page with a form for an app that is registered."""
    back = "redirect_uri=http://localhost:8765/connector/callback&response_type=code&state=s"
    variables = servers.ports.variables()
    for prefix, asks in (
        ("FACEBOOK_MARKETING", "client_id=1029384756102939&scope=ads_read"),
        ("LINKEDIN_ADS", "client_id=sandbox-client&scope=r_ads"),
        (
            "AMAZON_ADS",
            f"client_id={variables['AMAZON_ADS_CLIENT_ID']}&scope=advertising::campaign_management",
        ),
    ):
        with urlopen(f"{variables[f'{prefix}_AUTH_URL']}?{asks}&{back}", timeout=10) as answer:
            assert '<form method="post">' in answer.read().decode()


def test_the_variables_lead_here(servers: Servers, shell: Shell) -> None:
    """With the variables exported, all three platforms answer from these ports, and every answer says so."""
    shell.set(**servers.ports.variables())
    for connector, entity in (
        ("facebook-marketing", "ad_accounts"),
        ("linkedin-ads", "accounts"),
        ("amazon-ads", "profiles"),
    ):
        code, out, err = shell.run("call", connector, entity, "list")
        assert code == 0, err
        host = json.loads(out.splitlines()[0].removeprefix("meta: "))["host"]
        assert host.startswith("http://127.0.0.1:")


def test_a_report_is_downloaded_from_its_own_port(servers: Servers, shell: Shell) -> None:
    """An Amazon report is ordered in a region and fetched from the downloads port."""
    params = json.dumps({"profile_id": "4412345678901234", "report_type": "spCampaigns", "limit": 2})
    shell.set(**servers.ports.variables())
    code, out, err = shell.run("call", "amazon-ads", "reports", "run", "--params", params)
    assert code == 0, err
    assert len(out.splitlines()) == 4


def test_ports_are_free_after_stopping(tmp_path: Path) -> None:
    """Stopping closes every port, so that it can be started again there."""
    with serving(tmp_path) as first:
        port = first.ports.main
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.slow
def test_a_taken_port_is_said(shell: Shell) -> None:
    """Starting on ports that are taken fails with a sentence and leaves none open."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, out, err = shell.run("sandbox", "--port", str(port))
    assert (code, out) == (1, "")
    assert f"ports {port} to" in err


def test_a_sandbox_that_runs_already(servers: Servers, shell: Shell) -> None:
    """A second guide's eval gets the variables of the one that runs, at whichever of its ports it asks."""
    for number in (servers.ports.main, servers.ports.downloads):
        code, out, err = shell.run("sandbox", "--port", str(number))
        exported = dict(shlex.split(line)[1].split("=", 1) for line in out.splitlines())
        assert (code, exported) == (0, servers.ports.variables()), err
        assert f"a sandbox runs at {servers.ports.url} already" in err
    code, out, err = shell.run("sandbox", "--world", "agency", "--port", str(servers.ports.main))
    assert (code, out) == (1, ""), "another world's is not the one that was asked for"
    assert "are not all free" in err


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_the_command_runs_until_it_is_stopped(tmp_path: Path, how: signal.Signals) -> None:
    """The command prints lines to eval, keeps its state in the home, and ends cleanly on a signal."""
    port = free_row()
    words = [sys.executable, "-m", "mcp_ads", "sandbox", "--port", str(port)]
    with subprocess.Popen(
        words, cwd=tmp_path, env=environment({"MCP_ADS_HOME": str(tmp_path)}), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as running:  # fmt: skip
        assert running.stdout
        exported = dict(shlex.split(line)[1].split("=", 1) for line in running.stdout.read().splitlines())
        assert get(f"{exported['FACEBOOK_MARKETING_BASE_URL']}/_sandbox/requests") == []
        running.send_signal(how)
        _, said = running.communicate(timeout=20)
    assert running.returncode == 0
    assert "Traceback" not in said
    assert "facebook-marketing: 1029384756102939 (in development mode)" in said
    assert "redirect URIs: http://localhost:8765/connector/callback" in said
    assert exported["AMAZON_ADS_REFRESH_TOKEN"] == "Atzr|sandbox-refresh"
    assert exported["AMAZON_ADS_BASE_URL"].startswith(f"NA=http://127.0.0.1:{port + 1},EU=")
    assert (tmp_path / "sandbox" / "sandbox.sqlite").exists()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="a POSIX shell")
def test_eval_goes_on_while_the_sandbox_runs(tmp_path: Path) -> None:
    """The eval of docs/sandbox.md exports the variables and does not wait for the sandbox to end."""
    script = f"""
        eval "$({shlex.quote(sys.executable)} -m mcp_ads sandbox --port {free_row()} & echo pid=$!)"
        {shlex.quote(sys.executable)} -m mcp_ads call linkedin-ads accounts list
        kill $pid
    """
    done = subprocess.run(
        ["sh", "-c", script], cwd=tmp_path, env=environment({"MCP_ADS_HOME": str(tmp_path)}),
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "512345678" in done.stdout, done.stderr


def test_reset_forgets_every_record(shell: Shell) -> None:
    """Plans, trace and caches of the make-believe accounts go too; what others put there stays."""
    shell.set(MCP_ADS_SANDBOX="1")
    rise = ("call", "facebook", "campaigns", "update", "--params", RISE)
    assert shell.run(*rise)[0] == 0
    assert "ready" in shell.run("plans", "--format", "json")[1]
    (shell.home / "sandbox" / "notes.txt").write_text("mine")
    code, _, err = shell.run("sandbox", "--reset")
    assert (code, "plans" in err) == (0, True)
    assert "ready" not in shell.run("plans", "--format", "json")[1]
    left = {path.name.partition(".sqlite")[0] for path in (shell.home / "sandbox").iterdir()}
    assert left - {"locks"} == {"sandbox", "notes.txt"}


def test_what_reset_cannot_remove_is_named(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not say that it forgot what is still there."""
    (shell.home / "sandbox" / "plans").mkdir(parents=True)
    monkeypatch.setattr("shutil.rmtree", lambda *_, **__: None)
    code, _, err = shell.run("sandbox", "--reset")
    assert code == 1
    assert "not forgotten" in err
    assert "plans" in err
    assert "forgot the" not in err


def test_reset_forgets_the_state(shell: Shell) -> None:
    """--reset makes the make-believe accounts what they were."""
    shell.set(MCP_ADS_SANDBOX="1", MCP_ADS_WRITES="direct")
    campaigns = ("call", "facebook-marketing", "campaigns")
    new = json.dumps({"account_id": "1234567890", "name": "Mine", "objective": "OUTCOME_TRAFFIC"})
    assert shell.run(*campaigns, "create", "--params", new)[0] == 0
    first = (*campaigns, "list", "--params", '{"account_id": "1234567890", "limit": 1}')
    assert "Mine" in shell.run(*first)[1]
    assert shell.run("sandbox", "--reset")[:2] == (0, "")
    code, out, _ = shell.run(*first)
    assert (code, "Mine" in out) == (0, False)
