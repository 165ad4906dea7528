"""How the platform says no: its envelopes, its codes and its tracing headers."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from starlette.responses import JSONResponse, PlainTextResponse, Response

TOKEN_PATH = "/oauth/v2/accessToken"  # noqa: S105 - a path
FABRIC = "sandbox-lor1"
BAD_REQUEST = "com.linkedin.common.error.BadRequest"


@dataclass(frozen=True)
class Fault:
    """One thing wrong with the input: a published code, where, and in words."""

    code: str
    path: str
    description: str
    value: Any = None

    def as_json(self) -> dict[str, Any]:
        where: dict[str, Any] = {"inputPath": {"fieldPath": self.path}}
        if self.value is not None:
            where["value"] = self.value if isinstance(self.value, str) else str(self.value)
        return {"code": self.code, "description": self.description, "input": where}


class ApiError(Exception):
    """A refused call: the status and the body of its answer."""

    def __init__(self, status: int, body: dict[str, Any] | str) -> None:
        super().__init__(f"{status} {body}")
        self.status, self.body = status, body

    def response(self) -> Response:
        made: Response = (
            PlainTextResponse(self.body, self.status)
            if isinstance(self.body, str)
            else JSONResponse(self.body, self.status)
        )
        made.headers["X-RestLi-Error-Response"] = "true"
        return stamped(made)


def stamped(response: Response) -> Response:
    """Adds the headers by which the platform's support traces a call."""
    trace = uuid.uuid4()
    response.headers["x-li-uuid"] = base64.b64encode(trace.bytes).decode()
    response.headers["x-li-request-id"] = trace.hex
    response.headers["x-li-fabric"] = FABRIC
    response.headers["X-RestLi-Protocol-Version"] = "2.0.0"
    return response


def legacy(status: int, message: str, service_code: int | None = None) -> ApiError:
    """The older envelope, which has no `code`."""
    body: dict[str, Any] = {"message": message, "status": status}
    return ApiError(status, body if service_code is None else {**body, "serviceErrorCode": service_code})


def gateway(status: int, code: str, message: str, service_code: int | None = None) -> ApiError:
    """What the front door answers: tokens, versions, quotas, outages."""
    body: dict[str, Any] = {"status": status, "code": code, "message": message}
    return ApiError(status, body if service_code is None else {**body, "serviceErrorCode": service_code})


def invalid(faults: Iterable[Fault], *, status: int = 400) -> ApiError:
    """The newer envelope: every fault with its path, one code on top."""
    found = list(faults)
    top = found[0].code if len(found) == 1 else "MULTIPLE_VALIDATIONS_FAILED"
    message = found[0].description if len(found) == 1 else "Several fields are invalid; see errorDetails"
    plain = [fault.as_json() for fault in found if not fault.code.startswith("CONDITIONAL_")]
    conditional = [fault.as_json() for fault in found if fault.code.startswith("CONDITIONAL_")]
    details: dict[str, Any] = {"inputErrors": plain}
    if conditional:
        details["conditionalInputErrors"] = conditional
    body = {
        "message": message,
        "code": top,
        "status": status,
        "errorDetailType": BAD_REQUEST,
        "errorDetails": details,
    }
    return ApiError(status, body)


def invalid_legacy(faults: Iterable[Fault]) -> ApiError:
    """The same in the older envelope, all in one message."""
    return legacy(400, "; ".join(f"{fault.code} {fault.path}: {fault.description}" for fault in faults))


def bad_param(name: str, description: str, code: str = "PARAM_INVALID") -> ApiError:
    return invalid([Fault(code, name, description)])


def bad_schema(faults: Iterable[tuple[str, str]]) -> ApiError:
    """A body that does not fit the record's schema."""
    lines = "\n".join(f"ERROR :: {path} :: {text}" for path, text in faults)
    return legacy(422, f"Request entity is invalid: {lines}\n")


def not_found(noun: str, id: str) -> ApiError:
    return gateway(404, "NOT_FOUND", f"No {noun} exists with id {id}")


def no_access(urn: str) -> ApiError:
    text = f"The member may not read or change {urn}"
    return gateway(403, "NO_PERMISSION_ON_ENTITY", text, 100)


TOKENS = {
    "invalid": (65600, "INVALID_ACCESS_TOKEN", "Invalid access token"),
    "revoked": (65601, "REVOKED_ACCESS_TOKEN", "The member revoked this access token"),
    "expired": (65602, "EXPIRED_ACCESS_TOKEN", "This access token has expired"),
    "empty": (65604, "EMPTY_ACCESS_TOKEN", "The access token is empty"),
}


def bad_token(what: str) -> ApiError:
    number, code, message = TOKENS[what]
    return gateway(401, code, message, number)


BUSY = "Too many requests at once"
QUOTA = "Resource level throttle APPLICATION DAY limit for calls to this resource is reached."
DATA = "Data throttle: more than 45 million metric values were asked for within 5 minutes"
FAULTS = {
    "429": gateway(429, "TOO_MANY_REQUESTS", BUSY),
    "quota": gateway(429, "TOO_MANY_REQUESTS", QUOTA, 101),
    "throttle": gateway(429, "TOO_MANY_REQUESTS", DATA, 101),
    "500": gateway(500, "INTERNAL_ERROR", "Internal server error"),
    "503": gateway(503, "UNDER_MAINTENANCE", "The service is under maintenance"),
    "expired-token": bad_token("expired"),
    "revoked-token": bad_token("revoked"),
    "page-expired": bad_param("pageToken", "The page token has expired"),
    "hidden": gateway(404, "RESOURCE_NOT_FOUND", "No virtual resource found"),
    "fresh-token": ApiError(200, {"active": False, "status": "revoked", "scope": "r_ads"}),
    "no-product": gateway(
        403,
        "ACCESS_DENIED",
        "Not enough permissions to access: partnerApiAdAccounts.FINDER-search.20260701",
        100,
    ),
}


def fault(spec: dict[str, Any]) -> Response:
    """An injected fault in this platform's spelling; `code` in the spec replaces the code of the answer.

    At the endpoint of tokens it is the refresh token that has ended, in the words of OAuth.
    """
    if spec["kind"] in ("expired-token", "revoked-token") and spec.get("at") == TOKEN_PATH:
        ended = "The provided refresh_token is invalid, expired or revoked"
        return JSONResponse({"error": "invalid_grant", "error_description": ended}, 400)
    problem = FAULTS.get(str(spec["kind"]), FAULTS["500"])
    body = problem.body
    if "code" in spec and isinstance(body, dict):
        body = {**body, "code": spec["code"]}
    return ApiError(problem.status, body).response()
