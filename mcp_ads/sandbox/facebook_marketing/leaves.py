"""What is below the campaigns at the beginning: ad sets, ads and creatives."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from mcp_ads.sandbox.facebook_marketing.delivery.adsets import CLICKS, CONVERSIONS
from mcp_ads.sandbox.numbers import choice, noise, whole

from . import names
from .names import Hero
from .shops import APP, STORE_URL, Shop
from .state import State

Body = dict[str, Any]
ADSETS, ADS, CREATIVES = (1_202_120 * 10**12, 1_202_130 * 10**12, 1_202_140 * 10**12)
FORMS = ("Video", "Carousel", "Still")
ISSUE: Body = {
    "level": "AD_SET",
    "error_code": 1815869,
    "error_summary": "Destination not available",
    "error_message": "The website that the ads lead to did not answer.",
    "error_type": "HARD_ERROR",
}


class Life(NamedTuple):
    """Days ago: the first of delivery, and the last (0 while it goes on)."""

    age: int
    end: int


def adset(state: State, shop: Shop, hero: Hero, campaign: Body, id: int, life: Life) -> None:
    """An ad set and its ads; the last of three is paused."""
    paused = hero.sets > 2 and id % 10 == hero.sets - 1 and not life.end
    life = Life(life.age, 12) if paused else life
    status = "PAUSED" if paused else "DELETED" if hero.status == "DELETED" else "ACTIVE"
    body = _adset(shop, hero, campaign, id, life) | {"status": status}
    if hero.status == "ACTIVE":
        body["learning_stage_info"] = _learning(shop, id, life)
    if hero.extra.get("issues"):
        body["issues_info"] = [ISSUE]
    state.put("adset", body)
    for index in range(hero.ads):
        _ad(state, shop, hero, body, id * 10 + index, life)


def _adset(shop: Shop, hero: Hero, campaign: Body, id: int, life: Life) -> Body:
    return {
        "id": str(ADSETS + id),
        "account_id": campaign["account_id"],
        "campaign_id": campaign["id"],
        "name": f"{choice(names.AUDIENCES, id, 'set')} {chr(65 + id % 10)}, {'/'.join(shop.countries)}",
        "optimization_goal": hero.goal,
        "billing_event": "IMPRESSIONS",
        "created_time": shop.ago(life.age + 0.1),
        "start_time": shop.ago(life.age),
        "updated_time": shop.ago(max(life.end, 1.2)),
        "pacing_type": ["standard"],
        "is_dynamic_creative": False,
        "source_adset_id": "0",
        "targeting": _targeting(shop, id),
        **_money(shop, hero, campaign),
        **_promoted(shop, hero.goal, hero.objective),
    }


def _money(shop: Shop, hero: Hero, campaign: Body) -> Body:
    bids = {name: value for name, value in hero.extra.items() if name.startswith("bid_")}
    if "bid_amount" in bids:
        bids["bid_amount"] = shop.money(bids["bid_amount"])
    if hero.budget == "adset":
        daily = shop.money(max(hero.amount // hero.sets, 200))
        return {"bid_strategy": "LOWEST_COST_WITHOUT_CAP", "daily_budget": str(daily), **bids}
    return {"end_time": campaign["stop_time"]} if "stop_time" in campaign else {}


def _promoted(shop: Shop, goal: str, objective: str) -> Body:
    if goal in ("OFFSITE_CONVERSIONS", "VALUE"):
        pixel = {"pixel_id": shop.pixel, "custom_event_type": "PURCHASE"}
        return {"promoted_object": pixel, "destination_type": "WEBSITE", "attribution_spec": CONVERSIONS}
    if goal == "APP_INSTALLS":
        found: Body = {"promoted_object": {"application_id": APP, "object_store_url": STORE_URL}}
        found["destination_type"] = "APP"
    elif goal == "LEAD_GENERATION":
        found = {"promoted_object": {"page_id": shop.page}, "destination_type": "ON_AD"}
    elif objective == "OUTCOME_AWARENESS":
        found = {"promoted_object": {"page_id": shop.page}, "destination_type": "UNDEFINED"}
    else:
        found = {"destination_type": "ON_VIDEO" if goal == "THRUPLAY" else "WEBSITE"}
    return {**found, "attribution_spec": CLICKS}


def _targeting(shop: Shop, id: int) -> Body:
    return {
        "age_min": 18,
        "age_max": 65,
        "geo_locations": {"countries": shop.countries, "location_types": ["home", "recent"]},
        "targeting_automation": {"advantage_audience": id % 2},
        "brand_safety_content_filter_levels": ["FACEBOOK_RELAXED", "AN_RELAXED"],
    }


def _learning(shop: Shop, id: int, life: Life) -> Body:
    limited = noise(id, "learning") < 0.15
    return {
        "status": "LEARNING" if life.age < 12 else "FAIL" if limited else "SUCCESS",
        "conversions": whole(3, 48, id, "learned"),
        "last_sig_edit_ts": int((shop.now - timedelta(days=min(life.age, 9))).timestamp()),
        "attribution_windows": ["7d_click", "1d_view"],
    }


def _ad(state: State, shop: Shop, hero: Hero, parent: Body, id: int, life: Life) -> None:
    odd = _odd(hero, id) if hero.status == "ACTIVE" else None
    stopped = hero.ads > 2 and id % 10 == 2 and not life.end
    end = life.end or (8 if stopped or odd == "DISAPPROVED" else 0)
    name = f"{choice(FORMS, id, 'form')} {id % 10 + 1}, {choice(names.PRODUCTS, id, 'ad')}"
    body: Body = {
        "id": str(ADS + id),
        "account_id": parent["account_id"],
        "campaign_id": parent["campaign_id"],
        "adset_id": parent["id"],
        "creative_id": _creative(state, shop, id),
        "name": names.INJECTION_AD if odd == "injection" else name,
        "status": "PAUSED" if stopped else "DELETED" if hero.status == "DELETED" else "ACTIVE",
        "created_time": shop.ago(life.age),
        "updated_time": shop.ago(max(end, 1)),
        "source_ad_id": "0",
        "conversion_domain": "ternandtide.example",
        "tracking_specs": [{"action.type": ["offsite_conversion"], "fb_pixel": [shop.pixel]}],
        "_plan": _plan(shop, hero, id, Life(life.age, end)),
    }
    if odd == "DISAPPROVED":
        body |= {
            "_review": odd,
            "ad_review_feedback": {"global": {"Misleading claims": "Show less certainty."}},
        }
    state.put("ad", body)


def _plan(shop: Shop, hero: Hero, id: int, life: Life) -> list[Any]:
    """How the ad delivers; the ads of a campaign share its budget."""
    today = shop.now.toordinal()
    share = hero.amount * 0.93 / (hero.sets * hero.ads) * (0.7 + 0.6 * noise(id, "share"))
    end = today - life.end if life.end else 0
    return [today - life.age, end, shop.day_money(round(share)), shop.unit, hero.flavour]


def _odd(hero: Hero, id: int) -> str | None:
    """The few ads that are not like the others."""
    if hero.name.startswith("Autumn") and id % 100 == 1:
        return "DISAPPROVED"
    return "injection" if hero.name.startswith("Clearance") and id % 10 == 1 else None


def _creative(state: State, shop: Shop, ad: int) -> str:
    """The creative of an ad; two neighbours share one."""
    number = str(CREATIVES + ad // 2)
    if not state.get("creative", number):
        state.put("creative", _creative_body(shop, ad, number))
    return number


def _creative_body(shop: Shop, ad: int, id: str) -> Body:
    message, title = choice(names.MESSAGES, ad, "text"), choice(names.PRODUCTS, ad, "title")
    image = f"{whole(10**15, 10**16, ad, 'image'):032x}"
    link = {
        "link": f"https://ternandtide.example/shop?c={ad // 2}",
        "message": message,
        "name": title,
        "image_hash": image,
        "call_to_action": {"type": "SHOP_NOW"},
    }
    return {
        "id": id,
        "account_id": shop.account["account_id"],
        "name": f"{title} {id[-5:]}",
        "status": "ACTIVE",
        "object_type": "SHARE",
        "actor_id": shop.page,
        "body": message,
        "title": title,
        "link_url": link["link"],
        "image_hash": image,
        "call_to_action_type": "SHOP_NOW",
        "thumbnail_url": f"https://scontent.example/t45/{image[-12:]}.jpg",
        "object_story_spec": {"page_id": shop.page, "link_data": link},
        "effective_object_story_id": f"{shop.page}_{id}",
    }
