"""What is worked out when a product set is read."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.params import Body
from mcp_ads.sandbox.facebook_marketing.state import Computed, State

from .filters import fits


def products_in(state: State, product_set: Body) -> list[Body]:
    """The products of its catalog that fit its filter; all of them where it has none."""
    own = [row for row in state.all("product") if row["catalog_id"] == product_set["catalog_id"]]
    return [row for row in own if fits(row, product_set.get("filter") or {})]


COMPUTED: Computed = {("set", "product_count"): lambda state, body: len(products_in(state, body))}
