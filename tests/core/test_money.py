"""Money: nothing but the amount that was meant gets through, in every currency."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from mcp_ads.core import Amount, Spend
from mcp_ads.core.money import WHOLE, offset, parse, plain

MINOR, MAJOR, OBJECT = Spend("day", "minor"), Spend("day", "major"), Spend("day", "object")
FIFTY = Decimal(50)


@pytest.mark.parametrize(
    ("written", "number", "kind", "currency"),
    [
        ("50 EUR", "50", "exact", "EUR"),
        ("50EUR", "50", "exact", "EUR"),
        (" 50.25  eur ", "50.25", "exact", "EUR"),
        ("0 USD", "0", "exact", "USD"),
        ("+20%", "20", "percent", ""),
        ("-12.5 %", "-12.5", "percent", ""),
        ("$100", "100", "exact", "USD"),
        ("50 €", "50", "exact", "EUR"),
        ("US$ 7.50", "7.50", "exact", "USD"),
        ("A$5", "5", "exact", "AUD"),
        ("+$10", "10", "change", "USD"),
        ("-10€", "-10", "change", "EUR"),
        ("+10 EUR", "10", "change", "EUR"),
        ("- 10 EUR", "-10", "change", "EUR"),
        (5000, "5000", "bare", ""),
        ("5000", "5000", "bare", ""),
        (50.25, "50.25", "bare", ""),
        (0.1, "0.1", "bare", ""),
        (1e5, "100000", "bare", ""),
        (Decimal("1.50"), "1.50", "bare", ""),
        ({"amount": "50.00", "currencyCode": "eur"}, "50", "exact", "EUR"),
    ],
)
def test_reads(written: Any, number: str, kind: str, currency: str) -> None:
    """The whole grammar, and floats as they are printed."""
    amount = parse(written)
    assert (amount.number, amount.kind, amount.currency) == (Decimal(number), kind, currency)


@pytest.mark.parametrize(
    "written",
    [
        "", " ", "fifty", "50,00", "50,00 EUR", "1.000,00 EUR", "1,000 USD", "1 000 USD", "1'000 CHF",
        "1_000 USD", "$1,000", "50 ¤", "$50 EUR", "$$50", "USD 50", "50 US", "50 USDT", "50 U S D",
        "50 dollars",
        "50.EUR", ".5 USD", "1e5", "1e5 USD", "0x10", "50k USD", "5/2 USD", "50 USD 60 EUR", "50 USD\n60",
        "++50 EUR", "+-50 EUR", "50-", "\u0665\u0660 USD", "\u0665\u0660", "\u096b\u0966 INR",
        "\uff15\uff10 USD", "\u221250 EUR", "20%", "%", "+%", "+20 %%", "+50", "-50", "NaN", "NaN USD", "inf",
        "-inf", "Infinity USD", float("nan"), float("inf"), float("-inf"), Decimal("NaN"), Decimal("sNaN"),
        True, False, None, [], [50], {}, b"50 USD", "9999999999999999999", 10**18, 1e300,
        "1.1234567890123456789 USD", {"amount": "50"}, {"amount": None, "currencyCode": "USD"},
        {"amount": "NaN", "currencyCode": "USD"}, {"amount": True, "currencyCode": "USD"},
        {"amount": "1e5", "currencyCode": "USD"}, {"amount": "50,00", "currencyCode": "USD"},
        {"amount": "5_0", "currencyCode": "USD"}, {"amount": "\u0665", "currencyCode": "USD"},
    ],
)  # fmt: skip
def test_refuses(written: Any) -> None:
    """Separators, unknown symbols, foreign digits, exponents and non-numbers are never guessed."""
    with pytest.raises(ValueError, match=r"write|unit"):
        parse(written)


@pytest.mark.parametrize("written", [-1, "-0.01", -0.01, Decimal(-5), {"amount": -5, "currencyCode": "USD"}])
@pytest.mark.parametrize("spend", [MINOR, MAJOR, OBJECT])
def test_negative_amounts(spend: Spend, written: Any) -> None:
    """A budget is never negative; "-10 EUR" is a change and says so."""
    with pytest.raises(ValueError, match=r"negative|unit"):
        spend._read(written)


@pytest.mark.parametrize(
    "written", ["50.005 USD", "15000.5 JPY", "0.5 HUF", "+0.5 JPY", "-0.001 USD", 50.1, "49.99"]
)
def test_fractions_of_the_smallest_unit(written: Any) -> None:
    """Rounding would send another amount than the one that was approved."""
    with pytest.raises(ValueError, match=r"decimals|whole"):
        MINOR._read(written)


def test_fractions_of_a_bare_number_name_both_units() -> None:
    """A fraction of minor units was meant in major ones: say how to write that."""
    with pytest.raises(ValueError, match=r'minor units are whole.*"300.00 USD"'):
        MINOR._read("300.00")
    with pytest.raises(ValueError, match=r'minor units are whole.*"50.1 USD"'):
        MINOR._read(50.1)


@pytest.mark.parametrize(
    ("written", "currency", "minor"),
    [
        ("50 USD", "USD", 5000),
        ("0.01 USD", "USD", 1),
        ("15000 JPY", "JPY", 15000),
        ("40000 HUF", "HUF", 40000),
        ("100 TWD", "TWD", 100),
        ("1.50 BHD", "BHD", 150),
        (5000, "USD", 5000),
        (15000, "JPY", 15000),
        ("5000", "EUR", 5000),
        (922337203685478, "USD", 922337203685478),
    ],
)
def test_minor_units(written: Any, currency: str, minor: int) -> None:
    """Facebook's own table of currencies, not ISO's."""
    assert MINOR.spell(MINOR.settle(MINOR._read(written), currency, None)) == minor


@pytest.mark.parametrize(
    ("written", "major", "spelled"),
    [("50 USD", 50, "50"), ("50.25 USD", 50.25, "50.25"), (50, 50, "50"), ("0.10 USD", 0.1, "0.10")],
)
def test_major_units(written: Any, major: float, spelled: str) -> None:
    """A number for Amazon, text with its currency for LinkedIn; a bare number is already major."""
    assert MAJOR.spell(MAJOR.settle(MAJOR._read(written), "USD", None)) == major
    made = OBJECT.spell(OBJECT.settle(OBJECT._read(written), "USD", None))
    assert made == {"amount": spelled, "currencyCode": "USD"}


@pytest.mark.parametrize(
    ("written", "currency", "before", "after"),
    [
        ("+20%", "USD", "50", "60.00"),
        ("-20%", "USD", "50", "40.00"),
        ("+0%", "USD", "50", "50.00"),
        ("+33.33%", "USD", "0.10", "0.13"),
        ("-10 EUR", "EUR", "50", "40.00"),
        ("+0.01 EUR", "EUR", "50", "50.01"),
        ("+10%", "JPY", "15000", "16500"),
        ("+33%", "JPY", "101", "134"),
        ("+5000%", "USD", "1", "51.00"),
        ("+10%", "USD", "0.75", "0.82"),
        ("-10%", "USD", "0.75", "0.67"),
        ("+1%", "USD", "1.99", "2.00"),
    ],
)
def test_relative_amounts(written: str, currency: str, before: str, after: str) -> None:
    """Computed from the live value, and never above what was asked: rounded down to the currency's unit."""
    settled = MINOR.settle(MINOR._read(written), currency, Decimal(before))
    assert settled == Amount(Decimal(after), "exact", currency)
    assert not settled.relative


