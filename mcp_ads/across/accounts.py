"""Accounts of all platforms and connections: in which currency and time zone, and how each stands."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mcp_ads.core import ID, Account, Column, Entity
from mcp_ads.core.recipe import Report
from mcp_ads.core.view import TableView
from mcp_ads.engine.reads.unread import coverage_of, why
from mcp_ads.engine.reads.whole import whole
from mcp_ads.engine.reads.whom import NONE_LISTED, accounts_named, place_of
from mcp_ads.engine.session.session import Session
from mcp_ads.engine.wire.authority import authority
from mcp_ads.errors import AdsError, OutOfScope

from .listed import Listed, Row

if TYPE_CHECKING:
    from mcp_ads.engine.door import Engine

UNLISTED = "the platform does not list it to these credentials"
COLUMNS = ("platform", "account", "name", "currency", "timezone", "country", "status", "connection")


class ListAccounts(Listed):
    """List the accounts of all platforms and connections, as each platform lists them now.

    The account is the plain id that other calls take; Amazon has no status of accounts.
    """

    said = "all accounts, which accounts are there, every advertiser, profile, currency, time zone"

    lean = COLUMNS[:-1]
    telling = ("platform", "account")
    known = COLUMNS

    def shown_by(self, desk: Engine) -> tuple[str, ...]:
        several = any(map(desk.has_several, desk.settings.served))
        if not several:
            return self.named()
        return tuple(dict.fromkeys([*self.named(), "connection"])) if self.fields else self.known

    def kinds(self) -> Mapping[str, Column]:
        return {"account": ID}

    async def rows(
        self,
        desk: Engine,
        view: TableView,
        report: Report | None,  # noqa: ARG002
    ) -> tuple[list[Row], Mapping[str, Any]]:
        served = desk.settings.served
        every = [session for name in served for session in desk.sessions(name)]
        sessions = [session for session in every if session.accounts.open]
        if not sessions:
            raise OutOfScope(f"{authority().by} may use no account")
        found = await asyncio.gather(*(_accounts_of(desk, session) for session in sessions))
        rows = [row for seen in found for row in seen.rows]
        errors = [seen.error for seen in found if seen.error]
        if len(errors) == len(found):
            raise errors[0]
        more = list[str]()
        there, all_of_them = set(map(_place, rows)), view.accounts in ([], "all")
        seen_by = dict(zip(sessions, found, strict=True))
        meant = {place: seen for seen in found for place in seen.allowed}
        if not all_of_them:
            named = await accounts_named(desk, view.accounts, served)
            meant = {
                (place_of(session), account.id): seen_by.get(session, _Seen())
                for session, account in named.accounts
            }
            rows, more = [row for row in rows if _place(row) in meant], named.gaps
        missing = {place: seen for place, seen in sorted(meant.items()) if place not in there}
        unread = [(":".join(place), UNLISTED) for place, seen in missing.items() if not seen.error]
        listed = found if all_of_them else missing.values()
        gaps = dict.fromkeys([gap for seen in listed for gap in seen.gaps] + more)
        return rows, {"coverage": coverage_of(len(rows) + len(unread), unread, gaps)}


def _place(row: Row) -> tuple[str, str]:
    return row["platform"], row["account"]


@dataclass
class _Seen:
    """The accounts of one connection, those it is allowed by name, and why these may not be all there are."""

    rows: list[Row] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    error: AdsError | None = None
    allowed: list[tuple[str, str]] = field(default_factory=list)


async def _accounts_of(desk: Engine, session: Session) -> _Seen:
    label, source, place = session.platform.label, session.connector.accounts, place_of(session)
    try:
        desk.check_configured(session)
        kind = session.connector.action(source.entity, "list")
        fields = [*source.fields, source.status] if source.fields else None
        got = await whole(session, kind.model_validate({"fields": fields}), None)
        records = [*got.rows()] if got.rows else []
        rows = [_row(place, source.account(record), record.get(source.status), label) for record in records]
    except AdsError as error:
        return _Seen([], [f"{label}: {why(error)}"], error)
    allowed = [(place, account) for account in session.accounts.allowed]
    told = [*got.result.meta.get("warnings", []), *filter(None, [got.result.meta.get("coverage")])]
    told += [] if records or told else [NONE_LISTED]
    return _Seen(
        [row for row in rows if session.accounts.may_use(row["account"])],
        [f"{label}: {gap}" for gap in told],
        allowed=allowed,
    )


def _row(place: str, account: Account, status: Any, label: str) -> Row:
    return {
        "platform": place,
        "account": account.id,
        "name": account.name or None,
        "currency": account.currency,
        "timezone": account.timezone or None,
        "country": account.country or None,
        "status": status,
        "connection": label,
    }


accounts = Entity(noun="account", list=ListAccounts)
