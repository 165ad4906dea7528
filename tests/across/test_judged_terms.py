"""Search terms judged in six currencies: by hand, each by its own account's numbers and in its own money."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from terms_by_hand import Did, account, kept

from mcp_ads.across.judging import Harvest, Negate
from mcp_ads.across.terms import Left
from mcp_ads.core.bid_to import read
from mcp_ads.core.search_terms import Standing


@pytest.mark.parametrize(
    ("currency", "spend", "sales", "bid", "why"),
    [
        ("USD", "20.00", "100.00", "0.57", "rpc 2.50 USD, x 30 % = 0.75, held at +15 %"),
        ("EUR", "28.00", "100.00", "0.75", "rpc 2.50 EUR, x 30 % = 0.75, within 15 %"),
        ("GBP", "29.99", "100.00", "0.75", "rpc 2.50 GBP, x 30 % = 0.75, within 15 %"),
        ("JPY", "2800", "10000", "75", "rpc 250.00 JPY, x 30 % = 75.00, within 15 %"),
        ("SEK", "280.00", "1000.00", "7.5", "rpc 25.00 SEK, x 30 % = 7.50, within 15 %"),
        ("PLN", "80.00", "400.00", "2.3", "rpc 10.00 PLN, x 30 % = 3.00, held at +15 %"),
        ("USD", "30.01", "100.00", "", ""),
    ],
)
def test_bids_and_targets_are_in_the_accounts_money(
    currency: str, spend: str, sales: str, bid: str, why: str
) -> None:
    """Under 30 % of what it brought in it is worth a bid near to what a click cost; a cent over it is not."""
    of = account(currency, Did("red hat", "g1", 40, spend, 4, sales))
    left = Left()
    found = [*Harvest(2, read({"acos": "30 %"})).found(of, left)]
    assert [(one.bid, one.why) for one in found] == ([(Decimal(bid), why)] if bid else [])
    assert left.said == ([] if bid else ["1 over the target"])


@pytest.mark.parametrize(
    ("target", "clicks", "spend", "said"),
    [
        (None, 11, "1.00", "11 clicks > 10.0"),
        (None, 10, "99.00", ""),
        ({"acos": "25 %"}, 10, "5.01", "5.01 GBP > 5.00"),
        ({"roas": 4}, 10, "5.00", ""),
        ({"cost_per_conversion": "3 GBP"}, 10, "3.01", "3.01 GBP > 3.00"),
    ],
)
def test_what_an_order_may_take(target: dict[str, Any] | None, clicks: int, spend: str, said: str) -> None:
    """Ten orders in a hundred clicks, each of 20 GBP: 10 clicks, or 5 GBP at 25 % or at a ROAS of 4."""
    bad = Did("green hat", "g2", clicks, spend, 0, "0")
    rest = Did("blue hat", "g1", 100 - clicks, "10", 10, "200")
    of, left = account("GBP", rest, bad), Left()
    found = [*Negate(1, Decimal(1), read(target) if target else None).found(of, left)]
    assert [one.why for one in found] == ([said] if said else [])


def test_who_has_sold_too_little_knows_nothing() -> None:
    """Nine orders are no rate."""
    of = account("EUR", Did("blue hat", "g1", 100, "10", 9, "90"), Did("green hat", "g1", 90, "50", 0, "0"))
    judge = Negate(1, Decimal(1), None)
    assert not [*judge.found(of, Left())]
    assert judge.rates(of) == {
        "amazon:1 SP": "9 orders in these days are too few to know what one takes, at least 10"
    }


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (kept("k1", "red hat", "exact", "g9"), '1 exact already: "Red Hat" in g9 (k1)'),
        (kept("k1", "red hat", "exact", enabled=False), '1 exact already: "Red Hat" in g1 (k1, PAUSED)'),
        (kept("k1", "red hat", "exact", "g9", enabled=False), ""),
        (kept("k1", "red hat", "phrase"), ""),
        (kept("n1", "red hat", "exact"), '1 negated already: "Red Hat" in g1 (n1)'),
        (
            kept("n1", "red", "phrase", ""),
            '1 negated already: "Red Hat" in all of campaign c1 by PHRASE (n1)',
        ),
        (kept("n1", "red", "phrase", enabled=False), ""),
        (kept("n1", "re", "phrase"), ""),
        (kept("n1", "hat red", "broad"), '1 negated already: "Red Hat" in g1 by BROAD (n1)'),
        (kept("n1", "red hat", "exact", "g9"), ""),
    ],
)
def test_what_is_there_is_left_out_and_named(there: Standing, said: str) -> None:
    """Exact anywhere, or negated where it would go: by itself, by its words, or for the whole campaign."""
    of, left = account("USD", Did("Red  Hat", "g1", 40, "4", 4, "40"), stands=(there,)), Left()
    found = [*Harvest(2, None).found(of, left)]
    assert left.said == ([said] if said else [])
    assert [one.term.written for one in found] == ([] if said else ["Red Hat"])


def test_a_term_goes_where_it_sold_most() -> None:
    """Its orders in all ad groups count; automatic ones take none, and a term in two spellings is one."""
    rows = (
        Did("Fußball", "g1", 9, "1", 1, "10"), Did("fußball", "g2", 9, "1", 3, "9"),
        Did("fussball", "g3", 50, "1", 9, "90", automatic=True),
    )  # fmt: skip
    (one,) = Harvest(13, None).found(account("EUR", *rows), Left())
    assert (one.place.ad_group, one.term.figures.clicks, one.term.written) == ("g2", 68, "Fußball")
    assert one.item("")["keyword_text"] == "Fußball"
    assert one.bid == Decimal("0.04")
