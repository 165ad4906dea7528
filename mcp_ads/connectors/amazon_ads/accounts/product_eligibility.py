"""Whether products may be advertised, and if not, why.

Facts: Amazon's Product eligibility specification.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads.filters import several
from mcp_ads.connectors.amazon_ads.types import ACCOUNT, AmazonRead, Asin, Json, asin_of
from mcp_ads.core import POST, Context, Entity, Flow, Request, Result, dig
from mcp_ads.core.as_sent import AsSent
from mcp_ads.core.outline import Steps
from mcp_ads.errors import NotFound, PlatformDown

from .products import Locale, program

AT_ONCE, MOST_CHECKED = 50, 500


class EligibilityRead(AmazonRead):
    """What checking products takes; they are asked for in fifties, and keep their place in the call."""

    asins: Annotated[
        list[Asin] | None,
        BeforeValidator(several),
        Field(exclude=True, min_length=1, max_length=MOST_CHECKED, examples=[["B0TERN0001"]]),
    ] = None
    products: Annotated[
        list[dict[Literal["asin", "sku"], str]] | None,
        Field(
            exclude=True,
            min_length=1,
            max_length=MOST_CHECKED,
            description='With SKUs of sellers: [{"asin": "B0TERN0001", "sku": "TT-1"}]; instead of asins.',
        ),
    ] = None
    ad_type: Annotated[
        Literal["SP", "SB", "SD", "DSP"],
        BeforeValidator(program),
        Field(exclude=True, description="For which kind of ads."),
    ] = "SP"
    locale: Locale = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.asins is None) == (self.products is None):
            raise ValueError("asins: give it or products, and not both")
        if wrong := [at for at, one in enumerate(self.products or ()) if not one.get("asin")]:
            raise ValueError(f"products: [{wrong[0]}] has no asin, which Amazon needs beside a sku")
        for at, one in enumerate(self.products or ()):
            try:
                asin_of(one["asin"])
            except ValueError as mistake:
                raise ValueError(f"products: [{at}]: {mistake}") from None
        return self

    def details(self) -> list[Json]:
        """Each product as Amazon wants it."""
        named: list[Json] = [{"asin": asin} for asin in self.asins or ()]
        return named or [dict[str, Any](one.items()) for one in self.products or ()]

    def request_for(self, details: Sequence[Json]) -> Request:
        body = {**self.sent(), "adType": self.ad_type.lower(), "productDetailsList": [*details]}
        return Request("POST", "/eligibility/product/list", body=body, headers=self.to_headers())

    def checked(self, details: Sequence[Json]) -> Steps[list[Json]]:
        """The answers about these; where one of them is nobody's, Amazon refuses all, so halves are asked."""
        try:
            answer = yield self.request_for(details)
        except NotFound:
            if len(details) == 1:
                return []
            half = len(details) // 2
            first = yield from self.checked(details[:half])
            return [*first, *(yield from self.checked(details[half:]))]
        found = dig(answer, "productResponseList")
        if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
            raise PlatformDown("the answer has something else where its products should be")
        return found

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        details, found = self.details(), list[Json]()
        for first in range(0, len(details), AT_ONCE):
            found += yield from self.checked(details[first : first + AT_ONCE])
        rows = [_checked_row(row) for row in found]
        there = {(row["asin"], sku) for row in rows for sku in (row["sku"], None)}
        lost = [
            {"index": at, "code": "NotFound", "message": f"{one['asin']}: not a product of this advertiser"}
            for at, one in enumerate(details)
            if (one["asin"], one.get("sku")) not in there
        ]
        return Result(found if isinstance(self, AsSent) else rows, errors=lost)


def _checked_row(row: Json) -> Json:
    """One product's verdict with its reasons; where to read more of them is a column of its own."""
    reasons = [reason for reason in row.get("eligibilityStatusList") or () if isinstance(reason, dict)]
    return {
        "asin": dig(row, "productDetails.asin"),
        "sku": dig(row, "productDetails.sku"),
        "overallStatus": row.get("overallStatus"),
        "reasons": _joined(f"{reason.get('name')}: {reason.get('message')}" for reason in reasons),
        "names": _joined(str(reason.get("name")) for reason in reasons),
        "helpUrls": _joined(str(reason["helpUrl"]) for reason in reasons if reason.get("helpUrl")),
    }


def _joined(texts: Iterable[str]) -> str | None:
    return "; ".join(dict.fromkeys(texts)) or None


class ListEligibility(EligibilityRead):
    """Check whether products may be advertised, and if not, why."""

    said = (
        "is this product eligible, can I advertise this asin, why is my product not eligible, ineligible, "
        "product ads not serving"
    )

    http, records, sample = POST("/eligibility/product/list"), "data", {"asins": ["B0TERN0001"]}
    lean = ("asin", "sku", "overallStatus", "reasons")
    known = (*lean, "names", "helpUrls")
    alike = {"status": "overallStatus", "eligible": "overallStatus", "why": "reasons", "help": "helpUrls"}
    aliases = {**ACCOUNT, "asin": "asins", "product_details_list": "products"}


product_eligibility = Entity(noun="product", list=ListEligibility)
