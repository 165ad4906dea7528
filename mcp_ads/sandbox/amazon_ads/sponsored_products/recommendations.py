"""What Amazon suggests: bids, keywords, products and categories, made of the invented catalogue.

Each answer is the same for the same question. Refusals are in the envelope of the older families.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from mcp_ads.sandbox import numbers
from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.catalogue import by_asin, products
from mcp_ads.sandbox.amazon_ads.errors import Refused, reply
from mcp_ads.sandbox.amazon_ads.items import owned
from mcp_ads.sandbox.amazon_ads.market import major

TYPES = {
    **dict.fromkeys(("KEYWORD_EXACT_MATCH", "KEYWORD_PHRASE_MATCH", "KEYWORD_BROAD_MATCH"), "keyword"),
    **dict.fromkeys(("PAT_ASIN", "PAT_CATEGORY", "PAT_CATEGORY_REFINEMENT"), "product"),
    **dict.fromkeys(("CLOSE_MATCH", "LOOSE_MATCH", "SUBSTITUTES", "COMPLEMENTS"), "auto"),
    "KEYWORD_GROUP": "keyword group",
}
LOCALES = (
    "ar_EG", "de_DE", "en_AE", "en_AU", "en_CA", "en_GB", "en_IN", "en_SA", "en_SG", "en_US", "es_ES",
    "es_MX", "fr_FR", "it_IT", "ja_JP", "nl_NL", "pl_PL", "pt_BR", "sv_SE", "tr_TR", "zh_CN",
)  # fmt: skip
STRATEGIES = ("LEGACY_FOR_SALES", "AUTO_FOR_SALES", "MANUAL", "RULE_BASED")
MIXED = "All targeting expressions should have the same targeting type"
MATCHES, SORTS = ("EXACT", "PHRASE", "BROAD"), ("CLICKS", "CONVERSIONS", "DEFAULT")
BID, KEYWORD = "spthemebasedbidrecommendation", "spkeywordsrecommendation"
THEME = "CONVERSION_OPPORTUNITIES"
IDEAS = ("{}", "best {}", "{} for kids", "{} set", "large {}", "cheap {}", "{} gift")
THEMES = (
    (
        "Similar items (frequently viewed together)",
        "What shoppers often look at beside the advertised product",
    ),
    ("Complements", "What is often bought together with the advertised product"),
)


def _text(name: str, *choices: str) -> tuple[str, type, tuple[str, ...]]:
    return name, str, choices


def checked(body: Any, *fields: tuple[str, type, tuple[str, ...]], need: tuple[str, ...]) -> Body:
    """The body, where it has what it needs and nothing unheard of."""
    known = {name: (kind, choices) for name, kind, choices in fields}
    if not isinstance(body, dict):
        raise Refused(400, "The body must be an object")
    if wrong := sorted(body.keys() - known.keys()):
        raise Refused(400, f"Unrecognized field: {wrong[0]}")
    if lost := [name for name in need if body.get(name) in (None, [], "")]:
        raise Refused(400, f"{lost[0]} is required")
    for name, value in body.items():
        kind, choices = known[name]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise Refused(400, f"{name} must be of type {kind.__name__}")
        if choices and value not in choices:
            raise Refused(400, f"{name} must be one of {', '.join(choices)}")
    return body


def asins_in(body: Body, name: str, most: int) -> list[str]:
    found = body[name]
    if len(found) > most:
        raise Refused(400, f"{name} must have at most {most} entries")
    if not all(isinstance(asin, str) and len(asin) == len("B0TERN0001") for asin in found):
        raise Refused(422, f"{name}: ASINs have ten characters")
    return [str(asin) for asin in found]


def _group(call: Call) -> Body:
    """The ad group that a body names with its campaign."""
    group = call.store.get("amazon.adGroups", call.body["adGroupId"]) or {}
    if group.get("_profile") != call.profile_id or group["campaignId"] != call.body["campaignId"]:
        raise Refused(422, "Invalid campaignId or adGroupId")
    return group


PLACE = (_text("campaignId"), _text("adGroupId"), ("asins", list, ()))


def bids(call: Call) -> Response:
    """Three bids for each expression, whose order is not that of the request."""
    fields = (
        _text("recommendationType", "BIDS_FOR_EXISTING_AD_GROUP", "BIDS_FOR_NEW_AD_GROUP"),
        ("targetingExpressions", list, ()),
        ("includeAnalysis", bool, ()),
    )
    new = isinstance(call.body, dict) and call.body.get("recommendationType") == "BIDS_FOR_NEW_AD_GROUP"
    place = (PLACE[2], ("bidding", dict, ()), ("productDetailsList", list, ())) if new else PLACE[:2]
    need = (
        "recommendationType",
        "targetingExpressions",
        *(("asins", "bidding") if new else ("campaignId", "adGroupId")),
    )
    body = checked(call.body, *fields, *place, need=need)
    if not new:
        _group(call)
    elif asins_in(body, "asins", 50) and body["bidding"].get("strategy") not in STRATEGIES:
        raise Refused(422, f"bidding.strategy must be one of {', '.join(STRATEGIES)}")
    asked = _expressions(body["targetingExpressions"])
    entries = [_priced(call, one) for one in reversed(asked)]
    theme = {"theme": THEME, "bidRecommendationsForTargetingExpressions": entries}
    return reply({"bidRecommendations": [theme]}, media=call.accepts())


def _expressions(asked: list[Any]) -> list[Body]:
    """What bids are asked for: of one family of targeting."""
    if len(asked) > 100:
        raise Refused(400, "targetingExpressions must have at most 100 entries")
    for one in asked:
        if not isinstance(one, dict) or one.keys() - {"type", "value"} or one.get("type") not in TYPES:
            raise Refused(422, f"Unsupported targeting expression: {json.dumps(one)[:80]}")
        if TYPES[one["type"]] != "auto" and not one.get("value"):
            raise Refused(422, f"{one['type']} needs a value")
    if len({TYPES[one["type"]] for one in asked}) > 1:
        raise Refused(422, MIXED)
    return asked


def _priced(call: Call, one: Mapping[str, Any]) -> Body:
    amounts = [
        {"suggestedBid": major(cents, call.profile["currencyCode"])}
        for cents in _range(call, one["type"], one.get("value"))
    ]
    seen = numbers.whole(200, 4000, "seen", one["type"], one.get("value"))
    metrics = {"estimatedImpressionLower": seen, "estimatedImpressionUpper": seen * 2}
    return {"targetingExpression": dict(one), "bidValues": amounts, "suggestedBidImpactMetrics": metrics}


def _range(call: Call, *of: Any) -> tuple[int, int, int]:
    """Low, usual and high, in the smallest unit of the currency."""
    usual = int(numbers.between(40, 190, "suggested bid", *map(str, of)))
    usual = usual if call.profile["currencyCode"] != "JPY" else max(usual // 2, 4)
    return int(usual * 0.75), usual, int(usual * 1.3)


def keywords(call: Call) -> Response:
    """Keywords for an ad group or for products, ranked, with bids in the smallest unit of the currency."""
    ours = isinstance(call.body, dict) and call.body.get("recommendationType") == "KEYWORDS_FOR_ADGROUP"
    fields = (
        _text("recommendationType", "KEYWORDS_FOR_ADGROUP", "KEYWORDS_FOR_ASINS"),
        ("maxRecommendations", int, ()),
        _text("sortDimension", *SORTS),
        _text("locale", *LOCALES),
        ("targets", list, ()),
        ("bidsEnabled", bool, ()),
    )
    place = (
        PLACE[:2]
        if ours
        else (PLACE[2], _text("biddingStrategy", *STRATEGIES), ("productDetailsList", list, ()))
    )
    need = ("campaignId", "adGroupId") if ours else ("asins",)
    body = checked(call.body, *fields, *place, need=("recommendationType", *need))
    most = body.get("maxRecommendations", 200)
    if not 0 <= most <= 200:
        raise Refused(400, "maxRecommendations must be 0 to 200")
    if ours:
        group = _group(call)["adGroupId"]
        asins = [ad["asin"] for ad in owned(call, "amazon.productAds") if ad["adGroupId"] == group]
    else:
        asins = asins_in(body, "asins", 50)
    words = [
        idea.format(word)
        for asin in asins
        for word in (by_asin(asin) or {}).get("words", ())
        for idea in IDEAS
    ]
    found = sorted(
        dict.fromkeys(words), key=lambda word: numbers.noise("rank", body.get("sortDimension"), word)
    )
    own = _checked_targets(body.get("targets", []))
    ranked = [word for word in found if word not in own][:most]
    listed = [_idea(call, rank, word, own) for rank, word in enumerate([*own, *ranked], 1)]
    return reply({"keywordTargetList": listed}, media=call.accepts())


def _checked_targets(targets: list[Any]) -> dict[str, Body]:
    """The caller's own keywords, to be ranked with the others."""
    fields = (
        _text("keyword"),
        _text("matchType", *MATCHES),
        ("bid", float, ()),
        ("userSelectedKeyword", bool, ()),
    )
    return {
        target["keyword"]: target for target in (checked(one, *fields, need=("keyword",)) for one in targets)
    }


