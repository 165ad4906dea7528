"""The edges of custom audiences."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.objects import Edges, creating, listing, node, updating

from . import audiences, users

MOST = 100
"""Larger pages are more than Graph will work out."""

EDGES: Edges = {
    "GET account/customaudiences": listing("audience", fits=audiences.fits, most=MOST),
    "POST account/customaudiences": creating(
        "audience", "name", rule=audiences.check_new, fresh=audiences.fresh
    ),
    "GET audience": node,
    "POST audience": updating(audiences.check),
    "DELETE audience": audiences.delete,
    "GET audience/ads": audiences.ads,
    "GET audience/sessions": users.sessions,
    "POST audience/users": users.add,
    "DELETE account/usersofanyaudience": users.remove_everywhere,
}
