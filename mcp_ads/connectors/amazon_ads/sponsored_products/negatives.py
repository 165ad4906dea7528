"""Negatives: what an ad group or a campaign keeps its ads from, in words and by product."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads.filters import TEXT_FILTER, listed
from mcp_ads.connectors.amazon_ads.record_names import WORDS
from mcp_ads.connectors.amazon_ads.states import DELIVERS_NOTHING
from mcp_ads.connectors.amazon_ads.types import (
    AmazonRead,
    CampaignId,
    IncludeText,
    Json,
    State,
    upper,
)
from mcp_ads.core import Account, Write
from mcp_ads.core.beside import Likeness, PassedOn, Record
from mcp_ads.core.cells import visible
from mcp_ads.core.synonyms import cut

from . import expressions, rules
from .base import SpArchive, SpWrite
from .expressions import IDS_OF
from .rules import alike

AD_GROUP, CAMPAIGN = "sponsored_product_ad_groups", "sponsored_product_campaigns"
OF_AD_GROUP = {"campaign_id": CAMPAIGN, "ad_group_id": AD_GROUP}
OF_CAMPAIGN = {"campaign_id": CAMPAIGN}
ASIN, BOOK = re.compile(r"B0[0-9A-Z]{8}"), re.compile(r"[0-9]{9}[0-9X]")
KINDS = {"ASIN_SAME_AS": "asin", "ASIN_BRAND_SAME_AS": "brand"}
VALUES = {"ASIN_SAME_AS": r"[A-Z0-9]{10}", "ASIN_BRAND_SAME_AS": "[0-9]{1,20}"}
MATCHES, MOST_HIT = ("NEGATIVE_EXACT", "NEGATIVE_PHRASE"), 3
KEYWORDS, POSITIVE = "sponsored_product_keywords", "sponsored_product_targets"
MatchType = Annotated[Literal["NEGATIVE_EXACT", "NEGATIVE_PHRASE"], BeforeValidator(upper)]
ListedMatch = Annotated[
    Literal["NEGATIVE_EXACT", "NEGATIVE_PHRASE", "NEGATIVE_BROAD"], BeforeValidator(upper)
]
MatchTypes = Annotated[
    list[ListedMatch] | None, BeforeValidator(listed), Field(alias="matchTypeFilter", min_length=1)
]
TEXT = {"search_term": "keyword_text", "keyword": "keyword_text", "text": "keyword_text"}
Asins = Annotated[IncludeText | None, Field(alias="asinFilter", description=TEXT_FILTER)]
Literally = Annotated[
    bool, Field(exclude=True, description="true negates what reads as an ASIN as words all the same.")
]
FALSE = ("false", "0", "no", "off", "f", "n")
"""What a parameter that is true or false takes for false."""
A_PRODUCT = "the search term is a product's ASIN: it is sent as a negative product target of the same place"
A_BOOK = (
    "the ten digits are a book's ASIN (ISBN-10): they are sent as a negative product target; literal=true "
    "negates the number as a search"
)
OF_WORDS = ("keyword_text", "match_type", "literal")
IDLE = "already there, PAUSED: it keeps nothing away until `update` makes it ENABLED"
SHAPE = '[{"type": "ASIN_SAME_AS", "value": "B0ABCD1234"}]'


def asin_of(text: Any) -> str:
    """The ASIN that a search term is: reports write them in lower case. Empty for words.

    A book's is its ISBN-10, told from other numbers of ten digits by its check digit.
    """
    plain = text.strip().upper() if isinstance(text, str) else ""
    if BOOK.fullmatch(plain):
        digits = [10 if digit == "X" else int(digit) for digit in plain]
        weighed = sum(digit * weight for digit, weight in zip(digits, range(10, 0, -1), strict=True))
        return plain if weighed % 11 == 0 else ""
    return plain if ASIN.fullmatch(plain) else ""


def negative(given: Any) -> list[Json]:
    """The expression of a negative target, as Amazon takes it. Raises ValueError."""
    parts = given if isinstance(given, list) else [given]
    if len(parts) != 1 or not isinstance(parts[0], dict) or parts[0].keys() != {"type", "value"}:
        raise ValueError(f"one product or brand, {SHAPE}; several are items of one call")
    kind, value = str(parts[0]["type"]).strip().upper(), str(parts[0]["value"]).strip()
    if kind not in KINDS:
        raise ValueError(f"{cut(kind)!r} is not one of {', '.join(KINDS)}")
    value = value.upper() if kind == "ASIN_SAME_AS" else value
    if not re.fullmatch(VALUES[kind], value):
        like = "10 letters and digits, such as B0ABCD1234" if kind == "ASIN_SAME_AS" else f"digits: {IDS_OF}"
        raise ValueError(f"{cut(value)!r} is no {KINDS[kind]}; write {like}")
    return [{"type": kind, "value": value}]


def stopped(what: Iterable[str]) -> Iterable[str]:
    """The line a plan has for what a negative keeps from being shown at all."""
    if hit := list(what):
        more = f" and {len(hit) - MOST_HIT} more" if len(hit) > MOST_HIT else ""
        yield f"it stops what is bid on here and enabled: {', '.join(hit[:MOST_HIT])}{more}"


def passed(item: Mapping[str, Any], products: str) -> PassedOn | None:
    """A search term that is an ASIN, as an item of the entity that has negative `products`."""
    asin, literal = asin_of(item.get("keyword_text")), str(item.get("literal") or False).strip().lower()
    match = re.sub(r"[\s-]+", "_", str(item.get("match_type") or MATCHES[0]).strip()).upper()
    if not asin or match not in MATCHES or literal not in FALSE:
        return None
    rest = {name: value for name, value in item.items() if name not in OF_WORDS}
    return PassedOn(products, {**rest, "asin": asin}, A_BOOK if BOOK.fullmatch(asin) else A_PRODUCT)


def ways_of(text: str, match_type: str) -> Sequence[tuple[str, ...]]:
    """What keeps ads from a keyword's searches: itself, and every phrase whose words it has in this order."""
    own = alike(text)
    words = own.split()
    most = range(1, rules.MOST_IN_NEGATIVE_PHRASE + 1)
    runs = (" ".join(words[at : at + count]) for count in most for at in range(len(words) - count + 1))
    return tuple(dict.fromkeys([(own, match_type), *((run, MATCHES[1]) for run in (own, *runs))]))


