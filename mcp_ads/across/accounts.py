"""Accounts of all platforms and connections: in which currency and time zone, and how each stands."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mcp_ads.core import ID, Column, Entity
from mcp_ads.core.recipe import Report
from mcp_ads.core.view import TableView
from mcp_ads.engine.reads.whole import whole
from mcp_ads.engine.session.session import Session
from mcp_ads.errors import AdsError
from mcp_ads.platforms import SHORT

from .listed import Listed, Row

if TYPE_CHECKING:
    from mcp_ads.engine.door import Engine

COLUMNS = ("platform", "account", "name", "currency", "timezone", "country", "status", "connection")


class ListAccounts(Listed):
    """List every ad account of all platforms and connections, as each platform lists them now."""

    lean = COLUMNS[:-1]
    known = COLUMNS

    def shown_by(self, desk: Engine) -> tuple[str, ...]:
        several = not self.fields and any(map(desk.has_several, desk.settings.served))
        return self.known if several else self.columns()

    def kinds(self) -> Mapping[str, Column]:
        return {"account": ID}

    async def rows(
        self,
        desk: Engine,
        view: TableView,  # noqa: ARG002
        report: Report | None,  # noqa: ARG002
    ) -> tuple[list[Row], Mapping[str, Any]]:
        sessions = [session for name in desk.settings.served for session in desk.sessions(name)]
        found = await asyncio.gather(*map(_accounts_of, sessions))
        gaps = [gap for _, missing in found for gap in missing]
        meta = {"coverage": f"not all: {'; '.join(gaps)}"} if gaps else {}
        return [row for rows, _ in found for row in rows], meta


async def _accounts_of(session: Session) -> tuple[list[Row], list[str]]:
    """The accounts of one connection, and why they are not all there are."""
    label = session.platform.label
    try:
        session.check_configured()
        source, connector = session.connector.accounts, session.connector
        kind = connector.action(source.entity, "list")
        fields = [*source.fields, source.status] if source.fields else None
        got = await whole(session, kind.model_validate({"fields": fields}), None)
    except AdsError as error:
        return [], [f"{label}: {error.lines[0]}"]
    records = list(got.rows()) if got.rows else []
    accounts = [(source.read(record), record) for record in records]
    rows = [
        {
            "platform": SHORT.get(connector.name, connector.name),
            "account": account.id,
            "name": account.name or None,
            "currency": account.currency,
            "timezone": account.timezone or None,
            "country": account.country or None,
            "status": record.get(source.status),
            "connection": label,
        }
        for account, record in accounts
        if session.accounts.may_use(account.id)
    ]
    gaps = [*got.result.meta.get("warnings", []), *filter(None, [got.result.meta.get("coverage")])]
    return rows, [f"{label}: {gap}" for gap in gaps]


accounts = Entity(noun="account", list=ListAccounts)
