"""Parameters as an agent sends them -> a valid call, or one line per mistake."""

from __future__ import annotations

import difflib
import functools
import json
import re
import typing
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, TypeVar

import pydantic
from pydantic.fields import FieldInfo

from mcp_ads.errors import InvalidParams

from .action import Action
from .cells import visible
from .dates import Span
from .declared import as_declared, literals
from .describe import signature, type_text
from .marks import is_found
from .private import is_about_people
from .synonyms import close_to, meant, unknown
from .texts import commas, kinds_of, read_text, types_of
from .unsendable import no_id, unsendable
from .view import no_result, offered

Model = TypeVar("Model", bound=pydantic.BaseModel)
_CAMEL = re.compile(r"(?<=[a-z0-9])([A-Z])")
_TAGS = {"int", "constrained-int", "str", "float", "bool"}  # pydantic's names for the branches of a union
SAID_QUOTE, MOST_WRONG = 60, 50
NAMED = """; a name is looked for by `list` with where="name ~ '…'", whose rows have the ids"""
_ID = re.compile(r"(?=.*\d)\S+")
_LETTERS = re.compile(r"[^\W\d_]{2}")
ADDRESS, _HOST = ("^https?://", "^https://"), re.compile(r"[\w-]+(\.[\w-]+)+(/\S*)?$")
BOUNDS = {"less_than_equal": "at most", "greater_than_equal": "at least"}
LENGTHS = {"too_short": ("min_length", "at least"), "too_long": ("max_length", "at most")}
RANGES = {"range", "ranges", "date_preset", "date_range", "time_range", "dates", "date", "period"}
ENDS = (
    ("since", "until"), ("start_date", "end_date"), ("date_from", "date_to"), ("from", "to"),
)  # fmt: skip


def call(entity: str, name: str, action: type[Action], params: Mapping[str, Any]) -> Action:
    """A valid call; raises InvalidParams with a line per mistake and the action's signature."""
    known, mistakes = named(action, params)
    try:
        made = build(action, known)
        mistakes += islice(made.mistakes(), MOST_WRONG)
    except InvalidParams as error:
        refused = {our_name(action, mistake.partition(":")[0]) for mistake in mistakes}
        lines = [line for line in error.lines if line.partition(":")[0] not in refused]
        mistakes += _as_given(action, params, lines)
    if mistakes:
        raise InvalidParams(visible("\n".join(mistakes)), signature=signature(entity, name, action))
    return made


def in_their_words(action: type[Action], params: Mapping[str, Any], error: InvalidParams) -> InvalidParams:
    """The error, whose lines about days name the range as the caller wrote it."""
    error.args = ("\n".join(_as_given(action, params, error.lines)),)
    return error


def _as_given(action: type[Action], params: Mapping[str, Any], lines: Iterable[str]) -> list[str]:
    spans = {ours: given for given in params if (ours := our_name(action, given)) in _spans(action)}
    parts = (line.partition(":") for line in lines)
    return [f"{spans.get(name, name)}{colon}{rest}" for name, colon, rest in parts]


