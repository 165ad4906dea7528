"""Lists: filters, pages, and tokens that are good for one request only."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from starlette.responses import Response

from .calls import Body, Call
from .errors import Problem, Refused, reply
from .items import owned, shown
from .resources import Filter, Resource
from .serving import serving_status

PAGE, LARGEST_PAGE = 100, 1000
MATCHES = ("BROAD_MATCH", "EXACT_MATCH")
READ_STATES = {"ENABLED", "PAUSED", "ARCHIVED", "ENABLING", "PROPOSED", "USER_DELETED", "OTHER"}


def list_objects(resource: Resource, call: Call) -> Response:
    """One page of the objects that pass every filter; without a state filter archived ones too."""
    body = _checked(resource, call.body)
    found = [record for record in owned(call, resource.kind) if _passes(record, resource, body)]
    start, size = _start(resource, call, body), resource.page or _page_size(body)
    rows = [shown(record) | resource.told(call, record) for record in found[start : start + size]]
    if body.get("includeExtendedDataFields") is True:
        rows = [
            row | {"extendedData": extended(call, record)}
            for row, record in zip(rows, found[start:], strict=False)
        ]
    answer: Body = {
        resource.key: rows,
        "totalResults": len(found),
    }
    if start + size < len(found):
        answer["nextToken"] = _token(resource, call, body, start + size)
    return reply(answer, media=resource.media_type)


def extended(call: Call, found: Body) -> Body:
    return {
        "servingStatus": serving_status(call.store, call.profile, found),
        "servingStatusDetails": [],
        "creationDateTime": found["_created"],
        "lastUpdateDateTime": found["_updated"],
    }


def _checked(resource: Resource, body: Any) -> Body:
    if not isinstance(body, dict):
        raise Refused(400, "The body must be an object")
    known = {"nextToken": str, "includeExtendedDataFields": bool}
    if resource.page is None:
        known["maxResults"] = int
    for name, value in body.items():
        if name in resource.all_filters:
            _check_filter(name, value, resource.all_filters[name])
        elif name not in known:
            raise Refused(400, f"Unrecognized field at $.{name}")
        elif value is not None and type(value) is not known[name]:
            raise Refused(400, f"$.{name} must be of type {known[name].__name__}")
    return body


def _is_text_filter(value: Any, filter: Filter) -> bool:
    """Whether a filter over texts can be read; one that cannot is reported to be ignored, not refused."""
    if not isinstance(value, dict) or not isinstance(value.get("include"), list):
        return False
    match = value.get("queryTermMatchType", "" if filter.match_needed else MATCHES[0])
    known = value.keys() <= {"include", "queryTermMatchType"} and match in MATCHES
    return known and all(isinstance(text, str) for text in value["include"])


def _check_filter(name: str, value: Any, filter: Filter) -> None:
    if filter.shape == "text" and not _is_text_filter(value, filter):
        return
    if filter.shape == "plain text":
        if not isinstance(value, str):
            raise Refused(400, f"$.{name} must be a string")
        return
    values, at = value, f"$.{name}"
    if filter.shape != "plain list":
        _check_include(at, value, filter)
        values, at = value["include"], f"{at}.include"
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise Refused(400, f"{at} must be an array of strings")
    if len(values) > filter.most:
        raise Refused(400, f"{at} must have at most {filter.most} entries")
    if filter.of == "state" and (bad := set(values) - READ_STATES):
        raise Refused(400, f"{at}: {min(bad)} is not a state: {', '.join(sorted(READ_STATES))}")


def _check_include(at: str, value: Any, filter: Filter) -> None:
    if not isinstance(value, dict) or "include" not in value:
        raise Refused(400, f"{at} must be an object with include")
    allowed = {"include", "queryTermMatchType"} if filter.shape == "text" else {"include"}
    if unknown := set(value) - allowed:
        raise Refused(400, f"Unrecognized field at {at}.{min(unknown)}")


def _passes(found: Body, resource: Resource, body: Body) -> bool:
    filters = resource.all_filters
    return all(
        _matches(found.get(filters[name].of), body[name], filters[name]) for name in body if name in filters
    )


def _matches(value: Any, wanted: Any, filter: Filter) -> bool:
    if filter.shape == "plain text":
        return bool(value == wanted)
    if filter.shape == "plain list":
        return value in wanted
    if filter.shape == "include":
        return value in wanted["include"]
    if not _is_text_filter(wanted, filter):
        return True
    texts = [part.get("value", "") for part in value] if isinstance(value, list) else [value or ""]
    exact = wanted.get("queryTermMatchType") == "EXACT_MATCH"
    return any(_meets(text, term, exact=exact) for text in texts for term in wanted["include"])


def _meets(text: str, term: str, *, exact: bool) -> bool:
    return text.lower() == term.lower() if exact else term.lower() in text.lower()


def _page_size(body: Body) -> int:
    wanted = PAGE if body.get("maxResults") is None else body["maxResults"]
    if wanted < 1:
        raise Refused(400, "$.maxResults must be at least 1")
    return int(min(wanted, LARGEST_PAGE))


def _token(resource: Resource, call: Call, body: Body, start: int) -> str:
    return base64.urlsafe_b64encode(f"{start}:{_mark(resource, call, body, start)}".encode()).decode()


def _start(resource: Resource, call: Call, body: Body) -> int:
    token = body.get("nextToken")
    if not token:
        return 0
    try:
        start, _, mark = base64.urlsafe_b64decode(token).decode().partition(":")
        if mark == _mark(resource, call, body, int(start)):
            return int(start)
    except ValueError:
        pass
    bad = Problem("invalidInputError", "INVALID_TOKEN", "nextToken is not of this request", "$.nextToken")
    raise Refused(400, "Invalid nextToken", errors=[bad.body()])


def _mark(resource: Resource, call: Call, body: Body, start: int) -> str:
    """What ties a token to the filters, the profile and the place it was given for."""
    asked = {key: value for key, value in body.items() if key not in {"nextToken", "maxResults"}}
    text = json.dumps([resource.path, call.profile_id, asked, start], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:24]
