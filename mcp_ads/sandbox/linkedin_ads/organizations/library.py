"""The Ad Library: /adLibrary, ads of any advertiser."""

from __future__ import annotations

from mcp_ads.sandbox.linkedin_ads.errors import bad_param
from mcp_ads.sandbox.linkedin_ads.paging import offset_page
from mcp_ads.sandbox.linkedin_ads.params import Params, enum, integer, listed, number_key, text
from mcp_ads.sandbox.linkedin_ads.resource import Method, Resource
from mcp_ads.sandbox.linkedin_ads.state import Answer, Body, Call, day_ms, public, today, urn
from mcp_ads.sandbox.numbers import whole
from mcp_ads.sandbox.store import Store

AD = "linkedin.library"
FIRST = 615_000_000
TYPES = (
    "SPONSORED_STATUS_UPDATE",
    "SPONSORED_VIDEO",
    "SPONSORED_UPDATE_CAROUSEL",
    "TEXT_AD",
    "SPONSORED_INMAILS",
)
ADVERTISERS = (
    ("Contoso Shipping", "raincoat freight"),
    ("Northwind Retail", "raincoat sale"),
    ("Litware", "boots"),
)
COUNTRIES = ("de", "fr", "nl")
EACH, PAGE_SIZE = 15, 25
PARAMS = Params(
    {
        "q": text,
        "keyword": text,
        "advertiser": text,
        "countries": listed(text),
        "adType": enum(*TYPES),
        "start": integer(0, 10**9),
        "count": integer(1, PAGE_SIZE),
    }
)
"""`countries` and `adType` are documented, and do nothing."""


def fill(store: Store) -> None:
    """Some ads of each advertiser; every third was not shown in the EU, and has no numbers."""
    for place in range(EACH * len(ADVERTISERS)):
        name, words = ADVERTISERS[place % len(ADVERTISERS)]
        id_ = str(FIRST + place)
        details: Body = {
            "type": TYPES[place % len(TYPES)],
            "advertiser": {
                "advertiserName": name,
                "advertiserUrl": f"https://www.linkedin.com/company/{1000 + place % len(ADVERTISERS) * 37}",
                "adPayer": f"{name} Ltd.",
            },
            "adTargeting": [
                {
                    "facetName": "Language",
                    "isIncluded": True,
                    "isExcluded": False,
                    "includedSegments": ["English"],
                },
                {"facetName": "Job", "isIncluded": True, "isExcluded": False, "includedSegments": []},
            ],
        }
        if place % 3 or place % 2:
            details["adStatistics"] = _numbers(id_)
        url = f"https://www.linkedin.com/ad-library/detail/{id_}"
        store.put(
            AD, id_, {"adUrl": url, "isRestricted": False, "details": details, "_words": f"{name} {words}"}
        )


def _numbers(id_: str) -> Body:
    first, low = today().toordinal() - whole(40, 300, id_, "first"), whole(1, 90, id_, "shown") * 1000
    days = [day_ms(today().fromordinal(first + after)) for after in (0, whole(3, 30, id_, "last"))]
    spread = {urn("country", country): share for country, share in zip(COUNTRIES, (61, 30, 9), strict=True)}
    return {
        "firstImpressionAt": days[0],
        "latestImpressionAt": days[1],
        "totalImpressions": {"from": low, "to": low + 999},
        "impressionsDistributionByCountry": [
            {"country": country, "impressionPercentage": share}
            for country, share in [*spread.items()][: whole(1, 3, id_, "where")]
        ],
    }


def search(call: Call) -> Answer:
    """All words of `keyword`, and something like `advertiser`."""
    words, advertiser = (call.query.get(name, "").casefold() for name in ("keyword", "advertiser"))
    if not words and not advertiser:
        raise bad_param("keyword", "keyword or advertiser is required")
    found = [
        ad
        for ad in call.store.all(AD)
        if all(word in ad["_words"].casefold() for word in words.split())
        and advertiser in ad["details"]["advertiser"]["advertiserName"].casefold()
    ]
    answer = offset_page(call, [public(ad) for ad in found])
    if not answer["paging"]["links"]:
        del answer["paging"]["links"]
    return Answer(200, answer)


RESOURCES = (Resource("adLibrary", number_key, {"FINDER criteria": Method(search, PARAMS)}),)
