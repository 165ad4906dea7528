"""Sponsored Display: what its ad groups target and keep away from, and what their ads show."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from between import between
from engine_client import AMAZON, PROFILE, EngineClient
from planning import applied, check_in, undo_of, writes

from mcp_ads.connectors.amazon_ads import amazon_ads
from mcp_ads.core import Result
from mcp_ads.errors import InvalidParams, UnknownAction

TARGETS = "sponsored_display_targets"
NEGATIVES = "sponsored_display_negative_targets"
CREATIVES = "sponsored_display_creatives"
GROUPS = "sponsored_display_ad_groups"
AUDIENCES, CONTEXTUAL, RULED, GONE, FIFTH = (f"19000000000000{number}" for number in (1, 2, 3, 4, 5))
"""Ad groups: of an audience campaign that runs, of a contextual one that is paused, with a rule, archived."""
TARGET, OF_RULED, NEGATIVE, CREATIVE = (
    "210000000000001",
    "210000000000003",
    "220000000000001",
    "230000000000001",
)
AUDIENCE = "400000000000000002"
LOGO = {"assetId": "amzn1.assetlibrary.asset1.logo1", "assetVersion": "version_v1"}
pytestmark = pytest.mark.anyio


async def do(client: EngineClient, entity: str, action: str, **params: Any) -> Result:
    return await client.do(AMAZON, entity, action, profile_id=PROFILE, **params)


async def done(client: EngineClient, entity: str, action: str, **params: Any) -> Result:
    """What applying the plan of a write answers."""
    return await applied(client, (await do(client, entity, action, **params)).data["plan_id"])


async def test_targets_are_read_in_words(engine_client: EngineClient) -> None:
    """Products, shoppers and audiences, by ad group and by id; an empty bid is said to be inherited."""
    listed = await do(engine_client, TARGETS, "list", ad_group_id=[AUDIENCES, CONTEXTUAL, RULED])
    assert [row["targeting"] for row in listed.data] == [
        "audience 400000000000000001",
        "asin B0RIVAL002",
        "views of the advertised products in the last 30 days",
    ]
    assert [row["servingStatus"] for row in listed.data][:2] == ["TARGET_STATUS_LIVE", "AD_GROUP_PAUSED"]
    assert "defaultBid counts" in str(listed.meta["warnings"])
    read = await do(engine_client, TARGETS, "get", target_id=[TARGET, "99", "210000000000004"])
    assert [(row["targetId"], row["state"]) for row in read.data] == [
        (TARGET, "ENABLED"),
        ("210000000000004", "ARCHIVED"),
    ]
    assert [(error["index"], error["code"]) for error in read.errors] == [(1, "NotFound")]


async def test_shoppers_are_targeted_rebid_switched_and_put_away(engine_client: EngineClient) -> None:
    """From easy parameters, with a bid of what it inherits; cleared, taken back, switched, archived."""
    shoppers = {"products": "advertised", "event": "views", "lookback": 60}
    plan = await do(engine_client, TARGETS, "create", ad_group_id=AUDIENCES, **shoppers, bid="+10%")
    expression = (
        '[{"type": "views", "value": [{"type": "exactProduct"}, {"type": "lookback", "value": "60"}]}]'
    )
    assert f"targets views of the advertised products in the last 60 days: {expression}" in plan.text
    assert "bid 0.66 USD; state PAUSED" in plan.text
    made = (await applied(engine_client, plan.data["plan_id"])).data["steps"][0]["id"]
    row = (await do(engine_client, TARGETS, "get", target_id=made)).data
    assert (row["bid"], row["state"], row["expressionType"]) == (0.66, "PAUSED", "manual")
    again = await do(engine_client, TARGETS, "create", ad_group_id=AUDIENCES, **shoppers)
    assert (
        f'{made} "views of the advertised products in the last 60 days": already there, PAUSED' in again.text
    )

    cleared = await do(engine_client, TARGETS, "update", target_id=made, bid="none")
    assert "bid 0.66 USD → 0.60 USD (inherited)" in cleared.text
    undo = undo_of(await applied(engine_client, cleared.data["plan_id"]))
    assert "bid 0.60 (inherited) → 0.66 USD" in (await applied(engine_client, undo)).text
    on = await do(engine_client, TARGETS, "activate", target_id=made)
    assert "ACTIVATES DELIVERY: can spend 10.00 USD a day (budget of 180000000000001, shared)" in on.text
    await applied(engine_client, on.data["plan_id"])
    off = await done(engine_client, TARGETS, "pause", target_id=made)
    assert undo_of(off).startswith("activate-target")
    away = await do(engine_client, TARGETS, "delete", target_id=made)
    assert "cannot be undone" in away.text
    assert "read back: state ARCHIVED" in (await applied(engine_client, away.data["plan_id"])).text
    assert writes(engine_client)[0] == f"create display target {made}"
    assert writes(engine_client)[-1] == f"archive display target {made}"


@pytest.mark.parametrize("campaign", [{}, {"campaign_id": "180000000000001"}])
async def test_one_that_starts_at_once_is_priced(
    engine_client: EngineClient, campaign: dict[str, str]
) -> None:
    """What its campaign may spend counts, once, whether the call names the campaign or not."""
    plan = await do(
        engine_client,
        TARGETS,
        "create",
        ad_group_id=AUDIENCES,
        audience_id=AUDIENCE,
        state="ENABLED",
        **campaign,
    )
    assert "can spend 10.00 USD a day (budget of 180000000000001, shared)\n" in plan.text
    assert "a day (budget" in plan.text
    assert plan.text.count("10.00 USD a day") == 1


async def test_what_amazon_refuses_is_foreseen(engine_client: EngineClient) -> None:
    """Nothing is sent: each line names a parameter and what would be right."""
    cases: list[tuple[dict[str, Any], str]] = [
        (
            {"ad_group_id": CONTEXTUAL, "audience_id": AUDIENCE},
            "ad_group_id: the campaign is contextual (T00020)",
        ),
        ({"ad_group_id": GONE, "asin": "B0TERN0002"}, "ad_group_id: it is ARCHIVED"),
        ({}, "expression: give one of asin, category_id, products, audience_id, content_category"),
        ({"asin": "B0TERN0002", "audience_id": "1"}, "audience_id: give one of"),
        ({"asin": "B0TERN0002", "price_min": 10}, "price_min: it refines a category: give category_id"),
        ({"products": "RELATED"}, "event: VIEWS or PURCHASES of the products that are RELATED"),
        ({"products": "SIMILAR", "event": "VIEWS"}, "lookback: event and lookback go together"),
        ({"asin": "B0TERN0002", "event": "VIEWS", "lookback": 30}, "event: it is of category_id or products"),
        ({"products": "SIMILAR", "event": "VIEWS", "lookback": 31}, 'lookback: "31" is not one of 7, 14'),
        ({"expression": [{"type": "asinBrandSameAs", "value": "1"}]}, "a brand goes with its category only"),
        ({"expression": [{"type": "asinExpandedFrom", "value": "B0TERN0002"}]}, "with one of asinSameAs"),
        ({"expression": [{"type": "views", "value": [{"type": "exactProduct"}]}]}, "give one lookback"),
        ({"expression": [{"type": "similarProduct", "value": "x"}]}, "similarProduct takes no value"),
        ({"expression_type": "auto", "asin": "B0TERN0002"}, "expression_type"),
        ({"category_id": "11", "brand_id": "Nike"}, "sponsored_product_target_categories.list has the ids"),
        ({"category_id": "Shoes"}, "sponsored_product_target_categories.list has the ids"),
        ({"audience_id": "IM - Beach Towels"}, "audiences.list has them, by name"),
    ]
    for given, said in cases:
        params = {"ad_group_id": AUDIENCES, **given}
        with pytest.raises(InvalidParams) as caught:
            await do(engine_client, TARGETS, "create", **params)
        assert said in str(caught.value), given
    with pytest.raises(InvalidParams, match="never changes: archive it and add another"):
        await do(engine_client, TARGETS, "update", target_id=TARGET, asin="B0TERN0002")
    with pytest.raises(InvalidParams, match="delete archives"):
        await do(engine_client, TARGETS, "update", target_id=TARGET, state="archived")
    assert writes(engine_client) == []


async def test_what_is_doubtful_is_said(engine_client: EngineClient) -> None:
    """What Amazon's own texts disagree about is sent, with a warning; a bid out of its range too."""
    long = {"products": "SIMILAR", "event": "VIEWS", "lookback": 180}
    plan = await do(engine_client, TARGETS, "create", ad_group_id=AUDIENCES, **long, bid="1500 USD")
    assert "views of the last 90 days at most" in plan.text
    assert "outside Amazon's range of 0.02 to 1000 USD" in plan.text
    content = await do(
        engine_client, TARGETS, "create", ad_group_id=CONTEXTUAL, content_category="amzn1.iab-content.325"
    )
    assert "leaves contents out for contextual campaigns" in content.text


