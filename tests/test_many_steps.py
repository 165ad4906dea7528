"""A plan of many steps in few tokens: what is alike is said once, and what a person has to see stands."""

from __future__ import annotations

import random
import re
import warnings
from importlib import import_module
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, PROFILE, US, EngineClient
from planning import NEW, SPRING, applied, writes

from mcp_ads.engine import overview
from mcp_ads.engine.answers.alike_text import GAP, column_of
from mcp_ads.engine.workspace import plan_of

pytestmark = pytest.mark.anyio
KEYWORDS, CAMPAIGNS = "sponsored_product_keywords", "sponsored_product_campaigns"
MANY = 119


async def ids_of(client: EngineClient, entity: str, id_: str, count: int, **params: Any) -> list[str]:
    """The ids of so many objects."""
    fields = {"profile_id": PROFILE, "limit": count, "fields": [id_], **params}
    rows = (await client.do(AMAZON, entity, "list", **fields)).data
    assert len(rows) == count
    return [row[id_] for row in rows]


def tokens(text: str) -> int:
    """As o200k counts them; 0 without the extra `tokens`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            counter = import_module("bpe_openai")
        except ImportError:
            return 0
    return len(counter.get_encoding("o200k_base").encode(text))


@pytest.mark.slow
async def test_119_bids_in_750_tokens(engine_client: EngineClient) -> None:
    """Plan and outcome together; what all have in common once, 20 in rows, the others whole on pages."""
    ids = await ids_of(engine_client, KEYWORDS, "keywordId", MANY)
    change = {"profile_id": PROFILE, "keyword_id": ids, "bid": "-15%"}
    plan = await engine_client.do(AMAZON, KEYWORDS, "update", **change)
    plan_id, lines = plan.data["plan_id"], plan.text.split("\n")
    at = lines.index("1 to 20: id;name;bid … USD")
    assert lines[at - 2].startswith(f"update {MANY} keywords: bid -15%; bid 0.30-1.99 → 0.25-1.69 USD (")
    assert lines[at - 1].endswith(f", and {MANY - 1} alike")
    assert [line.partition(";")[0] for line in lines[at + 1 : at + 21]] == ids[:20]
    assert f'… and {MANY - 20} more steps: ads_describe(query="{plan_id} 21")' in lines[at + 21]
    page = await overview.page(engine_client.workspace, {"query": f"{plan_id} 21"})
    assert f"\n21. update keyword {ids[20]} " in page
    assert f'{{"keywords":[{{"keywordId":"{ids[20]}","bid":' in page
    assert "   warning: bid: " in page
    done = (await applied(engine_client, plan_id)).text
    assert f"APPLIED: {MANY} of {MANY} done\neach: ads_describe(query=plan_id)\n" in done
    assert f"\nread back: all {MANY} as set\n" in done
    assert len(done.split("\n")) == len(["note", "head", "each", "read back", "undo"])
    assert tokens(plan.text) + tokens(done) <= 750


async def test_what_is_grave_is_said_of_many(engine_client: EngineClient) -> None:
    """What begins to deliver says so in its row and with its money, apart from what does not; what cannot be
    undone stands at the top.
    """
    on = await ids_of(engine_client, CAMPAIGNS, "campaignId", 6, state="PAUSED")
    off = await ids_of(engine_client, CAMPAIGNS, "campaignId", 6, state="ENABLED")
    call = (AMAZON, CAMPAIGNS)
    first = await engine_client.do(*call, "activate", profile_id=PROFILE, campaign_id=on)
    assert first.text.count("ACTIVATES DELIVERY: can spend") == len(on)
    assert "   each: ACTIVATES DELIVERY, as its row says" in first.text
    both = await engine_client.do(
        *call, "archive", profile_id=PROFILE, campaign_id=off, append_to=first.data["plan_id"]
    )
    assert "12 steps: delete 6 campaigns, activate 6 campaigns\n6 steps there before: " in both.text
    assert "\n6 alike: delete 6 campaigns in " in both.text
    assert "\n   each: cannot be undone: " in both.text
    (named,) = [line for line in both.text.split("\n") if line.startswith("not shown below, and not to be")]
    assert named.count("ACTIVATES DELIVERY") == len(on)
    assert not writes(engine_client)


async def test_the_greatest_of_many_warnings_stands(engine_client: EngineClient) -> None:
    """Where warnings differ in numbers alone, the worst of them is the one that is told."""
    ids = await ids_of(engine_client, KEYWORDS, "keywordId", 8, state="ENABLED")
    items = [{"keyword_id": id_, "bid": f"{6 + 2 * number} USD"} for number, id_ in enumerate(ids)]
    plan = await engine_client.do(AMAZON, KEYWORDS, "update", profile_id=PROFILE, items=items)
    steps = engine_client.workspace.plans.get(plan.data["plan_id"]).steps
    folds = {
        float(text.split()[-1].removesuffix("-fold"))
        for step in steps
        for text in step.warnings
        if "-fold" in text
    }
    (told,) = [line for line in plan.text.split("\n") if "-fold" in line]
    assert len(folds) > 5
    assert told.startswith(f"warning: bid: this raises the bid {max(folds):g}-fold (step ")
    assert told.endswith(" and 7 more likewise)")


async def test_the_ids_of_what_was_made(engine_client: EngineClient) -> None:
    """Many new objects are counted, and named with their ids; one that was not made is told by itself."""
    items = [{"name": f"Launch {number}"} for number in range(7)]
    plan = await engine_client.do(FACEBOOK, "campaigns", "create", **NEW | {"items": items})
    assert '\n1 to 7: name\n"Launch 0"\n' in plan.text
    done = (await applied(engine_client, plan.data["plan_id"])).text
    made = {row["name"]: row["id"] for row in engine_client.store.all("facebook.campaign")}
    for number in range(7):
        assert f'\n   {number + 1}. {made[f"Launch {number}"]} "Launch {number}"\n' in done


async def test_what_differs_is_told_apart(engine_client: EngineClient) -> None:
    """Of steps that are not alike each is told by itself, among those that are."""
    listed = await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US, limit=8, status="ACTIVE")
    others = [row["id"] for row in listed.data if row["id"] != SPRING][:6]
    items = [{"campaign_id": id_, "status": "PAUSED"} for id_ in others]
    items = [{"campaign_id": SPRING, "name": "Other"}, *items]
    plan = await engine_client.do(FACEBOOK, "campaigns", "update", items=items)
    assert f"\n1. update campaign {SPRING} " in plan.text
    assert "\n6 alike: pause 6 campaigns in " in plan.text
    assert "\n2 to 7: id;name\n" in plan.text


def test_a_row_and_its_head_are_the_whole_text() -> None:
    """What stands in the gap of the head, and the head, are together what every step says."""
    chance, words = random.Random(7), ["bid", "0.83", "(inherited)", "→", "USD", '"a', 'b"', "1"]
    for _ in range(2000):
        texts = [" ".join(chance.choices(words, k=chance.randint(1, 5))) for _ in range(chance.randint(1, 4))]
        column = column_of(texts)
        for text, cell in zip(texts, column.cells or [""] * len(texts), strict=True):
            said = column.head.replace(GAP, cell, 1) if GAP in column.head else f"{column.head}{cell}"
            assert re.sub(" ?→ ?", "→", said) == re.sub(" ?→ ?", "→", text)


async def test_the_most_money_is_never_hidden(engine_client: EngineClient) -> None:
    """Of steps that all end spending those that free most are shown; what the others come to is said."""
    ids = await ids_of(engine_client, CAMPAIGNS, "campaignId", 30, where="state = ENABLED")
    plan = await engine_client.do(AMAZON, CAMPAIGNS, "pause", profile_id=PROFILE, campaign_id=ids)
    count, rest = re.findall(r"… and (\d+) more steps \(money: -(\S+) USD a day\)", plan.text)[0]
    steps = plan_of(engine_client.workspace, plan.data["plan_id"]).steps
    freed = sorted(-sum(budget.rise for budget in step.budgets if budget.pays) for step in steps)
    assert float(rest) == sum(freed[: int(count)]) < sum(freed[-int(count) :])
