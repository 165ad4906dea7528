"""Money inside the specs of a rule: an agent writes "50 USD", Facebook counts minor units."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from mcp_ads.core.money import offset, parse, plain

from .ad_rule_fields import is_money

Spec = Mapping[str, Any]
Turn = Callable[[Any], Any]


def in_minor(specs: Mapping[str, Spec], currency: str) -> dict[str, Any]:
    """The specs with amounts as Facebook counts them. Raises ValueError naming the amount that is none."""
    return _turned(specs, lambda value: minor(value, currency))


def in_words(specs: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """The specs of a record with amounts as they are written here: 5000 of a spent is "50.00 USD"."""
    return _turned(specs, lambda value: said(value, currency))


def _turned(specs: Mapping[str, Any], turn: Turn) -> dict[str, Any]:
    turned = dict(specs)
    if isinstance(evaluated := specs.get("evaluation_spec"), Mapping):
        turned["evaluation_spec"] = _evaluation(evaluated, turn)
    if isinstance(executed := specs.get("execution_spec"), Mapping) and isinstance(
        executed.get("execution_options"), list
    ):
        options = [_option(option, turn) for option in executed["execution_options"]]
        turned["execution_spec"] = {**executed, "execution_options": options}
    return turned


def _evaluation(spec: Spec, turn: Turn) -> dict[str, Any]:
    given = spec.get("filters")
    filters = [_condition(condition, turn) for condition in given] if isinstance(given, list) else given
    trigger = spec.get("trigger")
    return {
        **spec,
        **({"filters": filters} if "filters" in spec else {}),
        **({"trigger": _condition(trigger, turn)} if isinstance(trigger, Mapping) else {}),
    }


def _condition(condition: Any, turn: Turn) -> Any:
    paid = isinstance(condition, Mapping) and is_money(str(condition.get("field"))) and "value" in condition
    return {**condition, "value": _each(condition["value"], turn)} if paid else condition


def _option(option: Any, turn: Turn) -> Any:
    spec = option.get("value") if isinstance(option, Mapping) else None
    if not isinstance(spec, Mapping) or option.get("field") != "change_spec":
        return option
    target = spec.get("target_field")
    by_amount = is_money(str(target)) if target else spec.get("unit") == "ACCOUNT_CURRENCY"
    paid = [name for name, is_paid in (("amount", by_amount), ("limit", True)) if is_paid and name in spec]
    return {**option, "value": {**spec, **{name: _each(spec[name], turn) for name in paid}}}


def _each(value: Any, turn: Turn) -> Any:
    return [turn(one) for one in value] if isinstance(value, list) else turn(value)


def minor(value: Any, currency: str) -> int:
    """An amount in minor units of the currency. Raises ValueError, also where its unit is not said."""
    try:
        amount = parse(value)
    except ValueError:
        raise ValueError(f'{str(value)[:40]!r} is no amount; write "50 {currency or "USD"}"') from None
    if amount.kind == "percent":
        raise ValueError(f'{amount} is no amount; write "50 {currency or "USD"}"')
    if amount.currency and amount.currency != currency:
        raise ValueError(f"the account's currency is {currency or 'not known'}, not {amount.currency}")
    if amount.kind == "bare" and amount.number and offset(currency) > 1:
        meant = " or ".join(
            f'"{plain(number, currency)} {currency}"'
            for number in (amount.number, amount.number / offset(currency))
        )
        raise ValueError(f"{value} says no currency; write {meant}")
    units = amount.number * (1 if amount.kind == "bare" else offset(currency))
    if units != int(units):
        raise ValueError(f"{value} has more decimals than the currency")
    return int(units)


def said(value: Any, currency: str) -> Any:
    """Minor units as an amount in words; what is no number as it is."""
    try:
        units = Decimal(str(value))
    except ArithmeticError:
        return value
    if not currency or not units.is_finite():
        return f"{value} minor units"
    return f"{plain(units / offset(currency), currency)} {currency}"
