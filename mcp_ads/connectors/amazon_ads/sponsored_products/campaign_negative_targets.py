"""Sponsored Products campaign negative targets: products and brands a whole campaign keeps its ads from."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field

from mcp_ads.connectors.amazon_ads.lists import SpGet, SpList
from mcp_ads.connectors.amazon_ads.record_names import DETAILS, EXTENDED, SERVING
from mcp_ads.connectors.amazon_ads.types import SHORT, CampaignIds, IncludeIds, ObjectId, OneOrMore, State
from mcp_ads.core import Entity, dig

from .base import SpWrite, routes
from .negatives import OF_CAMPAIGN, Asins, NegativeTargetRead, NewTarget, OfProducts, PutAway

ROUTES = routes("campaignNegativeTargets", "spCampaignNegativeTargetingClause")
KEY, OWN = "campaignNegativeTargetingClauses", "campaignNegativeTargetIdFilter"
LEAN = ("targetId", "targeting", "state", SERVING, "campaignId")
KNOWN = (*(name for name in LEAN if name != SERVING), "expression", "resolvedExpression", *EXTENDED)
ALSO = {
    **SHORT,
    "campaign_negative_target_id": "target_id",
    "campaign_negative_targeting_clause_id": "target_id",
}


class ListCampaignNegativeTargets(NegativeTargetRead, SpList):
    """List negative targets of whole campaigns; those of ad groups are another list."""

    target_id: Annotated[IncludeIds | None, Field(alias=OWN)] = None
    campaign_id: CampaignIds = None
    asin: Asins = None

    http, records, lean, aliases = ROUTES.list, KEY, LEAN, {**SpList.aliases, **ALSO}
    known, named, said = KNOWN, (*SpList.named, "target_id"), "exclude asin from a campaign, block products"


class GetCampaignNegativeTarget(NegativeTargetRead, SpGet):
    """Read one negative target of a campaign, or several with a list of ids."""

    target_id: Annotated[OneOrMore, Field(alias=OWN, examples=["190000000000001"])]

    http, records, lean, aliases = ROUTES.list, KEY, (*LEAN, "expression", *DETAILS), ALSO
    known, subject = KNOWN, "target_id"


class CampaignNegativeTarget(OfProducts):
    """A product or a brand on whose pages a campaign's ads do not stand."""

    key, answered, archived_by, aliases = KEY, "campaignNegativeTargetingClauseId", OWN, ALSO


class CreateCampaignNegativeTarget(NewTarget, CampaignNegativeTarget):
    """Keep a campaign's ads from a product (asin) or a brand (brand_id), ENABLED unless state says so.

    Sellers' campaigns have to be AUTO, vendors' may be MANUAL. What the campaign negates is left out.
    """

    sample = {"campaign_id": "120000000000005", "asin": "B0ABCD1234"}
    http, new_id_at, place = ROUTES.create, "campaignNegativeTargetingClauseId", "campaign_id"
    parents = {**OF_CAMPAIGN, "profile_id": "profiles"}
    parent_fields = (*SpWrite.parent_fields, "accountInfo")
    found_by, unlike = ("campaign_id",), ("campaignId", "expression")
    said = "block an ASIN in a whole campaign"

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from super().problems(parents)
        kind = dig(parents.get("profile_id", {}), "accountInfo.type")
        if kind == "seller" and parents["campaign_id"].get("targetingType") == "MANUAL":
            yield (
                "campaign_id: it is MANUAL, and a seller's MANUAL campaigns negate products by ad group: "
                "sponsored_product_negative_targets, or sponsored_product_negative_keywords for terms"
            )


class OneCampaignNegativeTarget(CampaignNegativeTarget):
    """What changing one takes."""

    target_id: Annotated[ObjectId, Field(examples=["190000000000001"])]

    http, subject = ROUTES.update, "target_id"


class UpdateCampaignNegativeTarget(OneCampaignNegativeTarget):
    """Switch a campaign's negative targets on or off. What they are of never changes."""

    sample = {"state": "PAUSED"}

    state: State | None = None


class DeleteCampaignNegativeTarget(PutAway, OneCampaignNegativeTarget):
    """Archive a campaign's negative targets for good: their products are bid on again."""

    http, again = ROUTES.archive, "sponsored_product_campaign_negative_targets"


sponsored_product_campaign_negative_targets = Entity(
    noun="campaign negative target",
    list=ListCampaignNegativeTargets,
    get=GetCampaignNegativeTarget,
    create=CreateCampaignNegativeTarget,
    update=UpdateCampaignNegativeTarget,
    delete=DeleteCampaignNegativeTarget,
)
