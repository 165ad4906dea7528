"""The front door of /rest: headers, sizes, query tunnelling, and which Rest.li method a call is."""

from __future__ import annotations

import email.parser
import email.policy
import json
import re
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from mcp_ads.sandbox.store import Store

from . import restli1, scopes, tokens
from .errors import ApiError, bad_param, gateway, legacy
from .restli import RestliError, parse_query

ACTIVE_VERSIONS = frozenset(f"2026{month:02d}" for month in range(1, 11))
VERSION = re.compile(r"([0-9]{6})(\.[0-9]{2})?")
URL_LIMIT, QUERY_LIMIT, SEGMENT_LIMIT, HEAD_LIMIT = 8192, 4096, 4096, 28 * 1024
FORM = "application/x-www-form-urlencoded"
NEEDS_HEADER = ("PARTIAL_UPDATE", "BATCH_")
VERBS = {"GET": "GET", "PUT": "UPDATE", "DELETE": "DELETE"}


@dataclass(frozen=True)
class Raw:
    """A request after tunnelling is undone and its query is parsed.

    One that names no protocol version speaks Rest.li 1.0.
    """

    verb: str
    segments: list[str]
    query: dict[str, Any]
    body: Any
    declared: str
    is_two: bool = True

    @property
    def path(self) -> str:
        return "/" + "/".join(self.segments)


async def receive(store: Store, request: Request) -> Raw:
    """Everything the platform checks before it looks at the resource."""
    path = (request.scope.get("raw_path") or request.scope["path"].encode()).decode("ascii", "replace")
    query = request.scope["query_string"].decode("ascii", "replace")
    _check_sizes(path, query, sum(len(name) + len(value) for name, value in request.headers.raw))
    tokens.check_bearer(store, request.headers.get("authorization"))
    _check_headers(request)
    verb, query, content = await _untunnelled(request, query)
    segments = path.removeprefix("/rest/").rstrip("/").split("/")
    declared = request.headers.get("x-restli-method", "").upper()
    granted = tokens.scopes_of(store, request.headers["authorization"])
    scopes.check(granted, verb, segments, declared, request.headers["linkedin-version"])
    is_two = request.headers.get("x-restli-protocol-version") == "2.0.0"
    try:
        parsed = (parse_query if is_two else restli1.parse_query)(query)
    except RestliError as malformed:
        raise bad_param("query", f"Invalid query parameters passed to request: {malformed}") from None
    return Raw(verb, segments, parsed, _json(verb, content), declared, is_two)


def restli_method(raw: Raw, *, on_item: bool) -> str:
    """The Rest.li method, told from the verb, the path, the query and X-RestLi-Method."""
    told = _told(raw, on_item=on_item)
    if raw.declared and raw.declared != told:
        raise legacy(400, f"X-RestLi-Method {raw.declared} does not fit {raw.verb} {raw.path} ({told})")
    if not raw.declared and told.startswith(NEEDS_HEADER):
        raise legacy(400, f"Header X-RestLi-Method: {told} is required")
    return told


def _told(raw: Raw, *, on_item: bool) -> str:
    if raw.verb == "GET" and not on_item:
        for name, method in (("ids", "BATCH_GET"), ("q", "FINDER"), ("bq", "BATCH_FINDER")):
            if name in raw.query:
                return method
        return "GET_ALL"
    if raw.verb == "POST":
        return _told_of_post(raw, on_item=on_item)
    if raw.verb not in VERBS:
        raise legacy(405, f"Method {raw.verb} is not allowed")
    if not on_item and "ids" not in raw.query:
        raise legacy(405, f"{raw.verb} {raw.path} needs a key or ids")
    return VERBS[raw.verb] if on_item else f"BATCH_{VERBS[raw.verb]}"


def _told_of_post(raw: Raw, *, on_item: bool) -> str:
    if "action" in raw.query:
        return "ACTION"
    if on_item:
        if raw.declared != "PARTIAL_UPDATE":
            raise legacy(400, "POST on an entity needs the header X-RestLi-Method: PARTIAL_UPDATE")
        return "PARTIAL_UPDATE"
    if "ids" in raw.query:
        return "BATCH_PARTIAL_UPDATE"
    return "BATCH_CREATE" if raw.declared == "BATCH_CREATE" else "CREATE"


def _check_sizes(path: str, query: str, head: int) -> None:
    too_long = (
        len(path) + len(query) > URL_LIMIT
        or len(path) + len(query) + head > HEAD_LIMIT
        or len(query) > QUERY_LIMIT
        or any(len(segment) > SEGMENT_LIMIT for segment in path.split("/"))
    )
    if too_long:
        raise ApiError(414, "414 Request-URI Too Long")


def _check_headers(request: Request) -> None:
    version = request.headers.get("linkedin-version")
    if version is None:
        raise gateway(400, "VERSION_MISSING", "The header LinkedIn-Version is missing")
    match = VERSION.fullmatch(version)
    if not match or match.group(1) not in ACTIVE_VERSIONS:
        raise gateway(426, "NONEXISTENT_VERSION", f"Requested version {version} is not active")
    if request.headers.get("x-restli-protocol-version", "2.0.0") not in ("1.0.0", "2.0.0"):
        raise legacy(400, "X-RestLi-Protocol-Version is 1.0.0 or 2.0.0")


async def _untunnelled(request: Request, query: str) -> tuple[str, str, bytes]:
    """The verb, query and body that were meant."""
    content, kind = await request.body(), request.headers.get("content-type", "")
    verb = request.headers.get("x-http-method-override")
    if verb is None:
        _check_content(request, content, kind)
        return request.method, query, content
    if request.method != "POST" or query:
        raise legacy(400, "A tunnelled call is a POST whose query is in its body")
    if kind.startswith(FORM):
        return verb.upper(), content.decode("ascii", "replace"), b""
    if kind.startswith("multipart/mixed"):
        return (verb.upper(), *_parts(kind, content))
    raise legacy(415, f"A tunnelled call has the content type {FORM} or multipart/mixed, not {kind!r}")


def _parts(kind: str, content: bytes) -> tuple[str, bytes]:
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + content)
    contents = {
        part.get_content_type(): part.get_payload(decode=True)
        for part in message.walk()
        if not part.is_multipart()
    }
    query, body = contents.get(FORM), contents.get("application/json")
    if not isinstance(query, bytes) or not isinstance(body, bytes):
        raise legacy(400, "A tunnelled body has a form part and a JSON part")
    return query.decode("ascii", "replace").strip(), body


def _check_content(request: Request, content: bytes, kind: str) -> None:
    if request.method != "POST" and not content:
        return
    if not content and not {"content-length", "transfer-encoding"} & set(request.headers):
        raise ApiError(411, "411 Length Required")
    if content and request.method != "GET" and not kind.startswith("application/json"):
        raise legacy(415, f"Content type {kind!r} is not supported; send application/json")


def _json(verb: str, content: bytes) -> Any:
    if verb in ("GET", "DELETE") or not content:
        return None
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise legacy(400, "The body is not valid JSON") from None
