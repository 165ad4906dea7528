"""Money: what an agent may write, and how each platform spells it.

An agent writes `"50 EUR"`, `"+20%"`, `"-10 EUR"`, or a bare number in the unit of the platform's own field.
Everything is settled to an exact amount in major units before it is compared, capped, shown or sent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal, InvalidOperation
from typing import Any, Literal

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from .symbols import spelled_out
from .synonyms import cut

Kind = Literal["bare", "exact", "percent", "change"]
Style = Literal["minor", "major", "object"]
Per = Literal["day", "lifetime", "bid"]
Role = Literal["budget", "cap", "floor", "bid"]

# Currencies without a smaller unit on Meta; ISO 4217 differs for COP, CRC, HUF, IDR, ISK and TWD.
WHOLE = frozenset({"CLP", "COP", "CRC", "HUF", "IDR", "ISK", "JPY", "KRW", "PYG", "TWD", "VND"})
GRAMMAR = (
    'an amount in the account\'s currency ("50 USD", or "$50" for US dollars), "+20%", "-10 USD" or a number'
)
_DIGITS = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_TEXT = re.compile(r"([+-]?)\s*(\d+(?:\.\d+)?)\s*(%|[A-Za-z]{3})?", re.ASCII)
SUSPICIOUS = 20
MOST_DIGITS = 18  # beyond these, decimal arithmetic would start to round
NO_VALUE = "there is no live value to change"
EXAMPLES = {"day": "50", "lifetime": "500", "bid": "0.50"}


@dataclass(frozen=True)
class Amount:
    """An amount of money as it was written: exact, bare (the field's unit), or relative to the live value.

    `unrounded` is what a change comes to where that is more than the currency's decimals can say. `from_live`
    says of an exact amount that it was worked out of the live value.
    """

    number: Decimal
    kind: Kind
    currency: str = ""
    unrounded: Decimal | None = field(default=None, compare=False)
    from_live: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        if self.kind == "percent":
            return f"{self.number:+f}%"
        sign = "+" if self.kind == "change" else ""
        number = plain(self.number, self.currency) if self.currency else f"{self.number:f}"
        return f"{sign if self.number > 0 else ''}{number} {self.currency}".strip()

    @property
    def relative(self) -> bool:
        return self.kind in ("percent", "change")


def offset(currency: str) -> int:
    """Minor units in one major unit, as Meta counts them: 100, or 1 for the currencies in WHOLE."""
    return 1 if currency.upper() in WHOLE else 100


def plain(amount: Decimal, currency: str) -> str:
    """An amount as text, exactly, in at least the currency's decimals: 50.00, 0.755, 15000."""
    exponent = Decimal(amount).normalize().as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) else 0
    return f"{amount:.{max(0 if currency.upper() in WHOLE else 2, decimals)}f}"


def rounded(amount: Decimal, currency: str) -> str:
    """A measured amount as text, rounded to the currency's decimals: for tables, never for approval."""
    return f"{amount:.0f}" if currency.upper() in WHOLE and amount == int(amount) else f"{amount:.2f}"


def parse(value: Any) -> Amount:
    """Read what the agent wrote; raises ValueError with the grammar."""
    if isinstance(value, Amount):
        return value
    if isinstance(value, dict) and {"amount", "currencyCode"} <= value.keys():
        return _from_object(value["amount"], str(value["currencyCode"]).upper())
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return Amount(_number(value), "bare")
    found = _TEXT.fullmatch(spelled_out(value.strip())) if isinstance(value, str) else None
    if not found:
        raise ValueError(f"write {GRAMMAR}")
    return _from_text(*found.groups(default=""))


def _from_object(amount: Any, currency: str) -> Amount:
    if isinstance(amount, str) and not _DIGITS.fullmatch(amount):
        raise ValueError(f"write {GRAMMAR}")
    return Amount(_number(amount), "exact", currency)


def _from_text(sign: str, digits: str, unit: str) -> Amount:
    number = _number(digits) * (-1 if sign == "-" else 1)
    if unit == "%":
        if not sign:
            raise ValueError('write "+20%" or "-20%"')
        return Amount(number, "percent")
    if not unit:
        if sign:
            raise ValueError('a change needs its unit: "+20%" or "-10 USD", in the account\'s currency')
        return Amount(number, "bare")
    return Amount(number, "change" if sign else "exact", unit.upper())


def _number(value: Any) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"write {GRAMMAR}") from None
    if (
        not number.is_finite()
        or len(number.as_tuple().digits) > MOST_DIGITS
        or number.adjusted() >= MOST_DIGITS
    ):
        raise ValueError(f"write {GRAMMAR}")
    return number


