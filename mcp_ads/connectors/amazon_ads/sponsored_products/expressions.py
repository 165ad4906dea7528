"""Target expressions: what a product target is shown for, as Amazon writes it and as people say it.

Source: Amazon's guide on Sponsored Products product targeting, and its OpenAPI file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, Field

from mcp_ads.core.synonyms import cut

Parts = list[dict[str, str]]


class Kind(NamedTuple):
    """What a predicate says, which values it takes, and an example of one."""

    words: str
    value: str
    example: str


_NUMBER, _RATING = r"\d{1,9}(\.\d{1,2})?", r"[0-5](\.\d)?"
_ASIN, _ID = Kind("", r"[A-Z0-9]{10}", "B0ABCD1234"), Kind("", r"[A-Za-z0-9_-]{1,40}", "11056341")
_DIGITS = _ID._replace(value=r"\d{1,20}")
IDS_OF = "sponsored_product_target_categories.list has the ids, those of brands by category_id"
PRODUCTS, WIDER = ("ASIN_SAME_AS", "ASIN_EXPANDED_FROM"), ("ASIN_CATEGORY_SAME_AS", "ASIN_BRAND_SAME_AS")
ALONE = (*PRODUCTS, "KEYWORD_GROUP_SAME_AS")
"""Predicates that are a whole expression."""
KINDS: Mapping[str, Kind] = {
    "ASIN_SAME_AS": _ASIN._replace(words="asin {}"),
    "ASIN_EXPANDED_FROM": _ASIN._replace(words="asin {} and similar products"),
    "ASIN_CATEGORY_SAME_AS": _DIGITS._replace(words="category {}"),
    "ASIN_BRAND_SAME_AS": _DIGITS._replace(words="brand {}"),
    "ASIN_PRICE_LESS_THAN": Kind("price below {}", _NUMBER, "20.5"),
    "ASIN_PRICE_BETWEEN": Kind("price {}", f"{_NUMBER}-{_NUMBER}", "10.5-12.5"),
    "ASIN_PRICE_GREATER_THAN": Kind("price above {}", _NUMBER, "10.75"),
    "ASIN_REVIEW_RATING_LESS_THAN": Kind("rating below {}", _RATING, "4"),
    "ASIN_REVIEW_RATING_BETWEEN": Kind("rating {}", f"{_RATING}-{_RATING}", "3-4.5"),
    "ASIN_REVIEW_RATING_GREATER_THAN": Kind("rating above {}", _RATING, "3"),
    "ASIN_AGE_RANGE_SAME_AS": _ID._replace(words="age range {}"),
    "ASIN_GENRE_SAME_AS": _ID._replace(words="genre {}"),
    "ASIN_IS_PRIME_SHIPPING_ELIGIBLE": Kind("prime shipping {}", "true|false", "true"),
    "KEYWORD_GROUP_SAME_AS": _ID._replace(words="keyword group {}"),
}
AUTO: Mapping[str, str] = {
    "QUERY_HIGH_REL_MATCHES": "close match",
    "QUERY_BROAD_REL_MATCHES": "loose match",
    "ASIN_SUBSTITUTE_RELATED": "substitutes",
    "ASIN_ACCESSORY_RELATED": "complements",
}
"""The targets an automatic campaign's ad group is born with."""
NOT_MADE = (
    "{} comes with the ad group of an AUTO campaign: automatic targets are paused and given bids, not created"
)
SHAPE = '[{"type": "ASIN_SAME_AS", "value": "B0ABCD1234"}]'


def said(expression: Any, resolved: Any = None) -> str:
    """An expression in words: "asin B0ABCD1234", "close match", with Amazon's names for ids it resolves."""
    parts, names = _listed(expression), _listed(resolved)
    named = names if len(names) == len(parts) else parts
    return ", ".join(map(_said, parts, named))


def _said(part: Mapping[str, Any], named: Mapping[str, Any]) -> str:
    kind, value, name = (str(part.get("type")), str(part.get("value") or ""), str(named.get("value") or ""))
    if kind in AUTO:
        return AUTO[kind]
    value = f"{name} ({value})" if name and name != value else value
    return KINDS[kind].words.format(value) if kind in KINDS else f"{kind} {value}".strip()


def _listed(value: Any) -> list[Mapping[str, Any]]:
    return [part for part in value if isinstance(part, Mapping)] if isinstance(value, list) else []


def read(value: Any, *, called: Mapping[str, str] = MappingProxyType({})) -> Parts:
    """An expression as Amazon takes it. Raises ValueError with a line for what is wrong with it.

    `called` are the parameters, by the predicates made of them, which that line names.
    """
    given = [value] if isinstance(value, dict) else value
    if not isinstance(given, list) or not given or not all(isinstance(part, dict) for part in given):
        raise ValueError(f"write {SHAPE}")
    parts = [_part(part, called) for part in given]
    if wrong := next(_unfit([part["type"] for part in parts]), ""):
        raise ValueError(wrong)
    return parts


