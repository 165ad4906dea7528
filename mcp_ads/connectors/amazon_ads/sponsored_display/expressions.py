"""What Sponsored Display targets: products and contents to stand beside, and shoppers by what they did.

Source: Amazon's OpenAPI file of Sponsored Display, with its table of targeting clauses. An expression is a
list of predicates; one about shoppers (views, purchases, audience) has a list of its own as its value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator
from pydantic.alias_generators import to_camel

from mcp_ads.connectors.amazon_ads.sponsored_products import expressions as of_products
from mcp_ads.connectors.amazon_ads.sponsored_products.negatives import negative
from mcp_ads.connectors.amazon_ads.types import upper
from mcp_ads.core.synonyms import cut

Parts = list[dict[str, Any]]


class Own(NamedTuple):
    """A predicate of this product alone: what it says, the values it takes (none where empty), an example."""

    words: str
    value: str = ""
    example: str = ""


VIEWS, PURCHASES, AUDIENCE = "views", "purchases", "audience"
SHOPPERS = (VIEWS, PURCHASES, AUDIENCE)
CATEGORY, BRAND, LOOKBACK = "asinCategorySameAs", "asinBrandSameAs", "lookback"
SIMILAR, CONTENT, NAMED = "similarProduct", "contentCategorySameAs", "audienceSameAs"
OWN: Mapping[str, Own] = {
    SIMILAR: Own("products similar to the advertised ones"),
    "exactProduct": Own("the advertised products"),
    "relatedProduct": Own("products related to the advertised ones"),
    "negative": Own("left out"),
    CONTENT: Own("content {}", r"amzn1\.iab-content\.[A-Za-z0-9]{1,20}", "amzn1.iab-content.325"),
    NAMED: Own("audience {}", r"\d{1,30}", "400000000000000001"),
    LOOKBACK: Own("the last {} days", "7|14|30|60|90|180|365", "30"),
}
_NOT_HERE = ("ASIN_EXPANDED_FROM", "KEYWORD_GROUP_SAME_AS")
PRODUCT: Mapping[str, str] = {
    to_camel(kind.lower()): kind for kind in of_products.KINDS if kind not in _NOT_HERE
}
"""Predicates about products that Sponsored Products has too, and what they are called there."""
REFINED = tuple(kind for kind in PRODUCT if kind != "asinSameAs")
BESIDE = (*PRODUCT, SIMILAR, CONTENT, *SHOPPERS)
EVENT = (*REFINED, SIMILAR, "exactProduct", "relatedProduct", "negative", LOOKBACK)
INSIDE: Mapping[str, tuple[str, ...]] = {VIEWS: EVENT, PURCHASES: EVENT, AUDIENCE: (NAMED,)}
"""What may stand in an expression, and in the value of a predicate about shoppers."""
WORDS = {kind: own.words for kind, own in OWN.items()} | {
    kind: of_products.KINDS[plain].words for kind, plain in PRODUCT.items()
}
USUAL: Mapping[str, tuple[str, ...]] = {
    VIEWS: ("exactProduct", SIMILAR, CATEGORY),
    PURCHASES: ("exactProduct", "relatedProduct", CATEGORY),
}
LONGEST_OF_VIEWS = 90
SHAPE = '[{"type": "asinSameAs", "value": "B0ABCD1234"}]'
SHOPPERS_SHAPE = (
    '[{"type": "views", "value": [{"type": "exactProduct"}, {"type": "lookback", "value": "30"}]}]'
)


def said(expression: Any, resolved: Any = None) -> str:
    """An expression in words: "category 12", "views of the advertised products in the last 30 days", with
    Amazon's names for the ids it resolves.
    """
    parts, names = _listed(expression), _listed(resolved)
    named = names if len(names) == len(parts) else parts
    return ", ".join(map(_said, parts, named))


def _said(part: Mapping[str, Any], named: Mapping[str, Any]) -> str:
    kind, value, name = str(part.get("type")), part.get("value"), named.get("value")
    if isinstance(value, list):
        return _of_shoppers(kind, value, name)
    text = str(value or "")
    text = f"{name} ({text})" if name and name != value else text
    return WORDS[kind].format(text) if kind in WORDS else f"{kind} {text}".strip()


def _of_shoppers(kind: str, inner: Any, names: Any) -> str:
    what, named = ([one for one in _listed(parts) if one.get("type") != LOOKBACK] for parts in (inner, names))
    days = next((f" in the last {one.get('value')} days" for one in _listed(inner) if one not in what), "")
    of = "" if kind == AUDIENCE else f"{kind} of "
    return f"{of}{said(what, named)}{days}"


def _listed(value: Any) -> list[Mapping[str, Any]]:
    parts = value if isinstance(value, list) else [value]
    return [part for part in parts if isinstance(part, Mapping)]


def read(value: Any) -> Parts:
    """An expression as Amazon takes it. Raises ValueError with a line for what is wrong with it."""
    parts = _level(value, BESIDE)
    if wrong := next(_unfit(parts), ""):
        raise ValueError(wrong)
    return parts


def _level(value: Any, kinds: Sequence[str]) -> Parts:
    """The predicates of one list. Those about products are read as Sponsored Products has them."""
    given = [value] if isinstance(value, dict) else value
    if not isinstance(given, list) or not given or not all(isinstance(part, dict) for part in given):
        raise ValueError(f"write {SHAPE if kinds == BESIDE else SHOPPERS_SHAPE}")
    parts = [_part(part, kinds) for part in given]
    goods = [{**part, "type": PRODUCT[part["type"]]} for part in parts if part["type"] in PRODUCT]
    known = iter(of_products.read(goods) if goods else ())
    parts = [{**next(known), "type": part["type"]} if part["type"] in PRODUCT else part for part in parts]
    if any(part["type"] == BRAND for part in parts) and not any(part["type"] == CATEGORY for part in parts):
        raise ValueError(f"{BRAND}: a brand goes with its category only: give {CATEGORY} too")
    return parts


def _part(given: Mapping[str, Any], kinds: Sequence[str]) -> dict[str, Any]:
    kind, value = _camel(given.get("type")), given.get("value")
    if kind not in kinds or given.keys() - {"type", "value"}:
        raise ValueError(f"{cut(given.get('type'))!r}: write {SHAPE} with one of {', '.join(kinds)}")
    if kind in SHOPPERS:
        return {"type": kind, "value": _level(value, INSIDE[kind])}
    if kind in PRODUCT:
        return {"type": kind, "value": value}
    own, text = OWN[kind], str(value).strip() if isinstance(value, str | int) else ""
    if not own.value and value in (None, ""):
        return {"type": kind}
    if not own.value:
        raise ValueError(f"{kind} takes no value: it is about the products of the ad group")
    if not re.fullmatch(own.value, text, re.ASCII):
        like = own.value.replace("|", ", ") if kind == LOOKBACK else repr(own.example)
        like += "; audiences.list has them, by name" if kind == NAMED else ""
        name = EASILY.get(kind, kind)
        raise ValueError(
            f"{name}: {cut(value)!r} is no value of {'it' if name == kind else kind}; write {like}"
        )
    return {"type": kind, "value": text}


def _camel(written: Any) -> str:
    """A predicate as this product spells it: ASIN_SAME_AS is asinSameAs."""
    text = written.strip() if isinstance(written, str) else ""
    return to_camel(text.lower()) if text.isupper() else text


def _unfit(parts: Parts) -> Iterator[str]:
    """Predicates that do not stand together."""
    kinds = [part["type"] for part in parts]
    if alone := [kind for kind in kinds if kind in (SIMILAR, CONTENT, *SHOPPERS) and len(kinds) > 1]:
        yield f"{alone[0]} stands alone: one target for each"
    for part in parts:
        inner = [one["type"] for one in part["value"]] if part["type"] in SHOPPERS else []
        if part["type"] in (VIEWS, PURCHASES) and inner.count(LOOKBACK) != 1:
            yield f"{part['type']}: give one lookback, the days it looks back: {OWN[LOOKBACK].value}"
        elif inner and not {*inner} - {LOOKBACK, "negative"}:
            yield f"{part['type']}: say of what: exactProduct, similarProduct, relatedProduct or {CATEGORY}"
        elif part["type"] == AUDIENCE and len(inner) > 1:
            yield "audience: one target for each audience"


def of_shoppers(parts: Parts) -> bool:
    """Whether an expression is about shoppers: only audience campaigns (T00030) take it."""
    return any(part["type"] in SHOPPERS for part in parts)


def doubts(parts: Parts) -> Iterator[str]:
    """What Amazon's table of targeting clauses does not have, although its schema does."""
    for part in parts:
        usual, inner = USUAL.get(part["type"]), part["value"] if part["type"] in SHOPPERS else []
        kinds, days = {one["type"] for one in inner}, [one for one in inner if one["type"] == LOOKBACK]
        if usual and not kinds & {*usual}:
            yield f"Amazon lists {part['type']} of {', '.join(usual)} only, and may refuse others"
        if part["type"] == VIEWS and any(int(one["value"]) > LONGEST_OF_VIEWS for one in days):
            yield f"Amazon lists views of the last {LONGEST_OF_VIEWS} days at most, and may refuse more"


