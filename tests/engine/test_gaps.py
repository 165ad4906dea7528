"""What is only a part, or damaged: a silent region, files of another shape, fields that lead elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from agent import Agent
from desk import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, Desk, mend
from fastmcp import Client

from mcp_ads.engine.wire import transport
from mcp_ads.errors import AdsError, InvalidParams, OutOfScope, PlatformDown
from mcp_ads.server import build_server

pytestmark = pytest.mark.anyio
Desks = Callable[..., Desk]
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


def silent(desk: Desk) -> None:
    """The regions asked second and third do not answer."""
    mend(desk.store)
    desk.fault("503", platform="amazon_ads", path="/v2/profiles$", skip=1, times=0)


async def test_a_silent_region_makes_no_default(desk_with: Desks) -> None:
    """With one region's profiles alone, none is meant; the error says which is missing; nothing is kept."""
    desk = desk_with()
    silent(desk)
    with pytest.raises(InvalidParams) as caught:
        await desk.do(AMAZON, "portfolios", "list")
    assert "region EU did not answer" in str(caught.value)
    assert not list((desk.home / "cache").glob("amazon*accounts.json"))
    mend(desk.store)
    later = desk_with()
    names = {each.region for each in await later.workspace.session(AMAZON).accounts.all()}
    assert names == {"NA", "EU", "FE"}


async def test_one_profile_seen_of_several_regions(desk_with: Desks) -> None:
    """A single profile in the regions that answered is not the one meant."""
    desk = desk_with()
    session = desk.workspace.session(AMAZON)
    silent(desk)
    only = (await session.accounts.ask())[:1]
    assert session.accounts.gaps

    async def ask() -> Any:
        return only

    session.accounts.ask = ask  # type: ignore[method-assign]
    with pytest.raises(InvalidParams, match="region FE did not answer"):
        await desk.do(AMAZON, "portfolios", "list")


async def test_a_silent_region_is_said(desk: Desk) -> None:
    """The overview, the list of profiles, and the search for one that may be there say so."""
    silent(desk)
    async with Client(build_server(desk.settings, desk.workspace)) as client:
        assert "incomplete: region EU did not answer" in await Agent(client).good("ads_describe")
    silent(desk)
    listed = await desk.do(AMAZON, "profiles", "list")
    silent(desk)
    assert any("region EU did not answer" in each for each in listed.meta["warnings"])
    with pytest.raises(PlatformDown, match="999 was not found, but region"):
        await desk.do(AMAZON, "portfolios", "list", profile_id="999")


@pytest.mark.parametrize("connector", [FACEBOOK, LINKEDIN])
async def test_a_list_cut_short_is_not_kept(desk_with: Desks, connector: str) -> None:
    """Accounts of which a later page failed are asked for again."""
    desk = desk_with()
    path = "/adaccounts$" if connector == FACEBOOK else "/adAccounts$"
    desk.fault("503", path=path, times=0)
    with pytest.raises(AdsError):
        await desk.do(connector, "campaigns", "list")
    assert not list((desk.home / "cache").glob(f"{connector}*accounts.json"))


@pytest.mark.parametrize("rubbish", RUBBISH, ids=range(len(RUBBISH)))
async def test_files_of_another_shape_count_as_absent(desk_with: Desks, rubbish: Any) -> None:
    """Damaged caches, owners and tokens cost a request and nothing else."""
    import time

    calls: list[tuple[str, str, str, dict[str, Any]]] = [
        (FACEBOOK, "campaigns", "list", {"account_id": US, "limit": 1}),
        (LINKEDIN, "campaigns", "list", {"account_id": LINKEDIN_US, "limit": 1}),
        (AMAZON, "portfolios", "list", {"profile_id": PROFILE}),
    ]
    desk = desk_with()
    for connector, entity, action, params in calls:
        await desk.do(connector, entity, action, **params)
    await desk.workspace.close()
    content = rubbish if isinstance(rubbish, bytes) else rubbish.replace("AT", str(time.time())).encode()
    for folder in ("cache", "tokens"):
        for path in (desk.home / folder).glob("*.json"):
            path.write_bytes(content)
    (desk.home / "trace.jsonl").write_bytes(content)
    again = desk_with()
    for connector, entity, action, params in calls:
        await again.do(connector, entity, action, **params)
    again.workspace.trace.flush()


async def test_owners_of_another_shape_are_asked_for(desk_with: Desks) -> None:
    """An owner that is no text is no owner: the allow-list is held against the platform's word."""
    import time

    found = (await desk_with().table(FACEBOOK, "campaigns", "list", account_id=US, limit=1)).ids[0]
    desk = desk_with()
    _allow(desk, US)
    name = f"{FACEBOOK}-{desk.workspace.session(FACEBOOK).identity}-owners.json"
    path = desk.home / "cache" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({found: {"at": time.time(), "value": [US]}}))
    assert (await desk.do(FACEBOOK, "campaigns", "get", campaign_id=found)).data["id"] == found


def _allow(desk: Desk, *ids: str) -> None:
    session = desk.workspace.session(FACEBOOK)
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
async def test_fields_that_may_lead_elsewhere(desk: Desk, field: str) -> None:
    """With an allow-list, only expansions that are known to stay with the object are sent."""
    _allow(desk, US)
    before = len(desk.sent())
    with pytest.raises((OutOfScope, InvalidParams), match="fields"):
        await desk.do(FACEBOOK, "ads", "list", account_id=US, fields=[field])
    assert not [each for each in desk.sent()[before:] if each.endswith("/ads")]


@pytest.mark.parametrize(
    "field", ["creative{id,name}", "adset{id,campaign{name}}", "account{id,name}", "insights.limit(1){spend}"]
)
async def test_fields_that_stay(desk: Desk, field: str) -> None:
    """Known expansions pass, also inside each other."""
    from mcp_ads.connectors import connector
    from mcp_ads.engine.reads.scope import check_fields

    check_fields([field, "id", "*"], (US,), connector(FACEBOOK).expansions)
    check_fields(["business{id}"], (), {})
    assert desk.home


def test_no_other_platform_expands(tmp_path: Path) -> None:
    """Where no expansion is known, braces are refused."""
    from mcp_ads.connectors import connector
    from mcp_ads.engine.reads.scope import check_fields

    for name in (LINKEDIN, AMAZON):
        with pytest.raises(OutOfScope, match="may lead to other accounts"):
            check_fields(["campaign~(id)"], ("1",), connector(name).expansions)
