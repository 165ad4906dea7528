"""What a host of connectors answers other than a result, as errors; its text is data."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

import httpx

from mcp_ads.auth.answers import json_object
from mcp_ads.auth.hosted import Host, not_accepted, refuses_token, said, wait_of
from mcp_ads.core.cells import visible
from mcp_ads.core.statuses import REFUSED, TIMED_OUT, proves_refusal
from mcp_ads.errors import (
    ApiError,
    AuthError,
    HostRefused,
    NotFound,
    OutcomeUnknown,
    PlatformDown,
    RateLimited,
    Rejected,
)

PLATFORM_AUTH, UNKNOWN, PLANNED = "platform_auth", "outcome_unknown", "plan_required"
"""Codes of errors: the platform refuses the credentials, a change's answer is lost, a plan waits."""
PLAN_ID = re.compile(r"[A-Za-z0-9_-](?:[.:]?[A-Za-z0-9_-]){0,199}")
AGAIN = "call again in a minute"
MALFORMED = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY})
PASSING = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT})
"""Failures that another try may not meet."""


def first_error(response: httpx.Response) -> dict[str, Any]:
    """The first of the errors in a body, empty where there is none."""
    errors = json_object(response).get("errors")
    first = errors[0] if isinstance(errors, list) and errors else {}
    return first if isinstance(first, dict) else {}


def lost(host: Host, why: str, *, write: bool, check: str = "", **known: Any) -> ApiError:
    """A read without an answer to believe has failed; a write may have been carried out."""
    if write:
        return OutcomeUnknown.because(f"{host.name}: {why}", fix=check, **known)
    error = PlatformDown(f"{host.name}: {why}", fix=AGAIN, **known)
    if error.status in PASSING:
        error.details = {"passing": True}
    return error


def refusal(host: Host, response: httpx.Response, *, write: bool, check: str = "") -> ApiError:
    """What an answer that is no success means for the call; `check` says how to see what a write did."""
    status, code = response.status_code, visible(str(first_error(response).get("error_code") or ""))
    known: dict[str, Any] = {"status": status, "code": code, "platform_text": said(response)}
    if code == PLATFORM_AUTH:
        what = f"the platform refuses the credentials that {host.name} keeps for this connector"
        return AuthError(what, sign_in=False, fix="connect it to the platform anew there", **known)
    if write and (why := _unproven(response, code, known["platform_text"])):
        return lost(host, why, write=True, check=check, **known)
    if status in MALFORMED:
        text = visible(known["platform_text"]) or f"{host.name} does not take the call as it is"
        return HostRefused(text, **known)
    if status == HTTPStatus.UNAUTHORIZED:
        return not_accepted(host, **known)
    if status == HTTPStatus.FORBIDDEN:
        fix = "ask who runs it what this client and its organization may do"
        return AuthError(f"{host.name} does not allow this", sign_in=False, fix=fix, **known)
    if status == HTTPStatus.NOT_FOUND:
        fix = "check connector_id, workspace_name and the host's address"
        return NotFound(f"{host.name} has no such connector or plan", fix=fix, **known)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited(
            f"{host.name} asks to slow down", retry_after=wait_of(response), fix=AGAIN, **known
        )
    if not _refuses(status):
        return lost(host, f"it answers with HTTP {status}", write=write, check=check, **known)
    refused = Rejected(f"{host.name} refused this", **known)
    if code == PLANNED and (plan := plan_in(response)):
        refused.details = {"plan": plan}
    return refused


def plan_in(response: httpx.Response) -> dict[str, str]:
    """The plan that a write has become at a host, with its whole text; empty where it is not told."""
    told = first_error(response).get("details")
    plan_id, text = (told.get(name) if isinstance(told, dict) else None for name in ("plan_id", "plan"))
    if not (isinstance(plan_id, str) and PLAN_ID.fullmatch(plan_id) and isinstance(text, str) and text):
        return {}
    return {"status": "planned", "plan_id": plan_id, "plan": text}


def _unproven(response: httpx.Response, code: str, says: str) -> str:
    """Why a refusal of a write says nothing of what became of it; empty where it may."""
    if code == UNKNOWN:
        return "the platform's answer to it was lost"
    status = response.status_code
    if status == HTTPStatus.UNAUTHORIZED:
        own = refuses_token(response)
    else:
        own = status in REFUSED and _is_documented(json_object(response), says)
    return "" if proves_refusal(status, own=own) else f"HTTP {status} does not say that nothing was done"


def _is_documented(answer: dict[str, Any], says: str) -> bool:
    """Whether it is a host's own refusal: its list of errors with a text, or the parts of a call it names."""
    listed = any(isinstance(answer.get(name), list) for name in ("errors", "detail"))
    return listed and bool(says)


def _refuses(status: int) -> bool:
    """Whether a status says no, and is no failure to answer."""
    client_error = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
    return client_error and status not in {*TIMED_OUT, HTTPStatus.FAILED_DEPENDENCY}
