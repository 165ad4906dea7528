"""Categories of products: a small tree, those that products are in, and what refines one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from starlette.responses import Response

from mcp_ads.sandbox import numbers
from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.errors import Refused, reply

from .recommendations import LOCALES, PLACE, asins_in, checked, media

Branch = tuple[str, str, tuple[Any, ...]]
TREE: tuple[Branch, ...] = (
    ("3375251", "Sports & Outdoors", (
        ("3400371", "Water Sports", (("3407731", "Snorkels", ()), ("3407741", "Dry Bags", ()))),
        ("706814011", "Camping", (("3400551", "Coolers", ()), ("3400561", "Picnic Blankets", ()))),
    )),
    ("1055398", "Home & Kitchen", (("1063236", "Bath", (("1063242", "Beach Towels", ()),)),)),
    ("7141123011", "Clothing", (
        ("3456051", "Hats", (("3456061", "Sun Hats", ()),)), ("679255011", "Shoes", ()),
    )),
    ("165793011", "Toys & Games", (("166420011", "Sand Toys", ()),)),
)  # fmt: skip
OF_PRODUCTS = {
    "B0TERN0001": "1063242", "B0TERN0004": "3407741", "B0TERN0005": "3400551", "B0TERN0006": "3407731",
    "B0TERN0007": "3456061", "B0TERN0008": "166420011", "B0TERN0009": "679255011", "B0TERN0010": "3400561",
}  # fmt: skip
BRANDS = (
    ("7048034011", "Back to the Beach"),
    ("18681839011", "Gullwing"),
    ("18726768011", "Sandpiper & Sons"),
)


def tree(call: Call) -> Response:
    """All categories, as JSON text within the answer."""
    _locale(call)
    return reply({"categoryTree": json.dumps([_node(branch) for branch in TREE])}, media=call.accepts())


def _node(branch: Branch) -> Body:
    own, name, children = branch
    return {
        "id": own,
        "na": name,
        "ta": not any(children) or own != TREE[0][0],
        "ch": [_node(child) for child in children],
    }


def _places(branches: tuple[Branch, ...] = TREE, path: str = "", above: str = "") -> Iterator[Body]:
    for own_id, name, children in branches:
        own = f"{path}/{name}"
        most = numbers.whole(900, 15_000, "products", own_id)
        counts = {"min": int(most * 0.6), "max": most}
        yield {
            "id": own_id,
            "name": name,
            "parentCategoryId": above,
            "categoryPath": own,
            "asinCounts": counts,
        }
        yield from _places(children, own, own_id)


def suggested(call: Call) -> Response:
    """The categories that products are in; nobody checks whether these are products."""
    body = checked(call.body, PLACE[2], ("includeAncestor", bool, ()), need=("asins",))
    _locale(call)
    wanted = {OF_PRODUCTS[asin] for asin in asins_in(body, "asins", 10_000) if asin in OF_PRODUCTS}
    found = [place for place in _places() if place["id"] in wanted]
    if body.get("includeAncestor"):
        paths = [place["categoryPath"] for place in found]
        found = [
            place for place in _places() if any(path.startswith(place["categoryPath"]) for path in paths)
        ]
    return reply({"categories": found}, media=call.accepts())


def refinements(call: Call) -> Response:
    """Brands of a category, and the ages that toys are for."""
    _locale(call)
    place = next((place for place in _places() if place["id"] == call.params["category"]), None)
    if place is None:
        raise Refused(422, f"Invalid category: {call.params['category'][:40]}")
    ages = (
        [("165813011", "Birth to 24 Months"), ("165890011", "2 to 4 Years")]
        if "/Toys" in place["categoryPath"]
        else []
    )
    named = {"brands": BRANDS, "ageRanges": ages, "genres": ()}
    body = {key: [{"id": node, "name": name} for node, name in rows] or None for key, rows in named.items()}
    return reply(body, media=call.accepts())


def _locale(call: Call) -> None:
    unknown = set(call.request.query_params) - {"locale"}
    if unknown or call.request.query_params.get("locale", LOCALES[0]) not in LOCALES:
        raise Refused(400, f"locale must be one of {', '.join(LOCALES)}")


TARGETING = "spproducttargetingresponse"
CATEGORIES = media(*(f"{TARGETING}.v{version}" for version in (3, 4, 5)))
OPERATIONS = (
    Operation("POST", "/sp/targets/categories/recommendations", suggested,
              takes=media("spproducttargeting.v3"), gives=CATEGORIES),
    Operation("GET", "/sp/targets/categories", tree, gives=CATEGORIES),
    Operation("GET", "/sp/targets/category/{category}/refinements", refinements,
              gives=media(f"{TARGETING}.v3", f"{TARGETING}.v4")),
)  # fmt: skip