@dataclass(frozen=True)
class Spend:
    """Marks a parameter as money: how the platform spells it and what it buys.

    `style` is minor (integer minor units), major (a number in major units) or object (amount, currencyCode).
    `per` is day or lifetime for budgets and spend caps, bid for bids, which no cap counts.
    `at` is where the object's record has the live value, when that is not the parameter's own name.
    `role` says what the amount is: a budget that is spent, a cap on it, a floor under it, a bid (every one
    that is paid by `bid`).
    `whole` says that the platform keeps no more decimals than the currency has, so that more are refused.
    """

    per: Per
    style: Style
    at: str = ""
    role: Role = "budget"
    whole: bool = True

    def __post_init__(self) -> None:
        if self.per == "bid":
            object.__setattr__(self, "role", "bid")

    @property
    def is_budget(self) -> bool:
        """Whether the amount is spent; caps and floors only limit one, bids are paid out of one."""
        return self.role == "budget"

    def unit(self, currency: str) -> int:
        """How many of the platform's own units are one major unit of the currency."""
        return offset(currency) if self.style == "minor" else 1

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self._read, serialization=core_schema.plain_serializer_function_ser_schema(self.spell)
        )

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": ["string", "number"], "format": "money"}

    def _read(self, value: Any) -> Amount:
        amount = parse(value)
        if amount.number < 0 and not amount.relative:
            raise ValueError("must not be negative")
        if self.style == "minor" and amount.currency:
            _whole(amount.number * self.unit(amount.currency), amount.currency)
        written_out = isinstance(value, str) and amount.number.as_tuple().exponent in range(-9, 0)
        is_whole = amount.number == int(amount.number) and not written_out
        if self.style == "minor" and amount.kind == "bare" and not is_whole:
            raise ValueError(
                f'minor units are whole; write an amount with its currency, such as "{amount.number:f} USD"'
            )
        return amount

    def spell(self, amount: Amount | None) -> Any:
        """The platform's spelling; relative amounts are spelled as they were written, to be settled first."""
        if amount is None or amount.relative:
            return amount and str(amount)
        if self.style == "object":
            return {"amount": f"{amount.number:f}", "currencyCode": amount.currency}
        if self.style == "major":
            return _number_of(amount.number)
        unit = self.unit(amount.currency) if amount.kind == "exact" else 1
        return _whole(amount.number * unit, amount.currency)

    def major(self, value: Any, currency: str) -> Decimal | None:
        """The platform's value of this field in major units; None when there is none."""
        if value in (None, "", "0", 0):
            return None
        if isinstance(value, dict):
            return _number(value.get("amount", 0))
        return _number(value) / self.unit(currency)

    def settle(self, amount: Amount, currency: str, before: Decimal | None) -> Amount:
        """The exact amount, from the account's currency and the live value; raises ValueError."""
        if amount.currency and amount.currency != currency:
            raise ValueError(
                f"the account's currency is {currency or 'not known'}, not {cut(amount.currency)}"
            )
        if amount.relative:
            return _changed(amount, currency, before, self.per)
        divisor = self.unit(currency) if amount.kind == "bare" else 1
        exact = Amount(amount.number / divisor, "exact", currency)
        if amount.kind == "bare" and before:
            self._check_unit(amount.number, exact.number, before, currency)
        elif amount.kind == "bare" and self.role == "budget" and 0 < exact.number < 1 < divisor:
            means, other = (
                f"{plain(number, currency)} {currency}" for number in (exact.number, amount.number)
            )
            raise ValueError(f'{amount} means {means}; write "{other}", or "{means}" if you mean that')
        if self.whole:
            _whole(exact.number * offset(currency), currency)
        self.spell(exact)
        return exact

    def _check_unit(self, written: Decimal, exact: Decimal, before: Decimal, currency: str) -> None:
        """A bare number that changes a budget twenty-fold was probably meant in the other unit."""
        if before / SUSPICIOUS <= exact <= before * SUSPICIOUS:
            return
        other = written if self.style == "minor" else written / offset(currency)
        meant = f', or "{plain(other, currency)} {currency}"' if other != exact else ""
        raise ValueError(
            f"{written:f} would change {plain(before, currency)} to {plain(exact, currency)} {currency}; "
            f'write "{plain(exact, currency)} {currency}" if you mean that{meant}'
        )


def _changed(amount: Amount, currency: str, before: Decimal | None, per: Per) -> Amount:
    """What a change makes of the live value, rounded down, so that it is never more than was asked for."""
    if before is None:
        example = EXAMPLES["day"] if currency.upper() in WHOLE else EXAMPLES[per]
        raise ValueError(f'{NO_VALUE} by {amount}; write an amount such as "{example} {currency}"')
    after = before * (1 + amount.number / 100) if amount.kind == "percent" else before + amount.number
    if after <= 0:
        raise ValueError(f"{amount} of {plain(before, currency)} {currency} leaves nothing; pause it instead")
    step = Decimal(1) / offset(currency)
    try:
        found = after.quantize(step, ROUND_DOWN)
    except InvalidOperation:
        raise ValueError(f"{amount} of {plain(before, currency)} {currency} is too much") from None
    if found != after and (abs(after - before) < step or found <= 0):
        raise ValueError(f"{amount} of {plain(before, currency)} {currency} is less than its smallest step")
    return Amount(found, "exact", currency, after if found != after else None, from_live=True)


def _whole(number: Decimal, currency: str) -> int:
    if number != int(number):
        whole = f": write whole {currency}" if currency in WHOLE else ""
        raise ValueError(f"has more decimals than the currency{whole}")
    return int(number)


def _number_of(number: Decimal) -> int | float:
    """A JSON number that is exactly this amount. Raises ValueError where there is none."""
    if number == int(number):
        return int(number)
    if Decimal(str(float(number))) != number:
        raise ValueError("has more digits than can be sent exactly")
    return float(number)
