"""Objects of many accounts: whose are meant, what is read of each or was a while ago, and what was not."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mcp_ads.auth.tokens import fingerprint
from mcp_ads.core import Account
from mcp_ads.core.facts import Facts, Listing
from mcp_ads.core.recipe import Report
from mcp_ads.engine.reads.fanout import Ask, Heard, heard_of
from mcp_ads.engine.reads.joined import gravest
from mcp_ads.engine.reads.unread import MOST_NAMED, Lacks, Unread
from mcp_ads.engine.reads.whom import accounts_named, place_of
from mcp_ads.engine.records.rows import Damaged
from mcp_ads.errors import AuthError, InvalidParams

from .carried import some
from .stated import NOTHING

if TYPE_CHECKING:
    from mcp_ads.engine.door import Engine
    from mcp_ads.engine.session.session import Session

Row = dict[str, Any]
MOST_REMARKS = 5
_ID = re.compile(r"\b\d{6,}\b")


@dataclass(frozen=True)
class Sought:
    """What is asked of each account: `listings` of what its platform tells, and of their rows those wanted.

    `wanted` makes a row of the answer of a row with `platform` and `account`, or None. What was read of an
    account less than `keep` seconds ago is not read again, unless something was changed there since, or it is
    wanted `anew`.
    """

    listings: Callable[[Facts], Iterable[Listing]]
    wanted: Callable[[Row], Row | None]
    keep: float = 0
    anew: bool = False


@dataclass
class Gathered:
    """The rows that are wanted; the oldest were read `at` that time.

    `facts` are what each platform that was asked tells, `coverage` what is not among the rows and why,
    `remarks` what platforms said beside.
    """

    facts: list[Facts]
    rows: list[Row] = field(default_factory=list)
    at: float = field(default_factory=time.time)
    coverage: str = ""
    remarks: list[str] = field(default_factory=list)
    said: dict[str, list[str]] = field(default_factory=dict)
    """The same as lines, each with the accounts it is about."""


@dataclass
class _Part:
    """What is asked of one account, and what was heard."""

    session: Session
    account: Account
    platform: str
    listings: Sequence[Listing]
    unlisted: str = ""
    heard: list[Heard] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name under which its rows are kept."""
        asked = fingerprint(self.session.identity, self.account.id, *(one.entity for one in self.listings))
        return f"objects-{asked}"

    @property
    def unread(self) -> str:
        """Why it has no rows; "" where any of its lists was read."""
        reasons = [one.unread for one in self.heard] or [self.unlisted]
        return ", ".join(dict.fromkeys(reasons)) if all(reasons) else ""

    @property
    def short(self) -> list[str]:
        """The lists that were not read where others were, and those of which only the beginning was, a line
        for all of which the same is said.
        """
        said: dict[str, dict[str, None]] = {}
        for listing, one in zip(self.listings, self.heard, strict=False) if not self.unread else ():
            meta = one.whole.result.meta if one.whole and one.read else {}
            if listing.absent and isinstance(one.error, AuthError) and not one.error.sign_in:
                continue
            if reason := one.unread or meta.get("coverage"):
                said.setdefault(reason, {})[one.ask.entity] = None
        return [f"{', '.join(entities)}: {reason}" for reason, entities in said.items()]

    def changed(self, last: Mapping[tuple[str, str], float]) -> float:
        """When something was last changed that may be among its rows."""
        connector = self.session.connector.name
        return max(last.get((connector, account), 0.0) for account in ("", self.account.id))

    def asks(self) -> list[Ask]:
        return [
            Ask(self.session, listing.entity, listing.action, listing.params, self.account)
            for listing in self.listings
        ]

    def rows(self) -> Iterator[Row]:
        """The rows of all that was heard."""
        for listing, one in zip(self.listings, self.heard, strict=True):
            for record in _records(one) if listing.beside is None else self._beside(one, *listing.beside):
                for row in listing.rows(record, self.account):
                    yield {"platform": self.platform, "account": self.account.id, **row}

    def _beside(self, one: Heard, entity: str, column: str, taken: str) -> Iterator[Row]:
        """The records that belong to one of another list, with what they get of its."""
        others = (other for other in self.heard if other.ask.entity == entity)
        known = {str(row.get(column)): row.get(taken) for other in others for row in _records(other)}
        for record in _records(one):
            if (key := str(record.get(column))) in known:
                yield {**record, taken: known[key]}


def _records(one: Heard) -> Iterable[Row]:
    """The records that were read."""
    if one.whole is None or not one.read:
        return ()
    data = one.whole.result.data
    return one.whole.rows() if one.whole.rows else [data] if isinstance(data, dict) else []


