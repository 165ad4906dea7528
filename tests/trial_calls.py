"""Trials of a host: who asks, how it is named, what is executed and how mistakes are told."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

from trial_client import AMAZON, DEFINITIONS, FACEBOOK, KEPT, LINKEDIN, LISTS, Host, a_workspace, trial


@trial
async def tokens(host: Host) -> None:
    """A wrong secret is an AuthenticationError, no token and a wrong one a 401 with words."""
    wrong = host.typed(FACEBOOK, workspace_name="x", airbyte_client_secret="wrong")
    error = await host.refused("AuthenticationError", wrong.execute("campaigns", "list", {}))
    assert error.status_code in (401, 403)
    for token in ("", "Bearer nonsense", "Basic eDp5"):
        answer = host.http("GET", f"{KEPT}?workspace_name=x", Authorization=token)
        assert answer.status_code in (401, 403), (token, answer.status_code)
        assert answer.json()["errors"][0]["message"]


@trial
async def names_over_time(host: Host) -> None:
    """All names of a workspace, of a connector and of the path make the same; a mistake is named."""
    shop = a_workspace()
    spellings = {
        FACEBOOK: ("Facebook-Marketing", "Facebook Marketing", "facebook_marketing"),
        LINKEDIN: ("Linkedin-Ads", "LinkedIn Ads", "linkedin_ads"),
        AMAZON: ("Amazon-Ads", "Amazon Ads", "amazon_ads"),
    }
    workspaces = ("workspace_name", "customer_name", "external_user_id")
    for slug, ways in spellings.items():
        made = {
            host.create(slug, shop, by, connector_type=way) for by, way in zip(workspaces, ways, strict=True)
        }
        for by in workspaces:
            query = f"{by}={shop}&definition_id={DEFINITIONS[slug]}"
            for start in ("/api/v1", "/v1"):
                listed = host.http("GET", f"{start}/integrations/connectors?{query}").json()["data"]
                assert {one["id"] for one in listed} == made, (slug, by)
    body = {"workspace_name": shop, "connector_type": "Linkedin-Ads", "name": "x",
            "credentials": host.kinds[LINKEDIN]["credentials"], "replication_config": {}}  # fmt: skip
    late = host.http("POST", KEPT, body)
    assert (late.status_code, "start_date" in late.text) == (422, True), late.text
    wrong = body | {"connector_type": "amazon-ads", "credentials": {"api_key": host.marker}}
    for mistaken in (wrong, {"workspace_name": shop, "name": "x", "credentials": {}}):
        answer = host.http("POST", KEPT, mistaken)
        assert answer.status_code in (400, 422), answer.text
        assert host.marker not in answer.text


@trial
async def connect(host: Host) -> None:
    """By workspace: the one there is; none, several and unknown kinds each have their error."""
    shop, known = a_workspace(), host.sdk.connect
    made = host.create(LINKEDIN, shop)
    found = await asyncio.to_thread(lambda: known("linkedin-ads", workspace_name=shop, **host.client))
    assert (type(found).__name__, found.connector_id) == ("LinkedinAdsConnector", made)
    asked = {"ConnectorNotFoundError": AMAZON, "UnknownConnectorError": "no-such"}
    for name, slug in asked.items():
        await host.refused(name, lambda slug=slug: known(slug, workspace_name=shop, **host.client))
    host.create(LINKEDIN, shop, name="second")
    await host.refused("ConnectorAmbiguityError", lambda: known(LINKEDIN, workspace_name=shop, **host.client))
    for name in ("customer_name", "external_user_id"):
        connector = host.typed(LINKEDIN, **{name: shop})
        await host.refused("ConnectorAmbiguityError", connector.execute("accounts", "list", {}))


@trial
async def records(host: Host) -> None:
    """A list is an envelope with an object beside it, on both path shapes; a get is the object."""
    for slug, entity in LISTS.items():
        shop = a_workspace()
        made = host.create(slug, shop)
        async with host.typed(slug, workspace_name=shop) as connector:
            found = await connector.execute(entity, "list", {})
        assert found.data, slug
        assert found.meta is not None, slug
        json.dumps(found.model_dump(mode="json"))
        body = {"entity": entity, "action": "list", "params": None}
        paths = (
            f"{KEPT}/{made}/execute",
            f"/api/v1/connectors/sources/{made}/execute",
            f"/v1/integrations/connectors/{made}/execute",
        )
        first, *others = [host.http("POST", path, body).json() for path in paths]
        assert all(answer["result"] == first["result"] for answer in others)
        assert (first["status"], {*first} >= {"result", "connector_metadata", "execution_metadata"}) == (
            "success",
            True,
        )
        assert first["execution_metadata"]["connector_instance_id"] == made
        assert isinstance(first["execution_metadata"]["execution_time_ms"], int)


@trial
async def pages(host: Host) -> None:
    """A limit and what the answer says goes on lead through all pages without an overlap."""
    connector = host.typed(FACEBOOK, connector_id=host.create(FACEBOOK, a_workspace()))
    account = str((await connector.ad_accounts.list()).data[0].account_id)
    whole = [str(one.id) for one in (await connector.campaigns.list(account_id=account, limit=30)).data]
    for key, said in (("after", "after"), ("cursor", "end_cursor")):
        seen, params = list[str](), {"account_id": account, "limit": 7}
        while len(seen) < len(whole):
            page = await connector.execute("campaigns", "list", params)
            seen += [str(row["id"] if isinstance(row, dict) else row.id) for row in page.data]
            meta = page.meta if isinstance(page.meta, dict) else page.meta.model_dump()
            if not meta["has_next_page"]:
                break
            params = params | {key: meta[said]}
        assert seen[: len(whole)] == whole, (key, seen, whole)
    one = await connector.execute("campaigns", "get", {"campaign_id": seen[0]})
    assert str(one["id"]) == seen[0]


@trial
async def parts_of_records(host: Host) -> None:
    """select_fields wins over exclude_fields, which drops; long texts are cut where it is asked for."""
    connector = host.typed(FACEBOOK, connector_id=host.create(FACEBOOK, a_workspace()))
    account = {"account_id": str((await connector.ad_accounts.list()).data[0].account_id)}
    chosen = await connector.execute(
        "campaigns", "list", account, select_fields=["id", "no"], exclude_fields=["id"]
    )
    assert chosen.data
    assert all(set(row) == {"id"} for row in chosen.data), chosen.data[:1]
    rest = await connector.execute("campaigns", "list", account, exclude_fields=["name"])
    assert all("name" not in row and "id" in row for row in rest.data)
    cut = await connector.execute("ad_creatives", "list", account, skip_truncation=False)
    assert all(len(text) <= 400 for row in cut.data for text in dict(row).values() if isinstance(text, str))


@trial
async def organizations(host: Host) -> None:
    """One's own is understood, another's refused as such, and what is no UUID as a mistake."""
    made = host.create(FACEBOOK, a_workspace())
    asked: tuple[str, str, dict[str, Any]] = ("ad_accounts", "list", {})
    assert (
        await host.typed(FACEBOOK, connector_id=made, organization_id=host.organization).execute(*asked)
    ).data
    foreign = host.typed(FACEBOOK, connector_id=made, organization_id=str(uuid.uuid4()))
    assert (await host.refused("AuthenticationError", foreign.execute(*asked))).status_code == 403
    odd = host.http("GET", f"{KEPT}?workspace_name=x", **{"X-Organization-Id": "no-uuid"})
    assert 400 <= odd.status_code < 500


@trial
async def mistakes(host: Host) -> None:
    """Each is told as what the caller can mend, and names it; a connector that is not there is a 404."""
    made = host.create(FACEBOOK, a_workspace())
    connector = host.typed(FACEBOOK, connector_id=made)
    await host.refused(
        "ConnectorValidationError", connector.execute("campaings", "list", {}), "campaings", "campaigns"
    )
    await host.refused("ConnectorValidationError", connector.execute("ad_accounts", "explode", {}), "explode")
    none = host.typed(FACEBOOK, connector_id=str(uuid.uuid4()))
    assert (await host.refused("HTTPStatusError", none.execute("ad_accounts", "list", {}))).status_code == 404
    bodies: tuple[Any, ...] = (
        b"{", [], {"entity": "campaigns"}, {"entity": "ads", "action": "list", "params": []},
        {"entity": 1, "action": "list"}, b"\xff", b"null", b"1" * 5000,
    )  # fmt: skip
    for body in bodies:
        answer = host.http("POST", f"{KEPT}/{made}/execute", body)
        assert answer.status_code in (400, 422), (body, answer.status_code, answer.text[:200])
        assert answer.json()["errors"][0]["message"]
        assert "Traceback" not in answer.text
    long = {"entity": "campaigns", "action": "list", "params": {}, "intent": "x" * 513}
    assert host.http("POST", f"{KEPT}/{made}/execute", long).status_code == 422


@trial
async def checks(host: Host) -> None:
    """Healthy with what the platform takes, unhealthy and no error with what it refuses."""
    for slug in LISTS:
        found = await host.typed(slug, connector_id=host.create(slug, a_workspace())).check()
        assert found.status == "healthy", (slug, found.error)
    made = host.create(FACEBOOK, a_workspace(), credentials={"access_token": f"expired-{host.marker}"})
    found = await host.typed(FACEBOOK, connector_id=made).check()
    assert found.status == "unhealthy"
    assert host.marker not in found.error
