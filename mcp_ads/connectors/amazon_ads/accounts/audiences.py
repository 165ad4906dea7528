"""Audiences of Amazon: shoppers by interest, lifestyle or what they are in the market for, to target by id.

Source: Amazon's OpenAPI file of Audiences Discovery.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads.dialect import TOLD
from mcp_ads.connectors.amazon_ads.filters import id_list, several
from mcp_ads.connectors.amazon_ads.types import ACCOUNT, AmazonRead, Json, upper
from mcp_ads.core import COUNT, ID, POST, TEXT, Account, Column, Cursor, Entity, dig

PAGES = Cursor("nextToken", "nextToken", size="maxResults", most=250, told=TOLD)
REACH = "forecasts.inventoryForecasts.all.dailyReach"
LEAN = ("audienceId", "audienceName", "category", "status", "dailyReachFrom", "dailyReachBelow")
KNOWN = (
    *LEAN, "description", "subCategory", "createDate", "updateDate", "dailyImpressionsFrom",
    "dailyImpressionsBelow", "providerId", "fees", "forecasts.*",
)  # fmt: skip
FILTERS = {
    "name": "audienceName", "category": "category", "category_path": "categoryPath",
    "audience_id": "audienceId", "status": "status",
}  # fmt: skip
"""Parameters that are filters -> the field of Amazon's filter; all that are given have to fit."""
Texts = Annotated[
    list[Annotated[str, Field(min_length=1)]] | None,
    BeforeValidator(several),
    Field(exclude=True, min_length=1),
]
Text = Annotated[str, Field(min_length=1)]
Whole = Annotated[Text | list[Text] | None, Field(exclude=True, min_length=1)]
"""One text, whose commas are its own, or several."""
STATUSES = ("Active", "Deactivated", "Deprecated", "Failed", "Pending", "Processing")


def _levels(value: Any) -> Any:
    """A path as Amazon takes it, its levels in order; also of one text with > between them."""
    return [level.strip() for level in value.split(">")] if isinstance(value, str) else value


def _statuses(value: Any) -> Any:
    """Statuses as Amazon writes them, whatever their case."""
    given = several(value)
    return [str(one).strip().capitalize() for one in given] if isinstance(given, list) else given


class ListAudiences(AmazonRead):
    """List audiences one may target in Sponsored Display, TV or DSP, with the shoppers a day each reaches.

    Their ids go in sponsored_display_targets.create as audience_id, in campaigns with tactic T00030.
    """

    ad_type: Annotated[
        Literal["SD", "DSP", "ST"], BeforeValidator(upper), Field(description="DSP needs advertiser_id.")
    ] = "SD"
    name: Annotated[Whole, Field(description="Part of it; of several any may fit.")] = None
    category: Annotated[Texts, Field(description="Such as In-market, Lifestyle, Interest.")] = None
    category_path: Annotated[
        Whole,
        BeforeValidator(_levels),
        Field(
            description='Levels in order, ["In-market", "Sports"] or "In-market > Sports": those right below '
            "it; api.query of /audiences/taxonomy/list has the levels.",
        ),
    ] = None
    audience_id: Annotated[
        list[Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]] | None,
        BeforeValidator(id_list),
        Field(exclude=True, min_length=1, max_length=100),
    ] = None
    status: Annotated[
        list[Literal["Active", "Deactivated", "Deprecated", "Failed", "Pending", "Processing"]] | None,
        BeforeValidator(_statuses),
        Field(exclude=True, min_length=1),
    ] = None
    can_target: Annotated[bool, Field(exclude=True, description="false: also those nobody can target.")] = (
        True
    )
    country: Annotated[
        str | None,
        BeforeValidator(upper),
        Field(
            exclude=True,
            pattern=r"^[A-Z]{2}$",
            examples=["US"],
            description="Such as US, where the advertiser has none.",
        ),
    ] = None
    advertiser_id: Annotated[
        str | None, Field(exclude=True, pattern=r"^[A-Za-z0-9]{1,40}$", description="Of dsp_advertisers.")
    ] = None

    http, pages, records, total = POST("/audiences/list"), PAGES, "audiences", "matchCount"
    lean, known, aliases = (
        LEAN,
        KNOWN,
        {**ACCOUNT, "search": "name", "audience_name": "name", "query": "name"},
    )
    alike = {"id": "audienceId", "name": "audienceName", "reach": "dailyReachFrom"}
    said = (
        "in-market audience, lifestyle, interests, demographics, audience segments, audience size, reach, "
        "audience categories, audience taxonomy"
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.ad_type == "DSP" and not self.advertiser_id:
            raise ValueError("advertiser_id: needed where ad_type is DSP; dsp_advertisers.list has them")
        return self

    def to_query(self) -> Json:
        """What is named by its id comes whether it can be targeted or not."""
        asked = {"canTarget": True} if self.can_target and not self.audience_id else {}
        return asked | ({"advertiserId": self.advertiser_id} if self.advertiser_id else {})

    def to_body(self) -> Json:
        given = {field: getattr(self, name) for name, field in FILTERS.items()}
        filters = [
            {"field": field, "operator": "EQ", "values": value if isinstance(value, list) else [value]}
            for field, value in given.items()
            if value
        ]
        place = {"countries": [self.country]} if self.country else {}
        return {**self.sent(), **place, **({"filters": filters} if filters else {})}

    def left_out(self) -> str:
        named = "can_target" in self.model_fields_set or self.audience_id
        return (
            "" if named or not self.can_target else "audiences nobody can target; can_target=false has them"
        )

    def to_row(self, record: Json, account: Account | None) -> Json:  # noqa: ARG002
        """Forecasts as numbers: from the first on, below the second; empty where a range has no such end."""
        row = dict(record)
        for name, path in (
            ("dailyReach", REACH),
            ("dailyImpressions", REACH.replace("Reach", "Impressions")),
        ):
            row[f"{name}From"] = dig(record, f"{path}.lowerBoundInclusive")
            row[f"{name}Below"] = dig(record, f"{path}.upperBoundExclusive")
        return row

    def kinds(self) -> Mapping[str, Column]:
        counts = [name for name in KNOWN if name.startswith("daily")]
        known = {name.removesuffix(".*"): TEXT for name in KNOWN}
        return {**known, "audienceId": ID, **dict.fromkeys(counts, Column(COUNT.kind))}


audiences = Entity(noun="audience", list=ListAudiences)