@pytest.mark.parametrize(
    ("written", "currency", "before", "said"),
    [
        ("+20%", "USD", None, "no live value"),
        ("+1%", "USD", Decimal("0.75"), "less than its smallest step"),
        ("-1%", "USD", Decimal("0.75"), "less than its smallest step"),
        ("-10 EUR", "EUR", None, "no live value"),
        ("-100%", "USD", FIFTY, "leaves nothing"),
        ("-150%", "USD", FIFTY, "leaves nothing"),
        ("-50 EUR", "EUR", FIFTY, "leaves nothing"),
        ("-60 EUR", "EUR", FIFTY, "leaves nothing"),
        ("50 EUR", "USD", None, "currency is USD, not EUR"),
        ("-10 EUR", "USD", FIFTY, "currency is USD, not EUR"),
        ("50 EUR", "", None, "currency is not known"),
        ("50 XXX", "USD", None, "not XXX"),
        ("+99999999999999999%", "USD", Decimal(10**15), "too much"),
    ],
)
def test_unsettled(written: str, currency: str, before: Decimal | None, said: str) -> None:
    """Nothing to measure from, nothing left, or somebody else's currency."""
    with pytest.raises(ValueError, match=said):
        MINOR.settle(MINOR._read(written), currency, before)


@pytest.mark.parametrize(
    ("spend", "written", "currency", "before", "readings"),
    [
        (MINOR, 50, "USD", "50", ["0.50 USD", "50.00 USD"]),
        (MINOR, 500000, "USD", "50", ["5000.00 USD", "500000.00 USD"]),
        (MAJOR, 5000, "USD", "50", ["5000.00 USD", "50.00 USD"]),
        (MAJOR, "5000", "EUR", "50", ["5000.00 EUR", "50.00 EUR"]),
        (OBJECT, 1, "USD", "50", ["1.00 USD", "0.01 USD"]),
        (MINOR, 5, "JPY", "15000", ["5 JPY"]),
    ],
)
def test_hundredfold_slips(
    spend: Spend, written: Any, currency: str, before: str, readings: list[str]
) -> None:
    """A bare number in the wrong unit is refused with both readings, each ready to be written."""
    with pytest.raises(ValueError, match="would change") as refused:
        spend.settle(spend._read(written), currency, Decimal(before))
    assert all(f'"{reading}"' in str(refused.value) for reading in readings)
    assert str(refused.value).count(f' {currency}"') == len(readings)


