"""What Airbyte's answers prove: of a throttled change, of what is not there, and how large one may be."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from airbyte_stub import ENVIRON, AirbyteStub
from engine_client import FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient
from hosted_stub import Fault

from mcp_ads.auth import hosted
from mcp_ads.errors import (
    AdsError,
    NoConnector,
    NotFound,
    NotOffered,
    OutcomeUnknown,
    OverCap,
    PlatformDown,
    Rejected,
)

AMAZON, SPRING = "amazon_ads", "1202110000000000340"
RENAMED = (FACEBOOK, "campaigns", "update")
LISTED = (FACEBOOK, "campaigns", "list")
PACKED = gzip.compress(b" " * 3_000_000)
Make = Callable[..., EngineClient]


@pytest.fixture
def airbyte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AirbyteStub:
    """Airbyte's API, with a connector of each platform in the workspace `default`."""
    stub = AirbyteStub(tmp_path / "airbyte")
    stub.instead_of_the_network(monkeypatch)
    return stub


@pytest.fixture
def client(airbyte: AirbyteStub, engine_client_with: Make) -> EngineClient:
    """One whose changes are not planned and whose requests Airbyte carries."""
    return engine_client_with(**ENVIRON, MCP_ADS_WRITES="direct")


def large(status: int = 200) -> Fault:
    """An answer that unpacks to more than is read."""
    return Fault(status, PACKED, {"content-encoding": "gzip", "content-type": "application/json"})


async def test_a_throttled_change_is_sent_once_and_may_have_been_made(
    client: EngineClient, airbyte: AirbyteStub
) -> None:
    """Airbyte's connector tries again before it says 429: an earlier try may have been carried out."""
    await client.do(FACEBOOK, "campaigns", "get", campaign_id=SPRING)
    airbyte.at_writes = True
    airbyte.script("execute", Fault(429, headers={"retry-after": "0"}, done=True))
    with pytest.raises(OutcomeUnknown, match="429: Airbyte asks to slow down") as raised:
        await client.do(*RENAMED, campaign_id=SPRING, name="Once")
    assert raised.value.sent == "unknown"
    assert len(airbyte.writes) == len(airbyte.store.writes()) == 1


@pytest.mark.parametrize("removed", [True, False], ids=["connector", "object"])
@pytest.mark.parametrize("text", ["Connector: object not found", "not found"])
async def test_whether_a_404_is_of_the_connector_is_asked(
    client: EngineClient, airbyte: AirbyteStub, text: str, *, removed: bool
) -> None:
    """Its text does not say it, so Airbyte is asked whether it knows the connector."""
    await client.do(FACEBOOK, "campaigns", "get", campaign_id=SPRING)
    if removed:
        airbyte.connectors.clear()
    airbyte.script("execute", Fault(404, f'{{"message": "{text}"}}'.encode()))
    with pytest.raises(NoConnector if removed else NotFound):
        await client.do(FACEBOOK, "campaigns", "get", campaign_id=SPRING)


@pytest.mark.parametrize(
    ("connector", "entity", "params"),
    [
        (LINKEDIN, "campaigns", {"account_id": LINKEDIN_US, "campaign_id": ["300000001", "300000002"]}),
        (AMAZON, "sponsored_product_campaigns", {"profile_id": PROFILE, "campaign_id": "120000000000001"}),
    ],
    ids=[LINKEDIN, AMAZON],
)
async def test_a_connector_that_is_gone_is_not_an_object_that_is_not_there(
    client: EngineClient, airbyte: AirbyteStub, connector: str, entity: str, params: dict[str, Any]
) -> None:
    """What is read one by one, too, says so, and both readings where Airbyte does not tell them apart."""
    await client.do(connector, entity, "get", **params)
    gone = [Fault(404, b'{"message": "not found"}')] * 8
    airbyte.script("execute", *gone)
    airbyte.script("get", *[Fault(403)] * 8)
    with pytest.raises(
        PlatformDown, match="knows no connector of this id, or the platform has no such object"
    ):
        await client.do(connector, entity, "get", **params)
    airbyte.connectors.clear()
    airbyte.faults.clear()
    with pytest.raises(NoConnector):
        await client.do(connector, entity, "get", **params)


