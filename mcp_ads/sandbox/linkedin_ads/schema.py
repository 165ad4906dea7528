"""What a field of a body may be: small checks that yield (path, complaint)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .state import urn_kind

Complaint = tuple[str, str]
Check = Callable[[Any, str], Iterator[Complaint]]
DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
END_OF_TIME = 10**14
MISSING = "field is required but not found and has no default value"
UNKNOWN = "unrecognized field found but not allowed"


def string(value: Any, path: str) -> Iterator[Complaint]:
    if not isinstance(value, str):
        yield path, f"{value} cannot be coerced to String"


def boolean(value: Any, path: str) -> Iterator[Complaint]:
    if not isinstance(value, bool):
        yield path, f"{value} cannot be coerced to Boolean"


def long(value: Any, path: str) -> Iterator[Complaint]:
    if isinstance(value, bool) or not isinstance(value, int):
        yield path, f"{value} cannot be coerced to Long"


def millis(value: Any, path: str) -> Iterator[Complaint]:
    yield from long(value, path)
    if isinstance(value, int) and not 0 < value < END_OF_TIME:
        yield path, f"{value} is not a time in milliseconds"


def decimal(value: Any, path: str) -> Iterator[Complaint]:
    if not isinstance(value, str):
        yield path, f"{value} cannot be coerced to String"
    elif not DECIMAL.fullmatch(value):
        yield path, f'"{value}" is not a decimal number'


def matching(pattern: str, what: str) -> Check:
    compiled = re.compile(pattern)

    def check(value: Any, path: str) -> Iterator[Complaint]:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            yield path, f'"{value}" is not {what}'

    return check


def enum(*symbols: str) -> Check:
    def check(value: Any, path: str) -> Iterator[Complaint]:
        if value not in symbols:
            yield path, f'"{value}" is not an enum symbol'

    return check


def urn_of(*kinds: str) -> Check:
    def check(value: Any, path: str) -> Iterator[Complaint]:
        if urn_kind(value) not in kinds:
            yield path, f'"{value}" is not a URN of {" or ".join(kinds)}'

    return check


def array(item: Check) -> Check:
    def check(value: Any, path: str) -> Iterator[Complaint]:
        if not isinstance(value, list):
            yield path, f"{value} cannot be coerced to an array"
            return
        for index, inner in enumerate(value):
            yield from item(inner, f"{path}/{index}")

    return check


def mapping(key: Check, item: Check) -> Check:
    def check(value: Any, path: str) -> Iterator[Complaint]:
        if not isinstance(value, dict):
            yield path, f"{value} cannot be coerced to a map"
            return
        for name, inner in value.items():
            yield from key(name, f"{path}/{name}")
            yield from item(inner, f"{path}/{name}")

    return check


def record(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    known = {**required, **(optional or {})}

    def check(value: Any, path: str) -> Iterator[Complaint]:
        if not isinstance(value, dict):
            yield path, f"{value} cannot be coerced to a record"
            return
        for name in required:
            if name not in value:
                yield f"{path}/{name}", MISSING
        for name, inner in value.items():
            if name in known:
                yield from known[name](inner, f"{path}/{name}")
            else:
                yield f"{path}/{name}", UNKNOWN

    return check


def union(**members: Check) -> Check:
    """Exactly one of the named members."""
    inner = record({}, members)

    def check(value: Any, path: str) -> Iterator[Complaint]:
        yield from inner(value, path)
        if isinstance(value, dict) and len(value) != 1:
            yield path, "exactly one member of the union must be set"

    return check


def anything(value: Any, path: str) -> Iterator[Complaint]:
    """For what the sandbox keeps without looking inside."""
    del value, path
    yield from ()


CURRENCY = matching(r"[A-Z]{3}", "a currency code")
MONEY = record({"amount": decimal, "currencyCode": CURRENCY})
SCHEDULE = record({"start": millis}, {"end": millis})
LOCALE = record(
    {"country": matching(r"[A-Z]{2}", "a country"), "language": matching(r"[a-z]{2}", "a language")}
)
