"""What changing objects that a condition finds costs a conversation, beside finding and naming them by id.

The other way is as it was without selections: the report and the list are read whole, then a call for each 25
objects adds to one plan. Both are planned and applied in the same run, each in a sandbox of its own.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, NamedTuple
from unittest.mock import patch

from mcp_ads.server import build_server
from mcp_ads.settings import load

from .listing import tokens
from .questions import AMAZON, FACEBOOK, WHOLE, Call, Params, pages_of, text_of
from .report import Number

A_CALL = 25
US, PROFILE = FACEBOOK[0], AMAZON[0]
KEYWORDS, CAMPAIGNS = "sponsored_product_keywords", "campaigns"


class Sentence(NamedTuple):
    """The one write that does what a sentence asks, and the most tokens it may take with its approval; what
    was read before to find the objects, and what is done to them then by their ids.
    """

    asked: str
    tool: str
    entity: str
    action: str
    params: Params
    most: int
    reads: tuple[Call, ...] = ()
    subject: str = ""
    then: Params | None = None


SENTENCES = (
    Sentence(
        "pause ads: CTR < 0.5 %, no brand",
        "facebook_marketing",
        "ads",
        "pause",
        {
            "account_id": US,
            "where": "ctr < 0.5 and impressions >= 1000 and name not like '%brand%'",
            "over": "last_month",
        },
        1000,
        (
            (
                "facebook_marketing",
                "ads_insights",
                "list",
                {"account_id": US, "level": "ad", "date_preset": "last_month", **WHOLE},
            ),
        ),
        "ad_id",
        {},
    ),
    Sentence(
        "lower bids 15 %: ACOS > 40 %",
        "amazon_ads",
        KEYWORDS,
        "update",
        {"profile_id": PROFILE, "where": "acos > 40 %", "over": "last_month", "bid": "-15%"},
        1000,
        (
            (
                "amazon_ads",
                "reports",
                "run",
                {"profile_id": PROFILE, "report_type": "spTargeting", "time_range": "last_month", **WHOLE},
            ),
            ("amazon_ads", KEYWORDS, "list", {"profile_id": PROFILE, **WHOLE}),
        ),
        "keyword_id",
        {"profile_id": PROFILE, "bid": "-15%"},
    ),
    Sentence(
        "move 20 % of the budget, A to B",
        "facebook_marketing",
        CAMPAIGNS,
        "update",
        {
            "items": [
                {"campaign_id": "1202110000000000340", "daily_budget": "-20%"},
                {"campaign_id": "1202110000000000338", "daily_budget": "+10 USD"},
            ]
        },
        600,
    ),
)


def numbers() -> Iterable[Number]:
    """Two lines for each sentence: its tokens, and how many times that is of the other way's."""
    at_once = SimpleNamespace(sleep=lambda _: asyncio.sleep(0))
    with patch("mcp_ads.engine.wire.flows.asyncio", at_once):  # a report here is ready at the second look
        answers = asyncio.run(_asked())
    for sentence, (new, old) in zip(SENTENCES, answers, strict=True):
        if (cost := _cost(new)) is None:
            print("tokens are not counted: install the extra `tokens`")
            return
        before = _cost(old) or 0
        detail = f"{len(new)} calls; else {len(old)} calls, {before:,}"
        yield Number(sentence.asked, cost, "tokens", sentence.most, detail)
        yield Number(f"  times {len(old)} calls", cost / before, "x", 0.5 if sentence.reads else None)


def _cost(answers: Iterable[str]) -> int | None:
    counted = [tokens(text) for text in answers]
    return None if None in counted else sum(count or 0 for count in counted)


async def _asked() -> list[tuple[list[str], list[str]]]:
    """For each sentence the answers of its write and its approval, and all of the other way."""
    found = []
    for sentence in SENTENCES:
        call = {"entity": sentence.entity, "action": sentence.action, "params": sentence.params}
        async with _client() as client:
            new = await _planned(client, sentence.tool, call)
            uri = f"ads://plans/{_plan_id(new[-1])}"
            steps = json.loads((await client.read_resource(uri))[0].text)["steps"]
            new.append(await text_of(client, "ads_apply", {"plan_id": _plan_id(new[-1])}))
        async with _client() as client:
            found.append((new, await _by_ids(client, sentence, [step["id"] for step in steps])))
    return found


async def _by_ids(client: Any, sentence: Sentence, ids: list[str]) -> list[str]:
    """Every answer of the other way: what is read first, a call for each so many ids, the approval."""
    said = [page for read in sentence.reads for page in await pages_of(client, *read)]
    plan_id = ""
    for params in _parts(sentence, ids):
        more = {"append_to": plan_id} if plan_id else {}
        call = {"entity": sentence.entity, "action": sentence.action, "params": {**params, **more}}
        said += await _planned(client, sentence.tool, call)
        plan_id = _plan_id(said[-1])
    return [*said, await text_of(client, "ads_apply", {"plan_id": plan_id})]


def _parts(sentence: Sentence, ids: list[str]) -> Iterator[Params]:
    """The parameters of each write of the other way."""
    if sentence.then is None:
        yield from sentence.params["items"]
        return
    for first in range(0, len(ids), A_CALL):
        yield {**sentence.then, sentence.subject: ids[first : first + A_CALL]}


async def _planned(client: Any, tool: str, call: Params) -> list[str]:
    """The answers of a write until there is a plan: while its report is made, the same is asked again."""
    said = [await text_of(client, f"{tool}_execute", call)]
    while "\nPLAN " not in said[-1]:
        said.append(await text_of(client, f"{tool}_execute", call))
    return said


def _plan_id(text: str) -> str:
    return text.split("\nPLAN ")[1].partition("\n")[0]


@asynccontextmanager
async def _client() -> Any:
    """A client of a server in a sandbox of its own."""
    from fastmcp import Client

    with tempfile.TemporaryDirectory() as folder:
        environ = {"MCP_ADS_SANDBOX": "1", "MCP_ADS_HOME": folder, "MCP_ADS_KEYRING": "off"}
        async with Client(build_server(load(environ=environ))) as client:
            yield client
