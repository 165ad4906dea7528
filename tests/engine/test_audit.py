"""The audit log, what happens where nothing can be written, and that secrets are in no file and no answer."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engine_client import FACEBOOK, JAPAN, US, EngineClient, break_next
from planning import NEW, SPRING, SURF, applied, error_of, planned, writes

from mcp_ads.engine.door import Engine
from mcp_ads.engine.records.audit import AuditLog, Who
from mcp_ads.engine.records.sheet import FileSheet
from mcp_ads.errors import AdsError, AuthError, NoRecord
from mcp_ads.sandbox.ports import Servers
from mcp_ads.settings import load

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
MARKER = "sandbox-MARKER-7f3a"


def all_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def lines(engine_client: EngineClient) -> list[dict[str, Any]]:
    """What came of each step, without the lines that say it is about to be sent."""
    return [line for line in all_lines(engine_client.home / "audit.jsonl") if line["outcome"] != "sending"]


@pytest.mark.parametrize("mode", ["plan", "direct"])
async def test_a_line_for_every_step(engine_client_with: EngineClients, mode: str) -> None:
    """When, who, what, on which object, with which outcome; and nothing for what was only planned."""
    engine_client = engine_client_with(MCP_ADS_WRITES=mode)
    engine_client.workspace.who = lambda: Who("robin", "a client")
    result = await engine_client.do(
        FACEBOOK, "campaigns", "update", campaign_id=SPRING, daily_budget="60 USD"
    )
    if mode == "plan":
        assert not (engine_client.home / "audit.jsonl").read_text()
        await applied(engine_client, result.data["plan_id"])
    (line,) = lines(engine_client)
    assert line["budgets"] == [["daily_budget", "50.00", "60.00", "USD"]]
    wanted = {
        "who": "robin", "client_unverified": "a client", "connector": FACEBOOK, "account": US, "id": SPRING,
        "what": "campaigns.update", "name": "Spring Sale", "outcome": "done", "error": None,
    }  # fmt: skip
    assert {name: line[name] for name in wanted} == wanted
    assert line["changes"] == ["daily_budget 50.00 → 60.00 USD a day"]
    assert line["plan"] == (result.data["plan_id"] if mode == "plan" else None)


@pytest.mark.usefixtures("one_by_one")
async def test_failures_and_losses_are_written_too(engine_client: EngineClient) -> None:
    """Refused, lost and done are told apart; a step that was not sent has no line."""
    ids = [SPRING, SURF, "1202110000000000337"]
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=ids)
    engine_client.fault("500", method="POST", path=SURF)
    await applied(engine_client, plan_id)
    assert [line["outcome"] for line in lines(engine_client)] == ["done", "unknown"]
    other = await planned(engine_client, "campaigns", "pause", campaign_id=ids[2])
    engine_client.fault("revoked-token", method="POST")
    assert isinstance(await error_of(applied(engine_client, other)), AuthError)
    assert lines(engine_client)[-1]["outcome"] == "failed"
    assert lines(engine_client)[-1]["error"]["code"] == "AuthError"


async def test_created_objects_have_their_id(engine_client: EngineClient) -> None:
    """A create is written down with what it made."""
    await applied(
        engine_client, await planned(engine_client, "campaigns", "create", **NEW, daily_budget="50 USD")
    )
    assert [f"create campaign {lines(engine_client)[0]['id']}"] == writes(engine_client)


async def test_the_log_only_grows(engine_client: EngineClient, tmp_path: Path) -> None:
    """Private, and what is in it stays as it is."""
    await applied(engine_client, await planned(engine_client, "campaigns", "pause", campaign_id=SPRING))
    path = engine_client.home / "audit.jsonl"
    before = path.read_text()
    await applied(engine_client, await planned(engine_client, "campaigns", "pause", campaign_id=SURF))
    assert path.read_text().startswith(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_place_of_its_own(servers: Servers, tmp_path: Path) -> None:
    """MCP_ADS_AUDIT_LOG puts the log where the user wants it, in a folder that is made."""
    path, home = tmp_path / "logs" / "ads.jsonl", tmp_path / "home"
    variables = {"MCP_ADS_HOME": str(home), "MCP_ADS_AUDIT_LOG": str(path), "MCP_ADS_WRITES": "direct"}
    workspace = Engine(load(environ={**servers.ports.variables(), **variables}))
    await workspace.execute(FACEBOOK, "campaigns", "update", {"campaign_id": SURF, "name": "Elsewhere"})
    await workspace.close()
    assert [line["outcome"] for line in all_lines(path)] == ["sending", "done"]
    assert not (home / "audit.jsonl").exists()


async def test_invented_changes_lie_apart(engine_client_with: EngineClients, tmp_path: Path) -> None:
    """Plans, log and trace of the sandbox are in a folder of their own, also where the user named a log."""
    path = tmp_path / "logs" / "ads.jsonl"
    engine_client = engine_client_with(MCP_ADS_AUDIT_LOG=str(path))
    await applied(engine_client, await planned(engine_client, "campaigns", "pause", campaign_id=SPRING))
    engine_client.workspace.trace.flush()
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["sandbox"]
    assert {"audit.jsonl", "plans", "trace.jsonl"} <= {path.name for path in engine_client.home.iterdir()}
    assert not path.exists()
    real = Engine(load(environ={"MCP_ADS_HOME": str(tmp_path / "home")}))
    assert real.plans.all() == []
    assert real.audit.lately().lowest == {}
    await real.close()


def test_the_lowest_of_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read from the end, over chunks, until a line is older than a day; strange lines are passed over."""
    path = tmp_path / "audit.jsonl"
    now = 1_800_000_000.0
    monkeypatch.setattr("mcp_ads.engine.records.audit.time.time", lambda: now)
    monkeypatch.setattr("mcp_ads.files.journal.CHUNK", 100)

    def line(age: float, before: str, outcome: str = "done") -> str:
        budgets = [["daily_budget", before, "99.00", "USD"], ["daily_budget", None, "70.00", "USD"]]
        return json.dumps({"time": now - age, "id": "1", "outcome": outcome, "budgets": budgets, "é": "…"})

    texts = [
        line(90_000, "1.00"),
        line(80_000, "40.00"),
        "no json",
        "[]",
        line(5, "20.00", "failed"),
        line(1, "50.00"),
    ]
    path.write_text("\n".join(texts) + "\n")
    assert {key: str(low) for key, low in AuditLog(FileSheet(path)).lately().lowest.items()} == {
        ("1", "daily_budget"): "40.00"
    }
    assert AuditLog(FileSheet(tmp_path / "none")).lately().lowest == {}


