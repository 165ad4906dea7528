"""What a call answers in Python: a plain value that can be written, sent, kept and shown."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pydantic
import pytest
from engine_client import AMAZON, FACEBOOK, PROFILE, US, EngineClient
from planning import SPRING

from mcp_ads.connectors import NAMES, connector
from mcp_ads.core import Result, describe
from mcp_ads.errors import AdsError, InvalidParams

pytestmark = pytest.mark.anyio
ACCOUNTS = {"facebook_marketing": US, "linkedin_ads": "512345678", "amazon_ads": PROFILE}
ENTITIES = [(name, entity) for name in NAMES for entity in connector(name).names()]


async def answer_of(engine_client: EngineClient, name: str, entity: str, action: str) -> Result | None:
    """What an action's example answers, if it can be carried out."""
    found = connector(name)
    params = json.loads(describe.example(found.action(entity, action)))
    if found.accounts.param in params:
        params[found.accounts.param] = ACCOUNTS[name]
    try:
        return await engine_client.workspace.execute(name, entity, action, params)
    except AdsError:
        return None


@pytest.mark.slow
async def test_every_answer_is_a_plain_value(engine_client_with: Callable[..., EngineClient]) -> None:
    """JSON, pickle, pydantic and str take the result of every action that answers."""
    answered, engine_client = 0, engine_client_with()
    for name, entity in ENTITIES:
        for action in connector(name).entity(entity).actions:
            if (entity, action) in (("reports", "run"), ("reports", "create")):
                continue
            result = await answer_of(engine_client, name, entity, action)
            if result is None:
                continue
            answered += 1
            text = json.dumps(result.model_dump(mode="json"))
            assert json.loads(json.dumps(result.model_dump())) == json.loads(text), (entity, action)
            assert set(result.model_dump()) == {"data", "meta", "errors", "columns", "text"}
            assert pickle.loads(pickle.dumps(result)).model_dump() == result.model_dump()
            assert len(str(result)) <= 20_000
    assert answered > 30


async def test_str_is_what_an_agent_reads(engine_client: EngineClient) -> None:
    """The same grammar, the same bounds; a plan is its text."""
    result = await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US, limit=3)
    assert str(result) == engine_client.workspace.text(result)
    plan = await engine_client.do(FACEBOOK, "campaigns", "pause", campaign_id=SPRING)
    assert str(plan) == engine_client.workspace.text(plan)
    assert str(plan).split("\n")[1].startswith("PLAN ")


def test_in_a_model_of_pydantic() -> None:
    """A field of a model and the return of a tool, with a schema."""

    class Holder(pydantic.BaseModel):
        """Holds one."""

        result: Result

    held = Holder(result=Result([{"cost": Decimal("1.50")}], {"rows": 1}))
    assert json.loads(held.model_dump_json())["result"]["meta"] == {"rows": 1}
    assert Holder.model_json_schema()["$defs"]["Result"]["type"] == "object"


def test_values_json_has_no_form_for() -> None:
    """Exact amounts and days are text, numbers that are none are None, keys are text."""
    data = [{"cost": Decimal("1.50"), "day": date(2026, 11, 1), "ctr": float("nan"), 7: (1, 2)}]
    assert Result(data).model_dump()["data"] == [
        {"cost": "1.50", "day": "2026-11-01", "ctr": None, "7": [1, 2]}
    ]
    assert "NaN" not in str(Result(data))


def test_a_result_that_is_cut_says_so() -> None:
    """Without a cursor of its own, the text says how much of it there is."""
    text = str(Result([{"text": "y" * 200} for _ in range(300)], {"rows": 300}))
    assert len(text) <= 20_000
    assert "of 300 rows" in text


async def test_a_plan_of_many_steps_as_json(engine_client: EngineClient) -> None:
    """JSON that is too long has fewer steps; what is there is what it would be in full."""
    ids = (await engine_client.table(FACEBOOK, "campaigns", "list", account_id=US, limit=60)).ids
    items = [
        {"campaign_id": campaign_id, "name": f"A new name {number} " + "é" * 150}
        for number, campaign_id in enumerate(ids)
    ]
    result = await engine_client.do(FACEBOOK, "campaigns", "update", items=items)
    text = engine_client.workspace.text(result, "json")
    answer = json.loads(text)
    assert len(text) <= 20_000
    assert isinstance(answer["data"]["steps"], list)
    assert answer["data"]["steps"]
    assert all(isinstance(step["requests"], list) for step in answer["data"]["steps"])
    whole = result.model_dump()["data"]
    if len(answer["data"]["steps"]) < len(whole["steps"]):
        assert "steps" in answer["meta"]["warnings"][-1]
    assert answer["data"]["steps"] == whole["steps"][: len(answer["data"]["steps"])]


DEEP = "[" * 100_000


@pytest.mark.parametrize(
    "params",
    [
        {"account_id": US, "fields": DEEP},
        {"account_id": US, "effective_status": DEEP},
        {"account_id": US, "fields": '{"a":' * 50_000},
        {"account_id": DEEP},
        {"account_id": US, "limit": DEEP},
    ],
)
async def test_deep_json_text_is_a_mistake(engine_client: EngineClient, params: dict[str, Any]) -> None:
    """Brackets without end are a mistake of the call, not a fault of ours."""
    with pytest.raises(InvalidParams):
        await engine_client.do(FACEBOOK, "campaigns", "list", **params)


def deep(levels: int) -> Any:
    """Lists in lists."""
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize("where", [FACEBOOK, AMAZON])
async def test_deep_values_are_a_mistake(engine_client: EngineClient, where: str) -> None:
    """The same for values that came nested."""
    calls: dict[str, tuple[str, str, dict[str, Any]]] = {
        FACEBOOK: ("campaigns", "list", {"account_id": US, "effective_status": deep(5_000)}),
        AMAZON: ("reports", "create", {"report_type": "spCampaigns", "filters": deep(5_000)}),
    }
    entity, action, params = calls[where]
    with pytest.raises(InvalidParams, match="nested"):
        await engine_client.do(where, entity, action, **params)
