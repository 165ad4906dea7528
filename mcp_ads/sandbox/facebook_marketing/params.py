"""Reading a request's parameters: query, form or JSON, then types as Graph checks them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, message_from_string
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from .errors import GraphError, invalid
from .tables import edge_params, enum

Body = dict[str, Any]
READING = {"fields", "limit", "after", "before", "summary", "filtering", "locale"}
WRITING = {"execution_options", "fields", "locale"}
SECRET = {"access_token", "appsecret_proof"}
BRACKETS = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])+)")
STEP = re.compile(r"\[([^\[\]]*)\]")
RETIRED = ("ids", "date_format", "pretty", "debug", "__debug__", "metadata")


async def read(request: Request) -> Body:
    """Everything sent, values as they came: text from query and form, anything from JSON."""
    sent = _bracketed(dict(parse_qsl(request.url.query, keep_blank_values=True)))
    kind = request.headers.get("content-type", "")
    raw = await request.body()
    if not raw:
        return sent
    if kind.startswith("application/json"):
        return sent | _json_object(raw)
    if kind.startswith("multipart/form-data"):
        return sent | _parts(kind, raw)
    return sent | _bracketed(dict(parse_qsl(raw.decode(), keep_blank_values=True)))


def _bracketed(sent: Mapping[str, str]) -> Body:
    """Lists and objects that clients of PHP's kind write as `countries[0]=US` or `spec[page_id]=1`."""
    found: Body = {}
    for name, value in sent.items():
        match = BRACKETS.fullmatch(name)
        if match is None:
            found[name] = value
            continue
        into, keys = found, [match[1], *STEP.findall(match[2])]
        for key in keys[:-1]:
            into = into.setdefault(key, {})
            if not isinstance(into, dict):
                raise invalid(f"Param {name} is given as a value too")
        into[keys[-1] or str(len(into))] = value
    return {name: _listed(value) for name, value in found.items()}


def _listed(value: Any) -> Any:
    """Objects whose keys are 0, 1, 2 are lists."""
    if not isinstance(value, dict):
        return value
    inner = [_listed(inner_value) for inner_value in value.values()]
    numbered = list(value) == [str(at) for at in range(len(value))]
    return inner if numbered else dict(zip(value, inner, strict=True))


def _json_object(raw: bytes) -> Body:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise invalid("The request body is not valid JSON") from error
    if not isinstance(body, dict):
        raise invalid("The request body must be a JSON object")
    return body


@dataclass(frozen=True)
class Attached:
    """A file among the parts of a form."""

    name: str
    content: bytes


def _parts(kind: str, raw: bytes) -> Body:
    """The parts of a form, byte for byte; those with a file name are files."""
    about = message_from_string(f"Content-Type: {kind}")
    boundary = about.get_param("boundary")
    before, *parts = (b"\r\n" + raw).split(b"\r\n--" + str(boundary).encode())
    if boundary is None or before or not parts or parts.pop().strip() != b"--":
        raise invalid("The request body is no whole multipart/form-data")
    found: Body = {}
    for part in parts:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        headers = message_from_bytes(head)
        name, file = headers.get_param("name", header="content-disposition"), headers.get_filename()
        if not isinstance(name, str):
            raise invalid("A part of the multipart/form-data has no name")
        found[name] = Attached(file, content) if file else content.decode()
    return found


def refuse_retired(sent: Body) -> None:
    """Root-level protocol parameters that no version answers any more."""
    for name in RETIRED:
        if name in sent:
            raise GraphError(100, f"(#100) The {name} query parameter is deprecated in v26.0+", status=500)


def checked(edge: str, sent: Body, *, generic: set[str] | None = None) -> Body:
    """The edge's own parameters, converted; unknown names and impossible values are refused."""
    table = edge_params(edge) or {}
    known = generic if generic is not None else (READING if edge.startswith("GET") else WRITING)
    values: Body = {}
    for name, value in sent.items():
        if name in table:
            values[name] = convert(name, table[name], value)
        elif name not in known | SECRET:
            raise invalid(f"Unknown parameter: {name} is not a parameter of {edge}")
    return values


