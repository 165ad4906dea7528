"""Undo: the ready plan that takes an applied one back, or why there is none."""

from __future__ import annotations

from typing import Any

import pytest
from desk import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, Desk
from hands import (
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


def record(desk: Desk, object_id: str) -> dict[str, Any]:
    found = desk.store.get("facebook.campaign", object_id) or desk.store.get("facebook.adset", object_id)
    assert found
    return {name: value for name, value in found.items() if name != "updated_time"}


@pytest.mark.parametrize(("entity", "action", "params", "object_id"), CHANGES)
async def test_changes_are_taken_back(
    desk: Desk, entity: str, action: str, params: dict[str, Any], object_id: str
) -> None:
    """After the undo the object is as it was before; after the undo of the undo as it was changed."""
    await desk.do(FACEBOOK, "campaigns", "get", campaign_id=SPRING)
    before = record(desk, object_id)
    first = await applied(desk, await planned(desk, entity, action, id=object_id, **params))
    changed = record(desk, object_id)
    assert changed != before
    second = await applied(desk, undo_of(first))
    assert record(desk, object_id) == before
    await applied(desk, undo_of(second))
    assert record(desk, object_id) == changed


async def test_the_others_platforms(desk: Desk) -> None:
    """Budgets go back where money is an object or a plain number as well."""
    linkedin = {"account_id": LINKEDIN_US, "campaign_id": "300000001", "daily_budget": "+10%"}
    amazon = {"account_id": PROFILE, "campaign_id": "120000000000001", "daily_budget": "61.50 USD"}
    plan_id = await planned(desk, "campaigns", "update", LINKEDIN, **linkedin)
    plan_id = await planned(
        desk, "sponsored_product_campaigns", "update", AMAZON, **amazon, append_to=plan_id
    )
    first = await applied(desk, plan_id)
    assert "read back: daily_budget 33.00 USD" in first.text
    assert "read back: daily_budget 61.50 USD" in first.text
    second = await applied(desk, undo_of(first))
    assert "read back: daily_budget 30.00 USD" in second.text
    assert "read back: daily_budget 50.00 USD" in second.text


async def test_what_was_created_is_deleted_in_reverse(desk: Desk) -> None:
    """Children first; the undo of a deletion there is not, and that is said."""
    plan_id = await planned(desk, "campaigns", "create", **NEW, daily_budget="50 USD")
    plan_id = await planned(desk, "ad_sets", "create", **NEW_SET, campaign_id="@1.id", append_to=plan_id)
    first = await applied(desk, plan_id)
    result = await applied(desk, undo_of(first))
    assert "no undo for delete campaign" in result.text
    assert "Facebook cannot restore deleted objects" in result.text
    assert "undo: ads_apply" not in result.text
    assert [each.rpartition(" ")[0] for each in writes(desk)] == [
        "create campaign", "create adset", "delete adset", "delete campaign",
    ]  # fmt: skip


async def test_partly(desk: Desk) -> None:
    """What can go back goes back, and the answer says what stays."""
    change = {"name": "New", "spend_cap": "500 USD"}
    first = await applied(desk, await planned(desk, "campaigns", "update", campaign_id=SPRING, **change))
    assert "no undo for update campaign" in first.text
    assert "spend_cap was not set before, and cannot be unset here" in first.text
    await applied(desk, undo_of(first))
    assert await value_of(desk, "name") == "Spring Sale"


async def test_only_what_was_done_is_undone(desk: Desk) -> None:
    """Of a plan that stopped half way, the undo has the first half, last first."""
    ids = [SPRING, SURF, GIFTS]
    plan_id = await planned(desk, "campaigns", "pause", campaign_id=ids)
    desk.fault("revoked-token", method="POST", path=GIFTS)
    undo = undo_of(await applied(desk, plan_id))
    assert [each.subject for each in desk.workspace.plans.get(undo).steps] == [SURF, SPRING]


async def test_an_undo_over_a_cap_is_not_offered(desk: Desk) -> None:
    """Where caps forbid the way back, the answer says so instead of offering it."""
    desk.workspace.settings.caps.daily.update({"USD": 40})  # type: ignore[attr-defined]
    first = await applied(
        desk, await planned(desk, "campaigns", "update", campaign_id=SPRING, daily_budget="30 USD")
    )
    assert "no undo: " in first.text
    assert "over the cap of 40.00 USD" in first.text


async def test_a_used_undo_is_replaced(desk: Desk) -> None:
    """Asked again after the undo was applied, a plan offers nothing that was used."""
    plan_id = await planned(desk, "campaigns", "pause", campaign_id=SPRING)
    undo = undo_of(await applied(desk, plan_id))
    await applied(desk, undo)
    assert f"undo: ads_apply({undo})" not in (await applied(desk, plan_id)).text


async def test_linkedin_drafts_stay(desk: Desk) -> None:
    """What cannot be removed is said to stay."""
    group = {"account_id": LINKEDIN_US, "name": "New group", "run_schedule": {"start": "2030-01-01"}}
    result = await applied(desk, await planned(desk, "campaign_groups", "create", LINKEDIN, **group))
    assert "no undo for create campaign-group" in result.text
