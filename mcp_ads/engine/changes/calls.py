"""A step's call, derived again from its parameters, and what it reads and sends. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import pydantic

from mcp_ads.core import Connector, Part, Write, dig
from mcp_ads.core.bodies import files_in, shown
from mcp_ads.core.connector import Dialect, spelt
from mcp_ads.errors import StalePlan

from .references import fill_refs
from .steps import REQUEST, Step


def fields_of(call: Write) -> list[str]:
    """The fields a plan reads of an object before it changes it."""
    return list(dict.fromkeys([*call.watch, *call.sets()]))


def compared(call: Write, *, starts: bool) -> list[str]:
    """The fields that must have the same values when the change is applied.

    That is nothing that moves by itself, as reviews do, and of parents only what is about to be spent.
    """
    return [field for field in fields_of(call) if field not in call.moving and (starts or "{" not in field)]


def kept_params(call: Write) -> dict[str, Any]:
    """Parameters that are not sent in the body but belong to the call."""
    excluded = {name for name, field in type(call).model_fields.items() if field.exclude}
    return {name: value for name in excluded if (value := getattr(call, name)) is not None}


def requests_of(connector: Connector, dialect: Dialect, call: Write) -> list[dict[str, Any]]:
    """What the call sends, without headers: kept, shown, and derived again before it is sent.

    Of several requests each says what it does, and what it leaves behind when a later one is not done: that
    is looked at in the call's account, where its `get` has to be told one.
    """
    requests = [_request_of(dialect, part) for part in call.outline()]
    param = connector.accounts.param
    for left in (request["leaves"] for request in requests if "leaves" in request):
        field = connector.action(left["entity"], "get").model_fields.get(param)
        if field and field.is_required() and (account := getattr(call, param, None)):
            left["given"] = {param: str(account)}
    return requests


def _request_of(dialect: Dialect, part: Part) -> dict[str, Any]:
    wire = spelt(dialect, part.request)
    request = {
        "method": wire.method,
        "url": wire.url,
        "body": shown(wire.content),
        "files": [
            {"sha256": file.sha256, "size": file.size, "text": file.text} for file in files_in(wire.content)
        ],
        "does": part.line,
        "resumes": part.resumes,
        "leaves": asdict(part.leaves) if part.leaves else None,
        "shown": asdict(part.shown) if part.shown else None,
    }
    return {name: value for name, value in request.items() if value or name in REQUEST}


def call_of(connector: Connector, step: Step, ids: Mapping[int, str] | None = None) -> Write:
    """The step's call, derived again from its parameters, with the references filled in that are known."""
    kind = connector.action(step.entity, step.action)
    assert issubclass(kind, Write)
    try:
        return kind.model_validate(fill_refs(step.params, ids or {}))
    except pydantic.ValidationError:
        raise StalePlan(
            "the plan's parameters do not fit this version any more; make the plan again"
        ) from None


def made_record(connector: Connector, step: Step, fields: Iterable[str]) -> dict[str, Any]:
    """What a step will make, as the steps after it read it: what its plan shows, and these fields of the rest
    that it sends.
    """
    sent = call_of(connector, step).sent()
    return {**{name: sent[name] for name in fields if name in sent}, **step.changes}


def names_new(call: Write, answer: Any) -> str:
    """The id of what a create made, as the platform answered."""
    return str(dig(answer, call.new_id_at) or "")