def convert(name: str, type: str, value: Any) -> Any:
    """One value as its type wants it; the empty text stays, it clears a field."""
    if value in ("", None) and name != "status":
        return ""
    kind, _, values = type.partition(":")
    if values:
        return _enum(name, kind, enum(values), value)
    return CONVERTERS[kind](name, value)


def _enum(name: str, kind: str, allowed: tuple[str, ...], value: Any) -> Any:
    found = as_list(name, value) if kind == "many" else [value]
    upper = {choice.upper(): choice for choice in allowed} if name == "date_preset" else {}
    found = [upper.get(str(choice).upper(), choice) for choice in found]
    for index, choice in enumerate(found):
        if str(choice) not in allowed:
            where = f"{name}[{index}]" if kind == "many" else name
            raise invalid(f"Param {where} must be one of {{{', '.join(allowed)}}} - got {choice!r}")
    return found if kind == "many" else found[0]


def as_json(name: str, value: Any) -> Any:
    """A list or object: JSON text in a form, itself in a JSON body."""
    if isinstance(value, Attached):
        raise invalid(f"Param {name} must not be a file")
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError) as error:
        raise invalid(f"Param {name} must be JSON text - got {value[:80]!r}") from error


def as_list(name: str, value: Any) -> list[Any]:
    try:
        found = as_json(name, value)
    except GraphError:
        found = None
    if not isinstance(found, list):
        raise invalid(f"Param {name} must be an array.")
    return found


def as_names(name: str, value: Any) -> list[str]:
    """A list of texts; a comma list as well."""
    listed = isinstance(value, list) or str(value).startswith("[")
    found = as_list(name, value) if listed else str(value).split(",")
    if not all(isinstance(text, str) for text in found):
        raise invalid(f"Param {name} must be an array of strings.")
    return [text.strip() for text in found]


def as_object(name: str, value: Any) -> Body:
    found = as_json(name, value)
    if not isinstance(found, dict):
        raise invalid(f"Param {name} must be an object.")
    return found


def as_int(name: str, value: Any) -> int:
    if isinstance(value, bool) or not re.fullmatch(r"-?\d+", str(value)):
        raise invalid(f"Param {name} must be an integer - got {value!r}")
    return int(value)


def _unsigned(name: str, value: Any) -> int:
    if (number := as_int(name, value)) < 0:
        raise invalid(f"Param {name} must be greater or equal to 0")
    return number


def _float(name: str, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise invalid(f"Param {name} must be a number - got {value!r}") from error


def _bool(name: str, value: Any) -> bool:
    known = {"true": True, "1": True, "false": False, "0": False}
    if (found := known.get(str(value).lower())) is None:
        raise invalid(f"Param {name} must be a boolean - got {value!r}")
    return found


def _file(name: str, value: Any) -> Attached:
    if not isinstance(value, Attached):
        raise invalid(f"Param {name} must be a file")
    return value


def _text(name: str, value: Any) -> str:
    if isinstance(value, (dict, list, Attached)):
        raise invalid(f"Param {name} must be a string")
    return str(value)


def moment(name: str, value: Any) -> str:
    """A time as Graph writes it; ISO 8601 or unix seconds come in."""
    try:
        if re.fullmatch(r"\d{1,12}", str(value)):
            return stamp(datetime.fromtimestamp(int(value), UTC)) if int(value) else "0"
        at = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise invalid(f"Param {name} must be a date - got {value!r}") from error
    return stamp(at if at.tzinfo else at.replace(tzinfo=UTC))


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S%z")


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


CONVERTERS: dict[str, Any] = {
    "str": _text,
    "int": as_int,
    "uint": _unsigned,
    "float": _float,
    "bool": _bool,
    "time": moment,
    "list": as_list,
    "map": as_object,
    "json": as_json,
    "file": _file,
}
