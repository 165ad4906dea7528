"""From an HTTP request to an edge and back: versions, tokens, batches, headers."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mcp_ads.sandbox import faults
from mcp_ads.sandbox.store import Store

from . import auth, batch, consent, data, limits, params
from .agency import seed
from .agency.source import attach
from .calls import Call
from .edges import EDGES
from .errors import GraphError, absent, fault, invalid, missing, nonexisting, unknown_edge
from .exchange import exchange
from .params import Body
from .state import State
from .tables import KINDS

NEWEST, OLDEST_ALIVE = 27, 25
METHODS = ["GET", "POST", "DELETE"]
WARNING = f"The call has been auto-upgraded to v{NEWEST}.0 as v{{version}}.0 {{when}} deprecated."
CHANGED = frozenset({"POST account/campaigns", "POST account/adsets", "POST adset", "POST campaign/copies"})
"""Edges that a later version changed: under an expired version they fail, and all others are upgraded."""


@dataclass
class Asked:
    """A request, or one of a batch, taken apart."""

    method: str
    path: str
    params: Body
    token: str
    proof: str | None
    origin: str
    fault: Body | None = None


def app(store: Store) -> Starlette:
    """The make-believe graph.facebook.com."""
    state = State(store)
    if store.world:
        attach(store)
    fill = seed.fill if store.world else data.fill

    async def answer(request: Request) -> Response:
        store.seed("facebook_marketing", lambda: fill(state))
        asked: Asked | None = None
        used = limits.used(store, getattr(request.state, "fault", None))
        try:
            asked = _taken_apart(request, await params.read(request))
            limits.refuse_full(used)
            body = dispatch(state, asked)
        except GraphError as error:
            response = error.response()
        else:
            response = JSONResponse(body)
        response.headers.update(_headers(asked, used))
        return response

    async def dialog(request: Request) -> Response:
        return await consent.dialog(store, request)

    return Starlette(
        routes=[
            Route("/{version}/dialog/oauth", dialog, methods=["GET", "POST"]),
            Route("/dialog/oauth", dialog, methods=["GET", "POST"]),
            Route("/{path:path}", answer, methods=METHODS),
        ]
    )


def _taken_apart(request: Request, sent: Body) -> Asked:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    bearer = token.strip() if scheme.lower() in ("bearer", "oauth") else ""
    return Asked(
        method=str(sent.pop("method", request.method)).upper(),
        path=request.url.path,
        token=str(sent.pop("access_token", bearer)),
        proof=sent.pop("appsecret_proof", None),
        params=sent,
        origin=f"{request.url.scheme}://{request.url.netloc}",
        fault=getattr(request.state, "fault", None),
    )


def dispatch(state: State, asked: Asked) -> Any:
    """Answer one request, or raise what Graph would say."""
    version, parts = _version(asked)
    params.refuse_retired(asked.params)
    if parts == ["oauth", "access_token"]:
        return exchange(state.store, asked.params)
    auth.admit(state.store, asked.token, asked.proof)
    if not parts:
        return _root(state, asked)
    if parts == ["debug_token"]:
        if "input_token" not in asked.params:
            raise missing("input_token")
        return {"data": auth.inspect(state.store, str(asked.params["input_token"]), asked.token)}
    call = _call(state, asked, version, parts)
    if asked.method != "GET" and not call.edge.endswith("/insights"):
        auth.admit_write(state.store, asked.token, call.edge, asked.params)
    return call.edges[call.edge](call)


def _version(asked: Asked) -> tuple[str, list[str]]:
    parts = [part for part in asked.path.split("/") if part]
    match = re.fullmatch(r"v(\d+)\.(\d+)", parts[0]) if parts else None
    if match is None:
        if parts in (["debug_token"], ["oauth", "access_token"]):
            return "", parts
        text = f"(#2635) The call {asked.method} {asked.path} names no version: ads calls need /v{NEWEST}.0"
        raise GraphError(2635, text)
    number = int(match[1])
    if number > NEWEST or match[2] != "0":
        raise GraphError(2500, f"Unknown path components: /{parts[0]}")
    return parts[0], parts[1:]


def _refuse_expired(version: str, edge: str) -> None:
    if int(version[1:].partition(".")[0]) < OLDEST_ALIVE and edge in CHANGED:
        text = f"(#2635) You are calling a deprecated version of the Ads API. Please update to v{NEWEST}.0."
        raise GraphError(2635, text)


def _call(state: State, asked: Asked, version: str, parts: list[str]) -> Call:
    base = f"{asked.origin}/{version}"
    if len(parts) == 1 and (edge := f"{asked.method} {parts[0]}") in EDGES and parts[0] not in KINDS:
        return Call(state, edge, "", {"id": parts[0]}, asked.params, asked.token, base, EDGES, asked.fault)
    found = state.find(parts[0])
    if found is None and f"{asked.method} root/{parts[0]}" in EDGES:
        found, parts = ("root", {"id": ""}), ["", *parts]
    if found is None and not re.fullmatch(r"(act_)?\d+", parts[0]):
        raise unknown_edge(asked.method, "root", "/".join(parts))
    if found is None:
        raise absent(asked.method, parts[0])
    kind, node = found
    edge = f"{asked.method} {'/'.join([kind, *parts[1:]])}"
    if edge not in EDGES:
        if asked.method == "GET" and len(parts) == 2:
            raise nonexisting(parts[1], KINDS[kind].node)
        raise unknown_edge(asked.method, KINDS[kind].node, "/".join(parts[1:]))
    _refuse_expired(version, edge)
    return Call(state, edge, kind, node, asked.params, asked.token, base, EDGES, asked.fault)


def _root(state: State, asked: Asked) -> Any:
    if asked.method != "POST" or "batch" not in asked.params:
        raise unknown_edge(asked.method, "root", "")
    if set(asked.params) - {"batch", "include_headers", "locale"}:
        raise invalid("A batch takes batch and include_headers only")

    campaigns: set[str] = set()

    def one(method: str, path: str, sent: Body) -> tuple[int, Any]:
        inner = Asked(
            method=method,
            path=path if re.match(r"/v\d", path) else f"/v{NEWEST}.0{path}",
            token=str(sent.pop("access_token", asked.token)),
            proof=sent.pop("appsecret_proof", asked.proof),
            params=sent,
            origin=asked.origin,
        )
        broken = faults.take(
            state.store, "facebook_marketing", faults.Asked(method, inner.path), kinds=faults.OF_A_PART
        )
        try:
            if broken is None:
                _refuse_siblings(state, inner, campaigns)
                return 200, dispatch(state, inner)
            if broken.get("when") == "after" and broken["kind"] not in faults.REFUSALS:
                dispatch(state, inner)
        except GraphError as error:
            return error.status, error.body()
        answer = fault(broken)
        return answer.status_code, json.loads(bytes(answer.body))

    return batch.run(asked.params, one, asked.fault)


def _refuse_siblings(state: State, asked: Asked, campaigns: set[str]) -> None:
    """One batch does not change several ad sets of a campaign, and holds no other batch."""
    if "batch" in asked.params:
        raise invalid("A batch cannot hold a batch")
    *_, last = [part for part in asked.path.split("/") if part] or [""]
    found = state.get("adset", last) or (asked.params if last == "adsets" else {})
    campaign = str(found.get("campaign_id", ""))
    if asked.method == "GET" or not campaign:
        return
    if campaign in campaigns:
        raise invalid("A batch cannot hold several ad sets of the same campaign: use another batch")
    campaigns.add(campaign)


def _headers(asked: Asked | None, used: limits.Used) -> dict[str, str]:
    """What Graph tells of limits and versions beside every answer."""
    path = asked.path if asked else ""
    version = _number(path)
    told = {
        "facebook-api-version": f"v{version if OLDEST_ALIVE <= version <= NEWEST else NEWEST}.0",
        "x-fb-request-id": "A" + uuid4().hex[:22],
        "x-fb-trace-id": uuid4().hex[:11],
        **limits.headers(path, used),
    }
    if version and version <= OLDEST_ALIVE:
        when = "will be" if version == OLDEST_ALIVE else "has been"
        told["x-ad-api-version-warning"] = WARNING.format(version=version, when=when)
    return told


def _number(path: str) -> int:
    """The version a path names; 0 when it names none."""
    match = re.match(r"/v(\d+)\.", path)
    return int(match[1]) if match else 0