async def test_a_refusal_by_an_optimization_rule_says_what_to_do(engine_client: EngineClient) -> None:
    """Amazon takes no bid where a rule sets the bids; the raw entity shows the rule."""
    text = (await done(engine_client, TARGETS, "update", target_id=OF_RULED, bid="0.90 USD")).text
    assert "NOT DONE" in text
    assert "an optimization rule of its ad group sets the bids, so that no bid is given here: api.get" in text
    rules = await do(engine_client, "api", "get", path=f"/sd/adGroups/{RULED}/optimizationRules")
    assert "rule-1" in str(rules)
    assert writes(engine_client) == []


async def test_of_several_each_is_told_of(engine_client: EngineClient) -> None:
    """One request for all, and of these the one that is refused is named by its place."""
    items = [{"audience_id": f"4000000000000000{number}"} for number in ("03", "10", "04")]
    text = (await done(engine_client, TARGETS, "create", ad_group_id=AUDIENCES, items=items)).text
    assert "PARTIAL: 2 of 3 done" in text
    assert "2. NOT DONE" in text
    assert "does not exist or cannot be targeted" in text
    assert sum("POST /sd/targets" in line for line in engine_client.sent(AMAZON)) == 1


async def test_an_answer_without_the_new_id_is_unknown(engine_client: EngineClient) -> None:
    """HTTP 207 and SUCCESS alone are no proof; the list is looked at, and the call that shows it named."""
    plan = await do(engine_client, TARGETS, "create", ad_group_id=AUDIENCES, audience_id=AUDIENCE)
    await engine_client.workspace.close()
    engine_client.workspace._sessions.clear()
    between(
        engine_client,
        lambda asked: httpx.Response(207, json=[{"code": "SUCCESS"}]) if asked.method == "POST" else None,
    )
    text = (await applied(engine_client, plan.data["plan_id"])).text
    assert "unknown" in text.split("\n")[1].lower()
    assert f'target "audience {AUDIENCE}" is not there yet' in text
    assert check_in(text)[1:3] == (TARGETS, "list")
    assert "made after 20" in text
    rows = (await engine_client.do(AMAZON, TARGETS, "list", **check_in(text)[3])).data
    assert [row["creationDate"][10:] for row in rows] == ["T09:00:00Z"]
    filters = {"filter": "creationDate>2020-01-01", "sort": "-lastUpdatedDate"}
    assert len((await do(engine_client, TARGETS, "list", ad_group_id=[AUDIENCES], **filters)).data) == 1


