"""The API of one region: a gateway that checks token, client, scope and media types, and the operations."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from mcp_ads.sandbox.store import Store

from . import (
    accounts,
    data,
    reports,
    sponsored_brands,
    sponsored_display,
    sponsored_products,
    sponsored_tv,
    stores,
    tokens,
)
from .agency import seed
from .agency.source import attach
from .calls import Body, Call, Operation
from .errors import Refused, refusal

OPERATIONS: tuple[Operation, ...] = (
    *accounts.OPERATIONS,
    *sponsored_products.OPERATIONS,
    *sponsored_display.OPERATIONS,
    *sponsored_brands.OPERATIONS,
    *stores.OPERATIONS,
    *sponsored_tv.OPERATIONS,
    *reports.OPERATIONS,
)
CLIENT_HEADER = "amazon-advertising-api-clientid"
SCOPE_HEADER = "amazon-advertising-api-scope"


def app(store: Store, region: str, downloads_url: str) -> ASGIApp:
    """The API host of one region (NA, EU or FE); finished reports are announced below `downloads_url`."""
    if region not in {"NA", "EU", "FE"}:
        raise ValueError(f"no region {region!r}: NA, EU or FE")
    if store.world:
        attach(store)
    fill = seed.fill if store.world else data.fill

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        store.seed("amazon_ads", lambda: fill(store))
        try:
            response = await _answer(store, region, downloads_url, request)
        except Refused as no:
            response = no.response(request.url.path)
        await response(scope, receive, send)

    return serve


async def _answer(store: Store, region: str, downloads_url: str, request: Request) -> Response:
    operation, params = _find(request)
    if operation is None:
        call = f"{request.method} {request.url.path}"
        return refusal(404, f"the sandbox has no {call}", request.url.path)
    client = request.headers.get(CLIENT_HEADER, "")
    tokens.check(store, request.headers.get("authorization", ""), client)
    profile = _profile(store, region, request) if operation.scoped else {}
    _check_accept(operation, request)
    body = await _body(operation, request)
    return operation.run(Call(store, region, downloads_url, request, profile, params, body))


def _find(request: Request) -> tuple[Operation | None, dict[str, str]]:
    for operation in OPERATIONS:
        if operation.method == request.method:
            match = operation.pattern.fullmatch(request.url.path)
            if match:
                return operation, match.groupdict()
    return None, {}


def _profile(store: Store, region: str, request: Request) -> Body:
    wanted = request.headers.get(SCOPE_HEADER, "")
    if not wanted:
        raise Refused(401, "Scope header is missing", gateway=True)
    if wanted in data.FORBIDDEN_PROFILES:
        raise Refused(401, "Not authorized to access scope", gateway=True)
    profile = store.get("amazon.profile", wanted)
    if profile is None or profile["_region"] != region:
        raise Refused(401, f"No matching advertiser found for scope: {wanted}", gateway=True)
    return profile


def _check_accept(operation: Operation, request: Request) -> None:
    if not operation.gives:
        return
    accepted = {_bare(part) for part in request.headers.get("accept", "*/*").split(",")}
    if accepted & {*operation.gives.lower().split()} or (operation.any_accept and "*/*" in accepted):
        return
    raise Refused(406, f"Accept must be {operation.gives}")


async def _body(operation: Operation, request: Request) -> Any:
    if request.method in {"GET", "DELETE"}:
        return None
    sent = _bare(request.headers.get("content-type", ""))
    if sent not in operation.takes.lower().split() and not (operation.plain and sent == "application/json"):
        raise Refused(415, f"Content-Type must be {operation.takes}")
    try:
        return json.loads(await request.body() or b"{}")
    except (ValueError, RecursionError) as error:
        raise Refused(400, f"The body is not JSON: {error}") from error


def _bare(media: str) -> str:
    return media.partition(";")[0].strip().lower()
