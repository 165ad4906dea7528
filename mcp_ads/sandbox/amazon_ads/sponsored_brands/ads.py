"""Sponsored Brands ads: made by type, each with the first version of what it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from starlette.responses import Response

from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.catalogue import by_asin
from mcp_ads.sandbox.amazon_ads.errors import Problem, Refused
from mcp_ads.sandbox.amazon_ads.fields import Field, Fields
from mcp_ads.sandbox.amazon_ads.lists import extended
from mcp_ads.sandbox.amazon_ads.resources import NAMES, Draft, Filter, Resource
from mcp_ads.sandbox.amazon_ads.stores.assets import assets_of
from mcp_ads.sandbox.amazon_ads.stores.brands import pages_of

from .v4 import MOST_IDS, operations

STATE = Field("enum", need=True, values=("ENABLED", "PAUSED"))
NAME = Field(need=True, high=255, named=True)
CROP = Field("object", of={name: Field("number") for name in ("top", "left", "width", "height")})
NAMED: Fields = {"brandName": Field(need=True, high=30), "brandLogoCrop": CROP}
BRAND: Fields = {**NAMED, "brandLogoAssetID": Field(need=True), "headline": Field(need=True, high=50)}
VIDEO: Fields = {
    "videoAssetIds": Field("list", need=True, low=1, high=1),
    "consentToTranslate": Field("bool"),
}
SUBPAGE: Fields = {name: Field(need=True) for name in ("asin", "pageTitle", "url")}
SPOTLIGHT: Fields = {
    "subpages": Field("list", need=True, of=SUBPAGE, low=3, high=3),
    "consentToTranslate": Field("bool"),
    "creativePropertiesToOptimize": Field("list", high=1),
}
PAGE: Fields = {
    "pageType": Field("enum", need=True, values=("PRODUCT_LIST", "STORE", "CUSTOM_URL", "DETAIL_PAGE")),
    "url": Field(),
    "asins": Field("list", low=3, high=100),
}
IN_CREATIVE: Fields = {
    "pageType": Field("enum", need=True, values=("PRODUCT_LIST", "STORE")),
    "url": Field(need=True),
}
CREATIVES: Mapping[str, Fields] = {
    "video": {"asins": Field("list", need=True, low=1, high=1), **VIDEO},
    "brandVideo": {"asins": Field("list", high=3), **BRAND, **VIDEO},
    "storeSpotlight": {**BRAND, **SPOTLIGHT},
    "manualCollection": {
        **NAMED,
        "brandLogoAssetID": Field(),
        "asins": Field("list", need=True, low=3, high=10),
        "title": Field(high=32),
        "landingPage": Field("object", of=IN_CREATIVE),
    },
    "autoCollection": {
        **NAMED,
        "brandLogoAssetID": Field(),
        "asinExclusions": Field("list", high=1000),
    },
}
"""What an ad of each type shows, in the request that makes it."""
LEADING = ("brandVideo", "storeSpotlight")
"""Types that have the page they lead to beside what they show."""
WORDS = {"video": "VIDEO", "brandVideo": "BRAND_VIDEO", "storeSpotlight": "STORE_SPOTLIGHT"}
COLLECTION = "PRODUCT_COLLECTION"
KINDS = {"brandLogoAssetID": "IMAGE", "brandLogoAssetId": "IMAGE", "videoAssetIds": "VIDEO"}


def unfit(profile: Body, creative: Body, page: Body) -> Iterator[tuple[str, str]]:
    """What of a creative cannot be shown: where, and why."""
    library = {asset["assetId"]: asset for asset in assets_of(profile)}
    for name, kind in KINDS.items():
        given = creative.get(name) or []
        for asset in [given] if isinstance(given, str) else given:
            found = library.get(str(asset).partition(":")[0])
            if found is None or found["assetType"] != kind or found["status"] != "ACTIVE":
                yield name, f"{asset} is no active {kind} of the asset library"
    asins = creative.get("asins") or []
    if len({*asins}) < len(asins):
        yield "asins", "each product once"
    for asin in asins:
        if by_asin(asin) is None:
            yield "asins", f"{asin} is not eligible for advertising"
    there = {found["storePageUrl"] for found in pages_of(profile)}
    urls = [subpage["url"] for subpage in creative.get("subpages") or ()]
    urls += [page["url"]] if page.get("pageType", page.get("type")) == "STORE" and page.get("url") else []
    if lost := [url for url in urls if url not in there]:
        yield "landingPage", f"{lost[0]} is no page of a Store"


def unled(page: Body) -> Iterator[tuple[str, str]]:
    """Why a page is none that a brand's video or spotlight leads to."""
    if page.get("pageType", page.get("type")) != "STORE" or not page.get("url"):
        yield "landingPage", "must be a STORE page with its url"


