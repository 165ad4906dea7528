"""`ads objects.search`: what somebody means by a name, an id or words of an ad, in any account."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, US, EngineClient, mend

from mcp_ads.across.matching import CONTAINS, ID, NAME, PREFIX, TEXT, WORDS, Wanted
from mcp_ads.errors import InvalidParams, PlatformDown

pytestmark = pytest.mark.anyio
SPRING, EARLY_BIRDS = "1202110000000000340", "300000001"
PLAIN: dict[str, Callable[[str], str]] = {
    "facebook": lambda text: text.removeprefix("act_"),
    "linkedin": lambda text: text.rpartition(":")[2],
}


def by(query: str, name: str, text: str = "", platform: str = "linkedin", id_: str = "77") -> str:
    """By what an object fits a query."""
    row = {"platform": platform, "id": id_, "name": name, "text": text}
    return Wanted(query, PLAIN).found_by(row)


def test_the_nearer_the_better() -> None:
    """An id, the whole name, its beginning, its words, a part of it, what an ad says; else nothing."""
    assert by("urn:li:sponsoredCampaign:77", "Spring") == ID
    assert by("linkedin:77", "Spring") == ID
    assert by(' "Spring  SALE"', "spring sale") == NAME
    assert by("spring", "Spring Sale") == PREFIX
    assert by("sale spring", "The Spring Sale") == WORDS
    assert by("pring", "The Spring Sale") == CONTAINS
    assert by("waterproof", "Ad 1", "Waterproof for years") == TEXT
    assert by("7", "Spring") == ""
    assert by("spring summer", "Spring Sale") == ""


def test_signs_are_only_signs() -> None:
    """What stands for anything elsewhere is found where it is written; a prefix alone is no id."""
    assert by("%", "Spring Sale") == by("_", "Spring Sale") == by("*", "Spring Sale") == ""
    assert by("%", "20% off") == CONTAINS
    assert by("linkedin:", "Spring", id_="") == ""


def test_in_every_script() -> None:
    """Case, and widths of characters, are the same in any script."""
    assert by("ÉTÉ", "Soldes d'été") == WORDS
    assert by("ВЕСНА", "весна 2026") == PREFIX  # noqa: RUF001
    assert by("ＳＡＬＥ", "Sale") == NAME  # noqa: RUF001
    assert by("夏", "2026夏セール") == CONTAINS
    assert by("STRASSE", "Straße") == NAME


@pytest.mark.slow
async def test_one_call_finds_it_on_any_platform(looking: EngineClient) -> None:
    """The nearest name first, with the account, the entity and the id that changes take."""
    answer = await looking.table("ads", "objects", "search", query="spring sale")
    assert [(row["object"], row["id"]) for row in answer.rows[:2]] == [
        ("facebook_marketing.campaigns", SPRING),
        ("linkedin_ads.campaigns", EARLY_BIRDS),
    ]
    assert answer.rows[0]["account"] == US
    assert "archived" in answer.meta["hidden"]
    assert answer.text.startswith("meta: ")
    entity = answer.rows[0]["object"].partition(".")[2]
    assert (await looking.do(FACEBOOK, entity, "get", id=SPRING)).data["name"] == "Spring Sale"


@pytest.mark.slow
async def test_accounts_are_not_read_again_for_some_minutes(looking: EngineClient) -> None:
    """What was read is searched for the next question; `fresh` reads it anew."""
    await looking.do("ads", "objects", "search", query="spring")
    before = len(looking.sent())
    other = await looking.table("ads", "objects", "search", query="winter")
    assert other.rows
    assert len(looking.sent()) == before
    await looking.do("ads", "objects", "search", query="winter", level="campaigns", fresh=True)
    assert len(looking.sent()) > before


@pytest.mark.slow
async def test_what_was_read_anew_is_searched_from_then_on(engine_client: EngineClient) -> None:
    """A search after a fresh one does not go back to what was read before that."""
    store, asked = engine_client.store, {"query": "zanzibar", "level": "campaign"}
    assert (await engine_client.table("ads", "objects", "search", **asked)).rows == []
    campaign = store.get("amazon.campaigns", "120000000000001")
    assert campaign
    store.put("amazon.campaigns", "120000000000001", {**campaign, "name": "Zanzibar"})
    names = [
        [row["name"] for row in (await engine_client.table("ads", "objects", "search", **asked, **how)).rows]
        for how in ({}, {"fresh": True}, {})
    ]
    assert names == [[], ["Zanzibar"], ["Zanzibar"]]


@pytest.mark.slow
async def test_a_change_made_here_is_seen_at_once(engine_client_with: Callable[..., EngineClient]) -> None:
    """Also by another process, and without a plan; other accounts are not read anew."""
    planning, direct = engine_client_with(), engine_client_with(MCP_ADS_WRITES="direct")
    asked = {"query": SPRING, "fields": "id,status"}
    found = await planning.table("ads", "objects", "search", **asked)
    there = {"platform": "facebook", "account": US, "object": "facebook_marketing.campaigns", "id": SPRING}
    assert found.rows == [{**there, "status": "ACTIVE"}]
    plan = await planning.do(FACEBOOK, "campaigns", "pause", campaign_id=SPRING)
    await planning.workspace.apply(plan.data["plan_id"])
    before = len(direct.sent(LINKEDIN))
    for engine_client in (planning, direct):
        again = await engine_client.table("ads", "objects", "search", **asked)
        assert again.rows == [{**there, "status": "PAUSED"}]
    await direct.do(FACEBOOK, "campaigns", "activate", campaign_id=SPRING)
    last = await planning.table("ads", "objects", "search", **asked)
    assert last.rows == [{**there, "status": "ACTIVE"}]
    assert len(direct.sent(LINKEDIN)) == before


async def test_an_id_as_it_is_written_anywhere(looking: EngineClient) -> None:
    """A URN, and another platform's words for a level."""
    asked = {"query": f"urn:li:sponsoredCampaign:{EARLY_BIRDS}", "level": "ad sets"}
    answer = await looking.table("ads", "objects", "search", **asked, fields="id,kind,found_by")
    (row,) = answer.rows
    assert row.items() >= {"id": EARLY_BIRDS, "kind": "ad_group", "found_by": "id"}.items()
    assert (row["platform"], row["account"]) == ("linkedin", LINKEDIN_US)


