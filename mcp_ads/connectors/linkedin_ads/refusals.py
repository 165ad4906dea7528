"""LinkedIn's refusals, in any of their envelopes, as ours: who can do what about them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from mcp_ads.core import dig
from mcp_ads.core.pauses import until_midnight
from mcp_ads.core.statuses import TIMED_OUT
from mcp_ads.errors import ApiError, AuthError, NotFound, PlatformDown, RateLimited, Rejected

from .fixes import (
    ASK_LESS,
    DEFAULT_VERSION,
    FIXES,
    FULL,
    LOST,
    LOST_FIXES,
    PERMISSION,
    PERMISSION_BY_ACTION,
    PERMISSION_FIXES,
    SIGN_IN_FIXES,
    lacking,
    other_version,
)

DATA_THROTTLE = 330.0
"""Seconds until the five-minute window of metric values has passed."""
ABSENT = 404
OWN = ("code", "serviceErrorCode", "errorDetails")
"""What only LinkedIn's own errors have; an error without a code of a service has the number 0 there."""
NO_VALUE: tuple[Any, ...] = (None, "", {}, [])
_DAY = re.compile(r"\b(day|daily)\b", re.IGNORECASE)


def error_of(
    error: Mapping[str, Any],
    status: int,
    request_id: str = "",
    version: str = DEFAULT_VERSION,
    action: str = "",
) -> ApiError:
    """LinkedIn's error, in any of its envelopes, as ours; `action` is the Rest.li one that was asked for."""
    codes = _codes(error)
    known: dict[str, Any] = {
        "status": status,
        "code": "/".join(codes),
        "request_id": request_id,
        "platform_text": _says(error),
        "fix": "; ".join(dict.fromkeys(FIXES[code] for code in codes if code in FIXES)),
    }
    return _kind(status, known, version, action)


def is_documented(answer: Any, status: int, headers: Mapping[str, str]) -> bool:
    """Whether it is one of LinkedIn's envelopes: its status, a text, and a code or the mark of Rest.li."""
    return (
        isinstance(answer, dict)
        and answer.get("status") == status
        and isinstance(answer.get("message"), str)
        and (
            any(answer.get(name, "") not in NO_VALUE for name in OWN) or "x-restli-error-response" in headers
        )
    )


def item_error(index: int, error: Mapping[str, Any]) -> dict[str, Any]:
    """The error of one item of a batch, as Result.errors has them."""
    told = error_of(error, int(error.get("status") or 404))
    row = {"index": index, "code": type(told).__name__, "message": str(told), "fix": told.fix}
    return {
        key: value
        for key, value in (row | {"platform": told.code, "says": told.platform_text}).items()
        if value != ""
    }


def unread(answer: Mapping[str, Any], ids: Iterable[str]) -> dict[str, ApiError]:
    """Why objects are not in the answer to a batch read; of those that are not there it says nothing."""
    results, errors, statuses = (answer.get(name) or {} for name in ("results", "errors", "statuses"))
    refused = {}
    for id_ in ids:
        error = errors.get(id_) or {}
        status = error.get("status") or statuses.get(id_) or ABSENT
        if id_ not in results and status != ABSENT:
            refused[id_] = error_of(error, int(status))
    return refused


def _kind(status: int, known: dict[str, Any], version: str, action: str) -> ApiError:
    match status:
        case 401 if known["code"] == "invalid_client":
            return AuthError("the app's id and secret are not accepted", sign_in=False, **known)
        case 401:
            return AuthError(
                "LinkedIn does not accept the access token", **known | {"fix": _sign_in(known["code"])}
            )
        case 403:
            by_action = PERMISSION_BY_ACTION.get(action, PERMISSION)
            text = known["platform_text"]
            told = "; ".join(filter(None, [lacking(text), _fix_in(text, PERMISSION_FIXES)]))
            fix = known["fix"] or told or by_action
            return AuthError("the token or the member may not do this", **known | {"fix": fix})
        case 404:
            fix = known["fix"] or _fix_in(known["platform_text"], LOST_FIXES) or LOST
            return NotFound("no such object, or the member may not see it", **known | {"fix": fix})
        case 414:
            return Rejected("the request is too long for LinkedIn", **known | {"fix": ASK_LESS})
        case 426:
            return Rejected(
                f"LinkedIn does not serve version {version} of its API",
                **known | {"fix": other_version(version)},
            )
        case 429 if FULL & {*known["code"].split("/")}:
            return Rejected("LinkedIn refused this", **known)
        case 429:
            return RateLimited("LinkedIn asks to slow down", **known | _until(known["platform_text"]))
    if status in TIMED_OUT or status >= 500:  # noqa: PLR2004
        return PlatformDown("LinkedIn failed to answer", **known)
    return Rejected("LinkedIn refused this", **known)


def _until(says: str) -> dict[str, Any]:
    if is_data(says):
        return {"retry_after": DATA_THROTTLE, "fix": f"wait five minutes, then {ASK_LESS}"}
    return {"quota": True} if _DAY.search(says) else {}


def used_up(error: RateLimited, headers: Mapping[str, str]) -> RateLimited:
    """A refusal for too many calls with how long it lasts: a quota begins anew at midnight UTC.

    LinkedIn counts the calls of each resource by themselves, for the app and for each of its members.
    """
    if "retry-after" in headers:
        error.quota = False
    if not error.quota:
        return error
    error.retry_after = until_midnight(headers)
    hours, minutes = divmod(math.ceil(error.retry_after / 60), 60)
    error.of_app = "member" not in error.platform_text.lower()
    whose = "the app's" if error.of_app else "the member's"
    error.fix = (
        f"{whose} calls of this kind for today are used up: LinkedIn counts anew from 00:00 UTC, in {hours} h"
        f" {minutes} min; other entities can be asked meanwhile"
    )
    return error


def is_data(text: str) -> bool:
    """Whether a text is about the throttle on metric values."""
    lower = text.lower()
    return "data throttle" in lower or "45 million" in lower or "metric values" in lower


def _sign_in(code: str) -> str:
    found = (SIGN_IN_FIXES[part] for part in code.split("/") if part in SIGN_IN_FIXES)
    return next(
        found, "make a new token and set LINKEDIN_ADS_ACCESS_TOKEN; `mcp-ads doctor` says what is missing"
    )


def _fix_in(says: str, fixes: Mapping[str, str]) -> str:
    return next((fix for part, fix in fixes.items() if part in says.lower()), "")


def _inputs(error: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What is wrong with single fields, in the newer envelope."""
    details = error.get("errorDetails")
    details = details if isinstance(details, dict) else {}
    return [*(details.get("inputErrors") or ()), *(details.get("conditionalInputErrors") or ())]


def _codes(error: Mapping[str, Any]) -> list[str]:
    codes = [
        error.get("code"),
        error.get("error") if isinstance(error.get("error"), str) else None,
        *(input_.get("code") for input_ in _inputs(error)),
        error.get("serviceErrorCode"),
    ]
    return list(dict.fromkeys(str(code) for code in codes if code))


def _says(error: Mapping[str, Any]) -> str:
    inputs, message = _inputs(error), str(error.get("message") or error.get("error_description") or "")
    lines = [f"{dig(input_, 'input.inputPath.fieldPath')}: {input_.get('description')}" for input_ in inputs]
    told = any(message and message in line for line in lines)
    return "; ".join(dict.fromkeys(lines if told or not message else [message, *lines]))
