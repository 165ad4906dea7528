"""The parameters of an action as a class has them: those of its records, without looks at shown rows."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from mcp_ads.core import Action, Connector, Write, describe
from mcp_ads.core.door import with_records
from mcp_ads.core.view import ListView, view_of
from mcp_ads.engine.session.instead import found_by, told

SDK: Mapping[str, Any] = {
    "select_fields": None,
    "exclude_fields": None,
    "skip_truncation": True,
    "progress": None,
}
"""Keywords of every call, unless its action has a parameter of that name, and what they are left out."""
OF_WRITES, OF_SELECTION = ("items", "append_to", "steps"), ("where", "over")


def schema_of(kind: type[Action]) -> dict[str, Any]:
    """The JSON Schema of an action's parameters."""
    with with_records():
        return describe.schema(kind)


def signature_of(connector: Connector, entity: str, action: str) -> inspect.Signature:
    """How an action is called, for `help` and completion: every parameter by its name."""
    kind = connector.action(entity, action)
    own = describe.visible(kind)
    parameters = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if field.is_required() else field.get_default(),
            annotation=field.annotation,
        )
        for name, field in own.items()
    ]
    view = view_of(kind).model_fields
    more = [name for name in ListView.model_fields if name in view]
    if kind.risk != "read":
        found = issubclass(kind, Write) and found_by(connector, entity, action, kind)
        more = [*OF_WRITES, *(OF_SELECTION if found else ()), *told(connector, entity, action)]
    parameters += [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=SDK.get(name))
        for name in (*more, *SDK)
        if name not in own
    ]
    return inspect.Signature(parameters)
