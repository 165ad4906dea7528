"""Bids worked out from what clicks were worth: an object's figures, and what it may cost to sell.

No formula is understood, only three targets: a share of what a click brings in (acos), its inverse (roas),
and what one conversion may cost. Each says what a click may cost. That is the bid, unless clicks cost more
than the bid, as adjustments make them: then the bid changes as what a click costs has to. Everything is exact
until the one rounding at the end, which is towards the bid there is: no step is longer than `max_step`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, Literal, get_args

from mcp_ads.errors import InvalidParams

from .money import Amount, offset, parse, plain
from .synonyms import unknown

Target = Literal["acos", "roas", "cost_per_conversion"]
TARGETS: tuple[str, ...] = get_args(Target)
FLOOR, STEP = 20, Decimal(15)
HUNDRED, MOST_PERCENT, MOST_CLICKS = Decimal(100), Decimal(1000), 1_000_000
EXAMPLE = 'such as {"acos": "30 %", "max_step": "15 %", "min_clicks": 20}'
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,6})?", re.ASCII)


@dataclass(frozen=True)
class BidTo:
    """One target and its limits. `target` is in percent for acos, else a quotient or an amount of money.

    `currency` is that of an amount, empty for the account's. `max_step` is the longest way from the bid
    there is, in percent; with fewer clicks than `min_clicks` a bid stays as it is.
    """

    rule: Target
    target: Decimal
    currency: str = ""
    max_step: Decimal = STEP
    min_clicks: int = FLOOR


@dataclass(frozen=True)
class Seen:
    """What was seen of one object: clicks, conversions, what these were worth in its currency, and what the
    clicks cost.

    Without `clicks` nothing was: it may have had some. Without `cost` a click is taken to cost the bid.
    """

    clicks: int | None
    orders: Decimal
    value: Decimal
    currency: str
    cost: Decimal | None = None


@dataclass(frozen=True)
class BidRange:
    """The smallest and the largest bid a platform takes; None where it publishes none.

    One that is not `strict` takes others too, and hardly delivers.
    """

    least: Decimal | None = None
    most: Decimal | None = None
    strict: bool = True


def read(given: Any, name: str = "bid_to") -> BidTo:
    """What was asked for under a name. Raises InvalidParams with a line for each mistake."""
    if not isinstance(given, Mapping):
        raise InvalidParams(f"{name}: an object with one target, {EXAMPLE}")
    known, mistakes = dict[str, Any](), list[str]()
    for word, value in given.items():
        if word not in (*TARGETS, *LIMITS):
            mistakes.append(f"{name}.{unknown(str(word), [*TARGETS, *LIMITS])}; {EXAMPLE}")
            continue
        try:
            known[word] = _READ[word](value)
        except ValueError as wrong:
            mistakes.append(f"{name}.{word}: {wrong}")
    named = [word for word in given if word in TARGETS]
    if len(named) != 1:
        said = " and ".join(named) if named else "none"
        mistakes.append(f"{name}: exactly one of {', '.join(TARGETS)}, not {said}; {EXAMPLE}")
    if mistakes:
        raise InvalidParams("\n".join(mistakes))
    target = known.pop(named[0])
    amount = target if isinstance(target, Amount) else Amount(target, "bare")
    rule: Any = named[0]
    return BidTo(rule, amount.number, amount.currency, **known)


def in_words(bid_to: BidTo, currency: str) -> str:
    """The target and its limits, for a person to agree to."""
    return (
        f"{bid_to.rule} {_target(bid_to, currency)}, at most {bid_to.max_step:f} % a step, "
        f"from {bid_to.min_clicks:,} clicks on"
    )


def too_little(bid_to: BidTo, seen: Seen) -> str:
    """Why nothing follows from what was seen; empty where something does."""
    if seen.clicks is None:
        return "the report has no row of it, and may lack it although it was clicked on"
    if seen.clicks < bid_to.min_clicks:
        return f"{seen.clicks:,} clicks < {bid_to.min_clicks:,}"
    if bid_to.rule != "cost_per_conversion" and seen.orders and not seen.value:
        return f"{_count(seen.orders)} conversions, and nothing says what they were worth"
    return ""


def worked_out(bid_to: BidTo, seen: Seen, now: Decimal, limits: BidRange) -> tuple[Decimal, list[str]]:
    """The bid in major units, and by which rule; the bid there is where the rule leads nowhere else.

    `seen` is enough by `too_little`. A bid never rises while a click costs more than it may, and never falls
    while it costs less. What is said has the same three parts for all bids of one target.
    """
    aim, why = _aim(bid_to, seen)
    cpc = None if seen.cost is None else seen.cost / Decimal(seen.clicks or 1)
    bid, held = aim, f"within {bid_to.max_step:f} %"
    if cpc is not None and cpc > now:
        bid = now * aim / cpc
        scaled = f"a click, which costs {_short(cpc, 4)}: bid x {_short(aim / cpc, 4)} = {_short(bid, 4)}"
        why = [*why[:-1], f"{why[-1]} {scaled}"]
    if limits.least is not None and bid < limits.least:
        bid, held = limits.least, "held at the platform's least bid"
    elif limits.most is not None and bid > limits.most:
        bid, held = limits.most, "held at the platform's largest bid"
    low, high = (now * (HUNDRED + sign * bid_to.max_step) / HUNDRED for sign in (-1, 1))
    if bid < low:
        bid, held = low, f"held at -{bid_to.max_step:f} %"
    elif bid > high:
        bid, held = high, f"held at +{bid_to.max_step:f} %"
    if cpc is not None and ((bid > now and cpc > aim) or (bid < now and cpc < aim)):
        bid, held = (
            now,
            f"held: a click costs {_short(cpc, 4)}, {'more' if cpc > aim else 'less'} than it may",
        )
    none = "" if seen.orders or seen.value else f" (no conversions in {seen.clicks:,} clicks)"
    return _towards(now, bid, seen.currency), [*why, f"{held}{none}"]


def _aim(bid_to: BidTo, seen: Seen) -> tuple[Decimal, list[str]]:
    """What the target makes of the figures, and how that is said."""
    currency, clicks, target = seen.currency, Decimal(seen.clicks or 0), _target(bid_to, seen.currency)
    if bid_to.rule == "cost_per_conversion":
        aim = bid_to.target * seen.orders / clicks
        rate = f"{_short(seen.orders * HUNDRED / clicks, 2)} %"
        return aim, [f"{rate} of clicks convert", f"x {target} = {_short(aim, 4)}"]
    brought = f"rpc {_short(seen.value / clicks, 4)} {currency}"
    if bid_to.rule == "roas":
        aim = seen.value / (clicks * bid_to.target)
        return aim, [brought, f"/ {target} = {_short(aim, 4)}"]
    aim = seen.value * bid_to.target / (clicks * HUNDRED)
    return aim, [brought, f"x {target} = {_short(aim, 4)}"]


def _towards(now: Decimal, bid: Decimal, currency: str) -> Decimal:
    """A bid in the currency's decimals, rounded towards the one there is."""
    unit = offset(currency)
    if bid < now:
        return min(now, (bid * unit).to_integral_value(ROUND_CEILING) / unit)
    return max(now, (bid * unit).to_integral_value(ROUND_FLOOR) / unit)


