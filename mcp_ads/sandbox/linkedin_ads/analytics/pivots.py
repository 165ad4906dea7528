"""By what a report can be grouped: the ad objects themselves, parts of a total, or who saw the ads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mcp_ads.sandbox.linkedin_ads.state import Body, urn, urn_kind
from mcp_ads.sandbox.numbers import whole

Numbers = Mapping[str, int]
Parts = list[tuple[tuple[str, ...], Numbers]]

OBJECTS = ("ACCOUNT", "COMPANY", "CAMPAIGN_GROUP", "CAMPAIGN", "CREATIVE", "SHARE")
SHARES_OF: dict[str, Sequence[tuple[str, float]]] = {
    "IMPRESSION_DEVICE_TYPE": (("MOBILE_APP", 0.61), ("DESKTOP_WEB", 0.29), ("MOBILE_WEB", 0.10)),
    "SERVING_LOCATION": (("ON_NETWORK", 0.86), ("OFF_NETWORK", 0.14)),
    "PLACEMENT_NAME": (("FEED", 0.78), ("RIGHT_RAIL", 0.13), ("PARTNER_SITES", 0.09)),
    "CONVERSION": (
        ("urn:lla:llaPartnerConversion:104001", 0.66),
        ("urn:lla:llaPartnerConversion:104002", 0.34),
    ),
}
ABSENT = ("CONVERSATION_NODE", "CONVERSATION_NODE_OPTION_INDEX", "CARD_INDEX", "EVENT_STAGE")
MEMBERS = {
    "MEMBER_COMPANY": [urn("organization", 1000 + 37 * n) for n in range(24)],
    "MEMBER_COMPANY_SIZE": [
        "SIZE_1",
        "SIZE_2_TO_10",
        "SIZE_11_TO_50",
        "SIZE_51_TO_200",
        "SIZE_201_TO_500",
        "SIZE_501_TO_1000",
        "SIZE_1001_TO_5000",
        "SIZE_5001_TO_10000",
        "SIZE_10001_OR_MORE",
    ],
    "MEMBER_INDUSTRY": [urn("industry", n) for n in (4, 6, 11, 14, 27, 43, 47, 48, 53, 68, 80, 96, 135)],
    "MEMBER_SENIORITY": [urn("seniority", n) for n in range(1, 11)],
    "MEMBER_JOB_TITLE": [urn("title", n) for n in (1, 9, 10, 16, 26, 39, 68, 75, 107, 112, 266, 304, 508)],
    "MEMBER_JOB_FUNCTION": [urn("function", n) for n in range(1, 27)],
    "MEMBER_COUNTRY_V2": [urn("geo", n) for n in (103644278, 101174742, 101165590, 101282230, 105015875)],
    "MEMBER_REGION_V2": [urn("geo", n) for n in (90000070, 90000084, 90000049, 90009496, 90009735)],
    "MEMBER_COUNTY": [urn("geo", n) for n in (100045204, 102277331, 103743442)],
}
OPERATIONAL = (*OBJECTS, *SHARES_OF, *ABSENT)
LEAST_SHOWN = 3
POSTS = ("share", "ugcPost")


def object_values(pivots: Sequence[str], creative: Body, campaign: Body, account: Body) -> list[str] | None:
    """One value per pivot, empty where it splits a total; None when the creative has no such value."""
    shown = creative["content"].get("reference")
    values = {
        "ACCOUNT": campaign["account"],
        "COMPANY": account["reference"],
        "CAMPAIGN_GROUP": campaign["campaignGroup"],
        "CAMPAIGN": creative["campaign"],
        "CREATIVE": creative["id"],
        "SHARE": shown if urn_kind(shown) in POSTS else None,
    }
    by_pivot = [values.get(pivot, "") for pivot in pivots]
    if any(value is None for value in by_pivot) or set(pivots) & set(ABSENT):
        return None
    return by_pivot


def parts(pivots: Sequence[str], values: list[str], numbers: Numbers, luck: float) -> Parts:
    """The numbers of a day, split by those pivots that split a total; the parts add up to it.

    `luck` in [0, 1) decides where what cannot be split evenly goes.
    """
    found: Parts = [(tuple(values), numbers)]
    for place, pivot in enumerate(pivots):
        if pivot in SHARES_OF:
            found = [part for split in found for part in _split(split, place, pivot, luck)]
    return found


def _split(part: tuple[tuple[str, ...], Numbers], place: int, pivot: str, luck: float) -> Parts:
    values, numbers = part
    if pivot == "CONVERSION":
        numbers = {name: n for name, n in numbers.items() if name.startswith(("externalWebsite", "value"))}
    found: Parts = []
    before = 0.0
    for value, weight in SHARES_OF[pivot]:
        upto = 1.0 if value == SHARES_OF[pivot][-1][0] else before + weight
        share = {name: int(n * upto + luck) - int(n * before + luck) for name, n in numbers.items()}
        found.append(((*values[:place], value, *values[place + 1 :]), share))
        before = upto
    return found


def members(pivot: str, numbers: Numbers, *keys: object) -> Iterator[tuple[str, Numbers]]:
    """Who saw the ads: blurred by up to 3, and silent about what is fewer than 3."""
    values = MEMBERS[pivot]
    weights = [1 / (rank + 1.5) for rank in range(len(values))]
    for value, weight in zip(values, weights, strict=True):
        share = weight / sum(weights) * 0.94
        seen = {name: _blurred(name, int(n * share), (pivot, value, *keys)) for name, n in numbers.items()}
        if seen.get("impressions", LEAST_SHOWN) >= LEAST_SHOWN:
            yield value, seen


def _blurred(name: str, number: int, keys: tuple[object, ...]) -> int:
    if name.endswith(("cents", "Cents")):
        return number
    if number < LEAST_SHOWN:
        return 0
    return max(number + whole(-3, 3, name, *keys), LEAST_SHOWN)
