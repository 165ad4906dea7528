"""Product recommendations: products to target, given those that are advertised."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from mcp_ads.connectors.amazon_ads.dialect import vendor
from mcp_ads.connectors.amazon_ads.filters import listed
from mcp_ads.connectors.amazon_ads.types import ACCOUNT, AmazonRead, Asin, Json
from mcp_ads.core import POST, Account, Cursor, Entity

from .suggested_bids import NOTHING

MEDIA, ANSWER = "spproductrecommendation.v3", "spproductrecommendationresponse"
PATH = "/sp/targets/products/recommendations"
THEMES = vendor(POST, PATH, MEDIA, f"{ANSWER}.themes.v3")
BY_ASINS, BY_THEMES = ("recommendedAsin", "themes"), ("theme", "recommendedAsins", "description")
MOST = 1000


class ListProductRecommendations(AmazonRead):
    """Suggest products to target for advertised ones (asins), each with why; or by theme, a list for each."""

    ad_asins: Annotated[
        list[Asin],
        BeforeValidator(listed),
        Field(min_length=1, max_length=100, examples=[["B0ABCD1234"]], description="Advertised products."),
    ]
    by_theme: Annotated[
        bool, Field(exclude=True, description="A row for each theme, such as complements, with its products.")
    ] = False
    locale: Annotated[
        str | None,
        Field(
            pattern=r"^[a-z]{2}_[A-Z]{2}$", examples=["en_US"], description="Of the themes, such as en_US."
        ),
    ] = None

    http, records = vendor(POST, PATH, MEDIA, f"{ANSWER}.asins.v3"), "recommendations"
    pages = Cursor("nextCursor", "cursor", "count", most=MOST, into="body")
    aliases = {**ACCOUNT, "asins": "ad_asins", "asin": "ad_asins"}
    known = ("recommendedAsin", "themes", "theme", "description", "recommendedAsins")
    alike = {"asin": "recommendedAsin", "id": "recommendedAsin"}
    said = "competitor products, similar products, complements, which ASINs to target"

    def columns(self) -> tuple[str, ...]:
        return super().columns() if self.fields else BY_THEMES if self.by_theme else BY_ASINS

    def to_row(self, record: Json, account: Account | None) -> Json:  # noqa: ARG002 - the same for all
        lists = {name: value for name, value in record.items() if isinstance(value, list)}
        return {**record, **{name: "; ".join(map(str, value)) for name, value in lists.items()}}

    def told(self, records: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        return {} if records else {"warnings": [NOTHING]}

    def to_headers(self) -> Mapping[str, str]:
        return {**super().to_headers(), **(THEMES.headers if self.by_theme else {})}


sponsored_product_product_recommendations = Entity(
    noun="product recommendation", list=ListProductRecommendations
)
