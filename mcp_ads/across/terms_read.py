"""Search terms read: the reports of each account, as performance reads its own, and what stands there."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account, Span
from mcp_ads.core.facts import Asked, Facts, Reading
from mcp_ads.core.recipe import Report
from mcp_ads.core.search_terms import OnList, SearchTerms, TermList, TermProduct
from mcp_ads.engine.reads.fanout import Ask, Heard, heard_of

from .asking import Asking
from .performance import ListPerformance
from .periods import compared
from .shares import Share
from .terms import TermsOf

if TYPE_CHECKING:
    from mcp_ads.engine.door import Engine
    from mcp_ads.engine.session.session import Session

UNREAD = "{} not read: {}"
USUAL = 30
SAID = ("range", "provisional_from", "ordered", "warnings")
Pair = tuple["Session", Account]


@dataclass
class ReadTerms:
    """The accounts there are terms of, the question that says what is missing, and what else is."""

    asking: Asking
    accounts: list[TermsOf] = field(default_factory=list)
    groups: list[tuple[TermProduct, dict[str, Any]]] = field(default_factory=list)
    """The ad groups with the id that was looked for, each with its product."""

    @property
    def facts(self) -> dict[str, Any]:
        """What is to be known of the rows."""
        meta = self.asking.meta
        lists = [f"{one.label} {line}" for one in self.accounts for line in one.short if "not read" in line]
        whole = "; ".join([*filter(None, [str(meta.get("coverage", ""))]), *lists])
        return {name: meta[name] for name in SAID if name in meta} | {"coverage": whole}


@dataclass(frozen=True)
class Wanted:
    """What is read of each account: terms of a range, from reports that are ordered anew where `fresh`, and
    the ad group with an id where one is named. Without a range it is of as many days as are usual, the last
    ones for which no order is to come any more.
    """

    range: Span | None
    group: str = ""
    fresh: bool = False


@dataclass(frozen=True)
class _Asked:
    """One list that is read of an account: what stands or is on in a product, or the ad group that is looked
    for.
    """

    share: Share
    product: TermProduct
    list: TermList | OnList | None
    ask: Ask


async def read(
    desk: Engine, pairs: Sequence[Pair], gaps: list[str], wanted: Wanted, report: Report | None
) -> ReadTerms:
    """What is wanted of accounts. Raises AdsError where nothing can be told of any."""
    shares = [_share(*pair, wanted) for pair in pairs]
    asking = Asking(desk, ListPerformance.model_validate({"level": "ad_group"}), shares, gaps)
    asked = [one for share in shares for one in _lists(share, wanted.group)]
    heard, failed = await asyncio.gather(
        heard_of(desk, [one.ask for one in asked]), asking.read(report), return_exceptions=True
    )
    found = ReadTerms(asking)
    try:
        for outcome in (failed, heard):
            if isinstance(outcome, BaseException):
                raise outcome
        assert isinstance(heard, list)
        told = list(zip(asked, heard, strict=True))
        for share in shares:
            if share.outcome.read:
                found.accounts.append(_terms(share, [pair for pair in told if pair[0].share is share]))
        found.groups = [
            (one.product, row)
            for one, answer in told
            for row in (answer.rows() if one.list is None and answer.read else ())
        ]
    finally:
        for answer in heard if isinstance(heard, list) else ():
            answer.close()
        for share in shares:
            share.close()
    return found


def terms_of(session: Session) -> SearchTerms:
    """What its platform tells of search terms, which it does."""
    told = session.connector.search_terms
    assert told
    return told


def _share(session: Session, account: Account, wanted: Wanted) -> Share:
    """What an account is asked: the reports of its products."""
    facts = session.connector.facts
    assert facts
    today = session.context(account if facts.zone == "account" else None).today
    (days,) = compared(wanted.range or _final(terms_of(session), today), "", today).both
    share = Share(
        session, account, _facts(facts, terms_of(session)), [Asked("ad_group", *days, today=today)], today
    )
    share.plan(fresh=wanted.fresh)
    if not share.items:
        share.settle()
    return share


def _final(told: SearchTerms, today: date) -> Span:
    """The last days whose clicks bring no orders any more, in the product where that is known first."""
    last = today - timedelta(days=1 + min(product.window for product in told.products))
    return Span(last - timedelta(days=USUAL - 1), last)


def _facts(facts: Facts, told: SearchTerms) -> Facts:
    """What the platform tells, with the reports of terms in the place of its others."""

    def readings(asked: Asked, account: Account) -> list[Reading]:
        every = (product.reading(asked, account) for product in told.products)
        return [reading for reading in every if reading]

    def lacks(asked: Asked, account: Account) -> list[str]:
        none = [one.title for one in told.products if one.reading(asked, account) is None]
        return [f"{', '.join(none)}: {told.unkept(account)}"] if none else []

    return replace(facts, readings=readings, lacks=lacks)


def _lists(share: Share, group: str) -> list[_Asked]:
    """The lists that say what stands there, of the products that are asked."""
    asked, names = list[_Asked](), {item.reading.product for item in share.items}
    for product in terms_of(share.session).products:
        if product.name not in names:
            continue
        lists: list[TermList | OnList] = [*product.lists, *product.on]
        for known in lists:
            ask = Ask(share.session, known.entity, "list", known.params, share.account)
            asked.append(_Asked(share, product, known, ask))
        if group:
            param, *columns = product.group_at
            params = {param: [group], "fields": columns}
            ask = Ask(share.session, product.groups, "list", params, share.account)
            asked.append(_Asked(share, product, None, ask))
    return asked


def _terms(share: Share, told: Sequence[tuple[_Asked, Heard]]) -> TermsOf:
    """An account with its terms and what stands there, as far as that was read."""
    one = TermsOf(share.session, share.account, share.label, terms_of(share.session))
    for row, _ in share.rows():
        one.add(row)
    one.short, one.late = _short(share), _late(share, one)
    for asked, heard in told:
        if why := _unread(heard):
            one.short.append(UNREAD.format(asked.ask.entity, why))
        elif isinstance(asked.list, OnList):
            on = (asked.list.id(record, share.today) for record in heard.rows())
            one.of(asked.product).on[asked.list.level] = {*on}
        elif asked.list:
            stands = one.of(asked.product)
            for record in heard.rows():
                if standing := asked.list.standing(record):
                    stands.add(standing, negative=asked.list.negative)
    return one


def _short(share: Share) -> list[str]:
    """Why the numbers of an account that was read are not whole; none where they are."""
    begun = share.asked[0].since
    late = [reading for reading in share.readings if reading.begins and reading.begins > begun]
    kept = [f"{reading.product} is kept from {reading.begins} on: begin the range there" for reading in late]
    lost = [f"{product}: {why}" for product, why in share.outcome.lost.items()]
    return [*lost, *filter(None, [share.outcome.cut]), *kept, *share.lacks]


def _late(share: Share, of: TermsOf) -> dict[str, date]:
    """From which day on, of those that were asked for, orders may still come in each product with clicks."""
    there = [product for product in of.told.products if product.name in of.did]
    days = {product.name: share.today - timedelta(days=product.window) for product in there}
    return {name: day for name, day in days.items() if day <= share.asked[0].until}


def _unread(heard: Heard) -> str:
    """Why a list is not whole; empty where it is."""
    meta = heard.whole.result.meta if heard.whole else {}
    return heard.unread or str(meta.get("coverage", ""))
