"""Airbyte's API in front of the sandbox: it carries out its own actions, and refuses whatever they lack.

What it knows of the actions is the package's data; how they are spelled for the platforms is said here again.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode

import httpx
import pytest
from hosted_stub import CLIENT_ID, CLIENT_SECRET, ORGANIZATION, Fault, HostedStub, listening
from hosted_stub_answers import Refused
from hosted_stub_routes import Routes
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route

from mcp_ads.auth import hosted
from mcp_ads.engine.wire import airbyte
from mcp_ads.sandbox.app import Sandbox

BASES = {
    "facebook-marketing": "https://graph.facebook.com/v25.0",
    "linkedin-ads": "https://api.linkedin.com/rest",
    "amazon-ads": "https://advertising-api.amazon.com",
}
AMAZON_CLIENT = "amzn1.application-oa2-client.sandbox"
ENVIRON = {
    "MCP_ADS_SANDBOX": "",
    "MCP_ADS_BACKEND": "airbyte",
    "AIRBYTE_CLIENT_ID": CLIENT_ID,
    "AIRBYTE_CLIENT_SECRET": CLIENT_SECRET,
    "AIRBYTE_ORGANIZATION_ID": ORGANIZATION,
}
META = {"facebook-marketing": "after", "linkedin-ads": "nextPageToken", "amazon-ads": "next_token"}


class AirbyteStub(HostedStub):
    """A workspace at Airbyte with a connector of each platform, over a sandbox of its own."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.sandbox = Sandbox(home)
        self.store = self.sandbox.store
        self.platforms = httpx.AsyncClient(transport=httpx.ASGITransport(self.sandbox.by_host()))
        self.challenge, self.forgets, self.at_writes = "", False, False
        """How it challenges who has no token it takes; whether the next write finds its token forgotten;
        whether only writes have the scripted faults.
        """
        self.ids = {slug: self.add(slug) for slug in BASES}
        routes, one = AirbyteRoutes(self), "/api/v1/integrations/connectors"
        table = (
            ("POST", "/api/v1/account/applications/token", "token", routes.token),
            ("GET", one, "list", routes.list),
            ("GET", one + "/{id}", "get", routes.get),
            ("POST", one + "/{id}/execute", "execute", routes.execute),
        )
        made = [Route(path, routes.guarded(what, call), methods=[verb]) for verb, path, what, call in table]
        self.app = Starlette(routes=made)

    @property
    def executed(self) -> list[dict[str, Any]]:
        """The bodies of what was to be executed."""
        return [seen.body for seen in self.calls("/execute")]

    @property
    def writes(self) -> list[dict[str, Any]]:
        """Those of changes."""
        return [body for body in self.executed if "intent" in body]

    def fault(self, where: str) -> Fault | None:
        if self.at_writes and "intent" not in (self.seen[-1].body or {}):
            return None
        return super().fault(where)

    def instead_of_the_network(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Have it stand where Airbyte is."""

        def client(host: hosted.Host, learned: Any) -> httpx.AsyncClient:
            return hosted.hosted_client(
                host, learned, httpx.ASGITransport(self.app, raise_app_exceptions=False)
            )

        monkeypatch.setattr(airbyte, "hosted_client", client)

    async def close(self) -> None:
        await self.platforms.aclose()
        self.store.close()


@contextlib.contextmanager
def airbyte_listening(home: Path) -> Iterator[AirbyteStub]:
    """Airbyte's API on this machine, for a client that is not ours, for as long as the block runs."""
    stub = AirbyteStub(home)
    with listening(stub, stub.app):
        yield stub


class AirbyteRoutes(Routes):
    """Executions by Airbyte's own actions."""

    stub: AirbyteStub

    def _may(self, request: Request, what: str) -> None:
        if self.stub.forgets and "intent" in request.state.body:
            self.stub.forgets = False
            self.stub.expire()
        try:
            super()._may(request, what)
        except Refused as refused:
            refused.answer.headers["www-authenticate"] = self.stub.challenge
            raise

    async def execute(self, request: Request) -> Any:
        kept, body = self._kept(request), request.state.body
        self._only(body, {"entity", "action", "params", "skip_truncation", "intent"})
        if len(body.get("intent") or "") > 512 or body["skip_truncation"] is not True:
            raise Refused(422, "intent or skip_truncation is wrong")
        operation = next(
            (
                o
                for o in _operations(kept.slug)
                if (o["entity"], o["action"]) == (body["entity"], body["action"])
            ),
            None,
        )
        if operation is None:
            raise Refused(400, f"no action {body['entity']}.{body['action']}")
        if (operation["method"] == "GET" or operation["path"].endswith("/list")) == ("intent" in body):
            raise Refused(422, "an intent belongs to a change, and to each")
        answer = await self.stub.platforms.send(await self._asked(kept.slug, operation, dict(body["params"])))
        if not answer.is_success:
            status = 502 if answer.status_code >= 500 else 429 if answer.status_code == 429 else 400
            raise Refused(status, f"{kept.slug} answered {answer.status_code}: {answer.text}")
        return self._envelope(kept, *_result(kept.slug, operation, answer))

    async def _asked(self, slug: str, operation: Mapping[str, Any], params: dict[str, Any]) -> httpx.Request:
        path, headers = operation["path"], {"Authorization": f"Bearer {await self._token(slug)}"}
        for name in [part.partition("}")[0] for part in path.split("{")[1:]]:
            if not str(params.get(name) or ""):
                raise Refused(422, f"{name}: missing", field=name)
            path = path.replace(f"{{{name}}}", quote(str(params.pop(name)), safe=""))
        for name in operation.get("given", ()):
            headers[name] = params.pop(name)
        headers |= operation.get("headers", {}) | {"Amazon-Advertising-API-ClientId": AMAZON_CLIENT}
        if path == "/portfolios/list":  # what they send there is not in their list of actions
            headers |= dict.fromkeys(("Accept", "Content-Type"), "application/vnd.spPortfolio.v3+json")
        query = {name: params.pop(name) for name in operation.get("query", ()) if name in params}
        taken = operation.get("body")
        self._only(params, taken or ())
        if operation["entity"] == "account_users" and query:
            query["accounts"] = _one_account(query["accounts"])
        text = "&".join(f"{name}={_spelled(slug, value)}" for name, value in query.items())
        content = json.dumps(params).encode() if taken is not None else None
        if slug == "facebook-marketing" and taken is not None:
            if any(not isinstance(value, str | bool) for value in params.values()):
                raise Refused(422, "form fields are texts")
            content = urlencode(params).encode()
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if slug == "linkedin-ads":
            headers |= {"LinkedIn-Version": "202606", "X-Restli-Protocol-Version": "2.0.0"}
        if content is not None:
            headers.setdefault("Content-Type", "application/json")
        url = f"{BASES[slug]}{path}{'?' + text if text else ''}"
        return self.stub.platforms.build_request(operation["method"], url, headers=headers, content=content)

    async def _token(self, slug: str) -> str:
        """What the sandbox takes for one of the platform's own tokens."""
        if slug == "facebook-marketing":
            return "sandbox-token"
        form = {"grant_type": "refresh_token", "client_secret": "sandbox-secret"}
        form |= {"client_id": "sandbox-client", "refresh_token": "sandbox-refresh"}
        url = "https://www.linkedin.com/oauth/v2/accessToken"
        if slug == "amazon-ads":
            form |= {"client_id": AMAZON_CLIENT, "refresh_token": "Atzr|sandbox-refresh"}
            url = "https://api.amazon.com/auth/o2/token"
        return str((await self.stub.platforms.post(url, data=form)).json()["access_token"])


def _one_account(value: str) -> str:
    """As LinkedIn reads it without the protocol's version, which they do not send there: a plain URN."""
    if not value.startswith("urn:li:sponsoredAccount:"):
        raise Refused(400, "accounts: no URN", field="accounts")
    return f"List({quote(value, safe='')})"


def _operations(slug: str) -> list[dict[str, Any]]:
    package = f"mcp_ads.connectors.{slug.replace('-', '_')}"
    found: list[dict[str, Any]] = json.loads(
        resources.files(package).joinpath("airbyte.json").read_text("utf-8")
    )
    return found


def _spelled(slug: str, value: Any) -> str:
    if slug == "linkedin-ads" and str(value).startswith(("(", "List(")):
        return quote(str(value), safe="():,%")
    return quote(str(value), safe=",")


def _result(slug: str, operation: Mapping[str, Any], answer: httpx.Response) -> tuple[Any, dict[str, Any]]:
    """The records, and beside them what says how a list goes on or what was made."""
    found: Any = answer.json() if answer.content else None
    meta: dict[str, Any] = {}
    if made := answer.headers.get("x-restli-id"):
        meta["created_id"] = unquote(made)
    if rows := operation.get("rows"):
        paging = found.get("paging") or {}
        after = {
            "facebook-marketing": (paging.get("cursors") or {}).get("after"),
            "linkedin-ads": (found.get("metadata") or {}).get("nextPageToken"),
            "amazon-ads": found.get("nextToken"),
        }[slug]
        meta |= {META[slug]: after} if after else {}
        told = ("total",) if operation["entity"] == "conversions" else ("start", "count", "total")
        meta |= {name: paging[name] for name in told if name in paging}
        if operation.get("one"):
            found = found[rows][0] if found[rows] else None
        elif slug != "amazon-ads":  # of Amazon's lists they answer the whole
            found = found[rows]
        if operation.get("adds"):
            found = [row | dict.fromkeys(operation["adds"], "theirs") for row in found]
    return found, meta
