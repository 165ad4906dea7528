"""The edges of custom audiences."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.objects import Edges, creating, updating

from . import audiences, estimates, targeting, users

EDGES: Edges = {
    "POST account/customaudiences": creating("audience", rule=audiences.check_new, fresh=audiences.fresh),
    "POST audience": updating(audiences.check),
    "DELETE audience": audiences.delete,
    "GET audience/ads": audiences.ads,
    "GET audience/sessions": users.sessions,
    "POST audience/users": users.add,
    "DELETE audience/users": users.remove,
    "DELETE account/usersofanyaudience": users.remove_everywhere,
    "GET root/search": targeting.search,
    "GET account/targetingsearch": targeting.of_account,
    "GET account/targetingbrowse": targeting.browse,
    "GET account/targetingsuggestions": targeting.suggest,
    "GET account/targetingvalidation": targeting.validate,
    **{f"GET {kind}/targetingsentencelines": targeting.sentences for kind in ("account", "adset", "ad")},
    "GET account/reachestimate": estimates.reach,
    "GET account/delivery_estimate": estimates.delivery,
}