def named(action: type[Action], params: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Parameters under our names, their values as they are meant where that is certain; and wrong names."""
    fields = {name: field for name, field in action.model_fields.items() if not is_found(field)}
    known, mistakes = dict[str, Any](), list[str]()
    said: dict[str, str] = {}
    for given, value in _with_range(action, params).items():
        name = our_name(action, given)
        if name not in fields:
            gone = action.retired.get(name)
            shown = [field.alias or view for view, field in offered(action).model_fields.items()]
            there = [*fields] if close_to(given, fields) else [*fields, *shown]
            quiet = is_about_people(action)
            no_such = unknown(given, there, quiet=quiet)
            if name == "from" and not quiet:
                no_such = f"{given}: {no_result(value)}"
            mistakes.append(f"{given}: {gone}" if gone else no_such)
        elif value is None:
            continue
        elif wrong := unsendable(value) or no_id(name, value):
            mistakes.append(f"{given}: {wrong}")
        else:
            found, wrong = _meant(action, value, fields[name])
            if wrong:
                mistakes.append(f"{given}: {wrong}")
            elif name not in known:
                known[name], said[name] = found, given
            elif not _same(known[name], found, fields[name]):
                mistakes.append(f"{given}: not the same as {said[name]}, which is given too")
    return known, mistakes


def _meant(action: type[Action], value: Any, field: FieldInfo) -> tuple[Any, str]:
    """A value as the caller means it, and what is wrong with it where it cannot be told or sent."""
    try:
        if isinstance(value, str):
            value = action.understood(value, kinds_of(field.annotation))
    except ValueError as wrong:
        return None, str(wrong)
    value = as_declared(read_text(value, field), field)
    return value, unsendable(value, exact=True)


def _same(one: Any, other: Any, field: FieldInfo) -> bool:
    """Whether two spellings mean one value: an id with its prefix and without."""
    declared: Any = field.annotation
    for mark in field.metadata:
        declared = typing.Annotated[declared, mark]
    read = pydantic.TypeAdapter(declared, config=pydantic.ConfigDict(coerce_numbers_to_str=True))
    try:
        return bool(read.validate_python(one) == read.validate_python(other))
    except pydantic.ValidationError:
        return bool(one == other)


def our_name(action: type[Action], given: str) -> str:
    """A parameter's name here: the vendor's camelCase, `id` for the object, and an action's other names."""
    fields = action.model_fields
    if given in fields:
        return given
    lower = snake(given)
    by_alias = {snake(field.alias): name for name, field in fields.items() if field.alias}
    for candidate in (by_alias.get(lower), action.aliases.get(given), action.aliases.get(lower), lower):
        if candidate in fields:
            return str(candidate)
    if action.subject and (given == "id" or lower in _names_of_subject(action)):
        return action.subject
    plural, single = f"{lower}s", lower.removesuffix("s")
    lists = plural in fields and list in kinds_of(fields[plural].annotation)
    same = [plural] if lists else [single] if single in fields else []
    if not same and lower in RANGES:
        same = _spans(action)
    return same[0] if len(same) == 1 else given


@functools.cache
def _spans(action: type[Action]) -> list[str]:
    return [name for name, field in action.model_fields.items() if Span in types_of(field.annotation)]


def _with_range(action: type[Action], params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first and last day, given apart, as an action's one range; without the last, an open one."""
    names = {snake(given): given for given in params if params[given] is not None}
    spans = _spans(action)
    for pair in ENDS:
        if pair[0] in names and not {*pair} & action.model_fields.keys() and len(spans) == 1:
            ends = {ours: params[names[end]] for end, ours in zip(pair, ENDS[0], strict=True) if end in names}
            rest = {name: value for name, value in params.items() if snake(name) not in pair}
            return (
                {**rest, spans[0]: ends}
                if not {our_name(action, param) for param in rest} & {*spans}
                else params
            )
    return params


def snake(name: str) -> str:
    """CamelCase as snake_case."""
    return _CAMEL.sub(r"_\1", name).lower()


def _names_of_subject(action: type[Action]) -> set[str]:
    return {action.subject + "s", action.subject.removesuffix("_id") + "_ids", "ids"}


def ids_between(text: str) -> list[str]:
    """The ids between commas; none where these are in a name, such as "Spring, red shoes", or in a key."""
    parts = [part.strip() for part in commas(text) if part.strip()]
    return parts if len(parts) > 1 and all(_ID.fullmatch(part) for part in parts) else []


def build(model: type[Model], params: Mapping[str, Any]) -> Model:
    """The model from its parameters; raises InvalidParams, one line per mistake."""
    try:
        return model.model_validate(params)
    except pydantic.ValidationError as error:
        lines: dict[str, str] = {}
        wrong, name = error.errors(include_url=False), ""
        for mistake in wrong[:MOST_WRONG]:
            name = _param(model, [str(part) for part in mistake["loc"]])
            if name not in lines or mistake["type"] == "literal_error":
                lines[name] = _said(model, mistake)
        if len(wrong) > MOST_WRONG:
            lines[""] = f"{name.partition('.')[0]}: and {len(wrong) - MOST_WRONG:,} more mistakes"
        raise InvalidParams(visible("\n".join(lines.values()))) from None


def _said(model: type[pydantic.BaseModel], error: Any) -> str:
    where = [str(part) for part in error["loc"]]
    name = _param(model, where)
    kind = error["type"]
    if kind == "missing":
        return f"{name}: missing, required{meant(model, name)}"
    if kind == "literal_error":
        choices, closest = _choices(model, where, error), _closest(model, where, error)
        return f"{name}: {_quoted(model, error, 'this')} is not one of {choices}{closest}"
    if kind == "value_error":
        text = str(error["ctx"]["error"])
        return "\n".join(f"{name}: {line}" for line in text.split("\n")) if name else text
    if kind == "extra_forbidden":
        return unknown(name, model.model_fields, quiet=is_about_people(model))
    if kind == "string_pattern_mismatch":
        like = _example(model, where, error["ctx"]["pattern"])
        if error["ctx"]["pattern"].startswith(ADDRESS) and _HOST.match(str(error["input"])):
            like = "it with https://" if is_about_people(model) else f"https://{error['input']}"
        like += NAMED if name.endswith(("_id", "_ids")) and _LETTERS.search(str(error["input"])) else ""
        return f"{name}: {_quoted(model, error, 'this')} does not fit; write {like}"
    if kind in LENGTHS:
        limit, least = LENGTHS[kind]
        return f"{name}: {least} {error['ctx'][limit]} of them, not {error['ctx']['actual_length']}"
    if bound := BOUNDS.get(kind):
        return f"{name}: {bound} {next(iter(error['ctx'].values()))}{_got(model, error)}"
    got = f"{_got(model, error)}{_expected(model, where)}"
    return f"{name}: {error['msg'].removeprefix('Input ').lower()}{got}"


def _param(model: type[pydantic.BaseModel], where: list[str]) -> str:
    if not where:
        return ""
    aliases = {field.alias: name for name, field in model.model_fields.items() if field.alias}
    path = [
        aliases.get(where[0], where[0]).rstrip("_"),
        *(part for part in where[1:] if "[" not in part and part not in _TAGS),
    ]
    return ".".join(path)


def _choices(model: type[pydantic.BaseModel], where: list[str], error: Any) -> str:
    field = model.model_fields.get(_param(model, where[:1]))
    text = type_text(field.annotation) if field else ""
    return text.strip("[]").replace("|", ", ") or error["ctx"]["expected"].replace("'", "")


def _closest(model: type[pydantic.BaseModel], where: list[str], error: Any) -> str:
    field = model.model_fields.get(_param(model, where[:1]))
    known = {literal.upper(): literal for literal in sorted(literals(field.annotation))} if field else {}
    close = difflib.get_close_matches(str(error["input"]).upper(), known, n=1)
    return f"; did you mean {known[close[0]]}?" if close else ""


def _expected(model: type[pydantic.BaseModel], where: list[str]) -> str:
    field = model.model_fields.get(_param(model, where[:1]))
    return f" (wants {type_text(field.annotation)})" if field else ""


def _example(model: type[pydantic.BaseModel], where: list[str], pattern: str) -> str:
    field = model.model_fields.get(_param(model, where[:1]))
    if shown := next(iter(_examples(field)), "") if field else "":
        return f"something like {shown[0] if isinstance(shown, list) else shown}"
    return "digits" if re.search(pattern, "12345") else f"what fits {pattern}"


def _examples(field: FieldInfo) -> list[Any]:
    """Those of the field, or of what its annotation has inside, such as an address that may be None."""
    if field.examples:
        return field.examples
    inner = (mark for part in typing.get_args(field.annotation) for mark in getattr(part, "__metadata__", ()))
    return next((mark.examples for mark in inner if isinstance(mark, FieldInfo) and mark.examples), [])


def _got(model: type[pydantic.BaseModel], error: Any) -> str:
    return f", got {text}" if (text := _quoted(model, error)) else ""


def _quoted(model: type[pydantic.BaseModel], error: Any, instead: str = "") -> str:
    """What was given, cut; `instead` of it where the call is about people, in whichever parameter."""
    if is_about_people(model) or getattr(model, "private", False):
        return instead
    text = json.dumps(error["input"], ensure_ascii=False, default=str)
    return text if len(text) <= SAID_QUOTE else text[:SAID_QUOTE] + "…"
