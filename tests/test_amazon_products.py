"""Products of the make-believe Amazon: what they are, and whether they may be advertised."""

from __future__ import annotations

from typing import Any

import pytest
from amazon_calls import CONTEXT, call
from engine_client import AMAZON, EngineClient, Table

from mcp_ads.connectors.amazon_ads.accounts.products import PAGES
from mcp_ads.core import Request
from mcp_ads.errors import InvalidParams, NotFound, Rejected

pytestmark = pytest.mark.anyio

US, JP = "3312345678901234", "5512345678901234"
GOOD, EMPTY, WARNED = "B0TERN0001", "B0TERN0011", "B0TERN0012"


async def _list(client: EngineClient, entity: str = "product_metadata", **params: Any) -> Table:
    return await client.table(AMAZON, entity, "list", **{"profile_id": US, **params})


async def test_products_with_price_and_stock(looking: EngineClient) -> None:
    """Page after page, each once; a list that is whole does not speak of what Amazon would not page to."""
    first = await _list(looking, limit=5)
    rest = await _list(looking, limit=20, cursor=first.meta["cursor"])
    asins = [row["asin"] for row in [*first.rows, *rest.rows]]
    assert len({*asins}) == len(asins) == 12
    assert (first.rows[0]["price"], first.rows[0]["currency"]) == ("24.99", "USD")
    assert "hidden" not in first.meta
    yen = await _list(looking, profile_id=JP, search="TOWEL")
    assert [(row["price"], row["currency"], row["sku"]) for row in yen.rows] == [("3748", "JPY", "")]


async def test_named_ones_are_all_told_of(looking: EngineClient) -> None:
    """One that is not the advertiser's is named."""
    found = await _list(looking, asins=[GOOD, "B0FOREIGN1"], limit=1)
    assert [row["asin"] for row in found.rows] == [GOOD]
    assert found.meta["warnings"] == ["not among this advertiser's products: B0FOREIGN1"]
    by_sku = await _list(looking, skus="TT-HAT-07, TT-SAND-08")
    assert [row["title"] for row in by_sku.rows] == ["Straw sun hat", "Sand toys"]
    suggested = await _list(looking, sort_by="suggested", limit=5)
    more = await _list(looking, sort_by="suggested", limit=20, cursor=suggested.meta["cursor"])
    assert len({row["asin"] for row in [*suggested.rows, *more.rows]}) == 12


async def test_a_column_brings_what_it_needs_and_rows_are_filtered(looking: EngineClient) -> None:
    """Naming the eligibility has it checked; conditions look at all products."""
    found = await _list(looking, fields=["asin", "eligible"], where="eligibilityStatus = 'INELIGIBLE'")
    assert [(row["asin"], row["eligibilityStatus"]) for row in found.rows] == [(EMPTY, "INELIGIBLE")]
    dear = await _list(looking, where="price > 35 USD", sort="-price")
    assert [row["price"] for row in dear.rows] == ["45.99", "39.99", "38.99"]
    checked = await _list(looking, asins=[EMPTY], check_eligibility=True)
    assert checked.rows[0]["ineligibilityCodes"] == "OUT_OF_STOCK"


async def test_eligibility_with_its_reasons(looking: EngineClient) -> None:
    """Readable ones; where to read more is asked for by name."""
    found = await _list(looking, "product_eligibility", asins=[GOOD, EMPTY, WARNED])
    verdicts = {row["asin"]: (row["overallStatus"], row["reasons"]) for row in found.rows}
    assert verdicts[GOOD] == ("ELIGIBLE", "")
    assert verdicts[EMPTY] == ("INELIGIBLE", "OUT_OF_STOCK: This product is out of stock.")
    assert verdicts[WARNED][0] == "ELIGIBLE_WITH_WARNING"
    assert "helpUrls" not in found.rows[0]
    help_ = await _list(looking, "product_eligibility", asins=[EMPTY], fields=["helpUrls"])
    assert help_.rows[0]["helpUrls"].startswith("https://advertising.amazon.com/")


async def test_one_that_is_nobodys_does_not_hide_the_others(looking: EngineClient) -> None:
    """Amazon refuses all that are asked together; it is named by its place in the call."""
    asins = [f"B0TERN{1 + n % 12:04d}" for n in range(60)]
    asins[53] = "B0FOREIGN1"
    found = await looking.do(AMAZON, "product_eligibility", "list", profile_id=US, asins=asins, limit=100)
    assert len(found.data) == 59
    assert [(error["index"], error["code"]) for error in found.errors] == [(53, "NotFound")]


def test_products_are_checked_in_fifties() -> None:
    """More would be refused; a refusal of one product is asked no further."""
    steps: Any = call("product_eligibility", "list", asins=[GOOD] * 51).settled(CONTEXT).flow(CONTEXT)
    first = next(steps)
    second = steps.send({"productResponseList": []})
    assert [len(step.body["productDetailsList"]) for step in (first, second)] == [50, 1]
    with pytest.raises(StopIteration) as end:
        steps.throw(NotFound("no", status=404))
    assert len(end.value.value.errors) == 51


def test_pages_end_at_ten_thousand_and_go_on_by_a_cursor_where_there_is_one() -> None:
    """Amazon refuses a page beyond; authors and suggestions have cursors."""
    last = Request("POST", "/", body={"pageIndex": 32, "pageSize": 300})
    full: dict[str, Any] = {"ProductMetadataList": [{}] * 300}
    assert PAGES.token(last, full) == "33"
    with pytest.raises(Rejected, match="does not page to products after the first 10,000") as beyond:
        PAGES.turn(last, "33")
    assert "search, asins or skus" in beyond.value.fix
    assert PAGES.token(last.with_body(pageIndex=31), full) == "32"
    token = PAGES.token(last, {**full, "cursorToken": "abc"})
    assert token == "33 abc"
    assert PAGES.turn(last, token).body == {"pageIndex": 33, "pageSize": 300, "cursorToken": "abc"}
    assert PAGES.token(last, {"ProductMetadataList": [], "cursorToken": "abc"}) is None


def test_products_that_no_page_has_are_spoken_of() -> None:
    """Of ten thousand and more, for conditions over all of them."""
    steps: Any = call("product_metadata", "list").settled(CONTEXT).flow(CONTEXT)
    next(steps)
    full = {"ProductMetadataList": [{"asin": GOOD}] * 300}
    for _ in range(32):
        steps.send(full)
    with pytest.raises(StopIteration) as end:
        steps.send(full)
    assert len(end.value.value.data) == 9_900
    assert "after the first 10,000" in end.value.value.meta["hidden"]


@pytest.mark.parametrize(
    ("entity", "params", "line"),
    [
        ("product_metadata", {"asins": ["B0"]}, "an ASIN has 10"),
        ("product_metadata", {"asins": [GOOD], "search": "x"}, "search: give it or asins"),
        ("product_metadata", {"skus": ["x"], "ad_type": "SB"}, "ad_type: SP where there is skus"),
        ("product_metadata", {"sort_by": "suggested", "sort_order": "asc"}, "sort_order: DESC"),
        ("product_eligibility", {}, "asins: give it or products"),
        ("product_eligibility", {"products": [{"sku": "x"}]}, "products: [0] has no asin"),
        (
            "product_eligibility",
            {"products": [{"asin": "x"}]},
            "products: [0]: an ASIN has 10 letters and digits",
        ),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_sent(
    entity: str, params: dict[str, Any], line: str
) -> None:
    """A line that names the parameter."""
    with pytest.raises(InvalidParams) as wrong:
        call(entity, "list", **params)
    assert line in str(wrong.value)
