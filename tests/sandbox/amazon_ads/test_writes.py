"""The make-believe Amazon: creates, updates and archives of the campaign hierarchy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from amazon_client import DE, JP, Amazon, reasons

pytestmark = pytest.mark.anyio

CAMPAIGN = {
    "name": "Shoes - exact",
    "state": "PAUSED",
    "targetingType": "MANUAL",
    "budget": {"budget": 10.0, "budgetType": "DAILY"},
}
CAMPAIGNS: dict[str, str | None] = dict.fromkeys(
    ("Content-Type", "Accept"), "application/vnd.spCampaign.v3+json"
)


def day(offset: int) -> str:
    return (datetime.now(UTC).date() + timedelta(offset)).isoformat()


async def chain(api: Amazon, **campaign: Any) -> dict[str, str]:
    """A new campaign with one ad group."""
    done, _ = await api.create("/sp/campaigns", "campaigns", {**CAMPAIGN, **campaign})
    parents = {"campaignId": done[0]["campaignId"]}
    group = {**parents, "name": "One", "defaultBid": 0.5, "state": "ENABLED"}
    done, _ = await api.create("/sp/adGroups", "adGroups", group)
    return {**parents, "adGroupId": done[0]["adGroupId"], "state": "ENABLED"}


async def test_create_answers_by_index() -> None:
    """The good items of a batch are done, the bad one is answered with its place and nothing else."""
    api = Amazon()
    small = {**CAMPAIGN, "name": "Small", "budget": {"budget": 0.1, "budgetType": "DAILY"}}
    done, errors = await api.create(
        "/sp/campaigns", "campaigns", CAMPAIGN, small, {**CAMPAIGN, "name": "Third"}
    )
    assert [success["index"] for success in done] == [0, 2]
    assert done[0]["campaign"]["dynamicBidding"]["strategy"] == "LEGACY_FOR_SALES"
    assert reasons(errors) == [(1, "budgetError", "BUDGET_TOO_LOW", "$.campaigns[1].budget.budget")]
    assert errors[0]["errors"][0]["errorValue"]["budgetError"]["cause"]["trigger"] == "0.1"
    assert api.changes() == ["create campaign"] * 2
    own = {"campaignIdFilter": {"include": [done[0]["campaignId"]]}}
    assert (await api.v3("POST", "/sp/campaigns/list", own))["campaigns"] == [done[0]["campaign"]]


async def test_without_prefer_only_ids_come_back() -> None:
    """The object is shown to those who ask for it."""
    answer = await Amazon().v3("POST", "/sp/campaigns", {"campaigns": [CAMPAIGN]})
    assert list(answer["campaigns"]["success"][0]) == ["index", "campaignId"]


@pytest.mark.parametrize(
    ("changed", "kind", "reason"),
    [
        ({"name": None}, "missingValueError", "MISSING_VALUE"),
        ({"name": " "}, "malformedValueError", "BLANK"),
        ({"name": "x "}, "malformedValueError", "LEADING_OR_TRAILING_WHITESPACE"),
        ({"name": "x" * 129}, "malformedValueError", "TOO_LONG"),
        ({"name": "50 % off"}, "malformedValueError", "FORBIDDEN_CHARS"),
        ({"state": "ARCHIVED"}, "rangeError", "INVALID_ENUM_VALUE"),
        ({"targetingType": "auto"}, "rangeError", "INVALID_ENUM_VALUE"),
        ({"budget": {"budget": 5}}, "missingValueError", "MISSING_VALUE"),
        ({"budget": {"budget": 2e6, "budgetType": "DAILY"}}, "budgetError", "BUDGET_TOO_HIGH"),
        ({"startDate": day(-3)}, "dateError", "START_DATE_EARLIER_THAN_TODAY"),
        ({"startDate": "tomorrow"}, "dateError", "INVALID_DATE"),
        ({"startDate": day(9), "endDate": day(5)}, "dateError", "START_DATE_AFTER_END_DATE"),
        ({"portfolioId": "1"}, "parentEntityError", "PARENT_ENTITY_NOT_FOUND"),
        ({"name": "Größe XL, Übergröße; = 50/50"}, "duplicateValueError", "NAME_NOT_UNIQUE"),
        (
            {"dynamicBidding": {"placementBidding": [{"placement": "PLACEMENT_TOP", "percentage": 901}]}},
            "rangeError",
            "TOO_HIGH",
        ),
    ],
)
async def test_campaign_rules(changed: dict[str, Any], kind: str, reason: str) -> None:
    """Each mistake has its kind and reason, and nothing is done."""
    api = Amazon()
    item = {key: value for key, value in {**CAMPAIGN, **changed}.items() if value is not None}
    done, errors = await api.create("/sp/campaigns", "campaigns", item)
    assert not done
    assert [reason[1:3] for reason in reasons(errors)] == [(kind, reason)]
    assert api.changes() == []


@pytest.mark.parametrize(
    "body",
    [
        {"campaigns": [{**CAMPAIGN, "daily_budget": 5}]},
        {"campaigns": [{**CAMPAIGN, "budget": 5}]},
        {"campaigns": [{**CAMPAIGN, "budget": {"budget": "5", "budgetType": "DAILY"}}]},
        {"campaigns": CAMPAIGN},
        {"campaigns": [CAMPAIGN] * 1001},
        {"campaign": [CAMPAIGN]},
        [CAMPAIGN],
    ],
)
async def test_a_body_off_schema_is_refused_whole(body: Any) -> None:
    """Unknown names, wrong types and too many items are a 400 and nothing is done."""
    api = Amazon()
    response = await api.call("POST", "/sp/campaigns", body, CAMPAIGNS)
    assert (response.status_code, response.json()["code"]) == (400, "INVALID_ARGUMENT")
    assert api.changes() == []


async def test_update_changes_what_is_sent() -> None:
    """One field is changed, null clears, the rest stays."""
    api = Amazon()
    done, _ = await api.create("/sp/campaigns", "campaigns", {**CAMPAIGN, "endDate": day(30)})
    item = {"campaignId": done[0]["campaignId"], "state": "ENABLED", "endDate": None}
    changed, errors = await api.update("/sp/campaigns", "campaigns", item)
    before = {key: value for key, value in done[0]["campaign"].items() if key != "endDate"}
    assert not errors
    assert changed[0]["campaign"] == {**before, "state": "ENABLED"}
    assert api.changes() == ["create campaign", "update campaign"]


async def test_update_refusals() -> None:
    """Unknown and foreign ids, immutable fields and archived objects are answered per item."""
    api, old = Amazon(), "120000000000001"
    _, errors = await api.update(
        *("/sp/campaigns", "campaigns"),
        {"campaignId": "1", "state": "PAUSED"},
        {"campaignId": "220000000000001", "state": "PAUSED"},
        {"state": "PAUSED"},
        {"campaignId": old, "targetingType": "AUTO"},
        {"campaignId": old, "startDate": day(3)},
        {"campaignId": old, "name": None},
        {"campaignId": old, "budget": {"budget": 0.5, "budgetType": "DAILY"}},
        {"campaignId": old, "state": "ARCHIVED"},
    )
    assert [reason[2] for reason in reasons(errors)] == [
        *("ENTITY_NOT_FOUND", "ENTITY_NOT_FOUND", "MISSING_VALUE", "OTHER_ERROR"),
        *("UPDATING_READ_ONLY_START_DATE", "MISSING_VALUE", "BUDGET_TOO_LOW", "INVALID_ENUM_VALUE"),
    ]
    assert api.changes() == []


async def test_archive_is_final_and_takes_the_children_along() -> None:
    """An archived campaign cannot be changed, its children end too, and a repeat changes nothing."""
    api = Amazon()
    parents = await chain(api)
    own = {"campaignIdFilter": {"include": [parents["campaignId"]]}}
    for _ in range(2):
        answer = await api.v3("POST", "/sp/campaigns/delete", own)
        assert answer["campaigns"]["success"] == [{"index": 0, "campaignId": parents["campaignId"]}]
    assert api.changes()[-1] == "archive campaign"
    assert api.changes().count("archive campaign") == 1
    assert (await api.v3("POST", "/sp/adGroups/list", own))["adGroups"][0]["state"] == "ARCHIVED"
    item = {"campaignId": parents["campaignId"], "state": "ENABLED"}
    _, errors = await api.update("/sp/campaigns", "campaigns", item)
    assert reasons(errors)[0][2] == "ARCHIVED_ENTITY_CANNOT_BE_MODIFIED"
    group = {"campaignId": parents["campaignId"], "name": "Late", "defaultBid": 1, "state": "PAUSED"}
    _, errors = await api.create("/sp/adGroups", "adGroups", group)
    assert reasons(errors)[0][1:3] == ("parentEntityError", "PARENT_ENTITY_ARCHIVED")


@pytest.mark.parametrize("body", [{}, {"campaignIdFilter": {}}, {"stateFilter": {"include": ["PAUSED"]}}])
async def test_archive_wants_ids(body: dict[str, Any]) -> None:
    """Nothing is archived by any other filter, or by none."""
    response = await Amazon().call("POST", "/sp/campaigns/delete", body, CAMPAIGNS)
    assert response.status_code == 400


async def test_the_whole_chain() -> None:
    """Ad group, keyword, product ad and negative keyword are created, found and told apart by their ids."""
    api = Amazon()
    parents = await chain(api)
    word = {**parents, "keywordText": "trail shoes", "matchType": "EXACT", "bid": 0.456}
    keywords, _ = await api.create("/sp/keywords", "keywords", word)
    assert keywords[0]["keyword"]["bid"] == 0.46
    ads, _ = await api.create("/sp/productAds", "productAds", {**parents, "sku": "TT-TOWEL-01"})
    assert ads[0]["productAd"]["asin"] == "B0TERN0001"
    negative = {**parents, "keywordText": "free", "matchType": "NEGATIVE_EXACT"}
    negatives, _ = await api.create("/sp/negativeKeywords", "negativeKeywords", negative)
    assert negatives[0]["negativeKeywordId"] == negatives[0]["negativeKeyword"]["keywordId"]
    change = {"keywordId": keywords[0]["keywordId"], "bid": None}
    changed, _ = await api.update("/sp/keywords", "keywords", change)
    assert "bid" not in changed[0]["keyword"]


async def test_rules_below_a_campaign() -> None:
    """Bids, words, products, parents and repetitions are looked at."""
    api = Amazon()
    parents = await chain(api)
    word = {**parents, "keywordText": "trail shoes", "matchType": "EXACT"}
    done, errors = await api.create(
        *("/sp/keywords", "keywords"),
        *(word, {**word, "keywordText": "TRAIL shoes"}),
        {**word, "matchType": "BROAD", "bid": 0.01},
        {**word, "matchType": "BROAD", "bid": 11},
        {**word, "keywordText": "one two three four five six seven eight nine ten eleven"},
        {**word, "adGroupId": "130000000000001"},
    )
    assert len(done) == 1
    assert [reason[2] for reason in reasons(errors)] == [
        *("DUPLICATE_VALUE", "BID_OUT_OF_MARKET_PLACE_RANGE", "BID_GT_BUDGET"),
        *("TOO_LONG", "PARENT_ENTITY_NOT_FOUND"),
    ]
    ad = {**parents, "sku": "TT-TOWEL-01"}
    bad = ({**parents, "asin": "B0TERN0001"}, {**parents, "sku": "NOT-OURS"}, ad)
    _, errors = await api.create("/sp/productAds", "productAds", ad, *bad)
    assert [reason[2] for reason in reasons(errors)] == ["MISSING_VALUE", "INVALID_SKU", "DUPLICATE_VALUE"]


async def test_keywords_and_targets_do_not_mix() -> None:
    """One ad group holds one kind of targeting, and an automatic campaign its four own targets only."""
    api = Amazon()
    parents = await chain(api)
    target = {**parents, "expressionType": "MANUAL", "expression": [{"type": "ASIN_SAME_AS", "value": "B0X"}]}
    word = {**parents, "keywordText": "shoes", "matchType": "BROAD"}
    assert (await api.create("/sp/targets", "targetingClauses", target))[0]
    _, errors = await api.create("/sp/keywords", "keywords", word)
    assert reasons(errors)[0][2] == "TYPE_CONFLICT_IN_AD_GROUP"
    automatic = await chain(api, name="Automatic", targetingType="AUTO")
    _, errors = await api.create("/sp/keywords", "keywords", {**word, **automatic})
    assert reasons(errors)[0][2] == "TARGETING_TYPE_NOT_ALLOWED_FOR_AUTO_TARGETING_CAMPAIGN"
    own = {"adGroupIdFilter": {"include": [automatic["adGroupId"]]}}
    born = (await api.v3("POST", "/sp/targets/list", own))["targetingClauses"]
    assert len(born) == 4
    ids = {"targetIdFilter": {"include": [born[0]["targetId"]]}}
    refused = (await api.v3("POST", "/sp/targets/delete", ids))["targetingClauses"]["error"]
    assert reasons(refused)[0][2] == "AUTO_TARGETING_CLAUSE_CANNOT_BE_ARCHIVED_MANUALLY"


async def test_limits_are_the_marketplace_s() -> None:
    """A hundred yen is the least in Japan, where a vendor's names may repeat; a euro is in Germany."""
    japan, germany = Amazon("FE", JP), Amazon("EU", DE)
    one = {**CAMPAIGN, "budget": {"budget": 1, "budgetType": "DAILY"}}
    assert reasons((await japan.create("/sp/campaigns", "campaigns", one))[1])[0][2] == "BUDGET_TOO_LOW"
    assert (await germany.create("/sp/campaigns", "campaigns", one))[0]
    enough = {**CAMPAIGN, "budget": {"budget": 150.4, "budgetType": "DAILY"}}
    done, errors = await japan.create("/sp/campaigns", "campaigns", enough, enough)
    assert not errors
    assert done[1]["campaign"]["budget"]["budget"] == 150


