"""What Graph says of a token, and of the ad accounts it sees."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from mcp_ads.auth.signing_in.facebook import USES
from mcp_ads.core import Request
from mcp_ads.engine.wire.credentials import access_token
from mcp_ads.errors import ApiError, AuthError

from .findings import Finding, broken_by, lasts, listed, login, moment, whom

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session

NAME = "facebook_marketing"
ACCESS_DAYS = 10
KINDS = {"USER": "a user's", "SYSTEM_USER": "a system user's", "PAGE": "a Page's", "APP": "an app's"}
UNUSABLE = ("PAGE", "APP")
ACTIVE, DISABLED, CLOSED = 1, 2, 101
STATUSES = {
    "2": "disabled",
    "3": "unsettled: a payment is due",
    "7": "pending a risk review",
    "8": "pending settlement",
    "9": "in a grace period",
    "100": "about to be closed",
    "101": "closed",
}
REASONS = (
    "", "its ads broke Meta's policies", "its ads are under review", "a payment was a risk",
    "shut down as a grey account", "under review", "the business broke Meta's policies", "closed for good",
    "an unused reseller account", "an unused account", "an umbrella account",
    "the business portfolio broke Meta's policies", "it is said to misrepresent who runs it",
    "unshared by its owner",
    "its ads that open chats are under review", "it was compromised",
)  # fmt: skip
"""What the numbers of `disable_reason` stand for."""
MODE = (
    "cannot be read; the app's dashboard shows it. While it is Development, new creatives are refused "
    "(100/1885183) and leads are those of people with a role in the app"
)
FIELDS = "account_id,account_status,disable_reason,user_tasks"
TASKS = ("MANAGE", "ADVERTISE", "ANALYZE", "DRAFT")
"""What a user may do in an account, the most first."""
PAGE, MOST_PAGES = 200, 5


async def token(session: Session) -> list[Finding]:
    """What the token is, until when, with which scopes. Raises AdsError when nothing can be said."""
    what, credentials = f"{whom(session)} token", session.credentials
    as_app = bool(credentials.get("CLIENT_ID") and credentials.get("CLIENT_SECRET"))
    try:
        about = await inspected(session)
    except ApiError as error:
        if as_app:
            return [broken_by(f"{whom(session)} app", error)]
        if isinstance(error, AuthError):
            raise
        return [Finding("note", what, f"its kind and its end are unknown: {error.lines[0]}")]
    if about.get("is_valid") is False:
        return [Finding("broken", what, "Facebook calls it invalid", login(session))]
    return [*_facts(session, what, about), Finding("ok", f"{whom(session)} app mode", MODE)]


def _facts(session: Session, what: str, about: Mapping[str, Any]) -> Iterator[Finding]:
    ours, again = session.credentials.get("CLIENT_ID", ""), login(session)
    kind, app = str(about.get("type", "")), str(about.get("app_id", ""))
    fix = "use a user's or a system user's" if kind in UNUSABLE else ""
    yield Finding("broken" if fix else "ok", what, f"it is {KINDS.get(kind, 'of a kind unknown here')}", fix)
    if ours and app and ours != app:
        text = f"it is of app {app}, and the client id is {ours}"
        yield Finding("broken", what, text, "set id and secret of the token's app, or neither")
    ends, data_ends = moment(about.get("expires_at")), moment(about.get("data_access_expires_at"))
    if ends:
        yield lasts(what, "it", ends, days=ACCESS_DAYS, fix=again)
    else:
        yield Finding("ok", what, "it has no end")
    if data_ends:
        yield lasts(what, "what it may see of people's data", data_ends, days=ACCESS_DAYS, fix=again)
    granted = about.get("scopes") or []
    if lacking := [f"{scope} ({use})" for scope, use in USES.items() if scope not in granted]:
        yield Finding("ok", what, f"scopes it lacks: {', '.join(lacking)}")


async def inspected(session: Session) -> dict[str, Any]:
    """What /debug_token says; asked as the app where its id and secret are known, which shows whether they
    are right. Raises ApiError.
    """
    import httpx

    credentials, token = session.credentials, await access_token(session)
    app, secret = credentials.get("CLIENT_ID", ""), credentials.get("CLIENT_SECRET", "")
    request = Request("GET", "/debug_token", {"input_token": token})
    if not (app and secret):
        return _about(await session.send(request)) or {}
    session.transport.trace.hide(f"{app}|{secret}")
    wire, host = session.transport.wire(request), session.platform.hosts[""]
    try:
        reply = await session.transport.client.get(
            f"{host}{wire.url}", auth=httpx.Auth(), headers={"Authorization": f"Bearer {app}|{secret}"}
        )
        answer = reply.json()
    except (httpx.HTTPError, ValueError, RecursionError) as error:
        raise ApiError(f"no answer about the token: {type(error).__name__}") from None
    if reply.is_success and (about := _about(answer)) is not None:
        return about
    refusal = answer.get("error") if isinstance(answer, dict) else None
    code = str(refusal.get("code", "")) if isinstance(refusal, dict) else ""
    raise ApiError(
        f"the app's id and secret are not accepted (code {code or 'unknown'})",
        status=reply.status_code,
        fix="check FACEBOOK_MARKETING_CLIENT_ID and _CLIENT_SECRET: the app's dashboard, Settings > Basic",
    )


def _about(answer: Any) -> dict[str, Any] | None:
    data = answer.get("data") if isinstance(answer, dict) else None
    return data if isinstance(data, dict) else None


async def accounts(session: Session, allowed: Collection[str]) -> list[Finding]:
    """Accounts that are not active, and those in which the user may not do everything. Raises AdsError."""
    rows, whole = await _rows(session)
    used = [row for row in rows if not allowed or row.get("account_id") in allowed]
    found = [finding for row in used for finding in _account(f"{whom(session)} account", row, allowed)]
    text = f"{len(used)} looked at; {len(found)} with something to see to"
    roles = [f"{row.get('account_id')} as {role}" for row in used if (role := _role(row))]
    text += f"; the user is in {listed(roles)}" if roles else ""
    more = "" if whole else f"; only the first {PAGE * MOST_PAGES} were read"
    return [Finding("ok", f"{whom(session)} accounts", f"{text}{more}"), *found]


def _account(what: str, row: Mapping[str, Any], allowed: Collection[str]) -> Iterator[Finding]:
    account = row.get("account_id")
    status, tasks = row.get("account_status"), row.get("user_tasks") or []
    if status != ACTIVE:
        text = (
            f"{account} is {STATUSES.get(str(status), f'in state {status}')}{_why(row.get('disable_reason'))}"
        )
        dead = status in (DISABLED, CLOSED) and account in allowed
        fix = "see Account Quality and Billing in Meta Business Suite; nothing there delivers meanwhile"
        yield Finding("broken" if dead else "note", what, text, fix)
    if tasks and not {"ADVERTISE", "MANAGE"} & set(tasks):
        text = f"{account}: the user may only {listed(sorted(tasks))} there: changes will be refused"
        yield Finding("note", what, text, "an admin of the account gives the role Advertiser or more")


def _role(row: Mapping[str, Any]) -> str:
    """The most that the user may do in an account."""
    tasks = row.get("user_tasks") or []
    return next((task for task in TASKS if task in tasks), "")


def _why(reason: object) -> str:
    return f": {REASONS[reason]}" if isinstance(reason, int) and 0 < reason < len(REASONS) else ""


async def _rows(session: Session) -> tuple[list[dict[str, Any]], bool]:
    """The accounts the token sees, and whether these are all."""
    query: dict[str, Any] = {"fields": FIELDS, "limit": PAGE}
    rows: list[dict[str, Any]] = []
    for _ in range(MOST_PAGES):
        answer = await session.send(Request("GET", "/me/adaccounts", query))
        rows += answer.get("data") or []
        paging = answer.get("paging") or {}
        after = (paging.get("cursors") or {}).get("after")
        if not paging.get("next") or not after:
            return rows, not paging.get("next")
        query = {**query, "after": after}
    return rows, False