async def test_a_refusal_with_a_code_nobody_lists_keeps_its_words(engine_client: EngineClient) -> None:
    """What became of it is not known; what Amazon says of it is, of each item its own, without secrets."""
    codes = [{"code": "SERVER_BUSY", "description": "access_token=IQEBLjAsAhRmHjNgHpi0U slow down"}]
    codes += [{"code": "ODD", "description": "later"}]
    between(
        engine_client,
        lambda asked: (
            httpx.Response(207, json=codes) if asked.method == "POST" and "/sd/" in str(asked.url) else None
        ),
    )
    items = [{"audience_id": AUDIENCE}, {"audience_id": "400000000000000003"}]
    both = await done(engine_client, TARGETS, "create", ad_group_id=AUDIENCES, items=items)
    says = [error["says"] for error in both.errors]
    assert says[1] == "ODD: later"
    assert says[0].startswith("SERVER_BUSY: ")
    assert says[0].endswith("[secret] slow down")
    codes.pop()
    one = await done(engine_client, CREATIVES, "create", ad_group_id=FIFTH, headline="Dry")
    assert (one.errors[0]["code"], one.errors[0]["says"][:12]) == ("OutcomeUnknown", "SERVER_BUSY:")
    assert "that was not there before, since nothing tells when it was made" in one.text