def _shows(draft: Draft) -> Iterator[Problem]:
    group = draft.parent("adGroupId") or {}
    campaign = draft.call.store.get("amazon.sb.campaigns", str(group.get("campaignId"))) or {}
    if draft.old is None and campaign.get("isMultiAdGroupsEnabled") is False:
        text = "the campaign does not support multiple ad groups"
        yield draft.problem("otherError", "PARENT_ENTITY_FORBIDS_CREATION", text, "adGroupId")
    if draft.old is None:
        creative = draft.item["creative"]
        page = draft.item.get("landingPage") or creative.get("landingPage") or {}
        led = [*unled(page)] if "landingPage" in draft.resource.fields else []
        for at, why in (*unfit(draft.call.profile, creative, page), *led):
            yield draft.problem("otherError", "INVALID_ARGUMENT", why, f"creative.{at}")


def kept(profile: Body, kind: str, creative: Body, version: str, status: str) -> Body:
    """What an ad shows, as reads have it: the page it leads to stands beside."""
    own = {name: value for name, value in creative.items() if name != "landingPage"}
    known = {asset["assetId"]: asset["storageLocationUrls"]["defaultUrl"] for asset in assets_of(profile)}
    logo = str(creative.get("brandLogoAssetID") or creative.get("brandLogoAssetId") or "").partition(":")[0]
    signed = {"brandLogoUrl": known[logo]} if logo in known else {}
    told = {"type": WORDS.get(kind, COLLECTION), "creativeVersion": version, "creativeStatus": status}
    return {**own, **signed, **told}


def _made(draft: Draft) -> Body:
    if draft.old:
        return draft.new
    kind, creative = draft.resource.path.rpartition("/")[2], draft.item["creative"]
    page = draft.item.get("landingPage") or creative.get("landingPage")
    group = draft.parent("adGroupId") or {}
    shown = kept(draft.call.profile, kind, creative, "1", "SUBMITTED_FOR_MODERATION")
    own = {**draft.item, "campaignId": group.get("campaignId"), "creative": shown, "_type": kind}
    return {**own, **({"landingPage": page} if page else {})}


def version_of(ad: Body, profile: str, at: int) -> Body:
    """The version that an ad shows, as the list of these has it."""
    told, creative = ("type", "creativeVersion", "creativeStatus", "brandLogoAssetID"), ad["creative"]
    shown = {name: value for name, value in creative.items() if name not in told}
    if logo := creative.get("brandLogoAssetID"):
        shown["brandLogoAssetId"] = logo
    return {
        "adId": ad["adId"],
        "creativeType": creative["type"],
        **{name: creative[name] for name in ("creativeVersion", "creativeStatus")},
        "creativeProperties": shown,
        "creationTime": at,
        "lastUpdateTime": at,
        "_profile": profile,
    }


def _with_version(call: Call, ad: Body) -> None:
    """The first version, which waits for its review."""
    found = version_of(ad, call.profile_id, round(call.store.clock.now() * 1000))
    call.store.put("amazon.sb.creatives", f"{ad['adId']} 1", found)


ADS = Resource(
    path="/sb/v4/ads",
    media="sbadresource",
    version=4,
    key="ads",
    noun="ad",
    id="adId",
    family="amazon.sb",
    fields={"name": NAME, "state": STATE},
    filters={
        "adIdFilter": Filter("include", "adId", MOST_IDS),
        "adGroupIdFilter": Filter("include", "adGroupId", MOST_IDS),
        "campaignIdFilter": Filter("include", "campaignId", MOST_IDS),
        "nameFilter": NAMES,
    },
    batch=10,
    coded=True,
    parents={"adGroupId": "amazon.sb.adGroups"},
    told=lambda call, found: {"extendedData": extended(call, found)},
)


def _of_type(name: str) -> Operation:
    """Making ads of one type, below its own path."""
    own: dict[str, Field] = {"creative": Field("object", need=True, of=CREATIVES[name])}
    beside = {"landingPage": Field("object", need=True, of=PAGE)} if name in LEADING else {}
    fields = {"adGroupId": Field("id", need=True), "name": NAME, "state": STATE, **own, **beside}
    made = replace(
        ADS, path=f"{ADS.path}/{name}", fields=fields, rules=(_shows,), completed=_made, born=_with_version
    )
    return next(row for row in operations(made) if row.path == made.path and row.method == "POST")


def _listed(row: Operation) -> Operation:
    """Ads tell of their serving in any case, and know no flag for it."""

    def run(call: Call) -> Response:
        if isinstance(call.body, dict) and "includeExtendedDataFields" in call.body:
            raise Refused(400, "Unrecognized field at $.includeExtendedDataFields")
        return row.run(call)

    return replace(row, run=run)


OPERATIONS: tuple[Operation, ...] = (
    *(_listed(row) if row.path.endswith("/list") else row for row in operations(ADS) if row.path != ADS.path),
    *(row for row in operations(ADS) if row.path == ADS.path and row.method == "PUT"),
    *map(_of_type, CREATIVES),
)
