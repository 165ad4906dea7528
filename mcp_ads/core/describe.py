"""What a person or an agent is told about an action: a compact signature, a page of text, a JSON schema."""

from __future__ import annotations

import json
import re
import types
import typing
from collections.abc import Mapping
from typing import Any, Literal

from pydantic.fields import FieldInfo

from .action import Action
from .dates import Span
from .door import of_records
from .figures import SELECTING
from .kept import marks
from .marks import is_found
from .money import Amount
from .private import PrivateRows
from .upload import Upload, UploadedFile
from .view import offered
from .view_words import view_words
from .write import Write

SHOWN_CHOICES = 12
SELECTION = {
    "where": "instead of ids, a condition on columns of the list, and of the report of the days in over, as "
    "list has it: name ~ 'sale' and ctr < 0.5 and impressions >= 1000; with {account}",
    "over": "the days of its figures: last_month, last_7d, 2026-10-01..2026-10-31",
}
"""What stands in place of ids where a condition finds the objects."""
OF_RECORDS = {
    "limit": "Most records in this answer.",
    "cursor": "`end_cursor` of the answer before: goes on after its last record.",
}
"""What the parameters of a list are for where it answers with records."""
PLACEHOLDERS = "The ids in the example stand for yours: lists have them."
_LONG_ID = re.compile(r"\d{6}")
TYPES = {
    str: "text",
    int: "integer",
    float: "number",
    bool: "true|false",
    dict: "object",
    Amount: "money",
    Span: "dates",
    PrivateRows: "[object]",
    UploadedFile: "file",
}


def summary(action: type[Action]) -> str:
    """The first line of an action's docstring."""
    return (action.__doc__ or "").strip().splitlines()[0]


def signature(entity: str, name: str, action: type[Action]) -> str:
    """One line: `things.update(thing_id*, color=RED|BLUE, …)`; * marks required ones."""
    own = [_parameter(param, field) for param, field in visible(action).items()]
    more = [*extra(action), *(SELECTION if selects(name, action) else ())]
    return f"{entity}.{name}({', '.join([*own, *more])})"


def visible(action: type[Action]) -> dict[str, FieldInfo]:
    """The parameters an agent may set; those with one possible value are not shown."""
    fields = action.model_fields.items()
    shown = [(n, f) for n, f in fields if not _fixed(f) and not is_found(f)]
    return dict(sorted(shown, key=lambda pair: not pair[1].is_required()))


def selects(name: str, action: type[Action]) -> bool:
    """Whether a condition may stand in place of the ids of an action of this name."""
    return issubclass(action, Write) and name in SELECTING and bool(action.subject or action.does == "makes")


def extra(action: type[Action]) -> list[str]:
    """Parameters every action of this kind has besides its own."""
    if issubclass(action, Write):
        return ["items=[{…}]", "append_to=plan_id"]
    return [_name(param, field) for param, field in offered(action).model_fields.items()]


def page(
    connector: str,
    entity: str,
    name: str,
    action: type[Action],
    more: Mapping[str, str] | None = None,
    *,
    account: str = "account_id",
) -> str:
    """Everything about one action, as text an agent reads; `more` are parameters it has here besides, and
    `account` is the one that names an account.
    """
    lines = [f"{connector} {entity}.{name} ({action.risk}): {_doc(action)}", "", "Parameters (* required):"]
    lines += [_line(param, field) for param, field in visible(action).items()]
    if issubclass(action, Write):
        lines.append(
            "- items: [{…}, {…}]; one write for many objects, each with its own fields; those beside it are "
            "defaults for each"
        )
        lines.append("- append_to: a plan_id; adds this as the plan's next step, which may refer to @1.id")
        selection = SELECTION if selects(name, action) else {}
        lines += [f"- {param}: {said.format(account=account)}" for param, said in selection.items()]
        lines += [f"- {param}: {said}" for param, said in (more or {}).items()]
        lines.append(
            "- steps: [{connector, entity, action, params}]; more writes for its plan, after this one"
        )
    else:
        said = _view_words(action)
        for param, field in offered(action).model_fields.items():
            lines.append(_line(_name(param, field), field, said.get(param, "")))
    if action.lean and not of_records():
        lines += ["", f"Default columns: {', '.join(action.lean)}"]
    shown = example_text(action)
    lines += ["", *([PLACEHOLDERS] if _LONG_ID.search(shown) else [])]
    return "\n".join([*lines, f"Example params: {shown}"])


