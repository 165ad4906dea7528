"""Rules, events and tags on the sandbox's own terms: what it takes, how it says no."""

from __future__ import annotations

import time
from typing import Any

import pytest
from linkedin_client import DAY, EU, US, Client, enc, urn

pytestmark = pytest.mark.anyio
ACCOUNT = enc(urn("sponsoredAccount", US))
RULES = "/rest/conversions"
NEW: dict[str, Any] = {
    "account": urn("sponsoredAccount", US),
    "name": "Trial begun",
    "type": "START_TRIAL",
    "conversionMethod": "CONVERSIONS_API",
}


def rule(id: object) -> str:
    return f"urn:lla:llaPartnerConversion:{id}"


def key(campaign: object, id: object) -> str:
    return f"(campaign:{enc(urn('sponsoredCampaign', campaign))},conversion:{enc(rule(id))})"


async def made(api: Client, query: str = "", **changes: Any) -> str:
    answer = await api.call("POST", RULES + query, NEW | changes)
    assert answer.status_code == 201, answer.text
    return answer.headers["x-restli-id"]


async def refused(api: Client, *call: Any, **more: Any) -> str:
    answer = await api.call(*call, **more)
    assert 400 <= answer.status_code < 500, answer.status_code
    return f"{answer.status_code} {answer.text}"


async def test_rules_are_found_by_account_and_by_campaign() -> None:
    """By offset, ten a page unless more are asked for; a campaign finds only those attached to it."""
    api = Client()
    mine = await api.get(f"{RULES}?q=account&account={ACCOUNT}&start=1&count=2")
    assert (len(mine["elements"]), mine["paging"]["total"]) == (2, 4)
    assert mine["paging"]["links"][0]["rel"] == "next"
    first = (await api.get(f"{RULES}?q=account&account={ACCOUNT}"))["elements"][0]
    (campaign, *_) = first["campaigns"]
    of_campaign = await api.get(f"{RULES}?q=campaign&campaign={enc(campaign)}")
    assert first["id"] in [one["id"] for one in of_campaign["elements"]]
    assert first["associatedCampaigns"][0]["conversion"] == rule(first["id"])
    assert "Rest.li" not in await refused(api, "GET", f"{RULES}?q=account")
    assert "QUERY_PARAM_NOT_ALLOWED" in await refused(
        api, "GET", f"{RULES}?q=account&account={ACCOUNT}&pageSize=5"
    )
    assert "PARAM_INVALID" in await refused(api, "GET", f"{RULES}?q=account&account={US}")


async def test_a_rule_is_made_and_changed_and_never_deleted() -> None:
    """What it begins with; a patch replaces the campaigns as a whole; there is no delete."""
    api = Client()
    id_ = await made(api, "?autoAssociationType=ALL_CAMPAIGNS")
    there = await api.get(f"{RULES}/{id_}?account={ACCOUNT}")
    assert (there["enabled"], there["postClickAttributionWindowSize"]) == (True, 30)
    assert len(there["campaigns"]) > 100
    answer = await api.call(
        "POST", f"{RULES}/{id_}?account={ACCOUNT}",
        {"patch": {"$set": {"campaigns": there["campaigns"][:1], "enabled": False}}}, method="PARTIAL_UPDATE",
    )  # fmt: skip
    assert answer.status_code == 204
    assert (await api.get(f"{RULES}/{id_}"))["campaigns"] == there["campaigns"][:1]
    assert (await refused(api, "DELETE", f"{RULES}/{id_}")).startswith("405")
    other = enc(urn("sponsoredAccount", EU))
    assert (await refused(api, "GET", f"{RULES}/{id_}?account={other}")).startswith("403")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": None}, "field is required|cannot be coerced"),
        ({"type": "WIN"}, "is not an enum symbol"),
        ({"pixel": "x"}, "unrecognized field found"),
        ({"campaigns": [urn("sponsoredCampaignGroup", 1)]}, "is not a URN of sponsoredCampaign"),
        ({"postClickAttributionWindowSize": 365}, "365 days are not allowed"),
        ({"postClickAttributionWindowSize": 14}, "14 days are not allowed"),
        ({"valueType": "FIXED"}, "needs value"),
        ({"valueType": "FIXED", "value": {"amount": "5", "currencyCode": "EUR"}}, "CURRENCY_MISMATCH"),
        ({"urlMatchRuleExpression": [[{"matchType": "CONTAINS", "matchValue": "/x"}]]}, "No URL rules"),
        ({"account": urn("sponsoredAccount", 1)}, "may not read or change"),
        ({"lastCallbackAt": 5}, "read-only"),
    ],
    ids=str,
)
async def test_rules_that_are_refused(changes: dict[str, Any], says: str) -> None:
    """In the older envelope, which has its codes in the text."""
    text = await refused(Client(), "POST", RULES, NEW | changes)
    assert any(part in text for part in says.split("|")), text