@pytest.mark.slow
async def test_a_thousand_negative_keywords_in_one_request() -> None:
    """Each has its verdict under its index, one refused among them; one more is too many for a request."""
    api = Amazon()
    parents = await chain(api)
    words = [
        {**parents, "keywordText": f"word {number}", "matchType": "NEGATIVE_EXACT"} for number in range(1000)
    ]
    words[500] |= {"keywordText": "one two three four five", "matchType": "NEGATIVE_PHRASE"}
    answer = await api.v3("POST", "/sp/negativeKeywords", {"negativeKeywords": words})
    lists = answer["negativeKeywords"]
    assert [success["index"] for success in lists["success"]] == [*range(500), *range(501, 1000)]
    assert all(success.keys() == {"index", "negativeKeywordId"} for success in lists["success"])
    assert reasons(lists["error"]) == [
        (500, "malformedValueError", "TOO_LONG", "$.negativeKeywords[500].keywordText")
    ]
    media: dict[str, str | None] = dict.fromkeys(
        ("Content-Type", "Accept"), "application/vnd.spNegativeKeyword.v3+json"
    )
    more = {"negativeKeywords": [*words, words[0]]}
    assert (await api.call("POST", "/sp/negativeKeywords", more, media)).status_code == 400
    ids = [success["negativeKeywordId"] for success in lists["success"]]
    gone = await api.v3("POST", "/sp/negativeKeywords/delete", {"negativeKeywordIdFilter": {"include": ids}})
    assert len(gone["negativeKeywords"]["success"]) == 999
