"""What narrows a connector, a client or a token narrows it by every door, and nobody narrowed widens it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from control_plane import CALLERS, FACEBOOK, LINKEDIN, ONE, PATH, SLUGS, Api, control_plane, created

from mcp_ads.engine.answers.plan_pages import page_asked
from mcp_ads.errors import AdsError
from mcp_ads.host.callers import Caller
from mcp_ads.host.store import clients
from mcp_ads.host.store.clients import Limits

ACCOUNT, CAMPAIGN = "1234567890", "1202110000000000337"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A host, with tokens of one workspace."""
    with control_plane(tmp_path_factory.mktemp("host")) as found:
        yield found


def execute(api: Api, id_: str, entity: str, action: str, **params: Any) -> tuple[int, Any]:
    """One call of a connector."""
    return api("POST", f"{PATH}/{id_}/execute", {"entity": entity, "action": action, "params": params})


def test_the_plan_to_be_agreed_to_has_every_step(api: Api) -> None:
    """All of 60 steps stand in the 409 and in the plan that is looked at, to the last name."""
    id_ = created(api, f"long-{uuid4()}")["id"]
    named = execute(api, id_, "campaigns", "list", account_id=ACCOUNT, limit=60)[1]["result"]
    ids = [one["id"] for one in named]
    items = [{"campaign_id": one, "name": f"Renamed to {n:02}"} for n, one in enumerate(ids)]
    assert len(items) > 21
    status, answer = execute(api, id_, "campaigns", "update", account_id=ACCOUNT, items=items)
    assert status == 409, answer
    details = answer["errors"][0]["details"]
    shown = api("GET", details["apply"].removesuffix("/apply"))[1]["plan"]
    for text in (details["plan"], shown):
        assert [item["name"] for item in items if item["name"] not in text] == []


def done(api: Api, id_: str, *calls: tuple[str, str, dict[str, Any]]) -> list[str]:
    """What each call comes to in the engine of a connector's workspace, as agents call it."""
    there = api("GET", f"{PATH}/{id_}/inspect")[1]["workspace_id"]

    async def work() -> list[str]:
        desk, said = await api.host.desks.of(CALLERS["one"], there), list[str]()
        for entity, action, params in calls:
            try:
                await desk.execute("facebook_marketing", entity, action, params)
                said.append("done")
            except AdsError as error:
                said.append(str(error))
        return said

    return asyncio.run(work())


@pytest.mark.parametrize("spelt", ["{}", " {}", "\t{}\n"])
def test_entities_hold_for_the_connection_that_is_meant(api: Api, spelt: str) -> None:
    """However its name is written; a connector beside it that is not limited is used as before."""
    made = created(api, f"limit-{uuid4()}", entities=[{"entity": "ads", "modes": ["read"]}])
    beside = created(api, made["workspace_name"])
    named = {"connection": spelt.format(made["connection"])}
    refused = done(
        api,
        made["id"],
        ("campaigns", "list", {**named, "account_id": ACCOUNT}),
        ("graph", "get", {**named, "path": "/me"}),
        ("campaigns", "pause", {**named, "campaign_id": CAMPAIGN}),
    )
    assert [text for text in refused if "may not be" not in text] == []
    other = {"connection": spelt.format(beside["connection"]), "account_id": ACCOUNT}
    assert done(api, made["id"], ("campaigns", "list", other)) == ["done"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        (["name"], 200),
        (["name", "status"], 200),
        (["campaign{id,name}"], 403),
        (["name", "insights"], 403),
        ("adset{name}", 403),
    ],
)
def test_no_field_reads_around_the_entities(api: Api, fields: Any, status: int) -> None:
    """What has fields of its own, or is another entity, is not read through one that may be."""
    made = created(api, f"fields-{uuid4()}", entities=[{"entity": "ads", "modes": ["read"]}])
    given = {"account_id": ACCOUNT, "limit": 1, "fields": fields}
    assert execute(api, made["id"], "ads", "list", **given)[0] == status


