"""Run by a Python that has Airbyte's package, or ours: what its classes make of a host, as JSON.

`trials.py PACKAGE` reads from stdin where the host is and whose client it is; `calls` there are typed
calls, else every case is tried. A case that fails says how; "absent" is what the package does not have.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
import uuid
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx
import trial_calls
from trial_client import (
    AMAZON,
    DEFINITIONS,
    FACEBOOK,
    KEPT,
    LINKEDIN,
    LISTS,
    TRIALS,
    Host,
    Row,
    a_workspace,
    trial,
)

__all__ = ["trial_calls"]
BACK = "https://example.com/back"
FRAMEWORKS = {
    "pydantic_ai": ("pydantic_ai", "ModelRetry"),
    "langchain": ("langchain_core", "ToolException"),
    "openai_agents": ("agents", ""),
    "mcp": ("fastmcp", "ToolError"),
}
"""By the name a package knows it by: its module, and the class of its refusals, "" where that is text."""


@trial
async def workspaces(host: Host) -> None:
    """A workspace lists its connectors, gives one by name, and what is deleted is gone at once."""
    shop = a_workspace()
    host.create(FACEBOOK, f"{shop}-2")
    made = host.create(FACEBOOK, shop)
    async with host.sdk.Workspace(**host.client, workspace_name=shop) as there:
        (one,) = await there.list_connectors()
        assert one.id == made
        assert one.connector_type
        assert one.name
        assert one.created_at
        executor = await there.get_connector(name=FACEBOOK)
        found = await executor.execute("ad_accounts", "list", params={})
        assert found.success
        assert isinstance(found.data, list)
        gone = host.http("DELETE", f"{KEPT}/{made}")
        assert (gone.status_code, bool(gone.json()["job_id"])) == (202, True)
        assert await there.list_connectors() == []
        asked = executor.execute("ad_accounts", "list", params={})
        assert (await host.refused("HTTPStatusError", asked)).status_code == 404
        again = host.create(FACEBOOK, shop)
        if host.package == "airbyte_agent_sdk":
            await there.delete_connector(again)
            assert await there.list_connectors() == []


def consented(host: Host, slug: str, shop: str, by: str, back: str, more: str = "") -> Row:
    """The query with which the browser comes back from the platform's page."""
    body = {by: shop, "connector_type": slug, "redirect_url": back}
    asked = host.http("POST", f"{KEPT}/oauth/initiate", body)
    assert asked.status_code == 200, asked.text
    url = asked.json()["consent_url"] + more
    for _ in range(8):
        if url.startswith(back.partition("?")[0]):
            return dict(parse_qsl(urlsplit(url).query))
        answer = httpx.get(url, headers={"Accept": "application/json"}, trust_env=False)
        assert answer.is_redirect, (url, answer.status_code, answer.text[:300])
        url = urljoin(url, answer.headers["location"])
    raise AssertionError("the browser never came back")


@trial
async def consents(host: Host) -> None:
    """The connector of a consent works; one of its secret id is one however often it is created."""
    shop = a_workspace()
    back = consented(host, "Linkedin-Ads", shop, "workspace_name", BACK)
    assert not {"code", "access_token", "state"} & {*back}
    executor = host.typed(LINKEDIN, workspace_name=shop)
    assert (await executor.execute("accounts", "list", {})).data
    assert uuid.UUID(back["connector_id"])
    for slug in (FACEBOOK, AMAZON):
        back = consented(host, slug, shop, "external_user_id", f"{BACK}?user=7&x=%26")
        assert (back["user"], back["x"]) == ("7", "&")
        body = {
            "external_user_id": shop,
            "connector_type": slug,
            "name": "n",
            "server_side_oauth_secret_id": back["secret_id"],
        }
        body |= {"replication_config": {"account_ids": "101"}} if slug == FACEBOOK else {}
        made = [
            host.http("POST", path, body).json()["id"] for path in (KEPT, "/v1/integrations/connectors", KEPT)
        ]
        listed = host.http("GET", f"{KEPT}?workspace_name={shop}&definition_id={DEFINITIONS[slug]}").json()[
            "data"
        ]
        assert {*made} == {one["id"] for one in listed}, (made, listed)
        assert (await host.typed(slug, workspace_name=shop).execute(LISTS[slug], "list", {})).data
    denied = consented(host, LINKEDIN, shop, "workspace_name", BACK, "&deny=1")
    assert "error" in denied
    assert not {"connector_id", "secret_id"} & {*denied}


