"""What people and agents write first on Amazon, and what comes of it: understood, or what to write."""

from __future__ import annotations

import json
from typing import Any

import pytest
from amazon_calls import call
from engine_client import AMAZON, PROFILE, EngineClient
from planning import planned

from mcp_ads.connectors import connector
from mcp_ads.core import describe
from mcp_ads.errors import InvalidParams, UnknownAction, WritesOff

pytestmark = pytest.mark.anyio
US: dict[str, Any] = {"profile_id": PROFILE}
CAMPAIGNS = "sponsored_product_campaigns"


@pytest.mark.parametrize(("said", "meant"), [("enable", "activate"), ("archive", "delete")])
async def test_other_words_for_an_action(engine_client: EngineClient, said: str, meant: str) -> None:
    """Amazon's own word is understood: the plan is that of the action it stands for."""
    state = "PAUSED" if meant == "activate" else "ENABLED"
    found = await engine_client.table(AMAZON, CAMPAIGNS, "list", **US, state=state, limit=1)
    plan_id = await planned(
        engine_client, CAMPAIGNS, said, AMAZON, **US, campaign_id=found.rows[0]["campaignId"]
    )
    step = engine_client.workspace.plans.get(plan_id).steps[0]
    assert step.action == meant


async def test_a_post_that_changes_nothing_is_read(engine_client: EngineClient) -> None:
    """It needs no plan and no permission for raw writes; one that changes something does."""
    listed = {"path": "/sp/campaigns/list", "body": {"maxResults": 2}}
    found = await engine_client.do(AMAZON, "api", "post", **US, **listed)
    assert len(found.data["campaigns"]) == 2
    assert engine_client.sent(AMAZON)[-1] == "POST /sp/campaigns/list"
    with pytest.raises(WritesOff, match="raw requests"):
        await engine_client.do(AMAZON, "api", "post", **US, path="/sp/campaigns", body={"campaigns": []})


@pytest.mark.parametrize("path", ["/st/creatives/preview", "/sd/creatives/preview"])
def test_a_preview_changes_nothing(path: str) -> None:
    """It is read, by the media type that its specification has."""
    assert call("api", "query", path=path, body={"preview": {}}).to_request().risk == "read"


@pytest.mark.parametrize("path", [None, [], {}, ["/sp/campaigns/list"], 7])
async def test_a_path_that_is_none(engine_client: EngineClient, path: Any) -> None:
    """It is refused in words, whatever a post might be meant for."""
    with pytest.raises((InvalidParams, WritesOff)):
        await engine_client.do(AMAZON, "api", "post", **US, path=path)


async def test_what_was_shut_off(engine_client: EngineClient) -> None:
    """Nothing is sent; the answer says what there is instead."""
    with pytest.raises(UnknownAction, match=r"15 Dec 2024: use exports\.run"):
        await engine_client.do(AMAZON, "snapshots", "list", **US)
    with pytest.raises(InvalidParams, match="sponsored_product_"):
        await engine_client.do(AMAZON, "api", "get", **US, path="/v2/sp/campaigns")
    assert engine_client.sent(AMAZON) == []


SOME = {"include": ["123"]}
NO_NAMES: list[Any] = [None, {}, [], {"campaignIdFilter": {}}, {"campaignIds": ["1"]}]
BRANDS, UNIFIED = "/sb/v4/campaigns/delete", "/adsApi/v1/delete/campaigns"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        *[(BRANDS, body) for body in NO_NAMES],
        *[(BRANDS, {"campaignIdFilter": {"include": ids}}) for ids in ([], [""], [None], [" "], "123")],
        (BRANDS, {"campaignIdFilters": SOME}),
        (BRANDS, {"stateFilter": {"include": ["PAUSED"]}}),
        (BRANDS, {"campaignIdFilter": SOME, "stateFilter": SOME}),
        ("/sb/v4/ads/delete", {"x": ["1"]}),
        ("/sb/v4/ads/delete", {"campaignIdFilter": SOME}),
        (UNIFIED, {"campaignIdFilter": SOME}),
        (UNIFIED, {"campaignIds": [None]}),
        ("/sp/budgetRulesAssociation/delete", {"pairs": [{}]}),
    ],
)
def test_nothing_is_deleted_without_a_name(path: str, body: Any) -> None:
    """An empty filter would take everything, and so would one misspelt: by hand it is refused."""
    with pytest.raises(InvalidParams, match="name what is to go and nothing else"):
        call("api", "post", path=path, body=body)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (BRANDS, {"campaignIdFilter": SOME}),
        ("/sp/productAds/delete", {"adIdFilter": SOME}),
        ("/sp/negativeKeywords/delete", {"negativeKeywordIdFilter": SOME}),
        (UNIFIED, {"campaignIds": ["123"]}),
        ("/adsApi/v1/delete/adAssociations", {"adAssociationIds": ["123"]}),
    ],
)
def test_what_is_named_may_go(path: str, body: Any) -> None:
    """By the filter of the place, or by the list of ids that the unified API takes."""
    assert call("api", "post", path=path, body=body).to_body() == body


LATER = {
    "reports": "get download cancel",
    "exports": "get download",
    "sponsored_product_targets": "create delete",
    "dsp_advertisers": "list",
}
"""What needs the id of an answer, an ad group that only has products, or an agency; of targets their bids."""
OWN = [row[0] for row in connector(AMAZON).entities if row[0] not in ("api", "test_accounts")]


@pytest.mark.slow
@pytest.mark.parametrize("entity", OWN)
async def test_examples_work_as_they_stand(engine_client: EngineClient, entity: str) -> None:
    """What an action's page shows can be called, with the ids it has."""
    later = {*LATER.get(entity, "").split(), *(["bid_recommendations"] if entity.endswith("targets") else [])}
    for name, action in connector(AMAZON).entity(entity).actions.items():
        if name not in later:
            result = await engine_client.do(AMAZON, entity, name, **json.loads(describe.example(action)))
            assert not result.errors, name