def test_who_has_one_workspace_widens_and_ends_nothing(api: Api) -> None:
    """A scoped token leaves entities and its workspace as they are; one of /mcp its connectors, too."""
    made = created(api, f"one-{uuid4()}", entities=[{"entity": "ads", "modes": ["read"]}])
    name = made["workspace_name"]
    there = api("GET", f"{PATH}/{made['id']}/inspect")[1]["workspace_id"]
    own = {"workspaces": frozenset({name}), "workspace_id": there}
    CALLERS["scoped"] = replace(CALLERS["one"], **own)
    CALLERS["lasting"] = Caller(ONE, "token:x", "x", **own)
    scoped, lasting = api.by("scoped"), api.by("lasting")
    for who in (scoped, lasting):
        assert who("PUT", f"{PATH}/{made['id']}", {"entities": None})[0] == 403
        assert who("PUT", f"/workspaces/{there}", {"status": "inactive"})[0] == 403
        assert who("DELETE", f"/workspaces/{there}")[0] == 403
        status, answer = execute(who, made["id"], "campaigns", "list", account_id=ACCOUNT)
        assert (status, "PUT" in answer["message"]) == (403, False)
    assert scoped("PUT", f"{PATH}/{made['id']}", {"name": "Neu"})[0] == 200
    body = {"workspace_name": name, "connector_type": SLUGS[0], **FACEBOOK}
    assert lasting("POST", PATH, body)[0] == 403
    assert lasting("DELETE", f"{PATH}/{made['id']}")[0] == 403
    nowhere = {"workspace_name": f"new-{uuid4()}"}
    assert api.by("reads")("POST", "/account/applications/scoped-token", nowhere)[0] == 404
    del CALLERS["scoped"], CALLERS["lasting"]


def test_a_renaming_lets_no_restricted_client_in(api: Api) -> None:
    """A name that a client is restricted to is neither given to a workspace nor taken from one."""
    names = [f"bound-{uuid4()}", f"free-{uuid4()}"]
    ids = [api("GET", f"{PATH}/{created(api, name)['id']}/inspect")[1]["workspace_id"] for name in names]
    limits = Limits(workspaces=[names[0], "later"])
    client, _ = api.host.database.wait(lambda c: clients.add(c, ONE, "bound", limits))
    for which, new in ((0, "elsewhere"), (1, "later")):
        status, answer = api("PUT", f"/workspaces/{ids[which]}", {"name": new})
        assert (status, answer["errors"][0]["error_code"]) == (409, "name_in_use")
    assert api("PUT", f"/workspaces/{ids[0]}", {"name": names[0], "status": "active"})[0] == 200
    assert api("PUT", f"/workspaces/{ids[1]}", {"name": f"{names[1]}-2"})[0] == 200
    api.host.database.wait(lambda c: clients.revoke(c, ONE, client))
    assert api("PUT", f"/workspaces/{ids[0]}", {"name": f"{names[0]}-2"})[0] == 200


def test_a_plan_is_made_and_applied_beside_another_connector(api: Api) -> None:
    """Two of LinkedIn in one workspace: a write of each waits with its own text, and is applied."""
    name, body = f"two-{uuid4()}", {"connector_type": SLUGS[1], **LINKEDIN}
    steps = list[Any]()
    several = [api("POST", PATH, {"workspace_name": name, **body})[1] for _ in range(2)]
    for made, campaign in zip(several, ("300000001", "300000002"), strict=True):
        update = {"account_id": "512345678", "campaign_id": campaign}
        status, answer = execute(api, made["id"], "campaigns", "update", **update, name=made["id"])
        assert (status, answer["errors"][0]["error_code"]) == (409, "plan_required"), answer
        status, answer = api("POST", answer["errors"][0]["details"]["apply"])
        assert (status, answer["result"]["status"]) == (200, "applied")
        steps.append({"connector": "linkedin", "entity": "campaigns", "action": "update",
                      "params": {**update, "name": "both", "connection": made["connection"]}})  # fmt: skip
    there = api("GET", f"{PATH}/{made['id']}/inspect")[1]["workspace_id"]

    async def work() -> tuple[Any, str | None, Any]:
        desk = await api.host.desks.of(CALLERS["one"], there)
        plan = await desk.execute("ads", "plans", "make", {"steps": steps[:2]})
        page = page_asked(desk, f"{plan.data['plan_id']} 2")
        return plan, page, await desk.apply(plan.data["plan_id"])

    plan, page, applied = asyncio.run(work())
    assert steps[1]["params"]["connection"] in str(page)
    assert (plan.data["state"], applied.data["state"]) == ("ready", "applied")