@trial
async def documents(host: Host) -> str | None:
    """What a connector is and how to use it, and the three tools that are made of it."""
    if host.package != "airbyte_agent_sdk":
        return "absent"
    for slug, entity in LISTS.items():
        made = host.create(slug, a_workspace())
        connector = host.typed(slug, connector_id=made)
        found = await connector.inspect_connector()
        assert (found["connector_id"], found["source_definition_id"]) == (made, DEFINITIONS[slug])
        outline = await connector.read_skill_docs()
        assert "Outline" in outline
        assert entity in outline
        assert entity in await connector.read_skill_docs(f"entity:{entity}")
        tools = host.sdk.build_connector_tools(connector, framework="none")
        assert isinstance(await tools.execute(entity, "list", {}), list)
        await host.refused("AirbyteToolError", tools.execute("nope", "list", {}), "nope")
    return None


@trial
async def frameworks(host: Host) -> None:
    """A tool of each framework answers with JSON, and a mistake becomes that framework's own signal."""
    made = host.create(LINKEDIN, a_workspace())
    connector = host.typed(LINKEDIN, connector_id=made)
    for name, (module, signal) in FRAMEWORKS.items():
        importlib.import_module(module)

        async def linkedin_ads_execute(entity: str, action: str, params: Row | None = None) -> Any:
            """Execute operations."""
            found = await connector.execute(entity, action, params or {})
            return found.model_dump(mode="json") if hasattr(found, "model_dump") else found

        tool: Any = type(connector).tool_utils(framework=name)(linkedin_ads_execute)
        assert "campaigns" in tool.__doc__
        assert json.dumps(await tool("accounts", "list", {}))
        said = ("", "")
        try:
            said = ("", await tool("nope", "list", {}))
        except Exception as error:  # noqa: BLE001 - the framework's, whatever it is, is what is asked for
            said = (type(error).__name__, str(error))
        assert (said[0], "nope" in said[1]) == (signal, True), (name, said)


async def typed_calls(host: Host, calls: list[Row]) -> Row:
    """What comes of typed calls: how many rows, or how it failed; `id` is to be that of the list's first."""
    shop, found, first = a_workspace(), Row(), Row()
    connectors = {slug: host.typed(slug, connector_id=host.create(slug, shop)) for slug in LISTS}
    for call in calls:
        connector, named = connectors[call["connector"]], (call["entity"], call["action"])
        spelt = {theirs: ours for ours, theirs in connector._PARAM_MAP.get(named, {}).items()}
        method = getattr(getattr(connector, named[0]), named[1])
        given = call["params"] | ({call["id"]: first[named[0]]} if "id" in call else {})
        try:
            answer = await method(**{spelt.get(key, key): value for key, value in given.items()})
        except Exception as error:  # noqa: BLE001 - of any kind, it is what is asked for
            found[" ".join((call["connector"], *named))] = f"{type(error).__name__}: {error}"
        else:
            rows = answer.data if hasattr(answer, "data") else answer
            found[" ".join((call["connector"], *named))] = len(rows)
            if named[1] == "list" and isinstance(rows, list) and hasattr(rows[0], "id"):
                first[named[0]] = rows[0].id
    return found


async def tried(host: Host) -> Row:
    """What comes of every case: "" where all is right."""
    found = Row()
    for name, case in TRIALS.items():
        try:
            found[name] = await case(host) or ""
        except Exception as error:  # noqa: BLE001 - of any kind, it is what is asked for
            found[name] = f"{type(error).__name__}: {error}"
    return found


def main() -> None:
    """Answer what was asked, as JSON."""
    given = json.load(sys.stdin)
    host = Host(sys.argv[1], given)
    answer = asyncio.run(typed_calls(host, given["calls"]) if "calls" in given else tried(host))
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
