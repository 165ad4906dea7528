"""The language of conditions: what is understood, and what is refused with its place."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from mcp_ads.core import where
from mcp_ads.core.column_names import Names, conventional, everyday
from mcp_ads.core.columns import COUNT, DAY, ID, MONEY, Column
from mcp_ads.core.where_tokens import named
from mcp_ads.core.where_tree import And, Col, Compare, Expr, Not, Number, Or, Text
from mcp_ads.errors import InvalidParams

COLUMNS = {
    "campaignId": ID, "name": Column("text"), "status": Column("text"), "date": DAY, "cost": MONEY,
    "sales7d": MONEY, "clicks": COUNT, "acos": Column("percent"), "roas": Column("ratio"),
    "cpc": Column("ratio", unit="money"), "score": Column("number"), "blank": None,
}  # fmt: skip
NAMES = Names(COLUMNS, {"spent": "cost"})


def parsed(text: str, currency: str = "USD") -> Expr:
    return where.parse(text, NAMES, currency)


def compared(text: str, currency: str = "USD") -> Any:
    """What the one column of a comparison is compared with."""
    found = parsed(text, currency)
    assert isinstance(found, Compare)
    return found.right


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("cost>300 USD", "300"), ("cost>300usd", "300"), ("cost>$300", "300"), ("cost>$ 1,000.50", "1000.50"),
        ("cost > US$5", "5"), ("cost>1,000", "1000"), ("cost>.5", "0.5"), ("cost>-5", "-5"),
        ("cost>'300 USD'", "300"),
        ("cost>1.000", "1"), ("acos>40%", "40"), ("acos>40", "40"), ("acos > 1.5 %", "1.5"),
        ("roas>250%", "2.5"),
        ("roas>2.5", "2.5"), ("cpc>$2", "2"), ("clicks>1,234,567", "1234567"), ("300 < cost", "300"),
        ("score = 0", "0"), ("blank > 3", "3"), ("spent > 3", "3"), ("COST > 3", "3"), ("cost>“3”", "3"),
    ],
)  # fmt: skip
def test_numbers(text: str, value: str) -> None:
    """Money with a code or a symbol, thousands, percent of a percent and of a ratio, numbers in quotes."""
    assert compared(text).value == Decimal(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("status = PAUSED", "PAUSED"), ("name='it''s'", "it's"), ('name = "and"', "and"),
        ("campaignId = 0012", "0012"),
        ("name = 300", "300"), ("campaignId=120211000000000339", "120211000000000339"),
        ("date >= 2026-11-01", "2026-11-01"),
        ("name = spring-sale", "spring-sale"), ("name = «été»", "été"), ("name = Летняя", "Летняя"),
    ],
)  # fmt: skip
def test_texts(text: str, value: str) -> None:
    """Words, quotes of either kind, ids digit by digit, days."""
    assert compared(text) == Text(value)


def test_a_word_that_is_a_column_is_the_column() -> None:
    """Columns are compared with columns of their kind; quotes make it text."""
    assert compared("cost > sales7d") == Col("sales7d", MONEY)
    assert compared("name = status") == Col("status", COLUMNS["status"])
    assert compared("name = 'status'") == Text("status")


def test_the_order_of_operators() -> None:
    """`not` before `and` before `or`; brackets before all; signs and words mean the same."""
    one, two, three = (parsed(f"clicks = {n}") for n in (1, 2, 3))
    assert parsed("clicks=1 or clicks=2 and not clicks=3") == Or((one, And((two, Not(three)))))
    assert parsed("clicks==1 || clicks = 2 && !clicks = 3") == Or((one, And((two, Not(three)))))
    assert parsed("(clicks=1 or clicks=2) AND clicks=3") == And((Or((one, two)), three))
    assert parsed("clicks between 1 and 2 and clicks = 3") == And(
        (And((parsed("clicks >= 1"), parsed("clicks <= 2"))), three)
    )


def test_a_symbol_is_any_currency_it_stands_for() -> None:
    """$ is the dollar of the rows."""
    assert compared("cost > $5", "CAD") == Number(Decimal(5), compared("cost > $5", "").currencies)
    with pytest.raises(InvalidParams, match=r"cost is in CAD, not in US\$"):
        parsed("cost > US$5", "CAD")


@pytest.mark.parametrize(
    ("text", "at", "says"),
    [
        ("cost is big", 9, "expected empty, not 'big'"),
        ("cost", 5, "expected a comparison of cost, not the end"),
        ("cost >", 7, "expected a value for cost"), ("cost === 5", 6, "'===' is no comparison"),
        ("cost =~ 5", 6, "'=~' is no comparison"),
        ("cost > 1,5", 9, "expected and, or, or the end, not ','"),
        ("cost > 1.000,50", 13, "expected and, or"), ("cost > 007", 8, "without leading zeros"),
        ("clicks > 5 10", 12, "expected and, or, or the end"),
        ("name ~ running shoes", 16, "text of several words stands in quotes"),
        ("name = 'x", 8, "quote ' is not closed"), ("name = null", 8, "write is empty"),
        ("clicks in (1,000)", 12, "could be one value or several"),
        ("clicks in (10,200,300)", 12, "one value or several"), ("clicks in ()", 12, "expected a value"),
        ("clicks in 5", 11, "expected ( and a list"),
        ("cost > clicks)", 14, "expected and, or, or the end"),
        ("(cost > 5", 10, "expected and, or, or )"), ("clicks between 5 or 1", 18, "expected and"),
        ("sum(cost) > 5", 1, "no functions such as sum()"),
        ("cost > abs(5)", 8, "no functions such as abs()"),
        ("cost/clicks > 5", 5, "'/' has no meaning here"),
        ("'cost' > 5", 1, "a column, which stands without quotes"), ("5 > 3", 1, "must be a column"),
        ("and cost > 5", 1, "expected a column, not 'and'"),
        ("cost > 5 and", 13, "expected a column, not the end"),
        ("cost not > 5", 10, "expected a comparison"), ("name in ('a' 'b')", 14, "expected , or )"),
        ("(" * 60 + "cost > 5", 51, "at most 50 deep"),
        ("cost > 5; drop table x", 9, "';' has no meaning here"),
    ],
)  # fmt: skip
def test_refused_with_its_place(text: str, at: int, says: str) -> None:
    """What is not understood is refused at its place, with what was expected and the language in a line."""
    message = refused(text, at)
    assert says in message
    assert "write such as: cost > 300 USD" in message


@pytest.mark.parametrize(
    ("text", "at", "says"),
    [
        ("cost > 300 EUR", 8, "cost is in USD, not in EUR"), ("cost > €50", 8, "not in €"),
        ("cost > 40%", 8, "cost is money, and is compared with a number without %"),
        ("clicks > $5", 10, "clicks is a count, and is compared with a number without a currency"),
        ("cost > many", 8, "'many' is neither a column nor a value for cost, which is money"),
        ("cots > 5", 1, "'cots' is no column: did you mean cost"), ("cost > 10k", 8, "'10k' is neither"),
        ("cost > 1.000.000", 8, "'1.000.000' is neither"),
        ("name > 5", 8, "no number is more or less than text"),
        ("campaignId > 5", 14, "ids are equal or not"), ("name = ''", 8, "write name is empty"),
        ("name ~ ''", 8, "is not empty"), ("cost ~ 5", 8, "cost is money, and ~ is for text"),
        ("clicks like '5%'", 13, "clicks is a count, and like"), ("cost > name", 8, "cannot be compared"),
        ("acos > roas", 8, "acos is a percent and roas is a ratio"),
        ("date > 2026-11", 8, "write a day such as 2026-11-01"), ("date = 2026-13-01", 8, "write a day"),
        ("date = yesterday", 8, "write a day"), ("clicks between 5 and 1", 16, "the smaller value"),
        ("name = 300 USD", 8, "in quotes"),
    ],
)  # fmt: skip
def test_what_does_not_fit_its_column(text: str, at: int, says: str) -> None:
    """What is understood, and fits no column, is refused without the language, which was not the mistake."""
    message = refused(text, at)
    assert says in message
    assert "write such as: cost" not in message


def refused(text: str, at: int) -> str:
    """What is said of a condition that is wrong at this place."""
    with pytest.raises(InvalidParams) as caught:
        parsed(text)
    message = str(caught.value)
    place = "at the end" if at > len(text) else f"at character {at},"
    assert message.startswith(f"where: {place}"), message
    assert len(message) < 900
    return message


def test_too_long() -> None:
    """A condition has an end."""
    with pytest.raises(InvalidParams, match="at most 8000 characters"):
        parsed("cost > 5 and " * 700 + "cost > 5")


def test_the_columns_it_names() -> None:
    """Words before a comparison are columns, words after one may be; text in quotes is neither."""
    assert named("cost > sales7d and not name ~ 'x' or status in (PAUSED)") == (
        ["cost", "name", "status"],
        ["sales7d", "PAUSED"],
    )
    assert named("a is empty && b not between 1 and 2 && c like 'd'") == (["a", "b", "c"], [])
    assert named("x = 'open") == ([], [])


def test_a_word_that_could_be_two_columns() -> None:
    """Everyday words mean the one column of their kind that is there."""
    both = Names({"sales7d": MONEY, "sales14d": MONEY})
    with pytest.raises(InvalidParams, match="revenue could be sales7d or sales14d: name one"):
        where.parse("revenue > 5", both)
    assert "clickThroughRate" in everyday("CTR")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("campaign_id", "id"), ("adGroupId", "id"), ("cost", "money"), ("sales14d", "money"),
        ("clicks", "count"),
        ("keywordBid", "money"), ("acosClicks7d", "percent"), ("costPerClick", "ratio"),
        ("purchase_roas", "ratio"),
        ("campaignName", "text"), ("date", "date"),
    ],
)  # fmt: skip
def test_usual_kinds(name: str, kind: str) -> None:
    """Columns of usual names are of their usual kind where nobody says more; others are not guessed."""
    found = conventional(name)
    assert found
    assert found.kind == kind
    assert conventional("topOfSearchImpressionShare") is None
