"""A question put to accounts: what each is asked, their rows as one table, what is missing of it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Result, Span
from mcp_ads.core.dates import parse
from mcp_ads.core.facts import COUNTS, MONEYS, Row
from mcp_ads.core.recipe import Report
from mcp_ads.engine.reads.unread import PARTIAL
from mcp_ads.engine.reads.whole import Whole
from mcp_ads.engine.reads.whom import Named
from mcp_ads.errors import InvalidParams

from .columns import CLIENT
from .performance import ListPerformance
from .periods import PREVIOUS, YEAR, compared
from .shares import Share, hear
from .stated import NOTHING, stated
from .sums import Sums
from .written import Written

if TYPE_CHECKING:
    from mcp_ads.engine.door import Engine

EACH = (
    {"platform", "account", "currency"},
    {"platform", "account", "client", "currency"},
    {"client", "currency"},
)
"""What rows are told apart by where every account has one, or its client, also if it spent nothing."""
AGAIN = 3
"""Minutes after which it is worth to look for reports that were not ready: each look waits for them, too."""


@dataclass
class Table(Whole):
    """The rows of several shares as one table."""

    shares: list[Share] = field(default_factory=list)

    def close(self) -> None:
        for share in self.shares:
            share.close()


@dataclass
class Asking:
    """One question to accounts: the share of each, and when what it takes was first asked or ordered."""

    desk: Engine
    call: ListPerformance
    shares: list[Share]
    gaps: list[str]
    written: Written = field(default_factory=Written)
    since: float = field(default_factory=time.time)

    async def read(self, report: Report | None) -> Whole:
        """Ask what is to be asked. Raises AdsError where nothing can be told."""
        await hear(self.desk, self.shares, report)
        said = (item.meta.get("ordered") for share in self.shares for item in share.items)
        ordered = (datetime.fromisoformat(str(text)).timestamp() for text in said if text)
        self.since = min([self.since, *ordered])
        self._check()
        return Table(Result([], self.meta, columns=tuple(self.call.kinds())), self.rows, self.shares)

    @property
    def meta(self) -> dict[str, Any]:
        """What is kept beside the rows: what they are, and how an answer begins that is not whole."""
        said, short = stated(self.shares, self.gaps, self.call.level_of), self.short
        said |= self.written.facts
        return {**said, PARTIAL: short} if short else said

    def rows(self, known: Iterable[Row] = ()) -> Iterator[Row]:
        """The rows of the answer: those known already, and of the shares that were read now."""
        yield from self.written.based(self._rows(known))

    def _rows(self, known: Iterable[Row]) -> Iterator[Row]:
        keys, said, compare = self.call.split_by, self.call.kinds(), bool(self.call.compare)
        now = [share for share in self.shares if share.items and share.outcome.read]
        apart, together = {"platform", "account"} <= {*keys}, Sums(keys, said, compare=compare)
        ours = {(share.facts.platform, share.account.id) for share in now}
        for row in known:
            if not apart:
                together.add_made(row)
            elif (row["platform"], row["account"]) not in ours:
                yield row
        for share in now:
            sums = Sums(keys, said, compare=compare) if apart else together
            whose = {CLIENT: self.written.whose(share.session.connector.name, share.account.id)}
            for row, at in share.rows():
                sums.add(row | whose, at)
            if apart and sums:
                yield from sums.rows()
            elif {*keys} in EACH:
                yield from self._nothing(share, sums, whose)
        if not apart:
            yield from together.rows()

    def _nothing(self, share: Share, sums: Sums, whose: Row) -> Iterable[Row]:
        """The row of an account that spent nothing, or what it adds to that of its client."""
        account, place = share.account, share.facts.platform
        whose = whose | {"platform": place, "account": account.id, "account_name": account.name}
        sums.add({**whose, "currency": account.currency, **dict.fromkeys((*MONEYS, *COUNTS), 0)})
        return sums.rows() if "account" in self.call.split_by else ()

    def _check(self) -> None:
        """Raise the first error where no account was read, and none may still be."""
        if not self.shares or any(share.outcome.read or share.outcome.waits for share in self.shares):
            return
        errors = [item.heard.error for share in self.shares for item in share.items if item.heard]
        error = next(filter(None, errors), None)
        said = stated(self.shares, self.gaps, "").get("coverage", "")
        if error is None:
            raise InvalidParams(NOTHING.format(said))
        error.args = (f"{error} ({said})",)
        raise error

    @property
    def counted(self) -> bool:
        """Whether all rows there may be have conversions."""
        return all(item.reading.counts for share in self.shares for item in share.items)

    @property
    def short(self) -> str:
        """What an answer begins with that is not whole; empty where it is."""
        unread = [share for share in self.shares if not share.outcome.read]
        if places := dict.fromkeys(share.place for share in unread if share.outcome.ordered):
            usual = next(share.facts.built for share in unread if share.outcome.ordered)
            at = time.strftime("%H:%M UTC", time.gmtime(self.since))
            return f"{' and '.join(places)} not ready (ordered {at}{usual and ', '}{usual})"
        in_part = any(share.outcome.lost or share.outcome.cut for share in self.shares if share.outcome.read)
        if not unread and not self.gaps and not in_part:
            return ""
        count, known = len(self.shares), "known accounts" if self.gaps else "accounts"
        how = "read, some in part" if in_part else "read"
        return f"{count - len(unread)} of {count} {known} {how}; coverage says what is not"

    def partial(self, handle: str) -> str:
        """The first line of an answer that is not whole, and what goes on with it; empty where it is."""
        short = self.short
        if not waits(self.shares):
            return short
        completes = not self.gaps and not any(share.outcome.never for share in self.shares)
        named = f'from: "{handle}" {"completes it" if completes else "reads what can be read later"}'
        later = f", in {AGAIN} minutes" if any(share.outcome.ordered for share in self.shares) else ""
        return f"{short}; {named if handle else 'call again as before'}{later}"

    def noted(self, view: Mapping[str, Any], mark: str) -> dict[str, Any]:
        """What has to be known to go on with it: plain values."""
        call = self.call.model_dump(mode="json", exclude_none=True) | {"fields": self.call.fields}
        shares = [share.noted() for share in self.shares]
        return {
            "call": call, "view": view, "mark": mark, "since": self.since, "gaps": self.gaps,
            "shares": shares, "written": asdict(self.written),
        }  # fmt: skip


def shares_of(call: ListPerformance, named: Named) -> list[Share]:
    """What each account is asked. Raises InvalidParams for days there are none of, and for types."""
    against: str | Span = call.compare
    if call.compare not in ("", PREVIOUS, YEAR):
        against = parse(call.compare)
    shares, mistakes = list[Share](), dict[str, None]()
    for session, account in named.accounts:
        if (facts := session.connector.facts) is None:
            named.gaps.append(f"{session.connector.name} tells nothing to all")
            continue
        today = session.context(account if facts.zone == "account" else None).today
        days = compared(call.range, against, today).both
        asked = [replace(call.asked(facts.platform, both), today=today) for both in days]
        mistakes |= dict.fromkeys(facts.mistakes(asked[0]))
        share = Share(session, account, facts, asked, today)
        share.plan(fresh=call.fresh)
        if not share.items:
            share.settle()
        shares.append(share)
    if mistakes:
        raise InvalidParams("\n".join(mistakes))
    return shares


def waits(shares: Iterable[Share]) -> bool:
    return any(share.outcome.waits for share in shares)
