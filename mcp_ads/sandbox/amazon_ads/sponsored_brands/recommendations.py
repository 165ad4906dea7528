"""What Amazon suggests for Sponsored Brands: keywords of products, and bids for what is to be bid on.

Each answer is the same for the same question. Source: Amazon's SponsoredBrandsV3.json.
"""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from mcp_ads.sandbox import numbers
from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.catalogue import by_asin
from mcp_ads.sandbox.amazon_ads.errors import Refused, reply
from mcp_ads.sandbox.amazon_ads.market import major
from mcp_ads.sandbox.amazon_ads.sponsored_products.recommendations import IDEAS, asins_in, checked, media

MOST_ASINS, MOST_BIDS, MOST_WORDS, USUAL = 100, 100, 1000, 100
ASKED = {
    "keywords": ("keywordsBidsRecommendationSuccessResults", "keyword", "keywordIndex"),
    "targets": ("targetsBidsRecommendationSuccessResults", "targets", "targetsIndex"),
    "themeTypes": ("themesRecommendationSuccessResults", "themeType", "themeIndex"),
}
"""What bids are asked for -> the list of the answer, and what an entry of it repeats."""


def keywords(call: Call) -> Response:
    """Keywords for products, or for those of a page, the best first."""
    given = call.body if isinstance(call.body, dict) else {}
    if ("asins" in given) == ("url" in given):
        raise Refused(400, "Must contain exactly one of asins and url")
    text = [(name, str, ()) for name in ("url", "goal", "creativeType", "locale")]
    lists = [(name, list, ()) for name in ("asins", "creativeAsins")]
    body = checked(call.body, *text, *lists, ("maxNumSuggestions", int, ()), need=())
    most = body.get("maxNumSuggestions", USUAL)
    if not 1 <= most <= MOST_WORDS:
        raise Refused(400, f"maxNumSuggestions must be 1 to {MOST_WORDS}")
    goods = [by_asin(asin) or {} for asin in asins_in(body, "asins", MOST_ASINS)] if "asins" in body else []
    words = [idea.format(word) for good in goods for word in good.get("words", ()) for idea in IDEAS]
    rows = [_suggested(rank, word) for rank, word in enumerate(dict.fromkeys(words), 1)]
    return reply(rows[:most], media=call.accepts())


def _suggested(rank: int, word: str) -> Body:
    share = round(numbers.between(0, 30, "share", word), 2)
    told = {"searchTermImpressionRank": rank, "searchTermImpressionShare": share}
    return {"recommendationId": f"rec-{rank}", "value": word, "matchType": "broad", **told}


def bids(call: Call) -> Response:
    """A bid and its range for each keyword, target and theme of a campaign, or of none yet."""
    text = [(name, str, ()) for name in ("goal", "costType", "adFormat")]
    lists = [(name, list, ()) for name in ASKED]
    body = checked(call.body, ("campaignId", int, ()), *text, *lists, need=())
    if not 1 <= sum(len(body.get(name, ())) for name in ASKED) <= MOST_BIDS:
        raise Refused(400, f"keywords, targets and themeTypes must be 1 to {MOST_BIDS} together")
    answer = {
        key: [_priced(call, one, asked, index, at) for at, asked in enumerate(body.get(name, ()))]
        for name, (key, one, index) in ASKED.items()
    }
    return reply(answer, media=call.accepts())


def _priced(call: Call, name: str, asked: Any, index: str, at: int) -> Body:
    usual = numbers.whole(60, 190, "suggested bid", str(asked))
    low, middle, high = (major(int(usual * share), call.profile["currencyCode"]) for share in (0.75, 1, 1.3))
    bid = {"rangeStart": low, "recommended": middle, "rangeEnd": high}
    return {"recommendationId": f"bid-{at}", "recommendedBid": bid, name: asked, index: at}


KEYWORD, BIDS = media("sbkeywordrecommendation.v3"), media("sbbidsrecommendation.v3")
OPERATIONS = (
    Operation("POST", "/sb/recommendations/keyword", keywords, takes=KEYWORD, gives=KEYWORD),
    Operation("POST", "/sb/recommendations/bids", bids, takes="application/json", gives=BIDS),
)