def schema(action: type[Action]) -> dict[str, Any]:
    """The JSON Schema of an action's parameters, with those every action of its kind has."""
    made = action.model_json_schema(by_alias=False)
    made = _inlined(made, made.pop("$defs", {}))
    if issubclass(action, Write):
        made["properties"] |= {
            "items": {"type": "array", "items": {"type": "object"}, "maxItems": 100},
            "append_to": {"type": "string"},
            "steps": {"type": "array", "items": {"type": "object"}, "maxItems": 100},
        }
    else:
        view = offered(action).model_json_schema()["properties"]
        said = _view_words(action)
        made["properties"] |= {
            name: {**field, "description": said[name]} if name in said else field
            for name, field in view.items()
        }
    return {key: _without_noise(value) for key, value in made.items() if key != "title"}


def example(action: type[Action]) -> str:
    """Parameters that pass validation, from the fields' own examples and the action's sample."""
    given = {n: f.examples[0] for n, f in visible(action).items() if f.examples and f.is_required()}
    return json.dumps(given | dict(action.sample), ensure_ascii=False)


def example_text(action: type[Action]) -> str:
    """The example as it is shown: files stand there by a name, as they would inside MCP_ADS_FILES."""
    files = {name: mark.named for name, mark in marks(action).items() if isinstance(mark, Upload)}
    given = json.loads(example(action))
    return json.dumps(given | {name: files[name] for name in files if name in given}, ensure_ascii=False)


def type_text(annotation: Any) -> str:
    """A type as an agent reads it: A|B, [text], money, dates."""
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return type_text(args[0])
    if origin is Literal:
        cut = [str(argument) for argument in args[:SHOWN_CHOICES]]
        return "|".join([*cut, "…"] if len(args) > SHOWN_CHOICES else cut)
    if origin in (typing.Union, types.UnionType):
        return "|".join(type_text(argument) for argument in args if argument is not type(None))
    if origin is list:
        return f"[{type_text(args[0])}]"
    return TYPES.get(origin or annotation, "object")


def _parameter(name: str, field: FieldInfo) -> str:
    return f"{name}*" if field.is_required() else name


def _name(param: str, field: FieldInfo) -> str:
    """A parameter of a view as it is written: `from` is no name in Python."""
    return field.alias or param


def _view_words(action: type[Action]) -> Mapping[str, str]:
    """What a view's parameters are for the action, as its example call has columns."""
    if of_records():
        return OF_RECORDS
    if "where" not in offered(action).model_fields:
        return {}
    return view_words(action.model_validate(json.loads(example(action))))


def _line(name: str, field: FieldInfo, instead: str = "") -> str:
    required = "*" if field.is_required() else ""
    default = field.get_default(call_default_factory=True) if not field.is_required() else None
    shown = f", default {default}" if default not in (None, "", [], {}) else ""
    doc = f": {said}" if (said := instead or field.description) else ""
    return f"- {name}{required} ({type_text(field.annotation)}{shown}){doc}"


def _fixed(field: FieldInfo) -> bool:
    return typing.get_origin(field.annotation) is Literal and len(typing.get_args(field.annotation)) == 1


def _doc(action: type[Action]) -> str:
    return " ".join((action.__doc__ or "").split())


def _inlined(node: Any, defined: dict[str, Any]) -> Any:
    """The schema with what it refers to in its place: agents read one parameter at a time."""
    if isinstance(node, dict):
        if reference := node.get("$ref"):
            return _inlined(defined[reference.rpartition("/")[2]], defined)
        return {key: _inlined(value, defined) for key, value in node.items()}
    return [_inlined(item, defined) for item in node] if isinstance(node, list) else node


def _without_noise(node: Any) -> Any:
    """The schema without its titles, which repeat names and cost tokens."""
    if isinstance(node, dict):
        return {
            key: _without_noise(value)
            for key, value in node.items()
            if not (key == "title" and isinstance(value, str))
        }
    return [_without_noise(item) for item in node] if isinstance(node, list) else node
