"""What a connector's credentials may do, as far as one cheap read tells; nothing is guessed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from mcp_ads.core import Account, Request
from mcp_ads.errors import ApiError

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session

Told = tuple[list[str], list[str]]
"""What they may do, and what they may not that somebody will miss."""
FACEBOOK_NEEDED = {"ads_read": "reading", "ads_management": "writing"}
LINKEDIN_READERS = ("VIEWER",)


async def permissions(session: Session, accounts: Sequence[Account]) -> Told:
    """What the credentials may do and what they lack. Raises ApiError when the platform does not say."""
    ask = ASK.get(session.connector.name)
    return await ask(session, accounts) if ask else ([], ["a way to tell what its credentials may do"])


async def _facebook(session: Session, _: Sequence[Account]) -> Told:
    answer = await session.send(Request("GET", "/me/permissions"))
    granted = [record["permission"] for record in answer["data"] if record.get("status") == "granted"]
    lacks = [f"{name}: {use} will be refused" for name, use in FACEBOOK_NEEDED.items() if name not in granted]
    return [", ".join(granted)], lacks


async def _linkedin(session: Session, accounts: Sequence[Account]) -> Told:
    finder = {"X-RestLi-Method": "FINDER"}
    query = {"q": "authenticatedUser", "start": 0, "count": 100}
    answer = await session.send(Request("GET", "/adAccountUsers", query, headers=finder))
    roles = {
        str(element.get("account", "")).rpartition(":")[2]: str(element.get("role"))
        for element in answer["elements"]
    }
    known = [f"{account.id} as {roles.get(account.id, 'unknown')}" for account in accounts]
    lacks = [
        f"a role that may write in account {account.id}: it is {roles[account.id]} there"
        for account in accounts
        if roles.get(account.id) in LINKEDIN_READERS
    ]
    return known, lacks


async def _amazon(session: Session, accounts: Sequence[Account]) -> Told:
    may, lacks = [], []
    for region in session.platform.hosts:
        request = Request("GET", "/v2/profiles", {"accessLevel": "edit"}, region=region)
        try:
            editable = {str(profile["profileId"]) for profile in await session.send(request)}
        except ApiError as error:
            lacks.append(f"region {region}, which did not answer: {error.lines[0]}")
            continue
        may += [
            f"edit {account.id}"
            for account in accounts
            if account.region == region and account.id in editable
        ]
        read_only = [
            account.id for account in accounts if account.region == region and account.id not in editable
        ]
        may += [f"view {account_id}" for account_id in read_only]
        lacks += [f"edit access to profile {account_id}: writing will be refused" for account_id in read_only]
    return may, lacks


ASK: dict[str, Callable[[Session, Sequence[Account]], Awaitable[Told]]] = {
    "facebook_marketing": _facebook,
    "linkedin_ads": _linkedin,
    "amazon_ads": _amazon,
}
