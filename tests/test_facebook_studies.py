"""A/B tests on Facebook: made of what one account has, and said wherever a plan touches what they compare."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from engine_client import FACEBOOK, JAPAN, US, EngineClient
from planning import (
    NEW_SET,
    REGENWEAR,
    SPRING,
    SPRING_AD_PAUSED,
    SPRING_SET,
    STRIPES,
    SURF,
    applied,
    planned,
    writes,
)

from mcp_ads.errors import InvalidParams, OutOfScope, OverCap

pytestmark = pytest.mark.anyio
BUSINESS = "334455667788990"
SPOILS = 'inside the running A/B test "Spring or surf" until'
STUDIES = f"GET /v26.0/act_{US}/impacting_ad_studies"


def day(ahead: int) -> str:
    return (datetime.now(UTC) + timedelta(days=ahead)).strftime("%Y-%m-%dT00:00:00+0000")


def cells(*ids: str, kind: str = "campaigns", part: int = 50) -> list[dict[str, Any]]:
    return [
        {"name": name, "treatment_percentage": part, kind: [one]}
        for name, one in zip("ABCDEF", ids, strict=False)
    ]


ADS = ("1202130000000034000", "1202130000000034001")


def creative_test(budget: Any) -> dict[str, Any]:
    return {"type": "SPLIT_TEST_V2", "creative_test_config": {"daily_budget": budget}}


def study(*ids: str, **more: Any) -> dict[str, Any]:
    """Parameters of a test that runs now."""
    return {
        "business_id": BUSINESS,
        "account_id": US,
        "name": "Spring or surf",
        "cells": cells(*(ids or (SPRING, SURF))),
        "start_time": day(-1),
        "end_time": day(13),
        **more,
    }


async def started(engine_client: EngineClient, **more: Any) -> str:
    await applied(engine_client, await planned(engine_client, "ad_studies", "create", **study(**more)))
    return writes(engine_client)[-1].rpartition(" ")[2]


async def said(engine_client: EngineClient, entity: str, action: str, **params: Any) -> str:
    """The text of a plan."""
    return engine_client.workspace.text(await engine_client.do(FACEBOOK, entity, action, **params))


async def test_a_study_is_made_listed_and_read(engine_client: EngineClient) -> None:
    """Times go as numbers; the plan names what is compared, and that nothing takes it back here."""
    plan = await engine_client.do(FACEBOOK, "ad_studies", "create", **study())
    text = engine_client.workspace.text(plan)
    assert f"divides the audience among 2 cells: A (50 %: {SPRING}); B (50 %: {SURF})" in text
    assert f'changing what it compares spoils it: {SURF} "🌊 Surf Season 🏄‍♀️ Retargeting"' in text
    assert f"start_time={int(datetime.fromisoformat(day(-1)).timestamp())}" in text
    assert "no undo: what was created cannot be removed here" in text
    assert writes(engine_client) == []
    done = engine_client.workspace.text(await applied(engine_client, plan.data["plan_id"]))
    assert "DIFFERS" not in done
    made = writes(engine_client)[-1].rpartition(" ")[2]
    listed = await engine_client.table(FACEBOOK, "ad_studies", "list", account_id=US)
    assert [(row["id"], row["name"], row["type"]) for row in listed.rows] == [
        (made, "Spring or surf", "SPLIT_TEST")
    ]
    record = (await engine_client.do(FACEBOOK, "ad_studies", "get", study_id=made)).data
    assert {(cell["name"], cell["treatment_percentage"]) for cell in record["cells"]} == {
        ("A", 50),
        ("B", 50),
    }


async def test_a_plan_that_touches_a_running_study_says_so(engine_client: EngineClient) -> None:
    """What is in it, what is below that, and what is made there; once for many, and nothing elsewhere."""
    await started(engine_client)
    for entity, action, params in (
        ("campaigns", "update", {"campaign_id": SPRING, "name": "x"}),
        ("ad_sets", "pause", {"adset_id": SPRING_SET}),
        ("ads", "activate", {"ad_id": SPRING_AD_PAUSED}),
        ("ad_sets", "create", {**NEW_SET, "campaign_id": SPRING}),
    ):
        assert SPOILS in await said(engine_client, entity, action, **params), (entity, action)
    many = await said(engine_client, "campaigns", "pause", campaign_id=[SPRING, SURF, STRIPES])
    assert many.count(SPOILS) == 1
    assert SPOILS not in await said(engine_client, "campaigns", "update", campaign_id=STRIPES, name="x")
    assert SPOILS not in await said(engine_client, "campaigns", "update", campaign_id=REGENWEAR, name="x")
    assert engine_client.sent(FACEBOOK).count(STUDIES) == 1 + 1  # before the study was made, and after it


async def test_a_study_that_is_over_or_to_come_says_nothing(engine_client: EngineClient) -> None:
    """Only what runs now can be spoilt."""
    await started(engine_client, start_time=day(1))
    assert SPOILS not in await said(engine_client, "campaigns", "update", campaign_id=SPRING, name="x")
    made = await started(engine_client)
    kept = engine_client.store.get("facebook.study", made)
    assert kept
    engine_client.store.put("facebook.study", made, {**kept, "canceled_time": day(-1)})
    assert SPOILS not in await said(engine_client, "campaigns", "update", campaign_id=SPRING, name="x")


async def test_a_study_of_a_whole_account_is_said_of_all_in_it(engine_client: EngineClient) -> None:
    """Its id is written with act_ by some and without by others."""
    await started(engine_client, cells=cells(f"act_{US}", kind="adaccounts"), type="LIFT")
    text = await said(engine_client, "campaigns", "update", campaign_id=STRIPES, name="x")
    assert 'inside the running study "Spring or surf"' in text


async def test_studies_that_cannot_be_read_are_said_and_block_nothing(engine_client: EngineClient) -> None:
    """One line for a plan of many steps; the plan is carried out."""
    engine_client.fault("500", path="/impacting_ad_studies", times=0)
    plan = await engine_client.do(FACEBOOK, "campaigns", "pause", campaign_id=[SPRING, SURF])
    text = engine_client.workspace.text(plan)
    assert text.count("whether A/B tests run on this is not known: they cannot be read") == 1
    assert "2 of 2 done" in engine_client.workspace.text(await applied(engine_client, plan.data["plan_id"]))


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ({"cells": cells(SPRING)}, "cells: 2 to 150 of them"),
        ({"cells": cells(SPRING, SURF, part=9)}, r"cells\[0\]: treatment_percentage: 10 to 100"),
        ({"cells": cells(SPRING, SURF, part=51)}, "treatment_percentage is over 100 together"),
        ({"cells": cells(SPRING, SPRING)}, f"cells: {SPRING} is in it twice"),
        ({"cells": cells("x", SURF)}, r"cells\[0\]: campaigns: a list of ids"),
        ({"cells": cells(SPRING, SURF, kind="pages")}, r"cells\[0\]: 'pages': a cell has name"),
        ({"cells": [cells(SPRING)[0], cells(SPRING_SET, kind="adsets")[0]]}, "campaigns are compared with"),
        ({"cells": [{"treatment_percentage": 50, "campaigns": [SPRING]}] * 2}, r"cells\[0\]: name: missing"),
        ({"end_time": day(-2)}, "end_time: it is not after start_time"),
        ({"start_time": "soon"}, "start_time"),
        ({"creative_test_config": {"daily_budget": "5 USD"}}, "only with type SPLIT_TEST_V2"),
        ({"type": "SPLIT_TEST_V2"}, "has 2 to 5, each with one ad in ads"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
async def test_studies_facebook_would_refuse(
    engine_client: EngineClient, more: dict[str, Any], line: str
) -> None:
    """A line for the part that is wrong, before anything is asked."""
    with pytest.raises(InvalidParams, match=line):
        await engine_client.do(FACEBOOK, "ad_studies", "create", **study(**more))
    assert engine_client.sent(FACEBOOK) == []


async def test_a_study_that_is_over_or_names_no_currency_is_refused(engine_client: EngineClient) -> None:
    """As the account's clock and currency tell; nothing is made."""
    for more, line in (
        ({"start_time": "2020-01-01", "end_time": "2020-02-01"}, "end_time: 2020-02-01 has passed"),
        (
            {"cells": cells(*ADS, kind="ads"), **creative_test(20)},
            '20 says no currency; write "20.00 USD" or',
        ),
    ):
        with pytest.raises(InvalidParams, match=line):
            await engine_client.do(FACEBOOK, "ad_studies", "create", **study(**more))
    assert writes(engine_client) == []