async def test_a_blank_query_is_refused(looking: EngineClient) -> None:
    """Nothing is everything, which is no search; a level nobody has is named with those there are."""
    for blank in (" ", '""', "\" '' \"", "“ ”"):
        with pytest.raises(InvalidParams, match="query: write what to look for"):
            await looking.do("ads", "objects", "search", query=blank)
    with pytest.raises(InvalidParams, match=r"acounts: no such parameter; did you mean accounts\?"):
        await looking.do("ads", "objects", "search", query="x", acounts="all")
    with pytest.raises(InvalidParams, match=r"level.*did you mean ad\?"):
        await looking.do("ads", "objects", "search", query="x", level=["adz"])


async def test_what_could_not_be_read_is_said(engine_client: EngineClient) -> None:
    """A platform that is down is named, what others have is found, and nothing of it is kept as the whole."""
    engine_client.fault("500", platform=LINKEDIN, times=0)
    answer = await engine_client.table("ads", "objects", "search", query="spring sale", level="campaign")
    assert [row["id"] for row in answer.rows] == [SPRING]
    assert "linkedin" in answer.meta["coverage"]
    assert answer.text.startswith("PARTIAL: not everything was read")


async def test_one_account_that_is_throttled(engine_client_with: Callable[..., EngineClient]) -> None:
    """It alone is named, is asked again by the next call, and the others are not."""
    engine_client = engine_client_with()
    engine_client.fault(
        "429", platform=LINKEDIN, path=f"{LINKEDIN_US}.*adCampaigns", times=0, retry_after=900
    )
    asked = {"query": "early birds", "level": "ad_group"}
    answer = await engine_client.table("ads", "objects", "search", **asked)
    assert answer.rows == []
    assert answer.meta["coverage"].startswith(f"6 of 7; not read: linkedin:{LINKEDIN_US} throttled until")
    mend(engine_client.store)
    before = len(engine_client.sent())
    engine_client.reopen()
    again = await engine_client_with().table("ads", "objects", "search", **asked)
    assert [row["id"] for row in again.rows] == [EARLY_BIRDS]
    assert "coverage" not in again.meta
    assert len(engine_client.sent()) == before + 1


async def test_nothing_could_be_read(engine_client: EngineClient) -> None:
    """That is an error, with what is wrong and of how many; never an empty answer."""
    await engine_client.do("ads", "accounts", "list", accounts=US)
    for platform in (FACEBOOK, LINKEDIN, AMAZON):
        engine_client.fault("500", platform=platform, times=0)
    with pytest.raises(PlatformDown, match="no account was read: 0 of 7"):
        await engine_client.do("ads", "objects", "search", query="x", level="campaign")


async def test_list_is_understood_as_search(looking: EngineClient) -> None:
    """With a query it finds the same; without one it says what to ask."""
    found = [await looking.table("ads", "objects", action, query="brand") for action in ("list", "search")]
    assert found[0].rows == found[1].rows != []
    with pytest.raises(InvalidParams, match=r"query: missing, required; .* platforms' own lists have all"):
        await looking.do("ads", "objects", "list")
