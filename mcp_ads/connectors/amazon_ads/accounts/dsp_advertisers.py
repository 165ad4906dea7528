"""DSP advertisers: whom an agency buys Amazon DSP for; reports of types dsp… have what they ran."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field

from mcp_ads.connectors.amazon_ads.dialect import AGENCY
from mcp_ads.connectors.amazon_ads.filters import id_list
from mcp_ads.connectors.amazon_ads.types import MOST_IDS, AmazonRead, Id
from mcp_ads.core import GET, Context, Entity, Offset
from mcp_ads.errors import InvalidParams

LEAN = ("advertiserId", "name", "country", "currency", "timezone", "url")
OF_ADVERTISERS = {
    "id": "advertiserId",
    "website": "url",
    "currencyCode": "currency",
    "countryCode": "country",
}
LACKS = "read only: Amazon DSP is changed in its console, or by the unified API through api.post"


class ListDspAdvertisers(AmazonRead):
    """List the DSP advertisers of a profile of an agency, which profiles.list has."""

    advertiser_id: Annotated[
        list[Id] | None,
        BeforeValidator(id_list),
        Field(alias="advertiserIdFilter", min_length=1, max_length=MOST_IDS),
    ] = None

    http, records, total = GET("/dsp/advertisers"), "response", "totalResults"
    pages, lean = Offset("startIndex", "count", rows="response", most=100), LEAN
    known, alike = LEAN, OF_ADVERTISERS
    said = "Amazon DSP, demand side platform, agency's advertisers"

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        kind = context.account.kind if context.account else ""
        if kind and kind != AGENCY:
            raise InvalidParams(
                f"profile_id: this profile is of a {kind}; only those of an {AGENCY} have DSP advertisers: "
                f'profiles.list with profile_type_filter="{AGENCY}"'
            )
        return super().settled(context, live)


dsp_advertisers = Entity(
    lacks=dict.fromkeys(("create", "update", "pause", "activate", "delete"), LACKS),
    list=ListDspAdvertisers,
)
