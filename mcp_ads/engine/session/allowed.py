"""Which accounts a connection may use: those of its list, and never those of another connection's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mcp_ads.engine.wire.authority import authority
from mcp_ads.errors import OutOfScope

if TYPE_CHECKING:
    from mcp_ads.engine.wire.connection import Connection


class Allowed:
    """The lists of the settings, as far as whoever calls may use what is on them."""

    def __init__(self, session: Connection) -> None:
        self._session = session

    @property
    def allowed(self) -> tuple[str, ...]:
        """The only accounts that may be used; empty for all. Raises OutOfScope for a caller who has none."""
        listed = self._session.platform.account_ids
        left = authority().allowed(self._session.connector.name, listed)
        if listed or not left:
            return left
        mine = tuple(account for account in left if account not in self._elsewhere)
        if not mine:
            label = self._session.platform.label
            raise OutOfScope(f"{authority().by} may use no account of the connection {label}")
        return mine

    @property
    def open(self) -> bool:
        """Whether the caller may use any account here."""
        try:
            return self.allowed is not None
        except OutOfScope:
            return False

    @property
    def limited(self) -> bool:
        """Whether some accounts may not be used: there is an allow-list, of this connection or of another."""
        return bool(self.allowed or self._elsewhere)

    @property
    def _elsewhere(self) -> dict[str, str]:
        """The accounts that other connections' allow-lists have, and whose: they are no others' business."""
        session = self._session
        return {
            account: other.label
            for other in session.settings.of(session.connector.name)
            if other.label != session.platform.label
            for account in other.account_ids
        }

    def may_use(self, account_id: str) -> bool:
        """Whether this connection may use an account: one of its list, or without one, of nobody else's."""
        return account_id in self.allowed if self.allowed else account_id not in self._elsewhere

    @property
    def listed_in(self) -> str:
        """What says which accounts may be used."""
        if whose := authority().whose_list:
            return whose
        platform = self._session.platform
        if platform.listed_by:
            return platform.listed_by
        key = f"{platform.prefix}_ACCOUNT_IDS"
        return f"{key} or [{platform.label}] of connections.toml" if platform.connection else key

    @property
    def param(self) -> str:
        """The parameter that names an account."""
        return self._session.connector.accounts.param

    def check(self, account_id: str) -> None:
        """Raise OutOfScope for an account outside the allow-list."""
        if self.may_use(account_id):
            return
        connector = self._session.connector.name
        other = self._elsewhere.get(account_id)
        if other and authority().covers([(connector, account_id)]):
            raise OutOfScope(
                f"{self.param}: {account_id} is an account of the connection {other}, "
                f"not of {self._session.platform.label}",
                fix=f'use connection="{other}", or leave it out',
            )
        raise OutOfScope(
            f"{self.param}: {account_id} is not one of the allowed accounts: {', '.join(self.allowed)}",
            fix=f"use an allowed one; or the user adds it to {self.listed_in}",
        )

    def refuse_strays(self, strays: Iterable[str]) -> None:
        """Raise OutOfScope for what may lead beyond the account a call is about, with an allow-list."""
        if self.limited and (leads := list(strays)):
            lists = self.listed_in if self.allowed else "the lists of other connections"
            raise OutOfScope("\n".join(leads), fix=f"{lists} are some accounts only")
