"""What questions over all accounts cost a conversation in tokens, beside asking each account by itself.

The other way is as it was without a tool that asks all: the whole table of every account, which a model has
then to add up itself. Both are asked of the same sandbox in the same run; an answer that is cut counts as it
is, with the pages that are asked for.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, NamedTuple
from unittest.mock import patch

from mcp_ads.server import build_server
from mcp_ads.settings import load

from .listing import tokens
from .report import Number

Params = dict[str, Any]
Call = tuple[str, str, str, Params]
FACEBOOK = ("1234567890", "2345678901")
LINKEDIN = ("512345678", "523456789")
AMAZON = ("3312345678901234", "4412345678901234", "5512345678901234")
WHOLE = {"limit": 1000}


class Question(NamedTuple):
    """The one call that answers a question, the most tokens that may take, and the calls of the other way."""

    asked: str
    entity: str
    params: Params
    most: int | None
    others: tuple[Call, ...]
    tool: str = "ads_execute"


def reports(days: str, level: str = "campaign") -> Iterator[Call]:
    """The report of each account; of Amazon's, those of Sponsored Products alone."""
    own = {"time_range": days, **WHOLE}
    pivot = "CAMPAIGN_GROUP" if level == "campaign" else "ACCOUNT"
    for account in FACEBOOK:
        yield "facebook_marketing", "ads_insights", "list", {"account_id": account, "level": level, **own}
    for account in LINKEDIN:
        yield "linkedin_ads", "analytics", "list", {"account_id": account, "pivot": pivot, **own}
    for profile in AMAZON:
        ordered = {"profile_id": profile, "report_type": "spCampaigns", **own}
        yield "amazon_ads", "reports", "run", ordered


DAY = datetime.now(UTC).date() - timedelta(days=2)
"""The last of which every account has a whole day."""
QUARTER = f"{DAY.year}-q{(DAY.month + 2) // 3}"
MONTHS = [f"{DAY.year}-{month:02d}" for month in range((DAY.month - 1) // 3 * 3 + 1, DAY.month + 1)]
MONDAY = DAY - timedelta(days=DAY.weekday() + 7)
"""Of the last week that was over then: days that are the same in every account's zone."""
WEEK, BEFORE = (f"{MONDAY - timedelta(days=days)}..{MONDAY + timedelta(days=6 - days)}" for days in (0, 7))


QUESTIONS = (
    Question(
        "what wasted money last week",
        "performance",
        {"range": WEEK, "where": "spend > 0 and conversions = 0", "sort": "-spend", "top": 5},
        1500,
        tuple(reports(WEEK)),
    ),
    Question(
        "the week against the one before",
        "performance",
        {"level": "account", "range": WEEK, "compare": "previous"},
        600,
        (*reports(WEEK), *reports(BEFORE)),
    ),
    Question(
        "how each account's month stands",
        "pacing",
        {},
        600,
        tuple(reports("last_30d", "account")),
    ),
    Question(
        "spend yesterday by currency",
        "performance",
        {"by": "currency", "range": "yesterday"},
        None,
        tuple(reports("yesterday", "account")),
    ),
    Question(
        "campaigns by month this quarter",
        "performance",
        {"by": "month", "level": "campaign", "range": QUARTER, "sort": "-spend"},
        None,
        tuple(call for month in MONTHS for call in reports(month)),
    ),
    Question(
        "disapproved ads everywhere",
        "delivery_issues",
        {"where": "status = 'disapproved'"},
        None,
        (
            *(("facebook_marketing", "ads", "list", {"account_id": one, **WHOLE}) for one in FACEBOOK),
            *(("linkedin_ads", "creatives", "list", {"account_id": one, **WHOLE}) for one in LINKEDIN),
            *(
                ("amazon_ads", "sponsored_product_product_ads", "list", {"profile_id": one, **WHOLE})
                for one in AMAZON
            ),
        ),
    ),
    Question(
        "how many broad-match keywords",
        "sponsored_product_keywords",
        {"accounts": "all", "where": "matchType = 'BROAD'", "limit": 5},
        None,
        tuple(
            ("amazon_ads", "sponsored_product_keywords", "list", {"profile_id": one, **WHOLE})
            for one in AMAZON
        ),
        "amazon_ads_execute",
    ),
)


def numbers() -> Iterable[Number]:
    """A line for each question: its tokens, and how many times that is of the other way's."""
    at_once = SimpleNamespace(sleep=lambda _: asyncio.sleep(0))
    with patch("mcp_ads.engine.wire.flows.asyncio", at_once):  # a report here is ready at the second look
        answers = asyncio.run(_asked())
    for question, (text, old) in zip(QUESTIONS, answers, strict=True):
        if (new := tokens(text)) is None:
            print("tokens are not counted: install the extra `tokens`")
            return
        before = sum(tokens(one) or 0 for one in old)
        yield Number(
            question.asked, new, "tokens", question.most, f"1 call; else {len(old)} calls, {before:,}"
        )
        yield Number(f"  times {len(old)} calls", new / before, "x", 0.5 if question.most else None)


async def _asked() -> list[tuple[str, list[str]]]:
    """The answer to each question, and those of the other way with all their pages."""
    from fastmcp import Client

    with tempfile.TemporaryDirectory() as folder:
        environ = {"MCP_ADS_SANDBOX": "1", "MCP_ADS_HOME": folder, "MCP_ADS_KEYRING": "off"}
        async with Client(build_server(load(environ=environ))) as client:
            found = list[tuple[str, list[str]]]()
            for question in QUESTIONS:
                call = {"entity": question.entity, "action": "list", "params": question.params}
                old = [page for other in question.others for page in await pages_of(client, *other)]
                found.append((await text_of(client, question.tool, call), old))
            return found


async def pages_of(client: Any, connector: str, entity: str, action: str, params: Params) -> list[str]:
    """Every page of an answer."""
    call: dict[str, Any] = {"entity": entity, "action": action, "params": params}
    pages = [await text_of(client, f"{connector}_execute", call)]
    while (meta := _meta(pages[-1])).get("more"):
        call["params"] = {**params, "cursor": meta["cursor"]}
        pages.append(await text_of(client, f"{connector}_execute", call))
    return pages


async def text_of(client: Any, tool: str, call: Params) -> str:
    answer = await client.call_tool(tool, call, raise_on_error=False)
    text = str(answer.content[0].text)
    assert not answer.is_error, f"{tool} {call}: {text}"
    return text


def _meta(text: str) -> dict[str, Any]:
    line = next(line for line in text.split("\n") if line.startswith("meta: "))
    found: dict[str, Any] = json.loads(line.removeprefix("meta: "))
    return found
