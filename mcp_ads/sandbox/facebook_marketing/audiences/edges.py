"""The edges of custom audiences."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.objects import Edges, creating, updating

from . import audiences, users

EDGES: Edges = {
    "POST account/customaudiences": creating("audience", rule=audiences.check_new, fresh=audiences.fresh),
    "POST audience": updating(audiences.check),
    "DELETE audience": audiences.delete,
    "GET audience/ads": audiences.ads,
    "GET audience/sessions": users.sessions,
    "POST audience/users": users.add,
    "DELETE account/usersofanyaudience": users.remove_everywhere,
}
