"""Consents: asked for, answered once, and one connector made of each."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection
from tenants import KEPT, SLUGS, Tenants, tenants

from mcp_ads.host.store import clients
from mcp_ads.host.store.clients import Limits

BACK = "https://yourapp.com/back?user=7"
INITIATE = f"{KEPT}/oauth/initiate"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenants]:
    """A host with two organizations."""
    with tenants(tmp_path_factory.mktemp("oauth")) as found:
        yield found


def ask(api: Tenants, slug: str, workspace: str, **more: Any) -> Any:
    """The answer to a wish for a consent."""
    body = {"workspace_name": workspace, "connector_type": slug, "redirect_url": BACK, **more}
    return api.ask("owner", "POST", INITIATE, body)


def consented(api: Tenants, slug: str, workspace: str, deny: str = "", **more: Any) -> tuple[str, Any]:
    """The callback's address, and the query somebody comes back with."""
    answer = ask(api, slug, workspace, **more)
    assert answer.status_code == 200, answer.text
    url = answer.json()["consent_url"] + deny
    callback = api.http.get(url, headers={"accept": "*/*"}, follow_redirects=False).headers["location"]
    return callback, back(api, callback)


def back(api: Tenants, callback: str) -> dict[str, str]:
    """The query of the address that the callback sends the browser to."""
    parts = urlsplit(callback)
    answer = api.http.get(f"{parts.path}?{parts.query}", follow_redirects=False)
    assert answer.status_code == 302, answer.text
    assert answer.headers["location"].startswith(BACK)
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


@pytest.mark.parametrize("slug", ["facebook-marketing", "linkedin-ads", "amazon-ads"])
def test_a_consent_makes_one_connector(api: Tenants, slug: str) -> None:
    """With a connector_id at once but Facebook's; the secret id completes it, twice, and never a second."""
    workspace = f"consent-{slug}"
    callback, query = consented(api, slug, workspace)
    assert query.keys() == {"user", "secret_id"} | ({"connector_id"} if slug[0] != "f" else set())
    config = SLUGS[slug]["replication_config"] if slug in SLUGS else {}
    body = {"workspace_name": workspace, "connector_type": slug, "name": "n", "replication_config": config,
            "server_side_oauth_secret_id": query["secret_id"]}  # fmt: skip
    foreign = api.ask("other", "POST", KEPT, body)
    elsewhere = api.ask("owner", "POST", KEPT, {**body, "workspace_name": "near"})
    assert foreign.status_code == elsewhere.status_code == 400
    assert foreign.json() == elsewhere.json()
    made = [api.ask("owner", "POST", KEPT, body) for _ in range(2)]
    assert [answer.status_code for answer in made] == [200, 200], made[0].text
    ids = {answer.json()["id"] for answer in made} | {query.get("connector_id", made[0].json()["id"])}
    listed = api.ask("owner", "GET", KEPT, query={"workspace_name": workspace}).json()["data"]
    assert {(row["id"], row["name"]) for row in listed} == {(id_, "n") for id_ in ids}
    entity = {"f": "ad_accounts", "l": "accounts", "a": "profiles"}[slug[0]]
    call = {"entity": entity, "action": "list", "params": {}}
    assert api.ask("owner", "POST", f"{KEPT}/{ids.pop()}/execute", call).json()["result"]
    parts = urlsplit(callback)
    again = api.http.get(f"{parts.path}?{parts.query}", follow_redirects=False)
    assert (again.status_code, "location" in again.headers) == (400, False)


def test_refusing_comes_back_as_access_denied(api: Tenants) -> None:
    """Nothing is made then; a code that is not good is creation_failed."""
    _, query = consented(api, "linkedin-ads", "refused", "&deny=1")
    assert (query["error"], query["user"]) == ("access_denied", "7")
    state = dict(parse_qsl(urlsplit(ask(api, "amazon-ads", "refused").json()["consent_url"]).query))["state"]
    assert back(api, f"/connector/callback?state={state}&code=wrong")["error"] == "creation_failed"
    assert api.ask("owner", "GET", KEPT, query={"workspace_name": "refused"}).json() == {"data": []}


@pytest.mark.parametrize(
    "url",
    ["http://yourapp.com/", "javascript:alert(1)", "https://a@b/", "https://a/#b", "https://a/?secret_id=1"],
)
def test_redirects_elsewhere_are_refused(api: Tenants, url: str) -> None:
    """https, or http on this machine, with nothing in them that misleads."""
    answer = ask(api, "linkedin-ads", "near", redirect_url=url)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "redirect_url"


