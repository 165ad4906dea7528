"""Plans that a host keeps of a connector, as it lists and shows them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from mcp_ads.auth.answers import json_object
from mcp_ads.core.cells import cut, visible
from mcp_ads.engine.wire.redaction import mapped
from mcp_ads.errors import NotConfigured, NotFound, UnknownPlan

from .remote_refusals import PLAN_ID, lost
from .remote_wire import Call, HostWire


async def plans_at(wire: HostWire, place: str) -> list[dict[str, Any]]:
    """The plans of the connector at a path. Raises NotConfigured where the host lists none."""
    try:
        listed = (await _said(wire, f"{place}/plans")).get("data")
    except NotFound as error:
        raise NotConfigured(
            f"plans: {wire.host.name} lists none, or has no such connector", fix="keep the plan_id of a plan"
        ) from error
    if not isinstance(listed, list) or not all(isinstance(plan, dict) for plan in listed):
        raise lost(wire.host, "its answer is not of the documented form", write=False)
    return listed


async def text_of(wire: HostWire, place: str, plan_id: str) -> str:
    """The whole text of a plan of the connector at a path. Raises UnknownPlan."""
    if not PLAN_ID.fullmatch(plan_id):
        raise UnknownPlan(f"{cut(plan_id, 80)!r} is no plan_id; give the whole string")
    try:
        text = (await _said(wire, f"{place}/plans/{quote(plan_id, safe='')}")).get("plan")
    except NotFound:
        text = None
    if not isinstance(text, str) or not text:
        raise UnknownPlan("the host has no such plan of this connector", fix="make the plan again")
    return visible(text)


async def _said(wire: HostWire, path: str) -> dict[str, Any]:
    """What the host answers, without secrets."""
    found: dict[str, Any] = mapped(
        json_object(await wire.answered(Call("GET", path))), wire.secrets.without_secrets
    )
    return found
