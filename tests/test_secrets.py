"""No secret in anything that is said or kept: every credential is marked, and the mark is looked for."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from agent import Agent
from engine_client import break_next, mend
from fastmcp import Client

from mcp_ads.connectors import NAMES, connector
from mcp_ads.core import describe
from mcp_ads.sandbox.ports import Servers
from mcp_ads.server import build_server
from mcp_ads.settings import load

pytestmark = pytest.mark.anyio
MARKER = "MARKER-7f3a"
MARKED = {
    "FACEBOOK_MARKETING_ACCESS_TOKEN": f"sandbox-{MARKER}",
    "FACEBOOK_MARKETING_CLIENT_SECRET": "sandbox-secret",
    "LINKEDIN_ADS_REFRESH_TOKEN": f"sandbox-{MARKER}",
    "LINKEDIN_ADS_CLIENT_SECRET": f"sandbox-{MARKER}-secret",
    "AMAZON_ADS_REFRESH_TOKEN": f"Atzr|sandbox-{MARKER}",
    "AMAZON_ADS_CLIENT_SECRET": f"sandbox-secret-{MARKER}",
}
ACCOUNTS = {"facebook_marketing": "1234567890", "linkedin_ads": "512345678", "amazon_ads": "3312345678901234"}
FAULTS: list[dict[str, Any]] = [
    {"kind": "429", "retry_after": 99}, {"kind": "500"}, {"kind": "502-html"}, {"kind": "cut"},
    {"kind": "expired-token"}, {"kind": "revoked-token"}, {"kind": "throttle"},
]  # fmt: skip


@pytest.fixture
def environ(servers: Servers, tmp_path: Path) -> dict[str, str]:
    """Every credential marked; the platforms are on real ports, so that credentials travel as they do."""
    mend(servers.sandbox.store)
    return {
        **servers.ports.variables(),
        **MARKED,
        "MCP_ADS_HOME": str(tmp_path / "home"),
        "MCP_ADS_KEYRING": "off",
    }


def families() -> list[tuple[str, str]]:
    """The families of every platform: the folders of its entities' modules."""
    return sorted({(name, _family(module)) for name in NAMES for _, _, module in connector(name).entities})


def _family(module: str) -> str:
    return module.partition(".")[0]


def calls(name: str, family: str) -> Iterator[dict[str, Any]]:
    """The example of every action of a family, with an account that exists."""
    found = connector(name)
    entities = [entity for entity, _, module in found.entities if _family(module) == family]
    for entity in entities:
        for action, kind in found.entity(entity).actions.items():
            params = json.loads(describe.example(kind))
            if found.accounts.param in params:
                params[found.accounts.param] = ACCOUNTS[name]
            yield {"entity": entity, "action": action, "params": params}


SMALL = (("facebook_marketing", "pages"), ("linkedin_ads", "leads"), ("amazon_ads", "reports"))
"""A family of each platform that has few actions, among them a change; the others take their time."""


def fault(servers: Servers, **wanted: Any) -> None:
    mend(servers.sandbox.store)
    if wanted:
        break_next(servers.sandbox.store, **wanted, times=0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("writes", "style"), [("plan", "table"), pytest.param("direct", "json", marks=pytest.mark.slow)]
)
@pytest.mark.parametrize(
    ("name", "family"),
    [pytest.param(*row, marks=() if row in SMALL else pytest.mark.slow) for row in families()],
)
async def test_after_everything(
    environ: dict[str, str], tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str, family: str,
    writes: str, style: str,
) -> None:  # fmt: skip
    """Every action's example, what is planned and applied, and the descriptions: one family at a time."""
    said: list[str] = []
    with caplog.at_level(logging.DEBUG):
        async with Client(build_server(load(environ={**environ, "MCP_ADS_WRITES": writes}))) as client:
            agent = Agent(client)
            for arguments in calls(name, family):
                text, _ = await agent.call(f"{name}_execute", **arguments, format=style)
                said.append(text)
                if plan := re.search(r"^PLAN (\S+)", text):
                    said += [await agent.read(f"ads://plans/{plan[1]}")]
                    said += [(await agent.call("ads_apply", plan_id=plan[1]))[0]]
            said += [await agent.good("ads_describe"), await agent.read("ads://connectors")]
    assert len(said) > 2
    look_everywhere(said, tmp_path / "home", caplog.text)


@pytest.mark.slow
async def test_when_things_fail(
    environ: dict[str, str], servers: Servers, tmp_path: Path, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Every fault of every platform, for a read and a write."""
    monkeypatch.setattr("mcp_ads.engine.wire.transport.FIRST_BACKOFF", 0.001)
    said: list[str] = []
    with caplog.at_level(logging.DEBUG):
        for wanted in FAULTS:
            fault(servers)
            async with Client(build_server(load(environ={**environ, "MCP_ADS_WRITES": "direct"}))) as client:
                agent = Agent(client)
                for name, account in ACCOUNTS.items():
                    fault(servers, **wanted)
                    entity = "portfolios" if name == "amazon_ads" else "campaigns"
                    params = {"account_id": account}
                    said.append(
                        await agent.wrong(f"{name}_execute", entity=entity, action="list", params=params)
                    )
                said += [await agent.good("ads_describe")]
    assert all("trace=" in text for text in said if text.startswith("ERROR"))
    look_everywhere(said, tmp_path / "home", caplog.text)


@pytest.mark.parametrize(
    "broken",
    [
        {"LINKEDIN_ADS_REFRESH_TOKEN": f"{MARKER}-revoked-token"},
        {"AMAZON_ADS_REFRESH_TOKEN": f"Atzr|sandbox-revoked-{MARKER}"},
        {"AMAZON_ADS_CLIENT_SECRET": f"wrong-{MARKER}"},
        {"FACEBOOK_MARKETING_ACCESS_TOKEN": f"sandbox-expired-{MARKER}"},
    ],
)
async def test_when_the_credentials_are_wrong(
    environ: dict[str, str], tmp_path: Path, caplog: pytest.LogCaptureFixture, broken: dict[str, str]
) -> None:
    """A credential that is refused is not shown either."""
    with caplog.at_level(logging.DEBUG):
        async with Client(build_server(load(environ={**environ, **broken}))) as client:
            said = [await Agent(client).good("ads_describe")]
    assert "fix: " in said[0]
    look_everywhere(said, tmp_path / "home", caplog.text)


def look_everywhere(said: list[str], home: Path, log: str) -> None:
    """Neither the markers nor the tokens got with them are anywhere but in the file that keeps those."""
    tokens = [json.loads(path.read_text())["value"] for path in (home / "tokens").glob("*.json")]
    kept = {path: path.read_bytes().decode(errors="replace") for path in home.rglob("*") if path.is_file()}
    places = {"the answers": "\n".join(said), "the log": log}
    places |= {str(path): text for path, text in kept.items() if path.parent.name != "tokens"}
    assert any(path.name == "trace.jsonl" for path in kept)
    for secret in (MARKER, *tokens):
        assert [place for place, text in places.items() if secret in text] == []
    for place, text in places.items():
        assert not re.search(r"X-Amz-Signature|appsecret_proof=[0-9a-f]{8}|access_token=[^\[]", text), place
