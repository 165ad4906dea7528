"""Objects as they are read: the fields asked for, computed ones included, edges expanded inside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from . import metrics
from .calls import Call, Field, default_params
from .errors import nonexisting
from .params import Body
from .state import State, today
from .tables import NODES, node_fields

Computed = Callable[[State, Body], Any]


def view(call: Call, fields: list[Field]) -> Body:
    """The node of a call, as wanted; `id` always comes along, fields without a value do not."""
    shown: Body = {}
    for each in fields:
        value = _value(call, each)
        if value is not None and value != "":
            shown[each.name] = value
    return shown | {"id": call.node["id"]}


def _value(call: Call, wanted: Field) -> Any:
    if wanted.name not in node_fields(NODES[call.kind]):
        return _expanded(call, wanted)
    if (kind := LINKS.get((call.kind, wanted.name))) is not None:
        return _linked(call, wanted, kind)
    value = read(call.state, call.kind, call.node, wanted.name)
    if wanted.inner and isinstance(value, dict):
        return {each.name: value[each.name] for each in wanted.inner if each.name in value}
    if wanted.inner and isinstance(value, list):
        names = [each.name for each in wanted.inner]
        return [{name: each[name] for name in names if name in each} for each in value]
    return value


def _expanded(call: Call, wanted: Field) -> Body:
    edge = f"GET {call.kind}/{wanted.name}"
    if edge not in call.edges:
        raise nonexisting(wanted.name, NODES[call.kind])
    inner = call.to(edge, call.kind, call.node, default_params(wanted.modifiers, wanted.inner))
    return call.edges[edge](inner)


def _linked(call: Call, wanted: Field, kind: str) -> Body | None:
    key = f"{kind}_id" if f"{kind}_id" in call.node else f"source_{kind}_id"
    if not (node := call.state.get(kind, call.node.get(key, ""))):
        return None
    return view(call.to("GET", kind, node, {}), wanted.inner or [])


def read(state: State, kind: str, body: Body, name: str) -> Any:
    """One field's value; filters read with the same eyes."""
    if (computed := COMPUTED.get((kind, name)) or COMPUTED.get(("", name))) is not None:
        return computed(state, body)
    return body.get(name)


def own_kind(body: Body) -> str:
    """Which kind of ad object a body is, by its parents."""
    return "ad" if "adset_id" in body else "adset" if "campaign_id" in body else "campaign"


def ads_below(state: State, body: Body) -> list[Body]:
    key = {"ad": "id", "adset": "adset_id", "campaign": "campaign_id"}[own_kind(body)]
    return [ad for ad in state.all("ad") if ad[key] == body["id"]]


def spent(state: State, body: Body, *, only_today: bool) -> int:
    """What an object cost so far, or today, in minor units."""
    now = today(state.account_of(body)).toordinal()
    return metrics.spent(ads_below(state, body), now if only_today else 1, now, now)


def _budget_remaining(state: State, body: Body) -> str | None:
    if lifetime := body.get("lifetime_budget"):
        return str(max(0, int(lifetime) - spent(state, body, only_today=False)))
    if daily := body.get("daily_budget"):
        return str(max(0, int(daily) - spent(state, body, only_today=True)))
    return "0"


def _amount_spent(state: State, account: Body) -> str:
    """Since the month began, which is when this account's spending limit was last reset."""
    ads = [ad for ad in state.all("ad") if ad["account_id"] == account["account_id"]]
    now = today(account)
    return str(metrics.spent(ads, now.replace(day=1).toordinal(), now.toordinal(), now.toordinal()))


def _age(_: State, account: Body) -> float:
    created = datetime.fromisoformat(account["created_time"])
    return round((datetime.now(created.tzinfo) - created).total_seconds() / 86_400, 4)


def _offset_hours(_: State, account: Body) -> float:
    offset = datetime.now(ZoneInfo(account["timezone_name"])).utcoffset()
    return offset.total_seconds() / 3600 if offset else 0.0


def _effective(state: State, body: Body) -> str:
    return state.effective_status(own_kind(body), body)


def _campaign_categories(state: State, body: Body) -> Any:
    campaign = state.get("campaign", body["campaign_id"])
    return (campaign or {}).get("special_ad_categories")


def _targeting(state: State, body: Body) -> Any:
    return (state.get("adset", body["adset_id"]) or {}).get("targeting")


COMPUTED: dict[tuple[str, str], Computed] = {
    ("campaign", "effective_status"): _effective,
    ("adset", "effective_status"): _effective,
    ("ad", "effective_status"): _effective,
    **{(kind, "configured_status"): lambda _, body: body["status"] for kind in ("campaign", "adset", "ad")},
    ("campaign", "budget_remaining"): _budget_remaining,
    ("adset", "budget_remaining"): _budget_remaining,
    ("adset", "special_ad_categories"): _campaign_categories,
    ("ad", "special_ad_categories"): _campaign_categories,
    ("ad", "targeting"): _targeting,
    ("account", "amount_spent"): _amount_spent,
    ("account", "age"): _age,
    ("account", "timezone_offset_hours_utc"): _offset_hours,
    ("page", "access_token"): lambda _, body: f"sandbox-page-{body['id']}",
}
LINKS = {
    ("ad", "creative"): "creative",
    ("ad", "adset"): "adset",
    ("ad", "campaign"): "campaign",
    ("adset", "campaign"): "campaign",
    ("ad", "source_ad"): "ad",
    ("adset", "source_adset"): "adset",
    ("campaign", "source_campaign"): "campaign",
}
