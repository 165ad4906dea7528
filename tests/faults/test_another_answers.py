"""A read by id that is answered with nothing, with something else or with another's record is an error."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest
from between import between
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient
from fault_clock import JumpingClock
from planning import SPRING, SURF, error_of

from mcp_ads.errors import ApiError, NotFound

pytestmark = pytest.mark.anyio
ON_STRIPES = {"account_id": LINKEDIN_US, "campaign_id": "300000001"}
TOWELS = {"account_id": PROFILE, "campaign_id": "120000000000001"}
SP = "sponsored_product_campaigns"
GETS: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "facebook": (FACEBOOK, "campaigns", {"campaign_id": SPRING}, f"/{SPRING}$"),
    "facebook account": (FACEBOOK, "ad_accounts", {"account_id": US}, f"/act_{US}$"),
    "linkedin": (LINKEDIN, "campaigns", ON_STRIPES, "/adCampaigns/300000001$"),
    "linkedin conversion": (
        *(LINKEDIN, "conversions", {"account_id": LINKEDIN_US, "conversion_id": "104002"}),
        "/conversions/104002$",
    ),
    "amazon": (AMAZON, SP, TOWELS, "/sp/campaigns/list$"),
    "amazon display": (
        *(AMAZON, "sponsored_display_campaigns"),
        {"account_id": PROFILE, "campaign_id": "210000000000001"},
        "/sd/campaigns/.*210000000000001$",
    ),
    "amazon portfolio": (
        *(AMAZON, "portfolios", {"account_id": PROFILE, "portfolio_id": "1300000000001"}),
        "/portfolios/list$",
    ),
}
NOTHINGS: dict[str, Any] = {
    "{}": {},
    "a message": {"message": "the request is queued"},
    "null": None,
    "a list": [],
    "a number": 7,
    "a text": "ok",
    "rows elsewhere": {"data": [{"id": "1"}]},
}
QUICK = {"facebook a message", "linkedin a message", "amazon display a list"}


def cells() -> list[Any]:
    """Every get with every such answer; some of them are quick."""
    return [
        pytest.param(get, said, id=name, marks=() if name in QUICK else pytest.mark.slow)
        for get in GETS
        for said in NOTHINGS
        if (name := f"{get} {said}")
    ]


def answering(engine_client: EngineClient, path: str, answer: Any) -> None:
    """Have requests at a path answered with this."""
    content = json.dumps(answer).encode()
    between(
        engine_client, lambda r: httpx.Response(200, content=content) if re.search(path, r.url.path) else None
    )


@pytest.mark.parametrize(("get", "said"), cells())
async def test_nothing_is_no_record(engine_client: EngineClient, get: str, said: str) -> None:
    """It is an error of the platform's, never a blank record, and never that there is no such object."""
    connector, entity, params, path = GETS[get]
    answering(engine_client, path, NOTHINGS[said])
    error = await error_of(engine_client.do(connector, entity, "get", **params))
    assert isinstance(error, ApiError)
    assert not isinstance(error, NotFound)
    assert (error.sent, bool(error.fix)) == ("yes", True), error


ANOTHERS: list[Any] = [
    ("facebook", SPRING, SURF),
    pytest.param("facebook account", US, "2345678901", marks=pytest.mark.slow),
    ("linkedin", "300000001", "300000002"),
    pytest.param("amazon", "120000000000001", "120000000000002", marks=pytest.mark.slow),
]


@pytest.mark.parametrize(("get", "own", "other"), ANOTHERS)
async def test_another_record_is_no_answer(
    engine_client: EngineClient, get: str, own: str, other: str
) -> None:
    """What is asked by id and answered with another's record is an error that names it."""
    connector, entity, params, path = GETS[get]
    honest = (await engine_client.do(connector, entity, "get", **params)).data
    assert own in str(honest)
    await engine_client.workspace.close()
    engine_client.workspace._sessions.clear()
    record = json.loads(json.dumps(honest).replace(own, other))
    record |= {"id": record.get("id") or f"act_{other}"}
    answering(engine_client, path, {"campaigns": [record]} if get == "amazon" else record)
    error = await error_of(engine_client.do(connector, entity, "get", **params))
    assert type(error).__name__ == "PlatformDown"
    assert other in str(error), error


FOREIGN: list[Any] = [{"message": "queued"}, {"data": [{"note": "x"}]}, [{"message": "x"}], [{"note": "x"}]]
PLAIN: list[Any] = [
    (FACEBOOK, "current_user", "get", {}, "/me$", FOREIGN),
    (LINKEDIN, "targeting_facets", "list", {}, "/adTargetingFacets$", FOREIGN),
    (AMAZON, "sponsored_display_campaigns", "list", {"account_id": PROFILE}, "/sd/campaigns", FOREIGN),
    (FACEBOOK, "campaigns", "list", {"account_id": US}, "/campaigns$", [{"data": [{"message": "x"}]}, []]),
    (LINKEDIN, "token", "introspect", {}, "/introspectToken$", FOREIGN),
    (LINKEDIN, "targeting_entities", "resolve", {"urns": ["urn:li:title:9"]}, "/adTargetingE", FOREIGN),
    (AMAZON, "brands", "list", {"account_id": PROFILE}, "/brands$", FOREIGN),
    (AMAZON, "portfolios", "list", {"account_id": PROFILE}, "/portfolios/l", [{"portfolios": [{"a": 1}]}]),
]  # fmt: skip


@pytest.mark.parametrize(("connector", "entity", "action", "params", "path", "answers"), PLAIN)
async def test_what_is_read_without_an_id_is_no_blank_row(
    engine_client: EngineClient, clock: JumpingClock, connector: str, entity: str, action: str, params: Any,
    path: str, answers: list[Any],
) -> None:  # fmt: skip
    """A message, an object for a list, a list for an object, or rows that have none of the columns."""
    now: list[bytes] = []
    between(
        engine_client,
        lambda r: httpx.Response(200, content=now[0]) if re.search(path, r.url.path) else None,
    )
    for answer in answers:
        now[:] = [json.dumps(answer).encode()]
        error = await error_of(engine_client.do(connector, entity, action, **params))
        assert type(error).__name__ == "PlatformDown", (answer, error)
        clock.forward(4_000)
        engine_client.reopen()