async def test_associations_have_keys_of_two_urns() -> None:
    """Put where they may be already, read, listed by campaign, taken away; other spellings are refused."""
    api = Client()
    id_ = await made(api)
    body = {"campaign": urn("sponsoredCampaign", 300000001), "conversion": rule(id_)}
    where = f"/rest/campaignConversions/{key(300000001, id_)}"
    assert (await refused(api, "GET", where)).startswith("404")
    for _ in range(2):
        assert (await api.call("PUT", where, body)).status_code == 204
    assert (await api.get(where))["conversion"] == rule(id_)
    listed = f"/rest/campaignConversions?q=campaigns&campaigns=List({enc(body['campaign'])})&count=100"
    assert rule(id_) in [row["conversion"] for row in (await api.get(listed))["elements"]]
    assert "another key" in await refused(api, "PUT", where, body | {"conversion": rule(104001)})
    assert (await refused(api, "PUT", where, {})).startswith("422")
    eu = next(row["id"] for row in api.store.all("linkedin.campaign") if row["account"].endswith(EU))
    foreign = {"campaign": urn("sponsoredCampaign", eu), "conversion": rule(id_)}
    assert "different accounts" in await refused(
        api, "PUT", f"/rest/campaignConversions/{key(eu, id_)}", foreign
    )
    older = f"/rest/campaignConversions/(campaign={enc(body['campaign'])},conversion={enc(rule(id_))})"
    assert (await refused(api, "PUT", older, body)).startswith("400")
    assert (await api.call("DELETE", where)).status_code == 204
    assert (await refused(api, "DELETE", where)).startswith("404")
    assert api.writes() == ["create conversion", "attach conversion", "detach conversion"]


def event(**changes: Any) -> dict[str, Any]:
    now = int(time.time() * 1000)
    user = {"userIds": [{"idType": "SHA256_EMAIL", "idValue": "a" * 64}]}
    body = {"conversion": rule(104002), "conversionHappenedAt": now, "user": user, **changes}
    return {name: value for name, value in body.items() if value is not None}


async def test_each_event_has_a_verdict() -> None:
    """In the order of the call, whatever became of the others; a rule says when it last counted."""
    api = Client()
    now = int(time.time() * 1000)
    events = [
        event(),
        event(conversion=rule(104001)),
        event(conversion=rule(9)),
        event(conversionHappenedAt=now - 91 * DAY),
        event(conversionHappenedAt=now + DAY),
        event(user={}),
        event(user={"userIds": [{"idType": "SHA256_EMAIL", "idValue": "mary@example.com"}]}),
        event(user={"userIds": [{"idType": "PHONE", "idValue": "1"}]}),
        event(user={"userInfo": {"firstName": "Mary"}}),
        event(eventId="x" * 65),
        event(conversionValue={"amount": 5, "currencyCode": "USD"}),
        event(colour="red"),
        event(user={"lead": "urn:li:leadGenFormResponse:a9-4"}),
    ]
    answer = await api.call("POST", "/rest/conversionEvents", {"elements": events}, method="BATCH_CREATE")
    statuses = [one["status"] for one in answer.json()["elements"]]
    assert (answer.status_code, statuses) == (
        200, [201, 400, 400, 400, 400, 400, 422, 422, 422, 400, 422, 422, 201]
    )  # fmt: skip
    assert (await api.get(f"{RULES}/104002"))["lastCallbackAt"] >= now
    assert (await api.call("POST", "/rest/conversionEvents", event())).status_code == 201
    bodies: list[dict[str, Any]] = [{"elements": []}, {"elements": [event()] * 5_001}, {"events": []}]
    for wrong in bodies:
        said = await refused(api, "POST", "/rest/conversionEvents", wrong, method="BATCH_CREATE")
        assert said.startswith("400")
    assert "example.com" not in str(api.store.writes())


async def test_tags_are_found_by_account() -> None:
    """With their script; those of an account nobody may see are refused."""
    api = Client()
    (tag,) = (await api.get(f"/rest/insightTags?q=account&account={ACCOUNT}"))["elements"]
    assert str(tag["id"]) in tag["tag"]
    nobodys = enc(urn("sponsoredAccount", 1))
    assert (await refused(api, "GET", f"/rest/insightTags?q=account&account={nobodys}")).startswith("403")
