"""LinkedIn's own client, unmodified except for its base URLs, against the sandbox."""

from __future__ import annotations

import time
from typing import Any

import pytest

from mcp_ads.sandbox.ports import Servers

restli = pytest.importorskip(
    "linkedin_api.clients.restli.client", reason="linkedin-api-client is not installed"
)
auth = pytest.importorskip("linkedin_api.clients.auth.client")
constants = pytest.importorskip("linkedin_api.common.constants")

pytestmark = [pytest.mark.vendors, pytest.mark.filterwarnings("ignore")]
ACCOUNT = "512345678"
CAMPAIGNS = "/adAccounts/{account}/adCampaigns"
ONE = CAMPAIGNS + "/{id}"
KEYS = {"account": ACCOUNT}
VERSION = "202607"


class Client:
    """The client with the arguments every call has."""

    def __init__(self, token: str) -> None:
        self.given = {"access_token": token, "version_string": VERSION}
        self.own = restli.RestliClient()

    def __getattr__(self, name: str) -> Any:
        return lambda **rest: getattr(self.own, name)(**{**self.given, **rest})


@pytest.fixture
def linkedin(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> Client:
    """LinkedIn's client with a token from the sandbox's token endpoint."""
    monkeypatch.setattr(constants, "VERSIONED_BASE_URL", f"{servers.ports.url}/rest")
    monkeypatch.setattr(constants, "OAUTH_BASE_URL", f"{servers.ports.url}/oauth/v2")
    signed_in = auth.AuthClient(client_id="sandbox-client", client_secret="sandbox-secret")
    token = signed_in.exchange_refresh_token_for_access_token("sandbox-refresh")
    assert token.status_code == 200
    assert signed_in.introspect_access_token(token.access_token).active
    return Client(token.access_token)


def urn(kind: str, id: object) -> str:
    return f"urn:li:{kind}:{id}"


def new_campaign(**changes: Any) -> dict[str, Any]:
    return {
        "account": urn("sponsoredAccount", ACCOUNT),
        "campaignGroup": urn("sponsoredCampaignGroup", 600000001),
        "name": "Made by the client, (quite) new: campaign",
        "type": "SPONSORED_UPDATES",
        "objectiveType": "WEBSITE_VISIT",
        "costType": "CPC",
        "unitCost": {"amount": "5.00", "currencyCode": "USD"},
        "dailyBudget": {"amount": "50.00", "currencyCode": "USD"},
        "runSchedule": {"start": int(time.time() * 1000) + 120_000},
        "locale": {"country": "US", "language": "en"},
        "offsiteDeliveryEnabled": False,
        "politicalIntent": "NOT_POLITICAL",
        "status": "DRAFT",
        **changes,
    }


def test_finder_with_nested_criteria(linkedin: Client) -> None:
    """A search whose criteria are a Rest.li object, encoded by the client."""
    search = {"status": {"values": ["ACTIVE"]}, "name": {"values": ["Whitepaper, gated | VPs everywhere"]}}
    query = {"search": search, "pageSize": 10}
    found = linkedin.finder(resource_path=CAMPAIGNS, finder_name="search", path_keys=KEYS, query_params=query)
    assert found.status_code == 200
    assert [element["name"] for element in found.elements] == ["Whitepaper, gated | VPs everywhere"]


def test_get_and_batch_get(linkedin: Client) -> None:
    """One by its key, several by a list, with what is missing among the errors."""
    one = linkedin.get(resource_path=ONE, path_keys={**KEYS, "id": 300000001})
    assert one.entity["id"] == 300000001
    several = linkedin.batch_get(resource_path=CAMPAIGNS, ids=[300000001, 300000002, 1], path_keys=KEYS)
    assert sorted(several.results) == ["300000001", "300000002"]
    assert list(several.errors) == ["1"]


def test_create_change_and_read_back(linkedin: Client) -> None:
    """A draft is made, its id comes in a header, a partial update changes one field and no other."""
    made = linkedin.create(resource_path=CAMPAIGNS, path_keys=KEYS, entity=new_campaign())
    assert made.status_code == 201, made.response.text
    keys = {**KEYS, "id": int(made.entity_id)}
    changed = linkedin.partial_update(
        resource_path=ONE, path_keys=keys, patch_set_object={"name": "Renamed, too: (yes)"}
    )
    assert changed.status_code == 204, changed.response.text
    entity = linkedin.get(resource_path=ONE, path_keys=keys).entity
    assert entity["name"] == "Renamed, too: (yes)"
    assert entity["dailyBudget"] == {"amount": "50.00", "currencyCode": "USD"}
    assert linkedin.delete(resource_path=ONE, path_keys=keys).status_code == 204


def test_batch_partial_update(linkedin: Client) -> None:
    """Several objects in one call, each with its own status."""
    ids = [300000003, 300000004]
    patches = [{"name": "First of two"}, {"name": "Second of two"}]
    done = linkedin.batch_partial_update(
        resource_path=CAMPAIGNS, ids=ids, patch_set_objects=patches, path_keys=KEYS
    )
    assert {key: result.status for key, result in done.results.items()} == {
        "300000003": 204,
        "300000004": 204,
    }
    found = linkedin.batch_get(resource_path=CAMPAIGNS, ids=ids, path_keys=KEYS).results
    assert [found[str(id_)]["name"] for id_ in ids] == ["First of two", "Second of two"]


def test_query_tunnelling(linkedin: Client) -> None:
    """A query of over 4,000 characters goes in the body of a POST, and the answer is the same."""
    ids = [300000001, 300000002, *range(1000, 1900)]
    found = linkedin.batch_get(resource_path=CAMPAIGNS, ids=ids, path_keys=KEYS)
    assert found.response.request.method == "POST"
    assert found.response.request.headers["X-HTTP-Method-Override"] == "GET"
    assert sorted(found.results) == ["300000001", "300000002"]


def test_analytics(linkedin: Client) -> None:
    """A report with a date range and lists of URNs."""
    until, since = time.gmtime(time.time() - 2 * 86_400), time.gmtime(time.time() - 20 * 86_400)
    query = {
        "pivot": "CAMPAIGN",
        "timeGranularity": "ALL",
        "dateRange": {"start": _date(since), "end": _date(until)},
        "accounts": [urn("sponsoredAccount", ACCOUNT)],
        "fields": "impressions,clicks,costInLocalCurrency,pivotValues",
    }
    found = linkedin.finder(resource_path="/adAnalytics", finder_name="analytics", query_params=query)
    assert found.status_code == 200, found.response.text
    assert found.elements
    assert set(found.elements[0]) == {"impressions", "clicks", "costInLocalCurrency", "pivotValues"}


def test_refusals(linkedin: Client) -> None:
    """A value the platform does not take, and a token it does not know."""
    wrong = linkedin.create(resource_path=CAMPAIGNS, path_keys=KEYS, entity=new_campaign(costType="CPX"))
    assert wrong.status_code == 422
    dead = linkedin.get(
        resource_path=ONE, path_keys={**KEYS, "id": 300000001}, access_token="sandbox-expired"
    )
    assert dead.status_code == 401
    assert dead.entity["code"]


def _date(day: time.struct_time) -> dict[str, int]:
    return {"year": day.tm_year, "month": day.tm_mon, "day": day.tm_mday}
