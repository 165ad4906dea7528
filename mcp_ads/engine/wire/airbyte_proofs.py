"""What a refusal over Airbyte proves: that the call was not begun, or that the platform itself said no."""

from __future__ import annotations

import json
from typing import Any

import httpx

from mcp_ads.auth.answers import json_object
from mcp_ads.auth.hosted import said
from mcp_ads.core import Reply, Request
from mcp_ads.core.connector import Dialect
from mcp_ads.core.statuses import proves_refusal
from mcp_ads.errors import ApiError, PlatformDown, RateLimited

MALFORMED = frozenset({400, 422})


def never_begun(response: httpx.Response) -> bool:
    """Whether Airbyte says which parts of the call it does not take: then it asked no platform."""
    if response.status_code not in MALFORMED:
        return False
    answer = json_object(response)
    errors, detail = answer.get("errors"), answer.get("detail")
    named = [isinstance(error, dict) and bool(error.get("field")) for error in _list(errors)]
    placed = [isinstance(error, dict) and bool(error.get("loc")) for error in _list(detail)]
    return bool(named or placed) and all([*named, *placed])


def platforms_own(dialect: Dialect, request: Request, response: httpx.Response) -> ApiError | None:
    """The platform's documented refusal, where the answer begins to quote one; None where it has none.

    Failures and throttles of its own are none: Airbyte may have asked it before. What stands further on in
    a text may be anybody's.
    """
    told = _quoted(said(response))
    own = told.get("status")
    status = own if type(own) is int else response.status_code
    if not told or not proves_refusal(status, own=400 <= status < 500):  # noqa: PLR2004
        return None
    reply = Reply(status, {"content-type": "application/json"}, json.dumps(told).encode(), asked=request)
    try:
        dialect.decode(reply)
    except (PlatformDown, RateLimited):
        return None
    except ApiError as error:
        return error if error.own and error.code.strip("0") else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):  # it is anybody's text
        return None
    return None


def _quoted(text: str) -> dict[str, Any]:
    """The JSON object at the first brace of a text; empty where there is none."""
    at = text.find("{")
    try:
        found = json.JSONDecoder().raw_decode(text, at)[0] if at >= 0 else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
