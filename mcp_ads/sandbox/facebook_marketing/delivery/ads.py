"""Ads: creating and changing them."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.calls import Call
from mcp_ads.sandbox.facebook_marketing.creative import creatives
from mcp_ads.sandbox.facebook_marketing.errors import invalid, refused
from mcp_ads.sandbox.facebook_marketing.params import Body, checked
from mcp_ads.sandbox.facebook_marketing.state import GONE, now_text
from mcp_ads.sandbox.facebook_marketing.writes import (
    check_first_status,
    check_name,
    check_transition,
    created,
    merged,
    require,
    updated,
)


def create(call: Call) -> Body:
    """POST /act_X/ads. A new ad that is ACTIVE waits for its review first."""
    sent = checked(call.edge, call.params)
    require(sent, "name", "adset_id", "creative")
    check_name(sent)
    check_first_status(sent)
    _no_bid(sent)
    adset = _adset(call, str(sent["adset_id"]))
    at = now_text()
    fresh: Body = {
        "account_id": call.node["account_id"],
        "adset_id": adset["id"],
        "campaign_id": adset["campaign_id"],
        "status": "ACTIVE",
        "created_time": at,
        "updated_time": at,
        "source_ad_id": "0",
        "_review": "PENDING_REVIEW",
        "creative_id": creatives.named(call, call.node, sent["creative"]),
    }
    return created(call, "ad", merged(fresh, _own(sent)))


def _adset(call: Call, id: str) -> Body:
    adset = call.owned("adset", id)
    if call.state.effective_status("adset", adset) in GONE:
        raise invalid(f"The ad set {id} is archived or deleted: nothing can be added to it")
    if adset.get("destination_type") == "ON_POST" and not (adset.get("promoted_object") or {}).get("page_id"):
        text = "The ad set promotes no page: set promoted_object.page_id on it."
        raise refused(1885154, "Ad set has no page", text)
    return adset


def _own(sent: Body) -> Body:
    return {name: value for name, value in sent.items() if name not in ("creative", "adset_id")}


def _no_bid(sent: Body) -> None:
    if "bid_amount" in sent:
        raise invalid("bid_amount can no longer be set on an ad; set it on the ad set")


def update(call: Call) -> Body:
    """POST an ad; another creative sends it to review again."""
    sent = checked(call.edge, call.params)
    check_transition(call.node, sent)
    check_name(sent)
    _no_bid(sent)
    after = merged(call.node, _own(sent))
    if sent.get("creative"):
        account = call.state.account_of(call.node)
        after |= {
            "creative_id": creatives.named(call, account, sent["creative"]),
            "_review": "PENDING_REVIEW",
        }
    return updated(call, "ad", after)
