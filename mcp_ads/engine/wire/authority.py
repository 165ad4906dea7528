"""What a caller may do, within the settings: what their token and the URL they call leave of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Literal, get_args

from mcp_ads.errors import OutOfScope, WritesOff

Scope = Literal["read", "plan", "write"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
BY_HAND = "Who owns MCP_ADS_HOME carries plans out, with `mcp-ads apply`."


@dataclass(frozen=True)
class Authority:
    """It narrows what the settings allow and never widens it; without anything given it narrows nothing.

    `name` is that of the caller's token. `accounts` are the ids that may be used, by connector: a connector
    that is not there has none. None leaves them to the settings. `readonly` is the URL's word, `closed` why
    nobody may change anything for the time being.
    """

    name: str = ""
    scope: Scope = "write"
    accounts: Mapping[str, tuple[str, ...]] | None = None
    readonly: bool = False
    closed: str = ""
    by_url: bool = False
    """Whether `accounts` are those the URL leaves; a token may have more."""
    kind: str = "token"
    """What `name` names, for people."""
    by_hand: str = BY_HAND
    """Who carries out the plans of somebody who may not, and how."""
    over_cap: str = ""
    """What somebody does whose amount is over a cap; empty where the settings alone cap it."""
    approves: str = ""
    """How the owners begin whose plans this caller looks at and carries out too; empty for nobody's."""

    @property
    def may_apply(self) -> bool:
        return self.scope == "write" and not self.readonly

    @property
    def whole(self) -> bool:
        """Whether it narrows nothing: such a caller may also sign in for the server."""
        return self.may_apply and self.accounts is None and not self.closed

    @property
    def mark(self) -> str:
        """What tells whose a cursor or a kept result is; empty where the settings alone decide."""
        if not self.name and self.accounts is None:
            return ""
        known = None if self.accounts is None else sorted(self.accounts.items())
        return f"{self.name} {known}"

    def check_change(self, *, sends: bool) -> None:
        """Raise WritesOff for a change that is asked for; one that `sends` is carried out, not planned."""
        if self.closed:
            raise WritesOff(self.closed, fix="whoever runs the server finds the mistake in its log")
        if self.readonly:
            raise WritesOff("the URL of this server says ?readonly", fix="leave it out of the URL to change")
        if self.scope == "write" or (self.scope == "plan" and not sends):
            return
        needed = "carrying out changes needs the scope write" if sends else "changes need the scope plan"
        raise WritesOff(
            f"{needed}, and the {self.kind} {self.name} has {self.scope}",
            fix=self.by_hand if self.scope == "plan" else "use a token with more scope",
        )

    def allowed(self, connector: str, listed: tuple[str, ...]) -> tuple[str, ...]:
        """The accounts that may be used of those the settings list; empty means all there are.

        Raises OutOfScope where none is left, which is not the same as no list.
        """
        if self.accounts is None:
            return listed
        mine = self.accounts.get(connector, ())
        left = tuple(account for account in listed or mine if account in mine)
        if not left:
            raise OutOfScope(f"{self.by} may use no account of {connector}", fix="use another connector")
        return left

    def covers(self, accounts: Iterable[tuple[str, str]]) -> bool:
        """Whether these may all be used, as far as the caller is concerned; each with its connector."""
        mine = self.accounts
        return mine is None or all(account in mine.get(connector, ()) for connector, account in accounts)

    def may_approve(self, owner: str) -> bool:
        """Whether the plans of this owner are the caller's to look at and to carry out, besides their own."""
        return bool(self.approves) and owner.startswith(self.approves)

    @property
    def by(self) -> str:
        """Who leaves only some accounts, for people."""
        return f"the {self.kind} {self.name}" if self.name and not self.by_url else "this URL"

    @property
    def whose_list(self) -> str:
        """What names the accounts that may be used, where that is not the settings; else empty."""
        return "" if self.accounts is None else f"the accounts of {self.by}"

    def narrowed(self, accounts: Mapping[str, tuple[str, ...]] | None, *, readonly: bool) -> Authority:
        """The same with only those of these accounts that it has; with no changes if `readonly`."""
        kept = self.accounts if accounts is None else accounts
        if self.accounts is not None and accounts is not None:
            mine = self.accounts
            kept = {
                connector: tuple(account for account in ids if account in mine.get(connector, ()))
                for connector, ids in accounts.items()
            }
        by_url = self.by_url or _pairs(kept) != _pairs(self.accounts)
        return replace(self, accounts=kept, readonly=self.readonly or readonly, by_url=by_url)

    def lines(self) -> list[str]:
        """What the caller should know of it; none where it narrows nothing."""
        said = [f"{self.kind}: {self.name}, scope {self.scope}"] if self.name else []
        if self.scope == "plan":
            said.append(f"  it plans and applies nothing. {self.by_hand}")
        if self.readonly:
            said.append("readonly, by the URL: nothing can be changed")
        return [*said, *([f"no changes now: {self.closed}"] if self.closed else [])]


def _pairs(accounts: Mapping[str, tuple[str, ...]] | None) -> set[tuple[str, str]] | None:
    if accounts is None:
        return None
    return {(connector, account) for connector, ids in accounts.items() for account in ids}


_authority: ContextVar[Authority] = ContextVar("authority", default=Authority())  # noqa: B039 - it is frozen


def authority() -> Authority:
    """What whoever makes this call may do."""
    return _authority.get()


@contextmanager
def acting(given: Authority) -> Iterator[None]:
    """What is asked for in here, also by tasks started in here, is on this authority."""
    token = _authority.set(given)
    try:
        yield
    finally:
        _authority.reset(token)
