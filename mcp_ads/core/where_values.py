"""Values in a condition: what was written, and what it means beside a column of some kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from .columns import Column
from .currencies import CODES, SYMBOLS
from .where_tokens import Misfit, Mistake, Token, tokens
from .where_tree import By, Number, Text

Written = Literal["number", "money", "percent", "text", "word", "date"]
NUMERIC = frozenset({"money", "count", "number", "percent", "ratio"})
TEXTUAL = frozenset({"text", "code", "id"})
MOST_DIGITS = 30
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PADDED = re.compile(r"[+-]?0[0-9]")


@dataclass(frozen=True)
class Value:
    """A value as it was written: its kind, its text, its number, and the currencies it can be in."""

    kind: Written
    text: str
    at: int
    number: Decimal = Decimal(0)
    currencies: frozenset[str] = frozenset()


def read(words: Sequence[Token], *, listed: bool = False) -> tuple[Value, int] | None:
    """The value that begins here and how many tokens it has; None where none does. Raises Mistake.

    In a list a comma parts values, so 1,000 there could be one value or two.
    """
    first, second = words[0], words[1] if len(words) > 1 else words[0]
    if first.kind == "symbol" and second.kind == "number":
        return Value(
            "money", first.text, first.at, _decimal(second, listed), frozenset(SYMBOLS[first.text])
        ), 2
    if first.kind == "number":
        return _numeric(first, second, listed)
    if first.kind in ("text", "word", "date"):
        kind: Written = "text" if first.kind == "text" else "date" if first.kind == "date" else "word"
        return Value(kind, first.text, first.at), 1
    return None


def _numeric(first: Token, second: Token, listed: bool) -> tuple[Value, int]:
    number = _decimal(first, listed)
    if second.kind == "%":
        return Value("percent", "", first.at, number), 2
    if second.kind == "symbol":
        return Value("money", second.text, first.at, number, frozenset(SYMBOLS[second.text])), 2
    if second.kind == "word" and second.text.upper() in CODES:
        code = second.text.upper()
        return Value("money", code, first.at, number, frozenset({code})), 2
    return Value("number", first.text, first.at, number), 1


def _decimal(token: Token, listed: bool) -> Decimal:
    if listed and "," in token.text:
        plain = token.text.replace(",", "")
        raise Mistake(token.at, f"{token.text} could be one value or several: write {plain}, or spaces")
    number = Decimal(token.text.replace(",", ""))
    if len(number.as_tuple().digits) > MOST_DIGITS and not token.text.isdecimal():
        raise Mistake(token.at, f"{token.text[:40]} has too many digits")
    return number


def is_money(column: Column) -> bool:
    """Whether a column is an amount: money, or money per something."""
    return column.kind == "money" or (column.kind == "ratio" and column.unit == "money")


def meant(value: Value, name: str, column: Column | None, currency: str) -> tuple[Number | Text, By]:
    """A value as its column has it, and how the two compare. Raises Mistake when they do not fit."""
    kind = column.kind if column else None
    if kind == "date" or (kind is None and value.kind == "date"):
        return Text(_day(value, name)), "date"
    if kind in NUMERIC or (kind is None and value.kind in ("number", "money", "percent")):
        return _number(value, name, column, currency), "number"
    if value.kind in ("money", "percent"):
        raise Misfit(value.at, f"{name} is text: put the text it is compared with in quotes")
    if column and column.unit == "list" and not value.text.startswith("["):
        raise Misfit(value.at, f"{name} is a list: {name} ~ '{value.text}' looks in it")
    if value.text == "":
        raise Misfit(value.at, f"an empty value passes no comparison: write {name} is empty")
    return Text(column.value(value.text) if column else value.text), "code" if kind == "code" else "text"


def _day(value: Value, name: str) -> str:
    try:
        if _DAY.fullmatch(value.text):
            return date.fromisoformat(value.text).isoformat()
    except ValueError:
        pass
    raise Misfit(value.at, f"{name} is a date: write a day such as 2026-11-01")


def _number(value: Value, name: str, column: Column | None, currency: str) -> Number:
    if value.kind == "text":
        value = _unquoted(value, name, column)
    if value.kind == "number":
        if _PADDED.match(value.text):
            raise Mistake(value.at, f"{value.text!r} is no number: write it without leading zeros")
        return Number(value.number, bare=True)
    if value.kind == "percent":
        return Number(_percent(value, name, column))
    if value.kind == "money":
        return Number(value.number, _currencies(value, name, column, currency))
    raise Misfit(value.at, _no_number(value.text, name, column))


def _unquoted(value: Value, name: str, column: Column | None) -> Value:
    """A number in quotes is a number beside a column of numbers."""
    try:
        words = tokens(value.text)
        found = read(words)
    except Mistake:
        found = None
    if not found or words[found[1]].kind != "end" or found[0].kind not in ("number", "money", "percent"):
        raise Misfit(value.at, _no_number(value.text, name, column))
    inner = found[0]
    return Value(inner.kind, inner.text, value.at, inner.number, inner.currencies)


def _no_number(text: str, name: str, column: Column | None) -> str:
    usual = {"money": "300 USD", "percent": "40%"}.get(column.kind if column else "", "1,000")
    what = f"{text[:40]!r} is neither a column nor a value for {name}"
    return f"{what}, which {kind_of(column)}: write such as {usual}"


def _percent(value: Value, name: str, column: Column | None) -> Decimal:
    if column is None or column.kind == "percent":
        return value.number
    if column.kind == "ratio" and not is_money(column):
        return value.number / 100
    raise Misfit(value.at, f"{name} {kind_of(column)}, and is compared with a number without %")


def _currencies(value: Value, name: str, column: Column | None, currency: str) -> frozenset[str]:
    if column and not is_money(column):
        raise Misfit(value.at, f"{name} {kind_of(column)}, and is compared with a number without a currency")
    if currency and currency not in value.currencies:
        raise Misfit(value.at, f"{name} is in {currency}, not in {value.text}: amounts are never converted")
    return value.currencies


def kind_of(column: Column | None) -> str:
    """A column's kind in words."""
    if column is None:
        return "has no values"
    if column.kind == "ratio":
        return "is money per something" if is_money(column) else "is a ratio"
    article = {"id": "an id", "money": "money", "text": "text", "code": "text"}
    return f"is {article.get(column.kind, f'a {column.kind}')}"
