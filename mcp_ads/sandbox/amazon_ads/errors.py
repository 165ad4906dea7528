"""How Amazon says no: to a whole request, in the envelope of its family, or to one item of a batch."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from starlette.responses import HTMLResponse, JSONResponse, Response

Body = dict[str, Any]
TOKEN_PATH = "/auth/o2/token"  # noqa: S105 - a path
# Which key holds the text, by the beginning of the path; the gateway and the older families say "details".
TEXT_KEYS = {
    "/sp/campaigns/list": "message",
    "/sp/campaigns/delete": "message",
    "/sp/campaigns/": "details",
    "/sp/budgetRules": "details",
    **dict.fromkeys(
        ("/sp/targets/bid", "/sp/targets/categor", "/sp/targets/keywords", "/sp/targets/products"), "details"
    ),
    "/sp/": "message",
    "/portfolios": "message",
    "/sb/v4/": "message",
    "/assets": "message",
    "/st/": "message",
    "/adsApi/": "message",
    "/audiences/": "message",
    "/reporting/": "detail",
}
EXPORTS = ("/exports/", "/campaigns/export", "/adGroups/export", "/targets/export", "/ads/export")
CODES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHORIZED",
    403: "ACCESS_DENIED",
    404: "NOT_FOUND",
    406: "NOT_ACCEPTABLE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    429: "THROTTLED",
    500: "INTERNAL_ERROR",
}
SELECTED = ("dateError", "biddingError", "budgetError", "billingError", "rangeError", "otherError")
HTML = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center></body></html>"


class Refused(Exception):
    """A whole request turned down; nothing of it was done."""

    def __init__(self, status: int, text: str, *, gateway: bool = False, **more: Any) -> None:
        super().__init__(text)
        self.status, self.text, self.gateway, self.more = status, text, gateway, more

    def response(self, path: str) -> Response:
        return refusal(self.status, self.text, "" if self.gateway else path, **self.more)


@dataclass(frozen=True)
class Problem:
    """What is wrong with one item of a batch."""

    kind: str
    reason: str
    message: str
    location: str
    trigger: Any = None

    def body(self) -> Body:
        cause = {"location": self.location}
        if self.trigger is not None:
            cause["trigger"] = str(self.trigger)
        value = {"reason": self.reason, "message": self.message, "cause": cause}
        return {"errorType": self.kind, "errorValue": {self.kind: value}}

    def coded(self) -> Body:
        """The same as Sponsored Brands says it: a code for the type, and few names for what is wrong."""
        [value] = self.body()["errorValue"].values()
        name = self.kind if self.kind in SELECTED else "otherError"
        return {"errorType": "INVALID_ARGUMENT", "errorValue": {name: value}}


def reply(body: Any, status: int = 200, media: str = "application/json") -> Response:
    """A JSON answer with the request id every answer of the real platform carries."""
    response = JSONResponse(body, status, media_type=media)
    return with_request_id(response)


def with_request_id(response: Response) -> Response:
    response.headers["x-amzn-RequestId"] = str(uuid.uuid4())
    return response


def refusal(status: int, text: str, path: str = "", **more: Any) -> Response:
    """The envelope of the family that `path` belongs to."""
    if path.startswith(EXPORTS):
        return reply({"errorCode": CODES.get(status, str(status)), "message": text, **more}, status)
    if path.startswith("/dsp/"):
        return reply({"message": text, "requestId": str(uuid.uuid4()), **more}, status)
    key = next((key for start, key in TEXT_KEYS.items() if path.startswith(start)), "details")
    code = CODES.get(status, str(status)) if key == "message" else str(status)
    return reply({"code": code, key: text, **more}, status)


def token_refusal(status: int, error: str, text: str) -> Response:
    """The envelope of Login with Amazon."""
    return reply({"error": error, "error_description": text}, status)


def fault(spec: Body) -> Response:
    """What goes wrong on demand, in Amazon's words.

    `spec["at"]` is the path asked for. A throttle's `code` is its error code; `html` is the gateway's page.
    """
    kind, at = spec["kind"], spec.get("at", "")
    if kind in {"expired-token", "revoked-token"}:
        return _dead_token(kind, at)
    if kind in {"429", "throttle"}:
        return _throttled(spec.get("code"), at)
    if kind == "page-expired":
        bad = Problem("invalidInputError", "INVALID_TOKEN", "nextToken has expired", "$.nextToken")
        return refusal(400, "Invalid nextToken", at, errors=[bad.body()])
    if kind == "503":
        return with_request_id(Response(status_code=503))
    if at == TOKEN_PATH:
        return token_refusal(500, "server_error", "The authorization server had an unexpected error")
    return refusal(500, "An internal error has occurred", at)


def _dead_token(kind: str, at: str) -> Response:
    word = kind.removesuffix("-token")
    if at == TOKEN_PATH:
        return token_refusal(400, "invalid_grant", f"The refresh token is {word}")
    return refusal(401, f"HTTP 401 Unauthorized: the access token is {word}")


def _throttled(code: Any, at: str) -> Response:
    if code == "html":
        return with_request_id(HTMLResponse(HTML.format("429 Too Many Requests"), 429))
    if at == TOKEN_PATH:
        return token_refusal(429, "slow_down", "Too many token requests")
    changed = {"code": str(code)} if code else {}
    return refusal(429, "Too many requests: slow down", at, **changed)
