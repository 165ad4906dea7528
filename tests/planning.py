"""Hands that plan and apply: shortcuts to a plan's id, and to what was carried out on a platform."""

from __future__ import annotations

import ast
import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from engine_client import FACEBOOK, EngineClient

from mcp_ads.core import Result
from mcp_ads.errors import AdsError

SPRING, SURF, GIFTS = (f"12021100000000003{end}" for end in ("40", "38", "32"))
"""Active campaigns: 50 USD a day, 80 USD a day, 4,200 USD in all."""
STRIPES, DRYBAGS = "1202110000000000316", "1202110000000000315"
"""Paused campaigns: 30 USD a day, with budgets on its ad sets."""
REGENWEAR = "1202110000000000920"
"""An active campaign in Japan, 10400 JPY a day."""
JACKETS_SET, SPRING_SET, SPRING_SET_PAUSED = (
    "1202120000000003391",
    "1202120000000003401",
    "1202120000000003402",
)
SPRING_AD_PAUSED = "1202130000000034012"
CREATIVE = "1202140000000017011"
NEW: dict[str, Any] = {"account_id": "1234567890", "name": "Launch", "objective": "OUTCOME_TRAFFIC"}
TARGETING = {"geo_locations": {"countries": ["US"]}, "targeting_automation": {"advantage_audience": 0}}
NEW_SET: dict[str, Any] = {
    "account_id": "1234567890",
    "name": "Launch, US",
    "optimization_goal": "LINK_CLICKS",
    "targeting": TARGETING,
}
_CHECK = re.compile(r'(\w+)_execute\("(\w+)", "(\w+)", (\{.*?\})\): (?:it was|those were) done')


def writes(engine_client: EngineClient) -> list[str]:
    """Every change that was carried out, as "update campaign 1202…"."""
    return [f"{write['what']} {write['id']}" for write in engine_client.store.writes()]


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something has happened elsewhere."""
    for _ in range(2000):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it did not happen")


async def planned(
    engine_client: EngineClient, entity: str, action: str, connector: str = FACEBOOK, **params: Any
) -> str:
    """The id of a new plan."""
    return str((await engine_client.do(connector, entity, action, **params)).data["plan_id"])


async def applied(engine_client: EngineClient, plan_id: str) -> Result:
    """What ads_apply answers."""
    return await engine_client.workspace.apply(plan_id)


def undo_of(result: Result) -> str:
    """The plan that takes an applied one back."""
    return result.text.split("undo: ads_apply(")[1].split(")")[0]


def check_in(text: str) -> tuple[str, str, str, dict[str, Any]]:
    """The call by which an answer says its unknown outcome can be checked."""
    return checks_in(text)[0]


def checks_in(text: str) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Every such call, in the order of what it is about."""
    found = list(_CHECK.finditer(text))
    assert found, text
    return [(one[1], one[2], one[3], ast.literal_eval(one[4])) for one in found]


def readings_in(text: str, numbers: Sequence[int]) -> list[str]:
    """What an answer says that reading shows of steps of unknown outcome, told one by one or together."""
    found, current = dict[int, str](), 0
    for line in text.splitlines():
        head, reads, said = line.partition("reading it now: ")
        current = int(one[1]) if (one := re.match(r"(\d+)\. UNKNOWN", line)) else current
        several = [*map(int, re.findall(r"(\d+)\. ", head))]
        if reads:
            found |= dict.fromkeys(several or (numbers if "each" in head else [current]), said)
    return [found[number] for number in numbers if number in found]


async def error_of(call: Awaitable[Any]) -> AdsError | None:
    """What a call raises, if anything."""
    try:
        await call
    except AdsError as error:
        return error
    return None


async def value_of(engine_client: EngineClient, field: str, campaign_id: str = SPRING) -> Any:
    """A campaign's field as the platform has it: money in minor units."""
    result = await engine_client.do(FACEBOOK, "campaigns", "get", campaign_id=campaign_id, fields=[field])
    return result.data[field] if field in result.data else result.data[f"{field}_minor"]
