"""LinkedIn's own client, unmodified except for its base URLs, against the sandbox."""

from __future__ import annotations

import json
import time
from types import SimpleNamespace
from typing import Any

import pytest
from restli_values import SEEDS, container

from mcp_ads.connectors.linkedin_ads.dialect import RestliDialect
from mcp_ads.connectors.linkedin_ads.restli import encode, query
from mcp_ads.core import Request
from mcp_ads.core.bodies import shown
from mcp_ads.sandbox.ports import Servers

restli = pytest.importorskip(
    "linkedin_api.clients.restli.client", reason="linkedin-api-client is not installed"
)
auth = pytest.importorskip("linkedin_api.clients.auth.client")
constants = pytest.importorskip("linkedin_api.common.constants")
encoder = pytest.importorskip("linkedin_api.clients.restli.utils.encoder")
tunnelling = pytest.importorskip("linkedin_api.clients.restli.utils.query_tunneling")

pytestmark = [pytest.mark.vendors, pytest.mark.filterwarnings("ignore")]
ACCOUNT = "512345678"
CAMPAIGNS = "/adAccounts/{account}/adCampaigns"
ONE = CAMPAIGNS + "/{id}"
CREATIVES = "/adAccounts/{account}/creatives"
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


@pytest.fixture
def mended(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client's content types, so that the one for two parts can be read: as they are, it cannot."""
    kinds = tunnelling.CONTENT_TYPE
    two = SimpleNamespace(value=kinds.MULTIPART_MIXED_WITH_BOUNDARY)
    known = {"URL_ENCODED": kinds.URL_ENCODED, "JSON": kinds.JSON, "MULTIPART_MIXED_WITH_BOUNDARY": two}
    monkeypatch.setattr(tunnelling, "CONTENT_TYPE", SimpleNamespace(**known))


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


def test_finder_whose_method_is_in_the_header(linkedin: Client) -> None:
    """Creatives of one campaign, by a list of URNs; their keys are URNs in paths too."""
    campaigns = {"campaigns": [urn("sponsoredCampaign", 300000001)], "pageSize": 5}
    found = linkedin.finder(
        resource_path=CREATIVES, finder_name="criteria", path_keys=KEYS, query_params=campaigns
    )
    assert found.status_code == 200, found.response.text
    assert {element["campaign"] for element in found.elements} == {urn("sponsoredCampaign", 300000001)}
    creative = found.elements[0]["id"]
    one = linkedin.get(resource_path=CREATIVES + "/{id}", path_keys={**KEYS, "id": creative})
    assert one.entity["id"] == creative


def test_batch_create_tells_of_each(linkedin: Client) -> None:
    """Two are made and one is refused, in the order in which they were asked for."""
    new = [new_campaign(name="One"), new_campaign(name="Two", costType="CPX"), new_campaign(name="Three")]
    made = linkedin.batch_create(resource_path=CAMPAIGNS, path_keys=KEYS, entities=new)
    assert [element.status for element in made.elements] == [201, 422, 201], made.response.text
    ids = [int(element.id) for element in (made.elements[0], made.elements[2])]
    gone = linkedin.batch_delete(resource_path=CAMPAIGNS, path_keys=KEYS, ids=ids)
    assert {key: result.status for key, result in gone.results.items()} == {str(id_): 204 for id_ in ids}


def test_compound_key(linkedin: Client) -> None:
    """The role of a member in an account, whose key the client spells with colons."""
    found = linkedin.finder(resource_path="/adAccountUsers", finder_name="authenticatedUser")
    member = found.elements[0]
    key = {"account": member["account"], "user": member["user"]}
    one = linkedin.get(resource_path="/adAccountUsers/{key}", path_keys={"key": key})
    assert one.status_code == 200, one.response.text
    assert one.entity["role"] == member["role"]


def test_action(linkedin: Client) -> None:
    """An upload is announced by an action, and its answer is a value."""
    owner = linkedin.get(resource_path="/adAccounts/{id}", path_keys={"id": ACCOUNT}).entity["reference"]
    asked = {"initializeUploadRequest": {"owner": owner}}
    begun = linkedin.action(resource_path="/images", action_name="initializeUpload", action_params=asked)
    assert begun.status_code == 200, begun.response.text
    assert begun.value["image"].startswith("urn:li:image:")


def test_tunnelled_finder(linkedin: Client) -> None:
    """Criteria of over 4,000 characters go in a body, and narrow as they do in the address."""
    ids = [urn("sponsoredCampaign", 300000001 + number) for number in range(150)]
    search = {"id": {"values": ids}, "status": {"values": ["PAUSED"]}}
    found = linkedin.finder(
        resource_path=CAMPAIGNS, finder_name="search", path_keys=KEYS, query_params={"search": search}
    )
    assert found.response.request.headers["X-HTTP-Method-Override"] == "GET"
    assert found.status_code == 200, found.response.text
    assert {element["status"] for element in found.elements} == {"PAUSED"}


@pytest.mark.usefixtures("mended")
def test_tunnelled_batch_of_changes(linkedin: Client) -> None:
    """With a body of its own it becomes two parts; each object has its verdict."""
    ids = [300000003, *range(10**9, 10**9 + 400)]
    patches = [{"name": "Tunnelled"}] * len(ids)
    done = linkedin.batch_partial_update(
        resource_path=CAMPAIGNS, ids=ids, patch_set_objects=patches, path_keys=KEYS
    )
    assert done.response.request.headers["Content-Type"].startswith("multipart/mixed")
    assert done.status_code == 200, done.response.text
    assert done.results["300000003"].status == 204
    assert len(done.response.json()["errors"]) == 400


def without_empty(value: Any) -> Any:
    """A value with a word where there is an empty text."""
    if isinstance(value, list):
        return [without_empty(inner) for inner in value]
    if isinstance(value, dict):
        return {name: without_empty(inner) for name, inner in value.items()}
    return "EMPTY" if value == "" else value


def test_values_are_spelled_alike() -> None:
    """Ours is the client's spelling, except for the empty text, which it leaves out."""
    awkward = [True, False, 0, -1, 7, 10**15, 1.5, "a", "List(a)", ["x", True, 2], {"b": False, "k": [1]}]
    for made in [*map(container, SEEDS), *awkward]:
        assert encode(made) == encoder.encode(without_empty(made)).replace("EMPTY", "''")
    assert (encode(""), encoder.encode("")) == ("''", "")


def test_whole_queries_are_spelled_alike() -> None:
    """Names and values; the client sorts them."""
    for seed in SEEDS:
        given = {"a": container(seed), "b:c": container(seed + 1), "q": "search"}
        known = encoder.param_encode(without_empty(given)).replace("EMPTY", "''")
        assert query(given) == known


@pytest.mark.parametrize("verb", ["GET", "BATCH_GET", "FINDER"])
@pytest.mark.parametrize("length", [3_990, 4_010])
def test_reads_are_tunnelled_alike(verb: str, length: int) -> None:
    """The same method, address, override and body from the same length on."""
    text = {"a": "x" * length}
    ours = RestliDialect(VERSION).encode(
        Request("GET", "/adAnalytics", text, headers={"X-RestLi-Method": verb})
    )
    theirs = tunnelling.maybe_apply_query_tunneling_get_requests(
        url=f"{constants.VERSIONED_BASE_URL}/adAnalytics",
        encoded_query_param_string=encoder.param_encode(text),
        original_restli_method=constants.RESTLI_METHODS[verb],
        access_token="t",
        version_string=VERSION,
    )
    _same(ours, theirs, (theirs.body or b"") and str(theirs.body))


@pytest.mark.usefixtures("mended")
@pytest.mark.parametrize("verb", ["BATCH_PARTIAL_UPDATE", "BATCH_UPDATE", "ACTION"])
def test_changes_are_tunnelled_alike(verb: str) -> None:
    """Two parts, each with its type; the boundary is whatever each likes."""
    text, body = {"ids": [*range(2_000)]}, {"entities": {"1": {"patch": {"$set": {"name": "é"}}}}}
    method = constants.RESTLI_METHOD_TO_HTTP_METHOD_MAP[verb]
    ours = RestliDialect(VERSION).encode(
        Request(method, "/adCampaigns", text, body, {"X-RestLi-Method": verb}, risk="write")
    )
    theirs = tunnelling.maybe_apply_query_tunneling_requests_with_body(
        url=f"{constants.VERSIONED_BASE_URL}/adCampaigns",
        encoded_query_param_string=encoder.param_encode(text),
        original_restli_method=constants.RESTLI_METHODS[verb],
        original_request_body=body,
        access_token="t",
        version_string=VERSION,
    )
    mark = ours.headers["Content-Type"].partition("boundary=")[2]
    other = theirs.headers["Content-Type"].partition("boundary=")[2]
    told = json.dumps(body)
    plain = str(theirs.body).replace(other, mark).replace(told, json.dumps(body, ensure_ascii=False))
    theirs.headers["Content-Type"] = theirs.headers["Content-Type"].replace(other, mark)
    _same(ours, theirs, plain)


def test_a_removal_is_tunnelled_as_one() -> None:
    """The client's own would be taken for a read: it says GET of whatever has no body."""
    headers = {"X-RestLi-Method": "BATCH_DELETE"}
    wire = RestliDialect(VERSION).encode(
        Request("DELETE", "/adCampaigns", {"ids": [*range(2_000)]}, headers=headers, risk="delete")
    )
    assert (wire.method, wire.headers["X-HTTP-Method-Override"]) == ("POST", "DELETE")


def _same(ours: Any, theirs: Any, body: Any) -> None:
    told = {name.lower(): value for name, value in ours.headers.items()}
    known = {name.lower(): value for name, value in theirs.headers.items()}
    names = ["x-http-method-override", "x-restli-method", "linkedin-version", "x-restli-protocol-version"]
    names += ["content-type"] if "x-http-method-override" in known else []
    assert ours.method == theirs.method
    assert f"{constants.VERSIONED_BASE_URL.removesuffix('/rest')}{ours.url}" == theirs.url
    assert {name: told.get(name) for name in names} == {name: known.get(name) for name in names}
    assert (shown(ours.content) if ours.content else b"") == body


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