def _idea(call: Call, rank: int, word: str, own: Mapping[str, Body]) -> Body:
    infos = []
    for match in MATCHES:
        low, usual, high = _range(call, match, word)
        bid = {"rangeStart": low, "rangeMedian": usual, "rangeEnd": high}
        infos.append(
            {
                "matchType": match,
                "theme": THEME,
                "rank": rank,
                "bid": own.get(word, {}).get("bid", usual),
                "suggestedBid": bid,
            }
        )
    share = round(numbers.between(0, 30, "share", word), 2)
    known = {
        "keyword": word,
        "bidInfo": infos,
        "userSelectedKeyword": word in own,
        "searchTermImpressionShare": share,
    }
    known |= {"recId": f"rec-{rank}", "searchTermImpressionRank": numbers.whole(1, 20, "place", word)}
    return known | ({"translation": word} if call.body.get("locale") else {})


def advertised(call: Call) -> Response:
    """Other products of the catalogue, by product or by theme, page by page."""
    fields = (("adAsins", list, ()), ("count", int, ()), _text("cursor"), _text("locale", *LOCALES))
    body = checked(call.body, *fields, need=("adAsins",))
    asins, by_theme = asins_in(body, "adAsins", 1000), ".themes." in call.accepts()
    others = [product["asin"] for product in products() if product["asin"] not in asins]
    halves = {theme: others[at :: len(THEMES)] for at, (theme, _) in enumerate(THEMES)}
    rows: list[Body] = [
        {"theme": theme, "description": text, "recommendedAsins": halves[theme]} for theme, text in THEMES
    ]
    if not by_theme:
        rows = [
            {"recommendedAsin": asin, "themes": [theme]} for theme, half in halves.items() for asin in half
        ]
    size = body.get("count", 5 if by_theme else 100)
    if size < 1:
        raise Refused(400, "count must be at least 1")
    start, answer = _start(body.get("cursor", "")), dict[str, Any]()
    size = min(size, 10 if by_theme else 1000)
    if start + size < len(rows):
        answer["nextCursor"] = base64.b64encode(f"at {start + size}".encode()).decode()
    return reply({"recommendations": rows[start : start + size], **answer}, media=call.accepts())


def _start(cursor: str) -> int:
    try:
        return int(base64.b64decode(cursor).decode().removeprefix("at ")) if cursor else 0
    except ValueError as error:
        raise Refused(400, "Invalid cursor") from error


def media(*names: str) -> str:
    """Vendor media types with blanks between them."""
    return " ".join(f"application/vnd.{name}+json" for name in names)


BIDS = media(f"{BID}.v4", f"{BID}.v5")
PRODUCTS = media("spproductrecommendationresponse.asins.v3", "spproductrecommendationresponse.themes.v3")
OPERATIONS = (
    Operation("POST", "/sp/targets/bid/recommendations", bids, takes=BIDS, gives=BIDS, any_accept=True),
    Operation("POST", "/sp/targets/keywords/recommendations", keywords, takes=media(f"{KEYWORD}.v5"),
              gives=media(f"{KEYWORD}.v5"), any_accept=True),
    Operation("POST", "/sp/targets/products/recommendations", advertised,
              takes=media("spproductrecommendation.v3"), gives=PRODUCTS, any_accept=True),
)  # fmt: skip
"""Bids of the third version are shut off; of keywords only what the fifth answers is made.

The common client for Python names no type of the answer, and is answered.
"""
