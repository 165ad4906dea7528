"""Search terms of an account: what they did, where, what is bid on or negated already. Pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account
from mcp_ads.core.cells import cut, visible
from mcp_ads.core.search_terms import Figures, Kind, SearchTerms, Standing, TermProduct

from .carried import some

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
        return visible(json.dumps(cut(self.written, MOST_TEXT), ensure_ascii=False))

    @property
    def best(self) -> Place:
        """Where it sold most, of ad groups that take something new where there are any."""
        return min(self.places.values(), key=_worth)


def _worth(place: Place) -> tuple[Any, ...]:
    did = place.figures
    return place.closed, place.automatic, -did.orders, -did.sales, -did.clicks, place.ad_group


@dataclass
class Stands:
    """What is bid on and negated in one product of an account."""

    bids: dict[tuple[Kind, str], list[Standing]] = field(default_factory=dict)
    negatives: dict[str, list[Standing]] = field(default_factory=dict)
    """By ad group, or by campaign of those that count in all of it."""

    def add(self, one: Standing, *, negative: bool) -> None:
        if negative:
            self.negatives.setdefault(one.ad_group or one.campaign, []).append(one)
        elif one.match == "exact":
            self.bids.setdefault((one.kind, one.text), []).append(one)

    def exact(self, term: Term) -> list[Standing]:
        """What is bid on that is just this, those that are switched on first."""
        return sorted(self.bids.get((term.kind, term.text), ()), key=lambda one: not one.enabled)

    def negated(self, term: Term, place: Place) -> Standing | None:
        """The negative that keeps a place from a term, or would if it were switched on."""
        there = (*self.negatives.get(place.ad_group, ()), *self.negatives.get(place.campaign, ()))
        hit = [one for one in there if _covers(one, term) and (one.enabled or one.text == term.text)]
        return min(hit, key=lambda one: not one.enabled, default=None)


def _covers(one: Standing, term: Term) -> bool:
    """Whether a negative keeps ads from a term: an exact one from itself, others from what has its words."""
    if one.kind != term.kind or one.match == "exact":
        return (one.kind, one.text) == (term.kind, term.text)
    if one.match == "phrase":
        return f" {one.text} " in f" {term.text} "
    return {*one.text.split()} <= {*term.text.split()}


@dataclass
class TermsOf:
    """One account: its terms by product, and what stands there. `short` says why it is not all there is."""

    session: Session
    account: Account
    label: str
    told: SearchTerms
    terms: dict[tuple[str, Kind, str], Term] = field(default_factory=dict)
    stands: dict[str, Stands] = field(default_factory=dict)
    did: dict[str, Figures] = field(default_factory=dict)
    short: list[str] = field(default_factory=list)

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
        place.automatic |= bool(row["automatic"])
        place.closed |= bool(row["closed"])
        place.found_by |= {row["found_by"]: None} if row["found_by"] else {}

    def of(self, product: TermProduct) -> Stands:
        """What stands in a product."""
        return self.stands.setdefault(product.name, Stands())

    def unfit(self, term: Term) -> str:
        """Why a term cannot be added as it is written; empty where it can."""
        return self.told.unfit(term.written) if term.kind == "keyword" else ""

    def sold(self, term: Term) -> list[Place]:
        """The ad groups of any product in which a term sold."""
        same = (self.terms.get((product.name, term.kind, term.text)) for product in self.told.products)
        return [place for one in same if one for place in one.places.values() if place.figures.orders]


@dataclass
class Left:
    """What is left out and why: how many there are of each kind, and the first few by name."""

    named: dict[str, list[str]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, why: str, name: str) -> None:
        """One that is named."""
        self.named.setdefault(why, []).append(name)

    def count(self, why: str) -> None:
        """One that is only counted."""
        self.counts[why] += 1

    @property
    def said(self) -> list[str]:
        """A line for each kind."""
        named = [f"{len(names)} {why}: {some(names)}" for why, names in self.named.items()]
        return [*named, *(f"{count} {why}" for why, count in self.counts.items())]
