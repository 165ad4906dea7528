"""Columns as people mean them: an object by what is in it, a budget by one word, a code in any case."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient

from mcp_ads.errors import InvalidParams

pytestmark = pytest.mark.anyio
List = tuple[str, str, str, dict[str, str]]
PRODUCTS: List = (AMAZON, "sponsored_product_campaigns", "list", {"profile_id": PROFILE})
BRANDS: List = (AMAZON, "sponsored_brands_campaigns", "list", {"profile_id": PROFILE})
DISPLAY: List = (AMAZON, "sponsored_display_campaigns", "list", {"profile_id": PROFILE})
LINKED: List = (LINKEDIN, "campaigns", "list", {"account_id": LINKEDIN_US})
META: List = (FACEBOOK, "campaigns", "list", {"account_id": US})
OBJECTS = [(PRODUCTS, "budget", "budget.budget"), (LINKED, "dailyBudget", "dailyBudget.amount")]


async def rows(client: EngineClient, of: List, **view: Any) -> tuple[list[dict[str, str]], dict[str, Any]]:
    """All rows of a view, and what is said of them."""
    connector, entity, action, account = of
    table = await client.table(connector, entity, action, **account, limit=1000, **view)
    return table.rows, table.meta


@pytest.mark.slow
@pytest.mark.parametrize(("of", "word", "column"), OBJECTS)
async def test_an_object_is_what_is_in_it(looking: EngineClient, of: List, word: str, column: str) -> None:
    """In where, sort and group_by, also where the object itself is shown, and of an earlier answer."""
    cheap, meta = await rows(looking, of, where=f"{column} < 50", sort=f"-{column}")
    by_object, said = await rows(looking, of, where=f"{word} < 50", sort=f"-{word}")
    assert ids(by_object) == ids(cheap) != []
    assert f"{word} is read as {column}" in said["warnings"]
    assert not any("is read as" in line for line in meta.get("warnings", []))
    groups, _ = await rows(looking, of, group_by=word, sort=word)
    assert [group[column] for group in groups] == sorted(
        {group[column] for group in groups}, key=float_or_last
    )
    whole, _ = await rows(looking, of, fields=[word], where=f"{word} < 50")
    assert len(whole) == len(cheap)
    assert list(whole[0]) == [word]
    begun = await looking.table(FACEBOOK, "ads", "list", **{"from": meta["result"]}, where=f"{word} < 50")
    assert begun.meta["total"] == len(cheap)


def ids(found: list[dict[str, str]]) -> list[str]:
    """The first cells of rows, which tell them apart; what serves may end between two calls."""
    return [next(iter(row.values())) for row in found]


def float_or_last(cell: str) -> float:
    """A number, or what sorts after every other."""
    return float(cell) if cell else float("inf")


@pytest.mark.slow
async def test_an_object_of_several_is_asked_about(looking: EngineClient) -> None:
    """What has no one value is refused with what is in it, and nothing asked where that is known."""
    await rows(looking, LINKED, where="status = 'ACTIVE'")
    sent = len(looking.sent())
    for view in (
        {"where": "runSchedule > 2026-01-01"},
        {"sort": "runSchedule"},
        {"group_by": "run_schedule"},
    ):
        with pytest.raises(InvalidParams, match=r"object: name what is meant, runSchedule\.start or runS"):
            await rows(looking, LINKED, **view)
    assert len(looking.sent()) == sent
    sets: List = (FACEBOOK, "ad_sets", "list", {"account_id": US})
    with pytest.raises(InvalidParams, match="targeting is an object: name what is meant, targeting"):
        await rows(looking, sets, where="targeting = 'US'")
    some, _ = await rows(looking, sets, where="targeting ~ 'US' and targeting is not empty")
    assert some
    with pytest.raises(InvalidParams, match="servingStatuses is a list: servingStatuses ~ 'RUNNABLE' looks"):
        await rows(looking, LINKED, where="servingStatuses = RUNNABLE")


@pytest.mark.parametrize(
    ("of", "column"),
    [
        (PRODUCTS, "budget.budget"), (BRANDS, "budget"), (DISPLAY, "budget"), (LINKED, "dailyBudget.amount"),
        (META, "daily_budget_major"),
    ],
)  # fmt: skip
async def test_one_word_for_a_daily_budget(looking: EngineClient, of: List, column: str) -> None:
    """`daily_budget` is understood on every platform's campaigns, in major units; Facebook's says so."""
    wanted, _ = await rows(looking, of, where=f"{column} < 50", sort=f"-{column}")
    found, meta = await rows(looking, of, where="daily_budget < 50", sort="-daily_budget")
    assert ids(found) == ids(wanted) != []
    said = "daily_budget is read as daily_budget_major, in major units: 50 is 50 and not 0.50"
    assert (said in meta.get("warnings", [])) == (of is META)
    if of in (LINKED, META):
        with pytest.raises(InvalidParams, match=f"budget could be {column} or .*: name one"):
            await rows(looking, of, where="budget < 50")


@pytest.mark.slow
async def test_codes_are_codes_in_any_case(looking: EngineClient) -> None:
    """A match type, a status, a format whose values say that they are codes; a name stays as it is."""
    keywords: List = (AMAZON, "sponsored_product_keywords", "list", {"profile_id": PROFILE})
    for of, column, code, fields in (
        (keywords, "matchType", "BROAD", None), (META, "effective_status", "ACTIVE", None),
        (LINKED, "format", "TEXT_AD", ["id", "format"]), (PRODUCTS, "state", "PAUSED", None),
    ):  # fmt: skip
        more = {"fields": fields} if fields else {}
        upper, _ = await rows(looking, of, where=f"{column} = {code}", **more)
        lower, meta = await rows(looking, of, where=f"{column} = {code.lower()}", **more)
        among, _ = await rows(looking, of, where=f"{column} in ({code.lower()}, x)", **more)
        others, _ = await rows(looking, of, where=f"{column} != {code.capitalize()}", **more)
        assert ids(upper) == ids(lower) == ids(among) != [], column
        assert not any("case only" in line for line in meta.get("warnings", []))
        assert not {*ids(upper)} & {*ids(others)}
    none, meta = await rows(looking, META, where="name = 'spring sale'")
    assert none == []
    assert "differs from 'spring sale' in case only" in str(meta["warnings"])


async def test_an_unknown_column_gets_no_lesson(looking: EngineClient) -> None:
    """What is said of a column that is none is which there are, once; the language is not repeated."""
    for of in (PRODUCTS, LINKED, META):
        with pytest.raises(InvalidParams) as refused:
            await rows(looking, of, where="colour = 1")
        assert "write such as" not in str(refused.value)
        assert str(refused.value).count("there are ") + str(refused.value).count("the rows have ") == 1


async def test_a_missing_account_may_be_all_of_them(looking: EngineClient) -> None:
    """A list without an account says that it can be of all; what is about one object does not."""
    with pytest.raises(InvalidParams) as refused:
        await looking.do(FACEBOOK, "campaigns", "list")
    assert (
        refused.value.fix
        == 'name the account that was meant, or ask which; accounts: "all" reads them all at once'
    )
    with pytest.raises(InvalidParams) as refused:
        await looking.do(AMAZON, "sponsored_product_campaigns", "get", campaign_id="120000000000001")
    assert "accounts" not in refused.value.fix
