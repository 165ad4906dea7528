"""Creatives and what is shown in them."""

from mcp_ads.sandbox.linkedin_ads.params import urn_key
from mcp_ads.sandbox.linkedin_ads.resource import Method, Resource, everything

from .creatives import CRITERIA, Creatives

CREATIVES, KEY = Creatives(), urn_key("sponsoredCreative")
RESOURCES = (
    Resource(
        "adAccounts/{account}/creatives",
        KEY,
        {**everything(CREATIVES, KEY), "FINDER criteria": Method(CREATIVES.criteria, CRITERIA)},
        strict=("FINDER", "DELETE"),
    ),
)