def struck(text: str, match_type: str, keywords: Sequence[Record]) -> Iterable[str]:
    """What a negative stops: an exact one the keyword that is the same, a phrase all that have it in them."""
    own, phrase = f" {alike(text)} ", match_type == MATCHES[1]
    there = [(f" {alike(str(one.get('keywordText')))} ", one) for one in keywords]
    yield from stopped(
        f"keyword {one.get('keywordId')} {_quoted(one.get('keywordText'))} {one.get('matchType')}"
        for words, one in there
        if (own in words if phrase else own == words and one.get("matchType") == "EXACT")
    )


def _quoted(text: Any) -> str:
    return visible(json.dumps(text, ensure_ascii=False))


def kept_away(call: Write, live: Record) -> bool:
    """Whether a change ends what a negative did: one that is switched off keeps nothing away."""
    ends = call.does == "changes" and call.sets().get("state") != "ENABLED"
    return ends and live.get("state", "ENABLED") == "ENABLED"


class Negative(SpWrite):
    """A negative delivers nothing: switched off or gone, what it kept ads from is bid on again."""

    states = DELIVERS_NOTHING
    what: ClassVar[str] = "searches"

    @classmethod
    def id_in(cls, record: Record) -> str:
        return str(record.get("keywordId") or record.get("targetId") or super().id_in(record))

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if kept_away(self, live):
            yield f"{self.what} it kept ads from are bid on again"


class NewNegative(Negative):
    """What adding one takes; `above` are the negatives of the campaign."""

    campaign_id: CampaignId
    state: State = "ENABLED"

    does = "makes"
    above: ClassVar[str] = ""

    def neighbours(self) -> Mapping[str, Mapping[str, Any]]:
        return {self.above: self._in("campaign_id")} if self.above else {}

    def _in(self, place: str) -> dict[str, Any]:
        """The filters of a list for what is switched on in one place."""
        return {"profile_id": self.profile_id, place: [getattr(self, place)], "state": ["ENABLED"]}

    def covered(self, entity: str, there: Mapping[Likeness, Record]) -> tuple[Record, str]:
        place, own_way = ("campaign_id" if entity == self.above else self.place), self.ways()[0]
        keys = {way: tuple(map(alike, (getattr(self, place), *way))) for way in self.ways()}
        found = {way: there[key] for way, key in keys.items() if key in there}
        for way, record in found.items():
            if record.get("state") == "ENABLED" and (place, way) != (self.place, own_way):
                where = "in the whole campaign" if place != self.place else "here"
                phrase = f" {_quoted(record.get('keywordText'))}" if way[0] != own_way[0] else ""
                return record, f"negated {where} already{f' by {way[1]}{phrase}' if way[1:] else ''}"
        own = found.get(own_way, {}) if place == self.place else {}
        if own.get("state") == "PAUSED":
            return own, IDLE
        return {}, ""

    def ways(self) -> Sequence[tuple[str, ...]]:
        """What keeps ads from as much, as likenesses end: the first is its own."""
        return ((self.name_in(self.sets()),),)


