"""Errors of the engine, of FastAPI and of ours as what the host answers: one shape, a mistake an entry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from sqlalchemy import exc as sql
from starlette.exceptions import HTTPException

from mcp_ads.core.synonyms import cut
from mcp_ads.errors import (
    AdsError,
    ApiError,
    AuthError,
    CallError,
    NoRecord,
    NotConfigured,
    PlatformDown,
    PolicyError,
    RateLimited,
    Rejected,
    StalePlan,
    UnknownPlan,
)

from .refusals import Refused

BROKEN = frozenset({"json_invalid"})
"""Kinds of mistakes after which there is no body to speak of."""
SAID = {
    "missing": "missing, required",
    "extra_forbidden": "there is no such field",
    "model_attributes_type": "send one JSON object",
    "model_type": "send one JSON object",
    "string_type": "a text",
}
UNREACHED = (sql.OperationalError, sql.InterfaceError, sql.TimeoutError)
_FIELD = re.compile(r"([A-Za-z_][\w.\[\]]{0,99}): ")
_STATUSES: tuple[tuple[type[AdsError], int, str], ...] = (
    (AuthError, 424, "platform_auth"),
    (RateLimited, 429, "rate_limited"),
    (PlatformDown, 502, "platform_down"),
    (UnknownPlan, 404, "unknown_plan"),
    (CallError, 422, "invalid"),
    (Rejected, 422, "platform_refused"),
    (NoRecord, 503, "no_record"),
    (NotConfigured, 422, "not_configured"),
    (PolicyError, 403, "not_allowed"),
)


def of_ads(error: AdsError) -> Refused:
    """What is answered where the engine raises; a change that may have been made is `outcome_unknown`."""
    status, code = next(((s, c) for kind, s, c in _STATUSES if isinstance(error, kind)), (500, "internal"))
    if error.sent == "unknown":
        status, code = 502, "outcome_unknown"
    lines = [*error.lines] or [type(error).__name__]
    if error.fix:
        lines[-1] = f"{lines[-1]}; {error.fix}"
    found = [(match[1] if (match := _FIELD.match(line)) else "", line) for line in lines]
    details: dict[str, Any] = {}
    if isinstance(error, ApiError):
        known = {"code": error.code, "request_id": error.request_id, "text": error.platform_text}
        details = {"platform": {name: said for name, said in known.items() if said}}
    wait = {"Retry-After": str(int(error.retry_after) + 1)} if isinstance(error, RateLimited) else {}
    if isinstance(error, StalePlan) and error.under_way:
        status, code, wait = 409, "under_way", {"Retry-After": "5"}
    (field, message), *more = found
    return Refused(status, message, code, field, details=details, headers=wait, more=tuple(more))


def of_validation(error: RequestValidationError) -> Refused:
    """What is wrong with a request, a line for each mistake; no value is repeated, as it may be a secret."""
    mistakes = error.errors()
    if any(mistake["type"] in BROKEN for mistake in mistakes):
        return Refused(400, "the body is not JSON, or is cut off: send one JSON object", "invalid_json")
    found = [(_place(mistake["loc"]), mistake) for mistake in mistakes]
    lines = dict.fromkeys((field, f"{field or 'body'}: {_said(mistake)}") for field, mistake in found)
    (field, message), *more = lines
    return Refused(422, message, "invalid", field, more=tuple(more))


def of_http(error: HTTPException) -> Refused:
    """A path there is not, a method it has not, a body that cannot be read."""
    headers: Mapping[str, str] = error.headers or {}
    status = error.status_code
    if status == HTTPStatus.NOT_FOUND:
        return Refused(404, "there is no such path here; GET /openapi.json has those there are", "not_found")
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return Refused(405, "the path does not take this method", "not_allowed", headers=headers)
    if status == HTTPStatus.BAD_REQUEST:
        return Refused(400, "the body cannot be read: send JSON in UTF-8", "invalid_json")
    return Refused(status, HTTPStatus(status).phrase, "refused", headers=headers)


def of_fault(error: Exception, request_id: str) -> Refused:
    """A fault of ours: nothing is said of it but where to find it in the log."""
    if isinstance(error, UNREACHED):
        return Refused(503, "the server cannot reach its database now: ask again", "unavailable",
                       headers={"Retry-After": "5"})  # fmt: skip
    said = f"the server failed; its log says more under request id {request_id}"
    return Refused(500, said, "internal", details={"request_id": request_id})


def _place(where: Iterable[Any]) -> str:
    """The name of a parameter as callers write it: entities.0.modes."""
    parts = [str(part) for part in where]
    return cut(
        ".".join(parts[1:] if parts[:1] and parts[0] in ("body", "query", "path", "header") else parts)
    )


def _said(mistake: Mapping[str, Any]) -> str:
    return SAID.get(mistake["type"]) or str(mistake["msg"]).removeprefix("Value error, ")
