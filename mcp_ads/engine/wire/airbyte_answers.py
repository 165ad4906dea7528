"""What Airbyte's API answers to an execution: its result, or the error that its refusal is."""

from __future__ import annotations

from typing import Any

import httpx

from mcp_ads.auth.answers import json_object
from mcp_ads.auth.hosted import CLIENT_ID, CLIENT_SECRET, FAILED, SLOW_DOWN, Host, said, wait_of
from mcp_ads.auth.hosted_connectors import id_variable
from mcp_ads.core import Request
from mcp_ads.core.statuses import proves_refusal
from mcp_ads.errors import (
    AdsError,
    ApiError,
    AuthError,
    NoConnector,
    NotFound,
    OutcomeUnknown,
    PlatformDown,
    RateLimited,
    Rejected,
)

UNCHANGED = "; nothing was changed"
OK, UNAUTHORIZED, FORBIDDEN, NOT_FOUND = 200, 401, 403, 404


def result_of(
    host: Host, connector: str, request: Request, response: httpx.Response
) -> tuple[Any, dict[str, Any]]:
    """The result of an execution and what is said beside it.

    Raises AdsError; OutcomeUnknown for a change of which the answer does not say that it was carried out, or
    that nothing was.
    """
    if response.status_code != OK:
        raise _refusal(host, connector, request, response)
    answer = json_object(response)
    if "result" not in answer or answer.get("status") not in ("success", None):
        raise _senseless(request, "no result in the answer", platform_text=said(response))
    meta = answer.get("connector_metadata")
    return answer["result"], meta if isinstance(meta, dict) else {}


def _senseless(request: Request, what: str, **more: Any) -> ApiError:
    if request.risk != "read":
        return OutcomeUnknown.because(what, **more)
    return PlatformDown(f"Airbyte answers with {what}", fix="call again; nothing was changed", **more)


def _refusal(host: Host, connector: str, request: Request, response: httpx.Response) -> AdsError:
    status = response.status_code
    more: dict[str, Any] = {"status": status, "platform_text": said(response)}
    if status in (UNAUTHORIZED, FORBIDDEN):
        fix = (
            f"check {CLIENT_ID}, {CLIENT_SECRET} and AIRBYTE_ORGANIZATION_ID; where the platform refuses "
            "the connector's own credentials, connect it anew at Airbyte"
        )
        return _told(request, AuthError("Airbyte refuses this", sign_in=False, fix=fix, **more))
    if status == SLOW_DOWN:
        error: ApiError = RateLimited("Airbyte asks to slow down", retry_after=wait_of(response), **more)
        return _told(request, error)
    if status >= FAILED or response.is_redirect or response.is_success:
        return _senseless(request, f"HTTP {status}", **more)
    if request.risk != "read" and not proves_refusal(status):
        return OutcomeUnknown.because(f"HTTP {status} does not say that nothing was done", **more)
    if status == NOT_FOUND and "connector" in more["platform_text"].lower():
        fix = f"check {id_variable(connector)}, or leave it out: AIRBYTE_WORKSPACE_NAME finds it"
        return NoConnector(f"{host.name} knows no connector of this id", fix=fix)
    kind = NotFound if status == NOT_FOUND else Rejected
    return _told(request, kind("Airbyte or the platform refused this", **more))


def _told(request: Request, error: ApiError) -> ApiError:
    """A refusal of something that was sent, and of a change that nothing came of it."""
    error.sent = "yes"
    if request.risk != "read":
        error.args = (f"{error}{UNCHANGED}",)
    return error
