"""The ad of each invented Sponsored Brands campaign, of one type each, with the versions of what it shows."""

from __future__ import annotations

from datetime import datetime

from mcp_ads.sandbox.amazon_ads.calls import Body
from mcp_ads.sandbox.amazon_ads.catalogue import products
from mcp_ads.sandbox.amazon_ads.stores.assets import assets_of
from mcp_ads.sandbox.amazon_ads.stores.brands import pages_of
from mcp_ads.sandbox.store import Store

from .ads import kept, version_of

TYPES = ("brandVideo", "manualCollection", "video", "storeSpotlight")
REJECTED = "The best towel ever"


def fill(store: Store, profile: Body) -> None:
    """The first shows a video, and had another headline rejected since."""
    owner = str(profile["profileId"])
    for campaign in store.all("amazon.sb.campaigns"):
        if campaign["_profile"] != owner:
            continue
        kind = TYPES[int(str(campaign["campaignId"])[-1]) - 1]
        shows, page = _creative(profile, kind)
        ad: Body = {
            "adId": str(campaign["_ad"]),
            "adGroupId": str(campaign["_group"]),
            "campaignId": campaign["campaignId"],
            "name": f"Brand ad {kind}",
            "state": campaign["state"],
            "creative": kept(profile, kind, shows, "1", "PUBLISHED"),
            **({"landingPage": page} if page else {}),
            **{name: campaign[name] for name in ("_profile", "_created", "_updated")},
            "_noun": "AD",
            "_type": kind,
        }
        store.put("amazon.sb.ads", ad["adId"], ad)
        at = round(datetime.fromisoformat(campaign["_created"]).timestamp() * 1000)
        first = version_of(ad, owner, at)
        store.put("amazon.sb.creatives", f"{ad['adId']} 1", first)
        if kind == "brandVideo":
            told = {"creativeVersion": "2", "creativeStatus": "REJECTED_BY_MODERATION"}
            other = {**first["creativeProperties"], "headline": REJECTED}
            second = {**first, **told, "creativeProperties": other}
            store.put("amazon.sb.creatives", f"{ad['adId']} 2", second)


def _creative(profile: Body, kind: str) -> tuple[Body, Body]:
    """What an ad of a type shows, and the page it leads to."""
    logo, _, video, _ = (asset["assetId"] for asset in assets_of(profile))
    home, *rest = pages_of(profile)
    asins = [good["asin"] for good in products()]
    brand = {"brandName": "Tern & Tide", "brandLogoAssetID": logo}
    page = {"pageType": "STORE", "url": home["storePageUrl"]}
    subpages = [
        {"pageTitle": one["storePageName"], "asin": asin, "url": one["storePageUrl"]}
        for one, asin in zip(rest, asins, strict=False)
    ]
    shown: dict[str, tuple[Body, Body]] = {
        "video": ({"asins": asins[:1], "videoAssetIds": [video]}, {}),
        "brandVideo": (
            {**brand, "asins": asins[:2], "videoAssetIds": [video], "headline": "Sea and sand"},
            page,
        ),
        "storeSpotlight": ({**brand, "headline": "All for the beach", "subpages": subpages}, page),
        "manualCollection": ({**brand, "asins": asins[:3], "title": "By the sea"}, page),
    }
    return shown[kind]
