"""Reads over REST: records in one envelope, lists that go on, and refusals that a caller can act on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from control_plane import AMAZON, LINKEDIN, ONE, PATH, SECRET, Api, control_plane, created
from sqlalchemy import event, update

from mcp_ads.errors import BadSettings
from mcp_ads.host.settings import host_settings, ignored
from mcp_ads.host.store.connectors import get
from mcp_ads.host.store.tables import connectors

CAMPAIGNS = {"account_id": "1234567890", "limit": 1, "fields": ["name"]}


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A host for all tests of this file."""
    with control_plane(tmp_path_factory.mktemp("host")) as found:
        yield found


@pytest.fixture(scope="module")
def facebook(api: Api) -> str:
    """A connector that works."""
    return str(created(api, "reads")["id"])


def execute(api: Api, connector: str, entity: str, action: str, **more: Any) -> tuple[int, Any]:
    """One call."""
    return api("POST", f"{PATH}/{connector}/execute", {"entity": entity, "action": action, **more})


@pytest.mark.parametrize("name", ["cursor", "after", "pageToken", "nextToken"])
def test_a_list_goes_on_by_any_name_of_its_cursor(api: Api, facebook: str, name: str) -> None:
    """The second page is another one, whatever the caller names the place it begins at."""
    _, first = execute(api, facebook, "campaigns", "list", params=CAMPAIGNS)
    meta = first["connector_metadata"]
    assert meta["has_next_page"] is True
    assert {"status", "result", "connector_metadata", "execution_metadata"} <= first.keys()
    assert isinstance(first["execution_metadata"]["execution_time_ms"], int)
    status, second = execute(
        api, facebook, "campaigns", "list", params={**CAMPAIGNS, name: meta["end_cursor"]}
    )
    assert status == 200
    assert second["result"][0]["id"] != first["result"][0]["id"]
    vendors = execute(api, facebook, "campaigns", "list", params={**CAMPAIGNS, "after": meta["after"]})[1]
    assert vendors["result"] == second["result"]


def test_a_read_looks_into_the_database_once(api: Api, facebook: str) -> None:
    """The connector, its workspace and the state of its organization's apps are read together."""
    execute(api, facebook, "ad_accounts", "list")
    looks: list[object] = []
    engine, note = api.host.database.engine.sync_engine, looks.append
    event.listen(engine, "begin", note)
    try:
        assert execute(api, facebook, "ad_accounts", "list")[0] == 200
    finally:
        event.remove(engine, "begin", note)
    assert len(looks) == 1


def test_records_are_shaped_as_asked(api: Api, facebook: str) -> None:
    """Selected fields win over excluded ones; what is no field is named."""
    accounts = execute(api, facebook, "ad_accounts", "list", select_fields=["name", "business.id"],
                       exclude_fields=["name"])[1]["result"]  # fmt: skip
    assert all(set(account) <= {"name", "business"} and "name" in account for account in accounts)
    without = execute(api, facebook, "ad_accounts", "list", exclude_fields=["name"])[1]["result"]
    assert all("name" not in account and account["currency"] for account in without)
    status, answer = execute(api, facebook, "ad_accounts", "list", selectfields=["name"])
    assert (status, answer["errors"][0]["field"]) == (422, "selectfields")


@pytest.mark.parametrize("entity", ["", "*", "campaigns"])
def test_what_there_is_can_be_asked(api: Api, facebook: str, entity: str) -> None:
    """`describe` answers with text that names no tool and no command of a shell."""
    status, answer = execute(api, facebook, entity, "describe")
    assert status == 200
    assert "campaigns" in answer["result"]
    assert not [
        word for word in ("ads_describe", "ads_apply", "_execute", "mcp-ads ") if word in answer["result"]
    ]


def test_refusals_say_what_a_hosts_caller_can_do(api: Api) -> None:
    """Credentials that are refused, writes that are off, and an app there is not."""
    bad = created(api, "bad", credentials={"access_token": "bad"})["id"]
    status, answer = execute(api, bad, "ad_accounts", "list")
    assert (status, answer["errors"][0]["error_code"]) == (424, "platform_auth")
    assert "reconnect" in answer["message"]
    assert execute(api, bad, "*", "check")[1]["result"]["status"] == "unhealthy"
    off = execute(api.by("reads"), bad, "campaigns", "create", params={"account_id": "1", "name": "x"})
    assert off[0] == 403
    assert not [word for word in ("MCP_ADS_", "mcp-ads ", SECRET) if word in json.dumps([answer, off])]
    assert execute(api, bad, "campaigns", "context_store_search")[0] == 501


@pytest.mark.parametrize("given", [LINKEDIN, AMAZON])
def test_the_connection_is_the_connectors_own(api: Api, given: dict[str, Any]) -> None:
    """A caller who names another connection is refused."""
    slug = "linkedin-ads" if given is LINKEDIN else "amazon-ads"
    made = api("POST", PATH, {"workspace_name": "pinned", "connector_type": slug, **given})[1]["id"]
    entity = "accounts" if given is LINKEDIN else "profiles"
    status, answer = execute(api, made, entity, "list", params={"connection": "x"})
    assert (status, answer["errors"][0]["field"]) == (422, "params.connection")
    assert execute(api, made, entity, "list")[0] == 200


def test_a_host_has_no_credentials_of_its_own(tmp_path: Any) -> None:
    """It does not start over Airbyte's API, and names those variables that it does not use."""
    home = {"MCP_ADS_HOME": str(tmp_path), "FACEBOOK_MARKETING_ACCESS_TOKEN": SECRET}
    said = "".join(ignored(host_settings(environ=home).own))
    assert "FACEBOOK_MARKETING_ACCESS_TOKEN" in said
    assert SECRET not in said
    airbyte = {"MCP_ADS_BACKEND": "airbyte", "AIRBYTE_CLIENT_ID": "x", "AIRBYTE_CLIENT_SECRET": "y"}
    with pytest.raises(BadSettings, match="MCP_ADS_BACKEND"):
        host_settings(environ={"MCP_ADS_HOME": str(tmp_path), **airbyte})


def test_one_connector_that_cannot_be_used_stops_no_other(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken seal, and a region that is not served: 503 and 422 name the connector, inspect says so."""
    made = created(api, "broken")
    good = created(api, "broken")["id"]
    platforms, far = api.host.settings.own.platforms, "FE"
    base = platforms["amazon_ads"]
    monkeypatch.setitem(platforms, "amazon_ads", replace(base, hosts={"NA": base.hosts["NA"]}))  # a dict
    amazon = {"workspace_name": "broken", "connector_type": "amazon-ads", **AMAZON}
    elsewhere = api("POST", PATH, {**amazon, "environment": {"region": far}})[1]

    async def damage(connection: Any) -> None:
        row = update(connectors).where(connectors.c.id == made["id"])
        await connection.execute(row.values(sealed=good_row.sealed[:-1] + bytes([good_row.sealed[-1] ^ 1])))

    good_row = api.host.database.wait(lambda c: get(c, ONE, made["id"]))
    api.host.database.wait(damage)
    api("PUT", f"{PATH}/{good}", {"name": "of another revision"})
    for known, status, entity in ((made, 503, "ad_accounts"), (elsewhere, 422, "profiles")):
        answered, answer = execute(api, known["id"], entity, "list")
        assert (answered, known["connection"] in answer["message"]) == (status, True), answer
        assert SECRET not in json.dumps(answer)
        warnings = api("GET", f"{PATH}/{known['id']}/inspect")[1]["warnings"]
        assert "sealed" in warnings[0] or far in warnings[0]
    assert execute(api, good, "ad_accounts", "list")[0] == 200
