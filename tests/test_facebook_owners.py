"""Whose things are on Facebook: an allow-list holds inside parameters too; ids of another kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from engine_client import FACEBOOK, JAPAN, US, EngineClient
from planning import NEW_SET, REGENWEAR, SPRING, SPRING_SET, STRIPES, applied, planned, writes

from mcp_ads.errors import AdsError, InvalidParams, OutOfScope, Rejected

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
FIRST = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=10)
PIXEL, PIXEL_JP = "887766554433221", "887766554433222"
STUDY, STUDY_JP = "23851234567899998", "23851234567899999"
PAGE = "104857600000001"
CONVERTED = {
    "country": "US",
    "ratio": 0.01,
    "conversion_type": "campaign_conversions",
    "origin_ids": [REGENWEAR],
}
RULES: dict[str, Any] = {
    "inclusions": {
        "operator": "or",
        "rules": [{"event_sources": [{"id": PIXEL_JP, "type": "pixel"}], "retention_seconds": 86400}],
    }
}
WIDE = {"geo_locations": {"countries": ["US"]}, "targeting_automation": {"advantage_audience": 0}}


def allow(engine_client: EngineClient) -> EngineClient:
    """The engine client with one account allowed; the sandbox itself takes no such setting."""
    object.__setattr__(engine_client.settings.platforms[FACEBOOK], "account_ids", (US,))
    return engine_client


async def first(engine_client: EngineClient, entity: str, account: str) -> str:
    """An account's first object of a kind."""
    return (await engine_client.table(FACEBOOK, entity, "list", account_id=account)).ids[0]


async def scheduled(engine_client: EngineClient, campaign: str, amount: str) -> str:
    """A new budget schedule of a campaign."""
    plan = await planned(
        engine_client,
        "budget_schedules",
        "create",
        campaign_id=campaign,
        budget_value=amount,
        time_start=FIRST.isoformat(),
        time_end=(FIRST + timedelta(days=2)).isoformat(),
    )
    assert "APPLIED" in (await applied(engine_client, plan)).text
    listed = await engine_client.table(FACEBOOK, "budget_schedules", "list", campaign_id=campaign)
    return listed.ids[-1]


async def test_a_schedule_of_another_object(engine_client_with: EngineClients) -> None:
    """It is not read in the name of a campaign that may be another account's, with another currency."""
    engine_client = engine_client_with()
    theirs = await scheduled(engine_client, STRIPES, "20 USD")
    for client in (engine_client, allow(engine_client)):
        with pytest.raises(InvalidParams, match=f"schedule_id: {theirs}: it is of {STRIPES}"):
            await client.do(
                FACEBOOK, "budget_schedules", "get", object_id=SPRING, schedule_id=theirs, fields=["id"]
            )


async def made(engine_client: EngineClient, entity: str, account: str) -> dict[str, str]:
    """Something of an account that does not say whose it is, as the parameters that name it."""
    if entity == "videos":
        return {"video_id": await first(engine_client, entity, account)}
    plan = await planned(engine_client, "ad_labels", "create", account_id=account, name="Mine")
    assert "APPLIED" in (await applied(engine_client, plan)).text
    return {"label_id": await first(engine_client, entity, account)}


@pytest.mark.parametrize("entity", ["videos", "ad_labels"])
async def test_what_does_not_say_whose_it_is(engine_client_with: EngineClients, entity: str) -> None:
    """With a list it is read when an allowed account has it, and under no foreign account's name."""
    engine_client = engine_client_with()
    theirs, ours = [await made(engine_client, entity, account) for account in (JAPAN, US)]
    engine_client = allow(engine_client)
    for named in ({}, {"account_id": US}, {"account_id": JAPAN}):
        with pytest.raises((OutOfScope, InvalidParams)):
            await engine_client.do(FACEBOOK, entity, "get", **theirs, **named, fields=["id"])
    assert (await engine_client.do(FACEBOOK, entity, "get", **ours, fields=["id"])).data[
        "id"
    ] in ours.values()
    with pytest.raises(OutOfScope):
        await engine_client.do(FACEBOOK, entity, "get", **ours, account_id=JAPAN, fields=["id"])


