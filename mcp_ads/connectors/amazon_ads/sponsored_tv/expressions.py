"""What a Sponsored TV target is of: one predicate, a kind of content or a category of products.

Source: CreateTargetingExpressionPredicate of Amazon's SponsoredTV.json, with its table of content; its
guide to targeting names audiences too, which that does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from mcp_ads.core.synonyms import closest, cut

Parts = list[dict[str, str]]
GENRE, CATEGORY = "CONTENT_CATEGORY_SIMILAR_TO", "ASIN_CATEGORY_SIMILAR_TO"
AUDIENCES = tuple(f"AUDIENCE_SAME_AS_{kind}" for kind in ("INTEREST", "IN_MARKET", "LIFESTYLE", "LIFE_EVENT"))
TYPES = (GENRE, CATEGORY, *AUDIENCES)
PREFIX = "amzn1.iab-content."
CONTENT: Mapping[str, str] = {
    "Action or Adventure": "325", "Animation or Anime": "641", "Biographies": "44", "Comedy": "646",
    "Documentary": "332", "Drama": "647", "Factual": "648", "Family or Children": "645", "Fantasy": "335",
    "History": "EZWB7V", "Holiday": "649", "Horror": "336", "Lifestyle": "TIFQA5", "Music Video": "650",
    "Musical": "156", "Mystery": "331", "News": "1020", "Reality TV": "651", "Romance": "326",
    "Science Fiction": "652", "Soap Opera": "642", "Special Interest (Indie or Art House)": "643",
    "Sports": "483", "Talk Show": "A0AH3G", "True Crime": "KHPC5A", "Video Game": "680", "Western": "KHPC6A",
    "Young Adult": "51",
}  # fmt: skip
"""What Amazon calls the kinds of content, and the ends of their ids."""
SHAPE = f'Amazon\'s own: [{{"type": "{GENRE}", "value": "{PREFIX}646"}}], one of them.'
BY_AUDIENCE = (
    "Amazon's guide names audiences here and its specification does not, so that it may refuse this: the "
    "unified API takes them, by api.post"
)
_NAMES = {f"{PREFIX}{end}": name for name, end in CONTENT.items()}


def one_part(value: Parts) -> Parts:
    """An expression of Amazon's. Raises ValueError for what is none."""
    if len(value) != 1 or value[0].keys() != {"type", "value"}:
        raise ValueError(f"exactly one part with a type and a value; {SHAPE}")
    kind = value[0]["type"].strip().upper()
    if kind not in TYPES:
        raise ValueError(f"{cut(value[0]['type'])!r} is no type of target: {', '.join(TYPES)}")
    if not value[0]["value"].strip():
        raise ValueError("its value is empty")
    return [{"type": kind, "value": value[0]["value"].strip()}]


Expression = Annotated[Parts, AfterValidator(one_part), Field(min_length=1, max_length=1)]


def made(content: str | None, category_id: str | None) -> Parts:
    """The expression of one of these. Raises ValueError for what is none of them."""
    if content is not None:
        return [{"type": GENRE, "value": _content(content)}]
    if not (category_id and category_id.isascii() and category_id.isdigit()):
        raise ValueError(f"category_id: {cut(category_id)!r} is no id; sponsored_product_target_categories")
    return [{"type": CATEGORY, "value": category_id}]


def said(expression: Any, resolved: Any = None) -> str:
    """An expression in words: content Comedy, category 2617941011."""
    names = [part.get("value") for part in resolved or () if isinstance(part, dict)]
    parts = [part for part in expression or () if isinstance(part, dict)]
    return ", ".join(_part(part, names[at] if at < len(names) else None) for at, part in enumerate(parts))


def doubtful(parts: Sequence[Mapping[str, str]]) -> Iterable[str]:
    """What to know of an expression before agreeing."""
    if any(part["type"] in AUDIENCES for part in parts):
        yield BY_AUDIENCE


def _content(text: str) -> str:
    """The id of a kind of content, by its name or as it is. Raises ValueError."""
    plain = text.strip()
    if plain.startswith(PREFIX):
        return plain
    names = {name.casefold(): name for name in CONTENT}
    if plain.casefold() in names:
        return f"{PREFIX}{CONTENT[names[plain.casefold()]]}"
    near = closest(plain, [*CONTENT])
    hint = f"; did you mean {' or '.join(near)}?" if near else f"; there are {', '.join(CONTENT)}"
    raise ValueError(f"content: {cut(plain)!r} is none of Amazon's{hint}")


def _part(part: Mapping[str, Any], name: str | None) -> str:
    kind, value = str(part.get("type") or ""), str(part.get("value") or "")
    word = {GENRE: "content", CATEGORY: "category"}.get(kind, kind.removeprefix("AUDIENCE_SAME_AS_").lower())
    known = name if name and name != value else _NAMES.get(value)
    return f"{word} {known} ({value})" if known else f"{word} {value}"
