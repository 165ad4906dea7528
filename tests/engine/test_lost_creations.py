"""Creations whose answer was lost: looked for by name on all pages, and warned of when asked for again."""

from __future__ import annotations

from typing import Any

import pytest
from desk import AMAZON, FACEBOOK, PROFILE, Desk
from hands import NEW, applied, check_in, planned

pytestmark = pytest.mark.anyio
NAMED: list[tuple[str, str, dict[str, Any], str]] = [
    (FACEBOOK, "campaigns", NEW, "/campaigns$"),
    (AMAZON, "sponsored_product_campaigns", {"account_id": PROFILE, "name": "Beach", "daily_budget": "10 USD",
     "targeting_type": "MANUAL"}, "/sp/campaigns$"),
]  # fmt: skip


@pytest.mark.parametrize(("connector", "entity", "params", "path"), NAMED)
@pytest.mark.parametrize("when", ["before", "after"])
async def test_an_unknown_creation(
    desk: Desk, connector: str, entity: str, params: dict[str, Any], path: str, when: str
) -> None:
    """It is looked for by its whole name; what is not there yet may come; asked for again, a plan warns."""
    plan_id = await planned(desk, entity, "create", connector, **params)
    desk.fault("500", method="POST", path=path, when=when)
    text = (await applied(desk, plan_id)).text
    assert ("looking now: there is" in text) == (when == "after")
    assert ("is not there yet; a change may still be on its way" in text) == (when == "before")
    again = (await desk.do(connector, entity, "create", **params)).text
    assert "of this name may have been made at" in again


async def test_found_among_many_of_nearly_its_name(desk: Desk) -> None:
    """A campaign is found by its whole name where hundreds have it as a part of theirs."""
    await desk.do(AMAZON, "sponsored_product_campaigns", "list", account_id=PROFILE, limit=1)
    kept = {name: value for name, value in desk.store.all("amazon.campaigns")[0].items() if name != "_n"}
    with desk.store.transaction():
        for number in range(300):
            own = {"campaignId": f"1299{number:04}", "name": f"Beach {number}"}
            desk.store.put("amazon.campaigns", own["campaignId"], kept | own)
    connector, entity, params, path = NAMED[1]
    plan_id = await planned(desk, entity, "create", connector, **params)
    desk.fault("500", method="POST", path=path, when="after")
    text = (await applied(desk, plan_id)).text
    assert 'looking now: there is campaign "Beach", id' in text
    called = check_in(text)
    assert [row["name"] for row in (await desk.do(*called[:3], **called[3])).data] == ["Beach"]


async def test_two_equal_creations_in_one_call(desk: Desk) -> None:
    """Items that make the same, or a step appended that does, are said to."""
    twice = await desk.do(FACEBOOK, "campaigns", "create", items=[NEW, NEW])
    assert 'another step makes the same campaign "Launch"' in twice.text
    once = await planned(desk, "campaigns", "create", **NEW)
    assert (
        "another step makes" in (await desk.do(FACEBOOK, "campaigns", "create", **NEW, append_to=once)).text
    )
    other = await desk.do(FACEBOOK, "campaigns", "create", items=[NEW, {**NEW, "name": "Another"}])
    assert "another step makes" not in other.text
