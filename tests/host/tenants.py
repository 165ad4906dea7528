"""A host in this process with all who may ask it: two organizations, narrow clients, tokens of each kind."""

from __future__ import annotations

import contextlib
import itertools
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.host.app import app_of
from mcp_ads.host.assembly import assembled
from mcp_ads.host.parts import Host
from mcp_ads.host.settings import host_settings
from mcp_ads.host.store import clients, mcp_tokens, organizations, workspaces
from mcp_ads.host.store.clients import Limits
from mcp_ads.host.store.tables import METADATA

START = "/api/v1"
KEPT = f"{START}/integrations/connectors"
NAME, CREDENTIAL = "MARKER-name", "MARKER-credential-of-the-owner"
SLUGS: Mapping[str, dict[str, Any]] = {
    "facebook-marketing": {
        "credentials": {"access_token": CREDENTIAL},
        "replication_config": {"account_ids": "101"},
    },
    "linkedin-ads": {
        "credentials": {"access_token": CREDENTIAL},
        "replication_config": {"start_date": "2026-01-01"},
    },
}


class Tenants:
    """`owner` has workspaces; the others, by their names, may use none of these."""

    def __init__(self, host: Host, http: TestClient) -> None:
        self.host, self.http, self._numbers = host, http, itertools.count()
        self.tokens = self.host.database.wait(self._people)
        owner = self.bearer(*self.tokens.pop("first"))
        self.tokens["owner"] = owner
        for name in ("other", "narrow"):
            self.tokens[name] = self.bearer(*self.tokens.pop(f"{name}-client"))
        self.tokens["scoped"] = self.scoped("owner", "near")
        self.tokens["scoped-other"] = self.scoped("other", "theirs")

    def bearer(self, client_id: str, secret: str) -> str:
        """A client's token."""
        path = f"{START}/account/applications/token"
        answer = self.http.post(path, json={"client_id": client_id, "client_secret": secret})
        token: str = answer.raise_for_status().json()["access_token"]
        return token

    def scoped(self, who: str, workspace: str) -> str:
        """A token for one workspace."""
        path = f"{START}/account/applications/scoped-token"
        token: str = self.ask(who, "POST", path, {"workspace_name": workspace}).json()["token"]
        return token

    def ask(self, who: str, method: str, path: str, body: Any = None, query: Any = None) -> Any:
        """One request."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}", "Accept": "application/json"}
        return self.http.request(
            method, path, json=body, params=query, headers=headers, follow_redirects=False
        )

    def shop(self) -> dict[str, str]:
        """A new workspace of the owner's with a connector: its name and the ids of what is in it."""
        name = f"MARKER-shop-{next(self._numbers):04}"
        body = {
            "workspace_name": name,
            "connector_type": "linkedin-ads",
            "name": NAME,
            **SLUGS["linkedin-ads"],
        }
        made = self.ask("owner", "POST", KEPT, body).json()["id"]
        there = self.ask("owner", "GET", f"{KEPT}/{made}/inspect").json()["workspace_id"]
        return {"workspace_name": name, "workspace_id": there, "connector_id": made}

    def planned(self, who: str, connector_id: str) -> str:
        """The id of a plan that waits for somebody."""
        update = {"account_id": "512345678", "campaign_id": "300000001", "name": "Renamed"}
        body = {"entity": "campaigns", "action": "update", "params": update}
        answer = self.ask(who, "POST", f"{KEPT}/{connector_id}/execute", body)
        text: str = answer.json()["errors"][0]["details"]["plan_id"]
        return text

    def kept(self) -> dict[str, list[Any]]:
        """Every row that is the owner's."""
        return self.host.database.wait(self._kept)

    async def _kept(self, connection: AsyncConnection) -> dict[str, list[Any]]:
        found = dict[str, list[Any]]()
        for table in METADATA.sorted_tables:
            if "organization_id" in table.c:
                mine = table.c.organization_id == self.organization
                found[table.name] = sorted(map(repr, await connection.execute(select(table).where(mine))))
        return found

    async def _people(self, connection: AsyncConnection) -> dict[str, Any]:
        mine = await organizations.add(connection, "mine")
        other = await organizations.add(connection, "other")
        self.organization = mine.id
        near = await workspaces.ensure(connection, mine.id, "near")
        theirs = await workspaces.ensure(connection, other.id, "theirs")
        return {
            "first": await clients.add(connection, mine.id, "first", Limits()),
            "other-client": await clients.add(connection, other.id, "other", Limits()),
            "narrow-client": await clients.add(connection, mine.id, "narrow", Limits(workspaces=["near"])),
            "token": await mcp_tokens.add(connection, mine.id, near.id, "near", "write"),
            "token-other": await mcp_tokens.add(connection, other.id, theirs.id, "theirs", "write"),
        }


@contextlib.contextmanager
def tenants(home: Path) -> Iterator[Tenants]:
    """All of them at a host in the sandbox."""
    environ = {"MCP_ADS_HOME": str(home), "MCP_ADS_SANDBOX": "1", "MCP_ADS_KEYRING": "off",
               "MCP_ADS_HTTP_ALLOWED_HOSTS": "Ads.example.com:8443"}  # fmt: skip
    host = assembled(host_settings(environ=environ), begins=True)
    with TestClient(app_of(host), base_url="http://127.0.0.1") as http:
        yield Tenants(host, http)


def unknown(shop: Mapping[str, str]) -> dict[str, str]:
    """The same as a shop's, of nothing that there is, and as long."""
    made = {name: str(uuid.uuid4()) for name in shop}
    return made | {"workspace_name": uuid.uuid4().hex[: len(shop["workspace_name"])]}
