"""Product recommendations: products to target, given those that are advertised."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from mcp_ads.connectors.amazon_ads.dialect import vendor
from mcp_ads.connectors.amazon_ads.filters import listed
from mcp_ads.connectors.amazon_ads.types import ACCOUNT, AmazonRead
from mcp_ads.core import POST, Cursor, Entity

from .bid_recommendations import Asin

MEDIA, ANSWER = "spproductrecommendation.v3", "spproductrecommendationresponse"
PATH = "/sp/targets/products/recommendations"
BY_THEME = vendor(POST, PATH, MEDIA, f"{ANSWER}.themes.v3")
MOST_THEMES, MOST = 10, 1000


class ListProductRecommendations(AmazonRead):
    """Suggest products to target for advertised ones (asins), each with why; or by theme, a list for each."""

    ad_asins: Annotated[
        list[Asin],
        BeforeValidator(listed),
        Field(min_length=1, max_length=100, examples=[["B0ABCD1234"]], description="Advertised products."),
    ]
    by: Annotated[Literal["asins", "themes"], Field(exclude=True, description="What a row is.")] = "asins"
    locale: Annotated[
        str | None, Field(pattern=r"^[a-z]{2}_[A-Z]{2}$", description="Of the themes, such as en_US.")
    ] = None

    http, records = vendor(POST, PATH, MEDIA, f"{ANSWER}.asins.v3"), "recommendations"
    pages = Cursor("nextCursor", "cursor", "count", most=MOST, into="body")
    aliases = {**ACCOUNT, "asins": "ad_asins", "asin": "ad_asins", "group_by": "by"}
    known = ("recommendedAsin", "themes", "theme", "description", "recommendedAsins")
    alike = {"asin": "recommendedAsin", "id": "recommendedAsin"}
    said = "competitor products, similar products, complements, which ASINs to target"

    def columns(self) -> tuple[str, ...]:
        usual = known_of(self.by)
        return super().columns() if self.fields else usual

    def to_headers(self) -> Mapping[str, str]:
        return {**super().to_headers(), **(BY_THEME.headers if self.by == "themes" else {})}


def known_of(by: str) -> tuple[str, ...]:
    """The columns of rows by product, or by theme."""
    return ("theme", "recommendedAsins", "description") if by == "themes" else ("recommendedAsin", "themes")


sponsored_product_product_recommendations = Entity(
    noun="product-recommendation", list=ListProductRecommendations
)
