"""The common Amazon Ads client for Python, unmodified except for its hosts, against the sandbox."""

from __future__ import annotations

import gzip
import itertools
import json
import time
from typing import Any

import pytest

from mcp_ads.sandbox.ports import Servers

ad_api = pytest.importorskip("ad_api.api", reason="python-amazon-ad-api is not installed")
base = pytest.importorskip("ad_api.base")
sp = pytest.importorskip("ad_api.api.sp.campaigns_v3")
sd = pytest.importorskip("ad_api.api.sd")
sb = pytest.importorskip("ad_api.api.sb")
sp_all = pytest.importorskip("ad_api.api.sp")
tokens = pytest.importorskip("ad_api.auth.access_token_client")
exceptions = pytest.importorskip("ad_api.base.exceptions")

pytestmark = [pytest.mark.vendors, pytest.mark.filterwarnings("ignore")]
US, DE = "3312345678901234", "4412345678901234"
CREDENTIALS = {
    "refresh_token": "Atzr|sandbox-refresh",
    "client_id": "amzn1.application-oa2-client.sandbox",
    "client_secret": "sandbox-secret",
}
NEW = {
    "name": "Made by the client, “quoted”",
    "state": "PAUSED",
    "targetingType": "MANUAL",
    "budget": {"budget": 25.5, "budgetType": "DAILY"},
    "startDate": "",
}


