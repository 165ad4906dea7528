"""Sponsored Products negative targets: products and brands an ad group keeps its ads from."""

from typing import Annotated

from pydantic import Field

from mcp_ads.connectors.amazon_ads.lists import SpGet, SpList
from mcp_ads.connectors.amazon_ads.record_names import DETAILS, EXTENDED, SERVING
from mcp_ads.connectors.amazon_ads.types import (
    SHORT,
    AdGroupId,
    AdGroupIds,
    CampaignIds,
    IncludeIds,
    ObjectId,
    OneOrMore,
    State,
)
from mcp_ads.core import Entity

from .base import routes
from .negatives import OF_AD_GROUP, Asins, NegativeTargetRead, NewTarget, OfProducts, PutAway

ROUTES, KEY = routes("negativeTargets", "spNegativeTargetingClause"), "negativeTargetingClauses"
LEAN = ("targetId", "targeting", "state", SERVING, "adGroupId", "campaignId")
KNOWN = (*(name for name in LEAN if name != SERVING), "expression", "resolvedExpression", *EXTENDED)
ALSO = {**SHORT, "negative_target_id": "target_id"}


class ListNegativeTargets(NegativeTargetRead, SpList):
    """List Sponsored Products negative targets: products and brands ad groups keep their ads from."""

    target_id: Annotated[IncludeIds | None, Field(alias="negativeTargetIdFilter")] = None
    campaign_id: CampaignIds = None
    ad_group_id: AdGroupIds = None
    asin: Asins = None

    http, records, lean, aliases = ROUTES.list, KEY, LEAN, {**SpList.aliases, **ALSO}
    known, named, said = KNOWN, (*SpList.named, "target_id"), "exclude asin, block products, competitor"


class GetNegativeTarget(NegativeTargetRead, SpGet):
    """Read one Sponsored Products negative target, or several with a list of ids."""

    target_id: Annotated[OneOrMore, Field(alias="negativeTargetIdFilter", examples=["190000000000002"])]

    http, records, lean, aliases = ROUTES.list, KEY, (*LEAN, "expression", *DETAILS), ALSO
    known, subject = KNOWN, "target_id"


class NegativeTarget(OfProducts):
    """A product or a brand on whose pages an ad group's ads do not stand."""

    key, answered, archived_by, aliases = KEY, "targetId", "negativeTargetIdFilter", ALSO


class CreateNegativeTarget(NewTarget, NegativeTarget):
    """Keep an ad group's ads from a product (asin) or a brand (brand_id), ENABLED unless state says so.

    What is negated already, here or in the campaign, is left out and named.
    """

    ad_group_id: AdGroupId

    http, new_id_at, parents = ROUTES.create, "targetId", OF_AD_GROUP
    found_by, unlike = ("ad_group_id",), ("adGroupId", "expression")
    above = "sponsored_product_campaign_negative_targets"
    said = "block an ASIN, block a product, block a competitor, exclude a product, negate an ASIN"


class OneNegativeTarget(NegativeTarget):
    """What changing a negative target takes."""

    target_id: Annotated[ObjectId, Field(examples=["190000000000002"])]

    http, subject = ROUTES.update, "target_id"


class UpdateNegativeTarget(OneNegativeTarget):
    """Switch negative targets on or off. What they are of never changes: archive it and add another."""

    sample = {"state": "PAUSED"}

    state: State | None = None


class DeleteNegativeTarget(PutAway, OneNegativeTarget):
    """Archive negative targets for good: their products are bid on again."""

    http, again = ROUTES.archive, "sponsored_product_negative_targets"


sponsored_product_negative_targets = Entity(
    noun="negative target",
    list=ListNegativeTargets,
    get=GetNegativeTarget,
    create=CreateNegativeTarget,
    update=UpdateNegativeTarget,
    delete=DeleteNegativeTarget,
)
