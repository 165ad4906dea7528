"""Accounts with search terms written down by hand, with what is bid on and negated there."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from mcp_ads.across.terms import TermsOf
from mcp_ads.connectors.amazon_ads import amazon_ads
from mcp_ads.core import Account
from mcp_ads.core.search_terms import Standing


@dataclass
class Did:
    """A row of a report: what a term did in an ad group, in major units."""

    term: str
    group: str
    clicks: int
    spend: str
    orders: int
    sales: str
    automatic: bool = False

    @property
    def row(self) -> dict[str, Any]:
        whose = {
            "campaign": f"c{self.group[1:]}",
            "campaign_name": "",
            "ad_group_name": "",
            "ad_product": "SP",
        }
        money = {"spend": Decimal(self.spend), "sales": Decimal(self.sales), "orders": Decimal(self.orders)}
        return {**vars(self), **whose, **money, "found_by": "", "closed": False, "ad_group": self.group}


def account(currency: str, *rows: Did, stands: tuple[Standing, ...] = ()) -> TermsOf:
    """An account with these terms."""
    told = amazon_ads.search_terms
    assert told
    of = TermsOf(cast("Any", None), Account("1", "", currency, "UTC"), "amazon:1", told)
    for did in rows:
        of.add(did.row)
    for one in stands:
        of.of(told.products[0]).add(one, negative=one.id.startswith("n"))
    return of


def kept(id_: str, text: str, match: Any, group: str = "g1", *, enabled: bool = True) -> Standing:
    """A keyword, or a negative one where its id begins with n; of the whole campaign without a group."""
    return Standing(id_, "keyword", text, match, enabled, "c1", group)
