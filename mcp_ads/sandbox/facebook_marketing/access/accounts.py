"""The caller, ad accounts and pages."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing import auth
from mcp_ads.sandbox.facebook_marketing.calls import Call, fields_of
from mcp_ads.sandbox.facebook_marketing.errors import invalid
from mcp_ads.sandbox.facebook_marketing.lists import page
from mcp_ads.sandbox.facebook_marketing.measuring.columns import OFFSETS
from mcp_ads.sandbox.facebook_marketing.params import Body, checked
from mcp_ads.sandbox.facebook_marketing.views import view
from mcp_ads.sandbox.facebook_marketing.writes import DONE, note


def permissions(call: Call) -> Body:
    """GET /me/permissions."""
    return {"data": auth.permissions(call.state.store, call.token)}


def ad_accounts(call: Call) -> Body:
    """GET /me/adaccounts."""
    return _all(call, "account", "id,account_id")


def pages(call: Call) -> Body:
    """GET /me/accounts: unless told otherwise, with each page's own token."""
    return _all(call, "page", "access_token,category,name,id,tasks")


def businesses(call: Call) -> Body:
    """GET /me/businesses."""
    return _all(call, "business", "id,name")


def _all(call: Call, kind: str, default: str) -> Body:
    checked(call.edge, call.params)
    fields = fields_of(call.params, default)
    return page(call, call.state.all(kind), lambda row: view(call.to("GET", kind, row, {}), fields))


def update(call: Call) -> Body:
    """POST an ad account: its name, or its spending limit in major units."""
    sent = checked(call.edge, call.params)
    after = {**call.node, **sent}
    if "spend_cap" in sent:
        after["spend_cap"] = str(
            round(float(sent["spend_cap"] or 0) * OFFSETS.get(call.node["currency"], 100))
        )
    if action := after.pop("spend_cap_action", None):
        if action not in ("reset", "delete"):
            raise invalid("Param spend_cap_action must be one of {reset, delete}")
        after["spend_cap"] = "0"
    with call.state.store.transaction():
        call.state.put("account", after)
        note(call, "update account", after["id"])
    return DONE
