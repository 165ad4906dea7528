"""A host as a package's classes and plain HTTP see it, for trials of them (see trials.py)."""

from __future__ import annotations

import importlib
import inspect
import json
import uuid
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urljoin

import httpx

Row = dict[str, Any]
FACEBOOK, LINKEDIN, AMAZON = "facebook-marketing", "linkedin-ads", "amazon-ads"
DEFINITIONS = {
    FACEBOOK: "e7778cfc-e97c-4458-9ecb-b4f2bba8946c",
    LINKEDIN: "137ece28-5434-455c-8f34-69dc3782f451",
    AMAZON: "c6b0a29e-1da9-4512-9002-7bfd0cba2246",
}
LISTS = {FACEBOOK: "ad_accounts", LINKEDIN: "accounts", AMAZON: "profiles"}
KEPT = "/api/v1/integrations/connectors"
TRIALS: dict[str, Callable[[Host], Awaitable[str | None]]] = {}


class Host:
    """The host, its client, and the package under trial."""

    def __init__(self, package: str, given: Row) -> None:
        self.package, self.sdk = package, importlib.import_module(package)
        self.url, self.organization = given["url"], given["organization_id"]
        self.client = {name: given[name] for name in ("client_id", "client_secret")}
        self.marker = given["marker"]
        self.kinds: Row = {
            FACEBOOK: {"credentials": {"access_token": f"t{self.marker}"}, "account_ids": "101"},
            LINKEDIN: {
                "credentials": {"refresh_token": self.marker, "client_id": "a", "client_secret": self.marker},
                "start_date": "2026-01-01",
            },
            AMAZON: {"credentials": {"refresh_token": f"z{self.marker}"}},
        }

    def http(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """One request as it is; by the client's token where no other is given."""
        headers = {"Authorization": f"Bearer {self.token()}"} | headers
        sent = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        headers |= {"Content-Type": "application/json"} if sent else {}
        url = urljoin(self.url, path)
        return httpx.request(method, url, content=sent, headers=headers, timeout=60, trust_env=False)

    def token(self) -> str:
        """A new token."""
        url = f"{self.url}/api/v1/account/applications/token"
        found = httpx.post(url, json=self.client, trust_env=False)
        text: str = found.raise_for_status().json()["access_token"]
        return text

    def create(self, slug: str, workspace: str, by: str = "workspace_name", **more: Any) -> str:
        """A new connector's id."""
        kind = dict(self.kinds[slug])
        body = {
            by: workspace,
            "connector_type": slug,
            "name": f"My {slug}",
            "credentials": kind.pop("credentials"),
        }
        body |= {"replication_config": kind} if kind else {}
        made = self.http("POST", KEPT, body | more)
        assert made.status_code == 200, made.text
        assert self.marker not in made.text
        text: str = made.json()["id"]
        return str(uuid.UUID(text))

    def typed(self, slug: str, **auth: Any) -> Any:
        """A connector of its class; `auth` says which."""
        module = importlib.import_module(f"{self.package}.connectors.{slug.replace('-', '_')}")
        name = "".join(map(str.capitalize, slug.split("-")))
        given = {f"airbyte_{key}": value for key, value in self.client.items()} | auth
        return getattr(module, f"{name}Connector")(auth_config=self.sdk.AirbyteAuthConfig(**given))

    async def refused(self, name: str, asked: Any, *parts: str) -> Any:
        """The error of that name that something raises, with these parts in its words."""
        error = await self._raised(name, asked)
        assert all(part in str(error) for part in parts), f"{error} lacks one of {parts}"
        assert self.marker not in str(error)
        return error

    async def _raised(self, name: str, asked: Any) -> Exception:
        try:
            answer = await asked if inspect.isawaitable(asked) else asked()
        except getattr(self.sdk, name) as error:
            found: Exception = error
            return found
        raise AssertionError(f"{name} was to be raised: {answer!r:.120}")


def trial(function: Callable[[Host], Awaitable[str | None]]) -> Callable[[Host], Awaitable[str | None]]:
    """Count it among the cases."""
    TRIALS[function.__name__] = function
    return function


def a_workspace() -> str:
    """A name that no other case uses."""
    return f"w-{uuid.uuid4().hex[:10]}"
