"""Creations whose answer was lost: looked for by name on all pages, and warned of when asked for again."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, EngineClient
from planning import NEW, applied, check_in, planned, writes

from mcp_ads.errors import InvalidParams

pytestmark = pytest.mark.anyio
NAMED: list[tuple[str, str, dict[str, Any], str]] = [
    (FACEBOOK, "campaigns", NEW, "/campaigns$"),
    (AMAZON, "sponsored_product_campaigns", {"account_id": PROFILE, "name": "Beach", "daily_budget": "10 USD",
     "targeting_type": "MANUAL"}, "/sp/campaigns$"),
    (LINKEDIN, "campaign_groups", {"account_id": LINKEDIN_US, "name": "Beach", "run_schedule": {
     "start": "2030-01-01"}}, "/adCampaignGroups$"),
]  # fmt: skip


@pytest.mark.parametrize(("connector", "entity", "params", "path"), NAMED)
@pytest.mark.parametrize("when", ["before", "after"])
async def test_an_unknown_creation(
    engine_client: EngineClient, connector: str, entity: str, params: dict[str, Any], path: str, when: str
) -> None:
    """It is looked for by its whole name; what is not there yet may come; asked for again, a plan warns."""
    plan_id = await planned(engine_client, entity, "create", connector, **params)
    engine_client.fault("500", method="POST", path=path, when=when)
    text = (await applied(engine_client, plan_id)).text
    assert ("looking now: there is" in text) == (when == "after")
    assert ("is not there yet; a change may still be on its way" in text) == (when == "before")
    if (connector, when) == (AMAZON, "after"):  # a seller's campaign names are unique, so it is found
        with pytest.raises(InvalidParams, match="is called this already"):
            await engine_client.do(connector, entity, "create", **params)
        return
    again = (await engine_client.do(connector, entity, "create", **params)).text
    warnings = [line for line in again.splitlines() if line.startswith("warning: ")]
    assert "of this name may have been made at" in warnings[0]
    made = (
        str(writes(engine_client)[-1]).rpartition(" ")[2] if when == "after" else "reading now there is none"
    )
    assert made in warnings[0]


async def test_found_among_many_of_nearly_its_name(engine_client: EngineClient) -> None:
    """A campaign is found by its whole name where hundreds have it as a part of theirs."""
    await engine_client.do(AMAZON, "sponsored_product_campaigns", "list", account_id=PROFILE, limit=1)
    kept = {
        name: value for name, value in engine_client.store.all("amazon.campaigns")[0].items() if name != "_n"
    }
    with engine_client.store.transaction():
        for number in range(300):
            own = {"campaignId": f"1299{number:04}", "name": f"Beach {number}"}
            engine_client.store.put("amazon.campaigns", own["campaignId"], kept | own)
    connector, entity, params, path = NAMED[1]
    plan_id = await planned(engine_client, entity, "create", connector, **params)
    engine_client.fault("500", method="POST", path=path, when="after")
    text = (await applied(engine_client, plan_id)).text
    assert 'looking now: there is campaign "Beach", id' in text
    called = check_in(text)
    assert [row["name"] for row in (await engine_client.do(*called[:3], **called[3])).data] == ["Beach"]


async def test_two_equal_creations_in_one_call(engine_client: EngineClient) -> None:
    """Items that make the same, or a step appended that does, are said to."""
    twice = await engine_client.do(FACEBOOK, "campaigns", "create", items=[NEW, NEW])
    assert 'another step makes the same campaign "Launch"' in twice.text
    once = await planned(engine_client, "campaigns", "create", **NEW)
    assert (
        "another step makes"
        in (await engine_client.do(FACEBOOK, "campaigns", "create", **NEW, append_to=once)).text
    )
    other = await engine_client.do(FACEBOOK, "campaigns", "create", items=[NEW, {**NEW, "name": "Another"}])
    assert "another step makes" not in other.text