async def test_negative_targets_keep_ads_away(engine_client: EngineClient) -> None:
    """Enabled from the start; what it stops is named, what is there is left out; read one by one."""
    listed = await do(engine_client, NEGATIVES, "list")
    assert [(row["targetId"], row["targeting"]) for row in listed.data] == [(NEGATIVE, "asin B0RIVAL003")]
    plan = await do(engine_client, NEGATIVES, "create", ad_group_id=CONTEXTUAL, asin="b0rival002")
    assert "it stops what is bid on here and enabled: target 210000000000002 asin B0RIVAL002" in plan.text
    made = (await applied(engine_client, plan.data["plan_id"])).data["steps"][0]["id"]
    other = await do(engine_client, NEGATIVES, "create", ad_group_id=CONTEXTUAL, asin="B0RIVAL009")
    await applied(engine_client, other.data["plan_id"])
    bid_on = await do(engine_client, TARGETS, "create", ad_group_id=CONTEXTUAL, asin="B0RIVAL009")
    assert "it will not be shown while this negates it: negative target " in bid_on.text
    read = await do(engine_client, NEGATIVES, "get", target_id=[NEGATIVE, "99", made])
    assert [row["targetId"] for row in read.data] == [NEGATIVE, made]
    assert [error["target_id"] for error in read.errors] == ["99"]
    paths = {f"GET /sd/negativeTargets/{one}" for one in (NEGATIVE, "99", made)}
    assert paths <= {*engine_client.sent(AMAZON)}
    off = await do(engine_client, NEGATIVES, "update", target_id=made, state="PAUSED")
    assert "products it kept ads from are bid on again" in off.text
    await applied(engine_client, off.data["plan_id"])
    idle = await do(engine_client, NEGATIVES, "delete", target_id=made)
    assert "bid on again" not in idle.text
    again = await do(engine_client, NEGATIVES, "create", ad_group_id=CONTEXTUAL, asin="B0RIVAL002")
    assert "already there, PAUSED: it keeps nothing away until `update` makes it ENABLED" in again.text
    brand = {"expression": {"type": "ASIN_BRAND_SAME_AS", "value": "45678"}}
    assert (
        "keeps ads from brand 45678"
        in (await do(engine_client, NEGATIVES, "create", ad_group_id=CONTEXTUAL, **brand)).text
    )
    with pytest.raises(InvalidParams, match="asin: give it, or brand_id, or expression"):
        await do(engine_client, NEGATIVES, "create", ad_group_id=CONTEXTUAL, asin="B0RIVAL002", brand_id="1")
    with pytest.raises(InvalidParams, match="'Nike' is no brand; write digits: sponsored_product_target_cat"):
        await do(engine_client, NEGATIVES, "create", ad_group_id=CONTEXTUAL, brand_id="Nike")
    away = await do(engine_client, NEGATIVES, "delete", target_id=made)
    assert "cannot be undone" in away.text
    assert "state ARCHIVED" in (await applied(engine_client, away.data["plan_id"])).text


async def test_what_is_in_an_ad_group_goes_with_it(engine_client: EngineClient) -> None:
    """The plan that archives an ad group counts its targets; afterwards they are archived too."""
    plan = await do(engine_client, GROUPS, "delete", ad_group_id=AUDIENCES)
    assert "1 target, 1 ENABLED; 1 negative target, 1 ENABLED" in plan.text
    await applied(engine_client, plan.data["plan_id"])
    for entity, own in ((TARGETS, TARGET), (NEGATIVES, NEGATIVE)):
        assert (await do(engine_client, entity, "get", target_id=own)).data["state"] == "ARCHIVED"


