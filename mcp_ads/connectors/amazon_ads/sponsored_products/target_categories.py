"""Categories a target may be of: suggested for products, found in the whole tree, and what refines one."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads.dialect import vendor
from mcp_ads.connectors.amazon_ads.filters import listed
from mcp_ads.connectors.amazon_ads.types import ACCOUNT, AmazonRead, Asin, Json
from mcp_ads.core import GET, ID, POST, TEXT, Column, Context, Entity, Flow, Request, Result
from mcp_ads.core.as_sent import AsSent
from mcp_ads.errors import PlatformDown

from .suggested_bids import NOTHING

MEDIA, ANSWER = "spproducttargeting.v3", "spproducttargetingresponse"
SUGGESTED = vendor(POST, "/sp/targets/categories/recommendations", MEDIA, f"{ANSWER}.v5")
TREE = vendor(GET, "/sp/targets/categories", "", f"{ANSWER}.v5")
REFINED = vendor(GET, "/sp/targets/category/{category_id}/refinements", "", f"{ANSWER}.v4")
NUMBER = Column("count")
"""Of products: categories lie in each other, so that no sum means anything."""
CATEGORY = ("id", "name", "categoryPath", "productsMin", "productsMax")
REFINEMENTS = {"brands": "brand", "ageRanges": "age range", "genres": "genre"}


class ListCategories(AmazonRead):
    """List categories to target: those Amazon suggests for products (asins), or the whole tree by name.

    With category_id: the brands, age ranges and genres that refine this one.
    """

    asins: Annotated[
        list[Asin] | None,
        BeforeValidator(listed),
        Field(
            min_length=1,
            max_length=1000,
            description="Products that are alike: the answer is for all of them.",
        ),
    ] = None
    name: Annotated[
        str | None, Field(min_length=2, max_length=80, description="Part of a category's name.")
    ] = None
    category_id: Annotated[
        str | None, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$", description="What it can be refined by.")
    ] = None
    include_ancestor: Annotated[bool, Field(description="With asins: also the categories above them.")] = (
        False
    )
    locale: Annotated[
        str | None, Field(pattern=r"^[a-z]{2}_[A-Z]{2}$", examples=["en_US"], description="Also translated.")
    ] = None

    http, spooled, aliases = TREE, True, {**ACCOUNT, "asin": "asins", "query": "name", "search": "name"}
    known = (
        *CATEGORY,
        "parentCategoryId",
        "kind",
        "canBeTargeted",
        "translatedName",
        "translatedCategoryPath",
    )
    alike = {"path": "categoryPath", "type": "kind", "parent": "parentCategoryId", "categoryId": "id"}
    said = "browse categories, category id, brand id, refinements, category tree, product category"
    sample = {"asins": ["B0ABCD1234"]}

    @model_validator(mode="after")
    def _one_question(self) -> Self:
        if sum(value is not None for value in (self.asins, self.name, self.category_id)) > 1:
            raise ValueError("name: give asins, or name, or category_id, or none of them for the whole tree")
        return self

    def columns(self) -> tuple[str, ...]:
        usual = ("kind", "id", "name") if self.category_id else CATEGORY if self.asins else CATEGORY[:3]
        return super().columns() if self.fields else usual

    def kinds(self) -> Mapping[str, Column]:
        return {"id": ID, "name": TEXT, "categoryPath": TEXT, "productsMin": NUMBER, "productsMax": NUMBER}

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - categories are the marketplace's
        query = {"locale": self.locale} if self.locale else {}
        if self.asins:
            body = {"asins": self.asins, "includeAncestor": self.include_ancestor}
            headers = {**self.to_headers(), **SUGGESTED.headers}
            answer = yield Request("POST", SUGGESTED.path, query, body, headers, "read")
            found = list(answer["categories"])
            suggested = found if isinstance(self, AsSent) else [_suggested(one) for one in found]
            return Result(suggested, {} if suggested else {"warnings": [NOTHING]})
        if self.category_id:
            path = REFINED.path.format(category_id=self.category_id)
            answer = yield Request("GET", path, query, None, {**self.to_headers(), **REFINED.headers}, "read")
            return Result(list(_refinements(answer)))
        answer = yield Request("GET", TREE.path, query, None, self.to_headers(), "read")
        rows = _branches(_tree(answer))
        wanted = (self.name or "").lower()
        return Result([row for row in rows if wanted in str(row["name"]).lower()])


def _suggested(found: Mapping[str, Any]) -> Json:
    counts = found.get("asinCounts") or {}
    return {**found, "kind": "category", "productsMin": counts.get("min"), "productsMax": counts.get("max")}


def _refinements(answer: Mapping[str, Any]) -> Iterator[Json]:
    for name, kind in REFINEMENTS.items():
        for found in answer.get(name) or ():
            yield {"kind": kind, **found}


def _tree(answer: Mapping[str, Any]) -> Any:
    """The tree, which is JSON text inside the answer."""
    try:
        return json.loads(answer["categoryTree"])
    except (KeyError, TypeError, ValueError):
        raise PlatformDown("the answer has no tree of categories", fix="call again in a minute") from None


def _branches(tree: Any) -> Iterable[Json]:
    """Every category of the tree: nodes have id, na (name), ch (children) and ta (may be targeted).

    Without recursion, since nobody says how deep it is.
    """
    waiting = [(node, "", "") for node in reversed(tree if isinstance(tree, list) else [tree])]
    while waiting:
        found, path, parent = waiting.pop()
        node = {name.lower(): value for name, value in found.items()}
        own, id_ = f"{path}/{node.get('na', '')}", str(node.get("id", ""))
        if id_:
            yield {"kind": "category", "id": id_, "name": node.get("na"), "categoryPath": own,
                   "parentCategoryId": parent, "canBeTargeted": node.get("ta")}  # fmt: skip
        waiting += [(child, own, id_) for child in reversed(node.get("ch") or ())]


sponsored_product_target_categories = Entity(noun="category", list=ListCategories)
