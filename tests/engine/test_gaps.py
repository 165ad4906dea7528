"""What is only a part, or damaged: a silent region, files of another shape, fields that lead elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from agent import Agent
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient, mend
from fastmcp import Client

from mcp_ads.engine.wire import transport
from mcp_ads.errors import AdsError, InvalidParams, OutOfScope, PlatformDown
from mcp_ads.server import build_server

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
RUBBISH: list[Any] = [
    "", "\x00", "[", "[" * 50_000, "null", "7", "[]", "[1]", '"text"', "{}", '{"all": null}', '{"all": 7}',
    '{"all": {"at": "now", "value": []}}', '{"all": {"at": NaN, "value": []}}', '{"all": {"value": []}}',
    '{"all": {"at": 1e12, "value": [{"id": "1"}]}}', '{"all": {"at": AT, "value": [{"id": "1", "age": 7}]}}',
    '{"all": {"at": AT, "value": {"id": "1"}}}', '{"all": {"at": AT, "value": [7]}}',
    '{"all": {"at": AT, "value": [{"id": 1, "name": null}]}}', '{"value": ["x"], "expires": 9e9}',
    '{"value": null, "expires": 9e9}', '{"value": "a\\r\\nX-Evil: 1", "expires": 9e9}',
    '{"value": "x", "expires": NaN}', b"\xff\xfe\x00",
]  # fmt: skip


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Backoff in hundredths of seconds."""
    monkeypatch.setattr(transport, "FIRST_BACKOFF", 0.01)


def silent(engine_client: EngineClient) -> None:
    """The regions asked second and third do not answer."""
    mend(engine_client.store)
    engine_client.fault("503", platform="amazon_ads", path="/v2/profiles$", skip=1, times=0)


async def test_a_silent_region_makes_no_default(engine_client_with: EngineClients) -> None:
    """With one region's profiles alone, none is meant; the error says which is missing; nothing is kept."""
    engine_client = engine_client_with()
    silent(engine_client)
    with pytest.raises(InvalidParams) as caught:
        await engine_client.do(AMAZON, "portfolios", "list")
    assert "region EU did not answer" in str(caught.value)
    assert not list((engine_client.home / "cache").glob("amazon*accounts.json"))
    mend(engine_client.store)
    later = engine_client_with()
    names = {account.region for account in await later.workspace.session(AMAZON).accounts.all()}
    assert names == {"NA", "EU", "FE"}


async def test_one_profile_seen_of_several_regions(engine_client_with: EngineClients) -> None:
    """A single profile in the regions that answered is not the one meant."""
    engine_client = engine_client_with()
    session = engine_client.workspace.session(AMAZON)
    silent(engine_client)
    only = (await session.accounts.ask())[:1]
    assert session.accounts.gaps

    async def ask() -> Any:
        return only

    session.accounts.ask = ask  # type: ignore[method-assign]
    with pytest.raises(InvalidParams, match="region FE did not answer"):
        await engine_client.do(AMAZON, "portfolios", "list")


@pytest.mark.slow
async def test_a_silent_region_is_said(engine_client: EngineClient) -> None:
    """The overview, the list of profiles, and the search for one that may be there say so."""
    silent(engine_client)
    async with Client(build_server(engine_client.settings, engine_client.workspace)) as client:
        assert "incomplete: region EU did not answer" in await Agent(client).good("ads_describe")
    silent(engine_client)
    listed = await engine_client.do(AMAZON, "profiles", "list")
    silent(engine_client)
    assert any("region EU did not answer" in warning for warning in listed.meta["warnings"])
    with pytest.raises(PlatformDown, match="999 was not found, but region"):
        await engine_client.do(AMAZON, "portfolios", "list", profile_id="999")


@pytest.mark.parametrize("connector", [FACEBOOK, LINKEDIN])
async def test_a_list_cut_short_is_not_kept(engine_client_with: EngineClients, connector: str) -> None:
    """Accounts of which a later page failed are asked for again."""
    engine_client = engine_client_with()
    path = "/adaccounts$" if connector == FACEBOOK else "/adAccounts$"
    engine_client.fault("503", path=path, times=0)
    with pytest.raises(AdsError):
        await engine_client.do(connector, "campaigns", "list")
    assert not list((engine_client.home / "cache").glob(f"{connector}*accounts.json"))