@pytest.mark.parametrize(
    ("written", "before"), [(5000, "50"), (100000, "50"), (250, "50"), (100, None), (5000, "0")]
)
def test_plausible_bare_numbers(written: int, before: str | None) -> None:
    """Up to twenty-fold either way, and the first budget of an object, pass."""
    settled = MINOR.settle(MINOR._read(written), "USD", Decimal(before) if before else None)
    assert settled.number == Decimal(written) / 100


@pytest.mark.parametrize("before", [None, Decimal(0)])
def test_a_first_budget_below_one_is_probably_meant_in_the_other_unit(before: Decimal | None) -> None:
    """50 in minor units is half a dollar, which nobody means: both readings are ready to be written."""
    with pytest.raises(ValueError, match=r'50 means 0.50 USD; write "50.00 USD", or "0.50 USD" if'):
        MINOR.settle(MINOR._read(50), "USD", before)
    assert MINOR.settle(MINOR._read(50), "JPY", before).number == 50


@pytest.mark.parametrize("written", ["5000 USD", "0.50 USD", "+9000%"])
def test_amounts_with_a_unit_are_meant(written: str) -> None:
    """Whoever writes the currency or the percent sign has said what they mean."""
    assert MINOR.settle(MINOR._read(written), "USD", FIFTY).kind == "exact"


@pytest.mark.parametrize("written", ["50 EUR", "+20%", "-12.5%", "+10.00 EUR", "-10.00 EUR", "0 USD"])
def test_spelling_reads_back_as_itself(written: str) -> None:
    """Stored plans carry amounts as text."""
    assert parse(str(parse(written))) == parse(written)


def test_settled_amounts_stay() -> None:
    """Settling twice changes nothing."""
    once = MINOR.settle(MINOR._read("+20%"), "USD", FIFTY)
    assert MINOR.settle(once, "USD", FIFTY) == once


@pytest.mark.parametrize(
    ("spend", "value", "currency", "major"),
    [
        (MINOR, "5000", "USD", "50"),
        (MINOR, 15000, "JPY", "15000"),
        (MAJOR, 50.25, "USD", "50.25"),
        (OBJECT, {"amount": "50.25", "currencyCode": "USD"}, "USD", "50.25"),
        (MINOR, "0", "USD", None),
        (MINOR, None, "USD", None),
        (MINOR, "", "USD", None),
    ],
)
def test_live_values(spend: Spend, value: Any, currency: str, major: str | None) -> None:
    """What the platform has, in major units; 0 is no budget."""
    assert spend.major(value, currency) == (Decimal(major) if major else None)


@pytest.mark.parametrize(
    ("currency", "minor"),
    [("USD", 100), ("jpy", 1), ("BHD", 100), ("KWD", 100), ("ISK", 1), ("XXX", 100), ("", 100)],
)
def test_offsets(currency: str, minor: int) -> None:
    """Three decimals on paper are still a hundred at Facebook."""
    assert offset(currency) == minor


def test_currencies_without_minor_units() -> None:
    """Eleven, four of which have decimals by ISO 4217."""
    assert {"CLP", "COP", "CRC", "HUF", "IDR", "ISK", "JPY", "KRW", "PYG", "TWD", "VND"} == WHOLE


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("50", "USD", "50.00"),
        ("15000", "JPY", "15000"),
        ("0.5", "JPY", "0.5"),
        ("1234567.891", "EUR", "1234567.891"),
        ("0.755", "USD", "0.755"),
        ("1E+3", "USD", "1000.00"),
    ],
)
def test_plain(amount: str, currency: str, text: str) -> None:
    """No separators, no exponents, at least the currency's decimals, and never fewer than there are."""
    assert plain(Decimal(amount), currency) == text
