"""Copies: of a campaign, an ad set or an ad, alone or with what is below."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from mcp_ads.sandbox.facebook_marketing.calls import Call
from mcp_ads.sandbox.facebook_marketing.errors import invalid
from mcp_ads.sandbox.facebook_marketing.params import Body, checked, instant, stamp
from mcp_ads.sandbox.facebook_marketing.state import CHILD, GONE, local_text, now, now_text
from mcp_ads.sandbox.facebook_marketing.writes import check_name, save

from . import budgets, rules, special
from .campaigns import RETIRED
from .computed import ads_below, own_kind

MOST_ADS = 3
NAMES = {"rename_strategy", "rename_prefix", "rename_suffix"}
STRATEGIES = ("DEEP_RENAME", "NO_RENAME", "ONLY_TOP_LEVEL_RENAME")
TYPES = {"campaign": "campaign", "adset": "ad_set", "ad": "ad"}
ANEW = ("learning_stage_info", "issues_info", "_plan")


def copy(call: Call) -> Body:
    """POST a campaign's, an ad set's or an ad's copies: PAUSED unless it says otherwise."""
    sent, source = checked(call.edge, call.params), call.node
    _check(call, sent)
    parents = _into(call, sent) | (
        {"creative_id": _creative(call, sent)} if sent.get("creative_parameters") else {}
    )
    with call.state.store.transaction():
        pairs = list(_copied(call, call.kind, source, sent, parents, top=True))
    ids = [{"ad_object_type": TYPES[kind], "source_id": old, "copied_id": new} for kind, old, new in pairs]
    below = {} if call.kind == "ad" else {"ad_object_ids": ids}
    return {f"copied_{call.kind}_id": pairs[0][2], **below}


def _check(call: Call, sent: Body) -> None:
    state, source = call.state, call.node
    campaign = state.get("campaign", str(source.get("campaign_id") or source["id"])) or {}
    if source["status"] == "DELETED":
        raise invalid("A deleted object cannot be copied")
    if source["status"] == "ARCHIVED" and sent.get("status_option") == "INHERITED_FROM_SOURCE":
        raise invalid("A copy is ACTIVE or PAUSED")
    if campaign["objective"] not in rules.ODAX:
        raise invalid(f"Campaigns with the objective {campaign['objective']} can no longer be copied")
    if campaign.get("smart_promotion_type") in RETIRED:
        raise invalid("Campaigns of this smart_promotion_type can no longer be copied")
    count = len([ad for ad in ads_below(state, source) if ad["status"] not in GONE])
    if sent.get("deep_copy") and count > MOST_ADS:
        text = f"The number of ads to copy is {count}: at most {MOST_ADS} in a synchronous call"
        raise invalid(text)
    options = sent.get("rename_options") or {}
    if unknown := sorted(options.keys() - NAMES):
        raise invalid(f'Invalid keys "{unknown[0]}" were found in param "rename_options".')
    if options.get("rename_strategy", "NO_RENAME") not in STRATEGIES:
        raise invalid(f"Param rename_options[rename_strategy] must be one of {{{', '.join(STRATEGIES)}}}")


def _into(call: Call, sent: Body) -> Body:
    """The parent of the copy, where it is another one."""
    if sent.get("campaign_id"):
        campaign = call.owned("campaign", sent["campaign_id"])
        source = call.state.get("campaign", call.node["campaign_id"]) or {}
        if campaign["objective"] != source["objective"]:
            raise invalid("The campaign has another objective than the ad set's")
        parent = {"campaign_id": campaign["id"]}
    elif sent.get("adset_id"):
        adset = call.owned("adset", sent["adset_id"])
        campaign = call.state.get("campaign", adset["campaign_id"]) or {}
        parent = {"adset_id": adset["id"], "campaign_id": campaign["id"]}
    else:
        return {}
    if campaign["status"] in GONE:
        raise invalid("Nothing can be added to what is archived or deleted")
    return parent


def _creative(call: Call, sent: Body) -> str:
    """A creative like the ad's, but for what is given."""
    state = call.state
    creative = state.get("creative", call.node["creative_id"]) or {}
    body = {**creative, **sent["creative_parameters"], "id": state.new_id()}
    state.put("creative", body)
    return str(body["id"])


def _copied(
    call: Call, kind: str, source: Body, sent: Body, new: Body, *, top: bool = False
) -> Iterator[tuple[str, str, str]]:
    """What is copied: kind, id of the source, id of the copy."""
    state, at = call.state, now_text()
    kept = {name: value for name, value in source.items() if name not in ANEW}
    body = {**kept, **new, "created_time": at, "updated_time": at, f"source_{kind}_id": source["id"]}
    body["id"], body["status"] = state.new_id(), _status(source, sent)
    body["name"] = _name(source["name"], sent.get("rename_options") or {}, top=top)
    check_name(body)
    if kind == "ad":
        body["_review"] = "PENDING_REVIEW"
    else:
        body |= _times(state.account_of(source), source, sent, kind)
    if kind == "adset":
        campaign = state.get("campaign", body["campaign_id"]) or {}
        budgets.check_adset(state, body, campaign)
        rules.check_targeting(body, state.account_of(body))
        special.check(call, body, campaign)
    save(call, kind, "copy", body)
    yield kind, source["id"], body["id"]
    for child in state.children(kind, source) if sent.get("deep_copy") and kind in CHILD else ():
        if child["status"] not in GONE:
            parents = {
                f"{own_kind(source)}_id": body["id"],
                "campaign_id": body.get("campaign_id", body["id"]),
            }
            yield from _copied(call, CHILD[kind][0], child, sent, parents)


def _status(source: Body, sent: Body) -> str:
    option = sent.get("status_option", "PAUSED")
    return str(source["status"] if option == "INHERITED_FROM_SOURCE" else option)


def _name(name: str, options: Body, *, top: bool) -> str:
    strategy = options.get("rename_strategy", "ONLY_TOP_LEVEL_RENAME")
    if strategy == "NO_RENAME" or (strategy == "ONLY_TOP_LEVEL_RENAME" and not top):
        return name
    return f"{options.get('rename_prefix', '')}{name}{options.get('rename_suffix', ' - Copia')}"


def _times(account: Body, source: Body, sent: Body, kind: str) -> Body:
    """When the copy runs: as told, or as the source; what has ended begins now, for as long as it ran."""
    name = "stop_time" if kind == "campaign" else "end_time"
    begin, end = source.get("start_time"), source.get(name)
    if end and instant(end) <= now() and begin:
        ran = instant(end) - instant(begin)
        begin, end = now_text(), stamp(now() + max(ran, timedelta(days=1)))
    begin, end = sent.get("start_time", begin), sent.get("end_time", end)
    times: dict[str, Any] = {"start_time": begin, name: end}
    return {key: local_text(text, account) for key, text in times.items() if text}
