"""A question about search terms answered: accounts asked, their terms judged, what is chosen proposed."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from mcp_ads.core import Account
from mcp_ads.core import bid_to as targets
from mcp_ads.core.bid_to import BidTo
from mcp_ads.core.recipe import Report
from mcp_ads.core.search_terms import Figures, TermProduct
from mcp_ads.core.view import TableView
from mcp_ads.engine.reads.looks import choose
from mcp_ads.engine.reads.whom import accounts_of, place_of
from mcp_ads.engine.tables.look import Look
from mcp_ads.errors import InvalidParams

from .again import GOES_ON
from .carried import some
from .judging import Candidate, in_words
from .listed import Row
from .pace import rounded
from .terms import Left, Place, TermsOf
from .terms_proposed import proposed
from .terms_read import ReadTerms, Wanted, read

if TYPE_CHECKING:
    from mcp_ads.clients import Client
    from mcp_ads.engine.door import Engine
    from mcp_ads.engine.session.session import Session

    from .search_terms import TermsQuestion

NO_TERMS = "no account that is configured reports search terms: Amazon's do"
NO_CURRENCY = "target.cost_per_conversion: there are accounts in {}: write the currency too, as 20 {}"
OTHER = "{} not asked: it is in {}, and the target in {}"
ALL_OTHER = "target.cost_per_conversion: no account is in {}: they are in {}"
WAITS = "not all is read yet: from plans when it is; or name in accounts those that are"
ONE_ACCOUNT = "into: one ad group is of one account: name that in accounts"
NO_GROUP = "into: {} has no ad group {} among its Sponsored Products and Brands"
MORE, MOST_TOLD = "and more", 10
Pair = tuple["Session", Account]


class Judge(Protocol):
    """Which terms of an account are rows."""

    def found(self, of: TermsOf, left: Left) -> Iterator[Candidate]:
        """The terms that are; of those that are left out, why."""

    def rates(self, of: TermsOf) -> Mapping[str, str]:
        """What decided that beside the call, by what of the account it is of, in words."""


@dataclass
class _Aims:
    """The target of each account, and those of which there is none that is in their currency."""

    pairs: list[Pair] = field(default_factory=list)
    of: dict[str, BidTo | None] = field(default_factory=dict)
    filed: dict[str, str] = field(default_factory=dict)
    gaps: list[str] = field(default_factory=list)

    @property
    def untold(self) -> int:
        """Of how many accounts nobody said what an order may cost."""
        return sum(target is None for target in self.of.values())


async def asked(
    desk: Engine, call: TermsQuestion, view: TableView, report: Report | None
) -> tuple[list[Row], Mapping[str, Any]]:
    """The rows of a question, and what is to be known of them. Raises AdsError."""
    told = [name for name in desk.settings.served if desk.connector(name).search_terms]
    sessions = [session for name in told for session in desk.sessions(name)]
    if not sessions:
        raise InvalidParams(NO_TERMS)
    named = await accounts_of(desk, view.accounts or "all", sessions)
    aims = _aims(desk, call.aimed, named.accounts)
    if call.goes_into and len(aims.pairs) != 1:
        raise InvalidParams(ONE_ACCOUNT)
    wanted = Wanted(call.range, call.goes_into.get("ad_group_id", ""), fresh=call.fresh)
    found = await read(desk, aims.pairs, named.gaps, wanted, report)
    into, left, candidates = _into(call, found), Left(), list[Candidate]()
    rates = dict[str, str]()
    for of in found.accounts:
        judge = call.judge(aims.of[of.label], into)
        candidates += judge.found(of, left)
        rates |= judge.rates(of)
    made = [(_row(call, one), one) for one in sorted(candidates, key=_place)]
    rows = [row for row, _ in made]
    partial = found.asking.partial("{}")
    meta: dict[str, Any] = {
        **found.facts,
        "targets": aims.filed,
        "an_order_takes": _few(rates, {one.of.label for one in candidates}),
        "left_out": left.said,
        "warnings": [*found.facts.get("warnings", ()), *call.warned(aims.untold, found.accounts)],
        GOES_ON: partial if partial != found.asking.short else "",
    }
    meta["coverage"] = "; ".join([*filter(None, [meta["coverage"]]), *aims.gaps])
    if call.propose and meta[GOES_ON]:
        meta["not_planned"] = WAITS
    elif call.propose:
        chosen = [made[at][1] for at in await _chosen(call, view, rows)]
        said, plan = await proposed(desk, chosen, call.state_of_new)
        rows = [{**row, "proposal": said.get(id(one))} for row, one in made]
        meta |= plan
    return rows, meta


def _aims(desk: Engine, written: Mapping[str, Any] | None, pairs: Sequence[Pair]) -> _Aims:
    """The target of each account: that of the call, else of its client. Raises InvalidParams."""
    aims, target = _Aims(), targets.read(written, "target") if written else None
    money = target is not None and target.rule == "cost_per_conversion"
    currencies = sorted({account.currency for _, account in pairs})
    if target and money and not target.currency and len(currencies) > 1:
        raise InvalidParams(NO_CURRENCY.format(", ".join(currencies), currencies[0]))
    for session, account in pairs:
        label = f"{place_of(session)}:{account.id}"
        if target and money and target.currency not in ("", account.currency):
            aims.gaps.append(OTHER.format(label, account.currency, target.currency))
            continue
        aims.pairs.append((session, account))
        client = desk.settings.clients.of(session.connector.name, account.id)
        aims.of[label] = target or (_filed(client, account.currency) if client else None)
        if target is None and (filed := aims.of[label]):
            aims.filed[label] = f"{in_words(filed, account.currency)}, of clients.toml"
    if pairs and not aims.pairs and target:
        raise InvalidParams(ALL_OTHER.format(target.currency, ", ".join(currencies)))
    return aims


def _filed(client: Client, currency: str) -> BidTo | None:
    """The target that a client has in the clients file; the first of those that need no currency."""
    if client.target_acos is not None:
        return BidTo("acos", client.target_acos)
    if client.target_roas is not None:
        return BidTo("roas", client.target_roas)
    cpa = client.target_cpa.get(currency)
    return BidTo("cost_per_conversion", cpa, currency) if cpa is not None else None


def _into(call: TermsQuestion, found: ReadTerms) -> tuple[TermProduct, Place] | None:
    """The ad group into which all goes, as it is there; None for none, or not yet. Raises InvalidParams."""
    if not (wanted := call.goes_into) or not found.accounts:
        return None
    for product, row in found.groups:
        _, id_at, name_at, campaign_at = product.group_at
        if str(row.get(id_at)) == wanted["ad_group_id"]:
            campaign = str(row.get(campaign_at))
            if wanted.get("campaign_id", campaign) != campaign:
                raise InvalidParams(f"into: that ad group is in campaign {campaign}: leave campaign_id out")
            return product, Place(campaign, wanted["ad_group_id"], "", str(row.get(name_at) or ""))
    if found.accounts[0].short:
        raise InvalidParams(f"into: not looked for: {'; '.join(found.accounts[0].short)}")
    raise InvalidParams(NO_GROUP.format(found.accounts[0].label, wanted["ad_group_id"]))


def _few(rates: Mapping[str, str], there: Collection[str]) -> dict[str, str]:
    """The first so many of these, accounts that have rows before others, and how many there are besides."""
    first = sorted(rates, key=lambda name: name.partition(" ")[0] not in there)
    more = {MORE: f"{len(first) - MOST_TOLD}: name one in accounts"} if first[MOST_TOLD:] else {}
    return {name: rates[name] for name in first[:MOST_TOLD]} | more


def _place(one: Candidate) -> tuple[str, ...]:
    return one.of.label, one.term.product.name, one.term.text, one.place.ad_group


def _row(call: TermsQuestion, one: Candidate) -> Row:
    """A candidate as it is shown: what a term did in all its ad groups, or, of a negative, in the one."""
    of, term, place = one.of, one.term, one.place
    did, shown = (place.figures, place) if one.negates else (term.figures, of.best(term))
    row = {
        "platform": of.label.partition(":")[0],
        "account": of.account.id,
        "currency": of.currency,
        "ad_product": term.product.name,
        "term": term.written,
        "kind": term.kind,
        "campaign": shown.campaign,
        "campaign_name": shown.campaign_name or None,
        "ad_group": shown.ad_group,
        "ad_group_name": shown.ad_group_name or None,
        "found_by": (some([*place.found_by]) if one.negates else term.found_by) or None,
        **_figures(did),
        **call.figures(one),
    }
    money = ("spend", "sales", "bid", "term_spend", "cpc")
    amounts = {
        name: _number(rounded(row[name], of.currency)) for name in money if isinstance(row.get(name), Decimal)
    }
    return {**row, **amounts}


def _figures(did: Figures) -> dict[str, Any]:
    return {
        "clicks": did.clicks,
        "spend": did.spend,
        "orders": _number(Decimal(did.orders)),
        "sales": did.sales,
        "acos": float(round(did.spend * 100 / did.sales, 2)) if did.sales else None,
        "cpc": did.spend / did.clicks if did.clicks else None,
    }


def _number(amount: Decimal) -> float | int:
    return int(amount) if amount == amount.to_integral_value() else float(amount)


async def _chosen(call: TermsQuestion, view: TableView, rows: Sequence[Row]) -> Sequence[int]:
    """Which rows a view leaves, by their places."""
    look = Look(view, call.kinds(), call.names(), "", alike=call.alike)
    return [*(await asyncio.to_thread(choose, enumerate(rows), look)).ids]
