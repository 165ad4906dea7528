"""What holds of every call to Facebook: ids with and without act_, no dead protocol, expansions, pages."""

from __future__ import annotations

import json
import re
import typing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from engine_client import FACEBOOK, US, EngineClient
from planning import SPRING, SPRING_AD_PAUSED, SPRING_SET_PAUSED, applied
from wire_cases import CASES, sent

from mcp_ads.connectors import connector
from mcp_ads.errors import AdsError

CALLS = [case for name, case in CASES if name == FACEBOOK]
BATCHES = [
    case
    for case in json.loads((Path(__file__).parent / "wire" / "batches.json").read_text("utf-8"))
    if case["connector"] == FACEBOOK
]
DEAD = {"ids", "date_format", "pretty", "debug", "__debug__", "metadata"}
"""Parameters that v26.0 refuses or ignores."""
SECRET = {"access_token", "appsecret_proof", "client_secret"}
RAW = "graph"
OWN_NUMBERS = {"session_id"}
"""Ids that are not Facebook's but the caller's."""


def _names(case: dict[str, Any]) -> set[str]:
    """The parameters of a request, in its URL and its body."""
    _, _, query = case["url"].partition("?")
    body = case["body"] if isinstance(case["body"], dict) else {}
    return {name for name, _ in parse_qsl(query, keep_blank_values=True)} | body.keys()


def _called(case: dict[str, Any]) -> str:
    return f"{case['entity']}.{case['action']}"


def test_nothing_that_graph_has_given_up_is_sent() -> None:
    """No multi-get by ids, no formats of dates, no introspection; and no credential among the parameters."""
    assert len(CALLS) > 50
    assert [_called(case) for case in CALLS if _names(case) & (DEAD | SECRET)] == []
    sent_together = [part for case in BATCHES for part in case["body"]["batch"]]
    assert sent_together
    assert [part for part in sent_together if re.search(r"[?&]ids=|^ids=", json.dumps(part))] == []


def test_every_path_has_the_version() -> None:
    """An ads call without a version is invalid, and an account is always act_ and digits."""
    for case in CALLS:
        assert re.match(r"/v26\.0/[a-zA-Z0-9_<>. ]+", case["url"]), case
        assert not re.search(r"act_(?![0-9])|act_act_", case["url"]), case


@pytest.mark.parametrize(
    "case",
    [case for case in CALLS if "account_id" in case["params"] and case["entity"] != RAW],
    ids=_called,
)
def test_an_account_is_named_with_and_without_act(case: dict[str, Any]) -> None:
    """Both spellings are one account, as text or as a number: the request is the same."""
    digits = str(case["params"]["account_id"]).removeprefix("act_")
    spellings: list[Any] = [digits, f"act_{digits}", int(digits)]
    wires = [
        sent(FACEBOOK, {**case, "params": {**case["params"], "account_id": spelling}})
        for spelling in spellings
    ]
    assert len({(wire.method, wire.url) for wire in wires}) == 1
    assert len({str(wire.content) for wire in wires if isinstance(wire.content, bytes)}) <= 1


def test_ids_are_text() -> None:
    """An id is longer than a number keeps: every parameter that is one is a text."""
    platform = connector(FACEBOOK)
    for entity in platform.names():
        for action in platform.entity(entity).actions.values():
            for name, field in action.model_fields.items():
                if name.endswith("_id") and name not in OWN_NUMBERS:
                    assert int not in _types(field.annotation), (entity, name)


def _types(annotation: Any) -> set[Any]:
    inner = typing.get_args(annotation)
    if inner:
        return {kind for part in inner for kind in _types(part)}
    return {annotation} if isinstance(annotation, type) else set()


EXPANSIONS = [
    ("campaigns", {"campaign_id": SPRING}, "adsets.limit(5){id,name,ads.limit(2){id,creative{id}}}"),
    ("campaigns", {"campaign_id": SPRING}, "insights.date_preset(last_7d){spend,impressions}"),
    ("campaigns", {"campaign_id": SPRING}, 'ads.limit(3).effective_status(["ACTIVE"]){id,effective_status}'),
]


@pytest.mark.anyio
@pytest.mark.parametrize(("entity", "params", "field"), EXPANSIONS)
async def test_expansions_are_passed_through(
    engine_client: EngineClient, entity: str, params: dict[str, Any], field: str
) -> None:
    """What is written in braces goes as it is, and the answer has it."""
    params = {**params, "fields": ["id", field]}
    wire = sent(FACEBOOK, {"entity": entity, "action": "get", "params": params})
    [(_, asked)] = parse_qsl(wire.url.partition("?")[2])
    assert asked == f"id,{field}"
    data = (await engine_client.do(FACEBOOK, entity, "get", **params)).data
    assert data[re.split(r"[.{(]", field)[0]]


@pytest.mark.anyio
async def test_the_last_page_is_known_for_the_last(engine_client: EngineClient) -> None:
    """Graph's last page has a cursor too: nothing is asked after it, and the answer has no more."""
    first = await engine_client.do(FACEBOOK, "ad_sets", "list", account_id=US, campaign_id=SPRING, limit=1000)
    assert first.meta["more"] is False
    assert "cursor" not in first.meta
    asked = [request for request in engine_client.sent() if request.endswith("/adsets")]
    assert len(asked) == 1


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("entity", "param", "object_id"),
    [
        ("campaigns", "campaign_id", SPRING),
        ("ad_sets", "adset_id", SPRING_SET_PAUSED),
        ("ads", "ad_id", SPRING_AD_PAUSED),
    ],
)
async def test_archiving_is_for_good(
    engine_client: EngineClient, entity: str, param: str, object_id: str
) -> None:
    """The plan says so, the object stays readable and leaves its list, and there is no way back."""
    plan = await engine_client.do(FACEBOOK, entity, "archive", **{param: object_id})
    assert "ARCHIVED" in plan.text
    done = await applied(engine_client, plan.data["plan_id"])
    assert "undo: ads_apply(" not in done.text
    record = (
        await engine_client.do(FACEBOOK, entity, "get", **{param: object_id}, fields=["id", "status"])
    ).data
    assert record["status"] == "ARCHIVED"
    listed = await engine_client.table(FACEBOOK, entity, "list", account_id=US, limit=500)
    assert object_id not in listed.ids
    with pytest.raises(AdsError):
        await engine_client.do(FACEBOOK, entity, "activate", **{param: object_id})