@pytest.fixture
def amazon(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A maker of clients: give it the client's class, and a profile or region other than the American."""
    monkeypatch.setattr(tokens.AccessTokenClient, "scheme", "http://")
    monkeypatch.setattr(tokens.AccessTokenClient, "host", f"127.0.0.1:{servers.ports.main}")
    tokens.cache.clear()

    def client(kind: Any, profile: str = US, region: str = "NA", **changes: str) -> Any:
        made = kind(credentials={**CREDENTIALS, "profile_id": profile, **changes})
        made.endpoint = f"http://127.0.0.1:{servers.ports.regions[region]}"
        return made

    return client


def new_campaign(**changes: Any) -> dict[str, Any]:
    return {**NEW, "startDate": time.strftime("%Y-%m-%d", time.gmtime(time.time() + 86_400)), **changes}


def test_profiles(amazon: Any) -> None:
    """Each region's host lists its own profiles."""
    assert {profile["profileId"] for profile in amazon(ad_api.Profiles).list_profiles().payload} == {int(US)}
    european = amazon(ad_api.Profiles, DE, "EU")
    assert european.get_profile(DE).payload["currencyCode"] == "EUR"


def test_lists_across_pages(amazon: Any) -> None:
    """Page after page by its token, each campaign once."""
    campaigns = amazon(sp.CampaignsV3)
    found: list[str] = []
    body: dict[str, Any] = {"maxResults": 100}
    while True:
        page = campaigns.list_campaigns(body=dict(body)).payload
        found += [campaign["campaignId"] for campaign in page["campaigns"]]
        if not page.get("nextToken"):
            break
        body["nextToken"] = page["nextToken"]
    assert len(found) == len(set(found)) == page["totalResults"] > 100


def test_create_update_and_archive(amazon: Any, servers: Servers) -> None:
    """A campaign is made, changed and archived; a wrong one beside it fails alone, in a 207."""
    before = len(servers.sandbox.store.writes())
    campaigns = amazon(sp.CampaignsV3)
    both = [new_campaign(), new_campaign(name="x" * 200)]
    made = campaigns.create_campaigns(body={"campaigns": both}).payload["campaigns"]
    assert [success["index"] for success in made["success"]] == [0]
    assert [error["index"] for error in made["error"]] == [1]
    made_id = made["success"][0]["campaignId"]
    change = {"campaignId": made_id, "budget": {"budget": 30, "budgetType": "DAILY"}}
    changed = campaigns.edit_campaigns(body={"campaigns": [change]}, prefer=True).payload["campaigns"]
    assert changed["success"][0]["campaign"]["budget"]["budget"] == 30
    one = {"campaignIdFilter": {"include": [made_id]}}
    campaigns.delete_campaigns(body=one)
    everything = {**one, "stateFilter": {"include": ["ARCHIVED"]}}
    assert campaigns.list_campaigns(body=everything).payload["campaigns"][0]["state"] == "ARCHIVED"
    assert len(servers.sandbox.store.writes()) - before == 3


def test_display_campaigns(amazon: Any, servers: Servers) -> None:
    """Bare arrays of the older generation: pages by place, verdicts in the order of the request."""
    campaigns = amazon(sd.Campaigns)
    first = campaigns.list_campaigns(startIndex=0, count=40, stateFilter="enabled, paused").payload
    rest = campaigns.list_campaigns(startIndex=40, count=40, stateFilter="enabled, paused").payload
    assert len({campaign["campaignId"] for campaign in [*first, *rest]}) == len(first) + len(rest) == 60
    own = first[0]["campaignId"]
    before = len(servers.sandbox.store.writes())
    sent = [{"campaignId": own, "budget": 33.5}, {"campaignId": own, "budget": 0.1}]
    done, refused = campaigns.edit_campaigns(body=json.dumps(sent)).payload
    assert (done["campaignId"], done["code"]) == (own, "SUCCESS")
    assert refused["code"] == "INVALID_ARGUMENT"
    assert campaigns.get_campaign(campaignId=own).payload["budget"] == 33.5
    assert campaigns.delete_campaign(campaignId=own).payload["code"] == "SUCCESS"
    assert campaigns.get_campaign_extended(campaignId=own).payload["servingStatus"] == "CAMPAIGN_ARCHIVED"
    assert len(servers.sandbox.store.writes()) - before == 2


@pytest.mark.parametrize(("kind", "match"), [("Keywords", "exact"), ("NegativeKeywords", "negativeExact")])
def test_brand_keywords(amazon: Any, servers: Servers, kind: str, match: str) -> None:
    """Made, read, listed, changed where there is a bid, and archived by the client's own methods."""
    words, name = amazon(getattr(sb, kind)), "keyword" if kind == "Keywords" else "negative_keyword"
    before, place = len(servers.sandbox.store.writes()), {
        "campaignId": 191000000000001, "adGroupId": 192000000000001,
    }  # fmt: skip
    item = {**place, "keywordText": "by the client", "matchType": match}
    bid = {"bid": 1.25} if kind == "Keywords" else {}
    made, refused = getattr(words, f"create_{name}s")(
        body=json.dumps([item | bid, {**item, **bid, "state": "paused"}])
    ).payload
    assert (made["code"], refused["code"]) == ("SUCCESS", "INVALID_ARGUMENT")
    one = {"keywordId": made["keywordId"]}
    assert getattr(words, f"get_{name}")(**one).payload == {**one, **item, **bid, "state": "enabled"}
    change = {**one, **place, "state": "enabled", **({"bid": 1.5} if bid else {})}
    assert getattr(words, f"edit_{name}s")(body=json.dumps([change])).payload[0]["code"] == "SUCCESS"
    listed = getattr(words, f"list_{name}s")(keywordIdFilter=str(one["keywordId"])).payload
    assert [row.get("bid") for row in listed] == [1.5 if bid else None]
    assert getattr(words, f"delete_{name}")(**one).payload == {**one, "code": "SUCCESS"}
    assert len(servers.sandbox.store.writes()) - before == 3


NUMBERS = itertools.count()


class Tree:
    """Everything of a campaign, made and put away by the client's own methods."""

    def __init__(self, amazon: Any) -> None:
        self.amazon = amazon
        auto, manual = self.made("AUTO", "MANUAL")
        self.auto, self.manual = {"campaignId": auto}, {"campaignId": manual}
        groups = [
            {**self.manual, "name": name, "defaultBid": 0.75, "state": "PAUSED"} for name in ("one", "two")
        ]
        one, two = self.done(sp_all.AdGroupsV3, "create_ad_groups", "adGroups", *groups)
        self.group, self.other = {**self.manual, "adGroupId": one}, {**self.manual, "adGroupId": two}

    def made(self, *types: str) -> list[str]:
        new = [new_campaign(targetingType=type_, name=f"Tree {next(NUMBERS)}") for type_ in types]
        return self.done(sp_all.CampaignsV3, "create_campaigns", "campaigns", *new)

    def done(self, kind: Any, method: str, key: str, *items: dict[str, Any]) -> list[str]:
        """The ids of what all of these came to."""
        answer = getattr(self.amazon(kind), method)(body={key: [*items]}).payload[key]
        assert answer["error"] == []
        return [next(str(entry[name]) for name in entry if name != "index") for entry in answer["success"]]


EXPRESSION = [{"type": "ASIN_SAME_AS", "value": "B0TERN0001"}]
RESOURCES: list[tuple[str, str, str, str, str, dict[str, Any]]] = [
    ("KeywordsV3", "keywords", "keywordId", "keywordId", "group",
     {"keywordText": "red shoes", "matchType": "EXACT", "bid": 0.9}),
    ("TargetsV3", "targetingClauses", "targetId", "targetId", "other",
     {"expression": EXPRESSION, "expressionType": "MANUAL", "bid": 0.9}),
    ("NegativeKeywordsV3", "negativeKeywords", "keywordId", "negativeKeywordId", "group",
     {"keywordText": "second hand", "matchType": "NEGATIVE_PHRASE"}),
    ("NegativeTargetsV3", "negativeTargetingClauses", "targetId",
     "negativeTargetId", "other", {"expression": EXPRESSION}),
    ("CampaignNegativeKeywordsV3", "campaignNegativeKeywords", "keywordId",
     "campaignNegativeKeywordId", "manual", {"keywordText": "free", "matchType": "NEGATIVE_EXACT"}),
    ("CampaignNegativeTargets", "campaignNegativeTargetingClauses", "targetId",
     "campaignNegativeTargetId", "auto", {"expression": EXPRESSION}),
]  # fmt: skip
"""Class, key of the bodies, id in updates and in the filter, parent, fields."""


def method_of(made: Any, verb: str) -> Any:
    """The one method of a client that does something; what it is about is spelt in several ways."""
    return next(getattr(made, name) for name in dir(made) if name.startswith(f"{verb}_"))


@pytest.mark.parametrize("row", RESOURCES, ids=[row[0] for row in RESOURCES])
def test_everything_of_a_campaign(amazon: Any, row: tuple[Any, ...]) -> None:
    """Made, read by the filter of its own name, changed, and archived by it."""
    kind, key, update_id, filter_id, parent, fields = row
    tree = Tree(amazon)
    client = amazon(getattr(sp_all, kind))
    new = {**getattr(tree, parent), **fields, "state": "ENABLED"}
    answer = client_call(client, "create", {key: [new]})[key]
    assert [entry["index"] for entry in answer["success"]] == [0], answer
    own = next(str(value) for name, value in answer["success"][0].items() if name != "index")
    chosen = {f"{filter_id}Filter": {"include": [own]}}
    read = client_call(client, "list", chosen)
    assert read["totalResults"] == 1
    assert client_call(client, "edit", {key: [{update_id: own, "state": "ENABLED"}]})[key]["error"] == []
    client_call(client, "delete", chosen)
    assert next(iter(client_call(client, "list", chosen)[key]))["state"] == "ARCHIVED"


def client_call(client: Any, verb: str, body: dict[str, Any]) -> dict[str, Any]:
    """What the client's only method of a verb answers."""
    answer: dict[str, Any] = method_of(client, verb)(body=body).payload
    return answer


def test_product_ads(amazon: Any) -> None:
    """A seller's by sku; changed, listed with those of its ad group, and archived."""
    tree = Tree(amazon)
    seeded = client_call(amazon(sp_all.ProductAdsV3), "list", {"maxResults": 1})["productAds"][0]
    new = {**tree.group, "sku": seeded["sku"], "state": "PAUSED"}
    (own,) = tree.done(sp_all.ProductAdsV3, "create_product_ads", "productAds", new)
    client = amazon(sp_all.ProductAdsV3)
    client_call(client, "edit", {"productAds": [{"adId": own, "state": "ENABLED"}]})
    of_group = {"adGroupIdFilter": {"include": [tree.group["adGroupId"]]}}
    assert [ad["state"] for ad in client_call(client, "list", of_group)["productAds"]] == ["ENABLED"]
    client_call(client, "delete", {"adIdFilter": {"include": [own]}})
    assert client_call(client, "list", of_group)["productAds"][0]["state"] == "ARCHIVED"


def test_portfolios(amazon: Any) -> None:
    """Made with a budget, renamed, found by its name."""
    client = amazon(ad_api.PortfoliosV3)
    budget = {"policy": "MONTHLY_RECURRING", "amount": 500, "currencyCode": "USD"}
    new = {"name": "Made by the client", "state": "ENABLED", "budget": budget}
    made = client_call(client, "create", {"portfolios": [new]})["portfolios"]
    own = made["success"][0]["portfolioId"]
    client_call(client, "edit", {"portfolios": [{"portfolioId": own, "name": "Renamed by the client"}]})
    named = {"nameFilter": {"include": ["Renamed by the client"], "queryTermMatchType": "EXACT_MATCH"}}
    assert [row["portfolioId"] for row in client_call(client, "list", named)["portfolios"]] == [own]


def finished_report(reports: Any) -> dict[str, Any]:
    """A report ordered and waited for."""
    until, since = (time.strftime("%Y-%m-%d", time.gmtime(time.time() - ago * 86_400)) for ago in (2, 9))
    configuration = {
        "adProduct": "SPONSORED_PRODUCTS",
        "reportTypeId": "spCampaigns",
        "groupBy": ["campaign"],
        "columns": ["campaignId", "impressions", "clicks", "cost"],
        "timeUnit": "SUMMARY",
        "format": "GZIP_JSON",
    }
    order = {"startDate": since, "endDate": until, "configuration": configuration}
    report: dict[str, Any] = reports.post_report(body=order).payload
    for _ in range(20):
        if report["status"] == "COMPLETED":
            return report
        time.sleep(0.2)
        report = reports.get_report(reportId=report["reportId"]).payload
    raise AssertionError(report)


def test_report(amazon: Any) -> None:
    """A report is ordered, polled and its file read, without credentials."""
    reports = amazon(ad_api.Reports)
    report = finished_report(reports)
    file = reports._download(reports, {"url": report["url"], "format": "raw"}, {"User-Agent": "test"}).payload
    rows = json.loads(gzip.decompress(file))
    assert rows
    assert set(rows[0]) == {"campaignId", "impressions", "clicks", "cost"}


def test_download_with_credentials_is_refused(amazon: Any) -> None:
    """The API's headers beside a signed address are refused; before 1.2.9 the client sent them."""
    reports = amazon(ad_api.Reports)
    report = finished_report(reports)
    answer = reports._download(reports, {"url": report["url"], "format": "raw"})
    assert b"Only one auth mechanism allowed" in answer.payload


def test_refusals(amazon: Any) -> None:
    """Another profile's region, a report nobody ordered, and a refresh token that is dead."""
    with pytest.raises(exceptions.AdvertisingApiException) as refused:
        amazon(sp.CampaignsV3, DE, "NA").list_campaigns(body={"maxResults": 1})
    assert refused.value.code in (401, 403)
    with pytest.raises(exceptions.AdvertisingApiException) as refused:
        amazon(ad_api.Reports).get_report(reportId="0f9ecb0f-5cd8-4a36-a1f9-4a2c5d5a6a10")
    assert refused.value.code == 404
    with pytest.raises(Exception, match="invalid grant"):
        amazon(ad_api.Profiles, refresh_token="Atzr|sandbox-revoked").list_profiles()


def some_group(amazon: Any) -> dict[str, str]:
    """A seeded ad group with keywords, and its campaign."""
    one = client_call(amazon(sp_all.KeywordsV3), "list", {"maxResults": 1})["keywords"][0]
    return {name: one[name] for name in ("campaignId", "adGroupId")}


def test_recommendations(amazon: Any) -> None:
    """Bids and keywords for an ad group, and all categories: bids of keywords are in cents."""
    asked = {"targetingExpressions": [{"type": "KEYWORD_EXACT_MATCH", "value": "beach towel"}]}
    bids = amazon(sp_all.BidRecommendationsV3).get_bid_recommendations(
        version=5,
        body={"recommendationType": "BIDS_FOR_EXISTING_AD_GROUP", **some_group(amazon), **asked},
    )
    assert bids.payload["bidRecommendations"]
    ranked = amazon(sp_all.RankedKeywordsRecommendations).list_ranked_keywords_recommendations(
        version=5,
        body={"recommendationType": "KEYWORDS_FOR_ADGROUP", **some_group(amazon), "maxRecommendations": 5},
    )
    words = ranked.payload["keywordTargetList"]
    assert 0 < len(words) <= 5
    assert all(isinstance(word["keyword"], str) for word in words)
    like = {"adAsins": ["B0TERN0001"], "count": 5}
    found = amazon(sp_all.ProductRecommendations).list_products_recommendations(body=like).payload
    assert found["recommendations"]


def test_an_export(amazon: Any) -> None:
    """Ordered, polled under the media type of its kind, and fetched from another host."""
    exports = amazon(ad_api.Exports)
    export = exports.campaigns_export(body={"adProductFilter": ["SPONSORED_PRODUCTS"]}).payload
    for _ in range(50):
        found = exports.get_export(exportId=export["exportId"], typeExport="campaigns").payload
        if found["status"] == "COMPLETED":
            break
        time.sleep(0.1)
    assert found["url"].startswith("http")


def test_changes_and_accounts(amazon: Any) -> None:
    """What changed lately, the accounts above profiles, and a test account's request."""
    now = int(time.time() * 1000)
    asked = {
        "fromDate": now - 30 * 86_400_000,
        "toDate": now,
        "eventTypes": {"CAMPAIGN": {"parents": [{"useProfileIdAdvertiser": True}]}},
        "count": 50,
    }
    events = amazon(ad_api.History).get_history(version="1.1", body=asked).payload["events"]
    assert all(event["entityType"] == "CAMPAIGN" for event in events)
    managers = amazon(ad_api.ManagerAccounts).list_manager_accounts().payload["managerAccounts"]
    assert managers[0]["linkedAccounts"]
    assert amazon(ad_api.Account).list_accounts(body={"maxResults": 100}).payload["adsAccounts"]
    test = amazon(ad_api.AdvertisingTestAccount)
    made = test.create_test_account(body={"countryCode": "US", "accountType": "VENDOR"}).payload
    told = test.get_test_account(requestId=made["requestId"]).payload
    assert told[0]["status"] in {"IN_PROGRESS", "COMPLETED"}


def test_a_report_is_cancelled(amazon: Any) -> None:
    """Only while it waits."""
    reports = amazon(ad_api.Reports)
    day = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 3 * 86_400))
    configuration = {
        "adProduct": "SPONSORED_PRODUCTS",
        "reportTypeId": "spSearchTerm",
        "groupBy": ["searchTerm"],
        "columns": ["searchTerm", "clicks"],
        "timeUnit": "SUMMARY",
        "format": "GZIP_JSON",
    }
    order = {"startDate": day, "endDate": day, "configuration": configuration}
    report = reports.post_report(body=order).payload
    assert reports.delete_report(reportId=report["reportId"]).payload
