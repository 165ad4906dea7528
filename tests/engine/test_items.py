"""Many writes in one call: items with defaults, lists as the id, every mistake by index, no-ops, order."""

from __future__ import annotations

import json
from typing import Any

import pytest
from engine_client import FACEBOOK, JAPAN, US, EngineClient
from planning import GIFTS, NEW, REGENWEAR, SPRING, STRIPES, SURF, applied, planned, value_of, writes

from mcp_ads.errors import InvalidParams

pytestmark = pytest.mark.anyio


def ids(engine_client: EngineClient, plan_id: str) -> list[str]:
    return [step.subject for step in engine_client.workspace.plans.get(plan_id).steps]


@pytest.mark.parametrize(
    "given",
    [
        {"campaign_id": [SPRING, SURF]},
        {"campaign_id": f"{SPRING}, {SURF}"},
        {"campaign_id": json.dumps([SPRING, SURF])},
        {"campaign_id": [SPRING, SURF, SURF]},
        {"campaignId": [SPRING, SURF]},
        {"ids": [SPRING, SURF]},
        {"items": [{"campaign_id": SPRING}, {"id": SURF}]},
        {"items": json.dumps([{"campaign_id": SPRING}, {"campaignId": SURF}])},
    ],
)
async def test_ways_to_name_many(engine_client: EngineClient, given: dict[str, Any]) -> None:
    """A list, commas, JSON text and items all mean the same two campaigns."""
    assert ids(engine_client, await planned(engine_client, "campaigns", "pause", **given)) == [SPRING, SURF]


async def test_fields_beside_items_are_defaults(engine_client: EngineClient) -> None:
    """An item's own value wins over the one beside, under whichever name either is written."""
    items = [{"id": SPRING}, {"campaignId": SURF, "daily_budget": "70 USD"}]
    plan_id = await planned(engine_client, "campaigns", "update", dailyBudget="40 USD", items=items)
    steps = engine_client.workspace.plans.get(plan_id).steps
    assert [step.changes["daily_budget"] for step in steps] == [4000, 7000]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"items": []}, "items: a list of objects"),
        ({"items": "no json"}, "items: not valid JSON"),
        ({"items": {"campaign_id": SPRING}}, "items: a list of objects"),
        ({"items": [SPRING]}, "items: a list of objects"),
        ({"items": [{"campaign_id": SPRING}] * 1001}, "1001 are too many, at most 1000"),
        ({"campaign_id": []}, "campaign_id: an empty list"),
        ({"campaign_id": "Spring, red"}, r'^campaign_id: "Spring, red" does not fit; write something like'),
        ({"campaign_id": "Spring"}, r"a name is looked for by `list`"),
        ({"campaign_id": [SPRING, "x"]}, r'campaign_id\[1\] x: campaign_id: "x" does not fit'),
    ],
)
async def test_malformed_lists(engine_client: EngineClient, given: dict[str, Any], said: str) -> None:
    """What is no list of writes is refused, and nothing at all is sent."""
    with pytest.raises(InvalidParams, match=said):
        await planned(engine_client, "campaigns", "pause", **given)
    assert writes(engine_client) == []
    assert not list(engine_client.workspace.plans.all())


async def test_every_mistake_of_every_item(engine_client: EngineClient) -> None:
    """One line per mistake with its index; of the good items nothing is planned either."""
    items = [
        {"campaign_id": SPRING, "daily_budget": "60 EUR"},
        {"campaign_id": SURF, "daily_budget": "90 USD"},
        {"campaign_id": "1202110000000009999", "daily_budget": "90 USD"},
        {"campaign_id": GIFTS, "daily_budgt": "90 USD", "statu": "PAUSED"},
        {"daily_budget": "x"},
        {"campaign_id": STRIPES, "daily_budget": "1 USD", "status": "ON"},
    ]
    with pytest.raises(InvalidParams) as caught:
        await planned(engine_client, "campaigns", "update", items=items)
    lines = caught.value.lines
    assert "items[0]: daily_budget: the account's currency is USD, not EUR" in lines
    assert any(line.startswith("items[2]: ") for line in lines)
    assert any(line.startswith("items[3]: daily_budgt: no such parameter; did you mean") for line in lines)
    assert any(line.startswith("items[3]: statu: no such parameter") for line in lines)
    assert any(line.startswith("items[4]: campaign_id: missing") for line in lines)
    assert any(line.startswith("items[5]: status: ") for line in lines)
    assert not any(line.startswith("items[1]") for line in lines)
    assert not list(engine_client.workspace.plans.all())