def _part(given: Mapping[str, Any], called: Mapping[str, str]) -> dict[str, str]:
    written = given.get("type")
    kind = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", written).upper() if isinstance(written, str) else ""
    if kind in AUTO:
        raise ValueError(NOT_MADE.format(kind))
    if kind not in KINDS or given.keys() - {"type", "value"}:
        held = "; what keeps ads away is sponsored_product_negative_targets" if "NEGATIVE" in kind else ""
        raise ValueError(f"{cut(written)!r}: write {SHAPE} with one of {', '.join(KINDS)}{held}")
    value = given.get("value")
    text = str(value).strip() if isinstance(value, str | int | float) else ""
    text = text.upper() if kind in PRODUCTS else text.lower() if isinstance(value, bool) else text
    text = text.lower() if kind == "ASIN_IS_PRIME_SHIPPING_ELIGIBLE" else text
    if not re.fullmatch(KINDS[kind].value, text, re.ASCII) or not _ascends(kind, text):
        whence = f"; {IDS_OF}" if kind in WIDER else ""
        name, like = called.get(kind, kind), KINDS[kind].example
        raise ValueError(f"{name}: {cut(value)!r} is no value of it; write it as {like!r}{whence}")
    return {"type": kind, "value": text}


def _ascends(kind: str, text: str) -> bool:
    """Whether a range begins below its end, and a rating is at most 5."""
    ends = [Decimal(end) for end in text.split("-")] if "PRICE" in kind or "RATING" in kind else []
    return ends == sorted(set(ends)) and not ("RATING" in kind and max(ends) > 5)  # noqa: PLR2004 - stars


def _unfit(kinds: Sequence[str]) -> Iterator[str]:
    """Predicates that do not stand together."""
    if alone := [kind for kind in kinds if kind in ALONE and len(kinds) > 1]:
        yield f"{alone[0]} stands alone: one target for each product"
    if twice := [kind for kind in kinds if kinds.count(kind) > 1]:
        yield f"{twice[0]} is given twice: one target for each"
    if not {*kinds} & {*ALONE, *WIDER}:
        yield f"{kinds[0]} refines a category or a brand: give one of them too"


Expression = Annotated[
    Parts, BeforeValidator(read), Field(examples=[[{"type": "ASIN_SAME_AS", "value": "B0ABCD1234"}]])
]
EASY = (
    "asin",
    "expanded",
    "category_id",
    "brand_id",
    "price_min",
    "price_max",
    "rating_min",
    "rating_max",
    "prime",
)
CALLED: Mapping[str, str] = {
    **dict.fromkeys(PRODUCTS, "asin"),
    **dict(zip(WIDER, ("category_id", "brand_id"), strict=True)),
    **{
        f"{kind}_{ending}": params.format(name)
        for kind, name in (("ASIN_PRICE", "price"), ("ASIN_REVIEW_RATING", "rating"))
        for ending, params in (
            ("LESS_THAN", "{0}_max"), ("BETWEEN", "{0}_min, {0}_max"), ("GREATER_THAN", "{0}_min")
        )
    },
    "ASIN_IS_PRIME_SHIPPING_ELIGIBLE": "prime",
}  # fmt: skip
"""The easy parameters that predicates are made of."""


def made(given: Mapping[str, Any]) -> Parts:
    """The expression of the easy parameters, those of `EASY`. Raises ValueError."""
    parts = list[dict[str, Any]]()
    if asin := given.get("asin"):
        parts.append({"type": PRODUCTS[bool(given.get("expanded"))], "value": asin})
    elif given.get("expanded"):
        raise ValueError("expanded: needs an asin")
    parts += [
        {"type": kind, "value": given[name]}
        for name, kind in (("category_id", WIDER[0]), ("brand_id", WIDER[1]))
        if given.get(name)
    ]
    for name in ("price", "rating"):
        low, high = given.get(f"{name}_min"), given.get(f"{name}_max")
        kind = "ASIN_PRICE" if name == "price" else "ASIN_REVIEW_RATING"
        if low is not None and high is not None:
            parts.append({"type": f"{kind}_BETWEEN", "value": f"{low}-{high}"})
        elif low is not None or high is not None:
            ending, value = ("GREATER_THAN", low) if high is None else ("LESS_THAN", high)
            parts.append({"type": f"{kind}_{ending}", "value": str(value)})
    if given.get("prime") is not None:
        parts.append({"type": "ASIN_IS_PRIME_SHIPPING_ELIGIBLE", "value": given["prime"]})
    return read(parts, called=CALLED)


def asked(value: Any) -> Parts:
    """An expression a bid is asked for: also automatic ones, and in words. Raises ValueError."""
    if isinstance(value, str):
        words = value.strip().replace("_", " ")
        by_words = {text: kind for kind, text in AUTO.items()}
        if kind := by_words.get(words.lower()):
            return [{"type": kind}]
        what, _, id_ = words.rpartition(" ")
        known = {"": PRODUCTS[0], "asin": PRODUCTS[0], "category": WIDER[0]}.get(what.lower())
        if known is None:
            raise ValueError(
                f'{cut(value)!r}: write "B0ABCD1234", "category 11056341", "close match" or {SHAPE}'
            )
        return read({"type": known, "value": id_})
    parts = [value] if isinstance(value, dict) else value
    if (
        isinstance(parts, list)
        and len(parts) == 1
        and isinstance(parts[0], dict)
        and parts[0].get("type") in AUTO
    ):
        return [{"type": parts[0]["type"]}]
    return read(value)
