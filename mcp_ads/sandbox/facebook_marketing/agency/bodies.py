"""Campaigns, ad sets, ads and creatives of the world as the Graph answers with them."""

from __future__ import annotations

import functools
from typing import Any

from mcp_ads.sandbox.agency import campaigns as world
from mcp_ads.sandbox.agency.campaigns import Ad, Campaign, Group
from mcp_ads.sandbox.agency.ids import Place
from mcp_ads.sandbox.agency.stories import PAUSED, told
from mcp_ads.sandbox.facebook_marketing.days import AGENCY
from mcp_ads.sandbox.facebook_marketing.delivery.adsets import CLICKS, CONVERSIONS

from .spelling import at, id_of, last_second, page_of, pixel_of

Body = dict[str, Any]
STATUS = {
    world.LIVE: "ACTIVE",
    world.PLANNED: "ACTIVE",
    world.ENDED: "ACTIVE",
    world.STOPPED: "PAUSED",
    world.ARCHIVED: "ARCHIVED",
    world.REJECTED: "ACTIVE",
}
OBJECTIVE = {"sales": "OUTCOME_SALES", "leads": "OUTCOME_LEADS", "traffic": "OUTCOME_TRAFFIC"}
GOAL = {"sales": "OFFSITE_CONVERSIONS", "leads": "LEAD_GENERATION", "traffic": "LINK_CLICKS"}
LEFT_ALONE = 9
"""Days that an ad set learns for."""
LEARNED: Body = {"status": "SUCCESS", "conversions": 71, "attribution_windows": ["7d_click", "1d_view"]}
LEARNING: Body = {**LEARNED, "status": "LEARNING", "conversions": 23}


def campaign(one: Campaign) -> Body:
    zone = one.account.zone
    body: Body = {
        "id": id_of("campaign", Place(one.account.number, one.number)),
        "account_id": one.account.id,
        "name": one.name,
        "objective": OBJECTIVE[one.goal],
        "status": STATUS[one.state],
        "buying_type": "AUCTION",
        "special_ad_categories": [],
        "smart_promotion_type": "GUIDED_CREATION",
        "source_campaign_id": "0",
        "pacing_type": ["standard"],
        "created_time": at(one.made, zone),
        "start_time": at(one.start, zone, 0),
        "updated_time": at(max(one.end, one.cut, one.made), zone, 10),
        "is_adset_budget_sharing_enabled": False,
        "_n": one.number,
    }
    if one.shared:
        body |= {"bid_strategy": "LOWEST_COST_WITHOUT_CAP", "daily_budget": str(one.budget)}
    if one.state == world.ENDED:
        body["stop_time"] = last_second(one.end, zone)
    return body


def adset(group: Group, ads: tuple[Ad, ...], began: int) -> Body:
    """`ads` are those of the whole campaign, `began` the day the world did."""
    one = group.campaign
    zone, place = one.account.zone, Place(one.account.number, one.number, group.place)
    stopped = told(one.account, PAUSED, one.number) if group.state == world.STOPPED else None
    body: Body = {
        "id": id_of("adset", place),
        "account_id": one.account.id,
        "campaign_id": id_of("campaign", Place(one.account.number, one.number)),
        "name": group.name,
        "status": STATUS[group.state],
        "optimization_goal": GOAL[one.goal],
        "billing_event": "IMPRESSIONS",
        "created_time": at(one.made, zone),
        "start_time": at(one.start, zone, 0),
        "updated_time": at(began - stopped.since if stopped else one.made, zone, 10),
        "pacing_type": ["standard"],
        "is_dynamic_creative": False,
        "source_adset_id": "0",
        "targeting": _targeting(one.account.market.code, group.place % 2),
        "_n": one.number * 10 + group.place,
        **_promoted(one),
    }
    if not one.shared:
        share = sum(ad.share for ad in ads if ad.group.place == group.place)
        daily = max(100, one.account.market.dollar, round(one.budget * share))
        body |= {"bid_strategy": "LOWEST_COST_WITHOUT_CAP", "daily_budget": str(daily)}
    if one.state == world.ENDED:
        body["end_time"] = last_second(one.end, zone)
    if one.state == world.LIVE:
        body["learning_stage_info"] = LEARNING if began - one.start < LEFT_ALONE else LEARNED
    return body


@functools.cache
def _targeting(market: str, advantage: int) -> Body:
    return {
        "age_min": 18,
        "age_max": 65,
        "geo_locations": {
            "countries": [market.replace("UK", "GB")],
            "location_types": ["home", "recent"],
        },
        "targeting_automation": {"advantage_audience": advantage},
    }


def _promoted(one: Campaign) -> Body:
    if one.goal == "sales":
        pixel = {"pixel_id": pixel_of(one.account), "custom_event_type": "PURCHASE"}
        return {"promoted_object": pixel, "destination_type": "WEBSITE", "attribution_spec": CONVERSIONS}
    if one.goal == "leads":
        page = {"page_id": page_of(one.account)}
        return {"promoted_object": page, "destination_type": "ON_AD", "attribution_spec": CLICKS}
    return {"destination_type": "WEBSITE", "attribution_spec": CLICKS}


def ad(one: Ad, began: int) -> Body:
    place, campaign, account = Place(*one.key), one.campaign, one.campaign.account
    end = one.end if one.share else 0
    body: Body = {
        "id": id_of("ad", place),
        "account_id": account.id,
        "campaign_id": id_of("campaign", Place(*place[:2])),
        "adset_id": id_of("adset", Place(*place[:3])),
        "creative_id": id_of("creative", place),
        "name": one.name,
        "status": STATUS[one.state],
        "created_time": at(campaign.made, account.zone),
        "updated_time": at(end + 1 if end else campaign.made, account.zone, 10),
        "source_ad_id": "0",
        "conversion_domain": f"{account.client.key}.example",
        "_n": int(place.campaign * 100 + place.group * 10 + place.ad),
    }
    if one.share:
        body["_plan"] = [campaign.start, one.end, campaign.budget, account.unit, AGENCY, began]
    if one.state == world.REJECTED:
        body |= {
            "_review": "DISAPPROVED",
            "ad_review_feedback": {"global": {"Misleading claims": "Show less certainty."}},
        }
    return body


def creative(one: Ad) -> Body:
    account, key = one.campaign.account, id_of("creative", Place(*one.key))
    title = f"{account.client.brand} {one.campaign.goods}"
    link = {
        "link": f"https://{account.client.key}.example/{one.campaign.goods}",
        "message": f"{title}: see for yourself.",
        "name": title,
        "image_hash": f"{int(key):032x}",
        "call_to_action": {"type": "LEARN_MORE"},
    }
    return {
        "id": key,
        "account_id": account.id,
        "name": one.name,
        "status": "ACTIVE",
        "object_type": "SHARE",
        "actor_id": page_of(account),
        "body": link["message"],
        "title": title,
        "link_url": link["link"],
        "image_hash": link["image_hash"],
        "call_to_action_type": "LEARN_MORE",
        "object_story_spec": {"page_id": page_of(account), "link_data": link},
        "effective_object_story_id": f"{page_of(account)}_{key}",
        "_n": int(key[13:]),
    }
