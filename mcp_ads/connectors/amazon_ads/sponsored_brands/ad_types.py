"""Types of Sponsored Brands ads: what each shows, and where its request has that.

Facts: Amazon's Sponsored Brands specification, version 4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads.filters import several
from mcp_ads.connectors.amazon_ads.sponsored_products.rules import trimmed
from mcp_ads.connectors.amazon_ads.stores.assets import AssetId
from mcp_ads.connectors.amazon_ads.types import Asin, Json, asin_of, upper
from mcp_ads.core import Context
from mcp_ads.core.synonyms import cut
from mcp_ads.errors import InvalidParams

from .base import BrandWrite

LOGO, CROP, HEADLINE = "brand_logo_asset_id", "brand_logo_crop", "headline"
PAGE_URL, PAGE_TYPE, VIDEO = "landing_page_url", "landing_page_type", "video_asset_ids"
SUBPAGE, ADDRESS = {"asin", "pageTitle", "url"}, r"https://[^\s/][^\s/.]*\.[^\s]+"
IN_JAPAN = 35
"""Characters of a headline there; elsewhere fifty."""


class AdType(NamedTuple):
    """What an ad of one type needs and takes besides, by parameters, how many products it shows, where its
    request has the page it leads to, and what the review of ads calls it.
    """

    needs: tuple[str, ...]
    takes: tuple[str, ...]
    asins: tuple[int, int]
    page: Literal["", "beside", "inside"]
    program: str


BRAND = ("brand_name", LOGO, HEADLINE)
TRANSLATED = "consent_to_translate"
TYPES: Mapping[str, AdType] = {
    "video": AdType(("asins", VIDEO), (TRANSLATED,), (1, 1), "", "SB_VIDEO"),
    "brandVideo": AdType(
        (*BRAND, VIDEO, PAGE_URL), ("asins", CROP, TRANSLATED, PAGE_TYPE), (0, 3), "beside", "SB_VIDEO"
    ),
    "storeSpotlight": AdType(
        (*BRAND, "subpages", PAGE_URL), (CROP, TRANSLATED, "optimize_headline", PAGE_TYPE), (0, 0), "beside",
        "SB_STORE_SPOTLIGHT",
    ),
    "manualCollection": AdType(
        ("asins", "brand_name"), (LOGO, CROP, HEADLINE, PAGE_URL, PAGE_TYPE), (3, 10), "inside",
        "SB_PRODUCT_COLLECTION",
    ),
    "autoCollection": AdType(
        ("brand_name",), (LOGO, CROP, "asin_exclusions"), (0, 0), "", "SB_PRODUCT_COLLECTION"
    ),
}  # fmt: skip
COLLECTIONS = ("manualCollection", "autoCollection")
COLLECTION = "PRODUCT_COLLECTION"
OF_TYPES: Mapping[str, tuple[str, ...]] = {
    "VIDEO": ("video",), "BRAND_VIDEO": ("brandVideo",), "STORE_SPOTLIGHT": ("storeSpotlight",),
    COLLECTION: COLLECTIONS,
}  # fmt: skip
"""The types that an ad may be of, by what its record calls its type."""
SHOWN = dict.fromkeys(name for kind in TYPES.values() for name in (*kind.needs, *kind.takes))
"""Every parameter that some type has."""
MOST_HEADLINE = {"manualCollection": 32}
DEPRECATED = (
    "Amazon has deprecated product collections: manualCollection shows products you name, autoCollection "
    "products that Amazon chooses"
)


def _type(value: Any) -> Any:
    """A type as its path spells it: BRAND_VIDEO is brandVideo. Raises ValueError for deprecated ones."""
    if not isinstance(value, str):
        return value
    plain = re.sub(r"[\s_-]", "", value).lower()
    if plain.startswith("productcollection"):
        raise ValueError(DEPRECATED)
    return next((name for name in TYPES if name.lower() == plain), value)


def _page(page: Mapping[str, str], at: int) -> Json:
    """A subpage as it is sent. Raises ValueError for one that is not whole, or leads nowhere."""
    if page.keys() != SUBPAGE or not all(text.strip() for text in page.values()):
        raise ValueError(f'[{at}]: write {{"pageTitle": "…", "asin": "…", "url": "…"}}')
    if not re.fullmatch(ADDRESS, page["url"]):
        raise ValueError(f"[{at}]: url begins with https://, and {cut(page['url'])!r} is none")
    try:
        return {**page, "asin": asin_of(page["asin"])}
    except ValueError as mistake:
        raise ValueError(f"[{at}]: {mistake}") from None


def _subpages(pages: list[dict[str, str]]) -> list[Json]:
    return [_page(page, at) for at, page in enumerate(pages)]


Type = Annotated[
    Literal["video", "brandVideo", "storeSpotlight", "manualCollection", "autoCollection"],
    BeforeValidator(_type),
    Field(examples=["manualCollection"]),
]
Subpages = Annotated[list[dict[str, str]], Field(min_length=3, max_length=3), AfterValidator(_subpages)]
Url = Annotated[
    str, Field(pattern=f"^{ADDRESS}$", max_length=2000, examples=["https://www.amazon.com/stores/page/1"])
]
Text = Annotated[str, AfterValidator(trimmed)]
Pixels = Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)]


class Shown(BrandWrite):
    """What an ad shows, as parameters: each type takes some of them."""

    ad_type: Type
    asins: Annotated[
        list[Asin] | None,
        BeforeValidator(several),
        Field(exclude=True, description="video 1, brandVideo 0-3, manualCollection 3-10."),
    ] = None
    brand_name: Annotated[Text | None, Field(exclude=True, min_length=1, max_length=30)] = None
    brand_logo_asset_id: Annotated[
        AssetId | None, Field(exclude=True, description="An IMAGE of assets.list.")
    ] = None
    brand_logo_crop: Annotated[
        dict[Literal["top", "left", "width", "height"], Pixels] | None,
        Field(exclude=True, min_length=1, description="In pixels; the whole image unless given."),
    ] = None
    headline: Annotated[
        Text | None,
        Field(exclude=True, min_length=1, max_length=50, description="manualCollection: its title, 32."),
    ] = None
    video_asset_ids: Annotated[
        list[AssetId] | None,
        BeforeValidator(several),
        Field(exclude=True, min_length=1, max_length=1, description="One VIDEO of assets.list."),
    ] = None
    subpages: Annotated[
        Subpages | None,
        Field(
            exclude=True,
            description='Three of {"pageTitle": "Towels", "asin": "B0…", "url": "https…"}: storeSpotlight.',
        ),
    ] = None
    asin_exclusions: Annotated[
        list[Asin] | None,
        BeforeValidator(several),
        Field(exclude=True, max_length=1000, description="What an autoCollection never shows."),
    ] = None
    consent_to_translate: Annotated[bool | None, Field(exclude=True)] = None
    optimize_headline: Annotated[
        bool | None, Field(exclude=True, description="Of a storeSpotlight: Amazon may vary the headline.")
    ] = None
    landing_page_url: Annotated[
        Url | None,
        Field(
            exclude=True,
            description="STORE: a page of stores.list. PRODUCT_LIST: Amazon's page with these products; its "
            "specification does not say how that address looks.",
        ),
    ] = None
    landing_page_type: Annotated[
        Literal["STORE", "PRODUCT_LIST"] | None,
        BeforeValidator(upper),
        Field(exclude=True, description="PRODUCT_LIST: only of a manualCollection."),
    ] = None

    prominent: ClassVar[tuple[str, ...]] = ("headline", "brand_name", "pageTitle")
    reviewed: ClassVar[str] = "Amazon reviews it before it is shown"

    @property
    def kind(self) -> AdType:
        return TYPES[self.ad_type]

    def needed(self) -> tuple[str, ...]:
        """The parameters that a call of this type cannot do without."""
        return self.kind.needs

    @model_validator(mode="after")
    def _fits_its_type(self) -> Self:
        if mistakes := [*self._unlike_its_type()]:
            raise ValueError("\n".join(mistakes))
        return self

    def _unlike_its_type(self) -> Iterator[str]:
        kind, (least, most) = self.kind, self.kind.asins
        given = [name for name in SHOWN if getattr(self, name) is not None]
        for name in (name for name in given if name not in (*kind.needs, *kind.takes)):
            others = ", ".join(type_ for type_, it in TYPES.items() if name in (*it.needs, *it.takes))
            yield f"{name}: {self.ad_type} has none; there is one in {others}"
        yield from (f"{name}: {self.ad_type} needs it" for name in self.needed() if name not in given)
        if self.asins is not None and most and not least <= len(self.asins) <= most:
            range_ = f"{least} to {most}" if most > least else f"{most}"
            yield f"asins: {range_} in {self.ad_type}, not {len(self.asins)}"
        if self.brand_logo_crop and not self.brand_logo_asset_id:
            yield f"{CROP}: give {LOGO} with it"
        if self.asins and len({*self.asins}) < len(self.asins):
            yield "asins: each once"
        if self.headline and len(self.headline) > (limit := MOST_HEADLINE.get(self.ad_type, 50)):
            yield f"headline: at most {limit} characters in {self.ad_type}, not {len(self.headline)}"
        yield from self._unfit_page() if kind.page else ()

    def _unfit_page(self) -> Iterator[str]:
        if self.landing_page_type == "PRODUCT_LIST" and self.kind.page == "beside":
            yield f"landing_page_type: a {self.ad_type} leads to a STORE page"
        if self.landing_page_type and not self.landing_page_url:
            yield "landing_page_url: give it with landing_page_type"
        if self.landing_page_url and not self.page_type():
            yield f"landing_page_type: STORE or PRODUCT_LIST; {cut(self.landing_page_url)!r} does not tell"

    def page_type(self) -> str:
        """What kind of page it leads to, where it leads to one; empty where that is not told."""
        known = self.landing_page_type or ("STORE" if self.kind.page == "beside" else "")
        return known or ("STORE" if "/stores/" in (self.landing_page_url or "") else "")

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        country = context.account.currency if context.account else ""
        if country == "JPY" and self.headline and len(self.headline) > IN_JAPAN:
            raise InvalidParams(f"headline: at most {IN_JAPAN} characters in Japan, not {len(self.headline)}")
        return super().settled(context, live)

    def creative(self, logo: str) -> Json:
        """What it shows by Amazon's names, the logo's being spelt like this."""
        title = "title" if self.ad_type == "manualCollection" else "headline"
        creative = {
            "asins": self.asins,
            "brandName": self.brand_name,
            logo: self.brand_logo_asset_id,
            "brandLogoCrop": self.brand_logo_crop,
            title: self.headline,
            "videoAssetIds": self.video_asset_ids,
            "subpages": self.subpages,
            "asinExclusions": self.asin_exclusions,
            "consentToTranslate": self.consent_to_translate,
            "creativePropertiesToOptimize": ["HEADLINE"] if self.optimize_headline else None,
        }
        return {name: value for name, value in creative.items() if value is not None}

    def page(self) -> Json:
        """Where a click leads, as ads have it; empty where that is not a parameter of this one."""
        return {"pageType": self.page_type(), "url": self.landing_page_url} if self.landing_page_url else {}
