"""Whose changes they are: the profile's campaigns, Sponsored Products and Brands, by their ids and names."""

from __future__ import annotations

from collections.abc import Collection

from mcp_ads.connectors.amazon_ads.every_page import every_page
from mcp_ads.connectors.amazon_ads.sponsored_brands.base import MOST_IDS as MOST_BRAND_IDS
from mcp_ads.connectors.amazon_ads.sponsored_brands.campaigns import ListCampaigns as BrandCampaigns
from mcp_ads.connectors.amazon_ads.sponsored_products.campaigns import ListCampaigns as ProductCampaigns
from mcp_ads.connectors.amazon_ads.types import MOST_IDS, STATES, Json
from mcp_ads.core import Several
from mcp_ads.core.gaps import Gap
from mcp_ads.core.outline import Steps
from mcp_ads.errors import ApiError

Lists = type[ProductCampaigns] | type[BrandCampaigns]
MOST, MOST_LISTED = 500, 10_000
BRANDS = "Sponsored Brands campaigns could not be listed"
FIRST = f"only the changes of {MOST} campaigns, those switched on before others: campaign_id names others"


def every_campaign(profile_id: str) -> Steps[tuple[dict[str, str], list[str]]]:
    """The names of the campaigns by their ids, at most 500, and what to say of those that are not among them.

    Raises ApiError where those of Sponsored Products cannot be listed.
    """
    found, said = (yield from _listed(ProductCampaigns, profile_id)), list[str]()
    try:
        found += yield from _listed(BrandCampaigns, profile_id)
    except ApiError as error:
        said.append(Gap(f"{BRANDS}, so these changes are without theirs: {error}"))
    found.sort(key=lambda campaign: STATES.index(state) if (state := campaign.get("state")) in STATES else 0)
    said += [Gap(FIRST)] if len(found) > MOST else []
    return {str(one["campaignId"]): str(one.get("name") or "") for one in found[:MOST]}, said


def names_of(profile_id: str, ids: Collection[str]) -> Steps[dict[str, str]]:
    """The names of campaigns by their ids, as far as they can be read now."""
    wanted = sorted(ids)
    parts = [wanted[start : start + MOST_IDS] for start in range(0, len(wanted), MOST_IDS)]
    calls = [_call(ProductCampaigns, profile_id, part) for part in parts]
    answers = (yield Several([call.to_request() for call in calls])) if calls else []
    found = [one for answer in answers if isinstance(answer, dict) for one in answer.get("campaigns") or ()]
    names = {str(one["campaignId"]): str(one.get("name") or "") for one in found}
    if left := [id_ for id_ in wanted if id_ not in names]:
        try:
            more = yield from _listed(
                BrandCampaigns, profile_id, left if len(left) <= MOST_BRAND_IDS else None
            )
        except ApiError:
            more = []
        names |= {str(one["campaignId"]): str(one.get("name") or "") for one in more}
    return names


def _call(kind: Lists, profile_id: str, ids: list[str] | None) -> ProductCampaigns | BrandCampaigns:
    given = {"profile_id": profile_id, "campaign_id": ids, "state": STATES}
    return kind.model_validate({**given, "fields": ["campaignId", "name", "state"]})


def _listed(kind: Lists, profile_id: str, ids: list[str] | None = None) -> Steps[list[Json]]:
    """The campaigns of all pages that are read."""
    found, _ = yield from every_page(_call(kind, profile_id, ids), MOST_LISTED)
    return found
