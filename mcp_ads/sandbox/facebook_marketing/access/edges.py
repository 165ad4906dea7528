"""The edges of the caller, its accounts and its pages."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.objects import Edges

from . import accounts

EDGES: Edges = {
    "GET me/permissions": accounts.permissions,
    "GET me/adaccounts": accounts.listed,
    "POST account": accounts.update,
}
