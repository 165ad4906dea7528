"""Calls the LinkedIn tests make, through the door an agent uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from engine_client import LINKEDIN as NAME
from engine_client import EngineClient

from mcp_ads.connectors import connector
from mcp_ads.core import Account, Action, Context, Request, Result, Write, validate
from mcp_ads.core.names import Names
from mcp_ads.errors import ApiError

LINKEDIN = connector(NAME)
TODAY = date(2026, 11, 22)
CONTEXT = Context(TODAY, Account("512345678", "Tern", "USD"))
CAMPAIGN: Mapping[str, Any] = {
    "name": "Spring",
    "campaign_group_id": "600000001",
    "type": "SPONSORED_UPDATES",
    "objective_type": "WEBSITE_VISIT",
    "cost_type": "CPM",
    "optimization_target_type": "MAX_CLICK",
    "daily_budget": "50 USD",
    "run_schedule": {"start": "2026-12-01"},
    "locale": {"country": "US", "language": "en"},
    "political_intent": "NOT_POLITICAL",
}


def call(entity: str, action: str, **params: Any) -> Action:
    """A valid call in the test account; raises InvalidParams."""
    kind = LINKEDIN.action(entity, action)
    own = {"account_id": "512345678"} if "account_id" in kind.model_fields else {}
    return validate.call(entity, action, kind, own | params)


def write(entity: str, action: str, live: Mapping[str, Any] | None = None, **params: Any) -> Write:
    """A settled write, against an object as it is now."""
    made = call(entity, action, **params).settled(CONTEXT, live)
    assert isinstance(made, Write)
    return made


def new_campaign(**params: Any) -> Write:
    """A new campaign with what it needs, and what the test is about; None leaves something out."""
    given = {name: value for name, value in {**CAMPAIGN, **params}.items() if value is not None}
    return write("campaigns", "create", **given)


def run(made: Action, *answers: Any) -> tuple[Result, list[Request]]:
    """What a recipe returns for these answers, and what it asked for; no name is known beforehand."""
    context = replace(CONTEXT, names=Names())
    left, steps, sent, asked = list(answers), made.settled(context).flow(context), None, []
    try:
        step = next(steps)
        while True:
            if isinstance(step, Request):
                asked.append(step)
                sent = left.pop(0)
            step = steps.throw(sent) if isinstance(sent, ApiError) else steps.send(sent)
            sent = None
    except StopIteration as end:
        result: Result = end.value
        assert left == []
        return result, asked


async def rows_of(engine_client: EngineClient, entity: str, **params: Any) -> list[dict[str, Any]]:
    """The rows of a list."""
    found: list[dict[str, Any]] = (await engine_client.do(NAME, entity, "list", **params)).data
    return found
