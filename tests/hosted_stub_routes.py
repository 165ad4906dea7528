"""The routes of the host of connectors: what each wants to the letter, and what it answers."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from typing import Any

from hosted_stub import DEFINITIONS, ORGANIZATION, REFUSED, HostedStub, Kept, Seen
from hosted_stub_answers import Refused, item, refusal_of, shaped, slug_of, whole
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from mcp_ads.errors import AdsError

WORKSPACE = ("workspace_name", "customer_name", "external_user_id")
CREDENTIALS = {
    "facebook-marketing": ({"access_token"}, {"access_token", "client_id", "client_secret"}, {"account_key"}),
    "linkedin-ads": ({"access_token"}, {"refresh_token", "client_id", "client_secret"}),
    "amazon-ads": ({"refresh_token"}, {"refresh_token", "client_id", "client_secret"}),
}
REPLICATION = {
    "facebook-marketing": ({"account_ids"}, {"account_ids"}),
    "linkedin-ads": ({"start_date"}, {"start_date", "account_ids"}),
    "amazon-ads": (set[str](), set[str]()),
}
"""By connector, the fields there have to be, and those there may be."""
EXECUTE: Mapping[str, type | tuple[type, ...]] = {
    "entity": str, "action": str, "params": (dict, type(None)), "select_fields": (list, type(None)),
    "exclude_fields": (list, type(None)), "skip_truncation": bool, "intent": (str, type(None)),
}  # fmt: skip
CREATE = {
    *WORKSPACE,
    "connector_type",
    "definition_id",
    "name",
    "credentials",
    "replication_config",
    "environment",
}


class Abrupt(Response):
    """An answer that ends too early."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        length = (b"content-length", b"100000")
        await send({"type": "http.response.start", "status": self.status_code, "headers": [length]})
        await send({"type": "http.response.body", "body": self.body, "more_body": True})
        raise ConnectionAbortedError


def app_of(stub: HostedStub) -> Starlette:
    """The host's routes, under both prefixes."""
    routes = Routes(stub)
    one, two = "/integrations/connectors", "/connectors/sources"
    table: list[tuple[str, str, str, Callable[[Request], Awaitable[Any]]]] = [
        ("POST", "/account/applications/token", "token", routes.token),
        ("GET", one, "list", routes.list),
        ("POST", one, "create", routes.create),
        ("GET", one + "/{id}", "get", routes.get),
        ("DELETE", one + "/{id}", "delete", routes.delete),
        *(("POST", path + "/{id}/execute", "execute", routes.execute) for path in (one, two)),
        ("POST", one + "/{id}/plans/{plan_id}/apply", "apply", routes.apply),
    ]
    made = [
        Route(prefix + path, routes.guarded(what, answer), methods=[method])
        for prefix in ("/api/v1", "/v1")
        for method, path, what, answer in table
    ]

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await stub.desk.close()

    return Starlette(routes=made, lifespan=lifespan)