async def test_creatives_are_listed_made_and_replaced(engine_client: EngineClient) -> None:
    """With what the review said; what an update leaves out is lost, and its undo brings it back."""
    listed = await do(engine_client, CREATIVES, "list", ad_group_id=[AUDIENCES, CONTEXTUAL])
    assert [(row["headline"], row["moderationStatus"]) for row in listed.data] == [
        ("Towels that dry fast", "APPROVED"),
        ("The best towels ever", "REJECTED"),
    ]
    plan = await do(engine_client, CREATIVES, "create", ad_group_id=FIFTH, headline="Dry in minutes")
    assert "what was created cannot be removed here" in plan.text
    made = (await applied(engine_client, plan.data["plan_id"])).data["steps"][0]["id"]
    read = (await do(engine_client, CREATIVES, "get", creative_id=made)).data
    assert (read["moderationStatus"], read["properties"]) == (
        "PENDING_REVIEW",
        {"headline": "Dry in minutes"},
    )

    change = await do(engine_client, CREATIVES, "update", creative_id=CREATIVE, headline="Dry at once")
    assert "lost: properties.brandLogo" in change.text
    assert "replaces all that a creative shows at once" in change.text
    undo = undo_of(await applied(engine_client, change.data["plan_id"]))
    await applied(engine_client, undo)
    back = (await do(engine_client, CREATIVES, "get", creative_id=CREATIVE)).data["properties"]
    assert back == {"headline": "Towels that dry fast", "brandLogo": LOGO}
    with pytest.raises(UnknownAction, match="it ends with its ad group"):
        await do(engine_client, CREATIVES, "archive", creative_id="1")
    with pytest.raises(UnknownAction, match="Amazon removes no creative"):
        await do(engine_client, CREATIVES, "delete", creative_id=CREATIVE)
    why = await do(
        engine_client, "api", "get", path="/sd/moderation/creatives", query={"language": "en-US", "count": 2}
    )
    assert "claim without proof" in str(why)
    ads = {"ad_program_type": "SPONSORED_DISPLAY", "ad_id": "200000000000002"}
    results = (await do(engine_client, "moderation_results", "list", **ads)).data
    assert [row["moderationStatus"] for row in results] == ["REJECTED"]
    told = amazon_ads.action(CREATIVES, "list").__doc__
    assert told
    assert 'query={"language": "en-US"}' in told


async def test_what_a_creative_has_to_show_is_checked(engine_client: EngineClient) -> None:
    """Assets with their versions, images or a video as its ad group takes, all four for ads that lead off."""
    cases: list[tuple[dict[str, Any], str]] = [
        ({}, "headline: give it, or another property"),
        ({"brand_logo": "amzn1.asset"}, "brand_logo: 'amzn1.asset': write"),
        ({"video": "a:version_v1"}, "ad_group_id: its creatives are IMAGE"),
        ({"headline": "x", "creative_type": "VIDEO"}, "creative_type: a VIDEO needs a video"),
        ({"video": "a:v", "square_videos": ["b:v"]}, "video: give it, or the videos by their shape"),
        ({"headline": "x" * 51}, "headline"),
        ({"backgrounds": ["green"]}, "backgrounds: 'green' is no color"),
    ]
    for given, said in cases:
        with pytest.raises(InvalidParams) as caught:
            await do(engine_client, CREATIVES, "create", ad_group_id=AUDIENCES, **given)
        assert said in str(caught.value), given
    listed = await do(engine_client, "assets", "list", asset_type="VIDEO")
    film = f"{listed.data[0]['assetId']}:{listed.data[0]['version']}"
    with pytest.raises(InvalidParams, match=r"brand_logo: .* is a VIDEO, not an IMAGE"):
        await do(engine_client, CREATIVES, "update", creative_id=CREATIVE, headline="x", brand_logo=film)
    with pytest.raises(InvalidParams, match="creative_id: Amazon takes it or ad_group_id"):
        await do(engine_client, CREATIVES, "list", ad_group_id=AUDIENCES, creative_id=CREATIVE)
    ad = engine_client.store.get("amazon.sd.productAds", "200000000000001")
    assert ad
    engine_client.store.put(
        "amazon.sd.productAds", "200000000000001", {**ad, "landingPageType": "STORE", "landingPageURL": "x"}
    )
    with pytest.raises(InvalidParams, match="brandLogo, rectCustomImage, squareCustomImage missing"):
        await do(engine_client, CREATIVES, "create", ad_group_id=AUDIENCES, headline="Our store")
    image = "amzn1.assetlibrary.asset1.beach:version_v1"
    whole = {
        "headline": "Our store",
        "brand_logo": LOGO,
        "rect_custom_image": image,
        "square_custom_image": image,
    }
    whole |= {"headline": "Save 20% today!", "backgrounds": ["#3cb371"]}
    text = (await done(engine_client, CREATIVES, "create", ad_group_id=AUDIENCES, **whole)).text
    assert "APPLIED: 1 of 1 done" in text