def _target(bid_to: BidTo, currency: str) -> str:
    if bid_to.rule == "acos":
        return f"{bid_to.target:f} %"
    return f"{bid_to.target:f}" if bid_to.rule == "roas" else f"{plain(bid_to.target, currency)} {currency}"


def _short(number: Decimal, places: int) -> str:
    """A number as it is said beside the exact amount: at least the two decimals of money."""
    text = f"{number:.{places}f}"
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def _count(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _percent(value: Any) -> Decimal:
    """A share in percent. Raises ValueError, also for what may be a fraction."""
    text = str(value).strip()
    plain_text = text.removesuffix("%").strip()
    if isinstance(value, bool) or not _NUMBER.fullmatch(plain_text):
        raise ValueError('write a percentage, such as "30 %"')
    number = Decimal(plain_text)
    if 0 < number < 1 and plain_text == text:
        raise ValueError(f'{text} may be either: write "{_count(number * HUNDRED)} %" or "{text} %"')
    if not 0 < number <= MOST_PERCENT:
        raise ValueError(f"above 0 %, and at most {MOST_PERCENT:f} %")
    return number


def _step(value: Any) -> Decimal:
    number = _percent(value)
    if number >= HUNDRED:
        raise ValueError('less than 100 %, such as "15 %"')
    return number


def _quotient(value: Any) -> Decimal:
    text = str(value).strip()
    if isinstance(value, bool) or not _NUMBER.fullmatch(text) or not Decimal(text):
        raise ValueError("write what one unit of money is to bring in, such as 4; a share of it is acos")
    return Decimal(text)


def _money(value: Any) -> Amount:
    try:
        amount = parse(value)
    except ValueError:
        amount = None
    if amount is None or amount.relative or amount.number <= 0:
        raise ValueError('write an amount in the account\'s currency, such as "20 EUR"')
    return amount


def _clicks(value: Any) -> int:
    text = str(value).strip()
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,7}", text) or not 1 <= int(text) <= MOST_CLICKS:
        raise ValueError("write a whole number from 1 on, such as 20")
    return int(text)


LIMITS: Mapping[str, Any] = {"max_step": _step, "min_clicks": _clicks}
_READ: Mapping[str, Any] = {"acos": _percent, "roas": _quotient, "cost_per_conversion": _money, **LIMITS}
