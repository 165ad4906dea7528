"""Products of an advertiser: what they are, what they cost, whether they are in stock.

Facts: Amazon's Product metadata specification.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads.dialect import vendor
from mcp_ads.connectors.amazon_ads.filters import several, words
from mcp_ads.connectors.amazon_ads.types import ACCOUNT, AmazonRead, Asin, Json
from mcp_ads.core import ID, POST, TEXT, Account, Column, Context, Entity, Flow, Request, Result, dig
from mcp_ads.core.page_records import records_in
from mcp_ads.errors import Rejected

METADATA = vendor(POST, "/product/metadata", "productmetadatarequest.v1", "productmetadataresponse.v1")
MOST, MOST_ITEMS = 300, 10_000
BEYOND = f"products after the first {MOST_ITEMS:,}"
NAMED = "search, asins or skus find them"
MOST_NAMED = 20
PROGRAMS = {
    "SPONSORED_PRODUCTS": "SP", "SPONSORED_BRANDS": "SB", "SPONSORED_DISPLAY": "SD",
    "DEMAND_SIDE_PLATFORM": "DSP",
}  # fmt: skip


def program(value: Any) -> Any:
    found = words(value)
    return PROGRAMS.get(found[0], found[0]) if isinstance(found, list) and len(found) == 1 else value


Sku = Annotated[str, Field(min_length=1, max_length=200)]
Locale = Annotated[
    str | None,
    Field(
        pattern=r"^[a-z]{2}_[A-Z]{2}$", examples=["en_US"], description="Of Amazon's texts, such as en_US."
    ),
]


@dataclass(frozen=True)
class ByIndex:
    """Pages by their number, and by a cursor where an answer has one: authors and suggestions need that.

    What is named is asked for at once.
    """

    most: int = MOST
    key: str = ""

    def sized(self, request: Request, rows: int) -> Request:
        named = _body(request).keys() & {"asins", "skus"}
        return request.with_body(pageSize=self.most if named else min(rows, self.most))

    def token(self, request: Request, answer: Any) -> str | None:
        body, found = _body(request), dig(answer, "ProductMetadataList") or ()
        page, size, cursor = int(body["pageIndex"]) + 1, int(body["pageSize"]), dig(answer, "cursorToken")
        if cursor:
            return f"{page} {cursor}" if found else None
        return str(page) if len(found) >= size else None

    def turn(self, request: Request, token: str) -> Request:
        """Raises Rejected where Amazon has no page."""
        page, _, cursor = token.partition(" ")
        if not cursor and (int(page) + 1) * int(_body(request)["pageSize"]) > MOST_ITEMS:
            raise Rejected(f"Amazon does not page to {BEYOND}", fix=NAMED)
        return request.with_body(pageIndex=int(page), **({"cursorToken": cursor} if cursor else {}))


def _body(request: Request) -> Mapping[str, Any]:
    assert isinstance(request.body, Mapping)
    return request.body


PAGES = ByIndex()


class MetadataRead(AmazonRead):
    """What a list of products takes, and what a row of it has."""

    asins: Annotated[list[Asin] | None, BeforeValidator(several), Field(min_length=1, max_length=MOST)] = None
    skus: Annotated[
        list[Sku] | None,
        BeforeValidator(several),
        Field(min_length=1, max_length=MOST, description="Of sellers, for SP."),
    ] = None
    search: Annotated[
        str | None,
        Field(alias="searchStr", min_length=1, max_length=200, description="Part of the title."),
    ] = None
    ad_type: Annotated[
        Literal["SP", "SB", "SD"] | None,
        BeforeValidator(program),
        Field(description="For which the eligibility is checked; SP unless said."),
    ] = None
    check_eligibility: Annotated[bool, Field(description="Whether each may be advertised, and why not.")] = (
        False
    )
    check_item_details: Annotated[bool, Field(description="false: ASINs and SKUs alone.")] = True
    sort_by: Annotated[
        Literal["CREATED_DATE", "SUGGESTED"] | None,
        BeforeValidator(program),
        Field(description="Of sellers, for SP. SUGGESTED: most likely to be clicked."),
    ] = None
    sort_order: Annotated[Literal["ASC", "DESC"] | None, BeforeValidator(program)] = None
    locale: Locale = None

    ELIGIBLE: ClassVar[tuple[str, ...]] = ("eligibilityStatus", "ineligibilityCodes", "ineligibilityReasons")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        named = [name for name in ("asins", "skus", "search") if getattr(self, name)]
        if named[1:]:
            raise ValueError(f"{named[1]}: give it or {named[0]}, and not both")
        if (self.skus or self.sort_by) and self.ad_type not in (None, "SP"):
            raise ValueError(f"ad_type: SP where there is {'sort_by' if self.sort_by else 'skus'}")
        if self.sort_by == "SUGGESTED" and self.sort_order == "ASC":
            raise ValueError("sort_order: DESC where sort_by is SUGGESTED")
        return self

    def columns(self) -> tuple[str, ...]:
        more = self.ELIGIBLE[:2] if self.check_eligibility and not self.fields else ()
        return (*super().columns(), *more)

    def to_body(self) -> Json:
        """Whether a product may be advertised is asked for where a column says so."""
        asked = self.check_eligibility or bool({*self.columns()} & {*self.ELIGIBLE})
        program = {"adType": self.ad_type or "SP"} if asked or self.sort_by else {}
        return {**self.sent(), **program, "checkEligibility": asked, "pageIndex": 0, "pageSize": MOST}

    def told(self, records: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        lost = self.missing(records)
        return {"warnings": [lost]} if lost else {}

    def missing(self, records: Sequence[Mapping[str, Any]]) -> str:
        """What was named and did not come; nothing is known of that where there may be more pages."""
        name, asked = ("asin", self.asins) if self.asins else ("sku", self.skus)
        there = {str(record.get(name)) for record in records}
        lost = [one for one in asked or () if one not in there]
        if not lost or len(records) >= MOST:
            return ""
        more = f" and {len(lost) - MOST_NAMED} more" if lost[MOST_NAMED:] else ""
        return f"not among this advertiser's products: {', '.join(lost[:MOST_NAMED])}{more}"

    def to_row(self, record: Json, account: Account | None) -> Json:
        """Prices as numbers with their currency, lists of words as text."""
        own = account.currency if account else None
        lists = {name: ", ".join(map(str, record.get(name) or ())) or None for name in self.ELIGIBLE[1:]}
        return {
            **record,
            **lists,
            "price": dig(record, "priceToPay.amount"),
            "basisPrice": dig(record, "basisPrice.amount"),
            "currency": dig(record, "priceToPay.currency") or dig(record, "basisPrice.currency") or own,
            "variations": len(record.get("variationList") or ()) or None,
        }

    def flow(self, context: Context) -> Flow:
        """All rows, for conditions and orders that need them."""
        asked, found, hidden = PAGES.sized(self.to_request(), MOST), list[Json](), ""
        for _ in range(MOST_ITEMS // MOST + 1):
            answer = yield asked
            records = records_in(answer, "ProductMetadataList")
            found += records
            if (token := PAGES.token(asked, answer)) is None:
                break
            try:
                asked = PAGES.turn(asked, token)
            except Rejected:
                hidden = f"{BEYOND}, which Amazon does not page to: {NAMED}"
                break
        else:
            hidden = f"products after the first {len(found):,}: {NAMED}"
        said = [line for line in (self.missing(found),) if line]
        rows = [self.to_row(record, context.account) for record in found]
        return Result(rows, {"warnings": said, "hidden": hidden})


class ListProducts(MetadataRead):
    """List the advertiser's products, by ASIN, SKU or title: price, stock, whether they may be advertised."""

    said = (
        "inventory, catalog, my products, product price, in stock, out of stock, buy box, title of an asin, "
        "best seller rank, which products can I advertise"
    )

    http, pages, records, spooled, reused = METADATA, PAGES, "ProductMetadataList", True, False
    lean = ("asin", "sku", "title", "price", "currency", "availability")
    known = (
        "asin", "sku", "title", "brand", "category", "price", "currency", "basisPrice", "availability",
        "eligibilityStatus", "ineligibilityCodes", "ineligibilityReasons", "bestSellerRank", "createdDate",
        "variations", "variationList", "imageUrl", "globalStoreSetting.catalogSourceCountryCode",
    )  # fmt: skip
    alike = {
        "eligible": "eligibilityStatus",
        "name": "title",
        "stock": "availability",
        "rank": "bestSellerRank",
    }
    aliases = {**ACCOUNT, "asin": "asins", "sku": "skus", "query": "search", "title": "search"}

    def kinds(self) -> Mapping[str, Column]:
        money = dict.fromkeys(("price", "basisPrice"), Column("money"))
        counts = dict.fromkeys(("variations", "bestSellerRank"), Column("count"))
        return {**dict.fromkeys(self.known, TEXT), "asin": ID, "sku": ID, **money, **counts}


product_metadata = Entity(noun="product", list=ListProducts)
