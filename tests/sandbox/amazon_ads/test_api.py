"""The make-believe Amazon: tokens, gateway, profiles, portfolios and lists."""

from __future__ import annotations

import time
from typing import Any

import pytest
from amazon_client import CLIENT, DE, JP, US, Amazon, send

from mcp_ads.sandbox import amazon_ads as amazon
from mcp_ads.sandbox.faults import FaultMiddleware
from mcp_ads.sandbox.store import Store

pytestmark = pytest.mark.anyio

FORM = {
    "grant_type": "refresh_token",
    "refresh_token": "Atzr|sandbox-1",
    "client_id": CLIENT,
    "client_secret": "sandbox-secret",
}
CAMPAIGNS: dict[str, str | None] = dict.fromkeys(
    ("Content-Type", "Accept"), "application/vnd.spCampaign.v3+json"
)


async def token(store: Store, **changed: str | None) -> Any:
    """Ask the token endpoint; a field of None is left out."""
    form = {key: value for key, value in {**FORM, **changed}.items() if value is not None}
    return await send(amazon.token_app(store), "POST", "/auth/o2/token", data=form)


async def test_token_is_granted_used_and_kept_as_a_hash_only() -> None:
    """A refresh gives an access token the API takes; the state holds neither of the two."""
    api = Amazon()
    answer = (await token(api.store)).json()
    assert (answer["token_type"], answer["expires_in"]) == ("bearer", 3600)
    assert answer["refresh_token"] == FORM["refresh_token"]
    bearer: dict[str, str | None] = {"Authorization": f"Bearer {answer['access_token']}"}
    assert (await api.call("GET", "/v2/profiles", headers=bearer)).status_code == 200
    kept = str(api.store.all("amazon.token")) + str(api.store.writes())
    assert answer["access_token"] not in kept
    assert "Atzr|" not in kept


@pytest.mark.parametrize(
    ("changed", "status", "error"),
    [
        ({"refresh_token": "Atzr|sandbox-expired"}, 400, "invalid_grant"),
        ({"refresh_token": "Atzr|sandbox-revoked"}, 400, "invalid_grant"),
        ({"refresh_token": "Atzr|IwEBreal"}, 400, "invalid_grant"),
        ({"client_id": "amzn1.application-oa2-client.other"}, 401, "invalid_client"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": CLIENT + "-unapproved"}, 400, "unauthorized_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"client_id": None}, 400, "invalid_request"),
    ],
)
async def test_token_refusals(changed: dict[str, str | None], status: int, error: str) -> None:
    """Each mistake gets the OAuth name for it."""
    response = await token(Store(), **changed)
    assert (response.status_code, response.json()["error"]) == (status, error)


async def test_token_expires_and_belongs_to_its_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """After an hour, or with another client id, a token is refused."""
    api = Amazon()
    bearer = f"Bearer {(await token(api.store)).json()['access_token']}"
    other: dict[str, str | None] = {"Authorization": bearer, "Amazon-Advertising-API-ClientId": CLIENT + "2"}
    assert (await api.call("GET", "/v2/profiles", headers=other)).status_code == 401
    later = time.time() + 3601
    monkeypatch.setattr(time, "time", lambda: later)
    assert (await api.call("GET", "/v2/profiles", headers={"Authorization": bearer})).status_code == 401


@pytest.mark.parametrize(
    ("header", "value", "text"),
    [
        ("Authorization", None, "401 Unauthorized"),
        ("Authorization", "Bearer Atza|sandbox-expired", "401 Unauthorized"),
        ("Amazon-Advertising-API-ClientId", None, "client id"),
        ("Amazon-Advertising-API-Scope", None, "Scope header is missing"),
        ("Amazon-Advertising-API-Scope", DE, "No matching advertiser found for scope"),
        ("Amazon-Advertising-API-Scope", "9912345678901234", "Not authorized to access scope"),
    ],
)
async def test_gateway_refuses(header: str, value: str | None, text: str) -> None:
    """Token, client and scope are looked at before the request is."""
    response = await Amazon().call("POST", "/sp/campaigns/list", {}, {**CAMPAIGNS, header: value})
    assert (response.status_code, response.json()["code"]) == (401, "401")
    assert text in response.json()["details"]