@pytest.mark.parametrize("given", [True, False, [1]])
def test_a_limit_is_a_number(api: Api, given: Any) -> None:
    """True is not one."""
    id_ = created(api, "numbers")["id"]
    status, answer = execute(api, id_, "campaigns", "list", account_id=ACCOUNT, limit=given)
    assert (status, "limit" in answer["message"]) == (422, True)


@pytest.mark.parametrize("host", ["localhost:80:90", "localhost:99999", "[::::]", "localhost:x"])
def test_a_host_that_is_none_is_refused(api: Api, host: str) -> None:
    """Whoever asks for a consent with a Host header that names nothing is told so."""
    body = {"workspace_name": "w", "connector_type": SLUGS[0], "redirect_url": "https://example.com/x"}
    status, answer = api("POST", f"{PATH}/oauth/initiate", body, Host=host)
    assert (status, "MCP_ADS_HOST_PUBLIC_URL" in answer["message"]) == (421, True), answer


def test_a_body_says_one_thing(api: Api) -> None:
    """What stands twice is not the first for a proxy and the last for us."""
    status, answer = api("POST", PATH, b'{"name": "x", "name": "y"}', **{"Content-Type": "application/json"})
    assert (status, "'name' stands twice" in answer["message"]) == (400, True)


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("Host", "evil.example", 421),
        ("Host", "127.0.0.1.evil.example", 421),
        ("Host", "localhost:8000", 200),
        ("Origin", "https://evil.example", 403),
        ("Origin", "null", 403),
        ("Origin", "http://testserver", 200),
    ],
)
def test_a_website_cannot_ask(api: Api, name: str, value: str, status: int) -> None:
    """A page in somebody's browser has another Host or Origin, and is let in by no token."""
    assert api("GET", "/workspaces", **{name: value})[0] == status


@pytest.mark.slow
def test_lines_of_the_audit_log_are_those_of_the_accounts(api: Api) -> None:
    """Who may use one account sees its lines alone, on whatever page they stand."""
    CALLERS["own"] = Caller(ONE, "client:own", "own", accounts={"facebook_marketing": (ACCOUNT,)})
    id_ = created(api, f"audit-{uuid4()}")["id"]
    there = api("GET", f"{PATH}/{id_}/inspect")[1]["workspace_id"]
    for account, budget in ((ACCOUNT, "20.00 USD"), ("2345678901", "3000 JPY"), ("2345678901", "3001 JPY")):
        params = {"account_id": account, "name": "x", "objective": "OUTCOME_TRAFFIC"}
        answer = execute(api, id_, "campaigns", "create", **params, daily_budget=budget)[1]
        assert api("POST", answer["errors"][0]["details"]["apply"])[0] == 200, answer
    found, path = list[Any](), f"/workspaces/{there}/audit?limit=1"
    while path:
        status, page = api.by("own")("GET", path)
        assert status == 200
        found += page["data"]
        path = page["before"] and f"/workspaces/{there}/audit?limit=1&before={page['before']}"
    assert [line["account"] for line in found] == [ACCOUNT, ACCOUNT]
    del CALLERS["own"]
