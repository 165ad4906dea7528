"""Which scope a call needs, as the platform lists it for each resource; a lacking one is a 403."""

from __future__ import annotations

from collections.abc import Iterable

from .errors import gateway

ADS, REPORTING = ("r_ads", "rw_ads"), ("r_ads_reporting",)
READ_POSTS, WRITE_POSTS = ("r_organization_social", "w_organization_social"), ("w_organization_social",)
ADMIN = ("r_organization_admin", "rw_organization_admin")
FREE = ("",)
"""Any token."""
READS = {
    "adAnalytics": REPORTING,
    "adTargetingFacets": FREE,
    "adTargetingEntities": FREE,
    "audienceCounts": FREE,
    "geo": FREE,
    "functions": FREE,
    "seniorities": FREE,
    "titles": FREE,
    "industries": FREE,
    "adLibrary": FREE,
    "campaignConversions": ("rw_ads",),
    "dmpSegments": ("rw_ads",),
    "leadFormResponses": ("r_marketing_leadgen_automation",),
    "organizationAcls": ADMIN,
    "organizations": FREE,
    "organizationsLookup": FREE,
    "posts": READ_POSTS,
    "images": READ_POSTS,
    "videos": READ_POSTS,
    "documents": (*READ_POSTS, "rw_ads"),
}
"""Resource -> one of these scopes; others are read with r_ads or rw_ads. `organizations` have fewer fields
without a scope.
"""
WRITES = {
    "conversionEvents": ("rw_conversions",),
    "dmpSegments/users": ("rw_dmp_segments",),
    "dmpSegments/companies": ("rw_dmp_segments",),
    "posts": WRITE_POSTS,
    "videos": WRITE_POSTS,
    "images": (*WRITE_POSTS, "rw_ads"),
    "documents": (*READ_POSTS, "rw_ads"),
}
"""The same of changes; others need rw_ads."""
EVERY = (
    "r_ads", "rw_ads", "r_ads_reporting", "r_organization_social", "w_organization_social",
    "r_organization_admin", "rw_conversions", "r_marketing_leadgen_automation", "rw_dmp_segments",
)  # fmt: skip
"""What a token has that nobody chose scopes for."""


def check(granted: Iterable[str], verb: str, segments: list[str], method: str, version: str) -> None:
    """Raises the platform's 403 where a token's scopes are not enough for a call."""
    first, last = segments[0], segments[-1]
    if verb == "GET":
        needed = READS.get(first, ADS)
    else:
        needed = WRITES.get(f"{first}/{last}") or WRITES.get(first, ("rw_ads",))
    if not {*needed} & {"", *granted}:
        api = f"partnerApi{first[:1].upper()}{first[1:]}.{method or verb}.{version[:6]}01"
        raise gateway(403, "ACCESS_DENIED", f"Not enough permissions to access: {api}", 100)
