"""Plans of several writes, over all platforms: made in one call, kept for one approval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from mcp_ads.core import NONE, Entity, Read, Result, validate

if TYPE_CHECKING:
    from mcp_ads.engine.door import Engine

STEPS = "steps"
EXAMPLE = {
    "connector": "facebook",
    "entity": "campaigns",
    "action": "pause",
    "params": {"campaign_id": "1202110000000000340"},
}


class MakePlan(Read):
    """Make one plan of several writes, on one platform or several; nothing is changed until it is applied.

    Each step is a write with its own params, which may have items or where. @1.id means what the first step
    of the plan makes: steps count as they stand in it, each item one. All mistakes are said at once, and
    nothing is kept then.
    """

    steps: Annotated[
        list[dict[str, Any]],
        Field(description="{connector, entity, action, params} for each write.", examples=[[EXAMPLE]]),
    ]
    append_to: Annotated[str, Field(description="A plan_id: its steps come first.")] = ""

    whose = NONE
    said = "one plan of many steps, launch a campaign with ad set and ads in one call, bulk changes"


async def made(desk: Engine, entity: str, action: str, params: Mapping[str, Any]) -> Result:
    """The plan of all steps. Raises AdsError, with every mistake of every step; then nothing is kept."""
    from mcp_ads.engine.several import make_plan

    placeholder: dict[str, Any] = (
        {STEPS: [{}]} if params.get(STEPS) is not None else {}
    )  # what is in it may be about people
    validate.call(entity, action, MakePlan, {**params, **placeholder})
    with desk.changing():
        return await make_plan(desk, None, params, "")


def _meant(action: str, params: Mapping[str, Any]) -> str:
    """To make one, whatever it is called: steps are for nothing else."""
    return "make" if STEPS in params else action


SHOWN = "ads_describe(query=plan_id) shows a plan"
LACKS = {
    "get": SHOWN,
    "list": 'ads_describe(query="plans") lists the last ones, ads_describe(query=plan_id) shows one',
    "apply": "ads_apply(plan_id) carries it out",
    "delete": f"a plan ends by itself, and nothing is done before; {SHOWN}",
}
plans = Entity(noun="plan", make=MakePlan, meant=_meant, lacks=LACKS)