async def test_a_foreign_study(engine_client_with: EngineClients) -> None:
    """With a list, a study is read when an allowed account has it."""
    engine_client = engine_client_with()
    for study, account in ((STUDY, US), (STUDY_JP, JAPAN)):
        about = {"id": study, "account_id": account, "name": "Test", "type": "SPLIT_TEST"}
        engine_client.store.put("facebook.study", study, about)
    engine_client = allow(engine_client)
    read = await engine_client.do(FACEBOOK, "ad_studies", "get", study_id=STUDY, fields=["id"])
    assert read.data["id"] == STUDY
    with pytest.raises(OutOfScope, match=f"study_id: {STUDY_JP} is none of those that account"):
        await engine_client.do(FACEBOOK, "ad_studies", "get", study_id=STUDY_JP, fields=["id"])


async def test_a_foreign_video_is_not_deleted(engine_client_with: EngineClients) -> None:
    """With a list nothing is planned for a video that the named account does not have."""
    engine_client = engine_client_with()
    theirs = await made(engine_client, "videos", JAPAN)
    with pytest.raises(OutOfScope, match=r"video_id: \d+ is none of those"):
        await planned(allow(engine_client), "videos", "delete", **theirs, account_id=US)


@pytest.mark.parametrize(
    ("entity", "action", "params", "at"),
    [
        (
            "lookalike_audiences",
            "create",
            {
                "account_id": US,
                "name": "Alike",
                "lookalike_spec": CONVERTED,
            },
            "lookalike_spec.origin_ids",
        ),
        (
            "custom_audiences",
            "create",
            {"account_id": US, "name": "Visitors", "rule": RULES},
            "event_sources",
        ),
        (
            "custom_conversions",
            "create",
            {
                "account_id": US,
                "name": "Thanks",
                "rule": {"url": {"i_contains": "thanks"}},
                "event_source_id": PIXEL_JP,
            },
            "event_source_id",
        ),
        (
            "ad_sets",
            "update",
            {
                "adset_id": SPRING_SET,
                "promoted_object": {"pixel_id": PIXEL_JP, "custom_event_type": "PURCHASE"},
            },
            "promoted_object.pixel_id",
        ),
        ("pixel_stats", "list", {"pixel_id": PIXEL_JP}, "pixel_id"),
        ("pixels", "get", {"pixel_id": PIXEL_JP}, "pixel_id"),
        (
            "graph",
            "post",
            {"path": f"/{SPRING_SET}", "body": {"promoted_object": '{"pixel_id": "887766554433222"}'}},
            "promoted_object.pixel_id",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
async def test_foreign_things_inside_parameters(
    engine_client_with: EngineClients, entity: str, action: str, params: dict[str, Any], at: str
) -> None:
    """A seed, a pixel or what an ad set promotes has to be of an allowed account, wherever it is named."""
    engine_client = allow(engine_client_with(MCP_ADS_RAW_WRITES="1"))
    with pytest.raises(OutOfScope, match=f"{at}: [0-9]+ (is none of those|belongs to account {JAPAN})"):
        await engine_client.do(FACEBOOK, entity, action, **params)
    assert writes(engine_client) == []


@pytest.mark.parametrize("name", ["custom_audiences", "excluded_custom_audiences"])
async def test_foreign_audiences_in_targeting(engine_client_with: EngineClients, name: str) -> None:
    """Neither an ad set nor an estimate is about a foreign account's people; its own are taken."""
    engine_client = engine_client_with()
    theirs = await first(engine_client, "custom_audiences", JAPAN)
    ours = await first(engine_client, "custom_audiences", US)
    engine_client, targeting = allow(engine_client), {**WIDE, name: [{"id": theirs}]}
    calls: list[tuple[str, str, dict[str, Any]]] = [
        ("ad_sets", "create", {**NEW_SET, "campaign_id": SPRING, "targeting": targeting}),
        ("ad_sets", "update", {"adset_id": SPRING_SET, "targeting": targeting}),
        ("reach_estimates", "get", {"account_id": US, "targeting_spec": targeting}),
    ]
    for entity, action, params in calls:
        with pytest.raises(OutOfScope, match=rf"{name}: {theirs} belongs to account {JAPAN}"):
            await engine_client.do(FACEBOOK, entity, action, **params)
    own = {**WIDE, name: [{"id": ours}]}
    await engine_client.do(FACEBOOK, "reach_estimates", "get", account_id=US, targeting_spec=own)


async def test_the_platform_refuses_foreign_things_too(engine_client: EngineClient) -> None:
    """Without a list it is the platform that knows its accounts apart."""
    theirs = await first(engine_client, "custom_audiences", JAPAN)
    targeting = {**WIDE, "custom_audiences": [{"id": theirs}]}
    with pytest.raises(Rejected):
        await engine_client.do(FACEBOOK, "reach_estimates", "get", account_id=US, targeting_spec=targeting)
    with pytest.raises(AdsError):
        await planned(engine_client, "ad_sets", "update", adset_id=SPRING_SET, targeting=targeting)
    plan = await planned(
        engine_client,
        "lookalike_audiences",
        "create",
        account_id=US,
        name="Alike",
        lookalike_spec=CONVERTED,
    )
    assert "does not exist" in (await applied(engine_client, plan)).text
    assert writes(engine_client) == []


async def test_a_plan_with_foreign_things_made_before_the_list(engine_client_with: EngineClients) -> None:
    """The allow-list of the moment of applying holds for what parameters name inside, too."""
    engine_client = engine_client_with()
    params: dict[str, Any] = {"account_id": US, "name": "Alike", "lookalike_spec": CONVERTED}
    plan = await planned(engine_client, "lookalike_audiences", "create", **params)
    with pytest.raises(OutOfScope, match=f"origin_ids: {REGENWEAR} belongs to account {JAPAN}"):
        await applied(allow(engine_client), plan)
    assert writes(engine_client) == []


@pytest.mark.parametrize("entity", ["videos", "ad_labels"])
async def test_raw_reads_of_foreign_things(engine_client_with: EngineClients, entity: str) -> None:
    """By its path, too, nothing is read of which an allowed account is not known to be the owner."""
    engine_client = engine_client_with()
    theirs = next(iter((await made(engine_client, entity, JAPAN)).values()))
    with pytest.raises(OutOfScope):
        await allow(engine_client).workspace.execute(
            FACEBOOK, "graph", "get", {"path": f"/{theirs}", "query": {"fields": "id"}}
        )


async def test_a_pixel_under_the_name_of_another_account(engine_client: EngineClient) -> None:
    """Its numbers are not said to be that account's, also without a list."""
    with pytest.raises(InvalidParams, match=f"pixel_id: {PIXEL} is none of those that account {JAPAN} has"):
        await engine_client.do(FACEBOOK, "pixel_stats", "list", pixel_id=PIXEL, account_id=JAPAN)


async def test_an_event_that_did_not_come(engine_client: EngineClient) -> None:
    """The events that came are named, since case counts."""
    result = await engine_client.do(FACEBOOK, "pixel_stats", "list", pixel_id=PIXEL, event="purchase")
    assert not result.data
    assert any("no 'purchase' came" in line and "Purchase" in line for line in result.meta["warnings"])


@pytest.mark.parametrize(
    ("entity", "action", "params", "line", "fix"),
    [
        ("leads", "list", {"form_id": PAGE}, f"form_id: {PAGE} is a page", "lead_forms list"),
        ("ads", "get", {"ad_id": SPRING}, f"ad_id: {SPRING} is a campaign", "this kind"),
        (
            "ad_creatives",
            "get",
            {"creative_id": SPRING_SET},
            f"creative_id: {SPRING_SET} is an ad set",
            "this kind",
        ),
        ("ads", "pause", {"ad_id": SPRING}, f"ad_id: {SPRING} is a campaign", "this kind"),
    ],
)
async def test_an_id_of_another_kind(
    engine_client: EngineClient, entity: str, action: str, params: dict[str, Any], line: str, fix: str
) -> None:
    """The first line says which parameter it is and what it names."""
    with pytest.raises(Rejected) as caught:
        await engine_client.do(FACEBOOK, entity, action, **params)
    assert caught.value.lines[0].startswith(line)
    assert fix in caught.value.fix