class Routes:
    """What each request wants, and is answered."""

    def __init__(self, stub: HostedStub) -> None:
        self.stub = stub

    def guarded(self, what: str, answer: Callable[[Request], Awaitable[Any]]) -> Callable[..., Any]:
        """The answer, or the scripted fault in its place, to a request that may be made."""

        async def answered(request: Request) -> Response:
            body = await request.body()
            with contextlib.suppress(ValueError):
                request.state.body = json.loads(body) if body else None
            headers, query = dict(request.headers), dict(request.query_params)
            known = getattr(request.state, "body", None)
            self.stub.seen.append(Seen(request.method, request.url.path, query, headers, known))
            fault = self.stub.fault(what)
            try:
                self._may(request, what)
            except Refused as refused:
                return refused.answer
            try:
                found = await answer(request) if fault is None or fault.done else None
            except Refused as refused:
                found = refused.answer
            if fault is not None:
                kind = Abrupt if fault.cut else Response
                return kind(fault.body, fault.status, dict(fault.headers))
            return found if isinstance(found, Response) else JSONResponse(found)

        return answered

    def _may(self, request: Request, what: str) -> None:
        """Refuse a request without what every one has to have."""
        if organization := request.headers.get("x-organization-id"):
            with contextlib.suppress(ValueError):
                uuid.UUID(organization)
                if organization != ORGANIZATION:
                    raise Refused(403, "the organization is not yours", "forbidden")
            if organization != ORGANIZATION:
                raise Refused(400, "X-Organization-Id is no UUID")
        if request.method == "POST":
            if request.headers.get("content-type", "") != "application/json":
                raise Refused(415, "send application/json")
            if what != "apply" and not isinstance(getattr(request.state, "body", None), dict):
                raise Refused(422, "the body is no JSON object")
        if what == "token":
            return
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind != "Bearer" or self.stub.tokens.get(token, 0) < time.monotonic():
            unknown = Refused(401, "the token is not known, or it has expired", "unauthorized")
            unknown.answer.headers["www-authenticate"] = 'Bearer error="invalid_token"'
            raise unknown

    async def token(self, request: Request) -> Any:
        body = request.state.body
        self._only(body, {"client_id", "client_secret"})
        await asyncio.sleep(self.stub.pause)
        known = self.stub.clients.get(str(body.get("client_id")))
        if known is None or known != body.get("client_secret"):
            raise Refused(401, "no such client, or another secret", "unauthorized")
        token = {"access_token": self.stub.token(), "token_type": "bearer", "expires_in": self.stub.lives}
        stated = {} if self.stub.states is None else {"writes": self.stub.states}
        return {**token, **stated, "organization_id": ORGANIZATION}

    async def list(self, request: Request) -> Any:
        query = request.query_params
        self._only(query, {*WORKSPACE, "definition_id"})
        workspace = self._workspace(query)
        wanted = query.get("definition_id")
        if wanted is not None and wanted not in DEFINITIONS.values():
            raise Refused(422, "no such definition", field="definition_id")
        kept = [one for one in self.stub.connectors.values() if one.workspace == workspace]
        return {"data": [item(one) for one in kept if wanted in (None, DEFINITIONS[one.slug])]}

    async def create(self, request: Request) -> Any:
        body = request.state.body
        self._only(body, CREATE)
        slug = slug_of(body)
        given = body.get("credentials") or {}
        if not any(given.keys() == scheme for scheme in CREDENTIALS[slug]):
            raise Refused(400, f"credentials of {sorted(given)} match no scheme", field="credentials")
        needed, allowed = REPLICATION[slug]
        config = body.get("replication_config") or {}
        for name in sorted((needed - config.keys()) | (config.keys() - allowed)):
            raise Refused(422, f"replication_config.{name} is wrong here", field=f"replication_config.{name}")
        workspace, name = self._workspace(body), body.get("name") or slug
        return whole(self.stub.connectors[self.stub.add(slug, workspace, name, given)], config)

    async def get(self, request: Request) -> Any:
        return whole(self._kept(request))

    async def delete(self, request: Request) -> Any:
        del self.stub.connectors[self._kept(request).id]
        return JSONResponse({"job_id": str(uuid.uuid4())}, 202)

    async def execute(self, request: Request) -> Any:
        kept, body = self._kept(request), request.state.body
        self._only(body, EXECUTE)
        for name, kind in EXECUTE.items():
            if not isinstance(body.get(name, True if kind is bool else None), kind):
                raise Refused(422, f"{name}: not of its type", field=name)
        if kept.credentials.get("access_token") == REFUSED:
            raise Refused(424, "the platform refuses the token: reconnect", "platform_auth")
        desk, named = self.stub.desk, (body["entity"], body["action"])
        asked = desk.vendor_records(kept.slug, *named, body.get("params"))
        result = await self._answer(asked)
        return self._envelope(kept, shaped(result.data, body), {**result.meta})

    async def apply(self, request: Request) -> Any:
        kept = self._kept(request)
        result = await self._answer(self.stub.desk.apply(request.path_params["plan_id"]))
        data = {"status": result.data["state"], **result.data, "text": result.text}
        return self._envelope(kept, data, {})

    def _envelope(self, kept: Kept, result: Any, metadata: Mapping[str, Any]) -> Any:
        timed = {"connector_instance_id": kept.id, "execution_time_ms": 7}
        parts = {"result": result, "connector_metadata": metadata, "execution_metadata": timed}
        answer = {"status": "success", **parts, **self.stub.envelope}
        return {name: value for name, value in answer.items() if value is not ...}

    async def _answer(self, asked: Awaitable[Any]) -> Any:
        try:
            result = await asked
        except AdsError as error:
            raise refusal_of(error) from None
        data = result.data
        if isinstance(data, dict) and data.get("state") == "ready" and "plan_id" in data:
            told = f"a person has to approve {data['plan_id']}; then apply it"
            raise Refused(409, told, "plan_required", plan_id=data["plan_id"], plan=result.text)
        return result

    def _kept(self, request: Request) -> Kept:
        kept = self.stub.connectors.get(request.path_params["id"])
        if kept is None:
            raise Refused(404, "there is no such connector", "not_found")
        return kept

    def _only(self, given: Mapping[str, Any], known: Collection[str]) -> None:
        for name in sorted({*given} - {*known}):
            raise Refused(422, f"{name}: extra inputs are not permitted", field=name)

    def _workspace(self, given: Mapping[str, Any]) -> str:
        names = [name for name in WORKSPACE if given.get(name)]
        if len(names) != 1:
            raise Refused(422, "exactly one of workspace_name, customer_name, external_user_id is required")
        return str(given[names[0]])
