"""The table of everything this Graph answers: `METHOD kind[/edge]` to the function that does.

A new edge is one line here; its parameters and its nodes' fields are in fields.json.
"""

from __future__ import annotations

from collections.abc import Callable

from . import accounts, ads, adsets, campaigns, reports, writes
from .calls import Call, fields_of
from .lists import listed, page
from .params import Body, checked
from .views import view

Answer = Callable[[Call], Body]
KEYS = {"account": "account_id", "campaign": "campaign_id", "adset": "adset_id"}


def node(call: Call) -> Body:
    """GET an object."""
    checked(call.edge, call.params)
    default = "id,name" if call.kind in ("me", "page") else "id"
    return view(call, fields_of(call.params, default))


def listing(kind: str) -> Answer:
    """GET the objects of a kind below the node."""

    def answer(call: Call) -> Body:
        params = checked(call.edge, call.params)
        key = KEYS[call.kind]
        owner = call.node["account_id" if call.kind == "account" else "id"]
        rows = [each for each in call.state.all(kind) if each[key] == owner]
        fields = fields_of(call.params, "id")
        return page(
            call,
            listed(call, kind, rows, params),
            lambda row: view(call.to(f"GET {kind}", kind, row, {}), fields),
        )

    return answer


def creatives_of_ad(call: Call) -> Body:
    """GET /{ad}/adcreatives."""
    checked(call.edge, call.params)
    creative = call.state.get("creative", call.node["creative_id"])
    fields = fields_of(call.params, "id")
    rows = [creative] if creative else []
    return page(call, rows, lambda row: view(call.to("GET creative", "creative", row, {}), fields))


EDGES: dict[str, Answer] = {
    "GET me": node,
    "GET me/permissions": accounts.permissions,
    "GET me/adaccounts": accounts.ad_accounts,
    "GET me/accounts": accounts.pages,
    "GET account": node,
    "POST account": accounts.update,
    "GET account/campaigns": listing("campaign"),
    "POST account/campaigns": campaigns.create,
    "GET account/adsets": listing("adset"),
    "POST account/adsets": adsets.create,
    "GET account/ads": listing("ad"),
    "POST account/ads": ads.create,
    "GET account/adcreatives": listing("creative"),
    "POST account/adcreatives": ads.create_creative,
    "GET account/insights": reports.at_once,
    "POST account/insights": reports.order,
    "GET campaign": node,
    "POST campaign": campaigns.update,
    "DELETE campaign": writes.remove,
    "GET campaign/adsets": listing("adset"),
    "GET campaign/ads": listing("ad"),
    "GET campaign/insights": reports.at_once,
    "POST campaign/insights": reports.order,
    "GET adset": node,
    "POST adset": adsets.update,
    "DELETE adset": writes.remove,
    "GET adset/ads": listing("ad"),
    "GET adset/insights": reports.at_once,
    "POST adset/insights": reports.order,
    "GET ad": node,
    "POST ad": ads.update,
    "DELETE ad": writes.remove,
    "GET ad/adcreatives": creatives_of_ad,
    "GET ad/insights": reports.at_once,
    "POST ad/insights": reports.order,
    "GET creative": node,
    "POST creative": ads.update_creative,
    "DELETE creative": ads.remove_creative,
    "GET page": node,
    "GET run": reports.poll,
    "GET run/insights": reports.results,
}