async def test_media_types_are_the_vendor_s() -> None:
    """A plain JSON body is a 415 and a plain JSON Accept a 406."""
    api = Amazon()
    plain = await api.call(
        "POST", "/sp/campaigns/list", {}, {**CAMPAIGNS, "Content-Type": "application/json"}
    )
    assert (plain.status_code, plain.json()["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")
    accept = await api.call("POST", "/sp/campaigns/list", {}, {**CAMPAIGNS, "Accept": "application/json"})
    assert accept.status_code == 406


async def test_unknown_call_is_named() -> None:
    """What the sandbox lacks it says aloud."""
    response = await Amazon().call("POST", "/sp/nothing/list", {})
    assert response.status_code == 404
    assert response.json()["message"] == "the sandbox has no POST /sp/nothing/list"
    assert response.headers["x-amzn-requestid"]


async def test_profiles_are_those_of_the_region() -> None:
    """Each host lists its own profile; ids are numbers and no scope is wanted."""
    unscoped: dict[str, str | None] = {"Amazon-Advertising-API-Scope": None}
    for region, profile, currency in (("NA", US, "USD"), ("EU", DE, "EUR"), ("FE", JP, "JPY")):
        listed = (await Amazon(region).call("GET", "/v2/profiles", headers=unscoped)).json()
        assert [(profile["profileId"], profile["currencyCode"]) for profile in listed] == [
            (int(profile), currency)
        ]
    one = await Amazon().call("GET", f"/v2/profiles/{US}")
    assert one.json()["accountInfo"]["name"] == "Tern & Tide"
    assert (await Amazon().call("GET", f"/v2/profiles/{DE}")).status_code == 404
    vendors = await Amazon().call("GET", "/v2/profiles?profileTypeFilter=vendor")
    assert vendors.json() == []
    assert (await Amazon().call("GET", "/v2/profiles?limit=5")).status_code == 400


async def test_campaigns_page_through() -> None:
    """Pages add up to the total without repetition, and the last has no token."""
    api, body, seen = Amazon(), {"maxResults": 90, "stateFilter": {"include": ["ENABLED", "PAUSED"]}}, []
    for _ in range(9):
        page = await api.v3("POST", "/sp/campaigns/list", body)
        seen += [campaign["campaignId"] for campaign in page["campaigns"]]
        if "nextToken" not in page:
            break
        body["nextToken"] = page["nextToken"]
    assert len(seen) == len(set(seen)) == page["totalResults"]
    assert 250 < len(seen) < 300
    everything = await api.v3("POST", "/sp/campaigns/list", {})
    assert (everything["totalResults"], len(everything["campaigns"])) == (301, 100)


async def test_a_token_is_good_for_its_request_only() -> None:
    """Another filter, another profile or an invented token gives INVALID_TOKEN."""
    api = Amazon()
    given = (await api.v3("POST", "/sp/campaigns/list", {"maxResults": 5}))["nextToken"]
    bodies = ({"nextToken": given, "stateFilter": {"include": ["PAUSED"]}}, {"nextToken": "abc"})
    for body in bodies:
        response = await api.call("POST", "/sp/campaigns/list", body, CAMPAIGNS)
        assert response.status_code == 400
        assert response.json()["errors"][0]["errorValue"]["invalidInputError"]["reason"] == "INVALID_TOKEN"


@pytest.mark.parametrize(
    "body",
    [
        {"stateFilter": ["ENABLED"]},
        {"stateFilter": {}},
        {"stateFilter": {"include": ["enabled"]}},
        {"campaignIdFilter": {"include": [120000000000001]}},
        {"campaignIdFilter": {"include": ["1"] * 1001}},
        {"adGroupIdFilter": {"include": ["1"]}},
        {"maxResults": "10"},
        {"maxResults": 0},
        {"limit": 10},
    ],
)
async def test_malformed_filters_are_refused(body: dict[str, Any]) -> None:
    """Shape, type and name of each filter are those of the schema."""
    response = await Amazon().call("POST", "/sp/campaigns/list", body, CAMPAIGNS)
    assert (response.status_code, response.json()["code"]) == (400, "INVALID_ARGUMENT")


@pytest.mark.parametrize(
    "given",
    [{"include": ["x"], "queryTermMatchType": "PREFIX"}, {"contains": "x"}, {"include": "x"}, "x"],
)
async def test_a_malformed_filter_over_texts_filters_nothing(given: Any) -> None:
    """As it is reported of the platform: the answer is everything, not a refusal."""
    api = Amazon()
    everything = (await api.v3("POST", "/sp/campaigns/list", {}))["totalResults"]
    assert (await api.v3("POST", "/sp/campaigns/list", {"nameFilter": given}))["totalResults"] == everything


async def test_what_serves_is_the_first_thing_that_holds_it_back() -> None:
    """Its own state, then its campaign's."""
    api = Amazon()
    asked = {"includeExtendedDataFields": True, "maxResults": 1000}
    campaigns = (await api.v3("POST", "/sp/campaigns/list", asked))["campaigns"]
    states = {
        campaign["campaignId"]: "ENDED"
        if campaign["extendedData"]["servingStatus"] == "ENDED"
        else campaign["state"]
        for campaign in campaigns
    }
    for group in (await api.v3("POST", "/sp/adGroups/list", asked))["adGroups"]:
        status = group["extendedData"]["servingStatus"]
        if group["state"] != "ENABLED":
            assert status == f"AD_GROUP_{group['state']}"
        elif states[group["campaignId"]] == "ENDED":
            assert status == "ENDED"
        elif states[group["campaignId"]] != "ENABLED":
            assert status == f"CAMPAIGN_{states[group['campaignId']]}"
        else:
            assert status == "AD_GROUP_STATUS_ENABLED"


async def test_filters_filter() -> None:
    """By id, state, name, parent, match type and targeting type."""
    api = Amazon()
    named = {"nameFilter": {"include": ["towel"], "queryTermMatchType": "BROAD_MATCH"}}
    towels = (await api.v3("POST", "/sp/campaigns/list", named))["campaigns"]
    assert towels
    assert all("towel" in towel["name"].lower() for towel in towels)
    parent = {"campaignIdFilter": {"include": [towels[0]["campaignId"]]}}
    keywords = (await api.v3("POST", "/sp/keywords/list", parent))["keywords"]
    assert {keyword["campaignId"] for keyword in keywords} == {towels[0]["campaignId"]}
    exact = (await api.v3("POST", "/sp/keywords/list", {"matchTypeFilter": ["EXACT"]}))["keywords"]
    assert {keyword["matchType"] for keyword in exact} == {"EXACT"}
    automatic = await api.v3("POST", "/sp/adGroups/list", {"campaignTargetingTypeFilter": "AUTO"})
    targets = await api.v3("POST", "/sp/targets/list", {})
    assert targets["totalResults"] == 4 * automatic["totalResults"]


async def test_extended_data_only_when_asked() -> None:
    """Serving status and times come with includeExtendedDataFields and nothing internal ever does."""
    api = Amazon()
    plain = (await api.v3("POST", "/sp/campaigns/list", {"maxResults": 1}))["campaigns"][0]
    assert "extendedData" not in plain
    assert not [key for key in plain if key.startswith("_")]
    body = {"maxResults": 1, "includeExtendedDataFields": True}
    more = (await api.v3("POST", "/sp/campaigns/list", body))["campaigns"][0]["extendedData"]
    assert more["servingStatus"] == "CAMPAIGN_STATUS_ENABLED"
    assert more["creationDateTime"].endswith("Z")


async def test_portfolios_choose_their_page() -> None:
    """The list knows no maxResults and goes on with nextToken; state is always ENABLED."""
    api = Amazon()
    first = await api.v3("POST", "/portfolios/list", {})
    second = await api.v3("POST", "/portfolios/list", {"nextToken": first["nextToken"]})
    assert (len(first["portfolios"]), len(second["portfolios"])) == (10, 2)
    media: dict[str, str | None] = dict.fromkeys(CAMPAIGNS, "application/vnd.spPortfolio.v3+json")
    assert (await api.call("POST", "/portfolios/list", {"maxResults": 5}, media)).status_code == 400
    assert (await api.call("POST", "/portfolios/delete", {}, media)).status_code == 404
    assert (await api.create("/portfolios", "portfolios", {"name": "New", "state": "ENABLED"}))[0]
    _, errors = await api.create("/portfolios", "portfolios", {"name": "Other", "state": "PAUSED"})
    assert errors[0]["errors"][0]["errorType"] == "rangeError"


async def test_yen_have_no_decimals() -> None:
    """The Japanese profile counts in whole yen and its ads are told by ASIN."""
    api = Amazon("FE", JP)
    found = (await api.v3("POST", "/sp/campaigns/list", {}))["campaigns"]
    assert len(found) == 8
    assert all(isinstance(campaign["budget"]["budget"], int) for campaign in found)
    ads = (await api.v3("POST", "/sp/productAds/list", {}))["productAds"]
    assert all("sku" not in ad for ad in ads)


@pytest.mark.parametrize(
    ("fault", "status", "text"),
    [
        ("429;retry_after=2", 429, "THROTTLED"),
        ("throttle;code=html", 429, "<html>"),
        ("throttle;code=TooMany", 429, "TooMany"),
        ("500", 500, "INTERNAL_ERROR"),
        ("503", 503, ""),
        ("expired-token", 401, "expired"),
        ("revoked-token", 401, "revoked"),
    ],
)
async def test_faults_are_spelled_as_amazon_does(fault: str, status: int, text: str) -> None:
    """Each kind of failure has the status and envelope of the family asked."""
    api = Amazon()
    response = await api.call("POST", "/sp/campaigns/list", {}, {**CAMPAIGNS, "X-Sandbox-Fault": fault})
    assert response.status_code == status
    assert text in response.text
    assert response.headers.get("retry-after") == ("2" if "retry_after" in fault else None)


async def test_a_revoked_refresh_token_can_be_injected() -> None:
    """The same fault at the token endpoint is an invalid grant."""
    store = Store()
    app = FaultMiddleware(amazon.token_app(store), platform="amazon_ads", store=store, answer=amazon.fault)
    headers = {"X-Sandbox-Fault": "revoked-token"}
    response = await send(app, "POST", "/auth/o2/token", data=FORM, headers=headers)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_grant")
