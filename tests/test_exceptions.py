"""Exceptions in a condition, each by itself: what keeps nothing out is said, wherever it stands."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient

pytestmark = pytest.mark.anyio
FOUND = 'note: excepted by "name not like \'%{}%\'", found by "or" all the same: 1: "{}"'
CAMPAIGNS, KEYWORDS, LINKED = (
    (FACEBOOK, "campaigns", {"account_id": US}),
    (AMAZON, "sponsored_product_keywords", {"profile_id": PROFILE}),
    (LINKEDIN, "campaigns", {"account_id": LINKEDIN_US}),
)


async def said(client: EngineClient, of: tuple[str, str, Any], where: str) -> list[str]:
    """What a plan says of exceptions that do not keep out what they name."""
    connector, entity, account = of
    text = (await client.do(connector, entity, "pause", **account, where=where)).text
    return [
        line.removesuffix(": none").removeprefix("kept out by ")
        for line in text.split("\n")
        if line.endswith(": none") or line.startswith("note: excepted by ")
    ]


@pytest.mark.parametrize(
    ("exception", "idle"),
    [
        ("(name not like '%awarness%' and name not like '%Always%')", ["\"name not like '%awarness%'\""]),
        ("not (name ~ 'Always' or name ~ 'awarness')", ["\"name !~ 'awarness'\""]),
        (
            "name not in ('Always on: catalogue', 'Always on: crt, 7 days')",
            ["\"name not in ('Always on: crt, 7 days')\""],
        ),
        ("objective != 'OUTCOME_AWARENESS' and name not like '%awareness%'", []),
        (
            "(name not like '%awareness%' or name not like '%catalogue%')",
            [
                FOUND.format("awareness", "New England awareness"),
                FOUND.format("catalogue", "Always on: catalogue"),
            ],
        ),
        pytest.param(
            "not (name like '%always%' and name like '%crt%')", ['"not (name …)"'], marks=pytest.mark.slow
        ),
        pytest.param("(name not like '%always%' or status = PAUSED)", [], marks=pytest.mark.slow),
        pytest.param(
            "(name not like '%catalogue%' or daily_budget > 0 USD or status = PAUSED)",
            [FOUND.format("catalogue", "Always on: catalogue")],
            marks=pytest.mark.slow,
        ),
        pytest.param(
            "(name not in ('New England awareness') and name != 'x')",
            ["\"name != 'x'\""],
            marks=pytest.mark.slow,
        ),
        pytest.param("not (name != 'New England awareness')", [], marks=pytest.mark.slow),
    ],
)
async def test_each_exception_is_looked_at_by_itself(
    looking: EngineClient, exception: str, idle: list[str]
) -> None:
    """In brackets, in a list, under "not" and "or": a typo is told, two exceptions of the same are not."""
    assert await said(looking, CAMPAIGNS, f"status = ACTIVE and {exception}") == idle


@pytest.mark.slow
@pytest.mark.parametrize(
    ("of", "state", "word", "real"),
    [
        (KEYWORDS, "state = ENABLED and bid > 1.2", "keywordText", "a"),
        (LINKED, "status = ACTIVE", "name", "Founders"),
    ],
)
async def test_on_every_platform(
    looking: EngineClient, of: tuple[str, str, Any], state: str, word: str, real: str
) -> None:
    """A pattern of nothing beside one that keeps something out, with "and" and as branches of an "or"."""
    idle, other = f"{word} not like '%zzz%'", f"{word} not like '%{real}%'"
    for where in (f"{state} and ({other} and {idle})", f"({state} and {idle}) or ({state} and {idle})"):
        lines = await said(looking, of, where)
        assert [line for line in lines if "zzz" in line] == [f'"{idle}"'], where


SEEN = "note: for reach, views or awareness, not for conversions: "


@pytest.mark.parametrize(
    ("of", "where", "line"),
    [
        (CAMPAIGNS, "status = ACTIVE and spend > 0", f'{SEEN}1: "New England awareness" OUTCOME_AWARENESS'),
        (CAMPAIGNS, "status = ACTIVE and frequency > 0", ""),
        pytest.param(CAMPAIGNS, "spend > 0 and objective = OUTCOME_AWARENESS", "", marks=pytest.mark.slow),
        pytest.param(CAMPAIGNS, "spend > 0 and objective != OUTCOME_AWARENESS", "", marks=pytest.mark.slow),
        pytest.param(
            (FACEBOOK, "ads", {"account_id": US}),
            "status = ACTIVE and spend > 50 and purchases = 0",
            f'{SEEN}4: "Video 2, Storm Parkas" OUTCOME_AWARENESS, "Video 1, Sea Blankets" OUTCOME_AWARENESS, '
            '"Video 2, Swimwear" OUTCOME_AWARENESS, "Still 1, Rain Jackets" OUTCOME_AWARENESS',
            marks=pytest.mark.slow,
        ),
        pytest.param(
            LINKED,
            "status = ACTIVE and conversions = 0",
            f'{SEEN}1: "Awareness | Retail buyers | 184" BRAND_AWARENESS',
            marks=pytest.mark.slow,
        ),
    ],
)
async def test_what_is_not_meant_to_convert_is_named(
    looking: EngineClient, of: tuple[str, str, Any], where: str, line: str
) -> None:
    """A condition by cost or conversions would pause campaigns for awareness: which is said in one line."""
    connector, entity, account = of
    text = (await looking.do(connector, entity, "pause", **account, where=where, over="last_month")).text
    assert [said for said in text.split("\n") if said.startswith(SEEN)] == ([line] if line else [])


@pytest.mark.slow
@pytest.mark.parametrize(("change", "told"), [("-10%", True), ("+10%", False)])
async def test_what_is_raised_needs_no_such_line(looking: EngineClient, change: str, told: bool) -> None:
    """Budgets that are lowered for what they cost are told so, those that are raised are not."""
    ask = {"account_id": US, "where": "name ~ 'England' and spend > 0", "over": "last_month"}
    text = (await looking.do(FACEBOOK, "campaigns", "update", **ask, daily_budget=change)).text
    assert (SEEN in text) is told
