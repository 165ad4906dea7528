"""Graph API spelling: query and form values, nested ones as JSON; errors under "error"."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from mcp_ads.core import Cursor, File, Form, Reply, Request, Wire, dig
from mcp_ads.core.bodies import Streamed, multipart
from mcp_ads.core.pauses import retry_after
from mcp_ads.core.statuses import REFUSED, TIMED_OUT
from mcp_ads.core.usage import Usage
from mcp_ads.errors import ApiError, AuthError, NotFound, PlatformDown, RateLimited, Rejected, TooMuch

from . import batches
from .fixes import (
    APP_SETTINGS,
    AS_PAGE,
    ASK_LESS,
    CODE_FIXES,
    FIXES,
    SIGN_IN_FIXES,
    STILL_GOOD,
    a_kind,
    kind_fix,
    permission_fix,
)
from .limits import usages
from .own_ids import another_object

CURSOR = Cursor("paging.cursors.after", "after", size="limit", most=500, more="paging.next")
VERSION = "v26.0"
SIGN_IN = {101, 102, 104, 190}
PERMISSION = {10, 103, *range(200, 300)} - {222}
OF_APP = {4}
"""The code of the app's own throttle, which is that of every account it is used for."""
SLOW_DOWN = {4, 17, 32, 341, 613, *range(80000, 80015)}
FAILED = {1, 2, -2, 3910001}
CALLERS_FAULT = {1504041, 1504042}
"""Subcodes of an unusable breakdown or metric, which come under the code of a failure."""
NOT_AGREED = {1870034, 1870050, 1870092, 1870090, 1870047}
"""Subcodes of terms that the account has not accepted, and of an audience that would be too small, which come
under the code of a permission."""
ONE_OBJECTS = {1487632, 1487225, 1885172}
"""Subcodes of a limit of one object's changes, for an hour: under the code of a throttle, and everything else
goes on."""
UNSEEN = 3191001
"""The subcode of numbers that the token may not read, which comes under the code of a wrong parameter."""
OF_INSIGHTS = {1504022, 1504039}
"""Subcodes of a load of insights, which other reads get too when the whole app is throttled."""
TOO_MUCH = {1487534, 1504018, 1504038, 1504043, 1504045}
OF_READS = {200}
"""The code of a permission that reading may lack as well as writing."""
BLOCKED = 368
"""The code of a block for days: it is not lifted sooner by asking again, whatever else the answer says."""
INVALID = 100
MISSING = 33
MOST_QUOTED = 20_000
DONE, THROTTLED, SERVER = 200, 429, 500
PROOF, WANTS_PROOF = "appsecret_proof", "require an appsecret_proof"
OF_A_PAGE = "must be called with a page access token"
NO_SUCH_FIELD = re.compile(r"nonexisting field \((?P<field>\w+)\) on node type \((?P<kind>\w+)\)")
IN_ADDRESS = re.compile(
    r"(?P<before>&amp;|[?&]|%3F|%26)access_token(?:=|%3D)(?:(?!%26|%23)[^&#\s\"'<>])*(?P<after>&amp;|&|%26)?",
    re.IGNORECASE,
)
"""An access token in an address, also in one that stands inside another."""