class PutAway(SpArchive):
    """Archives negatives; `again` is the entity whose create makes new ones like them."""

    again: ClassVar[str]

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield f"the same can be negated again, as a new one: {self.again}.create, with what `get` still shows"


class NewKeyword(NewNegative):
    """A text and how it is matched. One that is an ASIN is meant for the targets beside it, `products`."""

    keyword_text: Annotated[
        str,
        Field(
            min_length=1,
            examples=["free"],
            description="At most 10 words (4 in a phrase), 80 characters. An ASIN becomes a negative target.",
        ),
    ]
    match_type: Annotated[MatchType, Field(examples=["NEGATIVE_EXACT"])]
    literal: Literally = False

    products: ClassVar[str]

    @classmethod
    def passed_on(cls, item: Mapping[str, Any]) -> PassedOn | None:
        return passed(item, cls.products)

    def neighbours(self) -> Mapping[str, Mapping[str, Any]]:
        fields = ["keywordId", "keywordText", "matchType", "state"]
        return {**super().neighbours(), KEYWORDS: self._in(self.place) | {"fields": fields}}

    def ways(self) -> Sequence[tuple[str, ...]]:
        return ways_of(self.keyword_text, self.match_type)

    def strikes(self, entity: str, records: Sequence[Record]) -> Iterable[str]:
        yield from struck(self.keyword_text, self.match_type, records if entity == KEYWORDS else ())

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from rules.strange_symbols(self.keyword_text)

    @model_validator(mode="after")
    def _text_fits(self) -> Self:
        if mistakes := list(rules.keyword_text(self.keyword_text, self.match_type)):
            raise ValueError("\n".join(mistakes))
        return self


class OfProducts(Negative):
    """A negative target is known by what it is of."""

    name_at, what, watch = "expression", "products", ("expression", "state")

    @classmethod
    def name_in(cls, record: Mapping[str, Any]) -> str:
        return expressions.said(record.get("expression"))


class NewTarget(OfProducts, NewNegative):
    """A product or a brand, by its id or as Amazon's expression."""

    asin: Annotated[str | None, Field(exclude=True, description="A product, such as B0ABCD1234.")] = None
    brand_id: Annotated[str | None, Field(exclude=True, description="All products of a brand.")] = None
    expression: Annotated[
        list[Json] | None, Field(description=f"In place of these, Amazon's own: {SHAPE}.")
    ] = None

    sample = {"asin": "B0ABCD1234"}

    @model_validator(mode="before")
    @classmethod
    def _one_way(cls, given: Any) -> Any:
        """The easy form becomes Amazon's."""
        if not isinstance(given, dict):
            return given
        ways = {"asin": "ASIN_SAME_AS", "brand_id": "ASIN_BRAND_SAME_AS", "brandId": "ASIN_BRAND_SAME_AS"}
        chosen = [name for name in (*ways, "expression") if given.get(name) is not None]
        if len(chosen) != 1:
            raise ValueError("asin: give it, or brand_id, or expression: one of them, and no two")
        name, rest = chosen[0], {other: value for other, value in given.items() if other not in chosen}
        value = given[name] if name == "expression" else [{"type": ways[name], "value": given[name]}]
        try:
            return {**rest, "expression": negative(value)}
        except ValueError as wrong:
            raise ValueError(f"{name}: {wrong}") from None

    def neighbours(self) -> Mapping[str, Mapping[str, Any]]:
        fields = ["targetId", "expression", "state"]
        return {**super().neighbours(), POSITIVE: self._in(self.place) | {"fields": fields}}

    def strikes(self, entity: str, records: Sequence[Record]) -> Iterable[str]:
        own, there = self.name_in(self.sets()), records if entity == POSITIVE else ()
        yield from stopped(f"target {one.get('targetId')} {own}" for one in there if self.name_in(one) == own)


class NegativeTargetRead(AmazonRead):
    """Negative targets are shown in words: `targeting` is "asin B0ABCD1234" or "brand 123"."""

    alike = {**WORDS, "id": "targetId", "name": "targeting", "asin": "targeting", "target": "targeting"}

    def to_row(self, record: Json, account: Account | None) -> Json:  # noqa: ARG002
        text = expressions.said(record.get("expression"), record.get("resolvedExpression"))
        return {**record, "targeting": text}