def _days(value: Any) -> Any:
    """A number of days as text: 30, "30", "30 days"."""
    return None if value is None else str(value).lower().removesuffix("days").removesuffix("d").strip()


Event = Annotated[Literal["VIEWS", "PURCHASES"] | None, BeforeValidator(upper)]
Which = Annotated[Literal["ADVERTISED", "SIMILAR", "RELATED"] | None, BeforeValidator(upper)]
Lookback = Annotated[Literal["7", "14", "30", "60", "90", "180", "365"] | None, BeforeValidator(_days)]
WHICH = {"ADVERTISED": "exactProduct", "SIMILAR": SIMILAR, "RELATED": "relatedProduct"}
REFINES = tuple(name for name in of_products.EASY if name not in ("asin", "expanded", "category_id"))
EASILY = {NAMED: "audience_id", CONTENT: "content_category"}
WAYS = ("asin", "category_id", "products", "audience_id", "content_category")
EASY = (*WAYS, *REFINES, "event", "lookback")
"""Easy parameters: ways to say what is targeted, what refines a category, what shoppers did and when."""


def made(given: Mapping[str, Any]) -> Parts:
    """The expression of the easy parameters, those of `EASY`. Raises ValueError."""
    ways = [name for name in WAYS if given.get(name) is not None]
    if len(ways) != 1:
        raise ValueError(
            f"{(ways or ['expression'])[-1]}: give one of {', '.join(WAYS)}, or expression alone"
        )
    (way,), event = ways, given.get("event")
    stray = [name for name in REFINES if given.get(name) is not None and way != "category_id"]
    if stray:
        raise ValueError(f"{stray[0]}: it refines a category: give category_id")
    if (event is None) != (given.get("lookback") is None):
        raise ValueError("lookback: event and lookback go together: event VIEWS, lookback 30 (days)")
    if event and way not in ("category_id", "products"):
        raise ValueError(f"event: it is of category_id or products, and not of {way}")
    if way == "products" and not event and given[way] != "SIMILAR":
        raise ValueError(f"event: VIEWS or PURCHASES of the products that are {given[way]}, with lookback")
    parts = _of_way(way, given)
    days = [{"type": LOOKBACK, "value": given.get("lookback")}]
    return read([{"type": event.lower(), "value": [*parts, *days]}] if event else parts)


def _of_way(way: str, given: Mapping[str, Any]) -> Parts:
    value = given[way]
    if way == "products":
        return [{"type": WHICH[value]}]
    if way == "audience_id":
        return [{"type": AUDIENCE, "value": [{"type": NAMED, "value": value}]}]
    if way == "content_category":
        return [{"type": CONTENT, "value": value}]
    named = {name: given.get(name) for name in of_products.EASY}
    return [{**part, "type": _camel(part["type"])} for part in of_products.made(named)]


def read_negative(value: Any) -> Parts:
    """The expression of a negative target: one product or one brand. Raises ValueError."""
    given = value if isinstance(value, list) else [value]
    plain = [
        {**part, "type": PRODUCT.get(_camel(part.get("type")), part.get("type"))}
        for part in given
        if isinstance(part, dict)
    ]
    return [{**part, "type": _camel(part["type"])} for part in negative(plain)]
