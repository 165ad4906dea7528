"""Errors the way Graph spells them."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from starlette.responses import JSONResponse, Response

Body = dict[str, Any]

DEAD_TOKENS: dict[str, tuple[int | None, str]] = {
    "expired": (463, "Error validating access token: Session has expired."),
    "revoked": (460, "Error validating access token: The session was invalidated by a password change."),
    "invalid": (None, "Invalid OAuth access token - Cannot parse access token"),
}
THROTTLES: dict[int, tuple[int | None, int, str]] = {
    4: (1504022, 403, "(#4) Application request limit reached"),
    17: (2446079, 400, "(#17) User request limit reached"),
    32: (None, 400, "(#32) Page request limit reached"),
    341: (None, 400, "(#341) Feed action request limit reached"),
    613: (1487742, 400, "(#613) Calls to this api have exceeded the rate limit."),
    80000: (2446079, 400, "(#80000) Too many ads-insights calls to this ad account."),
    80003: (2446079, 400, "(#80003) Too many custom-audience calls to this ad account."),
    80004: (2446079, 400, "(#80004) Too many ads-management calls to this ad account."),
}
USE_CASES = {80000: "ads_insights", 80003: "custom_audience"}


class GraphError(Exception):
    """One answer of the kind `{"error": {...}}`."""

    def __init__(
        self, code: int, message: str, *, subcode: int | None = None, status: int = 400, **extra: Any
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error: Body = {
            "message": message,
            "type": extra.pop("type", "OAuthException"),
            "code": code,
            **({"error_subcode": subcode} if subcode else {}),
            "is_transient": extra.pop("is_transient", False),
            **extra,
            "fbtrace_id": "A" + uuid4().hex[:22],
        }

    def body(self) -> Body:
        return {"error": self.error}

    def response(self) -> Response:
        """The error as an HTTP answer of its own."""
        return JSONResponse(self.body(), self.status, self.headers())

    def headers(self) -> dict[str, str]:
        if self.error["code"] == 190:
            return {"WWW-Authenticate": 'OAuth "Facebook Platform" "invalid_token"'}
        return {}


def invalid(message: str) -> GraphError:
    """A parameter that cannot be."""
    return GraphError(100, f"(#100) {message}")


def refused(subcode: int, title: str, text: str, *, blame: str = "") -> GraphError:
    """A rule broken: the message says nothing, the user texts say it all."""
    extra: Body = {"error_user_title": title, "error_user_msg": text}
    if blame:
        extra["error_data"] = json.dumps({"blame_field_specs": [[blame]]})
    return GraphError(100, "Invalid parameter", subcode=subcode, **extra)


def missing(name: str) -> GraphError:
    return invalid(f"The parameter {name} is required.")


def absent(method: str, id: str) -> GraphError:
    """An object that is not there, or not for this caller: Graph does not tell which."""
    text = (
        f"Unsupported {method.lower()} request. Object with ID '{id}' does not exist, "
        "cannot be loaded due to missing permissions, or does not support this operation."
    )
    return GraphError(100, text, subcode=33, type="GraphMethodException")


def unknown_edge(method: str, type: str, edge: str) -> GraphError:
    """A call this platform does not have; said loudly, since it is likely a mistake of the caller."""
    what = f"{method} /{{{type}}}/{edge}"
    text = f"Unsupported {method.lower()} request: there is no {what} (unknown path component)"
    return GraphError(2500, text)


def nonexisting(field: str, type: str) -> GraphError:
    return invalid(f"Tried accessing nonexisting field ({field}) on node type ({type})")


def too_much() -> GraphError:
    return GraphError(
        1, "Please reduce the amount of data you're asking for, then retry your request", status=500
    )


def lost_cursor() -> GraphError:
    """A page token that is of another call, or too old."""
    text = "(#2642) Invalid cursors values: request the first page again with the same parameters"
    return GraphError(2642, text)


def dead_token(why: str) -> GraphError:
    """A token that is `expired`, `revoked` or `invalid`."""
    subcode, text = DEAD_TOKENS[why]
    return GraphError(190, text, subcode=subcode)


def throttled(code: int, *, status: int | None = None) -> GraphError:
    subcode, usual, text = THROTTLES.get(code, (None, 400, f"(#{code}) Request limit reached"))
    return GraphError(code, text, subcode=subcode, status=status or usual, is_transient=code in (4, 17))


def fault(spec: Body) -> Response:
    """A fault on demand, spelt as Graph would."""
    kind = spec["kind"]
    if kind in ("429", "throttle"):
        return _throttle(int(spec.get("code", 17 if kind == "throttle" else 4)), kind)
    if kind == "500":
        text = "An unknown error occurred"
        return GraphError(1, text, subcode=99, status=500).response()
    if kind == "too-much":
        return too_much().response()
    if kind == "page-expired":
        return lost_cursor().response()
    if kind == "503":
        text = "Service temporarily unavailable"
        return GraphError(2, text, status=503, is_transient=True).response()
    return dead_token("revoked" if kind == "revoked-token" else "expired").response()


def _throttle(code: int, kind: str) -> Response:
    response = throttled(code, status=429 if kind == "429" else None).response()
    if code >= 80000:
        use_case = {
            "type": USE_CASES.get(code, "ads_management"),
            "call_count": 100,
            "total_cputime": 40,
            "total_time": 35,
            "estimated_time_to_regain_access": 1,
            "ads_api_access_tier": "standard_access",
        }
        response.headers["X-Business-Use-Case-Usage"] = json.dumps({"1234567890": [use_case]})
    if code == 4:
        usage = {"call_count": 100, "total_time": 40, "total_cputime": 30}
        response.headers["X-App-Usage"] = json.dumps(usage)
    if code == 17:
        account = {
            "acc_id_util_pct": 100,
            "reset_time_duration": 60,
            "ads_api_access_tier": "standard_access",
        }
        response.headers["X-Ad-Account-Usage"] = json.dumps(account)
    return response