@pytest.mark.parametrize(
    ("where", "fault", "error"),
    [
        ("execute", large(), Rejected),
        ("execute", large(401), Rejected),
        ("list", large(), PlatformDown),
        ("token", large(), PlatformDown),
    ],
    ids=["execution", "401", "look-up", "token"],
)
async def test_endless_answers(
    client: EngineClient,
    airbyte: AirbyteStub,
    monkeypatch: pytest.MonkeyPatch,
    where: Literal["execute", "list", "token"],
    fault: Fault,
    error: type[AdsError],
) -> None:
    """A small packed answer may hold any amount: reading ends at a size, and is not begun again."""
    for name in ("MOST_BYTES", "MOST_OF_TOKEN"):
        monkeypatch.setattr(hosted, name, 100_000)
    monkeypatch.setattr("mcp_ads.auth.hosted_connectors.MOST_OF_LIST", 100_000)
    airbyte.script(where, *[fault] * 8)
    with pytest.raises(error, match=r"TooLarge|larger than"):
        await client.do(*LISTED, account_id=US)
    assert len(airbyte.executed) == (where == "execute")


async def test_a_change_whose_answer_is_too_large_is_unknown(
    client: EngineClient, airbyte: AirbyteStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was carried out, as far as anybody knows, and goes out once."""
    await client.do(FACEBOOK, "campaigns", "get", campaign_id=SPRING)
    monkeypatch.setattr(hosted, "MOST_BYTES", 100_000)
    airbyte.at_writes = True
    airbyte.script("execute", large())
    with pytest.raises(OutcomeUnknown, match="larger than"):
        await client.do(*RENAMED, campaign_id=SPRING, name="Once")
    assert len(airbyte.writes) == 1


@pytest.mark.parametrize(
    ("connector", "call", "named"),
    [
        (
            LINKEDIN,
            ("rest", {"path": f"/adAccounts/{LINKEDIN_US}/adCampaigns/300000001", "query": {"fields": "id"},
                      "restli_method": "PARTIAL_UPDATE", "body": {"patch": {"$set": {"name": "x"}}}}),
            "fields",
        ),
        (FACEBOOK, ("graph", {"path": f"/act_{US}/campaigns", "body": {"name": "x", "limit": 5}}), "limit"),
    ],
    ids=[LINKEDIN, FACEBOOK],
)  # fmt: skip
async def test_of_a_change_nothing_is_left_out(
    engine_client_with: Make,
    airbyte: AirbyteStub,
    connector: str,
    call: tuple[str, dict[str, Any]],
    named: str,
) -> None:
    """What a read may do without, a change is refused for."""
    entity, params = call
    with pytest.raises(NotOffered, match=f"takes no {named}"):
        await engine_client_with(**ENVIRON, MCP_ADS_RAW_WRITES="1").do(connector, entity, "post", **params)
    assert not airbyte.writes


async def test_a_cap_says_what_is_not_known_and_what_to_do(
    engine_client_with: Make, airbyte: AirbyteStub
) -> None:
    """Budget schedules may add to a budget, and cannot be read: a lower amount, too, would be a rise."""
    capped = engine_client_with(**ENVIRON, MCP_ADS_MAX_DAILY_BUDGET="100 USD")
    with pytest.raises(OverCap) as raised:
        await capped.do(*RENAMED, campaign_id=SPRING, daily_budget="55 USD")
    assert "its budget schedules cannot be read this way (Airbyte has no action for GET" in str(raised.value)
    assert "or unset MCP_ADS_BACKEND and sign in at the platform itself)" in str(raised.value)
    assert raised.value.fix.startswith("no rise passes a cap while that is not known")
    assert not airbyte.writes


async def test_a_total_says_which_platforms_it_is_without(client: EngineClient) -> None:
    """Two of three platforms have no reports there: the first line, the totals and the coverage say so."""
    found = await client.do("ads", "performance", "list", date_preset="last_7d")
    assert found.meta["totals_are"] == "without linkedin, amazon"
    assert "Airbyte has no action for GET /adAnalytics" in found.meta["coverage"]
    assert "Airbyte has no action for POST /reporting/reports" in found.meta["coverage"]
    assert client.workspace.text(found).startswith("PARTIAL: 2 of 5 accounts read")