@dataclass(frozen=True)
class GraphDialect:
    """`version` is the first part of every path, such as v26.0."""

    version: str = VERSION

    def encode(self, request: Request) -> Wire:
        if request.parts:
            batch = batches.spelled(request.parts, form)
            return self.encode(Request("POST", "/", body=batch))
        query = "?" + form(request.query) if request.query else ""
        url = f"/{self.version}{request.path}{query}"
        if request.body is None:
            return Wire(request.method, url, request.headers)
        if isinstance(request.body, Form):
            return Wire(request.method, url, *_multipart(request.headers, request.body))
        assert isinstance(request.body, Mapping)
        headers = {"Content-Type": "application/x-www-form-urlencoded", **request.headers}
        return Wire(request.method, url, headers, form(request.body).encode())

    def decode(self, reply: Reply) -> Any:
        answer = _json(reply)
        if isinstance(answer, dict) and (error := answer.get("error")):
            raise _error(error if isinstance(error, dict) else {"message": error}, reply)
        if reply.status >= 400:  # noqa: PLR2004
            raise _error({"message": _cut(answer)}, reply)
        if reply.status != DONE:
            raise PlatformDown(
                f"HTTP {reply.status} is no answer Facebook documents",
                status=reply.status,
                request_id=_request_id(reply),
            )
        if isinstance(answer, dict) and answer.get("success") is False:
            raise Rejected(
                "the platform answered success: false",
                status=reply.status,
                code=str(answer.get("error_code") or ""),
                own=True,
                request_id=_request_id(reply),
                platform_text=_cut(answer),
            )
        if why := another_object(answer, reply):
            raise PlatformDown(why, status=reply.status, request_id=_request_id(reply))
        if reply.asked and reply.asked.parts:
            return batches.parted(answer, reply, reply.asked.parts, self.decode)
        if reply.asked and reply.asked.secret:
            return answer
        return _clean(answer) if _has_secrets(answer, reply.content) else answer

    def wait(self, reply: Reply) -> float:
        """Seconds of Retry-After; how long a limit is closed stands beside its usage."""
        return retry_after(reply.headers)

    def used(self, reply: Reply) -> list[Usage]:
        return usages(reply)

    def warnings(self, reply: Reply) -> list[str]:
        text = reply.headers.get("x-ad-api-version-warning")
        return [f"Graph API version: {text}"] if text else []


def form(values: Mapping[str, Any]) -> str:
    """Scalars as they are, lists and objects as compact JSON."""
    return urlencode({name: _text(value) for name, value in values.items()})


def _multipart(headers: Mapping[str, str], body: Form) -> tuple[dict[str, str], Streamed]:
    """A form with files: its values are spelled as in any other."""
    values = {name: value if isinstance(value, File) else _text(value) for name, value in body.values.items()}
    media, content = multipart(values)
    return {**headers, "Content-Type": media}, content


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _json(reply: Reply) -> Any:
    try:
        return json.loads(reply.content or b"{}")
    except ValueError:
        known: dict[str, Any] = {"status": reply.status, "request_id": _request_id(reply)}
        if reply.status == THROTTLED:
            raise RateLimited("Facebook asks to slow down", **known) from None
        raise PlatformDown("the answer is not JSON", **known) from None


def _error(error: Mapping[str, Any], reply: Reply) -> ApiError:
    code, subcode = int(error.get("code") or 0), int(error.get("error_subcode") or 0)
    known: dict[str, Any] = {
        "status": reply.status,
        "code": f"{code}/{subcode}" if subcode else str(code),
        "request_id": str(error.get("fbtrace_id") or _request_id(reply)),
        "platform_text": _says(error),
        "fix": FIXES.get(subcode) or CODE_FIXES.get(code) or FIXES.get(code, ""),
        "own": reply.status in REFUSED and _is_documented(error),
    }
    if subcode in OF_INSIGHTS and reply.asked and "insights" not in reply.asked.path:
        known["fix"] = ""
    if reply.asked and reply.asked.method == "GET" and not reply.change and code in OF_READS:
        known["fix"] = known["fix"] or permission_fix(known["platform_text"], to_read=True)
    if _is_too_much(error, code, subcode):
        told: ApiError = TooMuch("Facebook cannot answer so much at once", **known | {"fix": ASK_LESS})
    else:
        told = _kind(error, code, subcode, reply.status, known)
    root = {"id": reply.asked.path.split("/")[1]} if reply.asked and "/" in reply.asked.path else {}
    told.details = data if isinstance(data := _data(error), dict) else {**told.details, **root}
    return told


def _is_documented(error: Mapping[str, Any]) -> bool:
    """Whether it is an error of Graph's: a code, and what Graph alone writes beside it."""
    code = error.get("code")
    return type(code) is int and code != 0 and bool(error.get("type") or error.get("fbtrace_id"))


def _is_too_much(error: Mapping[str, Any], code: int, subcode: int) -> bool:
    """By its codes, or by the message that is for developers and in no other language."""
    said = str(error.get("message") or "").lower()
    return subcode in TOO_MUCH or (code in FAILED and "reduce the amount" in said)