async def test_what_the_platform_refuses_is_found_when_planning(engine_client: EngineClient) -> None:
    """Validation on the platform names the item, also when items were left out or put in another order."""
    items = [
        {"campaign_id": STRIPES, "status": "PAUSED"},
        {"campaign_id": SURF, "daily_budget": "90 USD"},
        {"campaign_id": SPRING, "daily_budget": "0.50 USD"},
    ]
    with pytest.raises(InvalidParams) as caught:
        await planned(engine_client, "campaigns", "update", items=items)
    assert [line.partition(":")[0] for line in caught.value.lines] == ["items[2]"]
    assert writes(engine_client) == []


async def test_the_same_object_twice(engine_client: EngineClient) -> None:
    """Two items that change the same field of one object contradict each other."""
    items = [
        {"campaign_id": SPRING, "daily_budget": "60 USD"},
        {"campaign_id": SPRING, "daily_budget": "70 USD"},
    ]
    with pytest.raises(InvalidParams, match=r"items\[1\]: items\[0\] changes daily_budget of campaign"):
        await planned(engine_client, "campaigns", "update", items=items)


@pytest.mark.parametrize("budgets", [("90 USD", "50 USD"), ("50 USD", "90 USD")])
async def test_a_contradiction_that_is_so_already(
    engine_client: EngineClient, budgets: tuple[str, str]
) -> None:
    """What would change nothing by itself contradicts the item before or after it all the same."""
    items = [{"campaign_id": SPRING, "daily_budget": budget} for budget in budgets]
    with pytest.raises(InvalidParams, match=r"items\[1\]: items\[0\] changes daily_budget of campaign"):
        await planned(engine_client, "campaigns", "update", items=items)


async def test_what_an_earlier_step_changes_is_not_so_already(engine_client: EngineClient) -> None:
    """Activating what the plan is about to pause is refused, and not left out because it is active now."""
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)
    with pytest.raises(InvalidParams, match="step 1 changes status of campaign"):
        await planned(engine_client, "campaigns", "activate", campaign_id=SPRING, append_to=plan_id)


async def test_no_ops_are_left_out(engine_client: EngineClient) -> None:
    """What is so already is no step, and the answer says why."""
    result = await engine_client.do(FACEBOOK, "campaigns", "pause", campaign_id=[SPRING, STRIPES])
    assert ids(engine_client, result.data["plan_id"]) == [SPRING]
    assert (
        f'left out: {STRIPES} "Black Friday Striped Shirts | Interests | 316" (already PAUSED)' in result.text
    )


async def test_deleted_objects_are_left_out_or_refused(engine_client: EngineClient) -> None:
    """Among many it is left out with the reason; alone it is a mistake."""
    await applied(engine_client, await planned(engine_client, "campaigns", "delete", campaign_id=SURF))
    result = await engine_client.do(FACEBOOK, "campaigns", "activate", campaign_id=[STRIPES, SURF])
    assert "it is DELETED" in result.data["excluded"][0]["why"]
    with pytest.raises(InvalidParams, match="it is DELETED"):
        await planned(engine_client, "campaigns", "activate", campaign_id=SURF)


async def test_nothing_to_change_at_all(engine_client: EngineClient) -> None:
    """Then there is no plan; one that was to be added to stays."""
    result = await engine_client.do(
        FACEBOOK, "campaigns", "update", campaign_id=SPRING, daily_budget="50 USD"
    )
    assert "plan_id" not in result.data
    assert "Nothing to change" in result.text
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=SURF)
    result = await engine_client.do(FACEBOOK, "campaigns", "pause", campaign_id=STRIPES, append_to=plan_id)
    assert result.text.endswith(f"{plan_id} stays as it is.")
    assert ids(engine_client, plan_id) == [SURF]


