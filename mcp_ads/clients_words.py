"""The words of `clients.toml`: accounts, money, percent, quotients and campaigns. Each raises ValueError."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from .clients_slips import slip_of
from .connectors import ALSO, NAMES, canonical
from .core.currencies import CODES
from .platforms import SHORT

CLIENT = "[clients.acme] with its own name"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
"""A client's name, as `client:acme` has it."""
MOST_SHOWN = 60
LONG = 6
"""Digits after a colon from which they are taken for an id whatever stands before it."""
_PLACED = re.compile(r"([^\s:*?]+)\s*:\s*+(.*)")
_ID = re.compile(r"\d{1,30}", re.ASCII)
_MONEY = re.compile(r"(\d{1,15}(?:\.\d{1,6})?)\s*([A-Za-z]{3})", re.ASCII)
_URN = re.compile(r"urn:li:sponsoredCampaign(?:Group)?:(\d{1,30})", re.ASCII)
_PERCENT = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s*%", re.ASCII)


def near(word: str, known: Iterable[str]) -> str:
    """A question for the name most like one that is none; empty when none is."""
    found = difflib.get_close_matches(word.lower(), [*known], n=1, cutoff=0.6)
    return f"; did you mean {found[0]}?" if found else ""


def account(value: Any) -> tuple[str, str]:
    """An account such as "facebook:123": its connector, and its id as the platform's lists have it."""
    found = _PLACED.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        raise ValueError(f"{_shown(value)} is no account; write facebook:123")
    number = found[2].removeprefix("act_")
    connector = _connector(found[1])
    if not _ID.fullmatch(number):
        raise ValueError(f"{_shown(value)} is no account; write {SHORT[connector]}:123")
    _check_zero(value, f"{SHORT[connector]}:", number)
    return connector, number


def campaign(value: Any) -> tuple[str, str]:
    """What is protected: a pattern of names, or an id; and the connector that is named with it, if any."""
    if not isinstance(value, str):
        said = 'write names and ids as texts: "*brand*", "facebook:123"'
        raise ValueError(f"{_shown(value)}: {said}")  # noqa: TRY004 - a mistake in a file
    if urn := _URN.fullmatch(value):
        value = f"linkedin:{urn[1]}"
    if slip := slip_of(value):
        raise ValueError(f"{_shown(value)} {slip}")
    place, colon, rest = value.partition(":")
    number = rest.strip().removeprefix("act_")
    is_id = bool(_ID.fullmatch(number)) and (len(number) >= LONG or bool(near(place, SHORT.values())))
    if not colon or not (canonical(place.strip()) in NAMES or is_id):
        return value, ""
    try:
        connector = _connector(place.strip())
    except ValueError as error:
        raise ValueError(f"{error}; in a name write ? for the colon") from None
    if not _ID.fullmatch(number):
        example = f"{SHORT[connector]}:123"
        raise ValueError(f"{_shown(value)} is no id; write {example}, or in a name ? for the colon")
    _check_zero(value, f"{SHORT[connector]}:", number)
    return f"{SHORT[connector]}:{number}", connector


def money(value: Any, example: str) -> tuple[Decimal, str]:
    """An amount above nothing such as "5000 USD", and its currency."""
    found = _MONEY.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found or not Decimal(found[1]):
        raise ValueError(f'{_shown(value)}: write an amount with its currency, such as "{example}"')
    if (code := found[2].upper()) not in CODES:
        raise ValueError(f"{_shown(value)}: {code} is no currency (ISO 4217)")
    return Decimal(found[1]), code


def percent(value: Any, example: str) -> Decimal:
    """A percentage above nothing, with its sign: 0.3 and 30 mean different things to different people."""
    found = _PERCENT.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found or not Decimal(found[1]):
        raise ValueError(f"{_shown(value)}: write percent with the sign, in quotes, such as {example}")
    return Decimal(found[1])


def quotient(value: Any, example: str) -> Decimal:
    """A number above nothing, without quotes."""
    number = Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None
    if number is None or not number.is_finite() or number <= 0:
        raise ValueError(f"{_shown(value)}: write a number above 0 without quotes, such as {example}")
    return number


def currency(value: Any, beside: Iterable[str] = ()) -> str:
    """A currency's code in capitals."""
    if isinstance(value, str) and value in CODES:
        return value
    if value is None:
        raise ValueError('missing; the currency that others are told in, such as "EUR"')
    if isinstance(value, str) and value.upper() in CODES:
        raise ValueError(f"write {value.upper()}")
    said = near(value, beside) if isinstance(value, str) else ""
    raise ValueError(f"{_shown(value)} is no currency (ISO 4217){said}")


def _connector(place: str) -> str:
    """The connector a person means by a word before an id."""
    if (known := canonical(place)) in NAMES:
        return known
    shorts = [SHORT[name] for name in NAMES]
    meant = near(place, [*shorts, *ALSO]) or f"; there are {', '.join(shorts)}"
    raise ValueError(f"{_shown(place)} is no platform{meant}")


def _check_zero(value: str, place: str, number: str) -> None:
    """Raise ValueError where digits are written as no platform writes an id, so that none is the same."""
    if number.startswith("0"):
        raise ValueError(f"{_shown(value)}: no id begins with 0; write {place}{number.lstrip('0') or 123}")


def _shown(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