def _kind(error: Mapping[str, Any], code: int, subcode: int, status: int, known: dict[str, Any]) -> ApiError:
    words = f"{error.get('message') or ''} {known['platform_text']}"
    if code in SIGN_IN:
        return _not_signed_in(code, subcode, known, words)
    if code in SLOW_DOWN and subcode not in ONE_OBJECTS:
        return RateLimited("Facebook asks to slow down", of_app=code in OF_APP, **known)
    if code in PERMISSION and subcode not in NOT_AGREED:
        fix = known["fix"] or permission_fix(words)
        return AuthError("the token lacks a permission for this", **known | {"fix": fix})
    if code == INVALID and PROOF in words:
        lacks = WANTS_PROOF in words
        what = "a call without the app secret" if lacks else "the app's secret, which may have been reset"
        told = f"Facebook refused {what}"
        return AuthError(told, **known | {"fix": APP_SETTINGS, "sign_in": True})
    if subcode == UNSEEN:
        return AuthError("the token lacks a permission for this", **known)
    if subcode == MISSING:
        return NotFound("no such object, or the token may not see it", **known)
    down = status in TIMED_OUT or status >= SERVER
    failed = code in FAILED or (not code and status == DONE) or (down and code != INVALID)
    lasting = code == BLOCKED or subcode in CALLERS_FAULT | ONE_OBJECTS
    if (error.get("is_transient") or failed) and not lasting:
        return PlatformDown("Facebook failed to answer", **known)
    if found := NO_SUCH_FIELD.search(words):
        what, field = a_kind(found["kind"]), found["field"]
        other = Rejected(f"Facebook refused this: {what} has no {field}", **known | {"fix": kind_fix(field)})
        other.details = {"kind": what}
        return other
    return Rejected("Facebook refused this", **known)


def _not_signed_in(code: int, subcode: int, known: dict[str, Any], words: str) -> ApiError:
    if OF_A_PAGE in words.lower():
        return AuthError("Facebook wants this asked for as a page", **known | {"fix": AS_PAGE})
    known |= {"fix": CODE_FIXES.get(code) or _sign_in(subcode), "sign_in": subcode not in STILL_GOOD}
    return AuthError("Facebook does not accept the access token", **known)


def _sign_in(subcode: int) -> str:
    return SIGN_IN_FIXES.get(subcode, "make a new access token and set FACEBOOK_MARKETING_ACCESS_TOKEN")


def _says(error: Mapping[str, Any]) -> str:
    parts = [error.get("error_user_title"), error.get("error_user_msg") or error.get("message")]
    blame = dig(_data(error), "blame_field_specs")
    return ". ".join(str(part) for part in [*parts, f"fields: {blame}" if blame else None] if part)


def _data(error: Mapping[str, Any]) -> Any:
    data = error.get("error_data")
    if not isinstance(data, str):
        return data
    try:
        return json.loads(data)
    except ValueError:
        return None


def _request_id(reply: Reply) -> str:
    return reply.headers.get("x-fb-trace-id") or reply.headers.get("x-fb-request-id", "")


def _cut(answer: Any) -> str:
    """The answer as text; whoever shows it cuts it, after what opens an account is out of it."""
    text = json.dumps(answer)
    return text if len(text) <= MOST_QUOTED else ""


def _has_secrets(answer: Any, content: bytes) -> bool:
    """Whether there is one beside the answer's own paging, whose links nobody is shown."""
    own = isinstance(answer, dict) and "paging" in answer
    ours = str(answer["paging"]).count("access_token") if own else 0
    return content.count(b"access_token") > ours or content.count(b'"paging"') > own


MORE = "there is more"


def _clean(node: Any, *, top: bool = True) -> Any:
    """Page tokens, paging links and the addresses of snapshots carry access tokens; only the outermost
    `paging` is ours to read. Of one within a record stays that there is more.
    """
    if isinstance(node, list):
        return [_clean(item, top=False) for item in node]
    if isinstance(node, str):
        return IN_ADDRESS.sub(_without_token, node) if "access_token" in node else node
    if not isinstance(node, dict):
        return node
    kept = {k: v for k, v in node.items() if k != "access_token" and (top or k != "paging")}
    if not top and dig(node, "paging.next"):
        kept["paging"] = {"next": MORE}
    return {k: v if k == "paging" else _clean(v, top=False) for k, v in kept.items()}


def _without_token(found: re.Match[str]) -> str:
    """What is left between what stands before a token in an address and what comes after it."""
    return found["before"] if found["after"] else ""