@pytest.mark.slow
@pytest.mark.parametrize("rubbish", RUBBISH, ids=range(len(RUBBISH)))
async def test_files_of_another_shape_count_as_absent(
    engine_client_with: EngineClients, rubbish: Any
) -> None:
    """Damaged caches, owners and tokens cost a request and nothing else."""
    import time

    calls: list[tuple[str, str, str, dict[str, Any]]] = [
        (FACEBOOK, "campaigns", "list", {"account_id": US, "limit": 1}),
        (LINKEDIN, "campaigns", "list", {"account_id": LINKEDIN_US, "limit": 1}),
        (AMAZON, "portfolios", "list", {"profile_id": PROFILE}),
    ]
    engine_client = engine_client_with()
    for connector, entity, action, params in calls:
        await engine_client.do(connector, entity, action, **params)
    await engine_client.workspace.close()
    content = rubbish if isinstance(rubbish, bytes) else rubbish.replace("AT", str(time.time())).encode()
    for folder in ("cache", "tokens"):
        for path in (engine_client.home / folder).glob("*.json"):
            path.write_bytes(content)
    (engine_client.home / "trace.jsonl").write_bytes(content)
    again = engine_client_with()
    for connector, entity, action, params in calls:
        await again.do(connector, entity, action, **params)
    again.workspace.trace.flush()


async def test_owners_of_another_shape_are_asked_for(engine_client_with: EngineClients) -> None:
    """An owner that is no text is no owner: the allow-list is held against the platform's word."""
    import time

    found = (await engine_client_with().table(FACEBOOK, "campaigns", "list", account_id=US, limit=1)).ids[0]
    engine_client = engine_client_with()
    _allow(engine_client, US)
    name = f"{FACEBOOK}-{engine_client.workspace.session(FACEBOOK).identity}-owners.json"
    path = engine_client.home / "cache" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({found: {"at": time.time(), "value": [US]}}))
    assert (await engine_client.do(FACEBOOK, "campaigns", "get", campaign_id=found)).data["id"] == found


def _allow(engine_client: EngineClient, *ids: str) -> None:
    session = engine_client.workspace.session(FACEBOOK)
    session.platform = replace(session.platform, account_ids=ids)


@pytest.mark.parametrize(
    "field",
    [
        "account{adspixels{shared_accounts{id}}}",
        "account{business{ad_studies{cells{campaigns{insights}}}}}",
        "account{business}",
        "business{id}",
        "campaign{account{business{id}}}",
        "campaign{account{id},owner{accounts{id}}}",
        "promote_pages.limit(5){name}",
        "businesses.limit(5)",
        "campaign{name}{x}",
        "campaign{name",
        "campaign{a},b{c}",
        "campaign~(name)",
        "CAMPAIGN{name}",
        "campaign {name}",
        "campaign{}",
    ],
)
async def test_fields_that_may_lead_elsewhere(engine_client: EngineClient, field: str) -> None:
    """With an allow-list, only expansions that are known to stay with the object are sent."""
    _allow(engine_client, US)
    before = len(engine_client.sent())
    with pytest.raises((OutOfScope, InvalidParams), match="fields"):
        await engine_client.do(FACEBOOK, "ads", "list", account_id=US, fields=[field])
    assert not [request for request in engine_client.sent()[before:] if request.endswith("/ads")]


@pytest.mark.parametrize(
    "field", ["creative{id,name}", "adset{id,campaign{name}}", "account{id,name}", "insights.limit(1){spend}"]
)
async def test_fields_that_stay(engine_client: EngineClient, field: str) -> None:
    """Known expansions pass, also inside each other."""
    from mcp_ads.connectors import connector
    from mcp_ads.engine.reads.scope import check_fields

    check_fields([field, "id", "*"], True, connector(FACEBOOK).expansions)
    check_fields(["business{id}"], False, {})
    assert engine_client.home


def test_no_other_platform_expands(tmp_path: Path) -> None:
    """Where no expansion is known, braces are refused."""
    from mcp_ads.connectors import connector
    from mcp_ads.engine.reads.scope import check_fields

    for name in (LINKEDIN, AMAZON):
        with pytest.raises(OutOfScope, match="may lead to other accounts"):
            check_fields(["campaign~(id)"], True, connector(name).expansions)


@pytest.mark.slow
async def test_a_page_that_fails_while_it_is_looked_whose_something_is(
    engine_client_with: EngineClients,
) -> None:
    """The failure itself is raised, and no cursor is spoken of where none is given."""
    client = engine_client_with()
    object.__setattr__(client.settings.platforms[LINKEDIN], "account_ids", (LINKEDIN_US,))
    await client.do(LINKEDIN, "ad_segments", "list", account_id=LINKEDIN_US)
    one = client.store.get("linkedin.adSegment", "8001")
    assert one
    for number in range(9_000, 10_200):
        client.store.put("linkedin.adSegment", str(number), {**one, "id": number})
    client.fault("503", path="/adSegments$", skip=1, times=0)
    criteria = {"locations": ["103644278"], "audienceMatchingSegments": ["99999"]}
    with pytest.raises(PlatformDown) as caught:
        await client.do(LINKEDIN, "audience_counts", "get", targeting_criteria=criteria)
    assert "cursor" not in f"{caught.value} {caught.value.fix}"
