"""What a request asks for, held to the connector of its URL, also where it asks for several writes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mcp_ads.core.synonyms import bare

from .catalog import DEFINITIONS
from .refusals import Refused
from .store.connectors import Kept

PINNED = "connection: this connector is the one that is called; leave it out"
_STEPS, _CONNECTION, _CONNECTOR, _PARAMS = map(bare, ("steps", "connection", "connector", "params"))


def pinned(kept: Kept, label: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters with the connector's connection, in each of several `steps`, too. Raises Refused."""
    ours = {"connection": label}
    found = {**params, **ours}
    for name in params:
        if bare(str(name)) == _CONNECTION:
            raise Refused(422, PINNED, field="params.connection")
        if bare(str(name)) == _STEPS:
            found[name] = [_pinned_entry(kept, entry, ours) for entry in _listed(params[name])]
    return found


def _listed(steps: Any) -> list[dict[str, Any]]:
    whole = isinstance(steps, list) and all(
        isinstance(one, dict) and isinstance(one.get("params", {}), dict) for one in steps
    )
    if not whole:
        raise Refused(422, "steps: a list of {entity, action, params}", field="params.steps")
    return list(steps)


def _pinned_entry(kept: Kept, entry: Mapping[str, Any], ours: Mapping[str, str]) -> dict[str, Any]:
    name = DEFINITIONS[kept.slug].name
    params = entry.get("params", {})
    others = [text for key, text in entry.items() if bare(str(key)) == _CONNECTOR]
    spelt = [key for key in entry if bare(str(key)) == _PARAMS and key != "params"]
    if any(bare(str(text)) != bare(name) for text in others) or spelt:
        raise Refused(422, f"steps: each is of this connector, {name}; leave its name out",
                      field="params.steps")  # fmt: skip
    if any(bare(str(key)) in (_CONNECTION, _STEPS) for key in params):
        raise Refused(422, f"steps: {PINNED}", field="params.steps")
    without = {key: value for key, value in entry.items() if bare(str(key)) != "connector"}
    return {**without, "connector": name, "params": {**params, **ours}}
