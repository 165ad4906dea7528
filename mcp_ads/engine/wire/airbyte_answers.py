"""What Airbyte's API answers to an execution: its result, or the error that its refusal is."""

from __future__ import annotations

import math
from typing import Any

import httpx

from mcp_ads.auth.answers import json_object
from mcp_ads.auth.hosted import CLIENT_ID, CLIENT_SECRET, FAILED, SLOW_DOWN, Host, TooLarge, said, wait_of
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
    host: Host, connector: str, request: Request, response: httpx.Response, *, known: bool | None = True
) -> tuple[Any, dict[str, Any]]:
    """The result of an execution and what is said beside it.

    `known` says whether the host knows the connector, which a 404 does not; None where it did not say.
    Raises AdsError; OutcomeUnknown for a change of which the answer does not say that it was carried out, or
    that nothing was.
    """
    if response.status_code != OK:
        raise _refusal(host, connector, request, response, known=known)
    answer = json_object(response)
    if "result" not in answer or answer.get("status") not in ("success", None):
        raise _senseless(request, "no result in the answer", platform_text=said(response))
    meta = answer.get("connector_metadata")
    return answer["result"], meta if isinstance(meta, dict) else {}


def _senseless(request: Request, what: str, **more: Any) -> ApiError:
    if request.risk != "read":
        return OutcomeUnknown.because(what, **more)
    return PlatformDown(f"Airbyte answers with {what}", fix="call again; nothing was changed", **more)


def too_large(request: Request, error: TooLarge) -> ApiError:
    """That an answer was left unread: the change may have been made, the read has to be a smaller one."""
    if request.risk != "read":
        return OutcomeUnknown.because(str(error))
    return Rejected(str(error), fix="ask for less: fewer days, fields or rows")


def _refusal(
    host: Host, connector: str, request: Request, response: httpx.Response, *, known: bool | None
) -> AdsError:
    status = response.status_code
    more: dict[str, Any] = {"status": status, "platform_text": said(response)}
    if status in (UNAUTHORIZED, FORBIDDEN):
        fix = (
            f"check {CLIENT_ID}, {CLIENT_SECRET} and AIRBYTE_ORGANIZATION_ID; where the platform refuses "
            "the connector's own credentials, connect it anew at Airbyte"
        )
        return _told(request, AuthError("Airbyte refuses this", sign_in=False, fix=fix, **more))
    if status == SLOW_DOWN:
        return _slowed(request, wait_of(response), more)
    if status >= FAILED or response.is_redirect or response.is_success:
        return _senseless(request, f"HTTP {status}", **more)
    if request.risk != "read" and not proves_refusal(status):
        return OutcomeUnknown.because(f"HTTP {status} does not say that nothing was done", **more)
    if status == NOT_FOUND and not known:
        return _told(request, _no_object(host, connector, known, more))
    kind = NotFound if status == NOT_FOUND else Rejected
    return _told(request, kind("Airbyte or the platform refused this", **more))


def _slowed(request: Request, seconds: float, more: dict[str, Any]) -> AdsError:
    """Airbyte tries again before it says this, changes too: an earlier try may have been carried out."""
    if request.risk == "read":
        return _told(request, RateLimited("Airbyte asks to slow down", retry_after=seconds, **more))
    pause = f" for {math.ceil(seconds)} s" if seconds else ""
    return OutcomeUnknown.because(
        f"HTTP 429: Airbyte asks to slow down{pause}, and may have tried it before", **more
    )


def _no_object(host: Host, connector: str, known: bool | None, more: dict[str, Any]) -> AdsError:
    """A 404 of a connector that the host does not know, or does not say whether it does."""
    fix = f"check {id_variable(connector)}, or leave it out: AIRBYTE_WORKSPACE_NAME finds it"
    if known is False:
        return NoConnector(f"{host.name} knows no connector of this id", fix=fix)
    what = f"HTTP 404: {host.name} knows no connector of this id, or the platform has no such object"
    return PlatformDown(what, fix=f"call again; {fix}", **more)


def _told(request: Request, error: AdsError) -> AdsError:
    """A refusal of something that was sent, and of a change that nothing came of it."""
    error.sent = "yes"
    if request.risk != "read":
        error.args = (f"{error}{UNCHANGED}",)
    return error
