"""Which search terms are worth a keyword of their own, and which cost more than an order may. Pure.

A term counts with what it did in all ad groups of a product: what sells here and not there still sells.
Amounts are exact, in major units of the account's currency; nothing is rounded before it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mcp_ads.core import bid_to
from mcp_ads.core.bid_to import BidTo, Seen, too_little, worked_out
from mcp_ads.core.money import plain
from mcp_ads.core.search_terms import Adding, Figures, Standing, TermProduct

from .pace import rounded
from .terms import Left, Place, Term, TermsOf, quoted

FEWEST = 10
"""Orders of an account without which its conversion rate says nothing."""
HUNDRED = Decimal(100)
EXACT, OVER, UNWORTH = "exact already", "over the target", "whose sales are not known"
VARIANT, TWIN = "close to what is exact already", "close to a row that sold more"
NEGATED, SELLS, BID_ON = "negated already", "that sell elsewhere", "keywords themselves: change the bid"
NEAR_SELLS = "whose singular or plural sells, and would be negated too"
CLOSED, OVER_FOR_GOOD = "its campaign is ARCHIVED: into", "in campaigns that are ARCHIVED"
OFF, ARE_OFF = "its campaign or ad group is off: into", "in campaigns or ad groups that are off"
FEW = "in ad groups with few clicks of it"
NO_CLICK, NO_BID = "no click: the ad group's", "no click says what to bid: add it with a bid"
OTHER_PRODUCT = "of another product than into is in"
NOT_HERE = "found by an AUTO campaign, which takes none: into"
TOO_FEW = "{} orders in these days are too few to know what one takes, at least {}"


@dataclass(frozen=True)
class Candidate:
    """A term that is to be added, the ad group, and what decided that. `bid` is empty for a negative."""

    of: TermsOf
    term: Term
    place: Place
    adding: Adding
    why: str
    bid: Decimal | None = None
    held: str = ""
    """Why nothing can be proposed for it as the call is; empty where it can."""
    negates: bool = False

    def item(self, state: str) -> dict[str, str]:
        """The item of the call that adds it; an empty state is the usual one."""
        campaign, group = self.of.told.place
        bid = "" if self.bid is None else f"{plain(self.bid, self.of.currency)} {self.of.currency}"
        place = {campaign: self.place.campaign, group: self.place.ad_group}
        return self.adding.item(place, self.term.written, bid, state)


@dataclass(frozen=True)
class Harvest:
    """What is worth a keyword: so many orders, under a target where there is one; and where it goes."""

    min_orders: int
    target: BidTo | None
    into: tuple[TermProduct, Place] | None = None

    def found(self, of: TermsOf, left: Left) -> Iterator[Candidate]:
        """The terms of an account that are, of those that one keyword matches the one that sold most; of
        those that are left out, why.
        """
        made = dict[tuple[Any, ...], Candidate]()
        worth = sorted(self._worth(of, left), key=lambda one: (bool(one.held), -one.term.figures.orders))
        for one in worth:
            first = made.setdefault((one.term.product.name, *of.closely(one.term)), one)
            if first is one:
                yield one
            else:
                left.add(TWIN, f"{one.term.quoted} to {first.term.quoted}")

    def _worth(self, of: TermsOf, left: Left) -> Iterator[Candidate]:
        """What is worth a keyword, each by itself."""
        for term in of.terms.values():
            did = term.figures
            if did.orders < self.min_orders:
                continue
            if why := self._misses(term, did):
                left.count(why)
                continue
            place = self.into[1] if self.into else of.best(term)
            stands = of.of(term.product)
            if there := stands.exact(term, place):
                idle = "" if stands.serves(there) else "its campaign or ad group is off"
                near = "" if there.text == term.text else f"to {quoted(there.text)} "
                named = f"{term.quoted} {near}{_where(there, idle)}"
                left.add(VARIANT if near else EXACT, named, last=bool(idle) or not there.enabled)
            elif hit := stands.negated(term, place):
                left.add(NEGATED, f"{term.quoted} {_where(hit)}")
            else:
                bid, why = self._bid(of, did)
                adding = term.product.bids[term.kind]
                held = self._held(of, term, place) or (NO_BID if bid is None and adding.unbid else "")
                yield Candidate(of, term, place, adding, why, bid, held)

    def rates(self, of: TermsOf) -> Mapping[str, str]:  # noqa: ARG002 - what is worth it the call says
        """What decided beside the call: nothing."""
        return {}

    def _misses(self, term: Term, did: Figures) -> str:
        """Why a term is not for the place it would go, or what it did not under the target; else empty."""
        if self.into and self.into[0] != term.product:
            return OTHER_PRODUCT
        if self.target is None:
            return ""
        if self.target.rule != "cost_per_conversion" and not did.sales:
            return UNWORTH
        return "" if did.spend <= allowed(self.target, did) else OVER

    def _held(self, of: TermsOf, term: Term, place: Place) -> str:
        """Why a term cannot go there; empty where it can, or where the call names the place."""
        if place.closed:
            return CLOSED
        if place.automatic:
            return NOT_HERE
        off = not self.into and not of.of(term.product).serves(place)
        return OFF if off else of.unfit(term)

    def _bid(self, of: TermsOf, did: Figures) -> tuple[Decimal | None, str]:
        """What a click may cost: what it cost so far, or what the target makes of it; and which that is.
        None where there was no click.
        """
        if not did.clicks:
            return None, NO_CLICK
        cpc, currency = did.spend / did.clicks, of.currency
        reach = of.told.reach(currency)
        bid = max(rounded(cpc, currency), reach.least or Decimal())
        seen = Seen(did.clicks, did.orders, did.sales, currency)
        few = too_little(self.target, seen) if self.target else ""
        if self.target is None or few:
            return bid, f"cpc{f': {few}' if few else ''}"
        bid, rule = worked_out(self.target, seen, bid, reach)
        return bid, ", ".join(rule)


@dataclass(frozen=True)
class Negate:
    """What costs more than an order may: so many times the clicks that one takes in the account, or the money
    that a target gives it.
    """

    min_clicks: int
    certainty: Decimal
    target: BidTo | None

    def found(self, of: TermsOf, left: Left) -> Iterator[Candidate]:
        """The terms that do, in each ad group where they were clicked; of those left out, why."""
        for term in of.terms.values():
            costly = [
                place
                for place in term.places.values()
                if place.figures.clicks and not place.figures.orders and self._costs(of, term, place, left)
            ]
            most = max((place.figures.clicks for place in costly), default=0)
            least, adding = min(self.min_clicks, most), term.product.negatives[term.kind]
            for place in costly:
                if place.figures.clicks < least:
                    left.count(FEW)
                    continue
                why = self.over(of, term, term.figures)
                yield Candidate(of, term, place, adding, why, held=of.unfit(term), negates=True)

    def _costs(self, of: TermsOf, term: Term, place: Place, left: Left) -> bool:
        """Whether a term costs too much and is to be negated in a place; where only one of these, why."""
        sold, stands = of.sold(term), of.of(term.product)
        if not self.over(of, term, place.figures if sold else term.figures):
            return False
        named, spend = f"{term.quoted} in {place.ad_group}", place.figures.spend
        if place.closed:
            left.count(OVER_FOR_GOOD)
        elif not stands.serves(place):
            left.add(ARE_OFF, named)
        elif sold and sold[0].text == term.text:
            left.add(SELLS, f"{named}, which sells in {sold[1].ad_group}", cost=(spend, of.currency))
        elif sold:
            left.add(
                NEAR_SELLS, f"{named}: {sold[0].quoted} in {sold[1].ad_group}", cost=(spend, of.currency)
            )
        elif same := stands.bid_for(term, place):
            left.add(BID_ON, f"{named} ({same.match.upper()} {same.id})")
        elif hit := stands.negated(term, place):
            left.add(NEGATED, f"{named} ({'' if hit.ad_group else 'campaign negative '}{_id(hit)})")
        else:
            return True
        return False

    def over(self, of: TermsOf, term: Term, did: Figures) -> str:
        """What was done and what an order may cost, where that is less and known; else empty."""
        account = of.did[term.product.name]
        if did.clicks < self.min_clicks or self.unknown(of, term.product):
            return ""
        if self.target is None:
            most = self.certainty * account.clicks / account.orders
            return f"{did.clicks} clicks > {most:.1f}" if did.clicks > most else ""
        may = self._may(account)
        spent, least = (plain(rounded(amount, of.currency), of.currency) for amount in (did.spend, may))
        return f"{spent} {of.currency} > {least}" if did.spend > may else ""

    def rates(self, of: TermsOf) -> Mapping[str, str]:
        """What an order takes in an account, by product, or why that is not known."""
        there = [one for one in of.told.products if one.name in of.did and of.did[one.name].clicks]
        return {f"{of.label} {one.name}": self.unknown(of, one) or self._rate(of, one) for one in there}

    def _rate(self, of: TermsOf, product: TermProduct) -> str:
        did = of.did[product.name]
        if self.target is None:
            each = self.certainty * did.clicks / did.orders
            return f"{each:.2f} clicks ({self._times}{did.clicks:,} clicks / {did.orders:,} orders)"
        may = plain(rounded(self._may(did), of.currency), of.currency)
        return (
            f"{may} {of.currency} ({self._times}{in_words(self.target, of.currency)}, {did.orders:,} orders)"
        )

    @property
    def _times(self) -> str:
        return f"{self.certainty:f} x "

    def _may(self, did: Figures) -> Decimal:
        """The money an order may cost, by the target and what an order of these brings in."""
        assert self.target
        worth = did.sales / did.orders if did.orders else Decimal()
        return self.certainty * allowed(self.target, Figures(1, Decimal(), Decimal(1), worth))

    def unknown(self, of: TermsOf, product: TermProduct) -> str:
        """Why nobody can say what an order may cost; empty where it is known."""
        orders = of.did.get(product.name, Figures()).orders
        if orders >= FEWEST or (self.target and self.target.rule == "cost_per_conversion"):
            return ""
        return TOO_FEW.format(orders, FEWEST)


def allowed(target: BidTo, did: Figures) -> Decimal:
    """What may have been spent on what these figures brought in."""
    if target.rule == "cost_per_conversion":
        return target.target * did.orders
    return did.sales * target.target / HUNDRED if target.rule == "acos" else did.sales / target.target


def in_words(target: BidTo, currency: str) -> str:
    """A target without the limits of its steps."""
    return bid_to.in_words(target, currency).partition(",")[0]


def _where(one: Standing, idle: str = "") -> str:
    where = f"in {one.ad_group}" if one.ad_group else f"in all of campaign {one.campaign}"
    match = "" if one.match == "exact" else f" by {one.match.upper()}"
    return f"{where}{match} ({', '.join(filter(None, (_id(one), idle)))})"


def _id(one: Standing) -> str:
    return f"{one.id}{'' if one.enabled else ', PAUSED'}"
