"""How a call under /rest finds its handler, among the resources of all families."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mcp_ads.sandbox.store import Store

from . import analytics, audiences, campaigns, creatives, data, gateway, leads, organizations, restli1
from .agency import seed
from .errors import ApiError, bad_param, legacy, no_access, stamped
from .gateway import Raw
from .params import Convert, ParamError, number_key
from .resource import Resource
from .restli import RestliError, parse_value, project
from .state import ACCOUNT, Answer, Body, Call, urn

FAMILIES = (campaigns, creatives, analytics, audiences, leads, organizations)
RESOURCES = tuple(resource for family in FAMILIES for resource in family.RESOURCES)


async def rest(store: Store, request: Request, uploads: str) -> Response:
    """Any call under /rest."""
    try:
        store.seed("linkedin_ads", lambda: (seed.fill if store.world else _fill)(store))
        return _respond(_answer(store, await gateway.receive(store, request), uploads, _fault(request)))
    except ApiError as problem:
        return problem.response()


def _fill(store: Store) -> None:
    """Everything there is before the first change; what was there first is first."""
    data.fill(store)
    for family in (creatives, audiences, leads, organizations):
        family.fill(store)


def unknown(verb: str, path: str) -> ApiError:
    """The answer to a call that this make-believe platform does not have."""
    return legacy(404, f"No virtual resource found: {verb} {path}")


def _fault(request: Request) -> Body | None:
    fault: Body | None = getattr(request.state, "fault", None)
    return fault


def _answer(store: Store, raw: Raw, uploads: str, fault: Body | None) -> Answer:
    resource, keys = _find(raw)
    method = gateway.restli_method(raw, on_item="id" in keys)
    if method in resource.strict and raw.declared != method:
        raise legacy(400, f"Header X-RestLi-Method: {method} is required")
    handler = resource.methods.get(_name(method, raw))
    if handler is None:
        raise _missing(method, raw)
    if "account" in keys and store.get(ACCOUNT, keys["account"]) is None:
        raise no_access(urn("sponsoredAccount", keys["account"]))
    query = {name: value for name, value in raw.query.items() if name != "action"}
    call = Call(store, method, raw.path, keys, handler.params.read(query), raw.body, uploads, fault)
    return _projected(call, handler.run(call))


def _missing(method: str, raw: Raw) -> ApiError:
    if method in ("FINDER", "BATCH_FINDER", "ACTION"):
        return unknown(raw.verb, f"/rest{raw.path} ({_name(method, raw)})")
    return legacy(405, f"{method} is not supported by /rest{raw.path}")


def _name(method: str, raw: Raw) -> str:
    parameter = {"FINDER": "q", "BATCH_FINDER": "bq", "ACTION": "action"}.get(method)
    return f"{method} {raw.query[parameter]}" if parameter else method


def _find(raw: Raw) -> tuple[Resource, dict[str, Any]]:
    for resource in RESOURCES:
        template = resource.path.split("/")
        on_item = len(raw.segments) == len(template) + 1
        if not on_item and len(raw.segments) != len(template):
            continue
        pairs = list(zip(template, raw.segments, strict=False))
        if any(want != got for want, got in pairs if not want.startswith("{")):
            continue
        read = parse_value if raw.is_two else restli1.parse_key
        keys = {want[1:-1]: _key(number_key, read, got) for want, got in pairs if want.startswith("{")}
        if on_item:
            keys["id"] = _key(resource.key, read, raw.segments[-1])
        return resource, keys
    raise unknown(raw.verb, f"/rest{raw.path}")


def _key(convert: Convert, read: Callable[[str], Any], text: str) -> Any:
    try:
        return convert(read(text))
    except RestliError as malformed:
        raise bad_param("key", f"Path key {text} is not valid: {malformed}") from None
    except ParamError as wrong:
        raise bad_param("key", f"Path key {text} is not valid: {wrong.description}") from None


def _projected(call: Call, answer: Answer) -> Answer:
    fields, body = call.query.get("fields"), answer.body
    if not fields or not isinstance(body, dict):
        return answer
    for name in ("elements", "results"):
        if name == "results" and isinstance(body.get(name), dict):
            kept: Any = {key: project(record, fields) for key, record in body[name].items()}
            return Answer(answer.status, {**body, name: kept}, answer.headers)
        if isinstance(body.get(name), list):
            return Answer(answer.status, {**body, name: project(body[name], fields)}, answer.headers)
    return Answer(answer.status, project(body, fields), answer.headers)


def _respond(answer: Answer) -> Response:
    if answer.body is None:
        return stamped(Response(status_code=answer.status, headers=answer.headers))
    return stamped(JSONResponse(answer.body, answer.status, headers=answer.headers))
