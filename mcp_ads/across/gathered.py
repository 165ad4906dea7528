"""Objects of many accounts: whose are meant, what is read of each or was a while ago, and what was not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mcp_ads.auth.tokens import fingerprint
from mcp_ads.core import Account, Result
from mcp_ads.core.facts import Facts, Listing
from mcp_ads.core.recipe import Report
from mcp_ads.engine.reads.fanout import Ask, Heard, coverage, heard_of, label
from mcp_ads.engine.reads.whole import Whole
from mcp_ads.engine.reads.whom import accounts_named
from mcp_ads.engine.records.rows import Damaged

if TYPE_CHECKING:
    from mcp_ads.engine.door import Engine
    from mcp_ads.engine.session.session import Session

Row = dict[str, Any]
Listings = Callable[[Facts], Iterable[Listing]]
MOST_REMARKS = 5


@dataclass
class Gathered:
    """Rows of objects, each with its `platform` and `account`; the oldest were read `at` that time.

    `facts` are what each platform that was asked tells, `coverage` what is not among the rows and why,
    `remarks` what platforms said beside.
    """

    facts: list[Facts] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    at: float = field(default_factory=time.time)
    coverage: str = ""
    remarks: list[str] = field(default_factory=list)


@dataclass
class _Part:
    """What is asked of one account, and its rows; `whole` while nothing is known to be missing of them."""

    session: Session
    account: Account
    platform: str
    listings: Sequence[Listing]
    rows: list[Row] = field(default_factory=list)
    whole: bool = True

    @property
    def name(self) -> str:
        """The name under which its rows are kept."""
        asked = fingerprint(self.session.identity, self.account.id, *(one.entity for one in self.listings))
        return f"objects-{asked}"

    def ask(self, listing: Listing) -> Ask:
        return Ask(self.session, listing.entity, listing.action, listing.params, self.account)

    def every(self) -> list[Row]:
        return self.rows

    def add(self, row: Mapping[str, Any]) -> None:
        self.rows.append({"platform": self.platform, "account": self.account.id, **row})


async def gathered(
    desk: Engine, accounts: Any, listings: Listings, report: Report | None, keep: float = 0
) -> Gathered:
    """What these listings say of the accounts that are meant: "all", or ids. Raises AdsError.

    Rows of an account that were all read less than `keep` seconds ago are not read again.
    """
    facts = {name: known for name in desk.settings.served if (known := desk.connector(name).facts)}
    named = await accounts_named(desk, accounts or "all", list(facts))
    asked = dict.fromkeys(session.connector.name for session, _ in named.accounts)
    parts = [
        _Part(session, account, known.platform, tuple(listings(known)))
        for session, account in named.accounts
        for known in (facts[session.connector.name],)
    ]
    found = Gathered([facts[name] for name in asked])
    left = await asyncio.to_thread(_not_kept, desk, parts, keep, found)
    pairs = [(part, listing) for part in left for listing in part.listings]
    heard = await heard_of(desk, [part.ask(listing) for part, listing in pairs], report)
    try:
        for (part, listing), one in zip(pairs, heard, strict=True):
            await asyncio.to_thread(_take, part, listing, one, found)
    finally:
        for one in heard:
            one.close()
    if keep:
        await asyncio.to_thread(_keep, desk, left)
    found.rows = [row for part in parts for row in part.rows]
    known_already = [
        Heard(part.ask(listing), whole=Whole(Result([])))
        for part in parts
        if part not in left
        for listing in part.listings[:1]
    ]
    silent = dict.fromkeys(part.platform for part in parts if not part.listings)
    unlisted = [f"{platform}: nothing like that" for platform in silent]
    found.coverage = coverage([*heard, *known_already], [*named.gaps, *_cut_short(heard), *unlisted])
    found.remarks = list(dict.fromkeys(found.remarks))[:MOST_REMARKS]
    return found


def _not_kept(desk: Engine, parts: Sequence[_Part], keep: float, found: Gathered) -> list[_Part]:
    """The parts whose rows are not at hand; the others get those that are kept."""
    left = []
    for part in parts:
        kept = None
        with suppress(Damaged):
            kept = desk.spool.get(part.name) if keep else None
        if kept and kept.age < keep:
            with kept, suppress(Damaged):
                part.rows = [row for _, row in kept.table.every()]
                found.at = min(found.at, kept.at)
                continue
        left.append(part)
    return left


def _take(part: _Part, listing: Listing, heard: Heard, found: Gathered) -> None:
    """Add the rows that were heard."""
    got = heard.whole
    if got is None or not heard.read:
        part.whole = False
        return
    one = [got.result.data] if isinstance(got.result.data, dict) else []
    for record in got.rows() if got.rows else one:
        for row in listing.rows(record, part.account):
            part.add(row)
    part.whole = part.whole and "coverage" not in got.result.meta
    found.remarks += got.result.meta.get("warnings", [])


def _keep(desk: Engine, parts: Iterable[_Part]) -> None:
    for part in parts:
        if part.whole:
            desk.spool.put(part.name, part.every, {}, ()).close()


def _cut_short(heard: Iterable[Heard]) -> Iterable[str]:
    """Lists of which only the beginning was read."""
    for one in heard:
        if one.whole and (cut := one.whole.result.meta.get("coverage")):
            yield f"{label(one.ask, several=True)} {one.ask.entity}: {cut}"
