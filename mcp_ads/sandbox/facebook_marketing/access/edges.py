"""The edges of the caller, its accounts and its pages."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.objects import Edges, node

from . import accounts

EDGES: Edges = {
    "GET me/businesses": accounts.businesses,
    "GET business": node,
    "GET me": node,
    "GET me/permissions": accounts.permissions,
    "GET me/adaccounts": accounts.ad_accounts,
    "GET me/accounts": accounts.pages,
    "GET account": node,
    "POST account": accounts.update,
    "GET page": node,
}