async def test_names_that_look_like_numbers_are_not_the_same(engine_client: EngineClient) -> None:
    """Renaming "1_000" to "1000" is a change, and so is a name that differs in its last digit."""
    for before, after in (("1_000", "1000"), ("1202110000000000001", "1202110000000000002")):
        await applied(
            engine_client,
            await planned(engine_client, "campaigns", "update", campaign_id=SPRING, name=before),
        )
        await applied(
            engine_client, await planned(engine_client, "campaigns", "update", campaign_id=SPRING, name=after)
        )
        assert await value_of(engine_client, "name") == after


async def test_decreases_come_before_increases(engine_client: EngineClient) -> None:
    """Moving money never needs both amounts at once, in whatever order it was asked for."""
    items = [
        {"campaign_id": SPRING, "daily_budget": "+20 USD"},
        {"campaign_id": SURF, "daily_budget": "-20 USD"},
    ]
    assert ids(engine_client, await planned(engine_client, "campaigns", "update", items=items)) == [
        SURF,
        SPRING,
    ]


async def test_decreases_come_first_across_appends(engine_client: EngineClient) -> None:
    """Also in a plan that grew, where what is created keeps its number."""
    plan_id = await planned(engine_client, "campaigns", "update", campaign_id=SPRING, daily_budget="+20 USD")
    plan_id = await planned(
        engine_client, "campaigns", "create", **NEW, daily_budget="20 USD", append_to=plan_id
    )
    plan_id = await planned(engine_client, "campaigns", "activate", campaign_id="@2.id", append_to=plan_id)
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=SURF, append_to=plan_id)
    assert ids(engine_client, plan_id) == [SURF, "", "@2.id", SPRING]
    assert "APPLIED: 4 of 4" in (await applied(engine_client, plan_id)).text


MONEY = [
    ("50 USD", None, "nothing"),
    ("+20%", 6000, ""),
    ("-10 USD", 4000, ""),
    (6000, 6000, ""),
    ("60 USD", 6000, ""),
    ("60 EUR", None, "the account's currency is USD, not EUR"),
    (50, None, 'write "0.50 USD" if you mean that, or "50.00 USD"'),
    (200_000, None, "would change 50.00 to 2000.00 USD"),
    ("-60 USD", None, "leaves nothing; pause it instead"),
    ("60.001 USD", None, "more decimals than the currency"),
    ("20%", None, 'write "\\+20%"'),
]


@pytest.mark.parametrize(("written", "minor", "said"), MONEY)
async def test_money(engine_client: EngineClient, written: Any, minor: int | None, said: str) -> None:
    """Relative to the live value, in the account's currency; a bare number nobody can mean is refused."""
    call = engine_client.do(FACEBOOK, "campaigns", "update", campaign_id=SPRING, daily_budget=written)
    if minor:
        assert engine_client.workspace.plans.get((await call).data["plan_id"]).steps[0].changes == {
            "daily_budget": minor
        }
    elif said == "nothing":
        assert "plan_id" not in (await call).data
    else:
        with pytest.raises(InvalidParams, match=said):
            await call


async def test_yen_have_no_cents(engine_client: EngineClient) -> None:
    """What Facebook counts in whole units is planned, sent and read back in whole units."""
    plan_id = await planned(
        engine_client, "campaigns", "update", account_id=JAPAN, campaign_id=REGENWEAR, daily_budget="+10%"
    )
    assert plan_id.startswith("raise-daily-budget-10400-to-11440-JPY.")
    result = await applied(engine_client, plan_id)
    assert "read back: daily_budget 11440 JPY" in result.text
    assert await value_of(engine_client, "daily_budget", REGENWEAR) == "11440"


async def test_another_accounts_object(engine_client: EngineClient) -> None:
    """An account named beside an object has to be its owner."""
    with pytest.raises(InvalidParams, match=f"belongs to account {US}, not {JAPAN}"):
        await planned(engine_client, "campaigns", "pause", account_id=JAPAN, campaign_id=SPRING)