def test_an_organizations_app_is_kept_and_never_answered(api: Tenants) -> None:
    """PUT answers without its secret; a client of one workspace may not; DELETE forgets it once."""
    body = {"connector_type": "linkedin-ads",
            "configuration": {"client_id": "theirs", "client_secret": "MARKER-secret"}}  # fmt: skip
    assert api.ask("narrow", "PUT", "/api/v1/oauth/credentials", body).status_code == 403
    kept = api.ask("owner", "PUT", "/api/v1/oauth/credentials", body)
    assert kept.status_code == 200
    assert "MARKER" not in kept.text
    gone = [
        api.ask("owner", "DELETE", "/api/v1/oauth/credentials/connector_type/linkedin-ads") for _ in range(2)
    ]
    assert [answer.status_code for answer in gone] == [204, 404]


@pytest.mark.slow
def test_a_secret_id_is_asked_for_as_credentials_are(api: Tenants) -> None:
    """verify, check and an Idempotency-Key work; both ways in at once do not; two at once make one."""
    workspace = "asked"
    _, query = consented(api, "facebook-marketing", workspace)
    body: dict[str, Any] = {
        "workspace_name": workspace, "connector_type": "facebook-marketing",
        "replication_config": {"account_ids": "101"}, "server_side_oauth_secret_id": query["secret_id"],
    }  # fmt: skip
    both = api.ask("owner", "POST", KEPT, {**body, "credentials": {"access_token": "t"}})
    bare = api.ask("owner", "POST", KEPT, {**body, "replication_config": None})
    fields = [answer.json()["errors"][0]["field"] for answer in (both, bare)]
    assert (both.status_code, bare.status_code) == (422, 422)
    assert fields == ["credentials", "replication_config.account_ids"]
    assert api.ask("owner", "POST", f"{KEPT}/check", body).json()["status"] == "succeeded"
    keyed = {"Idempotency-Key": "k", "Authorization": f"Bearer {api.tokens['owner']}"}

    def create(_: int) -> Any:
        return api.http.post(f"{KEPT}?verify=true", json=body, headers=keyed)

    with ThreadPoolExecutor(4) as threads:
        made = [*threads.map(create, range(4))]
    assert [answer.status_code for answer in made] == [200] * 4, [answer.text for answer in made]
    assert len({answer.json()["id"] for answer in made}) == 1
    assert [answer.headers.get("idempotent-replayed") for answer in made].count("true") == 3
    other = api.http.post(KEPT, json={**body, "name": "other"}, headers=keyed)
    assert (other.status_code, other.json()["errors"][0]["error_code"]) == (422, "key_used")


def test_who_was_revoked_meanwhile_gets_no_connector(api: Tenants) -> None:
    """Also where the person had the page open; registered redirects are met letter by letter."""

    async def work(connection: AsyncConnection) -> tuple[str, str]:
        limits = Limits(redirects=[BACK])
        return await clients.add(connection, api.organization, "short", limits)

    client_id, secret = api.host.database.wait(work)
    api.tokens["short"] = api.bearer(client_id, secret)
    body = {"workspace_name": "short", "connector_type": "amazon-ads", "redirect_url": f"{BACK}&"}
    assert api.ask("short", "POST", INITIATE, body).status_code == 400
    url = api.ask("short", "POST", INITIATE, {**body, "redirect_url": BACK}).json()["consent_url"]
    api.host.database.wait(lambda c: clients.revoke(c, api.organization, client_id))
    callback = api.http.get(url, headers={"accept": "*/*"}, follow_redirects=False).headers["location"]
    assert back(api, callback)["error"] == "creation_failed"
    assert api.ask("owner", "GET", KEPT, query={"workspace_name": "short"}).json() == {"data": []}


@pytest.mark.parametrize(
    ("name", "said"),
    [("ADS.example.com:443", 200), ("ads.example.com", 200), ("localhost:1", 200), ("else.example.com", 421),
     ("localhost:1@evil.example", 421), ("ads.example.com/x", 421)],
)  # fmt: skip
def test_browsers_are_sent_back_to_names_of_the_host_alone(api: Tenants, name: str, said: int) -> None:
    """MCP_ADS_HTTP_ALLOWED_HOSTS and this machine's, in any case and at any port."""
    body = {"workspace_name": "near", "connector_type": "linkedin-ads", "redirect_url": "http://localhost/b"}
    headers = {"Authorization": f"Bearer {api.tokens['owner']}", "Host": name}
    answer = api.http.post(INITIATE, json=body, headers=headers)
    assert answer.status_code == said, answer.text
    assert said == 200 or "MCP_ADS_HOST_PUBLIC_URL" in answer.text
