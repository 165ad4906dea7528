"""What Airbyte's API answers to an execution: its result, or the error that its refusal is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import httpx

from mcp_ads.auth.answers import json_object
from mcp_ads.auth.hosted import (
    CLIENT_ID,
    CLIENT_SECRET,
    FAILED,
    SLOW_DOWN,
    Host,
    TooLarge,
    refuses_token,
    said,
    wait_of,
)
from mcp_ads.auth.hosted_connectors import id_variable
from mcp_ads.core import Connector, Request
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

from .airbyte_proofs import never_begun, platforms_own

UNCHANGED = "; nothing was changed"
CREDENTIALS = (
    f"check {CLIENT_ID}, {CLIENT_SECRET} and AIRBYTE_ORGANIZATION_ID; where the platform refuses "
    "the connector's own credentials, connect it anew at Airbyte"
)
OK, UNAUTHORIZED, FORBIDDEN, NOT_FOUND = 200, 401, 403, 404


@dataclass(frozen=True)
class Asked:
    """An execution that was sent: to which host, for which connector, what request it stands for.

    `known` says whether the host knows the connector's id, which a 404 does not; None where it did not say.
    `given` is whether that id was configured, and not looked up.
    """

    host: Host
    connector: Connector
    request: Request
    known: bool | None = True
    given: bool = False

    @property
    def change(self) -> bool:
        """Whether it was to change something."""
        return self.request.risk != "read"


def result_of(asked: Asked, response: httpx.Response) -> tuple[Any, dict[str, Any]]:
    """The result of an execution and what is said beside it.

    Raises AdsError; OutcomeUnknown for a change of which the answer does not say that it was carried out, or
    that nothing was.
    """
    if response.status_code != OK:
        raise _refusal(asked, response)
    answer = json_object(response)
    success = ("success",) if asked.change else ("success", None)
    if "result" not in answer or answer.get("status") not in success:
        raise _senseless(asked.request, "no result in the answer", platform_text=said(response))
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


def _refusal(asked: Asked, response: httpx.Response) -> AdsError:
    status, request = response.status_code, asked.request
    more: dict[str, Any] = {"status": status, "platform_text": said(response)}
    if status == SLOW_DOWN:
        return _slowed(request, wait_of(response), more)
    if status >= FAILED or response.is_redirect or response.is_success:
        return _senseless(request, f"HTTP {status}", **more)
    own = platforms_own(asked.connector.dialect, request, response)
    if asked.change:
        return _of_change(response, own, more)
    if isinstance(own, NotFound):
        return _told(own)
    if status in (UNAUTHORIZED, FORBIDDEN):
        return _told(AuthError("Airbyte refuses this", sign_in=False, fix=CREDENTIALS, **more))
    if status == NOT_FOUND and not asked.known:
        return _told(_no_object(asked, more))
    kind = NotFound if status == NOT_FOUND else Rejected
    return _told(kind("Airbyte or the platform refused this", **more))


def _of_change(response: httpx.Response, own: ApiError | None, more: dict[str, Any]) -> AdsError:
    """What a refusal of a change means: it passes on what happened elsewhere, so a status proves nothing.

    Nothing was changed where the platform's documented refusal is in it, or what Airbyte itself refuses of
    the call or of the token.
    """
    status = response.status_code
    if own is not None:
        refused: AdsError = own
        refused.fix = CREDENTIALS if isinstance(own, AuthError) else own.fix
    elif never_begun(response):
        refused = Rejected("Airbyte does not take the call as it is", **more)
    elif status == UNAUTHORIZED and refuses_token(response):
        refused = AuthError("Airbyte refuses the access token", sign_in=False, fix=CREDENTIALS, **more)
    else:
        fix = CREDENTIALS if status in (UNAUTHORIZED, FORBIDDEN) else ""
        what = f"HTTP {status} does not say that nothing was done"
        return OutcomeUnknown.because(what, fix=fix, **more)
    refused.sent, refused.args = "yes", (f"{refused}{UNCHANGED}",)
    return refused


def _slowed(request: Request, seconds: float, more: dict[str, Any]) -> AdsError:
    """Airbyte tries again before it says this, changes too: an earlier try may have been carried out."""
    if request.risk == "read":
        return _told(RateLimited("Airbyte asks to slow down", retry_after=seconds, **more))
    pause = f" for {math.ceil(seconds)} s" if seconds else ""
    return OutcomeUnknown.because(
        f"HTTP 429: Airbyte asks to slow down{pause}, and may have tried it before", **more
    )


def _no_object(asked: Asked, more: dict[str, Any]) -> AdsError:
    """A 404 of a connector that the host does not know, or does not say whether it does."""
    variable = id_variable(asked.connector.name)
    fix = "look for it in the workspace there (AIRBYTE_WORKSPACE_NAME)"
    fix = f"check {variable}, or leave it out: AIRBYTE_WORKSPACE_NAME finds it" if asked.given else fix
    if asked.known is False:
        return NoConnector(f"{asked.host.name} knows no connector of this id", fix=fix)
    what = f"HTTP 404: {asked.host.name} knows no connector of this id, or the platform has no such object"
    return PlatformDown(what, fix=f"call again; {fix}", **more)


def _told(error: AdsError) -> AdsError:
    """A refusal of something that was sent."""
    error.sent = "yes"
    return error
