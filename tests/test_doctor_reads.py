"""`mcp-ads doctor --reads`: every read is tried, and the report says nothing of the user's."""

from __future__ import annotations

import json
import re
import stat
from typing import Any

import pytest
from engine_client import break_next, mend
from shell import Shell

from mcp_ads.commands.doctor import trying
from mcp_ads.connectors import NAMES, connector
from mcp_ads.engine.wire import transport
from mcp_ads.sandbox.ports import Servers

MARKER = "Marker-Özil@example.com-€987654"
LONG = re.compile(r"\d{5,}")


def reads_of(name: str) -> set[tuple[str, str, str]]:
    found = connector(name)
    return {
        (name, entity, action)
        for entity in found.names()
        for action, kind in found.entity(entity).actions.items()
        if kind.risk == "read"
    }


def report(shell: Shell) -> tuple[int, dict[str, Any], str, str]:
    """Exit code, the report, and all that was printed to stdout and stderr."""
    code, out, err = shell.run("doctor", "--reads", "--json")
    return code, json.loads(out), out, err


@pytest.mark.slow
def test_every_read_is_tried(shell: Shell, servers: Servers) -> None:
    """Each read of each platform is in the report, once; what was not tried says why."""
    shell.set(**servers.ports.variables())
    code, found, _, err = report(shell)
    assert code == 0
    named = [(one["connector"], one["entity"], one["action"]) for one in found["reads"]]
    assert len(named) == len(set(named))
    assert set(named) == {read for name in NAMES for read in reads_of(name)}
    left = [one for one in found["reads"] if one["outcome"] == "not tried"]
    assert "images" in {one["entity"] for one in left}
    assert all(one["why"].startswith("nothing that was read here names ") for one in left)
    assert len(left) < len(named) / 10
    assert {one["outcome"] for one in found["reads"]} <= {"ok", "empty", "pending", "not tried"}
    assert all(one["columns"] for one in found["reads"] if one["outcome"] == "ok")
    of_others = [one for one in left if one["why"].endswith(" of the kind that has it")]
    assert [one["entity"] for one in of_others] == ["dsp_advertisers"]
    assert err.count("reading ") == len(named) - len(left) + len(of_others)
    written = {write["what"] for write in servers.sandbox.store.writes()}
    assert written <= {"create report", "order export"}


@pytest.mark.slow
def test_nothing_of_the_users_is_in_it(shell: Shell, servers: Servers) -> None:
    """No id, name, amount, address or token, neither in the report nor in what is said meanwhile."""
    variables = servers.ports.variables()
    store, kept = servers.sandbox.store, []
    for kind in ("facebook.account", "facebook.campaign", "linkedin.account", "amazon.profile"):
        for body in store.all(kind):
            key = str(body.get("id") or body.get("profileId"))
            kept.append((kind, key, body))
            store.put(kind, key, {**body, "name": MARKER, "accountInfo": {"name": MARKER}, MARKER: 1})
    shell.set(**variables)
    _, _, out, err = report(shell)
    for kind, key, body in kept:
        store.put(kind, key, body)
    secrets = [value for name, value in variables.items() if name.endswith(("TOKEN", "SECRET", "CLIENT_ID"))]
    for text in [MARKER, MARKER[:6], "Tern", "@", "127.0.0.1", *secrets]:
        assert text not in out + err
    assert set(LONG.findall(out)) == {"202607"}
    assert not LONG.search(err)


@pytest.mark.slow
def test_a_read_that_fails(shell: Shell, servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure is told by its kind, status and code, without the platform's words; the rest goes on."""
    monkeypatch.setattr(transport, "FIRST_BACKOFF", 0.01)
    shell.set(**servers.ports.variables(), MCP_ADS_CONNECTORS="facebook")
    break_next(servers.sandbox.store, "500", platform="facebook_marketing", path="/adsets$", times=20)
    code, found, out, _ = report(shell)
    mend(servers.sandbox.store)
    failed = [
        (one["entity"], one["action"], one["status"])
        for one in found["reads"]
        if one["outcome"] not in ("ok", "empty", "pending", "not tried")
    ]
    assert code == 1
    assert failed == [("ad_sets", "list", 500), ("pixel_quality", "list", 500)]
    assert "unexpected" not in out
    without = [one["why"] for one in found["reads"] if one["outcome"] == "not tried"]
    assert "nothing that was read here names adset_id" in without


def test_a_dead_token(shell: Shell, servers: Servers) -> None:
    """Credentials that are not accepted are told by the first reads; the others say what is lacking."""
    shell.set(**servers.ports.variables(), MCP_ADS_CONNECTORS="facebook")
    shell.set(FACEBOOK_MARKETING_ACCESS_TOKEN="sandbox-expired-token")
    code, found, _, _ = report(shell)
    assert code == 1
    assert found["reads"][0]["outcome"] == "AuthError"
    assert found["reads"][0]["code"] == "190/463"
    untried = [one for one in found["reads"] if one["outcome"] != "AuthError"]
    assert {one["why"] for one in untried} == {"nothing that was read here names an account"}


def test_it_ends(shell: Shell, servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past its bound of requests it reads no further, and says so of each read that is left."""
    monkeypatch.setattr(trying, "MOST_REQUESTS", 3)
    shell.set(**servers.ports.variables(), MCP_ADS_CONNECTORS="facebook")
    code, found, _, _ = report(shell)
    assert code == 0
    assert found["connectors"][0]["requests"] <= 5
    assert {one["why"] for one in found["reads"][5:]} == {"3 requests were made"}


@pytest.mark.slow
def test_only_allowed_accounts_are_read(shell: Shell, servers: Servers) -> None:
    """With an allow-list nothing is asked about another account."""
    shell.set(
        **servers.ports.variables(),
        MCP_ADS_CONNECTORS="facebook",
        FACEBOOK_MARKETING_ACCOUNT_IDS="2345678901",
    )
    before = len(servers.sandbox.store.requests())
    assert report(shell)[0] == 0
    sent = [request["path"] for request in servers.sandbox.store.requests()[before:]]
    assert any("act_2345678901" in path for path in sent)
    assert not [path for path in sent if "1234567890" in path]


@pytest.mark.slow
def test_saving_it(shell: Shell, servers: Servers) -> None:
    """The report goes to a file of the user's own, never over another one."""
    shell.set(**servers.ports.variables(), MCP_ADS_CONNECTORS="linkedin")
    code, out, err = shell.run("doctor", "--reads", "--save", "report.md")
    file = shell.here / "report.md"
    assert (code, out) == (0, "")
    assert f"wrote {file}" in err
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "| linkedin_ads accounts.list | GET /adAccounts | ok | 200 |" in file.read_text()
    for path, said in (("report.md", "is there already"), ("no/report.md", "there is no folder")):
        code, _, err = shell.run("doctor", "--reads", "--save", path)
        assert code == 2
        assert said in err
        assert "reading" not in err


def test_nothing_configured(shell: Shell) -> None:
    """Without credentials there is nothing to read."""
    code, out, err = shell.run("doctor", "--reads")
    assert (code, out) == (1, "")
    assert "no connector is configured" in err
