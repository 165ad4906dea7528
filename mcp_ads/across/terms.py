"""Search terms of an account: what they did, where, what is bid on or negated already. Pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account
from mcp_ads.core.cells import cut, visible
from mcp_ads.core.money import plain
from mcp_ads.core.search_terms import Figures, Kind, SearchTerms, Standing, TermProduct

from .carried import some
from .pace import rounded

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session

Row = Mapping[str, Any]
MOST_TEXT, NOTHING = 60, Figures()


@dataclass
class Place:
    """An ad group, and what a term did in it. One that is `automatic` chooses itself what it bids on, one
    that is `closed` is over for good.
    """

    campaign: str
    ad_group: str
    campaign_name: str = ""
    ad_group_name: str = ""
    automatic: bool = False
    closed: bool = False
    found_by: dict[str, None] = field(default_factory=dict)
    figures: Figures = NOTHING


@dataclass
class Term:
    """A term in one product of an account, in each of the ad groups where it was clicked.

    `text` is what it is compared by, `written` what is added.
    """

    product: TermProduct
    kind: Kind
    text: str
    written: str
    places: dict[str, Place] = field(default_factory=dict)

    @property
    def figures(self) -> Figures:
        """What it did in all of them."""
        return sum((place.figures for place in self.places.values()), NOTHING)

    @property
    def found_by(self) -> str:
        return some([*dict.fromkeys(by for place in self.places.values() for by in place.found_by)])

    @property
    def quoted(self) -> str:
        return quoted(self.written)


def quoted(text: str) -> str:
    """What an advertiser or a shopper wrote, as it is shown in a line."""
    return visible(json.dumps(cut(text, MOST_TEXT), ensure_ascii=False))


@dataclass
class Stands:
    """What is bid on and negated in one product of an account, and what of it is switched on.

    Words are held against each other as they match, `close` to each other.
    """

    close: Callable[[str], str]
    on: dict[str, set[str]] = field(default_factory=dict)
    """The campaigns and the ad groups that are; a level of which that is not known is not there."""
    bids: dict[tuple[Kind, str], list[Standing]] = field(default_factory=dict)
    negatives: dict[str, list[Standing]] = field(default_factory=dict)
    """By ad group, or by campaign of those that count in all of it."""

    def add(self, one: Standing, *, negative: bool) -> None:
        if negative:
            self.negatives.setdefault(one.ad_group or one.campaign, []).append(one)
        else:
            key = self._key(one.kind, one.text)
            key = _any_order(key) if one.match == "broad" else key
            self.bids.setdefault((one.kind, key), []).append(one)

    def serves(self, where: Place | Standing) -> bool:
        """Whether the campaign and the ad group are switched on and not over, as far as that is known."""
        return all(getattr(where, level) in ids for level, ids in self.on.items())

    def exact(self, term: Term, place: Place) -> Standing | None:
        """What makes an exact keyword needless: one that bids anywhere, or waits in the same ad group."""
        there = [
            (one.text != term.text, not one.enabled or not self.serves(one), one)
            for one in self.bids.get((term.kind, self._key(term.kind, term.text)), ())
            if one.match == "exact"
        ]
        counts = [
            (other, idle, one)
            for other, idle, one in there
            if not idle or (one.ad_group == place.ad_group and not other)
        ]
        return min(counts, key=lambda found: found[:2])[2] if counts else None

    def bid_for(self, term: Term, place: Place) -> Standing | None:
        """What an ad group bids on that is this itself, in whatever way it matches."""
        key = self._key(term.kind, term.text)
        broad = [one for one in self.bids.get((term.kind, _any_order(key)), ()) if one.match == "broad"]
        there = [*self.bids.get((term.kind, key), ()), *broad]
        same = [one for one in there if one.enabled and one.ad_group == place.ad_group]
        return min(same, key=lambda one: one.match != "exact", default=None)

    def negated(self, term: Term, place: Place) -> Standing | None:
        """The negative that keeps a place from a term, or would if it were switched on."""
        there = (*self.negatives.get(place.ad_group, ()), *self.negatives.get(place.campaign, ()))
        hit = [one for one in there if self._covers(one, term) and (one.enabled or one.text == term.text)]
        return min(hit, key=lambda one: (not one.enabled, one.text != term.text), default=None)

    def _covers(self, one: Standing, term: Term) -> bool:
        """Whether a negative keeps ads from a term: an exact one from itself, others from what has its
        words.
        """
        kept, text = self._key(one.kind, one.text), self._key(term.kind, term.text)
        if one.kind != term.kind or one.match == "exact":
            return (one.kind, kept) == (term.kind, text)
        if one.match == "phrase":
            return f" {kept} " in f" {text} "
        return {*kept.split()} <= {*text.split()}

    def _key(self, kind: Kind, text: str) -> str:
        return self.close(text) if kind == "keyword" else text


def _any_order(text: str) -> str:
    return " ".join(sorted(text.split()))


@dataclass
class TermsOf:
    """One account: its terms by product, and what stands there. `short` says why it is not all there is."""

    session: Session
    account: Account
    label: str
    told: SearchTerms
    terms: dict[tuple[str, Kind, str], Term] = field(default_factory=dict)
    sellers: dict[tuple[Kind, str], dict[int, Term]] = field(default_factory=dict)
    """The terms that sold, of all products, by what is close to them."""
    stands: dict[str, Stands] = field(default_factory=dict)
    did: dict[str, Figures] = field(default_factory=dict)
    short: list[str] = field(default_factory=list)
    late: dict[str, date] = field(default_factory=dict)
    """By product, from which day of the range on orders may still come."""

    @property
    def currency(self) -> str:
        return self.account.currency

    def add(self, row: Row) -> None:
        """A row of a report: what a term did in an ad group, as something there found it."""
        product = next(one for one in self.told.products if one.name == row["ad_product"])
        figures = Figures(int(row["clicks"]), row["spend"], row["orders"], row["sales"])
        self.did[product.name] = self.did.get(product.name, Figures()) + figures
        kind, text = self.told.kind(row["term"])
        if not text:
            return
        written = text if kind == "product" else " ".join(row["term"].split())
        term = self.terms.setdefault((product.name, kind, text), Term(product, kind, text, written))
        names = (str(row["campaign_name"] or ""), str(row["ad_group_name"] or ""))
        place = term.places.setdefault(row["ad_group"], Place(row["campaign"], row["ad_group"], *names))
        place.figures += figures
        if figures.orders:
            self.sellers.setdefault(self.closely(term), {})[id(term)] = term
        place.automatic |= bool(row["automatic"])
        place.closed |= bool(row["closed"])
        place.found_by |= {row["found_by"]: None} if row["found_by"] else {}

    def of(self, product: TermProduct) -> Stands:
        """What stands in a product."""
        return self.stands.setdefault(product.name, Stands(self.told.close))

    def closely(self, term: Term) -> tuple[Kind, str]:
        """What a term has in common with those that one exact keyword, or negative, matches."""
        return term.kind, self.told.close(term.text) if term.kind == "keyword" else term.text

    def best(self, term: Term) -> Place:
        """Where it sold most, of ad groups that serve and take something new where there are any."""
        serves = self.of(term.product).serves

        def worth(place: Place) -> tuple[Any, ...]:
            did, off = place.figures, not serves(place)
            return (
                place.closed,
                off,
                place.automatic,
                -did.orders,
                -did.sales,
                -did.clicks,
                place.ad_group,
            )

        return min(term.places.values(), key=worth)

    def unfit(self, term: Term) -> str:
        """Why a term cannot be added as it is written; empty where it can."""
        return self.told.unfit(term.written) if term.kind == "keyword" else ""

    def sold(self, term: Term) -> tuple[Term, Place] | None:
        """An ad group of any product where a term sold, or one that its negative would keep from ads too."""
        near = self.sellers.get(self.closely(term), {}).values()
        every = ((one, place) for one in near for place in one.places.values() if place.figures.orders)
        return min(every, key=lambda pair: pair[0].text != term.text, default=None)


@dataclass
class Left:
    """What is left out and why: how many there are of each kind, and the first few by name."""

    named: dict[str, list[tuple[bool, str]]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    costs: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    """What those of a kind cost where they were left, by currency."""

    def add(
        self, why: str, name: str, *, last: bool = False, cost: tuple[Decimal, str] | None = None
    ) -> None:
        """One that is named, after the others where it is to be `last`; `cost` is what was spent on it."""
        self.named.setdefault(why, []).append((last, name))
        if cost:
            spent = self.costs.setdefault(why, {})
            spent[cost[1]] = spent.get(cost[1], Decimal()) + cost[0]

    def count(self, why: str) -> None:
        """One that is only counted."""
        self.counts[why] += 1

    @property
    def said(self) -> list[str]:
        """A line for each kind."""
        return [*self._named(), *(f"{count} {why}" for why, count in self.counts.items())]

    def _named(self) -> Iterator[str]:
        for why, names in self.named.items():
            first = [name for _, name in sorted(names, key=lambda pair: pair[0])]
            spent = [
                f"{plain(rounded(sum_, code), code)} {code}" for code, sum_ in self.costs.get(why, {}).items()
            ]
            cost = f", {' and '.join(spent)} spent there" if spent else ""
            yield f"{len(names)} {why}{cost}: {some(first)}"
