"""How many ads run or are in review, by the page they are shown for."""

from __future__ import annotations

from collections import Counter

from mcp_ads.sandbox.facebook_marketing.calls import Call, fields_of
from mcp_ads.sandbox.facebook_marketing.errors import nonexisting
from mcp_ads.sandbox.facebook_marketing.lists import page
from mcp_ads.sandbox.facebook_marketing.params import Body, checked
from mcp_ads.sandbox.facebook_marketing.state import State
from mcp_ads.sandbox.facebook_marketing.tables import node_fields

COUNTED = ("ACTIVE", "PENDING_REVIEW", "IN_PROCESS", "WITH_ISSUES")
LIMIT = 250
NODE = "AdAccountAdVolume"
PLAIN = "ads_running_or_in_review_count"
OWN = f"current_account_{PLAIN}"


def volume(call: Call) -> Body:
    """GET ads_volume: one row, or one for each page; its limit and its name only when they are asked for."""
    sent = checked(call.edge, call.params)
    by_actor = bool(sent.get("show_breakdown_by_actor") or sent.get("page_id"))
    names = [field.name for field in fields_of(call.params, f"actor_id,{PLAIN},{OWN}" if by_actor else PLAIN)]
    if wrong := [name for name in names if name not in node_fields(NODE)]:
        raise nonexisting(wrong[0], NODE)
    mine = everybody = _by_page(call.state, [call.node])
    if by_actor:
        everybody = _by_page(call.state, call.state.all("account"))
    rows: list[Body] = [{PLAIN: sum(mine.values()), "limit_on_ads_running_or_in_review": LIMIT}]
    if by_actor:
        rows = [
            {
                "actor_id": actor,
                "actor_name": (call.state.get("page", actor) or {}).get("name"),
                PLAIN: everybody[actor],
                OWN: mine[actor],
                "limit_on_ads_running_or_in_review": LIMIT,
            }
            for actor in sorted(mine)
            if sent.get("page_id") in (None, "", actor)
        ]
    return page(call, rows, lambda row: {name: row[name] for name in names if name in row}, most=500)


def _by_page(state: State, accounts: list[Body]) -> Counter[str]:
    """The ads of some accounts that count, by the page of their creative."""
    found = Counter[str]()
    for ad in (ad for one in accounts for ad in state.owned("ad", "account_id", one["account_id"])):
        if state.effective_status("ad", ad) in COUNTED:
            creative = state.get(
                "creative", str((ad.get("creative") or {}).get("id") or ad.get("creative_id"))
            )
            story = (creative or {}).get("object_story_spec") or {}
            found[str(story.get("page_id") or "")] += 1
    return Counter({actor: count for actor, count in found.items() if actor})