async def test_a_study_of_another_accounts_objects_is_refused(engine_client: EngineClient) -> None:
    """Whatever the token may see: the account that is named is the one whose budgets are meant."""
    for more, line in (
        ({"cells": cells(SPRING, REGENWEAR)}, f"{REGENWEAR} is not of ad account {US}"),
        ({"cells": cells(SPRING, "99")}, "99 cannot be read"),
        ({"cells": cells(SPRING, SPRING_SET)}, f"{SPRING_SET} cannot be read as one of campaigns"),
        ({"cells": cells(SPRING, SPRING_SET, kind="adsets")}, f"{SPRING} cannot be read as one of adsets"),
        ({"cells": cells(US, JAPAN, kind="adaccounts")}, f"{JAPAN} is another ad account"),
    ):
        with pytest.raises(InvalidParams, match=line):
            await engine_client.do(FACEBOOK, "ad_studies", "create", **study(**more))
    assert writes(engine_client) == []


async def test_a_test_of_ads_spends_a_budget_that_caps_do_not_know(
    engine_client_with: Callable[..., EngineClient],
) -> None:
    """It cools down from its start and is watched to its end; under caps it is refused."""
    ads = ("1202130000000034000", "1202130000000034001")
    config = {"type": "SPLIT_TEST_V2", "creative_test_config": {"daily_budget": "20 USD"}}
    params = study(cells=cells(*ads, kind="ads"), **config)
    free, capped = engine_client_with(), engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="1000 USD")
    text = await said(free, "ad_studies", "create", **params)
    assert "divides the audience among 2 cells, and spends 20.00 USD a day of its own" in text
    with pytest.raises(OverCap, match="a test of ads spends a budget of its own"):
        await capped.do(FACEBOOK, "ad_studies", "create", **params)
    await applied(free, await planned(free, "ad_studies", "create", **params))
    assert SPOILS in await said(free, "ads", "pause", ad_id=ads[0])


@pytest.mark.parametrize("words", [{}, {"business_id": "me"}], ids=str)
async def test_an_allow_list_holds_for_studies(
    engine_client_with: Callable[..., EngineClient], words: dict[str, str]
) -> None:
    """One account's studies are made although no ad account owns the business; another's are not listed."""
    engine_client = engine_client_with()
    object.__setattr__(engine_client.settings.platforms[FACEBOOK], "account_ids", (US,))
    assert await started(engine_client, **words)
    with pytest.raises(OutOfScope):
        await engine_client.do(FACEBOOK, "ad_studies", "list", account_id=JAPAN)
