"""Undo: the ready plan that takes an applied one back, or why there is none."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, EngineClient
from planning import (
    GIFTS,
    JACKETS_SET,
    NEW,
    NEW_SET,
    SPRING,
    STRIPES,
    SURF,
    applied,
    planned,
    undo_of,
    value_of,
    writes,
)

pytestmark = pytest.mark.anyio

CHANGES = [
    ("campaigns", "update", {"daily_budget": "77.77 USD"}, SPRING),
    ("campaigns", "update", {"daily_budget": "1500 USD"}, SPRING),
    ("campaigns", "update", {"lifetime_budget": "+10%"}, GIFTS),
    ("campaigns", "update", {"name": 'New "name", ünïcode 🌊'}, SPRING),
    ("campaigns", "update", {"name": "New", "daily_budget": "60 USD", "status": "PAUSED"}, SPRING),
    ("campaigns", "pause", {}, SPRING),
    ("campaigns", "activate", {}, STRIPES),
    ("ad_sets", "update", {"daily_budget": "-1 USD"}, JACKETS_SET),
    ("ad_sets", "pause", {}, JACKETS_SET),
]


def record(engine_client: EngineClient, object_id: str) -> dict[str, Any]:
    found = engine_client.store.get("facebook.campaign", object_id) or engine_client.store.get(
        "facebook.adset", object_id
    )
    assert found
    return {name: value for name, value in found.items() if name != "updated_time"}


@pytest.mark.parametrize(("entity", "action", "params", "object_id"), CHANGES)
async def test_changes_are_taken_back(
    engine_client: EngineClient, entity: str, action: str, params: dict[str, Any], object_id: str
) -> None:
    """After the undo the object is as it was before; after the undo of the undo as it was changed."""
    await engine_client.do(FACEBOOK, "campaigns", "get", campaign_id=SPRING)
    before = record(engine_client, object_id)
    first = await applied(engine_client, await planned(engine_client, entity, action, id=object_id, **params))
    changed = record(engine_client, object_id)
    assert changed != before
    second = await applied(engine_client, undo_of(first))
    assert record(engine_client, object_id) == before
    await applied(engine_client, undo_of(second))
    assert record(engine_client, object_id) == changed


@pytest.mark.slow
async def test_the_others_platforms(engine_client: EngineClient) -> None:
    """Budgets go back where money is an object or a plain number as well."""
    linkedin = {"account_id": LINKEDIN_US, "campaign_id": "300000001", "daily_budget": "+10%"}
    amazon = {"account_id": PROFILE, "campaign_id": "120000000000001", "daily_budget": "61.50 USD"}
    plan_id = await planned(engine_client, "campaigns", "update", LINKEDIN, **linkedin)
    plan_id = await planned(
        engine_client, "sponsored_product_campaigns", "update", AMAZON, **amazon, append_to=plan_id
    )
    first = await applied(engine_client, plan_id)
    assert "read back: daily_budget 33.00 USD" in first.text
    assert "read back: daily_budget 61.50 USD" in first.text
    second = await applied(engine_client, undo_of(first))
    assert "read back: daily_budget 30.00 USD" in second.text
    assert "read back: daily_budget 50.00 USD" in second.text


async def test_what_was_created_is_deleted_in_reverse(engine_client: EngineClient) -> None:
    """Children first; the undo of a deletion there is not, and that is said."""
    plan_id = await planned(engine_client, "campaigns", "create", **NEW, daily_budget="50 USD")
    plan_id = await planned(
        engine_client, "ad_sets", "create", **NEW_SET, campaign_id="@1.id", append_to=plan_id
    )
    first = await applied(engine_client, plan_id)
    result = await applied(engine_client, undo_of(first))
    assert "no undo for delete campaign" in result.text
    assert "Facebook cannot restore deleted objects" in result.text
    assert "undo: ads_apply" not in result.text
    assert [write.rpartition(" ")[0] for write in writes(engine_client)] == [
        "create campaign", "create adset", "delete adset", "delete campaign",
    ]  # fmt: skip


async def test_partly(engine_client: EngineClient) -> None:
    """What can go back goes back, and the answer says what stays."""
    change = {"name": "New", "spend_cap": "500 USD"}
    first = await applied(
        engine_client, await planned(engine_client, "campaigns", "update", campaign_id=SPRING, **change)
    )
    assert "no undo for update campaign" in first.text
    assert "spend_cap was not set before, and cannot be unset here" in first.text
    await applied(engine_client, undo_of(first))
    assert await value_of(engine_client, "name") == "Spring Sale"


async def test_only_what_was_done_is_undone(engine_client: EngineClient) -> None:
    """Of a plan that stopped half way, the undo has the first half, last first."""
    ids = [SPRING, SURF, GIFTS]
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=ids)
    engine_client.fault("revoked-token", method="POST", path=GIFTS)
    undo = undo_of(await applied(engine_client, plan_id))
    assert [step.subject for step in engine_client.workspace.plans.get(undo).steps] == [SURF, SPRING]


async def test_an_undo_over_a_cap_is_not_offered(engine_client: EngineClient) -> None:
    """Where caps forbid the way back, the answer says so instead of offering it."""
    engine_client.workspace.settings.caps.daily.update({"USD": 40})  # type: ignore[attr-defined]
    first = await applied(
        engine_client,
        await planned(engine_client, "campaigns", "update", campaign_id=SPRING, daily_budget="30 USD"),
    )
    assert "no undo: " in first.text
    assert "over the cap of 40.00 USD" in first.text


async def test_a_used_undo_is_replaced(engine_client: EngineClient) -> None:
    """Asked again after the undo was applied, a plan offers nothing that was used."""
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)
    undo = undo_of(await applied(engine_client, plan_id))
    await applied(engine_client, undo)
    assert f"undo: ads_apply({undo})" not in (await applied(engine_client, plan_id)).text


async def test_what_linkedin_has_made_is_removed_as_its_state_allows(engine_client: EngineClient) -> None:
    """A draft is deleted; what was switched on since is archived, as nothing else is deleted at once."""
    group = {"account_id": LINKEDIN_US, "name": "New group", "run_schedule": {"start": "2030-01-01"}}
    result = await applied(
        engine_client, await planned(engine_client, "campaign_groups", "create", LINKEDIN, **group)
    )
    assert undo_of(result).startswith("delete-campaign-group.new-group")
    plan_id = await planned(engine_client, "campaign_groups", "create", LINKEDIN, **group)
    on = {"account_id": LINKEDIN_US, "campaign_group_id": "@1.id", "append_to": plan_id}
    both = await applied(
        engine_client, await planned(engine_client, "campaign_groups", "activate", LINKEDIN, **on)
    )
    assert undo_of(both).startswith("archive-campaign-group.new-group")
    await applied(engine_client, undo_of(result))
    await applied(engine_client, undo_of(both))
    assert [line.split()[0] for line in writes(engine_client)] == [
        "create",
        "create",
        "update",
        "delete",
        "update",
    ]
