"""Requests that travel together: spelled as the vendor documents it, answered one by one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from test_wire import _body, _header, _url
from wire_cases import TODAY

from mcp_ads.connectors import connector
from mcp_ads.core import Account, Context, Reply, Request, Wire, validate
from mcp_ads.core.bundles import joined
from mcp_ads.errors import ApiError, PlatformDown, RateLimited

CASES = json.loads((Path(__file__).parents[1] / "wire" / "batches.json").read_text("utf-8"))
FACEBOOK, LINKEDIN, AMAZON = "facebook_marketing", "linkedin_ads", "amazon_ads"


def requests(name: str, items: list[dict[str, Any]]) -> list[Request]:
    platform, found = connector(name), []
    context = Context(today=TODAY, account=Account("1234567890", currency="USD"))
    for item in items:
        kind = platform.action(item["entity"], item["action"])
        call = validate.call(item["entity"], item["action"], kind, item["params"])
        found.append(call.settled(context).to_request())
    return found


def together(name: str, items: list[dict[str, Any]]) -> Request:
    """The items as the one request that they are."""
    found, platform = requests(name, items), connector(name)
    bundles = {platform.bundle(part) for part in found}
    assert len(bundles) == 1
    bundle = bundles.pop()
    assert bundle
    return joined(found, bundle)


@pytest.mark.parametrize("case", CASES, ids=[f"{c['connector']}-{i}" for i, c in enumerate(CASES)])
def test_batch_is_the_documented_one(case: dict[str, Any]) -> None:
    """Method, URL, headers and body are those of the vendor's batch, and a public page says so."""
    wire: Wire = connector(case["connector"]).dialect.encode(together(case["connector"], case["items"]))
    assert wire.method == case["method"]
    assert _url(wire.url) == _url(case["url"])
    assert {key: _header(wire, key) for key in case["headers"]} == case["headers"]
    assert _body(wire) == case["body"]
    assert len(case["source"]) > len("https://")


def read(name: str, at: int, status: int, answer: Any) -> list[Any]:
    """What a platform's answer to one of the cases says of each item: its answer, or an error's class."""
    asked = together(name, CASES[at]["items"])
    reply = Reply(status, {}, json.dumps(answer).encode(), asked=asked)
    found = connector(name).dialect.decode(reply)
    return [type(part) if isinstance(part, ApiError) else part for part in found]


DONE = {"code": 200, "body": '{"success": true}'}
SLOW = {"code": 400, "body": '{"error": {"type": "OAuthException", "code": 17, "message": "slow down"}}'}
ITEM = {"errorType": "throttledError", "errorValue": {"throttledError": {"reason": "THROTTLED"}}}


@pytest.mark.parametrize(
    ("name", "at", "status", "answer", "expected"),
    [
        (FACEBOOK, 0, 200, [SLOW, DONE], [RateLimited, {"success": True}]),
        (FACEBOOK, 0, 200, [None, DONE], [PlatformDown, {"success": True}]),
        (FACEBOOK, 0, 200, [{"code": "200", "body": "{}"}, {"body": 3}], [PlatformDown, PlatformDown]),
        (LINKEDIN, 3, 200, {"results": {"300000001": {"status": 204}}, "errors": {}}, [{}, PlatformDown]),
        (
            LINKEDIN,
            3,
            207,
            {"results": {"300000001": {"status": 204}}, "errors": {"300000002": {"status": 429}}},
            [{}, RateLimited],
        ),
        (
            LINKEDIN,
            3,
            200,
            {"results": {"300000001": {"status": 204}}, "errors": {"300000001": {"status": 400}}},
            [PlatformDown, PlatformDown],
        ),
        (
            LINKEDIN,
            4,
            200,
            {"elements": [{"status": 201, "id": 7}, {"status": 429, "error": {}}]},
            [{"id": "7"}, RateLimited],
        ),
        (
            AMAZON,
            5,
            207,
            {
                "campaigns": {
                    "success": [{"index": 1, "campaignId": "102"}],
                    "error": [{"index": 0, "errors": [ITEM]}],
                }
            },
            [RateLimited, {"campaignId": "102"}],
        ),
        (
            AMAZON,
            5,
            207,
            {"campaigns": {"success": [{"index": 0, "campaignId": "101"}, {"index": 7}], "error": []}},
            [{"campaignId": "101"}, PlatformDown],
        ),
        (
            AMAZON,
            5,
            207,
            {"campaigns": {"success": [{"index": 0}], "error": [{"index": 0, "errors": [ITEM]}]}},
            [PlatformDown, PlatformDown],
        ),
    ],
)
def test_each_item_has_its_own_answer(
    name: str, at: int, status: int, answer: Any, expected: list[Any]
) -> None:
    """An item that is refused, absent, named twice or foreign leaves the others as they are."""
    assert read(name, at, status, answer) == expected


@pytest.mark.parametrize(
    ("name", "at", "status", "answer"),
    [
        (FACEBOOK, 0, 200, [DONE]),
        (FACEBOOK, 0, 200, {"success": True}),
        (LINKEDIN, 4, 200, {"elements": [{"status": 201, "id": 7}]}),
        (LINKEDIN, 3, 204, {}),
    ],
)
def test_answer_of_another_length_says_nothing(name: str, at: int, status: int, answer: Any) -> None:
    """Where entries are told apart by their place, one too few makes all of them doubtful."""
    with pytest.raises(PlatformDown):
        read(name, at, status, answer)


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        (AMAZON, CASES[5]["items"][0], CASES[6]["items"][0]),
        (LINKEDIN, CASES[3]["items"][0], CASES[4]["items"][0]),
        (FACEBOOK, CASES[0]["items"][0], CASES[1]["items"][0]),
        (FACEBOOK, CASES[0]["items"][0], CASES[2]["items"][0]),
    ],
)
def test_different_changes_do_not_travel_together(
    name: str, one: dict[str, Any], other: dict[str, Any]
) -> None:
    """What is sent to another place, or in another way, is another batch."""
    first, second = (connector(name).bundle(request) for request in requests(name, [one, other]))
    assert first != second
