"""What a platform tells of search terms: its reports of them, what is bid on or negated, and what adds more.

Each connector that has such reports has a module with a value `search_terms`, which its
`Connector.search_terms_at` names. Nothing here reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from .bid_to import BidRange
from .columns import COUNT, ID, MONEY, TEXT, Column
from .context import Account
from .facts import Asked, Reading

Record = Mapping[str, Any]
Kind = Literal["keyword", "product"]
Match = Literal["exact", "phrase", "broad"]
REPORTED: Mapping[str, Column] = {
    "ad_product": TEXT, "term": TEXT, "found_by": TEXT, "automatic": TEXT, "closed": TEXT,
    "campaign": ID, "campaign_name": TEXT, "ad_group": ID, "ad_group_name": TEXT,
    "clicks": COUNT, "spend": MONEY, "orders": COUNT, "sales": MONEY,
}  # fmt: skip
"""The columns that rows of the readings have: a term in an ad group, and what it was found by. Several rows
may be of one term there. `automatic` says that the campaign chooses what it bids on by itself, `closed` that
it is over for good.
"""


@dataclass(frozen=True)
class Standing:
    """What is bid on, or negated, in an ad group; of a whole campaign where `ad_group` is empty.

    `text` is the words, or the product's id, as reports have them.
    """

    id: str
    kind: Kind
    text: str
    match: Match
    enabled: bool
    campaign: str
    ad_group: str = ""


@dataclass(frozen=True)
class TermList:
    """One list of what is bid on, or of what is `negative`; a record that says neither makes None."""

    entity: str
    params: Mapping[str, Any]
    standing: Callable[[Record], Standing | None]
    negative: bool = False


@dataclass(frozen=True)
class OnList:
    """One list of what is switched on, campaigns or ad groups: the column with their ids, and `until` that
    with their last day, in ISO form; empty where they have none.
    """

    level: Literal["campaign", "ad_group"]
    entity: str
    params: Mapping[str, Any]
    id_at: str
    until: str = ""

    def id(self, record: Record, today: date) -> str:
        """The id of what a record is of; empty for what is over."""
        last = str(record.get(self.until) or "") if self.until else ""
        return "" if last and last < today.isoformat() else str(record.get(self.id_at) or "")


@dataclass(frozen=True)
class Adding:
    """The entity whose create adds a term, and its item: `text` is the parameter for the term, `fixed` are
    those that are the same for all; `bid` the one for a bid, `state` the one for a state, empty for none.
    Without a bid the ad group's counts, unless it is `unbid`: that none would count then.
    """

    entity: str
    text: str
    fixed: Mapping[str, str]
    bid: str = ""
    state: str = ""
    unbid: bool = False

    def item(self, place: Mapping[str, str], term: str, bid: str, state: str) -> dict[str, str]:
        """The item for a term, in a place, with what of it the create takes."""
        more = {self.bid: bid, self.state: state}
        given = {name: value for name, value in more.items() if name and value}
        return {**place, self.text: term, **self.fixed, **given}


@dataclass(frozen=True)
class TermProduct:
    """One product of a platform that reports search terms; its terms and lists are not compared with others'.

    `reading` is None where nothing is kept of the days. `on` lists what is switched on; orders are counted
    for `window` days after a click. `groups` lists its ad groups, `group_at` are the
    parameter that names one there and the columns with its id, its name and its campaign's id.
    """

    name: str
    title: str
    reading: Callable[[Asked, Account], Reading | None]
    lists: Sequence[TermList]
    on: Sequence[OnList]
    window: int
    bids: Mapping[Kind, Adding]
    negatives: Mapping[Kind, Adding]
    groups: str
    group_at: tuple[str, str, str, str]


@dataclass(frozen=True)
class SearchTerms:
    """What a platform tells of search terms.

    `product_of` is the id of the product that a term stands for, as its lists have it, empty for words;
    `alike` a text as it is compared, `close` words as exact ones and negatives match them, with simple
    plurals; `reach` the smallest and the largest bid in a currency. `unfit` says why
    no keyword takes a text, empty where one does, and `unkept` why an account has no terms of a product.
    `place` are the parameters that name a campaign and an ad group.
    """

    products: Sequence[TermProduct]
    product_of: Callable[[str], str]
    alike: Callable[[str], str]
    close: Callable[[str], str]
    reach: Callable[[str], BidRange]
    unfit: Callable[[str], str]
    unkept: Callable[[Account], str]
    place: tuple[str, str] = ("campaign_id", "ad_group_id")

    def kind(self, text: str) -> tuple[Kind, str]:
        """What a term is, and the text by which it is added and compared."""
        product = self.product_of(text)
        return ("product", product) if product else ("keyword", self.alike(text))


@dataclass(frozen=True)
class Figures:
    """What terms did: money in major units of the account's currency."""

    clicks: int = 0
    spend: Decimal = Decimal()
    orders: Decimal = Decimal()
    sales: Decimal = Decimal()

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.clicks + other.clicks,
            self.spend + other.spend,
            self.orders + other.orders,
            self.sales + other.sales,
        )
