"""The edges of pages, of their forms, and of leads."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.objects import Edges, creating, listing, node

from . import forms
from .tokens import as_page, page, permitted

LEADS = "leads_retrieval"
EDGES: Edges = {
    "GET page": page,
    "GET page/instagram_accounts": as_page(listing("instagram")),
    "GET page/leadgen_forms": as_page(forms.of_page, "pages_manage_ads"),
    "POST page/leadgen_forms": as_page(
        creating("form", rule=forms.check, fresh=forms.fresh), "pages_manage_ads"
    ),
    "GET form": as_page(node),
    "POST form": as_page(forms.update, "pages_manage_ads"),
    "GET form/leads": permitted(forms.leads, LEADS),
    "GET ad/leads": permitted(forms.leads, LEADS),
    "GET lead": permitted(node, LEADS),
}
