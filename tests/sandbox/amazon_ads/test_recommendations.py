"""The make-believe Amazon's suggestions: what it refuses of a question, in the older families' envelope."""

from __future__ import annotations

from typing import Any

import pytest
from amazon_client import Amazon

pytestmark = pytest.mark.anyio
BIDS, MEDIA = "/sp/targets/bid/recommendations", "application/vnd.spthemebasedbidrecommendation.v5+json"
NEW: dict[str, Any] = {
    "recommendationType": "BIDS_FOR_NEW_AD_GROUP",
    "asins": ["B0TERN0001"],
    "bidding": {"strategy": "MANUAL"},
}
KEYWORD, ASIN = {"type": "KEYWORD_EXACT_MATCH", "value": "towel"}, {"type": "PAT_ASIN", "value": "B0TERN0002"}


async def asked(body: Any, media: str = MEDIA, accept: str = "") -> tuple[int, Any]:
    """The status and the answer of a question about bids."""
    headers: dict[str, str | None] = {"Content-Type": media, "Accept": accept or media}
    response = await Amazon().call("POST", BIDS, body, headers)
    return response.status_code, response.json()


async def test_bids_come_for_one_family() -> None:
    """Three for each expression; a mix is refused whole, and so is what a campaign calls its products."""
    status, answer = await asked({**NEW, "targetingExpressions": [KEYWORD]})
    (theme,) = answer["bidRecommendations"]
    (entry,) = theme["bidRecommendationsForTargetingExpressions"]
    assert (status, len(entry["bidValues"]), entry["targetingExpression"]) == (200, 3, KEYWORD)
    status, answer = await asked({**NEW, "targetingExpressions": [KEYWORD, ASIN]})
    assert (status, answer["code"]) == (422, "422")
    assert "same targeting type" in answer["details"]
    wrong = {"type": "ASIN_SAME_AS", "value": "B0TERN0002"}
    assert (await asked({**NEW, "targetingExpressions": [wrong]}))[0] == 422


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({**NEW, "targetingExpressions": []}, 400),
        ({**NEW, "targetingExpressions": [KEYWORD] * 101}, 400),
        ({**NEW, "targetingExpressions": [KEYWORD], "asin": "B0TERN0001"}, 400),
        ({**NEW, "targetingExpressions": [KEYWORD], "bidding": {}}, 422),
        ({"recommendationType": "BIDS_FOR_EXISTING_AD_GROUP", "campaignId": "1", "adGroupId": "2",
          "targetingExpressions": [KEYWORD]}, 422),
    ],
)  # fmt: skip
async def test_bodies_are_checked(body: Any, status: int) -> None:
    """What is missing, too much, unheard of or of nobody."""
    assert (await asked(body))[0] == status


async def test_the_third_version_is_shut_off() -> None:
    """Its media type is refused, and an answer of another is not given."""
    old = "application/vnd.spthemebasedbidrecommendation.v3+json"
    body = {**NEW, "targetingExpressions": [KEYWORD]}
    assert (await asked(body, old, MEDIA))[0] == 415
    assert (await asked(body, MEDIA, old))[0] == 406
