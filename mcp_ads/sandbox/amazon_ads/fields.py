"""What a resource's fields may hold: the schema a request is held against before any rule is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from .calls import Body
from .errors import Problem, Refused

Verb = Literal["create", "update"]
TYPES: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "id": (str,),
    "date": (str,),
    "enum": (str,),
    "number": (int, float),
    "int": (int,),
    "object": (dict,),
    "map": (dict,),
    "list": (list,),
    "bool": (bool,),
}
FORBIDDEN = frozenset("<>#%!^") | {chr(code) for code in range(32)}


@dataclass(frozen=True)
class Field:
    """One field. `need`: required on create (inside an object: always). `on`: the verbs that know it, `null`
    those that take null in it. `values` are all there are, of a list for each of its entries.
    `named`: a name, or what is searched for, in which some symbols are refused.
    """

    type: str = "text"
    need: bool = False
    on: str = "create update"
    values: tuple[str, ...] = ()
    of: Mapping[str, Field] | None = None
    low: float | None = None
    high: float | None = None
    null: str = ""
    named: bool = False


Fields = Mapping[str, Field]


def check_shape(item: Any, fields: Fields, verb: Verb, at: str) -> None:
    """Refuse the whole request when JSON types or names are not those of the schema."""
    if not isinstance(item, dict):
        raise Refused(400, f"{at} must be an object")
    known = {name for name, field in fields.items() if verb in field.on}
    if unknown := [name for name in item if name not in known]:
        raise Refused(400, f"Unrecognized field at {at}.{unknown[0]}")
    for name, value in item.items():
        if value is not None:
            _check_value(value, fields[name], verb, f"{at}.{name}")
        elif fields[name].null and verb not in fields[name].null:
            raise Refused(400, f"{at}.{name} must not be null")


def _check_value(value: Any, field: Field, verb: Verb, at: str) -> None:
    if not isinstance(value, TYPES[field.type]) or isinstance(value, bool) != (field.type == "bool"):
        raise Refused(400, f"{at} must be of type {field.type}, not {type(value).__name__}")
    if field.of is None:
        return
    for place, inner in _entries(value, field, at):
        check_shape(inner, field.of, verb, place)
        if empty := [name for name, one in inner.items() if one is None and not field.of[name].null]:
            raise Refused(400, f"{place}.{empty[0]} must not be null")


def _entries(value: Any, field: Field, at: str) -> list[tuple[str, Any]]:
    if field.type != "list":
        return [(at, value)]
    return [(f"{at}[{index}]", item) for index, item in enumerate(value)]


def problems(item: Body, fields: Fields, verb: Verb, at: str) -> Iterator[Problem]:
    """What is missing from an item or out of range in it."""
    for name, field in fields.items():
        place, value = f"{at}.{name}", item.get(name)
        if value is not None:
            yield from _value_problems(value, field, place)
        elif verb in field.on and _is_missing(item, name, field, verb):
            yield Problem("missingValueError", "MISSING_VALUE", f"{name} is required", place)


def _is_missing(item: Body, name: str, field: Field, verb: Verb) -> bool:
    if verb == "update" and name in item:
        return verb not in field.null
    return field.need and verb == "create"


def _value_problems(value: Any, field: Field, at: str) -> Iterator[Problem]:
    if field.type == "text":
        yield from _text_problems(value, field, at)
    elif field.values and _strange(value, field):
        text = f"must be one of {', '.join(field.values)}"
        yield Problem("rangeError", "INVALID_ENUM_VALUE", text, at, value)
    elif field.type == "number":
        yield from _range_problems(value, field, at, value)
    elif field.type in {"list", "map"}:
        yield from _range_problems(len(value), field, at, len(value))
    if field.of:
        for place, inner in _entries(value, field, at):
            # A nested object is replaced as a whole: what it needs, it needs in an update too.
            yield from problems(inner, field.of, "create", place)


def _strange(value: Any, field: Field) -> list[Any]:
    """What of a value is none of those there are."""
    given = value if field.type == "list" else [value]
    return [one for one in given if one not in field.values]


def _text_problems(value: str, field: Field, at: str) -> Iterator[Problem]:
    kind = "malformedValueError"
    if not value.strip():
        yield Problem(kind, "BLANK", "must not be blank", at)
    elif value != value.strip():
        yield Problem(kind, "LEADING_OR_TRAILING_WHITESPACE", "must not begin or end with space", at, value)
    elif bad := field.named and FORBIDDEN & set(value):
        yield Problem(kind, "FORBIDDEN_CHARS", f"must not contain {min(bad)!r}", at, value)
    elif field.high is not None and len(value) > field.high:
        yield Problem(kind, "TOO_LONG", f"must be at most {field.high:g} characters", at, value)
    elif field.low is not None and len(value) < field.low:
        yield Problem(kind, "TOO_SHORT", f"must be at least {field.low:g} characters", at, value)


def _range_problems(value: float, field: Field, at: str, trigger: Any) -> Iterator[Problem]:
    if field.high is not None and value > field.high:
        yield Problem("rangeError", "TOO_HIGH", f"must be at most {field.high:g}", at, trigger)
    if field.low is not None and value < field.low:
        yield Problem("rangeError", "TOO_LOW", f"must be at least {field.low:g}", at, trigger)