@pytest.mark.parametrize("where", ["audit.jsonl", "plans"])
@pytest.mark.parametrize("mode", ["plan", "direct"])
async def test_where_nothing_can_be_written(engine_client_with: EngineClients, where: str, mode: str) -> None:
    """Writes are refused and reads go on."""
    engine_client = engine_client_with(MCP_ADS_WRITES=mode)
    blocked = engine_client.home / where
    blocked.mkdir(parents=True) if where == "audit.jsonl" else blocked.write_text("a file, no folder")
    if (mode, where) != ("direct", "plans"):
        with pytest.raises(NoRecord):
            await engine_client.do(FACEBOOK, "campaigns", "pause", campaign_id=SPRING)
        assert writes(engine_client) == []
    assert (await engine_client.do(FACEBOOK, "campaigns", "get", campaign_id=SPRING)).data["status"]


@pytest.mark.usefixtures("one_by_one")
async def test_a_log_that_fails_in_the_middle(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was done is told, also that its line is missing; nothing more is sent."""
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=[SPRING, SURF])
    log = engine_client.workspace.audit
    assert isinstance(log, AuditLog)
    kept = log._append

    def append(*lines: dict[str, Any]) -> None:
        if writes(engine_client):
            raise NoRecord("the disk is full")
        kept(*lines)

    monkeypatch.setattr(log, "_append", append)
    result = await applied(engine_client, plan_id)
    assert "PARTIAL: 1 of 2 done" in result.text
    assert "missing in the audit log" in str(result.data["steps"][0]["warnings"])
    assert writes(engine_client) == [f"update campaign {SPRING}"]


def texts_below(folder: Path) -> dict[Path, str]:
    """Every file but those of tokens."""
    files = [path for path in folder.rglob("*") if path.is_file() and "tokens" not in path.parts]
    return {file: file.read_text(errors="replace") for file in files}


@pytest.mark.slow  # tests/test_secrets.py has as many faults, and looks in more places
async def test_secrets_are_nowhere(servers: Servers, tmp_path: Path) -> None:
    """A marked token: in no file but those of tokens, no answer and no error, whatever goes wrong."""
    variables = {**servers.ports.variables(), "FACEBOOK_MARKETING_ACCESS_TOKEN": MARKER}
    variables |= {"FACEBOOK_MARKETING_CLIENT_SECRET": "sandbox-secret", "LINKEDIN_ADS_REFRESH_TOKEN": MARKER}
    workspace = Engine(load(environ={"MCP_ADS_HOME": str(tmp_path), **variables}))
    said: list[str] = []

    async def call(entity: str, action: str, **params: Any) -> Any:
        try:
            result = await workspace.execute(FACEBOOK, entity, action, params)
            said.extend([workspace.text(result), workspace.text(result, "json")])
            if plan_id := isinstance(result.data, dict) and result.data.get("plan_id"):
                result = await workspace.apply(plan_id)
                said.extend([workspace.text(result), workspace.text(result, "json")])
        except AdsError as error:
            said.append(workspace.error_text(error))

    for kind in ("", "500", "429", "502-html", "cut", "revoked-token"):
        if kind:
            break_next(servers.sandbox.store, kind, skip=2, retry_after=0)
        await call("campaigns", "update", campaign_id=SPRING, name=f"x{kind}")
        await call("campaigns", "list", account_id=US, limit=30)
        await call("campaigns", "pause", campaign_id="1", account_id=JAPAN)
    await workspace.close()
    texts = texts_below(tmp_path)
    assert {path.parent.name for path in texts} >= {"plans", "cache"}
    assert [path for path, text in texts.items() if MARKER in text] == []
    assert said
    assert not [text for text in said if MARKER in text]
