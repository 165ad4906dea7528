"""An id of one of Amazon's products, given to an entity of another: the answer says what it is."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import AMAZON, PROFILE, EngineClient

from mcp_ads.connectors import connector
from mcp_ads.errors import AdsError, NotFound

pytestmark = pytest.mark.anyio
OF = {
    "sponsored_product_campaigns": "Sponsored Products",
    "sponsored_brands_campaigns": "Sponsored Brands",
    "sponsored_display_campaigns": "Sponsored Display",
    "sponsored_tv_campaigns": "Sponsored TV",
}
SP, SB, SD, ST = OF
NOBODYS = "999999999999999"


async def _first(client: EngineClient, entity: str) -> str:
    """The id of some object."""
    rows = (await client.do(AMAZON, entity, "list", profile_id=PROFILE, limit=1)).data
    return next(str(value) for name, value in rows[0].items() if name.endswith("Id"))


async def _error(client: EngineClient, entity: str, action: str, **params: Any) -> AdsError:
    """What a call about one profile raises."""
    with pytest.raises(AdsError) as raised:
        await client.do(AMAZON, entity, action, profile_id=PROFILE, **params)
    return raised.value


@pytest.mark.parametrize("action", ["get", "update", "pause", "delete"])
async def test_whatever_is_asked_of_it(looking: EngineClient, action: str) -> None:
    """A campaign of one product is none of another: each call says whose it is, and which call is meant."""
    more = {"name": "Anything"} if action == "update" else {}
    for entity, other in ((SP, SD), (SB, ST), (SD, SP), (ST, SB)):
        id_ = await _first(looking, other)
        error = await _error(looking, entity, action, campaign_id=id_, **more)
        assert str(error) == f"campaign_id: {id_} is a campaign of {OF[other]}: {other}.{action}"
    assert looking.store.writes() == []


async def test_what_nobody_has_is_not_guessed(looking: EngineClient) -> None:
    """An id that no product knows is not there, in as many reads as there are products with campaigns."""
    await _first(looking, SP)  # signs in and looks the profiles up
    before = len(looking.sent())
    error = await _error(looking, SP, "get", campaign_id=NOBODYS)
    assert NOBODYS in str(error)
    assert "is a campaign" not in str(error)
    asked = looking.sent()[before:]
    assert len(asked) == len({*asked}) == len([name for name in _alike(SP) if _has_get(name)])


async def test_a_list_by_a_parent_that_is_not_there(looking: EngineClient) -> None:
    """Rows there are none of: the answer says that the parent is another product's, or nobody's."""
    for entity, below, other in ((SP, "product_ads", SD), (SB, "ads", SP), (ST, "ads", SP)):
        id_, called = await _first(looking, other), entity.replace("campaigns", below)
        found = await looking.do(AMAZON, called, "list", profile_id=PROFILE, campaign_id=id_)
        assert found.data == []
        assert f"campaign_id: {id_} is a campaign of {OF[other]}" in str(found.meta.get("warnings"))
    lost = {"campaign_id": NOBODYS, "filter": "state = ENABLED"}
    found = await looking.do(AMAZON, "sponsored_display_negative_targets", "list", profile_id=PROFILE, **lost)
    assert found.data == []
    assert f"campaign_id: no campaign {NOBODYS}, or the account does not own it" in found.meta["warnings"]
    none = {"campaign_id": await _first(looking, SP), "name": "no such name"}
    before = len(looking.sent())
    found = await looking.do(AMAZON, "sponsored_product_ad_groups", "list", profile_id=PROFILE, **none)
    assert found.data == []
    assert "campaign_id" not in str(found.meta)
    assert len(looking.sent()) - before == 2  # the list, and its campaign


async def test_a_get_of_many_goes_on(looking: EngineClient) -> None:
    """The same call takes the cursor of a get of many; what could not be read is told of all of them."""
    rows = await looking.do(AMAZON, SD, "list", profile_id=PROFILE, limit=44)
    ids = [*(row["campaignId"] for row in rows.data), NOBODYS]
    page = await looking.table(AMAZON, SD, "get", profile_id=PROFILE, campaign_id=ids)
    assert page.text.startswith("PARTIAL: 44 of 45 read")
    assert page.meta["more"]
    more = {"campaign_id": ids, "cursor": page.meta["cursor"]}
    rest = await looking.do(AMAZON, SD, "get", profile_id=PROFILE, **more)
    read = [row["campaignId"] for row in (*page.rows, *rest.data)]
    assert read == ids[:-1]
    assert not rest.meta["more"]


async def test_several_ids_each_with_its_own(looking: EngineClient) -> None:
    """What is there is shown; what is another product's is told of as that, and what is nobody's as lost."""
    own, other = await _first(looking, SP), await _first(looking, SD)
    asked = [own, other, NOBODYS]
    result = await looking.do(AMAZON, SP, "get", profile_id=PROFILE, campaign_id=asked)
    told = {row["campaign_id"]: row["message"] for row in result.errors}
    assert [row["campaignId"] for row in result.data] == [own]
    assert told[other] == f"campaign_id: {other} is a campaign of Sponsored Display: {SD}.get"
    assert "is a campaign" not in told[NOBODYS]


async def test_a_parent_of_another_product(looking: EngineClient) -> None:
    """What is to stand in a campaign of another product is not planned, and the line names the product."""
    id_ = await _first(looking, SD)
    new = {"campaign_id": id_, "name": "Shoes", "default_bid": "0.50 USD"}
    error = await _error(looking, "sponsored_product_ad_groups", "create", **new)
    assert str(error).startswith(f"campaign_id: {id_} is a campaign of Sponsored Display: {SD}.get")


@pytest.mark.parametrize(
    ("entity", "subject", "other", "what"),
    [
        (
            "sponsored_display_creatives",
            "creative_id",
            "sponsored_tv_creatives",
            "a creative of Sponsored TV",
        ),
        ("sponsored_tv_creatives", "creative_id", "sponsored_display_creatives", "a creative of Sponsored D"),
        (
            "sponsored_product_targets",
            "target_id",
            "sponsored_product_keywords",
            "a keyword of Sponsored Pro",
        ),
        ("sponsored_brands_keywords", "keyword_id", "sponsored_tv_targets", "a target of Sponsored TV"),
    ],
)
async def test_what_is_bid_on_and_what_is_shown(
    looking: EngineClient, entity: str, subject: str, other: str, what: str
) -> None:
    """Creatives of other products, and keywords where targets are meant, are told as what they are."""
    id_ = await _first(looking, other)
    error = await _error(looking, entity, "get", **{subject: id_})
    assert str(error).startswith(f"{subject}: {id_} is {what}")
    assert f"{other}.get" in str(error)


async def test_versions_of_an_ad_of_another_product(looking: EngineClient) -> None:
    """Amazon refuses a list of what an unknown ad shows: it is said whose ad it is, or that there is none."""
    entity, id_ = "sponsored_brands_creatives", await _first(looking, "sponsored_tv_ads")
    error = await _error(looking, entity, "list", ad_id=id_)
    assert str(error) == f"ad_id: {id_} is an ad of Sponsored TV: sponsored_tv_ads.get"
    error = await _error(looking, entity, "list", ad_id=NOBODYS)
    assert isinstance(error, NotFound)
    assert "is an ad of" not in str(error)


def test_entities_that_are_taken_for_each_other_are_there() -> None:
    """Each has a get that reads one object by its id, and says what one of them is."""
    amazon = connector(AMAZON)
    named = [name for group in amazon.taken_for for name in group]
    assert {*named} <= {*amazon.names()}
    assert all(map(_has_get, named))


def _alike(entity: str) -> list[str]:
    return next([*group] for group in connector(AMAZON).taken_for if entity in group)


def _has_get(entity: str) -> bool:
    amazon = connector(AMAZON)
    return entity in amazon.names() and "get" in amazon.entity(entity).actions