async def gathered(desk: Engine, accounts: Any, sought: Sought, report: Report | None) -> Gathered:
    """The rows sought of the accounts that are meant: "all", or ids. Raises AdsError, also where no account
    could be read.
    """
    facts = {name: known for name in desk.settings.served if (known := desk.connector(name).facts)}
    named = await accounts_named(desk, accounts or "all", list(facts))
    parts = [
        _Part(
            session,
            account,
            known.platform,
            tuple(listing for listing in sought.listings(known) if listing.there(account)),
            known.unlisted(account),
        )
        for session, account in named.accounts
        for known in (facts[session.connector.name],)
    ]
    asked = dict.fromkeys(part.session.connector.name for part in parts)
    found = Gathered([facts[name] for name in asked])
    left = await asyncio.to_thread(_not_kept, desk, parts, sought, found)
    asks = [part.asks() for part in left]
    before = desk.audit.size()
    heard = iter(await heard_of(desk, [ask for own in asks for ask in own], report))
    for part, own in zip(left, asks, strict=True):
        part.heard = [next(heard) for _ in own]
    try:
        lasting = bool(sought.keep) and desk.audit.size() == before  # nobody changed anything meanwhile
        await asyncio.to_thread(_take, desk, left, sought, found, lasting=lasting)
    finally:
        for part in left:
            for one in part.heard:
                one.close()
    gaps = [*named.gaps, *(f"{name}: not asked" for name in desk.settings.served if name not in facts)]
    lacks = _lacks(parts, gaps, several=len(asked) > 1)
    errors = [one.error for part in left for one in part.heard if one.error]
    if lacks.unread and len(lacks.unread) == lacks.of:
        raise gravest(errors, lacks) if errors else InvalidParams(NOTHING.format(lacks.coverage))
    found.coverage = lacks.coverage
    several = len(asked) > 1
    lines = (f"{some(whose)}: {line}" if several else line for line, whose in found.said.items())
    found.remarks = [*lines][:MOST_REMARKS]
    return found


def _not_kept(desk: Engine, parts: Sequence[_Part], sought: Sought, found: Gathered) -> list[_Part]:
    """The parts that have to be read; of the others, the rows that are kept are taken."""
    if sought.anew or not sought.keep:
        return [*parts]
    left, changed = [], desk.audit.changed()
    for part in parts:
        with suppress(Damaged):
            if kept := desk.spool.get(part.name):
                with kept:
                    if kept.age < sought.keep and kept.at > part.changed(changed):
                        found.rows += _wanted((row for _, row in kept.table.every()), sought)
                        found.at = min(found.at, kept.at)
                        continue
        left.append(part)
    return left


def _take(desk: Engine, parts: Iterable[_Part], sought: Sought, found: Gathered, *, lasting: bool) -> None:
    """Take the rows of what was heard; where they are `lasting`, those of an account read whole are kept.

    What was remarked on other objects than these rows are of is left out.
    """
    for part in parts:
        before = len(found.rows)
        if lasting and not part.unread and not part.short:
            with desk.spool.put(part.name, part.rows, {}, ()) as kept:
                found.rows += _wanted((row for _, row in kept.table.every()), sought)
        else:
            found.rows += _wanted(part.rows(), sought)
        shown = {str(row["id"]) for row in found.rows[before:]}
        for line in dict.fromkeys(line for one in part.heard for line in _remarks(one, shown)):
            found.said.setdefault(line, []).append(f"{place_of(part.session)}:{part.account.id}")


def _remarks(heard: Heard, shown: Collection[str]) -> list[str]:
    """What was remarked on a list, without what is only about objects of it that are not shown."""
    lines = heard.whole.result.meta.get("warnings", []) if heard.whole else []
    if not lines:
        return []
    there = {str(value) for record in heard.rows() for value in record.values()}
    return [
        line
        for line in lines
        if there.isdisjoint(named := _ID.findall(line)) or any(name in shown for name in named)
    ]


def _wanted(rows: Iterable[Row], sought: Sought) -> list[Row]:
    return [row for given in rows if (row := sought.wanted(given)) is not None]


def _lacks(parts: Sequence[_Part], gaps: Sequence[str], *, several: bool) -> Lacks:
    """What is missing of these accounts."""
    names = {
        id(part): f"{place_of(part.session)}:{part.account.id}" if several else part.account.id
        for part in parts
    }
    silent = dict.fromkeys(part.platform for part in parts if not part.listings and not part.unlisted)
    short = [f"{names[id(part)]} {line}" for part in parts for line in part.short]
    short[MOST_NAMED:] = [f"and {len(short) - MOST_NAMED} more"] if short[MOST_NAMED:] else []
    return Lacks(
        len(parts),
        [Unread(names[id(part)], part.unread) for part in parts if part.unread],
        gaps,
        short + [f"{platform}: it lists nothing of this level" for platform in silent],
    )
