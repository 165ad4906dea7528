"""What a query parameter may be: small converters from parsed Rest.li to a value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import ApiError, Fault, bad_param, invalid
from .state import tail, urn_kind

Convert = Callable[[Any], Any]
INTEGER = re.compile(r"0|-?[1-9][0-9]*")


class ParamError(ValueError):
    """A value that does not fit; the path grows on the way out of nested records."""

    def __init__(self, description: str, path: str = "", code: str = "PARAM_INVALID") -> None:
        super().__init__(description)
        self.description, self.path, self.code = description, path, code


@dataclass(frozen=True)
class Params:
    """The parameters of one method; all others are refused."""

    known: Mapping[str, Convert] = field(default_factory=dict)
    required: tuple[str, ...] = ()

    def read(self, query: Mapping[str, Any]) -> dict[str, Any]:
        strange = [name for name in query if name not in self.known]
        if strange:
            raise _strange(strange)
        for name in self.required:
            if name not in query:
                raise bad_param(name, f"Parameter {name} is required")
        return {name: self._convert(name, value) for name, value in query.items()}

    def _convert(self, name: str, value: Any) -> Any:
        try:
            return self.known[name](value)
        except ParamError as wrong:
            raise bad_param(f"{name}{wrong.path}", wrong.description, wrong.code) from None


def _strange(names: list[str]) -> ApiError:
    text = f"Query parameters not allowed: [{', '.join(names)}]"
    return invalid([Fault("QUERY_PARAM_NOT_ALLOWED", name, text) for name in names][:1])


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise ParamError("a string is expected")
    return value


def integer(low: int, high: int) -> Convert:
    def convert(value: Any) -> int:
        if not INTEGER.fullmatch(text(value)):
            raise ParamError(f"{value!r} is not an integer")
        if not low <= int(value) <= high:
            raise ParamError(f"{value} is not between {low} and {high}")
        return int(value)

    return convert


def boolean(value: Any) -> bool:
    if value not in ("true", "false"):
        raise ParamError("true or false is expected")
    return bool(value == "true")


def enum(*symbols: str) -> Convert:
    def convert(value: Any) -> str:
        if text(value) not in symbols:
            raise ParamError(f'"{value}" is not an enum symbol')
        return str(value)

    return convert


def urn_of(*kinds: str) -> Convert:
    def convert(value: Any) -> str:
        if urn_kind(text(value)) not in kinds:
            raise ParamError(f'"{value}" is not a URN of {" or ".join(kinds)}')
        return str(value)

    return convert


def listed(item: Convert) -> Convert:
    def convert(value: Any) -> list[Any]:
        if isinstance(value, dict):
            raise ParamError("a List(...) is expected")
        return [item(inner) for inner in (value if isinstance(value, list) else [value])]

    return convert


def record(required: tuple[str, ...] = (), **fields: Convert) -> Convert:
    def convert(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ParamError("a record (name:value) is expected")
        for name in value:
            if name not in fields:
                raise ParamError(f"field {name} is not known here", f"/{name}", "FIELD_INVALID")
        for name in required:
            if name not in value:
                raise ParamError(f"field {name} is required", f"/{name}")
        return {name: _inside(fields[name], name, inner) for name, inner in value.items()}

    return convert


def _inside(convert: Convert, name: str, value: Any) -> Any:
    try:
        return convert(value)
    except ParamError as wrong:
        raise ParamError(wrong.description, f"/{name}{wrong.path}", wrong.code) from None


def values(item: Convert) -> Convert:
    """The `(values:List(...))` of search filters."""
    return record(values=listed(item), required=("values",))


def either(*options: Convert) -> Convert:
    def convert(value: Any) -> Any:
        for option in options[:-1]:
            try:
                return option(value)
            except ParamError:
                continue
        return options[-1](value)

    return convert


def number_key(value: Any) -> str:
    """A key that is a bare number."""
    if not text(value).isdigit():
        raise ParamError(f"{value} is not a number")
    return str(value)


def urn_key(*kinds: str) -> Convert:
    """A key that is a URN; answers its number."""
    convert = urn_of(*kinds)
    return lambda value: tail(convert(value))


ORDER = enum("ASCENDING", "DESCENDING")
SORT = record(field=enum("ID"), order=ORDER)
PAGED: dict[str, Convert] = {
    "q": text,
    "pageToken": text,
    "fields": text,
    "sortOrder": ORDER,
    "start": integer(0, 10**9),
    "count": integer(0, 10**9),
}
