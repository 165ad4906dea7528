"""What the caller may do, and the changing of its ad accounts."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing import auth
from mcp_ads.sandbox.facebook_marketing.calls import Call
from mcp_ads.sandbox.facebook_marketing.errors import invalid
from mcp_ads.sandbox.facebook_marketing.objects import shown
from mcp_ads.sandbox.facebook_marketing.params import Body, checked
from mcp_ads.sandbox.facebook_marketing.tables import OFFSETS
from mcp_ads.sandbox.facebook_marketing.writes import DONE, check_name, keep

from .computed import spent

DSA = ("default_dsa_payor", "default_dsa_beneficiary")


def permissions(call: Call) -> Body:
    """GET /me/permissions."""
    return {"data": auth.permissions(call.state.store, call.token)}


def listed(call: Call) -> Body:
    """GET /me/adaccounts: all there are, unless the token is one to which a single one is listed."""
    checked(call.edge, call.params)
    rows = call.state.all("account")
    return shown(call, "account", [row for row in rows if auth.only(call.token) in row["id"]])


def update(call: Call) -> Body:
    """POST an ad account: its name, its spending limit in major units, for whom and by whom its ads are."""
    sent = checked(call.edge, call.params)
    check_name(sent)
    after = {**call.node, **sent}
    if len([name for name in DSA if after.get(name)]) == 1:
        raise invalid(f"Params {' and '.join(DSA)} must be set together")
    if "spend_cap" in sent:
        after["spend_cap"] = str(round((sent["spend_cap"] or 0) * OFFSETS.get(call.node["currency"], 100)))
    if (action := after.pop("spend_cap_action", None)) == "delete":
        after["spend_cap"] = "0"
    if action == "reset":
        after["_reset_at"] = int(spent(call.state, call.node)) + call.node.get("_reset_at", 0)
    keep(call, "account", "update", after)
    return DONE
